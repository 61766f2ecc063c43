#ifndef BBS_RELAY_H
#define BBS_RELAY_H

#include "db/db.h"

/*
 * The relay: one process that passes "look again" among sessions, commands and the console. Who joins
 * says what he listens to and what he has written; nothing else ever goes this way. A nudge is a hint,
 * the store is the truth: where no relay answers, one looks at db_version() now and then.
 *
 * Sessions join through the door, a socketpair whose two ends serve keeps: it outlives a fallen relay.
 * Others connect to the socket STORE-relay beside the store.
 */

enum {
	RELAY_TOPICS = 16,       /* that one listener may listen to */
	RELAY_LISTENERS = 20000,
	RELAY_PAUSE = 250,       /* ms between two nudges of one listener at the least */
};

struct relay_topic {
	enum topic topic;
	int64_t id; /* 0: all of the topic */
};

/*
 * Makes the socket beside the store, mode 0600, in the place of one left behind: the caller must hold
 * the lock of serve. The listening socket, or -1 with errno.
 */
int
relay_open(const char *store);
/* Removes it from the folder. */
void
relay_shut(const char *store);

/* The relay itself: its end of the door and the listening socket. Fences itself; ends only by a signal. */
_Noreturn void
relay_run(int door, int listening);

/*
 * Joins: a descriptor to poll, or -1. What is told before a fallen relay is back is not lost. Through
 * the door it may wait up to a second, while hundreds join at once.
 */
int
relay_join_door(int door);
int
relay_join_socket(const char *store);

/* Listens to these n topics (RELAY_TOPICS at the most) and no longer to those before. 0 or -1. */
int
relay_listen(int fd, const struct relay_topic *topics, int n);

/*
 * Tells that this was written (and committed). Never waits. 0, or -1: the relay is gone or stands
 * still. Whoever tells is not told of it.
 */
int
relay_wrote(int fd, enum topic topic, int64_t id);

/* Takes the nudges that have come, without waiting: 1 look again, 0 none, -1 the relay is gone. */
int
relay_look(int fd);

#endif
