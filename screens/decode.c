/*
 * Bytes from a terminal → keys, for every terminal at once: terminfo names only one form of each
 * key and people's terminals send another. Not a terminal emulator: nothing is ever answered.
 */
#include "screens/decode.h"

#include <string.h>
#include <unistr.h>

enum { ESC = 27, REPLACEMENT = 0xfffd };

/* A sequence that is longer is no key and no answer of a terminal; what came of it is dropped. */
enum { CSI_MAX = 64, STRING_MAX = 4096 };

/* What the readers below give: the bytes of the key (> 0, its number in *key or 0 for none), or: */
enum {
	HOLD = 0,   /* unfinished, and only more bytes can tell */
	DOUBT = -1, /* unfinished, unless nothing more comes */
};

enum { PASTE_BEGINS = DECODE_F12 + 100, SIXEL_SAID };
static const char paste_ends[] = "\033[201~";

/* ESC [ number ~ (vt220, linux, putty, rxvt) */
static const struct {
	int number, key;
} numbered[] = {
	{ 1, DECODE_HOME },
	{ 2, DECODE_INSERT },
	{ 3, DECODE_DELETE },
	{ 4, DECODE_END },
	{ 5, DECODE_PAGE_UP },
	{ 6, DECODE_PAGE_DOWN },
	{ 7, DECODE_HOME },
	{ 8, DECODE_END },
	{ 11, DECODE_F1 },
	{ 12, DECODE_F1 + 1 },
	{ 13, DECODE_F1 + 2 },
	{ 14, DECODE_F1 + 3 },
	{ 15, DECODE_F1 + 4 },
	{ 17, DECODE_F1 + 5 },
	{ 18, DECODE_F1 + 6 },
	{ 19, DECODE_F1 + 7 },
	{ 20, DECODE_F1 + 8 },
	{ 21, DECODE_F1 + 9 },
	{ 23, DECODE_F1 + 10 },
	{ 24, DECODE_F1 + 11 },
};

/* ESC [ letter and ESC O letter */
static const struct {
	char letter;
	int key;
} lettered[] = {
	{ 'A', DECODE_UP },
	{ 'B', DECODE_DOWN },
	{ 'C', DECODE_RIGHT },
	{ 'D', DECODE_LEFT },
	{ 'H', DECODE_HOME },
	{ 'F', DECODE_END },
	{ 'P', DECODE_F1 },
	{ 'Q', DECODE_F1 + 1 },
	{ 'R', DECODE_F1 + 2 },
	{ 'S', DECODE_F1 + 3 },
	{ 'Z', DECODE_BACKTAB },
};

/* rxvt: ESC [ a is Shift and up, ESC O a is Ctrl and up. */
static const int rxvt_arrows[] = { DECODE_UP, DECODE_DOWN, DECODE_RIGHT, DECODE_LEFT };

/* ESC O j … ESC O y: the keys of a keypad in application mode. */
static const char keypad[] = "*+,-./0123456789";

static int
lettered_key(int letter)
{
	for (size_t i = 0; i < sizeof lettered / sizeof *lettered; i++)
		if (lettered[i].letter == letter)
			return lettered[i].key;
	return 0;
}

static int
numbered_key(int number)
{
	for (size_t i = 0; i < sizeof numbered / sizeof *numbered; i++)
		if (numbered[i].number == number)
			return numbered[i].key;
	return 0;
}

/* xterm's modifier: 1 + (1 Shift, 2 Alt, 4 Ctrl, 8 Meta). */
static int
modified(int key, int modifier)
{
	if (!key || modifier < 2 || modifier > 16)
		return key;
	int bits = modifier - 1;
	return key | (bits & (2 | 8) ? DECODE_ALT : 0) | (bits & 4 ? DECODE_CTRL : 0);
}

struct parameters {
	int number[2]; /* the first two, -1 where missing */
	bool strange;  /* of a form that no key has: an answer, or nothing we know */
};

static int
csi_key(const struct parameters *p, int final)
{
	bool plain = p->number[0] < 0 && p->number[1] < 0;
	if (p->strange)
		return 0;
	switch (final) {
	case '~':
		if (p->number[0] == 200 && p->number[1] < 0)
			return PASTE_BEGINS;
		return modified(numbered_key(p->number[0]), p->number[1]);
	case '$': /* rxvt: with Shift */
		return numbered_key(p->number[0]);
	case '^':
	case '@': {
		int key = numbered_key(p->number[0]);
		return key ? key | DECODE_CTRL : 0;
	}
	case 'R': /* with numbers it is a cursor report */
		return plain ? lettered_key(final) : 0;
	case 'a':
	case 'b':
	case 'c': /* with numbers it is an answer */
	case 'd':
		return plain ? rxvt_arrows[final - 'a'] : 0;
	}
	return modified(lettered_key(final), p->number[1] >= 0 ? p->number[1] : p->number[0]);
}

static int
ss3_key(const struct parameters *p, int final)
{
	if (final >= 'a' && final <= 'd')
		return rxvt_arrows[final - 'a'] | DECODE_CTRL;
	if (final >= 'j' && final <= 'y')
		return keypad[final - 'j'];
	switch (final) {
	case 'M':
		return DECODE_ENTER;
	case 'I':
		return DECODE_TAB;
	case ' ':
		return ' ';
	case 'X':
		return '=';
	}
	return modified(lettered_key(final), p->number[1] >= 0 ? p->number[1] : p->number[0]);
}

/* A terminal's answer to DA1, ESC [ ? 6 2 ; 4 ; … c: is 4, sixel graphics, among them? (DEC STD 070, 4.17.) */
static bool
says_sixel(const unsigned char *s, int n)
{
	if (n < 4 || s[2] != '?' || s[n - 1] != 'c')
		return false;
	for (int i = 3; i < n - 1; i++)
		if (s[i] == '4' && s[i - 1] == ';' && (s[i + 1] == ';' || s[i + 1] == 'c'))
			return true;
	return false;
}

/* ESC [ or ESC O, numbers with ; between, then a final byte. */
static int
read_sequence(const unsigned char *s, size_t n, int introducer, int *key)
{
	struct parameters p = { .number = { -1, -1 } };
	int field = 0;
	bool sub = false;
	for (int i = 2; i < CSI_MAX; i++) {
		if ((size_t)i == n)
			return HOLD; /* however slow the line: else "[A" would be typed */
		int c = s[i];
		if (c >= '0' && c <= '9') {
			if (sub || field > 1)
				continue;
			int *number = &p.number[field];
			*number = (*number < 0 ? 0 : *number) * 10 + c - '0';
			if (*number > 9999)
				*number = 9999;
		} else if (c == ';') {
			field++;
			sub = false;
		} else if (c == ':') {
			sub = true;
		} else if (c == '[' && i == 2 && introducer == '[') {
			/* the linux console's F1 to F5: ESC [ [ A */
			if (n == 3)
				return HOLD;
			if (s[3] >= 'A' && s[3] <= 'E')
				*key = DECODE_F1 + s[3] - 'A';
			return s[3] >= ' ' && s[3] < 0x7f ? 4 : 3;
		} else if (introducer == 'O' && c >= ' ' && c < 0x7f) {
			*key = ss3_key(&p, c);
			return i + 1;
		} else if (c == '$' && field == 0 && !p.strange && p.number[0] >= 0) {
			*key = csi_key(&p, c);
			return i + 1;
		} else if (c >= ' ' && c < '@') {
			p.strange = true;
		} else if (c >= '@' && c < 0x7f) {
			*key = says_sixel(s, i + 1) ? SIXEL_SAID : csi_key(&p, c);
			return i + 1;
		} else {
			return i; /* broken off: this byte is a key of its own */
		}
	}
	return CSI_MAX;
}

/* ESC ] and the like: a terminal's answer, up to BEL or ESC \. */
static int
read_string(const unsigned char *s, size_t n, bool timed_out)
{
	for (int i = 2; i < STRING_MAX; i++) {
		if ((size_t)i == n)
			return timed_out ? i : DOUBT;
		if (s[i] == '\a')
			return i + 1;
		if (s[i] == 0xc2 && (size_t)i + 1 < n && s[i + 1] == 0x9c)
			return i + 2;
		if (s[i] == ESC && (size_t)i + 1 < n)
			return s[i + 1] == '\\' ? i + 2 : i;
	}
	return STRING_MAX;
}

static bool
introduces(int c)
{
	return c == '[' || c == 'O' || c == ']' || c == 'P' || c == '_';
}

/* s starts with the two bytes of an introducer. */
static int
read_introduced(const unsigned char *s, size_t n, int introducer, bool timed_out, int *key)
{
	if (introducer == '[' || introducer == 'O')
		return read_sequence(s, n, introducer, key);
	if (n == 2 && timed_out && s[0] == ESC)
		*key = introducer | DECODE_ALT;
	return read_string(s, n, timed_out);
}

/* One character or control. */
static int
read_plain(const unsigned char *s, size_t n, int *key)
{
	if (*s < 0x80) {
		*key = *s == 0x7f || *s == '\b' ? DECODE_BACKSPACE : *s == '\n' ? DECODE_ENTER : *s;
		return 1;
	}
	ucs4_t c;
	int used = u8_mbtoucr(&c, s, n);
	if (used == -2)
		return HOLD;
	*key = used < 0 ? REPLACEMENT : c < 0xa0 ? 0 : (int)c;
	return used < 0 ? 1 : used;
}

static int
read_escape(const unsigned char *s, size_t n, bool timed_out, int *key)
{
	int used;
	if (n == 1 || (n == 2 && s[1] == ESC)) {
		if (!timed_out)
			return DOUBT;
		*key = DECODE_ESCAPE;
		return 1;
	}
	if (s[1] == ESC && (s[2] == '[' || s[2] == 'O')) { /* rxvt, putty: Alt and a key */
		used = read_introduced(s + 1, n - 1, s[2], timed_out, key);
	} else if (s[1] == ESC) {
		*key = DECODE_ESCAPE;
		return 1;
	} else if (introduces(s[1])) {
		return read_introduced(s, n, s[1], timed_out, key);
	} else {
		used = read_plain(s + 1, n - 1, key);
	}
	if (used <= 0)
		return used;
	if (*key && *key < PASTE_BEGINS)
		*key |= DECODE_ALT;
	return used + 1;
}

static int
read_key(const unsigned char *s, size_t n, bool timed_out, int *key)
{
	*key = 0;
	if (*s == ESC)
		return read_escape(s, n, timed_out, key);
	if (n > 1 && *s == 0xc2 && s[1] >= 0x80 && s[1] < 0xa0 && introduces(s[1] - 0x40))
		return read_introduced(s, n, s[1] - 0x40, timed_out, key);
	return read_plain(s, n, key);
}

static void
forget_paste(struct decode *d)
{
	buf_wipe(&d->paste);
	d->paste_cut = false;
}

static void
paste_add(struct decode *d, const char *s, size_t n)
{
	size_t room = DECODE_PASTE_MAX - d->paste.len;
	if (d->paste_cut)
		return;
	if (n > room) {
		d->paste_cut = true;
		n = room;
		while (n && ((unsigned char)s[n] & 0xc0) == 0x80)
			n--;
	}
	buf_add(&d->paste, s, n);
}

/* Collects pasted text; true: its end was there. */
static bool
read_paste(struct decode *d, const char *s, size_t n)
{
	size_t done = 0, mark = sizeof paste_ends - 1;
	while (done < n) {
		const char *escape = memchr(s + done, ESC, n - done);
		size_t upto = escape ? (size_t)(escape - s) : n;
		paste_add(d, s + done, upto - done);
		done = upto;
		if (!escape)
			break;
		size_t left = n - done < mark ? n - done : mark;
		if (memcmp(escape, paste_ends, left) != 0) {
			paste_add(d, escape, 1);
			done++;
		} else if (left == mark) {
			d->at += done + mark;
			d->pasting = false;
			return true;
		} else {
			break; /* it may be the end mark */
		}
	}
	d->at += done;
	return false;
}

int
decode_key(struct decode *d, struct buf *in, bool timed_out)
{
	if (!d->pasting)
		forget_paste(d);
	int used = HOLD;
	while (d->at < in->len) {
		const char *s = in->data + d->at;
		size_t n = in->len - d->at;
		if (d->pasting) {
			if (read_paste(d, s, n))
				return DECODE_PASTE;
			break;
		}
		if (d->was_cr) {
			d->was_cr = false;
			if (*s == '\n' || *s == '\0') {
				d->at++;
				continue;
			}
		}
		int key;
		used = read_key((const unsigned char *)s, n, timed_out, &key);
		if (used <= 0)
			break;
		timed_out = false; /* it told of the bytes just read, not of those behind */
		d->at += (size_t)used;
		d->was_cr = s[used - 1] == '\r';
		if (key == PASTE_BEGINS)
			d->pasting = true;
		else if (key == SIXEL_SAID)
			d->sixel = true;
		else if (key)
			return key;
		used = HOLD;
	}
	decode_settle(d, in);
	return used == DOUBT ? DECODE_WAIT : DECODE_NONE;
}

void
decode_settle(struct decode *d, struct buf *in)
{
	buf_eat(in, d->at);
	d->at = 0;
}

void
decode_free(struct decode *d)
{
	forget_paste(d);
	*d = (struct decode){ 0 };
}
