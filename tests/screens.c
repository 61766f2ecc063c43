/*
 * Walks through the real program on a pty, by a script, and sees each screen as a person does: the
 * full face in cells of libvterm, the linear face as a transcript. At its own size and language a
 * screen is compared with its golden file; at any other it has to keep the promises of every screen.
 *
 *	screens SCRIPT COLUMNSxROWS TERM LANG golden|promises
 *
 * A script's lines: start console LOGIN, ssh NAME or telnet; key NAME…; type TEXT; enter TEXT, with Enter,
 * in the linear face at its prompt; line TEXT, where there is none; wait TEXT and gone TEXT; screen NAME;
 * forget what was said; mask REGEX in what is kept; resize COLUMNSxROWS; run COMMAND, which somebody else gives
 *	to the board; end of itself; hangup.
 *
 * GOLDEN: the folder of golden files, GENERATE: write them. BBS, CONF, SSH, TELNET: how to call.
 * Prints one line of TAP, and what was wrong.
 */
#include <errno.h>
#include <iconv.h>
#include <poll.h>
#include <pty.h>
#include <regex.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vterm.h>

#include "bbs/base/clock.h"
#include "bbs/base/text.h"

enum {
	PATIENCE = 10 * 1000, /* ms until what is waited for has to be there */
	QUIET = 250,          /* ms of silence after which a screen to be kept is whole */
	ANSWER = 1000,        /* ms until a key has changed something, if it does, at the most */
	ANSWER_LEAST = 150,   /* and at the least; between them ANSWER_TIMES as long as any did so far */
	ANSWER_TIMES = 6,
	PAUSE = 10,           /* ms between two frames */
	MASKS = 4,
	LINE_MAX_BYTES = 1000,
};

static struct {
	const char *script, *term, *lang;
	int number; /* of the script's line */
	bool golden, linear, colours;
	enum charset charset;
	int columns, rows;
	VTerm *vt;
	iconv_t decode;
	struct buf rest;   /* bytes that are not a whole character yet */
	struct buf said;   /* linear: all that was said, as lines */
	size_t from;       /* linear: where the last thing typed ends */
	regex_t mask[MASKS];
	int masks, screens;
	int fd;
	pid_t pid;
	int patience, slowest; /* ms; slowest: that a key took until something changed */
	struct buf wrong;  /* what is wrong, for the log */
	bool failed, given_up;
} it = { .fd = -1, .patience = PATIENCE };

static void
wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void
wrong(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	buf_fmt(&it.wrong, "# %s, line %d: ", it.script, it.number);
	buf_vfmt(&it.wrong, format, args);
	buf_char(&it.wrong, '\n');
	va_end(args);
	it.failed = true;
}

/* ---- what is seen ---- */

static void
add_code_point(struct buf *out, uint32_t c)
{
	if (c < 0x80)
		buf_char(out, (char)c);
	else if (c < 0x800)
		buf_fmt(out, "%c%c", (int)(0xc0 | c >> 6), (int)(0x80 | (c & 63)));
	else if (c < 0x10000)
		buf_fmt(out, "%c%c%c", (int)(0xe0 | c >> 12), (int)(0x80 | (c >> 6 & 63)),
		    (int)(0x80 | (c & 63)));
	else
		buf_fmt(out, "%c%c%c%c", (int)(0xf0 | c >> 18), (int)(0x80 | (c >> 12 & 63)),
		    (int)(0x80 | (c >> 6 & 63)), (int)(0x80 | (c & 63)));
}

static VTermScreenCell
cell_at(int row, int column)
{
	VTermScreenCell cell;
	vterm_screen_get_cell(vterm_obtain_screen(it.vt), (VTermPos){ .row = row, .col = column }, &cell);
	return cell;
}

/* One line of the screen, without the blanks at its end. */
static void
add_line(struct buf *out, int row)
{
	size_t start = out->len;
	for (int c = 0; c < it.columns; c++) {
		VTermScreenCell cell = cell_at(row, c);
		if (cell.chars[0] == (uint32_t)-1)
			continue;
		if (!cell.chars[0])
			buf_char(out, ' ');
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
			add_code_point(out, cell.chars[i]);
	}
	while (out->len > start && out->data[out->len - 1] == ' ')
		buf_cut(out, out->len - 1);
}

static VTermPos
cursor(void)
{
	VTermPos pos;
	vterm_state_get_cursorpos(vterm_obtain_state(it.vt), &pos);
	return pos;
}

static void
add_screen(struct buf *out)
{
	for (int r = 0; it.vt && r < it.rows; r++) {
		add_line(out, r);
		buf_char(out, '\n');
	}
}

/* "bold reverse 3", the number a colour of the terminal's; "" for letters as they are. */
static void
add_style(struct buf *out, const VTermScreenCell *cell)
{
	VTermColor fg = cell->fg, bg = cell->bg;
	if (cell->attrs.bold)
		buf_str(out, " bold");
	if (cell->attrs.underline)
		buf_str(out, " underlined");
	if (cell->attrs.reverse)
		buf_str(out, " reverse");
	if (VTERM_COLOR_IS_INDEXED(&fg) && !VTERM_COLOR_IS_DEFAULT_FG(&fg))
		buf_fmt(out, " colour %d", fg.indexed.idx);
	if (VTERM_COLOR_IS_INDEXED(&bg) && !VTERM_COLOR_IS_DEFAULT_BG(&bg))
		buf_fmt(out, " on %d", bg.indexed.idx);
}

/* A line each for runs of letters that are not as they are by themselves: "7, 3 to 12: bold". */
static void
add_styles(struct buf *out)
{
	for (int r = 0; r < it.rows; r++) {
		struct buf style = { 0 }, next = { 0 };
		int start = 0;
		for (int c = 0; c <= it.columns; c++) {
			buf_cut(&next, 0);
			if (c < it.columns)
				add_style(&next, &(VTermScreenCell[]){ cell_at(r, c) }[0]);
			if (!strcmp(buf_text(&style), buf_text(&next)))
				continue;
			if (style.len)
				buf_fmt(out, "%d, %d to %d:%s\n", r + 1, start + 1, c, buf_text(&style));
			start = c;
			buf_cut(&style, 0);
			buf_str(&style, buf_text(&next));
		}
		buf_free(&style);
		buf_free(&next);
	}
}

/* No-break spaces are spaces to who looks for something. */
static void
plain_spaces(struct buf *out, const char *text)
{
	for (const char *s = text; *s;) {
		bool nbsp = !strncmp(s, "\xc2\xa0", 2), narrow = !strncmp(s, "\xe2\x80\xaf", 3);
		buf_char(out, nbsp || narrow ? ' ' : *s);
		s += nbsp ? 2 : narrow ? 3 : 1;
	}
}

/* What is in front of the person now: the screen, or what was said since he typed. */
static void
in_view(struct buf *out)
{
	if (it.linear)
		buf_str(out, buf_text(&it.said) + it.from);
	else
		add_screen(out);
}

static bool
sees(void *text)
{
	struct buf all = { 0 }, plain = { 0 }, sought = { 0 };
	in_view(&all);
	plain_spaces(&plain, buf_text(&all));
	plain_spaces(&sought, text);
	bool yes = strstr(buf_text(&plain), buf_text(&sought)) != NULL;
	buf_free(&all);
	buf_free(&plain);
	buf_free(&sought);
	return yes;
}

static bool
misses(void *text)
{
	return !sees(text);
}

/* ---- the line ---- */

/* In one byte a character, what of UTF-8 would look like: its signs, and Ã or Â before a sign. */
static void
see_bytes(const unsigned char *s, size_t n)
{
	for (size_t i = 0; i < n && it.charset == CHARSET_LATIN9; i++)
		if ((s[i] >= 0x80 && s[i] < 0xa0) || ((s[i] & 0xfe) == 0xc2 && i + 1 < n && s[i + 1] >= 0x80
		    && s[i + 1] < 0xc0)) {
			wrong("not ISO-8859-15: %02x %02x", s[i], i + 1 < n ? s[i + 1] : 0);
			return;
		}
}

static void
take_text(const char *text, size_t n)
{
	if (it.vt)
		vterm_input_write(it.vt, text, n);
	for (size_t i = 0; it.linear && i < n; i++) {
		if (text[i] == '\b' && it.said.len)
			buf_cut(&it.said, it.said.len - 1);
		else if (text[i] == '\n' || (unsigned char)text[i] >= ' ')
			buf_char(&it.said, text[i]);
		else if (text[i] != '\r')
			wrong("a control character in the linear face: %02x", text[i]);
	}
}

/* Reads what comes within ms. False: nothing came, or nothing will come any more. */
static bool
pump(int ms)
{
	char data[16 * 1024], text[4 * sizeof data];
	struct pollfd p = { it.fd, POLLIN, 0 };
	if (it.fd < 0 || poll(&p, 1, ms) <= 0)
		return false;
	ssize_t n = read(it.fd, data, sizeof data);
	if (n <= 0) {
		close(it.fd);
		it.fd = -1;
		return false;
	}
	see_bytes((unsigned char *)data, (size_t)n);
	buf_add(&it.rest, data, (size_t)n);
	char *in = it.rest.data, *out = text;
	size_t in_left = it.rest.len, out_left = sizeof text;
	if (iconv(it.decode, &in, &in_left, &out, &out_left) == (size_t)-1 && errno != EINVAL) {
		wrong("not %s: %02x", charset_name(it.charset), (unsigned char)*in);
		in_left = 0;
	}
	take_text(text, (size_t)(out - text));
	buf_eat(&it.rest, it.rest.len - in_left);
	return true;
}

/* Reads on until it is true; false when time is over, or the program gone. */
static bool
until(bool (*is_true)(void *), void *arg)
{
	int64_t end = clock_ticks() + it.patience;
	while (!is_true(arg)) {
		if (it.fd < 0 || clock_ticks() > end)
			return false;
		pump(100);
	}
	return true;
}

static bool
is_over(void *arg)
{
	(void)arg;
	return it.fd < 0;
}

static bool
is_asked(void *arg)
{
	size_t n = it.said.len;
	(void)arg;
	return n > it.from && n >= 3 && !memcmp(it.said.data + n - 3, "\n> ", 3);
}

static void
give_up(const char *why, const char *what)
{
	struct buf all = { 0 };
	wrong("%s %s", why, what);
	if (it.linear)
		it.from = 0;
	in_view(&all);
	for (char *rest = all.data, *line; (line = strsep(&rest, "\n"));)
		if (*line)
			buf_fmt(&it.wrong, "#   %s\n", line);
	buf_free(&all);
	it.given_up = true;
}

/*
 * What is drawn next is the answer; and an Escape that another key follows at once is no Escape. A key that changes
 * nothing is waited for as long as this machine may need: that is seen from those that do.
 */
static void
see_answer(void)
{
	int64_t begin = clock_ticks();
	int most = it.slowest * ANSWER_TIMES;
	most = most < ANSWER_LEAST ? ANSWER_LEAST : most > ANSWER ? ANSWER : most;
	if (!pump(most))
		return;
	int took = (int)(clock_ticks() - begin);
	if (took > it.slowest)
		it.slowest = took;
	while (pump(PAUSE))
		;
}

static void
send(const char *text)
{
	char bytes[LINE_MAX_BYTES];
	char *in = (char *)text, *out = bytes;
	size_t in_left = strlen(text), out_left = sizeof bytes;
	iconv_t encode = iconv_open(charset_name(it.charset), "UTF-8");
	if (iconv(encode, &in, &in_left, &out, &out_left) == (size_t)-1)
		wrong("cannot be typed in %s: %s", charset_name(it.charset), text);
	iconv_close(encode);
	it.from = it.said.len;
	if (it.fd >= 0 && write(it.fd, bytes, (size_t)(out - bytes)) < 0)
		wrong("write: %s", strerror(errno));
	if (!it.linear)
		see_answer();
}

/* ---- the promises of every screen ---- */

static bool
is_footer(const char *line)
{
	return strchr(line, '?') || strstr(line, "Ctrl-") || strstr(line, "chap ") || strstr(line, "Esc ") || strstr(line, " · ");
}

/* What is not as it has to be, or NULL. */
static const char *
broken(void)
{
	struct buf first = { 0 }, last = { 0 };
	const char *what = NULL;
	VTermPos at = cursor();
	add_line(&first, 0);
	add_line(&last, it.rows - 1);
	if (!first.len)
		what = "the first line is empty";
	else if (!is_footer(buf_text(&last)))
		what = "the last line says no key";
	else if (at.row < 0 || at.row >= it.rows || at.col < 0 || at.col >= it.columns)
		what = "the cursor is outside";
	for (int r = 0; r < it.rows && !it.colours; r++)
		for (int c = 0; c < it.columns; c++) {
			VTermScreenCell cell = cell_at(r, c);
			if (!VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg))
				what = "a colour on a terminal without";
		}
	buf_free(&first);
	buf_free(&last);
	return what;
}

static bool
is_whole(void *arg)
{
	(void)arg;
	return !broken();
}

static void
see_promises(void)
{
	if (it.linear)
		return;
	if (!until(is_whole, NULL))
		give_up(broken() ? broken() : "the program is gone", "");
}

/* Lines said are no wider than the terminal; what was typed behind a prompt may be. */
static void
see_widths(void)
{
	char *text = mem_dup(buf_text(&it.said)), *rest = text, *line;
	while ((line = strsep(&rest, "\n")))
		if (strncmp(line, "> ", 2) != 0 && text_width(line, strlen(line)) > it.columns)
			wrong("wider than %d: %s", it.columns, line);
	free(text);
}

/* ---- golden files ---- */

static void
mask(struct buf *text)
{
	regmatch_t m;
	for (int i = 0; i < it.masks; i++)
		for (size_t at = 0; at < text->len && !regexec(&it.mask[i], text->data + at, 1, &m, 0);
		     at += (size_t)m.rm_eo + !m.rm_eo)
			memset(text->data + at + m.rm_so, '#', (size_t)(m.rm_eo - m.rm_so));
}

static struct buf
kept_form(void)
{
	struct buf all = { 0 };
	if (it.linear) {
		buf_str(&all, buf_text(&it.said));
		if (all.len && all.data[all.len - 1] != '\n')
			buf_char(&all, '\n');
	} else {
		VTermPos at = cursor();
		add_screen(&all);
		buf_fmt(&all, "---- cursor %d, %d\n", at.row + 1, at.col + 1);
		add_styles(&all);
	}
	mask(&all);
	return all;
}

static bool
is_like(void *golden)
{
	struct buf now = kept_form();
	bool yes = !strcmp(buf_text(&now), buf_text(golden));
	buf_free(&now);
	return yes;
}

static void
read_file(const char *path, struct buf *out)
{
	char data[4096];
	size_t n;
	FILE *file = fopen(path, "r");
	while (file && (n = fread(data, 1, sizeof data, file)))
		buf_add(out, data, n);
	if (file)
		fclose(file);
}

static void
write_file(const char *path, const struct buf *text)
{
	FILE *file = fopen(path, "w");
	if (!file || fwrite(buf_text(text), 1, text->len, file) != text->len || fclose(file))
		wrong("%s: %s", path, strerror(errno));
}

/* The lines that differ, both ways. */
static void
tell_difference(const char *path, const struct buf *golden, const struct buf *now)
{
	char *a = mem_dup(buf_text(golden)), *b = mem_dup(buf_text(now)), *ra = a, *rb = b;
	wrong("not as in %s (GENERATE=1 writes it again)", path);
	for (int told = 0; (ra || rb) && told < 20;) {
		const char *la = strsep(&ra, "\n"), *lb = strsep(&rb, "\n");
		if (la && lb && !strcmp(la, lb))
			continue;
		buf_fmt(&it.wrong, "# - %s\n# + %s\n", la ? la : "", lb ? lb : "");
		told++;
	}
	free(a);
	free(b);
	it.patience = PATIENCE / 10; /* what follows will differ too */
}

static void
see_golden(const char *name)
{
	struct buf golden = { 0 }, path = { 0 };
	buf_fmt(&path, "%s/%s.%s", getenv("GOLDEN"), name, it.linear ? "linear" : "screen");
	if (getenv("GENERATE")) {
		while (pump(QUIET))
			;
		struct buf now = kept_form();
		write_file(buf_text(&path), &now);
		buf_free(&now);
	} else {
		read_file(buf_text(&path), &golden);
		if (!until(is_like, &golden)) {
			struct buf now = kept_form();
			tell_difference(buf_text(&path), &golden, &now);
			buf_free(&now);
		}
	}
	buf_free(&golden);
	buf_free(&path);
}

/* ---- the words of a script ---- */

static void
make_terminal(void)
{
	if (it.vt)
		vterm_free(it.vt);
	it.vt = vterm_new(it.rows, it.columns);
	vterm_set_utf8(it.vt, 1);
	vterm_screen_enable_altscreen(vterm_obtain_screen(it.vt), 1);
	vterm_screen_reset(vterm_obtain_screen(it.vt), 1);
}

/* `who`: "console LOGIN", "ssh NAME" or "telnet". */
static void
call(const char *who)
{
	static const char *const ways[][2] = { { "console", "exec \"$BBS\" -c \"$CONF\" console --as \"$1\"" },
		{ "ssh", "exec $SSH \"$1@127.0.0.1\"" }, { "telnet", "exec $TELNET" } };
	size_t n = strcspn(who, " "), way = 0;
	while (way < 3 && (strlen(ways[way][0]) != n || strncmp(ways[way][0], who, n) != 0))
		way++;
	if (way == 3) {
		give_up("no such way to call:", who);
		return;
	}
	struct winsize size = { .ws_col = (unsigned short)it.columns, .ws_row = (unsigned short)it.rows };
	if (it.linear)
		it.from = it.said.len;
	else
		make_terminal();
	it.pid = forkpty(&it.fd, NULL, NULL, &size);
	if (!it.pid) {
		unsetenv("LC_ALL");
		setenv("TERM", it.term, 1);
		setenv("LANG", it.lang, 1);
		execl("/bin/sh", "sh", "-c", ways[way][1], "sh", who[n] ? who + n + 1 : "", NULL);
		_exit(127);
	}
}

static void
end_call(bool well)
{
	int status = 0;
	if (well && !until(is_over, NULL))
		give_up("the call does not end", "");
	if (it.fd >= 0)
		close(it.fd);
	it.fd = -1;
	if (it.pid <= 0)
		return;
	if (it.given_up)
		kill(it.pid, SIGKILL);
	while (waitpid(it.pid, &status, 0) < 0 && errno == EINTR)
		;
	if (well && !it.given_up && status)
		wrong("ended with status %d", status);
	it.pid = 0;
}

static void
press(char *names)
{
	static const char *const keys[][2] = { { "Up", "\x1b[A" }, { "Down", "\x1b[B" }, { "Right", "\x1b[C" },
		{ "Left", "\x1b[D" }, { "PageDown", "\x1b[6~" }, { "PageUp", "\x1b[5~" }, { "Home", "\x1b[H" },
		{ "End", "\x1b[F" }, { "Escape", "\x1b" }, { "Enter", "\r" }, { "Tab", "\t" }, { "Space", " " } };
	for (char *name; (name = strsep(&names, " "));) {
		size_t i = 0, count = sizeof keys / sizeof *keys;
		while (i < count && strcmp(name, keys[i][0]) != 0)
			i++;
		if (i < count)
			send(keys[i][1]);
		else if (name[0] == '^' && name[1])
			send((char[]){ (char)(name[1] & 31), 0 });
		else
			send(name);
	}
}

static void
resize(const char *size)
{
	if (sscanf(size, "%dx%d", &it.columns, &it.rows) != 2) {
		give_up("no size:", size);
		return;
	}
	struct winsize w = { .ws_col = (unsigned short)it.columns, .ws_row = (unsigned short)it.rows };
	if (it.vt)
		vterm_set_size(it.vt, it.rows, it.columns);
	if (it.fd >= 0)
		ioctl(it.fd, TIOCSWINSZ, &w);
	see_promises();
}

static void
step(char *line)
{
	char *word = strsep(&line, " ");
	char *rest = line ? line : "";
	if (!strcmp(word, "start")) {
		call(rest);
	} else if (!strcmp(word, "key")) {
		press(rest);
	} else if (!strcmp(word, "type")) {
		send(rest);
	} else if (!strcmp(word, "enter") || !strcmp(word, "line")) {
		if (it.linear && *word == 'e' && !until(is_asked, NULL))
			give_up("no prompt for:", rest);
		struct buf whole = { 0 };
		buf_fmt(&whole, "%s\r", rest);
		send(buf_text(&whole));
		buf_free(&whole);
	} else if (!strcmp(word, "wait")) {
		if (!until(sees, rest))
			give_up("not seen:", rest);
	} else if (!strcmp(word, "gone")) {
		if (!until(misses, rest))
			give_up("still seen:", rest);
	} else if (!strcmp(word, "screen")) {
		it.screens++;
		see_promises();
		if (it.golden && !it.given_up)
			see_golden(rest);
	} else if (!strcmp(word, "forget")) {
		buf_eat(&it.said, it.said.len);
		it.from = 0;
	} else if (!strcmp(word, "mask")) {
		if (it.masks == MASKS || regcomp(&it.mask[it.masks++], rest, REG_EXTENDED | REG_NEWLINE))
			give_up("no mask:", rest);
	} else if (!strcmp(word, "run")) {
		struct buf whole = { 0 };
		buf_fmt(&whole, "bbs() { \"$BBS\" -c \"$CONF\" \"$@\"; }; %s", rest);
		if (system(buf_text(&whole)))
			give_up("does not run:", rest);
		buf_free(&whole);
	} else if (!strcmp(word, "resize")) {
		resize(rest);
	} else if (!strcmp(word, "end")) {
		end_call(true);
	} else if (!strcmp(word, "hangup")) {
		/* What is on its way is part of what was heard. */
		while (it.linear && pump(QUIET))
			;
		end_call(false);
	} else if (*word && *word != '#') {
		give_up("no such word:", word);
	}
}

int
main(int argc, char **argv)
{
	if (argc != 6 || sscanf(argv[2], "%dx%d", &it.columns, &it.rows) != 2) {
		fprintf(stderr, "Usage: screens SCRIPT COLUMNSxROWS TERM LANG golden|promises\n");
		return 2;
	}
	it.script = argv[1];
	it.term = argv[3];
	it.lang = argv[4];
	it.golden = !strcmp(argv[5], "golden");
	it.linear = !strcmp(it.term, "dumb");
	it.colours = strstr(it.term, "color") != NULL;
	const char *charset = strchr(it.lang, '.');
	it.charset = charset && charset_parse(charset + 1) > 0 ? (enum charset)charset_parse(charset + 1) : CHARSET_UTF8;
	it.decode = iconv_open("UTF-8", charset_name(it.charset));
	signal(SIGPIPE, SIG_IGN);
	FILE *script = fopen(it.script, "r");
	if (!script) {
		perror(it.script);
		return 2;
	}
	char line[LINE_MAX_BYTES];
	while (!it.given_up && fgets(line, sizeof line, script)) {
		line[strcspn(line, "\n")] = '\0';
		it.number++;
		step(line);
	}
	fclose(script);
	end_call(false);
	if (it.linear)
		see_widths();
	printf("%s %s %s %s %s: %d screens\n", it.failed ? "not ok" : "ok", strrchr(it.script, '/') + 1, argv[2],
	    it.term, charset_name(it.charset), it.screens);
	fputs(buf_text(&it.wrong), stdout);
	return it.failed;
}
