#ifndef BBS_SESSION_H
#define BBS_SESSION_H

#include "db/db.h"

/*
 * A session: one person's thread of work. It answers its carrier's questions of log-in, opens the
 * store at the first of them, then runs a command or a face with its screens. It waits in one place
 * only, on its carrier, the relay and a timer, and is fenced before the first message.
 */
struct conf;
struct pace;
struct session {
	int carrier;        /* our end of the SEQPACKET pair */
	int startup;        /* closed once somebody is logged in (grace time ends); -1 none */
	int door;           /* the relay's door; -1: `relay` is all there is */
	int broker;         /* the broker's door; -1 none */
	int relay;          /* joined before the fence, where there is no door; -1 none */
	const char *wire;   /* "ssh", "telnet", "console" */
	const char *source; /* numeric address of the caller */
	const char *fingerprint; /* of the host key, for invitations; "" unknown */
	const struct conf *conf;
	struct pace *pace;  /* wrong passwords, shared among sessions; NULL none */
	bool trusted;       /* the console: `as` is let in without a question */
	member_id as;
};

/* Never returns: ends the process, by status 0 when all was said. */
_Noreturn void
session_run(const struct session *session);

#endif
