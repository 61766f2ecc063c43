/* The table of keys. Footer, help page and linear prompt are printed from it, and from nothing else. */
#include "bbs/base/i18n.h"
#include "screens/ui.h"

enum { ESCAPE = 27 };

const struct key_row keys[] = {
	{ ACT_OPEN, '\r', N_("open"), N_("open"), N_("Enter opens what the cursor is on.") },
	{ ACT_NEXT, ' ', N_("next"), N_("go on"),
	    N_("Space goes on: the next page, then the next message you have not read.") },
	{ ACT_NEW, 'n', N_("new"), N_("write"), N_("Write something new here.") },
	{ ACT_REPLY, 'r', N_("reply"), N_("reply"), N_("Reply to this message.") },
	{ ACT_QUOTE, 'R', N_("quote"), N_("quoting"), N_("Reply with this message quoted.") },
	{ ACT_YES, 'o', N_("yes"), N_("yes"), N_("Say yes: to this person, or that all is right.") },
	{ ACT_NO, 'x', N_("no"), N_("no"), N_("Say no, with a reason.") },
	{ ACT_ASK, 'p', N_("ask"), N_("ask something"), N_("Ask this person for a precision.") },
	{ ACT_EDIT, 'e', N_("edit"), N_("change"), N_("Change what is shown.") },
	{ ACT_NEAREST, 'v', N_("nearest"), N_("nearest"), N_("The councils nearest to mine.") },
	{ ACT_INVITE, 'i', N_("invite"), N_("invite"), N_("Invite somebody.") },
	{ ACT_REMOVE, 'X', N_("remove"), N_("remove"), N_("Remove what the cursor is on (asks first).") },
	{ ACT_ALL_READ, 't', N_("all read"), N_("all read"), N_("Mark everything as read.") },
	{ ACT_WHO, 'l', N_("who"), N_("who is here"), N_("Who is on line.") },
	{ ACT_SHEET, 'F', N_("author"), N_("author"), N_("The sheet of whoever wrote this.") },
	{ ACT_HISTORY, 'h', N_("history"), N_("history"), N_("What it was before, and who changed it.") },
	{ ACT_RESTORE, 'y', N_("put back"), N_("put back"), N_("Make it again what it was then.") },
	{ ACT_HANDOVER, 'T', N_("hand over"), N_("hand over"), N_("Name another resource person.") },
	{ ACT_SEARCH, '/', N_("search"), N_("search"), N_("Search, or filter the list by letters.") },
	{ ACT_ORDER, 'b', N_("sort"), N_("sort"), N_("What is found: the best or the newest first.") },
	{ ACT_FOLLOW, '*', N_("follow"), N_("follow"),
	    N_("Follow, or follow no longer: what is new there counts as your discussions.") },
	{ ACT_MUTE, 'z', N_("mute"), N_("mute"),
	    N_("Mute, or hear again: what is muted never counts as new.") },
	{ ACT_FOLD, '>', N_("quotation"), N_("quotation"),
	    N_("Open the long quotations of this message, or fold them.") },
	{ ACT_FLAT, 'a', N_("order"), N_("order"),
	    N_("The messages in the order of time, or as a tree of answers.") },
	{ ACT_PRINT, 'P', N_("print"), N_("print"), N_("How to have this discussion on paper or in a file.") },
	{ ACT_HELP, '?', N_("help"), N_("help"), N_("This page.") },
	{ ACT_REDRAW, 'L' - '@', NULL, NULL, N_("Ctrl-L draws the screen again.") },
	{ ACT_BACK, ESCAPE, N_("back"), N_("back"), N_("Escape or the left arrow goes back.") },
	{ ACT_QUIT, 'Q', N_("quit"), N_("quit"), N_("Leave the board (asks once).") },
};
const int keys_count = sizeof keys / sizeof *keys;
