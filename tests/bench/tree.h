/* A process and all that descend from it: how many, their memory, their processor. */
#ifndef TESTS_BENCH_TREE_H
#define TESTS_BENCH_TREE_H

#include <stdbool.h>
#include <sys/types.h>

enum { TREE_MAX = 16384 };

/* What descends from a process, without itself, in no order. */
struct tree {
	int count;
	pid_t pids[TREE_MAX];
};

struct memory {
	double pss, private; /* KiB */
	double pss_bbs;      /* of this, processes whose name begins with "bbs" */
};

/* Looks at /proc once. What begins meanwhile may be missed. */
void
tree_look(struct tree *t, pid_t root);

/*
 * Waits until root has exactly n descendants, 20 s at the most.
 * False: it never had.
 */
bool
tree_settles(pid_t root, int n);

/*
 * Milliseconds of processor, user and system, that all descendants of root have used so far, those
 * that it has waited for included; those in steps of 10 ms.
 */
double
tree_processor(pid_t root);

/* The memory of the processes in t that are not in `without`, which may be NULL. */
struct memory
tree_memory(const struct tree *t, const struct tree *without);

#endif
