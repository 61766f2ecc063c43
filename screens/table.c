/* A table that somebody has sent (CSV), as a list: a row opened is shown whole, cell by cell. */
#include "screens/visit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/csv.h"
#include "bbs/base/i18n.h"
#include "bbs/base/text.h"

enum {
	TABLE_BYTES = 1024 * 1024, /* of a table that is looked at */
	TABLE_ROWS = 10000,
};

struct table {
	char **cell; /* row by row, `width` each; the heading first */
	int width, count;
};

static bool
take_row(void *ctx, const struct csv_row *row)
{
	struct table *t = ctx;
	if (!t->width)
		t->width = row->count;
	if (t->count % 256 == 0)
		t->cell = mem_resize(t->cell, (size_t)(t->count + 256) * (size_t)t->width * sizeof *t->cell);
	for (int i = 0; i < t->width; i++) {
		struct buf clean = { 0 };
		if (i < row->count)
			text_clean(&clean, row->cells[i], strlen(row->cells[i]), TEXT_LINE);
		t->cell[t->count * t->width + i] = mem_dup(buf_text(&clean));
		buf_free(&clean);
	}
	return ++t->count < TABLE_ROWS;
}

static void
free_table(struct table *t)
{
	for (int i = 0; i < t->count * t->width; i++)
		free(t->cell[i]);
	free(t->cell);
}

/* Does one of its cells hold what was typed, as people spell it? */
static bool
holds(const struct table *t, int64_t at, const char *letters)
{
	bool found = !*letters;
	for (int i = 0; i < t->width && !found; i++)
		found = text_has(t->cell[at * t->width + i], letters);
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
			row_cell(row, i, t->cell[at * t->width + i]);
		added++;
	}
	return added;
}

static enum act
row_screen(struct visit *v, const struct table *t, int64_t at, const char *place)
{
	struct buf text = { 0 }, where = { 0 };
	for (int i = 0; i < t->width; i++)
		if (*t->cell[at * t->width + i])
			buf_fmt(&text, _("%s: %s\n"), t->cell[i], t->cell[at * t->width + i]);
	place_join(&where, place, t->cell[at * t->width]);
	struct page page = { .place = buf_text(&where), .text = buf_text(&text) };
	enum act act = ui_page(v->ui, &page);
	buf_free(&text);
	buf_free(&where);
	return act;
}

enum act
table_screen(struct visit *v, const struct file *f, const char *place)
{
	struct table t = { 0 };
	struct column columns[UI_COLUMNS];
	struct buf trouble = { 0 }, right = { 0 };
	char *bytes = mem_alloc(TABLE_BYTES);
	int64_t n = 0, got;
	while (n < TABLE_BYTES &&
	    (got = file_read(v->db, f->item, f->content, n, bytes + n, (size_t)(TABLE_BYTES - n))) > 0)
		n += got;
	int r = csv_read(bytes, (size_t)n, take_row, &t, &trouble);
	enum act act = ACT_BACK;
	if (r && !t.count) {
		ui_say(v->ui, "%s", trouble.len ? buf_text(&trouble) : error_text(r));
	} else {
		struct list list = { .place = place, .source = { table_rows, &t }, .columns = columns,
			.empty = _("No line below the heading, or none with these letters."), .filters = true };
		list.column_count = t.width < UI_COLUMNS ? t.width : UI_COLUMNS;
		for (int i = 0; i < list.column_count; i++)
			columns[i] = (struct column){ t.cell[i], 8, i ? 24 : 0, i ? list.column_count - i : 0 };
		buf_fmt(&right, ngettext("%d line", "%d lines", (unsigned long)(t.count - 1)), t.count - 1);
		list.right = buf_text(&right);
		while ((act = ui_list(v->ui, &list)) == ACT_OPEN && list.at)
			if (row_screen(v, &t, list.at, place) == ACT_QUIT) {
				act = ACT_QUIT;
				break;
			}
	}
	free_table(&t);
	free(bytes);
	buf_free(&trouble);
	buf_free(&right);
	return act;
}
