/* Paths of the file areas as sftp and scp have them, and refusals in words. Walks nothing itself: db/file.h does. */
#include "bbs/path.h"

#include <string.h>

#include "bbs/base/i18n.h"

bool
path_names_folder(const char *typed, size_t n)
{
	return n > 1 && typed[n - 1] == '/';
}

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

static const char *
next_letter(const char *s)
{
	for (s++; (*s & 0xc0) == 0x80; s++)
		;
	return s;
}

/* The last star takes a letter more whenever what follows it does not match; those before it have what they need. */
bool
path_matches(const char *pattern, const char *name)
{
	const char *behind_star = NULL, *taken = NULL;
	while (*name) {
		if (*pattern == '*') {
			behind_star = ++pattern;
			taken = name;
		} else if (*pattern == '?') {
			pattern++;
			name = next_letter(name);
		} else if (*pattern == *name) {
			pattern++;
			name++;
		} else if (behind_star) {
			pattern = behind_star;
			name = taken = next_letter(taken);
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

/* "/moi, /mon-conseil": where the viewer may put something, by the shortest ways. */
static void
add_open(struct db *db, struct buf *out)
{
	static const char *const ways[] = { "/moi", "/mon-conseil", "/mon-departement/1-echanges-de-bonnes-pratiques" };
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct file file = { 0 };
		if (!file_walk(db, ways[i], &file) && file.writes)
			buf_fmt(out, "%s%s", out->len ? ", " : "", ways[i]);
		file_free(&file);
	}
}

static void
add_closed(struct db *db, const char *shelf, struct buf *out)
{
	struct file file = { 0 };
	struct buf path = { 0 }, open = { 0 };
	if (!shelf_get(db, shelf, &file))
		file_path(db, &file, &path);
	add_open(db, &open);
	buf_fmt(out, _("In %s you can put and change nothing."), path.len ? path.data : "/");
	buf_char(out, ' ');
	if (open.len)
		buf_fmt(out, _("You can, for instance, in: %s."), open.data);
	else
		buf_str(out, _("Visitors only read."));
	file_free(&file);
	buf_free(&path);
	buf_free(&open);
}

void
path_refusal(struct db *db, const char *shelf, const char *name, struct buf *out)
{
	struct file file = { 0 };
	if (!shelf_writes(db, shelf))
		add_closed(db, shelf, out);
	else if (file_find(db, shelf, name, &file))
		buf_str(out, error_text(E_DENIED));
	else if (file.kind == FILE_PARTIAL)
		buf_str(out, _("This file has not come whole yet: send it again (in sftp, reput goes on where it was cut off)."));
	else if (file.kind == FILE_SHELF || file.kind == FILE_MADE)
		buf_str(out, _("This stands here by itself: it can be neither changed nor thrown away."));
	else if (file.changes)
		buf_str(out, error_text(E_DENIED));
	else
		buf_str(out, _("Somebody else has put this here: only they and those who keep this folder can change it."));
	file_free(&file);
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
