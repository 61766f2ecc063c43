/* Earlier versions of a message: the list, and one opened. */
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "screens/visit.h"

struct versions {
	struct visit *v;
	item_id post;
	int64_t newest; /* 0: not known yet */
	struct rows *out;
	struct buf text;
};

static bool
add_version(void *ctx, const struct post_version_row *row)
{
	struct versions *s = ctx;
	struct row *r = rows_add(s->out, row->version, NULL, row->version);
	struct buf cell = { 0 };
	if (row->version > s->newest)
		s->newest = row->version;
	clock_phrase(&cell, row->created, clock_now(), NULL);
	row_cell(r, 0, buf_text(&cell));
	row_cell(r, 1,
	    row->version == s->newest ? _("as it is now")
	    : row->version == 1       ? _("as first written")
				      : "");
	buf_cut(&cell, 0);
	text_clean(&cell, row->body, strlen(row->body), TEXT_LINE);
	row_cell(r, 2, buf_text(&cell));
	buf_free(&cell);
	return true;
}

static int
version_rows(
    void *ctx, const char *filter, const struct row *from, int direction, int n, struct rows *out)
{
	struct versions *s = ctx;
	(void)filter;
	s->out = out;
	return post_versions(s->v->db, s->post, from ? from->num : 0, direction, n, add_version, s);
}

static bool
take_version(void *ctx, const struct post_version_row *row)
{
	struct versions *s = ctx;
	struct buf when = { 0 };
	clock_phrase(&when, row->created, clock_now(), NULL);
	buf_cut(&s->text, 0);
	buf_fmt(&s->text, "%s. %s\n\n%s", *row->author ? row->author : _("member who has left"),
	    buf_text(&when), row->body);
	buf_free(&when);
	return true;
}

static enum act
version_screen(struct versions *s, int64_t version)
{
	int r = post_version(s->v->db, s->post, version, take_version, s);
	if (r) {
		visit_say_error(s->v, r);
		return ACT_BACK;
	}
	struct page page = { .place = _("Earlier version"), .text = buf_text(&s->text) };
	return ui_page(s->v->ui, &page);
}

static bool
any_version(void *ctx, const struct post_version_row *row)
{
	*(int64_t *)ctx = row->version;
	return true;
}

enum act
versions_screen(struct visit *v, item_id post)
{
	const struct column columns[] = { { NULL, 22, 28, 0 }, { NULL, 12, 18, 0 },
		{ NULL, 20, 0, 1 } };
	struct versions versions = { .v = v, .post = post };
	struct list list = { .place = _("Earlier versions"),
		.columns = columns,
		.column_count = 3,
		.source = { version_rows, &versions },
		.empty = _("There is no version.") };
	enum act act = ACT_BACK;
	if (!post_versions(v->db, post, 0, 1, 1, any_version, &versions.newest)) {
		ui_say(v->ui, _("Earlier versions are for a message's author and the animators."));
		return act;
	}
	if (versions.newest == 1) {
		ui_say(v->ui, _("This message was never changed."));
		return act;
	}
	do {
		act = ui_list(v->ui, &list);
		if (act == ACT_OPEN && list.at)
			act = version_screen(&versions, list.at) == ACT_QUIT ? ACT_QUIT : ACT_OPEN;
	} while (act == ACT_OPEN);
	buf_free(&versions.text);
	return act;
}
