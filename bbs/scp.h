#ifndef BBS_SCP_H
#define BBS_SCP_H

#include "bbs/command.h"

/*
 * The far side of the old scp protocol (`scp -O`, pscp -scp), as the command that such a client runs: "-t PATH"
 * takes files, "-f PATH…" sends them; -r folders too, -p with their times, -d PATH must be a folder, -v is heard.
 * 0; 1 if anything was refused, which the other side was told in a sentence; 2 for arguments that are none.
 */
int
scp_run(struct db *db, struct command_io *io, int count, const char *const *words);

#endif
