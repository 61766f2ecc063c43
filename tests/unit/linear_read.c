/* The linear face where one reads: pages and their stops, lists, discussions. */
#include "tests/unit/linear.h"

/* ---- page ---- */

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

/* What stands above a list is told once, and again where it is another sentence. */
static void
list_tells_its_lead_once(void **state)
{
	(void)state;
	struct names names = { 12, NULL };
	struct list list = directory(&names);
	list.lead = "To send a file here, type this.";
	ui_list(start("1\r"), &list);
	assert_non_null(strstr(fake.shown.data, "To send a file"));
	ui_list(start("1\r"), &list);
	assert_null(strstr(fake.shown.data, "To send a file"));
	assert_non_null(strstr(fake.shown.data, "1 council 1, "));
	list.lead = "Not come whole yet.";
	ui_list(start("1\r"), &list);
	assert_non_null(strstr(fake.shown.data, "Not come whole"));
	/* Whoever comes in anew hears it. */
	list.told = 0;
	ui_list(start("1\r"), &list);
	assert_non_null(strstr(fake.shown.data, "Not come whole"));
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
	    "18 councils.\nFilter: council 12.\n1 council 12, Nîmes\nEnter: this line. /letters to "
	    "filter, ? help, 0 back.\n"
	    "> zz\nFilter: zz.\nNothing fits “zz”. / alone shows all again.\n"
	    "/letters to filter, ? help, 0 back.\n> /\nNo filter.\n1 council 1, messages 5\n"));
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

int
main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	charset_init();
	const struct CMUnitTest tests[] = {
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
		cmocka_unit_test(list_tells_its_lead_once), cmocka_unit_test(list_is_filtered),
		cmocka_unit_test(empty_list_says_so),
		cmocka_unit_test(thread_is_told),
		cmocka_unit_test(thread_is_walked),
		cmocka_unit_test(long_quotations_are_told_of),
		cmocka_unit_test(message_stopped_is_not_seen),
	};
	return cmocka_run_group_tests_name("linear_read", tests, NULL, teardown);
}
