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
#include "bbs/path.h"
#include "bbs/sftp_file.h"
#include "bbs/sftp_list.h"

enum { SFTP_VERSION = 3 };

enum {
	HANDLE_BYTES = 8,
	HANDLE_MAX = 256,    /* bytes of one, by the draft */
	WRITE_HEAD = 1 + 4 + 4 + HANDLE_MAX + 8 + 4, /* of a write, before its data, at the most */
	PACKET_SLACK = 4096, /* a write of all that is offered has a head, too */
};

struct sftp {
	bool greeted;
	struct sftp_files opened;
	struct {            /* a write whose data is coming */
		uint32_t id, left;
		struct sftp_handle *handle; /* NULL: it goes nowhere */
		int64_t offset;
		int answer;
	} writing;
	struct buf *out, *words; /* of the call that lasts */
	const char *said;        /* the sentence that was said last; the catalogue's */
	struct buf refused;      /* … of a place, until something succeeds */
};

/* ---- answers ---- */

/* A failure has no other word of its own: its sentence is said aloud, once in a row. */
static void
fail(struct sftp *s, uint32_t id, const char *words)
{
	packet_put_status(s->out, id, FX_FAILURE, words);
	if (s->said != words)
		buf_fmt(s->words, "%s\n", words);
	s->said = words;
}

static void
answer(struct sftp *s, uint32_t id, int r)
{
	switch (r) {
	case E_OK:
		buf_cut(&s->refused, 0);
		packet_put_status(s->out, id, FX_OK, "");
		break;
	case E_NOT_FOUND:
		packet_put_status(s->out, id, FX_NO_SUCH_FILE, error_text(r));
		break;
	case E_DENIED:
		packet_put_status(s->out, id, FX_PERMISSION_DENIED, error_text(r));
		break;
	case E_EXISTS: /* clients try, and go on; see is_typed() */
		packet_put_status(s->out, id, FX_FAILURE, error_text(r));
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

/*
 * Of a deed at a path. OpenSSH and PuTTY have words of their own for what is not permitted, and show ours only where
 * they are said aloud.
 */
static void
answer_at(struct sftp *s, uint32_t id, int r, const char *path)
{
	struct buf name = { 0 }, words = { 0 };
	char shelf[SHELF_MAX + 1] = "";
	if (r != E_DENIED) {
		answer(s, id, r);
		return;
	}
	path_place(s->opened.db, path, shelf, &name);
	path_refusal(s->opened.db, shelf, buf_text(&name), &words);
	packet_put_status(s->out, id, FX_PERMISSION_DENIED, words.data);
	if (strcmp(words.data, buf_text(&s->refused)) != 0)
		buf_fmt(s->words, "%s\n", words.data);
	buf_cut(&s->refused, 0);
	buf_str(&s->refused, words.data);
	buf_free(&name);
	buf_free(&words);
}

static void
answer_end(struct sftp *s, uint32_t id)
{
	packet_put_status(s->out, id, FX_EOF, "");
}

static void
answer_attributes(struct sftp *s, uint32_t id, int mode, int64_t size, int64_t changed)
{
	size_t at = packet_put_begin(s->out, FXP_ATTRS, id);
	packet_put_attributes(s->out, mode, size, changed);
	packet_put_end(s->out, at);
}

static void
answer_too_many(struct sftp *s, uint32_t id)
{
	fail(s, id, _("Too many files are open at once: close some of them first."));
}

/* ---- handles ---- */

/* The handle of those bytes; NULL. */
static struct sftp_handle *
take_handle(struct sftp *s, struct packet_reader *r)
{
	struct packet_text t = packet_take_text(r);
	if (t.size != HANDLE_BYTES)
		return NULL;
	const unsigned char *data = (const unsigned char *)t.data;
	struct packet_reader inner = { data, data + t.size, false };
	uint32_t place = packet_take_u32(&inner), turn = packet_take_u32(&inner);
	return sftp_find_handle(&s->opened, place, turn);
}

static void
answer_handle(struct sftp *s, uint32_t id, const struct sftp_handle *h)
{
	size_t at = packet_put_begin(s->out, FXP_HANDLE, id);
	packet_put_u32(s->out, HANDLE_BYTES);
	packet_put_u32(s->out, (uint32_t)(h - s->opened.handles));
	packet_put_u32(s->out, h->turn);
	packet_put_end(s->out, at);
}

/* ---- paths ---- */

static int
take_path(struct packet_reader *r, struct buf *path)
{
	struct packet_text t = packet_take_text(r);
	return r->lie ? E_INVALID : path_clean(t.data, t.size, path);
}

/* … of a file: "autre/" is the path of none. */
static int
take_file_path(struct packet_reader *r, struct buf *path)
{
	struct packet_text t = packet_take_text(r);
	int clean = r->lie ? E_INVALID : path_clean(t.data, t.size, path);
	return clean ? clean : path_names_folder(t.data, t.size) ? E_NOT_FOUND : E_OK;
}

/* ---- attributes ---- */

static void
do_stat(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	struct buf path = { 0 }, bytes = { 0 };
	struct file file = { 0 };
	int r = take_path(in, &path);
	if (in->lie)
		return;
	if (!r)
		r = sftp_look(&s->opened, buf_text(&path), &file);
	if (!r)
		r = sftp_make(&s->opened, &file, &bytes);
	if (r)
		answer(s, id, r);
	else
		answer_attributes(s, id, path_mode(&file), file.size, file.changed);
	file_free(&file);
	buf_free(&bytes);
	buf_free(&path);
}

static void
do_fstat(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	struct sftp_handle *h = take_handle(s, in);
	if (in->lie)
		return;
	if (!h)
		answer(s, id, NO_HANDLE);
	else if (h->kind == WRITING)
		answer_attributes(s, id, h->mode, upload_size(h->upload), clock_now());
	else
		answer_attributes(s, id, h->mode, h->size, h->changed);
}

/* A size is meant; owners, modes and times are not ours to change, and clients need not hear of it. */
static void
do_setstat(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	struct buf path = { 0 };
	struct file file = { 0 };
	int r = take_path(in, &path);
	int64_t size = packet_take_size(in);
	if (in->lie)
		goto end;
	if (!r && size >= 0)
		r = sftp_truncate(&s->opened, buf_text(&path), size);
	else if (!r)
		r = sftp_walk(&s->opened, buf_text(&path), &file);
	answer_at(s, id, r, buf_text(&path));
end:
	file_free(&file);
	buf_free(&path);
}

static void
do_fsetstat(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	struct sftp_handle *h = take_handle(s, in);
	int64_t size = packet_take_size(in);
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
do_realpath(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	struct buf path = { 0 };
	int r = take_path(in, &path);
	if (in->lie)
		return;
	if (r) {
		answer(s, id, r);
	} else {
		size_t at = packet_put_begin(s->out, FXP_NAME, id);
		packet_put_u32(s->out, 1);
		packet_put_text(s->out, path.data, path.len);
		packet_put_text(s->out, path.data, path.len);
		packet_put_u32(s->out, 0);
		packet_put_end(s->out, at);
	}
	buf_free(&path);
}

/* ---- files ---- */

static void
do_open(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	struct buf path = { 0 };
	int r = take_file_path(in, &path);
	uint32_t flags = packet_take_u32(in);
	int64_t size = packet_take_size(in);
	if (in->lie)
		goto end;
	s->said = NULL;
	bool writes = flags & (FXF_WRITE | FXF_APPEND);
	struct sftp_handle *h = r ? NULL : sftp_new_handle(&s->opened, writes);
	if (h) {
		h->flags = flags;
		r = writes ? sftp_open_writing(&s->opened, h, buf_text(&path), flags, size)
		    : sftp_open_reading(&s->opened, h, buf_text(&path));
		if (r)
			sftp_close_handle(h);
	}
	if (r)
		answer_at(s, id, r, buf_text(&path));
	else if (h)
		answer_handle(s, id, h);
	else
		answer_too_many(s, id);
end:
	buf_free(&path);
}

/* "What was sent is there" is said once that is so. */
static void
do_close(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	struct sftp_handle *h = take_handle(s, in);
	if (in->lie)
		return;
	if (!h) {
		answer(s, id, NO_HANDLE);
		return;
	}
	int r = h->kind == WRITING ? sftp_finish(h) : h->answer;
	sftp_close_handle(h);
	answer(s, id, r);
}

/* The bytes are read to where they are sent from. */
static void
do_read(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	struct sftp_handle *h = take_handle(s, in);
	uint64_t offset = packet_take_number(in, 8);
	uint32_t n = packet_take_u32(in);
	if (in->lie)
		return;
	if (n > SFTP_DATA_MAX)
		n = SFTP_DATA_MAX;
	size_t at = packet_put_begin(s->out, FXP_DATA, id);
	packet_put_u32(s->out, 0);
	char *to = buf_room(s->out, n);
	int64_t got = !h ? NO_HANDLE : offset > INT64_MAX - SFTP_DATA_MAX ? 0
	    : sftp_read(&s->opened, h, (int64_t)offset, to, n);
	if (got > 0 || (!got && !n)) {
		buf_grow(s->out, (size_t)got);
		packet_put_later(s->out, at + PACKET_HEAD, (uint32_t)got);
		packet_put_end(s->out, at);
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
begin_write(struct sftp *s, struct packet_reader *in, uint32_t size)
{
	const unsigned char *start = in->at;
	packet_take_number(in, 1);
	uint32_t id = packet_take_u32(in);
	struct sftp_handle *h = take_handle(s, in);
	uint64_t offset = packet_take_number(in, 8);
	uint32_t n = packet_take_u32(in);
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
	struct sftp_handle *h = s->writing.handle;
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
do_opendir(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	struct buf path = { 0 };
	struct file file = { 0 };
	int r = take_path(in, &path);
	if (in->lie)
		return;
	if (!r)
		r = sftp_walk(&s->opened, buf_text(&path), &file);
	if (!r && !path_is_folder(&file))
		r = IS_FILE;
	struct sftp_handle *h = r ? NULL : sftp_new_handle(&s->opened, false);
	if (h) {
		h->kind = LISTING;
		h->mode = path_mode(&file);
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

static void
do_readdir(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	struct sftp_handle *h = take_handle(s, in);
	if (in->lie)
		return;
	if (!h || h->kind != LISTING) {
		answer(s, id, NO_HANDLE);
		return;
	}
	size_t at = packet_put_begin(s->out, FXP_NAME, id);
	packet_put_u32(s->out, 0);
	int n = sftp_list(&s->opened, h, s->out);
	if (n > 0) {
		packet_put_later(s->out, at + PACKET_HEAD, (uint32_t)n);
		packet_put_end(s->out, at);
		return;
	}
	buf_cut(s->out, at);
	if (n < 0)
		answer(s, id, n);
	else
		answer_end(s, id);
}

/*
 * "put -r" of OpenSSH tries to make every folder, with the mode that it has there, and goes on where it is: of that no
 * word is said aloud. What a person types comes with this mode, or from PuTTY with none.
 */
static bool
is_typed(int mode)
{
	return mode < 0 || mode == 0777;
}

static void
do_mkdir(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	struct buf path = { 0 }, name = { 0 };
	char shelf[SHELF_MAX + 1];
	struct file made = { 0 };
	int r = take_path(in, &path);
	int mode = packet_take_mode(in);
	if (in->lie)
		goto end;
	s->said = NULL;
	if (!r)
		r = path_place(s->opened.db, buf_text(&path), shelf, &name);
	if (!r)
		r = folder_make(s->opened.db, shelf, buf_text(&name), &made);
	if (r == E_EXISTS && is_typed(mode))
		fail(s, id, error_text(r));
	else
		answer_at(s, id, r, buf_text(&path));
end:
	file_free(&made);
	buf_free(&name);
	buf_free(&path);
}

/* ---- removing and renaming ---- */

static void
remove_path(struct sftp *s, uint32_t id, struct packet_reader *in, bool folder)
{
	struct buf path = { 0 };
	int r = take_path(in, &path);
	if (!r && !in->lie)
		r = sftp_remove(&s->opened, buf_text(&path), folder);
	if (!in->lie)
		answer_at(s, id, r, buf_text(&path));
	buf_free(&path);
}

static void
do_remove(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	remove_path(s, id, in, false);
}

static void
do_rmdir(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	remove_path(s, id, in, true);
}

/* Of the two paths of a refused renaming the one that is to blame. */
static const char *
blamed(struct sftp *s, const char *from, const char *to)
{
	struct file file = { 0 };
	bool from_goes = !sftp_walk(&s->opened, from, &file) && file.changes && file.item.n;
	file_free(&file);
	return from_goes ? to : from;
}

static void
rename_path(struct sftp *s, uint32_t id, struct packet_reader *in, bool replaces)
{
	struct buf from = { 0 }, to = { 0 };
	int r = take_path(in, &from), r2 = take_path(in, &to);
	if (!r && !in->lie)
		r = r2 ? r2 : sftp_rename(&s->opened, buf_text(&from), buf_text(&to), replaces);
	if (!in->lie)
		answer_at(s, id, r, r == E_DENIED ? blamed(s, buf_text(&from), buf_text(&to)) : "/");
	buf_free(&from);
	buf_free(&to);
}

static void
do_rename(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	rename_path(s, id, in, false);
}

/* ---- what OpenSSH added ---- */

static void
do_posix_rename(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	rename_path(s, id, in, true);
}

static void
do_fsync(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	struct sftp_handle *h = take_handle(s, in);
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
	int r = shelf_room(s->opened.db, shelf, &used, &quota);
	if (r && r != E_NOT_FOUND) {
		answer(s, id, r);
		return;
	}
	if (r || !quota)
		quota = used + large;
	uint64_t blocks = (uint64_t)quota / BLOCK;
	uint64_t free = quota > used ? (uint64_t)(quota - used) / BLOCK : 0;
	const uint64_t fields[] = { BLOCK, BLOCK, blocks, free, free, (uint64_t)large, (uint64_t)large,
		(uint64_t)large, 0, NO_SETUID | (shelf_writes(s->opened.db, shelf) ? 0 : READ_ONLY),
		FILE_NAME_MAX };
	packet_put_numbers(s->out, id, fields, sizeof fields / sizeof *fields);
}

static void
do_statvfs(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	struct buf path = { 0 };
	struct file file = { 0 };
	int r = take_path(in, &path);
	if (in->lie)
		return;
	if (!r)
		r = sftp_walk(&s->opened, buf_text(&path), &file);
	if (r)
		answer(s, id, r);
	else
		answer_room(s, id, file.shelf);
	file_free(&file);
	buf_free(&path);
}

static void
do_fstatvfs(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	struct sftp_handle *h = take_handle(s, in);
	if (in->lie)
		return;
	if (h)
		answer_room(s, id, h->shelf);
	else
		answer(s, id, NO_HANDLE);
}

static void
do_limits(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	(void)in;
	const uint64_t fields[] = { SFTP_PACKET_MAX, SFTP_DATA_MAX, SFTP_DATA_MAX, SFTP_HANDLES };
	packet_put_numbers(s->out, id, fields, sizeof fields / sizeof *fields);
}

/* ---- packets ---- */

typedef void (*doer)(struct sftp *s, uint32_t id, struct packet_reader *in);

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
do_unsupported(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	(void)in;
	packet_put_status(s->out, id, FX_OP_UNSUPPORTED, _("There is no such thing here."));
}

static void
do_extended(struct sftp *s, uint32_t id, struct packet_reader *in)
{
	struct packet_text name = packet_take_text(in);
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
	size_t at = packet_put_begin(s->out, FXP_VERSION, SFTP_VERSION);
	for (int i = 0; i < EXTENSIONS; i++) {
		packet_put_text(s->out, extensions[i].name, strlen(extensions[i].name));
		packet_put_text(s->out, extensions[i].version, strlen(extensions[i].version));
	}
	packet_put_end(s->out, at);
	s->greeted = true;
}

/* A packet that is there as a whole. False: a lie. */
static bool
take_packet(struct sftp *s, struct packet_reader *in)
{
	unsigned type = (unsigned)packet_take_number(in, 1);
	uint32_t id = packet_take_u32(in);
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
	struct packet_reader r = { (const unsigned char *)in, (const unsigned char *)in + n, false };
	if (n < LENGTH)
		return 0;
	uint32_t size = packet_take_u32(&r);
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
	s->opened.db = db;
	return s;
}

long
sftp_take(struct sftp *s, const char *in, size_t n, struct buf *out, struct buf *words)
{
	size_t done = 0;
	long taken = 0;
	s->out = out;
	s->words = words;
	if (n)
		db_snapshot_begin(s->opened.db);
	while (out->len < SFTP_OUT_MAX) {
		taken = s->writing.left ? (long)go_on_writing(s, in + done, n - done)
		    : take_next(s, in + done, n - done);
		if (taken < 0)
			log_line(LOG_NOTE, "sftp: a packet that is none, after %zu bytes of %zu", done, n);
		if (taken <= 0)
			break;
		done += (size_t)taken;
	}
	db_snapshot_end(s->opened.db);
	return taken < 0 ? -1 : (long)done;
}

void
sftp_end(struct sftp *s)
{
	for (int i = 0; i < SFTP_HANDLES; i++) {
		struct sftp_handle *h = &s->opened.handles[i];
		if (h->kind == WRITING)
			upload_leave(h->upload);
		if (h->kind != CLOSED)
			sftp_close_handle(h);
	}
	file_saw_all(s->opened.db);
	buf_free(&s->opened.walked.path);
	buf_free(&s->refused);
	free(s);
}
