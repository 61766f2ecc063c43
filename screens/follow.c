/* Following and muting a discussion or a board: done, undone, and said in a sentence. */
#include "bbs/base/i18n.h"
#include "screens/visit.h"

/* What a key makes of what there was: it does, and the second time undoes. */
static enum follow
turned(enum follow was, enum act act)
{
	enum follow wish = act == ACT_FOLLOW ? FOLLOW_YES : FOLLOW_MUTED;
	return was == wish ? FOLLOW_NONE : wish;
}

static void
told(struct visit *v, int answer, const char *sentence)
{
	if (answer)
		visit_say_error(v, answer);
	else
		ui_say(v->ui, "%s", sentence);
}

void
follow_thread(struct visit *v, item_id id, enum act act)
{
	struct thread thread = { 0 };
	int r = thread_get(v->db, id, &thread);
	enum follow was = thread.follow, now = turned(was, act);
	thread_free(&thread);
	if (!r)
		r = mark_follow(v->db, id, now);
	if (now == FOLLOW_YES)
		told(v, r, _("You follow this discussion: its new messages count as your discussions."));
	else if (now == FOLLOW_MUTED)
		told(v, r, _("This discussion is muted: its messages no longer count as new. z hears it again."));
	else if (was == FOLLOW_MUTED)
		told(v, r, _("This discussion is no longer muted. It is not followed either: * follows it."));
	else
		told(v, r, _("You no longer follow this discussion."));
}

void
follow_board(struct visit *v, board_id id, enum act act)
{
	struct board board = { 0 };
	int r = board_get(v->db, id, &board);
	enum follow was = board.follow, now = turned(was, act);
	if (!r)
		r = mark_follow_board(v->db, id, now);
	struct buf sentence = { 0 };
	const char *title = buf_text(&board.title);
	if (now == FOLLOW_YES)
		buf_fmt(&sentence, _("You follow %s: its new discussions count as yours."), title);
	else if (now == FOLLOW_MUTED)
		buf_fmt(&sentence, _("%s is muted: of it only the discussions that you follow count as new. z "
				     "hears it again."), title);
	else if (was == FOLLOW_MUTED)
		buf_fmt(&sentence, _("%s is no longer muted."), title);
	else
		buf_fmt(&sentence, _("You no longer follow %s."), title);
	told(v, r, buf_text(&sentence));
	buf_free(&sentence);
	board_free(&board);
}
