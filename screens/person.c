/* The members: the list of all, and the sheet of one. */
#include <stdio.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

/* ---- the list ---- */

struct people {
	struct visit *v;
	struct rows *out;
};

static bool
add_person(void *ctx, const struct person_row *row)
{
	struct people *p = ctx;
	struct row *r = rows_add(p->out, row->id.n, row->sort, row->id.n);
	struct buf council = { 0 };
	row_cell(r, 0, row->name);
	if (*row->council)
		buf_fmt(&council, "%s (%s)", row->council, row->town);
	row_cell(r, 1, buf_text(&council));
	row_cell(r, 2, strcmp(row->role, "member") != 0 ? _(row->role) : "");
	row_cell(r, 3, row->knows);
	buf_free(&council);
	return true;
}

static int
person_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct people *p = ctx;
	p->out = out;
	return person_page(p->v->db, filter, from ? from->key : NULL, (member_id){ from ? from->num : 0 },
	    direction, n, add_person, p);
}

enum act
person_list(struct visit *v, struct list *list)
{
	enum act act;
	do {
		act = ui_list(v->ui, list);
		if (act == ACT_OPEN && list->at)
			act = person_screen(v, (member_id){ list->at }) == ACT_QUIT ? ACT_QUIT : ACT_OPEN;
		else if (act == ACT_WORD && list->at)
			word_write(v, (member_id){ list->at });
	} while (act == ACT_OPEN || act == ACT_WORD);
	return act;
}

enum act
people_screen(struct visit *v)
{
	const struct column columns[] = { { _("Name"), 16, 0, 0 }, { _("Council"), 16, 36, 2 },
		{ _("Role"), 9, 9, 3 }, { _("Knows"), 16, 30, 1 } };
	struct people people = { .v = v };
	struct list list = { .place = _("The members"), .columns = columns, .column_count = 4,
		.source = { person_rows, &people }, .empty = _("Nobody has a name that begins so."),
		.acts = ACTS(ACT_WORD), .filters = true };
	return person_list(v, &list);
}

/* ---- the sheet ---- */

static void
line(struct buf *text, const char *label, const char *value)
{
	if (*value)
		buf_fmt(text, _("%s: %s\n"), label, value);
}

static void
write_sheet(const struct person_sheet *s, struct buf *text)
{
	struct buf council = { 0 }, when = { 0 };
	const char *const labels[CONTACT_FIELDS] = { _("Mail address"), _("Mobile phone"), _("About"), _("Knows") };
	bool nothing = true;
	line(text, _("Name"), buf_text(&s->name));
	if (s->role != ROLE_MEMBER)
		line(text, _("Role"), _(role_name(s->role)));
	if (s->council_name.len)
		buf_fmt(&council, "%s (%s)", buf_text(&s->council_name), buf_text(&s->town));
	line(text, _("Council"), buf_text(&council));
	clock_phrase(&when, s->created, clock_now(), NULL);
	line(text, _("Here since"), buf_text(&when));
	for (int i = 0; i < CONTACT_FIELDS; i++) {
		line(text, labels[i], buf_text(&s->field[i]));
		nothing = nothing && !s->field[i].len;
	}
	if (nothing)
		buf_fmt(text, "\n%s\n", _("This member shows you nothing more."));
	buf_free(&council);
	buf_free(&when);
}

/* The code that opens the account of somebody who has lost his password, to be read to him. */
static void
give_code(struct visit *v, member_id id, const char *name)
{
	struct buf question = { 0 }, text = { 0 }, code = { 0 };
	buf_fmt(&question, _("Make a one-time code for %s? Only if you know the voice on the phone."), name);
	if (ui_ask(v->ui, buf_text(&question))) {
		int r = member_code(v->db, id, &code);
		buf_fmt(&text, _("The code for %s:\n\n    %s\n\nRead it out. It is good for 15 minutes. At the "
				 "log-in one types perdu in the place of the name, then the name and this "
				 "code, then a new password."),
		    name, buf_text(&code));
		struct page page = { .place = _("One-time code"), .text = buf_text(&text) };
		if (r)
			visit_say_error(v, r);
		else
			ui_page(v->ui, &page);
	}
	buf_free(&question);
	buf_wipe(&text);
	buf_wipe(&code);
}

/* What one may do about a member. */
static enum act
acts_on(struct visit *v, const struct person_sheet *s)
{
	enum { CODE = 1, CONTACT, SESSIONS, ERASE };
	struct choice choices[6];
	struct buf place = { 0 };
	int n = 0;
	bool manages = may(v->db, MAY_MANAGE_MEMBERS, (item_id){ 0 });
	if (may_give_code(v->db, s->id))
		choices[n++] = (struct choice){ CODE, _("Give a &code"),
			_("for a lost password, to read out on the phone"), true, false };
	if (manages)
		choices[n++] = (struct choice){ CONTACT, _("&How to reach this member"), _("change it"), true,
			false };
	if (manages)
		choices[n++] = (struct choice){ SESSIONS, _("Open &sessions"), _("close one"), true, false };
	if (manages)
		choices[n++] = (struct choice){ ERASE, _("&Erase this member"), _("for good"), true, false };
	place_join(&place, _("The members"), buf_text(&s->name));
	struct menu menu = { .place = buf_text(&place), .choices = choices, .choice_count = n };
	enum act act = ui_menu(v->ui, &menu);
	if (act == ACT_OPEN && menu.at == CODE)
		give_code(v, s->id, buf_text(&s->name));
	else if (act == ACT_OPEN && menu.at == CONTACT)
		contact_screen(v, s->id);
	else if (act == ACT_OPEN && menu.at == SESSIONS)
		act = sessions_screen(v, s->id);
	else if (act == ACT_OPEN)
		erase_screen(v, s->id);
	buf_free(&place);
	return act;
}

enum act
person_screen(struct visit *v, member_id id)
{
	enum act act;
	do {
		struct person_sheet sheet;
		struct buf text = { 0 }, place = { 0 };
		int r = person_sheet_get(v->db, id, &sheet);
		if (r) {
			ui_say(v->ui, _("This member has left, or has no sheet."));
			return ACT_BACK;
		}
		bool own = id.n == v->me.id.n;
		write_sheet(&sheet, &text);
		place_join(&place, _("The members"), buf_text(&sheet.name));
		struct page page = { .place = buf_text(&place), .text = buf_text(&text),
			.acts = (own || may_give_code(v->db, id) ? ACTS(ACT_EDIT) : 0) | (own ? 0 : ACTS(ACT_WORD)) };
		act = ui_page(v->ui, &page);
		if (act == ACT_EDIT && own)
			contact_screen(v, id);
		else if (act == ACT_EDIT && acts_on(v, &sheet) == ACT_QUIT)
			act = ACT_QUIT;
		else if (act == ACT_WORD)
			word_write(v, id);
		person_sheet_free(&sheet);
		buf_free(&text);
		buf_free(&place);
	} while (act == ACT_EDIT || act == ACT_WORD);
	return act;
}
