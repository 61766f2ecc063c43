/* The linear face's threads: one message at a time, in the tree's order. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/error.h"
#include "bbs/base/i18n.h"
#include "screens/linear.h"

struct thread {
	struct reader *reader;
	struct posts now; /* the current message, or none */
	struct linear_words words;
	struct buf early; /* what was typed at a stop of a message, and is to be done next */
};

/* Goes to the message next to the current one (1, -1), or to the first. False: there is none. */
static bool
step(struct ui *ui, struct thread *t, bool first, int direction)
{
	struct posts near = { 0 };
	const struct post *from = t->now.count && !first ? t->now.post : NULL;
	int got = t->reader->page(t->reader->ctx, from, direction, 1, &near);
	if (got < 0)
		linear_print(ui, error_text(got));
	if (!near.count) {
		posts_free(&near);
		return false;
	}
	posts_free(&t->now);
	t->now = near;
	t->reader->at = near.post->id;
	return true;
}

static bool
is_last(const struct thread *t)
{
	struct posts near = { 0 };
	if (t->now.count)
		t->reader->page(t->reader->ctx, t->now.post, 1, 1, &near);
	bool last = !near.count;
	posts_free(&near);
	return last;
}

/* Makes the message of an id, else of a number, the current one. False: it is not there. */
static bool
find(struct ui *ui, struct thread *t, int64_t id, int64_t number)
{
	const struct post from = { .id = id, .number = number > INT_MAX ? 0 : (int)number };
	struct posts found = { 0 };
	int got = t->reader->page(t->reader->ctx, &from, 0, 1, &found);
	if (got < 0)
		linear_print(ui, error_text(got));
	if (!found.count)
		return false;
	posts_free(&t->now);
	t->now = found;
	t->reader->at = found.post->id;
	return true;
}

/*
 * Lines that start with > are one "Quotation: …", up to the end of the quotation's paragraph; a long one is
 * only told of, unless it is open.
 */
static void
say_body(struct buf *out, const char *body, bool open)
{
	bool quoting = false;
	while (*body) {
		int lines;
		size_t folded = quoting || open ? 0 : ui_quotation(body, &lines);
		if (folded && lines > QUOTE_LINES) {
			buf_fmt(out, _("Quotation of %d lines, > to read it.\n"), lines);
			body += folded;
			continue;
		}
		size_t n = strcspn(body, "\n");
		const char *s = body;
		size_t left = n;
		bool quote = *s == '>';
		while (left && quote && (*s == '>' || *s == ' ')) {
			s++;
			left--;
		}
		if (quote && left) {
			buf_fmt(out, "%s ", quoting ? "" : _("Quotation:"));
			buf_add(out, s, left);
		} else if (!quote) {
			if (quoting)
				buf_char(out, '\n');
			buf_add(out, s, left);
			buf_char(out, '\n');
		} else if (quoting)
			buf_char(out, '\n');
		quoting = quote && left;
		body += n + (body[n] == '\n');
	}
}

static void
say_sentence(struct buf *out, const char *text)
{
	if (!text || !*text)
		return;
	if (out->len && out->data[out->len - 1] != '\n')
		buf_char(out, ' ');
	linear_first(out, text, true);
	if (!strchr(".?!", out->data[out->len - 1]))
		buf_char(out, '.');
}

static void
show_post(struct ui *ui, struct thread *t, bool open)
{
	const struct post *p = t->now.post;
	struct buf text = { 0 };
	buf_fmt(&text, p->is_new ? _("Message %d, new") : _("Message %d"), p->number);
	if (p->answers > 0)
		buf_fmt(&text, _(", answer to message %d"), p->answers);
	buf_str(&text, ".\n");
	say_sentence(&text, p->who);
	say_sentence(&text, p->when);
	buf_char(&text, '\n');
	if (p->note && *p->note) {
		say_sentence(&text, p->note);
		buf_char(&text, '\n');
	}
	if (p->body)
		say_body(&text, p->body, open);
	if (p->files)
		buf_fmt(&text, "%s\n", p->files);
	if (linear_text_until(ui, text.data, &t->words, &t->early) && t->reader->seen)
		t->reader->seen(t->reader->ctx, p->id);
	buf_free(&text);
}

static void
reader_hint(struct ui *ui, struct thread *t)
{
	if (t->early.len)
		return;
	const char *enter = "";
	if (t->now.count && !is_last(t))
		enter = _("Enter: next.");
	else if (t->reader->acts & ACTS(ACT_NEXT))
		enter = _("Enter: go on to what is unread.");
	static const uint64_t varies = ACTS(ACT_EDIT) | ACTS(ACT_FILES) | ACTS(ACT_HIDE) | ACTS(ACT_SHOW);
	uint64_t acts = post_acts(t->reader->acts, t->now.count ? &t->now.post[0] : NULL);
	for (int i = 0; i < t->words.count; i++) {
		int meaning = t->words.word[i].meaning;
		if (meaning > ACT_NONE && meaning < ACT_COUNT && varies & ACTS(meaning))
			t->words.word[i].hint = acts & ACTS(meaning);
	}
	linear_hint(ui, enter, &t->words, _("back"));
}

static enum act
reader_enter(struct ui *ui, struct thread *t)
{
	if (step(ui, t, !t->now.count, 1)) {
		show_post(ui, t, false);
		reader_hint(ui, t);
		return ACT_NONE;
	}
	if (t->reader->acts & ACTS(ACT_NEXT))
		return ACT_NEXT;
	linear_print(ui, _("This was the last message."));
	return ACT_NONE;
}

static void
reader_go(struct ui *ui, struct thread *t, bool found, const char *otherwise)
{
	if (!found) {
		linear_print(ui, otherwise);
		return;
	}
	show_post(ui, t, false);
	reader_hint(ui, t);
}

/* The message again, its quotations read in full. */
static void
reader_unfold(struct ui *ui, struct thread *t)
{
	if (t->now.count && ui_folds(t->now.post->body))
		show_post(ui, t, true);
	else
		linear_print(ui, _("There is no long quotation in this message."));
	reader_hint(ui, t);
}

static void
reader_help(struct ui *ui, const struct thread *t)
{
	const char *const own[] = { _("Enter alone: the message that follows. -: the one before."),
		_("A number: the message that bears it. 0: back."), NULL };
	linear_help(ui, own, &t->words);
}

static enum act
reader_act(struct ui *ui, struct thread *t, const char *typed)
{
	int64_t number = linear_number(typed);
	int said;
	if (!*typed)
		said = ACT_NEXT;
	else if (number >= 0)
		said = number ? ACT_OPEN : ACT_BACK;
	else if (*typed == '/')
		return linear_search(ui, t->reader->acts, typed + 1);
	else
		said = linear_match(&t->words, typed, &number);
	switch (said) {
	case ACT_NEXT:
		return reader_enter(ui, t);
	case LINEAR_PREVIOUS:
		reader_go(
		    ui, t, t->now.count && step(ui, t, false, -1), _("This is the first message."));
		return ACT_NONE;
	case LINEAR_AGAIN:
		reader_go(ui, t, step(ui, t, true, 1), _("There is no message here."));
		return ACT_NONE;
	case ACT_FOLD:
		reader_unfold(ui, t);
		return ACT_NONE;
	case ACT_OPEN:
		reader_go(
		    ui, t, number > 0 && find(ui, t, 0, number), _("There is no such message."));
		return ACT_NONE;
	case ACT_BACK:
		return ACT_BACK;
	case ACT_QUIT:
		return linear_leaving(ui) ? ACT_QUIT : ACT_NONE;
	case ACT_HELP:
		reader_help(ui, t);
		return ACT_NONE;
	case ACT_SEARCH:
		return linear_search(ui, t->reader->acts, NULL);
	case LINEAR_DOUBT:
		linear_print(ui, _("Several words begin so. ? tells the words."));
		return ACT_NONE;
	default:
		break;
	}
	if (said == ACT_SHOW) /* turns it, like ACT_HIDE, whatever it is */
		said = ACT_HIDE;
	if (said <= ACT_NONE || said >= ACT_COUNT || !(t->reader->acts & ACTS(said))) {
		linear_unknown(ui, typed);
		return ACT_NONE;
	}
	/* "fichier 2" is the second of the current message. */
	t->reader->file = said == ACT_FILES && number > 0 && number <= INT_MAX ? (int)number : 0;
	if (number >= 0 && said != ACT_FILES && !find(ui, t, 0, number)) {
		linear_print(ui, _("There is no such message."));
		return ACT_NONE;
	}
	if (t->reader->here & ACTS(said)) {
		t->reader->act(t->reader->ctx, t->reader, (enum act)said);
		reader_hint(ui, t);
		return ACT_NONE;
	}
	return (enum act)said;
}

enum act
linear_reader(struct ui *ui, struct reader *reader)
{
	struct thread t = { .reader = reader };
	struct buf typed = { 0 };
	enum act chosen = ACT_NONE;
	linear_words(&t.words, reader->acts | ACTS(ACT_FOLD));
	if (reader->acts & ACTS(ACT_HIDE))
		linear_word(&t.words, ACT_SHOW, 0, N_("show again"), N_("Show again what is hidden."));
	linear_word(
	    &t.words, LINEAR_AGAIN, 'l', N_("read all again"), N_("Read from the first message."));
	linear_word(&t.words, LINEAR_PREVIOUS, '-', N_("previous"), NULL);
	t.words.word[t.words.count - 1].hint = false;
	linear_heading(ui, reader->place, reader->title, NULL);
	struct buf state = { 0 };
	linear_first(&state, reader->state ? reader->state : "", true);
	linear_heading(ui, reader->lead, reader->right, buf_text(&state));
	buf_free(&state);
	if ((reader->at && find(ui, &t, reader->at, 0)) || step(ui, &t, true, 1))
		show_post(ui, &t, false);
	else
		linear_print(ui, _("There is no message here."));
	reader_hint(ui, &t);
	while (chosen == ACT_NONE) {
		buf_cut(&typed, 0);
		buf_str(&typed, buf_text(&t.early));
		buf_cut(&t.early, 0);
		if (!typed.len && linear_read(ui, 0, &typed) != LINEAR_LINE)
			chosen = ACT_QUIT;
		else
			chosen = reader_act(ui, &t, buf_text(&typed));
	}
	posts_free(&t.now);
	buf_free(&t.early);
	buf_free(&typed);
	return chosen;
}
