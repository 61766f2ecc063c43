/* The linear face where one fills in and writes: forms, texts. */
#include "tests/unit/linear.h"

/* ---- form ---- */

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

#define EDIT_HEAD \
	"Reply.\n14 people will see this.\n" \
	"Write your text, line by line. A dot alone or /end finishes.\n" \
	"/show reads it again, /correct 3 changes line 3, /help tells the rest.\n"
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

int
main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	charset_init();
	const struct CMUnitTest tests[] = {
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
	};
	return cmocka_run_group_tests_name("linear_write", tests, NULL, teardown);
}
