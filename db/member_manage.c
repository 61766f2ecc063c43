/*
 * What who manages members does to one of them: suspended and let in again, moved to another council. Each
 * act is told to the member by a message, and stands in the journal. Roles, passwords and keys are member.c's.
 */
#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "db/member.h"
#include "db/people.h"

SQL_READ(state_of_member, "SELECT state, given, coalesce(council, 0) FROM member WHERE id = :id AND id > 1");
SQL_WRITE(change_state, "UPDATE member SET state = :state WHERE id = :id");
SQL_WRITE(change_council, "UPDATE member SET council = nullif(CAST(:council AS BIGINT), 0) WHERE id = :id");
SQL_WRITE(add_suspension, "INSERT INTO suspension (member, author, reason, created)"
    " VALUES (:member, :author, :reason, :now)");
SQL_WRITE(end_suspension, "UPDATE suspension SET ended = :now WHERE member = :member AND ended IS NULL");
SQL_READ(last_suspension, "SELECT s.reason, s.created, coalesce(m.name, '') FROM suspension s"
    " LEFT JOIN member m ON m.id = s.author WHERE s.member = :member AND s.ended IS NULL"
    " ORDER BY s.id DESC LIMIT 1");

struct one {
	enum member_state state;
	item_id council;
	struct buf given;
};

/* Inside the transaction; gives it up with E_NOT_FOUND where there is nobody. */
static bool
read_one(struct db *db, member_id id, struct one *out)
{
	struct query *q = db_query(db, state_of_member, I("id", id.n));
	if (!db_next(q)) {
		db_fail(db, E_NOT_FOUND);
		return false;
	}
	out->state = (enum member_state)member_state_parse(db_text(q, 0));
	buf_str(&out->given, db_text(q, 1));
	out->council = (item_id){ db_int(q, 2) };
	db_end(q);
	return true;
}

int
member_suspend(struct db *db, member_id id, const char *typed)
{
	struct buf reason = { 0 };
	struct one one = { 0 };
	int r = may(db, MAY_MANAGE_MEMBERS, (item_id){ 0 }) ? E_OK : E_DENIED;
	if (!r && id.n == db_viewer(db).n)
		r = E_INVALID;
	if (!r)
		r = member_clean(&reason, typed, TEXT_BODY, ABOUT_MAX);
	if (!r)
		r = db_begin(db);
	if (!r) {
		if (read_one(db, id, &one) && one.state != MEMBER_ACTIVE)
			db_fail(db, one.state == MEMBER_SUSPENDED ? E_DONE : E_INVALID);
		db_run(db, change_state, T("state", "suspended"), I("id", id.n));
		db_run(db, add_suspension, I("member", id.n), I("author", db_viewer(db).n),
		    T("reason", buf_text(&reason)), I("now", clock_now()));
		db_journal(db, "suspend", "member", id.n, "");
		db_wrote(db, TOPIC_MEMBER, id.n);
		mail_to(db, id, "suspended", N_("Your account is suspended"),
		    N_("Hello %s,\n\nYour account is suspended: you cannot take part for now. Nothing that you "
		       "wrote is lost. The reason given:\n\n%s\n"),
		    buf_text(&one.given), buf_text(&reason));
		r = db_commit(db);
	}
	buf_free(&reason);
	buf_free(&one.given);
	return r;
}

int
member_reinstate(struct db *db, member_id id)
{
	struct one one = { 0 };
	int r = may(db, MAY_MANAGE_MEMBERS, (item_id){ 0 }) ? db_begin(db) : E_DENIED;
	if (r)
		return r;
	if (read_one(db, id, &one) && one.state != MEMBER_SUSPENDED)
		db_fail(db, one.state == MEMBER_ACTIVE ? E_DONE : E_INVALID);
	db_run(db, change_state, T("state", "active"), I("id", id.n));
	db_run(db, end_suspension, I("now", clock_now()), I("member", id.n));
	db_journal(db, "reinstate", "member", id.n, "");
	db_wrote(db, TOPIC_MEMBER, id.n);
	mail_to(db, id, "reinstated", N_("Your account is open again"),
	    N_("Hello %s,\n\nYour account is open again. Welcome back: log in as before.\n"),
	    buf_text(&one.given));
	buf_free(&one.given);
	return db_commit(db);
}

int
member_set_council(struct db *db, member_id id, item_id council)
{
	struct one one = { 0 };
	struct council sheet = { 0 };
	int r = may(db, MAY_MANAGE_MEMBERS, (item_id){ 0 }) ? E_OK : E_DENIED;
	if (!r && council.n)
		r = council_get(db, council, &sheet);
	if (!r)
		r = db_begin(db);
	if (!r) {
		if (read_one(db, id, &one) && one.council.n == council.n)
			db_fail(db, E_DONE);
		/* Who waits, waits for those of a council. */
		if (one.state == MEMBER_WAITING && !council.n)
			db_fail(db, E_INVALID);
		db_run(db, change_council, I("council", council.n), I("id", id.n));
		if (one.state == MEMBER_WAITING) {
			/* A sheet that he proposed comes with him no more. */
			council_settle(db, one.council, id, false);
			candidate_place(db, id);
		}
		db_journal(db, "council", "member", id.n, "");
		db_wrote(db, TOPIC_MEMBER, id.n);
		db_wrote(db, TOPIC_CANDIDATES, council.n);
		if (council.n)
			mail_to(db, id, "council", N_("Your council on the board"),
			    N_("Hello %s,\n\nYou are from now on at the council %s (%s) on the board.\n"),
			    buf_text(&one.given), buf_text(&sheet.name), buf_text(&sheet.town));
		r = db_commit(db);
	}
	council_free(&sheet);
	buf_free(&one.given);
	return r;
}

bool
member_suspension(struct db *db, member_id id, struct suspension *out)
{
	*out = (struct suspension){ 0 };
	if (!may_manage(db, id))
		return false;
	struct query *q = db_query(db, last_suspension, I("member", id.n));
	if (!db_next(q))
		return false;
	buf_str(&out->reason, db_text(q, 0));
	out->since = db_int(q, 1);
	buf_str(&out->by, db_text(q, 2));
	db_end(q);
	return true;
}

void
suspension_free(struct suspension *s)
{
	buf_free(&s->reason);
	buf_free(&s->by);
	*s = (struct suspension){ 0 };
}

void
member_told(struct db *db, member_id id, enum told what)
{
	struct one one = { 0 };
	if (id.n == db_viewer(db).n || !read_one(db, id, &one))
		return;
	const char *given = buf_text(&one.given);
	switch (what) {
	case TOLD_ROLE:
		mail_to(db, id, "account", N_("Your role on the board"),
		    N_("Hello %s,\n\nYour role on the board has changed: log in to see what you can do now.\n"),
		    given);
		break;
	case TOLD_PASSWORD:
		mail_to(db, id, "account", N_("Your password"),
		    N_("Hello %s,\n\nYou were given a new password by those who keep the board. If you did not "
		       "ask for it, please write to them.\n"),
		    given);
		break;
	case TOLD_KEYS:
		mail_to(db, id, "account", N_("Your ssh keys"),
		    N_("Hello %s,\n\nThe ssh keys that open your account were changed by those who keep the "
		       "board. If you did not ask for it, please write to them.\n"),
		    given);
		break;
	}
	buf_free(&one.given);
}
