/* What is around a file: the recent ones, followed, discussed, reported, who has seen it. */
#include "tests/unit/people.h"

#include "bbs/base/clock.h"
#include "db/file.h"

#define THEME "d30.1"
#define NOT_FROM (item_id){ 0 }

static item_id
put(enum who who, const char *shelf, const char *name)
{
	struct upload *u;
	item_id item;
	as(who);
	assert_int_equal(upload_open(s.db, shelf, name, UPLOAD_NEW, -1, &u), E_OK);
	assert_int_equal(upload_write(u, 0, name, strlen(name)), E_OK);
	assert_int_equal(upload_finish(u, &item), E_OK);
	return item;
}

static void
set_level(enum who who, item_id item, const char *level)
{
	static const char *const names[] = { "xavier" };
	as(who);
	assert_int_equal(file_set_level(s.db, item, level, names, !strcmp(level, "named")), E_OK);
}

static void
assert_clean(void)
{
	struct buf faults = { 0 };
	as(SYSOP);
	if (db_check(s.db, &faults))
		fail_msg("%s", buf_text(&faults));
	buf_free(&faults);
}

/* ---- lists of files ---- */

struct seen {
	int count;
	char names[1000]; /* "a|b|" */
	char where[400];  /* of the last */
	char sort[40];
	item_id last;
};

static bool
note_file(void *ctx, const struct file *file)
{
	struct seen *seen = ctx;
	size_t n = strlen(seen->names);
	snprintf(seen->names + n, sizeof seen->names - n, "%s|", buf_text(&file->name));
	snprintf(seen->where, sizeof seen->where, "%s", buf_text(&file->title));
	snprintf(seen->sort, sizeof seen->sort, "%s", buf_text(&file->sort));
	seen->last = file->item;
	seen->count++;
	return true;
}

static struct seen
recent(enum who who)
{
	struct seen seen = { 0 };
	as(who);
	int n = file_recent(s.db, NULL, NOT_FROM, 1, 100, note_file, &seen);
	assert_int_equal(n, seen.count);
	return seen;
}
#define assert_recent(who, text) assert_string_equal(recent(who).names, text)

/* ---- the recent ones ---- */

static void
the_last_changed_first(void **state)
{
	(void)state;
	char own[SHELF_MAX + 1], council[SHELF_MAX + 1];
	struct file folder;
	snprintf(own, sizeof own, "m%lld", (long long)s.who[ALBA].n);
	snprintf(council, sizeof council, "c%lld", (long long)s.nimes.n);
	set_clock(T0);
	item_id old = put(ALBA, THEME, "vieux");
	set_clock(T0 + 10);
	put(ALBA, own, "à moi");
	set_clock(T0 + 20);
	item_id minutes = put(BRUNO, council, "compte rendu");
	set_clock(T0 + 30);
	as(ALBA);
	assert_int_equal(folder_make(s.db, THEME, "dossier", &folder), E_OK);
	put(ALBA, folder.shelf, "dedans");
	assert_recent(ALBA, "dedans|compte rendu|à moi|vieux|");
	assert_recent(BRUNO, "dedans|compte rendu|vieux|");
	assert_recent(XAVIER, "dedans|vieux|");
	assert_recent(VISITOR, "");
	assert_string_equal(recent(XAVIER).where, "30 Gard › 1 Good practice");
	/* Changed, it is the first; opened to others, it stands before them in its place. */
	set_clock(T0 + 40);
	assert_int_equal(put(ALBA, THEME, "vieux").n, old.n);
	assert_recent(XAVIER, "vieux|dedans|");
	set_level(BRUNO, minutes, "public");
	assert_recent(XAVIER, "vieux|dedans|compte rendu|");
	assert_recent(VISITOR, "compte rendu|");
	set_level(BRUNO, minutes, "named");
	assert_recent(VISITOR, "");
	assert_recent(ALBA, "vieux|dedans|à moi|");
	assert_recent(XAVIER, "vieux|dedans|compte rendu|");
	assert_string_equal(recent(VISITOR).where, "");
	/* Page by page, both ways. */
	struct seen seen = { 0 };
	as(XAVIER);
	assert_int_equal(file_recent(s.db, NULL, NOT_FROM, 1, 1, note_file, &seen), 1);
	assert_int_equal(file_recent(s.db, seen.sort, seen.last, 1, 1, note_file, &seen), 1);
	assert_string_equal(seen.names, "vieux|dedans|");
	assert_int_equal(file_recent(s.db, seen.sort, seen.last, -1, 5, note_file, &seen), 1);
	assert_string_equal(seen.names, "vieux|dedans|vieux|");
	/* Not while it is in the bin; and where it was when it comes back. */
	as(ALBA);
	assert_int_equal(file_bin(s.db, folder.item, true), E_OK);
	assert_recent(XAVIER, "vieux|compte rendu|");
	as(ALBA);
	assert_int_equal(file_restore(s.db, folder.item), E_OK);
	assert_recent(XAVIER, "vieux|dedans|compte rendu|");
	file_free(&folder);
	assert_clean();
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_last_changed_first),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
