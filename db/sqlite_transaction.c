/*
 * Transactions on SQLite: snapshots for reading, the writers' queue, the log of writes kept short, and what
 * the engine's troubles mean. Statements stand in sqlite.c.
 */
#include "db/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "bbs/base/log.h"

enum {
	QUEUE_SECONDS = 10,
	/* Pages of 4 KiB in the log, from where on the jobs are told to put them away; and from where on whoever has committed
	 * does it, or waits for who is at it: those who write much before all others. */
	WAL_LONG = 1000,
	WAL_BULK = 2500,
	WAL_FULL = 4000,
};

/* ---- locks ---- */

static void
on_alarm(int number)
{
	(void)number;
}

int
sqlite_lock(int fd, int command, short type, int64_t byte, int64_t bytes)
{
	struct flock lock = {
		.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = bytes
	};
	return fcntl(fd, command, &lock) == 0 ? 0 : errno;
}

/* Waits for a lock of the writers'. An alarm without SA_RESTART turns ten seconds into the answer "busy". */
static int
wait_for(struct db *db, int64_t byte)
{
	struct sigaction act = { .sa_handler = on_alarm }, before;
	if (!sqlite_lock(db->lock_file, F_OFD_SETLK, F_WRLCK, byte, 1)) /* as most of the time */
		return E_OK;
	sigaction(SIGALRM, &act, &before);
	alarm(QUEUE_SECONDS);
	int trouble = sqlite_lock(db->lock_file, F_OFD_SETLKW, F_WRLCK, byte, 1);
	alarm(0);
	sigaction(SIGALRM, &before, NULL);
	if (trouble && trouble != EINTR)
		die("the writers' queue: %s", strerror(trouble));
	return trouble ? E_BUSY : E_OK;
}

static void
leave(struct db *db, int64_t byte)
{
	sqlite_lock(db->lock_file, F_OFD_SETLK, F_UNLCK, byte, 1);
}

/* ---- answers ---- */

int
sqlite_answer(int r)
{
	switch (r & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
	case SQLITE_ROW:
		return E_OK;
	case SQLITE_BUSY:
		return E_BUSY;
	case SQLITE_FULL:
		return E_FULL;
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return E_READ_ONLY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return E_CORRUPT;
	case SQLITE_CONSTRAINT:
		return r == SQLITE_CONSTRAINT_UNIQUE || r == SQLITE_CONSTRAINT_PRIMARYKEY ? E_EXISTS
											  : E_NOT_FOUND;
	case SQLITE_IOERR:
		return E_FULL; /* a write that the disk did not take; what was acknowledged stays */
	default:
		return 1;
	}
}

int
sqlite_trouble(struct db *db, const char *what)
{
	int answer = sqlite_answer(sqlite3_extended_errcode(db->handle));
	if (answer > 0)
		die("%s: %s", what, sqlite3_errmsg(db->handle));
	if (answer == E_FULL)
		log_seldom(LOG_TROUBLE, "%s: %s; nothing is recorded in %s until there is room", what,
		    sqlite3_errmsg(db->handle), db->path);
	return answer;
}

/* ---- transactions ---- */

/* Runs one of the engine's own words, which are made ready once: every answer to a client needs some. */
static int
word(struct db *db, enum word word)
{
	static const char *const words[WORDS] = { [WORD_BEGIN] = "BEGIN", [WORD_READ] = "SELECT 1 FROM sqlite_schema LIMIT 1",
		[WORD_BEGIN_WRITING] = "BEGIN IMMEDIATE", [WORD_COMMIT] = "COMMIT", [WORD_ROLLBACK] = "ROLLBACK" };
	sqlite3_stmt **s = &db->words[word];
	int r = *s ? SQLITE_OK : sqlite3_prepare_v3(db->handle, words[word], -1, SQLITE_PREPARE_PERSISTENT, s, NULL);
	if (r == SQLITE_OK) {
		sqlite3_step(*s);
		r = sqlite3_reset(*s);
	}
	return r == SQLITE_OK ? E_OK : sqlite_trouble(db, words[word]);
}

/* Whether commits wait for the disk. */
static int
set_synced(struct db *db, bool synced)
{
	const char *sql = synced ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL";
	if (db->unsynced == !synced)
		return E_OK;
	if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		return sqlite_trouble(db, sql);
	db->unsynced = !synced;
	return E_OK;
}

void
db_snapshot_begin(struct db *db)
{
	unsigned version = 0;
	if (db->writing || db->whole || db->snapshot || word(db, WORD_BEGIN))
		return;
	/* The engine looks at the store with the first read only. */
	if (word(db, WORD_READ) || sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_DATA_VERSION, &version) != SQLITE_OK)
		word(db, WORD_ROLLBACK);
	else
		db->snapshot = 1 + (int64_t)version;
}

void
db_snapshot_end(struct db *db)
{
	if (db->snapshot)
		word(db, WORD_COMMIT);
	db->snapshot = 0;
}

int64_t
db_snapshot(const struct db *db)
{
	return db->snapshot;
}

static int
begin(struct db *db, bool synced)
{
	if (db->writing)
		die("a transaction inside a transaction");
	if (db->whole) {
		db->writing = !db->trouble;
		return db->trouble;
	}
	db_snapshot_end(db);
	int r = set_synced(db, synced);
	if (!r)
		r = wait_for(db, LOCK_QUEUE);
	if (!r && (r = word(db, WORD_BEGIN_WRITING)))
		leave(db, LOCK_QUEUE);
	if (r)
		return r;
	db->writing = true;
	db->trouble = E_OK;
	db->wrote_count = 0;
	return E_OK;
}

int
db_begin(struct db *db)
{
	return begin(db, true);
}

int
db_begin_unsynced(struct db *db)
{
	return begin(db, false);
}

void
db_rollback(struct db *db)
{
	if (db->whole) {
		db_fail(db, E_INVALID);
		db->writing = false;
		return;
	}
	/* After some troubles the engine has rolled back by itself. */
	if (!sqlite3_get_autocommit(db->handle))
		word(db, WORD_ROLLBACK);
	db->writing = false;
	leave(db, LOCK_QUEUE);
}

static int
checkpoint(struct db *db, int *pages, int *copied)
{
	return sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, pages, copied);
}

/* The first time comes to most of the log; the second to what was written meanwhile; the third, while writers wait, to
 * the little that is left. */
int
sqlite_fold(struct db *db, int *pages, int *copied)
{
	if (wait_for(db, LOCK_FOLD))
		return SQLITE_BUSY;
	int r = checkpoint(db, pages, copied);
	if (r == SQLITE_OK && *pages >= WAL_LONG) {
		r = checkpoint(db, pages, copied);
		if (r == SQLITE_OK && !wait_for(db, LOCK_QUEUE)) {
			r = checkpoint(db, pages, copied);
			leave(db, LOCK_QUEUE);
		}
	}
	leave(db, LOCK_FOLD);
	return r;
}

/* Inside no transaction, after one: the log is kept short. What cannot be done now is done after another one. */
static void
mind_log(struct db *db, int before)
{
	int pages, copied;
	if (db->tell && before < WAL_LONG && db->wal_pages >= WAL_LONG)
		db->tell(db->tell_ctx, TOPIC_LOG, 0);
	if (db->wal_pages < (db->unsynced ? WAL_BULK : WAL_FULL))
		return;
	db->wal_pages = 0;
	sqlite_fold(db, &pages, &copied);
}

int
db_commit(struct db *db)
{
	if (!db->writing)
		die("no transaction to commit");
	int r = db->trouble, before = db->wal_pages;
	if (db->whole) {
		db->writing = false;
		return r;
	}
	if (!r)
		r = word(db, WORD_COMMIT);
	if (r) {
		db_rollback(db);
		return r;
	}
	db->writing = false;
	leave(db, LOCK_QUEUE);
	for (int i = 0; db->tell && i < db->wrote_count; i++)
		db->tell(db->tell_ctx, db->wrote[i].topic, db->wrote[i].id);
	mind_log(db, before);
	return E_OK;
}

int
db_begin_all(struct db *db)
{
	int r = db_begin(db);
	if (!r) {
		db->writing = false;
		db->whole = true;
	}
	return r;
}

int
db_commit_all(struct db *db)
{
	if (!db->whole)
		die("no transactions to commit");
	db->whole = false;
	db->writing = true;
	sqlite_let_go(db);
	return db_commit(db);
}

void
db_on_write(struct db *db, void (*tell)(void *ctx, enum topic topic, int64_t id), void *ctx)
{
	db->tell = tell;
	db->tell_ctx = ctx;
}

void
db_wrote(struct db *db, enum topic topic, int64_t id)
{
	/* A transaction of many things (an import) tells of the first ones: a hint, not a record. */
	if (db->wrote_count < WROTE_MAX) {
		db->wrote[db->wrote_count].topic = topic;
		db->wrote[db->wrote_count++].id = id;
	}
}

int
db_fail(struct db *db, int answer)
{
	if (!db->trouble)
		db->trouble = answer;
	return db->trouble;
}

void
db_rest(struct db *db)
{
	sqlite_let_go(db);
	for (int i = 0; i < WORDS; i++) {
		sqlite3_finalize(db->words[i]);
		db->words[i] = NULL;
	}
	sqlite3_db_release_memory(db->handle);
}
