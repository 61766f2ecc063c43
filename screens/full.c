/*
 * The full-screen face: ncurses drawing into a memfd, whose bytes go to the terminal in one write a
 * frame. Opening, cells, frames and the one wait are here, and nothing else knows curses. Input
 * never goes through curses: it loses half-received characters and blocks on Escape.
 */
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_NOMACROS 1
#include <curses.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <unistr.h>

#include "bbs/base/clock.h"
#include "bbs/base/log.h"
#include "screens/full.h"

enum { PAIR_NEW = 1, PAIR_URGENT = 2 };

static void
say(struct ui *ui, const char *text);
static void
progress(struct ui *ui, const char *text);
static void
close_face(struct ui *ui);

static const struct face full_face = {
	.name = "full",
	.list = full_list,
	.menu = full_menu,
	.page = full_page,
	.picture = full_picture,
	.reader = full_reader,
	.form = full_form,
	.edit = full_edit,
	.ask = full_ask,
	.line = full_line,
	.say = say,
	.progress = progress,
	.close = close_face,
};

/* ---- opening and closing ---- */

/* newterm() takes over those of these signals that nobody handles; we handle none of them by it. */
static SCREEN *
new_screen(const char *name, FILE *sink)
{
	static const int taken[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
	enum { TAKEN = sizeof taken / sizeof *taken };
	struct sigaction before[TAKEN], ignore = { .sa_handler = SIG_IGN };
	for (int i = 0; i < TAKEN; i++)
		if (sigaction(taken[i], &ignore, &before[i]) != 0)
			die("sigaction: %s", strerror(errno));
	SCREEN *screen = newterm(name, sink, sink);
	for (int i = 0; i < TAKEN; i++)
		if (sigaction(taken[i], &before[i], NULL) != 0)
			die("sigaction: %s", strerror(errno));
	return screen;
}

/* Should this process fall, the caller's side knows what to send. */
static void
tell_restore(struct ui *ui)
{
	struct buf bytes = { 0 };
	full_restore(&bytes, full_rows(ui));
	ui->terminal->restore(ui->terminal, buf_text(&bytes), bytes.len);
	buf_free(&bytes);
}

/* What curses is not asked to send. It has a buffer of its own: ours must be empty when it writes.
 */
static void
put_string(struct full *f, const char *bytes)
{
	if (fputs(bytes, f->sink) == EOF || fflush(f->sink) != 0)
		die("screen: %s", strerror(errno));
}

bool
full_open(struct ui *ui, struct terminal *terminal)
{
	/* Nothing in the server's environment says anything about the caller's window. (use_env()
	 * is no way to say so: newterm() then refuses all terminals that terminfo gives no size
	 * for.) */
	static const char *const foreign[] = { "TERMINFO", "TERMINFO_DIRS", "TERMCAP", "LINES",
		"COLUMNS" };
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
		unsetenv(foreign[i]);

	int fd = memfd_create("screen", MFD_CLOEXEC);
	if (fd < 0)
		die("memfd_create: %s", strerror(errno));
	const char *name = full_terminal_name(terminal->term, fd);
	FILE *sink = name ? fdopen(fd, "w+") : NULL;
	SCREEN *screen = sink ? new_screen(name, sink) : NULL;
	if (!screen) {
		if (sink)
			(void)fclose(sink);
		else
			close(fd);
		return false;
	}

	struct full *f = mem_alloc(sizeof *f);
	f->screen = screen;
	f->sink = sink;
	f->region = LINES;
	ui->terminal = terminal;
	ui->state = f;
	ui->face = &full_face;
	typeahead(-1); /* else curses looks for input in the memfd, finds some, and stops drawing */
	idlok(newscr, TRUE);
	if (has_colors() && start_color() == OK && use_default_colors() == OK) {
		init_pair(PAIR_NEW, COLOR_GREEN, -1);
		init_pair(PAIR_URGENT, COLOR_RED, -1);
	}
	/* Frames are drawn into newscr, where curses compares from: stdscr, a third of its memory, may go, but for
	 * a cell, as doupdate() does nothing without it. */
	wresize(stdscr, 1, 1);
	put_string(f, full_paste_mode(true));
	tell_restore(ui);
	return true;
}

/*
 * Takes out what ends the line-drawing character set, ESC ( B: we never begin it, and curses says
 * so with each change of attributes, 80 bytes of a menu. The new size.
 */
static size_t
leave_out_charsets(char *bytes, size_t size)
{
	static const char end[] = "\033(B";
	size_t kept = 0;
	for (size_t i = 0; i < size; i++)
		if (size - i >= 3 && memcmp(bytes + i, end, 3) == 0)
			i += 2;
		else
			bytes[kept++] = bytes[i];
	return kept;
}

/* What curses wrote goes to the terminal, in one piece. */
static void
send_frame(struct ui *ui)
{
	struct full *f = full_state(ui);
	if (fflush(f->sink) != 0)
		die("screen: %s", strerror(errno));
	int fd = fileno(f->sink);
	off_t size = lseek(fd, 0, SEEK_CUR);
	if (size <= 0)
		return;
	char *bytes = mem_alloc((size_t)size);
	ssize_t got = pread(fd, bytes, (size_t)size, 0);
	if (got != (ssize_t)size || ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0)
		die("screen: %s", strerror(errno));
	ui->terminal->write(ui->terminal, bytes, leave_out_charsets(bytes, (size_t)size));
	free(bytes);
}

/* Sentences that no screen has shown any more: they stand below, where the person finds the prompt again. */
static void
say_last_words(struct ui *ui)
{
	struct buf words = { 0 };
	const char *s = buf_text(&ui->said) + full_state(ui)->said_shown;
	while (*s) {
		size_t n = strcspn(s, "\n");
		text_show(&words, s, n, ui->terminal->charset);
		buf_str(&words, "\r\n");
		s += n + (s[n] == '\n');
	}
	if (words.len)
		ui->terminal->write(ui->terminal, words.data, words.len);
	buf_free(&words);
}

static void
close_face(struct ui *ui)
{
	struct full *f = full_state(ui);
	werase(newscr);
	wmove(newscr, full_rows(ui) - 1, 0);
	doupdate();
	put_string(f, full_paste_mode(false));
	endwin();
	send_frame(ui);
	ui->terminal->restore(ui->terminal, "", 0);
	say_last_words(ui);
	delscreen(f->screen);
	(void)fclose(f->sink);
	decode_settle(&f->decode, &ui->terminal->input);
	decode_free(&f->decode);
	for (int i = 0; i < f->spots; i++) {
		free(f->spot[i].key);
		free(f->spot[i].place);
	}
	buf_free(&f->place);
	free(f);
	ui->state = NULL;
}

/* ---- cells ---- */

int
full_columns(const struct ui *ui)
{
	int columns = ui->terminal->columns;
	return columns < 20 ? 20 : columns > 200 ? 200 : columns;
}

int
full_rows(const struct ui *ui)
{
	int rows = ui->terminal->rows;
	return rows < 4 ? 4 : rows > 60 ? 60 : rows;
}

/* What colour says needs no bold on top: each change of either is bytes on a slow line. */
static attr_t
attributes(unsigned look, short *pair)
{
	*pair = !has_colors()        ? 0
		: look & FULL_URGENT ? PAIR_URGENT
		: look & FULL_NEW    ? PAIR_NEW
				     : 0;
	attr_t attr = look & FULL_FAINT ? A_DIM : A_NORMAL;
	if (look & FULL_BOLD || (look & (FULL_NEW | FULL_URGENT) && !*pair))
		attr |= A_BOLD;
	return attr;
}

/* Text is clean and folded: a wide character a code point; curses counts cells as we do. */
static void
add_text(const char *text, size_t n)
{
	const uint8_t *s = (const uint8_t *)text;
	wchar_t wide[64];
	int count = 0;
	while (n) {
		ucs4_t c;
		int used = u8_mbtouc(&c, s, n);
		s += used;
		n -= (size_t)used;
		if (c >= 0x20 && (c < 0x7f || c >= 0xa0))
			wide[count++] = (wchar_t)c;
		if (count == 64 || !n) {
			waddnwstr(newscr, wide, count);
			count = 0;
		}
	}
}

int
full_put(struct ui *ui, int row, int column, int cells, unsigned look, const char *text, size_t n)
{
	/* The last cell of the last line stays empty: writing it scrolls some terminals. */
	int edge = full_columns(ui) - (row == full_rows(ui) - 1);
	if (cells > edge - column)
		cells = edge - column;
	if (row < 0 || row >= full_rows(ui) || column < 0 || cells < 1)
		return 0;
	struct buf clean = { 0 }, shown = { 0 };
	text_clean(&clean, text, n, TEXT_RAW);
	for (size_t i = 0; i < clean.len; i++)
		if (clean.data[i] == '\n')
			clean.data[i] = ' ';
	text_show(&shown, buf_text(&clean), clean.len, ui->terminal->charset);
	int used = text_width(buf_text(&shown), shown.len);
	if (used > cells) {
		bool wide = ui->terminal->charset == CHARSET_UTF8;
		size_t fits = text_fit(buf_text(&shown), shown.len, cells - 1, &used);
		buf_cut(&shown, fits);
		buf_str(&shown, wide ? "…" : ".");
		used++;
	}
	short pair;
	attr_t attr = attributes(look, &pair);
	wattr_set(newscr, attr, pair, NULL);
	wmove(newscr, row, column);
	add_text(buf_text(&shown), shown.len);
	wattr_set(newscr, A_NORMAL, 0, NULL);
	buf_free(&clean);
	buf_free(&shown);
	return used;
}

int
full_str(struct ui *ui, int row, int column, int cells, unsigned look, const char *text)
{
	return full_put(ui, row, column, cells, look, text, strlen(text));
}

void
full_cell(struct ui *ui, int row, int column, const struct picture_cell *cell)
{
	uint32_t c = cell->character;
	bool shown = (c >= ' ' && c < 0x7f) || (c >= 0x2580 && c <= 0x259f);
	wchar_t text[2] = { shown ? (wchar_t)c : L' ' };
	cchar_t cc;
	int colors = full_colors(), pair = 0;
	if (row >= full_rows(ui) - 1 || column >= full_columns(ui))
		return;
	if (colors >= 8)
		pair = alloc_pair(cell->front < colors ? cell->front : -1, cell->back < colors ? cell->back : -1);
	if (pair < 0)
		pair = 0;
	if (setcchar(&cc, text, A_NORMAL, 0, &pair) == OK)
		mvwadd_wch(newscr, row, column, &cc);
}

int
full_colors(void)
{
	return has_colors() ? COLORS : 0;
}

bool
full_sixel(struct ui *ui)
{
	struct full *f = full_state(ui);
	/* Nothing waits for the answer: whoever never gives one has none. */
	if (!f->asked)
		ui->terminal->write(ui->terminal, "\033[c", 3);
	f->asked = true;
	return f->decode.sixel;
}

void
full_erase(struct ui *ui)
{
	(void)ui;
	werase(newscr);
}

void
full_erase_line(struct ui *ui, int row)
{
	(void)ui;
	wmove(newscr, row, 0);
	wclrtoeol(newscr);
}

void
full_cursor(struct ui *ui, int row, int column)
{
	struct full *f = full_state(ui);
	int last_row = full_rows(ui) - 1, last_column = full_columns(ui) - 1;
	f->row = row < 0 ? 0 : row > last_row ? last_row : row;
	f->column = column < 0 ? 0 : column > last_column ? last_column : column;
}

/* ---- frames and the wait ---- */

void
full_push(struct ui *ui, struct view *view)
{
	struct full *f = full_state(ui);
	view->under = f->view;
	f->view = view;
	f->said_old = !view->under;
}

void
full_pop(struct ui *ui)
{
	struct full *f = full_state(ui);
	f->view = f->view->under;
}

static void
send_image(struct ui *ui, const struct view *view)
{
	struct full *f = full_state(ui);
	struct buf bytes = { 0 };
	buf_fmt(&bytes, "\0337\033[%d;1H", f->top + 1);
	buf_add(&bytes, view->image, view->image_size);
	buf_str(&bytes, "\0338");
	ui->terminal->write(ui->terminal, bytes.data, bytes.len);
	buf_free(&bytes);
}

/* Draws what is to be seen now and sends the difference. While the line is full, that waits. */
static void
show_frame(struct ui *ui)
{
	struct full *f = full_state(ui);
	if (!f->view || ui->terminal->full(ui->terminal))
		return;
	int columns = full_columns(ui), rows = full_rows(ui);
	if (columns != f->drawn_columns || rows != f->drawn_rows) {
		if (resizeterm(rows, columns) != OK)
			die("resizeterm %d × %d", rows, columns);
		f->redraw = true;
	}
	f->view->draw(ui, f->view->ctx);
	f->drawn_columns = columns;
	f->drawn_rows = rows;
	bool whole = f->redraw;
	if (f->redraw)
		clearok(curscr, TRUE);
	f->redraw = false;
	wmove(newscr, f->row, f->column);
	doupdate();
	/* newterm() has set the lines it believes in as what scrolls; resizeterm() leaves them. */
	if (rows != f->region) {
		struct buf region = { 0 };
		full_whole_region(&region, rows, f->row, f->column);
		f->region = rows;
		put_string(f, buf_text(&region));
		buf_free(&region);
		tell_restore(ui);
	}
	send_frame(ui);
	if (whole && f->view->image_size)
		send_image(ui, f->view);
}

/* The next key, if there is one now; *ms is cut down to how long an unfinished one may take. */
static bool
take_key(struct ui *ui, int *key, int *ms, bool timed_out)
{
	struct full *f = full_state(ui);
	*key = decode_key(&f->decode, &ui->terminal->input, timed_out);
	if (*key == DECODE_WAIT && (*ms < 0 || *ms > DECODE_PATIENCE))
		*ms = DECODE_PATIENCE;
	if (*key == DECODE_WAIT || *key == DECODE_NONE)
		return false;
	/* Sentences that were on the screen when a key came have been seen, and go with it. */
	f->said_old = f->said_old || f->said_shown;
	buf_eat(&ui->said, f->said_shown);
	f->said_shown = 0;
	/* A key that was under way when somebody's word came has not seen it: it is shown once more. */
	if (!ui->said.len && f->word_said) {
		if (clock_ticks() >= f->word_until)
			full_heard(ui);
		f->word_said = 0;
	}
	return true;
}

enum full_event
full_wait(struct ui *ui, int *key, int ms)
{
	struct full *f = full_state(ui);
	struct terminal *terminal = ui->terminal;
	int64_t until = ms < 0 ? 0 : clock_ticks() + ms;
	bool timed_out = false;
	for (;;) {
		int left = -1;
		if (ms >= 0) {
			int64_t now = clock_ticks();
			left = until > now ? (int)(until - now) : 0;
		}
		int patience = left;
		if (take_key(ui, key, &patience, timed_out))
			return FULL_KEY;
		if (f->view->nudged) {
			f->view->nudged = false;
			return FULL_NUDGE;
		}
		if (terminal->ended)
			return FULL_END;
		if (ms >= 0 && left == 0)
			return FULL_TIME;
		show_frame(ui);
		unsigned events = terminal->wait(terminal, patience);
		timed_out = events == TERMINAL_TIME && *key == DECODE_WAIT;
		/* What lies under a question has to look again too, once it is asked away. */
		if (events & TERMINAL_NUDGE)
			for (struct view *v = f->view; v; v = v->under)
				v->nudged = true;
	}
}

enum act
full_show(struct ui *ui, struct view *view)
{
	enum act act = ACT_NONE;
	full_push(ui, view);
	while (act == ACT_NONE) {
		int key;
		switch (full_wait(ui, &key, view->every ? view->every : -1)) {
		case FULL_KEY:
			act = view->key(ui, view->ctx, key);
			break;
		case FULL_NUDGE:
		case FULL_TIME:
			act = view->look ? view->look(ui, view->ctx) : ACT_NONE;
			break;
		case FULL_END:
			act = ACT_QUIT;
		}
	}
	full_pop(ui);
	return act;
}

static void
say(struct ui *ui, const char *text)
{
	/* A wrong key pressed again says nothing new. */
	size_t n = strlen(text);
	if (ui->said.len >= n && !strcmp(ui->said.data + ui->said.len - n, text))
		return;
	if (ui->said.len)
		buf_char(&ui->said, '\n');
	buf_str(&ui->said, text);
}

static void
draw_progress(struct ui *ui, void *text)
{
	struct full *f = full_state(ui);
	full_frame(ui, buf_text(&f->place), NULL, NULL, 0, NULL);
	full_str(ui, f->top, 1, full_columns(ui) - 2, 0, text);
}

static void
progress(struct ui *ui, const char *text)
{
	struct buf copy = { 0 };
	buf_str(&copy, text);
	struct view view = { .draw = draw_progress, .ctx = copy.data };
	full_push(ui, &view);
	show_frame(ui);
	full_pop(ui);
	buf_free(&copy);
}
