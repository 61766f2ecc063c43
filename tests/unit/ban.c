/* Who is shut out: addresses as they are kept, rights, the end, what the member is told, lists. */
#include "tests/unit/people.h"

static void
assert_network(const char *typed, const char *written)
{
	struct ban_network network;
	struct buf text = { 0 };
	bool good = ban_network(typed, &network, &text);
	if (good != (written != NULL) || (good && strcmp(buf_text(&text), written) != 0))
		fail_msg("%s: %s", typed, buf_text(&text));
	buf_free(&text);
}

static void
networks(void **state)
{
	(void)state;
	assert_network("192.0.2.7", "192.0.2.7");
	assert_network("192.0.2.7/32", "192.0.2.7");
	assert_network("192.0.2.7/24", "192.0.2.0/24");
	assert_network("192.0.255.7/17", "192.0.128.0/17");
	assert_network("2001:db8:1:2:3::9", "2001:db8:1:2::/64");
	assert_network("2001:DB8:1:2:3::9/128", "2001:db8:1:2::/64");
	assert_network("2001:db8:1:ffff::/49", "2001:db8:1:8000::/49");
	static const char *const bad[] = { "", "/", "alba", "192.0.2", "192.0.2.7/", "192.0.2.7/x", "192.0.2.7/33",
		"192.0.2.7/15", "0.0.0.0/0", "::/0", "2001:db8::/31", "2001:db8::/129", "192.0.2.7/24x", "1.2.3.4.5",
		"192.0.2.7 ", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/24" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_network(bad[i], NULL);
	struct ban_network n;
	assert_true(ban_network("192.0.2.7/24", &n, NULL));
	assert_int_equal(n.bits, 120);
	assert_memory_equal(n.address, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\0", 16);
}

static bool
says(enum who who, const char *word)
{
	struct buf out = { 0 };
	bool is = ban_says(s.db, s.who[who], &out);
	if (is && !strstr(buf_text(&out), word))
		fail_msg("%s lacks %s", buf_text(&out), word);
	assert_int_equal(is, out.len > 0);
	buf_free(&out);
	return is;
}

static void
a_member(void **state)
{
	(void)state;
	item_id thread;
	board_id board = theme("place", "members", 90);
	as(SYSOP);
	assert_int_equal(ban_add(s.db, " ALBA@example.org", T0 + 3 * DAY, "Insultes."), E_OK);
	assert_int_equal(acts("ban", s.who[ALBA].n), 1);
	assert_true(says(ALBA, "Insultes."));
	assert_true(says(ALBA, "2026"));
	assert_false(says(BRUNO, ""));
	/* At once nothing can be done any more, whatever session is open. */
	as(ALBA);
	assert_false(may(s.db, MAY_POST, (item_id){ 0 }));
	assert_int_equal(thread_new(s.db, board, "Bonjour", "Bonjour.", &thread), E_DENIED);
	set_clock(T0 + 3 * DAY - 1);
	assert_true(says(ALBA, ""));
	set_clock(T0 + 3 * DAY);
	assert_false(says(ALBA, ""));
	assert_int_equal(thread_new(s.db, board, "Bonjour", "Bonjour.", &thread), E_OK);
	/* Said again, it counts anew; then it is taken back. */
	as(SYSOP);
	assert_int_equal(ban_add(s.db, "alba", T0 + 9 * DAY, ""), E_OK);
	assert_true(says(ALBA, ""));
	int64_t id = ban_find(s.db, "alba");
	assert_true(id > 0);
	assert_int_equal(ban_remove(s.db, id), E_OK);
	assert_int_equal(ban_remove(s.db, id), E_NOT_FOUND);
	assert_int_equal(acts("unban", s.who[ALBA].n), 1);
	assert_false(says(ALBA, ""));
	assert_int_equal(ban_find(s.db, "alba"), E_NOT_FOUND);
}

static void
who_may(void **state)
{
	(void)state;
	static const enum who others[] = { VISITOR, ALBA, ROSA, GARD, NATION };
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		as(others[i]);
		assert_int_equal(ban_add(s.db, "bruno", T0 + DAY, ""), E_DENIED);
		assert_int_equal(ban_remove(s.db, 1), E_DENIED);
		assert_int_equal(ban_find(s.db, "bruno"), E_DENIED);
		assert_int_equal(ban_page(s.db, 0, 1, 10, NULL, NULL), E_DENIED);
	}
	as(SYSOP);
	assert_int_equal(ban_add(s.db, "sofia", T0 + DAY, ""), E_DENIED);
	assert_int_equal(ban_add(s.db, "machine", T0 + DAY, ""), E_NOT_FOUND);
	assert_int_equal(ban_add(s.db, "personne", T0 + DAY, ""), E_NOT_FOUND);
	assert_int_equal(ban_add(s.db, "bruno", T0, ""), E_INVALID);
	char reason[400];
	memset(reason, 'x', sizeof reason - 1);
	reason[sizeof reason - 1] = '\0';
	assert_int_equal(ban_add(s.db, "bruno", T0 + DAY, reason), E_TOO_LONG);
	/* Over telnet a sysop is a member. */
	db_set_plain(s.db, true);
	assert_int_equal(ban_add(s.db, "bruno", T0 + DAY, ""), E_DENIED);
	db_set_plain(s.db, false);
	assert_int_equal(ban_find(s.db, "bruno"), E_NOT_FOUND);
}

static bool
note(void *ctx, const struct ban_row *row)
{
	buf_fmt(ctx, "%s%s%s;", row->what, row->over ? "-" : "", row->name);
	return true;
}

static void
lists(void **state)
{
	(void)state;
	struct buf seen = { 0 };
	struct ban_network nets[4];
	as(SYSOP);
	assert_int_equal(ban_add(s.db, "192.0.2.1/24", T0 + DAY, ""), E_OK);
	assert_int_equal(ban_add(s.db, "bruno", T0 + 2 * DAY, ""), E_OK);
	assert_int_equal(ban_add(s.db, "2001:db8::1", T0 + 3 * DAY, ""), E_OK);
	assert_int_equal(ban_page(s.db, 0, 1, 2, note, &seen), 2);
	assert_string_equal(seen.data, "2001:db8::/64;brunobruno Martin;");
	buf_cut(&seen, 0);
	set_clock(T0 + DAY);
	assert_int_equal(ban_page(s.db, ban_find(s.db, "bruno"), 1, 2, note, &seen), 1);
	assert_int_equal(ban_page(s.db, 0, -1, 2, note, &seen), 2);
	assert_string_equal(seen.data, "192.0.2.0/24-;192.0.2.0/24-;brunobruno Martin;");
	/* serve is told of those that hold, the newest first. */
	assert_int_equal(ban_networks(s.db, nets, 4), 1);
	assert_int_equal(nets[0].until, T0 + 3 * DAY);
	assert_int_equal(nets[0].bits, 64);
	set_clock(T0);
	assert_int_equal(ban_networks(s.db, nets, 4), 2);
	assert_int_equal(ban_networks(s.db, nets, 1), 1);
	/* A month after their ends they are forgotten. */
	db_set_viewer(s.db, MACHINE);
	set_clock(T0 + 32 * DAY);
	assert_int_equal(job_sweep(s.db), 1);
	set_clock(T0 + 40 * DAY);
	assert_int_equal(job_sweep(s.db), 2);
	assert_int_equal(ban_page(s.db, 0, 1, 2, note, &seen), 0);
	buf_free(&seen);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(networks),
		TEST(a_member),
		TEST(who_may),
		TEST(lists),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
