/* The charter: its versions, and who accepted which. */
#include "bbs/base/clock.h"
#include "db/people.h"

enum { CHARTER_MAX = 64 * 1024 };

SQL_READ(newest_charter, "SELECT version, body FROM charter ORDER BY version DESC LIMIT 1");
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
