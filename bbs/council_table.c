/*
 * The directory from and to a table: which column means what, what becomes of each row, and why.
 * How a file is cut into cells is the work of csv.c and xlsx_read.c, what a good council is, that of
 * db/council_put.c.
 */
#include "bbs/council_table.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "bbs/base/text.h"
#include "bbs/base/csv.h"
#include "bbs/xlsx.h"
#include "db/check.h"
#include "db/council.h"

enum { BATCH = 500 };

enum column {
	COLUMN_ID,
	COLUMN_NAME,
	COLUMN_COMMUNES,
	COLUMN_TOWN,
	COLUMN_DEPARTMENT,
	COLUMN_PUBLIC,
	COLUMN_EMAIL, /* from here on a cell is a field */
	COLUMN_PAGE,
	COLUMN_LINKS,
	COLUMN_QUARTER,
	COLUMN_DESCRIPTION,
	COLUMN_RESOURCE_NAME,
	COLUMN_RESOURCE_EMAIL,
	COLUMN_RESOURCE_PHONE,
	COLUMNS,
};

#define FIELD(name) offsetof(struct council, name)
/* The field's name, where it is, and the headings that mean it, by their words. */
static const struct {
	const char *name;
	size_t offset;
	const char *headings;
} columns[COLUMNS] = {
	[COLUMN_ID] = { "id", 0, "|id|number|numero|no|" },
	[COLUMN_NAME] = { "name", FIELD(name), "|name|nom|conseil|council|nom du conseil|" },
	[COLUMN_COMMUNES] = { "communes", FIELD(communes),
	    "|communes|commune|insee|code insee|codes insee|insee codes|code commune|codes communes|" },
	[COLUMN_TOWN] = { "town", 0, "|town|city|ville|" },
	[COLUMN_DEPARTMENT] = { "department", 0, "|department|departement|dept|" },
	[COLUMN_PUBLIC] = { "resource_public", 0,
	    "|resource public|personne ressource publique|public|shown to everybody|montree a tous|" },
	[COLUMN_EMAIL] = { "email", FIELD(email),
	    "|email|e mail|mail|courriel|adresse mail|email du conseil|courriel du conseil|" },
	[COLUMN_PAGE] = { "page", FIELD(page), "|page|facebook|page facebook|" },
	[COLUMN_LINKS] = { "links", FIELD(links), "|links|liens|" },
	[COLUMN_QUARTER] = { "quarter", FIELD(quarter),
	    "|quarter|qpv|code qpv|priority quarter|quartier prioritaire|" },
	[COLUMN_DESCRIPTION] = { "description", FIELD(description), "|description|presentation|" },
	[COLUMN_RESOURCE_NAME] = { "resource_name", FIELD(resource_name),
	    "|resource name|resource person|personne ressource|nom de la personne ressource|" },
	[COLUMN_RESOURCE_EMAIL] = { "resource_email", FIELD(resource_email),
	    "|resource email|courriel de la personne ressource|email de la personne ressource|"
	    "mail de la personne ressource|their e mail|son courriel|" },
	[COLUMN_RESOURCE_PHONE] = { "resource_phone", FIELD(resource_phone),
	    "|resource phone|telephone|telephone de la personne ressource|their telephone|son telephone|" },
};

/* A row whose fate is known, until its batch is written. */
struct outcome {
	int line;
	enum import_fate fate;
	struct council council;
	struct buf reason, told;
};

/* A council that the file has named already: "30189 les oliviers" or "#12". */
struct seen {
	int line;
	char key[];
};

struct importer {
	struct db *db;
	bool apply;
	import_each each;
	void *ctx;
	struct import *import;
	struct buf *trouble;
	int at[COLUMNS];              /* the cell of each column, -1 none */
	struct buf headings[COLUMNS]; /* as the file spells them */
	int cells;                    /* of the heading; 0 before it */
	int answer;
	void *seen;
	struct outcome batch[BATCH];
	int count;
	int last_line; /* of the last row that is settled */
};

/* ---- the heading ---- */

static int
column_of(const char *heading)
{
	struct buf words = { 0 };
	int found = -1;
	buf_char(&words, '|');
	check_words(&words, heading);
	buf_char(&words, '|');
	for (int i = 0; i < COLUMNS && words.len > 2; i++)
		if (strstr(columns[i].headings, words.data))
			found = i;
	buf_free(&words);
	return found;
}

static bool
has(const struct importer *m, enum column column)
{
	return m->at[column] >= 0;
}

static void
take_heading(struct importer *m, const struct csv_row *row)
{
	for (int i = 0; i < row->count; i++) {
		struct buf heading = { 0 };
		text_clean(&heading, row->cells[i], strlen(row->cells[i]), TEXT_LINE);
		int column = column_of(buf_text(&heading));
		if (heading.len)
			m->cells = i + 1;
		if (column >= 0 && has(m, (enum column)column)) {
			buf_fmt(m->trouble, _("Two columns mean the same: \"%s\" and \"%s\"."),
			    buf_text(&m->headings[column]), buf_text(&heading));
			m->answer = E_INVALID;
		} else if (column >= 0) {
			m->at[column] = i;
			buf_str(&m->headings[column], buf_text(&heading));
		} else if (heading.len) {
			buf_fmt(&m->import->ignored, "%s%s", m->import->ignored.len ? ", " : "",
			    buf_text(&heading));
		}
		buf_free(&heading);
		if (m->answer)
			return;
	}
	const char *missing = has(m, COLUMN_ID)                                  ? NULL
			      : !has(m, COLUMN_NAME)                             ? _("name")
			      : !has(m, COLUMN_COMMUNES) && !has(m, COLUMN_TOWN) ? _("commune")
										 : NULL;
	if (missing) {
		buf_fmt(m->trouble, _("Line %d: the column \"%s\" is missing from the heading."),
		    row->line, missing);
		m->answer = E_INVALID;
	}
}

/* ---- one row ---- */

static const char *
cell(const struct importer *m, const struct csv_row *row, enum column column)
{
	return m->at[column] >= 0 && m->at[column] < row->count ? row->cells[m->at[column]] : "";
}

static bool
blank(const char *s)
{
	return !s[strspn(s, " \t\r\n\xc2\xa0")];
}

static void
set(struct buf *field, const char *s)
{
	buf_cut(field, 0);
	buf_str(field, s);
}

/* "yes", "Oui", "1", "x"; -1 for what is neither. */
static int
parse_yes(const char *typed)
{
	struct buf words = { 0 };
	buf_char(&words, '|');
	check_words(&words, typed);
	buf_char(&words, '|');
	int yes = strstr("|yes|oui|1|true|vrai|x|o|y|", words.data) ? 1
		  : strstr("||no|non|0|false|faux|n|", words.data)  ? 0
								    : -1;
	buf_free(&words);
	return yes;
}

/* The commune's code from a town's name. */
static int
find_town(struct importer *m, const struct csv_row *row, const char *town, struct buf *codes,
    struct buf *reason)
{
	char department[8] = "";
	struct commune commune;
	const char *typed = cell(m, row, COLUMN_DEPARTMENT);
	struct buf clean = { 0 };
	text_clean(&clean, town, strlen(town), TEXT_LINE);
	int r = blank(typed) ? E_OK : department_find(m->db, typed, department);
	if (r) {
		buf_str(reason, _("The département is not known."));
	} else if ((r = commune_named(m->db, buf_text(&clean), department, &commune)) == E_OK) {
		set(codes, commune.code);
	} else {
		buf_fmt(reason,
		    r == E_EXISTS ? _("Several communes are called %s: please give the département"
				      " or the INSEE code.")
				  : _("No commune is called %s there."),
		    buf_text(&clean));
	}
	buf_free(&clean);
	return r;
}

static int
take_place(struct importer *m, const struct csv_row *row, struct council *c, struct buf *reason)
{
	const char *codes = cell(m, row, COLUMN_COMMUNES), *town = cell(m, row, COLUMN_TOWN);
	codes += strspn(codes, " \t");
	if (!blank(codes) && *codes >= '0' && *codes <= '9')
		set(&c->communes, codes);
	else if (!blank(codes))
		return find_town(m, row, codes, &c->communes, reason);
	else if (!blank(town))
		return find_town(m, row, town, &c->communes, reason);
	else if (!c->id.n)
		buf_cut(&c->communes, 0);
	return E_OK;
}

/* What the row says, over what the council was. */
static int
take_cells(struct importer *m, const struct csv_row *row, struct council *c, struct buf *reason)
{
	if (has(m, COLUMN_NAME))
		set(&c->name, cell(m, row, COLUMN_NAME));
	for (int i = COLUMN_EMAIL; i < COLUMNS; i++)
		if (has(m, (enum column)i))
			set((struct buf *)((char *)c + columns[i].offset),
			    cell(m, row, (enum column)i));
	if (has(m, COLUMN_PUBLIC)) {
		int yes = parse_yes(cell(m, row, COLUMN_PUBLIC));
		if (yes < 0) {
			buf_fmt(reason, _("%s: yes or no is expected."),
			    buf_text(&m->headings[COLUMN_PUBLIC]));
			return E_INVALID;
		}
		c->resource_public = yes;
	}
	return take_place(m, row, c, reason);
}

static bool
same_name(const char *a, const char *b)
{
	struct buf x = { 0 }, y = { 0 };
	check_words(&x, a);
	check_words(&y, b);
	bool same = !strcmp(buf_text(&x), buf_text(&y));
	buf_free(&x);
	buf_free(&y);
	return same;
}

/* The council that the row's number means. A number of another board would overwrite a stranger. */
static int
take_numbered(struct importer *m, const struct csv_row *row, struct council *before,
    struct council *c, struct buf *reason)
{
	char *end;
	item_id id = { strtoll(cell(m, row, COLUMN_ID), &end, 10) };
	if (!blank(end) || id.n <= 0 || council_get(m->db, id, before)) {
		buf_str(reason, _("No council has this number: leave it empty to add one."));
		return E_NOT_FOUND;
	}
	council_get(m->db, id, c);
	int r = take_cells(m, row, c, reason);
	if (!r && !same_name(buf_text(&c->name), buf_text(&before->name)) &&
	    strncmp(buf_text(&c->communes), buf_text(&before->communes), 5) != 0) {
		buf_fmt(reason, _("Number %lld is another council here, %s: leave it empty."),
		    (long long)id.n, buf_text(&before->name));
		r = E_INVALID;
	}
	return r;
}

/* Without a number: the council of that name and commune, where there is one. */
static int
take_named(struct importer *m, const struct csv_row *row, struct council *before, struct council *c,
    struct buf *reason)
{
	int r = take_cells(m, row, c, reason);
	const char *field;
	struct council probe = { 0 };
	if (r)
		return r;
	buf_str(&probe.name, buf_text(&c->name));
	buf_str(&probe.communes, buf_text(&c->communes));
	item_id id = { 0 };
	if (!council_check(m->db, &probe, &field))
		id = council_find(m->db, buf_text(&probe.name), buf_text(&probe.commune));
	council_free(&probe);
	if (!id.n || council_get(m->db, id, before))
		return E_OK;
	council_free(c);
	council_get(m->db, id, c);
	return take_cells(m, row, c, reason);
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct seen *)a)->key, ((const struct seen *)b)->key);
}

/* The line that named this already, 0 none; remembers it. */
static int
seen_before(struct importer *m, const char *key, int line)
{
	struct seen *new = mem_alloc(sizeof *new + strlen(key) + 1);
	new->line = line;
	memcpy(new->key, key, strlen(key) + 1);
	struct seen **found = tsearch(new, &m->seen, by_key);
	if (found && *found == new)
		return 0;
	free(new);
	return found ? (*found)->line : 0;
}

static int
seen_in_file(struct importer *m, const struct council *c, int line)
{
	struct buf key = { 0 };
	buf_fmt(&key, "%s ", buf_text(&c->commune));
	check_words(&key, buf_text(&c->name));
	int other = seen_before(m, buf_text(&key), line);
	if (!other && c->id.n) {
		buf_cut(&key, 0);
		buf_fmt(&key, "#%lld", (long long)c->id.n);
		other = seen_before(m, buf_text(&key), line);
	}
	buf_free(&key);
	return other;
}

/* The heading under which a field stands in the file. */
static const char *
heading_of(const struct importer *m, const char *field)
{
	for (int i = 0; i < COLUMNS; i++)
		if (!strcmp(columns[i].name, field) && m->headings[i].len)
			return buf_text(&m->headings[i]);
	return field;
}

/* Says what is wrong with a council that is read in full; false: nothing. */
static bool
refuse(struct importer *m, struct outcome *o)
{
	const char *field;
	struct council *c = &o->council;
	int r = council_check(m->db, c, &field);
	if (r == E_INVALID && !strcmp(field, "communes")) {
		buf_fmt(&o->reason,
		    _("%s: a code that is not known, or communes of two départements."),
		    heading_of(m, field));
		return true;
	}
	if (r) {
		buf_fmt(&o->reason, _("%s: %s"), heading_of(m, field), error_text(r));
		return true;
	}
	item_id other = council_find(m->db, buf_text(&c->name), buf_text(&c->commune));
	if (other.n && other.n != c->id.n) {
		buf_fmt(&o->reason, _("Number %lld has the same name in the same commune."),
		    (long long)other.n);
		return true;
	}
	int line = seen_in_file(m, c, o->line);
	if (line)
		buf_fmt(&o->reason, _("It is the council of line %d once more."), line);
	return line;
}

/* What becomes of a row that nothing is wrong with. */
static void
decide(struct importer *m, struct outcome *o, const struct council *before)
{
	o->fate = IMPORT_ADD;
	if (!o->council.id.n)
		return;
	council_differences(before, &o->council, &o->reason);
	o->fate = o->reason.len ? IMPORT_CHANGE : IMPORT_SAME;
	struct buf lines = { 0 };
	council_tell(m->db, before, &o->council, &lines);
	char *rest = lines.data, *line;
	while ((line = strsep(&rest, "\n")))
		if (*line)
			buf_fmt(&o->told, "%s%s", o->told.len ? "; " : "", line);
	buf_free(&lines);
}

static void
judge(struct importer *m, const struct csv_row *row, struct outcome *o)
{
	struct council before = { 0 };
	*o = (struct outcome){ .line = row->line, .fate = IMPORT_REFUSED };
	bool ragged = row->count < m->cells;
	for (int i = m->cells; i < row->count; i++)
		ragged |= !blank(row->cells[i]);
	if (ragged) {
		set(&o->council.name, cell(m, row, COLUMN_NAME));
		buf_fmt(&o->reason, _("It has %d cells, the heading %d."), row->count, m->cells);
	} else {
		bool named = blank(cell(m, row, COLUMN_ID));
		int r = named ? take_named(m, row, &before, &o->council, &o->reason)
			      : take_numbered(m, row, &before, &o->council, &o->reason);
		if (!r && !refuse(m, o))
			decide(m, o, &before);
	}
	council_free(&before);
}

/* ---- batches ---- */

/* Writes those of the batch that are new or changed. */
static int
write_batch(struct importer *m)
{
	struct council *councils = mem_alloc(BATCH * sizeof *councils);
	int *answers = mem_alloc(BATCH * sizeof *answers), n = 0;
	for (int i = 0; i < m->count; i++)
		if (m->batch[i].fate <= IMPORT_CHANGE)
			councils[n++] = m->batch[i].council;
	int r = n ? council_put_all(m->db, councils, n, answers) : E_OK;
	for (int i = 0, k = 0; i < m->count; i++) {
		struct outcome *o = &m->batch[i];
		if (o->fate > IMPORT_CHANGE)
			continue;
		o->council = councils[k]; /* its fields have been cleaned anew */
		if (!r && answers[k]) {
			o->fate = IMPORT_REFUSED;
			set(&o->reason, error_text(answers[k]));
		}
		k++;
	}
	free(councils);
	free(answers);
	return r;
}

static void
settle_batch(struct importer *m)
{
	if (m->apply && !m->answer) {
		m->answer = write_batch(m);
		if (m->answer && m->last_line)
			buf_fmt(m->trouble, _("%s What stands up to line %d is recorded."),
			    error_text(m->answer), m->last_line);
		else if (m->answer)
			buf_str(m->trouble, error_text(m->answer));
	}
	for (int i = 0; i < m->count; i++) {
		struct outcome *o = &m->batch[i];
		if (!m->answer) {
			struct buf name = { 0 };
			text_clean(
			    &name, buf_text(&o->council.name), o->council.name.len, TEXT_LINE);
			struct import_row row = { o->line, o->fate, o->council.id, buf_text(&name),
				buf_text(&o->reason), o->fate == IMPORT_CHANGE ? buf_text(&o->told) : "" };
			m->import->counts[o->fate]++;
			m->last_line = o->line;
			m->each(m->ctx, &row);
			buf_free(&name);
		}
		council_free(&o->council);
		buf_free(&o->reason);
		buf_free(&o->told);
	}
	m->count = 0;
}

static bool
take_row(void *ctx, const struct csv_row *row)
{
	struct importer *m = ctx;
	if (!m->cells) {
		take_heading(m, row);
	} else {
		judge(m, row, &m->batch[m->count++]);
		if (m->count == BATCH)
			settle_batch(m);
	}
	return !m->answer;
}

int
council_table_import(struct db *db, const char *data, size_t size, bool apply, import_each each,
    void *ctx, struct import *out, struct buf *trouble)
{
	*out = (struct import){ 0 };
	if (!may(db, MAY_ADD_COUNCIL, (item_id){ 0 })) {
		buf_str(trouble, error_text(E_DENIED));
		return E_DENIED;
	}
	struct importer *m = mem_alloc(sizeof *m);
	m->db = db;
	m->apply = apply;
	m->each = each;
	m->ctx = ctx;
	m->import = out;
	m->trouble = trouble;
	for (int i = 0; i < COLUMNS; i++)
		m->at[i] = -1;
	int r = (xlsx_is(data, size) ? xlsx_read : csv_read)(data, size, take_row, m, trouble);
	settle_batch(m);
	if (m->answer)
		r = m->answer;
	for (int i = 0; i < COLUMNS; i++)
		buf_free(&m->headings[i]);
	tdestroy(m->seen, free);
	free(m);
	return r;
}

void
import_free(struct import *import)
{
	buf_free(&import->ignored);
}

/* ---- the way out ---- */

/* The titles are a workbook's headings; the import knows them in both languages. */
static const struct listing_column exported[] = {
	{ "id", N_("Number"), 6 },
	{ "name", N_("Council"), 40 },
	{ "communes", N_("INSEE codes"), 12 },
	{ "town", N_("City"), 20 },
	{ "department", N_("Département"), 11 },
	{ "email", N_("E-mail"), 30 },
	{ "page", N_("Page"), 30 },
	{ "links", N_("Links"), 30 },
	{ "quarter", N_("Priority quarter"), 19 },
	{ "description", N_("Description"), 60 },
	{ "resource_name", N_("Resource person"), 25 },
	{ "resource_email", N_("Their e-mail"), 30 },
	{ "resource_phone", N_("Their telephone"), 17 },
	{ "resource_public", N_("Shown to everybody"), 17 },
};
enum { EXPORTED = sizeof exported / sizeof *exported };

static bool
export_one(void *ctx, const struct council *c)
{
	struct listing *l = ctx;
	const struct buf *words[] = { &c->name, &c->communes, &c->town, &c->department, &c->email,
		&c->page, &c->links, &c->quarter, &c->description, &c->resource_name,
		&c->resource_email, &c->resource_phone };
	listing_number(l, c->id.n);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) // NOLINT(bugprone-sizeof-expression): pointers are meant
		listing_words(l, buf_text(words[i]));
	listing_yes(l, c->resource_public);
	return true;
}

int
council_table_export(
    struct db *db, const char *department, enum listing_form form, listing_write write, void *ctx)
{
	struct listing l;
	if (form == LISTING_XLSX)
		listing_begin_xlsx(&l, _("Directory"), exported, EXPORTED, write, ctx);
	else
		listing_begin(&l, form, exported, EXPORTED, write, ctx);
	int n = council_all(db, department, export_one, &l);
	listing_end(&l);
	return n;
}

static void
add_bytes(void *ctx, const char *data, size_t size)
{
	buf_add(ctx, data, size);
}

int
council_table_xlsx(struct db *db, const char *department, struct buf *out)
{
	return council_table_export(db, department, LISTING_XLSX, add_bytes, out);
}
