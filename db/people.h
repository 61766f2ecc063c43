#ifndef DB_PEOPLE_H
#define DB_PEOPLE_H

#include "bbs/base/text.h"
#include "db/engine.h"

/* What the files about people share among themselves. */

/* An active member and the powers that he has now; over a plain line a sysop is a member. */
struct person {
	enum role role;
	item_id council;
	char territory[12]; /* an animator's; "" the whole network */
};
bool
person_get(struct db *db, member_id id, struct person *out);

/* may() asked about somebody else than the viewer. */
bool
may_as(struct db *db, member_id member, enum deed deed, item_id council);

/* Is the viewer that member, or one who manages members? */
bool
may_manage(struct db *db, member_id member);

/* Adds what was typed, cleaned: E_OK, E_EMPTY, E_TOO_LONG (max in bytes). */
int
member_clean(struct buf *out, const char *typed, enum text_kind kind, size_t max);

/* The council that the viewer may read under that id. */
bool
member_council_there(struct db *db, item_id council);

/* A password as it is hashed: the same bytes from every keyboard. Wipe it after use. */
void
login_form(struct buf *out, const char *password);
/* Its hash, fit for member.password. Slow: not inside a transaction. */
void
login_hash(struct buf *out, const char *password);

/* Is blob (base64) a public key of that type? */
bool
key_valid(const char *type, const char *blob);

/*
 * Inside the transaction that signs somebody up: takes the code (E_NOT_FOUND) and gives the inviter;
 * says the inviter's yes; and, for whoever still waits then, tells those who decide.
 */
member_id
invitation_use(struct db *db, const char *code, member_id candidate);
void
candidate_begin(struct db *db, member_id candidate, item_id council, member_id inviter);

/*
 * Inside the transaction: a message in the language of who gets it; subject and `body`, a format, are
 * msgids of ours.
 */
void
mail(struct db *db, member_id to, const char *kind, const char *subject, const char *body, ...)
    __attribute__((format(printf, 5, 6)));

/*
 * Inside the transaction of a sign-up: the sheet that comes with it, a draft until somebody decides on
 * the candidate, who is of that council from now on. The answers of council_put().
 */
int
council_propose(struct db *db, struct council *council, member_id candidate);
/*
 * Inside the transaction that decides on a candidate: the sheet that he proposed, if he did, comes into
 * the directory or is dropped. Where such a council came in meanwhile, he is of that one.
 */
void
council_settle(struct db *db, item_id council, member_id candidate, bool yes);

/* Inside the transaction that changes a council's communes: in whose lists its candidates stand. */
void
candidate_place_council(struct db *db, item_id council);

#endif
