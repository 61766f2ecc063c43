/* Commands of those who keep the talk in order: texts changed, notices. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/command_call.h"

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

static int
run_edit(struct call *call)
{
	struct buf body = { 0 };
	int r = call_input(call, &body, 4 * BODY_MAX);
	if (!r)
		r = post_edit(call->db, item_of(call, 0), buf_text(&body));
	buf_free(&body);
	if (r == E_LOCKED)
		return call_refuse(call, "%s", _("This discussion is closed: nothing in it can be changed any "
						 "more."));
	return call_end(call, r);
}

struct walk {
	struct listing *list;
	int64_t last, left;
};

static bool
list_version(void *ctx, const struct version_row *row)
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
any_version(void *ctx, const struct version_row *row)
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

#define COLUMNS(array) .columns = (array), .column_count = sizeof(array) / sizeof *(array)

const struct verb command_moderation_verbs[] = {
	{ .noun = "thread", .verb = "edit", .run = run_edit, .need = MAY_POST, .usage = "ID",
	  .help = N_("Gives your own message another text, that on standard input. The one before is kept.") },
	{ .noun = "thread", .verb = "history", .run = run_history, .need = MAY_READ_BOARDS, COLUMNS(versions),
	  .usage = "ID [--json | --csv]",
	  .help = N_("The versions of a message, the newest first: for its author and for animators.") },
	{ 0 },
};
