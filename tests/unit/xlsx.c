/* Workbooks in and out: what is written comes back, what a person sees is read, and every bad file.
 */
#include "db/council.h"
#include "tests/unit/table.h"

#include <sys/wait.h>
#include <zip.h>

#include "bbs/fence.h"
#include "bbs/xlsx.h"

/* ---- making files ---- */

struct part {
	const char *name;
	const char *data;
	size_t size; /* 0: data is a string */
};

/* A zip of these parts. */
static void
pack(struct buf *out, const struct part *parts, size_t count)
{
	zip_error_t error;
	zip_stat_t stat;
	zip_error_init(&error);
	zip_source_t *file = zip_source_buffer_create(NULL, 0, 0, &error);
	zip_source_keep(file);
	zip_t *zip = zip_open_from_source(file, ZIP_TRUNCATE, &error);
	assert_non_null(zip);
	for (size_t i = 0; i < count; i++) {
		size_t size = parts[i].size ? parts[i].size : strlen(parts[i].data);
		zip_source_t *data = zip_source_buffer(zip, parts[i].data, size, 0);
		assert_true(zip_file_add(zip, parts[i].name, data, 0) >= 0);
	}
	assert_int_equal(zip_close(zip), 0);
	assert_int_equal(zip_source_open(file), 0);
	assert_int_equal(zip_source_stat(file, &stat), 0);
	char *bytes = malloc(stat.size);
	assert_int_equal(zip_source_read(file, bytes, stat.size), stat.size);
	buf_add(out, bytes, stat.size);
	free(bytes);
	zip_source_close(file);
	zip_source_free(file);
}

static const char book[] =
    "<workbook xmlns:r='urn:r'><workbookPr/><sheets>"
    "<sheet name='Caché' state='hidden' r:id='rId1'/><sheet name='Annuaire' r:id='rId2'/>"
    "<sheet name='Autre' r:id='rId1'/></sheets></workbook>";
static const char relations[] =
    "<Relationships><Relationship Id='rId1' Type='urn:x/worksheet' Target='worksheets/other.xml'/>"
    "<Relationship Id='rId2' Type='urn:x/worksheet' Target='/xl/worksheets/sheet1.xml'/>"
    "<Relationship Id='rId3' Type='urn:x/sharedStrings' Target='sharedStrings.xml'/>"
    "<Relationship Id='rId4' Type='urn:x/styles' Target='styles.xml'/></Relationships>";

static void
pack_sheet(struct buf *out, const char *strings, const char *styles, const char *sheet)
{
	const struct part parts[] = { { "xl/workbook.xml", book, 0 },
		{ "xl/_rels/workbook.xml.rels", relations, 0 },
		{ "xl/sharedStrings.xml", strings, 0 }, { "xl/styles.xml", styles, 0 },
		{ "xl/worksheets/other.xml",
		    "<worksheet><sheetData><row><c><v>9</v></c></row></sheetData></worksheet>", 0 },
		{ "xl/worksheets/sheet1.xml", sheet, 0 } };
	pack(out, parts, sizeof parts / sizeof *parts);
}

/* ---- reading ---- */

static bool
write_down(void *ctx, const struct csv_row *row)
{
	struct buf *out = ctx;
	buf_fmt(out, "%d", row->line);
	for (int i = 0; i < row->count; i++)
		buf_fmt(out, "[%s]", row->cells[i]);
	buf_char(out, '\n');
	return true;
}

/* Reads a copy of just that size, so that a sanitizer sees what is read behind it. */
static int
read_file(const char *data, size_t size, struct buf *out, struct buf *trouble)
{
	char *copy = malloc(size ? size : 1);
	memcpy(copy, data, size);
	int r = xlsx_read(copy, size, write_down, out, trouble);
	free(copy);
	assert_int_equal(r != 0, trouble->len != 0);
	return r;
}

static void
assert_file(const struct buf *file, const char *expected)
{
	struct buf out = { 0 }, trouble = { 0 };
	int r = read_file(file->data, file->len, &out, &trouble);
	if (r)
		buf_fmt(&out, "%d %s", r, buf_text(&trouble));
	assert_string_equal(buf_text(&out), expected);
	buf_free(&out);
	buf_free(&trouble);
}

static void
assert_sheet(const char *strings, const char *styles, const char *rows, const char *expected)
{
	struct buf file = { 0 }, sheet = { 0 };
	buf_fmt(&sheet,
	    "<?xml version='1.0' "
	    "encoding='UTF-8'?><worksheet><sheetData>%s</sheetData></worksheet>",
	    rows);
	pack_sheet(&file, strings, styles, buf_text(&sheet));
	assert_true(xlsx_is(file.data, file.len));
	assert_file(&file, expected);
	buf_free(&file);
	buf_free(&sheet);
}

static const char damaged[] =
    "-7 This workbook is damaged: please save it once more, or as \"CSV UTF-8\".";
static const char no_table[] =
    "-7 This is not a table: please save it as \"CSV UTF-8\" or as an Excel workbook (.xlsx).";
static const char too_large[] =
    "-5 This workbook is too large: 8 MiB, 32 MiB once unpacked and 100000 rows are the "
    "most. Please part it, or save it as \"CSV UTF-8\".";

static void
cells_are_read_as_they_are_seen(void **state)
{
	(void)state;
	static const char strings[] =
	    "<sst><si><t>Nîmes</t></si><si><r><t>en </t></r><r><rPr/><t xml:space='preserve'>deux "
	    "</t></r><rPh><t>non</t></rPh></si><si/><si><t>a_x000A_b_x005F_x0041_&lt;</t></si></"
	    "sst>";
	static const char styles[] =
	    "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='00000'/><numFmt "
	    "numFmtId='165' "
	    "formatCode='0#&quot; &quot;##&quot; &quot;##&quot; &quot;##&quot; &quot;##'/>"
	    "<numFmt numFmtId='166' formatCode='[$-40C]d\\ mmmm\\ yyyy;@'/><numFmt numFmtId='167' "
	    "formatCode='#,##0.00'/>"
	    "<numFmt numFmtId='168' formatCode='[Red]&quot;day &quot;0'/><numFmt numFmtId='169' "
	    "formatCode='[h]:mm'/>"
	    "</numFmts><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs><cellXfs><xf "
	    "numFmtId='0'/><xf numFmtId='164'/>"
	    "<xf numFmtId='165'/><xf numFmtId='166'/><xf numFmtId='167'/><xf numFmtId='14'/><xf "
	    "numFmtId='22'/>"
	    "<xf numFmtId='168'/><xf numFmtId='20'/><xf numFmtId='169'/></cellXfs></styleSheet>";
	assert_sheet(strings, styles,
	    "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c><c r='C1' "
	    "t='s'><v>2</v></c>"
	    "<c r='D1' t='s'><v>3</v></c></row>"
	    "<row r='3'><c r='B3' t='inlineStr'><is><t>é</t></is></c><c t='b'><v>1</v></c><c "
	    "t='b'><v>0</v></c></row>"
	    "<row><c/><c t='str'><f>A1&amp;B1</f><v>=x</v></c><c t='e'><v>#N/A</v></c></row>"
	    "<row r='9'><c r='BL9'><v>64</v></c><c><v>65</v></c><c r='BN9'><v>66</v></c><c "
	    "r='A9'><v>1</v></c></row>"
	    "<row r='10' spans='1:2'/><row r='11'><c s='3'/></row>",
	    "1[Nîmes][en deux ][][a\nb_x0041_<]\n3[][é][yes][no]\n4[][=x][#N/A][]\n"
	    "9[1][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][][]"
	    "[][][][][][]"
	    "[][][][][][][][][][][][][][][][64]\n");
	assert_sheet("", styles,
	    "<row><c><v>30189</v></c><c "
	    "s='0'><v>0.30000000000000004</v></c><c><v>33612345678</v></c><c><v>1E-3</v></c>"
	    "<c><v>-5</v></c><c><v>nan</v></c><c><v>0x10</v></c></row>"
	    "<row><c s='1'><v>1004</v></c><c s='1'><v>123456</v></c><c "
	    "s='2'><v>612345678</v></c><c s='4'><v>1234.5</v></c>"
	    "<c s='7'><v>3</v></c><c s='1'><v>-4</v></c><c s='999'><v>7</v></c></row>"
	    "<row><c s='3'><v>46105</v></c><c s='5'><v>46105</v></c><c "
	    "s='6'><v>46105.770833333336</v></c>"
	    "<c s='8'><v>0.75</v></c><c s='5'><v>1</v></c><c s='5'><v>61</v></c><c "
	    "s='9'><v>0.5</v></c></row>",
	    "1[30189][0.3][33612345678][0.001][-5][nan][0x10]\n"
	    "2[01004][123456][06 12 34 56 78][1234.5][day 3][-4][7]\n"
	    "3[2026-03-24][2026-03-24][2026-03-24 18:30][18:00][1900-01-01][1900-03-01][12:00]\n");
	/* No styles, no shared strings, names with prefixes. */
	assert_sheet(
	    "", "", "<x:row xmlns:x='urn:x'><x:c x:r='B2'><x:v>1</x:v></x:c></x:row>", "1[][1]\n");
	assert_sheet("", "", "", "-6 This table is empty.");
	assert_sheet(
	    "<sst><si><t>Z</t></si></sst>", "", "<row><c t='s'><v>0</v></c></row>", "1[Z]\n");
}

static void
dates_since_1904(void **state)
{
	(void)state;
	struct buf file = { 0 };
	const struct part parts[] = {
		{ "xl/workbook.xml",
		    "<workbook><workbookPr date1904='1'/><sheets><sheet "
		    "id='a'/></sheets></workbook>",
		    0 },
		{ "xl/_rels/workbook.xml.rels",
		    "<r><Relationship Id='a' Type='/worksheet' Target='s.xml'/>"
		    "<Relationship Id='b' Type='/styles' Target='t.xml'/></r>",
		    0 },
		{ "XL/S.xml", "<s><row><c s='0'><v>44643</v></c></row></s>", 0 },
		{ "xl/t.xml", "<s><cellXfs><xf numFmtId='14'/></cellXfs></s>", 0 },
	};
	pack(&file, parts, 4);
	assert_file(&file, "1[2026-03-24]\n");
	buf_free(&file);
}

/* ---- what is written ---- */

static void
cells_come_back(void **state)
{
	(void)state;
	static const char *const cells[] = { "simple", "=1+1", "+cmd|' /C calc'!A0", "-2",
		"@SUM(A1)", "'x", "''", "dit \"oui\" & <b>", "un\ndeux\n\ntrois", " bord ", "01004",
		"+33 6 00 00 00 00", "É à ’ œ … 𝄞", "https://exemple.fr/a,b", "a@exemple.fr",
		"_x0041_ _x", "", "{=1}", "TRUE", "2026-03-24", "1E5" };
	enum { CELLS = sizeof cells / sizeof *cells };
	struct buf file = { 0 }, out = { 0 }, trouble = { 0 }, expected = { 0 };
	struct xlsx *x = xlsx_begin("Annuaire");
	buf_str(&expected, "1");
	for (int i = 0; i < CELLS; i++) {
		xlsx_column(x, i, "Nom", 10);
		buf_str(&expected, "[Nom]");
	}
	buf_str(&expected, "\n2");
	for (int i = 0; i < CELLS; i++) {
		xlsx_words(x, 0, i, cells[i]);
		buf_fmt(&expected, "[%s]", cells[i]);
	}
	buf_str(&expected, "\n3[-12]");
	xlsx_number(x, 1, 0, -12);
	for (int i = 1; i < CELLS; i++)
		buf_str(&expected, "[]");
	buf_str(&expected, "\n");
	xlsx_end(x, &file);
	assert_int_equal(read_file(file.data, file.len, &out, &trouble), 0);
	assert_string_equal(buf_text(&out), buf_text(&expected));
	buf_free(&file);
	buf_free(&out);
	buf_free(&trouble);
	buf_free(&expected);
}

static bool
measure(void *ctx, const struct csv_row *row)
{
	size_t *sizes = ctx;
	for (int i = 0; i < row->count && row->line == 2; i++) {
		sizes[i] = strlen(row->cells[i]);
		assert_false(strcmp(row->cells[i] + sizes[i] - 3, i ? "…" : "xxx"));
	}
	return true;
}

static void
long_cells_are_cut(void **state)
{
	(void)state;
	struct buf file = { 0 }, trouble = { 0 }, words = { 0 };
	size_t sizes[3] = { 0 };
	struct xlsx *x = xlsx_begin("Annuaire");
	for (int i = 0; i < 32767; i++)
		buf_char(&words, 'x');
	xlsx_words(x, 0, 0, buf_text(&words));
	buf_char(&words, 'x');
	xlsx_words(x, 0, 1, buf_text(&words));
	buf_cut(&words, 32763);
	for (int i = 0; i < 20000; i++)
		buf_str(&words, "é");
	xlsx_words(x, 0, 2, buf_text(&words));
	xlsx_end(x, &file);
	assert_int_equal(xlsx_read(file.data, file.len, measure, sizes, &trouble), 0);
	assert_int_equal(sizes[0], 32767);
	assert_int_equal(sizes[1], 32767);
	assert_int_equal(sizes[2], 32766); /* no half of an é */
	buf_free(&file);
	buf_free(&trouble);
	buf_free(&words);
}

/* Within a session's fence that has no folder at all. */
static void
works_behind_the_fence(void **state)
{
	(void)state;
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		struct buf file = { 0 }, out = { 0 }, trouble = { 0 };
		fence_session(NULL);
		struct xlsx *x = xlsx_begin("Annuaire");
		xlsx_column(x, 0, "Nom", 10);
		xlsx_words(x, 0, 0, "É");
		xlsx_end(x, &file);
		_exit(xlsx_read(file.data, file.len, write_down, &out, &trouble) ||
		      strcmp(buf_text(&out), "1[Nom]\n2[É]\n") != 0);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* ---- bad files ---- */

static void
what_is_no_workbook_gets_a_sentence(void **state)
{
	(void)state;
	static const char *const empty = "<x/>";
	const struct part ods[] = { { "mimetype", "application/vnd.oasis.opendocument.spreadsheet",
					0 },
		{ "content.xml", empty, 0 } };
	const struct part no_relations[] = { { "xl/workbook.xml", book, 0 } };
	const struct part no_sheet[] = { { "xl/workbook.xml", book, 0 },
		{ "xl/_rels/workbook.xml.rels", relations, 0 } };
	const struct part no_visible[] = { { "xl/workbook.xml",
					       "<w><sheet state='veryHidden' id='rId1'/></w>", 0 },
		{ "xl/_rels/workbook.xml.rels", relations, 0 },
		{ "xl/worksheets/other.xml", empty, 0 } };
	struct buf file = { 0 };
	pack(&file, ods, 2);
	assert_file(&file, no_table);
	buf_cut(&file, 0);
	pack(&file, no_relations, 1);
	assert_file(&file, no_table);
	buf_cut(&file, 0);
	pack(&file, no_sheet, 2);
	assert_file(&file, no_table);
	buf_cut(&file, 0);
	pack(&file, no_visible, 3);
	assert_file(&file, no_table);
	/* An empty zip and an old .xls do not begin as a workbook does. */
	static const char empty_zip[22] = "PK\5\6", xls[16] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
	struct buf out = { 0 }, trouble = { 0 };
	assert_false(xlsx_is(empty_zip, sizeof empty_zip));
	assert_int_equal(csv_read(empty_zip, sizeof empty_zip, write_down, &out, &trouble), -7);
	assert_string_equal(buf_text(&trouble), no_table + 3);
	buf_cut(&trouble, 0);
	assert_int_equal(csv_read(xls, sizeof xls, write_down, &out, &trouble), -7);
	assert_string_equal(buf_text(&trouble), no_table + 3);
	buf_cut(&trouble, 0);
	assert_int_equal(read_file(empty_zip, sizeof empty_zip, &out, &trouble), -7);
	buf_cut(&trouble, 0);
	assert_int_equal(read_file("PK\3\4", 4, &out, &trouble), -7);
	assert_false(xlsx_is("PK\3", 3));
	assert_int_equal(out.len, 0);
	buf_free(&file);
	buf_free(&out);
	buf_free(&trouble);
}

static void
bad_sheets_get_a_sentence(void **state)
{
	(void)state;
	assert_sheet("", "", "<row><c></row>", damaged);
	assert_sheet("", "", "<row r='0'><c><v>1</v></c></row>", damaged);
	assert_sheet("", "", "<row r='-3'/>", damaged);
	assert_sheet("", "", "<row r='99999999999999999999'/>", damaged);
	assert_sheet(
	    "<sst><si><t>a</t></si></sst>", "", "<row><c t='s'><v>1</v></c></row>", damaged);
	assert_sheet(
	    "<sst><si><t>a</t></si></sst>", "", "<row><c t='s'><v>-1</v></c></row>", damaged);
	assert_sheet(
	    "<sst><si><t>a</t></si></sst>", "", "<row><c t='s'><v>x</v></c></row>", damaged);
	assert_sheet("", "", "<row><c><v>&#0;</v></c></row>", damaged);
	assert_sheet("", "", "<row><c><v>\xff</v></c></row>", damaged);
	assert_sheet("", "", "<row><c><v>&x;</v></c></row>", damaged);
	assert_sheet("<sst>", "", "<row/>", damaged);
	assert_sheet("", "<styles", "<row/>", damaged);
	/* A type, a place, a style that do not exist; cells and rows where none belong. */
	assert_sheet("", "",
	    "<row><c t='zz' s='-1' r='a1'><v>1</v></c><c "
	    "r='ZZZZZZZZZZZZ1'><v>2</v></c><c><v>3</v></c></row>"
	    "<c><v>4</v></c><row><row><c><v>5</v></c></row></row><v>6</v>",
	    "1[1]\n3[5]\n");
	assert_sheet("", "", "<row><c t='inlineStr'><is><t>_x0000__xD800__x12_</t></is></c></row>",
	    "1[_x0000__xD800__x12_]\n");
	assert_sheet("<sst><si><si><t>a</t></si></si><t>b</t></sst>", "",
	    "<row><c t='s'><v>1</v></c></row>", "1[a]\n");
}

static void
entities_are_refused(void **state)
{
	(void)state;
	static const char *const doctypes[] = {
		"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>",
		"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
		"<!DOCTYPE x SYSTEM 'http://127.0.0.1:1/x.dtd'>",
		"<!DOCTYPE x>",
	};
	for (size_t i = 0; i < sizeof doctypes / sizeof *doctypes; i++) {
		struct buf file = { 0 }, xml = { 0 };
		buf_fmt(&xml, "%s<x><row><c t='inlineStr'><is><t>&b;</t></is></c></row></x>",
		    doctypes[i]);
		pack_sheet(&file, "", "", buf_text(&xml));
		assert_file(&file, no_table);
		buf_cut(&file, 0);
		pack_sheet(&file, buf_text(&xml), "", "<x/>");
		assert_file(&file, no_table);
		buf_free(&file);
		buf_free(&xml);
	}
}

static void
repeat(struct buf *out, const char *before, const char *text, int times, const char *after)
{
	buf_str(out, before);
	for (int i = 0; i < times; i++)
		buf_str(out, text);
	buf_str(out, after);
}

static void
assert_huge(const char *strings, const struct buf *sheet, const char *expected)
{
	struct buf file = { 0 };
	pack_sheet(&file, strings, "", buf_text(sheet));
	assert_file(&file, expected);
	buf_free(&file);
}

static void
what_is_too_much_is_refused(void **state)
{
	(void)state;
	struct buf xml = { 0 }, file = { 0 }, expected = { 0 };
	/* 40 MB in 40 kB */
	repeat(&xml, "<x>", "                ", 2500000, "</x>");
	assert_huge("", &xml, too_large);
	/* Two parts, each of which would pass. */
	buf_cut(&xml, 0);
	repeat(&xml, "<x>", "                ", 1200000, "</x>");
	pack_sheet(&file, buf_text(&xml), "", buf_text(&xml));
	assert_file(&file, too_large);
	/* 100 000 columns */
	buf_cut(&xml, 0);
	repeat(&xml, "<x><row>", "<c><v>1</v></c>", 100000, "</row></x>");
	repeat(&expected, "1", "[1]", CSV_CELLS, "\n");
	assert_huge("", &xml, buf_text(&expected));
	/* Too deep, and too many names */
	buf_cut(&xml, 0);
	repeat(&xml, "", "<a>", 1000000, "");
	assert_huge("", &xml, damaged);
	buf_cut(&xml, 0);
	buf_str(&xml, "<x>");
	for (int i = 0; i < 300000; i++)
		buf_fmt(&xml, "<n%d/>", i);
	buf_str(&xml, "</x>");
	assert_huge("", &xml, damaged);
	/* One string of 1 MB, seen in many cells */
	struct buf strings = { 0 };
	repeat(&strings, "<x><si><t>", "0123456789abcdef", 65536, "</t></si></x>");
	buf_cut(&xml, 0);
	repeat(&xml, "<x><row>", "<c t='s'><v>0</v></c>", 1000, "</row></x>");
	buf_cut(&file, 0);
	pack_sheet(&file, buf_text(&strings), "", buf_text(&xml));
	struct buf out = { 0 }, trouble = { 0 };
	assert_int_equal(
	    read_file(file.data, file.len, &out, &trouble), 0); /* of which 64 are looked at */
	buf_cut(&xml, 0);
	repeat(&xml, "<x>", "<row><c t='s'><v>0</v></c></row>", 1000, "</x>");
	buf_cut(&file, 0);
	pack_sheet(&file, buf_text(&strings), "", buf_text(&xml));
	assert_int_equal(read_file(file.data, file.len, &out, &trouble), -5);
	assert_string_equal(buf_text(&trouble), too_large + 3);
	/* Rows */
	buf_cut(&xml, 0);
	repeat(&xml, "<x>", "<row/>", 1000000, "<row><c><v>1</v></c></row></x>");
	assert_huge("", &xml, "1000001[1]\n");
	buf_free(&xml);
	buf_free(&file);
	buf_free(&expected);
	buf_free(&strings);
	buf_free(&out);
	buf_free(&trouble);
}

static bool
count_row(void *ctx, const struct csv_row *row)
{
	(void)row;
	++*(int *)ctx;
	return true;
}

static void
rows_are_counted(void **state)
{
	(void)state;
	struct buf xml = { 0 }, none = { 0 }, trouble = { 0 };
	int rows = 0;
	repeat(&xml, "<x>", "<row><c><v>1</v></c></row>", XLSX_ROWS_MAX, "</x>");
	assert_int_equal(xlsx_read_sheet(&none, &none, &xml, count_row, &rows, &trouble), 0);
	assert_int_equal(rows, XLSX_ROWS_MAX);
	buf_cut(&xml, 0);
	rows = 0;
	repeat(&xml, "<x>", "<row><c><v>1</v></c></row>", XLSX_ROWS_MAX + 1, "</x>");
	assert_int_equal(xlsx_read_sheet(&none, &none, &xml, count_row, &rows, &trouble), -5);
	assert_int_equal(rows, XLSX_ROWS_MAX);
	/* Entries, and bytes */
	struct buf file = { 0 };
	struct part *parts = calloc(1001, sizeof *parts);
	char(*names)[16] = calloc(1001, sizeof *names);
	for (int i = 0; i < 1001; i++) {
		snprintf(names[i], sizeof names[i], "x%d", i);
		parts[i] = (struct part){ names[i], "<x/>", 0 };
	}
	pack(&file, parts, 1001);
	assert_file(&file, too_large);
	buf_cut(&file, 0);
	for (int i = 0; i <= XLSX_FILE_MAX / 16; i++)
		buf_str(&file, "PK\3\4............");
	assert_file(&file, too_large);
	free(parts);
	free(names);
	buf_free(&file);
	buf_free(&xml);
	buf_free(&trouble);
}

static bool
stop(void *ctx, const struct csv_row *row)
{
	++*(int *)ctx;
	return row->line < 2;
}

/* A good workbook, cut and changed everywhere. */
static void
damage_is_found(void **state)
{
	(void)state;
	struct buf file = { 0 }, out = { 0 }, trouble = { 0 };
	struct xlsx *x = xlsx_begin("Annuaire");
	xlsx_column(x, 0, "Nom", 10);
	for (int i = 0; i < 200; i++) {
		char name[32];
		snprintf(name, sizeof name, "Conseil %d", i * i);
		xlsx_words(x, i, 0, name);
	}
	xlsx_end(x, &file);
	int rows = 0, whole = 0, hurt = 0;
	assert_int_equal(xlsx_read(file.data, file.len, stop, &rows, &trouble), 0);
	assert_int_equal(rows, 2);
	for (size_t n = 4; n < file.len; n += 97) {
		buf_cut(&trouble, 0);
		assert_int_equal(read_file(file.data, n, &out, &trouble), -7);
		assert_int_equal(out.len, 0);
	}
	for (size_t i = 0; i < file.len; i += 7) {
		buf_cut(&trouble, 0);
		buf_cut(&out, 0);
		file.data[i] ^= (char)(1 << i % 8);
		if (read_file(file.data, file.len, &out, &trouble))
			hurt++;
		else
			whole++; /* a part that is not read, a date */
		file.data[i] ^= (char)(1 << i % 8);
	}
	assert_true(hurt > 100 && whole > 100);
	buf_free(&file);
	buf_free(&out);
	buf_free(&trouble);
}

/* ---- the directory ---- */

static void
report(void *ctx, const struct import_row *row)
{
	assert_true(db_idle(db));
	buf_fmt(ctx, "%d %d %s%s\n", row->line, row->fate, row->name, row->reason);
}

static void
import(const struct buf *table, struct import *result)
{
	struct buf out = { 0 }, trouble = { 0 };
	assert_int_equal(
	    council_table_import(db, table->data, table->len, true, report, &out, result, &trouble),
	    0);
	assert_string_equal(buf_text(&result->ignored), "");
	buf_free(&out);
	buf_free(&trouble);
}

static void
the_directory_comes_back(void **state)
{
	(void)state;
	struct council c = { 0 };
	struct buf table = { 0 }, rows = { 0 }, trouble = { 0 }, csv = { 0 };
	struct import result;
	buf_str(&c.name, "=Conseil « d’à côté », dit \"l'autre\"; +1");
	buf_str(&c.communes, "13055 13001 13002");
	buf_str(&c.email, "conseil@exemple.fr");
	buf_str(&c.page, "https://exemple.fr/page");
	buf_str(&c.description, "- une liste\n- \"deux\", trois\n\n=SUM(A1) <œ> & _x0041_");
	buf_str(&c.links, "https://exemple.fr/a,b https://exemple.fr/;c");
	buf_str(&c.quarter, "QP013001");
	buf_str(&c.resource_name, "'-Quelqu’un");
	buf_str(&c.resource_email, "q@exemple.fr");
	buf_str(&c.resource_phone, "+33 (0)6.00-00");
	c.resource_public = true;
	assert_int_equal(council_put(db, &c), 0);
	council_free(&c);
	buf_str(&c.name, "Conseil de l’Ain");
	buf_str(&c.communes, "01004");
	buf_str(&c.resource_name, "Dominique");
	assert_int_equal(council_put(db, &c), 0);
	council_free(&c);
	buf_str(&csv, "name,commune\n");
	for (int i = 0; i < 1200; i++)
		buf_fmt(&csv, "Conseil n° %d,%s\n", i, i % 2 ? "30189" : "75118");
	import(&csv, &result);
	assert_int_equal(result.counts[IMPORT_ADD], 1200);
	import_free(&result);
	assert_int_equal(council_table_xlsx(db, "", &table), 1202);
	import(&table, &result);
	assert_int_equal(result.counts[IMPORT_SAME], 1202);
	import_free(&result);
	buf_cut(&table, 0);
	assert_int_equal(council_table_xlsx(db, "01", &table), 1);
	assert_int_equal(read_file(table.data, table.len, &rows, &trouble), 0);
	assert_string_equal(buf_text(&rows),
	    "1[Number][Council][INSEE codes][City][Département][E-mail][Page][Links][Priority "
	    "quarter]"
	    "[Description][Resource person][Their e-mail][Their telephone][Shown to everybody]\n"
	    "2[2][Conseil de l’Ain][01004][Ambérieu-en-Bugey][01][][][][][][Dominique][][][no]\n");
	/* A visitor's copy has no name that is not public. */
	buf_cut(&table, 0);
	buf_cut(&rows, 0);
	db_set_viewer(db, NOBODY);
	assert_int_equal(council_table_xlsx(db, "", &table), 1202);
	db_set_viewer(db, MACHINE);
	assert_int_equal(read_file(table.data, table.len, &rows, &trouble), 0);
	assert_null(strstr(rows.data, "Dominique"));
	assert_non_null(strstr(rows.data, "Quelqu’un"));
	buf_free(&table);
	buf_free(&rows);
	buf_free(&trouble);
	buf_free(&csv);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_read_as_they_are_seen),
		cmocka_unit_test(dates_since_1904),
		cmocka_unit_test(cells_come_back),
		cmocka_unit_test(long_cells_are_cut),
		cmocka_unit_test(works_behind_the_fence),
		cmocka_unit_test(what_is_no_workbook_gets_a_sentence),
		cmocka_unit_test(bad_sheets_get_a_sentence),
		cmocka_unit_test(entities_are_refused),
		cmocka_unit_test(what_is_too_much_is_refused),
		cmocka_unit_test(rows_are_counted),
		cmocka_unit_test(damage_is_found),
		cmocka_unit_test(the_directory_comes_back),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
