/* Bytes of files sent in pieces, staged and synced as they come, made visible in one step. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bbs/base/clock.h"
#include "bbs/base/log.h"
#include "bbs/base/magic.h"
#include "bbs/base/text.h"
#include "db/photo.h"
#include "db/shelf.h"
#include "db/sqlite.h"

enum {
	WINDOW = 4 * CHUNK,  /* bytes of a transaction */
	DAY = 24 * 3600,
	BIN_LIFE = 30 * DAY,
	SWEPT_CHUNKS = 16,   /* taken away in one transaction */
};

SQL_READ(read_sent_chunk, "SELECT data FROM upload_chunk_v WHERE upload = :upload AND seq = :seq");
SQL_READ(under_way, "SELECT coalesce(sum(size), 0) FROM upload_v WHERE NOT (place = :place AND name = :name)");
SQL_READ(find_upload, "SELECT id, content, size, held FROM upload_v WHERE place = :place AND name = :name");
SQL_READ(same_content, "SELECT id FROM content_key_v WHERE sha256 = :sha256");
SQL_WRITE(add_content, "INSERT INTO content (created) VALUES (:now) RETURNING id");
SQL_WRITE(add_whole_content, "INSERT INTO content (sha256, size, looked, created) VALUES (:sha256, :size, :looked, :now)"
    " RETURNING id");
SQL_WRITE(add_upload, "INSERT INTO upload (member, place, name, content, held, touched) VALUES (:member, :place,"
    " :name, :content, :held, :now) ON CONFLICT (member, place, name) DO NOTHING RETURNING id");
SQL_WRITE(hold_upload, "UPDATE upload SET held = :held, touched = :now WHERE id = :id");
SQL_WRITE(grow_upload, "UPDATE upload SET size = :size, touched = :now WHERE id = :id");
SQL_WRITE(drop_upload, "DELETE FROM upload WHERE id = :id");
SQL_WRITE(put_chunk, "INSERT INTO chunk (content, seq, data) VALUES (:content, :seq, :data)"
    " ON CONFLICT (content, seq) DO UPDATE SET data = excluded.data");
SQL_WRITE(copy_chunks, "INSERT INTO chunk (content, seq, data) SELECT CAST(:to AS BIGINT), k.seq, k.data FROM chunk k"
    " WHERE k.content = (SELECT e.content FROM entry e WHERE e.item = :item) AND k.seq >= :first AND k.seq < :last");
SQL_WRITE(cut_chunks, "DELETE FROM chunk WHERE content = :content AND seq >= :seq");
SQL_WRITE(name_content, "UPDATE content SET sha256 = :sha256, size = :size, looked = :looked WHERE id = :id");
SQL_WRITE(release, "UPDATE content SET gone = 1, sha256 = NULL WHERE id = :id"
    " AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.content = content.id)"
    " AND NOT EXISTS (SELECT 1 FROM file_version f WHERE f.content = content.id)"
    " AND NOT EXISTS (SELECT 1 FROM upload u WHERE u.content = content.id)");
SQL_WHOLE(cold_upload, "SELECT id, content, held FROM upload_age_v WHERE touched < :before AND id > :from"
    " ORDER BY id LIMIT 1");
SQL_WHOLE(gone_content, "SELECT id FROM content_key_v WHERE gone = 1 ORDER BY id LIMIT 1");
SQL_WRITE(sweep_chunks, "DELETE FROM chunk WHERE content = :content AND seq <"
    " (SELECT min(k.seq) + :n FROM chunk k WHERE k.content = :content)");
SQL_WRITE(drop_content_text, "DELETE FROM content_text WHERE content = :content");
SQL_WRITE(drop_content, "DELETE FROM content WHERE id = :id AND NOT EXISTS"
    " (SELECT 1 FROM chunk k WHERE k.content = content.id)");

struct upload {
	struct db *db;
	struct shelf shelf;
	struct buf name;
	bool only;           /* beside what bears its name, never in its place */
	int64_t id, content; /* 0: nothing is staged yet; a small file never is */
	int64_t size;        /* bytes that there are */
	int64_t used;        /* by others in its area */
	int64_t at;          /* where the window begins: at a piece's beginning */
	size_t len;          /* bytes in the window */
	bool dirty;          /* … that are not all in the store */
	bool unsynced;       /* the store's are not all synced */
	int trouble;
	EVP_MD_CTX *hash;    /* of the bytes up to `hashed`, while all came in order; else NULL */
	int64_t hashed;
	char window[WINDOW];
};

void
db_set_files(struct db *db, const struct file_limits *limits)
{
	db->files = *limits;
}

const struct file_limits *
db_files(const struct db *db)
{
	return &db->files;
}

/* ---- beginning ---- */

bool
name_refused(const struct db *db, const char *name)
{
	const char *dot, *ends = db_files(db)->refused;
	struct buf kept = { 0 }, own = { 0 };
	bool found = false;
	/* As Windows keeps a name: without what follows a colon, and dots and spaces at the end. */
	size_t length = strcspn(name, ":");
	while (length && strchr(". ", name[length - 1]))
		length--;
	buf_add(&kept, name, length);
	dot = strrchr(buf_text(&kept), '.');
	if (dot)
		text_fold(&own, dot + 1);
	while (ends && dot && *ends && !found) {
		size_t n = strcspn(ends, " ");
		found = n && n == own.len && !memcmp(ends, buf_text(&own), n);
		ends += n + (ends[n] == ' ');
	}
	buf_free(&kept);
	buf_free(&own);
	return found;
}

static int
room_for(const struct upload *u, int64_t size)
{
	const struct file_limits *limits = db_files(u->db);
	if (limits->size && size > limits->size)
		return E_TOO_BIG;
	return limits->quota && u->used + size > limits->quota ? E_ROOM : E_OK;
}

static void
begin_hash(struct upload *u)
{
	u->hash = EVP_MD_CTX_new();
	if (!u->hash || !EVP_DigestInit_ex(u->hash, EVP_sha256(), NULL))
		die("no SHA-256");
}

void
content_release(struct db *db, int64_t content)
{
	db_run(db, release, I("id", content));
}

/* What the viewer began under that name: taken up again, or thrown away. E_IN_USE: it is being sent. */
static int
take_up(struct upload *u, bool resume)
{
	struct db *db = u->db;
	struct query *q = db_query(db, find_upload, T("place", u->shelf.key), T("name", buf_text(&u->name)));
	if (!db_next(q))
		return E_NOT_FOUND;
	int64_t id = db_int(q, 0), content = db_int(q, 1), size = db_int(q, 2), held = db_int(q, 3);
	db_end(q);
	if (held && (held == getpid() || db_process_lives(db, held)))
		return E_IN_USE;
	int r = db_begin(db);
	if (r)
		return r;
	if (resume) {
		u->id = id;
		u->content = content;
		u->size = size;
		db_run(db, hold_upload, I("held", getpid()), I("now", clock_now()), I("id", id));
	} else {
		db_run(db, drop_upload, I("id", id));
		content_release(db, content);
	}
	r = db_commit(db);
	return r ? r : resume ? E_OK : E_NOT_FOUND;
}

/* Inside the transaction: a place for what comes. Another line may have begun the same meanwhile: E_IN_USE. */
static void
begin_staging(struct upload *u)
{
	struct db *db = u->db;
	if (u->id)
		return;
	u->content = db_insert(db, add_content, I("now", clock_now()));
	u->id = db_insert(db, add_upload, I("member", db_viewer(db).n), T("place", u->shelf.key),
	    T("name", buf_text(&u->name)), I("content", u->content), I("held", getpid()), I("now", clock_now()));
	if (!u->id)
		db_fail(db, E_IN_USE);
}

/* A file that is there, to be changed in part: a copy of it, some pieces at a time. */
static int
begin_copy(struct upload *u, item_id item, int64_t size)
{
	struct db *db = u->db;
	int r = E_OK;
	for (int64_t at = 0; !r && at < size; at += WINDOW) {
		r = db_begin(db);
		if (r)
			break;
		begin_staging(u);
		u->size = at + WINDOW < size ? at + WINDOW : size;
		db_run(db, copy_chunks, I("to", u->content), I("item", item.n), I("first", at / CHUNK),
		    I("last", (at + WINDOW) / CHUNK));
		db_run(db, grow_upload, I("size", u->size), I("now", clock_now()), I("id", u->id));
		r = db_commit(db);
	}
	return r;
}

/* May it be sent? What bears its name already in *there (0 none). */
static int
look(struct upload *u, const char *key, const char *typed, int64_t size, struct file *there)
{
	struct db *db = u->db;
	int64_t quota;
	int r = shelf_open(db, key, &u->shelf);
	if (!r && (!*u->shelf.area || !area_writes(db, u->shelf.area)))
		r = E_DENIED;
	if (!r)
		r = file_check_name(typed, &u->name);
	if (!r && name_refused(db, buf_text(&u->name)))
		r = E_TYPE;
	if (!r)
		r = shelf_room(db, key, &u->used, &quota);
	/* What he has begun elsewhere takes room too, until it has come or is swept away. */
	if (!r && quota)
		u->used += db_one(db, under_way, 0, T("place", u->shelf.key), T("name", buf_text(&u->name)));
	if (!r)
		r = room_for(u, size < 0 ? 0 : size);
	if (!r && file_find(db, key, buf_text(&u->name), there))
		*there = (struct file){ 0 };
	if (!r && (there->kind == FILE_FOLDER || (there->kind == FILE_SHELF && there->name.len)))
		r = E_EXISTS;
	return r;
}

int
upload_open(struct db *db, const char *key, const char *name, enum upload_mode mode, int64_t size,
    struct upload **out)
{
	struct upload *u = mem_alloc(sizeof *u);
	struct file there = { 0 };
	u->db = db;
	u->only = mode == UPLOAD_ONLY;
	int r = look(u, key, name, size, &there);
	if (!r && u->only && there.kind == FILE_FILE)
		r = E_EXISTS;
	if (!r && there.kind == FILE_FILE && !there.changes)
		r = E_DENIED;
	if (!r) {
		r = take_up(u, mode == UPLOAD_RESUME);
		if (r == E_NOT_FOUND)
			r = mode == UPLOAD_RESUME && there.kind == FILE_FILE ? begin_copy(u, there.item, there.size) : E_OK;
	}
	file_free(&there);
	if (r) {
		buf_free(&u->name);
		free(u);
		return r;
	}
	if (!u->size)
		begin_hash(u);
	u->at = u->size;
	u->at -= u->at % CHUNK;
	if (u->size > u->at) /* the last piece, to be gone on with */
		u->len = (size_t)piece_copy(db_query(db, read_sent_chunk, I("upload", u->id), I("seq", u->at / CHUNK)),
		    0, u->window, CHUNK);
	*out = u;
	return E_OK;
}

int64_t
upload_size(const struct upload *u)
{
	return u->size;
}

/* ---- pieces ---- */

/* Inside the transaction: the window's bytes, piece by piece. */
static void
put_window(struct upload *u)
{
	for (size_t i = 0; i < u->len; i += CHUNK)
		db_run(u->db, put_chunk, I("content", u->content), I("seq", (u->at + (int64_t)i) / CHUNK),
		    B("data", u->window + i, u->len - i < CHUNK ? u->len - i : CHUNK));
}

static int
stage(struct upload *u, bool sync)
{
	struct db *db = u->db;
	bool begun = u->id;
	if (u->trouble || !(u->dirty || (sync && u->unsynced)))
		return u->trouble;
	int r = sync ? db_begin(db) : db_begin_unsynced(db);
	if (!r) {
		begin_staging(u);
		if (u->dirty)
			put_window(u);
		db_run(db, grow_upload, I("size", u->size), I("now", clock_now()), I("id", u->id));
		r = db_commit(db);
	}
	if (r && !begun)
		u->id = u->content = 0;
	u->dirty = r != E_OK;
	u->unsynced = !r && !sync;
	u->trouble = r;
	return r;
}

int
upload_flush(struct upload *u)
{
	return stage(u, true);
}

/* The window over the piece in which `offset` lies, with what is there of it. */
static int
open_window(struct upload *u, int64_t offset)
{
	int r = stage(u, false);
	if (r)
		return r;
	u->at = offset - offset % CHUNK;
	int64_t got = piece_copy(db_query(u->db, read_sent_chunk, I("upload", u->id), I("seq", u->at / CHUNK)), 0,
	    u->window, CHUNK);
	u->len = got > 0 ? (size_t)got : 0;
	return E_OK;
}

/* What came in order is summed as it comes; anything else is summed at the end. */
static void
sum(struct upload *u, int64_t offset, const char *data, size_t n)
{
	if (!u->hash)
		return;
	if (offset == u->hashed && EVP_DigestUpdate(u->hash, data, n)) {
		u->hashed += (int64_t)n;
		return;
	}
	EVP_MD_CTX_free(u->hash);
	u->hash = NULL;
}

/* Bytes that begin within the window or right behind it; how many it took, < 0 the store's trouble. */
static int64_t
put(struct upload *u, int64_t offset, const char *data, size_t n)
{
	size_t skip = (size_t)(offset - u->at);
	/* Over bytes that are there already, piece by piece: what is behind them stays. */
	bool behind = u->at + (int64_t)u->len >= u->size;
	size_t end = behind ? WINDOW : u->len;
	if (skip == end || (skip == u->len && !behind)) {
		int r = open_window(u, offset);
		if (r)
			return r;
		return u->at + (int64_t)u->len < offset ? E_INVALID : put(u, offset, data, n);
	}
	size_t take = end - skip < n ? end - skip : n;
	memcpy(u->window + skip, data, take);
	if (skip + take > u->len)
		u->len = skip + take;
	if (u->at + (int64_t)u->len > u->size)
		u->size = u->at + (int64_t)u->len;
	u->dirty = true;
	return (int64_t)take;
}

int
upload_write(struct upload *u, int64_t offset, const char *data, size_t n)
{
	static const char zeros[CHUNK];
	if (!u->trouble && offset > INT64_MAX - (int64_t)n)
		return E_TOO_BIG;
	if (!u->trouble)
		u->trouble = room_for(u, offset + (int64_t)n > u->size ? offset + (int64_t)n : u->size);
	while (!u->trouble && u->size < offset) { /* a hole */
		int64_t hole = offset - u->size;
		int r = upload_write(u, u->size, zeros, (size_t)(hole < CHUNK ? hole : CHUNK));
		if (r)
			return r;
	}
	if (!u->trouble)
		sum(u, offset, data, n);
	while (!u->trouble && n) {
		if (offset < u->at || offset > u->at + (int64_t)u->len) {
			u->trouble = open_window(u, offset);
			continue;
		}
		int64_t took = put(u, offset, data, n);
		if (took < 0) {
			u->trouble = (int)took;
			break;
		}
		offset += took;
		data += took;
		n -= (size_t)took;
		if (u->len == WINDOW && !stage(u, false)) {
			u->at += WINDOW;
			u->len = 0;
		}
	}
	return u->trouble;
}

int64_t
upload_read(struct upload *u, int64_t offset, char *out, size_t n)
{
	size_t got = 0;
	int r = stage(u, false);
	if (r)
		return r;
	while (got < n) {
		int64_t at = offset + (int64_t)got;
		int64_t more = piece_copy(db_query(u->db, read_sent_chunk, I("upload", u->id), I("seq", at / CHUNK)),
		    (size_t)(at % CHUNK), out + got, n - got);
		if (more <= 0)
			break;
		got += (size_t)more;
	}
	return (int64_t)got;
}

int
upload_truncate(struct upload *u, int64_t size)
{
	struct db *db = u->db;
	if (size > u->size) /* a hole, ended by a zero */
		return upload_write(u, size - 1, "", 1);
	if (size == u->size || u->trouble)
		return u->trouble;
	EVP_MD_CTX_free(u->hash);
	u->hash = NULL;
	u->trouble = open_window(u, size);
	if (!u->trouble)
		u->trouble = db_begin(db);
	if (!u->trouble) {
		size_t keep = (size_t)(size - u->at);
		if (u->len > keep)
			u->len = keep;
		db_run(db, cut_chunks, I("content", u->content), I("seq", u->at / CHUNK));
		if (u->len)
			db_run(db, put_chunk, I("content", u->content), I("seq", u->at / CHUNK),
			    B("data", u->window, u->len));
		db_run(db, grow_upload, I("size", size), I("now", clock_now()), I("id", u->id));
		u->trouble = db_commit(db);
		u->size = size;
	}
	if (!u->trouble && !size)
		begin_hash(u);
	u->hashed = 0;
	return u->trouble;
}

/* ---- the end ---- */

static void
free_upload(struct upload *u)
{
	EVP_MD_CTX_free(u->hash);
	buf_free(&u->name);
	free(u);
}

/* As upload_read(), also of what is in the window only. */
static int64_t
look_at(void *ctx, int64_t at, char *out, size_t n)
{
	struct upload *u = ctx;
	if (u->id)
		return upload_read(u, at, out, n);
	size_t left = at < (int64_t)u->len ? u->len - (size_t)at : 0, take = left < n ? left : n;
	if (take)
		memcpy(out, u->window + at, take);
	return (int64_t)take;
}

static void
hex_sum(struct upload *u, char hex[2 * 32 + 1])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	if (!u->hash || u->hashed != u->size) {
		char piece[CHUNK];
		int64_t at = 0, got;
		EVP_MD_CTX_free(u->hash);
		begin_hash(u);
		while ((got = look_at(u, at, piece, sizeof piece)) > 0) {
			EVP_DigestUpdate(u->hash, piece, (size_t)got);
			at += got;
		}
	}
	if (!EVP_DigestFinal_ex(u->hash, sum, &n) || n != 32)
		die("no SHA-256");
	for (unsigned i = 0; i < n; i++)
		snprintf(hex + (size_t)2 * i, 3, "%02x", sum[i]);
}

/* The file that it will replace, where the viewer may; 0: it stands beside all. Will everybody read it? */
static item_id
find_target(struct upload *u, bool *to_all)
{
	struct file there = { 0 };
	item_id item = { 0 };
	if (!u->only && !file_find(u->db, u->shelf.key, buf_text(&u->name), &there) && there.kind == FILE_FILE && there.changes)
		item = there.item;
	*to_all = !strcmp(item.n ? there.level : u->shelf.level, "public");
	file_free(&there);
	return item;
}

/* Where everybody will read it: its bytes without the place where they were taken. */
static int
strip(struct upload *u, bool *stripped)
{
	const struct photo photo = { u->size, look_at, u };
	char *bytes, piece[CHUNK];
	int r = photo_strip(&photo, &bytes);
	if (r || !bytes)
		return r;
	*stripped = true;
	for (int64_t at = 0; at < u->size && !r; at += CHUNK) {
		size_t n = u->size - at < CHUNK ? (size_t)(u->size - at) : CHUNK;
		if (look_at(u, at, piece, n) != (int64_t)n)
			r = u->trouble ? u->trouble : E_NOT_FOUND;
		else if (memcmp(piece, bytes + at, n) != 0)
			r = upload_write(u, at, bytes + at, n);
	}
	free(bytes);
	return r;
}

/* Inside the transaction: in the place of what bears its name, where the viewer may; else beside it. */
static item_id
publish(struct upload *u, int64_t content, bool for_all)
{
	struct db *db = u->db;
	bool to_all;
	item_id item = find_target(u, &to_all);
	if (to_all && !for_all) { /* since it was looked at */
		db_fail(db, E_BUSY);
	} else if (item.n) {
		entry_give(db, item, u->shelf.area, content, u->size);
	} else {
		item = entry_add(db, &u->shelf, buf_text(&u->name), content, u->size);
		version_add(db, item, u->shelf.area, content, u->size);
	}
	return item;
}

/* Inside the transaction: the content with those bytes, which are staged in u or still in its window. Where nothing can
 * be found in them nobody need look. */
static int64_t
keep_once(struct upload *u, const char *hex)
{
	struct db *db = u->db;
	char head[MAGIC_BYTES];
	int64_t content = db_one(db, same_content, 0, T("sha256", hex));
	if (content)
		return content;
	int64_t n = look_at(u, 0, head, sizeof head);
	bool looked = n >= 0 && !magic_says(magic_of(head, (size_t)n));
	if (u->id) {
		db_run(db, name_content, T("sha256", hex), I("size", u->size), I("looked", looked), I("id", u->content));
	} else {
		u->content = db_insert(db, add_whole_content, T("sha256", hex), I("size", u->size), I("looked", looked),
		    I("now", clock_now()));
		put_window(u);
	}
	return u->content;
}

int
upload_finish(struct upload *u, item_id *out)
{
	struct db *db = u->db;
	char hex[2 * 32 + 1];
	struct shelf still;
	bool to_all = false, stripped = false;
	*out = (item_id){ 0 };
	db->stripped = 0;
	/* What fits into the window goes in with one transaction. */
	int r = u->id ? stage(u, false) : u->trouble;
	/* Rights may have gone while it was being sent, and others read what is put there. */
	if (!r && (shelf_open(db, u->shelf.key, &still) || !area_writes(db, u->shelf.area)))
		r = E_DENIED;
	if (!r) {
		u->shelf = still;
		find_target(u, &to_all);
	}
	if (!r && to_all)
		r = strip(u, &stripped);
	if (!r) {
		hex_sum(u, hex);
		r = u->trouble ? u->trouble : db_begin(db);
	}
	if (!r) {
		*out = publish(u, keep_once(u, hex), to_all);
		if (u->id) {
			db_run(db, drop_upload, I("id", u->id));
			content_release(db, u->content);
		}
		r = db_commit(db);
		if (r && !u->id)
			u->content = 0;
	}
	if (r)
		*out = (item_id){ 0 };
	if (r == E_PLACE) {
		upload_drop(u);
	} else if (r) {
		upload_leave(u);
	} else {
		db->stripped = stripped;
		free_upload(u);
	}
	return r;
}

void
upload_leave(struct upload *u)
{
	struct db *db = u->db;
	/* What cannot be synced now is sent again: the size that was synced says from where. */
	u->trouble = u->trouble == E_BUSY ? E_OK : u->trouble;
	stage(u, false);
	if (u->id && !db_begin(db)) {
		db_run(db, hold_upload, I("held", 0), I("now", clock_now()), I("id", u->id));
		int r = db_commit(db);
		if (r)
			log_line(LOG_NOTE, "an upload stays held: %d", r);
	}
	free_upload(u);
}

void
upload_drop(struct upload *u)
{
	upload_unstage(u->db, &(struct staged){ .upload = u->id, .content = u->content });
	free_upload(u);
}

/* ---- bytes for a transaction to come ---- */

int
upload_stage(struct db *db, const char *name, const char *data, int64_t size, struct staged *out)
{
	struct upload *u = mem_alloc(sizeof *u);
	u->db = db;
	shelf_set(u->shelf.key, "staged"); /* the key of no shelf: it is listed nowhere */
	buf_str(&u->name, name);
	begin_hash(u);
	int r = take_up(u, false); /* what a process that is no longer there has left */
	if (r == E_NOT_FOUND)
		r = upload_write(u, 0, data, (size_t)size);
	if (!r)
		r = stage(u, false);
	if (r) {
		upload_drop(u);
		return r == E_IN_USE ? E_BUSY : r;
	}
	*out = (struct staged){ u->id, u->content, size, "" };
	hex_sum(u, out->sha256);
	free_upload(u);
	return E_OK;
}

int64_t
upload_staged(struct db *db, const struct staged *s)
{
	int64_t same = db_one(db, same_content, 0, T("sha256", s->sha256));
	if (!same)
		db_run(db, name_content, T("sha256", s->sha256), I("size", s->size), I("looked", 0), I("id", s->content));
	return same ? same : s->content;
}

static int
unstage(struct db *db, int64_t upload, int64_t content)
{
	int r = db_begin(db);
	if (r)
		return r;
	db_run(db, drop_upload, I("id", upload));
	content_release(db, content);
	return db_commit(db);
}

void
upload_unstage(struct db *db, const struct staged *s)
{
	int r = s->upload ? unstage(db, s->upload, s->content) : E_OK;
	if (r)
		log_line(LOG_NOTE, "an upload stays: %d", r);
}

/* ---- clean-up ---- */

static int
sweep_uploads(struct db *db, int64_t before)
{
	int gone = 0;
	int64_t id = 0;
	for (;;) {
		struct query *q = db_query(db, cold_upload, I("before", before), I("from", id));
		if (!db_next(q))
			return gone;
		id = db_int(q, 0);
		int64_t content = db_int(q, 1), held = db_int(q, 2);
		db_end(q);
		if (held && db_process_lives(db, held))
			continue;
		int r = unstage(db, id, content);
		if (r)
			return r;
		gone++;
	}
}

static int
sweep_contents(struct db *db)
{
	int gone = 0;
	int64_t id;
	while ((id = db_one(db, gone_content, 0))) {
		for (int more = 1; more > 0;) {
			int r = db_begin(db);
			if (r)
				return r;
			more = db_run(db, sweep_chunks, I("content", id), I("n", SWEPT_CHUNKS));
			if (!more) {
				db_run(db, drop_content_text, I("content", id));
				db_run(db, drop_content, I("id", id));
			}
			r = db_commit(db);
			if (r)
				return r;
		}
		gone++;
	}
	return gone;
}

int
file_sweep(struct db *db)
{
	int64_t now = clock_now();
	if (!may(db, MAY_RUN_MACHINE, (item_id){ 0 }))
		return E_DENIED;
	int uploads = sweep_uploads(db, now - DAY);
	int binned = uploads < 0 ? uploads : bin_sweep(db, now - BIN_LIFE);
	int contents = binned < 0 ? binned : sweep_contents(db);
	return contents < 0 ? contents : uploads + binned + contents;
}
