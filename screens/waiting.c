/* The waiting room: where a candidate sees how far things are, answers a question, looks around. */
#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

enum { WAIT_ANSWER = 1, WAIT_DIRECTORY, WAIT_FORUM, WAIT_CHARTER, WAIT_PROFILE, WAIT_CHOICES };

struct room {
	struct visit *v;
	struct buf lead, question;
	struct choice choices[WAIT_CHOICES];
};

/* False once the candidate is somebody else: let in, or refused. */
static bool
refresh(void *ctx, struct menu *menu)
{
	struct room *room = ctx;
	struct visit *v = room->v;
	visit_refresh(v);
	buf_cut(&room->lead, 0);
	buf_cut(&room->question, 0);
	struct council mine = { 0 };
	bool peers = !council_get(v->db, v->me.council, &mine) && mine.members;
	council_free(&mine);
	if (peers)
		buf_fmt(&room->lead,
		    _("Welcome, %s. Your request is with the members of %s: they answer within 48 hours. You will "
		      "get a mail, and this page changes by itself as soon as you are let in."),
		    buf_text(&v->me.given), buf_text(&v->me.council_name));
	else
		buf_fmt(&room->lead,
		    _("Welcome, %s. Your request is with the animators: they answer within 48 hours. You will get "
		      "a mail, and this page changes by itself as soon as you are let in."),
		    buf_text(&v->me.given));
	buf_fmt(&room->lead, "\n");
	buf_fmt(&room->lead, _("To come back, log in as %s."), buf_text(&v->me.login));
	buf_fmt(&room->lead, "\n%s", v->contact);
	candidate_question(v->db, &room->question);
	menu->right = buf_text(&v->me.name);
	menu->lead = buf_text(&room->lead);
	menu->choice_count = 0;
	struct choice *c = menu->choices;
	if (room->question.len)
		c[menu->choice_count++]
		    = (struct choice){ WAIT_ANSWER, _("&Answer"), buf_text(&room->question), true, true };
	c[menu->choice_count++] = (struct choice){ WAIT_FORUM, _("&Forum"), NULL, false, false };
	c[menu->choice_count++]
	    = (struct choice){ WAIT_DIRECTORY, _("&Directory of councils"), NULL, false, false };
	c[menu->choice_count++] = (struct choice){ WAIT_CHARTER, _("C&harter"), NULL, false, false };
	c[menu->choice_count++] = (struct choice){ WAIT_PROFILE, _("My &profile"), NULL, false, false };
	return v->me.state == MEMBER_WAITING;
}

static void
answer(struct visit *v, const char *question)
{
	struct buf text = { 0 };
	if (ui_line(v->ui, question, NULL, &text, ABOUT_MAX, false)) {
		int r = candidate_answer(v->db, buf_text(&text));
		if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, _("Your answer is sent."));
	}
	buf_free(&text);
}

enum act
waiting_screen(struct visit *v)
{
	struct room room = { .v = v };
	struct menu menu = { .place = _("Waiting room"), .choices = room.choices, .refresh = refresh, .ctx = &room,
		.acts = ACTS(ACT_QUIT) };
	enum act act = ACT_NONE;
	while (act != ACT_QUIT && act != ACT_CHANGED) {
		if (!refresh(&room, &menu)) {
			act = ACT_CHANGED;
			break;
		}
		v->listen(v, TOPIC_MEMBER, v->me.id.n);
		act = ui_menu(v->ui, &menu);
		if (act == ACT_BACK && visit_leaves(v))
			act = ACT_QUIT;
		else if (act == ACT_OPEN && menu.at == WAIT_ANSWER)
			answer(v, buf_text(&room.question));
		else if (act == ACT_OPEN && menu.at == WAIT_DIRECTORY)
			act = directory_screen(v);
		else if (act == ACT_OPEN && menu.at == WAIT_FORUM)
			act = forum_screen(v);
		else if (act == ACT_OPEN && menu.at == WAIT_CHARTER)
			act = charter_screen(v);
		else if (act == ACT_OPEN && menu.at == WAIT_PROFILE)
			act = profile_screen(v);
	}
	buf_free(&room.lead);
	buf_free(&room.question);
	if (act != ACT_CHANGED)
		return act;
	if (visit_member(v))
		ui_say(v->ui, _("Welcome among us: you are a member."));
	return ACT_OPEN;
}
