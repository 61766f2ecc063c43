/* Who is here. A row lives as long as its process holds its byte of the lock file: nothing to close. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bbs/base/clock.h"
#include "bbs/base/text.h"
#include "db/machine.h"
#include "db/people.h"
#include "db/sqlite.h"

enum {
	WORD_MAX = 64,
	LOOKED_AT = 8, /* rows, at each opening: whether they are alive */
};

SQL_WHOLE(slots, "SELECT slot FROM session ORDER BY slot");
SQL_READ(oldest_session, "SELECT coalesce(min(id), 0) FROM session");
SQL_READ(newest_session, "SELECT coalesce(max(id), 0) FROM session");
SQL_LIST(some_slots, "SELECT slot FROM session WHERE id >= :from ORDER BY id LIMIT :n");
SQL_WRITE(drop_session, "DELETE FROM session WHERE slot = :slot");
SQL_WRITE(add_session, "INSERT INTO session (member, carrier, source, slot, started)"
    " VALUES (nullif(CAST(:member AS BIGINT), 0), :carrier, :source, :slot, :now)");

#define SESSION_ROW "s.id, s.started, s.carrier, s.slot, coalesce(m.name, ''), coalesce(s.member, 0)," \
	" coalesce((SELECT c.name FROM council_v c WHERE c.id = m.council), '')," \
	" coalesce((SELECT c.town FROM council_v c WHERE c.id = m.council), ''), s.source"
SQL_LIST(all_sessions, "SELECT " SESSION_ROW " FROM session s LEFT JOIN member m ON m.id = s.member"
    " WHERE s.id > :from AND (s.member IS NULL OR (m.state = 'active' AND m.see_here = 1)"
    " OR :all = 1) ORDER BY s.id LIMIT :n");
SQL_LIST(own_sessions, "SELECT " SESSION_ROW " FROM session s JOIN member m ON m.id = s.member"
    " WHERE s.member = :member AND s.id > :from ORDER BY s.id LIMIT :n");
SQL_READ(get_session, "SELECT coalesce(member, 0), slot FROM session WHERE id = :id");
SQL_READ(slots_of, "SELECT slot FROM session WHERE member = :member ORDER BY id");
SQL_READ(slots_seen, "SELECT s.slot FROM session s JOIN member m ON m.id = s.member"
    " WHERE s.member = :member AND m.see_here = 1");
SQL_LIST(last_callers, "SELECT p.id, p.login, p.name, coalesce((SELECT c.name FROM council_v c"
    " WHERE c.id = p.council), ''), coalesce((SELECT c.town FROM council_v c WHERE c.id = p.council), ''),"
    " p.visit FROM caller_v p ORDER BY p.visit DESC, p.id DESC LIMIT :n");
SQL_READ(own_session, "SELECT coalesce(member, 0), coalesce(closed_by, 0), word FROM session"
    " WHERE slot = :slot");
SQL_WRITE(end_session, "UPDATE session SET closed_by = :by WHERE slot = :slot");
SQL_WRITE(write_session, "UPDATE session SET word = :word WHERE slot = :slot");

static void
word(struct buf *out, const char *s)
{
	text_clean(out, s, strnlen(s, WORD_MAX), TEXT_LINE);
}

/*
 * Takes away the dead among a few rows, here and there: as each opening leaves one at most, few stand at any
 * time, whatever the number of those alive, each of whom costs the kernel a look over all locks.
 */
static void
drop_some_dead(struct db *db)
{
	int64_t dead[LOOKED_AT];
	int count = 0;
	int64_t oldest = db_one(db, oldest_session, 0), newest = db_one(db, newest_session, 0);
	int64_t starts = newest - oldest + 2 - LOOKED_AT; /* places where a look may begin */
	int64_t from = oldest + (starts > 1 ? clock_ticks() * 7919 % starts : 0);
	struct query *q = db_query(db, some_slots, I("from", from), I("n", LOOKED_AT));
	while (db_next(q))
		if (!db_process_lives(db, db_int(q, 0)))
			dead[count++] = db_int(q, 0);
	while (count)
		db_run(db, drop_session, I("slot", dead[--count]));
}

int
session_open(struct db *db, const char *carrier, const char *source)
{
	struct buf by = { 0 }, from = { 0 };
	int64_t own = getpid();
	int r = db_begin(db);
	if (r)
		return r;
	word(&by, carrier);
	word(&from, source);
	drop_some_dead(db);
	db_run(db, drop_session, I("slot", own));
	db_run(db, add_session, I("member", db_viewer(db).n), T("carrier", buf_text(&by)),
	    T("source", buf_text(&from)), I("slot", own), I("now", clock_now()));
	buf_free(&by);
	buf_free(&from);
	return db_commit(db);
}

/* Those whose process has ended; nothing is written where there are none. */
int
session_sweep(struct db *db)
{
	int64_t *dead = NULL;
	int count = 0, room = 0;
	struct query *q = db_query(db, slots);
	while (db_next(q)) {
		if (db_process_lives(db, db_int(q, 0)))
			continue;
		if (count == room) {
			room = room ? 2 * room : 64;
			dead = mem_resize(dead, (size_t)room * sizeof *dead);
		}
		dead[count++] = db_int(q, 0);
	}
	int r = count ? db_begin(db) : E_OK;
	if (!r && count) {
		/* Meanwhile another may have come under that number. */
		for (int i = 0; i < count; i++)
			if (!db_process_lives(db, dead[i]))
				db_run(db, drop_session, I("slot", dead[i]));
		r = db_commit(db);
	}
	free(dead);
	return r ? r : count;
}

/* Those of a query that are alive, one by one; how many there were in all, or only these. */
static int
give(struct db *db, struct query *q, bool all, session_each each, void *ctx)
{
	int count = 0;
	while (db_next(q)) {
		bool lives = db_process_lives(db, db_int(q, 3));
		count += all || lives;
		if (!lives)
			continue;
		struct session_row row = { .id = db_int(q, 0), .started = db_int(q, 1),
			.carrier = db_text(q, 2), .name = db_text(q, 4), .member = { db_int(q, 5) },
			.council = db_text(q, 6), .town = db_text(q, 7), .source = all ? db_text(q, 8) : "",
			.here = db_int(q, 3) == getpid() };
		if (!each(ctx, &row)) {
			db_end(q);
			break;
		}
	}
	return count;
}

int
session_page(struct db *db, session_each each, void *ctx)
{
	if (!may(db, MAY_SEE_PEOPLE, (item_id){ 0 }))
		return E_DENIED;
	return give(db, db_query(db, all_sessions, I("from", 0), I("all", 0), I("n", SESSIONS_MAX)), false, each, ctx);
}

int
session_list(struct db *db, member_id of, int64_t from, int n, session_each each, void *ctx)
{
	bool all = may(db, MAY_MANAGE_MEMBERS, (item_id){ 0 });
	if (!all && (!of.n || of.n != db_viewer(db).n))
		return E_DENIED;
	struct query *q = of.n ? db_query(db, own_sessions, I("member", of.n), I("from", from), I("n", n))
			       : db_query(db, all_sessions, I("from", from), I("all", 1), I("n", n));
	return give(db, q, true, each, ctx);
}

bool
session_seen(struct db *db, member_id of)
{
	bool lives = false;
	struct query *q = db_query(db, slots_seen, I("member", of.n));
	while (db_next(q))
		lives = lives || db_process_lives(db, db_int(q, 0));
	return lives;
}

int
caller_list(struct db *db, caller_each each, void *ctx)
{
	int count = 0;
	if (!may(db, MAY_SEE_PEOPLE, (item_id){ 0 }))
		return E_DENIED;
	struct query *q = db_query(db, last_callers, I("n", CALLERS_MAX));
	for (; db_next(q); count++) {
		const struct caller_row row = { .id = { db_int(q, 0) }, .login = db_text(q, 1),
			.name = db_text(q, 2), .council = db_text(q, 3), .town = db_text(q, 4),
			.visit = db_int(q, 5) };
		each(ctx, &row);
	}
	return count;
}

/* ---- ended from elsewhere, written to ---- */

/* The process of a session, if the viewer may touch it: his own or, for the sysop, any. */
static int
reach(struct db *db, int64_t id, int64_t *slot)
{
	struct query *q = db_query(db, get_session, I("id", id));
	if (!db_next(q))
		return E_NOT_FOUND;
	member_id of = { db_int(q, 0) };
	*slot = db_int(q, 1);
	db_end(q);
	bool mine = of.n && of.n == db_viewer(db).n;
	if (!mine && !may(db, MAY_MANAGE_MEMBERS, (item_id){ 0 }))
		return E_NOT_FOUND;
	return db_process_lives(db, *slot) ? E_OK : E_NOT_FOUND;
}

static void
end_slot(struct db *db, int64_t slot)
{
	db_run(db, end_session, I("by", db_viewer(db).n), I("slot", slot));
	db_wrote(db, TOPIC_SESSION, slot);
}

int
session_end(struct db *db, int64_t id)
{
	int64_t slot;
	int r = reach(db, id, &slot);
	if (!r)
		r = db_begin(db);
	if (r)
		return r;
	end_slot(db, slot);
	db_journal(db, "close", "session", id, "");
	return db_commit(db);
}

void
session_end_all(struct db *db, member_id of)
{
	struct query *q = db_query(db, slots_of, I("member", of.n));
	while (db_next(q))
		if (db_int(q, 0) != getpid())
			end_slot(db, db_int(q, 0));
}

int
session_write(struct db *db, int64_t id, const char *typed)
{
	struct buf clean = { 0 };
	int64_t slot;
	int r = may(db, MAY_MANAGE_MEMBERS, (item_id){ 0 }) ? reach(db, id, &slot) : E_DENIED;
	if (!r)
		r = member_clean(&clean, typed, TEXT_LINE, WORD_BYTES);
	if (!r)
		r = db_begin(db);
	if (!r) {
		db_run(db, write_session, T("word", buf_text(&clean)), I("slot", slot));
		db_journal(db, "write", "session", id, "");
		db_wrote(db, TOPIC_SESSION, slot);
		r = db_commit(db);
	}
	buf_free(&clean);
	return r;
}

enum session_end_by
session_look(struct db *db, struct buf *out)
{
	int64_t by = 0, of = 0, slot = getpid();
	struct query *q = db_query(db, own_session, I("slot", slot));
	while (db_next(q)) {
		of = db_int(q, 0);
		by = db_int(q, 1);
		buf_str(out, db_text(q, 2));
	}
	/* What cannot be taken away now is shown once more: better than never. */
	if (out->len && !db_begin(db)) {
		db_run(db, write_session, T("word", ""), I("slot", slot));
		db_commit(db);
	}
	return !by ? SESSION_GOES_ON : by == of ? SESSION_ENDED_BY_SELF : SESSION_ENDED_BY_BOARD;
}
