/* What helpers have found in contents: kept once for all files that have them, and found by the search. */
#include <string.h>

#include "bbs/base/text.h"
#include "db/file.h"
#include "db/search.h"
#include "db/shelf.h"

SQL_READ(unread_content, "SELECT id, size FROM content_key_v WHERE looked = 0 AND sha256 IS NOT NULL AND id > :from"
    " ORDER BY id LIMIT 1");
SQL_READ(content_piece, "SELECT data FROM content_chunk_v WHERE content = :content AND seq = :seq");
SQL_WRITE(mark_looked, "UPDATE content SET looked = 1 WHERE id = :content AND looked = 0 AND sha256 IS NOT NULL");
SQL_WRITE(put_text, "INSERT INTO content_text (content, body, seconds) VALUES (:content, :body, :seconds)");
SQL_READ(text_of, "SELECT body, seconds FROM version_text_v WHERE item = :item AND content = :content LIMIT 1");
SQL_READ(is_looked, "SELECT looked FROM looked_v WHERE item = :item AND content = :content LIMIT 1");

int64_t
content_unread(struct db *db, int64_t from, int64_t *size)
{
	int64_t id = 0;
	struct query *q = db_query(db, unread_content, I("from", from));
	if (db_next(q)) {
		id = db_int(q, 0);
		*size = db_int(q, 1);
		db_end(q);
	}
	return id;
}

int64_t
content_read(struct db *db, int64_t content, int64_t offset, char *out, size_t n)
{
	struct query *q = db_query(db, content_piece, I("content", content), I("seq", offset / CHUNK));
	int64_t got = piece_copy(q, (size_t)(offset % CHUNK), out, n);
	return got < 0 ? 0 : got;
}

int
content_keep(struct db *db, item_id item, int64_t content, const char *found, size_t n, int seconds)
{
	struct buf body = { 0 };
	if (!may(db, MAY_RUN_MACHINE, (item_id){ 0 }) && db_one(db, is_looked, -1, I("item", item.n), I("content", content)) < 0)
		return E_NOT_FOUND;
	text_clean(&body, found, n < CONTENT_TEXT_MAX ? n : CONTENT_TEXT_MAX, TEXT_BODY);
	int r = db_begin_unsynced(db); /* what is lost is looked for again */
	if (!r) {
		/* Another may have looked meanwhile. */
		bool first = db_run(db, mark_looked, I("content", content)) > 0;
		if (first && (body.len || seconds)) {
			search_take_out_content(db, content);
			db_run(db, put_text, I("content", content), T("body", buf_text(&body)), I("seconds", seconds));
			search_put_in_content(db, content);
		}
		r = db_commit(db);
	}
	buf_free(&body);
	return r;
}

int
file_text(struct db *db, const struct file *file, struct buf *text, int *seconds)
{
	struct query *q = db_query(db, text_of, I("item", file->item.n), I("content", file->content));
	*seconds = 0;
	if (db_next(q)) {
		buf_str(text, db_text(q, 0));
		*seconds = (int)db_int(q, 1);
		db_end(q);
		return E_OK;
	}
	int64_t looked = db_one(db, is_looked, -1, I("item", file->item.n), I("content", file->content));
	return looked < 0 ? E_NOT_FOUND : looked ? E_OK : E_EMPTY;
}
