#ifndef TESTS_UNIT_TABLE_H
#define TESTS_UNIT_TABLE_H

/* A directory in a store of its own, for the tests about tables: begun, and ended without a fault. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bbs/base/i18n.h"
#include "bbs/base/text.h"
#include "bbs/council_table.h"

static char folder[] = "/tmp/palabre-table-XXXXXX";
static struct db *db;

static inline int
begin(void **state)
{
	(void)state;
	char path[64];
	i18n_init();
	i18n_set(LANGUAGE_EN);
	charset_init();
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/board.sqlite", folder);
	assert_int_equal(db_open(&db, path, DB_OPEN, true), 0);
	db_set_viewer(db, MACHINE);
	return 0;
}

static inline int
end(void **state)
{
	(void)state;
	char command[64];
	struct buf faults = { 0 };
	assert_true(db_idle(db));
	assert_int_equal(db_check(db, &faults), 0);
	buf_free(&faults);
	db_close(db);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

#endif
