/*
 * The full face under chance: keys, sizes, nudges, full lines and vanishing rows in any order, from
 * fixed seeds. After every second event everything is drawn anew, and has to be what the
 * differences had made.
 */
#include "tests/screen.h"

enum { SEEDS = 60, EVENTS = 300 };

static struct {
	uint32_t seed;
	int left, turn, posts;
	struct shelf shelf;
	struct buf before; /* the screen when Ctrl-L was typed */
} chance;

static int
below(int n)
{
	chance.seed = chance.seed * 1103515245u + 12345u;
	return (int)((chance.seed >> 16) % (uint32_t)n);
}

static const char *const typed[] = { "j", "k", " ", UP, DOWN, LEFT, RIGHT, PAGE_DOWN, PAGE_UP, HOME,
	TO_END, "\x0c", "/", "a", "p", "\x7f", "\t", "\r", "?", "x", "q", "n", "\x13", "\x07", "é",
	"jjjjjjjj", "kkkkkkkk", PAGE_DOWN PAGE_DOWN PAGE_DOWN, "   ",
	"\x1b[200~collé\rdeux\x1b[201~", "\x03", "\x0b", "\x15", "\x1a", "y", "o", "\xff\xfe",
	"\x1b[", ESC };
enum { TYPED = sizeof typed / sizeof *typed };

static unsigned
any_event(struct terminal *terminal, int ms)
{
	if (!it.full)
		look();
	if (chance.before.data && !it.full) {
		struct buf now = screen_text();
		assert_string_equal(chance.before.data, buf_text(&now));
		buf_free(&now);
		buf_free(&chance.before);
	}
	if (chance.left-- <= 0) {
		terminal->ended = true;
		it.full = false;
		return TERMINAL_END;
	}
	if (ms >= 0 && ms <= 50)
		return TERMINAL_TIME;
	if (chance.turn++ % 2 == 0 && !it.full && it.frames && !it.ui.said.len) {
		chance.before = screen_text();
		buf_str(&terminal->input, "\x0c");
		return TERMINAL_INPUT;
	}
	switch (below(40)) {
	case 0:
		resize(20 + below(181), 4 + below(57));
		return TERMINAL_SIZE;
	case 1:
		return TERMINAL_NUDGE;
	case 2:
		it.full = !it.full;
		return TERMINAL_ROOM;
	case 3:
		chance.shelf.count = below(300);
		chance.posts = below(300);
		return TERMINAL_NUDGE;
	case 4:
		chance.shelf.gone = below(300);
		return TERMINAL_NUDGE;
	default:
		buf_str(&terminal->input, typed[below(TYPED)]);
		return TERMINAL_INPUT;
	}
}

/* ---- one of each screen, with anything in it ---- */

static int
any_posts(void *ctx, const struct post *from, int direction, int n, struct posts *out)
{
	(void)ctx;
	int i = !from ? direction > 0 ? 0 : chance.posts + 1
	    : from->key ? atoi(from->key)
			: (int)from->id;
	if (from && (i < 1 || i > chance.posts))
		return 0;
	for (i += direction; i > 0 && i <= chance.posts && out->count < n; i += direction) {
		char key[16];
		struct buf body = { 0 };
		snprintf(key, sizeof key, "%08d", i);
		struct post *p = posts_add(out, i, key);
		p->number = i;
		p->depth = i * 7 % 23;
		p->is_new = i % 3 == 0;
		post_text(&p->who, "Alba Martin, Pissevin");
		post_text(&p->when, "mardi 17 mars");
		for (int k = 0; k < (i % 9 ? i % 5 : 80); k++)
			buf_str(&body,
			    "> Depuis janvier nous n’avons plus de salle.\nUne ligne plus longue "
			    "que les autres pour qu’elle se coupe quelque part.\n");
		post_text(&p->body, body.data);
		post_text(&p->note, i % 11 ? NULL : "masqué");
		buf_free(&body);
	}
	return 0;
}

static void
any_list(void)
{
	struct list list = make_list(&chance.shelf);
	list.lead = below(2) ? "Une phrase au-dessus." : NULL;
	list.at = below(2) ? 1000 + below(300) : 0;
	ui_list(&it.ui, &list);
}

static void
any_menu(void)
{
	struct choice choices[] = { { 1, "À valider", "2 personnes attendent votre oui", true,
					true },
		{ 2, "Réponses", NULL, true, false }, { 3, "&Forum", NULL, false, false },
		{ 4, "Mon &conseil", "4 personnes", false, false },
		{ 5, "&Salons", NULL, false, false } };
	struct menu menu = { .place = "Accueil",
		.right = "moi",
		.lead = "Bonjour.\n\nDeux.",
		.choices = choices,
		.choice_count = below(6),
		.at = below(6),
		.acts = ACTS(ACT_NEXT) | ACTS(ACT_SEARCH) };
	ui_menu(&it.ui, &menu);
}

static void
any_thread(void)
{
	struct reader reader = { .place = "Forum",
		.title = "Un local",
		.lead = below(2) ? "Depuis 3 jours" : NULL,
		.page = any_posts,
		.acts = below(2) ? ACTS(ACT_REPLY) | ACTS(ACT_NEXT) : 0,
		.at = below(2) ? below(300) : 0 };
	ui_reader(&it.ui, &reader);
}

static bool
any_pick(void *ctx, struct ui *ui, struct field *field, const char *text)
{
	(void)ctx;
	struct list list = make_list(&chance.shelf);
	snprintf(list.filter, sizeof list.filter, "%.60s", text);
	if (ui_list(ui, &list) != ACT_OPEN)
		return false;
	buf_cut(&field->shown, 0);
	buf_str(&field->shown, "choisi");
	return true;
}

static void
any_form(void)
{
	static const char *const options[] = { "Un", "Deux", "Trois", NULL };
	struct field fields[] = {
		{ .kind = FIELD_TEXT, .label = "Nom", .rule = "court", .max = 20 },
		{ .kind = FIELD_SECRET, .label = "Mot de passe", .max = 20 },
		{ .kind = FIELD_CHOICE, .label = "Choix", .options = options },
		{ .kind = FIELD_YES_NO, .label = "Lettre" },
		{ .kind = FIELD_PICK, .label = "Conseil", .max = 20, .pick = any_pick }
	};
	struct form form = { .place = "Inscription",
		.lead = "Sur vous.",
		.fields = fields,
		.field_count = below(6) };
	ui_form(&it.ui, &form);
	form.field_count = 5;
	form_free(&form);
}

static void
any_text(void)
{
	struct edit edit = { .place = "Écrire",
		.lead = "Qui verra",
		.max = 500,
		.quote = "Une question\nsur deux lignes" };
	ui_edit(&it.ui, &edit);
	buf_free(&edit.text);
}

static void
any_question(void)
{
	struct buf value = { 0 };
	const struct page page = { .place = "Aide",
		.text = "Un.\n\nDeux trois quatre cinq.\n\n\nFin.",
		.acts = ACTS(ACT_EDIT),
		.to_the_end = below(2) };
	ui_ask(&it.ui, "Retirer Alba Martin du conseil ?");
	ui_line(&it.ui, "Commune", "le nom", &value, 40, below(2));
	ui_page(&it.ui, &page);
	buf_free(&value);
}

static void
test_chance(void **state)
{
	(void)state;
	static void (*const screens[])(void) = { any_list, any_menu, any_thread, any_thread,
		any_form, any_text, any_question };
	for (int seed = 0; seed < SEEDS; seed++) {
		chance.seed = (uint32_t)seed * 7919 + 1;
		chance.left = EVENTS;
		chance.shelf = (struct shelf){ .count = below(300) };
		chance.posts = below(300);
		start(terms[below(3)], charsets[below(CHARSETS)], 20 + below(181), 4 + below(57));
		it.terminal.wait = any_event;
		while (chance.left > 0) {
			if (below(4) == 0)
				ui_say(
				    &it.ui, "Une phrase %d qui est dite pour voir.", chance.left);
			screens[below(7)]();
		}
		it.full = false;
		stop();
		buf_free(&chance.before);
	}
}

int
main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	charset_init();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chance),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
