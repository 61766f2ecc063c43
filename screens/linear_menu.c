/* The linear face's menus: news a line each, then the places; numbers stay as they were heard. */
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "screens/linear.h"

/* What was said of a menu: numbers stay as they were heard while it is shown. */
struct heard {
	int *id, count; /* id[number - 1] */
	struct note {
		int id;
		char *text; /* of a news line */
	} * note;
	int note_count;
	char *lead;
};

static int
number_of(struct heard *heard, int id)
{
	for (int i = 0; i < heard->count; i++) {
		if (heard->id[i] == id)
			return i + 1;
	}
	heard->id = mem_resize(heard->id, (size_t)(heard->count + 1) * sizeof *heard->id);
	heard->id[heard->count++] = id;
	return heard->count;
}

/* "Gard, 7 messages dans 4 discussions" of a news line; the label alone of another. */
static char *
choice_text(const struct choice *choice, bool with_note)
{
	struct buf text = { 0 };
	for (const char *s = choice->label; *s; s++) {
		if (*s != '&')
			buf_char(&text, *s);
	}
	if (with_note && choice->note && *choice->note) {
		if (text.len)
			buf_fmt(&text, choice->news && choice->is_new ? ", %s" : _(": %s"),
			    choice->note);
		else
			buf_str(&text, choice->note);
	}
	if (!text.data)
		buf_str(&text, "");
	return text.data;
}

static const char *
note_text(const struct choice *choice)
{
	return choice->note && *choice->note ? choice->note : choice->label;
}

static void
remember_news(struct heard *heard, const struct menu *menu)
{
	for (int i = 0; i < heard->note_count; i++)
		free(heard->note[i].text);
	heard->note =
	    mem_resize(heard->note, (size_t)(menu->choice_count + 1) * sizeof *heard->note);
	heard->note_count = 0;
	for (int i = 0; i < menu->choice_count; i++) {
		const struct choice *c = &menu->choices[i];
		if (c->news)
			heard->note[heard->note_count++] =
			    (struct note){ c->id, mem_dup(note_text(c)) };
	}
	free(heard->lead);
	heard->lead = mem_dup(menu->lead ? menu->lead : "");
}

static void
heard_free(struct heard *heard)
{
	for (int i = 0; i < heard->note_count; i++)
		free(heard->note[i].text);
	free(heard->note);
	free(heard->lead);
	free(heard->id);
}

static void
print_news(struct ui *ui, struct heard *heard, const struct choice *choice)
{
	struct buf out = { 0 };
	char *text = choice_text(choice, true);
	linear_numbered(&out, number_of(heard, choice->id), choice->is_new, false, text);
	linear_print(ui, out.data);
	free(text);
	buf_free(&out);
}

/* Makes room for an item: a number is not parted from its words by the end of a line. */
static void
next_item(struct ui *ui, struct buf *run, const struct buf *item)
{
	int columns = ui->terminal->columns;
	int cells = text_width(run->data, run->len) + text_width(item->data, item->len);
	if (columns > 0 && cells + (int)strlen(", ,") >= columns) {
		buf_char(run, ',');
		linear_print(ui, run->data);
		buf_cut(run, 0);
	} else
		buf_str(run, ", ");
}

/* Choices without a note run on in one paragraph; one with a note has its own line. */
static void
print_choices(struct ui *ui, struct heard *heard, const struct menu *menu)
{
	struct buf run = { 0 };
	bool first = true;
	for (int i = 0; i < menu->choice_count; i++) {
		const struct choice *c = &menu->choices[i];
		if (c->news)
			continue;
		bool alone = c->is_new || (c->note && *c->note);
		if (alone && run.len) {
			linear_print(ui, run.data);
			buf_cut(&run, 0);
		}
		struct buf item = { 0 };
		char *text = choice_text(c, true);
		linear_numbered(&item, number_of(heard, c->id), c->is_new, false, text);
		free(text);
		if (first && !alone)
			buf_fmt(&run, "%s ", _("Menu:"));
		else if (run.len)
			next_item(ui, &run, &item);
		first = false;
		buf_add(&run, item.data, item.len);
		buf_free(&item);
		if (alone) {
			linear_print(ui, run.data);
			buf_cut(&run, 0);
		}
	}
	linear_print(ui, buf_text(&run));
	buf_free(&run);
}

static void
print_menu(struct ui *ui, struct heard *heard, const struct menu *menu)
{
	linear_heading(ui, ui->title, menu->place, menu->right);
	if (menu->lead)
		linear_print(ui, menu->lead);
	for (int i = 0; i < menu->choice_count; i++) {
		if (menu->choices[i].news)
			print_news(ui, heard, &menu->choices[i]);
	}
	print_choices(ui, heard, menu);
	remember_news(heard, menu);
}

static void
menu_hint(struct ui *ui, const struct menu *menu, const struct linear_words *words)
{
	const char *zero = (menu->acts & ACTS(ACT_QUIT)) ? _("quit") : _("back");
	struct buf enter = { 0 };
	if (menu->acts & ACTS(ACT_NEXT))
		buf_str(&enter, _("Enter: read what is new."));
	else if (menu->choice_count) {
		char *text = choice_text(&menu->choices[0], false);
		buf_fmt(&enter, _("Type a number or a word. Enter: %s."), text);
		free(text);
	}
	linear_hint(ui, buf_text(&enter), words, zero);
	buf_free(&enter);
}

/* What counts stands before the first comma or bracket: an age behind it may grow in silence. */
static size_t
head_length(const char *text, size_t len)
{
	const char *comma = memmem(text, len, ", ", 2), *bracket = memmem(text, len, " (", 2);
	size_t n = comma ? (size_t)(comma - text) : len;
	return bracket && (size_t)(bracket - text) < n ? (size_t)(bracket - text) : n;
}

static bool
same_head(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t n = head_length(a, a_len);
	return n == head_length(b, b_len) && !memcmp(a, b, n);
}

static bool
known_news(const struct heard *heard, const struct choice *choice)
{
	const char *text = note_text(choice);
	for (int i = 0; i < heard->note_count; i++) {
		const struct note *note = &heard->note[i];
		if (note->id == choice->id)
			return same_head(text, strlen(text), note->text, strlen(note->text));
	}
	return false;
}

/* The lines of a lead that were not heard; a line that ends in : only introduces. */
static void
tell_lead(struct ui *ui, const char *lead, const char *old)
{
	for (size_t n; *lead; lead += n + (lead[n] == '\n')) {
		bool known = false;
		n = strcspn(lead, "\n");
		if (!n || lead[n - 1] == ':')
			continue;
		for (const char *o = old; *o && !known;) {
			size_t len = strcspn(o, "\n");
			known = same_head(lead, n, o, len);
			o += len + (o[len] == '\n');
		}
		if (!known)
			linear_fmt(ui, "%.*s", (int)n, lead);
	}
}

/* The news that were not there; after a nudge also the lead, which each minute may make older. */
static void
tell_news(struct ui *ui, struct heard *heard, const struct menu *menu, bool nudged)
{
	if (nudged && menu->lead)
		tell_lead(ui, menu->lead, heard->lead);
	for (int i = 0; i < menu->choice_count; i++) {
		const struct choice *c = &menu->choices[i];
		if (c->news && !known_news(heard, c))
			print_news(ui, heard, c);
	}
	remember_news(heard, menu);
}

/* The letter behind the & of a label, folded; "" none. */
static void
choice_letter(const struct choice *choice, struct buf *out)
{
	const char *mark = strchr(choice->label, '&');
	int cells;
	if (!mark)
		return;
	size_t n = text_cluster(mark + 1, strlen(mark + 1), &cells);
	struct buf letter = { 0 };
	buf_add(&letter, mark + 1, n);
	text_fold(out, letter.data);
	buf_free(&letter);
}

/* The choice that was typed: its id, 0 none, LINEAR_DOUBT when several begin so (they are told). */
static int
choice_typed(struct ui *ui, struct heard *heard, const struct menu *menu, const char *typed)
{
	struct buf folded = { 0 };
	struct linear_pick pick = { 0 };
	text_fold(&folded, typed);
	for (int i = 0; folded.len && i < menu->choice_count; i++) {
		const struct choice *c = &menu->choices[i];
		char *text = choice_text(c, false);
		struct buf letter = { 0 };
		choice_letter(c, &letter);
		int how = !strcmp(buf_text(&letter), folded.data) ? 3 : 0;
		if (!how && folded.len > 1)
			how = linear_begins(text, folded.data);
		linear_weigh(&pick, number_of(heard, c->id), text, how);
		buf_free(&letter);
		free(text);
	}
	buf_free(&folded);
	int64_t number = linear_chosen(ui, &pick);
	return number > 0 && number <= heard->count ? heard->id[number - 1] : (int)number;
}

static bool
still_there(const struct menu *menu, int id)
{
	for (int i = 0; i < menu->choice_count; i++) {
		if (menu->choices[i].id == id)
			return true;
	}
	return false;
}

static enum act
menu_open(struct ui *ui, struct heard *heard, struct menu *menu, int64_t number)
{
	if (number < 1 || number > heard->count) {
		linear_fmt(
		    ui, _("There is no number %lld here. ? tells the words."), (long long)number);
		return ACT_NONE;
	}
	int id = heard->id[number - 1];
	if (!still_there(menu, id)) {
		linear_print(ui, _("This is no longer there."));
		return ACT_NONE;
	}
	menu->at = id;
	return ACT_OPEN;
}

static void
menu_help(
    struct ui *ui, struct heard *heard, const struct menu *menu, const struct linear_words *words)
{
	bool quit = menu->acts & ACTS(ACT_QUIT);
	const char *const own[] = {
		_("Type the number of a line, or the beginning of its words, then Enter."),
		(menu->acts & ACTS(ACT_NEXT)) ? _("Enter alone: read what is new.")
					      : _("Enter alone: the first line."),
		quit ? _("0: leave the board.") : _("0: back."), NULL
	};
	linear_help(ui, own, words);
	print_choices(ui, heard, menu);
}

static enum act
menu_act(struct ui *ui, struct heard *heard, struct menu *menu, const struct linear_words *words,
    const char *typed)
{
	int64_t number = linear_number(typed);
	uint64_t acts = menu->acts;
	if (*typed == '/')
		return linear_search(ui, acts, typed + 1);
	if (!*typed && !(acts & ACTS(ACT_NEXT)) && menu->choice_count) {
		menu->at = menu->choices[0].id;
		return ACT_OPEN;
	}
	if (!*typed)
		return (acts & ACTS(ACT_NEXT)) ? ACT_NEXT : ACT_NONE;
	if (number > 0)
		return menu_open(ui, heard, menu, number);
	int id = number ? choice_typed(ui, heard, menu, typed) : 0;
	if (id == LINEAR_DOUBT)
		return ACT_NONE;
	if (id) {
		menu->at = id;
		return ACT_OPEN;
	}
	int said = number ? linear_match(words, typed, &number) : ACT_BACK;
	if (said == ACT_BACK && (acts & ACTS(ACT_QUIT)))
		said = ACT_QUIT;
	if (said == ACT_QUIT)
		return linear_leaving(ui) ? ACT_QUIT : ACT_NONE;
	if (said == ACT_SEARCH)
		return linear_search(ui, acts, NULL);
	if (said == ACT_OPEN)
		return menu_open(ui, heard, menu, number);
	if (said == ACT_HELP)
		menu_help(ui, heard, menu, words);
	else if (said == ACT_ANSWER)
		ui->answer(ui->answer_ctx);
	else if (said == ACT_BACK || (said > ACT_NONE && said < ACT_COUNT && (acts & ACTS(said))))
		return (enum act)said;
	else
		linear_unknown(ui, typed);
	return ACT_NONE;
}

/* The words of a menu: a letter that a choice has is no word's. */
static void
menu_words(struct ui *ui, const struct menu *menu, struct linear_words *words)
{
	linear_words(words, menu->acts | (ui->answer ? ACTS(ACT_ANSWER) : 0));
	for (int i = 0; i < menu->choice_count; i++) {
		struct buf letter = { 0 };
		choice_letter(&menu->choices[i], &letter);
		for (int w = 0; letter.len == 1 && w < words->count; w++) {
			if (words->word[w].key == *letter.data)
				words->word[w].key = 0;
		}
		buf_free(&letter);
	}
}

enum act
linear_menu(struct ui *ui, struct menu *menu)
{
	struct linear *l = ui->state;
	struct linear_words words;
	struct heard heard = { 0 };
	struct buf typed = { 0 };
	enum act chosen = ACT_NONE;
	menu_words(ui, menu, &words);
	l->nudged = false;
	print_menu(ui, &heard, menu);
	menu_hint(ui, menu, &words);
	while (chosen == ACT_NONE) {
		enum linear_got got = linear_read(ui, LINEAR_NEWS | LINEAR_CALM, &typed);
		menu_words(ui, menu, &words);
		if (got == LINEAR_END)
			chosen = ACT_QUIT;
		else if (got == LINEAR_LINE)
			chosen = menu_act(ui, &heard, menu, &words, buf_text(&typed));
		else if (menu->refresh && !menu->refresh(menu->ctx, menu))
			chosen = ACT_CHANGED;
		else if (menu->refresh)
			tell_news(ui, &heard, menu, got == LINEAR_NUDGED);
	}
	heard_free(&heard);
	buf_free(&typed);
	return chosen;
}
