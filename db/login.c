/*
 * Who is at the door: passwords and keys compared. How often one may try is the carrier's business.
 * Nothing here writes before somebody is let in, so that a prober leaves no trace in the store.
 */
#include <crypt.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/clock.h"
#include "bbs/base/log.h"
#include "db/member.h"
#include "db/people.h"

enum { COST = 5, RECONNECT = 30 * 60, DAY = 24 * 3600 };

/* As slow as a true one, and nobody's. */
#define NOBODYS_HASH "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7"

#define BY_NAME "(m.login = :login OR m.email = :login) AND m.id > 1"

SQL_READ(password_of, "SELECT m.id, coalesce(m.password, ''),"
    " CASE WHEN m.state <> 'removed' THEN 1 ELSE 0 END FROM member m WHERE " BY_NAME);
SQL_READ(owner_of_key, "SELECT m.id FROM member m JOIN member_key k ON k.member = m.id WHERE " BY_NAME
    " AND m.state <> 'removed' AND k.type = :type AND k.blob = :blob");
SQL_READ(key_to_note, "SELECT id FROM member_key WHERE member = :member AND blob = :blob AND used < :before");
SQL_WRITE(note_key, "UPDATE member_key SET used = :now WHERE id = :id");
SQL_WRITE(note_visit, "UPDATE member SET last_visit = visit, visit = :now"
    " WHERE id = :id AND visit < :before");

void
login_form(struct buf *out, const char *password)
{
	text_clean(out, password, strlen(password), TEXT_RAW);
}

/* Hashes with the salt and cost of `setting`; "" where that cannot be. */
static void
scramble(struct buf *out, const char *password, const char *setting)
{
	struct crypt_data *data = mem_alloc(sizeof *data);
	const char *hash = crypt_rn(password, setting, data, sizeof *data);
	buf_str(out, hash ? hash : "");
	mem_wipe(data, sizeof *data);
	free(data);
}

void
login_hash(struct buf *out, const char *password)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	struct buf form = { 0 };
	if (!crypt_gensalt_rn("$y$", COST, NULL, 0, setting, sizeof setting))
		die("no salt for a password");
	login_form(&form, password);
	size_t before = out->len;
	scramble(out, buf_text(&form), setting);
	buf_wipe(&form);
	if (out->len == before)
		die("a password cannot be hashed");
}

int
login_password(struct db *db, const char *login, const char *password, member_id *id)
{
	struct buf name = { 0 }, wanted = { 0 }, form = { 0 }, got = { 0 };
	int64_t member = 0;
	bool open = false;
	text_fold(&name, login);
	struct query *q = db_query(db, password_of, T("login", buf_text(&name)));
	while (db_next(q)) {
		member = db_int(q, 0);
		buf_cut(&wanted, 0);
		buf_str(&wanted, db_text(q, 1));
		open = db_int(q, 2);
	}
	/* From here on the same work for everybody: only at the end does it matter who it was. */
	login_form(&form, strlen(password) > PASSWORD_MAX ? "" : password);
	scramble(&got, buf_text(&form), wanted.len ? buf_text(&wanted) : NOBODYS_HASH);
	bool right = wanted.len && form.len && !strcmp(buf_text(&got), buf_text(&wanted));
	buf_wipe(&form);
	buf_wipe(&got);
	buf_wipe(&wanted);
	buf_free(&name);
	if (!right || !open)
		return E_DENIED;
	*id = (member_id){ member };
	return E_OK;
}

int
login_key(struct db *db, const char *login, const char *type, const char *blob, member_id *id)
{
	struct buf name = { 0 };
	text_fold(&name, login);
	int64_t member = db_one(db, owner_of_key, 0, T("login", buf_text(&name)), T("type", type),
	    T("blob", blob));
	buf_free(&name);
	if (!member)
		return E_DENIED;
	*id = (member_id){ member };
	return E_OK;
}

void
login_key_used(struct db *db, member_id id, const char *blob)
{
	int64_t now = clock_now();
	int64_t key = db_one(db, key_to_note, 0, I("member", id.n), T("blob", blob), I("before", now - DAY));
	if (!key || db_begin(db))
		return;
	db_run(db, note_key, I("now", now), I("id", key));
	db_commit(db);
}

int
login_done(struct db *db, member_id id)
{
	/* A line that was cut and called again is still the same visit. */
	int64_t now = clock_now();
	int r = db_begin(db);
	if (r)
		return r;
	db_run(db, note_visit, I("now", now), I("before", now - RECONNECT), I("id", id.n));
	return db_commit(db);
}
