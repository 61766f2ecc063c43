/* A server that is measured: started, called, ended. */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

enum { OPENING = 100 }; /* tries, 100 ms apart, until a server listens */

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

void
server_start(struct server *s)
{
	s->keeper = fork();
	if (s->keeper < 0)
		fail("fork: %s", strerror(errno));
	if (!s->keeper)
		keep(s->command);
	int tries = 0;
	while (!listens(s->way.port) && tries++ < OPENING)
		usleep(100 * 1000);
	if (tries > OPENING)
		fail("nothing listens on port %d: %s", s->way.port, s->command);
	/* That was a call too. */
	sleep(1);
	tree_look(&s->base, s->keeper);
}

void
server_stop(struct server *s)
{
	kill(s->keeper, SIGTERM);
	waitpid(s->keeper, NULL, 0);
	s->keeper = 0;
}

void
server_is_empty(const struct server *s)
{
	if (!tree_settles(s->keeper, s->base.count))
		fail("port %d: processes stay behind", s->way.port);
}

bool
server_call(const struct server *s, struct caller *c)
{
	if (!caller_open(c, &s->way))
		return false;
	if (caller_hears(c, s->home, s->home_size))
		return true;
	fprintf(stderr, "bench: port %d: the home screen does not come\n", s->way.port);
	caller_close(c);
	return false;
}
