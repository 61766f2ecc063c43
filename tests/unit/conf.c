/* bbs.conf: every setting is taken, every mistake is told with its line and what was meant. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bbs/conf.h"

static struct conf conf;
static struct buf fault;

static int
parse(const char *text)
{
	buf_free(&fault);
	conf_free(&conf);
	return conf_parse(&conf, text, strlen(text), "dir/bbs.conf", &fault);
}

static int
drop(void **state)
{
	(void)state;
	buf_free(&fault);
	conf_free(&conf);
	return 0;
}

static void
refused(const char *text, const char *sentence)
{
	assert_int_equal(parse(text), -1);
	if (strncmp(buf_text(&fault), sentence, strlen(sentence)) != 0)
		fail_msg("%s\ninstead of: %s", buf_text(&fault), sentence);
	assert_int_equal(fault.data[fault.len - 1], '\n');
	assert_null(memchr(fault.data, '\n', fault.len - 1));
}

static void
defaults(void **state)
{
	(void)state;
	assert_int_equal(parse(""), 0);
	assert_int_equal(fault.len, 0);
	assert_string_equal(conf.name, "Palabre");
	assert_int_equal(conf.language, LANGUAGE_FR);
	assert_true(strlen(conf.contact) > 10);
	assert_true(*conf.host);
	assert_string_equal(conf.ssh_listen, "*:2222");
	assert_int_equal(conf.ssh_port, 2222);
	assert_int_equal(conf.telnet_port, 2323);
	assert_string_equal(conf.telnet_listen, "127.0.0.1:2323");
	assert_string_equal(conf.store_path, "var/bbs.sqlite");
	assert_string_equal(conf.store_folder, "var");
	assert_string_equal(conf.ssh_keys, "var");
	assert_int_equal(conf.per_source, 30);
	assert_int_equal(conf.per_source_waiting, 8);
	assert_int_equal(conf.waiting, 100);
	assert_int_equal(conf.grace, 120);
	assert_int_equal(conf.tries, 6);
	assert_int_equal(conf.delay, 1500);
	assert_int_equal(conf.ban, 5);
	assert_int_equal(conf.idle, 180);
	assert_int_equal(conf.log, LOG_NOTE);
}

static void
every_setting(void **state)
{
	(void)state;
	assert_int_equal(parse("\xef\xbb\xbf# a comment, a BOM, CRLF\r\n[board]\r\nname = Le Préau\r\n"
			       "language=en\n  contact = Écrivez à animation@example.org ; merci !\n"
			       "host = preau.example.org\n\n; another\n\t[ssh]  \nlisten = [::1]:0\nkeys=/k\n"
			       "[telnet]\nlisten = none\n[store]\npath = data/preau.sqlite\n[limits]\n"
			       "per_source = 0\nper_source_waiting = 1\nwaiting = 100000\ngrace = 2\ntries = 0\n"
			       "delay = 0\nban = 0\nidle = 120\n[log]\nlevel = detail"),
	    0);
	assert_string_equal(conf.name, "Le Préau");
	assert_int_equal(conf.language, LANGUAGE_EN);
	assert_string_equal(conf.contact, "Écrivez à animation@example.org ; merci !");
	assert_string_equal(conf.host, "preau.example.org");
	assert_string_equal(conf.ssh_listen, "[::1]:0");
	assert_int_equal(conf.ssh_port, 0);
	assert_string_equal(conf.ssh_keys, "/k");
	assert_string_equal(conf.telnet_listen, "none");
	assert_int_equal(conf.telnet_port, 0);
	assert_string_equal(conf.store_path, "dir/data/preau.sqlite");
	assert_string_equal(conf.store_folder, "dir/data");
	assert_int_equal(conf.per_source, 0);
	assert_int_equal(conf.per_source_waiting, 1);
	assert_int_equal(conf.waiting, 100000);
	assert_int_equal(conf.grace, 2);
	assert_int_equal(conf.tries, 0);
	assert_int_equal(conf.delay, 0);
	assert_int_equal(conf.ban, 0);
	assert_int_equal(conf.idle, 120);
	assert_int_equal(conf.log, LOG_DETAIL);
}

static void
stores_anywhere(void **state)
{
	(void)state;
	assert_int_equal(parse("[store]\npath = /bbs.sqlite\n"), 0);
	assert_string_equal(conf.store_folder, "/");
	assert_string_equal(conf.ssh_keys, "/");
	assert_int_equal(parse("[store]\npath = /srv/p/bbs.sqlite\n"), 0);
	assert_string_equal(conf.store_folder, "/srv/p");
}

static void
mistakes(void **state)
{
	(void)state;
	static const struct {
		const char *text, *sentence;
	} tried[] = {
		{ "[ssh]\n\nlisen = *:22\n",
		    "dir/bbs.conf:3: [ssh] lisen: no such setting; did you mean listen?" },
		{ "[board]\nidle = 0",
		    "dir/bbs.conf:2: [board] idle: no such setting; did you mean [limits] idle?" },
		{ "[ssh]\ncolour = red",
		    "dir/bbs.conf:2: [ssh] colour: no such setting; there are: listen, keys" },
		{ "[shs]\n", "dir/bbs.conf:1: [shs]: no such section; did you mean [ssh]?" },
		{ "[Limits]\n", "dir/bbs.conf:1: [Limits]: no such section; did you mean [limits]?" },
		{ "[the printer of the house, which is upstairs]\n",
		    "dir/bbs.conf:1: [the printer of the house, which is upstairs]: no such section; there "
		    "are: board, ssh, telnet, store, limits, files, log" },
		{ "[ssh\n", "dir/bbs.conf:1: a section has the form [name]" },
		{ "[", "dir/bbs.conf:1: a section has the form [name]" },
		{ "name = A", "dir/bbs.conf:1: name stands before the first [section]" },
		{ "[board]\nname\n", "dir/bbs.conf:2: a setting has the form name = value" },
		{ "[board]\nname = A\nname = B\n", "dir/bbs.conf:3: [board] name is given twice" },
		{ "[board]\nname =  \n", "dir/bbs.conf:2: [board] name has no value;" },
		{ "[board]\nname = Pr\xe9"
		  "au\n",
		    "dir/bbs.conf:2: [board] name = Pr\xe9"
		    "au: must be a text in UTF-8." },
		{ "[board]\nlanguage = de\n",
		    "dir/bbs.conf:2: [board] language = de: must be one of: fr, en." },
		{ "[log]\nlevel = Note\n",
		    "dir/bbs.conf:2: [log] level = Note: must be one of: trouble, note, detail." },
		{ "[limits]\nidle = 60\n",
		    "dir/bbs.conf:2: [limits] idle = 60: must be a number from 120 to 100000, or 0." },
		{ "[limits]\ngrace = 3601\n",
		    "dir/bbs.conf:2: [limits] grace = 3601: must be a number from 1 to 3600, or 0." },
		{ "[limits]\ndelay = 1s\n",
		    "dir/bbs.conf:2: [limits] delay = 1s: must be a number from 0 to 60000." },
		{ "[limits]\ntries = -1\n", "dir/bbs.conf:2: [limits] tries = -1: must be a number" },
		{ "[limits]\ntries = 99999999999999999999\n",
		    "dir/bbs.conf:2: [limits] tries = 99999999999999999999: must be a number" },
		{ "[ssh]\nlisten = 2222\n", "dir/bbs.conf:2: [ssh] listen = 2222: must be host:port," },
	};
	for (size_t i = 0; i < sizeof tried / sizeof *tried; i++)
		refused(tried[i].text, tried[i].sentence);
	drop(NULL);
	assert_int_equal(conf_parse(&conf, "[ssh]\n\0\n", 8, "f", &fault), -1);
	assert_string_equal(fault.data, "f:2: this is not a text file\n");
}

/* Of every number in the table: both ends are taken and 0, one step beyond is not. */
static void
ranges(void **state)
{
	(void)state;
	for (const struct conf_setting *s = conf_settings; s->section; s++) {
		if (s->kind != CONF_NUMBER)
			continue;
		const struct {
			int n;
			bool good;
		} tries[] = { { s->min, true }, { s->max, true }, { s->max + 1, false }, { 0, true },
			{ s->min - 1, s->min == 1 } };
		for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
			char text[200];
			snprintf(text, sizeof text, "[%s]\n%s = %d\n", s->section, s->name, tries[i].n);
			assert_int_equal(parse(text), tries[i].good ? 0 : -1);
		}
	}
}

static void
addresses(void **state)
{
	(void)state;
	static const struct {
		const char *text, *host;
		int port;
	} good[] = {
		{ "*:2222", "", 2222 }, { "127.0.0.1:0", "127.0.0.1", 0 }, { "[::1]:65535", "::1", 65535 },
		{ "localhost:1", "localhost", 1 }, { "none", "", -1 },
	};
	static const char *const bad[] = { "", ":", ":22", "*", "*:", "*:65536", "*:22x", "*:-1", "::1:22",
		"[::1]22", "[]:22", "[::1:22", "*:000022", "a b:22" };
	char host[256];
	int port;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_true(conf_address(good[i].text, host, &port));
		assert_string_equal(host, good[i].host);
		assert_int_equal(port, good[i].port);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (conf_address(bad[i], host, &port))
			fail_msg("taken: %s", bad[i]);
}

/* The file in the root shows each row of the table, in its order, with its sentence, and no other. */
static void
the_file_shows_the_table(void **state)
{
	(void)state;
	struct buf wanted = { 0 };
	const char *before = "";
	for (const struct conf_setting *s = conf_settings; s->section; s++) {
		if (strcmp(before, s->section) != 0)
			buf_fmt(&wanted, "\n[%s]\n", s->section);
		before = s->section;
		buf_fmt(&wanted, "# %s\n#%s =%s%s\n", s->sentence, s->name, *s->standard ? " " : "",
		    s->standard);
	}
	char text[16384];
	FILE *file = fopen("bbs.conf", "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof text - 1, file)] = '\0';
	fclose(file);
	const char *rows = strstr(text, "\n[");
	assert_non_null(rows);
	assert_string_equal(rows, wanted.data);
	buf_free(&wanted);
}

static void
places(void **state)
{
	(void)state;
	char folder[] = "/tmp/bbs-conf-XXXXXX", path[64], was[1024];
	assert_non_null(mkdtemp(folder));
	assert_non_null(getcwd(was, sizeof was));
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(conf_load(&conf, "nowhere.conf", &fault), -1);
	assert_string_equal(fault.data, "nowhere.conf cannot be read: No such file or directory\n");
	drop(NULL);
	assert_int_equal(conf_load(&conf, ".", &fault), -1);
	drop(NULL);
	FILE *file = fopen("bbs.conf", "w");
	fputs("[board]\nname = Ici\n[store]\npath=s.sqlite\n", file);
	fclose(file);
	assert_int_equal(conf_load(&conf, NULL, &fault), 0);
	assert_string_equal(conf.name, "Ici");
	assert_string_equal(conf.store_path, "s.sqlite");
	drop(NULL);
	snprintf(path, sizeof path, "%s/bbs.conf", folder);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(conf_load(&conf, path, &fault), 0);
	assert_string_equal(conf.store_folder, folder);
	unlink(path);
	rmdir(folder);
	assert_int_equal(chdir(was), 0);
}

int
main(void)
{
	setenv("LANGUAGE", "en", 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(defaults, drop),
		cmocka_unit_test_teardown(every_setting, drop),
		cmocka_unit_test_teardown(stores_anywhere, drop),
		cmocka_unit_test_teardown(mistakes, drop),
		cmocka_unit_test_teardown(ranges, drop),
		cmocka_unit_test_teardown(addresses, drop),
		cmocka_unit_test_teardown(the_file_shows_the_table, drop),
		cmocka_unit_test_teardown(places, drop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
