/* People: who is on line, for all; the list of members, for those who manage them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

struct people {
	struct visit *v;
	enum member_state state;
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

/* ---- members, for the sysop ---- */

static bool
add_member(void *ctx, const struct member_row *row)
{
	struct people *p = ctx;
	struct row *r = rows_add(p->out, row->id.n, NULL, row->id.n);
	row_cell(r, 0, row->name);
	row_cell(r, 1, row->login);
	row_cell(r, 2, _(row->role));
	row_cell(r, 3, row->council);
	row_cell(r, 4, row->email);
	return true;
}

static int
member_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct people *p = ctx;
	(void)filter;
	p->out = out;
	return member_page(
	    p->v->db, p->state, (member_id){ from ? from->num : 0 }, direction, n, add_member, p);
}

static void
give_role(struct visit *v, member_id id)
{
	struct choice choices[] = { { ROLE_MEMBER + 1, _("&Member"), NULL, false, false },
		{ ROLE_RESOURCE + 1, _("&Resource person"), NULL, false, false },
		{ ROLE_ANIMATOR + 1, _("&Animator"), NULL, false, false },
		{ ROLE_SYSOP + 1, _("&Sysop"), NULL, false, false } };
	struct member who;
	if (member_get(v->db, id, &who))
		return;
	struct buf place = { 0 }, territory = { 0 };
	place_join(&place, buf_text(&who.name), _("Role"));
	struct menu menu = { .place = buf_text(&place), .choices = choices, .choice_count = 4,
		.right = _(role_name(who.role)) };
	if (ui_menu(v->ui, &menu) == ACT_OPEN) {
		enum role role = (enum role)(menu.at - 1);
		bool go = role != ROLE_ANIMATOR
			  || ui_line(v->ui, _("Territory"), _("30, R76, FR for the whole network"), &territory,
			      11, false);
		struct buf question = { 0 };
		buf_fmt(&question, _("%s, until now “%s”: give the role “%s”?"), buf_text(&who.name),
		    _(role_name(who.role)), _(role_name(role)));
		go = go && ui_ask(v->ui, buf_text(&question));
		buf_free(&question);
		int r = go ? member_set_role(v->db, id, role, buf_text(&territory)) : E_OK;
		if (r)
			visit_say_error(v, r);
		else if (go)
			ui_say(v->ui, _("%s: the role is changed, at once."), buf_text(&who.name));
	}
	buf_free(&place);
	buf_free(&territory);
	member_free(&who);
}

enum act
members_screen(struct visit *v)
{
	const struct column columns[] = { { _("Name"), 20, 0, 0 }, { _("Log-in name"), 18, 20, 0 },
		{ _("Role"), 9, 9, 3 }, { _("Council"), 18, 24, 2 }, { _("Mail address"), 28, 36, 1 } };
	struct people people = { .v = v, .state = MEMBER_ACTIVE };
	struct list list = { .place = _("Members"), .columns = columns, .column_count = 5,
		.source = { member_rows, &people }, .empty = _("No member yet."),
		.lead = _("Enter changes a role.") };
	enum act act;
	while ((act = ui_list(v->ui, &list)) == ACT_OPEN)
		if (list.at)
			give_role(v, (member_id){ list.at });
	return act;
}
