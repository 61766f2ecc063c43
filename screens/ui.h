#ifndef SCREENS_UI_H
#define SCREENS_UI_H

#include <stdbool.h>
#include <stdint.h>

#include "bbs/base/mem.h"
#include "bbs/base/text.h"

/*
 * What a screen may ask of a face. A screen is a plain function that describes (a menu, a list, a
 * reader, a form, a text to write) and goes on with what the person chose; it never places a cell.
 * Both faces, full (ncurses) and linear (lines that only append), show the same description.
 *
 * None of these calls ever returns because the line is gone or the sysop closed the session: the wait
 * inside keeps the draft and ends the process. So a screen reads as a story.
 */

struct ui;

/* What a person can do. One row each in the table of keys (screens/keys.c). */
enum act {
	ACT_NONE,
	ACT_BACK,    /* leave this screen */
	ACT_OPEN,    /* the chosen row or choice */
	ACT_NEXT,    /* go on: next page, else next unread (space) */
	ACT_NEW,     /* write something new here */
	ACT_ADD,     /* one more to the list, which nobody writes */
	ACT_FOLDER,  /* a new folder */
	ACT_AGAIN,   /* send once more */
	ACT_REPLY,
	ACT_QUOTE,   /* reply with the message quoted */
	ACT_SEARCH,  /* the words are in ui_words() */
	ACT_FILTER,  /* only rows with the letters typed; handled by the face */
	ACT_NARROW,  /* change what is searched */
	ACT_NEAREST, /* the councils nearest to mine */
	ACT_YES,     /* the candidates' list: yes, no, a question */
	ACT_NO,
	ACT_ASK,
	ACT_EDIT,    /* change what is shown */
	ACT_ALL_READ,
	ACT_REMOVE,  /* take away what the cursor is on */
	ACT_INVITE,
	ACT_WHO,     /* who is on line */
	ACT_ORDER,   /* the best or the newest first */
	ACT_FOLLOW,  /* what is new there concerns me; again: no longer */
	ACT_MUTE,    /* nothing there is new to me; again: it is heard */
	ACT_FLAT,    /* messages in the order of time, again: as a tree */
	ACT_FOLD,    /* long quotations opened, again: folded; handled by the face */
	ACT_PRINT,   /* how to have it on paper */
	ACT_SHEET,   /* the sheet of whoever wrote this */
	ACT_REPORT,  /* bring a message before the animators */
	ACT_HIDE,    /* hide, show again */
	ACT_SHOW,    /* show again, where it is known that it is hidden */
	ACT_LEAVE,   /* leave where it is what was reported */
	ACT_HISTORY, /* earlier versions */
	ACT_LOCK,    /* close a discussion */
	ACT_UNLOCK,  /* open it again */
	ACT_PIN,
	ACT_MOVE,
	ACT_MERGE,
	ACT_SPLIT,
	ACT_TAG,     /* mark a row, for an act on several */
	ACT_RESTORE, /* make it again what it was */
	ACT_PURGE,   /* out of the bin for good */
	ACT_EMPTY,   /* … all that is there */
	ACT_HANDOVER,/* name another resource person */
	ACT_WORD,    /* say a short word to a person */
	ACT_ANSWER,  /* answer the word that somebody has just said; handled by the face */
	ACT_FILES,   /* what is attached to a message */
	ACT_LINES,   /* the lines of the day */
	ACT_CALLERS, /* who called last */
	ACT_TALK,    /* what is said of a file */
	ACT_FILE,    /* the file that it is said of */
	ACT_LOOK,    /* see the picture, the table */
	ACT_COPY,    /* how to have it on one's own machine */
	ACT_FETCH,   /* by ZMODEM: a file to the caller, his files to a folder */
	ACT_BRING,
	ACT_CARRY,   /* a file, a folder to another folder */
	ACT_HERE,    /* this is that folder */
	ACT_REDRAW,  /* handled by the face */
	ACT_HELP,    /* handled by the face */
	ACT_QUIT,    /* leave the board; the face has asked already */
	ACT_CHANGED, /* a menu's refresh said that this screen is no longer the right one */
	ACT_DONE,    /* a form or a text was finished */
	ACT_COUNT,
};

/* A set of acts, for `acts` below: ACTS(ACT_NEW) | ACTS(ACT_REPLY). BACK, HELP, QUIT, OPEN go without saying. */
#define ACTS(act) (UINT64_C(1) << (act))

/*
 * The table of keys: one row an act. Footer, help page and linear prompt are printed from it.
 * `key` is what the full face takes (a control character or a letter, the same in both languages);
 * `word` the linear word, msgid; `label` the footer's words, msgid, short; `help` a sentence, msgid.
 */
struct key_row {
	enum act act;
	int key;
	const char *word, *label, *help;
};
extern const struct key_row keys[];
extern const int keys_count;

/* ---- rows that come from the store page by page ---- */

enum { UI_COLUMNS = 6 };

/* One row: its place in the order is (key, num), opaque to the face; id is the thing itself. */
struct row {
	int64_t id, num;
	char *key;                /* NULL where num alone orders */
	char *cell[UI_COLUMNS];   /* NULL: empty */
	char *detail;             /* a line below, in lists that have details; NULL: empty */
	bool is_new, faint, urgent;
};

/* Rows being collected; zeroed = empty. The face frees them. */
struct rows {
	struct row *row;
	int count, room;
};
struct row *
rows_add(struct rows *rows, int64_t id, const char *key, int64_t num);
void
row_cell(struct row *row, int column, const char *text); /* copied */
/* What stands between UI_STRONG and UI_PLAIN is set off, where the face can. */
enum { UI_STRONG = 1, UI_PLAIN = 2 };
void
row_detail(struct row *row, const char *text); /* copied */
void
row_free(struct row *row); /* what it holds */
void
rows_free(struct rows *rows);
/*
 * For short lists that a source makes whole: moves of `all` the at most n rows that follow (1) or
 * precede (-1) `from` into out, nearest first, frees the others, and gives how many.
 */
int
rows_window(struct rows *all, const struct row *from, int direction, int n, struct rows *out);

/*
 * Where rows come from. page() adds at most n rows that follow (direction 1) or precede (-1) `from`
 * in the list's order, nearest first; from NULL is before the first (1) or behind the last (-1).
 * The face calls it again by itself on a nudge, a resize or a changed filter. `ctx` is the screen's.
 */
struct source {
	int (*page)(void *ctx, const char *filter, const struct row *from, int direction, int n,
	    struct rows *out);
	void *ctx;
};

struct column {
	const char *head; /* translated; NULL none */
	/* Cells, where its rows need so many; the first column takes what is left. Below their min
	 * columns go rather than shrink. */
	int min, max;
	int yields;       /* 0 never; else gives way in this order (1 first) as the window narrows */
};

/* ---- the descriptions ---- */

struct list {
	const char *place;  /* "Forum › Questions"; the face puts the board's name before it */
	const char *right;  /* "18 conseils", may be NULL */
	const char *lead;   /* a sentence above, may be NULL */
	const char *empty;  /* the sentence where there is no row */
	const struct column *columns;
	int column_count;
	struct source source;
	/* Sets num, and key (freed by the face), of the row of an id, for the source's ctx; false: it is not
	 * there. NULL: a list opened at an id that the face has not seen before is looked through for it. */
	bool (*find)(void *ctx, int64_t id, struct row *row);
	/* What is done without leaving: acts of `here`, about list->at, which is not 0; for the source's ctx. */
	void (*act)(void *ctx, struct list *list, enum act act);
	uint64_t acts;
	uint64_t here; /* some of acts */
	bool shows_only;    /* its rows open nothing */
	const char *opens;  /* what Enter does with a row, msgid; NULL: "open" */
	bool filters;       /* typed letters filter (full), `/letters` (linear) */
	bool details;       /* each row has a line below it */
	unsigned clear;     /* bits of the columns whose cells say what they are without the head: "17 novembre", "3 Mo" */
	char filter[64];
	int64_t at;         /* id of the row under the cursor, in and out: a list keeps its place */
	uint64_t told;      /* the linear face's own: what lead it has told, 0 none */
};
/* Acts that are about a row: where there is none they are not offered. */
extern const uint64_t row_acts;
/* ACT_OPEN of a row, another of acts (about list->at, 0 where there is no row), ACT_BACK, ACT_QUIT. */
enum act
ui_list(struct ui *ui, struct list *list);

/*
 * A menu: news lines first (each with a note), then plain choices. Labels carry their letter behind
 * an `&` ("&Forum"): the full face shows [F], the linear one numbers. Letters are unique in a menu.
 */
struct choice {
	int id;            /* > 0 */
	const char *label; /* translated, with its & */
	/* "2 personnes à valider (la première depuis 31 h)", may be NULL. What is behind a comma or a
	 * bracket may change without being told as news. */
	const char *note;
	bool news, is_new; /* news: a line of its own above the choices */
};
struct menu {
	const char *place, *right;
	const char *lead;  /* sentences above, may be NULL; may hold \n */
	struct choice *choices;
	int choice_count;
	uint64_t acts;     /* with ACT_QUIT: there is nothing to go back to, the linear 0 quits */
	int at;            /* id of the choice, in and out */
	/* Called after a nudge and each minute: brings lead and notes up to date; false: ACT_CHANGED. May be NULL. */
	bool (*refresh)(void *ctx, struct menu *menu);
	void *ctx;
};
enum act
ui_menu(struct ui *ui, struct menu *menu);

/* A text to read: help, charter, a sheet. Wrapped; pages by Space; ends with ACT_BACK or one of acts.
 * With `to_the_end`, acts are taken only once the end was shown (the charter). */
struct page {
	const char *place, *right;
	const char *text; /* lines; "Label : value" lines stay lines */
	uint64_t acts;
	bool to_the_end;
};
enum act
ui_page(struct ui *ui, const struct page *page);

/* A picture to look at. */
struct picture {
	const char *place;
	const char *words; /* what it is, in a sentence */
	/*
	 * Draws it with at most so many columns and rows, in one of the ways and with the colours of
	 * bbs/base/picture.h: a picture_head and what follows it, which the face frees. An answer below 0: it cannot.
	 */
	int (*draw)(void *ctx, const int32_t number[3], struct buf *drawn);
	void *ctx;
};
enum act
ui_picture(struct ui *ui, const struct picture *picture);
/* Whether the face can: the linear one cannot. */
bool
ui_draws(const struct ui *ui);
/* Whether that line is shown as one, in a page and above a list: a line that is to be copied. */
bool
ui_fits(const struct ui *ui, const char *line);

/* A thread: messages in the tree's order, page by page as a list's rows. */
struct post {
	int64_t id;
	char *key;                 /* place in the order, opaque; NULL only in what page() is asked from */
	int depth, number;         /* number: 1… as spoken ("message 4") */
	int answers;               /* number of the message that this one answers, 0 none */
	bool is_new, faint, mine, hidden;
	bool changed;              /* there is what it was before */
	char *who, *when, *body;   /* body: clean text; lines that start with > are quotations */
	char *note;                /* "masqué par …", may be NULL */
	char *files;               /* "File 1: convention.odt, 24 KB", a line each; NULL: none */
};
struct posts {
	struct post *post;
	int count, room;
};
struct post *
posts_add(struct posts *posts, int64_t id, const char *key);
void
post_text(char **field, const char *text); /* sets a field to a copy */
void
posts_free(struct posts *posts);

/*
 * For faces: the bytes of the quotation that a text begins with, all its lines that start with >; 0 where
 * it begins with none. *lines: how many those are at 72 cells. One of over QUOTE_LINES is folded into one
 * line until it is opened.
 */
enum { QUOTE_LINES = 3 };
size_t
ui_quotation(const char *text, int *lines);
/* Has a text a quotation that is folded? */
bool
ui_folds(const char *text);

struct reader {
	const char *place, *right;
	const char *title;
	const char *lead; /* "Question ouverte depuis 3 jours", may be NULL */
	const char *state; /* a word: "suivie", may be NULL */
	/*
	 * As a list's source; with direction 0 the one message that `from` is. Where from has no key it
	 * stands for the message of its id, where it has no id either for that of its number: the place is
	 * found by the source, which adds nothing where there is none.
	 */
	int (*page)(void *ctx, const struct post *from, int direction, int n, struct posts *out);
	/* The message has been shown to its last line. */
	void (*seen)(void *ctx, int64_t id);
	/* What is done without leaving: acts of `here`, about reader->at. May bring the fields up to date. */
	void (*act)(void *ctx, struct reader *reader, enum act act);
	void *ctx;
	uint64_t acts;
	uint64_t here; /* some of acts */
	bool flat;           /* no tree: what a message answers is said by its number */
	int64_t at; /* the message to open at (0: the first), and the current one when it returns */
	int file;   /* with ACT_FILES: the number of the one that was named, 0 none */
};
/* For faces: what of a reader's acts there is to do about that message; NULL: about none. */
uint64_t
post_acts(uint64_t acts, const struct post *post);
/* ACT_NEXT when Space was pressed at the end. */
enum act
ui_reader(struct ui *ui, struct reader *reader);

enum field_kind {
	FIELD_TEXT,
	FIELD_SECRET, /* never echoed */
	FIELD_CHOICE, /* one of options */
	FIELD_YES_NO, /* value "1" or "0" */
	FIELD_LONG,   /* text of many lines, written in the editor */
	FIELD_PICK,   /* pick() opens a list of its own; `shown` is what the person sees */
};
struct field {
	enum field_kind kind;
	const char *label, *rule; /* rule: "at least 8 characters", may be NULL */
	size_t max;               /* bytes */
	bool several;             /* FIELD_TEXT: a list, a comma between; what is typed behind it is one more */
	struct buf value, shown;
	const char *const *options; /* FIELD_CHOICE, NULL-ended; value is the index as a number */
	/* NULL when good, else the sentence that says what is wrong; called as the field is left. Cleans value. */
	const char *(*check)(void *ctx, struct field *field);
	/* Lets the person choose; typed: what was typed so far. false: nothing chosen. */
	bool (*pick)(void *ctx, struct ui *ui, struct field *field, const char *typed);
};
struct form {
	const char *place, *lead;
	struct field *fields;
	int field_count;
	void *ctx;
	/* Called when a field was left, every few seconds while a long one is written, and when the line is gone: what is
	 * typed is worth keeping: its long texts are. May be NULL. */
	void (*keep)(void *ctx, struct form *form);
	bool touched; /* in and out: something was typed in it, also when it was shown before */
};
/* ACT_DONE: every check holds. ACT_BACK: the person left (asked first if something was typed). */
enum act
ui_form(struct ui *ui, struct form *form);
void
form_free(struct form *form);
/* For faces: opens the editor on a FIELD_LONG; however it is left, the field has the text. */
void
form_write(struct ui *ui, struct form *form, struct field *field);

/* Writing. `text` is kept by `keep` every few seconds and at each pause while it is typed; it says if it could not. */
struct edit {
	const char *place;
	const char *lead;   /* "Who will see this: 14 people", may be NULL */
	const char *quote;  /* the message answered, for quoting; may be NULL */
	bool changes;       /* the text is there already and is changed: no draft of something new */
	size_t max;         /* bytes */
	struct buf text;    /* in and out */
	bool quotes;        /* the text that it comes with is a quotation, no draft */
	bool stays;         /* it is sent to nobody: the text goes back to a form, also an empty one */
	bool (*keep)(void *ctx, const char *text); /* true: it is kept */
	/* Lets the person choose files for it, and may change the lead: ACT_BACK, or ACT_QUIT. NULL: none are. */
	enum act (*attach)(void *ctx, struct edit *edit);
	void *ctx;
	bool unkept;        /* in and out: keep() could not keep it, and is asked again and again */
};
/* ACT_DONE: send it, or keep it where it `stays`. ACT_BACK: left, the text stays kept as a draft. */
enum act
ui_edit(struct ui *ui, struct edit *edit);

/* A yes-or-no question by name, "Retirer Alba Martin du conseil ?"; no is the default. */
bool
ui_ask(struct ui *ui, const char *question);

/* One line of text into value (what is there is offered). false: the person gave up. */
bool
ui_line(struct ui *ui, const char *label, const char *rule, struct buf *value, size_t max, bool secret);

/* A sentence that the next screen shows (full: above the footer; linear: at once, on a line). */
void
ui_say(struct ui *ui, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A sentence from elsewhere, at any moment: it is shown once nothing is being typed. */
void
ui_tell(struct ui *ui, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A sentence that is seen at once, while something takes long: how far it is. Nothing of the store is open. */
void
ui_progress(struct ui *ui, const char *text);

/* The words typed with ACT_SEARCH. */
const char *
ui_words(const struct ui *ui);

/* ---- what a face is, and what it stands on: for faces and the session only ---- */

enum terminal_event {
	TERMINAL_INPUT = 1,  /* terminal->input has grown */
	TERMINAL_SIZE = 2,   /* columns, rows changed */
	TERMINAL_NUDGE = 4,  /* something that is shown may have changed: look again */
	TERMINAL_TIME = 8,   /* `ms` went by */
	TERMINAL_END = 16,   /* no more input will come (a pipe's end); the linear face leaves politely */
	TERMINAL_ROOM = 32,  /* the line takes output again after it was full */
};

/* The caller's terminal, lent by the session. Text is UTF-8 both ways. */
struct terminal {
	char term[33];        /* cleaned; "" unknown */
	int columns, rows;    /* clamped to 20…200 × 4…60; 0 × 0 where there is no terminal */
	enum charset charset; /* fold by text_show() before laying out */
	bool echo_here;       /* we echo what is typed; else the caller's side does */
	bool no_secret;       /* echo cannot be stopped: say so before a secret is typed */
	bool ended;           /* TERMINAL_END was seen */
	struct buf input;     /* typed and not yet taken; the face eats from the front */
	/* Waits for one of the events above, at most ms (-1: none); never returns when the line is gone. */
	unsigned (*wait)(struct terminal *terminal, int ms);
	/* Queues bytes for the line; waits only when 128 KiB are under way. */
	void (*write)(struct terminal *terminal, const char *data, size_t size);
	/* True while earlier output is still on its way: the full face then skips a frame. */
	bool (*full)(struct terminal *terminal);
	/* Set by a face while something typed is not kept yet; called before the session ends. True: it is kept. */
	bool (*parting)(void *ctx);
	void *parting_ctx;
	/* Echo of the caller's own side: false while a secret is typed. */
	void (*echo)(struct terminal *terminal, bool on);
	/* What the caller's side is to be sent, should this process fall, to leave the terminal as it
	 * was found; in the place of what was told before. Of the full face only. */
	void (*restore)(struct terminal *terminal, const char *data, size_t size);
	void *ctx;
};

struct face {
	const char *name; /* "full", "linear" */
	enum act (*list)(struct ui *, struct list *);
	enum act (*menu)(struct ui *, struct menu *);
	enum act (*page)(struct ui *, const struct page *);
	enum act (*picture)(struct ui *, const struct picture *);
	enum act (*reader)(struct ui *, struct reader *);
	enum act (*form)(struct ui *, struct form *);
	enum act (*edit)(struct ui *, struct edit *);
	bool (*ask)(struct ui *, const char *question);
	bool (*line)(struct ui *, const char *, const char *, struct buf *, size_t, bool);
	void (*say)(struct ui *, const char *text);
	void (*progress)(struct ui *, const char *text);
	void (*close)(struct ui *); /* leaves the terminal as it was found */
};

enum { UI_SCREENFUL = -1 };

struct ui {
	const struct face *face;
	struct terminal *terminal;
	const char *title; /* the board's name, first on the first line */
	struct buf words;  /* ACT_SEARCH's */
	struct buf said;   /* sentences of ui_say (full) and of ui_tell not shown yet */
	/*
	 * What others have just said to the person, a line each, ended by \n; the session's own. A menu or a
	 * list shows it while nothing is typed there, and takes it away once the person has gone on.
	 */
	struct buf word;
	void (*answer)(void *ctx); /* asks for an answer and sends it; NULL: nobody has said anything */
	void *answer_ctx;
	int page_rows;     /* linear: lines before a stop; 0 never, UI_SCREENFUL as many as fit */
	void *state;       /* the face's own */
};

/* Makes a face on a terminal. full_open gives false where TERM is not known to terminfo or is dumb. */
bool
full_open(struct ui *ui, struct terminal *terminal);
void
linear_open(struct ui *ui, struct terminal *terminal);
/* Ends the face; the terminal can get another one. */
void
ui_close(struct ui *ui);

#endif
