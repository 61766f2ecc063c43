/* Checks of single fields that several nouns share: lines, addresses, numbers. Knows no store. */
#include "db/check.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "bbs/base/text.h"
#include "db/db.h"

enum { URL_MAX = 500, LOCAL_MAX = 64, LABEL_MAX = 63 };

static int
clean(struct buf *field, size_t max, enum text_kind kind)
{
	struct buf out = { 0 };
	text_clean(&out, buf_text(field), field->len, kind);
	buf_free(field);
	*field = out;
	return !field->len ? E_EMPTY : field->len > max ? E_TOO_LONG : E_OK;
}

int
check_line(struct buf *field, size_t max)
{
	return clean(field, max, TEXT_LINE);
}

int
check_cells(struct buf *field, int cells)
{
	/* Signs that take no cell have their bound too. */
	int r = check_line(field, (size_t)cells * 6);
	return !r && text_width(buf_text(field), field->len) > cells ? E_TOO_LONG : r;
}

int
check_body(struct buf *field, size_t max)
{
	int r = clean(field, max, TEXT_BODY);
	return r == E_EMPTY ? E_OK : r;
}

/* ASCII only, whatever the locale: letters, digits and the signs given, in a row from s; how many.
 */
static size_t
span(const char *s, const char *signs)
{
	size_t n = 0;
	while (s[n] && (unsigned char)s[n] < 0x80 &&
	       (isalnum((unsigned char)s[n]) || strchr(signs, s[n])))
		n++;
	return n;
}

/* Labels with dots between, two at least, the last one not a number; how many bytes, 0 none. */
static size_t
domain(const char *s)
{
	const char *at = s;
	int labels = 0;
	bool number;
	for (;;) {
		size_t n = span(at, "-");
		if (n == 0 || n > LABEL_MAX || *at == '-' || at[n - 1] == '-')
			return 0;
		number = strspn(at, "0123456789") == n;
		labels++;
		at += n;
		if (*at != '.')
			break;
		at++;
	}
	return labels >= 2 && !number ? (size_t)(at - s) : 0;
}

int
check_email(struct buf *email)
{
	int r = check_line(email, EMAIL_MAX);
	if (r)
		return r;
	for (size_t i = 0; i < email->len; i++)
		if (email->data[i] >= 'A' && email->data[i] <= 'Z')
			email->data[i] += 'a' - 'A';
	const char *s = email->data;
	size_t local = span(s, ".!#$%&'*+/=?^_`{|}~-");
	if (local == 0 || local > LOCAL_MAX || s[local] != '@' || s[0] == '.' ||
	    s[local - 1] == '.' || memmem(s, local, "..", 2))
		return E_INVALID;
	size_t rest = domain(s + local + 1);
	return rest && !s[local + 1 + rest] ? E_OK : E_INVALID;
}

int
check_phone(struct buf *phone)
{
	int r = check_line(phone, PHONE_MAX);
	if (r)
		return r;
	int digits = 0;
	for (const char *s = phone->data; *s; s++) {
		if (isdigit((unsigned char)*s))
			digits++;
		else if (!strchr(" .-/()", *s) && !(*s == '+' && s == phone->data))
			return E_INVALID;
	}
	return digits >= 4 ? E_OK : E_INVALID;
}

int
check_url(struct buf *url)
{
	int r = check_line(url, URL_MAX);
	if (r)
		return r;
	if (!strstr(url->data, "://")) {
		struct buf whole = { 0 };
		buf_fmt(&whole, "https://%s", url->data);
		buf_free(url);
		*url = whole;
	}
	const char *s = url->data;
	size_t scheme = !strncasecmp(s, "https://", 8) ? 8 : !strncasecmp(s, "http://", 7) ? 7 : 0;
	size_t host = scheme ? domain(s + scheme) : 0;
	if (!host || (s[scheme + host] && !strchr("/?#:", s[scheme + host])))
		return E_INVALID;
	/* What a terminal or a web page might take for the address's end, or worse. */
	return strpbrk(s, " <>\"\\^`{|}") || strstr(s, "\u00a0") || strstr(s, "\u202f") ? E_INVALID
											: E_OK;
}

void
check_words(struct buf *out, const char *s)
{
	size_t start = out->len;
	text_sort_key(out, s);
	char *end = memchr(out->data + start, '\x01', out->len - start);
	if (end)
		buf_cut(out, (size_t)(end - out->data));
}

void
check_words_once(struct buf *out, const char *s)
{
	struct buf words = { 0 };
	check_words(&words, s);
	buf_char(out, ' '); /* so that " word " finds */
	char *rest = words.data, *word;
	while ((word = strsep(&rest, " "))) {
		struct buf look = { 0 };
		buf_fmt(&look, " %s ", word);
		if (*word && !strstr(out->data, look.data))
			buf_fmt(out, "%s ", word);
		buf_free(&look);
	}
	buf_cut(out, out->len - 1);
	buf_free(&words);
}
