/* The session's one wait. Nothing of the store may be open across it, which is asserted here. */
#include "bbs/session_line.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/log.h"
#include "bbs/conf.h"
#include "bbs/relay.h"
#include "db/file.h"

enum {
	INPUT_MAX = 1024 * 1024, /* typed and not taken; a client that never reads is let go beyond it */
	FULL = 8 * 1024,         /* output under way, beyond which frames are skipped */
	ALSO = 1024,             /* beside enum terminal_event: line->also has something */
	LOOK_MS = 1000,          /* without a relay the store is looked at so often */
	REST_MS = 3000,          /* without an event, before memory is given back */
	COLUMNS_MIN = 20, COLUMNS_MAX = 200, ROWS_MIN = 4, ROWS_MAX = 60,
};

static volatile sig_atomic_t asked_to_end;

static void
on_term(int number)
{
	(void)number;
	asked_to_end = 1;
}

static int
clamp(int n, int min, int max)
{
	return n < min ? min : n > max ? max : n;
}

/* ---- leaving ---- */

/* Whether all of it is kept. */
static bool
keep_what_is_typed(struct line *l)
{
	struct terminal *t = &l->terminal;
	bool (*parting)(void *) = t->parting;
	t->parting = NULL;
	return !parting || (l->db && db_idle(l->db) && parting(t->parting_ctx));
}

void
line_leave(struct line *l, const char *words)
{
	/* Else writing, which looks whether it is to end, would come back here. */
	asked_to_end = 0;
	bool kept = keep_what_is_typed(l);
	if (words) {
		struct buf all = { 0 };
		buf_fmt(&all, "\n%s %s\n", words, kept ? _("What you were writing is kept. Good-bye.")
		    : _("What you were writing could not be kept. Good-bye."));
		if (l->leaving)
			l->leaving();
		/* What speaks a protocol at the caller's end is to hear that it is over. */
		if (l->raw)
			line_write(l, "\x18\x18\x18\x18\x18\x18\x18\x18", 8, false);
		line_write(l, buf_text(&all), all.len, l->command);
		line_bye(l, l->command);
	}
	log_line(LOG_DETAIL, "the line is gone");
	db_close(l->db);
	_exit(0);
}

void
line_bye(struct line *l, int status)
{
	int fd = l->session->carrier;
	if (l->command)
		message_send(fd, MESSAGE_STATUS, (int32_t[3]){ status }, NULL);
	message_send(fd, MESSAGE_BYE, NULL, NULL);
	db_close(l->db);
	/* The carrier still writes what we have said; our end closes with the process. */
	_exit(0);
}

/* ---- what the carrier says ---- */

/* Clients that know no size say 0 × 0. */
static void
set_size(struct terminal *t, int columns, int rows)
{
	if (columns <= 0 || rows <= 0) {
		columns = 80;
		rows = 24;
	}
	t->columns = clamp(columns, COLUMNS_MIN, COLUMNS_MAX);
	t->rows = clamp(rows, ROWS_MIN, ROWS_MAX);
}

void
line_start(struct line *l, const struct message *m)
{
	struct terminal *t = &l->terminal;
	int charset = charset_parse(message_string(m, 2));
	snprintf(t->term, sizeof t->term, "%s", message_string(m, 0));
	if (m->number[2] & START_TERMINAL)
		set_size(t, m->number[0], m->number[1]);
	t->echo_here = m->number[2] & START_ECHO_HERE;
	t->no_secret = m->number[2] & START_NO_SECRET;
	t->charset = charset < 0 ? CHARSET_UTF8 : (enum charset)charset;
}

/* The carrier has done what it was asked for: input is of the other kind from here on. */
static void
turn(struct line *l, bool on)
{
	if (on != l->raw_asked || on == l->raw)
		line_leave(l, NULL);
	struct buf before = l->terminal.input;
	l->terminal.input = l->typed;
	l->typed = before;
	if (!on)
		buf_free(&l->typed);
	l->raw = on;
	l->read = 0;
}

/* Takes one message that has come; what the face is told of it. */
static unsigned
take(struct line *l)
{
	const struct message *m = &l->message;
	struct terminal *t = &l->terminal;
	switch (m->kind) {
	case MESSAGE_INPUT:
		buf_add(&t->input, m->data, m->size);
		l->last_typed = clock_ticks();
		return TERMINAL_INPUT;
	case MESSAGE_TAKEN:
		l->under_way -= m->number[0];
		if (l->under_way < 0 || m->number[0] < 0)
			line_leave(l, NULL);
		if (l->raw) {
			l->last_typed = clock_ticks(); /* who is sent a large file says nothing meanwhile */
			return TERMINAL_ROOM;
		}
		if (!l->was_full || l->under_way)
			return 0;
		l->was_full = false;
		return TERMINAL_ROOM;
	case MESSAGE_END:
		l->no_more = true;
		return 0;
	case MESSAGE_SIZE:
		if (!t->columns)
			return 0;
		set_size(t, m->number[0], m->number[1]);
		return TERMINAL_SIZE;
	case MESSAGE_CHARSET:
		if (m->number[0] >= 0 && m->number[0] < CHARSET_COUNT)
			t->charset = (enum charset)m->number[0];
		return TERMINAL_SIZE;
	case MESSAGE_RAW:
		turn(l, m->number[0]);
		return 0;
	case MESSAGE_ECHO:
		t->echo_here = m->number[0] & START_ECHO_HERE;
		t->no_secret = m->number[0] & START_NO_SECRET;
		return 0;
	default:
		return 0;
	}
}

/* Takes all that is there, without waiting. */
static unsigned
take_all(struct line *l)
{
	unsigned events = 0;
	while (l->terminal.input.len < INPUT_MAX) {
		int r = message_receive(
		    l->session->carrier, &l->message, SIDE_CARRIER, STATE_RUNNING, false);
		if (r < 0)
			line_leave(l, NULL);
		if (!r)
			return events;
		events |= take(l);
	}
	return events | TERMINAL_INPUT;
}

/* ---- the relay, and the store where none answers ---- */

static void
tell_relay(void *ctx, enum topic topic, int64_t id)
{
	struct line *l = ctx;
	if (l->relay >= 0)
		relay_wrote(l->relay, topic, id);
}

void
line_join(struct line *l)
{
	if (l->session->door >= 0)
		l->relay = relay_join_door(l->session->door);
	struct relay_topic topics[LINE_LISTENS];
	for (int i = 0; i < LINE_LISTENS; i++)
		topics[i] = (struct relay_topic){ l->listens[i].topic, l->listens[i].id };
	if (l->relay >= 0)
		relay_listen(l->relay, topics, LINE_LISTENS);
	l->looked = clock_ticks();
	l->store_version = db_version(l->db);
	db_on_write(l->db, tell_relay, l);
}

void
line_listen(struct line *l, int i, enum topic topic, int64_t id)
{
	if (l->listens[i].topic == topic && l->listens[i].id == id)
		return;
	l->listens[i].topic = topic;
	l->listens[i].id = id;
	struct relay_topic topics[LINE_LISTENS];
	for (int n = 0; n < LINE_LISTENS; n++)
		topics[n] = (struct relay_topic){ l->listens[n].topic, l->listens[n].id };
	if (l->relay >= 0)
		relay_listen(l->relay, topics, LINE_LISTENS);
}

/* Nudges that have come. When the relay hung up, everything may have changed; look_at_store() joins again. */
static unsigned
take_nudges(struct line *l)
{
	char nudges[64];
	ssize_t n;
	while ((n = recv(l->relay, nudges, sizeof nudges, MSG_DONTWAIT)) > 0)
		;
	l->nudged = true;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return TERMINAL_NUDGE;
	close(l->relay);
	l->relay = -1;
	return TERMINAL_NUDGE;
}

/* Without a relay: once a second the store is looked at, and the relay asked for. */
static unsigned
look_at_store(struct line *l)
{
	if (clock_ticks() - l->looked < LOOK_MS)
		return 0;
	int64_t before = l->store_version;
	line_join(l);
	if (l->store_version == before)
		return 0;
	l->nudged = true;
	return TERMINAL_NUDGE;
}

/* ---- the wait ---- */

static int
shorter(int ms, int64_t other)
{
	if (other < 0)
		other = 0;
	return ms < 0 || other < ms ? (int)other : ms;
}

/* Polls once, at most ms; events for the face. */
static unsigned
poll_once(struct line *l, int ms)
{
	struct pollfd fds[4] = { { .fd = l->session->carrier, .events = POLLIN },
		{ .fd = l->relay, .events = POLLIN }, l->also[0], l->also[1] };
	unsigned events = 0;
	if (asked_to_end)
		line_leave(l, _("The board is stopping for a moment."));
	int r = poll(fds, 4, ms);
	if (r < 0 && errno != EINTR)
		die("poll: %s", strerror(errno));
	for (int i = 0; i < 2; i++) {
		l->also[i].revents = r > 0 ? fds[2 + i].revents : 0;
		events |= l->also[i].revents ? ALSO : 0;
	}
	if (r > 0 && fds[0].revents)
		events |= take_all(l);
	if (r > 0 && l->relay >= 0 && fds[1].revents)
		events |= take_nudges(l);
	if (l->relay < 0 && l->db)
		events |= look_at_store(l);
	return events;
}

/* Most callers read or think most of the time: what the last screen took is not kept meanwhile. */
static void
rest(struct line *l)
{
	if (l->db) {
		file_saw_all(l->db);
		db_rest(l->db);
	}
	mem_give_back();
	l->rests = 0;
}

/* Also for nudges that came while something was being written; true when there is something to show. */
static bool
attend(struct line *l)
{
	bool nudged = l->nudged;
	l->nudged = false;
	return l->attend && l->attend(nudged);
}

static unsigned
wait_for_event(struct terminal *t, int ms)
{
	struct line *l = t->ctx;
	int64_t start = clock_ticks(), idle = (int64_t)l->session->conf->idle * 60 * 1000;
	if (l->db && !db_idle(l->db))
		die("something of the store is open across a wait");
	l->rests = start + REST_MS;
	if (attend(l))
		return TERMINAL_NUDGE;
	for (;;) {
		/* Whoever waits has taken what was typed before. */
		if (l->no_more) {
			t->ended = true;
			return TERMINAL_END;
		}
		int64_t now = clock_ticks();
		int64_t left = ms < 0 ? -1 : ms - (now - start);
		int limit = ms < 0 ? -1 : left < 0 ? 0 : (int)left;
		if (idle)
			limit = shorter(limit, l->last_typed + idle - now);
		if (l->log_in_by)
			limit = shorter(limit, l->log_in_by - now);
		if (l->relay < 0 && l->db)
			limit = shorter(limit, LOOK_MS);
		if (l->rests)
			limit = shorter(limit, l->rests - now);
		unsigned events = poll_once(l, limit);
		attend(l);
		if (events)
			return events;
		now = clock_ticks();
		if (l->rests && now >= l->rests)
			rest(l);
		if (idle && now - l->last_typed >= idle)
			line_leave(l, _("Nothing was typed for a long time: the line is given free."));
		if (l->log_in_by && now >= l->log_in_by)
			line_leave(l, _("Nobody has logged in: the line is given free. Call again whenever you like."));
		if (ms >= 0 && now - start >= ms)
			return TERMINAL_TIME;
	}
}

void
line_wait_input(struct line *l)
{
	while (!l->terminal.input.len && !l->terminal.ended)
		wait_for_event(&l->terminal, -1);
}

void
line_took(struct line *l, size_t n)
{
	buf_eat(&l->terminal.input, n);
	l->read += (int32_t)n;
	if (l->read >= MESSAGE_CREDIT / 4) {
		if (message_send(l->session->carrier, MESSAGE_TAKEN, (int32_t[3]){ l->read }, NULL))
			line_leave(l, NULL);
		l->read = 0;
	}
}

size_t
line_read(struct line *l, char *data, size_t size)
{
	struct buf *input = &l->terminal.input;
	size_t n = input->len < size ? input->len : size;
	memcpy(data, buf_text(input), n);
	line_took(l, n);
	return n;
}

void
line_raw(struct line *l, bool on)
{
	l->raw_asked = on;
	if (message_send(l->session->carrier, MESSAGE_RAW, (int32_t[3]){ on }, NULL))
		line_leave(l, NULL);
	while (l->raw != on) {
		/* The carrier answers when all of it was taken. */
		if (!on)
			line_took(l, l->terminal.input.len);
		poll_once(l, -1);
	}
}

void
line_wait_raw(struct line *l, int ms)
{
	wait_for_event(&l->terminal, ms);
}

void
line_pause(struct line *l, int ms)
{
	int64_t until = clock_ticks() + ms;
	for (int64_t now; (now = clock_ticks()) < until;)
		poll_once(l, (int)(until - now));
}

const struct message *
line_question(struct line *l)
{
	if (message_receive(l->session->carrier, &l->message, SIDE_CARRIER, STATE_AUTH, true) < 0)
		line_leave(l, NULL);
	return &l->message;
}

/* ---- output ---- */

void
line_write(struct line *l, const char *data, size_t size, bool error)
{
	while (size) {
		size_t n = size < MESSAGE_DATA ? size : MESSAGE_DATA;
		while (l->under_way + (int32_t)n > MESSAGE_CREDIT) {
			if (l->terminal.input.len >= INPUT_MAX)
				line_leave(l, NULL);
			poll_once(l, -1);
		}
		if (message_send_bytes(l->session->carrier, MESSAGE_OUTPUT, (int32_t[3]){ error }, data, n, true))
			line_leave(l, NULL);
		l->under_way += (int32_t)n;
		data += n;
		size -= n;
	}
}

static void
write_to_line(struct terminal *t, const char *data, size_t size)
{
	line_write(t->ctx, data, size, false);
}

static bool
line_is_full(struct terminal *t)
{
	struct line *l = t->ctx;
	l->was_full = l->under_way > FULL;
	return l->was_full;
}

static void
set_echo(struct terminal *t, bool on)
{
	struct line *l = t->ctx;
	message_send(l->session->carrier, MESSAGE_ECHO, (int32_t[3]){ on }, NULL);
}

static void
set_restore(struct terminal *t, const char *data, size_t size)
{
	struct line *l = t->ctx;
	message_send_bytes(l->session->carrier, MESSAGE_RESTORE, NULL, data, size, true);
}

void
line_open(struct line *l, const struct session *session)
{
	struct sigaction act = { .sa_handler = on_term };
	/* Without SA_RESTART: the wait is to be interrupted. */
	sigaction(SIGTERM, &act, NULL);
	/* The rest is zero, and 32 KiB of it stay untouched for most callers. */
	l->session = session;
	l->relay = session->relay;
	l->last_typed = clock_ticks();
	l->also[0].fd = l->also[1].fd = -1;
	l->terminal = (struct terminal){ .wait = wait_for_event, .write = write_to_line,
		.full = line_is_full, .echo = set_echo, .restore = set_restore, .ctx = l };
}
