#ifndef BBS_SOURCE_H
#define BBS_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "bbs/conf.h"
#include "db/db.h"
#include "db/member.h"

/*
 * Where callers come from: how many from each address (of IPv6 from each /64), how many of them are not
 * logged in yet, and which addresses are shut out for a while. Knows no socket and no process.
 */

struct sockaddr;

struct source {
	struct source *next;
	unsigned char prefix[16]; /* IPv4 as IPv6 has it, ::ffff:a.b.c.d; else the first 8 bytes */
	int callers, waiting;     /* kept by source_come(), source_in(), source_gone() */
	int failed, bans;         /* tries lately, times shut out */
	int64_t last, until;      /* ticks of the last failed try, of the end of the ban */
};

enum { SOURCE_BAN_AT = 30, SOURCE_FORGET = 10 * 60 * 1000, SOURCE_BAN_MAX = 24 * 60 * 60 * 1000 };

struct sources {
	struct source *first;
	int waiting; /* of all sources */
	struct ban_network shut[BAN_NETWORKS]; /* by the sysop */
	int shut_count;
};

enum source_answer {
	SOURCE_WELCOME,
	SOURCE_SHUT,         /* by the sysop, see source_shut() */
	SOURCE_BANNED,
	SOURCE_MANY,         /* at once from there */
	SOURCE_MANY_WAITING, /* from there, not logged in */
	SOURCE_FULL,         /* not logged in, from everywhere */
};

/*
 * The source of an address (IPv4 or IPv6), made where there is none. With no caller and nothing held
 * against it, it lives until the next call of this.
 */
struct source *
source_of(struct sources *all, const struct sockaddr *address, int64_t now);

/* Until when (UTC seconds) it is shut out by the sysop; 0: it is not. */
int64_t
source_shut(const struct sources *all, const struct source *s);

/* May one more come from there? */
enum source_answer
source_ask(const struct sources *all, const struct source *s, const struct conf *conf, int64_t now);

/* One came, and waits; he waits no longer; he is gone, which is said after that. */
void
source_come(struct sources *all, struct source *s);
void
source_in(struct sources *all, struct source *s);
void
source_gone(struct source *s);

/*
 * n failed tries came from there: with SOURCE_BAN_AT of them it is shut out for conf->ban minutes, each
 * time twice as long; but never this machine itself, from which everybody comes where a proxy stands
 * before us. True when that has just happened.
 */
bool
source_failed(struct source *s, int n, const struct conf *conf, int64_t now);

#endif
