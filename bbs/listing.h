#ifndef BBS_LISTING_H
#define BBS_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bbs/base/mem.h"

/*
 * What a command prints that lists: columns declared once, rows given cell by cell, as text for
 * people, CSV or JSON for programs, or an Excel workbook. Nothing is held but what was not yet written
 * (8 KiB), however many rows; a workbook is held whole.
 */
enum listing_form { LISTING_TEXT, LISTING_CSV, LISTING_JSON, LISTING_XLSX };

struct listing_column {
	const char *name;  /* in English; CSV's heading and JSON's key */
	const char *title; /* msgid of the text's heading; NULL: the name */
	int width; /* cells it takes as text; longer ones push the rest. The last is not padded */
};

typedef void (*listing_write)(void *ctx, const char *data, size_t size);

struct listing {
	enum listing_form form;
	bool one;
	const struct listing_column *columns;
	int count, at; /* the column that comes next */
	int64_t rows;
	listing_write write;
	void *ctx;
	struct buf out;
	struct xlsx *xlsx;
};

/* Begins a list: a heading line, or JSON's array. `columns` is kept, not copied. */
void
listing_begin(struct listing *l, enum listing_form form, const struct listing_column *columns,
    int count, listing_write write, void *ctx);
/* Begins a list of exactly one thing: "name: value" lines, or JSON's object. CSV as above. */
void
listing_begin_one(struct listing *l, enum listing_form form, const struct listing_column *columns,
    int count, listing_write write, void *ctx);

/* Begins a list as a workbook, whose sheet bears this name; headings and yes and no as in a text. */
void
listing_begin_xlsx(struct listing *l, const char *sheet, const struct listing_column *columns,
    int count, listing_write write, void *ctx);

/* The next cell; after the last column's a new row begins. */
void
listing_words(struct listing *l, const char *text);
void
listing_number(struct listing *l, int64_t number);
void
listing_real(struct listing *l, double number, int decimals);
void
listing_yes(struct listing *l, bool yes); /* true, false; in CSV yes, no */
void
listing_time(struct listing *l, int64_t seconds); /* 2026-03-24T18:30:00Z; 0: none */
void
listing_none(struct listing *l); /* null, else empty */

/* Ends it and writes what is left. */
void
listing_end(struct listing *l);

/* Adds text as a JSON string, quotes around it. */
void
listing_json_string(struct buf *out, const char *text);

#endif
