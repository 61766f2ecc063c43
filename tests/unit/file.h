#ifndef TESTS_UNIT_FILE_H
#define TESTS_UNIT_FILE_H

/* Files put on a shelf, what stands there, what they hold: for the tests about file areas. */
#include "tests/unit/people.h"

#include "db/file.h"

#define THEME "d30.1"

SQL_READ(used_by, "SELECT bytes FROM area_use WHERE area = :area");

/* ---- what stands on a shelf ---- */

struct seen {
	int count;
	char names[2048]; /* "a|b|" */
	char sort[400];
	item_id last;
};

static inline bool
note_file(void *ctx, const struct file *file)
{
	struct seen *seen = ctx;
	seen->count++;
	size_t n = strlen(seen->names);
	snprintf(seen->names + n, sizeof seen->names - n, "%s|", buf_text(&file->name));
	snprintf(seen->sort, sizeof seen->sort, "%s", buf_text(&file->sort));
	seen->last = file->item;
	return true;
}

static inline struct seen
list(enum who who, const char *shelf)
{
	struct seen seen = { 0 };
	as(who);
	int n = file_page(s.db, shelf, NULL, (item_id){ 0 }, 1, 100, note_file, &seen);
	if (n < 0)
		snprintf(seen.names, sizeof seen.names, "error %d", n);
	else
		assert_int_equal(n, seen.count);
	return seen;
}

#define assert_lists(who, shelf, text) assert_string_equal(list(who, shelf).names, text)

/* ---- bytes ---- */

static inline int
send_as(enum who who, const char *shelf, const char *name, enum upload_mode mode, const char *data, size_t n,
    item_id *item)
{
	struct upload *u;
	*item = (item_id){ 0 };
	as(who);
	int r = upload_open(s.db, shelf, name, mode, (int64_t)n, &u);
	if (r)
		return r;
	r = upload_write(u, 0, data, n);
	if (r) {
		upload_drop(u);
		return r;
	}
	return upload_finish(u, item);
}

static inline item_id
put(enum who who, const char *shelf, const char *name, const char *text)
{
	item_id item;
	assert_int_equal(send_as(who, shelf, name, UPLOAD_NEW, text, strlen(text), &item), E_OK);
	assert_true(item.n > 0);
	return item;
}

/* Of what it is now. */
static inline int64_t
read_now(item_id item, int64_t offset, char *out, size_t n)
{
	struct file file;
	int r = file_get(s.db, item, &file);
	if (r)
		return r;
	file_free(&file);
	return file_read(s.db, item, file.content, offset, out, n);
}

static inline void
assert_holds(item_id item, const char *text)
{
	char out[4096];
	int64_t n = read_now(item, 0, out, sizeof out);
	assert_int_equal(n, strlen(text));
	assert_memory_equal(out, text, (size_t)n);
}

static inline void
assert_clean(void)
{
	struct buf faults = { 0 };
	as(SYSOP);
	if (db_check(s.db, &faults))
		fail_msg("%s", buf_text(&faults));
	buf_free(&faults);
}

#endif
