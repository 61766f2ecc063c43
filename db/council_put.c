/*
 * Checking and writing councils: the sheet (an item), its text, its communes, the words that find
 * it and the counts on the map, all in one transaction. Reading stands in council.c.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/text.h"
#include "db/check.h"
#include "db/council_write.h"
#include "db/forum.h"
#include "db/member.h"
#include "db/search.h"

enum { COMMUNES_MAX = 40, LINKS_MAX = 1000, QUARTER_MAX = 12 };

SQL_WRITE(add_sheet, "INSERT INTO item (kind, author, level, title, state, created, changed)"
    " VALUES ('sheet', :author, 'public', :name, :state, :now, :now) RETURNING id");
SQL_WRITE(publish_sheet, "UPDATE item SET state = 'published', changed = :now"
    " WHERE id = :id AND state = 'draft'");
SQL_WRITE(bin_sheet, "UPDATE item SET state = 'binned' WHERE id = :id AND state = 'draft'");
SQL_WRITE(put_member_council, "UPDATE member SET council = :council WHERE id = :id");
SQL_READ(get_proposal, "SELECT name, commune, town, email, page, resource_name, resource_email,"
    " resource_phone FROM proposal_v WHERE id = :id");
SQL_WRITE(put_check, "UPDATE council SET checked = :now WHERE id = :id");
SQL_WRITE(forget_handover, "DELETE FROM handover WHERE council = :id");
SQL_READ(has_version, "SELECT 1 FROM council_version_v WHERE council = :id LIMIT 1");
SQL_WRITE(add_version, "INSERT INTO council_version (council, version, author, created, cause, fields, text,"
    " name, communes, email, page, links, quarter, resource_name, resource_email, resource_phone,"
    " resource_public) VALUES (:id, (SELECT coalesce(max(version), 0) + 1 FROM council_version"
    "  WHERE council = :id), nullif(CAST(:author AS BIGINT), 0), :created, :cause, :fields,"
    " (SELECT version FROM item_v WHERE id = :id), :name, :communes, :email, :page, :links, :quarter,"
    " :resource_name, :resource_email, :resource_phone, :resource_public)");
SQL_WRITE(change_sheet, "UPDATE item SET title = :name, version = :version, changed = :now"
    " WHERE id = :id");
SQL_READ(sheet_version, "SELECT version FROM item_v WHERE id = :id");
SQL_WRITE(add_description, "INSERT INTO text (item, version, author, body, created)"
    " VALUES (:id, :version, :author, :body, :now)");
SQL_WRITE(put_council, "INSERT INTO council (id, commune, department, name_fold, name_sort, email,"
    " page, links, quarter, resource_name, resource_email, resource_phone, resource_public, checked)"
    " VALUES (:id, :commune, :department, :fold, :sort, :email, :page, :links, :quarter,"
    " :resource_name, :resource_email, :resource_phone, :resource_public, :now)"
    " ON CONFLICT (id) DO UPDATE SET commune = excluded.commune, department = excluded.department,"
    " name_fold = excluded.name_fold, name_sort = excluded.name_sort, email = excluded.email,"
    " page = excluded.page, links = excluded.links, quarter = excluded.quarter,"
    " resource_name = excluded.resource_name, resource_email = excluded.resource_email,"
    " resource_phone = excluded.resource_phone, resource_public = excluded.resource_public,"
    " checked = excluded.checked");
SQL_WRITE(drop_communes, "DELETE FROM council_commune WHERE council = :id");
SQL_WRITE(add_council_commune, "INSERT INTO council_commune (council, commune)"
    " VALUES (:id, :commune)");
SQL_WRITE(drop_words, "DELETE FROM council_word WHERE council = :id");
SQL_WRITE(add_council_word, "INSERT INTO council_word (word, council) VALUES (:word, :id)");
SQL_WRITE(count_in_territories, "UPDATE territory SET councils = councils + :by"
    " WHERE code IN (SELECT territory FROM reach_v WHERE council = :id)");

/* ---- checks ---- */

/* Addresses parted by spaces, each on its own line of the web. */
static int
check_links(struct buf *links)
{
	struct buf out = { 0 };
	int r = check_line(links, LINKS_MAX);
	char *rest = links->data, *one;
	while (!r && (one = strsep(&rest, " "))) {
		struct buf url = { 0 };
		buf_str(&url, one);
		r = check_url(&url);
		buf_fmt(&out, "%s%s", out.len ? " " : "", buf_text(&url));
		buf_free(&url);
	}
	if (!r) {
		buf_free(links);
		*links = out;
		return links->len > LINKS_MAX ? E_TOO_LONG : E_OK;
	}
	buf_free(&out);
	return r;
}

/* QP030001, QN03001M. */
static int
check_quarter(struct buf *quarter)
{
	int r = check_line(quarter, QUARTER_MAX);
	for (size_t i = 0; !r && i < quarter->len; i++) {
		quarter->data[i] = (char)toupper((unsigned char)quarter->data[i]);
		if (!isalnum((unsigned char)quarter->data[i]))
			r = E_INVALID;
	}
	return r;
}

static int
check_title(struct buf *name)
{
	return check_line(name, TITLE_MAX);
}

static int
check_person(struct buf *name)
{
	return check_line(name, NAME_MAX_BYTES);
}

static int
check_description(struct buf *description)
{
	return check_body(description, DESCRIPTION_MAX);
}

const struct council_field council_fields[COUNCIL_FIELDS] = {
#define FIELD(name, label, check) \
	{ \
#name, label, offsetof(struct council, name), check \
	}
	FIELD(name, N_("Name of the council"), check_title),
	FIELD(communes, N_("Communes"), NULL), /* its check asks the map: place() */
	FIELD(email, N_("Mail of the council"), check_email),
	FIELD(page, N_("Page"), check_url),
	FIELD(links, N_("Links"), check_links),
	FIELD(quarter, N_("Priority quarter"), check_quarter),
	FIELD(description, N_("Description"), check_description),
	FIELD(resource_name, N_("Resource person"), check_person),
	FIELD(resource_email, N_("Mail of the resource person"), check_email),
	FIELD(resource_phone, N_("Phone of the resource person"), check_phone),
#undef FIELD
};

struct buf *
council_field(const struct council *council, int i)
{
	return (struct buf *)((char *)council + council_fields[i].offset);
}

static void
set(struct buf *field, const char *s)
{
	buf_cut(field, 0);
	buf_str(field, s);
}

/* The next code in s from *at, as INSEE writes it, or what stands in its place; false at the end.
 */
static bool
next_code(const char *s, size_t *at, char code[8])
{
	while (s[*at] && !isalnum((unsigned char)s[*at]))
		++*at;
	size_t n = 0, start = *at;
	while (isalnum((unsigned char)s[start + n]))
		n++;
	if (!n)
		return false;
	*at += n;
	/* Spreadsheets make 1004 of 01004. */
	size_t zero = n == 4 && strspn(s + start, "0123456789") >= 4;
	if (n > 6)
		n = 6; /* too long to be one, and to be kept */
	code[0] = '0';
	for (size_t i = 0; i < n; i++)
		code[zero + i] = (char)toupper((unsigned char)s[start + i]);
	code[zero + n] = '\0';
	return true;
}

/* Fills in what follows from the codes in `communes`; the towns' names go to `towns`. */
static int
place(struct db *db, struct council *c, struct buf *towns)
{
	size_t at = 0;
	char code[8];
	int count = 0, r = E_OK;
	struct buf codes = { 0 };
	while (!r && next_code(buf_text(&c->communes), &at, code)) {
		struct commune commune;
		if (commune_get(db, code, &commune)) {
			r = E_INVALID;
		} else if (!count) {
			set(&c->commune, code);
			set(&c->town, commune.name);
			set(&c->department, commune.department);
			set(&c->department_name, commune.department_name);
			c->lat = commune.lat;
			c->lon = commune.lon;
			buf_str(&codes, code);
		} else if (strcmp(commune.department, buf_text(&c->department)) != 0) {
			r = E_INVALID;
		} else if (!strstr(codes.data, code)) {
			buf_fmt(&codes, " %s", code);
		}
		if (!r)
			buf_fmt(towns, " %s", commune.name);
		if (++count > COMMUNES_MAX)
			r = E_TOO_LONG;
	}
	if (!r) {
		buf_free(&c->communes);
		c->communes = codes;
		return count ? E_OK : E_EMPTY;
	}
	buf_free(&codes);
	return r;
}

static int
check_all(struct db *db, struct council *c, struct buf *towns, const char **field)
{
	for (int i = 0; i < COUNCIL_FIELDS; i++) {
		bool needed = i < 2; /* a name, and where it is */
		*field = council_fields[i].name;
		int r = council_fields[i].check ? council_fields[i].check(council_field(c, i)) : place(db, c, towns);
		if (r && (r != E_EMPTY || needed))
			return r;
	}
	*field = NULL;
	return E_OK;
}

int
council_check(struct db *db, struct council *council, const char **field)
{
	struct buf towns = { 0 };
	int r = check_all(db, council, &towns, field);
	buf_free(&towns);
	return r;
}

/* ---- writing ---- */

/* The codes behind the principal one, in no order: those of a are those of b. */
static bool
same_communes(const char *a, const char *b)
{
	if (strlen(a) != strlen(b) || strncmp(a, b, 5) != 0)
		return false;
	size_t at = 0;
	char code[8];
	while (next_code(a, &at, code))
		if (!strstr(b, code))
			return false;
	return true;
}

void
council_differences(const struct council *a, const struct council *b, struct buf *out)
{
	size_t start = out->len;
	for (int i = 0; i < COUNCIL_FIELDS; i++) {
		const char *x = buf_text(council_field(a, i)), *y = buf_text(council_field(b, i));
		if (!(council_fields[i].check ? !strcmp(x, y) : same_communes(x, y)))
			buf_fmt(out, "%s%s", out->len > start ? " " : "", council_fields[i].name);
	}
	if (a->resource_public != b->resource_public)
		buf_fmt(out, "%sresource_public", out->len > start ? " " : "");
}

/* Words, each once and with a space before, of what people may type to find it. */
static void
words_of(const struct council *c, const char *towns, struct buf *out)
{
	struct buf all = { 0 };
	buf_fmt(&all, "%s %s %s %s", buf_text(&c->name), towns, buf_text(&c->department_name),
	    buf_text(&c->department));
	check_words_once(out, buf_text(&all));
	buf_free(&all);
}

static void
write_words(struct db *db, const struct council *c, const char *words)
{
	struct buf copy = { 0 };
	buf_str(&copy, words);
	db_run(db, drop_words, I("id", c->id.n));
	char *rest = copy.data, *word;
	while ((word = strsep(&rest, " ")))
		if (*word)
			db_run(db, add_council_word, T("word", word), I("id", c->id.n));
	buf_free(&copy);
}

static void
write_communes(struct db *db, const struct council *c)
{
	size_t at = 0;
	char code[8];
	db_run(db, drop_communes, I("id", c->id.n));
	while (next_code(buf_text(&c->communes), &at, code))
		db_run(db, add_council_commune, I("id", c->id.n), T("commune", code));
}

static void
write_row(struct db *db, const struct council *c, const char *words)
{
	struct buf sort = { 0 };
	text_sort_key(&sort, buf_text(&c->name));
	db_run(db, put_council, I("id", c->id.n), T("commune", buf_text(&c->commune)),
	    T("department", buf_text(&c->department)), T("fold", words), T("sort", buf_text(&sort)),
	    T("email", buf_text(&c->email)), T("page", buf_text(&c->page)),
	    T("links", buf_text(&c->links)), T("quarter", buf_text(&c->quarter)),
	    T("resource_name", buf_text(&c->resource_name)),
	    T("resource_email", buf_text(&c->resource_email)),
	    T("resource_phone", buf_text(&c->resource_phone)),
	    I("resource_public", c->resource_public), I("now", clock_now()));
	buf_free(&sort);
}

/* Adds to the history what the sheet is now. */
static void
write_version(struct db *db, const struct council *c, const char *cause, const char *fields,
    member_id author, int64_t created)
{
	db_run(db, add_version, I("id", c->id.n), I("author", author.n), I("created", created),
	    T("cause", cause), T("fields", fields), T("name", buf_text(&c->name)),
	    T("communes", buf_text(&c->communes)), T("email", buf_text(&c->email)),
	    T("page", buf_text(&c->page)), T("links", buf_text(&c->links)),
	    T("quarter", buf_text(&c->quarter)), T("resource_name", buf_text(&c->resource_name)),
	    T("resource_email", buf_text(&c->resource_email)),
	    T("resource_phone", buf_text(&c->resource_phone)), I("resource_public", c->resource_public));
}

/* The sheet itself: nobody counts it and nothing is told yet. */
static void
add_draft(struct db *db, struct council *c, const char *words, member_id author, const char *state)
{
	c->id.n = db_insert(db, add_sheet, I("author", author.n), T("name", buf_text(&c->name)),
	    T("state", state), I("now", clock_now()));
	db_run(db, add_description, I("id", c->id.n), I("version", 1), I("author", author.n),
	    T("body", buf_text(&c->description)), I("now", clock_now()));
	write_row(db, c, words);
	write_communes(db, c);
	write_words(db, c, words);
}

/* Everything that follows from a sheet that everybody sees. */
static void
enter_directory(struct db *db, const struct council *c, member_id author)
{
	write_version(db, c, "add", "", author, clock_now());
	db_run(db, count_in_territories, I("by", 1), I("id", c->id.n));
	board_make_council(db, c->id, buf_text(&c->name));
	search_put_in(db, c->id);
	db_journal(db, "council.add", "council", c->id.n, "");
	db_wrote(db, TOPIC_COUNCIL, c->id.n);
}

static void
add(struct db *db, struct council *c, const char *words)
{
	add_draft(db, c, words, db_viewer(db), "published");
	enter_directory(db, c, db_viewer(db));
}

/* A sheet of before there was a history begins one. */
static void
begin_history(struct db *db, const struct council *c)
{
	if (!db_one(db, has_version, 0, I("id", c->id.n)))
		write_version(db, c, "add", "", NOBODY, c->changed);
}

static void
change(struct db *db, const struct council *c, const struct council *before, const char *words,
    const char *fields, const char *cause)
{
	bool text = strcmp(buf_text(&before->description), buf_text(&c->description)) != 0;
	bool moved = !same_communes(buf_text(&before->communes), buf_text(&c->communes));
	int64_t version = db_one(db, sheet_version, 1, I("id", c->id.n)) + text;
	begin_history(db, before);
	search_take_out(db, c->id);
	if (text)
		db_run(db, add_description, I("id", c->id.n), I("version", version),
		    I("author", db_viewer(db).n), T("body", buf_text(&c->description)),
		    I("now", clock_now()));
	db_run(db, change_sheet, I("id", c->id.n), T("name", buf_text(&c->name)),
	    I("version", version), I("now", clock_now()));
	if (moved)
		db_run(db, count_in_territories, I("by", -1), I("id", c->id.n));
	write_row(db, c, words);
	if (moved) {
		write_communes(db, c);
		db_run(db, count_in_territories, I("by", 1), I("id", c->id.n));
		candidate_place_council(db, c->id);
	}
	if (moved || strcmp(buf_text(&before->name), buf_text(&c->name)) != 0)
		write_words(db, c, words);
	search_put_in(db, c->id);
	write_version(db, c, cause, fields, db_viewer(db), clock_now());
	/* Whoever was named and asked is no longer on the sheet. */
	if (strcmp(buf_text(&before->resource_name), buf_text(&c->resource_name)) != 0)
		db_run(db, forget_handover, I("id", c->id.n));
	struct buf act = { 0 };
	buf_fmt(&act, "council.%s", cause);
	db_journal(db, buf_text(&act), "council", c->id.n, fields);
	buf_free(&act);
	db_wrote(db, TOPIC_COUNCIL, c->id.n);
}

int
council_write(struct db *db, struct council *c, enum deed deed, const char *cause, bool *written)
{
	const char *field;
	struct council before = { 0 };
	struct buf towns = { 0 }, words = { 0 }, fields = { 0 };
	bool is_new = !c->id.n;
	int r = may(db, is_new ? MAY_ADD_COUNCIL : deed, c->id) ? E_OK : E_DENIED;
	if (!r && !is_new)
		r = council_get(db, c->id, &before);
	if (!r)
		r = check_all(db, c, &towns, &field);
	if (!r) {
		item_id same = council_find(db, buf_text(&c->name), buf_text(&c->commune));
		r = same.n && same.n != c->id.n ? E_EXISTS : E_OK;
	}
	if (!r) {
		words_of(c, buf_text(&towns), &words);
		council_differences(&before, c, &fields);
		if (is_new)
			add(db, c, buf_text(&words));
		else if (fields.len)
			change(db, c, &before, buf_text(&words), buf_text(&fields), cause);
	}
	if (written)
		*written = !r && fields.len;
	council_free(&before);
	buf_free(&towns);
	buf_free(&words);
	buf_free(&fields);
	return r;
}

void
council_counted(struct db *db, item_id council, int by)
{
	db_run(db, count_in_territories, I("by", by), I("id", council.n));
}

int
council_put_all(struct db *db, struct council *councils, int n, int *answers)
{
	int64_t *was = mem_alloc((size_t)n * sizeof *was + 1);
	int r = db_begin(db);
	if (!r) {
		for (int i = 0; i < n; i++) {
			was[i] = councils[i].id.n;
			answers[i] = council_write(db, &councils[i], MAY_EDIT_COUNCIL, "edit", NULL);
		}
		r = db_commit(db);
		/* What was undone has no number. */
		for (int i = 0; r && i < n; i++)
			councils[i].id.n = was[i];
	}
	free(was);
	return r;
}

int
council_put(struct db *db, struct council *council)
{
	int answer = E_OK;
	int r = council_put_all(db, council, 1, &answer);
	return r ? r : answer;
}

int
council_found_right(struct db *db, item_id council)
{
	struct council c = { 0 };
	int r = db_begin(db);
	if (r)
		return r;
	r = may(db, MAY_EDIT_COUNCIL, council) ? council_get(db, council, &c) : E_DENIED;
	if (r) {
		db_fail(db, r);
	} else {
		begin_history(db, &c);
		write_version(db, &c, "check", "", db_viewer(db), clock_now());
		db_run(db, put_check, I("now", clock_now()), I("id", council.n));
		db_journal(db, "council.check", "council", council.n, "");
		db_wrote(db, TOPIC_COUNCIL, council.n);
	}
	council_free(&c);
	return db_commit(db);
}

/* ---- sheets that candidates propose ---- */

int
council_propose(struct db *db, struct council *c, member_id candidate)
{
	struct buf towns = { 0 }, words = { 0 };
	const char *field;
	int r = check_all(db, c, &towns, &field);
	if (!r && council_find(db, buf_text(&c->name), buf_text(&c->commune)).n)
		r = E_EXISTS;
	if (!r) {
		words_of(c, buf_text(&towns), &words);
		add_draft(db, c, buf_text(&words), candidate, "draft");
		db_run(db, put_member_council, I("council", c->id.n), I("id", candidate.n));
		db_journal(db, "council.propose", "council", c->id.n, "");
	}
	buf_free(&towns);
	buf_free(&words);
	return r;
}

int
council_proposal(struct db *db, item_id id, struct council *c)
{
	*c = (struct council){ 0 };
	if (!may(db, MAY_APPROVE, id))
		return E_NOT_FOUND;
	struct query *q = db_query(db, get_proposal, I("id", id.n));
	if (!db_next(q))
		return E_NOT_FOUND;
	struct buf *fields[] = { &c->name, &c->commune, &c->town, &c->email, &c->page, &c->resource_name,
		&c->resource_email, &c->resource_phone };
	for (int i = 0; i < (int)(sizeof fields / sizeof *fields); i++) // NOLINT(bugprone-sizeof-expression): pointers
		buf_str(fields[i], db_text(q, i));
	c->id = id;
	db_end(q);
	return E_OK;
}

/* It is there meanwhile: he is a member of that one. */
static void
join_other(struct db *db, item_id proposal, item_id other, member_id candidate)
{
	db_run(db, bin_sheet, I("id", proposal.n));
	db_run(db, put_member_council, I("council", other.n), I("id", candidate.n));
}

static void
publish(struct db *db, item_id id, member_id candidate)
{
	struct council c;
	db_run(db, publish_sheet, I("id", id.n), I("now", clock_now()));
	if (council_get(db, id, &c))
		return; /* the transaction is in trouble, and knows it */
	enter_directory(db, &c, candidate);
	council_free(&c);
}

void
council_settle(struct db *db, item_id id, member_id candidate, bool yes)
{
	struct council c;
	if (council_proposal(db, id, &c))
		return; /* a council like others */
	item_id other = council_find(db, buf_text(&c.name), buf_text(&c.commune));
	if (!yes)
		db_run(db, bin_sheet, I("id", id.n));
	else if (other.n && other.n != id.n)
		join_other(db, id, other, candidate);
	else
		publish(db, id, candidate);
	if (!yes)
		db_journal(db, "council.drop", "council", id.n, "");
	council_free(&c);
}
