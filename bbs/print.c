/* A discussion as a page. Knows nothing of where it goes. */
#include "bbs/print.h"

#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/text.h"

enum { COLUMNS = 72, STEP = 2, DEEPEST = 8, HANGING = 3 };

/* ---- plain text ---- */

static void
indent(struct buf *out, int cells)
{
	while (cells-- > 0)
		buf_char(out, ' ');
}

/* Wrapped lines, set in; an empty one stays empty. */
static void
put_lines(struct buf *out, int cells, const char *text)
{
	struct text_line line;
	size_t n = strlen(text);
	for (size_t at = 0; text_wrap(text, n, COLUMNS - cells, &at, &line);) {
		size_t len = line.len;
		while (len && text[line.start + len - 1] == ' ')
			len--;
		if (len)
			indent(out, cells);
		buf_add(out, text + line.start, len);
		buf_char(out, '\n');
	}
}

/* ---- HTML ---- */

static void
put_escaped(struct buf *out, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		switch (text[i]) {
		case '<':
			buf_str(out, "&lt;");
			break;
		case '>':
			buf_str(out, "&gt;");
			break;
		case '&':
			buf_str(out, "&amp;");
			break;
		case '"':
			buf_str(out, "&quot;");
			break;
		default:
			buf_char(out, text[i]);
		}
}

static void
put_element(struct buf *out, const char *open, const char *text, const char *close)
{
	buf_str(out, open);
	put_escaped(out, text, strlen(text));
	buf_str(out, close);
}

/* Lines that follow one another are a paragraph; those that start with > a quotation. */
static void
put_paragraphs(struct buf *out, const char *text)
{
	const char *close = "";
	bool quoted = false, inside = false;
	while (*text) {
		size_t n = strcspn(text, "\n"), skip = 0;
		bool quote = *text == '>';
		while (quote && skip < n && (text[skip] == '>' || text[skip] == ' '))
			skip++;
		if (inside && (n == skip || quote != quoted)) {
			buf_str(out, close);
			inside = false;
		}
		if (n > skip) {
			buf_str(out, inside ? "<br>\n" : quote ? "<blockquote><p>" : "<p>");
			close = quote ? "</p></blockquote>\n" : "</p>\n";
			put_escaped(out, text + skip, n - skip);
			inside = true;
			quoted = quote;
		}
		text += n + (text[n] == '\n');
	}
	if (inside)
		buf_str(out, close);
}

static const char style[] =
    "body { max-width: 42em; margin: 2em auto; padding: 0 1em; font: 1em/1.5 serif; }\n"
    "h1 { font-size: 1.4em; } h2 { font-size: 1em; margin: 1.5em 0 0; break-after: avoid; }\n"
    ".when { margin: 0; color: #444; } blockquote { margin: 0 0 0 1em; color: #444; }\n";

/* ---- both ---- */

static void
clean(struct buf *out, const char *text, enum text_kind kind)
{
	text_clean(out, text, strlen(text), kind);
}

void
print_head(struct buf *out, enum print_form form, const char *name, const struct thread *thread)
{
	struct buf title = { 0 }, about = { 0 };
	clean(&title, buf_text(&thread->title), TEXT_LINE);
	buf_fmt(&about, "%s, %s. ", name, buf_text(&thread->board_title));
	buf_fmt(&about, ngettext("%d message.", "%d messages.", (unsigned long)thread->posts),
	    (int)thread->posts);
	buf_str(&about, _(" Printed on "));
	clock_date(&about, clock_now(), NULL);
	buf_char(&about, '.');
	if (form == PRINT_HTML) {
		buf_fmt(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
		    i18n_code(i18n_get()));
		put_element(out, "<title>", buf_text(&title), "</title>\n<style>\n");
		buf_fmt(out, "%s</style>\n</head>\n<body>\n", style);
		put_element(out, "<h1>", buf_text(&title), "</h1>\n");
		put_element(out, "<p class=\"when\">", buf_text(&about), "</p>\n");
	} else {
		put_lines(out, 0, buf_text(&title));
		put_lines(out, 0, buf_text(&about));
	}
	buf_free(&title);
	buf_free(&about);
}

/* What is attached, a line each. */
static void
put_files(struct buf *out, const struct post_row *post)
{
	struct attached one;
	for (const char *files = post->files; attached_next(&files, &one);) {
		if (out->len)
			buf_char(out, '\n');
		attached_words(&one, out);
	}
}

void
print_post(struct buf *out, enum print_form form, const struct post_row *post)
{
	struct buf who = { 0 }, when = { 0 }, body = { 0 }, files = { 0 };
	int deep = post->depth > DEEPEST ? DEEPEST : post->depth;
	buf_fmt(&who, "%d. %s", post->number, *post->author ? post->author : _("member who has left"));
	if (*post->council)
		buf_fmt(&who, ", %s (%s)", post->council, post->town);
	clock_date(&when, post->created, NULL);
	if (post->answers)
		buf_fmt(&when, _(", reply to message %d"), post->answers);
	clean(&body, post->body, TEXT_BODY);
	put_files(&files, post);
	if (form == PRINT_HTML) {
		buf_fmt(out, "<article id=\"m%d\" style=\"margin-left: %dem\">\n", post->number, STEP * deep);
		put_element(out, "<h2>", buf_text(&who), "</h2>\n");
		put_element(out, "<p class=\"when\">", buf_text(&when), "</p>\n");
		put_paragraphs(out, buf_text(&body));
		put_paragraphs(out, buf_text(&files));
		buf_str(out, "</article>\n");
	} else {
		buf_char(out, '\n');
		put_lines(out, STEP * deep, buf_text(&who));
		put_lines(out, STEP * deep + HANGING, buf_text(&when));
		buf_char(out, '\n');
		put_lines(out, STEP * deep + HANGING, buf_text(&body));
		if (files.len)
			buf_char(out, '\n');
		put_lines(out, STEP * deep + HANGING, buf_text(&files));
	}
	buf_free(&who);
	buf_free(&when);
	buf_free(&body);
	buf_free(&files);
}

void
print_foot(struct buf *out, enum print_form form)
{
	if (form == PRINT_HTML)
		buf_str(out, "</body>\n</html>\n");
}
