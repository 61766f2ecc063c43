#ifndef DB_PHOTO_H
#define DB_PHOTO_H

#include <stdint.h>
#include <stddef.h>

/*
 * Photos without the place where they were taken, before everybody reads them. Bytes only, of strangers: every
 * length is checked, and nothing is ever moved. What could say the place becomes zeros where it stands, so that a
 * file keeps its size (what was cut off can be gone on with) and the picture every byte of its own.
 *
 * JPEG, PNG, WebP: kept is what is needed to show the picture, and of Exif how it is turned. All else that may have
 * been written beside it goes, known or not: Exif, XMP, IPTC, comments, what makers of cameras and programs add, what
 * follows the picture; with the place go the date, the camera, the small picture. Pictures behind the first (MPF) are
 * treated as that.
 * HEIC, AVIF, JPEG XL, JPEG 2000, films: where one says, or may say, the place, it is refused. TIFF and cameras' raw
 * formats: refused. All others are no photos and stay as they are; so do those within a document (PDF, odt, zip).
 *
 * Formats: JPEG ITU T.81 B.1 and T.872 (APP markers), Exif 2.3 (CIPA DC-008) 4.5 to 4.7, MPF CIPA DC-007, XMP part 3,
 * PNG third edition 5 and 11.3, WebP RFC 9649, boxes ISO/IEC 14496-12 4.2.
 */
enum { PHOTO_MAX = 64 * 1024 * 1024 }; /* bytes of a picture that is held in memory */

struct photo {
	int64_t size;
	/* Up to n bytes from there: how many, 0 behind the end, < 0 an answer. */
	int64_t (*read)(void *ctx, int64_t at, char *out, size_t n);
	void *ctx;
};

/*
 * E_OK: *out is what it has to be, as many bytes, to be freed; NULL: it can stay as it is. E_PLACE: it may say where it
 * was taken, and that cannot be taken from it here; or the answer of `read`.
 */
int
photo_strip(const struct photo *photo, char **out);

#endif
