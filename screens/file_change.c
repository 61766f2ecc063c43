/* What a file, a folder is called, what it is and who reads it, changed; moved, thrown away. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "db/file.h"
#include "db/member.h"
#include "screens/files.h"

enum { NAMES_MAX = 10240 }; /* bytes of so many names as may be named */

enum { F_NAME, F_ABOUT, F_LEVEL, F_NAMED, F_COUNT };
static const char *const levels[] = { "me", "named", "council", "members", "public" };
enum { ME, NAMED, PUBLIC = 4 }; /* among these */

/* The form, and what it is about as it is now. */
struct changing {
	struct form_draft draft; /* first: the form's ctx */
	struct visit *v;
	item_id item;
	struct file file;
	struct buf about, named; /* what it is, those who are named: as they are */
	struct buf aside;        /* those who were named until another level was chosen */
	struct buf wrong;        /* the last sentence of a check */
	int level;               /* chosen, when that was looked at last */
	struct field fields[F_COUNT];
};

static int
level_of(const char *level)
{
	for (int i = 0; i < (int)(sizeof levels / sizeof *levels); i++)
		if (!strcmp(level, levels[i]))
			return i;
	return 3;
}

static int
level_chosen(const struct changing *c)
{
	return (int)strtol(buf_text(&c->fields[F_LEVEL].value), NULL, 10);
}

static void
set(struct buf *value, const char *text)
{
	buf_cut(value, 0);
	buf_str(value, text);
}

static bool
same(const struct buf *a, const struct buf *b)
{
	return !strcmp(buf_text(a), buf_text(b));
}

static const char *
check_name(void *ctx, struct field *f)
{
	const struct changing *c = ctx;
	struct buf name = { 0 };
	int r = file_check_name(buf_text(&f->value), &name);
	buf_free(&name);
	if (!r && !same(&f->value, &c->file.name))
		r = file_may_name(c->v->db, c->item, buf_text(&f->value));
	switch (r) {
	case E_TOO_LONG:
		return _("This name is too long.");
	case E_INVALID:
		return _("A name without / and without signs that cannot be seen.");
	case E_EXISTS:
		return _("There is something of that name here already.");
	default:
		return r == E_TYPE ? error_text(r) : NULL;
	}
}

static const char *
another_s(void)
{
	return _("This comes from somebody else: it cannot be made one person's alone.");
}

static const char *
refusal(const struct changing *c, int r)
{
	return r == E_INVALID ? _("You are of no council.")
	    : r == E_DENIED && c->file.author.n != c->v->me.id.n && level_chosen(c) == ME ? another_s()
	    : r == E_DENIED && c->file.author.n && c->file.author.n != c->v->me.id.n
	    ? _("Only who sent this can let others read it; those who keep the folder can close it.")
	    : error_text(r);
}

/* With another level those who are named are put aside: they come back with that of persons by name. */
static const char *
check_level(void *ctx, struct field *f)
{
	struct changing *c = ctx;
	struct buf *names = &c->fields[F_NAMED].value;
	int level = level_chosen(c);
	(void)f;
	if (c->level == NAMED && level != NAMED && names->len) {
		set(&c->aside, buf_text(names));
		buf_cut(names, 0);
	} else if (level == NAMED && !names->len) {
		buf_str(names, buf_text(&c->aside));
	}
	c->level = level;
	int r = strcmp(levels[level], c->file.level) != 0 ? file_may_level(c->v->db, c->item, levels[level]) : E_OK;
	return r ? refusal(c, r) : NULL;
}

/* Whoever names persons wants them to read it: the level is theirs then, and seen to be so. */
static const char *
check_named(void *ctx, struct field *f)
{
	struct changing *c = ctx;
	member_id who[NAMED_MAX];
	bool before = c->named.len || strcmp(c->file.level, levels[NAMED]) != 0;
	buf_cut(&c->wrong, 0);
	int n = members_named(c->v->db, buf_text(&f->value), who, NAMED_OTHERS, &c->wrong);
	if (n < 0)
		return buf_text(&c->wrong);
	if (!n && level_chosen(c) == NAMED && before)
		return _("Name somebody, or choose who else reads it.");
	buf_cut(&f->value, 0);
	members_write(c->v->db, who, n, &f->value);
	if (n) {
		buf_cut(&c->fields[F_LEVEL].value, 0);
		buf_fmt(&c->fields[F_LEVEL].value, "%d", NAMED);
		c->level = NAMED;
	}
	return NULL;
}

/* What was done, who can read it now, and what was taken from photos. */
static void
say_done(struct visit *v, item_id item, const char *done, const struct buf *stripped)
{
	struct buf said = { 0 };
	struct file f;
	int readers = file_readers(v->db, item);
	bool alone = !file_get(v->db, item, &f) && !strcmp(f.level, "me") && f.author.n == v->me.id.n;
	file_free(&f);
	buf_fmt(&said, "%s ", done);
	if (alone)
		buf_str(&said, _("You alone can read it."));
	else if (readers < 0)
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

/* A letter chooses a level: what visitors will read is not a slip's to open. */
static bool
agrees_to_open(struct visit *v, const struct file *f, int level)
{
	return level != PUBLIC || level_of(f->level) == PUBLIC ||
	    ui_ask(v->ui, _("Everybody could read it, also who has no account here. Open it to all?"));
}

/* What was done before something was refused, why that was, and that nothing else is done. */
static void
say_refused(struct visit *v, const char *done, const char *why)
{
	ui_say(v->ui, "%s%s%s %s", done, *done ? " " : "", why,
	    *done ? _("The rest is as it was.") : _("Nothing is changed yet."));
}

/* What lies in a folder already is read as it was: the same as what will come? Adds what came of it. */
static void
offer_within(struct visit *v, item_id folder, struct buf *said)
{
	struct buf question = { 0 };
	int left = 0, n = file_level_differs(v->db, folder);
	if (n < 0)
		buf_str(said, error_text(n));
	if (n <= 0)
		return;
	buf_fmt(&question, ngettext("%d file or folder in it is read by others than that. Let the same persons read it, too?",
	    "%d files and folders in it are read by others than that. Let the same persons read them, too?", (unsigned long)n), n);
	if (ui_ask(v->ui, buf_text(&question))) {
		n = file_level_within(v->db, folder, &left);
		buf_fmt(said, ngettext("%d in it is read by the same now.", "%d in it are read by the same now.", (unsigned long)n), n);
	} else {
		left = n;
	}
	if (left && said->len)
		buf_char(said, ' ');
	if (left)
		buf_fmt(said, ngettext("%d in it stays as it was.", "%d in it stay as they were.", (unsigned long)left), left);
	buf_free(&question);
}

/*
 * The form's fields into the store, each that is another now; first what may be refused though every field was
 * checked. False: it is said what is done and what is not, and the form goes on.
 */
static bool
keep(struct changing *c)
{
	struct visit *v = c->v;
	member_id who[NAMED_MAX];
	struct buf stripped = { 0 };
	const char *done = "";
	const struct buf *name = &c->fields[F_NAME].value, *about = &c->fields[F_ABOUT].value;
	int level = level_chosen(c), r = E_OK;
	if (!agrees_to_lower(v, &c->file, level) || !agrees_to_open(v, &c->file, level)) {
		ui_say(v->ui, _("Nothing is changed yet."));
		return false;
	}
	if (strcmp(levels[level], c->file.level) != 0 || !same(&c->fields[F_NAMED].value, &c->named)) {
		buf_cut(&c->wrong, 0);
		int n = members_named(v->db, buf_text(&c->fields[F_NAMED].value), who, NAMED_OTHERS, &c->wrong);
		r = n < 0 ? n : file_set_level(v->db, c->item, levels[level], who, n);
		if (r) {
			say_refused(v, "", n < 0 ? buf_text(&c->wrong) : refusal(c, r));
			return false;
		}
		file_stripped(v->db, &stripped);
		done = _("Who reads it is changed.");
		if (c->file.kind == FILE_FOLDER) {
			offer_within(v, c->item, &stripped);
			file_stripped(v->db, &stripped);
		}
	}
	if (!same(name, &c->file.name)) {
		char shelf[SHELF_MAX + 1];
		file_stands(v->db, &c->file, shelf);
		r = file_move(v->db, c->item, shelf, buf_text(name));
		if (!r)
			done = *done ? _("Who reads it and its name are changed.") : _("Its name is changed.");
	}
	bool changes = *done || !same(about, &c->about);
	if (!r && !same(about, &c->about))
		r = file_describe(v->db, c->item, buf_text(about));
	if (r)
		say_refused(v, done, error_text(r));
	else if (!changes)
		ui_say(v->ui, _("Nothing was changed."));
	else
		say_done(v, c->item, _("It is changed."), &stripped);
	buf_free(&stripped);
	return !r;
}

static void
forget(struct changing *c)
{
	file_free(&c->file);
	buf_free(&c->about);
	buf_free(&c->named);
}

/* As it is now. */
static int
look(struct changing *c)
{
	int r = file_get(c->v->db, c->item, &c->file);
	if (!r && !c->file.changes) {
		file_free(&c->file);
		r = E_DENIED;
	}
	if (r)
		return r;
	file_about(c->v->db, c->item, &c->about);
	if (!strcmp(c->file.level, levels[NAMED]))
		file_named(c->v->db, c->item, &c->named);
	return E_OK;
}

void
file_change(struct visit *v, item_id item, const char *above)
{
	static const char *options[6];
	const char *const words[] = { _("me alone"), _("persons whom I name"), _("my council"), _("all members"),
		_("everybody, visitors too"), NULL };
	struct changing c = { .v = v, .item = item };
	struct buf place = { 0 };
	memcpy(options, words, sizeof words);
	int r = look(&c);
	if (r) {
		visit_say_error(v, r);
		return;
	}
	c.fields[F_NAME] = (struct field){ FIELD_TEXT, .label = _("Name"), .max = FILE_NAME_MAX, .check = check_name };
	c.fields[F_ABOUT] = (struct field){ FIELD_LONG, .label = _("What it is"), .rule = _("a few sentences, or nothing"),
		.max = FILE_ABOUT_MAX };
	c.fields[F_LEVEL] = (struct field){ FIELD_CHOICE, .label = c.file.kind == FILE_FOLDER
		? _("Who reads what is put there") : _("Who reads it"), .options = options, .check = check_level };
	c.fields[F_NAMED] = (struct field){ FIELD_TEXT, .label = _("Persons"), .several = true, .max = NAMES_MAX,
		.rule = _("log-in names or full names, a comma between"), .check = check_named };
	buf_str(&c.fields[F_NAME].value, buf_text(&c.file.name));
	buf_str(&c.fields[F_ABOUT].value, buf_text(&c.about));
	buf_fmt(&c.fields[F_LEVEL].value, "%d", level_of(c.file.level));
	buf_str(&c.fields[F_NAMED].value, buf_text(&c.named));
	place_join(&place, above, buf_text(&c.file.name));
	struct form form = { .place = buf_text(&place), .fields = c.fields, .field_count = F_COUNT };
	c.draft = (struct form_draft){ .v = v, .field = &c.fields[F_ABOUT] };
	snprintf(c.draft.place, sizeof c.draft.place, "file:%" PRId64, item.n);
	c.level = level_of(c.file.level);
	form_draft_begin(&c.draft, &form);
	bool kept = false;
	while (!kept && !r && ui_form(v->ui, &form) == ACT_DONE) {
		kept = keep(&c);
		forget(&c);
		r = look(&c);
	}
	form_draft_end(&c.draft, kept);
	form_free(&form);
	forget(&c);
	buf_free(&c.aside);
	buf_free(&c.wrong);
	buf_free(&place);
}

/* ---- to another folder ---- */

/* True also where nobody else would read it there. */
static bool
agrees_to_move(struct visit *v, const struct file *f, const char *shelf, bool own, const char *where)
{
	struct buf question = { 0 };
	bool same;
	int readers = file_readers_at(v->db, f->item, shelf, &same);
	if (same)
		return true;
	buf_fmt(&question, _("Move “%s” to “%s”?"), buf_text(&f->name), where);
	buf_char(&question, ' ');
	if (own)
		buf_str(&question, _("You alone will be able to read it there."));
	else if (readers < 0)
		buf_str(&question, _("Everybody will be able to read it there, visitors too."));
	else
		buf_fmt(&question, ngettext("%d member will be able to read it there.", "%d members will be able to read it there.",
		    (unsigned long)readers), readers);
	bool agrees = ui_ask(v->ui, buf_text(&question));
	buf_free(&question);
	return agrees;
}

static const char *
why_not_there(const struct visit *v, const struct file *f, int r)
{
	return r == E_EXISTS ? _("There is something of that name there already.")
	    : r == E_INVALID ? _("A folder cannot be put into itself.")
	    : r == E_DENIED && f->author.n && f->author.n != v->me.id.n
	    ? _("Only who sent this can let others read it: it stays where it is.")
	    : error_text(r);
}

bool
file_put_into(struct visit *v, const struct file *f, const char *shelf)
{
	struct buf where = { 0 }, done = { 0 }, stripped = { 0 };
	char stands[SHELF_MAX + 1];
	struct file there;
	bool moved = false, own = !shelf_get(v->db, shelf, &there) && *there.area == 'm';
	file_free(&there);
	file_stands(v->db, f, stands);
	shelf_words(v->db, shelf, &where);
	if (!strcmp(stands, shelf)) {
		ui_say(v->ui, _("It is in this folder already."));
	} else if (own && f->author.n != v->me.id.n) {
		ui_say(v->ui, "%s", another_s());
	} else if (agrees_to_move(v, f, shelf, own, buf_text(&where))) {
		int r = file_move(v->db, f->item, shelf, NULL);
		moved = !r;
		file_stripped(v->db, &stripped);
		buf_fmt(&done, _("It is in “%s” now."), buf_text(&where));
		if (moved)
			say_done(v, f->item, buf_text(&done), &stripped);
		else
			ui_say(v->ui, "%s", why_not_there(v, f, r));
	}
	buf_free(&where);
	buf_free(&done);
	buf_free(&stripped);
	return moved;
}

enum act
file_carry(struct visit *v, item_id item)
{
	struct file f;
	struct buf place = { 0 };
	int r = file_get(v->db, item, &f);
	if (r || !f.changes) {
		file_free(&f);
		visit_say_error(v, r ? r : E_DENIED);
		return ACT_BACK;
	}
	buf_fmt(&place, _("Move “%s”"), buf_text(&f.name));
	enum act act = files_put(v, &f, buf_text(&place));
	buf_free(&place);
	file_free(&f);
	return act;
}

/* ---- thrown away ---- */

bool
file_throw_away(struct visit *v, item_id item)
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
