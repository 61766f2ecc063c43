/*
 * A member erased: what names him goes, what he wrote for others stays, by "a member who has left". His
 * row stays as a number without a name, so that threads and the journal still hold together.
 */
#include <stdio.h>
#include <string.h>

#include "db/member.h"
#include "db/people.h"
#include "db/shelf.h"

SQL_READ(get_erased, "SELECT login, role, state, coalesce(council, 0) FROM member WHERE id = :id AND id > 1"
    " AND state <> 'removed'");
SQL_READ(other_sysop, "SELECT 1 FROM member WHERE role = 'sysop' AND state = 'active' AND id > 1 AND id <> :id"
    " LIMIT 1");
/* A name that nobody can sign up under, and an address that no mail has. */
SQL_WRITE(erase_member, "UPDATE member SET login = '#' || CAST(id AS TEXT), email = '#' || CAST(id AS TEXT),"
    " family = '', given = '', name = '', sort_family = '', sort_given = '', fold = '', mobile = '', about = '',"
    " knows = '', email_new = '', email_confirmed = 0, mobile_confirmed = 0, council = NULL,"
    " role = 'member', territory = NULL, password = NULL, letter = 0, sms = 0, state = 'removed'"
    " WHERE id = :id");
/* The sheet of his council names him, where he was its resource person. */
SQL_WRITE(erase_resource, "UPDATE council SET resource_name = '', resource_email = '', resource_phone = '',"
    " resource_public = 0 WHERE id = :council AND (resource_email ="
    " (SELECT m.email FROM member m WHERE m.id = :id) OR resource_name ="
    " (SELECT m.name FROM member m WHERE m.id = :id))");
/* So does what it was before. */
SQL_WRITE(erase_versions, "UPDATE council_version SET resource_name = '', resource_email = '',"
    " resource_phone = '', resource_public = 0 WHERE council = :council AND (resource_email ="
    " (SELECT m.email FROM member m WHERE m.id = :id) OR resource_name ="
    " (SELECT m.name FROM member m WHERE m.id = :id))");
/* A sheet that he proposed and nobody has decided on. */
SQL_WRITE(erase_proposal, "UPDATE item SET state = 'binned' WHERE id = :council AND kind = 'sheet'"
    " AND state = 'draft'");
SQL_WRITE(erase_handovers, "DELETE FROM handover WHERE member = :id");
/* Whoever he named is still asked. */
SQL_WRITE(erase_givers, "UPDATE handover SET giver = 1 WHERE giver = :id");
SQL_WRITE(erase_keys, "DELETE FROM member_key WHERE member = :id");
SQL_WRITE(erase_drafts, "DELETE FROM draft WHERE member = :id");
SQL_WRITE(erase_marks, "DELETE FROM mark WHERE member = :id");
SQL_WRITE(erase_board_marks, "DELETE FROM board_mark WHERE member = :id");
SQL_WRITE(erase_seen, "DELETE FROM seen WHERE member = :id");
SQL_WRITE(erase_follows, "DELETE FROM follow WHERE member = :id");
SQL_WRITE(erase_words, "DELETE FROM member_word WHERE member = :id");
SQL_WRITE(erase_suspensions, "DELETE FROM suspension WHERE member = :id");
SQL_WRITE(erase_codes, "DELETE FROM code WHERE member = :id");
SQL_WRITE(erase_waiting, "DELETE FROM waiting WHERE candidate = :id");
SQL_WRITE(erase_approvals, "DELETE FROM approval WHERE candidate = :id");
SQL_WRITE(erase_reasons, "UPDATE approval SET reason = '' WHERE voter = :id");
SQL_WRITE(erase_precisions, "DELETE FROM precision WHERE candidate = :id");
SQL_WRITE(erase_questions, "UPDATE precision SET question = '' WHERE asker = :id");
SQL_WRITE(erase_invitations, "DELETE FROM invitation WHERE inviter = :id AND used_by IS NULL");
SQL_WRITE(erase_notices, "DELETE FROM notice WHERE member = :id");
/* Of those still open, whoever moderates needs the reason. */
SQL_WRITE(erase_reports, "UPDATE report SET reason = '' WHERE reporter = :id AND state <> 'open'");
SQL_WRITE(erase_sent, "DELETE FROM notice WHERE sender = :id AND kind = 'word'");
SQL_WRITE(erase_dailies, "DELETE FROM daily WHERE author = :id");
SQL_WRITE(erase_audiences, "DELETE FROM audience WHERE kind = 'member' AND id = :id");
SQL_WRITE(erase_mails, "DELETE FROM outbox WHERE member = :id");

static const struct statement *const erased[] = { &erase_keys, &erase_drafts, &erase_marks,
	&erase_board_marks, &erase_follows, &erase_seen,
	&erase_words, &erase_suspensions, &erase_handovers, &erase_givers, &erase_codes,
	&erase_waiting, &erase_approvals, &erase_reasons, &erase_precisions, &erase_questions,
	&erase_invitations, &erase_notices, &erase_reports, &erase_sent, &erase_dailies, &erase_audiences, &erase_mails };

/* May it be done, and was the right log-in name typed? The council he is of, in *council. */
static int
look(struct db *db, member_id id, const char *typed, item_id *council)
{
	int r = E_OK;
	if (!may_manage(db, id))
		return E_DENIED;
	struct query *q = db_query(db, get_erased, I("id", id.n));
	if (!db_next(q))
		return E_NOT_FOUND;
	struct buf login = { 0 };
	text_fold(&login, typed);
	*council = (item_id){ db_int(q, 3) };
	if (strcmp(buf_text(&login), db_text(q, 0)) != 0)
		r = E_INVALID;
	else if (!strcmp(db_text(q, 1), "sysop") && !strcmp(db_text(q, 2), "active") &&
	    !db_one(db, other_sysop, 0, I("id", id.n)))
		r = E_LOCKED;
	db_end(q);
	buf_free(&login);
	return r;
}

int
member_erase(struct db *db, member_id id, const char *typed)
{
	item_id council;
	int r = db_begin(db);
	if (r)
		return r;
	/* Inside, so that of two sysops one stays. */
	r = look(db, id, typed, &council);
	if (r) {
		db_rollback(db);
		return r;
	}
	session_end_all(db, id);
	file_forget(db, id);
	db_run(db, erase_resource, I("council", council.n), I("id", id.n));
	db_run(db, erase_versions, I("council", council.n), I("id", id.n));
	db_run(db, erase_proposal, I("council", council.n));
	db_run(db, erase_member, I("id", id.n));
	for (size_t i = 0; i < sizeof erased / sizeof erased[0]; i++)
		db_run_args(db, erased[i], ARGS_(I("id", id.n)));
	db_journal(db, "erase", "member", id.n, "");
	db_wrote(db, TOPIC_MEMBER, id.n);
	db_wrote(db, TOPIC_CANDIDATES, council.n);
	return db_commit(db);
}
