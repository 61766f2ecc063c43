/* Public keys as text: a line of authorized_keys. No cryptography: is it the shape of a key? */
#include <stdint.h>
#include <string.h>

#include "db/member.h"
#include "db/people.h"

/* The types taken, and of how many fields such a key is made, its type's name being the first. */
static const struct {
	const char *type;
	int fields;
} types[] = {
	{ "ssh-ed25519", 2 },
	{ "ssh-rsa", 3 },
	{ "ecdsa-sha2-nistp256", 3 },
	{ "ecdsa-sha2-nistp384", 3 },
	{ "ecdsa-sha2-nistp521", 3 },
	{ "sk-ssh-ed25519@openssh.com", 3 },
	{ "sk-ecdsa-sha2-nistp256@openssh.com", 4 },
};

static int
fields_of(const char *type)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (!strcmp(type, types[i].type))
			return types[i].fields;
	return 0;
}

/* Adds the bytes of a base64 text with its padding; false where it is none. */
static bool
decode(const char *s, struct buf *out)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t n = strlen(s);
	if (!n || n % 4)
		return false;
	size_t letters = strspn(s, alphabet), padding = strspn(s + letters, "=");
	if (letters + padding != n || padding > 2)
		return false;
	uint32_t bits = 0;
	for (size_t i = 0; i < letters; i++) {
		bits = bits << 6 | (uint32_t)(strchr(alphabet, s[i]) - alphabet);
		if (i % 4)
			buf_char(out, (char)(bits >> (6 - 2 * (i % 4)) & 0xff));
	}
	return true;
}

/* The bytes are exactly so many fields, each with its length in four bytes before it. */
static bool
made_of(const struct buf *bytes, const char *type, int fields)
{
	size_t at = 0;
	for (int i = 0; i < fields; i++) {
		if (bytes->len - at < 4)
			return false;
		const unsigned char *p = (const unsigned char *)bytes->data + at;
		size_t n = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
		at += 4;
		if (!n || n > bytes->len - at)
			return false;
		if (i == 0 && (n != strlen(type) || memcmp(bytes->data + at, type, n) != 0))
			return false;
		at += n;
	}
	return at == bytes->len;
}

bool
key_valid(const char *type, const char *blob)
{
	int fields = fields_of(type);
	if (!fields || strlen(blob) > KEY_MAX)
		return false;
	struct buf bytes = { 0 };
	bool good = decode(blob, &bytes) && made_of(&bytes, type, fields);
	buf_free(&bytes);
	return good;
}

/* Adds the next word of a line, at most KEY_MAX bytes of it; where the line goes on. */
static const char *
word(const char *s, struct buf *out)
{
	s += strspn(s, " \t");
	size_t n = strcspn(s, " \t\r\n");
	buf_add(out, s, n > KEY_MAX ? KEY_MAX + 1 : n);
	return s + n;
}

/* Whole letters, as many as a name may have. */
static void
cut_name(struct buf *name)
{
	size_t fit = 0;
	int cells;
	while (fit < name->len) {
		size_t more = text_cluster(name->data + fit, name->len - fit, &cells);
		if (fit + more > NAME_MAX_BYTES)
			break;
		fit += more;
	}
	buf_cut(name, fit);
}

int
key_parse(const char *line, struct buf *type, struct buf *blob, struct buf *name)
{
	/* A file may begin with remarks. */
	line += strspn(line, " \t\r\n");
	while (*line == '#') {
		line += strcspn(line, "\n");
		line += strspn(line, " \t\r\n");
	}
	buf_cut(type, 0);
	buf_cut(blob, 0);
	buf_cut(name, 0);
	line = word(line, type);
	line = word(line, blob);
	if (!key_valid(buf_text(type), buf_text(blob)))
		return E_INVALID;
	size_t n = strcspn(line, "\r\n");
	text_clean(name, line, n > 4 * NAME_MAX_BYTES ? 4 * NAME_MAX_BYTES : n, TEXT_LINE);
	cut_name(name);
	return E_OK;
}
