/*
 * The linear face's lines: printing that only appends, and one line of typing at a time. What the
 * lines mean is said elsewhere. The only control bytes ever written are \n and, where we echo, the
 * "\b \b" that takes back a typed letter.
 */
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "screens/linear.h"

enum {
	ESC = 27,
	CONTROL_C = 3,
	CONTROL_D = 4,
	CONTROL_S = 19,
	CONTROL_U = 21,
	CONTROL_Z = 26,
	DELETE = 127,
	FLUSH_AT = 8 * 1024,
	ESCAPE_MS = 200, /* an arrow key at 300 baud takes 100 ms to come */
	NEWS_MS = 60 * 1000,
	CLUSTER_LOOK = 128, /* bytes looked back over for the cluster to erase */
	ROW_GUESS = 78,     /* cells of a row where the terminal does not say */
	ROWS_GUESS = 24,    /* … and rows */
	STOP_ROWS = 2,      /* the stop's own sentence and prompt */
};

/* Keys that end programs elsewhere. */
static const struct {
	char key;
	const char *sentence;
} harmless[] = {
	{ CONTROL_C, N_("Ctrl-C: this line is cancelled, nothing else.") },
	{ CONTROL_D, N_("Ctrl-D does nothing here; nothing is lost.") },
	{ CONTROL_S, N_("Ctrl-S stops nothing here; nothing is lost.") },
	{ CONTROL_Z, N_("Ctrl-Z does nothing here; nothing is lost.") },
};

/* ---- out ---- */

void
linear_flush(struct ui *ui)
{
	struct linear *l = ui->state;
	if (!l->out.len)
		return;
	ui->terminal->write(ui->terminal, l->out.data, l->out.len);
	buf_cut(&l->out, 0);
}

/* Lines of a folded text: the next one that starts at *at. */
static bool
next_line(const struct terminal *t, const struct buf *text, size_t *at, struct text_line *line)
{
	if (t->columns > 0)
		return text_wrap(
		    text->data, text->len, t->columns > 1 ? t->columns - 1 : 1, at, line);
	if (*at >= text->len)
		return false;
	const char *start = text->data + *at;
	const char *end = memchr(start, '\n', text->len - *at);
	line->start = *at;
	line->len = end ? (size_t)(end - start) : text->len - *at;
	*at += line->len + 1;
	return true;
}

/* Adds the clean form of a text as this terminal can show it, without the line ends behind it. */
static void
fold(const struct terminal *t, const char *text, struct buf *out)
{
	struct buf clean = { 0 };
	text_clean(&clean, text, strlen(text), TEXT_RAW);
	while (clean.len && clean.data[clean.len - 1] == '\n')
		buf_cut(&clean, clean.len - 1);
	text_show(out, buf_text(&clean), clean.len, t->charset);
	buf_free(&clean);
}

/* A stop of a text: where it is over by one of `words`, that is in `typed`. */
struct stops {
	const struct linear_words *words;
	struct buf *typed;
};

static bool
is_other(const struct stops *stops, const char *typed)
{
	int64_t number;
	int said = stops->words ? linear_match(stops->words, typed, &number) : ACT_NONE;
	return said > ACT_NONE && said != ACT_NEXT;
}

/* Whether to go on. */
static bool
stop(struct ui *ui, const struct stops *stops)
{
	struct linear *l = ui->state;
	struct buf line = { 0 };
	enum linear_got got;
	bool other = false;
	do {
		linear_print(ui, _("Enter: more. 0: stop."));
		got = linear_read(ui, 0, &line);
		other = got == LINEAR_LINE && is_other(stops, buf_text(&line));
	} while (got == LINEAR_LINE && *buf_text(&line) && linear_number(line.data) != 0 && !other);
	if (other)
		buf_str(stops->typed, line.data);
	/* At the end of a pipe nobody is there to stop for: the rest is printed. */
	bool more = got != LINEAR_LINE || !*buf_text(&line);
	buf_free(&line);
	l->rows = 0;
	return more;
}

int
linear_page(const struct ui *ui)
{
	const struct terminal *t = ui->terminal;
	if (t->ended)
		return 0;
	if (ui->page_rows != UI_SCREENFUL)
		return ui->page_rows;
	return (t->rows > 0 ? t->rows : ROWS_GUESS) - STOP_ROWS;
}

/* Rows that a printed line takes: it may be wrapped by the terminal where we do not know its width. */
static int
rows_of(const struct terminal *t, const char *line, size_t n)
{
	int cells = t->columns > 0 ? 0 : text_width(line, n);
	return cells > ROW_GUESS ? (cells + ROW_GUESS - 1) / ROW_GUESS : 1;
}

static bool
put(struct ui *ui, const char *text, const struct stops *stops)
{
	struct linear *l = ui->state;
	struct buf folded = { 0 };
	struct text_line line;
	bool heard = true;
	fold(ui->terminal, text, &folded);
	for (size_t at = 0; heard && next_line(ui->terminal, &folded, &at, &line);) {
		int rows = rows_of(ui->terminal, folded.data + line.start, line.len);
		int page = stops ? linear_page(ui) : 0;
		if (page > 0 && l->rows && l->rows + rows > page && !stop(ui, stops)) {
			heard = false;
			break;
		}
		if (l->inside)
			buf_char(&l->out, '\n');
		l->inside = l->prompted = false;
		buf_add(&l->out, folded.data + line.start, line.len);
		buf_char(&l->out, '\n');
		l->rows += rows;
		if (l->out.len >= FLUSH_AT)
			linear_flush(ui);
	}
	buf_free(&folded);
	return heard;
}

void
linear_print(struct ui *ui, const char *text)
{
	put(ui, text, NULL);
}

bool
linear_text(struct ui *ui, const char *text)
{
	return put(ui, text, &(struct stops){ NULL, NULL });
}

bool
linear_text_until(struct ui *ui, const char *text, const struct linear_words *words, struct buf *typed)
{
	buf_cut(typed, 0);
	return put(ui, text, &(struct stops){ words, typed });
}

void
linear_fmt(struct ui *ui, const char *format, ...)
{
	struct buf text = { 0 };
	va_list args;
	va_start(args, format);
	buf_vfmt(&text, format, args);
	va_end(args);
	linear_print(ui, buf_text(&text));
	buf_free(&text);
}

int
linear_lines(struct ui *ui, const char *text)
{
	struct buf folded = { 0 };
	struct text_line line;
	int count = 0;
	fold(ui->terminal, text, &folded);
	for (size_t at = 0; next_line(ui->terminal, &folded, &at, &line);)
		count += rows_of(ui->terminal, folded.data + line.start, line.len);
	buf_free(&folded);
	return count;
}

/* ---- in ---- */

static bool
echoes(const struct ui *ui, unsigned how)
{
	return ui->terminal->echo_here && !(how & LINEAR_SECRET);
}

static void
echo(struct ui *ui, const char *s, size_t n)
{
	struct linear *l = ui->state;
	text_show(&l->out, s, n, ui->terminal->charset);
	l->inside = true;
}

static void
prompt(struct ui *ui, unsigned how)
{
	struct linear *l = ui->state;
	if (!(how & LINEAR_BARE)) {
		if (l->inside)
			buf_char(&l->out, '\n');
		buf_str(&l->out, "> ");
		l->inside = true;
	}
	l->prompted = true;
	if (echoes(ui, how) && l->line.len)
		echo(ui, l->line.data, l->line.len);
}

/* Cells of what is shown of n bytes of the typed line. */
static int
shown_cells(const struct ui *ui, const char *s, size_t n)
{
	struct buf shown = { 0 };
	text_show(&shown, s, n, ui->terminal->charset);
	int cells = text_width(buf_text(&shown), shown.len);
	buf_free(&shown);
	return cells;
}

static void
take_back(struct ui *ui, unsigned how, size_t from)
{
	struct linear *l = ui->state;
	int cells = shown_cells(ui, l->line.data + from, l->line.len - from);
	mem_wipe(l->line.data + from, l->line.len - from);
	buf_cut(&l->line, from);
	if (!echoes(ui, how))
		return;
	while (cells-- > 0)
		buf_str(&l->out, "\b \b");
}

static void
erase_cluster(struct ui *ui, unsigned how)
{
	struct linear *l = ui->state;
	if (!l->line.len)
		return;
	/* From the last plain letter, which begins a cluster: not from the start of a long line. */
	const char *s = l->line.data;
	size_t from = l->line.len - 1,
	       low = l->line.len > CLUSTER_LOOK ? l->line.len - CLUSTER_LOOK : 0;
	while (from > low && (s[from] & 0x80))
		from--;
	while (from && (s[from] & 0xC0) == 0x80)
		from--;
	for (int cells;;) {
		size_t n = text_cluster(s + from, l->line.len - from, &cells);
		if (!n || from + n >= l->line.len)
			break;
		from += n;
	}
	take_back(ui, how, from);
}

static void
erase_line(struct ui *ui, unsigned how)
{
	struct linear *l = ui->state;
	int row = ui->terminal->columns > 0 ? ui->terminal->columns : ROW_GUESS;
	l->point_len = 0;
	if (!l->line.len)
		return;
	if (echoes(ui, how) && shown_cells(ui, l->line.data, l->line.len) + 3 > row) {
		/* \b does not climb to the row above. */
		buf_cut(&l->line, 0);
		linear_print(ui, _("The line is erased."));
		prompt(ui, how);
		return;
	}
	take_back(ui, how, 0);
}

/* Explains a key, once a line: a flood of them is not answered by a flood of sentences. */
static void
tell(struct ui *ui, unsigned how, const char *sentence, unsigned bit)
{
	struct linear *l = ui->state;
	if (l->told & bit)
		return;
	l->told |= bit;
	linear_print(ui, _(sentence));
	prompt(ui, how);
}

static void
control(struct ui *ui, unsigned how, char c)
{
	struct linear *l = ui->state;
	if (c == '\b' || c == DELETE)
		erase_cluster(ui, how);
	else if (c == CONTROL_U)
		erase_line(ui, how);
	if (c == CONTROL_C) {
		l->point_len = 0;
		if (l->line.len)
			mem_wipe(l->line.data, l->line.len);
		buf_cut(&l->line, 0);
	}
	for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
		if (harmless[i].key == c)
			tell(ui, how, harmless[i].sentence, 1u << i);
	}
}

/* What is not a plain letter, behind an `a`: alone, an accent would be cleaned away. */
static void
accept_rare(struct buf *line, const char *s, size_t n)
{
	struct buf with = { 0 }, clean = { 0 };
	buf_char(&with, 'a');
	buf_add(&with, s, n);
	text_clean(&clean, with.data, with.len, TEXT_RAW);
	const char *c = buf_text(&clean);
	if (*c != 'a')
		buf_add(line, s, n); /* an accent, which made another letter of it */
	else if (strchr(c, '\n'))
		buf_char(line, ' ');
	else
		buf_str(line, c + 1);
	buf_free(&with);
	buf_free(&clean);
}

/* One code point, or bytes that are none: U+FFFD then. */
static void
accept(struct ui *ui, unsigned how, const char *s, size_t n)
{
	struct linear *l = ui->state;
	if (l->line.len + n > LINEAR_LINE_MAX) {
		l->cut = true;
		return;
	}
	size_t before = l->line.len;
	if (n == 1 && *s >= ' ' && *s < DELETE)
		buf_char(&l->line, *s);
	else
		accept_rare(&l->line, s, n);
	if (echoes(ui, how))
		echo(ui, l->line.data + before, l->line.len - before);
}

/* Swallows escape sequences: true when c belongs to one. A line end always breaks out. */
static bool
in_escape(struct linear *l, unsigned char c)
{
	enum linear_escape was = l->escape;
	if (was == ESCAPE_NONE && c != ESC)
		return false;
	l->escape = ESCAPE_NONE;
	if (c == '\r' || c == '\n')
		return false;
	if (was == ESCAPE_STRING) {
		if (c != '\a')
			l->escape = c == ESC ? ESCAPE_STRING_END : ESCAPE_STRING;
		return true;
	}
	if (was == ESCAPE_STRING_END && c == '\\')
		return true;
	if (c == ESC) {
		l->escape = ESCAPE_START;
		return true;
	}
	if (c < ' ' || c >= DELETE)
		return false;
	switch (was) {
	case ESCAPE_START:
	case ESCAPE_STRING_END:
		if (c == '[')
			l->escape = ESCAPE_CSI;
		else if (c == 'O' || c == 'N' || c < '0')
			l->escape = ESCAPE_ONE;
		else if (strchr("]P_^X", c))
			l->escape = ESCAPE_STRING;
		return true;
	case ESCAPE_CSI: /* ESC [ [ A: the Linux console's F1 */
		l->escape = c == '[' ? ESCAPE_ONE : c < '@' ? ESCAPE_ON : ESCAPE_NONE;
		return true;
	case ESCAPE_ON:
		l->escape = c < '@' ? ESCAPE_ON : ESCAPE_NONE;
		return true;
	default:
		return true;
	}
}

/* The 8-bit controls that open an escape sequence, U+0080…U+009F. */
static void
control_8bit(struct linear *l, unsigned char c)
{
	if (c == 0x9B)
		l->escape = ESCAPE_CSI;
	else if (c == 0x8E || c == 0x8F)
		l->escape = ESCAPE_ONE;
	else if (c == 0x90 || c == 0x98 || c == 0x9D || c == 0x9E || c == 0x9F)
		l->escape = ESCAPE_STRING;
}

static void
point_end(struct ui *ui, unsigned how)
{
	struct linear *l = ui->state;
	size_t n = (size_t)l->point_len;
	l->point_len = 0;
	if (n == 2 && l->point[0] == '\xC2' && (unsigned char)l->point[1] < 0xA0)
		control_8bit(l, (unsigned char)l->point[1]);
	else if (n)
		accept(ui, how, l->point, n);
}

static int
point_size(unsigned char c)
{
	return c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
}

/* One byte from the wire; true when it ends the line. */
static bool
byte(struct ui *ui, unsigned how, unsigned char c)
{
	struct linear *l = ui->state;
	bool after_cr = l->cr;
	l->cr = false;
	if (after_cr && (c == '\n' || c == '\0'))
		return false;
	if (in_escape(l, c))
		return false;
	if (l->point_len && (c & 0xC0) != 0x80)
		point_end(ui, how);
	if (c == '\r' || c == '\n') {
		l->cr = c == '\r';
		return true;
	}
	if (c == '\t')
		c = ' ';
	if (c < ' ' || c == DELETE) {
		control(ui, how, (char)c);
		return false;
	}
	if (!l->point_len)
		l->point_need = point_size(c);
	l->point[l->point_len++] = (char)c;
	if (l->point_len == l->point_need)
		point_end(ui, how);
	return false;
}

/* Eats typed bytes up to the end of a line; false when the line goes on. */
static bool
take(struct ui *ui, unsigned how)
{
	struct buf *in = &ui->terminal->input;
	size_t n = 0;
	bool whole = false;
	while (!whole && n < in->len)
		whole = byte(ui, how, (unsigned char)in->data[n++]);
	buf_eat(in, n);
	if ((how & LINEAR_SECRET) && in->cap > in->len + 1)
		mem_wipe(in->data + in->len + 1, in->cap - in->len - 1);
	return whole;
}

/* Sentences and words from elsewhere, before the prompt; false: there is none. */
static bool
tell_from_elsewhere(struct ui *ui, unsigned how)
{
	struct linear *l = ui->state;
	bool word = (how & LINEAR_CALM) && ui->word.len > l->word_told;
	if (!ui->said.len && !word)
		return false;
	/* Where the caller's side echoes, something may stand there unsent. */
	if (!ui->terminal->echo_here && !l->inside)
		buf_char(&l->out, '\n');
	linear_print(ui, buf_text(&ui->said));
	buf_cut(&ui->said, 0);
	if (word) {
		linear_print(ui, buf_text(&ui->word) + l->word_told);
		linear_print(ui, _("Type = to answer."));
		l->word_told = ui->word.len;
	}
	prompt(ui, how);
	return true;
}

static enum linear_got
wait_line(struct ui *ui, unsigned how)
{
	struct linear *l = ui->state;
	struct terminal *t = ui->terminal;
	for (;;) {
		bool whole = take(ui, how);
		linear_flush(ui);
		if (whole)
			return LINEAR_LINE;
		bool empty = !l->line.len && !l->point_len;
		if (t->ended)
			return empty ? LINEAR_END : LINEAR_LINE;
		if (empty && tell_from_elsewhere(ui, how))
			continue;
		if ((how & LINEAR_NEWS) && l->nudged && empty) {
			l->nudged = false;
			return LINEAR_NUDGED;
		}
		unsigned events = t->wait(t, l->escape           ? ESCAPE_MS
					     : how & LINEAR_NEWS ? NEWS_MS
								 : -1);
		if (events & TERMINAL_NUDGE)
			l->nudged = true;
		if (events & TERMINAL_END)
			t->ended = true;
		if (!(events & TERMINAL_TIME))
			continue;
		if (!l->escape && (how & LINEAR_NEWS) && empty)
			return LINEAR_MINUTE;
		l->escape = ESCAPE_NONE;
	}
}

enum linear_got
linear_read(struct ui *ui, unsigned how, struct buf *line)
{
	struct linear *l = ui->state;
	struct terminal *t = ui->terminal;
	bool secret = how & LINEAR_SECRET;
	if (secret && t->no_secret)
		linear_print(ui, _("Beware: what you type now will be seen on the screen."));
	linear_flush(ui);
	if (secret && !t->echo_here)
		t->echo(t, false);
	if (!l->prompted)
		prompt(ui, how);
	enum linear_got got = wait_line(ui, how);
	if (secret && !t->echo_here)
		t->echo(t, true);
	if (got != LINEAR_LINE)
		return got;
	if (l->point_len)
		point_end(ui, how);
	/* Where the caller's side echoes, Enter has moved the cursor already. */
	if (t->echo_here || (secret && !t->no_secret))
		buf_char(&l->out, '\n');
	l->inside = l->prompted = false;
	l->told = 0;
	l->rows = 0;
	buf_eat(&ui->word, l->word_told);
	l->word_told = 0;
	buf_cut(line, 0);
	text_clean(line, buf_text(&l->line), l->line.len, TEXT_RAW);
	if (l->line.len)
		mem_wipe(l->line.data, l->line.len);
	buf_cut(&l->line, 0);
	if (l->cut)
		linear_fmt(ui,
		    _("The line was too long: its first %d characters are kept, the rest is not."),
		    (int)LINEAR_LINE_MAX);
	l->cut = false;
	linear_flush(ui);
	return LINEAR_LINE;
}
