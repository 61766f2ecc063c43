/* Counting callers by where they come from. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "bbs/base/clock.h"
#include "bbs/source.h"

static struct sources all;
static const struct conf conf = { .per_source = 4, .per_source_waiting = 2, .waiting = 3, .ban = 5 };

static struct source *
from(const char *text, int64_t now)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		return source_of(&all, (struct sockaddr *)&in, now);
	assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
	return source_of(&all, (struct sockaddr *)&in6, now);
}

static int
forget(void **state)
{
	(void)state;
	while (all.first) {
		struct source *s = all.first;
		all.first = s->next;
		free(s);
	}
	all.waiting = all.shut_count = 0;
	return 0;
}

static void
addresses(void **state)
{
	(void)state;
	struct source *a = from("192.0.2.1", 0), *b;
	source_come(&all, a);
	b = from("2001:db8:1:2::1", 0);
	source_come(&all, b);
	assert_ptr_equal(from("::ffff:192.0.2.1", 0), a);
	assert_ptr_equal(from("2001:db8:1:2:ffff::9", 0), b);
	assert_ptr_not_equal(from("192.0.2.2", 0), a);
	assert_ptr_not_equal(from("2001:db8:1:3::1", 0), b);
	a = from("::1", 0);
	source_come(&all, a);
	assert_ptr_not_equal(from("0.0.0.1", 0), a);
}

static void
limits(void **state)
{
	(void)state;
	struct source *a = from("192.0.2.1", 0), *b;
	assert_int_equal(source_ask(&all, a, &conf, 0), SOURCE_WELCOME);
	source_come(&all, a);
	source_come(&all, a);
	assert_int_equal(source_ask(&all, a, &conf, 0), SOURCE_MANY_WAITING);
	b = from("192.0.2.2", 0);
	assert_int_equal(source_ask(&all, b, &conf, 0), SOURCE_WELCOME);
	source_come(&all, b);
	assert_int_equal(source_ask(&all, b, &conf, 0), SOURCE_FULL);
	source_in(&all, a);
	source_in(&all, a);
	assert_int_equal(source_ask(&all, a, &conf, 0), SOURCE_WELCOME);
	source_come(&all, a);
	source_in(&all, a);
	source_come(&all, a);
	assert_int_equal(source_ask(&all, a, &conf, 0), SOURCE_MANY);
	source_in(&all, a);
	source_gone(a);
	source_gone(a);
	assert_int_equal(a->callers, 2);
	assert_int_equal(a->waiting, 0);
	assert_int_equal(all.waiting, 1);
	const struct conf open = { 0 };
	for (int i = 0; i < 1000; i++)
		source_come(&all, a);
	assert_int_equal(source_ask(&all, a, &open, 0), SOURCE_WELCOME);
}

static void
bans(void **state)
{
	(void)state;
	const int64_t minute = 60 * 1000;
	int64_t now = 0;
	struct source *a = from("192.0.2.1", now);
	/* A crash of the carrier is ten tries: three of them, or five lines of six tries. */
	assert_false(source_failed(a, 10, &conf, now));
	assert_false(source_failed(a, 10, &conf, now));
	assert_int_equal(source_ask(&all, a, &conf, now), SOURCE_WELCOME);
	assert_true(source_failed(a, 10, &conf, now));
	assert_int_equal(source_ask(&all, a, &conf, now + 5 * minute - 1), SOURCE_BANNED);
	now += 5 * minute;
	assert_int_equal(source_ask(&all, a, &conf, now), SOURCE_WELCOME);
	assert_true(source_failed(a, 30, &conf, now));
	assert_int_equal(source_ask(&all, a, &conf, now + 10 * minute - 1), SOURCE_BANNED);
	for (int i = 0; i < 40; i++)
		source_failed(a, 30, &conf, now);
	assert_int_equal(a->until, now + SOURCE_BAN_MAX);
	/* A day of quiet: all is forgotten, the memory too. */
	now += SOURCE_BAN_MAX;
	from("192.0.2.2", now);
	assert_int_equal(from("192.0.2.1", now)->bans, 0);
	/* Slow failures never add up; and there may be no bans at all. */
	a = from("192.0.2.1", now);
	for (int i = 0; i < 10; i++)
		assert_false(source_failed(a, 20, &conf, now += SOURCE_FORGET));
	const struct conf open = { 0 };
	for (int i = 0; i < 10; i++)
		assert_false(source_failed(a, 20, &open, now));
	/* Behind a proxy everybody comes from here. */
	assert_false(source_failed(from("127.0.0.1", now), 1000, &conf, now));
	assert_false(source_failed(from("::1", now), 1000, &conf, now));
	assert_true(source_failed(from("128.0.0.1", now), 1000, &conf, now));
}

static void
shut_out(void **state)
{
	(void)state;
	int64_t now = 1774000000;
	clock_set(now);
	assert_true(ban_network("192.0.2.0/23", &all.shut[0], NULL));
	assert_true(ban_network("2001:db8:1:8000::/50", &all.shut[1], NULL));
	all.shut[0].until = now + 10;
	all.shut[1].until = now + 20;
	all.shut_count = 2;
	assert_int_equal(source_ask(&all, from("192.0.2.1", 0), &conf, 0), SOURCE_SHUT);
	assert_int_equal(source_ask(&all, from("::ffff:192.0.3.255", 0), &conf, 0), SOURCE_SHUT);
	assert_int_equal(source_ask(&all, from("192.0.4.0", 0), &conf, 0), SOURCE_WELCOME);
	assert_int_equal(source_ask(&all, from("192.0.1.255", 0), &conf, 0), SOURCE_WELCOME);
	assert_int_equal(source_ask(&all, from("2001:db8:1:bfff::7", 0), &conf, 0), SOURCE_SHUT);
	assert_int_equal(source_ask(&all, from("2001:db8:1:c000::7", 0), &conf, 0), SOURCE_WELCOME);
	assert_int_equal(source_shut(&all, from("2001:db8:1:8000::7", 0)), now + 20);
	clock_set(now + 10);
	assert_int_equal(source_ask(&all, from("192.0.2.1", 0), &conf, 0), SOURCE_WELCOME);
	assert_int_equal(source_ask(&all, from("2001:db8:1:8000::7", 0), &conf, 0), SOURCE_SHUT);
	clock_set(0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(addresses, forget),
		cmocka_unit_test_teardown(limits, forget),
		cmocka_unit_test_teardown(bans, forget),
		cmocka_unit_test_teardown(shut_out, forget),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
