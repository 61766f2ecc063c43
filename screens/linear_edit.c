/* The linear face's editor: a text line by line. Lines that begin with / are its words. */
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "screens/linear.h"

enum { END = LINEAR_OWN, SHOW, CHANGE, ERASE, QUOTE, ATTACH, HELP, SEND, KEEP, GO_ON };

/* The words of the editor; typed behind a /, so that a text has all letters to itself. */
static void
editor_words(struct linear_words *words)
{
	words->count = 0;
	linear_word(words, END, 0, N_("end"), NULL);
	/* Not told, but typed: both lead to the question what to do with the text. */
	linear_word(words, END, 0, N_("send"), NULL);
	linear_word(words, END, 0, N_("cancel"), NULL);
	linear_word(words, SHOW, 0, N_("show"), NULL);
	linear_word(words, CHANGE, 0, N_("correct"), NULL);
	linear_word(words, ERASE, 0, N_("erase"), NULL);
	linear_word(words, QUOTE, 0, N_("quote"), NULL);
	linear_word(words, ATTACH, 0, N_("attach"), NULL);
	linear_word(words, HELP, 0, N_("help"), NULL);
}

static int
line_count(const struct buf *text)
{
	int lines = text->len > 0;
	for (size_t i = 0; i < text->len; i++)
		lines += text->data[i] == '\n';
	return lines;
}

/* Where line number (from 1) stands; its length without its end. */
static size_t
find_line(const struct buf *text, int number, size_t *len)
{
	size_t at = 0;
	for (const char *end; --number > 0; at = (size_t)(end - text->data) + 1) {
		end = memchr(text->data + at, '\n', text->len - at);
		if (!end)
			break;
	}
	const char *end = memchr(text->data + at, '\n', text->len - at);
	*len = end ? (size_t)(end - (text->data + at)) : text->len - at;
	return at;
}

/* Bytes of s, whole clusters, that room allows. */
static size_t
fitting(const char *s, size_t n, size_t room)
{
	size_t fits = 0, step;
	int cells;
	if (n <= room)
		return n;
	while ((step = text_cluster(s + fits, n - fits, &cells)) && fits + step <= room)
		fits += step;
	return fits;
}

static void
full(struct ui *ui, const struct edit *edit, size_t lost)
{
	linear_fmt(ui,
	    _("The text is full (%zu characters): the last %zu of this line are not kept."),
	    edit->max, lost);
}

/* Puts a line in the place of n bytes at `at`, as far as max allows; what is lost is said. */
static bool
replace(struct ui *ui, struct edit *edit, size_t at, size_t n, const char *s, size_t len)
{
	struct buf *text = &edit->text, tail = { 0 };
	size_t room = edit->max > text->len - n ? edit->max - (text->len - n) : 0;
	size_t fits = edit->max ? fitting(s, len, room) : len;
	buf_add(&tail, buf_text(text) + at + n, text->len - at - n);
	buf_cut(text, at);
	buf_add(text, s, fits);
	buf_add(text, tail.data, tail.len);
	buf_free(&tail);
	if (fits < len)
		full(ui, edit, len - fits);
	return fits == len;
}

static bool
append(struct ui *ui, struct edit *edit, const char *s, size_t len)
{
	struct buf *text = &edit->text;
	if (!text->len && !len)
		return true;
	if (text->len && edit->max && text->len >= edit->max) {
		if (len)
			full(ui, edit, len);
		return !len;
	}
	if (text->len)
		buf_char(text, '\n');
	return replace(ui, edit, text->len, 0, s, len);
}

/* The line is gone, and what could not be kept before is tried once more. */
static bool
part(void *ctx)
{
	const struct edit *edit = ctx;
	return edit->keep(edit->ctx, buf_text(&edit->text));
}

static void
kept(struct ui *ui, struct edit *edit)
{
	edit->unkept = edit->keep && !edit->keep(edit->ctx, buf_text(&edit->text));
	ui->terminal->parting = edit->unkept ? part : NULL;
	ui->terminal->parting_ctx = edit;
}

static void
show(struct ui *ui, const struct edit *edit, int64_t number)
{
	struct buf out = { 0 };
	const char *s = buf_text(&edit->text);
	for (int i = 1; *s; i++) {
		size_t n = strcspn(s, "\n");
		struct buf line = { 0 };
		buf_add(&line, s, n);
		if (number < 0 || number == i) {
			linear_numbered(&out, i, false, false, n ? line.data : _("(empty)"));
			buf_char(&out, '\n');
		}
		buf_free(&line);
		s += n + (s[n] == '\n');
	}
	if (!edit->text.len)
		linear_print(ui, _("The text is empty."));
	else if (!out.len)
		linear_print(ui, _("There is no such line."));
	linear_text(ui, buf_text(&out));
	buf_free(&out);
}

static bool
no_such_line(struct ui *ui, const struct edit *edit, int64_t number)
{
	if (number >= 1 && number <= line_count(&edit->text))
		return false;
	linear_print(ui, edit->text.len ? _("There is no such line. /show tells the numbers.")
					: _("The text is empty."));
	return true;
}

static void
change(struct ui *ui, struct edit *edit, int64_t number)
{
	struct buf typed = { 0 };
	size_t len;
	if (number < 0)
		number = line_count(&edit->text);
	if (no_such_line(ui, edit, number))
		return;
	size_t at = find_line(&edit->text, (int)number, &len);
	linear_fmt(ui, _("Line %lld: %.*s"), (long long)number, (int)len, edit->text.data + at);
	linear_print(ui, _("Type it anew. Enter alone leaves it."));
	if (linear_read(ui, 0, &typed) == LINEAR_LINE && typed.len) {
		replace(ui, edit, at, len, typed.data, typed.len);
		kept(ui, edit);
		linear_fmt(ui, _("Line %lld is changed. Go on writing."), (long long)number);
	} else
		linear_print(ui, _("The line stays as it was. Go on writing."));
	buf_free(&typed);
}

static void
erase(struct ui *ui, struct edit *edit, int64_t number)
{
	size_t len;
	if (number < 0 && edit->text.len) {
		if (!linear_ask(ui, _("Erase the whole text?")))
			return;
		buf_cut(&edit->text, 0);
		linear_print(ui, _("The text is erased."));
		kept(ui, edit);
		return;
	}
	if (no_such_line(ui, edit, number))
		return;
	struct buf *text = &edit->text, tail = { 0 };
	size_t at = find_line(text, (int)number, &len);
	if (at + len < text->len)
		len++;
	else if (at) {
		at--;
		len++;
	}
	buf_add(&tail, text->data + at + len, text->len - at - len);
	buf_cut(text, at);
	buf_add(text, tail.data, tail.len);
	buf_free(&tail);
	linear_fmt(ui, _("Line %lld is erased."), (long long)number);
	kept(ui, edit);
}

static bool
quotable(const struct edit *edit)
{
	return edit->quote && *edit->quote;
}

static void
quote(struct ui *ui, struct edit *edit)
{
	const char *s = edit->quote;
	int lines = 0;
	if (!quotable(edit)) {
		linear_print(ui, _("There is no message to quote."));
		return;
	}
	for (bool fits = true; *s && fits; lines++) {
		size_t n = strcspn(s, "\n");
		struct buf line = { 0 };
		buf_str(&line, n ? "> " : ">");
		buf_add(&line, s, n);
		fits = append(ui, edit, line.data, line.len);
		buf_free(&line);
		s += n + (s[n] == '\n');
	}
	linear_fmt(
	    ui, ngettext("Quoted: %d line.", "Quoted: %d lines.", (unsigned long)lines), lines);
	kept(ui, edit);
}

/* False: the whole visit ends. */
static bool
attach(struct ui *ui, struct edit *edit)
{
	if (!edit->attach) {
		linear_print(ui, _("No file can be attached here."));
		return true;
	}
	if (edit->attach(edit->ctx, edit) == ACT_QUIT)
		return false;
	if (edit->lead)
		linear_print(ui, edit->lead);
	return true;
}

static void
help(struct ui *ui, const struct edit *edit)
{
	linear_text(ui,
	    _("A dot alone on a line, or /end: the text is finished.\n"
	      "/show reads the text again, with the numbers of its lines; /show 3 reads line 3.\n"
	      "/correct 3 changes line 3. /correct alone changes the last one.\n"
	      "/erase 3 takes line 3 out. /erase alone takes all out, and asks first.\n"
	      "A line that begins with // begins with one /.\n"
	      "Each line is kept as you type it: if the line drops, you find it again."));
	if (quotable(edit))
		linear_text(ui, _("/quote adds the message that you answer."));
	if (edit->attach)
		linear_text(ui, _("/attach puts a file to the message, or takes one off again."));
}

/* A line behind a /. False: it is text (said so, since a mistyped word would end there too). */
static bool
command(struct ui *ui, struct edit *edit, const struct linear_words *words, const char *typed,
    bool *end, bool *quit)
{
	int64_t number;
	switch (linear_match(words, typed, &number)) {
	case END:
		*end = true;
		return true;
	case SHOW:
		show(ui, edit, number);
		return true;
	case CHANGE:
		change(ui, edit, number);
		return true;
	case ERASE:
		erase(ui, edit, number);
		return true;
	case QUOTE:
		quote(ui, edit);
		return true;
	case ATTACH:
		*quit = !attach(ui, edit);
		if (!*quit)
			linear_print(ui, _("Go on writing."));
		return true;
	case HELP:
		help(ui, edit);
		return true;
	default:
		linear_print(ui, _("Kept as a line of text. /help tells the words."));
		return false;
	}
}

/* Takes lines until the text is finished: ACT_NONE; ACT_BACK: the end of all input; or ACT_QUIT. */
static enum act
write_lines(struct ui *ui, struct edit *edit)
{
	struct linear_words words;
	struct buf typed = { 0 };
	bool end = false, ended = false, quit = false;
	editor_words(&words);
	while (!end && !ended && !quit) {
		if (linear_read(ui, LINEAR_BARE, &typed) != LINEAR_LINE) {
			ended = true;
			break;
		}
		const char *s = buf_text(&typed);
		size_t n = typed.len;
		if (!strcmp(s, ".")) {
			end = true;
			continue;
		}
		bool word = s[0] == '/' && s[1] != '/';
		if (s[0] == '/' && s[1] == '/') {
			s++;
			n--;
		}
		if (!word || !command(ui, edit, &words, s + 1, &end, &quit))
			append(ui, edit, s, n);
		/* In a paste only at its end: the next read waits for nothing before it. */
		if (!strpbrk(buf_text(&ui->terminal->input), "\r\n"))
			kept(ui, edit);
	}
	buf_free(&typed);
	return quit ? ACT_QUIT : ended ? ACT_BACK : ACT_NONE;
}

static void
finished_hint(struct ui *ui, const struct edit *edit)
{
	int lines = line_count(&edit->text);
	linear_fmt(ui,
	    ngettext("Your text has %d line.", "Your text has %d lines.", (unsigned long)lines),
	    lines);
	if (edit->lead)
		linear_print(ui, edit->lead);
	linear_print(ui, edit->stays ? _("Enter: keep. c go on writing, v read again.")
	    : edit->attach
	    ? _("Enter: send. c go on writing, v read again, j attach a file, b keep as a draft.")
	    : _("Enter: send. c go on writing, v read again, b keep as a draft."));
}

/* ACT_NONE: back to writing. */
static enum act
finish(struct ui *ui, struct edit *edit)
{
	struct linear_words words = { 0 };
	struct buf typed = { 0 };
	enum act chosen = ACT_NONE;
	linear_word(&words, SEND, 0, N_("send"), NULL);
	linear_word(&words, GO_ON, 'c', N_("correct"), NULL);
	linear_word(&words, SHOW, 'v', N_("show"), NULL);
	if (edit->attach)
		linear_word(&words, ATTACH, 'j', N_("attach"), NULL);
	linear_word(&words, KEEP, 'b', N_("keep"), NULL);
	linear_word(&words, KEEP, '0', N_("back"), NULL);
	for (bool again = true; again;) {
		int64_t number;
		again = false;
		finished_hint(ui, edit);
		if (linear_read(ui, 0, &typed) != LINEAR_LINE) {
			chosen = ACT_BACK;
			break;
		}
		int said = typed.len ? linear_match(&words, typed.data, &number) : SEND;
		if (said == SEND)
			chosen = ACT_DONE;
		else if (said == KEEP)
			chosen = ACT_BACK;
		else if (said == GO_ON)
			linear_print(ui, _("Go on writing. /show tells the numbers of the lines, "
					   "/correct 3 changes line 3."));
		else if (said == ATTACH && edit->attach && edit->attach(edit->ctx, edit) == ACT_QUIT)
			chosen = ACT_QUIT;
		else {
			again = true;
			if (said == SHOW)
				show(ui, edit, -1);
		}
	}
	buf_free(&typed);
	return chosen;
}

enum act
linear_edit(struct ui *ui, struct edit *edit)
{
	enum act chosen = ACT_NONE;
	ui->terminal->parting = edit->unkept ? part : NULL;
	ui->terminal->parting_ctx = edit;
	while (edit->text.len && edit->text.data[edit->text.len - 1] == '\n')
		buf_cut(&edit->text, edit->text.len - 1);
	int lines = line_count(&edit->text);
	linear_heading(ui, edit->place, NULL, NULL);
	if (edit->lead)
		linear_print(ui, edit->lead);
	linear_print(ui, quotable(edit) ? _("Write your text, line by line. A dot alone or /end finishes.\n"
					   "/show reads it again, /correct 3 changes line 3,\n"
					   "/quote quotes the message, /help tells the rest.")
					: _("Write your text, line by line. A dot alone or /end finishes.\n"
					    "/show reads it again, /correct 3 changes line 3, /help tells the rest."));
	if (lines && edit->quotes) {
		linear_print(ui, _("The message is quoted; what you write follows it. /erase starts anew."));
		show(ui, edit, -1);
	} else if (lines && edit->changes) {
		linear_fmt(ui,
		    ngettext("Your message of %d line is here: /correct 1 changes it, what you write "
			     "follows it.",
			"Your message of %d lines is here: /show reads it with its numbers, /correct 3 "
			"changes line 3, what you write follows it.",
			(unsigned long)lines),
		    lines);
	} else if (lines) {
		linear_fmt(ui,
		    ngettext("Your draft of %d line is here; what you write follows it. /erase "
			     "starts anew.",
			"Your draft of %d lines is here; what you write follows it. /erase starts "
			"anew.",
			(unsigned long)lines),
		    lines);
	}
	while (chosen == ACT_NONE) {
		chosen = write_lines(ui, edit);
		if (chosen != ACT_NONE)
			break;
		if (edit->text.len)
			chosen = finish(ui, edit);
		else {
			linear_print(ui, edit->stays ? _("The text is empty.") : _("The text is empty: nothing is sent."));
			chosen = ACT_BACK;
		}
	}
	ui->terminal->parting = NULL;
	linear_flush(ui);
	return chosen;
}
