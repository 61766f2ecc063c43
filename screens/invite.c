/* Inviting: a slip with all that somebody needs to come in, to be printed or read out. */
#include "bbs/base/i18n.h"
#include "db/machine.h"
#include "screens/visit.h"

enum act
invite_screen(struct visit *v)
{
	struct buf text = { 0 }, code = { 0 }, name = { 0 }, question = { 0 };
	item_id council = v->me.council;
	enum act act = ACT_BACK;
	if (!council.n && !council_choose(v, MAY_INVITE, &council, &name))
		return ACT_BACK;
	const char *whose = name.len ? buf_text(&name) : buf_text(&v->me.council_name);
	int days = (int)setting_number(v->db, "invitation_days");
	buf_fmt(&question, _("Make an invitation code for %s, good for %d days?"), whose, days);
	bool made = ui_ask(v->ui, buf_text(&question));
	int r = made ? invitation_new(v->db, council, &code) : 0;
	if (r) {
		visit_say_error(v, r);
	} else if (made) {
		buf_fmt(&text, _("To come to %s, the citizens' councils' own board:"), v->board);
		buf_fmt(&text, "\n\n    %s\n\n", v->connect);
		buf_fmt(&text, _("Name to give: %s\n"), "nouveau");
		buf_fmt(&text, _("Invitation code: %s (good for %d days, once)\n"), buf_text(&code), days);
		if (*v->fingerprint)
			buf_fmt(&text, _("At the first visit the machine shows this, answer yes: %s\n"),
			    v->fingerprint);
		buf_fmt(&text, _("Invited by: %s\n"), buf_text(&v->me.name));
		buf_fmt(&text, "\n%s\n", v->contact);
		struct page page = { .place = _("An invitation"), .right = whose,
			.text = buf_text(&text) };
		act = ui_page(v->ui, &page);
	}
	buf_free(&text);
	buf_free(&code);
	buf_free(&name);
	buf_free(&question);
	return act == ACT_QUIT ? ACT_QUIT : ACT_BACK;
}
