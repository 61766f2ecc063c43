#ifndef BBS_MESSAGE_H
#define BBS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a carrier and its session say to each other, over one SEQPACKET socket. The session trusts
 * no carrier: whatever comes is checked against the table in message.c before it is looked at.
 * No message is empty (that would read as the end) and none is over 32 KiB.
 *
 *	carrier → session				session → carrier
 *	AUTH_NONE      name				VERDICT   [0] enum verdict, then for VERDICT_ASK:
 *	AUTH_PASSWORD  name, password			          instruction, prompt, prompt's echo "0"|"1", prompt…
 *	AUTH_KEY       name, type, base64 blob,
 *	               [0] 1 when signed, 0 a probe
 *	AUTH_ANSWER    name, answers…, [0] how many,
 *	               [1] 0 asks for the questions
 *	START          term, language, charset, command
 *	               [0] columns [1] rows [2] enum start bits
 *	INPUT          bytes (UTF-8, or raw for a command)
 *							OUTPUT    bytes; [0] 1 for standard error (commands)
 *	TAKEN          [0] bytes of OUTPUT now on the wire
 *							TAKEN     [0] bytes of INPUT that a command has read,
 *							          or a session that was given raw ones
 *	END            no more INPUT will come
 *	SIZE           [0] columns [1] rows
 *	CHARSET        [0] enum charset			CHARSET   [0] enum charset
 *	ECHO           [0] START_ECHO_HERE and		ECHO      [0] 0 while a secret is typed
 *	               START_NO_SECRET as they are now
 *	               (telnet's answer came late)
 *							STATUS    [0] exit status of a command
 *							RESTORE   bytes (UTF-8) that leave the terminal as it
 *							          was found, should the session fall; the
 *							          last ones count, none: nothing is to be done
 *	RAW            [0] as it was asked: INPUT	RAW       [0] 1: for a while bytes are to pass as they
 *	               is of that kind from here on		          are, both ways; 0: text again. No OUTPUT
 *							          before the answer
 *							BYE       the session has said all
 */
enum message_kind {
	MESSAGE_AUTH_NONE = 1,
	MESSAGE_AUTH_PASSWORD,
	MESSAGE_AUTH_KEY,
	MESSAGE_AUTH_ANSWER,
	MESSAGE_VERDICT,
	MESSAGE_START,
	MESSAGE_INPUT,
	MESSAGE_OUTPUT,
	MESSAGE_TAKEN,
	MESSAGE_END,
	MESSAGE_SIZE,
	MESSAGE_CHARSET,
	MESSAGE_ECHO,
	MESSAGE_STATUS,
	MESSAGE_RESTORE,
	MESSAGE_RAW,
	MESSAGE_BYE,
	MESSAGE_KIND_COUNT,
};

enum verdict {
	VERDICT_NO,
	VERDICT_YES,
	VERDICT_ASK, /* keyboard-interactive: put these questions */
};

/* START's [2]. */
enum {
	START_TERMINAL = 1,  /* there is a terminal of known size; without: linear face or a command */
	START_NO_SECRET = 2, /* the carrier cannot hide what is typed: say so before a password */
	START_ECHO_HERE = 4, /* keys come one by one and unseen: the session shows what is typed */
};

enum {
	MESSAGE_MAX = 32 * 1024,                 /* with its head */
	MESSAGE_DATA = MESSAGE_MAX - 4 * 4,      /* payload */
	MESSAGE_CREDIT = 128 * 1024,             /* OUTPUT bytes, raw INPUT too, under way at the most */
	MESSAGE_STRINGS = 16,                    /* strings in one message at the most */
};

/* As it travels: head, then `data` (its length is the packet's, less the head). */
struct message {
	uint32_t kind;
	int32_t number[3];
	char data[MESSAGE_DATA];
	size_t size; /* of data; not sent */
};

/* Where a pair stands; who is told by which table row may be sent when. */
enum message_state { STATE_AUTH, STATE_RUNNING };
enum message_side { SIDE_CARRIER, SIDE_SESSION };

/* May `side` say this kind now? START moves the pair from STATE_AUTH to STATE_RUNNING. */
bool
message_allowed(enum message_kind kind, enum message_side side, enum message_state state);

/*
 * Sends; strings[] (up to NULL) go with their NULs as data. Waits while the other is slow.
 * 0, or -1 when the other side is gone.
 */
int
message_send(int fd, enum message_kind kind, const int32_t number[3], const char *const *strings);

/* The same for bytes, at most MESSAGE_DATA; with `wait` false: 1 when it would wait. */
int
message_send_bytes(
    int fd, enum message_kind kind, const int32_t number[3], const void *data, size_t size, bool wait);

/*
 * Receives one message from `side`. 1 and *m; 0 when none is there (only with wait false); -1 when
 * the other side is gone, or said something that is not allowed in `state` (logged).
 */
int
message_receive(int fd, struct message *m, enum message_side side, enum message_state state, bool wait);

/* The i-th string of the data, "" where there is none; never past the data. */
const char *
message_string(const struct message *m, int i);

#endif
