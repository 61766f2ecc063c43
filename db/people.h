#ifndef DB_PEOPLE_H
#define DB_PEOPLE_H

#include <stdarg.h>

#include "bbs/base/text.h"
#include "db/council.h"
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

/*
 * Inside the transaction: a message to a member in his language; `subject` and `body`, a format, are
 * msgids. people_mail(): to `address` or, where that is NULL, to his own.
 */
void
mail_to(struct db *db, member_id to, const char *kind, const char *subject, const char *body, ...)
    __attribute__((format(printf, 5, 6)));
void
people_mail(struct db *db, member_id to, const char *address, const char *kind, const char *subject,
    const char *body, va_list args) __attribute__((format(printf, 6, 0)));

/* A code of eight digits, as it is read out ("1234 5678"), and what is stored of a typed one. */
enum code_use { CODE_EMAIL, CODE_PASSWORD, CODE_PHONE };
enum { CODE_LIFE = 15 * 60, CODE_TRIES = 5, CODE_PAUSE = 2 * 60 };
/* Inside the transaction: a new one in the place of the last. */
void
code_make(struct db *db, member_id member, enum code_use use, struct buf *code);
/* Was one made in the last two minutes, used up or not? */
bool
code_fresh(struct db *db, member_id member, enum code_use use);
/* Inside the transaction: is it the one? A wrong one is counted; the right one stays until code_drop(). */
bool
code_right(struct db *db, member_id member, enum code_use use, const char *typed);
void
code_drop(struct db *db, member_id member, enum code_use use);

/* The two orders of a name, folded: "martin alba", "alba martin". */
void
member_sort(const char *family, const char *given, struct buf *by_family, struct buf *by_given);

/* A new password for somebody of that login and e-mail: as member_check_password(), and none of these. */
int
member_check_new_password(const char *password, const char *login, const char *email);

/* The member of that log-in name or e-mail, as typed; NOBODY. */
member_id
member_named(struct db *db, const char *login);

/* Is that member here, and does he let it be seen? */
bool
session_seen(struct db *db, member_id of);

/* Inside the transaction: all open sessions of a member but this one are to end. */
void
session_end_all(struct db *db, member_id of);

/* A password as it is hashed: the same bytes from every keyboard. Wipe it after use. */
void
login_form(struct buf *out, const char *password);
/* Its hash, fit for member.password. Slow: not inside a transaction. */
void
login_hash(struct buf *out, const char *password);

/*
 * Inside the transaction that signs somebody up: counts him, and gives up with E_LIMIT where there were
 * too many lately.
 */
void
limit_signed_up(struct db *db);

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
 * Inside the transaction: a message in the language of who gets it; `subject` and `body`, a format, are
 * msgids.
 */
void
mail_to(struct db *db, member_id to, const char *kind, const char *subject, const char *body, ...)
    __attribute__((format(printf, 5, 6)));

/*
 * Inside the transaction that makes a member, or changes name, login or address: the words that find
 * him (member_find.c). member_index_all(): everybody who has none yet.
 */
void
member_index(struct db *db, int64_t member);
void
member_index_all(struct db *db);

/* Inside the transaction that changes something of a member's: tells him, unless it was himself. */
enum told { TOLD_ROLE, TOLD_PASSWORD, TOLD_KEYS };
void
member_told(struct db *db, member_id id, enum told what);

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

/* Inside the transaction that changes a candidate's council, or a council's communes: in whose lists he stands. */
void
candidate_place(struct db *db, member_id candidate);
void
candidate_place_council(struct db *db, item_id council);

/* Inside the transaction: counts a council in, or out (by -1) of, the territories it lies in. */
void
council_counted(struct db *db, item_id council, int by);

#endif
