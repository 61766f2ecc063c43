/* The words for an answer: one sentence for each, when a screen has none that fits better. */
#include "bbs/base/error.h"

#include <stddef.h>

#include "bbs/base/i18n.h"

static const char *const sentences[] = {
	[-E_DENIED] = N_("You may not do this."),
	[-E_NOT_FOUND] = N_("This is not there, or is no longer."),
	[-E_EXISTS] = N_("This name is taken already: please choose another."),
	[-E_BUSY] = N_("Others are writing at this moment: please try again."),
	[-E_TOO_LONG] = N_("This is too long: please shorten it."),
	[-E_EMPTY] = N_("This is empty: please write something."),
	[-E_INVALID] = N_("This is not of the form expected here: please check it."),
	[-E_FULL] = N_("There is no room left on the board's disk: nothing was recorded. Please try again later."),
	[-E_READ_ONLY] = N_("The board can only be read at this moment: nothing was recorded."),
	[-E_LOCKED] = N_("This discussion is closed: no reply can be added to it."),
	[-E_DONE] = N_("This was already done."),
	[-E_NEWER] = N_("This board was made by a newer version of the program."),
	[-E_IN_USE] = N_("The board is in use: close it everywhere, then try again."),
	[-E_CORRUPT] = N_("This file is not a board, or it is damaged."),
	[-E_LIMIT] = N_("Too many tries: please wait a while, then try again."),
	[-E_TOO_BIG] = N_("This file is larger than files may be here: nothing was kept of it."),
	[-E_ROOM] = N_("There is no room left in this area: throw something away for good, or ask the animators."),
	[-E_TYPE] = N_("Files of this kind are not taken here: what runs as a program could do harm."),
	[-E_NOT_EMPTY] = N_("This folder is not empty: throw away first what is in it."),
	[-E_PLACE] = N_("This photo or film may say where it was taken, and that cannot be removed here: it is neither made "
			"public nor attached to a message. Please save the photo as JPEG first (at most 64 MB), or share the film without its "
			"position."),
};

const char *
error_text(int code)
{
	if (code < 0 && (size_t) - (long)code < sizeof sentences / sizeof sentences[0])
		return _(sentences[-code]);
	return code == E_OK ? _("It is done.") : _("Something unexpected happened.");
}
