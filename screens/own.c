/* My data: what the board keeps of me and why, having it, and being erased. */
#include <string.h>

#include "bbs/base/i18n.h"
#include "screens/visit.h"

static enum act
kept_page(struct visit *v)
{
	static const char *const lines[] = {
		N_("What the board keeps of you, why, and how long:"),
		N_("Your name, your council and your role: so that the others know who speaks. As long as you are "
		   "a member."),
		N_("Your mail address and your mobile: to write to you what you asked for, and to give you back "
		   "your account when the password is lost. You choose who else sees them. As long as you are a "
		   "member."),
		N_("Your password and your keys: to let you in, and nobody else. The password is kept in a form "
		   "from which nobody can read it. Until you change them."),
		N_("Your messages and all their versions: they are the memory of the councils. They stay; once you "
		   "are erased, they stand under “a member who has left”."),
		N_("Your files and all their versions: so that others can use them. What is shared stays, once you "
		   "are erased under “a member who has left”; what only you could read goes."),
		N_("Which files of others you have opened or fetched: so that those who look after a file know who "
		   "has it. Until you are erased."),
		N_("What you have read, what you follow, and your drafts: so that you find your place again. As "
		   "long as you are a member."),
		N_("Who said yes or no to whom, and the questions asked: so that one can see why somebody was let "
		   "in. The reasons go when you are erased."),
		N_("Short words from one member to another: for a month. Your lines of the day: for three months. All "
		   "of them go when you are erased."),
		N_("The journal, who did what and when: so that a mistake can be mended. It holds numbers and no "
		   "texts; once you are erased, a number without a name."),
		N_("Open sessions, with the address they come from: to see who is here, and to close one. Until "
		   "the session ends."),
		N_("Mails sent to you: until you are erased. One-time codes: they are good for fifteen minutes."),
		N_("Back-ups hold all this as it was on their day, until the sysop replaces them."),
	};
	struct buf text = { 0 };
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		buf_fmt(&text, "%s%s\n", i ? "\n" : "", _(lines[i]));
	struct page page = { .place = _("My profile › My data › What is kept"), .text = buf_text(&text) };
	enum act act = ui_page(v->ui, &page);
	buf_free(&text);
	return act;
}

static enum act
export_page(struct visit *v)
{
	static const char word[] = "nouveau";
	struct buf text = { 0 }, line = { 0 };
	const char *at = strstr(v->connect, word);
	if (at)
		buf_fmt(&line, "%.*s%s%s member export > palabre.tar", (int)(at - v->connect), v->connect,
		    buf_text(&v->me.login), at + sizeof word - 1);
	buf_fmt(&text, _("All that the board keeps of you comes as one archive. On your own computer, in a terminal, "
			 "type this line:\n\n    %s\n\nWindows (Terminal, PowerShell):\n\n    cmd /c \"%s\"\n\nThe "
			 "file palabre.tar is then there: your messages as texts, the rest in files in .json, which any "
			 "text editor opens. Any archive program opens it. By telnet this cannot be done.\n\nThe files "
			 "that you sent are only named in it: fetch them from Shared folders."),
	    buf_text(&line), buf_text(&line));
	struct page page = { .place = _("My profile › My data › Having it"), .text = buf_text(&text) };
	enum act act = ui_page(v->ui, &page);
	buf_free(&text);
	buf_free(&line);
	return act;
}

bool
erase_screen(struct visit *v, member_id id)
{
	struct buf question = { 0 }, rule = { 0 }, login = { 0 };
	struct member who;
	int r = member_get(v->db, id, &who);
	bool gone = false;
	if (r) {
		visit_say_error(v, r);
		return false;
	}
	buf_fmt(&question, _("Erase %s for ever? Name, addresses, keys and drafts go; the messages stay, without the "
			     "name."),
	    buf_text(&who.name));
	buf_fmt(&rule, _("type %s to erase, nothing to stop here"), buf_text(&who.login));
	if (ui_ask(v->ui, buf_text(&question))
	    && ui_line(v->ui, _("Log-in name"), buf_text(&rule), &login, LOGIN_MAX, false) && login.len) {
		r = member_erase(v->db, id, buf_text(&login));
		gone = !r;
		if (r == E_INVALID)
			ui_say(v->ui, _("This is not that log-in name: nothing is erased."));
		else if (r == E_LOCKED)
			ui_say(v->ui, _("This is the last sysop: name another one first. Nothing is erased."));
		else if (r)
			visit_say_error(v, r);
		else
			ui_say(v->ui, _("It is done: the account is erased."));
	} else {
		ui_say(v->ui, _("Nothing is erased."));
	}
	buf_free(&question);
	buf_free(&rule);
	buf_free(&login);
	member_free(&who);
	return gone;
}

enum act
own_screen(struct visit *v)
{
	enum { KEPT = 1, EXPORT, ERASE };
	struct choice choices[] = {
		{ KEPT, _("&What is kept"), _("and why, and how long"), true, false },
		{ EXPORT, _("&Having it"), _("all my data as one archive"), true, false },
		{ ERASE, _("&Erasing me"), _("leave the board for good"), true, false },
	};
	struct menu menu = { .place = _("My profile › My data"), .choices = choices, .choice_count = 3 };
	enum act act;
	while ((act = ui_menu(v->ui, &menu)) == ACT_OPEN) {
		if (menu.at == KEPT)
			act = kept_page(v);
		else if (menu.at == EXPORT)
			act = export_page(v);
		else if (erase_screen(v, v->me.id))
			act = ACT_QUIT;
		if (act == ACT_QUIT)
			break;
	}
	return act;
}
