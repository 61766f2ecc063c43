/* The console: a pair like any caller's, on this terminal, started here instead of by serve. */
#include "bbs/console.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "bbs/broker.h"
#include "bbs/carrier.h"
#include "bbs/relay.h"
#include "bbs/session.h"
#include "db/member.h"

static pid_t
fork_carrier(int end, int other)
{
	pid_t pid = fork();
	if (pid)
		return pid;
	close(other);
	/* Killed, we would leave it raw on a terminal that is the shell's again. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	log_name("console");
	_exit((int)tty_carrier(&(struct carrier){ .wire = -1, .session = end, .source = "console" }));
}

static pid_t
fork_session(const struct conf *conf, member_id as, int end, int other)
{
	struct buf prints = { 0 };
	char fingerprint[128];
	pid_t pid = fork();
	if (pid)
		return pid;
	close(other);
	ssh_fingerprints(conf->ssh_keys, &prints);
	const char *text = buf_text(&prints);
	snprintf(fingerprint, sizeof fingerprint, "%.*s", (int)strcspn(text, " \n"), text);
	buf_free(&prints);
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (nothing >= 0) {
		dup2(nothing, STDIN_FILENO);
		dup2(nothing, STDOUT_FILENO);
		close(nothing);
	}
	session_run(&(struct session){ .carrier = end, .startup = -1, .door = -1,
	    .broker = broker_fork(conf->store_path), .relay = relay_join_socket(conf->store_path), .wire = "console", .source = "console", .fingerprint = fingerprint, .conf = conf, .trusted = true, .as = as });
}

/* Waits for both; the carrier has put the terminal back unless it was killed. True: all went well. */
static bool
wait_for(pid_t carrier, pid_t session)
{
	const pid_t pids[] = { carrier, session };
	bool good = true;
	for (size_t i = 0; i < sizeof pids / sizeof *pids; i++) {
		int status = 1;
		while (pids[i] > 0 && waitpid(pids[i], &status, 0) < 0 && errno == EINTR)
			;
		good &= !status;
	}
	return good;
}

int
console_run(const struct conf *conf, struct db *db, int argc, char **argv)
{
	member_id as = MACHINE;
	if (argc != 1 && (argc != 3 || strcmp(argv[1], "--as") != 0)) {
		fprintf(stderr, _("Usage: %s\n"), "bbs [-c FILE] console [--as LOGIN]");
		return 2;
	}
	if (argc == 3) {
		struct member member = { 0 };
		int r = member_find(db, argv[2], &member);
		as = member.id;
		member_free(&member);
		if (r) {
			fprintf(stderr, _("There is no member called %s.\n"), argv[2]);
			return 1;
		}
	}
	db_close(db);

	struct termios before;
	bool is_terminal = !tcgetattr(STDIN_FILENO, &before);
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		die("socketpair: %s", strerror(errno));
	/* The keys of the terminal are for the session to answer, not for us to die of; and when the
	 * terminal goes, the carrier says so, and the session keeps the draft. */
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	/* On the screen of a visit the log has no place but for trouble. */
	log_level(LOG_TROUBLE);
	pid_t carrier = fork_carrier(pair[0], pair[1]);
	pid_t session = fork_session(conf, as, pair[1], pair[0]);
	close(pair[0]);
	close(pair[1]);
	if (carrier < 0 || session < 0)
		log_line(LOG_TROUBLE, "cannot fork: %s", strerror(errno));
	bool good = wait_for(carrier, session);
	if (is_terminal)
		tcsetattr(STDIN_FILENO, TCSANOW, &before);
	return good ? 0 : 1;
}
