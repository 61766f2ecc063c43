/*
 * The time, and how people say it. Zones are France's own, computed here: no file is read, so it
 * works inside a fence and does not depend on the machine's zone.
 */
#include "bbs/base/clock.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bbs/base/i18n.h"
#include "bbs/base/log.h"

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

/* The years 1 to 9999. */
#define FIRST_SECOND INT64_C(-62135596800)
#define LAST_SECOND INT64_C(253402300799)

static const struct zone {
	const char *name;
	int east; /* minutes, in winter */
	bool summer;
} zones[] = {
	{ "Europe/Paris", 60, true },
	{ "America/Cayenne", -180, false },
	{ "America/Guadeloupe", -240, false },
	{ "America/Marigot", -240, false },
	{ "America/Martinique", -240, false },
	{ "America/St_Barthelemy", -240, false },
	{ "Indian/Mayotte", 180, false },
	{ "Indian/Reunion", 240, false },
	{ "Pacific/Noumea", 660, false },
	{ "Pacific/Tahiti", -600, false },
	{ "Pacific/Wallis", 720, false },
	{ "UTC", 0, false },
};

static const char *const weekdays[] = { N_("Sunday"), N_("Monday"), N_("Tuesday"), N_("Wednesday"),
	N_("Thursday"), N_("Friday"), N_("Saturday") };
static const char *const months[] = { N_("January"), N_("February"), N_("March"), N_("April"),
	N_("May"), N_("June"), N_("July"), N_("August"), N_("September"), N_("October"),
	N_("November"), N_("December") };

void
clock_init(void)
{
	tzset();
}

static int64_t standing;

void
clock_set(int64_t when)
{
	standing = when;
}

int64_t
clock_now(void)
{
	if (standing)
		return standing;
	const char *fixed = getenv("BBS_NOW");
	if (!fixed || !*fixed)
		return time(NULL);
	char *end;
	int64_t now = strtoll(fixed, &end, 10);
	if (*end)
		die("BBS_NOW is not a number");
	return now;
}

int64_t
clock_ticks(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct tm
parts(int64_t when)
{
	time_t seconds = when < FIRST_SECOND  ? FIRST_SECOND
			 : when > LAST_SECOND ? LAST_SECOND
					      : when;
	struct tm tm;
	if (!gmtime_r(&seconds, &tm))
		die("no date for a time");
	return tm;
}

/* Europe's rule: from the last Sunday of March to that of October, at one in the morning of UTC. */
static bool
is_summer(int64_t when)
{
	struct tm tm = parts(when);
	if (tm.tm_mon != 2 && tm.tm_mon != 9)
		return tm.tm_mon > 2 && tm.tm_mon < 9;
	int last_sunday = 31 - (tm.tm_wday + 31 - tm.tm_mday) % 7;
	bool changed = tm.tm_mday > last_sunday || (tm.tm_mday == last_sunday && tm.tm_hour >= 1);
	return (tm.tm_mon == 2) == changed;
}

static struct tm
local_parts(int64_t when, const char *tz)
{
	const struct zone *zone = &zones[0];
	for (size_t i = 0; tz && i < sizeof zones / sizeof zones[0]; i++)
		if (strcmp(tz, zones[i].name) == 0)
			zone = &zones[i];
	int hour_more = zone->summer && is_summer(when) ? HOUR : 0;
	if (when < LAST_SECOND - DAY)
		when += (int64_t)zone->east * MINUTE + hour_more;
	return parts(when);
}

static void
add_date(struct buf *out, const struct tm *tm, bool year)
{
	const char *weekday = _(weekdays[tm->tm_wday]), *month = _(months[tm->tm_mon]);
	if (tm->tm_mday == 1)
		buf_fmt(out, _("%s 1 %s"), weekday, month);
	else
		buf_fmt(out, _("%s %d %s"), weekday, tm->tm_mday, month);
	if (year)
		buf_fmt(out, _(" %d"), tm->tm_year + 1900);
	if (tm->tm_min)
		buf_fmt(out, _(", %d:%02d"), tm->tm_hour, tm->tm_min);
	else
		buf_fmt(out, _(", %d:00"), tm->tm_hour);
}

void
clock_hour(struct buf *out, int64_t when)
{
	struct tm tm = local_parts(when, NULL);
	if (tm.tm_min)
		buf_fmt(out, _("%d:%02d"), tm.tm_hour, tm.tm_min);
	else
		buf_fmt(out, _("%d:00"), tm.tm_hour);
}

void
clock_list(struct buf *out, int64_t when, int64_t now)
{
	struct tm tm = local_parts(when, NULL);
	buf_fmt(out, "%.3s %2d ", months[tm.tm_mon], tm.tm_mday);
	if (when > now - 182 * DAY && when < now + DAY)
		buf_fmt(out, "%02d:%02d", tm.tm_hour, tm.tm_min);
	else
		buf_fmt(out, " %4d", tm.tm_year + 1900);
}

int64_t
clock_day_number(int64_t when)
{
	struct tm tm = local_parts(when, NULL);
	return timegm(&tm) / DAY;
}

void
clock_phrase(struct buf *out, int64_t when, int64_t now, const char *tz)
{
	int64_t ago = now - when;
	if (ago > -MINUTE && ago < MINUTE) {
		buf_str(out, _("just now"));
	} else if (ago > 0 && ago < HOUR) {
		buf_fmt(out, _("%d min ago"), (int)(ago / MINUTE));
	} else if (ago > 0 && ago < 12 * HOUR) {
		buf_fmt(out, _("%d h ago"), (int)(ago / HOUR));
	} else {
		struct tm then = local_parts(when, tz), today = local_parts(now, tz);
		add_date(out, &then, then.tm_year != today.tm_year);
	}
}

void
clock_day(struct buf *out, int64_t when, int64_t now)
{
	struct tm then = local_parts(when, NULL), today = local_parts(now, NULL);
	struct tm yesterday = local_parts(now - 24 * HOUR, NULL);
	if (now - when < 12 * HOUR && when <= now)
		clock_phrase(out, when, now, NULL);
	else if (then.tm_yday == today.tm_yday && then.tm_year == today.tm_year)
		buf_str(out, _("today"));
	else if (then.tm_yday == yesterday.tm_yday && then.tm_year == yesterday.tm_year)
		buf_str(out, _("yesterday"));
	else if (then.tm_mday == 1)
		buf_fmt(out, _("1 %s"), _(months[then.tm_mon]));
	else
		buf_fmt(out, "%d %s", then.tm_mday, _(months[then.tm_mon]));
	if (then.tm_year != today.tm_year)
		buf_fmt(out, " %d", then.tm_year + 1900);
}

void
clock_date(struct buf *out, int64_t when, const char *tz)
{
	struct tm then = local_parts(when, tz);
	add_date(out, &then, true);
}

void
clock_span(struct buf *out, int64_t seconds)
{
	int64_t days = seconds / DAY;
	if (seconds < HOUR)
		buf_fmt(out, _("%d min"), seconds < MINUTE ? 1 : (int)(seconds / MINUTE));
	else if (days < 2)
		buf_fmt(out, _("%d h"), (int)(seconds / HOUR));
	else if (days < 61)
		buf_fmt(out, _("%d days"), (int)days);
	else if (days < 730)
		buf_fmt(out, _("%d months"), (int)(days * 12 / 365));
	else
		buf_fmt(out, _("%lld years"), (long long)(days / 365));
}

/* Numbers between which one separator stands; how many, -1 where something else does. */
static int
numbers(const char *s, long out[3])
{
	int n = 0;
	char separator = '\0';
	while (*s >= '0' && *s <= '9' && n < 3) {
		char *end;
		out[n++] = strtol(s, &end, 10);
		s = end;
		if (!*s)
			return n;
		if (!strchr("-/.", *s) || (separator && separator != *s))
			return -1;
		separator = *s++;
	}
	return -1;
}

int64_t
clock_parse(const char *typed)
{
	long n[3] = { 0 };
	int count = numbers(typed, n);
	if (count < 1)
		return -1;
	bool year_first = n[0] >= 1000;
	long year = year_first ? n[0] : n[count - 1], month = 1, day = 1;
	if (count > 1)
		month = year_first ? n[1] : n[count - 2];
	if (count > 2)
		day = year_first ? n[2] : n[0];
	if (year < 1000 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
		return -1;
	struct tm tm = { .tm_year = (int)year - 1900, .tm_mon = (int)month - 1, .tm_mday = (int)day };
	int64_t when = timegm(&tm);
	if (tm.tm_mday != day)
		return -1;
	const struct tm noon = local_parts(when + 12 * HOUR, NULL);
	return when - (noon.tm_hour - 12) * (int64_t)HOUR;
}

void
clock_iso(struct buf *out, int64_t when)
{
	struct tm tm = parts(when);
	buf_fmt(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
	    tm.tm_hour, tm.tm_min, tm.tm_sec);
}
