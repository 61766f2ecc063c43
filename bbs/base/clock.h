#ifndef BBS_BASE_CLOCK_H
#define BBS_BASE_CLOCK_H

#include <stdint.h>

#include "bbs/base/mem.h"

/*
 * Call once, before any fence: lets the C library read the machine's zone, which some libraries ask
 * for. What is said here does not depend on it.
 */
void
clock_init(void);

/* UTC seconds. Tests set the clock by BBS_NOW in the environment: a number, and it stands. */
int64_t
clock_now(void);

/* The clock of this process stands at `when`, whatever BBS_NOW says; 0 lets it go again. */
void
clock_set(int64_t when);

/* Milliseconds that only go forward, for waiting and measuring; BBS_NOW does not touch it. */
int64_t
clock_ticks(void);

/*
 * The functions below add words in the current language. `tz` is one of France's zones ("Indian/
 * Reunion"…) or "UTC"; NULL or any other name counts as Europe/Paris. Times outside the years 1 to
 * 9999 are those years' ends.
 */

/*
 * As people say it: "à l'instant" within a minute, "il y a 5 min", "il y a 3 h" under twelve hours,
 * then and for what is to come "mardi 24 mars, 18 h 30", with the year if it is not that of `now`.
 */
void
clock_phrase(struct buf *out, int64_t when, int64_t now, const char *tz);

/* For lists, short: "il y a 3 h", "hier", "17 novembre", "17 novembre 2025". In the default zone. */
void
clock_day(struct buf *out, int64_t when, int64_t now);

/* "mardi 24 mars 2026, 18 h 30" always. */
void
clock_date(struct buf *out, int64_t when, const char *tz);

/*
 * A span, rounded down, but "1 min" at the least: "5 min", "31 h" under two days, "3 jours"
 * under two months, "2 mois" under two years, "2 ans".
 */
void
clock_span(struct buf *out, int64_t seconds);

/*
 * The first second, in the default zone, of the day, month or year that was typed: 2026-03-24, 24/03/2026,
 * 24.3.2026; 2026-03, 03/2026; 2026. -1 for anything else.
 */
int64_t
clock_parse(const char *typed);

/* "18 h 30": of today, to whom may read it later. In the default zone. */
void
clock_hour(struct buf *out, int64_t when);

/* The number of the day, in the default zone, that `when` lies in: one more each midnight. */
int64_t
clock_day_number(int64_t when);

/* "Nov 24 06:40", half a year off and more "Nov 24  2025": as ls has it, in English. In the default zone. */
void
clock_list(struct buf *out, int64_t when, int64_t now);

/* "2026-03-24T18:30:00Z" for machines. */
void
clock_iso(struct buf *out, int64_t when);

#endif
