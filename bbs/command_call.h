#ifndef BBS_COMMAND_CALL_H
#define BBS_COMMAND_CALL_H

#include "bbs/command.h"
#include "bbs/conf.h"
#include "bbs/listing.h"
#include "db/forum.h"

/* What the files of commands share: rows of the table, one call of a command, its ins and outs. */

struct call;

/*
 * A row of the table. `usage` is also what arguments are checked by: words in capitals are arguments,
 * with … any number of them; --name is an option, with a value if a word in capitals follows, which is a
 * number if that word is N or ID; what stands in [ ] or ( ) may be missing.
 */
struct verb {
	const char *noun, *verb;  /* verb NULL: the noun alone is the command */
	const char *usage;
	const char *help;         /* a msgid: one sentence or a few */
	enum { ON_BOTH, ON_MACHINE } where;
	int need;                 /* a deed, or NEED_NOTHING: visitors and candidates too */
	int (*run)(struct call *call); /* NULL: main.c does it, and the row is for help */
	const struct listing_column *columns; /* of JSON and CSV, for help and call_list() */
	int column_count;
	bool no_store;            /* works without one */
};
enum { NEED_NOTHING = -1 };

/* The rows of each file, ended by a NULL noun. */
extern const struct verb command_council_verbs[];
extern const struct verb command_sheet_verbs[];
extern const struct verb command_member_verbs[];
extern const struct verb command_forum_verbs[];
extern const struct verb command_reading_verbs[];
extern const struct verb command_profile_verbs[];
extern const struct verb command_moderation_verbs[];
extern const struct verb command_online_verbs[];
extern const struct verb command_file_verbs[];
extern const struct verb command_machine_verbs[];
extern const struct verb command_ban_verbs[];
extern const struct verb command_store_verbs[];
extern const struct verb command_transfer_verbs[];

enum { CALL_WORDS = 64, CALL_OPTIONS = 24 };

struct call {
	struct db *db;
	const struct conf *conf;
	struct command_io *io;
	bool machine;
	const struct verb *verb;
	const char *words[CALL_WORDS]; /* arguments that are no options */
	int count;
	struct call_option {
		const char *name;      /* without its dashes; not ended by a NUL */
		size_t size;
		const char *value;     /* "" for one without a value */
	} options[CALL_OPTIONS];
	int option_count;
	struct buf out;                /* not written yet */
};

/*
 * Sorts arguments by the verb's usage. False where they do not fit, with a sentence in `fault`.
 */
bool
call_parse(struct call *call, int argc, char **argv, struct buf *fault);

/* An option's value ("" for one that has none), or NULL where it was not given. */
const char *
call_option(const struct call *call, const char *name);

/* Of an option that may be given several times, the i-th; NULL: there are not so many. */
const char *
call_option_at(const struct call *call, const char *name, int i);

/* An option as a number from 0; `otherwise` where it is not given. --limit, or no limit. */
int64_t
call_number(const struct call *call, const char *name, int64_t otherwise);
int64_t
call_limit(const struct call *call);

/* A word as a number, also as people write it, #123; -1 where it is none. The i-th argument so. */
int64_t
call_word_id(const char *word);
int64_t
call_id(const struct call *call, int i);

/*
 * Output. It is held while a statement is open (a slow line would keep that open) and written at the
 * first call after it; command_run() writes what is left.
 */
void
call_write(struct call *call, const char *data, size_t size);
void
call_flush(struct call *call);
/* A text of people, cleaned once more for the terminal. */
void
call_text(struct call *call, const char *text);
void
call_say(struct call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A sentence on standard error: 1, for the exit status. call_usage(): the usage after it, 2. */
int
call_refuse(struct call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
int
call_usage(struct call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The answer's own sentence, behind `what` and a colon unless that is NULL. */
int
call_fail(struct call *call, const char *what, int answer);
/* 0, or call_fail() for an answer below 0. */
int
call_end(struct call *call, int answer);

/* The same of what may have become public: with it, beside the output, what was taken from photos. */
int
call_end_public(struct call *call, const char *what, int answer);

/* The board of that name (command_forum.c): 0, or 1 with a sentence that there is none. */
int
call_board(struct call *call, const char *slug, struct board *board);

/* The file or folder of that number or path (command_file.c): 0, and out is to be freed; or 1 with a sentence. */
struct file;
int
call_file(struct call *call, const char *word, struct file *out);
/* Files to be attached to a message (command_file.c), as --attach names them, behind those that are there: the same. */
int
call_attachments(struct call *call, struct attachments *all);

/* The form that --json and --csv ask for; begins a list of the verb's columns, or one thing. */
enum listing_form
call_form(const struct call *call);
void
call_list(struct call *call, struct listing *list);
void
call_list_one(struct call *call, struct listing *list);
/* The same with other columns. */
void
call_list_as(struct call *call, struct listing *list, const struct listing_column *columns, int count);
/* A time: for people as they say it, for programs as ISO 8601. */
void
call_time(struct listing *list, int64_t when);
/* A word of the store (a role, a state, a level): for people in their language. */
void
call_word(struct listing *list, const char *word);

/*
 * Adds standard input to its end: E_OK, E_TOO_LONG behind `max` bytes, E_NOT_FOUND when the line is
 * gone. On a terminal a hint says how to end it.
 */
int
call_input(struct call *call, struct buf *out, size_t max);
/* The first line of standard input without its end; nothing behind it is kept. */
int
call_input_line(struct call *call, struct buf *out, size_t max);
/*
 * The file that was named, on the machine; "-", and over ssh any name, is standard input. An answer,
 * with a sentence said already.
 */
int
call_load(struct call *call, const char *name, struct buf *out, size_t max);

#endif
