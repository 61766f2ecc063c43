/* What a talk of sftp has open: handles, and the files behind them as they are read and written. */
#include "bbs/sftp_file.h"

#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/made.h"
#include "bbs/path.h"

/* ---- handles ---- */

struct sftp_handle *
sftp_new_handle(struct sftp_files *o, bool writes)
{
	struct sftp_handle *h = NULL;
	int writers = 0;
	for (int i = 0; i < SFTP_HANDLES; i++) {
		writers += o->handles[i].kind == WRITING;
		if (!h && o->handles[i].kind == CLOSED)
			h = &o->handles[i];
	}
	if (!h || (writes && writers >= SFTP_WRITERS))
		return NULL;
	*h = (struct sftp_handle){ .turn = ++o->turns };
	return h;
}

void
sftp_close_handle(struct sftp_handle *h)
{
	buf_free(&h->name);
	buf_free(&h->bytes);
	buf_free(&h->sort);
	h->kind = CLOSED;
}

struct sftp_handle *
sftp_find_handle(struct sftp_files *o, uint32_t place, uint32_t turn)
{
	struct sftp_handle *h = place < SFTP_HANDLES ? &o->handles[place] : NULL;
	return h && h->kind != CLOSED && h->turn == turn ? h : NULL;
}

int
sftp_finish(struct sftp_handle *h)
{
	struct upload *u = h->upload;
	item_id item;
	h->upload = NULL;
	h->kind = WRITTEN;
	if (h->answer == E_TOO_BIG || h->answer == E_ROOM || (!h->answer && !h->touched)) {
		upload_drop(u);
		return h->answer;
	}
	if (h->answer) {
		upload_leave(u);
		return h->answer;
	}
	return h->answer = upload_finish(u, &item);
}

struct sftp_handle *
sftp_find_writing(struct sftp_files *o, const char *shelf, const char *name)
{
	for (int i = 0; i < SFTP_HANDLES; i++) {
		struct sftp_handle *h = &o->handles[i];
		if (h->kind == WRITING && !strcmp(h->shelf, shelf) && !strcmp(buf_text(&h->name), name))
			return h;
	}
	return NULL;
}

/* ---- paths ---- */

/* As path_place(); folders are walked to once, while nobody writes anything. */
static int
place_of(struct sftp_files *o, const char *path, char shelf[SHELF_MAX + 1], struct buf *name)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) : 0;
	int64_t snapshot = db_snapshot(o->db);
	if (snapshot && snapshot == o->walked.snapshot && slash && slash[1] && n == o->walked.path.len &&
	    !memcmp(path, buf_text(&o->walked.path), n)) {
		memcpy(shelf, o->walked.shelf, sizeof o->walked.shelf);
		buf_cut(name, 0);
		buf_str(name, slash + 1);
		return E_OK;
	}
	int r = path_place(o->db, path, shelf, name);
	o->walked.snapshot = r ? 0 : snapshot;
	if (!r) {
		buf_cut(&o->walked.path, 0);
		buf_add(&o->walked.path, path, n);
		memcpy(o->walked.shelf, shelf, sizeof o->walked.shelf);
	}
	return r;
}

int
sftp_walk(struct sftp_files *o, const char *path, struct file *file)
{
	struct buf typed = { 0 }, name = { 0 };
	char shelf[SHELF_MAX + 1];
	struct sftp_handle *h = NULL;
	*file = (struct file){ 0 };
	if (!strcmp(path, "/"))
		return file_walk(o->db, path, file);
	int r = place_of(o, path, shelf, &typed);
	if (!r && (r = file_find(o->db, shelf, buf_text(&typed), file)) == E_NOT_FOUND) {
		file_free(file);
		*file = (struct file){ 0 };
		if (!file_check_name(buf_text(&typed), &name))
			h = sftp_find_writing(o, shelf, buf_text(&name));
	}
	if (h) {
		*file = (struct file){ .kind = FILE_PARTIAL, .size = upload_size(h->upload), .changed = clock_now(),
			.author = db_viewer(o->db), .level = "me", .changes = true };
		memcpy(file->shelf, shelf, sizeof shelf);
		buf_str(&file->name, buf_text(&name));
		r = E_OK;
	}
	buf_free(&typed);
	buf_free(&name);
	return r;
}

int
sftp_look(struct sftp_files *o, const char *path, struct file *file)
{
	int r = sftp_walk(o, path, file);
	struct sftp_handle *h = r ? NULL : sftp_find_writing(o, file->shelf, buf_text(&file->name));
	if (h) {
		file->size = upload_size(h->upload);
		file->changed = clock_now();
	}
	return r;
}

/* To rename or remove it: what is being written there is finished first. */
static int
walk_finished(struct sftp_files *o, const char *path, struct file *file)
{
	int r = sftp_walk(o, path, file);
	struct sftp_handle *h = r ? NULL : sftp_find_writing(o, file->shelf, buf_text(&file->name));
	if (!h)
		return r;
	int finished = sftp_finish(h);
	file_free(file);
	r = sftp_walk(o, path, file);
	return r && finished ? finished : r;
}

int
sftp_make(struct sftp_files *o, struct file *file, struct buf *bytes)
{
	if (file->kind != FILE_MADE)
		return E_OK;
	int r = made_file(o->db, file, bytes);
	file->size = (int64_t)bytes->len;
	return r;
}

/* Another name for a path: the shelf and the last name in NFC, with nothing being written there. */
static int
place(struct sftp_files *o, const char *path, char shelf[SHELF_MAX + 1], struct buf *name)
{
	struct buf typed = { 0 };
	int r = place_of(o, path, shelf, &typed);
	if (!r) {
		buf_cut(name, 0);
		r = file_check_name(buf_text(&typed), name);
	}
	struct sftp_handle *h = r ? NULL : sftp_find_writing(o, shelf, buf_text(name));
	if (h)
		r = sftp_finish(h);
	buf_free(&typed);
	return r;
}

/* ---- opened and read ---- */

int
sftp_open_reading(struct sftp_files *o, struct sftp_handle *h, const char *path)
{
	struct file file = { 0 };
	int r = sftp_walk(o, path, &file);
	bool mine = !r && sftp_find_writing(o, file.shelf, buf_text(&file.name));
	if (!r && path_is_folder(&file))
		r = IS_FOLDER;
	else if (!r && file.kind == FILE_PARTIAL && !mine)
		r = E_DENIED;
	if (!r)
		r = sftp_make(o, &file, &h->bytes);
	if (!r) {
		h->kind = file.kind == FILE_MADE ? MADE : READING;
		if (!mine) {
			h->item = file.item;
			h->content = file.content;
			file_saw(o->db, file.item);
		}
		h->size = file.size;
		h->changed = file.changed;
		h->mode = path_mode(&file);
		memcpy(h->shelf, file.shelf, sizeof h->shelf);
		buf_str(&h->name, buf_text(&file.name));
	}
	file_free(&file);
	return r;
}

int
sftp_open_writing(struct sftp_files *o, struct sftp_handle *h, const char *path, uint32_t flags, int64_t size)
{
	struct file old = { 0 };
	int r = place(o, path, h->shelf, &h->name);
	if (r)
		return r;
	r = file_find(o->db, h->shelf, buf_text(&h->name), &old);
	bool exists = !r;
	if (r == E_NOT_FOUND)
		r = flags & FXF_CREAT ? E_OK : E_NOT_FOUND;
	else if (!r && path_is_folder(&old))
		r = IS_FOLDER;
	else if (!r && old.kind == FILE_MADE)
		r = E_DENIED;
	enum upload_mode mode = flags & FXF_CREAT && flags & FXF_EXCL ? UPLOAD_ONLY
	    : flags & FXF_TRUNC ? UPLOAD_NEW : UPLOAD_RESUME;
	if (!r)
		r = upload_open(o->db, h->shelf, buf_text(&h->name), mode, size, &h->upload);
	if (!r) {
		h->kind = WRITING;
		h->mode = PATH_FILE | 0644;
		h->touched = !exists || mode != UPLOAD_RESUME || old.kind == FILE_PARTIAL;
	}
	file_free(&old);
	return r;
}

/* Reads of what this talk is writing go there, and to the file once it is written. */
static int64_t
read_file(struct sftp_files *o, struct sftp_handle *h, int64_t offset, char *to, size_t n)
{
	if (!h->item.n) {
		struct sftp_handle *writing = sftp_find_writing(o, h->shelf, buf_text(&h->name));
		if (writing)
			return upload_read(writing->upload, offset, to, n);
		struct file file = { 0 };
		int r = file_find(o->db, h->shelf, buf_text(&h->name), &file);
		h->item = file.item;
		h->content = file.content;
		file_free(&file);
		if (r || !h->item.n)
			return r ? r : E_NOT_FOUND;
	}
	return file_read(o->db, h->item, h->content, offset, to, n);
}

int64_t
sftp_read(struct sftp_files *o, struct sftp_handle *h, int64_t offset, char *to, size_t n)
{
	switch (h->kind) {
	case READING:
		return read_file(o, h, offset, to, n);
	case WRITING:
		return h->flags & FXF_READ ? upload_read(h->upload, offset, to, n) : E_DENIED;
	case MADE:
		if (offset >= (int64_t)h->bytes.len)
			return 0;
		if (n > h->bytes.len - (size_t)offset)
			n = h->bytes.len - (size_t)offset;
		memcpy(to, h->bytes.data + offset, n);
		return (int64_t)n;
	default:
		return NO_HANDLE;
	}
}

/* ---- changed ---- */

int
sftp_truncate(struct sftp_files *o, const char *path, int64_t size)
{
	struct file file = { 0 };
	struct upload *u = NULL;
	item_id item;
	int r = sftp_walk(o, path, &file);
	struct sftp_handle *h = r ? NULL : sftp_find_writing(o, file.shelf, buf_text(&file.name));
	if (h)
		r = upload_truncate(h->upload, size);
	else if (!r && file.kind == FILE_FILE && file.size == size)
		r = E_OK;
	else if (!r && file.kind != FILE_FILE && file.kind != FILE_PARTIAL)
		r = E_DENIED;
	else if (!r && !(r = upload_open(o->db, file.shelf, buf_text(&file.name), UPLOAD_RESUME, size, &u))) {
		r = upload_truncate(u, size);
		if (!r && file.kind == FILE_FILE)
			r = upload_finish(u, &item);
		else
			upload_leave(u);
	}
	file_free(&file);
	return r;
}

/* What the viewer has begun to send and does not want any more. */
static int
drop_partial(struct sftp_files *o, const struct file *file)
{
	struct upload *u;
	int r = upload_open(o->db, file->shelf, buf_text(&file->name), UPLOAD_RESUME, -1, &u);
	if (!r)
		upload_drop(u);
	return r;
}

int
sftp_remove(struct sftp_files *o, const char *path, bool folder)
{
	struct file file = { 0 };
	int r = walk_finished(o, path, &file);
	if (!r && path_is_folder(&file) != folder)
		r = folder ? IS_FILE : IS_FOLDER;
	else if (!r && file.kind == FILE_PARTIAL)
		r = drop_partial(o, &file);
	else if (!r)
		r = file.item.n && file.kind != FILE_SHELF ? file_bin(o->db, file.item, false) : E_DENIED;
	file_free(&file);
	return r;
}

/* A file's bytes become those of the file that stands in the way; that keeps its number, its talk, its versions. */
static int
replace(struct sftp_files *o, item_id item, const char *shelf, const char *name)
{
	struct file old = { 0 };
	int r = file_find(o->db, shelf, name, &old);
	if (!r && old.item.n != item.n)
		r = old.kind == FILE_FILE ? file_replace(o->db, item, old.item) : E_EXISTS;
	file_free(&old);
	return r;
}

int
sftp_rename(struct sftp_files *o, const char *from, const char *to, bool replaces)
{
	struct buf name = { 0 };
	char shelf[SHELF_MAX + 1];
	struct file file = { 0 };
	int r = walk_finished(o, from, &file);
	if (!r && (!file.item.n || (file.kind != FILE_FILE && file.kind != FILE_FOLDER)))
		r = E_DENIED;
	if (!r)
		r = place(o, to, shelf, &name);
	if (!r) {
		r = file_move(o->db, file.item, shelf, buf_text(&name));
		if (r == E_EXISTS && replaces)
			r = replace(o, file.item, shelf, buf_text(&name));
	}
	file_free(&file);
	buf_free(&name);
	return r;
}
