/* Administration › Outbox: mails by their state, one of them, and sent again by hand. */
#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "db/machine.h"
#include "screens/visit.h"

struct outbox {
	struct visit *v;
	int state; /* -1: any */
	struct rows *out;
	/* The one that is shown. */
	struct buf text, subject;
	bool sends; /* may be sent again */
};

static bool
add_mail(void *ctx, const struct outbox_row *row)
{
	struct outbox *o = ctx;
	struct row *r = rows_add(o->out, row->id, NULL, row->id);
	struct buf when = { 0 };
	clock_day(&when, row->created, clock_now());
	row_cell(r, 0, row->subject);
	row_cell(r, 1, row->to);
	row_cell(r, 2, _(row->state));
	row_cell(r, 3, buf_text(&when));
	r->urgent = mail_state_parse(row->state) >= MAIL_REFUSED;
	buf_free(&when);
	return true;
}

static int
mail_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct outbox *o = ctx;
	(void)filter;
	o->out = out;
	return outbox_find(o->v->db, o->state, from ? from->num : 0, direction, n, add_mail, o);
}

static bool
write_mail(void *ctx, const struct outbox_row *row)
{
	struct outbox *o = ctx;
	struct buf when = { 0 };
	clock_date(&when, row->created, NULL);
	buf_str(&o->subject, row->subject);
	buf_fmt(&o->text, _("To: %s\n"), row->to);
	buf_fmt(&o->text, _("Subject: %s\n"), row->subject);
	buf_fmt(&o->text, _("When: %s\n"), buf_text(&when));
	buf_fmt(&o->text, _("State: %s\n"), _(row->state));
	buf_fmt(&o->text, "\n%s\n", row->body);
	o->sends = mail_state_parse(row->state) >= MAIL_REFUSED;
	buf_free(&when);
	return false;
}

static void
send_again(struct outbox *o, int64_t id)
{
	struct buf question = { 0 };
	buf_fmt(&question, _("Send “%s” again?"), buf_text(&o->subject));
	if (ui_ask(o->v->ui, buf_text(&question))) {
		int r = outbox_again(o->v->db, id);
		if (r)
			visit_say_error(o->v, r);
		else
			ui_say(o->v->ui, _("The mail is due again."));
	}
	buf_free(&question);
}

static enum act
mail_screen(struct outbox *o, int64_t id)
{
	enum act act = ACT_BACK;
	if (!outbox_get(o->v->db, id, write_mail, o)) {
		struct page page = { .place = _("Administration › Outbox"), .text = buf_text(&o->text),
			.acts = o->sends ? ACTS(ACT_AGAIN) : 0 };
		act = ui_page(o->v->ui, &page);
		if (act == ACT_AGAIN)
			send_again(o, id);
	}
	buf_free(&o->text);
	buf_free(&o->subject);
	return act;
}

static enum act
list_mails(struct visit *v, int state)
{
	const struct column columns[] = { { _("Subject"), 20, 0, 0 }, { _("To"), 18, 28, 1 },
		{ _("State"), 9, 10, 2 }, { _("When"), 15, 16, 3 } };
	struct outbox outbox = { .v = v, .state = state };
	struct list list = { .place = _("Administration › Outbox"), .columns = columns, .column_count = 4,
		.source = { mail_rows, &outbox }, .empty = _("No mail is in this state.") };
	enum act act;
	while ((act = ui_list(v->ui, &list)) == ACT_OPEN)
		if (list.at && mail_screen(&outbox, list.at) == ACT_QUIT)
			return ACT_QUIT;
	return act;
}

enum act
admin_outbox_screen(struct visit *v)
{
	static const struct {
		const char *label, *note;
		int state;
	} kinds[] = {
		{ N_("&All"), N_("the newest first"), -1 },
		{ N_("&Due"), N_("to be sent"), MAIL_DUE },
		{ N_("&Sent"), N_("taken by the mail server"), MAIL_SENT },
		{ N_("&Refused"), N_("by the mail server: look at the address"), MAIL_REFUSED },
		{ N_("&Given up"), N_("tried for days without an answer"), MAIL_GIVEN_UP },
		{ N_("&Uncertain"), N_("cut while it was sent: it may have arrived"), MAIL_UNCERTAIN },
	};
	enum { KINDS = sizeof kinds / sizeof *kinds };
	struct choice choices[KINDS];
	for (int i = 0; i < KINDS; i++)
		choices[i] = (struct choice){ i + 1, _(kinds[i].label), _(kinds[i].note), true, false };
	struct menu menu = { .place = _("Administration › Outbox"), .choices = choices, .choice_count = KINDS };
	enum act act;
	while ((act = ui_menu(v->ui, &menu)) == ACT_OPEN)
		if (list_mails(v, kinds[menu.at - 1].state) == ACT_QUIT)
			return ACT_QUIT;
	return act;
}
