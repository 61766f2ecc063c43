/* Commands about what the store is and how it is set: settings, its health, a part of it as a file. */
#include <string.h>

#include "bbs/base/i18n.h"
#include "bbs/command_call.h"

static const struct listing_column columns[] = {
	{ "name", N_("Name"), 18 },
	{ "value", N_("Value"), 6 },
	{ "default", N_("Default"), 8 },
	{ "min", N_("Least"), 6 },
	{ "max", N_("Most"), 6 },
	{ "help", N_("What it is"), 40 },
};

/* ---- settings ---- */

static int
setting_list(struct call *call)
{
	struct listing l;
	call_list(call, &l);
	for (int i = 0; i < settings_count; i++) {
		const struct setting *s = &settings[i];
		listing_words(&l, s->name);
		listing_number(&l, setting_number(call->db, s->name));
		listing_number(&l, s->otherwise);
		listing_number(&l, s->min);
		listing_number(&l, s->max);
		listing_words(&l, _(s->help));
	}
	listing_end(&l);
	return 0;
}

static int
no_such_setting(struct call *call)
{
	return call_refuse(call, _("There is no setting “%s”: “setting list” tells them."), call->words[0]);
}

static int
setting_get(struct call *call)
{
	if (!setting_find(call->words[0]))
		return no_such_setting(call);
	call_say(call, "%lld\n", (long long)setting_number(call->db, call->words[0]));
	return 0;
}

static int
setting_change(struct call *call)
{
	const struct setting *s = setting_find(call->words[0]);
	if (!s)
		return no_such_setting(call);
	int r = setting_set(call->db, s->name, call->words[1]);
	if (r == E_INVALID)
		return call_refuse(call, _("%s is %d to %d; nothing was changed."), s->name, (int)s->min,
		    (int)s->max);
	return call_end(call, r);
}

#define COLUMNS(array) .columns = (array), .column_count = sizeof(array) / sizeof *(array)

const struct verb command_store_verbs[] = {
	{ .noun = "setting", .verb = "list", .run = setting_list, .need = MAY_RUN_MACHINE, COLUMNS(columns),
	  .usage = "[--json | --csv]",
	  .help = N_("What can be changed while the board runs; what cannot stands in bbs.conf.") },
	{ .noun = "setting", .verb = "get", .run = setting_get, .need = MAY_RUN_MACHINE, .usage = "NAME",
	  .help = N_("The value of a setting.") },
	{ .noun = "setting", .verb = "set", .run = setting_change, .need = MAY_RUN_MACHINE, .usage = "NAME VALUE",
	  .help = N_("Another value for a setting; it holds at once.") },
	{ 0 },
};
