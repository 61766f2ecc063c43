/* Open sessions: one's own, or all of them for the sysop; closing one, a word to one. */
#include <stdio.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "db/machine.h"
#include "screens/visit.h"

struct sessions {
	struct visit *v;
	member_id of; /* NOBODY: all */
	struct rows *out;
	int64_t here;
	int64_t wanted; /* the session whose words are to be written */
	struct buf words;
};

static bool
add_session(void *ctx, const struct session_row *row)
{
	struct sessions *s = ctx;
	struct row *r = rows_add(s->out, row->id, NULL, row->id);
	struct buf words = { 0 };
	if (row->here)
		buf_fmt(&words, "%s, ", _("this one"));
	clock_phrase(&words, row->started, clock_now(), NULL);
	if (row->here)
		s->here = row->id;
	int column = 0;
	if (!s->of.n)
		row_cell(r, column++, *row->name ? row->name : _("Visitor"));
	row_cell(r, column++, buf_text(&words));
	row_cell(r, column++, row->carrier);
	row_cell(r, column, row->source);
	buf_free(&words);
	return true;
}

static int
session_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct sessions *s = ctx;
	struct rows all = { 0 };
	(void)filter;
	s->out = &all;
	session_list(s->v->db, s->of, 0, SESSIONS_MAX, add_session, s);
	return rows_window(&all, from, direction, n, out);
}

static void
end_session(struct visit *v, int64_t id)
{
	if (!ui_ask(v->ui, _("What is being written in this session is kept. Close it?")))
		return;
	int r = session_end(v->db, id);
	if (r)
		visit_say_error(v, r);
	else
		ui_say(v->ui, _("The session is closed."));
}

static void
write_to(struct visit *v, int64_t id)
{
	struct buf word = { 0 };
	if (ui_line(v->ui, _("Your word"), _("one line, shown there at once"), &word, WORD_BYTES, false) && word.len) {
		int r = session_write(v->db, id, buf_text(&word));
		if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, _("It is shown there."));
	}
	buf_free(&word);
}

/* "Alba Ferreira, ssh, 192.0.2.7" */
static bool
write_words(void *ctx, const struct session_row *row)
{
	struct sessions *s = ctx;
	if (row->id == s->wanted)
		buf_fmt(&s->words, "%s, %s, %s", *row->name ? row->name : _("Visitor"), row->carrier, row->source);
	return true;
}

/* One of all: what the sysop may do with it. */
static enum act
open_session(struct visit *v, int64_t id)
{
	struct sessions which = { .v = v, .wanted = id };
	session_list(v->db, NOBODY, 0, SESSIONS_MAX, write_words, &which);
	enum { WRITE = 1, END };
	struct choice choices[] = { { WRITE, _("&Write a line to it"), NULL, false, false },
		{ END, _("&Close it"), NULL, false, false } };
	struct menu menu = { .place = _("Open sessions"), .lead = buf_text(&which.words), .choices = choices,
		.choice_count = 2 };
	enum act act = ui_menu(v->ui, &menu);
	buf_free(&which.words);
	if (act == ACT_OPEN && menu.at == WRITE)
		write_to(v, id);
	else if (act == ACT_OPEN)
		end_session(v, id);
	return act;
}

enum act
sessions_screen(struct visit *v, member_id of)
{
	const struct column columns[] = { { _("Name"), 16, 0, 0 }, { _("Since"), 20, 40, 0 }, { _("By"), 6, 8, 2 },
		{ _("Address"), 12, 40, 1 } };
	struct sessions sessions = { .v = v, .of = of };
	struct list list = { .place = of.n == v->me.id.n ? _("My profile › Open sessions") : _("Open sessions"),
		.columns = of.n ? columns + 1 : columns, .column_count = of.n ? 3 : 4,
		.source = { session_rows, &sessions }, .empty = _("Nobody."),
		.lead = of.n ? _("Choosing a session closes it, for example one that was left open elsewhere.") : NULL };
	enum act act;
	while ((act = ui_list(v->ui, &list)) == ACT_OPEN) {
		if (!list.at)
			continue;
		if (list.at == sessions.here)
			ui_say(v->ui, _("This is the session in which you are: Q leaves it."));
		else if (of.n == v->me.id.n)
			end_session(v, list.at);
		else if (open_session(v, list.at) == ACT_QUIT)
			return ACT_QUIT;
	}
	return act;
}
