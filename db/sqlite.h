#ifndef DB_SQLITE_H
#define DB_SQLITE_H

#include <sqlite3.h>

#include "db/engine.h"
#include "db/file.h"
#include "db/people.h"

enum { WROTE_MAX = 16, KEPT_MAX = 64, SEEN_MAX = 64 };
enum word { WORD_BEGIN, WORD_READ, WORD_BEGIN_WRITING, WORD_COMMIT, WORD_ROLLBACK, WORDS };

/* What a handle is; private to the files of db/ that keep something in it. */
struct db {
	sqlite3 *handle;
	char *path;
	int lock_file;
	member_id viewer;
	bool plain;           /* no sysop's powers */
	bool fenced;          /* the authorizer judges statements */
	bool listening;       /* a statement is being prepared */
	unsigned read, read_keys, written; /* what it does outside the views, a bit a fenced table */
	int open_queries;
	bool writing;
	bool whole;           /* transactions are parts of one: db_begin_all() */
	int trouble;          /* of the transaction */
	bool spends;          /* db_spend() */
	struct limits limits; /* see limit.c */
	struct file_limits files;
	sqlite3_stmt *words[WORDS]; /* the engine's own, ready; see word() */
	int64_t snapshot; /* while one lasts: its number; else 0 */
	struct {
		int64_t snapshot;
		member_id id;
		bool there;
		struct person person;
	} asked_for;     /* the last one by person_get(), which holds under that snapshot */
	bool unsynced; /* commits do not wait for the disk */
	int wal_pages; /* in the log, by the last commit */
	int stripped; /* photos, by the last act on files */
	struct {
		item_id item;
		member_id member;
	} seen[SEEN_MAX];     /* files fetched, to be written: see seen.c */
	int seen_count;
	char source[48];      /* of whoever signs up; "" nobody's */
	enum refusal {
		REFUSED_NOTHING,
		REFUSED_POSTS,
		REFUSED_WORDS,
		REFUSED_NEW_POSTS,
		REFUSED_NEW_WORDS,
		REFUSED_SIGN_UPS,
	} refused;            /* the last E_LIMIT: what, how much there may be, from when on again */
	int refused_at;
	int64_t again;
	struct cost cost;
	void (*tell)(void *ctx, enum topic topic, int64_t id);
	void *tell_ctx;
	struct {
		enum topic topic;
		int64_t id;
	} wrote[WROTE_MAX];   /* by the transaction under way */
	int wrote_count;
	/* Statements ready to be asked again; see place_to_keep(). */
	struct {
		const struct statement *statement;
		sqlite3_stmt *stmt;
		bool busy;
	} kept[KEPT_MAX];
	bool *asked;          /* a place a statement: since the last pause */
	int passing;          /* of those kept, the one asked once; -1 none */
};

/*
 * Bytes of the lock file beside the store: PATH-lock. Every lock is of the open file description, so
 * it ends with the process, however that ends.
 */
enum {
	LOCK_SERVE = 0,   /* the one serve */
	LOCK_DOOR = 1,    /* shared while a handle opens; alone while the schema changes */
	LOCK_QUEUE = 2,   /* the writers' queue */
	LOCK_FOLD = 3,    /* whoever puts the log away */
	LOCK_SLOTS = 16,  /* + process number: that process has the store open */
	LOCK_SLOT_COUNT = 1 << 23,
};

/* fcntl's lock: 0 or errno. */
int
sqlite_lock(int fd, int command, short type, int64_t byte, int64_t bytes);

/* Is the process of that number alive with the store open? */
bool
db_process_lives(struct db *db, int64_t slot);

/* How many statements the program has: they stand in one section, each has its number. */
size_t
sqlite_statement_count(void);

/* An extended result as an answer; 1 where it is a broken world. */
int
sqlite_answer(int result);

/*
 * What the handle's last trouble means, as an answer; it does not come back from a broken world. Of no room the sysop
 * hears. For what: a statement's name.
 */
int
sqlite_trouble(struct db *db, const char *what);

/* No statement is kept ready any longer. */
void
sqlite_let_go(struct db *db);

/*
 * What stands in the log goes where it belongs: most of it while others write, the rest within the writers' queue, so
 * that the log begins anew. One at a time does so; others wait for him. SQLite's result; how many pages the log had,
 * and how many of them the store has now.
 */
int
sqlite_fold(struct db *db, int *pages, int *copied);

/* Runs text of ours that is no statement, beside the authorizer: for extract.c, which attaches a file. */
int
sqlite_run(struct db *db, const char *sql);

/* viewer() and the authorizer. */
void
sqlite_hooks(struct db *db);

#endif
