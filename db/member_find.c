/*
 * Members found by a few letters of name, login or address: the words that find them, and pages of those
 * whom they find. For who manages members; what a member is stands in member.c.
 */
#include <stdlib.h>
#include <string.h>

#include "db/check.h"
#include "db/member.h"
#include "db/people.h"

enum {
	FILTER_WORDS = 4,
	WALK_MAX = 2000, /* words looked at for one page */
};
/* Behind every text that begins with a given one. */
#define LAST "\U0010ffff"

SQL_READ(words_from, "SELECT name, login, email FROM member WHERE id = :id");
SQL_WRITE(drop_member_words, "DELETE FROM member_word WHERE member = :id");
SQL_WRITE(add_member_word, "INSERT INTO member_word (word, member) VALUES (:word, :id)");
SQL_WRITE(set_fold, "UPDATE member SET fold = :fold WHERE id = :id");
SQL_WHOLE(without_words, "SELECT id FROM member WHERE id > 1 AND fold = '' ORDER BY id");

#define FOUND "SELECT w.word, m.id, m.fold, m.state FROM member_word w CROSS JOIN member m WHERE "
SQL_LIST(members_found_down, FOUND "(w.word, w.member) > (:word, :from) AND w.word < :last"
    " AND m.id = w.member ORDER BY w.word, w.member LIMIT :n");
SQL_LIST(members_found_up, FOUND "(w.word, w.member) < (:word, :from) AND w.word >= :first"
    " AND m.id = w.member ORDER BY w.word DESC, w.member DESC LIMIT :n");
#define ROW "SELECT m.id, m.login, m.name, m.email, m.role, m.state," \
	" coalesce((SELECT c.name FROM council_v c WHERE c.id = m.council), '')," \
	" coalesce((SELECT c.town FROM council_v c WHERE c.id = m.council), ''), m.created FROM member m"
SQL_READ(member_row, ROW " WHERE m.id = :id");
SQL_LIST(every_member_down, ROW " WHERE m.id < :from AND m.id > 1 ORDER BY m.id DESC LIMIT :n");
SQL_LIST(every_member_up, ROW " WHERE m.id > :from AND m.id > 1 ORDER BY m.id LIMIT :n");

/* ---- the words ---- */

/* Each word once, with a space before; of an address what stands before its @. */
static void
fold_of(const char *name, const char *login, const char *email, struct buf *out)
{
	struct buf all = { 0 };
	buf_fmt(&all, "%s %s %.*s", name, login, (int)strcspn(email, "@"), email);
	check_words_once(out, buf_text(&all));
	buf_free(&all);
}

void
member_index(struct db *db, int64_t member)
{
	struct buf fold = { 0 };
	struct query *q = db_query(db, words_from, I("id", member));
	if (!db_next(q))
		return;
	fold_of(db_text(q, 0), db_text(q, 1), db_text(q, 2), &fold);
	db_end(q);
	db_run(db, drop_member_words, I("id", member));
	db_run(db, set_fold, T("fold", buf_text(&fold)), I("id", member));
	char *rest = fold.data, *word;
	while ((word = strsep(&rest, " ")))
		if (*word)
			db_run(db, add_member_word, T("word", word), I("id", member));
	buf_free(&fold);
}

void
member_index_all(struct db *db)
{
	struct query *q = db_query(db, without_words);
	while (db_next(q))
		member_index(db, db_int(q, 0));
}

/* ---- pages ---- */

/* What is wanted of a page. */
struct find {
	int state; /* -1: any */
	int direction, n, count, words;
	struct buf typed; /* the filter's words, NULs between */
	const char *word[FILTER_WORDS];
	const char *lead; /* the longest of them, whose members are walked */
	member_each each;
	void *ctx;
};

static void
take_filter(struct find *f, const char *filter)
{
	struct buf cut = { 0 };
	/* Of an address what stands before its @ is kept. */
	for (const char *s = filter; *s;) {
		size_t word = strcspn(s, " "), kept = strcspn(s, "@ ");
		buf_add(&cut, s, kept);
		s += word;
		buf_char(&cut, ' ');
		s += *s == ' ';
	}
	check_words(&f->typed, buf_text(&cut));
	buf_free(&cut);
	char *rest = f->typed.data, *word;
	while (f->words < FILTER_WORDS && (word = strsep(&rest, " "))) {
		if (!*word)
			continue;
		f->word[f->words++] = word;
		if (!f->lead || strlen(word) > strlen(f->lead))
			f->lead = word;
	}
}

/* The first word of " alba martin", in the order of the alphabet, that begins so: its length, 0 none. */
static size_t
first_of(const char *fold, const char *begin, const char **first)
{
	size_t n = strlen(begin), best = 0;
	for (const char *at = fold; *at;) {
		at += *at == ' ';
		size_t len = strcspn(at, " ");
		if (len >= n && !strncmp(at, begin, n)) {
			size_t least = len < best ? len : best;
			int order = best ? strncmp(at, *first, least) : -1;
			if (order < 0 || (!order && len < best)) {
				*first = at;
				best = len;
			}
		}
		at += len;
	}
	return best;
}

/* Has he every word, and is this the one of his by which the page shows him? */
static bool
fits(const struct find *f, const char *word, const char *fold)
{
	const char *first = "";
	for (int i = 0; i < f->words; i++)
		if (!first_of(fold, f->word[i], &first))
			return false;
	size_t n = first_of(fold, f->lead, &first);
	return n == strlen(word) && !strncmp(word, first, n);
}

/* Hands a row of ROW's columns to the caller; false stops. */
static bool
give(struct find *f, struct query *q, const char *word)
{
	struct member_row row = { .id = { db_int(q, 0) }, .login = db_text(q, 1), .name = db_text(q, 2),
		.email = db_text(q, 3), .role = db_text(q, 4), .state = db_text(q, 5),
		.council = db_text(q, 6), .town = db_text(q, 7), .created = db_int(q, 8), .word = word };
	f->count++;
	return f->each(f->ctx, &row);
}

static bool
give_by_id(struct find *f, struct db *db, int64_t id, const char *word)
{
	struct query *q = db_query(db, member_row, I("id", id));
	if (!db_next(q))
		return true;
	bool more = give(f, q, word);
	db_end(q);
	return more;
}

static void
walk_words(struct find *f, struct db *db, const char *from_word, member_id from)
{
	struct buf last = { 0 };
	buf_fmt(&last, "%s%s", f->lead, LAST);
	bool down = f->direction > 0;
	const char *edge = from.n ? from_word : down ? f->lead : buf_text(&last);
	struct query *q = down ? db_query(db, members_found_down, T("word", edge), I("from", from.n),
				     T("last", buf_text(&last)), I("n", WALK_MAX))
			       : db_query(db, members_found_up, T("word", edge), I("from", from.n),
				     T("first", f->lead), I("n", WALK_MAX));
	while (db_next(q)) {
		const char *word = db_text(q, 0);
		if ((f->state >= 0 && member_state_parse(db_text(q, 3)) != f->state) ||
		    !fits(f, word, db_text(q, 2)))
			continue;
		if (!give_by_id(f, db, db_int(q, 1), word) || f->count == f->n) {
			db_end(q);
			break;
		}
	}
	buf_free(&last);
}

static void
walk_all(struct find *f, struct db *db, member_id from)
{
	int64_t edge = from.n ? from.n : f->direction > 0 ? INT64_MAX : 0;
	struct query *q = db_query_args(db, f->direction > 0 ? &every_member_down : &every_member_up,
	    ARGS_(I("from", edge), I("n", f->n)));
	while (db_next(q))
		if (!give(f, q, "")) {
			db_end(q);
			break;
		}
}

int
member_search(struct db *db, int state, const char *filter, const char *from_word, member_id from,
    int direction, int n, member_each each, void *ctx)
{
	if (!may(db, MAY_MANAGE_MEMBERS, (item_id){ 0 }))
		return E_DENIED;
	struct find find = { .state = state, .direction = direction, .n = n, .each = each, .ctx = ctx };
	take_filter(&find, filter);
	if (find.words)
		walk_words(&find, db, from_word, from);
	else if (state < 0)
		walk_all(&find, db, from);
	else
		find.count = member_page(db, (enum member_state)state, from, direction, n, each, ctx);
	buf_free(&find.typed);
	return find.count;
}
