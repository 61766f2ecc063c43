/* Lists as text, CSV, JSON and workbooks. Knows no noun and no command. */
#include "bbs/listing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/log.h"
#include "bbs/base/text.h"
#include "bbs/base/csv.h"
#include "bbs/xlsx.h"

enum { FLUSH = 8192 };

static void
flush(struct listing *l)
{
	if (l->out.len)
		l->write(l->ctx, l->out.data, l->out.len);
	buf_cut(&l->out, 0);
}

void
listing_json_string(struct buf *out, const char *text)
{
	struct buf mended = { 0 };
	if (u8_check((const uint8_t *)text, strlen(text))) {
		text_clean(&mended, text, strlen(text), TEXT_RAW);
		text = buf_text(&mended);
	}
	buf_char(out, '"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\')
			buf_fmt(out, "\\%c", c);
		else if (c == '\n')
			buf_str(out, "\\n");
		else if (c < 0x20 || c == 0x7f)
			buf_fmt(out, "\\u%04x", c);
		else
			buf_char(out, (char)c);
	}
	buf_char(out, '"');
	buf_free(&mended);
}

static const char *
title(const struct listing_column *column)
{
	return column->title ? _(column->title) : column->name;
}

/* One cell of text for people, cleaned once more before it meets a terminal. */
static void
text_cell(struct listing *l, int i, const char *text, bool right)
{
	struct buf clean = { 0 };
	text_clean(&clean, text, strlen(text), l->one ? TEXT_BODY : TEXT_LINE);
	int gap = l->columns[i].width - text_width(buf_text(&clean), clean.len);
	bool last = i == l->count - 1;
	if (l->one)
		gap = 0;
	for (; right && gap > 0; gap--)
		buf_char(&l->out, ' ');
	buf_str(&l->out, buf_text(&clean));
	for (; !last && gap > 0; gap--)
		buf_char(&l->out, ' ');
	if (!last && !l->one)
		buf_str(&l->out, "  ");
	buf_free(&clean);
}

static void
begin(struct listing *l)
{
	if (l->form == LISTING_JSON) {
		buf_str(&l->out, l->one ? "" : "[");
		return;
	}
	for (int i = 0; i < l->count; i++) {
		if (l->form == LISTING_CSV) {
			buf_str(&l->out, i ? "," : "");
			csv_cell(&l->out, l->columns[i].name);
		} else if (!l->one) {
			text_cell(l, i, title(&l->columns[i]), false);
		}
	}
	if (l->form == LISTING_CSV || !l->one)
		buf_char(&l->out, '\n');
}

void
listing_begin(struct listing *l, enum listing_form form, const struct listing_column *columns,
    int count, listing_write write, void *ctx)
{
	*l = (struct listing){
		.form = form, .columns = columns, .count = count, .write = write, .ctx = ctx
	};
	begin(l);
}

void
listing_begin_one(struct listing *l, enum listing_form form, const struct listing_column *columns,
    int count, listing_write write, void *ctx)
{
	*l = (struct listing){ .form = form,
		.one = true,
		.columns = columns,
		.count = count,
		.write = write,
		.ctx = ctx };
	begin(l);
}

void
listing_begin_xlsx(struct listing *l, const char *sheet, const struct listing_column *columns,
    int count, listing_write write, void *ctx)
{
	*l = (struct listing){ .form = LISTING_XLSX,
		.columns = columns,
		.count = count,
		.write = write,
		.ctx = ctx,
		.xlsx = xlsx_begin(sheet) };
	for (int i = 0; i < count; i++)
		xlsx_column(l->xlsx, i, title(&columns[i]), columns[i].width + 2);
}

enum cell { CELL_WORDS, CELL_NUMBER, CELL_BARE };

/* A cell as people and CSV see it, and JSON does unless they are words: numbers, true, null. */
static void
cell(struct listing *l, enum cell kind, const char *text, const char *json)
{
	const struct listing_column *column = &l->columns[l->at];
	bool last = l->at == l->count - 1;
	if (l->form == LISTING_JSON) {
		buf_str(&l->out, l->at ? ", " : l->one ? "{" : l->rows ? ",\n{" : "\n{");
		listing_json_string(&l->out, column->name);
		buf_str(&l->out, ": ");
		if (json)
			buf_str(&l->out, json);
		else
			listing_json_string(&l->out, text);
		buf_str(&l->out, last ? "}" : "");
	} else if (l->form == LISTING_CSV) {
		buf_str(&l->out, l->at ? "," : "");
		if (kind == CELL_WORDS)
			csv_cell(&l->out, text);
		else
			buf_str(&l->out, text);
		buf_str(&l->out, last ? "\n" : "");
	} else if (l->form == LISTING_XLSX) {
		if (kind == CELL_NUMBER)
			xlsx_number(l->xlsx, (int)l->rows, l->at, strtod(text, NULL));
		else
			xlsx_words(l->xlsx, (int)l->rows, l->at, text);
	} else {
		if (l->one)
			buf_fmt(&l->out, _("%s: %s"), title(column), "");
		text_cell(l, l->at, text, kind == CELL_NUMBER);
		while (last && !l->one && l->out.len && l->out.data[l->out.len - 1] == ' ')
			buf_cut(&l->out, l->out.len - 1);
		buf_str(&l->out, last || l->one ? "\n" : "");
	}
	l->at = last ? 0 : l->at + 1;
	if (last) {
		l->rows++;
		if (l->out.len >= FLUSH)
			flush(l);
	}
}

void
listing_words(struct listing *l, const char *text)
{
	cell(l, CELL_WORDS, text, NULL);
}

void
listing_number(struct listing *l, int64_t number)
{
	char text[24];
	snprintf(text, sizeof text, "%" PRId64, number);
	cell(l, CELL_NUMBER, text, text);
}

void
listing_real(struct listing *l, double number, int decimals)
{
	char text[64];
	snprintf(text, sizeof text, "%.*f", decimals, number);
	cell(l, CELL_NUMBER, text, text);
}

void
listing_yes(struct listing *l, bool yes)
{
	const char *text = yes ? "yes" : "no";
	bool person = l->form == LISTING_TEXT || l->form == LISTING_XLSX;
	cell(l, CELL_BARE, person ? (yes ? _("yes") : _("no")) : text,
	    yes ? "true" : "false");
}

void
listing_time(struct listing *l, int64_t seconds)
{
	struct buf text = { 0 };
	if (!seconds) {
		listing_none(l);
		return;
	}
	clock_iso(&text, seconds);
	cell(l, CELL_BARE, buf_text(&text), NULL);
	buf_free(&text);
}

void
listing_none(struct listing *l)
{
	cell(l, CELL_BARE, "", "null");
}

void
listing_end(struct listing *l)
{
	if (l->at || (l->one && l->rows != 1))
		die("a listing of %" PRId64 " rows ends at column %d", l->rows, l->at);
	if (l->form == LISTING_JSON)
		buf_str(&l->out, l->one ? "\n" : l->rows ? "\n]\n" : "]\n");
	if (l->form == LISTING_XLSX)
		xlsx_end(l->xlsx, &l->out);
	flush(l);
	buf_free(&l->out);
}
