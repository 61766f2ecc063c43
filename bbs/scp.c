/* The old scp protocol: each side says what comes, and waits for a byte of zero. Rights are db/file.h's. */
#include "bbs/scp.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/text.h"
#include "bbs/made.h"
#include "bbs/path.h"

enum {
	BLOCK = 128 * 1024,  /* read and sent at once; two pieces of the store */
	LINE_MAX_BYTES = PATH_BYTES_MAX + 64,
	DEPTH_MAX = 64,      /* folders in each other that are taken */
	PAGE = 100,
};

struct scp {
	struct db *db;
	struct command_io *io;
	bool recursive, times, to_folder;
	bool over;     /* the other side is gone, or made no sense */
	int failures;
	struct buf in; /* read, and not taken yet from `at` on */
	size_t at;
	struct upload *upload; /* what is being received */
};

/* ---- bytes ---- */

static void
put(struct scp *s, const char *data, size_t n)
{
	s->io->write(s->io, data, n, false);
}

static void
put_ack(struct scp *s)
{
	put(s, "", 1);
}

/* Something is there, or the talk is over. */
static bool
fill(struct scp *s)
{
	if (s->at < s->in.len)
		return true;
	buf_cut(&s->in, 0);
	s->at = 0;
	long n = s->over ? 0 : s->io->read(s->io, buf_room(&s->in, BLOCK), BLOCK);
	if (n > 0)
		buf_grow(&s->in, (size_t)n);
	s->over = n <= 0;
	return !s->over;
}

/* The next byte, 0 at the end. */
static char
take_byte(struct scp *s)
{
	return fill(s) ? s->in.data[s->at++] : '\0';
}

/* The rest of a line, without its end; what is too long is the end of the talk. */
static void
take_line(struct scp *s, struct buf *line)
{
	char c;
	buf_cut(line, 0);
	while ((c = take_byte(s)) && c != '\n' && line->len < LINE_MAX_BYTES)
		buf_char(line, c);
	if (c != '\n')
		s->over = true;
}

/* The other side is told what it cannot have, and goes on. */
static void
complain(struct scp *s, const char *what, const char *why)
{
	struct buf line = { 0 }, clean = { 0 };
	buf_fmt(&line, "%s%s%s", what, *what ? ": " : "", why);
	text_clean(&clean, line.data, line.len, TEXT_LINE);
	buf_cut(&line, 0);
	buf_fmt(&line, "\1scp: %s\n", buf_text(&clean));
	put(s, line.data, line.len);
	buf_free(&line);
	buf_free(&clean);
	s->failures++;
}

/* … of what it was to put there. */
static void
complain_of(struct scp *s, const char *shelf, const char *name, int r)
{
	struct buf why = { 0 };
	if (r == E_DENIED)
		path_refusal(s->db, shelf, name, &why);
	complain(s, name, why.len ? why.data : error_text(r));
	buf_free(&why);
}

static void
give_up(struct scp *s)
{
	struct buf line = { 0 };
	buf_fmt(&line, "\2scp: %s\n", _("This is not the protocol of scp."));
	put(s, line.data, line.len);
	buf_free(&line);
	s->failures++;
	s->over = true;
}

/* A word of the other side: a zero, or a sentence, which its own user sees. */
static bool
hear_answer(struct scp *s)
{
	struct buf line = { 0 };
	char c = take_byte(s);
	if (s->over)
		return false;
	if (c == '\1' || c == '\2') {
		take_line(s, &line);
		s->failures++;
		s->over = s->over || c == '\2';
	} else if (c) {
		give_up(s);
	}
	buf_free(&line);
	return !c;
}

/* ---- taking ---- */

/* Where to: a shelf, and the name there; NULL: as it is called by the other side. */
struct target {
	char shelf[SHELF_MAX + 1];
	const char *name;
};

/* So many bytes, whatever becomes of them. What went wrong. */
static int
take_bytes(struct scp *s, struct upload *u, int64_t size)
{
	int r = E_OK;
	for (int64_t at = 0; at < size && fill(s);) {
		size_t n = s->in.len - s->at;
		if ((int64_t)n > size - at)
			n = (size_t)(size - at);
		if (!r)
			r = upload_write(u, at, s->in.data + s->at, n);
		s->at += n;
		at += (int64_t)n;
	}
	return r;
}

/* What was cut stays for a day; what has no room never will. */
static int
end_upload(struct scp *s, int r, bool whole)
{
	struct upload *u = s->upload;
	item_id item;
	s->upload = NULL;
	if (r == E_TOO_BIG || r == E_ROOM)
		upload_drop(u);
	else if (r || !whole)
		upload_leave(u);
	else
		r = upload_finish(u, &item);
	return r;
}

static void
take_file(struct scp *s, const struct target *to, const char *name, int64_t size)
{
	const char *there = to->name ? to->name : name;
	int r = upload_open(s->db, to->shelf, there, UPLOAD_NEW, size, &s->upload);
	if (r) {
		complain_of(s, to->shelf, there, r);
		return;
	}
	put_ack(s);
	r = take_bytes(s, s->upload, size);
	bool whole = !s->over && hear_answer(s);
	r = end_upload(s, r, whole);
	if (s->over)
		return;
	if (r)
		complain(s, name, error_text(r));
	else
		put_ack(s);
}

static void
take_all(struct scp *s, const struct target *to, int depth);

/* The folder of that name, made if it is not there; whose shelf. */
static int
enter(struct scp *s, const struct target *to, const char *name, char shelf[SHELF_MAX + 1])
{
	struct file folder = { 0 };
	int r = file_find(s->db, to->shelf, name, &folder);
	if (r == E_NOT_FOUND)
		r = folder_make(s->db, to->shelf, name, &folder);
	else if (!r && !path_is_folder(&folder))
		r = E_EXISTS;
	memcpy(shelf, folder.shelf, sizeof folder.shelf);
	file_free(&folder);
	return r;
}

static void
take_folder(struct scp *s, const struct target *to, const char *name, int depth)
{
	struct target inside = { .name = NULL };
	const char *there = to->name ? to->name : name;
	bool deep = !s->recursive || depth == DEPTH_MAX;
	int r = deep ? E_DENIED : enter(s, to, there, inside.shelf);
	if (r && deep) {
		complain(s, name, error_text(r));
		return;
	}
	if (r) {
		complain_of(s, to->shelf, there, r);
		return;
	}
	put_ack(s);
	take_all(s, &inside, depth + 1);
}

/* "C0644 12 name", "D0755 0 name": without its first letter. */
static void
take_entry(struct scp *s, const struct target *to, char kind, const char *line, int depth)
{
	struct buf name = { 0 };
	const char *size = strchr(line, ' '), *typed = size ? strchr(size + 1, ' ') : NULL;
	char *end = NULL;
	int64_t bytes = size ? strtoll(size + 1, &end, 10) : -1;
	if (!typed || end != typed || bytes < 0) {
		give_up(s);
		return;
	}
	int r = file_check_name(typed + 1, &name);
	if (r)
		complain(s, "", error_text(r));
	else if (kind == 'C')
		take_file(s, to, buf_text(&name), bytes);
	else
		take_folder(s, to, buf_text(&name), depth);
	buf_free(&name);
}

/* What comes, to the end of the folder or of all. */
static void
take_all(struct scp *s, const struct target *to, int depth)
{
	struct buf line = { 0 };
	while (!s->over && fill(s)) {
		char kind = take_byte(s);
		take_line(s, &line);
		if (s->over)
			break;
		if (kind == 'E' && depth) {
			put_ack(s);
			break;
		}
		if (kind == 'T')
			put_ack(s);
		else if (kind == 'C' || kind == 'D')
			take_entry(s, to, kind, buf_text(&line), depth);
		else if (kind == '\1')
			s->failures++;
		else
			give_up(s);
	}
	buf_free(&line);
}

/* To a folder as things are called, or to something new under its own name. */
static void
take_to(struct scp *s, const char *path)
{
	struct file folder = { 0 };
	struct buf name = { 0 };
	struct target to = { .name = NULL };
	int r = file_walk(s->db, path, &folder);
	if (!r && path_is_folder(&folder)) {
		memcpy(to.shelf, folder.shelf, sizeof to.shelf);
	} else if (s->to_folder) {
		r = E_NOT_FOUND;
	} else {
		r = path_place(s->db, path, to.shelf, &name);
		to.name = buf_text(&name);
	}
	if (r) {
		complain(s, path, error_text(r));
	} else {
		put_ack(s);
		take_all(s, &to, 0);
	}
	buf_free(&name);
	file_free(&folder);
}

/* ---- sending ---- */

/* "T" if times are wanted, then that line; whether the other side takes it. */
static bool
announce(struct scp *s, const struct file *file, char kind, int64_t size)
{
	struct buf line = { 0 };
	bool taken = true;
	if (s->times) {
		int64_t when = file->changed ? file->changed : clock_now();
		buf_fmt(&line, "T%" PRId64 " 0 %" PRId64 " 0\n", when, when);
		put(s, line.data, line.len);
		buf_cut(&line, 0);
		taken = hear_answer(s);
	}
	if (taken) {
		buf_fmt(&line, "%c%04o %" PRId64 " %s\n", kind, (unsigned)path_mode(file) & 0777, size,
		    file->name.len ? file->name.data : "palabre");
		put(s, line.data, line.len);
		taken = hear_answer(s);
	}
	buf_free(&line);
	return taken;
}

/* All that was announced, whatever becomes of the file meanwhile. */
static int
send_bytes(struct scp *s, const struct file *file)
{
	char *block = mem_alloc(BLOCK);
	int r = E_OK;
	file_saw(s->db, file->item);
	for (int64_t at = 0, size = file->size; at < size;) {
		size_t n = size - at < BLOCK ? (size_t)(size - at) : BLOCK;
		int64_t got = r ? 0 : file_read(s->db, file->item, file->content, at, block, n);
		if (got <= 0) {
			r = got < 0 ? (int)got : E_NOT_FOUND;
			memset(block, 0, n);
			got = (int64_t)n;
		}
		put(s, block, (size_t)got);
		at += got;
	}
	free(block);
	return r;
}

static void
send_file(struct scp *s, const struct file *file)
{
	struct buf made = { 0 };
	int r = file->kind == FILE_MADE ? made_file(s->db, file, &made) : E_OK;
	int64_t size = file->kind == FILE_MADE ? (int64_t)made.len : file->size;
	if (file->kind == FILE_PARTIAL)
		complain_of(s, file->shelf, buf_text(&file->name), E_DENIED);
	else if (r)
		complain(s, buf_text(&file->name), error_text(r));
	else if (announce(s, file, 'C', size)) {
		if (file->kind == FILE_MADE)
			put(s, buf_text(&made), made.len);
		else
			r = send_bytes(s, file);
		if (r)
			complain(s, buf_text(&file->name), error_text(r));
		else
			put_ack(s);
		hear_answer(s);
	}
	buf_free(&made);
}

/* Where a folder has been sent to, and what of it is sent. */
struct place {
	struct scp *scp;
	const char *pattern;
	int matched;
	struct buf sort;
	item_id item;
};

static void
send_folder(struct scp *s, const struct file *folder);

static bool
send_entry(void *ctx, const struct file *file)
{
	struct place *place = ctx;
	buf_cut(&place->sort, 0);
	buf_str(&place->sort, buf_text(&file->sort));
	place->item = file->item;
	if (!path_matches(place->pattern, buf_text(&file->name)))
		return true;
	place->matched++;
	if (path_is_folder(file))
		send_folder(place->scp, file);
	else
		send_file(place->scp, file);
	return !place->scp->over;
}

/* What on that shelf matches, folders with -r only; how much there was. */
static int
send_matching(struct scp *s, const char *shelf, const char *pattern)
{
	struct place place = { .scp = s, .pattern = pattern };
	while (!s->over && file_page(s->db, shelf, place.sort.data, place.item, 1, PAGE, send_entry, &place) == PAGE)
		;
	buf_free(&place.sort);
	return place.matched;
}

static void
send_folder(struct scp *s, const struct file *folder)
{
	if (!s->recursive)
		complain(s, buf_text(&folder->name), _("This is a folder: scp takes it with -r."));
	if (!s->recursive || !announce(s, folder, 'D', 0))
		return;
	send_matching(s, folder->shelf, "*");
	if (s->over)
		return;
	put(s, "E\n", 2);
	hear_answer(s);
}

/* A clean path whose last step is a pattern. */
static int
send_pattern(struct scp *s, const char *path)
{
	struct buf typed = { 0 }, pattern = { 0 };
	char shelf[SHELF_MAX + 1];
	int r = path_place(s->db, path, shelf, &typed);
	if (!r)
		r = strpbrk(buf_text(&typed), "*?") ? file_check_name(typed.data, &pattern) : E_NOT_FOUND;
	if (!r && !send_matching(s, shelf, pattern.data))
		r = E_NOT_FOUND;
	buf_free(&typed);
	buf_free(&pattern);
	return r;
}

/* What bears exactly this name, though it may look like a pattern; else what matches. */
static void
send_path(struct scp *s, const char *typed)
{
	struct buf path = { 0 };
	struct file file = { 0 };
	int r = path_clean(typed, strlen(typed), &path);
	if (!r)
		r = file_walk(s->db, path.data, &file);
	if (r == E_NOT_FOUND)
		r = send_pattern(s, path.data);
	else if (!r && path_is_folder(&file))
		send_folder(s, &file);
	else if (!r)
		send_file(s, &file);
	if (r)
		complain(s, typed, error_text(r));
	file_free(&file);
	buf_free(&path);
}

/* ---- a call ---- */

/* The line was cut. */
static bool
part(void *ctx)
{
	struct scp *s = ctx;
	if (s->upload)
		upload_leave(s->upload);
	s->upload = NULL;
	file_saw_all(s->db);
	return true;
}

/* Its letters, several in a word or each in its own. False: one that is none. */
static bool
take_flags(struct scp *s, const char *letters, char *way)
{
	for (; *letters; letters++)
		switch (*letters) {
		case 't':
		case 'f':
			*way = *letters;
			break;
		case 'r':
			s->recursive = true;
			break;
		case 'p':
			s->times = true;
			break;
		case 'd':
			s->to_folder = true;
			break;
		case 'v':
		case 'q':
			break;
		default:
			return false;
		}
	return true;
}

static int
call(struct scp *s, int count, const char *const *words)
{
	struct buf path = { 0 };
	char way = '\0';
	int i = 0, r;
	/* The last flag is -t or -f: behind it a name may begin with a dash. */
	for (; i < count && !way; i++)
		if (words[i][0] != '-' || !take_flags(s, words[i] + 1, &way))
			return 2;
	if (!way || i == count)
		return 2;
	if (way == 'f') {
		for (bool heard = hear_answer(s); heard && i < count && !s->over; i++)
			send_path(s, words[i]);
	} else if ((r = path_clean(words[i], strlen(words[i]), &path))) {
		complain(s, "", error_text(r));
	} else {
		s->to_folder |= path_names_folder(words[i], strlen(words[i]));
		take_to(s, path.data);
	}
	buf_free(&path);
	return s->failures ? 1 : 0;
}

int
scp_run(struct db *db, struct command_io *io, int count, const char *const *words)
{
	struct scp *s = mem_alloc(sizeof *s);
	s->db = db;
	s->io = io;
	io->parting_ctx = s;
	io->parting = part;
	int status = call(s, count, words);
	file_saw_all(db);
	io->parting = NULL;
	buf_free(&s->in);
	free(s);
	return status;
}
