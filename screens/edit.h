#ifndef SCREENS_EDIT_H
#define SCREENS_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bbs/base/mem.h"
#include "bbs/base/text.h"
#include "screens/gap.h"

/*
 * The core of the text editor, and of a form's one-line fields: a text, a cursor, what keys do to
 * them, and which lines to show. It knows no terminal: keys are decode.h's numbers, the view is
 * text to print. (ui.h's `struct edit` is the description of the screen that uses this.)
 */

/* What a key can do here. SEND, ATTACH, HELP and LEAVE are in the table but left to the face. */
enum edit_op {
	EDIT_NONE, /* not a key of the editor's */
	EDIT_TYPE, /* a character was inserted */
	EDIT_NEWLINE,
	EDIT_BACKSPACE,
	EDIT_DELETE,
	EDIT_LEFT,
	EDIT_RIGHT,
	EDIT_UP,
	EDIT_DOWN,
	EDIT_WORD_LEFT,
	EDIT_WORD_RIGHT,
	EDIT_HOME, /* of the line that is seen */
	EDIT_END,
	EDIT_PAGE_UP,
	EDIT_PAGE_DOWN,
	EDIT_TOP,
	EDIT_BOTTOM,
	EDIT_CUT,   /* the line that is seen; cuts that follow each other collect */
	EDIT_PASTE, /* what was cut */
	EDIT_UNDO,
	EDIT_REDO,
	EDIT_QUOTE,
	EDIT_SEND,
	EDIT_ATTACH,
	EDIT_HELP,
	EDIT_LEAVE,
};

struct edit_text {
	/* The face may set these at any time. */
	const char *quote;    /* what Ctrl-R quotes; lent, NULL: nothing */
	enum charset charset; /* lines are measured as text_show() will fold them for it */
	/* The face may read these, and put changed back to false once it has kept the text. */
	bool changed; /* something was typed, removed, undone… */
	bool one_line;
	size_t max; /* bytes that the text may have */

	/* edit.c's own */
	struct gap text;
	size_t cursor;      /* at a grapheme cluster */
	enum edit_op last;  /* what was done last */
	int goal;           /* the column that up and down aim at, -1 none */
	int cells, rows;    /* of the last view: cells to wrap at, rows */
	enum charset shown; /* the charset that these lines were wrapped for */
	uint32_t *start;    /* where the first `starts` visual lines start */
	size_t starts, starts_room;
	bool all_starts;  /* and that is all of them */
	size_t top, left; /* first line shown; one_line: first byte shown */
	bool more;        /* there is text behind what was shown */
	struct buf cut;   /* what Ctrl-K took */
};

/*
 * The table of keys. `name` is how people call the keys ("Ctrl-K"), msgid; `label` what it does, a
 * few words for the help and the footer, msgid. A NULL name: one more key for the same act.
 */
struct edit_row {
	int key;
	enum edit_op op;
	const char *name, *label;
};
extern const struct edit_row edit_rows[];
extern const int edit_rows_count;

/* Makes *e an empty text of at most `max` bytes (≤ 16 MiB). edit_free ends it and wipes it all. */
void
edit_init(struct edit_text *e, size_t max, bool one_line);
void
edit_free(struct edit_text *e);

/*
 * Replaces everything by `text` (cleaned, may be NULL): cursor at the end, not changed, nothing to
 * undo. E_TOO_LONG: what fits of it is there.
 */
int
edit_set(struct edit_text *e, const char *text);

/* The text, NUL-terminated, good until the next call that takes e; and its bytes. */
const char *
edit_string(struct edit_text *e);
size_t
edit_size(const struct edit_text *e);

/*
 * Does what a key of decode.h does. Gives the edit_op, EDIT_NONE for a key that is not the editor's
 * (DECODE_PASTE too: call edit_insert), or E_TOO_LONG. In one_line, Enter, Tab, up, down, page keys
 * and quoting are EDIT_NONE: they are the form's.
 */
int
edit_key(struct edit_text *e, int key);

/* The same without a key; EDIT_NONE, TYPE, SEND, HELP and LEAVE do nothing. 0 or E_TOO_LONG. */
int
edit_do(struct edit_text *e, enum edit_op op);

/*
 * Inserts n bytes of anything at the cursor, cleaned (TEXT_RAW; in one_line a line end is a space),
 * as one step to undo. E_TOO_LONG: beyond max; what fits (whole clusters) was inserted.
 */
int
edit_insert(struct edit_text *e, const char *text, size_t n);

/* The same, but as typed: it goes on with what was typed before, and is undone with it. */
int
edit_type(struct edit_text *e, const char *text, size_t n);

/* One line to print: at most `columns` cells (as folded for e->charset), no \n. */
struct edit_line {
	const char *text; /* not NUL-terminated; good until the next call that takes e */
	size_t len;
	bool last;   /* of its paragraph */
	bool quoted; /* of a paragraph that starts with > */
};

/*
 * What to show in a window of columns × rows (≥ 2 × 1): fills at most `rows` lines and gives their
 * number (at least 1: an empty text has one empty line). *row and *column: the cursor's place in
 * the window, always inside. Scrolls only as far as the cursor needs; in one_line sideways. The up,
 * down, home, end, page and cut keys go by the last window seen (80 columns before).
 */
int
edit_view(struct edit_text *e, int columns, int rows, struct edit_line *line, int *row,
    int *column);

/* More text above or below (left or right in one_line) of the last view. */
bool
edit_more_before(const struct edit_text *e);
bool
edit_more_after(const struct edit_text *e);

#endif
