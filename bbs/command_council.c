/* Commands about councils and the charter. The directory as a table stands in council_table.c. */
#include <stddef.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "bbs/command_call.h"
#include "bbs/council_table.h"
#include "bbs/base/csv.h"
#include "bbs/vcard.h"
#include "db/member.h"

enum { PAGE = 100, CHARTER_INPUT = 128 * 1024 };

/* The first ones are what an export has, and an import takes. */
static const struct listing_column sheet[] = {
	{ "id", N_("Number"), 6 },
	{ "name", N_("Council"), 30 },
	{ "communes", N_("Communes"), 5 },
	{ "town", N_("Town"), 20 },
	{ "department", N_("Département"), 3 },
	{ "email", N_("E-mail"), 30 },
	{ "page", N_("Page"), 30 },
	{ "links", N_("Links"), 30 },
	{ "quarter", N_("Priority quarter"), 8 },
	{ "description", N_("Description"), 30 },
	{ "resource_name", N_("Resource person"), 20 },
	{ "resource_email", N_("Their e-mail"), 30 },
	{ "resource_phone", N_("Their telephone"), 17 },
	{ "resource_public", N_("Shown to everybody"), 3 },
	{ "members", N_("Members"), 4 },
	{ "lat", N_("Latitude"), 8 },
	{ "lon", N_("Longitude"), 8 },
	{ "changed", N_("Changed"), 20 },
	{ "checked", N_("Looked over"), 20 },
};
enum { SHEET = sizeof sheet / sizeof *sheet, EXPORTED = 14 };

static const struct listing_column brief[] = {
	{ "id", N_("Number"), 6 },
	{ "department", N_("Dép."), 4 },
	{ "town", N_("Town"), 22 },
	{ "name", N_("Council"), 30 },
	{ "resource_name", N_("Resource person"), 20 },
};
enum { BRIEF = sizeof brief / sizeof *brief };

static const struct listing_column charters[] = {
	{ "version", N_("Version"), 7 },
	{ "created", N_("Date"), 30 },
	{ "author", N_("Author"), 20 },
	{ "accepted", N_("Accepted by"), 8 },
};

static const struct listing_column import_columns[] = {
	{ "line", N_("Line"), 5 },
	{ "fate", N_("What happens"), 12 },
	{ "id", N_("Number"), 6 },
	{ "name", N_("Council"), 30 },
	{ "reason", N_("Fields, or why"), 30 },
};

/* ---- reading ---- */

static void
list_sheet(struct listing *l, const struct council *c)
{
	enum { WORDS = 12 };
	const struct buf *words[WORDS] = { &c->name, &c->communes, &c->town, &c->department,
		&c->email, &c->page, &c->links, &c->quarter, &c->description, &c->resource_name,
		&c->resource_email, &c->resource_phone };
	listing_number(l, c->id.n);
	for (int i = 0; i < WORDS; i++)
		listing_words(l, buf_text(words[i]));
	listing_yes(l, c->resource_public);
	listing_number(l, c->members);
	listing_real(l, c->lat, 4);
	listing_real(l, c->lon, 4);
	call_time(l, c->changed);
	call_time(l, c->checked);
}

static void
list_brief(struct listing *l, const struct council *c)
{
	listing_number(l, c->id.n);
	listing_words(l, buf_text(&c->department));
	listing_words(l, buf_text(&c->town));
	listing_words(l, buf_text(&c->name));
	listing_words(l, buf_text(&c->resource_name));
}

/* --department as typed: its code, "" for none; false where there is no such, and it was said. */
static bool
department(struct call *call, char code[8])
{
	const char *typed = call_option(call, "department");
	*code = '\0';
	if (!typed || !department_find(call->db, typed, code))
		return true;
	call_refuse(call, _("There is no département “%s”."), typed);
	return false;
}

struct page {
	item_id ids[PAGE];
	int count;
	struct buf last; /* its name_sort */
	int64_t checked;
};

static bool
take_row(void *ctx, const struct council_row *row)
{
	struct page *page = ctx;
	page->ids[page->count++] = row->id;
	buf_cut(&page->last, 0);
	buf_str(&page->last, row->name_sort);
	page->checked = row->checked;
	return true;
}

static int
council_list(struct call *call)
{
	char code[8];
	struct listing l;
	struct page page = { 0 };
	item_id from = { 0 };
	const char *filter = call_option(call, "filter");
	int64_t left = call_limit(call);
	bool stale = call_option(call, "stale");
	if (stale && filter)
		return call_usage(call, "%s", _("Either --stale or --filter."));
	if (!department(call, code))
		return 1;
	bool text = call_form(call) == LISTING_TEXT;
	call_list_as(call, &l, text ? brief : sheet, text ? BRIEF : SHEET);
	while (left > 0) {
		struct buf sort = page.last;
		int64_t checked = page.checked;
		int most = left < PAGE ? (int)left : PAGE;
		page = (struct page){ 0 };
		int n = stale ? council_stale(call->db, code, checked, from, most, take_row, &page)
			      : council_page(call->db, code, filter ? filter : "", buf_text(&sort), from, 1,
				    most, take_row, &page);
		buf_free(&sort);
		if (n <= 0)
			break;
		for (int i = 0; i < page.count; i++) {
			struct council c;
			/* It may be gone since. */
			if (!council_get(call->db, page.ids[i], &c))
				(text ? list_brief : list_sheet)(&l, &c);
			council_free(&c);
		}
		from = page.ids[page.count - 1];
		left -= n;
	}
	buf_free(&page.last);
	listing_end(&l);
	return 0;
}

static bool
write_card(void *ctx, const struct council *c)
{
	struct buf card = { 0 };
	vcard_council(&card, c);
	call_write(ctx, card.data, card.len);
	buf_free(&card);
	return true;
}

static int
council_show(struct call *call)
{
	struct council c;
	struct listing l;
	int r = council_get(call->db, (item_id){ call_id(call, 0) }, &c);
	if (r)
		return call_fail(call, call->words[0], r);
	if (call_option(call, "vcard")) {
		write_card(call, &c);
	} else {
		call_list_one(call, &l);
		list_sheet(&l, &c);
		listing_end(&l);
	}
	council_free(&c);
	return 0;
}

static void
write_export(void *ctx, const char *data, size_t size)
{
	call_write(ctx, data, size);
}

static int
council_export(struct call *call)
{
	char code[8];
	if (!department(call, code))
		return 1;
	if (call_option(call, "vcard"))
		return call_end(call, council_all(call->db, code, write_card, call));
	enum listing_form form = call_option(call, "json")   ? LISTING_JSON
				 : call_option(call, "xlsx") ? LISTING_XLSX
							     : LISTING_CSV;
	if (form == LISTING_XLSX && call->io->terminal)
		return call_refuse(call, "%s",
		    _("A workbook is no text: please say where it goes, … council export --xlsx "
		      "> directory.xlsx"));
	return call_end(call, council_table_export(call->db, code, form, write_export, call));
}

/* ---- writing ---- */

/* Options that are fields. */
static const struct {
	const char *option, *field;
	size_t offset;
} fields[] = {
	{ "name", "name", offsetof(struct council, name) },
	{ "communes", "communes", offsetof(struct council, communes) },
	{ "email", "email", offsetof(struct council, email) },
	{ "page", "page", offsetof(struct council, page) },
	{ "links", "links", offsetof(struct council, links) },
	{ "quarter", "quarter", offsetof(struct council, quarter) },
	{ "description", "description", offsetof(struct council, description) },
	{ "resource-name", "resource_name", offsetof(struct council, resource_name) },
	{ "resource-email", "resource_email", offsetof(struct council, resource_email) },
	{ "resource-phone", "resource_phone", offsetof(struct council, resource_phone) },
};
enum { FIELDS = sizeof fields / sizeof *fields };
#define FIELD_OPTIONS "[--email EMAIL] [--page URL] [--links URLS] [--quarter CODE]" \
	" [--description TEXT] [--resource-name NAME] [--resource-email EMAIL]" \
	" [--resource-phone PHONE] [--resource-public YES]"

static bool
parse_yes(const char *typed, bool *yes)
{
	static const char *const words[] = { "no", "yes", "non", "oui", "n", "y", "n", "o", "0", "1",
		"false", "true" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcasecmp(typed, words[i])) {
			*yes = i % 2;
			return true;
		}
	return false;
}

/* Puts what the options say into the council, looks at it and records it. */
static int
put_council(struct call *call, struct council *c)
{
	const char *option;
	for (int i = 0; i < FIELDS; i++) {
		struct buf *field = (struct buf *)((char *)c + fields[i].offset);
		if (!(option = call_option(call, fields[i].option)))
			continue;
		buf_cut(field, 0);
		buf_str(field, option);
	}
	if ((option = call_option(call, "resource-public")) && !parse_yes(option, &c->resource_public))
		return call_usage(call, "%s", _("--resource-public is yes or no."));
	const char *field = NULL;
	int r = council_check(call->db, c, &field);
	for (int i = 0; r && i < FIELDS; i++)
		if (!strcmp(fields[i].field, field)) {
			struct buf name = { 0 };
			buf_fmt(&name, "--%s", fields[i].option);
			if (r == E_INVALID && !strcmp(field, "communes"))
				r = call_refuse(call,
				    _("%s: a code that is not known, or communes of two "
				    "départements."),
				    buf_text(&name));
			else
				r = call_fail(call, buf_text(&name), r);
			buf_free(&name);
			return r;
		}
	r = council_put(call->db, c);
	if (r == E_EXISTS)
		return call_refuse(
		    call, "%s", _("There is a council of this name in this commune already."));
	return call_end(call, r);
}

static int
council_add(struct call *call)
{
	struct council c = { 0 };
	int status = put_council(call, &c);
	if (!status)
		call_say(call, "%lld\n", (long long)c.id.n);
	council_free(&c);
	return status;
}

static int
council_set(struct call *call)
{
	struct council c;
	int r = council_get(call->db, (item_id){ call_id(call, 0) }, &c);
	if (r)
		return call_fail(call, call->words[0], r);
	int status = put_council(call, &c);
	council_free(&c);
	return status;
}

static int
council_join(struct call *call)
{
	int64_t into = call_number(call, "into", 0), from = call_id(call, 0);
	int r = from > 0 ? council_merge(call->db, (item_id){ from }, (item_id){ into }) : E_NOT_FOUND;
	if (r == E_INVALID)
		return call_refuse(call, "%s", _("A council cannot be merged with itself."));
	return r ? call_fail(call, call->words[0], r) : 0;
}

/* ---- import ---- */

static const char *const fate_names[] = { "add", "change", "same", "refused" };

static const char *
fate_text(enum import_fate fate)
{
	static const char *const texts[] = { N_("added"), N_("changed"), N_("the same"),
		N_("refused") };
	return _(texts[fate]);
}

static void
list_fate(void *ctx, const struct import_row *row)
{
	struct listing *l = ctx;
	listing_number(l, row->line);
	listing_words(l, l->form == LISTING_TEXT ? fate_text(row->fate) : fate_names[row->fate]);
	if (row->id.n)
		listing_number(l, row->id.n);
	else
		listing_none(l);
	listing_words(l, row->name);
	listing_words(l, l->form == LISTING_TEXT && *row->told ? row->told : row->reason);
}

static void
skip_fate(void *ctx, const struct import_row *row)
{
	(void)ctx;
	(void)row;
}

static void
say_counts(struct call *call, const struct import *import, bool applied)
{
	const int *n = import->counts;
	if (import->ignored.len)
		call_say(call, _("Columns that mean nothing here: %s.\n"), buf_text(&import->ignored));
	call_say(call,
	    applied ? _("Recorded: %d added, %d changed; %d the same, %d refused.\n")
		    : _("Nothing is recorded yet: %d to add, %d to change, %d the same, %d "
		    "refused.\n"),
	    n[IMPORT_ADD], n[IMPORT_CHANGE], n[IMPORT_SAME], n[IMPORT_REFUSED]);
}

/* The yes of whoever sits at the terminal. */
static bool
agreed(struct call *call)
{
	struct buf line = { 0 };
	bool yes = false;
	call_say(call, "%s ", _("Record this? (yes or no)"));
	bool answered = !call_input_line(call, &line, 100) && parse_yes(buf_text(&line), &yes);
	buf_free(&line);
	return answered && yes;
}

/* Goes through the table; rows are listed unless a silent run repeats what was listed. */
static int
go_through(struct call *call, const struct buf *table, bool apply, bool silent)
{
	struct listing l;
	struct import import;
	struct buf trouble = { 0 };
	if (!silent)
		call_list(call, &l);
	int r = council_table_import(call->db, buf_text(table), table->len, apply,
	    silent ? skip_fate : list_fate, &l, &import, &trouble);
	if (!silent)
		listing_end(&l);
	if (!r && call_form(call) == LISTING_TEXT)
		say_counts(call, &import, apply);
	int status = r ? call_refuse(call, "%s", buf_text(&trouble)) : 0;
	if (!r && apply && import.counts[IMPORT_REFUSED])
		status = call_refuse(call, _("Rows refused: %d; all others are recorded."),
		    import.counts[IMPORT_REFUSED]);
	buf_free(&trouble);
	import_free(&import);
	return status;
}

static int
council_import(struct call *call)
{
	struct buf table = { 0 };
	bool dry = call_option(call, "dry-run"), yes = call_option(call, "yes");
	bool asks = !dry && !yes && call->io->terminal;
	if (asks && (!call->machine || !strcmp(call->words[0], "-")))
		return call_refuse(call, "%s", _("The table comes by standard input, so nothing can "
		    "be asked: please say --dry-run to see what would happen, or --yes to record "
		    "it."));
	if (call_load(call, call->words[0], &table, CSV_FILE_MAX)) {
		buf_free(&table);
		return 1;
	}
	int status = go_through(call, &table, !dry && !asks, false);
	if (!status && asks)
		status = agreed(call) ? go_through(call, &table, true, true)
				      : call_refuse(call, "%s", _("Nothing was recorded."));
	buf_free(&table);
	return status;
}

/* ---- the charter ---- */

static bool
list_charter(void *ctx, const struct charter_row *row)
{
	struct listing *l = ctx;
	listing_number(l, row->version);
	call_time(l, row->created);
	listing_words(l, row->author);
	listing_number(l, row->accepted);
	return true;
}

static int
charter_list(struct call *call)
{
	enum { ALL = 1000 };
	struct listing l;
	call_list(call, &l);
	int r = charter_page(call->db, 0, 1, ALL, list_charter, &l);
	listing_end(&l);
	return call_end(call, r);
}

static int
charter_show(struct call *call)
{
	struct buf body = { 0 };
	int64_t version = call->count ? call_id(call, 0) : charter_get(call->db, &body);
	bool there = call->count ? !charter_version(call->db, version, &body) : version > 0;
	if (there) {
		call_text(call, buf_text(&body));
		call_say(call, "\n");
	}
	buf_free(&body);
	if (there)
		return 0;
	if (call->count)
		return call_refuse(call, _("There is no version “%s” of the charter."), call->words[0]);
	return call_refuse(call, "%s", _("There is no charter yet."));
}

static int
charter_change(struct call *call)
{
	struct buf body = { 0 };
	int r = call_input(call, &body, CHARTER_INPUT);
	if (!r)
		r = charter_set(call->db, buf_text(&body));
	buf_free(&body);
	return call_end(call, r);
}

const struct verb command_council_verbs[] = {
	{ .noun = "council", .verb = "list", .run = council_list, .need = NEED_NOTHING,
	  .usage = "[--department CODE] [--filter WORDS] [--stale] [--limit N] [--json | --csv]",
	  .columns = sheet, .column_count = SHEET,
	  .help = N_("The councils, by name. All, or those of a département (its code or its name), "
		     "or those whose name, town or département has words that begin with WORDS; --stale: those "
		     "whose sheet nobody has looked over for a year, the longest first.") },
	{ .noun = "council", .verb = "show", .run = council_show, .need = NEED_NOTHING,
	  .usage = "ID [--json | --csv | --vcard]", .columns = sheet, .column_count = SHEET,
	  .help = N_("The sheet of a council; with --vcard as a card for an address book.") },
	{ .noun = "council", .verb = "add", .run = council_add, .need = MAY_ADD_COUNCIL,
	  .usage = "--name NAME --communes CODES " FIELD_OPTIONS,
	  .help = N_("Adds a council and prints its number. CODES are INSEE codes, the principal "
		     "commune first, all of one département.") },
	{ .noun = "council", .verb = "set", .run = council_set, .need = MAY_EDIT_COUNCIL,
	  .usage = "ID [--name NAME] [--communes CODES] " FIELD_OPTIONS,
	  .help = N_("Changes the fields that are given, on the sheet of a council.") },
	{ .noun = "council", .verb = "merge", .run = council_join, .need = MAY_ADD_COUNCIL,
	  .usage = "ID --into ID",
	  .help = N_("Two sheets of one council become one: members, candidates and discussions of the first "
		     "go to the other, and the first sheet is hidden.") },
	{ .noun = "council", .verb = "import", .run = council_import, .need = MAY_ADD_COUNCIL,
	  .usage = "FILE [--dry-run | --yes] [--json | --csv]", .columns = import_columns,
	  .column_count = sizeof import_columns / sizeof *import_columns,
	  .help = N_("Adds and changes councils by a table: an Excel workbook (.xlsx), or CSV with commas, "
		     "semicolons or tabs; headings as in an export; name and communes at least. On a "
		     "terminal it shows what would happen, row by row, and asks; elsewhere it records, unless --dry-run "
		     "stands there. - is standard input, and so is any FILE over ssh.") },
	{ .noun = "council", .verb = "export", .run = council_export, .need = NEED_NOTHING,
	  .usage = "[--department CODE] [--csv | --xlsx | --json | --vcard]", .columns = sheet,
	  .column_count = EXPORTED,
	  .help = N_("Every council with all its fields, in the order of their numbers, as an import "
		     "takes them; with --xlsx as an Excel workbook; or, with --vcard, as cards "
		     "for address books (vCard 3.0).") },
	{ .noun = "charter", .verb = "list", .run = charter_list, .need = MAY_EDIT_CHARTER,
	  .usage = "[--json | --csv]", .columns = charters, .column_count = sizeof charters / sizeof *charters,
	  .help = N_("The versions of the charter, the newest first, and how many active members accepted each "
		     "last.") },
	{ .noun = "charter", .verb = "show", .run = charter_show, .need = NEED_NOTHING, .usage = "[VERSION]",
	  .help = N_("The charter as it is now, or an older version of it.") },
	{ .noun = "charter", .verb = "set", .run = charter_change, .need = MAY_EDIT_CHARTER, .usage = "",
	  .help = N_("A new charter, from standard input. Everybody is asked to accept it at the next "
		     "log-in.") },
	{ 0 },
};
