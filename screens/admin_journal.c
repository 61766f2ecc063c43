/* Administration › Journal: who did what to whom, and when; by person, by act, by day. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "db/machine.h"
#include "screens/visit.h"

/* The acts, in words; one that is not here is shown as the journal has it. */
static const struct act_words {
	const char *act, *words;
} acts[] = {
	{ "sign-up", N_("asked to join") },
	{ "yes", N_("said yes") },
	{ "no", N_("said no") },
	{ "ask", N_("asked something") },
	{ "answer", N_("answered") },
	{ "approve", N_("let in") },
	{ "refuse", N_("refused") },
	{ "remind", N_("reminded of a candidate") },
	{ "add", N_("added") },
	{ "role", N_("changed the role") },
	{ "council", N_("changed the council") },
	{ "suspend", N_("suspended") },
	{ "reinstate", N_("reinstated") },
	{ "password", N_("changed the password") },
	{ "key", N_("added a key") },
	{ "remove-key", N_("removed a key") },
	{ "code", N_("gave a one-time code") },
	{ "lost-password", N_("replaced a lost password") },
	{ "contact", N_("changed how to be reached") },
	{ "confirm", N_("confirmed an address") },
	{ "erase", N_("erased") },
	{ "close", N_("closed a session") },
	{ "write", N_("wrote to a session") },
	{ "accept-charter", N_("accepted the charter") },
	{ "charter", N_("wrote the charter") },
	{ "invite", N_("invited") },
	{ "council.add", N_("added a council") },
	{ "council.edit", N_("changed a council") },
	{ "council.restore", N_("put a sheet back") },
	{ "council.check", N_("checked a sheet") },
	{ "council.propose", N_("proposed a sheet") },
	{ "council.drop", N_("dropped a proposed sheet") },
	{ "council.handover", N_("changed the resource person") },
	{ "council.decline", N_("put the resource person back") },
	{ "handover", N_("named a resource person") },
	{ "accept", N_("said yes to be resource person") },
	{ "decline", N_("said no to be resource person") },
	{ "council.merge", N_("merged a council") },
	{ "board.add", N_("added a board") },
	{ "board.set", N_("changed a board") },
	{ "line.hide", N_("hid a line of the day") },
	{ "line.show", N_("showed a line of the day again") },
	{ "hide", N_("hid a message") },
	{ "show", N_("showed a message again") },
	{ "lock", N_("closed a discussion") },
	{ "unlock", N_("opened a discussion again") },
	{ "pin", N_("pinned a discussion") },
	{ "unpin", N_("unpinned a discussion") },
	{ "move", N_("moved a discussion") },
	{ "merge", N_("joined two discussions") },
	{ "split", N_("parted a discussion") },
	{ "report", N_("reported a message") },
	{ "report.dismiss", N_("left a reported message") },
	{ "file.level", N_("changed who reads a file") },
	{ "file.hide", N_("hid a file") },
	{ "file.show", N_("showed a file again") },
	{ "file.report", N_("reported a file") },
	{ "file.dismiss", N_("left a reported file") },
	{ "ban", N_("shut out") },
	{ "unban", N_("let come back") },
	{ "set", N_("changed a setting") },
	{ "outbox.again", N_("sent a mail again") },
	{ "backup", N_("backed up") },
	{ "check", N_("checked the store") },
	{ "extract", N_("took out a part") },
};
enum { ACTS_COUNT = sizeof acts / sizeof *acts };

static const char *
words_of(const char *act)
{
	for (int i = 0; i < ACTS_COUNT; i++)
		if (!strcmp(acts[i].act, act))
			return _(acts[i].words);
	return act;
}

/* What it was done to: its name, or what it is and its number. */
static void
write_target(struct buf *out, const struct journal_row *row)
{
	if (*row->target)
		buf_str(out, row->target);
	else if (!strcmp(row->object, "message"))
		buf_fmt(out, _("message %lld"), (long long)row->object_id);
	else if (!strcmp(row->object, "thread"))
		buf_fmt(out, _("discussion %lld"), (long long)row->object_id);
	else if (!strcmp(row->object, "file"))
		buf_fmt(out, _("file %lld"), (long long)row->object_id);
	else if (!strcmp(row->object, "session"))
		buf_fmt(out, _("session %lld"), (long long)row->object_id);
	else if (!strcmp(row->object, "store"))
		buf_str(out, _("the store"));
	else if (!strcmp(row->object, "source"))
		buf_str(out, row->detail); /* the address */
	else
		buf_str(out, row->object);
}

struct journal {
	struct visit *v;
	struct journal_filter filter;
	struct buf actor; /* the name of filter.actor */
	char act[32];
	struct rows *out;
};

static bool
add_act(void *ctx, const struct journal_row *row)
{
	struct journal *j = ctx;
	struct row *r = rows_add(j->out, row->id, NULL, row->id);
	struct buf cell = { 0 };
	clock_day(&cell, row->created, clock_now());
	row_cell(r, 0, *row->actor ? row->actor : _("the board"));
	row_cell(r, 1, words_of(row->act));
	row_cell(r, 3, buf_text(&cell));
	buf_cut(&cell, 0);
	write_target(&cell, row);
	row_cell(r, 2, buf_text(&cell));
	buf_free(&cell);
	return true;
}

static int
act_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct journal *j = ctx;
	(void)filter;
	j->out = out;
	return journal_find(j->v->db, &j->filter, from ? from->num : 0, direction, n, add_act, j);
}

/* ---- one act ---- */

struct shown {
	struct buf *text;
	int64_t id;
};

static bool
write_act(void *ctx, const struct journal_row *row)
{
	struct shown *s = ctx;
	struct buf when = { 0 }, target = { 0 };
	if (row->id != s->id)
		return false;
	clock_date(&when, row->created, NULL);
	write_target(&target, row);
	buf_fmt(s->text, _("Who: %s\n"), *row->actor ? row->actor : _("the board"));
	buf_fmt(s->text, _("Did: %s (%s)\n"), words_of(row->act), row->act);
	buf_fmt(s->text, _("To: %s (%s %lld)\n"), buf_text(&target), row->object,
	    (long long)row->object_id);
	buf_fmt(s->text, _("When: %s\n"), buf_text(&when));
	if (*row->detail)
		buf_fmt(s->text, _("Detail: %s\n"), row->detail);
	buf_free(&when);
	buf_free(&target);
	return false;
}

static enum act
act_screen(struct journal *j, int64_t id)
{
	struct buf text = { 0 };
	struct shown shown = { &text, id };
	journal_find(j->v->db, &j->filter, id + 1, 1, 1, write_act, &shown);
	struct page page = { .place = _("Administration › Journal"), .text = buf_text(&text) };
	enum act act = ui_page(j->v->ui, &page);
	buf_free(&text);
	return act;
}

/* ---- what is shown ---- */

static void
filter_person(struct journal *j)
{
	struct buf typed = { 0 };
	struct member m = { 0 };
	if (ui_line(j->v->ui, _("Whose acts"), _("a log-in name or a mail address; empty: everybody's"), &typed,
		EMAIL_MAX, false)) {
		j->filter.actor = NOBODY;
		buf_cut(&j->actor, 0);
		if (typed.len && member_find(j->v->db, buf_text(&typed), &m)) {
			ui_say(j->v->ui, _("There is no member “%s”."), buf_text(&typed));
		} else if (typed.len) {
			j->filter.actor = m.id;
			buf_str(&j->actor, buf_text(&m.name));
		}
	}
	member_free(&m);
	buf_free(&typed);
}

static bool
add_choice(struct rows *out, int id, const char *words, const char *sought)
{
	bool fits = text_has(words, sought);
	if (fits)
		row_cell(rows_add(out, id, NULL, id), 0, words);
	return fits;
}

static int
choice_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct rows all = { 0 };
	(void)ctx;
	add_choice(&all, ACTS_COUNT + 1, _("all acts"), filter);
	for (int i = 0; i < ACTS_COUNT; i++)
		add_choice(&all, i + 1, _(acts[i].words), filter);
	return rows_window(&all, from, direction, n, out);
}

static void
filter_act(struct journal *j)
{
	const struct column columns[] = { { NULL, 20, 0, 0 } };
	struct list list = { .place = _("Administration › Journal › Which acts"), .columns = columns,
		.column_count = 1, .source = { choice_rows, NULL }, .filters = true, .empty = _("Nothing here.") };
	if (ui_list(j->v->ui, &list) == ACT_OPEN && list.at > 0)
		snprintf(j->act, sizeof j->act, "%s", list.at > ACTS_COUNT ? "" : acts[list.at - 1].act);
}

static void
filter_day(struct journal *j, const char *label, bool until)
{
	struct buf typed = { 0 };
	if (ui_line(j->v->ui, label, _("as 24/03/2026; empty: no bound"), &typed, 20, false)) {
		int64_t day = typed.len ? clock_parse(buf_text(&typed)) : 0;
		if (day < 0)
			ui_say(j->v->ui, _("This is no date: day, month, year, as 24/03/2026."));
		else if (until)
			j->filter.until = day ? day + 24 * 3600 : 0;
		else
			j->filter.since = day;
	}
	buf_free(&typed);
}

static void
write_lead(const struct journal *j, struct buf *lead)
{
	struct buf day = { 0 };
	buf_cut(lead, 0);
	if (j->filter.actor.n)
		buf_fmt(lead, "%s ", buf_text(&j->actor));
	if (*j->act)
		buf_fmt(lead, "%s ", words_of(j->act));
	if (j->filter.since) {
		clock_day(&day, j->filter.since, clock_now());
		buf_fmt(lead, _("since %s "), buf_text(&day));
	}
	buf_cut(&day, 0);
	if (j->filter.until) {
		clock_day(&day, j->filter.until - 1, clock_now());
		buf_fmt(lead, _("until %s "), buf_text(&day));
	}
	if (lead->len)
		buf_cut(lead, lead->len - 1);
	buf_free(&day);
}

static enum act
list_acts(struct journal *j)
{
	const struct column columns[] = { { _("Who"), 14, 0, 0 }, { _("Did"), 12, 24, 0 },
		{ _("To"), 10, 22, 1 }, { _("When"), 15, 16, 2 } };
	struct buf lead = { 0 };
	struct list list = { .place = _("Administration › Journal"), .columns = columns, .column_count = 4,
		.source = { act_rows, j }, .empty = _("Nothing in the journal that is so.") };
	enum act act;
	j->filter.act = j->act;
	write_lead(j, &lead);
	list.lead = lead.len ? buf_text(&lead) : NULL;
	while ((act = ui_list(j->v->ui, &list)) == ACT_OPEN)
		if (list.at && act_screen(j, list.at) == ACT_QUIT) {
			act = ACT_QUIT;
			break;
		}
	buf_free(&lead);
	return act;
}

/* The list, and what it is narrowed to. */
enum act
admin_journal_screen(struct visit *v)
{
	enum { SHOW = 1, PERSON, ACT, SINCE, UNTIL, COUNT };
	struct journal journal = { .v = v, .filter = { .object = "" } }, *j = &journal;
	struct buf since = { 0 }, until = { 0 };
	struct menu menu = { .place = _("Administration › Journal") };
	enum act act;
	do {
		buf_cut(&since, 0);
		buf_cut(&until, 0);
		if (j->filter.since)
			clock_day(&since, j->filter.since, clock_now());
		if (j->filter.until)
			clock_day(&until, j->filter.until - 1, clock_now());
		struct choice choices[COUNT] = {
			{ SHOW, _("Sho&w"), _("the newest first"), true, false },
			{ PERSON, _("&Person"), j->actor.len ? buf_text(&j->actor) : _("everybody"), true, false },
			{ ACT, _("&Act"), *j->act ? words_of(j->act) : _("all acts"), true, false },
			{ SINCE, _("&Since"), since.len ? buf_text(&since) : _("the beginning"), true, false },
			{ UNTIL, _("&Until"), until.len ? buf_text(&until) : _("now"), true, false } };
		menu.choices = choices;
		menu.choice_count = COUNT - 1;
		act = ui_menu(v->ui, &menu);
		if (act != ACT_OPEN)
			break;
		if (menu.at == SHOW)
			act = list_acts(j);
		else if (menu.at == PERSON)
			filter_person(j);
		else if (menu.at == ACT)
			filter_act(j);
		else
			filter_day(j, menu.at == SINCE ? _("Since which day") : _("Until which day"),
			    menu.at == UNTIL);
	} while (act != ACT_QUIT);
	buf_free(&since);
	buf_free(&until);
	buf_free(&j->actor);
	return act;
}

enum act
admin_journal_of(struct visit *v, const char *object, int64_t id)
{
	struct journal journal = { .v = v, .filter = { .object = object, .object_id = id } };
	return list_acts(&journal);
}
