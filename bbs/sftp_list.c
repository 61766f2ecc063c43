/* Folders listed: names and attributes, a page at a time. */
#include "bbs/sftp_list.h"

#include "bbs/made.h"
#include "bbs/path.h"

enum { PAGE = 100 /* names in one answer */ };

struct page {
	struct sftp_files *opened;
	struct sftp_handle *handle;
	struct buf *out;
	int count;
};

/*
 * Of what cannot be made, and is not there, nothing is said. What has not come whole is of no kind in a list, though
 * its line is as any: who fetches a folder leaves it out, who goes on with it finds how much has come.
 */
static bool
put_entry(void *ctx, const struct file *file)
{
	struct page *page = ctx;
	struct buf bytes = { 0 };
	int64_t size = file->size;
	int mode = path_mode(file);
	bool there = true;
	buf_cut(&page->handle->sort, 0);
	buf_str(&page->handle->sort, buf_text(&file->sort));
	page->handle->item = file->item;
	if (file->kind == FILE_MADE) {
		there = made_file(page->opened->db, file, &bytes) == E_OK;
		size = (int64_t)bytes.len;
	}
	struct sftp_handle *writing = sftp_find_writing(page->opened, file->shelf, buf_text(&file->name));
	if (writing)
		size = upload_size(writing->upload);
	else if (file->kind == FILE_PARTIAL)
		mode &= ~PATH_FILE;
	if (there) {
		packet_put_name(page->out, buf_text(&file->name), buf_text(&file->by_name), mode, size, file->changed);
		page->count++;
	}
	buf_free(&bytes);
	return true;
}

int
sftp_list(struct sftp_files *o, struct sftp_handle *h, struct buf *out)
{
	struct page page = { o, h, out, 0 };
	if (!h->begun) {
		packet_put_name(out, ".", "", h->mode, 0, h->changed);
		packet_put_name(out, "..", "", h->mode, 0, h->changed);
		h->begun = true;
		page.count = 2;
	}
	if (h->ended)
		return page.count;
	int r = file_page(o->db, h->shelf, h->sort.data, h->item, 1, PAGE, put_entry, &page);
	if (r >= 0 && r < PAGE) {
		file_partials(o->db, h->shelf, put_entry, &page);
		h->ended = true;
	}
	return r < 0 ? r : page.count;
}
