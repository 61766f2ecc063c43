#ifndef BBS_XLSX_H
#define BBS_XLSX_H

#include <stdbool.h>
#include <stddef.h>

#include "bbs/base/csv.h"

/*
 * Tables as simple Excel workbooks (.xlsx), beside csv.h: one sheet, a heading, rows of text.
 * Neither way touches a file that has a name, so that both work within a session's fence and leave
 * nothing behind.
 */
enum {
	XLSX_FILE_MAX = 8 * 1024 * 1024,
	XLSX_UNPACKED_MAX = 32 * 1024 * 1024, /* of its parts that are read, together */
	XLSX_ROWS_MAX = 100000,               /* that have something in them */
};

/* Does it begin as a workbook does? So does every zip: xlsx_read() says what it is. */
bool
xlsx_is(const char *data, size_t size);

/*
 * Hands over the rows of the first sheet that is not hidden, as csv_read() does: a row's line is
 * its number on the sheet, every row is at least as wide as the first, and what lies behind
 * CSV_CELLS cells is not looked at. Cells are text as a person sees it: numbers by their mask
 * ("01004"), dates as 2026-03-24 or 2026-03-24 18:30, formulas as what they gave last. E_EMPTY,
 * E_TOO_LONG, E_INVALID (no workbook, a damaged one, one with a DTD), and a sentence in `trouble`.
 */
int
xlsx_read(const char *data, size_t size, csv_each each, void *ctx, struct buf *trouble);

/* The same of a workbook that is unpacked already: the XML of its shared strings, styles and sheet,
 * each of which may be empty. What xlsx_read() ends with; tests feed it directly. */
int
xlsx_read_sheet(const struct buf *strings, const struct buf *styles, const struct buf *sheet,
    csv_each each, void *ctx, struct buf *trouble);

/*
 * Writes a workbook of one sheet, held in memory until its end. `sheet`: at most 31 characters,
 * none of
 * []:*?/\. Columns count from 0, rows from 0 below the heading.
 */
struct xlsx *
xlsx_begin(const char *sheet);
/* A column's heading, bold, which stays in sight, and its width in characters. */
void
xlsx_column(struct xlsx *x, int column, const char *heading, int width);
/* A cell of text: never a formula or a link, whatever it begins with. What is longer than a cell
 * may be, 32 767 bytes, is cut and ends with "…". */
void
xlsx_words(struct xlsx *x, int row, int column, const char *text);
void
xlsx_number(struct xlsx *x, int row, int column, double number);
/* Adds the finished workbook to `out` and frees it. */
void
xlsx_end(struct xlsx *x, struct buf *out);

#endif
