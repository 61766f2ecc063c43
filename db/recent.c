/* What is new in the file areas: files by their last change, wherever they stand; shelves and files that are followed. */
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "db/shelf.h"

/* Times are ordered as texts are. */
#define TIME_BASE INT64_C(1000000000000)
enum { FOLLOWED_LOOK = 50, AMONG = 8 };

SQL_WRITE(move_recent, "UPDATE shelf SET sort = :sort WHERE item = :item AND place = '" RECENTS "'");
SQL_WRITE(add_follow, "INSERT INTO follow (member, place) VALUES (:member, :place)"
    " ON CONFLICT (member, place) DO NOTHING");
SQL_WRITE(drop_follow, "DELETE FROM follow WHERE member = :member AND place = :place");
/* Who follows a file takes part in what is said of it. */
SQL_READ(talk_of, "SELECT thread FROM board_thread_v WHERE thread = :item AND board IS NULL");
SQL_WRITE(follow_talk, "INSERT INTO mark (member, thread, last, follows) VALUES (:member, :item, 0, :follows)"
    " ON CONFLICT (member, thread) DO UPDATE SET follows = excluded.follows, muted = 0");
SQL_READ(active_viewer, "SELECT id FROM viewer_v");
SQL_READ(follows, "SELECT 1 FROM follow WHERE member = viewer() AND place = :place");
SQL_READ(follows_among, "SELECT place FROM follow WHERE member = viewer() AND place IN (:p0, :p1, :p2, :p3, :p4, :p5,"
    " :p6, :p7)");
SQL_READ(unseen_notice, "SELECT id FROM notice_v WHERE place = :place AND seen = 0 LIMIT 1");
SQL_WRITE(see_notices, "UPDATE notice SET seen = 1 WHERE member = :me AND place = :place AND seen = 0");
SQL_LIST(followed_down, "SELECT place FROM follow WHERE member = viewer() AND place > :from"
    " ORDER BY place LIMIT :n");
SQL_LIST(followed_up, "SELECT place FROM follow WHERE member = viewer() AND place < :from"
    " ORDER BY place DESC LIMIT :n");
/* Those before whom it stands; whoever has not read the last word yet gets no other. */
SQL_WRITE(tell_followers, "INSERT INTO notice (member, sender, kind, item, place, body, created)"
    " SELECT k.member, CAST(:me AS BIGINT), CAST(:kind AS TEXT), CAST(:item AS BIGINT), k.place, '', CAST(:now AS BIGINT)"
    " FROM follow k JOIN member m ON m.id = k.member WHERE k.place = :place AND k.member <> :me AND m.state = 'active'"
    " AND EXISTS (SELECT 1 FROM shelf_reader_v s WHERE s.item = :item"
    "  AND s.reader IN ('public', 'members', 'c' || m.council, 'm' || m.id))"
    " AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.member = k.member AND n.place = k.place AND n.kind = :kind"
    "  AND n.seen = 0)");

/* Whoever put the file, unless he follows it, or has not read the last word of this yet. */
SQL_WRITE(tell_author, "INSERT INTO notice (member, sender, kind, item, place, body, created)"
    " SELECT m.id, CAST(:me AS BIGINT), 'file-changed', i.id, 'i' || i.id, '', CAST(:now AS BIGINT)"
    " FROM entry_v i JOIN member m ON m.id = i.author WHERE i.id = :item AND i.place <> ''"
    " AND m.id <> :me AND m.state <> 'removed'"
    " AND NOT EXISTS (SELECT 1 FROM follow k WHERE k.member = m.id AND k.place = 'i' || i.id)"
    " AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.member = m.id AND n.place = 'i' || i.id AND n.kind = 'file-changed'"
    "  AND n.seen = 0)");

/* ---- by the last change ---- */

void
recent_sort(struct buf *out, int64_t changed)
{
	buf_fmt(out, "%lld", (long long)(TIME_BASE + changed));
}

void
recent_touch(struct db *db, item_id item, int64_t now)
{
	struct buf sort = { 0 };
	recent_sort(&sort, now);
	db_run(db, move_recent, T("sort", buf_text(&sort)), I("item", item.n));
	buf_free(&sort);
}

/* Where it stands for the viewer: what others share with him by name stands among that. A shelf is called by these words. */
static void
write_where(struct db *db, struct file *f)
{
	char above[SHELF_MAX + 1];
	buf_cut(&f->title, 0);
	file_stands(db, f, above);
	shelf_words(db, above, &f->title);
	if (!f->title.len && !strcmp(f->level, "named"))
		shelf_words(db, "partages", &f->title);
}

int
file_recent(struct db *db, const char *from_sort, item_id from, int direction, int n, file_each each, void *ctx)
{
	struct files page = { 0 };
	struct readers readers;
	shelf_readers(db, &readers);
	/* The last change comes first, which is the end of the shelf. */
	entry_rows(db, RECENTS, from_sort, from, -direction, n, &page);
	for (int i = 0; i < page.count; i++) {
		write_where(db, &page.file[i]);
		entry_name(db, &readers, &page.file[i]);
	}
	n = page.count;
	for (int i = 0; i < page.count && each(ctx, &page.file[i]); i++)
		;
	files_free(&page);
	return n;
}

/* ---- followed ---- */

void
file_place(const struct file *file, char place[SHELF_MAX + 1])
{
	if (file->kind == FILE_FILE)
		shelf_write(place, SHELF_MAX + 1, "i%lld", (long long)file->item.n);
	else
		shelf_write(place, SHELF_MAX + 1, "%s", file->shelf);
}

int
file_at(struct db *db, const char *place, struct file *out)
{
	*out = (struct file){ 0 };
	return *place == 'i' ? file_get(db, (item_id){ strtoll(place + 1, NULL, 10) }, out) : shelf_get(db, place, out);
}

bool
file_follows(struct db *db, const char *place)
{
	return db_one(db, follows, 0, T("place", place));
}

void
follows_mark(struct db *db, struct file *file, int count)
{
	for (int i = 0; i < count;) {
		struct file *asked[AMONG];
		const char *p[AMONG] = { "", "", "", "", "", "", "", "" };
		int n = 0;
		for (; i < count && n < AMONG; i++)
			if (file[i].kind == FILE_SHELF) {
				asked[n] = &file[i];
				p[n++] = file[i].shelf;
			}
		if (!n)
			return;
		struct query *q = db_query_args(db, &follows_among, ARGS_(T("p0", p[0]), T("p1", p[1]), T("p2", p[2]),
			T("p3", p[3]), T("p4", p[4]), T("p5", p[5]), T("p6", p[6]), T("p7", p[7])));
		while (db_next(q))
			for (int k = 0; k < n; k++)
				asked[k]->followed |= !strcmp(asked[k]->shelf, db_text(q, 0));
	}
}

int
file_follow(struct db *db, const char *place, bool on)
{
	struct file there = { 0 };
	struct shelf shelf;
	if (!db_one(db, active_viewer, 0))
		return E_DENIED;
	/* What is gone can be let go. */
	int r = on ? file_at(db, place, &there) : E_OK;
	if (!r && on && *place != 'i' && (shelf_open(db, place, &shelf) || !*shelf.area))
		r = E_DENIED;
	file_free(&there);
	if (!r)
		r = db_begin(db);
	if (r)
		return r;
	int64_t item = *place == 'i' ? strtoll(place + 1, NULL, 10) : 0;
	db_run_args(db, on ? &add_follow : &drop_follow, ARGS_(I("member", db_viewer(db).n), T("place", place)));
	if (item && db_one(db, talk_of, 0, I("item", item)))
		db_run(db, follow_talk, I("member", db_viewer(db).n), I("item", item), I("follows", on));
	return db_commit(db);
}

int
file_visited(struct db *db, const char *place)
{
	if (!*place || !db_one(db, unseen_notice, 0, T("place", place)))
		return E_OK;
	int r = db_begin(db);
	if (r)
		return r;
	db_run(db, see_notices, I("me", db_viewer(db).n), T("place", place));
	db_wrote(db, TOPIC_MEMBER, db_viewer(db).n);
	return db_commit(db);
}

void
author_tell(struct db *db, item_id item)
{
	db_run(db, tell_author, I("me", db_viewer(db).n), I("item", item.n), I("now", clock_now()));
}

void
follow_tell(struct db *db, const char *place, const char *kind, item_id item)
{
	db_run(db, tell_followers, I("me", db_viewer(db).n), T("kind", kind), I("item", item.n), T("place", place),
	    I("now", clock_now()));
}

int
file_followed(struct db *db, const char *from_sort, int direction, int n, file_each each, void *ctx)
{
	struct files page = { 0 };
	char places[FOLLOWED_LOOK][SHELF_MAX + 1];
	int looked = FOLLOWED_LOOK;
	shelf_set(places[0], "%s", from_sort ? from_sort : direction > 0 ? "" : "~");
	/* What may no longer be read is passed over. */
	for (int last = 0; page.count < n && looked == FOLLOWED_LOOK; last = looked - 1) {
		char from[SHELF_MAX + 1];
		shelf_set(from, "%s", places[last]);
		struct query *q = db_query_args(db, direction > 0 ? &followed_down : &followed_up,
		    ARGS_(T("from", from), I("n", FOLLOWED_LOOK)));
		for (looked = 0; db_next(q); looked++)
			shelf_set(places[looked], "%s", db_text(q, 0));
		for (int i = 0; i < looked && page.count < n; i++) {
			struct file f;
			if (file_at(db, places[i], &f))
				continue;
			f.followed = true;
			write_where(db, &f);
			buf_cut(&f.sort, 0);
			buf_str(&f.sort, places[i]);
			*files_add(&page) = f;
		}
	}
	n = page.count;
	for (int i = 0; i < page.count && each(ctx, &page.file[i]); i++)
		;
	files_free(&page);
	return n;
}
