/* The telnet carrier under strain: nonsense and garbage, sides that do not read, calls that end anyhow. */
#include "tests/unit/telnet.h"

#include <errno.h>
#include <stdlib.h>

#include "bbs/base/mem.h"

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
		cmocka_unit_test(raw_bytes_wait_for_the_session),
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
