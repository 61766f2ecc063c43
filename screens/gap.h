#ifndef SCREENS_GAP_H
#define SCREENS_GAP_H

#include <stdbool.h>
#include <stddef.h>

#include "bbs/base/mem.h"

/*
 * The bytes of an editor's text, with a gap where the last change was, and the changes that can be
 * undone. Offsets count the text alone. Below edit.c; nobody else uses it.
 */
struct gap_step;
struct gap {
	size_t len;   /* bytes of the text; read it, never write */
	size_t dirty; /* the first byte changed since somebody set this to SIZE_MAX */

	/* gap.c's own */
	char *data; /* len bytes and `wide` more at `at` */
	size_t at, wide;
	struct gap_step *step; /* the first `done` can be undone, those after be done again */
	int steps, done;
	size_t steps_bytes;
};

/* Makes *g an empty text. gap_free wipes what it held, and what was undone. */
void
gap_init(struct gap *g);
void
gap_free(struct gap *g);

/* The text from…to in one piece, good until the next call. */
const char *
gap_piece(struct gap *g, size_t from, size_t to);
char
gap_byte(const struct gap *g, size_t at);
const char *
gap_string(struct gap *g); /* all of it, NUL-terminated */

/* Bytes of the first grapheme cluster of s: as text_cluster(), but a line end takes no marks. */
size_t
gap_cluster(const char *s, size_t n);

/* Where the cluster at `at` ends; where the one before starts; `at` or the next cluster's start. */
size_t
gap_next(struct gap *g, size_t at);
size_t
gap_previous(struct gap *g, size_t at);
size_t
gap_boundary(struct gap *g, size_t at);

/*
 * Removes `remove` bytes at `at` and puts n others there. Undoing it gives `cursor` back. goes_on:
 * the same kind of typing as the change before, so that both may become one step (never more than
 * some words).
 */
void
gap_change(struct gap *g, size_t at, size_t remove, const char *text, size_t n, size_t cursor,
    bool goes_on);

/* Takes the last change back, or does it again; gives the cursor's place. false: there is none. */
bool
gap_undo(struct gap *g, size_t *cursor);
bool
gap_redo(struct gap *g, size_t *cursor);

/* What was done until now can no longer be undone. */
void
gap_forget(struct gap *g);

#endif
