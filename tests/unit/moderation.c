/* Those who keep the talk in order: texts changed and kept, notices, reports, what is hidden, moved, joined. */
#include "tests/unit/people.h"

enum { MANY = 40 };

SQL_WRITE(test_lock, "UPDATE thread SET locked = :locked WHERE item = :id");

static board_id
board_of(const char *slug)
{
	struct board board = { 0 };
	member_id before = db_viewer(s.db);
	assert_int_equal(board_find(s.db, slug, &board), E_OK);
	db_set_viewer(s.db, before);
	board_id id = board.id;
	board_free(&board);
	return id;
}

static board_id
make_board(const char *slug, const char *level)
{
	struct board board = { .position = 5 };
	member_id before = db_viewer(s.db);
	buf_str(&board.slug, slug);
	buf_str(&board.title, slug);
	snprintf(board.level, sizeof board.level, "%s", level);
	as(SYSOP);
	assert_int_equal(board_put(s.db, &board), E_OK);
	db_set_viewer(s.db, before);
	board_id id = board.id;
	board_free(&board);
	return id;
}

static item_id
open_thread(enum who who, board_id board, const char *title)
{
	item_id id;
	as(who);
	assert_int_equal(thread_new(s.db, board, title, "Bonjour à tous.", &id), E_OK);
	return id;
}

static item_id
answer(enum who who, item_id parent, const char *text)
{
	item_id id;
	as(who);
	assert_int_equal(thread_reply(s.db, parent, text, &id), E_OK);
	return id;
}

/* One message as the viewer gets it. */
struct one {
	char body[200], reason[200], state[12];
	bool open, edited;
	int number, depth, answers;
};

static bool
take_one(void *ctx, const struct post_row *row)
{
	struct one *o = ctx;
	snprintf(o->body, sizeof o->body, "%s", row->body);
	snprintf(o->reason, sizeof o->reason, "%s", row->reason);
	snprintf(o->state, sizeof o->state, "%s", row->state);
	o->open = row->open;
	o->edited = row->edited;
	o->number = row->number;
	o->depth = row->depth;
	o->answers = row->answers;
	return true;
}

static struct one
read_one(enum who who, item_id id)
{
	struct one o = { 0 };
	as(who);
	assert_int_equal(post_get(s.db, id, take_one, &o), E_OK);
	return o;
}

/* ---- a message changed ---- */

struct versions {
	int n;
	char body[9][40];
};

static bool
take_version(void *ctx, const struct version_row *row)
{
	struct versions *v = ctx;
	snprintf(v->body[v->n++], sizeof v->body[0], "%s", row->body);
	return true;
}

static void
changing(void **state)
{
	(void)state;
	item_id root = open_thread(ALBA, make_board("salles", "members"), "Une salle"), other, one;
	struct draft draft;
	one = answer(BRUNO, root, "Premier jet");
	other = answer(ALBA, one, "Merci");
	assert_false(read_one(ALBA, one).edited);
	as(ALBA);
	assert_int_equal(post_edit(s.db, one, "À sa place"), E_DENIED);
	as(VISITOR);
	assert_int_equal(post_edit(s.db, one, "À sa place"), E_NOT_FOUND);
	as(BRUNO);
	assert_int_equal(post_edit(s.db, one, "  \n "), E_EMPTY);
	assert_int_equal(draft_keep(s.db, "edit:0", "", "autre"), E_OK);
	char place[40];
	snprintf(place, sizeof place, "edit:%lld", (long long)one.n);
	assert_int_equal(draft_keep(s.db, place, "", "Au prop"), E_OK);
	set_clock(T0 + 60);
	assert_int_equal(post_edit(s.db, one, "Au propre"), E_OK);
	assert_int_equal(draft_get(s.db, place, &draft), E_NOT_FOUND);
	/* What is the same makes no version. */
	assert_int_equal(post_edit(s.db, one, "Au propre"), E_OK);
	struct one now = read_one(XAVIER, one);
	assert_string_equal(now.body, "Au propre");
	assert_true(now.edited);
	/* Its place, its answers and who had read it are as they were. */
	assert_int_equal(now.number, 2);
	assert_int_equal(read_one(XAVIER, other).answers, 2);
	static const struct {
		enum who who;
		int versions;
	} readers[] = { { BRUNO, 2 }, { NATION, 2 }, { SYSOP, 2 }, { ALBA, 0 }, { GARD, 0 }, { VISITOR, 0 } };
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		struct versions v = { 0 };
		as(readers[i].who);
		assert_int_equal(post_versions(s.db, one, 0, 1, 9, take_version, &v), readers[i].versions);
		if (v.n)
			assert_string_equal(v.body[1], "Premier jet");
	}
	assert_int_equal(db_begin(s.db), E_OK);
	db_run(s.db, test_lock, I("locked", 1), I("id", root.n));
	assert_int_equal(db_commit(s.db), E_OK);
	as(BRUNO);
	assert_int_equal(post_edit(s.db, one, "Trop tard"), E_LOCKED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(changing, open_copy, close_copy),
	};
	(void)board_of;
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
