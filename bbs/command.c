/*
 * Commands: words split, the right row of the table found, rights looked at, help printed. What each
 * command does stands in command_*.c.
 */
#include "bbs/command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bbs/base/i18n.h"
#include "bbs/base/log.h"
#include "bbs/base/text.h"
#include "bbs/command_call.h"
#include "bbs/relay.h"
#include "db/member.h"

static int
run_help(struct call *call);

static const struct verb own_verbs[] = {
	{ .noun = "help", .usage = "[NOUN] [VERB]", .run = run_help, .need = NEED_NOTHING, .no_store = true,
	  .help = N_("The commands; with NOUN all about those, with VERB about one.") },
	{ .noun = "serve", .usage = "", .where = ON_MACHINE, .need = NEED_NOTHING, .no_store = true,
	  .help = N_("Answers callers, by ssh and telnet as bbs.conf says, until it is told to "
		     "end.") },
	{ .noun = "console", .usage = "[--as LOGIN]", .where = ON_MACHINE, .need = NEED_NOTHING,
	  .no_store = true, .help = N_("The board on this terminal, with the powers of the sysop or "
		     "as LOGIN.") },
	{ 0 },
};

enum { TABLES = 14, NAME_CELLS = 18 /* of "council difference", the longest */ };
static const struct verb *const tables[TABLES] = { command_council_verbs, command_sheet_verbs, command_member_verbs,
	command_profile_verbs, command_online_verbs, command_forum_verbs, command_reading_verbs,
	command_moderation_verbs, command_ban_verbs, command_file_verbs, command_machine_verbs, command_store_verbs,
	command_transfer_verbs, own_verbs };

/* Goes from row to row over all tables; NULL begins and ends. */
static const struct verb *
next_verb(const struct verb *verb)
{
	for (int i = 0; i < TABLES; i++) {
		const struct verb *first = tables[i], *end = first;
		while (end->noun)
			end++;
		if (!verb && end > first)
			return first;
		if (verb >= first && verb < end) {
			if (verb + 1 < end)
				return verb + 1;
			verb = NULL;
		}
	}
	return NULL;
}

static bool
is_noun(const char *noun)
{
	for (const struct verb *v = NULL; (v = next_verb(v));)
		if (!strcmp(v->noun, noun))
			return true;
	return false;
}

/* The row of these words, and how many of them it takes; NULL. */
static const struct verb *
find_verb(int argc, char **argv, int *taken)
{
	for (const struct verb *v = NULL; argc && (v = next_verb(v));) {
		*taken = v->verb ? 2 : 1;
		if (!strcmp(v->noun, argv[0]) && (!v->verb || (argc > 1 && !strcmp(v->verb, argv[1]))))
			return v;
	}
	return NULL;
}

/* ---- splitting ---- */

/* Copies what stands in quotes to *to; the byte behind them, NULL for an open quote. */
static char *
unquote(char *from, char **to)
{
	char quote = *from++;
	for (; *from && *from != quote; from++) {
		if (quote == '"' && *from == '\\' && from[1] && strchr("\"\\$`\n", from[1])) {
			if (*++from == '\n')
				continue;
		}
		*(*to)++ = *from;
	}
	return *from ? from + 1 : NULL;
}

int
command_split(char *line, char **words, int max)
{
	static const char blank[] = " \t\r\n";
	char *from = line, *to = line;
	int count = 0;
	while (*(from += strspn(from, blank))) {
		if (count == max)
			return -1;
		words[count++] = to;
		while (from && *from && !strchr(blank, *from)) {
			if (*from == '\'' || *from == '"') {
				from = unquote(from, &to);
				continue;
			}
			if (*from == '\\' && from[1])
				from++;
			*to++ = *from++;
		}
		if (!from)
			return -1;
		/* The word's end may fall on the byte that ends it. */
		bool more = *from;
		*to++ = '\0';
		from += more;
		if (!more)
			break;
	}
	return count;
}

/* ---- help ---- */

static void
say_usage(struct call *call, const struct verb *v)
{
	struct buf spelled = { 0 };
	buf_fmt(&spelled, "%s%s%s", v->noun, v->verb ? " " : "", v->verb ? v->verb : "");
	call_say(call, "%s%s%s\n", buf_text(&spelled), *v->usage ? " " : "", v->usage);
	buf_free(&spelled);
}

static void
say_wrapped(struct call *call, const char *text)
{
	enum { WIDTH = 74 };
	struct text_line line;
	for (size_t at = 0; text_wrap(text, strlen(text), WIDTH, &at, &line);)
		call_say(call, "    %.*s\n", (int)line.len, text + line.start);
}

static void
say_columns(struct call *call, const struct verb *v)
{
	struct buf text = { 0 };
	buf_str(&text, _("JSON and CSV:"));
	for (int i = 0; i < v->column_count; i++)
		buf_fmt(&text, "%s %s", i ? "," : "", v->columns[i].name);
	say_wrapped(call, buf_text(&text));
	buf_free(&text);
}

static bool
is_here(const struct call *call, const struct verb *v)
{
	return call->machine || v->where == ON_BOTH;
}

/* Is it any use to whoever called? On the machine he may yet say who he is. */
static bool
is_of_use(struct call *call, const struct verb *v)
{
	return v->need == NEED_NOTHING || call->machine || !call->db || may(call->db, (enum deed)v->need, (item_id){ 0 });
}

static void
say_all(struct call *call)
{
	for (const struct verb *v = NULL; (v = next_verb(v));) {
		struct buf name = { 0 }, line = { 0 };
		if (!is_here(call, v) || !is_of_use(call, v))
			continue;
		buf_fmt(&name, "%s%s%s", v->noun, v->verb ? " " : "", v->verb ? v->verb : "");
		text_pad(&line, buf_text(&name), NAME_CELLS, NULL);
		const char *help = _(v->help), *stop = strstr(help, ". ");
		call_say(call, "%s  %.*s\n", buf_text(&line),
		    stop ? (int)(stop - help) + 1 : (int)strlen(help), help);
		buf_free(&name);
		buf_free(&line);
	}
	call_say(call, "\n%s\n", _("“help NOUN” says more of each. Words that belong together stand "
	    "in quotes."));
	if (call->machine)
		call_say(call, "%s\n", _("“--as LOGIN” does it with that member's rights; “-c FILE” "
					 "before all else names another bbs.conf."));
	call_say(call, "%s\n", _("Results go to standard output, sentences about what could not be "
				 "done to standard error; exit status 1 for these, 2 for a command "
				 "that is not understood."));
}

static int
run_help(struct call *call)
{
	if (!call->count) {
		say_all(call);
		return 0;
	}
	bool found = false;
	for (const struct verb *v = NULL; (v = next_verb(v));) {
		if (!is_here(call, v) || strcmp(v->noun, call->words[0]) != 0 ||
		    (call->count > 1 && strcmp(v->verb ? v->verb : "", call->words[1]) != 0))
			continue;
		if (found)
			call_say(call, "\n");
		found = true;
		say_usage(call, v);
		say_wrapped(call, _(v->help));
		if (v->column_count)
			say_columns(call, v);
	}
	return found ? 0 : call_usage(call, _("There is no command “%s”."), call->words[call->count - 1]);
}

/* ---- rights ---- */

/* May the viewer use this command at all? What it is about is asked again in db/. 0, or said why not. */
static int
admit(struct call *call)
{
	const struct verb *v = call->verb;
	struct member me = { 0 };
	member_id viewer = db_viewer(call->db);
	bool known = viewer.n && !member_get(call->db, viewer, &me);
	bool active = known && me.state == MEMBER_ACTIVE;
	bool is_out = known && !active && me.state != MEMBER_WAITING;
	int64_t accepted = me.charter;
	member_free(&me);
	struct buf banned = { 0 };
	if (known && ban_says(call->db, viewer, &banned)) {
		int status = call_refuse(call, "%s %s", buf_text(&banned), call->conf->contact);
		buf_free(&banned);
		return status;
	}
	if (is_out)
		return call_refuse(call, "%s", _("This account is closed. Please log in without a command, to "
		    "read why."));
	if (active && viewer.n != MACHINE.n && accepted < charter_get(call->db, NULL)
	    && strcmp(v->noun, "charter") != 0)
		return call_refuse(call, "%s", _("You have not accepted the charter as it is now. "
		    "Please log in without a command, to read and accept it; nothing was done."));
	if (v->need == NEED_NOTHING || may(call->db, (enum deed)v->need, (item_id){ 0 }))
		return 0;
	return call_refuse(call, "%s", active ? error_text(E_DENIED) : _("This is for members."));
}

/* ---- running ---- */

/* Takes --as LOGIN out of the words, wherever it stands: on the machine one may act for anybody. */
static const char *
take_as(int *argc, char **argv)
{
	const char *as = NULL;
	int n = 0;
	for (int i = 0; i < *argc; i++) {
		if (!strcmp(argv[i], "--")) {
			while (i < *argc)
				argv[n++] = argv[i++];
		} else if (!strcmp(argv[i], "--as") && i + 1 < *argc) {
			as = argv[++i];
		} else if (!strncmp(argv[i], "--as=", 5)) {
			as = argv[i] + 5;
		} else {
			argv[n++] = argv[i];
		}
	}
	*argc = n;
	return as;
}

static int
become(struct call *call, const char *login)
{
	struct member member = { 0 };
	if (!strcmp(login, "visiteur") || !strcmp(login, "guest")) {
		db_set_viewer(call->db, NOBODY);
		return 0;
	}
	int r = member_find(call->db, login, &member);
	if (!r && member.state != MEMBER_ACTIVE && member.state != MEMBER_WAITING)
		r = E_DENIED;
	if (!r)
		db_set_viewer(call->db, member.id);
	member_free(&member);
	return r ? call_fail(call, login, r) : 0;
}

/* The relay is joined at the first write, and left at the command's end. */
struct nudge {
	const char *store;
	int relay;
	bool tried;
};

static void
tell_relay(void *ctx, enum topic topic, int64_t id)
{
	struct nudge *n = ctx;
	if (!n->tried)
		n->relay = relay_join_socket(n->store);
	n->tried = true;
	if (n->relay >= 0)
		relay_wrote(n->relay, topic, id);
}

static int
run_on_machine(struct call *call, const char *as)
{
	struct nudge nudge = { .store = call->conf->store_path, .relay = -1 };
	int status = 0;
	if (!call->db)
		return call->verb->run(call);
	db_set_viewer(call->db, MACHINE);
	if (as)
		status = become(call, as);
	db_on_write(call->db, tell_relay, &nudge);
	if (!status)
		status = admit(call);
	if (!status)
		status = call->verb->run(call);
	db_on_write(call->db, NULL, NULL);
	if (nudge.relay >= 0)
		close(nudge.relay);
	return status;
}

static int
run_far(struct call *call)
{
	int status = call->db && !call->verb->no_store ? admit(call) : 0;
	return status ? status : call->verb->run(call);
}

/* No such command: the nearest thing to say. */
static int
not_understood(struct call *call, int argc, char **argv)
{
	if (!argc)
		call_refuse(call, "%s", _("No command was given; “help” lists them."));
	else if (!is_noun(argv[0]))
		call_refuse(call, _("There is no command “%s”; “help” lists them."), argv[0]);
	for (const struct verb *v = NULL; argc && (v = next_verb(v));)
		if (!strcmp(v->noun, argv[0]) && is_here(call, v))
			call_refuse(call, "%s %s %s", v->noun, v->verb ? v->verb : "", v->usage);
	return 2;
}

static bool
asks_help(int argc, char **argv)
{
	for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (!strcmp(argv[i], "--help"))
			return true;
	return argc && !strcmp(argv[0], "-h");
}

bool
command_needs_store(int argc, char **argv)
{
	int taken, n = argc < CALL_WORDS ? argc : CALL_WORDS;
	struct buf fault = { 0 };
	char *words[CALL_WORDS];
	memcpy(words, argv, (size_t)n * sizeof *words);
	take_as(&n, words);
	struct call call = { .verb = find_verb(n, words, &taken) };
	bool needs = call.verb && !call.verb->no_store && !asks_help(argc, argv);
	/* What is not understood makes no store. */
	needs = needs && call_parse(&call, n - taken, words + taken, &fault);
	buf_free(&fault);
	return needs;
}

/* The command is known: its arguments are sorted, and it runs. */
static int
run(struct call *call, int argc, char **argv, const char *as)
{
	struct buf fault = { 0 };
	int status;
	if (call->verb->where == ON_MACHINE && !call->machine)
		status = call_refuse(
		    call, "%s", _("This command is for the machine itself, not for ssh."));
	else if (!call_parse(call, argc, argv, &fault))
		status = call_usage(call, "%s", buf_text(&fault));
	else if (!call->db && !call->verb->no_store)
		die("%s without a store", call->verb->noun);
	else
		status = call->machine ? run_on_machine(call, as) : run_far(call);
	buf_free(&fault);
	return status;
}

int
command_run(struct command *c)
{
	struct call call = { .db = c->db, .conf = c->conf, .io = c->io, .machine = c->machine };
	int taken = 0, argc = c->argc, status;
	bool help = asks_help(argc, c->argv);
	const char *as = c->machine ? take_as(&argc, c->argv) : NULL;
	call.verb = find_verb(argc, c->argv, &taken);
	if (help) {
		call.verb = own_verbs;
		if (argc && is_noun(c->argv[0]))
			call.words[call.count++] = c->argv[0];
		status = run_help(&call);
	} else if (call.verb) {
		status = run(&call, argc - taken, c->argv + taken, as);
	} else {
		status = not_understood(&call, argc, c->argv);
	}
	call_flush(&call);
	buf_free(&call.out);
	return status;
}
