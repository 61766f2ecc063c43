/*
 * The writing screen: the editor's core (edit.h) in the body of the full screen, kept as a draft at
 * each pause. What the keys do to the text is not here.
 */
#include "screens/full.h"

#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/error.h"
#include "bbs/base/i18n.h"

enum {
	LEFT = 1,
	MEASURE = 80,    /* longer lines are hard to follow */
	NARROW = 60,     /* columns from which the last line has room for a sentence */
	PAUSE = 1000,    /* ms without a key after which the text is kept */
	PATIENCE = 5000, /* ms of typing after which it is kept all the same */
	FEW = 200,       /* so many bytes before the limit one is told */
};

struct writer {
	struct edit *edit;
	struct edit_text text;
	int64_t since; /* when what is not kept yet began, 0: all is kept */
	int64_t last;  /* when the text was changed last */
	struct terminal *terminal;
};

/* ---- drawing ---- */

static const char *
label_of(const struct edit *edit, const struct edit_row *row)
{
	return row->op == EDIT_SEND && edit->stays ? N_("keep") : row->label;
}

/* How to leave is told in one word where more would take the room of how to send. */
static const char *
short_label(const struct ui *ui, const struct edit *edit, const struct edit_row *row)
{
	return row->op == EDIT_LEAVE && full_columns(ui) < NARROW ? N_("leave") : label_of(edit, row);
}

/* Is there something that it could do to this text? */
static bool
of_use(const struct edit *edit, const struct edit_row *row)
{
	return row->op == EDIT_ATTACH ? edit->attach != NULL
	    : row->op == EDIT_QUOTE   ? edit->quote && *edit->quote
				      : true;
}

/* The keys of the table that the last line has room for; the first word of the name is enough. */
static int
hints_of(const struct ui *ui, const struct edit *edit, struct hint hints[FULL_HINTS], char names[FULL_HINTS][24])
{
	int n = 0;
	for (int i = 0; i < edit_rows_count && n < FULL_HINTS; i++) {
		const struct edit_row *row = &edit_rows[i];
		if (!row->name || row->op < EDIT_CUT || !of_use(edit, row))
			continue;
		const char *name = _(row->name);
		size_t len = strcspn(name, " ");
		if (len >= sizeof names[n])
			continue;
		memcpy(names[n], name, len);
		names[n][len] = '\0';
		int keep = row->op == EDIT_LEAVE ? HINT_BACK : row->op == EDIT_SEND || row->op == EDIT_HELP ? HINT_MAIN
		    : row->op == EDIT_ATTACH ? HINT_WANTED : HINT_USEFUL;
		hints[n] = (struct hint){ names[n], short_label(ui, edit, row), keep };
		n++;
	}
	return n;
}

static void
draw_edit(struct ui *ui, void *ctx)
{
	struct writer *w = ctx;
	const struct edit *edit = w->edit;
	const struct full *f = full_state(ui);
	struct hint hints[FULL_HINTS];
	char names[FULL_HINTS][24];
	struct buf left = { 0 };
	size_t size = edit_size(&w->text);
	if (edit->max - size < FEW)
		buf_fmt(&left, _("%zu left"), edit->max - size);
	full_frame(ui, edit->place, left.data, hints, hints_of(ui, edit, hints, names), NULL);
	buf_free(&left);
	int row = f->top, room = f->bottom - f->top;
	if (edit->lead && *edit->lead && room >= 5) {
		row = full_wrapped(ui, row, row + room / 4, LEFT, FULL_FAINT, edit->lead);
		row += room >= 12;
	}
	struct edit_line line[60];
	int cells = full_columns(ui) - LEFT, cursor_row, cursor_column;
	int count = edit_view(&w->text, cells < MEASURE ? cells : MEASURE, f->bottom - row, line,
	    &cursor_row, &cursor_column);
	for (int i = 0; i < count; i++)
		full_put(ui, row + i, LEFT, cells, line[i].quoted ? FULL_FAINT : 0, line[i].text,
		    line[i].len);
	full_cursor(ui, row + cursor_row, LEFT + cursor_column);
}

static void
help(struct ui *ui, const struct edit *edit)
{
	struct buf text = { 0 };
	buf_fmt(&text, "%s\n\n", _("What the keys do while you write:"));
	for (int i = 0; i < edit_rows_count; i++)
		if (edit_rows[i].name && of_use(edit, &edit_rows[i])) {
			buf_fmt(&text, _("%s: %s"), _(edit_rows[i].name), _(label_of(edit, &edit_rows[i])));
			buf_char(&text, '\n');
		}
	full_help(ui, buf_text(&text));
	buf_free(&text);
}

/* ---- keeping ---- */

static bool
part(void *ctx);

/* As if the text had been changed `then`: it is kept a pause later, or when the line goes. */
static void
keep_later(struct writer *w, int64_t then)
{
	w->since = w->last = then;
	w->terminal->parting = part;
	w->terminal->parting_ctx = w;
}

/* A text that cannot be kept now is tried again while nothing is typed, too. */
static bool
keep(struct writer *w)
{
	w->since = 0;
	w->terminal->parting = NULL;
	w->edit->unkept = w->edit->keep && !w->edit->keep(w->edit->ctx, edit_string(&w->text));
	if (w->edit->unkept)
		keep_later(w, clock_ticks() + PATIENCE - PAUSE);
	return !w->edit->unkept;
}

/* The line is gone: what was typed since the last pause is kept too. */
static bool
part(void *ctx)
{
	return keep(ctx);
}

/* Milliseconds until the text is to be kept, whatever wakes us meanwhile; -1 when it is. */
static int
patience(const struct writer *w)
{
	if (!w->since)
		return -1;
	int64_t pause = w->last + PAUSE, latest = w->since + PATIENCE;
	int64_t left = (pause < latest ? pause : latest) - clock_ticks();
	return left < 0 ? 0 : (int)left;
}

static void
note_change(struct writer *w)
{
	if (!w->text.changed)
		return;
	w->text.changed = false;
	w->last = clock_ticks();
	if (!w->since)
		keep_later(w, w->last);
	else if (patience(w) == 0)
		keep(w);
}

/* ---- keys ---- */

static bool
is_blank(struct writer *w)
{
	struct buf clean = { 0 };
	text_clean(&clean, edit_string(&w->text), edit_size(&w->text), TEXT_BODY);
	bool blank = clean.len == 0;
	buf_free(&clean);
	return blank;
}

/* The text is kept before another screen covers it. */
static enum act
attach(struct ui *ui, struct writer *w)
{
	if (!w->edit->attach) {
		ui->face->say(ui, _("No file can be attached here."));
		return ACT_NONE;
	}
	if (w->since)
		keep(w);
	return w->edit->attach(w->edit->ctx, w->edit) == ACT_QUIT ? ACT_QUIT : ACT_NONE;
}

static enum act
edit_act(struct ui *ui, struct writer *w, int key)
{
	struct full *f = full_state(ui);
	int done = full_entry_key(ui, &w->text, key);
	if (key == DECODE_PASTE && f->decode.paste_cut)
		ui->face->say(ui, _("What you pasted was too long; only its beginning is there."));
	note_change(w);
	switch (done) {
	case EDIT_SEND:
		if (w->edit->stays || !is_blank(w))
			return ACT_DONE;
		ui->face->say(ui, _("The text is empty: there is nothing to send yet."));
		return ACT_NONE;
	case EDIT_LEAVE:
		return ACT_BACK;
	case EDIT_HELP:
		help(ui, w->edit);
		return ACT_NONE;
	case EDIT_ATTACH:
		return attach(ui, w);
	case EDIT_QUOTE:
		if (!w->edit->quote || !*w->edit->quote)
			ui->face->say(ui, _("There is no message to quote."));
		return ACT_NONE;
	case EDIT_NONE:
		if (key == DECODE_CONTROL('L'))
			f->redraw = true;
		else
			full_harmless(ui, key,
			    _("This key stops nothing here. Escape leaves, and the text is kept."));
	}
	return ACT_NONE;
}

enum act
full_edit(struct ui *ui, struct edit *edit)
{
	struct writer w = { .edit = edit, .terminal = ui->terminal };
	edit_init(&w.text, edit->max, false);
	w.text.charset = ui->terminal->charset;
	w.text.quote = edit->quote;
	if (edit_set(&w.text, buf_text(&edit->text)) == E_TOO_LONG)
		ui->face->say(
		    ui, _("This text is longer than it may be; its end is missing here."));
	if (edit->unkept)
		keep_later(&w, clock_ticks());
	struct view view = { .draw = draw_edit, .ctx = &w };
	full_push(ui, &view);
	enum act act = ACT_NONE;
	while (act == ACT_NONE) {
		int key;
		switch (full_wait(ui, &key, patience(&w))) {
		case FULL_KEY:
			act = edit_act(ui, &w, key);
			break;
		case FULL_TIME:
			keep(&w);
			break;
		case FULL_NUDGE:
			break;
		case FULL_END:
			act = ACT_BACK;
		}
	}
	full_pop(ui);
	keep(&w);
	w.terminal->parting = NULL;
	buf_cut(&edit->text, 0);
	buf_add(&edit->text, edit_string(&w.text), edit_size(&w.text));
	edit_free(&w.text);
	return act;
}
