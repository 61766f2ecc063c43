#ifndef DB_WORD_H
#define DB_WORD_H

#include "db/db.h"

/* Short words: from the board to a member, from one member to another, to all who are there. */

/* ---- short words to members (notice.c) ---- */

struct notice {
	int64_t id, created;
	struct buf sender;      /* his name; "" the board itself, or one who has left */
	member_id sender_id;    /* NOBODY the board itself */
	char kind[24];          /* "hidden", "shown", "report-hidden", "report-dismissed", "word" … */
	item_id item;           /* what it is about, 0 nothing */
	item_id thread;         /* its thread, 0 where the viewer may not read it now */
	char place[32];         /* of a shelf or a file that is followed: file.h has it */
	struct buf title, body; /* the thread's title; what was said */
	bool seen;
};
void
notice_free(struct notice *notice);
typedef bool (*notice_each)(void *ctx, const struct notice *row);
/* The viewer's, the newest first; keyset by id (0 the beginning). How many. */
int
notice_page(struct db *db, int64_t from, int direction, int n, notice_each each, void *ctx);
int
notice_get(struct db *db, int64_t id, struct notice *out); /* E_NOT_FOUND */
int
notice_seen(struct db *db, int64_t id);
/* Those not seen: at most 100, which means "over 99". */
int
notice_count(struct db *db);
/* Whether there are any at all. */
bool
notice_any(struct db *db);

/* ---- a short word from one to another (word.c) ---- */

enum { WORD_CELLS = 200, DAILY_CELLS = 140 };
/*
 * From the viewer to another member: one line of at most WORD_CELLS cells. It stands among his notices,
 * of kind "word", for a month. *here: he is on line, and lets it be seen. E_DENIED; E_NOT_FOUND: no such
 * active member; E_INVALID: oneself; E_LOCKED: he wants no words; E_EMPTY, E_TOO_LONG, E_LIMIT.
 */
int
word_send(struct db *db, member_id to, const char *typed, bool *here);
/* Would he take one? The same answers, for screens, before somebody types. */
int
word_check(struct db *db, member_id to);
struct word_row {
	int64_t id, created;
	member_id other;          /* who wrote it or, of those sent, to whom */
	const char *login, *name; /* his */
	const char *body;
	bool seen;                /* by the viewer */
};
typedef bool (*word_each)(void *ctx, const struct word_row *row);
/* Those the viewer got, or sent, the newest first; keyset by id, 0 the beginning. How many. */
int
word_page(struct db *db, bool sent, int64_t from, int n, word_each each, void *ctx);
/* Those he has not seen and that came after that one, the oldest first. How many. */
int
word_look(struct db *db, int64_t from, int n, word_each each, void *ctx);
/* Those after `from`, up to `to`, he has seen. */
int
word_seen(struct db *db, int64_t from, int64_t to);

/* ---- lines of the day (daily.c) ---- */

/*
 * The viewer's line of today, of at most DAILY_CELLS cells, in the place of what he wrote before today.
 * E_DENIED, E_EMPTY, E_TOO_LONG; E_LOCKED: today's was hidden.
 */
int
daily_put(struct db *db, const char *typed);
/* Adds what he wrote today, nothing where there is none. */
void
daily_mine(struct db *db, struct buf *out);
struct daily_row {
	int64_t id, created;
	member_id author;
	const char *name, *council, *town, *body;
	bool hidden; /* from others than its author and those who may hide it */
};
typedef bool (*daily_each)(void *ctx, const struct daily_row *row);
/* Those of the last seven days, the newest first; keyset by id, 0 the beginning. How many; E_DENIED. */
int
daily_page(struct db *db, int64_t from, int direction, int n, daily_each each, void *ctx);
/* One of them, given once; E_NOT_FOUND. */
int
daily_get(struct db *db, int64_t id, daily_each each, void *ctx);
/*
 * By animators, of members of the councils they animate; stands in the journal. E_NOT_FOUND, E_DENIED,
 * E_DONE.
 */
int
daily_hide(struct db *db, int64_t id, bool hidden);
/* May the viewer? Screens ask. */
bool
daily_may_hide(struct db *db, int64_t id);

#endif
