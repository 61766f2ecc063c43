/*
 * The core of the text editor: a text with a gap at the last change, its visual lines (found only
 * as far as somebody looked), undo. It draws nothing and reads no bytes: see edit.h, decode.h.
 */
#include "screens/edit.h"

#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

#include "bbs/base/error.h"

enum {
	COLUMNS = 80,    /* until the first view */
	LOOK_AHEAD = 128 /* more than a line depends on of what follows it: two clusters */
};

/* ---- cells, as the caller's charset will show them ---- */

static int
width(const struct edit_text *e, const char *s, size_t n)
{
	if (e->charset == CHARSET_UTF8)
		return text_width(s, n);
	struct buf shown = { 0 };
	text_show(&shown, s, n, e->charset);
	int cells = text_width(buf_text(&shown), shown.len);
	buf_free(&shown);
	return cells;
}

static size_t
fit(const struct edit_text *e, const char *s, size_t n, int cells)
{
	int used;
	if (e->charset == CHARSET_UTF8)
		return text_fit(s, n, cells, &used);
	size_t at = 0;
	for (used = 0; at < n;) {
		size_t bytes = gap_cluster(s + at, n - at);
		used += width(e, s + at, bytes);
		if (used > cells)
			break;
		at += bytes;
	}
	return at;
}

/* Bytes of s (≤ n) that its first line takes, wrapped at e->cells, its \n too. */
static size_t
wrap(const struct edit_text *e, const char *s, size_t n)
{
	struct text_line line;
	size_t at = 0;
	if (e->charset == CHARSET_UTF8) {
		text_wrap(s, n, e->cells, &at, &line);
		return at;
	}
	const char *end = memchr(s, '\n', n);
	if (end)
		n = (size_t)(end - s) + 1;
	/* Wrap what will be shown, then go as far in what is. */
	struct buf shown = { 0 };
	text_show(&shown, s, n, e->charset);
	text_wrap(buf_text(&shown), shown.len, e->cells, &at, &line);
	size_t goal = at, done = 0;
	for (at = 0; at < n && done < goal;) {
		size_t bytes = gap_cluster(s + at, n - at);
		buf_cut(&shown, 0);
		text_show(&shown, s + at, bytes, e->charset);
		done += shown.len;
		if (done > goal && at)
			break; /* the line ends inside of œ shown as oe */
		at += bytes;
	}
	buf_free(&shown);
	return at ? at : n; /* nothing of it can be shown */
}

/* ---- visual lines ---- */

/* Forgets the lines that a change may have moved: its own, and those before (a word goes up). */
static void
lines_check(struct edit_text *e)
{
	if (e->text.dirty == SIZE_MAX)
		return;
	while (e->starts > 1 && e->start[e->starts - 1] >= e->text.dirty)
		e->starts--;
	e->starts = e->starts > 3 ? e->starts - 2 : 1;
	e->all_starts = false;
	e->text.dirty = SIZE_MAX;
}

static void
lines_push(struct edit_text *e, size_t start)
{
	if (e->starts == e->starts_room) {
		e->starts_room = e->starts_room ? e->starts_room * 2 : 64;
		e->start = mem_resize(e->start, e->starts_room * sizeof *e->start);
	}
	e->start[e->starts++] = (uint32_t)start;
}

/* Finds one line more. */
static void
lines_grow(struct edit_text *e)
{
	size_t from = e->start[e->starts - 1];
	size_t next;
	if (from == e->text.len || e->one_line) {
		e->all_starts = true;
		return;
	}
	/* A line depends on little of what follows it: look at that, and only rarely at more. */
	for (size_t n = 512;; n *= 2) {
		size_t upto = e->text.len - from < n ? e->text.len : from + n;
		next = from + wrap(e, gap_piece(&e->text, from, upto), upto - from);
		if (upto == e->text.len || next + LOOK_AHEAD < upto)
			break;
	}
	if (next < e->text.len || gap_byte(&e->text, e->text.len - 1) == '\n')
		lines_push(e, next);
	e->all_starts = next == e->text.len;
}

/* Whether there is a line `index`. */
static bool
line_is(struct edit_text *e, size_t index)
{
	lines_check(e);
	while (index >= e->starts && !e->all_starts)
		lines_grow(e);
	return index < e->starts;
}

/* The line that `at` is in; between two it is the second. */
static size_t
line_of(struct edit_text *e, size_t at)
{
	lines_check(e);
	while (!e->all_starts && e->start[e->starts - 1] <= at)
		lines_grow(e);
	size_t low = 0, high = e->starts;
	while (high - low > 1) {
		size_t middle = (low + high) / 2;
		if (e->start[middle] <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Where the line that `at` is in starts. */
static size_t
line_start(struct edit_text *e, size_t at)
{
	size_t line = line_of(e, at); /* first: it may move e->start */
	return e->start[line];
}

/* Where the line behind it starts. */
static size_t
line_next(struct edit_text *e, size_t index)
{
	return line_is(e, index + 1) ? e->start[index + 1] : e->text.len;
}

/* The last place in the line for a cursor. */
static size_t
line_end(struct edit_text *e, size_t index)
{
	size_t next = line_next(e, index);
	if (!line_is(e, index + 1))
		return next;
	return gap_byte(&e->text, next - 1) == '\n' ? next - 1 : gap_previous(&e->text, next);
}

static int
column_of(struct edit_text *e, size_t at)
{
	size_t start = line_start(e, at);
	return width(e, gap_piece(&e->text, start, at), at - start);
}

/* ---- changes ---- */

/* Removes bytes at `at` and puts n others there; the cursor goes behind them. */
static void
change(struct edit_text *e, enum edit_op op, size_t at, size_t remove, const char *text, size_t n)
{
	if (!remove && !n)
		return;
	bool typing =
	    op == EDIT_TYPE || op == EDIT_NEWLINE || op == EDIT_BACKSPACE || op == EDIT_DELETE;
	gap_change(&e->text, at, remove, text, n, e->cursor, typing && e->last == op);
	/* What comes together there may have made one cluster of two. */
	e->cursor = gap_boundary(&e->text, at + n);
	e->changed = true;
}

/* Puts clean text for what is between `from` and the cursor, as much as there is room for. */
static int
put(struct edit_text *e, enum edit_op op, size_t from, const struct buf *text)
{
	size_t old = e->cursor - from, rest = e->text.len - old;
	size_t room = e->max > rest ? e->max - rest : 0;
	size_t n = text->len;
	if (n > room)
		for (size_t next = n = 0; next <= room;
		     next += gap_cluster(text->data + n, text->len - n))
			n = next;
	if (n >= old)
		change(e, op, from, old, buf_text(text), n);
	return n < text->len ? E_TOO_LONG : 0;
}

static void
clean(const struct edit_text *e, struct buf *out, const char *text, size_t n)
{
	text_clean(out, text, n, TEXT_RAW);
	if (!e->one_line)
		return;
	while (out->len && out->data[out->len - 1] == '\n')
		buf_cut(out, out->len - 1);
	for (size_t i = 0; i < out->len; i++)
		if (out->data[i] == '\n')
			out->data[i] = ' ';
}

/* Inserts anything. A mark goes with the letter before it, else cleaning would drop it. */
static int
insert(struct edit_text *e, enum edit_op op, const char *text, size_t n)
{
	struct buf raw = { 0 }, out = { 0 };
	size_t from = gap_previous(&e->text, e->cursor);
	buf_add(&raw, gap_piece(&e->text, from, e->cursor), e->cursor - from);
	size_t before = raw.len;
	buf_add(&raw, text, n);
	if (gap_cluster(buf_text(&raw), raw.len) > before && before) {
		clean(e, &out, raw.data, raw.len);
	} else {
		clean(e, &out, text, n);
		from = e->cursor;
	}
	int rc = put(e, op, from, &out);
	buf_wipe(&raw);
	buf_wipe(&out);
	return rc;
}

static void
cut(struct edit_text *e)
{
	size_t line = line_of(e, e->cursor);
	size_t start = e->start[line], end = line_next(e, line);
	if (e->last != EDIT_CUT)
		buf_cut(&e->cut, 0);
	buf_add(&e->cut, gap_piece(&e->text, start, end), end - start);
	change(e, EDIT_CUT, start, end - start, NULL, 0);
}

static int
quote(struct edit_text *e)
{
	struct buf text = { 0 }, out = { 0 };
	if (!e->quote)
		return 0;
	clean(e, &text, e->quote, strlen(e->quote));
	while (text.len && text.data[text.len - 1] == '\n')
		buf_cut(&text, text.len - 1);
	if (e->cursor && gap_byte(&e->text, e->cursor - 1) != '\n')
		buf_char(&out, '\n');
	for (size_t at = 0; at < text.len;) {
		size_t n = strcspn(text.data + at, "\n");
		buf_str(&out, "> ");
		buf_add(&out, text.data + at, n);
		buf_char(&out, '\n');
		at += n + 1;
	}
	int rc = text.len ? put(e, EDIT_QUOTE, e->cursor, &out) : 0;
	buf_free(&text);
	buf_free(&out);
	return rc;
}

/* ---- moves ---- */

static bool
in_word(const struct edit_text *e, size_t at)
{
	uint8_t s[4];
	size_t n = 0;
	while (n < sizeof s && at + n < e->text.len) {
		s[n] = (uint8_t)gap_byte(&e->text, at + n);
		n++;
	}
	ucs4_t c = 0;
	u8_mbtouc(&c, s, n);
	return n && uc_is_alnum(c);
}

static void
word_left(struct edit_text *e)
{
	bool inside = false;
	while (e->cursor) {
		size_t before = gap_previous(&e->text, e->cursor);
		bool word = in_word(e, before);
		if (inside && !word)
			break;
		inside = word;
		e->cursor = before;
	}
}

static void
word_right(struct edit_text *e)
{
	bool inside = false;
	while (e->cursor < e->text.len) {
		bool word = in_word(e, e->cursor);
		if (inside && !word)
			break;
		inside = word;
		e->cursor = gap_next(&e->text, e->cursor);
	}
}

/* By `lines` visual lines, as far as there are, at the column where going up and down began. */
static void
move_lines(struct edit_text *e, long lines)
{
	int goal = e->goal >= 0 ? e->goal : column_of(e, e->cursor);
	size_t line = line_of(e, e->cursor), from = line;
	for (; lines > 0 && line_is(e, line + 1); lines--)
		line++;
	for (; lines < 0 && line; lines++)
		line--;
	if (line == from)
		return;
	size_t start = e->start[line], end = line_end(e, line);
	e->cursor = start + fit(e, gap_piece(&e->text, start, end), end - start, goal);
	e->goal = goal;
}

/* ---- what the face calls ---- */

void
edit_init(struct edit_text *e, size_t max, bool one_line)
{
	*e = (struct edit_text){
		.max = max, .one_line = one_line, .goal = -1, .cells = COLUMNS, .rows = 1
	};
	gap_init(&e->text);
	lines_push(e, 0);
}

void
edit_free(struct edit_text *e)
{
	gap_free(&e->text);
	free(e->start);
	buf_wipe(&e->cut);
	*e = (struct edit_text){ 0 };
}

int
edit_set(struct edit_text *e, const char *text)
{
	change(e, EDIT_NONE, 0, e->text.len, NULL, 0);
	int rc = text ? insert(e, EDIT_NONE, text, strlen(text)) : 0;
	gap_forget(&e->text);
	e->last = EDIT_NONE;
	e->goal = -1;
	e->top = e->left = 0;
	e->changed = false;
	return rc;
}

const char *
edit_string(struct edit_text *e)
{
	return gap_string(&e->text);
}

size_t
edit_size(const struct edit_text *e)
{
	return e->text.len;
}

int
edit_insert(struct edit_text *e, const char *text, size_t n)
{
	e->goal = -1;
	int rc = insert(e, EDIT_PASTE, text, n);
	e->last = EDIT_PASTE;
	return rc;
}

int
edit_type(struct edit_text *e, const char *text, size_t n)
{
	e->goal = -1;
	int rc = insert(e, EDIT_TYPE, text, n);
	e->last = EDIT_TYPE;
	return rc;
}

int
edit_do(struct edit_text *e, enum edit_op op)
{
	int goal = e->goal, rc = 0;
	e->goal = -1;
	switch (op) {
	case EDIT_NEWLINE:
		rc = put(e, op, e->cursor, &(struct buf){ .data = (char[]){ "\n" }, .len = 1 });
		break;
	case EDIT_BACKSPACE: {
		size_t before = gap_previous(&e->text, e->cursor);
		change(e, op, before, e->cursor - before, NULL, 0);
		break;
	}
	case EDIT_DELETE:
		change(e, op, e->cursor, gap_next(&e->text, e->cursor) - e->cursor, NULL, 0);
		break;
	case EDIT_LEFT:
		e->cursor = gap_previous(&e->text, e->cursor);
		break;
	case EDIT_RIGHT:
		e->cursor = gap_next(&e->text, e->cursor);
		break;
	case EDIT_UP:
	case EDIT_DOWN:
		e->goal = goal;
		move_lines(e, op == EDIT_UP ? -1 : 1);
		break;
	case EDIT_WORD_LEFT:
		word_left(e);
		break;
	case EDIT_WORD_RIGHT:
		word_right(e);
		break;
	case EDIT_HOME:
		e->cursor = line_start(e, e->cursor);
		break;
	case EDIT_END:
		e->cursor = line_end(e, line_of(e, e->cursor));
		break;
	case EDIT_PAGE_UP:
	case EDIT_PAGE_DOWN: {
		int rows = e->rows > 2 ? e->rows - 1 : 1;
		e->goal = goal;
		move_lines(e, op == EDIT_PAGE_UP ? -rows : rows);
		break;
	}
	case EDIT_TOP:
		e->cursor = 0;
		break;
	case EDIT_BOTTOM:
		e->cursor = e->text.len;
		break;
	case EDIT_CUT:
		cut(e);
		break;
	case EDIT_PASTE:
		rc = put(e, op, e->cursor, &e->cut);
		break;
	case EDIT_UNDO:
		e->changed |= gap_undo(&e->text, &e->cursor);
		break;
	case EDIT_REDO:
		e->changed |= gap_redo(&e->text, &e->cursor);
		break;
	case EDIT_QUOTE:
		rc = quote(e);
		break;
	case EDIT_NONE:
	case EDIT_TYPE:
	case EDIT_SEND:
	case EDIT_ATTACH:
	case EDIT_HELP:
	case EDIT_LEAVE:
		e->goal = goal;
		return 0;
	}
	e->last = op;
	return rc;
}

/* ---- the view ---- */

static void
lay_out(struct edit_text *e, int columns, int rows)
{
	e->rows = rows;
	/* One column is the cursor's, when it stands behind a full line. */
	if (e->cells == columns - 1 && e->shown == e->charset)
		return;
	size_t at = line_is(e, e->top) ? e->start[e->top] : 0;
	e->cells = columns - 1;
	e->shown = e->charset;
	e->starts = 1;
	e->all_starts = false;
	e->top = line_of(e, at);
}

static bool
starts_paragraph(const struct edit_text *e, size_t at)
{
	return !at || gap_byte(&e->text, at - 1) == '\n';
}

static int
view_lines(struct edit_text *e, int columns, size_t rows, struct edit_line *line, int *row)
{
	size_t at = line_of(e, e->cursor);
	if (at < e->top)
		e->top = at;
	if (at >= e->top + rows)
		e->top = at - rows + 1;
	if (!line_is(e, e->top + rows - 1))
		e->top = e->starts > rows ? e->starts - rows : 0;
	e->more = line_is(e, e->top + rows);
	size_t count = e->more ? rows : e->starts - e->top;
	size_t from = e->start[e->top], to = line_next(e, e->top + count - 1);
	const char *text = gap_piece(&e->text, from, to);
	size_t paragraph = from;
	while (!starts_paragraph(e, paragraph))
		paragraph--;
	for (size_t i = 0; i < count; i++) {
		size_t start = e->start[e->top + i], next = line_next(e, e->top + i);
		if (starts_paragraph(e, start))
			paragraph = start;
		size_t n = next - start;
		bool ended = n && text[start - from + n - 1] == '\n';
		line[i] = (struct edit_line){
			.text = text + (start - from),
			.len = fit(e, text + (start - from), n - ended, columns),
			.last = ended || next == e->text.len,
			.quoted = paragraph < e->text.len && gap_byte(&e->text, paragraph) == '>',
		};
	}
	*row = (int)(at - e->top);
	return (int)count;
}

/* Sideways as little as it takes, and back as soon as there is room. Gives the cursor's column. */
static int
view_one_line(struct edit_text *e, int columns, struct edit_line *line)
{
	struct gap *g = &e->text;
	e->left = gap_boundary(g, e->left < e->cursor ? e->left : e->cursor);
	int column = width(e, gap_piece(g, e->left, e->cursor), e->cursor - e->left);
	while (column >= columns) {
		size_t next = gap_next(g, e->left);
		column -= width(e, gap_piece(g, e->left, next), next - e->left);
		e->left = next;
	}
	int cells = width(e, gap_piece(g, e->left, g->len), g->len - e->left);
	while (e->left) {
		size_t before = gap_previous(g, e->left);
		int more = width(e, gap_piece(g, before, e->left), e->left - before);
		if (cells + more >= columns)
			break;
		cells += more;
		column += more;
		e->left = before;
	}
	const char *text = gap_piece(g, e->left, g->len);
	size_t n = fit(e, text, g->len - e->left, columns);
	*line = (struct edit_line){ .text = text, .len = n, .last = true };
	e->more = e->left + n < g->len;
	return column;
}

int
edit_view(struct edit_text *e, int columns, int rows, struct edit_line *line, int *row, int *column)
{
	if (e->one_line) {
		*row = 0;
		*column = view_one_line(e, columns, line);
		return 1;
	}
	lay_out(e, columns, rows);
	int count = view_lines(e, columns, (size_t)rows, line, row);
	/* Spaces at the end of a line hang over its edge; the cursor stays inside. */
	size_t start = e->start[e->top + (size_t)*row];
	*column = width(e, line[*row].text, e->cursor - start);
	if (*column >= columns)
		*column = columns - 1;
	return count;
}

bool
edit_more_before(const struct edit_text *e)
{
	return e->one_line ? e->left > 0 : e->top > 0;
}

bool
edit_more_after(const struct edit_text *e)
{
	return e->more;
}
