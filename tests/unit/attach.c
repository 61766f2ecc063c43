/* Files attached to messages: who reads them, what becomes of them when the message is moved, hidden, changed. */
#include "tests/unit/people.h"

#include "bbs/base/clock.h"
#include "db/file.h"

SQL_READ(contents_kept, "SELECT count(*) FROM content_key_v WHERE gone = 0");
SQL_READ(used_by, "SELECT bytes FROM area_use WHERE area = :area");
SQL_READ(board_threads, "SELECT count(*) FROM board_thread_v WHERE board = :board");

/* ---- what there is ---- */

static item_id
put(enum who who, const char *shelf, const char *name, const char *text)
{
	struct upload *u;
	item_id item;
	as(who);
	assert_int_equal(upload_open(s.db, shelf, name, UPLOAD_NEW, -1, &u), E_OK);
	assert_int_equal(upload_write(u, 0, text, strlen(text)), E_OK);
	assert_int_equal(upload_finish(u, &item), E_OK);
	return item;
}

static const char *
own(enum who who)
{
	static char key[SHELF_MAX + 1];
	snprintf(key, sizeof key, "m%lld", (long long)s.who[who].n);
	return key;
}

static struct attachments
of(int count, ...)
{
	struct attachments files = { .count = count };
	va_list args;
	va_start(args, count);
	for (int i = 0; i < count; i++)
		files.file[i] = va_arg(args, item_id);
	va_end(args);
	return files;
}

static item_id
begin(enum who who, board_id board, const struct attachments *files)
{
	item_id id;
	as(who);
	assert_int_equal(thread_new_with(s.db, board, "Une salle ?", "La voici.", files, &id), E_OK);
	return id;
}

static item_id
attached_to(item_id post, int at)
{
	struct attachments files;
	post_attached(s.db, post, &files);
	assert_true(at < files.count);
	return files.file[at];
}

/* ---- what is seen ---- */

/* What the reader shows of one message: "1 convention.odt 4|", or "-" where the message is not to be had. */
static bool
note_post(void *ctx, const struct post_row *row)
{
	struct attached one;
	struct buf *out = ctx;
	for (const char *files = row->files; attached_next(&files, &one);)
		buf_fmt(out, "%d %s %lld|", one.number, one.name, (long long)one.size);
	return true;
}

static void
assert_shown(enum who who, item_id post, const char *text)
{
	struct buf out = { 0 };
	as(who);
	if (post_get(s.db, post, note_post, &out))
		buf_str(&out, "-");
	assert_string_equal(buf_text(&out), text);
	buf_free(&out);
}

static bool
count_hit(void *ctx, const struct hit *hit)
{
	(void)hit;
	++*(int *)ctx;
	return true;
}

/* All versions have one text here. */
static bool
note_body(void *ctx, const struct post_version_row *row)
{
	(void)ctx;
	assert_string_equal(row->body, "La voici.");
	return true;
}

static int
found(const char *word)
{
	int hits = 0;
	const struct search search = { .words = word };
	search_page(s.db, &search, (item_id){ 0 }, 1, 10, count_hit, &hits);
	return hits;
}

/* A letter for each way by which somebody has a file: its page, its bytes, those it had, its path, its message, a search. */
static const char *
ways(enum who who, item_id file, item_id post, const char *name)
{
	static char out[8];
	char bytes[8], path[80];
	struct file f;
	struct buf shown = { 0 };
	*out = '\0';
	as(who);
	int64_t content = 0;
	if (!file_get(s.db, file, &f)) {
		strcat(out, "g");
		content = f.content;
		file_free(&f);
	}
	if (content && file_read(s.db, file, content, 0, bytes, sizeof bytes) > 0)
		strcat(out, "h");
	snprintf(path, sizeof path, "/messages/%lld/%s", (long long)post.n, name);
	if (!file_walk(s.db, path, &f)) {
		assert_int_equal(f.item.n, file.n);
		struct buf way = { 0 };
		file_path(s.db, &f, &way);
		assert_string_equal(buf_text(&way), path);
		buf_free(&way);
		file_free(&f);
		strcat(out, "p");
	}
	if (!post_get(s.db, post, note_post, &shown) && shown.len)
		strcat(out, "m");
	buf_free(&shown);
	if (found("convention"))
		strcat(out, "s");
	return out;
}
#define ALL "ghpms"

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

static const enum who viewers[] = { VISITOR, ALBA, BRUNO, XAVIER, GARD, ANJOU, SYSOP };
enum { VIEWERS = sizeof viewers / sizeof *viewers };

static void
assert_readers(item_id file, item_id post, const char *readers)
{
	for (int i = 0; i < VIEWERS; i++) {
		const char *has = ways(viewers[i], file, post, "convention.odt");
		if (strcmp(has, readers[i] == '+' ? ALL : "") != 0)
			fail_msg("viewer %d of \"%s\" has \"%s\"", i, readers, has);
	}
}

/* Three levels before seven viewers: who reads the message has the file by every way, others by none. */
static void
readers_of_the_message(void **state)
{
	(void)state;
	const struct {
		board_id board;
		const char *readers;
	} cases[] = {
		{ theme("public", "public", 10), "+++++++" },
		{ theme("membres", "members", 11), "-++++++" },
		{ council_board(s.nimes), "-++--+-" },
	};
	item_id odt = put(ALBA, own(ALBA), "convention.odt", "odt.");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct attachments files = of(1, odt);
		item_id post = begin(ALBA, cases[i].board, &files), file = attached_to(post, 0);
		assert_int_not_equal(file.n, odt.n);
		/* His own file stays his own. */
		as(BRUNO);
		assert_int_equal(file_read(s.db, odt, 0, 0, (char[4]){ 0 }, 4), E_NOT_FOUND);
		assert_readers(file, post, cases[i].readers);
		/* One at a time: the next is to be found by itself. */
		as(ALBA);
		files = of(0);
		assert_int_equal(post_edit_with(s.db, post, "Plus rien.", &files), E_OK);
		assert_string_equal(ways(SYSOP, file, post, "convention.odt"), "");
		assert_int_equal(found("odt"), 0);
	}
	assert_clean();
}

static void
moved_with_its_message(void **state)
{
	(void)state;
	board_id all = theme("public", "public", 10);
	struct attachments files = of(1, put(ALBA, own(ALBA), "convention.odt", "odt."));
	item_id post = begin(ALBA, all, NULL), reply, apart;
	as(ALBA);
	assert_int_equal(thread_reply_with(s.db, post, "La voici.", &files, &reply), E_OK);
	item_id file = attached_to(reply, 0);
	assert_readers(file, reply, "+++++++");
	as(SYSOP);
	assert_int_equal(thread_split(s.db, reply, "À part", &apart), E_OK);
	assert_readers(file, reply, "+++++++");
	as(SYSOP);
	assert_int_equal(thread_move(s.db, apart, theme("membres", "members", 11)), E_OK);
	assert_readers(file, reply, "-++++++");
	as(SYSOP);
	assert_int_equal(thread_move(s.db, apart, all), E_OK);
	assert_readers(file, reply, "+++++++");
	as(SYSOP);
	assert_int_equal(thread_merge(s.db, apart, post), E_OK);
	assert_readers(file, reply, "+++++++");
	assert_clean();
}

static void
hidden_with_its_message(void **state)
{
	(void)state;
	struct attachments files = of(1, put(ALBA, own(ALBA), "convention.odt", "odt."));
	item_id post = begin(ALBA, theme("public", "public", 10), &files), file = attached_to(post, 0);
	as(NATION);
	assert_int_equal(post_hide(s.db, post, "Hors sujet."), E_OK);
	/* Its author and those who moderate there read the text, and so the file. */
	assert_readers(file, post, "-+----+");
	assert_string_equal(ways(NATION, file, post, "convention.odt"), ALL);
	as(NATION);
	assert_int_equal(post_show(s.db, post), E_OK);
	assert_readers(file, post, "+++++++");
	assert_clean();
}

static void
several_of_one_name(void **state)
{
	(void)state;
	board_id board = theme("public", "public", 10);
	item_id a = put(ALBA, own(ALBA), "photo.jpg", "une"), b = put(ALBA, "d30.1", "photo.jpg", "deux !");
	struct attachments files = of(2, a, b);
	item_id post = begin(ALBA, board, &files);
	assert_shown(VISITOR, post, "1 photo.jpg 3|2 photo (2).jpg 6|");
	item_id first = attached_to(post, 0), second = attached_to(post, 1);
	as(VISITOR);
	struct file f;
	char path[80];
	snprintf(path, sizeof path, "/messages/%lld/photo (2).jpg", (long long)post.n);
	assert_int_equal(file_walk(s.db, path, &f), E_OK);
	assert_int_equal(f.item.n, second.n);
	assert_string_equal(f.level, "message");
	file_free(&f);
	/* The first is taken off, another is put to it: each keeps its number. */
	item_id c = put(BRUNO, "d30.1", "plan.pdf", "trois");
	files = of(2, second, c);
	as(BRUNO);
	assert_int_equal(post_edit_with(s.db, post, "Bonjour.", &files), E_DENIED);
	as(ALBA);
	assert_int_equal(post_edit_with(s.db, post, "La voici.", &files), E_OK);
	assert_shown(VISITOR, post, "2 photo (2).jpg 6|3 plan.pdf 5|");
	as(VISITOR);
	assert_int_equal(file_get(s.db, first, &f), E_NOT_FOUND);
	/* That is a change of the message, whose text stays; the same again is none. */
	as(ALBA);
	struct attachments now;
	post_attached(s.db, post, &now);
	for (int i = 0; i < 2; i++)
		assert_int_equal(post_edit_with(s.db, post, "La voici.", i ? NULL : &now), E_OK);
	assert_int_equal(post_versions(s.db, post, 0, 1, 10, note_body, &(int){ 0 }), 2);
	/* What was taken off lies in the bin, and comes back to its message and number. */
	as(BRUNO);
	assert_int_equal(file_restore(s.db, first), E_NOT_FOUND);
	as(ALBA);
	assert_int_equal(file_restore(s.db, first), E_OK);
	assert_shown(VISITOR, post, "1 photo.jpg 3|2 photo (2).jpg 6|3 plan.pdf 5|");
	assert_int_equal(found("photo"), 1);
	assert_clean();
	/* Not where nothing can be changed any more. */
	as(ALBA);
	files = of(0);
	assert_int_equal(post_edit_with(s.db, post, "Rien.", &files), E_OK);
	as(NATION);
	assert_int_equal(thread_lock(s.db, post, true), E_OK);
	as(ALBA);
	assert_int_equal(file_restore(s.db, first), E_LOCKED);
	assert_clean();
}

/* What is attached is neither moved nor opened to others by itself; what one does not see cannot be attached. */
static void
rights(void **state)
{
	(void)state;
	board_id board = theme("public", "public", 10);
	item_id odt = put(ALBA, own(ALBA), "convention.odt", "odt."), id;
	struct attachments files = of(1, odt);
	item_id post = begin(ALBA, board, &files), file = attached_to(post, 0);
	struct file folder;
	for (int i = 0; i < 2; i++) {
		as(i ? SYSOP : ALBA);
		assert_int_equal(file_move(s.db, file, "d30.1", "x"), E_DENIED);
		assert_int_equal(file_set_level(s.db, file, "public", NULL, 0), E_DENIED);
		assert_int_equal(file_describe(s.db, file, "x"), E_DENIED);
		assert_int_equal(file_bin(s.db, file, false), E_DENIED);
	}
	struct upload *u;
	char shelf[SHELF_MAX + 1];
	snprintf(shelf, sizeof shelf, "i%lld", (long long)post.n);
	as(ALBA);
	assert_int_equal(upload_open(s.db, shelf, "autre.odt", UPLOAD_NEW, -1, &u), E_DENIED);
	assert_int_equal(folder_make(s.db, shelf, "Dossier", &folder), E_DENIED);
	assert_int_equal(file_move(s.db, odt, shelf, "x"), E_DENIED);
	/* Nothing is written of a message with a file that is not there for its author. */
	int64_t threads = db_one(s.db, board_threads, -1, I("board", board.n));
	as(BRUNO);
	assert_int_equal(thread_new_with(s.db, board, "Titre", "Texte.", &files, &id), E_NOT_FOUND);
	assert_int_equal(thread_reply_with(s.db, post, "Texte.", &files, &id), E_NOT_FOUND);
	assert_int_equal(db_one(s.db, board_threads, -1, I("board", board.n)), threads);
	/* What is attached can be attached elsewhere, by whoever reads it. */
	files = of(1, file);
	assert_int_equal(thread_reply_with(s.db, post, "Merci.", &files, &id), E_OK);
	assert_shown(VISITOR, id, "1 convention.odt 4|");
	as(ALBA);
	assert_int_equal(folder_make(s.db, own(ALBA), "Dossier", &folder), E_OK);
	files = of(1, folder.item);
	file_free(&folder);
	assert_int_equal(thread_reply_with(s.db, post, "Texte.", &files, &id), E_INVALID);
	assert_clean();
}

/* Its bytes are kept once, and stay when the one it was made of goes; they count for its author. */
static void
kept_once(void **state)
{
	(void)state;
	item_id odt = put(ALBA, own(ALBA), "convention.odt", "odt."), id;
	int64_t before = db_one(s.db, contents_kept, -1);
	struct attachments files = of(2, odt, odt);
	item_id post = begin(ALBA, theme("public", "public", 10), &files), file = attached_to(post, 0);
	assert_int_equal(db_one(s.db, contents_kept, -1), before);
	assert_int_equal(db_one(s.db, used_by, -1, T("area", own(ALBA))), 3 * 4);
	put(ALBA, own(ALBA), "convention.odt", "autre chose");
	assert_shown(VISITOR, post, "1 convention.odt 4|2 convention (2).odt 4|");
	as(ALBA);
	assert_int_equal(file_bin(s.db, odt, false), E_OK);
	files = of(1, file);
	assert_int_equal(post_edit_with(s.db, post, "Texte.", &files), E_OK);
	set_clock(clock_now() + 40 * DAY);
	as(SYSOP);
	assert_true(file_sweep(s.db) >= 2);
	set_clock(T0);
	assert_int_equal(db_one(s.db, used_by, -1, T("area", own(ALBA))), 4);
	assert_string_equal(ways(VISITOR, file, post, "convention.odt"), ALL);
	assert_clean();
	/* No room: no message. */
	struct file_limits limits = { .quota = 10 };
	db_set_files(s.db, &limits);
	item_id large = put(BRUNO, "d30.1", "large.bin", "1234567");
	files = of(1, large);
	as(ALBA);
	assert_int_equal(thread_reply_with(s.db, post, "Texte.", &files, &id), E_ROOM);
	as(BRUNO);
	assert_int_equal(thread_reply_with(s.db, post, "Texte.", &files, &id), E_OK);
	assert_int_equal(thread_reply_with(s.db, post, "Texte.", &files, &id), E_ROOM);
	assert_clean();
}

static void
chosen_while_writing(void **state)
{
	(void)state;
	board_id board = theme("public", "public", 10);
	item_id odt = put(ALBA, own(ALBA), "convention.odt", "odt.");
	struct attachments files = of(2, odt, (item_id){ 4567 });
	struct draft draft;
	char place[40];
	item_id id;
	snprintf(place, sizeof place, "board:%lld", (long long)board.n);
	assert_int_equal(draft_attach(s.db, place, &files), E_OK);
	assert_int_equal(draft_keep(s.db, place, "Une salle ?", "La conv"), E_OK);
	assert_int_equal(draft_get(s.db, place, &draft), E_OK);
	assert_string_equal(buf_text(&draft.body), "La conv");
	assert_int_equal(draft.files.count, 2);
	assert_int_equal(draft.files.file[0].n, odt.n);
	assert_int_equal(draft.files.file[1].n, 4567);
	draft_free(&draft);
	files = of(0);
	assert_int_equal(draft_attach(s.db, place, &files), E_OK);
	assert_int_equal(draft_get(s.db, place, &draft), E_OK);
	assert_string_equal(buf_text(&draft.body), "La conv");
	assert_int_equal(draft.files.count, 0);
	draft_free(&draft);
	files = of(1, odt);
	assert_int_equal(thread_new_with(s.db, board, "Une salle ?", "La voici.", &files, &id), E_OK);
	assert_int_equal(draft_get(s.db, place, &draft), E_NOT_FOUND);
	as(VISITOR);
	assert_int_equal(draft_attach(s.db, place, &files), E_DENIED);
}

/* What one has sent, the newest first, without what was attached, thrown away, or sent by others. */
static bool
note_name(void *ctx, const struct file *file)
{
	buf_fmt(ctx, "%s|", buf_text(&file->name));
	return true;
}

static void
last_sent(void **state)
{
	(void)state;
	struct buf names = { 0 };
	item_id a = put(ALBA, own(ALBA), "a", "a"), b = put(ALBA, "d30.1", "b", "b"), c = put(ALBA, own(ALBA), "c", "c");
	put(BRUNO, "d30.1", "d", "d");
	struct attachments files = of(1, a);
	begin(ALBA, theme("public", "public", 10), &files);
	assert_int_equal(file_sent(s.db, (item_id){ 0 }, 1, 10, note_name, &names), 3);
	assert_int_equal(file_bin(s.db, c, false), E_OK);
	assert_int_equal(file_sent(s.db, (item_id){ 0 }, 1, 1, note_name, &names), 1);
	assert_int_equal(file_sent(s.db, b, 1, 10, note_name, &names), 1);
	assert_int_equal(file_sent(s.db, a, -1, 10, note_name, &names), 1);
	assert_string_equal(buf_text(&names), "c|b|a|b|a|b|");
	as(VISITOR);
	assert_int_equal(file_sent(s.db, (item_id){ 0 }, 1, 10, note_name, &names), 0);
	buf_free(&names);
}

static void
find_part(void *ctx, const char *part, const char *const *columns, int count, const char *const *cells)
{
	(void)columns;
	(void)count;
	if (!strcmp(part, "files") && cells)
		++*(int *)ctx;
}

/* Given to its author; his message and what is attached stay when he leaves; with its discussion into an extract. */
static void
given_and_taken_away(void **state)
{
	(void)state;
	char path[128];
	int parts = 0;
	struct buf faults = { 0 };
	struct attachments files = of(1, put(ALBA, own(ALBA), "convention.odt", "odt."));
	item_id all = begin(ALBA, theme("public", "public", 10), &files), inside = begin(ALBA, council_board(s.nimes), &files);
	item_id file = attached_to(inside, 0), everywhere = attached_to(all, 0);
	as(ALBA);
	assert_int_equal(own_data(s.db, find_part, &parts), E_OK);
	assert_int_equal(parts, 3);
	as(SYSOP);
	snprintf(path, sizeof path, "%s-extract", s.path);
	assert_int_equal(db_extract(s.db, s.nimes, "", true, path, &faults), E_OK);
	struct db *here = s.db;
	assert_int_equal(db_open(&s.db, path, DB_EXISTING, true), E_OK);
	assert_string_equal(ways(BRUNO, file, inside, "convention.odt"), ALL);
	assert_string_equal(ways(VISITOR, everywhere, all, "convention.odt"), "");
	assert_clean();
	db_close(s.db);
	unlink(path);
	s.db = here;
	as(ALBA);
	assert_int_equal(member_erase(s.db, s.who[ALBA], "alba"), E_OK);
	assert_clean();
	as(SYSOP);
	assert_true(file_sweep(s.db) >= 1);
	assert_string_equal(ways(BRUNO, file, inside, "convention.odt"), ALL);
	assert_string_equal(ways(VISITOR, everywhere, all, "convention.odt"), ALL);
	assert_clean();
	buf_free(&faults);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(readers_of_the_message),
		TEST(moved_with_its_message),
		TEST(hidden_with_its_message),
		TEST(several_of_one_name),
		TEST(rights),
		TEST(kept_once),
		TEST(chosen_while_writing),
		TEST(last_sent),
		TEST(given_and_taken_away),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
