/* A lost password: a one-time code by mail, or read out by the animator, then a new one. */
#include <string.h>

#include "bbs/base/i18n.h"
#include "screens/visit.h"

/* Twice, until both are the same and good; false: the person gave up. */
static bool
choose_password(struct visit *v, const char *login, const char *code, member_id *id)
{
	struct buf password = { 0 }, again = { 0 };
	bool in = false;
	while (!in && ui_line(v->ui, _("New password"), _("at least 8 characters"), &password, PASSWORD_MAX, true)
	       && ui_line(v->ui, _("New password again"), NULL, &again, PASSWORD_MAX, true)) {
		int r = E_OK;
		if (strcmp(buf_text(&password), buf_text(&again)) != 0)
			ui_say(v->ui, _("The two are not the same. Type the password again."));
		else if (!(r = lost_set(v->db, login, code, buf_text(&password), id)))
			in = true;
		else if (r == E_INVALID || r == E_EMPTY || r == E_TOO_LONG)
			ui_say(v->ui, _("At least 8 characters, and not your name. Type another password."));
		else
			ui_say(v->ui, "%s", r == E_DENIED
				? _("Fifteen minutes have gone by: the code is no longer good. Ask for another one.")
				: error_text(r));
		if (r == E_DENIED)
			break;
		buf_wipe(&password);
		buf_wipe(&again);
	}
	buf_wipe(&password);
	buf_wipe(&again);
	return in;
}

/* Until the code is the right one; false: the person gave up, or the tries are used up. */
static bool
ask_code(struct visit *v, const char *login, struct buf *code)
{
	while (ui_line(v->ui, _("The code"), _("eight digits, from the mail or from your animator"), code,
	    CODE_MAX, false)) {
		if (code->len && !lost_check(v->db, login, buf_text(code))) {
			ui_say(v->ui, _("The code is right: now choose a new password."));
			return true;
		}
		if (code->len && !v->failed(v))
			return false;
		ui_say(v->ui, _("This is not the code, or it is older than 15 minutes, or it was tried five times. "
				"Look again, or go back and ask for another one."));
		buf_cut(code, 0);
	}
	return false;
}

bool
lost_screen(struct visit *v)
{
	enum { ASKED_MAX = 5 };
	int asked = 0;
	struct buf login = { 0 }, code = { 0 };
	member_id id;
	bool in = false;
	ui_say(v->ui, _("A lost password: a one-time code is sent to your mail address. If you cannot read your "
			"mail, your animator can read a code to you on the phone. %s"),
	    v->contact);
	v->signs_up(v);
	while (!in && asked++ < ASKED_MAX
	       && ui_line(v->ui, _("Your name"), _("your log-in name or e-mail"), &login, EMAIL_MAX,
		   false)
	       && login.len) {
		int r = lost_ask(v->db, buf_text(&login));
		if (r) {
			visit_say_error(v, r);
			continue;
		}
		ui_say(v->ui, _("If an account has this name, a code has just left for its mail address, or a few "
				"minutes ago. It is good for 15 minutes and five tries."));
		if (!ask_code(v, buf_text(&login), &code))
			break;
		in = choose_password(v, buf_text(&login), buf_text(&code), &id);
		buf_wipe(&code);
	}
	if (in) {
		v->me.id = id;
		v->came_in(v);
		ui_say(v->ui, _("Your new password is kept."));
	}
	buf_free(&login);
	buf_wipe(&code);
	return in;
}
