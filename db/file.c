/* Folders and files: their names, listed and found, and whether the viewer may change them. */
#include "db/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <uninorm.h>
#include <unistr.h>

#include "bbs/base/clock.h"
#include "bbs/base/text.h"
#include "db/people.h"
#include "db/shelf.h"

enum { TWINS_MAX = 1000 };

/* Does the viewer follow it? */
#define FOLLOWED(e) " EXISTS (SELECT 1 FROM follow w WHERE w.member = viewer() AND w.place = CASE " #e ".folder" \
	" WHEN 1 THEN 'f' ELSE 'i' END || " #e ".id)"
#define STAND "SELECT v.id, v.place, v.name, v.folder, v.size, v.changed, coalesce(v.author, 0), coalesce(a.name, '')," \
	" v.level, v.key, coalesce(v.content, 0)," FOLLOWED(v) "," \
	" CASE v.state WHEN 'hidden' THEN 1 ELSE 0 END, v.area, coalesce(b.id, 0), coalesce(b.name, '')" \
	" FROM stand_v v LEFT JOIN member a ON a.id = v.author LEFT JOIN member b ON b.id = v.sender" \
	" WHERE v.shelf = :place AND v.reader = "
#define FOUR(where, order) STAND ":r0" where " UNION ALL " STAND ":r1" where " UNION ALL " STAND ":r2" where \
	" UNION ALL " STAND ":r3" where order
SQL_LIST(stand_down, FOUR(" AND (v.key, v.id) > (:sort, :from)", " ORDER BY 10, 1 LIMIT :n"));
SQL_LIST(stand_up, FOUR(" AND (v.key, v.id) < (:sort, :from)", " ORDER BY 10 DESC, 1 DESC LIMIT :n"));
SQL_READ(twins_before, "SELECT count(*) FROM stand_v v WHERE v.shelf = :place AND v.reader IN (:r0, :r1, :r2, :r3)"
    " AND v.key = :sort AND v.name = :name AND v.id < :id");
SQL_READ(find_name, "SELECT v.id FROM stand_v v WHERE v.shelf = :place AND v.reader IN (:r0, :r1, :r2, :r3)"
    " AND v.key IN (:folder, :file) AND v.name = :name ORDER BY v.id LIMIT 1 OFFSET :skip");
SQL_READ(get_entry, "SELECT e.id, e.place, e.name, e.folder, e.size, e.changed, coalesce(e.author, 0),"
    " coalesce(a.name, ''), e.level, e.sort, coalesce(e.content, 0)," FOLLOWED(e) ","
    " CASE e.state WHEN 'hidden' THEN 1 ELSE 0 END, e.area, coalesce(b.id, 0), coalesce(b.name, ''),"
    " coalesce(e.council, 0), coalesce((SELECT k.created FROM version_key_v k"
    " WHERE k.item = e.id ORDER BY k.version DESC LIMIT 1), e.created)"
    " FROM entry_v e LEFT JOIN member a ON a.id = e.author LEFT JOIN member b ON b.id = e.sender WHERE e.id = :id");
SQL_LIST(partials, "SELECT id, name, size, touched FROM upload_v WHERE place = :place ORDER BY name LIMIT :n");
SQL_READ(find_partial, "SELECT id, size, touched FROM upload_v WHERE place = :place AND name = :name");
#define SENT "SELECT v.id, v.place, v.name, v.folder, v.size, v.changed, v.author, '', v.level, v.sort, v.content," \
	" 0, 0, '', v.author, '' FROM sent_v v WHERE v.id "
SQL_LIST(sent_down, SENT "< :from ORDER BY v.id DESC LIMIT :n");
SQL_LIST(sent_up, SENT "> :from ORDER BY v.id LIMIT :n");
SQL_READ(get_use, "SELECT bytes FROM area_use WHERE area = :area");


void
file_free(struct file *file)
{
	buf_free(&file->name);
	buf_free(&file->title);
	buf_free(&file->author_name);
	buf_free(&file->by_name);
	buf_free(&file->sort);
}

void
entry_free(struct entry *entry)
{
	buf_free(&entry->name);
}

/* ---- names ---- */

int
file_check_name(const char *typed, struct buf *name)
{
	size_t n = strlen(typed), len;
	if (!n || u8_check((const uint8_t *)typed, n))
		return E_INVALID;
	uint8_t *nfc = u8_normalize(UNINORM_NFC, (const uint8_t *)typed, n, NULL, &len);
	if (!nfc)
		return E_INVALID;
	struct buf clean = { 0 };
	int r = E_OK;
	buf_add(name, nfc, len);
	free(nfc);
	/* What cleaning would take away or change cannot be typed again; spaces may stand anywhere. */
	for (size_t i = 0; i < name->len && !r; i++)
		r = name->data[i] == '/' || (unsigned char)name->data[i] < ' ' || name->data[i] == 0x7f ? E_INVALID : E_OK;
	text_clean(&clean, name->data, name->len, TEXT_RAW);
	if (!strcmp(name->data, ".") || !strcmp(name->data, "..") || strcmp(buf_text(&clean), name->data) != 0)
		r = E_INVALID;
	buf_free(&clean);
	return !r && len > FILE_NAME_MAX ? E_TOO_LONG : r;
}

bool
file_name_travels(const char *name)
{
	static const char *const devices[] = { "con", "prn", "aux", "nul" }, *const ports[] = { "com", "lpt" };
	size_t n = strlen(name), stem = strcspn(name, ".");
	bool travels = n && !strpbrk(name, "<>:\"\\|?*") && name[n - 1] != '.' && name[n - 1] != ' ';
	for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
		travels &= stem != 3 || strncasecmp(name, devices[i], 3) != 0;
	for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
		travels &= stem != 4 || strncasecmp(name, ports[i], 3) != 0 || name[3] < '1' || name[3] > '9';
	return travels;
}

void
entry_sort(struct buf *out, bool folder, const char *name)
{
	buf_char(out, folder ? '0' : '1');
	text_sort_key(out, name);
}

/* Where "(2)" goes into a file's name: before its last dot, unless that begins it. */
static size_t
stem(const char *name, bool folder)
{
	const char *dot = folder ? NULL : strrchr(name, '.');
	return dot && dot != name ? (size_t)(dot - name) : strlen(name);
}

void
entry_twin(struct buf *name, bool folder, int64_t before)
{
	struct buf own = { 0 };
	if (!before)
		return;
	size_t n = stem(name->data, folder);
	buf_fmt(&own, "%.*s (%lld)%s", (int)n, name->data, (long long)before + 1, name->data + n);
	buf_free(name);
	*name = own;
}

/* "name (2).odt": the name alone into `out`, and how many stand before; 0: it is not of that form. */
static int
parse_twin(const char *name, bool folder, struct buf *out)
{
	size_t n = stem(name, folder), at;
	if (n < 4 || name[n - 1] != ')')
		return 0;
	for (at = n - 1; at > 0 && name[at - 1] >= '0' && name[at - 1] <= '9'; at--)
		;
	if (at < 2 || name[at - 1] != '(' || name[at - 2] != ' ' || at + 4 < n)
		return 0;
	long number = strtol(name + at, NULL, 10);
	if (number < 2 || number > TWINS_MAX || name[at] == '0')
		return 0;
	buf_fmt(out, "%.*s%s", (int)(at - 2), name, name + n);
	return (int)number - 1;
}

/* ---- reading ---- */

/* The columns of STAND, SENT, BINNED, get_entry, attached_to. */
void
entry_take(struct query *q, struct file *f)
{
	*f = (struct file){ .kind = db_int(q, 3) ? FILE_FOLDER : FILE_FILE, .item = { db_int(q, 0) },
		.size = db_int(q, 4), .changed = db_int(q, 5), .author = { db_int(q, 6) }, .content = db_int(q, 10) };
	if (f->kind == FILE_FOLDER)
		shelf_set(f->shelf, "f%lld", (long long)f->item.n);
	else
		shelf_set(f->shelf, "%s", db_text(q, 1));
	buf_str(&f->name, db_text(q, 2));
	buf_str(&f->author_name, db_text(q, 7));
	shelf_set(f->level, "%s", db_text(q, 8));
	if (shelf_post(f->shelf).n)
		shelf_set(f->level, "message");
	buf_str(&f->sort, db_text(q, 9));
	f->followed = db_int(q, 11);
	f->hidden = db_int(q, 12);
	shelf_set(f->area, "%s", db_text(q, 13));
	f->by.n = db_int(q, 14);
	buf_str(&f->by_name, db_text(q, 15));
}

static int64_t
twins(struct db *db, const char *place, const struct readers *r, const struct file *f)
{
	return db_one(db, twins_before, 0, T("place", place), T("r0", r->reader[0]), T("r1", r->reader[1]),
	    T("r2", r->reader[2]), T("r3", r->reader[3]), T("sort", buf_text(&f->sort)), T("name", buf_text(&f->name)),
	    I("id", f->item.n));
}

void
entry_name(struct db *db, const struct readers *readers, struct file *f)
{
	struct buf sort = { 0 };
	entry_sort(&sort, f->kind == FILE_FOLDER, buf_text(&f->name));
	struct file own = { .item = f->item, .name = f->name, .sort = sort };
	entry_twin(&f->name, f->kind == FILE_FOLDER, twins(db, f->shelf, readers, &own));
	buf_free(&sort);
}

void
entry_rows(struct db *db, const char *place, const char *from_sort, item_id from, int direction, int n,
    struct files *out)
{
	struct readers r;
	shelf_readers(db, &r);
	struct query *q = db_query_args(db, direction > 0 ? &stand_down : &stand_up,
	    ARGS_(T("place", place), T("r0", r.reader[0]), T("r1", r.reader[1]), T("r2", r.reader[2]),
		T("r3", r.reader[3]), T("sort", from_sort ? from_sort : direction > 0 ? "" : "\U0010ffff"),
		I("from", from.n), I("n", n)));
	while (db_next(q))
		entry_take(q, files_add(out));
}

void
entry_page(struct db *db, const char *place, const char *from_sort, item_id from, int direction, int n,
    struct files *out)
{
	struct readers r;
	int first = out->count;
	shelf_readers(db, &r);
	entry_rows(db, place, from_sort, from, direction, n, out);
	/* Twins stand beside each other: only for those is it asked how many there are. */
	for (int i = first; i < out->count; i++) {
		struct file *f = &out->file[i];
		const char *sort = buf_text(&f->sort);
		bool beside = (i == first && from_sort && !strcmp(sort, from_sort)) ||
		    (i > first && !strcmp(sort, buf_text(&out->file[i - 1].sort))) ||
		    (direction < 0 && (i + 1 == out->count || !strcmp(sort, buf_text(&out->file[i + 1].sort))));
		if (beside)
			entry_twin(&f->name, f->kind == FILE_FOLDER, twins(db, place, &r, f));
	}
}

/* Shelves that nobody made stand first: their place in the order is "!" and their number. */
static void
add_children(struct files *all, const char *from_sort, int direction, int n, struct files *out)
{
	bool entries = from_sort && *from_sort != '!';
	int at = direction > 0 ? -1 : all->count;
	if (from_sort)
		at = entries ? all->count : (int)strtol(from_sort + 1, NULL, 10);
	for (at += direction; at >= 0 && at < all->count && out->count < n; at += direction) {
		struct file *f = files_add(out);
		*f = all->file[at];
		all->file[at] = (struct file){ 0 };
		buf_fmt(&f->sort, "!%03d", at);
	}
}

int
file_page(struct db *db, const char *key, const char *from_sort, item_id from, int direction, int n,
    file_each each, void *ctx)
{
	struct shelf shelf;
	struct files all = { 0 }, page = { 0 };
	int r = shelf_open(db, key, &shelf);
	if (r)
		return r;
	bool among = from_sort && *from_sort == '!';
	item_id behind = { among ? 0 : from.n };
	shelf_children(db, &shelf, &all);
	bool shared = shelf.kind == SHELF_SHARED, stands = *shelf.area || shared;
	const char *place = shared ? "partages" : key;
	if (shelf.kind == SHELF_PUBLICATIONS) {
		shelf_publications(db, from_sort, from, direction, n, &page);
	} else if (direction > 0) {
		add_children(&all, from_sort, direction, n, &page);
		if (stands && page.count < n)
			entry_page(db, place, among ? NULL : from_sort, behind, direction,
			    n - page.count, &page);
	} else {
		if (stands && !among)
			entry_page(db, place, from_sort, from, direction, n, &page);
		add_children(&all, from_sort, direction, n, &page);
	}
	files_judge(db, page.file, page.count);
	if (shelf.kind != SHELF_DEPARTMENTS)
		follows_mark(db, page.file, page.count);
	for (int i = 0; i < page.count && each(ctx, &page.file[i]); i++)
		;
	r = page.count;
	files_free(&all);
	files_free(&page);
	return r;
}

int
entries_hand(struct query *q, file_each each, void *ctx)
{
	struct files page = { 0 };
	while (db_next(q))
		entry_take(q, files_add(&page));
	for (int i = 0; i < page.count && each(ctx, &page.file[i]); i++)
		;
	int n = page.count;
	files_free(&page);
	return n;
}

int
file_sent(struct db *db, item_id from, int direction, int n, file_each each, void *ctx)
{
	struct query *q = db_query_args(db, direction > 0 ? &sent_down : &sent_up,
	    ARGS_(I("from", from.n ? from.n : direction > 0 ? INT64_MAX : 0), I("n", n)));
	return entries_hand(q, each, ctx);
}

int
file_partials(struct db *db, const char *key, file_each each, void *ctx)
{
	enum { MOST = 100 };
	struct files all = { 0 };
	struct query *q = db_query(db, partials, T("place", key), I("n", MOST));
	while (db_next(q)) {
		struct file *f = files_add(&all);
		*f = (struct file){ .kind = FILE_PARTIAL, .size = db_int(q, 2), .changed = db_int(q, 3),
			.author = db_viewer(db), .level = "me", .changes = true };
		shelf_set(f->shelf, "%s", key);
		buf_str(&f->name, db_text(q, 1));
	}
	int count = 0;
	for (int i = 0; i < all.count; i++) {
		/* What is sent into the place of a file is that file to the eye, until it is there. */
		if (entry_find(db, key, buf_text(&all.file[i].name)).n)
			continue;
		count++;
		if (!each(ctx, &all.file[i]))
			break;
	}
	files_free(&all);
	return count;
}

bool
entry_changes(struct db *db, item_id item)
{
	struct entry e;
	if (entry_get(db, item, &e))
		return false;
	struct file f = { .kind = FILE_FILE, .author = e.author };
	shelf_set(f.area, "%s", e.area);
	shelf_set(f.shelf, "%s", e.place);
	files_judge(db, &f, 1);
	entry_free(&e);
	return f.changes;
}

int
file_get(struct db *db, item_id item, struct file *out)
{
	struct readers readers;
	char place[SHELF_MAX + 1];
	struct query *q = db_query(db, get_entry, I("id", item.n));
	*out = (struct file){ 0 };
	if (!db_next(q))
		return E_NOT_FOUND;
	entry_take(q, out);
	shelf_set(place, "%s", db_text(q, 1));
	out->sent = db_int(q, 17);
	db_end(q);
	files_judge(db, out, 1);
	shelf_readers(db, &readers);
	entry_twin(&out->name, out->kind == FILE_FOLDER, twins(db, place, &readers, out));
	return E_OK;
}

void
file_stands(struct db *db, const struct file *file, char shelf[SHELF_MAX + 1])
{
	shelf_write(shelf, SHELF_MAX + 1, "%s", file->shelf);
	if (file->kind == FILE_FOLDER)
		shelf_parent(db, file->shelf, shelf);
}

int
entry_get(struct db *db, item_id item, struct entry *out)
{
	struct query *q = db_query(db, get_entry, I("id", item.n));
	*out = (struct entry){ .item = item };
	if (!db_next(q))
		return E_NOT_FOUND;
	shelf_set(out->place, "%s", db_text(q, 1));
	buf_str(&out->name, db_text(q, 2));
	out->folder = db_int(q, 3);
	out->size = db_int(q, 4);
	out->changed = db_int(q, 5);
	out->author.n = db_int(q, 6);
	out->content = db_int(q, 10);
	shelf_set(out->level, "%s", db_text(q, 8));
	out->hidden = db_int(q, 12);
	shelf_set(out->area, "%s", db_text(q, 13));
	out->council.n = db_int(q, 16);
	db_end(q);
	return E_OK;
}

/* The entry of exactly that name, behind `skip` others of it; 0 none. */
static item_id
named(struct db *db, const char *place, const char *name, int skip)
{
	struct readers r;
	struct buf folder = { 0 }, file = { 0 };
	shelf_readers(db, &r);
	entry_sort(&folder, true, name);
	entry_sort(&file, false, name);
	item_id found = { db_one(db, find_name, 0, T("place", place), T("r0", r.reader[0]), T("r1", r.reader[1]),
	    T("r2", r.reader[2]), T("r3", r.reader[3]), T("folder", buf_text(&folder)), T("file", buf_text(&file)),
	    T("name", name), I("skip", skip)) };
	buf_free(&folder);
	buf_free(&file);
	return found;
}

/* As it is called, else as "name (2)"; of twins a folder's name is whole, a file's parted by its dot. */
item_id
entry_find(struct db *db, const char *place, const char *name)
{
	item_id found = named(db, place, name, 0);
	for (int folder = 0; folder < 2 && !found.n; folder++) {
		struct buf own = { 0 };
		int skip = parse_twin(name, folder, &own);
		if (skip)
			found = named(db, place, buf_text(&own), skip);
		buf_free(&own);
	}
	return found;
}

int
file_may_name(struct db *db, item_id item, const char *typed)
{
	struct entry e;
	struct shelf shelf;
	struct files all = { 0 };
	struct buf name = { 0 };
	int r = file_check_name(typed, &name), s = entry_get(db, item, &e);
	if (!r)
		r = s;
	if (!r && !shelf_open(db, e.place, &shelf))
		shelf_children(db, &shelf, &all);
	for (int i = 0; i < all.count && !r; i++)
		r = strcmp(buf_text(&all.file[i].name), buf_text(&name)) != 0 ? E_OK : E_EXISTS;
	item_id there = r ? item : entry_find(db, e.place, buf_text(&name));
	if (!r && there.n && there.n != item.n)
		r = E_EXISTS;
	if (!r && !e.folder && name_refused(db, buf_text(&name)))
		r = E_TYPE;
	files_free(&all);
	buf_free(&name);
	entry_free(&e);
	return r;
}

static int
find_partial_one(struct db *db, const char *place, const char *name, struct file *out)
{
	struct query *q = db_query(db, find_partial, T("place", place), T("name", name));
	if (!db_next(q))
		return E_NOT_FOUND;
	*out = (struct file){ .kind = FILE_PARTIAL, .size = db_int(q, 1), .changed = db_int(q, 2),
		.author = db_viewer(db), .level = "me", .changes = true };
	db_end(q);
	shelf_set(out->shelf, "%s", place);
	buf_str(&out->name, name);
	return E_OK;
}

/* The shelf whose key is that letter and what was typed. */
static int
find_prefixed(struct db *db, char letter, const char *typed, struct file *out)
{
	char key[SHELF_MAX + 1];
	shelf_set(key, "%c%s", letter, typed);
	return shelf_get(db, key, out);
}

/* A number is a file's or a folder's; anything else a shelf's key. */
static int
find_short(struct db *db, const char *typed, struct file *out)
{
	if (*typed < '0' || *typed > '9')
		return shelf_get(db, typed, out);
	int r = find_prefixed(db, 'n', typed, out);
	return r ? find_prefixed(db, 'f', typed, out) : r;
}

int
file_find(struct db *db, const char *key, const char *typed, struct file *out)
{
	struct shelf shelf;
	struct files all = { 0 };
	struct buf name = { 0 };
	*out = (struct file){ 0 };
	int r = shelf_open(db, key, &shelf);
	if (!r && file_check_name(typed, &name))
		r = E_NOT_FOUND;
	if (!r && shelf.kind == SHELF_PUBLICATIONS) {
		r = shelf_publication(db, buf_text(&name), out);
		files_judge(db, out, 1);
	} else if (!r && shelf.kind == SHELF_TOP && shelf_unlisted(buf_text(&name))) {
		r = shelf_get(db, buf_text(&name), out);
	} else if (!r && shelf.kind == SHELF_POSTS) {
		r = find_prefixed(db, 'i', buf_text(&name), out);
	} else if (!r && shelf.kind == SHELF_NUMBERS) {
		r = find_short(db, buf_text(&name), out);
	} else if (!r) {
		shelf_children(db, &shelf, &all);
		r = E_NOT_FOUND;
		for (int i = 0; i < all.count && r; i++)
			if (!strcmp(buf_text(&all.file[i].name), buf_text(&name))) {
				*out = all.file[i];
				all.file[i] = (struct file){ 0 };
				r = E_OK;
			}
		files_free(&all);
		files_judge(db, out, 1);
		const char *place = shelf.kind == SHELF_SHARED ? "partages" : key;
		item_id item = r ? entry_find(db, place, buf_text(&name)) : (item_id){ 0 };
		if (item.n) {
			r = file_get(db, item, out);
			if (!r && strcmp(buf_text(&out->name), buf_text(&name)) != 0) {
				buf_cut(&out->name, 0);
				buf_str(&out->name, buf_text(&name));
			}
		}
		if (r && *shelf.area)
			r = find_partial_one(db, key, buf_text(&name), out);
	}
	buf_free(&name);
	return r;
}

int
file_walk(struct db *db, const char *path, struct file *out)
{
	int r = shelf_get(db, "", out);
	if (strlen(path) > PATH_BYTES_MAX)
		r = E_TOO_LONG;
	while (!r && *path) {
		char step[PATH_BYTES_MAX + 1], parent[SHELF_MAX + 1];
		size_t n = strcspn(path, "/");
		shelf_set(step, "%.*s", (int)n, path);
		path += n + (path[n] == '/');
		if (!n || !strcmp(step, "."))
			continue;
		bool into = out->kind == FILE_SHELF || out->kind == FILE_FOLDER;
		struct file next = { 0 };
		if (!into) {
			r = E_NOT_FOUND;
		} else if (!strcmp(step, "..")) {
			shelf_parent(db, out->shelf, parent);
			r = shelf_get(db, parent, &next);
		} else {
			r = file_find(db, out->shelf, step, &next);
		}
		file_free(out);
		*out = next;
	}
	if (r) {
		file_free(out);
		*out = (struct file){ 0 };
	}
	return r;
}

void
file_path(struct db *db, const struct file *file, struct buf *out)
{
	char above[SHELF_MAX + 1];
	struct file parent, there;
	bool holds = file->kind == FILE_SHELF || file->kind == FILE_FOLDER;
	if (holds && !*file->shelf) {
		buf_char(out, '/');
		return;
	}
	/* The short way to one's own département stands at the top; the shelf does not. */
	if (file->kind == FILE_SHELF && !strcmp(buf_text(&file->name), OWN_DEPARTMENT)) {
		if (!shelf_get(db, file->shelf, &there))
			file_path(db, &there, out);
		file_free(&there);
		return;
	}
	if (holds)
		shelf_parent(db, file->shelf, above);
	else
		shelf_set(above, "%s", file->shelf);
	if (!*above) {
		/* at the top */
	} else if (!shelf_get(db, above, &parent)) {
		file_path(db, &parent, out);
		file_free(&parent);
	} else { /* in another's own area: by number */
		buf_fmt(out, "/fichiers/%" PRId64, file->item.n);
		if (holds)
			return;
	}
	buf_fmt(out, "/%s", buf_text(&file->name));
}

void
file_address(struct db *db, const struct file *file, size_t room, struct buf *out)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-_., ";
	struct buf path = { 0 };
	bool holds = file->kind == FILE_SHELF || file->kind == FILE_FOLDER;
	file_path(db, file, &path);
	if (holds && path.len > 1)
		buf_char(&path, '/');
	if (path.len <= room && strspn(buf_text(&path), plain) == path.len)
		buf_str(out, buf_text(&path));
	else if (file->kind == FILE_FILE)
		buf_fmt(out, "/fichiers/%" PRId64 "/*", file->item.n);
	else
		buf_fmt(out, "/fichiers/%s/%s", file->shelf, holds ? "" : buf_text(&file->name));
	buf_free(&path);
}

int
shelf_room(struct db *db, const char *key, int64_t *used, int64_t *quota)
{
	struct shelf shelf;
	int r = shelf_open(db, key, &shelf);
	if (r)
		return r;
	*used = db_one(db, get_use, 0, T("area", shelf.area));
	*quota = db_files(db)->quota;
	return E_OK;
}
