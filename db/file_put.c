/* Folders and files made, moved, described, opened to others. Bytes are upload.c's. */
#include "db/file.h"

#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/text.h"
#include "db/forum.h"
#include "db/member.h"
#include "db/search.h"
#include "db/shelf.h"
#include "db/sqlite.h"

enum {
	INSIDE_MAX = 10000, /* what a folder may hold that is moved or thrown away as a whole */
	BATCH = 500,
};

SQL_WRITE(add_item, "INSERT INTO item (kind, author, board, council, thread, parent, level, title, state, created,"
    " changed) VALUES (:kind, :author, :board, nullif(CAST(:council AS BIGINT), 0), @THIS_ITEM@,"
    " nullif(CAST(:parent AS BIGINT), 0), :level, :title, 'published', :now, :now) RETURNING id");
SQL_WRITE(add_about, "INSERT INTO text (item, version, author, body, created)"
    " VALUES (:item, :version, :author, :body, :now)");
SQL_WRITE(add_entry, "INSERT INTO entry (item, place, area, name, sort, folder, content, size, sender) VALUES (:item, :place,"
    " :area, :name, :sort, :folder, nullif(CAST(:content AS BIGINT), 0), :size, :sender)");
SQL_WRITE(copy_audience, "INSERT INTO audience (item, kind, id) SELECT CAST(:item AS BIGINT), a.kind, a.id"
    " FROM audience a WHERE a.item = :from");
SQL_WRITE(add_audience, "INSERT INTO audience (item, kind, id) VALUES (:item, 'member', :member)"
    " ON CONFLICT (item, kind, id) DO NOTHING");
SQL_WRITE(drop_audience, "DELETE FROM audience WHERE item = :item");
SQL_WRITE(drop_active_audience, "DELETE FROM audience WHERE item = :item AND kind = 'member'"
    " AND id NOT IN (SELECT m.id FROM member m WHERE m.id = audience.id AND m.state = 'suspended')");
SQL_WRITE(add_stand, "INSERT INTO shelf (place, reader, sort, item) VALUES (:place, :reader, :sort, :item)");
SQL_WRITE(drop_stands, "DELETE FROM shelf WHERE item = :item");
SQL_LIST(audience_of, "SELECT member FROM entry_reader_v WHERE item = :item ORDER BY member LIMIT :n");
SQL_WRITE(grow_area, "INSERT INTO area_use (area, bytes) VALUES (:area, :bytes)"
    " ON CONFLICT (area) DO UPDATE SET bytes = area_use.bytes + excluded.bytes");
SQL_WRITE(set_publishes, "UPDATE council SET publishes = CASE WHEN EXISTS (SELECT 1 FROM public_shelf_v s"
    " WHERE s.place = :place) THEN 1 ELSE 0 END WHERE id = :council");
SQL_WRITE(move_entry, "UPDATE entry SET place = :place, area = :area, name = :name, sort = :sort WHERE item = :item");
SQL_WRITE(name_item, "UPDATE item SET title = :title, changed = :changed WHERE id = :item");
SQL_WRITE(board_item, "UPDATE item SET board = :board WHERE id = :item");
SQL_WRITE(level_item, "UPDATE item SET level = :level, council = nullif(CAST(:council AS BIGINT), 0) WHERE id = :item");
SQL_READ(weight, "SELECT coalesce(sum(f.size), 0) FROM file_weight_v f WHERE f.item = :item");
SQL_READ(get_about, "SELECT t.body FROM text_v t JOIN entry_v e ON e.id = t.item AND e.place <> ''"
    " WHERE t.item = :item");
SQL_WRITE(set_about, "UPDATE text SET body = :body, author = :author WHERE item = :item AND version = 1");
/* Those who are named and may be back one day. */
SQL_READ(named_away, "SELECT count(*) FROM entry_reader_v r JOIN member m ON m.id = r.member WHERE r.item = :item"
    " AND m.state = 'suspended'");
SQL_READ(find_active, "SELECT id FROM member WHERE id = :id AND state = 'active' AND id > 1");

void
area_grow(struct db *db, const char *area, int64_t bytes)
{
	if (bytes)
		db_run(db, grow_area, T("area", area), I("bytes", bytes));
}

/* The council whose publications that is; 0: no such shelf. */
static int64_t
publisher(const char *place)
{
	size_t n = strlen(place);
	return *place == 'c' && n > 7 && !strcmp(place + n - 7, ".public") ? strtoll(place + 1, NULL, 10) : 0;
}

void
council_look_public(struct db *db, const char *place)
{
	int64_t council = publisher(place);
	if (council)
		db_run(db, set_publishes, T("place", place), I("council", council));
}

static void
put_stand(struct db *db, const struct entry *e, const char *reader, const char *sort)
{
	struct buf recent = { 0 };
	db_run(db, add_stand, T("place", e->place), T("reader", reader), T("sort", sort), I("item", e->item.n));
	recent_sort(&recent, e->changed);
	if (!e->folder && !shelf_post(e->place).n)
		db_run(db, add_stand, T("place", RECENTS), T("reader", reader), T("sort", buf_text(&recent)),
		    I("item", e->item.n));
	buf_free(&recent);
}

static void
stand_before_named(struct db *db, const struct entry *e, const char *sort)
{
	int64_t who[NAMED_MAX];
	int count = 0;
	struct query *q = db_query(db, audience_of, I("item", e->item.n), I("n", NAMED_MAX));
	while (db_next(q))
		who[count++] = db_int(q, 0);
	for (int i = 0; i < count; i++) {
		char reader[24];
		shelf_set(reader, "m%lld", (long long)who[i]);
		put_stand(db, e, reader, sort);
		if (who[i] != e->author.n)
			db_run(db, add_stand, T("place", "partages"), T("reader", reader), T("sort", sort),
			    I("item", e->item.n));
	}
}

void
entry_stand(struct db *db, const struct entry *e)
{
	char reader[24];
	struct buf sort = { 0 };
	entry_sort(&sort, e->folder, buf_text(&e->name));
	if (!strcmp(e->level, "me"))
		shelf_set(reader, "m%lld", (long long)e->author.n);
	else if (!strcmp(e->level, "council"))
		shelf_set(reader, "c%lld", (long long)e->council.n);
	else
		shelf_set(reader, "%s", e->level);
	if (!strcmp(e->level, "named"))
		stand_before_named(db, e, buf_text(&sort));
	else
		put_stand(db, e, reader, buf_text(&sort));
	council_look_public(db, e->place);
	buf_free(&sort);
}

void
entry_clear(struct db *db, const struct entry *e)
{
	db_run(db, drop_stands, I("item", e->item.n));
	council_look_public(db, e->place);
}

item_id
entry_add(struct db *db, const struct shelf *shelf, const char *name, int64_t content, int64_t size)
{
	struct buf sort = { 0 };
	member_id me = db_viewer(db);
	int64_t now = clock_now();
	struct entry e = { .author = me, .council = shelf->council, .folder = !content, .changed = now };
	e.item.n = db_insert(db, add_item, T("kind", e.folder ? "folder" : "file"), I("author", me.n),
	    I("board", area_board(db, shelf->area).n), I("council", shelf->council.n),
	    I("parent", shelf_post(shelf->key).n), T("level", shelf->level), T("title", name), I("now", now));
	if (e.item.n <= 0)
		return (item_id){ 0 };
	entry_sort(&sort, e.folder, name);
	db_run(db, add_about, I("item", e.item.n), I("version", 1), I("author", me.n), T("body", ""), I("now", now));
	db_run(db, add_entry, I("item", e.item.n), T("place", shelf->key), T("area", shelf->area), T("name", name),
	    T("sort", buf_text(&sort)), I("folder", e.folder), I("content", content), I("size", size), I("sender", me.n));
	if (!strcmp(shelf->level, "named"))
		db_run(db, copy_audience, I("item", e.item.n), I("from", shelf->item.n));
	shelf_set(e.place, "%s", shelf->key);
	shelf_set(e.level, "%s", shelf->level);
	buf_str(&e.name, name);
	entry_stand(db, &e);
	search_put_in(db, e.item);
	follow_tell(db, e.place, "file-in", e.item);
	buf_free(&sort);
	entry_free(&e);
	return e.item;
}

/* A shelf to put something on, and the name cleaned; E_DENIED, E_NOT_FOUND, or what is wrong with the name. */
static int
open_to_write(struct db *db, const char *key, const char *typed, struct shelf *shelf, struct buf *name)
{
	int r = shelf_open(db, key, shelf);
	if (!r && (!*shelf->area || !area_writes(db, shelf->area)))
		r = E_DENIED;
	if (!r)
		r = file_check_name(typed, name);
	struct files all = { 0 };
	if (!r)
		shelf_children(db, shelf, &all);
	for (int i = 0; i < all.count; i++)
		if (!strcmp(buf_text(&all.file[i].name), buf_text(name)))
			r = E_EXISTS;
	files_free(&all);
	return r;
}

int
folder_make(struct db *db, const char *key, const char *typed, struct file *out)
{
	struct shelf shelf;
	struct buf name = { 0 };
	item_id item = { 0 };
	*out = (struct file){ 0 };
	int r = open_to_write(db, key, typed, &shelf, &name);
	if (!r && entry_find(db, key, buf_text(&name)).n)
		r = E_EXISTS;
	if (!r)
		r = db_begin(db);
	if (!r) {
		item = entry_add(db, &shelf, buf_text(&name), 0, 0);
		db_wrote(db, TOPIC_SHELF, shelf.item.n);
		r = db_commit(db);
	}
	buf_free(&name);
	return r ? r : file_get(db, item, out);
}

/* ---- what lies in a folder, and goes where it goes ---- */

/* What the viewer sees in a folder, and in those within: the folder first. E_TOO_LONG: over INSIDE_MAX. */
static int
collect(struct db *db, struct files *all, int at)
{
	for (; at < all->count; at++) {
		if (all->file[at].kind != FILE_FOLDER)
			continue;
		char place[SHELF_MAX + 1], *from_sort = NULL;
		item_id from = { 0 };
		shelf_set(place, "%s", all->file[at].shelf);
		for (int before = -1; before != all->count;) {
			before = all->count;
			entry_page(db, place, from_sort, from, 1, BATCH, all);
			free(from_sort);
			from_sort = all->count > before ? mem_dup(buf_text(&all->file[all->count - 1].sort)) : NULL;
			from = all->count > before ? all->file[all->count - 1].item : from;
			if (all->count > INSIDE_MAX)
				break;
		}
		free(from_sort);
		if (all->count > INSIDE_MAX)
			return E_TOO_LONG;
	}
	return E_OK;
}

int
entry_whole(struct db *db, item_id item, struct files *all)
{
	struct file *root = files_add(all);
	int r = file_get(db, item, root);
	if (!r)
		r = collect(db, all, 0);
	for (int i = 0; i < all->count && !r; i++)
		r = entry_changes(db, all->file[i].item) ? E_OK : E_DENIED;
	return r;
}

/* ---- moving ---- */

static bool
inside_itself(struct db *db, item_id item, const char *key)
{
	struct shelf shelf;
	char at[SHELF_MAX + 1];
	shelf_set(at, "%s", key);
	while (!shelf_open(db, at, &shelf) && shelf.kind == SHELF_FOLDER) {
		if (shelf.item.n == item.n)
			return true;
		shelf_set(at, "%s", shelf.above);
	}
	return false;
}

void
entry_put_at(struct db *db, item_id item, const char *place, const char *area, bool folder, const char *name)
{
	struct buf sort = { 0 };
	entry_sort(&sort, folder, name);
	db_run(db, move_entry, T("place", place), T("area", area), T("name", name), T("sort", buf_text(&sort)),
	    I("item", item.n));
	buf_free(&sort);
}

/* Inside the transaction: one entry to a shelf; where the shelf's readers are others, they become its own. */
static void
move_one(struct db *db, struct entry *e, const struct shelf *to, const char *key, const char *name, bool relevel)
{
	int64_t bytes = strcmp(e->area, to->area) != 0 ? db_one(db, weight, 0, I("item", e->item.n)) : 0;
	entry_clear(db, e);
	search_take_out_thread(db, e->item);
	area_grow(db, e->area, -bytes);
	area_grow(db, to->area, bytes);
	entry_put_at(db, e->item, key, to->area, e->folder, name);
	if (relevel || strcmp(e->place, key) != 0) /* another name is no change of what it is */
		e->changed = clock_now();
	db_run(db, name_item, T("title", name), I("changed", e->changed), I("item", e->item.n));
	if (relevel) {
		db_run(db, level_item, T("level", to->level), I("council", to->council.n), I("item", e->item.n));
		db_run(db, drop_audience, I("item", e->item.n));
		if (!strcmp(to->level, "named"))
			db_run(db, copy_audience, I("item", e->item.n), I("from", to->item.n));
		db_run(db, board_item, I("board", area_board(db, to->area).n), I("item", e->item.n));
		shelf_set(e->level, "%s", to->level);
		e->council = to->council;
		file_talk_follows(db, e);
	}
	shelf_set(e->place, "%s", key);
	shelf_set(e->area, "%s", to->area);
	buf_cut(&e->name, 0);
	buf_str(&e->name, name);
	entry_stand(db, e);
	search_put_in_thread(db, e->item);
}

/* From its author alone to everybody. */
static const char *const levels[] = { "me", "named", "council", "members", "public" };
enum { LEVELS = sizeof levels / sizeof *levels };

/* Its place among those; LEVELS: it is none. */
static size_t
reach(const char *level)
{
	size_t i = 0;
	while (i < LEVELS && strcmp(level, levels[i]) != 0)
		i++;
	return i;
}

/*
 * Would others read what is another's? Whoever keeps a folder may close what stands in it, its author alone opens it.
 * And what is one person's alone would be out of everybody else's hands.
 */
static bool
opens_others(struct db *db, member_id author, const char *from, const char *to)
{
	return author.n != db_viewer(db).n && (!strcmp(to, "me") ||
	    (author.n && !may(db, MAY_RUN_MACHINE, (item_id){ 0 }) && (!strcmp(to, "named") || reach(to) > reach(from))));
}

/* Each of them looked at, if it is a file: as many as there are, to be ended with publish_end() and freed. */
static int
look_at_all(struct db *db, const struct files *all, struct publish **out)
{
	int r = E_OK;
	*out = mem_alloc((size_t)all->count * sizeof **out);
	for (int i = 0; i < all->count && !r; i++)
		r = publish_look(db, all->file[i].item, &(*out)[i]);
	return r;
}

static void
end_all(struct db *db, int count, struct publish *looked)
{
	for (int i = 0; i < count; i++)
		publish_end(db, &looked[i]);
	free(looked);
}

int
file_move(struct db *db, item_id item, const char *key, const char *typed)
{
	struct shelf to = { .kind = SHELF_TOP };
	struct buf name = { 0 };
	struct files all = { 0 };
	struct publish *looked = NULL;
	struct entry e;
	db->stripped = 0;
	int r = entry_get(db, item, &e);
	if (!r && !entry_changes(db, item))
		r = E_DENIED;
	if (!r)
		r = open_to_write(db, key, typed ? typed : buf_text(&e.name), &to, &name);
	if (!r) {
		item_id there = entry_find(db, key, buf_text(&name));
		r = there.n && there.n != item.n ? E_EXISTS : E_OK;
	}
	if (!r && e.folder && inside_itself(db, item, key))
		r = E_INVALID;
	if (!r && !e.folder && strcmp(buf_text(&name), buf_text(&e.name)) != 0 && name_refused(db, buf_text(&name)))
		r = E_TYPE;
	bool relevel = !r && entry_relevels(db, &e, &to);
	/* Within an area and among the same readers a folder's row moves, and what is in it with it. */
	if (!r && relevel)
		r = entry_whole(db, item, &all);
	for (int i = 0; i < all.count && !r; i++)
		if (opens_others(db, all.file[i].author, all.file[i].level, to.level))
			r = E_DENIED;
	bool to_all = relevel && !strcmp(to.level, "public");
	if (!r && to_all)
		r = look_at_all(db, &all, &looked);
	if (!r)
		r = db_begin(db);
	if (!r) {
		char within[SHELF_MAX + 1];
		bool comes = strcmp(e.place, key) != 0;
		move_one(db, &e, &to, key, buf_text(&name), relevel);
		if (comes)
			follow_tell(db, key, "file-in", e.item);
		for (int i = 1; i < all.count; i++) {
			struct entry one;
			if (entry_get(db, all.file[i].item, &one)) {
				db_fail(db, E_NOT_FOUND);
				break;
			}
			shelf_set(within, "%s", one.place);
			char *own = mem_dup(buf_text(&one.name));
			move_one(db, &one, &to, within, own, true);
			free(own);
			entry_free(&one);
		}
		for (int i = 0; i < all.count && to_all; i++)
			publish_give(db, &looked[i], to.area);
		db_wrote(db, TOPIC_SHELF, item.n);
		r = db_commit(db);
	}
	if (looked)
		end_all(db, all.count, looked);
	files_free(&all);
	buf_free(&name);
	entry_free(&e);
	return r;
}

bool
entry_is_public(struct db *db, item_id item)
{
	struct entry e;
	bool all = !entry_get(db, item, &e) && !strcmp(e.level, "public");
	entry_free(&e);
	return all;
}

int
file_replace(struct db *db, item_id item, item_id there)
{
	struct entry one, other;
	struct publish looked = { 0 };
	db->stripped = 0;
	int r = entry_get(db, item, &one), s = entry_get(db, there, &other);
	if (!r)
		r = s;
	if (!r && (one.folder || other.folder || item.n == there.n))
		r = E_INVALID;
	if (!r && (one.hidden || !entry_changes(db, item) || !entry_changes(db, there)))
		r = E_DENIED;
	bool to_all = !r && entry_is_public(db, there);
	if (to_all)
		r = publish_look(db, item, &looked);
	if (!r)
		r = db_begin(db);
	if (!r) {
		if (!to_all && entry_is_public(db, there)) /* by now */
			db_fail(db, E_BUSY);
		entry_give(db, there, other.area, to_all ? publish_content(db, &looked) : one.content, one.size);
		entry_bin(db, item);
		r = db_commit(db);
		db->stripped = looked.staged.upload != 0;
	}
	publish_end(db, &looked);
	entry_free(&one);
	entry_free(&other);
	return r;
}

/* ---- what it is, who reads it ---- */

void
file_named(struct db *db, item_id item, struct buf *out)
{
	struct entry e;
	member_id who[NAMED_MAX];
	int n = 0;
	bool changes = !entry_get(db, item, &e) && entry_changes(db, item);
	struct query *q = changes ? db_query(db, audience_of, I("item", item.n), I("n", NAMED_MAX)) : NULL;
	while (q && db_next(q)) {
		who[n].n = db_int(q, 0);
		n += who[n].n != e.author.n && who[n].n != db_viewer(db).n;
	}
	members_write(db, who, n, out);
	entry_free(&e);
}

int
file_about(struct db *db, item_id item, struct buf *out)
{
	struct query *q = db_query(db, get_about, I("item", item.n));
	if (!db_next(q))
		return E_NOT_FOUND;
	buf_str(out, db_text(q, 0));
	db_end(q);
	return E_OK;
}

int
file_describe(struct db *db, item_id item, const char *typed)
{
	struct entry e;
	struct buf about = { 0 };
	int r = entry_get(db, item, &e);
	text_clean(&about, typed, strlen(typed), TEXT_BODY);
	if (!r && !entry_changes(db, item))
		r = E_DENIED;
	if (!r && about.len > FILE_ABOUT_MAX)
		r = E_TOO_LONG;
	if (!r)
		r = db_begin(db);
	if (!r) {
		search_take_out(db, item);
		db_run(db, set_about, T("body", buf_text(&about)), I("author", db_viewer(db).n), I("item", item.n));
		search_put_in(db, item);
		db_wrote(db, TOPIC_SHELF, item.n);
		r = db_commit(db);
	}
	buf_free(&about);
	entry_free(&e);
	return r;
}

/* The viewer, the author, and those who are named; E_INVALID: one of these is nobody. */
static int
find_named(struct db *db, const struct entry *e, const member_id *named, int count, int64_t who[NAMED_MAX])
{
	int64_t away = db_one(db, named_away, 0, I("item", e->item.n));
	int n = 0, others = away > 0;
	if (count + away > NAMED_OTHERS)
		return E_TOO_LONG;
	who[n++] = db_viewer(db).n;
	if (e->author.n)
		who[n++] = e->author.n;
	for (int i = 0; i < count; i++) {
		who[n] = db_one(db, find_active, 0, I("id", named[i].n));
		if (!who[n])
			return E_INVALID;
		others += who[n] != e->author.n && who[n] != db_viewer(db).n;
		n++;
	}
	return others ? n : E_EMPTY;
}

/* Inside the transaction: those who are named now and were not before. */
static void
tell_named(struct db *db, const struct entry *e, const int64_t who[], int count, const int64_t before[], int before_count)
{
	for (int i = 0; i < count; i++) {
		int k = 0;
		while (k < before_count && before[k] != who[i])
			k++;
		if (k == before_count && who[i] != db_viewer(db).n && who[i] != e->author.n)
			notice_send(db, (member_id){ who[i] }, "file-shared", e->item, "");
	}
}

static int
may_level(struct db *db, const struct entry *e, const char *level)
{
	if (reach(level) == LEVELS || (!strcmp(level, "council") && !e->council.n))
		return E_INVALID;
	return entry_changes(db, e->item) && !opens_others(db, e->author, e->level, level) ? E_OK : E_DENIED;
}

int
file_may_level(struct db *db, item_id item, const char *level)
{
	struct entry e;
	int r = entry_get(db, item, &e);
	if (!r)
		r = may_level(db, &e, level);
	entry_free(&e);
	return r;
}

/* `tells`: whoever is newly named; of what lies in a folder that is told already nobody is. */
static int
set_level(struct db *db, item_id item, const char *level, const member_id *named, int count, bool tells)
{
	int64_t who[NAMED_MAX], before[NAMED_MAX];
	struct publish looked = { 0 };
	struct entry e;
	db->stripped = 0;
	int r = entry_get(db, item, &e), named_count = 0, before_count = 0;
	if (!r)
		r = may_level(db, &e, level);
	if (!r && !strcmp(level, "named")) {
		named_count = find_named(db, &e, named, count, who);
		r = named_count < 0 ? named_count : E_OK;
	}
	if (!r && !strcmp(level, "public"))
		r = publish_look(db, item, &looked);
	if (!r)
		r = db_begin(db);
	if (!r) {
		struct query *q = db_query(db, audience_of, I("item", item.n), I("n", NAMED_MAX));
		while (db_next(q))
			before[before_count++] = db_int(q, 0);
		entry_clear(db, &e);
		search_take_out_thread(db, item);
		db_run_args(db, strcmp(level, "named") != 0 ? &drop_audience : &drop_active_audience, ARGS_(I("item", item.n)));
		for (int i = 0; i < named_count; i++)
			db_run(db, add_audience, I("item", item.n), I("member", who[i]));
		if (tells)
			tell_named(db, &e, who, named_count, before, before_count);
		db_run(db, level_item, T("level", level), I("council", e.council.n), I("item", item.n));
		shelf_set(e.level, "%s", level);
		file_talk_follows(db, &e);
		entry_stand(db, &e);
		search_put_in_thread(db, item);
		publish_give(db, &looked, e.area);
		db_wrote(db, TOPIC_SHELF, item.n);
		db_journal(db, "file.level", "item", item.n, level);
		r = db_commit(db);
	}
	publish_end(db, &looked);
	entry_free(&e);
	return r;
}

int
file_set_level(struct db *db, item_id item, const char *level, const member_id *named, int count)
{
	return set_level(db, item, level, named, count, true);
}

/* What the viewer sees in the folder, the folder itself first; who reads what is put there. */
static int
open_folder(struct db *db, item_id folder, struct files *all, member_id who[NAMED_MAX], int *count)
{
	int r = file_get(db, folder, files_add(all));
	if (!r)
		r = collect(db, all, 0);
	*count = 0;
	struct query *q = r ? NULL : db_query(db, audience_of, I("item", folder.n), I("n", NAMED_MAX));
	while (q && db_next(q)) {
		who[*count].n = db_int(q, 0);
		*count += who[*count].n != all->file[0].author.n && who[*count].n != db_viewer(db).n;
	}
	return r;
}

static bool
reads_alike(struct db *db, const struct file *f, const char *level, const member_id *who, int count)
{
	int same = 0, all = 0;
	if (strcmp(f->level, level) != 0 || strcmp(level, "named") != 0)
		return !strcmp(f->level, level);
	struct query *q = db_query(db, audience_of, I("item", f->item.n), I("n", NAMED_MAX));
	while (db_next(q)) {
		int64_t one = db_int(q, 0);
		all += one != f->author.n && one != db_viewer(db).n;
		for (int i = 0; i < count; i++)
			same += who[i].n == one;
	}
	return same == count && all == count;
}

int
file_level_differs(struct db *db, item_id folder)
{
	struct files all = { 0 };
	member_id who[NAMED_MAX];
	int count, n = 0, r = open_folder(db, folder, &all, who, &count);
	for (int i = 1; i < all.count && !r; i++)
		n += !reads_alike(db, &all.file[i], all.file[0].level, who, count);
	files_free(&all);
	return r ? r : n;
}

int
file_level_within(struct db *db, item_id folder, int *left)
{
	struct files all = { 0 };
	member_id who[NAMED_MAX];
	int count, done = 0, stay = 0, stripped = 0, r = open_folder(db, folder, &all, who, &count);
	for (int i = 1; i < all.count && !r; i++) {
		if (reads_alike(db, &all.file[i], all.file[0].level, who, count))
			continue;
		bool taken = !set_level(db, all.file[i].item, all.file[0].level, who, count, false);
		done += taken;
		stay += !taken;
		stripped += db->stripped;
	}
	db->stripped = stripped;
	if (left)
		*left = stay;
	files_free(&all);
	return r ? r : done;
}

bool
entry_relevels(struct db *db, const struct entry *e, const struct shelf *to)
{
	struct shelf from;
	return strcmp(e->area, to->area) != 0 || shelf_open(db, e->place, &from) || strcmp(from.level, to->level) != 0;
}

int
file_readers_at(struct db *db, item_id item, const char *key, bool *same)
{
	struct entry e;
	struct shelf to;
	int n = 0;
	*same = true;
	if (!entry_get(db, item, &e) && !shelf_open(db, key, &to))
		*same = !entry_relevels(db, &e, &to);
	if (*same)
		n = file_readers(db, item);
	else if (!strcmp(to.level, "me"))
		n = 1;
	else
		n = !strcmp(to.level, "named") ? file_readers(db, to.item) : level_readers(db, to.level, to.council);
	entry_free(&e);
	return n;
}

int
file_readers(struct db *db, item_id item)
{
	struct entry e;
	int n = 0;
	if (entry_get(db, item, &e))
		return 0;
	if (!strcmp(e.level, "me")) {
		n = 1;
	} else if (!strcmp(e.level, "named")) {
		struct query *q = db_query(db, audience_of, I("item", item.n), I("n", NAMED_MAX));
		while (db_next(q))
			n++;
	} else {
		n = level_readers(db, e.level, e.council);
	}
	entry_free(&e);
	return n;
}
