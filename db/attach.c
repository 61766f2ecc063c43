/* Files attached to messages: copies of others, whose bytes they share, read by those who read the message. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "db/shelf.h"
#include "db/sqlite.h"
#include "db/talk.h"

SQL_LIST(attached_ids, "SELECT item FROM attached_v WHERE post = :post ORDER BY number LIMIT :n");
SQL_READ(last_number, "SELECT coalesce(max(number), 0) FROM attachment_key_v WHERE post = :post");
SQL_READ(same_name, "SELECT 1 FROM attached_v WHERE post = :post AND name = :name");
SQL_WRITE(put_attachment, "INSERT INTO attachment (post, number, item) VALUES (:post, :number, :item)");

void
post_attached(struct db *db, item_id post, struct attachments *out)
{
	struct query *q = db_query(db, attached_ids, I("post", post.n), I("n", ATTACHMENTS_MAX));
	out->count = 0;
	while (db_next(q))
		out->file[out->count++] = (item_id){ db_int(q, 0) };
}

static bool
holds(const struct attachments *files, item_id item)
{
	for (int i = 0; i < files->count; i++)
		if (files->file[i].n == item.n)
			return true;
	return false;
}

bool
attach_differs(struct db *db, item_id post, const struct attachments *files)
{
	struct attachments has;
	post_attached(db, post, &has);
	bool same = has.count == files->count;
	for (int i = 0; i < files->count; i++)
		same = same && holds(&has, files->file[i]);
	return !same;
}

/* Two of one message bear two names, so that each has a path. */
static void
name_apart(struct db *db, item_id post, struct buf *name)
{
	struct buf own = { 0 };
	for (int before = 0; !before || db_one(db, same_name, 0, I("post", post.n), T("name", buf_text(&own))); before++) {
		buf_cut(&own, 0);
		buf_str(&own, buf_text(name));
		entry_twin(&own, false, before);
	}
	buf_free(name);
	*name = own;
}

static const struct publish *
find_look(const struct attaching *a, item_id file)
{
	for (int i = 0; i < a->count; i++)
		if (a->look[i].item.n == file.n)
			return &a->look[i];
	return NULL;
}

int
attach_look(struct db *db, item_id post, const struct attachments *files, struct attaching *out)
{
	struct attachments has;
	int r = E_OK;
	db->stripped = 0;
	*out = (struct attaching){ .files = files };
	post_attached(db, post, &has);
	for (int i = 0; files && i < files->count && !r; i++)
		if (!holds(&has, files->file[i]) && !find_look(out, files->file[i]))
			r = publish_look(db, files->file[i], &out->look[out->count++]);
	return r;
}

void
attach_end(struct db *db, const struct attaching *a)
{
	for (int i = 0; i < a->count; i++)
		publish_end(db, &a->look[i]);
}

/* Inside the transaction: a file of its own, with what is in that one now, as everybody may read it. */
static void
attach(struct db *db, item_id post, int64_t number, item_id source, const struct publish *look)
{
	struct entry e;
	struct shelf place = { .level = "named" };
	int64_t used = 0, quota = 0;
	if (entry_get(db, source, &e)) {
		db_fail(db, E_NOT_FOUND);
		return;
	}
	shelf_set(place.key, "i%lld", (long long)post.n);
	shelf_set(place.area, "m%lld", (long long)db_viewer(db).n);
	int r = !look ? E_INVALID : shelf_room(db, place.area, &used, &quota);
	if (!r && quota && used + e.size > quota)
		r = E_ROOM;
	if (r)
		db_fail(db, r);
	int64_t content = look ? publish_content(db, look) : e.content;
	db->stripped += look && look->staged.upload;
	name_apart(db, post, &e.name);
	item_id item = entry_add(db, &place, buf_text(&e.name), content, e.size);
	db_run(db, put_attachment, I("post", post.n), I("number", number), I("item", item.n));
	entry_give(db, item, place.area, content, e.size);
	entry_free(&e);
}

void
attach_set(struct db *db, item_id post, const struct attaching *a)
{
	const struct attachments *files = a->files;
	struct attachments has;
	post_attached(db, post, &has);
	for (int i = 0; i < has.count; i++)
		if (!holds(files, has.file[i]))
			entry_bin(db, has.file[i]);
	int64_t number = db_one(db, last_number, 0, I("post", post.n));
	for (int i = 0; i < files->count; i++)
		if (!holds(&has, files->file[i]))
			attach(db, post, ++number, files->file[i], find_look(a, files->file[i]));
}

/* ---- as text ---- */

bool
attached_next(const char **files, struct attached *out)
{
	char *end;
	if (!**files)
		return false;
	out->number = (int)strtol(*files, &end, 10);
	out->item.n = strtoll(end + 1, &end, 10);
	out->size = strtoll(end + 1, &end, 10);
	size_t n = strcspn(end + 1, "\n");
	snprintf(out->name, sizeof out->name, "%.*s", (int)n, end + 1);
	*files = end + 1 + n + (end[1 + n] == '\n');
	return true;
}

void
attached_words(const struct attached *one, struct buf *out)
{
	struct buf size = { 0 };
	i18n_size(&size, one->size);
	buf_fmt(out, _("File %d: %s, %s"), one->number, one->name, buf_text(&size));
	buf_free(&size);
}
