/* The linear face where one types a line, answers or chooses: echo, questions, menus, words from elsewhere. */
#include "tests/unit/linear.h"

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
	} tries[] = { { "\r", false }, { "o\rn\r", false }, { "y 2\rn\r", false }, { "Y\r", true }, { "yes\r", true },
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
		 "/words: search.\n"
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
	};
	return cmocka_run_group_tests_name("linear", tests, NULL, teardown);
}
