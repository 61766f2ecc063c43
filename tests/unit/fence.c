/* The fences hold: each forbidden thing is tried in a child that fenced itself. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bbs/base/log.h"
#include "bbs/fence.h"

enum { CARRIER, SESSION, HELPER };
enum { DONE = 0, REFUSED = 1, KILLED = 2 };

static char folder[] = "/tmp/bbs-fence-XXXXXX";
static char inside[64];

/* What a child did with `act` behind a fence: it was done, answered by an error, or its death. */
static int
behind(int fence, int (*act)(void))
{
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		close(STDERR_FILENO); /* the log line is tested apart */
		if (fence == CARRIER)
			fence_carrier();
		else if (fence == SESSION)
			fence_session(folder);
		else
			fence_helper(folder, "/bin/true");
		_exit(act() < 0 ? REFUSED : DONE);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGSYS);
		return KILLED;
	}
	return WEXITSTATUS(status);
}

static int
open_passwd(void)
{
	return open("/etc/passwd", O_RDONLY);
}

static int
open_inside(void)
{
	return open(inside, O_RDONLY);
}

static int
make_link(void)
{
	return symlink("/etc/passwd", inside);
}

static int
new_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int
new_unix_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int
new_pair(void)
{
	int pair[2];
	return socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair);
}

static int
run_program(void)
{
	return execl("/bin/true", "true", (char *)NULL);
}

static int
new_process(void)
{
	return (int)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static int
kill_parent(void)
{
	return kill(getppid(), 0);
}

static int
trace_parent(void)
{
	return (int)syscall(SYS_ptrace, 16, 1, 0, 0);
}

static int
signal_by_fcntl(void)
{
	return fcntl(0, F_SETOWN, 1);
}

static int
new_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
	    ? -1
	    : 0;
}

static int
ask_terminal(void)
{
	struct winsize size;
	int r = ioctl(0, TIOCGWINSZ, &size);
	return r < 0 && errno == ENOTTY ? -1 : 0;
}

static int
carrier_work(void)
{
	char *p = malloc(1 << 20);
	if (!p)
		return -1;
	memset(p, 1, 1 << 20);
	free(p);
	struct pollfd none = { -1, 0, 0 };
	return poll(&none, 1, 1) == 0 && fcntl(0, F_GETFL) >= 0 ? 0 : -1;
}

static int
session_work(void)
{
	char name[80];
	snprintf(name, sizeof name, "%s/new", folder);
	int fd = open(name, O_RDWR | O_CREAT, 0600);
	if (fd < 0 || pwrite(fd, "x", 1, 0) != 1 || fdatasync(fd) || ftruncate(fd, 0))
		return -1;
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	if (fcntl(fd, F_OFD_SETLKW, &lock) || close(fd) || unlink(name))
		return -1;
	int dir = open(folder, O_RDONLY | O_DIRECTORY); /* SQLite syncs it */
	if (dir < 0 || fsync(dir))
		return -1;
	int memory = memfd_create("screen", MFD_CLOEXEC);
	if (memory < 0 || write(memory, "x", 1) != 1 || lseek(memory, 0, SEEK_CUR) != 1)
		return -1;
	alarm(10);
	return open("/lib/terminfo/x/xterm", O_RDONLY);
}

static const struct trial {
	const char *name;
	int (*act)(void);
	int carrier, session, helper;
} trials[] = {
	{ "work of a carrier",      carrier_work,    DONE,   DONE, DONE },
	{ "work of a session",      session_work,    KILLED, DONE, KILLED },
	{ "open /etc/passwd",       open_passwd,     KILLED, REFUSED, REFUSED },
	{ "open the store",         open_inside,     KILLED, DONE, DONE },
	{ "make a symbolic link",   make_link,       KILLED, KILLED, KILLED },
	{ "socket",                 new_socket,      KILLED, KILLED, REFUSED },
	{ "Unix socket",            new_unix_socket, KILLED, KILLED, REFUSED },
	{ "socketpair",             new_pair,        KILLED, DONE, KILLED },
	{ "execve",                 run_program,     KILLED, KILLED, DONE },
	{ "clone",                  new_process,     KILLED, KILLED, KILLED },
	{ "kill",                   kill_parent,     KILLED, KILLED, KILLED },
	{ "ptrace",                 trace_parent,    KILLED, KILLED, KILLED },
	{ "fcntl F_SETOWN",         signal_by_fcntl, KILLED, KILLED, KILLED },
	{ "executable memory",      new_code,        KILLED, KILLED, DONE },
	{ "ioctl",                  ask_terminal,    KILLED, REFUSED, REFUSED },
};

static void
test_trials(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
		const struct trial *t = trials + i;
		int carrier = behind(CARRIER, t->act), session = behind(SESSION, t->act),
		    helper = behind(HELPER, t->act);
		/* Without landlock the seccomp filter stands alone, and files are open to both. */
		bool open = t->act == open_passwd && !fence_landlock();
		if (carrier != t->carrier || session != (open ? DONE : t->session) ||
		    helper != (open ? DONE : t->helper))
			print_error("%s: carrier %d, session %d, helper %d\n", t->name, carrier, session, helper);
		assert_int_equal(carrier, t->carrier);
		assert_int_equal(session, open ? DONE : t->session);
		assert_int_equal(helper, open ? DONE : t->helper);
	}
}

/* The sysop learns which call it was. */
static void
test_log(void **state)
{
	(void)state;
	int pipes[2];
	assert_int_equal(pipe(pipes), 0);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(pipes[1], STDERR_FILENO);
		fence_carrier();
		new_socket();
		_exit(0);
	}
	close(pipes[1]);
	char line[256] = "", wanted[32];
	snprintf(wanted, sizeof wanted, "system call %d,", (int)SYS_socket);
	assert_true(read(pipes[0], line, sizeof line - 1) > 0);
	assert_non_null(strstr(line, wanted));
	close(pipes[0]);
	waitpid(pid, NULL, 0);
}

static void
test_no_fence(void **state)
{
	(void)state;
	setenv("BBS_NO_FENCE", "1", 1);
	assert_int_equal(behind(CARRIER, open_passwd), DONE);
	setenv("BBS_NO_FENCE", "0", 1);
	assert_int_equal(behind(CARRIER, open_passwd), KILLED);
	unsetenv("BBS_NO_FENCE");
}

static int
make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(inside, sizeof inside, "%s/store", folder);
	int fd = open(inside, O_WRONLY | O_CREAT, 0600);
	return fd < 0 ? -1 : close(fd);
}

static int
remove_folder(void **state)
{
	(void)state;
	unlink(inside);
	return rmdir(folder);
}

int
main(void)
{
	unsetenv("BBS_NO_FENCE");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trials),
		cmocka_unit_test(test_log),
		cmocka_unit_test(test_no_fence),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
