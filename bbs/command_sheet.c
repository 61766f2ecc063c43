/* Commands about the sheet of one council: what it was, and what its council does with it. */
#include <stdlib.h>

#include "bbs/base/i18n.h"
#include "bbs/command_call.h"
#include "screens/visit.h"

static const struct listing_column history[] = {
	{ "version", N_("Version"), 7 },
	{ "when", N_("When"), 30 },
	{ "who", N_("Who"), 24 },
	{ "cause", N_("What"), 30 },
	{ "fields", N_("Fields"), 30 },
};

static item_id
council_of(const struct call *call)
{
	return (item_id){ call_id(call, 0) };
}

struct versions {
	struct listing list;
	int64_t last;
};

static bool
list_version(void *ctx, const struct version_row *row)
{
	struct versions *v = ctx;
	bool text = v->list.form == LISTING_TEXT;
	struct buf fields = { 0 };
	council_field_words(row->fields, &fields);
	listing_number(&v->list, row->version);
	call_time(&v->list, row->created);
	listing_words(&v->list, row->author);
	listing_words(&v->list, text ? sheet_cause(row->cause) : row->cause);
	listing_words(&v->list, text ? buf_text(&fields) : row->fields);
	buf_free(&fields);
	v->last = row->version;
	return true;
}

static int
council_history(struct call *call)
{
	enum { PAGE = 100 };
	struct versions v = { 0 };
	struct council c;
	int r = council_get(call->db, council_of(call), &c);
	council_free(&c);
	if (r)
		return call_fail(call, call->words[0], r);
	if (!may(call->db, MAY_READ_HISTORY, council_of(call)))
		return call_fail(call, NULL, E_DENIED);
	call_list(call, &v.list);
	int n = PAGE;
	for (int64_t left = call_limit(call); left > 0 && n == PAGE; left -= n)
		n = council_versions(call->db, council_of(call), v.last, 1, left < PAGE ? (int)left : PAGE,
		    list_version, &v);
	listing_end(&v.list);
	return 0;
}

/* The words of a version: its number, and what it changed. */
static int
council_difference(struct call *call)
{
	struct council now, before;
	struct buf text = { 0 };
	int64_t version = call_id(call, 1);
	int r = council_version(call->db, council_of(call), version, &now);
	if (r)
		return call_fail(call, call->words[1], r);
	council_version(call->db, council_of(call), version - 1, &before);
	council_tell(call->db, &before, &now, &text);
	call_text(call, buf_text(&text));
	council_free(&now);
	council_free(&before);
	buf_free(&text);
	return 0;
}

static int
council_put_back(struct call *call)
{
	int r = council_restore(call->db, council_of(call), call_id(call, 1));
	if (r == E_DONE)
		return call_refuse(call, "%s", _("The sheet is like that already."));
	return call_end(call, r);
}

static int
council_right(struct call *call)
{
	return call_end(call, council_found_right(call->db, council_of(call)));
}

static int
council_handover(struct call *call)
{
	const char *name = call_option(call, "name"), *email = call_option(call, "email");
	const char *phone = call_option(call, "phone");
	struct member m;
	int r;
	if ((call->count > 1) == (name != NULL))
		return call_usage(call, "%s", _("Either LOGIN or --name says who."));
	if (name) {
		r = council_hand_over_outside(
		    call->db, council_of(call), name, email ? email : "", phone ? phone : "");
	} else {
		r = member_find(call->db, call->words[1], &m);
		if (!r)
			r = council_hand_over(call->db, council_of(call), m.id);
		if (r == E_NOT_FOUND)
			r = call_refuse(call, _("“%s” is no member of this council."), call->words[1]);
		member_free(&m);
		if (r > 0)
			return r;
	}
	if (r == E_DONE)
		return call_refuse(call, "%s", _("That person is named already."));
	return call_end(call, r);
}

static int
answer(struct call *call, bool yes)
{
	int r = council_answer(call->db, council_of(call), yes);
	if (r == E_NOT_FOUND)
		return call_refuse(call, "%s", _("Nobody has named you the resource person of this council."));
	return call_end(call, r);
}

static int
council_accept(struct call *call)
{
	return answer(call, true);
}

static int
council_decline(struct call *call)
{
	return answer(call, false);
}

const struct verb command_sheet_verbs[] = {
	{ .noun = "council", .verb = "history", .run = council_history, .need = MAY_READ_HISTORY,
	  .usage = "ID [--limit N] [--json | --csv]", .columns = history,
	  .column_count = sizeof history / sizeof *history,
	  .help = N_("The versions of a council's sheet, newest first: who, when, which fields.") },
	{ .noun = "council", .verb = "difference", .run = council_difference, .need = MAY_READ_HISTORY,
	  .usage = "ID VERSION", .help = N_("What a version of the sheet changed, field by field.") },
	{ .noun = "council", .verb = "restore", .run = council_put_back, .need = MAY_EDIT_COUNCIL,
	  .usage = "ID VERSION",
	  .help = N_("Makes the sheet of a council again what it was in that version.") },
	{ .noun = "council", .verb = "check", .run = council_right, .need = MAY_EDIT_COUNCIL, .usage = "ID",
	  .help = N_("Says that all on the sheet of a council is right: it is not to be checked for a year.") },
	{ .noun = "council", .verb = "handover", .run = council_handover, .need = MAY_HAND_OVER,
	  .usage = "ID [LOGIN] [--name NAME] [--email EMAIL] [--phone PHONE]",
	  .help = N_("Names another resource person: the member LOGIN, who is asked and has the place "
		     "after saying yes; or, by NAME, somebody who is not on the board.") },
	{ .noun = "council", .verb = "accept", .run = council_accept, .need = MAY_EDIT_COUNCIL, .usage = "ID",
	  .help = N_("Your yes, when you were named the resource person of that council.") },
	{ .noun = "council", .verb = "decline", .run = council_decline, .need = MAY_EDIT_COUNCIL,
	  .usage = "ID",
	  .help = N_("Your no, when you were named the resource person of that council.") },
	{ 0 },
};
