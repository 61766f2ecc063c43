#ifndef BBS_PREVIEW_H
#define BBS_PREVIEW_H

#include "bbs/base/picture.h"
#include "db/file.h"

/* What is in strangers' files, by the broker's helpers: text for the search and for reading, pictures drawn. */

/* A job: looks into what nobody has looked into, for half a minute at the most. How many, or an answer below 0. */
int
preview_job(struct db *db, int broker);

/* Looks into one file that its viewer reads, where nobody has yet: E_OK, or why it has to wait. */
int
preview_look(struct db *db, int broker, item_id item, int64_t content, int64_t size);

/*
 * Draws a picture: `drawn` gets what bbs/base/picture.h says, checked: as many cells as its head says, or sixel
 * data and nothing else. E_INVALID: it cannot be drawn; E_BUSY: not now.
 */
int
preview_picture(struct db *db, int broker, item_id item, int64_t content, const int32_t number[3], struct buf *drawn);

#endif
