#ifndef DB_COUNCIL_WRITE_H
#define DB_COUNCIL_WRITE_H

#include "db/council.h"
#include "db/people.h"

/* What the files that write sheets share among themselves. */

/* The fields that people give, resource_public aside: in English, for people (a msgid), where, how checked. */
struct council_field {
	const char *name, *label;
	size_t offset;
	int (*check)(struct buf *); /* NULL: communes */
};
enum { COUNCIL_FIELDS = 10 };
extern const struct council_field council_fields[COUNCIL_FIELDS];
struct buf *
council_field(const struct council *council, int i);

/*
 * Inside the transaction: council_put() for whoever may do that deed about the council, and the cause
 * that its history tells. What is the same is not written; *written (may be NULL) says so. An answer does
 * not end the transaction.
 */
int
council_write(struct db *db, struct council *council, enum deed deed, const char *cause, bool *written);

#endif
