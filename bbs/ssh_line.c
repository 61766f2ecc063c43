/*
 * The ssh carrier once somebody is logged in: one channel with a shell, a command or sftp, and its bytes.
 * Libssh is only ever asked, never called back from, and nothing here waits but line_wait().
 */
#define SSH_SUPPRESS_DEPRECATED /* the message functions */
#include <stdbool.h>

#include "bbs/ssh.h"

#include <errno.h>
#include <libssh/server.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/log.h"
#include "bbs/base/mem.h"
#include "bbs/link.h"

enum {
	READ_SIZE = 32 * 1024,    /* of the channel, at once */
	WRITE_SIZE = 32 * 1024,   /* to the channel, at once; a larger piece waits inside libssh */
	COMMAND_MAX = 8 * 1024,
	SIZE_MAX_CELLS = 65535,
	STUCK_WAIT = 7200 * 1000, /* ms without a byte taken by the client; slow is not dead */
	LAST_WAIT = 60 * 1000,    /* the same once the session has ended */
	CLOSE_WAIT = 600 * 1000,  /* ms for the client to hang up once the channel is closed: it may still write */
};

/* What of the client's environment is heard. */
enum { LC_ALL_, LC_MESSAGES_, LC_CTYPE_, LANG_, LOCALES };
static const char *const locales[LOCALES] = { "LC_ALL", "LC_MESSAGES", "LC_CTYPE", "LANG" };
enum { LOCALE_MAX = 32 };

struct line {
	struct ssh_call *call;
	ssh_channel channel;
	struct link link;
	bool pty, started;
	bool wrote; /* something, once */
	bool ended; /* the client sends no more */
	bool said;  /* the session says no more */
	char term[33];
	char locale[LOCALES][LOCALE_MAX + 1];
	int columns, rows;
	struct buf out[2]; /* not yet written: standard output, standard error */
	int64_t stuck_since;
};

/* Copies a short name made of `letters`; anything else is as if nothing was said. */
static void
take_name(char *to, size_t size, const char *name, const char *letters)
{
	size_t n = name ? strlen(name) : 0;
	bool good = n && n < size && strspn(name, letters) == n;
	memcpy(to, good ? name : "", good ? n + 1 : 1);
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* The first that is set of the general one, `one` and LANG. */
static const char *
locale_of(const struct line *l, int one)
{
	const int order[] = { LC_ALL_, one, LANG_ };
	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if (l->locale[order[i]][0])
			return l->locale[order[i]];
	return "";
}

/* "fr_FR.ISO-8859-15@euro"; macOS says LC_CTYPE=UTF-8. Who says nothing has UTF-8. */
static enum charset
charset_of(const char *locale)
{
	const char *dot = strchr(locale, '.');
	char name[LOCALE_MAX + 1];
	snprintf(name, sizeof name, "%s", dot ? dot + 1 : locale);
	name[strcspn(name, "@")] = '\0';
	int known = name[0] ? charset_parse(name) : -1;
	return known < 0 ? CHARSET_UTF8 : (enum charset)known;
}

/* For whoever asks his client why (ssh -v, PuTTY's log): libssh has no words in a refusal itself. */
static void
refuse(struct line *l, ssh_message m, const char *what)
{
	log_line(LOG_NOTE, "%s: %s refused", l->call->carrier->source, what);
	ssh_send_debug(l->call->ssh, _("This board offers one terminal or one command a connection; "
	                               "no second channel, no forwarding."), 1);
	ssh_message_reply_default(m);
}

static void
take_open(struct line *l, ssh_message m)
{
	if (ssh_message_subtype(m) != SSH_CHANNEL_SESSION)
		refuse(l, m, "a channel for forwarding");
	else if (l->channel)
		refuse(l, m, "a second channel");
	else
		l->channel = ssh_message_channel_request_open_reply_accept(m);
}

/* 0 is "I do not say". */
static void
take_size(struct line *l, ssh_message m)
{
	unsigned columns = (unsigned)ssh_message_channel_request_pty_width(m);
	unsigned rows = (unsigned)ssh_message_channel_request_pty_height(m);
	if (!columns || !rows) {
		columns = 80;
		rows = 24;
	}
	l->columns = (int)(columns > SIZE_MAX_CELLS ? SIZE_MAX_CELLS : columns);
	l->rows = (int)(rows > SIZE_MAX_CELLS ? SIZE_MAX_CELLS : rows);
	if (l->started)
		link_size(&l->link, l->columns, l->rows);
}

static bool
take_locale(struct line *l, ssh_message m)
{
	const char *name = ssh_message_channel_request_env_name(m);
	for (int i = 0; name && i < LOCALES; i++)
		if (!strcmp(name, locales[i])) {
			take_name(l->locale[i], sizeof l->locale[i],
			    ssh_message_channel_request_env_value(m), LETTERS "._@-");
			return true;
		}
	return false;
}

/* A shell (no command), or a command. Without a terminal the client's own shows what is typed. */
static bool
start(struct line *l, const char *command)
{
	if (command && strlen(command) > COMMAND_MAX)
		return false;
	const char *locale = locale_of(l, LC_MESSAGES_);
	int language = i18n_parse(locale);
	if (language >= 0)
		i18n_set((enum language)language);
	wire_init(&l->link.wire, charset_of(locale_of(l, LC_CTYPE_)), l->pty);
	if (command)
		link_start_command(&l->link, locale, command);
	else
		link_start(&l->link, l->term, locale, l->columns, l->rows,
		    l->pty ? START_TERMINAL | START_ECHO_HERE : START_NO_SECRET);
	l->started = true;
	return true;
}

static size_t
unwritten(const struct line *l)
{
	return l->out[0].len + l->out[1].len;
}

/* A word of our own; commands have it apart from their result. */
static void
say(struct line *l, const char *text)
{
	struct buf *b = &l->out[l->link.wire.raw];
	wire_out(&l->link.wire, "\n", 1, b);
	wire_out(&l->link.wire, text, strlen(text), b);
	wire_out(&l->link.wire, "\n", 1, b);
}

/* The one subsystem is a command too. A plain refusal of others would be shown as a number: it starts, says
 * why, and fails. */
static bool
start_subsystem(struct line *l, const char *name)
{
	if (name && !strcmp(name, "sftp"))
		return start(l, name);
	l->started = l->said = l->link.wire.raw = true;
	l->link.status = 1;
	say(l, _("This board has no subsystem but sftp."));
	return true;
}

static void
take_channel_request(struct line *l, ssh_message m)
{
	bool good = false;
	int kind = ssh_message_subtype(m);
	switch (kind) {
	case SSH_CHANNEL_REQUEST_PTY:
		if (l->started || l->pty)
			break;
		l->pty = good = true;
		take_name(l->term, sizeof l->term, ssh_message_channel_request_pty_term(m), LETTERS "+._-");
		take_size(l, m);
		break;
	case SSH_CHANNEL_REQUEST_WINDOW_CHANGE:
		good = l->pty;
		if (good)
			take_size(l, m);
		break;
	case SSH_CHANNEL_REQUEST_ENV:
		good = !l->started && take_locale(l, m);
		break;
	case SSH_CHANNEL_REQUEST_SHELL:
		good = !l->started && start(l, NULL);
		break;
	case SSH_CHANNEL_REQUEST_EXEC:
		good = !l->started && start(l, ssh_message_channel_request_command(m));
		break;
	case SSH_CHANNEL_REQUEST_SUBSYSTEM:
		good = !l->started && start_subsystem(l, ssh_message_channel_request_subsystem(m));
		break;
	case SSH_CHANNEL_REQUEST_X11:
		refuse(l, m, "X11");
		return;
	}
	if (good)
		ssh_message_channel_request_reply_success(m);
	else
		ssh_message_reply_default(m);
}

static bool
take_messages(struct line *l)
{
	bool some = false;
	ssh_message m;
	while ((m = ssh_message_get(l->call->ssh))) {
		some = true;
		if (ssh_message_type(m) == SSH_REQUEST_CHANNEL_OPEN)
			take_open(l, m);
		else if (ssh_message_type(m) == SSH_REQUEST_CHANNEL && l->channel)
			take_channel_request(l, m);
		else if (ssh_message_type(m) == SSH_REQUEST_GLOBAL)
			refuse(l, m, "forwarding");
		else if (ssh_message_type(m) != SSH_REQUEST_AUTH) /* RFC 4252: ignored from here on */
			ssh_message_reply_default(m);
		ssh_message_free(m);
	}
	return some;
}

/* While the session takes nothing the channel is left unread, and its window closes. */
static bool
read_channel(struct line *l)
{
	if (l->ended || link_full(&l->link))
		return false;
	char data[READ_SIZE];
	int n = ssh_channel_read_nonblocking(l->channel, data, sizeof data, 0);
	if (n > 0)
		link_input(&l->link, data, (size_t)n);
	else if (ssh_channel_is_eof(l->channel)) {
		link_end(&l->link);
		l->ended = true;
	}
	return n > 0 || l->ended;
}

/* All that the session says and has credit for; true at its end. */
static bool
hear_session(struct line *l)
{
	if (l->said)
		return false;
	bool idle = !unwritten(l);
	enum link_news news;
	do {
		struct buf text = { 0 };
		news = link_pull(&l->link, &text);
		buf_add(&l->out[l->link.error], text.data, text.len);
		buf_free(&text);
	} while (news == LINK_SOME);
	if (idle)
		l->stuck_since = clock_ticks();
	link_written(&l->link, unwritten(l));
	l->said = news != LINK_NONE;
	if (news == LINK_GONE) {
		l->link.status = 1;
		say(l, link_sorry());
	}
	return l->said;
}

/*
 * A client may say that its packets hold ten bytes, all of which libssh (0.10.6) takes for the head:
 * it then sends empty ones for ever. The first write has a second of processor, or SIGPROF.
 */
static void
limit_time(bool on)
{
	struct itimerval second = { .it_value.tv_sec = on };
	setitimer(ITIMER_PROF, &second, NULL);
}

static bool
write_stream(struct line *l, bool error)
{
	struct buf *out = &l->out[error];
	uint32_t n = ssh_channel_window_size(l->channel);
	/* Libssh would keep any amount that the line does not take. */
	if (!out->len || !n || ssh_get_status(l->call->ssh) & SSH_WRITE_PENDING)
		return false;
	if (n > WRITE_SIZE)
		n = WRITE_SIZE;
	if (n > out->len)
		n = (uint32_t)out->len;
	if (!l->wrote)
		limit_time(true);
	int done = error ? ssh_channel_write_stderr(l->channel, out->data, n) :
	                   ssh_channel_write(l->channel, out->data, n);
	if (!l->wrote)
		limit_time(false);
	if (done <= 0) /* a key exchange is under way, or the line is dead: ssh_dead() will tell */
		return false;
	l->wrote = true;
	buf_eat(out, (size_t)done);
	l->stuck_since = clock_ticks();
	link_written(&l->link, unwritten(l));
	return true;
}

/* Waits for either side, at most `wait` ms (-1: for ever). */
static void
line_wait(struct line *l, int wait)
{
	bool writes = ssh_get_status(l->call->ssh) & SSH_WRITE_PENDING;
	struct pollfd p[2] = {
		{ l->call->carrier->wire, (short)(POLLIN | (writes ? POLLOUT : 0)), 0 },
		{ l->call->carrier->session, l->said ? 0 : link_events(&l->link), 0 },
	};
	/* One that hung up would wake us again and again, though we have nothing to do with it. */
	if (!p[1].events)
		p[1].fd = -1;
	if (poll(p, 2, wait) < 0 && errno != EINTR)
		die("poll: %s", strerror(errno));
}

/*
 * All is said and written. The client hangs up by itself when it has seen the channel's end and has passed on
 * what it got; at a farewell of ours OpenSSH's would forget what it still holds. sshd too waits for it.
 */
static void
finish(struct line *l)
{
	ssh_channel_request_send_exit_status(l->channel, l->link.status);
	ssh_channel_send_eof(l->channel);
	ssh_channel_close(l->channel);
	for (int64_t until = clock_ticks() + CLOSE_WAIT; !ssh_dead(l->call);) {
		int64_t left = until - clock_ticks();
		if (left <= 0)
			break;
		if (!take_messages(l) && !ssh_dead(l->call))
			line_wait(l, (int)left);
	}
	ssh_goodbye(l->call, _("Goodbye."));
}

static int
patience(const struct line *l)
{
	return l->said ? LAST_WAIT : STUCK_WAIT;
}

/* One turn with a session that was started. False: that was the last. */
static bool
serve_turn(struct line *l, bool *moved)
{
	*moved |= read_channel(l);
	size_t owed = l->link.input.len;
	bool full = link_full(&l->link);
	link_push(&l->link);
	*moved |= l->link.input.len < owed || (full && !link_full(&l->link));
	hear_session(l);
	*moved |= write_stream(l, true);
	*moved |= write_stream(l, false);
	if (l->said && !unwritten(l)) {
		finish(l);
		return false;
	}
	return !unwritten(l) || clock_ticks() - l->stuck_since < patience(l);
}

void
ssh_line(struct ssh_call *call)
{
	struct line *l = mem_alloc(sizeof *l);
	l->call = call;
	l->link.session = call->carrier->session;
	wire_init(&l->link.wire, CHARSET_UTF8, false);
	for (;;) {
		uint64_t packets = call->packets.in_packets;
		bool moved = take_messages(l);
		if (ssh_dead(call) || (l->channel && ssh_channel_is_closed(l->channel)))
			break;
		if (l->started) {
			if (!serve_turn(l, &moved))
				break;
		} else if (hear_session(l)) {
			ssh_goodbye(call, link_sorry());
			break;
		}
		/* Reading, or writing, the channel may bring packets of any other kind in. */
		if (!moved && call->packets.in_packets == packets)
			line_wait(l, unwritten(l) ? patience(l) : -1);
	}
	link_free(&l->link);
	buf_free(&l->out[0]);
	buf_free(&l->out[1]);
	free(l);
}
