/*
 * The search in all that one may read: words typed anywhere, what is found with its passage, newest or
 * best first, and a form that narrows it down to an author, a board, a time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

enum { COUNCILS = 3, BEST = 100 };
/* Councils stand before what was written: their places behind all ids. */
#define COUNCIL_PLACE (INT64_MAX - COUNCILS)

struct sought {
	struct visit *v;
	struct search search;
	struct buf words, author, board, since;
	bool best;
	struct rows councils;
};

/* ---- what is found ---- */

bool
search_row(void *rows, const struct hit *hit)
{
	struct row *r = rows_add(rows, hit->id.n, NULL, hit->id.n);
	struct buf when = { 0 };
	row_cell(r, 0, hit->title);
	row_cell(r, 1, hit->author);
	clock_day(&when, hit->created, clock_now());
	row_cell(r, 2, buf_text(&when));
	row_detail(r, hit->passage);
	buf_free(&when);
	return true;
}

static bool
add_council(void *ctx, const struct hit *hit)
{
	struct sought *s = ctx;
	int64_t place = COUNCIL_PLACE + COUNCILS - 1 - s->councils.count;
	struct row *r = rows_add(&s->councils, hit->id.n, NULL, place);
	struct buf name = { 0 };
	buf_fmt(&name, _("Council: %s"), hit->title);
	row_cell(r, 0, buf_text(&name));
	row_detail(r, hit->passage);
	buf_free(&name);
	return true;
}

/* Copies the councils that stand behind (1) or before (-1) that place, nearest first; how many. */
static int
council_rows(struct sought *s, int64_t place, int direction, int n, struct rows *out)
{
	int count = s->councils.count, given = 0;
	for (int k = 0; k < count && given < n; k++) {
		const struct row *from = &s->councils.row[direction > 0 ? k : count - 1 - k];
		if (direction > 0 ? from->num >= place : from->num <= place)
			continue;
		struct row *r = rows_add(out, from->id, NULL, from->num);
		row_cell(r, 0, from->cell[0]);
		row_detail(r, from->detail);
		given++;
	}
	return given;
}

/* The best come whole: councils, then hits by their weight. */
static int
best_rows(struct sought *s, const struct row *from, int direction, int n, struct rows *out)
{
	struct rows all = { 0 };
	council_rows(s, INT64_MAX, 1, COUNCILS, &all);
	search_best(s->v->db, &s->search, BEST, search_row, &all);
	return rows_window(&all, from, direction, n, out);
}

/* Councils first, their places behind all ids; then hits, the newest first. */
static int
found_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct sought *s = ctx;
	(void)filter;
	if (s->best)
		return best_rows(s, from, direction, n, out);
	int64_t place = from ? from->num : direction > 0 ? INT64_MAX : 0;
	bool in_councils = place >= COUNCIL_PLACE;
	int count = 0;
	if (direction > 0 && in_councils)
		count = council_rows(s, place, 1, n, out);
	if (count < n && (direction > 0 || !in_councils))
		count += search_page(s->v->db, &s->search, (item_id){ in_councils ? 0 : place }, direction,
		    n - count, search_row, out);
	if (direction < 0)
		count += council_rows(s, in_councils ? place : 0, -1, n - count, out);
	return count;
}

/* The councils, where nothing narrows the search down to what was written. */
static void
find_councils(struct sought *s)
{
	struct search councils = { .words = buf_text(&s->words), .kind = SEARCH_COUNCILS };
	rows_free(&s->councils);
	if (!s->search.author.n && !s->search.board.n && !s->search.since && s->words.len)
		search_page(s->v->db, &councils, (item_id){ 0 }, 1, COUNCILS, add_council, s);
}

/* ---- narrowing down ---- */

enum { F_WORDS, F_AUTHOR, F_BOARD, F_SINCE, F_COUNT };

struct narrowing {
	struct sought *s;
	const char *titles[BOARDS_MAX + 2]; /* of the boards, "" all before them; NULL-ended */
	board_id boards[BOARDS_MAX + 1];
	int count;
};

static bool
add_board(void *ctx, const struct board_row *row)
{
	struct narrowing *n = ctx;
	n->titles[n->count] = mem_dup(row->title);
	n->boards[n->count++] = row->id;
	return n->count <= BOARDS_MAX;
}

static const char *
check_author(void *ctx, struct field *f)
{
	struct sought *s = ((struct narrowing *)ctx)->s;
	struct member member = { 0 };
	if (!f->value.len)
		return NULL;
	int r = member_find(s->v->db, buf_text(&f->value), &member);
	member_free(&member);
	return r ? _("Nobody here has this log-in name.") : NULL;
}

static const char *
check_since(void *ctx, struct field *f)
{
	(void)ctx;
	return !f->value.len || clock_parse(buf_text(&f->value)) >= 0
	    ? NULL
	    : _("A day, a month or a year: 24/03/2026, 03/2026 or 2026; or nothing.");
}

static void
set(struct buf *field, const char *text)
{
	buf_cut(field, 0);
	buf_str(field, text);
}

/* What the form says becomes what is sought. */
static void
take(struct narrowing *n, struct field field[F_COUNT])
{
	struct sought *s = n->s;
	struct member author = { 0 };
	int board = (int)strtol(buf_text(&field[F_BOARD].value), NULL, 10);
	set(&s->words, buf_text(&field[F_WORDS].value));
	set(&s->since, buf_text(&field[F_SINCE].value));
	set(&s->author, "");
	if (field[F_AUTHOR].value.len && !member_find(s->v->db, buf_text(&field[F_AUTHOR].value), &author))
		set(&s->author, buf_text(&author.name));
	set(&s->board, board ? n->titles[board] : "");
	s->search = (struct search){ .author = author.id, .board = n->boards[board],
		.since = s->since.len ? clock_parse(buf_text(&s->since)) : 0, .kind = SEARCH_MESSAGES };
	member_free(&author);
}

static void
narrow_down(struct sought *s)
{
	struct narrowing n = { .s = s, .titles = { mem_dup(_("all")) }, .count = 1 };
	struct field field[F_COUNT] = {
		[F_WORDS] = { .kind = FIELD_TEXT, .label = _("Words"), .max = TITLE_MAX,
		    .rule = _("all of them; \"those in quotes\" side by side") },
		[F_AUTHOR] = { .kind = FIELD_TEXT, .label = _("Written by"), .max = EMAIL_MAX,
		    .rule = _("a log-in name, or nothing"), .check = check_author },
		[F_BOARD] = { .kind = FIELD_CHOICE, .label = _("On the board"), .options = n.titles },
		[F_SINCE] = { .kind = FIELD_TEXT, .label = _("Since"), .max = 10,
		    .rule = _("24/03/2026, 03/2026, 2026, or nothing"), .check = check_since },
	};
	struct form form = { .place = _("Search"), .lead = _("What is left empty does not count."),
		.fields = field, .field_count = F_COUNT, .ctx = &n };
	int chosen = 0;
	board_mine(s->v->db, add_board, &n);
	for (int i = 1; i < n.count; i++)
		if (n.boards[i].n == s->search.board.n)
			chosen = i;
	set(&field[F_WORDS].value, buf_text(&s->words));
	set(&field[F_SINCE].value, buf_text(&s->since));
	buf_fmt(&field[F_BOARD].value, "%d", chosen);
	if (ui_form(s->v->ui, &form) == ACT_DONE)
		take(&n, field);
	form_free(&form);
	for (int i = 0; i < n.count; i++)
		free((char *)n.titles[i]);
}

/* ---- the screen ---- */

static void
describe(const struct sought *s, struct buf *lead)
{
	buf_cut(lead, 0);
	buf_str(lead, s->best ? _("The best first (b: the newest)") : _("The newest first (b: the best)"));
	if (s->words.len)
		buf_fmt(lead, _(", with: %s"), buf_text(&s->words));
	if (s->author.len)
		buf_fmt(lead, _(", by %s"), buf_text(&s->author));
	if (s->board.len)
		buf_fmt(lead, _(", on %s"), buf_text(&s->board));
	if (s->since.len)
		buf_fmt(lead, _(", since %s"), buf_text(&s->since));
	buf_char(lead, '.');
}

/* What was found is a council, or a message in its discussion. */
static enum act
open_found(struct visit *v, item_id id)
{
	struct thread thread = { 0 };
	if (thread_of(v->db, id, &thread))
		return council_screen(v, id);
	item_id root = thread.id;
	thread_free(&thread);
	return thread_screen(v, root, id);
}

enum act
search_screen(struct visit *v, const char *words)
{
	const struct column columns[] = { { NULL, 30, 0, 0 }, { NULL, 10, 14, 2 }, { NULL, 9, 16, 1 } };
	struct sought s = { .v = v, .search.kind = SEARCH_MESSAGES };
	struct buf lead = { 0 };
	struct list list = { .place = _("Search"), .columns = columns, .column_count = 3, .details = true,
		.source = { found_rows, &s },
		.empty = _("Nothing that you may read holds all these words. Fewer words find more; e changes them. Files are looked for in "
			   "the shared folders."),
		.acts = ACTS(ACT_SEARCH) | ACTS(ACT_NARROW) | ACTS(ACT_ORDER) };
	enum act act = ACT_NONE;
	set(&s.words, words);
	while (act != ACT_BACK && act != ACT_QUIT) {
		s.search.words = buf_text(&s.words);
		find_councils(&s);
		describe(&s, &lead);
		list.lead = buf_text(&lead);
		act = ui_list(v->ui, &list);
		if (act == ACT_OPEN && list.at)
			act = open_found(v, (item_id){ list.at }) == ACT_QUIT ? ACT_QUIT : ACT_NONE;
		else if (act == ACT_NARROW)
			narrow_down(&s);
		else if (act == ACT_ORDER)
			s.best = !s.best;
		else if (act == ACT_SEARCH)
			set(&s.words, ui_words(v->ui));
	}
	rows_free(&s.councils);
	buf_free(&s.words);
	buf_free(&s.author);
	buf_free(&s.board);
	buf_free(&s.since);
	buf_free(&lead);
	return act;
}
