#ifndef DB_COUNCIL_H
#define DB_COUNCIL_H

#include "db/db.h"

/* The map and the councils: found, read and written; what their sheets were; who answers for them. */

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

#endif
