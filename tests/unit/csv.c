/* Tables in and out: every make of CSV, lists in three forms, the directory there and back. */
#include "db/council.h"
#include "tests/unit/table.h"

#include "bbs/base/csv.h"

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

/* The rows of n bytes, or the answer's number and the sentence. */
static void
assert_rows_of(const char *data, size_t n, const char *expected)
{
	struct buf out = { 0 }, trouble = { 0 };
	int r = csv_read(data, n, write_down, &out, &trouble);
	if (r)
		buf_fmt(&out, "%d %s", r, buf_text(&trouble));
	else
		assert_int_equal(trouble.len, 0);
	assert_string_equal(buf_text(&out), expected);
	buf_free(&out);
	buf_free(&trouble);
}

static void
assert_rows(const char *data, const char *expected)
{
	/* A copy of just that size, so that a sanitizer sees what is read behind it. */
	size_t n = strlen(data);
	char *copy = calloc(1, n ? n : 1);
	memcpy(copy, data, n);
	assert_rows_of(copy, n, expected);
	free(copy);
}

static void
every_make_is_read(void **state)
{
	(void)state;
	static const char expected[] = "1[nom][été]\n2[Nîmes; sud][a, b]\n";
	static const char *const makes[] = {
		"nom,été\n\"Nîmes; sud\",\"a, b\"\n",
		"nom,été\r\n\"Nîmes; sud\",\"a, b\"\r\n",
		"nom,été\r\"Nîmes; sud\",\"a, b\"",
		"nom;été\n\"Nîmes; sud\";a, b\n",
		"nom\tété\nNîmes; sud\ta, b",
		"\xef\xbb\xbfnom;été\n\"Nîmes; sud\";\"a, b\"\n",
		"nom;\xe9t\xe9\n\"N\xeemes; sud\";\"a, b\"\n",
		"\xef\xbb\xbf\"nom\";\"été\"\r\n\"Nîmes; sud\";a, b\r\n",
	};
	for (size_t i = 0; i < sizeof makes / sizeof *makes; i++)
		assert_rows(makes[i], expected);
	assert_rows("sep=;\nnom;b\n1,2;3\n", "2[nom][b]\n3[1,2][3]\n");
	assert_rows("un\ndeux\n", "1[un]\n2[deux]\n");
	assert_rows("a;b\n\x80;\x9c\n", "1[a][b]\n2[€][œ]\n"); /* Windows */
	/* Quotes of a heading don't count for the guess, nor blanks before it. */
	assert_rows("\n\n\"a,b,c\";d\n1;2\n", "3[a,b,c][d]\n4[1][2]\n");
	/* A title above the heading. */
	assert_rows("Budget 2026\nposte;euros\n", "1[Budget 2026]\n2[poste][euros]\n");
}

static void
rows_know_their_line(void **state)
{
	(void)state;
	assert_rows("a,b\n\n\"un\ndeux\",2\n,\n3,4\n", "1[a][b]\n3[un\ndeux][2]\n6[3][4]\n");
	assert_rows(
	    "a,b\r\n\r\n\"un\r\ndeux\",2\r\n\r\n3,4", "1[a][b]\n3[un\r\ndeux][2]\n6[3][4]\n");
	assert_rows("a,b\n\"dit \"\"oui\"\"\",x\n", "1[a][b]\n2[dit \"oui\"][x]\n");
	assert_rows("a,b\nLes \"Roses\",x\n", "1[a][b]\n2[Les \"Roses\"][x]\n");
}

static void
bad_tables_get_a_sentence(void **state)
{
	(void)state;
	assert_rows("", "-6 This table is empty.");
	assert_rows("\xef\xbb\xbf", "-6 This table is empty.");
	assert_rows("\n;;\n\r\n", "-6 This table is empty.");
	assert_rows("a,b\n1,2\n3,\"4\n5,6\n",
	    "1[a][b]\n2[1][2]\n-7 Line 3: a quotation mark is opened there and never closed.");
	assert_rows_of(
	    "PK\0\3abc", 7, "-7 This is not a table: please save it as \"CSV UTF-8\" or as an Excel workbook (.xlsx).");
	struct buf big = { 0 }, out = { 0 }, trouble = { 0 };
	buf_str(&big, "a\n\"");
	for (int i = 0; i < 100000; i++)
		buf_str(&big, "1\n");
	buf_str(&big, "\"\n");
	assert_int_equal(csv_read(big.data, big.len, write_down, &out, &trouble), -7);
	buf_cut(&big, 0);
	for (int i = 0; i < 1000; i++)
		buf_str(&big, "x;");
	buf_cut(&out, 0);
	assert_int_equal(csv_read(big.data, big.len, write_down, &out, &trouble), 0);
	assert_int_equal(out.len, 1 + 3 * CSV_CELLS + 1);
	buf_cut(&trouble, 0);
	assert_int_equal(csv_load("/nowhere/at all.csv", &big, &trouble), -2);
	assert_non_null(strstr(trouble.data, "/nowhere/at all.csv"));
	buf_free(&big);
	buf_free(&out);
	buf_free(&trouble);
}

static bool
third_cell(void *ctx, const struct csv_row *row)
{
	buf_str(ctx, row->cells[1]);
	return true;
}

static void
cells_come_back(void **state)
{
	(void)state;
	static const struct {
		const char *text, *written;
	} cells[] = {
		{ "simple", "simple" },
		{ "a, b", "\"a, b\"" },
		{ "a;b\tc", "\"a;b\tc\"" },
		{ "dit \"oui\"", "\"dit \"\"oui\"\"\"" },
		{ "un\ndeux", "\"un\ndeux\"" },
		{ " bord ", "\" bord \"" },
		{ "+33 6 00 00 00 00", "+33 6 00 00 00 00" },
		{ "-12.5", "-12.5" },
		{ "=1+1", "'=1+1" },
		{ "=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"" },
		{ "+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0" },
		{ "-2+A1", "'-2+A1" },
		{ "@SUM(A1)", "'@SUM(A1)" },
		{ "'=1", "''=1" },
		{ "''", "''" },
		{ "'quoted'", "'quoted'" },
		{ "l'eau", "l'eau" },
		{ "-", "-" },
	};
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		struct buf out = { 0 }, back = { 0 }, trouble = { 0 };
		csv_cell(&out, cells[i].text);
		assert_string_equal(buf_text(&out), cells[i].written);
		buf_cut(&out, 0);
		buf_str(&out, "x,");
		csv_cell(&out, cells[i].text);
		buf_str(&out, ",y\n");
		assert_int_equal(csv_read(out.data, out.len, third_cell, &back, &trouble), 0);
		assert_string_equal(buf_text(&back), cells[i].text);
		buf_free(&out);
		buf_free(&back);
		buf_free(&trouble);
	}
}

/* ---- lists ---- */

static void
collect(void *ctx, const char *data, size_t size)
{
	buf_add(ctx, data, size);
}

static const struct listing_column columns[] = { { "id", NULL, 3 }, { "name", NULL, 6 },
	{ "open", NULL, 3 }, { "since", NULL, 20 }, { "note", NULL, 4 } };

static void
list(enum listing_form form, int rows, bool one, struct buf *out)
{
	struct listing l;
	(one ? listing_begin_one : listing_begin)(&l, form, columns, 5, collect, out);
	for (int i = 0; i < rows; i++) {
		listing_number(&l, i + 9);
		listing_words(&l, i ? "Œuvre" : "a \"b\"\\\n\001é");
		listing_yes(&l, !i);
		listing_time(&l, i ? 0 : 1774373400);
		if (i)
			listing_none(&l);
		else
			listing_words(&l, "=x,");
	}
	listing_end(&l);
}

static void
assert_list(enum listing_form form, int rows, bool one, const char *expected)
{
	struct buf out = { 0 };
	list(form, rows, one, &out);
	assert_string_equal(buf_text(&out), expected);
	buf_free(&out);
}

static void
lists_in_three_forms(void **state)
{
	(void)state;
	assert_list(LISTING_TEXT, 2, false,
	    "id   name    open  since                 note\n"
	    "  9  a \"b\"\\ é  yes  2026-03-24T17:30:00Z  =x,\n"
	    " 10  Œuvre   no\n");
	assert_list(LISTING_CSV, 2, false,
	    "id,name,open,since,note\n"
	    "9,\"a \"\"b\"\"\\\n\001é\",yes,2026-03-24T17:30:00Z,\"'=x,\"\n"
	    "10,Œuvre,no,,\n");
	assert_list(LISTING_JSON, 2, false,
	    "[\n{\"id\": 9, \"name\": \"a \\\"b\\\"\\\\\\n\\u0001é\", \"open\": true,"
	    " \"since\": \"2026-03-24T17:30:00Z\", \"note\": \"=x,\"},\n"
	    "{\"id\": 10, \"name\": \"Œuvre\", \"open\": false, \"since\": null, \"note\": "
	    "null}\n]\n");
	assert_list(LISTING_JSON, 0, false, "[]\n");
	assert_list(LISTING_CSV, 0, false, "id,name,open,since,note\n");
	assert_list(LISTING_JSON, 1, true,
	    "{\"id\": 9, \"name\": \"a \\\"b\\\"\\\\\\n\\u0001é\", \"open\": true,"
	    " \"since\": \"2026-03-24T17:30:00Z\", \"note\": \"=x,\"}\n");
	struct buf out = { 0 };
	listing_json_string(&out, "a\xff\xc3z\x7f");
	assert_string_equal(out.data, "\"a\uFFFD\uFFFDz\"");
	buf_free(&out);
}

struct gauge {
	size_t largest, total;
};

static void
gauge(void *ctx, const char *data, size_t size)
{
	struct gauge *g = ctx;
	(void)data;
	g->total += size;
	if (size > g->largest)
		g->largest = size;
}

static void
long_lists_are_not_held(void **state)
{
	(void)state;
	struct gauge g = { 0 };
	struct listing l;
	listing_begin(&l, LISTING_JSON, columns, 5, gauge, &g);
	for (int i = 0; i < 100000; i++) {
		listing_number(&l, i);
		listing_words(&l, "Conseil citoyen");
		listing_yes(&l, true);
		listing_none(&l);
		listing_none(&l);
	}
	listing_end(&l);
	assert_true(g.total > 5000000);
	assert_true(g.largest < 10000);
}

/* ---- the directory ---- */

static void
report(void *ctx, const struct import_row *row)
{
	static const char *const fates[] = { "add", "change", "same", "refused" };
	assert_true(db_idle(db)); /* whoever reports may wait for a slow line */
	buf_fmt(ctx, "%d %s %s%s%s\n", row->line, fates[row->fate], row->name,
	    *row->reason ? ": " : "", row->reason);
}

static void
import(const char *data, bool apply, const char *expected)
{
	struct import result;
	struct buf out = { 0 }, trouble = { 0 };
	int r = council_table_import(db, data, strlen(data), apply, report, &out, &result, &trouble);
	if (r)
		buf_fmt(&out, "%d %s", r, buf_text(&trouble));
	assert_string_equal(buf_text(&out), expected);
	import_free(&result);
	buf_free(&out);
	buf_free(&trouble);
}

static void
each_row_has_its_fate(void **state)
{
	(void)state;
	static const char table[] =
	    "\xef\xbb\xbfNom;Ville;Département;Courriel;Personne ressource;Téléphone;Page "
	    "Facebook\r\n"
	    "Conseil citoyen des Lilas;Nîmes;Gard;lilas@exemple.fr;Dominique Inventé;+33 6 00 00 "
	    "00 02;\r\n"
	    "Conseil citoyen du Pré;St Denis;93;;;;facebook.com/exemple\r\n"
	    "Conseil citoyen du Pré;saint-denis;974;;;;\r\n"
	    "conseil CITOYEN des lilas;NIMES;30;;;;\r\n"
	    "Conseil du Gué;Saint-Denis;;;;;\r\n"
	    "Conseil du Gué;Trifouilly;30;;;;\r\n"
	    "Conseil du Gué;Nîmes;Pays de Galles;;;;\r\n"
	    "Conseil du Gué;Nîmes;30;pas une adresse;;;\r\n"
	    ";Nîmes;30;;;;\r\n"
	    "Conseil du Gué;;;;;;\r\n"
	    "Conseil du Gué;Nîmes;30\r\n"
	    "Conseil du Gué;Nîmes;30;;;;notre page\r\n";
	static const char *const fates =
	    "2 add Conseil citoyen des Lilas\n"
	    "3 add Conseil citoyen du Pré\n"
	    "4 add Conseil citoyen du Pré\n"
	    "5 refused conseil CITOYEN des lilas: It is the council of line 2 once more.\n"
	    "6 refused Conseil du Gué: Several communes are called Saint-Denis: please give the "
	    "département"
	    " or the INSEE code.\n"
	    "7 refused Conseil du Gué: No commune is called Trifouilly there.\n"
	    "8 refused Conseil du Gué: The département is not known.\n"
	    "9 refused Conseil du Gué: Courriel: This is not of the form expected here: please "
	    "check it.\n"
	    "10 refused : Nom: This is empty: please write something.\n"
	    "11 refused Conseil du Gué: communes: This is empty: please write something.\n"
	    "12 refused Conseil du Gué: It has 3 cells, the heading 7.\n"
	    "13 refused Conseil du Gué: Page Facebook: This is not of the form expected here: "
	    "please check it.\n";
	int before = council_count(db, "");
	import(table, false, fates);
	assert_int_equal(council_count(db, ""), before); /* nothing is written before the yes */
	import(table, true, fates);
	assert_int_equal(council_count(db, ""), before + 3);
	import("name,commune\nConseil citoyen des Lilas,30189\n", false,
	    "2 same Conseil citoyen des Lilas\n");
	import("nom\tcommune\tqpv\nConseil citoyen des Lilas\t30189+30007\tqp030001\n", true,
	    "2 change Conseil citoyen des Lilas: communes quarter\n");
	import("nom\tcommune\tqpv\nConseil citoyen des Lilas\tNîmes\t\n", true,
	    "2 change Conseil citoyen des Lilas: communes quarter\n");
	import("nom;commune;personne ressource publique\nConseil citoyen des "
	       "Lilas;30189;peut-\xeatre\n",
	    true,
	    "2 refused Conseil citoyen des Lilas: personne ressource publique: yes or no is "
	    "expected.\n");
	import("name,communes\nConseil bancal,\"30189 75118\"\n", true,
	    "2 refused Conseil bancal: communes: a code that is not known, or communes of two "
	    "départements.\n");
}

static void
numbers_are_not_trusted(void **state)
{
	(void)state;
	char table[400], expected[400];
	item_id id = council_find(db, "Conseil citoyen des Lilas", "30189");
	assert_true(id.n > 0);
	snprintf(table, sizeof table, "id,email\n%lld,neuf@exemple.fr\n", (long long)id.n);
	import(table, true, "2 change Conseil citoyen des Lilas: email\n");
	import(table, true, "2 same Conseil citoyen des Lilas\n");
	snprintf(table, sizeof table,
	    "id,name,commune\n%lld,Conseil d'ailleurs,59350\n99999,X,59350\n-1,X,59350\n"
	    "deux,X,59350\n",
	    (long long)id.n);
	snprintf(expected, sizeof expected,
	    "2 refused Conseil d'ailleurs: Number %lld is another council here,"
	    " Conseil citoyen des Lilas: leave it empty.\n"
	    "3 refused : No council has this number: leave it empty to add one.\n"
	    "4 refused : No council has this number: leave it empty to add one.\n"
	    "5 refused : No council has this number: leave it empty to add one.\n",
	    (long long)id.n);
	import(table, true, expected);
	snprintf(table, sizeof table,
	    "id,name,commune\n%lld,Conseil des Lilas blancs,30189\n%lld,Conseil,30189\n",
	    (long long)id.n, (long long)id.n);
	import(table, true,
	    "2 change Conseil des Lilas blancs: name\n"
	    "3 refused Conseil: It is the council of line 2 once more.\n");
}

static void
bad_headings_get_a_sentence(void **state)
{
	(void)state;
	import("", false, "-6 This table is empty.");
	import("nom;courriel\nA;b@exemple.fr\n", true,
	    "-7 Line 1: the column \"commune\" is missing from the heading.");
	import("commune;courriel\n30189;b@exemple.fr\n", true,
	    "-7 Line 1: the column \"name\" is missing from the heading.");
	import("nom;commune;Courriel;E-mail\nA;30189;;\n", true,
	    "-7 Two columns mean the same: \"Courriel\" and \"E-mail\".");
	struct import result;
	struct buf out = { 0 }, trouble = { 0 };
	static const char odd[] = "nom;commune;couriel;;\nConseil;30189;;;\n";
	assert_int_equal(
	    council_table_import(db, odd, sizeof odd - 1, false, report, &out, &result, &trouble), 0);
	assert_string_equal(buf_text(&result.ignored), "couriel");
	assert_int_equal(result.counts[IMPORT_ADD], 1);
	import_free(&result);
	db_set_viewer(db, NOBODY);
	assert_int_equal(
	    council_table_import(db, odd, sizeof odd - 1, true, report, &out, &result, &trouble), -1);
	db_set_viewer(db, MACHINE);
	import_free(&result);
	buf_free(&out);
	buf_free(&trouble);
}

static void
what_goes_out_comes_back(void **state)
{
	(void)state;
	struct council c = { 0 };
	struct buf table = { 0 }, out = { 0 }, trouble = { 0 }, again = { 0 };
	struct import result;
	buf_str(&c.name, "=Conseil « d’à côté », dit \"l'autre\"; +1");
	buf_str(&c.communes, "13055 13001 13002");
	buf_str(&c.description, "- une liste\n- \"deux\", trois\n\n=SUM(A1)");
	buf_str(&c.links, "https://exemple.fr/a,b https://exemple.fr/;c");
	buf_str(&c.resource_name, "'-Quelqu’un");
	buf_str(&c.resource_phone, "+33 (0)6.00-00");
	c.resource_public = true;
	assert_int_equal(council_put(db, &c), 0);
	council_free(&c);
	/* More than one batch of the export and of the import. */
	buf_str(&table, "name,commune\n");
	for (int i = 0; i < 1200; i++)
		buf_fmt(&table, "Conseil n° %d,%s\n", i, i % 2 ? "30189" : "75118");
	assert_int_equal(
	    council_table_import(db, table.data, table.len, true, report, &out, &result, &trouble),
	    0);
	assert_int_equal(result.counts[IMPORT_ADD], 1200);
	import_free(&result);
	buf_cut(&table, 0);
	int n = council_table_export(db, "", LISTING_CSV, collect, &table);
	assert_int_equal(n, council_count(db, ""));
	assert_int_equal(
	    council_table_import(db, table.data, table.len, true, report, &out, &result, &trouble),
	    0);
	assert_int_equal(result.counts[IMPORT_SAME], n);
	assert_int_equal(result.ignored.len, 0);
	import_free(&result);
	assert_int_equal(council_table_export(db, "", LISTING_CSV, collect, &again), n);
	assert_string_equal(table.data, again.data);
	/* A visitor's copy has no name that is not public. */
	assert_non_null(strstr(table.data, "Dominique"));
	buf_cut(&again, 0);
	db_set_viewer(db, NOBODY);
	assert_int_equal(council_table_export(db, "", LISTING_CSV, collect, &again), n);
	db_set_viewer(db, MACHINE);
	assert_null(strstr(again.data, "Dominique"));
	assert_non_null(strstr(again.data, "Quelqu’un"));
	buf_free(&table);
	buf_free(&out);
	buf_free(&again);
	buf_free(&trouble);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_make_is_read),
		cmocka_unit_test(rows_know_their_line),
		cmocka_unit_test(bad_tables_get_a_sentence),
		cmocka_unit_test(cells_come_back),
		cmocka_unit_test(lists_in_three_forms),
		cmocka_unit_test(long_lists_are_not_held),
		cmocka_unit_test(each_row_has_its_fate),
		cmocka_unit_test(numbers_are_not_trusted),
		cmocka_unit_test(bad_headings_get_a_sentence),
		cmocka_unit_test(what_goes_out_comes_back),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
