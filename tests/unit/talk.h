#ifndef TESTS_UNIT_TALK_H
#define TESTS_UNIT_TALK_H

/* Answers, and what is listed of threads and their messages, for the tests about talk. */
#include "tests/unit/people.h"

enum { MANY = 100 };

static inline void
run_on(const struct statement *statement, const struct arg *args)
{
	assert_int_equal(db_begin(s.db), E_OK);
	assert_int_equal(db_run_args(s.db, statement, args), 1);
	assert_int_equal(db_commit(s.db), E_OK);
}

static inline item_id
answer(enum who who, item_id parent)
{
	item_id id;
	as(who);
	assert_int_equal(thread_reply(s.db, parent, "Bonjour.", &id), E_OK);
	return id;
}

struct posts {
	int n;
	int64_t id[MANY + 1];
	int number[MANY + 1], depth[MANY + 1], answers[MANY + 1];
	char branch[MANY + 1][13 * 8];
	bool is_new[MANY + 1];
};

static inline bool
take_post(void *ctx, const struct post_row *row)
{
	struct posts *p = ctx;
	assert_true(p->n <= MANY);
	p->id[p->n] = row->id.n;
	p->number[p->n] = row->number;
	p->depth[p->n] = row->depth;
	p->answers[p->n] = row->answers;
	p->is_new[p->n] = row->is_new;
	assert_true(strlen(row->branch) < sizeof *p->branch);
	snprintf(p->branch[p->n++], sizeof *p->branch, "%s", row->branch);
	return true;
}

static inline void
read_all(item_id thread, struct posts *p)
{
	p->n = 0;
	int n = post_page(s.db, thread, NULL, (item_id){ 0 }, 1, MANY + 1, take_post, p);
	assert_int_equal(n, p->n);
}

struct threads {
	int n;
	int64_t id[MANY + 1], last[MANY + 1];
	bool is_new[MANY + 1];
};

static inline bool
take_thread(void *ctx, const struct thread_row *row)
{
	struct threads *t = ctx;
	assert_true(t->n <= MANY);
	t->id[t->n] = row->id.n;
	t->last[t->n] = row->last;
	t->is_new[t->n++] = row->is_new;
	return true;
}

#endif
