/*
 * The search in all that people publish: the index kept, and asked. What may be read of what it finds is
 * the views' affair; for whom an item is stands among its tags too, so that nobody's search walks
 * through what only others may read.
 */
#include "db/search.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/text.h"
#include "db/forum.h"
#include "db/search_word.h"

enum {
	WORDS_MAX = 8,        /* words and phrases that count */
	PASSAGE_BEFORE = 32,  /* bytes of the passage before the first word found */
	PASSAGE_MAX = 240,
	BEST_OF = 1000,       /* the newest hits, of which the best are shown */
	WEIGHED = 4096,       /* bytes of a text that count for that */
};

SQL_WRITE(take_out, "DELETE FROM search WHERE rowid = :id");
SQL_WRITE(put_in, "INSERT INTO search (rowid, title, body, tags)"
    " SELECT id, title, body, tags FROM search_text_v WHERE id = :id");
SQL_WRITE(take_out_thread, "DELETE FROM search WHERE rowid IN"
    " (SELECT id FROM item WHERE thread = :thread)");
SQL_WRITE(take_out_content, "DELETE FROM search WHERE rowid IN"
    " (SELECT item FROM entry WHERE content = :content)");
SQL_WRITE(put_in_content, "INSERT INTO search (rowid, title, body, tags)"
    " SELECT id, title, body, tags FROM search_text_v WHERE id IN"
    " (SELECT item FROM entry WHERE content = :content)");
SQL_WRITE(put_in_thread, "INSERT INTO search (rowid, title, body, tags)"
    " SELECT id, title, body, tags FROM search_text_v WHERE thread = :thread");

#define HIT "SELECT h.id, coalesce(h.thread, h.id), h.kind," \
	" coalesce((SELECT t.title FROM item_v t WHERE t.id = coalesce(h.thread, h.id)), '')," \
	" coalesce(a.name, ''), coalesce(b.title, ''), h.created, h.number," \
	" coalesce((SELECT x.body FROM text_v x WHERE x.item = h.id), '')" \
	" || coalesce((SELECT ' ' || f.body FROM file_text_v f WHERE f.item = h.id), '')" \
	" FROM search_v h LEFT JOIN member a ON a.id = h.author LEFT JOIN board_v b ON b.id = h.board" \
	" WHERE h.hit @MATCH@ AND "
SQL_LIST(hits_down, HIT "h.id < :from AND h.id >= :to ORDER BY h.id DESC LIMIT :n");
SQL_LIST(hits_up, HIT "h.id > :from AND h.id < :to ORDER BY h.id LIMIT :n");
SQL_READ(viewer_council, "SELECT coalesce(council, 0) FROM viewer_v");
SQL_READ(newest_item, "SELECT id FROM newest_v");
SQL_READ(moment_of, "SELECT created FROM moment_v WHERE id >= :id ORDER BY id LIMIT 1");

/* ---- the index ---- */

void
search_take_out(struct db *db, item_id item)
{
	db_run(db, take_out, I("id", item.n));
}

void
search_put_in(struct db *db, item_id item)
{
	if (!db_spends(db))
		db_run(db, put_in, I("id", item.n));
}

void
search_take_out_thread(struct db *db, item_id thread)
{
	db_run(db, take_out_thread, I("thread", thread.n));
}

void
search_put_in_thread(struct db *db, item_id thread)
{
	db_run(db, put_in_thread, I("thread", thread.n));
}

void
search_take_out_content(struct db *db, int64_t content)
{
	db_run(db, take_out_content, I("content", content));
}

void
search_put_in_content(struct db *db, int64_t content)
{
	db_run(db, put_in_content, I("content", content));
}

/* ---- what was typed, as FTS5 asks for it (https://sqlite.org/fts5.html, 3) ---- */

/* The next word, or words in quotes, of what was typed: start and bytes; false at the end. */
static bool
next_term(const char *typed, size_t *at, size_t *start, size_t *n)
{
	struct buf word = { 0 };
	bool found = false;
	while (!found && typed[*at]) {
		size_t first;
		bool quoted = typed[*at] == '"';
		*start = *at + quoted;
		*n = strcspn(typed + *start, quoted ? "\"" : " \"");
		*at = *start + *n + (quoted && typed[*start + *n]);
		struct buf term = { 0 };
		size_t inside = 0;
		buf_add(&term, typed + *start, *n);
		found = text_word(buf_text(&term), &inside, &first, &word);
		buf_free(&term);
		if (!found && !quoted && typed[*at] == ' ')
			++*at;
	}
	buf_free(&word);
	return found;
}

static void
and(struct buf *match)
{
	if (match->len)
		buf_str(match, " AND ");
}

/* All terms, the filters, and whose eyes it is for. "" where nothing is sought. */
static void
spell(struct db *db, const struct search *s, struct buf *match)
{
	size_t at = 0, start, n;
	for (int i = 0; i < WORDS_MAX && next_term(s->words, &at, &start, &n); i++) {
		and(match);
		buf_str(match, "{title body} : \"");
		buf_add(match, s->words + start, n);
		buf_char(match, '"');
	}
	const struct {
		char tag;
		int64_t id;
	} filters[] = { { 'a', s->author.n }, { 'b', s->board.n }, { 't', s->thread.n } };
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
		if (filters[i].id) {
			and(match);
			buf_fmt(match, "tags : %c%" PRId64, filters[i].tag, filters[i].id);
		}
	if (!match->len)
		return;
	static const char *const kinds[] = { [SEARCH_MESSAGES] = "kmessage", [SEARCH_COUNCILS] = "ksheet",
		[SEARCH_FILES] = "(kfile OR kfolder)" };
	if (s->kind != SEARCH_ALL)
		buf_fmt(match, " AND tags : %s", kinds[s->kind]);
	int64_t council = db_one(db, viewer_council, -1);
	buf_str(match, " AND tags : (rpublic");
	if (council >= 0)
		buf_fmt(match, " OR rmembers OR rnamed OR rm%" PRId64, db_viewer(db).n);
	if (council > 0)
		buf_fmt(match, " OR rc%" PRId64, council);
	buf_char(match, ')');
}

/* The first id of that moment or later: ids only grow, and so does the time in which they are given. */
static int64_t
first_since(struct db *db, int64_t moment)
{
	int64_t low = 1, high = db_one(db, newest_item, 0) + 1;
	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		if (db_one(db, moment_of, INT64_MAX, I("id", middle)) < moment)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* ---- the words in their place ---- */

/* The stems sought, one behind the other, each ended by a NUL. */
static void
stems_of(const char *typed, struct buf *stems)
{
	struct buf word = { 0 };
	size_t at = 0, start;
	while (search_word(typed, &at, &start, &word))
		buf_add(stems, word.data, word.len + 1);
	buf_free(&word);
}

/* Which of the stems a word is; -1 none. */
static int
stem_index(const struct buf *stems, const struct buf *word)
{
	int i = 0;
	for (size_t at = 0; at < stems->len; at += strlen(stems->data + at) + 1, i++)
		if (!strcmp(stems->data + at, word->data))
			return i;
	return -1;
}

/* The byte where a passage begins that shows what stands at `found`: between two words. */
static size_t
passage_start(const char *body, size_t found)
{
	size_t start = found > PASSAGE_BEFORE ? found - PASSAGE_BEFORE : 0;
	while (start && start < found && body[start - 1] != ' ' && body[start - 1] != '\n')
		start++;
	return start;
}

/* Adds bytes of a text as one line. */
static void
add_line(struct buf *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_char(out, s[i] == '\n' ? ' ' : s[i]);
}

static void
add_passage(const char *body, const struct buf *stems, struct buf *out)
{
	struct buf word = { 0 };
	size_t at = 0, start = 0, from = 0, done = 0;
	bool found = false;
	while (!found && search_word(body, &at, &start, &word))
		found = stem_index(stems, &word) >= 0;
	if (found)
		from = passage_start(body, start);
	if (from)
		buf_str(out, "… ");
	at = done = from;
	while (search_word(body, &at, &start, &word) && at - from < PASSAGE_MAX) {
		bool hit = stem_index(stems, &word) >= 0;
		add_line(out, body + done, start - done);
		if (hit)
			buf_char(out, HIT_BEGIN);
		add_line(out, body + start, at - start);
		if (hit)
			buf_char(out, HIT_END);
		done = at;
	}
	if (body[done] && body[done + strcspn(body + done, " \n")])
		buf_str(out, " …");
	else
		add_line(out, body + done, strlen(body + done));
	buf_free(&word);
}

/* ---- asking ---- */

struct asking {
	struct buf match, stems;
	int64_t low, high; /* ids from low on, below high */
};

static bool
begin(struct db *db, const struct search *s, struct asking *a)
{
	spell(db, s, &a->match);
	stems_of(s->words, &a->stems);
	a->low = s->since ? first_since(db, s->since) : 0;
	a->high = s->until ? first_since(db, s->until) : INT64_MAX;
	return a->match.len && a->low < a->high;
}

static void
end(struct asking *a)
{
	buf_free(&a->match);
	buf_free(&a->stems);
}

static struct query *
hits(struct db *db, const struct asking *a, int64_t from, int direction, int n)
{
	if (direction > 0) {
		int64_t below = from && from < a->high ? from : a->high;
		return db_query(db, hits_down, T("match", buf_text(&a->match)), I("from", below),
		    I("to", a->low), I("n", n));
	}
	int64_t above = from >= a->low ? from : a->low - 1;
	return db_query(db, hits_up, T("match", buf_text(&a->match)), I("from", above), I("to", a->high),
	    I("n", n));
}

/* Hands over the rows of a query; how many. */
static int
give(struct query *q, const struct asking *a, hit_each each, void *ctx)
{
	int count = 0;
	bool more = true;
	while (more && db_next(q)) {
		struct buf passage = { 0 };
		add_passage(db_text(q, 8), &a->stems, &passage);
		struct hit hit = { .id = { db_int(q, 0) }, .thread = { db_int(q, 1) },
			.kind = db_text(q, 2), .title = db_text(q, 3),
			.author = db_text(q, 4), .board = db_text(q, 5), .created = db_int(q, 6),
			.number = (int)db_int(q, 7), .passage = buf_text(&passage) };
		count++;
		more = each(ctx, &hit);
		buf_free(&passage);
	}
	if (!more)
		db_end(q);
	return count;
}

int
search_page(struct db *db, const struct search *s, item_id from, int direction, int n, hit_each each,
    void *ctx)
{
	struct asking a = { 0 };
	int count = 0;
	if (begin(db, s, &a))
		count = give(hits(db, &a, from.n, direction, n), &a, each, ctx);
	end(&a);
	return count;
}

/* ---- the best first ---- */

struct weighed {
	int64_t id;
	double weight;
};

/* How often each sought word stands in a text, and how many words it has. */
static int
count_words(const char *text, const struct buf *stems, int counts[WORDS_MAX])
{
	struct buf word = { 0 };
	size_t at = 0, start;
	int all = 0;
	while (at < WEIGHED && search_word(text, &at, &start, &word)) {
		int i = stem_index(stems, &word);
		all++;
		if (i >= 0 && i < WORDS_MAX)
			counts[i]++;
	}
	buf_free(&word);
	return all;
}

/*
 * A word weighs the more the oftener it stands in a short text, with less and less gain each time (as in
 * Okapi's BM25, but for how rare it is: every hit has every word); in the title, four times.
 */
static double
weight_of(const char *title, const char *body, const struct buf *stems)
{
	enum { USUAL = 60 };
	int in_title[WORDS_MAX] = { 0 }, in_body[WORDS_MAX] = { 0 };
	double weight = 0;
	count_words(title, stems, in_title);
	int words = count_words(body, stems, in_body);
	for (int i = 0; i < WORDS_MAX; i++)
		weight += 4 * (in_title[i] > 0) +
		    in_body[i] / (in_body[i] + 1.2 * (0.25 + 0.75 * words / USUAL));
	return weight;
}

static int
heavier(const void *a, const void *b)
{
	const struct weighed *x = a, *y = b;
	if (x->weight > y->weight || x->weight < y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->id > y->id ? -1 : x->id < y->id;
}

int
search_best(struct db *db, const struct search *s, int n, hit_each each, void *ctx)
{
	struct asking a = { 0 };
	struct weighed *all = mem_alloc(BEST_OF * sizeof *all);
	int count = 0, given = 0;
	if (begin(db, s, &a)) {
		struct query *q = hits(db, &a, 0, 1, BEST_OF);
		for (; db_next(q); count++)
			all[count] = (struct weighed){ db_int(q, 0),
				weight_of(db_text(q, 3), db_text(q, 8), &a.stems) };
		qsort(all, (size_t)count, sizeof *all, heavier);
		for (int i = 0; i < count && given < n; i++) {
			a.low = all[i].id;
			given += give(hits(db, &a, all[i].id + 1, 1, 1), &a, each, ctx);
		}
	}
	free(all);
	end(&a);
	return given;
}
