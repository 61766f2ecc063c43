#ifndef BBS_SSH_H
#define BBS_SSH_H

#include <libssh/libssh.h>

#include "bbs/carrier.h"

/* What ssh.c, ssh_auth.c and ssh_line.c share; nobody else includes this. */

struct ssh_call {
	const struct carrier *carrier;
	ssh_session ssh;
	/* libssh counts here; `packets` tells that something came which gave no message. */
	struct ssh_counter_struct bytes, packets;
};

/*
 * Waits for the log-in, which the session alone decides. CARRIER_WELL once the caller is in; else the
 * line is closed, where that makes sense with a word.
 */
enum carrier_end
ssh_auth(struct ssh_call *call);

/* Serves the one channel of a caller who is in, until either side has ended; closes the line. */
void
ssh_line(struct ssh_call *call);

/* Whether the line has died, as far as was seen when it was last read or written. */
bool
ssh_dead(const struct ssh_call *call);

/* Tells the caller why (a sentence in the current language) and ends the connection. */
void
ssh_goodbye(struct ssh_call *call, const char *why);

#endif
