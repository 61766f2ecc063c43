/*
 * Text of office files: OpenDocument (ISO/IEC 26300) and Office Open XML (ECMA-376), zips of XML, by libzip and
 * expat. Paragraphs become lines, rows of a spreadsheet lines of CSV; nothing is looked at but what people wrote.
 */
#include <expat.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "bbs/base/csv.h"
#include "bbs/decode/decode.h"
#include "bbs/xlsx.h"

enum { UNPACKED_MAX = 32 * 1024 * 1024 }; /* bytes of XML of one file, whatever its zip says */

struct reading {
	XML_Parser parser;
	struct buf *out;
	bool all;     /* OpenDocument: all that stands in paragraphs; else only what is in a t */
	int depth;    /* in how many of those we are */
	bool sheet;   /* an OpenDocument spreadsheet: what is read goes by cells and rows */
	struct buf cell, row;
	int column;                   /* cells of the row so far */
	int cell_repeat, row_repeat;  /* equal ones are written once, with their number */
};

static const char *
local(const char *name)
{
	const char *colon = strrchr(name, ':');
	return colon ? colon + 1 : name;
}

static bool
is(const char *name, const char *wanted)
{
	return !strcmp(local(name), wanted);
}

/* ---- spreadsheets ---- */

/* On one line, so that each row is one. */
static void
put_cell(struct buf *row, const char *text)
{
	struct buf line = { 0 };
	buf_str(&line, text + strspn(text, " \t\r\n"));
	while (line.len && strchr(" \t\r\n", line.data[line.len - 1]))
		buf_cut(&line, line.len - 1);
	for (size_t i = 0; i < line.len; i++)
		if (strchr("\t\r\n", line.data[i]))
			line.data[i] = ' ';
	csv_cell(row, buf_text(&line));
	buf_free(&line);
}

static int
repeated(const char **attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (is(attributes[0], name))
			return (int)strtol(attributes[1], NULL, 10);
	return 1;
}

static void
end_cell(struct reading *r)
{
	for (int i = 0; i < r->cell_repeat && r->column < CSV_CELLS && r->row.len < DECODE_TEXT_MAX; i++) {
		if (r->column++)
			buf_char(&r->row, ';');
		put_cell(&r->row, buf_text(&r->cell));
	}
}

/* A sheet has thousands of empty cells at its right. */
static void
end_row(struct reading *r)
{
	while (r->row.len && r->row.data[r->row.len - 1] == ';')
		buf_cut(&r->row, r->row.len - 1);
	for (int i = 0; r->row.len && i < r->row_repeat && r->out->len < DECODE_TEXT_MAX; i++) {
		buf_add(r->out, r->row.data, r->row.len);
		buf_char(r->out, '\n');
	}
}

static void
start_in_sheet(struct reading *r, const char *name, const char **attributes)
{
	if (is(name, "table-row")) {
		buf_cut(&r->row, 0);
		r->column = 0;
		r->row_repeat = repeated(attributes, "number-rows-repeated");
	} else if (is(name, "table-cell") || is(name, "covered-table-cell")) {
		buf_cut(&r->cell, 0);
		r->cell_repeat = repeated(attributes, "number-columns-repeated");
	}
}

static void
end_in_sheet(struct reading *r, const char *name)
{
	if (is(name, "table-cell") || is(name, "covered-table-cell"))
		end_cell(r);
	else if (is(name, "table-row"))
		end_row(r);
}

/* ---- XML ---- */

static struct buf *
place(struct reading *r)
{
	return r->sheet ? &r->cell : r->out;
}

static void
start(void *ctx, const char *name, const char **attributes)
{
	struct reading *r = ctx;
	if (r->all ? is(name, "p") || is(name, "h") : is(name, "t"))
		r->depth++;
	if (is(name, "tab"))
		buf_char(place(r), '\t');
	else if (is(name, "br") || is(name, "line-break"))
		buf_char(place(r), '\n');
	else if (r->all && is(name, "s"))
		buf_char(place(r), ' ');
	else if (r->all && is(name, "spreadsheet"))
		r->sheet = true;
	else if (r->sheet)
		start_in_sheet(r, name, attributes);
}

static void
end(void *ctx, const char *name)
{
	struct reading *r = ctx;
	if (r->depth && (r->all ? is(name, "p") || is(name, "h") : is(name, "t")))
		r->depth--;
	if (is(name, "p") || is(name, "h"))
		buf_char(place(r), '\n');
	else if (r->sheet)
		end_in_sheet(r, name);
}

static void
characters(void *ctx, const char *s, int n)
{
	struct reading *r = ctx;
	if (r->depth)
		buf_add(place(r), s, (size_t)n);
	if (place(r)->len > DECODE_TEXT_MAX || r->out->len > DECODE_TEXT_MAX)
		XML_StopParser(r->parser, XML_FALSE);
}

/* A DTD is in no office file, but in attacks. */
static void
doctype(void *ctx, const char *name, const char *system, const char *public, int internal)
{
	struct reading *r = ctx;
	(void)name, (void)system, (void)public, (void)internal;
	XML_StopParser(r->parser, XML_FALSE);
}

/* The text of one part of the zip, as far as it goes. False: there is no such part. */
static bool
read_part(zip_t *zip, const char *name, bool all, size_t *unpacked, struct buf *out)
{
	zip_file_t *file = zip_fopen(zip, name, 0);
	if (!file)
		return false;
	struct reading r = { .parser = XML_ParserCreate(NULL), .out = out, .all = all };
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, start, end);
	XML_SetCharacterDataHandler(r.parser, characters);
	XML_SetStartDoctypeDeclHandler(r.parser, doctype);
	char piece[16 * 1024];
	zip_int64_t n;
	while ((n = zip_fread(file, piece, sizeof piece)) > 0 && *unpacked < UNPACKED_MAX) {
		*unpacked += (size_t)n;
		if (XML_Parse(r.parser, piece, (int)n, 0) != XML_STATUS_OK)
			break;
	}
	XML_ParserFree(r.parser);
	buf_free(&r.cell);
	buf_free(&r.row);
	zip_fclose(file);
	return true;
}

/* Slides have a part each. */
static bool
read_slides(zip_t *zip, size_t *unpacked, struct buf *out)
{
	char name[64];
	int n = 0;
	do
		snprintf(name, sizeof name, "ppt/slides/slide%d.xml", ++n);
	while (n < 1000 && read_part(zip, name, false, unpacked, out));
	return n > 1;
}

static bool
add_row(void *ctx, const struct csv_row *row)
{
	struct buf *out = ctx;
	for (int i = 0; i < row->count; i++) {
		if (i)
			buf_char(out, ';');
		put_cell(out, row->cells[i]);
	}
	buf_char(out, '\n');
	return out->len < DECODE_TEXT_MAX;
}

int
decode_text(const struct buf *in, struct buf *out)
{
	zip_error_t error;
	struct buf trouble = { 0 };
	size_t unpacked = 0;
	zip_source_t *source = zip_source_buffer_create(buf_text(in), in->len, 0, &error);
	zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
	if (!zip) {
		zip_source_free(source);
		return -1;
	}
	bool found = read_part(zip, "content.xml", true, &unpacked, out) ||
	    read_part(zip, "word/document.xml", false, &unpacked, out) || read_slides(zip, &unpacked, out);
	zip_discard(zip);
	if (!found)
		found = !xlsx_read(buf_text(in), in->len, add_row, out, &trouble);
	buf_free(&trouble);
	if (out->len > DECODE_TEXT_MAX)
		buf_cut(out, DECODE_TEXT_MAX);
	return found && out->len ? 0 : -1;
}
