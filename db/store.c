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
#include "db/sqlite.h"

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

/* A short name of the views' text, to see that it has changed (FNV-1a). */
static void
views_mark(char mark[20])
{
	uint64_t hash = 14695981039346656037u;
	for (const char *s = embedded_text("schema/views.sql"); *s; s++)
		hash = (hash ^ (unsigned char)*s) * 1099511628211u;
	snprintf(mark, 20, "%016" PRIx64, hash);
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
	char mark[20];
	read_value(db, &get_meta, "version", &value);
	int version = (int)strtol(buf_text(&value), NULL, 10);
	buf_cut(&value, 0);
	views_mark(mark);
	read_value(db, &get_meta, "views", &value);
	*views_good = !strcmp(buf_text(&value), mark);
	buf_free(&value);
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
	char mark[20], number[12];
	int r = db_begin(db);
	if (r)
		return r;
	drop_views(db);
	for (const struct embedded *e = embedded; e->name; e++)
		if (file_number(e) > version)
			db_fail(db, run_text(db, e->name, e->data));
	db_fail(db, run_text(db, "views", embedded_text("schema/views.sql")));
	if (!version && !db->trouble)
		fill_new(db);
	views_mark(mark);
	snprintf(number, sizeof number, "%d", newest_number());
	db_run(db, put_meta, T("name", "views"), T("value", mark));
	db_run(db, put_meta, T("name", "version"), T("value", number));
	return db_commit(db);
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
	sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 128, 64);
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
	sqlite3_busy_timeout(db->handle, 5000);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite_hooks(db);
	r = run_text(db, "pragmas",
	    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
	    "PRAGMA cache_size = -256; PRAGMA wal_autocheckpoint = 4000;");
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
	sqlite3_close(db->handle);
	if (db->lock_file >= 0)
		close(db->lock_file);
	free(db->path);
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

int64_t
db_version(struct db *db)
{
	return pragma_number(db, "PRAGMA data_version");
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
	if (r == SQLITE_OK || r == SQLITE_DONE)
		return E_OK;
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
	  " JOIN thread t ON t.item = i.thread WHERE i.level <> t.level" },
	{ "threads whose count is wrong", "SELECT count(*) FROM thread t WHERE posts <>"
	  " (SELECT count(*) FROM item WHERE thread = t.item)" },
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
	  " WHERE id NOT IN (SELECT council FROM council_word)" },
	{ "sheets without a council", "SELECT count(*) FROM item WHERE kind = 'sheet'"
	  " AND id NOT IN (SELECT id FROM council)" },
	{ "items on a board that is not there", "SELECT count(*) FROM item WHERE board IS NOT NULL"
	  " AND board NOT IN (SELECT id FROM board)" },
	{ "candidates in nobody's list", "SELECT count(*) FROM member WHERE state = 'waiting'"
	  " AND id NOT IN (SELECT candidate FROM waiting)" },
	{ "decided people in a list of candidates", "SELECT count(*) FROM waiting w"
	  " JOIN member m ON m.id = w.candidate WHERE m.state <> 'waiting'" },
};

int
db_check(struct db *db, struct buf *faults)
{
	int count = 0;
	sqlite3_stmt *stmt;
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
	int64_t broken = pragma_number(db, "SELECT count(*) FROM pragma_foreign_key_check");
	if (broken) {
		buf_fmt(faults, "%" PRId64 " references to rows that are not there\n", broken);
		count++;
	}
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		int64_t n = pragma_number(db, rules[i].sql);
		if (n) {
			buf_fmt(faults, "%" PRId64 " %s\n", n, rules[i].fault);
			count++;
		}
	}
	return count;
}
