/* Commands that keep the talk in order: texts changed, notices, reports, what moderators do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/command_call.h"
#include "db/word.h"

enum { PAGE = 50 };

/* The thing that the i-th word names, #123 or 123. */
static item_id
item_of(const struct call *call, int i)
{
	return (item_id){ call_id(call, i) };
}

/* ---- a message changed, and as it was ---- */

static const struct listing_column versions[] = {
	{ "version", N_("Version"), 7 },
	{ "created", N_("Written"), 30 },
	{ "author", N_("Author"), 20 },
	{ "body", N_("Text"), 40 },
};

/* Without those that --detach names, by their numbers. */
static int
detach(struct call *call, struct attachments *files)
{
	const char *word;
	for (int i = 0; (word = call_option_at(call, "detach", i)); i++) {
		int at = 0;
		while (at < files->count && files->file[at].n != call_word_id(word))
			at++;
		if (at == files->count)
			return call_fail(call, word, E_NOT_FOUND);
		files->file[at] = files->file[--files->count];
	}
	return 0;
}

static int
run_edit(struct call *call)
{
	struct buf body = { 0 };
	struct attachments files;
	post_attached(call->db, item_of(call, 0), &files);
	int status = detach(call, &files);
	if (!status)
		status = call_attachments(call, &files);
	if (status)
		return status;
	int r = call_input(call, &body, 4 * BODY_MAX);
	if (!r)
		r = post_edit_with(call->db, item_of(call, 0), buf_text(&body), &files);
	buf_free(&body);
	if (r == E_LOCKED)
		return call_refuse(call, "%s", _("This discussion is closed: nothing in it can be changed any "
						 "more."));
	return call_end_public(call, NULL, r);
}

struct walk {
	struct listing *list;
	int64_t last, left;
};

static bool
list_version(void *ctx, const struct post_version_row *row)
{
	struct walk *w = ctx;
	listing_number(w->list, row->version);
	call_time(w->list, row->created);
	listing_words(w->list, row->author);
	listing_words(w->list, row->body);
	w->last = row->version;
	return true;
}

static bool
any_version(void *ctx, const struct post_version_row *row)
{
	(void)ctx;
	(void)row;
	return false;
}

static int
run_history(struct call *call)
{
	struct listing l;
	struct walk w = { .list = &l };
	item_id post = item_of(call, 0);
	struct thread thread = { 0 };
	int r = thread_of(call->db, post, &thread), n;
	thread_free(&thread);
	if (r)
		return call_end(call, r);
	if (!post_versions(call->db, post, 0, 1, 1, any_version, NULL))
		return call_refuse(call, "%s", _("Earlier versions are for a message's author and the "
						 "animators."));
	call_list(call, &l);
	do {
		n = post_versions(call->db, post, w.last, 1, PAGE, list_version, &w);
		call_flush(call);
	} while (n == PAGE);
	listing_end(&l);
	return 0;
}

/* ---- short words to oneself ---- */

static const struct listing_column notices[] = {
	{ "id", N_("Number"), 6 },
	{ "kind", N_("Kind"), 16 },
	{ "item", N_("Message"), 8 },
	{ "sender", N_("From"), 20 },
	{ "created", N_("Date"), 24 },
	{ "seen", N_("Read"), 4 },
	{ "title", N_("Discussion"), 30 },
	{ "body", N_("Text"), 40 },
};

static bool
list_notice(void *ctx, const struct notice *row)
{
	struct walk *w = ctx;
	listing_number(w->list, row->id);
	call_word(w->list, row->kind);
	if (row->item.n)
		listing_number(w->list, row->item.n);
	else
		listing_none(w->list);
	listing_words(w->list, buf_text(&row->sender));
	call_time(w->list, row->created);
	listing_yes(w->list, row->seen);
	listing_words(w->list, buf_text(&row->title));
	listing_words(w->list, buf_text(&row->body));
	w->last = row->id;
	return --w->left > 0;
}

static int
run_notices(struct call *call)
{
	struct listing l;
	struct walk w = { .list = &l, .left = call_limit(call) };
	int n;
	call_list(call, &l);
	do {
		n = notice_page(call->db, w.last, 1, PAGE, list_notice, &w);
		call_flush(call);
	} while (n == PAGE && w.left > 0);
	listing_end(&l);
	return 0;
}

/* ---- reports ---- */

static const struct listing_column reports[] = {
	{ "id", N_("Number"), 6 },
	{ "message", N_("Message"), 8 },
	{ "thread", N_("Discussion"), 10 },
	{ "board", N_("Board"), 22 },
	{ "author", N_("Author"), 20 },
	{ "reporter", N_("By"), 20 },
	{ "created", N_("Date"), 24 },
	{ "title", N_("Title"), 30 },
	{ "reason", N_("Reason"), 40 },
	{ "body", N_("Text"), 40 },
};

static bool
list_report(void *ctx, const struct report *row)
{
	struct walk *w = ctx;
	listing_number(w->list, row->id);
	listing_number(w->list, row->item.n);
	listing_number(w->list, row->thread.n);
	listing_words(w->list, buf_text(&row->board_title));
	listing_words(w->list, buf_text(&row->author));
	listing_words(w->list, buf_text(&row->reporter));
	call_time(w->list, row->created);
	listing_words(w->list, buf_text(&row->title));
	listing_words(w->list, buf_text(&row->reason));
	listing_words(w->list, buf_text(&row->body));
	w->last = row->id;
	return --w->left > 0;
}

static int
run_reports(struct call *call)
{
	struct listing l;
	struct walk w = { .list = &l, .left = call_limit(call) };
	int n;
	call_list(call, &l);
	do {
		n = report_page(call->db, w.last, 1, PAGE, list_report, &w);
		call_flush(call);
	} while (n == PAGE && w.left > 0);
	listing_end(&l);
	return call_end(call, n < 0 ? n : 0);
}

static int
run_report(struct call *call)
{
	int r = report_new(call->db, item_of(call, 0), call_option(call, "reason"));
	if (r == E_DONE)
		return call_refuse(call, "%s", _("You have reported this message already."));
	return call_end(call, r);
}

static int
run_dismiss(struct call *call)
{
	int r = report_dismiss(call->db, call_id(call, 0), call_option(call, "word"));
	if (r == E_NOT_FOUND)
		return call_refuse(
		    call, "%s", _("This report is closed already: somebody else has seen to it."));
	return call_end(call, r);
}

/* ---- what moderators do ---- */

/* The thread of that number, or of a message of that number: 0, or said that there is none. */
static int
find_thread(struct call *call, int64_t id, item_id *out)
{
	struct thread thread = { 0 };
	int r = thread_of(call->db, (item_id){ id }, &thread);
	*out = thread.id;
	thread_free(&thread);
	if (r)
		return call_refuse(call, _("There is no discussion #%lld, or not for you."), (long long)id);
	return 0;
}

static int
run_hide(struct call *call)
{
	return call_end(call, post_hide(call->db, item_of(call, 0), call_option(call, "reason")));
}

static int
run_show(struct call *call)
{
	return call_end(call, post_show(call->db, item_of(call, 0)));
}

static int
set_flag(struct call *call, int (*set)(struct db *, item_id, bool), bool on)
{
	item_id thread;
	int status = find_thread(call, call_id(call, 0), &thread);
	if (status)
		return status;
	int r = set(call->db, thread, on);
	if (r == E_LIMIT)
		return call_refuse(
		    call, _("%d discussions are pinned there already: let one of them go first."), PINS_MAX);
	return call_end(call, r);
}

static int
run_lock(struct call *call)
{
	return set_flag(call, thread_lock, true);
}

static int
run_unlock(struct call *call)
{
	return set_flag(call, thread_lock, false);
}

static int
run_pin(struct call *call)
{
	return set_flag(call, thread_pin, true);
}

static int
run_unpin(struct call *call)
{
	return set_flag(call, thread_pin, false);
}

static int
run_move(struct call *call)
{
	struct board board = { 0 };
	item_id thread;
	const char *slug = call_option(call, "board");
	int status = find_thread(call, call_id(call, 0), &thread);
	if (!status && board_find(call->db, slug, &board))
		status = call_refuse(call, _("There is no board “%s”."), slug);
	if (!status)
		status = call_end(call, thread_move(call->db, thread, board.id));
	board_free(&board);
	return status;
}

static int
run_merge(struct call *call)
{
	item_id thread, into;
	int status = find_thread(call, call_id(call, 0), &thread);
	if (!status)
		status = find_thread(call, call_number(call, "into", 0), &into);
	if (status)
		return status;
	int r = thread_merge(call->db, thread, into);
	if (r == E_INVALID)
		return call_refuse(call, "%s", _("It is the same discussion: please choose another one."));
	return call_end(call, r);
}

static int
run_split(struct call *call)
{
	item_id made;
	int r = thread_split(call->db, item_of(call, 0), call_option(call, "title"), &made);
	if (r == E_INVALID)
		return call_refuse(
		    call, "%s", _("This is the first message: choose the one from which on to split."));
	if (!r)
		call_say(call, "%lld\n", (long long)made.n);
	return call_end(call, r);
}

#define COLUMNS(array) .columns = (array), .column_count = sizeof(array) / sizeof *(array)

const struct verb command_moderation_verbs[] = {
	{ .noun = "thread", .verb = "edit", .run = run_edit, .need = MAY_POST,
	  .usage = "ID [--attach FILE] [--detach FILE]",
	  .help = N_("Gives your own message another text, that on standard input. The one before "
		     "is kept. A FILE that is attached to it is detached by its number.") },
	{ .noun = "thread", .verb = "history", .run = run_history, .need = MAY_READ_BOARDS, COLUMNS(versions),
	  .usage = "ID [--json | --csv]",
	  .help = N_("The versions of a message, the newest first: for its author and for animators.") },
	{ .noun = "notice", .verb = "list", .run = run_notices, .need = MAY_READ_BOARDS, COLUMNS(notices),
	  .usage = "[--limit N] [--json | --csv]",
	  .help = N_("Short words to you, the newest first: from animators about your messages, from "
		     "others. They count as not read all the same.") },
	{ .noun = "report", .verb = "list", .run = run_reports, .need = MAY_MODERATE, COLUMNS(reports),
	  .usage = "[--limit N] [--json | --csv]",
	  .help = N_("Messages that members have reported in your territory, the oldest report first.") },
	{ .noun = "report", .verb = "new", .run = run_report, .need = MAY_POST, .usage = "ID --reason TEXT",
	  .help = N_("Brings a message before the animators, with a reason; once each.") },
	{ .noun = "report", .verb = "close", .run = run_dismiss, .need = MAY_MODERATE,
	  .usage = "ID --word TEXT",
	  .help = N_("The reported message stays; those who reported it get your word. “thread hide” "
		     "hides it and closes its reports.") },
	{ .noun = "thread", .verb = "hide", .run = run_hide, .need = MAY_MODERATE,
	  .usage = "ID --reason TEXT",
	  .help = N_("Hides a message: others see that it was, and why; its author gets the reason.") },
	{ .noun = "thread", .verb = "show", .run = run_show, .need = MAY_MODERATE, .usage = "ID",
	  .help = N_("Shows a hidden message again.") },
	{ .noun = "thread", .verb = "lock", .run = run_lock, .need = MAY_MODERATE, .usage = "ID",
	  .help = N_("Closes a discussion: it can be read, not answered.") },
	{ .noun = "thread", .verb = "unlock", .run = run_unlock, .need = MAY_MODERATE, .usage = "ID",
	  .help = N_("Opens a closed discussion again.") },
	{ .noun = "thread", .verb = "pin", .run = run_pin, .need = MAY_MODERATE, .usage = "ID",
	  .help = N_("Pins a discussion at the top of its board; ten a board at most.") },
	{ .noun = "thread", .verb = "unpin", .run = run_unpin, .need = MAY_MODERATE, .usage = "ID",
	  .help = N_("Gives a pinned discussion its place in the order of time again.") },
	{ .noun = "thread", .verb = "move", .run = run_move, .need = MAY_MODERATE, .usage = "ID --board SLUG",
	  .help = N_("Moves a discussion to another board, whose readers then read it, and nobody else.") },
	{ .noun = "thread", .verb = "merge", .run = run_merge, .need = MAY_MODERATE, .usage = "ID --into ID",
	  .help = N_("Joins a discussion to another one, below its first message.") },
	{ .noun = "thread", .verb = "split", .run = run_split, .need = MAY_MODERATE,
	  .usage = "ID --title TITLE",
	  .help = N_("Makes a discussion of a message and its answers, and prints its number.") },
	{ 0 },
};
