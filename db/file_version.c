/* A file's bytes read, and its versions: one more, those that there were, one of them again. */
#include "db/shelf.h"

#include <string.h>

#include "bbs/base/clock.h"
#include "db/search.h"
#include "db/sqlite.h"

SQL_READ(read_chunk, "SELECT data FROM chunk_v WHERE item = :item AND content = :content AND seq = :seq");
SQL_LIST(list_versions, "SELECT f.version, f.content, f.size, f.created, coalesce(m.name, '') FROM file_version_v f"
    " LEFT JOIN member m ON m.id = f.author WHERE f.item = :item AND f.version >"
    " (SELECT max(k.version) - 100 FROM version_key_v k WHERE k.item = :item) ORDER BY f.version DESC LIMIT 100");
SQL_READ(version_of, "SELECT content, size FROM file_version_v WHERE item = :item AND version = :version");
SQL_READ(newest_version, "SELECT coalesce(max(version), 0) FROM version_key_v WHERE item = :item");
SQL_WRITE(add_version, "INSERT INTO file_version (item, version, content, size, author, created) VALUES (:item,"
    " :version, :content, :size, :author, :now)");
SQL_WRITE(replace_content, "UPDATE entry SET content = :content, size = :size, sender = :sender WHERE item = :item");
SQL_WRITE(change_item, "UPDATE item SET changed = :now WHERE id = :item");

/* One piece from `skip` on: bytes copied, -1 where there is none. */
int64_t
piece_copy(struct query *q, size_t skip, char *out, size_t n)
{
	size_t size;
	if (!db_next(q))
		return -1;
	const char *data = db_bytes(q, 0, &size);
	size_t take = size <= skip ? 0 : size - skip < n ? size - skip : n;
	if (take)
		memcpy(out, data + skip, take);
	db_end(q);
	return (int64_t)take;
}

int64_t
file_read(struct db *db, item_id item, int64_t content, int64_t offset, char *out, size_t n)
{
	struct entry e;
	size_t got = 0;
	while (got < n) {
		int64_t at = offset + (int64_t)got;
		struct query *q = db_query(db, read_chunk, I("item", item.n), I("content", content),
		    I("seq", at / CHUNK));
		int64_t more = piece_copy(q, (size_t)(at % CHUNK), out + got, n - got);
		if (more <= 0)
			break;
		got += (size_t)more;
		if ((at + more) % CHUNK)
			break;
	}
	/* Behind the end, or no longer there? */
	if (!got && entry_get(db, item, &e))
		return E_NOT_FOUND;
	if (!got)
		entry_free(&e);
	return (int64_t)got;
}

int
file_versions(struct db *db, item_id item, bool (*each)(void *ctx, const struct file_was *was), void *ctx)
{
	int count = 0;
	struct query *q = db_query(db, list_versions, I("item", item.n));
	while (db_next(q)) {
		const struct file_was was = { .version = (int)db_int(q, 0), .content = db_int(q, 1),
			.size = db_int(q, 2), .created = db_int(q, 3), .author = db_text(q, 4) };
		count++;
		if (!each(ctx, &was)) {
			db_end(q);
			break;
		}
	}
	return count;
}

void
version_add(struct db *db, item_id item, const char *area, int64_t content, int64_t size)
{
	db_run(db, add_version, I("item", item.n), I("version", db_one(db, newest_version, 0, I("item", item.n)) + 1),
	    I("content", content), I("size", size), I("author", db_viewer(db).n), I("now", clock_now()));
	area_grow(db, area, size);
	db_wrote(db, TOPIC_SHELF, item.n);
}

void
entry_give(struct db *db, item_id item, const char *area, int64_t content, int64_t size)
{
	char place[SHELF_MAX + 1];
	search_take_out(db, item);
	db_run(db, replace_content, I("content", content), I("size", size),
	    I("sender", db_viewer(db).n), I("item", item.n));
	search_put_in(db, item);
	db_run(db, change_item, I("now", clock_now()), I("item", item.n));
	recent_touch(db, item, clock_now());
	shelf_set(place, "i%lld", (long long)item.n);
	follow_tell(db, place, "file-version", item);
	author_tell(db, item);
	version_add(db, item, area, content, size);
}

int
file_put_back(struct db *db, item_id item, int version)
{
	struct entry e;
	struct publish looked = { 0 };
	int64_t content = 0, size = 0;
	db->stripped = 0;
	struct query *q = db_query(db, version_of, I("item", item.n), I("version", version));
	while (db_next(q)) {
		content = db_int(q, 0);
		size = db_int(q, 1);
	}
	int r = entry_get(db, item, &e);
	if (!r && (e.hidden || e.folder || !entry_changes(db, item)))
		r = E_DENIED;
	if (!r && !content)
		r = E_NOT_FOUND;
	if (!r && content == e.content)
		r = E_DONE;
	bool to_all = !r && !strcmp(e.level, "public");
	if (to_all)
		r = publish_look_at(db, item, content, size, &looked);
	if (!r)
		r = db_begin(db);
	if (!r) {
		if (!to_all && entry_is_public(db, item)) /* by now */
			db_fail(db, E_BUSY);
		entry_give(db, item, e.area, looked.staged.upload ? upload_staged(db, &looked.staged) : content, size);
		r = db_commit(db);
		db->stripped = looked.staged.upload != 0;
	}
	publish_end(db, &looked);
	entry_free(&e);
	return r;
}
