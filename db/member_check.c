/* The single fields of a person, as typed in a form: cleaned, measured, refused. */
#include <string.h>
#include <unictype.h>
#include <unistr.h>

#include "db/check.h"
#include "db/member.h"
#include "db/people.h"

enum { LOGIN_MIN = 2, PROPOSED_MAX = 24, PROPOSALS = 9999 };

SQL_READ(login_taken, "SELECT 1 FROM member WHERE login = :login");
SQL_READ(email_taken, "SELECT 1 FROM member WHERE email = :email");

/* Names at the door that are no member's. */
static const char *const reserved[] = { "nouveau", "new", "visiteur", "guest", "perdu", "lost", "machine" };

int
member_clean(struct buf *out, const char *typed, enum text_kind kind, size_t max)
{
	text_clean(out, typed, strlen(typed), kind);
	return !out->len ? E_EMPTY : out->len > max ? E_TOO_LONG : E_OK;
}

static void
fold_in_place(struct buf *b)
{
	struct buf clean = { 0 }, folded = { 0 };
	text_clean(&clean, buf_text(b), b->len, TEXT_LINE);
	text_fold(&folded, buf_text(&clean));
	buf_free(&clean);
	buf_free(b);
	*b = folded;
}

static bool
is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
login_answer(struct db *db, const char *login)
{
	for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
		if (!strcmp(login, reserved[i]))
			return E_EXISTS;
	return db_one(db, login_taken, 0, T("login", login)) ? E_EXISTS : E_OK;
}

int
member_check_login(struct db *db, struct buf *login)
{
	fold_in_place(login);
	const char *s = buf_text(login);
	if (!*s)
		return E_EMPTY;
	if (login->len > LOGIN_MAX)
		return E_TOO_LONG;
	if (login->len < LOGIN_MIN || !is_letter(*s))
		return E_INVALID;
	for (const char *c = s; *c; c++)
		if (!is_letter(*c) && !is_digit(*c) && !strchr("._-", *c))
			return E_INVALID;
	return login_answer(db, s);
}

int
member_check_email(struct db *db, struct buf *email)
{
	int r = check_email(email);
	if (r)
		return r;
	return db_one(db, email_taken, 0, T("email", buf_text(email))) ? E_EXISTS : E_OK;
}

int
member_check_name(struct buf *name)
{
	int r = check_line(name, NAME_MAX_BYTES);
	if (r)
		return r;
	ucs4_t c;
	for (const uint8_t *s = (const uint8_t *)buf_text(name); (s = u8_next(&c, s));)
		if (uc_is_property_alphabetic(c))
			return E_OK;
	return E_INVALID;
}

void
member_sort(const char *family, const char *given, struct buf *by_family, struct buf *by_given)
{
	struct buf first = { 0 }, last = { 0 };
	check_words(&last, family);
	check_words(&first, given);
	buf_fmt(by_family, "%s %s", buf_text(&last), buf_text(&first));
	buf_fmt(by_given, "%s %s", buf_text(&first), buf_text(&last));
	buf_free(&first);
	buf_free(&last);
}

int
member_check_mobile(struct buf *mobile)
{
	/* Overseas numbers are written like the mainland's, but have codes of their own: left as they are. */
	static const char *const overseas[] = { "069", "0639" };
	struct buf number = { 0 };
	bool good = true;
	fold_in_place(mobile);
	for (const char *s = buf_text(mobile); *s; s++) {
		if (is_digit(*s) || (*s == '+' && !number.len))
			buf_char(&number, *s);
		else if (!strchr(" .-()/", *s))
			good = false;
	}
	const char *s = buf_text(&number);
	size_t digits = number.len - (*s == '+');
	if (!good || (number.len && (digits < 6 || digits > 15))) {
		buf_free(&number);
		return E_INVALID;
	}
	bool french = digits == 10 && s[0] == '0' && s[1] != '0';
	for (size_t i = 0; i < sizeof overseas / sizeof *overseas; i++)
		french = french && strncmp(s, overseas[i], strlen(overseas[i])) != 0;
	buf_cut(mobile, 0);
	if (french)
		buf_fmt(mobile, "+33%s", s + 1);
	else if (!strncmp(s, "00", 2))
		buf_fmt(mobile, "+%s", s + 2);
	else
		buf_str(mobile, s);
	buf_free(&number);
	return E_OK;
}

int
member_check_password(const char *password)
{
	size_t n = strlen(password);
	if (!n)
		return E_EMPTY;
	if (n > PASSWORD_MAX)
		return E_TOO_LONG;
	if (u8_check((const uint8_t *)password, n))
		return E_INVALID;
	struct buf form = { 0 };
	login_form(&form, password);
	size_t points = u8_mbsnlen((const uint8_t *)buf_text(&form), form.len);
	buf_wipe(&form);
	return points < PASSWORD_MIN ? E_INVALID : E_OK;
}

/* Letters and digits of a name, folded, hyphens between its words. */
static void
slug(struct buf *out, const char *name)
{
	struct buf folded = { 0 };
	text_fold(&folded, name);
	for (const char *s = buf_text(&folded); *s && out->len < PROPOSED_MAX; s++) {
		if (is_letter(*s) || (is_digit(*s) && out->len))
			buf_char(out, *s);
		else if (out->len && out->data[out->len - 1] != '-')
			buf_char(out, '-');
	}
	while (out->len && out->data[out->len - 1] == '-')
		buf_cut(out, out->len - 1);
	buf_free(&folded);
}

void
member_propose_login(struct db *db, const char *given, const char *family, struct buf *login)
{
	struct buf first = { 0 }, last = { 0 };
	slug(&first, given);
	slug(&last, family);
	if (first.len < LOGIN_MIN) {
		buf_cut(&first, 0);
		buf_str(&first, last.len < LOGIN_MIN ? "membre" : buf_text(&last));
	}
	buf_cut(login, 0);
	buf_str(login, buf_text(&first));
	if (login_answer(db, buf_text(login)) && last.len && first.len + 1 + last.len <= LOGIN_MAX)
		buf_fmt(login, ".%s", buf_text(&last));
	for (int i = 2; i <= PROPOSALS && login_answer(db, buf_text(login)); i++) {
		buf_cut(login, 0);
		buf_fmt(login, "%s%d", buf_text(&first), i);
	}
	buf_free(&first);
	buf_free(&last);
}
