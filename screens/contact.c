/* How to reach a member, and who sees it: the form, and the code that confirms an address. */
#include <string.h>

#include "bbs/base/i18n.h"
#include "screens/visit.h"

struct contact_form {
	struct visit *v;
	struct buf email; /* the one kept now: one's own is not taken by another */
};

static const char *
check_email(void *ctx, struct field *f)
{
	struct contact_form *c = ctx;
	int r = member_check_email(c->v->db, &f->value);
	if (r == E_EXISTS && !strcmp(buf_text(&f->value), buf_text(&c->email)))
		return NULL;
	if (r == E_EXISTS)
		return _("Another account has this address already.");
	return r ? _("This does not look like a mail address: name@place.fr") : NULL;
}

static const char *
check_mobile(void *ctx, struct field *f)
{
	(void)ctx;
	return member_check_mobile(&f->value) ? _("A number like 06 12 34 56 78, or nothing.") : NULL;
}

static void
say_kept(struct visit *v, const struct contact *before, const struct contact *after)
{
	const struct buf *mobile = &after->field[CONTACT_MOBILE];
	if (after->email_new.len && strcmp(buf_text(&after->email_new), buf_text(&before->email_new)) != 0)
		ui_say(v->ui, _("A code is sent to %s: type it in “Confirm” within 15 minutes. "
				"Until then the old address counts."),
		    buf_text(&after->email_new));
	else if (mobile->len && strcmp(buf_text(mobile), buf_text(&before->field[CONTACT_MOBILE])) != 0)
		ui_say(v->ui, _("This is kept. Nothing is sent to the new number before it is confirmed."));
	else
		ui_say(v->ui, _("This is kept."));
}

static void
keep(struct visit *v, member_id id, struct field *fields, const struct contact *before)
{
	struct contact typed = { 0 }, after = { 0 };
	enum contact_field wrong;
	for (int i = 0; i < CONTACT_FIELDS; i++) {
		typed.field[i] = fields[2 * i].value;
		typed.seen[i] = (enum seen_by)(buf_text(&fields[2 * i + 1].value)[0] - '0');
	}
	int r = contact_set(v->db, id, &typed, &wrong);
	if (!r)
		r = contact_get(v->db, id, &after);
	if (r)
		visit_say_error(v, r);
	else
		say_kept(v, before, &after);
	contact_free(&after);
}

void
contact_screen(struct visit *v, member_id id)
{
	const char *const seen[] = { _("nobody"), _("my council"), _("the members"), NULL };
	struct field fields[] = {
		{ .kind = FIELD_TEXT, .label = _("Mail address"), .rule = _("a new one has to be confirmed"),
		    .max = EMAIL_MAX, .check = check_email },
		{ .kind = FIELD_CHOICE, .label = _("Who sees this address"), .options = seen },
		{ .kind = FIELD_TEXT, .label = _("Mobile phone"), .rule = _("may stay empty"), .max = PHONE_MAX,
		    .check = check_mobile },
		{ .kind = FIELD_CHOICE, .label = _("Who sees this number"), .options = seen },
		{ .kind = FIELD_TEXT, .label = _("A few words about me"), .rule = _("may stay empty"),
		    .max = ABOUT_MAX },
		{ .kind = FIELD_CHOICE, .label = _("Who sees these words"), .options = seen },
		{ .kind = FIELD_TEXT, .label = _("What I know"),
		    .rule = _("what others can ask me about: law, gardens, Turkish…"), .max = ABOUT_MAX },
		{ .kind = FIELD_CHOICE, .label = _("Who sees what I know"), .options = seen },
	};
	struct contact_form ctx = { .v = v };
	struct contact before;
	int r = contact_get(v->db, id, &before);
	for (int i = 0; !r && i < CONTACT_FIELDS; i++) {
		buf_str(&fields[2 * i].value, buf_text(&before.field[i]));
		buf_fmt(&fields[2 * i + 1].value, "%d", before.seen[i]);
	}
	buf_str(&ctx.email, buf_text(&before.field[CONTACT_EMAIL]));
	struct form form = { .place = _("My profile › How to reach me"), .fields = fields,
		.field_count = sizeof fields / sizeof *fields, .ctx = &ctx,
		.lead = _("The sysop sees all of it; others what you let them see.") };
	if (r)
		visit_say_error(v, r);
	else if (ui_form(v->ui, &form) == ACT_DONE)
		keep(v, id, fields, &before);
	form_free(&form);
	contact_free(&before);
	buf_free(&ctx.email);
}

/* ---- the code ---- */

static void
send_again(struct visit *v)
{
	int r = contact_send_code(v->db);
	if (r == E_LIMIT)
		ui_say(v->ui, _("A code was sent less than two minutes ago: please look for it, also among the "
				"unwanted mail."));
	else if (r)
		visit_say_error(v, r);
}

void
contact_confirm_screen(struct visit *v)
{
	struct contact c;
	struct buf rule = { 0 }, code = { 0 };
	int r = contact_get(v->db, v->me.id, &c);
	if (!r && !c.code_sent)
		send_again(v);
	buf_fmt(&rule, _("eight digits, sent to %s; Enter alone sends another one"),
	    buf_text(c.email_new.len ? &c.email_new : &c.field[CONTACT_EMAIL]));
	contact_free(&c);
	while (!r && ui_line(v->ui, _("The code"), buf_text(&rule), &code, CODE_MAX, false)) {
		if (!code.len) {
			send_again(v);
			continue;
		}
		r = contact_confirm(v->db, buf_text(&code));
		buf_cut(&code, 0);
		if (r == E_DENIED) {
			ui_say(v->ui, _("This is not the code, or it is older than 15 minutes, or it was tried "
					"five times. Look again, or press Enter alone for another one."));
			r = E_OK;
			continue;
		}
		if (!r)
			ui_say(v->ui, _("Your address is confirmed: it counts from now on."));
		break;
	}
	if (r == E_EXISTS)
		ui_say(v->ui, _("Another account has this address already."));
	else if (r)
		visit_say_error(v, r);
	buf_free(&rule);
	buf_free(&code);
}
