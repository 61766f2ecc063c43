/* What both faces share: the calls that screens make, and the rows and posts that sources fill. */
#include "screens/ui.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"

/* Room for one more of `count` things of `size` bytes; doubles. */
static void *
grow(void *things, int count, int *room, size_t size)
{
	if (count < *room)
		return things;
	*room = *room ? *room * 2 : 16;
	return mem_resize(things, (size_t)*room * size);
}

struct row *
rows_add(struct rows *rows, int64_t id, const char *key, int64_t num)
{
	rows->row = grow(rows->row, rows->count, &rows->room, sizeof *rows->row);
	struct row *row = &rows->row[rows->count++];
	*row = (struct row){ .id = id, .num = num, .key = mem_dup(key) };
	return row;
}

void
row_cell(struct row *row, int column, const char *text)
{
	post_text(&row->cell[column], text);
}

void
row_detail(struct row *row, const char *text)
{
	post_text(&row->detail, text);
}

void
row_free(struct row *row)
{
	free(row->key);
	free(row->detail);
	for (int c = 0; c < UI_COLUMNS; c++)
		free(row->cell[c]);
}

void
rows_free(struct rows *rows)
{
	for (int i = 0; i < rows->count; i++)
		row_free(&rows->row[i]);
	free(rows->row);
	*rows = (struct rows){ 0 };
}

int
rows_window(struct rows *all, const struct row *from, int direction, int n, struct rows *out)
{
	int at = direction > 0 ? -1 : all->count;
	for (int i = 0; from && i < all->count; i++)
		if (all->row[i].id == from->id)
			at = i;
	for (at += direction; at >= 0 && at < all->count && n > 0; at += direction, n--) {
		out->row = grow(out->row, out->count, &out->room, sizeof *out->row);
		out->row[out->count++] = all->row[at];
		all->row[at] = (struct row){ 0 };
	}
	rows_free(all);
	return out->count;
}

const uint64_t row_acts = ACTS(ACT_OPEN) | ACTS(ACT_YES) | ACTS(ACT_NO) | ACTS(ACT_ASK) |
				 ACTS(ACT_EDIT) | ACTS(ACT_REPLY) | ACTS(ACT_QUOTE) | ACTS(ACT_FOLLOW) | ACTS(ACT_HIDE) | ACTS(ACT_LEAVE) |
				 ACTS(ACT_LOCK) | ACTS(ACT_PIN) | ACTS(ACT_MOVE) | ACTS(ACT_TAG) |
				 ACTS(ACT_MUTE) | ACTS(ACT_RESTORE) | ACTS(ACT_PURGE) | ACTS(ACT_EMPTY) | ACTS(ACT_REMOVE) | ACTS(ACT_WORD) |
				 ACTS(ACT_CARRY);

uint64_t
post_acts(uint64_t acts, const struct post *p)
{
	if (!p || !p->mine)
		acts &= ~ACTS(ACT_EDIT);
	if (!p || !p->files)
		acts &= ~ACTS(ACT_FILES);
	if (!p || !p->changed)
		acts &= ~ACTS(ACT_HISTORY);
	if (p && p->hidden && acts & ACTS(ACT_HIDE))
		acts ^= ACTS(ACT_HIDE) | ACTS(ACT_SHOW);
	return acts;
}

struct post *
posts_add(struct posts *posts, int64_t id, const char *key)
{
	posts->post = grow(posts->post, posts->count, &posts->room, sizeof *posts->post);
	struct post *post = &posts->post[posts->count++];
	*post = (struct post){ .id = id, .key = mem_dup(key) };
	return post;
}

void
post_text(char **field, const char *text)
{
	free(*field);
	*field = mem_dup(text);
}

void
posts_free(struct posts *posts)
{
	for (int i = 0; i < posts->count; i++) {
		struct post *p = &posts->post[i];
		free(p->key);
		free(p->who);
		free(p->when);
		free(p->body);
		free(p->note);
		free(p->files);
	}
	free(posts->post);
	*posts = (struct posts){ 0 };
}

size_t
ui_quotation(const char *text, int *lines)
{
	enum { CELLS = 72 };
	size_t size = 0;
	*lines = 0;
	while (text[size] == '>') {
		size_t n = strcspn(text + size, "\n"), at = 0;
		struct text_line line;
		while (text_wrap(text + size, n, CELLS, &at, &line))
			++*lines;
		size += n + (text[size + n] == '\n');
	}
	return size;
}

bool
ui_folds(const char *text)
{
	int lines;
	while (text && *text) {
		size_t n = ui_quotation(text, &lines);
		if (lines > QUOTE_LINES)
			return true;
		if (!n) {
			n = strcspn(text, "\n");
			n += text[n] == '\n';
		}
		text += n;
	}
	return false;
}

void
form_free(struct form *form)
{
	for (int i = 0; i < form->field_count; i++) {
		struct field *f = &form->fields[i];
		if (f->kind == FIELD_SECRET && f->value.data)
			mem_wipe(f->value.data, f->value.cap);
		buf_free(&f->value);
		buf_free(&f->shown);
	}
}

enum act
ui_list(struct ui *ui, struct list *list)
{
	return ui->face->list(ui, list);
}

enum act
ui_menu(struct ui *ui, struct menu *menu)
{
	return ui->face->menu(ui, menu);
}

enum act
ui_page(struct ui *ui, const struct page *page)
{
	return ui->face->page(ui, page);
}

enum act
ui_picture(struct ui *ui, const struct picture *picture)
{
	return ui->face->picture(ui, picture);
}

bool
ui_draws(const struct ui *ui)
{
	return ui->face->picture;
}

bool
ui_fits(const struct ui *ui, const char *line)
{
	enum { MARGINS = 2 };
	int columns = ui->terminal->columns;
	return columns <= 0 || text_width(line, strlen(line)) <= columns - MARGINS;
}

enum act
ui_reader(struct ui *ui, struct reader *reader)
{
	return ui->face->reader(ui, reader);
}

enum act
ui_form(struct ui *ui, struct form *form)
{
	return ui->face->form(ui, form);
}

struct long_field {
	struct form *form;
	struct field *field;
};

static bool
keep_long(void *ctx, const char *text)
{
	struct long_field *l = ctx;
	if (!strcmp(text, buf_text(&l->field->value))) /* looked at only */
		return true;
	buf_cut(&l->field->value, 0);
	buf_str(&l->field->value, text);
	l->form->touched = true;
	l->form->keep(l->form->ctx, l->form);
	return true;
}

void
form_write(struct ui *ui, struct form *form, struct field *field)
{
	struct long_field l = { form, field };
	struct buf place = { 0 };
	buf_fmt(&place, "%s › %s", form->place, field->label);
	struct edit edit = { .place = buf_text(&place), .max = field->max, .keep = form->keep ? keep_long : NULL, .ctx = &l,
		.stays = true, .lead = _("This text goes back to the form: it is kept for good once that is confirmed.") };
	buf_str(&edit.text, buf_text(&field->value));
	ui_edit(ui, &edit);
	buf_free(&field->value);
	field->value = edit.text;
	buf_free(&place);
}

enum act
ui_edit(struct ui *ui, struct edit *edit)
{
	return ui->face->edit(ui, edit);
}

bool
ui_ask(struct ui *ui, const char *question)
{
	return ui->face->ask(ui, question);
}

bool
ui_line(
    struct ui *ui, const char *label, const char *rule, struct buf *value, size_t max, bool secret)
{
	return ui->face->line(ui, label, rule, value, max, secret);
}

void
ui_say(struct ui *ui, const char *format, ...)
{
	struct buf text = { 0 };
	va_list args;
	va_start(args, format);
	buf_vfmt(&text, format, args);
	va_end(args);
	ui->face->say(ui, buf_text(&text));
	buf_free(&text);
}

void
ui_tell(struct ui *ui, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	if (ui->said.len)
		buf_char(&ui->said, '\n');
	buf_vfmt(&ui->said, format, args);
	va_end(args);
}

void
ui_progress(struct ui *ui, const char *text)
{
	ui->face->progress(ui, text);
}

const char *
ui_words(const struct ui *ui)
{
	return buf_text(&ui->words);
}

void
ui_close(struct ui *ui)
{
	ui->face->close(ui);
	buf_free(&ui->words);
	buf_free(&ui->said);
	ui->state = NULL;
}
