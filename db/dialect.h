#ifndef DB_DIALECT_H
#define DB_DIALECT_H

#include "bbs/base/mem.h"

/*
 * The little that differs between the engines' SQL. Schema text holds @PK@, @INT@, @REAL@, @STRICT@;
 * statements hold named parameters, which PostgreSQL wants as $1, $2….
 */
enum dialect { DIALECT_SQLITE, DIALECT_POSTGRES };

/* Adds schema text with its tokens replaced. */
void
dialect_schema(enum dialect dialect, const char *sql, struct buf *out);

/*
 * Adds a statement for PostgreSQL: each :name outside quotes, comments and :: becomes $n, the same n for
 * the same name; names in order go to `names`, each ended by a NUL. How many.
 */
int
dialect_parameters(const char *sql, struct buf *out, struct buf *names);

#endif
