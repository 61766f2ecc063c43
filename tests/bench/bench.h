/* What the parts of the bench share: what is measured, and of which server. */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include "tests/bench/caller.h"
#include "tests/bench/tree.h"

/* Each screen's bytes are followed by the same ones compressed. */
enum figure {
	PROCESSOR, RATE, PSS_50, PSS_200, PRIVATE, OWN, PROCESSES,
	P50_1, P99_1, P50_200, P99_200, P50_1000, P99_1000,
	CROWD_MEMORY, CROWD_PROCESSOR, CROWD_P50, CROWD_P99,
	HOME, HOME_ZLIB, MENU_MOVE, MENU_MOVE_ZLIB, LIST, LIST_ZLIB, LIST_MOVE, LIST_MOVE_ZLIB,
	PAGE, PAGE_ZLIB, PAGE_TEXT, PAGE_BY_TEXT, NEXT, NEXT_ZLIB, NEXT_TEXT, NEXT_BY_TEXT,
	POSTS, POSTS_P50, POSTS_P99, POSTS_LONGEST, POSTS_FEWEST, POSTS_MOST, FIGURES
};

/* Ours, and what stands beside it: sshd; SQLite where a row says so. */
enum side { OURS, THEIRS, SIDES };

/* NAN: not measured. */
extern double figures[SIDES][FIGURES];

struct server {
	struct way way;
	const char *command;
	double *figure;   /* its side of the figures */
	pid_t keeper;     /* our child, whose child the server is */
	struct tree base; /* its processes while nobody calls */
	char banner[128];
	size_t home_size; /* how its home screen ends */
	char home[12];
};

/* Says what could not be measured, ends the servers, and us. */
_Noreturn void
fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Tells whoever waits what is measured next, on standard error. */
void
tell(const struct server *s, const char *what);

/* Sorts n times, and says the one below which are `percent` of them. */
double
percentile(double *times, size_t n, int percent);

/* ---- server.c ---- */

void
server_start(struct server *s);
void
server_stop(struct server *s);

/* Waits until the callers' processes are gone. */
void
server_is_empty(const struct server *s);

/* Comes in and waits for the home screen. False: said on standard error, nothing to close. */
bool
server_call(const struct server *s, struct caller *c);

/* ---- bytes.c: what screens take on the line; learns how the home screen ends ---- */

void
measure_bytes(struct server *s);

/* ---- crowd.c: many callers ---- */

/* Log-ins, memory, keys; with `thousands` also two thousand callers, of whom two hundred type. */
void
measure_crowd(struct server *s, bool thousands);

/* ---- posts.c: many who write ---- */

/*
 * Fifty callers of a server write for some seconds, then fifty processes on `store`, a copy of its
 * store.
 */
void
measure_posts(struct server *s, const char *store, double *sqlite);

/* ---- table.c ---- */

/* Both say the figures; 0, or -1 if the file cannot be written. */
void
table_print(void);
int
table_write(const char *path, const char *version, const char *machine, const char *date,
    const char *banner);

#endif
