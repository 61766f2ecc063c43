/* The editor's table of keys, and what the help says of each. The doing is in edit.c. */
#include "screens/edit.h"

#include <unistr.h>

#include "bbs/base/i18n.h"
#include "screens/decode.h"

const struct edit_row edit_rows[] = {
	{ DECODE_CONTROL('S'), EDIT_SEND, N_("Ctrl-S or F2"), N_("send") },
	{ DECODE_F2, EDIT_SEND, NULL, NULL },
	{ DECODE_CONTROL('O'), EDIT_ATTACH, N_("Ctrl-O"), N_("attach") },
	{ DECODE_ESCAPE, EDIT_LEAVE, N_("Escape"), N_("leave, the text is kept") },
	{ DECODE_CONTROL('G'), EDIT_HELP, N_("Ctrl-G or F1"), N_("help") },
	{ DECODE_F1, EDIT_HELP, NULL, NULL },
	{ DECODE_CONTROL('R'), EDIT_QUOTE, N_("Ctrl-R"), N_("quote the message") },
	{ DECODE_CONTROL('K'), EDIT_CUT, N_("Ctrl-K"), N_("cut the line") },
	{ DECODE_CONTROL('U'), EDIT_PASTE, N_("Ctrl-U"), N_("paste what was cut") },
	{ DECODE_CONTROL('Z'), EDIT_UNDO, N_("Ctrl-Z"), N_("undo") },
	{ DECODE_CONTROL('Y'), EDIT_REDO, N_("Ctrl-Y"), N_("do again what was undone") },
	{ DECODE_BACKSPACE, EDIT_BACKSPACE, N_("Backspace or Ctrl-H"),
	    N_("delete before the cursor") },
	{ DECODE_DELETE, EDIT_DELETE, N_("Delete or Ctrl-D"), N_("delete under the cursor") },
	{ DECODE_CONTROL('D'), EDIT_DELETE, NULL, NULL },
	{ DECODE_LEFT, EDIT_LEFT, N_("Left or Ctrl-B"), N_("one character back") },
	{ DECODE_CONTROL('B'), EDIT_LEFT, NULL, NULL },
	{ DECODE_RIGHT, EDIT_RIGHT, N_("Right or Ctrl-F"), N_("one character on") },
	{ DECODE_CONTROL('F'), EDIT_RIGHT, NULL, NULL },
	{ DECODE_UP, EDIT_UP, N_("Up or Ctrl-P"), N_("one line up") },
	{ DECODE_CONTROL('P'), EDIT_UP, NULL, NULL },
	{ DECODE_DOWN, EDIT_DOWN, N_("Down or Ctrl-N"), N_("one line down") },
	{ DECODE_CONTROL('N'), EDIT_DOWN, NULL, NULL },
	{ DECODE_HOME, EDIT_HOME, N_("Home or Ctrl-A"), N_("start of the line") },
	{ DECODE_CONTROL('A'), EDIT_HOME, NULL, NULL },
	{ DECODE_END, EDIT_END, N_("End or Ctrl-E"), N_("end of the line") },
	{ DECODE_CONTROL('E'), EDIT_END, NULL, NULL },
	{ DECODE_PAGE_UP, EDIT_PAGE_UP, N_("Page up or Ctrl-T"), N_("one page up") },
	{ DECODE_CONTROL('T'), EDIT_PAGE_UP, NULL, NULL },
	{ DECODE_PAGE_DOWN, EDIT_PAGE_DOWN, N_("Page down or Ctrl-V"), N_("one page down") },
	{ DECODE_CONTROL('V'), EDIT_PAGE_DOWN, NULL, NULL },
	{ DECODE_LEFT | DECODE_CTRL, EDIT_WORD_LEFT, N_("Ctrl-Left or Alt-B"),
	    N_("one word back") },
	{ 'b' | DECODE_ALT, EDIT_WORD_LEFT, NULL, NULL },
	{ DECODE_RIGHT | DECODE_CTRL, EDIT_WORD_RIGHT, N_("Ctrl-Right or Alt-F"),
	    N_("one word on") },
	{ 'f' | DECODE_ALT, EDIT_WORD_RIGHT, NULL, NULL },
	{ DECODE_HOME | DECODE_CTRL, EDIT_TOP, N_("Ctrl-Home or Alt-<"), N_("start of the text") },
	{ '<' | DECODE_ALT, EDIT_TOP, NULL, NULL },
	{ DECODE_END | DECODE_CTRL, EDIT_BOTTOM, N_("Ctrl-End or Alt->"), N_("end of the text") },
	{ '>' | DECODE_ALT, EDIT_BOTTOM, NULL, NULL },
	{ DECODE_ENTER, EDIT_NEWLINE, NULL, NULL },
};
const int edit_rows_count = sizeof edit_rows / sizeof *edit_rows;

/* Keys that mean nothing on a single line: there they are the form's. */
static bool
needs_lines(enum edit_op op)
{
	return op == EDIT_NEWLINE || op == EDIT_UP || op == EDIT_DOWN || op == EDIT_PAGE_UP ||
	       op == EDIT_PAGE_DOWN || op == EDIT_QUOTE || op == EDIT_ATTACH;
}

int
edit_key(struct edit_text *e, int key)
{
	for (int i = 0; i < edit_rows_count; i++) {
		if (edit_rows[i].key != key)
			continue;
		enum edit_op op = edit_rows[i].op;
		if (e->one_line && needs_lines(op))
			return EDIT_NONE;
		int rc = edit_do(e, op);
		return rc < 0 ? rc : (int)op;
	}
	bool control = key < ' ' || (key >= 0x7f && key < 0xa0);
	if (key > 0x10ffff || (control && (key != DECODE_TAB || e->one_line)))
		return EDIT_NONE;
	uint8_t s[6];
	int n = u8_uctomb(s, (ucs4_t)key, sizeof s);
	if (n <= 0)
		return EDIT_NONE;
	int rc = edit_type(e, (const char *)s, (size_t)n);
	return rc < 0 ? rc : EDIT_TYPE;
}
