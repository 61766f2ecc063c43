/* What is new in the file areas: files by their last change, wherever they stand. */
#include <string.h>

#include "db/shelf.h"

/* Times are ordered as texts are. */
#define TIME_BASE INT64_C(1000000000000)

SQL_WRITE(move_recent, "UPDATE shelf SET sort = :sort WHERE item = :item AND place = '" RECENTS "'");

void
recent_sort(struct buf *out, int64_t changed)
{
	buf_fmt(out, "%lld", (long long)(TIME_BASE + changed));
}

void
recent_touch(struct db *db, item_id item, int64_t now)
{
	struct buf sort = { 0 };
	recent_sort(&sort, now);
	db_run(db, move_recent, T("sort", buf_text(&sort)), I("item", item.n));
	buf_free(&sort);
}

/* Where it stands for the viewer: what others share with him by name stands among that. */
static void
write_where(struct db *db, struct file *f)
{
	shelf_words(db, f->shelf, &f->title);
	if (!f->title.len && !strcmp(f->level, "named"))
		shelf_words(db, "partages", &f->title);
}

int
file_recent(struct db *db, const char *from_sort, item_id from, int direction, int n, file_each each, void *ctx)
{
	struct files page = { 0 };
	/* The last change comes first, which is the end of the shelf. */
	entry_rows(db, RECENTS, from_sort, from, -direction, n, &page);
	for (int i = 0; i < page.count; i++)
		write_where(db, &page.file[i]);
	n = page.count;
	for (int i = 0; i < page.count && each(ctx, &page.file[i]); i++)
		;
	files_free(&page);
	return n;
}
