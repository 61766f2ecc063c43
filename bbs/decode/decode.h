#ifndef BBS_DECODE_DECODE_H
#define BBS_DECODE_DECODE_H

#include "bbs/base/mem.h"

/*
 * The program bbs-decode: what strangers have sent is read here, in a process that can reach nothing (broker.h,
 * fence_helper()). The bytes come on standard input, the answer goes to standard output.
 */
enum {
	DECODE_INPUT_MAX = 64 * 1024 * 1024,
	DECODE_TEXT_MAX = 1024 * 1024,       /* bytes of text out */
};

/* Each gives 0 and what it found in `out`, or -1. */
int
decode_text(const struct buf *in, struct buf *out);
/* A picture_head and what follows it. */
int
decode_picture(const struct buf *in, int columns, int rows, int mode, struct buf *out);
/* Seconds, as a decimal number and \n. */
int
decode_sound(const struct buf *in, struct buf *out);

#endif
