/*
 * Who reads what: every kind of viewer, every level, every state, by every exit of the store. What is
 * expected comes from one function that says the rule in plain words; nothing of it is taken from the
 * views. Items of levels that no screen makes yet are put in by statements of this test.
 */
#include "db/word.h"
#include "tests/unit/people.h"

enum level { ME, NAMED, COUNCIL, GROUP, MEMBERS, PUBLIC, LEVELS };
enum state { DRAFT, PUBLISHED, HIDDEN, BINNED, STATES };
static const char *const levels[] = { "me", "named", "council", "group", "members", "public" };
static const char *const states[] = { "draft", "published", "hidden", "binned" };

SQL_WRITE(put_item, "INSERT INTO item (id, kind, author, board, council, thread, parent, branch, number,"
    " level, title, state, created, changed) VALUES (:id, :kind, :author, :board,"
    " nullif(CAST(:council AS BIGINT), 0), :thread, nullif(CAST(:parent AS BIGINT), 0), :branch, :number,"
    " :level, :title, :state, 0, 0)");
SQL_WRITE(put_text, "INSERT INTO text (item, version, author, body, created)"
    " VALUES (:item, :version, :author, :body, 0)");
SQL_WRITE(set_version, "UPDATE item SET version = :version WHERE id = :id");
SQL_WRITE(put_thread, "INSERT INTO thread (item, board, level, last, last_at, posts)"
    " VALUES (:item, :board, :level, :last, 0, 2)");
/* As if it were for everybody: what may be read of what is found is the views' affair. */
SQL_WRITE(put_words, "INSERT INTO search (rowid, title, body, tags)"
    " VALUES (:item, 'Promesse', 'au propre', 'rpublic')");
SQL_WRITE(put_reader, "INSERT INTO audience (item, kind, id) VALUES (:item, :kind, :id)");
SQL_WRITE(put_council, "INSERT INTO council (id, commune, department, name_fold, name_sort)"
    " VALUES (:id, '30189', '30', :fold, :sort)");
SQL_WRITE(put_commune, "INSERT INTO council_commune (council, commune) VALUES (:id, '30189')");
SQL_WRITE(put_council_word, "INSERT INTO council_word (word, council) VALUES ('promesse', :id)");
SQL_WRITE(set_member_state, "UPDATE member SET state = :state WHERE id = :id");
SQL_WRITE(set_floor, "UPDATE member SET floor = 0");

/* ---- who ---- */

enum kind_name { NO_ONE, WAITING, REFUSED, SUSPENDED, REMOVED, MEMBER, OTHER, RESOURCE, LAND, LAND_OTHER,
	NATIONAL, OWNER, OWNER_PLAIN, OPERATOR, KINDS };

static struct kind {
	const char *name;
	member_id id;
	bool active, ours; /* an active member; of the council that things are about */
	bool named;        /* among the named readers */
	bool plain;
	bool manages;      /* the machine, other members' addresses */
	bool approves;     /* of candidates of the council that things are about */
	bool moderates;    /* on boards of the whole network */
} kinds[KINDS] = {
	[NO_ONE] = { .name = "visitor" },
	[WAITING] = { .name = "candidate", .ours = true, .named = true },
	[REFUSED] = { .name = "refused", .ours = true },
	[SUSPENDED] = { .name = "suspended", .ours = true, .named = true },
	[REMOVED] = { .name = "removed", .ours = true },
	[MEMBER] = { .name = "member", .active = true, .ours = true, .approves = true },
	[OTHER] = { .name = "member of another council", .active = true, .named = true },
	[RESOURCE] = { .name = "resource person", .active = true, .ours = true, .approves = true },
	[LAND] = { .name = "animator", .active = true, .named = true, .approves = true },
	[LAND_OTHER] = { .name = "animator elsewhere", .active = true },
	[NATIONAL] = { .name = "national animator", .active = true, .approves = true, .moderates = true },
	[OWNER] = { .name = "sysop", .active = true, .manages = true, .approves = true, .moderates = true },
	[OWNER_PLAIN] = { .name = "sysop on a plain line", .active = true, .plain = true },
	[OPERATOR] = { .name = "the machine", .id = { 1 }, .active = true, .manages = true, .approves = true,
		.moderates = true },
};

/* ---- what ---- */

/* Who wrote: somebody else, or a viewer himself, in office or not. */
enum author { BY_BRUNO, BY_MEMBER, BY_SUSPENDED, AUTHORS };
static member_id authors[AUTHORS];

/*
 * For each author, level and state two threads, each of a root and a reply: one whose root is in that
 * state, one whose reply is. Ids follow from the place in this order.
 */
enum { FIRST = 1000, SHEETS = 500, THREADS = AUTHORS * LEVELS * STATES * 2, ITEMS = THREADS * 2 };

struct thing {
	item_id id, root;
	enum level level;
	enum state state;
	enum author author;
	bool is_root;
};

static struct thing
thing_of(int i)
{
	int combination = i / 4;
	struct thing t = { .id = { FIRST + i }, .root = { FIRST + i / 2 * 2 }, .is_root = i % 2 == 0,
		.state = (enum state)(combination % STATES),
		.level = (enum level)(combination / STATES % LEVELS),
		.author = (enum author)(combination / STATES / LEVELS) };
	/* Of the first thread the root is in that state, of the second the reply. */
	if ((i / 2 % 2 == 0) != t.is_root)
		t.state = PUBLISHED;
	return t;
}

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

/* ---- putting it in ---- */

static board_id all_board, members_board, our_board, other_board;

static void
name_readers(item_id id)
{
	for (int k = 0; k < KINDS; k++)
		if (kinds[k].named)
			db_run(s.db, put_reader, I("item", id.n), T("kind", "member"), I("id", kinds[k].id.n));
	/* A group of that number is no member of that number. */
	db_run(s.db, put_reader, I("item", id.n), T("kind", "group"), I("id", kinds[MEMBER].id.n));
}

static void
put_thing(const struct thing *t)
{
	char title[40], branch[12];
	snprintf(title, sizeof title, "Promesse %lld", (long long)t->id.n);
	snprintf(branch, sizeof branch, "/%07lld", (long long)t->id.n);
	db_run(s.db, put_item, I("id", t->id.n), T("kind", "message"), I("author", authors[t->author].n),
	    I("board", all_board.n), I("council", t->level == COUNCIL ? s.nimes.n : 0), I("thread", t->root.n),
	    I("parent", t->is_root ? 0 : t->root.n), T("branch", t->is_root ? "" : branch),
	    I("number", t->is_root ? 1 : 2), T("level", levels[t->level]),
	    T("title", t->is_root ? title : ""), T("state", states[t->state]));
	db_run(s.db, put_text, I("item", t->id.n), I("version", 1), I("author", authors[t->author].n),
	    T("body", "premier jet"));
	db_run(s.db, put_text, I("item", t->id.n), I("version", 2), I("author", authors[t->author].n),
	    T("body", "au propre"));
	db_run(s.db, set_version, I("version", 2), I("id", t->id.n));
	db_run(s.db, put_words, I("item", t->id.n));
	name_readers(t->id);
	if (!t->is_root)
		return;
	db_run(s.db, put_thread, I("item", t->id.n), I("board", all_board.n), T("level", levels[t->level]),
	    I("last", t->id.n + 1));
}

/* A council's sheet of each level and state: its number is level * STATES + state. */
static void
put_sheet(int i)
{
	char sort[40], name[40];
	item_id id = { SHEETS + i };
	enum level level = (enum level)(i / STATES);
	snprintf(name, sizeof name, "Promesse %d", i);
	snprintf(sort, sizeof sort, "promesse %d\x01", i);
	db_run(s.db, put_item, I("id", id.n), T("kind", "sheet"), I("author", authors[BY_MEMBER].n),
	    T("board", NULL), I("council", level == COUNCIL ? s.nimes.n : 0), T("thread", NULL),
	    I("parent", 0), T("branch", ""), I("number", 1), T("level", levels[level]), T("title", name),
	    T("state", states[i % STATES]));
	db_run(s.db, put_text, I("item", id.n), I("version", 1), I("author", 0), T("body", "feuille"));
	db_run(s.db, put_council, I("id", id.n), T("fold", " promesse"), T("sort", sort));
	db_run(s.db, put_commune, I("id", id.n));
	db_run(s.db, put_council_word, I("id", id.n));
	name_readers(id);
}

static bool
sheet_read(const struct kind *viewer, int i)
{
	return may_read(viewer, (enum level)(i / STATES), (enum state)(i % STATES), authors[BY_MEMBER], false);
}

static board_id
make_board(const char *slug, const char *level, item_id council)
{
	struct board board = { .council = council, .position = 5 };
	buf_str(&board.slug, slug);
	buf_str(&board.title, slug);
	snprintf(board.level, sizeof board.level, "%s", level);
	as(SYSOP);
	assert_int_equal(board_put(s.db, &board), E_OK);
	board_id id = board.id;
	board_free(&board);
	return id;
}

static void
make_kinds(void)
{
	static const char *const names[] = { [REFUSED] = "refused", [SUSPENDED] = "suspended",
		[REMOVED] = "removed" };
	db_set_viewer(s.db, MACHINE);
	add_member(EPCI, "loire", (item_id){ 0 }, ROLE_ANIMATOR, "49");
	const enum who made[KINDS] = { [MEMBER] = ALBA, [OTHER] = XAVIER, [RESOURCE] = ROSA, [LAND] = GARD,
		[LAND_OTHER] = EPCI, [NATIONAL] = NATION, [OWNER] = SYSOP, [OWNER_PLAIN] = SYSOP };
	for (int k = 0; k < KINDS; k++)
		if (made[k])
			kinds[k].id = s.who[made[k]];
	kinds[WAITING].id = join("chantal", s.nimes);
	for (int k = REFUSED; k <= REMOVED; k++) {
		db_set_viewer(s.db, MACHINE);
		add_member(REGION, names[k], s.nimes, ROLE_MEMBER, NULL);
		kinds[k].id = s.who[REGION];
		assert_int_equal(db_begin(s.db), E_OK);
		db_run(s.db, set_member_state, T("state", names[k]), I("id", kinds[k].id.n));
		assert_int_equal(db_commit(s.db), E_OK);
	}
	authors[BY_BRUNO] = s.who[BRUNO];
	authors[BY_MEMBER] = kinds[MEMBER].id;
	authors[BY_SUSPENDED] = kinds[SUSPENDED].id;
}

static int
make_world(void **state)
{
	make_base(state);
	open_copy(state);
	make_kinds();
	all_board = make_board("promesses", "public", (item_id){ 0 });
	members_board = make_board("membres", "members", (item_id){ 0 });
	our_board = make_board("bureau", "council", s.nimes);
	other_board = make_board("ailleurs", "council", s.trelaze);
	assert_int_equal(db_begin(s.db), E_OK);
	for (int i = 0; i < LEVELS * STATES; i++)
		put_sheet(i);
	for (int i = 0; i < ITEMS; i++) {
		struct thing t = thing_of(i);
		put_thing(&t);
	}
	db_run(s.db, set_floor);
	assert_int_equal(db_commit(s.db), E_OK);
	return 0;
}

static int
remove_world(void **state)
{
	db_close(s.db);
	return remove_base(state);
}

static void
view_as(const struct kind *viewer)
{
	db_set_viewer(s.db, viewer->id);
	db_set_plain(s.db, viewer->plain);
}

/* ---- comparing ---- */

static int wrong;

static void
expect(const struct kind *viewer, const char *exit, const struct thing *t, int64_t expected, int64_t got)
{
	if (expected == got)
		return;
	wrong++;
	print_error("%s, %s, %s %s by %d (%lld): %lld, expected %lld\n", viewer->name, exit, levels[t->level],
	    states[t->state], t->author, (long long)t->id.n, (long long)got, (long long)expected);
}

/* What an exit gave, in all and by place in the order of things. */
struct given {
	const struct kind *viewer;
	int count, times[ITEMS];
};

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

static void
note(struct given *g, item_id id)
{
	g->count++;
	if (id.n >= FIRST && id.n < FIRST + ITEMS)
		g->times[id.n - FIRST]++;
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

/* ---- what is not an item ---- */

static bool
count_candidate(void *ctx, const struct candidate_row *row)
{
	*(int *)ctx += row->id.n == kinds[WAITING].id.n;
	return true;
}

static bool
any_member(void *ctx, const struct member_row *row)
{
	(void)ctx;
	(void)row;
	return true;
}

static bool
any_journal(void *ctx, const struct journal_row *row)
{
	(void)ctx;
	(void)row;
	return true;
}

static bool
any_outbox(void *ctx, const struct outbox_row *row)
{
	(void)ctx;
	(void)row;
	return true;
}

static bool
any_session(void *ctx, const struct session_row *row)
{
	(void)ctx;
	(void)row;
	return true;
}

static bool
any_key(void *ctx, int64_t id, const char *type, const char *blob, const char *name, int64_t created,
    int64_t used)
{
	(void)ctx;
	(void)used;
	(void)id;
	(void)created;
	return type && blob && name;
}

/* What each kind lets which others see: nothing, his council's members, all members. */
static member_id shows[3];

static int64_t
seen_by(const struct kind *viewer, int i, const char *where)
{
	struct person_sheet sheet;
	struct thing none = { 0 };
	int64_t seen = 0;
	bool own = shows[i].n == viewer->id.n;
	expect(viewer, where, &none, viewer->active ? E_OK : E_NOT_FOUND,
	    person_sheet_get(s.db, shows[i], &sheet));
	for (int f = 0; f < CONTACT_FIELDS; f++)
		seen += sheet.field[f].len > 0;
	person_sheet_free(&sheet);
	/* Of an address that waits for its code nobody else hears. */
	struct contact contact;
	expect(viewer, "contact_get", &none, own || viewer->manages ? E_OK : E_DENIED,
	    contact_get(s.db, shows[i], &contact));
	contact_free(&contact);
	return seen;
}

static bool
note_knows(void *ctx, const struct person_row *row)
{
	int *knows = ctx;
	for (int i = 0; i < 3; i++)
		if (row->id.n == shows[i].n)
			knows[i] += *row->knows ? 1 : 100;
	return true;
}

static void
contact_fields(void **state)
{
	(void)state;
	struct thing none = { 0 };
	static const char *const words[CONTACT_FIELDS] = { "", "0612345678", "Moi.", "Le droit." };
	wrong = 0;
	for (int i = 0; i < 3; i++) {
		static const char *const logins[] = { "montre0", "montre1", "montre2" };
		struct contact contact = { 0 };
		enum contact_field field;
		db_set_viewer(s.db, MACHINE);
		db_set_plain(s.db, false);
		add_member(REGION, logins[i], s.nimes, ROLE_MEMBER, NULL);
		shows[i] = s.who[REGION];
		for (int f = 0; f < CONTACT_FIELDS; f++) {
			buf_str(&contact.field[f], f ? words[f] : logins[i]);
			contact.seen[f] = (enum seen_by)i;
		}
		buf_str(&contact.field[CONTACT_EMAIL], "@example.org");
		assert_int_equal(contact_set(s.db, shows[i], &contact, &field), E_OK);
		contact_free(&contact);
	}
	for (int k = 0; k < KINDS; k++) {
		const struct kind *viewer = &kinds[k];
		view_as(viewer);
		for (int direction = -1; direction <= 1; direction += 2)
			for (int by_letters = 0; by_letters < 2; by_letters++) {
				int knows[3] = { 0 };
				person_page(s.db, by_letters ? "montre" : "", NULL, NOBODY, direction, 99,
				    note_knows, knows);
				for (int i = 0; i < 3; i++) {
					bool sees = i == SEEN_MEMBERS || (i == SEEN_COUNCIL && viewer->ours);
					none.id.n = i;
					/* A list is no place for the sysop's powers: it shows what members see. */
					expect(viewer, "person_page", &none,
					    !viewer->active ? 0 : sees ? 1 : 100, knows[i]);
				}
			}
		for (int i = 0; i < 3; i++) {
			bool sees = viewer->manages || i == SEEN_MEMBERS || (i == SEEN_COUNCIL && viewer->ours);
			none.id.n = i;
			expect(viewer, "person_sheet_get", &none, viewer->active && sees ? CONTACT_FIELDS : 0,
			    seen_by(viewer, i, "person_sheet_get"));
			expect(viewer, "member_code", &none, viewer->active && (viewer->manages || k == LAND ||
			    k == NATIONAL), may_give_code(s.db, shows[i]));
			expect(viewer, "session_list", &none, viewer->manages,
			    session_list(s.db, shows[i], 0, 9, any_session, NULL) >= 0);
		}
	}
	assert_int_equal(wrong, 0);
}

static void
note_own_text(void *ctx, item_id item, int64_t version, const char *title, int64_t created, const char *body)
{
	struct given *g = ctx;
	(void)version;
	(void)title;
	(void)created;
	assert_non_null(body);
	note(g, item);
}

/* One's own data: all of one's texts, whatever became of them, and none of another's. */
static void
own_exits(void **state)
{
	(void)state;
	struct thing none = { 0 };
	wrong = 0;
	for (int k = 0; k < KINDS; k++) {
		const struct kind *viewer = &kinds[k];
		struct given g = { 0 };
		item_id from = { 0 };
		view_as(viewer);
		own_text_page(s.db, from, 0, 2 * ITEMS, note_own_text, &g);
		for (int i = 0; i < ITEMS; i++) {
			struct thing t = thing_of(i);
			bool own = viewer->id.n && authors[t.author].n == viewer->id.n;
			expect(viewer, "own_text_page", &t, own ? 2 : 0, g.times[i]);
		}
		expect(viewer, "member_erase", &none, E_DENIED,
		    viewer->manages || k == MEMBER ? E_DENIED : member_erase(s.db, kinds[MEMBER].id, "alba"));
	}
	assert_int_equal(wrong, 0);
}

static void
people_and_papers(void **state)
{
	(void)state;
	struct thing none = { 0 };
	wrong = 0;
	view_as(&kinds[MEMBER]);
	assert_int_equal(draft_keep(s.db, "board:1", "Titre", "brouillon"), E_OK);
	for (int k = 0; k < KINDS; k++) {
		const struct kind *viewer = &kinds[k];
		struct member member = { 0 };
		struct draft draft = { 0 };
		bool self = k == MEMBER, sees = viewer->active;
		int candidates = 0;
		int64_t oldest;
		view_as(viewer);
		expect(viewer, "member_get", &none, sees ? E_OK : E_NOT_FOUND,
		    member_get(s.db, kinds[MEMBER].id, &member));
		expect(viewer, "addresses", &none, self || viewer->manages, member.email.len > 0);
		member_free(&member);
		expect(viewer, "member_find", &none, sees ? E_OK : E_NOT_FOUND,
		    member_find(s.db, "alba", &member));
		member_free(&member);
		expect(viewer, "the suspended", &none, viewer->manages || k == SUSPENDED ? E_OK : E_NOT_FOUND,
		    member_get(s.db, kinds[SUSPENDED].id, &member));
		member_free(&member);
		expect(viewer, "keys", &none, self || viewer->manages, member_keys(s.db, kinds[MEMBER].id,
		    any_key, NULL) >= 0);
		expect(viewer, "member_page", &none, viewer->manages,
		    member_page(s.db, MEMBER_ACTIVE, NOBODY, 1, 9, any_member, NULL) >= 0);
		expect(viewer, "member_search", &none, viewer->manages,
		    member_search(s.db, -1, "alba", "", NOBODY, 1, 9, any_member, NULL) >= 0);
		expect(viewer, "journal_find", &none, viewer->manages,
		    journal_find(s.db, &(struct journal_filter){ .act = "add", .object = "" }, 0, 1, 9, any_journal,
			NULL) >= 0);
		expect(viewer, "outbox_find", &none, viewer->manages,
		    outbox_find(s.db, MAIL_DUE, 0, 1, 9, any_outbox, NULL) >= 0);
		expect(viewer, "outbox_get", &none, viewer->manages ? E_NOT_FOUND : E_DENIED,
		    outbox_get(s.db, 999999, any_outbox, NULL));
		expect(viewer, "journal_page", &none, viewer->manages,
		    journal_page(s.db, 0, 9, any_journal, NULL) >= 0);
		expect(viewer, "outbox_page", &none, viewer->manages,
		    outbox_page(s.db, 0, 9, any_outbox, NULL) >= 0);
		expect(viewer, "db_backup", &none, true,
		    viewer->manages || db_backup(s.db, "/nowhere/copy") == E_DENIED);
		expect(viewer, "session_page", &none, sees, session_page(s.db, any_session, NULL) >= 0);
		candidate_page(s.db, NOBODY, 1, 99, count_candidate, &candidates);
		expect(viewer, "candidate_page", &none, viewer->approves, candidates);
		expect(viewer, "candidate_count", &none, viewer->approves, candidate_count(s.db, &oldest) > 0);
		expect(viewer, "draft_get", &none, self, draft_get(s.db, "board:1", &draft) == E_OK);
		draft_free(&draft);
		expect(viewer, "draft_last", &none, self, draft_last(s.db, &draft) == E_OK);
		draft_free(&draft);
	}
	assert_int_equal(wrong, 0);
}

/* ---- what people say to each other while they are on line ---- */

static bool
count_word(void *ctx, const struct word_row *row)
{
	*(int *)ctx += !strcmp(row->body, "Tu viens ce soir ?");
	return true;
}

static bool
count_notice(void *ctx, const struct notice *row)
{
	*(int *)ctx += !strcmp(buf_text(&row->body), "Tu viens ce soir ?");
	return true;
}

static bool
note_line(void *ctx, const struct daily_row *row)
{
	int *times = ctx;
	times[!strcmp(row->body, "Une ligne à cacher")]++;
	return true;
}

static bool
note_caller(void *ctx, const struct caller_row *row)
{
	int *times = ctx;
	times[0] += row->id.n == kinds[MEMBER].id.n;
	times[1] += row->id.n == kinds[RESOURCE].id.n;
	return true;
}

/* A word from MEMBER to RESOURCE, who is not to be seen; lines of both, that of RESOURCE is hidden. */
static int64_t
say_things(void)
{
	bool here;
	view_as(&kinds[MEMBER]);
	assert_int_equal(word_send(s.db, kinds[RESOURCE].id, "Tu viens ce soir ?", &here), E_OK);
	assert_int_equal(daily_put(s.db, "Une ligne"), E_OK);
	login_done(s.db, kinds[MEMBER].id);
	view_as(&kinds[RESOURCE]);
	assert_int_equal(daily_put(s.db, "Une ligne à cacher"), E_OK);
	assert_int_equal(member_set_presence(s.db, false, true), E_OK);
	login_done(s.db, kinds[RESOURCE].id);
	view_as(&kinds[OWNER]);
	int times[2] = { 0 };
	assert_int_equal(daily_page(s.db, 0, 1, 9, note_line, times), 2);
	/* The newest of two lines. */
	int64_t hidden = 2;
	assert_int_equal(daily_hide(s.db, hidden, true), E_OK);
	return hidden;
}

static void
words_and_lines(void **state)
{
	(void)state;
	struct thing none = { 0 };
	wrong = 0;
	int64_t hidden = say_things();
	for (int k = 0; k < KINDS; k++) {
		const struct kind *viewer = &kinds[k];
		bool got = k == RESOURCE, sent = k == MEMBER, sees = viewer->active;
		bool guards = k == LAND || viewer->moderates;
		int words[4] = { 0 }, lines[2][2] = { { 0 } }, one[2] = { 0 }, callers[2] = { 0 };
		view_as(viewer);
		word_page(s.db, false, 0, 9, count_word, &words[0]);
		word_page(s.db, true, 0, 9, count_word, &words[1]);
		word_look(s.db, 0, 9, count_word, &words[2]);
		notice_page(s.db, 0, 1, 9, count_notice, &words[3]);
		expect(viewer, "word_page", &none, got, words[0]);
		expect(viewer, "word_page of those sent", &none, sent, words[1]);
		expect(viewer, "word_look", &none, got, words[2]);
		expect(viewer, "notice_page", &none, got, words[3]);
		expect(viewer, "word_check", &none,
		    k == RESOURCE ? E_INVALID : sees && k != OPERATOR ? E_OK : E_DENIED,
		    word_check(s.db, kinds[RESOURCE].id));
		for (int up = 0; up < 2; up++) {
			expect(viewer, "daily_page", &none, sees,
			    daily_page(s.db, 0, up ? -1 : 1, 9, note_line, lines[up]) >= 0);
			expect(viewer, "daily_page's line", &none, sees, lines[up][0]);
			expect(viewer, "daily_page's hidden line", &none, got || guards, lines[up][1]);
		}
		expect(viewer, "daily_get", &none, got || guards ? E_OK : E_NOT_FOUND,
		    daily_get(s.db, hidden, note_line, one));
		expect(viewer, "daily_may_hide", &none, guards, daily_may_hide(s.db, hidden));
		expect(viewer, "caller_list", &none, sees, caller_list(s.db, note_caller, callers) >= 0);
		expect(viewer, "caller_list's member", &none, sees, callers[0]);
		expect(viewer, "caller_list, not to be seen", &none, 0, callers[1]);
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
		cmocka_unit_test(people_and_papers),
		cmocka_unit_test(contact_fields),
		cmocka_unit_test(own_exits),
		cmocka_unit_test(words_and_lines),
		cmocka_unit_test(threads_and_messages),
		cmocka_unit_test(answering),
		cmocka_unit_test(at_once),
	};
	return cmocka_run_group_tests(tests, make_world, remove_world);
}
