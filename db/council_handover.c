/*
 * The resource person's place handed over: somebody is named, both are told, whoever was named says
 * yes or no. Until the yes the powers stay where they were, and only a name stands on the sheet:
 * nobody's address is shown before he has agreed.
 */
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "db/check.h"
#include "db/council_write.h"
#include "db/member.h"

enum { HOLDERS_MAX = 20 };

SQL_LIST(people_of_council, "SELECT id, name, role FROM member"
    " WHERE council = :council AND state = 'active' AND id > 1 ORDER BY id LIMIT :n");
SQL_READ(person_there, "SELECT name, email, mobile, role FROM member"
    " WHERE id = :id AND council = :council AND state = 'active'");
SQL_READ(holders, "SELECT id FROM member WHERE council = :council AND state = 'active'"
    " AND role = 'resource' AND id <> :but ORDER BY id LIMIT :n");
SQL_READ(last_version, "SELECT coalesce(max(version), 0) FROM council_version_v WHERE council = :council");
SQL_READ(get_handover, "SELECT giver, coalesce(member, 0), version FROM handover"
    " WHERE council = :council AND confirmed IS NULL");
SQL_READ(asked_of_viewer, "SELECT h.council, g.name FROM handover h JOIN member g ON g.id = h.giver"
    " WHERE h.member = viewer() AND h.confirmed IS NULL ORDER BY h.council LIMIT 1");
SQL_WRITE(put_handover, "INSERT INTO handover (council, giver, member, version, created)"
    " VALUES (:council, :giver, nullif(CAST(:member AS BIGINT), 0), :version, :now)"
    " ON CONFLICT (council) DO UPDATE SET giver = excluded.giver, member = excluded.member,"
    " version = excluded.version, created = excluded.created, confirmed = NULL");
SQL_WRITE(confirm_handover, "UPDATE handover SET confirmed = :now WHERE council = :council");
SQL_WRITE(drop_handover, "DELETE FROM handover WHERE council = :council");
SQL_WRITE(take_place, "UPDATE member SET role = 'resource' WHERE id = :id AND role = 'member'");
SQL_WRITE(leave_place, "UPDATE member SET role = 'member' WHERE id = :id AND role = 'resource'");
SQL_WRITE(mail_outside, "INSERT INTO outbox (created, address, kind, subject, body)"
    " VALUES (:now, :address, 'handover', :subject, :body)");

static void
set(struct buf *field, const char *s)
{
	buf_cut(field, 0);
	buf_str(field, s);
}

int
council_people(struct db *db, item_id council, council_person_each each, void *ctx)
{
	int count = 0;
	if (!may(db, MAY_SEE_PEOPLE, (item_id){ 0 }))
		return E_DENIED;
	struct query *q = db_query(db, people_of_council, I("council", council.n), I("n", COUNCIL_PEOPLE));
	while (db_next(q)) {
		count++;
		if (!each(ctx, (member_id){ db_int(q, 0) }, db_text(q, 1),
			(enum role)role_parse(db_text(q, 2)))) {
			db_end(q);
			break;
		}
	}
	return count;
}

/* ---- those who have the place ---- */

/* Members of the council with the powers of its resource person, but one; how many. */
static int
find_holders(struct db *db, item_id council, member_id but, member_id out[HOLDERS_MAX])
{
	int n = 0;
	struct query *q = db_query(db, holders, I("council", council.n), I("but", but.n), I("n", HOLDERS_MAX));
	while (db_next(q))
		out[n++] = (member_id){ db_int(q, 0) };
	return n;
}

/* Tells those who have the place that another was named. */
static void
tell_holders(struct db *db, const struct council *c, member_id new)
{
	member_id old[HOLDERS_MAX];
	int n = find_holders(db, c->id, new, old);
	for (int i = 0; i < n; i++)
		mail_to(db, old[i], "handover", N_("Another resource person for your council"),
		    N_("%s was named resource person of the council %s. As soon as that person has said yes, "
		       "you are a member like the others. Thank you for what you have done.\n"),
		    buf_text(&c->resource_name), buf_text(&c->name));
}

/* The powers go to that member, if he has no greater ones. */
static void
move_role(struct db *db, item_id council, member_id to)
{
	member_id old[HOLDERS_MAX];
	int n = find_holders(db, council, to, old);
	for (int i = 0; i < n; i++) {
		db_run(db, leave_place, I("id", old[i].n));
		db_journal(db, "role", "member", old[i].n, role_name(ROLE_MEMBER));
		db_wrote(db, TOPIC_MEMBER, old[i].n);
	}
	if (db_run(db, take_place, I("id", to.n)) > 0)
		db_journal(db, "role", "member", to.n, role_name(ROLE_RESOURCE));
	db_wrote(db, TOPIC_MEMBER, to.n);
}

/* ---- naming somebody ---- */

static void
ask_member(struct db *db, const struct council *c, member_id to)
{
	mail_to(db, to, "handover", N_("Will you be the resource person of your council?"),
	    N_("You were named resource person of the council %s. Log in and say yes or no on the first "
	       "screen: your address and your telephone are shown to members only after your yes.\n"),
	    buf_text(&c->name));
}

/* Somebody whose language is not known. */
static void
ask_outside(struct db *db, const struct council *c, const char *email)
{
	struct buf body = { 0 };
	buf_fmt(&body, _("You were named resource person of the council %s. If this is not right, please write to "
			 "your council.\n"),
	    buf_text(&c->name));
	db_run(db, mail_outside, I("now", clock_now()), T("address", email),
	    T("subject", _("Will you be the resource person of your council?")), T("body", buf_text(&body)));
	buf_free(&body);
}

/* Inside the transaction: puts somebody on the sheet; `to` NOBODY for one who is not on the board. */
static int
name_person(struct db *db, struct council *c, member_id to, const char *name, const char *email,
    const char *phone)
{
	set(&c->resource_name, name);
	set(&c->resource_email, email);
	set(&c->resource_phone, phone);
	c->resource_public = false; /* that is for the person to say */
	bool written;
	int r = council_write(db, c, MAY_HAND_OVER, "handover", &written);
	if (r)
		return r;
	db_run(db, put_handover, I("council", c->id.n), I("giver", db_viewer(db).n), I("member", to.n),
	    I("version", db_one(db, last_version, 0, I("council", c->id.n)) - written), I("now", clock_now()));
	db_journal(db, "handover", "council", c->id.n, "");
	db_wrote(db, TOPIC_COUNCIL, c->id.n);
	db_wrote(db, TOPIC_MEMBER, to.n);
	tell_holders(db, c, to);
	if (to.n)
		ask_member(db, c, to);
	else if (*email)
		ask_outside(db, c, buf_text(&c->resource_email));
	return E_OK;
}

static int
hand_over(struct db *db, item_id council, member_id to, const char *name, const char *email,
    const char *phone)
{
	struct council c = { 0 };
	struct buf own = { 0 };
	int r = db_begin(db);
	if (r)
		return r;
	if (!may(db, MAY_HAND_OVER, council))
		r = E_DENIED;
	else
		r = council_get(db, council, &c);
	if (!r && to.n) {
		struct query *q = db_query(db, person_there, I("id", to.n), I("council", council.n));
		r = db_next(q) ? E_OK : E_NOT_FOUND;
		if (!r) {
			buf_str(&own, db_text(q, 0));
			db_end(q);
		}
		name = buf_text(&own);
	}
	if (!r && !strcmp(buf_text(&c.resource_name), name) && c.resource != NOT_ASKED)
		r = E_DONE;
	if (!r)
		r = name_person(db, &c, to, name, email, phone);
	if (r)
		db_fail(db, r);
	council_free(&c);
	buf_free(&own);
	return db_commit(db);
}

int
council_hand_over(struct db *db, item_id council, member_id to)
{
	return to.n ? hand_over(db, council, to, "", "", "") : E_NOT_FOUND;
}

int
council_hand_over_outside(
    struct db *db, item_id council, const char *name, const char *email, const char *phone)
{
	struct buf clean = { 0 };
	buf_str(&clean, name);
	int r = check_line(&clean, NAME_MAX_BYTES);
	if (!r)
		r = hand_over(db, council, NOBODY, buf_text(&clean), email, phone);
	buf_free(&clean);
	return r;
}

/* ---- the answer ---- */

bool
council_asks(struct db *db, item_id *council, struct buf *giver)
{
	bool asked = false;
	struct query *q = db_query(db, asked_of_viewer);
	while (db_next(q)) {
		asked = true;
		*council = (item_id){ db_int(q, 0) };
		buf_cut(giver, 0);
		buf_str(giver, db_text(q, 1));
	}
	return asked;
}

static int
say_yes(struct db *db, struct council *c, member_id me)
{
	struct query *q = db_query(db, person_there, I("id", me.n), I("council", c->id.n));
	if (!db_next(q))
		return E_DENIED;
	set(&c->resource_name, db_text(q, 0));
	set(&c->resource_email, db_text(q, 1));
	set(&c->resource_phone, db_text(q, 2));
	db_end(q);
	int r = council_write(db, c, MAY_EDIT_COUNCIL, "handover", NULL);
	if (r)
		return r;
	db_run(db, confirm_handover, I("now", clock_now()), I("council", c->id.n));
	move_role(db, c->id, me);
	return E_OK;
}

/* The resource person on the sheet is again who it was before. */
static int
say_no(struct db *db, struct council *c, int64_t version)
{
	struct council before;
	/* Version 0, of a sheet without a history: nothing was written, nothing is put back. */
	if (version && council_version(db, c->id, version, &before))
		return E_NOT_FOUND;
	if (!version)
		return db_run(db, drop_handover, I("council", c->id.n)) < 0 ? E_BUSY : E_OK;
	set(&c->resource_name, buf_text(&before.resource_name));
	set(&c->resource_email, buf_text(&before.resource_email));
	set(&c->resource_phone, buf_text(&before.resource_phone));
	c->resource_public = before.resource_public;
	council_free(&before);
	int r = council_write(db, c, MAY_EDIT_COUNCIL, "decline", NULL);
	if (!r)
		db_run(db, drop_handover, I("council", c->id.n));
	return r;
}

static void
tell_giver(struct db *db, member_id giver, const struct council *c, const struct member *me, bool yes)
{
	if (yes)
		mail_to(db, giver, "handover", N_("Your council has its resource person"),
		    N_("%s said yes and is the resource person of the council %s.\n"), buf_text(&me->name),
		    buf_text(&c->name));
	else
		mail_to(db, giver, "handover", N_("Somebody else is needed as resource person"),
		    N_("%s said no and will not be the resource person of the council %s. The sheet says again "
		       "what it said before.\n"),
		    buf_text(&me->name), buf_text(&c->name));
}

int
council_answer(struct db *db, item_id council, bool yes)
{
	struct council c = { 0 };
	struct member me = { 0 };
	member_id viewer = db_viewer(db), giver = NOBODY;
	int64_t version = 0;
	int r = member_get(db, viewer, &me);
	if (!r)
		r = db_begin(db);
	if (r)
		return r;
	r = E_NOT_FOUND;
	struct query *q = db_query(db, get_handover, I("council", council.n));
	while (db_next(q)) {
		giver.n = db_int(q, 0);
		version = db_int(q, 2);
		r = viewer.n && db_int(q, 1) == viewer.n ? E_OK : E_NOT_FOUND;
	}
	if (!r)
		r = council_get(db, council, &c);
	if (!r)
		r = yes ? say_yes(db, &c, viewer) : say_no(db, &c, version);
	if (r)
		db_fail(db, r);
	db_journal(db, yes ? "accept" : "decline", "council", council.n, "");
	tell_giver(db, giver, &c, &me, yes);
	r = db_commit(db);
	council_free(&c);
	member_free(&me);
	return r;
}
