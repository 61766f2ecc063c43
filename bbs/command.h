#ifndef BBS_COMMAND_H
#define BBS_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "db/db.h"

/*
 * Commands: `bbs NOUN VERB …` on the machine, `ssh host NOUN VERB …` for members. One table of them
 * says how each is spelled, who may use it where, and which function does it; help is printed from it.
 */

/* Where a command's words come from and go to: files on the machine, messages over ssh. */
struct command_io {
	/* Output; error: to standard error. */
	void (*write)(struct command_io *io, const char *data, size_t size, bool error);
	/* Reads up to size bytes of standard input: 0 at its end, -1 when the line is gone. */
	long (*read)(struct command_io *io, char *data, size_t size);
	bool terminal; /* the output is a person's terminal */
	/* Set by a command that has something to keep: called should the line be cut, before the process ends. */
	bool (*parting)(void *ctx);
	void *parting_ctx;
};

struct conf;
struct command {
	struct db *db;
	const struct conf *conf;
	struct command_io *io;
	bool machine; /* on the machine: files may be named, and the sysop's things done */
	int argc;
	char **argv;  /* words behind "bbs" and its options */
};

/* Runs it: exit status 0, 1 (an answer, on standard error), 2 (usage). */
int
command_run(struct command *c);

/* Splits a line as ssh sends it into words: quotes '…' "…" and \ as a shell has them, nothing else.
 * Words point into `line`, which is changed. How many; -1 for an open quote, or for more than max. */
int
command_split(char *line, char **words, int max);

/* Does the command need the store at all (help does not)? And may it run without a terminal's charset? */
bool
command_needs_store(int argc, char **argv);

#endif
