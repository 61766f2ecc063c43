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
#include "db/embed.h"
#include "db/engine.h"

enum {
	MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR,
	COUNCILS = 61, HOUSEHOLD = 6, PEOPLE = COUNCILS * HOUSEHOLD + 8,
	THREADS = 100, LETTERS = 8, MESSAGES = 9, LINES = 400,
	BIG_TOWNS = 12,
	AGE = 600,      /* days since the first of them came */
	TALK = 42,      /* days over which the threads are spread */
};

#define PASSWORD "demonstration"
#define HOME_NAME "Les Cigales"
#define HOME_COMMUNE "30189"
#define HOME_DEPARTMENT "30"

SQL_READ(first_member, "SELECT id FROM member WHERE id > 1 ORDER BY id LIMIT 1");
SQL_WHOLE(big_towns, "SELECT code, population FROM commune WHERE department = :department"
    " ORDER BY population DESC, code LIMIT :n");

static const struct {
	const char *code;
	int councils;
} departments[] = {
	{ HOME_DEPARTMENT, 8 }, { "59", 7 }, { "13", 6 }, { "69", 6 }, { "93", 6 }, { "34", 5 }, { "33", 4 },
	{ "49", 4 }, { "67", 4 }, { "76", 4 }, { "974", 4 }, { "35", 3 },
};
enum { DEPARTMENTS = sizeof departments / sizeof *departments };

/* Names that would be strange on the continent. */
static const char *const tropical[] = { "Bois de Nèfles Bas", "La Sucrerie", "Les Alizés", "Les Filaos",
	"Les Flamboyants", "Les Manguiers", "Mon Plaisir", "Morne Fleuri", "Ravine Claire" };

static const struct {
	const char *slug, *title, *about, *level;
} themes[] = {
	{ "projets", "Projets", "Ce que nous montons, et ce que nous en apprenons", "members" },
	{ "actualites", "Actualités", "Nouvelles des conseils ; les visiteurs les lisent aussi", "public" },
	{ "questions", "Questions", "Demander, et répondre", "members" },
	{ "besoins", "Besoins et suggestions", "Ce qui manque, et ce que l’on peut prêter", "members" },
};
enum { THEMES = sizeof themes / sizeof *themes };

/* Whom a visitor of the demonstration may be, by the same password. `visit`: hours since the last one. */
static const struct account {
	const char *login, *given, *family, *territory;
	enum role role;
	int visit;
	const char *told;
} accounts[] = {
	{ "alba", "Alba", "Ferreira", NULL, ROLE_MEMBER, 6 * 24 + 3, N_("member of the council Les Cigales, Nîmes") },
	{ "bruno", "Bruno", "Diallo", NULL, ROLE_MEMBER, 3 * 24, N_("member of the same council") },
	{ "denise", "Denise", "Marchand", HOME_DEPARTMENT, ROLE_ANIMATOR, 2 * 24, N_("animator of the Gard") },
	{ "odile", "Odile", "Garnier", NULL, ROLE_SYSOP, 24, N_("sysop") },
};
enum { ACCOUNTS = sizeof accounts / sizeof *accounts, ALBA = 0, BRUNO = 1, DENISE = 2 };

/* Animators besides Denise; "" the whole network. */
static const char *const animated[] = { "59", "" };

/* Those who wait. `place`: their council, of those in the Gard; -1: one without members. */
static const struct {
	const char *login, *given, *family, *about;
	int place, hours;
} waiting[] = {
	{ NULL, NULL, NULL, "Je tiens la bibliothèque de rue du mercredi avec deux voisines. On m’a parlé de vous "
	  "à la fête du quartier.", 2, 40 },
	{ "maya", "Maya", "Sow", "J’habite le bâtiment C depuis 2009 et je viens aux réunions depuis l’automne. "
	  "J’aimerais suivre le dossier des transports.", 0, 31 },
	{ NULL, NULL, NULL, "Je viens d’arriver dans le quartier et je voudrais aider à relancer le conseil, qui ne "
	  "se réunit plus.", -1, 9 },
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

struct lines {
	char *line[LINES];
	int count;
	char *text;
};

struct person {
	member_id id;
	int council;  /* -1 none */
	char *given, *family;
};

struct message {
	int answers, letter;
	int64_t at;
	item_id id;
	struct buf body;
};

struct talk {
	char slug[40];
	char *title;
	int count, letters;
	int author[LETTERS]; /* of each letter, in people[] */
	struct message message[MESSAGES];
};

struct demo {
	struct db *db;
	uint64_t random;
	int64_t now;
	int answer;     /* the first trouble */
	struct lines given, family, quarters;
	struct council council[COUNCILS];
	int members[COUNCILS], answers[COUNCILS];
	int council_count;
	struct person person[PEOPLE];
	int person_count;
	struct talk talk[THREADS];
	int talk_count, lately;
};

/* A number from 0 to n - 1. */
static int
draw(struct demo *d, int n)
{
	/* Steele and Vigna's splitmix64. */
	uint64_t z = d->random += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (int)((z ^ z >> 31) % (uint64_t)n);
}

static void
expect(struct demo *d, int answer)
{
	if (answer < 0 && !d->answer)
		d->answer = answer;
}

/* ---- tables ---- */

static const char *
embedded_text(const char *name)
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
	char *rest = out->text = mem_dup(embedded_text(name)), *line;
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
		int k = draw(d, i + 1);
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

/* The words of a sheet. Its number is of those that are never given to anybody. */
static void
describe(struct demo *d, struct council *c, const struct person *resource)
{
	struct buf name = { 0 };
	slug(&name, buf_text(&c->name));
	buf_fmt(&c->email, "conseil.%s@example.org", buf_text(&name));
	if (!draw(d, 3))
		buf_fmt(&c->page, "https://example.org/%s", buf_text(&name));
	buf_str(&c->description, descriptions[draw(d, DESCRIPTIONS)]);
	buf_free(&name);
	if (!resource)
		return;
	buf_fmt(&c->resource_name, "%s %s", resource->given, resource->family);
	slug(&name, buf_text(&c->resource_name));
	buf_fmt(&c->resource_email, "%s@example.org", buf_text(&name));
	buf_fmt(&c->resource_phone, "06 39 98 %02d %02d", draw(d, 100), draw(d, 100));
	c->resource_public = !draw(d, 4);
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
	int at = draw(d, sum), i = 0;
	while (at >= people[i])
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
		p->given = d->given.line[draw(d, d->given.count)];
		p->family = d->family.line[draw(d, d->family.count)];
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
	int n = d->members[i] = i ? households[draw(d, 10)] : HOUSEHOLD;
	/* Alba and Bruno are of the first. */
	const struct person *resource = n > 1 ? &d->person[d->person_count] : NULL;
	for (int k = i ? 0 : 2; k < n; k++)
		draw_person(d, i);
	describe(d, c, resource);
}

static void
make_councils(struct demo *d)
{
	for (int i = 0; i < DEPARTMENTS; i++)
		for (int k = 0; k < departments[i].councils; k++)
			make_council(d, departments[i].code);
	expect(d, council_put_all(d->db, d->council, d->council_count, d->answers));
	for (int i = 0; i < d->council_count; i++)
		expect(d, d->answers[i]);
}

static void
make_boards(struct demo *d)
{
	for (int i = 0; i < THEMES; i++) {
		struct board board = { 0 };
		if (board_find(d->db, themes[i].slug, &board)) {
			board.position = 10 * (i + 1);
			buf_str(&board.slug, themes[i].slug);
			buf_str(&board.title, themes[i].title);
			buf_str(&board.about, themes[i].about);
		}
		snprintf(board.level, sizeof board.level, "%s", themes[i].level);
		expect(d, board_put(d->db, &board));
		board_free(&board);
	}
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
		.family = p->family, .password = password, .language = "fr", .letter = draw(d, 2),
		.council = council };
	expect(d, member_add(d->db, &s, role, territory, &p->id));
	buf_free(&name);
	buf_free(&email);
}

/* People sleep. */
static int64_t
awake(struct demo *d, int64_t when)
{
	int64_t hour = when % DAY / HOUR;
	if (hour > 5 && hour < 21)
		return when;
	return when - when % DAY + (hour >= 21 ? DAY : 0) + 6 * HOUR + draw(d, 4 * HOUR);
}

/* Each a few days after the one before, all of them before the talk begins. */
static void
let_days_pass(struct demo *d, int i)
{
	int64_t span = (int64_t)(AGE - TALK - 10) * DAY;
	clock_set(awake(d, d->now - (int64_t)AGE * DAY + i * span / d->person_count));
}

static void
make_members(struct demo *d)
{
	for (int i = 0; i < ACCOUNTS; i++) {
		const struct account *a = &accounts[i];
		let_days_pass(d, i);
		add_person(d, &d->person[i], a->login, PASSWORD, a->role, a->territory);
	}
	for (int i = ACCOUNTS, before = -1; i < d->person_count; i++) {
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
	for (int i = 0; i < ACCOUNTS; i++)
		d->person[d->person_count++] = (struct person){ .council = i <= BRUNO ? 0 : -1,
			.given = (char *)accounts[i].given, .family = (char *)accounts[i].family };
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
	expect(d, member_sign_up(d->db, &s, &p->id));
	if (waiting[i].login) {
		enum member_state state;
		clock_set(d->now - (int64_t)waiting[i].hours * HOUR * 2 / 3);
		db_set_viewer(d->db, d->person[BRUNO].id);
		expect(d, candidate_yes(d->db, p->id, &state));
	}
	buf_free(&login);
	buf_free(&email);
}

/* ---- threads ---- */

/* A quotation is followed by its answer at once, a paragraph by an empty line. */
static void
add_line(struct buf *body, const char *line)
{
	const char *last = body->len ? strrchr(body->data, '\n') : NULL;
	last = last ? last + 1 : buf_text(body);
	if (body->len)
		buf_str(body, *last == '>' ? "\n" : "\n\n");
	buf_str(body, line);
}

static void
read_talks(struct demo *d)
{
	char *text = mem_dup(embedded_text("data/demo/threads.txt")), *rest = text, *line;
	struct talk *t = NULL;
	struct message *m = NULL;
	while ((line = strsep(&rest, "\n"))) {
		if (*line == ';' || !*line)
			continue;
		if (*line == '#' && d->talk_count < THREADS) {
			t = &d->talk[d->talk_count++];
			size_t n = strcspn(line + 2, " ");
			snprintf(t->slug, sizeof t->slug, "%.*s", (int)n, line + 2);
			t->title = mem_dup(line + 2 + n + 1);
			m = NULL;
		} else if (*line == '@' && t && t->count < MESSAGES) {
			char letter = 'A';
			m = &t->message[t->count++];
			sscanf(line, "@%*d <%d %c", &m->answers, &letter);
			m->letter = letter >= 'A' && letter < 'A' + LETTERS ? letter - 'A' : 0;
			if (m->letter >= t->letters)
				t->letters = m->letter + 1;
		} else if (m) {
			add_line(&m->body, line);
		}
	}
	free(text);
}

/* Is that person of the council, the département, or (both NULL) of any? */
static bool
belongs(const struct demo *d, int i, int council, const char *department)
{
	const struct person *p = &d->person[i];
	if (p->council < 0)
		return false;
	if (council >= 0)
		return p->council == council;
	return !department || !strcmp(buf_text(&d->council[p->council].department), department);
}

/* Different people for the letters of a thread; false where there are too few. */
static bool
cast(struct demo *d, struct talk *t, int council, const char *department)
{
	int able[PEOPLE], n = 0;
	for (int i = 0; i < d->person_count; i++)
		if (belongs(d, i, council, department))
			able[n++] = i;
	if (n < t->letters)
		return false;
	for (int letter = 0; letter < t->letters; letter++) {
		int k = draw(d, n);
		t->author[letter] = able[k];
		able[k] = able[--n];
	}
	return true;
}

static int64_t
pause_between(struct demo *d)
{
	switch (draw(d, 10)) {
	case 0: case 1: case 2:
		return DAY + draw(d, 3 * DAY);
	case 3: case 4: case 5:
		return 3 * HOUR + draw(d, 11 * HOUR);
	default:
		return 12 * MINUTE + draw(d, 3 * HOUR);
	}
}

/* The hours of a thread's messages: more of them lately, none in the future. */
static void
date_talk(struct demo *d, struct talk *t)
{
	int64_t span = 0, last = 0;
	for (int k = 1; k < t->count; k++)
		span += t->message[k].at = pause_between(d);
	int a = draw(d, TALK * DAY), b = draw(d, TALK * DAY);
	int64_t at = d->now - HOUR - (a < b ? a : b) - span;
	for (int k = 0; k < t->count; k++) {
		at = awake(d, at + t->message[k].at);
		last = t->message[k].at = at > last + 2 * MINUTE ? at : last + 2 * MINUTE;
	}
	int64_t over = last - (d->now - 10 * MINUTE);
	int64_t days = over > 0 ? over / DAY + 1 : 0;
	for (int k = 0; k < t->count; k++)
		t->message[k].at -= days * DAY;
}

/* Gives the thread one part for that person, unless he has one. */
static void
give_part(struct talk *t, int person, int letter)
{
	for (int k = 0; k < t->letters; k++)
		if (t->author[k] == person)
			return;
	t->author[letter] = person;
}

/* Did the account's last visit fall into the middle of it? */
static bool
went_on(const struct demo *d, const struct talk *t, int account)
{
	int64_t visit = d->now - (int64_t)accounts[account].visit * HOUR;
	return t->message[0].at < visit && t->message[t->count - 1].at > visit;
}

/*
 * Where it stands and who speaks. Some stand on the boards of the Gard and of the first council, lately
 * more than before; Alba and Bruno take part where replies came since they were here.
 */
static void
place_talk(struct demo *d, int i)
{
	struct talk *t = &d->talk[i];
	bool news = !strcmp(t->slug, "actualites");
	bool lately = !news && t->message[t->count - 1].at > d->now - (int64_t)accounts[ALBA].visit * HOUR;
	d->lately += lately;
	bool gard = lately ? d->lately % 6 == 3 : !news && i % 10 == 7;
	bool home = lately ? d->lately % 6 == 5 : !news && i % 20 == 13;
	if (gard && cast(d, t, -1, HOME_DEPARTMENT)) {
		snprintf(t->slug, sizeof t->slug, "territoire-" HOME_DEPARTMENT);
	} else if (home && cast(d, t, 0, NULL)) {
		snprintf(t->slug, sizeof t->slug, "conseil-%" PRId64, d->council[0].id.n);
		return;
	} else if (!cast(d, t, -1, NULL)) {
		die("too few people for a thread");
	}
	if (news && i % 3 == 0)
		give_part(t, DENISE, 0);
	else if (went_on(d, t, ALBA) || i % 9 == 0)
		give_part(t, ALBA, 0);
	else if (t->letters > 1 && (went_on(d, t, BRUNO) || i % 9 == 4))
		give_part(t, BRUNO, 1);
}

struct event {
	int64_t at;
	int talk, message; /* message -1: the visit of account `talk` */
};

static int
by_time(const void *a, const void *b)
{
	const struct event *x = a, *y = b;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->talk != y->talk ? x->talk - y->talk : x->message - y->message;
}

static void
happen(struct demo *d, const struct event *e)
{
	struct talk *t = &d->talk[e->talk];
	clock_set(e->at);
	if (e->message < 0) {
		member_id id = d->person[e->talk].id;
		db_set_viewer(d->db, id);
		expect(d, login_done(d->db, id));
		expect(d, mark_all_read(d->db));
		return;
	}
	struct message *m = &t->message[e->message];
	struct board board = { 0 };
	db_set_viewer(d->db, d->person[t->author[m->letter]].id);
	if (e->message) {
		int parent = m->answers > 0 && m->answers <= e->message ? m->answers - 1 : 0;
		expect(d, thread_reply(d->db, t->message[parent].id, buf_text(&m->body), &m->id));
	} else {
		expect(d, board_find(d->db, t->slug, &board));
		expect(d, thread_new(d->db, board.id, t->title, buf_text(&m->body), &m->id));
		board_free(&board);
	}
}

/* Ids only grow, and they order what is new: so all messages are written in the order of their times. */
static void
make_talks(struct demo *d)
{
	struct event *events = mem_alloc((THREADS * MESSAGES + ACCOUNTS) * sizeof *events);
	int n = 0;
	for (int i = 0; i < d->talk_count; i++) {
		date_talk(d, &d->talk[i]);
		place_talk(d, i);
		for (int k = 0; k < d->talk[i].count; k++)
			events[n++] = (struct event){ d->talk[i].message[k].at, i, k };
	}
	for (int i = 0; i < ACCOUNTS; i++)
		events[n++] = (struct event){ d->now - (int64_t)accounts[i].visit * HOUR, i, -1 };
	qsort(events, (size_t)n, sizeof *events, by_time);
	for (int i = 0; i < n && !d->answer; i++)
		happen(d, &events[i]);
	free(events);
}

/* ---- all of it ---- */

static void
fill(struct demo *d)
{
	read_lines("data/demo/given.tsv", &d->given);
	read_lines("data/demo/family.tsv", &d->family);
	read_lines("data/demo/quarters.tsv", &d->quarters);
	shuffle(d, &d->quarters);
	clock_set(d->now - (int64_t)AGE * DAY);
	expect(d, db_set_setting(d->db, "demo", "1"));
	expect(d, charter_set(d->db, embedded_text("data/demo/charter.fr.txt")));
	make_boards(d);
	draw_accounts(d);
	make_councils(d);
	for (size_t i = 0; i < sizeof animated / sizeof *animated; i++)
		draw_person(d, -1);
	make_members(d);
	read_talks(d);
	make_talks(d);
	for (int i = 0; i < WAITING && !d->answer; i++)
		sign_up(d, i);
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
demo_fill(struct db *db, unsigned seed)
{
	member_id viewer = db_viewer(db);
	if (!may(db, MAY_RUN_MACHINE, (item_id){ 0 }))
		return E_DENIED;
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
		fill(d);
	clock_set(0);
	db_set_viewer(db, viewer);
	if (d->answer)
		db_fail(db, d->answer);
	drop(d);
	return db_commit_all(db);
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
	buf_fmt(out, _("A demonstration: the people and what they say are invented. The password of all of them "
		       "is “%s”.\n"), PASSWORD);
	for (int i = 0; i < ACCOUNTS; i++)
		tell_one(out, host, port, accounts[i].login, _(accounts[i].told));
	for (int i = 0; i < WAITING; i++)
		if (waiting[i].login)
			tell_one(out, host, port, waiting[i].login, _("candidate, who waits for a second yes"));
	tell_one(out, host, port, "nouveau", _("to sign up, without a password"));
	tell_one(out, host, port, "visiteur", _("to look around, without an account"));
}
