/* Home: what is new since the last visit, then the places. */
#include <stdio.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

enum {
	HOME_CANDIDATES = 1,
	HOME_ASKED,
	HOME_SHEET,
	HOME_FOLLOWED,
	HOME_UNREAD,
	HOME_DIRECTORY,
	HOME_FORUM,
	HOME_COUNCIL,
	HOME_WHO,
	HOME_PROFILE,
	HOME_INVITE,
	HOME_MEMBERS,
	HOME_CHARTER,
	HOME_CHOICES,
};

struct home {
	struct visit *v;
	struct buf lead, waiting, asked, sheet, followed, unread;
	struct choice choices[HOME_CHOICES];
};

static void
add(struct menu *menu, int id, const char *label, const char *note, bool news, bool is_new)
{
	menu->choices[menu->choice_count++] = (struct choice){ id, label, note, news, is_new };
}

/* "7", or "over 99". */
static void
number(struct buf *out, int n)
{
	if (n > 99)
		buf_str(out, _("over 99"));
	else
		buf_fmt(out, "%d", n);
}

static void
add_waiting(struct home *home, struct menu *menu)
{
	int64_t oldest = 0;
	int n = candidate_count(home->v->db, &oldest);
	if (n <= 0)
		return;
	struct buf since = { 0 };
	clock_span(&since, clock_now() - oldest);
	buf_cut(&home->waiting, 0);
	buf_fmt(&home->waiting,
	    ngettext("%d person waits for your yes or your no, for %s",
		"%d people wait for your yes or your no (the first for %s)", (unsigned long)n),
	    n, buf_text(&since));
	buf_free(&since);
	add(menu, HOME_CANDIDATES, _("To &approve"), buf_text(&home->waiting), true, true);
}

/* Somebody has named him the resource person of his council. */
static void
add_asked(struct home *home, struct menu *menu)
{
	struct buf giver = { 0 };
	item_id council;
	if (council_asks(home->v->db, &council, &giver)) {
		buf_cut(&home->asked, 0);
		buf_fmt(&home->asked, _("%s names you the resource person: yes or no?"), buf_text(&giver));
		add(menu, HOME_ASKED, _("&Your council"), buf_text(&home->asked), true, true);
	}
	buf_free(&giver);
}

/* Nobody of his council has looked over its sheet for a year. */
static void
add_sheet(struct home *home, struct menu *menu)
{
	struct council c;
	struct buf span = { 0 };
	if (council_get(home->v->db, home->v->me.council, &c))
		return;
	if (council_is_stale(c.checked, clock_now())) {
		clock_span(&span, clock_now() - c.checked);
		buf_cut(&home->sheet, 0);
		buf_fmt(&home->sheet, _("nobody has looked over your council's for %s"), buf_text(&span));
		add(menu, HOME_SHEET, _("She&et"), buf_text(&home->sheet), true, true);
	}
	buf_free(&span);
	council_free(&c);
}

static void
add_unread(struct home *home, struct menu *menu)
{
	struct unread unread;
	if (unread_count(home->v->db, &unread) || !unread.posts)
		return;
	struct buf n = { 0 };
	if (unread.followed) {
		number(&n, unread.followed);
		buf_cut(&home->followed, 0);
		buf_fmt(&home->followed,
		    ngettext("%s new message in your discussions", "%s new messages in your discussions",
			(unsigned long)unread.followed),
		    buf_text(&n));
		add(menu, HOME_FOLLOWED, _("&Replies"), buf_text(&home->followed), true, true);
	}
	buf_cut(&n, 0);
	number(&n, unread.posts);
	buf_cut(&home->unread, 0);
	buf_fmt(&home->unread,
	    ngettext("%s new message in all", "%s new messages in all", (unsigned long)unread.posts),
	    buf_text(&n));
	add(menu, HOME_UNREAD, _("&New"), buf_text(&home->unread), true, true);
	buf_free(&n);
}

static void
write_lead(struct home *home, bool news)
{
	const struct member *me = &home->v->me;
	struct buf when = { 0 };
	buf_cut(&home->lead, 0);
	if (!visit_member(home->v)) {
		buf_fmt(&home->lead, _("You are visiting %s: you see what is public. To take part, come back "
				       "under the name nouveau."),
		    home->v->board);
	} else if (me->last_visit) {
		clock_phrase(&when, me->last_visit, clock_now(), NULL);
		buf_fmt(&home->lead, news ? _("Since your last visit, %s:") : _("Nothing new since your last visit, %s."),
		    buf_text(&when));
	} else {
		buf_fmt(&home->lead, _("Welcome, %s. What is new stands here; ? gives help, everywhere."),
		    buf_text(&me->given));
	}
	buf_free(&when);
}

/* Counts everything again: after a nudge, and each time one comes home. */
static bool
refresh(void *ctx, struct menu *menu)
{
	struct home *home = ctx;
	struct visit *v = home->v;
	menu->choice_count = 0;
	if (visit_member(v)) {
		add_waiting(home, menu);
		add_asked(home, menu);
		add_sheet(home, menu);
		add_unread(home, menu);
	}
	write_lead(home, menu->choice_count > 0);
	menu->lead = buf_text(&home->lead);
	add(menu, HOME_FORUM, _("&Forum"), NULL, false, false);
	add(menu, HOME_DIRECTORY, _("&Directory of councils"), NULL, false, false);
	if (visit_member(v)) {
		if (v->me.council.n)
			add(menu, HOME_COUNCIL, _("My &council"), NULL, false, false);
		add(menu, HOME_WHO, _("&Who is here"), NULL, false, false);
		add(menu, HOME_PROFILE, _("My &profile"), NULL, false, false);
		if (may(v->db, MAY_INVITE, v->me.council))
			add(menu, HOME_INVITE, _("&Invite somebody"), NULL, false, false);
		if (may(v->db, MAY_MANAGE_MEMBERS, (item_id){ 0 }))
			add(menu, HOME_MEMBERS, _("&Members"), NULL, false, false);
	}
	add(menu, HOME_CHARTER, _("C&harter"), NULL, false, false);
	return true;
}

static enum act
open_choice(struct visit *v, int choice)
{
	switch (choice) {
	case HOME_CANDIDATES:
		return candidates_screen(v);
	case HOME_ASKED:
		return sheet_answer_screen(v);
	case HOME_FOLLOWED:
	case HOME_UNREAD:
		return next_unread_screen(v);
	case HOME_DIRECTORY:
		return directory_screen(v);
	case HOME_FORUM:
		return forum_screen(v);
	case HOME_COUNCIL:
	case HOME_SHEET:
		return council_screen(v, v->me.council);
	case HOME_WHO:
		return who_screen(v);
	case HOME_PROFILE:
		return profile_screen(v);
	case HOME_INVITE:
		return invite_screen(v);
	case HOME_MEMBERS:
		return members_screen(v);
	case HOME_CHARTER:
		return charter_screen(v);
	default:
		return ACT_BACK;
	}
}

static void
all_read(struct visit *v)
{
	if (!ui_ask(v->ui, _("Mark every message as read?")))
		return;
	int r = mark_all_read(v->db);
	if (r)
		visit_say_error(v, r);
	else
		ui_say(v->ui, _("Everything is marked as read."));
}

enum act
home_screen(struct visit *v)
{
	struct home home = { .v = v };
	struct buf who = { 0 };
	struct menu menu = { .place = _("Home"), .choices = home.choices, .refresh = refresh, .ctx = &home };
	enum act act = ACT_NONE;
	while (act != ACT_QUIT) {
		/* The language may have been changed in the profile. */
		menu.place = _("Home");
		buf_cut(&who, 0);
		buf_fmt(&who, "%s%s%s", visit_member(v) ? buf_text(&v->me.name) : _("Visitor"),
		    v->me.council.n ? " · " : "", buf_text(&v->me.council_name));
		menu.right = buf_text(&who);
		menu.acts = ACTS(ACT_QUIT) | ACTS(ACT_SEARCH) | (visit_member(v) ? ACTS(ACT_NEXT) | ACTS(ACT_ALL_READ) : 0);
		refresh(&home, &menu);
		v->listen(v, TOPIC_THREAD, 0);
		act = ui_menu(v->ui, &menu);
		if (act == ACT_OPEN)
			act = open_choice(v, menu.at);
		else if (act == ACT_NEXT)
			act = next_unread_screen(v);
		else if (act == ACT_SEARCH)
			act = search_screen(v, ui_words(v->ui));
		else if (act == ACT_ALL_READ)
			all_read(v);
		else if (act == ACT_BACK && ui_ask(v->ui, _("Leave the board?")))
			act = ACT_QUIT;
	}
	buf_free(&who);
	buf_free(&home.lead);
	buf_free(&home.waiting);
	buf_free(&home.asked);
	buf_free(&home.sheet);
	buf_free(&home.followed);
	buf_free(&home.unread);
	return act;
}
