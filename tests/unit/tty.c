/*
 * The console's carrier: the test holds the other end of its pty or pipes, and is the session.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include "bbs/base/log.h"
#include "bbs/base/mem.h"
#include "bbs/base/text.h"
#include "bbs/carrier.h"
#include "bbs/message.h"

enum { PATIENCE = 10000 }; /* ms for what must come */

struct console {
	int keyboard, screen; /* our ends; the same descriptor for a pty */
	int slave;            /* kept open, so that its settings can be read; -1 for pipes */
	int session;
	pid_t carrier;
	struct termios before;
	struct message m;
	enum message_state state;
};

static void
be_carrier(int session)
{
	log_name("tty");
	_exit((int)tty_carrier(&(struct carrier){ .wire = -1, .session = session, .source = "" }));
}

static void
session_need(struct console *c, enum message_kind kind)
{
	struct pollfd p = { c->session, POLLIN, 0 };
	assert_int_equal(poll(&p, 1, PATIENCE), 1);
	assert_int_equal(message_receive(c->session, &c->m, SIDE_CARRIER, c->state, true), 1);
	assert_int_equal(c->m.kind, kind);
	if (kind == MESSAGE_START)
		c->state = STATE_RUNNING;
}

static void
session_expect(struct console *c, const char *want, size_t n)
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

static void
session_say(struct console *c, const char *text)
{
	assert_int_equal(
	    message_send_bytes(c->session, MESSAGE_OUTPUT, NULL, text, strlen(text), true), 0);
}

static void
screen_expect(struct console *c, const char *want)
{
	struct buf got = { 0 };
	while (got.len < strlen(want)) {
		char data[4096];
		struct pollfd p = { c->screen, POLLIN, 0 };
		assert_int_equal(poll(&p, 1, PATIENCE), 1);
		ssize_t n = read(c->screen, data, sizeof data);
		assert_true(n > 0);
		buf_add(&got, data, (size_t)n);
	}
	assert_string_equal(buf_text(&got), want);
	buf_free(&got);
}

static void
type(struct console *c, const char *data, size_t n)
{
	assert_int_equal(write(c->keyboard, data, n), n);
}

/* On a pty of 90×20; the environment is the carrier's. */
static void
open_pty(struct console *c, const char *term, const char *locale)
{
	memset(c, 0, sizeof *c);
	struct winsize size = { .ws_col = 90, .ws_row = 20 };
	assert_int_equal(openpty(&c->keyboard, &c->slave, NULL, NULL, &size), 0);
	c->screen = c->keyboard;
	assert_int_equal(tcgetattr(c->slave, &c->before), 0);
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	c->carrier = fork();
	assert_true(c->carrier >= 0);
	if (!c->carrier) {
		close(pair[0]);
		close(c->keyboard);
		setenv("TERM", term, 1);
		setenv("LC_ALL", locale, 1);
		if (login_tty(c->slave))
			_exit(99);
		be_carrier(pair[1]);
	}
	close(pair[1]);
	c->session = pair[0];
	session_need(c, MESSAGE_START);
}

static void
settings_are_back(struct console *c)
{
	struct termios now;
	assert_int_equal(tcgetattr(c->slave, &now), 0);
	assert_int_equal(now.c_lflag, c->before.c_lflag);
	assert_int_equal(now.c_iflag, c->before.c_iflag);
	assert_int_equal(now.c_oflag, c->before.c_oflag);
}

static void
carrier_ends_well(struct console *c)
{
	int status;
	assert_int_equal(waitpid(c->carrier, &status, 0), c->carrier);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), CARRIER_WELL);
}

static void
close_all(struct console *c)
{
	if (c->session >= 0)
		close(c->session);
	close(c->keyboard);
	if (c->slave >= 0)
		close(c->slave);
	else if (c->screen >= 0)
		close(c->screen);
}

static void
bye(struct console *c)
{
	assert_int_equal(message_send_bytes(c->session, MESSAGE_BYE, NULL, NULL, 0, true), 0);
	carrier_ends_well(c);
}

static void
keys_are_bytes_and_settings_come_back(void **state)
{
	(void)state;
	struct console c;
	open_pty(&c, "xterm-256color", "fr_FR.UTF-8");
	assert_string_equal(message_string(&c.m, 0), "xterm-256color");
	assert_string_equal(message_string(&c.m, 1), "fr_FR.UTF-8");
	assert_int_equal(charset_parse(message_string(&c.m, 2)), CHARSET_UTF8);
	assert_string_equal(message_string(&c.m, 3), "");
	assert_int_equal(c.m.number[0], 90);
	assert_int_equal(c.m.number[1], 20);
	assert_int_equal(c.m.number[2], START_TERMINAL | START_ECHO_HERE);
	/* Ctrl-C, Ctrl-Z, Ctrl-D, Ctrl-S, Ctrl-Q, Enter: nothing happens to the process. */
	type(&c, "a\x03\x1a\x04\x13\x11\ré", 9);
	session_expect(&c, "a\x03\x1a\x04\x13\x11\ré", 9);
	session_say(&c, "é\nb\r\nc");
	screen_expect(&c, "é\r\nb\r\nc");
	session_need(&c, MESSAGE_TAKEN);
	bye(&c);
	settings_are_back(&c);
	close_all(&c);
}

static void
a_new_size_is_told(void **state)
{
	(void)state;
	struct console c;
	open_pty(&c, "vt100", "C");
	struct winsize size = { .ws_col = 132, .ws_row = 50 };
	assert_int_equal(ioctl(c.keyboard, TIOCSWINSZ, &size), 0);
	session_need(&c, MESSAGE_SIZE);
	assert_int_equal(c.m.number[0], 132);
	assert_int_equal(c.m.number[1], 50);
	bye(&c);
	close_all(&c);
}

static void
charset_of_the_locale(void **state)
{
	(void)state;
	struct console c;
	open_pty(&c, "vt100", "fr_FR.ISO-8859-15@euro");
	assert_int_equal(charset_parse(message_string(&c.m, 2)), CHARSET_LATIN9);
	type(&c, "\xa4\xe9", 2);
	session_expect(&c, "€é", 5);
	session_say(&c, "œ€");
	screen_expect(&c, "\xbd\xa4");
	session_need(&c, MESSAGE_TAKEN);
	bye(&c);
	close_all(&c);
}

static void
a_bad_term_is_none(void **state)
{
	(void)state;
	struct console c;
	open_pty(&c, "../../etc", "C");
	assert_string_equal(message_string(&c.m, 0), "");
	assert_int_equal(c.m.number[2], START_ECHO_HERE);
	bye(&c);
	close_all(&c);
}

static void
signals_leave_the_terminal_whole(void **state)
{
	(void)state;
	static const int deadly[] = { SIGTERM, SIGHUP };
	for (size_t i = 0; i < 2; i++) {
		struct console c;
		open_pty(&c, "vt100", "C");
		assert_int_equal(kill(c.carrier, SIGINT), 0);
		type(&c, "x", 1);
		session_expect(&c, "x", 1);
		assert_int_equal(kill(c.carrier, deadly[i]), 0);
		carrier_ends_well(&c);
		settings_are_back(&c);
		close_all(&c);
	}
}

static void
a_stopped_terminal_can_be_killed(void **state)
{
	(void)state;
	struct console c;
	open_pty(&c, "vt100", "C");
	/* Nobody reads the screen: more than a pty holds, less than the credit. */
	char line[1001];
	memset(line, 'x', 1000);
	line[1000] = '\0';
	session_say(&c, "abc");
	session_need(&c, MESSAGE_TAKEN);
	for (int i = 0; i < 100; i++)
		session_say(&c, line);
	type(&c, "q", 1);
	do {
		struct pollfd p = { c.session, POLLIN, 0 };
		assert_int_equal(poll(&p, 1, PATIENCE), 1);
		assert_int_equal(message_receive(c.session, &c.m, SIDE_CARRIER, c.state, true), 1);
	} while (c.m.kind != MESSAGE_INPUT);
	assert_int_equal(kill(c.carrier, SIGTERM), 0);
	carrier_ends_well(&c);
	settings_are_back(&c);
	close_all(&c);
}

static void
a_fallen_session_is_said(void **state)
{
	(void)state;
	struct console c;
	open_pty(&c, "vt100", "en_GB.UTF-8");
	close(c.session);
	c.session = -1;
	carrier_ends_well(&c);
	settings_are_back(&c);
	screen_expect(&c, "Palabre was cut off by a fault. "
	                  "Please call again: what was saved will be there.\r\n");
	close_all(&c);
}

/* Only the last that was told counts, and a session that leaves by itself has put back all. */
static void
a_fallen_session_leaves_the_terminal_as_it_was(void **state)
{
	(void)state;
	for (int falls = 0; falls < 2; falls++) {
		struct console c;
		open_pty(&c, "xterm", "en_GB.UTF-8");
		const char *told[] = { "\033[?7h", "\033[?1049l" };
		for (int i = 0; i < 2; i++)
			assert_int_equal(message_send_bytes(c.session, MESSAGE_RESTORE, NULL, told[i],
			    strlen(told[i]), true), 0);
		session_say(&c, "Accueil");
		if (!falls)
			assert_int_equal(message_send(c.session, MESSAGE_BYE, NULL, NULL), 0);
		close(c.session);
		c.session = -1;
		carrier_ends_well(&c);
		screen_expect(&c, falls ? "Accueil\033[?1049lPalabre was cut off by a fault. "
			"Please call again: what was saved will be there.\r\n" : "Accueil");
		close_all(&c);
	}
}

static void
a_pipe_is_no_terminal(void **state)
{
	(void)state;
	struct console c;
	memset(&c, 0, sizeof c);
	int in[2], out[2], pair[2];
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	c.carrier = fork();
	assert_true(c.carrier >= 0);
	if (!c.carrier) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		close(in[1]);
		close(out[0]);
		close(pair[0]);
		be_carrier(pair[1]);
	}
	close(in[0]);
	close(out[1]);
	close(pair[1]);
	c.keyboard = in[1];
	c.screen = out[0];
	c.slave = -1;
	c.session = pair[0];
	session_need(&c, MESSAGE_START);
	assert_int_equal(c.m.number[0], 0);
	assert_int_equal(c.m.number[2], 0);
	type(&c, "quoi\n", 5);
	session_expect(&c, "quoi\n", 5);
	close(c.keyboard);
	session_need(&c, MESSAGE_END);
	session_say(&c, "rien\n");
	screen_expect(&c, "rien\n");
	session_need(&c, MESSAGE_TAKEN);
	bye(&c);
	c.keyboard = -1;
	close_all(&c);
}

int
main(void)
{
	charset_init();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_bytes_and_settings_come_back),
		cmocka_unit_test(a_new_size_is_told),
		cmocka_unit_test(charset_of_the_locale),
		cmocka_unit_test(a_bad_term_is_none),
		cmocka_unit_test(signals_leave_the_terminal_whole),
		cmocka_unit_test(a_stopped_terminal_can_be_killed),
		cmocka_unit_test(a_fallen_session_is_said),
		cmocka_unit_test(a_fallen_session_leaves_the_terminal_as_it_was),
		cmocka_unit_test(a_pipe_is_no_terminal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
