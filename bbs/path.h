#ifndef BBS_PATH_H
#define BBS_PATH_H

#include "db/file.h"

/* Paths of the file areas as clients type them, and what their protocols say of what stands there. */

/*
 * From the top, with no empty steps, no "." and no "..", whether anything stands there or not; a relative one
 * begins at the top, and what is above it is the top. n bytes of anything: E_INVALID (a NUL), E_TOO_LONG.
 */
int
path_clean(const char *typed, size_t n, struct buf *out);

/* Does what was typed end as a folder's path does, "autre/"? A clean one no longer says it. */
bool
path_names_folder(const char *typed, size_t n);

/*
 * Of a clean path the shelf and the last name, which may be of nothing yet: E_NOT_FOUND (no such shelf),
 * E_EXISTS (the top has no name).
 */
int
path_place(struct db *db, const char *path, char shelf[SHELF_MAX + 1], struct buf *name);

/*
 * Does the whole name match, both UTF-8 in NFC? * is any letters or none, ? one letter, a dot at the beginning like any
 * other; what else there is stands for itself. Costs no more than the product of both lengths.
 */
bool
path_matches(const char *pattern, const char *name);

/*
 * Adds why the viewer may not put, change or remove what bears that name on a shelf that he sees (E_DENIED), and where
 * he may: a sentence or two. Of what he does not see, nothing is said: that is E_NOT_FOUND.
 */
void
path_refusal(struct db *db, const char *shelf, const char *name, struct buf *out);

/* Does it hold others? */
bool
path_is_folder(const struct file *file);

/* As stat() would say: 0755 and 0644 where the viewer may change it, else 0555 and 0444. */
enum { PATH_FOLDER = 0040000, PATH_FILE = 0100000 };
int
path_mode(const struct file *file);

#endif
