/* Commands about the board as a machine: outbox, journal, back-up, check, demonstration, who is here. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/carrier.h"
#include "bbs/broker.h"
#include "bbs/command_call.h"
#include "bbs/jobs.h"
#include "db/machine.h"
#include "db/member.h"

enum {
	PAGE = 100,
	SEED_MAX = 1000000,
	COUNCILS_MAX = 5000,
	MEMBERS_MAX = 200000,
	POSTS_MAX = 10000000,
	FILES_MAX = 1000000,
};

static const struct listing_column outbox[] = {
	{ "id", N_("Number"), 6 },
	{ "created", N_("Date"), 30 },
	{ "state", N_("State"), 9 },
	{ "kind", N_("Kind"), 10 },
	{ "to", N_("To"), 28 },
	{ "subject", N_("Subject"), 40 },
	{ "body", N_("Text"), 40 },
};
enum { OUTBOX = sizeof outbox / sizeof *outbox };

static const struct listing_column journal[] = {
	{ "id", N_("Number"), 6 },
	{ "created", N_("Date"), 30 },
	{ "actor", N_("Who"), 20 },
	{ "act", N_("Did"), 14 },
	{ "object", N_("What"), 10 },
	{ "object_id", N_("Its number"), 8 },
	{ "detail", N_("Detail"), 30 },
	{ "target", N_("Name"), 30 },
};

static const struct listing_column sessions[] = {
	{ "id", N_("Number"), 6 },
	{ "name", N_("Name"), 24 },
	{ "council", N_("Council"), 22 },
	{ "town", N_("Town"), 16 },
	{ "carrier", N_("By"), 8 },
	{ "started", N_("Since"), 30 },
};

static const struct listing_column jobs_columns[] = {
	{ "job", N_("Job"), 12 },
	{ "done", N_("Done"), 8 },
};

static const struct listing_column self[] = {
	{ "id", N_("Number"), 6 },
	{ "login", N_("Login"), 16 },
	{ "name", N_("Name"), 24 },
	{ "role", N_("Role"), 8 },
	{ "state", N_("State"), 9 },
	{ "council_id", N_("Number of the council"), 6 },
	{ "council", N_("Council"), 22 },
	{ "town", N_("Town"), 16 },
	{ "territory", N_("Territory"), 5 },
};

struct page {
	struct listing *list;
	int64_t last, left;
};

/* ---- outbox and journal ---- */

static bool
list_mail(void *ctx, const struct outbox_row *row)
{
	struct page *page = ctx;
	struct listing *l = page->list;
	listing_number(l, row->id);
	call_time(l, row->created);
	call_word(l, row->state);
	listing_words(l, row->kind);
	listing_words(l, row->to);
	listing_words(l, row->subject);
	if (l->count == OUTBOX)
		listing_words(l, row->body);
	page->last = row->id;
	return --page->left > 0;
}

static int
outbox_list(struct call *call)
{
	int n;
	struct listing l;
	struct page page = { .list = &l, .left = call_limit(call) };
	const char *typed = call_option(call, "state");
	int state = typed ? mail_state_parse(typed) : -1;
	if (typed && state < 0)
		return call_usage(call, _("There is no state “%s”."), typed);
	call_list(call, &l);
	do {
		n = page.left ? outbox_find(call->db, state, page.last, 1, PAGE, list_mail, &page) : 0;
		call_flush(call);
	} while (n == PAGE && page.left > 0);
	listing_end(&l);
	return call_end(call, n);
}

static int
no_such_mail(struct call *call)
{
	return call_refuse(call, _("There is no message “%s” in the outbox."), call->words[0]);
}

static bool
is_there(void *ctx, const struct outbox_row *row)
{
	(void)row;
	return *(bool *)ctx = true;
}

static int
outbox_show(struct call *call)
{
	struct listing l;
	struct page page = { .list = &l, .left = 1 };
	bool there = false;
	int r = outbox_get(call->db, call_id(call, 0), is_there, &there);
	if (r)
		return r == E_NOT_FOUND ? no_such_mail(call) : call_end(call, r);
	call_list_one(call, &l);
	outbox_get(call->db, call_id(call, 0), list_mail, &page);
	listing_end(&l);
	return 0;
}

static int
outbox_send(struct call *call)
{
	int r = outbox_again(call->db, call_id(call, 0));
	if (r == E_NOT_FOUND)
		return no_such_mail(call);
	if (r == E_DONE)
		return call_refuse(call, "%s", _("This mail is due or sent already: only one that was refused, "
		    "given up or is uncertain is sent again."));
	return call_end(call, r);
}

static bool
list_act(void *ctx, const struct journal_row *row)
{
	struct page *page = ctx;
	struct listing *l = page->list;
	listing_number(l, row->id);
	call_time(l, row->created);
	listing_words(l, row->actor);
	listing_words(l, row->act);
	listing_words(l, row->object);
	listing_number(l, row->object_id);
	listing_words(l, row->detail);
	listing_words(l, row->target);
	page->last = row->id;
	return --page->left > 0;
}

/* The beginning of a day; 0 where the option is not given, -1 for what is no day. */
static int64_t
day(struct call *call, const char *option)
{
	const char *typed = call_option(call, option);
	return typed ? clock_parse(typed) : 0;
}

/* What --by, --act, --about, --since and --until say: 0, or said what is wrong. */
static int
take_filter(struct call *call, struct journal_filter *f)
{
	const char *by = call_option(call, "by"), *about = call_option(call, "about");
	const char *act = call_option(call, "act");
	struct member m = { 0 };
	*f = (struct journal_filter){ .act = act ? act : "", .object = about ? "member" : "",
		.since = day(call, "since"), .until = day(call, "until") };
	if (f->since < 0 || f->until < 0)
		return call_usage(call, "%s", _("A day is written as 2026-03-24."));
	if (f->until)
		f->until += 24 * 3600;
	if (about && (by || act))
		return call_usage(call, "%s", _("--about stands alone, or with --since and --until."));
	if ((by || about) && member_find(call->db, by ? by : about, &m))
		return call_refuse(call, _("There is no member “%s”."), by ? by : about);
	f->actor = by ? m.id : NOBODY;
	f->object_id = m.id.n;
	member_free(&m);
	return 0;
}

static int
run_journal(struct call *call)
{
	int n;
	struct listing l;
	struct page page = { .list = &l, .left = call_limit(call) };
	struct journal_filter filter;
	int status = take_filter(call, &filter);
	if (status)
		return status;
	call_list(call, &l);
	do {
		n = page.left ? journal_find(call->db, &filter, page.last, 1, PAGE, list_act, &page) : 0;
		call_flush(call);
	} while (n == PAGE && page.left > 0);
	listing_end(&l);
	return call_end(call, n);
}

/* ---- the store as a file ---- */

static int
run_backup(struct call *call)
{
	const char *path = call->words[0];
	int r = db_backup(call->db, path);
	if (r == E_EXISTS)
		return call_refuse(call, _("%s is there already: a back-up is never written over "
		    "another."), path);
	if (r == E_READ_ONLY)
		return call_refuse(call, _("%s cannot be written: please look at the folder and its "
		    "rights."), path);
	if (r == E_FULL)
		return call_refuse(call, _("%s: there is no room for it on that disk, and nothing is left of it. "
		    "Please make room, or choose another disk."), path);
	return r ? call_fail(call, path, r) : 0;
}

/* On a terminal one sees how far it is, on a line of its own that is written over. */
static void
tell_step(void *ctx, int step, int steps)
{
	struct call *call = ctx;
	struct buf line = { 0 };
	buf_char(&line, '\r');
	buf_fmt(&line, _("Step %d of %d… "), step + 1, steps);
	if (step + 1 == steps)
		buf_str(&line, "\r");
	call->io->write(call->io, buf_text(&line), line.len, true);
	buf_free(&line);
}

static int
run_check(struct call *call)
{
	struct buf faults = { 0 };
	if (!may(call->db, MAY_RUN_MACHINE, (item_id){ 0 }))
		return call_fail(call, NULL, E_DENIED);
	int n = db_check_told(call->db, &faults, call->io->terminal ? tell_step : NULL, call);
	call_text(call, n ? buf_text(&faults) : _("The store is in order."));
	call_say(call, "\n");
	buf_free(&faults);
	if (!n)
		return 0;
	return call_refuse(
	    call, _("Faults in the store: %d. Please keep a copy of it, and the last back-up."), n);
}

/* How far it is: on a terminal a bar that is drawn again. */
static void
show_progress(void *ctx, int percent)
{
	enum { BAR = 40 };
	struct call *call = ctx;
	struct buf line = { 0 };
	buf_str(&line, "\r[");
	for (int i = 0; i < BAR; i++)
		buf_char(&line, i < percent * BAR / 100 ? '#' : '.');
	buf_fmt(&line, _("] %d %%"), percent);
	buf_str(&line, percent < 100 ? "" : "\n");
	call->io->write(call->io, line.data, line.len, true);
	buf_free(&line);
}

static int
run_demo(struct call *call)
{
	struct buf told = { 0 };
	int64_t seed = call_number(call, "seed", 1);
	struct demo_size size = { .councils = (int)call_number(call, "councils", 0),
		.members = call_number(call, "members", 0), .posts = call_number(call, "posts", 0),
		.files = call_number(call, "files", 0),
		.progress = isatty(STDERR_FILENO) ? show_progress : NULL, .ctx = call };
	if (seed > SEED_MAX)
		return call_usage(call, _("--seed is %d at most."), SEED_MAX);
	if (size.councils > COUNCILS_MAX || size.members > MEMBERS_MAX || size.posts > POSTS_MAX ||
	    size.files > FILES_MAX)
		return call_usage(call, _("At most %d councils, %d members, %d posts, %d files."), COUNCILS_MAX,
		    MEMBERS_MAX, POSTS_MAX, FILES_MAX);
	if (size.posts && !size.members)
		return call_usage(call, "%s", _("--posts needs --members, who write them."));
	int r = demo_fill(call->db, (unsigned)seed, &size);
	if (r == E_EXISTS)
		return call_refuse(call, "%s", _("This board has members already: the demonstration "
		    "fills an empty one only. Nothing was added."));
	if (r)
		return call_end(call, r);
	/* While it is there, serve listens here only. */
	demo_tell(call->db, "localhost", call->conf->ssh_port, &told);
	call_say(call, "%s", buf_text(&told));
	buf_free(&told);
	return 0;
}

static int
run_hostkey(struct call *call)
{
	struct buf prints = { 0 };
	int r = ssh_fingerprints(call->conf->ssh_keys, &prints);
	if (!r)
		call_say(call, "%s", buf_text(&prints));
	buf_free(&prints);
	if (!r)
		return 0;
	return call_refuse(call, _("There are no host keys in %s yet: “serve” makes them when it "
	    "first starts."),
	    call->conf->ssh_keys);
}

/* ---- what the board does by itself ---- */

struct jobs {
	struct listing *list;
	int answer; /* the first that is a trouble */
};

static void
list_job(void *ctx, const char *name, int answer)
{
	struct jobs *jobs = ctx;
	listing_words(jobs->list, name);
	if (answer >= 0)
		listing_number(jobs->list, answer);
	else
		listing_none(jobs->list);
	if (answer < 0 && answer != E_DONE && !jobs->answer)
		jobs->answer = answer;
}

static int
run_jobs(struct call *call)
{
	struct listing l;
	struct jobs jobs = { .list = &l };
	call_list(call, &l);
	jobs_once(call->db, broker_fork(call->conf->store_path), list_job, &jobs);
	listing_end(&l);
	return call_end(call, jobs.answer);
}

/* ---- who ---- */

static bool
list_session(void *ctx, const struct session_row *row)
{
	struct listing *l = ctx;
	listing_number(l, row->id);
	listing_words(l, *row->name || l->form != LISTING_TEXT ? row->name : _("a visitor"));
	listing_words(l, row->council);
	listing_words(l, row->town);
	listing_words(l, row->carrier);
	call_time(l, row->started);
	return true;
}

static int
run_who(struct call *call)
{
	struct listing l;
	call_list(call, &l);
	int n = session_page(call->db, list_session, &l);
	listing_end(&l);
	return call_end(call, n);
}

static int
run_whoami(struct call *call)
{
	struct listing l;
	struct member m = { 0 };
	bool known = db_viewer(call->db).n && !member_get(call->db, db_viewer(call->db), &m);
	call_list_one(call, &l);
	listing_number(&l, m.id.n);
	listing_words(&l, buf_text(&m.login));
	listing_words(&l, buf_text(&m.name));
	call_word(&l, known ? role_name(m.role) : "visitor");
	call_word(&l, known ? member_state_name(m.state) : "");
	if (m.council.n)
		listing_number(&l, m.council.n);
	else
		listing_none(&l);
	listing_words(&l, buf_text(&m.council_name));
	listing_words(&l, buf_text(&m.town));
	listing_words(&l, buf_text(&m.territory));
	listing_end(&l);
	member_free(&m);
	return 0;
}

#define COLUMNS(array) .columns = (array), .column_count = sizeof(array) / sizeof *(array)

const struct verb command_machine_verbs[] = {
	{ .noun = "who", .run = run_who, .need = MAY_SEE_PEOPLE, COLUMNS(sessions),
	  .usage = "[--json | --csv]", .help = N_("Who is here now.") },
	{ .noun = "whoami", .run = run_whoami, .need = NEED_NOTHING, COLUMNS(self),
	  .usage = "[--json | --csv]", .help = N_("Who you are for the board.") },
	{ .noun = "outbox", .verb = "list", .run = outbox_list, .need = MAY_READ_JOURNAL, .columns = outbox,
	  .column_count = OUTBOX - 1, .usage = "[--state STATE] [--limit N] [--json | --csv]",
	  .help = N_("Messages by mail, the newest first. STATE is due, sent, refused, given-up or "
		     "uncertain; without it, all.") },
	{ .noun = "outbox", .verb = "show", .run = outbox_show, .need = MAY_READ_JOURNAL, COLUMNS(outbox),
	  .usage = "ID [--json | --csv]", .help = N_("One of these messages, with its text.") },
	{ .noun = "outbox", .verb = "again", .run = outbox_send, .need = MAY_READ_JOURNAL, .usage = "ID",
	  .help = N_("Makes a message due again that was refused, given up or is uncertain.") },
	{ .noun = "journal", .run = run_journal, .need = MAY_READ_JOURNAL, COLUMNS(journal),
	  .usage = "[--by LOGIN] [--act ACT] [--about LOGIN] [--since DAY] [--until DAY] [--limit N]"
		   " [--json | --csv]",
	  .help = N_("Who did what and when, the newest first: what LOGIN did, acts of one name, or all that "
		     "was done about a member. A DAY is written as 2026-03-24.") },
	{ .noun = "jobs", .run = run_jobs, .where = ON_MACHINE, .need = MAY_RUN_MACHINE,
	  COLUMNS(jobs_columns), .usage = "--once [--json | --csv]",
	  .help = N_("Does now what serve does by itself: reminders about candidates, clean-up, the log "
		     "of the store. How many things each did; nothing where somebody else is at it.") },
	{ .noun = "backup", .run = run_backup, .where = ON_MACHINE, .need = MAY_RUN_MACHINE,
	  .usage = "FILE", .help = N_("A copy of the whole store, of one moment, while it is in "
		     "use.") },
	{ .noun = "check", .run = run_check, .where = ON_MACHINE, .need = MAY_RUN_MACHINE, .usage = "",
	  .help = N_("Looks the whole store over; exit status 1 if anything is wrong with it.") },
	{ .noun = "demo", .run = run_demo, .where = ON_MACHINE, .need = MAY_RUN_MACHINE,
	  .usage = "[--councils N] [--members N] [--posts N] [--files N] [--seed N]",
	  .help = N_("Fills an empty store with an invented network, always the same for the same seed. "
		     "With numbers, a larger one, up to so many councils, members, posts and shared files: to "
		     "see how the board holds at size.") },
	{ .noun = "hostkey", .run = run_hostkey, .where = ON_MACHINE, .need = NEED_NOTHING, .usage = "",
	  .no_store = true, .help = N_("The fingerprints of the host keys, to give to those who "
		     "call.") },
	{ 0 },
};
