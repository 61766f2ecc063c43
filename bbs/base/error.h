#ifndef BBS_BASE_ERROR_H
#define BBS_BASE_ERROR_H

/*
 * Answers that a function may give instead of a result: negative codes, which travel up to the
 * screen or command that has words for them. A broken world is no answer: that is die().
 */
enum error {
	E_OK = 0,
	E_DENIED = -1,   /* this person may not do this */
	E_NOT_FOUND = -2,/* it is not there, or this person may not know that it is */
	E_EXISTS = -3,   /* somebody or something has that name already */
	E_BUSY = -4,     /* others are writing; the same call may succeed later */
	E_TOO_LONG = -5, /* more than the limit of the field */
	E_EMPTY = -6,    /* nothing is left once the text is cleaned */
	E_INVALID = -7,  /* not of the form that the field wants */
	E_FULL = -8,     /* the disk, or a quota, is full */
	E_READ_ONLY = -9,/* the store cannot be written by this process */
	E_LOCKED = -10,  /* the thread is closed to new messages */
	E_DONE = -11,    /* it was done already, by this person or another */
	E_NEWER = -12,   /* the store was made by a newer program */
	E_IN_USE = -13,  /* somebody has the store open, and this needs it alone */
	E_CORRUPT = -14, /* the file is not a store, or is damaged */
	E_LIMIT = -15,   /* too many tries; later */
	E_TOO_BIG = -16, /* a file larger than files may be here */
	E_ROOM = -17,    /* the area has no room left for it */
	E_TYPE = -18,    /* files of that kind are not taken */
	E_NOT_EMPTY = -19, /* a folder with something in it */
	E_PLACE = -20,   /* it may say where it was taken, which cannot be removed, and is to be public or attached */
};

/*
 * A polite sentence for an answer, in the current language, for where a screen has none that fits
 * better; owned by the catalogue. Never NULL, whatever the code.
 */
const char *
error_text(int code);

#endif
