#ifndef BBS_TAR_H
#define BBS_TAR_H

#include <stddef.h>
#include <stdint.h>

#include "bbs/base/mem.h"

/* An archive as POSIX ustar has it, written piece by piece; every archive program opens it. */

/* Adds a whole file: its head, its bytes, and what fills the block. `name`: at most 99 bytes of ASCII. */
void
tar_file(struct buf *out, const char *name, int64_t when, const char *data, size_t size);
/* Adds the end of the archive. */
void
tar_end(struct buf *out);

#endif
