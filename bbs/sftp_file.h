#ifndef BBS_SFTP_FILE_H
#define BBS_SFTP_FILE_H

#include "bbs/sftp.h"
#include "bbs/sftp_packet.h"

/* What a talk of sftp has open, paths as it sees them (what it has only begun to write, too), deeds. No packets. */

/* Answers besides those of error.h. */
enum { IS_FOLDER = -1000, IS_FILE = -1001, NO_HANDLE = -1002 };

enum handle_kind {
	CLOSED,
	READING, /* a file; without an item: what this talk is writing, as it stands */
	MADE,
	WRITING,
	WRITTEN, /* finished before it was closed, because somebody wanted it */
	LISTING,
};

struct sftp_handle {
	enum handle_kind kind;
	uint32_t turn;         /* how often its place was taken: what was closed opens nothing */
	uint32_t flags;        /* FXF_ */
	char shelf[SHELF_MAX + 1]; /* LISTING: that is listed; else where the file stands */
	struct buf name;       /* of the file */
	item_id item;          /* READING, and the bytes that it had when it was opened */
	int64_t content;
	int64_t size, changed;
	int mode;
	struct buf bytes;      /* MADE */
	struct upload *upload; /* WRITING */
	bool touched;          /* WRITING: something was written, or it is new */
	int answer;            /* WRITING: what went wrong, and is said again at the end */
	struct buf sort;       /* LISTING: the last one shown, with `item` */
	bool begun, ended;     /* LISTING: "." and ".." were shown; what is being sent was, which comes last */
};

struct sftp_files {
	struct db *db;
	struct sftp_handle handles[SFTP_HANDLES];
	uint32_t turns;
	struct {
		int64_t snapshot; /* db_snapshot(), under which it holds */
		struct buf path;
		char shelf[SHELF_MAX + 1];
	} walked;                /* the folder of the last path */
};

/* A place for one more; NULL: there are too many, or too many that write. */
struct sftp_handle *
sftp_new_handle(struct sftp_files *o, bool writes);
void
sftp_close_handle(struct sftp_handle *h);
/* By its place and its turn; NULL. */
struct sftp_handle *
sftp_find_handle(struct sftp_files *o, uint32_t place, uint32_t turn);
/* What this talk is writing under that name; NULL. */
struct sftp_handle *
sftp_find_writing(struct sftp_files *o, const char *shelf, const char *name);

/* Opens the file at a clean path; what was taken by `h` is for sftp_close_handle(), whatever came of it. */
int
sftp_open_reading(struct sftp_files *o, struct sftp_handle *h, const char *path);
int
sftp_open_writing(struct sftp_files *o, struct sftp_handle *h, const char *path, uint32_t flags, int64_t size);
/* How many bytes there were; 0 at the end; an answer. */
int64_t
sftp_read(struct sftp_files *o, struct sftp_handle *h, int64_t offset, char *to, size_t n);
/* Puts what was sent in its place, or leaves it where that cannot be. */
int
sftp_finish(struct sftp_handle *h);

/* What stands at a clean path, also what this talk has only begun to write. */
int
sftp_walk(struct sftp_files *o, const char *path, struct file *file);
/* The same; of what this talk is writing, what was written so far. */
int
sftp_look(struct sftp_files *o, const char *path, struct file *file);
/* The size of what is made is that of its bytes, which go to `bytes`. */
int
sftp_make(struct sftp_files *o, struct file *file, struct buf *bytes);

/*
 * Deeds on what stands at clean paths. Some clients (sshfs) close later than they say: what is removed, renamed or
 * written again while it is being written is finished first.
 */
int
sftp_truncate(struct sftp_files *o, const char *path, int64_t size);
int
sftp_remove(struct sftp_files *o, const char *path, bool folder);
/* Where another file stands and it `replaces`: that gets the bytes, and keeps its number, talk and versions. */
int
sftp_rename(struct sftp_files *o, const char *from, const char *to, bool replaces);

#endif
