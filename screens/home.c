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
	HOME_DRAFTS,
	HOME_NOTICES,
	HOME_REPORTS,
	HOME_DIRECTORY,
	HOME_FORUM,
	HOME_FILES,
	HOME_COUNCIL,
	HOME_WHO,
	HOME_PEOPLE,
	HOME_PROFILE,
	HOME_INVITE,
	HOME_ADMIN,
	HOME_CHARTER,
	HOME_PLACES, /* the viewer's own places, one behind the other */
	PLACES_MAX = 8,
	HOME_CHOICES = HOME_PLACES + PLACES_MAX,
	PLACES_MS = 10000,
};

struct home {
	struct visit *v;
	struct buf lead, waiting, asked, sheet, followed, unread, drafts, notices, reports;
	struct place {
		board_id board;
		struct buf title, note;
	} places[PLACES_MAX];
	int place_count;
	int64_t placed; /* by clock_ticks(), when they were counted; 0: they are to be */
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
	int64_t checked = council_checked(home->v->db, home->v->me.council), now = clock_now();
	if (checked < 0 || !council_is_stale(checked, now))
		return;
	struct buf span = { 0 };
	clock_span(&span, now - checked);
	buf_cut(&home->sheet, 0);
	buf_fmt(&home->sheet, _("nobody has looked over your council's for %s"), buf_text(&span));
	add(menu, HOME_SHEET, _("She&et"), buf_text(&home->sheet), true, true);
	buf_free(&span);
}

static bool
add_place(void *ctx, const struct place_row *row)
{
	struct home *home = ctx;
	int i = home->place_count;
	struct place *place = &home->places[i];
	struct buf posts = { 0 }, threads = { 0 };
	place->board = row->board;
	buf_cut(&place->title, 0);
	buf_cut(&place->note, 0);
	buf_str(&place->title, row->council ? _("My council") : row->title);
	number(&posts, row->posts);
	buf_fmt(&place->note,
	    ngettext("%s new message", "%s new messages", (unsigned long)row->posts), buf_text(&posts));
	number(&threads, row->threads);
	buf_fmt(&place->note, ngettext(" in %s discussion", " in %s discussions", (unsigned long)row->threads),
	    buf_text(&threads));
	buf_free(&posts);
	buf_free(&threads);
	return ++home->place_count < PLACES_MAX;
}

/* Counting by places costs more than the rest: not at each message that anybody writes. */
static void
add_places(struct home *home, struct menu *menu)
{
	int64_t now = clock_ticks();
	if (!home->placed || now - home->placed >= PLACES_MS) {
		home->place_count = 0;
		home->placed = now;
		unread_places(home->v->db, add_place, home);
	}
	for (int i = 0; i < home->place_count; i++)
		add(menu, HOME_PLACES + i, buf_text(&home->places[i].title),
		    buf_text(&home->places[i].note), true, true);
}

/* The discussions that one takes part in, one's own places, and the sum of all. */
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
	add_places(home, menu);
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
add_drafts(struct home *home, struct menu *menu)
{
	int n = draft_count(home->v->db);
	if (!n)
		return;
	buf_cut(&home->drafts, 0);
	buf_fmt(&home->drafts, ngettext("%d text that you began and did not send",
	    "%d texts that you began and did not send", (unsigned long)n), n);
	add(menu, HOME_DRAFTS, _("My draft&s"), buf_text(&home->drafts), true, false);
}

static void
add_reports(struct home *home, struct menu *menu)
{
	int n = report_count(home->v->db);
	if (!n)
		return;
	struct buf many = { 0 };
	number(&many, n);
	buf_cut(&home->reports, 0);
	buf_fmt(&home->reports,
	    ngettext("%s report to see to", "%s reports to see to",
		(unsigned long)n),
	    buf_text(&many));
	add(menu, HOME_REPORTS, _("Rep&orts"), buf_text(&home->reports), true, true);
	buf_free(&many);
}

static void
add_notices(struct home *home, struct menu *menu)
{
	/* What is being said on this very screen is no news beside it. */
	int n = notice_count(home->v->db) - home->v->words.count;
	if (n <= 0)
		return;
	struct buf many = { 0 };
	number(&many, n);
	buf_cut(&home->notices, 0);
	buf_fmt(&home->notices, ngettext("%s thing to read", "%s things to read", (unsigned long)n),
	    buf_text(&many));
	add(menu, HOME_NOTICES, _("For yo&u"), buf_text(&home->notices), true, true);
	buf_free(&many);
}

static bool
stands_in(const struct menu *menu, int id)
{
	for (int i = 0; i < menu->choice_count; i++)
		if (menu->choices[i].id == id)
			return true;
	return false;
}

/* What was said to one before stays at hand. */
static void
add_old_notices(struct home *home, struct menu *menu)
{
	if (!stands_in(menu, HOME_NOTICES) && notice_any(home->v->db))
		add(menu, HOME_NOTICES, _("For yo&u"), NULL, false, false);
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
	bool was_member = visit_member(v);
	/* A role, a council, a suspension: what the sysop does holds at once. */
	visit_refresh(v);
	if (was_member && !visit_member(v))
		return false;
	menu->choice_count = 0;
	if (visit_member(v)) {
		add_waiting(home, menu);
		add_reports(home, menu);
		add_notices(home, menu);
		add_asked(home, menu);
		add_sheet(home, menu);
		add_unread(home, menu);
	}
	write_lead(home, menu->choice_count > 0);
	if (visit_member(v))
		add_drafts(home, menu);
	menu->lead = buf_text(&home->lead);
	add(menu, HOME_FORUM, _("&Forum"), NULL, false, false);
	add(menu, HOME_DIRECTORY, _("&Directory of councils"), NULL, false, false);
	add(menu, HOME_FILES, _("Shared fo&lders"), NULL, false, false);
	if (visit_member(v)) {
		if (v->me.council.n)
			add(menu, HOME_COUNCIL, _("My &council"), NULL, false, false);
		add_old_notices(home, menu);
		add(menu, HOME_WHO, _("&Who is here"), NULL, false, false);
		add(menu, HOME_PEOPLE, _("&The members"), NULL, false, false);
		add(menu, HOME_PROFILE, _("My &profile"), NULL, false, false);
		if (!stands_in(menu, HOME_REPORTS) && may(v->db, MAY_MODERATE, (item_id){ 0 }))
			add(menu, HOME_REPORTS, _("Rep&orts"), NULL, false, false);
		if (may(v->db, MAY_INVITE, v->me.council))
			add(menu, HOME_INVITE, _("&Invite somebody"), NULL, false, false);
		if (admin_open(v))
			add(menu, HOME_ADMIN, _("Ad&ministration"), NULL, false, false);
	}
	add(menu, HOME_CHARTER, _("C&harter"), NULL, false, false);
	return true;
}

static enum act
open_choice(struct visit *v, const struct home *home, int choice)
{
	int place = choice - HOME_PLACES;
	if (place >= 0 && place < home->place_count)
		return board_screen(v, home->places[place].board);
	switch (choice) {
	case HOME_CANDIDATES:
		return candidates_screen(v);
	case HOME_ASKED:
		return sheet_answer_screen(v);
	case HOME_FOLLOWED:
	case HOME_UNREAD:
		return next_unread_screen(v);
	case HOME_DRAFTS:
		return drafts_screen(v);
	case HOME_REPORTS:
		return reports_screen(v);
	case HOME_NOTICES:
		return notices_screen(v);
	case HOME_DIRECTORY:
		return directory_screen(v);
	case HOME_FILES:
		return files_screen(v);
	case HOME_FORUM:
		return forum_screen(v);
	case HOME_COUNCIL:
	case HOME_SHEET:
		return council_screen(v, v->me.council);
	case HOME_WHO:
		return who_screen(v);
	case HOME_PEOPLE:
		return people_screen(v);
	case HOME_PROFILE:
		return profile_screen(v);
	case HOME_INVITE:
		return invite_screen(v);
	case HOME_ADMIN:
		return admin_screen(v);
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
	while (act != ACT_QUIT && act != ACT_CHANGED) {
		/* The language may have been changed in the profile. */
		menu.place = _("Home");
		buf_cut(&who, 0);
		buf_fmt(&who, "%s%s%s", visit_member(v) ? buf_text(&v->me.name) : _("Visitor"),
		    v->me.council.n ? " · " : "", buf_text(&v->me.council_name));
		menu.right = buf_text(&who);
		menu.acts = ACTS(ACT_QUIT) | ACTS(ACT_SEARCH) | (visit_member(v) ? ACTS(ACT_NEXT) | ACTS(ACT_ALL_READ) : 0);
		home.placed = 0;
		if (!refresh(&home, &menu)) {
			act = ACT_CHANGED;
			break;
		}
		v->listen(v, TOPIC_THREAD, 0);
		act = ui_menu(v->ui, &menu);
		if (act == ACT_OPEN)
			act = open_choice(v, &home, menu.at);
		else if (act == ACT_NEXT)
			act = next_unread_screen(v);
		else if (act == ACT_SEARCH)
			act = search_screen(v, ui_words(v->ui));
		else if (act == ACT_ALL_READ)
			all_read(v);
		else if (act == ACT_BACK && visit_leaves(v))
			act = ACT_QUIT;
	}
	buf_free(&who);
	buf_free(&home.lead);
	buf_free(&home.waiting);
	buf_free(&home.asked);
	buf_free(&home.sheet);
	buf_free(&home.followed);
	buf_free(&home.unread);
	for (int i = 0; i < PLACES_MAX; i++) {
		buf_free(&home.places[i].title);
		buf_free(&home.places[i].note);
	}
	buf_free(&home.drafts);
	buf_free(&home.notices);
	buf_free(&home.reports);
	return act;
}
