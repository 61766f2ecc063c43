/*
 * The fences: what each kind of process may still ask of the kernel, one table for each. Knows
 * nothing of what the process is for. Debian 12's <linux/landlock.h> ends at ABI 2, hence our own.
 */
#include "bbs/fence.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bbs/base/log.h"
#include "bbs/base/mem.h"

/* Argument `arg`, masked, must be `value` for `call` to pass. */
struct narrow {
	int call;
	unsigned arg;
	uint64_t mask, value;
};

/* A call that is answered by an error, for what libraries try and can do without. */
struct answer {
	int call;
	int error;
};

enum { END = INT_MIN }; /* libseccomp has small negative numbers for calls that a machine lacks */
#define ALL UINT64_MAX
#define ASK(command) { SCMP_SYS(fcntl), 1, ALL, command }

/* Both kinds: what allocation, waiting, locking, signals and leaving need. */
static const int common_calls[] = {
	SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev), SCMP_SYS(close),
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(recvfrom), SCMP_SYS(sendto), SCMP_SYS(sendmsg),
	SCMP_SYS(shutdown), SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
	SCMP_SYS(futex), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getrandom),
	SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
	SCMP_SYS(restart_syscall), SCMP_SYS(sched_yield), SCMP_SYS(setitimer), SCMP_SYS(exit),
	SCMP_SYS(exit_group), END
};

static const struct narrow common_narrow[] = {
	{ SCMP_SYS(mmap), 2, PROT_EXEC, 0 },
	{ SCMP_SYS(mprotect), 2, PROT_EXEC, 0 },
	ASK(F_GETFL), ASK(F_SETFL), ASK(F_GETFD), ASK(F_SETFD), { END, 0, 0, 0 }
};

/* The session: the store's files, the screen's memfd, the relay's door, the writers' queue. */
static const int session_calls[] = {
	SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(fstat),
	SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2), SCMP_SYS(getcwd), SCMP_SYS(lseek), SCMP_SYS(pread64),
	SCMP_SYS(pwrite64), SCMP_SYS(ftruncate), SCMP_SYS(fallocate), SCMP_SYS(fsync),
	SCMP_SYS(fdatasync), SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(fchown), SCMP_SYS(fchmod),
	SCMP_SYS(getdents64), SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3), SCMP_SYS(msync),
	SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(getppid),
	SCMP_SYS(uname), SCMP_SYS(getrlimit), SCMP_SYS(memfd_create), SCMP_SYS(recvmsg),
	SCMP_SYS(alarm), SCMP_SYS(getitimer), SCMP_SYS(nanosleep),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(sched_getaffinity),
	SCMP_SYS(set_robust_list), SCMP_SYS(sysinfo), SCMP_SYS(statfs), END
};

/* fcntl() by command: F_SETOWN would let it signal others. prlimit64() of itself only. */
static const struct narrow session_narrow[] = {
	ASK(F_SETLK), ASK(F_SETLKW), ASK(F_GETLK), ASK(F_OFD_SETLK), ASK(F_OFD_SETLKW),
	ASK(F_OFD_GETLK), ASK(F_DUPFD), ASK(F_DUPFD_CLOEXEC), ASK(F_ADD_SEALS), ASK(F_GET_SEALS),
	{ SCMP_SYS(socketpair), 0, ALL, AF_UNIX }, { SCMP_SYS(prlimit64), 0, ALL, 0 },
	{ END, 0, 0, 0 }
};

static const struct answer session_answers[] = {
	{ SCMP_SYS(ioctl), ENOTTY }, { SCMP_SYS(readlink), EACCES }, { SCMP_SYS(readlinkat), EACCES },
	{ END, 0 }
};

/* The relay: the door and the socket beside the store. */
static const int relay_calls[] = {
	SCMP_SYS(recvmsg), SCMP_SYS(accept4), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_ctl), END
};

/* A helper: what the start of a program needs, its libraries, its own folder. It starts no process. */
static const int helper_calls[] = {
	SCMP_SYS(execve), SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(fstat),
	SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2), SCMP_SYS(getcwd), SCMP_SYS(lseek), SCMP_SYS(pread64), SCMP_SYS(mmap),
	SCMP_SYS(mprotect), SCMP_SYS(arch_prctl), SCMP_SYS(set_tid_address), SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq), SCMP_SYS(getrlimit), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid),
	SCMP_SYS(getegid), SCMP_SYS(setuid), SCMP_SYS(setgid), SCMP_SYS(getppid), SCMP_SYS(uname), SCMP_SYS(fsync),
	SCMP_SYS(ftruncate), SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(fchmod), SCMP_SYS(chmod),
	SCMP_SYS(fchmodat), SCMP_SYS(utime), SCMP_SYS(utimes), SCMP_SYS(utimensat), SCMP_SYS(umask),
	SCMP_SYS(getdents64), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(alarm), SCMP_SYS(nanosleep),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(sysinfo),
	SCMP_SYS(sched_getaffinity), SCMP_SYS(fadvise64), SCMP_SYS(statfs), SCMP_SYS(fstatfs),
	SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(seccomp), END
};

/* Its own second fence, and limits of itself. */
static const struct narrow helper_narrow[] = {
	{ SCMP_SYS(prlimit64), 0, ALL, 0 }, { SCMP_SYS(prctl), 0, ALL, PR_SET_NO_NEW_PRIVS },
	{ SCMP_SYS(prctl), 0, ALL, PR_SET_SECCOMP }, { END, 0, 0, 0 }
};

static const struct answer helper_answers[] = {
	{ SCMP_SYS(ioctl), ENOTTY }, { SCMP_SYS(socket), EACCES }, { SCMP_SYS(mkdir), EACCES }, { END, 0 }
};

enum kind { CARRIER, SESSION, RELAY, HELPER, KINDS };

/* What each kind has besides what is common, and its filter once it is compiled. */
static struct fence {
	const int *calls;
	const struct narrow *narrow;
	const struct answer *answers;
	struct sock_fprog program;
} fences[KINDS] = {
	[SESSION] = { session_calls, session_narrow, session_answers, { 0 } },
	[RELAY] = { relay_calls, NULL, NULL, { 0 } },
	[HELPER] = { helper_calls, helper_narrow, helper_answers, { 0 } },
};

/* Landlock's ABI 7, by which older kernels read what they know (the rest is zero there). */
struct ruleset {
	uint64_t files, net, scope;
};

struct beneath {
	uint64_t allowed;
	int32_t folder;
} __attribute__((packed));

enum {
	LANDLOCK_VERSION = 1,
	PATH_BENEATH = 1,
	EXECUTE = 1 << 0,
	WRITE_FILE = 1 << 1,
	READ_FILE = 1 << 2,
	READ_DIR = 1 << 3,
	REMOVE_FILE = 1 << 5,
	MAKE_REG = 1 << 8,
	TRUNCATE = 1 << 14,
	ALL_FILES_1 = (1 << 13) - 1,
	ALL_NET = 3,
	ALL_SCOPE = 3, /* abstract sockets, signals */
};

int
fence_landlock(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION);
	return abi > 0 ? (int)abi : 0;
}

static bool
fence_wanted(void)
{
	const char *no = secure_getenv("BBS_NO_FENCE");
	if (no && !strcmp(no, "1"))
		return false;
	if (!no && getenv("BBS_NO_FENCE"))
		log_line(LOG_NOTE, "BBS_NO_FENCE is ignored in a setuid program");
	return true;
}

/* The call's number is all that a handler can safely say; scmp_sys_resolver(1) knows its name. */
static void
forbidden(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	log_line(LOG_TROUBLE, "forbidden system call %d, ended", info->si_syscall);
	/* SIGSYS is blocked here, so that the next one kills: serve is to see a death by signal. */
	syscall(SYS_execve, NULL, NULL, NULL);
	_exit(128 + SIGSYS);
}

static void
allow(scmp_filter_ctx filter, const int *calls, const struct narrow *narrow, const struct answer *answer)
{
	int bad = 0;
	for (; calls && *calls != END; calls++)
		bad |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, *calls, 0);
	for (; narrow && narrow->call != END; narrow++)
		bad |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, narrow->call, 1,
		    SCMP_CMP(narrow->arg, SCMP_CMP_MASKED_EQ, narrow->mask, narrow->value));
	for (; answer && answer->call != END; answer++)
		bad |= seccomp_rule_add(
		    filter, SCMP_ACT_ERRNO((unsigned)answer->error), answer->call, 0);
	if (bad)
		die("seccomp rules: %d", bad);
}

/* What may be read by whom, where it is there. */
struct readable {
	const char *path;
	uint64_t allowed;
};
static const struct readable terminals[] = {
	{ "/lib/terminfo", READ_FILE | READ_DIR }, { "/usr/share/terminfo", READ_FILE | READ_DIR },
	{ "/etc/terminfo", READ_FILE | READ_DIR }, { NULL, 0 }
};
/* Programs and their libraries: all that Debian installs, nothing that the machine's people wrote. */
static const struct readable programs[] = {
	{ "/usr", EXECUTE | READ_FILE | READ_DIR }, { "/lib", EXECUTE | READ_FILE | READ_DIR },
	{ "/lib64", EXECUTE | READ_FILE | READ_DIR }, { "/etc/ld.so.cache", READ_FILE },
	{ "/dev/null", READ_FILE | WRITE_FILE },
#ifdef __SANITIZE_ADDRESS__
	{ "/proc", READ_FILE }, /* it looks at its own memory's map as it starts */
#endif
	{ NULL, 0 }
};

static void
add_path(int ruleset, const char *path, uint64_t allowed)
{
	struct beneath rule = { allowed, open(path, O_PATH | O_CLOEXEC) };
	if (rule.folder < 0) /* what is not there needs no rule */
		return;
	if (syscall(SYS_landlock_add_rule, ruleset, PATH_BENEATH, &rule, 0))
		die("landlock rule for %s: %s", path, strerror(errno));
	close(rule.folder);
}

/* Files: those in the folder (NULL none), and what may be read. */
static void
restrict_files(const char *folder, const struct readable *readable, const char *program)
{
	int abi = fence_landlock();
	if (!abi)
		return;
	struct ruleset r = { .files = ALL_FILES_1 };
	if (abi >= 2)
		r.files |= 1 << 13; /* refer */
	if (abi >= 3)
		r.files |= TRUNCATE;
	if (abi >= 5)
		r.files |= 1 << 15; /* ioctl on devices */
	if (abi >= 4)
		r.net = ALL_NET;
	if (abi >= 6)
		r.scope = ALL_SCOPE;
	/* An older kernel refuses a longer struct only where the rest is not zero. */
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &r, sizeof r, 0);
	if (ruleset < 0)
		die("landlock: %s", strerror(errno));
	if (folder)
		add_path(ruleset, folder,
		    (WRITE_FILE | READ_FILE | READ_DIR | REMOVE_FILE | MAKE_REG | TRUNCATE) & r.files);
	for (; readable && readable->path; readable++)
		add_path(ruleset, readable->path, readable->allowed);
	if (program)
		add_path(ruleset, program, EXECUTE | READ_FILE);
	if (syscall(SYS_landlock_restrict_self, ruleset, 0))
		die("landlock: %s", strerror(errno));
	close(ruleset);
}

/* The filter as the kernel takes it: libseccomp gives it to a file only. */
static void
compile(struct fence *f)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
	int file = memfd_create("fence", MFD_CLOEXEC);
	if (!filter || file < 0)
		die("seccomp cannot be used");
	allow(filter, common_calls, common_narrow, NULL);
	allow(filter, f->calls, f->narrow, f->answers);
	int error = seccomp_export_bpf(filter, file);
	if (error)
		die("seccomp: %s", strerror(-error));
	seccomp_release(filter);
	off_t size = lseek(file, 0, SEEK_CUR);
	struct sock_filter *code = mem_alloc((size_t)size);
	if (pread(file, code, (size_t)size, 0) != size)
		die("seccomp: %s", strerror(errno));
	close(file);
	f->program = (struct sock_fprog){ (unsigned short)((size_t)size / sizeof *code), code };
}

static void
enter(enum kind kind, const char *folder, const struct readable *readable, const char *program)
{
	struct fence *f = &fences[kind];
	if (!fence_wanted())
		return;
	if (!f->program.len)
		compile(f);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		die("no_new_privs: %s", strerror(errno));
	restrict_files(folder, readable, program);
	struct sigaction act = { .sa_sigaction = forbidden, .sa_flags = SA_SIGINFO };
	sigaction(SIGSYS, &act, NULL);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &f->program))
		die("seccomp: %s", strerror(errno));
}

void
fence_prepare(void)
{
	for (int kind = 0; fence_wanted() && kind < KINDS; kind++)
		compile(&fences[kind]);
}

void
fence_carrier(void)
{
	enter(CARRIER, NULL, NULL, NULL);
}

void
fence_session(const char *folder)
{
	enter(SESSION, folder, terminals, NULL);
}

void
fence_relay(void)
{
	enter(RELAY, NULL, NULL, NULL);
}

void
fence_helper(const char *folder, const char *program)
{
	enter(HELPER, folder, programs, program);
}
