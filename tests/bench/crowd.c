/* Many callers: what a log-in costs, what an idle one takes, how fast a key is answered. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/bench.h"

enum {
	LOGINS = 200, /* whose processor is counted */
	STORM = 4000, /* ms of log-ins one after the other, by TWO clients at once */
	TWO = 2,
	FEW = 50,
	SOME = 200,
	MANY = 1000,
	ALL = 2000,
	TYPISTS = 200, /* of ALL */
	TYPING = 20,   /* seconds */
	BETWEEN = 500, /* ms between two keys of one of them */
	REST = 5,      /* seconds without a key before it is looked */
	KEYS = 500,
	QUIET = 300,   /* ms without a byte: the screen is whole */
	QUIET_KEY = 4, /* the same between two keys of one who types */
	LATE = 2000,   /* ms for what is not answered when the last key is typed */
};

#define DOWN "\033OB"
#define UP "\033OA"

static struct caller idle[ALL];
static int idle_count;

static void
must_call(const struct server *s, struct caller *c)
{
	if (!server_call(s, c))
		fail("a call to port %d failed", s->way.port);
}

/* One client of two; how many it managed. */
static _Noreturn void
storm(const struct server *s, int result)
{
	int count = 0;
	for (double until = caller_clock() + STORM; caller_clock() < until; count++) {
		struct caller c;
		if (!server_call(s, &c))
			_exit(1);
		caller_close(&c);
	}
	_exit(write(result, &count, sizeof count) != sizeof count);
}

static void
measure_rate(struct server *s)
{
	int ends[2], total = 0, count;
	if (pipe(ends))
		fail("pipe: %s", strerror(errno));
	pid_t clients[TWO];
	double before = caller_clock();
	for (int i = 0; i < TWO; i++)
		if (!(clients[i] = fork()))
			storm(s, ends[1]);
	for (int i = 0; i < TWO; i++)
		waitpid(clients[i], NULL, 0);
	double took = caller_clock() - before;
	close(ends[1]);
	for (int i = 0; i < TWO; i++, total += count)
		if (read(ends[0], &count, sizeof count) != sizeof count)
			fail("port %d: a client of two failed", s->way.port);
	close(ends[0]);
	s->figure[RATE] = total * 1000 / took;
	server_is_empty(s);
}

/* False: not so many come in; that is said, and how many did. */
static bool
be_idle(const struct server *s, int n)
{
	while (idle_count < n && server_call(s, &idle[idle_count]))
		idle_count++;
	if (idle_count < n)
		fprintf(stderr, "bench: port %d: %d callers came in, not %d\n", s->way.port,
		    idle_count, n);
	return idle_count == n;
}

static void
must_be_idle(const struct server *s, int n)
{
	if (!be_idle(s, n))
		fail("too few callers");
}

static void
all_hang_up(const struct server *s)
{
	while (idle_count)
		caller_close(&idle[--idle_count]);
	server_is_empty(s);
}

/* With somebody else there: the last one to leave closes the store, which is another's cost. */
static void
measure_processor(struct server *s)
{
	static struct tree one;
	must_be_idle(s, 1);
	sleep(1);
	tree_look(&one, s->keeper);
	double before = tree_processor(s->keeper);
	for (int i = 0; i < LOGINS; i++) {
		struct caller c;
		must_call(s, &c);
		caller_close(&c);
	}
	if (!tree_settles(s->keeper, one.count))
		fail("port %d: processes stay behind", s->way.port);
	s->figure[PROCESSOR] = (tree_processor(s->keeper) - before) / LOGINS;
	all_hang_up(s);
}

static struct memory
memory_now(struct server *s, int *processes)
{
	static struct tree now;
	sleep(REST);
	tree_look(&now, s->keeper);
	*processes = now.count - s->base.count;
	return tree_memory(&now, &s->base);
}

static void
measure_memory(struct server *s)
{
	int processes;
	must_be_idle(s, FEW);
	struct memory m = memory_now(s, &processes);
	s->figure[PSS_50] = m.pss / FEW;
	s->figure[PRIVATE] = m.private / FEW;
	s->figure[OWN] = m.pss_bbs / FEW;
	s->figure[PROCESSES] = (double)processes / FEW;
	must_be_idle(s, SOME);
	s->figure[PSS_200] = memory_now(s, &processes).pss / SOME;
}

/* Up and down in the list of threads, as one types: each when the last one has been answered. */
static void
measure_keys(struct server *s, enum figure p50)
{
	double took[KEYS];
	char data[65536];
	struct caller c;
	must_call(s, &c);
	caller_type(&c, "f");
	caller_listen(&c, QUIET, data, sizeof data);
	caller_type(&c, "\r");
	caller_listen(&c, QUIET, data, sizeof data);
	for (int i = 0; i < KEYS; i++)
		if ((took[i] = caller_echo(&c, i % 2 ? UP : DOWN, QUIET_KEY)) < 0)
			fail("port %d: a key is not answered", s->way.port);
	caller_close(&c);
	s->figure[p50] = percentile(took, KEYS, 50);
	s->figure[p50 + 1] = percentile(took, KEYS, 99);
}

/* ---- two thousand, of whom two hundred type ---- */

/* Keys on their way: when the oldest that is not answered yet was typed, 0 for none. */
static struct {
	double typed[TYPISTS];
	double took[TYPISTS * TYPING * 1000 / BETWEEN];
	size_t count;
} keys;

/* Takes answers until a moment. False: a line is gone. */
static bool
take_answers(double until)
{
	struct pollfd fds[TYPISTS];
	char data[8192];
	for (int i = 0; i < TYPISTS; i++)
		fds[i] = (struct pollfd){ .fd = ssh_get_fd(idle[i].ssh), .events = POLLIN };
	for (double now; (now = caller_clock()) < until;) {
		double left = until - now;
		struct timespec wait = { .tv_sec = (time_t)(left / 1e3) };
		wait.tv_nsec = (long)((left - (double)wait.tv_sec * 1e3) * 1e6);
		if (ppoll(fds, TYPISTS, &wait, NULL) < 0)
			return false;
		for (int i = 0; i < TYPISTS; i++) {
			if (!fds[i].revents)
				continue;
			int n = ssh_channel_read_nonblocking(idle[i].channel, data, sizeof data, 0);
			if (n < 0)
				return false;
			if (n && keys.typed[i]) {
				keys.took[keys.count++] = caller_clock() - keys.typed[i];
				keys.typed[i] = 0;
			}
		}
	}
	return true;
}

/* Each in the list of threads, two keys a second, everybody at another moment. */
static void
measure_typists(struct server *s)
{
	static struct tree now;
	const int all = TYPISTS * TYPING * 1000 / BETWEEN;
	for (int i = 0; i < TYPISTS; i++)
		caller_type(&idle[i], "f\r");
	if (!take_answers(caller_clock() + REST * 1e3))
		fail("port %d: a caller of %d has gone", s->way.port, ALL);
	keys.count = 0;
	double processor = tree_processor(s->keeper), start = caller_clock();
	for (int k = 0; k < all; k++) {
		int i = k % TYPISTS;
		caller_type(&idle[i], k / TYPISTS % 2 ? UP : DOWN);
		if (!keys.typed[i])
			keys.typed[i] = caller_clock();
		if (!take_answers(start + (k + 1) * (double)BETWEEN / TYPISTS))
			fail("port %d: a caller of %d has gone", s->way.port, ALL);
	}
	double took = caller_clock() - start;
	s->figure[CROWD_PROCESSOR] = (tree_processor(s->keeper) - processor) * 100 / took;
	/* Keys typed while one before them waits are answered together with it: it alone counts. */
	take_answers(caller_clock() + LATE);
	for (int i = 0; i < TYPISTS; i++)
		if (keys.typed[i])
			fail("port %d: a key is not answered", s->way.port);
	s->figure[CROWD_P50] = percentile(keys.took, keys.count, 50);
	s->figure[CROWD_P99] = percentile(keys.took, keys.count, 99);
	tree_look(&now, s->keeper);
	s->figure[CROWD_MEMORY] = tree_memory(&now, NULL).pss / 1024;
}

void
measure_crowd(struct server *s, bool thousands)
{
	tell(s, "log-ins");
	measure_processor(s);
	measure_rate(s);
	tell(s, "keys, with 1 other");
	must_be_idle(s, 1);
	measure_keys(s, P50_1);
	tell(s, "memory and keys, with up to 200");
	measure_memory(s);
	measure_keys(s, P50_200);
	tell(s, "keys, with 1000");
	if (be_idle(s, MANY)) {
		sleep(REST);
		measure_keys(s, P50_1000);
	}
	if (thousands) {
		tell(s, "2000 callers, of whom 200 type");
		if (be_idle(s, ALL))
			measure_typists(s);
	}
	tell(s, "all hang up");
	all_hang_up(s);
}
