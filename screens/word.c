/* Short words: one said to somebody, and those that come while one is here, answered by one key. */
#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

/* ---- saying one ---- */

static void
say_refused(struct visit *v, const char *name, int answer)
{
	if (answer == E_LOCKED)
		ui_say(v->ui, _("%s wants no short words at the moment."), name);
	else if (answer == E_INVALID)
		ui_say(v->ui, _("This is you: the word is for somebody else."));
	else if (answer == E_NOT_FOUND)
		ui_say(v->ui, _("This member has left, or has no sheet."));
	else
		visit_say_error(v, answer);
}

void
word_write(struct visit *v, member_id to)
{
	struct member who = { 0 };
	struct buf label = { 0 }, rule = { 0 }, word = { 0 };
	bool here = false;
	member_get(v->db, to, &who);
	buf_fmt(&label, _("Your word to %s"), buf_text(&who.name));
	buf_fmt(&rule, _("one line, %d characters at the most"), WORD_CELLS);
	int r = word_check(v->db, to);
	if (r)
		say_refused(v, buf_text(&who.name), r);
	while (!r && ui_line(v->ui, buf_text(&label), buf_text(&rule), &word, 4 * WORD_CELLS, false) && word.len) {
		r = word_send(v->db, to, buf_text(&word), &here);
		if (r)
			say_refused(v, buf_text(&who.name), r);
		else if (here)
			ui_say(v->ui, _("It is said: %s reads it at a calm moment."), buf_text(&who.name));
		else
			ui_say(v->ui, _("%s is not here: your word waits there for a month, under “For you”."),
			    buf_text(&who.name));
		/* What can be mended is offered again. */
		if (r != E_TOO_LONG && r != E_BUSY)
			break;
		r = E_OK;
	}
	member_free(&who);
	buf_free(&label);
	buf_free(&rule);
	buf_free(&word);
}

/* ---- those that come ---- */

enum { AT_ONCE = 5 };

static void
answer(void *ctx)
{
	struct visit *v = ctx;
	word_write(v, v->words.from);
}

static bool
newest(void *ctx, const struct word_row *row)
{
	*(int64_t *)ctx = row->id;
	return false;
}

void
word_begin(struct visit *v)
{
	v->words.seen = 0;
	word_page(v->db, false, 0, 1, newest, &v->words.seen);
	v->words.told = v->words.seen;
	v->words.count = 0;
}

static bool
tell(void *ctx, const struct word_row *row)
{
	struct visit *v = ctx;
	struct buf hour = { 0 };
	clock_hour(&hour, row->created);
	buf_fmt(&v->ui->word, _("%s, at %s: “%s”\n"), row->name, buf_text(&hour), row->body);
	buf_free(&hour);
	v->words.told = row->id;
	v->words.from = row->other;
	v->words.count++;
	v->ui->answer = answer;
	v->ui->answer_ctx = v;
	return true;
}

bool
word_come(struct visit *v)
{
	return word_look(v->db, v->words.told, AT_ONCE, tell, v) > 0;
}

void
word_gone(struct visit *v)
{
	if (!v->words.count || v->ui->word.len)
		return;
	/* Where that cannot be written they stay new, under "For you". */
	word_seen(v->db, v->words.seen, v->words.told);
	v->words.seen = v->words.told;
	v->words.count = 0;
}
