/*
 * Trees of talk joined and parted. The whole of a tree is read by its numbers, laid anew in memory and
 * written back, in one transaction: a thread is as long as its talk, and this is seldom done.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/text.h"
#include "db/people.h"
#include "db/search.h"
#include "db/talk.h"

SQL_WHOLE(tree_of, "SELECT t.id, coalesce(t.parent, 0), t.created FROM tree_v t WHERE t.thread = :thread"
    " ORDER BY t.id");
SQL_WRITE(lay_item, "UPDATE item SET thread = :thread, parent = nullif(CAST(:parent AS BIGINT), 0),"
    " branch = :branch, depth = :depth, number = :number, board = :board,"
    " council = nullif(CAST(:council AS BIGINT), 0), level = :level WHERE id = :id");
SQL_WRITE(set_title, "UPDATE item SET title = :title WHERE id = :id");
SQL_WRITE(put_thread, "INSERT INTO thread (item, board, level, last, last_at, posts)"
    " VALUES (:item, :board, :level, :last, :last_at, :posts) ON CONFLICT (item) DO UPDATE SET"
    " board = excluded.board, level = excluded.level, last = excluded.last, last_at = excluded.last_at,"
    " posts = excluded.posts");
/* One that was joined to another keeps its row, so that it can be parted again; no board lists it. */
SQL_WRITE(end_thread, "UPDATE thread SET board = NULL, pinned = 0, posts = 0 WHERE item = :item");
/*
 * What each has read goes along. Of a part split off: exactly. Of a thread joined to another: whoever took
 * part takes part there; whoever never opened the other begins where nothing of it is taken for read.
 * One by one member, each by his key: marks have no index by thread.
 */
SQL_WRITE(copy_marks, "INSERT INTO mark (member, thread, last, follows)"
    " SELECT m.id, CAST(:to AS BIGINT), CASE WHEN k.last < :most THEN k.last ELSE CAST(:most AS BIGINT) END,"
    " k.follows FROM member m JOIN mark k ON k.member = m.id AND k.thread = :from WHERE m.id > 1"
    " ON CONFLICT (member, thread) DO UPDATE SET"
    " follows = CASE WHEN excluded.follows = 1 THEN 1 ELSE mark.follows END");

struct leaf {
	int64_t id, parent, created;
	int depth;
	bool placed, taken;  /* laid; belongs to the part that is split off */
	struct buf branch;
};

struct tree {
	struct leaf *leaf; /* by id */
	int count, room;
};

static void
add_leaf(struct tree *t, struct leaf leaf)
{
	if (t->count == t->room) {
		t->room = t->room ? 2 * t->room : 64;
		t->leaf = mem_resize(t->leaf, (size_t)t->room * sizeof *t->leaf);
	}
	t->leaf[t->count++] = leaf;
}

static int
by_id(const void *a, const void *b)
{
	const struct leaf *x = a, *y = b;
	return (x->id > y->id) - (x->id < y->id);
}

static struct leaf *
leaf_of(struct tree *t, int64_t id)
{
	struct leaf wanted = { .id = id };
	return t->count ? bsearch(&wanted, t->leaf, (size_t)t->count, sizeof *t->leaf, by_id) : NULL;
}

static void
read_tree(struct db *db, int64_t thread, struct tree *t)
{
	struct query *q = db_query(db, tree_of, I("thread", thread));
	while (db_next(q))
		add_leaf(t,
		    (struct leaf){ .id = db_int(q, 0), .parent = db_int(q, 1), .created = db_int(q, 2) });
	if (t->count)
		qsort(t->leaf, (size_t)t->count, sizeof *t->leaf, by_id);
}

static void
free_tree(struct tree *t)
{
	for (int i = 0; i < t->count; i++)
		buf_free(&t->leaf[i].branch);
	free(t->leaf);
	*t = (struct tree){ 0 };
}

/*
 * Gives every message its branch and depth below the root. A parent is mostly older than its answers, so
 * that one pass does; where older talk was joined below a newer message it takes some more.
 */
static void
lay(struct tree *t, int64_t root)
{
	struct leaf *top = leaf_of(t, root);
	bool more = true;
	top->placed = true;
	top->parent = 0;
	while (more) {
		more = false;
		for (int i = 0; i < t->count; i++) {
			struct leaf *l = &t->leaf[i];
			struct leaf *up = l->placed ? NULL : leaf_of(t, l->parent);
			if (!up || !up->placed)
				continue;
			talk_branch(buf_text(&up->branch), l->id, &l->branch);
			l->depth = up->depth < DEPTH_MAX ? up->depth + 1 : DEPTH_MAX;
			l->placed = more = true;
		}
	}
}

/* Writes a tree that was laid, and its thread's row. */
static void
write_tree(struct db *db, struct tree *t, int64_t root, const struct thread *where)
{
	const struct leaf *last = &t->leaf[t->count - 1];
	int number = 1;
	for (int i = 0; i < t->count; i++) {
		const struct leaf *l = &t->leaf[i];
		int n = l->id == root ? 1 : ++number;
		db_run(db, lay_item, I("thread", root), I("parent", l->parent),
		    T("branch", buf_text(&l->branch)), I("depth", l->depth), I("number", n),
		    I("board", where->board.n), I("council", where->council.n), T("level", where->level),
		    I("id", l->id));
	}
	db_run(db, put_thread, I("item", root), I("board", where->board.n), T("level", where->level),
	    I("last", last->id), I("last_at", last->created), I("posts", t->count));
}

/* ---- joining ---- */

static void
join(struct db *db, const struct thread *from, const struct thread *into)
{
	struct tree tree = { 0 };
	read_tree(db, from->id.n, &tree);
	leaf_of(&tree, from->id.n)->parent = into->id.n;
	read_tree(db, into->id.n, &tree);
	lay(&tree, into->id.n);
	search_take_out_thread(db, from->id);
	search_take_out_thread(db, into->id);
	/* Before the other takes its `last`, which no two threads of a board may share. */
	db_run(db, end_thread, I("item", from->id.n));
	write_tree(db, &tree, into->id.n, into);
	db_run(db, copy_marks, I("from", from->id.n), I("to", into->id.n), I("most", into->id.n - 1));
	search_put_in_thread(db, into->id);
	report_place(db, into->id);
	free_tree(&tree);
}

int
thread_merge(struct db *db, item_id id, item_id other)
{
	struct thread from = { 0 }, into = { 0 };
	char detail[40];
	int r = db_begin(db);
	if (r)
		return r;
	r = talk_hold_board_thread(db, id, &from);
	if (!r)
		r = talk_hold_board_thread(db, other, &into);
	if (!r && id.n == other.n)
		r = E_INVALID;
	if (!r) {
		join(db, &from, &into);
		snprintf(detail, sizeof detail, "> %" PRId64, other.n);
		talk_tell(db, id, "merged", buf_text(&into.title));
		db_journal(db, "merge", "thread", id.n, detail);
		db_wrote(db, TOPIC_THREAD, id.n);
		db_wrote(db, TOPIC_THREAD, other.n);
		db_wrote(db, TOPIC_BOARD, from.board.n);
		db_wrote(db, TOPIC_BOARD, into.board.n);
	} else {
		db_fail(db, r);
	}
	thread_free(&from);
	thread_free(&into);
	return db_commit(db);
}

/* ---- parting ---- */

/* Moves a message and all that answers it to a tree of their own. */
static void
part(struct tree *whole, int64_t top, struct tree *out)
{
	bool more = true;
	leaf_of(whole, top)->taken = true;
	while (more) {
		more = false;
		for (int i = 0; i < whole->count; i++) {
			struct leaf *l = &whole->leaf[i];
			struct leaf *up = l->taken ? NULL : leaf_of(whole, l->parent);
			if (up && up->taken)
				l->taken = more = true;
		}
	}
	int kept = 0;
	for (int i = 0; i < whole->count; i++) {
		if (whole->leaf[i].taken)
			add_leaf(out, whole->leaf[i]);
		else
			whole->leaf[kept++] = whole->leaf[i];
	}
	whole->count = kept;
}

static void
split(struct db *db, const struct thread *thread, item_id post, const char *title)
{
	struct tree old = { 0 }, new = { 0 };
	struct thread made = { .id = post, .board = thread->board, .council = thread->council };
	snprintf(made.level, sizeof made.level, "%s", thread->level);
	buf_str(&made.title, title);
	read_tree(db, thread->id.n, &old);
	part(&old, post.n, &new);
	lay(&old, thread->id.n);
	lay(&new, post.n);
	search_take_out_thread(db, thread->id);
	/* The old one lets go of its `last` first, which the new one may take. */
	write_tree(db, &old, thread->id.n, thread);
	write_tree(db, &new, post.n, &made);
	db_run(db, set_title, T("title", title), I("id", post.n));
	db_run(db, copy_marks, I("from", thread->id.n), I("to", post.n), I("most", INT64_MAX));
	search_put_in_thread(db, thread->id);
	search_put_in_thread(db, made.id);
	free_tree(&old);
	free_tree(&new);
	thread_free(&made);
}

static int
write_split(struct db *db, item_id post, const char *title, item_id *out)
{
	struct thread thread = { 0 };
	char detail[40];
	int r = db_begin(db);
	if (r)
		return r;
	r = thread_of(db, post, &thread);
	if (!r && (thread.file || !may_moderate(db, thread.board)))
		r = E_DENIED;
	if (!r && thread.id.n == post.n)
		r = E_INVALID;
	if (!r) {
		split(db, &thread, post, title);
		snprintf(detail, sizeof detail, "< %" PRId64, thread.id.n);
		talk_tell(db, post, "split", title);
		db_journal(db, "split", "thread", post.n, detail);
		db_wrote(db, TOPIC_THREAD, thread.id.n);
		db_wrote(db, TOPIC_BOARD, thread.board.n);
		*out = post;
	} else {
		db_fail(db, r);
	}
	thread_free(&thread);
	return db_commit(db);
}

int
thread_split(struct db *db, item_id post, const char *typed, item_id *out)
{
	struct buf title = { 0 };
	int r = member_clean(&title, typed, TEXT_LINE, TITLE_MAX);
	if (!r)
		r = write_split(db, post, buf_text(&title), out);
	buf_free(&title);
	return r;
}
