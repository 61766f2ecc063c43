#ifndef DB_TALK_H
#define DB_TALK_H

#include "db/forum.h"
#include "db/shelf.h"

/* What the files about threads share: thread.c, moderation.c, graft.c. */

enum {
	DEPTH_MAX = 12,  /* deeper answers stand one behind the other */
	BRANCH_STEP = 8, /* bytes of a branch for each step down the tree */
};

/* Adds the place in the tree's order of a message below a parent of that branch. */
void
talk_branch(const char *parent, int64_t id, struct buf *out);

/*
 * attach.c. What is about to be attached is looked at before the transaction: a message may be moved to where
 * everybody reads it, so that no photo goes with the place where it was taken. `post` 0: a new message; files NULL:
 * all stays as it is. E_NOT_FOUND, E_PLACE; to be ended with attach_end(), whatever came of it.
 */
struct attaching {
	const struct attachments *files;
	struct publish look[ATTACHMENTS_MAX]; /* each file once */
	int count;
};
int
attach_look(struct db *db, item_id post, const struct attachments *files, struct attaching *out);
void
attach_end(struct db *db, const struct attaching *attaching);
/*
 * Inside the transaction, while the message is out of the search's index: it has these files, and no others. May
 * fail it: E_NOT_FOUND, E_INVALID (a folder), E_ROOM, E_BUSY.
 */
void
attach_set(struct db *db, item_id post, const struct attaching *attaching);
/* Would that change anything? */
bool
attach_differs(struct db *db, item_id post, const struct attachments *files);

/* A message, or a file, before those who may moderate it: one that they read, or that was reported to them. */
struct post_held {
	item_id id, thread;
	board_id board;
	member_id author; /* NOBODY: one who has left */
	bool published, hidden, file;
};
/* E_NOT_FOUND; E_DENIED to whom does not moderate there. */
int
talk_hold(struct db *db, item_id post, struct post_held *out);

/* A thread that the viewer reads and moderates: E_NOT_FOUND, E_DENIED. */
int
talk_hold_thread(struct db *db, item_id id, struct thread *out);
/* The same for one of a board: E_DENIED, too, for what is said of a file, which has its place there. */
int
talk_hold_board_thread(struct db *db, item_id id, struct thread *out);

/* Inside the transaction: a thread for what is said of a file that the viewer reads and that has none. In file_talk.c. */
bool
file_begin_talk(struct db *db, item_id file);

/* Inside the transaction: a notice to whoever wrote a message, unless the viewer did. */
void
talk_tell(struct db *db, item_id post, const char *kind, const char *what);

/* Inside the transaction that hides a message or a file, or finds nothing in it: its open reports are closed. */
void
report_settle(struct db *db, item_id item, bool file, bool hidden, const char *word);
/* Inside the transaction that gives a thread another board: its open reports go to others' queues. */
void
report_place(struct db *db, item_id thread);

#endif
