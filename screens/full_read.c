/*
 * A thread on the full screen: messages one below the other, indented as a tree. As with a list
 * only a window of them is held, and read from the source as one goes on or back.
 */
#include "screens/full.h"

#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"

enum {
	LEFT = 3,        /* cells before a message: current, new, one empty */
	LEAST = 30,      /* cells that indentation leaves for text */
	MEASURE = 100,   /* longer lines are hard to follow */
	CHUNK = 20,      /* messages asked for at once */
	WINDOW = 160,    /* messages held at the most */
	OPENED = 16,     /* messages whose quotations stay open */
};

struct message {
	struct post post;
	int lines, width; /* lines it takes at this width of the window; 0: not counted yet */
};

struct thread {
	struct reader *reader;
	struct message *message;
	int count, room;
	bool head, tail; /* the thread's first, last message is in it */
	int at;          /* the current message */
	int top, skip; /* the first message shown, and how many of its lines are above the screen */
	int height;
	int64_t *seen; /* ids told to the screen */
	int seen_count, seen_room;
	int64_t open[OPENED]; /* ids of those whose quotations are open; the oldest is folded for a new one */
	int opens;
	bool stale;
};

/* ---- messages of the source ---- */

static void
forget(struct thread *t)
{
	for (int i = 0; i < t->count; i++) {
		struct post *p = &t->message[i].post;
		char *texts[] = { p->key, p->who, p->when, p->body, p->note, p->files };
		for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
			free(texts[k]);
	}
	t->count = t->at = t->top = t->skip = 0;
	t->head = t->tail = false;
}

/* Removes messages i to i + n; others keep their place on the screen. */
static void
drop(struct thread *t, int i, int n)
{
	struct thread gone = { .message = &t->message[i], .count = n };
	forget(&gone);
	memmove(
	    &t->message[i], &t->message[i + n], (size_t)(t->count - i - n) * sizeof *t->message);
	t->count -= n;
	if (i == 0) {
		t->head = false;
		t->at -= n;
		t->top -= n;
	} else {
		t->tail = false;
	}
}

/* Puts the posts that came, nearest first, before or behind those that are held. */
static void
take(struct thread *t, struct posts *more, bool before)
{
	int n = more->count;
	if (n <= 0)
		return;
	if (!t->message || t->count + n > t->room) {
		t->room = 2 * (t->count + n);
		t->message = mem_resize(t->message, (size_t)t->room * sizeof *t->message);
	}
	if (before && t->count)
		memmove(&t->message[n], &t->message[0], (size_t)t->count * sizeof *t->message);
	for (int i = 0; i < n; i++)
		t->message[before ? n - 1 - i : t->count + i] =
		    (struct message){ .post = more->post[i] };
	t->count += n;
	if (before) {
		t->at += n;
		t->top += n;
	}
	free(more->post);
}

static void
load_after(struct ui *ui, struct thread *t, int n)
{
	struct posts more = { 0 };
	const struct post *last = t->count ? &t->message[t->count - 1].post : NULL;
	if (!last)
		t->head = true;
	full_trouble(ui, t->reader->page(t->reader->ctx, last, 1, n, &more));
	t->tail = more.count < n;
	take(t, &more, false);
}

static void
load_before(struct ui *ui, struct thread *t, const struct post *from, int n)
{
	struct posts more = { 0 };
	full_trouble(ui, t->reader->page(t->reader->ctx, from, -1, n, &more));
	t->head = more.count < n;
	take(t, &more, true);
}

static int
find(const struct thread *t, int64_t id)
{
	for (int i = 0; i < t->count; i++)
		if (t->message[i].post.id == id)
			return i;
	return -1;
}

/* Loads what is around a post that is or was there; its index, or that of what follows. */
static int
load_around(struct ui *ui, struct thread *t, const struct post *from)
{
	forget(t);
	load_before(ui, t, from, CHUNK);
	int before = t->count;
	load_after(ui, t, CHUNK);
	int i = find(t, from->id);
	if (i >= 0)
		return i;
	return before < t->count ? before : t->count - 1;
}

/* Opens at the message wanted, else at the first. */
static void
open_at(struct ui *ui, struct thread *t)
{
	const struct post from = { .id = t->reader->at };
	if (from.id)
		t->at = load_around(ui, t, &from);
	if (!t->message || !t->count || t->message[t->at].post.id != from.id) {
		forget(t);
		load_after(ui, t, CHUNK);
	}
	t->top = t->at;
	t->skip = 0;
}

static void
load_again(struct ui *ui, struct thread *t)
{
	t->stale = false;
	if (!t->count) {
		forget(t);
		load_after(ui, t, CHUNK);
		return;
	}
	const struct post *top = &t->message[t->top].post;
	struct post from = { .id = top->id, .key = mem_dup(top->key) };
	int64_t current = t->message[t->at].post.id;
	int skip = t->skip;
	int i = load_around(ui, t, &from);
	t->top = i < 0 ? 0 : i;
	t->skip = t->count && t->message[t->top].post.id == from.id ? skip : 0;
	free(from.key);
	while ((i = find(t, current)) < 0 && !t->tail && t->count < WINDOW)
		load_after(ui, t, CHUNK);
	t->at = i < 0 ? t->top : i;
}

/* ---- one message as lines: counted and drawn by the same walk ---- */

struct pen {
	struct ui *ui;
	int line;     /* of the message, next one */
	int skip;     /* lines above the screen */
	int row, end; /* where the next seen line goes; draws only while row < end */
	int width;    /* of the window, as far as it is used */
	int head_row; /* row of the head, -1 when it is above */
	int last_row; /* row of the last line, the empty one behind not counted; -1 when not shown
		       */
};

/* The row for the next line, -1 where it is not to be seen. */
static int
next_row(struct pen *pen)
{
	if (pen->line++ < pen->skip || pen->row >= pen->end) {
		pen->last_row = -1;
		return -1;
	}
	pen->last_row = pen->row;
	return pen->row++;
}

static void
put_paragraphs(struct pen *pen, int column, unsigned look, const char *text)
{
	struct buf shown = full_fold(pen->ui, text);
	const char *s = buf_text(&shown);
	struct text_line line;
	bool starts = true, quoted = false;
	int cells = pen->width - column;
	for (size_t at = 0; full_next_line(&shown, cells, &at, &line); starts = line.last) {
		if (starts)
			quoted = line.len && s[line.start] == '>';
		int row = next_row(pen);
		if (row >= 0)
			full_put(pen->ui, row, column, cells, look | (quoted ? FULL_FAINT : 0),
			    s + line.start, line.len);
	}
	buf_free(&shown);
}

static bool
is_open(const struct thread *t, int64_t id)
{
	for (int i = 0; i < OPENED; i++)
		if (t->open[i] == id)
			return true;
	return false;
}

/* A body with each long quotation as one line. */
static struct buf
fold_quotes(const char *body)
{
	struct buf out = { 0 };
	int lines;
	while (*body) {
		size_t n = ui_quotation(body, &lines);
		if (!n) {
			n = strcspn(body, "\n");
			n += body[n] == '\n';
		}
		if (lines > QUOTE_LINES)
			buf_fmt(&out, _("> … %d lines quoted\n"), lines);
		else
			buf_add(&out, body, n);
		body += n;
	}
	return out;
}

static void
put_body(struct pen *pen, const struct thread *t, const struct post *post, int column)
{
	unsigned look = post->faint ? FULL_FAINT : 0;
	if (is_open(t, post->id)) {
		put_paragraphs(pen, column, look, post->body);
		return;
	}
	struct buf folded = fold_quotes(post->body);
	put_paragraphs(pen, column, look, buf_text(&folded));
	buf_free(&folded);
}

static void
put_head(struct pen *pen, const struct post *post, int column, bool current, const char *when)
{
	unsigned faint = post->faint ? FULL_FAINT : 0;
	const char *who = post->who ? post->who : "";
	int cells = pen->width - column, wide = full_width(pen->ui, when);
	bool beside = full_width(pen->ui, who) + 2 + wide <= cells;
	int row = next_row(pen);
	pen->head_row = row;
	if (row >= 0) {
		if (current)
			full_str(pen->ui, row, 0, 1, FULL_BOLD, full_mark(pen->ui, '>'));
		if (post->is_new)
			full_str(pen->ui, row, 1, 1, FULL_NEW, full_mark(pen->ui, '*'));
		if (post->depth > 0 && column >= LEFT + 2)
			full_str(pen->ui, row, column - 2, 1, FULL_FAINT, full_mark(pen->ui, '`'));
		full_str(pen->ui, row, column, cells, faint | FULL_BOLD, who);
		if (beside)
			full_str(pen->ui, row, pen->width - wide, wide, 0, when);
	}
	if (!beside && *when && (row = next_row(pen)) >= 0)
		full_str(pen->ui, row, column, cells, FULL_FAINT, when);
}

/* What stands before the first message: the title, where the first line has no room for it, and the
 * lead. */
static void
put_lead(struct pen *pen, const struct reader *reader)
{
	int before = pen->line;
	int header = full_width(pen->ui, pen->ui->title) + full_width(pen->ui, reader->place) + 6;
	if (reader->title && header + full_width(pen->ui, reader->title) > full_columns(pen->ui))
		put_paragraphs(pen, 1, FULL_BOLD, reader->title);
	if (reader->lead && *reader->lead)
		put_paragraphs(pen, 1, 0, reader->lead);
	if (pen->line > before)
		next_row(pen);
}

static void
put_message(struct pen *pen, const struct thread *t, int i)
{
	const struct post *post = &t->message[i].post;
	int most = pen->width - LEFT - LEAST, indent = 2 * post->depth;
	if (indent > most)
		indent = most < 2 ? 0 : most & ~1;
	int column = LEFT + indent;
	if (i == 0 && t->head)
		put_lead(pen, t->reader);
	struct buf when = { 0 };
	if (t->reader->flat && post->answers)
		buf_fmt(&when, _("reply to no. %d, "), post->answers);
	buf_str(&when, post->when ? post->when : "");
	put_head(pen, post, column, i == t->at, buf_text(&when));
	buf_free(&when);
	if (post->note && *post->note)
		put_paragraphs(pen, column, FULL_FAINT, post->note);
	if (post->body && *post->body)
		put_body(pen, t, post, column);
	if (post->files)
		put_paragraphs(pen, column, post->faint ? FULL_FAINT : 0, post->files);
	int last = pen->last_row;
	next_row(pen); /* an empty line behind each message */
	pen->last_row = last;
}

static int
width_of(const struct ui *ui)
{
	int columns = full_columns(ui);
	return columns > MEASURE + LEFT ? MEASURE + LEFT : columns;
}

static int
lines_of(struct ui *ui, struct thread *t, int i)
{
	struct message *m = &t->message[i];
	int width = width_of(ui);
	/* The first message carries the lead: its lines change when it becomes the first. */
	if (m->width != width || i == 0) {
		struct pen pen = { .ui = ui, .width = width };
		put_message(&pen, t, i);
		m->lines = pen.line;
		m->width = width;
	}
	return m->lines;
}

/* ---- the window on the screen ---- */

/* Brings top and skip to a line that is there. */
static void
settle(struct ui *ui, struct thread *t)
{
	while (t->skip < 0) {
		if (t->top == 0 && !t->head && t->count)
			load_before(ui, t, &t->message[0].post, CHUNK);
		if (t->top == 0) {
			t->skip = 0;
			break;
		}
		t->skip += lines_of(ui, t, --t->top);
	}
	while (t->count && t->skip >= lines_of(ui, t, t->top)) {
		if (t->top + 1 == t->count && !t->tail)
			load_after(ui, t, CHUNK);
		if (t->top + 1 == t->count) {
			t->skip = lines_of(ui, t, t->top) - 1;
			break;
		}
		t->skip -= lines_of(ui, t, t->top++);
	}
	if (t->at >= t->count)
		t->at = t->count ? t->count - 1 : 0;
	if (t->count > WINDOW && t->top > WINDOW / 2 && t->at > WINDOW / 2)
		drop(t, 0, WINDOW / 4);
	else if (t->count > WINDOW && t->top < WINDOW / 2 && t->at < WINDOW / 2)
		drop(t, t->count - WINDOW / 4, WINDOW / 4);
}

/* Is the thread's last line on the screen? */
static bool
at_end(struct ui *ui, struct thread *t)
{
	int lines = -t->skip - 1; /* without the empty line behind the last */
	for (int i = t->top; lines <= t->height; i++) {
		if (i == t->count && !t->tail)
			load_after(ui, t, CHUNK);
		if (i == t->count)
			return true;
		lines += lines_of(ui, t, i);
	}
	return false;
}

/* Scrolls by n lines, not beyond the end. */
static void
scroll(struct ui *ui, struct thread *t, int n)
{
	for (; n > 0 && !at_end(ui, t); n--) {
		t->skip++;
		settle(ui, t);
	}
	if (n < 0) {
		t->skip += n;
		settle(ui, t);
	}
}

/* Screen line of the message's first line; only for messages from the top one on. */
static int
line_of(struct ui *ui, struct thread *t, int i)
{
	int line = -t->skip;
	for (int k = t->top; k < i && line < t->height; k++)
		line += lines_of(ui, t, k);
	return line;
}

/* After a page the current message is the first whose head is on the screen, else the one that
 * fills it. */
static void
follow(struct ui *ui, struct thread *t)
{
	t->at = t->top;
	if (t->skip > 0 && t->top + 1 < t->count && line_of(ui, t, t->top + 1) < t->height)
		t->at = t->top + 1;
}

static void
go_down(struct ui *ui, struct thread *t)
{
	int end = line_of(ui, t, t->at) + lines_of(ui, t, t->at) - 1;
	if (t->at >= t->top && end > t->height) {
		scroll(ui, t, 1);
		return;
	}
	if (t->at + 1 == t->count && !t->tail)
		load_after(ui, t, CHUNK);
	if (t->at + 1 == t->count)
		return;
	t->at++;
	int first = line_of(ui, t, t->at), lines = lines_of(ui, t, t->at) - 1;
	/* As much of it as fits, but never its head above the screen. */
	int wanted = first + lines - t->height;
	scroll(ui, t, wanted > first ? first : wanted < 0 ? 0 : wanted);
}

static void
go_up(struct ui *ui, struct thread *t)
{
	if (t->at == t->top && t->skip > 0) {
		scroll(ui, t, -1);
		return;
	}
	if (t->at == 0 && !t->head && t->count)
		load_before(ui, t, &t->message[0].post, CHUNK);
	if (t->at == 0)
		return;
	t->at--;
	if (t->at < t->top || (t->at == t->top && t->skip > 0)) {
		t->top = t->at;
		t->skip = 0;
	}
}

static void
go_end(struct ui *ui, struct thread *t)
{
	if (!t->tail) {
		forget(t);
		load_before(ui, t, NULL, CHUNK);
		t->tail = true;
	}
	t->at = t->top = t->count ? t->count - 1 : 0;
	t->skip = 0;
	scroll(ui, t, t->count ? lines_of(ui, t, t->at) - 1 - t->height : 0);
}

static bool
move(struct ui *ui, struct thread *t, int key)
{
	int page = t->height > 3 ? t->height - 1 : t->height;
	switch (key) {
	case 'j':
	case DECODE_DOWN:
		go_down(ui, t);
		return true;
	case 'k':
	case DECODE_UP:
		go_up(ui, t);
		return true;
	case DECODE_PAGE_DOWN:
		scroll(ui, t, page);
		follow(ui, t);
		return true;
	case DECODE_PAGE_UP:
		scroll(ui, t, -page);
		follow(ui, t);
		return true;
	case DECODE_HOME:
		forget(t);
		load_after(ui, t, CHUNK);
		return true;
	case DECODE_END:
		go_end(ui, t);
		return true;
	}
	return false;
}

/* ---- drawing and the wait ---- */

/* Tells the screen, once for each message, that its last line was shown. */
static void
tell_seen(struct thread *t, int64_t id)
{
	for (int i = 0; i < t->seen_count; i++)
		if (t->seen[i] == id)
			return;
	if (t->seen_count == t->seen_room) {
		t->seen_room = t->seen_room ? 2 * t->seen_room : 32;
		t->seen = mem_resize(t->seen, (size_t)t->seen_room * sizeof *t->seen);
	}
	t->seen[t->seen_count++] = id;
	if (t->reader->seen)
		t->reader->seen(t->reader->ctx, id);
}

static void
draw_messages(struct ui *ui, struct thread *t)
{
	const struct full *f = full_state(ui);
	struct pen pen = { .ui = ui, .row = f->top, .end = f->bottom, .width = width_of(ui) };
	for (int i = t->top; pen.row < pen.end; i++) {
		if (i == t->count && !t->tail)
			load_after(ui, t, CHUNK);
		if (i == t->count)
			break;
		pen.line = 0;
		pen.skip = i == t->top ? t->skip : 0;
		pen.head_row = pen.last_row = -1;
		put_message(&pen, t, i);
		if (i == t->at)
			full_cursor(ui, pen.head_row >= 0 ? pen.head_row : f->top, 0);
		if (pen.last_row >= 0)
			tell_seen(t, t->message[i].post.id);
	}
}

static uint64_t
acts_about(const struct thread *t)
{
	const struct post *p = t->count ? &t->message[t->at].post : NULL;
	return post_acts(t->reader->acts, p) | (p && ui_folds(p->body) ? ACTS(ACT_FOLD) : 0);
}

static void
draw_reader(struct ui *ui, void *ctx)
{
	struct thread *t = ctx;
	const struct reader *reader = t->reader;
	const struct full *f = full_state(ui);
	struct hint hints[FULL_HINTS];
	struct buf place = { 0 };
	struct buf status = { 0 };
	if (t->stale)
		load_again(ui, t);
	settle(ui, t);
	if (reader->state)
		buf_str(&status, reader->state);
	if (t->count && t->message[t->at].post.number > 0) {
		buf_str(&status, status.len ? ", " : "");
		buf_fmt(&status, _("no. %d"), t->message[t->at].post.number);
	}
	buf_str(&place, reader->place);
	if (reader->title)
		buf_fmt(&place, " › %s", reader->title);
	full_frame(ui, buf_text(&place), reader->right, hints, full_hints(acts_about(t) | ACTS(ACT_NEXT), hints), status.data);
	buf_free(&place);
	buf_free(&status);
	t->height = f->bottom - f->top;
	if (t->count)
		draw_messages(ui, t);
	else
		full_wrapped(ui, f->top, f->bottom, LEFT, 0, _("There is no message here."));
}

/* Opens the quotations of the current message, or folds them. */
static void
turn_quotes(struct ui *ui, struct thread *t)
{
	struct message *m = &t->message[t->at];
	if (!ui_folds(m->post.body)) {
		ui->face->say(ui, _("There is no long quotation in this message."));
		return;
	}
	m->width = 0;
	for (int i = 0; i < OPENED; i++)
		if (t->open[i] == m->post.id) {
			t->open[i] = 0;
			return;
		}
	t->open[t->opens++ % OPENED] = m->post.id;
}

static enum act
reader_key(struct ui *ui, void *ctx, int key)
{
	struct thread *t = ctx;
	uint64_t acts = t->reader->acts;
	bool on = key == ' ' || (key == DECODE_ENTER && !(acts & ACTS(ACT_OPEN)));
	if (t->stale)
		load_again(ui, t);
	settle(ui, t);
	if (on && t->count && !at_end(ui, t))
		key = DECODE_PAGE_DOWN;
	if (t->count && move(ui, t, key))
		return ACT_NONE;
	if (t->count && key == '>') {
		turn_quotes(ui, t);
		return ACT_NONE;
	}
	if (on && !(acts & ACTS(ACT_NEXT))) {
		ui->face->say(ui, _("This is the end of the thread."));
		return ACT_NONE;
	}
	/* Keys that mean nothing for this message say why; help and the last line leave them out. */
	return full_manners(ui, on ? ' ' : key, key == '?' ? acts_about(t) : acts | ACTS(ACT_FOLD));
}

/* What is done without leaving the thread is done here. */
static enum act
reader_act(struct ui *ui, void *ctx, int key)
{
	struct thread *t = ctx;
	struct reader *reader = t->reader;
	enum act act = reader_key(ui, t, key);
	if (!(reader->here & ACTS(act)))
		return act;
	reader->at = t->count ? t->message[t->at].post.id : 0;
	reader->act(reader->ctx, reader, act);
	return ACT_NONE;
}

static enum act
look_again(struct ui *ui, void *ctx)
{
	struct thread *t = ctx;
	(void)ui;
	t->stale = true;
	return ACT_NONE;
}

enum act
full_reader(struct ui *ui, struct reader *reader)
{
	struct thread t = { .reader = reader, .height = full_rows(ui) - 3 };
	reader->file = 0;
	open_at(ui, &t);
	struct view view = { .draw = draw_reader, .key = reader_act, .look = look_again, .ctx = &t };
	enum act act = full_show(ui, &view);
	if (t.count)
		reader->at = t.message[t.at].post.id;
	forget(&t);
	free(t.message);
	free(t.seen);
	return act;
}
