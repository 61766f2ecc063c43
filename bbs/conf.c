/*
 * The settings: one table, and the reader of bbs.conf that is strict about it. Knows of no setting
 * what it is good for. The reader is our own: libinih gives no line number, takes an indented line for
 * a second value, and cuts a French sentence at its " ;".
 */
#include "bbs/conf.h"

#include "db/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bbs/base/text.h"

#ifndef SYSCONFDIR
#define SYSCONFDIR "/etc"
#endif

enum { FILE_MAX = 1024 * 1024, NAME_LENGTH = 32 };

static const char *const languages[] = { "fr", "en", NULL };
static const char *const levels[] = { "trouble", "note", "detail", NULL };

#define TEXT(name) CONF_TEXT, offsetof(struct conf, name)
#define PATH(name) CONF_PATH, offsetof(struct conf, name)
#define ADDRESS(name) CONF_ADDRESS, offsetof(struct conf, name)
#define NUMBER(name) CONF_NUMBER, offsetof(struct conf, name)
#define CHOICE(name) CONF_CHOICE, offsetof(struct conf, name)

const struct conf_setting conf_settings[] = {
	{ "board", "name", TEXT(name), "Palabre", 0, 0, NULL,
	    N_("The name of the board, as callers see it.") },
	{ "board", "language", CHOICE(language), "fr", 0, 0, languages,
	    N_("The language for callers of whom nothing else is known: fr or en.") },
	{ "board", "contact", TEXT(contact), "", 0, 0, NULL,
	    N_("How to reach the animator: a short sentence, shown where somebody cannot go on.") },
	{ "board", "host", TEXT(host), "", 0, 0, NULL,
	    N_("The name that people type to connect; without it, this machine's.") },
	{ "ssh", "listen", ADDRESS(ssh_listen), "*:2222", 0, 0, NULL,
	    N_("Where ssh listens, host:port; * is every address, port 0 any free one; or none.") },
	{ "ssh", "keys", PATH(ssh_keys), "", 0, 0, NULL,
	    N_("The folder of the host keys, made where they are missing; without it, the store's.") },
	{ "telnet", "listen", ADDRESS(telnet_listen), "127.0.0.1:2323", 0, 0, NULL,
	    N_("Where telnet listens; anybody on the way can read what goes over it. Or none.") },
	{ "store", "path", PATH(store_path), "var/bbs.sqlite", 0, 0, NULL,
	    N_("The store. Relative to this file; the default is relative to the current folder.") },
	{ "limits", "per_source", NUMBER(per_source), "30", 1, 100000, NULL,
	    N_("Connections at once from one address (of IPv6 from one /64); 0: no limit.") },
	{ "limits", "per_source_waiting", NUMBER(per_source_waiting), "8", 1, 100000, NULL,
	    N_("How many of these may not be logged in yet; 0: no limit.") },
	{ "limits", "waiting", NUMBER(waiting), "100", 1, 100000, NULL,
	    N_("Connections that are not logged in yet, of all addresses; 0: no limit.") },
	{ "limits", "grace", NUMBER(grace), "120", 1, 3600, NULL,
	    N_("Seconds within which one must have logged in; 0: no limit.") },
	{ "limits", "tries", NUMBER(tries), "6", 1, 1000, NULL,
	    N_("Failed log-ins before a connection is closed; 0: no limit.") },
	{ "limits", "delay", NUMBER(delay), "1500", 0, 60000, NULL,
	    N_("Milliseconds to wait after a failed log-in.") },
	{ "limits", "slow", NUMBER(slow), "15", 1, 60, NULL,
	    N_("Seconds that a password waits at most after wrong ones (same name or address); 0: never.") },
	{ "limits", "ban", NUMBER(ban), "5", 1, 1440, NULL,
	    N_("Minutes that an address with many failed log-ins is shut out, then longer; 0: never.") },
	{ "limits", "posts_hour", NUMBER(account.posts), "60", 1, 1000, NULL,
	    N_("Messages that an account may send within an hour; 0: no limit.") },
	{ "limits", "words_hour", NUMBER(account.words), "20000", 100, 1000000, NULL,
	    N_("Words in them; one message alone may be longer. 0: no limit.") },
	{ "limits", "posts_hour_new", NUMBER(account.posts_new), "12", 1, 1000, NULL,
	    N_("Messages within an hour of a new account; 0: no limit.") },
	{ "limits", "words_hour_new", NUMBER(account.words_new), "4000", 100, 1000000, NULL,
	    N_("Words in these; 0: no limit.") },
	{ "limits", "new_days", NUMBER(account.new_days), "7", 1, 365, NULL,
	    N_("Days for which an account is new after it was accepted; 0: never.") },
	{ "limits", "sign_ups_hour", NUMBER(account.sign_ups), "60", 1, 10000, NULL,
	    N_("Accounts that may be asked for within an hour; 0: no limit.") },
	{ "limits", "sign_ups_hour_source", NUMBER(account.sign_ups_source), "10", 1, 10000, NULL,
	    N_("How many of these from one address (of IPv6 from one /64); 0: no limit.") },
	{ "limits", "idle", NUMBER(idle), "180", 120, 100000, NULL,
	    N_("Minutes without a key before a caller is let go; 0: never.") },
	{ "files", "size", NUMBER(file_size), "512", 1, 1000000, NULL,
	    N_("MiB that a file may have; 0: no limit.") },
	{ "files", "quota", NUMBER(file_quota), "4096", 1, 10000000, NULL,
	    N_("MiB that an area may hold (a département, a council, a member); 0: no limit.") },
	{ "files", "refused", TEXT(file_refused), "exe com bat cmd scr msi ps1 vbs", 0, 0, NULL,
	    N_("Ends of names that are not taken, a space between: what runs as a program on Windows.") },
	{ "log", "level", CHOICE(log), "note", 0, 0, levels,
	    N_("How much goes to the log: trouble, note or detail.") },
	{ 0 },
};

/* What is being read; `given`: the row had its line. */
struct reading {
	struct conf *conf;
	const char *file;
	int line;
	const char *section;
	bool given[sizeof conf_settings / sizeof *conf_settings];
	struct buf *fault;
};

static void *
field(struct conf *conf, const struct conf_setting *s)
{
	return (char *)conf + s->offset;
}

/* ---- what was meant ---- */

/* How many letters must be put in, taken out or changed; words over NAME_LENGTH are far from any. */
static int
distance(const char *a, const char *b)
{
	int row[NAME_LENGTH + 1];
	size_t n = strlen(b);
	if (n > NAME_LENGTH || strlen(a) > NAME_LENGTH)
		return NAME_LENGTH;
	for (size_t j = 0; j <= n; j++)
		row[j] = (int)j;
	for (; *a; a++) {
		int corner = row[0]++;
		for (size_t j = 1; j <= n; j++) {
			int best = corner + (*a != b[j - 1]);
			corner = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[n];
}

static bool
near(int d, const char *word)
{
	return d <= 2 || d <= (int)strlen(word) / 2;
}

static const char *
nearest_section(const char *typed)
{
	const char *found = NULL;
	int best = NAME_LENGTH;
	for (const struct conf_setting *s = conf_settings; s->section; s++) {
		int d = distance(typed, s->section);
		if (d < best && near(d, typed)) {
			best = d;
			found = s->section;
		}
	}
	return found;
}

/* Within the section first: a good name in the wrong section costs as much as two letters. */
static const struct conf_setting *
nearest_setting(const char *section, const char *typed)
{
	const struct conf_setting *found = NULL;
	int best = NAME_LENGTH;
	for (const struct conf_setting *s = conf_settings; s->section; s++) {
		int d = distance(typed, s->name);
		bool close = near(d, typed);
		d += strcmp(section, s->section) ? 2 : 0;
		if (d < best && close) {
			best = d;
			found = s;
		}
	}
	return found;
}

static void
list_names(struct buf *out, const char *section)
{
	const char *before = "";
	for (const struct conf_setting *s = conf_settings; s->section; s++) {
		bool wanted = section ? !strcmp(s->section, section) : strcmp(s->section, before) != 0;
		if (wanted)
			buf_fmt(out, "%s%s", *before ? ", " : "", section ? s->name : s->section);
		if (wanted || !section)
			before = s->section;
	}
}

/* ---- one line ---- */

static bool
wrong(struct reading *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool
wrong(struct reading *r, const char *format, ...)
{
	va_list args;
	if (r->line)
		buf_fmt(r->fault, "%s:%d: ", r->file, r->line);
	va_start(args, format);
	buf_vfmt(r->fault, format, args);
	va_end(args);
	buf_char(r->fault, '\n');
	return false;
}

static bool
wrong_section(struct reading *r, const char *name)
{
	const char *meant = nearest_section(name);
	if (meant)
		return wrong(r, _("[%s]: no such section; did you mean [%s]?"), name, meant);
	struct buf names = { 0 };
	list_names(&names, NULL);
	wrong(r, _("[%s]: no such section; there are: %s"), name, names.data);
	buf_free(&names);
	return false;
}

static bool
wrong_name(struct reading *r, const char *name)
{
	const struct conf_setting *meant = nearest_setting(r->section, name);
	if (meant && !strcmp(meant->section, r->section))
		return wrong(r, _("[%s] %s: no such setting; did you mean %s?"), r->section, name,
		    meant->name);
	if (meant)
		return wrong(r, _("[%s] %s: no such setting; did you mean [%s] %s?"), r->section, name,
		    meant->section, meant->name);
	struct buf names = { 0 };
	list_names(&names, r->section);
	wrong(r, _("[%s] %s: no such setting; there are: %s"), r->section, name, names.data);
	buf_free(&names);
	return false;
}

static void
add_choices(struct buf *out, const char *const *choices)
{
	for (int i = 0; choices[i]; i++)
		buf_fmt(out, "%s%s", i ? ", " : "", choices[i]);
}

static bool
wrong_value(struct reading *r, const struct conf_setting *s, const char *value)
{
	struct buf must = { 0 };
	switch (s->kind) {
	case CONF_NUMBER:
		buf_fmt(&must, s->min ? _("must be a number from %d to %d, or 0")
						 : _("must be a number from %d to %d"), s->min, s->max);
		break;
	case CONF_CHOICE:
		buf_str(&must, _("must be one of: "));
		add_choices(&must, s->choices);
		break;
	case CONF_ADDRESS:
		buf_str(&must, _("must be host:port, like 127.0.0.1:2323, [::1]:2222 or *:2222, or none"));
		break;
	default:
		buf_str(&must, _("must be a text in UTF-8"));
	}
	wrong(r, "[%s] %s = %s: %s. %s", s->section, s->name, value, must.data, _(s->sentence));
	buf_free(&must);
	return false;
}

/* The number of the text, which is from min to max; -1. */
static int
number_of(const struct conf_setting *s, const char *value)
{
	char *end;
	if (value[0] < '0' || value[0] > '9')
		return -1;
	errno = 0;
	long n = strtol(value, &end, 10);
	if (errno || *end || n > s->max || (n && n < s->min))
		return -1;
	return (int)n;
}

static int
choice_of(const struct conf_setting *s, const char *value)
{
	for (int i = 0; s->choices[i]; i++)
		if (!strcmp(s->choices[i], value))
			return i;
	return -1;
}

/* A clean line of text, to be freed; NULL when it is none. */
static char *
text_of(const char *value)
{
	struct buf clean = { 0 };
	text_clean(&clean, value, strlen(value), TEXT_LINE);
	if (clean.len && !strstr(clean.data, "\xef\xbf\xbd"))
		return clean.data;
	buf_free(&clean);
	return NULL;
}

/* A relative path in a file starts at the file's folder. */
static char *
path_of(const char *file, const char *value)
{
	struct buf path = { 0 };
	const char *slash = file ? strrchr(file, '/') : NULL;
	if (*value != '/' && slash)
		buf_add(&path, file, (size_t)(slash - file) + 1);
	buf_str(&path, value);
	return path.data;
}

/* Puts the value into its place; false when it is not of the setting's kind. */
static bool
put(struct conf *conf, const struct conf_setting *s, const char *file, const char *value)
{
	char host[256];
	int n, port;
	switch (s->kind) {
	case CONF_NUMBER:
	case CONF_CHOICE:
		n = s->kind == CONF_NUMBER ? number_of(s, value) : choice_of(s, value);
		if (n >= 0)
			memcpy(field(conf, s), &n, sizeof n);
		return n >= 0;
	case CONF_ADDRESS:
		if (!conf_address(value, host, &port))
			return false;
		break;
	default:
		break;
	}
	char *text = s->kind == CONF_TEXT ? text_of(value) :
	    s->kind == CONF_PATH          ? path_of(file, value) :
					    mem_dup(value);
	if (!text)
		return false;
	char **place = field(conf, s);
	free(*place);
	*place = text;
	return true;
}

static bool
read_section(struct reading *r, char *line)
{
	size_t n = strlen(line);
	if (line[n - 1] != ']')
		return wrong(r, _("a section has the form [name]"));
	line[n - 1] = '\0';
	for (const struct conf_setting *s = conf_settings; s->section; s++)
		if (!strcmp(s->section, line + 1)) {
			r->section = s->section;
			return true;
		}
	return wrong_section(r, line + 1);
}

static bool
read_setting(struct reading *r, const char *name, const char *value)
{
	if (!r->section)
		return wrong(r, _("%s stands before the first [section]"), name);
	for (int i = 0; conf_settings[i].section; i++) {
		const struct conf_setting *s = &conf_settings[i];
		if (strcmp(s->section, r->section) != 0 || strcmp(s->name, name) != 0)
			continue;
		if (r->given[i])
			return wrong(r, _("[%s] %s is given twice"), s->section, name);
		r->given[i] = true;
		if (!*value)
			return wrong(r, _("[%s] %s has no value; for the default, put # before the line"),
			    s->section, name);
		return put(r->conf, s, r->file, value) || wrong_value(r, s, value);
	}
	return wrong_name(r, name);
}

static char *
trim(char *s)
{
	s += strspn(s, " \t");
	size_t n = strlen(s);
	while (n && strchr(" \t\r", s[n - 1]))
		n--;
	s[n] = '\0';
	return s;
}

static bool
read_line(struct reading *r, char *line)
{
	line = trim(line);
	if (!*line || *line == '#' || *line == ';')
		return true;
	if (*line == '[')
		return read_section(r, line);
	char *equals = strchr(line, '=');
	if (!equals)
		return wrong(r, _("a setting has the form name = value"));
	*equals = '\0';
	return read_setting(r, trim(line), trim(equals + 1));
}

/* ---- the whole ---- */

static void
set_defaults(struct conf *conf)
{
	*conf = (struct conf){ 0 };
	for (const struct conf_setting *s = conf_settings; s->section; s++)
		if (*s->standard && !put(conf, s, NULL, s->standard))
			die("the default of [%s] %s is not good", s->section, s->name);
}

/* What follows from other settings or from the machine. */
static void
fill_in(struct conf *conf)
{
	char host[256] = "";
	const char *slash = strrchr(conf->store_path, '/');
	size_t n = slash == conf->store_path ? 1 : slash ? (size_t)(slash - conf->store_path) : 0;
	struct buf folder = { 0 };
	buf_add(&folder, n ? conf->store_path : ".", n ? n : 1);
	conf->store_folder = folder.data;
	if (!conf->ssh_keys)
		conf->ssh_keys = mem_dup(conf->store_folder);
	if (!conf->host) {
		if (gethostname(host, sizeof host - 1) || !*host)
			snprintf(host, sizeof host, "localhost");
		conf->host = mem_dup(host);
	}
	conf_address(conf->ssh_listen, host, &conf->ssh_port);
	conf_address(conf->telnet_listen, host, &conf->telnet_port);
	if (conf->ssh_port < 0)
		conf->ssh_port = 0;
	if (conf->telnet_port < 0)
		conf->telnet_port = 0;
	if (!conf->contact) {
		enum language before = i18n_get();
		i18n_set(conf->language);
		conf->contact = mem_dup(_("A question? Ask an animator of the network, or the person who "
					  "told you of this place."));
		i18n_set(before);
	}
}

int
conf_parse(struct conf *conf, const char *text, size_t size, const char *file, struct buf *fault)
{
	struct reading r = { .conf = conf, .file = file, .fault = fault };
	bool good = true;
	set_defaults(conf);
	if (size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
		text += 3;
		size -= 3;
	}
	while (size && good) {
		const char *newline = memchr(text, '\n', size);
		size_t n = newline ? (size_t)(newline - text) : size;
		r.line++;
		char *line = mem_alloc(n + 1);
		memcpy(line, text, n);
		good = strlen(line) == n ? read_line(&r, line) : wrong(&r, _("this is not a text file"));
		free(line);
		text += n + (newline != NULL);
		size -= n + (newline != NULL);
	}
	fill_in(conf);
	return good ? 0 : -1;
}

/* All of the file; 0 or its errno. */
static int
read_file(const char *path, struct buf *text)
{
	char piece[4096];
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	while ((n = read(fd, piece, sizeof piece)) > 0 && text->len <= FILE_MAX)
		buf_add(text, piece, (size_t)n);
	int trouble = n < 0 ? errno : text->len > FILE_MAX ? EFBIG : 0;
	close(fd);
	return trouble;
}

int
conf_load(struct conf *conf, const char *path, struct buf *fault)
{
	const char *places[] = { path ? path : "bbs.conf", path ? NULL : SYSCONFDIR "/palabre/bbs.conf" };
	struct buf text = { 0 };
	const char *file = places[0];
	int trouble = read_file(file, &text);
	if (trouble == ENOENT && places[1]) {
		file = places[1];
		trouble = read_file(file, &text);
	}
	bool none = trouble == ENOENT && !path;
	int r = conf_parse(conf, buf_text(&text), trouble ? 0 : text.len, none ? NULL : file, fault);
	if (trouble && !none) {
		buf_fmt(fault, _("%s cannot be read: %s\n"), file, strerror(trouble));
		r = -1;
	}
	buf_free(&text);
	return r;
}

void
conf_free(struct conf *conf)
{
	for (const struct conf_setting *s = conf_settings; s->section; s++)
		if (s->kind != CONF_NUMBER && s->kind != CONF_CHOICE)
			free(*(char **)field(conf, s));
	free(conf->store_folder);
	*conf = (struct conf){ 0 };
}

void
conf_set_files(const struct conf *conf, struct db *db)
{
	const struct file_limits limits = { .size = (int64_t)conf->file_size << 20,
		.quota = (int64_t)conf->file_quota << 20, .refused = conf->file_refused };
	db_set_files(db, &limits);
}

bool
conf_address(const char *text, char host[256], int *port)
{
	*host = '\0';
	*port = -1;
	if (!strcmp(text, "none"))
		return true;
	const char *colon = strrchr(text, ':');
	if (!colon || colon == text || colon - text > 250)
		return false;
	size_t digits = strspn(colon + 1, "0123456789");
	long number = strtol(colon + 1, NULL, 10);
	if (!digits || digits > 5 || colon[1 + digits] || number > 65535)
		return false;
	size_t n = (size_t)(colon - text);
	if (*text == '[' && text[n - 1] == ']' && n > 2) {
		text++;
		n -= 2;
	} else if (memchr(text, ':', n) || strcspn(text, "[] \t") < n) {
		return false;
	}
	if (n != 1 || *text != '*') {
		memcpy(host, text, n);
		host[n] = '\0';
	}
	*port = (int)number;
	return true;
}
