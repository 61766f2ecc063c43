/* The jobs: their table, and the process that looks at it once a minute. What each does stands in db/. */
#include "bbs/jobs.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/fence.h"
#include "bbs/preview.h"
#include "bbs/relay.h"
#include "db/file.h"
#include "db/machine.h"
#include "db/member.h"

enum {
	LOOK_MS = 60 * 1000,
	HOLD = 10 * 60,       /* seconds after which a job that somebody took is anybody's again */
	SOON_MS = 30,
	MUCH = 250,           /* pages of the log in that time */
};

static int broker = -1; /* its door */

static int
look_into_files(struct db *db)
{
	return preview_job(db, broker);
}

/* In the order in which they run. `period` in seconds; 0: at each look, and nobody need take it. */
static const struct job {
	const char *name;
	int period;
	int (*run)(struct db *db);
} table[] = {
	{ "candidates", 0, candidate_remind },
	{ "sweep", 24 * 3600, job_sweep },
	{ "files", 3600, file_sweep },
	{ "texts", 0, look_into_files },
	{ "checkpoint", 0, db_checkpoint },
};
enum { JOBS = sizeof table / sizeof *table };

/* Runs it if `period` is over: what it did, or an answer. */
static int
run(struct db *db, const struct job *job, int period)
{
	int r = job->period ? job_take(db, job->name, period, HOLD) : E_OK;
	if (r)
		return r;
	int done = job->run(db);
	if (job->period)
		r = job_end(db, job->name);
	return r && done >= 0 ? r : done;
}

void
jobs_once(struct db *db, int door, void (*told)(void *ctx, const char *name, int answer), void *ctx)
{
	broker = door;
	for (int i = 0; i < JOBS; i++)
		told(ctx, table[i].name, run(db, &table[i], 0));
}

/* ---- the process ---- */

/* One process. */
static struct {
	struct db *db;
	int door, relay, bans;
	struct ban_network told[BAN_NETWORKS], now[BAN_NETWORKS];
	int told_count;      /* -1: nothing yet */
	int put_away;        /* pages of the log */
	int answers[JOBS];   /* of each job's last run */
} jobs = { .relay = -1, .told_count = -1 };

static void
leave_relay(void)
{
	if (jobs.relay >= 0)
		close(jobs.relay);
	jobs.relay = -1;
}

/* A relay that fell is joined again when there is something to tell, and at each look. */
static void
join_relay(void)
{
	if (jobs.relay >= 0)
		return;
	jobs.relay = relay_join_door(jobs.door);
	if (jobs.relay >= 0 && relay_listen(jobs.relay, (struct relay_topic[]){ { TOPIC_BAN, 0 }, { TOPIC_LOG, 0 } }, 2))
		leave_relay();
}

static void
tell_relay(void *ctx, enum topic topic, int64_t id)
{
	(void)ctx;
	join_relay();
	if (jobs.relay < 0 || !relay_wrote(jobs.relay, topic, id))
		return;
	leave_relay();
	join_relay();
	if (jobs.relay >= 0)
		relay_wrote(jobs.relay, topic, id);
}

/* serve reads no store: it is told who is shut out. What it does not take now is told at the next look. */
static void
tell_bans(void)
{
	int n = ban_networks(jobs.db, jobs.now, BAN_NETWORKS);
	size_t size = (size_t)n * sizeof *jobs.now;
	if (n == jobs.told_count && !memcmp(jobs.now, jobs.told, size))
		return;
	if (send(jobs.bans, n ? (const char *)jobs.now : "", n ? size : 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return;
	memcpy(jobs.told, jobs.now, size);
	jobs.told_count = n;
}

static void
look(void)
{
	for (int i = 0; i < JOBS; i++) {
		int done = run(jobs.db, &table[i], table[i].period);
		/* The same trouble is told once, though it may last for days. */
		if (done < 0 && done != E_DONE && done != jobs.answers[i])
			log_line(LOG_TROUBLE, "%s: answer %d; tried again each minute", table[i].name, done);
		else if (done > 0)
			log_line(LOG_DETAIL, "%s: %d", table[i].name, done);
		jobs.answers[i] = done;
	}
}

/* Puts the log away; is it growing so that the relay's nudges are too far between? What troubles it is told by the look,
 * which tries it again. */
static bool
put_log_away(void)
{
	int before = jobs.put_away;
	jobs.put_away = db_checkpoint(jobs.db);
	return jobs.put_away >= MUCH && (jobs.put_away < before || jobs.put_away >= before + MUCH);
}

/* Until the next look; who is shut out is told as soon as it changes, and the log put away as soon as it is long. */
static void
wait_and_listen(void)
{
	int64_t until = clock_ticks() + LOOK_MS, now;
	bool soon = false;
	while ((now = clock_ticks()) < until) {
		struct pollfd p = { jobs.relay, POLLIN, 0 };
		if (!soon) {
			db_rest(jobs.db);
			mem_give_back();
		}
		int n = poll(&p, 1, soon ? SOON_MS : (int)(until - now));
		if (n > 0 && relay_look(jobs.relay) < 0) {
			leave_relay();
			join_relay();
		}
		if (n > 0)
			tell_bans();
		soon = put_log_away();
	}
}

void
jobs_run(const struct conf *conf, int door, int bans, int brokers_door)
{
	i18n_set(conf->language);
	jobs.door = door;
	jobs.bans = bans;
	broker = brokers_door;
	/* The store and the door, as a session; no face, no network. */
	fence_session(conf->store_folder);
	int r = db_open(&jobs.db, conf->store_path, DB_EXISTING, true);
	if (r)
		die("the store cannot be opened: %d", r);
	db_set_viewer(jobs.db, MACHINE);
	db_on_write(jobs.db, tell_relay, NULL);
	for (;;) {
		join_relay();
		tell_bans();
		look();
		wait_and_listen();
	}
}
