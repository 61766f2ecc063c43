/* Members as people name them: by log-in name, by the name in full, by an address that is shown to them. */
#include <string.h>

#include "bbs/base/i18n.h"
#include "db/check.h"
#include "db/member.h"
#include "db/people.h"

enum { SAME_MAX = 5 }; /* of one name: so many are told apart */

SQL_READ(named_person, "SELECT p.name, p.email FROM person_v p WHERE p.id = :id");
SQL_READ(login_of, "SELECT login FROM member WHERE id = :id");
/* In both orders of a name; whoever is called Martin Martin once. */
SQL_LIST(named_in_full, "SELECT p.id FROM person_v p WHERE p.sort_family = :name"
    " UNION ALL SELECT p.id FROM person_v p WHERE p.sort_given = :name AND NOT p.sort_family = :name LIMIT :n");

struct naming {
	struct db *db;
	member_id *who;
	int count, max;
	struct buf *wrong;
};

/* An active member; by an address only where the viewer may see that. */
static member_id
by_login(struct db *db, const char *typed)
{
	member_id id = member_named(db, typed);
	struct query *q = db_query(db, named_person, I("id", id.n));
	if (!db_next(q))
		return NOBODY;
	bool shown = !strchr(typed, '@') || *db_text(q, 1);
	db_end(q);
	return shown ? id : NOBODY;
}

static int
in_full(struct db *db, const char *name, int64_t who[SAME_MAX])
{
	struct buf words = { 0 };
	int n = 0;
	check_words(&words, name);
	struct query *q = words.len ? db_query(db, named_in_full, T("name", buf_text(&words)), I("n", SAME_MAX)) : NULL;
	while (q && db_next(q))
		who[n++] = db_int(q, 0);
	buf_free(&words);
	return n;
}

static void
add_login(struct db *db, int64_t id, struct buf *out)
{
	struct query *q = db_query(db, login_of, I("id", id));
	while (db_next(q))
		buf_fmt(out, "%s%s", out->len ? ", " : "", db_text(q, 0));
}

static int
add(struct naming *n, member_id id)
{
	for (int i = 0; i < n->count; i++)
		if (n->who[i].n == id.n)
			return E_OK;
	if (n->count == n->max) {
		buf_fmt(n->wrong, _("%d persons at most can be named."), n->max);
		return E_TOO_LONG;
	}
	n->who[n->count++] = id;
	return E_OK;
}

static int
nobody(struct naming *n, const char *typed)
{
	buf_fmt(n->wrong, _("Nobody is called “%s”: a log-in name or a full name is wanted, and a comma between two."), typed);
	return E_NOT_FOUND;
}

/* What stood between two commas. */
static int
take(struct naming *n, const char *piece)
{
	int64_t who[SAME_MAX];
	member_id id = strchr(piece, ' ') ? NOBODY : by_login(n->db, piece);
	if (id.n)
		return add(n, id);
	int same = in_full(n->db, piece, who);
	if (!same)
		return nobody(n, piece);
	if (same == 1)
		return add(n, (member_id){ who[0] });
	struct buf logins = { 0 };
	for (int i = 0; i < same; i++)
		add_login(n->db, who[i], &logins);
	buf_fmt(n->wrong, _("Several members are called “%s”. Name the one you mean by the log-in name: %s."), piece,
	    buf_text(&logins));
	buf_free(&logins);
	return E_EXISTS;
}

int
members_named(struct db *db, const char *typed, member_id *out, int max, struct buf *wrong)
{
	struct naming n = { .db = db, .who = out, .max = max, .wrong = wrong };
	struct buf all = { 0 };
	int r = E_OK;
	buf_str(&all, typed);
	char *rest = all.data;
	for (char *one; !r && rest && (one = strsep(&rest, ",;\n"));) {
		struct buf piece = { 0 };
		text_clean(&piece, one, strlen(one), TEXT_LINE);
		if (piece.len)
			r = take(&n, buf_text(&piece));
		buf_free(&piece);
	}
	buf_free(&all);
	return r ? r : n.count;
}

void
members_write(struct db *db, const member_id *who, int count, struct buf *out)
{
	for (int i = 0; i < count; i++) {
		struct buf name = { 0 };
		int64_t same[SAME_MAX];
		struct query *q = db_query(db, named_person, I("id", who[i].n));
		while (db_next(q))
			buf_str(&name, db_text(q, 0));
		bool there = name.len;
		/* What would not be found again by its name. */
		if (there && (strpbrk(name.data, ",;") || in_full(db, name.data, same) != 1)) {
			buf_cut(&name, 0);
			add_login(db, who[i].n, &name);
		}
		if (there)
			buf_fmt(out, "%s%s", out->len ? ", " : "", name.data);
		buf_free(&name);
	}
}
