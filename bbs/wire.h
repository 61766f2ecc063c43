#ifndef BBS_WIRE_H
#define BBS_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "bbs/base/mem.h"
#include "bbs/base/text.h"

/*
 * Text between a session (UTF-8, "\n" or "\r\n") and a caller's line (his charset, and "\r\n" where
 * a terminal in raw mode may stand at the end of it).
 */
struct wire {
	bool crlf; /* a "\n" without "\r" before it becomes "\r\n" */
	bool raw;  /* a command's: no charset, bytes as they are; set it after wire_init() */
	bool through; /* for a while: neither charset nor line ends; set by wire_through() */
	/* the rest is wire.c's own */
	enum charset charset;
	struct charset_in in;
	char rest[4]; /* the start of a code point that was cut between two pieces */
	size_t rest_len;
	bool after_cr;
};

/* Begins a wire, or begins it anew. */
void
wire_init(struct wire *w, enum charset charset, bool crlf);

/* From here on the caller has this charset, both ways. What was cut is forgotten. */
void
wire_charset(struct wire *w, enum charset charset);

/* From here on bytes pass as they are, both ways, or no longer. What was cut is forgotten. */
void
wire_through(struct wire *w, bool on);

/* Adds to `out` what the line shall carry of n bytes from the session; they may end anywhere. */
void
wire_out(struct wire *w, const char *text, size_t n, struct buf *out);

/* Adds to `out` the UTF-8 of n bytes from the line. Line ends stay as they are. */
void
wire_in(struct wire *w, const char *bytes, size_t n, struct buf *out);

/* How many of n bytes of UTF-8 to take so that no code point is cut; n where they are none. */
size_t
wire_whole(const char *text, size_t n);

#endif
