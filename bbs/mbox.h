#ifndef BBS_MBOX_H
#define BBS_MBOX_H

#include "bbs/base/mem.h"
#include "db/db.h"
#include "db/forum.h"

/*
 * Discussions as a mailbox (RFC 4155, mboxrd), for any mail reader. Nobody's address is in it: senders and
 * message numbers stand under a domain that there is not. No line of a text begins as a separator would, so
 * that readers of every kind of mbox find the same texts.
 */
struct mbox {
	const struct thread *thread;
	struct mbox_known {
		int64_t id;
		int answers;
	} *known; /* by number: messages that came before */
	int room;
};

/* Messages of one thread, in an order in which a message comes before its answers. */
void
mbox_begin(struct mbox *m, const struct thread *thread);
/* Adds one as a message of the mailbox; one that is not published is left out. */
void
mbox_post(struct mbox *m, const struct post_row *post, struct buf *out);
void
mbox_end(struct mbox *m);

#endif
