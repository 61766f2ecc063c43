/* The messages between carrier and session: who may say what when, bounds, strings that do not end. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bbs/base/log.h"
#include "bbs/message.h"

static int pair[2];
static struct message got;

static int
open_pair(void **state)
{
	(void)state;
	return socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair);
}

static int
close_pair(void **state)
{
	(void)state;
	close(pair[0]);
	close(pair[1]);
	return 0;
}

/* The table once more, as DESIGN and message.h tell it: c and s in the state's column may speak. */
static const struct line {
	enum message_kind kind;
	const char *auth, *running;
} lines[] = {
	{ 0,                     "",   ""   },
	{ MESSAGE_AUTH_NONE,     "c",  ""   },
	{ MESSAGE_AUTH_PASSWORD, "c",  ""   },
	{ MESSAGE_AUTH_KEY,      "c",  ""   },
	{ MESSAGE_AUTH_ANSWER,   "c",  ""   },
	{ MESSAGE_VERDICT,       "s",  ""   },
	{ MESSAGE_START,         "c",  ""   },
	{ MESSAGE_INPUT,         "",   "c"  },
	{ MESSAGE_OUTPUT,        "",   "s"  },
	{ MESSAGE_TAKEN,         "",   "cs" },
	{ MESSAGE_END,           "",   "c"  },
	{ MESSAGE_SIZE,          "",   "c"  },
	{ MESSAGE_CHARSET,       "",   "cs" },
	{ MESSAGE_ECHO,          "",   "cs" },
	{ MESSAGE_STATUS,        "",   "s"  },
	{ MESSAGE_RESTORE,       "",   "s"  },
	{ MESSAGE_RAW,           "",   "cs" },
	{ MESSAGE_BYE,           "s",  "s"  },
	{ MESSAGE_KIND_COUNT,    "",   ""   },
	{ 0xffffffff,            "",   ""   },
};

static void
test_allowed(void **state)
{
	(void)state;
	assert_int_equal(sizeof lines / sizeof *lines, MESSAGE_KIND_COUNT + 2);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		const struct line *l = lines + i;
		for (int side = SIDE_CARRIER; side <= SIDE_SESSION; side++) {
			char who = side == SIDE_CARRIER ? 'c' : 's';
			enum message_side s = (enum message_side)side;
			bool auth = strchr(l->auth, who), running = strchr(l->running, who);
			if (message_allowed(l->kind, s, STATE_AUTH) != auth ||
			    message_allowed(l->kind, s, STATE_RUNNING) != running)
				fail_msg("kind %u, side %c", (unsigned)l->kind, who);
		}
	}
}

static void
test_strings(void **state)
{
	(void)state;
	const int32_t number[3] = { 80, -1, START_TERMINAL };
	const char *strings[] = { "xterm", "", "UTF-8", "", NULL };
	assert_int_equal(message_send(pair[0], MESSAGE_START, number, strings), 0);
	assert_int_equal(message_receive(pair[1], &got, SIDE_CARRIER, STATE_AUTH, true), 1);
	assert_int_equal(got.kind, MESSAGE_START);
	assert_int_equal(got.number[0], 80);
	assert_int_equal(got.number[1], -1);
	assert_int_equal(got.number[2], START_TERMINAL);
	assert_string_equal(message_string(&got, 0), "xterm");
	assert_string_equal(message_string(&got, 1), "");
	assert_string_equal(message_string(&got, 2), "UTF-8");
	assert_string_equal(message_string(&got, 3), "");
	assert_string_equal(message_string(&got, 4), "");
	assert_string_equal(message_string(&got, 1000), "");
	assert_string_equal(message_string(&got, -1), "xterm");
}

static void
test_no_strings(void **state)
{
	(void)state;
	assert_int_equal(message_send(pair[0], MESSAGE_AUTH_NONE, NULL, NULL), 0);
	memset(&got, 'x', sizeof got);
	assert_int_equal(message_receive(pair[1], &got, SIDE_CARRIER, STATE_AUTH, true), 1);
	assert_int_equal(got.size, 0);
	assert_int_equal(got.number[0], 0);
	assert_string_equal(message_string(&got, 0), "");
}

/* What a carrier that was taken over could send instead. */
static void
test_refused(void **state)
{
	(void)state;
	static char raw[MESSAGE_MAX + 64];
	static const struct {
		uint32_t kind;
		const char *data;
		size_t size; /* in all; 0: as long as head and data */
	} bad[] = {
		{ MESSAGE_AUTH_PASSWORD, "marie\0secret", 16 + 12 }, /* the last string does not end */
		{ MESSAGE_START,         "x",             16 + 1  },
		{ MESSAGE_VERDICT,       "",              16      }, /* not the carrier's */
		{ MESSAGE_INPUT,         "x",             16 + 1  }, /* not yet */
		{ MESSAGE_AUTH_NONE,     "",              15      }, /* head cut short */
		{ MESSAGE_AUTH_NONE,     "",              1       },
		{ MESSAGE_AUTH_NONE,     "",  MESSAGE_MAX + 1     },
		{ MESSAGE_AUTH_NONE,     "",  MESSAGE_MAX + 64    },
		{ 0,                     "",              16      },
		{ 4711,                  "",              16      },
		{ 0xffffffff,            "",              16      },
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		memset(raw, 0, sizeof raw);
		memcpy(raw, &bad[i].kind, 4);
		if (bad[i].size > 16 && bad[i].size < 64)
			memcpy(raw + 16, bad[i].data, bad[i].size - 16);
		assert_int_equal(send(pair[0], raw, bad[i].size, 0), bad[i].size);
		int r = message_receive(pair[1], &got, SIDE_CARRIER, STATE_AUTH, true);
		if (r != -1)
			print_error("row %zu\n", i);
		assert_int_equal(r, -1);
	}
}

static void
test_largest(void **state)
{
	(void)state;
	static char bytes[MESSAGE_DATA];
	memset(bytes, 0xff, sizeof bytes);
	assert_int_equal(
	    message_send_bytes(pair[0], MESSAGE_INPUT, NULL, bytes, sizeof bytes, true), 0);
	assert_int_equal(message_receive(pair[1], &got, SIDE_CARRIER, STATE_RUNNING, true), 1);
	assert_int_equal(got.size, MESSAGE_DATA);
	assert_memory_equal(got.data, bytes, sizeof bytes);

	/* Strings over the limit are an answer, not a death. */
	static char string[MESSAGE_DATA + 1];
	memset(string, 'a', sizeof string - 1);
	const char *strings[] = { string, NULL };
	assert_int_equal(message_send(pair[0], MESSAGE_AUTH_NONE, NULL, strings), -1);
	string[MESSAGE_DATA - 1] = '\0';
	assert_int_equal(message_send(pair[0], MESSAGE_AUTH_NONE, NULL, strings), 0);
	assert_int_equal(message_receive(pair[1], &got, SIDE_CARRIER, STATE_AUTH, true), 1);
	assert_int_equal(strlen(message_string(&got, 0)), MESSAGE_DATA - 1);
}

static void
test_waiting(void **state)
{
	(void)state;
	assert_int_equal(message_receive(pair[1], &got, SIDE_CARRIER, STATE_RUNNING, false), 0);
	static char bytes[MESSAGE_DATA];
	int sent = 0, r;
	while ((r = message_send_bytes(pair[0], MESSAGE_INPUT, NULL, bytes, sizeof bytes, false)) == 0)
		sent++;
	assert_int_equal(r, 1);
	assert_in_range(sent, MESSAGE_CREDIT / MESSAGE_MAX, 64);
	while (message_receive(pair[1], &got, SIDE_CARRIER, STATE_RUNNING, false) == 1)
		sent--;
	assert_int_equal(sent, 0);
}

static void
test_gone(void **state)
{
	(void)state;
	assert_int_equal(message_send(pair[0], MESSAGE_AUTH_NONE, NULL, NULL), 0);
	close(pair[0]);
	assert_int_equal(message_receive(pair[1], &got, SIDE_CARRIER, STATE_AUTH, true), 1);
	assert_int_equal(message_receive(pair[1], &got, SIDE_CARRIER, STATE_AUTH, true), -1);
	assert_int_equal(message_receive(pair[1], &got, SIDE_CARRIER, STATE_AUTH, false), -1);
	assert_int_equal(message_send(pair[1], MESSAGE_VERDICT, NULL, NULL), -1); /* and no SIGPIPE */
	pair[0] = -1;
}

int
main(void)
{
	log_level(LOG_TROUBLE);
#define TEST(t) cmocka_unit_test_setup_teardown(t, open_pair, close_pair)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_allowed),
		TEST(test_strings),
		TEST(test_no_strings),
		TEST(test_refused),
		TEST(test_largest),
		TEST(test_waiting),
		TEST(test_gone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
