#ifndef BBS_BASE_TEXT_H
#define BBS_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "bbs/base/mem.h"

/*
 * Text of people. Inside the program all text is UTF-8, NFC, free of control characters: it is
 * cleaned when it enters and again when it is drawn. Width is counted in terminal cells, as
 * wcwidth() counts them: ncurses and tmux place by it.
 */

enum text_kind {
	/* One line: a run of white space is one space (one no-break space where there is no other),
	 * none at the ends. */
	TEXT_LINE,
	/* Lines parted by \n: no blanks before it, at most two empty lines running, none at the ends
	 * and no last \n. Tabs become spaces, to the next multiple of 4. */
	TEXT_BODY,
	/* An editor's text: lines and spaces stay as they are; tabs as in a body. */
	TEXT_RAW,
};

/*
 * Adds to `out` the clean form of n bytes of anything, at most four times as many. Invalid UTF-8
 * and unassigned code points become U+FFFD, text becomes NFC. Escape sequences go whole (CSI, OSC,
 * DCS…, 7- and 8-bit; of one that has no end at most 256 bytes, never past a line end). Then goes
 * all that is a control or invisible: bidi marks, joiners, soft hyphens, variation selectors, BOM,
 * tags, noncharacters; and skin tones. CR, CRLF, VT, FF, NEL, U+2028, U+2029 are line ends. The
 * no-break spaces U+00A0 and U+202F stay, any other space is U+0020. A combining mark without a
 * base goes, and so does what follows the eighth. Cleaning twice changes nothing more.
 */
void
text_clean(struct buf *out, const char *in, size_t n, enum text_kind kind);

/*
 * Bytes of the first cluster (0 at the end), and its width in *cells, at most 2: one code point
 * with its marks, or a flag.
 */
size_t
text_cluster(const char *s, size_t n, int *cells);

/* Cells of n bytes on one line; a line end counts nothing. */
int
text_width(const char *s, size_t n);

/* The longest prefix, whole clusters, of at most `cells` cells: its bytes; its cells in *used. */
size_t
text_fit(const char *s, size_t n, int cells, int *used);

/*
 * Adds s in exactly `cells` cells: padded with spaces, or where it does not fit cut and ended by
 * `ellipsis` ("…", or "..." where the charset lacks it; NULL: just cut).
 */
void
text_pad(struct buf *out, const char *s, int cells, const char *ellipsis);

/*
 * Wraps a text with \n at `cells` by Unicode line breaking, with French rules: no break before
 * » ; : ! ? % € nor after «, even across ordinary spaces, if the line has any other break; no-break
 * spaces hold always. Gives the next line, which starts at *at (0 at first), moves *at behind it,
 * spaces and \n swallowed, and gives false at the end. A word wider than the line is cut at a
 * cluster; a line has one cluster at least, so only a line of 1 cell may be wider than `cells`. An
 * empty line has length 0. A \n at the very end starts no line. Spaces that end a paragraph are in
 * the line as far as they fit. Costs what the line costs, wherever in the text it is.
 */
struct text_line {
	size_t start, len;
	int cells;
	bool last; /* of its paragraph */
};
bool
text_wrap(const char *s, size_t n, int cells, size_t *at, struct text_line *line);

/*
 * Adds s for comparing and filtering: small letters, no accents, œ→oe, æ→ae, ß→ss, ’→', “«→",
 * dashes→-, … → ..., one space between, none at the ends. Bytewise comparable.
 */
void
text_fold(struct buf *out, const char *s);
/* Does s have those letters somewhere, both folded? "" is everywhere. */
bool
text_has(const char *s, const char *letters);

/*
 * Adds s for ordering as a French dictionary does, bytewise: its letters as text_fold gives them,
 * all else as space; then a byte 0x01 and the accents as a tie-break. Free of NUL.
 */
void
text_sort_key(struct buf *out, const char *s);

/*
 * The next word of s from byte *at, folded, in place of what `word` held; *start is the byte where it
 * begins, *at moves behind it.
 * False at the end. Letters and digits make a word, anything else parts ("l’eau" is l and eau);
 * from four letters on, a last s or x is dropped, so that plurals by s or x are alike (quartiers,
 * quartier; bureaux, bureau; but not locaux, local). A run of over 64 letters is several words.
 */
bool
text_word(const char *s, size_t *at, size_t *start, struct buf *word);

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

/* Call once, before any fork or fence: asks iconv for the tables of every charset. */
void
charset_init(void);

/*
 * iconv's name: "UTF-8", "ISO-8859-1"…; and back from a person's, a client's or a locale's spelling
 * ("latin9", "IBM850", "fr_FR.UTF-8"), -1 if unknown.
 */
const char *
charset_name(enum charset charset);
int
charset_parse(const char *name);

/*
 * Adds n bytes of clean text folded to what the charset has: a character stays, or something it can
 * show stands for it (œ→oe, “→", …→..., ●→*, ›→>, €→EUR, é→e in ASCII, ─│└→-|`, no-break
 * space→space, braille→. : #), else a ? for each of its cells. The result converts by iconv
 * exactly, a byte a cell. \n stays, any other control goes. With UTF-8 the text stays as it is.
 */
void
text_show(struct buf *out, const char *s, size_t n, enum charset charset);

/*
 * From the wire: adds valid UTF-8; what is broken becomes U+FFFD, controls stay (text_clean is for
 * them). Keeps an incomplete tail in `rest` for the next call. Starts zeroed but for `charset`,
 * which may change between calls (set rest_len to 0 then).
 */
struct charset_in {
	enum charset charset;
	char rest[8];
	size_t rest_len;
};
void
charset_decode(struct charset_in *c, const char *in, size_t n, struct buf *out);

/*
 * To the wire: adds the bytes of UTF-8 that ends at a code point; 7-bit controls stay, what the
 * charset lacks becomes `?`.
 */
void
charset_encode(enum charset charset, const char *in, size_t n, struct buf *out);

#endif
