/* The bytes under the editor and its undo. Knows grapheme clusters, no lines and no keys. */
#include "screens/gap.h"

#include <stdlib.h>
#include <string.h>

#include "bbs/base/text.h"

enum {
	BACK_MAX = 256,        /* bytes looked back for a safe place to count clusters from */
	CLUSTER_MAX = 72,      /* more than text_cluster() ever takes */
	STEPS_MAX = 512,       /* changes that can be undone, the oldest is forgotten first… */
	STEPS_BYTES = 4 << 20, /* … also where they hold more than this */
	STEP_BYTES = 40,       /* typing is one step up to the first word behind these */
};

/* `added` stands at `at`, where `removed` stood before. */
struct gap_step {
	size_t at, cursor;
	struct buf removed, added;
};

void
gap_init(struct gap *g)
{
	*g = (struct gap){ .wide = 512 };
	g->data = mem_alloc(g->wide);
}

static void
steps_drop(struct gap *g, int first, int last)
{
	for (int i = first; i < last; i++) {
		g->steps_bytes -= g->step[i].removed.len + g->step[i].added.len;
		buf_wipe(&g->step[i].removed);
		buf_wipe(&g->step[i].added);
	}
	if (last > first)
		memmove(
		    g->step + first, g->step + last, (size_t)(g->steps - last) * sizeof *g->step);
	g->steps -= last - first;
}

void
gap_forget(struct gap *g)
{
	steps_drop(g, 0, g->steps);
	g->done = 0;
}

void
gap_free(struct gap *g)
{
	gap_forget(g);
	free(g->step);
	mem_wipe(g->data, g->len + g->wide);
	free(g->data);
	*g = (struct gap){ 0 };
}

/* ---- bytes ---- */

static void
move(struct gap *g, size_t at)
{
	if (at < g->at)
		memmove(g->data + at + g->wide, g->data + at, g->at - at);
	else
		memmove(g->data + g->at, g->data + g->at + g->wide, at - g->at);
	g->at = at;
}

/* Makes the gap wider than n: one byte is left over for gap_string(). */
static void
widen(struct gap *g, size_t n)
{
	if (g->wide > n)
		return;
	size_t more = n + g->len / 2 + 512;
	g->data = mem_resize(g->data, g->len + g->wide + more);
	memmove(g->data + g->at + g->wide + more, g->data + g->at + g->wide, g->len - g->at);
	g->wide += more;
}

const char *
gap_piece(struct gap *g, size_t from, size_t to)
{
	if (from < g->at && g->at < to)
		move(g, from);
	return g->data + from + (from >= g->at ? g->wide : 0);
}

char
gap_byte(const struct gap *g, size_t at)
{
	return g->data[at + (at >= g->at ? g->wide : 0)];
}

const char *
gap_string(struct gap *g)
{
	move(g, g->len);
	g->data[g->len] = '\0';
	return g->data;
}

/* ---- clusters ---- */

size_t
gap_cluster(const char *s, size_t n)
{
	int cells;
	return n && *s == '\n' ? 1 : text_cluster(s, n, &cells);
}

size_t
gap_next(struct gap *g, size_t at)
{
	size_t n = g->len - at < CLUSTER_MAX ? g->len - at : CLUSTER_MAX;
	return at + gap_cluster(gap_piece(g, at, at + n), n);
}

/*
 * The last start of a cluster before `at`, and in *next the first one that is not before. Counted
 * from the last ASCII byte, since none of them ever joins what is before it; far from any, from
 * anywhere.
 */
static size_t
cluster_before(struct gap *g, size_t at, size_t *next)
{
	size_t from = at;
	while (from && at - from < BACK_MAX) {
		from--;
		if (!(gap_byte(g, from) & 0x80))
			break;
	}
	while (from && (gap_byte(g, from) & 0xc0) == 0x80)
		from--;
	size_t last = from;
	while (from < at) {
		last = from;
		from = gap_next(g, from);
	}
	*next = from;
	return last;
}

size_t
gap_previous(struct gap *g, size_t at)
{
	size_t next;
	return cluster_before(g, at, &next);
}

size_t
gap_boundary(struct gap *g, size_t at)
{
	size_t next;
	cluster_before(g, at, &next);
	return next;
}

/* ---- changes ---- */

static void
replace(struct gap *g, size_t at, size_t remove, const char *text, size_t n)
{
	move(g, at);
	g->wide += remove;
	g->len -= remove;
	widen(g, n);
	if (n)
		memcpy(g->data + g->at, text, n);
	g->at += n;
	g->wide -= n;
	g->len += n;
	if (at < g->dirty)
		g->dirty = at;
}

/* Whether a change can be part of the step before. */
static bool
joins(const struct gap_step *step, size_t at, size_t remove, const char *text, size_t n)
{
	if (n && !remove && !step->removed.len)
		return at == step->at + step->added.len &&
		       (step->added.len < STEP_BYTES ||
			   step->added.data[step->added.len - 1] != ' ' || *text == ' ');
	if (remove && !n && !step->added.len)
		return (at == step->at || at + remove == step->at) &&
		       step->removed.len < STEP_BYTES;
	return false;
}

void
gap_change(struct gap *g, size_t at, size_t remove, const char *text, size_t n, size_t cursor,
    bool goes_on)
{
	bool undone = g->done < g->steps;
	steps_drop(g, g->done, g->steps);
	if (undone || !goes_on || !g->steps ||
	    !joins(&g->step[g->steps - 1], at, remove, text, n)) {
		if (g->steps == STEPS_MAX)
			steps_drop(g, 0, 1);
		if (!g->step)
			g->step = mem_alloc(STEPS_MAX * sizeof *g->step);
		g->step[g->steps++] = (struct gap_step){ .at = at, .cursor = cursor };
	}
	struct gap_step *step = &g->step[g->steps - 1];
	const char *removed = gap_piece(g, at, at + remove);
	if (at < step->at) { /* one backspace upon the other */
		struct buf longer = { 0 };
		buf_add(&longer, removed, remove);
		buf_add(&longer, step->removed.data, step->removed.len);
		buf_wipe(&step->removed);
		step->removed = longer;
		step->at = at;
	} else {
		buf_add(&step->removed, removed, remove);
	}
	buf_add(&step->added, text, n);
	g->steps_bytes += remove + n;
	while (g->steps_bytes > STEPS_BYTES && g->steps > 1)
		steps_drop(g, 0, 1);
	g->done = g->steps;
	replace(g, at, remove, text, n);
}

bool
gap_undo(struct gap *g, size_t *cursor)
{
	if (!g->done)
		return false;
	const struct gap_step *step = &g->step[--g->done];
	replace(g, step->at, step->added.len, buf_text(&step->removed), step->removed.len);
	*cursor = step->cursor;
	return true;
}

bool
gap_redo(struct gap *g, size_t *cursor)
{
	if (g->done == g->steps)
		return false;
	const struct gap_step *step = &g->step[g->done++];
	replace(g, step->at, step->removed.len, buf_text(&step->added), step->added.len);
	*cursor = gap_boundary(g, step->at + step->added.len);
	return true;
}
