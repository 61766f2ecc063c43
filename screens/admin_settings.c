/* Administration › Settings: what is changed while the board runs, row by row of the one table. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "db/machine.h"
#include "screens/visit.h"

struct shown {
	struct visit *v;
	struct rows *out;
};

static void
write_value(const struct setting *s, int64_t value, struct buf *out)
{
	if (s->kind == SETTING_YES)
		buf_str(out, value ? _("yes") : _("no"));
	else
		buf_fmt(out, "%" PRId64, value);
}

static int
setting_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct shown *shown = ctx;
	struct rows all = { 0 };
	(void)filter;
	for (int i = 0; i < settings_count; i++) {
		const struct setting *s = &settings[i];
		struct row *r = rows_add(&all, i + 1, NULL, i);
		struct buf cell = { 0 };
		int64_t value = setting_number(shown->v->db, s->name);
		row_cell(r, 0, _(s->label));
		write_value(s, value, &cell);
		row_cell(r, 1, buf_text(&cell));
		buf_cut(&cell, 0);
		if (value != s->otherwise) {
			buf_str(&cell, _("changed; else "));
			write_value(s, s->otherwise, &cell);
		}
		row_cell(r, 2, buf_text(&cell));
		buf_free(&cell);
	}
	return rows_window(&all, from, direction, n, out);
}

static void
change(struct visit *v, const struct setting *s)
{
	struct buf value = { 0 }, rule = { 0 }, bounds = { 0 };
	write_value(s, setting_number(v->db, s->name), &value);
	if (s->kind == SETTING_YES)
		buf_str(&bounds, _("yes or no"));
	else
		buf_fmt(&bounds, _("%d to %d"), (int)s->min, (int)s->max);
	buf_fmt(&rule, "%s. %s", buf_text(&bounds), _(s->help));
	if (ui_line(v->ui, _(s->label), buf_text(&rule), &value, 20, false)) {
		int r = setting_set(v->db, s->name, buf_text(&value));
		if (r == E_INVALID)
			ui_say(v->ui, _("This cannot be; what can: %s. Nothing was changed."),
			    buf_text(&bounds));
		else if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, _("%s: %s, from now on."), _(s->label), buf_text(&value));
	}
	buf_free(&value);
	buf_free(&rule);
	buf_free(&bounds);
}

enum act
admin_settings_screen(struct visit *v)
{
	const struct column columns[] = { { _("Setting"), 24, 0, 0 }, { _("Now"), 6, 10, 0 },
		{ NULL, 16, 24, 1 } };
	struct shown shown = { .v = v };
	struct list list = { .place = _("Administration › Settings"), .columns = columns, .column_count = 3,
		.source = { setting_rows, &shown }, .empty = "",
		.lead = _("What is changed here counts at once. The rest stands in the file bbs.conf.") };
	enum act act;
	while ((act = ui_list(v->ui, &list)) == ACT_OPEN)
		if (list.at > 0 && list.at <= settings_count)
			change(v, &settings[list.at - 1]);
	return act;
}
