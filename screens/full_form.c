/*
 * A form on the full screen: one field a line, its rule beside it or, where there is no room, below
 * while it is the current one; checked as it is left; and a last line that ends it.
 */
#include "screens/full.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/error.h"
#include "bbs/base/i18n.h"

enum {
	NARROW = 60, /* columns below which the value stands under its label */
	LEFT = 2,    /* cells before a label */
	LABEL_MAX = 26,
	VALUE_LEAST = 29, /* cells of a value that has its rule beside it */
	VALUE_MOST = 50,
	TYPED_MAX = 200, /* bytes typed to find something with pick() */
};

struct former {
	struct form *form;
	int at;                 /* the current field; field_count: the line that ends the form */
	struct edit_text entry; /* what is typed into it, where `typed` */
	bool typed;
	bool hidden; /* an old secret stands in it: the first key that types replaces it */
	struct buf *wrong; /* what check() said, for each field */
	int top;
};

static bool
at_button(const struct former *fm)
{
	return fm->at == fm->form->field_count;
}

static struct field *
current(const struct former *fm)
{
	return at_button(fm) ? NULL : &fm->form->fields[fm->at];
}

/* ---- values ---- */

static void
set_value(struct former *fm, struct field *field, const char *value)
{
	if (strcmp(buf_text(&field->value), value) != 0)
		fm->form->touched = true;
	buf_cut(&field->value, 0);
	buf_str(&field->value, value);
}

static int
option_count(const struct field *field)
{
	int n = 0;
	while (field->options && field->options[n])
		n++;
	return n;
}

static int
chosen(const struct field *field)
{
	long i = strtol(buf_text(&field->value), NULL, 10);
	return i < 0 || i >= option_count(field) ? 0 : (int)i;
}

static void
choose(struct former *fm, struct field *field, int i)
{
	struct buf number = { 0 };
	int n = option_count(field);
	if (n == 0)
		return;
	buf_fmt(&number, "%d", (i % n + n) % n);
	set_value(fm, field, number.data);
	buf_free(&number);
}

static bool
is_yes(const struct field *field)
{
	return strcmp(buf_text(&field->value), "1") == 0;
}

/* What a field that is not being typed shows. */
static const char *
value_of(const struct field *field)
{
	switch (field->kind) {
	case FIELD_SECRET:
		return field->value.len ? "••••••••" : "";
	case FIELD_CHOICE:
		return option_count(field) ? field->options[chosen(field)] : "";
	case FIELD_YES_NO:
		return is_yes(field) ? _("yes") : _("no");
	case FIELD_PICK:
		return buf_text(field->shown.len ? &field->shown : &field->value);
	default:
		return buf_text(&field->value);
	}
}

/* ---- going from field to field ---- */

static void
store(struct former *fm)
{
	struct field *field = current(fm);
	if (fm->typed && field->kind != FIELD_PICK && fm->entry.changed) {
		set_value(fm, field, edit_string(&fm->entry));
		fm->entry.changed = false;
	}
}

static void
close_entry(struct ui *ui, struct former *fm)
{
	if (fm->typed)
		edit_free(&fm->entry);
	if (fm->typed && current(fm)->kind == FIELD_SECRET)
		full_secret(ui, false);
	fm->typed = false;
}

static void
enter(struct ui *ui, struct former *fm, int to)
{
	close_entry(ui, fm);
	fm->at = to < 0 ? 0 : to > fm->form->field_count ? fm->form->field_count : to;
	const struct field *field = current(fm);
	if (!field || field->kind == FIELD_CHOICE || field->kind == FIELD_YES_NO ||
	    field->kind == FIELD_LONG)
		return;
	bool pick = field->kind == FIELD_PICK;
	edit_init(&fm->entry, pick ? TYPED_MAX : field->max, true);
	fm->entry.charset = ui->terminal->charset;
	struct buf shown = { 0 };
	buf_str(&shown, pick ? "" : buf_text(&field->value));
	if (field->several && shown.len && !fm->wrong[fm->at].len)
		buf_str(&shown, ", ");
	edit_set(&fm->entry, buf_text(&shown));
	buf_free(&shown);
	fm->typed = true;
	fm->hidden = field->kind == FIELD_SECRET && field->value.len;
	if (field->kind == FIELD_SECRET)
		full_secret(ui, true);
}

static bool
check(struct former *fm, struct field *field)
{
	ptrdiff_t i = field - fm->form->fields;
	const char *wrong = field->check ? field->check(fm->form->ctx, field) : NULL;
	buf_cut(&fm->wrong[i], 0);
	buf_str(&fm->wrong[i], wrong ? wrong : "");
	return !wrong;
}

static bool
part(void *ctx);

/* The editor, which has had its own way of keeping what is typed. */
static void
write_long(struct ui *ui, struct former *fm)
{
	struct field *field = current(fm);
	struct buf before = { 0 };
	buf_str(&before, buf_text(&field->value));
	form_write(ui, fm->form, field);
	fm->form->touched = fm->form->touched || strcmp(buf_text(&before), buf_text(&field->value)) != 0;
	buf_free(&before);
	ui->terminal->parting = fm->form->keep ? part : NULL;
	ui->terminal->parting_ctx = fm;
}

/* Opens the list of a field that is picked; false: nothing was chosen. */
static bool
pick(struct ui *ui, struct former *fm)
{
	struct field *field = current(fm);
	struct buf typed = { 0 };
	buf_str(&typed, edit_string(&fm->entry));
	bool done = field->pick && field->pick(fm->form->ctx, ui, field, buf_text(&typed));
	buf_free(&typed);
	fm->form->touched = fm->form->touched || done;
	if (done)
		edit_set(&fm->entry, "");
	return done;
}

/* Takes what was typed; false: the person has to stay, because nothing was picked. */
static bool
leave(struct ui *ui, struct former *fm)
{
	if (at_button(fm))
		return true;
	struct field *field = &fm->form->fields[fm->at];
	store(fm);
	if (field->kind == FIELD_PICK && edit_size(&fm->entry) && !pick(ui, fm))
		return false;
	check(fm, field);
	if (fm->form->keep)
		fm->form->keep(fm->form->ctx, fm->form);
	return true;
}

static void
go(struct ui *ui, struct former *fm, int to)
{
	if (to >= 0 && to <= fm->form->field_count && to != fm->at && leave(ui, fm))
		enter(ui, fm, to);
}

/* DONE where every check holds; else goes to the first field that is wrong. */
static enum act
finish(struct ui *ui, struct former *fm)
{
	if (!leave(ui, fm))
		return ACT_NONE;
	int first = -1;
	for (int i = fm->form->field_count - 1; i >= 0; i--)
		if (!check(fm, &fm->form->fields[i]))
			first = i;
	if (first < 0)
		return ACT_DONE;
	enter(ui, fm, first);
	return ACT_NONE;
}

/* ---- drawing ---- */

static void
put_value(
    struct sheet *s, struct former *fm, const struct field *field, int line, int column, int cells)
{
	bool now = field == current(fm);
	struct buf text = { 0 };
	int cursor = 0;
	if (now && fm->typed && (field->kind != FIELD_PICK || edit_size(&fm->entry)))
		text = full_entry(&fm->entry, cells, field->kind == FIELD_SECRET, &cursor);
	else if (now && field->kind == FIELD_CHOICE)
		buf_fmt(&text, "< %s >", value_of(field));
	else
		buf_str(&text, value_of(field));
	const struct full *f = full_state(s->ui);
	int row = f->top + line - s->top;
	if (s->draw && row >= f->top && row < f->bottom)
		full_str(s->ui, row, column, cells, 0, buf_text(&text));
	buf_free(&text);
	if (now) {
		s->row = line;
		s->column = column + cursor;
	}
}

/* What may be chosen, under a choice; the rule, where it is not beside; what is wrong. */
static void
put_below(struct sheet *s, const struct former *fm, int i, int column, bool beside)
{
	const struct field *field = &fm->form->fields[i];
	int cells = full_columns(s->ui) - column;
	bool now = i == fm->at;
	if (now && option_count(field) > 1) {
		struct buf all = { 0 };
		for (int o = 0; o < option_count(field); o++)
			buf_fmt(&all, "%s%s", o ? " · " : "", field->options[o]);
		s->line += full_sheet_put(s, s->line, column, cells, FULL_FAINT, buf_text(&all));
		buf_free(&all);
	}
	if (now && field->rule && !beside)
		s->line += full_sheet_put(s, s->line, column, cells, FULL_FAINT, field->rule);
	if (fm->wrong[i].len)
		s->line +=
		    full_sheet_put(s, s->line, column, cells, FULL_URGENT, fm->wrong[i].data);
}

static void
put_field(struct sheet *s, struct former *fm, int i, int label_cells)
{
	struct field *field = &fm->form->fields[i];
	int columns = full_columns(s->ui), start = s->line;
	bool narrow = columns < NARROW;
	int column = narrow ? LEFT + 2 : LEFT + label_cells + 2;
	int cells = columns - column - 1, rule = 0;
	if (i == fm->at)
		full_sheet_put(s, s->line, 0, 1, FULL_BOLD, full_mark(s->ui, '>'));
	int label = full_sheet_put(
	    s, s->line, LEFT, narrow ? columns - LEFT : label_cells, 0, field->label);
	if (field->rule)
		rule = full_width(s->ui, field->rule);
	int value = cells / 2 < VALUE_LEAST  ? VALUE_LEAST
		    : cells / 2 > VALUE_MOST ? VALUE_MOST
					     : cells / 2;
	bool beside = rule && value + 2 + rule <= cells;
	if (beside) {
		cells = value;
		full_sheet_put(s, s->line, column + value + 2, rule, FULL_FAINT, field->rule);
	}
	put_value(s, fm, field, narrow ? s->line + label : s->line, column, cells);
	s->line += narrow ? label + 1 : label > 1 ? label : 1;
	put_below(s, fm, i, column, beside);
	if (i == fm->at) {
		s->start = start;
		s->end = s->line;
	}
}

static void
walk(struct sheet *s, void *ctx)
{
	struct former *fm = ctx;
	const struct form *form = fm->form;
	const struct full *f = full_state(s->ui);
	bool airy = f->bottom - f->top >= 16;
	int label_cells = 0;
	for (int i = 0; i < form->field_count; i++) {
		int cells = full_width(s->ui, form->fields[i].label);
		label_cells = cells > label_cells ? cells : label_cells;
	}
	if (label_cells > LABEL_MAX)
		label_cells = LABEL_MAX;
	if (form->lead && *form->lead)
		s->line = full_sheet_put(s, 0, 1, full_columns(s->ui) - 1, 0, form->lead) + airy;
	for (int i = 0; i < form->field_count; i++)
		put_field(s, fm, i, label_cells);
	s->line += airy;
	struct buf end = { 0 };
	buf_fmt(&end, "[%s]", _("Confirm"));
	full_sheet_put(s, s->line, LEFT, full_columns(s->ui) - LEFT, 0, buf_text(&end));
	buf_free(&end);
	if (fm->at == form->field_count) {
		full_sheet_put(s, s->line, 0, 1, FULL_BOLD, full_mark(s->ui, '>'));
		s->start = s->row = s->line;
		s->end = s->line + 1;
		s->column = LEFT;
	}
	s->first = fm->at == 0;
	s->line++;
}

static int
hints_of(const struct former *fm, struct hint hints[FULL_HINTS])
{
	const struct field *field = current(fm);
	int n = 0;
	if (field && field->kind == FIELD_PICK)
		hints[n++] = (struct hint){ _("Enter"), N_("choose"), HINT_USEFUL };
	else if (field && field->kind == FIELD_LONG)
		hints[n++] = (struct hint){ _("Enter"), N_("write"), HINT_USEFUL };
	else if (field && (field->kind == FIELD_CHOICE || field->kind == FIELD_YES_NO))
		hints[n++] = (struct hint){ _("Space"), N_("change"), HINT_USEFUL };
	hints[n++] = (struct hint){ "Tab", N_("next"), HINT_WANTED };
	hints[n++] = (struct hint){ "Ctrl-S", N_("confirm"), HINT_MAIN };
	hints[n++] = (struct hint){ _("Esc"), N_("leave"), HINT_BACK };
	hints[n++] = (struct hint){ "Ctrl-G", N_("help"), HINT_MAIN };
	return n;
}

static void
draw_form(struct ui *ui, void *ctx)
{
	struct former *fm = ctx;
	struct hint hints[FULL_HINTS];
	struct buf where = { 0 };
	if (!at_button(fm))
		buf_fmt(&where, _("%d of %d"), fm->at + 1, fm->form->field_count);
	full_frame(ui, fm->form->place, where.data, hints, hints_of(fm, hints), NULL);
	buf_free(&where);
	full_sheet_show(ui, walk, fm, &fm->top);
}

static void
help(struct ui *ui)
{
	static const char *const rows[][2] = {
		{ N_("Tab, down"), N_("The next field; what you typed is checked.") },
		{ N_("Up"), N_("The field before.") },
		{ N_("Enter"), N_("Goes on; where something is to be chosen or written at length, opens it.") },
		{ N_("Space, left, right"), N_("Change a choice, or yes and no.") },
		{ N_("Ctrl-U"), N_("Empties the field. A password is typed anew, whole.") },
		{ N_("Ctrl-S or F2"), N_("Keeps the form and goes on, if everything is right.") },
		{ N_("Esc"), N_("Leaves the form; asks first if something was typed.") },
		{ N_("Ctrl-G or F1"), N_("This page.") },
	};
	struct buf text = { 0 };
	buf_fmt(&text, "%s\n\n", _("What the keys do in a form:"));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		buf_fmt(&text, _("%s: %s"), _(rows[i][0]), _(rows[i][1]));
		buf_char(&text, '\n');
	}
	full_help(ui, buf_text(&text));
	buf_free(&text);
}

/* ---- keys ---- */

/* The option that starts with the letter, after the current one. */
static void
choose_letter(struct former *fm, struct field *field, int key)
{
	int n = option_count(field), now = chosen(field);
	struct buf letter = { 0 }, wanted = { 0 };
	full_utf8(&letter, key);
	text_fold(&wanted, buf_text(&letter));
	for (int k = 1; k <= n && wanted.len; k++) {
		struct buf folded = { 0 };
		text_fold(&folded, field->options[(now + k) % n]);
		bool starts =
		    folded.len >= wanted.len && memcmp(folded.data, wanted.data, wanted.len) == 0;
		buf_free(&folded);
		if (starts) {
			choose(fm, field, now + k);
			break;
		}
	}
	buf_free(&letter);
	buf_free(&wanted);
}

/* A key for a field that is not typed; false: it has no use for it. */
static bool
change(struct former *fm, struct field *field, int key)
{
	bool yes_no = field->kind == FIELD_YES_NO;
	switch (key) {
	case DECODE_LEFT:
		if (yes_no)
			set_value(fm, field, is_yes(field) ? "0" : "1");
		else
			choose(fm, field, chosen(field) - 1);
		return true;
	case ' ':
	case DECODE_RIGHT:
		if (yes_no)
			set_value(fm, field, is_yes(field) ? "0" : "1");
		else
			choose(fm, field, chosen(field) + 1);
		return true;
	}
	if (key < ' ' || key >= 0x110000)
		return false;
	if (!yes_no)
		choose_letter(fm, field, key);
	else if (key < 0x80 && strchr("oOyY", key))
		set_value(fm, field, "1");
	else if (key == 'n' || key == 'N')
		set_value(fm, field, "0");
	return true;
}

/* A key for a field that is typed; false: it has no use for it. */
static bool
type(struct ui *ui, struct former *fm, int key)
{
	static const int changing[] = { DECODE_PASTE, DECODE_BACKSPACE, DECODE_DELETE };
	bool changes = key >= ' ' && key < 0x110000 && key != 0x7f;
	for (size_t i = 0; i < sizeof changing / sizeof *changing; i++)
		changes = changes || key == changing[i];
	if (key == DECODE_CONTROL('U') || (fm->hidden && changes)) {
		fm->hidden = false;
		edit_set(&fm->entry, "");
		fm->entry.changed = true;
		if (key == DECODE_CONTROL('U'))
			return true;
	}
	return full_entry_key(ui, &fm->entry, key) != EDIT_NONE;
}

static enum act
escape(struct ui *ui, struct former *fm)
{
	store(fm);
	if (fm->form->touched && !full_ask(ui, _("Leave this form? What you typed in it is not sent.")))
		return ACT_NONE;
	return ACT_BACK;
}

static enum act
press_enter(struct ui *ui, struct former *fm)
{
	if (at_button(fm))
		return finish(ui, fm);
	const struct field *field = &fm->form->fields[fm->at];
	if (field->kind == FIELD_LONG)
		write_long(ui, fm);
	if (field->kind == FIELD_PICK && (edit_size(&fm->entry) || !field->value.len) &&
	    !pick(ui, fm))
		return ACT_NONE;
	go(ui, fm, fm->at + 1);
	return ACT_NONE;
}

static enum act
form_key(struct ui *ui, void *ctx, int key)
{
	struct former *fm = ctx;
	struct field *field = current(fm);
	switch (key) {
	case DECODE_CONTROL('S'):
	case DECODE_F2:
		return finish(ui, fm);
	case DECODE_ESCAPE:
		return escape(ui, fm);
	case DECODE_ENTER:
		return press_enter(ui, fm);
	case DECODE_TAB:
	case DECODE_DOWN:
		go(ui, fm, fm->at + 1);
		return ACT_NONE;
	case DECODE_BACKTAB:
	case DECODE_UP:
		go(ui, fm, fm->at - 1);
		return ACT_NONE;
	case DECODE_PAGE_UP:
		go(ui, fm, 0);
		return ACT_NONE;
	case DECODE_PAGE_DOWN:
		go(ui, fm, fm->form->field_count);
		return ACT_NONE;
	case DECODE_F1:
	case DECODE_CONTROL('G'):
		help(ui);
		return ACT_NONE;
	case DECODE_CONTROL('L'):
		full_state(ui)->redraw = true;
		return ACT_NONE;
	}
	if (field && field->kind == FIELD_LONG && key >= ' ' && key < 0x110000) {
		if (key != ' ') {
			full_utf8(&field->value, key);
			fm->form->touched = true;
		}
		write_long(ui, fm);
		return ACT_NONE;
	}
	if (field && field->kind == FIELD_PICK && key == ' ' && !edit_size(&fm->entry)) {
		if (pick(ui, fm))
			go(ui, fm, fm->at + 1);
		return ACT_NONE;
	}
	if (field && (fm->typed ? type(ui, fm, key) : change(fm, field, key)))
		return ACT_NONE;
	full_harmless(ui, key,
	    _("This key stops nothing here. Escape leaves the form without sending it, and asks first."));
	return ACT_NONE;
}

/* The line is gone: what was typed is worth keeping. */
static bool
part(void *ctx)
{
	struct former *fm = ctx;
	store(fm);
	if (fm->form->touched)
		fm->form->keep(fm->form->ctx, fm->form);
	return true;
}

enum act
full_form(struct ui *ui, struct form *form)
{
	struct former fm = { .form = form };
	fm.wrong = mem_alloc((size_t)(form->field_count + 1) * sizeof *fm.wrong);
	enter(ui, &fm, 0);
	ui->terminal->parting = form->keep ? part : NULL;
	ui->terminal->parting_ctx = &fm;
	struct view view = { .draw = draw_form, .key = form_key, .ctx = &fm };
	enum act act = full_show(ui, &view);
	if (act == ACT_QUIT) {
		if (form->keep)
			part(&fm);
		act = ACT_BACK;
	}
	ui->terminal->parting = NULL;
	close_entry(ui, &fm);
	for (int i = 0; i < form->field_count; i++)
		buf_free(&fm.wrong[i]);
	free(fm.wrong);
	return act;
}
