/* What a file, a folder is called, what it is and who reads it, changed; thrown away. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "db/file.h"
#include "screens/files.h"

enum { NAMED_SHOWN = 400 };

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

/* The form's fields into the store, each that is another now; the first trouble is said. True: what it is is kept. */
static bool
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
	bool kept = !r;
	snprintf(typed, sizeof typed, "%s", buf_text(&fields[F_NAMED].value));
	char *rest = typed;
	for (char *one; (one = strsep(&rest, " ,;")) && count < NAMED_MAX;)
		if (*one)
			names[count++] = one;
	bool named = !strcmp(levels[level], "named"), others = strcmp(buf_text(&fields[F_NAMED].value), before) != 0;
	if (!r && !agrees_to_lower(v, f, level)) {
		ui_say(v->ui, _("Who reads it stays as it was."));
		return true;
	}
	if (!r && (strcmp(levels[level], f->level) != 0 || (named && others))) {
		r = file_set_level(v->db, f->item, levels[level], names, named ? count : 0);
		file_stripped(v->db, &stripped);
	}
	if (r == E_INVALID)
		ui_say(v->ui, _("One of these log-in names is nobody's, or you are of no council: who reads it stays as it was."));
	else if (r == E_DENIED && f->author.n && f->author.n != v->me.id.n)
		ui_say(v->ui, _("Only who sent this can let others read it; those who keep the folder can close it."));
	else if (r)
		visit_say_error(v, r);
	else
		say_changed(v, f->item, &stripped);
	buf_free(&stripped);
	return kept;
}

void
file_change(struct visit *v, item_id item, const char *above)
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
	struct form form = { .place = buf_text(&place), .fields = fields, .field_count = F_COUNT };
	struct form_draft draft = { .v = v, .field = &fields[F_ABOUT] };
	buf_str(&fields[F_NAME].value, buf_text(&f.name));
	buf_str(&fields[F_ABOUT].value, buf_text(&about));
	buf_fmt(&fields[F_LEVEL].value, "%d", level_of(f.level));
	file_named(v->db, item, &named);
	buf_str(&fields[F_NAMED].value, buf_text(&named));
	snprintf(draft.place, sizeof draft.place, "file:%" PRId64, item.n);
	form_draft_begin(&draft, &form);
	bool kept = ui_form(v->ui, &form) == ACT_DONE && keep(v, &f, shelf, fields, buf_text(&about), buf_text(&named));
	form_draft_end(&draft, kept);
	form_free(&form);
	buf_free(&place);
	buf_free(&named);
	buf_free(&about);
	file_free(&f);
}

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
