/*
 * The claim that one SQL serves two engines: makes the schema in a PostgreSQL and prepares every
 * statement of the program there, then sees that its views keep the rule of reading. No test of an
 * engine for PostgreSQL: there is none yet. tests/postgres.sh starts the server.
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/dialect.h"
#include "db/embed.h"
#include "db/engine.h"

static PGconn *server;
static int failures;

static void
say(bool good, const char *name, const char *why)
{
	printf("%s %s\n", good ? "ok" : "not ok", name);
	if (!good) {
		printf("# %s\n", why);
		failures++;
	}
}

/* Runs text of the test, or of the schema; an empty sentence where it went well. */
static const char *
run(const char *sql)
{
	static char why[1000];
	PGresult *result = PQexec(server, sql);
	ExecStatusType status = PQresultStatus(result);
	bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
	snprintf(why, sizeof why, "%s", good ? "" : PQresultErrorMessage(result));
	PQclear(result);
	return why;
}

static void
make_schema(void)
{
	const char *why = run("CREATE FUNCTION viewer() RETURNS BIGINT STABLE LANGUAGE sql AS"
	    " $$ SELECT coalesce(nullif(current_setting('palabre.viewer', true), ''), '0')::BIGINT $$");
	say(!*why, "viewer()", why);
	why = run("CREATE FUNCTION plain() RETURNS INT STABLE LANGUAGE sql AS $$ SELECT 0 $$");
	say(!*why, "plain()", why);
	/* Its body names a view that comes later. */
	why = run("SET check_function_bodies = off; CREATE FUNCTION moderates(board BIGINT) RETURNS INT STABLE"
		  " LANGUAGE sql AS $$ SELECT CASE WHEN $1 = 0 THEN (SELECT count(*)::INT FROM national_v)"
		  " ELSE (SELECT count(*)::INT FROM moderated_v m WHERE m.board = $1) END $$");
	say(!*why, "moderates()", why);
	why = run("CREATE FUNCTION reads(post BIGINT) RETURNS INT STABLE LANGUAGE sql AS"
	    " $$ SELECT count(*)::INT FROM readable_v r WHERE r.id = $1 $$");
	say(!*why, "reads()", why);
	for (const struct embedded *e = embedded; e->name; e++) {
		struct buf sql = { 0 };
		if (strncmp(e->name, "schema/", 7) != 0)
			continue;
		dialect_schema(DIALECT_POSTGRES, e->data, &sql);
		why = run(buf_text(&sql));
		say(!*why, e->name, why);
		buf_free(&sql);
	}
}

/* Prepares what stands in db/: how many do not, each said. */
static void
prepare_all(void)
{
	int count = 0, bad = 0;
	for (const struct statement *t = __start_statements; t < __stop_statements; t++) {
		struct buf sql = { 0 }, names = { 0 };
		if (strncmp(t->file, "db/", 3) != 0)
			continue;
		count++;
		struct buf own = { 0 };
		dialect_schema(DIALECT_POSTGRES, t->sql, &own);
		dialect_parameters(buf_text(&own), &sql, &names);
		buf_free(&own);
		PGresult *result = PQprepare(server, "", buf_text(&sql), 0, NULL);
		if (PQresultStatus(result) != PGRES_COMMAND_OK) {
			printf("# %s %s: %s# %s\n", t->file, t->name, PQresultErrorMessage(result), buf_text(&sql));
			bad++;
		}
		PQclear(result);
		buf_free(&sql);
		buf_free(&names);
	}
	char name[60], why[60];
	snprintf(name, sizeof name, "%d statements are prepared", count);
	snprintf(why, sizeof why, "%d are not", bad);
	say(!bad && count > 100, name, why);
}

/* An item of each level and state, written by member 2 of council 1. */
static const char network[] =
    "BEGIN;"
    "INSERT INTO territory (code, kind, name, name_sort) VALUES ('30', 'department', 'Gard', 'gard');"
    "INSERT INTO commune (code, name, name_sort, department, lat, lon, population)"
    " VALUES ('30189', 'Nîmes', 'nimes', '30', 43.8, 4.4, 150000);"
    "INSERT INTO item (kind, level, title, state, created, changed)"
    " SELECT 'sheet', 'public', 'C', 'published', 0, 0 FROM generate_series(1, 2) n;"
    "INSERT INTO council (id, commune, department, name_fold, name_sort)"
    " SELECT n, '30189', '30', ' c', 'c' FROM generate_series(1, 2) n;"
    "INSERT INTO member (id, login, email, family, given, name, council, role, state, created)"
    " SELECT n, 'm' || n, 'e' || n, 'F', 'G', 'N', 1 + n % 2, 'member',"
    " CASE n WHEN 5 THEN 'waiting' ELSE 'active' END, 0 FROM generate_series(2, 5) n;"
    "INSERT INTO item (kind, author, council, level, title, state, created, changed)"
    " SELECT 'message', 2, 1, l, 'T', s, 0, 0 FROM"
    " unnest(ARRAY['me', 'named', 'council', 'group', 'members', 'public']) l,"
    " unnest(ARRAY['draft', 'published', 'hidden', 'binned']) s;"
    "INSERT INTO audience (item, kind, id) SELECT id, 'member', 3 FROM item WHERE level = 'named';"
    "COMMIT";

static void
walk_views(void)
{
	static const struct {
		const char *viewer, *who, *reads;
	} walks[] = {
		{ "", "visitor", "public" },
		{ "5", "candidate", "public" },
		{ "2", "author", "council 3 me 3 members 3 public 3" },
		{ "4", "member of the council", "council members public" },
		{ "3", "member of another council, named", "members named public" },
	};
	const char *why = run(network);
	say(!*why, "a small network", why);
	for (size_t i = 0; i < sizeof walks / sizeof *walks; i++) {
		char set[80];
		snprintf(set, sizeof set, "SET palabre.viewer = '%s'", walks[i].viewer);
		run(set);
		PGresult *result = PQexec(server, "SELECT string_agg(x, ' ' ORDER BY x) FROM (SELECT level ||"
		    " CASE count(*) WHEN 1 THEN '' ELSE ' ' || count(*) END AS x FROM item_v"
		    " WHERE kind = 'message' GROUP BY level) y");
		const char *reads = PQntuples(result) ? PQgetvalue(result, 0, 0) : PQresultErrorMessage(result);
		say(!strcmp(reads, walks[i].reads), walks[i].who, reads);
		PQclear(result);
	}
}

/* postgres SOCKET-FOLDER */
int
main(int argc, char **argv)
{
	const char *const names[] = { "host", "user", "dbname", NULL };
	const char *const values[] = { argc == 2 ? argv[1] : "", "postgres", "postgres", NULL };
	server = PQconnectdbParams(names, values, 0);
	if (PQstatus(server) != CONNECTION_OK) {
		say(false, "connection", PQerrorMessage(server));
	} else {
		run("SET client_min_messages = warning");
		make_schema();
		prepare_all();
		walk_views();
	}
	PQfinish(server);
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
