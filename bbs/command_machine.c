/* Commands about the board as a machine: outbox, journal, back-up, check, demonstration, who is here. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bbs/base/i18n.h"
#include "bbs/carrier.h"
#include "bbs/command_call.h"
#include "bbs/jobs.h"

enum { PAGE = 100, SEED_MAX = 1000000, COUNCILS_MAX = 5000, MEMBERS_MAX = 200000, POSTS_MAX = 10000000 };

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
	int64_t wanted; /* outbox show: this one only, with its text */
};

/* ---- outbox and journal ---- */

static bool
list_mail(void *ctx, const struct outbox_row *row)
{
	struct page *page = ctx;
	struct listing *l = page->list;
	if (page->wanted && row->id != page->wanted)
		return false;
	page->wanted = 0;
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
	call_list(call, &l);
	do {
		n = page.left ? outbox_page(call->db, page.last, PAGE, list_mail, &page) : 0;
		call_flush(call);
	} while (n == PAGE && page.left > 0);
	listing_end(&l);
	return call_end(call, n);
}

static bool
is_there(void *ctx, const struct outbox_row *row)
{
	*(int64_t *)ctx = row->id;
	return false;
}

static int
outbox_show(struct call *call)
{
	struct listing l;
	int64_t id = call_id(call, 0), there = 0;
	struct page page = { .list = &l, .wanted = id };
	int r = id > 0 ? outbox_page(call->db, id + 1, 1, is_there, &there) : 0;
	if (r < 0)
		return call_end(call, r);
	if (id <= 0 || there != id)
		return call_refuse(call, _("There is no message “%s” in the outbox."), call->words[0]);
	call_list_one(call, &l);
	outbox_page(call->db, id + 1, 1, list_mail, &page);
	listing_end(&l);
	return 0;
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
	page->last = row->id;
	return --page->left > 0;
}

static int
run_journal(struct call *call)
{
	int n;
	struct listing l;
	struct page page = { .list = &l, .left = call_limit(call) };
	call_list(call, &l);
	do {
		n = page.left ? journal_page(call->db, page.last, PAGE, list_act, &page) : 0;
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
	return r ? call_fail(call, path, r) : 0;
}

static int
run_check(struct call *call)
{
	struct buf faults = { 0 };
	if (!may(call->db, MAY_RUN_MACHINE, (item_id){ 0 }))
		return call_fail(call, NULL, E_DENIED);
	int n = db_check(call->db, &faults);
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
		.progress = isatty(STDERR_FILENO) ? show_progress : NULL, .ctx = call };
	if (seed > SEED_MAX)
		return call_usage(call, _("--seed is %d at most."), SEED_MAX);
	if (size.councils > COUNCILS_MAX || size.members > MEMBERS_MAX || size.posts > POSTS_MAX)
		return call_usage(call, _("At most %d councils, %d members, %d posts."), COUNCILS_MAX,
		    MEMBERS_MAX, POSTS_MAX);
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
	jobs_once(call->db, list_job, &jobs);
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
	  .column_count = OUTBOX - 1, .usage = "[--limit N] [--json | --csv]",
	  .help = N_("Messages due by mail, the newest first.") },
	{ .noun = "outbox", .verb = "show", .run = outbox_show, .need = MAY_READ_JOURNAL, COLUMNS(outbox),
	  .usage = "ID [--json | --csv]", .help = N_("One of these messages, with its text.") },
	{ .noun = "journal", .run = run_journal, .need = MAY_READ_JOURNAL, COLUMNS(journal),
	  .usage = "[--limit N] [--json | --csv]", .help = N_("Who did what and when, the newest "
		     "first.") },
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
	  .usage = "[--councils N] [--members N] [--posts N] [--seed N]",
	  .help = N_("Fills an empty store with an invented network, always the same for the same seed. "
		     "With numbers, a larger one, up to so many councils, members and posts: to see how the "
		     "board holds at size.") },
	{ .noun = "hostkey", .run = run_hostkey, .where = ON_MACHINE, .need = NEED_NOTHING, .usage = "",
	  .no_store = true, .help = N_("The fingerprints of the host keys, to give to those who "
		     "call.") },
	{ 0 },
};
