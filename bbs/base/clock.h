#ifndef BBS_BASE_CLOCK_H
#define BBS_BASE_CLOCK_H

#include <stdint.h>

#include "bbs/base/mem.h"

/* UTC seconds. Tests set the clock with the environment's BBS_NOW (a number; the clock then stands). */
int64_t
clock_now(void);

/* Milliseconds that only go forward, for waiting and measuring; BBS_NOW does not touch it. */
int64_t
clock_ticks(void);

/*
 * As people say it, in the current language and zone of `tz` (a zone name; NULL: Europe/Paris):
 * "il y a 5 min", "il y a 3 h", then "mardi 24 mars, 18 h 30", with the year when it is another one.
 */
void
clock_phrase(struct buf *out, int64_t when, int64_t now, const char *tz);

/* "mardi 24 mars 2026, 18 h 30" always. */
void
clock_date(struct buf *out, int64_t when, const char *tz);

/* A span: "31 h", "5 min", "3 jours", "2 mois", "2 ans"; "un instant" under a minute. */
void
clock_span(struct buf *out, int64_t seconds);

/* "2026-03-24T18:30:00Z" for machines. */
void
clock_iso(struct buf *out, int64_t when);

/* Call before any fence: loads the time zones used. */
void
clock_init(void);

#endif
