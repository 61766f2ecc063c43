/* Reports: a member brings a message before those who moderate its board; their queue; what comes of it. */
#include <stdio.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/text.h"
#include "db/people.h"
#include "db/talk.h"

enum { MANY = 100 };

SQL_READ(read_post, "SELECT i.thread, coalesce(i.board, 0), coalesce(i.author, 0), i.kind FROM item_v i"
    " JOIN talk_v r ON r.id = i.thread"
    " WHERE i.id = :id AND i.state = 'published'"
    " AND (i.kind = 'message' OR (i.kind = 'file' AND i.parent IS NULL))");
SQL_WRITE(add_report, "INSERT INTO report (item, reporter, reason, created)"
    " VALUES (:item, :reporter, :reason, :now) ON CONFLICT (item, reporter) DO NOTHING RETURNING id");
SQL_WRITE(add_places, "INSERT INTO report_place (place, report) SELECT DISTINCT p.place,"
    " CAST(:report AS BIGINT) FROM board_place_v p WHERE p.board = :board");
SQL_WRITE(add_nation, "INSERT INTO report_place (place, report) VALUES ('FR', :report)");
SQL_WRITE(drop_places, "DELETE FROM report_place WHERE report = :report");
SQL_READ(open_of_item, "SELECT id, reporter FROM report WHERE item = :item AND state = 'open'"
    " ORDER BY id LIMIT 1");
SQL_READ(open_of_thread, "SELECT r.id, coalesce(i.board, 0) FROM talk_v i JOIN report r ON r.item = i.id"
    " WHERE i.thread = :thread AND r.state = 'open' AND r.id > :from ORDER BY r.id LIMIT 1");
SQL_WRITE(close_report, "UPDATE report SET state = :state, closer = :closer, closed = :now"
    " WHERE id = :id AND state = 'open'");

#define REPORT_ROW "SELECT v.id, v.item, v.thread, coalesce(v.board, 0), v.created, v.written, v.number," \
	" coalesce((SELECT m.name FROM member m WHERE m.id = v.reporter), '')," \
	" coalesce((SELECT m.name FROM member m WHERE m.id = v.author), '')," \
	" v.reason, v.title, coalesce((SELECT b.title FROM board b WHERE b.id = v.board), ''), v.body, v.kind" \
	" FROM report_v v"
/* Numbers alone: what each is about is asked one by one, of the view. */
SQL_LIST(reports_down, "SELECT p.report FROM report_place p WHERE p.place = :place AND p.report > :from"
    " ORDER BY p.report LIMIT :n");
SQL_LIST(reports_up, "SELECT p.report FROM report_place p WHERE p.place = :place AND p.report < :from"
    " ORDER BY p.report DESC LIMIT :n");
SQL_READ(open_of, "SELECT count(title) FROM report_v WHERE item = :item");
SQL_READ(title_for, "SELECT r.title FROM report_v r JOIN member m ON m.id = :member WHERE r.item = :item"
    " AND EXISTS (SELECT 1 FROM shelf_reader_v s WHERE s.item = r.item"
    "  AND s.reader IN ('public', 'members', 'c' || m.council, 'm' || m.id)) LIMIT 1");
SQL_READ(made_report, "SELECT 1 FROM report WHERE item = :item AND reporter = viewer()");
SQL_READ(get_report, REPORT_ROW " WHERE v.id = :id");
SQL_LIST(count_reports, "SELECT count(*) FROM (SELECT 1 FROM report_place p WHERE p.place = :place"
    " LIMIT :n) x");

void
report_free(struct report *report)
{
	struct buf *bufs[] = { &report->reporter, &report->author, &report->reason, &report->title,
		&report->board_title, &report->body };
	for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++)
		buf_free(bufs[i]);
	*report = (struct report){ 0 };
}

static void
take_report(struct query *q, struct report *out)
{
	*out = (struct report){ .id = db_int(q, 0), .item = { db_int(q, 1) }, .thread = { db_int(q, 2) },
		.board = { db_int(q, 3) }, .created = db_int(q, 4), .written = db_int(q, 5),
		.number = (int)db_int(q, 6), .file = !strcmp(db_text(q, 13), "file") };
	buf_str(&out->reporter, db_text(q, 7));
	buf_str(&out->author, db_text(q, 8));
	buf_str(&out->reason, db_text(q, 9));
	buf_str(&out->title, db_text(q, 10));
	buf_str(&out->board_title, db_text(q, 11));
	buf_str(&out->body, db_text(q, 12));
}

/* ---- reporting ---- */

/* Inside the transaction: before whom it comes. Board 0 is the whole network's. */
static void
put_places(struct db *db, int64_t report, int64_t board)
{
	if (board)
		db_run(db, add_places, I("report", report), I("board", board));
	else
		db_run(db, add_nation, I("report", report));
}

static int
write_report(struct db *db, item_id post, const char *reason)
{
	int64_t me = db_viewer(db).n;
	int r = db_begin(db);
	if (r)
		return r;
	struct query *q = db_query(db, read_post, I("id", post.n));
	if (!db_next(q)) {
		db_rollback(db);
		return E_NOT_FOUND;
	}
	int64_t thread = db_int(q, 0), board = db_int(q, 1);
	bool file = !strcmp(db_text(q, 3), "file");
	if (!may(db, MAY_POST, (item_id){ 0 }) || db_int(q, 2) == me)
		db_fail(db, E_DENIED);
	db_end(q);
	int64_t id = db_insert(db, add_report, I("item", post.n), I("reporter", me), T("reason", reason),
	    I("now", clock_now()));
	if (!id)
		db_fail(db, E_DONE);
	put_places(db, id, board);
	db_journal(db, file ? "file.report" : "report", file ? "file" : "message", post.n, "");
	db_wrote(db, TOPIC_THREAD, thread);
	return db_commit(db);
}

int
report_new(struct db *db, item_id post, const char *typed)
{
	struct buf reason = { 0 };
	int r = member_clean(&reason, typed, TEXT_BODY, ABOUT_MAX);
	if (!r)
		r = write_report(db, post, buf_text(&reason));
	buf_free(&reason);
	return r;
}

int
report_of(struct db *db, item_id item)
{
	return (int)db_one(db, open_of, 0, I("item", item.n));
}

bool
report_made(struct db *db, item_id item)
{
	return db_one(db, made_report, 0, I("item", item.n));
}

void
report_place(struct db *db, item_id thread)
{
	for (int64_t id = 0, board;;) {
		struct query *q = db_query(db, open_of_thread, I("thread", thread.n), I("from", id));
		if (!db_next(q))
			return;
		id = db_int(q, 0);
		board = db_int(q, 1);
		db_end(q);
		db_run(db, drop_places, I("report", id));
		put_places(db, id, board);
	}
}

/* Once a file is hidden its name cannot be found any more: those who read it until then are told it. */
static void
write_title(struct db *db, item_id item, member_id reporter, struct buf *out)
{
	struct query *q = db_query(db, title_for, I("item", item.n), I("member", reporter.n));
	if (!db_next(q))
		return;
	buf_fmt(out, "%s — ", db_text(q, 0));
	db_end(q);
}

void
report_settle(struct db *db, item_id item, bool file, bool hidden, const char *word)
{
	static const char *const kinds[2][2] = { { "report-dismissed", "report-hidden" },
		{ "file-report-dismissed", "file-report-hidden" } };
	int closed = 1;
	while (closed > 0) {
		struct query *q = db_query(db, open_of_item, I("item", item.n));
		if (!db_next(q))
			return;
		int64_t id = db_int(q, 0);
		member_id reporter = { db_int(q, 1) };
		db_end(q);
		struct buf body = { 0 };
		if (file && hidden)
			write_title(db, item, reporter, &body);
		buf_str(&body, word);
		/* In a transaction that has failed nothing is written, and this would never end. */
		closed = db_run(db, close_report, T("state", hidden ? "hidden" : "dismissed"),
		    I("closer", db_viewer(db).n), I("now", clock_now()), I("id", id));
		db_run(db, drop_places, I("report", id));
		if (reporter.n != db_viewer(db).n)
			notice_send(db, reporter, kinds[file][hidden], item, buf_text(&body));
		buf_free(&body);
	}
}

/* ---- the queue ---- */

/* In whose queue the viewer looks; false: in none. */
static bool
place_of(struct db *db, char place[12])
{
	struct person person;
	if (!may(db, MAY_MODERATE, (item_id){ 0 }) || !person_get(db, db_viewer(db), &person))
		return false;
	bool all = person.role == ROLE_SYSOP || !*person.territory;
	snprintf(place, 12, "%s", all ? "FR" : person.territory);
	return true;
}

int
report_page(struct db *db, int64_t from, int direction, int n, report_each each, void *ctx)
{
	char place[12];
	int count = 0;
	bool more = true;
	if (!place_of(db, place))
		return E_DENIED;
	if (!from && direction < 0)
		from = INT64_MAX;
	struct query *q = db_query_args(db, direction > 0 ? &reports_down : &reports_up,
	    ARGS_(T("place", place), I("from", from), I("n", n)));
	while (more && db_next(q)) {
		struct report row;
		if (!report_get(db, db_int(q, 0), &row)) {
			count++;
			more = each(ctx, &row);
			report_free(&row);
		}
		if (!more)
			db_end(q);
	}
	return count;
}

int
report_get(struct db *db, int64_t id, struct report *out)
{
	if (!may(db, MAY_MODERATE, (item_id){ 0 }))
		return E_DENIED;
	struct query *q = db_query(db, get_report, I("id", id));
	if (!db_next(q))
		return E_NOT_FOUND;
	take_report(q, out);
	db_end(q);
	return E_OK;
}

int
report_count(struct db *db)
{
	char place[12];
	return place_of(db, place) ? (int)db_one(db, count_reports, 0, T("place", place), I("n", MANY)) : 0;
}

int
report_dismiss(struct db *db, int64_t id, const char *typed)
{
	struct buf word = { 0 };
	struct report report = { 0 };
	int r = member_clean(&word, typed, TEXT_BODY, ABOUT_MAX);
	if (!r)
		r = db_begin(db);
	if (!r) {
		r = report_get(db, id, &report);
		if (r)
			db_fail(db, r);
		report_settle(db, report.item, report.file, false, buf_text(&word));
		db_journal(db, report.file ? "file.dismiss" : "report.dismiss", report.file ? "file" : "message", report.item.n, "");
		db_wrote(db, TOPIC_THREAD, report.thread.n);
		r = db_commit(db);
	}
	report_free(&report);
	buf_free(&word);
	return r;
}
