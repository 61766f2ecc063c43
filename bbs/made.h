#ifndef BBS_MADE_H
#define BBS_MADE_H

#include "db/file.h"

/*
 * The directory of a département as a file that is made when it is asked for, with what the viewer may see.
 * Adds the bytes: E_NOT_FOUND for what is not made here.
 */
enum made { MADE_CSV, MADE_XLSX, MADE_VCF };
int
made_directory(struct db *db, const char *department, enum made which, struct buf *out);

/* The same for a file of kind FILE_MADE, by where it stands and its name. */
int
made_file(struct db *db, const struct file *file, struct buf *out);

#endif
