#ifndef BBS_CONF_H
#define BBS_CONF_H

#include <stdbool.h>
#include <stddef.h>

#include "bbs/base/i18n.h"
#include "bbs/base/log.h"
#include "bbs/base/mem.h"
#include "db/db.h"

/*
 * The sysop's settings, from bbs.conf (INI). One table in conf.c says of each its name, kind, default
 * and range. After conf_load() no string is NULL and every path is ready to be opened.
 */
struct conf {
	char *name;             /* of the board */
	enum language language; /* of callers of whom nothing else is known */
	char *contact;          /* how to reach the animator: a sentence, never empty */
	char *host;             /* what people type to connect */
	char *ssh_listen, *telnet_listen; /* "host:port" or "none", see conf_address() */
	int ssh_port, telnet_port;        /* out of these; 0 where there is none */
	char *ssh_keys;         /* folder of the host keys */
	char *store_path, *store_folder;  /* the folder is the one that the store is in */
	int per_source;         /* connections at once from one address; 0, here and below: no limit */
	int per_source_waiting; /* of these not logged in yet */
	int waiting;            /* not logged in yet, of all addresses */
	int grace;              /* seconds until somebody is logged in */
	int tries;              /* failed log-ins on one line */
	int delay;              /* milliseconds after a failed log-in */
	int slow;               /* seconds that a password waits at most after wrong ones; 0 never */
	int ban;                /* minutes that an address is shut out at first; 0 never */
	struct limits account;  /* see db/limit.c */
	int file_size, file_quota; /* MiB */
	char *file_refused;     /* ends of names, a space between */
	int idle;               /* minutes without a key before a caller is let go; 0 never */
	enum log_level log;
};

enum conf_kind { CONF_TEXT, CONF_PATH, CONF_ADDRESS, CONF_NUMBER, CONF_CHOICE };

/* A row of the table. Numbers are from min to max, or 0. */
struct conf_setting {
	const char *section, *name;
	enum conf_kind kind;
	size_t offset;               /* in struct conf: of a char *, an int or an enum */
	const char *standard;        /* as written in the file */
	int min, max;
	const char *const *choices;  /* of CONF_CHOICE, ended by NULL; its number is what is kept */
	const char *sentence;        /* what it is for: a msgid */
};
extern const struct conf_setting conf_settings[]; /* ended by a NULL section */

/*
 * Reads the file at `path`; with NULL ./bbs.conf, else the machine's (/etc/palabre/bbs.conf), else only
 * the defaults count. A relative path in a file is relative to that file; the default of the store is
 * relative to the current folder. 0, or -1 with a sentence (file, line, what was meant) and its \n added
 * to `fault`. conf_free() after both.
 */
int
conf_load(struct conf *conf, const char *path, struct buf *fault);

/* The same for a text that would stand in the file called `file` (NULL: none). */
int
conf_parse(struct conf *conf, const char *text, size_t size, const char *file, struct buf *fault);
void
conf_free(struct conf *conf);

/* What files may be, for a handle; conf outlives it. */
void
conf_set_files(const struct conf *conf, struct db *db);

/*
 * Parts "host:port": "127.0.0.1:2323", "[::1]:2222", "*:2222" (host "": all addresses, IPv4 and IPv6),
 * port 0: any free one; "none" gives port -1. False when it is none of these.
 */
bool
conf_address(const char *text, char host[256], int *port);

#endif
