/* Wrong passwords are counted over processes, by name and by address; waits grow, and end. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bbs/pace.h"

enum { LONGEST = 15000 };
static const char *const here = "127.0.0.1", *const there = "192.0.2.1";

static void
a_name(void **state)
{
	(void)state;
	struct pace *p = pace_new();
	static const int waits[] = { 0, 0, 0, 1000, 2000, 4000, 8000, LONGEST, LONGEST };
	for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
		/* As it is typed, in either case, whether there is such a member or not. */
		assert_int_equal(pace_try(p, i % 2 ? "Alba" : "alba", here, LONGEST), waits[i]);
		assert_int_equal(pace_try(p, "personne", here, LONGEST), waits[i]);
	}
	for (int i = 0; i < 600; i++)
		assert_int_equal(pace_try(p, "alba", here, LONGEST), LONGEST);
	assert_int_equal(pace_try(p, "bruno", here, LONGEST), 0);
	pace_right(p, "alba", here);
	assert_int_equal(pace_try(p, "alba", here, LONGEST), 0);
	assert_int_equal(pace_try(p, "personne", here, LONGEST), LONGEST);
	assert_int_equal(pace_try(p, "personne", here, 0), 0);
	assert_int_equal(pace_try(NULL, "personne", here, LONGEST), 0);
	pace_right(NULL, "alba", here);
	pace_leave(p);
}

static void
a_source(void **state)
{
	(void)state;
	struct pace *p = pace_new();
	char name[20], address[40];
	for (int i = 0; i < 10; i++) {
		snprintf(name, sizeof name, "name%d", i);
		assert_int_equal(pace_try(p, name, there, LONGEST), 0);
		snprintf(address, sizeof address, "2001:db8::%x", i);
		assert_int_equal(pace_try(p, name, address, LONGEST), 0);
	}
	assert_int_equal(pace_try(p, "another", there, LONGEST), 1000);
	assert_int_equal(pace_try(p, "another", "2001:db8::ffff", LONGEST), 1000);
	assert_int_equal(pace_try(p, "another", "192.0.2.2", LONGEST), 0);
	/* Who is right leaves the count as if he had not tried. */
	for (int i = 0; i < 5; i++) {
		assert_int_equal(pace_try(p, "chantal", there, LONGEST), 2000);
		pace_right(p, "chantal", there);
	}
	for (int i = 0; i < 50; i++) {
		snprintf(name, sizeof name, "proxy%d", i);
		assert_int_equal(pace_try(p, name, i % 2 ? here : "::1", LONGEST), 0);
	}
	pace_leave(p);
}

/* Many at once, each in a process of its own, and each counts. */
static void
at_once(void **state)
{
	(void)state;
	enum { PROCESSES = 8, TRIES = 30 };
	struct pace *p = pace_new();
	for (int i = 0; i < PROCESSES; i++)
		if (!fork()) {
			for (int j = 0; j < TRIES; j++)
				pace_try(p, "alba", there, LONGEST);
			_exit(0);
		}
	int status;
	while (wait(&status) > 0)
		assert_int_equal(status, 0);
	/* 240 of 255 that are counted: 15 right ones from there would still leave many. */
	assert_int_equal(pace_try(p, "alba", there, LONGEST), LONGEST);
	for (int i = 0; i < 225; i++)
		pace_right(p, "bruno", there);
	assert_int_equal(pace_try(p, "chantal", there, LONGEST), LONGEST);
	for (int i = 0; i < 8; i++)
		pace_right(p, "bruno", there);
	assert_int_equal(pace_try(p, "denise", there, LONGEST), 0);
	pace_leave(p);
}

/* A hundred thousand names of a guesser push nobody out whom many have tried. */
static void
many_names(void **state)
{
	(void)state;
	struct pace *p = pace_new();
	char name[20];
	for (int i = 0; i < 9; i++)
		pace_try(p, "alba", here, LONGEST);
	for (int i = 0; i < 100000; i++) {
		snprintf(name, sizeof name, "guess%d", i);
		pace_try(p, name, here, LONGEST);
	}
	assert_int_equal(pace_try(p, "alba", here, LONGEST), LONGEST);
	pace_leave(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name),
		cmocka_unit_test(a_source),
		cmocka_unit_test(at_once),
		cmocka_unit_test(many_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
