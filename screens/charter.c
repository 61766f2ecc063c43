/* The charter: read to its end, and accepted once for each version. */
#include "bbs/base/i18n.h"
#include "screens/visit.h"

bool
charter_accepted(struct visit *v, int64_t *version)
{
	*version = charter_get(v->db, &(struct buf){ 0 });
	return *version <= v->me.charter;
}

enum act
charter_screen(struct visit *v)
{
	struct buf text = { 0 };
	int64_t version = charter_get(v->db, &text);
	bool asks = v->me.id.n && v->me.id.n != MACHINE.n && version > v->me.charter;
	if (!version)
		buf_str(&text, _("The animators have not written a charter yet."));
	if (asks)
		buf_fmt(&text, "\n\n%s", _("To take part, one accepts this charter: yes or no?"));
	struct page page = { .place = _("Charter"), .text = buf_text(&text), .to_the_end = asks,
		.acts = asks ? ACTS(ACT_YES) | ACTS(ACT_NO) : 0 };
	enum act act = ui_page(v->ui, &page);
	if (asks && act == ACT_YES) {
		int r = charter_accept(v->db, version);
		if (r) {
			visit_say_error(v, r);
		} else {
			ui_say(v->ui, _("Thank you: the charter is accepted."));
			visit_refresh(v);
			act = ACT_OPEN;
		}
	} else if (asks) {
		ui_say(v->ui, _("Without the charter one cannot take part. Nothing is lost: you will be asked "
				"again next time."));
		act = ACT_QUIT;
	}
	buf_free(&text);
	return act;
}
