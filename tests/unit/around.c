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

/* ---- followed ---- */

static struct seen
followed(enum who who)
{
	struct seen seen = { 0 };
	as(who);
	int n = file_followed(s.db, NULL, 1, 100, note_file, &seen);
	assert_int_equal(n, seen.count);
	return seen;
}

struct told {
	int count, unseen;
	char words[300]; /* "kind title|" of those not seen */
	int64_t id;
};

static bool
note_notice(void *ctx, const struct notice *n)
{
	struct told *told = ctx;
	size_t at = strlen(told->words);
	told->count++;
	if (n->seen)
		return true;
	told->unseen++;
	told->id = n->id;
	snprintf(told->words + at, sizeof told->words - at, "%s %s|", n->kind, buf_text(&n->title));
	return true;
}

static struct told
told(enum who who)
{
	struct told told = { 0 };
	as(who);
	notice_page(s.db, 0, 1, 100, note_notice, &told);
	return told;
}
#define assert_told(who, text) assert_string_equal(told(who).words, text)

static void
follow(enum who who, const char *place, bool on, int answer)
{
	as(who);
	assert_int_equal(file_follow(s.db, place, on), answer);
}

static const char *
place_of(item_id item)
{
	static char place[SHELF_MAX + 1];
	snprintf(place, sizeof place, "i%lld", (long long)item.n);
	return place;
}

static void
followers_are_told(void **state)
{
	(void)state;
	char council[SHELF_MAX + 1];
	struct file folder;
	snprintf(council, sizeof council, "c%lld", (long long)s.nimes.n);
	item_id file = put(ALBA, THEME, "affiche"), ours = put(ALBA, council, "à nous");
	follow(VISITOR, THEME, true, E_DENIED);
	follow(XAVIER, "d30", true, E_DENIED);
	follow(XAVIER, "d30.5", true, E_DENIED);
	follow(XAVIER, place_of(ours), true, E_NOT_FOUND);
	follow(XAVIER, council, true, E_NOT_FOUND);
	follow(XAVIER, THEME, true, E_OK);
	follow(XAVIER, THEME, true, E_OK);
	follow(XAVIER, place_of(file), true, E_OK);
	follow(ALBA, THEME, true, E_OK);
	assert_string_equal(followed(XAVIER).names, "1-echanges-de-bonnes-pratiques|affiche|");
	assert_string_equal(followed(XAVIER).where, "30 Gard › 1 Good practice");
	assert_int_equal(followed(BRUNO).count, 0);
	/* One word until it is read, however much comes; not of one's own, nor of what one may not read. */
	put(ALBA, THEME, "deux");
	put(BRUNO, THEME, "trois");
	assert_told(XAVIER, "file-in deux|");
	assert_told(ALBA, "file-in trois|");
	as(XAVIER);
	assert_int_equal(notice_seen(s.db, told(XAVIER).id), E_OK);
	put(ALBA, THEME, "affiche");
	assert_told(XAVIER, "file-version affiche|");
	as(XAVIER);
	assert_int_equal(file_visited(s.db, place_of(file)), E_OK);
	assert_told(XAVIER, "");
	set_level(ALBA, file, "council");
	put(ALBA, THEME, "affiche");
	assert_told(XAVIER, "");
	assert_string_equal(followed(XAVIER).names, "1-echanges-de-bonnes-pratiques|");
	/* Into a folder: put there, made there, moved there. */
	as(ALBA);
	assert_int_equal(folder_make(s.db, "d30.2", "dossier", &folder), E_OK);
	follow(BRUNO, folder.shelf, true, E_OK);
	assert_string_equal(followed(BRUNO).where, "30 Gard › 2 Training and teaching aids");
	as(ALBA);
	assert_int_equal(file_move(s.db, file, folder.shelf, "ailleurs"), E_OK);
	assert_told(BRUNO, "file-in ailleurs|");
	/* In the bin it is gone from the list, and what is let go says nothing more. */
	as(ALBA);
	assert_int_equal(file_bin(s.db, folder.item, true), E_OK);
	assert_int_equal(followed(BRUNO).count, 0);
	follow(XAVIER, THEME, false, E_OK);
	put(ALBA, THEME, "quatre");
	assert_told(XAVIER, "");
	file_free(&folder);
	assert_clean();
}

static void
more_than_a_look(void **state)
{
	(void)state;
	char place[SHELF_MAX + 1];
	struct seen seen = { 0 };
	item_id first = put(ALBA, THEME, "a"), last = { 0 };
	for (int i = 0; i < 120; i++) {
		snprintf(place, sizeof place, "f%d", 10000 + i);
		last = put(ALBA, THEME, place);
		follow(XAVIER, place_of(last), true, E_OK);
		if (i > 5 && i < 115)
			set_level(ALBA, last, "council");
	}
	follow(XAVIER, place_of(first), true, E_OK);
	assert_int_equal(followed(XAVIER).count, 12);
	as(XAVIER);
	assert_int_equal(file_followed(s.db, NULL, 1, 5, note_file, &seen), 5);
	assert_int_equal(file_followed(s.db, seen.sort, 1, 10, note_file, &seen), 7);
	assert_int_equal(file_followed(s.db, seen.sort, -1, 20, note_file, &seen), 11);
	assert_int_equal(file_followed(s.db, seen.sort, -1, 20, note_file, &seen), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_last_changed_first),
		TEST(followers_are_told),
		TEST(more_than_a_look),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
