#ifndef TESTS_UNIT_ACCESS_H
#define TESTS_UNIT_ACCESS_H

/*
 * A world for the tests about who reads what: every kind of viewer, items of every level and every state;
 * and what an exit of the store gave, beside what was expected. Items of levels that no screen makes yet
 * are put in by statements of its own.
 */
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

static inline struct thing
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

/* ---- putting it in ---- */

static board_id all_board, members_board, our_board, other_board;

static inline void
name_readers(item_id id)
{
	for (int k = 0; k < KINDS; k++)
		if (kinds[k].named)
			db_run(s.db, put_reader, I("item", id.n), T("kind", "member"), I("id", kinds[k].id.n));
	/* A group of that number is no member of that number. */
	db_run(s.db, put_reader, I("item", id.n), T("kind", "group"), I("id", kinds[MEMBER].id.n));
}

static inline void
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
static inline void
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

static inline board_id
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

static inline void
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

static inline int
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

static inline int
remove_world(void **state)
{
	db_close(s.db);
	return remove_base(state);
}

static inline void
view_as(const struct kind *viewer)
{
	db_set_viewer(s.db, viewer->id);
	db_set_plain(s.db, viewer->plain);
}

/* ---- comparing ---- */

static int wrong;

static inline void
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

static inline void
note(struct given *g, item_id id)
{
	g->count++;
	if (id.n >= FIRST && id.n < FIRST + ITEMS)
		g->times[id.n - FIRST]++;
}

#endif
