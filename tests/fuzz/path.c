/*
 * Fuzzes paths and names of the file areas. Up to a line's end stands a path as a client types it: it is cleaned,
 * walked, parted, its last step taken as a name; what is behind is said by a client of the old scp that sends to it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "bbs/base/text.h"
#include "bbs/path.h"
#include "bbs/scp.h"
#include "tests/fuzz/store.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
see(bool good)
{
	if (!good)
		abort();
}

/* What was cleaned begins at the top, has no step that is none, and is clean. */
static void
look_at_path(const struct buf *path)
{
	struct buf again = { 0 };
	const char *text = path->data;
	see(*text == '/' && strlen(text) == path->len && path->len <= PATH_BYTES_MAX + 1);
	for (const char *slash = text; slash; slash = strchr(slash + 1, '/')) {
		size_t n = strcspn(slash + 1, "/");
		see(n || path->len == 1);
		see(!(n == 1 && slash[1] == '.') && !(n == 2 && slash[1] == '.' && slash[2] == '.'));
	}
	see(!path_clean(text, path->len, &again) && !strcmp(buf_text(&again), text));
	buf_free(&again);
}

/* A name that is kept is kept as it is, can be typed again, and orders by what can be stored. */
static void
look_at_name(const char *typed)
{
	struct buf name = { 0 }, again = { 0 }, sort = { 0 }, folded = { 0 };
	if (!file_check_name(typed, &name)) {
		see(name.len > 0 && name.len <= FILE_NAME_MAX && strlen(name.data) == name.len);
		see(!u8_check((const uint8_t *)name.data, name.len) && !strpbrk(name.data, "/\n\r\t\033\177"));
		see(!file_check_name(name.data, &again) && !strcmp(name.data, again.data));
		text_sort_key(&sort, name.data);
		text_fold(&folded, name.data);
		see(strlen(buf_text(&sort)) == sort.len && strlen(buf_text(&folded)) == folded.len);
		see(!u8_check((const uint8_t *)buf_text(&folded), folded.len));
		/* What has no sign of a pattern matches itself alone. */
		see(path_matches("*", name.data) && path_matches(name.data, name.data));
		path_matches(name.data, "a*a*a?é");
		see(strpbrk(name.data, "*?") || !path_matches(name.data, ".") || !strcmp(name.data, "."));
		file_name_travels(name.data);
	}
	buf_free(&name);
	buf_free(&again);
	buf_free(&sort);
	buf_free(&folded);
}

/* Whatever is typed has an answer, and one that is found is found again by its own path. */
static void
look_for(struct db *db, const char *path)
{
	struct file file, same;
	struct buf name = { 0 }, own = { 0 };
	char shelf[SHELF_MAX + 1];
	int r = file_walk(db, path, &file);
	see(!r || r == E_NOT_FOUND || r == E_TOO_LONG);
	if (!r) {
		file_path(db, &file, &own);
		see(!file_walk(db, buf_text(&own), &same));
		see(same.kind == file.kind && same.item.n == file.item.n && !strcmp(same.shelf, file.shelf));
		see(path_mode(&same) == path_mode(&file));
		file_free(&same);
		file_free(&file);
	}
	if (!path_place(db, path, shelf, &name))
		see(strlen(shelf) <= SHELF_MAX && name.len > 0 && !strchr(name.data, '/'));
	buf_free(&name);
	buf_free(&own);
	see(db_idle(db));
}

/* ---- the old scp ---- */

struct talk {
	struct command_io io;
	const uint8_t *at, *end;
};

/* It comes in pieces. */
static long
hear(struct command_io *io, char *data, size_t size)
{
	enum { PIECE = 100 };
	struct talk *t = (struct talk *)io;
	size_t n = (size_t)(t->end - t->at);
	if (n > PIECE)
		n = PIECE;
	if (n > size)
		n = size;
	memcpy(data, t->at, n);
	t->at += n;
	return (long)n;
}

/* What is said to who sends is an answer: no control character reaches his terminal. */
static void
say(struct command_io *io, const char *data, size_t size, bool error)
{
	(void)io;
	(void)error;
	for (size_t i = 0; i < size; i++)
		see((unsigned char)data[i] >= ' ' || data[i] == '\n' || (i == 0 && data[i] <= 2));
}

static void
send_to(struct db *db, const char *path, const uint8_t *data, size_t size)
{
	struct talk t = { .io = { .write = say, .read = hear }, .at = data, .end = data + size };
	const char *const words[] = { size & 1 ? "-tr" : "-t", path };
	int r = scp_run(db, &t.io, 2, words);
	see(r >= 0 && r <= 2 && db_idle(db));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct db *db;
	struct buf path = { 0 }, typed = { 0 };
	if (!db)
		db = make_store();
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	size_t n = end ? (size_t)(end - data) : size;
	if (!path_clean((const char *)data, n, &path)) {
		look_at_path(&path);
		look_for(db, path.data);
		look_at_name(strrchr(path.data, '/') + 1);
		buf_add(&typed, (const char *)data, n);
		look_for(db, buf_text(&typed));
		if (end)
			send_to(db, buf_text(&typed), end + 1, size - n - 1);
	}
	buf_free(&path);
	buf_free(&typed);
	return 0;
}
