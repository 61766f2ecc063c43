/*
 * Who reads which items: every kind of viewer, every level, every state, by every exit of the store. What is
 * expected comes from one function that says the rule in plain words; nothing of it is taken from the views.
 */
#include "tests/unit/access.h"

/* The rule of reading. */
static bool
may_read(const struct kind *viewer, enum level level, enum state state, member_id author, bool moderates)
{
	bool own = viewer->id.n && viewer->id.n == author.n;
	/* What was thrown away is nobody's. A draft is its author's alone; what was hidden too, and for those
	 * who moderate there. */
	if (state == BINNED || (state != PUBLISHED && !own && !(state == HIDDEN && moderates)))
		return false;
	switch (level) {
	case PUBLIC: /* everybody */
		return true;
	case MEMBERS: /* members in office */
		return viewer->active;
	case COUNCIL: /* those of that council */
		return viewer->active && viewer->ours;
	case NAMED: /* those whose name is there, in office */
		return viewer->active && viewer->named;
	case ME: /* oneself */
		return own;
	case GROUP: /* there are no groups yet */
	default:
		return false;
	}
}

static bool
reads_alone(const struct kind *viewer, const struct thing *t)
{
	return may_read(viewer, t->level, t->state, authors[t->author], viewer->moderates);
}

/* What is hidden keeps its place in the tree, for those whom its level reaches. */
static bool
has_place(const struct kind *viewer, const struct thing *t)
{
	return reads_alone(viewer, t) || may_read(viewer, t->level, t->state, authors[t->author], true);
}

/* A message is reached through its thread: where the root has no place, nothing below it has. */
static bool
reached(const struct kind *viewer, const struct thing *t)
{
	struct thing root = thing_of((int)(t->root.n - FIRST));
	return has_place(viewer, t) && has_place(viewer, &root);
}

static bool
reads(const struct kind *viewer, const struct thing *t)
{
	return reads_alone(viewer, t) && reached(viewer, t);
}

/* Unread are published messages of others, for members in office. */
static bool
unread_for(const struct kind *viewer, const struct thing *t)
{
	return viewer->active && reads(viewer, t) && t->state == PUBLISHED &&
	    authors[t->author].n != viewer->id.n;
}

static bool
sheet_read(const struct kind *viewer, int i)
{
	return may_read(viewer, (enum level)(i / STATES), (enum state)(i % STATES), authors[BY_MEMBER], false);
}

/* Of what an exit gave: is the text there for whom may read it, and for nobody else? */
static void
expect_text(const struct kind *viewer, const char *exit, item_id id, const char *text, const char *whole)
{
	if (id.n < FIRST || id.n >= FIRST + ITEMS)
		return;
	struct thing t = thing_of((int)(id.n - FIRST));
	bool good = reads(viewer, &t);
	expect(viewer, exit, &t, good, *text != 0);
	if (good)
		expect(viewer, exit, &t, true, !strncmp(text, whole, strlen(whole)));
}

static bool
note_thread(void *ctx, const struct thread_row *row)
{
	expect_text(((struct given *)ctx)->viewer, "a thread's title", row->id, row->title, "Promesse");
	note(ctx, row->id);
	return true;
}

static bool
note_hit(void *ctx, const struct hit *hit)
{
	note(ctx, hit->id);
	return true;
}

static bool
note_version(void *ctx, const struct post_version_row *row)
{
	*(int *)ctx += *row->body != 0;
	return true;
}

static bool
note_post(void *ctx, const struct post_row *row)
{
	const struct kind *viewer = ((struct given *)ctx)->viewer;
	expect_text(viewer, "a message's text", row->id, row->body, "au propre");
	expect_text(viewer, "open", row->id, row->open ? "au propre" : "", "au propre");
	note(ctx, row->id);
	return true;
}

/* ---- the walk over threads and messages ---- */

static void
walk_one_by_one(const struct kind *viewer, const struct thing *t)
{
	struct thread thread = { 0 };
	struct given g = { .viewer = viewer };
	bool good = reached(viewer, t);
	int versions = 0, older = 0;
	expect(viewer, "thread_get", t, t->is_root && good ? E_OK : E_NOT_FOUND,
	    thread_get(s.db, t->id, &thread));
	if (thread.id.n)
		expect_text(viewer, "thread_get's title", t->id, buf_text(&thread.title), "Promesse");
	thread_free(&thread);
	expect(viewer, "thread_of", t, good ? E_OK : E_NOT_FOUND, thread_of(s.db, t->id, &thread));
	if (good)
		expect(viewer, "thread_of's thread", t, t->root.n, thread.id.n);
	thread_free(&thread);
	expect(viewer, "post_get", t, good ? E_OK : E_NOT_FOUND, post_get(s.db, t->id, note_post, &g));
	expect(viewer, "post_get's row", t, good, g.times[t->id.n - FIRST]);
	struct buf branch = { 0 };
	item_id at = t->id;
	expect(viewer, "post_place", t, good ? E_OK : E_NOT_FOUND, post_place(s.db, t->root, 0, &at, &branch));
	buf_free(&branch);
	expect(viewer, "mark_follow", t, !viewer->active ? E_DENIED : t->is_root && good ? E_OK : E_NOT_FOUND,
	    mark_follow(s.db, t->id, FOLLOW_NONE));
	/* Texts as they were: for the author, and for those who moderate there. */
	good = reads_alone(viewer, t) &&
	    (viewer->moderates || (viewer->id.n && viewer->id.n == authors[t->author].n));
	expect(viewer, "post_versions", t, good ? 2 : 0,
	    post_versions(s.db, t->id, 0, 1, 9, note_version, &versions));
	expect(viewer, "post_versions' texts", t, good ? 2 : 0, versions);
	expect(viewer, "post_version", t, good ? E_OK : E_NOT_FOUND,
	    post_version(s.db, t->id, 1, note_version, &older));
}

static void
walk_lists(const struct kind *viewer)
{
	for (int direction = -1; direction <= 1; direction += 2) {
		struct given listed = { .viewer = viewer }, found = { .viewer = viewer },
			     best = { .viewer = viewer };
		int n = thread_page(s.db, all_board, 0, direction, ITEMS, note_thread, &listed);
		assert_int_equal(n, listed.count);
		const struct search promises = { .words = "Promesses" };
		n = search_page(s.db, &promises, (item_id){ 0 }, direction, ITEMS, note_hit, &found);
		assert_int_equal(n, found.count);
		search_best(s.db, &promises, ITEMS, note_hit, &best);
		for (int i = 0; i < ITEMS; i++) {
			struct thing t = thing_of(i);
			bool good = reads(viewer, &t);
			expect(viewer, "search_page", &t, good, found.times[i]);
			expect(viewer, "search_best", &t, good, best.times[i]);
			good = t.is_root && reached(viewer, &t);
			/* To whom is no member, a board shows what is public. */
			good = good && (viewer->active || t.level == PUBLIC);
			expect(viewer, "thread_page", &t, good, listed.times[i]);
		}
		for (int i = 0; i < ITEMS; i += 2) {
			struct thing root = thing_of(i), reply = thing_of(i + 1);
			struct given posts = { .viewer = viewer }, flat = { .viewer = viewer };
			post_page_flat(s.db, root.id, (item_id){ 0 }, direction, 9, note_post, &flat);
			expect(viewer, "post_page_flat", &root, reached(viewer, &root), flat.times[i]);
			expect(viewer, "post_page_flat", &reply, reached(viewer, &reply), flat.times[i + 1]);
			expect(viewer, "post_page_flat, others", &root,
			    reached(viewer, &root) + reached(viewer, &reply), flat.count);
			post_page(s.db, root.id, NULL, (item_id){ 0 }, direction, 9, note_post, &posts);
			expect(viewer, "post_page", &root, reached(viewer, &root), posts.times[i]);
			expect(viewer, "post_page", &reply, reached(viewer, &reply), posts.times[i + 1]);
			expect(viewer, "post_page, others", &root,
			    reached(viewer, &root) + reached(viewer, &reply), posts.count);
		}
	}
}

static void
walk_unread(const struct kind *viewer)
{
	struct unread unread = { 0 };
	struct given g = { 0 };
	struct thing none = { 0 };
	item_id thread, post;
	int posts = 0, threads = 0, r, rounds = 0;
	for (int i = 0; i < ITEMS; i += 2) {
		struct thing root = thing_of(i), reply = thing_of(i + 1);
		int64_t ids[9];
		int n = unread_for(viewer, &root) + unread_for(viewer, &reply);
		expect(viewer, "thread_unread", &root, n, thread_unread(s.db, root.id, ids, 9));
		posts += n;
		threads += n > 0;
	}
	expect(viewer, "unread_count", &none, viewer->active ? E_OK : E_DENIED, unread_count(s.db, &unread));
	expect(viewer, "unread_count's posts", &none, posts > 100 ? 100 : posts, unread.posts);
	if (posts <= 100)
		expect(viewer, "unread_count's threads", &none, threads, unread.threads);
	while ((r = next_unread(s.db, &thread, &post)) == E_OK && rounds++ < ITEMS) {
		note(&g, post);
		assert_int_equal(mark_read(s.db, thread, post), E_OK);
	}
	assert_int_equal(r, E_NOT_FOUND);
	for (int i = 0; i < ITEMS; i++) {
		struct thing t = thing_of(i);
		expect(viewer, "next_unread", &t, unread_for(viewer, &t), g.times[i]);
	}
	expect(viewer, "next_unread, others", &none, posts, g.count);
	/* Marks are set on what he may open, and on nothing else. */
	for (int i = 0; viewer->id.n && i < ITEMS; i += 2) {
		struct thing t = thing_of(i);
		expect(viewer, "mark_read", &t, reached(viewer, &t) ? E_OK : E_NOT_FOUND,
		    mark_read(s.db, t.id, t.id));
	}
}

static void
threads_and_messages(void **state)
{
	(void)state;
	wrong = 0;
	for (int k = 0; k < KINDS; k++) {
		view_as(&kinds[k]);
		for (int i = 0; i < ITEMS; i++) {
			struct thing t = thing_of(i);
			walk_one_by_one(&kinds[k], &t);
		}
		walk_lists(&kinds[k]);
		/* The plain sysop has read with the sysop's marks. */
		if (k != OWNER_PLAIN)
			walk_unread(&kinds[k]);
		assert_true(db_idle(s.db));
	}
	assert_int_equal(wrong, 0);
}

/* ---- boards ---- */

struct boards {
	int times[4], threads;
};

static int
board_index(board_id id)
{
	const board_id boards[] = { all_board, members_board, our_board, other_board };
	for (int i = 0; i < 4; i++)
		if (boards[i].n == id.n)
			return i;
	return -1;
}

static bool
note_board(void *ctx, const struct board_row *row)
{
	struct boards *b = ctx;
	int i = board_index(row->id);
	if (i >= 0)
		b->times[i]++;
	if (i == 0)
		b->threads = row->threads;
	return true;
}

static void
boards(void **state)
{
	(void)state;
	static const char *const slugs[] = { "promesses", "membres", "bureau", "ailleurs" };
	const board_id ids[] = { all_board, members_board, our_board, other_board };
	struct thing none = { 0 };
	wrong = 0;
	for (int k = 0; k < KINDS; k++) {
		const struct kind *viewer = &kinds[k];
		bool good[] = { true, viewer->active, viewer->active && viewer->ours, k == OTHER };
		struct boards all = { 0 }, mine = { 0 };
		int threads = 0;
		view_as(viewer);
		board_all(s.db, note_board, &all);
		board_mine(s.db, note_board, &mine);
		for (int i = 0; i < ITEMS; i += 2) {
			struct thing t = thing_of(i);
			threads += viewer->active && reached(viewer, &t);
		}
		expect(viewer, "board_mine's threads", &none, threads > 100 ? 100 : threads, mine.threads);
		for (int i = 0; i < 4; i++) {
			struct board board = { 0 };
			none.id.n = i;
			expect(viewer, "board_get", &none, good[i] ? E_OK : E_NOT_FOUND,
			    board_get(s.db, ids[i], &board));
			board_free(&board);
			expect(viewer, "board_find", &none, good[i] ? E_OK : E_NOT_FOUND,
			    board_find(s.db, slugs[i], &board));
			board_free(&board);
			expect(viewer, "board_all", &none, good[i], all.times[i]);
			/* A second board of a council stands in no list yet but the whole one. */
			if (i < 2)
				expect(viewer, "board_mine", &none, good[i], mine.times[i]);
			expect(viewer, "board_readers", &none, !good[i], board_readers(s.db, ids[i]) == 0);
		}
	}
	assert_int_equal(wrong, 0);
}

/* ---- councils ---- */

struct sheets {
	int times[LEVELS * STATES];
};

static void
note_sheet(void *ctx, item_id id)
{
	if (id.n >= SHEETS && id.n < SHEETS + LEVELS * STATES)
		((struct sheets *)ctx)->times[id.n - SHEETS]++;
}

static bool
note_row(void *ctx, const struct council_row *row)
{
	note_sheet(ctx, row->id);
	return true;
}

static bool
note_council(void *ctx, const struct council *council)
{
	note_sheet(ctx, council->id);
	return true;
}

static void
councils(void **state)
{
	(void)state;
	enum { EXITS = 7, MANY = 100 };
	static const char *const exits[EXITS] = { "council_page", "council_page up", "council_page of 30",
		"council_page by a word", "council_nearest", "council_all", "council_stale" };
	const item_id edge = { 0 };
	wrong = 0;
	for (int k = 0; k < KINDS; k++) {
		const struct kind *viewer = &kinds[k];
		struct sheets found[EXITS] = { 0 };
		view_as(viewer);
		council_page(s.db, "", "", "", edge, 1, MANY, note_row, &found[0]);
		council_page(s.db, "", "", "", edge, -1, MANY, note_row, &found[1]);
		council_page(s.db, "30", "", "", edge, 1, MANY, note_row, &found[2]);
		council_page(s.db, "", "prom", "", edge, 1, MANY, note_row, &found[3]);
		council_nearest(s.db, s.nimes, MANY, note_row, &found[4]);
		council_all(s.db, "", note_council, &found[5]);
		council_stale(s.db, "", 0, edge, MANY, note_row, &found[6]);
		for (int i = 0; i < LEVELS * STATES; i++) {
			struct council council = { 0 };
			struct thread thread = { 0 };
			struct given g = { .viewer = viewer };
			char name[40];
			bool good = sheet_read(viewer, i);
			struct thing t = { .id = { SHEETS + i }, .level = (enum level)(i / STATES),
				.state = (enum state)(i % STATES), .author = BY_MEMBER };
			expect(viewer, "council_get", &t, good ? E_OK : E_NOT_FOUND,
			    council_get(s.db, t.id, &council));
			council_free(&council);
			snprintf(name, sizeof name, "promesse %d", i);
			expect(viewer, "council_find", &t, good ? t.id.n : 0, council_find(s.db, name, "30189").n);
			for (int e = 0; e < EXITS; e++)
				expect(viewer, exits[e], &t, good, found[e].times[i]);
			/* And it is no thread. */
			expect(viewer, "thread_get", &t, E_NOT_FOUND, thread_get(s.db, t.id, &thread));
			expect(viewer, "thread_of", &t, E_NOT_FOUND, thread_of(s.db, t.id, &thread));
			expect(viewer, "post_get", &t, E_NOT_FOUND, post_get(s.db, t.id, note_post, &g));
		}
	}
	assert_int_equal(wrong, 0);
}

/* ---- what one may not read, one may not answer ---- */

/* Reporting, changing, and what moderators do: of what one reads, by whom may. Nothing is hidden here. */
static void
walk_acts(const struct kind *viewer, const struct thing *t)
{
	bool own = viewer->id.n && viewer->id.n == authors[t->author].n;
	bool there = reads(viewer, t) && t->state == PUBLISHED;
	int expected = !there ? E_NOT_FOUND : viewer->active && !own ? E_OK : E_DENIED;
	int got = report_new(s.db, t->id, "Pourquoi");
	/* The sysop has reported it before he came by a plain line. */
	expect(viewer, "report_new", t, expected, got == E_DONE && viewer->plain ? E_OK : got);
	expected = !reads(viewer, t) ? E_NOT_FOUND : viewer->active && own ? E_OK : E_DENIED;
	expect(viewer, "post_edit", t, expected, post_edit(s.db, t->id, "au propre, encore"));
	if (viewer->moderates)
		return;
	expected = reached(viewer, t) ? E_DENIED : E_NOT_FOUND;
	expect(viewer, "post_hide", t, expected, post_hide(s.db, t->id, "Pourquoi"));
	expect(viewer, "post_show", t, expected, post_show(s.db, t->id));
	if (t->is_root)
		expect(viewer, "thread_lock", t, expected, thread_lock(s.db, t->id, true));
}

static void
answering(void **state)
{
	(void)state;
	wrong = 0;
	for (int k = 0; k < KINDS; k++) {
		const struct kind *viewer = &kinds[k];
		item_id id;
		view_as(viewer);
		for (int i = 0; i < ITEMS; i++) {
			struct thing t = thing_of(i);
			bool there = reads(viewer, &t) && t.state == PUBLISHED;
			int expected = !there ? E_NOT_FOUND : viewer->active ? E_OK : E_DENIED;
			expect(viewer, "thread_reply", &t, expected, thread_reply(s.db, t.id, "Oui.", &id));
			walk_acts(viewer, &t);
		}
		const board_id boards[] = { all_board, members_board, our_board, other_board };
		bool good[] = { true, viewer->active, viewer->active && viewer->ours, k == OTHER };
		for (int i = 0; i < 4; i++) {
			struct thing board = { .id = { i } };
			int expected = !good[i] ? E_NOT_FOUND : viewer->active ? E_OK : E_DENIED;
			expect(viewer, "thread_new", &board, expected,
			    thread_new(s.db, boards[i], "Titre", "Texte", &id));
		}
	}
	assert_int_equal(wrong, 0);
}

/* A right given or taken holds from the next statement on. */
static void
at_once(void **state)
{
	(void)state;
	struct board board = { 0 };
	struct thread thread = { 0 };
	item_id id;
	view_as(&kinds[MEMBER]);
	assert_int_equal(thread_new(s.db, our_board, "Entre nous", "Texte", &id), E_OK);
	static const struct {
		const char *state;
		int answer;
	} turns[] = { { "suspended", E_NOT_FOUND }, { "active", E_OK }, { "removed", E_NOT_FOUND },
		{ "active", E_OK } };
	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
		/* By another process's handle, while this one stays open. */
		struct db *other;
		assert_int_equal(db_open(&other, s.path, DB_EXISTING, true), E_OK);
		assert_int_equal(db_begin(other), E_OK);
		db_run(other, set_member_state, T("state", turns[i].state), I("id", kinds[RESOURCE].id.n));
		assert_int_equal(db_commit(other), E_OK);
		db_close(other);
		view_as(&kinds[RESOURCE]);
		assert_int_equal(board_get(s.db, our_board, &board), turns[i].answer);
		board_free(&board);
		assert_int_equal(thread_get(s.db, id, &thread), turns[i].answer);
		thread_free(&thread);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(boards),
		cmocka_unit_test(councils),
		cmocka_unit_test(threads_and_messages),
		cmocka_unit_test(answering),
		cmocka_unit_test(at_once),
	};
	return cmocka_run_group_tests(tests, make_world, remove_world);
}
