/* The directory: regions, départements, councils; by letters; nearest to mine; a council's sheet. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

/* ---- councils in a list ---- */

struct councils {
	struct visit *v;
	const char *department; /* or a commune; "" all of France */
	int64_t now;
	struct rows *out;
	enum deed deed; /* of those that the viewer may do it about, with may_rows() */
	struct buf seen; /* the last that the store gave it, by name and number */
	int64_t seen_id;
};

static bool
add_council(void *ctx, const struct council_row *row)
{
	struct councils *c = ctx;
	struct row *r = rows_add(c->out, row->id.n, row->name_sort, row->id.n);
	struct buf when = { 0 };
	row_cell(r, 0, row->name);
	row_cell(r, 1, row->town);
	row_cell(r, 2, row->resource_name);
	if (council_is_stale(row->checked, c->now))
		buf_str(&when, _("to be checked"));
	else
		clock_day(&when, row->checked, c->now);
	row_cell(r, 3, buf_text(&when));
	buf_free(&when);
	return true;
}

static bool
add_near(void *ctx, const struct council_row *row)
{
	struct councils *c = ctx;
	struct buf km = { 0 };
	add_council(ctx, row);
	buf_fmt(&km, _("%.0f km"), row->km);
	row_cell(&c->out->row[c->out->count - 1], 3, buf_text(&km));
	buf_free(&km);
	return true;
}

static int
council_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct councils *c = ctx;
	c->out = out;
	c->now = clock_now();
	return council_page(c->v->db, c->department, filter, from ? from->key : "",
	    (item_id){ from ? from->id : 0 }, direction, n, add_council, c);
}

enum { COUNCIL_COLUMNS = 4, COUNCIL_COLUMNS_VISITOR = 2 };

/* Fills the description of a list of councils; place, source and right are the caller's. */
static void
describe(struct visit *v, struct list *list, struct column columns[COUNCIL_COLUMNS])
{
	columns[0] = (struct column){ _("Council"), 26, 0, 0 };
	columns[1] = (struct column){ _("Town"), 20, 30, 0 };
	columns[2] = (struct column){ _("Resource person"), 18, 24, 2 };
	columns[3] = (struct column){ _("Updated"), 13, 17, 1 };
	list->columns = columns;
	list->column_count = visit_member(v) ? COUNCIL_COLUMNS : COUNCIL_COLUMNS_VISITOR;
}

/* The councils nearest to the viewer's own; a short list, given whole. */
static int
nearest_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	enum { NEAREST = 20 };
	struct councils *c = ctx;
	struct rows all = { 0 };
	(void)filter;
	c->out = &all;
	c->now = clock_now();
	council_nearest(c->v->db, c->v->me.council, NEAREST, add_near, c);
	return rows_window(&all, from, direction, n, out);
}

static enum act
nearest_screen(struct visit *v)
{
	struct column columns[COUNCIL_COLUMNS];
	struct councils councils = { .v = v };
	struct list list = { .place = _("Directory › Nearest to mine"), .source = { nearest_rows, &councils },
		.empty = _("No other council is near yours.") };
	describe(v, &list, columns);
	columns[3].head = _("Distance");
	for (;;) {
		enum act act = ui_list(v->ui, &list);
		if (act != ACT_OPEN)
			return act;
		if (council_screen(v, (item_id){ list.at }) == ACT_QUIT)
			return ACT_QUIT;
	}
}

/* Councils of a département or a commune, "" all of France. */
static enum act
councils_screen(struct visit *v, const char *department, const char *place, const char *typed)
{
	struct column columns[COUNCIL_COLUMNS];
	struct councils councils = { .v = v, .department = department };
	struct buf right = { 0 };
	int count = council_count(v->db, department);
	buf_fmt(&right, ngettext("%d council", "%d councils", (unsigned long)count), count);
	struct list list = { .place = place, .right = buf_text(&right), .source = { council_rows, &councils },
		.empty = _("No council here, or none whose name begins like that."), .filters = true };
	describe(v, &list, columns);
	snprintf(list.filter, sizeof list.filter, "%s", typed);
	enum act act;
	for (;;) {
		v->listen(v, TOPIC_COUNCIL, 0);
		act = ui_list(v->ui, &list);
		if (act == ACT_OPEN)
			act = council_screen(v, (item_id){ list.at });
		else
			break;
		if (act == ACT_QUIT)
			break;
	}
	buf_free(&right);
	return act;
}

/* Behind the last council, for those who do not find theirs. */
enum { NOT_LISTED = -1 };

static int
choose_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	bool behind = from && from->id == NOT_LISTED, up = direction < 0;
	int r = 0;
	if (up && !from && n > 0) {
		row_cell(rows_add(out, NOT_LISTED, "", NOT_LISTED), 0, _("My council is not in the list"));
		n--;
	}
	if (n > 0 && (up || !behind))
		r = council_rows(ctx, filter, behind ? NULL : from, direction, n, out);
	if (!up && !behind && r >= 0 && r < n)
		row_cell(rows_add(out, NOT_LISTED, "", NOT_LISTED), 0, _("My council is not in the list"));
	return r < 0 ? r : out->count;
}

static bool
add_council_if(void *ctx, const struct council_row *row)
{
	struct councils *c = ctx;
	buf_cut(&c->seen, 0);
	buf_str(&c->seen, row->name_sort);
	c->seen_id = row->id.n;
	if (may(c->v->db, c->deed, row->id))
		add_council(c, row);
	return true;
}

/* Those about which the viewer may do the deed: asks for more until n are found, or none is left. */
static int
may_rows(void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct councils *c = ctx;
	int given, wanted, first = out->count;
	c->out = out;
	c->now = clock_now();
	c->seen_id = from ? from->id : 0;
	buf_cut(&c->seen, 0);
	buf_str(&c->seen, from ? from->key : "");
	do {
		struct buf key = { 0 };
		wanted = n - (out->count - first);
		buf_str(&key, buf_text(&c->seen));
		given = council_page(c->v->db, c->department, filter, buf_text(&key), (item_id){ c->seen_id },
		    direction, wanted, add_council_if, c);
		buf_free(&key);
	} while (given == wanted && out->count - first < n);
	return given < 0 ? given : out->count - first;
}

/* The number of the council that was chosen from that source, NOT_LISTED, or 0. */
static int64_t
choose(struct visit *v, const char *typed, struct source source)
{
	struct column columns[COUNCIL_COLUMNS];
	struct list list = { .place = _("Choose a council"), .source = source,
		.lead = _("Type a few letters of its name or its town, or the number of the département."),
		.empty = _("No council whose name begins like that."), .filters = true };
	describe(v, &list, columns);
	snprintf(list.filter, sizeof list.filter, "%s", typed);
	return ui_list(v->ui, &list) == ACT_OPEN ? list.at : 0;
}

/* "Les Cigales (Nîmes)"; false where it is not there. */
static bool
name_council(struct visit *v, item_id id, struct buf *name)
{
	struct council c;
	if (council_get(v->db, id, &c))
		return false;
	buf_cut(name, 0);
	buf_fmt(name, "%s (%s)", buf_text(&c.name), buf_text(&c.town));
	council_free(&c);
	return true;
}

bool
council_choose(struct visit *v, enum deed deed, item_id *council, struct buf *name)
{
	struct councils councils = { .v = v, .department = "", .deed = deed };
	*council = (item_id){ choose(v, "", (struct source){ may_rows, &councils }) };
	buf_free(&councils.seen);
	return council->n && name_council(v, *council, name);
}

bool
council_choose_or_propose(struct visit *v, const char *typed, item_id *council, struct council *proposal,
    struct buf *name)
{
	struct councils councils = { .v = v, .department = "" };
	int64_t chosen = choose(v, typed, (struct source){ choose_rows, &councils });
	if (chosen == NOT_LISTED) {
		if (!propose_screen(v, typed, proposal))
			return false;
		*council = (item_id){ 0 };
		buf_cut(name, 0);
		buf_fmt(name, _("%s (%s), not listed yet"), buf_text(&proposal->name), buf_text(&proposal->town));
		return true;
	}
	if (chosen)
		*council = (item_id){ chosen };
	return chosen && name_council(v, *council, name);
}

/* ---- the map, level by level ---- */

enum { TERRITORIES_MAX = 1000 };

struct territories {
	struct visit *v;
	const char *parent, *kind; /* kind "commune": of a département */
	char codes[TERRITORIES_MAX][12]; /* those shown; a row's id is its place here, plus one */
	int count;
	struct rows *out;
};

static int
place_of(struct territories *t, const char *code)
{
	int i = 0;
	while (i < t->count && strcmp(t->codes[i], code) != 0)
		i++;
	if (i == t->count && t->count < TERRITORIES_MAX)
		snprintf(t->codes[t->count++], sizeof t->codes[0], "%s", code);
	return i;
}

static bool
add_territory(void *ctx, const struct territory_row *row)
{
	struct territories *t = ctx;
	struct buf count = { 0 };
	int place = place_of(t, row->code);
	if (place >= TERRITORIES_MAX)
		return false;
	struct row *r = rows_add(t->out, place + 1, row->name_sort, 0);
	row_cell(r, 0, row->name);
	buf_fmt(&count, ngettext("%d council", "%d councils", (unsigned long)row->councils),
	    (int)row->councils);
	row_cell(r, 1, buf_text(&count));
	r->faint = !row->councils;
	buf_free(&count);
	return true;
}

/* All councils of the département, before its communes. */
static void
add_all(struct territories *t)
{
	const struct territory_row all = { t->parent, "department", _("All its communes"), "",
		council_count(t->v->db, t->parent) };
	add_territory(t, &all);
}

static int
commune_rows(struct territories *t, const struct row *from, int direction, int n)
{
	bool first = from && !strcmp(t->codes[from->id - 1], t->parent), up = direction < 0;
	if (!up && !from && n > 0) {
		add_all(t);
		n--;
	}
	if (first)
		from = NULL;
	int r = 0;
	if (n > 0 && !(up && first))
		r = commune_children(t->v->db, t->parent, from ? from->key : "",
		    from ? t->codes[from->id - 1] : "", direction, n, add_territory, t);
	if (up && !first && r >= 0 && r < n)
		add_all(t);
	return r < 0 ? r : t->out->count;
}

static int
territory_rows(
    void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct territories *t = ctx;
	(void)filter;
	t->out = out;
	if (!strcmp(t->kind, "commune"))
		return commune_rows(t, from, direction, n);
	return territory_children(t->v->db, t->parent, t->kind, from ? from->key : "",
	    from ? t->codes[from->id - 1] : "", direction, n, add_territory, t);
}

static enum act
territory_screen(struct visit *v, const char *code, const char *above);
static enum act
commune_screen(struct visit *v, const char *code, const char *above);

/* The children of a territory, one of which is opened. */
static enum act
territories_screen(struct visit *v, const char *parent, const char *kind, const char *place)
{
	const struct column columns[] = { { NULL, 20, 0, 0 }, { NULL, 12, 14, 1 } };
	struct territories t = { .v = v, .parent = parent, .kind = kind };
	struct list list = { .place = place, .columns = columns, .column_count = 2,
		.source = { territory_rows, &t }, .acts = ACTS(ACT_SEARCH) | (v->me.council.n ? ACTS(ACT_NEAREST) : 0),
		.empty = _("Nothing here.") };
	enum act act;
	for (;;) {
		act = ui_list(v->ui, &list);
		if (act == ACT_OPEN && list.at && !strcmp(kind, "commune"))
			act = commune_screen(v, t.codes[list.at - 1], place);
		else if (act == ACT_OPEN && list.at)
			act = territory_screen(v, t.codes[list.at - 1], place);
		else if (act == ACT_NEAREST)
			act = nearest_screen(v);
		else if (act == ACT_SEARCH)
			act = councils_screen(v, "", _("Directory"), ui_words(v->ui));
		else
			return act;
		if (act == ACT_QUIT)
			return act;
	}
}

static bool
note_id(void *ctx, const struct council_row *row)
{
	*(item_id *)ctx = row->id;
	return true;
}

/* A commune opens on its councils, at once on the only one; the département's code means all of it. */
static enum act
commune_screen(struct visit *v, const char *code, const char *above)
{
	struct commune commune;
	struct buf place = { 0 };
	item_id only = { 0 };
	if (commune_get(v->db, code, &commune))
		return councils_screen(v, code, above, "");
	if (council_page(v->db, code, "", "", (item_id){ 0 }, 1, 2, note_id, &only) == 1)
		return council_screen(v, only);
	place_join(&place, above, commune.name);
	enum act act = councils_screen(v, code, buf_text(&place), "");
	buf_free(&place);
	return act;
}

static bool
pass_commune(void *ctx, const struct territory_row *row)
{
	(void)ctx;
	(void)row;
	return true;
}

/* By communes, where there are several. */
static enum act
department_screen(struct visit *v, const char *code, const char *place)
{
	if (commune_children(v->db, code, "", "", 1, 2, pass_commune, NULL) < 2)
		return councils_screen(v, code, place, "");
	return territories_screen(v, code, "commune", place);
}

/* A region opens on its départements, a département on its communes. */
static enum act
territory_screen(struct visit *v, const char *code, const char *above)
{
	struct territory territory;
	struct buf place = { 0 };
	int r = territory_get(v->db, code, &territory);
	if (r) {
		visit_say_error(v, r);
		return ACT_BACK;
	}
	place_join(&place, above, territory.name);
	enum act act = !strcmp(territory.kind, "department")
			   ? department_screen(v, code, buf_text(&place))
			   : territories_screen(v, code, "department", buf_text(&place));
	buf_free(&place);
	return act;
}

enum act
directory_screen(struct visit *v)
{
	enum { ALL = 1, REGIONS, NEAREST, MINE };
	struct choice choices[4];
	int count = 0;
	choices[count++] = (struct choice){ ALL, _("By &letters"),
		_("a few letters of the name or the town, or a département's number"), true, false };
	choices[count++] = (struct choice){ REGIONS, _("By &region"), _("regions, départements, communes"),
		true, false };
	if (v->me.council.n) {
		choices[count++] = (struct choice){ NEAREST, _("&Nearest to mine"),
			_("the twenty councils around yours"), true, false };
		choices[count++] = (struct choice){ MINE, _("&My council"),
			buf_text(&v->me.council_name), true, false };
	}
	struct buf right = { 0 };
	int n = council_count(v->db, "");
	buf_fmt(&right, ngettext("%d council", "%d councils", (unsigned long)n), n);
	struct menu menu = { .place = _("Directory"), .right = buf_text(&right), .choices = choices,
		.choice_count = count, .acts = ACTS(ACT_SEARCH) };
	enum act act;
	for (;;) {
		act = ui_menu(v->ui, &menu);
		if (act == ACT_SEARCH)
			act = councils_screen(v, "", _("Directory"), ui_words(v->ui));
		else if (act != ACT_OPEN)
			break;
		else if (menu.at == ALL)
			act = councils_screen(v, "", _("Directory"), "");
		else if (menu.at == REGIONS)
			act = territories_screen(v, "FR", "region", _("Directory"));
		else if (menu.at == NEAREST)
			act = nearest_screen(v);
		else
			act = council_screen(v, v->me.council);
		if (act == ACT_QUIT)
			break;
	}
	buf_free(&right);
	return act;
}

/* ---- a sheet ---- */

static void
line(struct buf *text, const char *label, const char *value)
{
	if (*value)
		buf_fmt(text, _("%s: %s\n"), label, value);
}

/* When it was changed and found right; for whoever may, what to do when that is long ago. */
static void
write_age(const struct council *c, bool may_edit, struct buf *text)
{
	int64_t now = clock_now();
	struct buf when = { 0 };
	clock_phrase(&when, c->changed, now, NULL);
	line(text, _("Updated"), buf_text(&when));
	buf_cut(&when, 0);
	if (council_is_stale(c->checked, now)) {
		clock_span(&when, now - c->checked);
		buf_fmt(text, _("To be checked: nobody has looked over this sheet for %s."), buf_text(&when));
		buf_fmt(text, "%s%s\n", may_edit ? " " : "", may_edit ? _("o: all is right. e: change it.") : "");
	} else if (c->checked > c->changed) {
		clock_phrase(&when, c->checked, now, NULL);
		line(text, _("Looked over"), buf_text(&when));
	}
	buf_free(&when);
}

static void
write_sheet(const struct council *c, bool member, bool may_edit, struct buf *text)
{
	line(text, _("Council"), buf_text(&c->name));
	line(text, _("Town"), buf_text(&c->town));
	line(text, _("Département"), buf_text(&c->department_name));
	line(text, _("Mail of the council"), buf_text(&c->email));
	line(text, _("Page"), buf_text(&c->page));
	line(text, _("Links"), buf_text(&c->links));
	line(text, _("Priority quarter"), buf_text(&c->quarter));
	if (c->resource_name.len || c->resource_email.len || c->resource_phone.len) {
		struct buf name = { 0 };
		buf_fmt(&name, "%s%s", buf_text(&c->resource_name),
		    c->resource == TO_CONFIRM  ? _(" (to be confirmed)")
		    : c->resource == CONFIRMED ? _(" (confirmed)")
					       : "");
		line(text, _("Resource person"), buf_text(&name));
		buf_free(&name);
		line(text, _("Mail of the resource person"), buf_text(&c->resource_email));
		line(text, _("Phone of the resource person"), buf_text(&c->resource_phone));
	} else if (!member) {
		buf_fmt(text, "%s\n", _("Resource person: shown to members"));
	} else {
		buf_fmt(text, "%s\n", _("Resource person: to be filled in"));
	}
	write_age(c, may_edit, text);
	if (c->description.len)
		buf_fmt(text, "\n%s\n", buf_text(&c->description));
}

/* A sheet that stays as it was is not looked over by that: whoever has done so is told how to say it. */
static bool
keep_sheet(struct visit *v, struct council *c)
{
	struct council before = { 0 };
	struct buf changes = { 0 };
	int r = council_get(v->db, c->id, &before);
	if (!r)
		r = council_put(v->db, c);
	if (!r)
		council_tell(v->db, &before, c, &changes);
	if (r)
		visit_say_error(v, r);
	else if (changes.len)
		ui_say(v->ui, _("The sheet is kept."));
	else if (council_is_stale(before.checked, clock_now()))
		ui_say(v->ui, _("Nothing was changed. If all is right, o says so."));
	else
		ui_say(v->ui, _("Nothing was changed."));
	council_free(&before);
	buf_free(&changes);
	return !r;
}

/* The fields of the sheet that its council fills in. */
static void
council_edit(struct visit *v, struct council *c)
{
	struct field fields[] = {
		{ .kind = FIELD_TEXT, .label = _("Name of the council"), .max = TITLE_MAX, .value = c->name },
		{ .kind = FIELD_TEXT, .label = _("Mail of the council"), .max = EMAIL_MAX, .value = c->email },
		{ .kind = FIELD_TEXT, .label = _("Page"), .rule = _("the address of its page, if it has one"),
		    .max = TITLE_MAX, .value = c->page },
		{ .kind = FIELD_TEXT, .label = _("Links"), .max = TITLE_MAX, .value = c->links },
		{ .kind = FIELD_TEXT, .label = _("Resource person"), .max = NAME_MAX_BYTES,
		    .value = c->resource_name },
		{ .kind = FIELD_TEXT, .label = _("Mail of the resource person"), .max = EMAIL_MAX,
		    .value = c->resource_email },
		{ .kind = FIELD_TEXT, .label = _("Phone of the resource person"), .max = PHONE_MAX,
		    .value = c->resource_phone },
		{ .kind = FIELD_YES_NO, .label = _("Show the resource person to visitors"),
		    .rule = _("only if that person agrees"), .max = 1 },
		{ .kind = FIELD_LONG, .label = _("Description"), .max = DESCRIPTION_MAX, .value = c->description },
	};
	enum { COUNT = sizeof fields / sizeof *fields, PUBLIC = 7, TEXT = 8 };
	struct buf *const homes[COUNT] = { &c->name, &c->email, &c->page, &c->links, &c->resource_name,
		&c->resource_email, &c->resource_phone, NULL, &c->description };
	buf_str(&fields[PUBLIC].value, c->resource_public ? "1" : "0");
	struct form form = { .place = _("Directory › The sheet of my council"), .fields = fields,
		.field_count = COUNT };
	struct form_draft draft = { .v = v, .field = &fields[TEXT] };
	snprintf(draft.place, sizeof draft.place, "sheet:%" PRId64, c->id.n);
	form_draft_begin(&draft, &form);
	enum act act = ui_form(v->ui, &form);
	/* The form may have moved the texts; the sheet owns them again. */
	for (int i = 0; i < COUNT; i++)
		if (homes[i])
			*homes[i] = fields[i].value;
	c->resource_public = !strcmp(buf_text(&fields[PUBLIC].value), "1");
	buf_free(&fields[PUBLIC].value);
	form_draft_end(&draft, act == ACT_DONE && keep_sheet(v, c));
}

void
sheet_change(struct visit *v, item_id id)
{
	struct council c = { 0 };
	int r = council_get(v->db, id, &c);
	if (r)
		visit_say_error(v, r);
	else
		council_edit(v, &c);
	council_free(&c);
}

/* What a member types, outside, to have the sheet in an address book. */
static void
write_card_line(const struct visit *v, item_id id, struct buf *text)
{
	static const char newcomer[] = "nouveau@";
	const char *at = strstr(v->connect, newcomer);
	if (!at || !visit_member(v))
		return;
	buf_fmt(text, "\n%s\n%.*s%s@%s council show %lld --vcard > conseil.vcf\n",
	    _("For your address book, type this on your computer, not here:"), (int)(at - v->connect),
	    v->connect, buf_text(&v->me.login), at + sizeof newcomer - 1,
	    (long long)id.n);
}

static void
found_right(struct visit *v, item_id id)
{
	int r = council_found_right(v->db, id);
	if (r)
		visit_say_error(v, r);
	else
		ui_say(v->ui, _("Thank you: the sheet is found right as of today."));
}

enum act
council_screen(struct visit *v, item_id id)
{
	enum act act;
	do {
		struct council council;
		int r = council_get(v->db, id, &council);
		if (r) {
			visit_say_error(v, r);
			return ACT_BACK;
		}
		struct buf text = { 0 }, place = { 0 }, right = { 0 };
		bool may_edit = may(v->db, MAY_EDIT_COUNCIL, id);
		write_sheet(&council, visit_member(v), may_edit, &text);
		write_card_line(v, id, &text);
		place_join(&place, _("Directory"), buf_text(&council.name));
		if (council.members)
			buf_fmt(&right, ngettext("%d member", "%d members", (unsigned long)council.members),
			    council.members);
		struct page page = { .place = buf_text(&place), .right = buf_text(&right),
			.text = buf_text(&text),
			.acts = (may_edit ? ACTS(ACT_EDIT) : 0) |
			    (may_edit && council_is_stale(council.checked, clock_now()) ? ACTS(ACT_YES) : 0) |
			    (may(v->db, MAY_READ_HISTORY, id) ? ACTS(ACT_HISTORY) : 0) |
			    (may(v->db, MAY_HAND_OVER, id) ? ACTS(ACT_HANDOVER) : 0) };
		act = ui_page(v->ui, &page);
		if (act == ACT_EDIT)
			council_edit(v, &council);
		else if (act == ACT_YES)
			found_right(v, id);
		else if (act == ACT_HISTORY && sheet_history_screen(v, id) == ACT_QUIT)
			act = ACT_QUIT;
		else if (act == ACT_HANDOVER && sheet_handover_screen(v, id) == ACT_QUIT)
			act = ACT_QUIT;
		buf_free(&text);
		buf_free(&place);
		buf_free(&right);
		council_free(&council);
	} while (act != ACT_BACK && act != ACT_QUIT);
	return act;
}
