/*
 * Who may do what: one table of deeds. What a person may read is not here: that is the views' business
 * (schema/views.sql).
 */
#include <stdio.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "db/member.h"
#include "db/sqlite.h"

SQL_READ(get_person, "SELECT role, coalesce(council, 0), coalesce(territory, '') FROM member"
    " WHERE id = :id AND state = 'active' AND NOT EXISTS (SELECT 1 FROM ban b WHERE b.kind = 'login'"
    " AND b.what = member.login AND b.until > :now)");
SQL_READ(moderated, "SELECT moderates(:board)");
SQL_READ(reaches, "SELECT 1 FROM reach_v WHERE council = :council AND territory = :territory LIMIT 1");

/* About which councils a role may do a deed. */
enum {
	FREE = 1, /* about none */
	OWN = 2,  /* about his own */
	LAND = 4, /* about those of his territory */
	ALL = 8,  /* about any, and none */
};

static const unsigned char table[DEED_COUNT][ROLE_SYSOP + 1] = {
	/*                      member      resource    animator    sysop */
	[MAY_READ_BOARDS]    = { FREE | OWN, FREE | OWN, FREE | OWN, FREE | OWN },
	[MAY_POST]           = { FREE | OWN, FREE | OWN, FREE | OWN, FREE | OWN },
	[MAY_SEE_PEOPLE]     = { FREE,       FREE,       FREE,       FREE },
	[MAY_APPROVE]        = { OWN,        OWN,        OWN | LAND, ALL },
	[MAY_DECIDE]         = { 0,          OWN,        LAND,       ALL },
	[MAY_SETTLE]         = { 0,          0,          LAND,       ALL },
	[MAY_INVITE]         = { 0,          OWN,        LAND,       ALL },
	[MAY_EDIT_COUNCIL]   = { OWN,        OWN,        OWN,        ALL },
	[MAY_READ_HISTORY]   = { OWN,        OWN,        OWN | LAND, ALL },
	[MAY_HAND_OVER]      = { 0,          OWN,        LAND,       ALL },
	[MAY_ADD_COUNCIL]    = { 0,          0,          0,          ALL },
	[MAY_MANAGE_MEMBERS] = { 0,          0,          0,          ALL },
	[MAY_MANAGE_BOARDS]  = { 0,          0,          0,          ALL },
	[MAY_MODERATE]       = { 0,          0,          LAND,       ALL },
	[MAY_EDIT_CHARTER]   = { 0,          0,          FREE,       FREE },
	[MAY_READ_JOURNAL]   = { 0,          0,          0,          ALL },
	[MAY_RUN_MACHINE]    = { 0,          0,          0,          ALL },
	[MAY_GIVE_CODE]      = { 0,          0,          LAND,       ALL },
};

static bool
read_person(struct db *db, member_id id, struct person *out)
{
	*out = (struct person){ 0 };
	struct query *q = db_query(db, get_person, I("id", id.n), I("now", clock_now()));
	if (!db_next(q))
		return false;
	*out = (struct person){ .role = (enum role)role_parse(db_text(q, 0)), .council = { db_int(q, 1) } };
	snprintf(out->territory, sizeof out->territory, "%s", db_text(q, 2));
	db_end(q);
	return true;
}

bool
person_get(struct db *db, member_id id, struct person *out)
{
	int64_t snapshot = db_snapshot(db);
	if (!snapshot || snapshot != db->asked_for.snapshot || id.n != db->asked_for.id.n) {
		db->asked_for.snapshot = snapshot;
		db->asked_for.id = id;
		db->asked_for.there = read_person(db, id, &db->asked_for.person);
	}
	*out = db->asked_for.person;
	if (out->role == ROLE_SYSOP && db_plain(db) && id.n == db_viewer(db).n)
		out->role = ROLE_MEMBER;
	return db->asked_for.there;
}

bool
may_as(struct db *db, member_id member, enum deed deed, item_id council)
{
	struct person person;
	if (!person_get(db, member, &person))
		return false;
	unsigned reach = table[deed][person.role];
	if (reach & ALL)
		return true;
	if (!council.n)
		return (reach & (FREE | LAND)) || ((reach & OWN) && person.council.n);
	if ((reach & OWN) && person.council.n == council.n)
		return true;
	if (!(reach & LAND))
		return false;
	return !*person.territory ||
	    db_one(db, reaches, 0, I("council", council.n), T("territory", person.territory));
}

bool
may(struct db *db, enum deed deed, item_id council)
{
	return may_as(db, db_viewer(db), deed, council);
}

bool
may_moderate(struct db *db, board_id board)
{
	return may(db, MAY_MODERATE, (item_id){ 0 }) && db_one(db, moderated, 0, I("board", board.n));
}

bool
may_manage(struct db *db, member_id member)
{
	return (member.n && member.n == db_viewer(db).n) ||
	    may(db, MAY_MANAGE_MEMBERS, (item_id){ 0 });
}
