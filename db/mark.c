/*
 * What a member has read. A mark per thread says up to which message; a floor per member, below which
 * nothing is unread, keeps the marks few and the search for the next unread message short.
 */
#include <stdlib.h>

#include "bbs/base/clock.h"
#include "db/engine.h"

enum { WINDOW = 500, WINDOWS_COUNTED = 8, MANY = 100 };

SQL_READ(get_floor, "SELECT floor FROM member WHERE id = viewer() AND state = 'active'");
SQL_READ(newest_item, "SELECT id FROM newest_v");
SQL_WRITE(raise_floor, "UPDATE member SET floor = :floor WHERE id = :id AND floor < :floor");
SQL_WRITE(put_mark, "INSERT INTO mark (member, thread, last) VALUES (:member, :thread, :last)"
    " ON CONFLICT (member, thread) DO UPDATE SET last = excluded.last WHERE mark.last < excluded.last");
SQL_READ(thread_there, "SELECT last FROM thread_v WHERE id = :id");
/*
 * A window of ids, not of rows: what the viewer may not read costs no more than what he may. A message
 * whose thread he may not open is none that he could read.
 */
SQL_LIST(window_unread, "SELECT i.id, i.thread, coalesce(k.follows, 0) FROM item_v i"
    " LEFT JOIN mark k ON k.member = viewer() AND k.thread = i.thread"
    " WHERE i.id > :from AND i.id <= :to AND i.kind = 'message' AND i.state = 'published'"
    " AND i.id > coalesce(k.last, 0) AND i.author IS DISTINCT FROM viewer()"
    " AND EXISTS (SELECT 1 FROM talk_v t WHERE t.id = i.thread) ORDER BY i.id LIMIT :n");
SQL_LIST(unread_of_thread, "SELECT i.id FROM item_v i"
    " WHERE i.thread = (SELECT t.id FROM talk_v t WHERE t.id = :thread) AND i.id > :from"
    " AND i.state = 'published' AND i.author IS DISTINCT FROM viewer() ORDER BY i.id LIMIT :n");
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
	settle(db, floor, tally.first && tally.first <= settled ? tally.first - 1 : settled, newest);
	return E_OK;
}
