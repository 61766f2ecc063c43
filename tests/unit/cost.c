/*
 * Lists cost what they show: every list statement, and what calls several, on a store of 1 000 rows and
 * on one of 100 000, for whoever has all to read, all read, nothing he may read; before and after
 * ANALYZE. The measure is SQLite's own count of steps, not time.
 */
#include "db/word.h"
#include "tests/unit/stores.h"

#include "db/dialect.h"
#include "db/shelf.h"

enum {
	PAGE = 20,
	SLACK = 200,
};

/* ---- who, where, from where ---- */

static const struct {
	enum who who;
	const char *name;
} viewers[] = { { VISITOR, "visitor" }, { ALBA, "all unread" }, { BRUNO, "all read" },
	{ ROSA, "read one by one" }, { XAVIER, "of another council" }, { SYSOP, "sysop" },
	{ ANJOU, "half of it muted, in muted boards" } };
enum { VIEWERS = sizeof viewers / sizeof *viewers };

/* A public board, one of members, one of a council; each with a long thread. */
enum { PLACES = 3, POSITIONS = 2, TEXT_SIZE = 80 };

/* What is bound to a parameter: at the edge of a list, and in its middle. */
struct value {
	enum { NUMBER, HALF, TEXT, HALF_TEXT, REAL, BOARD, THREAD, OWN, NIMES, FOUND, AUTHOR, VIEWER, READER } kind;
	int64_t number;
	double real;
	const char *text;
};
#define N(n) { NUMBER, (n), 0, NULL }
#define H(n) { HALF, (n), 0, NULL } /* and half of the rows' number */
#define S(s) { TEXT, 0, 0, (s) }
#define HS(s) { HALF_TEXT, 0, 0, (s) }
#define MATCH(word) { FOUND, 0, 0, (word) } /* the word, in what the viewer may read */
#define D(d) { REAL, 0, (d), NULL }
#define OF(kind) { kind, 0, 0, NULL }
#define R_(i) { READER, (i), 0, NULL } /* one of those before a shelf */
#define ANY ""

/* Every parameter of every list: a new one must be given its values here. */
static const struct parameter {
	const char *statement, *name;
	struct value at[POSITIONS];
} parameters[] = {
	{ ANY, "n", { N(PAGE), N(PAGE) } },
	{ ANY, "r0", { R_(0), R_(0) } },
	{ ANY, "r1", { R_(1), R_(1) } },
	{ ANY, "r2", { R_(2), R_(2) } },
	{ ANY, "r3", { R_(3), R_(3) } },
	{ "stand_down", "place", { S("d30.1"), S("d30.1") } },
	{ "stand_down", "sort", { S(""), HS("1f") } },
	{ "stand_down", "from", { N(0), H(FILES) } },
	{ "partials", "place", { S("d30.1"), S("d30.1") } },
	{ "stand_up", "place", { S("d30.1"), S("d30.1") } },
	{ "stand_up", "sort", { S("\U0010ffff"), HS("1f") } },
	{ "stand_up", "from", { N(0), H(FILES) } },
	{ "seen_by", "item", { N(FILES + 3), N(FILES + 3) } },
	{ "seen_by", "from", { N(0), H(PEOPLE) } },
	{ "count_seen", "item", { N(FILES + 3), N(FILES + 3) } },
	{ "followed_down", "from", { S(""), HS("i") } },
	{ "followed_up", "from", { S("~"), HS("i") } },
	{ "publications_down", "sort", { S(""), HS("conseil %07lld") } },
	{ "publications_down", "from", { N(0), H(SHEETS) } },
	{ "publications_up", "sort", { S("\U0010ffff"), HS("conseil %07lld") } },
	{ "publications_up", "from", { N(0), H(SHEETS) } },
	{ "bin_down", "at", { N(INT64_MAX), H(BINNED) } },
	{ "bin_down", "from", { N(0), H(BINNED) } },
	{ "bin_up", "at", { N(-1), H(BINNED) } },
	{ "bin_up", "from", { N(0), H(BINNED) } },
	{ "sent_down", "from", { N(INT64_MAX), H(FILES) } },
	{ "sent_up", "from", { N(0), H(FILES) } },
	{ "attached_to", "post", { N(REPLIES + 1), H(REPLIES) } },
	{ "attached_ids", "post", { N(REPLIES + 1), H(REPLIES) } },
	{ "list_versions", "item", { N(FILES + 3), N(FILES + 3) } },
	{ "audience_of", "item", { N(FILES + 3), N(FILES + 3) } },
	{ "named_in_full", "name", { S("martin alba"), S("alba martin") } },
	{ "some_slots", "from", { N(0), N(1) } },
	{ "all_sessions", "all", { N(0), N(1) } },
	{ ANY, "look", { N(100), N(100) } },
	{ ANY, "board", { OF(BOARD), OF(BOARD) } },
	{ ANY, "thread", { OF(THREAD), OF(THREAD) } },
	{ "threads_down", "from", { N(INT64_MAX), H(THREADS) } },
	{ "threads_up", "from", { N(0), H(THREADS) } },
	{ "public_threads_down", "from", { N(INT64_MAX), H(THREADS) } },
	{ "public_threads_up", "from", { N(0), H(THREADS) } },
	{ "count_unread", "floor", { N(0), H(THREADS) } },
	{ ANY, "match", { MATCH("budget"), MATCH("bonjour") } },
	{ "hits_down", "from", { N(INT64_MAX), H(REPLIES) } },
	{ "hits_down", "to", { N(0), N(0) } },
	{ "hits_up", "from", { N(0), H(THREADS) } },
	{ "hits_up", "to", { N(INT64_MAX), N(INT64_MAX) } },
	{ "count_posts", "floor", { N(0), H(THREADS) } },
	{ "unread_of_followed", "floor", { N(0), H(THREADS) } },
	{ "unread_of_followed", "look", { N(200), N(200) } },
	{ "pinned_down", "from", { N(INT64_MAX), H(THREADS) } },
	{ "pinned_up", "from", { N(0), H(THREADS) } },
	{ "versions_down", "item", { N(THREADS + 3), N(THREADS + 3) } },
	{ "versions_down", "from", { N(INT64_MAX), H(0) } },
	{ "versions_up", "item", { N(THREADS + 3), N(THREADS + 3) } },
	{ "versions_up", "from", { N(0), H(0) } },
	{ "reports_down", "from", { N(0), H(0) } },
	{ "reports_up", "from", { N(INT64_MAX), H(0) } },
	{ "notices_down", "from", { N(INT64_MAX), H(0) } },
	{ "notices_up", "from", { N(0), H(0) } },
	{ "words_got", "from", { N(INT64_MAX), H(0) } },
	{ "words_sent", "from", { N(INT64_MAX), H(0) } },
	{ "words_to_see", "from", { N(0), H(0) } },
	{ "own_words", "author", { OF(VIEWER), OF(VIEWER) } },
	{ "dailies_down", "from", { N(INT64_MAX), H(0) } },
	{ "dailies_down", "edge", { N(0), N(0) } },
	{ "dailies_up", "from", { N(0), H(0) } },
	{ "posts_down", "branch", { S(""), HS("/%07lld") } },
	{ "posts_down", "from", { N(0), H(REPLIES) } },
	{ "posts_up", "branch", { S("0"), HS("/%07lld") } },
	{ "posts_up", "from", { N(0), H(REPLIES) } },
	{ "posts_later", "from", { N(0), H(REPLIES) } },
	{ "posts_earlier", "from", { N(INT64_MAX), H(REPLIES) } },
	{ "window_unread", "from", { N(THREADS), H(REPLIES) } },
	{ "window_unread", "to", { N(THREADS + 500), H(REPLIES + 500) } },
	{ "unread_of_thread", "from", { N(0), H(REPLIES) } },
	{ "council_boards", "council", { OF(NIMES), H(SHEETS) } },
	{ "territory_boards", "region", { S("R76"), S("R52") } },
	{ "territory_boards", "department", { S("30"), S("49") } },
	{ "territory_boards", "epci", { S("243000643"), S("") } },
	{ "territory_boards", "land", { S("30"), S("") } },
	{ ANY, "place", { S("FR"), S("30") } },
	{ "candidates_down", "own", { OF(OWN), OF(OWN) } },
	{ "candidates_down", "from", { N(0), H(PEOPLE) } },
	{ "candidates_up", "own", { OF(OWN), OF(OWN) } },
	{ "candidates_up", "from", { N(INT64_MAX), H(PEOPLE) } },
	{ "unanswered", "own", { OF(OWN), OF(OWN) } },
	{ "unanswered", "from", { N(0), H(PEOPLE) } },
	{ "members_down", "state", { S("active"), S("waiting") } },
	{ "members_up", "state", { S("active"), S("waiting") } },
	{ "members_down", "from", { N(INT64_MAX), H(PEOPLE) } },
	{ "members_up", "from", { N(0), H(PEOPLE) } },
	{ "people_down", "sort", { S(""), HS("martin %07lld") } },
	{ "people_down", "id", { N(0), H(PEOPLE) } },
	{ "people_up", "sort", { S("\U0010ffff"), HS("martin %07lld") } },
	{ "people_up", "id", { N(0), H(PEOPLE) } },
	{ ANY, "low", { S("martin"), S("alba") } },
	{ ANY, "high", { S("martin\U0010ffff"), S("alba\U0010ffff") } },
	{ "named_down", "sort", { S("martin"), HS("alba %07lld") } },
	{ "named_down", "id", { N(0), H(PEOPLE) } },
	{ "named_up", "sort", { S("martin\U0010ffff"), HS("alba %07lld") } },
	{ "named_up", "id", { N(0), H(PEOPLE) } },
	{ "all_sessions", "from", { N(0), H(0) } },
	{ "own_sessions", "member", { N(PEOPLE + 1), N(PEOPLE + 2) } },
	{ "own_sessions", "from", { N(0), N(0) } },
	{ "own_texts", "item", { N(0), H(REPLIES) } },
	{ "own_texts", "version", { N(0), N(1) } },
	{ "members_found_down", "word", { S("l"), HS("l%lld") } },
	{ "members_found_down", "from", { N(0), H(PEOPLE) } },
	{ "members_found_down", "last", { S("l\U0010ffff"), S("l\U0010ffff") } },
	{ "members_found_up", "word", { S("l\U0010ffff"), HS("l%lld") } },
	{ "members_found_up", "from", { N(0), H(PEOPLE) } },
	{ "members_found_up", "first", { S("l"), S("l") } },
	{ "every_member_down", "from", { N(INT64_MAX), H(PEOPLE) } },
	{ "every_member_up", "from", { N(0), H(PEOPLE) } },
	{ "charters", "from", { N(INT64_MAX), H(0) } },
	{ "charters_up", "from", { N(0), H(0) } },
	{ ANY, "actor", { N(1), N(1) } },
	{ ANY, "act", { S("add"), S("add") } },
	{ ANY, "object", { S("member"), S("member") } },
	{ "journal_object_down", "id", { N(7), N(7) } },
	{ "journal_object_up", "id", { N(7), N(7) } },
	{ "journal_rows", "from", { N(INT64_MAX), H(0) } },
	{ "own_posts", "author", { OF(AUTHOR), OF(AUTHOR) } },
	{ "bans_down", "from", { N(INT64_MAX), H(0) } },
	{ "bans_up", "from", { N(0), H(0) } },
	{ "journal_rows", "edge", { N(0), N(0) } },
	{ "journal_rows_up", "from", { N(0), H(0) } },
	{ "journal_actor_down", "from", { N(INT64_MAX), H(0) } },
	{ "journal_actor_up", "from", { N(0), H(0) } },
	{ "journal_act_down", "from", { N(INT64_MAX), H(0) } },
	{ "journal_act_up", "from", { N(0), H(0) } },
	{ "journal_both_down", "from", { N(INT64_MAX), H(0) } },
	{ "journal_both_up", "from", { N(0), H(0) } },
	{ "journal_object_down", "from", { N(INT64_MAX), N(INT64_MAX) } },
	{ "journal_object_up", "from", { N(0), N(0) } },
	{ "journal_actor_down", "edge", { N(0), N(0) } },
	{ "journal_act_down", "edge", { N(0), N(0) } },
	{ "journal_both_down", "edge", { N(0), N(0) } },
	{ "journal_object_down", "edge", { N(0), N(0) } },
	{ ANY, "edge", { N(INT64_MAX), N(INT64_MAX) } },
	{ "outbox_rows", "from", { N(INT64_MAX), H(0) } },
	{ "outbox_rows_up", "from", { N(0), H(0) } },
	{ "outbox_state_down", "state", { S("due"), S("due") } },
	{ "outbox_state_down", "from", { N(INT64_MAX), H(0) } },
	{ "outbox_state_up", "state", { S("due"), S("due") } },
	{ "outbox_state_up", "from", { N(0), H(0) } },
	{ "councils_down", "sort", { S(""), HS("conseil %07lld") } },
	{ "councils_down", "id", { N(0), H(SHEETS) } },
	{ "councils_up", "sort", { S("\U0010ffff"), HS("conseil %07lld") } },
	{ "councils_up", "id", { N(0), H(SHEETS) } },
	{ "department_down", "department", { S("30"), S("59") } },
	{ "department_down", "sort", { S(""), HS("conseil %07lld") } },
	{ "department_down", "id", { N(0), H(SHEETS) } },
	{ "department_up", "department", { S("30"), S("59") } },
	{ "department_up", "sort", { S("\U0010ffff"), HS("conseil %07lld") } },
	{ "department_up", "id", { N(0), H(SHEETS) } },
	{ "places_of_word", "from", { S("fleurs"), S("w7") } },
	{ "places_of_word", "to", { S("fleurs\U0010ffff"), S("w7\U0010ffff") } },
	{ "councils_of_word", "from", { S("fleurs"), S("w7") } },
	{ "councils_of_word", "to", { S("fleurs\U0010ffff"), S("w7\U0010ffff") } },
	{ "versions_down", "council", { OF(NIMES), OF(NIMES) } },
	{ "versions_down", "from", { N(INT64_MAX), H(0) } },
	{ "versions_up", "council", { OF(NIMES), OF(NIMES) } },
	{ "versions_up", "from", { N(0), H(0) } },
	{ "people_of_council", "council", { OF(NIMES), OF(NIMES) } },
	{ "stale_councils", "checked", { N(-1), N(0) } },
	{ "stale_councils", "id", { N(0), H(SHEETS) } },
	{ "stale_of_department", "department", { S("30"), S("59") } },
	{ "stale_of_department", "checked", { N(-1), N(0) } },
	{ "stale_of_department", "id", { N(0), H(SHEETS) } },
	{ "councils_in_box", "south", { D(43.7), D(40) } },
	{ "councils_in_box", "north", { D(43.9), D(52) } },
	{ "councils_in_box", "west", { D(4.2), D(-6) } },
	{ "councils_in_box", "east", { D(4.5), D(10) } },
	{ "commune_down", "department", { S("30189"), S("59350") } },
	{ "commune_down", "sort", { S(""), HS("conseil %07lld") } },
	{ "commune_down", "id", { N(0), H(SHEETS) } },
	{ "commune_up", "department", { S("30189"), S("59350") } },
	{ "commune_up", "sort", { S("\U0010ffff"), HS("conseil %07lld") } },
	{ "commune_up", "id", { N(0), H(SHEETS) } },
	{ "settled_down", "department", { S("30"), S("59") } },
	{ "settled_down", "sort", { S(""), S("lille\x01") } },
	{ "settled_down", "code", { S(""), S("59350") } },
	{ "settled_up", "department", { S("30"), S("59") } },
	{ "settled_up", "sort", { S("\U0010ffff"), S("lille\x01") } },
	{ "settled_up", "code", { S(""), S("59350") } },
	{ "children_down", "parent", { S("FR"), S("R76") } },
	{ "children_down", "kind", { S("region"), S("department") } },
	{ "children_down", "sort", { S(""), S("gard\x01") } },
	{ "children_down", "code", { S(""), S("30") } },
	{ "children_up", "parent", { S("FR"), S("R76") } },
	{ "children_up", "kind", { S("region"), S("department") } },
	{ "children_up", "sort", { S("\U0010ffff"), S("gard\x01") } },
	{ "children_up", "code", { S(""), S("30") } },
	{ "commune_names", "from", { S("sa"), S("nimes") } },
	{ "commune_names", "to", { S("sa\U0010ffff"), S("nimes\U0010ffff") } },
};

struct scene {
	int store, viewer, place, position;
};

static const struct value *
value_of(const struct statement *statement, const char *name, int position)
{
	for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
		const struct parameter *p = &parameters[i];
		if (!strcmp(p->name, name) && (!*p->statement || !strcmp(p->statement, statement->name)))
			return &p->at[position];
	}
	fail_msg("%s: parameter :%s has no value in this test", statement->name, name);
	return NULL;
}

static struct arg
arg_of(const struct statement *statement, const char *name, const struct scene *scene, char text[TEXT_SIZE])
{
	const struct value *v = value_of(statement, name, scene->position);
	enum who who = viewers[scene->viewer].who;
	int64_t half = sizes[scene->store] / 2;
	item_id council = who == VISITOR || who == SYSOP ? (item_id){ 0 } : who == XAVIER ? s.trelaze : s.nimes;
	switch (v->kind) {
	case NUMBER:
		return (struct arg)I(name, v->number);
	case HALF:
		return (struct arg)I(name, v->number + half);
	case REAL:
		return (struct arg)R(name, v->real);
	case BOARD:
		return (struct arg)I(name, BOARDS + scene->place);
	case AUTHOR:
		return (struct arg)I(name, s.who[GARD].n);
	case VIEWER:
		return (struct arg)I(name, s.who[who].n);
	case NIMES:
		return (struct arg)I(name, s.nimes.n);
	case THREAD:
		return (struct arg)I(name, THREADS + 3 + scene->place);
	case TEXT:
		return (struct arg)T(name, v->text);
	case HALF_TEXT:
		if (*v->text == '/')
			snprintf(text, TEXT_SIZE, "/%07lld", (long long)half);
		else if (*v->text == 'l')
			snprintf(text, TEXT_SIZE, "l%lld", (long long)half);
		else if (*v->text == 'i')
			snprintf(text, TEXT_SIZE, "i%lld", (long long)half + FILES);
		else if (*v->text == '1')
			snprintf(text, TEXT_SIZE, "1f%07lld", (long long)half + FILES);
		else
			snprintf(text, TEXT_SIZE, "conseil %07lld", (long long)half);
		return (struct arg)T(name, text);
	case FOUND:
		snprintf(text, TEXT_SIZE, "%s AND tags : (rpublic%s", v->text, who == VISITOR ? ")" : " OR rmembers");
		if (who != VISITOR)
			snprintf(text + strlen(text), TEXT_SIZE - strlen(text), " OR rc%lld)", (long long)council.n);
		return (struct arg)T(name, text);
	case READER: {
		struct readers readers;
		db_set_viewer(stores[scene->store], s.who[who]);
		shelf_readers(stores[scene->store], &readers);
		snprintf(text, TEXT_SIZE, "%s", readers.reader[v->number]);
		return (struct arg)T(name, text);
	}
	case OWN:
		snprintf(text, TEXT_SIZE, "c%lld", (long long)council.n);
		return (struct arg)T(name, council.n ? text : "");
	}
	return (struct arg){ 0 };
}

/* ---- lists ---- */

struct measure {
	struct cost cost;
	int rows;
};

static struct measure
measure(const struct statement *statement, const struct scene *scene)
{
	enum { ARGS = 12 };
	struct buf sql = { 0 }, names = { 0 };
	struct arg args[ARGS + 1] = { 0 };
	char texts[ARGS][TEXT_SIZE];
	struct buf own = { 0 };
	dialect_schema(DIALECT_SQLITE, statement->sql, &own);
	int n = dialect_parameters(buf_text(&own), &sql, &names);
	buf_free(&own);
	assert_true(n <= ARGS);
	const char *name = buf_text(&names);
	for (int i = 0; i < n; i++, name += strlen(name) + 1)
		args[i] = arg_of(statement, name, scene, texts[i]);
	struct db *db = stores[scene->store];
	db_set_viewer(db, s.who[viewers[scene->viewer].who]);
	struct measure m = { 0 };
	struct query *q = db_query_args(db, statement, args);
	while (db_next(q))
		m.rows++;
	m.cost = db_cost(db);
	buf_free(&sql);
	buf_free(&names);
	return m;
}

static bool
is_list(const struct statement *statement)
{
	return !strncmp(statement->file, "db/", 3) && statement->kind == STATEMENT_LIST;
}

/* Says what a statement costs too much in a scene; how much it found in the large store. */
static int
compare(const struct statement *statement, const struct scene *where, int *wrong)
{
	struct scene scene = *where;
	scene.store = 0;
	struct measure small = measure(statement, &scene);
	scene.store = 1;
	struct measure large = measure(statement, &scene);
	if (large.cost.steps > 2 * small.cost.steps + SLACK || large.cost.sorts || large.cost.autoindexes) {
		++*wrong;
		print_error("%s %s, %s, place %d, position %d: %lld steps (%d rows) in %d, %lld steps (%d rows)"
		    " in %d; %lld sorts, %lld automatic indexes\n", statement->file, statement->name,
		    viewers[scene.viewer].name, scene.place, scene.position,
		    (long long)small.cost.steps, small.rows, SMALL, (long long)large.cost.steps, large.rows,
		    LARGE, (long long)large.cost.sorts, (long long)large.cost.autoindexes);
	}
	return large.rows;
}

static void
lists_cost_what_they_show(void **state)
{
	(void)state;
	int count = 0, wrong = 0;
	for (const struct statement *t = __start_statements; t < __stop_statements; t++) {
		int rows = 0;
		struct scene scene = { 0 };
		if (!is_list(t))
			continue;
		count++;
		for (scene.viewer = 0; scene.viewer < VIEWERS; scene.viewer++)
			for (scene.place = 0; scene.place < PLACES; scene.place++)
				for (scene.position = 0; scene.position < POSITIONS; scene.position++)
					rows += compare(t, &scene, &wrong);
		/* A list that finds nothing costs nothing. */
		if (!rows) {
			print_error("%s finds nothing in this test\n", t->name);
			wrong++;
		}
	}
	assert_true(count >= 30);
	assert_int_equal(wrong, 0);
}

/* ---- what calls several ---- */

static int64_t ticks;
enum { TICK = 10 };

static int
tick(void *ctx)
{
	(void)ctx;
	ticks += TICK;
	return 0;
}

#define EACH(type) \
	static bool \
	each_##type(void *ctx, const struct type *row) \
	{ \
		(void)row; \
		++*(int *)ctx; \
		return true; \
	}
EACH(board_row)
EACH(thread_row)
EACH(post_row)
EACH(candidate_row)
EACH(member_row)
EACH(journal_row)
EACH(outbox_row)
EACH(session_row)
EACH(ban_row)
EACH(council_row)
EACH(hit)
EACH(place_row)
EACH(person_row)
EACH(report)
EACH(notice)
EACH(post_version_row)
EACH(word_row)
EACH(daily_row)
EACH(caller_row)
EACH(file)

static board_id where_board;
static item_id where_thread;
static int rows_seen;
#define PAGES(name, call) \
	static void \
	name(struct db *db) \
	{ \
		call; \
	}
PAGES(boards, board_mine(db, each_board_row, &rows_seen))
PAGES(places, unread_places(db, each_place_row, &rows_seen))
PAGES(threads, thread_page(db, where_board, 0, 1, PAGE, each_thread_row, &rows_seen))
static const struct search budget = { .words = "budgets" };
PAGES(found, search_page(db, &budget, (item_id){ 0 }, 1, PAGE, each_hit, &rows_seen))
PAGES(best, search_best(db, &budget, PAGE, each_hit, &rows_seen))
PAGES(posts, post_page(db, where_thread, NULL, (item_id){ 0 }, 1, PAGE, each_post_row, &rows_seen))
PAGES(last_posts, post_page(db, where_thread, NULL, (item_id){ 0 }, -1, PAGE, each_post_row, &rows_seen))
PAGES(flat_posts, post_page_flat(db, where_thread, (item_id){ 0 }, 1, PAGE, each_post_row, &rows_seen))
PAGES(one_post, post_get(db, where_thread, each_post_row, &rows_seen))
PAGES(candidates, candidate_page(db, NOBODY, 1, PAGE, each_candidate_row, &rows_seen))
PAGES(members, member_page(db, MEMBER_ACTIVE, NOBODY, 1, PAGE, each_member_row, &rows_seen))
PAGES(people, person_page(db, "", NULL, NOBODY, 1, PAGE, each_person_row, &rows_seen))
PAGES(people_named, person_page(db, "al", NULL, NOBODY, 1, PAGE, each_person_row, &rows_seen))
PAGES(found_members, member_search(db, -1, "l g", "", NOBODY, 1, PAGE, each_member_row, &rows_seen))
PAGES(few_members, member_search(db, MEMBER_SUSPENDED, "l", "", NOBODY, 1, PAGE, each_member_row, &rows_seen))
PAGES(journal_about, journal_find(db, &(struct journal_filter){ .act = "", .object = "member", .object_id = 7,
    .since = 1 }, 0, 1, PAGE, each_journal_row, &rows_seen))
PAGES(mails_due, outbox_find(db, MAIL_DUE, 0, 1, PAGE, each_outbox_row, &rows_seen))
PAGES(journal, journal_page(db, 0, PAGE, each_journal_row, &rows_seen))
PAGES(outbox, outbox_page(db, 0, PAGE, each_outbox_row, &rows_seen))
PAGES(shut_out, ban_page(db, 0, 1, PAGE, each_ban_row, &rows_seen))
PAGES(present, session_page(db, each_session_row, &rows_seen))
PAGES(councils, council_page(db, "", "", "", (item_id){ 0 }, 1, PAGE, each_council_row, &rows_seen))
PAGES(named, council_page(db, "30", "fleu", "", (item_id){ 0 }, 1, PAGE, each_council_row, &rows_seen))
PAGES(nearest, council_nearest(db, (item_id){ SHEETS + 4 }, PAGE, each_council_row, &rows_seen))

PAGES(reports, report_page(db, 0, 1, PAGE, each_report, &rows_seen))
PAGES(reported, rows_seen += report_count(db))
PAGES(notices, notice_page(db, 0, 1, PAGE, each_notice, &rows_seen))
PAGES(unseen, rows_seen += notice_count(db))
PAGES(words_got, word_page(db, false, 0, PAGE, each_word_row, &rows_seen))
PAGES(words_new, word_look(db, 0, PAGE, each_word_row, &rows_seen))
PAGES(dailies, daily_page(db, 0, 1, PAGE, each_daily_row, &rows_seen))
PAGES(dailies_last, daily_page(db, 0, -1, PAGE, each_daily_row, &rows_seen))
PAGES(callers, caller_list(db, each_caller_row, &rows_seen))
PAGES(recents, file_recent(db, NULL, (item_id){ 0 }, 1, PAGE, each_file, &rows_seen))
PAGES(recents_middle, file_recent(db, "1000000000500", (item_id){ FILES + 500 }, -1, PAGE, each_file, &rows_seen))
PAGES(followed_files, file_followed(db, NULL, 1, PAGE, each_file, &rows_seen))
PAGES(versions, post_versions(db, (item_id){ THREADS + 3 }, 0, 1, PAGE, each_post_version_row, &rows_seen))

static void
count_candidates(struct db *db)
{
	int64_t oldest;
	rows_seen += candidate_count(db, &oldest) > 0;
}

static void
count_all_unread(struct db *db)
{
	struct unread unread;
	rows_seen += unread_count(db, &unread) == E_OK;
}

static void
next_one(struct db *db)
{
	item_id thread, post;
	rows_seen += next_unread(db, &thread, &post) == E_OK;
}

static void
unread_there(struct db *db)
{
	int64_t ids[100];
	rows_seen += thread_unread(db, where_thread, ids, 100);
}

static void
open_thread(struct db *db)
{
	struct thread thread = { 0 };
	rows_seen += thread_of(db, where_thread, &thread) == E_OK;
	thread_free(&thread);
}

static void
place_there(struct db *db)
{
	struct buf branch = { 0 };
	item_id last = { REPLIES + sizes[db == stores[1]] };
	rows_seen += post_place(db, where_thread, 0, &last, &branch) == E_OK;
	buf_free(&branch);
}

static void
newest_draft(struct db *db)
{
	struct draft draft = { 0 };
	draft_last(db, &draft);
	draft_free(&draft);
	rows_seen++;
}

static bool
each_draft_row(void *ctx, const struct draft_row *row)
{
	(void)row;
	++*(int *)ctx;
	return true;
}

static void
all_drafts(struct db *db)
{
	int seen = draft_count(db);
	draft_page(db, PAGE, each_draft_row, &seen);
	rows_seen++;
}

static const struct page {
	const char *name;
	void (*call)(struct db *);
	bool settles;  /* what the first call went past, the second does not look at */
	int64_t bound; /* of what is looked at in vain, where that is a constant of the program */
} pages[] = {
	{ "board_mine", boards, false, 0 },
	{ "thread_page", threads, false, 0 },
	{ "search_page", found, false, 0 },
	{ "search_best", best, false, 1000 * 200 },
	{ "post_page", posts, false, 0 },
	{ "post_page from the end", last_posts, false, 0 },
	{ "post_page_flat", flat_posts, false, 0 },
	{ "post_get", one_post, false, 0 },
	{ "thread_of", open_thread, false, 0 },
	{ "post_place", place_there, false, 0 },
	{ "thread_unread", unread_there, false, 0 },
	{ "unread_count", count_all_unread, false, 0 },
	{ "unread_places", places, false, 0 },
	{ "next_unread", next_one, true, 0 },
	{ "draft_last", newest_draft, false, 0 },
	{ "draft_page", all_drafts, false, 0 },
	{ "candidate_page", candidates, false, 0 },
	{ "candidate_count", count_candidates, false, 0 },
	{ "report_page", reports, false, 0 },
	{ "report_count", reported, false, 0 },
	{ "notice_page", notices, false, 0 },
	{ "notice_count", unseen, false, 0 },
	{ "word_page", words_got, false, 0 },
	{ "word_look", words_new, false, 0 },
	{ "daily_page", dailies, false, 0 },
	{ "daily_page from the end", dailies_last, false, 0 },
	{ "caller_list", callers, false, 0 },
	{ "post_versions", versions, false, 0 },
	{ "file_followed", followed_files, false, 0 },
	{ "file_recent", recents, false, 0 },
	{ "file_recent from the middle", recents_middle, false, 0 },
	{ "member_page", members, false, 0 },
	{ "member_search, that finds never", found_members, false, 2000 * 40 },
	{ "member_search, a state that is never", few_members, false, 2000 * 40 },
	{ "journal_find", journal_about, false, 0 },
	{ "outbox_find", mails_due, false, 0 },
	{ "journal_page", journal, false, 0 },
	{ "outbox_page", outbox, false, 0 },
	{ "person_page", people, false, 0 },
	{ "person_page by letters", people_named, false, 0 },
	{ "session_page", present, false, 0 },
	{ "ban_page", shut_out, false, 0 },
	{ "council_page", councils, false, 0 },
	{ "council_page by a word", named, false, 0 },
	{ "council_nearest", nearest, false, 2000 * 27 },
};

/* The steps of all the statements that a call runs. */
static int64_t
steps_of(const struct page *page, int store, int viewer)
{
	struct db *db = stores[store];
	db_set_viewer(db, s.who[viewers[viewer].who]);
	if (page->settles)
		page->call(db);
	ticks = 0;
	sqlite3_progress_handler(db->handle, TICK, tick, NULL);
	page->call(db);
	sqlite3_progress_handler(db->handle, 0, NULL, NULL);
	assert_true(db_idle(db));
	return ticks;
}

static void
pages_cost_what_they_show(void **state)
{
	(void)state;
	int wrong = 0;
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		rows_seen = 0;
		for (int viewer = 0; viewer < VIEWERS; viewer++)
			for (int place = 0; place < PLACES; place++) {
				where_board = (board_id){ BOARDS + place };
				where_thread = (item_id){ THREADS + 3 + place };
				int64_t small = steps_of(&pages[i], 0, viewer);
				int64_t large = steps_of(&pages[i], 1, viewer);
				if (large <= (pages[i].bound ? pages[i].bound : 2 * small + SLACK))
					continue;
				wrong++;
				print_error("%s, %s, place %d: %lld steps, then %lld\n", pages[i].name,
				    viewers[viewer].name, place, (long long)small, (long long)large);
			}
		if (!rows_seen && !strstr(pages[i].name, "never")) {
			print_error("%s finds nothing in this test\n", pages[i].name);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

static int
analyze(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		char path[128];
		db_close(stores[i]);
		snprintf(path, sizeof path, "%s-%d", s.path, i);
		assert_int_equal(db_open(&stores[i], path, DB_EXISTING, false), E_OK);
		assert_int_equal(db_begin(stores[i]), E_OK);
		struct db *db = stores[i];
		RUN(fill_analyze);
		assert_int_equal(db_commit(stores[i]), E_OK);
		db_close(stores[i]);
		assert_int_equal(db_open(&stores[i], path, DB_EXISTING, true), E_OK);
	}
	return 0;
}

static void
after_analyze(void **state)
{
	lists_cost_what_they_show(state);
	pages_cost_what_they_show(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_cost_what_they_show),
		cmocka_unit_test(pages_cost_what_they_show),
		cmocka_unit_test_setup(after_analyze, analyze),
	};
	return cmocka_run_group_tests(tests, make_stores, remove_stores);
}
