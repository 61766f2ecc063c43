#ifndef SCREENS_FULL_H
#define SCREENS_FULL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bbs/base/picture.h"
#include "screens/decode.h"
#include "screens/edit.h"
#include "screens/ui.h"

/*
 * What the files of the full face share; nobody else includes this. Only full.c knows curses: the
 * others draw by the few calls below, each time the whole screen anew, and full.c sends what
 * differs.
 */

/* How text looks. Colour comes on top where the terminal has it, and never says anything alone. */
enum {
	FULL_BOLD = 1,
	FULL_FAINT = 2,
	FULL_NEW = 4,
	FULL_URGENT = 8,
};

/*
 * A screen that is being shown: draw() is called for every frame, never while the line is full. The
 * rest is for full_show(): key() takes a key, look() (may be NULL) looks again after a nudge and, where
 * `every` is not 0, after so many ms; both give ACT_NONE where the screen goes on.
 */
struct view {
	void (*draw)(struct ui *ui, void *ctx);
	enum act (*key)(struct ui *ui, void *ctx, int key);
	enum act (*look)(struct ui *ui, void *ctx);
	int every;
	void *ctx;
	/* What curses knows nothing of, sent once behind a frame that is drawn whole, at a line of the body: a picture. */
	const char *image;
	size_t image_size;
	bool nudged; /* full.c's own, like the next */
	struct view *under;
};

/* Where a list or thread stood when it was left: a place in its order, found again by id. */
struct spot {
	int64_t id, num;
	char *key, *place;
};

enum { FULL_SPOTS = 16, FULL_HINTS = 24 };

/*
 * What of the keys on the last line stays where there is no room for all: the lesser go first, of the same
 * those at the right. The last to go are help and what Enter or its like does, and after them the way back.
 */
enum { HINT_RARE, HINT_USEFUL, HINT_WANTED, HINT_MAIN, HINT_BACK };
/* One of the keys on the last line. */
struct hint {
	const char *key, *label;
	int keep;
};

struct full {
	void *screen, *sink; /* curses' screen, and the memfd that it writes to */
	struct decode decode;
	struct view *view;
	struct buf place;  /* of the last header, without the board's name */
	size_t said_shown; /* bytes of ui->said that the last frame showed */
	int top, bottom;   /* first line of the body, first line below it */
	int row, column;   /* where the cursor stands */
	int reserved;      /* lines above the last that a question takes */
	int over;          /* … and those that the last one has left there */
	int said_top, said_end; /* lines where a sentence was last shown */
	bool said_old;     /* … to somebody who has gone on since */
	size_t word_shown, word_said; /* bytes of ui->word that were shown; that are in ui->said now */
	int64_t word_until; /* they come back there until then, by clock_ticks(), whatever is pressed */
	int drawn_columns, drawn_rows;
	int region;  /* lines that the terminal believes to scroll */
	bool redraw; /* send everything with the next frame */
	bool asked;  /* … what it can, by DA1 */
	struct spot spot[FULL_SPOTS];
	int spots;
};

static inline struct full *
full_state(struct ui *ui)
{
	return ui->state;
}

/* ---- full.c: the terminal ---- */

/* The window, never less than 20 × 4. */
int
full_columns(const struct ui *ui);
int
full_rows(const struct ui *ui);

/*
 * Writes n bytes of text, folded for the terminal, at row and column of the window in at most
 * `cells` cells (what does not fit ends in an ellipsis). Outside of the window nothing happens.
 * Gives the cells used.
 */
int
full_put(struct ui *ui, int row, int column, int cells, unsigned look, const char *text, size_t n);
/* The same for a whole string. */
int
full_str(struct ui *ui, int row, int column, int cells, unsigned look, const char *text);
/* One cell of a drawing: an ASCII character or a block, in colours of the terminal's palette (-1: its own). */
void
full_cell(struct ui *ui, int row, int column, const struct picture_cell *cell);
/* How many colours there are; whether the terminal shows sixel images, which it is asked the first time. */
int
full_colors(void);
bool
full_sixel(struct ui *ui);
void
full_erase(struct ui *ui);
void
full_erase_line(struct ui *ui, int row);
void
full_cursor(struct ui *ui, int row, int column);

void
full_push(struct ui *ui, struct view *view);
void
full_pop(struct ui *ui);

enum full_event {
	FULL_KEY,
	FULL_NUDGE,
	FULL_TIME, /* ms went by without anything else */
	FULL_END,  /* nothing will be typed any more: leave */
};
/*
 * The next thing that happens, at most ms from now (-1: whenever). Shows a frame first, unless keys
 * are still waiting to be taken. Sizes are dealt with inside.
 */
enum full_event
full_wait(struct ui *ui, int *key, int ms);

/* Shows a view until it gives an act; ACT_QUIT too where nothing will be typed any more. */
enum act
full_show(struct ui *ui, struct view *view);

/* ---- full_term.c: terminfo; for full.c only ---- */

/* The name to use for what the caller's side says it is; NULL where nothing can be drawn. */
const char *
full_terminal_name(const char *term, int fd);
/* What turns bracketed paste on or off, "" where terminfo does not say that the terminal has it. */
const char *
full_paste_mode(bool on);
/* Adds what makes all of so many rows scroll, and leaves the cursor where it was. */
void
full_whole_region(struct buf *out, int rows, int row, int column);

/* Adds what leaves a terminal of so many rows as it was found. */
void
full_restore(struct buf *out, int rows);

/* ---- full_sheet.c: text ---- */

/* text folded for the terminal; the caller frees it. */
struct buf
full_fold(const struct ui *ui, const char *text);
/* Adds a code point as UTF-8. */
void
full_utf8(struct buf *out, int code);
/* The cells of text on one line. */
int
full_width(const struct ui *ui, const char *text);
/* text_wrap without the empty line behind a last \n. */
bool
full_next_line(const struct buf *text, int cells, size_t *at, struct text_line *line);
/* How many lines text takes at that many cells. */
int
full_lines(const struct ui *ui, int cells, const char *text);
/* Prints wrapped text from `row` on, not below `end`; the row after it. */
int
full_wrapped(struct ui *ui, int row, int end, int column, unsigned look, const char *text);

/*
 * A sheet is walked twice for a frame: to count its lines, and to draw those that are in the body.
 * The walk puts text, adds to `line` what it took, and tells where the current part is.
 */
struct sheet {
	struct ui *ui;
	int line;        /* the next one, from 0 */
	int start, end;  /* the current part: its first line, and the one behind its last */
	int row, column; /* where the cursor stands: a line of the sheet, a cell */
	bool first;      /* the current part is the first that there is */
	int top;         /* full_sheet.c's own: first line shown */
	bool draw;
};
/* Puts wrapped text at a line of the sheet; the number of lines that it takes. */
int
full_sheet_put(
    struct sheet *sheet, int line, int column, int cells, unsigned look, const char *text);
/* Draws the sheet into the body, and says where it goes on below; *top: the first line shown, in and out. */
void
full_sheet_show(struct ui *ui, void (*walk)(struct sheet *, void *), void *ctx, int *top);

/* ---- full_frame.c: what is the same on every screen ---- */

/* What the charset has of the marks ▸ ● └, asked for as '>', '*', '`'. */
const char *
full_mark(const struct ui *ui, char which);

/*
 * Starts a frame: an empty screen with the first line, the last one, and above it what ui_say said.
 * Sets the body's top and bottom. `status`: at the right of the last line, may be NULL.
 */
void
full_frame(struct ui *ui, const char *place, const char *right, const struct hint *hints, int count,
    const char *status);
/*
 * Before full_frame(), on a screen where nothing is typed: lets it show what others have just said. The
 * act that answers it, while it stands there, else none.
 */
uint64_t
full_word(struct ui *ui);
/* What was shown of it need not be shown again. */
void
full_heard(struct ui *ui);
/*
 * Starts the frame of a question in `lines` lines above the last one, over the screen that `view`
 * lies on or over what the last one left. The lines are empty, the last line shows the hints.
 */
void
full_over(struct ui *ui, const struct view *view, int lines, const struct hint *hints, int count);
/* The hints of acts from the table of keys; of OPEN and NEXT only where they are in acts. Gives
 * their number. */
int
full_hints(uint64_t acts, struct hint hints[FULL_HINTS]);
/*
 * What every screen does with a key that it has no use for itself: Ctrl-L, help (of `acts`), Q
 * (asks once), the keys that would stop a program elsewhere, ACT_SEARCH's words, then the acts. The
 * act to return with, ACT_NONE where the screen goes on.
 */
enum act
full_manners(struct ui *ui, int key, uint64_t acts);
/* Says the sentence for Ctrl-C, Ctrl-D, Ctrl-Z, Ctrl-\, and that nothing is to be kept for Ctrl-S;
 * true if it was one. */
bool
full_harmless(struct ui *ui, int key, const char *sentence);
/* A page of help, made of lines "key: sentence"; any key but the moving ones leaves it. */
void
full_help(struct ui *ui, const char *text);
/* Says for every call of a source what its negative code means. */
void
full_trouble(struct ui *ui, int code);

/* Remembers, and finds again, where `id` stands in the order of `place`. NULL: never seen, or
 * forgotten. */
void
full_remember(struct ui *ui, const char *place, int64_t id, const char *key, int64_t num);
const struct spot *
full_recall(struct ui *ui, const char *place, int64_t id);

/* ---- full_ask.c: lines that are typed ---- */

/* What a one-line text shows in that many cells, to be freed, and the cell of the cursor. */
struct buf
full_entry(struct edit_text *e, int cells, bool secret, int *column);
/* edit_key() and pastes; too long is said. */
int
full_entry_key(struct ui *ui, struct edit_text *e, int key);
/* Before and after a secret is typed. */
void
full_secret(struct ui *ui, bool typing);

/* ---- the screens ---- */
enum act
full_list(struct ui *ui, struct list *list);
enum act
full_menu(struct ui *ui, struct menu *menu);
enum act
full_page(struct ui *ui, const struct page *page);
enum act
full_picture(struct ui *ui, const struct picture *picture);
enum act
full_reader(struct ui *ui, struct reader *reader);
enum act
full_form(struct ui *ui, struct form *form);
enum act
full_edit(struct ui *ui, struct edit *edit);
bool
full_ask(struct ui *ui, const char *question);
bool
full_line(
    struct ui *ui, const char *label, const char *rule, struct buf *value, size_t max, bool secret);

#endif
