#ifndef BBS_PRINT_H
#define BBS_PRINT_H

#include "bbs/base/mem.h"
#include "db/db.h"
#include "db/forum.h"

/*
 * A discussion as a page for paper: plain text of 72 columns, or HTML by itself. Adds to `out`, in the
 * current language; texts are cleaned once more.
 */
enum print_form { PRINT_TEXT, PRINT_HTML };

/* The title, where it is from, how many messages, when it was printed. */
void
print_head(struct buf *out, enum print_form form, const char *name, const struct thread *thread);
/* A message, set in as deep as it stands in the tree. */
void
print_post(struct buf *out, enum print_form form, const struct post_row *post);
void
print_foot(struct buf *out, enum print_form form);

#endif
