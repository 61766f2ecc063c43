/* The figures as a table and as JSON: what each is, what is aimed at, what is said of it. */
#include <math.h>
#include <stdio.h>

#include "tests/bench/bench.h"

double figures[SIDES][FIGURES];

/* Judged by how many times it beats the other side (0: not compared), and by a limit (0: none). */
static const struct row {
	const char *key, *text, *unit;
	int decimals;
	bool more; /* is better */
	double times, limit;
} rows[FIGURES] = {
	[PROCESSOR] = { "login_cpu_ms", "processor per log-in, 1 other", "ms", 2, false, 7, 0 },
	[RATE] = { "logins_per_s", "log-ins per second, 2 clients", "", 1, true, 10, 0 },
	[PSS_50] = { "pss_50_kib", "PSS per idle caller, of 50", "KiB", 0, false, 3, 900 },
	[PSS_200] = { "pss_200_kib", "PSS per idle caller, of 200", "KiB", 0, false, 3, 900 },
	[PRIVATE] = { "private_50_kib", "of 50: private alone", "KiB", 0, false, 1, 0 },
	[OWN] = { "pss_50_bbs_kib", "of 50: in processes of bbs", "KiB", 0, false, 0, 0 },
	[PROCESSES] = { "processes", "processes per caller", "", 0, false, 1, 0 },
	[P50_1] = { "key_1_p50_ms", "key to repaint, 1 other, p50", "ms", 3, false, 1, 0 },
	[P99_1] = { "key_1_p99_ms", "p99", "ms", 3, false, 1, 0 },
	[P50_200] = { "key_200_p50_ms", "key to repaint, 200 others, p50", "ms", 3, false, 1, 0 },
	[P99_200] = { "key_200_p99_ms", "p99", "ms", 3, false, 1, 0 },
	[P50_1000] = { "key_1000_p50_ms", "key to repaint, 1000 more, p50", "ms", 3, false, 1, 0 },
	[P99_1000] = { "key_1000_p99_ms", "p99", "ms", 3, false, 1, 0 },
	[CROWD_MEMORY] = { "crowd_pss_mib", "2000, 200 type: PSS in all", "MiB", 0, false, 0, 0 },
	[CROWD_PROCESSOR] = { "crowd_cpu_percent", "processor", "% of one", 1, false, 0, 0 },
	[CROWD_P50] = { "crowd_key_p50_ms", "key to repaint, p50", "ms", 3, false, 0, 0 },
	[CROWD_P99] = { "crowd_key_p99_ms", "p99", "ms", 3, false, 0, 0 },
	[HOME] = { "home_b", "home screen", "B", 0, false, 0, 1000 },
	[HOME_ZLIB] = { "home_zlib_b", "compressed [1]", "B", 0, false, 0, 0 },
	[MENU_MOVE] = { "menu_move_b", "cursor move in the menu, largest", "B", 0, false, 0, 60 },
	[MENU_MOVE_ZLIB] = { "menu_move_zlib_b", "compressed [1]", "B", 0, false, 0, 0 },
	[LIST] = { "list_b", "list of threads", "B", 0, false, 0, 0 },
	[LIST_ZLIB] = { "list_zlib_b", "compressed [1]", "B", 0, false, 0, 0 },
	[LIST_MOVE] = { "list_move_b", "cursor move in the list, largest", "B", 0, false, 0, 60 },
	[LIST_MOVE_ZLIB] = { "list_move_zlib_b", "compressed [1]", "B", 0, false, 0, 0 },
	[PAGE] = { "page_b", "thread opened", "B", 0, false, 0, 0 },
	[PAGE_ZLIB] = { "page_zlib_b", "compressed [1]", "B", 0, false, 0, 0 },
	[PAGE_TEXT] = { "page_text_b", "the screen's text [2]", "B", 0, false, 0, 0 },
	[PAGE_BY_TEXT] = { "page_by_text", "bytes by text", "", 2, false, 0, 1.2 },
	[NEXT] = { "next_page_b", "the thread's next page", "B", 0, false, 0, 0 },
	[NEXT_ZLIB] = { "next_page_zlib_b", "compressed [1]", "B", 0, false, 0, 0 },
	[NEXT_TEXT] = { "next_page_text_b", "the screen's text [2]", "B", 0, false, 0, 0 },
	[NEXT_BY_TEXT] = { "next_page_by_text", "bytes by text", "", 2, false, 0, 1.2 },
	[POSTS] = { "posts_per_s", "posts per second, 50 callers [3]", "", 0, true, 0.8, 0 },
	[POSTS_P50] = { "post_p50_ms", "a post's wait, p50", "ms", 1, false, 0, 0 },
	[POSTS_P99] = { "post_p99_ms", "p99", "ms", 1, false, 0, 0 },
	[POSTS_LONGEST] = { "post_longest_ms", "longest", "ms", 0, false, 0, 1000 },
	[POSTS_FEWEST] = { "posts_fewest", "posts of the caller with fewest", "", 0, true, 0, 0 },
	[POSTS_MOST] = { "posts_most", "with most", "", 0, false, 0, 0 },
};

static const char notes[] =
    "Crowd: each of the 200 types two keys a second in the list of threads, for 20 seconds; PSS of\n"
    "    all processes of the server, after that.\n"
    "Bytes: the server's payload, not yet encrypted, that makes the screen out of the one before;\n"
    "    80 x 24, xterm-256color, in colour, French, first and last line included.\n"
    "[1] The same by zlib@openssh.com: what the caller's inflate takes in, not yet padded or\n"
    "    encrypted: all of ssh's messages that come with the screen, with their heads of 9 bytes.\n"
    "[2] As UTF-8: its lines without blanks at their ends, one byte between two.\n"
    "[3] Replies of one line in the face of lines (ssh -T), each caller connected, in a discussion\n"
    "    of his own. A wait is from typing to the sentence that the reply is there: it is synced.\n"
    "    SQLite: 50 processes with the statements that a reply writes, prepared once, and no more;\n"
    "    WAL, synchronous=FULL, queueing for a lock of the same kind.\n";

/* How many times better we are; NAN where one was not measured. */
static double
times(enum figure f)
{
	double ours = figures[OURS][f], theirs = figures[THEIRS][f];
	return rows[f].more ? ours / theirs : theirs / ours;
}

static const char *
verdict(enum figure f)
{
	const struct row *r = &rows[f];
	if (isnan(figures[OURS][f]))
		return "not run";
	if (r->times && isnan(times(f)))
		return "not compared";
	if (r->times >= 1 && times(f) < 1)
		return "LOSES";
	if ((r->times && times(f) < r->times) || (r->limit && figures[OURS][f] > r->limit))
		return "short of the aim";
	return r->times || r->limit ? "reached" : "";
}

/* A figure as the table has it. */
static const char *
spell(char *out, size_t size, enum side side, enum figure f)
{
	if (isnan(figures[side][f]))
		return "not run";
	snprintf(out, size, "%.*f", rows[f].decimals, figures[side][f]);
	return out;
}

static void
print_row(enum figure f)
{
	const struct row *r = &rows[f];
	char text[64], by[32] = "", aim[64] = "", ours[32], theirs[32];
	snprintf(text, sizeof text, "%s%s%s", r->text, *r->unit ? ", " : "", r->unit);
	if (r->times && !isnan(times(f)))
		snprintf(by, sizeof by, "%.2f", times(f));
	if (r->times && r->limit)
		snprintf(aim, sizeof aim, "%g times, <= %g", r->times, r->limit);
	else if (r->times)
		snprintf(aim, sizeof aim, "%g times", r->times);
	else if (r->limit)
		snprintf(aim, sizeof aim, "<= %g", r->limit);
	printf("%-38s %10s %10s %8s  %-18s %s\n", text, spell(ours, sizeof ours, OURS, f),
	    spell(theirs, sizeof theirs, THEIRS, f), by, aim, verdict(f));
}

void
table_print(void)
{
	for (enum figure f = 0; f < FIGURES; f++) {
		if (!f || f == POSTS)
			printf("\n%-38s %10s %10s %8s  %s\n", "", "Palabre",
			    f < POSTS ? "sshd" : "SQLite", "times", "aim");
		print_row(f);
	}
	printf("\n%s", notes);
}

static void
write_number(FILE *out, const char *name, double n)
{
	if (isnan(n))
		fprintf(out, "\"%s\": null, ", name);
	else
		fprintf(out, "\"%s\": %.3f, ", name, n);
}

int
table_write(const char *path, const char *version, const char *machine, const char *date,
    const char *banner)
{
	FILE *out = fopen(path, "w");
	if (!out)
		return -1;
	fprintf(out,
	    "{\n\t\"date\": \"%s\",\n\t\"machine\": \"%s\",\n\t\"palabre\": \"%s\",\n"
	    "\t\"sshd\": \"%s\",\n\t\"client\": \"libssh %s\",\n\t\"figures\": {\n",
	    date, machine, version, banner, ssh_version(0));
	for (enum figure f = 0; f < FIGURES; f++) {
		const struct row *r = &rows[f];
		fprintf(out, "\t\t\"%s\": { ", r->key);
		write_number(out, "palabre", figures[OURS][f]);
		write_number(out, f < POSTS ? "sshd" : "sqlite", figures[THEIRS][f]);
		if (r->times) {
			write_number(out, "times", times(f));
			write_number(out, "aim_times", r->times);
		}
		if (r->limit)
			write_number(out, "aim_limit", r->limit);
		fprintf(out, "\"verdict\": \"%s\" }%s\n", verdict(f), f + 1 < FIGURES ? "," : "");
	}
	fprintf(out, "\t}\n}\n");
	return fclose(out);
}
