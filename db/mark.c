/*
 * What a member has read, and wants to hear of. A mark per thread says up to which message; a floor per
 * member, below which nothing is unread, keeps the marks few and the search for the next unread message
 * short. What is muted is passed over as what is read: it costs a search no more, and the floor rises past
 * it.
 */
#include <stdlib.h>

#include "bbs/base/clock.h"
#include "db/engine.h"
#include "db/forum.h"

enum { WINDOW = 500, WINDOWS_COUNTED = 8, MANY = 100, FOLLOWED_LOOK = 200 };

SQL_READ(get_floor, "SELECT floor FROM member WHERE id = viewer() AND state = 'active'");
SQL_READ(newest_item, "SELECT id FROM newest_v");
SQL_WRITE(raise_floor, "UPDATE member SET floor = :floor WHERE id = :id AND floor < :floor");
SQL_WRITE(put_mark, "INSERT INTO mark (member, thread, last) VALUES (:member, :thread, :last)"
    " ON CONFLICT (member, thread) DO UPDATE SET last = excluded.last WHERE mark.last < excluded.last");
SQL_WRITE(put_follow, "INSERT INTO mark (member, thread, last, follows, muted)"
    " VALUES (:member, :id, 0, :follows, :muted) ON CONFLICT (member, thread)"
    " DO UPDATE SET follows = excluded.follows, muted = excluded.muted");
SQL_WRITE(put_board_follow, "INSERT INTO board_mark (member, board, follows, muted)"
    " VALUES (:member, :id, :follows, :muted) ON CONFLICT (member, board)"
    " DO UPDATE SET follows = excluded.follows, muted = excluded.muted");
SQL_READ(board_there, "SELECT id FROM board_v WHERE id = :id");
SQL_READ(active_viewer, "SELECT id FROM viewer_v");
SQL_READ(thread_there, "SELECT last FROM thread_v WHERE id = :id");
/*
 * A window of ids, not of rows: what the viewer may not read costs no more than what he may. A message
 * whose thread he may not open is none that he could read.
 */
SQL_LIST(window_unread, "SELECT i.id, i.thread,"
    " CASE WHEN k.follows = 1 OR (b.follows = 1 AND i.id = i.thread) THEN 1 ELSE 0 END FROM item_v i"
    " LEFT JOIN mark k ON k.member = viewer() AND k.thread = i.thread"
    " LEFT JOIN board_mark b ON b.member = viewer() AND b.board = i.board"
    " WHERE i.id > :from AND i.id <= :to AND i.kind = 'message' AND i.state = 'published'"
    " AND i.id > coalesce(k.last, 0) AND i.author IS DISTINCT FROM viewer()"
    " AND coalesce(k.muted, 0) = 0 AND (coalesce(b.muted, 0) = 0 OR k.follows = 1)"
    " AND EXISTS (SELECT 1 FROM talk_v t WHERE t.id = i.thread) ORDER BY i.id LIMIT :n");
SQL_LIST(unread_of_thread, "SELECT i.id FROM item_v i"
    " WHERE i.thread = (SELECT t.id FROM talk_v t WHERE t.id = :thread) AND i.id > :from"
    " AND i.kind = 'message' AND i.state = 'published' AND i.author IS DISTINCT FROM viewer() ORDER BY i.id LIMIT :n");
/* In the newest threads that the viewer takes part in; the joins are in the order in which they are cheap. */
SQL_LIST(unread_of_followed, "SELECT i.id FROM (SELECT k.thread, k.last FROM mark k"
    "  WHERE k.member = viewer() AND k.follows = 1 ORDER BY k.thread DESC LIMIT :look) f"
    " CROSS JOIN thread_v t CROSS JOIN item_v i WHERE t.id = f.thread AND t.last > :floor AND t.last > f.last"
    " AND i.thread = t.id AND i.kind = 'message' AND i.id > :floor AND i.id > f.last AND i.state = 'published'"
    " AND i.author IS DISTINCT FROM viewer() LIMIT :n");
/* The newest message of a thread that is no news to the viewer. */
SQL_READ(read_upto, "SELECT CASE WHEN coalesce(k.last, 0) > v.floor THEN k.last ELSE v.floor END"
    " FROM member v LEFT JOIN mark k ON k.member = v.id AND k.thread = :thread"
    " WHERE v.id = viewer() AND v.state = 'active'");

int
mark_read(struct db *db, item_id thread, item_id upto)
{
	if (!db_viewer(db).n)
		return E_DENIED;
	int r = db_begin(db);
	if (r)
		return r;
	if (!db_one(db, thread_there, 0, I("id", thread.n)))
		db_fail(db, E_NOT_FOUND);
	db_run(db, put_mark, I("member", db_viewer(db).n), I("thread", thread.n), I("last", upto.n));
	return db_commit(db);
}

/* What is followed must be there for the viewer. */
static int
follow(struct db *db, const struct statement *there, const struct statement *put, int64_t id, enum follow how)
{
	if (!db_one(db, active_viewer, 0))
		return E_DENIED;
	int r = db_begin(db);
	if (r)
		return r;
	if (!db_one_args(db, there, 0, ARGS_(I("id", id))))
		db_fail(db, E_NOT_FOUND);
	db_run_args(db, put, ARGS_(I("member", db_viewer(db).n), I("id", id), I("follows", how == FOLLOW_YES),
	    I("muted", how == FOLLOW_MUTED)));
	return db_commit(db);
}

int
mark_follow(struct db *db, item_id thread, enum follow how)
{
	return follow(db, &thread_there, &put_follow, thread.n, how);
}

int
mark_follow_board(struct db *db, board_id board, enum follow how)
{
	return follow(db, &board_there, &put_board_follow, board.n, how);
}

static int
set_floor(struct db *db, int64_t floor)
{
	int r = db_begin(db);
	if (r)
		return r;
	db_run(db, raise_floor, I("id", db_viewer(db).n), I("floor", floor));
	return db_commit(db);
}

/* Everything up to `upto` was found read: later searches begin there. One that fails is tried again. */
static void
settle(struct db *db, int64_t floor, int64_t upto, int64_t newest)
{
	if (upto > newest)
		upto = newest;
	if (upto >= floor + WINDOW)
		set_floor(db, upto);
}

int
mark_all_read(struct db *db)
{
	if (!db_viewer(db).n)
		return E_DENIED;
	return set_floor(db, db_one(db, newest_item, 0));
}

int
thread_unread(struct db *db, item_id thread, int64_t *ids, int n)
{
	int count = 0;
	int64_t from = db_one(db, read_upto, -1, I("thread", thread.n));
	if (from < 0)
		return 0;
	struct query *q = db_query(
	    db, unread_of_thread, I("thread", thread.n), I("from", from), I("n", n));
	while (db_next(q))
		ids[count++] = db_int(q, 0);
	return count;
}

int
next_unread(struct db *db, item_id *thread, item_id *post)
{
	int64_t floor = db_one(db, get_floor, -1);
	if (floor < 0)
		return E_NOT_FOUND;
	int64_t newest = db_one(db, newest_item, 0), from = floor;
	*post = (item_id){ 0 };
	for (; from < newest && !post->n; from += WINDOW) {
		struct query *q = db_query(
		    db, window_unread, I("from", from), I("to", from + WINDOW), I("n", 1));
		while (db_next(q)) {
			*post = (item_id){ db_int(q, 0) };
			*thread = (item_id){ db_int(q, 1) };
		}
	}
	settle(db, floor, post->n ? post->n - 1 : newest, newest);
	return post->n ? E_OK : E_NOT_FOUND;
}

/* The threads that unread messages are in, each once. */
struct tally {
	struct unread *out;
	int64_t threads[MANY], first;
};

static void
count_window(struct db *db, int64_t from, struct tally *tally)
{
	struct unread *out = tally->out;
	struct query *q = db_query(
	    db, window_unread, I("from", from), I("to", from + WINDOW), I("n", MANY - out->posts));
	while (db_next(q)) {
		int known = 0;
		if (!tally->first)
			tally->first = db_int(q, 0);
		while (known < out->threads && tally->threads[known] != db_int(q, 1))
			known++;
		if (known == out->threads)
			tally->threads[out->threads++] = db_int(q, 1);
		out->posts++;
		out->followed += db_int(q, 2) == 1;
	}
}

/* Where not all that is unread was looked at, the viewer's own discussions are. */
static void
count_followed(struct db *db, int64_t floor, struct unread *out)
{
	int count = 0;
	struct query *q = db_query(
	    db, unread_of_followed, I("floor", floor), I("look", FOLLOWED_LOOK), I("n", MANY));
	while (db_next(q))
		count++;
	if (count > out->followed)
		out->followed = count;
}

int
unread_count(struct db *db, struct unread *out)
{
	enum { ENDS = WINDOWS_COUNTED / 2 };
	struct tally tally = { .out = out };
	*out = (struct unread){ 0 };
	int64_t floor = db_one(db, get_floor, -1), newest = db_one(db, newest_item, 0);
	if (floor < 0)
		return E_DENIED;
	int64_t from = floor, settled = floor;
	for (int i = 0; i < WINDOWS_COUNTED && from < newest && out->posts < MANY; i++, from += WINDOW) {
		/* Of what is too much to look at, the oldest and the newest. */
		if (i == ENDS && from < newest - ENDS * WINDOW)
			from = newest - ENDS * WINDOW;
		if (!tally.first && from == settled)
			settled = from + WINDOW;
		count_window(db, from, &tally);
	}
	if (out->posts == MANY)
		count_followed(db, floor, out);
	settle(db, floor, tally.first && tally.first <= settled ? tally.first - 1 : settled, newest);
	return E_OK;
}
