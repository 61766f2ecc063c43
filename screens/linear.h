#ifndef SCREENS_LINEAR_H
#define SCREENS_LINEAR_H

#include "screens/ui.h"

/* Private to the linear face, which only appends lines: no cursor, no escape, no bell. */

enum linear_escape {
	ESCAPE_NONE,
	ESCAPE_START,  /* ESC came */
	ESCAPE_CSI,    /* ESC [ */
	ESCAPE_ON,     /* inside ESC [ … */
	ESCAPE_ONE,    /* one more byte belongs to it */
	ESCAPE_STRING, /* until BEL or ESC \ */
	ESCAPE_STRING_END,
};

/* The face's own state, in ui->state. */
struct linear {
	struct buf out;  /* printed, not yet given to the terminal */
	struct buf line; /* what is typed of the current line, clean code points */
	char point[4];   /* a code point that has not all come */
	int point_len, point_need;
	enum linear_escape escape;
	int rows;      /* lines printed since the person last pressed Enter */
	unsigned told; /* control keys explained on this line already, a bit each */
	bool prompted; /* the prompt of the current line stands */
	bool inside;   /* the cursor is not at the start of a line */
	bool cr;       /* the last byte was CR: a LF or NUL behind it belongs to it */
	bool cut;      /* the line was longer than LINEAR_LINE_MAX */
	size_t word_told; /* bytes of ui->word that were told on this line */
	bool nudged;   /* something may have changed since the news were last looked at */
};

enum { LINEAR_LINE_MAX = 16 * 1024 };

/* ---- linear_line.c: the terminal's lines, out and in ---- */

/* Prints lines: cleaned, folded to the charset, wrapped if there is a width. "" prints nothing. */
void
linear_print(struct ui *ui, const char *text);
void
linear_fmt(struct ui *ui, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* As linear_print, with a stop every linear_page() lines. False: the person stopped it. */
bool
linear_text(struct ui *ui, const char *text);

/* Lines before a stop, 0 none: what page_rows means on this terminal, now. */
int
linear_page(const struct ui *ui);

/* Gives the terminal what was printed. linear_read() does so by itself. */
void
linear_flush(struct ui *ui);

/* The number of rows that linear_print would fill. */
int
linear_lines(struct ui *ui, const char *text);

enum {
	LINEAR_SECRET = 1, /* what is typed is not shown, and forgotten here */
	LINEAR_NEWS = 2,   /* LINEAR_NUDGED and LINEAR_MINUTE may come */
	LINEAR_BARE = 4,   /* no "> " */
	LINEAR_CALM = 8,   /* what others say to the person may be told */
};
enum linear_got {
	LINEAR_LINE,   /* a line was typed */
	LINEAR_NUDGED, /* nothing is typed, and something may have changed; read again */
	LINEAR_MINUTE, /* nothing is typed, and a minute went by; read again */
	LINEAR_END,    /* no line will ever come */
};
/* Shows the prompt, takes one line into `line` (what it held goes): clean, spaces as typed. */
enum linear_got
linear_read(struct ui *ui, unsigned how, struct buf *line);

/* ---- linear_word.c: what a typed line means, and the sentences that say what can be typed ---- */

/* Besides enum act. */
enum {
	LINEAR_DOUBT = -1, /* more than one word begins so */
	LINEAR_PREVIOUS = ACT_COUNT,
	LINEAR_AGAIN,
	LINEAR_OWN, /* a screen's own words begin here */
};
struct linear_word {
	int meaning, key;        /* key: the one letter that says it too, 0 none */
	const char *word, *help; /* msgids */
	bool hint;               /* worth a place in the prompt */
};
struct linear_words {
	struct linear_word word[32];
	int count;
};
void
linear_words(struct linear_words *words, uint64_t acts); /* with open, next, help, back, quit */
void
linear_word(struct linear_words *words, int meaning, int key, const char *word, const char *help);

/* As linear_text; it is over also by one of the words, typed at a stop: that is in `typed` then, else nothing. */
bool
linear_text_until(struct ui *ui, const char *text, const struct linear_words *words, struct buf *typed);

/*
 * What was typed: a word's letter alone, or at least two letters that begin the word in the
 * person's language, else in English; a number may follow ("yes 2", *number, else -1). ACT_NONE
 * where no word fits.
 */
int
linear_match(const struct linear_words *words, const char *typed, int64_t *number);

/*
 * `/words`, where acts have ACT_SEARCH: the words for ui_words(). NULL asks for them. ACT_NONE when
 * there is nothing to search, or no word.
 */
enum act
linear_search(struct ui *ui, uint64_t acts, const char *words);

/* "12": 12; anything else -1. Blanks around are allowed. */
int64_t
linear_number(const char *typed);

/* How a label begins like the folded text: 3 the whole label, 2 its beginning, 1 a word of it. */
int
linear_begins(const char *label, const char *folded);

/* True where one of the words, whole, was typed. */
bool
linear_is_word(const struct linear_words *words, const char *typed);

/*
 * Choosing by letters among numbered texts: what was typed is weighed against each of them, the best
 * one is chosen. Zeroed = begun; linear_chosen() frees it.
 */
struct linear_pick {
	struct buf told; /* "3 Gard, 7 Gers" */
	int best, count;
	int64_t number;
};
/* `how`: as linear_begins() says, 0 not at all. */
void
linear_weigh(struct linear_pick *pick, int64_t number, const char *label, int how);

/* The number of the best, 0 where there is none, LINEAR_DOUBT where there are several: those are told. */
int64_t
linear_chosen(struct ui *ui, struct linear_pick *pick);

/* The prompt's line: the sentence `enter` (may be ""), the words worth it, help, `zero`. */
void
linear_hint(struct ui *ui, const char *enter, const struct linear_words *words, const char *zero);

/* `?`: the sentences `own` (NULL-ended, translated), then a line for each word that has a help. */
void
linear_help(struct ui *ui, const char *const *own, const struct linear_words *words);

/* "… says nothing here" about what was typed. */
void
linear_unknown(struct ui *ui, const char *typed);

/* Prints parts of a heading as sentences: "Forum › Questions" → "Forum, Questions." NULL: none. */
void
linear_heading(struct ui *ui, const char *first, const char *second, const char *third);

/* Adds "3 new: text" or "3 text"; a text that begins with a digit is kept apart from the number. */
void
linear_numbered(struct buf *out, int64_t number, bool is_new, bool urgent, const char *text);

/* A copy with the first letter large (or small), to begin a sentence (or to stand inside one). */
void
linear_first(struct buf *out, const char *text, bool large);

/* ---- linear.c ---- */

/* Asks before the board is left: true to leave. At the end of input true without asking. */
bool
linear_leaving(struct ui *ui);

enum linear_reply {
	REPLY_DONE,
	REPLY_EMPTIED,  /* `-` */
	REPLY_PREVIOUS, /* `<` */
	REPLY_LEFT,     /* `0` */
	REPLY_END,
};
/*
 * Asks for one text; `-` empties it. The prompt's line is `label (rule) [offered]`.
 * Cleaned, of at most max bytes. `previous`: `<` is taken.
 */
enum linear_reply
linear_value(struct ui *ui, const char *label, const char *rule, const char *offered,
    struct buf *value, size_t max, unsigned how, bool previous);

/* ---- the other screens ---- */

enum act
linear_menu(struct ui *ui, struct menu *menu);
enum act
linear_list(struct ui *ui, struct list *list);
enum act
linear_reader(struct ui *ui, struct reader *reader);
enum act
linear_form(struct ui *ui, struct form *form);
enum act
linear_edit(struct ui *ui, struct edit *edit);
bool
linear_ask(struct ui *ui, const char *question);

#endif
