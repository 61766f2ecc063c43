/* The map: territories and communes, which come with the program and never change here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/text.h"
#include "db/check.h"
#include "db/council.h"
#include "db/engine.h"

SQL_READ(get_territory, "SELECT code, kind, parent, name FROM territory WHERE code = :code");
SQL_READ(find_department, "SELECT code FROM territory"
    " WHERE kind = 'department' AND name_sort >= :from AND name_sort < :to");

#define CHILDREN "SELECT code, kind, name, name_sort, councils FROM territory" \
	" WHERE parent = :parent AND kind = :kind AND (name_sort, code) "
SQL_LIST(children_down, CHILDREN "> (:sort, :code) ORDER BY name_sort, code LIMIT :n");
SQL_LIST(children_up, CHILDREN "< (:sort, :code) ORDER BY name_sort DESC, code DESC LIMIT :n");

/* Communes that are some council's principal one. */
#define SETTLED "SELECT m.code, 'commune', m.name, m.name_sort FROM commune m" \
	" WHERE m.department = :department AND (m.name_sort, m.code) "
#define WITH_COUNCIL " AND EXISTS (SELECT 1 FROM council_v c WHERE c.commune = m.code)"
SQL_LIST(settled_down, SETTLED "> (:sort, :code)" WITH_COUNCIL " ORDER BY m.name_sort, m.code LIMIT :n");
SQL_LIST(settled_up, SETTLED "< (:sort, :code)" WITH_COUNCIL
    " ORDER BY m.name_sort DESC, m.code DESC LIMIT :n");

#define COMMUNE "SELECT m.code, m.name, m.department, t.name, m.epci, m.lat, m.lon" \
	" FROM commune m JOIN territory t ON t.code = m.department"
SQL_READ(get_commune, COMMUNE " WHERE m.code = :code");
/* Two are enough to see that a name is not the only one. */
SQL_READ(named_communes, COMMUNE " WHERE m.name_sort >= :from AND m.name_sort < :to"
    " AND (CAST(:department AS TEXT) = '' OR m.department = :department)"
    " ORDER BY m.name_sort, m.population, m.code LIMIT 2");
/* The map's size bounds it: some 4 000 communes begin with "sa". C chooses the most populous. */
SQL_LIST(commune_names, "SELECT code, population FROM commune"
    " WHERE name_sort >= :from AND name_sort < :to ORDER BY name_sort, population, code");

/* Behind every text that begins with a given one. */
#define LAST "\U0010ffff"

static void
copy(char *out, size_t size, const char *s)
{
	snprintf(out, size, "%s", s);
}
#define COPY(field, s) copy((field), sizeof(field), s)

int
territory_get(struct db *db, const char *code, struct territory *out)
{
	struct query *q = db_query(db, get_territory, T("code", code));
	if (!db_next(q))
		return E_NOT_FOUND;
	COPY(out->code, db_text(q, 0));
	COPY(out->kind, db_text(q, 1));
	COPY(out->parent, db_text(q, 2));
	COPY(out->name, db_text(q, 3));
	db_end(q);
	return E_OK;
}

int
territory_children(struct db *db, const char *parent, const char *kind, const char *from_sort,
    const char *from_code, int direction, int n, territory_each each, void *ctx)
{
	bool end = !*from_code;
	const char *sort = !end ? from_sort : direction > 0 ? "" : LAST;
	struct query *q = db_query_args(db, direction > 0 ? &children_down : &children_up,
	    ARGS_(T("parent", parent), T("kind", kind), T("sort", sort), T("code", from_code),
		I("n", n)));
	int count = 0;
	while (db_next(q)) {
		struct territory_row row = { db_text(q, 0), db_text(q, 1), db_text(q, 2),
			db_text(q, 3), db_int(q, 4) };
		count++;
		if (!each(ctx, &row)) {
			db_end(q);
			break;
		}
	}
	return count;
}

int
commune_children(struct db *db, const char *department, const char *from_sort, const char *from_code,
    int direction, int n, territory_each each, void *ctx)
{
	bool end = !*from_code;
	const char *sort = !end ? from_sort : direction > 0 ? "" : LAST;
	struct query *q = db_query_args(db, direction > 0 ? &settled_down : &settled_up,
	    ARGS_(T("department", department), T("sort", sort), T("code", from_code), I("n", n)));
	int count = 0;
	while (db_next(q)) {
		int64_t there = council_count(db, db_text(q, 0));
		struct territory_row row = { db_text(q, 0), db_text(q, 1), db_text(q, 2), db_text(q, 3), there };
		count++;
		if (!each(ctx, &row)) {
			db_end(q);
			break;
		}
	}
	return count;
}

int
department_find(struct db *db, const char *typed, char code[8])
{
	struct buf from = { 0 }, to = { 0 };
	struct territory territory;
	/* "30" and "2a" as they are; a table may have made 1 of 01. */
	char as_code[8];
	snprintf(as_code, sizeof as_code, "%s%s", strlen(typed) == 1 ? "0" : "", typed);
	for (char *c = as_code; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c += 'A' - 'a';
	code[0] = '\0';
	if (strlen(typed) <= 3 && !territory_get(db, as_code, &territory) &&
	    !strcmp(territory.kind, "department")) {
		copy(code, 8, as_code);
		return E_OK;
	}
	check_words(&from, typed);
	buf_str(&to, buf_text(&from));
	buf_char(&from, '\x01');
	buf_char(&to, '\x02');
	struct query *q =
	    db_query(db, find_department, T("from", buf_text(&from)), T("to", buf_text(&to)));
	while (db_next(q))
		copy(code, 8, db_text(q, 0));
	buf_free(&from);
	buf_free(&to);
	return code[0] ? E_OK : E_NOT_FOUND;
}

static void
read_commune(struct query *q, struct commune *out)
{
	COPY(out->code, db_text(q, 0));
	COPY(out->name, db_text(q, 1));
	COPY(out->department, db_text(q, 2));
	COPY(out->department_name, db_text(q, 3));
	COPY(out->epci, db_text(q, 4));
	out->lat = db_real(q, 5);
	out->lon = db_real(q, 6);
}

int
commune_get(struct db *db, const char *code, struct commune *out)
{
	struct query *q = db_query(db, get_commune, T("code", code));
	if (!db_next(q))
		return E_NOT_FOUND;
	read_commune(q, out);
	db_end(q);
	return E_OK;
}

/* The words of a town's name, St and Ste written out, a CEDEX with its number left off. */
static void
town_words(const char *typed, struct buf *out)
{
	struct buf words = { 0 };
	check_words(&words, typed);
	char *rest = words.data, *word;
	while ((word = strsep(&rest, " ")) && strcmp(word, "cedex") != 0) {
		if (out->len)
			buf_char(out, ' ');
		buf_str(out, !strcmp(word, "st")    ? "saint"
			     : !strcmp(word, "ste") ? "sainte"
						    : word);
	}
	buf_free(&words);
}

/* How many communes have just this name, 2 for more; the first one in *out. */
static int
count_named(struct db *db, const char *words, const char *department, struct commune *out)
{
	struct buf from = { 0 }, to = { 0 };
	buf_fmt(&from, "%s\x01", words);
	buf_fmt(&to, "%s\x02", words);
	struct query *q = db_query(db, named_communes, T("from", buf_text(&from)),
	    T("to", buf_text(&to)), T("department", department));
	int count = 0;
	while (db_next(q))
		if (count++ == 0)
			read_commune(q, out);
	buf_free(&from);
	buf_free(&to);
	return count;
}

int
commune_named(struct db *db, const char *name, const char *department, struct commune *out)
{
	struct buf words = { 0 };
	town_words(name, &words);
	int count = count_named(db, buf_text(&words), department, out);
	if (!count) {
		buf_str(&words, " arrondissement"); /* "Paris 18e" */
		count = count_named(db, buf_text(&words), department, out);
	}
	buf_free(&words);
	return count == 1 ? E_OK : count ? E_EXISTS : E_NOT_FOUND;
}

enum { FIND_MAX = 100 };

int
commune_find(struct db *db, const char *typed, int n, commune_each each, void *ctx)
{
	struct {
		char code[8];
		int64_t population;
	} best[FIND_MAX + 1] = { 0 };
	int count = 0;
	struct buf from = { 0 }, to = { 0 };
	if (n > FIND_MAX)
		n = FIND_MAX;
	town_words(typed, &from);
	buf_fmt(&to, "%s" LAST, buf_text(&from));
	if (!from.len)
		n = 0;
	struct query *q =
	    db_query(db, commune_names, T("from", buf_text(&from)), T("to", buf_text(&to)));
	while (db_next(q)) {
		int64_t population = db_int(q, 1);
		if (n == 0 || (count == n && population <= best[n - 1].population))
			continue;
		int at = count < n ? count++ : n - 1;
		for (; at > 0 && best[at - 1].population < population; at--)
			best[at] = best[at - 1];
		COPY(best[at].code, db_text(q, 0));
		best[at].population = population;
	}
	buf_free(&from);
	buf_free(&to);
	for (int i = 0; i < count; i++) {
		struct commune commune;
		if (!commune_get(db, best[i].code, &commune) && !each(ctx, &commune))
			return i + 1;
	}
	return count;
}
