/*
 * The demonstration at size: more councils, members and talk than anybody invents by hand, so that what
 * has to hold at size can be tried. The same functions make it that people's doings go through; names
 * and texts are those of the small network, dealt anew. Written in pieces, each a transaction.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/text.h"
#include "db/demo.h"
#include "db/file.h"
#include "db/forum.h"
#include "db/member.h"

enum {
	TOWNS = 1200,     /* the most populous, where councils are */
	PIECE = 20000,    /* posts or files a transaction */
	OPEN = 4096,      /* discussions under way at once */
	LONG_EVERY = 500, /* one discussion in so many is a very long one */
	MATURE = 60,      /* days before the small network's talk that this one ends */
};

SQL_WHOLE(towns, "SELECT code, population FROM commune ORDER BY population DESC, code LIMIT :n");

struct town {
	char code[8];
	int64_t upto; /* people here and in all towns before */
};

/* A discussion under way. */
struct open {
	item_id newest[4]; /* messages that the next one may answer */
	int story, council, left;
};

struct growth {
	struct demo *d;
	const struct demo_size *size;
	struct town town[TOWNS];
	int town_count;
	struct council *council;  /* all of them: the small network's first */
	int council_count;
	member_id *member;        /* council by council */
	int *first, *count;       /* of each council's members */
	int64_t members;
	struct open open[OPEN];
	int64_t posts, files;
};

/* ---- councils ---- */

static void
read_towns(struct growth *g)
{
	int64_t sum = 0;
	struct query *q = db_query(g->d->db, towns, I("n", TOWNS));
	while (db_next(q)) {
		struct town *t = &g->town[g->town_count++];
		snprintf(t->code, sizeof t->code, "%s", db_text(q, 0));
		t->upto = sum += db_int(q, 1);
	}
}

/* A town, the bigger the likelier. */
static const char *
draw_town(struct growth *g)
{
	int64_t at = demo_draw(g->d, (int)g->town[g->town_count - 1].upto);
	int low = 0, high = g->town_count - 1;
	while (low < high) {
		int middle = (low + high) / 2;
		if (g->town[middle].upto > at)
			high = middle;
		else
			low = middle + 1;
	}
	return g->town[low].code;
}

static void
add_council(struct growth *g)
{
	struct demo *d = g->d;
	struct council c = { 0 };
	int answer = E_EXISTS;
	/* A name is taken once in each town; where all are, the town has two of it. */
	for (int tries = 0; answer == E_EXISTS && tries < 1000; tries++) {
		council_free(&c);
		c = (struct council){ 0 };
		buf_str(&c.name, d->quarters.line[demo_draw(d, d->quarters.count)]);
		if (tries > 20)
			buf_fmt(&c.name, " %d", tries - 19);
		buf_str(&c.communes, draw_town(g));
		demo_describe(d, &c, d->given.line[demo_draw(d, d->given.count)],
		    d->family.line[demo_draw(d, d->family.count)]);
		answer = council_put(d->db, &c);
	}
	demo_expect(d, answer);
	g->council[g->council_count++] = c;
}

static void
add_councils(struct growth *g)
{
	clock_set(g->d->now - (int64_t)AGE * DAY);
	db_set_viewer(g->d->db, MACHINE);
	while (g->council_count < g->size->councils && !g->d->answer)
		add_council(g);
}

/* ---- people ---- */

static member_id
add_member(struct growth *g, int council)
{
	struct demo *d = g->d;
	struct buf login = { 0 }, email = { 0 };
	const char *given = d->given.line[demo_draw(d, d->given.count)];
	const char *family = d->family.line[demo_draw(d, d->family.count)];
	member_id id = { 0 };
	buf_fmt(&login, "m%" PRId64, g->members);
	buf_fmt(&email, "%s@example.org", buf_text(&login));
	struct sign_up s = { .login = buf_text(&login), .email = buf_text(&email), .given = given,
		.family = family, .password = "", .language = "fr", .council = g->council[council].id };
	demo_expect(d, member_add(d->db, &s, ROLE_MEMBER, NULL, &id));
	buf_free(&login);
	buf_free(&email);
	return id;
}

static void
add_members(struct growth *g)
{
	for (int i = 0; i < g->council_count && !g->d->answer; i++) {
		/* Spread evenly over the councils. */
		int64_t upto = g->size->members * (i + 1) / g->council_count;
		g->first[i] = (int)g->members;
		for (; g->members < upto && !g->d->answer; g->members++)
			g->member[g->members] = add_member(g, i);
		g->count[i] = (int)g->members - g->first[i];
	}
}

/* Somebody who may speak there: of that council, or (-1) anybody. */
static member_id
draw_member(struct growth *g, int council)
{
	if (council >= 0 && g->count[council])
		return g->member[g->first[council] + demo_draw(g->d, g->count[council])];
	return g->member[demo_draw(g->d, (int)g->members)];
}

/* ---- what they say ---- */

/* A message of a story in somebody's voice: its places and names are rare words, to be searched. */
static void
write_body(struct growth *g, const struct message *m, struct buf *body)
{
	struct demo *d = g->d;
	if (demo_draw(d, 3) == 0)
		buf_fmt(body, "Bonjour %s.\n", d->given.line[demo_draw(d, d->given.count)]);
	buf_str(body, buf_text(&m->body));
	if (demo_draw(d, 4) == 0) {
		const struct council *c = &g->council[demo_draw(d, g->council_count)];
		buf_fmt(body, "\n\n%s, %s (%s)", d->given.line[demo_draw(d, d->given.count)],
		    buf_text(&c->name), buf_text(&c->town));
	}
}

/* Where a new discussion goes: a theme, mostly; a département's board, or a council's own. */
static void
choose_board(struct growth *g, struct open *o, const struct talk *story, struct buf *slug)
{
	int council = demo_draw(g->d, g->council_count), kind = demo_draw(g->d, 20);
	o->council = -1;
	if (kind < 13) {
		buf_str(slug, story->slug);
	} else if (kind < 17) {
		buf_fmt(slug, "territoire-%s", buf_text(&g->council[council].department));
		for (size_t i = 0; i < slug->len; i++)
			if (slug->data[i] >= 'A' && slug->data[i] <= 'Z')
				slug->data[i] += 'a' - 'A';
	} else if (g->count[council]) {
		o->council = council;
		buf_fmt(slug, "conseil-%" PRId64, g->council[council].id.n);
	} else {
		buf_str(slug, story->slug);
	}
}

static void
begin_talk(struct growth *g, struct open *o)
{
	struct demo *d = g->d;
	struct board board = { 0 };
	struct buf slug = { 0 }, body = { 0 };
	o->story = demo_draw(d, d->talk_count);
	const struct talk *story = &d->talk[o->story];
	choose_board(g, o, story, &slug);
	o->left = demo_draw(d, LONG_EVERY) ? demo_draw(d, 8) : 500 + demo_draw(d, 1500);
	write_body(g, &story->message[0], &body);
	db_set_viewer(d->db, draw_member(g, o->council));
	int r = board_find(d->db, buf_text(&slug), &board);
	if (!r)
		r = thread_new(d->db, board.id, story->title, buf_text(&body), &o->newest[0]);
	demo_expect(d, r);
	for (int i = 1; i < 4; i++)
		o->newest[i] = o->newest[0];
	board_free(&board);
	buf_free(&slug);
	buf_free(&body);
}

static void
go_on(struct growth *g, struct open *o)
{
	struct demo *d = g->d;
	struct buf body = { 0 };
	const struct talk *story = &d->talk[o->story];
	/* A long discussion hears from all stories. */
	if (o->left > 8)
		story = &d->talk[demo_draw(d, d->talk_count)];
	write_body(g, &story->message[demo_draw(d, story->count)], &body);
	db_set_viewer(d->db, draw_member(g, o->council));
	demo_expect(d, thread_reply(d->db, o->newest[demo_draw(d, 4)], buf_text(&body),
	    &o->newest[1 + demo_draw(d, 3)]));
	o->left--;
	buf_free(&body);
}

/* Each a while after the one before, from when all are there to when the small network begins to talk. */
static void
let_time_pass(struct growth *g)
{
	int64_t from = g->d->now - (int64_t)AGE * DAY, span = (int64_t)(AGE - MATURE) * DAY;
	clock_set(from + span * g->posts / g->size->posts);
}

static void
add_posts(struct growth *g)
{
	for (int64_t upto = g->posts + PIECE; g->posts < upto && g->posts < g->size->posts && !g->d->answer;
	    g->posts++) {
		struct open *o = &g->open[demo_draw(g->d, OPEN)];
		let_time_pass(g);
		if (!o->left)
			begin_talk(g, o);
		else
			go_on(g, o);
	}
}

/* ---- what they share ---- */

/* Denise's, who may bring to every folder of her département: minutes of what was said. */
static void
add_file(struct growth *g)
{
	struct demo *d = g->d;
	struct buf name = { 0 }, text = { 0 };
	struct upload *u;
	item_id item;
	const struct talk *story = &d->talk[demo_draw(d, d->talk_count)];
	buf_fmt(&name, "Compte rendu %" PRId64 ", %s.txt", g->files + 1, d->quarters.line[demo_draw(d, d->quarters.count)]);
	buf_fmt(&text, "%s\n\n%s\n", buf_text(&name), buf_text(&story->message[0].body));
	int r = upload_open(d->db, "d30.1", buf_text(&name), UPLOAD_NEW, (int64_t)text.len, &u);
	if (!r) {
		upload_write(u, 0, buf_text(&text), text.len);
		r = upload_finish(u, &item);
	}
	demo_expect(d, r);
	buf_free(&name);
	buf_free(&text);
}

static void
add_files(struct growth *g)
{
	clock_set(g->d->now - (int64_t)MATURE * DAY);
	db_set_viewer(g->d->db, g->d->person[DEMO_DENISE].id);
	for (int64_t upto = g->files + PIECE; g->files < upto && g->files < g->size->files && !g->d->answer; g->files++)
		add_file(g);
}

/* ---- all of it ---- */

/* What was made so far is kept, and the next piece begins. */
static void
next_piece(struct growth *g, int percent)
{
	int r = db_commit_all(g->d->db);
	demo_expect(g->d, r);
	if (!r)
		demo_expect(g->d, db_begin_all(g->d->db));
	if (g->size->progress)
		g->size->progress(g->size->ctx, percent);
}

void
demo_grow(struct demo *d, const struct demo_size *size)
{
	struct growth *g = mem_alloc(sizeof *g);
	int most = size->councils > COUNCILS ? size->councils : COUNCILS;
	g->d = d;
	g->size = size;
	g->council = mem_alloc((size_t)most * sizeof *g->council);
	g->first = mem_alloc((size_t)most * sizeof *g->first);
	g->count = mem_alloc((size_t)most * sizeof *g->count);
	g->member = mem_alloc((size_t)(size->members + 1) * sizeof *g->member);
	memcpy(g->council, d->council, (size_t)d->council_count * sizeof *g->council);
	g->council_count = d->council_count;
	read_towns(g);
	add_councils(g);
	next_piece(g, 1);
	add_members(g);
	next_piece(g, 2);
	while (g->posts < size->posts && g->members && !d->answer) {
		add_posts(g);
		next_piece(g, (int)(2 + 96 * g->posts / size->posts));
	}
	while (g->files < size->files && !d->answer) {
		add_files(g);
		next_piece(g, 99);
	}
	if (size->progress)
		size->progress(size->ctx, 100);
	for (int i = d->council_count; i < g->council_count; i++)
		council_free(&g->council[i]);
	free(g->council);
	free(g->first);
	free(g->count);
	free(g->member);
	free(g);
}
