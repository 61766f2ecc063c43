/* A caller: libssh's client at a terminal of 80 × 24, whose keys and screens the bench counts. */
#ifndef TESTS_BENCH_CALLER_H
#define TESTS_BENCH_CALLER_H

#include <libssh/libssh.h>
#include <stdbool.h>
#include <stddef.h>

struct caller {
	ssh_session ssh;
	ssh_channel channel;
};

/* What ends a screen: its last bytes, by which it is known to be whole. */
struct tail {
	size_t size;
	char bytes[12];
};

/*
 * Logs in with the key as user on 127.0.0.1 and asks for a shell.
 * False: said on standard error, nothing to close.
 */
bool
caller_open(struct caller *c, int port, const char *user, ssh_key key);

/* Hangs up. */
void
caller_close(struct caller *c);

/* Keys as bytes. */
void
caller_type(struct caller *c, const char *keys);

/*
 * The bytes that come until none comes for `quiet` ms (2 s at the most until the first): how many;
 * their end in *tail unless that is NULL.
 */
size_t
caller_listen(struct caller *c, int quiet, struct tail *tail);

/* Reads until a screen has ended like this. False: not within 10 s. */
bool
caller_sees(struct caller *c, const struct tail *tail);

/*
 * Types and waits for the first bytes back, then until `quiet` ms bring no more: milliseconds of
 * the first; -1: none came within 2 s.
 */
double
caller_echo(struct caller *c, const char *keys, int quiet);

/* A clock in milliseconds. */
double
caller_clock(void);

#endif
