/* What becomes of a council's sheet: its history, and the way back. */
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
