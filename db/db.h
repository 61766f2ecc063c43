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
enum topic {
	TOPIC_THREAD,
	TOPIC_BOARD,
	TOPIC_CANDIDATES,
	TOPIC_MEMBER,
	TOPIC_COUNCIL,
	TOPIC_SESSION, /* the id is its slot: the process */
	TOPIC_BAN,
	TOPIC_DAILY,
	TOPIC_SHELF, /* a folder, or the item that was put, moved, taken away */
	TOPIC_LOG, /* of the store's writes: it is long */
	TOPIC_COUNT,
};
void
db_on_write(struct db *db, void (*tell)(void *ctx, enum topic topic, int64_t id), void *ctx);

/* No statement and no transaction is open. */
bool
db_idle(const struct db *db);
/* Lets go of pages and statements kept in memory: for a session that waits. */
void
db_rest(struct db *db);

/* For writing much at once: more memory, and the search's index made anew behind it; or as before. */
void
db_spend(struct db *db, bool much);

/* Changes whenever another process has written (PRAGMA data_version). */
int64_t
db_version(struct db *db);

/*
 * From db_snapshot_begin() until db_snapshot_end(), or the next write, all reads see the store as it is now, and cost no
 * lock each (https://sqlite.org/isolation.html, "snapshot isolation"). For what takes no longer than an answer: meanwhile
 * the log cannot begin anew. db_snapshot() is a number that changes with every commit, of whatever process, and never
 * between two times when nothing was committed: what was found under one holds under the same. 0: outside a
 * snapshot it is not known.
 */
void
db_snapshot_begin(struct db *db);
void
db_snapshot_end(struct db *db);
int64_t
db_snapshot(const struct db *db);

/*
 * Takes the lock of the one `serve` of the store at path, which must exist: a descriptor to keep, and
 * to close in every child (a lock lives as long as any copy of its descriptor); or E_IN_USE.
 */
int
db_lock_serve(const char *path);

/* A copy of the whole store, of one moment, into a file that must not exist yet. */
int
db_backup(struct db *db, const char *path);

/*
 * Brings the log of writes into the store, and makes it short where it is long. Waits for nobody: what
 * others read or write stays for the next time. How many pages the store has of the log now.
 */
int
db_checkpoint(struct db *db);

/* Integrity, foreign keys, and the house's own rules. Adds a line for each fault; how many. */
int
db_check(struct db *db, struct buf *faults);

/* The same; tell() is called before each of its steps, with nothing open. The last time is remembered. */
int
db_check_told(struct db *db, struct buf *faults, void (*tell)(void *ctx, int step, int steps), void *ctx);

/*
 * A new store at path with one council, or with council 0 those of a département: sheets, people, candidates, their
 * boards and what was said there (a département's own board too). Without `logins` nobody logs in there. It is
 * checked; E_CORRUPT with lines in `faults`. E_EXISTS, E_NOT_FOUND, E_DENIED, E_READ_ONLY, E_FULL. In extract.c.
 */
int
db_extract(struct db *db, item_id council, const char *department, bool logins, const char *path,
    struct buf *faults);

/* How the store is, for whoever runs the machine; nothing is counted by looking at every row. */
enum { STORE_TABLES = 100 };
struct store_table {
	char name[40];
	int64_t rows; /* an estimate: the newest row's number */
};
struct store_status {
	struct buf path;
	int64_t version;  /* of the schema */
	int64_t size, wal; /* bytes */
	int64_t page_size, pages, free_pages;
	int64_t backup, check; /* when last; 0 never, or not since it is remembered */
	int faults;       /* of the last check */
	struct store_table tables[STORE_TABLES];
	int table_count;
};
int
db_status(struct db *db, struct store_status *out);
/* The folder that the store is in. */
void
db_folder(const struct db *db, struct buf *out);

/* A value kept in the store under a name, "" where there is none; those of people are setting.c's. */
void
db_setting(struct db *db, const char *name, struct buf *value);
int
db_set_setting(struct db *db, const char *name, const char *value);

/* ---- what is changed while the board runs (setting.c) ---- */

/* The one table; its labels and sentences are msgids. A yes is 1, a no 0. */
struct setting {
	const char *name;
	enum { SETTING_NUMBER, SETTING_YES } kind;
	int64_t min, max, otherwise; /* its bounds, and what it is where nobody has set it */
	const char *label, *help;
};
extern const struct setting settings[];
extern const int settings_count;
/* NULL where there is none. */
const struct setting *
setting_find(const char *name);
/* Its value now, within its bounds; the name stands in the table. */
int64_t
setting_number(struct db *db, const char *name);
/* As typed, by whoever runs the machine; holds at once. E_DENIED, E_NOT_FOUND, E_INVALID (out of bounds). */
int
setting_set(struct db *db, const char *name, const char *typed);

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
	MAY_MODERATE,      /* somewhere; where, says may_moderate() */
	MAY_EDIT_CHARTER,
	MAY_READ_JOURNAL,  /* and the outbox */
	MAY_RUN_MACHINE,   /* back-up, check, demo */
	MAY_GIVE_CODE,     /* a one-time code for a member of that council, read out on the phone */
	DEED_COUNT,
};

/*
 * About that council, or council 0: about no council, or any one. One table; screens ask it to show a
 * key, db/ asks again before writing. Visitors and candidates may nothing: they read what is public.
 */
bool
may(struct db *db, enum deed deed, item_id council);
/* On that board: the sysop; animators, if it lies in their territory or they have all of the network. */
bool
may_moderate(struct db *db, board_id board);

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
/* When a sheet was last looked over; -1: there is none that the viewer may read. */
int64_t
council_checked(struct db *db, item_id id);
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
/*
 * Two sheets of one council: members, candidates, invitations and the board's discussions of `from` go to `into`,
 * the sheet of `from` is hidden, and its people are told by a message. E_DENIED, E_NOT_FOUND, E_INVALID (the same).
 */
int
council_merge(struct db *db, item_id from, item_id into);
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
/* ---- the resource person's place (council_handover.c) ---- */

/* The members of a council, the oldest first, at most COUNCIL_PEOPLE; E_DENIED without MAY_SEE_PEOPLE. */
enum { COUNCIL_PEOPLE = 200 };
typedef bool (*council_person_each)(void *ctx, member_id id, const char *name, enum role role);
int
council_people(struct db *db, item_id council, council_person_each each, void *ctx);
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

/* ---- the forum (board.c, thread.c, mark.c, draft.c) ---- */

/* What the viewer wants to hear of a thread or a board. */
enum follow { FOLLOW_NONE, FOLLOW_YES, FOLLOW_MUTED };
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

/* ---- how much within an hour (limit.c) ---- */

/* 0: as much as one likes. Sysops and the machine have no limits. */
struct limits {
	int posts, words, posts_new, words_new; /* of an account; of one that is new */
	int new_days;                           /* since others decided on him */
	int sign_ups, sign_ups_source;          /* in all, from one address */
};
/* Without this a handle has no limits. `source`: the caller's numeric address, or anything else for none. */
void
db_set_limits(struct db *db, const struct limits *limits, const char *source);
/* May somebody sign up now? E_LIMIT: too many did. */
int
limit_sign_up(struct db *db);
/* After E_LIMIT: adds the sentence that says what the limit is and when there is room again. Once. */
bool
limit_says(struct db *db, struct buf *out);

/* ---- the forum (board.c, thread.c, draft.c) ---- */

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

/* ---- the machine's side (journal.c, session.c) ---- */

struct journal_row {
	int64_t id, created;
	const char *actor, *act, *object, *detail;
	const char *target; /* the name of the member, council or board it was done to, "" unknown */
	int64_t object_id;
};
typedef bool (*journal_each)(void *ctx, const struct journal_row *row);
int
journal_page(struct db *db, int64_t from, int n, journal_each each, void *ctx); /* newest first */
/*
 * What somebody did (0 anybody), acts of that name ("" any), since and until that time, the latter not included
 * (0 no bound). Or, with an object, all that was done to it, whoever did what. Newest first; keyset by id, 0
 * the beginning.
 */
struct journal_filter {
	member_id actor;
	const char *act, *object;
	int64_t object_id, since, until;
};
int
journal_find(struct db *db, const struct journal_filter *filter, int64_t from, int direction, int n,
    journal_each each, void *ctx);

struct outbox_row {
	int64_t id, created;
	const char *to, *kind, *subject, *body, *state;
};
typedef bool (*outbox_each)(void *ctx, const struct outbox_row *row);
int
outbox_page(struct db *db, int64_t from, int n, outbox_each each, void *ctx); /* newest first */
enum mail_state { MAIL_DUE, MAIL_SENT, MAIL_REFUSED, MAIL_GIVEN_UP, MAIL_UNCERTAIN, MAIL_STATES };
const char *
mail_state_name(enum mail_state state); /* "due", "sent", "refused", "given-up", "uncertain" */
int
mail_state_parse(const char *name);
/* Those in a state, -1 in any; keyset by id, 0 the beginning. */
int
outbox_find(struct db *db, int state, int64_t from, int direction, int n, outbox_each each, void *ctx);
/* One of them, given once; E_NOT_FOUND. */
int
outbox_get(struct db *db, int64_t id, outbox_each each, void *ctx);
/* What was refused, given up or is uncertain is due once more; E_DONE where it is due or sent. */
int
outbox_again(struct db *db, int64_t id);

/* Notes that the viewer is here, instead of whom this process was for before; live while it lives. */
int
session_open(struct db *db, const char *carrier, const char *source);
struct session_row {
	int64_t id, started;
	member_id member; /* NOBODY a visitor */
	const char *name, *carrier, *council, *town; /* name "" a visitor */
	const char *source; /* session_list() only: the address it comes from */
	bool here;          /* it is this very one */
};
typedef bool (*session_each)(void *ctx, const struct session_row *row);
/*
 * Members and visitors who are here, in order of coming, at most SESSIONS_MAX; those who wait, were
 * refused or suspended, or want not to be seen are left out. E_DENIED without MAY_SEE_PEOPLE.
 */
enum { SESSIONS_MAX = 1000 };
int
session_page(struct db *db, session_each each, void *ctx);

/*
 * Members by their last call, the latest first, at most CALLERS_MAX; without those who want not to be seen.
 * How many; E_DENIED.
 */
enum { CALLERS_MAX = 20 };
struct caller_row {
	member_id id;
	const char *login, *name, *council, *town;
	int64_t visit;
};
typedef bool (*caller_each)(void *ctx, const struct caller_row *row);
int
caller_list(struct db *db, caller_each each, void *ctx);

/*
 * Open sessions of a member (NOBODY: all), in order of coming, after `from`, with where they come from:
 * one's own or, for the sysop, anybody's. How many were looked at; E_DENIED.
 */
int
session_list(struct db *db, member_id of, int64_t from, int n, session_each each, void *ctx);
/* That session keeps what is typed, says why and ends, within a second. E_NOT_FOUND, also another's. */
int
session_end(struct db *db, int64_t id);
/* A line for whoever sits there, from the sysop. E_NOT_FOUND, E_DENIED, E_EMPTY, E_TOO_LONG (WORD_BYTES). */
enum { WORD_BYTES = 300 };
int
session_write(struct db *db, int64_t id, const char *word);
/* Of this process's own session: is it to end? And a line written to it, taken away. */
enum session_end_by { SESSION_GOES_ON, SESSION_ENDED_BY_SELF, SESSION_ENDED_BY_BOARD };
enum session_end_by
session_look(struct db *db, struct buf *word);
/* Forgets whoever was here and is not; how many. */
int
session_sweep(struct db *db);

/* ---- what the board does by itself (job.c) ---- */

/*
 * Takes a job that was done `period` seconds ago or more, for `hold` seconds at the most: should its
 * process fall, somebody else takes it then. E_DONE: it is not due, or somebody has it.
 */
int
job_take(struct db *db, const char *name, int64_t period, int64_t hold);
int
job_end(struct db *db, const char *name);
/*
 * Clean-up: rows of dead sessions; invitations of a month ago that open nothing, bans that are over, short
 * words; lines of the day of three months ago. How many rows.
 */
int
job_sweep(struct db *db);

/* ---- the demonstration (demo.c) ---- */

/* What is added to the small network, up to so many in all; 0: nothing. */
struct demo_size {
	int councils;
	int64_t members, posts, files;
	void (*progress)(void *ctx, int percent); /* may be NULL */
	void *ctx;
};
/*
 * Fills an empty store with an invented network; E_EXISTS where there are members. What is made at size
 * comes in pieces: in trouble those before stay.
 */
int
demo_fill(struct db *db, unsigned seed, const struct demo_size *size);
/* True while demonstration accounts exist. */
bool
demo_present(struct db *db);
/* Adds how to connect and as whom, a line each; nothing where there is no demonstration. */
void
demo_tell(struct db *db, const char *host, int port, struct buf *out);

#endif
