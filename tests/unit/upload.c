/* Bytes of the file areas: sent in any order and taken up again, kept once, versions, limits, what is left behind. */
#include "tests/unit/file.h"

SQL_READ(count_contents, "SELECT count(*) FROM content_key_v WHERE gone = 0");
SQL_READ(count_gone, "SELECT count(*) FROM content_key_v WHERE gone = 1");

/* Sizes around the edges of pieces and transactions, in order. */
static void
bytes_in_order(void **state)
{
	(void)state;
	static const size_t sizes[] = { 0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 4 * CHUNK - 1, 4 * CHUNK, 4 * CHUNK + 1,
		9 * CHUNK + 77 };
	static char data[10 * CHUNK], back[10 * CHUNK];
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (char)(i * 31 + i / 257);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct upload *u;
		item_id item;
		char name[20];
		snprintf(name, sizeof name, "f%zu", i);
		as(ALBA);
		assert_int_equal(upload_open(s.db, "d30.2", name, UPLOAD_NEW, -1, &u), E_OK);
		for (size_t at = 0; at < sizes[i];) {
			size_t n = sizes[i] - at < 32768 ? sizes[i] - at : 32768;
			assert_int_equal(upload_write(u, (int64_t)at, data + at, n), E_OK);
			at += n;
		}
		assert_int_equal(upload_finish(u, &item), E_OK);
		assert_int_equal(read_now(item, 0, back, sizeof back), sizes[i]);
		assert_memory_equal(back, data, sizes[i]);
		assert_int_equal(read_now(item, (int64_t)sizes[i], back, 10), 0);
		if (sizes[i] > 100) {
			assert_int_equal(read_now(item, (int64_t)sizes[i] - 50, back, 100), 50);
			assert_memory_equal(back, data + sizes[i] - 50, 50);
		}
	}
	assert_clean();
}

/* Anywhere, any number, against a copy in memory. */
static void
bytes_in_any_order(void **state)
{
	(void)state;
	enum { MOST = 12 * CHUNK };
	static char model[MOST], piece[3 * CHUNK], back[MOST];
	unsigned seed = 7;
	for (int round = 0; round < 12; round++) {
		struct upload *u;
		item_id item;
		int64_t size = 0;
		memset(model, 0, sizeof model);
		as(ALBA);
		assert_int_equal(upload_open(s.db, "d30.2", "melange.bin", UPLOAD_NEW, -1, &u), E_OK);
		for (int step = 0; step < 25; step++) {
			int64_t at = rand_r(&seed) % (MOST - (int)sizeof piece);
			size_t n = (size_t)rand_r(&seed) % sizeof piece;
			if (step % 4 == 0)
				at = size < MOST - (int64_t)sizeof piece ? size : at;
			if (step == 13) {
				assert_int_equal(upload_truncate(u, size / 2), E_OK);
				memset(model + size / 2, 0, (size_t)(size - size / 2));
				size /= 2;
			}
			for (size_t i = 0; i < n; i++)
				piece[i] = (char)rand_r(&seed);
			assert_int_equal(upload_write(u, at, piece, n), E_OK);
			memcpy(model + at, piece, n);
			size = n && at + (int64_t)n > size ? at + (int64_t)n : size;
			assert_int_equal(upload_size(u), size);
		}
		assert_int_equal(upload_read(u, 0, back, sizeof back), size);
		assert_memory_equal(back, model, (size_t)size);
		assert_int_equal(upload_finish(u, &item), E_OK);
		assert_int_equal(read_now(item, 0, back, sizeof back), size);
		assert_memory_equal(back, model, (size_t)size);
	}
	assert_clean();
}

static void
resumed(void **state)
{
	(void)state;
	static char data[5 * CHUNK + 99], back[sizeof data];
	struct upload *u, *again;
	struct file file;
	item_id item;
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (char)(i * 7 + i / 1000);
	as(ALBA);
	assert_int_equal(upload_open(s.db, THEME, "film.mp4", UPLOAD_NEW, -1, &u), E_OK);
	assert_int_equal(upload_write(u, 0, data, 4 * CHUNK + 1234), E_OK);
	assert_int_equal(upload_open(s.db, THEME, "film.mp4", UPLOAD_RESUME, -1, &again), E_IN_USE);
	upload_leave(u);
	assert_lists(BRUNO, THEME, "");
	as(BRUNO);
	assert_int_equal(file_find(s.db, THEME, "film.mp4", &file), E_NOT_FOUND);
	as(ALBA);
	assert_int_equal(file_find(s.db, THEME, "film.mp4", &file), E_OK);
	assert_int_equal(file.kind, FILE_PARTIAL);
	assert_int_equal(file.size, 4 * CHUNK + 1234);
	file_free(&file);
	assert_int_equal(upload_open(s.db, THEME, "film.mp4", UPLOAD_RESUME, -1, &u), E_OK);
	assert_int_equal(upload_size(u), 4 * CHUNK + 1234);
	assert_int_equal(upload_write(u, upload_size(u), data + upload_size(u), sizeof data - 4 * CHUNK - 1234), E_OK);
	assert_int_equal(upload_finish(u, &item), E_OK);
	assert_int_equal(read_now(item, 0, back, sizeof back), sizeof data);
	assert_memory_equal(back, data, sizeof data);
	assert_lists(BRUNO, THEME, "film.mp4|");
	/* Two lines send the same small thing: whoever is first to stage it has it. */
	as(ALBA);
	assert_int_equal(upload_open(s.db, THEME, "deux.txt", UPLOAD_NEW, -1, &u), E_OK);
	assert_int_equal(upload_open(s.db, THEME, "deux.txt", UPLOAD_NEW, -1, &again), E_OK);
	assert_int_equal(upload_write(u, 0, "un", 2), E_OK);
	assert_int_equal(upload_write(again, 0, "deux", 4), E_OK);
	assert_int_equal(upload_flush(u), E_OK);
	assert_int_equal(upload_flush(again), E_IN_USE);
	upload_drop(again);
	assert_int_equal(upload_finish(u, &item), E_OK);
	assert_holds(item, "un");
	as(ALBA);
	assert_int_equal(file_bin(s.db, item, false), E_OK);
	/* What is there is changed in part, as a version of its own. */
	as(ALBA);
	assert_int_equal(upload_open(s.db, THEME, "film.mp4", UPLOAD_RESUME, -1, &u), E_OK);
	assert_int_equal(upload_size(u), sizeof data);
	assert_int_equal(upload_write(u, CHUNK + 5, "ICI", 3), E_OK);
	assert_int_equal(upload_finish(u, &again == NULL ? NULL : &item), E_OK);
	memcpy(data + CHUNK + 5, "ICI", 3);
	assert_int_equal(read_now(item, 0, back, sizeof back), sizeof data);
	assert_memory_equal(back, data, sizeof data);
	assert_clean();
}

static void
the_same_is_kept_once(void **state)
{
	(void)state;
	static const char large[5 * CHUNK];
	int64_t before = db_one(s.db, count_contents, -1);
	item_id a = put(ALBA, THEME, "a.txt", "Bonjour à tous"), b = put(BRUNO, "d30.2", "b.txt", "Bonjour à tous"), c;
	assert_int_equal(db_one(s.db, count_contents, -1), before + 1);
	assert_int_equal(db_one(s.db, count_gone, -1), 0);
	assert_holds(a, "Bonjour à tous");
	assert_holds(b, "Bonjour à tous");
	/* What was staged before it was known to be there already goes. */
	for (int i = 0; i < 2; i++)
		assert_int_equal(send_as(ALBA, THEME, i ? "c" : "d", UPLOAD_NEW, large, sizeof large, &c), E_OK);
	assert_int_equal(db_one(s.db, count_contents, -1), before + 2);
	assert_int_equal(db_one(s.db, count_gone, -1), 1);
	as(SYSOP);
	assert_int_equal(file_sweep(s.db), 1);
	assert_int_equal(db_one(s.db, count_gone, -1), 0);
	as(ALBA);
	assert_holds(a, "Bonjour à tous");
	assert_clean();
}

struct versions {
	char text[100];
	int64_t oldest;
};

static bool
note_version(void *ctx, const struct file_was *was)
{
	struct versions *v = ctx;
	size_t n = strlen(v->text);
	snprintf(v->text + n, sizeof v->text - n, "%d:%d|", was->version, (int)was->size);
	v->oldest = was->content;
	return true;
}

static void
versions(void **state)
{
	(void)state;
	struct versions v = { 0 }, none = { 0 };
	char out[20];
	item_id a = put(ALBA, THEME, "a.txt", "un"), again = put(ALBA, THEME, "a.txt", "deux");
	assert_int_equal(a.n, again.n);
	assert_holds(a, "deux");
	assert_int_equal(file_versions(s.db, a, note_version, &v), 2);
	assert_string_equal(v.text, "2:4|1:2|");
	assert_int_equal(file_read(s.db, a, v.oldest, 0, out, sizeof out), 2);
	assert_memory_equal(out, "un", 2);
	/* By a number that is none of its own nothing is read. */
	assert_int_equal(file_read(s.db, put(ALBA, THEME, "b.txt", "trois"), v.oldest, 0, out, sizeof out), 0);
	as(ROSA);
	assert_int_equal(file_versions(s.db, a, note_version, &none), 0);
	assert_int_equal(read_now(a, 0, out, sizeof out), 4);
	assert_int_equal(file_put_back(s.db, a, 1), E_DENIED);
	as(ALBA);
	assert_int_equal(file_put_back(s.db, a, 9), E_NOT_FOUND);
	assert_int_equal(file_put_back(s.db, a, 2), E_DONE);
	assert_int_equal(file_put_back(s.db, a, 1), E_OK);
	assert_holds(a, "un");
	as(ALBA);
	assert_int_equal(file_set_level(s.db, a, "public", NULL, 0), E_OK);
	assert_int_equal(file_put_back(s.db, a, 2), E_OK);
	assert_holds(a, "deux");
	assert_clean();
}

/* Who changes another's file sees what he put there and what that was before, and can undo it; not what was earlier. */
static void
changed_by_another(void **state)
{
	(void)state;
	struct versions v = { 0 }, none = { 0 };
	struct file f;
	item_id a = put(ALBA, THEME, "a.txt", "1"), again;
	put(ALBA, THEME, "a.txt", "22");
	again = put(GARD, THEME, "a.txt", "333");
	assert_int_equal(a.n, again.n);
	assert_int_equal(file_get(s.db, a, &f), E_OK);
	assert_int_equal(f.author.n, s.who[ALBA].n);
	assert_int_equal(f.by.n, s.who[GARD].n);
	assert_string_equal(buf_text(&f.author_name), "alba Martin");
	assert_string_equal(buf_text(&f.by_name), "gard Martin");
	file_free(&f);
	file_versions(s.db, a, note_version, &v);
	assert_string_equal(v.text, "3:3|2:2|");
	assert_int_equal(file_put_back(s.db, a, 1), E_NOT_FOUND);
	assert_int_equal(file_put_back(s.db, a, 2), E_OK);
	assert_holds(a, "22");
	as(BRUNO);
	assert_int_equal(file_versions(s.db, a, note_version, &none), 0);
	assert_clean();
}

static struct file
current(item_id item)
{
	struct file f;
	assert_int_equal(file_get(s.db, item, &f), E_OK);
	file_free(&f);
	return f;
}

/* What was found in an earlier version is kept for whoever looks at that. */
static void
text_of_a_version(void **state)
{
	(void)state;
	struct buf text = { 0 };
	int seconds;
	item_id a = put(ALBA, THEME, "a.txt", "Bonjour");
	struct file was = current(a);
	put(ALBA, THEME, "a.txt", "Bonsoir");
	as(ALBA);
	assert_int_equal(file_text(s.db, &was, &text, &seconds), E_EMPTY);
	assert_int_equal(content_keep(s.db, a, was.content, "Bonjour", 7, 0), E_OK);
	assert_int_equal(file_text(s.db, &was, &text, &seconds), E_OK);
	assert_string_equal(buf_text(&text), "Bonjour");
	as(VISITOR);
	assert_int_equal(content_keep(s.db, a, current(put(ALBA, THEME, "b.txt", "Bonne nuit")).content, "x", 1, 0), E_NOT_FOUND);
	buf_free(&text);
}

/* An editor writes beside the file, then puts that in its place. */
static void
replaced(void **state)
{
	(void)state;
	struct versions v = { 0 };
	item_id a = put(ALBA, THEME, "a.txt", "un"), beside = put(ALBA, THEME, ".a.txt.swp", "deux"), his;
	assert_int_equal(file_replace(s.db, beside, a), E_OK);
	assert_lists(ALBA, THEME, "a.txt|");
	assert_holds(a, "deux");
	assert_int_equal(file_versions(s.db, a, note_version, &v), 2);
	his = put(BRUNO, THEME, "b.txt", "trois");
	as(ALBA);
	assert_int_equal(file_replace(s.db, a, his), E_DENIED);
	assert_int_equal(file_replace(s.db, beside, a), E_NOT_FOUND);
	assert_clean();
}

/* Only what may say something is left for the jobs, whether it came in one transaction or in several. */
static void
what_is_to_be_looked_into(void **state)
{
	(void)state;
	static char large[1000000];
	struct buf text = { 0 };
	struct file now;
	item_id item;
	int seconds;
	int64_t size;
	assert_int_equal(send_as(ALBA, THEME, "bytes", UPLOAD_NEW, "\0\1\2", 3, &item), E_OK);
	now = current(item);
	assert_int_equal(file_text(s.db, &now, &text, &seconds), E_OK);
	assert_int_equal(send_as(ALBA, THEME, "many bytes", UPLOAD_NEW, large, sizeof large, &item), E_OK);
	now = current(item);
	assert_int_equal(file_text(s.db, &now, &text, &seconds), E_OK);
	assert_int_equal(content_unread(s.db, 0, &size), 0);
	assert_int_equal(send_as(ALBA, THEME, "words", UPLOAD_NEW, "Bonjour", 7, &item), E_OK);
	now = current(item);
	assert_int_equal(file_text(s.db, &now, &text, &seconds), E_EMPTY);
	memcpy(large, "%PDF-1.4", 8);
	assert_int_equal(send_as(ALBA, THEME, "many words", UPLOAD_NEW, large, sizeof large, &item), E_OK);
	now = current(item);
	assert_int_equal(file_text(s.db, &now, &text, &seconds), E_EMPTY);
	assert_true(content_unread(s.db, 0, &size) > 0);
	assert_int_equal(size, 7);
	buf_free(&text);
}

static void
limits(void **state)
{
	(void)state;
	static char data[3 * CHUNK];
	struct file_limits limits = { .size = 2 * CHUNK, .quota = 5 * CHUNK, .refused = "exe bat" };
	item_id item;
	struct upload *u;
	db_set_files(s.db, &limits);
	static const char *const refused[] = { "a.EXE", "a.exe.", "a.exe. .", "a.exe::$DATA", ".bat" };
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		assert_int_equal(send_as(ALBA, THEME, refused[i], UPLOAD_NEW, "x", 1, &item), E_TYPE);
	assert_int_equal(send_as(ALBA, THEME, "exe", UPLOAD_NEW, "x", 1, &item), E_OK);
	assert_int_equal(send_as(ALBA, THEME, "a", UPLOAD_NEW, data, 2 * CHUNK + 1, &item), E_TOO_BIG);
	as(ALBA);
	assert_int_equal(upload_open(s.db, THEME, "b", UPLOAD_NEW, -1, &u), E_OK);
	assert_int_equal(upload_write(u, 0, data, 2 * CHUNK), E_OK);
	assert_int_equal(upload_write(u, 2 * CHUNK, data, 1), E_TOO_BIG);
	upload_drop(u);
	data[0] = 1;
	assert_int_equal(send_as(ALBA, THEME, "c", UPLOAD_NEW, data, 2 * CHUNK, &item), E_OK);
	data[0] = 2;
	assert_int_equal(send_as(ALBA, "d30.2", "d", UPLOAD_NEW, data, 2 * CHUNK, &item), E_OK);
	data[0] = 3;
	assert_int_equal(send_as(ALBA, "d30.3", "e", UPLOAD_NEW, data, 2 * CHUNK, &item), E_ROOM);
	assert_int_equal(send_as(ALBA, "d30.3", "e", UPLOAD_NEW, data, CHUNK - 1, &item), E_OK);
	assert_int_equal(db_one(s.db, used_by, 0, T("area", "d30")), 5 * CHUNK);
	/* No other name makes it one of a kind that is refused; what was of that kind before keeps its name elsewhere. */
	assert_int_equal(file_move(s.db, item, "d30.3", "e.bat"), E_TYPE);
	assert_int_equal(file_move(s.db, item, "d30.2", "e.txt"), E_OK);
	/* The bin takes room until it is emptied, by who may. */
	assert_int_equal(file_bin(s.db, item, false), E_OK);
	assert_int_equal(send_as(ALBA, "d30.3", "f", UPLOAD_NEW, data, CHUNK - 1, &(item_id){ 0 }), E_ROOM);
	as(BRUNO);
	assert_int_equal(file_purge(s.db, item), E_NOT_FOUND);
	as(ALBA);
	assert_int_equal(file_purge(s.db, item), E_OK);
	assert_int_equal(file_purge(s.db, item), E_NOT_FOUND);
	assert_int_equal(file_restore(s.db, item), E_NOT_FOUND);
	assert_int_equal(db_one(s.db, used_by, 0, T("area", "d30")), 4 * CHUNK + 1);
	assert_int_equal(send_as(ALBA, "d30.3", "f", UPLOAD_NEW, data, CHUNK - 1, &item), E_OK);
	assert_clean();
}

/* … of whoever began it; gone on with it counts once. */
static void
what_was_cut_off_takes_room(void **state)
{
	(void)state;
	static char data[2 * CHUNK];
	struct file_limits limits = { .size = 2 * CHUNK, .quota = 3 * CHUNK, .refused = "" };
	struct upload *u;
	item_id item;
	db_set_files(s.db, &limits);
	as(ALBA);
	assert_int_equal(upload_open(s.db, THEME, "reste.bin", UPLOAD_NEW, -1, &u), E_OK);
	assert_int_equal(upload_write(u, 0, data, 2 * CHUNK), E_OK);
	upload_leave(u);
	assert_int_equal(send_as(ALBA, "d30.2", "a", UPLOAD_NEW, data, CHUNK + 1, &item), E_ROOM);
	assert_int_equal(send_as(BRUNO, "d30.2", "a", UPLOAD_NEW, data, CHUNK, &item), E_OK);
	as(ALBA);
	assert_int_equal(upload_open(s.db, THEME, "reste.bin", UPLOAD_RESUME, -1, &u), E_OK);
	assert_int_equal(upload_size(u), 2 * CHUNK);
	assert_int_equal(upload_finish(u, &item), E_OK);
	assert_clean();
}

static void
cold_uploads_go(void **state)
{
	(void)state;
	struct upload *u;
	as(ALBA);
	assert_int_equal(upload_open(s.db, THEME, "reste.bin", UPLOAD_NEW, -1, &u), E_OK);
	assert_int_equal(upload_write(u, 0, "xyz", 3), E_OK);
	upload_leave(u);
	assert_clean();
	as(SYSOP);
	assert_int_equal(file_sweep(s.db), 0);
	set_clock(T0 + 2 * DAY);
	assert_int_equal(file_sweep(s.db), 2);
	set_clock(T0);
	assert_clean();
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(bytes_in_order),
		TEST(bytes_in_any_order),
		TEST(resumed),
		TEST(the_same_is_kept_once),
		TEST(versions),
		TEST(changed_by_another),
		TEST(text_of_a_version),
		TEST(replaced),
		TEST(what_is_to_be_looked_into),
		TEST(limits),
		TEST(what_was_cut_off_takes_room),
		TEST(cold_uploads_go),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
