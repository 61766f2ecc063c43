/* The telnet carrier: what it agrees on with clients, what becomes of keys, bytes and charsets on their way. */
#include "tests/unit/telnet.h"

#include "bbs/base/clock.h"

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
	session_say(&c, "é");
	CLIENT_EXPECT(&c, "\xe9"); /* the charset is known before the client types */
	session_need(&c, MESSAGE_TAKEN);
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
		cmocka_unit_test(charsets_go_both_ways),
		cmocka_unit_test(the_client_may_offer_charsets),
		cmocka_unit_test(late_answers_count),
		cmocka_unit_test(of_many_sizes_the_last_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
