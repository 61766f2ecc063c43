/* Tables of text. libcsv cuts rows into cells; the guessing of charset and separator is done here.
 */
#include "bbs/base/csv.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <unistr.h>

#include "bbs/base/error.h"
#include "bbs/base/i18n.h"
#include "bbs/base/log.h"
#include "bbs/base/text.h"

enum {
	LINES_MAX = 2000
}; /* of one row; a quote mark that is never closed would swallow the rest */

struct reader {
	csv_each each;
	void *ctx;
	struct buf text; /* the row's cells, each ended by a NUL */
	size_t starts[CSV_CELLS];
	int count, line, row_line; /* row_line: where the row began */
	bool filled, any, stopped;
};

/* Before a cell that begins with one of these, reading and writing look for apostrophes. */
static bool
runs(const char *s)
{
	if (*s == '=' || *s == '@')
		return true;
	return (*s == '+' || *s == '-') && s[1 + strspn(s + 1, "0123456789 ./()-")] != '\0';
}

static void
take_cell(void *data, size_t size, void *ctx)
{
	struct reader *r = ctx;
	if (r->count == CSV_CELLS)
		return;
	const char *s = data;
	size_t quotes = 0;
	while (quotes < size && s[quotes] == '\'')
		quotes++;
	if (quotes && quotes < size && strchr("=+-@", s[quotes]))
		s++, size--;
	r->starts[r->count++] = r->text.len;
	buf_add(&r->text, s, size);
	buf_char(&r->text, '\0');
	r->filled |= size > 0;
}

static void
take_row(int end, void *ctx)
{
	struct reader *r = ctx;
	const char *cells[CSV_CELLS];
	(void)end;
	if (r->filled && !r->stopped) {
		for (int i = 0; i < r->count; i++)
			cells[i] = r->text.data + r->starts[i];
		struct csv_row row = { r->row_line, r->count, cells };
		r->any = true;
		r->stopped = !r->each(r->ctx, &row);
	}
	buf_cut(&r->text, 0);
	r->count = 0;
	r->filled = false;
	r->row_line = r->line + 1;
}

/* The first line that has one of them decides, its quoted parts aside: a title may stand above the heading. */
static char
guess_separator(const char *s, size_t n)
{
	static const char marks[] = ";,\t";
	int counts[3] = { 0 }, best = 1;
	bool quoted = false, parted = false;
	for (size_t i = 0; i < n; i++) {
		const char *mark = quoted ? NULL : strchr(marks, s[i]);
		if (parted && !quoted && (s[i] == '\n' || s[i] == '\r'))
			break;
		if (s[i] == '"')
			quoted = !quoted;
		else if (mark)
			counts[mark - marks]++;
		parted |= mark != NULL;
	}
	for (int i = 0; i < 3; i++)
		if (counts[i] > counts[best])
			best = i;
	return marks[best];
}

/* Bytes of the line that s begins with, its end among them: \n, \r\n or \r. */
static size_t
line_size(const char *s, size_t n)
{
	size_t i = 0;
	while (i < n && s[i] != '\n' && s[i] != '\r')
		i++;
	if (i < n && s[i] == '\r' && i + 1 < n && s[i + 1] == '\n')
		i++;
	return i < n ? i + 1 : n;
}

static int
parse(struct reader *r, const char *s, size_t n, struct buf *trouble)
{
	struct csv_parser parser;
	if (csv_init(&parser, 0))
		die("libcsv does not start");
	char separator = 0;
	if (n >= 5 && !strncasecmp(s, "sep=", 4) && s[4] && strchr(";,\t|", s[4])) {
		separator = s[4];
		size_t first = line_size(s, n);
		s += first;
		n -= first;
		r->line++;
	}
	csv_set_delim(&parser, (unsigned char)(separator ? separator : guess_separator(s, n)));
	/* Line by line, so that every row knows its own. */
	r->row_line = r->line + 1;
	while (n && !r->stopped && r->line - r->row_line < LINES_MAX) {
		size_t size = line_size(s, n);
		r->line++;
		size_t taken = csv_parse(&parser, s, size, take_cell, take_row, r);
		if (taken != size)
			die("libcsv: %s", csv_strerror(csv_error(&parser)));
		if (!parser.quoted && (s[size - 1] == '\n' || s[size - 1] == '\r'))
			r->row_line =
			    r->line + 1; /* also behind an empty line, which gives no row */
		s += size;
		n -= size;
	}
	/* Strict at the end only: there it tells an open quote from a good last line. */
	csv_set_opts(&parser, CSV_STRICT | CSV_STRICT_FINI);
	bool open = !r->stopped && (n || csv_fini(&parser, take_cell, take_row, r));
	csv_free(&parser);
	if (!open)
		return E_OK;
	buf_fmt(
	    trouble, _("Line %d: a quotation mark is opened there and never closed."), r->row_line);
	return E_INVALID;
}

int
csv_read(const char *data, size_t size, csv_each each, void *ctx, struct buf *trouble)
{
	static const char mark[] = "\xef\xbb\xbf";
	struct reader r = { .each = each, .ctx = ctx };
	struct buf converted = { 0 };
	if (size && memchr(data, '\0', size)) {
		buf_str(
		    trouble, _("This is not a table: please save it as \"CSV UTF-8\" or as an Excel "
		    "workbook (.xlsx)."));
		return E_INVALID;
	}
	if (size >= 3 && !memcmp(data, mark, 3)) {
		data += 3;
		size -= 3;
	}
	if (u8_check((const uint8_t *)data, size)) {
		struct charset_in in = { .charset = CHARSET_CP1252 };
		charset_decode(&in, data, size, &converted);
		data = buf_text(&converted);
		size = converted.len;
	}
	int answer = parse(&r, data, size, trouble);
	if (!answer && !r.any) {
		buf_str(trouble, _("This table is empty."));
		answer = E_EMPTY;
	}
	buf_free(&converted);
	buf_free(&r.text);
	return answer;
}

int
csv_load(const char *path, struct buf *out, struct buf *trouble)
{
	char block[65536];
	ssize_t n = -1;
	int file = open(path, O_RDONLY | O_CLOEXEC);
	while (file >= 0 && (n = read(file, block, sizeof block)) > 0 && out->len <= CSV_FILE_MAX)
		buf_add(out, block, (size_t)n);
	if (n < 0)
		buf_fmt(trouble, _("%s cannot be read: %s."), path, strerror(errno));
	else if (n > 0)
		buf_fmt(trouble, _("%s is larger than %d MiB: please part it."), path,
		    CSV_FILE_MAX >> 20);
	if (file >= 0)
		close(file);
	return n < 0 ? E_NOT_FOUND : n > 0 ? E_TOO_LONG : E_OK;
}

void
csv_cell(struct buf *out, const char *text)
{
	const char *first = text + strspn(text, "'");
	bool guard = *first && (first > text ? strchr("=+-@", *first) != NULL : runs(text));
	bool quote = text[strcspn(text, ",;\t\"\r\n")] || *text == ' ' ||
		     (*text && text[strlen(text) - 1] == ' ');
	if (quote)
		buf_char(out, '"');
	if (guard)
		buf_char(out, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_char(out, '"');
		buf_char(out, *text);
	}
	if (quote)
		buf_char(out, '"');
}
