/* Lines of the day: one a member and day, for all members; seen for a week, gone after three months. */
#include "bbs/base/clock.h"
#include "db/check.h"
#include "db/people.h"
#include "db/word.h"

enum { DAY = 24 * 3600, SHOWN = 7 * DAY };

/* Today's is written again, unless it was hidden. */
SQL_WRITE(put_daily, "INSERT INTO daily (author, day, body, created) VALUES (:author, :day, :body, :now)"
    " ON CONFLICT (author, day) DO UPDATE SET body = excluded.body WHERE daily.hidden = 0 RETURNING id");
SQL_READ(own_daily, "SELECT body FROM daily_v WHERE author = :author AND day = :day AND hidden = 0");
SQL_READ(daily_edge, "SELECT id FROM daily_age_v WHERE created <= :since"
    " ORDER BY created DESC, id DESC LIMIT 1");
#define DAILY_ROW "SELECT d.id, d.author, m.name, coalesce((SELECT c.name FROM council_v c" \
	" WHERE c.id = m.council), ''), coalesce((SELECT c.town FROM council_v c WHERE c.id = m.council), '')," \
	" d.body, d.created, d.hidden FROM daily_v d JOIN member m ON m.id = d.author WHERE d.id "
SQL_LIST(dailies_down, DAILY_ROW "< :from AND d.id > :edge ORDER BY d.id DESC LIMIT :n");
SQL_LIST(dailies_up, DAILY_ROW "> :from ORDER BY d.id LIMIT :n");
SQL_READ(get_daily, DAILY_ROW "= :id AND d.id > :edge");
SQL_READ(may_hide, "SELECT 1 FROM daily_v d JOIN guarded_v g ON g.member = d.author WHERE d.id = :id");
SQL_READ(daily_author, "SELECT author FROM daily_v WHERE id = :id");
SQL_WRITE(hide_daily, "UPDATE daily SET hidden = :hidden WHERE id = :id AND hidden <> :hidden");

int
daily_put(struct db *db, const char *typed)
{
	struct buf body = { 0 };
	member_id me = db_viewer(db);
	if (me.n == MACHINE.n || !may(db, MAY_SEE_PEOPLE, (item_id){ 0 }))
		return E_DENIED;
	buf_str(&body, typed);
	int r = check_cells(&body, DAILY_CELLS);
	if (!r)
		r = db_begin(db);
	if (!r) {
		int64_t now = clock_now();
		if (!db_insert(db, put_daily, I("author", me.n), I("day", clock_day_number(now)),
			T("body", buf_text(&body)), I("now", now)))
			db_fail(db, E_LOCKED);
		db_wrote(db, TOPIC_DAILY, me.n);
		r = db_commit(db);
	}
	buf_free(&body);
	return r;
}

void
daily_mine(struct db *db, struct buf *out)
{
	struct query *q = db_query(db, own_daily, I("author", db_viewer(db).n),
	    I("day", clock_day_number(clock_now())));
	while (db_next(q))
		buf_str(out, db_text(q, 0));
}

/* The last one that is too old to be shown. */
static int64_t
edge(struct db *db)
{
	return db_one(db, daily_edge, 0, I("since", clock_now() - SHOWN));
}

static int
give(struct query *q, daily_each each, void *ctx)
{
	int count = 0;
	while (db_next(q)) {
		const struct daily_row row = { .id = db_int(q, 0), .author = { db_int(q, 1) },
			.name = db_text(q, 2), .council = db_text(q, 3), .town = db_text(q, 4),
			.body = db_text(q, 5), .created = db_int(q, 6), .hidden = db_int(q, 7) };
		count++;
		if (!each(ctx, &row)) {
			db_end(q);
			break;
		}
	}
	return count;
}

int
daily_page(struct db *db, int64_t from, int direction, int n, daily_each each, void *ctx)
{
	if (!may(db, MAY_SEE_PEOPLE, (item_id){ 0 }))
		return E_DENIED;
	int64_t last = edge(db);
	if (direction > 0)
		return give(db_query(db, dailies_down, I("from", from ? from : INT64_MAX), I("edge", last),
		    I("n", n)), each, ctx);
	return give(db_query(db, dailies_up, I("from", from > last ? from : last), I("n", n)), each, ctx);
}

int
daily_get(struct db *db, int64_t id, daily_each each, void *ctx)
{
	return give(db_query(db, get_daily, I("id", id), I("edge", edge(db))), each, ctx) ? E_OK : E_NOT_FOUND;
}

bool
daily_may_hide(struct db *db, int64_t id)
{
	return may(db, MAY_MODERATE, (item_id){ 0 }) && db_one(db, may_hide, 0, I("id", id));
}

int
daily_hide(struct db *db, int64_t id, bool hidden)
{
	int64_t author = db_one(db, daily_author, 0, I("id", id));
	if (!author)
		return E_NOT_FOUND;
	if (!daily_may_hide(db, id))
		return E_DENIED;
	int r = db_begin(db);
	if (r)
		return r;
	if (!db_run(db, hide_daily, I("hidden", hidden), I("id", id)))
		db_fail(db, E_DONE);
	db_journal(db, hidden ? "line.hide" : "line.show", "member", author, "");
	db_wrote(db, TOPIC_DAILY, id);
	return db_commit(db);
}
