/* Administration: the places from which the board is kept; each shows to whoever has a right there. */
#include "bbs/base/i18n.h"
#include "screens/visit.h"

static enum act
all_sessions_screen(struct visit *v)
{
	return sessions_screen(v, NOBODY);
}

static const struct place {
	const char *label, *note;
	enum deed deed;
	enum act (*open)(struct visit *v);
} places[] = {
	{ N_("To &approve"), N_("those who wait for a yes or a no, and since when"), MAY_SETTLE, candidates_screen },
	{ N_("&Members"), N_("roles, councils, passwords, suspensions"), MAY_MANAGE_MEMBERS, admin_members_screen },
	{ N_("Co&uncils"), N_("add one, change a sheet, merge two"), MAY_ADD_COUNCIL, admin_councils_screen },
	{ N_("&Boards"), N_("the places of the forum: names, order, who reads"), MAY_MANAGE_BOARDS,
	    admin_boards_screen },
	{ N_("C&harter"), N_("its versions, who accepted, a new one"), MAY_EDIT_CHARTER, admin_charter_screen },
	{ N_("Co&nnections"), N_("open sessions: close one, write to one"), MAY_MANAGE_MEMBERS,
	    all_sessions_screen },
	{ N_("&Reports"), N_("messages and files that members reported"), MAY_MODERATE, reports_screen },
	{ N_("&Exclusions"), N_("who is shut out, until when"), MAY_MANAGE_MEMBERS, bans_screen },
	{ N_("&Settings"), N_("what is changed while the board runs"), MAY_RUN_MACHINE, admin_settings_screen },
	{ N_("&Journal"), N_("who did what, and when"), MAY_READ_JOURNAL, admin_journal_screen },
	{ N_("&Outbox"), N_("the mails: due, sent, refused"), MAY_READ_JOURNAL, admin_outbox_screen },
	{ N_("S&tore"), N_("its size, the last back-up and the last check"), MAY_RUN_MACHINE, admin_store_screen },
};
enum { PLACES = sizeof places / sizeof *places };

/* Never over telnet, where anybody on the way can read. */
static bool
shows(struct visit *v, const struct place *place)
{
	return !v->plain && may(v->db, place->deed, (item_id){ 0 });
}

bool
admin_open(struct visit *v)
{
	for (int i = 0; i < PLACES; i++)
		if (shows(v, &places[i]))
			return true;
	return false;
}

enum act
admin_screen(struct visit *v)
{
	struct menu menu = { .place = _("Administration") };
	enum act act;
	do {
		struct choice choices[PLACES];
		int n = 0;
		for (int i = 0; i < PLACES; i++)
			if (shows(v, &places[i]))
				choices[n++] = (struct choice){ i + 1, _(places[i].label), _(places[i].note),
					true, false };
		menu.choices = choices;
		menu.choice_count = n;
		act = n ? ui_menu(v->ui, &menu) : ACT_BACK;
		if (act == ACT_OPEN)
			act = places[menu.at - 1].open(v);
		else
			break;
	} while (act != ACT_QUIT);
	return act;
}
