/*
 * The program: its options, its store, and then serve, the console, or a command. What these do
 * stands elsewhere.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bbs/base/clock.h"
#include "bbs/base/text.h"
#include "bbs/command.h"
#include "bbs/conf.h"
#include "bbs/console.h"
#include "bbs/serve.h"

/* ---- a command's words, on standard input and output ---- */

static int output_error; /* errno of the first that could not be written */

static void
write_all(struct command_io *io, const char *data, size_t size, bool error)
{
	(void)io;
	if (error)
		fflush(stdout);
	if (fwrite(data, 1, size, error ? stderr : stdout) != size && !error && !output_error)
		output_error = errno;
}

static long
read_some(struct command_io *io, char *data, size_t size)
{
	(void)io;
	ssize_t n;
	fflush(stdout);
	do
		n = read(STDIN_FILENO, data, size);
	while (n < 0 && errno == EINTR);
	return n;
}

/* Whoever reads our output may leave early: that alone is not worth a word. */
static int
end_output(int status)
{
	if (fflush(stdout) && !output_error)
		output_error = errno;
	if (!output_error)
		return status;
	if (output_error != EPIPE)
		fprintf(stderr, _("The output cannot be written: %s.\n"), strerror(output_error));
	return 1;
}

/* ---- the store ---- */

/*
 * A missing store is made, and its folder, and that is said: the path may mean another folder than the person thinks.
 * There is nothing to save or to check in a new one.
 */
static int
open_store(const struct conf *conf, const char *noun, struct db **db)
{
	bool exists = !strcmp(noun, "backup") || !strcmp(noun, "check");
	bool made = !exists && access(conf->store_path, F_OK) && errno == ENOENT;
	char path[PATH_MAX];
	if (made)
		mkdir(conf->store_folder, 0700);
	int r = db_open(db, conf->store_path, exists ? DB_EXISTING : DB_OPEN, true);
	if (r)
		fprintf(stderr, "%s: %s\n", conf->store_path, error_text(r));
	else if (made)
		fprintf(stderr, _("A new, empty store was made: %s\n"), realpath(conf->store_path, path) ? path : conf->store_path);
	return r;
}

/* ---- the program ---- */

/*
 * Starts once more, with two things that are only heard at a program's start. What libraries call in
 * each other is found before the forks, not by both processes of each caller; our own link with -z now
 * does not reach as far. And malloc keeps no small pieces aside: what a process allocates after the fork
 * then lies together, not in holes all over the pages that it shares.
 */
static void
start_for_forks(char **argv)
{
	char program[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
	if (getenv("LD_BIND_NOW") || n < 0 || setenv("LD_BIND_NOW", "1", 1) ||
	    setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0", 0))
		return;
	program[n] = '\0';
	execv(program, argv);
	log_line(LOG_NOTE, "cannot start once more: %s", strerror(errno));
}

static int
run(struct conf *conf, int argc, char **argv)
{
	const char *noun = argv[0];
	struct command_io io = { .write = write_all, .read = read_some,
		.terminal = isatty(STDOUT_FILENO) };
	struct command command = { .conf = conf, .io = &io, .machine = true, .argc = argc, .argv = argv };
	bool is_serve = !strcmp(noun, "serve"), is_console = !strcmp(noun, "console");

	if (is_serve && argc > 1) {
		fprintf(stderr, _("Usage: %s\n"), "bbs [-c FILE] serve");
		return 2;
	}
	if (!is_serve && !is_console && !command_needs_store(argc, argv))
		return command_run(&command);
	if (open_store(conf, noun, &command.db))
		return 1;
	db_set_viewer(command.db, MACHINE);
	db_set_limits(command.db, &conf->account, "");
	conf_set_files(conf, command.db);
	if (is_serve)
		return serve_run(conf, command.db);
	if (is_console)
		return console_run(conf, command.db, argc, argv);
	int status = command_run(&command);
	db_close(command.db);
	return status;
}

/* The language of whoever started us, else the board's. */
static void
choose_language(const struct conf *conf)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	const char *locale = NULL;
	for (size_t i = 0; i < sizeof names / sizeof *names && (!locale || !*locale); i++)
		locale = getenv(names[i]);
	int language = locale ? i18n_parse(locale) : -1;
	if (language >= 0)
		i18n_set((enum language)language);
	else if (conf)
		i18n_set(conf->language);
}

static int
read_options(int argc, char **argv, const char **file)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	int option;
	/* "+": the options of a command are its own. */
	while ((option = getopt_long(argc, argv, "+c:h", options, NULL)) != -1)
		if (option != 'c')
			return option;
		else
			*file = optarg;
	return optind < argc ? 0 : 'h';
}

int
main(int argc, char **argv)
{
	struct conf conf;
	struct buf fault = { 0 };
	const char *file = NULL;
	static char *help[] = { "help", NULL };

	signal(SIGPIPE, SIG_IGN);
	umask(077);
	clock_init();
	i18n_init();
	charset_init();
	choose_language(NULL);
	int option = read_options(argc, argv, &file);
	if (option == 'V')
		return end_output(printf("palabre %s\n", VERSION) < 0);
	if (option == '?') {
		fprintf(stderr, _("Usage: %s\n"), "bbs [-c FILE] NOUN VERB …");
		return 2;
	}
	if (!option && !strcmp(argv[optind], "serve"))
		start_for_forks(argv);
	int status = 1;
	if (conf_load(&conf, file, &fault)) {
		fputs(fault.data, stderr);
	} else {
		choose_language(&conf);
		log_level(conf.log);
		status = option == 'h' ? run(&conf, 1, help) : run(&conf, argc - optind, argv + optind);
	}
	buf_free(&fault);
	conf_free(&conf);
	return end_output(status);
}
