/* Messages as mail: headers of RFC 5322, words of RFC 2047, texts in 8 bits or quoted-printable. */
#include "bbs/mbox.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bbs/base/i18n.h"
#include "bbs/base/text.h"

#define DOMAIN "palabre.invalid"

enum {
	LINE_MOST = 998,      /* bytes of a line of mail */
	QUOTED_MOST = 75,     /* of one in quoted-printable, without the = that goes on */
	WORD_MOST = 48,       /* of an encoded word, without what is around it */
	REFERENCES_MOST = 20, /* the nearest; the first message of the thread besides */
};

static const char hex[] = "0123456789ABCDEF";

/* Would this begin a message, in some reader's eyes? */
static bool
is_separator(const char *line)
{
	return !strncmp(line + strspn(line, ">"), "From ", 5);
}

/* ---- headers ---- */

static bool
is_plain(const char *text)
{
	for (const char *s = text; *s; s++)
		if ((unsigned char)*s < ' ' || (unsigned char)*s > '~' || (*s == '=' && s[1] == '?'))
			return false;
	return true;
}

/* Encoded words, parted between characters, each on a line of its own. */
static void
put_words(struct buf *out, const char *text)
{
	static const char free_ones[] = "!*+-/";
	size_t used = WORD_MOST, start = out->len;
	while (*text) {
		char piece[16];
		int k = 0;
		size_t n = 1;
		while (n < 4 && (text[n] & 0xc0) == 0x80)
			n++;
		for (size_t i = 0; i < n; i++) {
			unsigned char c = (unsigned char)text[i];
			bool letter = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
			if (c < 0x80 && (letter || strchr(free_ones, c))) {
				piece[k++] = (char)c;
			} else if (c == ' ') {
				piece[k++] = '_';
			} else {
				piece[k++] = '=';
				piece[k++] = hex[c >> 4];
				piece[k++] = hex[c & 15];
			}
		}
		if (used + (size_t)k > WORD_MOST) {
			buf_str(out, out->len > start ? "?=\n =?UTF-8?Q?" : "=?UTF-8?Q?");
			used = 0;
		}
		buf_add(out, piece, (size_t)k);
		used += (size_t)k;
		text += n;
	}
	buf_str(out, "?=");
}

static void
put_name(struct buf *out, const char *name)
{
	if (!is_plain(name)) {
		put_words(out, name);
		return;
	}
	buf_char(out, '"');
	for (; *name; name++) {
		if (*name == '"' || *name == '\\')
			buf_char(out, '\\');
		buf_char(out, *name);
	}
	buf_char(out, '"');
}

static void
put_address(struct buf *out, const struct post_row *post)
{
	if (post->author_id.n)
		buf_fmt(out, "member-%" PRId64 "@" DOMAIN, post->author_id.n);
	else
		buf_str(out, "member@" DOMAIN);
}

/* In the words of mail, whatever the language: "Thu, 12 Mar 2026 09:53:00 +0000", or as ctime has it. */
static void
put_date(struct buf *out, int64_t when, bool separator)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t seconds = (time_t)when;
	struct tm t = { 0 };
	gmtime_r(&seconds, &t);
	if (separator)
		buf_fmt(out, "%.3s %.3s %2d %02d:%02d:%02d %d", days + (size_t)t.tm_wday * 3,
		    months + (size_t)t.tm_mon * 3, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec,
		    t.tm_year + 1900);
	else
		buf_fmt(out, "%.3s, %d %.3s %d %02d:%02d:%02d +0000", days + (size_t)t.tm_wday * 3,
		    t.tm_mday, months + (size_t)t.tm_mon * 3, t.tm_year + 1900, t.tm_hour, t.tm_min,
		    t.tm_sec);
}

static void
put_id(struct buf *out, int64_t id)
{
	buf_fmt(out, "<%" PRId64 "@" DOMAIN ">", id);
}

/* The messages that lead from the thread's first one to this. */
static void
put_references(const struct mbox *m, const struct post_row *post, struct buf *out)
{
	int64_t chain[REFERENCES_MOST];
	int n = 0;
	for (int number = post->answers; number > 0 && number < m->room && n < REFERENCES_MOST;
	     number = m->known[number].answers)
		if (m->known[number].id)
			chain[n++] = m->known[number].id;
	if (post->id.n == m->thread->id.n)
		return;
	if (n) {
		buf_str(out, "In-Reply-To: ");
		put_id(out, chain[0]);
		buf_char(out, '\n');
	}
	buf_str(out, "References:");
	if (!n || chain[n - 1] != m->thread->id.n) {
		buf_str(out, "\n ");
		put_id(out, m->thread->id.n);
	}
	while (n-- > 0) {
		buf_str(out, "\n ");
		put_id(out, chain[n]);
	}
	buf_char(out, '\n');
}

/* ---- texts ---- */

static bool
is_short(const char *body)
{
	while (*body) {
		size_t n = strcspn(body, "\n");
		if (n > LINE_MOST || is_separator(body))
			return false;
		body += n + (body[n] == '\n');
	}
	return true;
}

static void
put_quoted(struct buf *out, const char *body)
{
	size_t used = 0;
	for (const char *s = body; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '\n') {
			buf_char(out, '\n');
			used = 0;
			continue;
		}
		bool last = !s[1] || s[1] == '\n';
		bool plain = c > ' ' && c <= '~' && c != '=';
		plain = plain || (c == ' ' && !last);
		if (used + (plain ? 1 : 3) > QUOTED_MOST) {
			buf_str(out, "=\n");
			used = 0;
		}
		if (!used && is_separator(s))
			plain = false;
		if (plain)
			buf_char(out, (char)c);
		else
			buf_fmt(out, "=%c%c", hex[c >> 4], hex[c & 15]);
		used += plain ? 1 : 3;
	}
}

/* What is attached stands behind the text, by its name: a mailbox is for reading. */
static void
put_files(struct buf *out, const struct post_row *post)
{
	struct attached one;
	if (*post->files)
		buf_char(out, '\n');
	for (const char *files = post->files; attached_next(&files, &one);) {
		buf_char(out, '\n');
		attached_words(&one, out);
	}
}

/* ---- a message ---- */

void
mbox_begin(struct mbox *m, const struct thread *thread)
{
	*m = (struct mbox){ .thread = thread };
}

void
mbox_end(struct mbox *m)
{
	free(m->known);
	*m = (struct mbox){ 0 };
}

static void
know(struct mbox *m, const struct post_row *post)
{
	if (post->number < 1)
		return;
	if (post->number >= m->room) {
		int room = 2 * post->number + 16;
		m->known = mem_resize(m->known, (size_t)room * sizeof *m->known);
		memset(m->known + m->room, 0, (size_t)(room - m->room) * sizeof *m->known);
		m->room = room;
	}
	m->known[post->number] = (struct mbox_known){ post->id.n, post->answers };
}

void
mbox_post(struct mbox *m, const struct post_row *post, struct buf *out)
{
	struct buf title = { 0 }, name = { 0 }, body = { 0 };
	if (strcmp(post->state, "published") != 0)
		return;
	if (post->id.n != m->thread->id.n)
		buf_str(&title, "Re: ");
	text_clean(&title, buf_text(&m->thread->title), m->thread->title.len, TEXT_LINE);
	text_clean(&name, post->author, strlen(post->author), TEXT_LINE);
	if (!name.len)
		buf_str(&name, _("member who has left"));
	text_clean(&body, post->body, strlen(post->body), TEXT_BODY);
	put_files(&body, post);
	bool eight = is_short(buf_text(&body));
	buf_str(out, "From ");
	put_address(out, post);
	buf_char(out, ' ');
	put_date(out, post->created, true);
	buf_str(out, "\nFrom: ");
	put_name(out, buf_text(&name));
	buf_str(out, "\n <");
	put_address(out, post);
	buf_str(out, ">\nDate: ");
	put_date(out, post->created, false);
	buf_str(out, "\nSubject: ");
	if (is_plain(buf_text(&title)))
		buf_str(out, buf_text(&title));
	else
		put_words(out, buf_text(&title));
	buf_str(out, "\nMessage-ID: ");
	put_id(out, post->id.n);
	buf_char(out, '\n');
	put_references(m, post, out);
	buf_fmt(out, "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
		     "Content-Transfer-Encoding: %s\n\n", eight ? "8bit" : "quoted-printable");
	if (eight)
		buf_add(out, buf_text(&body), body.len);
	else
		put_quoted(out, buf_text(&body));
	buf_str(out, "\n\n");
	know(m, post);
	buf_free(&title);
	buf_free(&name);
	buf_free(&body);
}
