/* Those who keep the talk in order: texts changed and kept, notices, reports, what is hidden,
 * moved, joined. */
#include "db/word.h"
#include "tests/unit/people.h"

enum { MANY = 40 };

SQL_WRITE(test_lock, "UPDATE thread SET locked = :locked WHERE item = :id");

static board_id
board_of(const char *slug)
{
	struct board board = { 0 };
	member_id before = db_viewer(s.db);
	assert_int_equal(board_find(s.db, slug, &board), E_OK);
	db_set_viewer(s.db, before);
	board_id id = board.id;
	board_free(&board);
	return id;
}

static board_id
make_board(const char *slug, const char *level)
{
	struct board board = { .position = 5 };
	member_id before = db_viewer(s.db);
	buf_str(&board.slug, slug);
	buf_str(&board.title, slug);
	snprintf(board.level, sizeof board.level, "%s", level);
	as(SYSOP);
	assert_int_equal(board_put(s.db, &board), E_OK);
	db_set_viewer(s.db, before);
	board_id id = board.id;
	board_free(&board);
	return id;
}

static item_id
open_thread(enum who who, board_id board, const char *title)
{
	item_id id;
	as(who);
	assert_int_equal(thread_new(s.db, board, title, "Bonjour à tous.", &id), E_OK);
	return id;
}

static item_id
answer(enum who who, item_id parent, const char *text)
{
	item_id id;
	as(who);
	assert_int_equal(thread_reply(s.db, parent, text, &id), E_OK);
	return id;
}

/* One message as the viewer gets it. */
struct one {
	char body[200], reason[200], state[12];
	bool open, edited;
	int number, depth, answers;
};

static bool
take_one(void *ctx, const struct post_row *row)
{
	struct one *o = ctx;
	snprintf(o->body, sizeof o->body, "%s", row->body);
	snprintf(o->reason, sizeof o->reason, "%s", row->reason);
	snprintf(o->state, sizeof o->state, "%s", row->state);
	o->open = row->open;
	o->edited = row->edited;
	o->number = row->number;
	o->depth = row->depth;
	o->answers = row->answers;
	return true;
}

static struct one
read_one(enum who who, item_id id)
{
	struct one o = { 0 };
	as(who);
	assert_int_equal(post_get(s.db, id, take_one, &o), E_OK);
	return o;
}

/* ---- a message changed ---- */

struct versions {
	int n;
	char body[9][40];
};

static bool
take_version(void *ctx, const struct post_version_row *row)
{
	struct versions *v = ctx;
	snprintf(v->body[v->n++], sizeof v->body[0], "%s", row->body);
	return true;
}

static void
changing(void **state)
{
	(void)state;
	item_id root = open_thread(ALBA, make_board("salles", "members"), "Une salle"), other, one;
	struct draft draft;
	one = answer(BRUNO, root, "Premier jet");
	other = answer(ALBA, one, "Merci");
	assert_false(read_one(ALBA, one).edited);
	as(ALBA);
	assert_int_equal(post_edit(s.db, one, "À sa place"), E_DENIED);
	as(VISITOR);
	assert_int_equal(post_edit(s.db, one, "À sa place"), E_NOT_FOUND);
	as(BRUNO);
	assert_int_equal(post_edit(s.db, one, "  \n "), E_EMPTY);
	assert_int_equal(draft_keep(s.db, "edit:0", "", "autre"), E_OK);
	char place[40];
	snprintf(place, sizeof place, "edit:%lld", (long long)one.n);
	assert_int_equal(draft_keep(s.db, place, "", "Au prop"), E_OK);
	set_clock(T0 + 60);
	assert_int_equal(post_edit(s.db, one, "Au propre"), E_OK);
	assert_int_equal(draft_get(s.db, place, &draft), E_NOT_FOUND);
	/* What is the same makes no version. */
	assert_int_equal(post_edit(s.db, one, "Au propre"), E_OK);
	struct one now = read_one(XAVIER, one);
	assert_string_equal(now.body, "Au propre");
	assert_true(now.edited);
	/* Its place, its answers and who had read it are as they were. */
	assert_int_equal(now.number, 2);
	assert_int_equal(read_one(XAVIER, other).answers, 2);
	static const struct {
		enum who who;
		int versions;
	} readers[] = { { BRUNO, 2 }, { NATION, 2 }, { SYSOP, 2 }, { ALBA, 0 }, { GARD, 0 },
		{ VISITOR, 0 } };
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		struct versions v = { 0 };
		as(readers[i].who);
		assert_int_equal(
		    post_versions(s.db, one, 0, 1, 9, take_version, &v), readers[i].versions);
		if (v.n)
			assert_string_equal(v.body[1], "Premier jet");
	}
	assert_int_equal(db_begin(s.db), E_OK);
	db_run(s.db, test_lock, I("locked", 1), I("id", root.n));
	assert_int_equal(db_commit(s.db), E_OK);
	as(BRUNO);
	assert_int_equal(post_edit(s.db, one, "Trop tard"), E_LOCKED);
}

/* ---- notices ---- */

struct notices {
	int n, unseen;
	int64_t first;
	char kind[9][24], body[9][80];
};

static bool
take_notice(void *ctx, const struct notice *row)
{
	struct notices *n = ctx;
	if (!n->n)
		n->first = row->id;
	snprintf(n->kind[n->n], sizeof n->kind[0], "%s", row->kind);
	snprintf(n->body[n->n++], sizeof n->body[0], "%s", buf_text(&row->body));
	n->unseen += !row->seen;
	return n->n < 9;
}

static struct notices
notices_of(enum who who)
{
	struct notices n = { 0 };
	as(who);
	notice_page(s.db, 0, 1, 9, take_notice, &n);
	return n;
}

/* ---- hidden ---- */

static void
hiding(void **state)
{
	(void)state;
	struct thread thread = { 0 };
	struct notice notice = { 0 };
	item_id id, root = open_thread(ALBA, make_board("salles", "public"), "Une salle"), post,
		    below;
	post = answer(BRUNO, root, "Des injures");
	below = answer(ALBA, post, "Oh !");
	static const struct {
		enum who who;
		int answer;
	} tries[] = { { VISITOR, E_DENIED }, { BRUNO, E_DENIED }, { ROSA, E_DENIED },
		{ GARD, E_DENIED } };
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		as(tries[i].who);
		assert_int_equal(post_hide(s.db, post, "Injures"), tries[i].answer);
		assert_int_equal(thread_lock(s.db, root, true), tries[i].answer);
	}
	as(NATION);
	assert_int_equal(post_show(s.db, post), E_DONE);
	assert_int_equal(post_hide(s.db, post, "   "), E_EMPTY);
	assert_int_equal(post_hide(s.db, post, "Des injures ne se disent pas ici."), E_OK);
	assert_int_equal(post_hide(s.db, post, "encore"), E_DONE);
	assert_int_equal(acts("hide", post.n), 1);
	/* The tree holds, the text is for its author and for who moderates there. */
	static const struct {
		enum who who;
		bool open;
	} readers[] = { { VISITOR, false }, { ALBA, false }, { GARD, false }, { BRUNO, true },
		{ NATION, true }, { SYSOP, true } };
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		struct one o = read_one(readers[i].who, post);
		assert_string_equal(o.state, "hidden");
		assert_string_equal(o.reason, "Des injures ne se disent pas ici.");
		assert_int_equal(o.open, readers[i].open);
		assert_string_equal(o.body, readers[i].open ? "Des injures" : "");
		assert_int_equal(read_one(readers[i].who, below).answers, 2);
	}
	/* A sysop on a line that others can listen to is a plain member. */
	as(SYSOP);
	db_set_plain(s.db, true);
	assert_int_equal(post_show(s.db, post), E_DENIED);
	assert_string_equal(read_one(SYSOP, post).body, "");
	db_set_plain(s.db, false);
	/* Its author is told why, here and by mail. */
	struct notices n = notices_of(BRUNO);
	assert_int_equal(n.n, 1);
	assert_int_equal(notice_count(s.db), 1);
	assert_string_equal(n.kind[0], "hidden");
	assert_string_equal(n.body[0], "Des injures ne se disent pas ici.");
	assert_int_equal(notice_get(s.db, n.first, &notice), E_OK);
	assert_true(notice.thread.n == root.n && notice.item.n == post.n);
	notice_free(&notice);
	assert_int_equal(notice_seen(s.db, n.first), E_OK);
	assert_int_equal(notice_count(s.db), 0);
	as(ALBA);
	assert_int_equal(notice_get(s.db, n.first, &notice), E_NOT_FOUND);
	assert_int_equal(mails("hidden", "bruno@example.org", "ne se disent pas"), 1);
	/* Nobody answers it; its author changes it, it is shown again. */
	assert_int_equal(thread_reply(s.db, post, "Et toc", &id), E_NOT_FOUND);
	as(BRUNO);
	assert_int_equal(post_edit(s.db, post, "Des excuses"), E_OK);
	as(SYSOP);
	assert_int_equal(post_show(s.db, post), E_OK);
	assert_string_equal(read_one(VISITOR, post).body, "Des excuses");
	assert_string_equal(notices_of(BRUNO).kind[0], "shown");
	/* A thread whose first message is hidden: no title, no hit, its talk goes on. */
	as(NATION);
	assert_int_equal(post_hide(s.db, root, "Publicité"), E_OK);
	as(XAVIER);
	assert_int_equal(thread_get(s.db, root, &thread), E_OK);
	assert_true(thread.hidden);
	assert_string_equal(buf_text(&thread.title), "");
	thread_free(&thread);
	assert_int_equal(thread_reply(s.db, below, "On continue", &id), E_OK);
	as(ALBA);
	assert_int_equal(thread_get(s.db, root, &thread), E_OK);
	assert_string_equal(buf_text(&thread.title), "Une salle");
	thread_free(&thread);
}

/* Who moderates which board: by the council or the territory that it is of. */
static void
territories(void **state)
{
	(void)state;
	static const struct {
		const char *slug;
		enum who moderators[6];
	} boards[] = {
		/* of a council, of its territories; of the network; ANJOU has another one */
		{ "conseil", { SYSOP, GARD, REGION, EPCI, NATION } },
		{ "territoire-30", { SYSOP, GARD, REGION, NATION } },
		{ "territoire-r76", { SYSOP, REGION, NATION } },
		{ "territoire-49", { SYSOP, ANJOU, NATION } },
		{ "questions", { SYSOP, NATION } },
	};
	for (size_t i = 0; i < sizeof boards / sizeof *boards; i++) {
		char own[40];
		snprintf(own, sizeof own, "conseil-%lld", (long long)s.nimes.n);
		as(ALBA);
		board_id board = board_of(i ? boards[i].slug : own);
		for (enum who who = VISITOR; who < WHO_COUNT; who++) {
			bool expected = false;
			for (int k = 0; k < 6; k++)
				expected = expected || (who && boards[i].moderators[k] == who);
			as(who);
			if (may_moderate(s.db, board) != expected)
				fail_msg("%s: %d moderates: %d", boards[i].slug, who, !expected);
		}
	}
}

/* ---- reports ---- */

struct queue {
	int n;
	int64_t id[9];
	char reason[9][40], body[9][40];
};

static bool
take_report(void *ctx, const struct report *row)
{
	struct queue *q = ctx;
	q->id[q->n] = row->id;
	snprintf(q->body[q->n], sizeof q->body[0], "%s", buf_text(&row->body));
	snprintf(q->reason[q->n++], sizeof q->reason[0], "%s", buf_text(&row->reason));
	return true;
}

static struct queue
queue_of(enum who who)
{
	struct queue q = { 0 };
	as(who);
	int n = report_page(s.db, 0, 1, 9, take_report, &q);
	assert_true(n == q.n || n == E_DENIED);
	assert_int_equal(report_count(s.db), q.n);
	return q;
}

static void
reporting(void **state)
{
	(void)state;
	char own[40];
	struct report report = { 0 };
	snprintf(own, sizeof own, "conseil-%lld", (long long)s.nimes.n);
	as(ALBA);
	item_id wide = open_thread(XAVIER, make_board("salles", "members"), "À tous");
	as(ALBA);
	item_id near = open_thread(BRUNO, board_of(own), "Entre nous");
	as(ALBA);
	assert_int_equal(report_new(s.db, wide, " "), E_EMPTY);
	assert_int_equal(report_new(s.db, wide, "Publicité"), E_OK);
	assert_int_equal(report_new(s.db, wide, "Publicité, bis"), E_DONE);
	assert_int_equal(report_new(s.db, near, "Injures"), E_OK);
	as(BRUNO);
	assert_int_equal(report_new(s.db, near, "Mon propre message"), E_DENIED);
	assert_int_equal(report_new(s.db, wide, "Encore de la publicité"), E_OK);
	as(XAVIER);
	assert_int_equal(report_new(s.db, near, "Je ne le lis pas"), E_NOT_FOUND);
	as(VISITOR);
	assert_int_equal(report_new(s.db, wide, "?"), E_NOT_FOUND);
	static const struct {
		enum who who;
		int count;
	} queues[] = { { ALBA, 0 }, { ROSA, 0 }, { VISITOR, 0 }, { ANJOU, 0 }, { GARD, 1 },
		{ EPCI, 1 }, { REGION, 1 }, { NATION, 3 }, { SYSOP, 3 } };
	for (size_t i = 0; i < sizeof queues / sizeof *queues; i++)
		assert_int_equal(queue_of(queues[i].who).n, queues[i].count);
	/* A report brings the text before an animator who is not of that council; and no more of
	 * it. */
	struct queue q = queue_of(GARD);
	struct thread thread = { 0 };
	assert_string_equal(q.reason[0], "Injures");
	assert_string_equal(q.body[0], "Bonjour à tous.");
	assert_int_equal(thread_of(s.db, near, &thread), E_NOT_FOUND);
	as(ALBA);
	assert_int_equal(report_get(s.db, q.id[0], &report), E_DENIED);
	as(ANJOU);
	assert_int_equal(report_get(s.db, q.id[0], &report), E_NOT_FOUND);
	/* Hidden: all its reports are closed, those who made them are told; and it can be shown
	 * again. */
	as(GARD);
	assert_int_equal(post_hide(s.db, near, "Injures, en effet"), E_OK);
	assert_int_equal(queue_of(GARD).n, 0);
	assert_string_equal(notices_of(ALBA).kind[0], "report-hidden");
	as(GARD);
	assert_int_equal(report_dismiss(s.db, q.id[0], "Rien de grave"), E_NOT_FOUND);
	assert_int_equal(post_show(s.db, near), E_OK);
	/* Dismissed with a word, once for all who reported it. */
	q = queue_of(NATION);
	assert_int_equal(q.n, 2);
	assert_int_equal(report_dismiss(s.db, q.id[1], ""), E_EMPTY);
	assert_int_equal(report_dismiss(s.db, q.id[1], "C’est une annonce utile."), E_OK);
	assert_int_equal(queue_of(SYSOP).n, 0);
	assert_string_equal(notices_of(ALBA).body[0], "C’est une annonce utile.");
	assert_string_equal(notices_of(BRUNO).body[0], "C’est une annonce utile.");
	as(SYSOP);
	assert_int_equal(report_dismiss(s.db, q.id[0], "Deux fois"), E_NOT_FOUND);
}

/* ---- threads: closed, pinned, moved ---- */

struct list {
	int n;
	int64_t id[MANY], place[MANY];
};

static bool
take_thread(void *ctx, const struct thread_row *row)
{
	struct list *l = ctx;
	l->id[l->n] = row->id.n;
	l->place[l->n++] = row->place;
	return true;
}

/* The whole list by pages of n. */
static struct list
list_by(board_id board, int direction, int n)
{
	struct list l = { 0 };
	int got;
	do
		got = thread_page(
		    s.db, board, l.n ? l.place[l.n - 1] : 0, direction, n, take_thread, &l);
	while (got == n);
	return l;
}

static void
pinning(void **state)
{
	(void)state;
	enum { COUNT = 14 };
	board_id board = make_board("salles", "public");
	item_id id[COUNT];
	for (int i = 0; i < COUNT; i++)
		id[i] = open_thread(ALBA, board, "Sujet");
	as(NATION);
	assert_int_equal(thread_pin(s.db, id[2], true), E_OK);
	assert_int_equal(thread_pin(s.db, id[2], true), E_DONE);
	assert_int_equal(thread_pin(s.db, id[7], true), E_OK);
	for (enum who who = VISITOR; who <= ALBA; who++) {
		as(who);
		for (int n = 1; n <= 6; n++) {
			struct list down = list_by(board, 1, n), up = list_by(board, -1, n);
			assert_int_equal(down.n, COUNT);
			assert_int_equal(up.n, COUNT);
			assert_true(down.id[0] == id[7].n && down.id[1] == id[2].n);
			for (int i = 0; i < COUNT; i++) {
				assert_true(down.id[i] == up.id[COUNT - 1 - i]);
				assert_true(i < 3 || down.place[i] < down.place[i - 1]);
			}
		}
	}
	as(NATION);
	for (int i = 0, pins = 2; i < COUNT && pins < PINS_MAX; i++)
		pins += thread_pin(s.db, id[i], true) == E_OK;
	assert_int_equal(thread_pin(s.db, id[COUNT - 1], true), E_LIMIT);
	assert_int_equal(thread_pin(s.db, id[2], false), E_OK);
	assert_int_equal(thread_pin(s.db, id[COUNT - 1], true), E_OK);
	assert_int_equal(acts("unpin", id[2].n), 1);
}

static void
locking(void **state)
{
	(void)state;
	item_id id, root = open_thread(ALBA, make_board("salles", "members"), "Une salle");
	as(NATION);
	assert_int_equal(thread_lock(s.db, root, true), E_OK);
	assert_int_equal(thread_lock(s.db, root, true), E_DONE);
	as(ALBA);
	assert_int_equal(thread_reply(s.db, root, "Trop tard", &id), E_LOCKED);
	as(NATION);
	assert_int_equal(thread_lock(s.db, root, false), E_OK);
	answer(ALBA, root, "Rouvert");
}

static bool
count_hit(void *ctx, const struct hit *hit)
{
	(void)hit;
	++*(int *)ctx;
	return true;
}

static void
moving(void **state)
{
	(void)state;
	char own[40];
	struct thread thread = { 0 };
	item_id root = open_thread(ALBA, make_board("salles", "public"), "Budget secret"), post;
	board_id from = board_of("salles");
	const struct search budget = { .words = "budget" };
	int found = 0;
	post = answer(BRUNO, root, "Oui");
	snprintf(own, sizeof own, "conseil-%lld", (long long)s.nimes.n);
	as(ALBA);
	board_id ours = board_of(own);
	assert_int_equal(thread_move(s.db, root, ours), E_DENIED);
	as(NATION);
	assert_int_equal(thread_move(s.db, root, ours), E_NOT_FOUND); /* he does not read it */
	assert_int_equal(thread_move(s.db, root, from), E_DONE);
	/* Nothing goes to a board that is closed. */
	struct board closed = { 0 };
	board_id shut = make_board("fermee", "members");
	as(SYSOP);
	assert_int_equal(board_get(s.db, shut, &closed), E_OK);
	closed.closed = true;
	assert_int_equal(board_put(s.db, &closed), E_OK);
	board_free(&closed);
	as(NATION);
	assert_int_equal(thread_move(s.db, root, shut), E_LOCKED);
	assert_int_equal(thread_pin(s.db, root, true), E_OK);
	board_id members = make_board("membres", "members");
	as(NATION);
	assert_int_equal(thread_move(s.db, root, members), E_OK);
	/* Every message of it is now for the new board's readers, and for no others. */
	as(VISITOR);
	assert_int_equal(thread_of(s.db, post, &thread), E_NOT_FOUND);
	assert_int_equal(search_page(s.db, &budget, (item_id){ 0 }, 1, 9, count_hit, &found), 0);
	as(XAVIER);
	assert_int_equal(thread_of(s.db, post, &thread), E_OK);
	assert_true(thread.board.n == members.n && !thread.pinned);
	thread_free(&thread);
	assert_int_equal(search_page(s.db, &budget, (item_id){ 0 }, 1, 9, count_hit, &found), 1);
	assert_int_equal(list_by(from, 1, 5).n, 0);
	assert_int_equal(list_by(members, 1, 5).n, 1);
	assert_string_equal(notices_of(ALBA).kind[0], "moved");
}

/* ---- trees joined and parted ---- */

struct order {
	int n;
	int64_t id[MANY];
	int number[MANY], depth[MANY], answers[MANY];
};

static bool
take_order(void *ctx, const struct post_row *row)
{
	struct order *o = ctx;
	o->id[o->n] = row->id.n;
	o->number[o->n] = row->number;
	o->answers[o->n] = row->answers;
	o->depth[o->n++] = row->depth;
	return true;
}

static struct order
order_of(item_id thread)
{
	struct order o = { 0 };
	post_page(s.db, thread, NULL, (item_id){ 0 }, 1, MANY, take_order, &o);
	return o;
}

static void
grafting(void **state)
{
	(void)state;
	board_id board = make_board("salles", "members"), other = make_board("autres", "public");
	item_id a = open_thread(ALBA, board, "Ancienne"), a1 = answer(BRUNO, a, "un"), a2, b, b1,
		new, id;
	struct thread thread = { 0 };
	a2 = answer(ALBA, a1, "deux");
	b = open_thread(BRUNO, other, "Nouvelle");
	b1 = answer(ALBA, b, "trois");
	as(XAVIER);
	assert_int_equal(mark_read(s.db, a, a2), E_OK);
	assert_int_equal(thread_merge(s.db, a, b), E_DENIED);
	as(NATION);
	assert_int_equal(thread_merge(s.db, a, a), E_INVALID);
	assert_int_equal(thread_merge(s.db, a, (item_id){ 999999 }), E_NOT_FOUND);
	/* The older joined to the newer: it stands below its first message, whole. */
	assert_int_equal(thread_merge(s.db, a, b), E_OK);
	struct order o = order_of(b);
	assert_int_equal(o.n, 5);
	const int64_t ids[] = { b.n, a.n, a1.n, a2.n, b1.n };
	const int numbers[] = { 1, 2, 3, 4, 5 }, depths[] = { 0, 1, 2, 3, 1 },
		  answers[] = { 0, 1, 2, 3, 1 };
	for (int i = 0; i < 5; i++) {
		assert_true(o.id[i] == ids[i]);
		assert_int_equal(o.number[i], numbers[i]);
		assert_int_equal(o.depth[i], depths[i]);
		assert_int_equal(o.answers[i], answers[i]);
	}
	/* It is no thread any more; its messages are found in the other, read by whom that one is
	 * for. */
	assert_int_equal(thread_get(s.db, a, &thread), E_NOT_FOUND);
	assert_int_equal(thread_of(s.db, a1, &thread), E_OK);
	assert_true(thread.id.n == b.n && thread.posts == 5 && thread.last == b1.n);
	thread_free(&thread);
	assert_string_equal(read_one(VISITOR, a1).body, "un");
	assert_int_equal(list_by(board, 1, 5).n, 0);
	/* Who was writing an answer there writes it here. */
	id = answer(XAVIER, a2, "quatre");
	as(XAVIER);
	assert_int_equal(thread_of(s.db, id, &thread), E_OK);
	assert_int_equal(thread.posts, 6);
	thread_free(&thread);
	/* Parted again, under a title of its own, in the board where it is. */
	as(ALBA);
	assert_int_equal(thread_split(s.db, a, "À part", &new), E_DENIED);
	as(NATION);
	assert_int_equal(thread_split(s.db, b, "À part", &new), E_INVALID);
	assert_int_equal(thread_split(s.db, a, " ", &new), E_EMPTY);
	assert_int_equal(thread_split(s.db, a, "À part", &new), E_OK);
	assert_true(new.n == a.n);
	o = order_of(a);
	assert_int_equal(o.n, 4);
	assert_true(o.id[0] == a.n && o.number[0] == 1 && o.depth[0] == 0 && o.id[3] == id.n &&
		    o.depth[3] == 3);
	o = order_of(b);
	assert_int_equal(o.n, 2);
	assert_true(o.id[1] == b1.n && o.number[1] == 2);
	int found = 0;
	search_page(s.db, &(struct search){ .words = "\"À part\"" }, (item_id){ 0 }, 1, 9, count_hit, &found);
	assert_int_equal(found, 1);
	assert_int_equal(list_by(other, 1, 5).n, 2);
	assert_int_equal(acts("merge", a.n) + acts("split", a.n), 2);
}

/* A tree deeper than it is shown keeps every answer with what it answers. */
static void
a_deep_graft(void **state)
{
	(void)state;
	enum { DEEP = 20, FROM = 5 };
	item_id id[DEEP], new;
	id[0] = open_thread(ALBA, make_board("salles", "members"), "Profond");
	for (int i = 1; i < DEEP; i++)
		id[i] = answer(i % 2 ? BRUNO : ALBA, id[i - 1], "encore");
	int64_t unread[MANY];
	as(ALBA);
	assert_int_equal(mark_read(s.db, id[0], id[DEEP - 3]), E_OK);
	int before = thread_unread(s.db, id[0], unread, MANY);
	as(NATION);
	assert_int_equal(thread_split(s.db, id[FROM], "La suite", &new), E_OK);
	struct order o = order_of(id[0]);
	assert_int_equal(o.n, FROM);
	o = order_of(new);
	assert_int_equal(o.n, DEEP - FROM);
	for (int i = 0; i < o.n; i++) {
		assert_true(o.id[i] == id[FROM + i].n);
		assert_int_equal(o.number[i], i + 1);
		assert_int_equal(o.answers[i], i);
		assert_int_equal(o.depth[i], i < 12 ? i : 12);
	}
	/* What was read before stays read, what was not stays new. */
	as(XAVIER);
	assert_int_equal(thread_unread(s.db, new, unread, MANY), DEEP - FROM);
	as(ALBA);
	assert_int_equal(before, 1);
	assert_int_equal(thread_unread(s.db, new, unread, MANY), before);
	as(NATION);
	assert_int_equal(thread_merge(s.db, new, id[0]), E_OK);
	assert_int_equal(order_of(id[0]).n, DEEP);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_copy, close_copy)
	const struct CMUnitTest tests[] = {
		TEST(changing),
		TEST(hiding),
		TEST(territories),
		TEST(reporting),
		TEST(pinning),
		TEST(locking),
		TEST(moving),
		TEST(grafting),
		TEST(a_deep_graft),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
