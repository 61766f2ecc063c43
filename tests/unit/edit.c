/* The editor's core, alone: keys in, text and lines out; a naive model; how long it takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "bbs/base/error.h"
#include "screens/decode.h"
#include "screens/edit.h"

enum { ROWS = 5, COLUMNS = 13 };

/* Seconds of processor that a test below may take; sanitizers are some ten times slower. */
#ifdef __SANITIZE_ADDRESS__
enum { PATIENCE = 8 };
#else
enum { PATIENCE = 1 };
#endif

static double
seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- tables: keys typed, text left ---- */

enum { CUT = 11, PASTE = 21, UNDO = 26, REDO = 25, QUOTE = 18 };
#define C(letter) DECODE_CONTROL(letter)

static const struct sample {
	const char *before;
	int keys[12];      /* ends with 0 */
	const char *after; /* ^ is the cursor */
} samples[] = {
	{ "", { 'a', 0xe9, 0x20ac }, "aé€^" },
	{ "", { 'a', DECODE_ENTER, 'b' }, "a\nb^" },
	{ "", { DECODE_TAB, 'b' }, "    b^" },
	{ "un deux", { DECODE_LEFT, C('B'), 'x' }, "un dex^ux" },
	{ "un deux", { C('A'), C('F'), 'x' }, "ux^n deux" },
	{ "un", { C('A'), C('D') }, "^n" },
	{ "un", { C('A'), DECODE_DELETE, DECODE_DELETE, DECODE_DELETE }, "^" },
	{ "un", { DECODE_BACKSPACE, DECODE_BACKSPACE, DECODE_BACKSPACE }, "^" },
	{ "e\xcc\x81x", { DECODE_LEFT, DECODE_BACKSPACE }, "^x" },
	{ "\xf0\x9f\x87\xab\xf0\x9f\x87\xb7", { DECODE_BACKSPACE }, "^" },
	{ "un deux, l’été", { DECODE_LEFT | DECODE_CTRL, DECODE_LEFT | DECODE_CTRL },
	    "un deux, ^l’été" },
	{ "un deux", { C('A'), DECODE_RIGHT | DECODE_CTRL, 'f' | DECODE_ALT, DECODE_BACKSPACE },
	    "un deu^" },
	{ "un\ndeux\nt", { C('P'), C('P') }, "u^n\ndeux\nt" },
	{ "un\ndeux\nt", { C('P'), C('E'), C('N') }, "un\ndeux\nt^" },
	{ "abcd\ne\nfghi", { C('P'), C('P') },
	    "abcd^\ne\nfghi" }, /* the column is kept over a short line */
	{ "abcd\ne\nfghi", { C('P'), C('P'), C('N'), C('N') }, "abcd\ne\nfghi^" },
	{ "abc\ndef", { '<' | DECODE_ALT, 'x', '>' | DECODE_ALT, 'y' }, "xabc\ndefy^" },
	{ "abc", { C('P'), C('N'), DECODE_PAGE_UP }, "abc^" },

	/* lines of 12 cells: "un deux " / "trois quatre" */
	{ "un deux trois quatre", { C('A') }, "un deux ^trois quatre" },
	{ "un deux trois quatre", { C('P'), C('E'), 'x' }, "un deuxx^ trois quatre" },
	{ "un deux trois quatre", { CUT }, "un deux ^" },

	/* cut and paste */
	{ "a\nb\nc", { C('P'), CUT, PASTE, PASTE }, "a\nb\nb\n^c" },
	{ "a\nb\nc", { '<' | DECODE_ALT, CUT, CUT, PASTE }, "a\nb\n^c" },
	{ "a\nb\nc", { '<' | DECODE_ALT, CUT, C('A'), CUT, PASTE }, "b\n^c" },
	{ "a", { CUT, CUT, CUT, PASTE, PASTE }, "aa^" },
	{ "", { CUT, PASTE }, "^" },

	/* undo and redo */
	{ "", { 'a', 'b', UNDO, UNDO }, "^" },
	{ "", { 'a', 'b', DECODE_ENTER, 'c', UNDO }, "ab\n^" },
	{ "", { 'a', 'b', DECODE_ENTER, 'c', UNDO, UNDO, REDO }, "ab\n^" },
	{ "", { 'a', UNDO, 'b', REDO }, "b^" },
	{ "", { 'a', UNDO, 'b', UNDO, UNDO, REDO }, "b^" },
	{ "", { 'a', 'b', DECODE_LEFT, 'c', UNDO }, "a^b" },
	{ "abcd", { DECODE_BACKSPACE, DECODE_BACKSPACE, UNDO }, "abcd^" },
	{ "abcd", { C('A'), C('D'), C('D'), UNDO }, "^abcd" },
	{ "abcd", { C('A'), C('D'), C('D'), UNDO, REDO }, "^cd" },
	{ "a\nb", { CUT, UNDO, CUT, UNDO, PASTE }, "a\nbb^" },
	{ "", { UNDO, REDO, UNDO }, "^" },

	/* a mark joins what is before it: the cursor stays at a cluster */
	{ "e", { 0x301, DECODE_BACKSPACE }, "^" },
	{ "e", { 0x301, UNDO }, "e^" },
	{ "ab", { DECODE_LEFT, 0x323, UNDO, 'e', 0x301 }, "aé^b" },
	{ "x", { DECODE_ENTER, 0x301, UNDO }, "x^" }, /* it has nothing to sit on */

	/* quoting */
	{ "", { QUOTE, 'x' }, "> Bonjour,\n> \n> Alba\nx^" },
	{ "ab", { QUOTE }, "ab\n> Bonjour,\n> \n> Alba\n^" },
	{ "", { 'a', QUOTE, UNDO }, "a^" },

	/* what is nobody's */
	{ "a", { 0x7f, 0x85, 0x202e, 0xfeff, 0xd800, DECODE_F12, C('L'), 'x' | DECODE_ALT }, "a^" },
};

static void
type(struct edit_text *e, const int *keys)
{
	for (; *keys; keys++)
		edit_key(e, *keys);
}

static void
assert_text(struct edit_text *e, const char *expected)
{
	struct buf got = { 0 };
	const char *text = edit_string(e);
	buf_add(&got, text, e->cursor);
	buf_char(&got, '^');
	buf_str(&got, text + e->cursor);
	assert_string_equal(buf_text(&got), expected);
	buf_free(&got);
}

static void
test_keys(void **state)
{
	(void)state;
	struct edit_line line[ROWS];
	int row, column;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		struct edit_text e;
		edit_init(&e, 1000, false);
		e.quote = "Bonjour,\n\nAlba\n\n";
		assert_int_equal(edit_set(&e, samples[i].before), 0);
		edit_view(&e, COLUMNS, ROWS, line, &row, &column);
		type(&e, samples[i].keys);
		assert_text(&e, samples[i].after);
		edit_free(&e);
	}
}

static void
test_answers(void **state)
{
	(void)state;
	struct edit_text e;
	edit_init(&e, 100, false);
	assert_false(e.changed);
	assert_int_equal(edit_key(&e, C('S')), EDIT_SEND);
	assert_int_equal(edit_key(&e, DECODE_F2), EDIT_SEND);
	assert_int_equal(edit_key(&e, DECODE_ESCAPE), EDIT_LEAVE);
	assert_int_equal(edit_key(&e, C('G')), EDIT_HELP);
	assert_int_equal(edit_key(&e, DECODE_PASTE), EDIT_NONE);
	assert_int_equal(edit_key(&e, C('L')), EDIT_NONE);
	assert_int_equal(edit_key(&e, DECODE_LEFT), EDIT_LEFT);
	assert_int_equal(edit_key(&e, UNDO), EDIT_UNDO);
	assert_false(e.changed);
	assert_int_equal(edit_key(&e, 'x'), EDIT_TYPE);
	assert_true(e.changed);
	e.changed = false;
	assert_int_equal(edit_key(&e, UNDO), EDIT_UNDO);
	assert_true(e.changed);
	edit_free(&e);
}

/* Each key does one thing; every act that moves or changes has a row that names it. */
static void
test_table(void **state)
{
	(void)state;
	bool named[EDIT_LEAVE + 1] = { false };
	for (int i = 0; i < edit_rows_count; i++) {
		for (int j = 0; j < i; j++)
			assert_int_not_equal(edit_rows[i].key, edit_rows[j].key);
		assert_int_equal(!edit_rows[i].name, !edit_rows[i].label);
		named[edit_rows[i].op] |= edit_rows[i].name != NULL;
	}
	for (int op = EDIT_BACKSPACE; op <= EDIT_LEAVE; op++)
		assert_true(named[op]);
}

static void
test_limit(void **state)
{
	(void)state;
	struct edit_text e;
	edit_init(&e, 5, false);
	assert_int_equal(edit_insert(&e, "aéé€", strlen("aéé€")), E_TOO_LONG);
	assert_text(&e, "aéé^");
	assert_int_equal(edit_key(&e, 'x'), E_TOO_LONG);
	assert_int_equal(edit_key(&e, DECODE_ENTER), E_TOO_LONG);
	assert_int_equal(edit_key(&e, DECODE_BACKSPACE), EDIT_BACKSPACE);
	assert_int_equal(edit_insert(&e, "x", 1), 0);
	/* no letter without its mark */
	assert_int_equal(edit_insert(&e, "x\xcc\xb1", 3), E_TOO_LONG);
	assert_text(&e, "aéx^");
	assert_int_equal(edit_set(&e, "123456"), E_TOO_LONG);
	assert_text(&e, "12345^");
	assert_false(e.changed);
	edit_do(&e, EDIT_UNDO);
	assert_text(&e, "12345^");
	edit_free(&e);

	edit_init(&e, 1, false);
	edit_key(&e, 'e');
	assert_int_equal(edit_key(&e, 0x323), E_TOO_LONG); /* the letter stays without it */
	assert_text(&e, "e^");
	edit_free(&e);

	for (size_t n = 500; n < 1600; n++) { /* however full the gap is */
		edit_init(&e, 1600, false);
		for (size_t i = 0; i < n; i++)
			edit_key(&e, 'a');
		assert_int_equal(strlen(edit_string(&e)), n);
		edit_free(&e);
	}
}

static void
test_clean(void **state)
{
	(void)state;
	struct edit_text e;
	edit_init(&e, 100, false);
	static const char dirty[] = "a\033[31mb\r\nc\rd\xff"
				    "e\0f\xc2\x85g";
	edit_insert(&e, dirty, sizeof dirty - 1);
	const char *text = edit_string(&e);
	assert_ptr_equal(strpbrk(text, "\033\r"), NULL);
	static const char good[] = "ab\nc\nd\xef\xbf\xbd" "ef";
	assert_memory_equal(text, good, sizeof good - 1);
	edit_free(&e);
}

static void
test_one_line(void **state)
{
	(void)state;
	struct edit_text e;
	struct edit_line line[1];
	int row, column;
	edit_init(&e, 100, true);
	edit_insert(&e, "un\ndeux\r\n", 9);
	assert_text(&e, "un deux^");
	static const int others[] = { DECODE_ENTER, DECODE_TAB, DECODE_UP, DECODE_DOWN,
		DECODE_PAGE_UP, DECODE_PAGE_DOWN, C('P'), C('N'), QUOTE };
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_int_equal(edit_key(&e, others[i]), EDIT_NONE);
	assert_text(&e, "un deux^");

	edit_set(&e, "0123456789");
	assert_int_equal(edit_view(&e, 6, 1, line, &row, &column), 1);
	assert_int_equal(row, 0);
	assert_int_equal(column, 5);
	assert_memory_equal(line->text, "56789", 5);
	assert_int_equal(line->len, 5);
	assert_true(edit_more_before(&e));
	assert_false(edit_more_after(&e));
	edit_key(&e, DECODE_LEFT); /* what is seen stays */
	edit_view(&e, 6, 1, line, &row, &column);
	assert_int_equal(column, 4);
	assert_memory_equal(line->text, "56789", 5);
	edit_key(&e, DECODE_HOME);
	edit_view(&e, 6, 1, line, &row, &column);
	assert_int_equal(column, 0);
	assert_memory_equal(line->text, "012345", 6);
	assert_true(edit_more_after(&e));
	edit_key(&e, DECODE_END);
	edit_view(&e, 6, 1, line, &row, &column);
	for (int i = 0; i < 7; i++)
		edit_key(&e, DECODE_BACKSPACE);
	edit_view(&e, 6, 1, line, &row, &column); /* it comes back as there is room */
	assert_memory_equal(line->text, "012", 3);
	assert_int_equal(column, 3);
	assert_false(edit_more_before(&e));
	edit_free(&e);
}

static void
assert_view(struct edit_text *e, const char *expected, int row, int column)
{
	struct edit_line line[ROWS];
	struct buf got = { 0 };
	int r, c, n = edit_view(e, COLUMNS, ROWS, line, &r, &c);
	for (int i = 0; i < n; i++) {
		if (line[i].quoted)
			buf_char(&got, '|');
		buf_add(&got, line[i].text, line[i].len);
		buf_str(&got, line[i].last ? "$" : "/");
	}
	assert_string_equal(buf_text(&got), expected);
	assert_int_equal(r, row);
	assert_int_equal(c, column);
	buf_free(&got);
}

static void
test_view(void **state)
{
	(void)state;
	struct edit_text e;
	edit_init(&e, 1000, false);
	assert_view(&e, "$", 0, 0);
	edit_set(&e, "a\n");
	assert_view(&e, "a$$", 1, 0);
	edit_set(&e, "un deux trois quatre");
	assert_view(&e, "un deux /trois quatre$", 1, 12);
	edit_key(&e, ' '); /* it hangs over the edge */
	edit_key(&e, ' ');
	assert_view(&e, "un deux /trois quatre $", 1, 12);
	edit_key(&e, 'x');
	assert_view(&e, "un deux /trois quatre /x$", 2, 1);
	edit_set(&e, "> un deux trois quatre\nx\n> y");
	assert_view(&e, "|> un deux /|trois quatre$x$|> y$", 3, 3);

	/* scrolls as little as it takes, and never shows less than it could */
	edit_set(&e, "1\n2\n3\n4\n5\n6\n7");
	assert_view(&e, "3$4$5$6$7$", 4, 1);
	assert_true(edit_more_before(&e));
	assert_false(edit_more_after(&e));
	for (int i = 0; i < 4; i++)
		edit_key(&e, DECODE_UP);
	assert_view(&e, "3$4$5$6$7$", 0, 1);
	edit_key(&e, DECODE_UP);
	assert_view(&e, "2$3$4$5$6$", 0, 1);
	assert_true(edit_more_after(&e));
	edit_key(&e, DECODE_PAGE_DOWN);
	assert_view(&e, "2$3$4$5$6$", 4, 1);
	edit_key(&e, DECODE_PAGE_DOWN);
	assert_view(&e, "3$4$5$6$7$", 4, 1);
	edit_key(&e, CUT);
	edit_key(&e, DECODE_BACKSPACE);
	assert_view(&e, "2$3$4$5$6$", 4, 1);
	edit_key(&e, DECODE_PAGE_UP);
	edit_key(&e, DECODE_PAGE_UP);
	assert_view(&e, "1$2$3$4$5$", 0, 1);
	edit_free(&e);
}

/* Lines are wrapped as they will be shown: in ASCII œ takes two cells. */
static void
test_charset(void **state)
{
	(void)state;
	static const char text[] = "cœur sœur vœu… nœud d’œuvre œœœœœœœœœœœœœœ";
	struct edit_text e;
	struct edit_line line[20];
	int row, column;
	edit_init(&e, 1000, false);
	edit_set(&e, text);
	int utf8 = edit_view(&e, 11, 20, line, &row, &column);
	e.charset = CHARSET_ASCII;
	int ascii = edit_view(&e, 11, 20, line, &row, &column);
	assert_true(ascii > utf8);
	for (int i = 0; i < ascii; i++) {
		struct buf shown = { 0 };
		text_show(&shown, line[i].text, line[i].len, e.charset);
		assert_true(shown.len <= 11);
		assert_true(i + 1 < ascii || (int)shown.len == column);
		buf_free(&shown);
	}
	assert_string_equal(edit_string(&e), text);
	edit_free(&e);
}

/* ---- against a model that is only slow and plain ---- */

struct model {
	char text[2048];
	size_t len, cursor;
};

static size_t
model_cluster(const struct model *m, size_t at)
{
	int cells;
	return m->text[at] == '\n' ? 1 : text_cluster(m->text + at, m->len - at, &cells);
}

/* The first start of a cluster at or behind `at`, and in *before the one before `at`. */
static size_t
model_boundary(const struct model *m, size_t at, size_t *before)
{
	size_t p = 0;
	for (*before = 0; p < at; p += model_cluster(m, p))
		*before = p;
	return p;
}

static void
model_replace(struct model *m, size_t at, size_t remove, const char *text, size_t n)
{
	size_t before;
	memmove(m->text + at + n, m->text + at + remove, m->len - at - remove);
	memcpy(m->text + at, text, n);
	m->len += n - remove;
	m->cursor = model_boundary(m, at + n, &before);
}

/* A mark goes to the letter before the cursor, if there is one. */
static void
model_insert(struct model *m, size_t before, const char *bit)
{
	struct buf whole = { 0 }, out = { 0 };
	size_t from = *bit == '\xcc' ? before : m->cursor;
	if (from < m->cursor && m->text[from] == '\n')
		from = m->cursor;
	buf_add(&whole, m->text + from, m->cursor - from);
	buf_str(&whole, bit);
	text_clean(&out, whole.data, whole.len, TEXT_RAW);
	model_replace(m, from, m->cursor - from, buf_text(&out), out.len);
	buf_free(&whole);
	buf_free(&out);
}

static size_t
model_lines(const struct model *m, size_t *start, int cells)
{
	struct text_line line;
	size_t n = 0, at = 0;
	for (start[n++] = 0; text_wrap(m->text, m->len, cells, &at, &line);)
		if (at < m->len || m->text[m->len - 1] == '\n')
			start[n++] = at;
	return n;
}

static uint32_t seed;

static uint32_t
dice(uint32_t sides)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % sides;
}

static const char *const bits[] = { "a", "b", "mot", " ", "  ", "\n", "é", "œ", "漢", "😀", "🇫🇷",
	"\xcc\x81", "\xcc\xb1", "« ", " »", " !", "l’", "très long mot", "exemple.fr", "\n\n", "> ",
	"-", "anticonstitutionnellement" };

static void
random_op(struct edit_text *e, struct model *m, int cells)
{
	size_t before, start[2049], line = 0;
	const char *bit = bits[dice(sizeof bits / sizeof *bits)];
	model_boundary(m, m->cursor, &before);
	switch (dice(14)) {
	case 0:
	case 1:
	case 2:
	case 3:
		if (m->len + 40 > e->max)
			break;
		edit_insert(e, bit, strlen(bit));
		model_insert(m, before, bit);
		break;
	case 4:
		if (m->len + 1 > e->max)
			break;
		edit_key(e, 'x');
		model_replace(m, m->cursor, 0, "x", 1);
		break;
	case 5:
		if (m->len + 1 > e->max)
			break;
		edit_key(e, DECODE_ENTER);
		model_replace(m, m->cursor, 0, "\n", 1);
		break;
	case 6:
	case 7:
		edit_key(e, DECODE_BACKSPACE);
		model_replace(m, before, m->cursor - before, "", 0);
		break;
	case 8:
		edit_key(e, DECODE_DELETE);
		if (m->cursor < m->len)
			model_replace(m, m->cursor, model_cluster(m, m->cursor), "", 0);
		break;
	case 9:
		edit_key(e, DECODE_LEFT);
		m->cursor = before;
		break;
	case 10:
		edit_key(e, DECODE_RIGHT);
		if (m->cursor < m->len)
			m->cursor += model_cluster(m, m->cursor);
		break;
	case 11:
		edit_key(e, CUT);
		for (size_t n = model_lines(m, start, cells);
		     line + 1 < n && start[line + 1] <= m->cursor;)
			line++;
		before = line + 1 < model_lines(m, start, cells) ? start[line + 1] : m->len;
		if (before > start[line])
			model_replace(m, start[line], before - start[line], "", 0);
		break;
	case 12: /* anywhere */
		for (int n = (int)dice(20); n >= 0; n--) {
			edit_key(e, n & 1 ? DECODE_UP : DECODE_LEFT | DECODE_CTRL);
			edit_key(e, n & 2 ? DECODE_DOWN : DECODE_RIGHT | DECODE_CTRL);
			edit_key(e, dice(2) ? DECODE_END : DECODE_PAGE_DOWN);
		}
		m->cursor = e->cursor;
		break;
	case 13: /* there and back */
		for (int n = 5; n; n--)
			edit_key(e, UNDO);
		assert_true(e->text.done == 0 || e->text.done + 5 == e->text.steps);
		for (int n = 5; n; n--)
			edit_key(e, REDO);
		m->cursor = e->cursor;
		break;
	}
}

static void
assert_like(struct edit_text *e, const struct model *m, int cells)
{
	size_t start[2049], n = model_lines(m, start, cells), before;
	struct edit_line line[ROWS];
	int row, column;
	assert_int_equal(e->text.len, m->len);
	assert_memory_equal(edit_string(e), m->text, m->len);
	assert_int_equal(e->cursor, m->cursor);
	assert_int_equal(model_boundary(m, e->cursor, &before), e->cursor);

	/* the view: the right lines, the cursor inside and on its line */
	int shown = edit_view(e, cells + 1, ROWS, line, &row, &column);
	assert_true(shown >= 1 && shown <= ROWS && row >= 0 && row < shown && column >= 0 &&
		    column <= cells);
	assert_int_equal(shown, n - e->top < ROWS ? n - e->top : ROWS);
	assert_true(shown == ROWS || e->top == 0);
	for (int i = 0; i < shown; i++) {
		size_t from = start[e->top + (size_t)i];
		assert_memory_equal(line[i].text, m->text + from, line[i].len);
		assert_true(text_width(line[i].text, line[i].len) <= cells + 1);
		assert_ptr_equal(memchr(line[i].text, '\n', line[i].len), NULL);
	}
	size_t at = e->top + (size_t)row;
	assert_true(start[at] <= m->cursor && (at + 1 == n || m->cursor < start[at + 1]));
	assert_int_equal(edit_more_before(e), e->top > 0);
	assert_int_equal(edit_more_after(e), e->top + (size_t)shown < n);

	/* all that is known of lines is what wrapping everything anew would say */
	assert_true(e->starts <= n);
	for (size_t i = 0; i < e->starts; i++)
		assert_int_equal(e->start[i], start[i]);
}

static void
test_model(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 150; round++) {
		static const char original[] =
		    "Bonjour à tous,\n\nla réunion du 12 mars, à 18 h, est « ouverte ».";
		struct model m = { .len = sizeof original - 1, .cursor = sizeof original - 1 };
		struct edit_text e;
		int cells = 1 + (int)(round % 25);
		seed = round * 7919 + 1;
		memcpy(m.text, original, sizeof original);
		edit_init(&e, 1500, false);
		edit_set(&e, original);
		for (int i = 0; i < 200; i++) {
			if (i == 0 || dice(3))
				assert_like(&e, &m, cells);
			random_op(&e, &m, cells);
		}
		assert_like(&e, &m, cells);
		int steps = e.text.steps;
		assert_int_equal(e.text.done, steps);
		for (int i = 0; i < steps; i++)
			edit_key(&e, UNDO);
		assert_string_equal(edit_string(&e), original);
		for (int i = 0; i < steps; i++)
			edit_key(&e, REDO);
		m.text[m.len] = '\0';
		assert_string_equal(edit_string(&e), m.text);
		edit_free(&e);
	}
}

/* Lines that take many bytes: wide letters, stacks of marks, an endless run of spaces. */
static void
test_long_lines(void **state)
{
	(void)state;
	static const char *const texts[] = { "漢字", "e\xcc\xb1\xcc\xb2\xcc\xb3\xcc\xa4 ", "€",
		"a " };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct model m = { 0 };
		struct edit_text e;
		while (m.len + 100 < sizeof m.text) {
			memcpy(m.text + m.len, texts[i], strlen(texts[i]));
			m.len += strlen(texts[i]);
		}
		memset(m.text + 20 * strlen(texts[i]), ' ', i == 3 ? 1200 : 0);
		m.cursor = m.len;
		edit_init(&e, sizeof m.text, false);
		edit_set(&e, m.text);
		for (int cells = 120; cells < 200; cells += 13)
			assert_like(&e, &m, cells);
		edit_free(&e);
	}
}

/* A hundred steps at least, however long one types. */
static void
test_undo_depth(void **state)
{
	(void)state;
	struct edit_text e;
	edit_init(&e, 1 << 20, false);
	for (int i = 0; i < 3000; i++)
		type(&e, (const int[]){ 'm', 'o', 't', DECODE_ENTER, 0 });
	size_t before = edit_size(&e);
	for (int i = 0; i < 100; i++) {
		edit_key(&e, UNDO);
		assert_true(edit_size(&e) < before);
		before = edit_size(&e);
	}
	edit_set(&e, "");
	for (int i = 0; i < 2000; i++) { /* a sentence goes by groups of words */
		edit_key(&e, 'm');
		edit_key(&e, ' ');
	}
	edit_key(&e, UNDO);
	assert_true(edit_size(&e) > 3900);
	edit_free(&e);
}

/* ---- how long it takes ---- */

static void
fill(struct buf *text, size_t size, const char *with)
{
	while (text->len + strlen(with) <= size)
		buf_str(text, with);
}

static void
test_paste_speed(void **state)
{
	(void)state;
	struct edit_line line[24];
	struct edit_text e;
	int row, column;
	static const char *const texts[] = {
		"Une phrase assez longue, « avec » tout ce qu’il faut. ", "a", "\n", "é", "漢",
		"Un paragraphe.\n\n", "   "
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct buf text = { 0 };
		fill(&text, 64 << 10, texts[i]);
		edit_init(&e, 1 << 20, false);
		double began = seconds();
		edit_insert(&e, text.data, text.len); /* in brackets */
		edit_view(&e, 80, 24, line, &row, &column);
		for (size_t j = 0; j < text.len; j++) /* without */
			if (!(text.data[j] & 0x80))
				edit_key(&e, text.data[j] == '\n' ? DECODE_ENTER : text.data[j]);
		edit_view(&e, 80, 24, line, &row, &column);
		assert_true(seconds() - began < PATIENCE);
		edit_free(&e);
		buf_free(&text);
	}
}

/* Typing in a mebibyte, the screen drawn after each key: at the end, at the top, in the middle. */
static void
test_typing_speed(void **state)
{
	(void)state;
	struct edit_line line[24];
	struct edit_text e;
	int row, column;
	static const char *const texts[] = { "Une phrase assez longue, avec tout ce qu’il faut. ",
		"mot\n", "a" };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct buf text = { 0 };
		fill(&text, (1 << 20) - 4096, texts[i]);
		edit_init(&e, 1 << 20, false);
		double began = seconds();
		edit_set(&e, text.data);
		edit_view(&e, 80, 24, line, &row, &column);
		for (int j = 0; j < 300; j++) {
			if (j == 100)
				edit_do(&e, EDIT_TOP);
			if (j == 200)
				for (int k = 0; k < 200; k++)
					edit_do(&e, EDIT_PAGE_DOWN);
			edit_key(&e, j % 7 ? 'x' : ' ');
			edit_view(&e, 80, 24, line, &row, &column);
		}
		edit_view(&e, 40, 24, line, &row, &column);
		assert_true(seconds() - began < PATIENCE);
		edit_free(&e);
		buf_free(&text);
	}
}

int
main(void)
{
	charset_init();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_one_line),
		cmocka_unit_test(test_view),
		cmocka_unit_test(test_charset),
		cmocka_unit_test(test_model),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_undo_depth),
		cmocka_unit_test(test_paste_speed),
		cmocka_unit_test(test_typing_speed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
