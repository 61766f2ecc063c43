#ifndef BBS_BROKER_H
#define BBS_BROKER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "bbs/base/mem.h"

/*
 * The broker: one process, forked before any stranger calls, that starts programs for those who may start none.
 * Who is fenced asks it through a door for a helper by its number; what a helper is started with is fixed, and
 * only numbers and one plain name can be added. Each helper is fenced, has a limit of time, memory and files, and
 * one who waits for it: it is killed when he goes.
 */
enum helper {
	HELPER_SEND,    /* ZMODEM: sz, sends the file `name` that the asker puts into the folder */
	HELPER_RECEIVE, /* ZMODEM: rz, leaves what it received in the folder */
	HELPER_PDF,     /* a PDF in, its text out */
	HELPER_TEXT,    /* an office file in, its text out */
	HELPER_PICTURE, /* a picture in, cells or a sixel image out: bbs/base/picture.h */
	HELPER_SOUND,   /* a sound in, its length out */
	HELPER_COUNT,
};

enum {
	HELPER_NAME_MAX = 255, /* bytes of a name: file_check_name()'s, nothing else is taken */
	HELPER_TRANSFERS = 3,  /* of one account at once: who begins none keeps others from little */
};

/* What is asked for. */
struct helper_ask {
	int32_t helper;                 /* enum helper */
	int32_t number[3];              /* HELPER_PICTURE: see bbs/base/picture.h */
	int64_t whose;                  /* HELPER_SEND, HELPER_RECEIVE: the account; 0: of all who have none */
	int64_t size;                   /* HELPER_RECEIVE: bytes of a file at the most */
	char name[HELPER_NAME_MAX + 1]; /* HELPER_SEND */
};

/* How it ended. */
enum helper_end {
	HELPER_DONE,
	HELPER_FAILED,  /* it could not make anything of it */
	HELPER_FELL,    /* by a signal, or with the broker: what is in its folder may be cut off */
	HELPER_LATE,    /* it took too long */
	HELPER_MISSING, /* the program is not on this machine */
	HELPER_BUSY,    /* too many helpers at once: again in a moment */
	HELPER_ENOUGH,  /* HELPER_TRANSFERS of this account are under way */
};

/* One helper, for the asker. */
struct helper_line {
	int bytes;        /* its standard input and output: shutdown() of the writing side is its end of input */
	int control;      /* helper_ended() */
	char folder[200]; /* HELPER_SEND, HELPER_RECEIVE: its folder, removed with all in it when the line is closed */
};

/*
 * Asks; the helper waits for helper_start() where it has a folder. Both descriptors are non-blocking. 0, or -1:
 * the broker is gone, and back in a moment. Whether there is such a helper is told by helper_ended().
 */
int
helper_call(int door, const struct helper_ask *ask, struct helper_line *line);
/* Waits for the folder of a helper that has one, at most a second: 0, or -1 (helper_ended() may know why). */
int
helper_folder(struct helper_line *line);
void
helper_start(struct helper_line *line);
/* How it ended, without waiting: enum helper_end; -1: it runs. */
int
helper_ended(struct helper_line *line);
/* Closes the line: a helper that still runs is killed. */
void
helper_close(struct helper_line *line);

/*
 * One whole piece of work: feed() gives the helper's input piece by piece (how many bytes; 0 the end, below 0 too),
 * out gets what it says, at most `most` bytes; then it is let go. Waits for it, as long as it may run. enum
 * helper_end; -1: the broker is gone.
 */
typedef int64_t (*helper_feed)(void *ctx, int64_t offset, char *out, size_t n);
int
helper_work(int door, const struct helper_ask *ask, helper_feed feed, void *ctx, struct buf *out, size_t most);

/*
 * The broker itself: its end of the door, the program of its own decoders, the store's path (folders are made
 * beside it). Ends only by a signal. With `sweep` folders left behind are removed first.
 */
_Noreturn void
broker_run(int door, const char *store, bool sweep);

/* For whoever runs without serve: forks a broker that ends with its parent. The asker's door, or -1. */
int
broker_fork(const char *store);

#endif
