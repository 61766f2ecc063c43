/* Files that everybody is about to read: their bytes without the place where a photo was taken. */
#include <stdio.h>
#include <stdlib.h>

#include "bbs/base/i18n.h"
#include "db/photo.h"
#include "db/shelf.h"
#include "db/sqlite.h"

struct source {
	struct db *db;
	item_id item;
	int64_t content;
};

static int64_t
read_source(void *ctx, int64_t at, char *out, size_t n)
{
	const struct source *s = ctx;
	return file_read(s->db, s->item, s->content, at, out, n);
}

int
publish_look_at(struct db *db, item_id item, int64_t content, int64_t size, struct publish *out)
{
	struct source source = { db, item, content };
	const struct photo photo = { size, read_source, &source };
	char *bytes = NULL, name[24];
	*out = (struct publish){ .item = item, .content = content };
	int r = photo_strip(&photo, &bytes);
	if (!r && bytes) {
		snprintf(name, sizeof name, "%lld", (long long)item.n);
		r = upload_stage(db, name, bytes, size, &out->staged);
	}
	free(bytes);
	return r;
}

int
publish_look(struct db *db, item_id item, struct publish *out)
{
	struct entry e;
	*out = (struct publish){ 0 };
	int r = entry_get(db, item, &e);
	if (!r && !e.folder)
		r = publish_look_at(db, item, e.content, e.size, out);
	entry_free(&e);
	return r;
}

int64_t
publish_content(struct db *db, const struct publish *p)
{
	struct entry now;
	bool same = !entry_get(db, p->item, &now) && now.content == p->content;
	entry_free(&now);
	if (!same)
		db_fail(db, E_BUSY);
	return same && p->staged.upload ? upload_staged(db, &p->staged) : p->content;
}

void
publish_give(struct db *db, const struct publish *p, const char *area)
{
	if (!p->item.n)
		return;
	int64_t content = publish_content(db, p);
	if (!p->staged.upload)
		return;
	entry_give(db, p->item, area, content, p->staged.size);
	db->stripped++;
}

void
publish_end(struct db *db, const struct publish *p)
{
	upload_unstage(db, &p->staged);
}

void
file_stripped(const struct db *db, struct buf *out)
{
	if (db->stripped)
		buf_fmt(out, ngettext("What could say where the photo was taken was removed from it: the place, the date, the camera.",
		    "What could say where they were taken was removed from %d photos: the place, the date, the camera.",
		    (unsigned long)db->stripped), db->stripped);
}
