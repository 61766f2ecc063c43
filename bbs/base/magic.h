#ifndef BBS_BASE_MAGIC_H
#define BBS_BASE_MAGIC_H

#include <stdbool.h>
#include <stddef.h>

/* What a file is, by how it begins: its name may say anything. */
enum magic {
	MAGIC_UNKNOWN,
	MAGIC_TEXT,    /* UTF-8, or what an older Windows writes */
	MAGIC_PDF,
	MAGIC_OFFICE,  /* a zip: OpenDocument, Office Open XML, or another */
	MAGIC_PICTURE, /* JPEG, PNG */
	MAGIC_HEIC,    /* pictures of newer telephones */
	MAGIC_SOUND,
	MAGIC_VIDEO,   /* MPEG-4 with a picture, WebM, AVI */
};

enum { MAGIC_BYTES = 4096 }; /* so many of its first bytes are enough */

enum magic
magic_of(const char *bytes, size_t n);

/* Can words be found in it, or how long it sounds? */
bool
magic_says(enum magic magic);

#endif
