/* The demonstration's folders and files. */
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "db/demo.h"
#include "db/file.h"

/* "# d30.1/Name  B 12": what it is put on, and by whom; the text follows. */
struct demo_file {
	const char *shelf, *name;
	bool folder;
	char letter;
	int days;
	struct buf text;
};

static bool
read_head(char *line, struct demo_file *f)
{
	char *parted = strpbrk(line, "/+"), *by = strstr(line, "  ");
	if (!parted || !by || parted > by)
		return false;
	f->folder = *parted == '+';
	*parted = *by = '\0';
	f->shelf = line + 2;
	f->name = parted + 1;
	f->letter = by[2];
	f->days = (int)strtol(by + 3, NULL, 10);
	return true;
}

static void
put(struct demo *d, struct demo_file *f)
{
	struct file made;
	struct upload *u;
	item_id item;
	int who = f->letter == 'A' ? DEMO_ALBA : f->letter == 'B' ? DEMO_BRUNO : DEMO_DENISE;
	if (!f->shelf || d->answer)
		return;
	clock_set(demo_awake(d, d->now - (int64_t)f->days * DAY));
	db_set_viewer(d->db, d->person[who].id);
	int r;
	if (f->folder) {
		r = folder_make(d->db, f->shelf, f->name, &made);
		file_free(&made);
	} else {
		r = upload_open(d->db, f->shelf, f->name, UPLOAD_NEW, (int64_t)f->text.len, &u);
		if (!r) {
			upload_write(u, 0, buf_text(&f->text), f->text.len);
			r = upload_finish(u, &item);
		}
	}
	demo_expect(d, r);
	buf_free(&f->text);
}

void
demo_files(struct demo *d)
{
	char *text = mem_dup(demo_text("data/demo/files.txt")), *rest = text, *line;
	struct demo_file f = { 0 };
	while ((line = strsep(&rest, "\n"))) {
		struct demo_file next = { 0 };
		if (*line == ';')
			continue;
		if (*line == '#' && read_head(line, &next)) {
			put(d, &f);
			f = next;
		} else if (f.shelf && rest) {
			buf_fmt(&f.text, "%s\n", line);
		}
	}
	put(d, &f);
	free(text);
}
