/* Who is here. A row lives as long as its process holds its byte of the lock file: nothing to close. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bbs/base/clock.h"
#include "bbs/base/text.h"
#include "db/sqlite.h"

enum { WORD_MAX = 64 };

SQL_WHOLE(slots, "SELECT slot FROM session ORDER BY slot");
SQL_WRITE(drop_session, "DELETE FROM session WHERE slot = :slot");
SQL_WRITE(add_session, "INSERT INTO session (member, carrier, source, slot, started)"
    " VALUES (nullif(CAST(:member AS BIGINT), 0), :carrier, :source, :slot, :now)");
SQL_LIST(sessions, "SELECT s.id, s.started, s.carrier, s.slot, coalesce(m.name, ''),"
    " coalesce((SELECT c.name FROM council_v c WHERE c.id = m.council), ''),"
    " coalesce((SELECT c.town FROM council_v c WHERE c.id = m.council), '')"
    " FROM session s LEFT JOIN member m ON m.id = s.member ORDER BY s.id LIMIT :n");

static void
word(struct buf *out, const char *s)
{
	text_clean(out, s, strnlen(s, WORD_MAX), TEXT_LINE);
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
	struct query *q = db_query(db, slots);
	while (db_next(q)) {
		int64_t slot = db_int(q, 0);
		if (slot == own || !db_process_lives(db, slot))
			db_run(db, drop_session, I("slot", slot));
	}
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

int
session_page(struct db *db, session_each each, void *ctx)
{
	int count = 0;
	if (!may(db, MAY_SEE_PEOPLE, (item_id){ 0 }))
		return E_DENIED;
	struct query *q = db_query(db, sessions, I("n", SESSIONS_MAX));
	while (db_next(q)) {
		if (!db_process_lives(db, db_int(q, 3)))
			continue;
		struct session_row row = { .id = db_int(q, 0), .started = db_int(q, 1),
			.carrier = db_text(q, 2), .name = db_text(q, 4), .council = db_text(q, 5),
			.town = db_text(q, 6) };
		count++;
		if (!each(ctx, &row)) {
			db_end(q);
			break;
		}
	}
	return count;
}
