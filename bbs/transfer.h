#ifndef BBS_TRANSFER_H
#define BBS_TRANSFER_H

#include "bbs/session_line.h"
#include "db/file.h"

/*
 * One file to the caller, or files from him, by ZMODEM in the midst of a visit: a helper of the broker speaks the
 * protocol in a folder of its own, the session carries bytes between it and the line. What came of it is said on
 * the next screen. Returns when it is over; never, as any wait, when the line is gone: then those files of a batch were
 * kept that had come whole.
 */
struct transfer {
	struct db *db;
	struct ui *ui;
	struct line *line;
	int broker;              /* its door */
	void (*lend)(bool away); /* true: the face lets go of the terminal; false: it has it again */
};

void
transfer_send(const struct transfer *t, const struct file *file);
/* Each file goes to the shelf under the name it came with. */
void
transfer_receive(const struct transfer *t, const char *shelf);

#endif
