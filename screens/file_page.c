/* The page of a file: what it is, what can be read in it, how to fetch it, what it was; what can be done with it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/magic.h"
#include "bbs/base/picture.h"
#include "bbs/base/text.h"
#include "db/file.h"
#include "screens/files.h"

void
follow_turn(struct visit *v, const char *place, bool file)
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

uint64_t
follow_acts(const struct visit *v)
{
	return visit_member(v) ? ACTS(ACT_FOLLOW) : 0;
}

/* ---- one file ---- */

static const char *
level_sentence(const char *level)
{
	return !strcmp(level, "me") ? _("You alone can read it.")
	    : !strcmp(level, "named") ? _("Those can read it whom somebody has named.")
	    : !strcmp(level, "council") ? _("The members of the council can read it.")
	    : !strcmp(level, "members") ? _("All members can read it.")
	    : !strcmp(level, "message") ? _("Those can read it who read the message that it is attached to.")
					: _("Everybody can read it, visitors too.");
}

/* A blank before the next sentence of a line. */
static void
go_on(struct buf *text)
{
	if (text->len && text->data[text->len - 1] != '\n')
		buf_char(text, ' ');
}

/* Who can read it: to whoever may change that those who are named by their names. */
static void
write_readers(struct visit *v, const struct file *f, struct buf *text)
{
	struct buf named = { 0 };
	if (!strcmp(f->level, "named"))
		file_named(v->db, f->item, &named);
	if (named.len)
		buf_fmt(text, _("Named to read it: %s."), named.data);
	else
		buf_str(text, level_sentence(f->level));
	buf_free(&named);
}

static const char *
login(const struct visit *v)
{
	return visit_member(v) ? buf_text(&v->me.login) : "visiteur";
}

/*
 * Adds where a file, a folder, a shelf is, as scp takes it, quoted: short where the line that is copied, with
 * `others` columns more, would not fit into 80.
 */
static void
write_where(struct visit *v, const struct file *f, size_t others, struct buf *out)
{
	enum { LINE = 78 };
	size_t start = out->len;
	buf_fmt(out, "\"%s@%s:", login(v), v->host);
	others += out->len - start + 1;
	file_address(v->db, f, others < LINE ? LINE - others : 0, out);
	buf_char(out, '"');
}

/* The same for narrow windows, in which no line of scp fits: two short ones. */
static void
write_sftp(struct visit *v, const struct file *f, const char *verb, struct buf *out)
{
	buf_fmt(out, "sftp -P %d %s@%s\n%s ", v->port, login(v), v->host, verb);
	file_address(v->db, f, 0, out);
}

void
write_put(struct visit *v, const struct file *shelf, struct buf *out)
{
	struct buf line = { 0 };
	buf_fmt(&line, "scp -P %d %s ", v->port, _("FILE"));
	write_where(v, shelf, (size_t)text_width(line.data, line.len), &line);
	if (ui_fits(v->ui, line.data))
		buf_str(out, line.data);
	else
		write_sftp(v, shelf, _("put FILE"), out);
	buf_free(&line);
}

/* Lines to type, for what there is on most machines. */
static void
write_fetching(struct visit *v, const struct file *f, struct buf *text)
{
	struct buf line = { 0 };
	buf_fmt(&line, "pscp -P %d ", v->port);
	write_where(v, f, line.len + strlen(" ."), &line);
	buf_str(&line, " .");
	bool fits = ui_fits(v->ui, line.data);
	buf_fmt(text, "%s\n", _("To have it on your machine, type there, in a terminal (Windows: PowerShell):"));
	if (fits)
		buf_str(text, line.data + 1);
	else
		write_sftp(v, f, "get", text);
	buf_fmt(text, "\n\n%s\n", _("With PuTTY on Windows:"));
	if (fits)
		buf_fmt(text, "%s\n", line.data);
	else
		buf_fmt(text, "%s\n", _("psftp in the place of sftp, mget in that of get."));
	if (v->send_file)
		buf_fmt(text, "\n%s\n", _("Or by ZMODEM, where your terminal program knows it: Z."));
	buf_free(&line);
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

/*
 * Tables of text, and spreadsheets of which the cells were found: these have lines of CSV to be read (decode/text.c).
 */
static bool
is_table(const struct file *f, enum magic magic, const char *found)
{
	static const struct {
		const char *end;
		enum magic magic;
	} tables[] = { { ".csv", MAGIC_TEXT }, { ".tsv", MAGIC_TEXT }, { ".xlsx", MAGIC_OFFICE }, { ".ods", MAGIC_OFFICE } };
	const char *dot = strrchr(buf_text(&f->name), '.');
	for (size_t i = 0; dot && i < sizeof tables / sizeof *tables; i++)
		if (magic == tables[i].magic && !strcasecmp(dot, tables[i].end))
			return magic == MAGIC_TEXT || strchr(found, ';');
	return false;
}

/* The command that gives its bytes; version 0: the newest. */
static void
write_get(struct visit *v, item_id item, int version, struct buf *out)
{
	buf_fmt(out, "ssh -p %d %s@%s file get %" PRId64, v->port, login(v), v->host, item.n);
	if (version)
		buf_fmt(out, " --version %d", version);
}

/* What can be read in it here, or a sentence; version 0: the newest. Is it a table? */
static bool
write_preview(struct visit *v, const struct file *f, enum magic magic, int version, struct buf *text)
{
	struct buf found = { 0 };
	int seconds = 0, r = file_text(v->db, f, &found, &seconds);
	if (r == E_EMPTY && (magic == MAGIC_PDF || magic == MAGIC_OFFICE || magic == MAGIC_SOUND))
		ui_progress(v->ui, _("A moment: this file is being looked into…"));
	if (r == E_EMPTY && !(r = v->look_into(v, f)))
		r = file_text(v->db, f, &found, &seconds);
	buf_char(text, '\n');
	bool table = is_table(f, magic, buf_text(&found));
	if (table)
		buf_fmt(text, "%s\n", _("It is a table: v shows it in columns."));
	else if (found.len)
		buf_fmt(text, "%s\n", buf_text(&found));
	if (!table && found.len >= CONTENT_TEXT_MAX - 4)
		buf_fmt(text, "%s\n", _("(What follows is not shown here.)"));
	if (seconds) {
		struct buf length = { 0 };
		write_length(&length, seconds);
		buf_fmt(text, _("A sound of %s. To hear it without keeping it:"), buf_text(&length));
		buf_char(text, '\n');
		write_get(v, f->item, version, text);
		buf_str(text, " | mpv -\n");
		buf_free(&length);
	} else if (r == E_BUSY) {
		buf_fmt(text, "%s\n", _("What it says can be read here in a moment."));
	} else if (!found.len && f->size) {
		buf_fmt(text, "%s\n", no_preview(v, magic));
	}
	buf_free(&found);
	return table;
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

static const char *
who(const struct buf *name)
{
	return name->len ? buf_text(name) : _("member who has left");
}

/* Who sent it, how much it is. */
static void
write_origin(const struct file *f, struct buf *text)
{
	struct buf when = { 0 }, size = { 0 };
	bool by_author = f->by.n == f->author.n;
	clock_phrase(&when, f->sent, clock_now(), NULL);
	i18n_size(&size, f->size);
	buf_fmt(text, by_author ? _("Sent by %s, %s; %s.") : _("Changed by %s, %s; %s."), who(&f->by_name), buf_text(&when),
	    buf_text(&size));
	if (!by_author)
		buf_fmt(text, _(" %s had put it here."), who(&f->author_name));
	buf_char(text, '\n');
	buf_free(&when);
	buf_free(&size);
}

/* Where it is; of what was moved since when. */
static void
write_folder(struct visit *v, const struct file *f, struct buf *text)
{
	enum { AT_ONCE = 60 };
	struct buf folder = { 0 }, when = { 0 };
	shelf_words(v->db, f->shelf, &folder);
	clock_phrase(&when, f->changed, clock_now(), NULL);
	if (folder.len && f->changed > f->sent + AT_ONCE)
		buf_fmt(text, _("Folder: %s (put there: %s)."), buf_text(&folder), buf_text(&when));
	else if (folder.len)
		buf_fmt(text, _("Folder: %s."), buf_text(&folder));
	buf_free(&folder);
	buf_free(&when);
}

/* The page's text. Is it a table? */
static bool
write_file(struct visit *v, const struct file *f, enum magic magic, int versions, struct buf *text)
{
	struct buf about = { 0 };
	int reports = report_of(v->db, f->item);
	if (f->hidden)
		post_get(v->db, f->item, add_reason, text);
	if (reports)
		buf_fmt(text, ngettext("%d member has reported it: Administration, Reports, tells why.\n",
		    "%d members have reported it: Administration, Reports, tells why.\n", (unsigned long)reports), reports);
	if (report_made(v->db, f->item))
		buf_fmt(text, "%s\n", _("You have reported this file: the animators know."));
	write_origin(f, text);
	if (!is_attached(f))
		write_folder(v, f, text);
	if (!f->hidden) {
		go_on(text);
		write_readers(v, f, text);
	}
	if (f->followed)
		buf_fmt(text, " %s", _("You follow it."));
	if (versions > 1)
		buf_fmt(text, " %s", _("Earlier versions: h."));
	buf_char(text, '\n');
	if (!file_name_travels(buf_text(&f->name)))
		buf_fmt(text, "%s\n", f->changes ? _("Windows cannot keep a file called so: e gives it another name.")
						 : _("Windows cannot keep a file called so: give it another name there."));
	if (!is_attached(f))
		write_talk(v, f->item, text);
	buf_fmt(text, "%s\n", _("To have it on your machine: C tells how."));
	if (!file_about(v->db, f->item, &about) && about.len)
		buf_fmt(text, "\n%s\n", buf_text(&about));
	buf_free(&about);
	return write_preview(v, f, magic, 0, text);
}

/* How to have it, behind what there is to say before. */
static enum act
fetch_screen(struct visit *v, const struct file *f, const char *before, const char *place)
{
	struct buf text = { 0 };
	buf_str(&text, before);
	write_fetching(v, f, &text);
	struct page page = { .place = place, .text = buf_text(&text), .acts = v->send_file ? ACTS(ACT_FETCH) : 0 };
	enum act act;
	while ((act = ui_page(v->ui, &page)) == ACT_FETCH && v->send_file)
		v->send_file(v, f);
	buf_free(&text);
	return act;
}

static enum act
copy_screen(struct visit *v, const struct file *f, const char *above)
{
	struct buf place = { 0 };
	place_join(&place, above, _("Copy"));
	enum act act = fetch_screen(v, f, "", buf_text(&place));
	buf_free(&place);
	return act;
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
	uint64_t acts = follow_acts(v) | (f->changes ? ACTS(ACT_EDIT) | ACTS(ACT_CARRY) | ACTS(ACT_REMOVE) : 0);
	if (visit_member(v) || talked(v, f->item))
		acts |= ACTS(ACT_TALK);
	if (visit_member(v) && f->author.n != v->me.id.n && !f->hidden)
		acts |= ACTS(ACT_REPORT);
	if (file_moderates(v->db, f->item))
		acts |= ACTS(f->hidden ? ACT_SHOW : ACT_HIDE);
	return acts;
}

/* ---- a picture, a table ---- */

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

static enum magic
magic_of_file(struct visit *v, const struct file *f)
{
	char head[MAGIC_BYTES];
	int64_t n = file_read(v->db, f->item, f->content, 0, head, sizeof head);
	return magic_of(head, n > 0 ? (size_t)n : 0);
}

/* As it looks, in columns or drawn. */
static enum act
look_screen(struct visit *v, const struct file *f, enum magic magic, bool table, const char *place)
{
	return table ? table_screen(v, f, magic, place) : picture_screen(v, f, place);
}

/* ---- what it was ---- */

struct versions {
	struct visit *v;
	item_id item;
	struct rows *out;
};

static bool
just_count(void *ctx, const struct file_was *was)
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
	buf_fmt(&cell, _("version %d"), was->version);
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

struct version_sought {
	struct file *file;
	int version; /* 0: found */
};

static bool
take_version(void *ctx, const struct file_was *was)
{
	struct version_sought *s = ctx;
	if (was->version != s->version)
		return true;
	s->version = 0;
	s->file->content = was->content;
	s->file->size = was->size;
	s->file->sent = was->created;
	buf_cut(&s->file->by_name, 0);
	buf_str(&s->file->by_name, was->author);
	return false;
}

static void
put_back(struct visit *v, item_id item, int version)
{
	struct buf stripped = { 0 };
	int r = file_put_back(v->db, item, version);
	if (r) {
		ui_say(v->ui, "%s", r == E_DONE ? _("It is so already: this is what it is now.") : error_text(r));
		return;
	}
	file_stripped(v->db, &stripped);
	ui_say(v->ui, "%s %s", _("It is again what it was then; what it was until now is a version of it."), buf_text(&stripped));
	buf_free(&stripped);
}

/* How to have it: PowerShell's own > makes text of what is none. */
static enum act
copy_version_screen(struct visit *v, item_id item, int version, const char *above)
{
	struct buf text = { 0 }, line = { 0 }, place = { 0 };
	write_get(v, item, version, &line);
	buf_fmt(&line, " > %s", _("FILE"));
	buf_fmt(&text, "%s\n%s\n\n%s\ncmd /c \"%s\"\n", _("To have it on your machine, type there, in a terminal (Linux, Mac):"),
	    line.data, _("On Windows, in PowerShell:"), line.data);
	place_join(&place, above, _("Copy"));
	struct page page = { .place = buf_text(&place), .text = buf_text(&text) };
	enum act act = ui_page(v->ui, &page);
	buf_free(&text);
	buf_free(&line);
	buf_free(&place);
	return act;
}

/* The file as it was. */
static enum act
version_screen(struct visit *v, item_id item, int version, const char *above)
{
	struct file f;
	struct buf text = { 0 }, when = { 0 }, size = { 0 }, name = { 0 }, place = { 0 };
	enum act act = ACT_NONE;
	if (file_get(v->db, item, &f))
		return ACT_BACK;
	struct version_sought sought = { &f, version };
	file_versions(v->db, item, take_version, &sought);
	if (sought.version) { /* no longer among those that are shown */
		file_free(&f);
		return ACT_BACK;
	}
	enum magic magic = magic_of_file(v, &f);
	clock_phrase(&when, f.sent, clock_now(), NULL);
	i18n_size(&size, f.size);
	buf_fmt(&text, _("Sent by %s, %s; %s."), who(&f.by_name), buf_text(&when), buf_text(&size));
	buf_char(&text, '\n');
	bool table = write_preview(v, &f, magic, version, &text);
	bool looks = table || (magic == MAGIC_PICTURE && ui_draws(v->ui));
	buf_fmt(&name, _("version %d"), version);
	place_join(&place, above, buf_text(&name));
	struct page page = { .place = buf_text(&place), .text = buf_text(&text), .acts = (looks ? ACTS(ACT_LOOK) : 0) |
		(f.changes ? ACTS(ACT_RESTORE) : 0) | (v->send_file ? ACTS(ACT_FETCH) : 0) | ACTS(ACT_COPY) };
	while (act != ACT_BACK && act != ACT_QUIT && act != ACT_RESTORE) {
		act = ui_page(v->ui, &page);
		bool quits = (act == ACT_LOOK && look_screen(v, &f, magic, table, buf_text(&place)) == ACT_QUIT) ||
		    (act == ACT_COPY && copy_version_screen(v, item, version, buf_text(&place)) == ACT_QUIT);
		if (quits)
			act = ACT_QUIT;
		else if (act == ACT_FETCH && v->send_file)
			v->send_file(v, &f);
	}
	if (act == ACT_RESTORE)
		put_back(v, item, version);
	buf_free(&text);
	buf_free(&when);
	buf_free(&size);
	buf_free(&name);
	buf_free(&place);
	file_free(&f);
	return act;
}

/* Every version there was, and how to have one, or make it the newest again. */
static enum act
file_versions_screen(struct visit *v, item_id item, const char *above)
{
	const struct column columns[] = { { NULL, 9, 12, 0 }, { _("Date"), 14, 30, 0 }, { _("By"), 10, 24, 2 }, { _("Size"), 6, 10, 1 } };
	struct versions all = { .v = v, .item = item };
	struct buf place = { 0 };
	struct file f;
	enum act act = ACT_NONE;
	if (file_get(v->db, item, &f))
		return ACT_BACK;
	place_join(&place, above, _("Versions"));
	struct list list = { .place = buf_text(&place), .columns = columns, .column_count = 4, .clear = 1 << 1 | 1 << 3,
		.source = { version_rows, &all }, .acts = f.changes ? ACTS(ACT_RESTORE) : 0 };
	while (act != ACT_BACK && act != ACT_QUIT) {
		act = ui_list(v->ui, &list);
		if (act == ACT_OPEN && list.at && version_screen(v, item, (int)list.at, buf_text(&place)) == ACT_QUIT)
			act = ACT_QUIT;
		else if (act == ACT_RESTORE && list.at)
			put_back(v, item, (int)list.at);
	}
	buf_free(&place);
	file_free(&f);
	return act;
}

/* Where it stands is another place now: its page is left. */
static enum act
carried(struct visit *v, item_id item)
{
	enum act act = file_carry(v, item);
	return act == ACT_DONE ? ACT_BACK : act == ACT_QUIT ? ACT_QUIT : ACT_NONE;
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
		bool picture = magic == MAGIC_PICTURE && ui_draws(v->ui);
		int versions = file_versions(v->db, item, just_count, NULL);
		bool table = write_file(v, &f, magic, versions, &text);
		place_join(&where, place, buf_text(&f.name));
		struct page page = { .place = buf_text(&where), .text = buf_text(&text),
			.acts = file_acts(v, &f) | (versions > 1 ? ACTS(ACT_HISTORY) : 0) | (picture || table ? ACTS(ACT_LOOK) : 0) |
			    ACTS(ACT_COPY) | (v->send_file ? ACTS(ACT_FETCH) : 0) };
		act = ui_page(v->ui, &page);
		bool within = act == ACT_LOOK || act == ACT_COPY || act == ACT_HISTORY;
		if (act == ACT_LOOK)
			act = look_screen(v, &f, magic, table, buf_text(&where));
		else if (act == ACT_COPY)
			act = copy_screen(v, &f, buf_text(&where));
		else if (act == ACT_HISTORY)
			act = file_versions_screen(v, item, buf_text(&where));
		if (act == ACT_BACK && within)
			act = ACT_NONE;
		if (act == ACT_FETCH && v->send_file)
			v->send_file(v, &f);
		buf_free(&where);
		buf_free(&text);
		file_free(&f);
		if (act == ACT_EDIT)
			file_change(v, item, place);
		else if (act == ACT_FOLLOW)
			follow_turn(v, at, true);
		else if (act == ACT_REPORT)
			report_file(v, item);
		else if (act == ACT_SHOW)
			show_again(v, item);
		else if (act == ACT_HIDE)
			hide_file(v, item);
		else if (act == ACT_TALK && discuss(v, item) == ACT_QUIT)
			act = ACT_QUIT;
		else if (act == ACT_REMOVE && file_throw_away(v, item))
			act = ACT_BACK;
		else if (act == ACT_CARRY)
			act = carried(v, item);
	}
	return act;
}

enum act
made_screen(struct visit *v, const char *shelf, const char *name, const char *place)
{
	struct file f = { .kind = FILE_MADE };
	struct buf before = { 0 }, where = { 0 };
	snprintf(f.shelf, sizeof f.shelf, "%s", shelf);
	buf_str(&f.name, name);
	buf_fmt(&before, "%s\n\n", _("It is made anew from the directory each time it is fetched."));
	place_join(&where, place, name);
	enum act act = fetch_screen(v, &f, buf_text(&before), buf_text(&where));
	buf_free(&before);
	buf_free(&where);
	file_free(&f);
	return act;
}
