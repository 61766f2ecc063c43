/* Processes as /proc tells of them. */
#include "tests/bench/tree.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct stat_line {
	pid_t parent;
	unsigned long long own, waited; /* ticks */
};

/* False: it is gone. */
static bool
read_stat(pid_t pid, struct stat_line *s)
{
	char path[64], text[1024];
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	FILE *f = fopen(path, "r");
	if (!f)
		return false;
	size_t n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = '\0';
	/* The name may hold spaces and brackets. */
	const char *after = strrchr(text, ')');
	int parent;
	unsigned long long user, system, waited_user, waited_system;
	if (!after ||
	    sscanf(after + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %llu %llu",
		&parent, &user, &system, &waited_user, &waited_system) != 5)
		return false;
	*s = (struct stat_line){ parent, user + system, waited_user + waited_system };
	return true;
}

static bool
has(const struct tree *t, pid_t pid)
{
	for (int i = 0; i < t->count; i++)
		if (t->pids[i] == pid)
			return true;
	return false;
}

void
tree_look(struct tree *t, pid_t root)
{
	static struct {
		pid_t pid, parent;
	} all[TREE_MAX];
	int count = 0;
	DIR *proc = opendir("/proc");
	struct dirent *e;
	while (proc && (e = readdir(proc)) && count < TREE_MAX) {
		struct stat_line s;
		pid_t pid = (pid_t)atoi(e->d_name);
		if (!isdigit((unsigned char)e->d_name[0]) || !read_stat(pid, &s))
			continue;
		all[count].pid = pid;
		all[count++].parent = s.parent;
	}
	if (proc)
		closedir(proc);
	t->count = 0;
	for (int from = -1; from < t->count; from++) {
		pid_t parent = from < 0 ? root : t->pids[from];
		for (int i = 0; i < count; i++)
			if (all[i].parent == parent)
				t->pids[t->count++] = all[i].pid;
	}
}

bool
tree_settles(pid_t root, int n)
{
	static struct tree now;
	for (int i = 0; i < 2000; i++) {
		tree_look(&now, root);
		if (now.count == n)
			return true;
		usleep(10 * 1000);
	}
	return false;
}

static double
milliseconds(unsigned long long ticks)
{
	return (double)ticks * 1000 / (double)sysconf(_SC_CLK_TCK);
}

/* What a process of one thread has used: by the scheduler's finer count where there is one. */
static double
own_processor(pid_t pid, const struct stat_line *s)
{
	char path[64];
	unsigned long long ns;
	snprintf(path, sizeof path, "/proc/%d/schedstat", (int)pid);
	FILE *f = fopen(path, "r");
	double ms = f && fscanf(f, "%llu", &ns) == 1 ? (double)ns / 1e6 : milliseconds(s->own);
	if (f)
		fclose(f);
	return ms;
}

double
tree_processor(pid_t root)
{
	static struct tree t;
	struct stat_line s = { 0 };
	double ms = read_stat(root, &s) ? milliseconds(s.waited) : 0;
	tree_look(&t, root);
	for (int i = 0; i < t.count; i++)
		if (read_stat(t.pids[i], &s))
			ms += own_processor(t.pids[i], &s) + milliseconds(s.waited);
	return ms;
}

static bool
is_ours(pid_t pid)
{
	char path[64], name[4] = "";
	snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(name, 1, 3, f) : 0;
	if (f)
		fclose(f);
	return n == 3 && !strcmp(name, "bbs");
}

struct memory
tree_memory(const struct tree *t, const struct tree *without)
{
	struct memory sum = { 0 };
	for (int i = 0; i < t->count; i++) {
		char path[64], line[256];
		if (without && has(without, t->pids[i]))
			continue;
		snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)t->pids[i]);
		FILE *f = fopen(path, "r");
		bool ours = is_ours(t->pids[i]);
		double kib;
		while (f && fgets(line, sizeof line, f))
			if (sscanf(line, "Pss: %lf", &kib) == 1) {
				sum.pss += kib;
				sum.pss_bbs += ours ? kib : 0;
			} else if (sscanf(line, "Private_%*[^:]: %lf", &kib) == 1) {
				sum.private += kib;
			}
		if (f)
			fclose(f);
	}
	return sum;
}
