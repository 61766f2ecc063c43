/* The broker: starts what the fenced may not start. It reads requests of fixed form and nothing of a stranger's. */
#include "bbs/broker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bbs/base/clock.h"
#include "bbs/base/log.h"
#include "bbs/base/mem.h"
#include "bbs/fence.h"
#include "bbs/pass.h"

enum {
	HELPERS_MAX = 32,     /* at once */
	TRANSFERS_MAX = 24,   /* of them with a folder, which stay as long as their caller: what is short has the rest */
	SHORT = -1,
	FOLDER_WAIT = 1000,   /* ms until its folder is made */
	ARGUMENTS = 8,
	FILES_MAX = 64,       /* descriptors of a helper */
};

/* Words of an argument list that are filled in. */
#define A_NAME "\1"
#define A_NUMBER "\2" /* the next of number[] */

/* What each helper is. `program` without a slash: one of our own, beside the program itself. */
static const struct kind {
	const char *name, *program;
	const char *argv[ARGUMENTS];
	bool folder;
	int seconds;  /* of wall and of processor; 0: as long as its asker stays */
	int mebibytes; /* of memory */
} kinds[HELPER_COUNT] = {
	[HELPER_SEND] = { "sz", "/usr/bin/sz", { "sz", "-b", "-e", "-q", A_NAME }, true, 0, 64 },
	[HELPER_RECEIVE] = { "rz", "/usr/bin/rz", { "rz", "-b", "-e", "-E", "-q", "-R" }, true, 0, 64 },
	[HELPER_PDF] = { "pdftotext", "/usr/bin/pdftotext", { "pdftotext", "-q", "-enc", "UTF-8", "-", "-" },
	    false, 20, 512 },
	[HELPER_TEXT] = { "text", "bbs-decode", { "bbs-decode", "text" }, false, 10, 256 },
	[HELPER_PICTURE] = { "picture", "bbs-decode",
	    { "bbs-decode", "picture", A_NUMBER, A_NUMBER, A_NUMBER }, false, 10, 640 },
	[HELPER_SOUND] = { "sound", "bbs-decode", { "bbs-decode", "sound" }, false, 10, 256 },
};

/* What the asker is told on the control line: one of these. */
struct told {
	int32_t end;      /* enum helper_end; -1: here is your folder */
	char folder[200];
};

/* One broker, one process. */
static struct {
	char base[PATH_MAX + 16]; /* of folders: the store's path and "-transfer-" */
	char own[PATH_MAX];       /* the folder of our own programs, ended by a slash */
	struct {
		pid_t pid;     /* 0: none */
		int64_t whose; /* its transfer; SHORT: it has none */
	} keepers[HELPERS_MAX];
} broker;

/* ---- folders ---- */

static void
remove_folder(const char *path)
{
	DIR *dir = opendir(path);
	for (struct dirent *e; dir && (e = readdir(dir));)
		unlinkat(dirfd(dir), e->d_name, 0);
	if (dir)
		closedir(dir);
	if (rmdir(path) && errno != ENOENT)
		log_line(LOG_TROUBLE, "%s cannot be removed: %s", path, strerror(errno));
}

/* What helpers of a broker that was killed have left. */
static void
sweep_folders(void)
{
	struct buf folder = { 0 }, path = { 0 };
	const char *stem = strrchr(broker.base, '/') + 1;
	buf_add(&folder, broker.base, (size_t)(stem - broker.base));
	DIR *dir = opendir(folder.data);
	for (struct dirent *e; dir && (e = readdir(dir));) {
		if (strncmp(e->d_name, stem, strlen(stem)) != 0)
			continue;
		buf_cut(&path, 0);
		buf_fmt(&path, "%s%s", folder.data, e->d_name);
		remove_folder(path.data);
	}
	if (dir)
		closedir(dir);
	buf_free(&folder);
	buf_free(&path);
}

/* ---- the helper's own process ---- */

static void
limit(int what, rlim_t most)
{
	setrlimit(what, &(struct rlimit){ most, most });
}

static _Noreturn void
become(const struct kind *k, const struct helper_ask *ask, const char *program, int bytes, const char *folder)
{
	char numbers[3][12];
	struct buf name = { 0 };
	char *argv[ARGUMENTS + 1] = { 0 };
	char *environment[] = { "LANG=C.UTF-8", "LC_ALL=C.UTF-8",
#ifdef __SANITIZE_ADDRESS__
		"ASAN_OPTIONS=detect_leaks=0", /* it would stop its own process from outside, which the fence forbids */
#endif
		NULL };
	for (int i = 0, n = 0; i < ARGUMENTS && k->argv[i]; i++) {
		argv[i] = (char *)k->argv[i];
		if (!strcmp(argv[i], A_NAME)) {
			/* A name that begins with - is no option. */
			buf_fmt(&name, "./%s", ask->name);
			argv[i] = name.data;
		} else if (!strcmp(argv[i], A_NUMBER)) {
			snprintf(numbers[n], sizeof *numbers, "%d", (int)ask->number[n]);
			argv[i] = numbers[n++];
		}
	}
	int nothing = open("/dev/null", O_RDWR);
	if (nothing < 0 || chdir(folder ? folder : "/"))
		_exit(126);
	/* A program waits in read() and write(). */
	fcntl(bytes, F_SETFL, fcntl(bytes, F_GETFL) & ~O_NONBLOCK);
	dup2(bytes, STDIN_FILENO);
	dup2(bytes, STDOUT_FILENO);
	dup2(nothing, STDERR_FILENO);
	close_range(STDERR_FILENO + 1, ~0u, 0);
	signal(SIGPIPE, SIG_DFL);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, FILES_MAX);
	limit(RLIMIT_FSIZE, folder && ask->size > 0 ? (rlim_t)ask->size : 0);
	if (k->seconds)
		limit(RLIMIT_CPU, (rlim_t)k->seconds);
#ifndef __SANITIZE_ADDRESS__
	limit(RLIMIT_AS, (rlim_t)k->mebibytes << 20);
#endif
	fence_helper(folder, program);
	execve(program, argv, environment);
	_exit(126);
}

/* ---- its keeper: a process for each ---- */

static void
tell(int control, int end, const char *folder)
{
	struct told told = { .end = end };
	snprintf(told.folder, sizeof told.folder, "%s", folder);
	if (send(control, &told, sizeof told, MSG_NOSIGNAL) < 0)
		log_line(LOG_DETAIL, "who asked for a helper is gone");
}

/* Until the asker says so; false: he is gone. */
static bool
wait_for_start(int control)
{
	char go;
	return recv(control, &go, 1, 0) == 1;
}

/* Until it has ended, its time is over, or its asker is gone: enum helper_end. */
static enum helper_end
watch(const struct kind *k, pid_t pid, int control)
{
	int child = (int)syscall(SYS_pidfd_open, pid, 0), status;
	struct pollfd p[2] = { { child, POLLIN, 0 }, { control, POLLIN, 0 } };
	int64_t until = clock_ticks() + k->seconds * 1000LL;
	bool late = false;
	for (;;) {
		int64_t left = until - clock_ticks();
		int r = poll(p, 2, !k->seconds ? -1 : left < 0 ? 0 : (int)left);
		if (r < 0 && errno == EINTR)
			continue;
		late = !r;
		if (late || r < 0 || p[1].revents)
			kill(pid, SIGKILL);
		break;
	}
	if (child >= 0)
		close(child);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL && WTERMSIG(status) != SIGPIPE)
		log_line(LOG_NOTE, "%s ended by signal %d", k->name, WTERMSIG(status));
	/* What has passed its size in a folder is cut off, and seen by its size. */
	return late || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) ? HELPER_LATE
	    : WIFSIGNALED(status) && WTERMSIG(status) != SIGXFSZ	    ? HELPER_FELL
	    : WIFEXITED(status) && !WEXITSTATUS(status)			    ? HELPER_DONE
									    : HELPER_FAILED;
}

static void
keep(const struct kind *k, const struct helper_ask *ask, int bytes, int control)
{
	char program[PATH_MAX + 32], folder[sizeof broker.base + 8] = "";
	snprintf(program, sizeof program, "%s%s", *k->program == '/' ? "" : broker.own, k->program);
	if (access(program, X_OK)) {
		log_line(LOG_TROUBLE, "%s: %s", program, strerror(errno));
		tell(control, HELPER_MISSING, "");
		return;
	}
	if (k->folder) {
		snprintf(folder, sizeof folder, "%sXXXXXX", broker.base);
		errno = ENAMETOOLONG;
		if (strlen(folder) >= sizeof ((struct told *)0)->folder || !mkdtemp(folder)) {
			log_line(LOG_TROUBLE, "a folder for %s: %s", k->name, strerror(errno));
			tell(control, HELPER_FAILED, "");
			return;
		}
		tell(control, -1, folder);
		if (!wait_for_start(control)) {
			remove_folder(folder);
			return;
		}
	}
	pid_t keeper = getpid(), pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != keeper)
			_exit(126);
		become(k, ask, program, bytes, k->folder ? folder : NULL);
	}
	close(bytes);
	if (pid < 0)
		log_line(LOG_TROUBLE, "cannot start %s: %s", k->name, strerror(errno));
	tell(control, pid < 0 ? HELPER_FAILED : watch(k, pid, control), "");
	if (!k->folder)
		return;
	/* What was received is his until he closes the line. */
	while (wait_for_start(control))
		;
	remove_folder(folder);
}

/* ---- the door ---- */

/* Only what may be: a helper that there is, a name without a path. */
static bool
is_good(const struct helper_ask *ask, ssize_t size)
{
	if (size != sizeof *ask || ask->helper < 0 || ask->helper >= HELPER_COUNT || ask->whose < 0 ||
	    !memchr(ask->name, '\0', sizeof ask->name))
		return false;
	if (ask->helper != HELPER_SEND)
		return true;
	return *ask->name && strcmp(ask->name, ".") != 0 && strcmp(ask->name, "..") != 0 &&
	    !strchr(ask->name, '/');
}

static void
reap(void)
{
	for (pid_t pid; (pid = waitpid(-1, NULL, WNOHANG)) > 0;)
		for (int i = 0; i < HELPERS_MAX; i++)
			if (broker.keepers[i].pid == pid)
				broker.keepers[i].pid = 0;
}

/* May there be one more? A free place for its keeper, or why not, below 0: -HELPER_BUSY, -HELPER_ENOUGH. */
static int
find_place(const struct helper_ask *ask)
{
	int place = -HELPER_BUSY, transfers = 0, own = 0;
	for (int i = 0; i < HELPERS_MAX; i++) {
		if (!broker.keepers[i].pid)
			place = i;
		else if (broker.keepers[i].whose != SHORT) {
			transfers++;
			own += broker.keepers[i].whose == ask->whose;
		}
	}
	if (!kinds[ask->helper].folder)
		return place;
	return own >= HELPER_TRANSFERS ? -HELPER_ENOUGH : transfers >= TRANSFERS_MAX ? -HELPER_BUSY : place;
}

static void
take(int door)
{
	struct helper_ask ask = { 0 };
	int fds[PASS_MAX];
	ssize_t size = pass_receive(door, &ask, sizeof ask, fds);
	/* Who kept it has gone; or a session has shut it for all, which serve logs each time it starts us again. */
	if (!size)
		_exit(1);
	reap();
	bool good = size > 0 && is_good(&ask, size) && fds[0] >= 0 && fds[1] >= 0;
	int place = good ? find_place(&ask) : 0;
	if (size > 0 && !good) {
		log_line(LOG_TROUBLE, "%zd bytes of nonsense asked for a helper", size);
	} else if (good && place < 0) {
		tell(fds[1], -place, "");
	} else if (good) {
		pid_t parent = getpid(), pid = fork();
		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			if (getppid() != parent)
				_exit(1);
			close(door);
			keep(&kinds[ask.helper], &ask, fds[0], fds[1]);
			_exit(0);
		}
		if (pid < 0)
			tell(fds[1], HELPER_BUSY, "");
		broker.keepers[place].pid = pid > 0 ? pid : 0;
		broker.keepers[place].whose = kinds[ask.helper].folder ? ask.whose : SHORT;
	}
	for (int i = 0; i < PASS_MAX; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

void
broker_run(int door, const char *store, bool sweep)
{
	char path[PATH_MAX];
	/* rz and sz are started from there, and paths must not depend on it. */
	if (!realpath(store, path))
		die("%s: %s", store, strerror(errno));
	snprintf(broker.base, sizeof broker.base, "%s-transfer-", path);
	ssize_t n = readlink("/proc/self/exe", broker.own, sizeof broker.own - 1);
	broker.own[n > 0 ? n : 0] = '\0';
	char *slash = strrchr(broker.own, '/');
	if (slash)
		slash[1] = '\0';
	if (sweep)
		sweep_folders();
	fence_prepare();
	for (;;) {
		struct pollfd p = { door, POLLIN, 0 };
		if (poll(&p, 1, -1) > 0)
			take(door);
	}
}

int
broker_fork(const char *store)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -1;
	pid_t parent = getpid(), pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		log_name("broker");
		dup2(pair[0], STDIN_FILENO);
		close_range(STDERR_FILENO + 1, ~0u, 0);
		broker_run(STDIN_FILENO, store, false);
	}
	close(pair[0]);
	if (pid > 0)
		return pair[1];
	close(pair[1]);
	return -1;
}

/* ---- the asker's side ---- */

int
helper_call(int door, const struct helper_ask *ask, struct helper_line *line)
{
	int bytes[2], control[2];
	*line = (struct helper_line){ .bytes = -1, .control = -1 };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, bytes))
		return -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control)) {
		close(bytes[0]);
		close(bytes[1]);
		return -1;
	}
	bool sent = pass_send(door, ask, sizeof *ask, (int[]){ bytes[1], control[1] }, 2);
	close(bytes[1]);
	close(control[1]);
	line->bytes = bytes[0];
	line->control = control[0];
	if (sent)
		return 0;
	helper_close(line);
	return -1;
}

/* The next thing that is told: false, nothing yet. Who cannot tell any more has fallen. */
static bool
hear(struct helper_line *line, struct told *told)
{
	ssize_t n = recv(line->control, told, sizeof *told, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n != sizeof *told)
		*told = (struct told){ .end = HELPER_FELL };
	return true;
}

int
helper_folder(struct helper_line *line)
{
	struct pollfd p = { line->control, POLLIN, 0 };
	struct told told;
	if (poll(&p, 1, FOLDER_WAIT) <= 0)
		return -1;
	/* An end that came instead is left for helper_ended(). */
	if (recv(line->control, &told, sizeof told, MSG_DONTWAIT | MSG_PEEK) != sizeof told || told.end != -1)
		return -1;
	hear(line, &told);
	snprintf(line->folder, sizeof line->folder, "%.*s", (int)sizeof told.folder - 1, told.folder);
	return 0;
}

void
helper_start(struct helper_line *line)
{
	if (send(line->control, "!", 1, MSG_NOSIGNAL) < 0)
		log_line(LOG_NOTE, "the helper is gone");
}

int
helper_ended(struct helper_line *line)
{
	struct told told;
	return hear(line, &told) ? told.end : -1;
}

void
helper_close(struct helper_line *line)
{
	if (line->bytes >= 0)
		close(line->bytes);
	if (line->control >= 0)
		close(line->control);
	line->bytes = line->control = -1;
}

int
helper_work(int door, const struct helper_ask *ask, helper_feed feed, void *ctx, struct buf *out, size_t most)
{
	enum { PIECE = 64 * 1024 };
	struct helper_line line;
	char *piece = mem_alloc(PIECE), said[16 * 1024];
	size_t left = 0, at = 0; /* of the piece */
	int64_t offset = 0;
	bool feeding = true;
	if (helper_call(door, ask, &line)) {
		free(piece);
		return -1;
	}
	for (;;) {
		if (feeding && !left) {
			int64_t n = feed(ctx, offset, piece, PIECE);
			feeding = n > 0;
			if (!feeding)
				shutdown(line.bytes, SHUT_WR);
			left = feeding ? (size_t)n : 0;
			at = 0;
			offset += (int64_t)left;
		}
		struct pollfd p = { line.bytes, (short)(POLLIN | (feeding ? POLLOUT : 0)), 0 };
		if (poll(&p, 1, -1) < 0 && errno != EINTR)
			break;
		ssize_t n = recv(line.bytes, said, sizeof said, MSG_DONTWAIT);
		if (n > 0)
			buf_add(out, said, out->len + (size_t)n > most ? most - out->len : (size_t)n);
		if (!n || out->len >= most || (n < 0 && errno != EAGAIN && errno != EINTR))
			break;
		n = feeding ? send(line.bytes, piece + at, left, MSG_DONTWAIT | MSG_NOSIGNAL) : 0;
		if (n > 0) {
			at += (size_t)n;
			left -= (size_t)n;
		} else if (n < 0 && errno != EAGAIN && errno != EINTR) {
			feeding = false; /* it wants no more of it */
		}
	}
	/* Its keeper tells at once, or as soon as it has ended; what says more than is wanted is let go. */
	int end = out->len >= most ? HELPER_DONE : -1;
	struct pollfd p = { line.control, POLLIN, 0 };
	while (end < 0 && (poll(&p, 1, -1) > 0 || errno == EINTR))
		end = helper_ended(&line);
	helper_close(&line);
	free(piece);
	return end < 0 ? HELPER_FAILED : end;
}
