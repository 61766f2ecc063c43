/*
 * Who has opened or fetched a file. What a talk fetches is noted and written some at a time: a commit for each of a
 * thousand small files would cost more than sending them.
 */
#include "bbs/base/clock.h"
#include "bbs/base/log.h"
#include "db/shelf.h"
#include "db/sqlite.h"

enum { SEEN_COUNTED = 100 };

/* Is that any news? Not of one's own, nor of a visitor. */
SQL_READ(is_unseen, "SELECT e.id FROM viewer_v v CROSS JOIN entry_v e WHERE e.id = :item AND e.folder = 0 AND v.id > 1"
    " AND e.parent IS NULL"
    " AND e.author IS DISTINCT FROM v.id"
    " AND NOT EXISTS (SELECT 1 FROM seen s WHERE s.item = e.id AND s.member = v.id)");
SQL_WRITE(add_seen, "INSERT INTO seen (item, member, first) VALUES (:item, :member, :now)"
    " ON CONFLICT (item, member) DO NOTHING");
SQL_LIST(seen_by, "SELECT m.id, m.name, s.first FROM seen s CROSS JOIN member m WHERE s.item = :item AND m.id = s.member"
    " AND s.member > :from ORDER BY s.member LIMIT :n");
SQL_LIST(count_seen, "SELECT count(*) FROM (SELECT 1 FROM seen s WHERE s.item = :item LIMIT :n) x");

void
file_saw(struct db *db, item_id item)
{
	for (int i = 0; i < db->seen_count; i++)
		if (db->seen[i].item.n == item.n && db->seen[i].member.n == db->viewer.n)
			return;
	if (!db_one(db, is_unseen, 0, I("item", item.n)))
		return;
	db->seen[db->seen_count].item = item;
	db->seen[db->seen_count++].member = db->viewer;
	if (db->seen_count == SEEN_MAX)
		file_saw_all(db);
}

void
file_saw_all(struct db *db)
{
	if (!db->seen_count)
		return;
	int r = db_begin(db);
	for (int i = 0; i < db->seen_count && !r; i++)
		db_run(db, add_seen, I("item", db->seen[i].item.n), I("member", db->seen[i].member.n), I("now", clock_now()));
	/* Nobody's reading stops for this. */
	if (r || (r = db_commit(db)))
		log_line(LOG_NOTE, "seen: %d not kept: %d", db->seen_count, r);
	db->seen_count = 0;
}

int
file_seen_by(struct db *db, item_id item, member_id from, int n, seen_each each, void *ctx)
{
	int count = 0;
	if (!entry_changes(db, item))
		return E_DENIED;
	struct query *q = db_query(db, seen_by, I("item", item.n), I("from", from.n), I("n", n));
	while (db_next(q)) {
		count++;
		if (!each(ctx, (member_id){ db_int(q, 0) }, db_text(q, 1), db_int(q, 2))) {
			db_end(q);
			break;
		}
	}
	return count;
}

int
file_seen_count(struct db *db, item_id item)
{
	return entry_changes(db, item) ? (int)db_one(db, count_seen, 0, I("item", item.n), I("n", SEEN_COUNTED)) : 0;
}
