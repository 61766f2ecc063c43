/* Shared folders: shelf by shelf, what a file is and how to fetch it, folders made, what is changed, the bin. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/magic.h"
#include "bbs/base/picture.h"
#include "bbs/base/text.h"
#include "db/file.h"
#include "screens/visit.h"

enum {
	RECENT_ROW = -1002,      /* of the list at the top */
	FOLLOWED_ROW = -1001,
	BIN_ROW = -1000,
	WHOLE_MAX = 200, /* the top, the départements */
	NAMED_SHOWN = 400,
};
/* Columns of a list; that of where it stands is shown of files of several shelves only. */
enum { WHERE = 4, COLUMNS };

static enum act
shelf_screen(struct visit *v, const char *key, const char *above, item_id *chosen);

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
	bool chooses;
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
	row_cell(r, 1, buf_text(&f->author_name));
	if (f->item.n)
		row_cell(r, WHERE, buf_text(&f->title));
	buf_cut(&cell, 0);
	if (f->changed && s->what != SHELF)
		clock_day(&cell, f->changed, clock_now());
	else if (f->changed)
		clock_phrase(&cell, f->changed, clock_now(), NULL);
	row_cell(r, 2, buf_text(&cell));
	buf_cut(&cell, 0);
	if (f->kind == FILE_FOLDER)
		buf_str(&cell, _("folder"));
	else if (f->kind == FILE_FILE || f->kind == FILE_PARTIAL)
		i18n_size(&cell, f->size);
	row_cell(r, 3, buf_text(&cell));
	buf_free(&cell);
	r->is_new = f->changed > s->v->me.last_visit && s->v->me.last_visit && f->author.n != s->v->me.id.n;
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
		return bin_page(db, id, direction, n, add_file, s);
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
	row_cell(rows_add(&all, RECENT_ROW, NULL, 0), 0, _("Recent files"));
	if (visit_member(s->v))
		row_cell(rows_add(&all, FOLLOWED_ROW, NULL, 0), 0, _("What I follow"));
	if (visit_member(s->v) && !s->chooses)
		row_cell(rows_add(&all, BIN_ROW, NULL, 0), 0, _("Bin"));
	return rows_window(&all, from, direction, n, out);
}

/* Départements are few, too: `/` looks for one. */
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

/* Follows or lets go what is at that place. */
static void
turn_follow(struct visit *v, const char *place, bool file)
{
	bool on = !file_follows(v->db, place);
	int r = file_follow(v->db, place, on);
	if (r == E_DENIED)
		ui_say(v->ui, _("Nothing is put here, only into the folders within: follow one of these."));
	else if (r)
		visit_say_error(v, r);
	else if (!on)
		ui_say(v->ui, file ? _("You no longer follow this file.") : _("You no longer follow this folder."));
	else
		ui_say(v->ui, file ? _("You follow this file: home says when there is another version.")
				   : _("You follow this folder: home says when something comes into it."));
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
	turn_follow(s->v, place, f.kind == FILE_FILE);
}

static uint64_t
acts_here(const struct visit *v)
{
	return visit_member(v) ? ACTS(ACT_FOLLOW) : 0;
}

static void
describe(struct list *list, struct column columns[COLUMNS])
{
	columns[0] = (struct column){ _("Name"), 24, 0, 0 };
	columns[1] = (struct column){ _("By"), 10, 20, 3 };
	columns[2] = (struct column){ _("Date"), 14, 17, 2 };
	columns[3] = (struct column){ NULL, 6, 10, 1 };
	list->columns = columns;
	list->column_count = WHERE;
}

/* … of several shelves: where each stands is worth more than its size. */
static void
describe_all(struct list *list, struct column columns[COLUMNS])
{
	columns[0] = (struct column){ _("Name"), 24, 0, 0 };
	columns[1] = (struct column){ _("By"), 10, 18, 2 };
	columns[2] = (struct column){ _("Date"), 11, 14, 3 };
	columns[3] = (struct column){ NULL, 8, 10, 1 };
	columns[WHERE] = (struct column){ _("In folder"), 20, 36, 4 };
	list->columns = columns;
	list->column_count = COLUMNS;
}

/* ---- one file ---- */

static const char *
level_sentence(const char *level)
{
	return !strcmp(level, "me") ? _("You alone read it.")
	    : !strcmp(level, "named") ? _("Those read it whom somebody has named.")
	    : !strcmp(level, "council") ? _("The members of the council read it.")
	    : !strcmp(level, "members") ? _("All members read it.")
	    : !strcmp(level, "message") ? _("Those read it who read the message that it is attached to.")
					: _("Everybody reads it, visitors too.");
}

/* Where it is, as scp takes it: short where the line that is copied, with `others` columns more, would not fit into 80. */
static void
write_where(struct visit *v, const struct file *f, size_t others, struct buf *out)
{
	size_t start = out->len;
	buf_fmt(out, "\"%s@%s:", visit_member(v) ? buf_text(&v->me.login) : "visiteur", v->host);
	others += out->len - start + 1;
	file_address(v->db, f, others < 79 ? 79 - others : 0, out);
	buf_char(out, '"');
}

/* Lines to type, for what there is on most machines. */
static void
write_fetching(struct visit *v, const struct file *f, struct buf *text)
{
	struct buf where = { 0 };
	write_where(v, f, strlen("pscp -P 65535  ."), &where);
	buf_fmt(text, "\n%s\n", _("To have it on your machine, type there, in a terminal (Windows: PowerShell):"));
	buf_fmt(text, "scp -P %d %s .\n", v->port, buf_text(&where));
	buf_fmt(text, "\n%s\n", _("With PuTTY on Windows:"));
	buf_fmt(text, "pscp -P %d %s .\n", v->port, buf_text(&where));
	if (v->send_file)
		buf_fmt(text, "\n%s\n", _("Or by ZMODEM, where your terminal program knows it: Z."));
	buf_free(&where);
}

static void
write_length(struct buf *out, int seconds)
{
	if (seconds < 60)
		buf_fmt(out, ngettext("%d second", "%d seconds", (unsigned long)seconds), seconds);
	else
		buf_fmt(out, _("%d min %02d s"), seconds / 60, seconds % 60);
}

/* Why there is nothing to read here, and what to do. */
static const char *
no_preview(struct visit *v, enum magic magic)
{
	switch (magic) {
	case MAGIC_PICTURE:
		return ui_draws(v->ui) ? _("It is a picture: v shows it.")
				       : _("It is a picture, which a face of lines does not show.");
	case MAGIC_HEIC:
		return _("It is a picture of a telephone (HEIC), which cannot be shown here. Sent as JPEG it could.");
	case MAGIC_VIDEO:
		return _("It is a film: fetch it to see it.");
	case MAGIC_PDF:
	case MAGIC_OFFICE:
		return _("There is no text to read in it here: fetch it to open it.");
	default:
		return _("Files of this kind are not shown here: fetch it to open it.");
	}
}

/* What can be read in it here, or a sentence. */
static void
write_preview(struct visit *v, const struct file *f, enum magic magic, struct buf *text)
{
	struct buf found = { 0 };
	int seconds = 0, r = file_text(v->db, f->item, &found, &seconds);
	if (r == E_EMPTY && (magic == MAGIC_PDF || magic == MAGIC_OFFICE || magic == MAGIC_SOUND))
		ui_progress(v->ui, _("A moment: this file is being looked into…"));
	if (r == E_EMPTY && !(r = v->look_into(v, f)))
		r = file_text(v->db, f->item, &found, &seconds);
	buf_char(text, '\n');
	if (found.len)
		buf_fmt(text, "%s\n", buf_text(&found));
	if (found.len >= CONTENT_TEXT_MAX - 4)
		buf_fmt(text, "%s\n", _("(What follows is not shown here.)"));
	if (seconds) {
		struct buf length = { 0 };
		write_length(&length, seconds);
		buf_fmt(text, _("A sound of %s. To hear it without keeping it:"), buf_text(&length));
		buf_fmt(text, "\nssh -p %d %s@%s file get %" PRId64 " | mpv -\n", v->port, buf_text(&v->me.login), v->host,
		    f->item.n);
		buf_free(&length);
	} else if (r == E_BUSY) {
		buf_fmt(text, "%s\n", _("What it says can be read here in a moment."));
	} else if (!found.len && f->size) {
		buf_fmt(text, "%s\n", no_preview(v, magic));
	}
	buf_free(&found);
}

static bool
is_attached(const struct file *f)
{
	return !strcmp(f->level, "message");
}

/* How much is said of it, and how much of that is new. */
static void
write_talk(struct visit *v, item_id item, struct buf *text)
{
	enum { MANY = 100 };
	int64_t unread[MANY];
	struct thread thread = { 0 };
	if (thread_get(v->db, item, &thread)) {
		if (visit_member(v))
			buf_fmt(text, "%s\n", _("Nobody has said anything of it yet: d begins."));
		return;
	}
	int n = visit_member(v) ? thread_unread(v->db, item, unread, MANY) : 0;
	buf_fmt(text, ngettext("Discussion (d): %d message", "Discussion (d): %d messages", (unsigned long)thread.posts),
	    (int)thread.posts);
	if (n)
		buf_fmt(text, ngettext(", %d new", ", %d new", (unsigned long)n), n);
	buf_str(text, ".\n");
	thread_free(&thread);
}

static bool
talked(struct visit *v, item_id item)
{
	struct thread thread = { 0 };
	bool begun = !thread_get(v->db, item, &thread);
	thread_free(&thread);
	return begun;
}

/* Reads what is said of it or, where that is nothing, says the first word. */
static enum act
discuss(struct visit *v, item_id item)
{
	if (!talked(v, item) && compose_reply(v, item, false) != ACT_DONE)
		return ACT_NONE;
	return thread_screen(v, item, (item_id){ 0 });
}

static bool
add_reason(void *ctx, const struct post_row *row)
{
	buf_fmt(ctx, _("Hidden by the animators, others do not see it: %s"), row->reason);
	buf_char(ctx, '\n');
	return true;
}

static void
write_file(struct visit *v, const struct file *f, enum magic magic, int versions, struct buf *text)
{
	struct buf when = { 0 }, size = { 0 }, about = { 0 };
	clock_phrase(&when, f->changed, clock_now(), NULL);
	i18n_size(&size, f->size);
	if (f->hidden)
		post_get(v->db, f->item, add_reason, text);
	buf_fmt(text, _("Sent by %s, %s; %s."), f->author_name.len ? buf_text(&f->author_name) : _("member who has left"),
	    buf_text(&when), buf_text(&size));
	buf_fmt(text, "\n%s", f->hidden ? "" : level_sentence(f->level));
	if (f->followed)
		buf_fmt(text, " %s", _("You follow it."));
	if (versions > 1)
		buf_fmt(text, ngettext(" It was sent %d time: h shows what it was before.", " It was sent %d times: h shows what it was before.",
		    (unsigned long)versions), versions);
	buf_char(text, '\n');
	if (!is_attached(f))
		write_talk(v, f->item, text);
	if (!file_about(v->db, f->item, &about) && about.len)
		buf_fmt(text, "\n%s\n", buf_text(&about));
	write_fetching(v, f, text);
	write_preview(v, f, magic, text);
	buf_free(&when);
	buf_free(&size);
	buf_free(&about);
}

/* ---- changed ---- */

enum { F_NAME, F_ABOUT, F_LEVEL, F_NAMED, F_COUNT };
static const char *const levels[] = { "me", "named", "council", "members", "public" };

static const char *
check_name(void *ctx, struct field *f)
{
	struct buf name = { 0 };
	(void)ctx;
	int r = file_check_name(buf_text(&f->value), &name);
	buf_free(&name);
	return r == E_TOO_LONG ? _("This name is too long.") : r ? _("A name without / and without signs that cannot be seen.") : NULL;
}

static int
level_of(const char *level)
{
	for (int i = 0; i < (int)(sizeof levels / sizeof *levels); i++)
		if (!strcmp(level, levels[i]))
			return i;
	return 3;
}

static void
say_changed(struct visit *v, item_id item, const struct buf *stripped)
{
	struct buf said = { 0 };
	int readers = file_readers(v->db, item);
	buf_str(&said, _("It is changed."));
	buf_char(&said, ' ');
	if (readers < 0)
		buf_str(&said, _("Everybody can read it, visitors too."));
	else
		buf_fmt(&said, ngettext("%d member can read it.", "%d members can read it.", (unsigned long)readers), readers);
	if (stripped->len)
		buf_fmt(&said, " %s", stripped->data);
	ui_say(v->ui, "%s", buf_text(&said));
	buf_free(&said);
}

static bool
add_reader(void *ctx, member_id member, const char *name, int64_t first)
{
	struct buf *names = ctx;
	(void)member;
	(void)first;
	buf_fmt(names, "%s%s", names->len ? ", " : "", name);
	return true;
}

/* Fewer will read it: who has read it already, and whether it shall be so all the same. */
static bool
agrees_to_lower(struct visit *v, const struct file *f, int level)
{
	enum { NAMES = 5 };
	struct buf names = { 0 }, question = { 0 };
	int n = level < level_of(f->level) ? file_seen_count(v->db, f->item) : 0;
	if (n <= 0)
		return true;
	file_seen_by(v->db, f->item, NOBODY, NAMES, add_reader, &names);
	if (n > NAMES)
		buf_str(&names, " …");
	if (n > 99)
		buf_fmt(&question, _("Over 99 members have read it already: %s"), buf_text(&names));
	else
		buf_fmt(&question, ngettext("%d member has read it already: %s", "%d members have read it already: %s",
		    (unsigned long)n), n, buf_text(&names));
	buf_fmt(&question, ". %s", _("What they have fetched stays with them. Let fewer read it all the same?"));
	bool agrees = ui_ask(v->ui, buf_text(&question));
	buf_free(&names);
	buf_free(&question);
	return agrees;
}

/* The form's fields into the store, each that is another now; the first trouble is said. */
static void
keep(struct visit *v, const struct file *f, const char *shelf, struct field *fields, const char *about, const char *before)
{
	int r = E_OK, level = (int)strtol(buf_text(&fields[F_LEVEL].value), NULL, 10);
	char typed[NAMED_SHOWN + 1];
	const char *names[NAMED_MAX];
	struct buf stripped = { 0 };
	int count = 0;
	if (strcmp(buf_text(&fields[F_NAME].value), buf_text(&f->name)) != 0)
		r = file_move(v->db, f->item, shelf, buf_text(&fields[F_NAME].value));
	if (!r && strcmp(buf_text(&fields[F_ABOUT].value), about) != 0)
		r = file_describe(v->db, f->item, buf_text(&fields[F_ABOUT].value));
	snprintf(typed, sizeof typed, "%s", buf_text(&fields[F_NAMED].value));
	char *rest = typed;
	for (char *one; (one = strsep(&rest, " ,;")) && count < NAMED_MAX;)
		if (*one)
			names[count++] = one;
	bool named = !strcmp(levels[level], "named"), others = strcmp(buf_text(&fields[F_NAMED].value), before) != 0;
	if (!r && !agrees_to_lower(v, f, level)) {
		ui_say(v->ui, _("Who reads it stays as it was."));
		return;
	}
	if (!r && (strcmp(levels[level], f->level) != 0 || (named && others))) {
		r = file_set_level(v->db, f->item, levels[level], names, named ? count : 0);
		file_stripped(v->db, &stripped);
	}
	if (r == E_INVALID)
		ui_say(v->ui, _("One of these log-in names is nobody's, or you are of no council: who reads it stays as it was."));
	else if (r)
		visit_say_error(v, r);
	else
		say_changed(v, f->item, &stripped);
	buf_free(&stripped);
}

static void
change(struct visit *v, item_id item, const char *above)
{
	static const char *options[6];
	const char *const words[] = { _("me alone"), _("persons whom I name"), _("my council"), _("all members"),
		_("everybody, visitors too"), NULL };
	struct file f;
	struct buf about = { 0 }, named = { 0 }, place = { 0 };
	char shelf[SHELF_MAX + 1];
	memcpy(options, words, sizeof words);
	int r = file_get(v->db, item, &f);
	if (!r && !f.changes) {
		file_free(&f);
		r = E_DENIED;
	}
	if (r) {
		visit_say_error(v, r);
		return;
	}
	file_about(v->db, item, &about);
	snprintf(shelf, sizeof shelf, "%s", f.shelf);
	if (f.kind == FILE_FOLDER)
		shelf_parent(v->db, f.shelf, shelf);
	struct field fields[F_COUNT] = {
		[F_NAME] = { FIELD_TEXT, .label = _("Name"), .max = FILE_NAME_MAX, .check = check_name },
		[F_ABOUT] = { FIELD_LONG, .label = _("What it is"), .rule = _("a few sentences, or nothing"),
		    .max = FILE_ABOUT_MAX },
		[F_LEVEL] = { FIELD_CHOICE, .label = f.kind == FILE_FOLDER ? _("Who reads what is put there")
									   : _("Who reads it"), .options = options },
		[F_NAMED] = { FIELD_TEXT, .label = _("Persons"), .rule = _("their log-in names, where you name who reads it"),
		    .max = NAMED_SHOWN },
	};
	place_join(&place, above, buf_text(&f.name));
	struct form form = { .place = buf_text(&place), .fields = fields, .field_count = F_COUNT, .ctx = v };
	buf_str(&fields[F_NAME].value, buf_text(&f.name));
	buf_str(&fields[F_ABOUT].value, buf_text(&about));
	buf_fmt(&fields[F_LEVEL].value, "%d", level_of(f.level));
	file_named(v->db, item, &named);
	buf_str(&fields[F_NAMED].value, buf_text(&named));
	if (ui_form(v->ui, &form) == ACT_DONE)
		keep(v, &f, shelf, fields, buf_text(&about), buf_text(&named));
	form_free(&form);
	buf_free(&place);
	buf_free(&named);
	buf_free(&about);
	file_free(&f);
}

/* True: it is in the bin. */
static bool
throw_away(struct visit *v, item_id item)
{
	struct file f;
	struct buf question = { 0 };
	int r = file_get(v->db, item, &f);
	bool done = false;
	if (!r && !f.changes) {
		file_free(&f);
		r = E_DENIED;
	}
	if (!r && f.hidden) {
		ui_say(v->ui, _("The animators have hidden this file: it stays here as long as it is hidden."));
		file_free(&f);
	} else if (!r) {
		buf_fmt(&question, f.kind == FILE_FOLDER ? _("Throw away the folder “%s” with all that is in it?")
							 : _("Throw away “%s”?"), buf_text(&f.name));
		if (ui_ask(v->ui, buf_text(&question))) {
			r = file_bin(v->db, item, true);
			done = !r;
			if (done)
				ui_say(v->ui, _("It is in the bin, and can be put back for a month."));
		}
		file_free(&f);
	}
	if (r)
		visit_say_error(v, r);
	buf_free(&question);
	return done;
}

static void
show_again(struct visit *v, item_id item)
{
	if (!ui_ask(v->ui, _("Show this file again?")))
		return;
	int r = post_show(v->db, item);
	if (r)
		visit_say_error(v, r);
	else
		ui_say(v->ui, _("The file is shown again."));
}

/* What can be done with a file, by whom. */
static uint64_t
file_acts(struct visit *v, const struct file *f)
{
	/* What is attached to a message is followed, discussed and reported with it. */
	if (is_attached(f))
		return 0;
	uint64_t acts = acts_here(v) | (f->changes ? ACTS(ACT_EDIT) | ACTS(ACT_REMOVE) : 0);
	if (visit_member(v) || talked(v, f->item))
		acts |= ACTS(ACT_TALK);
	if (visit_member(v) && f->author.n != v->me.id.n && !f->hidden)
		acts |= ACTS(ACT_REPORT);
	if (file_moderates(v->db, f->item))
		acts |= ACTS(f->hidden ? ACT_SHOW : ACT_HIDE);
	return acts;
}

/* ---- what it was ---- */

struct versions {
	struct visit *v;
	item_id item;
	struct rows *out;
};

static bool
no_more(void *ctx, const struct file_was *was)
{
	(void)ctx;
	(void)was;
	return true;
}

static bool
add_version(void *ctx, const struct file_was *was)
{
	struct versions *all = ctx;
	struct row *r = rows_add(all->out, was->version, NULL, was->version);
	struct buf cell = { 0 };
	buf_fmt(&cell, "%d", was->version);
	row_cell(r, 0, buf_text(&cell));
	buf_cut(&cell, 0);
	clock_phrase(&cell, was->created, clock_now(), NULL);
	row_cell(r, 1, buf_text(&cell));
	row_cell(r, 2, was->author);
	buf_cut(&cell, 0);
	i18n_size(&cell, was->size);
	row_cell(r, 3, buf_text(&cell));
	buf_free(&cell);
	return true;
}

static int
version_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct versions *all = ctx;
	struct rows whole = { 0 };
	(void)filter;
	all->out = &whole;
	file_versions(all->v->db, all->item, add_version, all);
	return rows_window(&whole, from, direction, n, out);
}

/* Every version there was, and how to have one, or make it the newest again. */
static enum act
versions_of(struct visit *v, item_id item, const char *above)
{
	const struct column columns[] = { { _("Version"), 7, 9, 0 }, { _("Date"), 14, 20, 0 }, { _("By"), 10, 24, 2 }, { NULL, 6, 10, 1 } };
	struct versions all = { .v = v, .item = item };
	struct buf place = { 0 }, lead = { 0 };
	struct file f;
	enum act act = ACT_NONE;
	if (file_get(v->db, item, &f))
		return ACT_BACK;
	place_join(&place, above, buf_text(&f.name));
	buf_fmt(&lead, _("To have one of them, with its number for N:\nssh -p %d %s@%s file get %lld --version N > FILE"), v->port,
	    buf_text(&v->me.login), v->host, (long long)item.n);
	struct list list = { .place = buf_text(&place), .lead = buf_text(&lead), .columns = columns, .column_count = 4,
		.source = { version_rows, &all }, .shows_only = true, .acts = f.changes && strcmp(f.level, "public") != 0 ? ACTS(ACT_RESTORE) : 0 };
	while (act != ACT_BACK && act != ACT_QUIT) {
		act = ui_list(v->ui, &list);
		if (act != ACT_RESTORE || !list.at)
			continue;
		int r = file_put_back(v->db, item, (int)list.at);
		if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, _("It is again what it was then; what it was until now is a version of it."));
	}
	buf_free(&place);
	buf_free(&lead);
	file_free(&f);
	return act == ACT_BACK ? ACT_NONE : act;
}

/* ---- a picture ---- */

struct looked_at {
	struct visit *v;
	const struct file *file;
};

static int
draw_picture(void *ctx, const int32_t number[3], struct buf *drawn)
{
	struct looked_at *l = ctx;
	return l->v->draw_picture(l->v, l->file, number, drawn);
}

static enum act
picture_screen(struct visit *v, const struct file *f, const char *place)
{
	struct looked_at looked = { v, f };
	struct buf words = { 0 };
	i18n_size(&words, f->size);
	struct picture picture = { .place = place, .words = buf_text(&words), .draw = draw_picture, .ctx = &looked };
	enum act act = ui_picture(v->ui, &picture);
	buf_free(&words);
	return act;
}

static bool
is_table(const struct file *f, enum magic magic)
{
	const char *dot = strrchr(buf_text(&f->name), '.');
	return magic == MAGIC_TEXT && dot && (!strcasecmp(dot, ".csv") || !strcasecmp(dot, ".tsv"));
}

static enum magic
magic_of_file(struct visit *v, const struct file *f)
{
	char head[MAGIC_BYTES];
	int64_t n = file_read(v->db, f->item, f->content, 0, head, sizeof head);
	return magic_of(head, n > 0 ? (size_t)n : 0);
}

enum act
file_screen(struct visit *v, item_id item, const char *place)
{
	enum act act = ACT_NONE;
	char at[SHELF_MAX + 1];
	while (act != ACT_BACK && act != ACT_QUIT) {
		struct file f;
		struct buf text = { 0 }, where = { 0 };
		if (file_get(v->db, item, &f)) {
			ui_say(v->ui, "%s", error_text(E_NOT_FOUND));
			return ACT_BACK;
		}
		file_place(&f, at);
		file_visited(v->db, at);
		file_saw(v->db, item);
		file_saw_all(v->db);
		enum magic magic = magic_of_file(v, &f);
		bool picture = magic == MAGIC_PICTURE && ui_draws(v->ui), table = is_table(&f, magic);
		int versions = file_versions(v->db, item, no_more, NULL);
		write_file(v, &f, magic, versions, &text);
		place_join(&where, place, buf_text(&f.name));
		struct page page = { .place = buf_text(&where), .text = buf_text(&text),
			.acts = file_acts(v, &f) | (versions > 1 ? ACTS(ACT_HISTORY) : 0) | (picture || table ? ACTS(ACT_LOOK) : 0) |
			    (v->send_file ? ACTS(ACT_FETCH) : 0) };
		act = ui_page(v->ui, &page);
		bool looks = act == ACT_LOOK;
		if (looks)
			act = table ? table_screen(v, &f, buf_text(&where)) : picture_screen(v, &f, buf_text(&where));
		if (act == ACT_BACK && looks)
			act = ACT_NONE;
		if (act == ACT_FETCH && v->send_file)
			v->send_file(v, &f);
		buf_free(&where);
		buf_free(&text);
		file_free(&f);
		if (act == ACT_EDIT)
			change(v, item, place);
		else if (act == ACT_HISTORY)
			act = versions_of(v, item, place);
		else if (act == ACT_FOLLOW)
			turn_follow(v, at, true);
		else if (act == ACT_REPORT)
			report_file(v, item);
		else if (act == ACT_SHOW)
			show_again(v, item);
		else if (act == ACT_HIDE)
			hide_file(v, item);
		else if (act == ACT_TALK && discuss(v, item) == ACT_QUIT)
			act = ACT_QUIT;
		else if (act == ACT_REMOVE && throw_away(v, item))
			act = ACT_BACK;
	}
	return act;
}

/* A file that is made whenever it is asked for: how to have it. */
static enum act
made_screen(struct visit *v, const struct shown *one, const char *place)
{
	struct file f = { .kind = FILE_MADE };
	struct buf text = { 0 }, where = { 0 };
	snprintf(f.shelf, sizeof f.shelf, "%s", one->shelf);
	buf_str(&f.name, one->name);
	buf_fmt(&text, "%s\n", _("It is made anew from the directory each time it is fetched."));
	write_fetching(v, &f, &text);
	place_join(&where, place, one->name);
	struct page page = { .place = buf_text(&where), .text = buf_text(&text), .acts = v->send_file ? ACTS(ACT_FETCH) : 0 };
	enum act act;
	while ((act = ui_page(v->ui, &page)) == ACT_FETCH && v->send_file)
		v->send_file(v, &f);
	buf_free(&text);
	buf_free(&where);
	file_free(&f);
	return act;
}

/* ---- shelves ---- */

static void
make_folder(struct visit *v, const char *shelf)
{
	struct buf name = { 0 };
	struct file made;
	if (ui_line(v->ui, _("Name of the new folder"), NULL, &name, FILE_NAME_MAX, false) && name.len) {
		int r = folder_make(v->db, shelf, buf_text(&name), &made);
		if (r == E_EXISTS)
			ui_say(v->ui, _("There is something of that name here already."));
		else if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, _("The folder is there. Those who read this one read it too."));
		file_free(&made);
	}
	buf_free(&name);
}

static enum act
choose(item_id item, item_id *chosen)
{
	*chosen = item;
	return ACT_DONE;
}

/* A file is shown, or chosen; of a folder what is in it. */
static enum act
open_shown(struct visit *v, const struct shown *one, const char *place, item_id *chosen)
{
	if (one->kind == FILE_SHELF || one->kind == FILE_FOLDER)
		return shelf_screen(v, one->shelf, place, chosen);
	if (chosen && one->kind == FILE_FILE)
		return choose((item_id){ one->id }, chosen);
	if (chosen) {
		ui_say(v->ui, _("This cannot be attached."));
		return ACT_NONE;
	}
	return one->kind == FILE_MADE ? made_screen(v, one, place) : file_screen(v, (item_id){ one->id }, place);
}

/* Of all shelves: files by their last change, or what the person follows. */
static enum act
all_screen(struct visit *v, enum what what, const char *place, const char *empty, item_id *chosen)
{
	struct column columns[COLUMNS];
	struct shelf_list s = { .v = v, .what = what };
	uint64_t here = chosen ? 0 : acts_here(v);
	struct list list = { .place = place, .source = { shelf_rows, &s }, .empty = empty, .acts = here,
		.here = here, .act = act_here };
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

static enum act
bin_screen(struct visit *v)
{
	struct column columns[COLUMNS];
	struct shelf_list s = { .v = v, .what = BIN };
	struct list list = { .place = _("Shared folders › Bin"), .source = { shelf_rows, &s },
		.empty = _("Nothing was thrown away."), .shows_only = true, .acts = ACTS(ACT_RESTORE) | ACTS(ACT_REMOVE),
		.lead = _("What you threw away, and what others threw away of what you had put: for a month. Until then it takes room.") };
	describe(&list, columns);
	enum act act;
	while ((act = ui_list(v->ui, &list)) == ACT_RESTORE || act == ACT_REMOVE) {
		item_id item = { list.at };
		if (!item.n || (act == ACT_REMOVE && !ui_ask(v->ui, _("Throw it away for good? Nobody can put it back then."))))
			continue;
		int r = act == ACT_REMOVE ? file_purge(v->db, item) : file_restore(v->db, item);
		if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, "%s", act == ACT_REMOVE ? _("It is gone for good, and its room is free.") : _("It is back where it was."));
	}
	free(s.shown);
	return act;
}

/* ---- the search ---- */

struct sought {
	struct visit *v;
	struct search search;
};

static int
hit_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct sought *s = ctx;
	(void)filter;
	return search_page(s->v->db, &s->search, (item_id){ from ? from->num : 0 }, direction, n, search_row, out);
}

/* A file found is shown, or chosen; of a folder what is in it. */
static enum act
open_found(struct visit *v, item_id item, const char *place, item_id *chosen)
{
	struct file f;
	if (file_get(v->db, item, &f)) {
		ui_say(v->ui, "%s", error_text(E_NOT_FOUND));
		return ACT_BACK;
	}
	enum act act = f.kind == FILE_FOLDER ? shelf_screen(v, f.shelf, place, chosen)
	    : chosen ? choose(item, chosen) : file_screen(v, item, place);
	file_free(&f);
	return act;
}

static enum act
found_screen(struct visit *v, const char *typed, item_id *chosen)
{
	const struct column columns[] = { { _("Name"), 24, 0, 0 }, { _("By"), 10, 20, 2 }, { _("Date"), 10, 17, 1 } };
	struct buf words = { 0 }, place = { 0 };
	buf_str(&words, typed); /* the face's own, until the next question */
	buf_fmt(&place, _("Shared folders › Found: %s"), typed);
	struct sought s = { .v = v, .search = { .words = buf_text(&words), .kind = SEARCH_FILES } };
	struct list list = { .place = buf_text(&place), .columns = columns, .column_count = 3, .details = true,
		.source = { hit_rows, &s }, .empty = _("No name, description or folder has these words.") };
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

/* How to send something here, for who may. */
static void
write_sending(struct visit *v, const struct file *shelf, struct buf *out)
{
	struct buf where = { 0 };
	write_where(v, shelf, strlen("scp -P 65535 FICHIER "), &where);
	buf_fmt(out, _("To send a file here, type on your machine:\nscp -P %d FILE %s"), v->port, buf_text(&where));
	if (v->receive_files)
		buf_fmt(out, "\n%s", _("Or by ZMODEM, where your terminal program knows it: Z."));
	buf_free(&where);
}

/* Where a file is to be chosen nothing is changed: ACT_DONE, and it is in *chosen. */
static enum act
shelf_screen(struct visit *v, const char *key, const char *above, item_id *chosen)
{
	struct column columns[COLUMNS];
	struct shelf_list s = { .v = v, .shelf = key, .chooses = chosen };
	struct file shelf;
	struct buf place = { 0 }, lead = { 0 };
	if (shelf_get(v->db, key, &shelf)) {
		ui_say(v->ui, "%s", error_text(E_NOT_FOUND));
		return ACT_BACK;
	}
	bool writes = !chosen && shelf_writes(v->db, key);
	uint64_t here = chosen ? 0 : acts_here(v);
	file_visited(v->db, key);
	place_join(&place, above, shelf.title.len ? buf_text(&shelf.title) : buf_text(&shelf.name));
	if (writes)
		write_sending(v, &shelf, &lead);
	bool departments = !strcmp(key, "departements");
	struct list list = { .place = buf_text(&place),
		.source = { departments ? department_rows : *key ? shelf_rows : top_rows, &s },
		.lead = departments ? _("/ looks for one by its name or its number: /gard, /30.") : lead.len ? buf_text(&lead) : NULL,
		.filters = departments,
		.empty = departments ? _("No département whose name has this.") : _("Nothing is here yet, or nothing for you."),
		.acts = (departments ? 0 : ACTS(ACT_SEARCH)) | here | (writes ? ACTS(ACT_FOLDER) | ACTS(ACT_EDIT) | ACTS(ACT_REMOVE) : 0) |
		    (writes && v->receive_files ? ACTS(ACT_BRING) : 0),
		.here = here, .act = act_here };
	describe(&list, columns);
	enum act act;
	for (;;) {
		v->listen(v, TOPIC_SHELF, 0);
		act = ui_list(v->ui, &list);
		const struct shown *one = find_shown(&s, list.at);
		bool entry = one && (one->kind == FILE_FOLDER || one->kind == FILE_FILE);
		if (act == ACT_OPEN && list.at == BIN_ROW)
			act = bin_screen(v);
		else if (act == ACT_OPEN && list.at == RECENT_ROW)
			act = all_screen(v, RECENT, _("Shared folders › Recent files"),
			    _("Nothing is here yet, or nothing for you."), chosen);
		else if (act == ACT_OPEN && list.at == FOLLOWED_ROW)
			act = all_screen(v, FOLLOWED, _("Shared folders › Followed"),
			    _("You follow no folder and no file. * follows one, and home says what is new there."), chosen);
		else if (act == ACT_OPEN && one)
			act = open_shown(v, one, buf_text(&place), chosen);
		else if (act == ACT_SEARCH)
			act = found_screen(v, ui_words(v->ui), chosen);
		else if (act == ACT_FOLDER)
			make_folder(v, key);
		else if (act == ACT_BRING && v->receive_files)
			v->receive_files(v, key);
		else if (act == ACT_EDIT && entry)
			change(v, (item_id){ one->id }, buf_text(&place));
		else if (act == ACT_REMOVE && entry)
			throw_away(v, (item_id){ one->id });
		else if (act == ACT_EDIT || act == ACT_REMOVE)
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
					   : shelf_screen(v, place, _("Shared folders"), NULL);
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
	return shelf_screen(v, "", _("Attach a file"), out);
}
