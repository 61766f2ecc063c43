/* Patterns of the last step of a path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "bbs/path.h"

static void
stars_and_letters(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *name;
		bool matches;
	} cases[] = {
		{ "*", "a", true },
		{ "*", "", true },
		{ "*", ".caché", true },
		{ "", "", true },
		{ "", "a", false },
		{ "?", "", false },
		{ "?", "é", true },
		{ "?", "🌳", true },
		{ "??", "🌳", false },
		{ "a", "a", true },
		{ "a", "A", false },
		{ "a", "ab", false },
		{ "ab", "a", false },
		{ "*.txt", "liste.txt", true },
		{ "*.txt", ".txt", true },
		{ "*.txt", "liste.txt.odt", false },
		{ "*.txt", "liste.TXT", false },
		{ "d*", "d", true },
		{ "d*", "demande", true },
		{ "d*", "ad", false },
		{ "*é*", "été", true },
		{ "*è*", "été", false },
		{ "??é", "été", true },
		{ "?é", "été", false },
		{ "*ab*ab", "abab", true },
		{ "*ab*ab", "ababxab", true },
		{ "*ab*ab", "xab", false },
		{ "a*b*c", "abbbcbc", true },
		{ "a*b*c", "acb", false },
		{ "a**c", "ac", true },
		{ "*?", "é", true },
		{ "*?", "", false },
		{ "?*?", "é", false },
		{ "a*", "a*b", true },
		{ "[ab]", "a", false },
		{ "[ab]", "[ab]", true },
		{ "a\\*", "a*", false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (path_matches(cases[i].pattern, cases[i].name) != cases[i].matches)
			fail_msg("%s, %s", cases[i].pattern, cases[i].name);
}

/* What tries every way would not come to an end within this life. */
static void
many_stars_are_cheap(void **state)
{
	(void)state;
	char name[FILE_NAME_MAX + 1], pattern[FILE_NAME_MAX + 1];
	memset(name, 'a', FILE_NAME_MAX);
	name[FILE_NAME_MAX] = '\0';
	for (size_t i = 0; i < FILE_NAME_MAX - 1; i += 2)
		memcpy(pattern + i, "*a", 2);
	memcpy(pattern + FILE_NAME_MAX - 1, "b", 2);
	clock_t start = clock();
	for (int i = 0; i < 100; i++) {
		assert_false(path_matches("*a*a*a*a*b", name));
		assert_false(path_matches(pattern, name));
	}
	assert_true(clock() - start < CLOCKS_PER_SEC);
	pattern[FILE_NAME_MAX - 1] = '\0';
	assert_true(path_matches(pattern, name));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stars_and_letters),
		cmocka_unit_test(many_stars_are_cheap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
