/* Boards: the places of the forum. What is said there stands in thread.c. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/text.h"
#include "db/engine.h"
#include "db/forum.h"

enum { COUNCIL_POSITION = 1, TERRITORY_POSITION = 2, NEWEST = 50, MANY = 100 };

#define BOARD_COLUMNS "b.id, b.slug, b.title, b.about, b.level, b.position, coalesce(b.council, 0)," \
	" coalesce(b.territory, '')," \
	" coalesce((SELECT CASE WHEN k.muted = 1 THEN 2 ELSE k.follows END FROM board_mark k" \
	"  WHERE k.member = viewer() AND k.board = b.id), 0), b.closed"

SQL_READ(get_board, "SELECT " BOARD_COLUMNS " FROM board_v b WHERE b.id = :id");
SQL_READ(find_board, "SELECT " BOARD_COLUMNS " FROM board_v b WHERE b.slug = :slug");
SQL_WHOLE(all_boards, "SELECT " BOARD_COLUMNS " FROM board_v b ORDER BY b.id");
SQL_READ(viewer_places, "SELECT c.id, c.department, coalesce(m.epci, ''), coalesce(t.parent, '')"
    " FROM viewer_v v JOIN council_v c ON c.id = v.council JOIN commune m ON m.code = c.commune"
    " JOIN territory t ON t.code = c.department");
SQL_READ(viewer_land, "SELECT territory FROM viewer_v WHERE role = 'animator' AND territory IS NOT NULL");
SQL_LIST(themes, "SELECT " BOARD_COLUMNS " FROM board_v b"
    " WHERE b.council IS NULL AND b.territory IS NULL ORDER BY b.position, b.id LIMIT :n");
SQL_LIST(council_boards, "SELECT " BOARD_COLUMNS " FROM board_v b WHERE b.council = :council LIMIT :n");
SQL_LIST(territory_boards, "SELECT " BOARD_COLUMNS " FROM board_v b"
    " WHERE b.territory IN ('FR', :region, :department, :epci, :land) LIMIT :n");
#define IN_BOARD "t.board = (SELECT b.id FROM board_v b WHERE b.id = :board)"
SQL_LIST(count_threads, "SELECT count(*) FROM (SELECT 1 FROM thread_v t WHERE " IN_BOARD
    " ORDER BY t.last DESC LIMIT :n) x");
SQL_LIST(count_unread, "SELECT count(*) FROM (SELECT t.id, t.last FROM thread_v t"
    " WHERE " IN_BOARD " AND t.last > :floor ORDER BY t.last DESC LIMIT :n) x"
    " WHERE NOT EXISTS (SELECT 1 FROM mark k WHERE k.member = viewer() AND k.thread = x.id"
    "  AND (k.last >= x.last OR k.muted = 1))"
    " AND (NOT EXISTS (SELECT 1 FROM board_mark m WHERE m.member = viewer() AND m.board = :board"
    "  AND m.muted = 1)"
    " OR EXISTS (SELECT 1 FROM mark f WHERE f.member = viewer() AND f.thread = x.id AND f.follows = 1))");
/* Messages of the newest threads of a board in which something is unread, and those threads. */
SQL_LIST(count_posts, "SELECT count(*), count(DISTINCT x.thread) FROM (SELECT i.thread FROM"
    " (SELECT t.id, t.last FROM thread_v t WHERE " IN_BOARD " AND t.last > :floor"
    "  ORDER BY t.last DESC LIMIT :n) y"
    " LEFT JOIN mark k ON k.member = viewer() AND k.thread = y.id"
    " LEFT JOIN board_mark m ON m.member = viewer() AND m.board = :board"
    " CROSS JOIN item_v i WHERE y.last > coalesce(k.last, 0)"
    " AND coalesce(k.muted, 0) = 0 AND (coalesce(m.muted, 0) = 0 OR k.follows = 1)"
    " AND i.thread = y.id AND i.id > :floor AND i.id > coalesce(k.last, 0)"
    " AND i.state = 'published' AND i.author IS DISTINCT FROM viewer() LIMIT :n) x");
SQL_READ(viewer_floor, "SELECT floor FROM member WHERE id = viewer() AND state = 'active'");
SQL_WRITE(add_board, "INSERT INTO board (slug, title, about, position, level, council)"
    " VALUES (:slug, :title, :about, :position, :level, nullif(CAST(:council AS BIGINT), 0))"
    " ON CONFLICT (slug) DO NOTHING RETURNING id");
SQL_WRITE(change_board, "UPDATE board SET title = :title, about = :about, position = :position,"
    " level = :level, closed = :closed WHERE id = :id"
    " AND (CAST(:level AS TEXT) <> 'council' OR council IS NOT NULL)");
SQL_WRITE(place_board, "UPDATE board SET position = :position WHERE id = :id");
SQL_WRITE(add_council_board, "INSERT INTO board (slug, title, position, level, council)"
    " VALUES (:slug, :title, :position, 'council', :council) ON CONFLICT (slug) DO NOTHING");
SQL_READ(territories_without, "SELECT DISTINCT t.code, t.name FROM reach_v r"
    " JOIN territory t ON t.code = r.territory WHERE r.council = :council AND t.kind <> 'nation'"
    " AND NOT EXISTS (SELECT 1 FROM board b WHERE b.territory = t.code) ORDER BY t.code");
/* One by one: for INSERT … SELECT SQLite reads the children of board, thread among them, which is fenced. */
SQL_WRITE(add_territory_board, "INSERT INTO board (slug, title, position, level, territory)"
    " VALUES (:slug, :title, :position, 'members', :code) ON CONFLICT (slug) DO NOTHING");
SQL_READ(count_members, "SELECT count(*) FROM member WHERE state = 'active' AND id > 1");
SQL_READ(count_council_members,
    "SELECT count(*) FROM member WHERE council = :council AND state = 'active' AND id > 1");

void
board_free(struct board *board)
{
	buf_free(&board->slug);
	buf_free(&board->title);
	buf_free(&board->about);
	*board = (struct board){ 0 };
}

/* Reads one board from a query on BOARD_COLUMNS that has a row; ends it. */
static void
take_board(struct query *q, struct board *out)
{
	*out = (struct board){ .id = { db_int(q, 0) }, .position = db_int(q, 5), .council = { db_int(q, 6) },
		.follow = (enum follow)db_int(q, 8), .closed = db_int(q, 9) };
	buf_str(&out->slug, db_text(q, 1));
	buf_str(&out->title, db_text(q, 2));
	buf_str(&out->about, db_text(q, 3));
	snprintf(out->level, sizeof out->level, "%s", db_text(q, 4));
	snprintf(out->territory, sizeof out->territory, "%s", db_text(q, 7));
	db_end(q);
}

int
board_get(struct db *db, board_id id, struct board *out)
{
	struct query *q = db_query(db, get_board, I("id", id.n));
	if (!db_next(q))
		return E_NOT_FOUND;
	take_board(q, out);
	return E_OK;
}

int
board_find(struct db *db, const char *slug, struct board *out)
{
	struct query *q = db_query(db, find_board, T("slug", slug));
	if (!db_next(q))
		return E_NOT_FOUND;
	take_board(q, out);
	return E_OK;
}

int
board_all(struct db *db, board_each each, void *ctx)
{
	struct query *q = db_query(db, all_boards);
	while (db_next(q)) {
		struct board_row row = { { db_int(q, 0) }, db_text(q, 1), db_text(q, 2), db_text(q, 3),
			db_text(q, 4), db_int(q, 5), 0, 0, (enum follow)db_int(q, 8), db_int(q, 9) };
		if (!each(ctx, &row)) {
			db_end(q);
			break;
		}
	}
	return E_OK;
}

struct found {
	struct board board[BOARDS_MAX];
	int count;
};

static void
gather(struct query *q, struct found *found)
{
	while (db_next(q)) {
		if (found->count == BOARDS_MAX) {
			db_end(q);
			return;
		}
		struct board *b = &found->board[found->count++];
		*b = (struct board){ .id = { db_int(q, 0) }, .position = db_int(q, 5),
			.council = { db_int(q, 6) }, .follow = (enum follow)db_int(q, 8), .closed = db_int(q, 9) };
		buf_str(&b->slug, db_text(q, 1));
		buf_str(&b->title, db_text(q, 2));
		buf_str(&b->about, db_text(q, 3));
		snprintf(b->level, sizeof b->level, "%s", db_text(q, 4));
	}
}

static int
by_position(const void *a, const void *b)
{
	const struct board *x = a, *y = b;
	if (x->position != y->position)
		return x->position < y->position ? -1 : 1;
	return (x->id.n > y->id.n) - (x->id.n < y->id.n);
}

/* Adds the boards of the viewer's council, of the territories that it lies in, and of that he animates. */
static void
gather_places(struct db *db, struct found *found)
{
	char department[12] = "", epci[12] = "", region[12] = "", land[12] = "";
	int64_t council = 0;
	struct query *q = db_query(db, viewer_places);
	while (db_next(q)) {
		council = db_int(q, 0);
		snprintf(department, sizeof department, "%s", db_text(q, 1));
		snprintf(epci, sizeof epci, "%s", db_text(q, 2));
		snprintf(region, sizeof region, "%s", db_text(q, 3));
	}
	q = db_query(db, viewer_land);
	while (db_next(q))
		snprintf(land, sizeof land, "%s", db_text(q, 0));
	gather(db_query(db, territory_boards, T("region", region), T("department", department),
	    T("epci", epci), T("land", land), I("n", 5)), found);
	if (council)
		gather(db_query(db, council_boards, I("council", council), I("n", 1)), found);
}

int
board_mine(struct db *db, board_each each, void *ctx)
{
	struct found *found = mem_alloc(sizeof *found);
	int64_t floor = db_one(db, viewer_floor, -1);
	gather(db_query(db, themes, I("n", BOARDS_MAX)), found);
	gather_places(db, found);
	qsort(found->board, (size_t)found->count, sizeof *found->board, by_position);
	bool more = true;
	for (int i = 0; i < found->count; i++) {
		struct board *b = &found->board[i];
		struct board_row row = { b->id, buf_text(&b->slug), buf_text(&b->title),
			buf_text(&b->about), b->level, b->position, 0, 0, b->follow, b->closed };
		/* Visitors get no counts: what they may not read would be walked over for them. */
		if (more && floor >= 0) {
			row.threads = (int)db_one(db, count_threads, 0, I("board", b->id.n), I("n", MANY));
			row.unread = (int)db_one(
			    db, count_unread, 0, I("board", b->id.n), I("floor", floor), I("n", NEWEST));
		}
		more = more && each(ctx, &row);
		board_free(b);
	}
	free(found);
	return E_OK;
}

int
unread_places(struct db *db, place_each each, void *ctx)
{
	struct found *found = mem_alloc(sizeof *found);
	int64_t floor = db_one(db, viewer_floor, -1);
	bool more = floor >= 0;
	if (more)
		gather_places(db, found);
	qsort(found->board, (size_t)found->count, sizeof *found->board, by_position);
	for (int i = 0; i < found->count; i++) {
		struct board *b = &found->board[i];
		struct place_row row = { .board = b->id, .title = buf_text(&b->title),
			.council = b->council.n };
		struct query *q = db_query(
		    db, count_posts, I("board", b->id.n), I("floor", floor), I("n", MANY));
		while (db_next(q)) {
			row.posts = (int)db_int(q, 0);
			row.threads = (int)db_int(q, 1);
		}
		more = more && (!row.posts || each(ctx, &row));
		board_free(b);
	}
	free(found);
	return floor < 0 ? E_DENIED : E_OK;
}

int
board_themes(struct db *db, board_each each, void *ctx)
{
	struct found *found = mem_alloc(sizeof *found);
	gather(db_query(db, themes, I("n", BOARDS_MAX)), found);
	bool more = true;
	for (int i = 0; i < found->count; i++) {
		struct board *b = &found->board[i];
		struct board_row row = { b->id, buf_text(&b->slug), buf_text(&b->title),
			buf_text(&b->about), b->level, b->position, 0, 0, b->follow, b->closed };
		more = more && each(ctx, &row);
		board_free(b);
	}
	free(found);
	return E_OK;
}

int
board_move(struct db *db, board_id id, int by)
{
	enum { STEP = 10 };
	struct found *found = mem_alloc(sizeof *found);
	int r = may(db, MAY_MANAGE_BOARDS, (item_id){ 0 }) ? db_begin(db) : E_DENIED;
	if (r) {
		free(found);
		return r;
	}
	gather(db_query(db, themes, I("n", BOARDS_MAX)), found);
	int at = 0;
	while (at < found->count && found->board[at].id.n != id.n)
		at++;
	int to = at + by;
	if (at == found->count || to < 0 || to >= found->count)
		db_fail(db, at == found->count ? E_NOT_FOUND : E_DONE);
	for (int i = 0; i < found->count; i++) {
		int place = i == at ? to : i == to ? at : i;
		struct board *b = &found->board[i];
		if (b->position != (place + 1) * STEP)
			db_run(db, place_board, I("position", (place + 1) * STEP), I("id", b->id.n));
		board_free(b);
	}
	db_journal(db, "board.set", "board", id.n, "position");
	db_wrote(db, TOPIC_BOARD, id.n);
	free(found);
	return db_commit(db);
}

/* Lower-case letters, digits and dashes; at least one. */
static bool
good_slug(const char *slug)
{
	return *slug && strlen(slug) <= 60
	       && strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(slug);
}

int
board_put(struct db *db, struct board *board)
{
	static const char *const levels[] = { "members", "public", "council" };
	if (!may(db, MAY_MANAGE_BOARDS, board->council))
		return E_DENIED;
	bool level = false;
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		level = level || !strcmp(board->level, levels[i]);
	if (!level || !good_slug(buf_text(&board->slug))
	    || (!strcmp(board->level, "council") && !board->council.n))
		return E_INVALID;
	struct buf title = { 0 }, about = { 0 };
	text_clean(&title, buf_text(&board->title), board->title.len, TEXT_LINE);
	text_clean(&about, buf_text(&board->about), board->about.len, TEXT_LINE);
	int r = !title.len ? E_EMPTY : title.len > TITLE_MAX || about.len > ABOUT_MAX ? E_TOO_LONG
										     : db_begin(db);
	if (!r && board->id.n) {
		if (!db_run(db, change_board, I("id", board->id.n), T("title", buf_text(&title)),
			T("about", buf_text(&about)), I("position", board->position),
			T("level", board->level), I("closed", board->closed)))
			db_fail(db, E_NOT_FOUND);
		db_journal(db, "board.set", "board", board->id.n, "");
	} else if (!r) {
		board->id.n = db_insert(db, add_board, T("slug", buf_text(&board->slug)),
		    T("title", buf_text(&title)), T("about", buf_text(&about)),
		    I("position", board->position), T("level", board->level),
		    I("council", board->council.n));
		if (!board->id.n)
			db_fail(db, E_EXISTS);
		db_journal(db, "board.add", "board", board->id.n, "");
	}
	if (!r) {
		db_wrote(db, TOPIC_BOARD, board->id.n);
		r = db_commit(db);
	}
	buf_free(&title);
	buf_free(&about);
	return r;
}

void
board_make_council(struct db *db, item_id council, const char *name)
{
	char slug[40];
	snprintf(slug, sizeof slug, "conseil-%lld", (long long)council.n);
	db_run(db, add_council_board, T("slug", slug), T("title", name),
	    I("position", COUNCIL_POSITION), I("council", council.n));
	struct query *q = db_query(db, territories_without, I("council", council.n));
	while (db_next(q)) {
		snprintf(slug, sizeof slug, "territoire-%s", db_text(q, 0));
		for (char *c = slug; *c; c++)
			*c = (char)tolower((unsigned char)*c);
		db_run(db, add_territory_board, T("slug", slug), T("title", db_text(q, 1)),
		    I("position", TERRITORY_POSITION), T("code", db_text(q, 0)));
	}
}

int
level_readers(struct db *db, const char *level, item_id council)
{
	if (!strcmp(level, "members"))
		return (int)db_one(db, count_members, 0);
	if (!strcmp(level, "council"))
		return (int)db_one(db, count_council_members, 0, I("council", council.n));
	return -1;
}

int
board_readers(struct db *db, board_id id)
{
	struct board board;
	if (board_get(db, id, &board))
		return 0;
	int n = level_readers(db, board.level, board.council);
	board_free(&board);
	return n;
}
