#ifndef DB_FORUM_H
#define DB_FORUM_H

#include "db/db.h"

/* Boards, threads and messages; the search in them; keeping them in order. */

/* ---- the forum (board.c, thread.c, mark.c, draft.c) ---- */

/* What the viewer wants to hear of a thread or a board. */
enum follow { FOLLOW_NONE, FOLLOW_YES, FOLLOW_MUTED };

struct board {
	board_id id;
	struct buf slug, title, about;
	char level[8];
	char territory[12];
	item_id council;
	int64_t position;
	enum follow follow; /* the viewer's */
	bool closed; /* read, and no longer written to */
};
void
board_free(struct board *board);
int
board_get(struct db *db, board_id id, struct board *out);
int
board_find(struct db *db, const char *slug, struct board *out);
struct board_row {
	board_id id;
	const char *slug, *title, *about, *level;
	int64_t position;
	int threads, unread; /* how many: 100 means "over 99"; unread among the newest 50, 0 for visitors */
	enum follow follow;
	bool closed;
};
typedef bool (*board_each)(void *ctx, const struct board_row *row);
/*
 * The viewer's boards, by position: his council's, those of the territories it lies in and of the one he
 * animates, the themes. A short list, given whole (at most BOARDS_MAX).
 */
enum { BOARDS_MAX = 100 };
int
board_mine(struct db *db, board_each each, void *ctx);
/* Every board that the viewer may read, by id; threads and unread are not counted. For exports. */
int
board_all(struct db *db, board_each each, void *ctx);
/* The themes: boards of no council and no territory, by position; threads and unread are not counted. */
int
board_themes(struct db *db, board_each each, void *ctx);
/* A theme changes places with the one before (-1) or behind (1); E_DONE where there is none. */
int
board_move(struct db *db, board_id id, int by);
/* Adds (id 0) or changes; level "members", "public" or, with a council, "council". E_EXISTS: the slug. */
int
board_put(struct db *db, struct board *board);
/* Makes the boards of a council and of the territories it lies in, inside the transaction that makes it. */
void
board_make_council(struct db *db, item_id council, const char *name);

struct thread {
	item_id id;
	board_id board;
	struct buf title, board_title, board_slug, author;
	char level[8];
	int64_t posts, last, last_at, created;
	int64_t place; /* in its board's list */
	bool locked, pinned;
	bool hidden;  /* its first message is; title is "" where the viewer may not know it */
	item_id council; /* whose it is, of level "council" */
	bool file;    /* what is said of the file whose item `id` is: on no board, `board` sees to it */
	int64_t mark; /* newest message the viewer has read */
	enum follow follow; /* the thread's own, whatever its board's */
};
void
thread_free(struct thread *thread);
int
thread_get(struct db *db, item_id id, struct thread *out);
/* The thread that a message belongs to. */
int
thread_of(struct db *db, item_id post, struct thread *out);
struct thread_row {
	item_id id;
	const char *title, *author, *board;
	int64_t posts, last, last_at;
	int64_t place; /* in a board's list */
	bool is_new, locked, pinned, hidden; /* new: something to read in it, and neither it nor its board is
	                                      * muted; hidden: as in struct thread */
	enum follow follow;
};
typedef bool (*thread_each)(void *ctx, const struct thread_row *row);
/* Threads of a board, the pinned ones, then the newest talk first; keyset by `place` (0 the beginning). */
int
thread_page(struct db *db, board_id board, int64_t from, int direction, int n, thread_each each,
    void *ctx);

struct post_row {
	item_id id;
	member_id author_id;
	const char *branch, *author, *council, *town, *state, *body;
	int depth, number, answers; /* answers: the number of the message answered, 0 none */
	int64_t created, edited;    /* edited: 0 never */
	bool is_new;
	const char *files;          /* attached to it, for attached_next() */
	/* state "hidden": not open to others than its author and those who moderate there; why it was. */
	bool open;
	const char *reason;
};
typedef bool (*post_each)(void *ctx, const struct post_row *row);
/* Messages of a thread in the tree's order; keyset by (branch, id): branch NULL is the beginning. */
int
post_page(struct db *db, item_id thread, const char *from_branch, item_id from, int direction, int n,
    post_each each, void *ctx);
/* The same in the order of time; keyset by id, 0 the beginning or, backwards, the end. */
int
post_page_flat(struct db *db, item_id thread, item_id from, int direction, int n, post_each each, void *ctx);
/*
 * Where a message of a thread stands in the tree's order, into an empty `branch`: the message of *id, or
 * where that is 0 the one of that number, whose id is set. E_NOT_FOUND.
 */
int
post_place(struct db *db, item_id thread, int number, item_id *id, struct buf *branch);
/* One message; E_NOT_FOUND. The row is given to `each` once. */
int
post_get(struct db *db, item_id id, post_each each, void *ctx);

/*
 * Files for a message. Each becomes a file of its own that whoever reads the message reads, with what is in the
 * given one now; it takes the room of the author's area. One that the message has already stays.
 */
enum { ATTACHMENTS_MAX = 20 };
struct attachments {
	item_id file[ATTACHMENTS_MAX];
	int count;
};
/*
 * New thread, new reply: the id. E_LIMIT (see limit_says()), E_LOCKED, E_EMPTY, E_TOO_LONG, E_DENIED,
 * E_NOT_FOUND, also where a file is not there for the viewer; E_ROOM; E_PLACE (see file_stripped()).
 * files: NULL none.
 */
int
thread_new_with(struct db *db, board_id board, const char *title, const char *body, const struct attachments *files,
    item_id *out);
/* To a message, or to a file: read by those who read that. */
int
thread_reply_with(struct db *db, item_id parent, const char *body, const struct attachments *files, item_id *out);
/*
 * Another text for the viewer's own message; the one before is kept as a version. What is the same is not
 * written. E_LOCKED, E_EMPTY, E_TOO_LONG, E_NOT_FOUND, E_ROOM; E_DENIED: somebody else's. What is attached and is
 * not among `files` goes into the bin; NULL: all stays.
 */
int
post_edit_with(struct db *db, item_id id, const char *body, const struct attachments *files);
static inline int
thread_new(struct db *db, board_id board, const char *title, const char *body, item_id *out)
{
	return thread_new_with(db, board, title, body, NULL, out);
}
static inline int
thread_reply(struct db *db, item_id parent, const char *body, item_id *out)
{
	return thread_reply_with(db, parent, body, NULL, out);
}
static inline int
post_edit(struct db *db, item_id id, const char *body)
{
	return post_edit_with(db, id, body, NULL);
}
/* What is attached to a message, by number: nothing where the viewer may not read it. */
void
post_attached(struct db *db, item_id post, struct attachments *out);
/* One of post_row's `files`. */
struct attached {
	int number;
	item_id item;
	int64_t size;
	char name[256];
};
/* Takes the first off *files; false: there is none. */
bool
attached_next(const char **files, struct attached *out);
/* Adds "File 1: convention-salle.odt, 24 KB". */
void
attached_words(const struct attached *one, struct buf *out);
struct post_version_row {
	int64_t version, created;
	const char *author, *body;
};
typedef bool (*post_version_each)(void *ctx, const struct post_version_row *row);
/*
 * The versions of a message, the newest first; keyset by version (0 the beginning). For its author and for
 * those who moderate there; nothing for others. How many.
 */
int
post_versions(struct db *db, item_id id, int64_t from, int direction, int n, post_version_each each, void *ctx);
/* One of them; E_NOT_FOUND. */
int
post_version(struct db *db, item_id id, int64_t version, post_version_each each, void *ctx);
/* How many people read what is of that level, for "council" of that one; -1: everybody, also visitors. */
int
level_readers(struct db *db, const char *level, item_id council);
/* How many people can read what is written there ("who will see this"); -1: everybody, also visitors. */
int
board_readers(struct db *db, board_id board);

/* Reading: the viewer has read the thread's messages up to this one. Drops what is older than the mark. */
int
mark_read(struct db *db, item_id thread, item_id upto);
/* Everything there is now is read. */
int
mark_all_read(struct db *db);
/*
 * Follows or mutes a thread that the viewer may read, or ends both (FOLLOW_NONE). What is muted never
 * counts as unread and is not found by next_unread(); a followed thread counts in a muted board too.
 * Whoever writes in a thread follows it from then on. What was passed over while it was muted may count as
 * read when it no longer is. E_NOT_FOUND, E_DENIED for visitors.
 */
int
mark_follow(struct db *db, item_id thread, enum follow how);
/* The same for a board: of one that is followed, new threads count as the viewer's discussions. */
int
mark_follow_board(struct db *db, board_id board, enum follow how);
/* Ids above the mark of a thread, at most n, ascending; how many. */
int
thread_unread(struct db *db, item_id thread, int64_t *ids, int n);
/* The next unread message in any board that is not muted, oldest first; E_NOT_FOUND when there is none. */
int
next_unread(struct db *db, item_id *thread, item_id *post);
/*
 * Unread messages in all, and threads they are in: at most 100 each; and in threads the viewer takes part
 * in, where there are over 99 in all, of the newest 200 of these.
 */
struct unread {
	int posts, threads, followed; /* 100: over 99 */
};
int
unread_count(struct db *db, struct unread *out);

/*
 * What is unread in the viewer's own places, each for itself: the boards of board_mine() but the themes.
 * Places with nothing unread are left out.
 */
struct place_row {
	board_id board;
	const char *title;
	bool council;       /* the viewer's own council's */
	int posts, threads; /* 100: over 99, of the newest 100 threads in which something is unread */
};
typedef bool (*place_each)(void *ctx, const struct place_row *row);
int
unread_places(struct db *db, place_each each, void *ctx);

struct draft {
	struct buf place, title, body;
	struct attachments files; /* to be attached to it */
	int64_t changed;
};
/* Leaves the files of the draft as they are. */
int
draft_keep(struct db *db, const char *place, const char *title, const char *body);
/* Begins a draft where there is none. */
int
draft_attach(struct db *db, const char *place, const struct attachments *files);
int
draft_get(struct db *db, const char *place, struct draft *out); /* E_NOT_FOUND */
int
draft_last(struct db *db, struct draft *out);
int
draft_drop(struct db *db, const char *place);
/* How many the viewer has. */
int
draft_count(struct db *db);
struct draft_row {
	const char *place, *title, *body; /* body: its beginning */
	int64_t changed;
};
typedef bool (*draft_each)(void *ctx, const struct draft_row *row);
/* The viewer's, the last touched first, at most n; how many. */
int
draft_page(struct db *db, int n, draft_each each, void *ctx);
void
draft_free(struct draft *draft);

/* ---- the search (search.c) ---- */

/*
 * What is sought, in all that the viewer may read. Words as typed, case, accents, plurals and endings
 * aside; all must be there, "those in quotes" side by side; eight count. 0: any.
 */
struct search {
	const char *words;
	member_id author;
	board_id board;
	item_id thread;
	int64_t since, until; /* from that second on; before that one */
	enum { SEARCH_ALL, SEARCH_MESSAGES, SEARCH_COUNCILS, SEARCH_FILES } kind; /* files: and folders */
};
/* In a passage, around what was found: no clean text has these. */
enum { HIT_BEGIN = 1, HIT_END = 2 };
struct hit {
	item_id id, thread;  /* of a council both are its sheet */
	const char *kind;    /* message, sheet (of a council), file, folder */
	int number;          /* of the message in its thread */
	const char *title, *author, *board, *passage; /* passage: a line of the text, the words in it */
	int64_t created;
};
typedef bool (*hit_each)(void *ctx, const struct hit *hit);
/* Newest first; keyset by id, 0 the beginning. How many; 0 where nothing is sought. */
int
search_page(struct db *db, const struct search *search, item_id from, int direction, int n, hit_each each,
    void *ctx);
/* The best n of the newest thousand: those that say the words often, in few words, in their title. */
int
search_best(struct db *db, const struct search *search, int n, hit_each each, void *ctx);
/* ---- keeping the talk in order (moderation.c, graft.c, report.c) ---- */

/*
 * All of these are for those who moderate the board (may_moderate()), and E_DENIED to others; E_NOT_FOUND;
 * E_DONE where it is so already. Nothing is destroyed, all stands in the journal.
 *
 * Hides a message, or a file: others see that a message was, and why, of a file nothing; the author is told
 * the reason. Its open reports are closed. E_EMPTY without a reason, E_TOO_LONG (ABOUT_MAX).
 */
int
post_hide(struct db *db, item_id post, const char *reason);
int
post_show(struct db *db, item_id post);
/* Closed to answers and changes; pinned first in its board's list: PINS_MAX a board, else E_LIMIT. */
enum { PINS_MAX = 10 };
int
thread_lock(struct db *db, item_id thread, bool on);
int
thread_pin(struct db *db, item_id thread, bool on);
/* To a board that the viewer may write on; all its messages are then read by that board's readers. */
int
thread_move(struct db *db, item_id thread, board_id board);
/* The first thread's messages become answers to the second's first one. E_INVALID: they are the same. */
int
thread_merge(struct db *db, item_id thread, item_id into);
/* A message and its answers become a thread of that title. E_INVALID: it is a thread's first; E_EMPTY … */
int
thread_split(struct db *db, item_id post, const char *title, item_id *out);

/*
 * A member brings a message or a file that he reads, not his own, before those who moderate there. E_EMPTY without a
 * reason, E_DONE a second time.
 */
int
report_new(struct db *db, item_id post, const char *reason);
struct report {
	int64_t id, created, written; /* written: the message's time */
	item_id item, thread;
	board_id board;
	int number;                   /* the message's, in its thread */
	bool file;                    /* it is a file: `title` its name, `body` what it is */
	struct buf reporter, author, reason, title, board_title, body;
};
void
report_free(struct report *report);
typedef bool (*report_each)(void *ctx, const struct report *row);
/* Open reports of the viewer's territory, the oldest first; keyset by id. How many; E_DENIED. */
int
report_page(struct db *db, int64_t from, int direction, int n, report_each each, void *ctx);
int
report_get(struct db *db, int64_t id, struct report *out); /* E_NOT_FOUND: closed, too */
/* How many: at most 100, which means "over 99"; 0 for whom there is no queue. */
int
report_count(struct db *db);
/* How many have reported that message or file, of those reports that the viewer may settle. */
int
report_of(struct db *db, item_id item);
/* Has the viewer reported it, whatever has come of that? */
bool
report_made(struct db *db, item_id item);
/* The message stays: its open reports are closed, and the word goes to those who reported it. E_EMPTY … */
int
report_dismiss(struct db *db, int64_t id, const char *word);

#endif
