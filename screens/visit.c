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
	struct buf limit = { 0 };
	bool known = answer == E_LIMIT && limit_says(v->db, &limit);
	ui_say(v->ui, "%s", known ? buf_text(&limit) : error_text(answer));
	buf_free(&limit);
}

bool
visit_leaves(struct visit *v)
{
	struct buf question = { 0 };
	buf_fmt(&question, _("Leave %s?"), v->board);
	bool leaves = ui_ask(v->ui, buf_text(&question));
	buf_free(&question);
	return leaves;
}

void
who_reads(int readers, struct buf *out)
{
	if (readers < 0)
		buf_str(out, _("Who will read it: everybody, visitors too."));
	else
		buf_fmt(out,
		    ngettext("Who will read it: %d member.", "Who will read it: %d members.", (unsigned long)readers),
		    readers);
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
static const char *const lost_words[2] = { "perdu", "lost" };

/*
 * Asks for a password until it is right, none is given, or the tries are used up: ACT_OPEN, ACT_BACK
 * to ask for another name, ACT_QUIT.
 */
static enum act
log_in_as(struct visit *v, const char *login)
{
	struct buf password = { 0 };
	member_id id;
	enum act act = ACT_NONE;
	while (act == ACT_NONE) {
		bool given = ui_line(v->ui, _("Password"), _("Enter alone: back to the name"),
		    &password, PASSWORD_MAX, true);
		if (given && password.len)
			v->tries(v, login);
		if (!given || !password.len) {
			act = v->ui->terminal->ended ? ACT_QUIT : ACT_BACK;
		} else if (login_password(v->db, login, password.data, &id) == E_OK) {
			act = ACT_OPEN;
			v->me.id = id;
			v->came_in(v);
		} else if (!v->failed(v)) {
			act = ACT_QUIT;
		} else {
			ui_say(v->ui, _("This name and this password do not go together. Go back and type "
					"perdu in the place of your name if the password is lost."));
		}
		if (password.data)
			mem_wipe(password.data, password.cap);
		buf_cut(&password, 0);
	}
	buf_free(&password);
	return act;
}

/* The welcome of those whose wire has asked for no name: true when somebody is in, or visits. */
static bool
welcome(struct visit *v)
{
	struct buf name = { 0 }, lead = { 0 };
	enum act act = ACT_BACK;
	if (v->ui->terminal->no_secret)
		ui_say(v->ui, _("Take care: on this line what you type is seen by those who listen, and "
				"your password will show on your screen. ssh is safer."));
	buf_fmt(&lead, _("Welcome to %s, the citizens' councils' own board."), v->board);
	ui_say(v->ui, "%s", buf_text(&lead));
	while (act == ACT_BACK) {
		buf_cut(&name, 0);
		if (!ui_line(v->ui, _("Your name"),
			_("your log-in name or e-mail; nouveau to sign up; visiteur to look around; perdu if "
			  "your password is lost"), &name, EMAIL_MAX, false)) {
			act = ACT_QUIT;
		} else if (is_word(buf_text(&name), visitor_words)) {
			v->came_in(v);
			act = ACT_OPEN;
		} else if (is_word(buf_text(&name), newcomer_words)) {
			act = sign_up_screen(v) ? ACT_OPEN : ACT_BACK;
		} else if (is_word(buf_text(&name), lost_words)) {
			act = lost_screen(v) ? ACT_OPEN : ACT_BACK;
		} else if (name.len) {
			act = log_in_as(v, buf_text(&name));
		}
	}
	buf_free(&name);
	buf_free(&lead);
	return act == ACT_OPEN;
}

/* Refused, suspended, shut out: what happened, and whom to ask. */
static enum act
closed_door(struct visit *v)
{
	struct buf text = { 0 }, reason = { 0 };
	struct suspension why;
	bool refused = v->me.state == MEMBER_REFUSED;
	if (refused) {
		candidate_refusal(v->db, &reason);
	} else if (v->me.state == MEMBER_SUSPENDED && member_suspension(v->db, v->me.id, &why)) {
		buf_str(&reason, buf_text(&why.reason));
		suspension_free(&why);
	}
	if (!ban_says(v->db, v->me.id, &text))
		buf_str(&text, refused ? _("Your request was not accepted. The reason was sent to you by mail.")
				       : _("Your account is suspended."));
	if (reason.len)
		buf_fmt(&text, "\n\n« %s »", buf_text(&reason));
	buf_fmt(&text, "\n\n%s", v->contact);
	struct page page = { .place = refused ? _("Your request") : _("Your account"),
		.text = buf_text(&text) };
	ui_page(v->ui, &page);
	buf_free(&reason);
	buf_free(&text);
	return ACT_QUIT;
}

static bool
is_shut_out(struct visit *v)
{
	struct buf words = { 0 };
	bool is = ban_says(v->db, v->me.id, &words);
	buf_free(&words);
	return is;
}

void
visit_run(struct visit *v, const char *name)
{
	bool in = v->me.id.n || is_word(name, visitor_words);
	if (!in)
		in = is_word(name, newcomer_words) ? sign_up_screen(v)
		     : is_word(name, lost_words)  ? lost_screen(v)
						   : welcome(v);
	enum act act = in ? ACT_OPEN : ACT_QUIT;
	if (in && v->me.id.n) {
		bool shut_out = is_shut_out(v);
		if (!shut_out && v->me.state == MEMBER_WAITING)
			act = waiting_screen(v);
		if (shut_out || v->me.state == MEMBER_REFUSED || v->me.state == MEMBER_SUSPENDED)
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
