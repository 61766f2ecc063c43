/* The bin of the file areas: thrown away, put back, gone for good. */
#include "db/shelf.h"

#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "db/search.h"

SQL_WRITE(bin_item, "UPDATE item SET state = 'binned' WHERE id = :item AND state = 'published'");
SQL_WRITE(unbin_item, "UPDATE item SET state = 'published' WHERE id = :item AND state = 'binned'");
SQL_WRITE(retitle, "UPDATE item SET title = :title WHERE id = :item");
SQL_WRITE(put_bin, "INSERT INTO bin (item, member, area, created) VALUES (:item, :member, :area, :now)"
    " ON CONFLICT (item) DO UPDATE SET member = excluded.member, created = excluded.created");
SQL_WRITE(add_bin_reader, "INSERT INTO bin_reader (member, item, created) VALUES (:member, :item, :now)"
    " ON CONFLICT (member, item) DO NOTHING");
SQL_WRITE(drop_bin_readers, "DELETE FROM bin_reader WHERE item = :item");
SQL_WRITE(drop_bin, "DELETE FROM bin WHERE item = :item");
SQL_WRITE(lift_stands, "UPDATE shelf SET place = :to WHERE place = :from");
SQL_WRITE(lift_entries, "UPDATE entry SET place = :to WHERE place = :from"
    " AND EXISTS (SELECT 1 FROM shelf s WHERE s.item = entry.item AND s.place = :to)");
SQL_READ(in_bin, "SELECT place, area, name, folder, size, level, coalesce(council, 0), created,"
    " coalesce(author, 0), changed, coalesce(content, 0) FROM bin_v WHERE id = :id");
#define BINNED "SELECT b.id, b.place, b.name, b.folder, b.size, b.created, coalesce(b.author, 0), coalesce(a.name, '')," \
	" b.level, CAST(b.thrown AS TEXT), 0, 0, 0, '', coalesce(t.id, 0), coalesce(t.name, '')" \
	" FROM bin_v b LEFT JOIN member a ON a.id = b.author LEFT JOIN member t ON t.id = b.member WHERE (b.thrown, b.id) "
SQL_LIST(bin_down, BINNED "< (:at, :from) ORDER BY b.thrown DESC, b.id DESC LIMIT :n");
SQL_LIST(bin_up, BINNED "> (:at, :from) ORDER BY b.thrown, b.id LIMIT :n");
SQL_READ(binned_with, "SELECT b.id FROM bin_v b WHERE b.place = :place AND b.created >= :since AND b.id > :from"
    " ORDER BY b.id LIMIT 1");
SQL_READ(own_open_post, "SELECT 1 FROM readable_v r JOIN item_v i ON i.id = r.id JOIN thread_v h ON h.id = i.thread"
    " WHERE r.id = :id AND i.author = viewer() AND i.state = 'published' AND h.locked = 0");
SQL_READ(private_files, "SELECT item, area, place FROM private_file_v WHERE author = :author LIMIT 1");
SQL_WRITE(bin_private, "UPDATE item SET level = 'members', council = NULL, state = CASE state WHEN 'published' THEN 'binned'"
    " ELSE state END WHERE id = :item");
SQL_WRITE(forget_bins, "DELETE FROM bin_reader WHERE member = :member");
SQL_WRITE(forget_uploads, "UPDATE upload SET touched = 0, held = 0 WHERE member = :member");
SQL_WHOLE(old_bin, "SELECT item, area, coalesce(content, 0) FROM bin_age_v WHERE created < :before"
    " ORDER BY created, item LIMIT 1");
SQL_READ(bin_weight, "SELECT coalesce(sum(size), 0) FROM version_key_v WHERE item = :item");
SQL_READ(one_version, "SELECT content FROM version_key_v WHERE item = :item ORDER BY version LIMIT 1");
SQL_WRITE(drop_version, "DELETE FROM file_version WHERE item = :item AND content = :content");
SQL_WRITE(drop_attachment, "DELETE FROM attachment WHERE item = :item");
SQL_WRITE(drop_entry, "DELETE FROM entry WHERE item = :item");
SQL_WRITE(drop_follows, "DELETE FROM follow WHERE place IN ('i' || CAST(:item AS TEXT), 'f' || CAST(:item AS TEXT))");
SQL_WRITE(drop_seen, "DELETE FROM seen WHERE item = :item");

/* What others alone see stays where the folder stood. */
static void
lift(struct db *db, const char *from, const char *to)
{
	if (db_run(db, lift_stands, T("to", to), T("from", from)) > 0)
		db_run(db, lift_entries, T("to", to), T("from", from));
	council_look_public(db, to);
}

/* Inside the transaction: one into the bin; what others alone see of a folder goes up to `above`. */
static void
bin_one(struct db *db, const struct entry *e, const char *above, int64_t now)
{
	char within[SHELF_MAX + 1];
	entry_clear(db, e);
	search_take_out(db, e->item);
	shelf_set(within, "f%lld", (long long)e->item.n);
	if (e->folder)
		lift(db, within, above);
	db_run(db, bin_item, I("item", e->item.n));
	db_run(db, put_bin, I("item", e->item.n), I("member", db_viewer(db).n), T("area", e->area), I("now", now));
	db_run(db, add_bin_reader, I("member", db_viewer(db).n), I("item", e->item.n), I("now", now));
	if (e->author.n)
		db_run(db, add_bin_reader, I("member", e->author.n), I("item", e->item.n), I("now", now));
	db_wrote(db, TOPIC_SHELF, e->item.n);
}

/* Inside the transaction: those whose own another has thrown away are told, once, by the names of what it was. */
static void
tell_authors(struct db *db, const struct files *all)
{
	enum { ENOUGH = 300 };
	for (int i = 0; i < all->count; i++) {
		member_id author = all->file[i].author;
		struct buf names = { 0 };
		int told = 0;
		while (told < i && all->file[told].author.n != author.n)
			told++;
		if (told < i || !author.n || author.n == db_viewer(db).n)
			continue;
		for (int k = i; k < all->count && names.len < ENOUGH; k++)
			if (all->file[k].author.n == author.n)
				buf_fmt(&names, "%s%s", names.len ? ", " : "", buf_text(&all->file[k].name));
		if (names.len >= ENOUGH)
			buf_str(&names, ", …");
		notice_send(db, author, "file-binned", (item_id){ 0 }, buf_text(&names));
		buf_free(&names);
	}
}

void
entry_bin(struct db *db, item_id item)
{
	struct entry e;
	if (entry_get(db, item, &e))
		return;
	bin_one(db, &e, e.place, clock_now());
	struct file f = { .author = e.author, .name = e.name };
	tell_authors(db, &(struct files){ &f, 1, 1 });
	entry_free(&e);
}

int
file_bin(struct db *db, item_id item, bool whole)
{
	struct files all = { 0 };
	struct entry e;
	int r = entry_get(db, item, &e);
	if (!r && !entry_changes(db, item))
		r = E_DENIED;
	if (!r)
		r = entry_whole(db, item, &all);
	if (!r && !whole && all.count > 1)
		r = E_NOT_EMPTY;
	/* Out of the bin it would come back as if it had not been hidden. */
	for (int i = 0; i < all.count && !r; i++)
		r = all.file[i].hidden ? E_DENIED : E_OK;
	if (!r)
		r = db_begin(db);
	if (!r) {
		int64_t now = clock_now();
		for (int i = all.count - 1; i >= 0; i--) {
			struct entry one;
			if (entry_get(db, all.file[i].item, &one)) {
				db_fail(db, E_NOT_FOUND);
				break;
			}
			bin_one(db, &one, e.place, now);
			entry_free(&one);
		}
		tell_authors(db, &all);
		r = db_commit(db);
	}
	files_free(&all);
	entry_free(&e);
	return r;
}

/* ---- out of it ---- */

/* Inside the transaction: what bears its name by now keeps that, and it comes back as "name (2)". */
static void
name_apart(struct db *db, struct entry *e)
{
	struct buf own = { 0 };
	buf_str(&own, buf_text(&e->name));
	for (int before = 1; entry_find(db, e->place, buf_text(&own)).n; before++) {
		buf_cut(&own, 0);
		buf_str(&own, buf_text(&e->name));
		entry_twin(&own, e->folder, before);
	}
	if (strcmp(buf_text(&own), buf_text(&e->name)) != 0) {
		entry_put_at(db, e->item, e->place, e->area, e->folder, buf_text(&own));
		db_run(db, retitle, I("item", e->item.n), T("title", buf_text(&own)));
		buf_cut(&e->name, 0);
		buf_str(&e->name, buf_text(&own));
	}
	buf_free(&own);
}

/* Inside the transaction: one out of the bin, onto its shelf, or onto that of its area where that is gone. */
static int
restore_one(struct db *db, item_id item, int64_t *since)
{
	struct query *q = db_query(db, in_bin, I("id", item.n));
	struct entry e = { .item = item };
	struct shelf shelf;
	if (!db_next(q))
		return E_NOT_FOUND;
	shelf_set(e.place, "%s", db_text(q, 0));
	shelf_set(e.area, "%s", db_text(q, 1));
	buf_str(&e.name, db_text(q, 2));
	e.folder = db_int(q, 3);
	shelf_set(e.level, "%s", db_text(q, 5));
	e.council.n = db_int(q, 6);
	*since = db_int(q, 7);
	e.author.n = db_int(q, 8);
	e.changed = db_int(q, 9);
	db_end(q);
	/* Rights may have gone since it was thrown away; what was attached goes back to its message, if that may
	 * still be changed. */
	item_id post = shelf_post(e.place);
	int r = !area_writes(db, e.area) ? E_DENIED
	    : post.n && !db_one(db, own_open_post, 0, I("id", post.n)) ? E_LOCKED : E_OK;
	if (r) {
		entry_free(&e);
		return r;
	}
	if (post.n)
		search_take_out(db, post);
	db_run(db, unbin_item, I("item", item.n));
	db_run(db, drop_bin_readers, I("item", item.n));
	db_run(db, drop_bin, I("item", item.n));
	if (shelf_open(db, e.place, &shelf)) {
		/* A département's area has folders, no files of its own. */
		shelf_set(e.place, "%s%s", e.area, *e.area == 'd' ? ".1" : "");
		entry_put_at(db, item, e.place, e.area, e.folder, buf_text(&e.name));
	}
	name_apart(db, &e);
	entry_stand(db, &e);
	search_put_in(db, post.n ? post : item);
	entry_free(&e);
	return E_OK;
}

/* What was thrown away with a folder comes back with it. */
static int
restore_whole(struct db *db, item_id item, int depth)
{
	int64_t since = 0, from = 0;
	char place[SHELF_MAX + 1];
	int r = restore_one(db, item, &since);
	shelf_set(place, "f%lld", (long long)item.n);
	while (!r && depth < 64) {
		from = db_one(db, binned_with, 0, T("place", place), I("since", since), I("from", from));
		if (!from)
			break;
		r = restore_whole(db, (item_id){ from }, depth + 1);
	}
	return r;
}

/* Inside the transaction: its bytes go where nothing else has them; the item stays, binned. */
static void
forget(struct db *db, item_id item, const char *area, int64_t content)
{
	int64_t was;
	area_grow(db, area, -db_one(db, bin_weight, 0, I("item", item.n)));
	db_run(db, drop_bin_readers, I("item", item.n));
	db_run(db, drop_bin, I("item", item.n));
	db_run(db, drop_follows, I("item", item.n));
	while ((was = db_one(db, one_version, 0, I("item", item.n))) &&
	    db_run(db, drop_version, I("item", item.n), I("content", was)) > 0)
		if (was != content)
			content_release(db, was);
	db_run(db, drop_attachment, I("item", item.n));
	db_run(db, drop_seen, I("item", item.n));
	db_run(db, drop_entry, I("item", item.n));
	if (content)
		content_release(db, content);
}

/* What was thrown away with a folder goes with it. */
static int
purge_whole(struct db *db, item_id item, int depth)
{
	struct file f = { .kind = FILE_FILE };
	char within[SHELF_MAX + 1];
	int r = E_OK;
	struct query *q = db_query(db, in_bin, I("id", item.n));
	if (!db_next(q))
		return E_NOT_FOUND;
	shelf_set(f.area, "%s", db_text(q, 1));
	int64_t since = db_int(q, 7), content = db_int(q, 10), from;
	f.author.n = db_int(q, 8);
	db_end(q);
	files_judge(db, &f, 1);
	if (!f.changes)
		return E_DENIED;
	shelf_set(within, "f%lld", (long long)item.n);
	while (!r && depth < 64 && (from = db_one(db, binned_with, 0, T("place", within), I("since", since), I("from", 0))))
		r = purge_whole(db, (item_id){ from }, depth + 1);
	if (!r)
		forget(db, item, f.area, content);
	return r;
}

/* One, and what was thrown away with it, in one transaction. */
static int
settle(struct db *db, item_id item, int (*whole)(struct db *db, item_id item, int depth))
{
	int r = db_begin(db);
	if (r)
		return r;
	r = whole(db, item, 0);
	if (r)
		db_fail(db, r);
	db_wrote(db, TOPIC_SHELF, item.n);
	return db_commit(db);
}

int
file_restore(struct db *db, item_id item)
{
	return settle(db, item, restore_whole);
}

int
file_purge(struct db *db, item_id item)
{
	return settle(db, item, purge_whole);
}

struct binned {
	struct buf sort;
	item_id item;
};

static bool
note_binned(void *ctx, const struct file *file)
{
	struct binned *b = ctx;
	b->item = file->item;
	buf_cut(&b->sort, 0);
	buf_str(&b->sort, buf_text(&file->sort));
	return true;
}

int
file_purge_all(struct db *db)
{
	struct binned at = { .item = { 0 } };
	int gone = 0, r = E_OK;
	while (!r && bin_page(db, at.sort.data, at.item, 1, 1, note_binned, &at) > 0) {
		r = file_purge(db, at.item);
		gone += !r;
		if (r == E_DENIED || r == E_NOT_FOUND)
			r = E_OK;
	}
	buf_free(&at.sort);
	return r ? r : gone;
}

int
bin_page(struct db *db, const char *from_sort, item_id from, int direction, int n, file_each each, void *ctx)
{
	struct files page = { 0 };
	struct query *q = db_query_args(db, direction > 0 ? &bin_down : &bin_up,
	    ARGS_(I("at", from_sort ? strtoll(from_sort, NULL, 10) : direction > 0 ? INT64_MAX : -1), I("from", from.n),
		I("n", n)));
	while (db_next(q)) {
		/* A folder's place is not that of what was in it. */
		struct file *f = files_add(&page);
		entry_take(q, f);
		shelf_words(db, db_text(q, 1), &f->title);
	}
	for (int i = 0; i < page.count && each(ctx, &page.file[i]); i++)
		;
	n = page.count;
	files_free(&page);
	return n;
}

void
file_forget(struct db *db, member_id author)
{
	struct query *q;
	while (db_next(q = db_query(db, private_files, I("author", author.n)))) {
		struct entry e = { .item = { db_int(q, 0) } };
		shelf_set(e.area, "%s", db_text(q, 1));
		shelf_set(e.place, "%s", db_text(q, 2));
		db_end(q);
		entry_clear(db, &e);
		search_take_out(db, e.item);
		db_run(db, bin_private, I("item", e.item.n));
		db_run(db, put_bin, I("item", e.item.n), I("member", author.n), T("area", e.area), I("now", 0));
	}
	db_run(db, forget_bins, I("member", author.n));
	db_run(db, forget_uploads, I("member", author.n));
}

int
bin_sweep(struct db *db, int64_t before)
{
	int gone = 0;
	for (;; gone++) {
		struct query *q = db_query(db, old_bin, I("before", before));
		if (!db_next(q))
			return gone;
		item_id item = { db_int(q, 0) };
		int64_t content = db_int(q, 2);
		char area[SHELF_MAX + 1];
		shelf_set(area, "%s", db_text(q, 1));
		db_end(q);
		int r = db_begin(db);
		if (r)
			return r;
		forget(db, item, area, content);
		r = db_commit(db);
		if (r)
			return r;
	}
}
