/*
 * A caller: libssh's client, at a terminal of 80 × 24 or in the face of plain lines, whose keys and
 * screens the bench counts.
 */
#ifndef TESTS_BENCH_CALLER_H
#define TESTS_BENCH_CALLER_H

#include <libssh/libssh.h>
#include <stdbool.h>
#include <stddef.h>

struct caller {
	ssh_session ssh;
	ssh_channel channel;
	size_t inflated; /* caller_inflated() before the shell was asked for */
};

/* How to come in on 127.0.0.1. */
struct way {
	int port;
	const char *login;
	ssh_key key;
	bool lines; /* asks for no terminal, as ssh -T */
	bool zlib;  /* asks for compression, as ssh -C */
};

/*
 * Logs in and asks for a shell.
 * False: said on standard error, nothing to close.
 */
bool
caller_open(struct caller *c, const struct way *way);

/* Hangs up. */
void
caller_close(struct caller *c);

/* Keys as bytes. */
void
caller_type(struct caller *c, const char *keys);

/*
 * Takes what comes until none comes for `quiet` ms (2 s at the most until the first) or until size
 * bytes are full: how many, the bytes in data.
 */
size_t
caller_listen(struct caller *c, int quiet, char *data, size_t size);

/* Reads until these bytes have come. False: not within 10 s. */
bool
caller_hears(struct caller *c, const char *bytes, size_t n);

/*
 * Types and waits for the first bytes back, then until `quiet` ms bring no more: milliseconds of
 * the first; -1: none came within 2 s.
 */
double
caller_echo(struct caller *c, const char *keys, int quiet);

/* Compressed bytes that all callers of this process have taken so far, as inflate got them. */
size_t
caller_inflated(void);

/* A clock in milliseconds. */
double
caller_clock(void);

#endif
