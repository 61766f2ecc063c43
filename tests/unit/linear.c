/* The linear face: transcripts of what a person types and hears; what must never come out. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/text.h"
#include "screens/ui.h"

/* ---- a terminal that types a script and keeps what it is shown ---- */

struct step {
	unsigned events;
	const char *text;
};
static const struct step no_steps[] = { { 0, NULL } };

static struct {
	struct terminal terminal;
	struct ui ui;
	struct buf shown;
	const struct step *next;
	int waits;
	const char *word; /* told from elsewhere with each nudge; NULL none */
	const char *said; /* the same by a member */
} fake;

static unsigned
fake_wait(struct terminal *terminal, int ms)
{
	(void)ms;
	assert_true(++fake.waits < 100000);
	if (!fake.next->events) {
		terminal->ended = true;
		return TERMINAL_END;
	}
	if (fake.next->text)
		buf_str(&terminal->input, fake.next->text);
	if ((fake.next->events & TERMINAL_NUDGE) && fake.word)
		ui_tell(&fake.ui, "%s", fake.word);
	if ((fake.next->events & TERMINAL_NUDGE) && fake.said)
		buf_str(&fake.ui.word, fake.said);
	return fake.next++->events;
}

static void
fake_write(struct terminal *terminal, const char *data, size_t size)
{
	(void)terminal;
	buf_add(&fake.shown, data, size);
}

static void
fake_echo(struct terminal *terminal, bool on)
{
	(void)terminal;
	buf_str(&fake.shown, on ? "{echo}" : "{no echo}");
}

static void
stop(void)
{
	if (fake.ui.face)
		ui_close(&fake.ui);
	fake.ui.face = NULL;
	buf_free(&fake.terminal.input);
	buf_free(&fake.shown);
	buf_free(&fake.ui.word);
}

/* A terminal that echoes by us and types `typed`, then the steps, then ends. */
static struct ui *
start_with(const char *typed, const struct step *steps)
{
	stop();
	fake.terminal = (struct terminal){ .columns = 80,
		.rows = 24,
		.echo_here = true,
		.wait = fake_wait,
		.write = fake_write,
		.echo = fake_echo };
	buf_str(&fake.terminal.input, typed);
	fake.next = steps;
	fake.waits = 0;
	fake.word = fake.said = NULL;
	buf_free(&fake.ui.word);
	fake.ui = (struct ui){ .title = "Palabre" };
	linear_open(&fake.ui, &fake.terminal);
	return &fake.ui;
}

static struct ui *
start(const char *typed)
{
	return start_with(typed, no_steps);
}

static void
assert_shown(const char *expected)
{
	assert_string_equal(buf_text(&fake.shown), expected);
}

static int
teardown(void **state)
{
	(void)state;
	stop();
	return 0;
}

/* ---- a sentence from elsewhere ---- */

static void
a_word_waits_until_nothing_is_typed(void **state)
{
	(void)state;
	const struct step steps[] = { { TERMINAL_NUDGE, NULL }, { TERMINAL_INPUT, "Al" }, { TERMINAL_NUDGE, NULL },
		{ TERMINAL_INPUT, "ba\r\n" }, { TERMINAL_INPUT, "x\r\n" }, { 0, NULL } };
	struct buf value = { 0 };
	struct ui *ui = start_with("", steps);
	fake.word = "A word: hello.";
	assert_true(ui_line(ui, "Your name", NULL, &value, 60, false));
	assert_string_equal(value.data, "Alba");
	assert_shown("Your name\n> \nA word: hello.\n> Alba\n");
	buf_cut(&fake.shown, 0);
	buf_cut(&value, 0);
	assert_true(ui_line(ui, "Town", NULL, &value, 60, false));
	assert_shown("Town\n> \nA word: hello.\n> x\n");
	buf_free(&value);
}

/* ---- one line ---- */

static void
line_is_echoed(void **state)
{
	(void)state;
	struct buf value = { 0 };
	assert_true(ui_line(start("Alba\r\n"), "Your name", "2 to 60 letters", &value, 60, false));
	assert_string_equal(value.data, "Alba");
	assert_shown("Your name (2 to 60 letters)\n> Alba\n");
	buf_free(&value);
}

static void
line_mode_does_not_echo(void **state)
{
	(void)state;
	struct buf value = { 0 };
	start("Alba\n");
	fake.terminal.echo_here = false;
	assert_true(ui_line(&fake.ui, "Your name", NULL, &value, 60, false));
	assert_string_equal(value.data, "Alba");
	assert_shown("Your name\n> ");
	buf_free(&value);
}

static void
line_is_offered(void **state)
{
	(void)state;
	struct buf value = { 0 };
	buf_str(&value, "Alba");
	assert_true(ui_line(start("\r"), "Your name", NULL, &value, 60, false));
	assert_string_equal(value.data, "Alba");
	assert_shown("Your name [Alba]\n> \n");
	assert_true(ui_line(start("-\r"), "Your name", NULL, &value, 60, false));
	assert_int_equal(value.len, 0);
	assert_false(ui_line(start("0\r"), "Your name", NULL, &value, 60, false));
	buf_free(&value);
}

static void
line_too_long_keeps_its_beginning(void **state)
{
	(void)state;
	struct buf value = { 0 };
	assert_true(ui_line(start("Chloé Martin\r\r"), "Name", NULL, &value, 5, false));
	assert_string_equal(value.data, "Chlo");
	assert_shown("Name\n> Chloé Martin\n"
		     "Too long by about 8 characters. Its beginning is kept, in brackets.\n"
		     "Name [Chlo]\n> \n");
	buf_free(&value);
}

static void
one_enter_is_one_line(void **state)
{
	(void)state;
	struct buf value = { 0 };
	const struct step steps[] = { { TERMINAL_INPUT, "\n2\r" }, { TERMINAL_INPUT, NULL },
		{ TERMINAL_INPUT, "\0" }, { TERMINAL_INPUT, "\n\r\n" }, { 0, NULL } };
	start_with("1\r", steps);
	for (int i = 1; i <= 2; i++) {
		buf_cut(&value, 0);
		assert_true(ui_line(&fake.ui, "n", NULL, &value, 9, false));
		assert_int_equal(value.data[0], '0' + i);
	}
	buf_cut(&value, 0);
	assert_true(ui_line(&fake.ui, "n", NULL, &value, 9, false));
	assert_int_equal(value.len, 0);
	assert_false(ui_line(&fake.ui, "n", NULL, &value, 9, false));
	buf_free(&value);
}

static void
typing_is_edited(void **state)
{
	(void)state;
	struct buf value = { 0 };
	/* é and 漢 go whole, by their cells; Ctrl-U takes all back; arrows and pastes' marks leave
	 * nothing. */
	assert_true(ui_line(start("éx\b\x7f漢\bab\x15"
				  "c\033[A\033OB\033[1;5Cd\033[200~e\033[201~\033[[Af\xC2\x9B"
				  "31mg\r"),
	    "n", NULL, &value, 60, false));
	assert_string_equal(value.data, "cdefg");
	assert_shown("n\n> éx\b \b\b \b漢\b \b\b \bab\b \b\b \bcdefg\n");
	buf_free(&value);
}

static void
accents_come_alone_or_apart(void **state)
{
	(void)state;
	struct buf value = { 0 };
	/* e and a combining acute, as macOS pastes it; the same in bytes that come one by one. */
	const struct step steps[] = { { TERMINAL_INPUT, "\xC3" }, { TERMINAL_INPUT, "\xA9" },
		{ TERMINAL_INPUT, "\xCC" }, { TERMINAL_INPUT, "\x81\r" }, { 0, NULL } };
	assert_true(ui_line(start_with("e\xCC\x81", steps), "n", NULL, &value, 60, false));
	assert_string_equal(value.data, "\xC3\xA9\xC3\xA9\xCC\x81");
	buf_cut(&value, 0);
	assert_true(
	    ui_line(start("e\xCC\x81\bx\xE2\x80\xAE\xF0\x9F\r"), "n", NULL, &value, 60, false));
	assert_string_equal(value.data, "x\xEF\xBF\xBD");
	assert_shown("n\n> e\xCC\x81\b \bx\xEF\xBF\xBD\n");
	buf_free(&value);
}

static void
escape_alone_eats_nothing(void **state)
{
	(void)state;
	struct buf value = { 0 };
	const struct step steps[] = { { TERMINAL_INPUT, "\033" }, { TERMINAL_TIME, NULL },
		{ TERMINAL_INPUT, "a\033\r" }, { 0, NULL } };
	assert_true(ui_line(start_with("", steps), "n", NULL, &value, 60, false));
	assert_string_equal(value.data, "a");
	buf_free(&value);
}

static void
control_keys_are_harmless(void **state)
{
	(void)state;
	struct buf value = { 0 };
	assert_true(ui_line(start("ab\x04\x04"
				  "c\x1A\x13"
				  "d\x03"
				  "e\r"),
	    "n", NULL, &value, 60, false));
	assert_string_equal(value.data, "e");
	assert_shown("n\n> ab\nCtrl-D does nothing here; nothing is lost.\n> abc\n"
		     "Ctrl-Z does nothing here; nothing is lost.\n> abc\n"
		     "Ctrl-S stops nothing here; nothing is lost.\n> abcd\n"
		     "Ctrl-C: this line is cancelled, nothing else.\n> e\n");
	buf_free(&value);
}

static void
long_line_is_erased_aloud(void **state)
{
	(void)state;
	struct buf value = { 0 }, typed = { 0 };
	for (int i = 0; i < 100; i++)
		buf_char(&typed, 'a');
	buf_str(&typed, "\x15"
			"b\r");
	assert_true(ui_line(start(typed.data), "n", NULL, &value, 600, false));
	assert_string_equal(value.data, "b");
	assert_non_null(strstr(fake.shown.data, "aaa\nThe line is erased.\n> b\n"));
	buf_free(&value);
	buf_free(&typed);
}

static void
line_of_a_mebibyte_is_cut(void **state)
{
	(void)state;
	struct buf value = { 0 }, typed = { 0 };
	while (typed.len < 1 << 20)
		buf_str(&typed, "é");
	buf_char(&typed, '\r');
	assert_true(ui_line(start(typed.data), "n", NULL, &value, 1 << 20, false));
	assert_int_equal(value.len, 16 * 1024);
	assert_non_null(strstr(
	    fake.shown.data, "\nThe line was too long: its first 16384 characters are kept"));
	assert_true(fake.shown.len < 17 * 1024);
	assert_int_equal(fake.terminal.input.len, 0);
	buf_free(&value);
	buf_free(&typed);
}

static void
secret_is_not_shown(void **state)
{
	(void)state;
	struct buf value = { 0 };
	assert_true(ui_line(start("  p  w\x03tr\b5\r"), "Password", NULL, &value, 60, true));
	assert_string_equal(value.data, "t5");
	assert_shown("Password\n> \nCtrl-C: this line is cancelled, nothing else.\n> \n");
	buf_cut(&value, 0);
	start("  p  w\n");
	fake.terminal.echo_here = false;
	assert_true(ui_line(&fake.ui, "Password", NULL, &value, 60, true));
	assert_string_equal(value.data, "  p  w");
	assert_shown("Password\n{no echo}> {echo}\n");
	buf_cut(&value, 0);
	start("pw\n");
	fake.terminal.echo_here = false;
	fake.terminal.no_secret = true;
	assert_true(ui_line(&fake.ui, "Password", NULL, &value, 60, true));
	assert_shown(
	    "Password\nBeware: what you type now will be seen on the screen.\n{no echo}> {echo}");
	buf_free(&value);
}

/* ---- ask, say ---- */

static void
question_is_no_by_default(void **state)
{
	(void)state;
	static const struct {
		const char *typed;
		bool yes;
	} tries[] = { { "\r", false }, { "o\r", true }, { "Y\r", true }, { "yes\r", true },
		{ "ye\r", true }, { "n\r", false }, { "0\r", false }, { "no\r", false },
		{ "", false }, { "perhaps\ry\r", true } };
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++)
		assert_int_equal(
		    ui_ask(start(tries[i].typed), "Remove Alba Martin?"), tries[i].yes);
	assert_shown("Remove Alba Martin? (y/N)\n> perhaps\nType y for yes, n for no. Enter alone "
		     "is no.\n> y\n");
}

static void
sentence_is_said_at_once(void **state)
{
	(void)state;
	ui_say(start(""), "Kept: %s\033[31m.", "“a”");
	assert_shown("Kept: “a”.\n");
	start("");
	fake.terminal.charset = CHARSET_LATIN9;
	ui_say(&fake.ui, "Un œuf à 3 € › là…");
	assert_shown("Un œuf à 3 € > là...\n");
	start("");
	fake.terminal.charset = CHARSET_LATIN1;
	ui_say(&fake.ui, "Un œuf à 3 €");
	assert_shown("Un oeuf à 3 EUR\n");
}

/* ---- menu ---- */

static struct choice choices[] = {
	{ 1, "To &approve", "2 people wait for you (the first for 31 h)", true, true },
	{ 2, "&Replies", "3 replies in your discussions", true, true },
	{ 3, "Today", "18:30 Meeting", true, false },
	{ 4, "&Directory of councils", NULL, false, false },
	{ 5, "My &council", NULL, false, false },
	{ 6, "&Forum", NULL, false, false },
	{ 7, "Direc&t messages", NULL, false, false },
	{ 8, "&Settings", NULL, false, false },
	{ 9, "&Help for newcomers", NULL, false, false },
};
enum { CHOICES = sizeof choices / sizeof *choices };

static struct menu
home(void)
{
	return (struct menu){ .place = "Home",
		.right = "Alba Martin · Pissevin (Nîmes)",
		.lead = "Since your last visit, Tuesday 17 March:",
		.choices = choices,
		.choice_count = CHOICES,
		.acts = ACTS(ACT_NEXT) | ACTS(ACT_ALL_READ) | ACTS(ACT_SEARCH) };
}
#define HOME \
	"Palabre. Home. Alba Martin, Pissevin (Nîmes).\n" \
	"Since your last visit, Tuesday 17 March:\n" \
	"1 new: To approve, 2 people wait for you (the first for 31 h)\n" \
	"2 new: Replies, 3 replies in your discussions\n" \
	"3 Today: 18:30 Meeting\n" \
	"Menu: 4 Directory of councils, 5 My council, 6 Forum, 7 Direct messages,\n" \
	"8 Settings, 9 Help for newcomers\n" \
	"Enter: read what is new. all read, /words to search, ? help, 0 back.\n" \
	"> "

static void
menu_is_told(void **state)
{
	(void)state;
	struct menu menu = home();
	assert_int_equal(ui_menu(start("\r"), &menu), ACT_NEXT);
	assert_shown(HOME "\n");
}

static void
menu_takes_numbers_letters_words(void **state)
{
	(void)state;
	static const struct {
		const char *typed;
		enum act act;
		int at;
	} tries[] = { { "2\r", ACT_OPEN, 2 }, { " 5 \r", ACT_OPEN, 5 }, { "f\r", ACT_OPEN, 6 },
		{ "F\r", ACT_OPEN, 6 }, { "foru\r", ACT_OPEN, 6 }, { "mess\r", ACT_OPEN, 7 },
		{ "my c\r", ACT_OPEN, 5 }, { "a\r", ACT_OPEN, 1 }, { "all\r", ACT_ALL_READ, 0 },
		{ "all read\r", ACT_ALL_READ, 0 }, { "0\r", ACT_BACK, 0 },
		{ "back\r", ACT_BACK, 0 }, { "quit\ry\r", ACT_QUIT, 0 },
		{ "Q\r\r0\r", ACT_BACK, 0 }, { "open 4\r", ACT_OPEN, 4 },
		{ "12\r4\r", ACT_OPEN, 4 }, { "/two words\r", ACT_SEARCH, 0 },
		{ "sear\rx\r", ACT_SEARCH, 0 } };
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		struct menu menu = home();
		assert_int_equal(ui_menu(start(tries[i].typed), &menu), tries[i].act);
		assert_int_equal(menu.at, tries[i].at);
	}
	struct menu menu = home();
	assert_int_equal(ui_menu(start("/ pots\tde  fleurs\r"), &menu), ACT_SEARCH);
	assert_string_equal(ui_words(&fake.ui), "pots de fleurs");
}

static void
menu_doubts_aloud(void **state)
{
	(void)state;
	struct menu menu = home();
	assert_int_equal(ui_menu(start("dir\rxyz\r42\r0\r"), &menu), ACT_BACK);
	assert_shown(HOME
	    "dir\nSeveral begin so: 4 Directory of councils, 7 Direct messages. Type the number.\n"
	    "> xyz\n“xyz” says nothing here. ? tells the words.\n"
	    "> 42\nThere is no number 42 here. ? tells the words.\n> 0\n");
}

static void
menu_without_news_opens_the_first(void **state)
{
	(void)state;
	static struct choice few[] = { { 7, "&Language", "français", false, false },
		{ 8, "&Password", NULL, false, false } };
	struct menu menu = {
		.place = "Home › Profile", .choices = few, .choice_count = 2, .acts = ACTS(ACT_QUIT)
	};
	assert_int_equal(ui_menu(start("\r"), &menu), ACT_OPEN);
	assert_int_equal(menu.at, 7);
	assert_shown("Palabre. Home, Profile.\n1 Language: français\n2 Password\n"
		     "Type a number or a word. Enter: Language. ? help, 0 quit.\n> \n");
	assert_int_equal(ui_menu(start("0\ry\r"), &menu), ACT_QUIT);
	assert_non_null(strstr(fake.shown.data, "> 0\nLeave Palabre? (y/N)\n> y\n"));
}

static void
menu_tells_its_words(void **state)
{
	(void)state;
	struct menu menu = home();
	assert_int_equal(ui_menu(start("?\r0\r"), &menu), ACT_BACK);
	assert_shown(
	    HOME "?\nType the number of a line, or the beginning of its words, then Enter.\n"
		 "Enter alone: read what is new.\n0: back.\n"
		 "all read: Mark everything as read.\n"
		 "/words: search, or filter the list by letters.\n"
		 "quit, or Q: leave the board.\n"
		 "Menu: 4 Directory of councils, 5 My council, 6 Forum, 7 Direct messages,\n"
		 "8 Settings, 9 Help for newcomers\n> 0\n");
}

/* What a nudge finds: 1 only an age has grown, 2 another message and a new line, 3 another screen.
 */
static int nudges;
static struct choice changing[CHOICES + 1];

static bool
refresh(void *ctx, struct menu *menu)
{
	(void)ctx;
	nudges++;
	menu->choices = changing;
	memcpy(changing, choices, sizeof choices);
	changing[0].note = "2 people wait for you (the first for 32 h)";
	if (nudges >= 2) {
		menu->lead = "Since your last visit, Tuesday:\nYou have one yes out of two.";
		changing[1].note = "4 replies in your discussions";
		changing[CHOICES] = (struct choice){ 20, "Nîmes", "1 file", true, true };
		menu->choice_count = CHOICES + 1;
	}
	return nudges < 3;
}

static void
menu_tells_news_at_its_prompt(void **state)
{
	(void)state;
	const struct step steps[] = { { TERMINAL_NUDGE, NULL }, { TERMINAL_INPUT, "fo" },
		{ TERMINAL_NUDGE, NULL }, { TERMINAL_TIME, NULL }, { TERMINAL_INPUT, "\b\b" },
		{ TERMINAL_INPUT, "10\r" }, { 0, NULL } };
	struct menu menu = home();
	menu.refresh = refresh;
	nudges = 0;
	assert_int_equal(ui_menu(start_with("", steps), &menu), ACT_OPEN);
	assert_int_equal(menu.at, 20);
	assert_int_equal(nudges, 2);
	assert_shown(
	    HOME "fo\b \b\b \b\nYou have one yes out of two.\n"
		 "2 new: Replies, 4 replies in your discussions\n10 new: Nîmes, 1 file\n> 10\n");
}

static void
answer(void *ctx)
{
	struct buf value = { 0 };
	ui_line(&fake.ui, "Your word", NULL, &value, 60, false);
	buf_str(ctx, buf_text(&value));
	buf_free(&value);
}

/* Neither while something is typed nor in a question; and once only. */
static void
a_members_word_waits_for_a_menu_or_a_list(void **state)
{
	(void)state;
	const struct step steps[] = { { TERMINAL_INPUT, "f" }, { TERMINAL_NUDGE, NULL }, { TERMINAL_INPUT, "oo\r" },
		{ TERMINAL_INPUT, "=\r" }, { TERMINAL_NUDGE, NULL }, { TERMINAL_INPUT, "Yes.\r" },
		{ TERMINAL_INPUT, "r\r" }, { 0, NULL } };
	struct menu menu = home();
	struct buf said = { 0 };
	struct ui *ui = start_with("", steps);
	fake.said = "Bruno: “Here?”\n";
	ui->answer = answer;
	ui->answer_ctx = &said;
	assert_int_equal(ui_menu(ui, &menu), ACT_OPEN);
	assert_string_equal(buf_text(&said), "Yes.");
	assert_shown(HOME "foo\n“foo” says nothing here. ? tells the words.\n> \n"
			  "Bruno: “Here?”\nType = to answer.\n> =\nYour word\n> Yes.\n> \n"
			  "Bruno: “Here?”\nType = to answer.\n> r\n");
	assert_int_equal(ui->word.len, 0);
	buf_free(&said);
}

static void
a_members_word_keeps_out_of_texts(void **state)
{
	(void)state;
	const struct step steps[] = { { TERMINAL_NUDGE, NULL }, { TERMINAL_INPUT, "One\r" }, { TERMINAL_NUDGE, NULL },
		{ TERMINAL_INPUT, "/send\r\r" }, { TERMINAL_NUDGE, NULL }, { TERMINAL_INPUT, "y\r" }, { 0, NULL } };
	struct edit edit = { .place = "Reply", .max = 1000 };
	struct ui *ui = start_with("", steps);
	fake.said = "Bruno: “Here?”\n";
	assert_int_equal(ui_edit(ui, &edit), ACT_DONE);
	assert_true(ui_ask(ui, "Really?"));
	assert_null(strstr(buf_text(&fake.shown), "Bruno"));
	assert_int_equal(ui->word.len, 3 * strlen(fake.said));
	buf_free(&edit.text);
}

static void
menu_that_is_no_longer_right_says_so(void **state)
{
	(void)state;
	const struct step steps[] = { { TERMINAL_NUDGE | TERMINAL_SIZE, NULL }, { 0, NULL } };
	struct menu menu = home();
	menu.refresh = refresh;
	nudges = 2;
	assert_int_equal(ui_menu(start_with("", steps), &menu), ACT_CHANGED);
}

/* ---- page ---- */

static void
line_helps(void **state)
{
	(void)state;
	struct buf value = { 0 };
	assert_true(ui_line(start("?\rAlba\r"), "Your name", NULL, &value, 60, false));
	assert_shown("Your name\n> ?\nType your answer, then Enter. 0 gives up.\nYour name\n> Alba\n");
	assert_true(ui_line(start("?\r\r"), "Your name", NULL, &value, 60, false));
	assert_shown("Your name [Alba]\n> ?\nEnter alone keeps what is in brackets. - empties it. 0 "
		     "gives up.\nYour name [Alba]\n> \n");
	buf_free(&value);
}

static void
staying_is_said(void **state)
{
	(void)state;
	struct menu menu = home();
	assert_int_equal(ui_menu(start("Q\r\rQ\ry\r"), &menu), ACT_QUIT);
	assert_non_null(strstr(fake.shown.data,
	    "Leave Palabre? (y/N)\n> \nYou stay here. ? tells the words.\n> Q\n"));
}

static void
page_stops_and_goes_on(void **state)
{
	(void)state;
	struct page page = { .place = "Charter",
		.text = "one\ntwo\n\nfour\nfive\nsix\nseven\neight" };
	start("x\r\r\r\r");
	fake.ui.page_rows = 4;
	assert_int_equal(ui_page(&fake.ui, &page), ACT_BACK);
	assert_shown(
	    "Charter.\none\ntwo\n\nEnter: more. 0: stop.\n> x\nEnter: more. 0: stop.\n> \n"
	    "four\nfive\nsix\nseven\nEnter: more. 0: stop.\n> \neight\nEnter: back.\n> \n");
	start("0\r");
	fake.ui.page_rows = 4;
	assert_int_equal(ui_page(&fake.ui, &page), ACT_BACK);
	assert_shown("Charter.\none\ntwo\n\nEnter: more. 0: stop.\n> 0\n");
}

static void
words_are_taken_at_stops(void **state)
{
	(void)state;
	struct page page = { .place = "File", .text = "one\ntwo\nthree\nfour", .acts = ACTS(ACT_LOOK) };
	start("x\rv\r");
	fake.ui.page_rows = 2;
	assert_int_equal(ui_page(&fake.ui, &page), ACT_LOOK);
	assert_shown("File.\none\nEnter: more. 0: stop.\n> x\nEnter: more. 0: stop.\n> v\n");
	start("?\r0\r0\r");
	fake.ui.page_rows = 2;
	assert_int_equal(ui_page(&fake.ui, &page), ACT_BACK);
	assert_non_null(strstr(fake.shown.data, "Type a word. v look, ? help, 0 back.\n> 0\n"));
}

/* Lines "1" … "n", and how many are told before the stop. */
static int
lines_before_stop(int rows, int columns, const char *typed)
{
	struct buf text = { 0 };
	for (int i = 1; i <= 60; i++)
		buf_fmt(&text, "%d\n", i);
	struct page page = { .place = "Charter", .text = text.data };
	start(typed);
	fake.terminal.rows = rows;
	fake.terminal.columns = columns;
	fake.ui.page_rows = UI_SCREENFUL;
	ui_page(&fake.ui, &page);
	buf_free(&text);
	int lines = 0;
	const char *s = fake.shown.data;
	for (; *s && strncmp(s, "Enter: ", 7) != 0; s += strcspn(s, "\n") + 1)
		lines++;
	return strncmp(s, "Enter: more", 11) ? -1 : lines;
}

static void
page_stops_every_screenful(void **state)
{
	(void)state;
	/* With the stop's sentence and its prompt the screen is full. */
	assert_int_equal(lines_before_stop(24, 80, "0\r"), 22);
	assert_int_equal(lines_before_stop(10, 80, "0\r"), 8);
	assert_int_equal(lines_before_stop(0, 0, "0\r"), 22);
	assert_int_equal(lines_before_stop(62, 80, "0\r"), 60);
	assert_int_equal(lines_before_stop(63, 80, "0\r"), -1);
	/* A paragraph that the terminal will wrap is as many rows. */
	struct buf text = { 0 };
	for (int i = 0; i < 30; i++)
		buf_fmt(&text, "%0200d\n", i);
	struct page page = { .text = text.data };
	start("0\r");
	fake.terminal.columns = fake.terminal.rows = 0;
	fake.ui.page_rows = UI_SCREENFUL;
	assert_int_equal(ui_page(&fake.ui, &page), ACT_BACK);
	assert_non_null(strstr(fake.shown.data, "0006\nEnter: more."));
	buf_free(&text);
	/* A pipe that has ended gets all of it. */
	lines_before_stop(0, 0, "");
	assert_non_null(strstr(fake.shown.data, "\n59\n60\n"));
	assert_null(strstr(strstr(fake.shown.data, "more") + 1, "more"));
}

static void
page_is_accepted_at_its_end_only(void **state)
{
	(void)state;
	struct page page = { .place = "Charter",
		.text = "one\ntwo\nthree",
		.to_the_end = true,
		.acts = ACTS(ACT_YES) | ACTS(ACT_NO) };
	start("yes\r\r\ry\ryes\r");
	fake.ui.page_rows = 2;
	assert_int_equal(ui_page(&fake.ui, &page), ACT_YES);
	assert_shown("Charter.\none\nEnter: more. 0: stop.\n> yes\nEnter: more. 0: stop.\n> \n"
		     "two\nthree\nType a word. o yes, x no, ? help, 0 back.\n> \n"
		     "Type a word. o yes, x no, ? help, 0 back.\n"
		     "> y\n“y” says nothing here. ? tells the words.\n> yes\n");
	start("\rn\r");
	fake.ui.page_rows = 2;
	assert_int_equal(ui_page(&fake.ui, &page), ACT_NO);
	start("0\ryes\r");
	fake.ui.page_rows = 2;
	assert_int_equal(ui_page(&fake.ui, &page), ACT_BACK);
}

static void
pipe_has_no_width(void **state)
{
	(void)state;
	struct buf text = { 0 };
	for (int i = 0; i < 60; i++)
		buf_str(&text, "word ");
	struct page page = { .place = "Charter", .text = text.data };
	start("");
	fake.terminal.columns = fake.terminal.rows = 0;
	assert_int_equal(ui_page(&fake.ui, &page), ACT_QUIT);
	assert_int_equal(strcspn(fake.shown.data + strlen("Charter.\n"), "\n"), 300);
	start("");
	fake.terminal.columns = 20;
	assert_int_equal(ui_page(&fake.ui, &page), ACT_QUIT);
	for (const char *s = fake.shown.data; *s;
	     s += strcspn(s, "\n") + (s[strcspn(s, "\n")] == '\n'))
		assert_true(strcspn(s, "\n") < 20);
	buf_free(&text);
}

/* ---- list ---- */

struct names {
	int count;
	const char *const *name;
};

static int
name_rows(
    void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	const struct names *names = ctx;
	int added = 0;
	int at = from ? (int)from->num + direction : direction > 0 ? 0 : names->count - 1;
	for (; at >= 0 && at < names->count && added < n; at += direction) {
		char text[40];
		snprintf(text, sizeof text, "%s", names->name ? names->name[at] : "");
		if (!names->name)
			snprintf(text, sizeof text, "council %d", at + 1);
		if (*filter && strncmp(text, filter, strlen(filter)) != 0)
			continue;
		struct row *row = rows_add(out, 100 + at, NULL, at);
		row_cell(row, 0, text);
		row_cell(row, 1, at % 2 ? "Nîmes" : at == 2 ? "31 h" : NULL);
		row_cell(row, 2, at % 2 ? NULL : "5");
		row->is_new = at == 1;
		row->urgent = at == 2;
		added++;
	}
	return added;
}

static const struct column columns[] = { { "Council", 10, 0, 0 }, { "For", 10, 0, 0 },
	{ "Messages", 5, 5, 1 } };

static struct list
directory(struct names *names)
{
	return (struct list){ .place = "Directory › Gard",
		.right = "18 councils",
		.empty = "No council yet.",
		.columns = columns,
		.column_count = 3,
		.source = { name_rows, names },
		.acts = ACTS(ACT_NEW) | ACTS(ACT_YES) | ACTS(ACT_NO) | ACTS(ACT_QUOTE) };
}

static void
list_is_told(void **state)
{
	(void)state;
	static const char *const name[] = { "Pissevin", "Who has a room?", "2024 in short" };
	struct names names = { 3, name };
	struct list list = directory(&names);
	assert_int_equal(ui_list(start("2\r"), &list), ACT_OPEN);
	assert_int_equal(list.at, 101);
	assert_shown(
	    "Directory, Gard. 18 councils.\n1 Pissevin, messages 5\n2 new: Who has a room? Nîmes\n"
	    "3 urgent: 2024 in short, for 31 h, messages 5\n"
	    "A number or a word opens. n new, R quote, o yes, x no, ? help, 0 back.\n> 2\n");
}

static void
list_goes_page_by_page(void **state)
{
	(void)state;
	struct names names = { 5, NULL };
	struct list list = directory(&names);
	list.acts = 0;
	start("-\r\r\r\rprev\r9\r3\r");
	fake.ui.page_rows = 5;
	assert_int_equal(ui_list(&fake.ui, &list), ACT_OPEN);
	assert_int_equal(list.at, 102);
#define PAGE_1 \
	"1 council 1, messages 5\n2 new: council 2, Nîmes\nEnter: more. A number or a word opens. ? help, " \
	"0 back.\n> "
#define PAGE_2 \
	"3 urgent: council 3, for 31 h, messages 5\n4 council 4, Nîmes\n" \
	"Enter: more. A number or a word opens. - the page before. ? help, 0 back.\n> "
	assert_shown(
	    "Directory, Gard. 18 councils.\n" PAGE_1 "-\n" PAGE_1 "\n" PAGE_2 "\n"
	    "5 council 5, messages 5\nThis is the end of the list.\n"
	    "A number or a word opens. - the page before. ? help, 0 back.\n> \nThis is the end of the list.\n"
	    "> prev\n" PAGE_2 "9\nThere is no such number in what you have heard.\n> 3\n");
}

static void
list_keeps_its_place(void **state)
{
	(void)state;
	struct names names = { 300, NULL };
	struct list list = directory(&names);
	list.acts = 0;
	list.at = 100 + 250;
	start("-\r0\r");
	fake.ui.page_rows = 5;
	assert_int_equal(ui_list(&fake.ui, &list), ACT_BACK);
	assert_non_null(
	    strstr(fake.shown.data, "councils.\n251 council 251, messages 5\n252 council 252"));
	assert_non_null(
	    strstr(fake.shown.data, "> -\n249 council 249, messages 5\n250 council 250"));
	list.at = 99;
	start("0\r");
	assert_int_equal(ui_list(&fake.ui, &list), ACT_BACK);
	assert_non_null(strstr(fake.shown.data, "councils.\n1 council 1,"));
}

static void
list_acts_name_their_row(void **state)
{
	(void)state;
	static const struct {
		const char *typed;
		int rows;
		int64_t entered_at;
		enum act act;
		int64_t at;
	} tries[] = {
		{ "yes 2\r", 3, 0, ACT_YES, 101 },
		{ "o 3\r", 3, 0, ACT_YES, 102 },
		{ "yes\r2\r", 3, 0, ACT_YES, 101 },
		{ "yes\r\r0\r", 3, 0, ACT_BACK, 0 },
		{ "yes\r", 1, 0, ACT_YES, 100 },
		{ "yes\r", 3, 102, ACT_YES, 102 },
		{ "yes 9\r0\r", 3, 0, ACT_BACK, 0 },
		{ "x 1\r", 3, 0, ACT_NO, 100 },
		{ "n\r", 3, 0, ACT_NEW, 0 },
		{ "new\r", 0, 0, ACT_NEW, 0 },
		{ "o\r", 0, 0, ACT_YES, 0 },
		{ "y\r0\r", 1, 0, ACT_BACK, 0 },
		{ "1\r0\r", 0, 0, ACT_BACK, 0 },
		{ "qu\r0\r", 3, 0, ACT_BACK, 0 },
		{ "quo 1\r", 3, 0, ACT_QUOTE, 100 },
		{ "ouvrir\r0\r", 0, 0, ACT_BACK, 0 },
	};
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		struct names names = { tries[i].rows, NULL };
		struct list list = directory(&names);
		list.at = tries[i].entered_at;
		assert_int_equal(ui_list(start(tries[i].typed), &list), tries[i].act);
		if (tries[i].act != ACT_BACK)
			assert_int_equal(list.at, tries[i].at);
	}
}

static void
list_takes_letters(void **state)
{
	(void)state;
	static const char *const name[] = { "Cher", "Hérault", "Pyrénées-Orientales", "Gers",
		"Haute-Garonne", "Haute-Loire" };
	static const struct {
		const char *typed, *told;
		enum act act;
		int64_t at;
	} tries[] = {
		{ "herault\r", "", ACT_OPEN, 101 },
		{ "HÉR\r", "", ACT_OPEN, 101 },
		{ "orient\r", "", ACT_OPEN, 102 },
		{ "loire\r", "", ACT_OPEN, 105 },
		/* A whole label is no short form of a word, here "cherche". */
		{ "cher\r", "", ACT_OPEN, 100 },
		{ "sea\r\r0\r", "Words to search\n", ACT_BACK, 0 },
		{ "haute\r6\r", "> haute\nSeveral begin so: 5 Haute-Garonne, 6 Haute-Loire. Type the "
			"number.\n> 6\n", ACT_OPEN, 105 },
		{ "31\r0\r", "no such number", ACT_BACK, 0 },
		{ "31 h\r", "", ACT_OPEN, 102 }, /* another cell */
		{ "nowhere\r0\r", "“nowhere” says nothing here.", ACT_BACK, 0 },
		{ "z\r0\r", "“z” says nothing here.", ACT_BACK, 0 },
	};
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		struct names names = { 6, name };
		struct list list = directory(&names);
		list.acts = ACTS(ACT_SEARCH);
		assert_int_equal(ui_list(start(tries[i].typed), &list), tries[i].act);
		assert_non_null(strstr(fake.shown.data, tries[i].told));
		if (tries[i].act == ACT_OPEN)
			assert_int_equal(list.at, tries[i].at);
	}
	/* What was heard comes first; else what follows is looked through. */
	struct names many = { 300, NULL };
	struct list list = directory(&many);
	list.acts = 0;
	start("council 2\rcouncil 25\r250\r");
	fake.ui.page_rows = 5;
	assert_int_equal(ui_list(&fake.ui, &list), ACT_OPEN);
	assert_int_equal(list.at, 101);
	start("council\rcouncil 28\r");
	fake.ui.page_rows = 5;
	list.at = 0;
	assert_int_equal(ui_list(&fake.ui, &list), ACT_OPEN);
	assert_int_equal(list.at, 127);
	assert_non_null(strstr(fake.shown.data, "Several begin so: 1 council 1, 2 council 2. Type"));
	start("council 29x\rcouncil 2\r");
	list.at = 0;
	assert_int_equal(ui_list(&fake.ui, &list), ACT_OPEN);
	/* Where the list filters, letters filter; the only row that is left is chosen. */
	list = directory(&many);
	list.acts = 0;
	list.filters = true;
	assert_int_equal(ui_list(start("council 299\r"), &list), ACT_OPEN);
	assert_int_equal(list.at, 398);
	assert_string_equal(list.filter, "");
	list.at = 0;
	assert_int_equal(ui_list(start("council 29\r2\r"), &list), ACT_OPEN);
	assert_int_equal(list.at, 389);
	assert_string_equal(list.filter, "council 29");
}

static void
list_is_filtered(void **state)
{
	(void)state;
	struct names names = { 12, NULL };
	struct list list = directory(&names);
	list.filters = true;
	list.acts = 0;
	assert_int_equal(ui_list(start("/council 12\r1\r"), &list), ACT_OPEN);
	assert_int_equal(list.at, 111);
	assert_string_equal(list.filter, "council 12");
	assert_int_equal(ui_list(start("zz\r/\r0\r"), &list), ACT_BACK);
	assert_string_equal(list.filter, "");
	assert_non_null(strstr(fake.shown.data,
	    "18 councils.\nFilter: council 12.\n1 council 12, Nîmes\nEnter: this line. /words to "
	    "search, ? help, 0 back.\n"
	    "> zz\nFilter: zz.\nNothing fits “zz”. / alone shows all again.\n"
	    "/words to search, ? help, 0 back.\n> /\nNo filter.\n1 council 1, messages 5\n"));
	/* The one that is left is taken by Enter, where a filter left it. */
	list.at = 0;
	assert_int_equal(ui_list(start("/council 12\r\r"), &list), ACT_OPEN);
	assert_int_equal(list.at, 111);
	struct names one = { 1, NULL };
	struct list short_list = directory(&one);
	short_list.filters = true;
	assert_int_equal(ui_list(start("\r0\r"), &short_list), ACT_BACK);
	/* Longer than the filter: cut between letters. */
	struct buf typed = { 0 };
	buf_char(&typed, '/');
	for (int i = 0; i < 60; i++)
		buf_str(&typed, "é");
	buf_str(&typed, "\r0\r");
	assert_int_equal(ui_list(start(typed.data), &list), ACT_BACK);
	assert_int_equal(strlen(list.filter), 62);
	buf_free(&typed);
	list = directory(&names);
	assert_int_equal(ui_list(start("/x\r0\r"), &list), ACT_BACK);
	assert_non_null(strstr(fake.shown.data, "There is nothing to search here.\n"));
}

static void
empty_list_says_so(void **state)
{
	(void)state;
	struct names names = { 0, NULL };
	struct list list = directory(&names);
	list.acts = ACTS(ACT_NEXT);
	assert_int_equal(ui_list(start("\r"), &list), ACT_NEXT);
	assert_shown(
	    "Directory, Gard. 18 councils.\nNo council yet.\nEnter: next. ? help, 0 back.\n> \n");
}

/* ---- reader ---- */

static const struct {
	const char *body;
	int number, answers;
	bool is_new;
} messages[] = {
	{ "Since January we have no room.", 1, 0, false },
	{ "An agreement with the school,\nthree evenings a week.", 2, 1, false },
	{ "> three evenings a week\n>\n>> or more\n\nWho locks up?", 4, 2, true },
	{ "I ask on the 24th.", 3, 1, true },
};
enum { MESSAGES = sizeof messages / sizeof *messages };
static char seen[64];
static int asked;

static int
message_at(const struct post *from, int count)
{
	if (from->key)
		return atoi(from->key);
	for (int i = 0; i < count; i++)
		if (from->id ? from->id == 500 + i : from->number == messages[i].number)
			return i;
	return -1;
}

static int
message_page(void *ctx, const struct post *from, int direction, int n, struct posts *out)
{
	int count = *(int *)ctx, added = 0;
	int at = !from ? direction > 0 ? -1 : count : message_at(from, count);
	asked++;
	if (from && at < 0)
		return 0;
	for (at += direction; at >= 0 && at < count && added < n; at += direction, added++) {
		char key[12];
		snprintf(key, sizeof key, "%d", at);
		struct post *p = posts_add(out, 500 + at, key);
		p->number = messages[at].number;
		p->answers = messages[at].answers;
		p->is_new = messages[at].is_new;
		post_text(&p->who, "Chantal Roux, Trélazé");
		post_text(&p->when, "il y a 25 min");
		post_text(&p->body, messages[at].body);
		if (!direction)
			return 1;
	}
	return added;
}

static void
message_seen(void *ctx, int64_t id)
{
	(void)ctx;
	size_t n = strlen(seen);
	snprintf(seen + n, sizeof seen - n, "%d ", (int)id);
}

static struct reader
thread(int *count)
{
	*seen = '\0';
	return (struct reader){ .place = "Forum › Questions",
		.title = "A room for our meetings?",
		.lead = "Question open",
		.right = "5 messages, 2 new",
		.page = message_page,
		.seen = message_seen,
		.ctx = count,
		.acts = ACTS(ACT_REPLY) | ACTS(ACT_QUOTE) };
}
#define HEAD "Forum, Questions. A room for our meetings?\nQuestion open. 5 messages, 2 new.\n"
#define WORDS "r reply, R quote, l read all again, ? help, 0 back.\n"

static void
thread_is_told(void **state)
{
	(void)state;
	int count = MESSAGES;
	struct reader reader = thread(&count);
	reader.at = 502;
	asked = 0;
	assert_int_equal(ui_reader(start("\r\rr\r"), &reader), ACT_REPLY);
	/* One for the message it opens at, then to the next, and whether there is one. */
	assert_in_range(asked, 3, 6);
	assert_int_equal(reader.at, 503);
	assert_string_equal(seen, "502 503 ");
	assert_shown(
	    HEAD "Message 4, new, answer to message 2.\nChantal Roux, Trélazé. Il y a 25 min.\n"
		 "Quotation: three evenings a week\nQuotation: or more\n\nWho locks up?\n"
		 "Enter: next. " WORDS "> \n"
		 "Message 3, new, answer to message 1.\nChantal Roux, Trélazé. Il y a 25 min.\n"
		 "I ask on the 24th.\n" WORDS "> \nThis was the last message.\n> r\n");
}

static void
thread_is_walked(void **state)
{
	(void)state;
	int count = MESSAGES;
	struct reader reader = thread(&count);
	assert_int_equal(ui_reader(start("-\r4\rprev\rl\r9\rR 3\r"), &reader), ACT_QUOTE);
	assert_int_equal(reader.at, 503);
	assert_string_equal(seen, "500 502 501 500 ");
	assert_non_null(strstr(fake.shown.data, "> -\nThis is the first message.\n> 4\nMessage 4"));
	assert_non_null(strstr(fake.shown.data, "> 9\nThere is no such message.\n> R 3\n"));
	reader = thread(&count);
	reader.acts |= ACTS(ACT_NEXT);
	reader.at = 503;
	assert_int_equal(ui_reader(start("\r"), &reader), ACT_NEXT);
	assert_non_null(strstr(fake.shown.data, "\nEnter: go on to what is unread. r reply"));
}

static int
quoting_page(void *ctx, const struct post *from, int direction, int n, struct posts *out)
{
	int added = message_page(ctx, from, direction, n, out);
	for (int i = 0; i < out->count; i++)
		post_text(&out->post[i].body, "Yes.\n> one\n> two\n>\n> four\nAnd so.\n> a");
	return added;
}

static void
long_quotations_are_told_of(void **state)
{
	(void)state;
	int count = 1;
	struct reader reader = thread(&count);
	reader.page = quoting_page;
	assert_int_equal(ui_reader(start(">\rquot\r0\r"), &reader), ACT_BACK);
	assert_non_null(strstr(fake.shown.data, "Yes.\nQuotation of 4 lines, > to read it.\nAnd so.\nQuotation: a\n"));
	assert_non_null(strstr(fake.shown.data, "> >\nMessage 1.\n"));
	assert_non_null(strstr(fake.shown.data, "Yes.\nQuotation: one two\nQuotation: four\nAnd so.\n"));
	reader = thread(&count);
	assert_int_equal(ui_reader(start(">\r0\r"), &reader), ACT_BACK);
	assert_non_null(strstr(fake.shown.data, "> >\nThere is no long quotation in this message.\n"));
}

static void
message_stopped_is_not_seen(void **state)
{
	(void)state;
	int count = MESSAGES;
	struct reader reader = thread(&count);
	start("0\r0\r");
	fake.ui.page_rows = 4;
	assert_int_equal(ui_reader(&fake.ui, &reader), ACT_BACK);
	assert_string_equal(seen, "");
	start("r\r");
	fake.ui.page_rows = 4;
	assert_int_equal(ui_reader(&fake.ui, &reader), ACT_REPLY);
	assert_non_null(strstr(fake.shown.data, "Enter: more. 0: stop.\n> r\n"));
	assert_string_equal(seen, "");
	count = 0;
	reader = thread(&count);
	assert_int_equal(ui_reader(start("\r-\r2\rl\r0\r"), &reader), ACT_BACK);
	assert_non_null(strstr(fake.shown.data, "There is no message here.\n"));
}

/* ---- form ---- */

static int keeps;

static void
form_keep(void *ctx, struct form *form)
{
	(void)ctx;
	(void)form;
	keeps++;
}

static const char *
at_least_two(void *ctx, struct field *field)
{
	(void)ctx;
	return field->value.len < 2 ? "Two letters at least." : NULL;
}

static bool
pick_council(void *ctx, struct ui *ui, struct field *field, const char *typed)
{
	(void)ctx;
	ui_say(ui, "Looking for “%s”.", typed);
	if (strncmp(typed, "piss", 4) != 0)
		return false;
	buf_cut(&field->value, 0);
	buf_str(&field->value, "14");
	buf_cut(&field->shown, 0);
	buf_str(&field->shown, "Pissevin (Nîmes)");
	return true;
}

static const char *const levels[] = { "my council", "members", "public", NULL };

static struct form
sign_up(struct field field[5])
{
	keeps = 0;
	memset(field, 0, 5 * sizeof *field);
	field[0] = (struct field){ .kind = FIELD_TEXT,
		.label = "Name",
		.rule = "2 letters",
		.max = 60,
		.check = at_least_two };
	field[1] = (struct field){
		.kind = FIELD_SECRET, .label = "Password", .max = 60, .check = at_least_two
	};
	field[2] =
	    (struct field){ .kind = FIELD_CHOICE, .label = "Who sees it", .options = levels };
	field[3] = (struct field){ .kind = FIELD_YES_NO, .label = "Letters by mail?" };
	field[4] = (struct field){ .kind = FIELD_PICK,
		.label = "Council",
		.max = 60,
		.check = at_least_two,
		.pick = pick_council };
	buf_str(&field[2].value, "1");
	return (struct form){ .place = "Sign up",
		.lead = "All fields are needed.",
		.fields = field,
		.field_count = 5,
		.keep = form_keep };
}
#define LEAVING \
	"Leave without finishing? The long text stays among your drafts; what else you\ntyped will be lost. (y/N)\n"
#define FORM_HEAD \
	"Sign up.\nAll fields are needed.\n" \
	"One question at a time. Enter keeps what is in brackets. < goes back one\n" \
	"question, - empties it, 0 gives up.\n"
#define OPTIONS "1 my council\n2 members\n3 public\n"

static void
form_is_filled(void **state)
{
	(void)state;
	struct field field[5];
	struct form form = sign_up(field);
	assert_int_equal(
	    ui_form(start("A\rAlba\rsecret\r9\rpub\ry\r\rpiss\r1\rAlba M\r\r"), &form), ACT_DONE);
	assert_string_equal(field[0].value.data, "Alba M");
	assert_string_equal(field[1].value.data, "secret");
	assert_string_equal(field[2].value.data, "2");
	assert_string_equal(field[3].value.data, "1");
	assert_string_equal(field[4].value.data, "14");
	assert_int_equal(keeps, 6);
	assert_shown(FORM_HEAD
	    "Name (2 letters)\n> A\nTwo letters at least.\nName (2 letters) [A]\n> Alba\n"
	    "Password\n> \n" OPTIONS
	    "Who sees it [members]\n> 9\nType a number from 1 to 3.\n" OPTIONS
	    "Who sees it [members]\n> pub\n"
	    "Letters by mail? (y or n) [no]\n> y\n"
	    "Council\n> \nLooking for “”.\nNothing was chosen.\nCouncil\n> piss\nLooking for "
	    "“piss”.\n"
	    "You have entered:\n1 Name: Alba\n2 Password: given, not shown\n3 Who sees it: public\n"
	    "4 Letters by mail? yes\n5 Council: Pissevin (Nîmes)\n"
	    "Enter: confirm. A number: correct it. 0: give up.\n> 1\nName (2 letters) [Alba]\n> Alba "
	    "M\n"
	    "You have entered:\n1 Name: Alba M\n2 Password: given, not shown\n3 Who sees it: "
	    "public\n"
	    "4 Letters by mail? yes\n5 Council: Pissevin (Nîmes)\n"
	    "Enter: confirm. A number: correct it. 0: give up.\n> \n");
	form_free(&form);
}

/* A form that is shown again still has what was typed the first time: who leaves it is asked. */
static void
form_that_comes_again_asks(void **state)
{
	(void)state;
	struct field field[5];
	struct form form = sign_up(field);
	assert_int_equal(ui_form(start("Alba\rsecret\r1\ry\rpiss\r\r"), &form), ACT_DONE);
	assert_int_equal(ui_form(start("0\ry\r"), &form), ACT_BACK);
	assert_non_null(strstr(buf_text(&fake.shown), "Leave without finishing?"));
	form_free(&form);
}

static void
form_that_is_filled_is_read_back(void **state)
{
	(void)state;
	struct field field[5];
	struct form form = sign_up(field);
	buf_str(&field[0].value, "Alba");
	buf_str(&field[1].value, "secret");
	buf_str(&field[4].value, "14");
	buf_str(&field[4].shown, "Pissevin (Nîmes)");
	assert_int_equal(ui_form(start("5\r?\r\r\r"), &form), ACT_DONE);
#define FILLED \
	"1 Name: Alba\n2 Password: given, not shown\n3 Who sees it: members\n" \
	"4 Letters by mail? no\n5 Council: Pissevin (Nîmes)\n" \
	"Enter: confirm. A number: correct it. 0: give up.\n> "
	assert_shown("Sign up.\nAll fields are needed.\n" FILLED "5\nCouncil [Pissevin (Nîmes)]\n> ?\n"
		     "Enter alone keeps what is in brackets. - empties it. 0 gives up.\n"
		     "< goes back to the question before.\nCouncil [Pissevin (Nîmes)]\n> \n"
		     FILLED "\n");
	form_free(&form);
}

static void
form_is_left(void **state)
{
	(void)state;
	struct field field[5];
	struct form form = sign_up(field);
	assert_int_equal(ui_form(start("0\r"), &form), ACT_BACK);
	assert_shown(FORM_HEAD "Name (2 letters)\n> 0\n");
	assert_int_equal(ui_form(start("Alba\r<\r\r0\r\r0\ry\r"), &form), ACT_BACK);
	assert_shown(FORM_HEAD
	    "Name (2 letters)\n> Alba\nPassword\n> \nName (2 letters) [Alba]\n> \nPassword\n> \n"
	    LEAVING "> \n"
	    "Password\n> \n" LEAVING "> y\n");
	assert_string_equal(field[0].value.data, "Alba");
	form_free(&form);
}

/* Of a text one line is typed at once; more of them in the editor, whose text comes back. */
static void
form_has_a_long_text(void **state)
{
	(void)state;
	struct field field = { .kind = FIELD_LONG, .label = "About", .max = 60 };
	struct form form = { .place = "Sheet", .fields = &field, .field_count = 1 };
	buf_str(&field.value, "One.\nTwo.");
	assert_int_equal(ui_form(start("\r\r"), &form), ACT_DONE);
	assert_string_equal(field.value.data, "One.\nTwo.");
	assert_int_equal(ui_form(start("e\rThree.\r.\r\r\r"), &form), ACT_DONE);
	assert_string_equal(field.value.data, "One.\nTwo.\nThree.");
	assert_int_equal(ui_form(start("Only this.\r\r"), &form), ACT_DONE);
	assert_string_equal(field.value.data, "Only this.");
	assert_int_equal(ui_form(start("-\r\r"), &form), ACT_DONE);
	assert_string_equal(buf_text(&field.value), "");
	form_free(&form);
}

/* ---- edit ---- */

static struct buf draft;

static bool
edit_keep(void *ctx, const char *text)
{
	(void)ctx;
	buf_cut(&draft, 0);
	buf_str(&draft, text);
	return true;
}

static struct edit
letter(void)
{
	return (struct edit){
		.place = "Reply", .lead = "14 people will see this.", .max = 4000, .keep = edit_keep
	};
}
#define EDIT_HEAD \
	"Reply.\n14 people will see this.\n" \
	"Write your text, line by line. A dot alone or /end finishes.\n" \
	"/show reads it again, /correct 3 changes line 3,\n" \
	"/quote quotes the message, /help tells the rest.\n"
#define FINISHED \
	"14 people will see this.\nEnter: send. c go on writing, v read again, b keep as a " \
	"draft.\n> "

static void
text_is_written(void **state)
{
	(void)state;
	struct edit edit = letter();
	assert_int_equal(ui_edit(start("\rOne\r\r  two\r//three\r/show\r/correct "
				       "3\rTwo\r.\rv\rc\r/nothing\r/erase 5\r/end\r\r"),
			     &edit),
	    ACT_DONE);
	assert_string_equal(edit.text.data, "One\n\nTwo\n/three");
	assert_shown(EDIT_HEAD
	    "\nOne\n\n  two\n//three\n/show\n1 One\n2 (empty)\n3   two\n4 /three\n"
	    "/correct 3\nLine 3:   two\nType it anew. Enter alone leaves it.\n> Two\n"
	    "Line 3 is changed. Go on writing.\n.\nYour text has 4 lines.\n" FINISHED "v\n"
	    "1 One\n2 (empty)\n3 Two\n4 /three\nYour text has 4 lines.\n" FINISHED "c\n"
	    "Go on writing. /show tells the numbers of the lines, /correct 3 changes line 3.\n"
	    "/nothing\nKept as a line of text. /help tells the words.\n"
	    "/erase 5\nLine 5 is erased.\n/end\nYour text has 4 lines.\n" FINISHED "\n");
	buf_free(&edit.text);
}

/* What was quoted is no draft: it is read out, and no draft is spoken of. */
static void
editor_reads_the_quotation(void **state)
{
	(void)state;
	struct edit edit = { .place = "Reply", .max = 1000, .quotes = true };
	buf_str(&edit.text, "> Three evenings.\n");
	assert_int_equal(ui_edit(start("Yes.\r/send\r\r"), &edit), ACT_DONE);
	assert_string_equal(edit.text.data, "> Three evenings.\nYes.");
	assert_non_null(strstr(buf_text(&fake.shown), "The message is quoted;"));
	assert_non_null(strstr(buf_text(&fake.shown), "1 > Three evenings."));
	assert_null(strstr(buf_text(&fake.shown), "draft of"));
	buf_free(&edit.text);
	/* A word to give up is no line of the text either. */
	assert_int_equal(ui_edit(start("Yes.\r/cancel\rb\r"), &edit), ACT_BACK);
	assert_string_equal(edit.text.data, "Yes.");
	buf_free(&edit.text);
}

static void
text_is_kept_line_by_line(void **state)
{
	(void)state;
	struct edit edit = letter();
	buf_str(&edit.text, "One\ntwo\n\n");
	assert_int_equal(ui_edit(start("three\rfour"), &edit), ACT_BACK);
	assert_string_equal(draft.data, "One\ntwo\nthree\nfour");
	assert_string_equal(edit.text.data, draft.data);
	assert_non_null(
	    strstr(fake.shown.data, "Your draft of 2 lines is here; what you write follows it. "));
	/* The screen says that it is kept, and where it will be found. */
	assert_null(strstr(fake.shown.data, "as a draft.\n"));
	assert_int_equal(ui_edit(start("/erase\ry\r.\r"), &edit), ACT_BACK);
	assert_non_null(
	    strstr(fake.shown.data, "Erase the whole text? (y/N)\n> y\nThe text is erased.\n"));
	assert_non_null(strstr(fake.shown.data, "The text is empty: nothing is sent.\n"));
	assert_string_equal(draft.data, "");
	buf_free(&edit.text);
	buf_free(&draft);
}

static void
text_quotes(void **state)
{
	(void)state;
	struct edit edit = letter();
	edit.quote = "three evenings\n\na week";
	assert_int_equal(ui_edit(start("/quote\rYes.\r.\rb\r"), &edit), ACT_BACK);
	assert_string_equal(edit.text.data, "> three evenings\n>\n> a week\nYes.");
	buf_free(&edit.text);
	buf_free(&draft);
}

static void
text_stays_under_its_limit(void **state)
{
	(void)state;
	struct edit edit = letter();
	edit.max = 10;
	assert_int_equal(
	    ui_edit(start("abcdé\ré23456\rmore\r\r/correct 1\rABCDEFGHIJ\r.\r\r"), &edit),
	    ACT_DONE);
	assert_string_equal(edit.text.data, "ABCDEF\né2");
	assert_true(edit.text.len <= 10);
	assert_non_null(strstr(fake.shown.data,
	    "é23456\nThe text is full (10 characters): the last 4 of this line are not kept.\n"
	    "more\nThe text is full (10 characters): the last 4 of this line are not kept.\n"));
	buf_free(&edit.text);
	buf_free(&draft);
}

static void
paste_without_a_break_is_kept(void **state)
{
	(void)state;
	struct edit edit = letter();
	struct buf typed = { 0 };
	edit.max = 1 << 20;
	edit.keep = NULL;
	buf_str(&typed, "\033[200~");
	for (int line = 0; line < 300; line++) {
		for (int i = 0; i < 200; i++)
			buf_str(&typed, "é ");
		buf_char(&typed, '\r');
	}
	buf_str(&typed, "\033[201~/end\r\r");
	assert_int_equal(ui_edit(start(typed.data), &edit), ACT_DONE);
	assert_int_equal(edit.text.len, 300 * (200 * 3 + 1) - 1);
	buf_free(&edit.text);
	buf_free(&typed);
}

/* ---- the end of a pipe, and hostile bytes, at every place ---- */

enum { ALL_SCREENS = 9 };

/* Every call once. Whatever is typed, it comes back; with nothing typed, it says that the person
 * left. */
static void
every_call(struct ui *ui, const char *evil, bool ended)
{
	int count = 1;
	enum act act;
	struct buf value = { 0 };
	struct choice one[] = { { 1, evil, evil, true, true }, { 2, evil, NULL, false, false } };
	struct menu menu = {
		.place = evil, .right = evil, .lead = evil, .choices = one, .choice_count = 2
	};
	act = ui_menu(ui, &menu);
	assert_true(!ended || act == ACT_QUIT);
	const char *const name[] = { evil };
	struct names names = { 1, name };
	struct list list = directory(&names);
	list.place = list.right = list.lead = evil;
	list.filters = true;
	act = ui_list(ui, &list);
	assert_true(!ended || act == ACT_QUIT);
	struct reader reader = thread(&count);
	reader.place = reader.title = reader.lead = evil;
	act = ui_reader(ui, &reader);
	assert_true(!ended || act == ACT_QUIT);
	struct page page = {
		.place = evil, .text = evil, .acts = ACTS(ACT_YES), .to_the_end = true
	};
	act = ui_page(ui, &page);
	assert_true(!ended || act == ACT_QUIT || act == ACT_BACK);
	struct field field[5];
	struct form form = sign_up(field);
	buf_str(&field[0].value, evil);
	field[0].label = form.lead = evil;
	act = ui_form(ui, &form);
	assert_true(!ended || act == ACT_BACK);
	form_free(&form);
	struct edit edit = letter();
	edit.lead = edit.quote = evil;
	edit.keep = NULL;
	buf_str(&edit.text, evil);
	act = ui_edit(ui, &edit);
	assert_true(!ended || act == ACT_BACK);
	buf_free(&edit.text);
	assert_true(!ui_ask(ui, evil) || !ended);
	assert_true(!ui_line(ui, evil, evil, &value, 100, false) || !ended);
	assert_true(!ui_line(ui, evil, evil, &value, 100, true) || !ended);
	buf_free(&value);
}

static void
end_of_a_pipe_leaves_everything(void **state)
{
	(void)state;
	for (int rows = 0; rows < 4; rows++) {
		start("");
		fake.ui.page_rows = rows;
		fake.terminal.columns = rows ? 80 : 0;
		fake.terminal.echo_here = rows & 1;
		every_call(&fake.ui, "a\nb\nc\nd", true);
		assert_true(fake.waits <= 2 * ALL_SCREENS);
	}
}

/* Only \n, and "\b \b" where a letter was taken back. */
static void
assert_harmless(void)
{
	const char *s = buf_text(&fake.shown);
	struct buf clean = { 0 };
	assert_int_equal(strlen(s), fake.shown.len);
	for (; *s; s++) {
		if (!strncmp(s, "\b \b", 3))
			s += 2;
		else if (*s == '\n')
			buf_char(&clean, '.');
		else {
			assert_true((unsigned char)*s >= ' ' && *s != 127);
			assert_false(s[0] == '\xC2' && (unsigned char)s[1] < 0xA0);
			assert_int_not_equal(strncmp(s, "\xE2\x80\xAE", 3), 0);
		}
	}
	buf_free(&clean);
}

static void
data_never_reaches_the_line_raw(void **state)
{
	(void)state;
	static const char *const pieces[] = { "\033[2J", "\033]0;title\a",
		"\x9B"
		"31m",
		"\xC2\x9B"
		"1A",
		"\033P", "\b", "\a", "\xE2\x80\xAE", "\xFF", "\xC3", "\xF0\x9F\x98\x80",
		"e\xCC\x81", "\r", "\n", "\t", "%s%n", "&", "/", "0", "?", ".", "-", "<", "o", "l",
		" ", "\x7F", "\x15", "\x03", "\x04", "12", "abc", "\033", "\033[", "\xE2\x80\xA8",
		"\r/end\r", "\r0\r", "\033\\", "oui\r", "yes 1\r" };
	enum { PIECES = sizeof pieces / sizeof *pieces };
	srandom(20260324);
	for (int round = 0; round < 2000; round++) {
		struct buf evil = { 0 }, typed = { 0 };
		buf_str(&evil, "x");
		for (long n = random() % 12; n > 0; n--)
			buf_str(&evil, pieces[random() % PIECES]);
		for (long n = random() % 120; n > 0; n--)
			buf_str(&typed, pieces[random() % PIECES]);
		start(typed.data ? typed.data : "");
		fake.terminal.columns = round % 3 ? 20 + (int)(random() % 180) : 0;
		fake.terminal.echo_here = round & 1;
		fake.terminal.charset = round % CHARSET_COUNT;
		fake.ui.page_rows = (int)(random() % 10);
		every_call(&fake.ui, evil.data, false);
		assert_harmless();
		buf_free(&evil);
		buf_free(&typed);
	}
}

int
main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	charset_init();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_waits_until_nothing_is_typed),
		cmocka_unit_test(line_is_echoed),
		cmocka_unit_test(line_mode_does_not_echo),
		cmocka_unit_test(line_is_offered),
		cmocka_unit_test(line_too_long_keeps_its_beginning),
		cmocka_unit_test(one_enter_is_one_line),
		cmocka_unit_test(typing_is_edited),
		cmocka_unit_test(accents_come_alone_or_apart),
		cmocka_unit_test(escape_alone_eats_nothing),
		cmocka_unit_test(control_keys_are_harmless),
		cmocka_unit_test(long_line_is_erased_aloud),
		cmocka_unit_test(line_of_a_mebibyte_is_cut),
		cmocka_unit_test(secret_is_not_shown),
		cmocka_unit_test(question_is_no_by_default),
		cmocka_unit_test(sentence_is_said_at_once),
		cmocka_unit_test(menu_is_told),
		cmocka_unit_test(menu_takes_numbers_letters_words),
		cmocka_unit_test(menu_doubts_aloud),
		cmocka_unit_test(menu_without_news_opens_the_first),
		cmocka_unit_test(menu_tells_its_words),
		cmocka_unit_test(menu_tells_news_at_its_prompt),
		cmocka_unit_test(a_members_word_waits_for_a_menu_or_a_list),
		cmocka_unit_test(a_members_word_keeps_out_of_texts),
		cmocka_unit_test(menu_that_is_no_longer_right_says_so),
		cmocka_unit_test(line_helps),
		cmocka_unit_test(staying_is_said),
		cmocka_unit_test(page_stops_and_goes_on),
		cmocka_unit_test(words_are_taken_at_stops),
		cmocka_unit_test(page_stops_every_screenful),
		cmocka_unit_test(page_is_accepted_at_its_end_only),
		cmocka_unit_test(pipe_has_no_width),
		cmocka_unit_test(list_is_told),
		cmocka_unit_test(list_goes_page_by_page),
		cmocka_unit_test(list_keeps_its_place),
		cmocka_unit_test(list_acts_name_their_row),
		cmocka_unit_test(list_takes_letters),
		cmocka_unit_test(list_is_filtered),
		cmocka_unit_test(empty_list_says_so),
		cmocka_unit_test(thread_is_told),
		cmocka_unit_test(thread_is_walked),
		cmocka_unit_test(long_quotations_are_told_of),
		cmocka_unit_test(message_stopped_is_not_seen),
		cmocka_unit_test(form_is_filled),
		cmocka_unit_test(form_that_comes_again_asks),
		cmocka_unit_test(editor_reads_the_quotation),
		cmocka_unit_test(form_that_is_filled_is_read_back),
		cmocka_unit_test(form_is_left),
		cmocka_unit_test(form_has_a_long_text),
		cmocka_unit_test(text_is_written),
		cmocka_unit_test(text_is_kept_line_by_line),
		cmocka_unit_test(text_quotes),
		cmocka_unit_test(text_stays_under_its_limit),
		cmocka_unit_test(paste_without_a_break_is_kept),
		cmocka_unit_test(end_of_a_pipe_leaves_everything),
		cmocka_unit_test(data_never_reaches_the_line_raw),
	};
	return cmocka_run_group_tests_name("linear", tests, NULL, teardown);
}
