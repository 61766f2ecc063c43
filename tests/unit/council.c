/* Councils on the map, through a real store: placing, finding, changing, and who sees whom. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bbs/base/text.h"
#include "db/check.h"
#include "db/engine.h"
#include "db/machine.h"
#include "db/member.h"

SQL_READ(version_of, "SELECT version FROM item_v WHERE id = :id");
SQL_READ(text_of, "SELECT body FROM text_v WHERE item = :id");

static char folder[] = "/tmp/palabre-council-XXXXXX";
static struct db *db;

static void
open_store(const char *name)
{
	char path[64];
	snprintf(path, sizeof path, "%s/%s.sqlite", folder, name);
	assert_int_equal(db_open(&db, path, DB_OPEN, true), E_OK);
	db_set_viewer(db, MACHINE);
}

static int
begin(void **state)
{
	(void)state;
	charset_init();
	assert_non_null(mkdtemp(folder));
	open_store("main");
	return 0;
}

static int
end(void **state)
{
	(void)state;
	char command[128];
	struct buf faults = { 0 };
	assert_true(db_idle(db));
	assert_int_equal(db_check(db, &faults), 0);
	buf_free(&faults);
	db_close(db);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

/* Adds a council; its number, or the answer. */
static int64_t
add(const char *name, const char *communes)
{
	struct council c = { 0 };
	buf_str(&c.name, name);
	buf_str(&c.communes, communes);
	int r = council_put(db, &c);
	int64_t id = c.id.n;
	council_free(&c);
	return r ? r : id;
}

/* Sets one field of a good council and says what the check thinks. */
static int
check_field(const char *name, const char *value)
{
	struct council c = { 0 };
	const char *field;
	static const struct {
		const char *name;
		size_t offset;
	} fields[] = {
		{ "name", offsetof(struct council, name) },
		{ "communes", offsetof(struct council, communes) },
		{ "email", offsetof(struct council, email) },
		{ "page", offsetof(struct council, page) },
		{ "links", offsetof(struct council, links) },
		{ "quarter", offsetof(struct council, quarter) },
		{ "description", offsetof(struct council, description) },
		{ "resource_name", offsetof(struct council, resource_name) },
		{ "resource_email", offsetof(struct council, resource_email) },
		{ "resource_phone", offsetof(struct council, resource_phone) },
	};
	buf_str(&c.name, "Conseil citoyen");
	buf_str(&c.communes, "30189");
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (!strcmp(fields[i].name, name)) {
			struct buf *b = (struct buf *)((char *)&c + fields[i].offset);
			buf_cut(b, 0);
			buf_str(b, value);
		}
	int r = council_check(db, &c, &field);
	if (r)
		assert_string_equal(field, name);
	council_free(&c);
	return r;
}

static void
fields_are_checked(void **state)
{
	(void)state;
	static const struct {
		const char *field, *value;
		int answer;
	} cases[] = {
		{ "name", "Conseil citoyen", E_OK },
		{ "name", "", E_EMPTY },
		{ "name", " \t\033[31m\u202e ", E_EMPTY },
		{ "communes", "", E_EMPTY },
		{ "communes", "99999", E_INVALID },
		{ "communes", "30189, 30007;30032", E_OK },
		{ "communes", "1004", E_OK }, /* a spreadsheet's 01004 */
		{ "communes", "2a004", E_OK },
		{ "communes", "75118", E_OK },            /* an arrondissement */
		{ "communes", "13203 69381", E_INVALID }, /* two départements */
		{ "communes", "301890", E_INVALID },
		{ "communes", "30189'; DROP TABLE item", E_INVALID },
		{ "email", "", E_OK },
		{ "email", "Conseil@Exemple.FR", E_OK },
		{ "email", "conseil@exemple", E_INVALID },
		{ "email", "conseil exemple.fr", E_INVALID },
		{ "email", "a@b.fr\nBcc: c@d.fr", E_INVALID },
		{ "email", "é@exemple.fr", E_INVALID },
		{ "email", "a..b@exemple.fr", E_INVALID },
		{ "email", "a@-exemple.fr", E_INVALID },
		{ "email", "a@1.2.3.4", E_INVALID },
		{ "page", "facebook.com/conseil", E_OK },
		{ "page", "https://exemple.fr/é?a=b#c", E_OK },
		{ "page", "javascript:alert(1)", E_INVALID },
		{ "page", "file:///etc/passwd", E_INVALID },
		{ "page", "notre page", E_INVALID },
		{ "links", "https://a.fr  b.fr/x", E_OK },
		{ "links", "https://a.fr ftp://b.fr", E_INVALID },
		{ "quarter", "qp030001", E_OK },
		{ "quarter", "QP 1", E_INVALID },
		{ "resource_phone", "+33 6 00 00 00 00", E_OK },
		{ "resource_phone", "06.00.00.00.00", E_OK },
		{ "resource_phone", "appelez-moi", E_INVALID },
		{ "resource_phone", "06 00 00 00 00 06 00 00 00 00", E_TOO_LONG },
		{ "resource_email", "non", E_INVALID },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int r = check_field(cases[i].field, cases[i].value);
		if (r != cases[i].answer)
			fail_msg("%s \"%s\": %d", cases[i].field, cases[i].value, r);
	}
	struct buf big = { 0 };
	for (int i = 0; i < 1 << 20; i++)
		buf_char(&big, 'a');
	assert_int_equal(check_field("name", big.data), E_TOO_LONG);
	assert_int_equal(check_field("description", big.data), E_TOO_LONG);
	assert_int_equal(check_field("communes", big.data), E_INVALID);
	assert_int_equal(check_field("email", big.data), E_TOO_LONG);
	buf_free(&big);
}

static void
places_and_counts(void **state)
{
	(void)state;
	struct council c;
	struct commune nimes;
	assert_int_equal(commune_get(db, "30189", &nimes), E_OK);
	int france = council_count(db, ""), gard = council_count(db, "30");
	int occitanie = council_count(db, "R76"), paris = council_count(db, "75"),
	    epci = council_count(db, nimes.epci);
	int64_t id = add(" Conseil  citoyen de l’Étoile ", "30189+30007");
	assert_true(id > 0);
	assert_int_equal(council_get(db, (item_id){ id }, &c), E_OK);
	assert_string_equal(buf_text(&c.name), "Conseil citoyen de l’Étoile");
	assert_string_equal(buf_text(&c.town), "Nîmes");
	assert_string_equal(buf_text(&c.department), "30");
	assert_string_equal(buf_text(&c.department_name), "Gard");
	assert_string_equal(buf_text(&c.commune), "30189");
	assert_string_equal(buf_text(&c.communes), "30189 30007");
	assert_true(fabs(c.lat - 43.8) < 0.2 && fabs(c.lon - 4.36) < 0.2);
	assert_int_equal(council_count(db, "30"), gard + 1);
	assert_int_equal(council_count(db, "R76"), occitanie + 1);
	assert_int_equal(council_count(db, nimes.epci), epci + 1);
	assert_int_equal(council_count(db, ""), france + 1);

	/* The same name, however it is typed, in the same commune; elsewhere it is another. */
	assert_int_equal(add("CONSEIL CITOYEN DE L'ETOILE", "30189"), E_EXISTS);
	assert_true(add("Conseil citoyen de l'Etoile", "30007") > 0);
	assert_true(council_find(db, "conseil citoyen de l ‘étoile", "30189").n == id);
	assert_true(council_find(db, "conseil citoyen", "30189").n == 0);

	/* It moves: the counts move with it, and nothing else does. */
	buf_cut(&c.communes, 0);
	buf_str(&c.communes, "75118");
	assert_int_equal(council_put(db, &c), E_OK);
	assert_int_equal(council_count(db, "30"), gard + 1); /* the other one */
	assert_int_equal(council_count(db, "75"), paris + 1);
	assert_int_equal(council_count(db, nimes.epci), epci);
	assert_int_equal(council_count(db, ""), france + 2);
	council_free(&c);
	assert_int_equal(council_get(db, (item_id){ 999999 }, &c), E_NOT_FOUND);
	council_free(&c);
}

static bool
note_act(void *ctx, const struct journal_row *row)
{
	buf_fmt(ctx, "%s %s %lld [%s]\n", row->act, row->object, (long long)row->object_id,
	    row->detail);
	return true;
}

static void
changes_are_kept(void **state)
{
	(void)state;
	struct council c;
	struct buf journal = { 0 }, expected = { 0 };
	item_id id = { add("Conseil des Versions", "69266") };
	assert_int_equal(council_get(db, id, &c), E_OK);
	assert_int_equal(council_put(db, &c), E_OK); /* nothing new */
	assert_int_equal(db_one(db, version_of, 0, I("id", id.n)), 1);
	buf_str(&c.description, "Première ligne\r\n\r\n\r\n\r\nfin  ");
	buf_str(&c.email, "Versions@Exemple.fr");
	assert_int_equal(council_put(db, &c), E_OK);
	assert_int_equal(db_one(db, version_of, 0, I("id", id.n)), 2);
	buf_cut(&c.email, 0);
	assert_int_equal(council_put(db, &c), E_OK); /* a field of its own makes no version */
	assert_int_equal(db_one(db, version_of, 0, I("id", id.n)), 2);
	council_free(&c);
	assert_int_equal(council_get(db, id, &c), E_OK);
	assert_string_equal(buf_text(&c.description), "Première ligne\n\n\nfin");
	struct query *q = db_query(db, text_of, I("id", id.n));
	assert_true(db_next(q));
	assert_string_equal(db_text(q, 0), buf_text(&c.description));
	db_end(q);
	buf_cut(&c.name, 0);
	buf_str(&c.name, "   ");
	assert_int_equal(council_put(db, &c), E_EMPTY);
	council_free(&c);
	assert_true(journal_page(db, 0, 3, note_act, &journal) > 0);
	buf_fmt(&expected,
	    "council.edit council %lld [email]\ncouncil.edit council %lld [email description]\n"
	    "council.add council %lld []\n",
	    (long long)id.n, (long long)id.n, (long long)id.n);
	assert_string_equal(buf_text(&journal), buf_text(&expected));
	buf_free(&journal);
	buf_free(&expected);
}

static void
several_at_once(void **state)
{
	(void)state;
	struct council c[4] = { 0 };
	int answers[4];
	static const char *const names[] = { "Les Quatre A", "les quatre a", "", "Les Quatre B" };
	for (int i = 0; i < 4; i++) {
		buf_str(&c[i].name, names[i]);
		buf_str(&c[i].communes, "29019");
	}
	assert_int_equal(council_put_all(db, c, 4, answers), E_OK);
	assert_int_equal(answers[0], E_OK);
	assert_int_equal(answers[1], E_EXISTS);
	assert_int_equal(answers[2], E_EMPTY);
	assert_int_equal(answers[3], E_OK);
	assert_true(c[3].id.n > c[0].id.n && !c[1].id.n);
	for (int i = 0; i < 4; i++)
		council_free(&c[i]);
}

/* ---- who sees whom ---- */

static bool
last_resource(void *ctx, const struct council_row *row)
{
	buf_cut(ctx, 0);
	buf_str(ctx, row->resource_name);
	return true;
}

static bool
last_sheet(void *ctx, const struct council *c)
{
	struct {
		int64_t id;
		bool seen, shown;
	} *want = ctx;
	if (c->id.n == want->id) {
		want->seen = true;
		want->shown =
		    c->resource_name.len || c->resource_email.len || c->resource_phone.len;
	}
	return true;
}

static void
the_resource_person_is_for_members(void **state)
{
	(void)state;
	struct council c = { 0 };
	buf_str(&c.name, "Conseil discret");
	buf_str(&c.communes, "87085");
	buf_str(&c.email, "discret@exemple.fr");
	buf_str(&c.resource_name, "Camille Inventée");
	buf_str(&c.resource_email, "camille@exemple.fr");
	buf_str(&c.resource_phone, "06 00 00 00 01");
	assert_int_equal(council_put(db, &c), E_OK);
	item_id id = c.id;
	struct sign_up s = { .login = "membre",
		.email = "membre@exemple.fr",
		.family = "Inventé",
		.given = "Alix",
		.password = "un long mot secret",
		.language = "fr",
		.council = id };
	member_id member, candidate;
	assert_int_equal(member_add(db, &s, ROLE_MEMBER, NULL, &member), E_OK);
	db_set_viewer(db, NOBODY);
	s.login = "candidat";
	s.email = "candidat@exemple.fr";
	assert_int_equal(member_sign_up(db, &s, &candidate), E_OK);

	for (int public = 0; public < 2; public ++) {
		const struct {
			member_id viewer;
			bool sees;
			int put;
		} viewers[] = { { NOBODY, public, E_DENIED }, { candidate, public, E_DENIED },
			{ member, true, E_OK }, { MACHINE, true, E_OK } };
		for (size_t i = 0; i < sizeof viewers / sizeof *viewers; i++) {
			struct council seen;
			struct buf row = { 0 };
			struct {
				int64_t id;
				bool seen, shown;
			} want = { .id = id.n };
			db_set_viewer(db, viewers[i].viewer);
			assert_int_equal(council_get(db, id, &seen), E_OK);
			assert_string_equal(buf_text(&seen.email), "discret@exemple.fr");
			assert_int_equal(seen.resource_name.len > 0, viewers[i].sees);
			assert_int_equal(seen.resource_email.len > 0, viewers[i].sees);
			assert_int_equal(seen.resource_phone.len > 0, viewers[i].sees);
			assert_int_equal(council_page(db, "87", "", "", (item_id){ 0 }, 1, 9,
					     last_resource, &row),
			    1);
			assert_int_equal(row.len > 0, viewers[i].sees);
			assert_int_equal(council_page(db, "", "discr", "", (item_id){ 0 }, 1, 9,
					     last_resource, &row),
			    1);
			assert_int_equal(row.len > 0, viewers[i].sees);
			assert_true(council_all(db, "", last_sheet, &want) > 0);
			assert_true(want.seen);
			assert_int_equal(want.shown, viewers[i].sees);
			assert_int_equal(council_put(db, &seen), viewers[i].put);
			council_free(&seen);
			buf_free(&row);
		}
		c.resource_public = true;
		db_set_viewer(db, MACHINE);
		assert_int_equal(council_put(db, &c), E_OK);
	}
	/* A member may change his own council's sheet, not another's, nor add one. */
	item_id other = { add("Conseil voisin", "87085") };
	db_set_viewer(db, member);
	buf_str(&c.email, ".org");
	assert_int_equal(council_put(db, &c), E_OK);
	c.id = other;
	assert_int_equal(council_put(db, &c), E_DENIED);
	c.id.n = 0;
	assert_int_equal(council_put(db, &c), E_DENIED);
	db_set_viewer(db, MACHINE);
	council_free(&c);
}

/* ---- finding ---- */

enum { MANY = 60 };

struct seen {
	int n;
	int64_t id[400];
	char sort[400][80], name[400][80];
	double km[400];
};

static bool
take(void *ctx, const struct council_row *row)
{
	struct seen *s = ctx;
	s->id[s->n] = row->id.n;
	s->km[s->n] = row->km;
	snprintf(s->sort[s->n], sizeof *s->sort, "%s", row->name_sort);
	snprintf(s->name[s->n++], sizeof *s->name, "%s", row->name);
	return s->n < 400;
}

/* All that a filter finds, page by page of seven, down or up. */
static void
leaf(struct seen *s, const char *department, const char *filter, int direction)
{
	s->n = 0;
	int before;
	do {
		before = s->n;
		council_page(db, department, filter, before ? s->sort[before - 1] : "",
		    (item_id){ before ? s->id[before - 1] : 0 }, direction, 7, take, s);
		assert_true(s->n - before <= 7);
	} while (s->n - before == 7);
}

static void
pages_and_filters(void **state)
{
	(void)state;
	static struct seen down, up, all;
	static const char *const quarters[] = { "Fleurs", "Épinettes", "Lilas", "Abeilles",
		"Œillets", "Zéphyrs" };
	for (int i = 0; i < MANY; i++) {
		char name[80];
		snprintf(name, sizeof name, "Assemblée des %s %02d", quarters[i % 6], i);
		assert_true(add(name, i % 3 ? "59350" : "59512 59009") > 0);
	}
	leaf(&all, "", "", 1);
	assert_int_equal(all.n, council_count(db, ""));
	for (int i = 1; i < all.n; i++)
		assert_true(strcmp(all.sort[i - 1], all.sort[i]) < 0 ||
			    (!strcmp(all.sort[i - 1], all.sort[i]) && all.id[i - 1] < all.id[i]));
	static const char *const filters[][2] = { { "", "" }, { "59", "" }, { "59", "assem" },
		{ "", "assemblee lila" }, { "", "ÉPINETTES" }, { "", "oeil" }, { "", "roubaix" },
		{ "", "villeneuve d'ascq fleurs" }, { "59", "zeph lill" }, { "", "nord 59" } };
	static const int counts[] = { 0, 60, 60, 10, 10, 10, 20, 10, 10, 60 };
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		leaf(&down, filters[i][0], filters[i][1], 1);
		leaf(&up, filters[i][0], filters[i][1], -1);
		assert_int_equal(down.n, up.n);
		if (counts[i] && down.n != counts[i])
			fail_msg("\"%s\" \"%s\": %d", filters[i][0], filters[i][1], down.n);
		for (int k = 0; k < down.n; k++)
			assert_true(down.id[k] == up.id[up.n - 1 - k]);
	}
	/* Words begin as typed: the middle of one is not looked at; words that never meet find
	 * nothing. */
	static const char *const nothing[] = { "inettes", "fleurs lilas", "zzz", "assemblee zzz",
		"% _", "'" };
	for (size_t i = 0; i < 4; i++) {
		leaf(&down, "", nothing[i], 1);
		assert_int_equal(down.n, 0);
	}
	/* Signs alone are no filter. */
	for (size_t i = 4; i < 6; i++) {
		leaf(&down, "", nothing[i], 1);
		assert_int_equal(down.n, all.n);
	}
	/* A renamed council is found by its new name only. */
	struct council c;
	item_id id = council_find(db, "Assemblée des Lilas 02", "59350");
	assert_int_equal(council_get(db, id, &c), E_OK);
	buf_str(&c.name, " Marguerites");
	assert_int_equal(council_put(db, &c), E_OK);
	council_free(&c);
	leaf(&down, "", "margue", 1);
	assert_int_equal(down.n, 1);
}

struct communes {
	int n;
	struct {
		char code[8], sort[80];
		int councils;
	} row[60];
};

static bool
take_commune(void *ctx, const struct territory_row *row)
{
	struct communes *c = ctx;
	assert_string_equal(row->kind, "commune");
	snprintf(c->row[c->n].code, sizeof c->row[0].code, "%s", row->code);
	snprintf(c->row[c->n].sort, sizeof c->row[0].sort, "%s", row->name_sort);
	c->row[c->n++].councils = (int)row->councils;
	return c->n < 60;
}

/* All communes with councils of a département, page by page of two. */
static void
leaf_communes(struct communes *c, const char *department, int direction)
{
	int before;
	c->n = 0;
	do {
		before = c->n;
		commune_children(db, department, before ? c->row[before - 1].sort : "",
		    before ? c->row[before - 1].code : "", direction, 2, take_commune, c);
	} while (c->n - before == 2);
}

static void
by_commune(void **state)
{
	(void)state;
	static struct communes down, up;
	static struct seen seen, back;
	assert_true(add("Port", "33063") > 0 && add("Gare", "33063") > 0 && add("Bourg", "33281") > 0 &&
	    add("Quai", "33550 33063") > 0);
	leaf_communes(&down, "33", 1);
	leaf_communes(&up, "33", -1);
	assert_int_equal(down.n, 3);
	assert_int_equal(up.n, 3);
	for (int i = 0; i < 3; i++)
		assert_string_equal(down.row[i].code, up.row[2 - i].code);
	/* Bordeaux is first by name; a council stands under its principal commune alone. */
	assert_string_equal(down.row[0].code, "33063");
	assert_int_equal(down.row[0].councils, 2);
	assert_int_equal(council_count(db, "33063"), 2);
	assert_int_equal(council_count(db, "33281"), 1);
	leaf(&seen, "33063", "", 1);
	leaf(&back, "33063", "", -1);
	assert_int_equal(seen.n, 2);
	assert_string_equal(seen.name[0], "Gare");
	assert_true(seen.id[0] == back.id[1] && seen.id[1] == back.id[0]);
	leaf(&seen, "33063", "por", 1);
	assert_int_equal(seen.n, 1);
	leaf(&seen, "33281", "por", 1);
	assert_int_equal(seen.n, 0);
	leaf_communes(&down, "48", 1);
	assert_int_equal(down.n, 0);
}

static double
distance(double lat1, double lon1, double lat2, double lon2)
{
	double r = M_PI / 180;
	double c =
	    sin(lat1 * r) * sin(lat2 * r) + cos(lat1 * r) * cos(lat2 * r) * cos((lon2 - lon1) * r);
	return 6371 * acos(fmin(1, c));
}

struct place {
	int n;
	struct council here;
	double km[400];
};

static bool
measure(void *ctx, const struct council *c)
{
	struct place *p = ctx;
	if (c->id.n != p->here.id.n)
		p->km[p->n++] = distance(p->here.lat, p->here.lon, c->lat, c->lon);
	return p->n < 400;
}

static int
smaller(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static void
the_nearest_are_the_nearest(void **state)
{
	(void)state;
	static struct seen found;
	static const char *const spread[] = { "75118", "13203", "97411", "2A004", "67482", "97302",
		"33063", "93066", "94028", "92050", "91228", "77288", "95127", "78646" };
	int64_t ids[14];
	for (int i = 0; i < 14; i++)
		assert_true((ids[i] = add("Table ronde", spread[i])) > 0);
	for (int i = 0; i < 14; i++)
		for (int n = 1; n <= 40; n += 13) {
			struct place p = { 0 };
			assert_int_equal(council_get(db, (item_id){ ids[i] }, &p.here), E_OK);
			council_all(db, "", measure, &p);
			qsort(p.km, (size_t)p.n, sizeof *p.km, smaller);
			found.n = 0;
			assert_int_equal(council_nearest(db, p.here.id, n, take, &found), n);
			for (int k = 0; k < n; k++) {
				assert_true(found.id[k] != ids[i]);
				assert_true(fabs(found.km[k] - p.km[k]) < 0.5);
			}
			council_free(&p.here);
		}
	assert_int_equal(council_nearest(db, (item_id){ 999999 }, 5, take, &found), E_NOT_FOUND);
}

/* ---- the map ---- */

static bool
list_commune(void *ctx, const struct commune *c)
{
	buf_fmt(ctx, "%s ", c->code);
	return true;
}

static bool
list_territory(void *ctx, const struct territory_row *row)
{
	buf_fmt(ctx, "%s=%lld ", row->code, (long long)row->councils);
	return true;
}

static void
the_map(void **state)
{
	(void)state;
	struct commune c;
	struct territory t;
	struct buf out = { 0 };
	char code[8];
	assert_int_equal(commune_named(db, "saint etienne", "42", &c), E_OK);
	assert_string_equal(c.code, "42218");
	assert_int_equal(commune_named(db, "ST-ETIENNE CEDEX 2", "42", &c), E_OK);
	assert_int_equal(commune_named(db, "Saint-Denis", "", &c), E_EXISTS);
	assert_int_equal(commune_named(db, "Paris 18e", "", &c), E_OK);
	assert_string_equal(c.code, "75118");
	assert_int_equal(commune_named(db, "Trifouilly", "", &c), E_NOT_FOUND);
	assert_int_equal(commune_named(db, "", "", &c), E_NOT_FOUND);
	assert_int_equal(commune_find(db, "marseille", 3, list_commune, &out), 3);
	assert_memory_equal(out.data, "13055 ", 6);
	buf_cut(&out, 0);
	assert_int_equal(commune_find(db, "nim", 1, list_commune, &out), 1);
	assert_string_equal(out.data, "30189 ");
	assert_int_equal(commune_find(db, "", 5, list_commune, &out), 0);
	assert_int_equal(department_find(db, "gard", code), E_OK);
	assert_string_equal(code, "30");
	assert_int_equal(department_find(db, "1", code), E_OK);
	assert_string_equal(code, "01");
	assert_int_equal(department_find(db, "2b", code), E_OK);
	assert_int_equal(department_find(db, "Cotes d’Armor", code), E_OK);
	assert_string_equal(code, "22");
	assert_int_equal(department_find(db, "R76", code), E_NOT_FOUND);
	assert_int_equal(territory_get(db, "R76", &t), E_OK);
	assert_string_equal(t.name, "Occitanie");
	assert_int_equal(territory_get(db, "nowhere", &t), E_NOT_FOUND);

	buf_cut(&out, 0);
	assert_int_equal(
	    territory_children(db, "FR", "region", "", "", 1, 50, list_territory, &out), 18);
	buf_cut(&out, 0);
	assert_int_equal(
	    territory_children(db, "R94", "department", "", "", 1, 9, list_territory, &out), 2);
	assert_string_equal(out.data, "2A=1 2B=0 ");
	buf_cut(&out, 0);
	assert_int_equal(
	    territory_children(db, "R94", "department", "", "", -1, 9, list_territory, &out), 2);
	assert_string_equal(out.data, "2B=0 2A=1 ");
	buf_cut(&out, 0);
	assert_int_equal(territory_children(db, "R94", "department", "corse du sud\x01", "2A", 1, 9,
			     list_territory, &out),
	    1);
	buf_free(&out);
}

/* ---- what lists cost ---- */

static bool
pass(void *ctx, const struct council_row *row)
{
	(void)ctx;
	(void)row;
	return true;
}

static void
fill(int from, int to)
{
	enum { STEP = 500 };
	static const char *const communes[] = { "30189", "59350", "13203", "75118", "69266",
		"31555" };
	struct council *c = mem_alloc(STEP * sizeof *c);
	int answers[STEP];
	for (; from < to; from += STEP) {
		for (int i = 0; i < STEP; i++) {
			buf_fmt(&c[i].name, "Conseil citoyen des Fleurs %05d %s", from + i,
			    (from + i) % 50 ? "" : "rareté");
			buf_str(&c[i].communes, communes[(from + i) % 6]);
		}
		assert_int_equal(council_put_all(db, c, STEP, answers), E_OK);
		for (int i = 0; i < STEP; i++) {
			assert_int_equal(answers[i], E_OK);
			council_free(&c[i]);
		}
	}
	free(c);
}

static void
costs(struct cost out[6])
{
	static const char *const lists[6][2] = { { "", "" }, { "30", "" }, { "", "conseil fleurs" },
		{ "30", "cons" }, { "", "zzz" }, { "", "fleurs" } };
	for (int i = 0; i < 6; i++) {
		council_page(db, lists[i][0], lists[i][1], "conseil citoyen des fleurs 00300\x01",
		    (item_id){ 1 }, i % 2 ? -1 : 1, 20, pass, NULL);
		out[i] = db_cost(db);
	}
}

static void
lists_cost_what_they_show(void **state)
{
	(void)state;
	struct cost small[6], large[6];
	struct db *main_store = db;
	open_store("large");
	fill(0, 1000);
	costs(small);
	fill(1000, 6000);
	costs(large);
	for (int i = 0; i < 6; i++) {
		if (large[i].steps > 2 * small[i].steps || large[i].sorts || large[i].autoindexes)
			fail_msg("list %d: %lld steps, then %lld; %lld sorts, %lld indexes", i,
			    (long long)small[i].steps, (long long)large[i].steps,
			    (long long)large[i].sorts, (long long)large[i].autoindexes);
	}
	/* Words that all stand everywhere and never meet: a walk, and no more than its bound. */
	assert_int_equal(
	    council_page(db, "", "fleurs rare nimes", "", (item_id){ 0 }, 1, 20, pass, NULL), 20);
	council_page(db, "", "nimes lille", "", (item_id){ 0 }, 1, 20, pass, NULL);
	assert_true(db_cost(db).steps < 2000 * 60);
	db_close(db);
	db = main_store;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_checked),
		cmocka_unit_test(places_and_counts),
		cmocka_unit_test(changes_are_kept),
		cmocka_unit_test(several_at_once),
		cmocka_unit_test(the_resource_person_is_for_members),
		cmocka_unit_test(pages_and_filters),
		cmocka_unit_test(by_commune),
		cmocka_unit_test(the_nearest_are_the_nearest),
		cmocka_unit_test(the_map),
		cmocka_unit_test(lists_cost_what_they_show),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
