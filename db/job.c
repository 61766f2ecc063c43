/*
 * What the board does by itself: whose turn a job is, and the clean-up. Which jobs there are, and how
 * often, stands in bbs/jobs.c; what a noun needs done stands with the noun.
 */
#include "bbs/base/clock.h"
#include "db/machine.h"
#include "db/people.h"

enum { DAY = 24 * 3600, MONTH = 30 * DAY };

SQL_READ(job_waits, "SELECT 1 FROM job WHERE name = :name AND (held > :now OR ran > :before)");
SQL_WRITE(take_job, "INSERT INTO job (name, ran, held) VALUES (:name, 0, :until)"
    " ON CONFLICT (name) DO UPDATE SET held = excluded.held"
    " WHERE job.held <= :now AND job.ran <= :before");
SQL_WRITE(end_job, "UPDATE job SET ran = :now, held = 0 WHERE name = :name");
SQL_WHOLE(old_invitations, "SELECT count(*) FROM invitation WHERE created < :before AND"
    " (used_by IS NOT NULL OR expires < :now)");
SQL_WRITE(drop_invitations, "DELETE FROM invitation WHERE created < :before AND"
    " (used_by IS NOT NULL OR expires < :now)");
SQL_WHOLE(old_bans, "SELECT count(*) FROM ban WHERE until < :before");
SQL_WRITE(drop_bans, "DELETE FROM ban WHERE until < :before");
SQL_WHOLE(old_signings, "SELECT count(*) FROM signing WHERE created < :before");
SQL_WRITE(drop_signings, "DELETE FROM signing WHERE created < :before");
SQL_WHOLE(old_codes, "SELECT count(*) FROM code WHERE expires < :before");
SQL_WRITE(drop_codes, "DELETE FROM code WHERE expires < :before");
SQL_WHOLE(old_words, "SELECT count(*) FROM word_age_v WHERE created < :before");
SQL_WRITE(drop_words, "DELETE FROM notice WHERE kind = 'word' AND created < :before");
SQL_WHOLE(old_dailies, "SELECT count(*) FROM daily_age_v WHERE created < :before");
SQL_WRITE(drop_dailies, "DELETE FROM daily WHERE created < :before");

/* What goes by itself, and how long after; invitations besides. */
static const struct {
	const struct statement *old, *drop;
	int64_t kept;
} swept[] = {
	{ &old_bans, &drop_bans, MONTH },
	{ &old_signings, &drop_signings, DAY },
	{ &old_codes, &drop_codes, DAY },
	{ &old_words, &drop_words, MONTH },
	{ &old_dailies, &drop_dailies, 3 * MONTH },
};
enum { SWEPT = sizeof swept / sizeof swept[0] };

int
job_take(struct db *db, const char *name, int64_t period, int64_t hold)
{
	int64_t now = clock_now();
	if (!may(db, MAY_RUN_MACHINE, (item_id){ 0 }))
		return E_DENIED;
	/* Looked at first: what is not due costs the writers nothing. */
	if (db_one(db, job_waits, 0, T("name", name), I("now", now), I("before", now - period)))
		return E_DONE;
	int r = db_begin(db);
	if (r)
		return r;
	if (!db_run(db, take_job, T("name", name), I("until", now + hold), I("now", now),
		I("before", now - period)))
		db_fail(db, E_DONE);
	return db_commit(db);
}

int
job_end(struct db *db, const char *name)
{
	if (!may(db, MAY_RUN_MACHINE, (item_id){ 0 }))
		return E_DENIED;
	int r = db_begin(db);
	if (r)
		return r;
	db_run(db, end_job, I("now", clock_now()), T("name", name));
	return db_commit(db);
}

int
job_sweep(struct db *db)
{
	int64_t now = clock_now();
	if (!may(db, MAY_RUN_MACHINE, (item_id){ 0 }))
		return E_DENIED;
	int gone = session_sweep(db);
	/* Looked at first: where nothing is to go, nothing is written. */
	int64_t old = db_one(db, old_invitations, 0, I("before", now - MONTH), I("now", now));
	for (int i = 0; i < SWEPT; i++)
		old += db_one_args(db, swept[i].old, 0, ARGS_(I("before", now - swept[i].kept)));
	if (gone < 0 || !old)
		return gone;
	int r = db_begin(db);
	if (r)
		return r;
	gone += db_run(db, drop_invitations, I("before", now - MONTH), I("now", now));
	for (int i = 0; i < SWEPT; i++)
		gone += db_run_args(db, swept[i].drop, ARGS_(I("before", now - swept[i].kept)));
	r = db_commit(db);
	return r ? r : gone;
}
