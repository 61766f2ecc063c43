/* The linear face under chance: the end of a pipe and hostile bytes at every place; what must never come out. */
#include "tests/unit/linear.h"

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
		cmocka_unit_test(end_of_a_pipe_leaves_everything),
		cmocka_unit_test(data_never_reaches_the_line_raw),
	};
	return cmocka_run_group_tests_name("linear_chance", tests, NULL, teardown);
}
