#ifndef BBS_LINK_H
#define BBS_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bbs/base/mem.h"
#include "bbs/message.h"
#include "bbs/wire.h"

/*
 * The side of a byte carrier (telnet, tty) that is turned to its session. Nothing here ever waits:
 * what the session cannot take yet stays owed and goes with a later link_push(), so that the two
 * can never stand waiting for each other. A zeroed struct with `session` set and wire_init() done.
 */
struct link {
	int session; /* our end of the SEQPACKET pair */
	struct wire wire;
	bool error; /* what link_pull() gave last is for standard error (commands) */
	int status; /* a command's exit status, 0 until the session has said one */
	/* the rest is link.c's own */
	bool started, deaf; /* deaf: the session takes nothing more */
	struct buf input;     /* UTF-8 that the session has not got yet */
	int32_t under_way;    /* bytes of OUTPUT pulled, not yet on the line */
	int32_t taken;        /* bytes of OUTPUT on the line, not yet told */
	int32_t unread;       /* bytes of raw INPUT sent, which have not been read yet */
	unsigned owed;        /* a bit for each kind of message to send */
	int32_t size[2], charset, echo, raw;
	struct buf restore;   /* what leaves the terminal as it was found, should the session fall */
	struct message message;
};

/*
 * Sends START; `flags` are its bits. Where the session is gone already nothing is said here nor by
 * link_push(): link_pull() tells, once it has given what the session said before.
 */
void
link_start(
    struct link *l, const char *term, const char *language, int columns, int rows, int flags);

/* The same for a command; from here on bytes pass as they are, both ways. */
void
link_start_command(struct link *l, const char *language, const char *command);

/* n bytes of the caller, in his charset; any time, kept until the session takes them. */
void
link_input(struct link *l, const char *bytes, size_t n);

/* So much waits for the session that the carrier should stop reading its line; or what comes next is of another
 * kind, once the session has been told so by link_push(). */
bool
link_full(const struct link *l);

/* News for the session; of several of a kind only the last is sent. */
void
link_size(struct link *l, int columns, int rows);
void
link_charset(struct link *l, enum charset charset);
void
link_echo(struct link *l, int flags);
/* No more input will come; told when the last of it was taken. */
void
link_end(struct link *l);

/* Sends of what is owed as much as goes without waiting. */
void
link_push(struct link *l);

/*
 * One message of the session, without waiting; its text is added to `out` as the line wants it. With
 * GONE that is what leaves the terminal as it was found.
 */
enum link_news {
	LINK_GONE = -1, /* the session has ended without a word, or spoke nonsense */
	LINK_NONE,      /* nothing there now, or its credit is used up */
	LINK_SOME,      /* one was there, ask again */
	LINK_BYE,       /* the session has said all */
};
enum link_news
link_pull(struct link *l, struct buf *out);

/* Of what link_pull() gave all but `left` bytes is on the line: so much credit goes back. */
void
link_written(struct link *l, size_t left);

/*
 * What to poll the session for; 0: do not poll it. It is always heard until its credit is used up,
 * however slow the line: else it would wait in the midst of its work.
 */
short
link_events(const struct link *l);

/* What a caller is told, in the current language, when his session has fallen. */
const char *
link_sorry(void);

void
link_free(struct link *l);

#endif
