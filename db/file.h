#ifndef DB_FILE_H
#define DB_FILE_H

#include "db/db.h"

/*
 * File areas: what sftp, scp, commands and screens walk. A *shelf* is what a person sees as a folder; its key
 * says what it is:
 *
 *   ""                the top: departements, groupes, ressources, partages, mon-departement, mon-conseil, moi
 *   "departements"    the départements; "d30" one of them, "d30.1" … "d30.4" its folders, "d30.5" its directory
 *   "ressources"      "r1" the toolbox; "r2" the councils that have made something public
 *   "c12"             a council's own; "c12.membres", "c12.public" what it shows to members, to everybody
 *   "partages"        what others share with the viewer by name
 *   "groupes"         groups' (none yet)
 *   "m45"             a member's own
 *   "f123"            a folder that somebody made
 *   "messages"        "i123" what is attached to a message: /messages/123/convention.odt
 *   "fichiers"        "n123" one file alone: /fichiers/123/bilan.odt; folders by number, shelves by key are here, too
 *
 * What the viewer may not read does not exist here: E_NOT_FOUND, by the same way through the code. Two that bear
 * one name on one shelf, because whoever gave the second did not see the first, are "name" and "name (2)" to
 * those who see both.
 */
enum {
	SHELF_MAX = 31,       /* bytes of a key */
	FILE_NAME_MAX = 255,  /* bytes of a name, NFC */
	PATH_BYTES_MAX = 4096,
	CHUNK = 64 * 1024,    /* bytes of a piece */
	NAMED_MAX = 64,       /* persons named to read one, */
	NAMED_OTHERS = NAMED_MAX - 2, /* … besides its author and the viewer */
};

enum file_kind {
	FILE_SHELF,   /* a shelf that nobody made */
	FILE_FOLDER,
	FILE_FILE,
	FILE_MADE,    /* made from the directory whenever it is asked for: annuaire.csv, .xlsx, .vcf of d30.5 */
	FILE_PARTIAL, /* what the viewer began to send and has not finished */
};

struct file {
	enum file_kind kind;
	item_id item;              /* of a folder, a file */
	char shelf[SHELF_MAX + 1]; /* of a shelf, a folder: its key; of others: where they stand */
	struct buf name;           /* as it stands on its shelf, "name (2)" */
	struct buf title;          /* of a shelf: in full, "1 Échanges de bonnes pratiques"; else empty */
	int64_t size, changed;     /* 0: of no time */
	int64_t content;           /* of a file: the bytes that it had when it was found */
	char area[SHELF_MAX + 1];  /* whose room it takes; "" where nothing can be put */
	bool changes;              /* the viewer may rename, replace, throw away it */
	bool writes;               /* of a shelf, a folder: he may put something into it */
	bool hidden;               /* by the animators: its author and they see it, nobody else */
	bool followed;             /* … follows it; of a shelf that nobody made: in lists only */
	member_id author;          /* NOBODY: none, or one who has left */
	struct buf author_name;
	member_id by;              /* who put there what it is now, or threw it away (NOBODY: has left) */
	struct buf by_name;
	int64_t sent;              /* when; of file_get() alone */
	char level[8];             /* who reads it: me, named, council, members, public, message (who reads
	                            * that, since it is attached to one); "" a shelf */
	struct buf sort;           /* with `item` the place in its shelf's order, for file_page() */
};
void
file_free(struct file *file);
typedef bool (*file_each)(void *ctx, const struct file *file);

/*
 * What stands on a shelf, after or before (from_sort, from), the nearest first; from_sort NULL: from the end. First
 * the shelves that nobody made. No statement is open while `each` runs. How many; E_NOT_FOUND.
 */
int
file_page(struct db *db, const char *shelf, const char *from_sort, item_id from, int direction, int n,
    file_each each, void *ctx);
/*
 * Files of all shelves that the viewer reads, the last changed first: after (1) or before (-1) (from_sort, from), NULL
 * the beginning. `title` says in words where each stands. How many.
 */
int
file_recent(struct db *db, const char *from_sort, item_id from, int direction, int n, file_each each, void *ctx);

/*
 * The viewer follows what is at that place, or no longer: a shelf on which things are put, by its key; a file by
 * file_place(). He gets a notice when something comes onto the shelf, when the file has another version: one, until
 * he has read that. E_NOT_FOUND; E_DENIED for visitors and for shelves on which nothing is put.
 */
int
file_follow(struct db *db, const char *place, bool on);
bool
file_follows(struct db *db, const char *place);
/* The viewer has seen what is new there: his notice of it is read. */
int
file_visited(struct db *db, const char *place);
/* What file_follow() takes for it: a shelf's key, "i456". */
void
file_place(const struct file *file, char place[SHELF_MAX + 1]);
/* What is there now; E_NOT_FOUND. */
int
file_at(struct db *db, const char *place, struct file *out);
/* What the viewer follows and may still read, shelves first: as file_recent() has it, by `sort` alone. */
int
file_followed(struct db *db, const char *from_sort, int direction, int n, file_each each, void *ctx);
/* What the viewer began to send there and has not finished, by name; how many. */
int
file_partials(struct db *db, const char *shelf, file_each each, void *ctx);
/* What bears that name on the shelf: E_OK, out is to be freed; E_NOT_FOUND. What the viewer sends comes last. */
int
file_find(struct db *db, const char *shelf, const char *name, struct file *out);
/* From the top, "/departements/30-gard/…", empty steps and "." left out, ".." taken: E_NOT_FOUND, E_TOO_LONG. */
int
file_walk(struct db *db, const char *path, struct file *out);
/* E_NOT_FOUND leaves nothing to be freed, and that may be freed. */
int
file_get(struct db *db, item_id item, struct file *out);
/* The shelf on which a file, a folder stands. */
void
file_stands(struct db *db, const struct file *file, char shelf[SHELF_MAX + 1]);
/* The shelf that holds this one; "" that of the top. The viewer's way: what is his council's lies in mon-conseil. */
void
shelf_parent(struct db *db, const char *shelf, char parent[SHELF_MAX + 1]);
/* Adds where that is in a few words, "30 Gard › 1 Good practice"; nothing where the viewer may not go. */
void
shelf_words(struct db *db, const char *key, struct buf *out);
/* The path of what was found, from the top, for typing it. */
void
file_path(struct db *db, const struct file *file, struct buf *out);
/*
 * The address of a file, a folder or a shelf for a line to be copied into a shell: its path where that takes `room`
 * columns at most and has nothing in it that a shell or a charset would take otherwise (a file may be called $(reboot));
 * else by number, "/fichiers/123" and a star, which stands for the file's name; of folders and shelves, which
 * end by a slash, "/fichiers/d30.1/".
 */
void
file_address(struct db *db, const struct file *file, size_t room, struct buf *out);
/* The shelf as a file of kind FILE_SHELF or FILE_FOLDER. */
int
shelf_get(struct db *db, const char *shelf, struct file *out);

/* May the viewer put something there? */
bool
shelf_writes(struct db *db, const char *shelf);
/* Bytes that the shelf's area has taken, and those that it may take (0: no limit); E_NOT_FOUND. */
int
shelf_room(struct db *db, const char *shelf, int64_t *used, int64_t *quota);

/* Settings, in bbs.conf; 0: no limit. Without this a handle has none. */
struct file_limits {
	int64_t size, quota; /* bytes of a file, of an area */
	const char *refused; /* ends of names, folded, a space between: "exe bat"; not copied */
};
void
db_set_files(struct db *db, const struct file_limits *limits);
const struct file_limits *
db_files(const struct db *db);

/*
 * A name as it is kept: NFC. E_INVALID: empty, "." or "..", with / or a control character, or no UTF-8;
 * E_TOO_LONG.
 */
int
file_check_name(const char *typed, struct buf *name);

/* Can Windows keep a file called so? (Microsoft, "Naming Files, Paths, and Namespaces".) */
bool
file_name_travels(const char *name);

/*
 * A new folder, read by those who read the shelf. E_EXISTS: the viewer sees one of that name there; E_DENIED,
 * E_NOT_FOUND, E_INVALID, E_TOO_LONG.
 */
int
folder_make(struct db *db, const char *shelf, const char *name, struct file *out);
/*
 * To another shelf, another name (NULL: its own), or both. Another area's rules hold there: who reads it becomes what that
 * shelf says, with all that lies inside. E_EXISTS, E_DENIED, E_ROOM; E_INVALID: a folder into itself.
 */
int
file_move(struct db *db, item_id item, const char *shelf, const char *name);
/* Would it take that name where it stands? E_OK, E_EXISTS, E_TYPE, E_INVALID, E_TOO_LONG, E_NOT_FOUND. */
int
file_may_name(struct db *db, item_id item, const char *name);
/* The bytes of a file become another's, as a version of that one, and it goes into the bin: E_DENIED, E_NOT_FOUND. */
int
file_replace(struct db *db, item_id item, item_id there);
/*
 * Into the bin; of a folder with all that the viewer sees in it where `whole`, else E_NOT_EMPTY if he sees
 * anything. What he does not see goes up to where the folder stood. E_DENIED, also where something was hidden;
 * E_NOT_FOUND.
 */
int
file_bin(struct db *db, item_id item, bool whole);
/*
 * Back to where it was, else to the top of its area; as "name (2)" where something bears its name by now: E_NOT_FOUND,
 * E_DENIED. Its folders come back with it.
 */
int
file_restore(struct db *db, item_id item);
/*
 * The bytes of an earlier version, of those that file_versions() shows the viewer, as a new one: E_DENIED, E_NOT_FOUND,
 * E_DONE (it has them);
 * as all that becomes public, E_PLACE.
 */
int
file_put_back(struct db *db, item_id item, int version);
/*
 * Out of the bin for good, a folder with what was thrown away with it: the room that it took is free. For who may
 * change what lies there: E_DENIED, E_NOT_FOUND.
 */
int
file_purge(struct db *db, item_id item);
/* … whatever the viewer's bin has, one after the other: how many; what he may not stays. Or the store's trouble. */
int
file_purge_all(struct db *db);
/*
 * The bin, the last thrown away first: after (1) or before (-1) (from_sort, from), NULL from the end; `title` says in
 * words where each stood. How many.
 */
int
bin_page(struct db *db, const char *from_sort, item_id from, int direction, int n, file_each each, void *ctx);
/* What it is, in a few sentences: E_TOO_LONG, E_DENIED, E_NOT_FOUND. */
enum { FILE_ABOUT_MAX = 2000 };
int
file_describe(struct db *db, item_id item, const char *about);
int
file_about(struct db *db, item_id item, struct buf *out);
/*
 * Who reads it: me, council, members, public; or named, and then `who` (`count` of them), besides the author and the
 * viewer. A folder's is that of what will be put into it. Its author alone opens it to more, or makes it one
 * person's alone (E_DENIED; so with file_move()); whoever may change it closes it. E_NOT_FOUND; E_INVALID: no such level, an area of no council, or one
 * who is no active member; E_EMPTY: nobody but these two; E_TOO_LONG: over NAMED_MAX in all. Who is newly named is told.
 */
int
file_set_level(struct db *db, item_id item, const char *level, const member_id *who, int count);
/*
 * How many of what the viewer sees in a folder are read by others than the folder says. And each of these as the folder:
 * how many; `left`, which may be NULL: how many stay as they were, since they come from others, or cannot go without
 * their place. E_NOT_FOUND; E_TOO_LONG: there is too much in it, and nothing is done.
 */
int
file_level_differs(struct db *db, item_id folder);
int
file_level_within(struct db *db, item_id folder, int *left);
/* Would it take that level of the viewer? */
int
file_may_level(struct db *db, item_id item, const char *level);
/*
 * Adds the names of those who are named besides the author and the viewer, as members_write() has them: for who may
 * change it.
 */
void
file_named(struct db *db, item_id item, struct buf *out);

/*
 * What becomes public goes without the place where a photo was taken (photo.h), by whatever way: sent to where it is
 * public, moved there, put in the place of what is, opened to all. What it was stays an earlier version, for those
 * who see these; of what is sent nothing is kept but that. Nothing is done where it cannot be removed: E_PLACE, of
 * upload_finish() (which keeps nothing then), file_move(), file_replace(), file_put_back(), file_set_level(). So goes what is attached
 * to a message, wherever that is: thread_new_with() and its like. What the last of these took from photos, as a
 * sentence; nothing where that is nothing:
 */
void
file_stripped(const struct db *db, struct buf *out);

/* What the viewer has sent, wherever it stands, without what he attached, the newest first; keyset by id. */
int
file_sent(struct db *db, item_id from, int direction, int n, file_each each, void *ctx);

/*
 * Reported and hidden it is as a message is: report_new(), post_hide(), post_show(). May the viewer hide it and show
 * it again?
 */
bool
file_moderates(struct db *db, item_id item);

/* How many people read it; -1: everybody, also visitors; E_NOT_FOUND is 0. */
int
file_readers(struct db *db, item_id item);
/* How many would, if it were moved to that shelf; *same: those who do now, because its rules are the same there. */
int
file_readers_at(struct db *db, item_id item, const char *shelf, bool *same);

/* ---- who has seen it (seen.c) ---- */

/*
 * The viewer has opened or fetched it: noted, and written by file_saw_all() (which whoever waits calls) or when
 * there are many. Nothing is written of visitors, of its author, or a second time. Trouble is logged.
 */
void
file_saw(struct db *db, item_id item);
void
file_saw_all(struct db *db);
/*
 * Members who have, after `from` (NOBODY the beginning), for whoever may change the file; `first`: when they did first.
 * How many; E_DENIED.
 */
typedef bool (*seen_each)(void *ctx, member_id member, const char *name, int64_t first);
int
file_seen_by(struct db *db, item_id item, member_id from, int n, seen_each each, void *ctx);
/* How many: at most 100, which means "over 99"; 0 for whom file_seen_by() refuses. */
int
file_seen_count(struct db *db, item_id item);

/* ---- bytes (upload.c) ---- */

/*
 * Up to n bytes from offset on of the content that struct file or file_was names, whatever it has become
 * meanwhile: how many, 0 behind the end; E_NOT_FOUND.
 */
int64_t
file_read(struct db *db, item_id item, int64_t content, int64_t offset, char *out, size_t n);
struct file_was {
	int version;
	int64_t content, size, created;
	const char *author;
};
/* Its versions, the newest first, of the last hundred those that the viewer may see; how many. */
int
file_versions(struct db *db, item_id item, bool (*each)(void *ctx, const struct file_was *was), void *ctx);

/*
 * What is being sent. Nothing of it is seen by others before upload_finish(); what was synced stays for a day,
 * and can be gone on with. Transactions are of 256 KiB at most.
 */
struct upload;
enum upload_mode {
	UPLOAD_NEW,    /* from the beginning: in the place of what bears that name */
	UPLOAD_RESUME, /* from where the viewer's own began and was cut; else on a copy of what bears that name */
	UPLOAD_ONLY,   /* E_EXISTS if anything bears that name */
};
/*
 * `size`: what is to come, -1 not known. E_DENIED, E_NOT_FOUND, E_INVALID or E_TOO_LONG (the name), E_TYPE (files
 * of that kind), E_TOO_BIG, E_ROOM, E_IN_USE (the viewer sends it already, by another line).
 */
int
upload_open(struct db *db, const char *shelf, const char *name, enum upload_mode mode, int64_t size,
    struct upload **out);
int64_t
upload_size(const struct upload *u);
/* At any place; holes are zeros. E_TOO_BIG, E_ROOM, or the store's trouble: then nothing more goes in. */
int
upload_write(struct upload *u, int64_t offset, const char *data, size_t n);
/* What it has there, also what is not synced yet: how many. */
int64_t
upload_read(struct upload *u, int64_t offset, char *out, size_t n);
int
upload_truncate(struct upload *u, int64_t size);
/* Until it is synced. */
int
upload_flush(struct upload *u);
/*
 * Seen by whom it is for, in the place of the file of that name if there is one. Frees. The store's trouble; E_DENIED:
 * rights have gone meanwhile; E_PLACE.
 */
int
upload_finish(struct upload *u, item_id *out);
/* Left as it is, for a day; frees. */
void
upload_leave(struct upload *u);
/* Thrown away; frees. */
void
upload_drop(struct upload *u);

/* ---- what can be read in a file without fetching it (content.c) ---- */

enum { CONTENT_TEXT_MAX = 256 * 1024 }; /* bytes of text that are kept */

/* For the machine: the next content behind `from` that nobody has looked into, and its size; 0: none. */
int64_t
content_unread(struct db *db, int64_t from, int64_t *size);
/* For the machine: its bytes from offset on, up to the end of a piece; 0 behind the end. */
int64_t
content_read(struct db *db, int64_t content, int64_t offset, char *out, size_t n);
/*
 * What was found in it: text, which is cleaned and cut; the length of a sound; or neither. The search finds the
 * files by it from now on. By the machine, or by somebody who reads the item, which has or had that content, else E_NOT_FOUND; what
 * another has found already stays.
 */
int
content_keep(struct db *db, item_id item, int64_t content, const char *found, size_t n, int seconds);
/* What was found in the bytes that the file names: E_NOT_FOUND no such file; E_EMPTY: nobody has looked yet. */
int
file_text(struct db *db, const struct file *file, struct buf *text, int *seconds);

/* What was cut off longer than a day ago, bytes that nothing has any more, a bin of a month: a job's. How much went. */
int
file_sweep(struct db *db);

#endif
