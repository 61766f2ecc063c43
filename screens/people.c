/* People: who is on line, and who called last; from here a word to somebody, and the lines of the day. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "db/machine.h"
#include "screens/visit.h"

/* ---- who is here ---- */

struct people {
	struct visit *v;
	struct rows *out;
	/* Whose session each row is: to be known also when that one has just left. */
	struct {
		int64_t session;
		member_id member;
	} here[SESSIONS_MAX];
	int count;
};

static bool
add_session(void *ctx, const struct session_row *row)
{
	struct people *p = ctx;
	struct row *r = rows_add(p->out, row->id, NULL, row->id);
	struct buf words = { 0 };
	p->here[p->count].session = row->id;
	p->here[p->count++].member = row->member;
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
	p->count = 0;
	session_page(p->v->db, add_session, p);
	return rows_window(&all, from, direction, n, out);
}

static member_id
member_of(const struct people *p, int64_t session)
{
	for (int i = 0; i < p->count; i++)
		if (p->here[i].session == session)
			return p->here[i].member;
	return NOBODY;
}

static void
word_to(struct visit *v, member_id member)
{
	if (member.n)
		word_write(v, member);
	else
		ui_say(v->ui, _("Visitors take no words."));
}

/* ---- who called last ---- */

struct callers {
	struct visit *v;
	struct rows *out;
};

static bool
add_caller(void *ctx, const struct caller_row *row)
{
	struct callers *c = ctx;
	struct row *r = rows_add(c->out, row->id.n, NULL, row->id.n);
	struct buf words = { 0 };
	row_cell(r, 0, row->name);
	if (*row->council)
		buf_fmt(&words, "%s (%s)", row->council, row->town);
	row_cell(r, 1, buf_text(&words));
	buf_cut(&words, 0);
	clock_phrase(&words, row->visit, clock_now(), NULL);
	row_cell(r, 2, buf_text(&words));
	buf_free(&words);
	return true;
}

static int
caller_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct callers *c = ctx;
	struct rows all = { 0 };
	(void)filter;
	c->out = &all;
	caller_list(c->v->db, add_caller, c);
	return rows_window(&all, from, direction, n, out);
}

static enum act
callers_screen(struct visit *v)
{
	const struct column columns[] = { { _("Name"), 16, 0, 0 }, { _("Council"), 16, 40, 1 },
		{ _("Called"), 10, 30, 2 } };
	struct callers callers = { .v = v };
	struct list list = { .place = _("Who is here › Last callers"), .columns = columns, .column_count = 3,
		.source = { caller_rows, &callers }, .empty = _("Nobody."), .acts = ACTS(ACT_WORD) };
	return person_list(v, &list);
}

/* ---- from who is here, the rest ---- */

enum act
who_screen(struct visit *v)
{
	const struct column columns[] = { { _("Name"), 16, 0, 0 }, { _("Council"), 16, 40, 1 },
		{ _("Here for"), 8, 12, 2 } };
	struct people *people = mem_alloc(sizeof *people);
	struct list list = { .place = _("Who is here"), .columns = columns, .column_count = 3,
		.source = { session_rows, people }, .empty = _("Nobody."),
		.acts = ACTS(ACT_WORD) | ACTS(ACT_LINES) | ACTS(ACT_CALLERS) };
	enum act act = ACT_NONE, next;
	people->v = v;
	while (act != ACT_BACK && act != ACT_QUIT) {
		act = next = ui_list(v->ui, &list);
		member_id member = member_of(people, list.at);
		if (act == ACT_OPEN && member.n)
			next = person_screen(v, member);
		else if (act == ACT_OPEN && list.at)
			ui_say(v->ui, _("A visitor has no sheet."));
		else if (act == ACT_LINES)
			next = lines_screen(v);
		else if (act == ACT_CALLERS)
			next = callers_screen(v);
		else if (act == ACT_WORD && list.at)
			word_to(v, member);
		if (next == ACT_QUIT)
			act = ACT_QUIT;
	}
	free(people);
	return act;
}
