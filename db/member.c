/*
 * Members: reading them, making them, what the sysop and they themselves change. Their fields as typed
 * are member_check.c's, how a candidate becomes a member approval.c's, the log-in login.c's.
 */
#include <stdio.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "db/member.h"
#include "db/people.h"

#define COUNCIL_OF_M "coalesce((SELECT c.name FROM council_v c WHERE c.id = m.council), '')," \
	" coalesce((SELECT c.town FROM council_v c WHERE c.id = m.council), '')"
#define ROW_OF_M "m.id, m.login, m.name, m.email, m.role, m.state, " COUNCIL_OF_M ", m.created"

SQL_READ(get_member, "SELECT m.id, m.login, m.family, m.given, m.name, coalesce(m.council, 0), m.role,"
    " m.state, m.language, m.face, m.created, m.email, m.mobile, m.about,"
    " coalesce(m.territory, ''), m.letter, m.sms, CASE WHEN m.password IS NULL THEN 0 ELSE 1 END,"
    " m.charter, m.visit, m.last_visit, m.floor, m.see_here, m.takes_words FROM member m WHERE m.id = :id");
SQL_READ(find_member, "SELECT id FROM member WHERE (login = :login OR email = :login) AND id > 1");
SQL_READ(council_of, "SELECT name, town FROM council_v WHERE id = :id");
SQL_READ(council_there, "SELECT 1 FROM council_v WHERE id = :id");
SQL_READ(territory_there, "SELECT 1 FROM territory WHERE code = :code");
SQL_LIST(members_down, "SELECT " ROW_OF_M " FROM member m WHERE m.state = :state AND m.id < :from"
    " AND m.id > 1 ORDER BY m.id DESC LIMIT :n");
SQL_LIST(members_up, "SELECT " ROW_OF_M " FROM member m WHERE m.state = :state AND m.id > :from"
    " AND m.id > 1 ORDER BY m.id LIMIT :n");
SQL_WRITE(add_member, "INSERT INTO member (login, email, family, given, name, sort_family, sort_given,"
    " mobile, council, role, territory, state, about, language, letter, sms, password, charter, created,"
    " floor) VALUES (:login, :email, :family, :given, :name, :by_family, :by_given, :mobile,"
    " nullif(CAST(:council AS BIGINT), 0), :role, :territory, :state, :about, :language, :letter, :sms,"
    " :password, :charter, :now, (SELECT id FROM newest_v))"
    " ON CONFLICT DO NOTHING RETURNING id");
SQL_WRITE(set_role, "UPDATE member SET role = :role, territory = :territory WHERE id = :id AND id > 1");
SQL_WRITE(set_password, "UPDATE member SET password = :password WHERE id = :id AND id > 1");
SQL_WRITE(set_taste, "UPDATE member SET language = :language, face = :face WHERE id = :id");
SQL_WRITE(set_presence, "UPDATE member SET see_here = :here, takes_words = :words WHERE id = :id");
SQL_READ(count_keys, "SELECT count(*) FROM member_key WHERE member = :member");
SQL_READ(keys_of, "SELECT id, type, blob, name, created, used FROM member_key WHERE member = :member"
    " ORDER BY id");
SQL_WRITE(add_key, "INSERT INTO member_key (member, type, blob, name, created)"
    " VALUES (:member, :type, :blob, :name, :now) ON CONFLICT (member, blob) DO NOTHING RETURNING id");
SQL_WRITE(name_key, "UPDATE member_key SET name = :name WHERE id = :id AND member = :member");
SQL_WRITE(remove_key, "DELETE FROM member_key WHERE id = :id AND member = :member");

/* ---- names of things ---- */

static const char *const role_names[] = { "member", "resource", "animator", "sysop" };
static const char *const state_names[] = { "waiting", "active", "refused", "suspended", "removed" };

static int
position(const char *name, const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(name, names[i]))
			return i;
	return E_INVALID;
}

const char *
role_name(enum role role)
{
	return role_names[role];
}

int
role_parse(const char *name)
{
	return position(name, role_names, sizeof role_names / sizeof *role_names);
}

const char *
member_state_name(enum member_state state)
{
	return state_names[state];
}

int
member_state_parse(const char *name)
{
	return position(name, state_names, sizeof state_names / sizeof *state_names);
}

/* ---- reading ---- */

void
member_free(struct member *m)
{
	struct buf *bufs[] = { &m->login, &m->email, &m->family, &m->given, &m->name, &m->mobile,
		&m->about, &m->territory, &m->council_name, &m->town };
	for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++)
		buf_free(bufs[i]);
	*m = (struct member){ 0 };
}

/* What is nobody's business but his own and the sysop's. */
static void
take_private(struct query *q, struct member *out)
{
	buf_str(&out->email, db_text(q, 11));
	buf_str(&out->mobile, db_text(q, 12));
	buf_str(&out->about, db_text(q, 13));
	buf_str(&out->territory, db_text(q, 14));
	out->letter = db_int(q, 15);
	out->sms = db_int(q, 16);
	out->has_password = db_int(q, 17);
	out->charter = db_int(q, 18);
	out->visit = db_int(q, 19);
	out->last_visit = db_int(q, 20);
	out->floor = db_int(q, 21);
	out->see_here = db_int(q, 22);
	out->takes_words = db_int(q, 23);
}

static void
take_member(struct query *q, struct member *out, bool all)
{
	*out = (struct member){ .id = { db_int(q, 0) }, .council = { db_int(q, 5) },
		.role = (enum role)role_parse(db_text(q, 6)),
		.state = (enum member_state)member_state_parse(db_text(q, 7)), .created = db_int(q, 10) };
	buf_str(&out->login, db_text(q, 1));
	buf_str(&out->family, db_text(q, 2));
	buf_str(&out->given, db_text(q, 3));
	buf_str(&out->name, db_text(q, 4));
	snprintf(out->language, sizeof out->language, "%s", db_text(q, 8));
	snprintf(out->face, sizeof out->face, "%s", db_text(q, 9));
	if (all)
		take_private(q, out);
}

static void
take_council(struct db *db, struct member *out)
{
	struct query *q = db_query(db, council_of, I("id", out->council.n));
	while (db_next(q)) {
		buf_str(&out->council_name, db_text(q, 0));
		buf_str(&out->town, db_text(q, 1));
	}
}

int
member_get(struct db *db, member_id id, struct member *out)
{
	bool self = id.n && id.n == db_viewer(db).n;
	bool all = may_manage(db, id), some = all || may(db, MAY_SEE_PEOPLE, (item_id){ 0 });
	if (!some || (id.n == MACHINE.n && !self))
		return E_NOT_FOUND;
	struct query *q = db_query(db, get_member, I("id", id.n));
	if (!db_next(q))
		return E_NOT_FOUND;
	bool readable = all || member_state_parse(db_text(q, 7)) == MEMBER_ACTIVE;
	if (readable)
		take_member(q, out, all);
	db_end(q);
	if (readable && out->council.n)
		take_council(db, out);
	return readable ? E_OK : E_NOT_FOUND;
}

member_id
member_named(struct db *db, const char *login)
{
	struct buf name = { 0 };
	text_fold(&name, login);
	int64_t id = db_one(db, find_member, 0, T("login", buf_text(&name)));
	buf_free(&name);
	return (member_id){ id };
}

int
member_find(struct db *db, const char *login, struct member *out)
{
	member_id id = member_named(db, login);
	return id.n ? member_get(db, id, out) : E_NOT_FOUND;
}

int
member_page(struct db *db, enum member_state state, member_id from, int direction, int n,
    member_each each, void *ctx)
{
	if (!may(db, MAY_MANAGE_MEMBERS, (item_id){ 0 }))
		return E_DENIED;
	int count = 0;
	int64_t edge = from.n ? from.n : direction > 0 ? INT64_MAX : 0;
	struct query *q = db_query_args(db, direction > 0 ? &members_down : &members_up,
	    ARGS_(T("state", member_state_name(state)), I("from", edge), I("n", n)));
	while (db_next(q)) {
		struct member_row row = { .id = { db_int(q, 0) }, .login = db_text(q, 1),
			.name = db_text(q, 2), .email = db_text(q, 3), .role = db_text(q, 4),
			.state = db_text(q, 5), .council = db_text(q, 6), .town = db_text(q, 7),
			.created = db_int(q, 8) };
		count++;
		if (!each(ctx, &row)) {
			db_end(q);
			break;
		}
	}
	return count;
}

bool
member_council_there(struct db *db, item_id council)
{
	return db_one(db, council_there, 0, I("id", council.n));
}

/* ---- making ---- */

/* A sign-up, cleaned and checked. */
struct form {
	struct buf login, email, family, given, name, mobile, about, password;
};

static void
free_form(struct form *f)
{
	struct buf *bufs[] = { &f->login, &f->email, &f->family, &f->given, &f->name, &f->mobile,
		&f->about };
	for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++)
		buf_free(bufs[i]);
	buf_wipe(&f->password);
}

static bool
given(const char *s)
{
	return s && *s;
}

static void
add(struct buf *b, const char *s)
{
	buf_str(b, s ? s : "");
}

int
member_check_new_password(const char *password, const char *login, const char *email)
{
	struct buf folded = { 0 };
	int r = member_check_password(password);
	if (r)
		return r;
	text_fold(&folded, password);
	if (!strcmp(buf_text(&folded), login) || !strcmp(buf_text(&folded), email))
		r = E_INVALID;
	buf_wipe(&folded);
	return r;
}

static int
check_form(struct db *db, const struct sign_up *s, struct form *f)
{
	int r = E_OK;
	add(&f->login, s->login);
	add(&f->email, s->email);
	add(&f->family, s->family);
	add(&f->given, s->given);
	add(&f->mobile, s->mobile);
	if ((r = member_check_login(db, &f->login)) || (r = member_check_email(db, &f->email)) ||
	    (r = member_check_name(&f->family)) || (r = member_check_name(&f->given)) ||
	    (r = member_check_mobile(&f->mobile)))
		return r;
	buf_fmt(&f->name, "%s %s", buf_text(&f->given), buf_text(&f->family));
	if (member_clean(&f->about, s->about ? s->about : "", TEXT_BODY, ABOUT_MAX) == E_TOO_LONG)
		return E_TOO_LONG;
	if (given(s->key_blob) && !key_valid(s->key_type ? s->key_type : "", s->key_blob))
		return E_INVALID;
	if (!given(s->password))
		return E_OK;
	r = member_check_new_password(s->password, buf_text(&f->login), buf_text(&f->email));
	if (!r)
		login_hash(&f->password, s->password);
	return r;
}

/* Inside the transaction: the row of somebody whose form is checked; 0 in trouble. */
static int64_t
write_member(struct db *db, const struct sign_up *s, const struct form *f, item_id council,
    enum member_state state, enum role role, const char *territory, int64_t charter)
{
	int64_t now = clock_now();
	struct buf by_family = { 0 }, by_given = { 0 };
	member_sort(buf_text(&f->family), buf_text(&f->given), &by_family, &by_given);
	int64_t id = db_insert(db, add_member, T("login", buf_text(&f->login)),
	    T("email", buf_text(&f->email)), T("family", buf_text(&f->family)),
	    T("given", buf_text(&f->given)), T("name", buf_text(&f->name)),
	    T("by_family", buf_text(&by_family)), T("by_given", buf_text(&by_given)),
	    T("mobile", buf_text(&f->mobile)), I("council", council.n), T("role", role_name(role)),
	    T("territory", territory), T("state", member_state_name(state)),
	    T("about", buf_text(&f->about)),
	    T("language", given(s->language) && !strcmp(s->language, "en") ? "en" : "fr"),
	    I("letter", s->letter), I("sms", s->sms),
	    T("password", f->password.len ? buf_text(&f->password) : NULL), I("charter", charter),
	    I("now", now));
	buf_free(&by_family);
	buf_free(&by_given);
	if (!id)
		db_fail(db, E_EXISTS); /* somebody was quicker */
	if (id <= 0)
		return 0;
	if (given(s->key_blob))
		db_insert(db, add_key, I("member", id), T("type", s->key_type), T("blob", s->key_blob),
		    T("name", ""), I("now", now));
	member_index(db, id);
	return id;
}

static int
write_sign_up(struct db *db, const struct sign_up *s, const struct form *f, item_id council,
    member_id *out)
{
	int r = db_begin(db);
	if (r)
		return r;
	member_id inviter = NOBODY, id = { write_member(db, s, f, council, MEMBER_WAITING,
	    ROLE_MEMBER, NULL, s->charter) };
	limit_signed_up(db);
	db_journal(db, "sign-up", "member", id.n, "");
	if (!council.n && s->proposal) {
		r = council_propose(db, s->proposal, id);
		council = s->proposal->id;
		if (r)
			db_fail(db, r);
	}
	if (given(s->code))
		inviter = invitation_use(db, s->code, id);
	candidate_begin(db, id, council, inviter);
	*out = id;
	return db_commit(db);
}

int
member_sign_up(struct db *db, const struct sign_up *s, member_id *out)
{
	struct form form = { 0 };
	struct buf inviter = { 0 };
	item_id council = s->council;
	int r = E_OK;
	if (given(s->code)) {
		r = invitation_get(db, s->code, &council, &inviter);
		if (!r && s->council.n && s->council.n != council.n)
			r = E_INVALID;
	} else if (s->proposal && !council.n) {
		r = E_OK; /* it is looked at as it is written */
	} else if (!member_council_there(db, council)) {
		r = E_NOT_FOUND;
	}
	if (!r && !given(s->password) && !given(s->key_blob))
		r = E_INVALID;
	if (!r && (s->charter < 0 || s->charter > charter_get(db, NULL)))
		r = E_INVALID;
	if (!r)
		r = check_form(db, s, &form);
	if (!r)
		r = write_sign_up(db, s, &form, council, out);
	free_form(&form);
	buf_free(&inviter);
	return r;
}

/* An animator has a territory or the whole network, another role none: what to store, in *territory. */
static int
check_territory(struct db *db, enum role role, const char **territory)
{
	if (role != ROLE_ANIMATOR || !given(*territory))
		*territory = NULL;
	return !*territory || db_one(db, territory_there, 0, T("code", *territory)) ? E_OK : E_NOT_FOUND;
}

int
member_add(struct db *db, const struct sign_up *s, enum role role, const char *territory,
    member_id *out)
{
	struct form form = { 0 };
	if (!may(db, MAY_MANAGE_MEMBERS, (item_id){ 0 }))
		return E_DENIED;
	int r = check_territory(db, role, &territory);
	if (!r && s->council.n && !member_council_there(db, s->council))
		r = E_NOT_FOUND;
	if (!r)
		r = check_form(db, s, &form);
	if (!r)
		r = db_begin(db);
	if (!r) {
		int64_t id = write_member(db, s, &form, s->council, MEMBER_ACTIVE, role, territory,
		    charter_get(db, NULL));
		db_journal(db, "add", "member", id, role_name(role));
		db_wrote(db, TOPIC_MEMBER, id);
		*out = (member_id){ id };
		r = db_commit(db);
	}
	free_form(&form);
	return r;
}

/* ---- changing ---- */

int
member_set_role(struct db *db, member_id id, enum role role, const char *territory)
{
	if (!may(db, MAY_MANAGE_MEMBERS, (item_id){ 0 }))
		return E_DENIED;
	int r = check_territory(db, role, &territory);
	if (!r)
		r = db_begin(db);
	if (r)
		return r;
	if (!db_run(db, set_role, T("role", role_name(role)), T("territory", territory), I("id", id.n)))
		db_fail(db, E_NOT_FOUND);
	db_journal(db, "role", "member", id.n, role_name(role));
	db_wrote(db, TOPIC_MEMBER, id.n);
	member_told(db, id, TOLD_ROLE);
	return db_commit(db);
}

int
member_set_password(struct db *db, member_id id, const char *password)
{
	struct member member = { 0 };
	struct buf hash = { 0 };
	int r = may_manage(db, id) && id.n != MACHINE.n ? member_get(db, id, &member) : E_DENIED;
	if (!r)
		r = member_check_new_password(password, buf_text(&member.login), buf_text(&member.email));
	if (!r) {
		login_hash(&hash, password);
		r = db_begin(db);
	}
	if (!r) {
		db_run(db, set_password, T("password", buf_text(&hash)), I("id", id.n));
		db_journal(db, "password", "member", id.n, "");
		member_told(db, id, TOLD_PASSWORD);
		r = db_commit(db);
	}
	buf_wipe(&hash);
	member_free(&member);
	return r;
}

int
member_add_key(struct db *db, member_id id, const char *type, const char *blob, const char *name)
{
	struct buf clean = { 0 };
	struct member member = { 0 };
	int r = may_manage(db, id) && id.n != MACHINE.n ? member_get(db, id, &member) : E_DENIED;
	if (!r && (!key_valid(type, blob) ||
		      member_clean(&clean, name, TEXT_LINE, NAME_MAX_BYTES) == E_TOO_LONG))
		r = E_INVALID;
	if (!r)
		r = db_begin(db);
	if (!r) {
		if (db_one(db, count_keys, 0, I("member", id.n)) >= KEYS_MAX)
			db_fail(db, E_LIMIT);
		if (!db_insert(db, add_key, I("member", id.n), T("type", type), T("blob", blob),
			T("name", buf_text(&clean)), I("now", clock_now())))
			db_fail(db, E_EXISTS);
		db_journal(db, "key", "member", id.n, type);
		member_told(db, id, TOLD_KEYS);
		r = db_commit(db);
	}
	member_free(&member);
	buf_free(&clean);
	return r;
}

int
member_keys(struct db *db, member_id id, key_each each, void *ctx)
{
	int count = 0;
	if (!may_manage(db, id))
		return E_DENIED;
	struct query *q = db_query(db, keys_of, I("member", id.n));
	while (db_next(q)) {
		count++;
		if (!each(ctx, db_int(q, 0), db_text(q, 1), db_text(q, 2), db_text(q, 3), db_int(q, 4),
			db_int(q, 5))) {
			db_end(q);
			break;
		}
	}
	return count;
}

int
member_name_key(struct db *db, member_id id, int64_t key, const char *typed)
{
	struct buf name = { 0 };
	int r = may_manage(db, id) ? E_OK : E_DENIED;
	if (!r && member_clean(&name, typed, TEXT_LINE, NAME_MAX_BYTES) == E_TOO_LONG)
		r = E_TOO_LONG;
	if (!r)
		r = db_begin(db);
	if (!r) {
		if (!db_run(db, name_key, T("name", buf_text(&name)), I("id", key), I("member", id.n)))
			db_fail(db, E_NOT_FOUND);
		r = db_commit(db);
	}
	buf_free(&name);
	return r;
}

int
member_remove_key(struct db *db, member_id id, int64_t key)
{
	if (!may_manage(db, id))
		return E_DENIED;
	int r = db_begin(db);
	if (r)
		return r;
	if (!db_run(db, remove_key, I("id", key), I("member", id.n)))
		db_fail(db, E_NOT_FOUND);
	db_journal(db, "remove-key", "member", id.n, "");
	member_told(db, id, TOLD_KEYS);
	return db_commit(db);
}

int
member_set_taste(struct db *db, const char *language, const char *face)
{
	static const char *const faces[] = { "", "full", "linear" };
	member_id me = db_viewer(db);
	if (!me.n || me.n == MACHINE.n)
		return E_DENIED;
	if ((strcmp(language, "fr") != 0 && strcmp(language, "en") != 0) || position(face, faces, 3) < 0)
		return E_INVALID;
	int r = db_begin(db);
	if (r)
		return r;
	db_run(db, set_taste, T("language", language), T("face", face), I("id", me.n));
	return db_commit(db);
}

int
member_set_presence(struct db *db, bool see_here, bool takes_words)
{
	member_id me = db_viewer(db);
	if (me.n == MACHINE.n || !may(db, MAY_SEE_PEOPLE, (item_id){ 0 }))
		return E_DENIED;
	int r = db_begin(db);
	if (r)
		return r;
	db_run(db, set_presence, I("here", see_here), I("words", takes_words), I("id", me.n));
	db_wrote(db, TOPIC_MEMBER, me.n);
	return db_commit(db);
}
