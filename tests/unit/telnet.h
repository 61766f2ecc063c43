#ifndef TESTS_UNIT_TELNET_H
#define TESTS_UNIT_TELNET_H

/*
 * A call by telnet from both its sides: the test is the client on a real TCP line and the session on the
 * messages; the carrier runs in a child, fenced as it is in life.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bbs/base/log.h"
#include "bbs/base/text.h"
#include "bbs/carrier.h"
#include "bbs/message.h"

enum { PATIENCE = 10000 }; /* ms for what must come */

/* What the carrier asks at once: 6 questions of 3 bytes. */
enum { OPENING = 18 };

#define IAC "\xff"
#define SB "\xff\xfa"
#define SE "\xff\xf0"

struct call {
	int client, session;
	pid_t carrier;
	struct buf seen; /* what the client has read and no test has looked at yet */
	struct message m;
	enum message_state state;
};

static inline void
call_open(struct call *c)
{
	memset(c, 0, sizeof *c);
	int door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof at;
	assert_int_equal(bind(door, (struct sockaddr *)&at, size), 0);
	assert_int_equal(listen(door, 1), 0);
	assert_int_equal(getsockname(door, (struct sockaddr *)&at, &size), 0);
	c->client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(c->client, (struct sockaddr *)&at, size), 0);
	int wire = accept(door, NULL, NULL);
	assert_true(wire >= 0);
	close(door);
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	c->carrier = fork();
	assert_true(c->carrier >= 0);
	if (!c->carrier) {
		close(c->client);
		close(pair[0]);
		log_name("telnet");
		_exit((int)telnet_carrier(
		    &(struct carrier){ .wire = wire, .session = pair[1], .source = "127.0.0.1" }));
	}
	close(wire);
	close(pair[1]);
	c->session = pair[0];
}

/* Hangs up both sides and gives the carrier's wait status; *grown its peak memory in KiB. */
static inline int
call_close(struct call *c, long *grown)
{
	if (c->client >= 0)
		close(c->client);
	if (c->session >= 0)
		close(c->session);
	int status;
	struct rusage used;
	assert_int_equal(wait4(c->carrier, &status, 0, &used), c->carrier);
	if (grown)
		*grown = used.ru_maxrss;
	buf_free(&c->seen);
	return status;
}

static inline void
call_well(struct call *c)
{
	int status = call_close(c, NULL);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), CARRIER_WELL);
}

static inline void
client_say(struct call *c, const void *data, size_t n)
{
	assert_int_equal(send(c->client, data, n, MSG_NOSIGNAL), n);
}

#define CLIENT_SAY(c, literal) client_say(c, literal, sizeof literal - 1)

/* Waits for n bytes. */
static inline void
client_need(struct call *c, size_t n)
{
	while (c->seen.len < n) {
		char data[4096];
		struct pollfd p = { c->client, POLLIN, 0 };
		assert_int_equal(poll(&p, 1, PATIENCE), 1);
		ssize_t got = recv(c->client, data, sizeof data, 0);
		assert_true(got > 0);
		buf_add(&c->seen, data, (size_t)got);
	}
}

static inline void
client_expect(struct call *c, const void *data, size_t n)
{
	client_need(c, n);
	assert_memory_equal(c->seen.data, data, n);
	buf_eat(&c->seen, n);
}

#define CLIENT_EXPECT(c, literal) client_expect(c, literal, sizeof literal - 1)

static inline void
session_need(struct call *c, enum message_kind kind)
{
	struct pollfd p = { c->session, POLLIN, 0 };
	assert_int_equal(poll(&p, 1, PATIENCE), 1);
	assert_int_equal(message_receive(c->session, &c->m, SIDE_CARRIER, c->state, true), 1);
	assert_int_equal(c->m.kind, kind);
	if (kind == MESSAGE_START)
		c->state = STATE_RUNNING;
}

/* Gathers INPUT until it has n bytes, and compares. */
static inline void
session_expect(struct call *c, const char *want, size_t n)
{
	struct buf got = { 0 };
	while (got.len < n) {
		session_need(c, MESSAGE_INPUT);
		buf_add(&got, c->m.data, c->m.size);
	}
	assert_int_equal(got.len, n);
	assert_memory_equal(got.data, want, n);
	buf_free(&got);
}

#define SESSION_EXPECT(c, literal) session_expect(c, literal, sizeof literal - 1)

static inline void
session_say(struct call *c, const char *text)
{
	/* A session never has to wait while it has credit. */
	while (message_send_bytes(c->session, MESSAGE_OUTPUT, NULL, text, strlen(text), false)) {
		struct pollfd p = { c->session, POLLOUT, 0 };
		assert_int_equal(poll(&p, 1, PATIENCE), 1);
	}
}

static inline void
session_tell(struct call *c, enum message_kind kind, int32_t first)
{
	assert_int_equal(
	    message_send_bytes(c->session, kind, (int32_t[3]){ first, 0, 0 }, NULL, 0, true), 0);
}

/* A session with a client that answered nothing. */
static inline void
open_bare(struct call *c)
{
	call_open(c);
	client_need(c, OPENING);
	buf_eat(&c->seen, OPENING);
	session_need(c, MESSAGE_START);
}

/* Refuses all but echo, size and type, and comes as an xterm of 80×24. */
static inline void
open_terminal(struct call *c)
{
	call_open(c);
	client_need(c, OPENING);
	buf_eat(&c->seen, OPENING);
	CLIENT_SAY(c, IAC "\xfd\x01" IAC "\xfd\x03" IAC "\xfb\x1f" IAC "\xfb\x18");
	CLIENT_SAY(c, IAC "\xfe\x00" IAC "\xfc\x00" IAC "\xfe\x2a" SB "\x1f\0\x50\0\x18" SE);
	CLIENT_EXPECT(c, IAC "\xfb\x2a" SB "\x18\x01" SE);
	CLIENT_SAY(c, SB "\x18\0XTERM" SE);
	session_need(c, MESSAGE_START);
	assert_int_equal(c->m.number[2], START_TERMINAL | START_ECHO_HERE);
}

#endif
