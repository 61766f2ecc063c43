/* Administration › Members: found by letters or by state; what a member is, and what is done to him. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

struct people {
	struct visit *v;
	int state; /* -1: any */
	struct rows *out;
};

/* ---- a territory, chosen ---- */

enum { TERRITORIES_MAX = 160 };

struct lands {
	struct visit *v;
	const char *filter;
	struct { char code[12], name[128]; } land[TERRITORIES_MAX];
	int count, indent;
	struct rows *out;
};

static bool
add_land(void *ctx, const struct territory_row *row)
{
	struct lands *l = ctx;
	struct buf cell = { 0 };
	if (l->count == TERRITORIES_MAX)
		return false;
	snprintf(l->land[l->count].code, sizeof l->land[0].code, "%s", row->code);
	snprintf(l->land[l->count].name, sizeof l->land[0].name, "%s", row->name);
	l->count++;
	buf_fmt(&cell, "%s %s", row->code, row->name);
	if (text_has(buf_text(&cell), l->filter)) {
		struct row *r = rows_add(l->out, l->count, NULL, l->count);
		buf_cut(&cell, 0);
		buf_fmt(&cell, "%*s%s", l->indent, "", row->name);
		row_cell(r, 0, buf_text(&cell));
		row_cell(r, 1, row->code);
	}
	buf_free(&cell);
	return true;
}

/* The whole network, each region, and its départements: a short list, made whole. */
static int
land_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	enum { REGIONS = 30, DEPARTMENTS = 20 };
	struct lands *l = ctx;
	struct rows all = { 0 };
	struct territory nation;
	l->out = &all;
	l->filter = filter;
	l->count = l->indent = 0;
	if (!territory_get(l->v->db, "FR", &nation))
		add_land(l, &(struct territory_row){ "FR", "nation", _("The whole network"), "", 0 });
	struct lands regions = { .v = l->v, .filter = "", .out = &(struct rows){ 0 } };
	territory_children(l->v->db, "FR", "region", "", "", 1, REGIONS, add_land, &regions);
	for (int i = 0; i < regions.count; i++) {
		l->indent = 0;
		add_land(l, &(struct territory_row){ regions.land[i].code, "region", regions.land[i].name, "", 0 });
		l->indent = 2;
		territory_children(l->v->db, regions.land[i].code, "department", "", "", 1, DEPARTMENTS,
		    add_land, l);
	}
	rows_free(regions.out);
	return rows_window(&all, from, direction, n, out);
}

/* false: none was chosen. */
static bool
choose_land(struct visit *v, const char *place, struct buf *code)
{
	const struct column columns[] = { { _("Territory"), 20, 0, 0 }, { _("Number"), 6, 8, 1 } };
	struct lands *lands = mem_alloc(sizeof *lands);
	lands->v = v;
	struct list list = { .place = place, .columns = columns, .column_count = 2,
		.source = { land_rows, lands }, .filters = true, .empty = _("No territory whose name has this."),
		.lead = _("Where the animator decides: type a few letters, or a number; Enter chooses.") };
	bool chosen = ui_list(v->ui, &list) == ACT_OPEN && list.at > 0 && list.at <= lands->count;
	if (chosen)
		buf_str(code, lands->land[list.at - 1].code);
	free(lands);
	return chosen;
}

/* ---- acts ---- */

static void __attribute__((format(printf, 3, 4)))
say(struct visit *v, int r, const char *done, ...)
{
	struct buf text = { 0 };
	va_list args;
	va_start(args, done);
	buf_vfmt(&text, done, args);
	va_end(args);
	if (r == E_DONE)
		ui_say(v->ui, "%s", _("It is so already: nothing was changed."));
	else if (r)
		visit_say_error(v, r);
	else
		ui_say(v->ui, "%s", buf_text(&text));
	buf_free(&text);
}

static bool __attribute__((format(printf, 2, 3)))
asked(struct visit *v, const char *question, ...)
{
	struct buf text = { 0 };
	va_list args;
	va_start(args, question);
	buf_vfmt(&text, question, args);
	va_end(args);
	bool yes = ui_ask(v->ui, buf_text(&text));
	buf_free(&text);
	return yes;
}

static void
give_role(struct visit *v, const struct member *who, const char *place)
{
	struct choice choices[] = {
		{ ROLE_MEMBER + 1, _("&Member"), _("reads, writes, answers those who ask to come to the council"),
		    true, false },
		{ ROLE_RESOURCE + 1, _("&Resource person"), _("also lets people in to the council alone, and invites"),
		    true, false },
		{ ROLE_ANIMATOR + 1, _("&Animator"), _("also decides about people and messages of a territory"),
		    true, false },
		{ ROLE_SYSOP + 1, _("&Sysop"), _("all of this everywhere, and this administration"), true, false },
	};
	struct buf territory = { 0 }, lead = { 0 };
	buf_fmt(&lead, _("Which role shall %s have?"), buf_text(&who->name));
	struct menu menu = { .place = place, .choices = choices, .choice_count = 4, .lead = buf_text(&lead),
		.right = _(role_name(who->role)), .at = who->role + 1 };
	enum act act = ui_menu(v->ui, &menu);
	buf_free(&lead);
	if (act != ACT_OPEN)
		return;
	enum role role = (enum role)(menu.at - 1);
	if ((role != ROLE_ANIMATOR || choose_land(v, place, &territory)) &&
	    asked(v, _("%s: from now on with the role “%s”?"), buf_text(&who->name), _(role_name(role)))) {
		const char *code = buf_text(&territory);
		/* The whole network is no territory. */
		int r = member_set_role(v->db, who->id, role, strcmp(code, "FR") != 0 ? code : "");
		say(v, r,
		    _("%s: the role is changed, at once."), buf_text(&who->name));
	}
	buf_free(&territory);
}

static void
give_council(struct visit *v, const struct member *who)
{
	item_id council;
	struct buf name = { 0 };
	if (council_choose(v, MAY_MANAGE_MEMBERS, &council, &name) &&
	    asked(v, _("%s: from now on at the council %s?"), buf_text(&who->name), buf_text(&name)))
		say(v, member_set_council(v->db, who->id, council),
		    _("%s: the council is changed, at once."), buf_text(&who->name));
	buf_free(&name);
}

static void
suspend(struct visit *v, const struct member *who)
{
	struct buf label = { 0 }, reason = { 0 };
	if (who->id.n == v->me.id.n) {
		ui_say(v->ui, _("Nobody suspends himself."));
		return;
	}
	buf_fmt(&label, _("Why %s is suspended"), buf_text(&who->name));
	if (ui_line(v->ui, buf_text(&label), _("the member reads it"), &reason, ABOUT_MAX, false) &&
	    asked(v, _("Suspend %s?"), buf_text(&who->name)))
		say(v, member_suspend(v->db, who->id, buf_text(&reason)),
		    _("%s is suspended, at once, and is told so by mail."), buf_text(&who->name));
	buf_free(&label);
	buf_free(&reason);
}

static void
reinstate(struct visit *v, const struct member *who)
{
	if (asked(v, _("Let %s take part again?"), buf_text(&who->name)))
		say(v, member_reinstate(v->db, who->id),
		    _("%s can take part again, and is told so by mail."), buf_text(&who->name));
}

static void
give_password(struct visit *v, const struct member *who)
{
	struct buf password = { 0 }, label = { 0 };
	buf_fmt(&label, _("New password of %s"), buf_text(&who->name));
	if (ui_line(v->ui, buf_text(&label), _("at least 8 characters; you see it, to read it out"), &password,
		PASSWORD_MAX, false) &&
	    asked(v, _("Give %s this new password? The old one opens no more."), buf_text(&who->name))) {
		int r = member_set_password(v->db, who->id, buf_text(&password));
		if (r == E_INVALID || r == E_TOO_LONG)
			ui_say(v->ui, _("At least 8 characters, and not the name: the old password stays."));
		else
			say(v, r,
		    _("The new password of %s is kept; a mail says that it was changed."), buf_text(&who->name));
	}
	buf_wipe(&password);
	buf_free(&label);
}

/* ---- one member ---- */

static void
line(struct buf *text, const char *label, const char *value)
{
	if (*value)
		buf_fmt(text, _("%s: %s\n"), label, value);
}

static void
line_time(struct buf *text, const char *label, int64_t when)
{
	struct buf phrase = { 0 };
	if (when)
		clock_phrase(&phrase, when, clock_now(), NULL);
	line(text, label, buf_text(&phrase));
	buf_free(&phrase);
}

static void
write_sheet(struct visit *v, const struct member *m, struct buf *text)
{
	struct buf both = { 0 };
	struct suspension why;
	line(text, _("Log-in name"), buf_text(&m->login));
	line(text, _("Mail address"), buf_text(&m->email));
	line(text, _("Mobile"), buf_text(&m->mobile));
	line_time(text, _("Signed up"), m->created);
	line_time(text, _("Last visit"), m->visit);
	if (m->charter < charter_get(v->db, NULL))
		buf_fmt(text, "%s\n", _("Has not accepted the charter as it is now."));
	if (m->state == MEMBER_SUSPENDED && member_suspension(v->db, m->id, &why)) {
		clock_phrase(&both, why.since, clock_now(), NULL);
		buf_fmt(text, _("Suspended %s by %s: %s\n"), buf_text(&both), buf_text(&why.by),
		    buf_text(&why.reason));
		suspension_free(&why);
	}
	if (text->len)
		buf_cut(text, text->len - 1);
	buf_free(&both);
}

static bool
count_key(void *ctx, int64_t id, const char *type, const char *blob, const char *name, int64_t created,
    int64_t used)
{
	(void)id, (void)type, (void)blob, (void)name, (void)created, (void)used;
	++*(int *)ctx;
	return true;
}

enum { M_ROLE = 1, M_COUNCIL, M_STATE, M_PASSWORD, M_KEYS, M_JOURNAL, M_CHOICES };

struct sheet {
	struct visit *v;
	member_id id;
	struct member who;
	struct buf text, role, council, keys;
	struct choice choices[M_CHOICES];
};

static void
sheet_clear(struct sheet *s)
{
	member_free(&s->who);
	buf_free(&s->text);
	buf_free(&s->role);
	buf_free(&s->council);
	buf_free(&s->keys);
}

/* Reads everything again: somebody else may have been here. */
static bool
refresh(void *ctx, struct menu *menu)
{
	struct sheet *s = ctx;
	int n = 0, key_count = 0;
	sheet_clear(s);
	if (member_get(s->v->db, s->id, &s->who))
		return false;
	const struct member *m = &s->who;
	write_sheet(s->v, m, &s->text);
	buf_str(&s->role, _(role_name(m->role)));
	struct territory land;
	const char *code = m->territory.len ? buf_text(&m->territory) : "FR";
	if (m->role == ROLE_ANIMATOR && !territory_get(s->v->db, code, &land))
		buf_fmt(&s->role, ", %s", m->territory.len ? land.name : _("the whole network"));
	if (m->council.n)
		buf_fmt(&s->council, "%s (%s)", buf_text(&m->council_name), buf_text(&m->town));
	else
		buf_str(&s->council, _("none"));
	member_keys(s->v->db, m->id, count_key, &key_count);
	buf_fmt(&s->keys, ngettext("%d key", "%d keys", (unsigned long)key_count), key_count);
	s->choices[n++] = (struct choice){ M_ROLE, _("&Role"), buf_text(&s->role), true, false };
	s->choices[n++] = (struct choice){ M_COUNCIL, _("&Council"), buf_text(&s->council), true, false };
	if (m->state == MEMBER_ACTIVE)
		s->choices[n++] = (struct choice){ M_STATE, _("&Suspend"),
			_("with a reason, that is told"), true, false };
	if (m->state == MEMBER_SUSPENDED)
		s->choices[n++] = (struct choice){ M_STATE, _("Reins&tate"),
			_("end of the suspension"), true, false };
	s->choices[n++] = (struct choice){ M_PASSWORD, _("&Password"),
		m->has_password ? _("give a new one") : _("none; give one"), true, false };
	s->choices[n++] = (struct choice){ M_KEYS, _("ssh &keys"), buf_text(&s->keys), true, false };
	s->choices[n++] = (struct choice){ M_JOURNAL, _("&Journal"),
		_("what was done about this member"), true, false };
	menu->lead = buf_text(&s->text);
	menu->right = _(member_state_name(m->state));
	menu->choices = s->choices;
	menu->choice_count = n;
	return true;
}

static enum act
open_choice(struct visit *v, const struct member *who, int choice, const char *place)
{
	switch (choice) {
	case M_ROLE:
		give_role(v, who, place);
		break;
	case M_COUNCIL:
		give_council(v, who);
		break;
	case M_STATE:
		(who->state == MEMBER_SUSPENDED ? reinstate : suspend)(v, who);
		break;
	case M_PASSWORD:
		give_password(v, who);
		break;
	case M_KEYS:
		return keys_screen(v, who, place);
	default:
		return admin_journal_of(v, "member", who->id.n);
	}
	return ACT_BACK;
}

static enum act
member_sheet(struct visit *v, member_id id)
{
	struct sheet sheet = { .v = v, .id = id };
	struct menu menu = { .refresh = refresh, .ctx = &sheet };
	enum act act = ACT_OPEN;
	while (act == ACT_OPEN && refresh(&sheet, &menu)) {
		struct buf place = { 0 };
		place_join(&place, _("Administration › Members"), buf_text(&sheet.who.name));
		menu.place = buf_text(&place);
		v->listen(v, TOPIC_MEMBER, id.n);
		act = ui_menu(v->ui, &menu);
		if (act == ACT_OPEN && open_choice(v, &sheet.who, menu.at, menu.place) == ACT_QUIT)
			act = ACT_QUIT;
		buf_free(&place);
	}
	sheet_clear(&sheet);
	return act;
}

/* ---- the list ---- */

static bool
add_member(void *ctx, const struct member_row *row)
{
	struct people *p = ctx;
	struct row *r = rows_add(p->out, row->id.n, row->word ? row->word : "", row->id.n);
	bool usual = !strcmp(row->state, "active");
	row_cell(r, 0, row->name);
	row_cell(r, 1, row->login);
	row_cell(r, 2, _(usual ? row->role : row->state));
	row_cell(r, 3, row->council);
	row_cell(r, 4, row->email);
	r->faint = !usual && p->state < 0;
	return true;
}

static int
member_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct people *p = ctx;
	p->out = out;
	return member_search(p->v->db, p->state, filter, from ? from->key : "",
	    (member_id){ from ? from->num : 0 }, direction, n, add_member, p);
}

static enum act
list_members(struct visit *v, int state, const char *place)
{
	const struct column columns[] = { { _("Name"), 20, 0, 0 }, { _("Log-in name"), 18, 20, 0 },
		{ _("Role"), 10, 10, 3 }, { _("Council"), 18, 24, 2 }, { _("Mail address"), 28, 36, 1 } };
	struct people people = { .v = v, .state = state };
	struct list list = { .place = place, .columns = columns, .column_count = 5,
		.source = { member_rows, &people }, .empty = _("Nobody."), .filters = true,
		.lead = _("Type a few letters of the name, the log-in name or the address.") };
	enum act act;
	for (;;) {
		v->listen(v, TOPIC_MEMBER, 0);
		act = ui_list(v->ui, &list);
		if (act != ACT_OPEN)
			return act;
		if (list.at && member_sheet(v, (member_id){ list.at }) == ACT_QUIT)
			return ACT_QUIT;
	}
}

/* "Administration › Members › Suspended": a label without the mark of its letter. */
static void
list_place(struct buf *place, const char *label)
{
	struct buf plain = { 0 };
	for (const char *s = label; *s; s++)
		if (*s != '&')
			buf_char(&plain, *s);
	place_join(place, _("Administration › Members"), buf_text(&plain));
	buf_free(&plain);
}

enum act
admin_members_screen(struct visit *v)
{
	static const struct {
		const char *label, *note;
		int state;
	} kinds[] = {
		{ N_("&Everybody"), N_("by a few letters, whatever the state"), -1 },
		{ N_("&Active"), N_("those who take part"), MEMBER_ACTIVE },
		{ N_("&Suspended"), N_("until they are let in again"), MEMBER_SUSPENDED },
		{ N_("&Waiting"), N_("for a yes or a no"), MEMBER_WAITING },
		{ N_("Re&fused"), N_("those who were told no"), MEMBER_REFUSED },
		{ N_("Re&moved"), N_("those who have left"), MEMBER_REMOVED },
	};
	enum { KINDS = sizeof kinds / sizeof *kinds };
	struct choice choices[KINDS];
	for (int i = 0; i < KINDS; i++)
		choices[i] = (struct choice){ i + 1, _(kinds[i].label), _(kinds[i].note), true, false };
	struct menu menu = { .place = _("Administration › Members"), .choices = choices, .choice_count = KINDS };
	enum act act;
	while ((act = ui_menu(v->ui, &menu)) == ACT_OPEN) {
		struct buf place = { 0 };
		list_place(&place, _(kinds[menu.at - 1].label));
		act = list_members(v, kinds[menu.at - 1].state, buf_text(&place));
		buf_free(&place);
		if (act == ACT_QUIT)
			break;
	}
	return act;
}
