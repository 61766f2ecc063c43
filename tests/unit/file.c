/* File areas: the tree, who sees and changes what, bytes sent in any order, the bin. */
#include "tests/unit/people.h"

#include "bbs/base/clock.h"
#include "db/file.h"
#include "db/sqlite.h"

#define THEME "d30.1"

SQL_READ(count_contents, "SELECT count(*) FROM content_key_v WHERE gone = 0");
SQL_READ(count_gone, "SELECT count(*) FROM content_key_v WHERE gone = 1");
SQL_READ(used_by, "SELECT bytes FROM area_use WHERE area = :area");

/* ---- what stands on a shelf ---- */

struct seen {
	int count;
	char names[2048]; /* "a|b|" */
	char sort[400];
	item_id last;
};

static bool
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

static struct seen
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

static int
walk(enum who who, const char *path)
{
	struct file file;
	as(who);
	int r = file_walk(s.db, path, &file);
	file_free(&file);
	return r;
}

/* ---- bytes ---- */

static int
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

static item_id
put(enum who who, const char *shelf, const char *name, const char *text)
{
	item_id item;
	assert_int_equal(send_as(who, shelf, name, UPLOAD_NEW, text, strlen(text), &item), E_OK);
	assert_true(item.n > 0);
	return item;
}

/* Of what it is now. */
static int64_t
read_now(item_id item, int64_t offset, char *out, size_t n)
{
	struct file file;
	int r = file_get(s.db, item, &file);
	if (r)
		return r;
	file_free(&file);
	return file_read(s.db, item, file.content, offset, out, n);
}

static void
assert_holds(item_id item, const char *text)
{
	char out[4096];
	int64_t n = read_now(item, 0, out, sizeof out);
	assert_int_equal(n, strlen(text));
	assert_memory_equal(out, text, (size_t)n);
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

/* ---- tests ---- */

static void
names(void **state)
{
	(void)state;
	static const struct {
		const char *typed;
		int answer;
		const char *name;
	} cases[] = {
		{ "compte rendu.odt", E_OK, "compte rendu.odt" },
		{ "e\u0301te\u0301.txt", E_OK, "été.txt" },
		{ "-rf", E_OK, "-rf" },
		{ " devant et derrière ", E_OK, " devant et derrière " },
		{ "🌻.jpg", E_OK, "🌻.jpg" },
		{ "", E_INVALID, NULL },
		{ ".", E_INVALID, NULL },
		{ "..", E_INVALID, NULL },
		{ "a/b", E_INVALID, NULL },
		{ "a\nb", E_INVALID, NULL },
		{ "a\x1b[2Jb", E_INVALID, NULL },
		{ "\xe9t\xe9", E_INVALID, NULL },
		{ "a\u202eb", E_INVALID, NULL },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf name = { 0 };
		assert_int_equal(file_check_name(cases[i].typed, &name), cases[i].answer);
		if (cases[i].name)
			assert_string_equal(buf_text(&name), cases[i].name);
		buf_free(&name);
	}
	char long_name[FILE_NAME_MAX + 2];
	struct buf name = { 0 };
	memset(long_name, 'x', sizeof long_name);
	long_name[FILE_NAME_MAX + 1] = '\0';
	assert_int_equal(file_check_name(long_name, &name), E_TOO_LONG);
	buf_free(&name);
	long_name[FILE_NAME_MAX] = '\0';
	assert_int_equal(file_check_name(long_name, &name), E_OK);
	buf_free(&name);
}

static void
the_tree(void **state)
{
	(void)state;
	assert_lists(VISITOR, "", "departements|ressources|");
	assert_lists(ALBA, "", "departements|groupes|ressources|partages|mon-departement|mon-conseil|moi|");
	assert_lists(ALBA, "d30", "1-echanges-de-bonnes-pratiques|2-formations-supports-pedagogiques|"
	    "3-modeles-administratifs|4-cadre-juridique|5-annuaire|");
	assert_lists(VISITOR, "d30.5", "annuaire.csv|annuaire.xlsx|annuaire.vcf|");
	assert_true(list(VISITOR, "departements").count == 100);
	assert_int_equal(walk(VISITOR, "/departements/30-gard/1-echanges-de-bonnes-pratiques/"), E_OK);
	assert_int_equal(walk(VISITOR, "departements/./30-gard//.."), E_OK);
	assert_int_equal(walk(VISITOR, "/../.."), E_OK);
	assert_int_equal(walk(VISITOR, "/mon-conseil"), E_NOT_FOUND);
	assert_int_equal(walk(VISITOR, "/departements/30-gard/6-ailleurs"), E_NOT_FOUND);
	assert_int_equal(walk(ALBA, "/mon-conseil/public"), E_OK);
	assert_int_equal(walk(ALBA, "/mon-conseil/../moi"), E_OK);
	assert_lists(ALBA, "c999999", "error -2");
	assert_lists(ALBA, "nulle part", "error -2");
	assert_lists(VISITOR, "partages", "error -2");

	struct file folder, found;
	struct buf path = { 0 };
	as(ALBA);
	assert_int_equal(folder_make(s.db, THEME, "Jardins", &folder), E_OK);
	item_id item = put(ALBA, folder.shelf, "plan.txt", "un plan");
	assert_int_equal(file_get(s.db, item, &found), E_OK);
	file_path(s.db, &found, &path);
	assert_string_equal(buf_text(&path), "/departements/30-gard/1-echanges-de-bonnes-pratiques/Jardins/plan.txt");
	assert_int_equal(walk(ALBA, buf_text(&path)), E_OK);
	assert_int_equal(walk(ALBA, "/departements/30-gard/1-echanges-de-bonnes-pratiques/Jardins/plan.txt/x"),
	    E_NOT_FOUND);
	buf_free(&path);
	file_free(&found);
	file_free(&folder);
}

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
	assert_int_equal(file_put_back(s.db, a, 1), E_OK);
	assert_holds(a, "un");
	as(ALBA);
	assert_int_equal(file_set_level(s.db, a, "public", NULL, 0), E_OK);
	assert_int_equal(file_put_back(s.db, a, 2), E_DENIED);
	assert_clean();
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
	item_id item;
	int seconds;
	int64_t size;
	assert_int_equal(send_as(ALBA, THEME, "bytes", UPLOAD_NEW, "\0\1\2", 3, &item), E_OK);
	assert_int_equal(file_text(s.db, item, &text, &seconds), E_OK);
	assert_int_equal(send_as(ALBA, THEME, "many bytes", UPLOAD_NEW, large, sizeof large, &item), E_OK);
	assert_int_equal(file_text(s.db, item, &text, &seconds), E_OK);
	assert_int_equal(content_unread(s.db, 0, &size), 0);
	assert_int_equal(send_as(ALBA, THEME, "words", UPLOAD_NEW, "Bonjour", 7, &item), E_OK);
	assert_int_equal(file_text(s.db, item, &text, &seconds), E_EMPTY);
	memcpy(large, "%PDF-1.4", 8);
	assert_int_equal(send_as(ALBA, THEME, "many words", UPLOAD_NEW, large, sizeof large, &item), E_OK);
	assert_int_equal(file_text(s.db, item, &text, &seconds), E_EMPTY);
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
	assert_int_equal(send_as(ALBA, THEME, "a.EXE", UPLOAD_NEW, "x", 1, &item), E_TYPE);
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

/* A folder goes for good with what was thrown away with it, and its bytes with it. */
static void
purged(void **state)
{
	(void)state;
	struct file folder;
	as(ALBA);
	assert_int_equal(folder_make(s.db, THEME, "Fête", &folder), E_OK);
	item_id inside = put(ALBA, folder.shelf, "a.txt", "rien que là");
	as(ALBA);
	assert_int_equal(file_bin(s.db, folder.item, true), E_OK);
	assert_int_equal(file_purge(s.db, folder.item), E_OK);
	assert_int_equal(file_restore(s.db, inside), E_NOT_FOUND);
	as(SYSOP);
	assert_int_equal(file_sweep(s.db), 1);
	assert_int_equal(db_one(s.db, used_by, 0, T("area", "d30")), 0);
	file_free(&folder);
	assert_clean();
}

/* Who may put something where. */
static void
who_writes(void **state)
{
	(void)state;
	char own[SHELF_MAX + 1], nimes[SHELF_MAX + 1], public[SHELF_MAX + 1];
	snprintf(own, sizeof own, "m%lld", (long long)s.who[ALBA].n);
	snprintf(nimes, sizeof nimes, "c%lld", (long long)s.nimes.n);
	snprintf(public, sizeof public, "c%lld.public", (long long)s.nimes.n);
	const struct {
		const char *shelf;
		enum who who;
		bool writes;
	} cases[] = {
		{ THEME, VISITOR, false }, { THEME, ALBA, true }, { THEME, ANJOU, true }, /* he is of a council in Nîmes */
		{ THEME, GARD, true }, { THEME, REGION, true }, { THEME, EPCI, true }, { "d49.1", ANJOU, true },
		{ "d49.1", GARD, false }, { THEME, SYSOP, true }, { THEME, XAVIER, false },
		{ "d30", ALBA, false }, { "d30.5", SYSOP, false }, { "r1", ALBA, false }, { "r1", GARD, true },
		{ "r2", SYSOP, false }, { "", SYSOP, false }, { "partages", ALBA, false },
		{ own, ALBA, true }, { own, BRUNO, false }, { own, SYSOP, false },
		{ nimes, ALBA, true }, { nimes, XAVIER, false }, { nimes, GARD, false }, { nimes, SYSOP, false },
		{ public, ALBA, true }, { public, XAVIER, false }, { public, VISITOR, false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		item_id item;
		as(cases[i].who);
		if (shelf_writes(s.db, cases[i].shelf) != cases[i].writes)
			fail_msg("case %zu: %s", i, cases[i].shelf);
		struct file shelf = { 0 };
		int found = shelf_get(s.db, cases[i].shelf, &shelf);
		if (shelf.writes != (cases[i].writes && !found))
			fail_msg("case %zu: %s, as a file", i, cases[i].shelf);
		file_free(&shelf);
		char name[20];
		snprintf(name, sizeof name, "essai %zu", i);
		int r = send_as(cases[i].who, cases[i].shelf, name, UPLOAD_NEW, "x", 1, &item);
		if ((r == E_OK) != cases[i].writes)
			fail_msg("case %zu: %s: %d", i, cases[i].shelf, r);
	}
	assert_clean();
}

static int
count_statement(unsigned mask, void *count, void *statement, void *text)
{
	(void)mask;
	(void)statement;
	(void)text;
	++*(int *)count;
	return 0;
}

static bool
count_written_to(void *ctx, const struct file *file)
{
	*(int *)ctx += file->writes;
	return true;
}

/* However many stand there: whether the viewer may change each is asked once. */
static void
listing_asks_once(void **state)
{
	(void)state;
	static const char *const shelves[] = { THEME, "partages", "d30", "departements" };
	int counts[2] = { 0 }, written = 0;
	for (int i = 0; i < 40; i++) {
		struct file made;
		char name[20];
		snprintf(name, sizeof name, "dossier %02d", i);
		as(ALBA);
		assert_int_equal(folder_make(s.db, THEME, name, &made), E_OK);
		assert_int_equal(file_set_level(s.db, made.item, "named", (const char *[]){ "bruno" }, 1), E_OK);
		file_free(&made);
	}
	for (int viewer = 0; viewer < 2; viewer++)
		for (size_t i = 0; i < sizeof shelves / sizeof *shelves; i++) {
			as(viewer ? BRUNO : ALBA);
			for (int n = 0; n < 2; n++) {
				written = counts[n] = 0;
				sqlite3_trace_v2(s.db->handle, SQLITE_TRACE_STMT, count_statement, &counts[n]);
				file_page(s.db, shelves[i], NULL, (item_id){ 0 }, 1, n ? 40 : 4, count_written_to, &written);
				sqlite3_trace_v2(s.db->handle, 0, NULL, NULL);
			}
			assert_true(counts[0] > 0);
			if (counts[0] != counts[1])
				fail_msg("%s: %d statements, then %d", shelves[i], counts[0], counts[1]);
			if (i == 0 && !viewer)
				assert_int_equal(written, 40);
		}
}

/* Every level before every viewer: listed, found, read, all alike. */
static void
who_reads(void **state)
{
	(void)state;
	static const char *const levels[] = { "me", "named", "council", "members", "public" };
	static const char *const names_of[] = { "xavier" };
	item_id items[5];
	for (int i = 0; i < 5; i++) {
		items[i] = put(ALBA, THEME, levels[i], levels[i]);
		assert_int_equal(file_set_level(s.db, items[i], levels[i], names_of, i == 1), E_OK);
	}
	static const struct {
		enum who who;
		const char *sees;
	} cases[] = {
		{ VISITOR, "public|" },
		{ ALBA, "council|me|members|named|public|" },
		{ BRUNO, "council|members|public|" },
		{ XAVIER, "members|named|public|" },
		{ GARD, "members|public|" },
		{ SYSOP, "members|public|" },
	};
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		assert_lists(cases[c].who, THEME, cases[c].sees);
		for (int i = 0; i < 5; i++) {
			struct file file;
			char word[20], out[20];
			snprintf(word, sizeof word, "%s|", levels[i]);
			/* "me|" is a part of no other word that is listed before */
			bool sees = strstr(cases[c].sees, word) != NULL;
			as(cases[c].who);
			assert_int_equal(file_find(s.db, THEME, levels[i], &file), sees ? E_OK : E_NOT_FOUND);
			file_free(&file);
			int r = file_get(s.db, items[i], &file);
			assert_int_equal(r, sees ? E_OK : E_NOT_FOUND);
			if (!r)
				file_free(&file);
			assert_int_equal(read_now(items[i], 0, out, sizeof out),
			    sees ? (int64_t)strlen(levels[i]) : E_NOT_FOUND);
		}
	}
	assert_lists(XAVIER, "partages", "named|");
	assert_lists(ALBA, "partages", "");
	static const int readers[] = { 1, 2, 4, 10, -1 };
	for (int i = 0; i < 5; i++)
		assert_int_equal(file_readers(s.db, items[i]), readers[i]);
	as(VISITOR);
	assert_int_equal(file_readers(s.db, items[0]), 0);
	as(ALBA);
	assert_int_equal(file_set_level(s.db, items[1], "named", (const char *const[]){ "nobody-here" }, 1), E_INVALID);
	as(XAVIER);
	assert_int_equal(file_set_level(s.db, items[3], "public", NULL, 0), E_DENIED);
	assert_int_equal(file_set_level(s.db, items[0], "public", NULL, 0), E_NOT_FOUND);
	assert_clean();
}

static void
twins(void **state)
{
	(void)state;
	struct file file;
	item_id hidden = put(ALBA, THEME, "note.txt", "d'Alba");
	assert_int_equal(file_set_level(s.db, hidden, "me", NULL, 0), E_OK);
	/* Bruno does not see it: his name is as good as any. */
	item_id his = put(BRUNO, THEME, "note.txt", "de Bruno");
	assert_true(his.n != hidden.n);
	assert_lists(BRUNO, THEME, "note.txt|");
	assert_lists(ALBA, THEME, "note.txt|note (2).txt|");
	as(ALBA);
	assert_int_equal(file_find(s.db, THEME, "note (2).txt", &file), E_OK);
	assert_int_equal(file.item.n, his.n);
	file_free(&file);
	assert_int_equal(file_find(s.db, THEME, "note (3).txt", &file), E_NOT_FOUND);
	as(BRUNO);
	assert_int_equal(file_find(s.db, THEME, "note (2).txt", &file), E_NOT_FOUND);
	struct seen seen = { 0 };
	as(ALBA);
	assert_int_equal(file_page(s.db, THEME, NULL, (item_id){ 0 }, 1, 1, note_file, &seen), 1);
	assert_int_equal(file_page(s.db, THEME, seen.sort, seen.last, 1, 5, note_file, &seen), 1);
	assert_string_equal(seen.names, "note.txt|note (2).txt|");
	seen = (struct seen){ 0 };
	assert_int_equal(file_page(s.db, THEME, NULL, (item_id){ 0 }, -1, 5, note_file, &seen), 2);
	assert_string_equal(seen.names, "note (2).txt|note.txt|");
}

static void
moved(void **state)
{
	(void)state;
	char nimes[SHELF_MAX + 1], public[SHELF_MAX + 1];
	struct file folder, inner;
	snprintf(nimes, sizeof nimes, "c%lld", (long long)s.nimes.n);
	snprintf(public, sizeof public, "c%lld.public", (long long)s.nimes.n);
	as(ALBA);
	assert_int_equal(folder_make(s.db, nimes, "Fête", &folder), E_OK);
	assert_int_equal(folder_make(s.db, nimes, "Fête", &inner), E_EXISTS);
	assert_int_equal(folder_make(s.db, nimes, "public", &inner), E_EXISTS);
	assert_int_equal(folder_make(s.db, folder.shelf, "Photos", &inner), E_OK);
	item_id photo = put(ALBA, inner.shelf, "place.jpg", "jpeg");
	as(ALBA);
	assert_int_equal(file_move(s.db, folder.item, inner.shelf, "Fête"), E_INVALID);
	assert_int_equal(walk(XAVIER, "/ressources/publications-des-conseils"), E_OK);
	assert_lists(XAVIER, "r2", "");
	as(ALBA);
	assert_int_equal(file_move(s.db, folder.item, public, "La fête"), E_OK);
	assert_int_equal(list(VISITOR, "r2").count, 1);
	assert_lists(VISITOR, public, "La fête|");
	assert_lists(VISITOR, inner.shelf, "place.jpg|");
	assert_holds(photo, "jpeg");
	char path[2300];
	snprintf(path, sizeof path, "/ressources/publications-des-conseils/%s/La fête/Photos/place.jpg",
	    list(VISITOR, "r2").names);
	*strchr(path, '|') = '/';
	assert_int_equal(walk(VISITOR, path), E_OK);
	/* What stands there for others alone is no publication. */
	as(ALBA);
	assert_int_equal(file_set_level(s.db, folder.item, "council", NULL, 0), E_OK);
	assert_int_equal(list(VISITOR, "r2").count, 0);
	as(ALBA);
	assert_int_equal(file_set_level(s.db, folder.item, "public", NULL, 0), E_OK);
	assert_int_equal(list(VISITOR, "r2").count, 1);
	as(ALBA);
	assert_int_equal(file_move(s.db, folder.item, nimes, "Fête"), E_OK);
	assert_int_equal(list(VISITOR, "r2").count, 0);
	assert_lists(VISITOR, inner.shelf, "error -2");
	as(XAVIER);
	assert_int_equal(file_move(s.db, photo, THEME, "x.jpg"), E_NOT_FOUND);
	as(ALBA);
	assert_int_equal(file_move(s.db, photo, THEME, "x.jpg"), E_OK);
	assert_int_equal(db_one(s.db, used_by, 0, T("area", nimes)), 0);
	assert_int_equal(db_one(s.db, used_by, 0, T("area", "d30")), 4);
	as(XAVIER);
	assert_holds(photo, "jpeg");
	assert_int_equal(file_move(s.db, photo, THEME, "y.jpg"), E_DENIED);
	file_free(&folder);
	file_free(&inner);
	assert_clean();
}

static void
binned(void **state)
{
	(void)state;
	struct file folder;
	struct seen seen = { 0 };
	as(ALBA);
	assert_int_equal(folder_make(s.db, THEME, "Jardins", &folder), E_OK);
	item_id a = put(ALBA, folder.shelf, "a.txt", "aaa"), his = put(BRUNO, folder.shelf, "secret.txt", "chut");
	assert_int_equal(file_set_level(s.db, his, "me", NULL, 0), E_OK);
	as(ALBA);
	assert_int_equal(file_bin(s.db, folder.item, false), E_NOT_EMPTY);
	assert_int_equal(file_bin(s.db, folder.item, true), E_OK);
	assert_lists(ALBA, THEME, "");
	/* What she did not see is where the folder was. */
	assert_lists(BRUNO, THEME, "secret.txt|");
	as(ALBA);
	assert_int_equal(bin_page(s.db, (item_id){ 0 }, 1, 10, note_file, &seen), 2);
	assert_string_equal(seen.names, "a.txt|Jardins|");
	assert_int_equal(read_now(a, 0, seen.names, 10), E_NOT_FOUND);
	as(XAVIER);
	assert_int_equal(file_restore(s.db, folder.item), E_NOT_FOUND);
	as(ALBA);
	assert_int_equal(file_restore(s.db, folder.item), E_OK);
	assert_lists(ALBA, THEME, "Jardins|");
	assert_lists(ALBA, folder.shelf, "a.txt|");
	assert_holds(a, "aaa");
	as(XAVIER);
	assert_int_equal(file_bin(s.db, a, false), E_DENIED);
	as(ALBA);
	assert_int_equal(file_bin(s.db, a, false), E_OK);
	assert_clean();
	set_clock(T0 + 31 * DAY);
	as(SYSOP);
	assert_int_equal(file_sweep(s.db), 2); /* the entry, and its bytes */
	assert_int_equal(db_one(s.db, used_by, 0, T("area", "d30")), 4);
	as(ALBA);
	assert_int_equal(file_restore(s.db, a), E_NOT_FOUND);
	assert_clean();
	set_clock(T0);
	file_free(&folder);
}

SQL_WRITE(change_council, "UPDATE member SET council = :council WHERE id = :id");

/* Whoever has left a council puts nothing back into its area. */
static void
gone_elsewhere(void **state)
{
	(void)state;
	char nimes[SHELF_MAX + 1];
	snprintf(nimes, sizeof nimes, "c%lld", (long long)s.nimes.n);
	item_id item = put(ALBA, nimes, "a.txt", "a");
	assert_int_equal(file_bin(s.db, item, false), E_OK);
	assert_int_equal(db_begin(s.db), E_OK);
	db_run(s.db, change_council, I("council", s.trelaze.n), I("id", s.who[ALBA].n));
	assert_int_equal(db_commit(s.db), E_OK);
	assert_int_equal(file_restore(s.db, item), E_DENIED);
	assert_lists(BRUNO, nimes, "membres|public|");
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

static bool
count_hit(void *ctx, const struct hit *hit)
{
	(void)hit;
	++*(int *)ctx;
	return true;
}

static int
found_by(enum who who, const char *words)
{
	struct search search = { .words = words, .kind = SEARCH_FILES };
	int count = 0;
	as(who);
	int n = search_page(s.db, &search, (item_id){ 0 }, 1, 10, count_hit, &count);
	assert_int_equal(n, count);
	return count;
}

/* By name and by what is said of it; as it is called now, and no longer when it is gone; by whom it is for. */
static void
found(void **state)
{
	(void)state;
	item_id item = put(ALBA, THEME, "Comptes_rendus-2024.odt", "x");
	assert_int_equal(found_by(BRUNO, "compte rendu"), 1);
	assert_int_equal(found_by(BRUNO, "fontaines"), 0);
	as(ALBA);
	assert_int_equal(file_describe(s.db, item, "La fontaine de la place."), E_OK);
	assert_int_equal(found_by(BRUNO, "fontaines"), 1);
	assert_int_equal(found_by(VISITOR, "fontaines"), 0);
	as(ALBA);
	assert_int_equal(file_move(s.db, item, THEME, "Bilan.odt"), E_OK);
	assert_int_equal(found_by(BRUNO, "compte rendu"), 0);
	assert_int_equal(found_by(BRUNO, "bilan"), 1);
	as(ALBA);
	assert_int_equal(file_set_level(s.db, item, "me", NULL, 0), E_OK);
	assert_int_equal(found_by(BRUNO, "bilan"), 0);
	assert_int_equal(found_by(ALBA, "bilan"), 1);
	as(ALBA);
	assert_int_equal(file_bin(s.db, item, false), E_OK);
	assert_int_equal(found_by(ALBA, "bilan"), 0);
	assert_clean();
}

struct parts {
	int files;
};

static void
note_part(void *ctx, const char *part, const char *const *columns, int count, const char *const *cells)
{
	struct parts *p = ctx;
	(void)columns;
	(void)count;
	p->files += cells && !strcmp(part, "files");
}

static void
given_and_taken_away(void **state)
{
	(void)state;
	char own[SHELF_MAX + 1], path[120];
	struct parts parts = { 0 };
	struct buf faults = { 0 };
	struct file file;
	snprintf(own, sizeof own, "m%lld", (long long)s.who[BRUNO].n);
	item_id shared = put(BRUNO, THEME, "pour tous.txt", "pour tous");
	put(BRUNO, own, "journal.txt", "à moi");
	as(BRUNO);
	assert_int_equal(own_data(s.db, note_part, &parts), E_OK);
	assert_int_equal(parts.files, 2);
	as(SYSOP);
	snprintf(path, sizeof path, "%s-extract", s.path);
	assert_int_equal(db_extract(s.db, (item_id){ 0 }, "30", true, path, &faults), E_OK);
	buf_free(&faults);
	struct db *here = s.db;
	assert_int_equal(db_open(&s.db, path, DB_EXISTING, true), E_OK);
	assert_lists(ALBA, THEME, "pour tous.txt|");
	assert_holds(shared, "pour tous");
	db_close(s.db);
	s.db = here;
	as(BRUNO);
	assert_int_equal(member_erase(s.db, s.who[BRUNO], "bruno"), E_OK);
	assert_clean();
	as(SYSOP);
	assert_int_equal(file_sweep(s.db), 2);
	as(ALBA);
	assert_holds(shared, "pour tous");
	assert_int_equal(file_get(s.db, shared, &file), E_OK);
	assert_string_equal(buf_text(&file.author_name), "");
	file_free(&file);
	assert_int_equal(db_one(s.db, used_by, -1, T("area", own)), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		TEST(the_tree),
		TEST(bytes_in_order),
		TEST(bytes_in_any_order),
		TEST(resumed),
		TEST(the_same_is_kept_once),
		TEST(versions),
		TEST(replaced),
		TEST(what_is_to_be_looked_into),
		TEST(limits),
		TEST(purged),
		TEST(who_writes),
		TEST(listing_asks_once),
		TEST(who_reads),
		TEST(twins),
		TEST(moved),
		TEST(binned),
		TEST(gone_elsewhere),
		TEST(cold_uploads_go),
		TEST(found),
		TEST(given_and_taken_away),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
