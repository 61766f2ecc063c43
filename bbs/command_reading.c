/* Commands about what one reads: following and muting. */
#include <string.h>

#include "bbs/base/i18n.h"
#include "bbs/command_call.h"

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
find_board(struct call *call, struct board *board)
{
	if (!board_find(call->db, call->words[0], board))
		return 0;
	return call_refuse(call, _("There is no board “%s”."), call->words[0]);
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
	int status = find_board(call, &board);
	if (!status)
		status = call_end(call, mark_follow_board(call->db, board.id, wished(call)));
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
	{ 0 },
};
