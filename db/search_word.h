#ifndef DB_SEARCH_WORD_H
#define DB_SEARCH_WORD_H

#include <sqlite3.h>
#include <stdbool.h>

#include "bbs/base/mem.h"

/*
 * The next word of s as the search knows it: text_word's, cut down to its stem, so that "rénovations",
 * "rénover" and "Rénovation" are one. Else as text_word (bbs/base/text.h).
 */
bool
search_word(const char *s, size_t *at, size_t *start, struct buf *word);

/* The same words for FTS5. */
extern fts5_tokenizer search_tokenizer;

#endif
