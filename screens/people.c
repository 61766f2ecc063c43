/* People: who is on line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

struct people {
	struct visit *v;
	struct rows *out;
	int64_t wanted;  /* among those who are here: whose session is it? */
	member_id found;
};

static bool
add_session(void *ctx, const struct session_row *row)
{
	struct people *p = ctx;
	struct row *r = rows_add(p->out, row->id, NULL, row->id);
	struct buf words = { 0 };
	if (p->wanted == row->id)
		p->found = row->member;
	row_cell(r, 0, *row->name ? row->name : _("Visitor"));
	if (*row->council)
		buf_fmt(&words, "%s (%s)", row->council, row->town);
	row_cell(r, 1, buf_text(&words));
	buf_cut(&words, 0);
	clock_span(&words, clock_now() - row->started);
	row_cell(r, 2, buf_text(&words));
	buf_free(&words);
	return true;
}

/* Those who are here come whole, at most a few hundred. */
static int
session_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct people *p = ctx;
	struct rows all = { 0 };
	(void)filter;
	p->out = &all;
	session_page(p->v->db, add_session, p);
	return rows_window(&all, from, direction, n, out);
}

enum act
who_screen(struct visit *v)
{
	const struct column columns[] = { { _("Name"), 16, 0, 0 }, { _("Council"), 16, 40, 1 },
		{ _("Here for"), 8, 12, 2 } };
	struct people people = { .v = v };
	struct list list = { .place = _("Who is here"), .columns = columns, .column_count = 3,
		.source = { session_rows, &people }, .empty = _("Nobody.") };
	enum act act;
	while ((act = ui_list(v->ui, &list)) == ACT_OPEN) {
		people.found = NOBODY;
		people.wanted = list.at;
		struct rows rows = { 0 };
		session_rows(&people, "", NULL, 1, SESSIONS_MAX, &rows);
		rows_free(&rows);
		if (people.found.n && person_screen(v, people.found) == ACT_QUIT)
			return ACT_QUIT;
	}
	return act;
}
