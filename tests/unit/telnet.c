/*
 * The telnet carrier from both its sides: the test is the client on a real TCP line and the session
 * on the messages; the carrier runs in a child, fenced as it is in life.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bbs/base/clock.h"
#include "bbs/base/log.h"
#include "bbs/base/mem.h"
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

static void
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
static int
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

static void
call_well(struct call *c)
{
	int status = call_close(c, NULL);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), CARRIER_WELL);
}

static void
client_say(struct call *c, const void *data, size_t n)
{
	assert_int_equal(send(c->client, data, n, MSG_NOSIGNAL), n);
}

#define CLIENT_SAY(c, literal) client_say(c, literal, sizeof literal - 1)

/* Waits for n bytes. */
static void
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

static void
client_expect(struct call *c, const void *data, size_t n)
{
	client_need(c, n);
	assert_memory_equal(c->seen.data, data, n);
	buf_eat(&c->seen, n);
}

#define CLIENT_EXPECT(c, literal) client_expect(c, literal, sizeof literal - 1)

/* Reads to the end of the line into `seen`; a reset is no end. */
static void
client_read_all(struct call *c)
{
	for (;;) {
		char data[4096];
		struct pollfd p = { c->client, POLLIN, 0 };
		assert_int_equal(poll(&p, 1, PATIENCE), 1);
		ssize_t got = recv(c->client, data, sizeof data, 0);
		assert_true(got >= 0);
		if (!got)
			return;
		buf_add(&c->seen, data, (size_t)got);
	}
}

static void
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
static void
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

static void
session_say(struct call *c, const char *text)
{
	/* A session never has to wait while it has credit. */
	while (message_send_bytes(c->session, MESSAGE_OUTPUT, NULL, text, strlen(text), false)) {
		struct pollfd p = { c->session, POLLOUT, 0 };
		assert_int_equal(poll(&p, 1, PATIENCE), 1);
	}
}

static void
session_tell(struct call *c, enum message_kind kind, int32_t first)
{
	assert_int_equal(
	    message_send_bytes(c->session, kind, (int32_t[3]){ first, 0, 0 }, NULL, 0, true), 0);
}

/* A session with a client that answered nothing. */
static void
open_bare(struct call *c)
{
	call_open(c);
	client_need(c, OPENING);
	buf_eat(&c->seen, OPENING);
	session_need(c, MESSAGE_START);
}

/* Refuses all but echo, size and type, and comes as an xterm of 80×24. */
static void
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

static void
all_is_asked_and_answered(void **state)
{
	(void)state;
	/* The wait must end early where all answers are in; a busy machine may be slow once. */
	int64_t best = INT64_MAX;
	for (int i = 0; i < 5 && best >= 250; i++) {
		int64_t since = clock_ticks();
		struct call c;
		call_open(&c);
		CLIENT_EXPECT(&c,
		    IAC "\xfb\x01" IAC "\xfb\x03" IAC "\xfd\x1f" IAC "\xfd\x18" IAC "\xfb\x00" IAC
		        "\xfd\x00");
		CLIENT_SAY(&c, IAC "\xfd\x01" IAC "\xfd\x03" IAC "\xfb\x1f" IAC "\xfb\x18");
		CLIENT_EXPECT(&c, IAC "\xfb\x2a");
		CLIENT_SAY(&c, IAC "\xfd\x00");
		CLIENT_SAY(&c, IAC "\xfb\x00" IAC "\xfd\x2a" SB "\x1f\0\x64\0\x1e" SE);
		CLIENT_EXPECT(&c, SB "\x18\x01" SE);
		static const char offer[] =
		    SB "\x2a\x01;UTF-8;ISO-8859-15;ISO-8859-1;CP1252;CP850;CP437;ASCII" SE;
		client_need(&c, sizeof offer - 1);
		assert_memory_equal(c.seen.data, SB "\x2a\x01;UTF-8;ISO-8859-15;", 22);
		CLIENT_SAY(&c, SB "\x18\0XTERM-256color" SE SB "\x2a\x02iso-8859-15" SE);
		session_need(&c, MESSAGE_START);
		int64_t took = clock_ticks() - since;
		best = took < best ? took : best;
		assert_string_equal(message_string(&c.m, 0), "xterm-256color");
		assert_string_equal(message_string(&c.m, 1), "");
		assert_int_equal(charset_parse(message_string(&c.m, 2)), CHARSET_LATIN9);
		assert_string_equal(message_string(&c.m, 3), "");
		assert_int_equal(c.m.number[0], 100);
		assert_int_equal(c.m.number[1], 30);
		assert_int_equal(c.m.number[2], START_TERMINAL | START_ECHO_HERE);
		call_well(&c);
	}
	assert_true(best < 250);
}

static void
a_bare_client_is_served(void **state)
{
	(void)state;
	struct call c;
	open_bare(&c);
	assert_string_equal(message_string(&c.m, 0), "");
	assert_int_equal(charset_parse(message_string(&c.m, 2)), CHARSET_UTF8);
	assert_int_equal(c.m.number[0], 0);
	assert_int_equal(c.m.number[2], START_NO_SECRET);
	/* It was asked nothing that shows as a letter on its screen. */
	assert_int_equal(c.seen.len, 0);
	CLIENT_SAY(&c, "é\r\nun\ndeux\r");
	SESSION_EXPECT(&c, "é\nun\ndeux\n");
	session_say(&c, "à\nb\r\nc\r");
	session_say(&c, "\nd\n");
	CLIENT_EXPECT(&c, "à\r\nb\r\nc\r\nd\r\n");
	int32_t taken = 0;
	while (taken < 11) {
		session_need(&c, MESSAGE_TAKEN);
		taken += c.m.number[0];
	}
	assert_int_equal(taken, 11);
	call_well(&c);
}

static void
odd_terminal_types_are_none(void **state)
{
	(void)state;
	static const char *const types[] = { "../../etc/passwd", "x term",
		"123456789012345678901234567890123", "", "\x1b]0;x\x07" };
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		struct call c;
		call_open(&c);
		CLIENT_SAY(&c, IAC "\xfb\x1f" IAC "\xfb\x18" SB "\x1f\0\x50\0\x18" SE SB "\x18");
		client_say(&c, "\0", 1);
		client_say(&c, types[i], strlen(types[i]));
		CLIENT_SAY(&c, SE);
		session_need(&c, MESSAGE_START);
		assert_string_equal(message_string(&c.m, 0), "");
		assert_int_equal(c.m.number[0], 80);
		assert_int_equal(c.m.number[2], START_NO_SECRET);
		call_well(&c);
	}
}

static void
every_line_end_is_one_enter(void **state)
{
	(void)state;
	struct call c;
	open_terminal(&c);
	CLIENT_SAY(&c, "a\r\nb\r\0c\nd\re\r\r\x7f\b");
	SESSION_EXPECT(&c, "a\rb\rc\rd\re\r\r\x7f\b");
	/* Also where the two bytes come apart. */
	CLIENT_SAY(&c, "f\r");
	SESSION_EXPECT(&c, "f\r");
	CLIENT_SAY(&c, "\ng\r");
	SESSION_EXPECT(&c, "g\r");
	CLIENT_SAY(&c, "\0h");
	SESSION_EXPECT(&c, "h");
	call_well(&c);
}

static void
commands_are_keys(void **state)
{
	(void)state;
	struct call c;
	open_terminal(&c);
	CLIENT_SAY(&c, "a" IAC "\xf4" IAC "\xf3" IAC "\xf7" IAC "\xf8");
	CLIENT_SAY(&c, IAC "\xec" IAC "\xf1" IAC "\xf2z");
	SESSION_EXPECT(&c, "a\x03\x03\x7f\x15\x04z");
	CLIENT_SAY(&c, IAC "\xf6");
	CLIENT_EXPECT(&c, "\r\n[Palabre]\r\n");
	/* Synch: the data mark comes as urgent data, and takes nothing with it. */
	CLIENT_SAY(&c, IAC "\xf4" IAC);
	assert_int_equal(send(c.client, "\xf2", 1, MSG_OOB), 1);
	CLIENT_SAY(&c, "q");
	SESSION_EXPECT(&c, "\x03q");
	call_well(&c);
}

static void
byte_255_is_doubled(void **state)
{
	(void)state;
	struct call c;
	open_terminal(&c);
	session_tell(&c, MESSAGE_CHARSET, CHARSET_LATIN1);
	session_say(&c, "aÿb");
	CLIENT_EXPECT(&c, "a" IAC IAC "b");
	CLIENT_SAY(&c, "a" IAC IAC "b");
	session_need(&c, MESSAGE_TAKEN);
	SESSION_EXPECT(&c, "aÿb");
	call_well(&c);
}

/* For a while nothing is changed either way, with text and line ends as ever before and after. */
static void
bytes_pass_as_they_are(void **state)
{
	(void)state;
	struct call c;
	open_terminal(&c); /* refused to speak of eight bits */
	session_tell(&c, MESSAGE_CHARSET, CHARSET_LATIN1);
	CLIENT_SAY(&c, "\xe9\r\n");
	SESSION_EXPECT(&c, "é\r");
	session_tell(&c, MESSAGE_RAW, 1);
	session_need(&c, MESSAGE_RAW);
	assert_int_equal(c.m.number[0], 1);
	CLIENT_EXPECT(&c, IAC "\xfb\x00" IAC "\xfd\x00");
	CLIENT_SAY(&c, IAC "\xfd\x00" IAC "\xfb\x00");
	CLIENT_SAY(&c, "\r\n\r\0\xe9" IAC IAC "\x18" IAC "\xf4" "\x80");
	SESSION_EXPECT(&c, "\r\n\r\0\xe9\xff\x18\x80");
	assert_int_equal(message_send_bytes(c.session, MESSAGE_OUTPUT, NULL, "\n\r\0\xe9\xff\n", 6, true), 0);
	CLIENT_EXPECT(&c, "\n\r\0\xe9" IAC IAC "\n");
	session_need(&c, MESSAGE_TAKEN);
	session_tell(&c, MESSAGE_RAW, 0);
	session_need(&c, MESSAGE_RAW);
	assert_int_equal(c.m.number[0], 0);
	/* What was asked for is given back. */
	CLIENT_EXPECT(&c, IAC "\xfc\x00" IAC "\xfe\x00");
	CLIENT_SAY(&c, IAC "\xfe\x00" IAC "\xfc\x00" "\xe9\r\0\n");
	SESSION_EXPECT(&c, "é\r\r");
	session_say(&c, "à\n");
	CLIENT_EXPECT(&c, "\xe0\r\n");
	call_well(&c);
}

/* Who sends faster than the session takes is left unread; at the turn nothing is lost or doubled. */
static void
raw_bytes_wait_for_the_session(void **state)
{
	(void)state;
	enum { SIZE = 1000 * 1000 };
	struct call c;
	static char bytes[SIZE];
	for (int i = 0; i < SIZE; i++)
		bytes[i] = (char)(i % 251 + i / 50000);
	for (int i = 0; i < SIZE; i++) /* no command of telnet's */
		bytes[i] = bytes[i] == *IAC ? 'x' : bytes[i];
	open_terminal(&c);
	session_tell(&c, MESSAGE_RAW, 1);
	session_need(&c, MESSAGE_RAW);
	size_t sent = 0;
	struct buf got = { 0 };
	int32_t unread = 0, most = 0;
	while (got.len < SIZE) {
		ssize_t n = send(c.client, bytes + sent, SIZE - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
		sent += n > 0 ? (size_t)n : 0;
		struct pollfd p = { c.session, POLLIN, 0 };
		if (poll(&p, 1, 200)) {
			session_need(&c, MESSAGE_INPUT);
			buf_add(&got, c.m.data, c.m.size);
			unread += (int32_t)c.m.size;
			most = unread > most ? unread : most;
		} else {
			session_tell(&c, MESSAGE_TAKEN, unread);
			unread = 0;
		}
	}
	assert_in_range(most, MESSAGE_CREDIT, MESSAGE_CREDIT + MESSAGE_MAX);
	assert_memory_equal(got.data, bytes, SIZE);
	buf_free(&got);
	session_tell(&c, MESSAGE_RAW, 0);
	session_need(&c, MESSAGE_RAW);
	CLIENT_SAY(&c, "après\r\n");
	SESSION_EXPECT(&c, "après\r");
	call_well(&c);
}

static void
charsets_go_both_ways(void **state)
{
	(void)state;
	struct call c;
	open_bare(&c);
	/* Agreed late, by our asking. */
	CLIENT_SAY(&c, IAC "\xfd\x2a");
	CLIENT_EXPECT(&c, IAC "\xfb\x2a" SB "\x2a\x01");
	CLIENT_SAY(&c, SB "\x2a\x02ISO-8859-15" SE "\xa4\xe9\r");
	session_need(&c, MESSAGE_CHARSET);
	assert_int_equal(c.m.number[0], CHARSET_LATIN9);
	SESSION_EXPECT(&c, "€é\n");
	client_need(&c, 6);
	char *end = memmem(c.seen.data, c.seen.len, SE, 2);
	while (!end) {
		client_need(&c, c.seen.len + 1);
		end = memmem(c.seen.data, c.seen.len, SE, 2);
	}
	buf_eat(&c.seen, (size_t)(end - c.seen.data) + 2);
	/* A code point that is cut between two messages is whole on the line. */
	session_say(&c, "œ\xe2\x82");
	session_say(&c, "\xac!");
	CLIENT_EXPECT(&c, "\xbd\xa4!");
	/* The person's own choice. */
	session_tell(&c, MESSAGE_CHARSET, CHARSET_CP850);
	session_say(&c, "é");
	CLIENT_EXPECT(&c, "\x82");
	call_well(&c);
}

static void
the_client_may_offer_charsets(void **state)
{
	(void)state;
	static const struct {
		const char *request;
		size_t size;
		const char *reply;
		int charset;
	} rows[] = {
#define ROW(request, reply, charset) { request, sizeof request - 1, reply, charset }
		ROW(SB "\x2a\x01;KOI8-R;ISO-8859-1;utf-8" SE, SB "\x2a\x02utf-8" SE, CHARSET_UTF8),
		ROW(SB "\x2a\x01[TTABLE]\x01 KOI8-R ISO-8859-1" SE, SB "\x2a\x02ISO-8859-1" SE,
		    CHARSET_LATIN1),
		ROW(SB "\x2a\x01;KOI8-R;;x" SE, SB "\x2a\x03" SE, -1),
		ROW(SB "\x2a\x01" SE, SB "\x2a\x03" SE, -1),
#undef ROW
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct call c;
		open_bare(&c);
		CLIENT_SAY(&c, IAC "\xfb\x2a");
		CLIENT_EXPECT(&c, IAC "\xfb\x2a" IAC "\xfd\x2a");
		client_say(&c, rows[i].request, rows[i].size);
		client_expect(&c, rows[i].reply, strlen(rows[i].reply));
		if (rows[i].charset >= 0) {
			session_need(&c, MESSAGE_CHARSET);
			assert_int_equal(c.m.number[0], rows[i].charset);
		}
		call_well(&c);
	}
}

static void
late_answers_count(void **state)
{
	(void)state;
	struct call c;
	open_bare(&c);
	CLIENT_SAY(&c, IAC "\xfd\x01");
	session_need(&c, MESSAGE_ECHO);
	assert_int_equal(c.m.number[0], START_ECHO_HERE);
	CLIENT_SAY(&c, IAC "\xfb\x1f" SB "\x1f\0\x28\0\x0c" SE);
	session_need(&c, MESSAGE_SIZE);
	assert_int_equal(c.m.number[0], 40);
	assert_int_equal(c.m.number[1], 12);
	CLIENT_SAY(&c, IAC "\xfe\x01");
	session_need(&c, MESSAGE_ECHO);
	assert_int_equal(c.m.number[0], START_NO_SECRET);
	call_well(&c);
}

static void
of_many_sizes_the_last_counts(void **state)
{
	(void)state;
	struct call c;
	open_terminal(&c);
	/* The session sleeps meanwhile: what it cannot take must not pile up. */
	struct buf storm = { 0 };
	for (int i = 0; i < 10000; i++) {
		char one[] = SB "\x1f\x01\x01\x01\x01" SE;
		one[4] = (char)(1 + i % 100);
		buf_add(&storm, one, sizeof one - 1);
	}
	buf_add(&storm, SB "\x1f\0\0\0\0" SE, 9);
	buf_add(&storm, SB "\x1f\0\x50\0" SE, 8);
	buf_add(&storm, SB "\x1f\xff\xff\xff\xff\xff\xff\xff\xff" SE, 13);
	buf_add(&storm, "x", 1);
	client_say(&c, storm.data, storm.len);
	buf_free(&storm);
	int sizes = 0;
	do {
		struct pollfd p = { c.session, POLLIN, 0 };
		assert_int_equal(poll(&p, 1, PATIENCE), 1);
		assert_int_equal(message_receive(c.session, &c.m, SIDE_CARRIER, c.state, true), 1);
		sizes += c.m.kind == MESSAGE_SIZE;
		if (c.m.kind == MESSAGE_SIZE && c.m.number[0] == 65535)
			assert_int_equal(c.m.number[1], 65535);
	} while (c.m.kind != MESSAGE_INPUT);
	assert_true(sizes >= 1 && sizes < 1000);
	assert_memory_equal(c.m.data, "x", 1);
	call_well(&c);
}

static void
nonsense_is_hung_up_on(void **state)
{
	(void)state;
	static const char compress[] = SB "\x56" SE;
	static const char zmp[] = SB "\x5d" "a\0" SE;
	static const char environ[] = SB "\x27\0" SE;
	static const struct {
		const char *data;
		size_t size;
	} rows[] = {
		{ compress, sizeof compress - 1 },
		{ zmp, sizeof zmp - 1 },
		{ environ, sizeof environ - 1 },
	};
	struct call c;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		open_bare(&c);
		client_say(&c, rows[i].data, rows[i].size);
		client_read_all(&c);
		call_well(&c);
	}
	open_bare(&c);
	char *huge = mem_alloc(5000);
	memset(huge, 'x', 5000);
	CLIENT_SAY(&c, SB "\x18\0");
	client_say(&c, huge, 5000);
	free(huge);
	struct pollfd p = { c.client, POLLIN, 0 };
	assert_int_equal(poll(&p, 1, PATIENCE), 1);
	call_well(&c);
}

/* A fixed sequence, the same on every machine. */
static uint32_t
dice(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Sends n bytes and takes away whatever comes on both sides; stops where the carrier hangs up. */
static void
pour(struct call *c, const char *data, size_t n)
{
	while (n) {
		struct pollfd p[2] = {
			{ c->client, POLLIN | POLLOUT, 0 },
			{ c->session, POLLIN, 0 },
		};
		assert_true(poll(p, 2, PATIENCE) > 0);
		char away[4096];
		if (p[0].revents & (POLLIN | POLLHUP | POLLERR) &&
		    recv(c->client, away, sizeof away, MSG_DONTWAIT) == 0)
			return;
		if (p[1].revents &&
		    message_receive(c->session, &c->m, SIDE_CARRIER, c->state, false) < 0)
			return;
		if (p[1].revents && c->m.kind == MESSAGE_START)
			c->state = STATE_RUNNING;
		if (!(p[0].revents & POLLOUT))
			continue;
		ssize_t sent = send(c->client, data, n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent < 0 && errno != EAGAIN)
			return;
		data += sent < 0 ? 0 : sent;
		n -= sent < 0 ? 0 : (size_t)sent;
	}
}

static void
garbage_breaks_nothing(void **state)
{
	(void)state;
	enum { SIZE = 256 * 1024 };
	static const unsigned char likely[] = { 255, 255, 255, 250, 240, 251, 252, 253, 254, 0,
		1, 3, 24, 31, 42, 42, 24, 244, 246, 13, 10 };
	long calm;
	struct call c;
	open_bare(&c);
	call_close(&c, &calm);
	char *data = mem_alloc(SIZE);
	uint32_t seed = 20260324;
	for (int round = 0; round < 60; round++) {
		unsigned sense = dice(&seed) % 100;
		for (size_t i = 0; i < SIZE; i++)
			if (dice(&seed) % 100 < sense)
				data[i] = (char)likely[dice(&seed) % sizeof likely];
			else
				data[i] = (char)dice(&seed);
		/* Most of it would end at the first sub-negotiation of a forbidden option. */
		for (size_t i = 0; round % 4 && i + 2 < SIZE; i++)
			if (data[i] == '\xff' && data[i + 1] == '\xfa')
				data[i + 2] = "\x18\x1f\x2a"[dice(&seed) % 3];
		call_open(&c);
		pour(&c, data, SIZE);
		long peak;
		int status = call_close(&c, &peak);
		assert_true(WIFEXITED(status));
		int end = WEXITSTATUS(status);
		assert_true(end == CARRIER_WELL || end == CARRIER_NOBODY);
		assert_true(peak < calm + 8 * 1024);
	}
	free(data);
}

static void
a_client_that_stops_reading_stops_the_session_only(void **state)
{
	(void)state;
	enum { PIECE = 1000, PIECES = 8000 };
	struct call c;
	open_bare(&c);
	int32_t credit = MESSAGE_CREDIT;
	char text[PIECE + 1];
	int sent = 0, still = 0;
	/* Draw until the credit is used up for a while: the client reads nothing. */
	while (still < 3) {
		memset(text, 'a' + sent % 26, PIECE);
		text[PIECE] = '\0';
		if (credit >= PIECE && sent < PIECES) {
			session_say(&c, text);
			credit -= PIECE;
			sent++;
			continue;
		}
		struct pollfd p = { c.session, POLLIN, 0 };
		if (!poll(&p, 1, 200)) {
			still++;
			continue;
		}
		still = 0;
		session_need(&c, MESSAGE_TAKEN);
		credit += c.m.number[0];
	}
	assert_true(credit < PIECE);
	assert_true(sent < PIECES);
	/* What it types still comes. */
	CLIENT_SAY(&c, "q");
	SESSION_EXPECT(&c, "q");
	/* It reads again: all is there, in order, and the credit comes back. */
	for (int i = 0; i < sent; i++) {
		memset(text, 'a' + i % 26, PIECE);
		client_expect(&c, text, PIECE);
	}
	while (credit < MESSAGE_CREDIT) {
		session_need(&c, MESSAGE_TAKEN);
		credit += c.m.number[0];
	}
	assert_int_equal(credit, MESSAGE_CREDIT);
	call_well(&c);
}

static void
a_busy_session_stops_the_client_only(void **state)
{
	(void)state;
	struct call c;
	open_bare(&c);
	/* The session reads nothing: the line must fill up, not the carrier. */
	struct buf sent = { 0 };
	for (int still = 0; still < 3;) {
		char piece[1000];
		memset(piece, 'a' + (int)(sent.len / 1000 % 26), sizeof piece);
		ssize_t n = send(c.client, piece, sizeof piece, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n > 0) {
			buf_add(&sent, piece, (size_t)n);
			still = 0;
			assert_true(sent.len < 64u * 1024 * 1024);
			continue;
		}
		struct pollfd p = { c.client, POLLOUT, 0 };
		still += !poll(&p, 1, 200);
	}
	/* It can speak meanwhile, and be heard. */
	session_say(&c, "encore\n");
	CLIENT_EXPECT(&c, "encore\r\n");
	struct buf got = { 0 };
	while (got.len < sent.len) {
		struct pollfd p = { c.session, POLLIN, 0 };
		assert_int_equal(poll(&p, 1, PATIENCE), 1);
		assert_int_equal(message_receive(c.session, &c.m, SIDE_CARRIER, c.state, true), 1);
		if (c.m.kind == MESSAGE_INPUT)
			buf_add(&got, c.m.data, c.m.size);
	}
	assert_int_equal(got.len, sent.len);
	assert_memory_equal(got.data, sent.data, sent.len);
	buf_free(&got);
	buf_free(&sent);
	call_well(&c);
}

static void
the_last_words_arrive(void **state)
{
	(void)state;
	struct call c;
	open_bare(&c);
	for (int i = 0; i < 100; i++)
		session_say(&c, "Une ligne, puis une autre.\n");
	/* It leaves TAKEN unread, which makes its end a reset: its words count all the same. */
	struct pollfd p = { c.session, POLLIN, 0 };
	assert_int_equal(poll(&p, 1, PATIENCE), 1);
	session_tell(&c, MESSAGE_BYE, 0);
	close(c.session);
	c.session = -1;
	client_read_all(&c);
	assert_int_equal(c.seen.len, 100 * strlen("Une ligne, puis une autre.\r\n"));
	/* Typed too late: not to be answered by a reset, which could overtake the words. */
	CLIENT_SAY(&c, "encore un mot\r\n");
	p = (struct pollfd){ c.client, 0, 0 };
	assert_int_equal(poll(&p, 1, 100), 0);
	call_well(&c);
}

static void
a_fallen_session_is_said(void **state)
{
	(void)state;
	struct call c;
	open_bare(&c);
	close(c.session);
	c.session = -1;
	client_read_all(&c);
	assert_non_null(memmem(c.seen.data, c.seen.len, "call again", 10));
	assert_memory_equal(c.seen.data + c.seen.len - 2, "\r\n", 2);
	call_well(&c);
}

static void
nobody_came(void **state)
{
	(void)state;
	struct call c;
	call_open(&c);
	close(c.client);
	c.client = -1;
	struct pollfd p = { c.session, POLLIN, 0 };
	assert_int_equal(poll(&p, 1, PATIENCE), 1);
	assert_int_equal(message_receive(c.session, &c.m, SIDE_CARRIER, c.state, true), -1);
	int status = call_close(&c, NULL);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), CARRIER_NOBODY);
}

static void
a_half_closed_line_is_answered(void **state)
{
	(void)state;
	struct call c;
	call_open(&c);
	CLIENT_SAY(&c, "quoi\n");
	assert_int_equal(shutdown(c.client, SHUT_WR), 0);
	session_need(&c, MESSAGE_START);
	SESSION_EXPECT(&c, "quoi\n");
	session_need(&c, MESSAGE_END);
	session_say(&c, "rien\n");
	client_need(&c, OPENING);
	buf_eat(&c.seen, OPENING);
	CLIENT_EXPECT(&c, "rien\r\n");
	session_tell(&c, MESSAGE_BYE, 0);
	client_read_all(&c);
	call_well(&c);
}

int
main(void)
{
	charset_init();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_asked_and_answered),
		cmocka_unit_test(a_bare_client_is_served),
		cmocka_unit_test(odd_terminal_types_are_none),
		cmocka_unit_test(every_line_end_is_one_enter),
		cmocka_unit_test(commands_are_keys),
		cmocka_unit_test(byte_255_is_doubled),
		cmocka_unit_test(bytes_pass_as_they_are),
		cmocka_unit_test(raw_bytes_wait_for_the_session),
		cmocka_unit_test(charsets_go_both_ways),
		cmocka_unit_test(the_client_may_offer_charsets),
		cmocka_unit_test(late_answers_count),
		cmocka_unit_test(of_many_sizes_the_last_counts),
		cmocka_unit_test(nonsense_is_hung_up_on),
		cmocka_unit_test(garbage_breaks_nothing),
		cmocka_unit_test(a_client_that_stops_reading_stops_the_session_only),
		cmocka_unit_test(a_busy_session_stops_the_client_only),
		cmocka_unit_test(the_last_words_arrive),
		cmocka_unit_test(a_fallen_session_is_said),
		cmocka_unit_test(nobody_came),
		cmocka_unit_test(a_half_closed_line_is_answered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
