/*
 * Text folded for comparing, ordering and searching. Never for showing: what a poorer terminal
 * gets is charset.c's work.
 */
#include "bbs/base/text.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <unistr.h>

#include "bbs/base/log.h"

enum { WORD_MAX = 64 }; /* code points; a longer run of letters is several words */

/* Letters that Unicode does not take apart, and the many apostrophes and quotes; ordered. */
static const struct {
	ucs4_t from;
	const char *to;
} folds[] = {
	{ 0xab, "\"" },   /* « */
	{ 0xbb, "\"" },   /* » */
	{ 0xe6, "ae" },   /* æ */
	{ 0xf0, "d" },    /* ð */
	{ 0xf8, "o" },    /* ø */
	{ 0xfe, "th" },   /* þ */
	{ 0x111, "d" },   /* đ */
	{ 0x127, "h" },   /* ħ */
	{ 0x131, "i" },   /* ı */
	{ 0x142, "l" },   /* ł */
	{ 0x14b, "n" },   /* ŋ */
	{ 0x153, "oe" },  /* œ */
	{ 0x167, "t" },   /* ŧ */
	{ 0x2b9, "'" },   /* ʹ */
	{ 0x2bc, "'" },   /* ʼ */
	{ 0x2018, "'" },  /* ‘ */
	{ 0x2019, "'" },  /* ’ */
	{ 0x201a, "'" },  /* ‚ */
	{ 0x201b, "'" },  /* ‛ */
	{ 0x201c, "\"" }, /* “ */
	{ 0x201d, "\"" }, /* ” */
	{ 0x201e, "\"" }, /* „ */
	{ 0x2032, "'" },  /* ′ */
	{ 0x2212, "-" },  /* − */
};

static const char *
fold_of(ucs4_t uc)
{
	for (size_t i = 0; i < sizeof folds / sizeof folds[0] && folds[i].from <= uc; i++)
		if (folds[i].from == uc)
			return folds[i].to;
	return NULL;
}

static bool
is_ascii(const char *s, size_t n)
{
	while (n && (unsigned char)*s < 0x80)
		s++, n--;
	return n == 0;
}

/* Small letters, decomposed; *length bytes to be freed. What is not UTF-8 is mended first. */
static uint8_t *
casefold(const char *s, size_t n, uninorm_t form, size_t *length)
{
	uint8_t *folded = u8_casefold((const uint8_t *)s, n, NULL, form, NULL, length);
	if (!folded && errno == EILSEQ) {
		struct buf clean = { 0 };
		text_clean(&clean, s, n, TEXT_RAW);
		folded = u8_casefold(
		    (const uint8_t *)buf_text(&clean), clean.len, NULL, form, NULL, length);
		buf_free(&clean);
	}
	if (!folded)
		die("case folding: %s", strerror(errno));
	return folded;
}

static bool
is_letter(ucs4_t uc)
{
	return uc_is_general_category_withtable(
	    uc, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N | UC_CATEGORY_MASK_Mc);
}

/* Folds n bytes; with `letters`, all that is neither letter nor digit is a space. */
static void
fold(struct buf *out, const char *s, size_t n, bool letters)
{
	size_t start = out->len;
	uint8_t *folded = NULL;
	const uint8_t *from = (const uint8_t *)s;
	if (!is_ascii(s, n))
		from = folded = casefold(s, n, UNINORM_NFKD, &n);
	bool space = false;
	for (size_t i = 0, bytes; i < n; i += bytes) {
		ucs4_t uc;
		bytes = (size_t)u8_mbtouc(&uc, from + i, n - i);
		if (uc >= 'A' && uc <= 'Z')
			uc += 'a' - 'A';
		if (uc >= 0x80 &&
		    uc_is_general_category_withtable(
			uc, UC_CATEGORY_MASK_Mn | UC_CATEGORY_MASK_Me | UC_CATEGORY_MASK_Cf))
			continue;
		const char *as = uc < 0x80 ? NULL : fold_of(uc);
		char one[7] = { 0 };
		if (!as && uc >= 0x80 && uc_is_general_category_withtable(uc, UC_CATEGORY_MASK_Pd))
			as = "-";
		if (!as) {
			u8_uctomb((uint8_t *)one, uc, sizeof one - 1);
			as = one;
		}
		if (uc <= ' ' || (letters && !is_letter(uc))) {
			space = out->len > start;
			continue;
		}
		if (space)
			buf_char(out, ' ');
		space = false;
		buf_str(out, as);
	}
	free(folded);
}

void
text_fold(struct buf *out, const char *s)
{
	fold(out, s, strlen(s), false);
}

bool
text_has(const char *s, const char *letters)
{
	struct buf folded = { 0 }, sought = { 0 };
	text_fold(&folded, s);
	text_fold(&sought, letters);
	bool found = strstr(buf_text(&folded), buf_text(&sought));
	buf_free(&folded);
	buf_free(&sought);
	return found;
}

void
text_sort_key(struct buf *out, const char *s)
{
	size_t n = strlen(s);
	fold(out, s, n, true);
	buf_char(out, '\x01');
	if (is_ascii(s, n))
		return;
	uint8_t *accents = casefold(s, n, UNINORM_NFD, &n);
	buf_add(out, accents, n);
	free(accents);
}

/* Drops the s or x of a plural. */
static void
singular(struct buf *word)
{
	char last = word->data[word->len - 1];
	if ((last == 's' || last == 'x') && u8_mbsnlen((const uint8_t *)word->data, word->len) >= 4)
		buf_cut(word, word->len - 1);
}

/* The first code point of a string, and its bytes: 0 at the end. What is not UTF-8 is no letter. */
static size_t
next_char(const char *s, ucs4_t *uc)
{
	int bytes = u8_strmbtouc(uc, (const uint8_t *)s);
	if (bytes >= 0)
		return (size_t)bytes;
	*uc = 0xfffd;
	return 1;
}

bool
text_word(const char *s, size_t *at, size_t *start, struct buf *word)
{
	size_t begin, bytes;
	ucs4_t uc;
	do {
		while ((bytes = next_char(s + *at, &uc)) && !is_letter(uc))
			*at += bytes;
		if (!bytes)
			return false;
		begin = *at;
		for (int count = 0; bytes && count < WORD_MAX; count++) {
			*at += bytes;
			bytes = next_char(s + *at, &uc);
			if (!is_letter(uc) &&
			    !uc_is_general_category_withtable(uc, UC_CATEGORY_MASK_M))
				break;
		}
		buf_cut(word, 0);
		fold(word, s + begin, *at - begin, true);
	} while (word->len == 0);
	/* ½ and the like fold to more than one word: the first stands for them. */
	char *space = memchr(word->data, ' ', word->len);
	if (space)
		buf_cut(word, (size_t)(space - word->data));
	singular(word);
	*start = begin;
	return true;
}
