/*
 * What terminfo knows of the caller's terminal. A file of its own because <term.h> makes macros of
 * words like "columns" and "lines".
 */
#include "screens/full.h"

#include <string.h>

#define NCURSES_NOMACROS 1
#include <curses.h>
#include <term.h>

/* Does terminfo know this name as a screen with a cursor that can be placed? */
static bool
drawable(const char *name, int fd)
{
	int trouble = 0;
	if (setupterm(name, fd, &trouble) != OK)
		return false;
	const char *place = tigetstr("cup");
	bool good = place && (intptr_t)place != -1 && tigetflag("gn") <= 0;
	del_curterm(cur_term);
	return good;
}

const char *
full_terminal_name(const char *term, int fd)
{
	if (!*term || strcmp(term, "dumb") == 0 || strcmp(term, "unknown") == 0)
		return NULL;
	if (drawable(term, fd))
		return term;
	/* A name that terminfo has, but as a thing without a cursor, is to be believed. */
	int trouble = 0;
	if (setupterm(term, fd, &trouble) == OK) {
		del_curterm(cur_term);
		return NULL;
	}
	const char *other = "vt100";
	if (strncmp(term, "xterm", 5) == 0)
		other = "xterm-256color";
	else if (strncmp(term, "screen", 6) == 0 || strncmp(term, "tmux", 4) == 0)
		other = "screen";
	return drawable(other, fd) ? other : NULL;
}

const char *
full_paste_mode(bool on)
{
	const char *mode = tigetstr(on ? "BE" : "BD");
	return mode && (intptr_t)mode != -1 ? mode : "";
}

/* tputs() takes the padding out, but gives what is left to a function that knows nothing else. */
static struct buf *taker;

static int
take(int c)
{
	buf_char(taker, (char)c);
	return c;
}

static void
add_capability(struct buf *out, const char *name, int first, int second)
{
	const char *how = tigetstr(name);
	taker = out;
	if (how && (intptr_t)how != -1)
		tputs(tiparm(how, first, second), 1, take);
}

void
full_whole_region(struct buf *out, int rows, int row, int column)
{
	add_capability(out, "csr", 0, rows - 1);
	add_capability(out, "cup", row, column);
}

void
full_restore(struct buf *out, int rows)
{
	buf_str(out, full_paste_mode(false));
	add_capability(out, "sgr0", 0, 0);
	add_capability(out, "op", 0, 0);
	/* Where there is no other screen to go back to, the prompt comes below what is shown. */
	full_whole_region(out, rows, rows - 1, 0);
	add_capability(out, "el", 0, 0);
	add_capability(out, "rmcup", 0, 0);
}
