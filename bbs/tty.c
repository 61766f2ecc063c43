/*
 * The console's carrier: the terminal this program was started on, raw while the session runs. No
 * fence: whoever comes this way may open the store anyhow.
 */
#include "bbs/carrier.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/log.h"
#include "bbs/link.h"

enum {
	FLUSH_WAIT = 2000,    /* ms for the last words to be shown */
	READ_SIZE = 4 * 1024,
	WRITE_SIZE = 4 * 1024,/* PIPE_BUF: what a pipe that polls writable takes without waiting */
};

static volatile sig_atomic_t resized, killed;
static struct termios before;
static bool is_raw;

static void
on_signal(int number)
{
	if (number == SIGWINCH)
		resized = 1;
	else
		killed = 1;
}

static void
restore(void)
{
	if (is_raw)
		tcsetattr(STDIN_FILENO, TCSANOW, &before);
	is_raw = false;
}

static void
make_raw(void)
{
	if (tcgetattr(STDIN_FILENO, &before))
		return;
	struct termios raw = before;
	cfmakeraw(&raw);
	is_raw = !tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

/*
 * The signals that end us or tell of a new size come only inside ppoll(), whose mask is given back
 * in *mask. Interrupt and stop keys are bytes in raw mode; a kill of that kind from outside is not
 * for us to follow.
 */
static void
catch_signals(sigset_t *mask)
{
	static const int caught[] = { SIGWINCH, SIGTERM, SIGHUP };
	static const int ignored[] = { SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE };
	sigset_t shut;
	sigemptyset(&shut);
	for (size_t i = 0; i < sizeof caught / sizeof *caught; i++) {
		struct sigaction action = { .sa_handler = on_signal };
		sigaction(caught[i], &action, NULL);
		sigaddset(&shut, caught[i]);
	}
	for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
		signal(ignored[i], SIG_IGN);
	sigprocmask(SIG_BLOCK, &shut, mask);
	for (size_t i = 0; i < sizeof caught / sizeof *caught; i++)
		sigdelset(mask, caught[i]);
}

/*
 * The terminal once more, so that O_NONBLOCK is ours alone: the descriptors we were given are also
 * the shell's. Where it cannot be opened by its name, what we were given must do.
 */
static int
open_again(int given)
{
	const char *name = ttyname(given);
	int fd = name ? open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC) : -1;
	return fd < 0 ? given : fd;
}

/* The first of the environment's names for this that says anything; "" when none does. */
static const char *
locale_of(const char *category)
{
	const char *names[] = { "LC_ALL", category, "LANG" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return strlen(value) < 64 ? value : "";
	}
	return "";
}

/* From "fr_FR.ISO-8859-15@euro"; UTF-8 where it says nothing that we know. */
static enum charset
charset_of(const char *locale)
{
	char name[64];
	const char *dot = strchr(locale, '.');
	if (!dot)
		return strstr(locale, "@euro") ? CHARSET_LATIN9 : CHARSET_UTF8;
	size_t n = strcspn(dot + 1, "@");
	if (n >= sizeof name)
		return CHARSET_UTF8;
	memcpy(name, dot + 1, n);
	name[n] = '\0';
	int charset = charset_parse(name);
	return charset < 0 ? CHARSET_UTF8 : (enum charset)charset;
}

static const char *
term_of(void)
{
	static const char allowed[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+._-";
	const char *term = getenv("TERM");
	if (!term || strlen(term) > 32 || term[strspn(term, allowed)])
		return "";
	return term;
}

static void
begin(struct link *link, int in)
{
	struct winsize size = { 0 };
	if (is_raw)
		ioctl(in, TIOCGWINSZ, &size);
	const char *term = is_raw ? term_of() : "";
	bool known = size.ws_col && size.ws_row;
	int flags = 0;
	if (is_raw)
		flags |= START_ECHO_HERE;
	else if (isatty(STDIN_FILENO))
		flags |= START_NO_SECRET;
	if (known && *term)
		flags |= START_TERMINAL;
	link_start(link, term, locale_of("LC_MESSAGES"), known ? size.ws_col : 0,
	    known ? size.ws_row : 0, flags);
}

/* Writes what goes. 0, or -1 when nobody can read it any more. */
static int
flush(struct link *link, int fd, struct buf *out)
{
	while (out->len) {
		/* Where the descriptor is not our own, write() would wait. */
		struct pollfd p = { fd, POLLOUT, 0 };
		if (poll(&p, 1, 0) <= 0)
			break;
		ssize_t n = write(fd, out->data, out->len < WRITE_SIZE ? out->len : WRITE_SIZE);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return -1;
		if (n < 0)
			break;
		buf_eat(out, (size_t)n);
	}
	link_written(link, out->len);
	return 0;
}

static void
finish(struct link *link, int fd, struct buf *out)
{
	int64_t until = clock_ticks() + FLUSH_WAIT;
	while (!flush(link, fd, out) && out->len) {
		int64_t left = until - clock_ticks();
		if (left <= 0)
			return;
		struct pollfd p = { fd, POLLOUT, 0 };
		poll(&p, 1, (int)left);
	}
}

/* Until the session or the terminal has ended; what to say of it, or "". */
static const char *
talk(struct link *link, int in, int out_fd, const sigset_t *mask)
{
	struct buf out = { 0 };
	const char *why = "";
	bool ended = false;
	while (!killed) {
		if (resized) {
			struct winsize size;
			resized = 0;
			if (is_raw && !ioctl(in, TIOCGWINSZ, &size) && size.ws_col && size.ws_row)
				link_size(link, size.ws_col, size.ws_row);
		}
		link_push(link);
		if (flush(link, out_fd, &out))
			break;

		bool reads = !ended && !link_full(link);
		struct pollfd p[3] = {
			{ reads ? in : -1, POLLIN, 0 },
			{ out.len ? out_fd : -1, POLLOUT, 0 },
			{ link->session, link_events(link), 0 },
		};
		/* A session that hung up would wake us again and again where it is not heard. */
		if (!p[2].events)
			p[2].fd = -1;
		if (ppoll(p, 3, NULL, mask) < 0) {
			if (errno != EINTR)
				die("poll: %s", strerror(errno));
			continue;
		}

		if (p[0].revents) {
			char data[READ_SIZE];
			ssize_t n = read(in, data, sizeof data);
			if (n > 0) {
				link_input(link, data, (size_t)n);
			} else if (!n || (errno != EAGAIN && errno != EINTR)) {
				ended = true;
				link_end(link);
			}
		}
		enum link_news news =
		    p[2].revents & ~POLLOUT ? link_pull(link, &out) : LINK_NONE;
		if (news == LINK_GONE)
			why = link_sorry();
		if (news == LINK_GONE || news == LINK_BYE) {
			finish(link, out_fd, &out);
			break;
		}
	}
	buf_free(&out);
	return why;
}

enum carrier_end
tty_carrier(const struct carrier *c)
{
	struct link link = { .session = c->session };
	int in = STDIN_FILENO, out = STDOUT_FILENO;
	sigset_t mask;
	catch_signals(&mask);
	const char *locale = locale_of("LC_MESSAGES");
	if (i18n_parse(locale) >= 0)
		i18n_set((enum language)i18n_parse(locale));
	if (isatty(in) && isatty(out)) {
		log_last_words = restore;
		make_raw();
		in = open_again(STDIN_FILENO);
		out = open_again(STDOUT_FILENO);
	}
	wire_init(&link.wire, charset_of(locale_of("LC_CTYPE")), is_raw);
	begin(&link, in);
	const char *why = talk(&link, in, out, &mask);
	restore();
	log_last_words = NULL;
	if (*why) {
		struct buf words = { 0 };
		wire_out(&link.wire, why, strlen(why), &words);
		buf_char(&words, '\n');
		if (write(STDERR_FILENO, words.data, words.len) < 0)
			log_line(LOG_DETAIL, "the console is gone");
		buf_free(&words);
	}
	link_free(&link);
	return CARRIER_WELL;
}
