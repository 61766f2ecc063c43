/* Drafts: texts as they are being written. Where a draft belongs is the writer's business: a short word. */
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/text.h"
#include "db/engine.h"
#include "db/forum.h"

SQL_WRITE(keep_draft, "INSERT INTO draft (member, place, title, body, changed)"
    " SELECT id, :place, :title, :body, :now FROM member WHERE id = :member AND state <> 'removed'"
    " ON CONFLICT (member, place) DO UPDATE"
    " SET title = excluded.title, body = excluded.body, changed = excluded.changed");
SQL_WRITE(attach_draft, "INSERT INTO draft (member, place, body, files, changed)"
    " SELECT id, :place, '', :files, :now FROM member WHERE id = :member AND state <> 'removed'"
    " ON CONFLICT (member, place) DO UPDATE SET files = excluded.files, changed = excluded.changed");
SQL_WRITE(remove_draft, "DELETE FROM draft WHERE member = :member AND place = :place");
SQL_READ(get_draft, "SELECT place, title, body, changed, files FROM draft"
    " WHERE member = viewer() AND place = :place");
SQL_READ(last_draft, "SELECT place, title, body, changed, files FROM draft"
    " WHERE member = viewer() ORDER BY changed DESC, place LIMIT 1");

SQL_READ(count_drafts, "SELECT count(*) FROM draft WHERE member = viewer()");
SQL_READ(my_drafts, "SELECT place, title, substr(body, 1, 400), changed FROM draft"
    " WHERE member = viewer() ORDER BY changed DESC, place LIMIT :n");

void
draft_free(struct draft *draft)
{
	buf_free(&draft->place);
	buf_free(&draft->title);
	buf_free(&draft->body);
	*draft = (struct draft){ 0 };
}

int
draft_keep(struct db *db, const char *place, const char *title, const char *body)
{
	if (!db_viewer(db).n)
		return E_DENIED;
	struct buf line = { 0 }, text = { 0 };
	text_clean(&line, title, strlen(title), TEXT_LINE);
	/* A text that is too long to send is kept as far as this, to be shortened. */
	size_t n = strlen(body);
	text_clean(&text, body, n < 2 * BODY_MAX ? n : 2 * BODY_MAX, TEXT_RAW);
	int r = db_begin(db);
	if (!r) {
		db_run(db, keep_draft, I("member", db_viewer(db).n), T("place", place),
		    T("title", buf_text(&line)), T("body", buf_text(&text)), I("now", clock_now()));
		r = db_commit(db);
	}
	buf_free(&line);
	buf_free(&text);
	return r;
}

int
draft_attach(struct db *db, const char *place, const struct attachments *files)
{
	struct buf ids = { 0 };
	if (!db_viewer(db).n)
		return E_DENIED;
	for (int i = 0; i < files->count; i++)
		buf_fmt(&ids, "%lld ", (long long)files->file[i].n);
	int r = db_begin(db);
	if (!r) {
		db_run(db, attach_draft, I("member", db_viewer(db).n), T("place", place), T("files", buf_text(&ids)),
		    I("now", clock_now()));
		r = db_commit(db);
	}
	buf_free(&ids);
	return r;
}

static void
take_files(const char *ids, struct attachments *out)
{
	char *end;
	for (int64_t id; out->count < ATTACHMENTS_MAX && (id = strtoll(ids, &end, 10)) > 0; ids = end)
		out->file[out->count++] = (item_id){ id };
}

static int
take_draft(struct query *q, struct draft *out)
{
	*out = (struct draft){ 0 };
	if (!db_next(q))
		return E_NOT_FOUND;
	buf_str(&out->place, db_text(q, 0));
	buf_str(&out->title, db_text(q, 1));
	buf_str(&out->body, db_text(q, 2));
	out->changed = db_int(q, 3);
	take_files(db_text(q, 4), &out->files);
	db_end(q);
	return E_OK;
}

int
draft_get(struct db *db, const char *place, struct draft *out)
{
	return take_draft(db_query(db, get_draft, T("place", place)), out);
}

int
draft_last(struct db *db, struct draft *out)
{
	return take_draft(db_query(db, last_draft), out);
}

int
draft_drop(struct db *db, const char *place)
{
	int r = db_begin(db);
	if (r)
		return r;
	db_run(db, remove_draft, I("member", db_viewer(db).n), T("place", place));
	return db_commit(db);
}

int
draft_count(struct db *db)
{
	return (int)db_one(db, count_drafts, 0);
}

int
draft_page(struct db *db, int n, draft_each each, void *ctx)
{
	int count = 0;
	struct query *q = db_query(db, my_drafts, I("n", n));
	while (db_next(q)) {
		struct draft_row row = { .place = db_text(q, 0), .title = db_text(q, 1),
			.body = db_text(q, 2), .changed = db_int(q, 3) };
		count++;
		if (!each(ctx, &row)) {
			db_end(q);
			break;
		}
	}
	return count;
}
