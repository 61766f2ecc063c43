/* The lines of the day: what members wrote on the wall this week, one line each a day. */
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

struct lines {
	struct visit *v;
	struct rows *out;
};

static bool
add_line(void *ctx, const struct daily_row *row)
{
	struct lines *l = ctx;
	struct row *r = rows_add(l->out, row->id, NULL, row->id);
	struct buf cell = { 0 };
	row_cell(r, 0, row->name);
	if (*row->council)
		buf_fmt(&cell, "%s (%s)", row->council, row->town);
	row_cell(r, 1, buf_text(&cell));
	buf_cut(&cell, 0);
	clock_phrase(&cell, row->created, clock_now(), NULL);
	row_cell(r, 2, buf_text(&cell));
	buf_cut(&cell, 0);
	if (row->hidden)
		buf_fmt(&cell, "%s ", _("(hidden)"));
	buf_str(&cell, row->body);
	row_detail(r, buf_text(&cell));
	r->faint = row->hidden;
	buf_free(&cell);
	return true;
}

static int
line_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct lines *l = ctx;
	(void)filter;
	l->out = out;
	return daily_page(l->v->db, from ? from->num : 0, direction, n, add_line, l);
}

static void
write_mine(struct visit *v, struct list *list)
{
	struct buf line = { 0 }, rule = { 0 };
	const char *label = _("Your line of the day");
	int r = E_TOO_LONG;
	daily_mine(v->db, &line);
	buf_fmt(&rule, _("for all members, one a day, %d characters at the most"), DAILY_CELLS);
	/* What can be mended is offered again. */
	while ((r == E_TOO_LONG || r == E_BUSY) &&
	    ui_line(v->ui, label, buf_text(&rule), &line, 4 * DAILY_CELLS, false) && line.len) {
		r = daily_put(v->db, buf_text(&line));
		if (r == E_LOCKED)
			ui_say(v->ui, _("The animators have hidden your line of today: you can write another "
					"one tomorrow."));
		else if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, _("Your line stands there. You can still change it today."));
		/* The newest stands first. */
		list->at = r ? list->at : 0;
	}
	buf_free(&line);
	buf_free(&rule);
}

/* One of them, kept. */
struct kept {
	member_id author;
	struct buf name, text;
	bool hidden;
};

static bool
keep_line(void *ctx, const struct daily_row *row)
{
	struct kept *k = ctx;
	struct buf when = { 0 };
	k->author = row->author;
	k->hidden = row->hidden;
	buf_str(&k->name, row->name);
	clock_phrase(&when, row->created, clock_now(), NULL);
	buf_str(&k->text, row->name);
	if (*row->council)
		buf_fmt(&k->text, ", %s (%s)", row->council, row->town);
	buf_fmt(&k->text, ", %s.\n\n%s\n", buf_text(&when), row->body);
	if (row->hidden)
		buf_fmt(&k->text, "\n%s\n", _("The animators have hidden this line: others do not see it."));
	buf_free(&when);
	return true;
}

static void
kept_free(struct kept *k)
{
	buf_free(&k->name);
	buf_free(&k->text);
}

static enum act
line_screen(struct visit *v, int64_t id)
{
	struct kept line = { 0 };
	enum act act;
	int r = daily_get(v->db, id, keep_line, &line);
	if (r) {
		visit_say_error(v, r);
		return ACT_BACK;
	}
	bool own = line.author.n == v->me.id.n;
	struct page page = { .place = _("Who is here › Lines of the day"), .text = buf_text(&line.text),
		.acts = ACTS(ACT_SHEET) | (own ? 0 : ACTS(ACT_WORD)) };
	do {
		act = ui_page(v->ui, &page);
		if (act == ACT_WORD)
			word_write(v, line.author);
		else if (act == ACT_SHEET && person_screen(v, line.author) == ACT_QUIT)
			act = ACT_QUIT;
	} while (act == ACT_WORD || act == ACT_SHEET);
	kept_free(&line);
	return act;
}

static void
hide_line(struct visit *v, int64_t id)
{
	struct kept line = { 0 };
	struct buf question = { 0 };
	int r = daily_get(v->db, id, keep_line, &line);
	if (!r && !daily_may_hide(v->db, id))
		r = E_DENIED;
	buf_fmt(&question, line.hidden ? _("Show the line of %s again?") : _("Hide the line of %s?"),
	    buf_text(&line.name));
	if (!r && ui_ask(v->ui, buf_text(&question)))
		r = daily_hide(v->db, id, !line.hidden);
	if (r)
		visit_say_error(v, r);
	buf_free(&question);
	kept_free(&line);
}

enum act
lines_screen(struct visit *v)
{
	const struct column columns[] = { { NULL, 16, 0, 0 }, { NULL, 16, 36, 1 }, { NULL, 10, 30, 2 } };
	struct lines lines = { .v = v };
	struct list list = { .place = _("Who is here › Lines of the day"), .columns = columns, .column_count = 3,
		.source = { line_rows, &lines }, .details = true,
		.empty = _("Nobody has written a line this week. n writes yours."),
		.acts = ACTS(ACT_NEW) | (may(v->db, MAY_MODERATE, (item_id){ 0 }) ? ACTS(ACT_HIDE) : 0) };
	enum act act = ACT_NONE;
	while (act != ACT_BACK && act != ACT_QUIT) {
		v->listen(v, TOPIC_DAILY, 0);
		act = ui_list(v->ui, &list);
		if (act == ACT_OPEN && list.at)
			act = line_screen(v, list.at) == ACT_QUIT ? ACT_QUIT : ACT_OPEN;
		else if (act == ACT_NEW)
			write_mine(v, &list);
		else if (act == ACT_HIDE && list.at)
			hide_line(v, list.at);
	}
	return act;
}
