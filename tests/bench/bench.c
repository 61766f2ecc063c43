/*
 * Measures two servers that show the same screens, one after the other, by callers on this
 * machine, and sets them side by side; then the first one's posts beside SQLite's. What they are
 * and how they are started is tests/bench/run's to say.
 *
 *	bench JSON KEY LOGIN VERSION STORE PORT COMMAND PORT COMMAND
 *
 * JSON is written, VERSION is of the first server, STORE is a copy of its store that may be written
 * to, each COMMAND goes to the shell. A table goes to standard output. Exit status 1 if something
 * could not be measured; losing is no failure, but said.
 */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/bench.h"

static struct server servers[SIDES];

void
fail(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fprintf(stderr, "bench: ");
	vfprintf(stderr, format, args);
	fprintf(stderr, "\n");
	va_end(args);
	for (int i = 0; i < SIDES; i++)
		if (servers[i].keeper > 0)
			kill(servers[i].keeper, SIGTERM);
	exit(1);
}

void
tell(const struct server *s, const char *what)
{
	static double start;
	if (!start)
		start = caller_clock();
	fprintf(stderr, "%4.0f s  %s: %s\n", (caller_clock() - start) / 1e3,
	    s == &servers[OURS] ? "Palabre" : "sshd", what);
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

double
percentile(double *times, size_t n, int percent)
{
	qsort(times, n, sizeof *times, compare);
	return times[n * (size_t)percent / 100];
}

static void
processor_name(char *name, size_t size)
{
	char line[256];
	FILE *f = fopen("/proc/cpuinfo", "r");
	snprintf(name, size, "unknown processor");
	while (f && fgets(line, sizeof line, f))
		if (!strncmp(line, "model name", 10) && strchr(line, ':')) {
			line[strcspn(line, "\n\"\\")] = '\0';
			snprintf(name, size, "%s", strchr(line, ':') + 2);
			break;
		}
	if (f)
		fclose(f);
}

/* What it ran on, and what else ran there. */
static void
describe_machine(char *out, size_t size, double load)
{
	char processor[200];
	struct utsname u;
	uname(&u);
	processor_name(processor, sizeof processor);
	snprintf(out, size, "%s, %ld processors, %.0f GiB, %s %s, load before %.1f", processor,
	    sysconf(_SC_NPROCESSORS_ONLN),
	    (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE) / (1 << 30), u.sysname,
	    u.release, load);
}

int
main(int argc, char **argv)
{
	ssh_key key;
	if (argc != 10)
		fail("JSON KEY LOGIN VERSION STORE PORT COMMAND PORT COMMAND");
	if (ssh_init() || ssh_pki_import_privkey_file(argv[2], NULL, NULL, NULL, &key))
		fail("%s is no key", argv[2]);
	signal(SIGPIPE, SIG_IGN);
	for (enum figure f = 0; f < FIGURES; f++)
		figures[OURS][f] = figures[THEIRS][f] = NAN;
	char machine[512], date[32];
	double load = 0;
	getloadavg(&load, 1);
	describe_machine(machine, sizeof machine, load);
	time_t today = time(NULL);
	strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime(&today));

	for (int i = 0; i < SIDES; i++) {
		struct server *s = &servers[i];
		s->way.port = atoi(argv[6 + 2 * i]);
		s->way.login = argv[3];
		s->way.key = key;
		s->command = argv[7 + 2 * i];
		s->figure = figures[i];
		server_start(s);
		measure_bytes(s);
		/* Two thousand callers of sshd would be ten thousand processes. */
		measure_crowd(s, i == OURS);
	}
	server_stop(&servers[THEIRS]);
	measure_posts(&servers[OURS], argv[5], figures[THEIRS]);
	server_stop(&servers[OURS]);

	printf("%s beside %s; client libssh %s\n%s\n%s\n", argv[4], servers[THEIRS].banner,
	    ssh_version(0), machine, date);
	table_print();
	if (table_write(argv[1], argv[4], machine, date, servers[THEIRS].banner))
		fail("%s: %s", argv[1], strerror(errno));
	ssh_key_free(key);
	return 0;
}
