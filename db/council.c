/*
 * Reading councils: one sheet, pages of the directory, the nearest, all for exports. What is
 * written stands in council_put.c. Who may see the resource person is the view's affair, not ours.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "db/check.h"
#include "db/council.h"
#include "db/engine.h"

enum {
	FILTER_WORDS = 6,
	RARE_MAX = 500,   /* a word in fewer places leads to its councils; else we walk by name */
	WALK_MAX = 2000,  /* councils looked at in one walk */
	NEAR_MAX = 2000,  /* councils weighed for the nearest */
	ALL_BATCH = 100,
};
/* Behind every text that begins with a given one. */
#define LAST "\U0010ffff"

/* A sheet always has a text, so an inner join; an outer one would copy the whole view. */
#define SHEET "SELECT c.id, c.name, c.town, c.department, t.name, c.commune, c.email, c.page," \
	" c.links, c.quarter, x.body, c.resource_name, c.resource_email, c.resource_phone," \
	" c.resource_public, c.lat, c.lon, c.changed, c.checked" \
	" FROM council_v c JOIN territory t ON t.code = c.department JOIN text_v x ON x.item = c.id"
SQL_READ(get_council, SHEET " WHERE c.id = :id");
SQL_WHOLE(all_councils, SHEET " WHERE c.id > :from"
    " AND (CAST(:department AS TEXT) = '' OR c.department = :department) ORDER BY c.id LIMIT :n");
SQL_READ(get_checked, "SELECT checked FROM council_v WHERE id = :id");
SQL_READ(get_communes, "SELECT commune FROM council_commune WHERE council = :id ORDER BY commune");
SQL_READ(get_confirmation, "SELECT CASE WHEN confirmed IS NULL THEN 1 ELSE 2 END FROM handover"
    " WHERE council = :id");
SQL_READ(count_members, "SELECT count(*) FROM member WHERE council = :id AND state = 'active'");
SQL_READ(count_councils, "SELECT councils FROM territory WHERE code = :code");
SQL_READ(count_commune, "SELECT count(*) FROM council_v WHERE commune = :code");
SQL_READ(find_council, "SELECT min(id) FROM council_v"
    " WHERE commune = :commune AND name_sort >= :from AND name_sort < :to");

#define ROW "SELECT id, name, town, department, email, resource_name, name_sort, changed," \
	" name_fold, checked FROM council_v"
SQL_READ(one_row, ROW " WHERE id = :id");
SQL_LIST(councils_down, ROW " WHERE (name_sort, id) > (:sort, :id)"
    " ORDER BY name_sort, id LIMIT :n");
SQL_LIST(councils_up, ROW " WHERE (name_sort, id) < (:sort, :id)"
    " ORDER BY name_sort DESC, id DESC LIMIT :n");
SQL_LIST(department_down, ROW " WHERE department = :department AND (name_sort, id) > (:sort, :id)"
    " ORDER BY name_sort, id LIMIT :n");
SQL_LIST(commune_down, ROW " WHERE commune = :department AND (name_sort, id) > (:sort, :id)"
    " ORDER BY name_sort, id LIMIT :n");
SQL_LIST(commune_up, ROW " WHERE commune = :department AND (name_sort, id) < (:sort, :id)"
    " ORDER BY name_sort DESC, id DESC LIMIT :n");
SQL_LIST(department_up, ROW " WHERE department = :department AND (name_sort, id) < (:sort, :id)"
    " ORDER BY name_sort DESC, id DESC LIMIT :n");
/*
 * Many sheets may have been checked in one second (an import): the engine begins at the id only where
 * that second is named. The reader stops at the first sheet that is not stale.
 */
#define BY_CHECK(where) ROW " WHERE " where "checked = :checked AND id > :id" \
	" UNION ALL " ROW " WHERE " where "checked > :checked ORDER BY 10, 1 LIMIT :n"
SQL_LIST(stale_councils, BY_CHECK(""));
SQL_LIST(stale_of_department, BY_CHECK("department = :department AND "));
SQL_LIST(places_of_word, "SELECT count(*) FROM"
    " (SELECT 1 AS one FROM council_word WHERE word >= :from AND word < :to LIMIT :n) AS places");
SQL_LIST(councils_of_word, "SELECT c.id, c.name_sort, c.name_fold, c.department, c.commune"
    " FROM council_word w CROSS JOIN council_v c"
    " WHERE w.word >= :from AND w.word < :to AND c.id = w.council"
    " ORDER BY w.word, w.council LIMIT :n");
/* Walks the map, not the councils: the more there are, the smaller the box that has enough. */
SQL_LIST(councils_in_box, "SELECT c.id, c.lat, c.lon FROM commune m CROSS JOIN council_v c"
    " WHERE m.lat >= :south AND m.lat <= :north AND m.lon >= :west AND m.lon <= :east"
    " AND c.commune = m.code LIMIT :n");

/* ---- one sheet ---- */

void
council_free(struct council *c)
{
	struct buf *fields[] = { &c->name, &c->town, &c->department, &c->department_name,
		&c->commune, &c->communes, &c->email, &c->page, &c->links, &c->quarter,
		&c->description, &c->resource_name, &c->resource_email, &c->resource_phone };
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers is meant */
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		buf_free(fields[i]);
	*c = (struct council){ 0 };
}

static void
read_sheet(struct query *q, struct council *c)
{
	*c = (struct council){ .id = { db_int(q, 0) } };
	struct buf *fields[] = { &c->name, &c->town, &c->department, &c->department_name,
		&c->commune, &c->email, &c->page, &c->links, &c->quarter, &c->description,
		&c->resource_name, &c->resource_email, &c->resource_phone };
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers is meant */
	for (int i = 0; i < (int)(sizeof fields / sizeof *fields); i++)
		buf_str(fields[i], db_text(q, i + 1));
	c->resource_public = db_int(q, 14);
	c->lat = db_real(q, 15);
	c->lon = db_real(q, 16);
	c->changed = db_int(q, 17);
	c->checked = db_int(q, 18);
}

/* The principal commune, then the others by their code. */
static void
read_communes(struct db *db, struct council *c)
{
	buf_str(&c->communes, buf_text(&c->commune));
	struct query *q = db_query(db, get_communes, I("id", c->id.n));
	while (db_next(q))
		if (strcmp(db_text(q, 0), buf_text(&c->commune)) != 0)
			buf_fmt(&c->communes, " %s", db_text(q, 0));
}

int64_t
council_checked(struct db *db, item_id id)
{
	return db_one(db, get_checked, -1, I("id", id.n));
}

int
council_get(struct db *db, item_id id, struct council *out)
{
	struct query *q = db_query(db, get_council, I("id", id.n));
	if (!db_next(q)) {
		*out = (struct council){ 0 };
		return E_NOT_FOUND;
	}
	read_sheet(q, out);
	db_end(q);
	read_communes(db, out);
	out->members = (int)db_one(db, count_members, 0, I("id", id.n));
	out->resource = (enum confirmation)db_one(db, get_confirmation, NOT_ASKED, I("id", id.n));
	return E_OK;
}

int
council_all(
    struct db *db, const char *department, bool (*each)(void *, const struct council *), void *ctx)
{
	int count = 0;
	int64_t from = 0;
	struct council *batch = mem_alloc(ALL_BATCH * sizeof *batch);
	for (int n = ALL_BATCH; n == ALL_BATCH;) {
		n = 0;
		struct query *q = db_query(db, all_councils, I("from", from),
		    T("department", department), I("n", ALL_BATCH));
		while (db_next(q))
			read_sheet(q, &batch[n++]);
		bool more = true;
		for (int i = 0; i < n; i++) {
			from = batch[i].id.n;
			if (more) {
				count++;
				read_communes(db, &batch[i]);
				more = each(ctx, &batch[i]);
			}
			council_free(&batch[i]);
		}
		if (!more)
			break;
	}
	free(batch);
	return count;
}

/* INSEE's codes have five signs, those of territories two, three or more. */
static bool
is_commune(const char *place)
{
	return strlen(place) == 5;
}

int
council_count(struct db *db, const char *place)
{
	if (is_commune(place))
		return (int)db_one(db, count_commune, 0, T("code", place));
	return (int)db_one(db, count_councils, 0, T("code", *place ? place : "FR"));
}

item_id
council_find(struct db *db, const char *name, const char *commune)
{
	struct buf from = { 0 }, to = { 0 };
	check_words(&from, name);
	buf_str(&to, buf_text(&from));
	buf_char(&from, '\x01');
	buf_char(&to, '\x02');
	item_id id = { db_one(db, find_council, 0, T("commune", commune),
	    T("from", buf_text(&from)), T("to", buf_text(&to))) };
	buf_free(&from);
	buf_free(&to);
	return id;
}

/* ---- pages ---- */

/* What is wanted of a page. */
struct page {
	const char *department, *sort; /* sort, id: where it begins */
	int64_t id;
	int direction, n, words;
	struct buf typed; /* the filter's words, NULs between */
	const char *word[FILTER_WORDS];
	council_each each;
	void *ctx;
};

static void
take_filter(struct page *page, const char *filter)
{
	check_words(&page->typed, filter);
	char *rest = page->typed.data, *word;
	while (page->words < FILTER_WORDS && (word = strsep(&rest, " ")))
		if (*word)
			page->word[page->words++] = word;
}

/* Some word of " conseil citoyen" begins with each typed word. */
static bool
fits(const struct page *page, const char *name_fold)
{
	for (int i = 0; i < page->words; i++) {
		const char *at = name_fold;
		size_t n = strlen(page->word[i]);
		while (at && strncmp(at + (*at == ' '), page->word[i], n) != 0)
			at = *at ? strchr(at + 1, ' ') : NULL;
		if (!at)
			return false;
	}
	return true;
}

static bool
give_row(struct query *q, double km, council_each each, void *ctx)
{
	struct council_row row = { .id = { db_int(q, 0) },
		.name = db_text(q, 1),
		.town = db_text(q, 2),
		.department = db_text(q, 3),
		.email = db_text(q, 4),
		.resource_name = db_text(q, 5),
		.name_sort = db_text(q, 6),
		.changed = db_int(q, 7),
		.checked = db_int(q, 9),
		.km = km };
	return each(ctx, &row);
}

static int
give_by_id(struct db *db, int64_t id, double km, council_each each, void *ctx, bool *more)
{
	struct query *q = db_query(db, one_row, I("id", id));
	if (!db_next(q))
		return 0;
	*more = give_row(q, km, each, ctx);
	db_end(q);
	return 1;
}

/* From where the page begins, in the order of names; with a filter, those that fit. */
static int
walk(struct db *db, const struct page *page)
{
	bool down = page->direction > 0;
	int limit = page->words ? WALK_MAX : page->n;
	const struct statement *of_commune = down ? &commune_down : &commune_up;
	const struct statement *of_department = down ? &department_down : &department_up;
	struct query *q = *page->department
			      ? db_query_args(db, is_commune(page->department) ? of_commune : of_department,
				    ARGS_(T("department", page->department), T("sort", page->sort),
					I("id", page->id), I("n", limit)))
			      : db_query_args(db, down ? &councils_down : &councils_up,
				    ARGS_(T("sort", page->sort), I("id", page->id), I("n", limit)));
	int count = 0;
	while (count < page->n) {
		if (!db_next(q))
			return count;
		if (!fits(page, db_text(q, 8)))
			continue;
		count++;
		if (!give_row(q, 0, page->each, page->ctx))
			break;
	}
	db_end(q);
	return count;
}

struct candidate {
	int64_t id;
	char *sort;
};

static int
by_name(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int r = strcmp(x->sort, y->sort);
	return r ? r : (x->id > y->id) - (x->id < y->id);
}

/* The councils of a rare word that fit, put in order here: the index has them by word. */
static int
by_word(struct db *db, const struct page *page, const char *word)
{
	struct candidate all[RARE_MAX];
	int n = 0, count = 0;
	bool more = true;
	struct buf to = { 0 };
	buf_fmt(&to, "%s" LAST, word);
	struct query *q = db_query(
	    db, councils_of_word, T("from", word), T("to", buf_text(&to)), I("n", RARE_MAX));
	int place = is_commune(page->department) ? 4 : 3;
	while (db_next(q))
		if ((!*page->department || !strcmp(page->department, db_text(q, place))) &&
		    fits(page, db_text(q, 2)))
			all[n++] = (struct candidate){ db_int(q, 0), mem_dup(db_text(q, 1)) };
	buf_free(&to);
	qsort(all, (size_t)n, sizeof *all, by_name);
	struct candidate start = { page->id, mem_dup(page->sort) };
	int64_t last = 0; /* two words of one council may begin alike */
	for (int k = 0; k < n && more && count < page->n; k++) {
		struct candidate *c = &all[page->direction > 0 ? k : n - 1 - k];
		if (c->id != last && by_name(c, &start) * page->direction > 0)
			count += give_by_id(db, c->id, 0, page->each, page->ctx, &more);
		last = c->id;
	}
	for (int k = 0; k < n; k++)
		free(all[k].sort);
	free(start.sort);
	return count;
}

int
council_page(struct db *db, const char *department, const char *filter, const char *from_sort,
    item_id from, int direction, int n, council_each each, void *ctx)
{
	bool end = !from.n;
	struct page page = { .department = department,
		.direction = direction,
		.n = n,
		.each = each,
		.ctx = ctx,
		.id = from.n,
		.sort = !end            ? from_sort
			: direction > 0 ? ""
					: LAST };
	take_filter(&page, filter);
	const char *rarest = NULL;
	int64_t fewest = RARE_MAX;
	for (int i = 0; i < page.words; i++) {
		struct buf to = { 0 };
		buf_fmt(&to, "%s" LAST, page.word[i]);
		int64_t places = db_one(db, places_of_word, 0, T("from", page.word[i]),
		    T("to", buf_text(&to)), I("n", RARE_MAX));
		buf_free(&to);
		if (places < fewest) {
			fewest = places;
			rarest = page.word[i];
		}
	}
	int count = !rarest ? walk(db, &page) : fewest ? by_word(db, &page, rarest) : 0;
	buf_free(&page.typed);
	return count;
}

int
council_stale(struct db *db, const char *department, int64_t from_checked, item_id from, int n,
    council_each each, void *ctx)
{
	int count = 0;
	int64_t now = clock_now();
	if (!from.n)
		from_checked = INT64_MIN;
	struct query *q = db_query_args(db, *department ? &stale_of_department : &stale_councils,
	    *department ? ARGS_(T("department", department), I("checked", from_checked), I("id", from.n), I("n", n))
			: ARGS_(I("checked", from_checked), I("id", from.n), I("n", n)));
	while (db_next(q)) {
		bool stale = council_is_stale(db_int(q, 9), now);
		count += stale;
		if (!stale || !give_row(q, 0, each, ctx)) {
			db_end(q);
			break;
		}
	}
	return count;
}

/* ---- the nearest ---- */

struct near {
	double km;
	int64_t id;
};

static int
by_distance(const void *a, const void *b)
{
	const struct near *x = a, *y = b;
	if (x->km < y->km || x->km > y->km)
		return x->km < y->km ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static double
radians(double degrees)
{
	return degrees * M_PI / 180;
}

/* Over the earth's bow, in km (haversine). */
static double
distance(double lat1, double lon1, double lat2, double lon2)
{
	double dlat = sin(radians(lat2 - lat1) / 2), dlon = sin(radians(lon2 - lon1) / 2);
	double h = dlat * dlat + cos(radians(lat1)) * cos(radians(lat2)) * dlon * dlon;
	return 2 * 6371 * asin(sqrt(h < 1 ? h : 1));
}

/* Councils within so many degrees of latitude, and as many km of longitude; nearest first. */
static int
look_around(struct db *db, const struct council *here, double degrees, struct near *out)
{
	/* Away from the poles; the whole world, where few are left to find, is one box. */
	double wide = degrees < 90 ? degrees / cos(radians(here->lat)) : 360;
	struct query *q = db_query(db, councils_in_box, R("south", here->lat - degrees),
	    R("north", here->lat + degrees), R("west", here->lon - wide),
	    R("east", here->lon + wide), I("n", NEAR_MAX));
	int n = 0;
	while (db_next(q))
		if (db_int(q, 0) != here->id.n)
			out[n++] = (struct near){ distance(here->lat, here->lon, db_real(q, 1),
						      db_real(q, 2)),
				db_int(q, 0) };
	qsort(out, (size_t)n, sizeof *out, by_distance);
	return n;
}

int
council_nearest(struct db *db, item_id from, int n, council_each each, void *ctx)
{
	static const double boxes[] = { 0.03, 0.1, 0.3, 1, 3, 10, 180 };
	struct council here;
	int r = council_get(db, from, &here);
	if (r)
		return r;
	struct near *near = mem_alloc(NEAR_MAX * sizeof *near);
	int found = 0, count = 0;
	for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++) {
		found = look_around(db, &here, boxes[i], near);
		/* The box's corners are farther than its sides: only what lies within is sure. */
		if (found >= n && n > 0 && near[n - 1].km <= boxes[i] * 109)
			break;
	}
	bool more = true;
	for (int i = 0; i < found && more && count < n; i++)
		count += give_by_id(db, near[i].id, near[i].km, each, ctx, &more);
	free(near);
	council_free(&here);
	return count;
}
