/* The jobs: their table, and the process that looks at it once a minute. What each does stands in db/. */
#include "bbs/jobs.h"

#include <poll.h>
#include <unistd.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/fence.h"
#include "bbs/relay.h"

enum {
	LOOK_MS = 60 * 1000,
	HOLD = 10 * 60,       /* seconds after which a job that somebody took is anybody's again */
};

/* In the order in which they run. `period` in seconds; 0: at each look, and nobody need take it. */
static const struct job {
	const char *name;
	int period;
	int (*run)(struct db *db);
} table[] = {
	{ "candidates", 0, candidate_remind },
	{ "sweep", 24 * 3600, job_sweep },
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
jobs_once(struct db *db, void (*told)(void *ctx, const char *name, int answer), void *ctx)
{
	for (int i = 0; i < JOBS; i++)
		told(ctx, table[i].name, run(db, &table[i], 0));
}

/* ---- the process ---- */

struct nudge {
	int door, relay;
};

/* A relay that fell is joined again when there is something to tell. */
static void
tell_relay(void *ctx, enum topic topic, int64_t id)
{
	struct nudge *n = ctx;
	if (n->relay >= 0 && !relay_wrote(n->relay, topic, id))
		return;
	if (n->relay >= 0)
		close(n->relay);
	n->relay = relay_join_door(n->door);
	if (n->relay >= 0)
		relay_wrote(n->relay, topic, id);
}

static void
look(struct db *db)
{
	for (int i = 0; i < JOBS; i++) {
		int done = run(db, &table[i], table[i].period);
		if (done < 0 && done != E_DONE)
			log_line(LOG_TROUBLE, "%s: answer %d; tried again in a minute", table[i].name, done);
		else if (done > 0)
			log_line(LOG_DETAIL, "%s: %d", table[i].name, done);
	}
	db_rest(db);
	mem_give_back();
}

void
jobs_run(const struct conf *conf, int door)
{
	struct db *db;
	struct nudge nudge = { .door = door, .relay = -1 };
	i18n_set(conf->language);
	/* The store and the door, as a session; no face, no network. */
	fence_session(conf->store_folder);
	int r = db_open(&db, conf->store_path, DB_EXISTING, true);
	if (r)
		die("the store cannot be opened: %d", r);
	db_set_viewer(db, MACHINE);
	db_on_write(db, tell_relay, &nudge);
	for (;;) {
		look(db);
		poll(NULL, 0, LOOK_MS);
	}
}
