#ifndef BBS_BASE_CSV_H
#define BBS_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "bbs/base/mem.h"

/*
 * Tables of text, as spreadsheets and scripts write and read them. Read: parted by ; , or tab,
 * whichever the first line that has any has most of; UTF-8 with or without its mark, else Windows' 1252 (and so
 * ISO-8859-1); any line end; cells in quotes or not; a first line "sep=;" is obeyed. Written: UTF-8
 * without a mark, commas, \n, quotes where needed.
 *
 * A cell that a spreadsheet would run as a formula (= + - @ first) is written with an apostrophe
 * before it, which reading takes off again. Numbers and telephone numbers (+33 6 …) stay as they
 * are: they hold nothing but digits, spaces and . - / ( ), and people copy them from the cell.
 */
enum {
	CSV_CELLS = 64, /* a row; what lies behind is not looked at */
	CSV_FILE_MAX = 64 * 1024 * 1024,
};

struct csv_row {
	int line; /* of the file, where the row begins; the first is 1 */
	int count;
	const char *const *cells; /* UTF-8, not cleaned; valid until the function returns */
};
typedef bool (*csv_each)(void *ctx, const struct csv_row *row); /* false stops */

/*
 * Hands over the rows one by one, the heading first; rows of empty cells are left out. E_EMPTY
 * where there is none, E_INVALID for what is no table, and a sentence in `trouble`.
 */
int
csv_read(const char *data, size_t size, csv_each each, void *ctx, struct buf *trouble);

/* Adds what a file holds: E_NOT_FOUND, E_TOO_LONG and a sentence in `trouble`. */
int
csv_load(const char *path, struct buf *out, struct buf *trouble);

/* Adds one cell, without what parts it from the next. */
void
csv_cell(struct buf *out, const char *text);

#endif
