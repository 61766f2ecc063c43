/* A question, and one line of text, asked above the last line of whatever screen there is. */
#include "screens/full.h"

#include <stdlib.h>
#include <string.h>

#include "bbs/base/error.h"
#include "bbs/base/i18n.h"

/* ---- yes or no ---- */

struct question {
	struct view view;
	struct buf text;
};

static void
draw_question(struct ui *ui, void *ctx)
{
	struct question *q = ctx;
	const struct hint hints[] = {
		{ _("y"), N_("yes"), HINT_MAIN },
		{ "n", N_("no"), HINT_BACK },
	};
	int rows = full_rows(ui), cells = full_columns(ui) - 1;
	int lines = full_lines(ui, cells, buf_text(&q->text));
	if (lines > rows - 2)
		lines = rows - 2;
	full_over(ui, &q->view, lines, hints, 2);
	full_wrapped(ui, rows - 1 - lines, rows - 1, 1, FULL_BOLD, buf_text(&q->text));
	full_cursor(ui, rows - 1 - lines, 0);
}

bool
full_ask(struct ui *ui, const char *question)
{
	struct question q = { .view.draw = draw_question };
	buf_fmt(&q.text, _("%s (y/N)"), question);
	q.view.ctx = &q;
	full_push(ui, &q.view);
	int key = 0;
	enum full_event event;
	do {
		event = full_wait(ui, &key, -1);
		if (event == FULL_KEY && key == DECODE_CONTROL('L'))
			full_state(ui)->redraw = true;
	} while (event != FULL_END && (event != FULL_KEY || key == DECODE_CONTROL('L')));
	full_pop(ui);
	buf_free(&q.text);
	/* The letter that was asked for alone: another language's may be a key of the screen below. */
	return event == FULL_KEY && key && key < 0x80 && (key | 0x20) == *_("y");
}

/* ---- one line ---- */

struct buf
full_entry(struct edit_text *e, int cells, bool secret, int *column)
{
	struct buf text = { 0 };
	struct edit_line line;
	int row;
	if (secret) {
		/* Always as many, so that they tell nothing but that there is something. */
		buf_str(&text, edit_size(e) ? "••••••••" : "");
		*column = edit_size(e) ? 8 : 0;
	} else if (edit_view(e, cells < 2 ? 2 : cells, 1, &line, &row, column) > 0) {
		buf_add(&text, line.text, line.len);
	}
	return text;
}

int
full_entry_key(struct ui *ui, struct edit_text *e, int key)
{
	const struct decode *d = &full_state(ui)->decode;
	int done = key == DECODE_PASTE ? edit_insert(e, buf_text(&d->paste), d->paste.len)
				       : edit_key(e, key);
	if (done == E_TOO_LONG)
		ui->face->say(ui, _("There is no room for more here."));
	return key == DECODE_PASTE && done == 0 ? EDIT_TYPE : done;
}

void
full_secret(struct ui *ui, bool typing)
{
	struct terminal *terminal = ui->terminal;
	if (typing && terminal->no_secret)
		ui->face->say(ui, _("Take care: what you type now can be seen on your screen."));
	if (!terminal->echo_here)
		terminal->echo(terminal, !typing);
}

struct line {
	struct view view;
	const char *label, *rule;
	struct edit_text entry;
	bool secret;
};

static void
draw_line(struct ui *ui, void *ctx)
{
	struct line *l = ctx;
	const struct hint hints[] = {
		{ _("Enter"), N_("go on"), HINT_MAIN },
		{ _("Esc"), N_("give up"), HINT_BACK },
	};
	int rows = full_rows(ui), columns = full_columns(ui);
	struct buf label = { 0 };
	buf_fmt(&label, _("%s: %s"), l->label, "");
	int cells = full_width(ui, buf_text(&label)), rule = 0;
	bool below = cells > columns / 2;
	int lines = 1 + below;
	if (l->rule && rows >= 8)
		rule = full_lines(ui, columns - 1, l->rule);
	full_over(ui, &l->view, lines + rule, hints, 2);
	int row = rows - 1 - lines;
	full_wrapped(ui, row - rule, row, 1, FULL_FAINT, rule ? l->rule : "");
	full_str(ui, row, 1, columns - 1, FULL_BOLD, buf_text(&label));
	buf_free(&label);
	int left = below ? 2 : 1 + cells, cursor;
	struct buf text = full_entry(&l->entry, columns - left - 1, l->secret, &cursor);
	full_str(ui, rows - 2, left, columns - left, 0, buf_text(&text));
	full_cursor(ui, rows - 2, left + cursor);
	buf_free(&text);
}

/* DONE, BACK, or NONE to go on. */
static enum act
line_key(struct ui *ui, struct line *l, int key)
{
	switch (key) {
	case DECODE_ENTER:
		return ACT_DONE;
	case DECODE_ESCAPE:
		return ACT_BACK;
	case DECODE_CONTROL('L'):
		full_state(ui)->redraw = true;
		return ACT_NONE;
	}
	if (full_entry_key(ui, &l->entry, key) == EDIT_NONE)
		full_harmless(
		    ui, key, _("This key stops nothing here. Escape gives up this line."));
	return ACT_NONE;
}

bool
full_line(
    struct ui *ui, const char *label, const char *rule, struct buf *value, size_t max, bool secret)
{
	struct line l = { .view.draw = draw_line, .label = label, .rule = rule, .secret = secret };
	l.view.ctx = &l;
	edit_init(&l.entry, max, true);
	l.entry.charset = ui->terminal->charset;
	edit_set(&l.entry, buf_text(value));
	if (secret)
		full_secret(ui, true);
	full_push(ui, &l.view);
	enum act act = ACT_NONE;
	while (act == ACT_NONE) {
		int key;
		enum full_event event = full_wait(ui, &key, -1);
		if (event == FULL_END)
			act = ACT_BACK;
		else if (event == FULL_KEY)
			act = line_key(ui, &l, key);
	}
	full_pop(ui);
	if (secret)
		full_secret(ui, false);
	if (act == ACT_DONE) {
		buf_cut(value, 0);
		text_clean(value, edit_string(&l.entry), edit_size(&l.entry),
		    secret ? TEXT_RAW : TEXT_LINE);
	}
	edit_free(&l.entry);
	return act == ACT_DONE;
}
