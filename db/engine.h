#ifndef DB_ENGINE_H
#define DB_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/db.h"

/*
 * The seam between the nouns and the engine; only files in db/ include it. A statement is a constant
 * with a name: there is no way to run text. All of them stand in one section of the program, so that
 * tests can prepare every one on SQLite (under the authorizer) and on PostgreSQL, and measure lists.
 *
 * One SQL for both engines, with named parameters (:board). What differs is spelled with tokens in
 * the schema: @PK@ @INT@ @REAL@ @BLOB@ @STRICT@.
 */

enum statement_kind {
	STATEMENT_READ,  /* one thing by its key */
	STATEMENT_LIST,  /* rows that a person pages through: its cost may not grow with the store */
	STATEMENT_WHOLE, /* an export, a check, a job: may read everything */
	STATEMENT_WRITE,
};

struct statement {
	const char *name, *file, *sql;
	enum statement_kind kind;
};

#define STATEMENT(id, how, text) \
	static const struct statement id __attribute__((section("statements"), used, aligned(8))) \
	    = { #id, __FILE__, text, how }
#define SQL_READ(id, text) STATEMENT(id, STATEMENT_READ, text)
#define SQL_LIST(id, text) STATEMENT(id, STATEMENT_LIST, text)
#define SQL_WHOLE(id, text) STATEMENT(id, STATEMENT_WHOLE, text)
#define SQL_WRITE(id, text) STATEMENT(id, STATEMENT_WRITE, text)

/* All statements of the program. */
extern const struct statement __start_statements[], __stop_statements[];

/* A value for a named parameter. NULL text is SQL's NULL. */
struct arg {
	const char *name; /* without its colon */
	enum { ARG_INT, ARG_REAL, ARG_TEXT, ARG_BYTES } kind;
	int64_t number; /* also how many bytes */
	double real;
	const char *text;
};
#define I(n, v) { .name = (n), .kind = ARG_INT, .number = (v) }
#define R(n, v) { .name = (n), .kind = ARG_REAL, .real = (v) }
#define T(n, v) { .name = (n), .kind = ARG_TEXT, .text = (v) }
#define B(n, v, size) { .name = (n), .kind = ARG_BYTES, .text = (v), .number = (int64_t)(size) }
#define ARGS_(...) ((const struct arg[]){ __VA_ARGS__, { .name = NULL } })
/* One call for a statement with parameters or none: what follows the first is the parameters. */
#define FIRST_(first, ...) first
#define REST_(first, ...) ((const struct arg[]){ __VA_ARGS__ { .name = NULL } })

/*
 * Rows of a reading statement. A value that the statement does not name, or a parameter without a
 * value, is a broken world. Every query is ended by reading db_next() to false, or by db_end().
 */
struct query;
#define db_query(db, ...) db_query_args((db), &FIRST_(__VA_ARGS__, ), REST_(__VA_ARGS__, ))
struct query *
db_query_args(struct db *db, const struct statement *statement, const struct arg *args);
/* The next row; false at the end, where the query is freed. */
bool
db_next(struct query *query);
void
db_end(struct query *query);
int64_t
db_int(struct query *query, int column); /* 0 for NULL */
double
db_real(struct query *query, int column);
const char *
db_text(struct query *query, int column); /* "" for NULL; valid until the next row */
/* Bytes, valid until the next row; NULL and 0 for none. */
const char *
db_bytes(struct query *query, int column, size_t *size);
bool
db_null(struct query *query, int column);
/* The first column of the first row as a number, `otherwise` where there is none. */
#define db_one(db, statement, ...) \
	db_one_args((db), &(statement), FIRST_(__VA_ARGS__, ), REST_(__VA_ARGS__, ))
int64_t
db_one_args(
    struct db *db, const struct statement *statement, int64_t otherwise, const struct arg *args);

/*
 * Writing. db_begin() waits its turn in the writers' queue, at most ten seconds (E_BUSY), and may say
 * E_READ_ONLY or E_FULL. What goes wrong between is kept: later writes of the transaction do nothing,
 * and db_commit() undoes all and answers with it. So a write reads: begin, run, run, commit.
 */
int
db_begin(struct db *db);
/*
 * The same for what nobody has been promised yet: once committed it outlives the process at once, and a loss of
 * power as soon as any transaction of db_begin() was committed after it, by whomever
 * (https://sqlite.org/pragma.html#pragma_synchronous, NORMAL with WAL).
 * While the log is long who writes so waits until it is put away.
 */
int
db_begin_unsynced(struct db *db);
int
db_commit(struct db *db);
void
db_rollback(struct db *db);
/*
 * Makes one transaction of all those that follow, until db_commit_all(): none of them is seen before,
 * one that fails undoes them all, and each waits for no disk. Listeners are told of the first only.
 */
int
db_begin_all(struct db *db);
int
db_commit_all(struct db *db);
/* Rows changed, or the transaction's trouble (< 0). */
#define db_run(db, ...) db_run_args((db), &FIRST_(__VA_ARGS__, ), REST_(__VA_ARGS__, ))
int
db_run_args(struct db *db, const struct statement *statement, const struct arg *args);
/* For INSERT … RETURNING id: the id; 0 where ON CONFLICT did nothing; < 0 in trouble. */
#define db_insert(db, ...) db_insert_args((db), &FIRST_(__VA_ARGS__, ), REST_(__VA_ARGS__, ))
int64_t
db_insert_args(struct db *db, const struct statement *statement, const struct arg *args);
/* Gives up the transaction with this answer: db_commit() will say it. */
int
db_fail(struct db *db, int answer);

/* What the last ended query cost the engine: SQLite's VM_STEP, SORT, AUTOINDEX; for tests. */
struct cost {
	int64_t steps, sorts, autoindexes;
};
struct cost
db_cost(const struct db *db);

/* Inside the transaction: may the viewer send this message, this short word now? E_LIMIT. */
int
limit_post(struct db *db, const char *body);
int
limit_word(struct db *db, const char *body);

/* Prepares a statement as db_query() would, under the authorizer: 0, or E_DENIED with why in `reason`; for tests. */
int
db_try(struct db *db, const struct statement *statement, struct buf *reason);

/* Between db_spend(true) and db_spend(false): the search's index is made anew afterwards. */
bool
db_spends(const struct db *db);

/* Inside the transaction: this was written; told once it is committed. */
void
db_wrote(struct db *db, enum topic topic, int64_t id);

/* Writes into the journal, inside the transaction: who did what to what. Detail is never a text of people. */
void
db_journal(struct db *db, const char *act, const char *object, int64_t id, const char *detail);

/* A message due to somebody, inside the transaction. A later part of the program sends it. */
void
db_outbox(struct db *db, member_id to, const char *kind, const char *subject, const char *body);

/* Inside the transaction: a short word to somebody from the viewer, about an item or 0; he reads it at home. */
void
notice_send(struct db *db, member_id to, const char *kind, item_id item, const char *body);

#endif
