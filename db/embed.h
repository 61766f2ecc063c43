#ifndef DB_EMBED_H
#define DB_EMBED_H

/* The files of db/schema and db/data, inside the program; the Makefile makes the table. */
struct embedded {
	const char *name; /* "schema/001-first.sql" */
	const char *data; /* its text, ended by a NUL */
};
extern const struct embedded embedded[]; /* sorted; ends with a NULL name */

#endif
