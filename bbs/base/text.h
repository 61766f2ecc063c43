#ifndef BBS_BASE_TEXT_H
#define BBS_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "bbs/base/mem.h"

/*
 * Text of people. Inside the program all text is UTF-8, NFC, free of control characters: it is
 * cleaned when it enters and again when it is drawn. Width is counted in terminal cells.
 */

enum text_kind {
	TEXT_LINE, /* one line: every run of white space is one space, none at the ends */
	TEXT_BODY, /* lines end in \n; no trailing blanks, at most two empty lines running, none at the ends */
	TEXT_RAW,  /* lines and spaces stay as they are (an editor's text); tabs become spaces */
};

/*
 * Adds to `out` the clean form of n bytes of anything. Invalid UTF-8 becomes U+FFFD, text becomes
 * NFC. Escape sequences go whole (CSI, OSC, DCS…, 7- and 8-bit), then every other control, bidi
 * override and isolate, BOM, tag and noncharacter. CR, CRLF, U+2028, U+2029 are line ends.
 * Stacks of more than 8 combining marks are cut. Cleaning twice changes nothing more.
 */
void
text_clean(struct buf *out, const char *in, size_t n, enum text_kind kind);

/* Bytes of the first grapheme cluster (0 at the end), and its width in cells in *cells. */
size_t
text_cluster(const char *s, size_t n, int *cells);

/* Cells of n bytes on one line. */
int
text_width(const char *s, size_t n);

/* The longest prefix, whole clusters, of at most `cells` cells: its bytes; its cells in *used. */
size_t
text_fit(const char *s, size_t n, int cells, int *used);

/*
 * Adds s cut to exactly `cells` cells: padded with spaces, or ended by `…` ("." where ellipsis is
 * NULL's place: pass "…" or ".") when it does not fit.
 */
void
text_pad(struct buf *out, const char *s, int cells, const char *ellipsis);

/*
 * Wraps a paragraph or a text with \n at `cells` (≥ 1) by Unicode line breaking, French rules kept
 * (no break before « ; : ! ? » », after « « »): gives the next line that starts at *at, moves *at
 * behind it (spaces at the break swallowed), and false at the end. A word wider than the line is
 * cut at a cluster. An empty line gives length 0 and true.
 */
struct text_line {
	size_t start, len;
	int cells;
	bool last; /* of its paragraph */
};
bool
text_wrap(const char *s, size_t n, int cells, size_t *at, struct text_line *line);

/*
 * For comparing and filtering: lower case, no accents, œ→oe, æ→ae, ’→', dashes→-, one space between.
 * Bytewise comparable.
 */
void
text_fold(struct buf *out, const char *s);

/*
 * For ordering as a French dictionary does, bytewise: letters first (as text_fold, punctuation as
 * space), then a byte 0x01 and the accents as a tie-break.
 */
void
text_sort_key(struct buf *out, const char *s);

/* The next folded word (letters, digits; plural s and x dropped from four letters on) of s, from *at. */
bool
text_word(const char *s, size_t *at, struct buf *word);

/* What a caller's terminal can show. */
enum charset {
	CHARSET_UTF8,
	CHARSET_LATIN1,
	CHARSET_LATIN9,
	CHARSET_CP437,
	CHARSET_CP850,
	CHARSET_CP1252,
	CHARSET_ASCII,
	CHARSET_COUNT,
};

/* iconv's name: "UTF-8", "ISO-8859-1"…; and back from a person's or a client's spelling, -1 if unknown. */
const char *
charset_name(enum charset charset);
int
charset_parse(const char *name);

/*
 * Adds s (clean UTF-8) folded to what the charset has: each code point either stays, or becomes
 * something it can show (œ→oe, “→", …→..., •→*, ●→*, ›→>, no-break spaces→space, – →-, €→EUR, é→e in ASCII,
 * ─│└→-|`, else ? for each cell). The result converts by iconv exactly. UTF-8 stays as it is.
 */
void
text_show(struct buf *out, const char *s, size_t n, enum charset charset);

/* Call before any fork or fence: loads what iconv and the tables above need, for every charset. */
void
charset_init(void);

/* From the wire: converts what is complete of in, keeps an incomplete tail in `rest` (≤ 8 bytes). */
struct charset_in {
	enum charset charset;
	char rest[8];
	size_t rest_len;
};
void
charset_decode(struct charset_in *c, const char *in, size_t n, struct buf *out);

/* To the wire: out gets the bytes; what the charset lacks becomes `?`. in ends at a code point. */
void
charset_encode(enum charset charset, const char *in, size_t n, struct buf *out);

#endif
