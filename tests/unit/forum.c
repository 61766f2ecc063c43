/* The forum through a real store: boards, threads and their tree, texts as typed, drafts. */
#include "tests/unit/talk.h"

#include "db/search.h"

SQL_WRITE(test_lock, "UPDATE thread SET locked = :locked WHERE item = :id");
SQL_WRITE(test_state, "UPDATE item SET state = :state WHERE id = :id");

enum { KIB = 1024 };

static void
set_state(item_id id, const char *state)
{
	assert_int_equal(db_begin(s.db), E_OK);
	search_take_out(s.db, id);
	assert_int_equal(db_run(s.db, test_state, T("state", state), I("id", id.n)), 1);
	search_put_in(s.db, id);
	assert_int_equal(db_commit(s.db), E_OK);
}

/* ---- boards ---- */

static bool
list_board(void *ctx, const struct board_row *row)
{
	buf_fmt(ctx, "%s(%s) ", row->title, row->level);
	return true;
}

static void
assert_boards(enum who who, const char *expected)
{
	struct buf out = { 0 };
	as(who);
	assert_int_equal(board_mine(s.db, list_board, &out), E_OK);
	assert_string_equal(buf_text(&out), expected);
	buf_free(&out);
}

static void
boards_of_each(void **state)
{
	(void)state;
	theme("annonces", "public", 60);
	theme("echanges", "members", 50);
	assert_boards(VISITOR, "annonces(public) ");
	struct buf alba = { 0 };
	as(ALBA);
	assert_int_equal(board_mine(s.db, list_board, &alba), E_OK);
	/* The council's first, then those of the territories it lies in, then the themes by position. */
	const char *own = strstr(buf_text(&alba), "Les Garrigues(council)");
	const char *land = strstr(buf_text(&alba), "Gard(members)");
	const char *themes = strstr(buf_text(&alba), "Projets(members) Actualités(members) "
	    "Questions(members) Besoins et suggestions(members) echanges(members) annonces(public)");
	assert_true(own == buf_text(&alba) && land > own && themes > land);
	assert_null(strstr(buf_text(&alba), "Les Ardoisiers"));
	assert_null(strstr(buf_text(&alba), "Maine-et-Loire"));
	assert_non_null(strstr(buf_text(&alba), "Occitanie(members)"));
	buf_free(&alba);
	/* Who is of no council has the themes and the nation's. */
	struct buf sofia = { 0 };
	as(SYSOP);
	assert_int_equal(board_mine(s.db, list_board, &sofia), E_OK);
	assert_null(strstr(buf_text(&sofia), "(council)"));
	assert_non_null(strstr(buf_text(&sofia), "echanges(members) annonces(public) "));
	buf_free(&sofia);
	member_id candidate = join("chantal", s.nimes);
	s.who[XAVIER] = candidate;
	assert_boards(XAVIER, "annonces(public) ");
}

static int
put(const char *slug, const char *title, const char *level, item_id council)
{
	struct board board = { .council = council };
	buf_str(&board.slug, slug);
	buf_str(&board.title, title);
	snprintf(board.level, sizeof board.level, "%s", level);
	int r = board_put(s.db, &board);
	board_free(&board);
	return r;
}

static void
boards_are_checked(void **state)
{
	(void)state;
	struct buf big = { 0 };
	for (int i = 0; i <= TITLE_MAX; i++)
		buf_char(&big, 'a');
	as(ALBA);
	assert_int_equal(put("idees", "Idées", "members", (item_id){ 0 }), E_DENIED);
	as(SYSOP);
	assert_int_equal(put("idees", "Idées", "members", (item_id){ 0 }), E_OK);
	assert_int_equal(put("idees", "Encore", "members", (item_id){ 0 }), E_EXISTS);
	assert_int_equal(put("Idées", "Idées", "members", (item_id){ 0 }), E_INVALID);
	assert_int_equal(put("", "Idées", "members", (item_id){ 0 }), E_INVALID);
	assert_int_equal(put("a b", "Idées", "members", (item_id){ 0 }), E_INVALID);
	assert_int_equal(put("autre", "Idées", "named", (item_id){ 0 }), E_INVALID);
	assert_int_equal(put("autre", "Idées", "council", (item_id){ 0 }), E_INVALID);
	assert_int_equal(put("autre", " \x1b[1m\t", "members", (item_id){ 0 }), E_EMPTY);
	assert_int_equal(put("autre", buf_text(&big), "members", (item_id){ 0 }), E_TOO_LONG);
	/* A second board of a council: its members read it, others do not know of it. */
	struct board board;
	assert_int_equal(put("bureau", "Bureau", "council", s.nimes), E_OK);
	as(ALBA);
	assert_int_equal(board_find(s.db, "bureau", &board), E_OK);
	assert_true(board.council.n == s.nimes.n);
	assert_int_equal(board_readers(s.db, board.id), 4); /* alba, bruno, rosa, anjou */
	as(XAVIER);
	struct board other;
	assert_int_equal(board_get(s.db, board.id, &other), E_NOT_FOUND);
	assert_int_equal(board_readers(s.db, board.id), 0);
	item_id none;
	assert_int_equal(thread_new(s.db, board.id, "Titre", "Texte", &none), E_NOT_FOUND);
	board_free(&board);
	/* What is there is changed, its slug stays. */
	as(SYSOP);
	assert_int_equal(board_find(s.db, "idees", &board), E_OK);
	buf_str(&board.title, " neuves");
	board.position = 3;
	assert_int_equal(board_put(s.db, &board), E_OK);
	board_free(&board);
	assert_int_equal(board_find(s.db, "idees", &board), E_OK);
	assert_string_equal(buf_text(&board.title), "Idées neuves");
	assert_int_equal(board.position, 3);
	assert_int_equal(board_readers(s.db, board.id), 10);
	board.id.n = 99999;
	assert_int_equal(board_put(s.db, &board), E_NOT_FOUND);
	board_free(&board);
	buf_free(&big);
}

/* ---- threads and their tree ---- */

/* Page by page of n, both ways: the same messages, the other way round. */
static void
assert_pages(item_id thread, int n)
{
	struct posts all, walked;
	read_all(thread, &all);
	for (int direction = -1; direction <= 1; direction += 2) {
		walked.n = 0;
		int got;
		do {
			int last = walked.n - 1;
			got = post_page(s.db, thread, last < 0 ? NULL : walked.branch[last],
			    (item_id){ last < 0 ? 0 : walked.id[last] }, direction, n, take_post, &walked);
			assert_true(got <= n);
		} while (got == n);
		assert_int_equal(walked.n, all.n);
		for (int i = 0; i < all.n; i++)
			assert_true(walked.id[i] == all.id[direction > 0 ? i : all.n - 1 - i]);
	}
}

static void
a_thread_is_a_tree(void **state)
{
	(void)state;
	struct thread thread;
	struct posts p;
	board_id board = theme("echanges", "members", 1);
	item_id root = say(ALBA, board, "  Budget\tparticipatif ");
	assert_int_equal(thread_get(s.db, root, &thread), E_OK);
	assert_string_equal(buf_text(&thread.title), "Budget participatif");
	assert_string_equal(buf_text(&thread.author), "alba Martin");
	assert_string_equal(buf_text(&thread.board_slug), "echanges");
	assert_string_equal(thread.level, "members");
	assert_true(thread.board.n == board.n && thread.posts == 1 && thread.last == root.n);
	assert_true(!thread.locked && thread.created == T0 && thread.last_at == T0);
	thread_free(&thread);

	/* Asked in this order, read in the tree's. */
	set_clock(T0 + 60);
	item_id a = answer(BRUNO, root), b = answer(XAVIER, root), c = answer(ALBA, a);
	item_id d = answer(GARD, b), e = answer(BRUNO, a), f = answer(BRUNO, c);
	const int64_t order[] = { root.n, a.n, c.n, f.n, e.n, b.n, d.n };
	const int numbers[] = { 1, 2, 4, 7, 6, 3, 5 }, depths[] = { 0, 1, 2, 3, 2, 1, 2 };
	const int answers[] = { 0, 1, 2, 4, 2, 1, 3 };
	read_all(root, &p);
	assert_int_equal(p.n, 7);
	for (int i = 0; i < 7; i++) {
		assert_true(p.id[i] == order[i]);
		assert_int_equal(p.number[i], numbers[i]);
		assert_int_equal(p.depth[i], depths[i]);
		assert_int_equal(p.answers[i], answers[i]);
	}
	assert_int_equal(thread_of(s.db, f, &thread), E_OK);
	assert_true(thread.id.n == root.n && thread.posts == 7 && thread.last == f.n);
	assert_true(thread.last_at == T0 + 60);
	thread_free(&thread);
	for (int n = 1; n <= 8; n++)
		assert_pages(root, n);
}

static void
a_deep_thread(void **state)
{
	(void)state;
	enum { DEEP = 40 };
	struct posts p;
	item_id root = say(ALBA, theme("echanges", "members", 1), "Profond"), at = root;
	item_id chain[DEEP];
	for (int i = 0; i < DEEP; i++)
		chain[i] = at = answer(i % 2 ? ALBA : BRUNO, at);
	item_id late = answer(XAVIER, chain[12]), side = answer(XAVIER, chain[5]);
	read_all(root, &p);
	assert_int_equal(p.n, DEEP + 3);
	/* One behind the other; under the deepest level in the order of time. */
	for (int i = 0; i < DEEP; i++) {
		assert_true(p.id[i + 1] == chain[i].n);
		assert_int_equal(p.depth[i + 1], i < 12 ? i + 1 : 12);
		assert_int_equal(p.answers[i + 1], i + 1);
	}
	assert_true(p.id[DEEP + 1] == late.n && p.answers[DEEP + 1] == 14);
	assert_true(p.id[DEEP + 2] == side.n && p.depth[DEEP + 2] == 7);
	assert_pages(root, 7);
}

/* A message of a long thread is found by its id or its number, and what is around it, without the rest. */
static void
places_in_a_thread(void **state)
{
	(void)state;
	enum { COUNT = 2000, AT = 1500 };
	item_id id[COUNT], other = { 0 }, found;
	struct buf branch = { 0 };
	struct posts p = { 0 };
	board_id board = theme("echanges", "members", 1), nimes = council_board(s.nimes);
	id[0] = say(BRUNO, board, "Long");
	for (int i = 1; i < COUNT; i++)
		id[i] = answer(i % 2 ? BRUNO : XAVIER, id[0]);
	other = say(BRUNO, nimes, "Entre nous");
	as(ALBA);
	found = id[AT];
	assert_int_equal(post_place(s.db, id[0], 0, &found, &branch), E_OK);
	assert_int_equal(post_page(s.db, id[0], buf_text(&branch), found, -1, 1, take_post, &p), 1);
	assert_true(p.id[0] == id[AT - 1].n);
	buf_free(&branch);
	found.n = 0;
	assert_int_equal(post_place(s.db, id[0], AT + 1, &found, &branch), E_OK);
	assert_true(found.n == id[AT].n);
	buf_free(&branch);
	/* In the order of time, both ways; from the middle, from the ends. */
	p.n = 0;
	assert_int_equal(post_page_flat(s.db, id[0], id[AT], 1, 2, take_post, &p), 2);
	assert_int_equal(post_page_flat(s.db, id[0], id[AT], -1, 2, take_post, &p), 2);
	assert_true(p.id[0] == id[AT + 1].n && p.id[1] == id[AT + 2].n && p.id[2] == id[AT - 1].n &&
	    p.id[3] == id[AT - 2].n);
	p.n = 0;
	assert_int_equal(post_page_flat(s.db, id[0], (item_id){ 0 }, 1, 1, take_post, &p), 1);
	assert_int_equal(post_page_flat(s.db, id[0], (item_id){ 0 }, -1, 1, take_post, &p), 1);
	assert_true(p.id[0] == id[0].n && p.id[1] == id[COUNT - 1].n);
	/* Not of another thread, not what there is not, not what one may not read. */
	found = other;
	assert_int_equal(post_place(s.db, id[0], 0, &found, &branch), E_NOT_FOUND);
	found.n = 0;
	assert_int_equal(post_place(s.db, id[0], COUNT + 1, &found, &branch), E_NOT_FOUND);
	as(XAVIER);
	found.n = 0;
	assert_int_equal(post_place(s.db, other, 1, &found, &branch), E_NOT_FOUND);
	found = other;
	assert_int_equal(post_place(s.db, other, 0, &found, &branch), E_NOT_FOUND);
	as(VISITOR);
	found = id[0];
	assert_int_equal(post_place(s.db, id[0], 0, &found, &branch), E_NOT_FOUND);
	assert_int_equal(post_page_flat(s.db, id[0], (item_id){ 0 }, 1, 1, take_post, &p), 0);
}

static void
threads_by_newest_talk(void **state)
{
	(void)state;
	enum { COUNT = 23 };
	item_id id[COUNT];
	struct threads t;
	board_id board = theme("annonces", "public", 1);
	for (int i = 0; i < COUNT; i++)
		id[i] = say(i % 2 ? ALBA : XAVIER, board, "Annonce");
	say(ALBA, theme("autre", "public", 2), "Ailleurs");
	answer(BRUNO, id[4]);
	for (int viewer = 0; viewer < 2; viewer++) {
		as(viewer ? ALBA : VISITOR);
		for (int direction = -1; direction <= 1; direction += 2) {
			t.n = 0;
			int got;
			do
				got = thread_page(s.db, board, t.n ? t.last[t.n - 1] : 0, direction, 5,
				    take_thread, &t);
			while (got == 5);
			assert_int_equal(t.n, COUNT);
			assert_true(t.id[direction > 0 ? 0 : COUNT - 1] == id[4].n);
			assert_true(t.id[direction > 0 ? 1 : COUNT - 2] == id[COUNT - 1].n);
			for (int i = 1; i < COUNT; i++)
				assert_true(direction > 0 ? t.last[i] < t.last[i - 1]
							  : t.last[i] > t.last[i - 1]);
		}
	}
}

static void
locked_and_gone(void **state)
{
	(void)state;
	item_id id = { 0 };
	struct thread thread;
	struct posts p;
	item_id root = say(ALBA, theme("echanges", "members", 1), "Fermé"), a = answer(BRUNO, root);
	run_on(&test_lock, ARGS_(I("locked", 1), I("id", root.n)));
	as(XAVIER);
	assert_int_equal(draft_keep(s.db, "item:1", "", "ce que je voulais dire"), E_OK);
	assert_int_equal(thread_reply(s.db, root, "Trop tard", &id), E_LOCKED);
	assert_int_equal(thread_reply(s.db, a, "Trop tard", &id), E_LOCKED);
	assert_int_equal(thread_get(s.db, root, &thread), E_OK);
	assert_true(thread.locked && thread.posts == 2);
	thread_free(&thread);
	run_on(&test_lock, ARGS_(I("locked", 0), I("id", root.n)));
	assert_int_equal(thread_reply(s.db, a, "Rouvert", &id), E_OK);

	/* Hidden: a place in the tree, read by its author alone, and nobody answers it. */
	set_state(a, "hidden");
	as(XAVIER);
	assert_int_equal(thread_reply(s.db, a, "?", &id), E_NOT_FOUND);
	read_all(root, &p);
	assert_int_equal(p.n, 3);
	as(BRUNO);
	read_all(root, &p);
	assert_int_equal(p.n, 3);
	assert_int_equal(thread_reply(s.db, a, "?", &id), E_NOT_FOUND);
	set_state(a, "published");
	/* The thread goes under its reader: nothing of it is reached, its replies neither. */
	set_state(root, "binned");
	as(XAVIER);
	assert_int_equal(thread_get(s.db, root, &thread), E_NOT_FOUND);
	assert_int_equal(thread_of(s.db, a, &thread), E_NOT_FOUND);
	assert_int_equal(thread_reply(s.db, root, "?", &id), E_NOT_FOUND);
	assert_int_equal(thread_reply(s.db, a, "?", &id), E_NOT_FOUND);
	assert_int_equal(thread_reply(s.db, (item_id){ 999999 }, "?", &id), E_NOT_FOUND);
	read_all(root, &p);
	assert_int_equal(p.n, 0);
	assert_true(db_idle(s.db));
	struct draft draft;
	assert_int_equal(draft_last(s.db, &draft), E_OK);
	assert_string_equal(buf_text(&draft.body), "ce que je voulais dire");
	draft_free(&draft);
	/* A sheet is no thread. */
	assert_int_equal(thread_reply(s.db, s.nimes, "?", &id), E_NOT_FOUND);
	/* Visitors and candidates may read what is public, and write nowhere. */
	board_id board = theme("annonces", "public", 2);
	root = say(ALBA, board, "Public");
	as(VISITOR);
	assert_int_equal(thread_new(s.db, board, "Titre", "Texte", &id), E_DENIED);
	assert_int_equal(thread_reply(s.db, root, "Texte", &id), E_DENIED);
	db_set_viewer(s.db, join("chantal", s.nimes));
	assert_int_equal(thread_new(s.db, board, "Titre", "Texte", &id), E_DENIED);
	assert_int_equal(thread_reply(s.db, root, "Texte", &id), E_DENIED);
}

/* ---- texts as typed ---- */

static bool
take_body(void *ctx, const struct post_row *row)
{
	buf_cut(ctx, 0);
	buf_str(ctx, row->body);
	return true;
}

/* A text given as the title or the body of a new thread: the answer, and what stands there then. */
static void
assert_typed(const char *title, const char *body, int expected, const char *stands)
{
	static board_id board;
	item_id id;
	struct buf text = { 0 };
	struct thread thread;
	struct board known;
	as(ALBA);
	if (board_find(s.db, "saisie", &known)) {
		board = theme("saisie", "members", 9);
	} else {
		board = known.id;
		board_free(&known);
	}
	int r = thread_new(s.db, board, title ? title : "Titre", body ? body : "Texte", &id);
	if (r != expected)
		print_error("typed: %.80s\n", title ? title : body);
	assert_int_equal(r, expected);
	assert_true(db_idle(s.db));
	if (!r && stands && body) {
		assert_int_equal(post_get(s.db, id, take_body, &text), E_OK);
		assert_string_equal(buf_text(&text), stands);
	} else if (!r && stands) {
		assert_int_equal(thread_get(s.db, id, &thread), E_OK);
		assert_string_equal(buf_text(&thread.title), stands);
		thread_free(&thread);
	}
	buf_free(&text);
}

static void
texts_as_typed(void **state)
{
	(void)state;
	static const struct {
		const char *title, *body;
		int answer;
		const char *stands;
	} cases[] = {
		{ "", NULL, E_EMPTY, NULL },
		{ "   \t \u00a0 ", NULL, E_EMPTY, NULL },
		{ "\u202e\u200b\u2066\ufeff", NULL, E_EMPTY, NULL },
		{ "\x1b[31m\x1b[2J\a", NULL, E_EMPTY, NULL },
		{ "  À l’étude \r\n", NULL, E_OK, "À l’étude" },
		{ "a\x1b[31mb\x1b]0;x\a" "c\u202e" "d", NULL, E_OK, "abcd" },
		{ "e\u0301tat", NULL, E_OK, "état" },
		{ "l\xe9gal", NULL, E_OK, "l\ufffdgal" },
		{ NULL, "", E_EMPTY, NULL },
		{ NULL, " \n\t\n \r\n", E_EMPTY, NULL },
		{ NULL, "\x1b[2J\x1b[H", E_EMPTY, NULL },
		{ NULL, "un\r\n\r\n\r\n\r\n\r\ndeux  \n", E_OK, "un\n\n\ndeux" },
		{ NULL, "a\0b", E_OK, "a" },
		{ NULL, "\u202emot\u202c \x1bP1;2q\x1b\\fin\x9b", E_OK, NULL },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_typed(cases[i].title, cases[i].body, cases[i].answer, cases[i].stands);
	/* The limits are of clean bytes, to the byte. */
	static const struct {
		bool title;
		int bytes, answer;
	} sizes[] = { { true, TITLE_MAX, E_OK }, { true, TITLE_MAX + 1, E_TOO_LONG },
		{ true, KIB * KIB, E_TOO_LONG }, { false, BODY_MAX, E_OK },
		{ false, BODY_MAX + 1, E_TOO_LONG }, { false, KIB * KIB, E_TOO_LONG } };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct buf big = { 0 };
		for (int k = 0; k < sizes[i].bytes; k++)
			buf_char(&big, 'a');
		assert_typed(sizes[i].title ? buf_text(&big) : NULL, sizes[i].title ? NULL : buf_text(&big),
		    sizes[i].answer, sizes[i].answer ? NULL : buf_text(&big));
		/* What is too long to be sent is kept to be shortened. */
		if (!sizes[i].title && sizes[i].answer) {
			struct draft draft;
			assert_int_equal(draft_keep(s.db, "board:1", "Titre", buf_text(&big)), E_OK);
			assert_int_equal(draft_get(s.db, "board:1", &draft), E_OK);
			assert_true(draft.body.len >= BODY_MAX + 1);
			draft_free(&draft);
		}
		buf_free(&big);
	}
}

/* ---- drafts ---- */

static void
assert_draft(const char *place, const char *title, const char *body)
{
	struct draft draft;
	int r = place ? draft_get(s.db, place, &draft) : draft_last(s.db, &draft);
	assert_int_equal(r, body ? E_OK : E_NOT_FOUND);
	if (!body)
		return;
	assert_string_equal(buf_text(&draft.title), title);
	assert_string_equal(buf_text(&draft.body), body);
	draft_free(&draft);
}

static bool
add_place(void *ctx, const struct draft_row *row)
{
	buf_fmt(ctx, "%s/%s/%s ", row->place, row->title, row->body);
	return true;
}

static void
assert_drafts(const char *expected, int count)
{
	struct buf list = { 0 };
	assert_int_equal(draft_page(s.db, 9, add_place, &list), count);
	assert_int_equal(draft_count(s.db), count);
	assert_string_equal(buf_text(&list), expected);
	buf_free(&list);
}

/* All of one's own, the last touched first. */
static void
list_of_drafts(void **state)
{
	(void)state;
	as(ALBA);
	assert_drafts("", 0);
	assert_int_equal(draft_keep(s.db, "board:1", "Un titre", "premier"), E_OK);
	set_clock(T0 + 10);
	assert_int_equal(draft_keep(s.db, "item:7", "", "second"), E_OK);
	assert_drafts("item:7//second board:1/Un titre/premier ", 2);
	set_clock(T0 + 20);
	assert_int_equal(draft_keep(s.db, "board:1", "Un titre", "premier, puis"), E_OK);
	assert_drafts("board:1/Un titre/premier, puis item:7//second ", 2);
	as(BRUNO);
	assert_drafts("", 0);
	as(VISITOR);
	assert_drafts("", 0);
	as(ALBA);
	assert_int_equal(draft_drop(s.db, "board:1"), E_OK);
	assert_drafts("item:7//second ", 1);
}

static void
drafts(void **state)
{
	(void)state;
	char on_board[40], on_item[40];
	item_id id;
	board_id board = theme("echanges", "members", 1);
	item_id root = say(BRUNO, board, "Question");
	snprintf(on_board, sizeof on_board, "board:%lld", (long long)board.n);
	snprintf(on_item, sizeof on_item, "item:%lld", (long long)root.n);
	as(ALBA);
	assert_draft(NULL, NULL, NULL);
	assert_int_equal(draft_keep(s.db, on_board, "Un titre", "premier\n"), E_OK);
	set_clock(T0 + 10);
	assert_int_equal(draft_keep(s.db, on_item, "", "réponse \x1b[31m"), E_OK);
	assert_draft(on_board, "Un titre", "premier\n");
	assert_draft(on_item, "", "réponse ");
	assert_draft(NULL, "", "réponse ");
	set_clock(T0 + 20);
	assert_int_equal(draft_keep(s.db, on_board, "Un titre", "premier\nsecond"), E_OK);
	assert_draft(NULL, "Un titre", "premier\nsecond");
	/* Nobody sees another's. */
	as(BRUNO);
	assert_draft(on_board, NULL, NULL);
	assert_draft(NULL, NULL, NULL);
	assert_int_equal(draft_drop(s.db, on_board), E_OK);
	as(VISITOR);
	assert_int_equal(draft_keep(s.db, on_board, "Un titre", "texte"), E_DENIED);
	assert_draft(NULL, NULL, NULL);
	/* What is refused keeps its draft; what is sent drops its own. */
	as(ALBA);
	assert_int_equal(thread_new(s.db, board, " ", "Texte", &id), E_EMPTY);
	assert_draft(on_board, "Un titre", "premier\nsecond");
	assert_int_equal(thread_reply(s.db, root, "réponse", &id), E_OK);
	assert_draft(on_item, NULL, NULL);
	assert_draft(NULL, "Un titre", "premier\nsecond");
	assert_int_equal(thread_new(s.db, board, "Un titre", "premier", &id), E_OK);
	assert_draft(NULL, NULL, NULL);
	assert_int_equal(draft_keep(s.db, "profil", "", "x"), E_OK);
	assert_int_equal(draft_drop(s.db, "profil"), E_OK);
	assert_int_equal(draft_drop(s.db, "profil"), E_OK);
	assert_draft(NULL, NULL, NULL);
}

/* ---- two at once ---- */

/* A process of its own that answers `times` times, alternately the root and the newest it wrote. */
static pid_t
talker(enum who who, item_id root, int times, const int gate[2])
{
	pid_t pid = fork();
	if (pid)
		return pid;
	char c;
	struct db *db;
	item_id id = root;
	/* They start together, when the test shuts the gate's other end. */
	close(gate[1]);
	if (read(gate[0], &c, 1) != 0 || db_open(&db, s.path, DB_EXISTING, true))
		_exit(1);
	db_set_viewer(db, s.who[who]);
	for (int i = 0; i < times; i++)
		if (thread_reply(db, i % 2 ? id : root, "À deux.", &id))
			_exit(2);
	db_close(db);
	_exit(0);
}

static void
two_at_once(void **state)
{
	(void)state;
	enum { EACH = 30 };
	int gate[2], status;
	struct posts p;
	struct thread thread;
	item_id root = say(ALBA, theme("echanges", "members", 1), "À deux");
	assert_int_equal(pipe(gate), 0);
	pid_t pids[2];
	for (int i = 0; i < 2; i++) {
		pids[i] = talker(i ? BRUNO : XAVIER, root, EACH, gate);
		assert_true(pids[i] > 0);
	}
	close(gate[0]);
	close(gate[1]);
	for (int i = 0; i < 2; i++) {
		assert_true(waitpid(pids[i], &status, 0) == pids[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(thread_get(s.db, root, &thread), E_OK);
	assert_int_equal(thread.posts, 2 * EACH + 1);
	read_all(root, &p);
	assert_int_equal(p.n, 2 * EACH + 1);
	bool numbers[2 * EACH + 2] = { false };
	int64_t newest = 0;
	for (int i = 0; i < p.n; i++) {
		assert_true(p.number[i] >= 1 && p.number[i] <= 2 * EACH + 1 && !numbers[p.number[i]]);
		numbers[p.number[i]] = true;
		if (p.id[i] > newest)
			newest = p.id[i];
	}
	assert_true(thread.last == newest);
	thread_free(&thread);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(boards_of_each),
		TEST(boards_are_checked),
		TEST(a_thread_is_a_tree),
		TEST(a_deep_thread),
		TEST(places_in_a_thread),
		TEST(threads_by_newest_talk),
		TEST(locked_and_gone),
		TEST(texts_as_typed),
		TEST(drafts),
		TEST(list_of_drafts),
		TEST(two_at_once),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
