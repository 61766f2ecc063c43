/* Commands as they come by ssh: words split, arguments sorted, rights by who asks. */
#include "people.h"

#include "bbs/base/i18n.h"
#include "bbs/command.h"
#include "bbs/command_call.h"
#include "bbs/conf.h"

/* ---- words ---- */

static int
split(const char *line, char **words)
{
	static char copy[200];
	snprintf(copy, sizeof copy, "%s", line);
	return command_split(copy, words, 6);
}

static void
words_are_split_as_a_shell_does(void **state)
{
	(void)state;
	char *w[6];
	assert_int_equal(split("  council\tlist  --json \n", w), 3);
	assert_string_equal(w[0], "council");
	assert_string_equal(w[1], "list");
	assert_string_equal(w[2], "--json");
	assert_int_equal(split("search 'l'\\''eau  du' \"deux mots\" a\\ b c\"d\"'e'", w), 5);
	assert_string_equal(w[1], "l'eau  du");
	assert_string_equal(w[2], "deux mots");
	assert_string_equal(w[3], "a b");
	assert_string_equal(w[4], "cde");
	assert_int_equal(split("a \"\" '' \"\\\"\\\\\\$\\n\"", w), 4);
	assert_string_equal(w[1], "");
	assert_string_equal(w[2], "");
	assert_string_equal(w[3], "\"\\$\\n");
	assert_int_equal(split("", w), 0);
	assert_int_equal(split("   ", w), 0);
	assert_int_equal(split("a\\", w), 1);
	assert_string_equal(w[0], "a\\");
	/* Nothing is expanded, and no sign ends a command. */
	assert_int_equal(split("a $HOME;`id`|b > c *", w), 5);
	assert_string_equal(w[1], "$HOME;`id`|b");
}

static void
what_cannot_be_split_is_told(void **state)
{
	(void)state;
	char *w[6];
	assert_int_equal(split("thread new --title 'un", w), -1);
	assert_int_equal(split("a \"b", w), -1);
	assert_int_equal(split("a 'b\"", w), -1);
	assert_int_equal(split("1 2 3 4 5 6", w), 6);
	assert_int_equal(split("1 2 3 4 5 6 7", w), -1);
}

/* ---- arguments ---- */

static struct call call;
static struct buf fault;

static bool
parse(const char *usage, int argc, char **argv)
{
	static struct verb verb = { .noun = "noun" };
	verb.usage = usage;
	call = (struct call){ .verb = &verb };
	buf_cut(&fault, 0);
	return call_parse(&call, argc, argv, &fault);
}
#define PARSE(usage, ...) parse(usage, sizeof((char *[]){ __VA_ARGS__ }) / sizeof(char *), \
    (char *[]){ __VA_ARGS__ })

static void
arguments_are_sorted_by_the_usage(void **state)
{
	(void)state;
	const char *usage = "LOGIN --name NAME [--limit N] (--password-stdin | --key FILE) [--json | --csv]";
	assert_true(PARSE(usage, "alba", "--name", "Alba Martin", "--limit=12", "--json"));
	assert_int_equal(call.count, 1);
	assert_string_equal(call.words[0], "alba");
	assert_string_equal(call_option(&call, "name"), "Alba Martin");
	assert_int_equal(call_number(&call, "limit", 5), 12);
	assert_non_null(call_option(&call, "json"));
	assert_null(call_option(&call, "csv"));
	assert_null(call_option(&call, "key"));
	/* Options in any order, the last of two, and a value that looks like an option. */
	assert_true(PARSE(usage, "--name", "--x", "--name", "--json", "alba"));
	assert_string_equal(call_option(&call, "name"), "--json");
	assert_null(call_option(&call, "json"));
	assert_int_equal(call_number(&call, "limit", 5), 5);
	assert_true(PARSE(usage, "--name=", "--", "--alba"));
	assert_string_equal(call_option(&call, "name"), "");
	assert_string_equal(call.words[0], "--alba");
	assert_true(PARSE("WORD… [--json]", "a", "b", "c"));
	assert_int_equal(call.count, 3);
}

static void
arguments_that_do_not_fit_are_named(void **state)
{
	(void)state;
	const char *usage = "LOGIN --name NAME [--json]";
	assert_false(PARSE(usage, "alba"));
	assert_non_null(strstr(fault.data, "--name"));
	assert_false(PARSE(usage, "--name", "Alba"));
	assert_non_null(strstr(fault.data, "LOGIN"));
	assert_false(PARSE(usage, "alba", "bruno", "--name", "x"));
	assert_non_null(strstr(fault.data, "bruno"));
	assert_false(PARSE(usage, "alba", "--name"));
	assert_false(PARSE(usage, "alba", "--name", "x", "--jso"));
	assert_non_null(strstr(fault.data, "--jso"));
	assert_false(PARSE(usage, "alba", "--name", "x", "--json=1"));
	assert_false(PARSE("[--limit N]", "--limit", "-3"));
	assert_false(PARSE("[--limit N]", "--limit="));
	assert_false(PARSE("[--council ID]", "--council", "12a"));
	assert_false(PARSE("WORD… [--json]", "--json"));
	assert_false(PARSE("", "x"));
}

/* ---- by ssh ---- */

static struct buf out, err;
static const char *input;
static bool was_idle;

static void
take(struct command_io *io, const char *data, size_t size, bool error)
{
	(void)io;
	was_idle = was_idle && db_idle(s.db);
	buf_add(error ? &err : &out, data, size);
}

static long
give(struct command_io *io, char *data, size_t size)
{
	(void)io;
	size_t n = strlen(input);
	n = n < size ? n : size;
	memcpy(data, input, n);
	input += n;
	return (long)n;
}

/* Runs a command as somebody does by ssh; the exit status. */
static int
ssh(enum who who, const char *line, const char *stdin_text)
{
	char copy[400], *words[20];
	static struct conf conf;
	struct command_io io = { .write = take, .read = give };
	snprintf(copy, sizeof copy, "%s", line);
	struct command c = { .db = s.db, .conf = &conf, .io = &io, .argc = command_split(copy, words, 20),
		.argv = words };
	as(who);
	buf_cut(&out, 0);
	buf_cut(&err, 0);
	input = stdin_text;
	was_idle = true;
	int status = command_run(&c);
	assert_true(db_idle(s.db));
	/* A line may be slow: nothing is open while it is written to. */
	assert_true(was_idle);
	/* What goes wrong is said, and nothing is said of what goes well. */
	assert_true(!status == !err.len);
	return status;
}

/* One and the same thread for the tests below. */
static int64_t
post(const char *board, const char *title)
{
	char line[200];
	snprintf(line, sizeof line, "thread new --board %s --title '%s'", board, title);
	assert_int_equal(ssh(ALBA, line, "Bonjour.\n"), 0);
	return atoll(buf_text(&out));
}

static void
make_boards(void)
{
	assert_int_equal(ssh(SYSOP, "board add place --title Place --level public", ""), 0);
}

static void
visitors_and_candidates_read_what_is_public(void **state)
{
	(void)state;
	static const char *const open[] = { "help", "help council", "whoami", "council list --json",
		"council show 1", "council export --csv", "board list", "thread list", "thread list --board place",
		"search salle", "council list --help" };
	static const char *const closed[] = { "who", "unread", "member list", "member show alba", "journal",
		"outbox list", "council add --name x --communes 30189", "council set 1 --name x",
		"council import x", "board add x --title x", "thread new --board place --title x",
		"thread reply 1", "member approve xavier", "charter set", "word send alba", "word list",
		"line add", "line list", "line hide 1", "callers", "member presence" };
	make_boards();
	int64_t hidden = post("questions", "Une salle ?"), shown = post("place", "Une salle sur la place ?");
	s.who[XAVIER] = join("fanny", s.nimes);
	const enum who outsiders[] = { VISITOR, XAVIER };
	for (int i = 0; i < 2; i++) {
		for (size_t k = 0; k < sizeof open / sizeof *open; k++)
			assert_int_equal(ssh(outsiders[i], open[k], ""), 0);
		for (size_t k = 0; k < sizeof closed / sizeof *closed; k++)
			assert_int_equal(ssh(outsiders[i], closed[k], "x\n"), 1);
		char line[60];
		snprintf(line, sizeof line, "thread read %lld", (long long)hidden);
		assert_int_equal(ssh(outsiders[i], line, ""), 1);
		snprintf(line, sizeof line, "thread read %lld", (long long)shown);
		assert_int_equal(ssh(outsiders[i], line, ""), 0);
		assert_int_equal(ssh(outsiders[i], "search salle --json", ""), 0);
		assert_null(strstr(out.data, "Une salle ?"));
		assert_non_null(strstr(out.data, "sur la place"));
		assert_int_equal(ssh(outsiders[i], "board list --json", ""), 0);
		assert_null(strstr(out.data, "\"questions\""));
	}
}

static void
nothing_of_the_machine_is_done_by_ssh(void **state)
{
	(void)state;
	static const char *const lines[] = { "backup /tmp/x", "check", "demo", "hostkey", "serve", "console" };
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		assert_int_equal(ssh(SYSOP, lines[i], ""), 1);
	assert_int_equal(access("/tmp/x", F_OK), -1);
	/* Nor may one be somebody else. */
	assert_int_equal(ssh(ALBA, "whoami --as bruno", ""), 2);
	/* A file that is named is none: what is sent counts. */
	assert_int_equal(ssh(SYSOP, "council import /etc/passwd --json", "name,communes\nLa Garenne,30189\n"), 0);
	assert_non_null(strstr(out.data, "La Garenne"));
	assert_int_equal(ssh(SYSOP, "member key alba --add /etc/passwd", "ssh-ed25519 "
	    "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ici\n"), 0);
	assert_int_equal(ssh(ALBA, "member key alba --json", ""), 0);
	assert_non_null(strstr(out.data, "\"name\": \"ici\""));
	assert_int_equal(ssh(ALBA, "help", ""), 0);
	assert_null(strstr(out.data, "backup"));
	assert_non_null(strstr(out.data, "unread"));
}

static void
members_have_their_own_rights(void **state)
{
	(void)state;
	make_boards();
	int64_t id = post("questions", "Des quartiers prioritaires");
	char line[60];
	assert_int_equal(ssh(BRUNO, "unread --json", ""), 0);
	assert_non_null(strstr(out.data, "prioritaires"));
	assert_int_equal(ssh(BRUNO, "search PRIORITAIRE quartier", ""), 0);
	assert_non_null(strstr(out.data, "Des quartiers"));
	snprintf(line, sizeof line, "thread reply %lld", (long long)id);
	assert_int_equal(ssh(BRUNO, line, "Oui.\n"), 0);
	assert_int_equal(atoll(out.data), id + 1);
	assert_int_equal(ssh(BRUNO, line, "  \n"), 1);
	assert_int_equal(ssh(BRUNO, "member show alba --json", ""), 0);
	assert_null(strstr(out.data, "@"));
	assert_int_equal(ssh(BRUNO, "member show bruno --json", ""), 0);
	assert_non_null(strstr(out.data, "bruno@example.org"));
	assert_int_equal(ssh(BRUNO, "member password alba", "une autre phrase\n"), 1);
	assert_int_equal(ssh(BRUNO, "member password bruno", "court\n"), 1);
	assert_int_equal(ssh(BRUNO, "member password bruno", "une autre phrase\n"), 0);
	assert_int_equal(ssh(BRUNO, "member key alba", ""), 1);
	assert_int_equal(ssh(BRUNO, "member role bruno sysop", ""), 1);
	assert_int_equal(ssh(BRUNO, "member list", ""), 1);
	assert_int_equal(ssh(BRUNO, "journal", ""), 1);
	snprintf(line, sizeof line, "council set %lld --page example.org", (long long)s.nimes.n);
	assert_int_equal(ssh(BRUNO, line, ""), 0);
	snprintf(line, sizeof line, "council set %lld --page example.org", (long long)s.trelaze.n);
	assert_int_equal(ssh(BRUNO, line, ""), 1);
}

static void
peers_approve(void **state)
{
	(void)state;
	member_id id = join("fanny", s.nimes);
	assert_int_equal(ssh(ALBA, "member list --state waiting --json", ""), 0);
	assert_non_null(strstr(out.data, "\"login\": \"fanny\""));
	assert_int_equal(ssh(XAVIER, "member list --state waiting --csv", ""), 0);
	assert_null(strstr(out.data, "fanny"));
	assert_int_equal(ssh(XAVIER, "member approve fanny", ""), 1);
	assert_int_equal(ssh(ALBA, "member approve fanny", ""), 0);
	assert_non_null(strstr(out.data, "still waits"));
	assert_int_equal(ssh(ALBA, "member approve fanny", ""), 1);
	assert_non_null(strstr(err.data, "others are awaited"));
	assert_int_equal(state_of(id), MEMBER_WAITING);
	assert_int_equal(ssh(BRUNO, "member approve fanny", ""), 0);
	assert_non_null(strstr(out.data, "is a member"));
	assert_int_equal(ssh(BRUNO, "member approve fanny", ""), 1);
	assert_non_null(strstr(err.data, "decided already"));
	assert_int_equal(state_of(id), MEMBER_ACTIVE);
	id = join("gilles", s.nimes);
	assert_int_equal(ssh(GARD, "member refuse gilles --reason ' '", ""), 1);
	assert_int_equal(ssh(GARD, "member refuse gilles --reason Inconnu", ""), 0);
	assert_int_equal(state_of(id), MEMBER_REFUSED);
}

static void
the_charter_comes_first(void **state)
{
	(void)state;
	assert_int_equal(ssh(NATION, "charter set", "Être aimable.\n"), 0);
	assert_int_equal(ssh(ALBA, "council list", ""), 1);
	assert_int_equal(ssh(ALBA, "whoami", ""), 1);
	assert_int_equal(ssh(ALBA, "charter show", ""), 0);
	assert_string_equal(out.data, "Être aimable.\n");
	assert_int_equal(ssh(ALBA, "help", ""), 0);
	assert_int_equal(ssh(VISITOR, "council list", ""), 0);
	as(ALBA);
	assert_int_equal(charter_accept(s.db, 1), E_OK);
	assert_int_equal(ssh(ALBA, "council list", ""), 0);
}

/* More rows than a page, and a body that no page holds with others. */
static void
long_lists_come_whole(void **state)
{
	(void)state;
	enum { MANY = 250 };
	struct council *many = mem_alloc(MANY * sizeof *many);
	int *answers = mem_alloc(MANY * sizeof *answers);
	db_set_viewer(s.db, MACHINE);
	for (int i = 0; i < MANY; i++) {
		buf_fmt(&many[i].name, "Quartier %d", i);
		buf_str(&many[i].communes, "30189");
	}
	assert_int_equal(council_put_all(s.db, many, MANY, answers), E_OK);
	for (int i = 0; i < MANY; i++)
		council_free(&many[i]);
	free(many);
	free(answers);
	assert_int_equal(ssh(VISITOR, "council list --department 30 --filter quartier --json", ""), 0);
	int rows = 0;
	for (const char *at = out.data; (at = strstr(at, "{\"id\"")); at++)
		rows++;
	assert_int_equal(rows, MANY);
	assert_int_equal(ssh(VISITOR, "council list --limit 101 --csv", ""), 0);
	rows = 0;
	for (const char *at = out.data; (at = strchr(at, '\n')); at++)
		rows++;
	assert_int_equal(rows, 102);
	/* A page of these is more than is written at once. */
	assert_int_equal(ssh(SYSOP, "journal --json", ""), 0);
	assert_true(out.len > MANY * 100);
}

int
main(void)
{
	i18n_init();
	i18n_set(LANGUAGE_EN);
#define STORED(test) cmocka_unit_test_setup_teardown(test, open_copy, close_copy)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_split_as_a_shell_does),
		cmocka_unit_test(what_cannot_be_split_is_told),
		cmocka_unit_test(arguments_are_sorted_by_the_usage),
		cmocka_unit_test(arguments_that_do_not_fit_are_named),
		STORED(visitors_and_candidates_read_what_is_public),
		STORED(nothing_of_the_machine_is_done_by_ssh),
		STORED(members_have_their_own_rights),
		STORED(peers_approve),
		STORED(the_charter_comes_first),
		STORED(long_lists_come_whole),
	};
	int failed = cmocka_run_group_tests(tests, make_base, remove_base);
	buf_free(&out);
	buf_free(&err);
	buf_free(&fault);
	return failed;
}
