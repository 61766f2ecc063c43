/* The relay: who listens to what, who is to look again. It never sees what was written. */
#include "bbs/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "bbs/base/clock.h"
#include "bbs/base/log.h"
#include "bbs/fence.h"
#include "bbs/pass.h"

enum {
	OTHER_FILES = 64,  /* descriptors that are no listener's */
	TURN = 64,         /* events, and joins through the door, taken in one go */
};

enum word { WORD_LISTEN = 1, WORD_WROTE };

/* What a listener says; as it travels, cut behind the n-th topic. */
struct words {
	uint32_t word, n;
	struct relay_topic topics[RELAY_TOPICS];
};

struct listener {
	bool here, pending; /* pending: to be nudged, from `due` on */
	int n;
	int64_t due;        /* ticks of the last nudge, and RELAY_PAUSE */
	struct relay_topic topics[RELAY_TOPICS];
};

/* One relay, one process. A listener's place is its descriptor. */
static struct {
	struct listener listeners[RELAY_LISTENERS + OTHER_FILES];
	int top;      /* no listener is at or above it */
	int count, poll;
	int64_t next; /* ticks when the first pending one is due; -1 none is */
} relay;

/* ---- the relay's side ---- */

static void
watch(int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
	if (epoll_ctl(relay.poll, EPOLL_CTL_ADD, fd, &event))
		die("epoll: %s", strerror(errno));
}

static void
leave(int fd)
{
	relay.listeners[fd] = (struct listener){ 0 };
	relay.count--;
	close(fd);
	while (relay.top > 0 && !relay.listeners[relay.top - 1].here)
		relay.top--;
}

/* A descriptor that somebody gave us: what cannot be a socket to listen on goes again. */
static void
join(int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
	if (relay.count >= RELAY_LISTENERS || fd >= RELAY_LISTENERS + OTHER_FILES ||
	    epoll_ctl(relay.poll, EPOLL_CTL_ADD, fd, &event)) {
		log_line(LOG_NOTE, "one more listener cannot join %d others", relay.count);
		close(fd);
		return;
	}
	relay.listeners[fd].here = true;
	relay.count++;
	if (fd >= relay.top)
		relay.top = fd + 1;
}

/* One message through the door: the first descriptor in it is the new listener. False: no more there. */
static bool
take_joiner(int door)
{
	char byte;
	int fds[PASS_MAX];
	ssize_t n = pass_receive(door, &byte, 1, fds);
	if (n < 0)
		return false;
	if (!n) {
		/* A session may have shut it down for all. They look at the store from now on. */
		log_line(LOG_TROUBLE, "the door is shut");
		epoll_ctl(relay.poll, EPOLL_CTL_DEL, door, NULL);
		return false;
	}
	if (fds[0] >= 0)
		join(fds[0]);
	if (fds[1] >= 0)
		close(fds[1]);
	return true;
}

static bool
listens(const struct listener *l, struct relay_topic written)
{
	for (int i = 0; i < l->n; i++)
		if (l->topics[i].topic == written.topic &&
		    (!l->topics[i].id || l->topics[i].id == written.id))
			return true;
	return false;
}

static void
mark(int writer, struct relay_topic written)
{
	for (int fd = 0; fd < relay.top; fd++) {
		struct listener *l = &relay.listeners[fd];
		if (fd == writer || l->pending || !listens(l, written))
			continue;
		l->pending = true;
		if (relay.next < 0 || l->due < relay.next)
			relay.next = l->due;
	}
}

/* One message of a listener; who speaks nonsense has to leave. */
static void
take_words(int fd)
{
	struct listener *l = &relay.listeners[fd];
	struct words w;
	ssize_t size = recv(fd, &w, sizeof w, MSG_DONTWAIT | MSG_TRUNC);
	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	size_t head = offsetof(struct words, topics);
	bool good = size >= (ssize_t)head && w.n <= RELAY_TOPICS &&
	    (size_t)size == head + w.n * sizeof *w.topics;
	if (good && w.word == WORD_LISTEN) {
		memcpy(l->topics, w.topics, w.n * sizeof *w.topics);
		l->n = (int)w.n;
	} else if (good && w.word == WORD_WROTE && w.n == 1) {
		mark(fd, w.topics[0]);
	} else {
		if (size > 0)
			log_line(LOG_TROUBLE, "a listener said %zd bytes of nonsense", size);
		leave(fd);
	}
}

/* Nudges whoever is due. One who does not take his nudges keeps this one pending. */
static void
nudge(int64_t now)
{
	if (relay.next < 0 || now < relay.next)
		return;
	relay.next = -1;
	for (int fd = 0; fd < relay.top; fd++) {
		struct listener *l = &relay.listeners[fd];
		if (l->pending && l->due <= now) {
			l->pending = send(fd, "!", 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0;
			l->due = now + RELAY_PAUSE;
		}
		if (l->pending && (relay.next < 0 || l->due < relay.next))
			relay.next = l->due;
	}
}

static void
take_connections(int listening)
{
	for (int i = 0; i < TURN; i++) {
		int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			return;
		join(fd);
	}
}

void
relay_run(int door, int listening)
{
	struct rlimit limit;
	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		rlim_t wanted = RELAY_LISTENERS + OTHER_FILES;
		limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	/* Not where it is defined: five megabytes of zeros would stand in the program's file. */
	relay.next = -1;
	relay.poll = epoll_create1(EPOLL_CLOEXEC);
	if (relay.poll < 0)
		die("epoll: %s", strerror(errno));
	watch(door);
	watch(listening);
	fence_relay();
	for (;;) {
		struct epoll_event events[TURN];
		int64_t left = relay.next - clock_ticks();
		int wait = relay.next < 0 ? -1 : left < 0 ? 0 : (int)left;
		int n = epoll_wait(relay.poll, events, TURN, wait);
		if (n < 0 && errno != EINTR)
			die("epoll: %s", strerror(errno));
		for (int i = 0; i < n; i++) {
			int fd = events[i].data.fd;
			if (fd == listening)
				take_connections(fd);
			else if (fd != door)
				take_words(fd);
			else
				for (int joined = 0; joined < TURN && take_joiner(door); joined++)
					;
		}
		nudge(clock_ticks());
	}
}

/* ---- the others' side ---- */

/*
 * The address of the socket beside the store, through a descriptor of its folder: a socket's address
 * has room for 107 bytes only. -1 with errno; else the folder, to be closed.
 */
static int
beside(const char *store, struct sockaddr_un *address)
{
	const char *slash = strrchr(store, '/');
	struct buf folder = { 0 };
	buf_add(&folder, slash ? store : ".", slash ? (size_t)(slash - store) + 1 : 1);
	int fd = open(folder.data, O_PATH | O_DIRECTORY | O_CLOEXEC);
	buf_free(&folder);
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	int n = snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%s-relay", fd,
	    slash ? slash + 1 : store);
	if (fd >= 0 && (size_t)n >= sizeof address->sun_path) {
		close(fd);
		errno = ENAMETOOLONG;
		return -1;
	}
	return fd;
}

int
relay_open(const char *store)
{
	struct sockaddr_un address;
	int folder = beside(store, &address);
	if (folder < 0)
		return -1;
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t before = umask(0177);
	unlink(address.sun_path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 128)) {
		int why = errno;
		if (fd >= 0)
			close(fd);
		fd = -1;
		errno = why;
	}
	umask(before);
	int why = errno;
	close(folder);
	errno = why;
	return fd;
}

void
relay_shut(const char *store)
{
	struct buf path = { 0 };
	buf_fmt(&path, "%s-relay", store);
	unlink(path.data);
	buf_free(&path);
}

int
relay_join_door(int door)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair))
		return -1;
	bool joined = pass_send(door, "!", 1, &pair[1], 1);
	close(pair[1]);
	if (joined)
		return pair[0];
	close(pair[0]);
	return -1;
}

int
relay_join_socket(const char *store)
{
	struct sockaddr_un address;
	int folder = beside(store, &address);
	if (folder < 0)
		return -1;
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address)) {
		close(fd);
		fd = -1;
	}
	close(folder);
	return fd;
}

static int
say(int fd, enum word word, const struct relay_topic *topics, int n)
{
	struct words w = { .word = word, .n = (uint32_t)n };
	memcpy(w.topics, topics, (size_t)n * sizeof *topics);
	size_t size = offsetof(struct words, topics) + (size_t)n * sizeof *topics;
	return send(fd, &w, size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -1 : 0;
}

int
relay_listen(int fd, const struct relay_topic *topics, int n)
{
	if (n > RELAY_TOPICS)
		die("a listener to %d topics", n);
	return say(fd, WORD_LISTEN, topics, n);
}

int
relay_wrote(int fd, enum topic topic, int64_t id)
{
	return say(fd, WORD_WROTE, &(struct relay_topic){ topic, id }, 1);
}

int
relay_look(int fd)
{
	char nudges[64];
	int look = 0;
	ssize_t n;
	while ((n = recv(fd, nudges, sizeof nudges, MSG_DONTWAIT)) > 0)
		look = 1;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return look;
	return -1;
}
