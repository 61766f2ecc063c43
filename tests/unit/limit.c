/* How much within an hour: by the age of accounts, to the second; sign-ups by source and in all. */
#include "tests/unit/people.h"

#include "bbs/base/clock.h"

enum { HOUR = 3600 };

static const struct limits limits = { .posts = 3, .words = 100, .posts_new = 2, .words_new = 20, .new_days = 7,
	.sign_ups = 4, .sign_ups_source = 2 };
static board_id board;
static item_id root;

static int
open_board(void **state)
{
	int r = open_copy(state);
	board = theme("place", "members", 90);
	root = say(XAVIER, board, "Une salle");
	db_set_limits(s.db, &limits, "192.0.2.1");
	return r;
}

/* A message of so many words, at that second. */
static int
send(enum who who, int64_t at, int words)
{
	struct buf body = { 0 };
	item_id id;
	set_clock(T0 + at);
	as(who);
	while (words--)
		buf_str(&body, words % 2 ? "un\n" : "mot ");
	int r = thread_reply(s.db, root, buf_text(&body), &id);
	buf_free(&body);
	return r;
}

static void
assert_said(const char *word)
{
	struct buf out = { 0 };
	assert_true(limit_says(s.db, &out));
	if (!strstr(buf_text(&out), word))
		fail_msg("%s lacks %s", buf_text(&out), word);
	assert_false(limit_says(s.db, &out));
	buf_free(&out);
}

/* The sentence names this second: as a phrase of the clock would. */
static void
assert_again(int64_t at)
{
	struct buf when = { 0 };
	int64_t now = strtoll(getenv("BBS_NOW"), NULL, 10);
	clock_phrase(&when, T0 + at, now, NULL);
	assert_said(buf_text(&when));
	buf_free(&when);
}

static void
messages(void **state)
{
	(void)state;
	item_id id;
	assert_int_equal(send(ALBA, 0, 1), E_OK);
	assert_int_equal(send(ALBA, 10, 1), E_OK);
	assert_int_equal(send(ALBA, 20, 1), E_OK);
	assert_int_equal(send(ALBA, 30, 1), E_LIMIT);
	assert_again(HOUR);
	/* Another place, another line, another handle are no way around. */
	assert_int_equal(thread_new(s.db, board, "Autre", "Bonjour.", &id), E_LIMIT);
	assert_int_equal(send(BRUNO, 30, 1), E_OK);
	assert_int_equal(send(ALBA, HOUR - 1, 1), E_LIMIT);
	assert_int_equal(send(ALBA, HOUR, 1), E_OK);
	assert_int_equal(send(ALBA, HOUR + 9, 1), E_LIMIT);
	assert_int_equal(send(ALBA, HOUR + 10, 1), E_OK);
	assert_int_equal(send(ALBA, 10 * HOUR, 1), E_OK);
}

static void
words(void **state)
{
	(void)state;
	assert_int_equal(send(ALBA, 0, 60), E_OK);
	assert_int_equal(send(ALBA, 10, 40), E_OK);
	assert_int_equal(send(ALBA, 20, 1), E_LIMIT);
	assert_again(HOUR);
	/* 61 more need both to be an hour old. */
	assert_int_equal(send(ALBA, 30, 61), E_LIMIT);
	assert_again(HOUR + 10);
	assert_int_equal(send(ALBA, HOUR, 60), E_OK);
	/* One alone may be as long as any. */
	assert_int_equal(send(BRUNO, 0, 5000), E_OK);
	assert_int_equal(send(BRUNO, 10, 1), E_LIMIT);
	assert_int_equal(send(BRUNO, HOUR, 1), E_OK);
}

static void
new_accounts(void **state)
{
	(void)state;
	enum member_state now;
	member_id id = join("cecile", s.nimes);
	as(GARD);
	assert_int_equal(candidate_yes(s.db, id, &now), E_OK);
	s.who[EPCI] = id;
	assert_int_equal(send(EPCI, 10, 1), E_OK);
	assert_int_equal(send(EPCI, 20, 20), E_LIMIT);
	assert_again(HOUR + 10);
	assert_int_equal(send(EPCI, 20, 19), E_OK);
	assert_int_equal(send(EPCI, 30, 1), E_LIMIT);
	assert_said("2");
	assert_int_equal(send(EPCI, 7 * DAY - 1, 1), E_OK);
	assert_int_equal(send(EPCI, 7 * DAY - 1, 21), E_LIMIT);
	assert_int_equal(send(EPCI, 7 * DAY, 21), E_OK);
	assert_int_equal(send(EPCI, 7 * DAY, 21), E_OK);
	assert_int_equal(send(EPCI, 7 * DAY, 21), E_LIMIT);
}

static void
who_has_none(void **state)
{
	(void)state;
	for (int i = 0; i < 10; i++) {
		assert_int_equal(send(SYSOP, 0, 90), E_OK);
		db_set_viewer(s.db, MACHINE);
	}
	const struct limits none = { 0 };
	db_set_limits(s.db, &none, "192.0.2.1");
	for (int i = 0; i < 10; i++)
		assert_int_equal(send(ALBA, 0, 90), E_OK);
}

static int
ask(const char *login, const char *source, int64_t at)
{
	member_id id;
	struct sign_up form = good_form(login, s.nimes);
	form.password = "";
	form.key_type = "ssh-ed25519";
	form.key_blob = "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
	db_set_limits(s.db, &limits, source);
	set_clock(T0 + at);
	as(VISITOR);
	return member_sign_up(s.db, &form, &id);
}

static void
sign_ups(void **state)
{
	(void)state;
	assert_int_equal(ask("a1", "2001:db8::1", 0), E_OK);
	assert_int_equal(ask("a2", "2001:db8::2", 10), E_OK);
	assert_int_equal(ask("a3", "2001:db8::3", 20), E_LIMIT);
	assert_again(HOUR);
	assert_int_equal(limit_sign_up(s.db), E_LIMIT);
	assert_said("2");
	assert_int_equal(ask("a3", "2001:db8:0:1::3", 20), E_OK);
	assert_int_equal(ask("a4", "192.0.2.1", 30), E_OK);
	/* In all: also from this machine, which counts as no source. */
	assert_int_equal(ask("a5", "127.0.0.1", 40), E_LIMIT);
	assert_said("4");
	assert_int_equal(ask("a5", "127.0.0.1", HOUR), E_OK);
	assert_int_equal(ask("a6", "::1", HOUR + 10), E_OK);
	assert_int_equal(ask("a7", "127.0.0.1", HOUR + 20), E_OK);
	assert_int_equal(ask("a8", "127.0.0.1", HOUR + 20), E_LIMIT);
	assert_int_equal(ask("a8", "2001:db8::9", HOUR + 30), E_OK);
	/* Counted for a day at the most. */
	db_set_viewer(s.db, MACHINE);
	set_clock(T0 + DAY + HOUR + 30);
	assert_int_equal(job_sweep(s.db), 7);
	assert_int_equal(limit_sign_up(s.db), E_OK);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_board, close_copy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(messages),
		TEST(words),
		TEST(new_accounts),
		TEST(who_has_none),
		TEST(sign_ups),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
