/*
 * The listener. It accepts, counts, forks and reaps; who the caller is and what he says is the
 * business of the pair. Nothing here is opened for a caller but what its two processes inherit.
 */
#include "bbs/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "bbs/base/clock.h"
#include "bbs/base/text.h"
#include "bbs/broker.h"
#include "bbs/carrier.h"
#include "bbs/fence.h"
#include "bbs/jobs.h"
#include "bbs/listen.h"
#include "bbs/pace.h"
#include "bbs/relay.h"
#include "bbs/session.h"
#include "bbs/source.h"
#include "db/machine.h"

enum {
	LISTENERS = 2,
	TURN = 32,                /* calls taken before anything else is looked at */
	CRASH_TRIES = 10,         /* a carrier that fell counts as so many failed log-ins */
	LINGER = 30 * 1000,       /* ms that a session may outlive its carrier */
	LAST_LINGER = 660 * 1000, /* … and a carrier its session: the client may still be writing down what it got */
	STOP_WAIT = 5 * 1000,     /* ms for good-byes */
	FULL_PAUSE = 200,         /* ms without accepting when descriptors are used up */
	REFUSED_PAUSE = 60 * 1000,/* ms between two lines in the log about refused calls */
	RESIDENT_DELAY = 100,       /* ms before a fallen helper is started again; doubled each time */
	RESIDENT_DELAY_MAX = 60 * 1000,
	FIRST_LISTENER = 2,       /* polled before: signals, bans */
};

struct wire {
	const char *name;
	enum carrier_end (*carry)(const struct carrier *c);
	bool talks; /* a refused caller can be told so */
};

static const struct wire ssh_wire = { "ssh", ssh_carrier, false };
static const struct wire telnet_wire = { "telnet", telnet_carrier, true };

struct listener {
	int fd;
	const struct wire *wire;
};

struct caller {
	struct caller *next;
	pid_t carrier, session; /* 0: has ended */
	int startup;            /* hangs up when somebody is logged in; then -1 */
	struct source *source;
	const struct wire *wire;
	char address[INET6_ADDRSTRLEN];
	int64_t since;          /* ticks: when he came or, with one half ended, when that was */
	bool killed;            /* by us */
};

/* One serve, one process. */
static struct {
	struct conf *conf;
	struct listener listeners[LISTENERS];
	int listener_count;
	struct caller *callers;
	struct sources sources;
	int lock, signals, nothing; /* nothing: /dev/null */
	int door[2], relay_socket;  /* the relay's end of the door, the sessions' end */
	int broker[2];              /* the broker's end of its door, the sessions' and the jobs' end */
	int bans[2];                /* who is shut out: our end, the jobs' end, who read the store */
	struct pace *pace;          /* of wrong passwords, shared with the sessions alone */
	char fingerprint[128];
	struct buf said;            /* for standard output, once all is well */
	sigset_t mask_before;
	bool is_demo;
	int64_t stop_until;   /* 0: not stopping */
	int64_t deaf_until;   /* nobody is accepted before */
	int64_t told_refused; /* when the log was last told of refused calls */
	int refused;          /* since then */
} serve;

/* ---- children ---- */

static int
compare_ints(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/*
 * What every child begins with: its name, for the log and for ps; nothing of ours stays open but
 * standard error and the n descriptors it is to have; and the keys and hang-ups of the terminal that we
 * were started on are not for it.
 */
static void
become_child(const char *name, int *keep, size_t n)
{
	static const int not_ours[] = { SIGINT, SIGHUP, SIGTSTP };
	char full_name[16];
	snprintf(full_name, sizeof full_name, "bbs-%s", name);
	prctl(PR_SET_NAME, full_name);
	log_name(name);
	for (size_t i = 0; i < sizeof not_ours / sizeof *not_ours; i++)
		signal(not_ours[i], SIG_IGN);
	dup2(serve.nothing, STDIN_FILENO);
	dup2(serve.nothing, STDOUT_FILENO);
	qsort(keep, n, sizeof *keep, compare_ints);
	unsigned from = STDERR_FILENO + 1;
	for (size_t i = 0; i < n; i++) {
		if (from < (unsigned)keep[i])
			close_range(from, (unsigned)keep[i] - 1, 0);
		from = (unsigned)keep[i] + 1;
	}
	close_range(from, ~0u, 0);
	sigprocmask(SIG_SETMASK, &serve.mask_before, NULL);
}

static pid_t
fork_carrier(const struct caller *c, int wire, int end)
{
	pid_t pid = fork();
	if (pid)
		return pid;
	become_child(c->wire->name, (int[]){ wire, end }, 2);
	pace_leave(serve.pace);
	log_share_no_more();
	/* Its session says good-bye; then it ends by itself. */
	signal(SIGTERM, SIG_IGN);
	_exit((int)c->wire->carry(&(struct carrier){ .wire = wire, .session = end,
	    .source = c->address, .tries = serve.conf->tries, .delay = serve.conf->delay }));
}

static pid_t
fork_session(const struct caller *c, int end, int startup)
{
	pid_t pid = fork();
	if (pid)
		return pid;
	become_child("session", (int[]){ end, startup, serve.door[1], serve.broker[1] }, 4);
	session_run(&(struct session){ .carrier = end, .startup = startup, .door = serve.door[1],
	    .broker = serve.broker[1],
	    .wire = c->wire->name, .source = c->address, .fingerprint = serve.fingerprint,
	    .conf = serve.conf, .pace = serve.pace });
}

static void
run_relay(void)
{
	pace_leave(serve.pace);
	log_share_no_more();
	become_child("relay", (int[]){ serve.door[0], serve.relay_socket }, 2);
	relay_run(serve.door[0], serve.relay_socket);
}

static void
run_broker(void)
{
	pace_leave(serve.pace);
	log_share_no_more();
	become_child("broker", &serve.broker[0], 1);
	broker_run(serve.broker[0], serve.conf->store_path, true);
}

static void
run_jobs(void)
{
	pace_leave(serve.pace);
	become_child("jobs", (int[]){ serve.door[1], serve.bans[1], serve.broker[1] }, 3);
	signal(SIGPIPE, SIG_IGN);
	jobs_run(serve.conf, serve.door[1], serve.bans[1], serve.broker[1]);
}

/* Processes that are always there, started again when they fall. */
static struct resident {
	const char *name;
	void (*run)(void);
	pid_t pid;
	int64_t due;   /* ticks: not started before */
	int64_t delay; /* until the next start, should it fall */
} residents[] = {
	{ "relay", run_relay, 0, 0, RESIDENT_DELAY },
	{ "broker", run_broker, 0, 0, RESIDENT_DELAY },
	{ "jobs", run_jobs, 0, 0, RESIDENT_DELAY },
};

enum { RESIDENTS = sizeof residents / sizeof *residents };

static void
start_residents(int64_t now)
{
	for (size_t i = 0; i < RESIDENTS; i++) {
		struct resident *r = &residents[i];
		if (r->pid || now < r->due)
			continue;
		pid_t parent = getpid();
		r->pid = fork();
		if (r->pid < 0)
			log_line(LOG_TROUBLE, "cannot start the %s: %s", r->name, strerror(errno));
		if (!r->pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			if (getppid() != parent)
				_exit(1);
			r->run();
			_exit(1);
		}
		/* One that has stood for long starts anew with a short delay. */
		if (now - r->due > RESIDENT_DELAY_MAX)
			r->delay = RESIDENT_DELAY;
		r->due = now + r->delay;
		r->delay = 2 * r->delay < RESIDENT_DELAY_MAX ? 2 * r->delay : RESIDENT_DELAY_MAX;
		if (r->pid < 0)
			r->pid = 0;
	}
}

/* ---- callers ---- */

static void
take_in(int wire, struct caller *c)
{
	int pair[2], pipe_ends[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return;
	if (!pipe2(pipe_ends, O_CLOEXEC)) {
		c->carrier = fork_carrier(c, wire, pair[0]);
		c->session = c->carrier < 0 ? -1 : fork_session(c, pair[1], pipe_ends[1]);
		close(pipe_ends[1]);
		c->startup = pipe_ends[0];
	}
	close(pair[0]);
	close(pair[1]);
}

static void
call(int wire, const struct wire *kind, const struct sockaddr_storage *from, struct source *source)
{
	struct caller *c = mem_alloc(sizeof *c);
	c->wire = kind;
	c->source = source;
	c->since = clock_ticks();
	c->startup = -1;
	getnameinfo((const struct sockaddr *)from, sizeof *from, c->address, sizeof c->address, NULL, 0,
	    NI_NUMERICHOST);
	if (!strncmp(c->address, "::ffff:", 7) && strchr(c->address, '.'))
		memmove(c->address, c->address + 7, strlen(c->address + 7) + 1);
	take_in(wire, c);
	if (c->carrier > 0 && c->session > 0) {
		source_come(&serve.sources, source);
		c->next = serve.callers;
		serve.callers = c;
		log_line(LOG_DETAIL, "%s call from %s", kind->name, c->address);
		return;
	}
	log_line(LOG_TROUBLE, "cannot take the call of %s: %s", c->address, strerror(errno));
	/* A lone carrier is reaped as a stranger. */
	if (c->carrier > 0)
		kill(c->carrier, SIGKILL);
	if (c->startup >= 0)
		close(c->startup);
	free(c);
}

/* The one thing that is ever written to a stranger from here; he may not get it, nobody waits. */
static void
tell_refused(int wire, enum source_answer answer, const struct source *source)
{
	struct buf line = { 0 }, shut = { 0 };
	if (answer == SOURCE_SHUT) {
		struct buf until = { 0 };
		clock_date(&until, source_shut(&serve.sources, source), NULL);
		buf_fmt(&shut, _("No call from your address is taken until %s. %s"), buf_text(&until),
		    serve.conf->contact);
		buf_free(&until);
	}
	const char *why = answer == SOURCE_SHUT ? buf_text(&shut) :
	    answer == SOURCE_BANNED ?
	    _("Too many log-ins from your address have failed. Please call again later.") :
	    answer == SOURCE_FULL ? _("The board has too many calls at once. Please call again in a moment.") :
				    _("Too many calls come from your address. Please call again in a moment.");
	text_show(&line, why, strlen(why), CHARSET_ASCII);
	buf_str(&line, "\r\n");
	if (send(wire, line.data, line.len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		log_line(LOG_DETAIL, "a refused caller is gone already");
	buf_free(&line);
	buf_free(&shut);
}

static void
refuse(int wire, const struct wire *kind, enum source_answer answer, const struct source *source,
    int64_t now)
{
	if (kind->talks)
		tell_refused(wire, answer, source);
	serve.refused++;
	if (serve.told_refused && now - serve.told_refused < REFUSED_PAUSE)
		return;
	log_line(LOG_NOTE, "calls refused by [limits] and bans: %d", serve.refused);
	serve.told_refused = now;
	serve.refused = 0;
}

static void
take_calls(const struct listener *l)
{
	for (int i = 0; i < TURN; i++) {
		struct sockaddr_storage from = { 0 };
		socklen_t size = sizeof from;
		int64_t now = clock_ticks();
		int wire = accept4(l->fd, (struct sockaddr *)&from, &size, SOCK_CLOEXEC);
		if (wire < 0) {
			if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
				log_line(LOG_TROUBLE, "cannot accept: %s", strerror(errno));
				serve.deaf_until = now + FULL_PAUSE;
			}
			return;
		}
		struct source *source = source_of(&serve.sources, (struct sockaddr *)&from, now);
		enum source_answer answer = source_ask(&serve.sources, source, serve.conf, now);
		if (answer == SOURCE_WELCOME)
			call(wire, l->wire, &from, source);
		else
			refuse(wire, l->wire, answer, source, now);
		close(wire);
	}
}

/* Its grace time is over: somebody is logged in, or its session has ended. */
static void
came_in(struct caller *c)
{
	close(c->startup);
	c->startup = -1;
	source_in(&serve.sources, c->source);
}

static void
end(struct caller *c)
{
	c->killed = true;
	if (c->carrier)
		kill(c->carrier, SIGKILL);
	if (c->session)
		kill(c->session, SIGKILL);
}

/* By a fault of its own, not by a kill from outside. */
static bool
has_crashed(int status)
{
	return (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL && WTERMSIG(status) != SIGTERM) ||
	    (WIFEXITED(status) && WEXITSTATUS(status) == EX_SOFTWARE);
}

static void
carrier_ended(struct caller *c, int status, int64_t now)
{
	int tries = 0;
	if (has_crashed(status)) {
		log_line(LOG_TROUBLE, "the %s carrier of %s fell: status %#x", c->wire->name, c->address,
		    (unsigned)status);
		tries = CRASH_TRIES;
	} else if (WIFEXITED(status) && WEXITSTATUS(status) == CARRIER_REFUSED) {
		tries = serve.conf->tries;
	}
	if (tries && source_failed(c->source, tries, serve.conf, now))
		log_line(LOG_NOTE, "%s is shut out for %d minutes", c->address,
		    (int)((c->source->until - now) / 60000));
}

/* One of our children has ended. */
static void
ended(pid_t pid, int status, int64_t now)
{
	for (size_t i = 0; i < RESIDENTS; i++)
		if (residents[i].pid == pid) {
			/* Who ends us by our group ends them too. */
			if (!serve.stop_until || has_crashed(status))
				log_line(LOG_TROUBLE, "the %s fell: status %#x", residents[i].name,
				    (unsigned)status);
			residents[i].pid = 0;
			return;
		}
	struct caller **place = &serve.callers, *c;
	while ((c = *place) && c->carrier != pid && c->session != pid)
		place = &c->next;
	if (!c)
		return;
	c->since = now;
	if (pid == c->carrier) {
		carrier_ended(c, status, now);
		c->carrier = 0;
	} else {
		if (!c->killed && (!WIFEXITED(status) || WEXITSTATUS(status)))
			log_line(LOG_TROUBLE, "the session of %s fell: status %#x", c->address,
			    (unsigned)status);
		c->session = 0;
	}
	if (c->carrier || c->session)
		return;
	if (c->startup >= 0)
		came_in(c);
	source_gone(c->source);
	*place = c->next;
	free(c);
}

static void
reap(void)
{
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		ended(pid, status, clock_ticks());
}

/* When this caller's time is over: that to log in, or that of a half alone; -1: he may stay. */
static int64_t
ends_at(const struct caller *c)
{
	if (c->killed)
		return -1;
	if (!c->carrier || !c->session)
		return c->since + (c->carrier ? LAST_LINGER : LINGER);
	if (c->startup >= 0 && serve.conf->grace)
		return c->since + (int64_t)serve.conf->grace * 1000;
	return -1;
}

static void
end_overdue(int64_t now)
{
	for (struct caller *c = serve.callers; c; c = c->next) {
		int64_t at = ends_at(c);
		if (at < 0 || now < at)
			continue;
		if (c->carrier && c->session)
			log_line(LOG_NOTE, "%s did not log in within %d seconds", c->address,
			    serve.conf->grace);
		else
			log_line(LOG_TROUBLE, "half of the pair of %s would not end", c->address);
		end(c);
	}
}

/* ---- the loop ---- */

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* Milliseconds until something is due; -1: nothing is. */
static int
wait_time(int64_t now)
{
	int64_t next = -1;
	for (struct caller *c = serve.callers; c; c = c->next)
		next = sooner(next, ends_at(c));
	for (size_t i = 0; i < RESIDENTS; i++)
		if (!residents[i].pid)
			next = sooner(next, residents[i].due);
	if (serve.deaf_until > now)
		next = sooner(next, serve.deaf_until);
	if (serve.stop_until)
		next = sooner(next, serve.stop_until);
	return next < 0 ? -1 : next < now ? 0 : (int)(next - now);
}

static void
close_listeners(void)
{
	for (int i = 0; i < serve.listener_count; i++)
		close(serve.listeners[i].fd);
	serve.listener_count = 0;
}

/* Nobody new comes in; who is still at the door goes, who is in is told. */
static void
stop(int64_t now)
{
	if (serve.stop_until)
		return;
	log_line(LOG_NOTE, "stopping");
	serve.stop_until = now + STOP_WAIT;
	close_listeners();
	for (struct caller *c = serve.callers; c; c = c->next) {
		if (c->startup >= 0)
			end(c);
		else if (c->session)
			kill(c->session, SIGTERM);
	}
}

static void
take_signals(int64_t now)
{
	struct signalfd_siginfo info;
	while (read(serve.signals, &info, sizeof info) == sizeof info)
		if (info.ssi_signo != SIGCHLD)
			stop(now);
	reap();
}

/* The jobs say who is shut out from now on: all of it each time, of which the last counts. */
static void
take_bans(void)
{
	struct sources *all = &serve.sources;
	static struct ban_network shut[BAN_NETWORKS];
	ssize_t n;
	while ((n = recv(serve.bans[0], shut, sizeof shut, MSG_DONTWAIT)) >= 0) {
		/* An empty list is one byte: an empty message would read as an end. */
		all->shut_count = (int)((size_t)n / sizeof *shut);
		memcpy(all->shut, shut, (size_t)all->shut_count * sizeof *shut);
	}
}

static void
loop(void)
{
	size_t room = 64;
	struct pollfd *polled = mem_alloc(room * sizeof *polled);
	while (!serve.stop_until || (serve.callers && clock_ticks() < serve.stop_until)) {
		int64_t now = clock_ticks();
		if (!serve.stop_until)
			start_residents(now);
		size_t n = FIRST_LISTENER + (size_t)serve.listener_count + (size_t)serve.sources.waiting;
		if (n > room) {
			room = 2 * n;
			polled = mem_resize(polled, room * sizeof *polled);
		}
		polled[0] = (struct pollfd){ serve.signals, POLLIN, 0 };
		polled[1] = (struct pollfd){ serve.bans[0], POLLIN, 0 };
		n = FIRST_LISTENER;
		for (int i = 0; i < serve.listener_count; i++, n++)
			polled[n] = (struct pollfd){ now < serve.deaf_until ? -1 : serve.listeners[i].fd,
				POLLIN, 0 };
		for (struct caller *c = serve.callers; c; c = c->next)
			if (c->startup >= 0)
				polled[n++] = (struct pollfd){ c->startup, POLLIN, 0 };
		if (poll(polled, n, wait_time(now)) < 0 && errno != EINTR)
			die("poll: %s", strerror(errno));
		/* First who came in: the list is still in the order that it was polled in. */
		size_t at = FIRST_LISTENER + (size_t)serve.listener_count;
		for (struct caller *c = serve.callers; c; c = c->next)
			if (c->startup >= 0 && polled[at++].revents)
				came_in(c);
		if (polled[1].revents)
			take_bans();
		int listeners = serve.listener_count;
		for (int i = 0; i < listeners; i++)
			if (polled[FIRST_LISTENER + i].revents)
				take_calls(&serve.listeners[i]);
		if (polled[0].revents)
			take_signals(clock_ticks());
		end_overdue(clock_ticks());
	}
	free(polled);
}

/* ---- the start ---- */

/* Listens where the setting says, a demonstration on loopback only, and says so. 0, or -1 said. */
static int
listen_for(const struct wire *wire, const char *setting, int *port)
{
	char where[300];
	int fd = listen_on(setting, serve.is_demo, port, where, sizeof where);
	if (*port < 0) {
		*port = 0;
		return 0;
	}
	if (fd < 0) {
		fprintf(stderr, errno == EADDRINUSE ?
			_("%s cannot listen on %s: another program listens there already. Stop it, or "
			  "choose another port in bbs.conf.\n") :
			_("%s cannot listen on %s: this machine says \"%s\".\n"),
		    wire->name, where, strerror(errno));
		return -1;
	}
	serve.listeners[serve.listener_count++] = (struct listener){ fd, wire };
	buf_fmt(&serve.said, _("%s listens on %s\n"), wire->name, where);
	return 0;
}

static int
load_keys(void)
{
	struct buf prints = { 0 };
	if (ssh_load(serve.conf->ssh_keys) || ssh_fingerprints(serve.conf->ssh_keys, &prints)) {
		fprintf(stderr, _("The host keys in %s cannot be made or read.\n"), serve.conf->ssh_keys);
		return -1;
	}
	snprintf(serve.fingerprint, sizeof serve.fingerprint, "%.*s", (int)strcspn(prints.data, " \n"),
	    prints.data);
	buf_str(&serve.said, prints.data);
	buf_free(&prints);
	return 0;
}

/* The lock of this store's one serve, the listeners, the relay's door. 0, or -1 said. */
static int
open_all(void)
{
	struct conf *conf = serve.conf;
	serve.lock = db_lock_serve(conf->store_path);
	if (serve.lock < 0) {
		fprintf(stderr, serve.lock == E_IN_USE ?
			_("%s: another serve looks after this store already.\n") : "%s: %s\n",
		    conf->store_path, error_text(serve.lock));
		return -1;
	}
	if (strcmp(conf->ssh_listen, "none") != 0 && load_keys())
		return -1;
	if (listen_for(&ssh_wire, conf->ssh_listen, &conf->ssh_port) ||
	    listen_for(&telnet_wire, conf->telnet_listen, &conf->telnet_port))
		return -1;
	serve.relay_socket = relay_open(conf->store_path);
	if (serve.relay_socket < 0) {
		fprintf(stderr, "%s-relay: %s\n", conf->store_path, strerror(errno));
		return -1;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, serve.door) ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, serve.broker) ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, serve.bans))
		die("socketpair: %s", strerror(errno));
	return 0;
}

static void
announce(struct db *db)
{
	int port = serve.conf->ssh_port;
	if (serve.is_demo) {
		buf_str(&serve.said, _("Everybody knows the passwords of a demonstration: only this machine can "
				       "connect.\n"));
		if (port)
			demo_tell(db, "localhost", port, &serve.said);
	} else if (port) {
		buf_fmt(&serve.said, _("To sign up: ssh -p %d nouveau@%s\n"), port, serve.conf->host);
	}
	fputs(buf_text(&serve.said), stdout);
	if (fflush(stdout))
		log_line(LOG_NOTE, "nobody hears what is said at the start");
	buf_free(&serve.said);
	if (!fence_landlock())
		log_line(LOG_NOTE, "this kernel has no landlock: the fences stand without it");
}

static void
catch_signals(void)
{
	static const int ends[] = { SIGTERM, SIGINT, SIGHUP };
	sigset_t shut;
	sigemptyset(&shut);
	sigaddset(&shut, SIGCHLD);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		/* What nohup, or a shell for what runs behind it, has us ignore stays ignored. */
		struct sigaction before;
		if (!sigaction(ends[i], NULL, &before) && before.sa_handler != SIG_IGN)
			sigaddset(&shut, ends[i]);
	}
	sigprocmask(SIG_BLOCK, &shut, &serve.mask_before);
	serve.signals = signalfd(-1, &shut, SFD_CLOEXEC | SFD_NONBLOCK);
	serve.nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (serve.signals < 0 || serve.nothing < 0)
		die("signals and /dev/null: %s", strerror(errno));
	/* Whatever a killed child leaves behind comes to us, not to a PID 1 that may not reap. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
}

int
serve_run(struct conf *conf, struct db *db)
{
	serve.conf = conf;
	serve.is_demo = demo_present(db);
	log_name("serve");
	int r = open_all();
	serve.sources.shut_count = ban_networks(db, serve.sources.shut, BAN_NETWORKS);
	if (!r)
		announce(db);
	db_close(db);
	if (r)
		return 1;
	catch_signals();
	fence_prepare();
	serve.pace = pace_new();
	log_share();
	i18n_set(conf->language);
	mem_fill_holes();
	loop();
	for (struct caller *c = serve.callers; c; c = c->next)
		end(c);
	for (size_t i = 0; i < RESIDENTS; i++)
		if (residents[i].pid)
			kill(residents[i].pid, SIGKILL);
	while (wait(NULL) > 0)
		;
	relay_shut(conf->store_path);
	return 0;
}
