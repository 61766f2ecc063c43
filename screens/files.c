/* Shared folders: shelf by shelf, what is recent and followed, what is sought, folders made, the bin. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/text.h"
#include "db/file.h"
#include "screens/files.h"

enum {
	RECENT_ROW = -1002,      /* of the list at the top */
	FOLLOWED_ROW = -1001,
	BIN_ROW = -1000,
	WHOLE_MAX = 200, /* the top, the départements */
};
/* Columns of a list; that of where it stands is shown of files of several shelves only. */
enum { WHERE = 4, COLUMNS, FOUND_IN = 3, DATE_AND_SIZE = 1 << 2 | 1 << 3 };

/* What the folders are walked for: a file, or where to put `moved`. NULL in its place: to look. */
struct choosing {
	const struct file *moved;
	item_id file;
};

static enum act
shelf_screen(struct visit *v, const char *key, const char *above, struct choosing *chosen);

/* A row that was shown: a shelf's key cannot stand in the row. */
struct shown {
	int64_t id;
	enum file_kind kind;
	char shelf[SHELF_MAX + 1];
	char name[FILE_NAME_MAX + 1];
};
struct shelf_list {
	struct visit *v;
	const char *shelf;
	enum what { SHELF, RECENT, FOLLOWED, BIN } what;
	const struct choosing *chosen;
	const char *filter; /* of what is listed whole; NULL all */
	struct shown *shown;
	int count, cap;
	struct rows *out;
};

/* ---- rows ---- */

static void
note_shown(struct shelf_list *s, int64_t id, const struct file *f)
{
	for (int i = 0; i < s->count; i++)
		if (s->shown[i].id == id)
			return;
	if (s->count == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 32;
		s->shown = mem_resize(s->shown, (size_t)s->cap * sizeof *s->shown);
	}
	struct shown *one = &s->shown[s->count++];
	*one = (struct shown){ .id = id, .kind = f->kind };
	snprintf(one->shelf, sizeof one->shelf, "%s", f->shelf);
	snprintf(one->name, sizeof one->name, "%s", buf_text(&f->name));
}

static const struct shown *
find_shown(const struct shelf_list *s, int64_t id)
{
	for (int i = 0; i < s->count; i++)
		if (s->shown[i].id == id)
			return &s->shown[i];
	return NULL;
}

/* Shelves that nobody made have no number: theirs is below 0, in the order in which they were shown. */
static int64_t
row_id(const struct shelf_list *s, const struct file *f)
{
	for (int i = 0; i < s->count && !f->item.n; i++)
		if (s->shown[i].id < 0 && !strcmp(s->shown[i].shelf, f->shelf) &&
		    !strcmp(s->shown[i].name, buf_text(&f->name)))
			return s->shown[i].id;
	return f->item.n ? f->item.n : -1 - s->count;
}

static bool
add_file(void *ctx, const struct file *f)
{
	struct shelf_list *s = ctx;
	if (s->filter && !text_has(buf_text(&f->title), s->filter))
		return true;
	int64_t id = row_id(s, f);
	struct row *r = rows_add(s->out, id, buf_text(&f->sort), f->item.n);
	struct buf cell = { 0 };
	note_shown(s, id, f);
	buf_fmt(&cell, f->hidden ? _("(hidden) %s") : f->followed && s->what != FOLLOWED ? _("(followed) %s") : "%s",
	    buf_text(f->title.len && !f->item.n ? &f->title : &f->name));
	row_cell(r, 0, buf_text(&cell));
	row_cell(r, 1, buf_text(&f->by_name));
	if (f->item.n)
		row_cell(r, WHERE, buf_text(&f->title));
	buf_cut(&cell, 0);
	if (f->changed)
		clock_day(&cell, f->changed, clock_now());
	row_cell(r, 2, buf_text(&cell));
	buf_cut(&cell, 0);
	if (f->kind == FILE_FOLDER)
		buf_str(&cell, _("folder"));
	else if (f->kind == FILE_FILE || f->kind == FILE_PARTIAL)
		i18n_size(&cell, f->size);
	row_cell(r, 3, buf_text(&cell));
	buf_free(&cell);
	r->is_new = f->changed > s->v->me.last_visit && s->v->me.last_visit && f->by.n != s->v->me.id.n;
	return true;
}

static int
shelf_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct shelf_list *s = ctx;
	(void)filter;
	struct db *db = s->v->db;
	const char *key = from ? from->key : NULL;
	item_id id = { from ? from->num : 0 };
	s->out = out;
	switch (s->what) {
	case RECENT:
		return file_recent(db, key, id, direction, n, add_file, s);
	case FOLLOWED:
		return file_followed(db, key, direction, n, add_file, s);
	case BIN:
		return bin_page(db, key, id, direction, n, add_file, s);
	default:
		return file_page(db, s->shelf, key, id, direction, n, add_file, s);
	}
}

/* The shelves at the top are few and come whole; below them the ways to what lies in all of them. */
static int
top_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct shelf_list *s = ctx;
	struct rows all = { 0 };
	(void)filter;
	s->out = &all;
	file_page(s->v->db, "", NULL, (item_id){ 0 }, 1, WHOLE_MAX, add_file, s);
	if (!s->chosen || !s->chosen->moved)
		row_cell(rows_add(&all, RECENT_ROW, NULL, 0), 0, _("Recent files"));
	if (visit_member(s->v))
		row_cell(rows_add(&all, FOLLOWED_ROW, NULL, 0), 0, _("What I follow"));
	if (visit_member(s->v) && !s->chosen)
		row_cell(rows_add(&all, BIN_ROW, NULL, 0), 0, _("Bin"));
	return rows_window(&all, from, direction, n, out);
}

/* Départements are few, too: `/` filters them. */
static int
department_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct shelf_list *s = ctx;
	struct rows all = { 0 };
	s->out = &all;
	s->filter = filter;
	file_page(s->v->db, s->shelf, NULL, (item_id){ 0 }, 1, WHOLE_MAX, add_file, s);
	return rows_window(&all, from, direction, n, out);
}

/* The key on a row of a list, which stays. */
static void
act_here(void *ctx, struct list *list, enum act act)
{
	struct shelf_list *s = ctx;
	const struct shown *one = find_shown(s, list->at);
	char place[SHELF_MAX + 1];
	(void)act;
	if (!one || one->kind == FILE_MADE || one->kind == FILE_PARTIAL) {
		ui_say(s->v->ui, _("This cannot be followed: only folders and files."));
		return;
	}
	struct file f = { .kind = one->kind, .item = { one->id } };
	snprintf(f.shelf, sizeof f.shelf, "%s", one->shelf);
	file_place(&f, place);
	follow_turn(s->v, place, f.kind == FILE_FILE);
}

static void
describe(struct list *list, struct column columns[COLUMNS])
{
	columns[0] = (struct column){ _("Name"), 24, 0, 0 };
	columns[1] = (struct column){ _("By"), 10, 20, 3 };
	columns[2] = (struct column){ _("Date"), 12, 16, 2 };
	columns[3] = (struct column){ _("Size"), 6, 10, 1 };
	list->columns = columns;
	list->column_count = WHERE;
	list->clear = DATE_AND_SIZE;
}

/* … of several shelves: where each stands is worth more than its size. */
static void
describe_all(struct list *list, struct column columns[COLUMNS])
{
	columns[0] = (struct column){ _("Name"), 24, 0, 0 };
	columns[1] = (struct column){ _("By"), 10, 18, 2 };
	columns[2] = (struct column){ _("Date"), 12, 16, 3 };
	columns[3] = (struct column){ _("Size"), 8, 10, 1 };
	columns[WHERE] = (struct column){ _("In folder"), 20, 36, 4 };
	list->columns = columns;
	list->column_count = COLUMNS;
	list->clear = DATE_AND_SIZE;
}

/* ---- shelves ---- */

static void
make_folder(struct visit *v, const char *shelf)
{
	struct buf name = { 0 };
	struct file made;
	int r = E_INVALID;
	while (r == E_INVALID && ui_line(v->ui, _("Name of the new folder"), NULL, &name, FILE_NAME_MAX, false) && name.len) {
		r = folder_make(v->db, shelf, buf_text(&name), &made);
		if (r == E_EXISTS)
			ui_say(v->ui, _("There is something of that name here already."));
		else if (r == E_INVALID)
			ui_say(v->ui, _("A name has no “/” in it, and no sign that cannot be seen."));
		else if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, !strcmp(made.level, "me") ? _("The folder is there, for you alone.")
								 : _("The folder is there. Those who read this one read it too."));
		file_free(&made);
	}
	buf_free(&name);
}

static enum act
choose(struct visit *v, item_id item, struct choosing *chosen)
{
	if (chosen->moved) {
		ui_say(v->ui, _("This is a file: open the folder that it is to go to."));
		return ACT_NONE;
	}
	chosen->file = item;
	return ACT_DONE;
}

/* What Enter does with a row. */
static const char *
opens(const struct choosing *chosen)
{
	return chosen && !chosen->moved ? N_("choose") : NULL;
}

/* A file is shown, or chosen; of a folder what is in it. */
static enum act
open_shown(struct visit *v, const struct shown *one, const char *place, struct choosing *chosen)
{
	if (one->kind == FILE_SHELF || one->kind == FILE_FOLDER)
		return shelf_screen(v, one->shelf, place, chosen);
	if (chosen && one->kind == FILE_FILE)
		return choose(v, (item_id){ one->id }, chosen);
	if (chosen) {
		ui_say(v->ui, "%s", chosen->moved ? _("This is no folder.") : _("This cannot be attached."));
		return ACT_NONE;
	}
	return one->kind == FILE_MADE ? made_screen(v, one->shelf, one->name, place) : file_screen(v, (item_id){ one->id }, place);
}

/* Of all shelves: files by their last change, or what the person follows. */
static enum act
all_screen(struct visit *v, enum what what, const char *place, const char *empty, struct choosing *chosen)
{
	struct column columns[COLUMNS];
	struct shelf_list s = { .v = v, .what = what };
	uint64_t here = chosen ? 0 : follow_acts(v);
	struct list list = { .place = place, .source = { shelf_rows, &s }, .empty = empty, .acts = here,
		.here = here, .act = act_here, .opens = opens(chosen) };
	describe_all(&list, columns);
	enum act act;
	for (;;) {
		v->listen(v, TOPIC_SHELF, 0);
		act = ui_list(v->ui, &list);
		const struct shown *one = find_shown(&s, list.at);
		if (act != ACT_OPEN || !one)
			break;
		act = open_shown(v, one, place, chosen);
		if (act == ACT_QUIT || act == ACT_DONE)
			break;
	}
	free(s.shown);
	return act;
}

static bool
agrees(struct visit *v, const struct shelf_list *s, int64_t at, enum act act)
{
	struct buf question = { 0 };
	const struct shown *one = find_shown(s, at);
	buf_fmt(&question, act == ACT_PURGE ? _("Throw “%s” away for good? Nobody can put it back then.")
					    : _("Take “%s” out of the bin?"), one ? one->name : "");
	bool yes = ui_ask(v->ui, buf_text(&question));
	buf_free(&question);
	return yes;
}

static void
empty_bin(struct visit *v)
{
	if (!ui_ask(v->ui, _("Throw all that is in the bin away for good? Nobody can put it back then.")))
		return;
	int n = file_purge_all(v->db);
	if (n < 0)
		visit_say_error(v, n);
	else
		ui_say(v->ui, ngettext("%d is gone for good, and its room is free.", "%d are gone for good, and their room is free.",
		    (unsigned long)n), n);
}

enum act
bin_screen(struct visit *v)
{
	struct column columns[COLUMNS];
	struct shelf_list s = { .v = v, .what = BIN };
	struct list list = { .place = _("Shared folders › Bin"), .source = { shelf_rows, &s },
		.empty = _("Nothing was thrown away."), .opens = N_("take back"), .acts = ACTS(ACT_PURGE) | ACTS(ACT_EMPTY),
		.lead = _("What you threw away, and what others threw away of what you had put: for a month. Until then it takes room.") };
	describe_all(&list, columns);
	columns[1].head = _("Thrown away by");
	enum act act;
	while ((act = ui_list(v->ui, &list)) == ACT_OPEN || act == ACT_PURGE || act == ACT_EMPTY) {
		item_id item = { list.at };
		if (act == ACT_EMPTY && item.n) {
			empty_bin(v);
			continue;
		}
		if (!item.n || !agrees(v, &s, list.at, act))
			continue;
		int r = act == ACT_PURGE ? file_purge(v->db, item) : file_restore(v->db, item);
		if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, "%s", act == ACT_PURGE ? _("It is gone for good, and its room is free.") : _("It is back where it was."));
	}
	free(s.shown);
	return act;
}

/* ---- the search ---- */

struct sought {
	struct visit *v;
	struct search search;
	struct rows *out;
};

static bool
add_found(void *ctx, const struct hit *hit)
{
	struct sought *s = ctx;
	struct file f;
	char stands[SHELF_MAX + 1];
	struct buf folder = { 0 };
	search_row(s->out, hit);
	if (!file_get(s->v->db, hit->id, &f)) {
		file_stands(s->v->db, &f, stands);
		shelf_words(s->v->db, stands, &folder);
	}
	row_cell(&s->out->row[s->out->count - 1], FOUND_IN, buf_text(&folder));
	file_free(&f);
	buf_free(&folder);
	return true;
}

static int
hit_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct sought *s = ctx;
	(void)filter;
	s->out = out;
	return search_page(s->v->db, &s->search, (item_id){ from ? from->num : 0 }, direction, n, add_found, s);
}

/* A file found is shown, or chosen; of a folder what is in it. */
static enum act
open_found(struct visit *v, item_id item, const char *place, struct choosing *chosen)
{
	struct file f;
	if (file_get(v->db, item, &f)) {
		ui_say(v->ui, "%s", error_text(E_NOT_FOUND));
		return ACT_BACK;
	}
	enum act act = f.kind == FILE_FOLDER ? shelf_screen(v, f.shelf, place, chosen)
	    : chosen ? choose(v, item, chosen) : file_screen(v, item, place);
	file_free(&f);
	return act;
}

static enum act
found_screen(struct visit *v, const char *typed, const char *above, struct choosing *chosen)
{
	const struct column columns[] = { { _("Name"), 24, 0, 0 }, { _("By"), 10, 20, 2 }, { _("Date"), 12, 16, 1 },
		[FOUND_IN] = { _("In folder"), 20, 36, 3 } };
	struct buf words = { 0 }, place = { 0 };
	buf_str(&words, typed); /* the face's own, until the next question */
	if (chosen)
		buf_fmt(&place, "%s › ", above);
	buf_fmt(&place, _("Shared folders › Found: %s"), typed);
	struct sought s = { .v = v, .search = { .words = buf_text(&words), .kind = SEARCH_FILES } };
	struct list list = { .place = buf_text(&place), .columns = columns, .column_count = FOUND_IN + 1, .details = true, .clear = 1 << 2,
		.source = { hit_rows, &s }, .opens = opens(chosen), .empty = _("No name, description, content or folder has these words.") };
	enum act act;
	while ((act = ui_list(v->ui, &list)) == ACT_OPEN && list.at) {
		act = open_found(v, (item_id){ list.at }, _("Shared folders"), chosen);
		if (act == ACT_QUIT || act == ACT_DONE)
			break;
	}
	buf_free(&words);
	buf_free(&place);
	return act;
}

static const char *
nothing_here(const struct visit *v)
{
	return visit_member(v) ? _("Nothing is here yet, or nothing for you.")
			       : _("Nothing that is public is here yet. Members see what is for them alone.");
}

/* What may be sent there: how much a file, and how much in all. */
static void
write_room(struct visit *v, const struct file *shelf, struct buf *out)
{
	struct buf most = { 0 }, left = { 0 };
	int64_t used = 0, quota = 0, size = db_files(v->db)->size;
	i18n_size(&most, size);
	if (!shelf_room(v->db, shelf->shelf, &used, &quota))
		i18n_size(&left, quota > used ? quota - used : 0);
	if (size)
		buf_char(out, '\n');
	if (size && quota)
		buf_fmt(out, _("A file may have %s at the most; there is room for %s here."), buf_text(&most), buf_text(&left));
	else if (size)
		buf_fmt(out, _("A file may have %s at the most."), buf_text(&most));
	buf_free(&most);
	buf_free(&left);
}

/* How to send something here, for who may. */
static void
write_sending(struct visit *v, const struct file *shelf, struct buf *out)
{
	buf_fmt(out, "%s\n", _("To send a file here, type on your machine:"));
	write_put(v, shelf, out);
	if (v->receive_files)
		buf_fmt(out, "\n%s", _("Or by ZMODEM, where your terminal program knows it: Z."));
	write_room(v, shelf, out);
}

/* "bilan.pdf (2 MB), plan.odt (300 KB)": what the person began to send here; not all of many. */
static bool
add_partial(void *ctx, const struct file *f)
{
	enum { ENOUGH = 200 };
	struct buf *names = ctx;
	buf_fmt(names, "%s%s (", names->len ? ", " : "", buf_text(&f->name));
	i18n_size(names, f->size);
	buf_char(names, ')');
	return names->len < ENOUGH;
}

static void
write_partials(struct visit *v, const char *shelf, struct buf *out)
{
	struct buf names = { 0 };
	if (file_partials(v->db, shelf, add_partial, &names))
		buf_fmt(out, _("Not come whole yet: %s. Send again what was cut off: in sftp, reput goes on from there; after a day it is gone."),
		    names.data);
	buf_free(&names);
}

/* What is to be known before the rows. */
static void
write_lead(struct visit *v, const struct file *shelf, bool writes, const struct choosing *chosen, struct buf *out)
{
	buf_cut(out, 0);
	if (chosen && chosen->moved) {
		if (shelf_writes(v->db, shelf->shelf))
			buf_fmt(out, _("i puts “%s” here; n makes a new folder first."), buf_text(&chosen->moved->name));
		else
			buf_str(out, _("You can put nothing here: open the folder that it is to go to, or go back."));
		return;
	}
	write_partials(v, shelf->shelf, out);
	if (out->len && writes)
		buf_char(out, '\n');
	if (writes)
		write_sending(v, shelf, out);
	if (!strcmp(shelf->shelf, "departements"))
		buf_str(out, _("/ filters them by name or number: /gard, /30."));
}

/* What can be done with what stands there; where something is chosen nothing else is. */
static uint64_t
shelf_acts(struct visit *v, const char *key, const struct choosing *chosen)
{
	bool writes = (!chosen || chosen->moved) && shelf_writes(v->db, key);
	uint64_t acts = strcmp(key, "departements") != 0 ? ACTS(ACT_SEARCH) : 0;
	if (writes && chosen)
		return acts | ACTS(ACT_HERE) | ACTS(ACT_FOLDER);
	if (writes)
		acts |= ACTS(ACT_FOLDER) | ACTS(ACT_EDIT) | ACTS(ACT_CARRY) | ACTS(ACT_REMOVE);
	return acts | (writes && v->receive_files ? ACTS(ACT_BRING) : 0) | (chosen ? 0 : follow_acts(v));
}

/* Where something is chosen: ACT_DONE, and *chosen has the file, or what was to be moved is there. */
static enum act
shelf_screen(struct visit *v, const char *key, const char *above, struct choosing *chosen)
{
	struct column columns[COLUMNS];
	struct shelf_list s = { .v = v, .shelf = key, .chosen = chosen };
	struct file shelf;
	struct buf place = { 0 }, lead = { 0 };
	if (shelf_get(v->db, key, &shelf)) {
		ui_say(v->ui, "%s", error_text(E_NOT_FOUND));
		return ACT_BACK;
	}
	bool writes = !chosen && shelf_writes(v->db, key);
	uint64_t here = chosen ? 0 : follow_acts(v);
	file_visited(v->db, key);
	place_join(&place, above, shelf.title.len ? buf_text(&shelf.title) : buf_text(&shelf.name));
	bool departments = !strcmp(key, "departements");
	struct list list = { .place = buf_text(&place),
		.source = { departments ? department_rows : *key ? shelf_rows : top_rows, &s },
		.filters = departments,
		.empty = departments ? _("No département whose name has this.") : nothing_here(v),
		.acts = shelf_acts(v, key, chosen), .here = here, .act = act_here, .opens = opens(chosen) };
	describe(&list, columns);
	enum act act;
	for (;;) {
		v->listen(v, TOPIC_SHELF, 0);
		write_lead(v, &shelf, writes, chosen, &lead);
		list.lead = buf_text(&lead);
		act = ui_list(v->ui, &list);
		const struct shown *one = find_shown(&s, list.at);
		bool entry = one && (one->kind == FILE_FOLDER || one->kind == FILE_FILE);
		if (act == ACT_OPEN && list.at == BIN_ROW)
			act = bin_screen(v);
		else if (act == ACT_OPEN && list.at == RECENT_ROW)
			act = all_screen(v, RECENT, _("Shared folders › Recent files"),
			    nothing_here(v), chosen);
		else if (act == ACT_OPEN && list.at == FOLLOWED_ROW)
			act = all_screen(v, FOLLOWED, _("Shared folders › Followed"),
			    _("You follow no folder and no file. * follows one, and home says what is new there."), chosen);
		else if (act == ACT_OPEN && one)
			act = open_shown(v, one, buf_text(&place), chosen);
		else if (act == ACT_SEARCH)
			act = found_screen(v, ui_words(v->ui), above, chosen);
		else if (act == ACT_FOLDER)
			make_folder(v, key);
		else if (act == ACT_BRING && v->receive_files)
			v->receive_files(v, key);
		else if (act == ACT_EDIT && entry)
			file_change(v, (item_id){ one->id }, buf_text(&place));
		else if (act == ACT_CARRY && entry)
			act = file_carry(v, (item_id){ one->id });
		else if (act == ACT_HERE && chosen)
			act = file_put_into(v, chosen->moved, key) ? ACT_DONE : ACT_NONE;
		else if (act == ACT_REMOVE && entry)
			file_throw_away(v, (item_id){ one->id });
		else if (act == ACT_EDIT || act == ACT_REMOVE || act == ACT_CARRY)
			ui_say(v->ui, _("This stands here by itself: it can be neither changed nor thrown away."));
		else
			break;
		if (act == ACT_QUIT || (chosen && act == ACT_DONE))
			break;
	}
	buf_free(&place);
	buf_free(&lead);
	file_free(&shelf);
	free(s.shown);
	return act;
}

enum act
files_open(struct visit *v, const char *place)
{
	struct file f;
	if (file_at(v->db, place, &f)) {
		ui_say(v->ui, "%s", error_text(E_NOT_FOUND));
		return ACT_BACK;
	}
	enum act act = f.kind == FILE_FILE ? file_screen(v, f.item, _("Shared folders"))
					   : shelf_screen(v, f.shelf, _("Shared folders"), NULL);
	file_free(&f);
	return act;
}

enum act
files_screen(struct visit *v)
{
	return shelf_screen(v, "", "", NULL);
}

enum act
files_choose(struct visit *v, item_id *out)
{
	struct choosing chosen = { .moved = NULL };
	enum act act = shelf_screen(v, "", _("Attach a file"), &chosen);
	*out = chosen.file;
	return act;
}

enum act
files_choose_found(struct visit *v, const char *words, item_id *out)
{
	struct choosing chosen = { .moved = NULL };
	enum act act = found_screen(v, words, _("Attach a file"), &chosen);
	*out = chosen.file;
	return act;
}

enum act
files_put(struct visit *v, const struct file *moved, const char *place)
{
	struct choosing chosen = { .moved = moved };
	return shelf_screen(v, "", place, &chosen);
}
