/* Signing up: with an invitation or without; every field checked as it is left. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "screens/visit.h"

enum {
	F_CODE,
	F_GIVEN,
	F_FAMILY,
	F_COUNCIL,
	F_EMAIL,
	F_MOBILE,
	F_LOGIN,
	F_SECRET,
	F_AGAIN,
	F_ABOUT,
	F_LETTER,
	F_SMS,
	F_COUNT,
};

struct signing {
	struct visit *v;
	struct field field[F_COUNT];
	item_id council;
	struct council proposal; /* for a council that is not listed */
	bool has_key;
};

/* A code fills in the council; an empty one is no fault. */
static const char *
check_code(void *ctx, struct field *f)
{
	struct signing *s = ctx;
	struct buf inviter = { 0 };
	struct council council;
	if (!f->value.len)
		return NULL;
	int r = invitation_get(s->v->db, buf_text(&f->value), &s->council, &inviter);
	if (r)
		return _("This code is not known, or was used, or is too old. Correct it, or empty "
			 "it to go on without.");
	struct field *c = &s->field[F_COUNCIL];
	if (!council_get(s->v->db, s->council, &council)) {
		buf_cut(&c->shown, 0);
		buf_fmt(&c->shown, "%s (%s)", buf_text(&council.name), buf_text(&council.town));
		buf_cut(&c->value, 0);
		buf_str(&c->value, buf_text(&council.name));
		council_free(&council);
	}
	ui_say(s->v->ui, _("%s invites you."), buf_text(&inviter));
	buf_free(&inviter);
	return NULL;
}

static const char *
check_name(void *ctx, struct field *f)
{
	(void)ctx;
	return member_check_name(&f->value) ? _("Please give a name, as one says it.") : NULL;
}

static const char *
check_council(void *ctx, struct field *f)
{
	struct signing *s = ctx;
	(void)f;
	return s->council.n || s->proposal.name.len
		   ? NULL
		   : _("Please choose your council. If it is not listed, the last line of the list is for you.");
}

static bool
pick_council(void *ctx, struct ui *ui, struct field *f, const char *typed)
{
	struct signing *s = ctx;
	(void)ui;
	if (!council_choose_or_propose(s->v, typed, &s->council, &s->proposal, &f->shown))
		return false;
	buf_cut(&f->value, 0);
	buf_str(&f->value, buf_text(&f->shown));
	return true;
}

static const char *
check_email(void *ctx, struct field *f)
{
	struct signing *s = ctx;
	if (!f->value.len)
		return _("Please give an address: the answer goes there.");
	int r = member_check_email(s->v->db, &f->value);
	if (r == E_EXISTS)
		return _("An account has this address already. If it is yours, log in under it.");
	return r ? _("This does not look like a mail address: name@place.fr") : NULL;
}

static const char *
check_mobile(void *ctx, struct field *f)
{
	(void)ctx;
	return member_check_mobile(&f->value) ? _("A number like 06 12 34 56 78, or nothing.") : NULL;
}

static const char *
check_login(void *ctx, struct field *f)
{
	struct signing *s = ctx;
	const struct buf *given = &s->field[F_GIVEN].value, *family = &s->field[F_FAMILY].value;
	/* From no name, a log-in name would be made that tells nobody. */
	if (!f->value.len && !given->len && !family->len)
		return NULL;
	if (!f->value.len)
		member_propose_login(s->v->db, buf_text(given), buf_text(family), &f->value);
	int r = member_check_login(s->v->db, &f->value);
	if (r == E_EXISTS)
		return _("Somebody has this name already: add a letter or a number.");
	return r ? _("Two to 32 letters, digits, dots or dashes, beginning with a letter.") : NULL;
}

static const char *
check_secret(void *ctx, struct field *f)
{
	struct signing *s = ctx;
	if (s->has_key && !f->value.len)
		return NULL;
	return member_check_password(buf_text(&f->value)) ? _("At least 8 characters, please.") : NULL;
}

static const char *
check_again(void *ctx, struct field *f)
{
	struct signing *s = ctx;
	if (!strcmp(buf_text(&f->value), buf_text(&s->field[F_SECRET].value)))
		return NULL;
	return _("The two are not the same. Type the password again.");
}

static void
describe(struct signing *s)
{
	const struct field fields[F_COUNT] = {
		[F_CODE] = { FIELD_TEXT, .label = _("Invitation code"), .rule = _("if you have one"),
		    .max = CODE_MAX, .check = check_code },
		[F_GIVEN] = { FIELD_TEXT, .label = _("First name"), .max = NAME_MAX_BYTES, .check = check_name },
		[F_FAMILY] = { FIELD_TEXT, .label = _("Family name"), .max = NAME_MAX_BYTES, .check = check_name },
		[F_COUNCIL] = { FIELD_PICK, .label = _("Your council"),
		    .rule = _("type a few letters"),
		    .max = TITLE_MAX, .check = check_council, .pick = pick_council },
		[F_EMAIL] = { FIELD_TEXT, .label = _("Mail address"), .rule = _("the answer goes there"),
		    .max = EMAIL_MAX, .check = check_email },
		[F_MOBILE] = { FIELD_TEXT, .label = _("Mobile phone"), .rule = _("may stay empty"),
		    .max = PHONE_MAX, .check = check_mobile },
		[F_LOGIN] = { FIELD_TEXT, .label = _("Log-in name"), .rule = _("empty: we propose one"),
		    .max = LOGIN_MAX, .check = check_login },
		[F_SECRET] = { FIELD_SECRET, .label = _("Password"),
		    .rule = s->has_key ? _("your ssh key will do")
				       : _("at least 8 characters"),
		    .max = PASSWORD_MAX, .check = check_secret },
		[F_AGAIN] = { FIELD_SECRET, .label = _("Password again"), .max = PASSWORD_MAX,
		    .check = check_again },
		[F_ABOUT] = { FIELD_TEXT, .label = _("A few words about you"),
		    .rule = _("for those who say yes"), .max = ABOUT_MAX },
		[F_LETTER] = { FIELD_YES_NO, .label = _("Monthly letter by mail"), .max = 1 },
		[F_SMS] = { FIELD_YES_NO, .label = _("Alerts by SMS"), .max = 1 },
	};
	memcpy(s->field, fields, sizeof fields);
	buf_str(&s->field[F_LETTER].value, "1");
	buf_str(&s->field[F_SMS].value, "0");
}

/* The charter, before anything is kept: true when it is accepted. */
static bool
accepts_charter(struct visit *v, int64_t *version)
{
	struct buf text = { 0 };
	*version = charter_get(v->db, &text);
	bool yes = !*version;
	if (!yes) {
		buf_fmt(&text, "\n\n%s", _("To take part, one accepts this charter: yes or no?"));
		struct page page = { .place = _("Charter"), .text = buf_text(&text), .to_the_end = true,
			.acts = ACTS(ACT_YES) | ACTS(ACT_NO) };
		yes = ui_page(v->ui, &page) == ACT_YES;
	}
	buf_free(&text);
	return yes;
}

static int
sign_up(struct signing *s, int64_t charter, member_id *id)
{
	struct field *f = s->field;
	const struct sign_up form = {
		.login = buf_text(&f[F_LOGIN].value),
		.email = buf_text(&f[F_EMAIL].value),
		.family = buf_text(&f[F_FAMILY].value),
		.given = buf_text(&f[F_GIVEN].value),
		.mobile = buf_text(&f[F_MOBILE].value),
		.about = buf_text(&f[F_ABOUT].value),
		.language = i18n_code(i18n_get()),
		.password = buf_text(&f[F_SECRET].value),
		.key_type = s->v->key_type,
		.key_blob = s->v->key_blob,
		.code = buf_text(&f[F_CODE].value),
		.council = s->council,
		.proposal = s->council.n ? NULL : &s->proposal,
		.letter = !strcmp(buf_text(&f[F_LETTER].value), "1"),
		.sms = !strcmp(buf_text(&f[F_SMS].value), "1"),
		.charter = charter,
	};
	return member_sign_up(s->v->db, &form, id);
}

bool
sign_up_screen(struct visit *v)
{
	struct signing s = { .v = v, .has_key = *v->key_blob };
	int64_t charter = 0;
	bool in = false;
	member_id id;
	/* Said before the long form rather than behind it. */
	int open = limit_sign_up(v->db);
	if (open) {
		visit_say_error(v, open);
		return false;
	}
	v->signs_up(v);
	describe(&s);
	struct form form = { .place = _("Signing up"), .fields = s.field, .field_count = F_COUNT, .ctx = &s,
		.lead = s.has_key ? _("Your ssh key was recognised: it will open your account. The members of "
				      "your council answer within 48 hours.")
				  : _("The members of your council answer within 48 hours.") };
	while (!in && ui_form(v->ui, &form) == ACT_DONE) {
		if (!accepts_charter(v, &charter)) {
			ui_say(v->ui, _("Without the charter one cannot sign up. What you typed is still here."));
			continue;
		}
		int r = sign_up(&s, charter, &id);
		if (r) {
			visit_say_error(v, r);
			continue;
		}
		v->me.id = id;
		v->came_in(v);
		ui_say(v->ui, _("Thank you, %s. Your log-in name is %s."), buf_text(&v->me.given),
		    buf_text(&v->me.login));
		in = true;
	}
	form_free(&form);
	council_free(&s.proposal);
	return in;
}
