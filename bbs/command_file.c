/* Commands of the file areas: listed, fetched, sent, moved, described, thrown away and put back. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/i18n.h"
#include "bbs/command_call.h"
#include "bbs/made.h"
#include "db/file.h"
#include "db/member.h"

enum { PAGE = 200 };

static const struct listing_column files[] = {
	{ "id", N_("Number"), 7 },
	{ "name", N_("Name"), 40 },
	{ "kind", N_("What"), 8 },
	{ "size", N_("Bytes"), 10 },
	{ "by", N_("By"), 20 },
	{ "changed", N_("Date"), 24 },
	{ "level", N_("Readers"), 10 },
	{ "author", N_("Put there by"), 20 },
};
static const struct listing_column versions[] = {
	{ "version", N_("Version"), 7 },
	{ "size", N_("Bytes"), 10 },
	{ "created", N_("Date"), 24 },
	{ "author", N_("By"), 20 },
};
static const struct listing_column seers[] = {
	{ "id", N_("Number"), 7 },
	{ "member", N_("Member"), 30 },
	{ "first", N_("First time"), 24 },
};
#define COUNT(a) ((int)(sizeof(a) / sizeof(a)[0]))

int
call_file(struct call *call, const char *word, struct file *out)
{
	int64_t id = call_word_id(word);
	*out = (struct file){ 0 };
	int r = id > 0 ? file_get(call->db, (item_id){ id }, out) : file_walk(call->db, word, out);
	return r ? call_fail(call, word, r) : 0;
}

int
call_attachments(struct call *call, struct attachments *all)
{
	struct file file;
	const char *word;
	int status = 0;
	for (int i = 0; !status && (word = call_option_at(call, "attach", i)); i++) {
		status = call_file(call, word, &file);
		if (status)
			break;
		if (file.kind != FILE_FILE)
			status = call_refuse(call, _("%s: a folder cannot be attached, nor what stands there by itself."),
			    word);
		else if (all->count == ATTACHMENTS_MAX)
			status = call_refuse(call, _("A message has %d files at most."), ATTACHMENTS_MAX);
		else
			all->file[all->count++] = file.item;
		file_free(&file);
	}
	return status;
}

/* What the i-th argument names. 0, or what was said. */
static int
find(struct call *call, int i, struct file *out)
{
	return call_file(call, call->words[i], out);
}

/* What nobody made is refused, and what has not come whole. 0, or what was said; nothing is to be freed then. */
static int
check_entry(struct call *call, int i, struct file *file)
{
	int status = 0;
	if (file->kind == FILE_PARTIAL)
		status = call_refuse(call, "%s",
		    _("This file has not come whole yet: send it again (in sftp, reput goes on where it was cut off)."));
	else if (file->kind != FILE_FILE && file->kind != FILE_FOLDER)
		status = call_refuse(call, _("%s: this stands there by itself."), call->words[i]);
	if (status)
		file_free(file);
	return status;
}

/* As find(), for what can be changed. */
static int
find_entry(struct call *call, int i, struct file *out)
{
	int status = find(call, i, out);
	return status ? status : check_entry(call, i, out);
}

/* As find(), for what has bytes. */
static int
find_bytes(struct call *call, int i, struct file *out)
{
	int status = find(call, i, out);
	if (status || out->kind == FILE_MADE)
		return status;
	if (out->kind != FILE_SHELF && out->kind != FILE_FOLDER)
		return check_entry(call, i, out);
	file_free(out);
	return call_refuse(
	    call, _("%s is a folder: file list shows what is in it, scp -r or sftp fetch it whole."), call->words[i]);
}

/* "FOLDER/NAME" into the shelf and the name, which points into the path. */
static int
find_place(struct call *call, const char *path, char shelf[SHELF_MAX + 1], const char **name)
{
	const char *slash = strrchr(path, '/');
	struct buf folder = { 0 };
	struct file file = { 0 };
	buf_add(&folder, path, slash ? (size_t)(slash - path) : 0);
	int r = slash ? file_walk(call->db, buf_text(&folder), &file) : E_NOT_FOUND;
	if (!r && file.kind != FILE_SHELF && file.kind != FILE_FOLDER)
		r = E_NOT_FOUND;
	if (!r)
		snprintf(shelf, SHELF_MAX + 1, "%s", file.shelf);
	*name = slash ? slash + 1 : path;
	file_free(&file);
	int status = !r ? 0 : slash ? call_fail(call, buf_text(&folder), r)
	    : call_refuse(call, _("%s: please give the folder too, as in /moi/%s"), path, path);
	buf_free(&folder);
	return status;
}

/* ---- lists ---- */

struct walk {
	struct listing *list;
	struct buf sort;
	item_id last;
	int64_t left;
	struct db *paths; /* names are paths: files of several folders */
};

static const char *
kind_word(enum file_kind kind)
{
	return kind == FILE_FILE || kind == FILE_MADE ? "file" : kind == FILE_PARTIAL ? "partial" : "folder";
}

static void
list_name(struct walk *w, const struct file *f)
{
	struct buf path = { 0 };
	if (w->paths)
		file_path(w->paths, f, &path);
	listing_words(w->list, buf_text(w->paths ? &path : &f->name));
	buf_free(&path);
}

static bool
list_file(void *ctx, const struct file *f)
{
	struct walk *w = ctx;
	if (f->item.n)
		listing_number(w->list, f->item.n);
	else
		listing_words(w->list, "");
	list_name(w, f);
	call_word(w->list, kind_word(f->kind));
	listing_number(w->list, f->size);
	listing_words(w->list, buf_text(&f->by_name));
	if (f->changed)
		call_time(w->list, f->changed);
	else
		listing_words(w->list, "");
	call_word(w->list, f->level);
	listing_words(w->list, buf_text(&f->author_name));
	buf_cut(&w->sort, 0);
	buf_str(&w->sort, buf_text(&f->sort));
	w->last = f->item;
	return --w->left > 0;
}

/* Of all folders: what is recent, or what is followed. */
static int
list_all(struct call *call, bool recent)
{
	struct listing l;
	struct walk w = { .list = &l, .left = call_limit(call), .paths = call->db };
	int n = PAGE;
	call_list(call, &l);
	while (n == PAGE && w.left > 0) {
		const char *from = w.sort.len ? buf_text(&w.sort) : NULL;
		n = recent ? file_recent(call->db, from, w.last, 1, PAGE, list_file, &w)
			   : file_followed(call->db, from, 1, PAGE, list_file, &w);
		call_flush(call);
	}
	listing_end(&l);
	buf_free(&w.sort);
	return 0;
}

static int
run_list(struct call *call)
{
	bool recent = call_option(call, "recent"), followed = call_option(call, "followed");
	if ((recent || followed) && call->count)
		return call_refuse(call, "%s", _("--recent and --followed list what is in all folders: without a path."));
	if (recent || followed)
		return list_all(call, recent);
	struct listing l;
	struct file folder = { 0 };
	struct walk w = { .list = &l, .left = call_limit(call) };
	int status = call->count ? find(call, 0, &folder) : 0, n = PAGE;
	if (status)
		return status;
	call_list(call, &l);
	if (folder.kind == FILE_SHELF || folder.kind == FILE_FOLDER) {
		while (n == PAGE && w.left > 0) {
			n = file_page(call->db, folder.shelf, w.sort.len ? buf_text(&w.sort) : NULL, w.last, 1, PAGE,
			    list_file, &w);
			call_flush(call);
		}
	} else {
		list_file(&w, &folder);
	}
	listing_end(&l);
	buf_free(&w.sort);
	file_free(&folder);
	return 0;
}

static int
run_bin(struct call *call)
{
	struct listing l;
	struct walk w = { .list = &l, .left = call_limit(call) };
	int n = PAGE;
	call_list(call, &l);
	while (n == PAGE && w.left > 0) {
		n = bin_page(call->db, w.sort.data, w.last, 1, PAGE, list_file, &w);
		call_flush(call);
	}
	listing_end(&l);
	buf_free(&w.sort);
	return 0;
}

struct wanted {
	int version;
	int64_t content; /* 0: there is no such version, or not for the viewer */
};

static bool
find_version(void *ctx, const struct file_was *was)
{
	struct wanted *w = ctx;
	w->content = was->version == w->version ? was->content : 0;
	return !w->content;
}

static bool
list_version(void *ctx, const struct file_was *was)
{
	struct listing *l = ctx;
	listing_number(l, was->version);
	listing_number(l, was->size);
	call_time(l, was->created);
	listing_words(l, was->author);
	return true;
}

static int
run_versions(struct call *call)
{
	struct listing l;
	struct file file;
	int status = find_entry(call, 0, &file);
	if (status)
		return status;
	call_list(call, &l);
	file_versions(call->db, file.item, list_version, &l);
	listing_end(&l);
	file_free(&file);
	return 0;
}

/* ---- bytes ---- */

static int
give_made(struct call *call, const struct file *file)
{
	struct buf bytes = { 0 };
	int r = made_file(call->db, file, &bytes);
	if (!r)
		call_write(call, buf_text(&bytes), bytes.len);
	buf_free(&bytes);
	return r ? call_fail(call, call->words[0], r) : 0;
}

static int
run_get(struct call *call)
{
	enum { PIECE = 4 * CHUNK };
	struct file file;
	struct wanted w = { .version = (int)call_number(call, "version", 0) };
	int status = find_bytes(call, 0, &file);
	if (status)
		return status;
	if (file.kind == FILE_MADE) {
		status = give_made(call, &file);
		file_free(&file);
		return status;
	}
	if (!w.version)
		w.content = file.content;
	else
		file_versions(call->db, file.item, find_version, &w);
	char *piece = mem_alloc(PIECE);
	int64_t at = 0, got = E_NOT_FOUND;
	if (w.content) {
		file_saw(call->db, file.item);
		file_saw_all(call->db);
	}
	if (w.content)
		while ((got = file_read(call->db, file.item, w.content, at, piece, PIECE)) > 0) {
			call_write(call, piece, (size_t)got);
			call_flush(call);
			at += got;
		}
	if (got < 0)
		status = call_fail(call, call->words[0], (int)got);
	free(piece);
	file_free(&file);
	return status;
}

/* What comes after a trouble is not kept: the sentence says so. */
static int
run_put(struct call *call)
{
	enum { PIECE = 32 * 1024 };
	char shelf[SHELF_MAX + 1], piece[PIECE];
	const char *name;
	struct upload *u;
	item_id item;
	long n = 0;
	int64_t at = 0;
	int status = find_place(call, call->words[0], shelf, &name);
	if (status)
		return status;
	int r = upload_open(call->db, shelf, name, call_option(call, "resume") ? UPLOAD_RESUME : UPLOAD_NEW, -1, &u);
	if (r)
		return call_fail(call, call->words[0], r);
	at = upload_size(u);
	while (!r && (n = call->io->read(call->io, piece, sizeof piece)) > 0) {
		r = upload_write(u, at, piece, (size_t)n);
		at += n;
	}
	if (n < 0) {
		upload_leave(u);
		return 1;
	}
	if (r) {
		upload_drop(u);
		return call_fail(call, call->words[0], r);
	}
	r = upload_finish(u, &item);
	status = call_end_public(call, call->words[0], r);
	if (!status)
		call_say(call, "%" PRId64 "\n", item.n);
	return status;
}

/* ---- changed ---- */

static int
run_mkdir(struct call *call)
{
	char shelf[SHELF_MAX + 1];
	const char *name;
	struct file folder;
	int status = find_place(call, call->words[0], shelf, &name);
	if (status)
		return status;
	int r = folder_make(call->db, shelf, name, &folder);
	if (r)
		return call_fail(call, call->words[0], r);
	call_say(call, "%" PRId64 "\n", folder.item.n);
	file_free(&folder);
	return 0;
}

static int
run_rm(struct call *call)
{
	struct file file;
	int status = find_entry(call, 0, &file);
	if (status)
		return status;
	int r = file_bin(call->db, file.item, call_option(call, "whole"));
	file_free(&file);
	if (r == E_NOT_EMPTY)
		return call_refuse(call, _("%s is not empty: --whole throws it away with what is in it."), call->words[0]);
	return r ? call_fail(call, call->words[0], r) : 0;
}

static int
run_restore(struct call *call)
{
	return call_end(call, file_restore(call->db, (item_id){ call_id(call, 0) }));
}

static int
run_purge(struct call *call)
{
	if (!call_option(call, "all") && !call->count)
		return call_usage(call, "%s", _("Which one? Or --all."));
	if (!call_option(call, "all"))
		return call_end(call, file_purge(call->db, (item_id){ call_id(call, 0) }));
	int n = file_purge_all(call->db);
	if (n >= 0)
		call_say(call, "%d\n", n);
	return call_end(call, n < 0 ? n : E_OK);
}

static int
run_move(struct call *call)
{
	char shelf[SHELF_MAX + 1];
	const char *name;
	struct file file, into = { 0 };
	int status = find_entry(call, 0, &file);
	if (status)
		return status;
	/* Into a folder that is there, under its own name; else the last step is the new one. */
	bool folder = !file_walk(call->db, call->words[1], &into) &&
	    (into.kind == FILE_SHELF || into.kind == FILE_FOLDER) && into.item.n != file.item.n;
	if (folder) {
		snprintf(shelf, sizeof shelf, "%s", into.shelf);
		name = buf_text(&file.name);
	} else {
		status = find_place(call, call->words[1], shelf, &name);
	}
	if (!status)
		status = call_end_public(call, call->words[1], file_move(call->db, file.item, shelf, name));
	file_free(&file);
	file_free(&into);
	return status;
}

static int
run_describe(struct call *call)
{
	struct file file;
	struct buf about = { 0 };
	int status = find_entry(call, 0, &file);
	if (status)
		return status;
	int r = call_input(call, &about, (size_t)4 * FILE_ABOUT_MAX);
	if (!r)
		r = file_describe(call->db, file.item, buf_text(&about));
	buf_free(&about);
	file_free(&file);
	return call_end(call, r);
}

static int
run_follow(struct call *call)
{
	struct file file;
	char place[SHELF_MAX + 1];
	int status = find(call, 0, &file);
	if (status)
		return status;
	file_place(&file, place);
	int r = file_follow(call->db, place, !strcmp(call->verb->verb, "follow"));
	file_free(&file);
	if (r == E_DENIED)
		return call_refuse(call, _("%s: nothing is put here, only into the folders within."), call->words[0]);
	return call_end(call, r);
}

static int
run_report(struct call *call)
{
	struct file file;
	int status = find_entry(call, 0, &file);
	if (status)
		return status;
	int r = report_new(call->db, file.item, call_option(call, "reason"));
	file_free(&file);
	if (r == E_DONE)
		return call_refuse(call, "%s", _("You have reported this file already."));
	return call_end(call, r);
}

/* By its number: who animates need not be among its readers. */
static int
run_hide(struct call *call)
{
	return call_end(call, post_hide(call->db, (item_id){ call_id(call, 0) }, call_option(call, "reason")));
}

static int
run_unhide(struct call *call)
{
	return call_end(call, post_show(call->db, (item_id){ call_id(call, 0) }));
}

static int
run_show(struct call *call)
{
	struct file file;
	struct buf path = { 0 }, about = { 0 };
	int status = find(call, 0, &file);
	if (status)
		return status;
	file_path(call->db, &file, &path);
	call_text(call, buf_text(&path));
	call_say(call, "\n");
	if (file.item.n && !file_about(call->db, file.item, &about) && about.len) {
		call_text(call, buf_text(&about));
		call_say(call, "\n");
	}
	buf_free(&path);
	buf_free(&about);
	file_free(&file);
	return 0;
}

/* Those whom the words from that one on name: *count of them; else it is said, and the answer is the call's. */
static int
named_by_words(struct call *call, int at, member_id who[NAMED_MAX], int *count)
{
	struct buf typed = { 0 }, wrong = { 0 };
	for (int i = at; i < call->count; i++)
		buf_fmt(&typed, "%s%s", i > at ? ", " : "", call->words[i]);
	*count = members_named(call->db, buf_text(&typed), who, NAMED_OTHERS, &wrong);
	int status = *count < 0 ? call_refuse(call, "%s", buf_text(&wrong)) : 0;
	buf_free(&typed);
	buf_free(&wrong);
	return status;
}

static int
run_level(struct call *call)
{
	struct file file;
	member_id who[NAMED_MAX];
	const char *level = call->words[1];
	int count, status = find_entry(call, 0, &file);
	if (status)
		return status;
	bool others = file.changes && file.author.n != db_viewer(call->db).n;
	bool folder = file.kind == FILE_FOLDER;
	item_id item = file.item;
	file_free(&file);
	if (call->count > 2 && strcmp(level, "named") != 0)
		return call_refuse(call, "%s", _("Persons are named with the level “named” only."));
	status = named_by_words(call, 2, who, &count);
	if (status)
		return status;
	int r = file_set_level(call->db, item, level, who, count);
	if (r == E_DENIED && others && !strcmp(level, "me"))
		return call_refuse(call, "%s", _("This comes from somebody else: it cannot be made one person's alone."));
	if (r == E_DENIED && others)
		return call_refuse(call, "%s", _("Only who sent this can let others read it; those who keep the folder "
						 "can close it."));
	if (r == E_EMPTY)
		return call_refuse(call, "%s", _("Name somebody, or choose who else reads it."));
	if (r == E_INVALID)
		return call_refuse(call, "%s", _("Who reads it: me, council, members, public; or named and the log-in "
						 "names or full names of members."));
	int left = 0;
	if (!r && call_option(call, "whole"))
		r = file_level_within(call->db, item, &left);
	else if (!r && folder)
		left = file_level_differs(call->db, item);
	if (left < 0)
		r = left;
	if (left > 0)
		call_refuse(call, ngettext("%d in it stays as it was.", "%d in it stay as they were.", (unsigned long)left), left);
	return call_end_public(call, NULL, r < 0 ? r : E_OK);
}

struct seers {
	struct listing *list;
	member_id last;
	int64_t left;
};

static bool
list_seer(void *ctx, member_id member, const char *name, int64_t first)
{
	struct seers *s = ctx;
	listing_number(s->list, member.n);
	listing_words(s->list, name);
	call_time(s->list, first);
	s->last = member;
	return --s->left > 0;
}

static int
run_seen(struct call *call)
{
	struct listing l;
	struct file file;
	struct seers s = { .list = &l, .left = call_limit(call) };
	int status = find_entry(call, 0, &file), n = PAGE;
	if (status)
		return status;
	if (!file.changes) {
		file_free(&file);
		return call_end(call, E_DENIED);
	}
	call_list(call, &l);
	while (n == PAGE && s.left > 0) {
		n = file_seen_by(call->db, file.item, s.last, PAGE, list_seer, &s);
		call_flush(call);
	}
	listing_end(&l);
	file_free(&file);
	return 0;
}

const struct verb command_file_verbs[] = {
	{ .noun = "file", .verb = "list", .run = run_list, .need = NEED_NOTHING,
	  .usage = "[PATH] [--recent | --followed] [--limit N] [--json | --csv]",
	  .columns = files, .column_count = COUNT(files),
	  .help = N_("What stands in a folder, or at the top: départements, councils, resources, one's own. --recent: files "
		     "by their last change, --followed: what you follow, wherever they stand.") },
	{ .noun = "file", .verb = "show", .run = run_show, .need = NEED_NOTHING, .usage = "ID",
	  .help = N_("Where it stands, and what it is. Everywhere a path may stand in the place of a number.") },
	{ .noun = "file", .verb = "get", .run = run_get, .need = NEED_NOTHING, .usage = "ID [--version N]",
	  .help = N_("Its bytes on standard output, as they are or as they were.") },
	{ .noun = "file", .verb = "put", .run = run_put, .need = MAY_READ_BOARDS, .usage = "PATH [--resume]",
	  .help = N_("Standard input becomes the file FOLDER/NAME; its number is printed. What was cut off can be gone on "
		     "with for a day: --resume takes the bytes that are missing, and those alone (list says how many have "
		     "come). What bore that name stays as an earlier version. Of a photo that everybody may read "
		     "the place where it was taken is removed (JPEG, PNG, WebP); others that may say it are refused.") },
	{ .noun = "file", .verb = "mkdir", .run = run_mkdir, .need = MAY_READ_BOARDS, .usage = "PATH",
	  .help = N_("A new folder; its number is printed.") },
	{ .noun = "file", .verb = "rm", .run = run_rm, .need = MAY_READ_BOARDS, .usage = "ID [--whole]",
	  .help = N_("Into the bin, for a month; a folder with something in it with --whole only.") },
	{ .noun = "file", .verb = "bin", .run = run_bin, .need = MAY_READ_BOARDS, .usage = "[--limit N] [--json | --csv]", .columns = files,
	  .column_count = COUNT(files), .help = N_("What you have thrown away, and what others have of yours.") },
	{ .noun = "file", .verb = "restore", .run = run_restore, .need = MAY_READ_BOARDS, .usage = "ID",
	  .help = N_("Out of the bin, back to where it was.") },
	{ .noun = "file", .verb = "purge", .run = run_purge, .need = MAY_READ_BOARDS, .usage = "[ID] [--all]",
	  .help = N_("Throws away for good what lies in the bin, or all of it: its room is free, and nobody can put it back.") },
	{ .noun = "file", .verb = "move", .run = run_move, .need = MAY_READ_BOARDS, .usage = "ID PATH",
	  .help = N_("To another folder, under another name, or both.") },
	{ .noun = "file", .verb = "describe", .run = run_describe, .need = MAY_READ_BOARDS, .usage = "ID",
	  .help = N_("What it is, in a few sentences from standard input.") },
	{ .noun = "file", .verb = "follow", .run = run_follow, .need = MAY_READ_BOARDS, .usage = "ID",
	  .help = N_("You get a word when something comes into this folder, when this file has another version.") },
	{ .noun = "file", .verb = "unfollow", .run = run_follow, .need = MAY_READ_BOARDS, .usage = "ID",
	  .help = N_("This folder, or this file, is followed no longer.") },
	{ .noun = "file", .verb = "report", .run = run_report, .need = MAY_POST, .usage = "ID --reason TEXT",
	  .help = N_("Brings a file before the animators, who answer you.") },
	{ .noun = "file", .verb = "hide", .run = run_hide, .need = MAY_MODERATE, .usage = "ID --reason TEXT",
	  .help = N_("Hides a file: its author gets the reason and still sees it. “report list” says what is reported.") },
	{ .noun = "file", .verb = "unhide", .run = run_unhide, .need = MAY_MODERATE, .usage = "ID",
	  .help = N_("Shows a hidden file again.") },
	{ .noun = "file", .verb = "level", .run = run_level, .need = MAY_READ_BOARDS, .usage = "ID LEVEL [NAME…] [--whole]",
	  .help = N_("Who reads it: me, council, members, public; or named, with log-in names or names in full. With --whole also what is in the folder. A photo made public loses the "
		     "place where it was taken, as when it is sent.") },
	{ .noun = "file", .verb = "seen", .run = run_seen, .need = MAY_READ_BOARDS,
	  .usage = "ID [--limit N] [--json | --csv]", .columns = seers, .column_count = COUNT(seers),
	  .help = N_("Members who have opened or fetched it, for whoever may change it.") },
	{ .noun = "file", .verb = "versions", .run = run_versions, .need = NEED_NOTHING,
	  .usage = "ID [--json | --csv]",
	  .columns = versions, .column_count = COUNT(versions), .help = N_("What it was before, and who sent that.") },
	{ 0 },
};
