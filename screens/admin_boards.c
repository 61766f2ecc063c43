/* Administration › Boards: the themes of the forum; those of councils and territories follow the map. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "screens/visit.h"

struct boards {
	struct visit *v;
	struct rows *out;
};

/* The name of a level, as people say it. */
static const char *
level_words(const char *level)
{
	return !strcmp(level, "public") ? _("everybody") : _("members");
}

static bool
add_board(void *ctx, const struct board_row *row)
{
	struct boards *b = ctx;
	struct row *r = rows_add(b->out, row->id.n, NULL, b->out->count);
	row_cell(r, 0, row->title);
	row_cell(r, 1, row->closed ? _("closed") : level_words(row->level));
	row_cell(r, 2, row->about);
	r->faint = row->closed;
	return true;
}

static int
board_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct boards *b = ctx;
	struct rows all = { 0 };
	(void)filter;
	b->out = &all;
	board_themes(b->v->db, add_board, b);
	return rows_window(&all, from, direction, n, out);
}

/* ---- one, written ---- */

/* "Vie du quartier" becomes vie-du-quartier. */
static void
slug_of(const char *title, struct buf *slug)
{
	struct buf folded = { 0 };
	text_fold(&folded, title);
	for (const char *s = buf_text(&folded); *s && slug->len < 40; s++) {
		bool good = (*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9');
		if (good)
			buf_char(slug, *s);
		else if (slug->len && slug->data[slug->len - 1] != '-')
			buf_char(slug, '-');
	}
	while (slug->len && slug->data[slug->len - 1] == '-')
		buf_cut(slug, slug->len - 1);
	buf_free(&folded);
}

static const char *
check_title(void *ctx, struct field *f)
{
	(void)ctx;
	return f->value.len ? NULL : _("A board has a name.");
}

/* false: left. What is there is offered; the id and the slug stay. */
static bool
write_board(struct visit *v, struct board *board)
{
	enum { F_TITLE, F_ABOUT, F_LEVEL, F_COUNT };
	const char *const levels[] = { _("members"), _("everybody"), NULL };
	struct field fields[F_COUNT] = {
		[F_TITLE] = { FIELD_TEXT, .label = _("Name"), .max = TITLE_MAX, .check = check_title },
		[F_ABOUT] = { FIELD_TEXT, .label = _("What it is for"), .rule = _("a sentence"), .max = ABOUT_MAX },
		[F_LEVEL] = { FIELD_CHOICE, .label = _("Who reads"), .options = levels,
		    .rule = _("discussions that are there keep their own"), .max = 1 },
	};
	buf_str(&fields[F_TITLE].value, buf_text(&board->title));
	buf_str(&fields[F_ABOUT].value, buf_text(&board->about));
	buf_str(&fields[F_LEVEL].value, !strcmp(board->level, "public") ? "1" : "0");
	struct form form = { .place = _("Administration › Boards"), .fields = fields, .field_count = F_COUNT };
	int r = E_INVALID;
	while (r && ui_form(v->ui, &form) == ACT_DONE) {
		buf_cut(&board->title, 0);
		buf_str(&board->title, buf_text(&fields[F_TITLE].value));
		buf_cut(&board->about, 0);
		buf_str(&board->about, buf_text(&fields[F_ABOUT].value));
		snprintf(board->level, sizeof board->level, "%s",
		    strcmp(buf_text(&fields[F_LEVEL].value), "1") ? "members" : "public");
		if (!board->slug.len)
			slug_of(buf_text(&board->title), &board->slug);
		r = board_put(v->db, board);
		if (r == E_EXISTS)
			ui_say(v->ui, _("There is a board of this name already."));
		else if (r == E_INVALID)
			ui_say(v->ui, _("A name has at least one letter or digit."));
		else if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, _("The board is kept."));
		if (r && !board->id.n)
			buf_cut(&board->slug, 0);
	}
	form_free(&form);
	return !r;
}

static void
add_one(struct visit *v)
{
	struct board board = { .level = "members", .position = 1000 };
	write_board(v, &board);
	board_free(&board);
}

/* ---- one, kept ---- */

static void
close_or_open(struct visit *v, struct board *board)
{
	struct buf question = { 0 };
	buf_fmt(&question, board->closed ? _("Open “%s” again?") : _("Close “%s”? It stays to be read."),
	    buf_text(&board->title));
	if (ui_ask(v->ui, buf_text(&question))) {
		board->closed = !board->closed;
		int r = board_put(v->db, board);
		if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, board->closed ? _("The board is closed: it is read, and no longer written to.")
						    : _("The board is open again."));
	}
	buf_free(&question);
}

static void
move(struct visit *v, board_id id, int by)
{
	int r = board_move(v->db, id, by);
	if (r == E_DONE)
		ui_say(v->ui, by < 0 ? _("It is the first already.") : _("It is the last already."));
	else if (r)
		visit_say_error(v, r);
	else
		ui_say(v->ui, by < 0 ? _("The board stands one place higher.")
				     : _("The board stands one place lower."));
}

static enum act
board_menu(struct visit *v, board_id id)
{
	enum { CHANGE = 1, UP, DOWN, CLOSE, JOURNAL };
	struct board board;
	enum act act = ACT_OPEN;
	int at = 0;
	while (act == ACT_OPEN && !board_get(v->db, id, &board)) {
		struct choice choices[] = {
			{ CHANGE, _("&Change"), _("name, what it is for, who reads"), true, false },
			{ UP, _("&Higher"), _("one place up in the list"), true, false },
			{ DOWN, _("&Lower"), _("one place down in the list"), true, false },
			{ CLOSE, board.closed ? _("&Open again") : _("Close &it"),
			    board.closed ? _("so that one writes there again") : _("it stays to be read"),
			    true, false },
			{ JOURNAL, _("&Journal"), _("what was done about this board"), true, false },
		};
		struct buf place = { 0 };
		place_join(&place, _("Administration › Boards"), buf_text(&board.title));
		struct menu menu = { .place = buf_text(&place), .choices = choices, .choice_count = 5, .at = at,
			.right = board.closed ? _("closed") : level_words(board.level) };
		act = ui_menu(v->ui, &menu);
		at = menu.at;
		if (act == ACT_OPEN && at == CHANGE)
			write_board(v, &board);
		else if (act == ACT_OPEN && at == CLOSE)
			close_or_open(v, &board);
		else if (act == ACT_OPEN && at == JOURNAL)
			act = admin_journal_of(v, "board", id.n) == ACT_QUIT ? ACT_QUIT : ACT_OPEN;
		else if (act == ACT_OPEN)
			move(v, id, at == UP ? -1 : 1);
		buf_free(&place);
		board_free(&board);
	}
	return act;
}

enum act
admin_boards_screen(struct visit *v)
{
	const struct column columns[] = { { _("Name"), 20, 0, 0 }, { _("Who reads"), 10, 14, 1 },
		{ NULL, 20, 50, 2 } };
	struct boards boards = { .v = v };
	struct list list = { .place = _("Administration › Boards"), .columns = columns, .column_count = 3,
		.source = { board_rows, &boards }, .empty = _("No board yet. n adds one."), .acts = ACTS(ACT_ADD),
		.lead = _("Those of councils and territories come by themselves.") };
	enum act act;
	for (;;) {
		v->listen(v, TOPIC_BOARD, 0);
		act = ui_list(v->ui, &list);
		if (act == ACT_ADD)
			add_one(v);
		else if (act != ACT_OPEN)
			return act;
		else if (list.at && board_menu(v, (board_id){ list.at }) == ACT_QUIT)
			return ACT_QUIT;
	}
}
