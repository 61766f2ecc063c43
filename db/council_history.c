/*
 * What a council's sheet was: its versions, what each of them changed, in words, and the way back to
 * one. Versions are written by council_put.c.
 */
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "db/council_write.h"

/* Lines compared one by one, those that both texts begin and end with aside. */
enum { LINES_MAX = 400 };

#define VERSION_ROW "SELECT v.version, v.created, coalesce(m.name, ''), v.cause, v.fields" \
	" FROM council_version_v v LEFT JOIN member m ON m.id = v.author WHERE v.council = :council"
SQL_LIST(versions_down, VERSION_ROW " AND v.version < :from ORDER BY v.version DESC LIMIT :n");
SQL_LIST(versions_up, VERSION_ROW " AND v.version > :from ORDER BY v.version LIMIT :n");
SQL_READ(get_version, "SELECT name, communes, email, page, links, quarter, description, resource_name,"
    " resource_email, resource_phone, resource_public, created FROM council_version_v"
    " WHERE council = :council AND version = :version");

int
council_versions(struct db *db, item_id council, int64_t from, int direction, int n, version_each each,
    void *ctx)
{
	int count = 0;
	if (!may(db, MAY_READ_HISTORY, council))
		return E_DENIED;
	if (!from && direction > 0)
		from = INT64_MAX;
	struct query *q = db_query_args(db, direction > 0 ? &versions_down : &versions_up,
	    ARGS_(I("council", council.n), I("from", from), I("n", n)));
	while (db_next(q)) {
		struct version_row row = { .version = db_int(q, 0), .created = db_int(q, 1),
			.author = db_text(q, 2), .cause = db_text(q, 3), .fields = db_text(q, 4) };
		count++;
		if (!each(ctx, &row)) {
			db_end(q);
			break;
		}
	}
	return count;
}

int
council_version(struct db *db, item_id council, int64_t version, struct council *out)
{
	*out = (struct council){ 0 };
	struct query *q = may(db, MAY_READ_HISTORY, council)
			      ? db_query(db, get_version, I("council", council.n), I("version", version))
			      : NULL;
	if (!q || !db_next(q))
		return E_NOT_FOUND;
	out->id = council;
	for (int i = 0; i < COUNCIL_FIELDS; i++)
		buf_str(council_field(out, i), db_text(q, i));
	out->resource_public = db_int(q, COUNCIL_FIELDS);
	out->changed = db_int(q, COUNCIL_FIELDS + 1);
	db_end(q);
	return E_OK;
}

int
council_restore(struct db *db, item_id council, int64_t version)
{
	struct council then;
	bool written = false;
	int r = db_begin(db);
	if (r)
		return r;
	r = council_version(db, council, version, &then);
	if (!r)
		r = council_write(db, &then, MAY_EDIT_COUNCIL, "restore", &written);
	if (r || !written)
		db_fail(db, r ? r : E_DONE);
	council_free(&then);
	return db_commit(db);
}

/* ---- in words ---- */

/* The lines of a text, each without its end. The text is cut up. */
static int
cut_lines(struct buf *text, char **line, int max)
{
	int n = 0;
	char *rest = text->data, *one;
	while (n < max && (one = strsep(&rest, "\n")))
		line[n++] = one;
	return n;
}

static void
tell_line(struct buf *out, bool added, const char *line)
{
	if (*line)
		buf_fmt(out, added ? _("Description, line added: %s\n") : _("Description, line taken out: %s\n"), line);
}

/*
 * Lines of a that are not in b, and the other way round, in their order: the longest common row of
 * lines stays unsaid. same[i][j]: how long it is from a's line i and b's line j on.
 */
static void
tell_lines(char **a, int n, char **b, int m, struct buf *out)
{
	int width = m + 1;
	int *same = mem_alloc((size_t)(n + 1) * (size_t)width * sizeof *same);
	for (int i = n - 1; i >= 0; i--)
		for (int j = m - 1; j >= 0; j--) {
			int down = same[(i + 1) * width + j], right = same[i * width + j + 1];
			same[i * width + j] = !strcmp(a[i], b[j]) ? same[(i + 1) * width + j + 1] + 1
					      : down > right      ? down
								  : right;
		}
	int i = 0, j = 0;
	while (i < n || j < m) {
		if (i < n && j < m && !strcmp(a[i], b[j])) {
			i++;
			j++;
		} else if (i < n && (j == m || same[(i + 1) * width + j] >= same[i * width + j + 1])) {
			tell_line(out, false, a[i++]);
		} else {
			tell_line(out, true, b[j++]);
		}
	}
	free(same);
}

static void
tell_description(const char *before, const char *after, struct buf *out)
{
	enum { ALL = DESCRIPTION_MAX + 1 };
	struct buf x = { 0 }, y = { 0 };
	char **a = mem_alloc(ALL * sizeof *a), **b = mem_alloc(ALL * sizeof *b);
	buf_str(&x, before);
	buf_str(&y, after);
	int n = cut_lines(&x, a, ALL), m = cut_lines(&y, b, ALL), same = 0;
	while (same < n && same < m && !strcmp(a[same], b[same]))
		same++;
	while (n > same && m > same && !strcmp(a[n - 1], b[m - 1])) {
		n--;
		m--;
	}
	if (n - same <= LINES_MAX && m - same <= LINES_MAX)
		tell_lines(a + same, n - same, b + same, m - same, out);
	else
		buf_fmt(out, "%s\n", _("Description: written anew"));
	free(a);
	free(b);
	buf_free(&x);
	buf_free(&y);
}

/* The names of communes from their codes. */
static void
name_communes(struct db *db, const char *codes, struct buf *out)
{
	struct buf copy = { 0 };
	buf_str(&copy, codes);
	char *rest = copy.data, *code;
	while ((code = strsep(&rest, " "))) {
		struct commune commune;
		bool known = !commune_get(db, code, &commune);
		buf_fmt(out, "%s%s", out->len ? ", " : "", known ? commune.name : code);
	}
	buf_free(&copy);
}

/* "Page: x → y"; of the first version "Page: y". */
static void
tell_change(struct buf *out, const char *label, const char *before, const char *after)
{
	if (!before)
		buf_fmt(out, _("%s: %s\n"), label, after);
	else
		buf_fmt(out, _("%s: %s → %s\n"), label, *before ? before : _("(nothing)"),
	    *after ? after : _("(nothing)"));
}

static void
tell_field(struct db *db, int i, const struct council *before, const struct council *after, struct buf *out)
{
	const char *x = buf_text(council_field(before, i)), *y = buf_text(council_field(after, i));
	const struct council_field *field = &council_fields[i];
	bool first = !before->name.len;
	if (field->offset == offsetof(struct council, description) && !first) {
		tell_description(x, y, out);
	} else if (!field->check) {
		struct buf from = { 0 }, to = { 0 };
		name_communes(db, x, &from);
		name_communes(db, y, &to);
		tell_change(out, _(field->label), first ? NULL : buf_text(&from), buf_text(&to));
		buf_free(&from);
		buf_free(&to);
	} else {
		tell_change(out, _(field->label), first ? NULL : x, y);
	}
}

static bool
has_word(const char *words, const char *word)
{
	size_t n = strlen(word);
	for (const char *s = words; (s = strstr(s, word)); s += n)
		if ((s == words || s[-1] == ' ') && (s[n] == ' ' || !s[n]))
			return true;
	return false;
}

/* The label of resource_public, which is no text. */
static const char *
public_label(void)
{
	return _("Show the resource person to visitors");
}

void
council_tell(struct db *db, const struct council *before, const struct council *after, struct buf *out)
{
	struct buf fields = { 0 };
	council_differences(before, after, &fields);
	for (int i = 0; i < COUNCIL_FIELDS; i++)
		if (has_word(buf_text(&fields), council_fields[i].name))
			tell_field(db, i, before, after, out);
	if (has_word(buf_text(&fields), "resource_public"))
		tell_change(out, public_label(), !before->name.len ? NULL : before->resource_public ? _("yes") : _("no"),
		    after->resource_public ? _("yes") : _("no"));
	buf_free(&fields);
}

void
council_field_words(const char *fields, struct buf *out)
{
	size_t start = out->len;
	for (int i = 0; i < COUNCIL_FIELDS; i++)
		if (has_word(fields, council_fields[i].name))
			buf_fmt(out, "%s%s", out->len > start ? ", " : "", _(council_fields[i].label));
	if (has_word(fields, "resource_public"))
		buf_fmt(out, "%s%s", out->len > start ? ", " : "", public_label());
}
