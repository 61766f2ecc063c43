/*
 * Text of people: cleaning what comes in, counting its cells, cutting and wrapping it. What is
 * folded for comparing is in fold.c, what is folded for poorer terminals in charset.c.
 */
#include "bbs/base/text.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <unilbrk.h>
#include <uninorm.h>
#include <unistr.h>
#include <uniwidth.h>

#include "bbs/base/log.h"

enum {
	STACK_MAX = 8,    /* combining marks on one base */
	ESCAPE_MAX = 256, /* bytes an unfinished escape sequence may take with it */
	CLUSTER_BYTES = 64,
	TAB_STOP = 4,
};

#define NBSP 0xa0
#define NARROW_NBSP 0x202f
#define REPLACEMENT 0xfffd

/*
 * As wcwidth() counts in C.UTF-8, since ncurses and tmux place by it: libunistring's numbers, but
 * for the 77 code points on which the two differ. Controls count nothing.
 */
static int
char_cells(ucs4_t uc)
{
	if (uc < 0x300)
		return (uc >= 0x20 && uc < 0x7f) || (uc >= 0xa0 && uc != 0xad);
	if ((uc >= 0x4dc0 && uc <= 0x4dff) || (uc >= 0x3248 && uc <= 0x324f))
		return 2;
	if (uc == 0xcbf || uc == 0xcc6 || uc == 0x11a07 || uc == 0x11a08 || uc == 0x11c3f)
		return 0;
	int cells = uc_width(uc, "UTF-8");
	return cells < 0 ? 0 : cells;
}

static bool
is_mark(ucs4_t uc)
{
	return uc >= 0x300 &&
	       (char_cells(uc) == 0 || uc_is_general_category_withtable(uc, UC_CATEGORY_MASK_M));
}

/*
 * What is never kept. Default-ignorable holds all that turns, joins or hides: bidi marks, zero
 * width spaces and joiners, soft hyphens, fillers, variation selectors, tags, BOM. The joiners of
 * emoji are among them, and so are skin tones here: terminals do not agree on the cells of either.
 */
static bool
is_dropped(ucs4_t uc)
{
	if (uc < 0x300)
		return uc < 0x20 || (uc >= 0x7f && uc < 0xa0) || uc == 0xad;
	return uc_is_property_default_ignorable_code_point(uc) ||
	       uc_is_property_not_a_character(uc) ||
	       uc_is_general_category_withtable(uc, UC_CATEGORY_MASK_Cf) ||
	       (uc >= 0x1f3fb && uc <= 0x1f3ff);
}

static bool
is_control_at(const uint8_t *s, size_t n)
{
	return s[0] < 0x20 || s[0] == 0x7f || (s[0] == 0xc2 && n > 1 && s[1] < 0xa0);
}

/*
 * The bytes of a command string (OSC, DCS…) whose text starts at s: with its terminator where it
 * has one. Any other control ends it, so whoever scans from control to control stays linear.
 */
static size_t
command_string(const uint8_t *s, size_t n)
{
	size_t end = 0;
	while (end < n && !is_control_at(s + end, n - end))
		end++;
	if (end < n && s[end] == '\a')
		return end + 1;
	if (n - end >= 2 &&
	    ((s[end] == 0x1b && s[end + 1] == '\\') || (s[end] == 0xc2 && s[end + 1] == 0x9c)))
		return end + 2;
	if (end > ESCAPE_MAX) {
		end = ESCAPE_MAX;
		while (end && (s[end] & 0xc0) == 0x80)
			end--;
	}
	return end;
}

/* The bytes of the escape sequence that s starts with, 0 when there is none. */
static size_t
escape(const uint8_t *s, size_t n)
{
	bool seven = s[0] == 0x1b;
	if (!seven && !(s[0] == 0xc2 && n > 1 && s[1] >= 0x80 && s[1] < 0xa0 && s[1] != 0x85))
		return 0;
	if (n < 2)
		return n;
	size_t i = 2;
	/* U+009B is ESC [, and so on: an 8-bit control is ESC and the letter 0x40 below it. */
	switch (seven ? s[1] : s[1] - 0x40) {
	case '[':
		while (i < n && i < ESCAPE_MAX && s[i] >= 0x20 && s[i] < 0x40)
			i++;
		return i + (i < n && s[i] >= 0x40 && s[i] < 0x7f);
	case ']': /* OSC */
	case 'P': /* DCS */
	case 'X': /* SOS */
	case '^': /* PM */
	case '_': /* APC */
		return i + command_string(s + i, n - i);
	case 'N': /* single shifts: of one character */
	case 'O':
		return i + (i < n && s[i] > 0x20 && s[i] < 0x7f);
	}
	if (!seven)
		return i;
	for (i = 1; i < n && i < 4 && s[i] >= 0x20 && s[i] < 0x30;)
		i++;
	return i + (i < n && s[i] >= 0x30 && s[i] < 0x7f);
}

struct cleaner {
	enum text_kind kind;
	struct buf out;
	size_t column; /* of the line, for tabs */
	bool composed; /* true while there is nothing that NFC could change */
};

static bool
ends_with(const struct buf *b, const char *tail)
{
	size_t n = strlen(tail);
	return b->len >= n && memcmp(b->data + b->len - n, tail, n) == 0;
}

/* Bytes of the blank that ends the text, 0 when none does. */
static size_t
last_blank(const struct buf *b)
{
	return ends_with(b, " ") ? 1 : ends_with(b, "\u00a0") ? 2 : ends_with(b, "\u202f") ? 3 : 0;
}

static void
trim_blanks(struct buf *b)
{
	for (size_t n; (n = last_blank(b)) > 0;)
		buf_cut(b, b->len - n);
}

static bool
at_line_start(const struct cleaner *c)
{
	return c->out.len == 0 || ends_with(&c->out, "\n");
}

static void
put(struct cleaner *c, ucs4_t uc)
{
	uint8_t bytes[6];
	int n = u8_uctomb(bytes, uc, sizeof bytes);
	if (n > 0)
		buf_add(&c->out, bytes, (size_t)n);
	c->column += (size_t)char_cells(uc);
	if (uc >= 0x300)
		c->composed = false;
}

/* In a line, a run of blanks is one space, or one no-break space where it holds no other. */
static void
put_blank(struct cleaner *c, ucs4_t uc)
{
	size_t before = c->kind == TEXT_LINE ? last_blank(&c->out) : 0;
	if (c->kind == TEXT_LINE && c->out.len == 0)
		return;
	if (before && uc != ' ')
		return;
	buf_cut(&c->out, c->out.len - before);
	put(c, uc);
}

static void
put_line_end(struct cleaner *c)
{
	if (c->kind == TEXT_LINE) {
		put_blank(c, ' ');
		return;
	}
	c->column = 0;
	if (c->kind == TEXT_BODY) {
		trim_blanks(&c->out);
		if (c->out.len == 0 || ends_with(&c->out, "\n\n\n"))
			return;
	}
	buf_char(&c->out, '\n');
}

static void
put_tab(struct cleaner *c)
{
	size_t spaces = c->kind == TEXT_LINE ? 1 : TAB_STOP - c->column % TAB_STOP;
	while (spaces--)
		put_blank(c, ' ');
}

static void
clean_char(struct cleaner *c, ucs4_t uc)
{
	switch (uc) {
	case '\n':
	case '\v':
	case '\f':
	case 0x85:
	case 0x2028:
	case 0x2029:
		put_line_end(c);
		return;
	case '\t':
		put_tab(c);
		return;
	case NBSP:
	case NARROW_NBSP:
		put_blank(c, uc);
		return;
	case 0x2007: /* figure space */
		put_blank(c, NBSP);
		return;
	}
	if (uc_is_general_category_withtable(uc, UC_CATEGORY_MASK_Zs))
		put_blank(c, ' ');
	else if (is_dropped(uc) || (is_mark(uc) && at_line_start(c)))
		return;
	else if (uc_is_general_category_withtable(uc, UC_CATEGORY_MASK_Cn))
		put(c, REPLACEMENT);
	else
		put(c, uc);
}

/* Copies NFC text, leaving out what is heaped on a base beyond STACK_MAX. */
static void
add_without_heaps(struct buf *out, const uint8_t *s, size_t n)
{
	int stack = 0;
	for (size_t i = 0, bytes; i < n; i += bytes) {
		ucs4_t uc;
		bytes = (size_t)u8_mbtouc(&uc, s + i, n - i);
		stack = is_mark(uc) ? stack + 1 : 0;
		if (stack <= STACK_MAX)
			buf_add(out, s + i, bytes);
	}
}

void
text_clean(struct buf *out, const char *in, size_t n, enum text_kind kind)
{
	struct cleaner c = { .kind = kind, .composed = true };
	const uint8_t *s = (const uint8_t *)in;
	for (size_t i = 0, bytes; i < n; i += bytes) {
		ucs4_t uc = s[i];
		if ((bytes = escape(s + i, n - i)) > 0)
			continue;
		if (uc == '\r') {
			bytes = i + 1 < n && s[i + 1] == '\n' ? 2 : 1;
			uc = '\n';
		} else {
			bytes = (size_t)u8_mbtouc(&uc, s + i, n - i);
		}
		clean_char(&c, uc);
	}
	if (kind != TEXT_RAW) {
		trim_blanks(&c.out);
		while (ends_with(&c.out, "\n"))
			buf_cut(&c.out, c.out.len - 1);
	}
	if (c.composed) {
		buf_add(out, buf_text(&c.out), c.out.len);
	} else {
		size_t length;
		uint8_t *nfc = u8_normalize(
		    UNINORM_NFC, (const uint8_t *)c.out.data, c.out.len, NULL, &length);
		if (!nfc)
			die("NFC: %s", strerror(errno));
		add_without_heaps(out, nfc, length);
		free(nfc);
	}
	buf_free(&c.out);
}

size_t
text_cluster(const char *s, size_t n, int *cells)
{
	const uint8_t *u = (const uint8_t *)s;
	*cells = 0;
	if (n == 0)
		return 0;
	if (u[0] < 0x80 && (n == 1 || u[1] < 0x80)) {
		*cells = char_cells(u[0]);
		return 1;
	}
	ucs4_t first, uc;
	size_t length = (size_t)u8_mbtouc(&first, u, n);
	*cells = char_cells(first);
	for (size_t bytes; length < n && length < CLUSTER_BYTES; length += bytes) {
		bytes = (size_t)u8_mbtouc(&uc, u + length, n - length);
		int more = char_cells(uc);
		/* Two of the letters that make a flag, from their first on. */
		bool flag = length == 4 && first >= 0x1f1e6 && first <= 0x1f1ff && uc >= 0x1f1e6 &&
			    uc <= 0x1f1ff;
		if (!(is_mark(uc) || flag) || *cells + more > 2)
			break;
		*cells += more;
	}
	return length;
}

int
text_width(const char *s, size_t n)
{
	int cells = 0;
	for (size_t i = 0, bytes; i < n; i += bytes) {
		ucs4_t uc;
		bytes = (size_t)u8_mbtouc(&uc, (const uint8_t *)s + i, n - i);
		cells += char_cells(uc);
	}
	return cells;
}

size_t
text_fit(const char *s, size_t n, int cells, int *used)
{
	size_t i = 0;
	*used = 0;
	while (i < n) {
		int more;
		size_t bytes = text_cluster(s + i, n - i, &more);
		if (*used + more > cells)
			break;
		*used += more;
		i += bytes;
	}
	return i;
}

void
text_pad(struct buf *out, const char *s, int cells, const char *ellipsis)
{
	int used;
	size_t n = strlen(s);
	size_t fits = text_fit(s, n, cells, &used);
	if (fits < n && ellipsis) {
		int mark = text_width(ellipsis, strlen(ellipsis));
		if (mark <= cells) {
			fits = text_fit(s, n, cells - mark, &used);
			buf_add(out, s, fits);
			buf_str(out, ellipsis);
			used += mark;
			fits = 0;
		}
	}
	buf_add(out, s, fits);
	for (; used < cells; used++)
		buf_char(out, ' ');
}

static bool
starts_with(const char *s, size_t n, const char *head)
{
	size_t length = strlen(head);
	return n >= length && memcmp(s, head, length) == 0;
}

/*
 * French, over what Unicode says of a break before s[i]: ; : ! ? » % € stay with what they follow,
 * and what follows « with it, also across ordinary spaces. And no break within "exemple.fr", which
 * libunistring allows though Unicode does not.
 */
static bool
keeps_together(const char *s, size_t n, size_t i)
{
	static const char *const bound[] = { ";", ":", "!", "?", "»", "%", "€" };
	for (size_t k = 0; k < sizeof bound / sizeof bound[0]; k++)
		if (s[i - 1] == ' ' && starts_with(s + i, n - i, bound[k]))
			return true;
	if (strchr(".,:;", s[i - 1]))
		return true;
	/* A command of ours: "/end". */
	if (s[i - 1] == '/' && (i < 2 || s[i - 2] == ' '))
		return true;
	while (i && s[i - 1] == ' ')
		i--;
	return i >= 2 && starts_with(s + i - 2, 2, "«");
}

/*
 * Where to break the line s whose first `fits` bytes are all that its cells can hold; something
 * other than spaces follows them before s + n. Gives the offset at which the next line starts.
 */
static size_t
best_break(const char *s, size_t n, size_t fits)
{
	size_t indent = strspn(s, " ");
	size_t next = fits;
	while (s[next] == ' ')
		next++;
	/* The one character behind the spaces decides whether they are a break. */
	int cells;
	size_t window = next + text_cluster(s + next, n - next, &cells);
	char small[1024];
	char *breaks = window <= sizeof small ? small : mem_alloc(window);
	u8_possible_linebreaks((const uint8_t *)s, window, "UTF-8", breaks);
	size_t best = 0, unpretty = 0;
	for (size_t i = next; i > indent && !best; i--) {
		if (breaks[i] != UC_BREAK_POSSIBLE)
			continue;
		if (!keeps_together(s, window, i))
			best = i;
		else if (!unpretty && s[i - 1] == ' ')
			unpretty = i;
	}
	if (breaks != small)
		free(breaks);
	if (best || unpretty)
		return best ? best : unpretty;
	return fits ? next : text_cluster(s, n, &cells);
}

bool
text_wrap(const char *s, size_t n, int cells, size_t *at, struct text_line *line)
{
	if (*at >= n)
		return false;
	*line = (struct text_line){ .start = *at };
	const char *text = s + *at;
	size_t left = n - *at;
	size_t fits = 0;
	while (fits < left && text[fits] != '\n') {
		int more;
		size_t bytes = text_cluster(text + fits, left - fits, &more);
		if (line->cells + more > cells)
			break;
		line->cells += more;
		fits += bytes;
	}
	size_t end = fits;
	while (end < left && text[end] == ' ')
		end++;
	line->len = fits;
	line->last = end == left || text[end] == '\n';
	if (line->last) {
		*at += end + (end < left);
		return true;
	}
	line->len = best_break(text, left, fits);
	*at += line->len;
	/* Only behind a character wider than the line. */
	line->last = *at == n || s[*at] == '\n';
	*at += *at < n && line->last;
	while (line->len && text[line->len - 1] == ' ')
		line->len--;
	line->cells = text_width(text, line->len);
	return true;
}
