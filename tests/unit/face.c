/* The full face: opening, menus, lists, pages and threads, on every size, terminal and charset. */
#include "tests/screen.h"

#include <time.h>

static struct choice home_choices[] = {
	{ 1, "À valider",
	    "2 personnes attendent votre oui ou votre non (la plus ancienne depuis 31 h)", true,
	    true },
	{ 2, "Réponses", "3 réponses dans vos discussions", true, true },
	{ 3, "Mon conseil", "1 compte rendu d’action, 1 fichier", true, true },
	{ 4, "Gard", "7 messages dans 4 discussions", true, true },
	{ 5, "Aujourd’hui", "18 h 30  Réunion de préparation, salle Jean-Moulin", true, false },
	{ 11, "&Annuaire des conseils", NULL, false, false },
	{ 12, "Mon &conseil", NULL, false, false },
	{ 13, "&Forum", NULL, false, false },
	{ 14, "&Messages", NULL, false, false },
	{ 15, "&Dossiers partagés", NULL, false, false },
	{ 16, "Ag&enda", NULL, false, false },
	{ 17, "&Groupes de travail", NULL, false, false },
	{ 18, "&Salons", "4 personnes y sont", false, false },
	{ 19, "Mon &profil", NULL, false, false },
	{ 20, "Écrire aux animateurs (&W)", NULL, false, false },
};

static struct menu
make_menu(void)
{
	return (struct menu){ .place = "Accueil",
		.right = "Alba Martin · Pissevin (Nîmes)",
		.lead = "Depuis votre dernière visite, mardi 17 mars :",
		.choices = home_choices,
		.choice_count = sizeof home_choices / sizeof *home_choices,
		.acts = ACTS(ACT_NEXT) | ACTS(ACT_SEARCH),
		.at = 13 };
}

struct talk {
	int count;
	long fetched;
	bool long_third;
	int64_t seen[64];
	int seen_count;
};

static int
talk_page(void *ctx, const struct post *from, int direction, int n, struct posts *out)
{
	struct talk *talk = ctx;
	int i = !from ? direction > 0 ? 0 : talk->count + 1
	    : from->key ? atoi(from->key)
	    : from->id	? (int)(from->id - 5000)
			: from->number;
	if (from && (i < 1 || i > talk->count))
		return 0;
	for (i += direction; i > 0 && i <= talk->count && out->count < n; i += direction) {
		char key[16], who[80];
		snprintf(key, sizeof key, "%08d", i);
		struct post *p = posts_add(out, 5000 + i, key);
		p->number = i;
		p->depth = i < 12 ? i - 1 : i % 4;
		p->is_new = i % 3 == 0;
		snprintf(who, sizeof who, "Alba Martin %d, Pissevin (Nîmes)", i);
		post_text(&p->who, who);
		post_text(&p->when, "mardi 17 mars, 9 h 12");
		struct buf body = { 0 };
		if (i % 3 == 2)
			buf_str(&body, "> trois soirs par mois\n");
		buf_fmt(&body,
		    "Depuis janvier nous n’avons plus de salle. La mairie propose le centre "
		    "social, mais fermé "
		    "le soir. Comment avez-vous fait ? Fin %d.",
		    i);
		for (int k = 1; talk->long_third && i == 3 && k <= 90; k++)
			buf_fmt(&body, "\nligne %d", k);
		post_text(&p->body, body.data);
		buf_free(&body);
		if (!direction)
			break;
	}
	talk->fetched += out->count;
	return 0;
}

static void
talk_seen(void *ctx, int64_t id)
{
	struct talk *talk = ctx;
	for (int i = 0; i < talk->seen_count; i++)
		assert_int_not_equal(talk->seen[i], id);
	if (talk->seen_count < 64)
		talk->seen[talk->seen_count++] = id;
}

static struct reader
make_reader(struct talk *talk)
{
	return (struct reader){ .place = "Forum › Questions",
		.title = "Un local pour nos réunions ?",
		.right = "5 messages · Gard",
		.lead = "Question ouverte depuis 3 jours",
		.page = talk_page,
		.seen = talk_seen,
		.ctx = talk,
		.acts = ACTS(ACT_NEXT) | ACTS(ACT_REPLY) | ACTS(ACT_QUOTE) };
}

/* ---- menus ---- */

static void
menu_anywhere(void)
{
	static const struct step steps[] = { TYPE(DOWN), TYPE(DOWN RIGHT DOWN), TYPE(UP),
		TYPE("\x0c"), TYPE("?"), TYPE("j"), TYPE("\x0c"), TYPE(ESC), TYPE("\x0c"),
		TYPE(HOME), TYPE(TO_END), TYPE("\x0c"), SIZE(41, 13), SIZE(20, 4), TYPE("\x0c"),
		SIZE(80, 24), TYPE("\x0c"), TYPE("Q"), TYPE("\x0c"), TYPE("n"), TYPE("f"), { 0 } };
	struct menu menu = make_menu();
	play(steps);
	assert_int_equal(ui_menu(&it.ui, &menu), ACT_OPEN);
	assert_int_equal(menu.at, 13);
}

static void
test_menu_everywhere(void **state)
{
	(void)state;
	everywhere(menu_anywhere);
}

static void
test_menu(void **state)
{
	(void)state;
	static const struct step steps[] = { SEE("Palabre › Accueil"),
		SEE("Alba Martin · Pissevin (Nîmes)"), SEE("[A] Annuaire des conseils"),
		SEE("● À valider"), CURSOR("▸[F] Forum"), FEWER(1000), TYPE(RIGHT),
		CURSOR("▸[M] Messages"), FEWER(60), TYPE(DOWN), FEWER(60), TYPE(UP), TYPE(LEFT),
		CURSOR("▸[F]"), TYPE(UP), CURSOR("▸[A]"), TYPE(UP), CURSOR("Aujourd’hui"),
		FEWER(60), TYPE("z"), SEE("This key does nothing here"), TYPE("\x03"),
		SEE("stops nothing here"), TYPE("Q"), SEE("Leave Palabre? (y/N)"), TYPE("\r"),
		MISS("Leave Palabre"), TYPE("?"), SEE("What the keys do"), TYPE(ESC),
		MISS("What the keys do"), TYPE("/"), SEE("Search:"), TYPE("local\r"), { 0 } };
	struct menu menu = make_menu();
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	play(steps);
	assert_int_equal(ui_menu(&it.ui, &menu), ACT_SEARCH);
	assert_string_equal(ui_words(&it.ui), "local");
	stop();
}

/* Two choices side by side: down and up go from one to the other. */
static void
test_menu_on_one_line(void **state)
{
	(void)state;
	static const struct step steps[] = { CURSOR("[F]"), TYPE(DOWN), CURSOR("[E]"), TYPE(UP), CURSOR("[F]"),
		TYPE(DOWN "\r"), { 0 } };
	struct choice choices[] = { { 1, "&Français", NULL, false, false },
		{ 2, "&English", NULL, false, false } };
	struct menu menu = { .place = "Langue", .choices = choices, .choice_count = 2 };
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	play(steps);
	assert_int_equal(ui_menu(&it.ui, &menu), ACT_OPEN);
	assert_int_equal(menu.at, 2);
	stop();
}

static bool
turn(void *ctx, struct menu *menu)
{
	int *turns = ctx;
	menu->lead = ++*turns == 1 ? "Un de plus." : "Deux de plus.";
	return *turns < 3;
}

static void
test_menu_refresh(void **state)
{
	(void)state;
	static const struct step steps[] = { { NUDGE, NULL, 0, 0 }, SEE("Un de plus."),
		{ TIME, NULL, 0, 0 }, { 0 } };
	int turns = 0;
	struct menu menu = make_menu();
	menu.refresh = turn;
	menu.ctx = &turns;
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	play(steps);
	/* The script's time goes by faster than the clock: the wait ends, nothing is refreshed, the
	 * line ends. */
	assert_int_equal(ui_menu(&it.ui, &menu), ACT_QUIT);
	assert_int_equal(turns, 1);
	stop();
}

/* ---- what a member has just said ---- */

static void
answer(void *ctx)
{
	struct buf value = { 0 };
	ui_line(&it.ui, "Your word", NULL, &value, 60, false);
	buf_str(ctx, buf_text(&value));
	buf_free(&value);
}

static void
make_word(struct buf *answered)
{
	buf_str(&it.ui.word, "Bruno Diallo, 18:30: “Here?”\n");
	it.ui.answer = answer;
	it.ui.answer_ctx = answered;
}

/* It stays when keys come quickly, keeps out of questions, pages and filters, goes once it is answered. */
static void
test_word(void **state)
{
	(void)state;
	static const struct step in_menu[] = { SEE("Bruno Diallo, 18:30: “Here?”"), SEE("= answer"), TYPE(DOWN),
		SEE("“Here?”"), TYPE("z"), SEE("does nothing here"), SEE("“Here?”"), TYPE("/"), SEE("Search:"),
		MISS("Here?"), TYPE(ESC), SEE("“Here?”"), TYPE("?"), MISS("Here?"), SEE("=: Answer"), TYPE(ESC),
		SEE("“Here?”"), TYPE("="), SEE("Your word"), MISS("Here?"), TYPE("Yes.\r"), MISS("Here?"),
		MISS("= answer"), TYPE("f"), { 0 } };
	static const struct step in_list[] = { SEE("“Here?”"), TYPE("/"), MISS("Here?"), TYPE("pis"), MISS("Here?"),
		TYPE(DOWN), SEE("“Here?”"), TYPE("="), TYPE("No.\r"), MISS("Here?"), TYPE("="), SEE("Your word"),
		TYPE(" Never.\r"), TYPE("\r"), { 0 } };
	struct menu menu = make_menu();
	struct shelf shelf = { .count = 100 };
	struct list list = make_list(&shelf);
	struct buf answered = { 0 };
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	make_word(&answered);
	play(in_menu);
	assert_int_equal(ui_menu(&it.ui, &menu), ACT_OPEN);
	assert_string_equal(buf_text(&answered), "Yes.");
	assert_int_equal(it.ui.word.len, 0);
	make_word(&answered);
	play(in_list);
	assert_int_equal(ui_list(&it.ui, &list), ACT_OPEN);
	assert_string_equal(buf_text(&answered), "Yes.No.Never.");
	stop();
	buf_free(&answered);
	buf_free(&it.ui.word);
}

static bool
let_time_pass(void *ctx, struct menu *menu)
{
	(void)ctx;
	(void)menu;
	struct timespec two = { 2, 100 * 1000 * 1000 };
	nanosleep(&two, NULL);
	return true;
}

/* Once it has stood there for a while any key takes it away. */
static void
test_word_goes(void **state)
{
	(void)state;
	static const struct step steps[] = { SEE("“Here?”"), TYPE(DOWN), SEE("“Here?”"), { NUDGE, NULL, 0, 0 },
		SEE("“Here?”"), TYPE(DOWN), MISS("Here?"), TYPE("f"), { 0 } };
	struct menu menu = make_menu();
	struct buf answered = { 0 };
	menu.refresh = let_time_pass;
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	make_word(&answered);
	play(steps);
	assert_int_equal(ui_menu(&it.ui, &menu), ACT_OPEN);
	assert_int_equal(it.ui.word.len, 0);
	stop();
	buf_free(&it.ui.word);
}

/* ---- lists ---- */

static void
list_anywhere(void)
{
	static const struct step steps[] = { TYPE(DOWN), TYPE("jjj"), TYPE(PAGE_DOWN),
		TYPE(PAGE_UP), TYPE("k"), TYPE("\x0c"), TYPE(TO_END), TYPE(UP UP), TYPE(HOME),
		TYPE("/"), TYPE("pis"), TYPE("\x0c"), SIZE(33, 9), SIZE(80, 24), TYPE("x"),
		TYPE("\x7f"), TYPE(DOWN), TYPE(ESC), { NUDGE, NULL, 0, 0 }, TYPE("   "),
		TYPE("\x0c"), TYPE("?"), TYPE("j"), TYPE("\r"), TYPE("\r"), { 0 } };
	struct shelf shelf = { .count = 200 };
	struct list list = make_list(&shelf);
	play(steps);
	assert_int_equal(ui_list(&it.ui, &list), ACT_OPEN);
	assert_in_range(list.at, 1001, 1200);
}

static void
test_list_everywhere(void **state)
{
	(void)state;
	everywhere(list_anywhere);
}

/* While a filter is typed the last line says so; Enter opens, also where letters are the list's keys. */
static void
test_list_filtered(void **state)
{
	(void)state;
	static const struct step steps[] = { SEE("/ filter"), TYPE("/"), SEE("Enter open · Arrows go through the list · Esc clear"),
		MISS("? help"), TYPE("pissevin 6zz"), SEE("Nothing matches"), MISS("Enter open"), TYPE("\r"), SEE("Esc clear"),
		TYPE("\x7f\x7f"), TYPE(DOWN), SEE("? help"), SEE("Esc clear"), CURSOR("Pissevin 60"), TYPE("\x7f"),
		MISS("? help"), TYPE("60"), TYPE("\r"), { 0 } };
	struct shelf shelf = { .count = 100 };
	struct list list = make_list(&shelf);
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	play(steps);
	assert_true(list.acts);
	assert_int_equal(ui_list(&it.ui, &list), ACT_OPEN);
	assert_int_equal(list.at, 1060);
	assert_string_equal(list.filter, "pissevin 60");
	stop();
}

/* In a narrow window Enter, the way back and help stay; while a word stands there, how to answer it. */
static void
test_list_narrow(void **state)
{
	(void)state;
	static const struct step steps[] = { SEE("Enter open · Esc back · ? help"), TYPE("\r"), { 0 } };
	static const struct step answers[] = { SEE("= answer · Esc back · ? help"), TYPE("\r"), { 0 } };
	struct shelf shelf = { .count = 100 };
	struct list list = make_list(&shelf);
	struct buf answered = { 0 };
	start("xterm-256color", CHARSET_UTF8, 40, 24);
	play(steps);
	assert_int_equal(ui_list(&it.ui, &list), ACT_OPEN);
	make_word(&answered);
	play(answers);
	assert_int_equal(ui_list(&it.ui, &list), ACT_OPEN);
	stop();
	buf_free(&it.ui.word);
}

/* A long lead is shown whole where five rows have room below it; where it is too long, rows have half of the window. */
static void
test_list_lead(void **state)
{
	(void)state;
	static const struct step steps[] = { SEE("line 12"), SEE("Escanaux"), SIZE(40, 12), SEE("line 4"), MISS("line 12"),
		SEE("Escanaux"), TYPE("\r"), { 0 } };
	struct shelf shelf = { .count = 100 };
	struct list list = make_list(&shelf);
	list.lead = "line 1\nline 2\nline 3\nline 4\nline 5\nline 6\nline 7\nline 8\nline 9\nline 10\nline 11\nline 12";
	start("xterm-256color", CHARSET_UTF8, 40, 24);
	play(steps);
	assert_int_equal(ui_list(&it.ui, &list), ACT_OPEN);
	stop();
}

static void
test_list(void **state)
{
	(void)state;
	static const struct step steps[] = { SEE("Annuaire › Occitanie › Gard"),
		SEE("Resource person"), CURSOR("▸ Escanaux - Bosquet 1"), TYPE(DOWN),
		CURSOR("▸ Valdegour 2"), FEWER(60), TYPE("jjj"),
		CURSOR("●▸ Quartier 東京 du Nord 5"), TYPE(TO_END), CURSOR("100000"), TYPE(UP),
		CURSOR("99999"), TYPE(HOME), CURSOR(" 1"), TYPE(PAGE_DOWN), MISS("Bosquet 1 "),
		TYPE("/"), TYPE("pissevin 6"), SEE("Filter: pissevin 6"), SEE("Pissevin 60 "),
		MISS("Valdegour"), TYPE("zz"), SEE("Nothing matches"), TYPE("\x7f\x7f"),
		TYPE(DOWN), CURSOR("Pissevin 60"), TYPE(ESC), MISS("Filter"), CURSOR("Bosquet 1"),
		TYPE("jjjj"), CURSOR("du Nord 5"), TYPE("\r"), { 0 } };
	struct shelf shelf = { .count = 100000 };
	struct list list = make_list(&shelf);
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	play(steps);
	assert_int_equal(ui_list(&it.ui, &list), ACT_OPEN);
	assert_int_equal(list.at, 1005);
	assert_true(shelf.fetched < 3000);

	/* It keeps its place, also when it is not near the beginning; and a nudge keeps it under
	 * the cursor. */
	static const struct step far[] = { TYPE(TO_END UP UP), CURSOR("99998"), TYPE("n"), { 0 } };
	play(far);
	assert_int_equal(ui_list(&it.ui, &list), ACT_NEW);
	static const struct step back[] = { CURSOR("99998"), { NUDGE, NULL, 0, 0 },
		CURSOR("+99998"), TYPE(ESC), { 0 } };
	shelf.mark = "+";
	shelf.fetched = 0;
	play(back);
	assert_int_equal(ui_list(&it.ui, &list), ACT_BACK);
	assert_int_equal(list.at, 1000 + 99998);
	assert_true(shelf.fetched < 300);

	/* The row that one was on has gone: the next one is current. */
	static const struct step gone[] = { CURSOR("99999"), TYPE("\x1b[D"), { 0 } };
	shelf.gone = 99998;
	play(gone);
	assert_int_equal(ui_list(&it.ui, &list), ACT_BACK);

	/* Of a row that was never seen only the id is known. */
	static const struct step known[] = { CURSOR("Escanaux - Bosquet 601"), TYPE(UP),
		CURSOR("600"), TYPE(ESC), { 0 } };
	list.at = 1601;
	play(known);
	assert_int_equal(ui_list(&it.ui, &list), ACT_BACK);
	stop();
}

static void
test_list_empty(void **state)
{
	(void)state;
	static const struct step steps[] = { SEE("Aucun conseil."),
		TYPE("jk" PAGE_DOWN PAGE_UP HOME TO_END), TYPE("\r"),
		SEE("There is nothing to open here."), TYPE(ESC), { 0 } };
	struct shelf shelf = { .count = 0 };
	struct list list = make_list(&shelf);
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	play(steps);
	assert_int_equal(ui_list(&it.ui, &list), ACT_BACK);
	assert_int_equal(list.at, 0);
	stop();
}

/* ---- texts and threads ---- */

static void
page_anywhere(void)
{
	static const struct step steps[] = { TYPE(" "), TYPE(DOWN), TYPE(UP), SIZE(30, 7),
		TYPE(TO_END), SIZE(100, 30), TYPE(HOME), TYPE(PAGE_DOWN), TYPE("?"), TYPE("?"),
		TYPE(ESC), { 0 } };
	struct buf text = { 0 };
	for (int i = 1; i <= 60; i++)
		buf_fmt(&text,
		    "%d. Chacun écrit ici sous son nom, avec respect : « ce qu’on dirait en face "
		    "».\n\n",
		    i);
	const struct page page = { .place = "Charte", .text = buf_text(&text) };
	play(steps);
	assert_int_equal(ui_page(&it.ui, &page), ACT_BACK);
	buf_free(&text);
}

static void
test_page_everywhere(void **state)
{
	(void)state;
	everywhere(page_anywhere);
}

static void
test_charter(void **state)
{
	(void)state;
	static const struct step steps[] = { SEE("2 %"), TYPE("n"),
		SEE("Please read to the end first"), TYPE(TO_END), SEE("100 %"),
		SEE("Article 200."), TYPE("\r"), SEE("o for yes, x for no"), TYPE("n"), { 0 } };
	struct buf text = { 0 };
	for (int i = 1; i <= 200; i++)
		buf_fmt(&text, "Article %d.\n\n\n\n\n", i);
	const struct page page = { .place = "Charte",
		.text = buf_text(&text),
		.to_the_end = true,
		.acts = ACTS(ACT_YES) | ACTS(ACT_NO) };
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	play(steps);
	assert_int_equal(ui_page(&it.ui, &page), ACT_NO);
	buf_free(&text);
	stop();
}

static void
reader_anywhere(void)
{
	static const struct step steps[] = { TYPE("j"), TYPE("jjj"), TYPE(" "), TYPE(PAGE_UP),
		TYPE("\x0c"), TYPE("kkkk"), TYPE(TO_END), TYPE("\x0c"), TYPE("k"), TYPE("\x0c"),
		SIZE(27, 6), TYPE("k"), TYPE(PAGE_UP), SIZE(90, 40), { NUDGE, NULL, 0, 0 },
		TYPE(HOME), TYPE("r"), { 0 } };
	struct talk talk = { .count = 60 };
	struct reader reader = make_reader(&talk);
	play(steps);
	assert_int_equal(ui_reader(&it.ui, &reader), ACT_REPLY);
	assert_int_equal(reader.at, 5001);
}

static void
test_reader_everywhere(void **state)
{
	(void)state;
	everywhere(reader_anywhere);
}

static void
test_reader(void **state)
{
	(void)state;
	static const struct step steps[] = { SEE("Questions › Un local pour nos réunions ?"),
		SEE("5 messages"), SEE("Question ouverte depuis 3 jours"),
		CURSOR("▸  Alba Martin 1,"), SEE("no. 1"), TYPE("j"), CURSOR("▸  └ Alba Martin 2,"),
		TYPE("j"), CURSOR("▸●   └ Alba Martin 3,"), TYPE("k"), CURSOR("Martin 2,"),
		TYPE("r"), { 0 } };
	struct talk talk = { .count = 5 };
	struct reader reader = make_reader(&talk);
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	play(steps);
	assert_int_equal(ui_reader(&it.ui, &reader), ACT_REPLY);
	assert_int_equal(reader.at, 5002);
	/* Four fit on the screen with all their lines. */
	assert_int_equal(talk.seen_count, 4);

	/* Space reads on, and at the end leaves for what is next. */
	static const struct step on[] = { CURSOR("Martin 2,"), TYPE(" "), SEE("Fin 5."), TYPE(" "),
		{ 0 } };
	talk.seen_count = 0;
	play(on);
	assert_int_equal(ui_reader(&it.ui, &reader), ACT_NEXT);

	/* A long thread, opened in its midst, is not loaded whole; nor from its end. */
	static const struct step far[] = { CURSOR("Martin 1900,"), TYPE("k"), CURSOR("Martin 1899,"),
		TYPE(TO_END), CURSOR("Martin 2000,"), SEE("Fin 2000."),
		TYPE("kkkkkkkkkkkkkkkkkkkkkkkkk"), CURSOR("Martin 1975,"), TYPE(ESC), { 0 } };
	talk = (struct talk){ .count = 2000 };
	reader.at = 6900;
	play(far);
	assert_int_equal(ui_reader(&it.ui, &reader), ACT_BACK);
	assert_true(talk.fetched < 200);
	talk.fetched = talk.seen_count = 0;
	static const struct step again[] = { CURSOR("Martin 1975,"), TYPE("j"),
		CURSOR("Martin 1976,"), { NUDGE, NULL, 0, 0 }, CURSOR("Martin 1976,"), TYPE(ESC),
		{ 0 } };
	play(again);
	assert_int_equal(ui_reader(&it.ui, &reader), ACT_BACK);
	assert_true(talk.fetched < 200);
	/* At one that is gone it opens at the first. */
	static const struct step gone[] = { CURSOR("Martin 1,"), TYPE(ESC), { 0 } };
	reader.at = 9000;
	play(gone);
	assert_int_equal(ui_reader(&it.ui, &reader), ACT_BACK);
	stop();
}

static int
quoting_page(void *ctx, const struct post *from, int direction, int n, struct posts *out)
{
	talk_page(ctx, from, direction, n, out);
	for (int i = 0; i < out->count; i++)
		if (out->post[i].number == 2)
			post_text(&out->post[i].body, "Oui.\n> un\n> deux\n> trois\n>\n> cinq\nEt voilà.\n> a\n> b\n> c");
	return 0;
}

/* A quotation of over three lines is one line until it is opened; a nudge does not fold it again. */
static void
test_quotations(void **state)
{
	(void)state;
	static const struct step steps[] = { SEE("> … 5 lines quoted"), MISS("> trois"), SEE("Et voilà"),
		SEE("> c"), MISS("> quotation"), TYPE(">"), SEE("no long quotation"), TYPE("j"),
		CURSOR("Martin 2,"), TYPE(">"), SEE("> trois"), SEE("> cinq"), MISS("lines quoted"),
		{ NUDGE, NULL, 0, 0 }, SEE("> trois"), TYPE(">"), SEE("> … 5 lines quoted"),
		MISS("> trois"), TYPE(ESC), { 0 } };
	struct talk talk = { .count = 3 };
	struct reader reader = make_reader(&talk);
	reader.page = quoting_page;
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	play(steps);
	assert_int_equal(ui_reader(&it.ui, &reader), ACT_BACK);
	stop();
}

static void
test_long_message(void **state)
{
	(void)state;
	static const struct step steps[] = { CURSOR("Martin 3,"), SEE("ligne 5"), MISS("ligne 90"),
		TYPE("jj"), SEE("ligne 5"), TYPE(PAGE_DOWN), SEE("ligne 30"), TYPE("k"),
		TYPE(PAGE_DOWN PAGE_DOWN PAGE_DOWN), SEE("ligne 90"), TYPE("jjjjjj"), SEE("Fin 9."),
		TYPE("Q"), TYPE("o"), { 0 } };
	struct talk talk = { .count = 9, .long_third = true };
	struct reader reader = make_reader(&talk);
	reader.at = 5003;
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	play(steps);
	assert_int_equal(ui_reader(&it.ui, &reader), ACT_QUIT);
	stop();
}

/* Frames are dropped while the line is full; what was not shown was not seen. */
static void
test_full_line(void **state)
{
	(void)state;
	static const struct step steps[] = { { FULL, NULL, 0, 0 }, TYPE("jjj"), TYPE(" "),
		TYPE(TO_END), { ROOM, NULL, 0, 0 }, SEE("Fin 60."), TYPE(ESC), { 0 } };
	struct talk talk = { .count = 60 };
	struct reader reader = make_reader(&talk);
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	play(steps);
	assert_int_equal(ui_reader(&it.ui, &reader), ACT_BACK);
	assert_in_range(talk.seen_count, 2, 12);
	assert_in_range(it.frames, 2, 4);
	stop();
}

/* ---- the terminal ---- */

static void
test_open(void **state)
{
	(void)state;
	static const struct {
		const char *term;
		bool opens;
	} known[] = { { "xterm", true }, { "xterm-kitty", true }, { "xterm-ghostty", true },
		{ "foot", true }, { "tmux-new", true }, { "putty", true }, { "ansi", true },
		{ "dumb", false }, { "", false }, { "unknown", false } };
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		memset(&it, 0, sizeof it);
		it.terminal = (struct terminal){ .columns = 80,
			.rows = 24,
			.wait = wait_step,
			.write = take_output,
			.full = is_full,
			.restore = take_restore };
		snprintf(it.terminal.term, sizeof it.terminal.term, "%s", known[i].term);
		it.ui.title = "Palabre";
		it.vt = vterm_new(24, 80);
		assert_int_equal(full_open(&it.ui, &it.terminal), known[i].opens);
		/* newterm() would have taken these for itself. */
		struct sigaction now;
		assert_int_equal(sigaction(SIGTERM, NULL, &now), 0);
		assert_true(now.sa_handler == SIG_DFL);
		if (known[i].opens) {
			assert_true(it.restore.len);
			ui_close(&it.ui);
			assert_int_equal(it.restore.len, 0);
		}
		buf_free(&it.restore);
		vterm_free(it.vt);
	}
}

/* What is told for a fall brings the screen of before back, also from the midst of a frame. */
static void
test_restore(void **state)
{
	(void)state;
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	vterm_input_write(it.vt, it.restore.data, it.restore.len);
	vterm_input_write(it.vt, "\r$ ls", 5);
	struct menu menu = { .place = "Accueil", .lead = "Bonjour" };
	static const struct step steps[] = { SEE("Bonjour"), TYPE(ESC), { 0 } };
	vterm_input_write(it.vt, "\033[?1049h", 8);
	play(steps);
	assert_int_equal(ui_menu(&it.ui, &menu), ACT_BACK);
	vterm_input_write(it.vt, "\033[1;31", 7);
	vterm_input_write(it.vt, it.restore.data, it.restore.len);
	struct buf all = screen_text();
	assert_non_null(strstr(all.data, "$ ls"));
	assert_null(strstr(all.data, "Bonjour"));
	buf_free(&all);
	stop();
}

/* A hundred sizes while everything else goes on; and several sentences, none of which is lost. */
static void
test_sizes(void **state)
{
	(void)state;
	static struct step steps[220];
	int n = 0;
	for (int i = 0; i < 100; i++) {
		steps[n++] = (struct step)SIZE(20 + i * 37 % 180, 4 + i * 13 % 56);
		steps[n++] = (struct step)TYPE(i % 3 ? "j" : PAGE_DOWN);
	}
	steps[n++] = (struct step)SIZE(80, 24);
	steps[n++] = (struct step)TYPE("n");
	steps[n] = (struct step){ 0 };
	struct shelf shelf = { .count = 5000 };
	struct list list = make_list(&shelf);
	start("xterm-256color", CHARSET_UTF8, 80, 24);
	play(steps);
	assert_int_equal(ui_list(&it.ui, &list), ACT_NEW);
	static const struct step said[] = { SEE("Phrase 1."), MISS("Phrase 9."), TYPE("j"),
		SEE("Phrase 9."), TYPE("j"), MISS("Phrase"), TYPE(ESC), { 0 } };
	resize(40, 12);
	for (int i = 1; i <= 9; i++)
		ui_say(&it.ui, "Phrase %d. Elle est assez longue pour deux lignes.", i);
	static const struct step slow[] = { SEE("Phrase 1."), TYPE("j"), TYPE("j"), TYPE("j"),
		TYPE("j"), SEE("Phrase 9."), TYPE("j"), MISS("Phrase"), TYPE(ESC), { 0 } };
	(void)said;
	play(slow);
	assert_int_equal(ui_list(&it.ui, &list), ACT_BACK);
	stop();
}

int
main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	charset_init();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_menu_everywhere),
		cmocka_unit_test(test_menu),
		cmocka_unit_test(test_menu_on_one_line),
		cmocka_unit_test(test_menu_refresh),
		cmocka_unit_test(test_word),
		cmocka_unit_test(test_word_goes),
		cmocka_unit_test(test_list_everywhere),
		cmocka_unit_test(test_list), cmocka_unit_test(test_list_filtered), cmocka_unit_test(test_list_narrow), cmocka_unit_test(test_list_lead),
		cmocka_unit_test(test_list_empty),
		cmocka_unit_test(test_page_everywhere),
		cmocka_unit_test(test_charter),
		cmocka_unit_test(test_reader_everywhere),
		cmocka_unit_test(test_reader),
		cmocka_unit_test(test_quotations),
		cmocka_unit_test(test_long_message),
		cmocka_unit_test(test_full_line),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_restore),
		cmocka_unit_test(test_sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
