#ifndef DB_MEMBER_H
#define DB_MEMBER_H

#include "db/council.h"
#include "db/db.h"

/* People: how one becomes a member, what is known of him, how he is reached, who is shut out. */

/* ---- people (member.c, approval.c) ---- */

enum member_state { MEMBER_WAITING, MEMBER_ACTIVE, MEMBER_REFUSED, MEMBER_SUSPENDED, MEMBER_REMOVED };

const char *
role_name(enum role role); /* "member", "resource", "animator", "sysop" */
int
role_parse(const char *name);
const char *
member_state_name(enum member_state state);
int
member_state_parse(const char *name);

struct member {
	member_id id;
	struct buf login, email, family, given, name, mobile, about, territory;
	item_id council;
	struct buf council_name, town;
	enum role role;
	enum member_state state;
	char language[3], face[8]; /* face "" : as the terminal asks */
	bool letter, sms, has_password;
	bool see_here, takes_words; /* others see that he is on line, may say a short word to him */
	int64_t charter;           /* version accepted */
	int64_t created, visit, last_visit, floor;
};
void
member_free(struct member *member);
/*
 * Oneself or, for the sysop, anybody. Other members see active ones without addresses (email, mobile,
 * about, territory are empty; letter, sms, has_password, see_here, takes_words, charter, visits and floor
 * 0). E_NOT_FOUND.
 */
int
member_get(struct db *db, member_id id, struct member *out);
/* By login name or e-mail as typed; the same rights. */
int
member_find(struct db *db, const char *login, struct member *out);

struct member_row {
	member_id id;
	const char *login, *name, *email, *role, *state, *council, *town;
	int64_t created;
	const char *word; /* member_search() only: by which he was found, "" none */
};
typedef bool (*member_each)(void *ctx, const struct member_row *row);
/*
 * Members in a state, newest first; keyset by id (0 the beginning): after it, or before it with
 * direction -1, the nearest first. How many; E_DENIED without MAY_MANAGE_MEMBERS.
 */
int
member_page(struct db *db, enum member_state state, member_id from, int direction, int n,
    member_each each, void *ctx);

/*
 * The same, in any state with -1; with a filter those who have, for each typed word (four count), a word of
 * name, login or address that begins so, in the order of (row.word, id), from which the next page goes on. Its
 * cost is bounded: of words that begin so, the next 2 000 are looked at and no more. In member_find.c.
 */
int
member_search(struct db *db, int state, const char *filter, const char *from_word, member_id from,
    int direction, int n, member_each each, void *ctx);
/*
 * Active members by what the viewer typed: names in full or log-in names, between commas, semicolons or
 * lines; an address in the place of one, where he may see it. Each once: how many. E_NOT_FOUND (one
 * is nobody's), E_EXISTS (one is that of several), E_TOO_LONG (over `max`): `wrong` has the sentence that says which.
 * In named.c.
 */
int
members_named(struct db *db, const char *typed, member_id *out, int max, struct buf *wrong);
/* Adds those of them who are active as members_named() takes them, ", " between: by name where one alone bears it. */
void
members_write(struct db *db, const member_id *who, int count, struct buf *out);
/*
 * By who manages members; the member is told by a message. Suspending takes a reason (E_EMPTY, ABOUT_MAX), and
 * is for active members, reinstating for suspended ones: else E_DONE, E_INVALID; E_INVALID also for oneself.
 * council 0: of no council, which a candidate cannot be (E_INVALID); E_DONE where he is there already. Sessions
 * that are open see it at the next thing they ask. In member_manage.c.
 */
int
member_suspend(struct db *db, member_id id, const char *reason);
int
member_reinstate(struct db *db, member_id id);
int
member_set_council(struct db *db, member_id id, item_id council);
/* Why somebody is suspended: for himself, and who manages members; false where he is not. */
struct suspension {
	struct buf reason, by;
	int64_t since;
};
bool
member_suspension(struct db *db, member_id id, struct suspension *out);
void
suspension_free(struct suspension *suspension);

/*
 * Checks of single fields, for forms: E_OK, E_INVALID, E_EXISTS, E_EMPTY, E_TOO_LONG. They clean in
 * place. A login that the house keeps for itself ("nouveau") is E_EXISTS; a mobile may be empty.
 */
int
member_check_login(struct db *db, struct buf *login);
int
member_check_email(struct db *db, struct buf *email);
int
member_check_name(struct buf *name);
int
member_check_mobile(struct buf *mobile);
int
member_check_password(const char *password);
/* A login that is free, from the given name ("alba", "alba.martin", "alba2"…). */
void
member_propose_login(struct db *db, const char *given, const char *family, struct buf *login);

/* What a sign-up brings. Strings are cleaned inside. */
struct sign_up {
	const char *login, *email, *family, *given, *mobile, *about, *language;
	const char *password;            /* "" where only a key */
	const char *key_type, *key_blob; /* "" none */
	const char *code;                /* invitation, "" none */
	item_id council;
	struct council *proposal;        /* for a council that is not listed, with council 0; NULL none */
	bool letter, sms;
	int64_t charter; /* version accepted */
};
/*
 * The new candidate, who waits; or, with a good invitation code, a member if the inviter's yes suffices.
 * Besides what the checks say: E_NOT_FOUND (the council, the code), E_INVALID (neither password nor key,
 * a charter that there is not, a code of another council). council 0 with a code: the code's. With a
 * proposal also the answers of council_put(): its sheet is a draft until somebody decides on him.
 */
int
member_sign_up(struct db *db, const struct sign_up *s, member_id *out);
/*
 * By the sysop or a script: an active member; the charter counts as accepted on paper. council may be
 * 0, and password and key empty: nobody logs in until one is given. He is vouched for: his yes counts
 * at once as that of an old member.
 */
int
member_add(struct db *db, const struct sign_up *s, enum role role, const char *territory,
    member_id *out);
int
member_set_role(struct db *db, member_id id, enum role role, const char *territory);
int
member_set_password(struct db *db, member_id id, const char *password);
/* Keys of oneself or, for the sysop, of anybody. E_EXISTS, E_LIMIT (KEYS_MAX), E_INVALID. */
int
member_add_key(struct db *db, member_id id, const char *type, const char *blob, const char *name);
typedef bool (*key_each)(void *ctx, int64_t id, const char *type, const char *blob, const char *name,
    int64_t created, int64_t used);
int
member_keys(struct db *db, member_id id, key_each each, void *ctx);
/* Another name for a key. E_TOO_LONG, E_NOT_FOUND, E_DENIED. */
int
member_name_key(struct db *db, member_id id, int64_t key, const char *name);
int
member_remove_key(struct db *db, member_id id, int64_t key);
/* Language "fr"/"en" and face ""/"full"/"linear" of the viewer. */
int
member_set_taste(struct db *db, const char *language, const char *face);
/* Is the viewer seen on line, does he take short words? E_DENIED. */
int
member_set_presence(struct db *db, bool see_here, bool takes_words);
/* Parses a line of authorized_keys or a .pub file into type and blob; E_INVALID. */
int
key_parse(const char *line, struct buf *type, struct buf *blob, struct buf *name);

/*
 * Log-in. The same work is done and the same time taken whether the name is known or not.
 * E_OK and *id (also those who wait, are refused or suspended: to be told so), or E_DENIED.
 */
int
login_password(struct db *db, const char *login, const char *password, member_id *id);
int
login_key(struct db *db, const char *login, const char *type, const char *blob, member_id *id);
/* This key has opened the door: noted, but not twice in a day. */
void
login_key_used(struct db *db, member_id id, const char *blob);
/* The name has been let in: notes the visit. */
int
login_done(struct db *db, member_id id);

/* The charter: current version and its text. 0 where there is none. */
int64_t
charter_get(struct db *db, struct buf *body);
/* Any version of it: E_NOT_FOUND. */
int
charter_version(struct db *db, int64_t version, struct buf *body);
/* Its versions, the newest first, keyset by version (0 the beginning), for whoever may write it. */
struct charter_row {
	int64_t version, created;
	const char *author;
	int64_t accepted; /* active members whose last yes was to this one */
};
typedef bool (*charter_each)(void *ctx, const struct charter_row *row);
int
charter_page(struct db *db, int64_t from, int direction, int n, charter_each each, void *ctx);
/* How many active members there are to accept it; 0 for who may not write it. */
int64_t
charter_readers(struct db *db);
/* Everybody reads the new version, and says yes or no, at the next log-in. */
int
charter_set(struct db *db, const char *body);
int
charter_accept(struct db *db, int64_t version);

struct candidate_row {
	member_id id;
	const char *name, *council, *town, *about, *login;
	int64_t since;
	int yes, no, needed; /* yes said, no said, yes needed */
	bool mine;           /* the viewer has answered */
	bool settles;        /* the viewer's yes or no decides, whatever others said */
	bool has_key, letter;
	const char *voters;  /* names of those who said yes, ", " between */
	const char *noes;    /* "name: reason" of those who said no, \n between; "" unless `settles` */
	const char *question, *answer; /* the last precision asked, "" none */
	item_id council_id;
	bool proposes;       /* the council is not in the directory: its sheet comes with him */
};
typedef bool (*candidate_each)(void *ctx, const struct candidate_row *row);
/*
 * Candidates on whom the viewer may decide, the longest waiting first; keyset by id, with direction -1
 * the nearest before it first. How many; E_DENIED.
 */
int
candidate_page(struct db *db, member_id from, int direction, int n, candidate_each each, void *ctx);
/* How many wait for the viewer's answer (at most 100, of the 200 longest waiting); since when the first. */
int
candidate_count(struct db *db, int64_t *oldest);
/*
 * The viewer's answer, one for each person. E_DONE when it was given or decided already, E_EMPTY for a
 * no without a reason (ABOUT_MAX bytes). *state: what the candidate is now, also with E_DONE.
 */
int
candidate_yes(struct db *db, member_id id, enum member_state *state);
int
candidate_no(struct db *db, member_id id, const char *reason, enum member_state *state);
int
candidate_ask(struct db *db, member_id id, const char *question);
/* The reason that the viewer was refused for, "" none. */
void
candidate_refusal(struct db *db, struct buf *reason);
/* The sheet that a candidate proposes, for those who decide on him; E_NOT_FOUND. */
int
council_proposal(struct db *db, item_id council, struct council *out);
/* The viewer's own waiting: the question put to him, "" none; his answer. */
void
candidate_question(struct db *db, struct buf *question);
int
candidate_answer(struct db *db, const char *answer);

/*
 * The clock of candidates: after 36 hours those who decide in the territory are reminded, after 48 they
 * and the candidate are told that it is late; each once, whenever this runs. How many candidates.
 */
int
candidate_remind(struct db *db);
/* ---- the profile (contact.c, code.c, own.c, erase.c) ---- */

/* Who sees a contact field besides oneself and the sysop. */
enum seen_by { SEEN_NOBODY, SEEN_COUNCIL, SEEN_MEMBERS };
const char *
seen_name(enum seen_by seen); /* "nobody", "council", "members" */
int
seen_parse(const char *name);

/* The fields of a member that he lets others see, or not. */
enum contact_field { CONTACT_EMAIL, CONTACT_MOBILE, CONTACT_ABOUT, CONTACT_KNOWS, CONTACT_FIELDS };
struct contact {
	struct buf field[CONTACT_FIELDS];
	enum seen_by seen[CONTACT_FIELDS];
	struct buf email_new; /* waits for its code; "" none */
	bool email_confirmed, mobile_confirmed;
	bool code_sent;       /* one that is still good is on its way */
};
void
contact_free(struct contact *contact);
/* One's own or, for the sysop, anybody's. E_DENIED, E_NOT_FOUND. */
int
contact_get(struct db *db, member_id id, struct contact *out);
/*
 * Changes them. A new address counts only once contact_confirm() has had the code that is sent there;
 * the old one is told. A new mobile is not confirmed. In trouble *field says which: E_INVALID,
 * E_TOO_LONG, E_EXISTS (the address is another member's); E_DENIED.
 */
int
contact_set(struct db *db, member_id id, const struct contact *contact, enum contact_field *field);
/*
 * Sends the code again, to the address that waits or the one not confirmed: E_DONE when there is
 * nothing to confirm, E_LIMIT when the last was sent less than two minutes ago.
 */
int
contact_send_code(struct db *db);
/* The viewer's code: the address counts from now on. E_DENIED (wrong, too old, five tries), E_EXISTS. */
int
contact_confirm(struct db *db, const char *code);

/* A member as others see him: what he does not show them is "". */
struct person_sheet {
	member_id id;
	struct buf name, council_name, town, field[CONTACT_FIELDS];
	item_id council;
	enum role role;
	int64_t created;
};
void
person_sheet_free(struct person_sheet *sheet);
/* An active member's; the sysop sees all of it. E_NOT_FOUND. */
int
person_sheet_get(struct db *db, member_id id, struct person_sheet *out);

struct person_row {
	member_id id;
	const char *sort; /* its place in the list, with the id */
	const char *name, *role, *council, *town, *knows;
};
typedef bool (*person_each)(void *ctx, const struct person_row *row);
/*
 * Active members by family name or, with letters, those whose family or given name begins with them.
 * Keyset by (sort, id): sort NULL is the beginning, or with direction -1 the end. How many; E_DENIED.
 */
int
person_page(struct db *db, const char *letters, const char *from_sort, member_id from, int direction,
    int n, person_each each, void *ctx);

/*
 * A lost password. lost_ask() sends a one-time code to the address of that log-in name or e-mail, and
 * does and says the same where there is none. lost_check(): may this code choose a password? Each wrong
 * one counts, the fifth is the last. lost_set() takes it: E_DENIED, or what member_check_password() says.
 */
int
lost_ask(struct db *db, const char *login);
int
lost_check(struct db *db, const char *login, const char *code);
int
lost_set(struct db *db, const char *login, const char *code, const char *password, member_id *id);
/*
 * The same code, to be read out on the phone: by the sysop, or by an animator for a plain member or
 * resource person of his territory. The member is told by mail. E_DENIED, E_NOT_FOUND.
 */
int
member_code(struct db *db, member_id id, struct buf *code);
/* Would member_code() give one? Screens ask. */
bool
may_give_code(struct db *db, member_id id);

/*
 * Everything the board keeps of the viewer, part by part: first each part's name and columns (cells
 * NULL), then its rows. A column's name begins with # for a number and @ for a time. E_DENIED.
 */
typedef void (*own_each)(void *ctx, const char *part, const char *const *columns, int count,
    const char *const *cells);
int
own_data(struct db *db, own_each each, void *ctx);
/* The texts themselves, every version, n after (from, version): how many. */
typedef void (*own_text_each)(void *ctx, item_id item, int64_t version, const char *title, int64_t created,
    const char *body);
int
own_text_page(struct db *db, item_id from, int64_t version, int n, own_text_each each, void *ctx);

/*
 * Erases oneself or, by the sysop, anybody; `login` is typed again, so that it is no slip (E_INVALID).
 * His sessions end. E_DENIED, E_NOT_FOUND, E_LOCKED for the last sysop.
 */
int
member_erase(struct db *db, member_id id, const char *login);

/* ---- who is shut out (ban.c) ---- */

/* An address or network as 16 bytes, IPv4 as ::ffff:a.b.c.d, of which the first `bits` count. */
struct ban_network {
	unsigned char address[16];
	int bits;
	int64_t until;
};
/*
 * Reads "192.0.2.7", "192.0.2.0/24", "2001:db8::/48"; an IPv6 address alone counts as its /64. False for
 * anything else, and for networks that are too wide. Adds it as it is kept to `written`, unless NULL.
 */
bool
ban_network(const char *typed, struct ban_network *out, struct buf *written);

/*
 * Adds an address as it is counted, of IPv6 its /64; nothing for this machine itself, from which
 * everybody comes where a proxy stands before us, nor for what is no address.
 */
void
ban_source(const char *address, struct buf *out);

/*
 * Shuts out an address, a network, or a member by log-in name or e-mail, until that time; in the place
 * of what was said before of the same. The reason (may be empty) is read by the member. E_NOT_FOUND:
 * neither address nor member; E_INVALID: a time that is over; E_TOO_LONG; E_DENIED, also for oneself and
 * for sysops.
 */
int
ban_add(struct db *db, const char *typed, int64_t until, const char *reason);
int
ban_remove(struct db *db, int64_t id);
/* The ban of what was typed; E_NOT_FOUND, E_DENIED. */
int64_t
ban_find(struct db *db, const char *typed);

struct ban_row {
	int64_t id, until, created;
	const char *kind, *what, *name, *reason, *author; /* kind "source", "login"; name: the member's */
	bool over;
};
typedef bool (*ban_each)(void *ctx, const struct ban_row *row);
/* Newest first, those that are over too, for a month; keyset by id. How many; E_DENIED. */
int
ban_page(struct db *db, int64_t from, int direction, int n, ban_each each, void *ctx);

/* Is that member shut out now? Then adds the sentence for him: until when, and why. */
bool
ban_says(struct db *db, member_id member, struct buf *out);

/* The networks that are shut out now, at most max, the newest; how many. */
enum { BAN_NETWORKS = 500 };
int
ban_networks(struct db *db, struct ban_network *out, int max);

#endif
