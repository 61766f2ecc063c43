/* A byte carrier's side to its session: what is owed to it, what it says. Knows no kind of line. */
#include "bbs/link.h"

#include <poll.h>

#include "bbs/base/i18n.h"

enum {
	INPUT_PIECE = 4 * 1024, /* bytes of INPUT in one message; a command's are as large as they come */
	INPUT_KEPT = 16 * 1024, /* that wait for the session before the line is left unread */
};

void
link_start(struct link *l, const char *term, const char *language, int columns, int rows, int flags)
{
	const char *strings[] = { term, language, charset_name(l->wire.charset), "", NULL };
	l->started = true;
	int32_t number[3] = { columns, rows, flags };
	l->deaf = message_send(l->session, MESSAGE_START, number, strings) < 0;
}

void
link_start_command(struct link *l, const char *language, const char *command)
{
	const char *strings[] = { "", language, charset_name(l->wire.charset), command, NULL };
	l->started = l->wire.raw = true;
	l->deaf = message_send(l->session, MESSAGE_START, NULL, strings) < 0;
}

void
link_input(struct link *l, const char *bytes, size_t n)
{
	wire_in(&l->wire, bytes, n, &l->input);
}

bool
link_full(const struct link *l)
{
	return l->input.len >= INPUT_KEPT || l->owed & 1u << MESSAGE_RAW;
}

void
link_size(struct link *l, int columns, int rows)
{
	l->size[0] = columns;
	l->size[1] = rows;
	l->owed |= 1u << MESSAGE_SIZE;
}

void
link_charset(struct link *l, enum charset charset)
{
	wire_charset(&l->wire, charset);
	l->charset = (int32_t)charset;
	l->owed |= 1u << MESSAGE_CHARSET;
}

void
link_echo(struct link *l, int flags)
{
	l->echo = flags;
	l->owed |= 1u << MESSAGE_ECHO;
}

void
link_end(struct link *l)
{
	l->owed |= 1u << MESSAGE_END;
}

/* 0 sent, 1 it would wait, -1 gone. */
static int
send_owed(struct link *l, enum message_kind kind, int32_t first, int32_t second)
{
	if (!(l->owed & 1u << kind))
		return 0;
	int said =
	    message_send_bytes(l->session, kind, (int32_t[3]){ first, second, 0 }, NULL, 0, false);
	if (!said)
		l->owed &= ~(1u << kind);
	return said;
}

static bool
is_raw(const struct link *l)
{
	return l->wire.raw || l->wire.through;
}

/* A command is given no more than it reads: what it does not read stays with the client. */
static bool
has_input(const struct link *l)
{
	return l->input.len && (!is_raw(l) || l->unread < MESSAGE_CREDIT);
}

static size_t
piece_size(const struct link *l)
{
	size_t n = l->input.len, most = is_raw(l) ? MESSAGE_DATA : INPUT_PIECE;
	if (n <= most)
		return n;
	return is_raw(l) ? most : wire_whole(l->input.data, most);
}

/* What came before has gone; what is read of the line from here on is of the other kind. */
static int
turn(struct link *l)
{
	bool turns = l->owed & 1u << MESSAGE_RAW;
	int said = send_owed(l, MESSAGE_RAW, l->raw, 0);
	if (turns && !said) {
		wire_through(&l->wire, l->raw);
		l->unread = 0;
	}
	return said;
}

void
link_push(struct link *l)
{
	if (!l->started || l->deaf)
		return;
	if (l->taken)
		l->owed |= 1u << MESSAGE_TAKEN;
	int said = send_owed(l, MESSAGE_TAKEN, l->taken, 0);
	if (!said)
		l->taken = 0;
	if (!said)
		said = send_owed(l, MESSAGE_SIZE, l->size[0], l->size[1]);
	if (!said)
		said = send_owed(l, MESSAGE_CHARSET, l->charset, 0);
	if (!said)
		said = send_owed(l, MESSAGE_ECHO, l->echo, 0);
	while (!said && has_input(l)) {
		size_t n = piece_size(l);
		said = message_send_bytes(l->session, MESSAGE_INPUT, NULL, l->input.data, n, false);
		if (said)
			break;
		buf_eat(&l->input, n);
		if (is_raw(l))
			l->unread += (int32_t)n;
	}
	if (!said && !l->input.len)
		said = turn(l);
	if (!said && !l->input.len)
		said = send_owed(l, MESSAGE_END, 0, 0);
	l->deaf = said < 0;
}

static bool
has_credit(const struct link *l)
{
	return l->under_way < MESSAGE_CREDIT;
}

enum link_news
link_pull(struct link *l, struct buf *out)
{
	struct message *m = &l->message;
	if (!has_credit(l))
		return LINK_NONE;
	int got = message_receive(
	    l->session, m, SIDE_SESSION, l->started ? STATE_RUNNING : STATE_AUTH, false);
	if (got < 0) {
		wire_through(&l->wire, false);
		wire_out(&l->wire, buf_text(&l->restore), l->restore.len, out);
		buf_cut(&l->restore, 0);
		return LINK_GONE;
	}
	if (!got)
		return LINK_NONE;
	switch (m->kind) {
	case MESSAGE_BYE:
		return LINK_BYE;
	case MESSAGE_OUTPUT:
		l->under_way += (int32_t)m->size;
		l->error = m->number[0] == 1;
		wire_out(&l->wire, m->data, m->size, out);
		return LINK_SOME;
	case MESSAGE_TAKEN:
		l->unread -= m->number[0] > 0 && m->number[0] <= l->unread ? m->number[0] : l->unread;
		return LINK_SOME;
	case MESSAGE_CHARSET:
		if (m->number[0] >= 0 && m->number[0] < CHARSET_COUNT)
			wire_charset(&l->wire, (enum charset)m->number[0]);
		return LINK_SOME;
	case MESSAGE_RAW:
		l->raw = m->number[0] == 1;
		l->owed |= 1u << MESSAGE_RAW;
		return LINK_SOME;
	case MESSAGE_STATUS:
		l->status = m->number[0];
		return LINK_SOME;
	case MESSAGE_RESTORE:
		buf_cut(&l->restore, 0);
		buf_add(&l->restore, m->data, m->size);
		return LINK_SOME;
	default:
		/* ECHO: where a secret can be hidden, it is the session that echoes. */
		return LINK_SOME;
	}
}

void
link_written(struct link *l, size_t left)
{
	/* By charset and line ends the line's bytes are not quite the session's; exact at 0. */
	int32_t waiting = left < (size_t)l->under_way ? (int32_t)left : l->under_way;
	l->taken += l->under_way - waiting;
	l->under_way = waiting;
}

short
link_events(const struct link *l)
{
	/* These wait for the input before them. */
	const unsigned later = 1u << MESSAGE_END | 1u << MESSAGE_RAW;
	bool told = l->taken || l->owed & ~later || (l->owed && !l->input.len);
	bool owes = l->started && !l->deaf && (told || has_input(l));
	return (short)((has_credit(l) ? POLLIN : 0) | (owes ? POLLOUT : 0));
}

const char *
link_sorry(void)
{
	return _("Palabre was cut off by a fault. "
	         "Please call again: what was saved will be there.");
}

void
link_free(struct link *l)
{
	buf_free(&l->input);
	buf_free(&l->restore);
}
