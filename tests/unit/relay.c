/* The relay, a real process behind its fence: who is told, who is not, how often, and its death. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bbs/base/clock.h"
#include "bbs/relay.h"

enum { SOON = 5000, MANY = 1000 };

static char folder[] = "/tmp/bbs-relay-XXXXXX", store[64];
static int door[2], listening;
static pid_t pid;

static void
start(void)
{
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		close(door[1]);
		relay_run(door[0], listening);
	}
}

static void
stop(int signal)
{
	int status;
	assert_int_equal(kill(pid, signal), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), signal);
}

static int
set_up(void **state)
{
	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, door), 0);
	listening = relay_open(store);
	assert_true(listening >= 0);
	start();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	stop(SIGTERM);
	close(door[0]);
	close(door[1]);
	close(listening);
	relay_shut(store);
	return 0;
}

/* What comes within ms: 1 a nudge (all that are there are taken), 0 none, -1 the relay is gone. */
static int
within(int fd, int ms)
{
	struct pollfd p = { fd, POLLIN, 0 };
	return poll(&p, 1, ms) ? relay_look(fd) : 0;
}

/* When this gives, the relay has heard all that was said before through the same way in. */
static void
settle(int fd)
{
	static int64_t id = 1000000;
	id++;
	int other = relay_join_door(door[1]);
	assert_int_equal(relay_listen(other, &(struct relay_topic){ TOPIC_MEMBER, id }, 1), 0);
	/* Whoever wrote before the other could listen is not heard: write until it is. */
	for (int64_t end = clock_ticks() + SOON; !within(other, 20);) {
		assert_true(clock_ticks() < end);
		assert_int_equal(relay_wrote(fd, TOPIC_MEMBER, id), 0);
	}
	close(other);
}

static int
listener(enum topic topic, int64_t id)
{
	int fd = relay_join_door(door[1]);
	assert_true(fd >= 0);
	assert_int_equal(relay_listen(fd, &(struct relay_topic){ topic, id }, 1), 0);
	settle(fd);
	return fd;
}

static void
two_listeners(void **state)
{
	(void)state;
	int a = listener(TOPIC_THREAD, 7), b = listener(TOPIC_THREAD, 0), c = listener(TOPIC_BOARD, 7);
	int writer = relay_join_socket(store);
	assert_true(writer >= 0);
	relay_wrote(writer, TOPIC_THREAD, 7);
	assert_int_equal(within(a, SOON), 1);
	assert_int_equal(within(b, SOON), 1);
	relay_wrote(writer, TOPIC_THREAD, 8);
	assert_int_equal(within(b, SOON), 1);
	settle(writer);
	assert_int_equal(within(a, 0), 0);
	assert_int_equal(within(c, 0), 0);
	/* What one listens to now takes the place of what was before. */
	assert_int_equal(relay_listen(a, &(struct relay_topic){ TOPIC_BOARD, 9 }, 1), 0);
	settle(a);
	relay_wrote(writer, TOPIC_THREAD, 7);
	assert_int_equal(within(b, SOON), 1);
	assert_int_equal(within(a, 0), 0);
	relay_wrote(writer, TOPIC_BOARD, 9);
	assert_int_equal(within(a, SOON), 1);
	close(a);
	close(b);
	close(c);
	close(writer);
}

static void
own_writes_are_not_told(void **state)
{
	(void)state;
	int a = listener(TOPIC_THREAD, 0), b = listener(TOPIC_THREAD, 0);
	relay_wrote(a, TOPIC_THREAD, 1);
	assert_int_equal(within(b, SOON), 1);
	assert_int_equal(within(a, 2 * RELAY_PAUSE), 0);
	close(a);
	close(b);
}

/* A hundred writes in a second are four or five nudges, and the last write is not left out. */
static void
nudges_are_few(void **state)
{
	(void)state;
	int a = listener(TOPIC_THREAD, 0), writer = relay_join_socket(store);
	int nudges = 0;
	int64_t begin = clock_ticks();
	for (int i = 1; i <= 100; i++) {
		relay_wrote(writer, TOPIC_THREAD, i);
		for (int64_t now; (now = clock_ticks()) < begin + i * 10;)
			nudges += within(a, (int)(begin + i * 10 - now));
	}
	while (within(a, 2 * RELAY_PAUSE))
		nudges++;
	int64_t took = clock_ticks() - begin - 2 * RELAY_PAUSE;
	assert_in_range(nudges, 2, took / RELAY_PAUSE + 2);
	close(a);
	close(writer);
}

/* Sends two descriptors through the door, as a session would send its one. */
static void
push_through_door(int fd, int other)
{
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(2 * sizeof(int))];
	} control = { .head = { .cmsg_len = CMSG_LEN(2 * sizeof(int)), .cmsg_level = SOL_SOCKET,
			  .cmsg_type = SCM_RIGHTS } };
	char byte = 'x';
	struct iovec part = { &byte, 1 };
	struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof control };
	int sent[2] = { fd, other };
	memcpy(CMSG_DATA(&control.head), sent, sizeof sent);
	assert_int_equal(sendmsg(door[1], &packet, 0), 1);
}

/*
 * One who takes no nudge until his queue is full has one pending: the others are served, and when he
 * has emptied it he is told once more, though nothing new was written.
 */
static void
a_full_queue(void **state)
{
	(void)state;
	int pair[2], b = listener(TOPIC_THREAD, 0), writer = relay_join_socket(store);
	enum { WRITES = 12 };
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	int small = 1, queued = 0;
	char byte;
	assert_int_equal(setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
	push_through_door(pair[1], pair[1]);
	close(pair[1]);
	assert_int_equal(relay_listen(pair[0], &(struct relay_topic){ TOPIC_THREAD, 0 }, 1), 0);
	settle(pair[0]);
	for (int i = 0; i < WRITES; i++) {
		relay_wrote(writer, TOPIC_THREAD, i);
		assert_int_equal(within(b, SOON), 1);
	}
	while (recv(pair[0], &byte, 1, MSG_DONTWAIT) > 0)
		queued++;
	assert_in_range(queued, 1, WRITES - 1);
	assert_int_equal(within(pair[0], SOON), 1);
	assert_int_equal(within(pair[0], 2 * RELAY_PAUSE), 0);
	close(pair[0]);
	close(b);
	close(writer);
}

/* A writer who writes more than a standing relay takes is told so, and never waits. */
static void
a_relay_that_stands_still(void **state)
{
	(void)state;
	int a = listener(TOPIC_THREAD, 0), writer = relay_join_socket(store), said = 0;
	kill(pid, SIGSTOP);
	while (said < 100000 && !relay_wrote(writer, TOPIC_THREAD, said))
		said++;
	kill(pid, SIGCONT);
	assert_in_range(said, 10, 99999);
	assert_int_equal(within(a, SOON), 1);
	close(a);
	close(writer);
}

/* kill -9: everybody sees it, joins again through the door, even before the next relay is there. */
static void
killed_and_joined_again(void **state)
{
	(void)state;
	int a = listener(TOPIC_THREAD, 0);
	stop(SIGKILL);
	assert_int_equal(within(a, SOON), -1);
	close(a);
	a = relay_join_door(door[1]);
	assert_true(a >= 0);
	assert_int_equal(relay_listen(a, &(struct relay_topic){ TOPIC_THREAD, 3 }, 1), 0);
	assert_int_equal(within(a, 0), 0);
	start();
	settle(a);
	int writer = relay_join_socket(store);
	assert_true(writer >= 0);
	relay_wrote(writer, TOPIC_THREAD, 3);
	assert_int_equal(within(a, SOON), 1);
	close(a);
	close(writer);
}

static void
a_thousand(void **state)
{
	(void)state;
	static int fds[MANY];
	int writer = relay_join_socket(store);
	for (int i = 0; i < MANY; i++) {
		fds[i] = relay_join_door(door[1]);
		assert_true(fds[i] >= 0);
		assert_int_equal(relay_listen(fds[i], &(struct relay_topic){ TOPIC_BOARD, i % 2 + 1 }, 1), 0);
	}
	settle(fds[MANY - 1]);
	int64_t begin = clock_ticks();
	relay_wrote(writer, TOPIC_BOARD, 2);
	for (int i = 1; i < MANY; i += 2)
		assert_int_equal(within(fds[i], SOON), 1);
	print_message("500 of %d listeners told in %d ms\n", MANY, (int)(clock_ticks() - begin));
	for (int i = 0; i < MANY; i += 2)
		assert_int_equal(within(fds[i], 0), 0);
	for (int i = 0; i < MANY; i++)
		close(fds[i]);
	close(writer);
}

/* Whoever speaks nonsense is hung up on; nobody else feels it. */
static void
nonsense(void **state)
{
	(void)state;
	static const struct {
		uint32_t word, n;
		char more[RELAY_TOPICS * sizeof(struct relay_topic) + 1];
	} said = { 1, 1000000, "" };
	int a = listener(TOPIC_THREAD, 0), files[2];
	static const size_t sizes[] = { 1, 7, 8, 9, sizeof said };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		int fd = relay_join_socket(store);
		assert_true(fd >= 0);
		assert_int_equal(send(fd, &said, sizes[i], 0), sizes[i]);
		assert_int_equal(within(fd, SOON), -1);
		close(fd);
	}
	/* Descriptors through the door that are no sockets, or none at all. */
	assert_int_equal(send(door[1], "x", 1, 0), 1);
	assert_int_equal(pipe(files), 0);
	push_through_door(files[0], listening);
	push_through_door(listening, files[0]);
	assert_int_equal(write(files[1], "x", 1), 1);
	close(files[0]);
	/* The relay lets go of them: nobody reads the pipe any more. */
	struct pollfd p = { files[1], 0, 0 };
	assert_int_equal(poll(&p, 1, SOON), 1);
	close(files[1]);
	settle(a);
	close(a);
}

static void
the_socket(void **state)
{
	(void)state;
	struct stat s;
	char path[80], deep[4096];
	snprintf(path, sizeof path, "%s-relay", store);
	assert_int_equal(stat(path, &s), 0);
	assert_int_equal(s.st_mode & 07777, 0600);
	assert_true(S_ISSOCK(s.st_mode));
	/* In the place of one left behind; and in a folder of any length. */
	int again = relay_open(store);
	assert_true(again >= 0);
	close(again);
	assert_int_equal(relay_join_socket(store), -1);
	int n = snprintf(deep, sizeof deep, "%s", folder);
	for (int i = 0; i < 5; i++) {
		n += snprintf(deep + n, sizeof deep - (size_t)n, "/a-folder-with-quite-a-long-name-%d", i);
		assert_int_equal(mkdir(deep, 0700), 0);
	}
	snprintf(deep + n, sizeof deep - (size_t)n, "/bbs.sqlite");
	int fd = relay_open(deep), to = relay_join_socket(deep);
	assert_true(fd >= 0 && to >= 0);
	close(to);
	close(fd);
	relay_shut(deep);
	for (int i = 0; i < 5; i++) {
		*strrchr(deep, '/') = '\0';
		assert_int_equal(rmdir(deep), 0);
	}
	assert_int_equal(relay_open("/nowhere/at-all/bbs.sqlite"), -1);
	assert_int_equal(errno, ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(two_listeners, set_up, tear_down),
		cmocka_unit_test_setup_teardown(own_writes_are_not_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nudges_are_few, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_full_queue, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_relay_that_stands_still, set_up, tear_down),
		cmocka_unit_test_setup_teardown(killed_and_joined_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_thousand, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nonsense, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_socket, set_up, tear_down),
	};
	if (!mkdtemp(folder))
		return 1;
	snprintf(store, sizeof store, "%s/bbs.sqlite", folder);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(folder);
	return failed;
}
