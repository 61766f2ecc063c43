/*
 * SFTP version 3, the server's side: packets read and answered one after the other, as they come. What may be
 * seen and done is db/file.h's to say.
 */
#include "bbs/sftp.h"

#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/log.h"
#include "bbs/made.h"
#include "bbs/path.h"

enum { SFTP_VERSION = 3 };

/* The draft's numbers. */
enum packet {
	FXP_INIT = 1,
	FXP_VERSION,
	FXP_OPEN,
	FXP_CLOSE,
	FXP_READ,
	FXP_WRITE,
	FXP_LSTAT,
	FXP_FSTAT,
	FXP_SETSTAT,
	FXP_FSETSTAT,
	FXP_OPENDIR,
	FXP_READDIR,
	FXP_REMOVE,
	FXP_MKDIR,
	FXP_RMDIR,
	FXP_REALPATH,
	FXP_STAT,
	FXP_RENAME,
	FXP_STATUS = 101,
	FXP_HANDLE,
	FXP_DATA,
	FXP_NAME,
	FXP_ATTRS,
	FXP_EXTENDED = 200,
	FXP_EXTENDED_REPLY,
};

enum status { FX_OK, FX_EOF, FX_NO_SUCH_FILE, FX_PERMISSION_DENIED, FX_FAILURE, FX_OP_UNSUPPORTED = 8 };

/* Answers besides those of error.h. */
enum { IS_FOLDER = -1000, IS_FILE = -1001, NO_HANDLE = -1002 };

enum { /* what a file is opened for */
	FXF_READ = 1,
	FXF_WRITE = 2,
	FXF_APPEND = 4,
	FXF_CREAT = 8,
	FXF_TRUNC = 16,
	FXF_EXCL = 32,
};

enum { /* what attributes there are */
	ATTR_SIZE = 1,
	ATTR_UIDGID = 2,
	ATTR_PERMISSIONS = 4,
	ATTR_ACMODTIME = 8,
};

enum {
	SOMEBODY = 1000,     /* uid and gid of everything: there are no such here */
	HANDLE_BYTES = 8,
	HANDLE_MAX = 256,    /* bytes of one, by the draft */
	WRITE_HEAD = 1 + 4 + 4 + HANDLE_MAX + 8 + 4, /* of a write, before its data, at the most */
	PACKET_SLACK = 4096, /* a write of all that is offered has a head, too */
	PAGE = 100,          /* names in one answer */
};

enum handle_kind {
	CLOSED,
	READING, /* a file; without an item: what this talk is writing, as it stands */
	MADE,
	WRITING,
	WRITTEN, /* finished before it was closed, because somebody wanted it */
	LISTING,
};

struct handle {
	enum handle_kind kind;
	uint32_t turn;         /* how often its place was taken: what was closed opens nothing */
	uint32_t flags;        /* FXF_ */
	char shelf[SHELF_MAX + 1]; /* LISTING: that is listed; else where the file stands */
	struct buf name;       /* of the file */
	item_id item;          /* READING, and the bytes that it had when it was opened */
	int64_t content;
	int64_t size, changed;
	int mode;
	struct buf bytes;      /* MADE */
	struct upload *upload; /* WRITING */
	bool touched;          /* WRITING: something was written, or it is new */
	int answer;            /* WRITING: what went wrong, and is said again at the end */
	struct buf sort;       /* LISTING: the last one shown, with `item` */
	bool begun, ended;     /* LISTING: "." and ".." were shown; what is being sent was, which comes last */
};

struct sftp {
	struct db *db;
	bool greeted;
	struct handle handles[SFTP_HANDLES];
	uint32_t turns;
	struct {            /* a write whose data is coming */
		uint32_t id, left;
		struct handle *handle; /* NULL: it goes nowhere */
		int64_t offset;
		int answer;
	} writing;
	struct buf *out, *words; /* of the call that lasts */
	const char *said;        /* the sentence that was said last; the catalogue's */
};

/* ---- reading packets ---- */

/* What is left of a packet. One that says it holds more than it does is a lie. */
struct reader {
	const unsigned char *at, *end;
	bool lie;
};

struct text {
	const char *data;
	size_t size;
};

static uint64_t
take_number(struct reader *r, size_t bytes)
{
	uint64_t n = 0;
	if ((size_t)(r->end - r->at) < bytes) {
		r->lie = true;
		return 0;
	}
	while (bytes--)
		n = n << 8 | *r->at++;
	return n;
}

static uint32_t
take_u32(struct reader *r)
{
	return (uint32_t)take_number(r, 4);
}

static struct text
take_text(struct reader *r)
{
	uint32_t size = take_u32(r);
	if ((size_t)(r->end - r->at) < size) {
		r->lie = true;
		return (struct text){ "", 0 };
	}
	struct text t = { (const char *)r->at, size };
	r->at += size;
	return t;
}

/* Attributes that a client sends: the size is all that is heard; -1 where there is none. */
static int64_t
take_size(struct reader *r)
{
	uint32_t flags = take_u32(r);
	if (!(flags & ATTR_SIZE))
		return -1;
	uint64_t size = take_number(r, 8);
	return size > INT64_MAX ? INT64_MAX : (int64_t)size;
}

/* ---- writing packets ---- */

static void
put_number(struct buf *b, uint64_t n, size_t bytes)
{
	char data[8];
	for (size_t i = 0; i < bytes; i++)
		data[i] = (char)(n >> 8 * (bytes - 1 - i));
	buf_add(b, data, bytes);
}

static void
put_u32(struct buf *b, uint32_t n)
{
	put_number(b, n, 4);
}

static void
put_text(struct buf *b, const char *data, size_t size)
{
	put_u32(b, (uint32_t)size);
	buf_add(b, data, size);
}

/* A number that is known only when what is behind it is written. */
static void
put_later(struct buf *b, size_t at, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		b->data[at + (size_t)i] = (char)(n >> 8 * (3 - i));
}

/* Begins an answer; where it begins, for put_end(). */
static size_t
put_begin(struct sftp *s, enum packet packet, uint32_t id)
{
	size_t at = s->out->len;
	put_u32(s->out, 0);
	buf_char(s->out, (char)packet);
	put_u32(s->out, id);
	return at;
}

static void
put_end(struct sftp *s, size_t at)
{
	put_later(s->out, at, (uint32_t)(s->out->len - at - 4));
}

static void
put_attributes(struct buf *b, int mode, int64_t size, int64_t changed)
{
	uint32_t time = changed > UINT32_MAX ? UINT32_MAX : changed > 0 ? (uint32_t)changed : (uint32_t)clock_now();
	put_u32(b, ATTR_SIZE | ATTR_UIDGID | ATTR_PERMISSIONS | ATTR_ACMODTIME);
	put_number(b, (uint64_t)size, 8);
	put_u32(b, SOMEBODY);
	put_u32(b, SOMEBODY);
	put_u32(b, (uint32_t)mode);
	put_u32(b, time);
	put_u32(b, time);
}

static void
put_status(struct sftp *s, uint32_t id, enum status status, const char *words)
{
	const char *language = i18n_code(i18n_get());
	size_t at = put_begin(s, FXP_STATUS, id);
	put_u32(s->out, status);
	put_text(s->out, words, strlen(words));
	put_text(s->out, language, strlen(language));
	put_end(s, at);
}

/* A failure has no other word of its own: its sentence is said aloud, once in a row. */
static void
fail(struct sftp *s, uint32_t id, const char *words)
{
	put_status(s, id, FX_FAILURE, words);
	if (s->said != words)
		buf_fmt(s->words, "%s\n", words);
	s->said = words;
}

static void
answer(struct sftp *s, uint32_t id, int r)
{
	switch (r) {
	case E_OK:
		put_status(s, id, FX_OK, "");
		break;
	case E_NOT_FOUND:
		put_status(s, id, FX_NO_SUCH_FILE, error_text(r));
		break;
	case E_DENIED:
		put_status(s, id, FX_PERMISSION_DENIED, error_text(r));
		break;
	case E_EXISTS: /* clients try, and go on */
		put_status(s, id, FX_FAILURE, error_text(r));
		break;
	case IS_FOLDER:
		fail(s, id, _("This is a folder."));
		break;
	case IS_FILE:
		fail(s, id, _("This is not a folder."));
		break;
	case NO_HANDLE:
		fail(s, id, _("This file is not open in this way."));
		break;
	default:
		fail(s, id, error_text(r));
	}
}

static void
answer_end(struct sftp *s, uint32_t id)
{
	put_status(s, id, FX_EOF, "");
}

static void
answer_attributes(struct sftp *s, uint32_t id, int mode, int64_t size, int64_t changed)
{
	size_t at = put_begin(s, FXP_ATTRS, id);
	put_attributes(s->out, mode, size, changed);
	put_end(s, at);
}

static void
answer_too_many(struct sftp *s, uint32_t id)
{
	fail(s, id, _("Too many files are open at once: close some of them first."));
}

/* ---- handles ---- */

static struct handle *
new_handle(struct sftp *s)
{
	for (int i = 0; i < SFTP_HANDLES; i++)
		if (s->handles[i].kind == CLOSED) {
			s->handles[i] = (struct handle){ .turn = ++s->turns };
			return &s->handles[i];
		}
	return NULL;
}

static int
writers(const struct sftp *s)
{
	int count = 0;
	for (int i = 0; i < SFTP_HANDLES; i++)
		count += s->handles[i].kind == WRITING;
	return count;
}

static void
close_handle(struct handle *h)
{
	buf_free(&h->name);
	buf_free(&h->bytes);
	buf_free(&h->sort);
	h->kind = CLOSED;
}

/* The handle of those bytes; NULL. */
static struct handle *
find_handle(struct sftp *s, struct text t)
{
	if (t.size != HANDLE_BYTES)
		return NULL;
	struct reader r = { (const unsigned char *)t.data, (const unsigned char *)t.data + t.size, false };
	uint32_t i = take_u32(&r), turn = take_u32(&r);
	return i < SFTP_HANDLES && s->handles[i].kind != CLOSED && s->handles[i].turn == turn ? &s->handles[i] : NULL;
}

static struct handle *
take_handle(struct sftp *s, struct reader *r)
{
	return find_handle(s, take_text(r));
}

static void
answer_handle(struct sftp *s, uint32_t id, const struct handle *h)
{
	size_t at = put_begin(s, FXP_HANDLE, id);
	put_u32(s->out, HANDLE_BYTES);
	put_u32(s->out, (uint32_t)(h - s->handles));
	put_u32(s->out, h->turn);
	put_end(s, at);
}

/* Puts what was sent in its place, or leaves it where that cannot be. */
static int
finish(struct handle *h)
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

/* What this talk is writing under that name; NULL. */
static struct handle *
find_writing(struct sftp *s, const char *shelf, const char *name)
{
	for (int i = 0; i < SFTP_HANDLES; i++) {
		struct handle *h = &s->handles[i];
		if (h->kind == WRITING && !strcmp(h->shelf, shelf) && !strcmp(buf_text(&h->name), name))
			return h;
	}
	return NULL;
}

/*
 * Some clients (sshfs) close later than they say: a file that is asked for again, to be written, renamed or
 * removed, is finished now.
 */
static int
settle(struct sftp *s, const char *shelf, const char *name)
{
	struct handle *h = find_writing(s, shelf, name);
	return h ? finish(h) : E_OK;
}

/* ---- paths ---- */

static int
take_path(struct reader *r, struct buf *path)
{
	struct text t = take_text(r);
	return r->lie ? E_INVALID : path_clean(t.data, t.size, path);
}

/* What stands at a path, also what this talk has only begun to write. */
static int
walk(struct sftp *s, const char *path, struct file *file)
{
	struct buf typed = { 0 }, name = { 0 };
	char shelf[SHELF_MAX + 1];
	int r = file_walk(s->db, path, file);
	if (r != E_NOT_FOUND)
		return r;
	struct handle *h = !path_place(s->db, path, shelf, &typed) && !file_check_name(buf_text(&typed), &name)
	    ? find_writing(s, shelf, buf_text(&name)) : NULL;
	if (h) {
		*file = (struct file){ .kind = FILE_PARTIAL, .size = upload_size(h->upload), .changed = clock_now(),
			.author = db_viewer(s->db), .level = "me", .changes = true };
		memcpy(file->shelf, shelf, sizeof shelf);
		buf_str(&file->name, buf_text(&name));
		r = E_OK;
	}
	buf_free(&typed);
	buf_free(&name);
	return r;
}

/* What stands at a path; of what this talk is writing what was written so far. */
static int
look(struct sftp *s, const char *path, struct file *file)
{
	int r = walk(s, path, file);
	struct handle *h = r ? NULL : find_writing(s, file->shelf, buf_text(&file->name));
	if (h) {
		file->size = upload_size(h->upload);
		file->changed = clock_now();
	}
	return r;
}

/* The size of what is made is that of its bytes, which go to `bytes`. */
static int
make(struct sftp *s, struct file *file, struct buf *bytes)
{
	if (file->kind != FILE_MADE)
		return E_OK;
	int r = made_file(s->db, file, bytes);
	file->size = (int64_t)bytes->len;
	return r;
}

/* Another name for a path: the shelf and the last name in NFC, with nothing being written there. */
static int
take_place(struct sftp *s, const char *path, char shelf[SHELF_MAX + 1], struct buf *name)
{
	struct buf typed = { 0 };
	int r = path_place(s->db, path, shelf, &typed);
	if (!r) {
		buf_cut(name, 0);
		r = file_check_name(buf_text(&typed), name);
	}
	if (!r)
		r = settle(s, shelf, buf_text(name));
	buf_free(&typed);
	return r;
}

/* ---- attributes ---- */

static void
do_stat(struct sftp *s, uint32_t id, struct reader *in)
{
	struct buf path = { 0 }, bytes = { 0 };
	struct file file = { 0 };
	int r = take_path(in, &path);
	if (in->lie)
		return;
	if (!r)
		r = look(s, buf_text(&path), &file);
	if (!r)
		r = make(s, &file, &bytes);
	if (r)
		answer(s, id, r);
	else
		answer_attributes(s, id, path_mode(s->db, &file), file.size, file.changed);
	file_free(&file);
	buf_free(&bytes);
	buf_free(&path);
}

static void
do_fstat(struct sftp *s, uint32_t id, struct reader *in)
{
	struct handle *h = take_handle(s, in);
	if (in->lie)
		return;
	if (!h)
		answer(s, id, NO_HANDLE);
	else if (h->kind == WRITING)
		answer_attributes(s, id, h->mode, upload_size(h->upload), clock_now());
	else
		answer_attributes(s, id, h->mode, h->size, h->changed);
}

/* The file at that path gets that size. */
static int
truncate_path(struct sftp *s, const char *path, int64_t size)
{
	struct file file = { 0 };
	struct upload *u = NULL;
	item_id item;
	int r = walk(s, path, &file);
	struct handle *h = r ? NULL : find_writing(s, file.shelf, buf_text(&file.name));
	if (h)
		r = upload_truncate(h->upload, size);
	else if (!r && file.kind == FILE_FILE && file.size == size)
		r = E_OK;
	else if (!r && file.kind != FILE_FILE && file.kind != FILE_PARTIAL)
		r = E_DENIED;
	else if (!r && !(r = upload_open(s->db, file.shelf, buf_text(&file.name), UPLOAD_RESUME, size, &u))) {
		r = upload_truncate(u, size);
		if (!r && file.kind == FILE_FILE)
			r = upload_finish(u, &item);
		else
			upload_leave(u);
	}
	file_free(&file);
	return r;
}

/* A size is meant; owners, modes and times are not ours to change, and clients need not hear of it. */
static void
do_setstat(struct sftp *s, uint32_t id, struct reader *in)
{
	struct buf path = { 0 };
	struct file file = { 0 };
	int r = take_path(in, &path);
	int64_t size = take_size(in);
	if (in->lie)
		goto end;
	if (!r && size >= 0)
		r = truncate_path(s, buf_text(&path), size);
	else if (!r)
		r = walk(s, buf_text(&path), &file);
	answer(s, id, r);
end:
	file_free(&file);
	buf_free(&path);
}

static void
do_fsetstat(struct sftp *s, uint32_t id, struct reader *in)
{
	struct handle *h = take_handle(s, in);
	int64_t size = take_size(in);
	int r = E_OK;
	if (in->lie)
		return;
	if (!h) {
		r = NO_HANDLE;
	} else if (size >= 0 && h->kind == WRITING) {
		r = upload_truncate(h->upload, size);
		h->touched = true;
	} else if (size >= 0) {
		r = E_DENIED;
	}
	answer(s, id, r);
}

static void
do_realpath(struct sftp *s, uint32_t id, struct reader *in)
{
	struct buf path = { 0 };
	int r = take_path(in, &path);
	if (in->lie)
		return;
	if (r) {
		answer(s, id, r);
	} else {
		size_t at = put_begin(s, FXP_NAME, id);
		put_u32(s->out, 1);
		put_text(s->out, path.data, path.len);
		put_text(s->out, path.data, path.len);
		put_u32(s->out, 0);
		put_end(s, at);
	}
	buf_free(&path);
}

/* ---- files ---- */

static int
open_reading(struct sftp *s, struct handle *h, const char *path)
{
	struct file file = { 0 };
	int r = walk(s, path, &file);
	bool mine = !r && find_writing(s, file.shelf, buf_text(&file.name));
	if (!r && path_is_folder(&file))
		r = IS_FOLDER;
	else if (!r && file.kind == FILE_PARTIAL && !mine)
		r = E_DENIED;
	if (!r)
		r = make(s, &file, &h->bytes);
	if (!r) {
		h->kind = file.kind == FILE_MADE ? MADE : READING;
		if (!mine) {
			h->item = file.item;
			h->content = file.content;
			file_saw(s->db, file.item);
		}
		h->size = file.size;
		h->changed = file.changed;
		h->mode = path_mode(s->db, &file);
		memcpy(h->shelf, file.shelf, sizeof h->shelf);
		buf_str(&h->name, buf_text(&file.name));
	}
	file_free(&file);
	return r;
}

static int
open_writing(struct sftp *s, struct handle *h, const char *path, uint32_t flags, int64_t size)
{
	struct file old = { 0 };
	int r = take_place(s, path, h->shelf, &h->name);
	if (r)
		return r;
	r = file_find(s->db, h->shelf, buf_text(&h->name), &old);
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
		r = upload_open(s->db, h->shelf, buf_text(&h->name), mode, size, &h->upload);
	if (!r) {
		h->kind = WRITING;
		h->mode = PATH_FILE | 0644;
		h->touched = !exists || mode != UPLOAD_RESUME || old.kind == FILE_PARTIAL;
	}
	file_free(&old);
	return r;
}

static void
do_open(struct sftp *s, uint32_t id, struct reader *in)
{
	struct buf path = { 0 };
	int r = take_path(in, &path);
	uint32_t flags = take_u32(in);
	int64_t size = take_size(in);
	if (in->lie)
		goto end;
	s->said = NULL;
	bool writes = flags & (FXF_WRITE | FXF_APPEND);
	struct handle *h = r || (writes && writers(s) >= SFTP_WRITERS) ? NULL : new_handle(s);
	if (h) {
		h->flags = flags;
		r = writes ? open_writing(s, h, buf_text(&path), flags, size)
		    : open_reading(s, h, buf_text(&path));
		if (r)
			close_handle(h);
	}
	if (r)
		answer(s, id, r);
	else if (h)
		answer_handle(s, id, h);
	else
		answer_too_many(s, id);
end:
	buf_free(&path);
}

/* "What was sent is there" is said once that is so. */
static void
do_close(struct sftp *s, uint32_t id, struct reader *in)
{
	struct handle *h = take_handle(s, in);
	if (in->lie)
		return;
	if (!h) {
		answer(s, id, NO_HANDLE);
		return;
	}
	int r = h->kind == WRITING ? finish(h) : h->answer;
	close_handle(h);
	answer(s, id, r);
}

/* Reads of what this talk is writing go there, and to the file once it is written. */
static int64_t
read_file(struct sftp *s, struct handle *h, int64_t offset, char *to, size_t n)
{
	if (!h->item.n) {
		struct handle *writing = find_writing(s, h->shelf, buf_text(&h->name));
		if (writing)
			return upload_read(writing->upload, offset, to, n);
		struct file file = { 0 };
		int r = file_find(s->db, h->shelf, buf_text(&h->name), &file);
		h->item = file.item;
		h->content = file.content;
		file_free(&file);
		if (r || !h->item.n)
			return r ? r : E_NOT_FOUND;
	}
	return file_read(s->db, h->item, h->content, offset, to, n);
}

static int64_t
read_handle(struct sftp *s, struct handle *h, int64_t offset, char *to, size_t n)
{
	switch (h->kind) {
	case READING:
		return read_file(s, h, offset, to, n);
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

/* The bytes are read to where they are sent from. */
static void
do_read(struct sftp *s, uint32_t id, struct reader *in)
{
	struct handle *h = take_handle(s, in);
	uint64_t offset = take_number(in, 8);
	uint32_t n = take_u32(in);
	if (in->lie)
		return;
	if (n > SFTP_DATA_MAX)
		n = SFTP_DATA_MAX;
	size_t at = put_begin(s, FXP_DATA, id);
	put_u32(s->out, 0);
	char *to = buf_room(s->out, n);
	int64_t got = !h ? NO_HANDLE : offset > INT64_MAX - SFTP_DATA_MAX ? 0
	    : read_handle(s, h, (int64_t)offset, to, n);
	if (got > 0 || (!got && !n)) {
		buf_grow(s->out, (size_t)got);
		put_later(s->out, at + 9, (uint32_t)got);
		put_end(s, at);
		return;
	}
	buf_cut(s->out, at);
	if (got)
		answer(s, id, (int)got);
	else
		answer_end(s, id);
}

/* The head of a write; its data goes on from here as it comes. False: a lie. */
static bool
begin_write(struct sftp *s, struct reader *in, uint32_t size)
{
	const unsigned char *start = in->at;
	take_number(in, 1);
	uint32_t id = take_u32(in);
	struct handle *h = take_handle(s, in);
	uint64_t offset = take_number(in, 8);
	uint32_t n = take_u32(in);
	if (in->lie || n != size - (uint32_t)(in->at - start))
		return false;
	int r = !h || h->kind == WRITTEN ? NO_HANDLE : h->kind != WRITING ? E_DENIED : h->answer;
	if (!r && offset > INT64_MAX - SFTP_PACKET_MAX * 2)
		r = E_TOO_BIG;
	s->writing.id = id;
	s->writing.left = n;
	s->writing.handle = r ? NULL : h;
	s->writing.answer = r;
	if (!r)
		s->writing.offset = h->flags & FXF_APPEND ? upload_size(h->upload) : (int64_t)offset;
	return true;
}

/* As much of a write's data as has come: how many bytes. Answers behind the last. */
static size_t
go_on_writing(struct sftp *s, const char *data, size_t n)
{
	struct handle *h = s->writing.handle;
	if (n > s->writing.left)
		n = s->writing.left;
	if (h && n && !s->writing.answer) {
		s->writing.answer = h->answer = upload_write(h->upload, s->writing.offset, data, n);
		h->touched = true;
	}
	s->writing.offset += (int64_t)n;
	s->writing.left -= (uint32_t)n;
	if (!s->writing.left) {
		answer(s, s->writing.id, s->writing.answer);
		s->writing.handle = NULL;
	}
	return n;
}

/* ---- folders ---- */

static void
do_opendir(struct sftp *s, uint32_t id, struct reader *in)
{
	struct buf path = { 0 };
	struct file file = { 0 };
	int r = take_path(in, &path);
	if (in->lie)
		return;
	if (!r)
		r = walk(s, buf_text(&path), &file);
	if (!r && !path_is_folder(&file))
		r = IS_FILE;
	struct handle *h = r ? NULL : new_handle(s);
	if (h) {
		h->kind = LISTING;
		h->mode = path_mode(s->db, &file);
		h->changed = file.changed;
		memcpy(h->shelf, file.shelf, sizeof h->shelf);
	}
	if (r)
		answer(s, id, r);
	else if (h)
		answer_handle(s, id, h);
	else
		answer_too_many(s, id);
	file_free(&file);
	buf_free(&path);
}

/* As ls -l has it. Clients part it by its blanks, so a name's are none. */
static void
put_long_name(struct buf *b, const char *name, const char *author, int mode, int64_t size, int64_t changed)
{
	static const char bits[] = "rwxrwxrwx";
	struct buf line = { 0 };
	buf_char(&line, mode & PATH_FOLDER ? 'd' : '-');
	for (int i = 0; i < 9; i++)
		buf_char(&line, mode & 0400 >> i ? bits[i] : '-');
	size_t owner = line.len + 6;
	buf_fmt(&line, "    1 %-10s palabre  %11lld ", *author ? author : "palabre", (long long)size);
	for (size_t i = owner; i < owner + strlen(author); i++)
		if (line.data[i] == ' ')
			line.data[i] = '_';
	clock_list(&line, changed ? changed : clock_now(), clock_now());
	buf_fmt(&line, " %s", name);
	put_text(b, line.data, line.len);
	buf_free(&line);
}

static void
put_name(struct buf *b, const char *name, const char *author, int mode, int64_t size, int64_t changed)
{
	put_text(b, name, strlen(name));
	put_long_name(b, name, author, mode, size, changed);
	put_attributes(b, mode, size, changed);
}

struct page {
	struct sftp *s;
	struct handle *handle;
	uint32_t count;
};

/* Of what cannot be made, and is not there, nothing is said. */
static bool
put_entry(void *ctx, const struct file *file)
{
	struct page *page = ctx;
	struct sftp *s = page->s;
	struct buf bytes = { 0 };
	int64_t size = file->size;
	bool there = true;
	buf_cut(&page->handle->sort, 0);
	buf_str(&page->handle->sort, buf_text(&file->sort));
	page->handle->item = file->item;
	if (file->kind == FILE_MADE) {
		there = made_file(s->db, file, &bytes) == E_OK;
		size = (int64_t)bytes.len;
	}
	struct handle *writing = find_writing(s, file->shelf, buf_text(&file->name));
	if (writing)
		size = upload_size(writing->upload);
	if (there) {
		put_name(s->out, buf_text(&file->name), buf_text(&file->author_name), path_mode(s->db, file),
		    size, file->changed);
		page->count++;
	}
	buf_free(&bytes);
	return true;
}

static void
do_readdir(struct sftp *s, uint32_t id, struct reader *in)
{
	struct handle *h = take_handle(s, in);
	if (in->lie)
		return;
	if (!h || h->kind != LISTING) {
		answer(s, id, NO_HANDLE);
		return;
	}
	size_t at = put_begin(s, FXP_NAME, id);
	struct page page = { s, h, 0 };
	put_u32(s->out, 0);
	if (!h->begun) {
		put_name(s->out, ".", "", h->mode, 0, h->changed);
		put_name(s->out, "..", "", h->mode, 0, h->changed);
		h->begun = true;
		page.count = 2;
	}
	int r = h->ended ? 0 : file_page(s->db, h->shelf, h->sort.data, h->item, 1, PAGE, put_entry, &page);
	if (r >= 0 && r < PAGE && !h->ended) {
		file_partials(s->db, h->shelf, put_entry, &page);
		h->ended = true;
	}
	if (r >= 0 && page.count) {
		put_later(s->out, at + 9, page.count);
		put_end(s, at);
		return;
	}
	buf_cut(s->out, at);
	if (r < 0)
		answer(s, id, r);
	else
		answer_end(s, id);
}

static void
do_mkdir(struct sftp *s, uint32_t id, struct reader *in)
{
	struct buf path = { 0 }, name = { 0 };
	char shelf[SHELF_MAX + 1];
	struct file made = { 0 };
	int r = take_path(in, &path);
	take_size(in);
	if (in->lie)
		goto end;
	if (!r)
		r = path_place(s->db, buf_text(&path), shelf, &name);
	if (!r)
		r = folder_make(s->db, shelf, buf_text(&name), &made);
	answer(s, id, r);
end:
	file_free(&made);
	buf_free(&name);
	buf_free(&path);
}

/* ---- removing and renaming ---- */

/* What the viewer has begun to send and does not want any more. */
static int
drop_partial(struct sftp *s, const struct file *file)
{
	struct upload *u;
	int r = upload_open(s->db, file->shelf, buf_text(&file->name), UPLOAD_RESUME, -1, &u);
	if (!r)
		upload_drop(u);
	return r;
}

static void
remove_path(struct sftp *s, uint32_t id, struct reader *in, bool folder)
{
	struct buf path = { 0 };
	struct file file = { 0 };
	int r = take_path(in, &path);
	if (in->lie)
		goto end;
	if (!r)
		r = walk(s, buf_text(&path), &file);
	struct handle *h = r ? NULL : find_writing(s, file.shelf, buf_text(&file.name));
	if (h && !folder) {
		finish(h);
		file_free(&file);
		r = walk(s, buf_text(&path), &file);
	}
	if (!r && path_is_folder(&file) != folder)
		r = folder ? IS_FILE : IS_FOLDER;
	else if (!r && file.kind == FILE_PARTIAL)
		r = drop_partial(s, &file);
	else if (!r)
		r = file.item.n && file.kind != FILE_SHELF ? file_bin(s->db, file.item, false) : E_DENIED;
	answer(s, id, r);
end:
	file_free(&file);
	buf_free(&path);
}

static void
do_remove(struct sftp *s, uint32_t id, struct reader *in)
{
	remove_path(s, id, in, false);
}

static void
do_rmdir(struct sftp *s, uint32_t id, struct reader *in)
{
	remove_path(s, id, in, true);
}

/* A file's bytes become those of the file that stands in the way; that keeps its number, its talk, its versions. */
static int
replace(struct sftp *s, item_id item, const char *shelf, const char *name)
{
	struct file old = { 0 };
	int r = file_find(s->db, shelf, name, &old);
	if (!r && old.item.n != item.n)
		r = old.kind == FILE_FILE ? file_replace(s->db, item, old.item) : E_EXISTS;
	file_free(&old);
	return r;
}

static int
rename_to(struct sftp *s, const char *from, const char *to, bool replaces)
{
	struct buf name = { 0 };
	char shelf[SHELF_MAX + 1];
	struct file file = { 0 };
	int r = walk(s, from, &file);
	if (!r && find_writing(s, file.shelf, buf_text(&file.name))) {
		r = settle(s, file.shelf, buf_text(&file.name));
		file_free(&file);
		if (!r)
			r = walk(s, from, &file);
	}
	if (!r && (!file.item.n || (file.kind != FILE_FILE && file.kind != FILE_FOLDER)))
		r = E_DENIED;
	if (!r)
		r = take_place(s, to, shelf, &name);
	if (!r) {
		r = file_move(s->db, file.item, shelf, buf_text(&name));
		if (r == E_EXISTS && replaces)
			r = replace(s, file.item, shelf, buf_text(&name));
	}
	file_free(&file);
	buf_free(&name);
	return r;
}

static void
rename_path(struct sftp *s, uint32_t id, struct reader *in, bool replaces)
{
	struct buf from = { 0 }, to = { 0 };
	int r = take_path(in, &from), r2 = take_path(in, &to);
	if (!in->lie)
		answer(s, id, r ? r : r2 ? r2 : rename_to(s, buf_text(&from), buf_text(&to), replaces));
	buf_free(&from);
	buf_free(&to);
}

static void
do_rename(struct sftp *s, uint32_t id, struct reader *in)
{
	rename_path(s, id, in, false);
}

/* ---- what OpenSSH added ---- */

static void
do_posix_rename(struct sftp *s, uint32_t id, struct reader *in)
{
	rename_path(s, id, in, true);
}

static void
do_fsync(struct sftp *s, uint32_t id, struct reader *in)
{
	struct handle *h = take_handle(s, in);
	if (!in->lie)
		answer(s, id, !h ? NO_HANDLE : h->kind == WRITING ? upload_flush(h->upload) : E_OK);
}

/* Room as a disk's: an area without a limit looks very large. */
static void
answer_room(struct sftp *s, uint32_t id, const char *shelf)
{
	enum { BLOCK = 4096, READ_ONLY = 1, NO_SETUID = 2 };
	const int64_t large = INT64_C(1) << 40;
	int64_t used = 0, quota = 0;
	int r = shelf_room(s->db, shelf, &used, &quota);
	if (r && r != E_NOT_FOUND) {
		answer(s, id, r);
		return;
	}
	if (r || !quota)
		quota = used + large;
	uint64_t blocks = (uint64_t)quota / BLOCK;
	uint64_t free = quota > used ? (uint64_t)(quota - used) / BLOCK : 0;
	const uint64_t fields[] = { BLOCK, BLOCK, blocks, free, free, (uint64_t)large, (uint64_t)large,
		(uint64_t)large, 0, NO_SETUID | (shelf_writes(s->db, shelf) ? 0 : READ_ONLY), FILE_NAME_MAX };
	size_t at = put_begin(s, FXP_EXTENDED_REPLY, id);
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		put_number(s->out, fields[i], 8);
	put_end(s, at);
}

static void
do_statvfs(struct sftp *s, uint32_t id, struct reader *in)
{
	struct buf path = { 0 };
	struct file file = { 0 };
	int r = take_path(in, &path);
	if (in->lie)
		return;
	if (!r)
		r = walk(s, buf_text(&path), &file);
	if (r)
		answer(s, id, r);
	else
		answer_room(s, id, file.shelf);
	file_free(&file);
	buf_free(&path);
}

static void
do_fstatvfs(struct sftp *s, uint32_t id, struct reader *in)
{
	struct handle *h = take_handle(s, in);
	if (in->lie)
		return;
	if (h)
		answer_room(s, id, h->shelf);
	else
		answer(s, id, NO_HANDLE);
}

static void
do_limits(struct sftp *s, uint32_t id, struct reader *in)
{
	(void)in;
	const uint64_t fields[] = { SFTP_PACKET_MAX, SFTP_DATA_MAX, SFTP_DATA_MAX, SFTP_HANDLES };
	size_t at = put_begin(s, FXP_EXTENDED_REPLY, id);
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		put_number(s->out, fields[i], 8);
	put_end(s, at);
}

/* ---- packets ---- */

typedef void (*doer)(struct sftp *s, uint32_t id, struct reader *in);

static const struct {
	const char *name, *version;
	doer run;
} extensions[] = {
	{ "posix-rename@openssh.com", "1", do_posix_rename },
	{ "statvfs@openssh.com", "2", do_statvfs },
	{ "fstatvfs@openssh.com", "2", do_fstatvfs },
	{ "fsync@openssh.com", "1", do_fsync },
	{ "limits@openssh.com", "1", do_limits },
};
enum { EXTENSIONS = sizeof extensions / sizeof *extensions };

static void
do_unsupported(struct sftp *s, uint32_t id, struct reader *in)
{
	(void)in;
	put_status(s, id, FX_OP_UNSUPPORTED, _("There is no such thing here."));
}

static void
do_extended(struct sftp *s, uint32_t id, struct reader *in)
{
	struct text name = take_text(in);
	doer run = do_unsupported;
	for (int i = 0; i < EXTENSIONS; i++)
		if (name.size == strlen(extensions[i].name) && !memcmp(name.data, extensions[i].name, name.size))
			run = extensions[i].run;
	if (!in->lie)
		run(s, id, in);
}

/* Links there are none, and what is not here is not known. */
static const doer doers[256] = {
	[FXP_OPEN] = do_open,
	[FXP_CLOSE] = do_close,
	[FXP_READ] = do_read,
	[FXP_LSTAT] = do_stat,
	[FXP_FSTAT] = do_fstat,
	[FXP_SETSTAT] = do_setstat,
	[FXP_FSETSTAT] = do_fsetstat,
	[FXP_OPENDIR] = do_opendir,
	[FXP_READDIR] = do_readdir,
	[FXP_REMOVE] = do_remove,
	[FXP_MKDIR] = do_mkdir,
	[FXP_RMDIR] = do_rmdir,
	[FXP_REALPATH] = do_realpath,
	[FXP_STAT] = do_stat,
	[FXP_RENAME] = do_rename,
	[FXP_EXTENDED] = do_extended,
};

/* Whatever version the client has, it is told ours. */
static void
greet(struct sftp *s)
{
	size_t at = put_begin(s, FXP_VERSION, SFTP_VERSION);
	for (int i = 0; i < EXTENSIONS; i++) {
		put_text(s->out, extensions[i].name, strlen(extensions[i].name));
		put_text(s->out, extensions[i].version, strlen(extensions[i].version));
	}
	put_end(s, at);
	s->greeted = true;
}

/* A packet that is there as a whole. False: a lie. */
static bool
take_packet(struct sftp *s, struct reader *in)
{
	unsigned type = (unsigned)take_number(in, 1);
	uint32_t id = take_u32(in);
	if (in->lie || s->greeted != (type != FXP_INIT))
		return false;
	if (type == FXP_INIT)
		greet(s);
	else
		(doers[type] ? doers[type] : do_unsupported)(s, id, in);
	return !in->lie;
}

/* Takes the packet, or the head of a write, that begins there: bytes taken, 0 where more must come, -1 a lie. */
static long
take_next(struct sftp *s, const char *in, size_t n)
{
	enum { LENGTH = 4, LEAST = 1 + 4 };
	struct reader r = { (const unsigned char *)in, (const unsigned char *)in + n, false };
	if (n < LENGTH)
		return 0;
	uint32_t size = take_u32(&r);
	if (size < LEAST || size > SFTP_PACKET_MAX + PACKET_SLACK)
		return -1;
	if (n == LENGTH)
		return 0;
	bool is_write = *r.at == FXP_WRITE && s->greeted;
	size_t wanted = is_write && size > WRITE_HEAD ? WRITE_HEAD : size;
	if (n - LENGTH < wanted)
		return 0;
	r.end = r.at + wanted;
	if (!is_write)
		return take_packet(s, &r) ? (long)(LENGTH + size) : -1;
	if (!begin_write(s, &r, size))
		return -1;
	go_on_writing(s, "", 0);
	return (long)(r.at - (const unsigned char *)in);
}

struct sftp *
sftp_new(struct db *db)
{
	struct sftp *s = mem_alloc(sizeof *s);
	s->db = db;
	return s;
}

long
sftp_take(struct sftp *s, const char *in, size_t n, struct buf *out, struct buf *words)
{
	size_t done = 0;
	s->out = out;
	s->words = words;
	while (out->len < SFTP_OUT_MAX) {
		long taken = s->writing.left ? (long)go_on_writing(s, in + done, n - done)
		    : take_next(s, in + done, n - done);
		if (taken < 0) {
			log_line(LOG_NOTE, "sftp: a packet that is none, after %zu bytes of %zu", done, n);
			return -1;
		}
		if (!taken)
			break;
		done += (size_t)taken;
	}
	return (long)done;
}

void
sftp_end(struct sftp *s)
{
	for (int i = 0; i < SFTP_HANDLES; i++) {
		struct handle *h = &s->handles[i];
		if (h->kind == WRITING)
			upload_leave(h->upload);
		if (h->kind != CLOSED)
			close_handle(h);
	}
	file_saw_all(s->db);
	free(s);
}
