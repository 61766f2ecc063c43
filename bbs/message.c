/* Carrier and session talking. Knows the form of each message and when it may come, not its meaning. */
#include "bbs/message.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "bbs/base/log.h"

enum { HEAD = offsetof(struct message, data) };

#define AUTH (1 << STATE_AUTH)
#define RUNNING (1 << STATE_RUNNING)

/* Who may say what, when; `strings` 1: the data is strings, each ended by a NUL. */
static const struct rule {
	unsigned char carrier, session;
	bool strings;
} rules[MESSAGE_KIND_COUNT] = {
	[MESSAGE_AUTH_NONE] = { AUTH, 0, true },
	[MESSAGE_AUTH_PASSWORD] = { AUTH, 0, true },
	[MESSAGE_AUTH_KEY] = { AUTH, 0, true },
	[MESSAGE_AUTH_ANSWER] = { AUTH, 0, true },
	[MESSAGE_VERDICT] = { 0, AUTH, true },
	[MESSAGE_START] = { AUTH, 0, true },
	[MESSAGE_INPUT] = { RUNNING, 0, false },
	[MESSAGE_OUTPUT] = { 0, RUNNING, false },
	[MESSAGE_TAKEN] = { RUNNING, RUNNING, false },
	[MESSAGE_END] = { RUNNING, 0, false },
	[MESSAGE_SIZE] = { RUNNING, 0, false },
	[MESSAGE_CHARSET] = { RUNNING, RUNNING, false },
	[MESSAGE_ECHO] = { RUNNING, RUNNING, false },
	[MESSAGE_STATUS] = { 0, RUNNING, false },
	[MESSAGE_RESTORE] = { 0, RUNNING, false },
	[MESSAGE_RAW] = { RUNNING, RUNNING, false },
	[MESSAGE_BYE] = { 0, AUTH | RUNNING, false },
};

bool
message_allowed(enum message_kind kind, enum message_side side, enum message_state state)
{
	if ((unsigned)kind >= MESSAGE_KIND_COUNT)
		return false;
	unsigned states = side == SIDE_CARRIER ? rules[kind].carrier : rules[kind].session;
	return states & (1u << state);
}

int
message_send_bytes(
    int fd, enum message_kind kind, const int32_t number[3], const void *data, size_t size, bool wait)
{
	/* Not a whole struct message: clearing its 32 KiB would be most of the work. */
	struct {
		uint32_t kind;
		int32_t number[3];
	} head = { .kind = kind };
	_Static_assert(sizeof head == HEAD, "a message's head");
	if (number)
		memcpy(head.number, number, sizeof head.number);
	if (size > MESSAGE_DATA)
		die("a message of %zu bytes", size);
	/* sendmsg() takes no const; it does not write there. */
	union {
		const void *from;
		void *to;
	} bytes = { .from = data };
	struct iovec part[2] = { { &head, sizeof head }, { bytes.to, size } };
	struct msghdr packet = { .msg_iov = part, .msg_iovlen = size ? 2 : 1 };
	for (;;) {
		if (sendmsg(fd, &packet, MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT)) >= 0)
			return 0;
		if (errno == EAGAIN && !wait)
			return 1;
		if (errno != EINTR)
			return -1;
	}
}

int
message_send(int fd, enum message_kind kind, const int32_t number[3], const char *const *strings)
{
	char data[MESSAGE_DATA];
	size_t size = 0;
	for (; strings && *strings; strings++) {
		size_t n = strlen(*strings) + 1;
		if (n > sizeof data - size)
			return -1;
		memcpy(data + size, *strings, n);
		size += n;
	}
	return message_send_bytes(fd, kind, number, data, size, true);
}

int
message_receive(int fd, struct message *m, enum message_side side, enum message_state state, bool wait)
{
	ssize_t n;
	/* Who left with something unread makes a reset, told once and before the last words still here. */
	do
		n = recv(fd, m, MESSAGE_MAX, MSG_TRUNC | (wait ? 0 : MSG_DONTWAIT));
	while (n < 0 && (errno == EINTR || errno == ECONNRESET));
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n <= 0)
		return -1;
	if (n < HEAD || n > MESSAGE_MAX || !message_allowed(m->kind, side, state)) {
		log_line(LOG_TROUBLE, "message %u of %zd bytes is not allowed here", m->kind, n);
		return -1;
	}
	m->size = (size_t)n - HEAD;
	if (rules[m->kind].strings && m->size && m->data[m->size - 1]) {
		log_line(LOG_TROUBLE, "message %u ends inside a string", m->kind);
		return -1;
	}
	return 1;
}

const char *
message_string(const struct message *m, int i)
{
	size_t at = 0;
	for (; i > 0 && at < m->size; i--)
		at += strlen(m->data + at) + 1;
	return at < m->size ? m->data + at : "";
}
