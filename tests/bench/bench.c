/*
 * Measures two servers that show the same screens, one after the other, by callers on this machine,
 *and sets them side by side. What they are and how they are started is tests/bench/run's to say.
 *
 *	bench JSON KEY LOGIN VERSION PORT COMMAND PORT COMMAND
 *
 * JSON is written, VERSION is of the first server, each COMMAND goes to the shell. A table goes to
 * standard output. Exit status 1 if something could not be measured; losing is no failure, but
 *said.
 */
#include "tests/bench/caller.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/tree.h"

enum {
	LOGINS = 200, /* whose processor is counted */
	STORM = 4000, /* ms of log-ins one after the other, by TWO clients at once */
	TWO = 2,
	FEW = 50,   /* idle, for their memory */
	MANY = 200, /* idle, while another types */
	REST = 5,   /* seconds without a key before it is looked */
	KEYS = 500,
	QUIET = 300,   /* ms without a byte: the screen is whole */
	QUIET_KEY = 4, /* the same between two keys of one who types */
	OPENING = 100, /* tries, 100 ms apart, until a server listens */
};

#define DOWN "\033OB"
#define UP "\033OA"

enum figure {
	PROCESSOR, RATE, PSS_FEW, PSS_MANY, PRIVATE, OWN, PROCESSES, P50_1, P99_1, P50_200, P99_200,
	HOME, MENU_MOVE, LIST, LIST_MOVE, FIGURES
};

/* Judged by how many times it beats the other (0: not compared), and by a limit (0: none). */
static const struct row {
	const char *key, *text, *unit;
	int decimals;
	bool more; /* is better */
	double times, limit;
} rows[FIGURES] = {
	[PROCESSOR] = { "login_cpu_ms", "processor per log-in, 1 other", "ms", 2, false, 7, 0 },
	[RATE] = { "logins_per_s", "log-ins per second, 2 clients", "", 1, true, 10, 0 },
	[PSS_FEW] = { "pss_50_kib", "PSS per idle caller, of 50", "KiB", 0, false, 3, 900 },
	[PSS_MANY] = { "pss_200_kib", "PSS per idle caller, of 200", "KiB", 0, false, 3, 900 },
	[PRIVATE] = { "private_50_kib", "of 50: private alone", "KiB", 0, false, 1, 0 },
	[OWN] = { "pss_50_bbs_kib", "of 50: in processes of bbs", "KiB", 0, false, 0, 0 },
	[PROCESSES] = { "processes", "processes per caller", "", 0, false, 1, 0 },
	[P50_1] = { "key_1_p50_ms", "key to repaint, 1 other, p50", "ms", 3, false, 1, 0 },
	[P99_1] = { "key_1_p99_ms", "p99", "ms", 3, false, 1, 0 },
	[P50_200] = { "key_200_p50_ms", "key to repaint, 200 others, p50", "ms", 3, false, 1, 0 },
	[P99_200] = { "key_200_p99_ms", "p99", "ms", 3, false, 1, 0 },
	[HOME] = { "home_b", "home screen", "B", 0, false, 0, 1000 },
	[MENU_MOVE] = { "menu_move_b", "cursor move in the menu, largest", "B", 0, false, 0, 60 },
	[LIST] = { "list_b", "list of threads", "B", 0, false, 0, 0 },
	[LIST_MOVE] = { "list_move_b", "cursor move in the list, largest", "B", 0, false, 0, 60 },
};

static struct server {
	int port;
	const char *command;
	pid_t keeper;     /* our child, whose child the server is */
	struct tree base; /* its processes while nobody calls */
	struct tail home; /* how its home screen ends */
	char banner[128];
	double figure[FIGURES];
} servers[2];

static const char *login;
static ssh_key key;
static struct caller idle[MANY];
static int idle_count;

static _Noreturn void
fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

static _Noreturn void
fail(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fprintf(stderr, "bench: ");
	vfprintf(stderr, format, args);
	fprintf(stderr, "\n");
	va_end(args);
	for (int i = 0; i < 2; i++)
		if (servers[i].keeper > 0)
			kill(servers[i].keeper, SIGTERM);
	exit(1);
}

/* ---- the servers ---- */

static pid_t kept;

static void
pass_on(int number)
{
	kill(kept, number);
}

/*
 * Stands above a server, so that whatever it leaves behind is reaped here and counted; it ends with
 * the server, and the server with us.
 */
static _Noreturn void
keep(const char *command)
{
	struct sigaction action = { .sa_handler = pass_on, .sa_flags = SA_RESTART };
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	kept = fork();
	if (!kept) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	sigaction(SIGTERM, &action, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	_exit(0);
}

static bool
listens(int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool good = fd >= 0 && !connect(fd, (struct sockaddr *)&to, sizeof to);
	if (fd >= 0)
		close(fd);
	return good;
}

static void
start(struct server *s)
{
	s->keeper = fork();
	if (s->keeper < 0)
		fail("fork: %s", strerror(errno));
	if (!s->keeper)
		keep(s->command);
	int tries = 0;
	while (!listens(s->port) && tries++ < OPENING)
		usleep(100 * 1000);
	if (tries > OPENING)
		fail("nothing listens on port %d: %s", s->port, s->command);
	/* That was a call too. */
	sleep(1);
	tree_look(&s->base, s->keeper);
}

static void
stop(struct server *s)
{
	kill(s->keeper, SIGTERM);
	waitpid(s->keeper, NULL, 0);
	s->keeper = 0;
}

/* ---- callers ---- */

static void
call(const struct server *s, struct caller *c)
{
	if (!caller_open(c, s->port, login, key))
		fail("a call to port %d failed", s->port);
}

static void
call_home(const struct server *s, struct caller *c)
{
	call(s, c);
	if (!caller_sees(c, &s->home))
		fail("port %d: the home screen does not come", s->port);
}

static void
all_are_gone(const struct server *s)
{
	if (!tree_settles(s->keeper, s->base.count))
		fail("port %d: processes stay behind", s->port);
}

static void
larger(double *most, double n)
{
	if (n > *most)
		*most = n;
}

/* ---- what is measured ---- */

/* The screens' bytes; also learns how the home screen ends. The first visit ever greets otherwise.
 */
static void
measure_bytes(struct server *s)
{
	static const char *const moves[] = { DOWN, DOWN, UP, UP };
	struct caller c;
	call(s, &c);
	snprintf(s->banner, sizeof s->banner, "%s", ssh_get_serverbanner(c.ssh));
	caller_listen(&c, QUIET, NULL);
	caller_close(&c);
	call(s, &c);
	s->figure[HOME] = (double)caller_listen(&c, QUIET, &s->home);
	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
		caller_type(&c, moves[i]);
		larger(&s->figure[MENU_MOVE], (double)caller_listen(&c, QUIET, NULL));
	}
	caller_type(&c, "f");
	caller_listen(&c, QUIET, NULL);
	caller_type(&c, "\r");
	s->figure[LIST] = (double)caller_listen(&c, QUIET, NULL);
	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
		caller_type(&c, moves[i]);
		larger(&s->figure[LIST_MOVE], (double)caller_listen(&c, QUIET, NULL));
	}
	caller_close(&c);
	if (!s->figure[HOME] || !s->figure[LIST_MOVE])
		fail("port %d shows no screens", s->port);
	all_are_gone(s);
}

/* One client of two; how many it managed. */
static _Noreturn void
storm(const struct server *s, int result)
{
	int count = 0;
	for (double until = caller_clock() + STORM; caller_clock() < until; count++) {
		struct caller c;
		if (!caller_open(&c, s->port, login, key) || !caller_sees(&c, &s->home))
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
			fail("port %d: a client of two failed", s->port);
	close(ends[0]);
	s->figure[RATE] = total * 1000 / took;
	all_are_gone(s);
}

static void
be_idle(const struct server *s, int n)
{
	while (idle_count < n)
		call_home(s, &idle[idle_count++]);
}

static void
all_hang_up(const struct server *s)
{
	while (idle_count)
		caller_close(&idle[--idle_count]);
	all_are_gone(s);
}

/* With somebody else there: the last one to leave closes the store, which is another's cost. */
static void
measure_processor(struct server *s)
{
	static struct tree one;
	be_idle(s, 1);
	sleep(1);
	tree_look(&one, s->keeper);
	double before = tree_processor(s->keeper);
	for (int i = 0; i < LOGINS; i++) {
		struct caller c;
		call_home(s, &c);
		caller_close(&c);
	}
	if (!tree_settles(s->keeper, one.count))
		fail("port %d: processes stay behind", s->port);
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
	be_idle(s, FEW);
	struct memory m = memory_now(s, &processes);
	s->figure[PSS_FEW] = m.pss / FEW;
	s->figure[PRIVATE] = m.private / FEW;
	s->figure[OWN] = m.pss_bbs / FEW;
	s->figure[PROCESSES] = (double)processes / FEW;
	be_idle(s, MANY);
	s->figure[PSS_MANY] = memory_now(s, &processes).pss / MANY;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

/* Up and down in the list of threads, as one types: each when the last one has been answered. */
static void
measure_keys(struct server *s, enum figure p50, enum figure p99)
{
	double took[KEYS];
	struct caller c;
	call_home(s, &c);
	caller_type(&c, "f");
	caller_listen(&c, QUIET, NULL);
	caller_type(&c, "\r");
	caller_listen(&c, QUIET, NULL);
	for (int i = 0; i < KEYS; i++)
		if ((took[i] = caller_echo(&c, i % 2 ? UP : DOWN, QUIET_KEY)) < 0)
			fail("port %d: a key is not answered", s->port);
	caller_close(&c);
	qsort(took, KEYS, sizeof *took, compare);
	s->figure[p50] = took[KEYS / 2];
	s->figure[p99] = took[KEYS * 99 / 100];
}

static void
measure(struct server *s)
{
	start(s);
	measure_bytes(s);
	measure_processor(s);
	measure_rate(s);
	be_idle(s, 1);
	measure_keys(s, P50_1, P99_1);
	measure_memory(s);
	measure_keys(s, P50_200, P99_200);
	all_hang_up(s);
}

/* ---- what is said of it ---- */

/* How many times better the first server is. */
static double
times(const struct row *r, double ours, double theirs)
{
	double better = r->more ? ours : theirs, worse = r->more ? theirs : ours;
	return worse > 0 ? better / worse : 0;
}

static const char *
verdict(enum figure f)
{
	const struct row *r = &rows[f];
	double ours = servers[0].figure[f], by = times(r, ours, servers[1].figure[f]);
	if (r->times && by < 1)
		return "LOSES";
	if ((r->times && by < r->times) || (r->limit && ours > r->limit))
		return "short of the aim";
	return r->times || r->limit ? "reached" : "";
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

static void
print_table(void)
{
	printf("\n%-36s %10s %10s %8s  %-20s\n", "", "Palabre", "sshd", "times", "aim");
	for (enum figure f = 0; f < FIGURES; f++) {
		const struct row *r = &rows[f];
		char text[64], by[32] = "", aim[64] = "";
		double ours = servers[0].figure[f], theirs = servers[1].figure[f];
		snprintf(text, sizeof text, "%s%s%s", r->text, *r->unit ? ", " : "", r->unit);
		if (r->times)
			snprintf(by, sizeof by, "%.2f", times(r, ours, theirs));
		if (r->times && r->limit)
			snprintf(aim, sizeof aim, "%g times, <= %g", r->times, r->limit);
		else if (r->times)
			snprintf(aim, sizeof aim, "%g times", r->times);
		else if (r->limit)
			snprintf(aim, sizeof aim, "<= %g", r->limit);
		printf("%-36s %10.*f %10.*f %8s  %-20s %s\n", text, r->decimals, ours, r->decimals,
		    theirs, by, aim, verdict(f));
	}
}

static int
write_json(const char *path, const char *version, const char *machine, const char *date)
{
	FILE *out = fopen(path, "w");
	if (!out)
		return -1;
	fprintf(out,
	    "{\n\t\"date\": \"%s\",\n\t\"machine\": \"%s\",\n\t\"palabre\": \"%s\",\n"
	    "\t\"sshd\": \"%s\",\n\t\"client\": \"libssh %s\",\n\t\"figures\": {\n",
	    date, machine, version, servers[1].banner, ssh_version(0));
	for (enum figure f = 0; f < FIGURES; f++) {
		const struct row *r = &rows[f];
		double ours = servers[0].figure[f], theirs = servers[1].figure[f];
		fprintf(
		    out, "\t\t\"%s\": { \"palabre\": %.3f, \"sshd\": %.3f", r->key, ours, theirs);
		if (r->times)
			fprintf(out, ", \"times\": %.2f, \"aim_times\": %g",
			    times(r, ours, theirs), r->times);
		if (r->limit)
			fprintf(out, ", \"aim_limit\": %g", r->limit);
		fprintf(out, ", \"verdict\": \"%s\" }%s\n", verdict(f), f + 1 < FIGURES ? "," : "");
	}
	fprintf(out, "\t}\n}\n");
	return fclose(out);
}

int
main(int argc, char **argv)
{
	if (argc != 9)
		fail("JSON KEY LOGIN VERSION PORT COMMAND PORT COMMAND");
	login = argv[3];
	if (ssh_init() || ssh_pki_import_privkey_file(argv[2], NULL, NULL, NULL, &key))
		fail("%s is no key", argv[2]);
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < 2; i++) {
		servers[i].port = atoi(argv[5 + 2 * i]);
		servers[i].command = argv[6 + 2 * i];
		measure(&servers[i]);
	}
	for (int i = 1; i >= 0; i--)
		stop(&servers[i]);

	char machine[512], processor[200], date[32];
	struct utsname u;
	uname(&u);
	processor_name(processor, sizeof processor);
	time_t now = time(NULL);
	strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	snprintf(machine, sizeof machine, "%s, %ld processors, %.0f GiB, %s %s", processor,
	    sysconf(_SC_NPROCESSORS_ONLN),
	    (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE) / (1 << 30), u.sysname,
	    u.release);
	printf("%s beside %s; client libssh %s\n%s\n%s\n", argv[4], servers[1].banner,
	    ssh_version(0), machine, date);
	print_table();
	if (write_json(argv[1], argv[4], machine, date))
		fail("%s: %s", argv[1], strerror(errno));
	ssh_key_free(key);
	return 0;
}
