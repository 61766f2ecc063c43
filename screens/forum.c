/* The forum's places: boards, and the threads of a board. */
#include <stdio.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

enum { TICKS = 50 };

struct forum {
	struct visit *v;
	board_id board;
	int64_t now;
	struct rows *out;
	/* Threads ticked for an act on several. */
	int64_t ticked[TICKS];
	int ticks;
};

static int
tick_of(const struct forum *f, int64_t id)
{
	for (int i = 0; i < f->ticks; i++)
		if (f->ticked[i] == id)
			return i;
	return -1;
}

static bool
add_board(void *ctx, const struct board_row *row)
{
	struct forum *f = ctx;
	struct row *r = rows_add(f->out, row->id.n, NULL, row->id.n);
	struct buf count = { 0 };
	buf_fmt(&count, row->closed ? _("(closed) %s") : row->follow == FOLLOW_YES ? _("%s (followed)")
		: row->follow == FOLLOW_MUTED ? _("%s (muted)") : "%s", row->title);
	row_cell(r, 0, buf_text(&count));
	buf_cut(&count, 0);
	if (row->threads > 99)
		buf_str(&count, _("over 99 threads"));
	else if (row->threads)
		buf_fmt(&count, ngettext("%d thread", "%d threads", (unsigned long)row->threads), row->threads);
	row_cell(r, 1, buf_text(&count));
	row_cell(r, 2, row->about);
	r->is_new = row->unread > 0;
	r->faint = row->follow == FOLLOW_MUTED;
	buf_free(&count);
	return true;
}

/* The viewer's boards are few and come whole. */
static int
board_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct forum *f = ctx;
	struct rows all = { 0 };
	(void)filter;
	f->out = &all;
	board_mine(f->v->db, add_board, f);
	return rows_window(&all, from, direction, n, out);
}

static void
board_act(void *ctx, struct list *list, enum act act)
{
	follow_board(((struct forum *)ctx)->v, (board_id){ list->at }, act);
}

static void
thread_act(void *ctx, struct list *list, enum act act)
{
	follow_thread(((struct forum *)ctx)->v, (item_id){ list->at }, act);
}

/* What a member does to a row while the list stays. */
static uint64_t
acts_here(const struct visit *v)
{
	return visit_member(v) ? ACTS(ACT_FOLLOW) | ACTS(ACT_MUTE) : 0;
}

enum act
forum_screen(struct visit *v)
{
	const struct column columns[] = { { NULL, 24, 30, 0 }, { NULL, 14, 22, 2 }, { NULL, 20, 60, 1 } };
	struct forum forum = { .v = v };
	struct list list = { .place = _("Forum"), .columns = columns, .column_count = 3,
		.source = { board_rows, &forum }, .empty = _("No board is open to you."),
		.acts = ACTS(ACT_SEARCH) | acts_here(v) | (visit_member(v) ? ACTS(ACT_NEXT) : 0),
		.here = acts_here(v), .act = board_act };
	enum act act;
	for (;;) {
		v->listen(v, TOPIC_BOARD, 0);
		act = ui_list(v->ui, &list);
		if (act == ACT_OPEN && list.at)
			act = board_screen(v, (board_id){ list.at });
		else if (act == ACT_NEXT)
			act = next_unread_screen(v);
		else if (act == ACT_SEARCH)
			act = search_screen(v, ui_words(v->ui));
		else
			return act;
		if (act == ACT_QUIT)
			return act;
	}
}

/* ---- threads ---- */

static bool
add_thread(void *ctx, const struct thread_row *row)
{
	struct forum *f = ctx;
	struct row *r = rows_add(f->out, row->id.n, NULL, row->place);
	struct buf cell = { 0 };
	if (tick_of(f, row->id.n) >= 0)
		buf_str(&cell, _("(ticked) "));
	if (row->pinned)
		buf_str(&cell, _("(pinned) "));
	if (row->hidden && *row->title)
		buf_str(&cell, _("(hidden) "));
	if (row->follow != FOLLOW_NONE)
		buf_str(&cell, row->follow == FOLLOW_YES ? _("(followed) ") : _("(muted) "));
	buf_fmt(&cell, row->locked ? _("(closed) %s") : "%s",
	    *row->title ? row->title : _("(hidden discussion)"));
	row_cell(r, 0, buf_text(&cell));
	row_cell(r, 1, row->author);
	buf_cut(&cell, 0);
	buf_fmt(&cell, ngettext("%d message", "%d messages", (unsigned long)row->posts), (int)row->posts);
	row_cell(r, 2, buf_text(&cell));
	buf_cut(&cell, 0);
	clock_day(&cell, row->last_at, f->now);
	row_cell(r, 3, buf_text(&cell));
	r->is_new = row->is_new;
	r->faint = row->follow == FOLLOW_MUTED;
	buf_free(&cell);
	return true;
}

static int
thread_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct forum *f = ctx;
	(void)filter;
	f->out = out;
	f->now = clock_now();
	return thread_page(f->v->db, f->board, from ? from->num : 0, direction, n, add_thread, f);
}

static bool
thread_place(void *ctx, int64_t id, struct row *row)
{
	struct forum *f = ctx;
	struct thread thread = { 0 };
	bool there = !thread_get(f->v->db, (item_id){ id }, &thread) && thread.board.n == f->board.n;
	row->num = thread.place;
	thread_free(&thread);
	return there;
}

enum { THREAD_COLUMNS = 4 };

static void
describe(struct list *list, struct column columns[THREAD_COLUMNS])
{
	columns[0] = (struct column){ _("Subject"), 40, 0, 0 };
	columns[1] = (struct column){ _("Opened by"), 14, 18, 1 };
	columns[2] = (struct column){ NULL, 11, 12, 2 };
	columns[3] = (struct column){ _("Last message"), 15, 17, 3 };
	list->columns = columns;
	list->column_count = THREAD_COLUMNS;
}

/* Ticks a thread, or takes its tick away. */
static void
tick(struct forum *f, int64_t id)
{
	int i = tick_of(f, id);
	if (i >= 0)
		f->ticked[i] = f->ticked[--f->ticks];
	else if (f->ticks < TICKS)
		f->ticked[f->ticks++] = id;
	else
		ui_say(f->v->ui, _("%d discussions are ticked: that is all that can be done at once."),
		    TICKS);
	if (f->ticks)
		ui_say(f->v->ui,
		    ngettext("%d discussion ticked: m, f, u and d are about it.",
			"%d discussions ticked: m, f, u and d are about all of them.",
			(unsigned long)f->ticks),
		    f->ticks);
}

/* Hide, close, pin or move: those ticked, else the one under the cursor. */
static void
moderate(struct forum *f, enum act act, int64_t at)
{
	if (f->ticks)
		moderate_threads(f->v, act, f->ticked, f->ticks);
	else if (at)
		moderate_threads(f->v, act, &at, 1);
	f->ticks = 0;
}

enum act
board_screen(struct visit *v, board_id id)
{
	struct board board = { 0 };
	int r = board_get(v->db, id, &board);
	if (r) {
		visit_say_error(v, r);
		return ACT_BACK;
	}
	struct column columns[THREAD_COLUMNS];
	struct forum forum = { .v = v, .board = id };
	struct buf place = { 0 };
	bool writes = visit_member(v) && !board.closed && may(v->db, MAY_POST, board.council);
	place_join(&place, _("Forum"), buf_text(&board.title));
	struct list list = { .place = buf_text(&place), .source = { thread_rows, &forum },
		.find = thread_place,
		.lead = board.about.len ? buf_text(&board.about) : NULL,
		.empty = writes ? _("Nobody has written here yet. n opens the first discussion.")
				: _("Nobody has written here yet."),
		.acts = ACTS(ACT_SEARCH) | acts_here(v) | (writes ? ACTS(ACT_NEW) : 0) |
		    (visit_member(v) ? ACTS(ACT_NEXT) : 0),
		.here = acts_here(v), .act = thread_act };
	if (may_moderate(v->db, id))
		list.acts |= ACTS(ACT_TAG) | ACTS(ACT_HIDE) | ACTS(ACT_LOCK) | ACTS(ACT_PIN) | ACTS(ACT_MOVE);
	describe(&list, columns);
	enum act act;
	for (;;) {
		v->listen(v, TOPIC_BOARD, id.n);
		act = ui_list(v->ui, &list);
		if (act == ACT_OPEN && list.at)
			act = thread_screen(v, (item_id){ list.at }, (item_id){ 0 });
		else if (act == ACT_NEW)
			act = compose_thread(v, id);
		else if (act == ACT_NEXT)
			act = next_unread_screen(v);
		else if (act == ACT_SEARCH)
			act = search_screen(v, ui_words(v->ui));
		else if (act == ACT_TAG && list.at)
			tick(&forum, list.at);
		else if (act == ACT_HIDE || act == ACT_LOCK || act == ACT_PIN || act == ACT_MOVE)
			moderate(&forum, act, list.at);
		else if (act != ACT_OPEN && act != ACT_TAG)
			break;
		if (act == ACT_QUIT)
			break;
	}
	buf_free(&place);
	board_free(&board);
	return act;
}
