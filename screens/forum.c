/* The forum's places: boards, the threads of a board, threads found by words of their titles. */
#include <stdio.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

struct forum {
	struct visit *v;
	board_id board;
	const char *words;
	int64_t now;
	struct rows *out;
};

static bool
add_board(void *ctx, const struct board_row *row)
{
	struct forum *f = ctx;
	struct row *r = rows_add(f->out, row->id.n, NULL, row->id.n);
	struct buf count = { 0 };
	buf_fmt(&count, row->closed ? _("(closed) %s") : "%s", row->title);
	row_cell(r, 0, buf_text(&count));
	buf_cut(&count, 0);
	if (row->threads > 99)
		buf_str(&count, _("over 99 threads"));
	else if (row->threads)
		buf_fmt(&count, ngettext("%d thread", "%d threads", (unsigned long)row->threads), row->threads);
	row_cell(r, 1, buf_text(&count));
	row_cell(r, 2, row->about);
	r->is_new = row->unread > 0;
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

enum act
forum_screen(struct visit *v)
{
	const struct column columns[] = { { NULL, 24, 30, 0 }, { NULL, 14, 22, 2 }, { NULL, 20, 60, 1 } };
	struct forum forum = { .v = v };
	struct list list = { .place = _("Forum"), .columns = columns, .column_count = 3,
		.source = { board_rows, &forum }, .empty = _("No board is open to you."),
		.acts = ACTS(ACT_SEARCH) | (visit_member(v) ? ACTS(ACT_NEXT) : 0) };
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
	struct row *r = rows_add(f->out, row->id.n, NULL, row->last);
	struct buf cell = { 0 };
	buf_fmt(&cell, row->locked ? _("(closed) %s") : "%s", row->title);
	row_cell(r, 0, buf_text(&cell));
	row_cell(r, 1, row->author);
	buf_cut(&cell, 0);
	buf_fmt(&cell, ngettext("%d message", "%d messages", (unsigned long)row->posts), (int)row->posts);
	row_cell(r, 2, buf_text(&cell));
	buf_cut(&cell, 0);
	clock_day(&cell, row->last_at, f->now);
	row_cell(r, 3, buf_text(&cell));
	r->is_new = row->is_new;
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
add_found(void *ctx, const struct thread_row *row)
{
	struct forum *f = ctx;
	add_thread(ctx, row);
	/* Found threads stand in the order of their beginning. */
	f->out->row[f->out->count - 1].num = row->id.n;
	return true;
}

static int
found_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct forum *f = ctx;
	(void)filter;
	f->out = out;
	f->now = clock_now();
	return thread_search(
	    f->v->db, f->words, (item_id){ from ? from->num : 0 }, direction, n, add_found, f);
}

enum { THREAD_COLUMNS = 4 };

static void
describe(struct list *list, struct column columns[THREAD_COLUMNS])
{
	columns[0] = (struct column){ _("Subject"), 30, 0, 0 };
	columns[1] = (struct column){ _("Opened by"), 10, 14, 2 };
	columns[2] = (struct column){ NULL, 10, 11, 3 };
	columns[3] = (struct column){ _("Last message"), 15, 16, 1 };
	list->columns = columns;
	list->column_count = THREAD_COLUMNS;
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
		.lead = board.about.len ? buf_text(&board.about) : NULL,
		.empty = writes ? _("Nobody has written here yet. n opens the first discussion.")
				: _("Nobody has written here yet."),
		.acts = ACTS(ACT_SEARCH) | (writes ? ACTS(ACT_NEW) : 0) | (visit_member(v) ? ACTS(ACT_NEXT) : 0) };
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
		else
			break;
		if (act == ACT_QUIT)
			break;
	}
	buf_free(&place);
	board_free(&board);
	return act;
}

enum act
search_screen(struct visit *v, const char *words)
{
	struct column columns[THREAD_COLUMNS];
	struct buf sought = { 0 }, lead = { 0 };
	buf_str(&sought, words);
	buf_fmt(&lead, _("Discussions whose title holds: %s"), words);
	struct forum forum = { .v = v, .words = buf_text(&sought) };
	struct list list = { .place = _("Forum › Search"), .source = { found_rows, &forum },
		.lead = buf_text(&lead), .empty = _("No title holds these words. Fewer words find more.") };
	describe(&list, columns);
	enum act act;
	while ((act = ui_list(v->ui, &list)) == ACT_OPEN && list.at)
		if (thread_screen(v, (item_id){ list.at }, (item_id){ 0 }) == ACT_QUIT) {
			act = ACT_QUIT;
			break;
		}
	buf_free(&sought);
	buf_free(&lead);
	return act;
}
