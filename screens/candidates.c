/* To approve: candidates who wait for the viewer's yes or no. */
#include <stdlib.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "db/machine.h"
#include "screens/visit.h"

enum { AN_HOUR = 3600 };

struct candidates {
	struct visit *v;
	int64_t urgent, late; /* seconds, by the settings */
	struct rows *out;
};

/* The council's name; one that the candidate proposes is marked. */
static void
name_council(struct buf *out, const struct candidate_row *row)
{
	buf_fmt(out, row->proposes ? _("%s (to be entered)") : "%s", row->council);
}

static bool
add_candidate(void *ctx, const struct candidate_row *row)
{
	struct candidates *c = ctx;
	struct row *r = rows_add(c->out, row->id.n, NULL, row->id.n);
	struct buf cell = { 0 };
	row_cell(r, 0, row->name);
	int64_t since = clock_now() - row->since;
	clock_span(&cell, since);
	row_cell(r, 1, buf_text(&cell));
	row_cell(r, 2, since >= c->late ? _("late") : since >= c->urgent ? _("urgent") : "");
	r->urgent = since >= c->urgent;
	buf_cut(&cell, 0);
	if (row->no)
		buf_str(&cell, row->settles ? _("a no: you decide") : _("a no: an animator decides"));
	else
		buf_fmt(&cell, _("%d yes of %d"), row->yes, row->needed);
	row_cell(r, 3, buf_text(&cell));
	buf_cut(&cell, 0);
	name_council(&cell, row);
	row_cell(r, 4, buf_text(&cell));
	row_cell(r, 5, row->mine ? _("you have answered") : "");
	r->is_new = !row->mine;
	buf_free(&cell);
	return true;
}

static int
candidate_rows(
    void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct candidates *c = ctx;
	(void)filter;
	c->out = out;
	c->urgent = setting_number(c->v->db, "urgent_hours") * AN_HOUR;
	c->late = setting_number(c->v->db, "late_hours") * AN_HOUR;
	return candidate_page(
	    c->v->db, (member_id){ from ? from->num : 0 }, direction, n, add_candidate, c);
}

/* Says what has become of the candidate. */
static void
tell(struct visit *v, int answer, enum member_state state)
{
	if (answer == E_DONE && state == MEMBER_ACTIVE)
		ui_say(v->ui, _("This person is a member already: somebody else has answered."));
	else if (answer)
		visit_say_error(v, answer);
	else if (state == MEMBER_ACTIVE)
		ui_say(v->ui, _("Done: this person is a member from now on, and is told so by mail."));
	else if (state == MEMBER_REFUSED)
		ui_say(v->ui, _("Done: the request is refused, and the reason is sent."));
	else
		ui_say(v->ui, _("Your answer is kept. Thank you."));
}

static void
say_yes(struct visit *v, member_id id, const char *name, bool decides)
{
	struct buf question = { 0 };
	enum member_state state = MEMBER_WAITING;
	buf_fmt(&question,
	    decides ? _("Say yes to %s? Your yes decides: this person can then come in.") : _("Say yes to %s?"),
	    name);
	if (ui_ask(v->ui, buf_text(&question))) {
		int r = candidate_yes(v->db, id, &state);
		tell(v, r, state);
	}
	buf_free(&question);
}

static void
say_no(struct visit *v, member_id id, const char *name, bool settles)
{
	struct buf label = { 0 }, reason = { 0 };
	enum member_state state = MEMBER_WAITING;
	buf_fmt(&label, _("Why no to %s"), name);
	const char *rule = settles ? _("your no decides; the reason is sent to this person by mail")
				   : _("an animator reads it, then decides");
	if (ui_line(v->ui, buf_text(&label), rule, &reason, ABOUT_MAX, false)) {
		int r = candidate_no(v->db, id, buf_text(&reason), &state);
		tell(v, r, state);
	}
	buf_free(&label);
	buf_free(&reason);
}

static void
ask(struct visit *v, member_id id, const char *name)
{
	struct buf label = { 0 }, question = { 0 };
	buf_fmt(&label, _("Your question to %s"), name);
	if (ui_line(v->ui, buf_text(&label), _("the answer will show here"), &question, ABOUT_MAX, false)) {
		int r = candidate_ask(v->db, id, buf_text(&question));
		if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, _("Your question is sent."));
	}
	buf_free(&label);
	buf_free(&question);
}

/* ---- one candidate ---- */

struct wanted {
	struct visit *v;
	member_id id;
	struct buf *text, *name;
	bool found, settles;
	bool decides; /* a yes of the viewer makes a member */
};

/* The sheet that comes with a candidate whose council is not in the directory. */
static void
write_proposal(struct visit *v, item_id council, struct buf *text)
{
	struct council c;
	if (council_proposal(v->db, council, &c))
		return;
	const struct {
		const char *label;
		const struct buf *value;
	} lines[] = { { _("Council"), &c.name }, { _("Town"), &c.town }, { _("Mail of the council"), &c.email },
		{ _("Page"), &c.page }, { _("Resource person"), &c.resource_name },
		{ _("Mail of the resource person"), &c.resource_email },
		{ _("Phone of the resource person"), &c.resource_phone } };
	buf_fmt(text, "\n%s\n",
	    _("This council is not in the directory. Your yes enters it with this sheet, your no drops it:"));
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (lines[i].value->len)
			buf_fmt(text, _("%s: %s\n"), lines[i].label, buf_text(lines[i].value));
	buf_str(text, "\n");
	council_free(&c);
}

/* Writes name and sheet of the candidate that is wanted. */
static bool
write_candidate(void *ctx, const struct candidate_row *row)
{
	struct wanted *w = ctx;
	if (row->id.n != w->id.n)
		return true;
	struct buf since = { 0 };
	w->found = true;
	w->settles = row->settles;
	w->decides = row->settles || (!row->no && may(w->v->db, MAY_DECIDE, row->council_id));
	clock_span(&since, clock_now() - row->since);
	buf_str(w->name, row->name);
	buf_fmt(w->text, "%s\n%s (%s)\n", row->name, row->council, row->town);
	buf_fmt(w->text, _("Waiting for: %s\n"), buf_text(&since));
	if (*row->about)
		buf_fmt(w->text, "\n« %s »\n\n", row->about);
	if (row->proposes)
		write_proposal(w->v, row->council_id, w->text);
	buf_fmt(w->text, _("%d yes of %d"), row->yes, row->needed);
	if (*row->voters)
		buf_fmt(w->text, " (%s)", row->voters);
	buf_str(w->text, "\n");
	if (*row->noes)
		buf_fmt(w->text, "\n%s\n%s\n\n", _("Said no, and your answer decides:"), row->noes);
	else if (row->no)
		buf_fmt(w->text, "%s\n", _("Somebody said no: an animator decides."));
	if (*row->question)
		buf_fmt(w->text, _("Question: %s\nAnswer: %s\n"), row->question,
		    *row->answer ? row->answer : _("none yet"));
	buf_fmt(w->text, "%s\n", row->has_key ? _("Comes with an ssh key.") : _("Comes with a password."));
	buf_free(&since);
	return false;
}

static struct wanted
find_candidate(struct visit *v, member_id id, struct buf *name, struct buf *text)
{
	struct wanted wanted = { .v = v, .id = id, .text = text, .name = name };
	/* Keyset: the row that follows the one just before. */
	candidate_page(v->db, (member_id){ id.n - 1 }, 1, 1, write_candidate, &wanted);
	return wanted;
}

static enum act
candidate_screen(struct visit *v, const struct buf *text)
{
	struct page page = { .place = _("To approve"), .text = buf_text(text),
		.acts = ACTS(ACT_YES) | ACTS(ACT_NO) | ACTS(ACT_ASK) };
	return ui_page(v->ui, &page);
}

enum act
candidates_screen(struct visit *v)
{
	const struct column columns[] = { { _("Name"), 14, 0, 0 }, { _("For"), 6, 10, 0 }, { NULL, 6, 10, 3 },
		{ NULL, 12, 26, 0 }, { _("Council"), 10, 24, 1 }, { NULL, 10, 18, 2 } };
	struct candidates candidates = { .v = v };
	struct list list = { .place = _("To approve"), .columns = columns, .column_count = 6,
		.source = { candidate_rows, &candidates }, .empty = _("Nobody waits for your answer."),
		.acts = ACTS(ACT_YES) | ACTS(ACT_NO) | ACTS(ACT_ASK) };
	enum act act;
	for (;;) {
		v->listen(v, TOPIC_CANDIDATES, 0);
		act = ui_list(v->ui, &list);
		if (act == ACT_BACK || act == ACT_QUIT || !list.at)
			return act;
		struct buf name = { 0 }, text = { 0 };
		member_id id = { list.at };
		struct wanted wanted = find_candidate(v, id, &name, &text);
		if (!wanted.found)
			ui_say(v->ui, _("This person waits no longer: somebody else has answered."));
		else if (act == ACT_OPEN)
			act = candidate_screen(v, &text);
		if (wanted.found && act == ACT_YES)
			say_yes(v, id, buf_text(&name), wanted.decides);
		else if (wanted.found && act == ACT_NO)
			say_no(v, id, buf_text(&name), wanted.settles);
		else if (wanted.found && act == ACT_ASK)
			ask(v, id, buf_text(&name));
		buf_free(&name);
		buf_free(&text);
		if (act == ACT_QUIT)
			return act;
	}
}
