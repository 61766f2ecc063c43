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
	SEARCHED = 4000, /* messages looked through for one of which only the id is known */
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
	bool stale;
};

/* ---- messages of the source ---- */

static void
forget(struct thread *t)
{
	for (int i = 0; i < t->count; i++) {
		struct post *p = &t->message[i].post;
		char *texts[] = { p->key, p->who, p->when, p->body, p->note };
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
	if (n == 0)
		return;
	if (t->count + n > t->room) {
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

/* Opens at the message wanted. Where only its id is known, it is looked for from the beginning. */
static void
open_at(struct ui *ui, struct thread *t)
{
	const struct reader *reader = t->reader;
	const struct spot *spot = full_recall(ui, reader->title ? reader->title : "", reader->at);
	int i = -1;
	if (reader->at && spot && spot->key) {
		const struct post from = { .id = reader->at, .key = spot->key };
		i = load_around(ui, t, &from);
	}
	if (i < 0) {
		forget(t);
		load_after(ui, t, CHUNK);
		i = reader->at ? find(t, reader->at) : 0;
		for (int seen = 0; i < 0 && !t->tail && seen < SEARCHED; seen += 3 * CHUNK) {
			if (t->count > 3 * CHUNK)
				drop(t, 0, t->count - 3 * CHUNK);
			load_after(ui, t, 3 * CHUNK);
			i = find(t, reader->at);
		}
	}
	if (i < 0) {
		forget(t);
		load_after(ui, t, CHUNK);
		i = 0;
	}
	t->at = t->top = i;
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

static void
put_head(struct pen *pen, const struct post *post, int column, bool current)
{
	unsigned faint = post->faint ? FULL_FAINT : 0;
	const char *who = post->who ? post->who : "", *when = post->when ? post->when : "";
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
	put_head(pen, post, column, i == t->at);
	if (post->note && *post->note)
		put_paragraphs(pen, column, FULL_FAINT, post->note);
	if (post->body && *post->body)
		put_paragraphs(pen, column, post->faint ? FULL_FAINT : 0, post->body);
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
	if (t->count && t->message[t->at].post.number > 0)
		buf_fmt(&status, _("no. %d"), t->message[t->at].post.number);
	buf_str(&place, reader->place);
	if (reader->title)
		buf_fmt(&place, " › %s", reader->title);
	uint64_t acts = reader->acts | ACTS(ACT_NEXT);
	full_frame(
	    ui, buf_text(&place), reader->right, hints, full_hints(acts, hints), status.data);
	buf_free(&place);
	buf_free(&status);
	t->height = f->bottom - f->top;
	if (t->count)
		draw_messages(ui, t);
	else
		full_wrapped(ui, f->top, f->bottom, LEFT, 0, _("There is no message here."));
}

static enum act
reader_key(struct ui *ui, struct thread *t, int key)
{
	uint64_t acts = t->reader->acts;
	bool on = key == ' ' || (key == DECODE_ENTER && !(acts & ACTS(ACT_OPEN)));
	if (t->stale)
		load_again(ui, t);
	settle(ui, t);
	if (on && t->count && !at_end(ui, t))
		key = DECODE_PAGE_DOWN;
	if (t->count && move(ui, t, key))
		return ACT_NONE;
	if (on && !(acts & ACTS(ACT_NEXT))) {
		ui->face->say(ui, _("This is the end of the thread."));
		return ACT_NONE;
	}
	return full_manners(ui, on ? ' ' : key, acts);
}

enum act
full_reader(struct ui *ui, struct reader *reader)
{
	struct thread t = { .reader = reader, .height = full_rows(ui) - 3 };
	open_at(ui, &t);
	struct view view = { .draw = draw_reader, .ctx = &t };
	full_push(ui, &view);
	enum act act = ACT_NONE;
	while (act == ACT_NONE) {
		int key;
		switch (full_wait(ui, &key, -1)) {
		case FULL_KEY:
			act = reader_key(ui, &t, key);
			break;
		case FULL_NUDGE:
			t.stale = true;
			break;
		case FULL_TIME:
			break;
		case FULL_END:
			act = ACT_QUIT;
		}
	}
	full_pop(ui);
	if (t.count) {
		const struct post *post = &t.message[t.at].post;
		reader->at = post->id;
		full_remember(ui, reader->title ? reader->title : "", post->id, post->key, 0);
	}
	forget(&t);
	free(t.message);
	free(t.seen);
	return act;
}
