/* Files of a message: chosen while it is written, with few keys; opened when it is read. */
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/files.h"

/* ---- chosen ---- */

/*
 * First what is attached already, then a row that leads to the shared folders, then what the person has sent, the
 * newest first, where the cursor is: for most that is the one. Ids below 0 are those of the first two.
 */
struct choosing {
	struct visit *v;
	const struct attachments *files;
	struct rows *out;
};

static void
cells(struct row *r, const struct file *f, const char *where)
{
	struct buf cell = { 0 };
	row_cell(r, 0, buf_text(&f->name));
	row_cell(r, 1, where);
	clock_day(&cell, f->changed, clock_now());
	row_cell(r, 2, buf_text(&cell));
	buf_cut(&cell, 0);
	i18n_size(&cell, f->size);
	row_cell(r, 3, buf_text(&cell));
	buf_free(&cell);
}

static bool
add_sent(void *ctx, const struct file *f)
{
	struct choosing *c = ctx;
	struct row *r = rows_add(c->out, f->item.n, NULL, f->item.n);
	struct file shelf;
	int found = shelf_get(c->v->db, f->shelf, &shelf);
	cells(r, f, found ? "" : shelf.title.len ? buf_text(&shelf.title) : buf_text(&shelf.name));
	file_free(&shelf);
	return true;
}

/* The row at that place among the first ones. */
static void
add_first(struct choosing *c, int at)
{
	struct row *r = rows_add(c->out, -1 - at, NULL, 0);
	struct file f;
	if (at == c->files->count)
		row_cell(r, 0, _("Browse the folders"));
	else if (!file_get(c->v->db, c->files->file[at], &f)) {
		cells(r, &f, _("attached"));
		file_free(&f);
	} else
		row_cell(r, 0, _("(no longer there)"));
}

static int
choice_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct choosing *c = ctx;
	int first = c->files->count + 1, begun = out->count;
	bool among = from && from->id < 0;
	int at = among ? (int)(-1 - from->id) : direction > 0 && !from ? -1 : first;
	item_id sent = { from && !among ? from->num : 0 };
	(void)filter;
	c->out = out;
	if (direction > 0) {
		while (++at < first && out->count - begun < n)
			add_first(c, at);
		if (out->count - begun < n)
			file_sent(c->v->db, sent, 1, n - (out->count - begun), add_sent, c);
	} else {
		if (!among)
			file_sent(c->v->db, sent, -1, n, add_sent, c);
		while (--at >= 0 && out->count - begun < n)
			add_first(c, at);
	}
	return out->count - begun;
}

static bool
note_newest(void *ctx, const struct file *f)
{
	*(int64_t *)ctx = f->item.n;
	return false;
}

static void
add(struct visit *v, struct attachments *files, item_id item)
{
	struct file f;
	for (int i = 0; i < files->count; i++)
		if (files->file[i].n == item.n) {
			ui_say(v->ui, _("This file is attached already."));
			return;
		}
	if (files->count == ATTACHMENTS_MAX) {
		ui_say(v->ui, _("A message has %d files at most."), ATTACHMENTS_MAX);
		return;
	}
	int r = file_get(v->db, item, &f);
	if (r) {
		visit_say_error(v, r);
		return;
	}
	files->file[files->count++] = item;
	if (!strcmp(f.level, "me") || !strcmp(f.level, "named") || !strcmp(f.level, "council"))
		ui_say(v->ui, _("Attached. All who read the message will read this file, not only those whom it was for."));
	file_free(&f);
}

static bool
take_off(struct visit *v, struct attachments *files, int at)
{
	struct buf question = { 0 };
	struct file f;
	bool there = !file_get(v->db, files->file[at], &f);
	buf_fmt(&question, _("Take “%s” off the message?"), there ? buf_text(&f.name) : _("(no longer there)"));
	bool off = ui_ask(v->ui, buf_text(&question));
	if (off) {
		memmove(files->file + at, files->file + at + 1, (size_t)(--files->count - at) * sizeof *files->file);
		ui_say(v->ui, _("It is taken off."));
	}
	buf_free(&question);
	if (there)
		file_free(&f);
	return off;
}

static void
write_bringing(struct visit *v, struct buf *lead)
{
	struct file own;
	if (file_walk(v->db, "/moi", &own))
		return;
	buf_fmt(lead, "%s\n", _("A file of your machine comes to this list when you type there:"));
	write_put(v, &own, lead);
	file_free(&own);
}

enum act
attach_screen(struct visit *v, struct attachments *files)
{
	const struct column columns[] = { { _("Name"), 24, 0, 0 }, { _("Where"), 8, 16, 3 }, { _("Date"), 8, 12, 2 },
		{ _("Size"), 6, 10, 1 } };
	struct choosing c = { .v = v, .files = files };
	struct buf lead = { 0 };
	write_bringing(v, &lead);
	struct list list = { .place = _("Attach a file"), .lead = buf_text(&lead), .columns = columns, .column_count = 4, .clear = 1 << 2 | 1 << 3,
		.source = { choice_rows, &c }, .opens = N_("attach"),
		.acts = ACTS(ACT_SEARCH) | (files->count ? ACTS(ACT_REMOVE) : 0) };
	file_sent(v->db, (item_id){ 0 }, 1, 1, note_newest, &list.at);
	enum act act = ACT_NONE;
	/* What was opened from here comes back to here, until something is attached or taken off. */
	while (act == ACT_NONE) {
		v->listen(v, TOPIC_SHELF, 0);
		act = ui_list(v->ui, &list);
		int at = list.at < 0 ? (int)(-1 - list.at) : files->count;
		item_id item = { list.at };
		if ((act == ACT_OPEN || act == ACT_REMOVE) && at < files->count) {
			act = take_off(v, files, at) ? ACT_BACK : ACT_NONE;
			continue;
		}
		if (act == ACT_REMOVE)
			ui_say(v->ui, _("This is not attached."));
		else if (act == ACT_OPEN && list.at < 0)
			act = files_choose(v, &item);
		else if (act == ACT_SEARCH)
			act = files_choose_found(v, ui_words(v->ui), &item);
		else if (act == ACT_BACK)
			break;
		if (act == ACT_DONE || (act == ACT_OPEN && list.at > 0)) {
			add(v, files, item);
			act = ACT_BACK;
		} else if (act != ACT_QUIT) {
			act = ACT_NONE;
		}
	}
	buf_free(&lead);
	return act;
}

void
attach_lead(struct visit *v, const struct attachments *files, struct buf *lead)
{
	for (int i = 0; i < files->count; i++) {
		struct file f;
		buf_fmt(lead, i ? ", " : " %s ", _("Attached:"));
		if (file_get(v->db, files->file[i], &f)) {
			buf_str(lead, _("(no longer there)"));
			continue;
		}
		buf_fmt(lead, "%s (", buf_text(&f.name));
		i18n_size(lead, f.size);
		buf_char(lead, ')');
		file_free(&f);
	}
	if (files->count)
		buf_char(lead, '.');
}

bool
attach_settle(struct visit *v, struct attachments *files)
{
	struct file f;
	int there = 0, before = files->count;
	for (int i = 0; i < before; i++)
		if (!file_get(v->db, files->file[i], &f)) {
			files->file[there++] = files->file[i];
			file_free(&f);
		}
	files->count = there;
	if (there < before)
		ui_say(v->ui, ngettext("%d file is no longer there, and was taken off: nothing is sent yet.",
		    "%d files are no longer there, and were taken off: nothing is sent yet.",
		    (unsigned long)(before - there)), before - there);
	return there == before;
}

/* ---- read ---- */

struct attached_list {
	struct attached one[2 * ATTACHMENTS_MAX];
	int count;
};

static bool
note_files(void *ctx, const struct post_row *row)
{
	struct attached_list *all = ctx;
	const char *files = row->files;
	while (all->count < 2 * ATTACHMENTS_MAX && attached_next(&files, &all->one[all->count]))
		all->count++;
	return false;
}

static int
attached_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	const struct attached_list *list = ctx;
	struct rows all = { 0 };
	(void)filter;
	for (int i = 0; i < list->count; i++) {
		const struct attached *one = &list->one[i];
		struct buf cell = { 0 };
		struct row *r = rows_add(&all, one->item.n, NULL, one->number);
		buf_fmt(&cell, _("File %d: %s"), one->number, one->name);
		row_cell(r, 0, buf_text(&cell));
		buf_cut(&cell, 0);
		i18n_size(&cell, one->size);
		row_cell(r, 1, buf_text(&cell));
		buf_free(&cell);
	}
	return rows_window(&all, from, direction, n, out);
}

enum act
attached_screen(struct visit *v, item_id post, int number, const char *place)
{
	const struct column columns[] = { { _("Name"), 24, 0, 0 }, { _("Size"), 6, 10, 1 } };
	struct attached_list all = { .count = 0 };
	item_id item = { 0 };
	post_get(v->db, post, note_files, &all);
	for (int i = 0; i < all.count; i++)
		if (all.one[i].number == number || all.count == 1)
			item = all.one[i].item;
	if (number && (!all.count || item.n == 0)) {
		ui_say(v->ui, _("This message has no file of that number."));
		return ACT_BACK;
	}
	if (!all.count) {
		ui_say(v->ui, _("Nothing is attached to this message."));
		return ACT_BACK;
	}
	if (item.n)
		return file_screen(v, item, place);
	struct list list = { .place = place, .columns = columns, .column_count = 2, .clear = 1 << 1, .source = { attached_rows, &all } };
	enum act act;
	while ((act = ui_list(v->ui, &list)) == ACT_OPEN && list.at)
		if (file_screen(v, (item_id){ list.at }, place) == ACT_QUIT)
			return ACT_QUIT;
	return act;
}
