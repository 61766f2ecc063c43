#ifndef SCREENS_FILES_H
#define SCREENS_FILES_H

#include "bbs/base/magic.h"
#include "db/file.h"
#include "screens/visit.h"

/* What the screens of the shared folders share. */

/* ---- file_page.c ---- */

/* The page of a file; `place` says where one comes from. */
enum act
file_screen(struct visit *v, item_id item, const char *place);
/* That of a file which is made whenever it is asked for: how to have it. */
enum act
made_screen(struct visit *v, const char *shelf, const char *name, const char *place);
/* Adds the line to type for sending a file there; where it would be broken, two shorter ones. */
void
write_put(struct visit *v, const struct file *shelf, struct buf *out);
/* Follows or lets go what is at that place (file_place()), and says so. */
void
follow_turn(struct visit *v, const char *place, bool file);
uint64_t
follow_acts(const struct visit *v);

/* ---- table.c ---- */

/* A file that is a table of text, or a spreadsheet that was looked into (file_text()). */
enum act
table_screen(struct visit *v, const struct file *f, enum magic magic, const char *place);

/* ---- file_change.c ---- */

/* The form of a file, a folder: its name, what it is, who reads it. */
void
file_change(struct visit *v, item_id item, const char *above);
/* Asks, and puts it into the bin: whether it is there. */
bool
file_throw_away(struct visit *v, item_id item);
/* To another folder, which the person walks to: ACT_DONE, it is there; ACT_BACK, ACT_QUIT. */
enum act
file_carry(struct visit *v, item_id item);
/* Moves it to that shelf, after a question where others would read it: whether it is there. Either way it is said. */
bool
file_put_into(struct visit *v, const struct file *f, const char *shelf);

/* ---- files.c ---- */

/* Walks the folders until the person says of one that it goes there, and file_put_into() does it; as file_carry(). */
enum act
files_put(struct visit *v, const struct file *moved, const char *place);
/* Files found by words, one of them chosen: as files_choose(). */
enum act
files_choose_found(struct visit *v, const char *words, item_id *out);

#endif
