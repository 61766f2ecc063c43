/*
 * Charsets of callers: their names, what they can show of a text, bytes in and out. iconv is asked
 * once, by charset_init(), for the tables; afterwards nothing here opens a file.
 */
#include "bbs/base/text.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "bbs/base/log.h"

#define REPLACEMENT 0xfffd

static const char *const names[CHARSET_COUNT] = {
	[CHARSET_UTF8] = "UTF-8",
	[CHARSET_LATIN1] = "ISO-8859-1",
	[CHARSET_LATIN9] = "ISO-8859-15",
	[CHARSET_CP437] = "CP437",
	[CHARSET_CP850] = "CP850",
	[CHARSET_CP1252] = "CP1252",
	[CHARSET_ASCII] = "ASCII",
};

/* As people and clients spell them, in small letters and digits alone. */
static const struct {
	const char *name;
	enum charset charset;
} spellings[] = {
	{ "utf8", CHARSET_UTF8 },
	{ "unicode", CHARSET_UTF8 },
	{ "iso88591", CHARSET_LATIN1 },
	{ "latin1", CHARSET_LATIN1 },
	{ "l1", CHARSET_LATIN1 },
	{ "iso885915", CHARSET_LATIN9 },
	{ "latin9", CHARSET_LATIN9 },
	{ "latin0", CHARSET_LATIN9 },
	{ "l9", CHARSET_LATIN9 },
	{ "cp437", CHARSET_CP437 },
	{ "ibm437", CHARSET_CP437 },
	{ "437", CHARSET_CP437 },
	{ "cp850", CHARSET_CP850 },
	{ "ibm850", CHARSET_CP850 },
	{ "850", CHARSET_CP850 },
	{ "cp1252", CHARSET_CP1252 },
	{ "windows1252", CHARSET_CP1252 },
	{ "win1252", CHARSET_CP1252 },
	{ "1252", CHARSET_CP1252 },
	{ "ansi", CHARSET_CP1252 },
	{ "ascii", CHARSET_ASCII },
	{ "usascii", CHARSET_ASCII },
	{ "us", CHARSET_ASCII },
	{ "iso646us", CHARSET_ASCII },
	{ "ansix341968", CHARSET_ASCII },
};

/* The upper half of an 8-bit charset: by byte (0: nothing there), and by code point for bsearch. */
struct upper {
	uint16_t code;
	uint8_t byte;
};
static struct {
	uint16_t code[128];
	struct upper sorted[128];
	size_t count;
} tables[CHARSET_COUNT];
static bool ready;

const char *
charset_name(enum charset charset)
{
	return names[charset];
}

/* Looks up what is left of the first n bytes in small letters and digits. */
static int
find_spelling(const char *name, size_t n)
{
	char plain[24];
	size_t used = 0;
	for (size_t i = 0; i < n; i++) {
		char c = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] + 'a' - 'A') : name[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
			continue;
		if (used == sizeof plain - 1)
			return -1;
		plain[used++] = c;
	}
	plain[used] = '\0';
	for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++)
		if (strcmp(plain, spellings[i].name) == 0)
			return (int)spellings[i].charset;
	return -1;
}

int
charset_parse(const char *name)
{
	int charset = find_spelling(name, strlen(name));
	/* Of a locale's name ("fr_FR.ISO-8859-15@euro") what is between dot and @. */
	const char *dot = strchr(name, '.');
	return charset < 0 && dot ? find_spelling(dot + 1, strcspn(dot + 1, "@")) : charset;
}

static int
compare_upper(const void *a, const void *b)
{
	return ((const struct upper *)a)->code - ((const struct upper *)b)->code;
}

static void
load(enum charset charset)
{
	iconv_t converter = iconv_open("UTF-8", names[charset]);
	if (converter == (iconv_t)-1) // NOLINT(performance-no-int-to-ptr): iconv's own way to say no
		die("iconv does not know %s: %s", names[charset], strerror(errno));
	size_t count = 0;
	for (int byte = 0x80; byte < 0x100; byte++) {
		char in = (char)byte, utf8[8];
		char *from = &in, *to = utf8;
		size_t from_left = 1, to_left = sizeof utf8;
		ucs4_t uc;
		if (iconv(converter, &from, &from_left, &to, &to_left) == (size_t)-1)
			continue;
		u8_mbtouc(&uc, (uint8_t *)utf8, sizeof utf8 - to_left);
		tables[charset].code[byte - 0x80] = (uint16_t)uc;
		/* The 8-bit controls are read, so that cleaning sees them, but never sent. */
		if (uc >= 0xa0)
			tables[charset].sorted[count++] =
			    (struct upper){ .code = (uint16_t)uc, .byte = (uint8_t)byte };
	}
	iconv_close(converter);
	tables[charset].count = count;
	qsort(tables[charset].sorted, count, sizeof(struct upper), compare_upper);
}

void
charset_init(void)
{
	for (int charset = 0; charset < CHARSET_COUNT; charset++)
		if (charset != CHARSET_UTF8 && charset != CHARSET_ASCII)
			load((enum charset)charset);
	ready = true;
}

/* The byte for a code point from U+0080 on, 0 where the charset has none. */
static unsigned char
byte_of(enum charset charset, ucs4_t uc)
{
	if (!ready)
		die("charset_init() was not called");
	struct upper key = { .code = (uint16_t)uc };
	struct upper *found = uc > 0xffff || tables[charset].count == 0
				  ? NULL
				  : bsearch(&key, tables[charset].sorted, tables[charset].count,
					sizeof key, compare_upper);
	return found ? found->byte : 0;
}

static void
add_char(struct buf *out, ucs4_t uc)
{
	uint8_t bytes[6];
	int n = u8_uctomb(bytes, uc, sizeof bytes);
	if (n > 0)
		buf_add(out, bytes, (size_t)n);
}

/*
 * What stands for a character that is lacking: `best` if the charset has it, else `ascii`. What
 * Unicode itself takes apart (é, ², ﬁ, ½, ①, fullwidth forms) needs no row.
 */
static const struct stand_in {
	uint16_t code;
	uint16_t best;
	const char *ascii;
} stand_ins[] = {
	{ 0xa0, 0, " " },        /* no-break space */
	{ 0xa1, 0, "!" },        /* ¡ */
	{ 0xa2, 0, "c" },        /* ¢ */
	{ 0xa3, 0, "GBP" },      /* £ */
	{ 0xa5, 0, "JPY" },      /* ¥ */
	{ 0xa6, 0, "|" },        /* ¦ */
	{ 0xa7, 0, "S" },        /* § */
	{ 0xa8, 0, "\"" },       /* ¨ */
	{ 0xa9, 0, "(c)" },      /* © */
	{ 0xab, 0, "\"" },       /* « */
	{ 0xac, 0, "-" },        /* ¬ */
	{ 0xae, 0, "(r)" },      /* ® */
	{ 0xaf, 0, "-" },        /* ¯ */
	{ 0xb0, 0, "o" },        /* ° as in n° */
	{ 0xb1, 0, "+/-" },      /* ± */
	{ 0xb4, 0, "'" },        /* ´ */
	{ 0xb5, 0, "u" },        /* µ */
	{ 0xb6, 0, "P" },        /* ¶ */
	{ 0xb7, 0, "." },        /* · */
	{ 0xb8, 0, "," },        /* ¸ */
	{ 0xbb, 0, "\"" },       /* » */
	{ 0xbf, 0, "?" },        /* ¿ */
	{ 0xc6, 0, "AE" },       /* Æ */
	{ 0xd0, 0, "D" },        /* Ð */
	{ 0xd7, 0, "x" },        /* × */
	{ 0xd8, 0, "O" },        /* Ø */
	{ 0xde, 0, "Th" },       /* Þ */
	{ 0xdf, 0, "ss" },       /* ß */
	{ 0xe6, 0, "ae" },       /* æ */
	{ 0xf0, 0, "d" },        /* ð */
	{ 0xf7, 0, "/" },        /* ÷ */
	{ 0xf8, 0, "o" },        /* ø */
	{ 0xfe, 0, "th" },       /* þ */
	{ 0x110, 0xd0, "D" },    /* Đ */
	{ 0x111, 0, "d" },       /* đ */
	{ 0x126, 0, "H" },       /* Ħ */
	{ 0x127, 0, "h" },       /* ħ */
	{ 0x131, 0, "i" },       /* ı */
	{ 0x138, 0, "k" },       /* ĸ */
	{ 0x141, 0, "L" },       /* Ł */
	{ 0x142, 0, "l" },       /* ł */
	{ 0x14a, 0, "N" },       /* Ŋ */
	{ 0x14b, 0, "n" },       /* ŋ */
	{ 0x152, 0, "OE" },      /* Œ */
	{ 0x153, 0, "oe" },      /* œ */
	{ 0x166, 0, "T" },       /* Ŧ */
	{ 0x167, 0, "t" },       /* ŧ */
	{ 0x192, 0, "f" },       /* ƒ */
	{ 0x1dd, 0, "e" },       /* ǝ */
	{ 0x259, 0, "e" },       /* ə */
	{ 0x2b9, 0, "'" },       /* ʹ */
	{ 0x2bb, 0, "'" },       /* ʻ */
	{ 0x2bc, 0, "'" },       /* ʼ */
	{ 0x2c6, 0, "^" },       /* ˆ */
	{ 0x2dc, 0, "~" },       /* ˜ */
	{ 0x1e9e, 0, "SS" },     /* ẞ */
	{ 0x2010, 0, "-" },      /* ‐ */
	{ 0x2011, 0, "-" },      /* ‑ */
	{ 0x2012, 0, "-" },      /* ‒ */
	{ 0x2013, 0, "-" },      /* – */
	{ 0x2014, 0, "-" },      /* — */
	{ 0x2015, 0, "-" },      /* ― */
	{ 0x2018, 0, "'" },      /* ‘ */
	{ 0x2019, 0, "'" },      /* ’ */
	{ 0x201a, 0, "'" },      /* ‚ */
	{ 0x201b, 0, "'" },      /* ‛ */
	{ 0x201c, 0, "\"" },     /* “ */
	{ 0x201d, 0, "\"" },     /* ” */
	{ 0x201e, 0, "\"" },     /* „ */
	{ 0x201f, 0, "\"" },     /* ‟ */
	{ 0x2020, 0, "+" },      /* † */
	{ 0x2021, 0, "+" },      /* ‡ */
	{ 0x2022, 0, "*" },      /* • */
	{ 0x2023, 0, ">" },      /* ‣ */
	{ 0x202f, 0xa0, " " },   /* narrow no-break space */
	{ 0x2030, 0, "o/oo" },   /* ‰ */
	{ 0x2032, 0, "'" },      /* ′ */
	{ 0x2033, 0, "\"" },     /* ″ */
	{ 0x2039, 0, "<" },      /* ‹ */
	{ 0x203a, 0, ">" },      /* › */
	{ 0x203b, 0, "*" },      /* ※ */
	{ 0x2044, 0, "/" },      /* ⁄ */
	{ 0x204e, 0, "*" },      /* ⁎ */
	{ 0x20ac, 0, "EUR" },    /* € */
	{ 0x2190, 0, "<-" },     /* ← */
	{ 0x2191, 0, "^" },      /* ↑ */
	{ 0x2192, 0, "->" },     /* → */
	{ 0x2193, 0, "v" },      /* ↓ */
	{ 0x2194, 0, "<->" },    /* ↔ */
	{ 0x21b5, 0, "<-" },     /* ↵ */
	{ 0x21d0, 0, "<=" },     /* ⇐ */
	{ 0x21d2, 0, "=>" },     /* ⇒ */
	{ 0x21d4, 0, "<=>" },    /* ⇔ */
	{ 0x2212, 0, "-" },      /* − */
	{ 0x2215, 0, "/" },      /* ∕ */
	{ 0x2217, 0, "*" },      /* ∗ */
	{ 0x2219, 0xb7, "." },   /* ∙ */
	{ 0x221a, 0, "V" },      /* √ */
	{ 0x221e, 0, "oo" },     /* ∞ */
	{ 0x2248, 0, "~" },      /* ≈ */
	{ 0x2260, 0, "!=" },     /* ≠ */
	{ 0x2264, 0, "<=" },     /* ≤ */
	{ 0x2265, 0, ">=" },     /* ≥ */
	{ 0x22c5, 0xb7, "." },   /* ⋅ */
	{ 0x23ce, 0, "<-" },     /* ⏎ */
	{ 0x25a0, 0, "#" },      /* ■ */
	{ 0x25a1, 0, "o" },      /* □ */
	{ 0x25aa, 0x2022, "*" }, /* ▪ */
	{ 0x25ab, 0, "o" },      /* ▫ */
	{ 0x25b2, 0, "^" },      /* ▲ */
	{ 0x25b3, 0, "^" },      /* △ */
	{ 0x25b4, 0, "^" },      /* ▴ */
	{ 0x25b6, 0, ">" },      /* ▶ */
	{ 0x25b7, 0, ">" },      /* ▷ */
	{ 0x25b8, 0, ">" },      /* ▸ */
	{ 0x25ba, 0, ">" },      /* ► */
	{ 0x25bc, 0, "v" },      /* ▼ */
	{ 0x25bd, 0, "v" },      /* ▽ */
	{ 0x25be, 0, "v" },      /* ▾ */
	{ 0x25c0, 0, "<" },      /* ◀ */
	{ 0x25c1, 0, "<" },      /* ◁ */
	{ 0x25c2, 0, "<" },      /* ◂ */
	{ 0x25c4, 0, "<" },      /* ◄ */
	{ 0x25c6, 0, "*" },      /* ◆ */
	{ 0x25c7, 0, "o" },      /* ◇ */
	{ 0x25cb, 0, "o" },      /* ○ */
	{ 0x25cf, 0, "*" },      /* ● */
	{ 0x25e6, 0, "o" },      /* ◦ */
	{ 0x25ef, 0, "o" },      /* ◯ */
	{ 0x2605, 0, "*" },      /* ★ */
	{ 0x2606, 0, "*" },      /* ☆ */
	{ 0x2610, 0, "[ ]" },    /* ☐ */
	{ 0x2611, 0, "[x]" },    /* ☑ */
	{ 0x2612, 0, "[x]" },    /* ☒ */
	{ 0x2665, 0, "<3" },     /* ♥ */
	{ 0x2713, 0x221a, "v" }, /* ✓ */
	{ 0x2714, 0x221a, "v" }, /* ✔ */
	{ 0x2715, 0xd7, "x" },   /* ✕ */
	{ 0x2717, 0xd7, "x" },   /* ✗ */
	{ 0x2718, 0xd7, "x" },   /* ✘ */
	{ 0x2764, 0, "<3" },     /* ❤ */
	{ 0x27e8, 0, "<" },      /* ⟨ */
	{ 0x27e9, 0, ">" },      /* ⟩ */
};

/* U+2500 to U+257F, each as the light line that it resembles: see box_lines. */
static const char box_drawing[] = "--||--||--||rrrr"
				  "7777LLLLJJJJ>>>>"
				  ">>>><<<<<<<<TTTT"
				  "TTTTBBBBBBBB++++"
				  "++++++++++++--||"
				  "=|rrr777LLLJJJ>>"
				  "><<<TTTBBB+++r7J"
				  "L/\\X-|-|-|-|-|-|";
static const struct {
	char key;
	uint16_t light;
	char ascii;
} box_lines[] = {
	{ '-', 0x2500, '-' },
	{ '|', 0x2502, '|' },
	{ 'r', 0x250c, '+' },
	{ '7', 0x2510, '+' },
	{ 'L', 0x2514, '`' },
	{ 'J', 0x2518, '+' },
	{ '>', 0x251c, '|' },
	{ '<', 0x2524, '|' },
	{ 'T', 0x252c, '+' },
	{ 'B', 0x2534, '+' },
	{ '+', 0x253c, '+' },
	{ '=', 0x2550, '=' },
	{ '/', 0, '/' },
	{ '\\', 0, '\\' },
	{ 'X', 0, 'X' },
};

/* U+2580 to U+259F; and braille by how many of its eight dots are set. */
static const char blocks[] = "\"_.:-=+*####|||||.:#\"|..'#%##'%#";
static const char dots[] = " ..:::###";

static void
show_char(struct buf *out, ucs4_t uc, enum charset charset);

static int
compare_stand_in(const void *key, const void *row)
{
	return *(const uint16_t *)key - ((const struct stand_in *)row)->code;
}

/* False when there is nothing of our own that stands for it. */
static bool
show_stand_in(struct buf *out, ucs4_t uc, enum charset charset)
{
	if (uc > 0xffff)
		return false;
	uint16_t code = (uint16_t)uc;
	const struct stand_in *row = bsearch(&code, stand_ins,
	    sizeof stand_ins / sizeof stand_ins[0], sizeof stand_ins[0], compare_stand_in);
	if (row) {
		if (row->best && byte_of(charset, row->best))
			add_char(out, row->best);
		else
			buf_str(out, row->ascii);
		return true;
	}
	if (uc >= 0x2580 && uc < 0x25a0) {
		buf_char(out, blocks[uc - 0x2580]);
		return true;
	}
	if (uc >= 0x2800 && uc < 0x2900) {
		buf_char(out, dots[__builtin_popcount(uc - 0x2800)]);
		return true;
	}
	if (uc < 0x2500 || uc >= 0x2580)
		return false;
	for (size_t i = 0; i < sizeof box_lines / sizeof box_lines[0]; i++) {
		if (box_lines[i].key != box_drawing[uc - 0x2500])
			continue;
		if (box_lines[i].light && byte_of(charset, box_lines[i].light))
			add_char(out, box_lines[i].light);
		else
			buf_char(out, box_lines[i].ascii);
		break;
	}
	return true;
}

static void
show_char(struct buf *out, ucs4_t uc, enum charset charset)
{
	if ((uc >= ' ' && uc < 0x7f) || uc == '\n') {
		buf_char(out, (char)uc);
		return;
	}
	uint8_t utf8[6];
	int n = u8_uctomb(utf8, uc, sizeof utf8);
	int cells = n < 0 ? 1 : text_width((const char *)utf8, (size_t)n);
	if (cells == 0)
		return;
	if (byte_of(charset, uc)) {
		buf_add(out, utf8, (size_t)n);
		return;
	}
	if (show_stand_in(out, uc, charset))
		return;
	ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
	int tag;
	int count = uc_decomposition(uc, &tag, parts);
	size_t before = out->len;
	for (int i = 0; i < count; i++)
		show_char(out, parts[i], charset);
	/* Also where it came apart into nothing that has cells. */
	for (int i = 0; out->len == before + (size_t)i && i < cells; i++)
		buf_char(out, '?');
}

void
text_show(struct buf *out, const char *s, size_t n, enum charset charset)
{
	if (charset == CHARSET_UTF8) {
		buf_add(out, s, n);
		return;
	}
	for (size_t i = 0, bytes; i < n; i += bytes) {
		ucs4_t uc;
		bytes = (size_t)u8_mbtouc(&uc, (const uint8_t *)s + i, n - i);
		show_char(out, uc, charset);
	}
}

/* Bytes at the end of s that begin a code point and lack its end. */
static size_t
incomplete(const uint8_t *s, size_t n)
{
	ucs4_t uc;
	for (size_t back = 1; back <= 3 && back <= n; back++)
		if (s[n - back] >= 0xc0)
			return u8_mbtoucr(&uc, s + n - back, back) == -2 ? back : 0;
	return 0;
}

static void
add_valid(struct buf *out, const uint8_t *s, size_t n)
{
	const uint8_t *bad;
	while ((bad = u8_check(s, n))) {
		ucs4_t uc;
		size_t good = (size_t)(bad - s), broken = 1;
		buf_add(out, s, good);
		add_char(out, REPLACEMENT);
		/* What could have become a character, and no more: the same wherever the pieces are cut. */
		while (good + broken < n && u8_mbtoucr(&uc, bad, broken + 1) == -2)
			broken++;
		n -= good + broken;
		s += good + broken;
	}
	buf_add(out, s, n);
}

void
charset_decode(struct charset_in *c, const char *in, size_t n, struct buf *out)
{
	if (c->charset == CHARSET_UTF8) {
		struct buf joined = { 0 };
		const uint8_t *s = (const uint8_t *)in;
		if (c->rest_len) {
			buf_add(&joined, c->rest, c->rest_len);
			buf_add(&joined, in, n);
			s = (const uint8_t *)joined.data;
			n = joined.len;
		}
		c->rest_len = incomplete(s, n);
		n -= c->rest_len;
		add_valid(out, s, n);
		memcpy(c->rest, s + n, c->rest_len);
		buf_free(&joined);
		return;
	}
	if (!ready)
		die("charset_init() was not called");
	for (size_t i = 0; i < n; i++) {
		unsigned char byte = (unsigned char)in[i];
		uint16_t code = byte < 0x80 ? byte : tables[c->charset].code[byte - 0x80];
		add_char(out, code || byte < 0x80 ? code : REPLACEMENT);
	}
}

void
charset_encode(enum charset charset, const char *in, size_t n, struct buf *out)
{
	if (charset == CHARSET_UTF8) {
		buf_add(out, in, n);
		return;
	}
	for (size_t i = 0, bytes = 1; i < n; i += bytes, bytes = 1) {
		ucs4_t uc = (unsigned char)in[i];
		unsigned char byte = (unsigned char)uc;
		if (uc >= 0x80) {
			bytes = (size_t)u8_mbtouc(&uc, (const uint8_t *)in + i, n - i);
			byte = byte_of(charset, uc);
		}
		buf_char(out, byte || uc < 0x80 ? (char)byte : '?');
	}
}
