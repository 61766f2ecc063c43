/* The charter: its versions, and who accepted which. */
#include "bbs/base/clock.h"
#include "db/member.h"
#include "db/people.h"

enum { CHARTER_MAX = 64 * 1024 };

SQL_READ(newest_charter, "SELECT version, body FROM charter ORDER BY version DESC LIMIT 1");
SQL_READ(one_charter, "SELECT body FROM charter WHERE version = :version");
SQL_LIST(charters, "SELECT c.version, c.created, coalesce(m.name, '') FROM charter c"
    " LEFT JOIN member m ON m.id = c.author WHERE c.version < :from ORDER BY c.version DESC LIMIT :n");
SQL_LIST(charters_up, "SELECT c.version, c.created, coalesce(m.name, '') FROM charter c"
    " LEFT JOIN member m ON m.id = c.author WHERE c.version > :from ORDER BY c.version LIMIT :n");
SQL_READ(accepted, "SELECT count(*) FROM member WHERE charter = :version AND state = 'active' AND id > 1");
SQL_READ(everybody, "SELECT count(*) FROM member WHERE state = 'active' AND id > 1");
SQL_WRITE(add_charter, "INSERT INTO charter (body, author, created) VALUES (:body, :author, :now)");
SQL_WRITE(accept_charter, "UPDATE member SET charter = :version WHERE id = :id");

int64_t
charter_get(struct db *db, struct buf *body)
{
	int64_t version = 0;
	struct query *q = db_query(db, newest_charter);
	while (db_next(q)) {
		version = db_int(q, 0);
		if (body)
			buf_str(body, db_text(q, 1));
	}
	return version;
}

int
charter_version(struct db *db, int64_t version, struct buf *body)
{
	struct query *q = db_query(db, one_charter, I("version", version));
	if (!db_next(q))
		return E_NOT_FOUND;
	buf_str(body, db_text(q, 0));
	db_end(q);
	return E_OK;
}

int
charter_page(struct db *db, int64_t from, int direction, int n, charter_each each, void *ctx)
{
	int count = 0;
	bool down = direction > 0;
	if (!may(db, MAY_EDIT_CHARTER, (item_id){ 0 }))
		return E_DENIED;
	struct query *q = db_query_args(db, down ? &charters : &charters_up,
	    ARGS_(I("from", from ? from : down ? INT64_MAX : 0), I("n", n)));
	while (db_next(q)) {
		struct charter_row row = { .version = db_int(q, 0), .created = db_int(q, 1),
			.author = db_text(q, 2),
			.accepted = db_one(db, accepted, 0, I("version", db_int(q, 0))) };
		count++;
		if (!each(ctx, &row)) {
			db_end(q);
			break;
		}
	}
	return count;
}

int64_t
charter_readers(struct db *db)
{
	return may(db, MAY_EDIT_CHARTER, (item_id){ 0 }) ? db_one(db, everybody, 0) : 0;
}

int
charter_set(struct db *db, const char *typed)
{
	struct buf body = { 0 };
	int r = may(db, MAY_EDIT_CHARTER, (item_id){ 0 }) ? E_OK : E_DENIED;
	if (!r)
		r = member_clean(&body, typed, TEXT_BODY, CHARTER_MAX);
	if (!r)
		r = db_begin(db);
	if (!r) {
		db_run(db, add_charter, T("body", buf_text(&body)), I("author", db_viewer(db).n),
		    I("now", clock_now()));
		db_journal(db, "charter", "charter", charter_get(db, NULL), "");
		r = db_commit(db);
	}
	buf_free(&body);
	return r;
}

int
charter_accept(struct db *db, int64_t version)
{
	member_id me = db_viewer(db);
	if (!me.n)
		return E_DENIED;
	int r = db_begin(db);
	if (r)
		return r;
	/* What he has read must be what stands now. */
	if (!version || charter_get(db, NULL) != version)
		db_fail(db, E_INVALID);
	db_run(db, accept_charter, I("version", version), I("id", me.n));
	db_journal(db, "accept-charter", "member", me.n, "");
	return db_commit(db);
}
