/* A council that the directory does not have: whoever signs up proposes its sheet. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "screens/visit.h"

/* ---- its town ---- */

enum { TOWNS = 50 };

struct towns {
	struct visit *v;
	char code[TOWNS][8]; /* a row's id is its place here, plus one */
	int count;
	struct rows *out;
};

static bool
add_town(void *ctx, const struct commune *commune)
{
	struct towns *t = ctx;
	snprintf(t->code[t->count++], sizeof t->code[0], "%s", commune->code);
	struct row *r = rows_add(t->out, t->count, NULL, t->count);
	row_cell(r, 0, commune->name);
	row_cell(r, 1, commune->department_name);
	return true;
}

/* The most populous that begin like that; a short list, given whole. */
static int
town_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct towns *t = ctx;
	struct rows all = { 0 };
	t->out = &all;
	t->count = 0;
	commune_find(t->v->db, filter, TOWNS, add_town, t);
	return rows_window(&all, from, direction, n, out);
}

enum { P_NAME, P_TOWN, P_EMAIL, P_RESOURCE, P_RESOURCE_EMAIL, P_RESOURCE_PHONE, P_PAGE, P_COUNT };

struct proposing {
	struct visit *v;
	struct field field[P_COUNT];
	char code[8];
};

static bool
pick_town(void *ctx, struct ui *ui, struct field *f, const char *typed)
{
	struct proposing *p = ctx;
	const struct column columns[] = { { _("Town"), 16, 0, 0 }, { _("Département"), 12, 28, 0 } };
	struct towns towns = { .v = p->v };
	struct list list = { .place = _("Choose a town"), .columns = columns, .column_count = 2,
		.source = { town_rows, &towns }, .filters = true,
		.lead = _("Type the first letters of the town."),
		.empty = _("Towns show as soon as you type.") };
	snprintf(list.filter, sizeof list.filter, "%s", typed);
	struct commune commune;
	if (ui_list(ui, &list) != ACT_OPEN || list.at < 1 || list.at > towns.count ||
	    commune_get(p->v->db, towns.code[list.at - 1], &commune))
		return false;
	snprintf(p->code, sizeof p->code, "%s", commune.code);
	buf_cut(&f->shown, 0);
	buf_fmt(&f->shown, "%s (%s)", commune.name, commune.department_name);
	buf_cut(&f->value, 0);
	buf_str(&f->value, commune.name);
	return true;
}

/* ---- its fields ---- */

static const char *
check_council_name(void *ctx, struct field *f)
{
	(void)ctx;
	return f->value.len ? NULL : _("Please give the name of your council.");
}

static const char *
check_town(void *ctx, struct field *f)
{
	struct proposing *p = ctx;
	(void)f;
	if (!*p->code)
		return _("Please choose the town of your council.");
	item_id there = council_find(p->v->db, buf_text(&p->field[P_NAME].value), p->code);
	return there.n ? _("This council is in the list already: leave this form and choose it.") : NULL;
}

/* What a whole sheet with this field alone would be told; nothing is needed here. */
static const char *
check_field(struct proposing *p, struct field *f, size_t offset, const char *wrong)
{
	struct council c = { 0 };
	const char *field;
	struct buf *b = (struct buf *)((char *)&c + offset);
	buf_str(&c.name, "x");
	buf_str(&c.communes, *p->code ? p->code : "75056");
	buf_str(b, buf_text(&f->value));
	int r = council_check(p->v->db, &c, &field);
	buf_cut(&f->value, 0);
	buf_str(&f->value, buf_text(b));
	council_free(&c);
	return r ? wrong : NULL;
}

static const char *
check_mail(void *ctx, struct field *f)
{
	return check_field(ctx, f, offsetof(struct council, email),
	    _("This does not look like a mail address: name@place.fr"));
}

static const char *
check_phone(void *ctx, struct field *f)
{
	return check_field(ctx, f, offsetof(struct council, resource_phone),
	    _("A number like 06 12 34 56 78, or nothing."));
}

static const char *
check_page(void *ctx, struct field *f)
{
	return check_field(ctx, f, offsetof(struct council, page),
	    _("An address like facebook.com/our-council, or nothing."));
}

/* The sheet from the form. */
static void
take(struct proposing *p, struct council *out)
{
	struct buf *const fields[P_COUNT] = { &out->name, &out->town, &out->email, &out->resource_name,
		&out->resource_email, &out->resource_phone, &out->page };
	council_free(out);
	for (int i = 0; i < P_COUNT; i++)
		buf_str(fields[i], buf_text(&p->field[i].value));
	buf_str(&out->communes, p->code);
}

bool
propose_screen(struct visit *v, const char *typed, struct council *out)
{
	struct proposing p = { .v = v,
		.field = {
			[P_NAME] = { FIELD_TEXT, .label = _("Name of the council"), .max = TITLE_MAX,
			    .check = check_council_name },
			[P_TOWN] = { FIELD_PICK, .label = _("Town"), .rule = _("its first letters"),
			    .max = TITLE_MAX, .check = check_town, .pick = pick_town },
			[P_EMAIL] = { FIELD_TEXT, .label = _("Mail of the council"), .rule = _("may stay empty"),
			    .max = EMAIL_MAX, .check = check_mail },
			[P_RESOURCE] = { FIELD_TEXT, .label = _("Resource person"),
			    .rule = _("whom to ask; may be you"), .max = NAME_MAX_BYTES },
			[P_RESOURCE_EMAIL] = { FIELD_TEXT, .label = _("Mail of the resource person"),
			    .rule = _("may stay empty"), .max = EMAIL_MAX, .check = check_mail },
			[P_RESOURCE_PHONE] = { FIELD_TEXT, .label = _("Phone of the resource person"),
			    .rule = _("may stay empty"), .max = PHONE_MAX, .check = check_phone },
			[P_PAGE] = { FIELD_TEXT, .label = _("Page"), .rule = _("may stay empty"),
			    .max = TITLE_MAX, .check = check_page },
		} };
	struct form form = { .place = _("Signing up › My council"), .fields = p.field, .field_count = P_COUNT,
		.ctx = &p, .lead = _("Your council is not listed yet: seven lines, and an animator enters it "
				     "together with you.") };
	buf_str(&p.field[P_NAME].value, typed);
	bool done = ui_form(v->ui, &form) == ACT_DONE;
	if (done)
		take(&p, out);
	form_free(&form);
	return done;
}
