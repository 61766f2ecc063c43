#ifndef DB_SHELF_H
#define DB_SHELF_H

#include "db/engine.h"
#include "db/file.h"

/* What the files about file areas share. */

enum shelf_kind {
	SHELF_TOP,
	SHELF_DEPARTMENTS,
	SHELF_DEPARTMENT,
	SHELF_THEME,        /* one of its folders */
	SHELF_MADE,         /* the one that is made from the directory */
	SHELF_RESOURCES,
	SHELF_TOOLBOX,
	SHELF_PUBLICATIONS,
	SHELF_COUNCIL,
	SHELF_TO_MEMBERS,   /* what that council shows to members */
	SHELF_TO_ALL,
	SHELF_SHARED,
	SHELF_GROUPS,
	SHELF_OWN,
	SHELF_FOLDER,
	SHELF_POSTS,        /* messages: none is listed, each is there by its number */
	SHELF_POST,         /* what is attached to one */
	SHELF_NUMBERS,      /* files, folders and shelves: none is listed, each is there by its short address */
	SHELF_SINGLE,       /* one file, alone */
};

/* file.c: each entry that a query gives, once it is ended; how many there were. */
int
entries_hand(struct query *q, file_each each, void *ctx);

/* upload.c: is it of a kind that is not taken here? */
bool
name_refused(const struct db *db, const char *name);
/* upload.c, inside the transaction: bytes that nothing has any more are for the job to take away. */
void
content_release(struct db *db, int64_t content);
/* bin.c: what was thrown away before then goes for good; how many, or the store's trouble. */
int
bin_sweep(struct db *db, int64_t before);

/* file_version.c: the one piece that a query gives, from `skip` on: bytes copied, -1 where there is none. */
int64_t
piece_copy(struct query *q, size_t skip, char *out, size_t n);

/* A shelf that is there for the viewer. */
struct shelf {
	enum shelf_kind kind;
	char key[SHELF_MAX + 1];
	char area[SHELF_MAX + 1]; /* whose room it takes; "" where nothing can be put */
	char department[12];
	int theme;                /* 1 to 5 */
	item_id item;             /* the council, the folder */
	char level[8];            /* of what is put there */
	item_id council;          /* and whose that is */
	char above[SHELF_MAX + 1];/* a folder's own place */
};
/* Writes a key, a level, a reader: what is longer than the field is cut. */
#define shelf_set(field, ...) shelf_write((field), sizeof(field), __VA_ARGS__)
void
shelf_write(char *field, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* E_NOT_FOUND: no such key, or not for the viewer. */
int
shelf_open(struct db *db, const char *key, struct shelf *out);
/* Is it one that stands at the top without being listed there? */
bool
shelf_unlisted(const char *key);
/* May the viewer put something into that area? */
bool
area_writes(struct db *db, const char *area);
/* What he may do with each: it is asked once an area that stands beside others of it. */
void
files_judge(struct db *db, struct file *file, int count);

/* The shelves and made files that stand there though nobody put them there; freed with files_free(). */
struct files {
	struct file *file;
	int count, cap;
};
struct file *
files_add(struct files *files);
void
files_free(struct files *files);
void
shelf_children(struct db *db, const struct shelf *shelf, struct files *out);
/* Councils that have made something public, as shelves in the order of their names. */
void
shelf_publications(struct db *db, const char *from_sort, item_id from, int direction, int n, struct files *out);
int
shelf_publication(struct db *db, const char *name, struct file *out);

/* Who stands before a shelf: the readers whose rows he sees. Unused ones are "-", which is nobody. */
struct readers {
	char reader[4][24];
};
void
shelf_readers(struct db *db, struct readers *out);

/* ---- entries (file.c) ---- */

/* An entry that the viewer may read, by its columns. */
struct entry {
	item_id item, council;
	member_id author;
	char place[SHELF_MAX + 1], area[SHELF_MAX + 1], level[8];
	struct buf name;
	bool folder, hidden;
	int64_t content, size, changed;
};
int
entry_get(struct db *db, item_id item, struct entry *out);
void
entry_free(struct entry *entry);
/* Would it be read by others on that shelf than where it stands? */
bool
entry_relevels(struct db *db, const struct entry *e, const struct shelf *to);
/* May the viewer rename, replace, throw away this one? Nobody what is attached: its message is changed. */
bool
entry_changes(struct db *db, item_id item);
/* Its place in the order of a shelf. */
void
entry_sort(struct buf *out, bool folder, const char *name);
/* What the viewer sees standing at that place, as file_page() has it. */
void
entry_page(struct db *db, const char *place, const char *from_sort, item_id from, int direction, int n,
    struct files *out);
/* Its rows alone: twins bear one name. */
void
entry_rows(struct db *db, const char *place, const char *from_sort, item_id from, int direction, int n,
    struct files *out);
/* What bears that name there, or is shown as "name (2)"; 0 none. */
item_id
entry_find(struct db *db, const char *place, const char *name);
/* As it stands on its shelf, "name (2).odt". */
void
entry_name(struct db *db, const struct readers *readers, struct file *f);
/* "name (2).odt" behind one other of that name; 0 leaves it. */
void
entry_twin(struct buf *name, bool folder, int64_t before);
/* Does everybody read it? */
bool
entry_is_public(struct db *db, item_id item);
/*
 * The entry and all that the viewer sees in it, itself first: E_DENIED where he may not change one of them, E_TOO_LONG
 * where those are too many, E_NOT_FOUND.
 */
int
entry_whole(struct db *db, item_id item, struct files *all);
/* Inside the transaction: it stands on its shelf for those who read it; it does no longer. */
void
entry_stand(struct db *db, const struct entry *e);
void
entry_clear(struct db *db, const struct entry *e);
/* Inside the transaction: its row's place and name. The shelf rows are entry_stand()'s. */
void
entry_put_at(struct db *db, item_id item, const char *place, const char *area, bool folder, const char *name);
/* Inside the transaction, after what stands there has changed: has the council whose shelf that is anything public? */
void
council_look_public(struct db *db, const char *place);
/* Inside the transaction: into the bin, whosoever it is. In bin.c. */
void
entry_bin(struct db *db, item_id item);
/* The message whose shelf that is; 0: of another kind. */
item_id
shelf_post(const char *key);
/*
 * A row of columns id, place, name, folder, size, changed, author, its name, level, sort, content, followed, hidden,
 * area, by, its name.
 */
void
entry_take(struct query *q, struct file *out);
/* Inside the transaction: a new item with its entry, its readers and its shelf rows; the item. */
item_id
entry_add(struct db *db, const struct shelf *shelf, const char *name, int64_t content, int64_t size);
/* Inside the transaction: the file has these bytes from now on, as a new version. In file_version.c. */
void
entry_give(struct db *db, item_id item, const char *area, int64_t content, int64_t size);
/* … the version alone, of one that has them. */
void
version_add(struct db *db, item_id item, const char *area, int64_t content, int64_t size);
/*
 * Bytes beside those of a file, for a transaction to come: in transactions of 256 KiB; what nobody takes goes as what
 * was cut off does. `name` keeps it apart from what the viewer stages else. In upload.c.
 */
struct staged {
	int64_t upload, content, size; /* 0: nothing */
	char sha256[2 * 32 + 1];
};
int
upload_stage(struct db *db, const char *name, const char *data, int64_t size, struct staged *out);
/* Inside the transaction: the content with those bytes, for an entry or a version. */
int64_t
upload_staged(struct db *db, const struct staged *staged);
/* After it, or without it: the staging ends. */
void
upload_unstage(struct db *db, const struct staged *staged);

/*
 * A file that everybody is about to read (publish.c): before the transaction its bytes are looked at, and staged
 * without the place where they were taken, if they say it: E_PLACE, or the store's trouble.
 */
struct publish {
	item_id item;         /* 0: none was looked at */
	int64_t content;      /* what it had then */
	struct staged staged; /* … without the place */
};
int
publish_look(struct db *db, item_id item, struct publish *out);
/* … at bytes that it had. */
int
publish_look_at(struct db *db, item_id item, int64_t content, int64_t size, struct publish *out);
/* Inside the transaction: the content that everybody may read; E_BUSY fails it where the file has another by now. */
int64_t
publish_content(struct db *db, const struct publish *p);
/* Inside the transaction: the file has that content from now on. */
void
publish_give(struct db *db, const struct publish *p, const char *area);
/* After it, or without it: nothing is left staged. */
void
publish_end(struct db *db, const struct publish *p);

/* What the short way to one's own département is called. */
#define OWN_DEPARTMENT "mon-departement"
/* The board whose animators see to what has been put into that area; 0: those of the whole network. In file_talk.c. */
board_id
area_board(struct db *db, const char *area);
/* Inside the transaction: the entry's readers or area have changed, and what is said of it goes with it. */
void
file_talk_follows(struct db *db, const struct entry *e);

/* Files by their last change, of all areas: the shelf on which they stand so, and their place there. In recent.c. */
#define RECENTS "recents"
void
recent_sort(struct buf *out, int64_t changed);
/* Inside the transaction: it has changed now. */
void
recent_touch(struct db *db, item_id item, int64_t now);
/* Of shelves that nobody made: which of them the viewer follows. In recent.c. */
void
follows_mark(struct db *db, struct file *file, int count);
/* Inside the transaction: those who follow that place and read the item are told, but for the viewer. In recent.c. */
void
follow_tell(struct db *db, const char *place, const char *kind, item_id item);
/* Inside the transaction: whoever put that file is told that the viewer has changed it. In recent.c. */
void
author_tell(struct db *db, item_id item);
/* Inside the transaction that erases a member: what nobody else reads goes with the next clean-up. */
void
file_forget(struct db *db, member_id author);
/* Inside the transaction: the area has so many bytes more, or less. */
void
area_grow(struct db *db, const char *area, int64_t bytes);

#endif
