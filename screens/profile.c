/* My profile: password, keys, language, face, and what my terminal can show. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

enum { P_CONTACT = 1, P_CONFIRM, P_PRESENCE, P_PASSWORD, P_KEYS, P_SESSIONS, P_DATA, P_LANGUAGE, P_FACE,
	P_CHARSET, P_CHOICES };

static void
change_password(struct visit *v)
{
	struct buf password = { 0 }, again = { 0 };
	if (ui_line(v->ui, _("New password"), _("at least 8 characters"), &password, PASSWORD_MAX, true)
	    && ui_line(v->ui, _("New password again"), NULL, &again, PASSWORD_MAX, true)) {
		if (strcmp(buf_text(&password), buf_text(&again)) != 0) {
			ui_say(v->ui, _("The two are not the same: your old password stays."));
		} else {
			int r = member_set_password(v->db, v->me.id, buf_text(&password));
			if (r)
				ui_say(v->ui, _("At least 8 characters, and not your name: your old password stays."));
			else
				ui_say(v->ui, _("Your new password is kept."));
		}
	}
	struct buf *secrets[] = { &password, &again };
	for (int i = 0; i < 2; i++) {
		if (secrets[i]->data)
			mem_wipe(secrets[i]->data, secrets[i]->cap);
		buf_free(secrets[i]);
	}
}

/* ---- keys ---- */

struct keys_of {
	struct visit *v;
	member_id who;
	struct rows *out;
};

static bool
add_key(void *ctx, int64_t id, const char *type, const char *blob, const char *name, int64_t created,
    int64_t used)
{
	struct keys_of *k = ctx;
	struct row *r = rows_add(k->out, id, NULL, id);
	struct buf when = { 0 };
	size_t n = strlen(blob);
	row_cell(r, 0, *name ? name : blob + (n > 16 ? n - 16 : 0));
	row_cell(r, 1, type);
	clock_phrase(&when, created, clock_now(), NULL);
	row_cell(r, 2, buf_text(&when));
	buf_cut(&when, 0);
	if (used)
		clock_phrase(&when, used, clock_now(), NULL);
	row_cell(r, 3, used ? buf_text(&when) : _("not yet"));
	buf_free(&when);
	return true;
}

static int
key_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct keys_of *k = ctx;
	struct rows all = { 0 };
	(void)filter;
	k->out = &all;
	member_keys(k->v->db, k->who, add_key, k);
	return rows_window(&all, from, direction, n, out);
}

static void
paste_key(struct visit *v)
{
	struct buf line = { 0 }, type = { 0 }, blob = { 0 }, name = { 0 };
	if (ui_line(v->ui, _("Your public key"), _("paste the one line of the file that ends in .pub"), &line,
		KEY_MAX, false)) {
		int r = key_parse(buf_text(&line), &type, &blob, &name);
		if (!r)
			r = member_add_key(v->db, v->me.id, buf_text(&type), buf_text(&blob), buf_text(&name));
		if (r == E_INVALID)
			ui_say(v->ui, _("This is not a public key: it begins with ssh-ed25519 or ssh-rsa."));
		else if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, _("The key is kept: it opens your account from now on."));
	}
	buf_free(&line);
	buf_free(&type);
	buf_free(&blob);
	buf_free(&name);
}

static void
remove_key(struct visit *v, int64_t key)
{
	if (!ui_ask(v->ui, v->me.has_password
		    ? _("Remove this key?")
		    : _("You have no password: without a key you could not come back. Remove it?")))
		return;
	int r = member_remove_key(v->db, v->me.id, key);
	if (r)
		visit_say_error(v, r);
}

static enum act
open_key(struct visit *v, int64_t key)
{
	enum { NAME = 1, REMOVE };
	struct choice choices[] = { { NAME, _("&Name it"), NULL, false, false },
		{ REMOVE, _("&Remove it"), NULL, false, false } };
	struct menu menu = { .place = _("My profile › Keys"), .choices = choices, .choice_count = 2 };
	struct buf name = { 0 };
	enum act act = ui_menu(v->ui, &menu);
	if (act == ACT_OPEN && menu.at == REMOVE)
		remove_key(v, key);
	else if (act == ACT_OPEN
		 && ui_line(v->ui, _("Name"), _("as you know it: at home, the old laptop"), &name, NAME_MAX_BYTES,
		     false)) {
		int r = member_name_key(v->db, v->me.id, key, buf_text(&name));
		if (r)
			visit_say_error(v, r);
	}
	buf_free(&name);
	return act;
}

/* Somebody else's are only removed. */
static void
remove_key_of(struct visit *v, const struct member *who, int64_t key)
{
	struct buf question = { 0 };
	buf_fmt(&question, _("Remove this key of %s?"), buf_text(&who->name));
	if (ui_ask(v->ui, buf_text(&question))) {
		int r = member_remove_key(v->db, who->id, key);
		if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, _("The key is removed, and %s is told so by mail."), buf_text(&who->name));
	}
	buf_free(&question);
}

enum act
keys_screen(struct visit *v, const struct member *who, const char *place)
{
	bool own = who->id.n == v->me.id.n;
	const struct column columns[] = { { _("Name"), 16, 0, 0 }, { _("Kind"), 12, 20, 2 },
		{ _("Added"), 12, 24, 1 }, { _("Last used"), 13, 24, 3 } };
	struct keys_of keys_of = { .v = v, .who = who->id };
	struct list list = { .place = place, .columns = columns, .column_count = 4,
		.source = { key_rows, &keys_of }, .empty = own ? _("No key yet. n adds one.") : _("No key."),
		.lead = own ? _("n adds a key; choosing one names it or removes it.")
			    : _("Choosing a key removes it, where it was lost or stolen."),
		.acts = own ? ACTS(ACT_ADD) : 0 };
	enum act act;
	for (;;) {
		act = ui_list(v->ui, &list);
		if (act == ACT_ADD)
			paste_key(v);
		else if (act == ACT_OPEN && list.at && own)
			act = open_key(v, list.at);
		else if (act == ACT_OPEN && list.at)
			remove_key_of(v, who, list.at);
		else if (act != ACT_OPEN)
			return act;
		if (act == ACT_QUIT)
			return act;
	}
}

/* ---- tastes ---- */

/* Chooses one of a few words by a menu; the index, -1 for none. */
static int
choose(struct visit *v, const char *place, const char *const *words, int count)
{
	struct choice choices[CHARSET_COUNT];
	for (int i = 0; i < count; i++)
		choices[i] = (struct choice){ i + 1, words[i], NULL, false, false };
	struct menu menu = { .place = place, .choices = choices, .choice_count = count };
	return ui_menu(v->ui, &menu) == ACT_OPEN ? menu.at - 1 : -1;
}

static void
keep_taste(struct visit *v, const char *language, const char *face)
{
	int r = member_set_taste(v->db, language, face);
	if (r)
		visit_say_error(v, r);
	visit_refresh(v);
}

static void
choose_language(struct visit *v)
{
	const char *const words[] = { "&Français", "&English" };
	int i = choose(v, _("My profile › Language"), words, LANGUAGE_COUNT);
	if (i < 0)
		return;
	i18n_set((enum language)i);
	keep_taste(v, i18n_code((enum language)i), v->me.face);
}

static void
choose_face(struct visit *v)
{
	const char *const words[] = { _("&Full screen"), _("&Lines only, for screen readers and slow lines") };
	static const char *const faces[] = { "full", "linear" };
	int i = choose(v, _("My profile › Face"), words, 2);
	if (i < 0)
		return;
	keep_taste(v, v->me.language, faces[i]);
	if (!v->set_face(v, faces[i]))
		ui_say(v->ui, _("This terminal shows lines only; your choice is kept for others."));
}

static void
choose_charset(struct visit *v)
{
	const char *words[CHARSET_COUNT];
	struct buf labels[CHARSET_COUNT] = { 0 };
	for (int i = 0; i < CHARSET_COUNT; i++) {
		buf_fmt(&labels[i], "%s", charset_name((enum charset)i));
		words[i] = buf_text(&labels[i]);
	}
	int i = choose(v, _("My profile › Characters of this terminal"), words, CHARSET_COUNT);
	if (i >= 0)
		v->set_charset(v, (enum charset)i);
	for (i = 0; i < CHARSET_COUNT; i++)
		buf_free(&labels[i]);
}

/* Is one seen while one is here, and spoken to? */
static void
presence_screen(struct visit *v)
{
	struct field fields[] = {
		{ .kind = FIELD_YES_NO, .label = _("Be seen on line"),
		    .rule = _("in “Who is here” and among the last callers") },
		{ .kind = FIELD_YES_NO, .label = _("Take short words"), .rule = _("no: nobody can say one to you") },
	};
	buf_str(&fields[0].value, v->me.see_here ? "1" : "0");
	buf_str(&fields[1].value, v->me.takes_words ? "1" : "0");
	struct form form = { .place = _("My profile › On line"), .fields = fields, .field_count = 2 };
	if (ui_form(v->ui, &form) == ACT_DONE) {
		int r = member_set_presence(v->db, *buf_text(&fields[0].value) == '1',
		    *buf_text(&fields[1].value) == '1');
		if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, _("This is kept."));
	}
	form_free(&form);
}

/* The address that waits for its code. */
static bool
has_to_confirm(struct visit *v, struct buf *address)
{
	struct contact c;
	bool waits = !contact_get(v->db, v->me.id, &c) && (c.email_new.len || !c.email_confirmed);
	buf_cut(address, 0);
	buf_str(address, buf_text(c.email_new.len ? &c.email_new : &c.field[CONTACT_EMAIL]));
	contact_free(&c);
	return waits;
}

enum act
profile_screen(struct visit *v)
{
	struct buf address = { 0 };
	enum act act;
	int at = 0; /* one comes back to where one was */
	for (;;) {
		struct choice choices[P_CHOICES];
		int n = 0;
		choices[n++] = (struct choice){ P_CONTACT, _("&How to reach me"),
			_("and who sees it"), true, false };
		if (has_to_confirm(v, &address))
			choices[n++] = (struct choice){ P_CONFIRM, _("C&onfirm"), buf_text(&address),
				true, false };
		choices[n++] = (struct choice){ P_PRESENCE, _("On li&ne"),
			_("be seen here, take short words"), true, false };
		choices[n++] = (struct choice){ P_PASSWORD, _("&Password"),
			v->me.has_password ? _("change it") : _("none: only your key opens the door"), true, false };
		choices[n++] = (struct choice){ P_KEYS, _("ssh &keys"), _("come in without a password"), true, false };
		choices[n++] = (struct choice){ P_SESSIONS, _("Open &sessions"),
			_("where I am logged in, close one"), true, false };
		choices[n++] = (struct choice){ P_DATA, _("My &data"), _("see, have, erase"), true, false };
		choices[n++] = (struct choice){ P_LANGUAGE, _("&Language"), "français, English", true, false };
		choices[n++] = (struct choice){ P_FACE, _("&Face"), _("full screen, or lines only"), true, false };
		choices[n++] = (struct choice){ P_CHARSET, _("&Characters"),
			charset_name(v->ui->terminal->charset), true, false };
		struct menu menu = { .place = _("My profile"), .right = buf_text(&v->me.login),
			.choices = choices, .choice_count = n, .at = at };
		act = ui_menu(v->ui, &menu);
		at = menu.at;
		if (act != ACT_OPEN)
			break;
		if (menu.at == P_CONTACT)
			contact_screen(v, v->me.id);
		else if (menu.at == P_CONFIRM)
			contact_confirm_screen(v);
		else if (menu.at == P_PRESENCE)
			presence_screen(v);
		else if (menu.at == P_PASSWORD)
			change_password(v);
		else if (menu.at == P_KEYS)
			act = keys_screen(v, &v->me, _("My profile › Keys"));
		else if (menu.at == P_SESSIONS)
			act = sessions_screen(v, v->me.id);
		else if (menu.at == P_DATA)
			act = own_screen(v);
		else if (menu.at == P_LANGUAGE)
			choose_language(v);
		else if (menu.at == P_FACE)
			choose_face(v);
		else
			choose_charset(v);
		visit_refresh(v);
		if (act == ACT_QUIT)
			break;
	}
	buf_free(&address);
	return act;
}
