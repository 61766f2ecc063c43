/*
 * A workbook read as a table. libzip unpacks and expat parses; what the parts mean is known here,
 * as far as a plain table needs it. Whoever sent the file may be a stranger: everything is counted.
 */
#include <expat.h>
#include <malloc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistr.h>
#include <zip.h>

#include "bbs/base/error.h"
#include "bbs/base/i18n.h"
#include "bbs/xlsx.h"

enum {
	ENTRIES_MAX = 1000,
	STYLES_MAX = 65536, /* Excel's own limit; those behind are plain */
	FORMATS_MAX = 1000,
	MASK_MAX = 32,
	PARSER_MAX = 8 * 1024 * 1024, /* what expat may hold: depth and names cost memory */
	PIECE = 65536,
	LAST_LINE = 1048576,
};

/* How a format shows a number. A mask has a \1 for a digit that is always shown, \2 for another. */
struct format {
	int id;
	enum { FORMAT_PLAIN, FORMAT_DATE, FORMAT_MASK } kind;
	char mask[MASK_MAX];
};

enum cell_type { CELL_VALUE, CELL_SHARED, CELL_TEXT, CELL_YES };

struct reader {
	csv_each each;
	void *ctx;
	struct buf *trouble;
	int answer;
	bool stopped;
	XML_Parser parser;
	size_t unpacked;
	/* what the workbook says of its parts */
	struct buf sheet_id, sheet_path, strings_path, styles_path;
	bool since_1904;
	/* shared strings, each ended by a NUL, and where they begin */
	struct buf strings;
	uint32_t *starts;
	size_t start_count, start_room;
	/* the first two formats are plain and a date */
	struct format formats[FORMATS_MAX];
	int format_count;
	uint16_t styles[STYLES_MAX]; /* the format of each */
	int style_count;
	bool in_styles;
	/* text that is being read */
	struct buf *into;
	bool collect, phonetic;
	/* the row and the cell that are being read */
	struct buf text, value;
	size_t cells[CSV_CELLS]; /* where in text, behind one: 0 is an empty cell */
	int line, count, column, width, style;
	enum cell_type type;
	int rows;
	size_t given; /* bytes handed over: a string may be shared by many cells */
};

bool
xlsx_is(const char *data, size_t size)
{
	return size >= 4 && !memcmp(data, "PK\3\4", 4);
}

/* ---- refusing ---- */

static bool
refuse(struct reader *r, int answer, const char *sentence)
{
	if (!r->answer) {
		r->answer = answer;
		buf_str(r->trouble, sentence);
	}
	if (r->parser)
		XML_StopParser(r->parser, XML_FALSE);
	return false;
}

static bool
no_workbook(struct reader *r)
{
	return refuse(r, E_INVALID,
	    _("This is not a table: please save it as \"CSV UTF-8\" or as an Excel workbook "
	      "(.xlsx)."));
}

static bool
damaged(struct reader *r)
{
	return refuse(r, E_INVALID,
	    _("This workbook is damaged: please save it once more, or as \"CSV UTF-8\"."));
}

static bool
too_large(struct reader *r)
{
	struct buf sentence = { 0 };
	buf_fmt(&sentence,
	    _("This workbook is too large: %d MiB, %d MiB once unpacked and %d rows are the most. "
	      "Please "
	      "part it, or save it as \"CSV UTF-8\"."),
	    XLSX_FILE_MAX >> 20, XLSX_UNPACKED_MAX >> 20, XLSX_ROWS_MAX);
	refuse(r, E_TOO_LONG, buf_text(&sentence));
	buf_free(&sentence);
	return false;
}

/* ---- XML ---- */

/* expat's memory, counted: one parser at a time. */
static size_t held;

static void *
hold(void *old, size_t size)
{
	size_t before = old ? malloc_usable_size(old) : 0;
	if (size > PARSER_MAX || held - before + size > PARSER_MAX)
		return NULL;
	void *p = realloc(old, size ? size : 1);
	if (p)
		held = held - before + malloc_usable_size(p);
	return p;
}

static void *
hold_new(size_t size)
{
	return hold(NULL, size);
}

static void
let_go(void *p)
{
	held -= p ? malloc_usable_size(p) : 0;
	free(p);
}

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

/* The attribute's value, "" where there is none. */
static const char *
attribute(const char **attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (is(attributes[0], name))
			return attributes[1];
	return "";
}

static bool
is_true(const char *value)
{
	return !strcmp(value, "1") || !strcmp(value, "true");
}

/* No workbook has a DTD; entities come by one. */
static void
take_doctype(void *ctx, const char *name, const char *system, const char *public, int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	no_workbook(ctx);
}

static void
take_text(void *ctx, const char *s, int n)
{
	struct reader *r = ctx;
	if (r->collect)
		buf_add(r->into, s, (size_t)n);
}

static bool
parse(struct reader *r, const struct buf *xml, XML_StartElementHandler start,
    XML_EndElementHandler end)
{
	static const XML_Memory_Handling_Suite memory = { hold_new, hold, let_go };
	if (!xml->len)
		return true;
	r->parser = XML_ParserCreate_MM(NULL, &memory, NULL);
	if (!r->parser)
		return damaged(r);
	r->collect = r->phonetic = false;
	XML_SetUserData(r->parser, r);
	XML_SetElementHandler(r->parser, start, end);
	XML_SetCharacterDataHandler(r->parser, take_text);
	XML_SetStartDoctypeDeclHandler(r->parser, take_doctype);
	/* Piece by piece: expat copies what it is given. */
	bool good = true;
	for (size_t at = 0; good && at < xml->len; at += PIECE) {
		size_t n = xml->len - at < PIECE ? xml->len - at : PIECE;
		good = XML_Parse(r->parser, xml->data + at, (int)n, at + n == xml->len) ==
		       XML_STATUS_OK;
	}
	XML_ParserFree(r->parser);
	r->parser = NULL;
	return r->stopped || (good && !r->answer) || damaged(r);
}

/* ---- what stands where ---- */

static void
start_book(void *ctx, const char *name, const char **attributes)
{
	struct reader *r = ctx;
	if (is(name, "workbookPr"))
		r->since_1904 = is_true(attribute(attributes, "date1904"));
	/* The first that is neither hidden nor veryHidden. */
	if (is(name, "sheet") && !r->sheet_id.len &&
	    !strstr(attribute(attributes, "state"), "idden"))
		buf_str(&r->sheet_id, attribute(attributes, "id"));
}

/* From the workbook's folder, or from the root. */
static void
set_path(struct buf *path, const char *target)
{
	buf_cut(path, 0);
	buf_fmt(path, "%s%s", *target == '/' ? "" : "xl/", target + (*target == '/'));
}

static void
start_relation(void *ctx, const char *name, const char **attributes)
{
	struct reader *r = ctx;
	const char *type = strrchr(attribute(attributes, "Type"), '/');
	const char *target = attribute(attributes, "Target");
	if (!is(name, "Relationship") || !type)
		return;
	if (!strcmp(type, "/worksheet") &&
	    !strcmp(attribute(attributes, "Id"), buf_text(&r->sheet_id)))
		set_path(&r->sheet_path, target);
	else if (!strcmp(type, "/sharedStrings"))
		set_path(&r->strings_path, target);
	else if (!strcmp(type, "/styles"))
		set_path(&r->styles_path, target);
}

/* ---- shared strings ---- */

static void
start_string(void *ctx, const char *name, const char **attributes)
{
	struct reader *r = ctx;
	(void)attributes;
	if (is(name, "si")) {
		if (r->start_count == r->start_room) {
			r->start_room = r->start_room ? r->start_room * 2 : 1024;
			r->starts = mem_resize(r->starts, r->start_room * sizeof *r->starts);
		}
		r->starts[r->start_count++] = (uint32_t)r->strings.len;
	}
	r->phonetic |= is(name, "rPh");
	r->collect = is(name, "t") && !r->phonetic && r->start_count;
}

static void
end_string(void *ctx, const char *name)
{
	struct reader *r = ctx;
	r->collect = false;
	if (is(name, "rPh"))
		r->phonetic = false;
	if (is(name, "si"))
		buf_char(&r->strings, '\0');
}

/* ---- styles ---- */

/* The first section of a format code: is it a date's, is it a mask of digits? */
static void
read_format(struct format *f, const char *code)
{
	size_t n = 0, digits = 0;
	bool mask = true;
	f->kind = FORMAT_PLAIN;
	for (bool quoted = false; *code && (quoted || *code != ';'); code++) {
		char sign = *code;
		if (sign == '"') {
			quoted = !quoted;
			continue;
		}
		if (!quoted && sign == '[') {
			/* [Red], [$-40C]; but [h] is hours */
			size_t size = strcspn(code, "]");
			if (size <= 3 && strchr("hmsHMS", code[1]) && code[1])
				f->kind = FORMAT_DATE;
			code += code[size] ? size : size - 1;
			continue;
		}
		if (!quoted && strchr("ymdhsYMDHS", sign)) {
			f->kind = FORMAT_DATE;
		} else if (!quoted && (sign == '0' || sign == '#')) {
			sign = sign == '0' ? '\1' : '\2';
			digits++;
		} else if (!quoted && (sign == '\\' || sign == '_' || sign == '*')) {
			if (!code[1])
				break;
			code++;
			if (sign != '\\')
				continue;
			sign = *code;
		} else if (!quoted && !strchr(" -()+/", sign)) {
			mask = false;
		}
		if (n + 1 < MASK_MAX)
			f->mask[n++] = sign;
		else
			mask = false;
	}
	f->mask[n] = '\0';
	if (f->kind == FORMAT_PLAIN && mask && digits)
		f->kind = FORMAT_MASK;
}

static uint16_t
format_of(const struct reader *r, int id)
{
	for (int i = r->format_count; i-- > 2;)
		if (r->formats[i].id == id)
			return (uint16_t)i;
	return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
	       (id >= 50 && id <= 58);
}

static void
start_style(void *ctx, const char *name, const char **attributes)
{
	struct reader *r = ctx;
	int id =
	    atoi(attribute(attributes, "numFmtId")); // NOLINT(cert-err34-c): anything else is plain
	if (is(name, "numFmt") && r->format_count < FORMATS_MAX) {
		struct format *f = &r->formats[r->format_count++];
		f->id = id;
		read_format(f, attribute(attributes, "formatCode"));
	}
	r->in_styles |= is(name, "cellXfs");
	if (is(name, "xf") && r->in_styles && r->style_count < STYLES_MAX)
		r->styles[r->style_count++] = format_of(r, id);
}

static void
end_style(void *ctx, const char *name)
{
	struct reader *r = ctx;
	if (is(name, "cellXfs"))
		r->in_styles = false;
}

/* ---- cells ---- */

static void
show_date(struct buf *out, double serial, bool since_1904)
{
	/* 1900 has a 29th of February in Excel. */
	double day = floor(serial);
	long seconds = lround((serial - day) * 86400);
	time_t when = (time_t)(day - 25569 + (since_1904 ? 1462 : serial < 60)) * 86400 + seconds;
	struct tm tm;
	char text[32];
	gmtime_r(&when, &tm);
	strftime(text, sizeof text,
	    !seconds     ? "%Y-%m-%d"
	    : serial < 1 ? "%H:%M"
			 : "%Y-%m-%d %H:%M",
	    &tm);
	buf_str(out, text);
}

static void
show_mask(struct buf *out, double number, const char *mask)
{
	char digits[24];
	int places = 0, at;
	int count = snprintf(digits, sizeof digits, "%lld", llround(number));
	for (const char *s = mask; *s; s++)
		places += *s == '\1' || *s == '\2';
	at = count -
	     places; /* the digit of the next place; the first place takes all that are too many */
	if (at > 0)
		at = 0;
	for (int over = count - places; *mask; mask++) {
		if (*mask != '\1' && *mask != '\2') {
			buf_char(out, *mask);
			continue;
		}
		for (; over > 0; over--)
			buf_char(out, digits[at++]);
		if (at >= 0)
			buf_char(out, digits[at]);
		else if (*mask == '\1')
			buf_char(out, '0');
		at++;
	}
}

/* A number as its cell shows it; whatever else stands there, as it is. */
static void
show_number(struct reader *r, const char *value)
{
	char *end;
	double number = strtod(value, &end);
	const struct format *f =
	    &r->formats[r->style >= 0 && r->style < r->style_count ? r->styles[r->style] : 0];
	if (!*value || *end || value[strspn(value, "+-.0123456789eE")] || !isfinite(number))
		buf_str(&r->text, value);
	else if (f->kind == FORMAT_DATE && number >= 0 && number < 2950000)
		show_date(&r->text, number, r->since_1904);
	else if (f->kind == FORMAT_MASK && number >= 0 && number < 1e15)
		show_mask(&r->text, number, f->mask);
	else
		buf_fmt(&r->text, "%.15g", number);
}

/* Text with Excel's codes for what XML has no sign for: _x000D_. */
static void
show_text(struct buf *out, const char *s)
{
	for (; *s; s++) {
		uint8_t sign[6];
		unsigned long code = 0;
		if (s[0] == '_' && s[1] == 'x' && strspn(s + 2, "0123456789abcdefABCDEF") >= 4 &&
		    s[6] == '_')
			code = strtoul(s + 2, NULL, 16);
		int n = code ? u8_uctomb(sign, (ucs4_t)code, sizeof sign) : 0;
		if (n > 0) {
			buf_add(out, sign, (size_t)n);
			s += 6;
		} else {
			buf_char(out, *s);
		}
	}
}

/* "AB12" is column 27; -1 where there are no letters; what is far off is CSV_CELLS. */
static int
column_of(const char *place)
{
	int column = 0;
	for (; *place >= 'A' && *place <= 'Z'; place++)
		if (column <= CSV_CELLS)
			column = column * 26 + *place - 'A' + 1;
	return column > CSV_CELLS ? CSV_CELLS : column - 1;
}

static void
begin_row(struct reader *r, const char *line)
{
	long n = *line ? strtol(line, NULL, 10) : r->line + 1L;
	if (n < 1 || n > LAST_LINE) {
		damaged(r);
		return;
	}
	r->line = (int)n;
	r->count = 0;
	r->column = -1;
	buf_cut(&r->text, 0);
	memset(r->cells, 0, sizeof r->cells);
}

static void
begin_cell(struct reader *r, const char **attributes)
{
	static const struct {
		const char *name;
		enum cell_type type;
	} types[] = { { "s", CELL_SHARED }, { "inlineStr", CELL_TEXT }, { "str", CELL_TEXT },
		{ "b", CELL_YES }, { "e", CELL_TEXT }, { "d", CELL_TEXT } };
	const char *type = attribute(attributes, "t"), *style = attribute(attributes, "s");
	int column = column_of(attribute(attributes, "r"));
	r->column = column >= 0 ? column : r->column + (r->column < CSV_CELLS);
	r->style = (int)strtol(style, NULL, 10);
	r->type = CELL_VALUE;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (!strcmp(type, types[i].name))
			r->type = types[i].type;
	buf_cut(&r->value, 0);
}

static void
end_cell(struct reader *r)
{
	const char *value = buf_text(&r->value);
	if (r->column < 0 || r->column >= CSV_CELLS || !*value)
		return;
	if (r->type == CELL_SHARED) {
		char *end;
		unsigned long i = strtoul(value, &end, 10);
		if (*end || i >= r->start_count) {
			damaged(r);
			return;
		}
		value = r->strings.data + r->starts[i];
	}
	r->given += strlen(value);
	if (r->given > CSV_FILE_MAX) {
		too_large(r);
		return;
	}
	size_t start = r->text.len;
	if (r->type == CELL_VALUE)
		show_number(r, value);
	else if (r->type == CELL_YES)
		buf_str(&r->text, is_true(value) ? "yes" : "no");
	else
		show_text(&r->text, value);
	if (r->text.len == start)
		return;
	buf_char(&r->text, '\0');
	r->cells[r->column] = start + 1;
	if (r->count <= r->column)
		r->count = r->column + 1;
}

static void
end_row(struct reader *r)
{
	const char *cells[CSV_CELLS];
	if (!r->count || r->stopped || r->answer)
		return;
	if (++r->rows > XLSX_ROWS_MAX) {
		too_large(r);
		return;
	}
	if (!r->width)
		r->width = r->count;
	if (r->count < r->width)
		r->count = r->width;
	for (int i = 0; i < r->count; i++)
		cells[i] = r->cells[i] ? r->text.data + r->cells[i] - 1 : "";
	struct csv_row row = { r->line, r->count, cells };
	r->stopped = !r->each(r->ctx, &row);
	r->count = 0;
	if (r->stopped)
		XML_StopParser(r->parser, XML_FALSE);
}

static void
start_cell(void *ctx, const char *name, const char **attributes)
{
	struct reader *r = ctx;
	if (is(name, "row"))
		begin_row(r, attribute(attributes, "r"));
	else if (is(name, "c"))
		begin_cell(r, attributes);
	r->phonetic |= is(name, "rPh");
	r->collect = is(name, "v") || (is(name, "t") && !r->phonetic);
}

static void
end_of_cell(void *ctx, const char *name)
{
	struct reader *r = ctx;
	r->collect = false;
	if (is(name, "rPh"))
		r->phonetic = false;
	else if (is(name, "c"))
		end_cell(r);
	else if (is(name, "row"))
		end_row(r);
}

static bool
read_parts(
    struct reader *r, const struct buf *strings, const struct buf *styles, const struct buf *sheet)
{
	r->format_count = 2;
	r->formats[1].kind = FORMAT_DATE;
	r->into = &r->strings;
	if (!parse(r, strings, start_string, end_string) ||
	    !parse(r, styles, start_style, end_style))
		return false;
	buf_char(&r->strings, '\0'); /* a <si> in a <si> ends here at last */
	r->into = &r->value;
	if (!parse(r, sheet, start_cell, end_of_cell))
		return false;
	return r->rows || refuse(r, E_EMPTY, _("This table is empty."));
}

/* ---- the package ---- */

/* A part, unpacked; false, and said, where it is damaged or too large. Missing: it stays empty. */
static bool
load(struct reader *r, zip_t *zip, const char *name, struct buf *out)
{
	char block[16384];
	zip_int64_t n;
	zip_int64_t at = *name ? zip_name_locate(zip, name, ZIP_FL_NOCASE) : -1;
	if (at < 0)
		return true;
	zip_file_t *file = zip_fopen_index(zip, (zip_uint64_t)at, 0);
	if (!file)
		return damaged(r);
	while ((n = zip_fread(file, block, sizeof block)) > 0 &&
	       (r->unpacked += (size_t)n) <= XLSX_UNPACKED_MAX)
		buf_add(out, block, (size_t)n);
	zip_fclose(file);
	return n == 0 || (n < 0 ? damaged(r) : too_large(r));
}

static bool
read_package(struct reader *r, zip_t *zip)
{
	struct buf book = { 0 }, relations = { 0 }, strings = { 0 }, styles = { 0 }, sheet = { 0 };
	bool good = zip_get_num_entries(zip, 0) <= ENTRIES_MAX || too_large(r);
	good = good && load(r, zip, "xl/workbook.xml", &book) &&
	       load(r, zip, "xl/_rels/workbook.xml.rels", &relations) &&
	       ((book.len && relations.len) || no_workbook(r)) &&
	       parse(r, &book, start_book, NULL) && parse(r, &relations, start_relation, NULL) &&
	       load(r, zip, buf_text(&r->strings_path), &strings) &&
	       load(r, zip, buf_text(&r->styles_path), &styles) &&
	       load(r, zip, buf_text(&r->sheet_path), &sheet) && (sheet.len || no_workbook(r)) &&
	       read_parts(r, &strings, &styles, &sheet);
	buf_free(&book);
	buf_free(&relations);
	buf_free(&strings);
	buf_free(&styles);
	buf_free(&sheet);
	return good;
}

static struct reader *
begin(csv_each each, void *ctx, struct buf *trouble)
{
	struct reader *r = mem_alloc(sizeof *r);
	r->each = each;
	r->ctx = ctx;
	r->trouble = trouble;
	return r;
}

static int
end(struct reader *r)
{
	int answer = r->answer;
	struct buf *bufs[] = { &r->sheet_id, &r->sheet_path, &r->strings_path, &r->styles_path,
		&r->strings, &r->text, &r->value };
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers is meant */
	for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
		buf_free(bufs[i]);
	free(r->starts);
	free(r);
	return answer;
}

int
xlsx_read(const char *data, size_t size, csv_each each, void *ctx, struct buf *trouble)
{
	struct reader *r = begin(each, ctx, trouble);
	zip_error_t error;
	zip_error_init(&error);
	zip_source_t *source =
	    size <= XLSX_FILE_MAX ? zip_source_buffer_create(data, size, 0, &error) : NULL;
	zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
	if (size > XLSX_FILE_MAX)
		too_large(r);
	else if (!zip)
		damaged(r);
	else
		read_package(r, zip);
	if (zip)
		zip_discard(zip);
	else
		zip_source_free(source);
	zip_error_fini(&error);
	return end(r);
}

int
xlsx_read_sheet(const struct buf *strings, const struct buf *styles, const struct buf *sheet,
    csv_each each, void *ctx, struct buf *trouble)
{
	struct reader *r = begin(each, ctx, trouble);
	read_parts(r, strings, styles, sheet);
	return end(r);
}
