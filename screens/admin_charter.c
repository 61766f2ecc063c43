/* Administration › Charter: its versions, who accepted which, and a new one written. */
#include <inttypes.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

enum { CHARTER_MAX = 64 * 1024 };

struct charters {
	struct visit *v;
	int64_t readers;
	struct rows *out;
};

static bool
add_charter(void *ctx, const struct charter_row *row)
{
	struct charters *c = ctx;
	struct row *r = rows_add(c->out, row->version, NULL, row->version);
	struct buf cell = { 0 };
	buf_fmt(&cell, _("Version %d"), (int)row->version);
	row_cell(r, 0, buf_text(&cell));
	buf_cut(&cell, 0);
	buf_fmt(&cell, _("%d of %d members"), (int)row->accepted, (int)c->readers);
	row_cell(r, 1, buf_text(&cell));
	row_cell(r, 2, row->author);
	buf_cut(&cell, 0);
	clock_day(&cell, row->created, clock_now());
	row_cell(r, 3, buf_text(&cell));
	buf_free(&cell);
	return true;
}

static int
charter_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct charters *c = ctx;
	(void)filter;
	c->out = out;
	c->readers = charter_readers(c->v->db);
	return charter_page(c->v->db, from ? from->num : 0, direction, n, add_charter, c);
}

static enum act
version_screen(struct visit *v, int64_t version)
{
	struct buf text = { 0 }, right = { 0 };
	enum act act = ACT_BACK;
	int r = charter_version(v->db, version, &text);
	if (r) {
		visit_say_error(v, r);
	} else {
		buf_fmt(&right, _("Version %d"), (int)version);
		struct page page = { .place = _("Administration › Charter"), .right = buf_text(&right),
			.text = buf_text(&text) };
		act = ui_page(v->ui, &page);
	}
	buf_free(&text);
	buf_free(&right);
	return act;
}

/* ---- a new one ---- */

struct charter_writing {
	struct visit *v;
	struct buf in_force; /* what it begins with: left as it is, it is no draft */
	int trouble;         /* why the text could not be kept as a draft; 0: it is */
};

static bool
is_new(const struct charter_writing *w, const char *text)
{
	return *text && strcmp(text, buf_text(&w->in_force)) != 0;
}

static bool
keep(void *ctx, const char *text)
{
	struct charter_writing *w = ctx;
	struct db *db = w->v->db;
	int r = is_new(w, text) ? draft_keep(db, CHARTER_DRAFT, "", text) : draft_drop(db, CHARTER_DRAFT);
	return draft_told(w->v, &w->trouble, r);
}

/* The draft, else the charter as it is, to be changed. */
static void
begin(struct charter_writing *w, struct buf *text)
{
	struct draft draft;
	charter_get(w->v->db, &w->in_force);
	if (draft_get(w->v->db, CHARTER_DRAFT, &draft)) {
		buf_str(text, buf_text(&w->in_force));
		return;
	}
	ui_say(w->v->ui, _("Here is the text that you had begun."));
	buf_str(text, buf_text(&draft.body));
	draft_free(&draft);
}

void
admin_charter_write(struct visit *v)
{
	struct charter_writing w = { .v = v };
	struct edit edit = { .place = _("Administration › Charter › A new version"), .max = CHARTER_MAX,
		.lead = _("Everybody reads the new version at the next log-in, and says yes or no."),
		.keep = keep, .ctx = &w };
	int r = E_INVALID;
	begin(&w, &edit.text);
	while (r) {
		if (ui_edit(v->ui, &edit) != ACT_DONE) {
			if (!w.trouble || keep(&w, buf_text(&edit.text)) || draft_leaves(v, w.trouble))
				break;
			continue;
		}
		keep(&w, buf_text(&edit.text));
		if (!ui_ask(v->ui, _("Every member will be asked to accept it. Put this version in force?")))
			continue;
		r = charter_set(v->db, buf_text(&edit.text));
		if (r)
			visit_say_error(v, r);
	}
	if (r && !w.trouble && is_new(&w, buf_text(&edit.text))) {
		ui_say(v->ui, _("Your text is kept: home, “My drafts”."));
	} else if (!r) {
		draft_drop(v->db, CHARTER_DRAFT);
		ui_say(v->ui, _("The new version is in force: everybody reads it at the next log-in."));
	}
	buf_free(&w.in_force);
	buf_free(&edit.text);
}

enum act
admin_charter_screen(struct visit *v)
{
	const struct column columns[] = { { _("Charter"), 12, 0, 0 }, { _("Accepted by"), 14, 26, 0 },
		{ _("Written by"), 12, 20, 1 }, { _("When"), 15, 16, 2 } };
	struct charters charters = { .v = v };
	struct list list = { .place = _("Administration › Charter"), .columns = columns, .column_count = 4,
		.source = { charter_rows, &charters }, .empty = _("No charter yet. n writes one."),
		.acts = ACTS(ACT_NEW) };
	enum act act;
	for (;;) {
		act = ui_list(v->ui, &list);
		if (act == ACT_NEW)
			admin_charter_write(v);
		else if (act != ACT_OPEN)
			return act;
		else if (list.at && version_screen(v, list.at) == ACT_QUIT)
			return ACT_QUIT;
	}
}
