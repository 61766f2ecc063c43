/* One call of a command: its arguments sorted by the usage, its ins and outs. Knows no noun. */
#include "bbs/command_call.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/text.h"
#include "bbs/base/csv.h"

/* ---- the usage as a grammar ---- */

struct token {
	const char *start;
	size_t size;
	enum { TOKEN_END, TOKEN_WORD, TOKEN_FLAG, TOKEN_OPTION } kind;
	bool needed, many, number;
};

static struct token
next_token(const char **at, int *depth)
{
	static const char many[] = "…";
	const char *s = *at;
	for (; *s && strchr(" |[]()", *s); s++)
		*depth += strchr("[(", *s) ? 1 : strchr("])", *s) ? -1 : 0;
	struct token t = { .start = s, .size = strcspn(s, " |[]()"), .needed = *depth == 0 };
	s += t.size;
	if (!t.size) {
		t.kind = TOKEN_END;
	} else if (!strncmp(t.start, "--", 2)) {
		t.kind = TOKEN_FLAG;
		t.start += 2;
		t.size -= 2;
		if (*s == ' ' && isupper((unsigned char)s[1])) {
			t.kind = TOKEN_OPTION;
			size_t value = strcspn(++s, " |[]()");
			t.number = (value == 1 && *s == 'N') || (value == 2 && !strncmp(s, "ID", 2));
			s += value;
		}
	} else {
		t.kind = TOKEN_WORD;
		t.many = t.size > strlen(many) && !strncmp(s - strlen(many), many, strlen(many));
	}
	*at = s;
	return t;
}

static bool
is_name(const char *name, size_t size, const struct token *t)
{
	return t->kind >= TOKEN_FLAG && size == t->size && !strncmp(name, t->start, size);
}

static int64_t
number(const char *s)
{
	size_t n = strlen(s);
	return n && n <= 18 && strspn(s, "0123456789") == n ? strtoll(s, NULL, 10) : -1;
}

/* The option of the usage that bears this name; TOKEN_END where there is none. */
static struct token
find_option(const char *usage, const char *name, size_t size)
{
	int depth = 0;
	struct token t;
	do
		t = next_token(&usage, &depth);
	while (t.kind != TOKEN_END && !is_name(name, size, &t));
	return t;
}

/* --name, --name VALUE or --name=VALUE, beginning at argv[*i]. */
static bool
take_option(struct call *call, int argc, char **argv, int *i, struct buf *fault)
{
	const char *name = argv[*i] + 2;
	size_t size = strcspn(name, "=");
	struct token t = find_option(call->verb->usage, name, size);
	struct call_option o = { t.start, t.size, "" };
	if (t.kind == TOKEN_END) {
		buf_fmt(fault, _("There is no option --%.*s here."), (int)size, name);
		return false;
	}
	if (t.kind == TOKEN_FLAG && name[size]) {
		buf_fmt(fault, _("--%.*s takes no value."), (int)size, name);
		return false;
	}
	if (t.kind == TOKEN_OPTION && !name[size] && *i + 1 == argc) {
		buf_fmt(fault, _("--%.*s needs a value."), (int)size, name);
		return false;
	}
	if (t.kind == TOKEN_OPTION)
		o.value = name[size] ? name + size + 1 : argv[++*i];
	if (t.number && number(o.value) < 0) {
		buf_fmt(fault, _("--%.*s is a number."), (int)size, name);
		return false;
	}
	if (call->option_count == CALL_OPTIONS) {
		buf_str(fault, _("There are too many options."));
		return false;
	}
	call->options[call->option_count++] = o;
	return true;
}

/* As many arguments as the usage has, and every option that it asks for. */
static bool
complete(const struct call *call, struct buf *fault)
{
	int depth = 0, least = 0, most = 0;
	const char *usage = call->verb->usage;
	for (struct token t; (t = next_token(&usage, &depth)).kind != TOKEN_END;) {
		if (t.kind == TOKEN_WORD) {
			least += t.needed;
			most = t.many ? CALL_WORDS : most + 1;
			if (t.needed && call->count < least) {
				buf_fmt(fault, _("%.*s is missing."), (int)t.size, t.start);
				return false;
			}
			continue;
		}
		bool given = !t.needed;
		for (int i = 0; i < call->option_count; i++)
			given = given || is_name(call->options[i].name, call->options[i].size, &t);
		if (!given) {
			buf_fmt(fault, _("--%.*s is missing."), (int)t.size, t.start);
			return false;
		}
	}
	if (call->count > most) {
		buf_fmt(fault, call->machine
		    ? _("“%s” is one word too many; words that belong together stand in quotes.")
		    : _("“%s” is one word too many; over ssh words that belong together stand in quotes "
			"within quotes: ssh … \"thread new --title 'Two words'\"."),
		    call->words[most]);
		return false;
	}
	return true;
}

bool
call_parse(struct call *call, int argc, char **argv, struct buf *fault)
{
	bool only_words = false;
	for (int i = 0; i < argc; i++) {
		if (!only_words && !strcmp(argv[i], "--")) {
			only_words = true;
		} else if (!only_words && !strncmp(argv[i], "--", 2)) {
			if (!take_option(call, argc, argv, &i, fault))
				return false;
		} else if (call->count == CALL_WORDS) {
			buf_str(fault, _("There are too many words."));
			return false;
		} else {
			call->words[call->count++] = argv[i];
		}
	}
	return complete(call, fault);
}

/* ---- what was given ---- */

const char *
call_option(const struct call *call, const char *name)
{
	/* Of one given twice the last counts. */
	for (int i = call->option_count; i-- > 0;) {
		const struct call_option *o = &call->options[i];
		if (o->size == strlen(name) && !strncmp(o->name, name, o->size))
			return o->value;
	}
	return NULL;
}

int64_t
call_number(const struct call *call, const char *name, int64_t otherwise)
{
	const char *value = call_option(call, name);
	return value ? number(value) : otherwise;
}

int64_t
call_id(const struct call *call, int i)
{
	return number(call->words[i] + (*call->words[i] == '#'));
}

int64_t
call_limit(const struct call *call)
{
	return call_number(call, "limit", INT64_MAX);
}

/* ---- output ---- */

void
call_flush(struct call *call)
{
	if (call->out.len && (!call->db || db_idle(call->db))) {
		call->io->write(call->io, call->out.data, call->out.len, false);
		buf_cut(&call->out, 0);
	}
}

void
call_write(struct call *call, const char *data, size_t size)
{
	buf_add(&call->out, data, size);
	call_flush(call);
}

void
call_text(struct call *call, const char *text)
{
	struct buf clean = { 0 };
	text_clean(&clean, text, strlen(text), TEXT_BODY);
	call_write(call, buf_text(&clean), clean.len);
	buf_free(&clean);
}

void
call_say(struct call *call, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct buf text = { 0 };
	buf_vfmt(&text, format, args);
	call_write(call, buf_text(&text), text.len);
	buf_free(&text);
	va_end(args);
}

/* To standard error; what was said before it comes first. */
static void
complain(struct call *call, struct buf *text)
{
	struct buf clean = { 0 };
	call_flush(call);
	text_clean(&clean, buf_text(text), text->len, TEXT_RAW);
	call->io->write(call->io, buf_text(&clean), clean.len, true);
	buf_free(&clean);
	buf_free(text);
}

int
call_refuse(struct call *call, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct buf text = { 0 };
	buf_vfmt(&text, format, args);
	buf_char(&text, '\n');
	complain(call, &text);
	va_end(args);
	return 1;
}

int
call_usage(struct call *call, const char *format, ...)
{
	const struct verb *v = call->verb;
	va_list args;
	va_start(args, format);
	struct buf text = { 0 };
	buf_vfmt(&text, format, args);
	buf_fmt(&text, "\n%s%s%s %s\n", v->noun, v->verb ? " " : "", v->verb ? v->verb : "", v->usage);
	complain(call, &text);
	va_end(args);
	return 2;
}

int
call_fail(struct call *call, const char *what, int answer)
{
	struct buf limit = { 0 };
	if (answer == E_LIMIT && call->db && limit_says(call->db, &limit)) {
		int status = call_refuse(call, "%s", buf_text(&limit));
		buf_free(&limit);
		return status;
	}
	if (what)
		return call_refuse(call, _("%s: %s"), what, error_text(answer));
	return call_refuse(call, "%s", error_text(answer));
}

int
call_end(struct call *call, int answer)
{
	return answer < 0 ? call_fail(call, NULL, answer) : 0;
}

/* ---- lists ---- */

enum listing_form
call_form(const struct call *call)
{
	return call_option(call, "json")  ? LISTING_JSON
	       : call_option(call, "csv") ? LISTING_CSV
					  : LISTING_TEXT;
}

static void
write_listing(void *ctx, const char *data, size_t size)
{
	call_write(ctx, data, size);
}

void
call_list_as(struct call *call, struct listing *list, const struct listing_column *columns, int count)
{
	listing_begin(list, call_form(call), columns, count, write_listing, call);
}

void
call_list(struct call *call, struct listing *list)
{
	call_list_as(call, list, call->verb->columns, call->verb->column_count);
}

void
call_list_one(struct call *call, struct listing *list)
{
	listing_begin_one(list, call_form(call), call->verb->columns, call->verb->column_count,
	    write_listing, call);
}

void
call_time(struct listing *list, int64_t when)
{
	if (list->form != LISTING_TEXT || !when) {
		listing_time(list, when);
		return;
	}
	struct buf phrase = { 0 };
	clock_phrase(&phrase, when, clock_now(), NULL);
	listing_words(list, buf_text(&phrase));
	buf_free(&phrase);
}

/* The words of the store that people read in lists. */
static const char *const words[] = { N_("member"), N_("resource"), N_("animator"), N_("sysop"),
	N_("visitor"), N_("waiting"), N_("active"), N_("refused"), N_("suspended"), N_("removed"),
	N_("folder"), N_("file"), N_("partial"), N_("me"), N_("named"),
	N_("nobody"), N_("members"), N_("public"), N_("council"), N_("due"), N_("sent"), N_("followed"),
	N_("muted"), N_("given-up"), N_("uncertain") };

void
call_word(struct listing *list, const char *word)
{
	for (size_t i = 0; list->form == LISTING_TEXT && i < sizeof words / sizeof *words; i++)
		if (!strcmp(word, words[i]))
			word = _(words[i]);
	listing_words(list, word);
}

/* ---- input ---- */

static int
read_input(struct call *call, struct buf *out, size_t max, bool line)
{
	char block[4096];
	long n;
	call_flush(call);
	while ((n = call->io->read(call->io, block, sizeof block)) > 0) {
		const char *end = line ? memchr(block, '\n', (size_t)n) : NULL;
		buf_add(out, block, end ? (size_t)(end - block) : (size_t)n);
		if (out->len > max || end)
			break;
	}
	mem_wipe(block, sizeof block);
	return n < 0 ? E_NOT_FOUND : out->len > max ? E_TOO_LONG : E_OK;
}

int
call_input(struct call *call, struct buf *out, size_t max)
{
	if (call->io->terminal)
		call_refuse(call, "%s", _("Write, then Enter and Ctrl-D to "
		    "end.")); /* beside the output */
	return read_input(call, out, max, false);
}

int
call_input_line(struct call *call, struct buf *out, size_t max)
{
	int r = read_input(call, out, max, true);
	if (out->len && out->data[out->len - 1] == '\r')
		buf_cut(out, out->len - 1);
	return r;
}

int
call_load(struct call *call, const char *name, struct buf *out, size_t max)
{
	if (!call->machine || !strcmp(name, "-")) {
		int r = read_input(call, out, max, false);
		if (r)
			call_fail(call, _("standard input"), r);
		return r;
	}
	struct buf trouble = { 0 };
	int r = csv_load(name, out, &trouble);
	if (!r && out->len > max) {
		r = E_TOO_LONG;
		buf_fmt(&trouble, _("%s: %s"), name, error_text(r));
	}
	if (r)
		call_refuse(call, "%s", buf_text(&trouble));
	buf_free(&trouble);
	return r;
}
