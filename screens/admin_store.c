/* Administration › Store: how the file is, when it was copied and looked over last; both, now. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "db/machine.h"
#include "screens/visit.h"

/* ---- how it is ---- */

/* "12,4 Mo" says more than bytes. */
static void
write_size(int64_t bytes, struct buf *out)
{
	enum { K = 1000 };
	if (bytes < (int64_t)K * K)
		buf_fmt(out, _("%d kB"), (int)((bytes + K - 1) / K));
	else if (bytes < (int64_t)K * K * K)
		buf_fmt(out, _("%d MB"), (int)(bytes / K / K));
	else
		buf_fmt(out, _("%.1f GB"), (double)bytes / K / K / K);
}

static void
line(struct buf *text, const char *label, struct buf *value)
{
	buf_fmt(text, _("%s: %s\n"), label, buf_text(value));
	buf_cut(value, 0);
}

static void
line_time(struct buf *text, const char *label, int64_t when, struct buf *value)
{
	if (when)
		clock_phrase(value, when, clock_now(), NULL);
	else
		buf_str(value, _("never yet"));
	line(text, label, value);
}

static bool
count_session(void *ctx, const struct session_row *row)
{
	(void)row;
	++*(int *)ctx;
	return true;
}

/* The tables that say something to a person; `bbs store status` tells them all. */
static void
write_tables(const struct store_status *s, struct buf *text, struct buf *value)
{
	static const struct {
		const char *table, *label;
	} known[] = { { "member", N_("Members") }, { "item", N_("Messages and sheets") },
		{ "journal", N_("Acts in the journal") }, { "outbox", N_("Mails") } };
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		for (int t = 0; t < s->table_count; t++)
			if (!strcmp(s->tables[t].name, known[i].table)) {
				buf_fmt(value, _("about %d"), (int)s->tables[t].rows);
				line(text, _(known[i].label), value);
			}
}

static bool
write_status(struct visit *v, struct buf *text)
{
	struct store_status s;
	struct buf value = { 0 };
	int sessions = 0;
	int r = db_status(v->db, &s);
	if (r) {
		visit_say_error(v, r);
		return false;
	}
	buf_str(&value, buf_text(&s.path));
	line(text, _("File"), &value);
	write_size(s.size, &value);
	line(text, _("Size"), &value);
	write_size(s.wal, &value);
	line(text, _("Written and not yet folded in"), &value);
	write_size(s.free_pages * s.page_size, &value);
	line(text, _("Free inside"), &value);
	buf_fmt(&value, "%" PRId64, s.version);
	line(text, _("Version of the schema"), &value);
	session_page(v->db, count_session, &sessions);
	buf_fmt(&value, "%d", sessions);
	line(text, _("Sessions"), &value);
	write_tables(&s, text, &value);
	line_time(text, _("Last back-up"), s.backup, &value);
	line_time(text, _("Last check"), s.check, &value);
	if (s.check && s.faults)
		buf_fmt(text, _("The last check found faults: %d\n"), s.faults);
	buf_cut(text, text->len - 1);
	buf_free(&value);
	buf_free(&s.path);
	return true;
}

/* ---- a copy, a check ---- */

static void
back_up(struct visit *v)
{
	struct buf name = { 0 }, path = { 0 }, folder = { 0 };
	char day[40];
	time_t now = (time_t)clock_now();
	struct tm tm;
	localtime_r(&now, &tm);
	strftime(day, sizeof day, "sauvegarde-%Y-%m-%d.sqlite", &tm);
	buf_str(&name, day);
	db_folder(v->db, &folder);
	if (ui_line(v->ui, _("Name of the copy"), _("it is put beside the store; then take it to another machine"),
		&name, TITLE_MAX, false) && name.len) {
		/* The fence of a session ends at the store's folder. */
		if (strchr(buf_text(&name), '/')) {
			ui_say(v->ui, _("A name without / is wanted: the copy is put in %s. For elsewhere: bbs "
					"backup FILE."),
			    buf_text(&folder));
		} else {
			buf_fmt(&path, "%s/%s", buf_text(&folder), buf_text(&name));
			ui_progress(v->ui, _("The store is being copied…"));
			int r = db_backup(v->db, buf_text(&path));
			if (r == E_EXISTS)
				ui_say(v->ui, _("%s is there already: a back-up is never written over another."),
				    buf_text(&path));
			else if (r)
				visit_say_error(v, r);
			else
				ui_say(v->ui, _("The copy is %s. Please take it to another machine."),
				    buf_text(&path));
		}
	}
	buf_free(&name);
	buf_free(&path);
	buf_free(&folder);
}

struct checking {
	struct visit *v;
	int64_t told;
};

/* At most once a second, so that a slow line is not filled. */
static void
tell(void *ctx, int step, int steps)
{
	enum { SECOND = 1000 };
	struct checking *c = ctx;
	struct buf text = { 0 };
	if (step && clock_ticks() - c->told < SECOND)
		return;
	c->told = clock_ticks();
	buf_fmt(&text, _("The store is being looked over: step %d of %d…"), step + 1, steps);
	ui_progress(c->v->ui, buf_text(&text));
	buf_free(&text);
}

static void
check(struct visit *v)
{
	struct buf faults = { 0 };
	struct checking checking = { .v = v };
	int n = db_check_told(v->db, &faults, tell, &checking);
	if (!n) {
		ui_say(v->ui, _("The store is in order."));
	} else {
		buf_fmt(&faults, "\n%s\n", _("Please keep a copy of the store, and the last back-up, and tell who looks "
					     "after the machine."));
		struct page page = { .place = _("Administration › Store"), .text = buf_text(&faults) };
		ui_page(v->ui, &page);
	}
	buf_free(&faults);
}

enum act
admin_store_screen(struct visit *v)
{
	enum { CHECK = 1, BACKUP };
	struct buf text = { 0 };
	struct menu menu = { .place = _("Administration › Store") };
	enum act act = ACT_OPEN;
	while (act == ACT_OPEN) {
		buf_cut(&text, 0);
		if (!write_status(v, &text)) {
			act = ACT_BACK;
			break;
		}
		struct choice choices[2] = { { CHECK, _("&Check now"), _("every page and every rule"), true, false } };
		menu.choice_count = 1;
		if (v->machine)
			choices[menu.choice_count++] = (struct choice){ BACKUP, _("&Back up now"),
				_("a copy of one moment, while others write"), true, false };
		menu.lead = buf_text(&text);
		menu.choices = choices;
		act = ui_menu(v->ui, &menu);
		if (act == ACT_OPEN && menu.at == CHECK)
			check(v);
		else if (act == ACT_OPEN)
			back_up(v);
	}
	buf_free(&text);
	return act;
}
