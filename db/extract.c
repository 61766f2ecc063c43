/*
 * A part of the store as a file of its own: a council, or all those of a département, with their people, their
 * boards and what was said there. What is copied is named here, table by table: a table that is not named goes
 * nowhere. Its text is run beside the authorizer, by whoever runs the machine: it copies what nobody reads whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bbs/base/log.h"
#include "db/people.h"
#include "db/sqlite.h"

SQL_READ(council_of_extract, "SELECT 1 FROM council_v WHERE id = :id");

/* Which councils, which members, which discussions. */
static const char choose[] =
    "CREATE TEMP TABLE extract_council (id INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE extract_member (id INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE extract_thread (id INTEGER PRIMARY KEY);"
    "CREATE TEMP TABLE extract_file (id INTEGER PRIMARY KEY);"
    "INSERT INTO extract_council SELECT id FROM main.council WHERE merged IS NULL"
    "  AND (id = %lld OR department = %Q);"
    "INSERT INTO extract_member SELECT id FROM main.member WHERE id > 1 AND state <> 'removed'"
    "  AND council IN extract_council;"
    "INSERT INTO extract_thread SELECT t.item FROM main.board b JOIN main.thread t ON t.board = b.id"
    "  WHERE b.council IN extract_council OR b.territory = %Q;"
    "INSERT INTO extract_file SELECT e.item FROM main.entry e JOIN main.item i ON i.id = e.item WHERE i.state = 'published'"
    "  AND (e.area = 'd' || %Q OR e.area IN (SELECT 'c' || id FROM extract_council)"
    "    OR i.parent IN (SELECT id FROM main.item WHERE thread IN extract_thread));"
    "INSERT INTO extract_thread SELECT item FROM main.thread WHERE item IN extract_file;";

/* Whoever is not copied has no name there. */
#define UNNAMED(table, column) "UPDATE out." table " SET " column " = NULL WHERE " column " <> 1" \
	" AND " column " NOT IN extract_member;"

static const char copy[] =
    "PRAGMA defer_foreign_keys = ON;"
    "DELETE FROM out.board;"
    "INSERT INTO out.board SELECT * FROM main.board WHERE council IN extract_council"
    "  OR (council IS NULL AND (territory IS NULL OR territory IN"
    "    (SELECT territory FROM main.reach_v WHERE council IN extract_council)));"
    "INSERT INTO out.item SELECT * FROM main.item WHERE id IN extract_council;"
    "INSERT INTO out.item SELECT * FROM main.item WHERE thread IN extract_thread;"
    "INSERT INTO out.item SELECT * FROM main.item WHERE id IN extract_file AND id NOT IN extract_thread;"
    "INSERT INTO out.text SELECT * FROM main.text WHERE item IN (SELECT id FROM out.item);"
    "INSERT INTO out.audience SELECT * FROM main.audience WHERE kind = 'member' AND id IN extract_member"
    "  AND item IN (SELECT id FROM out.item);"
    "INSERT INTO out.council SELECT * FROM main.council WHERE id IN extract_council;"
    "INSERT INTO out.content SELECT * FROM main.content WHERE id IN"
    "  (SELECT content FROM main.file_version WHERE item IN extract_file);"
    "INSERT INTO out.chunk SELECT * FROM main.chunk WHERE content IN (SELECT id FROM out.content);"
    "INSERT INTO out.entry SELECT * FROM main.entry WHERE item IN extract_file;"
    "INSERT INTO out.attachment SELECT * FROM main.attachment WHERE item IN extract_file;"
    "INSERT INTO out.shelf SELECT * FROM main.shelf WHERE item IN extract_file;"
    "INSERT INTO out.file_version SELECT * FROM main.file_version WHERE item IN extract_file;"
    "INSERT INTO out.area_use SELECT e.area, sum(f.size) FROM out.file_version f JOIN out.entry e ON e.item = f.item"
    "  GROUP BY e.area;"
    "INSERT INTO out.council_word SELECT * FROM main.council_word WHERE council IN extract_council;"
    "INSERT INTO out.council_commune SELECT * FROM main.council_commune WHERE council IN extract_council;"
    "INSERT INTO out.council_version SELECT * FROM main.council_version WHERE council IN extract_council;"
    "INSERT INTO out.member SELECT * FROM main.member WHERE id IN extract_member;"
    "INSERT INTO out.member_word SELECT * FROM main.member_word WHERE member IN extract_member;"
    "INSERT INTO out.handover SELECT * FROM main.handover WHERE council IN extract_council"
    "  AND giver IN (SELECT 1 UNION ALL SELECT id FROM extract_member)"
    "  AND (member IS NULL OR member IN extract_member);"
    "INSERT INTO out.suspension SELECT * FROM main.suspension WHERE member IN extract_member;"
    "INSERT INTO out.waiting SELECT * FROM main.waiting WHERE candidate IN extract_member;"
    "INSERT INTO out.approval SELECT * FROM main.approval WHERE candidate IN extract_member"
    "  AND (voter = 1 OR voter IN extract_member);"
    "INSERT INTO out.precision SELECT * FROM main.precision WHERE candidate IN extract_member"
    "  AND (asker = 1 OR asker IN extract_member);"
    "INSERT INTO out.thread SELECT * FROM main.thread WHERE item IN extract_thread;"
    "INSERT INTO out.mark SELECT * FROM main.mark WHERE member IN extract_member AND thread IN extract_thread;"
    "INSERT INTO out.board_mark SELECT * FROM main.board_mark WHERE member IN extract_member"
    "  AND board IN (SELECT id FROM out.board);"
    "INSERT INTO out.charter SELECT * FROM main.charter;"
    UNNAMED("item", "author") UNNAMED("text", "author") UNNAMED("suspension", "author") UNNAMED("charter", "author")
    UNNAMED("council_version", "author") UNNAMED("file_version", "author")
    "UPDATE out.territory SET councils = (SELECT count(DISTINCT r.council) FROM out.reach_v r"
    "  JOIN out.item i ON i.id = r.council WHERE r.territory = territory.code AND i.state = 'published');"
    "INSERT INTO out.search (search) VALUES ('rebuild');";

/* With their passwords and keys people log in there as here; a demonstration's are known to all. */
static const char with_logins[] =
    "INSERT INTO out.member_key SELECT * FROM main.member_key WHERE member IN extract_member;"
    "INSERT INTO out.setting SELECT * FROM main.setting WHERE name = 'demo';";
static const char without_logins[] = "UPDATE out.member SET password = NULL;";

static const char forget[] =
    "DROP TABLE IF EXISTS temp.extract_council; DROP TABLE IF EXISTS temp.extract_member;"
    "DROP TABLE IF EXISTS temp.extract_thread; DROP TABLE IF EXISTS temp.extract_file;";

/* ---- the new file ---- */

/* An empty store, with its schema and the map. */
static int
make_store(const char *path)
{
	struct db *out;
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0)
		return errno == EEXIST ? E_EXISTS : errno == ENOSPC ? E_FULL : E_READ_ONLY;
	close(file);
	int r = db_open(&out, path, DB_OPEN, true);
	if (!r)
		db_close(out);
	return r;
}

static int
check_store(const char *path, struct buf *faults)
{
	struct db *out;
	int r = db_open(&out, path, DB_EXISTING, true);
	if (r)
		return r;
	db_set_viewer(out, MACHINE);
	r = db_check(out, faults) ? E_CORRUPT : E_OK;
	db_close(out);
	return r;
}

static void
remove_beside(const char *path, const char *suffix)
{
	struct buf name = { 0 };
	buf_fmt(&name, "%s%s", path, suffix);
	unlink(buf_text(&name));
	buf_free(&name);
}

/* ---- copying ---- */

/* Runs a text made of a format and its values, as SQLite quotes them. */
static int
run_made(struct db *db, char *sql)
{
	if (!sql)
		die("no memory");
	int r = sqlite_run(db, sql);
	sqlite3_free(sql);
	return r;
}

/* One transaction: what is copied is of one moment. */
static int
copy_rows(struct db *db, int64_t council, const char *department, bool logins)
{
	int r = sqlite_run(db, "BEGIN");
	if (!r)
		r = run_made(db, sqlite3_mprintf(choose, (long long)council, department, department, department));
	if (!r)
		r = sqlite_run(db, copy);
	if (!r)
		r = sqlite_run(db, logins ? with_logins : without_logins);
	if (!r)
		r = sqlite_run(db, "COMMIT");
	if (r)
		sqlite_run(db, "ROLLBACK");
	sqlite_run(db, forget);
	return r;
}

int
db_extract(struct db *db, item_id council, const char *department, bool logins, const char *path, struct buf *faults)
{
	if (!may(db, MAY_RUN_MACHINE, (item_id){ 0 }))
		return E_DENIED;
	if (council.n ? !db_one(db, council_of_extract, 0, I("id", council.n)) : !*department)
		return E_NOT_FOUND;
	int r = make_store(path);
	if (r == E_EXISTS)
		return r;
	if (!r)
		r = run_made(db, sqlite3_mprintf("ATTACH %Q AS out", path));
	if (!r) {
		r = copy_rows(db, council.n, council.n ? "" : department, logins);
		sqlite_run(db, "DETACH out");
	}
	if (!r)
		r = check_store(path, faults);
	remove_beside(path, "-lock");
	if (r) {
		remove_beside(path, "");
		remove_beside(path, "-wal");
		remove_beside(path, "-shm");
		return r;
	}
	r = db_begin(db);
	if (r)
		return r;
	db_journal(db, "extract", council.n ? "council" : "department", council.n, department);
	return db_commit(db);
}
