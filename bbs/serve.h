#ifndef BBS_SERVE_H
#define BBS_SERVE_H

#include "bbs/conf.h"
#include "db/db.h"

/*
 * The listener: accepts, counts, forks a pair of processes for each caller, keeps the relay and
 * the jobs running,
 * and never reads a byte of a stranger. Runs until SIGTERM, SIGINT or SIGHUP: then nobody new comes in,
 * sessions keep what is being typed and say good-bye, and after five seconds all have ended.
 *
 * Takes the open store, which it closes before the first fork, and in *conf puts the ports that it
 * really has. Says on standard output where it listens. The exit status: 0, or 1 with a sentence on
 * standard error.
 */
int
serve_run(struct conf *conf, struct db *db);

#endif
