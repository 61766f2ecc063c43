/*
 * Short words to members: from whoever acts on what they wrote, or writes to them (word.c). They show at
 * home.
 */
#include <stdio.h>

#include "bbs/base/clock.h"
#include "db/engine.h"
#include "db/word.h"

enum { MANY = 100 };

/* Who has left has no notices. */
SQL_WRITE(add_notice, "INSERT INTO notice (member, sender, kind, item, body, created) SELECT m.id,"
    " nullif(CAST(:sender AS BIGINT), 0), CAST(:kind AS TEXT), nullif(CAST(:item AS BIGINT), 0), CAST(:body AS TEXT),"
    " CAST(:now AS BIGINT) FROM member m WHERE m.id = :member AND m.state <> 'removed'");
#define THREAD_OF "(SELECT i.thread FROM talk_v i WHERE i.id = n.item)"
#define NOTICE_ROW "SELECT n.id, n.created, coalesce(a.name, ''), n.kind, coalesce(n.item, 0)," \
	" coalesce((SELECT r.id FROM talk_v r WHERE r.id = " THREAD_OF "), 0)," \
	" coalesce((SELECT r.title FROM talk_v r WHERE r.id = " THREAD_OF "), ''), n.body, n.seen," \
	" coalesce(n.sender, 0), n.place FROM notice_v n LEFT JOIN member a ON a.id = n.sender WHERE n.id "
SQL_LIST(notices_down, NOTICE_ROW "< :from ORDER BY n.id DESC LIMIT :n");
SQL_LIST(notices_up, NOTICE_ROW "> :from ORDER BY n.id LIMIT :n");
SQL_READ(get_notice, NOTICE_ROW "= :id");
SQL_LIST(count_notices, "SELECT count(*) FROM (SELECT 1 FROM notice_v n WHERE n.seen = 0"
    " LIMIT :n) x");
SQL_READ(any_notice, "SELECT n.id FROM notice_v n LIMIT 1");
SQL_WRITE(see_notice, "UPDATE notice SET seen = 1 WHERE id = :id AND member = :member AND seen = 0");

void
notice_free(struct notice *notice)
{
	buf_free(&notice->sender);
	buf_free(&notice->title);
	buf_free(&notice->body);
	*notice = (struct notice){ 0 };
}

void
notice_send(struct db *db, member_id to, const char *kind, item_id item, const char *body)
{
	db_run(db, add_notice, I("member", to.n), I("sender", db_viewer(db).n), T("kind", kind),
	    I("item", item.n), T("body", body), I("now", clock_now()));
	db_wrote(db, TOPIC_MEMBER, to.n);
}

static void
take_notice(struct query *q, struct notice *out)
{
	*out = (struct notice){ .id = db_int(q, 0), .created = db_int(q, 1), .item = { db_int(q, 4) },
		.thread = { db_int(q, 5) }, .seen = db_int(q, 8), .sender_id = { db_int(q, 9) } };
	buf_str(&out->sender, db_text(q, 2));
	snprintf(out->place, sizeof out->place, "%s", db_text(q, 10));
	snprintf(out->kind, sizeof out->kind, "%s", db_text(q, 3));
	buf_str(&out->title, db_text(q, 6));
	buf_str(&out->body, db_text(q, 7));
}

int
notice_page(struct db *db, int64_t from, int direction, int n, notice_each each, void *ctx)
{
	int count = 0;
	bool more = true;
	if (!from && direction > 0)
		from = INT64_MAX;
	struct query *q = db_query_args(db, direction > 0 ? &notices_down : &notices_up,
	    ARGS_(I("from", from), I("n", n)));
	while (more && db_next(q)) {
		struct notice row;
		take_notice(q, &row);
		count++;
		more = each(ctx, &row);
		notice_free(&row);
		if (!more)
			db_end(q);
	}
	return count;
}

int
notice_get(struct db *db, int64_t id, struct notice *out)
{
	struct query *q = db_query(db, get_notice, I("id", id));
	if (!db_next(q))
		return E_NOT_FOUND;
	take_notice(q, out);
	db_end(q);
	return E_OK;
}

int
notice_seen(struct db *db, int64_t id)
{
	int r = db_begin(db);
	if (r)
		return r;
	if (db_run(db, see_notice, I("id", id), I("member", db_viewer(db).n)) > 0)
		db_wrote(db, TOPIC_MEMBER, db_viewer(db).n);
	return db_commit(db);
}

int
notice_count(struct db *db)
{
	return (int)db_one(db, count_notices, 0, I("n", MANY));
}

bool
notice_any(struct db *db)
{
	return db_one(db, any_notice, 0);
}
