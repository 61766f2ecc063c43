#ifndef TESTS_FUZZ_STORE_H
#define TESTS_FUZZ_STORE_H

/* A store of its own for a fuzz target, gone when that ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bbs/base/log.h"
#include "db/council.h"
#include "db/file.h"
#include "db/member.h"

static char store_folder[] = "/dev/shm/fuzz-XXXXXX", store_path[sizeof store_folder + 16];

static inline void
forget_store(void)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-lock", "-queue" };
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		char file[sizeof store_path + 16];
		snprintf(file, sizeof file, "%s%s", store_path, ends[i]);
		unlink(file);
	}
	rmdir(store_folder);
}

/* A member of a council, who may send a little, and her folder "d" and file "f". She is the viewer; abort() else. */
static inline struct db *
make_store(void)
{
	static const struct file_limits limits = { .size = 1 << 20, .quota = 8 << 20, .refused = "exe" };
	struct sign_up form = { .login = "alba", .email = "alba@example.org", .family = "Martin", .given = "Alba" };
	struct council council = { 0 };
	struct db *db;
	member_id alba;
	item_id item;
	struct upload *u;
	struct file made;
	char own[SHELF_MAX + 1];
	log_level(LOG_TROUBLE);
	if (!mkdtemp(store_folder))
		abort();
	snprintf(store_path, sizeof store_path, "%s/store", store_folder);
	atexit(forget_store);
	if (db_open(&db, store_path, DB_OPEN, true))
		abort();
	db_set_viewer(db, MACHINE);
	db_set_files(db, &limits);
	buf_str(&council.name, "Les Cigales");
	buf_str(&council.communes, "30189");
	if (council_put(db, &council))
		abort();
	form.council = council.id;
	council_free(&council);
	if (member_add(db, &form, ROLE_MEMBER, "", &alba))
		abort();
	db_set_viewer(db, alba);
	snprintf(own, sizeof own, "m%lld", (long long)alba.n);
	if (folder_make(db, own, "d", &made) || upload_open(db, own, "f", UPLOAD_NEW, -1, &u) ||
	    upload_write(u, 0, "0123456789", 10) || upload_finish(u, &item))
		abort();
	file_free(&made);
	return db;
}

#endif
