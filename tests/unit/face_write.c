/* The full face where one types: forms, lines, questions, the writing screen. */
#include "tests/screen.h"

#include <unistd.h>

/* ---- forms, lines, questions ---- */

static const char *
check_name(void *ctx, struct field *field)
{
	(void)ctx;
	return field->value.len >= 3 ? NULL : "Ce nom est trop court : trois lettres au moins.";
}

static bool
pick_council(void *ctx, struct ui *ui, struct field *field, const char *typed)
{
	struct list list = make_list(ctx);
	snprintf(list.filter, sizeof list.filter, "%s", typed);
	if (ui_list(ui, &list) != ACT_OPEN || !list.at)
		return false;
	buf_cut(&field->value, 0);
	buf_cut(&field->shown, 0);
	buf_fmt(&field->value, "%d", (int)list.at);
	buf_fmt(&field->shown, "Conseil %d", (int)list.at);
	return true;
}

static const char *const roles[] = { "Habitant", "Membre", "Animateur", NULL };

static void
make_fields(struct field fields[5])
{
	fields[0] = (struct field){ .kind = FIELD_TEXT,
		.label = "Prénom et nom",
		.rule = "comme on vous connaît",
		.max = 80,
		.check = check_name };
	fields[1] = (struct field){ .kind = FIELD_SECRET,
		.label = "Mot de passe",
		.rule = "8 caractères au moins, avec des lettres et un chiffre, sans votre nom",
		.max = 64 };
	fields[2] = (struct field){ .kind = FIELD_CHOICE, .label = "Vous êtes", .options = roles };
	fields[3] = (struct field){ .kind = FIELD_YES_NO, .label = "Recevoir la lettre", .max = 1 };
	fields[4] = (struct field){ .kind = FIELD_PICK,
		.label = "Votre conseil",
		.rule = "tapez le début du nom",
		.max = 20,
		.pick = pick_council };
}

static int kept;
static void
count_keep(void *ctx, struct form *form)
{
	(void)ctx;
	(void)form;
	kept++;
}

static void
form_anywhere(void)
{
	static const struct step steps[] = { TYPE("Al"), TYPE("\t"), TYPE("secret12"), SIZE(33, 8),
		TYPE(DOWN), TYPE("m"), TYPE("\t"), TYPE(" "), SIZE(80, 24), TYPE(DOWN),
		TYPE("valde"), TYPE("\r"), TYPE("\r"), TYPE("\x07"), TYPE(ESC), TYPE("\x13"),
		TYPE("ba"), TYPE("\x13"), { 0 } };
	struct shelf shelf = { .count = 60 };
	struct field fields[5];
	make_fields(fields);
	struct form form = { .place = "Inscription",
		.lead = "Quelques mots sur vous.",
		.fields = fields,
		.field_count = 5,
		.ctx = &shelf,
		.keep = count_keep };
	play(steps);
	assert_int_equal(ui_form(&it.ui, &form), ACT_DONE);
	assert_string_equal(fields[0].value.data, "Alba");
	assert_string_equal(fields[1].value.data, "secret12");
	assert_string_equal(fields[2].value.data, "1");
	assert_string_equal(fields[3].value.data, "1");
	assert_string_equal(fields[4].value.data, "1002");
	form_free(&form);
}

static void
test_form_everywhere(void **state)
{
	(void)state;
	everywhere(form_anywhere);
}

static void
test_form(void **state)
{
	(void)state;
	static const struct step steps[] = { SEE("Mot de passe"), SEE("comme on vous connaît"),
		CURSOR("▸ Prénom"), TYPE("Al"), TYPE("\t"), SEE("trop court"),
		CURSOR("Mot de passe"), TYPE("secret12"), MISS("secret"), SEE("••••"),
		TYPE(UP "\x05"
			"ba\r"),
		MISS("trop court"), TYPE("\r"), CURSOR("< Habitant >"), TYPE(RIGHT),
		CURSOR("< Membre >"), TYPE("\x13"), { 0 } };
	struct field fields[5];
	make_fields(fields);
	struct form form = {
		.place = "Inscription", .fields = fields, .field_count = 4, .keep = count_keep
	};
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	kept = 0;
	play(steps);
	assert_int_equal(ui_form(&it.ui, &form), ACT_DONE);
	assert_string_equal(fields[0].value.data, "Alba");
	assert_true(kept >= 3);

	/* What was typed before it was shown again can be lost too. */
	static const struct step again[] = { TYPE(ESC), SEE("Leave this form?"), TYPE("y"), { 0 } };
	play(again);
	assert_int_equal(ui_form(&it.ui, &form), ACT_BACK);

	/* One leaves without being asked where nothing was typed, else after a question. */
	static const struct step leave[] = { SIZE(40, 24), SEE("Ctrl-S confirm · Esc leave"), TYPE(ESC), { 0 } };
	form.touched = false;
	play(leave);
	assert_int_equal(ui_form(&it.ui, &form), ACT_BACK);
	static const struct step asked[] = { TYPE("x"), TYPE(ESC), SEE("Leave this form?"),
		TYPE("n"), MISS("Leave this form?"), SEE("Albax"), TYPE(ESC), TYPE("y"), { 0 } };
	play(asked);
	assert_int_equal(ui_form(&it.ui, &form), ACT_BACK);
	form_free(&form);
	stop();
}

/* A secret cannot be seen, so it cannot be corrected: whoever comes back to it types it whole. */
static void
test_form_secret(void **state)
{
	(void)state;
	static const struct step steps[] = { TYPE("Albert\t"), TYPE("wrong-one\t"), CURSOR("< Habitant >"),
		TYPE(UP), SEE("••••"), TYPE("secret12\x13"), { 0 } };
	struct field fields[5];
	make_fields(fields);
	struct form form = { .place = "Inscription", .fields = fields, .field_count = 4 };
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	play(steps);
	assert_int_equal(ui_form(&it.ui, &form), ACT_DONE);
	assert_string_equal(fields[1].value.data, "secret12");
	/* Moving in it changes nothing; the eraser takes all, and Ctrl-U empties any field. */
	static const struct step moved[] = { TYPE("\t" LEFT RIGHT), TYPE("\x13"), { 0 } };
	play(moved);
	assert_int_equal(ui_form(&it.ui, &form), ACT_DONE);
	assert_string_equal(fields[1].value.data, "secret12");
	static const struct step emptied[] = { TYPE("\x15"), MISS("Albert"), TYPE("Bruno\t"), TYPE("\x7f"),
		MISS("••••"), TYPE("\x13"), { 0 } };
	play(emptied);
	assert_int_equal(ui_form(&it.ui, &form), ACT_DONE);
	assert_string_equal(fields[0].value.data, "Bruno");
	assert_string_equal(buf_text(&fields[1].value), "");
	form_free(&form);
	stop();
}

static void
ask_anywhere(void)
{
	static const struct step steps[] = { SEE("(y/N)"), SIZE(60, 20), SEE("(y/N)"), TYPE("y"),
		SIZE(20, 4), TYPE("o"), TYPE("Nîmes"), SIZE(80, 24), SEE("Commune: Nîmes"),
		TYPE("\r"), TYPE("pw"), TYPE(ESC), { 0 } };
	struct buf value = { 0 };
	if (it.terminal.charset == CHARSET_ASCII)
		return;
	play(steps);
	ui_say(&it.ui, "Une %s.", "phrase");
	assert_true(ui_ask(&it.ui, "Retirer Alba Martin du conseil ?"));
	assert_false(ui_ask(&it.ui, "Retirer Alba Martin du conseil, et avec elle tout ce qu’elle "
				    "y a écrit depuis trois ans ?"));
	assert_true(ui_line(&it.ui, "Commune", "son nom ou son code postal", &value, 40, false));
	assert_string_equal(value.data, "Nîmes");
	assert_false(ui_line(&it.ui, "Mot de passe", NULL, &value, 40, true));
	assert_string_equal(value.data, "Nîmes");
	buf_free(&value);
}

/* A sentence goes with the first key that is typed below it. */
static void
test_said_goes(void **state)
{
	(void)state;
	static const struct step steps[] = { SEE("Une phrase."), TYPE("N"), MISS("Une phrase."), SEE("Commune: N"),
		TYPE("\r"), { 0 } };
	struct buf value = { 0 };
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	play(steps);
	ui_say(&it.ui, "Une %s.", "phrase");
	assert_true(ui_line(&it.ui, "Commune", NULL, &value, 40, false));
	buf_free(&value);
	stop();
}

static void
test_ask_everywhere(void **state)
{
	(void)state;
	everywhere(ask_anywhere);
}

/* ---- writing ---- */

static struct buf draft;
static bool
keep_draft(void *ctx, const char *text)
{
	(*(int *)ctx)++;
	buf_cut(&draft, 0);
	buf_str(&draft, text);
	return true;
}

static void
edit_anywhere(void)
{
	static const struct step steps[] = { TYPE("Bonjour à tous.\r\r"), SIZE(30, 6),
		TYPE("Une convention avec le collège, "
		     "trois soirs par mois, et l’œuvre continue."),
		TYPE(UP UP), SIZE(120, 40), TYPE("\x07"), TYPE(ESC), TYPE("\x03"), TYPE(ESC),
		{ 0 } };
	int keeps = 0;
	struct edit edit = { .place = "Forum › Répondre",
		.lead = "Qui verra ceci : 14 personnes",
		.max = 100000,
		.keep = keep_draft,
		.ctx = &keeps };
	play(steps);
	assert_int_equal(ui_edit(&it.ui, &edit), ACT_BACK);
	assert_string_equal(edit.text.data, draft.data);
	assert_int_equal(strncmp(edit.text.data, "Bonjour à tous.\n\nUne", 20), 0);
	buf_free(&edit.text);
}

static void
test_edit_everywhere(void **state)
{
	(void)state;
	everywhere(edit_anywhere);
	buf_free(&draft);
}

static void
test_edit(void **state)
{
	(void)state;
	static const struct step steps[] = { SEE("Ctrl-S"), SEE("Ctrl-G"), SEE("14 personnes"), SIZE(40, 24),
		SEE("Ctrl-S send · Escape leave"), SIZE(80, 24), SEE("Escape leave, the text is kept"),
		TYPE("\x13"), SEE("The text is empty"), TYPE("\x12"), SEE("> Comment faire ?"),
		TYPE("\rOui."), TYPE("\x13"), { 0 } };
	int keeps = 0;
	struct edit edit = { .place = "Forum › Répondre",
		.lead = "Qui verra ceci : 14 personnes",
		.max = 100000,
		.quote = "Comment faire ?",
		.keep = keep_draft,
		.ctx = &keeps };
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	play(steps);
	assert_int_equal(ui_edit(&it.ui, &edit), ACT_DONE);
	assert_non_null(strstr(edit.text.data, "> Comment faire ?\n"));
	assert_non_null(strstr(edit.text.data, "Oui."));
	assert_true(keeps > 0);
	buf_free(&edit.text);
	buf_free(&draft);
	stop();
}

/* On a board where much happens somebody types a word and pauses. */
static unsigned
wait_nudged(struct terminal *terminal, int ms)
{
	terminal->ended = draft.len > 0 || ms < 0;
	if (terminal->ended)
		return TERMINAL_END;
	usleep(ms < 50 ? (unsigned)ms * 1000 : 50 * 1000);
	return ms <= 50 ? TERMINAL_TIME : TERMINAL_NUDGE;
}

static void
test_kept_at_a_pause(void **state)
{
	(void)state;
	int keeps = 0;
	struct edit edit = { .place = "Forum", .max = 100, .keep = keep_draft, .ctx = &keeps };
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	buf_cut(&draft, 0);
	buf_str(&it.terminal.input, "Bonjour");
	it.terminal.wait = wait_nudged;
	int64_t before = clock_ticks();
	assert_int_equal(ui_edit(&it.ui, &edit), ACT_BACK);
	assert_in_range(clock_ticks() - before, 900, 3000);
	assert_string_equal(draft.data, "Bonjour");
	buf_free(&edit.text);
	buf_free(&draft);
	stop();
}

static void
paste(bool brackets)
{
	struct buf text = { 0 }, typed = { 0 };
	while (text.len < 64 * 1024)
		buf_str(&text,
		    "Depuis janvier nous n’avons plus de salle, et le soir tout est fermé. \r");
	buf_fmt(
	    &typed, "%s%s%s", brackets ? "\x1b[200~" : "", text.data, brackets ? "\x1b[201~" : "");
	const struct step steps[] = { TYPE(typed.data), TYPE("\x13"), { 0 } };
	int keeps = 0;
	struct edit edit = { .place = "Forum", .max = 1 << 20, .keep = keep_draft, .ctx = &keeps };
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	play(steps);
	int64_t before = clock_ticks();
	assert_int_equal(ui_edit(&it.ui, &edit), ACT_DONE);
	int64_t took = clock_ticks() - before;
	printf("64 KiB pasted %s brackets: %d ms\n", brackets ? "in" : "without", (int)took);
	assert_true(took < 1000);
	assert_true(edit.text.len > 63 * 1024);
	buf_free(&edit.text);
	buf_free(&draft);
	buf_free(&text);
	buf_free(&typed);
	stop();
}

static void
test_paste(void **state)
{
	(void)state;
	paste(true);
	paste(false);
}

int
main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	charset_init();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form_everywhere),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_form_secret),
		cmocka_unit_test(test_said_goes),
		cmocka_unit_test(test_ask_everywhere),
		cmocka_unit_test(test_edit_everywhere),
		cmocka_unit_test(test_edit),
		cmocka_unit_test(test_kept_at_a_pause),
		cmocka_unit_test(test_paste),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
