/* What the board does by itself: the candidates' clock, whose turn a job is, the clean-up, the checkpoint. */
#include "tests/unit/people.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/sqlite.h"

enum { HOUR = 3600 };

SQL_WRITE(old_session, "INSERT INTO session (carrier, source, slot, started) VALUES ('ssh', '::1', :slot, 0)");
SQL_READ(sessions_there, "SELECT count(*) FROM session");
SQL_READ(invitations_there, "SELECT count(*) FROM invitation");
SQL_WRITE(take_invitation, "UPDATE invitation SET used_by = :id");

/* As a process that was killed and started again. */
static void
restart(void)
{
	db_close(s.db);
	assert_int_equal(db_open(&s.db, s.path, DB_EXISTING, true), E_OK);
}

/* The job at that hour of a candidate's waiting, by a new process: for how many it did something. */
static int
at_hour(double hour)
{
	restart();
	set_clock(T0 + (int64_t)(hour * HOUR));
	db_set_viewer(s.db, MACHINE);
	return candidate_remind(s.db);
}

/* The animators of the candidate's territory: of its département, region, EPCI, and of all. */
static const char *const deciders[] = { "gard", "region", "epci", "nation" };

static void
assert_told(int nudges, int urgent, int late)
{
	for (size_t i = 0; i < sizeof deciders / sizeof *deciders; i++) {
		char to[40];
		snprintf(to, sizeof to, "%s@example.org", deciders[i]);
		assert_int_equal(mails("nudge", to, "Chantal Roux"), nudges);
		assert_int_equal(mails("urgent", to, "Chantal Roux"), urgent);
	}
	assert_int_equal(mails("nudge", "", ""), 4 * nudges);
	assert_int_equal(mails("urgent", "", ""), 4 * urgent);
	assert_int_equal(mails("late", "cecile@example.org", "Chantal"), late);
	assert_int_equal(mails("late", "", ""), late);
}

static void
the_clock(void **state)
{
	(void)state;
	member_id id = join("cecile", s.nimes);
	assert_int_equal(at_hour(0), 0);
	assert_int_equal(at_hour(35.9), 0);
	assert_told(0, 0, 0);
	assert_int_equal(at_hour(36), 1);
	assert_told(1, 0, 0);
	for (double hour = 36; hour < 48; hour += 0.5)
		assert_int_equal(at_hour(hour), 0);
	assert_told(1, 0, 0);
	assert_int_equal(at_hour(48), 1);
	assert_told(1, 1, 1);
	for (double hour = 48; hour < 480; hour += 20)
		assert_int_equal(at_hour(hour), 0);
	/* A clock that goes back tells nothing again. */
	assert_int_equal(at_hour(40), 0);
	assert_told(1, 1, 1);
	assert_int_equal(acts("remind", id.n), 2);
	assert_int_equal(state_of(id), MEMBER_WAITING);
}

static void
nothing_ran_for_three_days(void **state)
{
	(void)state;
	join("cecile", s.nimes);
	/* One mail each: a reminder that is late already is not sent beside the other. */
	assert_int_equal(at_hour(72), 1);
	assert_told(0, 1, 1);
	assert_int_equal(at_hour(73), 0);
	assert_told(0, 1, 1);
	set_clock(T0);
	join("colette", s.nimes);
	assert_int_equal(at_hour(40), 1);
	assert_int_equal(at_hour(112), 1);
	assert_int_equal(at_hour(113), 0);
	assert_int_equal(mails("late", "colette@example.org", ""), 1);
}

static void
who_is_decided_is_not_told(void **state)
{
	(void)state;
	enum member_state now;
	member_id id = join("cecile", s.nimes);
	set_clock(T0 + 40 * HOUR);
	as(GARD);
	assert_int_equal(candidate_yes(s.db, id, &now), E_OK);
	assert_int_equal(at_hour(41), 0);
	assert_int_equal(at_hour(80), 0);
	assert_told(0, 0, 0);
	as(SYSOP);
	assert_int_equal(candidate_remind(s.db), 0);
	as(GARD);
	assert_int_equal(candidate_remind(s.db), E_DENIED);
}

/* Many at once, by two processes: each candidate is told of once. */
static void
two_at_once(void **state)
{
	(void)state;
	enum { MANY = 130 };
	char login[20];
	for (int i = 0; i < MANY; i++) {
		snprintf(login, sizeof login, "late%d", i);
		join(login, s.trelaze);
	}
	set_clock(T0 + 50 * HOUR);
	db_close(s.db);
	pid_t pid = fork();
	assert_int_equal(db_open(&s.db, s.path, DB_EXISTING, true), E_OK);
	db_set_viewer(s.db, MACHINE);
	int count = candidate_remind(s.db);
	if (!pid)
		_exit(count < 0);
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_true(count >= 0);
	for (int i = 0; i < MANY; i++) {
		snprintf(login, sizeof login, "late%d@example.org", i);
		assert_int_equal(mails("late", login, ""), 1);
	}
	assert_int_equal(candidate_remind(s.db), 0);
}

static void
whose_turn(void **state)
{
	(void)state;
	as(ALBA);
	assert_int_equal(job_take(s.db, "sweep", DAY, 600), E_DENIED);
	db_set_viewer(s.db, MACHINE);
	assert_int_equal(job_take(s.db, "sweep", DAY, 600), E_OK);
	assert_int_equal(job_take(s.db, "sweep", DAY, 600), E_DONE);
	assert_int_equal(job_take(s.db, "sweep", 0, 600), E_DONE);
	assert_int_equal(job_take(s.db, "other", DAY, 600), E_OK);
	/* Whoever had it fell: it is free when the time that he took is over. */
	restart();
	db_set_viewer(s.db, MACHINE);
	set_clock(T0 + 599);
	assert_int_equal(job_take(s.db, "sweep", DAY, 600), E_DONE);
	set_clock(T0 + 600);
	assert_int_equal(job_take(s.db, "sweep", DAY, 600), E_OK);
	assert_int_equal(job_end(s.db, "sweep"), E_OK);
	assert_int_equal(job_take(s.db, "sweep", DAY, 600), E_DONE);
	set_clock(T0 + 600 + DAY);
	assert_int_equal(job_take(s.db, "sweep", DAY, 600), E_OK);
}

static void
clean_up(void **state)
{
	(void)state;
	struct buf code = { 0 };
	as(ROSA);
	assert_int_equal(invitation_new(s.db, s.nimes, &code), E_OK);
	assert_int_equal(db_begin(s.db), E_OK);
	db_run(s.db, take_invitation, I("id", s.who[ALBA].n));
	assert_int_equal(db_commit(s.db), E_OK);
	set_clock(T0 + 20 * DAY);
	assert_int_equal(invitation_new(s.db, s.nimes, &code), E_OK);
	as(VISITOR);
	assert_int_equal(session_open(s.db, "ssh", "::1"), E_OK);
	assert_int_equal(db_begin(s.db), E_OK);
	db_run(s.db, old_session, I("slot", 4000001));
	db_run(s.db, old_session, I("slot", 4000002));
	assert_int_equal(db_commit(s.db), E_OK);
	assert_int_equal(job_sweep(s.db), E_DENIED);
	db_set_viewer(s.db, MACHINE);
	assert_int_equal(job_sweep(s.db), 2);
	assert_int_equal(db_one(s.db, sessions_there, 0), 1);
	assert_int_equal(db_one(s.db, invitations_there, 0), 2);
	int64_t version = db_version(s.db);
	set_clock(T0 + 31 * DAY);
	assert_int_equal(job_sweep(s.db), 1);
	set_clock(T0 + 49 * DAY);
	assert_int_equal(job_sweep(s.db), 0);
	set_clock(T0 + 51 * DAY);
	assert_int_equal(job_sweep(s.db), 1);
	assert_int_equal(job_sweep(s.db), 0);
	assert_int_equal(db_one(s.db, invitations_there, 1), 0);
	assert_int_equal(db_version(s.db), version);
	buf_free(&code);
}

static int64_t
log_size(void)
{
	char path[120];
	struct stat status;
	snprintf(path, sizeof path, "%s-wal", s.path);
	return stat(path, &status) ? -1 : status.st_size;
}

static void
the_log_is_made_short(void **state)
{
	(void)state;
	struct buf text = { 0 };
	char place[24];
	for (int i = 0; i < 3900; i++)
		buf_fmt(&text, "Un mot de plus, le numéro %d, pour remplir.\n", i);
	db_set_viewer(s.db, MACHINE);
	assert_true(db_checkpoint(s.db) >= 0);
	/* One transaction, so that no checkpoint comes between; over the length at which it is cut. */
	as(ALBA);
	assert_int_equal(db_begin_all(s.db), E_OK);
	for (int i = 0; i < 240; i++) {
		snprintf(place, sizeof place, "board:%d", i);
		assert_int_equal(draft_keep(s.db, place, "", buf_text(&text)), E_OK);
	}
	assert_int_equal(db_commit_all(s.db), E_OK);
	assert_true(log_size() > 8000 * 4096);
	assert_int_equal(db_checkpoint(s.db), E_DENIED);
	db_set_viewer(s.db, MACHINE);
	assert_true(db_checkpoint(s.db) > 8000);
	assert_int_equal(log_size(), 0);
	buf_free(&text);
}

/* SQLite's own lock for it, held by another process: that is no trouble. */
static void
somebody_else_checkpoints(void **state)
{
	(void)state;
	enum { CHECKPOINT_LOCK = 121 };
	char name[PATH_MAX], byte;
	int ready[2];
	snprintf(name, sizeof name, "%s-shm", s.path);
	db_set_viewer(s.db, MACHINE);
	assert_true(db_checkpoint(s.db) >= 0);
	assert_int_equal(pipe(ready), 0);
	pid_t other = fork();
	if (!other) {
		alarm(10);
		struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = CHECKPOINT_LOCK,
			.l_len = 1 };
		if (fcntl(open(name, O_RDWR), F_SETLK, &lock) || write(ready[1], "!", 1) != 1)
			_exit(1);
		pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(db_checkpoint(s.db), 0);
	assert_int_equal(kill(other, SIGKILL), 0);
	assert_int_equal(waitpid(other, NULL, 0), other);
	close(ready[0]);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_clock),
		TEST(nothing_ran_for_three_days),
		TEST(who_is_decided_is_not_told),
		TEST(two_at_once),
		TEST(whose_turn),
		TEST(clean_up),
		TEST(the_log_is_made_short),
		TEST(somebody_else_checkpoints),
	};
	return cmocka_run_group_tests(tests, make_base, remove_base);
}
