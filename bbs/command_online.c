/* Commands about those who are on line: short words, lines of the day, last callers, being seen. */
#include <stdio.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "bbs/command_call.h"
#include "db/machine.h"
#include "db/member.h"
#include "db/word.h"

enum { PAGE = 50, INPUT_MAX = 4 * 1024 };

struct walk {
	struct listing *list;
	int64_t last, left;
};

/* ---- short words ---- */

/* Whether those one sent were read is not one's to know. */
static const struct listing_column words[] = {
	{ "id", N_("Number"), 6 },
	{ "login", N_("Login"), 14 },
	{ "name", N_("Name"), 20 },
	{ "created", N_("Date"), 24 },
	{ "body", N_("Text"), 60 },
	{ "seen", N_("Read"), 4 },
};
enum { WORDS = sizeof words / sizeof *words, WORDS_SENT = WORDS - 1 };

static int
run_send(struct call *call)
{
	struct member to = { 0 };
	struct buf word = { 0 };
	bool here = false;
	int r = member_find(call->db, call->words[0], &to);
	if (!r)
		r = word_check(call->db, to.id);
	bool nobody = r == E_NOT_FOUND;
	if (!r)
		r = call_input(call, &word, INPUT_MAX);
	if (!r)
		r = word_send(call->db, to.id, buf_text(&word), &here);
	const char *name = buf_text(&to.name);
	int status = 0;
	if (nobody)
		status = call_refuse(call, _("There is no member “%s”."), call->words[0]);
	else if (r == E_LOCKED)
		status = call_refuse(call, _("%s wants no short words at the moment."), name);
	else if (r == E_INVALID)
		status = call_refuse(call, "%s", _("This is you: the word is for somebody else."));
	else if (r)
		status = call_end(call, r);
	else if (here)
		call_say(call, _("It is said: %s reads it at a calm moment."), name);
	else
		call_say(call, _("%s is not here: your word waits there for a month, under “For you”."), name);
	if (!status)
		call_say(call, "\n");
	buf_free(&word);
	member_free(&to);
	return status;
}

static bool
list_word(void *ctx, const struct word_row *row)
{
	struct walk *w = ctx;
	listing_number(w->list, row->id);
	listing_words(w->list, row->login);
	listing_words(w->list, row->name);
	call_time(w->list, row->created);
	listing_words(w->list, row->body);
	if (w->list->count == WORDS)
		listing_yes(w->list, row->seen);
	w->last = row->id;
	return --w->left > 0;
}

static int
run_words(struct call *call)
{
	struct listing l;
	struct walk w = { .list = &l, .left = call_limit(call) };
	bool sent = call_option(call, "sent");
	int n = PAGE;
	call_list_as(call, &l, words, sent ? WORDS_SENT : WORDS);
	while (n == PAGE && w.left > 0) {
		n = word_page(call->db, sent, w.last, PAGE, list_word, &w);
		call_flush(call);
	}
	listing_end(&l);
	return 0;
}

/* ---- lines of the day ---- */

static const struct listing_column lines[] = {
	{ "id", N_("Number"), 6 },
	{ "name", N_("Name"), 20 },
	{ "council", N_("Council"), 22 },
	{ "town", N_("Town"), 16 },
	{ "created", N_("Date"), 24 },
	{ "hidden", N_("Hidden"), 4 },
	{ "body", N_("Text"), 40 },
};

static int
run_add(struct call *call)
{
	struct buf line = { 0 };
	int r = call_input(call, &line, INPUT_MAX);
	if (!r)
		r = daily_put(call->db, buf_text(&line));
	buf_free(&line);
	if (r == E_LOCKED)
		return call_refuse(call, "%s", _("The animators have hidden your line of today: you can write another "
						 "one tomorrow."));
	return call_end(call, r);
}

static bool
list_line(void *ctx, const struct daily_row *row)
{
	struct walk *w = ctx;
	listing_number(w->list, row->id);
	listing_words(w->list, row->name);
	listing_words(w->list, row->council);
	listing_words(w->list, row->town);
	call_time(w->list, row->created);
	listing_yes(w->list, row->hidden);
	listing_words(w->list, row->body);
	w->last = row->id;
	return --w->left > 0;
}

static int
run_lines(struct call *call)
{
	struct listing l;
	struct walk w = { .list = &l, .left = call_limit(call) };
	int n = PAGE;
	call_list(call, &l);
	while (n == PAGE && w.left > 0) {
		n = daily_page(call->db, w.last, 1, PAGE, list_line, &w);
		call_flush(call);
	}
	listing_end(&l);
	return call_end(call, n);
}

static int
hide(struct call *call, bool hidden)
{
	return call_end(call, daily_hide(call->db, call_id(call, 0), hidden));
}

static int
run_hide(struct call *call)
{
	return hide(call, true);
}

static int
run_show(struct call *call)
{
	return hide(call, false);
}

/* ---- who called last, who wants to be seen ---- */

static const struct listing_column callers[] = {
	{ "id", N_("Number"), 6 },
	{ "login", N_("Login"), 14 },
	{ "name", N_("Name"), 24 },
	{ "council", N_("Council"), 22 },
	{ "town", N_("Town"), 16 },
	{ "called", N_("Called"), 30 },
};

static bool
list_caller(void *ctx, const struct caller_row *row)
{
	struct listing *l = ctx;
	listing_number(l, row->id.n);
	listing_words(l, row->login);
	listing_words(l, row->name);
	listing_words(l, row->council);
	listing_words(l, row->town);
	call_time(l, row->visit);
	return true;
}

static int
run_callers(struct call *call)
{
	struct listing l;
	call_list(call, &l);
	int n = caller_list(call->db, list_caller, &l);
	listing_end(&l);
	return call_end(call, n);
}

static const struct listing_column presence[] = {
	{ "seen", N_("Be seen on line"), 3 },
	{ "words", N_("Take short words"), 3 },
};

static int
run_presence(struct call *call)
{
	struct member me = { 0 };
	struct listing l;
	bool seen = call_option(call, "seen"), unseen = call_option(call, "unseen");
	bool with = call_option(call, "words"), without = call_option(call, "no-words");
	int r = member_get(call->db, db_viewer(call->db), &me);
	me.see_here = seen || (!unseen && me.see_here);
	me.takes_words = with || (!without && me.takes_words);
	if (!r && (seen || unseen || with || without)) {
		r = member_set_presence(call->db, me.see_here, me.takes_words);
	} else if (!r) {
		call_list_one(call, &l);
		listing_yes(&l, me.see_here);
		listing_yes(&l, me.takes_words);
		listing_end(&l);
	}
	member_free(&me);
	return call_end(call, r);
}

#define COLUMNS(array) .columns = (array), .column_count = sizeof(array) / sizeof *(array)

const struct verb command_online_verbs[] = {
	{ .noun = "word", .verb = "send", .run = run_send, .need = MAY_SEE_PEOPLE, .usage = "LOGIN",
	  .help = N_("A short word to a member, one line from standard input, 200 characters at the most. Who "
		     "is on line reads it at a calm moment; for others it waits, a month at the most.") },
	{ .noun = "word", .verb = "list", .run = run_words, .need = MAY_SEE_PEOPLE, COLUMNS(words),
	  .usage = "[--sent] [--limit N] [--json | --csv]",
	  .help = N_("The short words said to you, the newest first; --sent: those that you said.") },
	{ .noun = "line", .verb = "add", .run = run_add, .need = MAY_SEE_PEOPLE, .usage = "",
	  .help = N_("Your line of the day, for all members, from standard input: 140 characters at the most. "
		     "A second one on the same day takes the place of the first.") },
	{ .noun = "line", .verb = "list", .run = run_lines, .need = MAY_SEE_PEOPLE, COLUMNS(lines),
	  .usage = "[--limit N] [--json | --csv]",
	  .help = N_("The lines of the day of this week, the newest first.") },
	{ .noun = "line", .verb = "hide", .run = run_hide, .need = MAY_MODERATE, .usage = "ID",
	  .help = N_("Hides a line of the day of somebody in your territory.") },
	{ .noun = "line", .verb = "show", .run = run_show, .need = MAY_MODERATE, .usage = "ID",
	  .help = N_("Shows it again.") },
	{ .noun = "callers", .run = run_callers, .need = MAY_SEE_PEOPLE, COLUMNS(callers),
	  .usage = "[--json | --csv]",
	  .help = N_("The members who called last, but those who want not to be seen.") },
	{ .noun = "member", .verb = "presence", .run = run_presence, .need = MAY_SEE_PEOPLE, COLUMNS(presence),
	  .usage = "[--seen | --unseen] [--words | --no-words] [--json | --csv]",
	  .help = N_("Whether you are seen on line and take short words. Without an option it is shown.") },
	{ 0 },
};
