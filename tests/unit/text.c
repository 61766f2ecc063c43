/* Text: what cleaning lets through, what cells are counted, where lines break, what is alike. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uninorm.h>
#include <unistr.h>
#include <wchar.h>

#include "bbs/base/clock.h"
#include "bbs/base/text.h"

enum { MIB = 1 << 20 };

static void
assert_clean_bytes(enum text_kind kind, const char *in, size_t n, const char *expected)
{
	struct buf out = { 0 };
	text_clean(&out, in, n, kind);
	assert_string_equal(buf_text(&out), expected);
	assert_int_equal(out.len, strlen(expected));
	struct buf again = { 0 };
	text_clean(&again, buf_text(&out), out.len, kind);
	assert_string_equal(buf_text(&again), expected);
	buf_free(&out);
	buf_free(&again);
}

static void
assert_clean(enum text_kind kind, const char *in, const char *expected)
{
	assert_clean_bytes(kind, in, strlen(in), expected);
}

static void
escapes_go_whole(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{ "a\033[31mb\033[0mc", "abc" },
		{ "a\033[38;2;1;2;3mb\033[?25lc\033[>4;2md\033[ qe", "abcde" },
		{ "a\302\23331mb", "ab" },
		{ "a\033]0;title\007b", "ab" },
		{ "a\033]8;;https://exemple.fr/\033\\lien\033]8;;\033\\b", "alienb" },
		{ "a\302\2350;title\302\234b", "ab" },
		{ "a\033P1$r0m\033\\b\033Xsos\033\\c\033^pm\033\\d\033_Gi=1;AAAA\033\\e", "abcde" },
		{ "a\302\220q#0\302\234b\302\230x\302\234c", "abc" },
		{ "a\302\236x\302\234b\302\237x\302\234c", "abc" },
		{ "a\033(Bb\033=c\033#8d\0337e", "abcde" },
		{ "a\033OPb\033[Ac", "abc" },
		{ "a\033b", "a" },
		{ "a\033éb", "aéb" },
		/* Unfinished: at the end, at another control, in the middle of a text. */
		{ "a\033", "a" },
		{ "a\033[", "a" },
		{ "a\033[31", "a" },
		{ "a\033[31é", "aé" },
		{ "a\033]0;title", "a" },
		{ "a\033]0;title\nsuite", "a suite" },
		{ "a\033]0;title\033[1mb", "ab" },
		{ "a\033\033[1mb", "ab" },
		{ "a\302\233", "a" },
		{ "a\033\\b", "ab" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_clean(TEXT_LINE, cases[i][0], cases[i][1]);
}

static void
unfinished_string_loses_little(void **state)
{
	(void)state;
	struct buf in = { 0 }, out = { 0 };
	buf_str(&in, "\033]0;");
	while (in.len < 10000)
		buf_str(&in, "é");
	text_clean(&out, in.data, in.len, TEXT_LINE);
	assert_in_range(out.len, in.len - 300, in.len - 200);
	/* With its end it goes, however long. */
	buf_str(&in, "\033\\fin");
	buf_cut(&out, 0);
	text_clean(&out, in.data, in.len, TEXT_LINE);
	assert_string_equal(out.data, "fin");
	buf_free(&in);
	buf_free(&out);
}

static void
controls_and_tricks_go(void **state)
{
	(void)state;
	assert_clean_bytes(TEXT_LINE, "a\0b\001c\177d\302\200e\be\rf", 14, "abcdee f");
	assert_clean(TEXT_LINE, "\ufeffa\u202eb\u202cc\u2066d\u2069e\u200ff\u061cg", "abcdefg");
	assert_clean(TEXT_LINE, "a\u200bb\u2060c\u00add\u200de\u200cf\u3164g", "abcdefg");
	assert_clean(TEXT_LINE, "a\U000e0041\U000e007fb\ufdd0c\uffff\U0010fffed", "abcd");
	assert_clean(TEXT_LINE, "👨\u200d👩\u200d👧 ❤\ufe0f 👍🏽", "👨👩👧 ❤ 👍");
	assert_clean(TEXT_LINE, "a\U000e0fffb", "ab");
	/* Unassigned: no one knows its cells. */
	assert_clean(TEXT_LINE, "a\u0378b", "a\ufffdb");
	assert_clean(TEXT_LINE, "🇫🇷 ⣿ 漢字 \ue000", "🇫🇷 ⣿ 漢字 \ue000");
}

static void
invalid_becomes_replacement(void **state)
{
	(void)state;
	assert_clean(TEXT_LINE, "a\377b\23331m", "a\ufffdb\ufffd31m");
	assert_clean(TEXT_LINE, "\xc0\xaf", "\ufffd\ufffd");
	assert_clean(TEXT_LINE, "fin\xc3", "fin\ufffd");
	static const char *const bad[] = { "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
		"\xf8\x88\x80\x80\x80", "\xe2\x82", "\xf0\x9f\x98", "\xc0\x9b\x33\x31m" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct buf out = { 0 };
		text_clean(&out, bad[i], strlen(bad[i]), TEXT_RAW);
		assert_null(u8_check((uint8_t *)out.data, out.len));
		assert_non_null(strstr(out.data, "\ufffd"));
		assert_null(strpbrk(out.data, "\033/"));
		buf_free(&out);
	}
}

static void
composed_and_cut(void **state)
{
	(void)state;
	assert_clean(TEXT_LINE, "e\u0301te\u0301 n\u0303", "été ñ");
	assert_clean(TEXT_LINE, "\u212b \u1100\u1161\u11a8", "Å 각");
	assert_clean(TEXT_LINE, "\u0301a", "a");
	assert_clean(TEXT_BODY, "a\n\u0301b", "a\nb");
	/* Zalgo: the base and eight marks stay. */
	struct buf in = { 0 }, out = { 0 };
	buf_str(&in, "x");
	for (int i = 0; i < 100; i++)
		buf_str(&in, "\u0332");
	buf_str(&in, "y");
	text_clean(&out, in.data, in.len, TEXT_LINE);
	assert_int_equal(out.len, 1 + 8 * 2 + 1);
	buf_free(&in);
	buf_free(&out);
}

static void
white_space_by_kind(void **state)
{
	(void)state;
	assert_clean(TEXT_LINE, "  a \t b\r\nc\n\n d \u2003 ", "a b c d");
	assert_clean(TEXT_LINE, " \u00a0\u202f\t ", "");
	assert_clean(
	    TEXT_LINE, "quoi\u00a0\u00a0? oui\u202f! a \u00a0b", "quoi\u00a0? oui\u202f! a b");
	assert_clean(TEXT_LINE, "«\u00a0a\u00a0»\u00a0", "«\u00a0a\u00a0»");
	assert_clean(TEXT_BODY, "", "");
	assert_clean(TEXT_BODY, " \n\t\n\u00a0\n", "");
	assert_clean(TEXT_BODY, "\n\n  a  \r\nb\u00a0\rc\u2028d\u2029e\302\205f\n\n\n\n\n\ng\n \n",
	    "  a\nb\nc\nd\ne\nf\n\n\ng");
	assert_clean(TEXT_BODY, "a\tb\n\tc", "a   b\n    c");
	assert_clean(TEXT_RAW, "\n  a \n\n\n\n\n\tb  \n", "\n  a \n\n\n\n\n    b  \n");
	assert_clean(TEXT_RAW, "a\r\n\r\nb\r", "a\n\nb\n");
}

/* Random text of the code points that have tricks in them, and random bytes. */
static void
cleaning_twice_changes_nothing(void **state)
{
	(void)state;
	static const uint32_t tricks[] = { 'a', ' ', '\n', '\r', '\t', 0x1b, '[', ']', '\\', 'O',
		';', 0x85, 0x90, 0x9b, 0x9c, 0xa0, 0xad, 0x300, 0x301, 0x315, 0x323, 0x344, 0x34f,
		0x5b0, 0x622, 0x627, 0x653, 0x655, 0xbc6, 0xcbf, 0xcc6, 0xcd5, 0xdd9, 0xddf, 0xdca,
		0x1100, 0x1161, 0x11a8, 0xac00, 0x102e, 0x1025, 0x200b, 0x200d, 0x2028, 0x202e,
		0x202f, 0x3000, 0x3042, 0x3099, 0xfb2c, 0xfe0f, 0xfeff, 0xfffd, 0x1d15e, 0x1d165,
		0x1f1eb, 0x1f468, 0x1f3fd, 0xe0041, 0x110ba, 0x11131, 0x11127, 0x114b9, 0x114ba };
	srandom(20261122);
	for (int round = 0; round < 60000; round++) {
		struct buf in = { 0 }, once = { 0 }, twice = { 0 };
		int length = (int)(random() % 30);
		for (int i = 0; i < length; i++) {
			uint8_t bytes[6];
			uint32_t uc = tricks[(size_t)random() % (sizeof tricks / sizeof tricks[0])];
			if (round % 3 == 0)
				uc = (uint32_t)random() % 0x11000;
			int n = u8_uctomb(bytes, uc, sizeof bytes);
			if (round % 10 == 0 || n < 0)
				buf_char(&in, (char)random());
			else
				buf_add(&in, bytes, (size_t)n);
			for (int more = round % 7 ? 0 : (int)(random() % 12); more > 0 && n > 0;
			     more--)
				buf_add(&in, bytes, (size_t)n);
		}
		enum text_kind kind = (enum text_kind)(round % 3);
		text_clean(&once, buf_text(&in), in.len, kind);
		text_clean(&twice, buf_text(&once), once.len, kind);
		assert_int_equal(once.len, twice.len);
		assert_memory_equal(buf_text(&once), buf_text(&twice), once.len);
		assert_null(u8_check((const uint8_t *)buf_text(&once), once.len));
		for (size_t i = 0; i < once.len; i++) {
			unsigned char byte = (unsigned char)once.data[i];
			assert_true(byte >= 0x20 || (byte == '\n' && kind != TEXT_LINE));
			assert_int_not_equal(byte, 0x7f);
			assert_false(byte == 0xc2 && (unsigned char)once.data[i + 1] < 0xa0);
		}
		buf_free(&in);
		buf_free(&once);
		buf_free(&twice);
	}
}

static void
a_mebibyte_of_anything(void **state)
{
	(void)state;
	static const char *const seeds[] = { "\033]", "\033[", "\033P\033", "\302\235", "\t", " ",
		"\n", "\xff", "\u0301", "x\u0315\u0323", "é", "\u0cc6", "\u1100", "« mot » ",
		"\033[1", "\u00a0", "\033]0;\n", "漢", "a\r" };
	for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++) {
		struct buf in = { 0 };
		while (in.len < MIB)
			buf_str(&in, seeds[i]);
		for (enum text_kind kind = TEXT_LINE; kind <= TEXT_RAW; kind++) {
			struct buf out = { 0 };
			int64_t before = clock_ticks();
			text_clean(&out, in.data, in.len, kind);
			assert_in_range(clock_ticks() - before, 0, 5000);
			assert_true(out.len <= 4 * in.len);
			struct text_line line;
			size_t at = 0, end = 0;
			before = clock_ticks();
			while (text_wrap(out.data, out.len, 72, &at, &line)) {
				assert_true(line.cells <= 72);
				assert_true(line.start >= end && line.start + line.len <= at);
				end = at;
			}
			assert_int_equal(at, out.len);
			assert_in_range(clock_ticks() - before, 0, 5000);
			buf_free(&out);
		}
		buf_free(&in);
	}
}

static void
clusters_and_cells(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t bytes;
		int cells;
	} cases[] = {
		{ "", 0, 0 },
		{ "ab", 1, 1 },
		{ "éa", 2, 1 },
		{ "e\u0301a", 3, 1 },
		{ "漢a", 3, 2 },
		{ "⣿a", 3, 1 },
		{ "🇫🇷🇧🇪", 8, 2 },
		{ "🇫a", 4, 1 },
		{ "👍a", 4, 2 },
		{ "각a", 3, 2 },
		{ "नि", 6, 2 },
		{ "👨\u200d👩", 7, 2 },
		{ "\n", 1, 0 },
		{ "\u1100\u1100", 3, 2 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int cells;
		size_t n = strlen(cases[i].text);
		assert_int_equal(text_cluster(cases[i].text, n, &cells), cases[i].bytes);
		assert_int_equal(cells, cases[i].cells);
	}
	assert_int_equal(text_width("« été »", strlen("« été »")), 7);
	assert_int_equal(text_width("漢字 👍 e\u0301", strlen("漢字 👍 e\u0301")), 9);

	int used;
	assert_int_equal(text_fit("a漢b", 5, 2, &used), 1);
	assert_int_equal(used, 1);
	assert_int_equal(text_fit("a漢b", 5, 3, &used), 4);
	assert_int_equal(used, 3);
	assert_int_equal(text_fit("abc", 3, 0, &used), 0);
	assert_int_equal(text_fit("abc", 3, -1, &used), 0);
}

/* What cleaning lets through counts as ncurses and tmux count it. */
static void
cells_are_those_of_the_terminal(void **state)
{
	(void)state;
	for (uint32_t uc = 0x20; uc < 0x110000; uc++) {
		uint8_t bytes[8] = { '.' };
		int n = u8_uctomb(bytes + 1, uc, 6);
		if (n < 0)
			continue;
		struct buf out = { 0 };
		text_clean(&out, (char *)bytes, (size_t)n + 1, TEXT_RAW);
		if (out.len > 1 && !strchr(out.data, '\n')) {
			ucs4_t left[8];
			size_t count = 8;
			u8_to_u32((uint8_t *)out.data, out.len, left, &count);
			int cells = 0;
			for (size_t i = 0; i < count; i++)
				cells += wcwidth((wchar_t)left[i]);
			if (text_width(out.data, out.len) != cells)
				fail_msg("U+%04X: %d cells, the terminal has %d", uc,
				    text_width(out.data, out.len), cells);
		}
		buf_free(&out);
	}
}

static void
padding(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int cells;
		const char *ellipsis, *expected;
	} cases[] = {
		{ "abc", 5, "…", "abc  " },
		{ "abcde", 5, "…", "abcde" },
		{ "abcdef", 5, "…", "abcd…" },
		{ "abcdef", 5, ".", "abcd." },
		{ "abcdef", 5, "...", "ab..." },
		{ "abcdef", 5, NULL, "abcde" },
		{ "漢字漢字", 6, "…", "漢字… " },
		{ "abcdef", 2, "...", "ab" },
		{ "abc", 1, "…", "…" },
		{ "abc", 0, "…", "" },
		{ "e\u0301te\u0301s", 4, "…", "e\u0301te\u0301s" },
		{ "", 2, "…", "  " },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf out = { 0 };
		text_pad(&out, cases[i].text, cases[i].cells, cases[i].ellipsis);
		assert_string_equal(buf_text(&out), cases[i].expected);
		buf_free(&out);
	}
}

/* Wraps and joins the lines with |, ¶ behind the last of a paragraph. */
static void
assert_wrap(const char *text, int cells, const char *expected)
{
	struct buf out = { 0 };
	struct text_line line;
	for (size_t at = 0; text_wrap(text, strlen(text), cells, &at, &line);) {
		assert_int_equal(line.cells, text_width(text + line.start, line.len));
		buf_add(&out, text + line.start, line.len);
		buf_str(&out, line.last ? "¶" : "|");
	}
	assert_string_equal(buf_text(&out), expected);
	buf_free(&out);
}

static void
wrapping(void **state)
{
	(void)state;
	assert_wrap("", 10, "");
	assert_wrap("un", 10, "un¶");
	assert_wrap("un deux trois", 7, "un deux|trois¶");
	assert_wrap("un deux trois", 8, "un deux|trois¶");
	assert_wrap("un   deux", 4, "un|deux¶");
	assert_wrap("un\n\ndeux\n", 9, "un¶¶deux¶");
	assert_wrap("  un deux", 6, "  un|deux¶");
	assert_wrap("un    ", 4, "un  ¶");
	assert_wrap("un    \ndeux", 4, "un  ¶deux¶");
	assert_wrap("vingt-trois", 8, "vingt-|trois¶");
	assert_wrap("anticonstitutionnellement", 10, "anticonsti|tutionnell|ement¶");
	assert_wrap("ab anticonstitutionnellement", 10, "ab|anticonsti|tutionnell|ement¶");
	assert_wrap("漢字かな", 5, "漢字|かな¶");
	assert_wrap("漢字", 1, "漢|字¶");
	assert_wrap("漢\na", 1, "漢¶a¶");
	assert_wrap("e\u0301te\u0301e\u0301", 2, "e\u0301t|e\u0301e\u0301¶");
	assert_wrap("allez voir exemple.fr ce soir", 20, "allez voir|exemple.fr ce soir¶");
	assert_wrap("aujourd’hui l’eau", 14, "aujourd’hui|l’eau¶");
}

static void
wrapping_french(void **state)
{
	(void)state;
	assert_wrap("il dit\u00a0: oui", 7, "il|dit\u00a0:|oui¶");
	assert_wrap("il dit : oui", 7, "il|dit :|oui¶");
	assert_wrap("vraiment oui !", 12, "vraiment|oui !¶");
	assert_wrap("vraiment oui\u202f?", 12, "vraiment|oui\u202f?¶");
	assert_wrap("voici ; donc", 6, "voici|; donc¶"); /* no room for better */
	assert_wrap("un « mot » ici", 6, "un|« mot|» ici¶"); /* nor here */
	assert_wrap("un « mot » ici", 7, "un|« mot »|ici¶");
	assert_wrap("ici «\u00a0mot\u00a0» là", 8, "ici|«\u00a0mot\u00a0»|là¶");
	assert_wrap("il coûte 5 €", 10, "il coûte|5 €¶");
	assert_wrap("le 5\u00a0mars\u202f2026 au soir", 13, "le|5\u00a0mars\u202f2026|au soir¶");
}

static void
folding(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{ "Été À L’ŒUVRE", "ete a l'oeuvre" },
		{ "  Bagnols–sur—Cèze  ", "bagnols-sur-ceze" },
		{ "«\u00a0Ça va\u202f?\u00a0»", "\" ca va ? \"" },
		{ "Straße Ærø", "strasse aero" },
		{ "e\u0301cole", "ecole" },
		{ "ÉCOLE", "ecole" },
		{ "m² ﬁn", "m2 fin" },
		{ "", "" },
		{ " \n ", "" },
		{ "\377A", "\ufffda" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf out = { 0 };
		text_fold(&out, cases[i][0]);
		assert_string_equal(buf_text(&out), cases[i][1]);
		buf_free(&out);
	}
}

static void
ordering(void **state)
{
	(void)state;
	static const char *const sorted[] = { "« Agir »", "cote", "Coté", "côte", "côté", "Éauplet",
		"Île-de-France", "L’Haÿ", "Lhay", "Nimes", "Nîmes", "œuf", "oeuvre", "Saint-Denis",
		"Saint Étienne", "Sainte", "Zola" };
	struct buf before = { 0 };
	for (size_t i = 0; i < sizeof sorted / sizeof sorted[0]; i++) {
		struct buf key = { 0 };
		text_sort_key(&key, sorted[i]);
		assert_int_equal(strlen(key.data), key.len);
		if (i && strcmp(before.data, key.data) >= 0)
			fail_msg("%s does not come before %s", sorted[i - 1], sorted[i]);
		buf_free(&before);
		before = key;
	}
	buf_free(&before);
}

static void
words(void **state)
{
	(void)state;
	struct buf all = { 0 }, word = { 0 };
	size_t start;
	const char *text =
	    "Les conseils des Quartiers : travaux, œuvres — l’eau d'ici, Saint-Ouën 2026 "
	    "bus LOIS (voix) e\u0301coles… ½ ! «";
	for (size_t at = 0; text_word(text, &at, &start, &word);)
		buf_fmt(&all, "%s.", word.data);
	assert_string_equal(all.data,
	    "les.conseil.des.quartier.travau.oeuvre.l.eau.d.ici.saint.ouen."
	    "2026.bus.loi.voi.ecole.1.");
	size_t at = 0;
	assert_false(text_word("", &at, &start, &word));
	assert_false(text_word("… !", &at, &start, &word));
	/* A run without spaces is cut. */
	struct buf run = { 0 };
	for (int i = 0; i < 1000; i++)
		buf_str(&run, "漢");
	int count = 0;
	for (at = 0; text_word(run.data, &at, &start, &word); count++)
		assert_true(word.len <= 64 * 3);
	assert_int_equal(count, 16);
	buf_free(&run);
	buf_free(&all);
	buf_free(&word);
}

int
main(void)
{
	/* For wcwidth() alone. */
	if (!setlocale(LC_ALL, "C.UTF-8"))
		return 1;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes_go_whole),
		cmocka_unit_test(unfinished_string_loses_little),
		cmocka_unit_test(controls_and_tricks_go),
		cmocka_unit_test(invalid_becomes_replacement),
		cmocka_unit_test(composed_and_cut),
		cmocka_unit_test(white_space_by_kind),
		cmocka_unit_test(cleaning_twice_changes_nothing),
		cmocka_unit_test(a_mebibyte_of_anything),
		cmocka_unit_test(clusters_and_cells),
		cmocka_unit_test(cells_are_those_of_the_terminal),
		cmocka_unit_test(padding),
		cmocka_unit_test(wrapping),
		cmocka_unit_test(wrapping_french),
		cmocka_unit_test(folding),
		cmocka_unit_test(ordering),
		cmocka_unit_test(words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
