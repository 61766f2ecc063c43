/* Commands about what one reads: following and muting; discussions as pages and as mail. */
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "bbs/command_call.h"
#include "bbs/mbox.h"
#include "bbs/print.h"

enum { POSTS = 20, THREADS = 100 };

/* What the verb asks for. */
static enum follow
wished(const struct call *call)
{
	return !strcmp(call->verb->verb, "follow") ? FOLLOW_YES
	    : !strcmp(call->verb->verb, "mute")    ? FOLLOW_MUTED
						   : FOLLOW_NONE;
}

/* The discussion that a number, or that of one of its messages, names: 0, or said that there is none. */
static int
find_thread(struct call *call, struct thread *thread)
{
	if (!thread_of(call->db, (item_id){ call_id(call, 0) }, thread))
		return 0;
	return call_refuse(call, _("There is no discussion “%s”, or not for you."), call->words[0]);
}

static int
follow_thread(struct call *call)
{
	struct thread thread = { 0 };
	int status = find_thread(call, &thread);
	if (!status)
		status = call_end(call, mark_follow(call->db, thread.id, wished(call)));
	thread_free(&thread);
	return status;
}

static int
follow_board(struct call *call)
{
	struct board board = { 0 };
	int status = call_board(call, call->words[0], &board);
	if (!status)
		status = call_end(call, mark_follow_board(call->db, board.id, wished(call)));
	board_free(&board);
	return status;
}

/* ---- whole discussions ---- */

/* Each message is put into the call's output, which is written when no statement is open any more. */
struct walk {
	struct call *call;
	void (*put)(struct walk *w, const struct post_row *post);
	enum print_form form;
	struct mbox mbox;
	struct buf branch, text;
	item_id last;
};

static bool
walk_post(void *ctx, const struct post_row *post)
{
	struct walk *w = ctx;
	w->put(w, post);
	call_write(w->call, buf_text(&w->text), w->text.len);
	buf_cut(&w->text, 0);
	buf_cut(&w->branch, 0);
	buf_str(&w->branch, post->branch);
	w->last = post->id;
	return true;
}

/* All messages of a discussion, in the order of the tree. */
static void
walk_thread(struct walk *w, item_id thread)
{
	struct buf branch = { 0 };
	int n;
	w->last = (item_id){ 0 };
	do {
		n = post_page(w->call->db, thread, w->last.n ? buf_text(&branch) : NULL, w->last, 1, POSTS,
		    walk_post, w);
		call_flush(w->call);
		buf_cut(&branch, 0);
		buf_add(&branch, buf_text(&w->branch), w->branch.len);
	} while (n == POSTS);
	buf_free(&branch);
}

static void
end_walk(struct walk *w)
{
	buf_free(&w->branch);
	buf_free(&w->text);
}

static void
put_printed(struct walk *w, const struct post_row *post)
{
	/* What is hidden is not for paper, even where its author sees it. */
	if (!strcmp(post->state, "published"))
		print_post(&w->text, w->form, post);
}

static int
thread_print(struct call *call)
{
	struct thread thread = { 0 };
	struct walk w = { .call = call, .put = put_printed,
		.form = call_option(call, "html") ? PRINT_HTML : PRINT_TEXT };
	struct buf edge = { 0 };
	int status = find_thread(call, &thread);
	if (!status) {
		print_head(&edge, w.form, call->conf->name, &thread);
		call_write(call, buf_text(&edge), edge.len);
		walk_thread(&w, thread.id);
		buf_cut(&edge, 0);
		print_foot(&edge, w.form);
		call_write(call, buf_text(&edge), edge.len);
	}
	buf_free(&edge);
	end_walk(&w);
	thread_free(&thread);
	return status;
}

static void
put_mail(struct walk *w, const struct post_row *post)
{
	mbox_post(&w->mbox, post, &w->text);
}

static void
mail_thread(struct walk *w, const struct thread *thread)
{
	mbox_begin(&w->mbox, thread);
	walk_thread(w, thread->id);
	mbox_end(&w->mbox);
}

static int
thread_mbox(struct call *call)
{
	struct thread thread = { 0 };
	struct walk w = { .call = call, .put = put_mail };
	int status = find_thread(call, &thread);
	if (!status)
		mail_thread(&w, &thread);
	end_walk(&w);
	thread_free(&thread);
	return status;
}

/* The discussions of a board that are written, or about to be. */
struct mail_board {
	item_id *ids;
	int count, room;
	int64_t newest, last; /* newest: when it began */
};

static bool
gather_thread(void *ctx, const struct thread_row *row)
{
	struct mail_board *b = ctx;
	b->last = row->last;
	/* One that was answered meanwhile stands behind the others, and would come a second time. */
	for (int i = 0; row->last > b->newest && i < b->count; i++)
		if (b->ids[i].n == row->id.n)
			return true;
	if (b->count == b->room) {
		b->room = b->room ? 2 * b->room : THREADS;
		b->ids = mem_resize(b->ids, (size_t)b->room * sizeof *b->ids);
	}
	b->ids[b->count++] = row->id;
	return true;
}

static bool
note_newest(void *ctx, const struct thread_row *row)
{
	((struct mail_board *)ctx)->newest = row->last;
	return false;
}

/* From the oldest talk on: what is answered meanwhile moves on, so that nothing is left out. */
static void
mail_board(struct walk *w, board_id board)
{
	struct mail_board b = { 0 };
	int n;
	thread_page(w->call->db, board, 0, 1, 1, note_newest, &b);
	do {
		int from = b.count;
		n = thread_page(w->call->db, board, b.last, -1, THREADS, gather_thread, &b);
		for (int i = from; i < b.count; i++) {
			struct thread thread = { 0 };
			if (!thread_get(w->call->db, b.ids[i], &thread))
				mail_thread(w, &thread);
			thread_free(&thread);
		}
	} while (n == THREADS);
	free(b.ids);
}

static int
board_mbox(struct call *call)
{
	struct board board = { 0 };
	struct walk w = { .call = call, .put = put_mail };
	int status = call_board(call, call->words[0], &board);
	if (!status)
		mail_board(&w, board.id);
	end_walk(&w);
	board_free(&board);
	return status;
}

const struct verb command_reading_verbs[] = {
	{ .noun = "thread", .verb = "follow", .run = follow_thread, .need = MAY_READ_BOARDS, .usage = "ID",
	  .help = N_("What is new in this discussion counts as your discussions.") },
	{ .noun = "thread", .verb = "mute", .run = follow_thread, .need = MAY_READ_BOARDS, .usage = "ID",
	  .help = N_("Nothing in this discussion counts as new any more.") },
	{ .noun = "thread", .verb = "unfollow", .run = follow_thread, .need = MAY_READ_BOARDS,
	  .usage = "ID", .help = N_("This discussion is neither followed nor muted.") },
	{ .noun = "board", .verb = "follow", .run = follow_board, .need = MAY_READ_BOARDS, .usage = "SLUG",
	  .help = N_("New discussions of this board count as your discussions.") },
	{ .noun = "board", .verb = "mute", .run = follow_board, .need = MAY_READ_BOARDS, .usage = "SLUG",
	  .help = N_("Of this board only the discussions that you follow count as new.") },
	{ .noun = "board", .verb = "unfollow", .run = follow_board, .need = MAY_READ_BOARDS,
	  .usage = "SLUG", .help = N_("This board is neither followed nor muted.") },
	{ .noun = "thread", .verb = "print", .run = thread_print, .need = NEED_NOTHING, .usage = "ID [--html]",
	  .help = N_("A discussion as a page for paper: plain text of 72 columns, for lpr, or HTML. What is "
		     "hidden is not in it.") },
	{ .noun = "thread", .verb = "mbox", .run = thread_mbox, .need = NEED_NOTHING, .usage = "ID",
	  .help = N_("A discussion as a mailbox (mbox), to be opened by a mail reader. Addresses in it are "
		     "of nobody.") },
	{ .noun = "board", .verb = "mbox", .run = board_mbox, .need = NEED_NOTHING, .usage = "SLUG",
	  .help = N_("All discussions of a board as a mailbox (mbox).") },
	{ 0 },
};
