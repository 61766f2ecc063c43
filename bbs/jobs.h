#ifndef BBS_JOBS_H
#define BBS_JOBS_H

#include "bbs/conf.h"
#include "db/db.h"

/*
 * What the board does by itself, now and then: one table of jobs. What is due is read from the store,
 * so that none is missed while nothing ran, and none is done twice by two who run at once.
 */

/*
 * The process that serve keeps for it: opens the store, fences itself, runs what is due each minute;
 * `door` is the relay's, `broker` the broker's, and into `bans` goes who is shut out whenever that changes (struct ban_network,
 * all in one message; one byte: nobody). Ends only by a signal or in a broken world; what it was doing
 * then is done again by the next, or was done whole.
 */
_Noreturn void
jobs_run(const struct conf *conf, int door, int bans, int broker);

/*
 * Runs every job now, due or not, but for those that somebody else is at; `broker` is the broker's door. Each is told with what it
 * answered: how many things it did, E_DONE for one that somebody else is at, another answer below 0.
 */
void
jobs_once(struct db *db, int broker, void (*told)(void *ctx, const char *name, int answer), void *ctx);

#endif
