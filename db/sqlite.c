/*
 * The seam on SQLite: statements, and the authorizer that makes the views the only way to read items.
 * No noun is known here; transactions stand in sqlite_transaction.c, opening and migrating in store.c.
 */
#include "db/sqlite.h"

#include <stdlib.h>
#include <string.h>

#include "bbs/base/log.h"
#include "db/dialect.h"
#include "db/search_word.h"

/* ---- the authorizer ---- */

/* Tables that nobody reads but through a view. */
static const char *const fenced[] = { "item", "text", "audience", "council", "thread", "search",
	"council_version", "notice", "daily", "content", "chunk", "entry", "shelf", "file_version", "upload",
	"bin", "content_text", "attachment" };
/*
 * Their keys and what they refer to by key: a writing statement may read these to find its row, and
 * the engine reads them by itself to check that nothing refers to a row that is not there.
 */
static const char *const key_columns[] = { "id", "item", "version", "kind", "board", "council", "thread",
	"parent", "member", "sender", "rowid", "content", "seq", "place", "area", "sha256", "post" };

static bool
listed(const char *name, const char *const *list, size_t n)
{
	for (size_t i = 0; name && i < n; i++)
		if (!strcmp(name, list[i]))
			return true;
	return false;
}
#define LISTED(name, list) listed(name, list, sizeof(list) / sizeof *(list))

/* Views are named …_v, and nothing else is: SQLite names a common table expression in the same place. */
static bool
is_view(const char *name)
{
	size_t n = name ? strlen(name) : 0;
	return n > 2 && !strcmp(name + n - 2, "_v");
}

/*
 * Listens while a statement is prepared, and only then: SQLite's own later readings (an automatic
 * re-prepare, the lazy reader of FTS5) are of a statement that has been judged. Notes reads of fenced
 * tables outside our views, and tables written; judge() decides when both are known. A read of no
 * column is of a table that is counted, or of one in a view of which only the row's number is used.
 */
static int
note(void *ctx, int action, const char *table, const char *column, const char *schema,
    const char *inside)
{
	struct db *db = ctx;
	(void)schema;
	if (!db->listening)
		return SQLITE_OK;
	switch (action) {
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
		for (size_t i = 0; i < sizeof fenced / sizeof *fenced; i++)
			if (!strcmp(table, fenced[i]))
				db->written |= 1u << i;
		return SQLITE_OK;
	case SQLITE_SELECT:
	case SQLITE_FUNCTION:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_READ:
		break;
	case SQLITE_PRAGMA: /* FTS5 asks whether somebody else has written */
		return strcmp(table, "data_version") ? SQLITE_DENY : SQLITE_OK;
	default:
		return SQLITE_DENY; /* no statement attaches, makes or drops anything, nor sets the engine */
	}
	if (is_view(inside) || !LISTED(table, fenced))
		return SQLITE_OK;
	bool key = LISTED(column, key_columns);
	for (size_t i = 0; i < sizeof fenced / sizeof *fenced; i++)
		if (!strcmp(table, fenced[i]))
			*(key ? &db->read_keys : &db->read) |= 1u << i;
	return SQLITE_OK;
}

/* A reading statement may read no fenced table outside a view; a writing one those it writes, and keys. */
static bool
judge(struct db *db, sqlite3_stmt *stmt, struct buf *reason)
{
	unsigned bad = sqlite3_stmt_readonly(stmt) ? db->read | db->read_keys : db->read & ~db->written;
	if (!bad)
		return true;
	buf_str(reason, "reads outside the views:");
	for (size_t i = 0; i < sizeof fenced / sizeof *fenced; i++)
		if (bad & 1u << i)
			buf_fmt(reason, " %s", fenced[i]);
	return false;
}

/* ---- statements ---- */

struct query {
	struct db *db;
	sqlite3_stmt *stmt;
	const struct statement *statement;
	int kept; /* where, -1 not */
};

static sqlite3_stmt *
prepare(struct db *db, const struct statement *statement, struct buf *reason)
{
	db->read = db->read_keys = db->written = 0;
	db->listening = db->fenced;
	sqlite3_stmt *stmt = NULL;
	struct buf own = { 0 };
	const char *sql = statement->sql;
	if (strchr(sql, '@')) {
		dialect_schema(DIALECT_SQLITE, sql, &own);
		sql = buf_text(&own);
	}
	int r = sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL);
	buf_free(&own);
	db->listening = false;
	if (r != SQLITE_OK) {
		buf_str(reason, sqlite3_errmsg(db->handle));
	} else if (!judge(db, stmt, reason)) {
		sqlite3_finalize(stmt);
		stmt = NULL;
	}
	return stmt;
}

static void
bind(sqlite3_stmt *stmt, const struct statement *statement, const struct arg *args)
{
	int bound = 0;
	for (const struct arg *a = args; a->name; a++) {
		char name[40] = ":";
		strncat(name, a->name, sizeof name - 2);
		int i = sqlite3_bind_parameter_index(stmt, name);
		if (!i)
			die("%s has no parameter %s", statement->name, a->name);
		int r;
		if (a->kind == ARG_INT)
			r = sqlite3_bind_int64(stmt, i, a->number);
		else if (a->kind == ARG_REAL)
			r = sqlite3_bind_double(stmt, i, a->real);
		else if (a->kind == ARG_BYTES)
			r = sqlite3_bind_blob64(stmt, i, a->text, (sqlite3_uint64)a->number, SQLITE_STATIC);
		else
			r = sqlite3_bind_text(stmt, i, a->text, -1, SQLITE_STATIC);
		if (r != SQLITE_OK)
			die("%s: binding %s", statement->name, a->name);
		bound++;
	}
	if (bound != sqlite3_bind_parameter_count(stmt))
		die("%s has %d parameters, %d are bound", statement->name,
		    sqlite3_bind_parameter_count(stmt), bound);
}

size_t
sqlite_statement_count(void)
{
	/* cppcheck-suppress comparePointers ; the linker's two ends of one section */
	return (size_t)(__stop_statements - __start_statements);
}

/*
 * Where the statement is kept, or a place for it; -1 where there is none. What is asked once, as most of a visit
 * is, makes room for the next; what is asked again stays until the next pause. While transactions are parts of
 * one, all stays.
 */
static int
place_to_keep(struct db *db, const struct statement *statement)
{
	bool *asked = &db->asked[statement - __start_statements], again = *asked || db->whole;
	int place = -1;
	*asked = true;
	for (int i = KEPT_MAX - 1; i >= 0; i--) {
		if (db->kept[i].statement == statement && !db->kept[i].busy) {
			db->passing = db->passing == i ? -1 : db->passing;
			return i;
		}
		if (!db->kept[i].statement)
			place = i;
	}
	if (again)
		return place;
	if (db->passing >= 0 && !db->kept[db->passing].busy) {
		place = db->passing;
		sqlite3_finalize(db->kept[place].stmt);
		db->kept[place].stmt = NULL;
	}
	return db->passing = place;
}

void
sqlite_let_go(struct db *db)
{
	for (int i = 0; i < KEPT_MAX; i++) {
		sqlite3_finalize(db->kept[i].stmt);
		db->kept[i].stmt = NULL;
		db->kept[i].statement = NULL;
	}
	db->passing = -1;
	memset(db->asked, 0, sqlite_statement_count() * sizeof *db->asked);
}

static struct query *
open_query(struct db *db, const struct statement *statement, const struct arg *args)
{
	struct buf reason = { 0 };
	struct query *q = mem_alloc(sizeof *q);
	q->db = db;
	q->statement = statement;
	q->kept = place_to_keep(db, statement);
	q->stmt = q->kept >= 0 ? db->kept[q->kept].stmt : NULL;
	if (!q->stmt)
		q->stmt = prepare(db, statement, &reason);
	if (!q->stmt)
		die("%s (%s): %s", statement->name, statement->file, buf_text(&reason));
	if (q->kept >= 0) {
		db->kept[q->kept].statement = statement;
		db->kept[q->kept].stmt = q->stmt;
		db->kept[q->kept].busy = true;
	}
	buf_free(&reason);
	bind(q->stmt, statement, args);
	db->open_queries++;
	return q;
}

void
db_end(struct query *q)
{
	struct db *db = q->db;
	db->cost = (struct cost){
		.steps = sqlite3_stmt_status(q->stmt, SQLITE_STMTSTATUS_VM_STEP, 1),
		.sorts = sqlite3_stmt_status(q->stmt, SQLITE_STMTSTATUS_SORT, 1),
		.autoindexes = sqlite3_stmt_status(q->stmt, SQLITE_STMTSTATUS_AUTOINDEX, 1),
	};
	if (q->kept >= 0) {
		sqlite3_reset(q->stmt);
		db->kept[q->kept].busy = false;
	} else {
		sqlite3_finalize(q->stmt);
	}
	db->open_queries--;
	free(q);
}

struct query *
db_query_args(struct db *db, const struct statement *statement, const struct arg *args)
{
	if (statement->kind == STATEMENT_WRITE)
		die("%s is no query", statement->name);
	return open_query(db, statement, args);
}

bool
db_next(struct query *q)
{
	int r = sqlite3_step(q->stmt);
	if (r == SQLITE_ROW)
		return true;
	if (r != SQLITE_DONE)
		die("%s: %s", q->statement->name, sqlite3_errstr(r));
	db_end(q);
	return false;
}

static int
column_of(struct query *q, int column)
{
	if (column >= sqlite3_column_count(q->stmt))
		die("%s has no column %d", q->statement->name, column);
	return column;
}

int64_t
db_int(struct query *q, int column)
{
	return sqlite3_column_int64(q->stmt, column_of(q, column));
}

double
db_real(struct query *q, int column)
{
	return sqlite3_column_double(q->stmt, column_of(q, column));
}

const char *
db_text(struct query *q, int column)
{
	const unsigned char *s = sqlite3_column_text(q->stmt, column_of(q, column));
	return s ? (const char *)s : "";
}

const char *
db_bytes(struct query *q, int column, size_t *size)
{
	const char *bytes = sqlite3_column_blob(q->stmt, column_of(q, column));
	*size = bytes ? (size_t)sqlite3_column_bytes(q->stmt, column) : 0;
	return bytes;
}

bool
db_null(struct query *q, int column)
{
	return sqlite3_column_type(q->stmt, column_of(q, column)) == SQLITE_NULL;
}

int64_t
db_one_args(
    struct db *db, const struct statement *statement, int64_t otherwise, const struct arg *args)
{
	struct query *q = db_query_args(db, statement, args);
	if (!db_next(q))
		return otherwise;
	int64_t n = db_null(q, 0) ? otherwise : db_int(q, 0);
	db_end(q);
	return n;
}

struct cost
db_cost(const struct db *db)
{
	return db->cost;
}

int
db_try(struct db *db, const struct statement *statement, struct buf *reason)
{
	sqlite3_stmt *stmt = prepare(db, statement, reason);
	sqlite3_finalize(stmt);
	return stmt ? E_OK : E_DENIED;
}

/* ---- writing ---- */

/* One step of a writing statement: SQLITE_ROW, SQLITE_DONE, or the transaction's trouble (< 0). */
static int
write_step(struct db *db, struct query *q)
{
	int r = sqlite3_step(q->stmt);
	if (r == SQLITE_ROW || r == SQLITE_DONE)
		return r;
	return db_fail(db, sqlite_trouble(db, q->statement->name));
}

int64_t
db_insert_args(struct db *db, const struct statement *statement, const struct arg *args)
{
	if (!db->writing)
		die("%s outside a transaction", statement->name);
	if (db->trouble)
		return db->trouble;
	struct query *q = open_query(db, statement, args);
	int r = write_step(db, q);
	int64_t id = r == SQLITE_ROW ? db_int(q, 0) : r == SQLITE_DONE ? 0 : r;
	if (r == SQLITE_ROW)
		write_step(db, q);
	db_end(q);
	return id;
}

int
db_run_args(struct db *db, const struct statement *statement, const struct arg *args)
{
	if (!db->writing)
		die("%s outside a transaction", statement->name);
	if (db->trouble)
		return db->trouble;
	struct query *q = open_query(db, statement, args);
	int r = write_step(db, q);
	db_end(q);
	return r < 0 ? r : sqlite3_changes(db->handle);
}

bool
db_spends(const struct db *db)
{
	return db->spends;
}

bool
db_idle(const struct db *db)
{
	return !db->open_queries && !db->writing && !db->whole;
}

void
db_set_viewer(struct db *db, member_id member)
{
	db->viewer = member;
}

member_id
db_viewer(const struct db *db)
{
	return db->viewer;
}

void
db_set_plain(struct db *db, bool plain)
{
	db->plain = plain;
}

bool
db_plain(const struct db *db)
{
	return db->plain;
}

/* The SQL functions that the views ask. */
static void
plain(sqlite3_context *context, int n, sqlite3_value **values)
{
	(void)n;
	(void)values;
	const struct db *db = sqlite3_user_data(context);
	sqlite3_result_int(context, db->plain);
}

static void
viewer(sqlite3_context *context, int n, sqlite3_value **values)
{
	(void)n;
	(void)values;
	const struct db *db = sqlite3_user_data(context);
	sqlite3_result_int64(context, db->viewer.n);
}

/* Whether the viewer moderates a board, or (0) what belongs to the whole network: the views ask it of what was hidden. */
SQL_READ(moderates_board, "SELECT 1 FROM moderated_v WHERE board = :board");
SQL_READ(moderates_all, "SELECT 1 FROM national_v");

static void
moderates(sqlite3_context *context, int n, sqlite3_value **values)
{
	(void)n;
	struct db *db = sqlite3_user_data(context);
	int64_t board = sqlite3_value_int64(values[0]);
	bool somewhere = sqlite3_value_type(values[0]) != SQLITE_NULL;
	sqlite3_result_int(context, (int)(board ? db_one(db, moderates_board, 0, I("board", board))
		: somewhere			? db_one(db, moderates_all, 0)
						: 0));
}

/* Whether the viewer reads a message: the views ask it of what is attached to one. */
SQL_READ(reads_post, "SELECT 1 FROM readable_v WHERE id = :id");

static void
reads(sqlite3_context *context, int n, sqlite3_value **values)
{
	(void)n;
	struct db *db = sqlite3_user_data(context);
	sqlite3_result_int(context, (int)db_one(db, reads_post, 0, I("id", sqlite3_value_int64(values[0]))));
}

static int
note_pages(void *ctx, sqlite3 *handle, const char *name, int pages)
{
	struct db *db = ctx;
	(void)handle;
	(void)name;
	db->wal_pages = pages;
	return SQLITE_OK;
}

/* Makes the search's own words known to FTS5 (https://sqlite.org/fts5.html, 7.1). */
static void
add_tokenizer(struct db *db)
{
	fts5_api *api = NULL;
	sqlite3_stmt *stmt;
	if (sqlite3_prepare_v2(db->handle, "SELECT fts5(?1)", -1, &stmt, NULL) != SQLITE_OK)
		die("no FTS5: %s", sqlite3_errmsg(db->handle));
	sqlite3_bind_pointer(stmt, 1, &api, "fts5_api_ptr", NULL);
	sqlite3_step(stmt);
	sqlite3_finalize(stmt);
	if (!api || api->xCreateTokenizer(api, "french", NULL, &search_tokenizer, NULL) != SQLITE_OK)
		die("FTS5 takes no tokenizer");
}

void
sqlite_hooks(struct db *db)
{
	sqlite3_create_function_v2(db->handle, "viewer", 0, SQLITE_UTF8 | SQLITE_INNOCUOUS, db, viewer,
	    NULL, NULL, NULL);
	add_tokenizer(db);
	sqlite3_create_function_v2(db->handle, "plain", 0, SQLITE_UTF8 | SQLITE_INNOCUOUS, db, plain,
	    NULL, NULL, NULL);
	sqlite3_create_function_v2(db->handle, "moderates", 1, SQLITE_UTF8 | SQLITE_INNOCUOUS, db, moderates,
	    NULL, NULL, NULL);
	sqlite3_create_function_v2(db->handle, "reads", 1, SQLITE_UTF8 | SQLITE_INNOCUOUS, db, reads,
	    NULL, NULL, NULL);
	sqlite3_set_authorizer(db->handle, note, db);
	sqlite3_wal_hook(db->handle, note_pages, db);
}
