/* Reading the journal and the outbox. What writes them are db_journal() and db_outbox() in store.c. */
#include "db/engine.h"

SQL_LIST(journal_rows, "SELECT j.id, j.created, coalesce(m.name, ''), j.act, j.object, j.detail, j.object_id"
    " FROM journal j LEFT JOIN member m ON m.id = j.actor WHERE j.id < :from ORDER BY j.id DESC LIMIT :n");
SQL_LIST(outbox_rows, "SELECT o.id, o.created, o.address, o.kind, o.subject, o.body, o.state"
    " FROM outbox o WHERE o.id < :from ORDER BY o.id DESC LIMIT :n");

int
journal_page(struct db *db, int64_t from, int n, journal_each each, void *ctx)
{
	int count = 0;
	if (!may(db, MAY_READ_JOURNAL, (item_id){ 0 }))
		return E_DENIED;
	struct query *q = db_query(db, journal_rows, I("from", from ? from : INT64_MAX), I("n", n));
	while (db_next(q)) {
		struct journal_row row = { .id = db_int(q, 0), .created = db_int(q, 1),
			.actor = db_text(q, 2), .act = db_text(q, 3), .object = db_text(q, 4),
			.detail = db_text(q, 5), .object_id = db_int(q, 6) };
		count++;
		if (!each(ctx, &row)) {
			db_end(q);
			break;
		}
	}
	return count;
}

int
outbox_page(struct db *db, int64_t from, int n, outbox_each each, void *ctx)
{
	int count = 0;
	if (!may(db, MAY_READ_JOURNAL, (item_id){ 0 }))
		return E_DENIED;
	struct query *q = db_query(db, outbox_rows, I("from", from ? from : INT64_MAX), I("n", n));
	while (db_next(q)) {
		struct outbox_row row = { .id = db_int(q, 0), .created = db_int(q, 1), .to = db_text(q, 2),
			.kind = db_text(q, 3), .subject = db_text(q, 4), .body = db_text(q, 5),
			.state = db_text(q, 6) };
		count++;
		if (!each(ctx, &row)) {
			db_end(q);
			break;
		}
	}
	return count;
}
