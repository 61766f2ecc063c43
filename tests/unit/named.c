/* Members named as people type them. */
#include "tests/unit/people.h"

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

/* What was typed is those members, as they are written, or a sentence with these words in it. */
static void
assert_named(enum who who, const char *typed, int answer, const char *says)
{
	member_id found[4];
	struct buf wrong = { 0 };
	as(who);
	int n = members_named(s.db, typed, found, 4, &wrong);
	if (n != answer)
		print_error("typed: %s\n", typed);
	assert_int_equal(n, answer);
	if (n < 0) {
		if (!strstr(buf_text(&wrong), says))
			fail_msg("%s: %s", typed, buf_text(&wrong));
	} else {
		assert_int_equal(wrong.len, 0);
		members_write(s.db, found, n, &wrong);
		assert_string_equal(buf_text(&wrong), says);
	}
	buf_free(&wrong);
}

static void
named_as_typed(void **state)
{
	(void)state;
	struct sign_up twin = { .login = "xavier2", .email = "x2@example.org", .family = "Martin", .given = "Xavier" };
	member_id other;
	assert_named(ALBA, "", 0, "");
	assert_named(ALBA, " , ;\n", 0, "");
	assert_named(ALBA, "bruno", 1, "bruno Martin");
	assert_named(ALBA, "Bruno; ROSA", 2, "bruno Martin, rosa Martin");
	assert_named(ALBA, "bruno,rosa , bruno", 2, "bruno Martin, rosa Martin");
	assert_named(ALBA, "bruno rosa", E_NOT_FOUND, "“bruno rosa”");
	assert_named(ALBA, "bruno Martin,MARTIN, rosa", E_NOT_FOUND, "“MARTIN”");
	assert_named(ALBA, "martin bruno\nRosa  Martin,", 2, "bruno Martin, rosa Martin");
	assert_named(ALBA, "bruno deniz", E_NOT_FOUND, "“bruno deniz”");
	assert_named(ALBA, "bruno, Deniz Petit", E_NOT_FOUND, "“Deniz Petit”");
	assert_named(ALBA, "bruno, rosa, gard, region, epci", E_TOO_LONG, "4 persons");
	/* The machine is nobody; who waits is nobody yet; an address is found by whom it is shown to. */
	assert_named(ALBA, "machine", E_NOT_FOUND, "“machine”");
	join("chantal", s.nimes);
	assert_named(ALBA, "chantal", E_NOT_FOUND, "“chantal”");
	assert_named(ALBA, "bruno@example.org", E_NOT_FOUND, "“bruno@example.org”");
	assert_named(BRUNO, "bruno@example.org", 1, "bruno Martin");
	/* Of two who bear one name each is written by the log-in name. */
	as(SYSOP);
	assert_int_equal(member_add(s.db, &twin, ROLE_MEMBER, NULL, &other), E_OK);
	assert_named(ALBA, "Xavier Martin", E_EXISTS, "xavier, xavier2");
	assert_named(ALBA, "xavier, xavier2, bruno martin", 3, "xavier, xavier2, bruno Martin");
	/* Between commas stands one name, whatever its words are else. */
	struct sign_up clash = { .login = "zoe", .email = "zoe@example.org", .family = "Bruno", .given = "Rosa" };
	as(SYSOP);
	assert_int_equal(member_add(s.db, &clash, ROLE_MEMBER, NULL, &other), E_OK);
	assert_named(ALBA, "bruno rosa", 1, "Rosa Bruno");
	assert_named(ALBA, "bruno, rosa", 2, "bruno Martin, rosa Martin");
	assert_named(ALBA, "zoe", 1, "Rosa Bruno");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(named_as_typed),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
