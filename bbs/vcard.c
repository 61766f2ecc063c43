/* Councils as cards for address books. */
#include "bbs/vcard.h"

#include <inttypes.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"

enum { LINE_MAX_BYTES = 75 };

/* A value of text: what would end it, or part it, is escaped. */
static void
escape(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\;,", *text))
			buf_char(out, '\\');
		if (*text == '\n')
			buf_str(out, "\\n");
		else
			buf_char(out, *text);
	}
}

/* Writes a line, its continuations each behind a space; no character is cut. */
static void
fold(struct buf *out, const char *line)
{
	size_t left = strlen(line), room = LINE_MAX_BYTES;
	while (left > room) {
		size_t n = room;
		while (((unsigned char)line[n] & 0xc0) == 0x80)
			n--;
		buf_add(out, line, n);
		buf_str(out, "\r\n ");
		line += n;
		left -= n;
		room = LINE_MAX_BYTES - 1;
	}
	buf_fmt(out, "%s\r\n", line);
}

/* "EMAIL;TYPE=INTERNET:" and its value; nothing where there is none. */
static void
property(struct buf *out, const char *name, const struct buf *value, bool text)
{
	struct buf line = { 0 };
	if (!value->len)
		return;
	buf_str(&line, name);
	if (text)
		escape(&line, buf_text(value));
	else
		buf_str(&line, buf_text(value));
	fold(out, buf_text(&line));
	buf_free(&line);
}

/* Name, and the place as an address: the town, its département, the country. */
static void
name_and_place(struct buf *out, const struct council *c)
{
	struct buf line = { 0 }, shown = { 0 };
	buf_str(&line, "N:");
	escape(&line, buf_text(&c->name));
	buf_str(&line, ";;;;");
	fold(out, buf_text(&line));
	buf_fmt(&shown, "%s (%s)", buf_text(&c->name), buf_text(&c->town));
	property(out, "FN:", &shown, true);
	property(out, "ORG:", &c->name, true);
	buf_cut(&line, 0);
	buf_str(&line, "ADR;TYPE=WORK:;;;");
	escape(&line, buf_text(&c->town));
	buf_char(&line, ';');
	escape(&line, buf_text(&c->department_name));
	buf_str(&line, ";;France");
	fold(out, buf_text(&line));
	buf_free(&line);
	buf_free(&shown);
}

static void
links(struct buf *out, const struct council *c)
{
	struct buf copy = { 0 };
	property(out, "URL:", &c->page, false);
	buf_str(&copy, buf_text(&c->links));
	char *rest = copy.data, *one;
	while ((one = strsep(&rest, " "))) {
		struct buf url = { 0 };
		buf_str(&url, one);
		property(out, "URL:", &url, false);
		buf_free(&url);
	}
	buf_free(&copy);
}

static void
note(struct buf *out, const struct council *c)
{
	struct buf text = { 0 };
	if (c->resource_name.len)
		buf_fmt(&text, _("%s: %s\n"), _("Resource person"), buf_text(&c->resource_name));
	buf_str(&text, buf_text(&c->description));
	if (text.len && text.data[text.len - 1] == '\n')
		buf_cut(&text, text.len - 1);
	property(out, "NOTE:", &text, true);
	buf_free(&text);
}

void
vcard_council(struct buf *out, const struct council *c)
{
	struct buf uid = { 0 }, when = { 0 };
	buf_fmt(&uid, "palabre-council-%" PRId64, c->id.n);
	clock_iso(&when, c->changed);
	buf_str(out, "BEGIN:VCARD\r\nVERSION:3.0\r\n");
	property(out, "UID:", &uid, true);
	name_and_place(out, c);
	property(out, "EMAIL;TYPE=INTERNET,PREF:", &c->email, true);
	property(out, "EMAIL;TYPE=INTERNET:", &c->resource_email, true);
	property(out, "TEL;TYPE=VOICE:", &c->resource_phone, true);
	links(out, c);
	note(out, c);
	property(out, "REV:", &when, false);
	buf_str(out, "END:VCARD\r\n");
	buf_free(&uid);
	buf_free(&when);
}
