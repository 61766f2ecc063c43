/* The search through a real store: words and their stems, filters, passages, order, what is kept up to date. */
#include "tests/unit/people.h"


enum { MANY = 100 };

SQL_WRITE(test_body, "UPDATE text SET body = :body WHERE item = :id");

struct found {
	int n;
	item_id id[MANY];
	bool council[MANY];
	char title[MANY][80], passage[MANY][400];
};

static bool
take(void *ctx, const struct hit *hit)
{
	struct found *f = ctx;
	f->id[f->n] = hit->id;
	f->council[f->n] = !strcmp(hit->kind, "sheet");
	snprintf(f->title[f->n], sizeof f->title[0], "%s", hit->title);
	snprintf(f->passage[f->n], sizeof f->passage[0], "%s", hit->passage);
	return ++f->n < MANY;
}

static struct found
found(const struct search *search)
{
	struct found f = { 0 };
	int n = search_page(s.db, search, (item_id){ 0 }, 1, MANY, take, &f);
	assert_int_equal(n, f.n);
	for (int i = 1; i < f.n; i++)
		assert_true(f.id[i].n < f.id[i - 1].n);
	return f;
}

static void
assert_found(const char *words, int count)
{
	struct found f = found(&(struct search){ .words = words });
	if (f.n != count)
		print_error("words: %s\n", words);
	assert_int_equal(f.n, count);
}

static item_id
post(enum who who, board_id board, const char *title, const char *body)
{
	item_id id;
	as(who);
	assert_int_equal(thread_new(s.db, board, title, body, &id), E_OK);
	return id;
}

static void
words_and_readers(void **state)
{
	(void)state;
	board_id board = theme("echanges", "members", 1), nimes = council_board(s.nimes);
	say(ALBA, board, "Quel cœur de quartier ?");
	say(ALBA, board, "Les QUARTIERS d’été");
	say(ALBA, board, "Manœuvre à l’œuvre : bureaux de vote");
	say(ALBA, nimes, "Quartier des Garrigues");
	post(BRUNO, board, "Travaux", "La rénovation du local commence ; on rénove tout.");
	as(ALBA);
	assert_found("quartier", 3);
	assert_found("Quartiers", 3);
	assert_found("ete", 1);
	assert_found("ÉTÉ", 1);
	assert_found("coeur", 1);
	assert_found("cœurs quartier", 1);
	assert_found("OEUVRE", 1);
	assert_found("bureau", 1);
	assert_found("quartier ete garrigue", 0);
	assert_found("garrigues quartiers", 1);
	/* Endings: of one family. */
	assert_found("rénover", 1);
	assert_found("rénovations", 1);
	assert_found("locaux", 1);
	/* Title and text together; words in quotes side by side; an elision is two words. */
	assert_found("travaux rénovation", 1);
	assert_found("\"rénovation du local\"", 1);
	assert_found("\"local du rénovation\"", 0);
	assert_found("\"rénovation du local", 1);
	assert_found("l’œuvre", 1);
	assert_found("bonjour", 4);
	assert_found("quart", 0); /* whole words */
	assert_found("inconnu", 0);
	/* Nothing typed is an operator. */
	assert_found("", 0);
	assert_found("\"\" \" ( ) * ^ :", 0);
	assert_found("' OR 1=1 --", 0);
	assert_found("tags : rpublic", 0);
	assert_found("title:quartier", 0);
	assert_found("quartier* NOT ete", 0);
	assert_found("%", 0);
	as(XAVIER);
	assert_found("quartier", 2);
	assert_found("garrigue", 1); /* their sheet */
	as(VISITOR);
	assert_found("quartier", 0);
	/* Sheets are for all. */
	struct found f = found(&(struct search){ .words = "ardoisiers" });
	assert_int_equal(f.n, 1);
	assert_true(f.council[0] && f.id[0].n == s.trelaze.n);
	assert_found("trelaze", 1);
}

static void
both_ways(void **state)
{
	(void)state;
	board_id board = theme("echanges", "members", 1);
	for (int i = 0; i < 20; i++)
		say(i % 2 ? ALBA : XAVIER, board, i % 3 ? "Un jardin partagé" : "Deux jardins");
	const struct search garden = { .words = "jardin" };
	struct found down = { 0 }, up = { 0 };
	int got;
	do
		got = search_page(
		    s.db, &garden, (item_id){ down.n ? down.id[down.n - 1].n : 0 }, 1, 6, take, &down);
	while (got == 6);
	do
		got = search_page(s.db, &garden, (item_id){ up.n ? up.id[up.n - 1].n : 0 }, -1, 6, take, &up);
	while (got == 6);
	assert_int_equal(down.n, 20);
	assert_int_equal(up.n, 20);
	for (int i = 0; i < 20; i++)
		assert_true(down.id[i].n == up.id[19 - i].n);
	assert_found("jardins partages", 13);
}

static void
filters(void **state)
{
	(void)state;
	board_id one = theme("un", "members", 1), two = theme("deux", "members", 2);
	item_id root = say(ALBA, one, "Un banc"), other = say(BRUNO, two, "Des bancs");
	item_id reply;
	set_clock(T0 + 40 * DAY);
	as(BRUNO);
	assert_int_equal(thread_reply(s.db, root, "Le banc est posé.", &reply), E_OK);
	struct found f = found(&(struct search){ .words = "banc" });
	assert_int_equal(f.n, 3);
	assert_string_equal(f.title[0], "Un banc"); /* a reply bears its thread's title */
	f = found(&(struct search){ .words = "banc", .author = s.who[BRUNO] });
	assert_true(f.n == 2 && f.id[0].n == reply.n && f.id[1].n == other.n);
	f = found(&(struct search){ .words = "", .author = s.who[BRUNO], .board = one });
	assert_true(f.n == 1 && f.id[0].n == reply.n);
	f = found(&(struct search){ .words = "banc", .thread = root });
	assert_int_equal(f.n, 2);
	f = found(&(struct search){ .words = "banc", .since = T0 + DAY });
	assert_true(f.n == 1 && f.id[0].n == reply.n);
	f = found(&(struct search){ .words = "banc", .until = T0 + DAY });
	assert_true(f.n == 2 && f.id[0].n == other.n);
	f = found(&(struct search){ .words = "banc", .since = T0 + 41 * DAY });
	assert_int_equal(f.n, 0);
	/* Pages stay between the days, both ways. */
	struct found up = { 0 };
	search_page(s.db, &(struct search){ .words = "banc", .until = T0 + DAY }, (item_id){ 0 }, -1, 9, take, &up);
	assert_true(up.n == 2 && up.id[0].n == root.n);
}

static void
passages(void **state)
{
	(void)state;
	board_id board = theme("un", "members", 1);
	post(ALBA, board, "Long", "Au début il n’y avait rien à dire de ce sujet-là, vraiment.\n"
	    "Puis la mairie a proposé une convention écrite, et d’autres conventions.");
	struct found f = found(&(struct search){ .words = "conventions" });
	assert_int_equal(f.n, 1);
	assert_string_equal(f.passage[0], "… Puis la mairie a proposé une \x01" "convention\x02 écrite, et d’autres "
	    "\x01" "conventions\x02.");
	/* The word is in the title alone: the text's beginning. */
	f = found(&(struct search){ .words = "long" });
	assert_memory_equal(f.passage[0], "Au début il", 11);
	/* A long word, and one run without spaces, find an end. */
	struct buf run = { 0 };
	for (int i = 0; i < 5000; i++)
		buf_str(&run, "漢");
	post(ALBA, board, "Suite", buf_text(&run));
	f = found(&(struct search){ .words = "suite" });
	assert_int_equal(f.n, 1);
	buf_free(&run);
}

static void
best_first(void **state)
{
	(void)state;
	board_id board = theme("un", "members", 1);
	struct buf far = { 0 };
	for (int i = 0; i < 60; i++)
		buf_str(&far, "des mots et des mots, ");
	buf_str(&far, "une fresque.");
	item_id titled = post(ALBA, board, "La fresque du mur", "Elle sera bleue.");
	item_id often = post(ALBA, board, "Le mur", "La fresque, notre fresque, et encore la fresque.");
	item_id once = post(ALBA, board, "Divers", buf_text(&far));
	struct found f = { 0 };
	search_best(s.db, &(struct search){ .words = "fresque" }, 9, take, &f);
	assert_int_equal(f.n, 3);
	assert_true(f.id[0].n == titled.n && f.id[1].n == often.n && f.id[2].n == once.n);
	f.n = 0;
	assert_int_equal(search_best(s.db, &(struct search){ .words = "fresque" }, 1, take, &f), 1);
	assert_true(f.id[0].n == titled.n);
	buf_free(&far);
}

/* A sheet that changes is found by its new words and no more by its old ones. */
static void
kept_up_to_date(void **state)
{
	(void)state;
	struct council council;
	as(ALBA);
	assert_int_equal(council_get(s.db, s.nimes, &council), E_OK);
	buf_str(&council.description, "Un jardin au pied des tours.");
	assert_int_equal(council_put(s.db, &council), E_OK);
	assert_found("jardins tour", 1);
	buf_cut(&council.description, 0);
	buf_str(&council.description, "Une ferme.");
	assert_int_equal(council_put(s.db, &council), E_OK);
	assert_found("jardin", 0);
	assert_found("ferme garrigue", 1);
	council_free(&council);
}

/* What is written past the index is seen by the check. */
static void
a_fault_is_seen(void **state)
{
	(void)state;
	struct buf faults = { 0 };
	item_id id = say(ALBA, theme("un", "members", 1), "Un banc");
	assert_int_equal(db_begin(s.db), E_OK);
	db_run(s.db, test_body, T("body", "Tout autre chose"), I("id", id.n));
	assert_int_equal(db_commit(s.db), E_OK);
	db_close(s.db);
	assert_int_equal(db_open(&s.db, s.path, DB_EXISTING, false), E_OK);
	assert_int_equal(db_check(s.db, &faults), 1);
	assert_non_null(strstr(buf_text(&faults), "search"));
	buf_free(&faults);
	assert_int_equal(db_begin(s.db), E_OK);
	db_run(s.db, test_body, T("body", "Bonjour à tous."), I("id", id.n));
	assert_int_equal(db_commit(s.db), E_OK);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)
	const struct CMUnitTest tests[] = {
		TEST(words_and_readers),
		TEST(both_ways),
		TEST(filters),
		TEST(passages),
		TEST(best_first),
		TEST(kept_up_to_date),
		TEST(a_fault_is_seen),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
