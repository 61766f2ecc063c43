/*
 * The telnet carrier: options by libtelnet, line ends, charset, one poll loop. It knows no screen,
 * and a client that answers nothing is as welcome as one that negotiates everything.
 */
#include "bbs/carrier.h"

#include <stddef.h>

#include <errno.h>
#include <libtelnet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/log.h"
#include "bbs/fence.h"
#include "bbs/link.h"

enum {
	ANSWER_WAIT = 300,         /* ms for answers to our questions before START */
	FLUSH_WAIT = 2000,         /* ms for the last words to leave */
	STUCK_WAIT = 7200 * 1000,  /* ms without a byte taken by the client; slow is not dead */
	READ_SIZE = 4 * 1024,      /* of the line, at once */
	OUT_FULL = 512 * 1024,     /* unwritten; above what a session may send: be silent */
	SUBNEGOTIATION = 4 * 1024, /* nobody has so much to say about an option */
	CHARSET_OPTION = 42,       /* RFC 2066; libtelnet has no name for it */
	CHARSET_REQUEST = 1,
	CHARSET_ACCEPTED = 2,
	CHARSET_REJECTED = 3,
};

static const telnet_telopt_t options[] = {
	{ TELNET_TELOPT_ECHO, TELNET_WILL, TELNET_DONT },
	{ TELNET_TELOPT_SGA, TELNET_WILL, TELNET_DO },
	{ TELNET_TELOPT_BINARY, TELNET_WILL, TELNET_DO },
	{ TELNET_TELOPT_NAWS, TELNET_WONT, TELNET_DO },
	{ TELNET_TELOPT_TTYPE, TELNET_WONT, TELNET_DO },
	{ CHARSET_OPTION, TELNET_WILL, TELNET_DO },
	{ -1, 0, 0 },
};

/*
 * What we ask as the line opens; with `more` a yes is followed by a sub-negotiation. CHARSET's number
 * is a printable *: it is asked last, and only of those who are seen to negotiate.
 */
static const struct question {
	unsigned char option, ask, yes, no;
	bool more;
} questions[] = {
	{ TELNET_TELOPT_ECHO, TELNET_WILL, TELNET_DO, TELNET_DONT, false },
	{ TELNET_TELOPT_SGA, TELNET_WILL, TELNET_DO, TELNET_DONT, false },
	{ TELNET_TELOPT_NAWS, TELNET_DO, TELNET_WILL, TELNET_WONT, true },
	{ TELNET_TELOPT_TTYPE, TELNET_DO, TELNET_WILL, TELNET_WONT, true },
	{ TELNET_TELOPT_BINARY, TELNET_WILL, TELNET_DO, TELNET_DONT, false },
	{ TELNET_TELOPT_BINARY, TELNET_DO, TELNET_WILL, TELNET_WONT, false },
	{ CHARSET_OPTION, TELNET_WILL, TELNET_DO, TELNET_DONT, true },
};

enum { QUESTIONS = sizeof questions / sizeof *questions, AT_ONCE = QUESTIONS - 1 };

/* Best first. */
static const enum charset preferred[] = {
	CHARSET_UTF8,
	CHARSET_LATIN9,
	CHARSET_LATIN1,
	CHARSET_CP1252,
	CHARSET_CP850,
	CHARSET_CP437,
	CHARSET_ASCII,
};

/* The keys that telnet has as commands. */
static const struct {
	unsigned char command;
	char key;
} keys[] = {
	{ TELNET_IP, '\x03' },
	{ TELNET_BREAK, '\x03' },
	{ TELNET_ABORT, '\x03' },
	{ TELNET_SUSP, '\x1a' },
	{ TELNET_EOF, '\x04' },
	{ TELNET_EC, '\x7f' },
	{ TELNET_EL, '\x15' },
};

struct line {
	int wire;
	telnet_t *telnet;
	struct link link;
	struct buf out;   /* bytes for the client, doubled IAC and all */
	unsigned waiting; /* a bit for each question without its answer */
	unsigned asked;   /* so many of the questions */
	int64_t answers_until; /* the session begins without those that have not come */
	bool started, terminal, broken, ended;
	bool echo; /* the client leaves the echo to us */
	bool binary[2];    /* RFC 856: ours and the client's bytes are of eight bits */
	bool asked_for[2]; /* … for as long as they pass as they are */
	bool through;      /* as the link's wire when last looked at */
	char term[33];
	int columns, rows;
	bool asked_charset; /* our CHARSET REQUEST is under way */
	bool after_cr;
	/* Where look_ahead() stands in the stream. */
	enum { TEXT, COMMAND, OPTION, SUB_OPTION, SUB, SUB_COMMAND } place;
	unsigned char command;
	size_t sub_size;
};

/* The question about `option` has its answer. */
static void
answered(struct line *l, unsigned char option)
{
	for (unsigned i = 0; i < QUESTIONS; i++)
		if (questions[i].option == option)
			l->waiting &= ~(1u << i);
}

/* Asks the next questions, up to `count` of them. */
static void
ask(struct line *l, unsigned count)
{
	for (; l->asked < count; l->asked++) {
		const struct question *q = &questions[l->asked];
		telnet_negotiate(l->telnet, q->ask, q->option);
		l->waiting |= 1u << l->asked;
		l->answers_until = clock_ticks() + ANSWER_WAIT;
	}
}

static void
see_negotiation(struct line *l, unsigned char command, unsigned char option)
{
	ask(l, QUESTIONS);
	for (unsigned i = 0; i < QUESTIONS; i++) {
		const struct question *q = &questions[i];
		if (q->option == option && (command == q->no || (command == q->yes && !q->more)))
			l->waiting &= ~(1u << i);
	}
}

/*
 * Goes over what comes, one byte ahead of libtelnet, for two reasons. libtelnet does not tell of a
 * refusal to our first question; and it obeys MCCP2, ZMP, MSSP and ENVIRON though nobody agreed to
 * them, and keeps 16 KiB of any: whoever sends such a thing is hung up on. False: hang up.
 */
static bool
look_ahead(struct line *l, const char *data, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)data[i];
		/* A command inside a sub-negotiation ends it, as in libtelnet. */
		if (l->place == SUB_COMMAND && c != TELNET_IAC)
			l->place = c == TELNET_SE ? TEXT : COMMAND;
		switch (l->place) {
		case TEXT:
			if (c == TELNET_IAC)
				l->place = COMMAND;
			break;
		case COMMAND:
			l->command = c;
			l->place = c == TELNET_SB             ? SUB_OPTION :
			    c >= TELNET_WILL && c < TELNET_IAC ? OPTION :
			                                         TEXT;
			break;
		case OPTION:
			see_negotiation(l, l->command, c);
			l->place = TEXT;
			break;
		case SUB_OPTION:
			if (c != TELNET_TELOPT_TTYPE && c != TELNET_TELOPT_NAWS &&
			    c != CHARSET_OPTION)
				return false;
			l->sub_size = 0;
			l->place = SUB;
			break;
		case SUB_COMMAND:
			l->place = SUB;
			break;
		case SUB:
			if (c == TELNET_IAC)
				l->place = SUB_COMMAND;
			if (++l->sub_size > SUBNEGOTIATION)
				return false;
			break;
		}
	}
	return true;
}

/* CR, CR LF, CR NUL and LF are one Enter each. */
static void
take_text(struct line *l, const char *data, size_t n)
{
	if (l->link.wire.through) {
		link_input(&l->link, data, n);
		return;
	}
	char enter = l->started && !l->terminal ? '\n' : '\r';
	char typed[256];
	size_t have = 0;
	for (size_t i = 0; i < n; i++) {
		char c = data[i];
		bool rest = l->after_cr && (c == '\n' || c == '\0');
		l->after_cr = c == '\r';
		if (rest)
			continue;
		typed[have++] = c == '\r' || c == '\n' ? enter : c;
		if (have == sizeof typed) {
			link_input(&l->link, typed, have);
			have = 0;
		}
	}
	link_input(&l->link, typed, have);
}

static void
take_command(struct line *l, unsigned char command)
{
	if (command == TELNET_AYT) {
		static const char here[] = "\r\n[Palabre]\r\n";
		telnet_send(l->telnet, here, sizeof here - 1);
	}
	for (size_t i = 0; i < sizeof keys / sizeof *keys && !l->through; i++)
		if (keys[i].command == command)
			take_text(l, &keys[i].key, 1);
}

/* A type that is not made of what names of terminals are made of is none. */
static void
take_terminal(struct line *l, const char *name)
{
	answered(l, TELNET_TELOPT_TTYPE);
	size_t n = strlen(name);
	if (l->started || n >= sizeof l->term)
		return;
	for (size_t i = 0; i <= n; i++) {
		char c = name[i];
		l->term[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
	}
	if (l->term[strspn(l->term, "abcdefghijklmnopqrstuvwxyz0123456789+._-")])
		l->term[0] = '\0';
}

static void
take_size(struct line *l, const char *data, size_t n)
{
	answered(l, TELNET_TELOPT_NAWS);
	const unsigned char *b = (const unsigned char *)data;
	int columns = n == 4 ? b[0] << 8 | b[1] : 0;
	int rows = n == 4 ? b[2] << 8 | b[3] : 0;
	/* RFC 1073: 0 is "I do not say". */
	if (!columns || !rows)
		return;
	l->columns = columns;
	l->rows = rows;
	if (l->started)
		link_size(&l->link, columns, rows);
}

static void
offer_charsets(struct line *l)
{
	struct buf b = { 0 };
	buf_char(&b, CHARSET_REQUEST);
	for (size_t i = 0; i < sizeof preferred / sizeof *preferred; i++)
		buf_fmt(&b, ";%s", charset_name(preferred[i]));
	telnet_subnegotiation(l->telnet, CHARSET_OPTION, b.data, b.len);
	buf_free(&b);
	l->asked_charset = true;
}

static void
use_charset(struct line *l, enum charset charset)
{
	if (l->started)
		link_charset(&l->link, charset);
	else
		wire_charset(&l->link.wire, charset);
}

/* The client's list, "<separator>name<separator>name…": takes what we like best of it. */
static void
choose_charset(struct line *l, const char *list, size_t n)
{
	size_t best = sizeof preferred / sizeof *preferred;
	char reply[64] = { CHARSET_REJECTED };
	for (size_t at = 1; at < n;) {
		const char *end = memchr(list + at, list[0], n - at);
		size_t length = end ? (size_t)(end - (list + at)) : n - at;
		char name[sizeof reply - 1];
		int known = -1;
		if (length < sizeof name) {
			memcpy(name, list + at, length);
			name[length] = '\0';
			known = charset_parse(name);
		}
		for (size_t i = 0; known >= 0 && i < best; i++) {
			if (preferred[i] != (enum charset)known)
				continue;
			best = i;
			reply[0] = CHARSET_ACCEPTED;
			memcpy(reply + 1, name, length + 1);
		}
		at += length + 1;
	}
	if (reply[0] == CHARSET_ACCEPTED)
		use_charset(l, preferred[best]);
	telnet_subnegotiation(l->telnet, CHARSET_OPTION, reply, 1 + strlen(reply + 1));
}

static void
take_charset(struct line *l, const char *data, size_t n)
{
	static const char table[] = "[TTABLE]";
	static const char no[] = { CHARSET_REJECTED };
	char name[64];
	switch (n ? data[0] : 0) {
	case CHARSET_REQUEST:
		data++;
		n--;
		if (n > sizeof table && !memcmp(data, table, sizeof table - 1)) {
			data += sizeof table;
			n -= sizeof table;
		}
		/* RFC 2066: when both ask at once, it is the server who refuses. */
		if (l->asked_charset || n < 2)
			telnet_subnegotiation(l->telnet, CHARSET_OPTION, no, sizeof no);
		else
			choose_charset(l, data, n);
		return;
	case CHARSET_ACCEPTED:
		if (l->asked_charset && n <= sizeof name) {
			memcpy(name, data + 1, n - 1);
			name[n - 1] = '\0';
			int charset = charset_parse(name);
			if (charset >= 0)
				use_charset(l, (enum charset)charset);
		}
		break;
	}
	l->asked_charset = false;
	answered(l, CHARSET_OPTION);
}

static int
echo_flags(const struct line *l)
{
	return l->echo ? START_ECHO_HERE : START_NO_SECRET;
}

static void
take_echo(struct line *l, bool echo)
{
	if (l->echo == echo)
		return;
	l->echo = echo;
	if (l->started)
		link_echo(&l->link, echo_flags(l));
}

/*
 * While bytes pass as they are both sides are asked for eight bits, where they are not agreed on since the line was
 * opened; afterwards what was asked for is given back. Who refuses gets the bytes all the same.
 */
static void
agree_on_bytes(struct line *l)
{
	static const unsigned char on[] = { TELNET_WILL, TELNET_DO }, off[] = { TELNET_WONT, TELNET_DONT };
	if (l->through == l->link.wire.through)
		return;
	l->through = l->link.wire.through;
	l->after_cr = false;
	for (int i = 0; i < 2; i++) {
		bool ask_now = l->through ? !l->binary[i] : l->asked_for[i];
		l->asked_for[i] = l->through && ask_now;
		if (ask_now)
			telnet_negotiate(l->telnet, l->through ? on[i] : off[i], TELNET_TELOPT_BINARY);
	}
}

static void
take_binary(struct line *l, telnet_event_type_t type)
{
	bool ours = type == TELNET_EV_DO || type == TELNET_EV_DONT;
	l->binary[!ours] = type == TELNET_EV_DO || type == TELNET_EV_WILL;
}

static void
handle(telnet_t *telnet, telnet_event_t *event, void *user)
{
	struct line *l = user;
	if (event->type == TELNET_EV_SEND) {
		buf_add(&l->out, event->data.buffer, event->data.size);
		return;
	}
	if (event->type >= TELNET_EV_WILL && event->type <= TELNET_EV_DONT &&
	    event->neg.telopt == TELNET_TELOPT_BINARY)
		take_binary(l, event->type);
	switch (event->type) {
	case TELNET_EV_DATA:
		take_text(l, event->data.buffer, event->data.size);
		break;
	case TELNET_EV_IAC:
		take_command(l, event->iac.cmd);
		break;
	case TELNET_EV_WILL:
		if (event->neg.telopt == TELNET_TELOPT_TTYPE)
			telnet_ttype_send(telnet);
		break;
	case TELNET_EV_DO:
		if (event->neg.telopt == TELNET_TELOPT_ECHO)
			take_echo(l, true);
		if (event->neg.telopt == CHARSET_OPTION)
			offer_charsets(l);
		break;
	case TELNET_EV_DONT:
		if (event->neg.telopt == TELNET_TELOPT_ECHO)
			take_echo(l, false);
		break;
	case TELNET_EV_TTYPE:
		if (event->ttype.cmd == TELNET_TTYPE_IS)
			take_terminal(l, event->ttype.name);
		break;
	case TELNET_EV_SUBNEGOTIATION:
		if (event->sub.telopt == TELNET_TELOPT_NAWS)
			take_size(l, event->sub.buffer, event->sub.size);
		if (event->sub.telopt == CHARSET_OPTION)
			take_charset(l, event->sub.buffer, event->sub.size);
		break;
	case TELNET_EV_ERROR:
		l->broken = true;
		break;
	default:
		break;
	}
}

/* What answers came have come: the session begins. */
static void
start(struct line *l)
{
	l->started = true;
	l->terminal = l->columns && l->term[0];
	for (size_t i = 0; !l->terminal && i < l->link.input.len; i++)
		if (l->link.input.data[i] == '\r')
			l->link.input.data[i] = '\n';
	int flags = echo_flags(l) | (l->terminal ? START_TERMINAL : 0);
	link_start(&l->link, l->term, "", l->columns, l->rows, flags);
}

/* Writes what goes. 0, or -1 when the line is dead. */
static int
flush(struct line *l)
{
	while (l->out.len) {
		ssize_t n = send(l->wire, l->out.data, l->out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			return -1;
		if (n < 0)
			break;
		buf_eat(&l->out, (size_t)n);
	}
	link_written(&l->link, l->out.len);
	return 0;
}

/* Reads once. 0, or -1 when the line is dead or talks nonsense. */
static int
read_line(struct line *l)
{
	char data[READ_SIZE];
	ssize_t n = recv(l->wire, data, sizeof data, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	if (!n) {
		l->ended = true;
		link_end(&l->link);
		return 0;
	}
	if (!look_ahead(l, data, (size_t)n))
		l->broken = true;
	else
		telnet_recv(l->telnet, data, (size_t)n);
	if (l->broken)
		log_line(LOG_NOTE, "hung up: not telnet as we know it");
	return l->broken ? -1 : 0;
}

static void
say(struct line *l, const char *text)
{
	struct buf b = { 0 };
	wire_out(&l->link.wire, text, strlen(text), &b);
	telnet_send(l->telnet, b.data, b.len);
	buf_free(&b);
}

/* The session fell. Its caller's language went with it. */
static void
say_sorry(struct line *l)
{
	enum language languages[] = { LANGUAGE_FR, LANGUAGE_EN };
	for (size_t i = 0; i < 2; i++) {
		i18n_set(languages[i]);
		say(l, "\n");
		say(l, link_sorry());
	}
	say(l, "\n");
}

/*
 * Lets the last words leave. What the client still sends is read away until it closes too: a socket
 * closed over unread bytes sends a reset, which can overtake those words.
 */
static void
finish(struct line *l)
{
	int64_t until = clock_ticks() + FLUSH_WAIT;
	bool shut = false;
	for (;;) {
		if (flush(l))
			return;
		if (!l->out.len && !shut) {
			shutdown(l->wire, SHUT_WR);
			shut = true;
		}
		int64_t left = until - clock_ticks();
		if (left <= 0 || (shut && l->ended))
			return;
		struct pollfd p = { l->wire, (short)(l->ended ? 0 : POLLIN), 0 };
		if (!shut)
			p.events |= POLLOUT;
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		char data[READ_SIZE];
		if (p.revents & (POLLIN | POLLHUP | POLLERR)) {
			ssize_t n = recv(l->wire, data, sizeof data, MSG_DONTWAIT);
			if (n < 0 && errno != EAGAIN && errno != EINTR)
				return;
			if (!n && l->ended)
				return;
			l->ended = l->ended || !n;
		}
	}
}

/* Until the session or the line has ended. */
static void
talk(struct line *l)
{
	int64_t stuck_since = clock_ticks();
	for (;;) {
		int64_t now = clock_ticks();
		if (l->ended && !l->started && !l->link.input.len)
			return;
		if (!l->started && (!l->waiting || l->ended || now >= l->answers_until))
			start(l);
		link_push(&l->link);
		agree_on_bytes(l);
		size_t before = l->out.len;
		if (flush(l))
			return;
		if (l->out.len < before || !l->out.len)
			stuck_since = now;
		else if (now - stuck_since >= STUCK_WAIT)
			return;

		bool reads = !l->ended && l->out.len < OUT_FULL && !link_full(&l->link);
		struct pollfd p[2] = {
			{ l->wire, (short)((reads ? POLLIN : 0) | (l->out.len ? POLLOUT : 0)), 0 },
			{ l->link.session, link_events(&l->link), 0 },
		};
		/* A session that hung up would wake us again and again where it is not heard. */
		if (!p[1].events)
			p[1].fd = -1;
		int wait = !l->started ? (int)(l->answers_until - now) : l->out.len ? STUCK_WAIT : -1;
		if (poll(p, 2, wait) < 0 && errno != EINTR)
			die("poll: %s", strerror(errno));

		if (p[0].revents && reads) {
			if (read_line(l))
				return;
		} else if (p[0].revents & (POLLERR | POLLHUP | POLLNVAL)) {
			return;
		}
		if (!(p[1].revents & ~POLLOUT))
			continue;
		struct buf text = { 0 };
		enum link_news news;
		do
			news = link_pull(&l->link, &text);
		while (news == LINK_SOME && text.len < READ_SIZE);
		if (text.len)
			telnet_send(l->telnet, text.data, text.len);
		buf_free(&text);
		if (news == LINK_GONE)
			say_sorry(l);
		if (news == LINK_GONE || news == LINK_BYE) {
			finish(l);
			return;
		}
	}
}

enum carrier_end
telnet_carrier(const struct carrier *c)
{
	struct line l = { .wire = c->wire, .link = { .session = c->session } };
	wire_init(&l.link.wire, CHARSET_UTF8, true);
	/* Synch's DM comes as urgent data: left out, the IAC before it would stand alone. */
	if (setsockopt(c->wire, SOL_SOCKET, SO_OOBINLINE, &(int){ 1 }, sizeof(int)))
		log_line(LOG_DETAIL, "SO_OOBINLINE: %s", strerror(errno));
	l.telnet = telnet_init(options, handle, 0, &l);
	if (!l.telnet)
		die("no memory for telnet");
	fence_carrier();
	ask(&l, AT_ONCE);
	talk(&l);
	telnet_free(l.telnet);
	buf_free(&l.out);
	link_free(&l.link);
	return l.started ? CARRIER_WELL : CARRIER_NOBODY;
}
