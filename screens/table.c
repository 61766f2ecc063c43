/* A table that somebody has sent, as a list: a row opened is shown whole, cell by cell. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/csv.h"
#include "bbs/base/i18n.h"
#include "bbs/base/text.h"
#include "screens/files.h"

enum {
	TABLE_BYTES = 1024 * 1024, /* of a table that is looked at */
	TABLE_ROWS = 10000,
};

struct line {
	char **cell;
	int count; /* up to the last that is not empty */
};
struct table {
	struct line *line; /* the heading first */
	int count, width;
	int filled; /* cells that are not empty, in the row that has most */
	struct buf above; /* lines of one cell before the heading: the table's title */
};

static const char *
cell(const struct table *t, int64_t at, int column)
{
	return column < t->line[at].count ? t->line[at].cell[column] : "";
}

static void
free_lines(struct table *t)
{
	for (int i = 0; i < t->count; i++) {
		for (int j = 0; j < t->line[i].count; j++)
			free(t->line[i].cell[j]);
		free(t->line[i].cell);
	}
	t->count = 0;
}

/* What came so far is no table, but what stands above one. */
static void
set_above(struct table *t)
{
	for (int i = 0; i < t->count; i++)
		buf_fmt(&t->above, "%s%s", t->above.len ? "\n" : "", cell(t, i, t->line[i].count - 1));
	free_lines(t);
	t->width = 0;
}

static bool
take_row(void *ctx, const struct csv_row *row)
{
	struct table *t = ctx;
	struct line line = { .cell = mem_alloc((size_t)row->count * sizeof *line.cell) };
	int filled = 0;
	for (int i = 0; i < row->count; i++) {
		struct buf clean = { 0 };
		text_clean(&clean, row->cells[i], strlen(row->cells[i]), TEXT_LINE);
		line.cell[i] = mem_dup(buf_text(&clean));
		if (clean.len)
			line.count = i + 1, filled++;
		buf_free(&clean);
	}
	for (int i = line.count; i < row->count; i++)
		free(line.cell[i]);
	if (!filled) {
		free(line.cell);
		return true;
	}
	if (filled > 1 && t->filled < 2)
		set_above(t);
	if (t->count % 256 == 0)
		t->line = mem_resize(t->line, (size_t)(t->count + 256) * sizeof *t->line);
	t->line[t->count++] = line;
	t->filled = filled > t->filled ? filled : t->filled;
	t->width = line.count > t->width ? line.count : t->width;
	return t->count < TABLE_ROWS;
}

/* Does one of its cells hold what was typed, as people spell it? */
static bool
holds(const struct table *t, int64_t at, const char *letters)
{
	bool found = !*letters;
	for (int i = 0; i < t->width && !found; i++)
		found = text_has(cell(t, at, i), letters);
	return found;
}

/* A row's number is that of its line below the heading, from 1. */
static int
table_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct table *t = ctx;
	int64_t at = from ? from->num : direction > 0 ? 0 : t->count;
	int added = 0;
	for (at += direction; at >= 1 && at < t->count && added < n; at += direction) {
		if (!holds(t, at, filter ? filter : ""))
			continue;
		struct row *row = rows_add(out, at, NULL, at);
		for (int i = 0; i < t->width && i < UI_COLUMNS; i++)
			row_cell(row, i, cell(t, at, i));
		added++;
	}
	return added;
}

static enum act
row_screen(struct visit *v, const struct table *t, int64_t at, const char *place)
{
	struct buf text = { 0 }, where = { 0 };
	for (int i = 0; i < t->line[at].count; i++)
		if (*cell(t, at, i) && *cell(t, 0, i))
			buf_fmt(&text, _("%s: %s\n"), cell(t, 0, i), cell(t, at, i));
		else if (*cell(t, at, i))
			buf_fmt(&text, "%s\n", cell(t, at, i));
	place_join(&where, place, cell(t, at, 0));
	struct page page = { .place = buf_text(&where), .text = buf_text(&text) };
	enum act act = ui_page(v->ui, &page);
	buf_free(&text);
	buf_free(&where);
	return act;
}

/* Of a spreadsheet what was found in it, of a table of text that itself. */
static void
read_table(struct visit *v, const struct file *f, enum magic magic, struct buf *out)
{
	int seconds;
	int64_t got = 1;
	if (magic != MAGIC_TEXT) {
		file_text(v->db, f, out, &seconds);
		return;
	}
	while (out->len < TABLE_BYTES && got > 0) {
		char *to = buf_room(out, TABLE_BYTES - out->len);
		got = file_read(v->db, f->item, f->content, (int64_t)out->len, to, TABLE_BYTES - out->len);
		buf_grow(out, got > 0 ? (size_t)got : 0);
	}
}

static enum act
show_table(struct visit *v, struct table *t, const char *place)
{
	struct column columns[UI_COLUMNS];
	struct buf right = { 0 };
	struct list list = { .place = place, .lead = t->above.data, .source = { table_rows, t }, .columns = columns,
		.empty = _("No line below the heading, or none with these letters."), .filters = true };
	list.column_count = t->width < UI_COLUMNS ? t->width : UI_COLUMNS;
	for (int i = 0; i < list.column_count; i++)
		columns[i] = (struct column){ cell(t, 0, i), 8, i ? 24 : 0, i ? list.column_count - i : 0 };
	buf_fmt(&right, ngettext("%d line", "%d lines", (unsigned long)(t->count - 1)), t->count - 1);
	list.right = buf_text(&right);
	enum act act;
	while ((act = ui_list(v->ui, &list)) == ACT_OPEN && list.at)
		if (row_screen(v, t, list.at, place) == ACT_QUIT) {
			act = ACT_QUIT;
			break;
		}
	buf_free(&right);
	return act;
}

enum act
table_screen(struct visit *v, const struct file *f, enum magic magic, const char *place)
{
	struct table t = { 0 };
	struct buf trouble = { 0 }, bytes = { 0 };
	enum act act = ACT_BACK;
	read_table(v, f, magic, &bytes);
	int r = csv_read(buf_text(&bytes), bytes.len, take_row, &t, &trouble);
	if (t.count)
		act = show_table(v, &t, place);
	else
		ui_say(v->ui, "%s", trouble.len ? buf_text(&trouble) : error_text(r));
	free_lines(&t);
	free(t.line);
	buf_free(&t.above);
	buf_free(&trouble);
	buf_free(&bytes);
	return act;
}
