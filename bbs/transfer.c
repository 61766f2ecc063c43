/*
 * Files by ZMODEM in a visit. The bytes of the protocol are the caller's program's and the helper's own affair; how
 * far it is, that program shows, since the terminal is its own meanwhile.
 */
#include "bbs/transfer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <unistr.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/broker.h"
#include "bbs/made.h"

enum {
	PIECE = 4 * CHUNK,     /* between the store and the folder */
	CARRIED = 32 * 1024,   /* between the helper and the line */
	UNDER_WAY = 64 * 1024, /* OUTPUT, above which the helper waits: what it has said cannot be taken back */
	WEIGHED = 1024 * 1024, /* bytes from the line, after which the folder is weighed again */
	DISK_LEFT = 4 * 1024 * 1024, /* bytes, less than which is none: more than is on its way to the folder */
	FILES_MOST = 1000,     /* of one transfer */
	NAMED = 8,             /* of them, by name in what is said */
	TICK = 1000,           /* ms: a wait at the most */
	ANSWER_WAIT = 60000,   /* ms for the first word of the caller's program */
	STOP_WAIT = 10000,     /* ms for a helper that was told to stop */
	QUIET = 500,           /* ms without a byte: the caller's program has ended */
	CALM_WAIT = 12000,     /* ms for that: sz may think for ten seconds before it heeds a cancel */
	CANCELS = 5,           /* bytes CAN that cancel; what is data never has two */
	PROGRESS_FIRST = 1000, PROGRESS_NEXT = 3000,
};

/* What both sides take as the end, whatever they are doing; CANCELS of them are enough. */
static const char cancel[] = "\x18\x18\x18\x18\x18\x18\x18\x18";

enum ended {
	ENDED_WELL,
	ENDED_BROKEN,     /* by either side: what had come whole is in the folder */
	ENDED_UNANSWERED, /* no program of the caller's has said a byte */
	ENDED_HEAVY,      /* more came than there is room for */
	ENDED_FULL,       /* the disk is */
	ENDED_KILLED,     /* what is in the folder may be cut off */
};

/* ---- what is shown while the session itself copies ---- */

struct progress {
	struct ui *ui; /* NULL: nobody looks */
	bool out; /* to the folder; else to the store */
	const char *name;
	int64_t size, next;
};

static struct progress
progress_begin(struct ui *ui, bool out, const char *name, int64_t size)
{
	return (struct progress){ ui, out, name, size, clock_ticks() + PROGRESS_FIRST };
}

static void
progress(struct progress *p, int64_t done)
{
	struct buf text = { 0 };
	if (!p->ui || clock_ticks() < p->next)
		return;
	p->next = clock_ticks() + PROGRESS_NEXT;
	buf_fmt(&text, p->out ? _("Being made ready for you: %s, %d %%") : _("Being put away: %s, %d %%"), p->name,
	    p->size ? (int)(100 * done / p->size) : 0);
	ui_progress(p->ui, buf_text(&text));
	buf_free(&text);
}

/* ---- the helper ---- */

/* One transfer under way. */
struct talk {
	struct line *line;
	struct helper_line *helper;
	int64_t room; /* for what is received */
	int64_t sent; /* bytes of the helper's to the line */
	bool over;    /* the helper has ended by itself: what is in its folder is whole */
	bool begun;   /* a program of the caller's has spoken */
	int cancels;  /* bytes CAN that came last: CANCELS once there were so many, for good */
};

/* Asks for it, and for its folder; false: why not was said. */
static bool
call(const struct transfer *t, const struct helper_ask *ask, struct helper_line *h)
{
	enum helper_end end = HELPER_FAILED;
	if (!helper_call(t->broker, ask, h)) {
		if (!helper_folder(h))
			return true;
		end = (enum helper_end)helper_ended(h);
		helper_close(h);
	}
	if (end == HELPER_ENOUGH)
		ui_say(t->ui, _("This account has %d transfers under way, as many as it may have: another can begin when one "
				"of them has ended."), HELPER_TRANSFERS);
	else
		ui_say(t->ui, "%s",
		    end == HELPER_MISSING ? _("ZMODEM is not installed on this machine: the sysop can add it (lrzsz).")
		    : end == HELPER_BUSY  ? _("Many transfers are under way at this moment: please try again in a while.")
					  : _("ZMODEM cannot be started at this moment: please try again in a while."));
	return false;
}

/* Does more lie in the folder than may? */
static bool
is_heavy(const char *folder, int64_t room)
{
	int64_t size = 0;
	int count = 0;
	DIR *dir = opendir(folder);
	struct stat st;
	for (struct dirent *e; dir && (e = readdir(dir));)
		if (!fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) && S_ISREG(st.st_mode)) {
			size += st.st_size;
			count++;
		}
	if (dir)
		closedir(dir);
	return size > room || count > FILES_MOST;
}

/* Where it cannot write rz goes on, and what it leaves lacks pieces: it is stopped before. */
static bool
is_full(const char *folder)
{
	struct statvfs disk;
	return !statvfs(folder, &disk) && disk.f_bavail < DISK_LEFT / disk.f_frsize;
}

/* Bytes of the line are taken. */
static void
take(struct talk *t, size_t n)
{
	const char *bytes = buf_text(&t->line->terminal.input);
	for (size_t i = 0; i < n && t->cancels < CANCELS; i++)
		t->cancels = bytes[i] == *cancel ? t->cancels + 1 : 0;
	line_took(t->line, n);
}

static void
take_all(struct talk *t)
{
	take(t, t->line->terminal.input.len);
}

/* From the helper, who speaks by the kilobyte, to the line. False: it has said all. */
static bool
carry_out(struct talk *t)
{
	char piece[CARRIED];
	size_t n = 0;
	ssize_t got = 1;
	while (got > 0 && n < sizeof piece) {
		got = read(t->helper->bytes, piece + n, sizeof piece - n);
		n += got > 0 ? (size_t)got : 0;
	}
	bool more = got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
	if (n)
		line_write(t->line, piece, n, false);
	t->sent += (int64_t)n;
	return more;
}

/* From the line to the helper: how much. What one that has ended does not take is nobody's. */
static size_t
carry_in(struct talk *t)
{
	const struct buf *input = &t->line->terminal.input;
	ssize_t n = input->len ? send(t->helper->bytes, input->data, input->len, MSG_NOSIGNAL | MSG_DONTWAIT) : 0;
	if (n < 0)
		n = errno == EAGAIN || errno == EINTR ? 0 : (ssize_t)input->len;
	take(t, (size_t)n);
	return (size_t)n;
}

/*
 * Has the caller's program spoken? It begins with a header, "**" and CAN, before which sz says "rz" and CR; whatever
 * else can be seen, Escape or Ctrl-C is typed by somebody whose terminal knows no ZMODEM. False: he has.
 */
static bool
listen_for_program(struct talk *t)
{
	const struct buf *input = &t->line->terminal.input;
	for (size_t i = 0; i < input->len && !t->begun; i++) {
		unsigned char c = (unsigned char)input->data[i];
		if (c == '*' || c == (unsigned char)*cancel)
			t->begun = true;
		else if (c == 0x1b || c == 0x03 || (c >= ' ' && c != 'r' && c != 'z'))
			return false;
	}
	return true;
}

/* Bytes both ways until the helper has ended, by itself, by the caller's program, or told to: how. */
static enum ended
carry(struct talk *t)
{
	struct line *l = t->line;
	struct helper_line *h = t->helper;
	enum ended ended = ENDED_WELL;
	int64_t until = clock_ticks() + ANSWER_WAIT;
	size_t fresh = 0;
	bool talks = true;
	int end = -1;
	while (end < 0) {
		bool out = talks && l->under_way <= UNDER_WAY, in = talks && l->terminal.input.len;
		l->also[0] = (struct pollfd){ out || in ? h->bytes : -1, (short)((out ? POLLIN : 0) | (in ? POLLOUT : 0)), 0 };
		l->also[1] = (struct pollfd){ talks ? -1 : h->control, POLLIN, 0 };
		line_wait_raw(l, TICK);
		bool nobody = !t->begun && (!listen_for_program(t) || clock_ticks() >= until);
		if (out && l->also[0].revents & (POLLIN | POLLHUP | POLLERR))
			talks = carry_out(t);
		if (ended)
			take_all(t);
		else
			fresh += carry_in(t);
		enum ended why = l->terminal.ended ? ENDED_KILLED : nobody ? ENDED_UNANSWERED : ENDED_WELL;
		if (fresh >= WEIGHED) {
			why = is_heavy(h->folder, t->room) ? ENDED_HEAVY : why;
			fresh = 0;
		}
		if (t->room && is_full(h->folder))
			why = ENDED_FULL;
		if (why && !ended) {
			ended = why;
			until = clock_ticks() + STOP_WAIT;
			send(h->bytes, cancel, sizeof cancel - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
		}
		if (l->terminal.ended || (ended && clock_ticks() >= until))
			ended = ENDED_KILLED;
		end = ended == ENDED_KILLED ? HELPER_LATE : talks ? -1 : helper_ended(h);
	}
	t->over = ended != ENDED_KILLED && end != HELPER_FELL;
	return !t->over ? ENDED_KILLED : ended ? ended : end == HELPER_DONE ? ENDED_WELL : t->begun ? ENDED_BROKEN : ENDED_UNANSWERED;
}

/*
 * What the other side still sends is no typing; one that was cut short is waited for until it cancels too. True:
 * something came.
 */
static bool
hush(struct talk *t, bool cut)
{
	struct line *l = t->line;
	bool spoke = false;
	int64_t until = clock_ticks() + CALM_WAIT, quiet = clock_ticks() + QUIET;
	for (int64_t now; (now = clock_ticks()) < until && !l->terminal.ended;) {
		if (now >= quiet && (!cut || t->cancels >= CANCELS))
			break;
		line_wait_raw(l, QUIET);
		if (l->terminal.input.len) {
			spoke = true;
			quiet = clock_ticks() + QUIET;
		}
		take_all(t);
	}
	return spoke;
}

/*
 * Until no program of the caller's listens any more. rz may miss sz's last word, OO, since it empties its input before
 * it asks for it again; then it waits, ten seconds long, and takes what comes next for more of the protocol. CR moves
 * nothing on a screen, and whoever still waits asks again.
 */
static void
calm_down(struct talk *t, enum ended ended)
{
	hush(t, ended && ended != ENDED_UNANSWERED);
	if (ended)
		return;
	line_write(t->line, "\r", 1, false);
	if (!hush(t, false))
		return;
	line_write(t->line, "OO", 2, false);
	hush(t, false);
}

/* As the caller's charset has it. */
static void
encode(const struct line *l, const char *text, size_t n, struct buf *out)
{
	struct buf shown = { 0 };
	text_show(&shown, text, n, l->terminal.charset);
	charset_encode(l->terminal.charset, buf_text(&shown), shown.len, out);
	buf_free(&shown);
}

/* On a line whose bytes pass as they are. */
static void
say(struct line *l, const char *words)
{
	struct buf bytes = { 0 };
	buf_str(&bytes, "\r\n");
	encode(l, words, strlen(words), &bytes);
	line_write(l, buf_text(&bytes), bytes.len, false);
	buf_free(&bytes);
}

/*
 * The terminal is the caller's program's until it is over. What is said before is said when bytes pass as they are
 * already: a program that begins as soon as it is read is no typing.
 */
static enum ended
run(const struct transfer *t, struct talk *talk, const char *words)
{
	struct line *l = t->line;
	t->lend(true);
	line_raw(l, true);
	say(l, words);
	say(l, _("Programs that know ZMODEM: SyncTERM, Tera Term, ExtraPuTTY, zssh."));
	say(l, _("To give up: Escape; or Ctrl-X five times, then Enter, if nothing moves."));
	say(l, "");
	helper_start(talk->helper);
	enum ended ended = carry(talk);
	l->also[0].fd = l->also[1].fd = -1;
	if (ended)
		line_write(l, cancel, sizeof cancel - 1, false);
	calm_down(talk, ended);
	line_raw(l, false);
	t->lend(false);
	return ended;
}

static const char *
unanswered(void)
{
	return _("No program has answered at your end: nothing was transferred. Your terminal has to know ZMODEM, as "
		 "SyncTERM, Tera Term, ExtraPuTTY and zssh do.");
}

/* ---- to the caller ---- */

/* The name in bytes that the caller's machine reads; what his charset has for a letter may hold a slash. */
static void
write_name(const struct line *l, const char *name, char out[HELPER_NAME_MAX + 1])
{
	struct buf bytes = { 0 };
	encode(l, name, strlen(name), &bytes);
	snprintf(out, HELPER_NAME_MAX + 1, "%s", buf_text(&bytes));
	for (char *slash; (slash = strchr(out, '/'));)
		*slash = '_';
	buf_free(&bytes);
}

/* E_OK, or E_FULL. */
static int
put(int fd, const char *bytes, size_t n)
{
	for (ssize_t done; n; bytes += done, n -= (size_t)done) {
		done = write(fd, bytes, n);
		if (done < 0 && errno != EINTR)
			return E_FULL;
		if (done < 0)
			done = 0;
	}
	return E_OK;
}

/* The file's bytes, as they were when it was found, into the helper's folder. */
static int
copy_out(const struct transfer *t, const struct file *file, int fd)
{
	struct buf made = { 0 };
	struct progress p = progress_begin(t->ui, true, buf_text(&file->name), file->size);
	int64_t at = 0, n = 0;
	int r = E_OK;
	if (file->kind == FILE_MADE) {
		r = made_file(t->db, file, &made);
		if (!r)
			r = put(fd, buf_text(&made), made.len);
		buf_free(&made);
		return r;
	}
	char *piece = mem_alloc(PIECE);
	while (!r && (n = file_read(t->db, file->item, file->content, at, piece, PIECE)) > 0) {
		r = put(fd, piece, (size_t)n);
		at += n;
		progress(&p, at);
	}
	free(piece);
	return r ? r : n < 0 ? (int)n : E_OK;
}

/* Into the folder under that name. */
static int
lay_out(const struct transfer *t, const struct file *file, const char *folder, const char *name)
{
	struct buf path = { 0 };
	buf_fmt(&path, "%s/%s", folder, name);
	int fd = open(buf_text(&path), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int r = fd < 0 ? E_FULL : copy_out(t, file, fd);
	if (fd >= 0 && close(fd) && !r)
		r = E_FULL;
	buf_free(&path);
	return r;
}

void
transfer_send(const struct transfer *t, const struct file *file)
{
	struct helper_ask ask = { .helper = HELPER_SEND, .whose = db_viewer(t->db).n };
	struct helper_line h;
	write_name(t->line, buf_text(&file->name), ask.name);
	if (!call(t, &ask, &h))
		return;
	int r = lay_out(t, file, h.folder, ask.name);
	if (r) {
		ui_say(t->ui, "%s", error_text(r));
		helper_close(&h);
		return;
	}
	struct talk talk = { .line = t->line, .helper = &h };
	enum ended ended = run(t, &talk, _("Start receiving by ZMODEM in your program, if it does not by itself."));
	helper_close(&h);
	/* sz is content with a program that skips what it has. */
	if (ended == ENDED_WELL && talk.sent < file->size)
		ui_say(t->ui, _("Your program did not want %s, or has it already."), buf_text(&file->name));
	else if (ended == ENDED_WELL)
		ui_say(t->ui, _("%s has arrived on your machine."), buf_text(&file->name));
	else
		ui_say(t->ui, "%s", ended == ENDED_UNANSWERED ? unanswered() : _("The transfer was broken off."));
}

/* ---- from the caller ---- */

/* What is no UTF-8 is of the caller's charset, or of Windows'. */
static void
read_name(const struct line *l, const char *bytes, struct buf *name)
{
	struct charset_in in = { .charset = l->terminal.charset };
	if (!u8_check((const uint8_t *)bytes, strlen(bytes)))
		in.charset = CHARSET_UTF8;
	else if (in.charset == CHARSET_UTF8)
		in.charset = CHARSET_CP1252;
	charset_decode(&in, bytes, strlen(bytes), name);
}

static int
copy_in(const struct transfer *t, int fd, struct upload *u, const char *name, int64_t size)
{
	struct progress p = progress_begin(t->ui, false, name, size);
	char *piece = mem_alloc(PIECE);
	int64_t at = 0;
	ssize_t n;
	int r = E_OK;
	while (!r && (n = read(fd, piece, PIECE)) > 0) {
		r = upload_write(u, at, piece, (size_t)n);
		at += n;
		progress(&p, at);
	}
	free(piece);
	return r ? r : at == size ? E_OK : E_FULL;
}

/* One file of the folder to the shelf. */
static int
keep_file(const struct transfer *t, int folder, const char *bytes, const char *name, const char *shelf)
{
	struct upload *u;
	struct stat st;
	item_id item;
	int r = E_NOT_FOUND, fd = openat(folder, bytes, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode))
		r = upload_open(t->db, shelf, name, UPLOAD_ONLY, st.st_size, &u);
	if (!r) {
		r = copy_in(t, fd, u, name, st.st_size);
		if (r)
			upload_drop(u);
		else
			r = upload_finish(u, &item);
	}
	/* Should the line go before the last of them, this one has been. */
	if (!r)
		unlinkat(folder, bytes, 0);
	if (fd >= 0)
		close(fd);
	return r;
}

/* What came of the files of a transfer. */
struct received {
	int kept, refused;
	struct buf names, reasons; /* of the first NAMED of each */
};

static void
note(struct received *all, const char *name, int r)
{
	if (!r && ++all->kept <= NAMED)
		buf_fmt(&all->names, "%s%s", all->kept > 1 ? ", " : "", name);
	else if (!r && all->kept == NAMED + 1)
		buf_str(&all->names, "…");
	if (!r || ++all->refused > NAMED)
		return;
	buf_char(&all->reasons, '\n');
	buf_fmt(&all->reasons, _("%s: %s"), name,
	    r == E_INVALID || r == E_TOO_LONG ? _("A file cannot have this name here.") : error_text(r));
}

static int
is_entry(const struct dirent *e)
{
	return strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
}

/* Each file by itself. */
static void
keep_all(const struct transfer *t, const char *folder, const char *shelf, struct received *all)
{
	struct dirent **entries;
	int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int count = dir < 0 ? 0 : scandir(folder, &entries, is_entry, alphasort);
	for (int i = 0; i < count; i++) {
		struct buf name = { 0 }, shown = { 0 };
		read_name(t->line, entries[i]->d_name, &name);
		text_clean(&shown, buf_text(&name), name.len, TEXT_LINE);
		note(all, buf_text(&shown), keep_file(t, dir, entries[i]->d_name, buf_text(&name), shelf));
		free(entries[i]);
		buf_free(&name);
		buf_free(&shown);
	}
	if (count > 0)
		free(entries);
	if (dir >= 0)
		close(dir);
}

/* A transfer to a shelf, for when the line goes. */
struct batch {
	const struct transfer *transfer;
	struct talk *talk;
	const char *shelf;
};

/* Tells the helper that it is over, and waits for that. */
static void
stop(struct talk *t)
{
	struct helper_line *h = t->helper;
	char piece[CARRIED];
	int64_t until = clock_ticks() + STOP_WAIT;
	send(h->bytes, cancel, sizeof cancel - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	shutdown(h->bytes, SHUT_WR);
	int end = -1;
	for (int64_t now; end < 0 && (now = clock_ticks()) < until; end = helper_ended(h)) {
		struct pollfd p[2] = { { h->bytes, POLLIN, 0 }, { h->control, POLLIN, 0 } };
		poll(p, 2, (int)(until - now));
		if (p[0].revents && read(h->bytes, piece, sizeof piece) == 0)
			poll(p + 1, 1, (int)(until - now));
	}
	t->over = end >= 0 && end != HELPER_FELL;
}

/* The line is gone: what had come whole is kept, as if that had been all. */
static bool
keep_what_came(void *ctx)
{
	const struct batch *b = ctx;
	struct transfer t = *b->transfer;
	struct received all = { 0 };
	t.ui = NULL;
	if (!b->talk->over)
		stop(b->talk);
	if (b->talk->over)
		keep_all(&t, b->talk->helper->folder, b->shelf, &all);
	buf_free(&all.names);
	buf_free(&all.reasons);
	return true;
}

static void
say_received(const struct transfer *t, enum ended ended, const struct received *all)
{
	struct buf words = { 0 };
	int kept = all->kept;
	if (ended == ENDED_UNANSWERED) {
		ui_say(t->ui, "%s", unanswered());
		return;
	}
	if (ended == ENDED_HEAVY)
		buf_fmt(&words, "%s ", _("More came than there is room for in this area: the transfer was stopped."));
	else if (ended == ENDED_FULL)
		buf_fmt(&words, "%s ", _("There is hardly any room left on the board's disk: the transfer was stopped."));
	else if (ended != ENDED_WELL)
		buf_fmt(&words, "%s ", _("The transfer was broken off."));
	if (kept)
		buf_fmt(&words, ngettext("%d file received: %s.", "%d files received: %s.", (unsigned long)kept), kept,
		    buf_text(&all->names));
	else if (ended != ENDED_WELL || !all->refused)
		buf_str(&words, _("No file was received."));
	buf_str(&words, buf_text(&all->reasons) + (!words.len && all->refused));
	if (all->refused > NAMED)
		buf_fmt(&words, ngettext("\nAnd %d more was not kept.", "\nAnd %d more were not kept.",
		    (unsigned long)(all->refused - NAMED)), all->refused - NAMED);
	ui_say(t->ui, "%s", buf_text(&words));
	buf_free(&words);
}

void
transfer_receive(const struct transfer *t, const char *shelf)
{
	struct helper_ask ask = { .helper = HELPER_RECEIVE, .whose = db_viewer(t->db).n };
	struct helper_line h;
	struct received all = { 0 };
	int64_t used, quota, size = db_files(t->db)->size, room = INT64_MAX - 1;
	int r = shelf_writes(t->db, shelf) ? shelf_room(t->db, shelf, &used, &quota) : E_DENIED;
	if (!r && quota) {
		room = quota - used;
		r = room > 0 ? E_OK : E_ROOM;
	}
	if (r) {
		ui_say(t->ui, "%s", error_text(r));
		return;
	}
	/* One byte more than a file may have: one that was stopped there is seen to be too large. */
	ask.size = (size && size < room ? size : room) + 1;
	if (!call(t, &ask, &h))
		return;
	if (is_full(h.folder)) {
		ui_say(t->ui, "%s", error_text(E_FULL));
		helper_close(&h);
		return;
	}
	struct talk talk = { .line = t->line, .helper = &h, .room = room };
	struct batch batch = { t, &talk, shelf };
	struct terminal *terminal = &t->line->terminal;
	terminal->parting_ctx = &batch;
	terminal->parting = keep_what_came;
	enum ended ended = run(t, &talk, _("Start sending your files by ZMODEM in your program."));
	if (terminal->ended)
		keep_what_came(&batch);
	else if (talk.over && ended != ENDED_UNANSWERED)
		keep_all(t, h.folder, shelf, &all);
	terminal->parting = NULL;
	helper_close(&h);
	say_received(t, ended, &all);
	buf_free(&all.names);
	buf_free(&all.reasons);
}
