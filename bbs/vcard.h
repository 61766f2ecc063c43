#ifndef BBS_VCARD_H
#define BBS_VCARD_H

#include "db/council.h"
#include "db/db.h"

/*
 * Adds a council as a vCard 3.0 (RFC 2426), which old phones and mail programs read as well as new
 * ones: lines end with CRLF and are folded at 75 bytes, between characters. The resource person is on
 * it as far as the council was read by whoever asks.
 */
void
vcard_council(struct buf *out, const struct council *council);

#endif
