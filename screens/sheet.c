/* What becomes of a council's sheet: its history and the way back, who takes over as resource person. */
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

/* ---- its history ---- */

const char *
sheet_cause(const char *name)
{
	static const struct {
		const char *name, *words;
	} causes[] = {
		{ "add", N_("first version") },
		{ "edit", N_("a change") },
		{ "restore", N_("an earlier version put back") },
		{ "check", N_("looked over, all is right") },
		{ "handover", N_("another resource person") },
		{ "decline", N_("the new resource person said no") },
	};
	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
		if (!strcmp(causes[i].name, name))
			return _(causes[i].words);
	return name;
}

struct versions {
	struct visit *v;
	item_id council;
	struct rows *out;
};

static bool
add_version(void *ctx, const struct version_row *row)
{
	struct versions *h = ctx;
	struct row *r = rows_add(h->out, row->version, NULL, row->version);
	struct buf cell = { 0 };
	clock_phrase(&cell, row->created, clock_now(), NULL);
	row_cell(r, 0, buf_text(&cell));
	row_cell(r, 1, row->author);
	buf_cut(&cell, 0);
	if (!strcmp(row->cause, "edit"))
		council_field_words(row->fields, &cell);
	row_cell(r, 2, cell.len ? buf_text(&cell) : sheet_cause(row->cause));
	buf_free(&cell);
	return true;
}

static int
version_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct versions *h = ctx;
	(void)filter;
	h->out = out;
	return council_versions(h->v->db, h->council, from ? from->num : 0, direction, n, add_version, h);
}

struct told {
	int64_t version, created;
	struct buf *text;
};

static bool
tell_who(void *ctx, const struct version_row *row)
{
	struct told *told = ctx;
	if (row->version != told->version)
		return false;
	told->created = row->created;
	buf_fmt(told->text, _("%s: %s."), *row->author ? row->author : _("Somebody"), sheet_cause(row->cause));
	return false;
}

static void
restore(struct visit *v, item_id council, int64_t version, const char *when)
{
	struct buf question = { 0 };
	buf_fmt(&question, _("Make the sheet again what it was, %s?"), when);
	if (ui_ask(v->ui, buf_text(&question))) {
		int r = council_restore(v->db, council, version);
		if (r == E_DONE)
			ui_say(v->ui, _("The sheet is like that already."));
		else if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, _("The sheet is again what it was then. What it was until now stays in "
					"its history."));
	}
	buf_free(&question);
}

/* One version: who, when, and what was different from the one before. */
static enum act
version_screen(struct visit *v, item_id council, int64_t version)
{
	struct council now, before;
	struct buf text = { 0 }, when = { 0 };
	struct told told = { .version = version, .text = &text };
	int r = council_version(v->db, council, version, &now);
	if (r) {
		visit_say_error(v, r);
		return ACT_BACK;
	}
	council_version(v->db, council, version - 1, &before); /* the first has none: all empty */
	council_versions(v->db, council, version + 1, 1, 1, tell_who, &told);
	clock_phrase(&when, told.created, clock_now(), NULL);
	buf_fmt(&text, "\n%s\n\n", buf_text(&when));
	size_t start = text.len;
	council_tell(v->db, &before, &now, &text);
	if (text.len == start)
		buf_fmt(&text, "%s\n", _("Nothing was changed."));
	struct page page = { .place = _("Directory › History of the sheet"), .right = buf_text(&now.name),
		.text = buf_text(&text),
		.acts = may(v->db, MAY_EDIT_COUNCIL, council) ? ACTS(ACT_RESTORE) : 0 };
	enum act act = ui_page(v->ui, &page);
	if (act == ACT_RESTORE)
		restore(v, council, version, buf_text(&when));
	council_free(&now);
	council_free(&before);
	buf_free(&text);
	buf_free(&when);
	return act;
}

enum act
sheet_history_screen(struct visit *v, item_id council)
{
	const struct column columns[] = { { _("When"), 16, 0, 0 }, { _("Who"), 14, 24, 1 },
		{ NULL, 14, 40, 0 } };
	struct versions versions = { .v = v, .council = council };
	struct list list = { .place = _("Directory › History of the sheet"), .columns = columns,
		.column_count = 3, .source = { version_rows, &versions },
		.empty = _("This sheet was not changed yet.") };
	enum act act;
	do {
		v->listen(v, TOPIC_COUNCIL, council.n);
		act = ui_list(v->ui, &list);
		if (act == ACT_OPEN && list.at)
			act = version_screen(v, council, list.at);
		else if (act != ACT_OPEN)
			return act;
	} while (act != ACT_RESTORE && act != ACT_QUIT);
	return act;
}

/* ---- another resource person ---- */

enum { OUTSIDE = -1 }; /* the row of somebody who is not on the board */

struct choosing {
	struct visit *v;
	item_id council;
	struct rows *out;
	int64_t wanted; /* whose name goes to `name` */
	struct buf *name;
};

static bool
add_person(void *ctx, member_id id, const char *name, enum role role)
{
	struct choosing *c = ctx;
	struct row *r = rows_add(c->out, id.n, NULL, id.n);
	row_cell(r, 0, name);
	if (role != ROLE_MEMBER)
		row_cell(r, 1, _(role_name(role)));
	if (id.n == c->wanted)
		buf_str(c->name, name);
	return true;
}

static int
person_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct choosing *c = ctx;
	struct rows all = { 0 };
	(void)filter;
	c->out = &all;
	council_people(c->v->db, c->council, add_person, c);
	row_cell(rows_add(&all, OUTSIDE, NULL, OUTSIDE), 0, _("Somebody who is not on the board yet"));
	return rows_window(&all, from, direction, n, out);
}

static void
tell_named(struct visit *v, int answer, const char *name)
{
	if (answer == E_DONE)
		ui_say(v->ui, _("%s is named already."), name);
	else if (answer)
		visit_say_error(v, answer);
	else
		ui_say(v->ui, _("%s is told. The sheet says “to be confirmed” until the answer."), name);
}

static const char *
check_name(void *ctx, struct field *f)
{
	(void)ctx;
	return member_check_name(&f->value) ? _("Please give a name, as one says it.") : NULL;
}

/* Names somebody who is not on the board; true when that is done. */
static bool
name_outside(struct visit *v, item_id council)
{
	enum { NAME, MAIL, PHONE, COUNT };
	struct field fields[COUNT] = {
		[NAME] = { FIELD_TEXT, .label = _("Name of that person"), .max = NAME_MAX_BYTES,
		    .check = check_name },
		[MAIL] = { FIELD_TEXT, .label = _("Mail address"), .rule = _("may stay empty"), .max = EMAIL_MAX },
		[PHONE] = { FIELD_TEXT, .label = _("Phone"), .rule = _("may stay empty"), .max = PHONE_MAX },
	};
	struct form form = { .place = _("Directory › Another resource person"), .fields = fields,
		.field_count = COUNT, .lead = _("Members will read this on the sheet.") };
	int r = E_INVALID;
	while (r && ui_form(v->ui, &form) == ACT_DONE) {
		r = council_hand_over_outside(v->db, council, buf_text(&fields[NAME].value),
		    buf_text(&fields[MAIL].value), buf_text(&fields[PHONE].value));
		if (r == E_INVALID)
			ui_say(v->ui, _("The mail address or the phone does not look right: name@place.fr, 06 12 34 "
					"56 78."));
		else
			tell_named(v, r, buf_text(&fields[NAME].value));
	}
	form_free(&form);
	return !r;
}

/* Asks once more, and names that member; true when that is done. */
static bool
name_member(struct visit *v, item_id council, member_id who, const char *name)
{
	struct buf question = { 0 };
	buf_fmt(&question, _("Name %s the resource person?"), name);
	bool yes = ui_ask(v->ui, buf_text(&question));
	buf_free(&question);
	if (!yes)
		return false;
	int r = council_hand_over(v->db, council, who);
	tell_named(v, r, name);
	return !r;
}

enum act
sheet_handover_screen(struct visit *v, item_id council)
{
	const struct column columns[] = { { NULL, 20, 0, 0 }, { NULL, 12, 20, 1 } };
	struct buf name = { 0 };
	struct choosing choosing = { .v = v, .council = council, .name = &name };
	struct list list = { .place = _("Directory › Another resource person"), .columns = columns,
		.column_count = 2, .source = { person_rows, &choosing },
		.lead = _("Who takes over? That person is asked, and has the place after saying yes."),
		.empty = _("Nobody.") };
	enum act act;
	bool done = false;
	while (!done && (act = ui_list(v->ui, &list)) == ACT_OPEN) {
		struct rows rows = { 0 };
		buf_cut(&name, 0);
		choosing.wanted = list.at;
		person_rows(&choosing, "", NULL, 1, COUNCIL_PEOPLE + 1, &rows);
		rows_free(&rows);
		if (list.at == OUTSIDE)
			done = name_outside(v, council);
		else if (name.len)
			done = name_member(v, council, (member_id){ list.at }, buf_text(&name));
	}
	buf_free(&name);
	return done || act != ACT_QUIT ? ACT_BACK : ACT_QUIT;
}

enum act
sheet_answer_screen(struct visit *v)
{
	struct buf text = { 0 }, giver = { 0 };
	struct council c = { 0 };
	item_id council;
	if (!council_asks(v->db, &council, &giver) || council_get(v->db, council, &c))
		return ACT_BACK;
	const struct member *me = &v->me;
	buf_fmt(&text, _("%s names you the resource person of the council %s (%s)."), buf_text(&giver),
	    buf_text(&c.name), buf_text(&c.town));
	buf_fmt(&text, "\n\n%s\n\n%s\n%s\n%s\n\n%s\n\n%s\n",
	    _("The resource person is who others write to or call. If you say yes, the sheet shows to members:"),
	    buf_text(&me->name), buf_text(&me->email), me->mobile.len ? buf_text(&me->mobile) : _("no phone"),
	    _("You can change this on the sheet. You will also let newcomers in by your yes alone, and invite "
	      "people."),
	    _("Do you accept? o: yes. x: no. Escape: later."));
	struct page page = { .place = _("Resource person"), .right = buf_text(&c.name), .text = buf_text(&text),
		.acts = ACTS(ACT_YES) | ACTS(ACT_NO) };
	enum act act = ui_page(v->ui, &page);
	if (act == ACT_YES || act == ACT_NO) {
		int r = council_answer(v->db, council, act == ACT_YES);
		if (r)
			visit_say_error(v, r);
		else if (act == ACT_YES)
			ui_say(v->ui, _("Thank you. You are the resource person of your council."));
		else
			ui_say(v->ui, _("Your answer is sent. The sheet says again what it said before."));
		visit_refresh(v);
	}
	buf_free(&text);
	buf_free(&giver);
	council_free(&c);
	return act == ACT_QUIT ? ACT_QUIT : ACT_BACK;
}
