/*
 * A session of a few lines behind a real carrier, for tests with real clients: it says what START
 * held, then repeats what it hears. Not a board.
 *	carrier-host telnet	listens on 127.0.0.1, prints the port, one child a caller
 *	carrier-host tty	on this terminal
 */
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bbs/base/i18n.h"
#include "bbs/base/log.h"
#include "bbs/base/mem.h"
#include "bbs/base/text.h"
#include "bbs/carrier.h"
#include "bbs/message.h"

static void
say(int fd, const struct buf *words)
{
	message_send_bytes(fd, MESSAGE_OUTPUT, NULL, words->data, words->len, true);
}

/* One line heard: "quit" ends, "charset NAME" changes it, "count N" gives N numbered lines. */
static bool
obey(int fd, const char *line)
{
	struct buf words = { 0 };
	if (!strcmp(line, "quit")) {
		buf_str(&words, "au revoir\n");
		say(fd, &words);
		message_send_bytes(fd, MESSAGE_BYE, NULL, NULL, 0, true);
		return false;
	}
	if (!strncmp(line, "charset ", 8)) {
		int32_t number[3] = { charset_parse(line + 8), 0, 0 };
		message_send_bytes(fd, MESSAGE_CHARSET, number, NULL, 0, true);
	}
	for (int i = 1; !strncmp(line, "count ", 6) && i <= atoi(line + 6); i++)
		buf_fmt(&words, "ligne %d\n", i);
	buf_fmt(&words, "entendu <%s> %zu\n", line, strlen(line));
	for (size_t at = 0; at < words.len; at += 1000) {
		struct buf piece = { .data = words.data + at,
			.len = words.len - at < 1000 ? words.len - at : 1000 };
		say(fd, &piece);
	}
	buf_free(&words);
	return true;
}

static void
session(int fd)
{
	static struct message m;
	struct buf line = { 0 }, words = { 0 };
	enum message_state state = STATE_AUTH;
	bool echo = false;
	while (message_receive(fd, &m, SIDE_CARRIER, state, true) > 0) {
		words.len = 0;
		switch (m.kind) {
		case MESSAGE_START:
			state = STATE_RUNNING;
			echo = m.number[2] & START_ECHO_HERE;
			buf_fmt(&words, "début %s %dx%d %s", message_string(&m, 0), m.number[0],
			    m.number[1], message_string(&m, 2));
			buf_str(&words, m.number[2] & START_TERMINAL ? " terminal" : "");
			buf_str(&words, m.number[2] & START_NO_SECRET ? " sans-secret" : "");
			buf_str(&words, echo ? " écho.\n" : ".\n");
			say(fd, &words);
			break;
		case MESSAGE_SIZE:
			buf_fmt(&words, "taille %dx%d.\n", m.number[0], m.number[1]);
			say(fd, &words);
			break;
		case MESSAGE_ECHO:
			echo = m.number[0] & START_ECHO_HERE;
			break;
		case MESSAGE_INPUT:
			for (size_t i = 0; i < m.size; i++) {
				char c = m.data[i];
				if (c != '\r' && c != '\n') {
					buf_char(&line, c);
					continue;
				}
				if (echo) {
					buf_str(&line, "\n");
					say(fd, &line);
					buf_cut(&line, line.len - 1);
				}
				if (!obey(fd, buf_text(&line)))
					_exit(0);
				buf_cut(&line, 0);
			}
			break;
		case MESSAGE_END:
			obey(fd, "quit");
			_exit(0);
		default:
			break;
		}
	}
	_exit(0);
}

static int
start_session(int keep_out)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		die("socketpair");
	pid_t child = fork();
	if (child < 0)
		die("fork");
	if (!child) {
		close(pair[0]);
		if (keep_out >= 0)
			close(keep_out);
		session(pair[1]);
	}
	close(pair[1]);
	return pair[0];
}

int
main(int argc, char **argv)
{
	charset_init();
	i18n_init();
	if (argc == 2 && !strcmp(argv[1], "tty"))
		return (int)tty_carrier(
		    &(struct carrier){ .wire = -1, .session = start_session(-1), .source = "" });
	if (argc != 2 || strcmp(argv[1], "telnet"))
		return 2;
	signal(SIGCHLD, SIG_IGN);
	int door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof at;
	if (bind(door, (struct sockaddr *)&at, size) || listen(door, 16) ||
	    getsockname(door, (struct sockaddr *)&at, &size))
		die("listen");
	printf("%d\n", ntohs(at.sin_port));
	fflush(stdout);
	for (;;) {
		int wire = accept4(door, NULL, NULL, SOCK_CLOEXEC);
		if (wire < 0)
			continue;
		if (!fork()) {
			close(door);
			_exit((int)telnet_carrier(&(struct carrier){
			    .wire = wire, .session = start_session(wire), .source = "127.0.0.1" }));
		}
		close(wire);
	}
}
