/* A visit as a story: the welcome, who it is, the charter, what was being written, home, good-bye. */
#include "screens/visit.h"

#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"

void
visit_refresh(struct visit *v)
{
	member_id id = v->me.id;
	member_free(&v->me);
	if (id.n && member_get(v->db, id, &v->me))
		v->me = (struct member){ 0 };
}

void
visit_say_error(struct visit *v, int answer)
{
	ui_say(v->ui, "%s", error_text(answer));
}

void
place_join(struct buf *out, const char *a, const char *b)
{
	buf_fmt(out, "%s%s%s", a, *a && *b ? " › " : "", b);
}

static bool
is_word(const char *name, const char *const words[2])
{
	return !strcmp(name, words[0]) || !strcmp(name, words[1]);
}
static const char *const newcomer_words[2] = { "nouveau", "new" };
static const char *const visitor_words[2] = { "visiteur", "guest" };

/* Asks for a password until it is right or the tries are used up. */
static bool
log_in_as(struct visit *v, const char *login)
{
	struct buf password = { 0 };
	member_id id;
	bool in = false;
	while (!in && ui_line(v->ui, _("Password"), NULL, &password, PASSWORD_MAX, true)) {
		in = login_password(v->db, login, buf_text(&password), &id) == E_OK;
		if (password.data)
			mem_wipe(password.data, password.cap);
		buf_cut(&password, 0);
		if (in) {
			v->me.id = id;
			v->came_in(v);
		} else if (!v->failed(v)) {
			break;
		} else {
			ui_say(v->ui, _("This name and this password do not go together. If you have lost "
					"your password, write to the animators: %s"),
			    v->contact);
		}
	}
	buf_free(&password);
	return in;
}

/* The welcome of those whose wire has asked for no name: true when somebody is in, or visits. */
static bool
welcome(struct visit *v)
{
	struct buf name = { 0 }, lead = { 0 };
	bool in = false;
	if (v->ui->terminal->no_secret)
		ui_say(v->ui, _("Take care: on this line what you type is seen by those who listen, and "
				"your password will show on your screen. ssh is safer."));
	while (!in) {
		buf_cut(&lead, 0);
		buf_fmt(&lead, _("Welcome to %s, the citizens' councils' own board."), v->board);
		ui_say(v->ui, "%s", buf_text(&lead));
		buf_cut(&name, 0);
		if (!ui_line(v->ui, _("Your name"),
			_("your log-in name or e-mail; nouveau to sign up; visiteur to look around"), &name,
			EMAIL_MAX, false))
			break;
		if (is_word(buf_text(&name), visitor_words)) {
			v->came_in(v);
			in = true;
		} else if (is_word(buf_text(&name), newcomer_words)) {
			in = sign_up_screen(v);
		} else if (name.len) {
			in = log_in_as(v, buf_text(&name));
			if (!in)
				break;
		}
	}
	buf_free(&name);
	buf_free(&lead);
	return in;
}

/* Refused, suspended: what happened, and whom to ask. */
static enum act
closed_door(struct visit *v)
{
	struct buf text = { 0 };
	buf_str(&text, v->me.state == MEMBER_REFUSED
			   ? _("Your request was not accepted. The reason was sent to you by mail.")
			   : _("Your account is suspended."));
	struct suspension why;
	if (v->me.state == MEMBER_SUSPENDED && member_suspension(v->db, v->me.id, &why)) {
		buf_fmt(&text, "\n\n%s", buf_text(&why.reason));
		suspension_free(&why);
	}
	buf_fmt(&text, "\n\n%s", v->contact);
	struct page page = { .place = _("Closed"), .text = buf_text(&text) };
	ui_page(v->ui, &page);
	buf_free(&text);
	return ACT_QUIT;
}

void
visit_run(struct visit *v, const char *name)
{
	bool in = v->me.id.n || is_word(name, visitor_words);
	if (!in)
		in = is_word(name, newcomer_words) ? sign_up_screen(v) : welcome(v);
	enum act act = in ? ACT_OPEN : ACT_QUIT;
	if (in && v->me.id.n) {
		if (v->me.state == MEMBER_WAITING)
			act = waiting_screen(v);
		if (v->me.state == MEMBER_REFUSED || v->me.state == MEMBER_SUSPENDED)
			act = closed_door(v);
		int64_t version;
		if (act == ACT_OPEN && v->me.id.n != MACHINE.n && !charter_accepted(v, &version))
			act = charter_screen(v);
		if (act == ACT_OPEN)
			drafts_offer(v);
	}
	if (act == ACT_OPEN && home_screen(v) == ACT_CHANGED)
		closed_door(v);
	ui_say(v->ui, _("Good-bye, and see you soon on %s."), v->board);
}
