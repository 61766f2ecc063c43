/*
 * The linear face: for screen readers, braille lines, TERM=dumb, slow lines and pipes. The face
 * itself and its smallest screens: page, question, one line. The others have their files,
 * linear_*.c.
 */
#include "screens/linear.h"

#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"

/* ---- a question, a line ---- */

bool
linear_ask(struct ui *ui, const char *question)
{
	enum { YES = LINEAR_OWN, NO };
	struct linear_words words = { 0 };
	struct buf typed = { 0 };
	int answer = ACT_NONE;
	linear_word(&words, YES, *_("y"), N_("yes"), NULL);
	linear_word(&words, NO, 'n', N_("no"), NULL);
	linear_word(&words, NO, '0', N_("no"), NULL);
	linear_fmt(ui, _("%s (y/N)"), question);
	while (answer != YES && answer != NO) {
		int64_t number = -1;
		if (linear_read(ui, 0, &typed) != LINEAR_LINE || !*buf_text(&typed))
			answer = NO;
		else
			answer = linear_match(&words, typed.data, &number);
		if (answer == YES && number >= 0)
			answer = ACT_NONE; /* "y 2" is meant for a list */
		if (answer != YES && answer != NO)
			linear_print(ui, _("Type y for yes, n for no. Enter alone is no."));
	}
	buf_free(&typed);
	return answer == YES;
}

bool
linear_leaving(struct ui *ui)
{
	struct buf question = { 0 };
	buf_fmt(&question, _("Leave %s?"), ui->title ? ui->title : "");
	bool leave = linear_ask(ui, question.data) || ui->terminal->ended;
	buf_free(&question);
	if (!leave)
		linear_print(ui, _("You stay here. ? tells the words."));
	return leave;
}

/* Cleans what was typed into value; more than max: the beginning is kept, and offered again. */
static bool
clean_value(struct ui *ui, const struct buf *typed, struct buf *value, size_t max, bool secret)
{
	int cells;
	buf_cut(value, 0);
	text_clean(value, buf_text(typed), typed->len, secret ? TEXT_RAW : TEXT_LINE);
	if (!max || value->len <= max)
		return true;
	size_t over = value->len - max, n = 0;
	for (size_t step;
	     (step = text_cluster(value->data + n, value->len - n, &cells)) && n + step <= max;)
		n += step;
	if (secret)
		mem_wipe(value->data, value->len);
	buf_cut(value, secret ? 0 : n);
	linear_fmt(ui,
	    secret ? _("Too long by about %zu characters. Please type another.")
		   : _("Too long by about %zu characters. Its beginning is kept, in brackets."),
	    over);
	return false;
}

enum linear_reply
linear_value(struct ui *ui, const char *label, const char *rule, const char *offered,
    struct buf *value, size_t max, unsigned how, bool previous)
{
	struct buf typed = { 0 }, line = { 0 };
	enum linear_reply reply = REPLY_END;
	bool secret = how & LINEAR_SECRET, asked = true;
	while (asked) {
		buf_cut(&line, 0);
		buf_str(&line, label);
		if (rule && *rule)
			buf_fmt(&line, " (%s)", rule);
		if (secret && value->len)
			buf_fmt(&line, " [%s]", _("given, not shown"));
		else if (offered ? *offered : value->len > 0)
			buf_fmt(&line, " [%s]", offered ? offered : value->data);
		linear_print(ui, line.data);
		asked = false;
		if (linear_read(ui, how, &typed) != LINEAR_LINE)
			break;
		const char *s = buf_text(&typed);
		reply = REPLY_DONE;
		if (!strcmp(s, "0"))
			reply = REPLY_LEFT;
		else if (previous && !strcmp(s, "<"))
			reply = REPLY_PREVIOUS;
		else if (!secret && !strcmp(s, "-"))
			reply = REPLY_EMPTIED;
		else if (!strcmp(s, "?")) {
			linear_print(ui, line.data[line.len - 1] == ']'
				? _("Enter alone keeps what is in brackets. - empties it. 0 gives up.")
				: _("Type your answer, then Enter. 0 gives up."));
			if (previous)
				linear_print(ui, _("< goes back to the question before."));
			asked = true;
		} else if (*s) {
			asked = !clean_value(ui, &typed, value, max, secret);
			if (asked)
				offered = NULL;
		}
	}
	if (reply == REPLY_EMPTIED)
		buf_cut(value, 0);
	if (secret && typed.data)
		mem_wipe(typed.data, typed.cap);
	buf_free(&typed);
	buf_free(&line);
	return reply;
}

static bool
one_line(
    struct ui *ui, const char *label, const char *rule, struct buf *value, size_t max, bool secret)
{
	enum linear_reply reply =
	    linear_value(ui, label, rule, NULL, value, max, secret ? LINEAR_SECRET : 0, false);
	return reply == REPLY_DONE || reply == REPLY_EMPTIED;
}

static void
say(struct ui *ui, const char *text)
{
	linear_print(ui, text);
	linear_flush(ui);
}

/* ---- a page ---- */

static void
page_hint(struct ui *ui, const struct linear_words *words, uint64_t acts)
{
	bool choose = acts & ~ACTS(ACT_NEXT);
	if (acts & ACTS(ACT_NEXT))
		linear_hint(ui, _("Enter: next."), words, _("back"));
	else if (choose)
		linear_hint(ui, _("Type a word."), words, _("back"));
	else
		linear_print(ui, _("Enter: back."));
}

static enum act
page(struct ui *ui, const struct page *page)
{
	struct linear_words words;
	struct buf typed = { 0 };
	const char *const own[] = { _("again, or l: read this from the beginning."), _("0: back."),
		NULL };
	linear_words(&words, page->acts);
	linear_word(&words, LINEAR_AGAIN, 'l', N_("again"), NULL);
	words.word[words.count - 1].hint = false;
	enum act chosen = ACT_NONE;
	bool tell = true, choose = page->acts && !page->to_the_end;
	linear_heading(ui, page->place, page->right, NULL);
	bool heard = linear_text_until(ui, page->text, choose ? &words : NULL, &typed);
	if (!heard && !choose)
		chosen = ui->terminal->ended ? ACT_QUIT : ACT_BACK;
	while (chosen == ACT_NONE) {
		bool early = typed.len; /* at a stop of the text */
		if (tell && !early)
			page_hint(ui, &words, page->acts);
		tell = false;
		if (!early && linear_read(ui, 0, &typed) != LINEAR_LINE) {
			chosen = ACT_QUIT;
			break;
		}
		int64_t number;
		const char *s = buf_text(&typed);
		int said = linear_match(&words, s, &number);
		if (!*s || said == ACT_NEXT) {
			chosen = (page->acts & ACTS(ACT_NEXT)) ? ACT_NEXT
				 : page->acts                  ? ACT_NONE
							       : ACT_BACK;
			tell = true;
		} else if (said == LINEAR_AGAIN) {
			linear_text_until(ui, page->text, choose ? &words : NULL, &typed);
			tell = true;
			continue;
		} else if (linear_number(s) == 0 || said == ACT_BACK)
			chosen = ACT_BACK;
		else if (said == ACT_QUIT)
			chosen = linear_leaving(ui) ? ACT_QUIT : ACT_NONE;
		else if (said == ACT_HELP)
			linear_help(ui, own, &words);
		else if (said > ACT_NONE && (page->acts & ACTS(said)))
			chosen = (enum act)said;
		else
			linear_unknown(ui, s);
		tell = tell || early;
		buf_cut(&typed, 0);
	}
	buf_free(&typed);
	return chosen;
}

/* ---- the face ---- */

static void
face_close(struct ui *ui)
{
	struct linear *l = ui->state;
	if (l->inside)
		buf_char(&l->out, '\n');
	linear_flush(ui);
	if (l->line.data)
		mem_wipe(l->line.data, l->line.cap);
	buf_free(&l->line);
	buf_free(&l->out);
	free(l);
}

static const struct face linear = {
	.name = "linear",
	.list = linear_list,
	.menu = linear_menu,
	.page = page,
	.reader = linear_reader,
	.form = linear_form,
	.edit = linear_edit,
	.ask = linear_ask,
	.line = one_line,
	.say = say,
	.progress = say,
	.close = face_close,
};

void
linear_open(struct ui *ui, struct terminal *terminal)
{
	ui->face = &linear;
	ui->terminal = terminal;
	ui->state = mem_alloc(sizeof(struct linear));
}
