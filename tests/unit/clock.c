/* The clock, the two languages it speaks, and the sentences for answers. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bbs/base/clock.h"
#include "bbs/base/error.h"
#include "bbs/base/i18n.h"

#define NB "\u00a0"

enum { NOW = 1774373400 }; /* Tuesday 24 March 2026, 18:30 in Paris, the week before summer time */

static void
assert_phrase(int64_t when, const char *french, const char *english)
{
	struct buf out = { 0 };
	i18n_set(LANGUAGE_FR);
	clock_phrase(&out, when, NOW, NULL);
	assert_string_equal(buf_text(&out), french);
	buf_cut(&out, 0);
	i18n_set(LANGUAGE_EN);
	clock_phrase(&out, when, NOW, NULL);
	assert_string_equal(buf_text(&out), english);
	buf_free(&out);
}

static void
as_people_say_it(void **state)
{
	(void)state;
	assert_phrase(NOW, "à l’instant", "just now");
	assert_phrase(NOW - 59, "à l’instant", "just now");
	assert_phrase(NOW + 59, "à l’instant", "just now");
	assert_phrase(NOW - 60, "il y a 1" NB "min", "1 min ago");
	assert_phrase(NOW - 3599, "il y a 59" NB "min", "59 min ago");
	assert_phrase(NOW - 3600, "il y a 1" NB "h", "1 h ago");
	assert_phrase(NOW - 12 * 3600 + 1, "il y a 11" NB "h", "11 h ago");
	assert_phrase(NOW - 12 * 3600, "mardi 24 mars, 6" NB "h" NB "30", "Tuesday 24 March, 6:30");
	assert_phrase(NOW + 3600, "mardi 24 mars, 19" NB "h" NB "30", "Tuesday 24 March, 19:30");
	assert_phrase(
	    NOW - 86400 - 25 * 60, "lundi 23 mars, 18" NB "h" NB "05", "Monday 23 March, 18:05");
	assert_phrase(NOW - 86400 - 30 * 60, "lundi 23 mars, 18" NB "h", "Monday 23 March, 18:00");
	assert_phrase(
	    NOW + 8 * 86400, "mercredi 1er avril, 19" NB "h" NB "30", "Wednesday 1 April, 19:30");
	assert_phrase(NOW - 365 * 86400, "lundi 24 mars 2025, 18" NB "h" NB "30",
	    "Monday 24 March 2025, 18:30");
	/* New Year's Eve in UTC is New Year's Day in Paris. */
	assert_phrase(
	    1767223800, "jeudi 1er janvier, 0" NB "h" NB "30", "Thursday 1 January, 0:30");
}

static void
dates_in_zones(void **state)
{
	(void)state;
	static const struct {
		int64_t when;
		const char *zone, *date;
	} cases[] = {
		{ NOW, NULL, "Tuesday 24 March 2026, 18:30" },
		{ NOW, "Europe/Paris", "Tuesday 24 March 2026, 18:30" },
		{ NOW, "Nowhere", "Tuesday 24 March 2026, 18:30" },
		{ NOW, "UTC", "Tuesday 24 March 2026, 17:30" },
		{ NOW, "Indian/Reunion", "Tuesday 24 March 2026, 21:30" },
		{ NOW, "Pacific/Noumea", "Wednesday 25 March 2026, 4:30" },
 /* Summer time begins and ends. */
		{ 1774745999, NULL, "Sunday 29 March 2026, 1:59" },
		{ 1774746000, NULL, "Sunday 29 March 2026, 3:00" },
		{ 1792889999, NULL, "Sunday 25 October 2026, 2:59" },
		{ 1792890000, NULL, "Sunday 25 October 2026, 2:00" },
		{ INT64_MAX, NULL, "Friday 31 December 9999, 23:59" },
		{ INT64_MIN, "UTC", "Monday 1 January 1, 0:00" },
	};
	i18n_set(LANGUAGE_EN);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf out = { 0 };
		clock_date(&out, cases[i].when, cases[i].zone);
		assert_string_equal(buf_text(&out), cases[i].date);
		buf_free(&out);
	}
}

/* What is computed here is what the time zone database says. */
static void
zones_as_in_the_database(void **state)
{
	(void)state;
	static const char *const names[] = { "Europe/Paris", "America/Cayenne",
		"America/Guadeloupe", "America/Marigot", "America/Martinique",
		"America/St_Barthelemy", "Indian/Mayotte", "Indian/Reunion", "Pacific/Noumea",
		"Pacific/Tahiti", "Pacific/Wallis", "UTC" };
	if (access("/usr/share/zoneinfo/Europe/Paris", R_OK) < 0) {
		print_message("skipped: there is no time zone database (package tzdata)\n");
		skip();
	}
	i18n_set(LANGUAGE_EN);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		setenv("TZ", names[i], 1);
		tzset();
		/* From 2000 to 2037, at every hour of the day and week in turn. */
		for (time_t when = 946684800; when < 2145916800; when += 13 * 3600 + 1) {
			struct tm tm;
			struct buf out = { 0 };
			char weekday[16], month[24], expected[64];
			localtime_r(&when, &tm);
			strftime(weekday, sizeof weekday, "%A", &tm);
			strftime(month, sizeof month, "%B %Y", &tm);
			snprintf(expected, sizeof expected, "%s %d %s, %d:%02d", weekday,
			    tm.tm_mday, month, tm.tm_hour, tm.tm_min);
			clock_date(&out, when, names[i]);
			assert_string_equal(buf_text(&out), expected);
			buf_free(&out);
		}
	}
	unsetenv("TZ");
	tzset();
}

static void
assert_hour(int64_t when, const char *french, const char *english)
{
	struct buf out = { 0 };
	i18n_set(LANGUAGE_FR);
	clock_hour(&out, when);
	assert_string_equal(buf_text(&out), french);
	buf_cut(&out, 0);
	i18n_set(LANGUAGE_EN);
	clock_hour(&out, when);
	assert_string_equal(buf_text(&out), english);
	buf_free(&out);
}

/* Midnight in Paris ends a day, also where it has 23 or 25 hours. */
static void
hours_and_days(void **state)
{
	(void)state;
	enum { MIDNIGHT = NOW + 5 * 3600 + 1800, DAY = 86400 };
	assert_hour(NOW, "18" NB "h" NB "30", "18:30");
	assert_hour(MIDNIGHT, "0" NB "h", "0:00");
	int64_t day = clock_day_number(NOW);
	assert_int_equal(day, 20536);
	assert_int_equal(clock_day_number(MIDNIGHT - 1), day);
	assert_int_equal(clock_day_number(MIDNIGHT), day + 1);
	/* Sunday 29 March ends an hour sooner, Sunday 25 October an hour later. */
	assert_int_equal(clock_day_number(MIDNIGHT + 5 * DAY - 3600 - 1), day + 5);
	assert_int_equal(clock_day_number(MIDNIGHT + 5 * DAY - 3600), day + 6);
	assert_int_equal(clock_day_number(MIDNIGHT + 215 * DAY - 1), day + 215);
	assert_int_equal(clock_day_number(MIDNIGHT + 215 * DAY), day + 216);
}

static void
spans(void **state)
{
	(void)state;
	static const struct {
		int64_t seconds;
		const char *french, *english;
	} cases[] = {
		{ -5, "1" NB "min", "1 min" },
		{ 59, "1" NB "min", "1 min" },
		{ 300, "5" NB "min", "5 min" },
		{ 31 * 3600, "31" NB "h", "31 h" },
		{ 48 * 3600 - 1, "47" NB "h", "47 h" },
		{ 48 * 3600, "2" NB "jours", "2 days" },
		{ 60 * 86400, "60" NB "jours", "60 days" },
		{ 61 * 86400, "2" NB "mois", "2 months" },
		{ 729 * 86400, "23" NB "mois", "23 months" },
		{ 730 * 86400, "2" NB "ans", "2 years" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf out = { 0 };
		i18n_set(LANGUAGE_FR);
		clock_span(&out, cases[i].seconds);
		assert_string_equal(buf_text(&out), cases[i].french);
		buf_cut(&out, 0);
		i18n_set(LANGUAGE_EN);
		clock_span(&out, cases[i].seconds);
		assert_string_equal(buf_text(&out), cases[i].english);
		buf_free(&out);
	}
}

static void
for_machines(void **state)
{
	(void)state;
	struct buf out = { 0 };
	clock_iso(&out, NOW);
	assert_string_equal(out.data, "2026-03-24T17:30:00Z");
	buf_cut(&out, 0);
	clock_iso(&out, INT64_MAX);
	assert_string_equal(out.data, "9999-12-31T23:59:59Z");
	buf_free(&out);

	setenv("BBS_NOW", "1774373400", 1);
	assert_int_equal(clock_now(), NOW);
	unsetenv("BBS_NOW");
	int64_t now = clock_now();
	assert_in_range(now, time(NULL) - 2, time(NULL));
	assert_true(clock_ticks() > 0);
}

static void
languages(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int language;
	} cases[] = {
		{ "fr", LANGUAGE_FR },
		{ "FR", LANGUAGE_FR },
		{ "fr_FR.UTF-8", LANGUAGE_FR },
		{ "fr-CA", LANGUAGE_FR },
		{ "fr:en", LANGUAGE_FR },
		{ "français", LANGUAGE_FR },
		{ "Français ", LANGUAGE_FR },
		{ "en_GB", LANGUAGE_EN },
		{ "English", LANGUAGE_EN },
		{ "C", -1 },
		{ "", -1 },
		{ "fro", -1 },
		{ "de_DE", -1 },
		{ "\xff\xfe", -1 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(i18n_parse(cases[i].name), cases[i].language);
	i18n_set(LANGUAGE_EN);
	assert_int_equal(i18n_get(), LANGUAGE_EN);
	assert_string_equal(i18n_code(i18n_get()), "en");
	assert_string_equal(i18n_code(LANGUAGE_FR), "fr");
}

/* Each answer has a sentence of its own in both languages, and no code is without one. */
static void
sentences_for_answers(void **state)
{
	(void)state;
	char seen[E_OK - E_LIMIT + 1][160];
	for (int code = E_OK; code >= E_LIMIT; code--) {
		i18n_set(LANGUAGE_EN);
		snprintf(seen[-code], sizeof seen[0], "%s", error_text(code));
		for (int other = E_OK; other > code; other--)
			assert_string_not_equal(seen[-other], seen[-code]);
		i18n_set(LANGUAGE_FR);
		if (strcmp(error_text(code), seen[-code]) == 0)
			fail_msg("not in French: %s", seen[-code]);
	}
	assert_non_null(error_text(1));
	assert_non_null(error_text(-1000));
	assert_non_null(error_text(INT_MIN));
}

/* Nothing above opens a file once all is loaded: a fenced process has none to open. */
static void
without_files(void **state)
{
	(void)state;
	i18n_set(LANGUAGE_EN);
	struct buf english = { 0 }, french = { 0 };
	clock_date(&english, NOW, NULL);
	i18n_set(LANGUAGE_FR);
	clock_date(&french, NOW, NULL);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct buf out = { 0 };
		bool same = true;
		setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 0 });
		for (int round = 0; round < 2; round++) {
			i18n_set(LANGUAGE_EN);
			clock_date(&out, NOW, NULL);
			same = same && strcmp(out.data, english.data) == 0;
			buf_cut(&out, 0);
			i18n_set(LANGUAGE_FR);
			clock_date(&out, NOW, NULL);
			same = same && strcmp(out.data, french.data) == 0;
			buf_cut(&out, 0);
		}
		_exit(same && open("/proc/self/exe", O_RDONLY) < 0 ? 0 : 1);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	buf_free(&english);
	buf_free(&french);
}

/* French must be what the Makefile built, two folders above the tests' own. */
static int
init(void **state)
{
	(void)state;
	char program[PATH_MAX], folder[PATH_MAX + 16];
	ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
	if (n <= 0)
		return -1;
	program[n] = '\0';
	*strrchr(program, '/') = '\0';
	snprintf(folder, sizeof folder, "%s/../../locale", program);
	clock_init();
	i18n_init();
	return bindtextdomain("palabre", folder) ? 0 : -1;
}

static void
sizes(void **state)
{
	(void)state;
	static const struct { int64_t bytes; const char *french; } sizes[] = {
		{ 0, "0 octet" }, { 1023, "1023 octets" }, { 1024, "1 Ko" },
		{ 4LL << 20, "4 Mo" }, { (1LL << 20) - 1, "1 Mo" }, { (1LL << 30) - 1, "1 Go" }, { 1LL << 30, "1 Go" },
		{ 3LL << 29, "1,5 Go" }, { 4LL << 30, "4 Go" }, { 2047LL << 20, "2 Go" },
		{ 5000LL << 30, "5000 Go" },
	};
	i18n_set(LANGUAGE_FR);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct buf out = { 0 };
		i18n_size(&out, sizes[i].bytes);
		assert_string_equal(buf_text(&out), sizes[i].french);
		buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_people_say_it),
		cmocka_unit_test(dates_in_zones),
		cmocka_unit_test(zones_as_in_the_database),
		cmocka_unit_test(hours_and_days),
		cmocka_unit_test(spans),
		cmocka_unit_test(for_machines),
		cmocka_unit_test(languages),
		cmocka_unit_test(sizes),
		cmocka_unit_test(sentences_for_answers),
		cmocka_unit_test(without_files),
	};
	return cmocka_run_group_tests(tests, init, NULL);
}
