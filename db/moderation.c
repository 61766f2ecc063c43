/* What those who moderate a board do there: hide and show, close, pin, move. Joining and parting: graft.c. */
#include <stdio.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/text.h"
#include "db/people.h"
#include "db/search.h"
#include "db/talk.h"

SQL_READ(hold_read, "SELECT i.thread, coalesce(i.board, 0), coalesce(i.author, 0), i.state, i.kind"
    " FROM talk_v i JOIN talk_v r ON r.id = i.thread WHERE i.id = :id AND (i.kind = 'message'"
    " OR (i.kind = 'file' AND i.parent IS NULL))");
SQL_READ(hold_other, "SELECT i.thread, i.board, coalesce(i.author, 0), i.state, i.kind FROM held_v i WHERE i.id = :id");
SQL_WRITE(set_state, "UPDATE item SET state = :state WHERE id = :id AND state = :was");
SQL_WRITE(put_hiding, "INSERT INTO hiding (item, actor, reason, created) VALUES (:item, :actor, :reason, :now)"
    " ON CONFLICT (item) DO UPDATE SET actor = excluded.actor, reason = excluded.reason,"
    " created = excluded.created");
SQL_WRITE(set_locked, "UPDATE thread SET locked = :on WHERE item = :id AND locked <> :on");
SQL_WRITE(set_pinned, "UPDATE thread SET pinned = :on WHERE item = :id AND pinned <> :on");
SQL_READ(count_pinned, "SELECT count(*) FROM thread_v t WHERE t.board = :board AND t.pinned = 1");
SQL_WRITE(move_items, "UPDATE item SET board = :board, council = nullif(CAST(:council AS BIGINT), 0),"
    " level = :level WHERE thread = :thread");
SQL_WRITE(move_thread, "UPDATE thread SET board = :board, level = :level, pinned = 0 WHERE item = :thread");
SQL_READ(root_author, "SELECT coalesce(i.author, 0) FROM talk_v i WHERE i.id = :id");

/* A message before whom may act on it: one that he reads, or that lies before him as reported or hidden. */
static bool
find_post(struct db *db, const struct statement *statement, item_id post, struct post_held *out)
{
	struct query *q = db_query_args(db, statement, ARGS_(I("id", post.n)));
	if (!db_next(q))
		return false;
	*out = (struct post_held){ .id = post, .thread = { db_int(q, 0) }, .board = { db_int(q, 1) },
		.author = { db_int(q, 2) }, .published = !strcmp(db_text(q, 3), "published"),
		.hidden = !strcmp(db_text(q, 3), "hidden"), .file = !strcmp(db_text(q, 4), "file") };
	db_end(q);
	return true;
}

int
talk_hold(struct db *db, item_id post, struct post_held *out)
{
	if (!find_post(db, &hold_read, post, out) && !find_post(db, &hold_other, post, out))
		return E_NOT_FOUND;
	return may_moderate(db, out->board) ? E_OK : E_DENIED;
}

static void
wrote(struct db *db, item_id thread, board_id board)
{
	db_wrote(db, TOPIC_THREAD, thread.n);
	db_wrote(db, TOPIC_BOARD, board.n);
}

static void
wrote_post(struct db *db, const struct post_held *post)
{
	wrote(db, post->thread, post->board);
	if (post->file)
		db_wrote(db, TOPIC_SHELF, post->id.n);
}

/* ---- a message or a file hidden, shown ---- */

static void
tell_hidden(struct db *db, const struct post_held *post, const char *reason)
{
	if (!post->author.n || post->author.n == db_viewer(db).n)
		return;
	notice_send(db, post->author, post->file ? "file-hidden" : "hidden", post->id, reason);
	if (post->file) {
		mail_to(db, post->author, "hidden", N_("One of your files was hidden"),
		    N_("The animators have hidden one of your files (#%lld). The reason given:\n\n%s\n\n"
		       "You still see it. If you change it, they can show it again.\n"),
		    (long long)post->id.n, reason);
		return;
	}
	mail_to(db, post->author, "hidden", N_("One of your messages was hidden"),
	    N_("The animators have hidden one of your messages (#%lld). The reason given:\n\n%s\n\n"
	       "You still read it. If you change it, they can show it again.\n"),
	    (long long)post->id.n, reason);
}

/* Begins a transaction on a message that has to be hidden, or published; else it has its answer already. */
static int
begin_on(struct db *db, item_id id, bool hidden, struct post_held *post)
{
	int r = db_begin(db);
	if (r)
		return r;
	r = talk_hold(db, id, post);
	if (!r && !post->hidden && !post->published)
		r = E_NOT_FOUND;
	if (!r && post->hidden != hidden)
		r = E_DONE;
	if (r)
		db_fail(db, r);
	return E_OK;
}

static int
write_hidden(struct db *db, item_id id, const char *reason)
{
	struct post_held post = { 0 };
	int r = begin_on(db, id, false, &post);
	if (r)
		return r;
	db_run(db, set_state, T("state", "hidden"), I("id", id.n), T("was", "published"));
	db_run(db, put_hiding, I("item", id.n), I("actor", db_viewer(db).n), T("reason", reason),
	    I("now", clock_now()));
	tell_hidden(db, &post, reason);
	report_settle(db, id, post.file, true, reason);
	db_journal(db, post.file ? "file.hide" : "hide", post.file ? "file" : "message", id.n, "");
	wrote_post(db, &post);
	return db_commit(db);
}

int
post_hide(struct db *db, item_id post, const char *typed)
{
	struct buf reason = { 0 };
	int r = member_clean(&reason, typed, TEXT_LINE, ABOUT_MAX);
	if (!r)
		r = write_hidden(db, post, buf_text(&reason));
	buf_free(&reason);
	return r;
}

int
post_show(struct db *db, item_id id)
{
	struct post_held post = { 0 };
	int r = begin_on(db, id, true, &post);
	if (r)
		return r;
	db_run(db, set_state, T("state", "published"), I("id", id.n), T("was", "hidden"));
	if (post.author.n && post.author.n != db_viewer(db).n)
		notice_send(db, post.author, post.file ? "file-shown" : "shown", id, "");
	db_journal(db, post.file ? "file.show" : "show", post.file ? "file" : "message", id.n, "");
	wrote_post(db, &post);
	return db_commit(db);
}

/* ---- a thread closed, pinned, moved ---- */

int
talk_hold_thread(struct db *db, item_id id, struct thread *out)
{
	int r = thread_get(db, id, out);
	return r ? r : may_moderate(db, out->board) ? E_OK : E_DENIED;
}

int
talk_hold_board_thread(struct db *db, item_id id, struct thread *out)
{
	int r = talk_hold_thread(db, id, out);
	return !r && out->file ? E_DENIED : r;
}

static int
set_flag(struct db *db, item_id id, bool on, const struct statement *statement, const char *act)
{
	struct thread thread = { 0 };
	int r = db_begin(db);
	if (r)
		return r;
	r = statement == &set_pinned ? talk_hold_board_thread(db, id, &thread) : talk_hold_thread(db, id, &thread);
	if (!r && on && statement == &set_pinned && !thread.pinned &&
	    db_one(db, count_pinned, 0, I("board", thread.board.n)) >= PINS_MAX)
		r = E_LIMIT;
	if (r)
		db_fail(db, r);
	if (!db_run_args(db, statement, ARGS_(I("on", on), I("id", id.n))))
		db_fail(db, E_DONE);
	db_journal(db, act, "thread", id.n, "");
	wrote(db, id, thread.board);
	thread_free(&thread);
	return db_commit(db);
}

int
thread_lock(struct db *db, item_id thread, bool on)
{
	return set_flag(db, thread, on, &set_locked, on ? "lock" : "unlock");
}

int
thread_pin(struct db *db, item_id thread, bool on)
{
	return set_flag(db, thread, on, &set_pinned, on ? "pin" : "unpin");
}

/* Tells whoever opened a thread what has become of it. */
void
talk_tell(struct db *db, item_id root, const char *kind, const char *what)
{
	member_id author = { db_one(db, root_author, 0, I("id", root.n)) };
	if (author.n && author.n != db_viewer(db).n)
		notice_send(db, author, kind, root, what);
}

int
thread_move(struct db *db, item_id id, board_id where)
{
	struct thread thread = { 0 };
	struct board board = { 0 };
	struct buf detail = { 0 };
	int r = db_begin(db);
	if (r)
		return r;
	r = talk_hold_board_thread(db, id, &thread);
	if (!r)
		r = board_get(db, where, &board);
	if (!r && !may(db, MAY_POST, board.council))
		r = E_DENIED;
	if (!r && thread.board.n == where.n)
		r = E_DONE;
	if (!r && board.closed)
		r = E_LOCKED;
	if (r)
		db_fail(db, r);
	buf_fmt(&detail, "%s > %s", buf_text(&thread.board_slug), buf_text(&board.slug));
	search_take_out_thread(db, thread.id);
	db_run(db, move_items, I("board", where.n), I("council", board.council.n), T("level", board.level),
	    I("thread", id.n));
	db_run(db, move_thread, I("board", where.n), T("level", board.level), I("thread", id.n));
	snprintf(thread.level, sizeof thread.level, "%s", board.level);
	thread.council = board.council;
	search_put_in_thread(db, thread.id);
	report_place(db, id);
	talk_tell(db, id, "moved", buf_text(&board.title));
	db_journal(db, "move", "thread", id.n, buf_text(&detail));
	wrote(db, id, where);
	db_wrote(db, TOPIC_BOARD, thread.board.n);
	thread_free(&thread);
	board_free(&board);
	buf_free(&detail);
	return db_commit(db);
}
