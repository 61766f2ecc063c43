/* What is read of the forum, through a real store: marks, what is unread, followed and muted. */
#include "tests/unit/talk.h"

SQL_WRITE(test_last_id, "INSERT INTO item (id, kind, level, state, created, changed)"
    " VALUES (:id, 'message', 'me', 'binned', 0, 0)");
SQL_WRITE(test_no_item, "DELETE FROM item WHERE id = :id");

static void
assert_unread(int posts, int threads, int followed)
{
	struct unread unread;
	assert_int_equal(unread_count(s.db, &unread), E_OK);
	assert_int_equal(unread.posts, posts);
	assert_int_equal(unread.threads, threads);
	assert_int_equal(unread.followed, followed);
}

/* The next unread one is that, and is read then; 0: there is none. */
static void
assert_next(item_id thread, item_id post)
{
	item_id t = { 0 }, p = { 0 };
	assert_int_equal(next_unread(s.db, &t, &p), post.n ? E_OK : E_NOT_FOUND);
	assert_true(t.n == thread.n && p.n == post.n);
	if (post.n)
		assert_int_equal(mark_read(s.db, t, p), E_OK);
}

static void
reading_and_marks(void **state)
{
	(void)state;
	struct posts p;
	struct threads t = { 0 };
	struct thread thread;
	int64_t ids[9];
	board_id board = theme("echanges", "members", 1), nimes = council_board(s.nimes);
	item_id one = say(ALBA, board, "Un"), two = say(XAVIER, board, "Deux");
	item_id own = say(BRUNO, nimes, "Entre nous");
	item_id a = answer(BRUNO, one), b = answer(XAVIER, one), c = answer(ALBA, two);
	/* Across boards, the oldest first; one's own are never unread, what one may not read neither. */
	as(ALBA);
	assert_unread(4, 3, 3);
	assert_int_equal(thread_unread(s.db, one, ids, 9), 2);
	assert_true(ids[0] == a.n && ids[1] == b.n);
	assert_int_equal(thread_unread(s.db, one, ids, 1), 1);
	as(XAVIER);
	assert_unread(3, 2, 3);
	assert_next(one, one);
	assert_next(one, a);
	assert_next(two, c);
	assert_next((item_id){ 0 }, (item_id){ 0 });
	assert_unread(0, 0, 0);
	as(BRUNO);
	assert_unread(4, 2, 2);
	as(GARD);
	assert_unread(5, 2, 0);
	as(VISITOR);
	struct unread unread;
	assert_int_equal(unread_count(s.db, &unread), E_DENIED);
	item_id no_thread, no_post;
	assert_int_equal(next_unread(s.db, &no_thread, &no_post), E_NOT_FOUND);
	assert_int_equal(mark_read(s.db, one, a), E_DENIED);
	assert_int_equal(mark_all_read(s.db), E_DENIED);
	assert_int_equal(thread_unread(s.db, one, ids, 9), 0);

	/* A mark goes up, never down; it says "new" in lists and in the thread. */
	as(ALBA);
	assert_int_equal(mark_read(s.db, one, a), E_OK);
	assert_int_equal(mark_read(s.db, one, one), E_OK);
	assert_int_equal(thread_get(s.db, one, &thread), E_OK);
	assert_true(thread.mark == a.n);
	thread_free(&thread);
	read_all(one, &p);
	assert_int_equal(p.n, 3);
	assert_true(!p.is_new[0] && !p.is_new[1] && p.is_new[2]);
	assert_int_equal(thread_page(s.db, board, 0, 1, 9, take_thread, &t), 2);
	assert_true(t.id[0] == two.n && t.is_new[0] && t.id[1] == one.n && t.is_new[1]);
	assert_next(two, two);
	assert_next(own, own);
	assert_next(one, b);
	assert_next((item_id){ 0 }, (item_id){ 0 });
	/* His own reply is read at once only if all before it was. */
	item_id d = answer(BRUNO, two), e = answer(ALBA, two);
	assert_unread(1, 1, 1);
	assert_next(two, d);
	answer(BRUNO, two);
	as(ALBA);
	item_id last = { 0 }, post;
	assert_int_equal(next_unread(s.db, &last, &post), E_OK);
	assert_true(last.n == two.n && post.n > e.n);
	/* All there is now is read; what comes is not. */
	assert_int_equal(mark_all_read(s.db), E_OK);
	assert_unread(0, 0, 0);
	t.n = 0;
	thread_page(s.db, board, 0, 1, 9, take_thread, &t);
	assert_true(!t.is_new[0] && !t.is_new[1]);
	read_all(two, &p);
	assert_true(!p.is_new[p.n - 1]);
	item_id late = answer(XAVIER, one);
	as(ALBA);
	assert_unread(1, 1, 1);
	assert_next(one, late);
	/* A newcomer begins where the board is: nothing from before is unread. */
	as(SYSOP);
	add_member(EPCI, "nadia", s.nimes, ROLE_MEMBER, NULL);
	as(EPCI);
	assert_unread(0, 0, 0);
	item_id fresh = answer(XAVIER, one);
	as(EPCI);
	assert_next(one, fresh);
	/* No mark on what is no thread, or not his to read. */
	as(XAVIER);
	assert_int_equal(mark_read(s.db, own, own), E_NOT_FOUND);
	assert_int_equal(mark_read(s.db, (item_id){ 999999 }, own), E_NOT_FOUND);
}

/* Whoever has read a thread, one by one or all at once, and answers has still read it. */
static void
answering_keeps_it_read(void **state)
{
	(void)state;
	struct threads t;
	struct thread thread;
	board_id board = theme("echanges", "members", 1);
	item_id root = say(BRUNO, board, "Question"), a = answer(XAVIER, root);
	as(ALBA);
	assert_int_equal(mark_read(s.db, root, a), E_OK);
	item_id b = answer(ALBA, a);
	assert_int_equal(thread_get(s.db, root, &thread), E_OK);
	assert_true(thread.mark == b.n);
	thread_free(&thread);
	assert_unread(0, 0, 0);
	as(GARD);
	assert_int_equal(mark_all_read(s.db), E_OK);
	answer(GARD, root);
	assert_unread(0, 0, 0);
	t.n = 0;
	assert_int_equal(thread_page(s.db, board, 0, 1, 9, take_thread, &t), 1);
	assert_false(t.is_new[0]);
	/* And one who answers unread things has not. */
	answer(XAVIER, a);
	t.n = 0;
	assert_int_equal(thread_page(s.db, board, 0, 1, 9, take_thread, &t), 1);
	assert_true(t.is_new[0]);
	assert_unread(3, 1, 3);
}

static struct thread_row listed; /* the first of the board */
static bool
take_first(void *ctx, const struct thread_row *row)
{
	(void)ctx;
	listed = *row;
	return false;
}

static void
assert_listed(board_id board, bool is_new, enum follow follow)
{
	assert_int_equal(thread_page(s.db, board, 0, 1, 1, take_first, NULL), 1);
	assert_int_equal(listed.is_new, is_new);
	assert_int_equal(listed.follow, follow);
}

static board_id counted;
static int unread_there;
static bool
take_unread(void *ctx, const struct board_row *row)
{
	(void)ctx;
	if (row->id.n == counted.n)
		unread_there = row->unread;
	return true;
}

static void
assert_board_unread(board_id board, int unread)
{
	counted = board;
	unread_there = -1;
	assert_int_equal(board_mine(s.db, take_unread, NULL), E_OK);
	assert_int_equal(unread_there, unread);
}

/* What is muted is no news anywhere; what is followed is one's own talk, also in a muted board. */
static void
follow_and_mute(void **state)
{
	(void)state;
	const item_id none = { 0 };
	struct thread thread;
	struct board board;
	board_id place = theme("echanges", "members", 1), nimes = council_board(s.nimes);
	item_id one = say(BRUNO, place, "Un"), own = say(BRUNO, nimes, "Entre nous"), two;
	as(GARD);
	assert_unread(1, 1, 0);
	assert_int_equal(mark_follow(s.db, one, FOLLOW_MUTED), E_OK);
	assert_unread(0, 0, 0);
	assert_next(none, none);
	assert_listed(place, false, FOLLOW_MUTED);
	assert_board_unread(place, 0);
	assert_int_equal(thread_get(s.db, one, &thread), E_OK);
	assert_int_equal(thread.follow, FOLLOW_MUTED);
	thread_free(&thread);
	/* What comes while it is muted is no news; heard again, it is. */
	item_id late = answer(BRUNO, one);
	as(GARD);
	assert_unread(0, 0, 0);
	assert_int_equal(mark_follow(s.db, one, FOLLOW_NONE), E_OK);
	assert_listed(place, true, FOLLOW_NONE);
	assert_unread(2, 1, 0);
	assert_int_equal(mark_read(s.db, one, late), E_OK);
	assert_int_equal(mark_follow(s.db, one, FOLLOW_YES), E_OK);
	late = answer(BRUNO, one);
	as(GARD);
	assert_unread(1, 1, 1);
	assert_listed(place, true, FOLLOW_YES);
	/* A muted board, and in it the one discussion that is followed. */
	assert_int_equal(mark_follow_board(s.db, place, FOLLOW_MUTED), E_OK);
	two = say(BRUNO, place, "Deux");
	as(GARD);
	assert_unread(1, 1, 1);
	assert_listed(place, false, FOLLOW_NONE);
	assert_board_unread(place, 1);
	assert_next(one, late);
	assert_next(none, none);
	assert_board_unread(place, 0);
	assert_int_equal(board_get(s.db, place, &board), E_OK);
	assert_int_equal(board.follow, FOLLOW_MUTED);
	board_free(&board);
	/* A followed board: its new discussions are one's own, what is answered in them is not. */
	assert_int_equal(mark_follow_board(s.db, place, FOLLOW_YES), E_OK);
	answer(XAVIER, two);
	as(GARD);
	assert_unread(2, 1, 1);
	/* Nobody else is touched; whoever writes is heard again. */
	as(XAVIER);
	assert_int_equal(mark_follow(s.db, one, FOLLOW_MUTED), E_OK);
	answer(XAVIER, one);
	assert_int_equal(thread_get(s.db, one, &thread), E_OK);
	assert_int_equal(thread.follow, FOLLOW_YES);
	thread_free(&thread);
	/* Not what one may not read, and nothing for visitors. */
	assert_int_equal(mark_follow(s.db, own, FOLLOW_YES), E_NOT_FOUND);
	assert_int_equal(mark_follow_board(s.db, nimes, FOLLOW_MUTED), E_NOT_FOUND);
	assert_int_equal(mark_follow(s.db, late, FOLLOW_YES), E_NOT_FOUND);
	as(VISITOR);
	assert_int_equal(mark_follow(s.db, one, FOLLOW_YES), E_DENIED);
	assert_int_equal(mark_follow_board(s.db, place, FOLLOW_YES), E_DENIED);
}

static bool
say_place(void *ctx, const struct place_row *row)
{
	buf_fmt(ctx, "%s%s %d/%d. ", row->title, row->council ? "!" : "", row->posts, row->threads);
	return true;
}

static void
assert_places(enum who who, const char *expected)
{
	struct buf out = { 0 };
	as(who);
	assert_int_equal(unread_places(s.db, say_place, &out), expected ? E_OK : E_DENIED);
	assert_string_equal(buf_text(&out), expected ? expected : "");
	buf_free(&out);
}

static board_id
place_named(const char *slug)
{
	struct board board = { 0 };
	assert_int_equal(board_find(s.db, slug, &board), E_OK);
	board_id id = board.id;
	board_free(&board);
	return id;
}

/* What is new, by the viewer's council and territories: each count whole, whatever there is besides. */
static void
places_by_themselves(void **state)
{
	(void)state;
	board_id theme_board = theme("echanges", "members", 1), nimes = council_board(s.nimes);
	as(ALBA);
	board_id gard = place_named("territoire-30"), anjou = place_named("territoire-49");
	item_id own = say(BRUNO, nimes, "Entre nous"), land = say(XAVIER, gard, "Gard");
	answer(XAVIER, land);
	say(XAVIER, gard, "Encore");
	say(BRUNO, anjou, "Anjou");
	assert_places(ALBA, "Les Garrigues! 1/1. Gard 3/2. ");
	assert_places(BRUNO, "Gard 3/2. ");
	assert_places(XAVIER, "Maine-et-Loire 1/1. ");
	assert_places(VISITOR, NULL);
	assert_places(NATION, "");
	/* An animator has the board of his territory, of whatever council he is. */
	assert_places(GARD, "Gard 3/2. ");
	as(ALBA);
	assert_int_equal(mark_read(s.db, own, own), E_OK);
	assert_int_equal(mark_follow(s.db, land, FOLLOW_MUTED), E_OK);
	assert_places(ALBA, "Gard 1/1. ");
	assert_int_equal(mark_follow_board(s.db, gard, FOLLOW_MUTED), E_OK);
	assert_places(ALBA, "");
	assert_int_equal(mark_follow(s.db, land, FOLLOW_YES), E_OK);
	assert_places(ALBA, "Gard 2/1. ");
	/* Over 99 elsewhere, older: neither the places nor one's own discussions are lost among them. */
	answer(ALBA, own);
	for (int i = 0; i < 130; i++)
		say(XAVIER, theme_board, "Flot");
	answer(BRUNO, own);
	as(ALBA);
	assert_unread(100, 99, 3);
	assert_places(ALBA, "Les Garrigues! 1/1. Gard 2/1. ");
	assert_int_equal(mark_all_read(s.db), E_OK);
	assert_places(ALBA, "");
}

/* However much is muted, a search passes it over once: the floor rises behind it. */
static void
mute_settles(void **state)
{
	(void)state;
	enum { COUNT = 720 };
	struct member gard;
	board_id board = theme("echanges", "members", 1);
	item_id root = say(BRUNO, board, "Long"), last = root, t, p;
	for (int i = 0; i < COUNT; i++)
		last = answer(BRUNO, root);
	as(GARD);
	assert_int_equal(mark_follow_board(s.db, board, FOLLOW_MUTED), E_OK);
	assert_int_equal(next_unread(s.db, &t, &p), E_NOT_FOUND);
	assert_int_equal(member_get(s.db, s.who[GARD], &gard), E_OK);
	assert_true(gard.floor == last.n);
	member_free(&gard);
}

static void
many_unread(void **state)
{
	(void)state;
	enum { COUNT = 720 };
	struct member alba;
	item_id id[COUNT], t, p;
	board_id board = theme("echanges", "members", 1);
	id[0] = say(BRUNO, board, "Long");
	for (int i = 1; i < COUNT; i++)
		id[i] = answer(BRUNO, id[0]);
	as(ALBA);
	assert_unread(100, 1, 0); /* over 99 */
	assert_int_equal(mark_read(s.db, id[0], id[COUNT - 2]), E_OK);
	assert_next(id[0], id[COUNT - 1]);
	/* What the search went past is settled: the floor has risen to just before what was found. */
	assert_int_equal(member_get(s.db, s.who[ALBA], &alba), E_OK);
	assert_true(alba.floor == id[COUNT - 1].n - 1);
	member_free(&alba);
	assert_int_equal(next_unread(s.db, &t, &p), E_NOT_FOUND);
	/* The counts of a board say "over 99" of threads, and look at the newest for unread ones. */
	struct unread unread;
	as(GARD);
	assert_int_equal(unread_count(s.db, &unread), E_OK);
	assert_int_equal(unread.posts, 100);
	assert_int_equal(mark_all_read(s.db), E_OK);
	assert_unread(0, 0, 0);
}

/* Far apart, with 20 000 of others' messages between: the oldest and the newest are counted. */
static void
far_apart(void **state)
{
	(void)state;
	struct member alba;
	board_id board = theme("echanges", "members", 1);
	item_id old = say(BRUNO, board, "Ancien");
	run_on(&test_last_id, ARGS_(I("id", old.n + 20000)));
	run_on(&test_no_item, ARGS_(I("id", old.n + 20000)));
	item_id new = say(BRUNO, board, "Nouveau");
	assert_true(new.n == old.n + 20001);
	as(ALBA);
	assert_unread(2, 2, 0);
	assert_int_equal(mark_read(s.db, old, old), E_OK);
	assert_unread(1, 1, 0);
	/* Counting settles what it went past, and never what it jumped over. */
	assert_int_equal(member_get(s.db, s.who[ALBA], &alba), E_OK);
	assert_true(alba.floor > old.n && alba.floor < old.n + 20000 / 2);
	member_free(&alba);
	assert_next(new, new);
	assert_unread(0, 0, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reading_and_marks),
		TEST(answering_keeps_it_read),
		TEST(follow_and_mute),
		TEST(places_by_themselves),
		TEST(mute_settles),
		TEST(many_unread),
		TEST(far_apart),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
