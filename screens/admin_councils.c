/* Administration › Councils: one more, one's sheet, two that are the same. */
#include <stdio.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "screens/visit.h"

/* ---- a town, chosen ---- */

struct towns {
	struct visit *v;
	char codes[100][8]; /* those shown; a row's id is its place here, plus one */
	char chosen[8];
	int count;
	struct rows *out;
};

static bool
add_town(void *ctx, const struct commune *commune)
{
	enum { ROOM = sizeof((struct towns *)0)->codes / sizeof *((struct towns *)0)->codes };
	struct towns *t = ctx;
	if (t->count == ROOM)
		return false;
	snprintf(t->codes[t->count++], sizeof t->codes[0], "%s", commune->code);
	struct row *r = rows_add(t->out, t->count, NULL, t->count);
	row_cell(r, 0, commune->name);
	row_cell(r, 1, commune->department_name);
	row_cell(r, 2, commune->code);
	return true;
}

static int
town_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct towns *t = ctx;
	struct rows all = { 0 };
	t->out = &all;
	t->count = 0;
	if (*filter)
		commune_find(t->v->db, filter, sizeof t->codes / sizeof *t->codes, add_town, t);
	return rows_window(&all, from, direction, n, out);
}

static bool
pick_town(void *ctx, struct ui *ui, struct field *f, const char *typed)
{
	const struct column columns[] = { { _("Town"), 20, 0, 0 }, { _("Département"), 12, 24, 2 },
		{ _("Code"), 6, 6, 1 } };
	struct towns *t = ctx;
	struct commune commune;
	struct list list = { .place = _("Administration › Councils › The town"), .columns = columns,
		.column_count = 3, .source = { town_rows, t }, .filters = true,
		.lead = _("Type a few letters of its name."), .empty = _("No town whose name begins so.") };
	snprintf(list.filter, sizeof list.filter, "%s", typed);
	if (ui_list(ui, &list) != ACT_OPEN || list.at < 1 || list.at > t->count)
		return false;
	snprintf(t->chosen, sizeof t->chosen, "%s", t->codes[list.at - 1]);
	if (commune_get(t->v->db, t->chosen, &commune))
		return false;
	buf_cut(&f->value, 0);
	buf_str(&f->value, commune.name);
	buf_cut(&f->shown, 0);
	buf_fmt(&f->shown, "%s (%s)", commune.name, commune.department_name);
	return true;
}

/* ---- one more ---- */

enum { F_NAME, F_TOWN, F_EMAIL, F_COUNT };

static const char *
check_name(void *ctx, struct field *f)
{
	(void)ctx;
	return f->value.len ? NULL : _("A council has a name.");
}

static const char *
check_town(void *ctx, struct field *f)
{
	struct towns *t = ctx;
	(void)f;
	return *t->chosen ? NULL : _("Please choose the town in the list.");
}

static item_id
put_council(struct visit *v, const struct field *fields, const char *commune)
{
	struct council c = { 0 };
	const char *wrong;
	buf_str(&c.name, buf_text(&fields[F_NAME].value));
	buf_str(&c.communes, commune);
	buf_str(&c.email, buf_text(&fields[F_EMAIL].value));
	int r = council_check(v->db, &c, &wrong);
	if (r && !strcmp(wrong, "email"))
		ui_say(v->ui, _("This does not look like a mail address: name@place.fr"));
	else if (r)
		visit_say_error(v, r);
	else if ((r = council_put(v->db, &c)) == E_EXISTS)
		ui_say(v->ui, _("There is a council of this name in this commune already."));
	else if (r)
		visit_say_error(v, r);
	else
		ui_say(v->ui, _("The council is added. Its sheet can be filled in by its members, or here."));
	item_id id = { r ? 0 : c.id.n };
	council_free(&c);
	return id;
}

/* The form comes again, as it was typed, until the council is added or the person leaves. */
static enum act
add_council(struct visit *v)
{
	struct towns towns = { .v = v };
	struct field fields[F_COUNT] = {
		[F_NAME] = { FIELD_TEXT, .label = _("Name of the council"), .max = TITLE_MAX, .check = check_name },
		[F_TOWN] = { FIELD_PICK, .label = _("Town"), .rule = _("a few letters of its name"),
		    .max = TITLE_MAX, .check = check_town, .pick = pick_town },
		[F_EMAIL] = { FIELD_TEXT, .label = _("Mail of the council"), .rule = _("may stay empty"),
		    .max = EMAIL_MAX },
	};
	struct form form = { .place = _("Administration › Councils › One more"), .fields = fields,
		.field_count = F_COUNT, .ctx = &towns };
	item_id id = { 0 };
	enum act act;
	do
		act = ui_form(v->ui, &form);
	while (act == ACT_DONE && !(id = put_council(v, fields, towns.chosen)).n);
	form_free(&form);
	return id.n ? council_screen(v, id) : act;
}

/* ---- two that are the same ---- */

static void
merge(struct visit *v, item_id from, const char *name)
{
	item_id into;
	struct buf other = { 0 }, question = { 0 };
	ui_say(v->ui, _("Choose the sheet that stays; the members of %s go there."), name);
	if (council_choose(v, MAY_ADD_COUNCIL, &into, &other)) {
		buf_fmt(&question, _("Hide the sheet of %s, and move its members and discussions to %s? This is not "
		    "undone."), name, buf_text(&other));
		if (into.n == from.n) {
			ui_say(v->ui, _("These are not two: it is the same sheet."));
		} else if (ui_ask(v->ui, buf_text(&question))) {
			int r = council_merge(v->db, from, into);
			if (r)
				visit_say_error(v, r);
			else
				ui_say(v->ui, _("The members and discussions of %s are at %s now."), name,
				    buf_text(&other));
		}
	}
	buf_free(&other);
	buf_free(&question);
}

static enum act
council_menu(struct visit *v, item_id id, const char *name)
{
	enum { SHEET = 1, MERGE, JOURNAL };
	struct buf place = { 0 };
	place_join(&place, _("Administration › Councils"), name);
	struct choice choices[] = {
		{ SHEET, _("The &sheet"), _("look at it, change it"), true, false },
		{ MERGE, _("&Merge"), _("with another sheet of the same council"), true, false },
		{ JOURNAL, _("&Journal"), _("what was done about this council"), true, false },
	};
	struct menu menu = { .place = buf_text(&place), .choices = choices, .choice_count = 3 };
	enum act act = ACT_BACK;
	struct council council;
	/* Merged, it is gone. */
	while (!council_get(v->db, id, &council)) {
		council_free(&council);
		act = ui_menu(v->ui, &menu);
		if (act != ACT_OPEN)
			break;
		if (menu.at == SHEET)
			act = council_screen(v, id);
		else if (menu.at == MERGE)
			merge(v, id, name);
		else
			act = admin_journal_of(v, "council", id.n);
		if (act == ACT_QUIT)
			break;
	}
	buf_free(&place);
	return act == ACT_QUIT ? ACT_QUIT : ACT_BACK;
}

enum act
admin_councils_screen(struct visit *v)
{
	enum { LETTERS = 1, NEW };
	struct choice choices[] = {
		{ LETTERS, _("By &letters"), _("a council, to change it or to merge it"), true, false },
		{ NEW, _("&Add one"), _("its name and its town"), true, false },
	};
	struct menu menu = { .place = _("Administration › Councils"), .choices = choices, .choice_count = 2 };
	enum act act;
	while ((act = ui_menu(v->ui, &menu)) == ACT_OPEN) {
		item_id id;
		struct buf name = { 0 };
		if (menu.at == NEW)
			act = add_council(v);
		else if (council_choose(v, MAY_EDIT_COUNCIL, &id, &name))
			act = council_menu(v, id, buf_text(&name));
		buf_free(&name);
		if (act == ACT_QUIT)
			return act;
	}
	return act;
}
