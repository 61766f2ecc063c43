#ifndef TESTS_SCREEN_H
#define TESTS_SCREEN_H

/*
 * A terminal made of libvterm for the full face, and scripts for it: what is typed, what has to be
 * seen. At every moment that the face waits, the promises of any screen are looked at as well:
 * first and last line there, the cursor inside, only characters that the charset has. With
 * FACE_SHOW in the environment the screens are printed, and the bytes that each one took.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>

#include "bbs/base/clock.h"
#include "bbs/base/text.h"
#include "screens/ui.h"

/* ---- the terminal ---- */

enum step_kind { END, TYPE, SEE, MISS, SIZE, NUDGE, TIME, FULL, ROOM, CURSOR, FEWER };
struct step {
	enum step_kind kind;
	const char *text;
	int a, b;
};
#define TYPE(s) \
	{ \
		TYPE, s, 0, 0 \
	}
#define SEE(s) \
	{ \
		SEE, s, 0, 0 \
	} /* is on the screen */
#define MISS(s) \
	{ \
		MISS, s, 0, 0 \
	} /* is not */
#define SIZE(c, r) \
	{ \
		SIZE, NULL, c, r \
	}
#define CURSOR(s) \
	{ \
		CURSOR, s, 0, 0 \
	} /* is on the cursor's line */
#define FEWER(n) \
	{ \
		FEWER, NULL, n, 0 \
	} /* the last frame took fewer bytes */
#define UP "\x1b[A"
#define DOWN "\x1bOB"
#define RIGHT "\x1b[C"
#define LEFT "\x1b[D"
#define PAGE_DOWN "\x1b[6~"
#define PAGE_UP "\x1b[5~"
#define HOME "\x1b[H"
#define TO_END "\x1b[F"
#define ESC "\x1b"

static struct {
	struct ui ui;
	struct terminal terminal;
	VTerm *vt;
	const struct step *step;
	bool full;
	size_t bytes;      /* since the last step */
	struct buf before; /* the screen before Ctrl-L */
	struct buf restore; /* what is to be sent should the face fall */
	long frames, total;
} it;

static inline void
cell_text(int row, int column, struct buf *out)
{
	VTermScreenCell cell;
	VTermPos pos = { .row = row, .col = column };
	vterm_screen_get_cell(vterm_obtain_screen(it.vt), pos, &cell);
	if (cell.chars[0] == (uint32_t)-1)
		return;
	if (!cell.chars[0])
		buf_char(out, ' ');
	for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++) {
		uint32_t c = cell.chars[i];
		if (c < 0x80)
			buf_char(out, (char)c);
		else if (c < 0x800)
			buf_fmt(out, "%c%c", (int)(0xc0 | c >> 6), (int)(0x80 | (c & 63)));
		else
			buf_fmt(out, "%c%c%c", (int)(0xe0 | c >> 12), (int)(0x80 | (c >> 6 & 63)),
			    (int)(0x80 | (c & 63)));
	}
}

/* One line of the screen, without the blanks at its end. */
static inline struct buf
screen_line(int row)
{
	struct buf line = { 0 };
	for (int c = 0; c < it.terminal.columns; c++)
		cell_text(row, c, &line);
	while (line.len && line.data[line.len - 1] == ' ')
		buf_cut(&line, line.len - 1);
	return line;
}

static inline struct buf
screen_text(void)
{
	struct buf all = { 0 };
	for (int r = 0; r < it.terminal.rows; r++) {
		struct buf line = screen_line(r);
		buf_fmt(&all, "%s\n", buf_text(&line));
		buf_free(&line);
	}
	return all;
}

static inline VTermPos
cursor(void)
{
	VTermPos pos;
	vterm_state_get_cursorpos(vterm_obtain_state(it.vt), &pos);
	return pos;
}

static inline void
show(void)
{
	struct buf all = screen_text();
	VTermPos at = cursor();
	printf("---- %s %dx%d, %zu bytes, cursor %d,%d\n%s", it.terminal.term, it.terminal.columns,
	    it.terminal.rows, it.bytes, at.row, at.col, buf_text(&all));
	buf_free(&all);
}

/* What any screen promises. */
static inline void
look(void)
{
	if (!it.frames)
		return;
	VTermPos at = cursor();
	assert_in_range(at.row, 0, it.terminal.rows - 1);
	assert_in_range(at.col, 0, it.terminal.columns - 1);
	struct buf first = screen_line(0), last = screen_line(it.terminal.rows - 1), shown = { 0 };
	if (strncmp(buf_text(&first), "Palabre", 7) != 0 || last.len < 2) {
		show();
		fail_msg("first or last line is missing");
	}
	struct buf all = screen_text();
	if (it.before.data) {
		assert_string_equal(it.before.data, buf_text(&all));
		buf_free(&it.before);
	}
	text_show(&shown, buf_text(&all), all.len, it.terminal.charset);
	assert_string_equal(buf_text(&all), buf_text(&shown));
	buf_free(&all);
	buf_free(&shown);
	buf_free(&first);
	buf_free(&last);
}

static inline void
check_seen(const struct step *step)
{
	struct buf all = { 0 };
	if (step->kind == CURSOR)
		all = screen_line(cursor().row);
	else
		all = screen_text();
	bool there = strstr(buf_text(&all), step->text) != NULL;
	buf_free(&all);
	if (there != (step->kind != MISS)) {
		show();
		fail_msg("\"%s\" is %s", step->text, there ? "there" : "not there");
	}
}

static inline void
resize(int columns, int rows)
{
	it.terminal.columns = columns;
	it.terminal.rows = rows;
	vterm_set_size(it.vt, rows, columns);
}

/* The face waits: what was drawn is judged, then the next step of the script happens. */
static inline unsigned
wait_step(struct terminal *terminal, int ms)
{
	look();
	if (getenv("FACE_SHOW") && it.bytes)
		show();
	/* An unfinished key is given the time it needs. */
	if (ms >= 0 && ms <= 50)
		return TERMINAL_TIME;
	for (;; it.step++) {
		const struct step *step = it.step;
		switch (step->kind) {
		case SEE:
		case MISS:
		case CURSOR:
			check_seen(step);
			continue;
		case FEWER:
			assert_in_range(it.bytes, 1, step->a - 1);
			continue;
		case FULL:
			it.full = true;
			continue;
		case END:
			terminal->ended = true;
			return TERMINAL_END;
		default:
			break;
		}
		it.step++;
		it.bytes = 0;
		if (step->kind == SIZE)
			resize(step->a, step->b);
		if (step->kind == TYPE)
			buf_str(&terminal->input, step->text);
		/* Whatever was sent as differences, drawing everything anew must show the same. */
		if (step->kind == TYPE && strcmp(step->text, "\x0c") == 0)
			it.before = screen_text();
		if (step->kind == ROOM)
			it.full = false;
		return step->kind == SIZE    ? TERMINAL_SIZE
		       : step->kind == TYPE  ? TERMINAL_INPUT
		       : step->kind == NUDGE ? TERMINAL_NUDGE
		       : step->kind == ROOM  ? TERMINAL_ROOM
					     : TERMINAL_TIME;
	}
}

static inline void
take_output(struct terminal *terminal, const char *data, size_t size)
{
	(void)terminal;
	assert_false(it.full);
	/* On the lines of some callers a line feed is a carriage return too. */
	for (size_t i = 0; i < size; i++) {
		if (data[i] == '\n')
			vterm_input_write(it.vt, "\r", 1);
		vterm_input_write(it.vt, data + i, 1);
	}
	it.bytes += size;
	it.total += (long)size;
	it.frames++;
}

static inline bool
is_full(struct terminal *terminal)
{
	(void)terminal;
	return it.full;
}

static inline void
no_echo(struct terminal *terminal, bool on)
{
	(void)terminal;
	(void)on;
}

static inline void
take_restore(struct terminal *terminal, const char *data, size_t size)
{
	(void)terminal;
	buf_cut(&it.restore, 0);
	buf_add(&it.restore, data, size);
}

static inline void
start(const char *term, enum charset charset, int columns, int rows)
{
	memset(&it, 0, sizeof it);
	it.vt = vterm_new(rows, columns);
	vterm_set_utf8(it.vt, 1);
	vterm_screen_enable_altscreen(vterm_obtain_screen(it.vt), 1);
	vterm_screen_reset(vterm_obtain_screen(it.vt), 1);
	it.terminal = (struct terminal){ .charset = charset,
		.echo_here = true,
		.wait = wait_step,
		.write = take_output,
		.full = is_full,
		.echo = no_echo,
		.restore = take_restore };
	snprintf(it.terminal.term, sizeof it.terminal.term, "%s", term);
	resize(columns, rows);
	it.ui.title = "Palabre";
	assert_true(full_open(&it.ui, &it.terminal));
}

static inline void
play(const struct step *steps)
{
	it.step = steps;
	it.terminal.ended = false;
	it.bytes = 0;
}

static inline void
stop(void)
{
	ui_close(&it.ui);
	vterm_free(it.vt);
	buf_free(&it.terminal.input);
	buf_free(&it.restore);
}

static const struct {
	int columns, rows;
} sizes[] = { { 80, 24 }, { 40, 12 }, { 40, 24 }, { 132, 50 }, { 200, 60 }, { 20, 4 } };
enum { SIZES = sizeof sizes / sizeof *sizes };
static const char *const terms[] = { "xterm-256color", "vt100", "linux", "no-such-terminal" };
enum { TERMS = sizeof terms / sizeof *terms };
static const enum charset charsets[] = { CHARSET_UTF8, CHARSET_LATIN9, CHARSET_CP437,
	CHARSET_ASCII };
enum { CHARSETS = sizeof charsets / sizeof *charsets };

/* Runs a screen on every size, terminal and charset. */
static inline void
everywhere(void (*screen)(void))
{
	for (int s = 0; s < SIZES; s++)
		for (int t = 0; t < TERMS; t++)
			for (int c = 0; c < CHARSETS; c++) {
				start(terms[t], charsets[c], sizes[s].columns, sizes[s].rows);
				screen();
				stop();
			}
}

/* ---- made-up contents ---- */

static const char *const names[] = { "Pissevin", "Escanaux - Bosquet", "Valdegour",
	"Les Ardoisiers", "Bâtir ensemble à l’Œuvre", "Quartier 東京 du Nord" };

struct shelf {
	int count; /* rows 1 … count, but for `gone` */
	int gone;
	long fetched;
	const char *mark;
};

static inline bool
matches(const char *name, const char *filter)
{
	struct buf a = { 0 }, b = { 0 };
	text_fold(&a, name);
	text_fold(&b, filter);
	bool yes = strstr(buf_text(&a), buf_text(&b)) != NULL;
	buf_free(&a);
	buf_free(&b);
	return yes;
}

static inline int
shelf_page(
    void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct shelf *shelf = ctx;
	int64_t i = from ? from->num : direction > 0 ? 0 : shelf->count + 1;
	for (i += direction; i > 0 && i <= shelf->count && out->count < n; i += direction) {
		char name[80], number[24];
		snprintf(name, sizeof name, "%s %d", names[i % 6], (int)i);
		if (i == shelf->gone || !matches(name, filter))
			continue;
		struct row *row = rows_add(out, 1000 + i, NULL, i);
		snprintf(number, sizeof number, "%s%d", shelf->mark ? shelf->mark : "", (int)i);
		row_cell(row, 0, name);
		row_cell(row, 1, i % 2 ? "Nîmes" : "Bagnols-sur-Cèze");
		row_cell(row, 2, "Alba Martin");
		row_cell(row, 3, number);
		row->is_new = i % 5 == 0;
	}
	shelf->fetched += out->count;
	return 0;
}

static const struct column columns[] = {
	{ "Council", 16, 40, 0 },
	{ "Town", 10, 17, 0 },
	{ "Resource person", 10, 18, 2 },
	{ "Changed", 6, 13, 1 },
};

static inline struct list
make_list(struct shelf *shelf)
{
	return (struct list){ .place = "Annuaire › Occitanie › Gard",
		.right = "18 conseils",
		.empty = "Aucun conseil.",
		.columns = columns,
		.column_count = 4,
		.source = { shelf_page, shelf },
		.acts = ACTS(ACT_NEW) | ACTS(ACT_NEAREST),
		.filters = true };
}

#endif
