/*
 * Words as the search knows them: folded as everywhere, then stemmed by Snowball's French
 * (https://snowballstem.org/algorithms/french/stemmer.html); and the tokenizer that gives them to FTS5.
 */
#include "db/search_word.h"

#include <libstemmer.h>
#include <string.h>

#include "bbs/base/log.h"
#include "bbs/base/text.h"

static bool
ends(const struct buf *word, const char *end)
{
	size_t n = strlen(end);
	return word->len >= n && !memcmp(word->data + word->len - n, end, n);
}

/* Names of things ("rc12") and numbers stay; of the rest the stem. */
static void
stem(struct buf *word)
{
	static struct sb_stemmer *french;
	if (!french && !(french = sb_stemmer_new("french", "UTF_8")))
		die("no French stemmer");
	for (size_t i = 0; i < word->len; i++)
		if (word->data[i] >= '0' && word->data[i] <= '9')
			return;
	/* Without its x the stemmer would not know that "locaux" are more than one "local". */
	if (ends(word, "au") && !ends(word, "eau"))
		buf_char(word, 'x');
	const sb_symbol *s = sb_stemmer_stem(french, (const sb_symbol *)word->data, (int)word->len);
	if (!s)
		die("stemming: no memory");
	size_t n = (size_t)sb_stemmer_length(french);
	if (n) {
		buf_cut(word, 0);
		buf_add(word, (const char *)s, n);
	}
}

bool
search_word(const char *s, size_t *at, size_t *start, struct buf *word)
{
	if (!text_word(s, at, start, word))
		return false;
	stem(word);
	return true;
}

/* ---- for FTS5 ---- */

static int
create(void *ctx, const char **args, int count, Fts5Tokenizer **out)
{
	(void)ctx;
	(void)args;
	(void)count;
	static int nothing;
	*out = (Fts5Tokenizer *)(void *)&nothing;
	return SQLITE_OK;
}

static void
delete(Fts5Tokenizer *tokenizer)
{
	(void)tokenizer;
}

static int
tokenize(Fts5Tokenizer *tokenizer, void *ctx, int flags, const char *s, int n,
    int (*give)(void *ctx, int flags, const char *word, int size, int start, int end))
{
	(void)tokenizer;
	(void)flags;
	struct buf text = { 0 }, word = { 0 };
	size_t at = 0, start;
	int r = SQLITE_OK;
	buf_add(&text, s, (size_t)n);
	while (r == SQLITE_OK && search_word(buf_text(&text), &at, &start, &word))
		r = give(ctx, 0, word.data, (int)word.len, (int)start, (int)at);
	buf_free(&text);
	buf_free(&word);
	return r;
}

fts5_tokenizer search_tokenizer = { create, delete, tokenize };
