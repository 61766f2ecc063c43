/*
 * The demonstration: an invented network on the real map, the same for the same seed and time. All of
 * it is made by the functions that people's doings go through, in one transaction, with the clock set
 * back. What people say stands in data/demo/threads.txt.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/log.h"
#include "bbs/base/text.h"
#include "db/demo.h"
#include "db/embed.h"
#include "db/forum.h"
#include "db/member.h"

#define PASSWORD "demonstration"
#define HOME_NAME "Les Cigales"
#define HOME_COMMUNE "30189"

SQL_READ(first_member, "SELECT id FROM member WHERE id > 1 ORDER BY id LIMIT 1");
SQL_WHOLE(big_towns, "SELECT code, population FROM commune WHERE department = :department"
    " ORDER BY population DESC, code LIMIT :n");

static const struct {
	const char *code;
	int councils;
} departments[] = {
	{ DEMO_DEPARTMENT, 8 }, { "59", 7 }, { "13", 6 }, { "69", 6 }, { "93", 6 }, { "34", 5 },
	{ "33", 4 }, { "49", 4 }, { "67", 4 }, { "76", 4 }, { "974", 4 }, { "35", 3 },
};
enum { DEPARTMENTS = sizeof departments / sizeof *departments };

/* Names that would be strange on the continent. */
static const char *const tropical[] = { "Bois de Nèfles Bas", "La Sucrerie", "Les Alizés", "Les Filaos",
	"Les Flamboyants", "Les Manguiers", "Mon Plaisir", "Morne Fleuri", "Ravine Claire" };

/* Whom a visitor of the demonstration may be, by the same password. */
const struct demo_account demo_accounts[DEMO_ACCOUNTS] = {
	{ "alba", "Alba", "Ferreira", NULL, ROLE_MEMBER, 6 * 24 + 3, NULL,
	  N_("member of the council Les Cigales, Nîmes") },
	{ "bruno", "Bruno", "Diallo", NULL, ROLE_MEMBER, 3 * 24,
	  "Le composteur de la place est arrivé : on l’inaugure samedi à 10 h, avec des crêpes.",
	  N_("member of the same council") },
	{ "denise", "Denise", "Marchand", DEMO_DEPARTMENT, ROLE_ANIMATOR, 2 * 24,
	  "Merci à tous pour la réunion d’hier !", N_("animator of the Gard") },
	{ "odile", "Odile", "Garnier", NULL, ROLE_SYSOP, 24, NULL, N_("sysop") },
};

/* Animators besides Denise; "" the whole network. */
static const char *const animated[] = { "59", "" };

/* Those who wait. `place`: their council, of those in the Gard; -1: one without members. */
static const struct {
	const char *login, *given, *family, *about;
	int place, hours;
} waiting[] = {
	{ NULL, NULL, NULL, "Je tiens la bibliothèque de rue du mercredi avec deux voisines. On m’a "
	  "parlé de vous à la fête du quartier.", 2, 40 },
	{ "maya", "Maya", "Sow", "J’habite le bâtiment C depuis 2009 et je viens aux réunions depuis "
	  "l’automne. J’aimerais suivre le dossier des transports.", 0, 31 },
	{ NULL, NULL, NULL, "Je viens d’arriver dans le quartier et je voudrais aider à relancer le "
	  "conseil, qui ne se réunit plus.", -1, 9 },
	{ NULL, NULL, NULL, "Retraité de la poste, disponible tous les après-midi.", 0, 4 },
};
enum { WAITING = sizeof waiting / sizeof *waiting };

static const char *const descriptions[] = {
	"",
	"Le conseil se réunit le premier mardi du mois à 18 h 30, au centre social. La porte est ouverte.",
	"Vingt-deux membres, habitants et associations. Nous tenons un jardin partagé et un fonds de "
	"participation.",
	"Conseil renouvelé l’an dernier, par tirage au sort. Nos sujets : le cadre de vie, l’école, les "
	"transports.",
	"Permanence le samedi matin de 10 h à 12 h, au local des locataires.",
	"Un petit conseil qui cherche du monde : venez comme vous êtes.",
};
enum { DESCRIPTIONS = sizeof descriptions / sizeof *descriptions };

int
demo_draw(struct demo *d, int n)
{
	/* Steele and Vigna's splitmix64. */
	uint64_t z = d->random += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return n > 0 ? (int)((z ^ z >> 31) % (uint64_t)n) : 0;
}

void
demo_expect(struct demo *d, int answer)
{
	if (answer < 0 && !d->answer)
		d->answer = answer;
}

/* ---- tables ---- */

const char *
demo_text(const char *name)
{
	for (const struct embedded *e = embedded; e->name; e++)
		if (!strcmp(e->name, name))
			return e->data;
	die("%s is not inside the program", name);
}

/* The first column of a table, without its heading. */
static void
read_lines(const char *name, struct lines *out)
{
	char *rest = out->text = mem_dup(demo_text(name)), *line;
	while ((line = strsep(&rest, "\n")) && out->count < LINES) {
		line[strcspn(line, "\t")] = '\0';
		if (*line && *line != '#')
			out->line[out->count++] = line;
	}
}

static void
shuffle(struct demo *d, struct lines *l)
{
	for (int i = l->count - 1; i > 0; i--) {
		int k = demo_draw(d, i + 1);
		char *other = l->line[i];
		l->line[i] = l->line[k];
		l->line[k] = other;
	}
}

/* ---- councils ---- */

static bool
is_tropical(const char *name)
{
	for (size_t i = 0; i < sizeof tropical / sizeof *tropical; i++)
		if (!strcmp(tropical[i], name))
			return true;
	return false;
}

/* Takes a quarter's name out of the list: one of the islands for an island. */
static const char *
take_name(struct demo *d, bool island)
{
	for (int i = 0; i < d->quarters.count; i++) {
		char *name = d->quarters.line[i];
		if (strcmp(name, HOME_NAME) != 0 && is_tropical(name) == island) {
			d->quarters.line[i] = d->quarters.line[--d->quarters.count];
			return name;
		}
	}
	die("no name is left for a council");
}

/* Letters and digits, dashes between: for addresses. */
static void
slug(struct buf *out, const char *name)
{
	struct buf folded = { 0 };
	text_fold(&folded, name);
	for (const char *s = buf_text(&folded); *s; s++) {
		bool letter = (*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9');
		if (letter)
			buf_char(out, *s);
		else if (out->len && out->data[out->len - 1] != '-')
			buf_char(out, '-');
	}
	buf_free(&folded);
}

/* Its number is of those that are never given to anybody. */
void
demo_describe(struct demo *d, struct council *c, const char *given, const char *family)
{
	struct buf name = { 0 };
	slug(&name, buf_text(&c->name));
	buf_fmt(&c->email, "conseil.%s@example.org", buf_text(&name));
	if (!demo_draw(d, 3))
		buf_fmt(&c->page, "https://example.org/%s", buf_text(&name));
	buf_str(&c->description, descriptions[demo_draw(d, DESCRIPTIONS)]);
	buf_free(&name);
	if (!*given)
		return;
	buf_fmt(&c->resource_name, "%s %s", given, family);
	slug(&name, buf_text(&c->resource_name));
	buf_fmt(&c->resource_email, "%s@example.org", buf_text(&name));
	buf_fmt(&c->resource_phone, "06 39 98 %02d %02d", demo_draw(d, 100), demo_draw(d, 100));
	c->resource_public = !demo_draw(d, 4);
	buf_free(&name);
}

/* One of the big towns of a département, the bigger the likelier. */
static void
draw_town(struct demo *d, const char *department, char code[8])
{
	char codes[BIG_TOWNS][8];
	int people[BIG_TOWNS], n = 0, sum = 0;
	struct query *q = db_query(d->db, big_towns, T("department", department), I("n", BIG_TOWNS));
	while (db_next(q)) {
		snprintf(codes[n], sizeof codes[n], "%s", db_text(q, 0));
		sum += people[n++] = (int)db_int(q, 1) + 1;
	}
	if (!n)
		die("no town in %s", department);
	int at = demo_draw(d, sum), i = 0;
	while (i < n - 1 && at >= people[i])
		at -= people[i++];
	memcpy(code, codes[i], sizeof codes[i]);
}

/* Draws a name that nobody bears yet. */
static struct person *
draw_person(struct demo *d, int council)
{
	struct person *p = &d->person[d->person_count];
	bool known = true;
	for (int tries = 0; known && tries < 100; tries++) {
		known = false;
		p->given = d->given.line[demo_draw(d, d->given.count)];
		p->family = d->family.line[demo_draw(d, d->family.count)];
		for (int i = 0; i < d->person_count; i++)
			known |= d->person[i].given == p->given && d->person[i].family == p->family;
	}
	p->council = council;
	d->person_count++;
	return p;
}

static void
make_council(struct demo *d, const char *department)
{
	static const int households[] = { 0, 1, 1, 2, 2, 3, 3, 4, 5, 6 };
	int i = d->council_count++;
	struct council *c = &d->council[i];
	char code[8] = HOME_COMMUNE;
	if (i)
		draw_town(d, department, code);
	buf_str(&c->name, i ? take_name(d, strlen(department) == 3) : HOME_NAME);
	buf_str(&c->communes, code);
	int n = d->members[i] = i ? households[demo_draw(d, 10)] : HOUSEHOLD;
	/* Alba and Bruno are of the first. */
	const struct person *resource = n > 1 ? &d->person[d->person_count] : NULL;
	for (int k = i ? 0 : 2; k < n; k++)
		draw_person(d, i);
	demo_describe(d, c, resource ? resource->given : "", resource ? resource->family : "");
}

static void
make_councils(struct demo *d)
{
	for (int i = 0; i < DEPARTMENTS; i++)
		for (int k = 0; k < departments[i].councils; k++)
			make_council(d, departments[i].code);
	demo_expect(d, council_put_all(d->db, d->council, d->council_count, d->answers));
	for (int i = 0; i < d->council_count; i++)
		demo_expect(d, d->answers[i]);
}

/* Two councils of three have looked over their sheets within the year. */
static void
check_sheets(struct demo *d)
{
	for (int i = 0; i < d->council_count; i++)
		if (i % 3) {
			clock_set(d->now - (int64_t)(7 + i * 29 % 330) * DAY);
			demo_expect(d, council_found_right(d->db, d->council[i].id));
		}
}

/* The themes come with the store; one of them is opened to visitors. */
static void
open_board(struct demo *d)
{
	struct board board;
	demo_expect(d, board_find(d->db, "actualites", &board));
	buf_cut(&board.about, 0);
	buf_str(&board.about, "Nouvelles des conseils ; les visiteurs les lisent aussi");
	snprintf(board.level, sizeof board.level, "public");
	demo_expect(d, board_put(d->db, &board));
	board_free(&board);
}

/* ---- people ---- */

static void
add_person(struct demo *d, struct person *p, const char *login, const char *password, enum role role,
    const char *territory)
{
	struct buf name = { 0 }, email = { 0 };
	item_id council = { 0 };
	if (p->council >= 0)
		council = d->council[p->council].id;
	if (login)
		buf_str(&name, login);
	else
		member_propose_login(d->db, p->given, p->family, &name);
	buf_fmt(&email, "%s@example.org", buf_text(&name));
	struct sign_up s = { .login = buf_text(&name), .email = buf_text(&email), .given = p->given,
		.family = p->family, .password = password, .language = "fr", .letter = demo_draw(d, 2),
		.council = council };
	demo_expect(d, member_add(d->db, &s, role, territory, &p->id));
	buf_free(&name);
	buf_free(&email);
}

/* People sleep. */
int64_t
demo_awake(struct demo *d, int64_t when)
{
	int64_t hour = when % DAY / HOUR;
	if (hour > 5 && hour < 21)
		return when;
	return when - when % DAY + (hour >= 21 ? DAY : 0) + 6 * HOUR + demo_draw(d, 4 * HOUR);
}

/* Each a few days after the one before, all of them before the talk begins. */
static void
let_days_pass(struct demo *d, int i)
{
	int64_t span = (int64_t)(AGE - TALK - 10) * DAY;
	clock_set(demo_awake(d, d->now - (int64_t)AGE * DAY + i * span / d->person_count));
}

static void
make_members(struct demo *d)
{
	for (int i = 0; i < DEMO_ACCOUNTS; i++) {
		const struct demo_account *a = &demo_accounts[i];
		let_days_pass(d, i);
		add_person(d, &d->person[i], a->login, PASSWORD, a->role, a->territory);
	}
	for (int i = DEMO_ACCOUNTS, before = -1; i < d->person_count; i++) {
		struct person *p = &d->person[i];
		bool first = p->council != before;
		before = p->council;
		let_days_pass(d, i);
		if (p->council < 0)
			add_person(d, p, NULL, "", ROLE_ANIMATOR, animated[d->person_count - 1 - i]);
		else
			add_person(d, p, NULL, "",
			    first && d->members[p->council] > 1 ? ROLE_RESOURCE : ROLE_MEMBER, NULL);
	}
}

/* Names and households are drawn before the councils are written, whose sheets tell of people. */
static void
draw_accounts(struct demo *d)
{
	for (int i = 0; i < DEMO_ACCOUNTS; i++)
		d->person[d->person_count++] = (struct person){
			.council = i <= DEMO_BRUNO ? 0 : -1,
			.given = demo_accounts[i].given,
			.family = demo_accounts[i].family,
		};
}

static int
empty_council(const struct demo *d)
{
	for (int i = 0; i < d->council_count; i++)
		if (!d->members[i])
			return i;
	return d->council_count - 1;
}

static void
sign_up(struct demo *d, int i)
{
	struct buf login = { 0 }, email = { 0 };
	int place = waiting[i].place < 0 ? empty_council(d) : waiting[i].place;
	struct person *p = draw_person(d, place);
	const char *given = waiting[i].given ? waiting[i].given : p->given;
	const char *family = waiting[i].family ? waiting[i].family : p->family;
	if (waiting[i].login)
		buf_str(&login, waiting[i].login);
	else
		member_propose_login(d->db, given, family, &login);
	buf_fmt(&email, "%s@example.org", buf_text(&login));
	struct sign_up s = { .login = buf_text(&login), .email = buf_text(&email), .given = given,
		.family = family, .password = PASSWORD, .about = waiting[i].about, .language = "fr",
		.letter = true, .council = d->council[place].id, .charter = charter_get(d->db, NULL) };
	clock_set(d->now - (int64_t)waiting[i].hours * HOUR);
	db_set_viewer(d->db, NOBODY);
	demo_expect(d, member_sign_up(d->db, &s, &p->id));
	if (waiting[i].login) {
		enum member_state state;
		clock_set(d->now - (int64_t)waiting[i].hours * HOUR * 2 / 3);
		db_set_viewer(d->db, d->person[DEMO_BRUNO].id);
		demo_expect(d, candidate_yes(d->db, p->id, &state));
	}
	buf_free(&login);
	buf_free(&email);
}

/* ---- all of it ---- */

static void
fill(struct demo *d, const struct demo_size *size)
{
	read_lines("data/demo/given.tsv", &d->given);
	read_lines("data/demo/family.tsv", &d->family);
	read_lines("data/demo/quarters.tsv", &d->quarters);
	shuffle(d, &d->quarters);
	clock_set(d->now - (int64_t)AGE * DAY);
	demo_expect(d, db_set_setting(d->db, "demo", "1"));
	demo_expect(d, charter_set(d->db, demo_text("data/demo/charter.fr.txt")));
	open_board(d);
	draw_accounts(d);
	make_councils(d);
	check_sheets(d);
	for (size_t i = 0; i < sizeof animated / sizeof *animated; i++)
		draw_person(d, -1);
	make_members(d);
	demo_read_talks(d);
	if (size->councils > d->council_count || size->members || size->posts || size->files)
		demo_grow(d, size);
	demo_talk(d);
	for (int i = 0; i < WAITING && !d->answer; i++)
		sign_up(d, i);
	demo_files(d);
}

static void
drop(struct demo *d)
{
	for (int i = 0; i < d->council_count; i++)
		council_free(&d->council[i]);
	for (int i = 0; i < d->talk_count; i++) {
		free(d->talk[i].title);
		for (int k = 0; k < d->talk[i].count; k++)
			buf_free(&d->talk[i].message[k].body);
	}
	free(d->given.text);
	free(d->family.text);
	free(d->quarters.text);
	free(d);
}

int
demo_fill(struct db *db, unsigned seed, const struct demo_size *size)
{
	member_id viewer = db_viewer(db);
	if (!may(db, MAY_RUN_MACHINE, (item_id){ 0 }))
		return E_DENIED;
	db_spend(db, size->posts > 0 || size->files > 0);
	int r = db_begin_all(db);
	if (r)
		return r;
	struct demo *d = mem_alloc(sizeof *d);
	d->db = db;
	d->random = seed;
	d->now = clock_now();
	if (db_one(db, first_member, 0))
		d->answer = E_EXISTS;
	else
		fill(d, size);
	clock_set(0);
	db_set_viewer(db, viewer);
	if (d->answer)
		db_fail(db, d->answer);
	drop(d);
	r = db_commit_all(db);
	db_spend(db, false);
	return r;
}

bool
demo_present(struct db *db)
{
	struct buf value = { 0 };
	db_setting(db, "demo", &value);
	bool present = !strcmp(buf_text(&value), "1");
	buf_free(&value);
	return present;
}

static void
tell_one(struct buf *out, const char *host, int port, const char *login, const char *what)
{
	struct buf line = { 0 };
	buf_fmt(&line, "  ssh -p %d %s@%s", port, login, host);
	text_pad(out, buf_text(&line), line.len > 38 ? (int)line.len : 38, NULL);
	buf_fmt(out, "  %s\n", what);
	buf_free(&line);
}

void
demo_tell(struct db *db, const char *host, int port, struct buf *out)
{
	if (!demo_present(db))
		return;
	buf_fmt(out, _("A demonstration: the people and what they say are invented. The password of all "
		       "of them is “%s”.\n"), PASSWORD);
	for (int i = 0; i < DEMO_ACCOUNTS; i++)
		tell_one(out, host, port, demo_accounts[i].login, _(demo_accounts[i].told));
	for (int i = 0; i < WAITING; i++)
		if (waiting[i].login)
			tell_one(out, host, port, waiting[i].login,
			    _("candidate, who waits for a second yes"));
	tell_one(out, host, port, "nouveau", _("to sign up, without a password"));
	tell_one(out, host, port, "visiteur", _("to look around, without an account"));
}
