/*
 * One-time codes: made, counted, compared; and the lost password, which is what they are mostly for.
 * Whoever asks at the door learns nothing: the same is said and written for a name that nobody has.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "bbs/base/clock.h"
#include "bbs/base/i18n.h"
#include "bbs/base/log.h"
#include "db/member.h"
#include "db/people.h"

enum { DIGITS = 8, HALF = 4, HASH_BYTES = 32 };

SQL_WRITE(put_code, "INSERT INTO code (member, use, hash, created, expires)"
    " VALUES (:member, :use, :hash, :now, :expires) ON CONFLICT (member, use) DO UPDATE SET"
    " hash = excluded.hash, tries = 0, created = excluded.created, expires = excluded.expires");
SQL_READ(get_code, "SELECT hash, created, CASE WHEN expires > :now AND tries < :tries THEN 1 ELSE 0 END"
    " FROM code WHERE member = :member AND use = :use");
SQL_WRITE(count_try, "UPDATE code SET tries = tries + 1 WHERE member = :member AND use = :use");
SQL_WRITE(drop_code, "DELETE FROM code WHERE member = :member AND use = :use");
SQL_READ(get_account, "SELECT login, email, role, coalesce(council, 0), state FROM member"
    " WHERE id = :id AND id > 1 AND state <> 'removed'");
SQL_WRITE(put_password, "UPDATE member SET password = :password WHERE id = :id AND id > 1");

static const char *const uses[] = { "email", "password", "phone" };

/* What is stored of a code: its digits, hashed with whose it is, in hexadecimal. */
static void
hash_code(struct buf *out, member_id member, const char *typed)
{
	unsigned char hash[HASH_BYTES];
	unsigned size = sizeof hash;
	struct buf text = { 0 };
	buf_fmt(&text, "%lld ", (long long)member.n);
	for (; *typed && text.len < CODE_MAX + 24; typed++)
		if (*typed >= '0' && *typed <= '9')
			buf_char(&text, *typed);
	if (!EVP_Digest(text.data, text.len, hash, &size, EVP_sha256(), NULL))
		die("no SHA-256");
	for (unsigned i = 0; i < size; i++)
		buf_fmt(out, "%02x", hash[i]);
	buf_wipe(&text);
}

void
code_make(struct db *db, member_id member, enum code_use use, struct buf *code)
{
	struct buf hash = { 0 };
	int64_t now = clock_now();
	for (int i = 0; i < DIGITS; i++) {
		unsigned char byte;
		do {
			if (getrandom(&byte, 1, 0) != 1)
				die("no random bytes");
		} while (byte >= 250);
		buf_fmt(code, "%s%d", i == HALF ? " " : "", byte % 10);
	}
	hash_code(&hash, member, buf_text(code));
	db_run(db, put_code, I("member", member.n), T("use", uses[use]), T("hash", buf_text(&hash)),
	    I("now", now), I("expires", now + CODE_LIFE));
	buf_free(&hash);
}

/* The hash of a code that may still be used; when the last one was made, 0 for none. */
static int64_t
get(struct db *db, member_id member, enum code_use use, struct buf *hash)
{
	int64_t created = 0;
	struct query *q = db_query(db, get_code, I("member", member.n), T("use", uses[use]),
	    I("now", clock_now()), I("tries", CODE_TRIES));
	while (db_next(q)) {
		if (db_int(q, 2))
			buf_str(hash, db_text(q, 0));
		created = db_int(q, 1);
	}
	return created;
}

bool
code_fresh(struct db *db, member_id member, enum code_use use)
{
	struct buf hash = { 0 };
	int64_t created = get(db, member, use, &hash);
	buf_free(&hash);
	return created && clock_now() - created < CODE_PAUSE;
}

bool
code_right(struct db *db, member_id member, enum code_use use, const char *typed)
{
	struct buf wanted = { 0 }, got = { 0 };
	get(db, member, use, &wanted);
	hash_code(&got, member, typed);
	bool right = wanted.len == got.len && !CRYPTO_memcmp(wanted.data, got.data, got.len);
	if (!right)
		db_run(db, count_try, I("member", member.n), T("use", uses[use]));
	buf_free(&wanted);
	buf_free(&got);
	return right;
}

void
code_drop(struct db *db, member_id member, enum code_use use)
{
	db_run(db, drop_code, I("member", member.n), T("use", uses[use]));
}

/* ---- whose account ---- */

struct account {
	member_id id;
	struct buf login, email;
	enum role role;
	item_id council;
};

static void
drop(struct account *a)
{
	buf_free(&a->login);
	buf_free(&a->email);
}

static int
account(struct db *db, member_id id, struct account *out)
{
	*out = (struct account){ .id = id };
	struct query *q = db_query(db, get_account, I("id", id.n));
	if (!db_next(q))
		return E_NOT_FOUND;
	buf_str(&out->login, db_text(q, 0));
	buf_str(&out->email, db_text(q, 1));
	out->role = (enum role)role_parse(db_text(q, 2));
	out->council = (item_id){ db_int(q, 3) };
	db_end(q);
	return E_OK;
}

/* ---- a lost password ---- */

/* The member of that name; where there is none, the machine, for whom the same is written. */
static member_id
owner(struct db *db, const char *login)
{
	struct account a;
	member_id id = member_named(db, login);
	bool there = id.n && !account(db, id, &a);
	if (there)
		drop(&a);
	return there ? id : MACHINE;
}

/* The code of the mail or the one of the phone; neither takes the other's place. */
static bool
opens(struct db *db, member_id id, const char *code)
{
	bool mailed = code_right(db, id, CODE_PASSWORD, code);
	return (mailed || code_right(db, id, CODE_PHONE, code)) && id.n != MACHINE.n;
}

int
lost_ask(struct db *db, const char *login)
{
	struct buf code = { 0 };
	member_id id = owner(db, login);
	int r = db_begin(db);
	if (r)
		return r;
	/* A second call soon after sends no second mail: the first code stays good. */
	if (!code_fresh(db, id, CODE_PASSWORD)) {
		code_make(db, id, CODE_PASSWORD, &code);
		if (id.n != MACHINE.n)
			mail_to(db, id, "code", N_("Your code for a new password"),
			    N_("The code is %s. Type it where you were asked for it, within 15 minutes, "
			       "then choose a new password. If you asked for nothing, leave this message "
			       "alone: your password stays as it is.\n"),
			    buf_text(&code));
	}
	buf_wipe(&code);
	return db_commit(db);
}

int
lost_check(struct db *db, const char *login, const char *code)
{
	member_id id = owner(db, login);
	int r = db_begin(db);
	if (r)
		return r;
	bool right = opens(db, id, code);
	r = db_commit(db);
	return r ? r : right ? E_OK : E_DENIED;
}

int
lost_set(struct db *db, const char *login, const char *code, const char *password, member_id *id)
{
	struct account a;
	struct buf hash = { 0 };
	bool right = false;
	member_id who = owner(db, login);
	if (who.n == MACHINE.n || account(db, who, &a))
		return E_DENIED;
	int r = member_check_new_password(password, buf_text(&a.login), buf_text(&a.email));
	if (!r) {
		login_hash(&hash, password);
		r = db_begin(db);
	}
	if (!r) {
		right = opens(db, who, code);
		if (right) {
			code_drop(db, who, CODE_PASSWORD);
			code_drop(db, who, CODE_PHONE);
			db_run(db, put_password, T("password", buf_text(&hash)), I("id", who.n));
			db_journal(db, "lost-password", "member", who.n, "");
			mail_to(db, who, "password", N_("Your password was changed"),
			    N_("A new password was chosen for your account %s with a one-time code. If this "
			       "was not you, write to the animators at once.\n"),
			    buf_text(&a.login));
		}
		r = db_commit(db);
	}
	buf_wipe(&hash);
	drop(&a);
	*id = who;
	return r ? r : right ? E_OK : E_DENIED;
}

/* ---- a code read out on the phone ---- */

/* An animator opens no account that may more than a member's, whatever land it lies in. */
static bool
may_give(struct db *db, const struct account *a)
{
	if (may(db, MAY_MANAGE_MEMBERS, (item_id){ 0 }))
		return true;
	return a->council.n && a->role <= ROLE_RESOURCE && may(db, MAY_GIVE_CODE, a->council);
}

bool
may_give_code(struct db *db, member_id id)
{
	struct account a;
	bool yes = !account(db, id, &a) && may_give(db, &a);
	drop(&a);
	return yes;
}

int
member_code(struct db *db, member_id id, struct buf *code)
{
	struct account a;
	int r = account(db, id, &a);
	if (!r && !may_give(db, &a))
		r = E_DENIED;
	if (!r)
		r = db_begin(db);
	if (!r) {
		buf_cut(code, 0);
		code_make(db, id, CODE_PHONE, code);
		db_journal(db, "code", "member", id.n, "");
		mail_to(db, id, "code-given", N_("A code for a new password was given"),
		    N_("An animator made a one-time code for your account %s, to be read out to you. If you "
		       "asked for nothing, write to the animators at once.\n"),
		    buf_text(&a.login));
		r = db_commit(db);
	}
	drop(&a);
	return r;
}
