/*
 * The statements of the program, all of them: each is prepared under the authorizer, and its text keeps
 * the rules that the authorizer cannot see. Statements that break the rule of reading are refused.
 */
#include "tests/unit/people.h"

#include <regex.h>

/* What nobody may write, and why. */
#define BAD(id, text) SQL_READ(id, text)
BAD(bad_title, "SELECT title FROM item WHERE id = :id");
BAD(bad_key, "SELECT id FROM item");
BAD(bad_rowid, "SELECT rowid FROM item");
BAD(bad_star, "SELECT * FROM text");
BAD(bad_count, "SELECT count(*) FROM item");
BAD(bad_body, "SELECT body FROM text WHERE item = :id");
BAD(bad_audience, "SELECT id FROM audience WHERE item = :id");
BAD(bad_council, "SELECT resource_phone FROM council WHERE id = :id");
BAD(bad_thread, "SELECT last FROM thread WHERE board = :board");
BAD(bad_search, "SELECT rowid FROM search WHERE search MATCH :match");
BAD(bad_found, "SELECT s.body FROM search s JOIN item_v i ON i.id = s.rowid WHERE s.search MATCH :match");
BAD(bad_notice, "SELECT body FROM notice WHERE member = :member");
BAD(bad_word, "SELECT count(*) FROM notice WHERE kind = 'word'");
BAD(bad_daily, "SELECT body FROM daily WHERE id = :id");
BAD(bad_join, "SELECT t.body FROM item_v i JOIN text t ON t.item = i.id WHERE i.id = :id");
BAD(bad_outer, "SELECT o.title FROM item_v i JOIN item o ON o.thread = i.thread");
BAD(bad_scalar, "SELECT (SELECT title FROM item o WHERE o.id = i.parent) FROM item_v i");
BAD(bad_exists, "SELECT id FROM item_v v WHERE EXISTS (SELECT 1 FROM item i WHERE i.parent = v.id)");
BAD(bad_in, "SELECT name FROM member WHERE id IN (SELECT author FROM item WHERE level = 'me')");
BAD(bad_union, "SELECT title FROM item_v UNION SELECT title FROM item");
BAD(bad_order, "SELECT id FROM item_v v ORDER BY (SELECT title FROM item i WHERE i.id = v.id)");
BAD(bad_alias, "SELECT item_v.title FROM item item_v");
BAD(bad_subquery, "SELECT title FROM (SELECT title FROM item) item_v");
BAD(bad_cte, "WITH x AS (SELECT title FROM item) SELECT title FROM x");
BAD(bad_nested, "WITH x AS (SELECT id FROM item_v), y AS (SELECT title FROM item) SELECT title FROM x, y");
BAD(bad_recursive, "WITH RECURSIVE x(id) AS (SELECT id FROM item WHERE id = :id UNION"
    " SELECT i.id FROM item i JOIN x ON i.parent = x.id) SELECT id FROM x");
SQL_WRITE(bad_into_draft, "INSERT INTO draft (member, place, body, changed)"
    " SELECT :member, 'x', body, 0 FROM text");
SQL_WRITE(bad_into_setting, "INSERT INTO setting (name, value) SELECT 'x', title FROM item");
SQL_WRITE(bad_from_text, "UPDATE item SET title = (SELECT body FROM text t WHERE t.item = item.id)");
SQL_WRITE(bad_update_setting, "UPDATE setting SET value = (SELECT title FROM item WHERE id = :id)");
SQL_WRITE(bad_update_from, "UPDATE member SET about = i.title FROM item i WHERE i.author = member.id");
SQL_WRITE(bad_delete, "DELETE FROM mark WHERE thread IN (SELECT id FROM item WHERE author = :author)");
SQL_WRITE(bad_upsert, "INSERT INTO setting (name, value) VALUES ('x', '') ON CONFLICT (name)"
    " DO UPDATE SET value = (SELECT title FROM item WHERE id = :id)");
SQL_WRITE(bad_returning, "DELETE FROM draft WHERE member = :member"
    " RETURNING (SELECT title FROM item WHERE id = :id)");
SQL_WRITE(bad_attach, "ATTACH 'other' AS other");
SQL_WRITE(bad_view, "CREATE TEMP VIEW item_v AS SELECT * FROM main.item");
SQL_WRITE(bad_trigger, "CREATE TEMP TRIGGER x AFTER INSERT ON item BEGIN SELECT 1; END");
SQL_WRITE(bad_table, "CREATE TABLE copy AS SELECT title FROM item");
SQL_WRITE(bad_drop, "DROP VIEW item_v");
SQL_WRITE(bad_pragma, "PRAGMA writable_schema = 1");
SQL_WRITE(bad_begin, "BEGIN");

/* What the rule leaves, so that it is no rule that refuses all. */
SQL_READ(good_view, "SELECT title FROM item_v WHERE id = :id");
SQL_READ(good_subquery, "SELECT (SELECT body FROM text_v WHERE item = v.id) FROM item_v v");
SQL_READ(good_cte, "WITH x AS (SELECT title FROM item_v) SELECT title FROM x");
SQL_WRITE(good_update, "UPDATE item SET state = 'binned' WHERE id = :id AND author = :author");
SQL_WRITE(good_key, "INSERT INTO mark (member, thread, last) SELECT :member, item, 0"
    " FROM thread WHERE board = :board");

static bool
stands_in(const struct statement *statement, const char *folder)
{
	return !strncmp(statement->file, folder, strlen(folder));
}

static void
statements_of_the_program(void **state)
{
	(void)state;
	int count = 0, refused = 0;
	for (const struct statement *t = __start_statements; t < __stop_statements; t++) {
		struct buf reason = { 0 };
		if (!stands_in(t, "db/"))
			continue;
		count++;
		if (db_try(s.db, t, &reason)) {
			print_error("%s %s: %s\n", t->file, t->name, buf_text(&reason));
			refused++;
		}
		buf_free(&reason);
	}
	assert_int_equal(refused, 0);
	assert_true(count > 100);
}

static void
what_breaks_the_rule_is_refused(void **state)
{
	(void)state;
	int bad = 0, good = 0, wrong = 0;
	for (const struct statement *t = __start_statements; t < __stop_statements; t++) {
		struct buf reason = { 0 };
		bool is_bad = !strncmp(t->name, "bad_", 4), is_good = !strncmp(t->name, "good_", 5);
		if (!stands_in(t, "tests/") || (!is_bad && !is_good))
			continue;
		bad += is_bad;
		good += is_good;
		int r = db_try(s.db, t, &reason);
		/* A mistake of spelling would be refused too, and prove nothing. */
		bool judged = strstr(buf_text(&reason), "outside the views") ||
		    !strcmp(buf_text(&reason), "not authorized");
		if (is_bad ? r != E_DENIED || !judged : r != E_OK) {
			print_error("%s: %d %s\n", t->name, r, buf_text(&reason));
			wrong++;
		}
		buf_free(&reason);
	}
	assert_int_equal(bad, 41);
	assert_int_equal(good, 5);
	assert_int_equal(wrong, 0);
}

/* On a handle for check and migrations the same statements run. */
static void
without_the_authorizer(void **state)
{
	(void)state;
	struct buf reason = { 0 };
	struct db *fenced = s.db;
	assert_int_equal(db_open(&s.db, s.path, DB_EXISTING, false), E_OK);
	db_set_viewer(s.db, MACHINE);
	assert_true(db_one(s.db, bad_count, 0) > 0);
	db_close(s.db);
	s.db = fenced;
	assert_int_equal(db_try(s.db, &bad_count, &reason), E_DENIED);
	assert_non_null(strstr(buf_text(&reason), "item"));
	buf_free(&reason);
}

/* Rules that are seen in the text alone. */
static const struct rule {
	const char *name, *pattern;
} rules[] = {
	/* The authorizer would take it for the view. */
	{ "an expression named like a view", "[a-z_]+_v *(\\([a-z, ]*\\))? *AS *(NOT *)?(MATERIALIZED *)?\\(" },
	{ "a returned column that is no id", "RETURNING +([^i]|i[^d]|id[^ ]|id +[^ ])" },
	{ "a temporary thing", "\\bTEMP(ORARY)?\\b" },
	{ "a double-quoted name", "\"" },
};

static bool
breaks(const struct rule *rule, const char *sql)
{
	regex_t pattern;
	assert_int_equal(regcomp(&pattern, rule->pattern, REG_EXTENDED | REG_NOSUB), 0);
	bool found = regexec(&pattern, sql, 0, NULL, 0) == 0;
	regfree(&pattern);
	return found;
}

static void
texts_keep_the_rules(void **state)
{
	(void)state;
	static const char *const broken[] = {
		"WITH item_v AS (SELECT * FROM item) SELECT title FROM item_v",
		"INSERT INTO item (title) VALUES (:title) RETURNING title",
		"CREATE TEMP VIEW item_v AS SELECT 1",
		"SELECT \"title\" FROM item_v",
	};
	static const char *const others[] = {
		"WITH RECURSIVE x(n) AS (SELECT 1), item_v (a, b) AS MATERIALIZED (SELECT 1, 2) SELECT 1",
		"INSERT INTO item (title) VALUES (:title) RETURNING id, title",
		"CREATE TEMPORARY TABLE x (id INT)",
		"SELECT id AS \"x\" FROM item_v",
	};
	int wrong = 0;
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		assert_true(breaks(&rules[i], broken[i]) && breaks(&rules[i], others[i]));
		for (const struct statement *t = __start_statements; t < __stop_statements; t++)
			if (stands_in(t, "db/") && breaks(&rules[i], t->sql)) {
				print_error("%s %s: %s\n", t->file, t->name, rules[i].name);
				wrong++;
			}
	}
	assert_int_equal(wrong, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(statements_of_the_program),
		TEST(what_breaks_the_rule_is_refused),
		TEST(without_the_authorizer),
		TEST(texts_keep_the_rules),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
