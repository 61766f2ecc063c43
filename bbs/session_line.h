#ifndef BBS_SESSION_LINE_H
#define BBS_SESSION_LINE_H

#include <poll.h>

#include "bbs/message.h"
#include "bbs/session.h"
#include "screens/ui.h"

/* What is on the screen, oneself, the candidates, this session. */
enum { LINE_LISTENS = 4 };

/*
 * The session's one place of waiting: on its carrier, the relay, a helper and a timer. It lends the face a
 * terminal, and ends the process when the line is gone, keeping what is being typed.
 */
struct line {
	const struct session *session;
	struct db *db;             /* NULL before the first question of log-in */
	struct terminal terminal;
	struct message message;    /* the last one received */
	int relay;                 /* -1: none answers, the store itself is looked at */
	int64_t store_version, looked; /* the last look at it, in ticks */
	int64_t last_typed;        /* ticks */
	int64_t log_in_by;         /* ticks: whoever has not logged in by then is let go; 0: no such limit */
	int64_t rests;             /* ticks: quiet until then, what is not needed is given back; 0: it was */
	int32_t under_way;         /* OUTPUT bytes that the carrier has not put on the wire yet */
	int32_t read;              /* bytes of raw INPUT, of which the carrier has not been told yet */
	bool raw, raw_asked;       /* bytes pass as they are; as the carrier was asked last */
	struct buf typed;          /* while they do: what was typed before */
	struct pollfd also[2];     /* a helper's, looked at by each wait; fd -1: none */
	bool was_full;             /* the face was told that the line is full */
	void (*leaving)(void);     /* gives the terminal back before last words; NULL while there is no face */
	bool no_more;              /* END has come; the terminal has ended once what came before is taken */
	bool command;              /* input is a command's: raw, and its end is no good-bye */
	struct {
		enum topic topic;
		int64_t id;
	} listens[LINE_LISTENS];
	bool nudged;               /* since attend() was last called */
	/*
	 * Called from each wait, the store idle: is there anything to show to this session? It is looked for
	 * only where something may have changed, `nudged`. NULL none.
	 */
	bool (*attend)(bool nudged);
};

void
line_open(struct line *l, const struct session *session);

/* Joins the relay and says what this session listens to; the store's writes are told to it. */
void
line_join(struct line *l);
/* The i-th of what is listened to. */
void
line_listen(struct line *l, int i, enum topic topic, int64_t id);

/* One message while log-in lasts: waits for it. Ends the process when the carrier is gone. */
const struct message *
line_question(struct line *l);

/* The terminal as START describes it. */
void
line_start(struct line *l, const struct message *m);

/* OUTPUT, to standard error too for commands; waits only while 128 KiB are under way. */
void
line_write(struct line *l, const char *data, size_t size, bool error);

/* Waits for input of a command: bytes in terminal.input, or terminal.ended. */
void
line_wait_input(struct line *l);

/* Takes as much of that as there is, at most `size` bytes: how many. The carrier sends more for it. */
size_t
line_read(struct line *l, char *data, size_t size);

/* The first n bytes of terminal.input were read, as by line_read(). */
void
line_took(struct line *l, size_t n);

/*
 * For a while bytes pass as they are, both ways: terminal.input holds them and is read by line_read(). What was typed
 * before waits until it is over; what comes too late is no typing, and thrown away. The face must have let go.
 */
void
line_raw(struct line *l, bool on);

/* Meanwhile: waits for input, room for output, or what line->also asks for, at most ms. */
void
line_wait_raw(struct line *l, int ms);

/* Waits so long, whatever is typed meanwhile. */
void
line_pause(struct line *l, int ms);

/*
 * Keeps what is being typed and ends the process; with `words` (NULL none) said to the caller first, and
 * whether it could be kept.
 */
_Noreturn void
line_leave(struct line *l, const char *words);

/* All was said: STATUS (commands), BYE, and the end of the process. */
_Noreturn void
line_bye(struct line *l, int status);

#endif
