/*
 * Who is shut out, and until when: addresses and networks, which serve refuses before anything is read
 * of them, and members by name, who are told so when they log in. What serve counts by itself (failed
 * log-ins) is not here.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "db/member.h"
#include "db/people.h"

/* The widest networks that one may shut out: a slip of the pen is not to keep everybody away. */
enum { IPV4_BITS_MIN = 16, IPV6_BITS_MIN = 32, IPV6_BITS_MAX = 64, MAPPED = 96 };

#define BAN_ROW "SELECT b.id, b.kind, b.what, coalesce(m.name, ''), b.until, b.reason," \
	" coalesce(a.name, ''), b.created FROM ban b LEFT JOIN member a ON a.id = b.author" \
	" LEFT JOIN member m ON b.kind = 'login' AND m.login = b.what "
SQL_LIST(bans_down, BAN_ROW "WHERE b.id < :from ORDER BY b.id DESC LIMIT :n");
SQL_LIST(bans_up, BAN_ROW "WHERE b.id > :from ORDER BY b.id LIMIT :n");
SQL_READ(find_ban, "SELECT id FROM ban WHERE kind = :kind AND what = :what");
SQL_READ(ban_there, "SELECT id, kind, what FROM ban WHERE id = :id");
SQL_READ(ban_of_member, "SELECT b.until, b.reason FROM member m JOIN ban b ON b.kind = 'login'"
    " AND b.what = m.login WHERE m.id = :id AND b.until > :now");
SQL_READ(banned_sources, "SELECT what, until FROM ban WHERE kind = 'source' AND until > :now"
    " ORDER BY id DESC LIMIT :n");
SQL_READ(person_by_name, "SELECT id, login, role FROM member WHERE (login = :name OR email = :name)"
    " AND id > 1");
SQL_READ(id_of_login, "SELECT id FROM member WHERE login = :login");
SQL_WRITE(put_ban, "INSERT INTO ban (kind, what, until, reason, author, created)"
    " VALUES (:kind, :what, :until, :reason, :author, :now) ON CONFLICT (kind, what) DO UPDATE"
    " SET until = excluded.until, reason = excluded.reason, author = excluded.author,"
    " created = excluded.created RETURNING id");
SQL_WRITE(drop_ban, "DELETE FROM ban WHERE id = :id");

/* ---- addresses ---- */

bool
ban_network(const char *typed, struct ban_network *out, struct buf *written)
{
	char address[INET6_ADDRSTRLEN] = "";
	size_t n = strcspn(typed, "/");
	*out = (struct ban_network){ 0 };
	if (!n || n >= sizeof address)
		return false;
	memcpy(address, typed, n);
	bool mapped = inet_pton(AF_INET, address, out->address + 12) == 1;
	if (mapped)
		memset(out->address + 10, 0xff, 2);
	else if (inet_pton(AF_INET6, address, out->address) != 1)
		return false;
	int bits = mapped ? 32 : IPV6_BITS_MAX;
	if (typed[n]) {
		char *end;
		long given = strtol(typed + n + 1, &end, 10);
		if (*end || end == typed + n + 1 || given > 128 || given < (mapped ? IPV4_BITS_MIN : IPV6_BITS_MIN) ||
		    (mapped && given > 32))
			return false;
		bits = given < bits ? (int)given : bits;
	}
	out->bits = mapped ? MAPPED + bits : bits;
	/* Nothing stands behind the bits that count. */
	for (int i = 0; i < 16; i++)
		if (out->bits < 8 * (i + 1))
			out->address[i] &= out->bits > 8 * i ? (unsigned char)(0xff00 >> (out->bits - 8 * i)) : 0;
	if (!written)
		return true;
	inet_ntop(mapped ? AF_INET : AF_INET6, out->address + (mapped ? 12 : 0), address, sizeof address);
	buf_str(written, address);
	if (!mapped || bits < 32)
		buf_fmt(written, "/%d", bits);
	return true;
}

void
ban_source(const char *address, struct buf *out)
{
	struct ban_network network;
	size_t before = out->len;
	if (!ban_network(address, &network, out))
		return;
	const char *written = out->data + before;
	if (!strncmp(written, "127.", 4) || !strcmp(written, "::/64"))
		buf_cut(out, before);
}

/* What was typed, as it is kept: its kind, NULL where it is neither an address nor a member's name. */
static const char *
kind_of(struct db *db, const char *typed, struct buf *what, member_id *member, enum role *role)
{
	struct ban_network network;
	struct buf line = { 0 }, name = { 0 };
	const char *kind = NULL;
	text_clean(&line, typed, strlen(typed), TEXT_LINE);
	if (ban_network(buf_text(&line), &network, what)) {
		kind = "source";
	} else {
		text_fold(&name, buf_text(&line));
		struct query *q = db_query(db, person_by_name, T("name", buf_text(&name)));
		while (db_next(q)) {
			kind = "login";
			*member = (member_id){ db_int(q, 0) };
			buf_cut(what, 0);
			buf_str(what, db_text(q, 1));
			*role = (enum role)role_parse(db_text(q, 2));
		}
	}
	buf_free(&line);
	buf_free(&name);
	return kind;
}

/* ---- shutting out ---- */

static bool
may_ban(struct db *db)
{
	return may(db, MAY_MANAGE_MEMBERS, (item_id){ 0 });
}

int
ban_add(struct db *db, const char *typed, int64_t until, const char *reason)
{
	struct buf what = { 0 }, clean = { 0 };
	member_id member = NOBODY;
	enum role role = ROLE_MEMBER;
	int64_t now = clock_now();
	if (!may_ban(db))
		return E_DENIED;
	const char *kind = kind_of(db, typed, &what, &member, &role);
	int r = !kind ? E_NOT_FOUND : until <= now ? E_INVALID : member_clean(&clean, reason, TEXT_LINE, TITLE_MAX);
	if (r == E_EMPTY)
		r = E_OK;
	/* A sysop is made a member before he is shut out: nobody locks out the last one by a slip. */
	if (!r && (role == ROLE_SYSOP || (member.n && member.n == db_viewer(db).n)))
		r = E_DENIED;
	if (!r)
		r = db_begin(db);
	if (!r) {
		int64_t id = db_insert(db, put_ban, T("kind", kind), T("what", buf_text(&what)),
		    I("until", until), T("reason", buf_text(&clean)), I("author", db_viewer(db).n),
		    I("now", now));
		db_journal(db, "ban", member.n ? "member" : "source", member.n ? member.n : id,
		    buf_text(&what));
		db_wrote(db, member.n ? TOPIC_MEMBER : TOPIC_BAN, member.n ? member.n : id);
		r = db_commit(db);
	}
	buf_free(&what);
	buf_free(&clean);
	return r;
}

int
ban_remove(struct db *db, int64_t id)
{
	struct buf kind = { 0 }, what = { 0 };
	if (!may_ban(db))
		return E_DENIED;
	int r = db_begin(db);
	if (r)
		return r;
	struct query *q = db_query(db, ban_there, I("id", id));
	while (db_next(q)) {
		buf_str(&kind, db_text(q, 1));
		buf_str(&what, db_text(q, 2));
	}
	bool source = !strcmp(buf_text(&kind), "source");
	int64_t about = source ? id : db_one(db, id_of_login, 0, T("login", buf_text(&what)));
	if (!db_run(db, drop_ban, I("id", id)))
		db_fail(db, E_NOT_FOUND);
	db_journal(db, "unban", source ? "source" : "member", about, buf_text(&what));
	db_wrote(db, source ? TOPIC_BAN : TOPIC_MEMBER, about);
	buf_free(&kind);
	buf_free(&what);
	return db_commit(db);
}

int64_t
ban_find(struct db *db, const char *typed)
{
	struct buf what = { 0 };
	member_id member = NOBODY;
	enum role role;
	if (!may_ban(db))
		return E_DENIED;
	const char *kind = kind_of(db, typed, &what, &member, &role);
	int64_t id = kind ? db_one(db, find_ban, 0, T("kind", kind), T("what", buf_text(&what))) : 0;
	buf_free(&what);
	return id ? id : E_NOT_FOUND;
}

/* ---- reading ---- */

int
ban_page(struct db *db, int64_t from, int direction, int n, ban_each each, void *ctx)
{
	int count = 0;
	if (!may_ban(db))
		return E_DENIED;
	int64_t edge = from ? from : direction > 0 ? INT64_MAX : 0, now = clock_now();
	struct query *q = db_query_args(db, direction > 0 ? &bans_down : &bans_up,
	    ARGS_(I("from", edge), I("n", n)));
	while (db_next(q)) {
		struct ban_row row = { .id = db_int(q, 0), .kind = db_text(q, 1), .what = db_text(q, 2),
			.name = db_text(q, 3), .until = db_int(q, 4), .reason = db_text(q, 5),
			.author = db_text(q, 6), .created = db_int(q, 7), .over = db_int(q, 4) <= now };
		count++;
		if (!each(ctx, &row)) {
			db_end(q);
			break;
		}
	}
	return count;
}

bool
ban_says(struct db *db, member_id member, struct buf *out)
{
	bool banned = false;
	struct query *q = db_query(db, ban_of_member, I("id", member.n), I("now", clock_now()));
	while (db_next(q)) {
		banned = true;
		struct buf until = { 0 };
		clock_date(&until, db_int(q, 0), NULL);
		buf_fmt(out, _("Your account is closed until %s."), buf_text(&until));
		if (*db_text(q, 1))
			buf_fmt(out, _(" The reason given: %s"), db_text(q, 1));
		buf_free(&until);
	}
	return banned;
}

int
ban_networks(struct db *db, struct ban_network *out, int max)
{
	int count = 0;
	struct query *q = db_query(db, banned_sources, I("now", clock_now()), I("n", max));
	while (db_next(q))
		if (ban_network(db_text(q, 0), &out[count], NULL))
			out[count++].until = db_int(q, 1);
	return count;
}
