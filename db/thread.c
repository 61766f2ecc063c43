/* Threads and their messages: listing, reading, writing. Marks stand in mark.c. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/text.h"
#include "db/search.h"
#include "db/talk.h"

/* Added to a pinned thread's `last`, for its place in a board's list. */
#define PINNED (INT64_C(1) << 62)

SQL_READ(get_thread, "SELECT t.id, coalesce(t.board, t.keeper, 0), t.title, t.level, t.posts, t.last, t.last_at,"
    " CASE WHEN t.locked = 1 OR b.closed = 1 THEN 1 ELSE 0 END,"
    " t.created, coalesce(a.name, ''), coalesce(b.title, ''), coalesce(b.slug, ''), coalesce(k.last, 0),"
    " CASE WHEN k.muted = 1 THEN 2 ELSE coalesce(k.follows, 0) END, t.pinned,"
    " CASE t.state WHEN 'hidden' THEN 1 ELSE 0 END, coalesce(t.council, 0), CASE t.kind WHEN 'file' THEN 1 ELSE 0 END"
    " FROM thread_v t LEFT JOIN member a ON a.id = t.author LEFT JOIN board_v b ON b.id = t.board"
    " LEFT JOIN mark k ON k.member = viewer() AND k.thread = t.id WHERE t.id = :id");

/*
 * A page of threads: first the pinned ones, which are few, then the others. A visitor's walk is of the
 * public ones, which have an index of their own; nobody walks a board, or below a thread, that he may not
 * read.
 */
#define THREAD_ROW(which) "SELECT t.id, t.title, coalesce(a.name, ''), coalesce(b.title, '')," \
	" t.posts, t.last, t.last_at, t.locked," \
	" CASE WHEN v.id IS NOT NULL AND t.last > v.floor AND t.last > coalesce(k.last, 0)" \
	"  AND coalesce(k.muted, 0) = 0 AND (coalesce(m.muted, 0) = 0 OR k.follows = 1) THEN 1 ELSE 0 END," \
	" CASE WHEN k.muted = 1 THEN 2 ELSE coalesce(k.follows, 0) END, t.pinned," \
	" CASE t.state WHEN 'hidden' THEN 1 ELSE 0 END" \
	" FROM thread_v t LEFT JOIN member a ON a.id = t.author LEFT JOIN board_v b ON b.id = t.board" \
	" LEFT JOIN member v ON v.id = viewer() AND v.state = 'active'" \
	" LEFT JOIN mark k ON k.member = viewer() AND k.thread = t.id" \
	" LEFT JOIN board_mark m ON m.member = viewer() AND m.board = t.board" \
	" WHERE t.board = (SELECT r.id FROM board_v r WHERE r.id = :board) AND " which
#define BELOW "t.last < :from ORDER BY t.last DESC LIMIT :n"
#define ABOVE "t.last > :from ORDER BY t.last LIMIT :n"
SQL_LIST(threads_down, THREAD_ROW("t.pinned = 0 AND " BELOW));
SQL_LIST(threads_up, THREAD_ROW("t.pinned = 0 AND " ABOVE));
SQL_LIST(public_threads_down, THREAD_ROW("t.pinned = 0 AND t.level = 'public' AND " BELOW));
SQL_LIST(public_threads_up, THREAD_ROW("t.pinned = 0 AND t.level = 'public' AND " ABOVE));
SQL_LIST(pinned_down, THREAD_ROW("t.pinned = 1 AND " BELOW));
SQL_LIST(pinned_up, THREAD_ROW("t.pinned = 1 AND " ABOVE));

/* Scalar views: an outer join would copy the whole of a view that is itself a join. */
#define POST_ROW "SELECT i.id, coalesce(i.author, 0), i.branch, coalesce(a.name, '')," \
	" coalesce((SELECT c.name FROM council_v c WHERE c.id = a.council), '')," \
	" coalesce((SELECT c.town FROM council_v c WHERE c.id = a.council), ''), i.state," \
	" (SELECT t.body FROM text_v t WHERE t.item = i.id), i.depth, i.number," \
	" coalesce((SELECT p.number FROM talk_v p WHERE p.id = i.parent AND p.kind = 'message'), 0), i.created," \
	" CASE WHEN v.id IS NOT NULL AND i.id > v.floor AND i.id > coalesce(k.last, 0)" \
	"  AND i.state = 'published' AND i.author IS DISTINCT FROM viewer() THEN 1 ELSE 0 END," \
	" CASE WHEN i.version > 1 THEN i.changed ELSE 0 END, i.open," \
	" CASE i.state WHEN 'hidden' THEN coalesce((SELECT h.reason FROM hiding h WHERE h.item = i.id), '')" \
	"  ELSE '' END," \
	" coalesce((SELECT @CONCAT@(f.number || '\t' || f.item || '\t' || f.size || '\t' || f.name, '\n')" \
	"  FROM attached_v f WHERE f.post = i.id), '')" \
	" FROM talk_v i LEFT JOIN member a ON a.id = i.author" \
	" LEFT JOIN member v ON v.id = viewer() AND v.state = 'active'" \
	" LEFT JOIN mark k ON k.member = viewer() AND k.thread = i.thread"
#define IN_THREAD " WHERE i.thread = (SELECT r.id FROM talk_v r WHERE r.id = :thread) AND i.kind = 'message' AND"
SQL_LIST(posts_down, POST_ROW IN_THREAD " (i.branch, i.id) > (:branch, :from)"
    " ORDER BY i.branch, i.id LIMIT :n");
SQL_LIST(posts_up, POST_ROW IN_THREAD " (i.branch, i.id) < (:branch, :from)"
    " ORDER BY i.branch DESC, i.id DESC LIMIT :n");
SQL_LIST(posts_later, POST_ROW IN_THREAD " i.id > :from ORDER BY i.id LIMIT :n");
SQL_LIST(posts_earlier, POST_ROW IN_THREAD " i.id < :from ORDER BY i.id DESC LIMIT :n");
SQL_READ(place_of_post, "SELECT i.id, i.branch FROM talk_v i" IN_THREAD " i.id = :id");
/* Walks the thread, and no other. */
SQL_READ(place_of_number, "SELECT i.id, i.branch FROM talk_v i" IN_THREAD " i.number = :number"
    " ORDER BY i.id LIMIT 1");

SQL_READ(get_post, POST_ROW " JOIN talk_v r ON r.id = i.thread WHERE i.id = :id");

SQL_READ(find_root, "SELECT thread FROM talk_v WHERE id = :id");
/* What answers a file itself stands first in the tree. Its council matters where only that council reads it. */
SQL_READ(find_parent, "SELECT i.thread, i.branch, CASE i.kind WHEN 'message' THEN i.depth ELSE -1 END, t.level,"
    " coalesce(i.board, 0), CASE WHEN t.kind = 'file' AND t.level <> 'council' THEN 0 ELSE coalesce(i.council, 0) END,"
    " CASE WHEN t.locked = 1 OR EXISTS (SELECT 1 FROM board b WHERE b.id = t.board AND b.closed = 1)"
    "  THEN 1 ELSE 0 END, t.last, t.posts"
    " FROM item_v i JOIN thread_v t ON t.id = i.thread WHERE i.id = :id AND i.state = 'published'");
SQL_WRITE(add_item, "INSERT INTO item (kind, author, board, council, thread, parent, depth, number,"
    " level, title, state, created, changed) VALUES ('message', :author, :board, :council,"
    " coalesce(CAST(:thread AS BIGINT), @THIS_ITEM@), :parent, :depth, :number, :level, :title, 'published',"
    " :now, :now) RETURNING id");
SQL_WRITE(place_item, "UPDATE item SET branch = :branch WHERE id = :id");
SQL_WRITE(add_text, "INSERT INTO text (item, version, author, body, created)"
    " VALUES (:item, 1, :author, :body, :now)");
SQL_WRITE(add_thread, "INSERT INTO thread (item, board, level, last, last_at)"
    " VALUES (:item, :board, :level, :item, :now)");
SQL_WRITE(grow_thread, "UPDATE thread SET last = :last, last_at = :now, posts = posts + 1"
    " WHERE item = :item");
/* Whoever writes takes part; his own message is read if all before it was, by his mark or his floor. */
SQL_WRITE(take_part, "INSERT INTO mark (member, thread, last, follows) VALUES (:member, :thread,"
    " (SELECT CASE WHEN floor >= :before THEN CAST(:last AS BIGINT) ELSE 0 END FROM member"
    "  WHERE id = :member), 1)"
    " ON CONFLICT (member, thread) DO UPDATE SET follows = 1, muted = 0,"
    " last = CASE WHEN mark.last >= :before THEN CAST(:last AS BIGINT)"
    " WHEN excluded.last > mark.last THEN excluded.last ELSE mark.last END");
SQL_WRITE(drop_draft, "DELETE FROM draft WHERE member = :member AND place = :place");

void
thread_free(struct thread *thread)
{
	buf_free(&thread->title);
	buf_free(&thread->board_title);
	buf_free(&thread->board_slug);
	buf_free(&thread->author);
	*thread = (struct thread){ 0 };
}

int
thread_get(struct db *db, item_id id, struct thread *out)
{
	struct query *q = db_query(db, get_thread, I("id", id.n));
	if (!db_next(q))
		return E_NOT_FOUND;
	*out = (struct thread){ .id = { db_int(q, 0) }, .board = { db_int(q, 1) },
		.posts = db_int(q, 4), .last = db_int(q, 5), .last_at = db_int(q, 6),
		.locked = db_int(q, 7), .created = db_int(q, 8), .mark = db_int(q, 12),
		.follow = (enum follow)db_int(q, 13), .pinned = db_int(q, 14), .hidden = db_int(q, 15),
		.council = { db_int(q, 16) }, .file = db_int(q, 17) };
	out->place = out->last + (out->pinned ? PINNED : 0);
	buf_str(&out->title, db_text(q, 2));
	snprintf(out->level, sizeof out->level, "%s", db_text(q, 3));
	buf_str(&out->author, db_text(q, 9));
	buf_str(&out->board_title, out->file ? _("Shared folders") : db_text(q, 10));
	buf_str(&out->board_slug, db_text(q, 11));
	db_end(q);
	return E_OK;
}

int
thread_of(struct db *db, item_id post, struct thread *out)
{
	int64_t id = db_one(db, find_root, 0, I("id", post.n));
	return id ? thread_get(db, (item_id){ id }, out) : E_NOT_FOUND;
}

/* Hands a row of THREAD_ROW's columns to a function. */
static bool
give_row(struct query *q, thread_each each, void *ctx)
{
	struct thread_row row = { .id = { db_int(q, 0) }, .title = db_text(q, 1), .author = db_text(q, 2),
		.board = db_text(q, 3), .posts = db_int(q, 4), .last = db_int(q, 5), .last_at = db_int(q, 6),
		.is_new = db_int(q, 8), .locked = db_int(q, 7), .follow = (enum follow)db_int(q, 9),
		.pinned = db_int(q, 10), .hidden = db_int(q, 11) };
	row.place = row.last + (row.pinned ? PINNED : 0);
	return each(ctx, &row);
}

/* Where a walk begins when there is no row to begin from. */
static int64_t
edge(int64_t from, int direction)
{
	return from ? from : direction > 0 ? INT64_MAX : 0;
}

/* Hands over the rows of a query: how many; *more what `each` said last. */
static int
give_rows(struct query *q, thread_each each, void *ctx, bool *more)
{
	int count = 0;
	while (db_next(q)) {
		count++;
		*more = give_row(q, each, ctx);
		if (!*more) {
			db_end(q);
			break;
		}
	}
	return count;
}

int
thread_page(struct db *db, board_id board, int64_t from, int direction, int n, thread_each each, void *ctx)
{
	bool member = may(db, MAY_POST, (item_id){ 0 }), more = true, down = direction > 0;
	const struct statement *others = down ? (member ? &threads_down : &public_threads_down)
					      : (member ? &threads_up : &public_threads_up);
	int count = 0;
	/* Two parts in the order of the walk: from where one is in the first, from the edge in the second. */
	for (int part = 0; part < 2 && more && count < n; part++) {
		bool pinned = (part == 0) == down, here = from && pinned == (from >= PINNED);
		if (part == 0 && from && !here)
			continue;
		const struct statement *page = !pinned ? others : down ? &pinned_down : &pinned_up;
		struct query *q = db_query_args(db, page, ARGS_(I("board", board.n),
		    I("from", edge(here ? from % PINNED : 0, direction)), I("n", n - count)));
		count += give_rows(q, each, ctx, &more);
	}
	return count;
}

static int
each_post(struct query *q, post_each each, void *ctx)
{
	int count = 0;
	while (db_next(q)) {
		struct post_row row = { .id = { db_int(q, 0) }, .author_id = { db_int(q, 1) },
			.branch = db_text(q, 2), .author = db_text(q, 3), .council = db_text(q, 4),
			.town = db_text(q, 5), .state = db_text(q, 6), .body = db_text(q, 7),
			.depth = (int)db_int(q, 8), .number = (int)db_int(q, 9),
			.answers = (int)db_int(q, 10), .created = db_int(q, 11), .is_new = db_int(q, 12),
			.edited = db_int(q, 13), .open = db_int(q, 14), .reason = db_text(q, 15),
			.files = db_text(q, 16) };
		count++;
		if (!each(ctx, &row)) {
			db_end(q);
			break;
		}
	}
	return count;
}

int
post_page(struct db *db, item_id thread, const char *from_branch, item_id from, int direction, int n,
    post_each each, void *ctx)
{
	/* Before the first: no branch and no id are so small. Behind the last: '0' is after '/'. */
	const char *branch = from_branch ? from_branch : direction > 0 ? "" : "0";
	return each_post(db_query_args(db, direction > 0 ? &posts_down : &posts_up,
	    ARGS_(I("thread", thread.n), T("branch", branch), I("from", from.n), I("n", n))), each, ctx);
}

int
post_page_flat(struct db *db, item_id thread, item_id from, int direction, int n, post_each each, void *ctx)
{
	/* Threads stand newest first, messages oldest first. */
	return each_post(db_query_args(db, direction > 0 ? &posts_later : &posts_earlier,
	    ARGS_(I("thread", thread.n), I("from", edge(from.n, -direction)), I("n", n))), each, ctx);
}

int
post_place(struct db *db, item_id thread, int number, item_id *id, struct buf *branch)
{
	struct query *q = id->n
	    ? db_query(db, place_of_post, I("thread", thread.n), I("id", id->n))
	    : db_query(db, place_of_number, I("thread", thread.n), I("number", number));
	if (!db_next(q))
		return E_NOT_FOUND;
	id->n = db_int(q, 0);
	buf_str(branch, db_text(q, 1));
	db_end(q);
	return E_OK;
}

int
post_get(struct db *db, item_id id, post_each each, void *ctx)
{
	return each_post(db_query(db, get_post, I("id", id.n)), each, ctx) ? E_OK : E_NOT_FOUND;
}

/* The parent's place, then its own number in base 36, fixed width. */
void
talk_branch(const char *parent, int64_t id, struct buf *out)
{
	size_t n = strlen(parent);
	/* Deeper answers stand one behind the other under the deepest that the tree shows. */
	if (n > (DEPTH_MAX - 1) * BRANCH_STEP)
		n = (DEPTH_MAX - 1) * BRANCH_STEP;
	char own[BRANCH_STEP + 1] = "/0000000";
	for (int i = BRANCH_STEP - 1; i > 0; i--, id /= 36)
		own[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[id % 36];
	buf_add(out, parent, n);
	buf_str(out, own);
}

/* A text as typed, cleaned and measured: E_OK, E_EMPTY, E_TOO_LONG. */
static int
clean(const char *typed, enum text_kind kind, size_t max, struct buf *out)
{
	text_clean(out, typed, strlen(typed), kind);
	return !out->len ? E_EMPTY : out->len > max ? E_TOO_LONG : E_OK;
}

/* Runs a statement on each word of a thread's title. */
static void
forget_draft(struct db *db, const char *kind, int64_t id)
{
	char place[40];
	snprintf(place, sizeof place, "%s:%" PRId64, kind, id);
	db_run(db, drop_draft, I("member", db_viewer(db).n), T("place", place));
}

/* Writes a new thread whose words are clean; the board may be read and written by the viewer. */
static int
write_thread(struct db *db, const struct board *board, const char *title, const char *body,
    const struct attaching *files, item_id *out)
{
	int64_t me = db_viewer(db).n, now = clock_now();
	int r = db_begin(db);
	if (r)
		return r;
	if (limit_post(db, body))
		db_fail(db, E_LIMIT);
	int64_t id = db_insert(db, add_item, I("author", me), I("board", board->id.n),
	    I("council", board->council.n), T("thread", NULL), T("parent", NULL), I("depth", 0),
	    I("number", 1), T("level", board->level), T("title", title), I("now", now));
	db_run(db, add_text, I("item", id), I("author", me), T("body", body), I("now", now));
	db_run(db, add_thread, I("item", id), I("board", board->id.n), T("level", board->level),
	    I("now", now));
	db_run(db, take_part, I("member", me), I("thread", id), I("last", id), I("before", 0));
	if (files->files)
		attach_set(db, (item_id){ id }, files);
	search_put_in(db, (item_id){ id });
	forget_draft(db, "board", board->id.n);
	db_wrote(db, TOPIC_THREAD, id);
	db_wrote(db, TOPIC_BOARD, board->id.n);
	*out = (item_id){ id };
	return db_commit(db);
}

int
thread_new_with(struct db *db, board_id where, const char *title, const char *body, const struct attachments *files,
    item_id *out)
{
	struct board board = { 0 };
	struct buf clean_title = { 0 }, clean_body = { 0 };
	struct attaching attaching = { .count = 0 };
	int r = board_get(db, where, &board);
	if (!r && !may(db, MAY_POST, board.council))
		r = E_DENIED;
	if (!r && board.closed)
		r = E_LOCKED;
	if (!r)
		r = clean(title, TEXT_LINE, TITLE_MAX, &clean_title);
	if (!r)
		r = clean(body, TEXT_BODY, BODY_MAX, &clean_body);
	if (!r)
		r = attach_look(db, (item_id){ 0 }, files, &attaching);
	if (!r)
		r = write_thread(db, &board, buf_text(&clean_title), buf_text(&clean_body), &attaching, out);
	attach_end(db, &attaching);
	board_free(&board);
	buf_free(&clean_title);
	buf_free(&clean_body);
	return r;
}

/* Writes a reply whose words are clean. Everything about the parent is read inside the transaction. */
static int
write_reply(struct db *db, item_id parent, const char *body, const struct attaching *files, item_id *out)
{
	int64_t me = db_viewer(db).n, now = clock_now();
	int r = db_begin(db);
	if (r)
		return r;
	struct query *q = db_query(db, find_parent, I("id", parent.n));
	if (!db_next(q) && (!file_begin_talk(db, parent) ||
		!db_next(q = db_query(db, find_parent, I("id", parent.n))))) {
		db_rollback(db);
		return E_NOT_FOUND;
	}
	int64_t thread = db_int(q, 0), board = db_int(q, 4), council = db_int(q, 5);
	int64_t before = db_int(q, 7), number = db_int(q, 8) + 1;
	int depth = (int)db_int(q, 2) + 1;
	char level[8];
	snprintf(level, sizeof level, "%s", db_text(q, 3));
	struct buf up = { 0 }, branch = { 0 };
	buf_str(&up, db_text(q, 1));
	if (db_int(q, 6))
		db_fail(db, E_LOCKED);
	else if (!may(db, MAY_POST, (item_id){ council }))
		db_fail(db, E_DENIED);
	db_end(q);
	if (limit_post(db, body))
		db_fail(db, E_LIMIT);
	int64_t id = db_insert(db, add_item, I("author", me), I("board", board), I("council", council),
	    I("thread", thread), I("parent", parent.n), I("depth", depth > DEPTH_MAX ? DEPTH_MAX : depth),
	    I("number", number), T("level", level), T("title", ""), I("now", now));
	if (id > 0) /* else the transaction has its answer already */
		talk_branch(buf_text(&up), id, &branch);
	db_run(db, place_item, I("id", id), T("branch", buf_text(&branch)));
	db_run(db, add_text, I("item", id), I("author", me), T("body", body), I("now", now));
	if (files->files)
		attach_set(db, (item_id){ id }, files);
	search_put_in(db, (item_id){ id });
	db_run(db, grow_thread, I("item", thread), I("last", id), I("now", now));
	db_run(db, take_part, I("member", me), I("thread", thread), I("last", id), I("before", before));
	forget_draft(db, "item", parent.n);
	db_wrote(db, TOPIC_THREAD, thread);
	db_wrote(db, TOPIC_BOARD, board);
	*out = (item_id){ id };
	buf_free(&up);
	buf_free(&branch);
	return db_commit(db);
}

int
thread_reply_with(struct db *db, item_id parent, const char *body, const struct attachments *files, item_id *out)
{
	struct buf clean_body = { 0 };
	struct attaching attaching = { .count = 0 };
	int r = clean(body, TEXT_BODY, BODY_MAX, &clean_body);
	if (!r)
		r = attach_look(db, (item_id){ 0 }, files, &attaching);
	if (!r)
		r = write_reply(db, parent, buf_text(&clean_body), &attaching, out);
	attach_end(db, &attaching);
	buf_free(&clean_body);
	return r;
}
