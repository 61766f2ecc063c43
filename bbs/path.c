/* Paths of the file areas as sftp and scp have them. Walks nothing itself: db/file.h does. */
#include "bbs/path.h"

#include <string.h>

int
path_clean(const char *typed, size_t n, struct buf *out)
{
	if (n > PATH_BYTES_MAX)
		return E_TOO_LONG;
	if (memchr(typed, '\0', n))
		return E_INVALID;
	buf_cut(out, 0);
	for (size_t at = 0, end; at < n; at = end + 1) {
		const char *slash = memchr(typed + at, '/', n - at);
		end = slash ? (size_t)(slash - typed) : n;
		size_t size = end - at;
		if (!size || (size == 1 && typed[at] == '.'))
			continue;
		if (size == 2 && !memcmp(typed + at, "..", 2)) {
			while (out->len && out->data[out->len - 1] != '/')
				buf_cut(out, out->len - 1);
			if (out->len)
				buf_cut(out, out->len - 1);
			continue;
		}
		buf_char(out, '/');
		buf_add(out, typed + at, size);
	}
	if (!out->len)
		buf_char(out, '/');
	return E_OK;
}

int
path_place(struct db *db, const char *path, char shelf[SHELF_MAX + 1], struct buf *name)
{
	const char *slash = strrchr(path, '/');
	struct buf above = { 0 };
	struct file folder = { 0 };
	if (!slash || !slash[1])
		return E_EXISTS;
	buf_add(&above, path, (size_t)(slash - path));
	int r = file_walk(db, above.len ? above.data : "/", &folder);
	buf_free(&above);
	if (r)
		return r;
	r = path_is_folder(&folder) ? E_OK : E_NOT_FOUND;
	memcpy(shelf, folder.shelf, sizeof folder.shelf);
	file_free(&folder);
	buf_cut(name, 0);
	buf_str(name, slash + 1);
	return r;
}

bool
path_is_folder(const struct file *file)
{
	return file->kind == FILE_SHELF || file->kind == FILE_FOLDER;
}

int
path_mode(const struct file *file)
{
	if (path_is_folder(file))
		return PATH_FOLDER | (file->writes ? 0755 : 0555);
	bool changes = file->kind == FILE_PARTIAL || (file->kind == FILE_FILE && file->changes);
	return PATH_FILE | (changes ? 0644 : 0444);
}
