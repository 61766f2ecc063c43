#ifndef DB_DEMO_H
#define DB_DEMO_H

#include "db/council.h"
#include "db/engine.h"
#include "db/machine.h"

/* What the files of the demonstration share; nobody else includes this. */

enum {
	MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR,
	COUNCILS = 61, HOUSEHOLD = 6, PEOPLE = COUNCILS * HOUSEHOLD + 8,
	THREADS = 100, LETTERS = 8, MESSAGES = 9, LINES = 400,
	BIG_TOWNS = 12,
	AGE = 600,      /* days since the first of them came */
	TALK = 42,      /* days over which the threads are spread */
};

#define DEMO_DEPARTMENT "30"

/* Whom one may be by the password that is told; the first of all people, in this order. */
enum { DEMO_ALBA, DEMO_BRUNO, DEMO_DENISE, DEMO_ODILE, DEMO_ACCOUNTS };
struct demo_account {
	const char *login, *given, *family, *territory;
	enum role role;
	int visit;         /* hours since the last one */
	const char *line;  /* of the day, written then; NULL none */
	const char *told;  /* a msgid */
};
extern const struct demo_account demo_accounts[DEMO_ACCOUNTS];

struct lines {
	char *line[LINES];
	int count;
	char *text;
};

struct person {
	member_id id;
	int council;  /* -1 none */
	const char *given, *family;
};

struct message {
	int answers, letter;
	int64_t at;
	item_id id;
	struct buf body;
};

struct talk {
	char slug[40];
	char *title;
	int count, letters;
	int author[LETTERS]; /* of each letter, in people[] */
	struct message message[MESSAGES];
};

struct demo {
	struct db *db;
	uint64_t random;
	int64_t now;
	int answer;     /* the first trouble */
	struct lines given, family, quarters;
	struct council council[COUNCILS];
	int members[COUNCILS], answers[COUNCILS];
	int council_count;
	struct person person[PEOPLE];
	int person_count;
	struct talk talk[THREADS];
	int talk_count, lately;
};

/* demo_files.c: folders and files, once there are people. */
void
demo_files(struct demo *d);
/* A number from 0 to n - 1. */
int
demo_draw(struct demo *d, int n);
/* Keeps the first answer that is a trouble. */
void
demo_expect(struct demo *d, int answer);
/* That time, or the next morning for one in the night: people sleep. */
int64_t
demo_awake(struct demo *d, int64_t when);
/* A file that is inside the program. */
const char *
demo_text(const char *name);

/* The words of a sheet, from its name; "" where there is no resource person. */
void
demo_describe(struct demo *d, struct council *c, const char *given, const char *family);

/* More councils, members and posts, up to that size, in transactions of their own. */
void
demo_grow(struct demo *d, const struct demo_size *size);

/* Reads the stories; then all of them, by the people who are there, up to now. */
void
demo_read_talks(struct demo *d);
void
demo_talk(struct demo *d);

#endif
