/* The linear face's forms: one field at a time, then the whole read back. */
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "screens/linear.h"

static int
option_count(const struct field *field)
{
	int n = 0;
	while (field->options && field->options[n])
		n++;
	return n;
}

static void
set_number(struct buf *value, int number)
{
	buf_cut(value, 0);
	buf_fmt(value, "%d", number);
}

/* The chosen option, -1 none. */
static int
option_at(const struct field *field)
{
	int64_t at = linear_number(buf_text(&field->value));
	return at >= 0 && at < option_count(field) ? (int)at : -1;
}

/* What the person hears of a field's value; "" where there is none. */
static const char *
value_text(const struct field *field)
{
	switch (field->kind) {
	case FIELD_SECRET:
		return field->value.len ? _("given, not shown") : "";
	case FIELD_CHOICE:
		return option_at(field) >= 0 ? field->options[option_at(field)] : "";
	case FIELD_YES_NO:
		return !strcmp(buf_text(&field->value), "1") ? _("yes") : _("no");
	case FIELD_PICK:
		return buf_text(&field->shown);
	default:
		return buf_text(&field->value);
	}
}

/* The option that was typed by number or by the beginning of its words; -1 none or several. */
static int
option_typed(const struct field *field, const char *typed)
{
	struct buf folded = { 0 };
	int found = -1, best = 0, n = option_count(field);
	int64_t number = linear_number(typed);
	text_fold(&folded, typed);
	for (int i = 0; number < 0 && folded.len && i < n; i++) {
		int how = linear_begins(field->options[i], folded.data);
		if (how && how >= best) {
			found = how == best ? -1 : i;
			best = how;
		}
	}
	buf_free(&folded);
	return number > 0 && number <= n ? (int)number - 1 : found;
}

static enum linear_reply
ask_choice(struct ui *ui, struct field *field)
{
	struct buf typed = { 0 }, options = { 0 };
	enum linear_reply reply;
	for (int i = 0; i < option_count(field); i++) {
		linear_numbered(&options, i + 1, false, false, field->options[i]);
		buf_char(&options, '\n');
	}
	for (bool again = true; again;) {
		again = false;
		linear_print(ui, buf_text(&options));
		reply = linear_value(
		    ui, field->label, field->rule, value_text(field), &typed, 0, 0, true);
		if (reply == REPLY_EMPTIED)
			buf_cut(&field->value, 0);
		if (reply != REPLY_DONE || !typed.len)
			continue;
		int chosen = option_typed(field, typed.data);
		if (chosen >= 0)
			set_number(&field->value, chosen);
		else {
			linear_fmt(ui, _("Type a number from 1 to %d."), option_count(field));
			again = true;
		}
		buf_cut(&typed, 0);
	}
	buf_free(&typed);
	buf_free(&options);
	return reply;
}

static enum linear_reply
ask_yes_no(struct ui *ui, struct field *field)
{
	enum { YES = LINEAR_OWN, NO };
	struct linear_words words = { 0 };
	struct buf typed = { 0 };
	enum linear_reply reply;
	linear_word(&words, YES, 'o', N_("yes"), NULL);
	linear_word(&words, YES, 'y', N_("yes"), NULL);
	linear_word(&words, NO, 'n', N_("no"), NULL);
	for (bool again = true; again;) {
		int64_t number;
		again = false;
		buf_cut(&typed, 0);
		reply = linear_value(ui, field->label, field->rule ? field->rule : _("y or n"),
		    value_text(field), &typed, 0, 0, true);
		if (reply != REPLY_DONE || !typed.len)
			continue;
		int said = linear_match(&words, typed.data, &number);
		again = said != YES && said != NO;
		if (again)
			linear_print(ui, _("Type y for yes, n for no."));
		else
			set_number(&field->value, said == YES);
	}
	if (!field->value.len)
		set_number(&field->value, 0);
	buf_free(&typed);
	return reply;
}

static enum linear_reply
ask_pick(struct ui *ui, struct form *form, struct field *field)
{
	struct buf typed = { 0 };
	enum linear_reply reply = REPLY_END;
	for (bool again = true; again && !ui->terminal->ended;) {
		again = false;
		buf_cut(&typed, 0);
		reply = linear_value(
		    ui, field->label, field->rule, value_text(field), &typed, field->max, 0, true);
		if (reply == REPLY_EMPTIED) {
			buf_cut(&field->value, 0);
			buf_cut(&field->shown, 0);
		}
		if (reply != REPLY_DONE)
			break;
		bool keep = !typed.len &&
			    (field->value.len || !field->check || !field->check(form->ctx, field));
		if (!keep && !field->pick(form->ctx, ui, field, buf_text(&typed))) {
			linear_print(ui, _("Nothing was chosen."));
			again = true;
		}
	}
	if (ui->terminal->ended && !field->value.len)
		reply = REPLY_END;
	buf_free(&typed);
	return reply;
}

/* What is typed here is the whole text; more lines are written in the editor. */
static enum linear_reply
ask_long(struct ui *ui, struct form *form, struct field *field)
{
	struct buf typed = { 0 }, offered = { 0 };
	text_clean(&offered, buf_text(&field->value), field->value.len, TEXT_LINE);
	enum linear_reply reply = linear_value(ui, field->label, _("e opens it, to write many lines"),
	    buf_text(&offered), &typed, field->max, 0, true);
	if (reply == REPLY_EMPTIED)
		buf_cut(&field->value, 0);
	else if (reply == REPLY_DONE && (!strcmp(buf_text(&typed), "e") || !strcmp(buf_text(&typed), "E")))
		form_write(ui, form, field);
	else if (reply == REPLY_DONE && typed.len) {
		buf_cut(&field->value, 0);
		buf_str(&field->value, buf_text(&typed));
	}
	buf_free(&typed);
	buf_free(&offered);
	return reply;
}

static enum linear_reply
ask_kind(struct ui *ui, struct form *form, struct field *field)
{
	switch (field->kind) {
	case FIELD_CHOICE:
		return ask_choice(ui, field);
	case FIELD_YES_NO:
		return ask_yes_no(ui, field);
	case FIELD_PICK:
		return ask_pick(ui, form, field);
	case FIELD_LONG:
		return ask_long(ui, form, field);
	default:
		return linear_value(ui, field->label, field->rule, NULL, &field->value, field->max,
		    field->kind == FIELD_SECRET ? LINEAR_SECRET : 0, true);
	}
}

static bool
holds(struct ui *ui, struct form *form, struct field *field)
{
	const char *wrong = field->check ? field->check(form->ctx, field) : NULL;
	if (!wrong)
		return true;
	linear_print(ui, wrong);
	if (field->kind == FIELD_SECRET && field->value.data) {
		mem_wipe(field->value.data, field->value.len);
		buf_cut(&field->value, 0);
	}
	return false;
}

/* Whoever does not find what is wanted hears how to get away; in the brackets stands again what Enter would keep. */
static void
ask_again(struct ui *ui, struct field *field, const struct buf *before, int wrong)
{
	if (wrong > 1)
		linear_print(ui, _("< goes back to the question before, 0 gives up."));
	if (field->kind != FIELD_TEXT || !before->len)
		return;
	buf_cut(&field->value, 0);
	buf_str(&field->value, before->data);
}

/* Asks until the field holds, or the person goes elsewhere. */
static enum linear_reply
ask_field(struct ui *ui, struct form *form, struct field *field)
{
	enum linear_reply reply;
	struct buf before = { 0 };
	buf_add(&before, buf_text(&field->value), field->value.len);
	reply = ask_kind(ui, form, field);
	for (int wrong = 1; (reply == REPLY_DONE || reply == REPLY_EMPTIED) && !holds(ui, form, field); wrong++) {
		ask_again(ui, field, &before, wrong);
		reply = ask_kind(ui, form, field);
	}
	if (strcmp(before.data, buf_text(&field->value)) != 0) {
		form->touched = true;
		if (form->keep && reply != REPLY_END)
			form->keep(form->ctx, form);
	}
	mem_wipe(before.data, before.cap);
	buf_free(&before);
	return reply;
}

static bool
may_leave(struct ui *ui, const struct form *form)
{
	if (!form->touched)
		return true;
	return linear_ask(ui, form->keep
				  ? _("Leave without finishing? The long text stays among your drafts; what else you typed will be lost.")
				  : _("Leave without finishing? What you typed will be lost.")) ||
	       ui->terminal->ended;
}

static void
read_back(struct ui *ui, const struct form *form, bool entered)
{
	struct buf text = { 0 };
	if (entered)
		buf_fmt(&text, "%s\n", _("You have entered:"));
	for (int i = 0; i < form->field_count; i++) {
		const struct field *f = &form->fields[i];
		const char *value = value_text(f);
		buf_fmt(&text, "%d ", i + 1);
		bool question = *f->label && f->label[strlen(f->label) - 1] == '?';
		buf_fmt(&text, question ? "%s %s" : _("%s: %s"), f->label,
		    *value ? value : _("nothing"));
		buf_char(&text, '\n');
	}
	linear_text(ui, text.data);
	buf_free(&text);
	linear_print(ui, _("Enter: confirm. A number: correct it. 0: give up."));
}

/* Every field once more, for checks that look at others: the first wrong one, else field_count. */
static int
first_wrong(struct ui *ui, struct form *form)
{
	int i = 0;
	while (i < form->field_count && holds(ui, form, &form->fields[i]))
		i++;
	return i;
}

/* The end of a form. ACT_NONE: field *next is to be asked, and then this again. */
static enum act
summary(struct ui *ui, struct form *form, bool entered, int *next)
{
	struct buf typed = { 0 };
	enum act chosen = ACT_NONE;
	*next = form->field_count;
	read_back(ui, form, entered);
	while (chosen == ACT_NONE && *next == form->field_count) {
		if (linear_read(ui, 0, &typed) != LINEAR_LINE) {
			chosen = ACT_BACK;
			break;
		}
		const char *s = buf_text(&typed);
		int64_t number = linear_number(s);
		if (!*s) {
			*next = first_wrong(ui, form);
			chosen = *next == form->field_count ? ACT_DONE : ACT_NONE;
		} else if (number > 0 && number <= form->field_count)
			*next = (int)number - 1;
		else if (!strcmp(s, "<") && form->field_count)
			*next = form->field_count - 1;
		else if (number == 0 && may_leave(ui, form))
			chosen = ACT_BACK;
		else
			linear_print(ui, _("Enter: confirm. A number: correct it. 0: give up."));
	}
	buf_free(&typed);
	return chosen;
}

/* It comes filled in, and all of it holds: there is but to look it over. */
static bool
filled(const struct form *form)
{
	bool any = false;
	for (int i = 0; i < form->field_count; i++) {
		struct field *f = &form->fields[i];
		if (f->check && f->check(form->ctx, f))
			return false;
		any = any || (f->kind == FIELD_TEXT && f->value.len);
	}
	return any;
}

enum act
linear_form(struct ui *ui, struct form *form)
{
	bool once = filled(form), entered = !once;
	int at = once ? form->field_count : 0;
	linear_heading(ui, form->place, NULL, NULL);
	if (form->lead)
		linear_print(ui, form->lead);
	if (!once)
		linear_print(ui,
		    _("One question at a time. Enter keeps what is in brackets. < goes back one question, "
		      "- empties it, 0 gives up."));
	for (;;) {
		if (at == form->field_count) {
			enum act chosen = summary(ui, form, entered, &at);
			if (chosen != ACT_NONE)
				return chosen;
			once = true;
		}
		switch (ask_field(ui, form, &form->fields[at])) {
		case REPLY_DONE:
		case REPLY_EMPTIED:
			at = once ? form->field_count : at + 1;
			break;
		case REPLY_PREVIOUS:
			at -= at > 0;
			break;
		case REPLY_LEFT:
			if (may_leave(ui, form))
				return ACT_BACK;
			break;
		case REPLY_END:
			return ACT_BACK;
		}
	}
}
