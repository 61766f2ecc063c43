/*
 * Text of office files: OpenDocument (ISO/IEC 26300) and Office Open XML (ECMA-376), zips of XML, by libzip and
 * expat. Paragraphs become lines; nothing is looked at but what people wrote.
 */
#include <expat.h>
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
	size_t read;  /* bytes of XML so far */
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

static void
start(void *ctx, const char *name, const char **attributes)
{
	struct reading *r = ctx;
	(void)attributes;
	if (r->all ? is(name, "p") || is(name, "h") : is(name, "t"))
		r->depth++;
	if (is(name, "tab"))
		buf_char(r->out, '\t');
	else if (is(name, "br") || is(name, "line-break"))
		buf_char(r->out, '\n');
	else if (r->all && is(name, "s"))
		buf_char(r->out, ' ');
}

static void
end(void *ctx, const char *name)
{
	struct reading *r = ctx;
	if (r->depth && (r->all ? is(name, "p") || is(name, "h") : is(name, "t")))
		r->depth--;
	if (is(name, "p") || is(name, "h"))
		buf_char(r->out, '\n');
}

static void
characters(void *ctx, const char *s, int n)
{
	struct reading *r = ctx;
	if (r->depth)
		buf_add(r->out, s, (size_t)n);
	if (r->out->len > DECODE_TEXT_MAX)
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
			buf_char(out, '\t');
		buf_str(out, row->cells[i]);
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
