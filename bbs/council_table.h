#ifndef BBS_COUNCIL_TABLE_H
#define BBS_COUNCIL_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "bbs/listing.h"
#include "db/db.h"

/*
 * The directory as a table, CSV or an Excel workbook: which, its first bytes tell. Headings, in any
 * order, as a program writes them or in the words of either language: id, name (nom), communes
 * (INSEE codes parted by spaces or +; or a town's name), town (ville), department (département:
 * code or name, to tell towns of one name), email, page, links, quarter, description,
 * resource_name, resource_email, resource_phone, resource_public (yes, no). A column that is not
 * there leaves its field as it is; an empty cell empties it. Without an id, the council of that
 * name in that commune is meant.
 */
enum import_fate { IMPORT_ADD, IMPORT_CHANGE, IMPORT_SAME, IMPORT_REFUSED, IMPORT_FATES };

struct import_row {
	int line; /* of the file */
	enum import_fate fate;
	item_id id; /* 0 where it is not there (yet) */
	const char *name;
	const char *reason; /* refused: a sentence; change: the fields, a space between */
	const char *told;   /* change: in words, "Page: x → y", "; " between; else "" */
};
typedef void (*import_each)(void *ctx, const struct import_row *row);

struct import {
	int counts[IMPORT_FATES];
	struct buf ignored; /* headings that mean nothing here, ", " between */
};
void
import_free(struct import *import);

/*
 * Goes through a table of councils and reports what happens to each row. With `apply` it happens
 * too, in transactions of 500 rows; without, nothing is written. Where it can't begin or go on, a
 * negative answer and a sentence in `trouble`; rows reported before it are recorded. For whoever
 * may add councils.
 */
int
council_table_import(struct db *db, const char *data, size_t size, bool apply, import_each each,
    void *ctx, struct import *out, struct buf *trouble);

/*
 * Every council that the viewer may see, of a département (its code; "" all), with the headings
 * above, a workbook's in the current language; read back, each is the same. How many.
 */
int
council_table_export(
    struct db *db, const char *department, enum listing_form form, listing_write write, void *ctx);

/* Adds the same as the bytes of an Excel workbook, all at once. */
int
council_table_xlsx(struct db *db, const char *department, struct buf *out);

#endif
