/* The demonstration's threads: who speaks, where and when; in the order of time. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/log.h"
#include "db/demo.h"
#include "db/forum.h"
#include "db/member.h"
#include "db/word.h"

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

/* "@4 <2 B": message 4, which answers message 2, by B. */
static void
read_mark(const char *line, struct message *m)
{
	bool whole = strlen(line) == strlen("@4 <2 B");
	char answers = whole ? line[4] : '0', letter = whole ? line[6] : 'A';
	m->answers = answers >= '0' && answers <= '9' ? answers - '0' : 0;
	m->letter = letter >= 'A' && letter < 'A' + LETTERS ? letter - 'A' : 0;
}

void
demo_read_talks(struct demo *d)
{
	char *text = mem_dup(demo_text("data/demo/threads.txt")), *rest = text, *line;
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
			m = &t->message[t->count++];
			read_mark(line, m);
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
		int k = demo_draw(d, n);
		t->author[letter] = able[k];
		able[k] = able[--n];
	}
	return true;
}

static int64_t
pause_between(struct demo *d)
{
	switch (demo_draw(d, 10)) {
	case 0: case 1: case 2:
		return DAY + demo_draw(d, 3 * DAY);
	case 3: case 4: case 5:
		return 3 * HOUR + demo_draw(d, 11 * HOUR);
	default:
		return 12 * MINUTE + demo_draw(d, 3 * HOUR);
	}
}

/* The hours of a thread's messages: more of them lately, none in the future. */
static void
date_talk(struct demo *d, struct talk *t)
{
	int64_t span = 0, last = 0;
	for (int k = 1; k < t->count; k++)
		span += t->message[k].at = pause_between(d);
	int a = demo_draw(d, TALK * DAY), b = demo_draw(d, TALK * DAY);
	int64_t at = d->now - HOUR - (a < b ? a : b) - span;
	for (int k = 0; k < t->count; k++) {
		at = demo_awake(d, at + t->message[k].at);
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
	int64_t visit = d->now - (int64_t)demo_accounts[account].visit * HOUR;
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
	int64_t visit = d->now - (int64_t)demo_accounts[DEMO_ALBA].visit * HOUR;
	bool lately = !news && t->message[t->count - 1].at > visit;
	d->lately += lately;
	bool gard = lately ? d->lately % 6 == 3 : !news && i % 10 == 7;
	bool home = lately ? d->lately % 6 == 5 : !news && i % 20 == 13;
	if (gard && cast(d, t, -1, DEMO_DEPARTMENT)) {
		snprintf(t->slug, sizeof t->slug, "territoire-" DEMO_DEPARTMENT);
	} else if (home && cast(d, t, 0, NULL)) {
		snprintf(t->slug, sizeof t->slug, "conseil-%" PRId64, d->council[0].id.n);
		return;
	} else if (!cast(d, t, -1, NULL)) {
		die("too few people for a thread");
	}
	if (news && i % 3 == 0)
		give_part(t, DEMO_DENISE, 0);
	else if (went_on(d, t, DEMO_ALBA) || i % 9 == 0)
		give_part(t, DEMO_ALBA, 0);
	else if (t->letters > 1 && (went_on(d, t, DEMO_BRUNO) || i % 9 == 4))
		give_part(t, DEMO_BRUNO, 1);
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
		demo_expect(d, login_done(d->db, id));
		if (demo_accounts[e->talk].line)
			demo_expect(d, daily_put(d->db, demo_accounts[e->talk].line));
		demo_expect(d, mark_all_read(d->db));
		return;
	}
	struct message *m = &t->message[e->message];
	struct board board = { 0 };
	db_set_viewer(d->db, d->person[t->author[m->letter]].id);
	if (e->message) {
		int parent = m->answers > 0 && m->answers <= e->message ? m->answers - 1 : 0;
		demo_expect(d, thread_reply(d->db, t->message[parent].id, buf_text(&m->body), &m->id));
	} else {
		demo_expect(d, board_find(d->db, t->slug, &board));
		demo_expect(d, thread_new(d->db, board.id, t->title, buf_text(&m->body), &m->id));
		board_free(&board);
	}
}

/* Ids only grow, and they order what is new: so all messages are written in the order of their times. */
void
demo_talk(struct demo *d)
{
	struct event *events = mem_alloc((THREADS * MESSAGES + DEMO_ACCOUNTS) * sizeof *events);
	int n = 0;
	for (int i = 0; i < d->talk_count; i++) {
		date_talk(d, &d->talk[i]);
		place_talk(d, i);
		for (int k = 0; k < d->talk[i].count; k++)
			events[n++] = (struct event){ d->talk[i].message[k].at, i, k };
	}
	for (int i = 0; i < DEMO_ACCOUNTS; i++)
		events[n++] = (struct event){ d->now - (int64_t)demo_accounts[i].visit * HOUR, i, -1 };
	qsort(events, (size_t)n, sizeof *events, by_time);
	for (int i = 0; i < n && !d->answer; i++)
		happen(d, &events[i]);
	free(events);
}
