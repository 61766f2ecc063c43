/*
 * Text on the full screen: folded, measured, wrapped; and sheets, which are longer than the window
 * and scroll so that the current part of them is seen.
 */
#include "screens/full.h"

#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "bbs/base/i18n.h"

struct buf
full_fold(const struct ui *ui, const char *text)
{
	struct buf clean = { 0 }, shown = { 0 };
	text_clean(&clean, text, strlen(text), TEXT_RAW);
	text_show(&shown, buf_text(&clean), clean.len, ui->terminal->charset);
	buf_free(&clean);
	return shown;
}

void
full_utf8(struct buf *out, int code)
{
	uint8_t bytes[6];
	int n = u8_uctomb(bytes, (ucs4_t)code, sizeof bytes);
	if (n > 0)
		buf_add(out, bytes, (size_t)n);
}

int
full_width(const struct ui *ui, const char *text)
{
	struct buf shown = full_fold(ui, text);
	int cells = text_width(buf_text(&shown), shown.len);
	buf_free(&shown);
	return cells;
}

bool
full_next_line(const struct buf *text, int cells, size_t *at, struct text_line *line)
{
	if (*at >= text->len)
		return false;
	return text_wrap(buf_text(text), text->len, cells < 1 ? 1 : cells, at, line);
}

int
full_wrapped(struct ui *ui, int row, int end, int column, unsigned look, const char *text)
{
	struct buf shown = full_fold(ui, text);
	int cells = full_columns(ui) - column;
	struct text_line line;
	for (size_t at = 0; row < end && full_next_line(&shown, cells, &at, &line); row++)
		full_put(ui, row, column, cells, look, buf_text(&shown) + line.start, line.len);
	buf_free(&shown);
	return row;
}

int
full_lines(const struct ui *ui, int cells, const char *text)
{
	struct buf shown = full_fold(ui, text);
	struct text_line line;
	int count = 0;
	for (size_t at = 0; full_next_line(&shown, cells, &at, &line);)
		count++;
	buf_free(&shown);
	return count;
}

/* ---- sheets ---- */

int
full_sheet_put(
    struct sheet *sheet, int line, int column, int cells, unsigned look, const char *text)
{
	const struct full *f = full_state(sheet->ui);
	struct buf shown = full_fold(sheet->ui, text);
	struct text_line part;
	int count = 0;
	for (size_t at = 0; full_next_line(&shown, cells, &at, &part); count++) {
		int row = f->top + line + count - sheet->top;
		if (sheet->draw && row >= f->top && row < f->bottom)
			full_put(sheet->ui, row, column, cells, look, buf_text(&shown) + part.start,
			    part.len);
	}
	buf_free(&shown);
	return count;
}

void
full_sheet_show(struct ui *ui, void (*walk)(struct sheet *, void *), void *ctx, int *top)
{
	enum { MORE_LEAST = 5 }; /* lines of a body that has one to spare */
	struct full *f = full_state(ui);
	struct sheet sheet = { .ui = ui };
	walk(&sheet, ctx);
	int height = f->bottom - f->top;
	if (sheet.line > height && height >= MORE_LEAST)
		f->bottom = f->top + --height;
	if (*top > sheet.line - height)
		*top = sheet.line - height;
	if (sheet.end > *top + height)
		*top = sheet.end - height;
	if (sheet.start < *top)
		*top = sheet.start;
	/* Sentences above the first choice come back with it. */
	if (*top < 0 || (sheet.first && sheet.end <= height))
		*top = 0;
	struct sheet drawn = { .ui = ui, .top = *top, .draw = true };
	walk(&drawn, ctx);
	if (*top + height < sheet.line && height >= MORE_LEAST - 1)
		full_str(ui, f->bottom, 2, full_columns(ui) - 2, FULL_FAINT, _("more below…"));
	full_cursor(ui, f->top + drawn.row - *top, drawn.column);
}
