/* Messages changed by their authors; every version of a text stays, and who may read them. */
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/text.h"
#include "db/people.h"
#include "db/search.h"
#include "db/talk.h"

SQL_READ(own_post, "SELECT coalesce(i.author, 0), i.version, t.body, coalesce(i.council, 0), h.locked, h.id,"
    " coalesce(h.board, 0) FROM item_v i JOIN text_v t ON t.item = i.id JOIN thread_v h ON h.id = i.thread"
    " WHERE i.id = :id AND i.kind = 'message'");
SQL_WRITE(add_version, "INSERT INTO text (item, version, author, body, created)"
    " VALUES (:item, :version, :author, :body, :now)");
SQL_WRITE(set_version, "UPDATE item SET version = :version, changed = :now WHERE id = :id");
SQL_WRITE(drop_draft, "DELETE FROM draft WHERE member = :member AND place = 'edit:' || CAST(:item AS TEXT)");
#define VERSION_ROW "SELECT v.version, v.created, coalesce(a.name, ''), v.body FROM post_version_v v" \
	" LEFT JOIN member a ON a.id = v.author WHERE v.item = :item AND v.version "
SQL_LIST(versions_down, VERSION_ROW "< :from ORDER BY v.version DESC LIMIT :n");
SQL_LIST(versions_up, VERSION_ROW "> :from ORDER BY v.version LIMIT :n");
SQL_READ(get_version, VERSION_ROW "= :version");

/* Writes the text, which is clean, as the next version, also where only the files are others. Everything about the message is read inside. */
static int
write_version(struct db *db, item_id id, const char *body, const struct attaching *files)
{
	int64_t me = db_viewer(db).n, now = clock_now();
	int r = db_begin(db);
	if (r)
		return r;
	struct query *q = db_query(db, own_post, I("id", id.n));
	if (!db_next(q)) {
		db_rollback(db);
		return E_NOT_FOUND;
	}
	int64_t version = db_int(q, 1) + 1, thread = db_int(q, 5), board = db_int(q, 6);
	bool same = !strcmp(db_text(q, 2), body);
	if (!me || db_int(q, 0) != me || !may(db, MAY_POST, (item_id){ db_int(q, 3) }))
		db_fail(db, E_DENIED);
	else if (db_int(q, 4))
		db_fail(db, E_LOCKED);
	db_end(q);
	bool others = files->files && attach_differs(db, id, files->files);
	if (!same || others) {
		search_take_out(db, id);
		if (others)
			attach_set(db, id, files);
		db_run(db, add_version, I("item", id.n), I("version", version), I("author", me),
		    T("body", body), I("now", now));
		db_run(db, set_version, I("version", version), I("now", now), I("id", id.n));
		search_put_in(db, id);
		db_wrote(db, TOPIC_THREAD, thread);
		db_wrote(db, TOPIC_BOARD, board);
	}
	db_run(db, drop_draft, I("member", me), I("item", id.n));
	return db_commit(db);
}

int
post_edit_with(struct db *db, item_id id, const char *typed, const struct attachments *files)
{
	struct buf body = { 0 };
	struct attaching attaching = { .count = 0 };
	int r = member_clean(&body, typed, TEXT_BODY, BODY_MAX);
	if (!r)
		r = attach_look(db, id, files, &attaching);
	if (!r)
		r = write_version(db, id, buf_text(&body), &attaching);
	attach_end(db, &attaching);
	buf_free(&body);
	return r;
}

static int
each_version(struct query *q, post_version_each each, void *ctx)
{
	int count = 0;
	while (db_next(q)) {
		struct post_version_row row = { db_int(q, 0), db_int(q, 1), db_text(q, 2), db_text(q, 3) };
		count++;
		if (!each(ctx, &row)) {
			db_end(q);
			break;
		}
	}
	return count;
}

int
post_versions(struct db *db, item_id id, int64_t from, int direction, int n, post_version_each each, void *ctx)
{
	if (!from && direction > 0)
		from = INT64_MAX;
	return each_version(db_query_args(db, direction > 0 ? &versions_down : &versions_up,
	    ARGS_(I("item", id.n), I("from", from), I("n", n))), each, ctx);
}

int
post_version(struct db *db, item_id id, int64_t version, post_version_each each, void *ctx)
{
	return each_version(db_query(db, get_version, I("item", id.n), I("version", version)), each, ctx)
	    ? E_OK : E_NOT_FOUND;
}
