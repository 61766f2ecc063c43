#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bbs/base/error.h"
#include "bbs/base/mem.h"

/*
 * The store: everything a screen or a command may ask of it. Functions that can be refused answer
 * E_OK or a negative code of error.h; the rights of the viewer are checked in here, whatever the
 * screen showed. Texts come in as typed: they are cleaned, measured and refused here.
 *
 * A handle belongs to one process and never crosses a fork. Nothing stays open between two calls
 * (db_idle() says so), so that no reader holds back the log of writes.
 */

/* Ids of different things do not mix. */
typedef struct { int64_t n; } member_id;
typedef struct { int64_t n; } item_id;   /* also a thread (its root) and a council (its sheet) */
typedef struct { int64_t n; } board_id;

#define NOBODY ((member_id){ 0 })
/* Whoever holds the machine: a sysop made with the store, whom nobody can log in as and no list shows. */
#define MACHINE ((member_id){ 1 })

enum {
	LOGIN_MAX = 32,
	NAME_MAX_BYTES = 80,
	EMAIL_MAX = 254,
	PHONE_MAX = 24,
	TITLE_MAX = 160,
	BODY_MAX = 256 * 1024,
	ABOUT_MAX = 600,
	PASSWORD_MIN = 8,
	PASSWORD_MAX = 200,
	CODE_MAX = 24,
	KEY_MAX = 4096,
	KEYS_MAX = 20,
};

/* ---- the handle (sqlite.c, store.c) ---- */

struct db;

enum db_mode {
	DB_OPEN,   /* an existing store; a missing one is made */
	DB_EXISTING, /* E_NOT_FOUND where there is none */
};

/*
 * Opens the store at path, brings its schema up to date, joins those who have it open (a byte of
 * PATH-lock). `fenced` puts the authorizer on, which every screen and command runs under; without it
 * only check, migrations and clean-up. E_NEWER, E_IN_USE (a migration is due while others have it
 * open), E_CORRUPT, E_READ_ONLY, E_FULL, E_NOT_FOUND.
 */
int
db_open(struct db **db, const char *path, enum db_mode mode, bool fenced);
void
db_close(struct db *db);

/* On whose behalf the handle reads and acts from now on; NOBODY a visitor. */
void
db_set_viewer(struct db *db, member_id member);
member_id
db_viewer(const struct db *db);
/* Over a line that anybody can listen to (telnet): a sysop has the powers of a plain member. */
void
db_set_plain(struct db *db, bool plain);
bool
db_plain(const struct db *db);
/*
 * What was written is told, after the commit, to whoever asked: a topic and the id it is about. The
 * session passes it to the relay. Listeners to id 0 of a topic hear all of it.
 */
enum topic { TOPIC_THREAD, TOPIC_BOARD, TOPIC_CANDIDATES, TOPIC_MEMBER, TOPIC_COUNCIL, TOPIC_COUNT };
void
db_on_write(struct db *db, void (*tell)(void *ctx, enum topic topic, int64_t id), void *ctx);

/* No statement and no transaction is open. */
bool
db_idle(const struct db *db);
/* Lets go of pages kept in memory: for a session that waits. */
void
db_rest(struct db *db);

/* Changes whenever another process has written (PRAGMA data_version). */
int64_t
db_version(struct db *db);

/*
 * Takes the lock of the one `serve` of the store at path, which must exist: a descriptor to keep, and
 * to close in every child (a lock lives as long as any copy of its descriptor); or E_IN_USE.
 */
int
db_lock_serve(const char *path);

/* A copy of the whole store, of one moment, into a file that must not exist yet. */
int
db_backup(struct db *db, const char *path);

/* Integrity, foreign keys, and the house's own rules. Adds a line for each fault; how many. */
int
db_check(struct db *db, struct buf *faults);

/* Settings kept in the store; "" where there is none. */
void
db_setting(struct db *db, const char *name, struct buf *value);
int
db_set_setting(struct db *db, const char *name, const char *value);

/* ---- who may do what (may.c) ---- */

enum deed {
	MAY_READ_BOARDS,   /* those of members, or of that council; what is public needs no right */
	MAY_POST,          /* on a board that he reads */
	MAY_SEE_PEOPLE,    /* names of members, who is here */
	MAY_APPROVE,       /* say yes or no of a candidate: peers, animators, sysop */
	MAY_DECIDE,        /* one yes is enough, while nobody says no */
	MAY_SETTLE,        /* his answer is the last word, also after a no */
	MAY_INVITE,
	MAY_EDIT_COUNCIL,  /* its sheet */
	MAY_READ_HISTORY,  /* versions of its sheet */
	MAY_HAND_OVER,     /* its resource person's place, and the powers that go with it */
	MAY_ADD_COUNCIL,
	MAY_MANAGE_MEMBERS,/* roles, states, lists with addresses */
	MAY_MANAGE_BOARDS,
	MAY_EDIT_CHARTER,
	MAY_READ_JOURNAL,  /* and the outbox */
	MAY_RUN_MACHINE,   /* back-up, check, demo */
	DEED_COUNT,
};

/*
 * About that council, or council 0: about no council, or any one. One table; screens ask it to show a
 * key, db/ asks again before writing. Visitors and candidates may nothing: they read what is public.
 */
bool
may(struct db *db, enum deed deed, item_id council);

/* ---- the map (territory.c) ---- */

struct territory {
	char code[12], kind[12], parent[12];
	char name[128];
};
int
territory_get(struct db *db, const char *code, struct territory *out);

/* Rows of lists are handed to a function one by one; false stops. */
struct territory_row {
	const char *code, *kind, *name, *name_sort;
	int64_t councils; /* councils there, at all levels below */
};
typedef bool (*territory_each)(void *ctx, const struct territory_row *row);
/* Children of kind of a territory, by name, after (direction 1) or before (-1) a name_sort and code. */
int
territory_children(struct db *db, const char *parent, const char *kind, const char *from_sort,
    const char *from_code, int direction, int n, territory_each each, void *ctx);

/* The same for the communes of a département that are the principal one of some council. */
int
commune_children(struct db *db, const char *department, const char *from_sort, const char *from_code,
    int direction, int n, territory_each each, void *ctx);

/* The code of the département of that code or name, however it is written; E_NOT_FOUND. */
int
department_find(struct db *db, const char *typed, char code[8]);

/* Commune by its INSEE code. */
struct commune {
	char code[8], name[128], department[8], department_name[128], epci[12];
	double lat, lon;
};
int
commune_get(struct db *db, const char *code, struct commune *out);
/*
 * The one commune of that name, case, accents and hyphens aside, in a département ("" anywhere).
 * E_EXISTS where several bear it, E_NOT_FOUND.
 */
int
commune_named(struct db *db, const char *name, const char *department, struct commune *out);
/* Communes whose folded name begins with the folded `typed`, the most populous first; at most n, 100. */
typedef bool (*commune_each)(void *ctx, const struct commune *commune);
int
commune_find(struct db *db, const char *typed, int n, commune_each each, void *ctx);

/* ---- councils (council.c) ---- */

struct council {
	item_id id;
	struct buf name, town, department, department_name, commune, communes; /* communes: codes, spaces between */
	struct buf email, page, links, quarter, description;
	struct buf resource_name, resource_email, resource_phone;
	bool resource_public;
	double lat, lon;
	int64_t changed, checked; /* checked: changed, or looked over and found right */
	int members;
	enum confirmation { NOT_ASKED, TO_CONFIRM, CONFIRMED } resource; /* by whoever was named last */
};
enum { DESCRIPTION_MAX = 16 * 1024 };
void
council_free(struct council *council);
int
council_get(struct db *db, item_id id, struct council *out);

struct council_row {
	item_id id;
	const char *name, *town, *department, *email, *resource_name, *name_sort;
	int64_t changed, checked;
	double km; /* council_nearest only */
};
typedef bool (*council_each)(void *ctx, const struct council_row *row);
/*
 * Councils by name; in a département ("" all of France), or by its INSEE code whose principal commune
 * is that one. Keyset: after or before (from_sort, from_id),
 * nearest first; from_id 0: from the end. With a filter, those that have a word of name, town, or the
 * département's name or code beginning with each typed word (six count). Its cost is bounded: of words
 * that all stand in over 500 places, the next 2 000 councils are looked at and no more.
 */
int
council_page(struct db *db, const char *department, const char *filter, const char *from_sort,
    item_id from, int direction, int n, council_each each, void *ctx);
int
council_count(struct db *db, const char *place); /* there: in a territory, a commune, "" France */
/* The n councils nearest to that one, nearest first. */
int
council_nearest(struct db *db, item_id from, int n, council_each each, void *ctx);
/*
 * Every field (members aside) of every council, in the order of ids, for exports. No statement is open
 * while `each` runs, so it may write to a slow line.
 */
int
council_all(struct db *db, const char *department, bool (*each)(void *, const struct council *),
    void *ctx);

/*
 * Cleans the fields that people give, and fills in what follows from the communes: codes parted by
 * anything, the first the principal one, all of one département. Else E_EMPTY, E_TOO_LONG or E_INVALID,
 * and the English name of the field in *field.
 */
int
council_check(struct db *db, struct council *council, const char **field);
/*
 * Adds (id 0, then the new id is in it) or changes a council. E_EXISTS: same name in the same
 * commune; the answers of council_check(); E_DENIED, E_NOT_FOUND. What is the same is not written.
 */
int
council_put(struct db *db, struct council *council);
/* The same for several, in one transaction: each has its answer, those refused do not hinder others. */
int
council_put_all(struct db *db, struct council *councils, int n, int *answers);
/* Nobody has looked over a sheet that was checked then for a year. */
enum { SHEET_FRESH = 365 * 24 * 3600 };
static inline bool
council_is_stale(int64_t checked, int64_t now)
{
	return checked < now - SHEET_FRESH;
}
/*
 * Such sheets, the longest unchecked first; keyset: after (from_checked, from), from 0 the beginning.
 * place: as council_page().
 */
int
council_stale(struct db *db, const char *department, int64_t from_checked, item_id from, int n,
    council_each each, void *ctx);
/* Somebody of the council says that all on the sheet is right. E_DENIED, E_NOT_FOUND. */
int
council_found_right(struct db *db, item_id council);
/* Adds the English names of the fields in which two checked councils differ, a space between. */
void
council_differences(const struct council *a, const struct council *b, struct buf *out);
/* The council of that folded name in that commune, id 0 where there is none. */
item_id
council_find(struct db *db, const char *name, const char *commune);

/* ---- a sheet's history (council_history.c) ---- */

struct version_row {
	int64_t version, created;
	/* author "": not known. cause: add, edit, restore, check, handover, decline. fields: as of
	 * council_differences(), to the version before. */
	const char *author, *cause, *fields;
};
typedef bool (*version_each)(void *ctx, const struct version_row *row);
/*
 * Versions of a sheet, newest first; keyset by version (0 the beginning), with direction -1 those
 * after it, the nearest first. E_DENIED without MAY_READ_HISTORY.
 */
int
council_versions(struct db *db, item_id council, int64_t from, int direction, int n, version_each each,
    void *ctx);
/* The fields that people give, as they were; E_NOT_FOUND. */
int
council_version(struct db *db, item_id council, int64_t version, struct council *out);
/* Adds in words what a version changed, a line each: "Page: x → y"; the description by its lines. An
 * empty `before` is none: what the first version says. */
void
council_tell(struct db *db, const struct council *before, const struct council *after, struct buf *out);
/* Adds the words for fields as council_differences() names them, ", " between. */
void
council_field_words(const char *fields, struct buf *out);
/* Makes the sheet what it was then: a new version. E_DONE where it is so; the answers of council_put(). */
int
council_restore(struct db *db, item_id council, int64_t version);

/* ---- people (member.c, approval.c) ---- */

enum role { ROLE_MEMBER, ROLE_RESOURCE, ROLE_ANIMATOR, ROLE_SYSOP };
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
	int64_t charter;           /* version accepted */
	int64_t created, visit, last_visit, floor;
};
void
member_free(struct member *member);
/*
 * Oneself or, for the sysop, anybody. Other members see active ones without addresses (email, mobile,
 * about, territory are empty; letter, sms, has_password, charter, visits and floor 0). E_NOT_FOUND.
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
    int64_t created);
int
member_keys(struct db *db, member_id id, key_each each, void *ctx);
int
member_remove_key(struct db *db, member_id id, int64_t key);
/* Language "fr"/"en" and face ""/"full"/"linear" of the viewer. */
int
member_set_taste(struct db *db, const char *language, const char *face);
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
/* The name has been let in: notes the visit. */
int
login_done(struct db *db, member_id id);

/* The charter: current version and its text. 0 where there is none. */
int64_t
charter_get(struct db *db, struct buf *body);
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
	bool has_key, letter;
	const char *voters;  /* names of those who said yes, ", " between */
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
/* The sheet that a candidate proposes, for those who decide on him; E_NOT_FOUND. */
int
council_proposal(struct db *db, item_id council, struct council *out);
/* The viewer's own waiting: the question put to him, "" none; his answer. */
void
candidate_question(struct db *db, struct buf *question);
int
candidate_answer(struct db *db, const char *answer);

/* ---- the resource person's place (council_handover.c) ---- */

/* The members of a council, the oldest first, at most COUNCIL_PEOPLE; E_DENIED without MAY_SEE_PEOPLE. */
enum { COUNCIL_PEOPLE = 200 };
typedef bool (*person_each)(void *ctx, member_id id, const char *name, enum role role);
int
council_people(struct db *db, item_id council, person_each each, void *ctx);
/*
 * Names a member of the council its resource person, who is asked; both are told. Only the name is on
 * the sheet until the yes, and the role moves with the yes. E_DONE where it is that person already,
 * E_NOT_FOUND, E_DENIED without MAY_HAND_OVER.
 */
int
council_hand_over(struct db *db, item_id council, member_id to);
/* The same for somebody who is not on the board; email and phone may be "". The answers of council_put(). */
int
council_hand_over_outside(
    struct db *db, item_id council, const char *name, const char *email, const char *phone);
/* Is the viewer asked to be a resource person? Of which council, and by whom. */
bool
council_asks(struct db *db, item_id *council, struct buf *giver);
/*
 * The viewer's answer. Yes: his mail and mobile come on the sheet, the role is his. No: the sheet names
 * again who it named before. E_NOT_FOUND where nothing is asked of him.
 */
int
council_answer(struct db *db, item_id council, bool yes);

/* A slip for somebody of that council: the code is shown once. */
int
invitation_new(struct db *db, item_id council, struct buf *code);
/* The council and inviter of a code that may be used; E_NOT_FOUND. */
int
invitation_get(struct db *db, const char *code, item_id *council, struct buf *inviter);

/* ---- the forum (board.c, thread.c, draft.c) ---- */

struct board {
	board_id id;
	struct buf slug, title, about;
	char level[8];
	char territory[12];
	item_id council;
	int64_t position;
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
};
typedef bool (*board_each)(void *ctx, const struct board_row *row);
/*
 * The viewer's boards, by position: his council's, those of the territories it lies in, the themes. A
 * short list, given whole (at most BOARDS_MAX).
 */
enum { BOARDS_MAX = 100 };
int
board_mine(struct db *db, board_each each, void *ctx);
/* Every board that the viewer may read, by id; threads and unread are not counted. For exports. */
int
board_all(struct db *db, board_each each, void *ctx);
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
	bool locked;
	int64_t mark; /* newest message the viewer has read */
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
	bool is_new, locked;
};
typedef bool (*thread_each)(void *ctx, const struct thread_row *row);
/* Threads of a board, the newest talk first; keyset by `last` (0 the beginning). */
int
thread_page(struct db *db, board_id board, int64_t from_last, int direction, int n, thread_each each,
    void *ctx);
/* Threads whose title holds all words (folded, plural-blind; at most four count), newest first. */
int
thread_search(struct db *db, const char *words, item_id from, int direction, int n, thread_each each,
    void *ctx);

struct post_row {
	item_id id;
	member_id author_id;
	const char *branch, *author, *council, *town, *state, *body;
	int depth, number, answers; /* answers: the number of the message answered, 0 none */
	int64_t created;
	bool is_new;
};
typedef bool (*post_each)(void *ctx, const struct post_row *row);
/* Messages of a thread in the tree's order; keyset by (branch, id): branch NULL is the beginning. */
int
post_page(struct db *db, item_id thread, const char *from_branch, item_id from, int direction, int n,
    post_each each, void *ctx);
/* One message; E_NOT_FOUND. The row is given to `each` once. */
int
post_get(struct db *db, item_id id, post_each each, void *ctx);

/* New thread, new reply: the id. E_LOCKED, E_EMPTY, E_TOO_LONG, E_DENIED, E_NOT_FOUND. */
int
thread_new(struct db *db, board_id board, const char *title, const char *body, item_id *out);
int
thread_reply(struct db *db, item_id parent, const char *body, item_id *out);
/* How many people can read what is written there ("who will see this"); -1: everybody, also visitors. */
int
board_readers(struct db *db, board_id board);

/* Reading: the viewer has read the thread's messages up to this one. Drops what is older than the mark. */
int
mark_read(struct db *db, item_id thread, item_id upto);
/* Everything there is now is read. */
int
mark_all_read(struct db *db);
/* Ids above the mark of a thread, at most n, ascending; how many. */
int
thread_unread(struct db *db, item_id thread, int64_t *ids, int n);
/* The next unread message in any board, oldest first; E_NOT_FOUND when there is none. */
int
next_unread(struct db *db, item_id *thread, item_id *post);
/* Unread messages in all, and threads they are in: at most 100 each; and in threads the viewer takes part in. */
struct unread {
	int posts, threads, followed; /* 100: over 99 */
};
int
unread_count(struct db *db, struct unread *out);

struct draft {
	struct buf place, title, body;
	int64_t changed;
};
int
draft_keep(struct db *db, const char *place, const char *title, const char *body);
int
draft_get(struct db *db, const char *place, struct draft *out); /* E_NOT_FOUND */
int
draft_last(struct db *db, struct draft *out);
int
draft_drop(struct db *db, const char *place);
void
draft_free(struct draft *draft);

/* ---- the machine's side (journal.c, session.c) ---- */

struct journal_row {
	int64_t id, created;
	const char *actor, *act, *object, *detail;
	int64_t object_id;
};
typedef bool (*journal_each)(void *ctx, const struct journal_row *row);
int
journal_page(struct db *db, int64_t from, int n, journal_each each, void *ctx); /* newest first */

struct outbox_row {
	int64_t id, created;
	const char *to, *kind, *subject, *body, *state;
};
typedef bool (*outbox_each)(void *ctx, const struct outbox_row *row);
int
outbox_page(struct db *db, int64_t from, int n, outbox_each each, void *ctx); /* newest first */

/* Notes that the viewer is here, instead of whom this process was for before; live while it lives. */
int
session_open(struct db *db, const char *carrier, const char *source);
struct session_row {
	int64_t id, started;
	const char *name, *carrier, *council, *town; /* name "" a visitor */
};
typedef bool (*session_each)(void *ctx, const struct session_row *row);
/* Whoever is here, in order of coming, at most SESSIONS_MAX; E_DENIED without MAY_SEE_PEOPLE. */
enum { SESSIONS_MAX = 1000 };
int
session_page(struct db *db, session_each each, void *ctx);

/* ---- the demonstration (demo.c) ---- */

/* Fills an empty store with an invented network; E_EXISTS where there are members. */
int
demo_fill(struct db *db, unsigned seed);
/* True while demonstration accounts exist. */
bool
demo_present(struct db *db);
/* Adds how to connect and as whom, a line each; nothing where there is no demonstration. */
void
demo_tell(struct db *db, const char *host, int port, struct buf *out);

#endif
