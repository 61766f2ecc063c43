/*
 * Short words from one member to another, one line each: notices of kind "word". On line they are shown at
 * a calm moment, else they wait among the notices; after a month they go.
 */
#include "bbs/base/clock.h"
#include "db/check.h"
#include "db/people.h"
#include "db/word.h"

SQL_READ(takes_words, "SELECT takes_words FROM member WHERE id = :id AND state = 'active' AND id > 1");
#define OTHER(column) ", coalesce(a.login, ''), coalesce(a.name, ''), coalesce(w." column ", 0)"
SQL_LIST(words_got, "SELECT w.id, w.created, w.body, w.seen" OTHER("sender") " FROM notice_v w"
    " LEFT JOIN member a ON a.id = w.sender WHERE w.kind = 'word' AND w.id < :from"
    " ORDER BY w.id DESC LIMIT :n");
SQL_LIST(words_sent, "SELECT w.id, w.created, w.body, 1" OTHER("member") " FROM word_sent_v w"
    " JOIN member a ON a.id = w.member WHERE w.id < :from ORDER BY w.id DESC LIMIT :n");
SQL_LIST(words_to_see, "SELECT w.id, w.created, w.body, 0" OTHER("sender") " FROM notice_v w"
    " LEFT JOIN member a ON a.id = w.sender WHERE w.kind = 'word' AND w.seen = 0 AND w.id > :from"
    " ORDER BY w.id LIMIT :n");
SQL_WRITE(see_words, "UPDATE notice SET seen = 1 WHERE member = :member AND kind = 'word' AND seen = 0"
    " AND id > :from AND id <= :to");

int
word_check(struct db *db, member_id to)
{
	member_id me = db_viewer(db);
	if (me.n == MACHINE.n || !may(db, MAY_SEE_PEOPLE, (item_id){ 0 }))
		return E_DENIED;
	if (me.n == to.n)
		return E_INVALID;
	int64_t takes = db_one(db, takes_words, -1, I("id", to.n));
	return takes < 0 ? E_NOT_FOUND : takes ? E_OK : E_LOCKED;
}

int
word_send(struct db *db, member_id to, const char *typed, bool *here)
{
	struct buf word = { 0 };
	buf_str(&word, typed);
	int r = check_cells(&word, WORD_CELLS);
	if (!r)
		r = db_begin(db);
	if (!r) {
		r = word_check(db, to);
		if (!r)
			r = limit_word(db, buf_text(&word));
		if (r)
			db_fail(db, r);
		notice_send(db, to, "word", (item_id){ 0 }, buf_text(&word));
		r = db_commit(db);
	}
	*here = !r && session_seen(db, to);
	buf_free(&word);
	return r;
}

static int
give(struct query *q, word_each each, void *ctx)
{
	int count = 0;
	while (db_next(q)) {
		const struct word_row row = { .id = db_int(q, 0), .created = db_int(q, 1), .body = db_text(q, 2),
			.seen = db_int(q, 3), .login = db_text(q, 4), .name = db_text(q, 5),
			.other = { db_int(q, 6) } };
		count++;
		if (!each(ctx, &row)) {
			db_end(q);
			break;
		}
	}
	return count;
}

int
word_page(struct db *db, bool sent, int64_t from, int n, word_each each, void *ctx)
{
	return give(db_query_args(db, sent ? &words_sent : &words_got,
			ARGS_(I("from", from ? from : INT64_MAX), I("n", n))), each, ctx);
}

int
word_look(struct db *db, int64_t from, int n, word_each each, void *ctx)
{
	return give(db_query(db, words_to_see, I("from", from), I("n", n)), each, ctx);
}

int
word_seen(struct db *db, int64_t from, int64_t to)
{
	member_id me = db_viewer(db);
	int r = db_begin(db);
	if (r)
		return r;
	if (db_run(db, see_words, I("member", me.n), I("from", from), I("to", to)) > 0)
		db_wrote(db, TOPIC_MEMBER, me.n);
	return db_commit(db);
}
