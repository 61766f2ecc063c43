#ifndef BBS_FENCE_H
#define BBS_FENCE_H

/*
 * The fences: seccomp filters and landlock rules, one table of system calls for each kind of process.
 * Applied once, by the process itself, before it reads what a stranger sent; there is no way back.
 * Where the kernel has no landlock the seccomp filter stands alone (logged once by serve).
 * Both end the process by a log line and SIGSYS-like death when something forbidden is tried.
 * Environment BBS_NO_FENCE=1 leaves them out, for debuggers and for sanitizers where they need it;
 * it is ignored in a program started setuid and logged.
 */

/*
 * Compiles the filters, half a millisecond each, for all processes that are forked afterwards; one that
 * was forked without does so itself.
 */
void
fence_prepare(void);

/* A carrier: read, write, poll on what it has; no file, no new socket, no exec, no clone, no kill. */
void
fence_carrier(void);

/*
 * A session: the store's folder (read, write, make, remove files in it), terminfo to read; no exec, no
 * clone, no new socket but socketpair; recvmsg and sendmsg for descriptors. `folder` may be NULL (none).
 */
void
fence_session(const char *folder);

/* The relay: it takes new listeners and passes bytes among them; no file, no exec, no clone. */
void
fence_relay(void);

/*
 * A program of the machine that works on a stranger's bytes, just before execve() of `program`: it reads what Debian
 * has installed and its own folder (NULL none), in which alone it writes; no socket, no fork. It dies by SIGSYS
 * without a word.
 */
void
fence_helper(const char *folder, const char *program);

/* Landlock's ABI here, 0 where there is none. */
int
fence_landlock(void);

#endif
