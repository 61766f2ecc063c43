/* Invitations: a code on a slip of paper that carries the inviter's yes, once, for some days. */
#include <openssl/evp.h>
#include <string.h>
#include <sys/random.h>

#include "bbs/base/clock.h"
#include "bbs/base/log.h"
#include "db/machine.h"
#include "db/people.h"

enum { GROUPS = 3, GROUP = 4, A_DAY = 24 * 3600, HASH_BYTES = 32 };

/* Without 0 O 1 I L, which sound or look like each other. */
static const char alphabet[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

SQL_WRITE(add_invitation, "INSERT INTO invitation (code, inviter, council, created, expires)"
    " VALUES (:code, :inviter, :council, :now, :expires)");
SQL_READ(get_invitation, "SELECT i.inviter, i.council, m.name FROM invitation i"
    " JOIN member m ON m.id = i.inviter"
    " WHERE i.code = :code AND i.used_by IS NULL AND i.expires > :now");
SQL_WRITE(use_invitation, "UPDATE invitation SET used_by = :member WHERE code = :code");

/* What is stored of a code: its letters as anybody would type them, hashed, in hexadecimal. */
static void
hash_code(struct buf *out, const char *typed)
{
	unsigned char hash[HASH_BYTES];
	unsigned size = sizeof hash;
	char letters[CODE_MAX + 1];
	size_t n = 0;
	for (; *typed && n < CODE_MAX; typed++) {
		char c = (char)(*typed >= 'a' && *typed <= 'z' ? *typed - 32 : *typed);
		if (strchr(alphabet, c))
			letters[n++] = c;
	}
	if (!EVP_Digest(letters, n, hash, &size, EVP_sha256(), NULL))
		die("no SHA-256");
	for (unsigned i = 0; i < size; i++)
		buf_fmt(out, "%02x", hash[i]);
}

static void
make_code(struct buf *out)
{
	enum { LETTERS = sizeof alphabet - 1 };
	for (int i = 0; i < GROUPS * GROUP; i++) {
		unsigned char byte;
		do {
			if (getrandom(&byte, 1, 0) != 1)
				die("no random bytes");
		} while (byte >= 256 / LETTERS * LETTERS);
		if (i && i % GROUP == 0)
			buf_char(out, '-');
		buf_char(out, alphabet[byte % LETTERS]);
	}
}

int
invitation_new(struct db *db, item_id council, struct buf *code)
{
	struct buf hash = { 0 };
	int64_t now = clock_now();
	if (!member_council_there(db, council))
		return E_NOT_FOUND;
	if (!may(db, MAY_INVITE, council))
		return E_DENIED;
	int r = db_begin(db);
	if (r)
		return r;
	buf_cut(code, 0);
	make_code(code);
	hash_code(&hash, buf_text(code));
	db_run(db, add_invitation, T("code", buf_text(&hash)), I("inviter", db_viewer(db).n),
	    I("council", council.n), I("now", now),
	    I("expires", now + setting_number(db, "invitation_days") * A_DAY));
	db_journal(db, "invite", "council", council.n, "");
	buf_free(&hash);
	return db_commit(db);
}

/* A code that may be used now: its inviter is still one who may invite. */
static int
find(struct db *db, const char *hash, member_id *inviter, item_id *council, struct buf *name)
{
	struct query *q = db_query(db, get_invitation, T("code", hash), I("now", clock_now()));
	if (!db_next(q))
		return E_NOT_FOUND;
	*inviter = (member_id){ db_int(q, 0) };
	*council = (item_id){ db_int(q, 1) };
	if (name) {
		buf_cut(name, 0);
		buf_str(name, db_text(q, 2));
	}
	db_end(q);
	return may_as(db, *inviter, MAY_INVITE, *council) ? E_OK : E_NOT_FOUND;
}

int
invitation_get(struct db *db, const char *code, item_id *council, struct buf *inviter)
{
	struct buf hash = { 0 };
	member_id who;
	hash_code(&hash, code);
	int r = find(db, buf_text(&hash), &who, council, inviter);
	buf_free(&hash);
	return r;
}

member_id
invitation_use(struct db *db, const char *code, member_id candidate)
{
	struct buf hash = { 0 };
	member_id inviter = NOBODY;
	item_id council;
	hash_code(&hash, code);
	if (find(db, buf_text(&hash), &inviter, &council, NULL))
		db_fail(db, E_NOT_FOUND);
	db_run(db, use_invitation, I("member", candidate.n), T("code", buf_text(&hash)));
	buf_free(&hash);
	return inviter;
}
