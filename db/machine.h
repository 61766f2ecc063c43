#ifndef DB_MACHINE_H
#define DB_MACHINE_H

#include "db/db.h"

/* The machine's side: settings, journal, outbox, sessions, jobs, the demonstration. */

/* ---- what is changed while the board runs (setting.c) ---- */

/* The one table; its labels and sentences are msgids. A yes is 1, a no 0. */
struct setting {
	const char *name;
	enum { SETTING_NUMBER, SETTING_YES } kind;
	int64_t min, max, otherwise; /* its bounds, and what it is where nobody has set it */
	const char *label, *help;
};
extern const struct setting settings[];
extern const int settings_count;
/* NULL where there is none. */
const struct setting *
setting_find(const char *name);
/* Its value now, within its bounds; the name stands in the table. */
int64_t
setting_number(struct db *db, const char *name);
/* As typed, by whoever runs the machine; holds at once. E_DENIED, E_NOT_FOUND, E_INVALID (out of bounds). */
int
setting_set(struct db *db, const char *name, const char *typed);

/* ---- the machine's side (journal.c, session.c) ---- */

struct journal_row {
	int64_t id, created;
	const char *actor, *act, *object, *detail;
	const char *target; /* the name of the member, council or board it was done to, "" unknown */
	int64_t object_id;
};
typedef bool (*journal_each)(void *ctx, const struct journal_row *row);
int
journal_page(struct db *db, int64_t from, int n, journal_each each, void *ctx); /* newest first */
/*
 * What somebody did (0 anybody), acts of that name ("" any), since and until that time, the latter not included
 * (0 no bound). Or, with an object, all that was done to it, whoever did what. Newest first; keyset by id, 0
 * the beginning.
 */
struct journal_filter {
	member_id actor;
	const char *act, *object;
	int64_t object_id, since, until;
};
int
journal_find(struct db *db, const struct journal_filter *filter, int64_t from, int direction, int n,
    journal_each each, void *ctx);

struct outbox_row {
	int64_t id, created;
	const char *to, *kind, *subject, *body, *state;
};
typedef bool (*outbox_each)(void *ctx, const struct outbox_row *row);
int
outbox_page(struct db *db, int64_t from, int n, outbox_each each, void *ctx); /* newest first */
enum mail_state { MAIL_DUE, MAIL_SENT, MAIL_REFUSED, MAIL_GIVEN_UP, MAIL_UNCERTAIN, MAIL_STATES };
const char *
mail_state_name(enum mail_state state); /* "due", "sent", "refused", "given-up", "uncertain" */
int
mail_state_parse(const char *name);
/* Those in a state, -1 in any; keyset by id, 0 the beginning. */
int
outbox_find(struct db *db, int state, int64_t from, int direction, int n, outbox_each each, void *ctx);
/* One of them, given once; E_NOT_FOUND. */
int
outbox_get(struct db *db, int64_t id, outbox_each each, void *ctx);
/* What was refused, given up or is uncertain is due once more; E_DONE where it is due or sent. */
int
outbox_again(struct db *db, int64_t id);

/* Notes that the viewer is here, instead of whom this process was for before; live while it lives. */
int
session_open(struct db *db, const char *carrier, const char *source);
struct session_row {
	int64_t id, started;
	member_id member; /* NOBODY a visitor */
	const char *name, *carrier, *council, *town; /* name "" a visitor */
	const char *source; /* session_list() only: the address it comes from */
	bool here;          /* it is this very one */
};
typedef bool (*session_each)(void *ctx, const struct session_row *row);
/*
 * Members and visitors who are here, in order of coming, at most SESSIONS_MAX; those who wait, were
 * refused or suspended, or want not to be seen are left out. E_DENIED without MAY_SEE_PEOPLE.
 */
enum { SESSIONS_MAX = 1000 };
int
session_page(struct db *db, session_each each, void *ctx);

/*
 * Members by their last call, the latest first, at most CALLERS_MAX; without those who want not to be seen.
 * How many; E_DENIED.
 */
enum { CALLERS_MAX = 20 };
struct caller_row {
	member_id id;
	const char *login, *name, *council, *town;
	int64_t visit;
};
typedef bool (*caller_each)(void *ctx, const struct caller_row *row);
int
caller_list(struct db *db, caller_each each, void *ctx);

/*
 * Open sessions of a member (NOBODY: all), in order of coming, after `from`, with where they come from:
 * one's own or, for the sysop, anybody's. How many were looked at; E_DENIED.
 */
int
session_list(struct db *db, member_id of, int64_t from, int n, session_each each, void *ctx);
/* That session keeps what is typed, says why and ends, within a second. E_NOT_FOUND, also another's. */
int
session_end(struct db *db, int64_t id);
/* A line for whoever sits there, from the sysop. E_NOT_FOUND, E_DENIED, E_EMPTY, E_TOO_LONG (WORD_BYTES). */
enum { WORD_BYTES = 300 };
int
session_write(struct db *db, int64_t id, const char *word);
/* Of this process's own session: is it to end? And a line written to it, taken away. */
enum session_end_by { SESSION_GOES_ON, SESSION_ENDED_BY_SELF, SESSION_ENDED_BY_BOARD };
enum session_end_by
session_look(struct db *db, struct buf *word);
/* Forgets whoever was here and is not; how many. */
int
session_sweep(struct db *db);

/* ---- what the board does by itself (job.c) ---- */

/*
 * Takes a job that was done `period` seconds ago or more, for `hold` seconds at the most: should its
 * process fall, somebody else takes it then. E_DONE: it is not due, or somebody has it.
 */
int
job_take(struct db *db, const char *name, int64_t period, int64_t hold);
int
job_end(struct db *db, const char *name);
/*
 * Clean-up: rows of dead sessions; invitations of a month ago that open nothing, bans that are over, short
 * words; lines of the day of three months ago. How many rows.
 */
int
job_sweep(struct db *db);

/* ---- the demonstration (demo.c) ---- */

/* What is added to the small network, up to so many in all; 0: nothing. */
struct demo_size {
	int councils;
	int64_t members, posts, files;
	void (*progress)(void *ctx, int percent); /* may be NULL */
	void *ctx;
};
/*
 * Fills an empty store with an invented network; E_EXISTS where there are members. What is made at size
 * comes in pieces: in trouble those before stay.
 */
int
demo_fill(struct db *db, unsigned seed, const struct demo_size *size);
/* True while demonstration accounts exist. */
bool
demo_present(struct db *db);
/* Adds how to connect and as whom, a line each; nothing where there is no demonstration. */
void
demo_tell(struct db *db, const char *host, int port, struct buf *out);

#endif
