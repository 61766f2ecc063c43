/* Charsets: names, what is shown instead of what is lacking, and that iconv agrees to the byte. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <unistr.h>

#include "bbs/base/text.h"

static const char pangram[] =
    "Dès Noël, où un zéphyr haï me vêt de glaçons würmiens, je dîne d’exquis rôtis de bœuf au kir, "
    "à l’aÿ d’âge mûr, &cætera\u202f! «\u00a0L’Œuvre\u00a0» — 5\u00a0€, 20\u00a0°C… “n°\u00a03” – "
    "ŒUVRE ÆGIR "
    "→ ● ✓ ½ m² │ ├── └── ╔═╗ ┏━┓ ╭╮ ▒ ▄ ⣿ ⠁ 漢 👍 e\u0301 Łódź";

/* The bytes iconv makes of s, exactly; fails the test when it cannot. */
static size_t
by_iconv(enum charset charset, const char *s, size_t n, char *bytes, size_t size)
{
	iconv_t converter = iconv_open(charset_name(charset), "UTF-8");
	assert_true(converter != (iconv_t)-1);
	char *from = (char *)(uintptr_t)s, *to = bytes;
	size_t left = size;
	size_t inexact = iconv(converter, &from, &n, &to, &left);
	if (inexact != 0)
		fail_msg("%s cannot take \"%s\"", charset_name(charset), from);
	iconv_close(converter);
	return size - left;
}

static void
assert_shown_exactly(enum charset charset, const char *s, size_t n)
{
	struct buf shown = { 0 }, sent = { 0 }, again = { 0 };
	text_show(&shown, s, n, charset);
	char bytes[1024];
	size_t count = by_iconv(charset, buf_text(&shown), shown.len, bytes, sizeof bytes);
	charset_encode(charset, buf_text(&shown), shown.len, &sent);
	assert_int_equal(sent.len, count);
	assert_memory_equal(buf_text(&sent), bytes, count);
	if (charset != CHARSET_UTF8)
		assert_int_equal(text_width(buf_text(&shown), shown.len), count);
	struct charset_in in = { .charset = charset };
	charset_decode(&in, buf_text(&sent), sent.len, &again);
	assert_string_equal(buf_text(&again), buf_text(&shown));
	buf_free(&shown);
	buf_free(&sent);
	buf_free(&again);
}

static void
a_pangram_everywhere(void **state)
{
	(void)state;
	for (int charset = 0; charset < CHARSET_COUNT; charset++)
		assert_shown_exactly((enum charset)charset, pangram, strlen(pangram));
}

static void
every_code_point_everywhere(void **state)
{
	(void)state;
	for (int charset = 1; charset < CHARSET_COUNT; charset++) {
		iconv_t converter = iconv_open(charset_name((enum charset)charset), "UTF-8");
		assert_true(converter != (iconv_t)-1);
		for (uint32_t uc = 0x20; uc <= 0xffff; uc++) {
			uint8_t utf8[6];
			int n = u8_uctomb(utf8, uc, sizeof utf8);
			if (n < 0)
				continue;
			struct buf shown = { 0 };
			text_show(&shown, (char *)utf8, (size_t)n, (enum charset)charset);
			char bytes[256], *from = shown.data, *to = bytes;
			size_t left = shown.len, room = sizeof bytes;
			if (left && iconv(converter, &from, &left, &to, &room) != 0)
				fail_msg("%s: U+%04X is shown as \"%s\"",
				    charset_name((enum charset)charset), uc, shown.data);
			assert_int_equal(
			    text_width(buf_text(&shown), shown.len), sizeof bytes - room);
			/* What has cells is not lost, what has none adds none. */
			if ((text_width((char *)utf8, (size_t)n) > 0) != (shown.len > 0))
				fail_msg("U+%04X is shown as \"%s\"", uc, buf_text(&shown));
			buf_free(&shown);
		}
		iconv_close(converter);
	}
}

static void
stand_ins(void **state)
{
	(void)state;
	static const struct {
		enum charset charset;
		const char *text, *shown;
	} cases[] = {
		{ CHARSET_LATIN1, "œuvre 5\u202f€… “a” – b’c", "oeuvre 5\u00a0EUR... \"a\" - b'c" },
		{ CHARSET_LATIN9, "œuvre ŒUVRE 5\u202f€…", "œuvre ŒUVRE 5\u00a0€..." },
		{ CHARSET_CP1252, "œuvre € … “ ” ● ›", "œuvre € … “ ” * ›" },
		{ CHARSET_CP437, "été œ Œ € É ╔═┏━╭─ └ ● ✓", "été oe OE EUR É ╔═┌─┌─ └ * √" },
		{ CHARSET_CP850, "«\u00a0À\u00a0» ├─└ ½", "«\u00a0À\u00a0» ├─└ ½" },
		{ CHARSET_ASCII, "«\u00a0Été\u00a0» Œuvre • ● › ▸", "\" Ete \" OEuvre * * > >" },
		{ CHARSET_ASCII, "½ m² n°\u00a03", "1/2 m2 no 3" },
		{ CHARSET_ASCII, "├─└─│ ═ ⣿⠁⠀ █▁ 漢 👍 Łódź ☐", "|-`-| = #.  #_ ?? ?? Lodz [ ]" },
		{ CHARSET_LATIN1, "a\nb", "a\nb" },
		{ CHARSET_UTF8, "œ € ●", "œ € ●" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf out = { 0 };
		text_show(&out, cases[i].text, strlen(cases[i].text), cases[i].charset);
		assert_string_equal(buf_text(&out), cases[i].shown);
		buf_free(&out);
	}
}

static void
bytes_in(void **state)
{
	(void)state;
	/* UTF-8 a byte at a time, with what is broken mended. */
	static const char text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x91\x8d\xff\xc3(\xe2\x82z\x1b[A";
	struct charset_in in = { .charset = CHARSET_UTF8 };
	struct buf out = { 0 }, whole = { 0 };
	for (size_t i = 0; i < strlen(text); i++)
		charset_decode(&in, text + i, 1, &out);
	assert_int_equal(in.rest_len, 0);
	charset_decode(&in, text, strlen(text), &whole);
	assert_string_equal(whole.data, "aé€👍\ufffd\ufffd(\ufffdz\033[A");
	assert_string_equal(out.data, whole.data);
	buf_cut(&out, 0);
	charset_decode(&in, "\xf0\x9f", 2, &out);
	assert_int_equal(in.rest_len, 2);
	charset_decode(&in, "", 0, &out);
	charset_decode(&in, "\x91\x8d", 2, &out);
	assert_string_equal(out.data, "👍");

	static const struct {
		enum charset charset;
		const char *bytes, *text;
	} cases[] = {
		{ CHARSET_LATIN1, "\xe9\xa4\x9b", "é¤\302\233" },
		{ CHARSET_LATIN9, "\xbd\xa4", "œ€" },
		{ CHARSET_CP437, "\x82\xc4", "é─" },
		{ CHARSET_CP850, "\x82\xb7", "éÀ" },
		{ CHARSET_CP1252, "\x9c\x80\x81", "œ€\ufffd" },
		{ CHARSET_ASCII, "a\xe9\033[A", "a\ufffd\033[A" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		in = (struct charset_in){ .charset = cases[i].charset };
		buf_cut(&out, 0);
		charset_decode(&in, cases[i].bytes, strlen(cases[i].bytes), &out);
		assert_string_equal(out.data, cases[i].text);
	}
	buf_free(&out);
	buf_free(&whole);
}

static void
bytes_out(void **state)
{
	(void)state;
	struct buf out = { 0 };
	charset_encode(
	    CHARSET_LATIN9, "\033[1mœ€\033[0m\r\n", strlen("\033[1mœ€\033[0m\r\n"), &out);
	assert_string_equal(out.data, "\033[1m\xbd\xa4\033[0m\r\n");
	buf_cut(&out, 0);
	/* Neither what is lacking nor an 8-bit control gets through. */
	charset_encode(CHARSET_LATIN1, "œ\302\233é", strlen("œ\302\233é"), &out);
	assert_string_equal(out.data, "??\xe9");
	buf_cut(&out, 0);
	charset_encode(CHARSET_ASCII, "é\0a", 4, &out);
	assert_int_equal(out.len, 3);
	assert_memory_equal(out.data, "?\0a", 3);
	buf_free(&out);
}

static void
spellings(void **state)
{
	(void)state;
	for (int charset = 0; charset < CHARSET_COUNT; charset++)
		assert_int_equal(charset_parse(charset_name((enum charset)charset)), charset);
	assert_int_equal(charset_parse("utf8"), CHARSET_UTF8);
	assert_int_equal(charset_parse("fr_FR.UTF-8"), CHARSET_UTF8);
	assert_int_equal(charset_parse("fr_FR.ISO-8859-15@euro"), CHARSET_LATIN9);
	assert_int_equal(charset_parse("ISO_8859-1"), CHARSET_LATIN1);
	assert_int_equal(charset_parse("Latin 9"), CHARSET_LATIN9);
	assert_int_equal(charset_parse("IBM437"), CHARSET_CP437);
	assert_int_equal(charset_parse("850"), CHARSET_CP850);
	assert_int_equal(charset_parse("windows-1252"), CHARSET_CP1252);
	assert_int_equal(charset_parse("US-ASCII"), CHARSET_ASCII);
	assert_int_equal(charset_parse("ANSI_X3.4-1968"), CHARSET_ASCII);
	assert_int_equal(charset_parse("KOI8-R"), -1);
	assert_int_equal(charset_parse(""), -1);
	assert_int_equal(charset_parse("--------------------------------------x"), -1);
	assert_int_equal(charset_parse("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), -1);
}

static int
init(void **state)
{
	(void)state;
	charset_init();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pangram_everywhere),
		cmocka_unit_test(every_code_point_everywhere),
		cmocka_unit_test(stand_ins),
		cmocka_unit_test(bytes_in),
		cmocka_unit_test(bytes_out),
		cmocka_unit_test(spellings),
	};
	return cmocka_run_group_tests(tests, init, NULL);
}
