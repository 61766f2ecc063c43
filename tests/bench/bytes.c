/*
 * What screens take on the line: the payload before it is encrypted, plain or compressed, footer
 * included, and the text that is then to be read on the screen.
 */
#include <stdio.h>
#include <string.h>
#include <vterm.h>

#include "tests/bench/bench.h"

enum {
	ROWS = 24,
	COLUMNS = 80,
	QUIET = 300, /* ms without a byte: the screen is whole */
};

#define DOWN "\033OB"
#define UP "\033OA"
#define BACK "\033OD"
#define PAGE_DOWN "\033[6~"

/*
 * A walk from the home screen: the list of the bench's own board, then the first of the
 * demonstration's questions, which who walks has read. Of one figure the largest counts.
 */
static const struct step {
	const char *keys;
	enum figure figure; /* FIGURES: none */
	bool page;          /* its text, and bytes by text, are the figures after these */
} walk[] = {
	{ DOWN, MENU_MOVE, false },
	{ DOWN, MENU_MOVE, false },
	{ UP, MENU_MOVE, false },
	{ UP, MENU_MOVE, false },
	{ "f", FIGURES, false },
	{ "\r", LIST, false },
	{ DOWN, LIST_MOVE, false },
	{ DOWN, LIST_MOVE, false },
	{ UP, LIST_MOVE, false },
	{ UP, LIST_MOVE, false },
	{ BACK, FIGURES, false },
	{ DOWN, FIGURES, false },
	{ DOWN, FIGURES, false },
	{ DOWN, FIGURES, false },
	{ "\r", FIGURES, false },
	{ "\r", PAGE, true },
	{ PAGE_DOWN, NEXT, true },
};

/* The screen's text in UTF-8: its lines without the blanks at their ends, a byte between two. */
static size_t
text_size(VTerm *vt)
{
	char line[COLUMNS * 8];
	size_t all = ROWS - 1;
	for (int row = 0; row < ROWS; row++) {
		VTermRect rect = { row, row + 1, 0, COLUMNS };
		size_t n = vterm_screen_get_text(vterm_obtain_screen(vt), line, sizeof line, rect);
		while (n && line[n - 1] == ' ')
			n--;
		all += n;
	}
	return all;
}

/* A screen that has come: its bytes, and what they were on the line before they were inflated. */
static void
note(struct server *s, const struct step *step, size_t n, size_t packed, VTerm *vt)
{
	double *figure = s->figure + step->figure;
	if (!s->way.zlib && !(figure[0] >= (double)n)) {
		figure[0] = (double)n;
		if (step->page) {
			figure[2] = (double)text_size(vt);
			figure[3] = figure[0] / figure[2];
		}
	}
	if (s->way.zlib && !(figure[1] >= (double)packed))
		figure[1] = (double)packed;
}

static void
take_walk(struct server *s)
{
	static const struct step home = { "", HOME, false };
	char data[65536];
	struct caller c;
	VTerm *vt = vterm_new(ROWS, COLUMNS);
	vterm_set_utf8(vt, 1);
	vterm_screen_enable_altscreen(vterm_obtain_screen(vt), 1);
	vterm_screen_reset(vterm_obtain_screen(vt), 1);
	if (!caller_open(&c, &s->way))
		fail("a call to port %d failed", s->way.port);
	snprintf(s->banner, sizeof s->banner, "%s", ssh_get_serverbanner(c.ssh));
	for (size_t i = 0; i <= sizeof walk / sizeof *walk; i++) {
		const struct step *step = i ? &walk[i - 1] : &home;
		/* The first screen may come together with the answer that there is a shell. */
		size_t before = i ? caller_inflated() : c.inflated;
		caller_type(&c, step->keys);
		size_t n = caller_listen(&c, QUIET, data, sizeof data);
		if (!n)
			fail("port %d: step %zu of the walk shows nothing", s->way.port, i);
		vterm_input_write(vt, data, n);
		if (step->figure < FIGURES)
			note(s, step, n, caller_inflated() - before, vt);
		if (!i) {
			s->home_size = n < sizeof s->home ? n : sizeof s->home;
			memcpy(s->home, data + n - s->home_size, s->home_size);
		}
	}
	caller_close(&c);
	vterm_free(vt);
}

void
measure_bytes(struct server *s)
{
	struct caller first;
	char data[65536];
	tell(s, "bytes of screens");
	/* The first visit ever greets otherwise. */
	if (!caller_open(&first, &s->way))
		fail("a call to port %d failed", s->way.port);
	caller_listen(&first, QUIET, data, sizeof data);
	caller_close(&first);
	take_walk(s);
	s->way.zlib = true;
	take_walk(s);
	s->way.zlib = false;
	server_is_empty(s);
}
