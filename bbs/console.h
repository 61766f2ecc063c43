#ifndef BBS_CONSOLE_H
#define BBS_CONSOLE_H

#include "bbs/conf.h"
#include "db/db.h"

/*
 * `bbs console [--as LOGIN]`: a visit on the terminal that this was started on, as the sysop of this
 * machine or as that member. Takes the open store, which it closes before it forks. Returns when the
 * visit is over, the terminal as it was: 0, 1 with a sentence on standard error, 2 for usage.
 */
int
console_run(const struct conf *conf, struct db *db, int argc, char **argv);

#endif
