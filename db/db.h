#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bbs/base/error.h"
#include "bbs/base/mem.h"

/*
 * The store: its handle, and what its nouns share. What a screen or a command may ask of a noun is in
 * that noun's header: council.h, member.h, forum.h, word.h, file.h, machine.h. Functions that can be
 * refused answer E_OK or a negative code of error.h; the rights of the viewer are checked in here,
 * whatever the screen showed. Texts come in as typed: they are cleaned, measured and refused here.
 *
 * A handle belongs to one process and never crosses a fork. Nothing stays open between two calls
 * (db_idle() says so), so that no reader holds back the log of writes.
 */

/* Ids of different things do not mix. */
typedef struct { int64_t n; } member_id;
typedef struct { int64_t n; } item_id;   /* also a thread (its root) and a council (its sheet) */
typedef struct { int64_t n; } board_id;

#define NOBODY ((member_id){ 0 })
/* Whoever holds the machine: a sysop made with the store, whom nobody can log in as and no list shows. */
#define MACHINE ((member_id){ 1 })

enum role { ROLE_MEMBER, ROLE_RESOURCE, ROLE_ANIMATOR, ROLE_SYSOP };

enum {
	LOGIN_MAX = 32,
	NAME_MAX_BYTES = 80,
	EMAIL_MAX = 254,
	PHONE_MAX = 24,
	TITLE_MAX = 160,
	BODY_MAX = 256 * 1024,
	ABOUT_MAX = 600,
	PASSWORD_MIN = 8,
	PASSWORD_MAX = 200,
	CODE_MAX = 24,
	KEY_MAX = 4096,
	KEYS_MAX = 20,
};

/* ---- the handle (sqlite.c, sqlite_transaction.c, store.c) ---- */

struct db;

enum db_mode {
	DB_OPEN,   /* an existing store; a missing one is made */
	DB_EXISTING, /* E_NOT_FOUND where there is none */
};

/*
 * Opens the store at path, brings its schema up to date, joins those who have it open (a byte of
 * PATH-lock). `fenced` puts the authorizer on, which every screen and command runs under; without it
 * only check, migrations and clean-up. E_NEWER, E_IN_USE (a migration is due while others have it
 * open), E_CORRUPT, E_READ_ONLY, E_FULL, E_NOT_FOUND.
 */
int
db_open(struct db **db, const char *path, enum db_mode mode, bool fenced);
void
db_close(struct db *db);

/* On whose behalf the handle reads and acts from now on; NOBODY a visitor. */
void
db_set_viewer(struct db *db, member_id member);
member_id
db_viewer(const struct db *db);
/* Over a line that anybody can listen to (telnet): a sysop has the powers of a plain member. */
void
db_set_plain(struct db *db, bool plain);
bool
db_plain(const struct db *db);
/*
 * What was written is told, after the commit, to whoever asked: a topic and the id it is about. The
 * session passes it to the relay. Listeners to id 0 of a topic hear all of it.
 */
enum topic {
	TOPIC_THREAD,
	TOPIC_BOARD,
	TOPIC_CANDIDATES,
	TOPIC_MEMBER,
	TOPIC_COUNCIL,
	TOPIC_SESSION, /* the id is its slot: the process */
	TOPIC_BAN,
	TOPIC_DAILY,
	TOPIC_SHELF, /* a folder, or the item that was put, moved, taken away */
	TOPIC_LOG, /* of the store's writes: it is long */
	TOPIC_COUNT,
};
void
db_on_write(struct db *db, void (*tell)(void *ctx, enum topic topic, int64_t id), void *ctx);

/* No statement and no transaction is open. */
bool
db_idle(const struct db *db);
/* Lets go of pages and statements kept in memory: for a session that waits. */
void
db_rest(struct db *db);

/* For writing much at once: more memory, and the search's index made anew behind it; or as before. */
void
db_spend(struct db *db, bool much);

/* Changes whenever another process has written (PRAGMA data_version). */
int64_t
db_version(struct db *db);

/*
 * From db_snapshot_begin() until db_snapshot_end(), or the next write, all reads see the store as it is now, and cost no
 * lock each (https://sqlite.org/isolation.html, "snapshot isolation"). For what takes no longer than an answer: meanwhile
 * the log cannot begin anew. db_snapshot() is a number that changes with every commit, of whatever process, and never
 * between two times when nothing was committed: what was found under one holds under the same. 0: outside a
 * snapshot it is not known.
 */
void
db_snapshot_begin(struct db *db);
void
db_snapshot_end(struct db *db);
int64_t
db_snapshot(const struct db *db);

/*
 * Takes the lock of the one `serve` of the store at path, which must exist: a descriptor to keep, and
 * to close in every child (a lock lives as long as any copy of its descriptor); or E_IN_USE.
 */
int
db_lock_serve(const char *path);

/* A copy of the whole store, of one moment, into a file that must not exist yet. */
int
db_backup(struct db *db, const char *path);

/*
 * Brings the log of writes into the store, and makes it short where it is long. Waits for nobody: what
 * others read or write stays for the next time. How many pages the store has of the log now.
 */
int
db_checkpoint(struct db *db);

/* Integrity, foreign keys, and the house's own rules. Adds a line for each fault; how many. */
int
db_check(struct db *db, struct buf *faults);

/* The same; tell() is called before each of its steps, with nothing open. The last time is remembered. */
int
db_check_told(struct db *db, struct buf *faults, void (*tell)(void *ctx, int step, int steps), void *ctx);

/*
 * A new store at path with one council, or with council 0 those of a département: sheets, people, candidates, their
 * boards and what was said there (a département's own board too). Without `logins` nobody logs in there. It is
 * checked; E_CORRUPT with lines in `faults`. E_EXISTS, E_NOT_FOUND, E_DENIED, E_READ_ONLY, E_FULL. In extract.c.
 */
int
db_extract(struct db *db, item_id council, const char *department, bool logins, const char *path,
    struct buf *faults);

/* How the store is, for whoever runs the machine; nothing is counted by looking at every row. */
enum { STORE_TABLES = 100 };
struct store_table {
	char name[40];
	int64_t rows; /* an estimate: the newest row's number */
};
struct store_status {
	struct buf path;
	int64_t version;  /* of the schema */
	int64_t size, wal; /* bytes */
	int64_t page_size, pages, free_pages;
	int64_t backup, check; /* when last; 0 never, or not since it is remembered */
	int faults;       /* of the last check */
	struct store_table tables[STORE_TABLES];
	int table_count;
};
int
db_status(struct db *db, struct store_status *out);
/* The folder that the store is in. */
void
db_folder(const struct db *db, struct buf *out);

/* A value kept in the store under a name, "" where there is none; those of people are setting.c's. */
void
db_setting(struct db *db, const char *name, struct buf *value);
int
db_set_setting(struct db *db, const char *name, const char *value);

/* ---- who may do what (may.c) ---- */

enum deed {
	MAY_READ_BOARDS,   /* those of members, or of that council; what is public needs no right */
	MAY_POST,          /* on a board that he reads */
	MAY_SEE_PEOPLE,    /* names of members, who is here */
	MAY_APPROVE,       /* say yes or no of a candidate: peers, animators, sysop */
	MAY_DECIDE,        /* one yes is enough, while nobody says no */
	MAY_SETTLE,        /* his answer is the last word, also after a no */
	MAY_INVITE,
	MAY_EDIT_COUNCIL,  /* its sheet */
	MAY_READ_HISTORY,  /* versions of its sheet */
	MAY_HAND_OVER,     /* its resource person's place, and the powers that go with it */
	MAY_ADD_COUNCIL,
	MAY_MANAGE_MEMBERS,/* roles, states, lists with addresses */
	MAY_MANAGE_BOARDS,
	MAY_MODERATE,      /* somewhere; where, says may_moderate() */
	MAY_EDIT_CHARTER,
	MAY_READ_JOURNAL,  /* and the outbox */
	MAY_RUN_MACHINE,   /* back-up, check, demo */
	MAY_GIVE_CODE,     /* a one-time code for a member of that council, read out on the phone */
	DEED_COUNT,
};

/*
 * About that council, or council 0: about no council, or any one. One table; screens ask it to show a
 * key, db/ asks again before writing. Visitors and candidates may nothing: they read what is public.
 */
bool
may(struct db *db, enum deed deed, item_id council);
/* On that board: the sysop; animators, if it lies in their territory or they have all of the network. */
bool
may_moderate(struct db *db, board_id board);

/* ---- how much within an hour (limit.c) ---- */

/* 0: as much as one likes. Sysops and the machine have no limits. */
struct limits {
	int posts, words, posts_new, words_new; /* of an account; of one that is new */
	int new_days;                           /* since others decided on him */
	int sign_ups, sign_ups_source;          /* in all, from one address */
};
/* Without this a handle has no limits. `source`: the caller's numeric address, or anything else for none. */
void
db_set_limits(struct db *db, const struct limits *limits, const char *source);
/* May somebody sign up now? E_LIMIT: too many did. */
int
limit_sign_up(struct db *db);
/* After E_LIMIT: adds the sentence that says what the limit is and when there is room again. Once. */
bool
limit_says(struct db *db, struct buf *out);

#endif
