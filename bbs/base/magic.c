/* What a file is, by its first bytes: file(1)'s idea, for the few kinds that councils share. */
#include "bbs/base/magic.h"

#include <string.h>

static const struct sign {
	size_t at;
	const char *bytes;
	size_t n;
	enum magic magic;
} signs[] = {
	{ 0, "%PDF-", 5, MAGIC_PDF },
	{ 0, "PK\3\4", 4, MAGIC_OFFICE },
	{ 0, "\xff\xd8\xff", 3, MAGIC_PICTURE },
	{ 0, "\x89PNG\r\n\x1a\n", 8, MAGIC_PICTURE },
	/* ISO/IEC 14496-12: the brand of a file says what it is for. */
	{ 4, "ftypheic", 8, MAGIC_HEIC }, { 4, "ftypheix", 8, MAGIC_HEIC }, { 4, "ftypmif1", 8, MAGIC_HEIC },
	{ 4, "ftypmsf1", 8, MAGIC_HEIC }, { 4, "ftypavif", 8, MAGIC_HEIC },
	{ 4, "ftypM4A ", 8, MAGIC_SOUND }, { 4, "ftypM4B ", 8, MAGIC_SOUND },
	{ 4, "ftyp", 4, MAGIC_VIDEO },
	{ 8, "WAVE", 4, MAGIC_SOUND }, { 0, "OggS", 4, MAGIC_SOUND }, { 0, "fLaC", 4, MAGIC_SOUND },
	{ 0, "ID3", 3, MAGIC_SOUND }, { 0, "\xff\xfb", 2, MAGIC_SOUND }, { 0, "\xff\xf3", 2, MAGIC_SOUND },
	{ 0, "\xff\xf2", 2, MAGIC_SOUND }, { 0, "FORM", 4, MAGIC_SOUND },
	{ 8, "AVI ", 4, MAGIC_VIDEO }, { 0, "\x1a\x45\xdf\xa3", 4, MAGIC_VIDEO },
};

/* No control character but those of lines. */
static bool
is_text(const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)bytes[i];
		if (c == 0x7f || (c < 0x20 && !strchr("\t\n\r\f", c)) || !c)
			return false;
	}
	return n > 0;
}

enum magic
magic_of(const char *bytes, size_t n)
{
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		const struct sign *s = &signs[i];
		if (n >= s->at + s->n && !memcmp(bytes + s->at, s->bytes, s->n))
			return s->magic;
	}
	return is_text(bytes, n < MAGIC_BYTES ? n : MAGIC_BYTES) ? MAGIC_TEXT : MAGIC_UNKNOWN;
}

bool
magic_says(enum magic magic)
{
	return magic == MAGIC_TEXT || magic == MAGIC_PDF || magic == MAGIC_OFFICE || magic == MAGIC_SOUND;
}
