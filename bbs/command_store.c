/* Commands about what the store is and how it is set: settings, its health, a part of it as a file. */
#include <string.h>

#include "bbs/base/i18n.h"
#include "bbs/command_call.h"
#include "db/council.h"
#include "db/machine.h"

static const struct listing_column columns[] = {
	{ "name", N_("Name"), 18 },
	{ "value", N_("Value"), 6 },
	{ "default", N_("Default"), 8 },
	{ "min", N_("Least"), 6 },
	{ "max", N_("Most"), 6 },
	{ "help", N_("What it is"), 40 },
};

static const struct listing_column status[] = {
	{ "path", N_("File"), 30 },
	{ "schema", N_("Version of the schema"), 4 },
	{ "size", N_("Size"), 12 },
	{ "wal", N_("Written and not yet folded in"), 12 },
	{ "page_size", N_("Size of a page"), 6 },
	{ "pages", N_("Pages"), 8 },
	{ "free_pages", N_("Free pages"), 8 },
	{ "sessions", N_("Sessions"), 6 },
	{ "last_backup", N_("Last back-up"), 30 },
	{ "last_check", N_("Last check"), 30 },
	{ "last_faults", N_("Faults found then"), 4 },
};

static const struct listing_column tables[] = {
	{ "table", N_("Table"), 24 },
	{ "rows", N_("Rows, about"), 10 },
};

/* ---- the store's health ---- */

static bool
count_session(void *ctx, const struct session_row *row)
{
	(void)row;
	++*(int *)ctx;
	return true;
}

static int
store_status(struct call *call)
{
	struct listing l;
	struct store_status s;
	int sessions = 0, r = db_status(call->db, &s);
	if (r)
		return call_end(call, r);
	session_page(call->db, count_session, &sessions);
	call_list_one(call, &l);
	listing_words(&l, buf_text(&s.path));
	listing_number(&l, s.version);
	listing_number(&l, s.size);
	listing_number(&l, s.wal);
	listing_number(&l, s.page_size);
	listing_number(&l, s.pages);
	listing_number(&l, s.free_pages);
	listing_number(&l, sessions);
	if (s.backup)
		call_time(&l, s.backup);
	else
		listing_none(&l);
	if (s.check)
		call_time(&l, s.check);
	else
		listing_none(&l);
	if (s.check)
		listing_number(&l, s.faults);
	else
		listing_none(&l);
	listing_end(&l);
	buf_free(&s.path);
	return 0;
}

static int
store_tables(struct call *call)
{
	struct listing l;
	struct store_status s;
	int r = db_status(call->db, &s);
	if (r)
		return call_end(call, r);
	call_list(call, &l);
	for (int i = 0; i < s.table_count; i++) {
		listing_words(&l, s.tables[i].name);
		listing_number(&l, s.tables[i].rows);
	}
	listing_end(&l);
	buf_free(&s.path);
	return 0;
}

/* ---- a part of it ---- */

static int
council_extract(struct call *call)
{
	char department[8] = "";
	const char *typed = call_option(call, "department"), *path = call->words[typed ? 0 : 1];
	struct buf faults = { 0 };
	if (call->count != (typed ? 1 : 2))
		return call_usage(
		    call, "%s", _("Either the number of a council or --department is needed, and a file."));
	if (typed && department_find(call->db, typed, department))
		return call_refuse(call, _("There is no département “%s”."), typed);
	int64_t id = typed ? 0 : call_id(call, 0);
	bool logins = call_option(call, "with-logins");
	int r = id < 0 ? E_NOT_FOUND
		       : db_extract(call->db, (item_id){ id }, department, logins, path, &faults);
	if (r == E_CORRUPT)
		call_text(call, buf_text(&faults));
	buf_free(&faults);
	if (r == E_NOT_FOUND)
		return call_refuse(call, _("There is no council “%s”."), call->words[0]);
	if (r == E_EXISTS)
		return call_refuse(call, _("%s is there already: nothing is written over it."), path);
	return r ? call_fail(call, path, r) : 0;
}

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
	{ .noun = "store", .verb = "status", .run = store_status, .need = MAY_RUN_MACHINE, COLUMNS(status),
	  .usage = "[--json | --csv]",
	  .help = N_("How the store is: its size in bytes, what is free in it, who has it open, when it was backed "
		     "up and looked over last.") },
	{ .noun = "store", .verb = "tables", .run = store_tables, .need = MAY_RUN_MACHINE, COLUMNS(tables),
	  .usage = "[--json | --csv]",
	  .help = N_("The tables and about how many rows each has, by its newest row: nothing is counted.") },
	{ .noun = "council", .verb = "extract", .run = council_extract, .where = ON_MACHINE, .need = MAY_RUN_MACHINE,
	  .usage = "[ID] FILE [--department CODE] [--with-logins]",
	  .help = N_("A new store with that council alone, or those of a département: sheets, people, boards and "
		     "discussions, to be opened by “-c”. Passwords and keys stay here unless --with-logins "
		     "stands there. Whoever is of another council has no name in it.") },
	{ .noun = "setting", .verb = "list", .run = setting_list, .need = MAY_RUN_MACHINE, COLUMNS(columns),
	  .usage = "[--json | --csv]",
	  .help = N_("What can be changed while the board runs; what cannot stands in bbs.conf.") },
	{ .noun = "setting", .verb = "get", .run = setting_get, .need = MAY_RUN_MACHINE, .usage = "NAME",
	  .help = N_("The value of a setting.") },
	{ .noun = "setting", .verb = "set", .run = setting_change, .need = MAY_RUN_MACHINE, .usage = "NAME VALUE",
	  .help = N_("Another value for a setting; it holds at once.") },
	{ 0 },
};
