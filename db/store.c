/*
 * The store as a whole: opening, migrating, loading the map, settings, back-up, check. Migrations run
 * before the authorizer listens, and check asks beside it; nobody else does.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bbs/base/clock.h"
#include "bbs/base/log.h"
#include "bbs/base/text.h"
#include "db/dialect.h"
#include "db/embed.h"
#include "db/people.h"
#include "db/sqlite.h"

/* KiB of pages: those that one file after another touches as it comes. Given back while a session waits. */
#define CACHE "PRAGMA cache_size = -768;"

enum {
	BUSY_WAIT = 5000,    /* ms; for the sqlite3 shell's sake, ours stand in the queue */
	TRUNCATE_WAIT = 100,
	WAL_MAX = 8000,      /* pages of 4 KiB */
};
enum { CONSOLE_VERSION = 7 }; /* from then on members have words */

SQL_READ(get_meta, "SELECT value FROM meta WHERE name = :name");
SQL_WRITE(put_meta, "INSERT INTO meta (name, value) VALUES (:name, :value)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
SQL_READ(get_setting, "SELECT value FROM setting WHERE name = :name");
SQL_WRITE(put_setting, "INSERT INTO setting (name, value) VALUES (:name, :value)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
SQL_WRITE(add_journal, "INSERT INTO journal (created, actor, act, object, object_id, detail)"
    " VALUES (:now, :actor, :act, :object, :id, :detail)");
SQL_WRITE(add_outbox, "INSERT INTO outbox (created, member, address, kind, subject, body)"
    " SELECT :now, id, email, :kind, :subject, :body FROM member WHERE id = :to AND email <> ''");
SQL_WRITE(add_territory, "INSERT INTO territory (code, kind, parent, name, name_sort)"
    " VALUES (:code, :kind, :parent, :name, :sort)");
SQL_WRITE(add_commune, "INSERT INTO commune"
    " (code, name, name_sort, department, epci, lat, lon, population)"
    " VALUES (:code, :name, :sort, :department, :epci, :lat, :lon, :population)");
SQL_WRITE(add_theme, "INSERT INTO board (slug, title, about, position, level)"
    " SELECT :slug, :title, :about, 10 * (count(*) + 1), 'members' FROM board");
SQL_WRITE(add_machine, "INSERT INTO member"
    " (login, email, family, given, name, role, state, created) VALUES"
    " ('machine', '', '', :name, :name, 'sysop', 'active', :now)");

/* ---- journal, outbox, settings ---- */

void
db_journal(struct db *db, const char *act, const char *object, int64_t id, const char *detail)
{
	db_run(db, add_journal, I("now", clock_now()), I("actor", db->viewer.n), T("act", act),
	    T("object", object), I("id", id), T("detail", detail));
}

void
db_outbox(struct db *db, member_id to, const char *kind, const char *subject, const char *body)
{
	db_run(db, add_outbox, I("now", clock_now()), I("to", to.n), T("kind", kind),
	    T("subject", subject), T("body", body));
}

static void
read_value(struct db *db, const struct statement *statement, const char *name, struct buf *value)
{
	struct query *q = db_query_args(db, statement, ARGS_(T("name", name)));
	while (db_next(q))
		buf_str(value, db_text(q, 0));
}

void
db_setting(struct db *db, const char *name, struct buf *value)
{
	read_value(db, &get_setting, name, value);
}

int
db_set_setting(struct db *db, const char *name, const char *value)
{
	int r = db_begin(db);
	if (r)
		return r;
	db_run(db, put_setting, T("name", name), T("value", value));
	db_journal(db, "set", name, 0, value);
	return db_commit(db);
}

/* ---- the schema ---- */

/* Runs text of ours that is no statement: schema files. */
static int
run_text(struct db *db, const char *name, const char *sql)
{
	struct buf text = { 0 };
	dialect_schema(DIALECT_SQLITE, sql, &text);
	int r = sqlite3_exec(db->handle, buf_text(&text), NULL, NULL, NULL);
	buf_free(&text);
	if (r == SQLITE_OK)
		return E_OK;
	int answer = sqlite_answer(sqlite3_extended_errcode(db->handle));
	if (answer > 0)
		die("%s: %s", name, sqlite3_errmsg(db->handle));
	return answer;
}

int
sqlite_run(struct db *db, const char *sql)
{
	if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
		return E_OK;
	int answer = sqlite_answer(sqlite3_extended_errcode(db->handle));
	if (answer > 0)
		die("%.60s: %s", sql, sqlite3_errmsg(db->handle));
	return answer;
}

/* The number of a schema file's name, 0 where it has none (the views). */
static int
file_number(const struct embedded *file)
{
	static const char folder[] = "schema/";
	bool schema = !strncmp(file->name, folder, sizeof folder - 1);
	return schema ? (int)strtol(file->name + sizeof folder - 1, NULL, 10) : 0;
}

static int
newest_number(void)
{
	int newest = 0;
	for (const struct embedded *e = embedded; e->name; e++)
		if (file_number(e) > newest)
			newest = file_number(e);
	return newest;
}

static const char *
embedded_text(const char *name)
{
	for (const struct embedded *e = embedded; e->name; e++)
		if (!strcmp(e->name, name))
			return e->data;
	die("%s is not inside the program", name);
}

/* Text that is run again when it changes: the name of its mark, and the file. */
enum { MARK_SEARCH, MARK_VIEWS, MARKS, MARK_SIZE = 20 };
static const char *const marked[MARKS][2] = { { "search", "schema/search.sql" }, { "views", "schema/views.sql" } };

/* A short name of the text, to see that it has changed (FNV-1a). */
static void
mark_of(int which, char mark[MARK_SIZE])
{
	uint64_t hash = 14695981039346656037u;
	for (const char *s = embedded_text(marked[which][1]); *s; s++)
		hash = (hash ^ (unsigned char)*s) * 1099511628211u;
	snprintf(mark, MARK_SIZE, "%016" PRIx64, hash);
}

static bool
is_marked(struct db *db, int which)
{
	struct buf value = { 0 };
	char mark[MARK_SIZE];
	mark_of(which, mark);
	read_value(db, &get_meta, marked[which][0], &value);
	bool same = !strcmp(buf_text(&value), mark);
	buf_free(&value);
	return same;
}

/* The version of the schema (0: an empty file), and whether its views are today's. */
static int
schema_version(struct db *db, bool *views_good)
{
	sqlite3_stmt *stmt;
	*views_good = false;
	int r = sqlite3_prepare_v2(
	    db->handle, "SELECT 1 FROM sqlite_schema WHERE name = 'meta'", -1, &stmt, NULL);
	if (r == SQLITE_OK) {
		r = sqlite3_step(stmt);
		sqlite3_finalize(stmt);
	}
	if (r == SQLITE_DONE)
		return 0;
	if (r != SQLITE_ROW)
		return sqlite_answer(r) < 0 ? sqlite_answer(r) : E_CORRUPT;
	struct buf value = { 0 };
	read_value(db, &get_meta, "version", &value);
	int version = (int)strtol(buf_text(&value), NULL, 10);
	buf_free(&value);
	*views_good = is_marked(db, MARK_SEARCH) && is_marked(db, MARK_VIEWS);
	return version;
}

/* The next field of a tab-separated line, NUL-ended in place. */
static const char *
field(char **line)
{
	const char *s = strsep(line, "\t");
	return s ? s : "";
}

/* Hands the lines of a table of ours, but for those that begin with #, to a function. */
static void
each_line(struct db *db, const char *name, void (*take)(struct db *, char *line))
{
	const char *s = embedded_text(name);
	while (*s) {
		size_t n = strcspn(s, "\n");
		if (n && *s != '#') {
			char *line = mem_alloc(n + 1);
			memcpy(line, s, n);
			take(db, line);
			free(line);
		}
		s += n + (s[n] == '\n');
	}
}

static void
take_territory(struct db *db, char *line)
{
	const char *code = field(&line), *kind = field(&line), *parent = field(&line);
	const char *name = field(&line);
	struct buf sort = { 0 };
	text_sort_key(&sort, name);
	db_run(db, add_territory, T("code", code), T("kind", kind), T("parent", *parent ? parent : NULL),
	    T("name", name), T("sort", buf_text(&sort)));
	buf_free(&sort);
}

static void
take_commune(struct db *db, char *line)
{
	const char *code = field(&line), *name = field(&line), *department = field(&line);
	const char *epci = field(&line), *lat = field(&line), *lon = field(&line);
	const char *population = field(&line);
	struct buf sort = { 0 };
	text_sort_key(&sort, name);
	db_run(db, add_commune, T("code", code), T("name", name), T("sort", buf_text(&sort)),
	    T("department", department), T("epci", *epci ? epci : NULL),
	    R("lat", strtod(lat, NULL)), R("lon", strtod(lon, NULL)), I("population", strtoll(population, NULL, 10)));
	buf_free(&sort);
}

static void
take_board(struct db *db, char *line)
{
	const char *slug = field(&line), *title = field(&line), *about = field(&line);
	db_run(db, add_theme, T("slug", slug), T("title", title), T("about", about));
}

static void
fill_new(struct db *db)
{
	each_line(db, "data/boards.tsv", take_board);
	each_line(db, "data/territory.tsv", take_territory);
	each_line(db, "data/commune.tsv", take_commune);
	db_run(db, add_machine, T("name", "Régie"), I("now", clock_now()));
}

static void
drop_views(struct db *db)
{
	sqlite3_stmt *stmt;
	struct buf drops = { 0 };
	if (sqlite3_prepare_v2(db->handle, "SELECT name FROM sqlite_schema WHERE type = 'view'", -1,
		&stmt, NULL) != SQLITE_OK)
		die("views: %s", sqlite3_errmsg(db->handle));
	while (sqlite3_step(stmt) == SQLITE_ROW)
		buf_fmt(&drops, "DROP VIEW %s;", (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	run_text(db, "views", buf_text(&drops));
	buf_free(&drops);
}

/* Brings the schema from version up to date, in one transaction. */
static int
migrate(struct db *db, int version)
{
	char mark[MARK_SIZE], number[12];
	/* A table that is made again is dropped first; db_check() looks whether all refer to rows again. */
	sqlite_run(db, "PRAGMA foreign_keys = OFF");
	int r = db_begin(db);
	if (r)
		return r;
	bool indexed = version && is_marked(db, MARK_SEARCH);
	drop_views(db);
	for (const struct embedded *e = embedded; e->name; e++)
		if (file_number(e) > version)
			db_fail(db, run_text(db, e->name, e->data));
	for (int i = 0; i < MARKS; i++) {
		db_fail(db, run_text(db, marked[i][0], embedded_text(marked[i][1])));
		mark_of(i, mark);
		db_run(db, put_meta, T("name", marked[i][0]), T("value", mark));
	}
	if (!indexed && !db->trouble)
		db_fail(db, run_text(db, "search", "INSERT INTO search (search) VALUES ('rebuild')"));
	if (!version && !db->trouble)
		fill_new(db);
	if (version && version < CONSOLE_VERSION && !db->trouble)
		member_index_all(db);
	snprintf(number, sizeof number, "%d", newest_number());
	db_run(db, put_meta, T("name", "version"), T("value", number));
	r = db_commit(db);
	sqlite_run(db, "PRAGMA foreign_keys = ON");
	return r;
}

/* Looks at the version; migrates where nobody else has the store open. */
static int
bring_up_to_date(struct db *db)
{
	bool views_good;
	int version = schema_version(db, &views_good);
	if (version < 0)
		return version;
	if (version > newest_number())
		return E_NEWER;
	if (version == newest_number() && views_good)
		return E_OK;
	/* The door is shared with others who are opening: only one of them finds all slots free. */
	if (sqlite_lock(db->lock_file, F_OFD_SETLK, F_WRLCK, LOCK_SLOTS, LOCK_SLOT_COUNT))
		return E_IN_USE;
	int r = migrate(db, version);
	sqlite_lock(db->lock_file, F_OFD_SETLK, F_UNLCK, LOCK_SLOTS, LOCK_SLOT_COUNT);
	return r;
}

/* ---- opening ---- */

/* SQLite's own memory and temporary files: small, and beside the store, where the fence lets it. */
static void
configure(const char *path)
{
	static bool done;
	if (done)
		return;
	done = true;
	/* A process has one thread; neither locks nor counters for each allocation. */
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
	const char *slash = strrchr(path, '/');
	sqlite3_temp_directory = slash ? sqlite3_mprintf("%.*s", (int)(slash - path), path)
				       : sqlite3_mprintf(".");
}

static int
open_lock_file(const char *path, int *file)
{
	struct buf name = { 0 };
	buf_fmt(&name, "%s-lock", path);
	*file = open(buf_text(&name), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	buf_free(&name);
	if (*file >= 0)
		return E_OK;
	return errno == ENOSPC || errno == EDQUOT ? E_FULL : errno == ENOENT ? E_NOT_FOUND : E_READ_ONLY;
}

/* Opening and looking at the schema: with the door held, so that no migration runs beside. */
static int
enter(struct db *db)
{
	if (sqlite_lock(db->lock_file, F_OFD_SETLKW, F_WRLCK, LOCK_DOOR, 1))
		return E_BUSY;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	int r = sqlite3_open_v2(db->path, &db->handle, flags, NULL);
	if (r != SQLITE_OK)
		return sqlite_answer(r) < 0 ? sqlite_answer(r) : E_CORRUPT;
	sqlite3_busy_timeout(db->handle, BUSY_WAIT);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	/* The views are ours, and one of them stands on FTS5, which this SQLite does not call harmless. */
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* One plan a statement, whatever is bound to it: else those with LIKE are made anew with each value. */
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	sqlite_hooks(db);
	r = run_text(db, "pragmas",
	    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
	    CACHE);
	if (r)
		return r;
	if (sqlite3_db_readonly(db->handle, "main"))
		return E_READ_ONLY;
	r = bring_up_to_date(db);
	if (!r)
		sqlite_lock(db->lock_file, F_OFD_SETLK, F_WRLCK, LOCK_SLOTS + getpid(), 1);
	sqlite_lock(db->lock_file, F_OFD_SETLK, F_UNLCK, LOCK_DOOR, 1);
	return r;
}

int
db_open(struct db **out, const char *path, enum db_mode mode, bool fenced)
{
	struct stat status;
	if (mode == DB_EXISTING && stat(path, &status) < 0)
		return E_NOT_FOUND;
	configure(path);
	struct db *db = mem_alloc(sizeof *db);
	db->path = mem_dup(path);
	db->passing = -1;
	db->asked = mem_alloc(sqlite_statement_count() * sizeof *db->asked);
	int r = open_lock_file(db->path, &db->lock_file);
	if (!r)
		r = enter(db);
	if (r) {
		db_close(db);
		return r;
	}
	db->fenced = fenced;
	*out = db;
	return E_OK;
}

void
db_close(struct db *db)
{
	if (!db)
		return;
	if (db->handle)
		db_rest(db);
	sqlite3_close(db->handle);
	if (db->lock_file >= 0)
		close(db->lock_file);
	free(db->path);
	free(db->asked);
	free(db);
}

int
db_lock_serve(const char *path)
{
	int file;
	int r = open_lock_file(path, &file);
	if (r)
		return r;
	if (!sqlite_lock(file, F_OFD_SETLK, F_WRLCK, LOCK_SERVE, 1))
		return file;
	close(file);
	return E_IN_USE;
}

bool
db_process_lives(struct db *db, int64_t slot)
{
	struct flock lock = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCK_SLOTS + slot, .l_len = 1
	};
	/* Our own lock does not stand in our own way: ask for it by name. */
	return slot == getpid() || (fcntl(db->lock_file, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK);
}

/* ---- numbers, back-up, check ---- */

static int64_t
pragma_number(struct db *db, const char *sql)
{
	sqlite3_stmt *stmt;
	int64_t n = 0;
	if (sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL) != SQLITE_OK)
		die("%s: %s", sql, sqlite3_errmsg(db->handle));
	if (sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

void
db_spend(struct db *db, bool much)
{
	if (much == db->spends)
		return;
	/* Without its mark the index is made anew when the store is opened, should this process fall. */
	int r = run_text(db, "memory", much ? "PRAGMA cache_size = -262144; DELETE FROM meta WHERE name = 'search'"
	    : "INSERT INTO search (search) VALUES ('rebuild');" CACHE);
	db->spends = much;
	if (!r && !much && !(r = db_begin(db))) {
		char mark[MARK_SIZE];
		mark_of(MARK_SEARCH, mark);
		db_run(db, put_meta, T("name", marked[MARK_SEARCH][0]), T("value", mark));
		r = db_commit(db);
	}
	if (r)
		die("the index of the search: %s", error_text(r));
}

int64_t
db_version(struct db *db)
{
	return pragma_number(db, "PRAGMA data_version");
}

/* Remembers when something of the machine's was done last; where that cannot be written, it is not. */
static void
remember(struct db *db, const char *what, const char *result)
{
	struct buf value = { 0 };
	buf_fmt(&value, "%" PRId64 " %s", clock_now(), result);
	if (!db_begin(db)) {
		db_run(db, put_meta, T("name", what), T("value", buf_text(&value)));
		db_journal(db, what, "store", 0, result);
		db_commit(db);
	}
	buf_free(&value);
}

/* When, and what came of it; 0 and "" where it never was. */
static int64_t
remembered(struct db *db, const char *what, struct buf *result)
{
	struct buf value = { 0 };
	char *rest;
	read_value(db, &get_meta, what, &value);
	int64_t when = strtoll(buf_text(&value), &rest, 10);
	buf_str(result, *rest == ' ' ? rest + 1 : "");
	buf_free(&value);
	return when;
}

int
db_checkpoint(struct db *db)
{
	int pages = 0, copied = 0;
	if (!may(db, MAY_RUN_MACHINE, (item_id){ 0 }))
		return E_DENIED;
	int r = sqlite_fold(db, &pages, &copied);
	if (r == SQLITE_OK && pages > WAL_MAX) {
		/* Keeps writers out while it waits for readers: not for long, the next time will do too. */
		sqlite3_busy_timeout(db->handle, TRUNCATE_WAIT);
		r = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
		sqlite3_busy_timeout(db->handle, BUSY_WAIT);
	}
	/* Somebody else is at it; then nothing was counted, which SQLite says as -1. */
	if ((r & 0xff) == SQLITE_BUSY)
		return copied < 0 ? 0 : copied;
	int answer = sqlite_answer(r);
	if (answer > 0)
		die("checkpoint: %s", sqlite3_errmsg(db->handle));
	return answer ? answer : copied;
}

int
db_backup(struct db *db, const char *path)
{
	if (!may(db, MAY_RUN_MACHINE, (item_id){ 0 }))
		return E_DENIED;
	int made = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (made < 0)
		return errno == EEXIST ? E_EXISTS : errno == ENOSPC ? E_FULL : E_READ_ONLY;
	close(made);
	sqlite3 *to;
	int r = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL);
	if (r == SQLITE_OK) {
		sqlite3_backup *backup = sqlite3_backup_init(to, "main", db->handle, "main");
		if (backup) {
			r = sqlite3_backup_step(backup, -1);
			sqlite3_backup_finish(backup);
		} else {
			r = sqlite3_errcode(to);
		}
	}
	sqlite3_close(to);
	if (r == SQLITE_OK || r == SQLITE_DONE) {
		remember(db, "backup", "");
		return E_OK;
	}
	unlink(path);
	return sqlite_answer(r) < 0 ? sqlite_answer(r) : E_CORRUPT;
}

/* The house's own rules: each says what is wrong with some row, and counts rows. */
static const struct rule {
	const char *fault, *sql;
} rules[] = {
	{ "messages without a text", "SELECT count(*) FROM item i WHERE NOT EXISTS"
	  " (SELECT 1 FROM text t WHERE t.item = i.id AND t.version = i.version)" },
	{ "texts without a message", "SELECT count(*) FROM text WHERE item NOT IN (SELECT id FROM item)" },
	{ "replies in a thread that is not there", "SELECT count(*) FROM item WHERE kind = 'message'"
	  " AND thread NOT IN (SELECT item FROM thread)" },
	{ "replies of another level than their thread", "SELECT count(*) FROM item i"
	  " JOIN thread t ON t.item = i.thread WHERE i.kind = 'message' AND i.level <> t.level" },
	{ "threads about files with other readers", "SELECT count(*) FROM item i JOIN thread t ON t.item = i.id"
	  " WHERE i.kind = 'file' AND t.level <> CASE i.level WHEN 'me' THEN 'named' ELSE i.level END" },
	{ "threads whose count is wrong", "SELECT count(*) FROM thread t WHERE posts <>"
	  " (SELECT count(*) FROM item WHERE thread = t.item AND kind = 'message')" },
	{ "threads whose last message is wrong", "SELECT count(*) FROM thread t WHERE last <>"
	  " (SELECT max(id) FROM item WHERE thread = t.item)" },
	{ "authors that are not there", "SELECT count(*) FROM item WHERE author IS NOT NULL"
	  " AND author NOT IN (SELECT id FROM member)" },
	{ "councils without a commune of theirs", "SELECT count(*) FROM council c WHERE NOT EXISTS"
	  " (SELECT 1 FROM council_commune WHERE council = c.id AND commune = c.commune)" },
	{ "territories whose count of councils is wrong", "SELECT count(*) FROM territory t LEFT JOIN"
	  " (SELECT territory, count(DISTINCT council) AS n FROM reach_v"
	  "  WHERE council IN (SELECT id FROM item WHERE state = 'published') GROUP BY territory) r"
	  " ON r.territory = t.code WHERE t.councils <> coalesce(r.n, 0)" },
	{ "councils that no typed word finds", "SELECT count(*) FROM council"
	  " WHERE merged IS NULL AND id NOT IN (SELECT council FROM council_word)" },
	{ "people of a council that was merged", "SELECT count(*) FROM member m"
	  " JOIN council c ON c.id = m.council WHERE c.merged IS NOT NULL" },
	{ "members that no typed word finds", "SELECT count(*) FROM member WHERE id > 1"
	  " AND state <> 'removed' AND id NOT IN (SELECT member FROM member_word)" },
	{ "sheets without a council", "SELECT count(*) FROM item WHERE kind = 'sheet'"
	  " AND id NOT IN (SELECT id FROM council)" },
	{ "items on a board that is not there", "SELECT count(*) FROM item WHERE board <> 0"
	  " AND board NOT IN (SELECT id FROM board)" },
	{ "candidates in nobody's list", "SELECT count(*) FROM member WHERE state = 'waiting'"
	  " AND id NOT IN (SELECT candidate FROM waiting)" },
	{ "open reports in nobody's queue", "SELECT count(*) FROM report WHERE state = 'open'"
	  " AND id NOT IN (SELECT report FROM report_place)" },
	{ "closed reports in a queue", "SELECT count(*) FROM report_place p"
	  " JOIN report r ON r.id = p.report WHERE r.state <> 'open'" },
	{ "folders and files without a place", "SELECT count(*) FROM item WHERE kind IN ('folder', 'file')"
	  " AND state = 'published' AND (id NOT IN (SELECT item FROM entry) OR id NOT IN (SELECT item FROM shelf"
	  " WHERE place <> 'recents' UNION ALL SELECT item FROM attachment))" },
	{ "attached files that do not follow their message", "SELECT count(*) FROM attachment a JOIN item i ON i.id = a.item"
	  " JOIN entry e ON e.item = a.item WHERE i.parent IS NOT a.post OR i.level <> 'named' OR e.place <> 'i' || a.post" },
	{ "files attached to no message", "SELECT count(*) FROM item WHERE kind = 'file' AND parent IS NOT NULL"
	  " AND state = 'published' AND id NOT IN (SELECT item FROM attachment)" },
	{ "files that do not stand in their place among the recent ones", "SELECT count(*) FROM entry e JOIN item i"
	  " ON i.id = e.item WHERE e.folder = 0 AND i.state = 'published' AND i.parent IS NULL AND NOT EXISTS (SELECT 1"
	  " FROM shelf s WHERE s.item = e.item AND s.place = 'recents' AND s.sort = CAST(1000000000000 + i.changed AS TEXT))" },
	{ "folders and files that are seen though they are gone", "SELECT count(*) FROM shelf s JOIN item i ON i.id = s.item"
	  " WHERE i.state NOT IN ('published', 'hidden')" },
	{ "files without their bytes", "SELECT count(*) FROM content c WHERE sha256 IS NOT NULL AND size <>"
	  " (SELECT coalesce(sum(length(data)), 0) FROM chunk k WHERE k.content = c.id)" },
	{ "bytes that nothing has", "SELECT count(*) FROM content c WHERE gone = 0"
	  " AND NOT EXISTS (SELECT 1 FROM file_version f WHERE f.content = c.id)"
	  " AND NOT EXISTS (SELECT 1 FROM upload u WHERE u.content = c.id)" },
	{ "bytes given up that something has", "SELECT count(*) FROM content c WHERE gone = 1"
	  " AND (EXISTS (SELECT 1 FROM entry e WHERE e.content = c.id)"
	  "  OR EXISTS (SELECT 1 FROM file_version f WHERE f.content = c.id)"
	  "  OR EXISTS (SELECT 1 FROM upload u WHERE u.content = c.id))" },
	{ "areas whose room is counted wrong", "SELECT count(*) FROM (SELECT e.area, sum(f.size) AS n FROM file_version f"
	  " JOIN entry e ON e.item = f.item GROUP BY e.area) s LEFT JOIN area_use a ON a.area = s.area"
	  " WHERE coalesce(a.bytes, 0) <> s.n" },
	{ "councils that are wrongly, or not, among those that publish", "SELECT count(*) FROM council c WHERE publishes <>"
	  " EXISTS (SELECT 1 FROM shelf s WHERE s.place = 'c' || c.id || '.public' AND s.reader = 'public')" },
	{ "decided people in a list of candidates", "SELECT count(*) FROM waiting w"
	  " JOIN member m ON m.id = w.candidate WHERE m.state <> 'waiting'" },
};

int
db_check(struct db *db, struct buf *faults)
{
	return db_check_told(db, faults, NULL, NULL);
}

int
db_check_told(struct db *db, struct buf *faults, void (*tell)(void *ctx, int step, int steps), void *ctx)
{
	enum { RULES = sizeof rules / sizeof *rules, BEFORE = 2 };
	int count = 0;
	sqlite3_stmt *stmt;
	if (tell)
		tell(ctx, 0, RULES + BEFORE);
	if (sqlite3_prepare_v2(db->handle, "PRAGMA integrity_check(20)", -1, &stmt, NULL) != SQLITE_OK)
		die("check: %s", sqlite3_errmsg(db->handle));
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *line = (const char *)sqlite3_column_text(stmt, 0);
		if (strcmp(line, "ok") != 0) {
			buf_fmt(faults, "%s\n", line);
			count++;
		}
	}
	sqlite3_finalize(stmt);
	bool whole = !count;
	if (tell)
		tell(ctx, 1, RULES + BEFORE);
	/* Compares the index with what is to be found. */
	if (sqlite3_exec(db->handle, "INSERT INTO search (search, rank) VALUES ('integrity-check', 1)", NULL,
		NULL, NULL) != SQLITE_OK) {
		buf_fmt(faults, "the index of the search: %s\n", sqlite3_errmsg(db->handle));
		count++;
	}
	int64_t broken = pragma_number(db, "SELECT count(*) FROM pragma_foreign_key_check");
	if (broken) {
		buf_fmt(faults, "%" PRId64 " references to rows that are not there\n", broken);
		count++;
	}
	for (int i = 0; i < RULES; i++) {
		if (tell)
			tell(ctx, BEFORE + i, RULES + BEFORE);
		int64_t n = pragma_number(db, rules[i].sql);
		if (n) {
			buf_fmt(faults, "%" PRId64 " %s\n", n, rules[i].fault);
			count++;
		}
	}
	char result[12];
	snprintf(result, sizeof result, "%d", count);
	/* Nothing is written into a file that is damaged. */
	if (whole && may(db, MAY_RUN_MACHINE, (item_id){ 0 }))
		remember(db, "check", result);
	return count;
}

/* ---- how it is ---- */

static int64_t
file_size(const char *path, const char *suffix)
{
	struct buf name = { 0 };
	struct stat status;
	buf_fmt(&name, "%s%s", path, suffix);
	int64_t size = stat(buf_text(&name), &status) ? 0 : status.st_size;
	buf_free(&name);
	return size;
}

/* The newest number of each table, as the ids run: an estimate that looks at one row. */
static void
estimate(struct db *db, const char *table, struct store_table *out)
{
	struct buf sql = { 0 };
	buf_fmt(&sql, "SELECT coalesce(max(rowid), 0) FROM %s", table);
	snprintf(out->name, sizeof out->name, "%s", table);
	out->rows = pragma_number(db, buf_text(&sql));
	buf_free(&sql);
}

int
db_status(struct db *db, struct store_status *out)
{
	*out = (struct store_status){ 0 };
	if (!may(db, MAY_RUN_MACHINE, (item_id){ 0 }))
		return E_DENIED;
	bool views;
	struct buf result = { 0 };
	buf_str(&out->path, db->path);
	out->version = schema_version(db, &views);
	out->size = file_size(db->path, "");
	out->wal = file_size(db->path, "-wal");
	out->page_size = pragma_number(db, "PRAGMA page_size");
	out->pages = pragma_number(db, "PRAGMA page_count");
	out->free_pages = pragma_number(db, "PRAGMA freelist_count");
	out->backup = remembered(db, "backup", &result);
	buf_cut(&result, 0);
	out->check = remembered(db, "check", &result);
	out->faults = (int)strtol(buf_text(&result), NULL, 10);
	buf_free(&result);
	sqlite3_stmt *stmt;
	if (sqlite3_prepare_v2(db->handle, "SELECT name FROM sqlite_schema WHERE type = 'table'"
		" AND name NOT LIKE 'sqlite%' AND sql NOT LIKE '%WITHOUT ROWID%' AND sql NOT LIKE 'CREATE VIRTUAL%'"
		" ORDER BY name", -1, &stmt, NULL) != SQLITE_OK)
		die("tables: %s", sqlite3_errmsg(db->handle));
	while (sqlite3_step(stmt) == SQLITE_ROW && out->table_count < STORE_TABLES)
		estimate(db, (const char *)sqlite3_column_text(stmt, 0), &out->tables[out->table_count++]);
	sqlite3_finalize(stmt);
	return E_OK;
}

void
db_folder(const struct db *db, struct buf *out)
{
	const char *slash = strrchr(db->path, '/');
	buf_add(out, slash ? db->path : ".", slash ? (size_t)(slash - db->path) : 1);
}
