/* The decoder of keys, alone: bytes in, keys out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "screens/decode.h"

enum { ALT = DECODE_ALT, CTRL = DECODE_CTRL, MOST = 8 };

static double
seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#define KEYS(...) { __VA_ARGS__, 0 }, DECODE_NONE, { 0 }
#define NOTHING { 0 }, DECODE_NONE, { 0 }

static const struct sample {
	const char *bytes;
	int keys[MOST]; /* ends with 0 */
	int then;       /* DECODE_NONE or DECODE_WAIT */
	int late[MOST]; /* what a time-out gives after that */
} samples[] = {
	/* text */
	{ "aé€😀", KEYS('a', 0xe9, 0x20ac, 0x1f600) },
	{ "\x01\x0b\x1a\x1f", KEYS(1, 11, 26, 31) },
	{ "\x7f\b", KEYS(DECODE_BACKSPACE, DECODE_BACKSPACE) },
	{ "a\rb\nc\r\nd", KEYS('a', DECODE_ENTER, 'b', DECODE_ENTER, 'c', DECODE_ENTER, 'd') },
	{ "\n\r\n\r\r\n", KEYS(DECODE_ENTER, DECODE_ENTER, DECODE_ENTER, DECODE_ENTER) },
	{ "\t", KEYS(DECODE_TAB) },

	/* invalid UTF-8 swallows nothing that follows */
	{ "\xff" "ab", KEYS(0xfffd, 'a', 'b') },
	{ "\xc3" "ab", KEYS(0xfffd, 'a', 'b') },
	{ "\xe2\x82" "ab", KEYS(0xfffd, 0xfffd, 'a', 'b') },
	{ "\xc0\xaf" "a", KEYS(0xfffd, 0xfffd, 'a') },
	{ "\xed\xa0\x80" "a", KEYS(0xfffd, 0xfffd, 0xfffd, 'a') },
	{ "\xe2\x82\033[A", KEYS(0xfffd, 0xfffd, DECODE_UP) },
	{ "\xc2\x85" "a", KEYS('a') },
	{ "x\xe2\x82", KEYS('x') },

	/* arrows, Home, End of everybody */
	{ "\033[A\033[B\033[C\033[D", KEYS(DECODE_UP, DECODE_DOWN, DECODE_RIGHT, DECODE_LEFT) },
	{ "\033OA\033OB\033OC\033OD", KEYS(DECODE_UP, DECODE_DOWN, DECODE_RIGHT, DECODE_LEFT) },
	{ "\033[H\033OH\033[1~\033[7~", KEYS(DECODE_HOME, DECODE_HOME, DECODE_HOME, DECODE_HOME) },
	{ "\033[F\033OF\033[4~\033[8~", KEYS(DECODE_END, DECODE_END, DECODE_END, DECODE_END) },
	{ "\033[2~\033[3~\033[5~\033[6~",
	    KEYS(DECODE_INSERT, DECODE_DELETE, DECODE_PAGE_UP, DECODE_PAGE_DOWN) },
	{ "\033[Z\033[1;2Z", KEYS(DECODE_BACKTAB, DECODE_BACKTAB) },
	{ "\xc2\x9b" "A\xc2\x8f" "P", KEYS(DECODE_UP, DECODE_F1) },

	/* modifiers */
	{ "\033[1;5A\033[1;3D\033[1;2C\033[1;7B",
	    KEYS(DECODE_UP | CTRL, DECODE_LEFT | ALT, DECODE_RIGHT, DECODE_DOWN | ALT | CTRL) },
	{ "\033[5A\033[3;5~\033[1;5H\033[1;5:1C",
	    KEYS(DECODE_UP | CTRL, DECODE_DELETE | CTRL, DECODE_HOME | CTRL, DECODE_RIGHT | CTRL) },
	{ "\033O5A\033O1;5D", KEYS(DECODE_UP | CTRL, DECODE_LEFT | CTRL) },
	{ "\033Oa\033[a\033[3^\033[7$\033[8@",
	    KEYS(DECODE_UP | CTRL, DECODE_UP, DECODE_DELETE | CTRL, DECODE_HOME,
		DECODE_END | CTRL) },
	{ "\033\033[A\033\033OB", KEYS(DECODE_UP | ALT, DECODE_DOWN | ALT) },
	{ "\033f\033é\033\r\033\x7f",
	    KEYS('f' | ALT, 0xe9 | ALT, DECODE_ENTER | ALT, DECODE_BACKSPACE | ALT) },

	/* function keys: xterm, vt220, linux, putty */
	{ "\033OP\033OQ\033OR\033OS", KEYS(DECODE_F1, DECODE_F2, DECODE_F1 + 2, DECODE_F1 + 3) },
	{ "\033[11~\033[12~\033[13~\033[14~",
	    KEYS(DECODE_F1, DECODE_F2, DECODE_F1 + 2, DECODE_F1 + 3) },
	{ "\033[[A\033[[B\033[[E", KEYS(DECODE_F1, DECODE_F2, DECODE_F1 + 4) },
	{ "\033[15~\033[17~\033[21~\033[23~\033[24~",
	    KEYS(DECODE_F1 + 4, DECODE_F1 + 5, DECODE_F1 + 9, DECODE_F1 + 10, DECODE_F12) },
	{ "\033[1;5P\033[P\033[R", KEYS(DECODE_F1 | CTRL, DECODE_F1, DECODE_F1 + 2) },

	/* a keypad in application mode */
	{ "\033Op\033Oy\033OM\033Ok\033On", KEYS('0', '9', DECODE_ENTER, '+', '.') },

	/* answers and strangers leave no letter behind */
	{ "\033[?62;22ca", KEYS('a') },
	{ "\033[>0;276;0ca", KEYS('a') },
	{ "\033[24;80Ra", KEYS('a') },
	{ "\033[0na\033[?2004;1$yb", KEYS('a', 'b') },
	{ "\033[8;24;80ta", KEYS('a') },
	{ "\033[27;5;13~a\033[97;5ub", KEYS('a', 'b') },
	{ "\033[99~a\033[~b\033[ qc\033Ozd", KEYS('a', 'b', 'c', 'd') },
	{ "\033[200;5~a\033[201~b\033[200^c", KEYS('a', 'b', 'c') },
	{ "\033]11;rgb:0000/0000/0000\033\\a", KEYS('a') },
	{ "\033]0;title\ab", KEYS('b') },
	{ "\033P>|XTerm(370)\033\\a\033_Gi=1;OK\033\\b", KEYS('a', 'b') },
	{ "\033[99999999999999999999Ba", KEYS(DECODE_DOWN, 'a') },
	{ "\033[[Za", KEYS('a') },

	/* broken off: the key that broke in is read */
	{ "\033[1;\rab", KEYS(DECODE_ENTER, 'a', 'b') },
	{ "\033[\033[A", KEYS(DECODE_UP) },
	{ "\033O\033OB", KEYS(DECODE_DOWN) },
	{ "\033[1é", KEYS(0xe9) },
	{ "\033]0;ti\033[A", KEYS(DECODE_UP) },

	/* unfinished */
	{ "a\033", { 'a' }, DECODE_WAIT, { DECODE_ESCAPE } },
	{ "\033\033", { 0 }, DECODE_WAIT, { DECODE_ESCAPE, DECODE_ESCAPE } },
	{ "\033\033x", KEYS(DECODE_ESCAPE, 'x' | ALT) },
	{ "\033[", NOTHING },
	{ "\033O", NOTHING },
	{ "\033[1;5", NOTHING },
	{ "\033P", { 0 }, DECODE_WAIT, { 'P' | ALT } },
	{ "\033]", { 0 }, DECODE_WAIT, { ']' | ALT } },
	{ "\033]11;rgb", { 0 }, DECODE_WAIT, { 0 } },
	{ "\033[A\033", { DECODE_UP }, DECODE_WAIT, { DECODE_ESCAPE } },
};

/* The keys that are in `in`, then `then`. */
static void
expect(struct decode *d, struct buf *in, const int *keys, int then, size_t sample)
{
	for (int i = 0; i < MOST && keys[i]; i++) {
		int key = decode_key(d, in, false);
		if (key != keys[i])
			fail_msg("sample %zu, key %d: %#x, not %#x", sample, i, (unsigned)key,
			    (unsigned)keys[i]);
	}
	int key = decode_key(d, in, false);
	if (key != then)
		fail_msg("sample %zu: then %#x, not %#x", sample, (unsigned)key, (unsigned)then);
}

static void
test_samples(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		const struct sample *sample = &samples[i];
		struct decode d = { 0 };
		struct buf in = { 0 };
		buf_str(&in, sample->bytes);
		expect(&d, &in, sample->keys, sample->then, i);
		for (int j = 0; j < MOST && sample->late[j]; j++)
			assert_int_equal(decode_key(&d, &in, true), sample->late[j]);
		assert_int_equal(decode_key(&d, &in, true), DECODE_NONE);
		assert_true(in.len < 8);
		decode_free(&d);
		buf_free(&in);
	}
}

/* However the line cuts them, the same bytes are the same keys. */
static void
test_byte_by_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		struct decode d = { 0 };
		struct buf in = { 0 };
		int n = 0;
		for (const char *s = samples[i].bytes; *s; s++) {
			buf_char(&in, *s);
			int key;
			while ((key = decode_key(&d, &in, false)) > 0) {
				assert_true(n < MOST);
				assert_int_equal(key, samples[i].keys[n]);
				n++;
			}
		}
		assert_true(n == MOST || !samples[i].keys[n]);
		decode_free(&d);
		buf_free(&in);
	}
}

static void
test_nul(void **state)
{
	(void)state;
	struct decode d = { 0 };
	struct buf in = { 0 };
	buf_add(&in, "\r\0a\0b\r", 6);
	expect(&d, &in, (const int[]){ DECODE_ENTER, 'a', 'b', DECODE_ENTER, 0 }, DECODE_NONE, 0);
	buf_add(&in, "\0c", 2); /* the pair came in two pieces */
	expect(&d, &in, (const int[]){ 'c', 0 }, DECODE_NONE, 0);
	decode_free(&d);
	buf_free(&in);
}

/* A time-out speaks of the bytes that were there, not of an Escape behind them. */
static void
test_late_bytes(void **state)
{
	(void)state;
	struct decode d = { 0 };
	struct buf in = { 0 };
	buf_str(&in, "\033");
	assert_int_equal(decode_key(&d, &in, false), DECODE_WAIT);
	buf_str(&in, "[A\033");
	assert_int_equal(decode_key(&d, &in, true), DECODE_UP);
	assert_int_equal(decode_key(&d, &in, false), DECODE_WAIT);
	buf_str(&in, "OB");
	assert_int_equal(decode_key(&d, &in, false), DECODE_DOWN);
	assert_int_equal(decode_key(&d, &in, true), DECODE_NONE);
	decode_free(&d);
	buf_free(&in);
}

static void
test_paste(void **state)
{
	(void)state;
#define PASTED "un\r\ndeux \033[A \033[20 \033"
	static const char pasted[] = PASTED, text[] = "x\033[200~" PASTED "\033[201~y";
	for (size_t piece = 1; piece < sizeof text; piece++) {
		struct decode d = { 0 };
		struct buf in = { 0 };
		int keys[MOST], n = 0;
		for (size_t at = 0; at < sizeof text - 1; at += piece) {
			size_t size = sizeof text - 1 - at < piece ? sizeof text - 1 - at : piece;
			buf_add(&in, text + at, size);
			int key;
			while ((key = decode_key(&d, &in, false)) > 0) {
				assert_true(n < 3);
				keys[n++] = key;
				if (key != DECODE_PASTE)
					continue;
				assert_string_equal(buf_text(&d.paste), pasted);
				assert_false(d.paste_cut);
			}
		}
		assert_int_equal(n, 3);
		assert_int_equal(keys[0], 'x');
		assert_int_equal(keys[1], DECODE_PASTE);
		assert_int_equal(keys[2], 'y');
		assert_int_equal(in.len, 0);
		decode_free(&d);
		buf_free(&in);
	}
}

static void
test_empty_paste_and_settle(void **state)
{
	(void)state;
	struct decode d = { 0 };
	struct buf in = { 0 };
	buf_str(&in, "\033[200~\033[201~abc");
	assert_int_equal(decode_key(&d, &in, false), DECODE_PASTE);
	assert_int_equal(d.paste.len, 0);
	assert_int_equal(decode_key(&d, &in, false), 'a');
	decode_settle(&d, &in);
	assert_string_equal(buf_text(&in), "bc");
	decode_free(&d);
	buf_free(&in);
}

/* More than a mebibyte: the end is dropped at a character, said, and the next key is right. */
static void
test_paste_bound(void **state)
{
	(void)state;
	struct decode d = { 0 };
	struct buf in = { 0 };
	double began = seconds();
	buf_str(&in, "\033[200~a");
	for (int i = 0; i < DECODE_PASTE_MAX; i++) {
		buf_str(&in, "é");
		if (i % 1000 == 0)
			assert_int_equal(decode_key(&d, &in, false), DECODE_NONE);
	}
	buf_str(&in, "\033[201~z");
	assert_int_equal(decode_key(&d, &in, false), DECODE_PASTE);
	assert_true(d.paste_cut);
	assert_int_equal(d.paste.len, DECODE_PASTE_MAX - 1);
	assert_int_equal(decode_key(&d, &in, false), 'z');
	assert_int_equal(d.paste.len, 0);
	assert_false(d.paste_cut);
	assert_true(seconds() - began < 1);
	decode_free(&d);
	buf_free(&in);
}

/* A paste without brackets: a mebibyte of keys is linear. */
static void
test_speed(void **state)
{
	(void)state;
	struct decode d = { 0 };
	struct buf in = { 0 };
	for (int i = 0; i < 1 << 18; i++)
		buf_str(&in, i % 20 ? "éa\033[A" : "\r\n");
	double began = seconds();
	size_t n = 0;
	while (decode_key(&d, &in, false) > 0)
		n++;
	assert_true(n > 1 << 19);
	assert_int_equal(in.len, 0);
	assert_true(seconds() - began < 1);
	decode_free(&d);
	buf_free(&in);
}

/* Noise, cut anywhere: always ends, always a key that exists, and what is kept back stays small. */
static void
test_noise(void **state)
{
	(void)state;
	static const char alphabet[] =
	    "\033\033\033[[OOP]~;;?$12059AZaz\r\n\a\\\xc2\x9b\xe2\x82\xff ";
	struct decode d = { 0 };
	struct buf in = { 0 };
	uint32_t seed = 20260324;
	for (int i = 0; i < 300000; i++) {
		seed = seed * 1664525 + 1013904223;
		buf_char(&in, alphabet[(seed >> 16) % (sizeof alphabet - 1)]);
		if (seed >> 30)
			continue;
		int key, turns = 0;
		bool late = seed >> 29 & 1;
		while ((key = decode_key(&d, &in, late)) > 0) {
			int plain = key & ~(DECODE_ALT | DECODE_CTRL);
			assert_true(plain > 0 && plain <= DECODE_PASTE);
			assert_true(turns++ < 5000);
		}
		assert_true(in.len <= 4096);
	}
	decode_free(&d);
	buf_free(&in);
}

/* What a terminal answers of itself is no key; whether it shows sixels is remembered. */
static void
test_sixel_is_said(void **state)
{
	(void)state;
	static const struct {
		const char *answer;
		bool sixel;
	} answers[] = { { "\033[?62;4;6;22c", true }, { "\033[?62;22;4c", true }, { "\033[?6c", false },
		{ "\033[?64;14;40c", false }, { "\033[?4c", false }, { "\033[62;4c", false } };
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		struct decode d = { 0 };
		struct buf in = { 0 };
		buf_str(&in, answers[i].answer);
		buf_char(&in, 'x');
		assert_int_equal(decode_key(&d, &in, false), 'x');
		assert_int_equal(d.sixel, answers[i].sixel);
		decode_free(&d);
		buf_free(&in);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_byte_by_byte),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_late_bytes),
		cmocka_unit_test(test_paste),
		cmocka_unit_test(test_empty_paste_and_settle),
		cmocka_unit_test(test_paste_bound),
		cmocka_unit_test(test_speed),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_sixel_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
