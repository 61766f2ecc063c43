#ifndef DB_CHECK_H
#define DB_CHECK_H

#include <stddef.h>

#include "bbs/base/mem.h"

/*
 * Checks of single fields that several nouns share. Each cleans in place and answers E_OK, E_EMPTY,
 * E_TOO_LONG or E_INVALID; after a refusal the field holds the clean form of what was typed.
 */

/* One line of at most `max` bytes. */
int
check_line(struct buf *field, size_t max);

/* One line of at most so many cells on a screen. */
int
check_cells(struct buf *field, int cells);

/* Lines of at most `max` bytes; may be empty. */
int
check_body(struct buf *field, size_t max);

/* An e-mail address in small letters: ASCII, a local part, a domain of two labels or more. */
int
check_email(struct buf *email);

/* A telephone number: digits, at least 4, with spaces and . - / ( ) between, a + before. */
int
check_phone(struct buf *phone);

/* An address on the web, http or https; a bare "facebook.com/…" gets its https://. */
int
check_url(struct buf *url);

/*
 * Adds the words by which names are compared: small letters without accents, one space between, and
 * nothing else ("Bagnols-sur-Cèze" and "BAGNOLS SUR CEZE" are alike).
 */
void
check_words(struct buf *out, const char *s);

/* The same words, each once and with a space before: " alba martin". */
void
check_words_once(struct buf *out, const char *s);

#endif
