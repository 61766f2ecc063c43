/* The linear face's words: what a typed line means, and sentences that say what can be typed. */
#include <string.h>

#include "bbs/base/i18n.h"
#include "screens/linear.h"

enum {
	SHOWN_CELLS = 40, /* of what was typed and not understood */
	WORDS_MAX = 200,  /* bytes of words to search */
	DOUBT_MAX = 6,    /* texts told of those that begin as was typed */
};

/* Acts that the prompt's line names by itself, or not at all. */
static const uint64_t unhinted = ACTS(ACT_OPEN) | ACTS(ACT_NEXT) | ACTS(ACT_HELP) | ACTS(ACT_BACK) |
				 ACTS(ACT_QUIT) | ACTS(ACT_REDRAW);

/* Acts that are told by ? alone: the prompt's line is heard at every message. */
static const uint64_t quiet = ACTS(ACT_FOLLOW) | ACTS(ACT_MUTE) | ACTS(ACT_FOLD) | ACTS(ACT_FLAT) |
			      ACTS(ACT_PRINT) | ACTS(ACT_HISTORY) | ACTS(ACT_REPORT) | ACTS(ACT_LOCK) | ACTS(ACT_UNLOCK) |
			      ACTS(ACT_PIN) | ACTS(ACT_MOVE) | ACTS(ACT_MERGE) | ACTS(ACT_SPLIT) | ACTS(ACT_TAG) |
			      ACTS(ACT_ANSWER);

void
linear_word(struct linear_words *words, int meaning, int key, const char *word, const char *help)
{
	if (words->count == (int)(sizeof words->word / sizeof *words->word))
		return;
	words->word[words->count++] = (struct linear_word){
		.meaning = meaning, .key = key, .word = word, .help = help, .hint = true
	};
}

void
linear_words(struct linear_words *words, uint64_t acts)
{
	acts |= ACTS(ACT_OPEN) | ACTS(ACT_NEXT) | ACTS(ACT_HELP) | ACTS(ACT_BACK) | ACTS(ACT_QUIT);
	words->count = 0;
	for (int i = 0; i < keys_count; i++) {
		const struct key_row *k = &keys[i];
		if (!k->word || !(acts & ACTS(k->act)))
			continue;
		bool hint = !(unhinted & ACTS(k->act));
		linear_word(
		    words, k->act, k->key > ' ' ? k->key : 0, k->word, hint ? k->help : NULL);
		words->word[words->count - 1].hint = hint && !(quiet & ACTS(k->act));
	}
	/* As in every question, where it means nothing else. */
	if (acts & ACTS(ACT_NO) && !(acts & ACTS(ACT_NEW))) {
		linear_word(words, ACT_NO, 'n', N_("no"), NULL);
		words->word[words->count - 1].hint = false;
	}
}

int64_t
linear_number(const char *typed)
{
	int64_t number = 0;
	int digits = 0;
	while (*typed == ' ')
		typed++;
	for (; *typed >= '0' && *typed <= '9'; typed++) {
		if (++digits > 9)
			return -1;
		number = number * 10 + (*typed - '0');
	}
	while (*typed == ' ')
		typed++;
	return digits && !*typed ? number : -1;
}

int
linear_begins(const char *label, const char *folded)
{
	struct buf own = { 0 };
	size_t n = strlen(folded);
	int how = 0;
	text_fold(&own, label);
	const char *text = buf_text(&own);
	if (!strcmp(text, folded))
		how = 3;
	else if (!strncmp(text, folded, n))
		how = 2;
	else
		for (const char *at = strpbrk(text, " '-"); at && !how;
		     at = strpbrk(at + 1, " '-")) {
			if (!strncmp(at + 1, folded, n))
				how = 1;
		}
	buf_free(&own);
	return how;
}

/* One letter: the key itself before the same key in the other case. */
static int
match_key(const struct linear_words *words, char typed)
{
	int other = ACT_NONE;
	for (int i = 0; i < words->count; i++) {
		int key = words->word[i].key;
		if (key == typed)
			return words->word[i].meaning;
		bool letter = (key | 0x20) >= 'a' && (key | 0x20) <= 'z';
		if (letter && (key | 0x20) == (typed | 0x20))
			other = words->word[i].meaning;
	}
	return other;
}

static int
match_word(const struct linear_words *words, const char *folded, bool translated)
{
	int found = ACT_NONE, best = 0;
	for (int i = 0; i < words->count; i++) {
		const struct linear_word *w = &words->word[i];
		int how = linear_begins(translated ? _(w->word) : w->word, folded);
		if (how < 2 || how < best)
			continue;
		if (how == best && w->meaning != found)
			found = LINEAR_DOUBT;
		else
			found = w->meaning;
		best = how;
	}
	return found;
}

int
linear_match(const struct linear_words *words, const char *typed, int64_t *number)
{
	struct buf head = { 0 };
	int meaning = ACT_NONE;
	buf_str(&head, typed);
	*number = -1;
	while (head.len && head.data[head.len - 1] == ' ')
		buf_cut(&head, head.len - 1);
	const char *space = head.len ? strrchr(head.data, ' ') : NULL;
	if (space && linear_number(space) >= 0) {
		*number = linear_number(space);
		buf_cut(&head, (size_t)(space - head.data));
	}
	struct buf folded = { 0 };
	text_fold(&folded, buf_text(&head));
	if (head.len == 1)
		meaning = match_key(words, *head.data);
	else if (folded.len >= 2) {
		meaning = match_word(words, folded.data, true);
		if (meaning == ACT_NONE)
			meaning = match_word(words, folded.data, false);
	}
	buf_free(&folded);
	buf_free(&head);
	return meaning;
}

bool
linear_is_word(const struct linear_words *words, const char *typed)
{
	struct buf folded = { 0 };
	bool is = false;
	text_fold(&folded, typed);
	for (int i = 0; i < words->count && !is; i++) {
		const char *word = words->word[i].word;
		is = linear_begins(_(word), buf_text(&folded)) == 3 ||
		     linear_begins(word, buf_text(&folded)) == 3;
	}
	buf_free(&folded);
	return is;
}

void
linear_weigh(struct linear_pick *pick, int64_t number, const char *label, int how)
{
	if (!how || how < pick->best)
		return;
	if (how > pick->best) {
		buf_cut(&pick->told, 0);
		pick->count = 0;
	}
	pick->best = how;
	pick->number = number;
	pick->count++;
	if (pick->count <= DOUBT_MAX)
		buf_fmt(&pick->told, "%s%lld %s", pick->count > 1 ? ", " : "", (long long)number, label);
	else if (pick->count == DOUBT_MAX + 1)
		buf_str(&pick->told, ", …");
}

int64_t
linear_chosen(struct ui *ui, struct linear_pick *pick)
{
	int64_t chosen = pick->count > 1 ? LINEAR_DOUBT : pick->number;
	if (chosen == LINEAR_DOUBT)
		linear_fmt(ui, _("Several begin so: %s. Type the number."), pick->told.data);
	buf_free(&pick->told);
	return chosen;
}

void
linear_hint(struct ui *ui, const char *enter, const struct linear_words *words, const char *zero)
{
	struct buf line = { 0 };
	buf_str(&line, enter);
	if (line.len)
		buf_char(&line, ' ');
	for (int i = 0; i < words->count; i++) {
		const struct linear_word *w = &words->word[i];
		if (!w->hint)
			continue;
		if (w->key == '/')
			buf_fmt(&line, "%s, ", w->meaning == ACT_FILTER ? _("/letters to filter") : _("/words to search"));
		else if (w->key)
			buf_fmt(&line, "%c %s, ", w->key, _(w->word));
		else
			buf_fmt(&line, "%s, ", _(w->word));
	}
	buf_fmt(&line, _("? help, 0 %s."), zero);
	linear_print(ui, line.data);
	buf_free(&line);
}

void
linear_help(struct ui *ui, const char *const *own, const struct linear_words *words)
{
	struct buf text = { 0 };
	for (; *own; own++)
		buf_fmt(&text, "%s\n", *own);
	for (int i = 0; i < words->count; i++) {
		const struct linear_word *w = &words->word[i];
		if (!w->help)
			continue;
		if (w->key == '/')
			buf_fmt(&text, "%s\n", w->meaning == ACT_FILTER ? _("/letters: narrow the list to what they fit.") : _("/words: search."));
		else if (w->key)
			buf_fmt(&text, _("%s, or %c: %s"), _(w->word), w->key, _(w->help));
		else
			buf_fmt(&text, _("%s: %s"), _(w->word), _(w->help));
		if (text.data[text.len - 1] != '\n')
			buf_char(&text, '\n');
	}
	buf_str(&text, _("quit, or Q: leave the board."));
	linear_text(ui, text.data);
	buf_free(&text);
}

void
linear_unknown(struct ui *ui, const char *typed)
{
	int cells;
	size_t n = text_fit(typed, strlen(typed), SHOWN_CELLS, &cells);
	linear_fmt(ui, _("“%.*s%s” says nothing here. ? tells the words."), (int)n, typed,
	    typed[n] ? "…" : "");
}

enum act
linear_search(struct ui *ui, uint64_t acts, const char *words)
{
	enum linear_reply reply = REPLY_DONE;
	if (!(acts & (ACTS(ACT_SEARCH) | ACTS(ACT_FILTER)))) {
		linear_print(ui, _("There is nothing to search here."));
		return ACT_NONE;
	}
	buf_cut(&ui->words, 0);
	if (words)
		text_clean(&ui->words, words, strlen(words), TEXT_LINE);
	else
		reply = linear_value(
		    ui, acts & ACTS(ACT_FILTER) ? _("Letters to filter by") : _("Words to search"), NULL, NULL, &ui->words, WORDS_MAX, 0, false);
	return reply == REPLY_DONE && ui->words.len ? ACT_SEARCH : ACT_NONE;
}

/* Adds a part, its "›" and "·" as commas, and the stop that ends a sentence. */
static void
sentence(struct buf *out, const char *part)
{
	if (!part || !*part)
		return;
	if (out->len)
		buf_char(out, ' ');
	while (*part) {
		size_t n = !strncmp(part, " › ", strlen(" › ")) ? strlen(" › ")
		    : !strncmp(part, " · ", strlen(" · "))	? strlen(" · ")
								: 0;
		/* A part that ends as a question has its stop. */
		if (n)
			buf_str(out, out->len && strchr(".!?", out->data[out->len - 1]) ? " " : ", ");
		else
			buf_char(out, *part);
		part += n ? n : 1;
	}
	if (!strchr(".!?:", out->data[out->len - 1]))
		buf_char(out, '.');
}

void
linear_heading(struct ui *ui, const char *first, const char *second, const char *third)
{
	struct buf line = { 0 };
	sentence(&line, first);
	sentence(&line, second);
	sentence(&line, third);
	linear_print(ui, buf_text(&line));
	buf_free(&line);
}

void
linear_numbered(struct buf *out, int64_t number, bool is_new, bool urgent, const char *text)
{
	long long n = number;
	if (is_new && urgent)
		buf_fmt(out, _("%lld new, urgent: %s"), n, text);
	else if (is_new)
		buf_fmt(out, _("%lld new: %s"), n, text);
	else if (urgent)
		buf_fmt(out, _("%lld urgent: %s"), n, text);
	else if (*text >= '0' && *text <= '9')
		buf_fmt(out, _("%lld: %s"), n, text);
	else
		buf_fmt(out, "%lld %s", n, text);
}

void
linear_first(struct buf *out, const char *text, bool large)
{
	unsigned char c = (unsigned char)*text, d = c ? (unsigned char)text[1] : 0;
	if (large ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z' && !(d >= 'A' && d <= 'Z')) {
		buf_char(out, (char)(c ^ 0x20));
		text++;
	} else if (c == 0xC3 && d != 0x97 && d != 0xB7 &&
		   (large ? d >= 0xA0 && d < 0xBF : d < 0x9F)) {
		/* À to Þ and à to þ: the same bit. */
		buf_char(out, (char)c);
		buf_char(out, (char)(d ^ 0x20));
		text += 2;
	}
	buf_str(out, text);
}
