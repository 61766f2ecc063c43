#ifndef SCREENS_DECODE_H
#define SCREENS_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "bbs/base/mem.h"

/*
 * Bytes from a terminal → keys. A key is a number: a Unicode code point ≥ 0x20, a control key's
 * code (DECODE_CONTROL('K') is 11), or one of the keys below, which lie beyond Unicode.
 *
 * Ctrl-H and DEL are DECODE_BACKSPACE, Ctrl-J and Ctrl-M are DECODE_ENTER (CR LF and CR NUL are
 * one), Tab is DECODE_TAB. NUL, C1 controls, invalid UTF-8 beyond U+FFFD, unknown sequences and
 * what a terminal answers of itself give nothing.
 */
#define DECODE_CONTROL(letter) ((letter) - '@')

enum {
	DECODE_WAIT = -1, /* a key is unfinished: wait DECODE_PATIENCE ms, call with timed_out */
	DECODE_NONE = 0,  /* nothing is left: wait as long as you like */

	DECODE_TAB = 9,
	DECODE_ENTER = 13,
	DECODE_ESCAPE = 27,

	DECODE_UP = 0x110000,
	DECODE_DOWN,
	DECODE_LEFT,
	DECODE_RIGHT,
	DECODE_HOME,
	DECODE_END,
	DECODE_PAGE_UP,
	DECODE_PAGE_DOWN,
	DECODE_INSERT,
	DECODE_DELETE,
	DECODE_BACKSPACE,
	DECODE_BACKTAB,
	DECODE_F1, /* F2 is DECODE_F1 + 1 … */
	DECODE_F2,
	DECODE_F12 = DECODE_F1 + 11,
	DECODE_PASTE, /* text pasted in brackets: it is in decode->paste */

	/* Flags. ALT comes with any key (Escape and a letter sent together are ALT and the letter);
	 * CTRL only with the keys beyond Unicode, since Ctrl and a letter have a code. Shift is not
	 * told. */
	DECODE_ALT = 1 << 22,
	DECODE_CTRL = 1 << 23,

	DECODE_PATIENCE = 50,
	DECODE_PASTE_MAX = 1 << 20,
};

/* A zeroed struct is ready. One for the life of a terminal. */
struct decode {
	struct buf paste; /* of the last DECODE_PASTE; good until the next decode_key() */
	bool sixel;       /* the terminal has said, by DA1, that it shows sixel images */
	bool paste_cut;   /* it was longer than DECODE_PASTE_MAX bytes: the rest is gone */

	/* decode.c's own */
	size_t at; /* bytes of `in` that were read and not yet eaten */
	bool pasting, was_cr;
};

/*
 * The next key of `in` (UTF-8), or DECODE_NONE or DECODE_WAIT. Each key costs O(its bytes): `in` is
 * only eaten from once no whole key is left in it, so until then in->len also counts what was read.
 * Others may add to `in` between calls, nobody else may eat from it (see decode_settle).
 *
 * timed_out: no byte came for DECODE_PATIENCE ms since DECODE_WAIT. A lone Escape is then
 * DECODE_ESCAPE. It may be passed though nothing was unfinished.
 */
int
decode_key(struct decode *decode, struct buf *in, bool timed_out);

/* Eats from `in` what was read, so that another (face, file transfer) can take what follows. */
void
decode_settle(struct decode *decode, struct buf *in);

void
decode_free(struct decode *decode);

#endif
