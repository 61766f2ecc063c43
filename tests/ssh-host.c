/*
 * A session that speaks the messages, for tests/ssh-carrier.sh: who may come in is told by the name,
 * and what comes is shown. Serves real callers through the real carrier, on a port of 127.0.0.1.
 *
 *	ssh-host FOLDER [TRIES [DELAY]]
 *
 * prints the port and the host keys' fingerprints; FOLDER keeps the host keys and `authorized`, one
 * base64 blob a line. Standard error tells what the session was asked and how each process ended.
 */
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

#include "bbs/base/i18n.h"
#include "bbs/base/log.h"
#include "bbs/base/mem.h"
#include "bbs/base/text.h"
#include "bbs/carrier.h"
#include "bbs/message.h"

static int line;
static struct message m;
static int32_t under_way;
static bool ended; /* the caller sends no more */

static void
verdict(int32_t what, const char *const *strings)
{
	if (message_send(line, MESSAGE_VERDICT, (int32_t[3]){ what, 0, 0 }, strings))
		exit(0);
}

static bool
authorized(const char *folder, const char *blob)
{
	char path[256], one[4096];
	snprintf(path, sizeof path, "%s/authorized", folder);
	FILE *f = fopen(path, "r");
	bool found = false;
	while (f && !found && fgets(one, sizeof one, f)) {
		one[strcspn(one, "\n")] = '\0';
		found = !strcmp(one, blob);
	}
	if (f)
		fclose(f);
	return found;
}

/* marie has a password, a key and a question; deux two questions; nouveau comes in as he likes. */
static void
decide(const char *folder)
{
	static const char *const one[] = { "", "Mot de passe : ", "0", NULL };
	static const char *const two[] = { "Deux questions.", "Couleur ? ", "1", "Secret ? ", "0", NULL };
	static const char *const none[] = { "Bienvenue.", NULL };
	const char *name = message_string(&m, 0), *second = message_string(&m, 1);
	bool marie = !strcmp(name, "marie"), new = !strcmp(name, "nouveau");
	bool secret = !strcmp(second, "secret"), yes = false;
	if (!strcmp(name, "muet"))
		exit(0);
	if (!strcmp(name, "ferme")) {
		message_send_bytes(line, MESSAGE_BYE, NULL, NULL, 0, true);
		while (recv(line, &m, sizeof m, 0) > 0)
			;
		exit(0);
	}
	switch (m.kind) {
	case MESSAGE_AUTH_NONE:
		log_line(LOG_NOTE, "none %s", name);
		yes = !strcmp(name, "visiteur");
		break;
	case MESSAGE_AUTH_PASSWORD:
		log_line(LOG_NOTE, "password %s", name);
		yes = marie && secret;
		break;
	case MESSAGE_AUTH_KEY:
		log_line(LOG_NOTE, "%s %s %s", m.number[0] ? "signed" : "probe", second, name);
		yes = new || (marie && authorized(folder, message_string(&m, 2)));
		break;
	case MESSAGE_AUTH_ANSWER:
		log_line(LOG_NOTE, "answers %d %d %s", m.number[0], m.number[1], name);
		if (!m.number[1]) {
			verdict(VERDICT_ASK, new ? none : strcmp(name, "deux") ? one : two);
			return;
		}
		yes = new || (marie && secret) ||
		    (!strcmp(second, "rouge") && !strcmp(message_string(&m, 2), "secret"));
		break;
	}
	verdict(yes ? VERDICT_YES : VERDICT_NO, NULL);
}

static bool
receive(void)
{
	if (message_receive(line, &m, SIDE_CARRIER, STATE_RUNNING, true) != 1) {
		log_line(LOG_NOTE, "the carrier is gone");
		return false;
	}
	if (m.kind == MESSAGE_TAKEN)
		under_way -= m.number[0];
	if (m.kind == MESSAGE_END)
		ended = true;
	return m.kind != MESSAGE_INPUT ||
	    !message_send(line, MESSAGE_TAKEN, (int32_t[3]){ (int32_t)m.size, 0, 0 }, NULL);
}

/* Output, as far as there is credit; what comes meanwhile is kept in `input`. */
static bool
put(const char *data, size_t n, int stream, struct buf *input)
{
	while (n) {
		size_t piece = n < 30000 ? n : 30000;
		while (under_way + (int32_t)piece > MESSAGE_CREDIT) {
			if (!receive())
				return false;
			if (m.kind == MESSAGE_INPUT)
				buf_add(input, m.data, m.size);
		}
		if (message_send_bytes(line, MESSAGE_OUTPUT, (int32_t[3]){ stream, 0, 0 }, data, piece, true))
			return false;
		under_way += (int32_t)piece;
		data += piece;
		n -= piece;
	}
	return true;
}

static void
bye(int32_t status)
{
	message_send_bytes(line, MESSAGE_STATUS, (int32_t[3]){ status, 0, 0 }, NULL, 0, true);
	message_send_bytes(line, MESSAGE_BYE, NULL, NULL, 0, true);
	exit(0);
}

static void
cat(void)
{
	struct buf input = { 0 };
	while (!ended || input.len) {
		if (input.len) {
			struct buf now = input;
			input = (struct buf){ 0 };
			if (!put(now.data, now.len, 0, &input))
				exit(0);
			buf_free(&now);
			continue;
		}
		if (!receive())
			exit(0);
		if (m.kind == MESSAGE_INPUT)
			buf_add(&input, m.data, m.size);
	}
}

static void
command(const char *what)
{
	struct buf none = { 0 };
	if (!strcmp(what, "cat"))
		cat();
	else if (!strncmp(what, "exit ", 5))
		bye((int32_t)strtol(what + 5, NULL, 10));
	else if (!strcmp(what, "both")) {
		put("out\n", 4, 0, &none);
		put("err\n", 4, 1, &none);
	} else if (!strcmp(what, "die"))
		exit(0);
	else if (!strncmp(what, "big ", 4)) {
		size_t n = strtoul(what + 4, NULL, 10);
		char *data = mem_alloc(n);
		for (size_t i = 0; i < n; i++)
			data[i] = (char)(i * 7 + i / 251);
		put(data, n, 0, &none);
	} else if (!strncmp(what, "long ", 5)) {
		char text[32];
		snprintf(text, sizeof text, "%zu\n", strlen(what));
		put(text, strlen(text), 0, &none);
	} else
		put("?\n", 2, 1, &none);
	bye(0);
}

/* What START said, then each thing as it comes; `q` ends, `d` dies. */
static void
shell(const char *start)
{
	struct buf none = { 0 };
	char text[256];
	put(start, strlen(start), 0, &none);
	while (receive()) {
		size_t n = 0;
		if (m.kind == MESSAGE_SIZE)
			n = (size_t)snprintf(text, sizeof text, "SIZE %dx%d\n", m.number[0], m.number[1]);
		else if (m.kind == MESSAGE_END)
			n = (size_t)snprintf(text, sizeof text, "END\n");
		else if (m.kind == MESSAGE_INPUT) {
			n = (size_t)snprintf(text, sizeof text, "INPUT ");
			for (size_t i = 0; i < m.size && i < 64; i++)
				n += (size_t)snprintf(
				    text + n, sizeof text - n, "%02x", (unsigned char)m.data[i]);
			text[n++] = '\n';
		}
		if (n && !put(text, n, 0, &none))
			return;
		if (m.kind == MESSAGE_INPUT && memchr(m.data, 'd', m.size))
			exit(0);
		if (m.kind == MESSAGE_END || (m.kind == MESSAGE_INPUT && memchr(m.data, 'q', m.size)))
			bye(0);
	}
}

static _Noreturn void
session(int fd, const char *folder)
{
	line = fd;
	log_name("session");
	while (message_receive(line, &m, SIDE_CARRIER, STATE_AUTH, true) == 1) {
		if (m.kind != MESSAGE_START) {
			decide(folder);
			continue;
		}
		char start[8192 + 512];
		snprintf(start, sizeof start,
		    "START term=%s language=%s charset=%s command=%s columns=%d rows=%d%s%s%s é\n",
		    message_string(&m, 0), message_string(&m, 1), message_string(&m, 2),
		    message_string(&m, 3), m.number[0], m.number[1],
		    m.number[2] & START_TERMINAL ? " terminal" : "",
		    m.number[2] & START_NO_SECRET ? " no-secret" : "",
		    m.number[2] & START_ECHO_HERE ? " echo-here" : "");
		char what[8192 + 16];
		snprintf(what, sizeof what, "%s", message_string(&m, 3));
		if (!strcmp(what, "start")) {
			struct buf none = { 0 };
			put(start, strlen(start), 0, &none);
			bye(0);
		}
		if (what[0])
			command(what);
		else
			shell(start);
		break;
	}
	exit(0);
}

/* Both halves as serve makes them, and how they ended. */
static void
serve_one(int wire, const char *folder, int tries, int delay)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair))
		die("socketpair: %s", strerror(errno));
	pid_t half[2];
	if (!(half[1] = fork())) {
		close(pair[0]);
		close(wire);
		session(pair[1], folder);
	}
	if (!(half[0] = fork())) {
		close(pair[1]);
		log_name("ssh");
		struct carrier c = { wire, pair[0], "127.0.0.1", tries, delay };
		_exit((int)ssh_carrier(&c));
	}
	close(pair[0]);
	close(pair[1]);
	close(wire);
	for (int left = 2; left; left--) {
		int status;
		pid_t pid = wait(&status);
		log_line(LOG_NOTE, "%s ended: %s %d", pid == half[0] ? "carrier" : "session",
		    WIFSIGNALED(status) ? "signal" : "status",
		    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	}
}

int
main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	const char *folder = argv[1];
	int limits[2] = { 0, 0 };
	for (int i = 0; i < 2 && i + 2 < argc; i++)
		limits[i] = (int)strtol(argv[i + 2], NULL, 10);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	i18n_init();
	i18n_set(LANGUAGE_EN);
	charset_init();
	if (ssh_load(folder))
		return 1;
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof here;
	int door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (door < 0 || bind(door, (struct sockaddr *)&here, size) || listen(door, 64) ||
	    getsockname(door, (struct sockaddr *)&here, &size))
		die("listen: %s", strerror(errno));
	struct buf prints = { 0 };
	if (ssh_fingerprints(folder, &prints))
		die("no fingerprints");
	printf("%d\n%s", ntohs(here.sin_port), prints.data);
	fflush(stdout);
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int wire = accept4(door, NULL, NULL, SOCK_CLOEXEC);
		if (wire < 0)
			continue;
		if (!fork()) {
			signal(SIGCHLD, SIG_DFL);
			close(door);
			serve_one(wire, folder, limits[0], limits[1]);
			_exit(0);
		}
		close(wire);
	}
}
