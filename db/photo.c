/* Photos without the place where they were taken: by bytes alone. photo.h says what stays and where formats are told. */
#include "db/photo.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/error.h"
#include "bbs/base/mem.h"

#define HAS(at, n, text) ((n) >= sizeof(text) - 1 && !memcmp((at), (text), sizeof(text) - 1))
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A picture in memory: 0 <= at <= size holds for every place in it. */
struct picture {
	unsigned char *data;
	size_t size;
	bool changed;
};

static void
put(struct picture *p, size_t at, const void *bytes, size_t n)
{
	p->changed = p->changed || memcmp(p->data + at, bytes, n) != 0;
	memcpy(p->data + at, bytes, n);
}

static void
blank(struct picture *p, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		p->changed = p->changed || p->data[i];
		p->data[i] = 0;
	}
}

static uint32_t
big(const unsigned char *at, int n)
{
	uint32_t value = 0;
	for (int i = 0; i < n; i++)
		value = value << 8 | at[i];
	return value;
}

static uint32_t
little(const unsigned char *at, int n)
{
	uint32_t value = 0;
	while (n--)
		value = value << 8 | at[n];
	return value;
}

/* ---- Exif: a TIFF structure ---- */

/* How the picture is turned: 1 to 8; 0 it does not say. */
static uint32_t
orientation(const unsigned char *tiff, size_t size)
{
	enum { ENTRY = 12, TAG = 0x112, SHORT = 3 };
	if (size < 8 || (memcmp(tiff, "MM\0*", 4) != 0 && memcmp(tiff, "II*\0", 4) != 0))
		return 0;
	uint32_t (*number)(const unsigned char *at, int n) = *tiff == 'M' ? big : little;
	size_t at = number(tiff + 4, 4);
	if (at > size || size - at < 2)
		return 0;
	uint32_t count = number(tiff + at, 2);
	for (at += 2; count && size - at >= ENTRY; at += ENTRY, count--) {
		const unsigned char *entry = tiff + at;
		uint32_t value = number(entry + 8, 2);
		if (number(entry, 2) == TAG && number(entry + 2, 2) == SHORT && number(entry + 4, 4) == 1)
			return value <= 8 ? value : 0;
	}
	return 0;
}

/* Of a TIFF structure only how the picture is turned is left, before zeros. False: it did not say. */
static bool
keep_orientation(struct picture *p, size_t from, size_t to)
{
	/* One directory of one entry, and none behind it. */
	unsigned char tiff[] = { 'M', 'M', 0, '*', 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 };
	uint32_t turned = to - from >= sizeof tiff ? orientation(p->data + from, to - from) : 0;
	if (!turned)
		return false;
	tiff[19] = (unsigned char)turned;
	put(p, from, tiff, sizeof tiff);
	blank(p, from + sizeof tiff, to);
	return true;
}

/* ---- JPEG ---- */

enum { START = 0xd8, END = 0xd9, APP0 = 0xe0, APP1 = 0xe1, APP15 = 0xef, COMMENT = 0xfe };

/* The second byte of the next marker that means something, behind a picture's data too; `size`: none. */
static size_t
next_marker(const struct picture *p, size_t at)
{
	const unsigned char *found;
	while (at < p->size && (found = memchr(p->data + at, 0xff, p->size - at))) {
		at = (size_t)(found - p->data) + 1;
		/* 00 to bf: data and nothing; d0 to d7: marks in it; ff: the marker is still to come. */
		if (at < p->size && p->data[at] >= 0xc0 && (p->data[at] & 0xf8) != 0xd0 && p->data[at] != 0xff)
			return at;
	}
	return p->size;
}

/* Is what an application has put there needed to show the picture? */
static bool
shows_jpeg(int marker, const unsigned char *at, size_t n)
{
	static const struct {
		int marker;
		const char *name;
	} needed[] = {
		{ APP0, "JFIF" },
		{ APP0, "JFXX" },
		{ 0xe2, "ICC_PROFILE" },
		{ 0xe2, "MPF" },                         /* where the other pictures stand */
		{ 0xe2, "urn:iso:std:iso:ts:21496:-1" }, /* how bright they may be */
		{ 0xee, "Adobe" },
	};
	for (size_t i = 0; i < COUNT(needed); i++) {
		size_t length = strlen(needed[i].name);
		if (marker == needed[i].marker && n >= length && !memcmp(at, needed[i].name, length))
			return true;
	}
	return false;
}

static void
strip_segment(struct picture *p, int marker, size_t from, size_t to)
{
	const unsigned char *at = p->data + from;
	if ((marker < APP0 || marker > APP15) && marker != COMMENT)
		return;
	if (shows_jpeg(marker, at, to - from))
		return;
	if (marker == APP1 && HAS(at, to - from, "Exif\0\0") && keep_orientation(p, from + 6, to))
		return;
	blank(p, from, to);
}

static void
strip_jpeg(struct picture *p)
{
	for (size_t at = 2; (at = next_marker(p, at)) < p->size;) {
		int marker = p->data[at++];
		if (marker == END) {
			while (at < p->size && !p->data[at])
				at++;
			if (!HAS(p->data + at, p->size - at, "\xff\xd8\xff")) {
				blank(p, at, p->size);
				return;
			}
			continue;
		}
		if (marker == START || p->size - at < 2)
			continue;
		size_t n = big(p->data + at, 2);
		if (n < 2)
			continue;
		size_t end = p->size - at < n ? p->size : at + n;
		strip_segment(p, marker, at + 2, end);
		at = end;
	}
}

/* ---- PNG ---- */

static void
put_crc(struct picture *p, size_t from, size_t to)
{
	uint32_t crc = 0xffffffff;
	for (size_t i = from; i < to; i++) {
		crc ^= p->data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
	}
	crc = ~crc;
	const unsigned char bytes[4] = { (unsigned char)(crc >> 24), (unsigned char)(crc >> 16), (unsigned char)(crc >> 8),
		(unsigned char)crc };
	put(p, to, bytes, sizeof bytes);
}

static bool
listed(const unsigned char *type, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!memcmp(type, list[i], 4))
			return true;
	return false;
}

static void
strip_png(struct picture *p)
{
	/* A capital letter begins those without which there is no picture. */
	static const char *const needed[] = { "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "mDCV", "cLLI", "bKGD", "pHYs",
		"sBIT", "hIST", "sPLT", "tIME", "acTL", "fcTL", "fdAT" };
	size_t at = 8;
	bool end = false;
	while (!end && p->size - at >= 8) {
		const unsigned char *type = p->data + at + 4;
		size_t n = big(p->data + at, 4), from = at + 8, left = p->size - from;
		bool whole = left >= 4 && n <= left - 4;
		size_t to = whole ? from + n : p->size;
		end = !memcmp(type, "IEND", 4);
		bool shows = (*type >= 'A' && *type <= 'Z') || listed(type, needed, COUNT(needed));
		if (!shows && (memcmp(type, "eXIf", 4) != 0 || !keep_orientation(p, from, to))) {
			put(p, at + 4, "paDd", 4); /* private, not needed: nobody reads it */
			blank(p, from, to);
		}
		if (!shows && whole)
			put_crc(p, at + 4, to);
		at = whole ? to + 4 : p->size;
	}
	blank(p, at, p->size);
}

/* ---- WebP ---- */

static void
strip_webp(struct picture *p)
{
	static const char *const needed[] = { "VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP" };
	enum { XMP = 4, EXIF = 8 }; /* bits of VP8X */
	size_t said = (size_t)little(p->data + 4, 4) + 8, end = said < p->size ? said : p->size, at = 12, flags = 0;
	bool turned = false;
	while (at < end && end - at >= 8) {
		const unsigned char *type = p->data + at;
		size_t n = little(type + 4, 4), from = at + 8, to = n < end - from ? from + n : end;
		if (!memcmp(type, "VP8X", 4) && to > from)
			flags = from;
		if (!listed(type, needed, COUNT(needed))) {
			size_t tiff = from + (HAS(p->data + from, to - from, "Exif\0\0") ? 6 : 0);
			if (!memcmp(type, "EXIF", 4) && keep_orientation(p, tiff, to)) {
				turned = true;
			} else {
				put(p, at, "JUNK", 4);
				blank(p, from, to);
			}
		}
		at = to + (n & 1);
	}
	if (flags) {
		unsigned char bits = (unsigned char)(p->data[flags] & ~(XMP | (turned ? 0 : EXIF)));
		put(p, flags, &bits, 1);
	}
	blank(p, at, p->size);
}

/* ---- boxes: HEIC, JPEG XL, films ---- */

/* Whether one of the marks stands there by which such a file says where it was made, or keeps Exif or XMP. */
static int
look_for_marks(const struct photo *photo, int64_t at, int64_t end)
{
	static const char *const marks[] = { "Exif", "rdf+xml", "x:xmpmeta", "brob", "\xa9xyz", "loci", "location.ISO6709",
		"gpmd", "camm", "gps ", "CMT4" };
	enum { PIECE = 64 * 1024, OVERLAP = 16 };
	char *piece = mem_alloc(OVERLAP + PIECE);
	size_t kept = 0;
	int r = E_OK;
	while (!r && at < end) {
		size_t n = end - at < PIECE ? (size_t)(end - at) : PIECE;
		int64_t got = photo->read(photo->ctx, at, piece + kept, n);
		if (got <= 0) {
			r = (int)got;
			break;
		}
		at += got;
		n = kept + (size_t)got;
		for (size_t i = 0; i < COUNT(marks) && !r; i++)
			r = memmem(piece, n, marks[i], strlen(marks[i])) ? E_PLACE : E_OK;
		kept = n < OVERLAP ? n : OVERLAP;
		memmove(piece, piece + n - kept, kept);
	}
	free(piece);
	return r;
}

static int
look_into_boxes(const struct photo *photo)
{
	static const char *const data[] = { "mdat", "free", "skip", "wide" };
	enum { BOXES_MAX = 4096 }; /* what lies behind so many is looked through as one */
	for (int64_t at = 0, boxes = 0; at < photo->size; boxes++) {
		unsigned char head[16] = { 0 };
		int64_t got = photo->read(photo->ctx, at, (char *)head, sizeof head), left = photo->size - at;
		if (got <= 0)
			return (int)got;
		uint64_t n = big(head, 4);
		if (n == 1)
			n = (uint64_t)big(head + 8, 4) << 32 | big(head + 12, 4);
		if (n < 8 || n > (uint64_t)left || boxes == BOXES_MAX)
			n = (uint64_t)left;
		int r = boxes < BOXES_MAX && listed(head + 4, data, COUNT(data)) ? E_OK
		    : look_for_marks(photo, at, at + (int64_t)n);
		if (r)
			return r;
		at += (int64_t)n;
	}
	return E_OK;
}

/* ---- what it is ---- */

/* The whole of it, without the place. */
static int
strip_picture(const struct photo *photo, void (*strip)(struct picture *p), char **out)
{
	if (photo->size > PHOTO_MAX)
		return E_PLACE;
	struct picture p = { .data = mem_alloc((size_t)photo->size), .size = (size_t)photo->size };
	int64_t got = photo->read(photo->ctx, 0, (char *)p.data, p.size);
	int r = got < 0 ? (int)got : (size_t)got < p.size ? E_NOT_FOUND : E_OK;
	if (!r)
		strip(&p);
	if (r || !p.changed)
		free(p.data);
	else
		*out = (char *)p.data;
	return r;
}

int
photo_strip(const struct photo *photo, char **out)
{
	static const char *const boxes[] = { "ftyp", "JXL ", "jP  ", "moov", "mdat", "wide" };
	unsigned char head[16] = { 0 };
	*out = NULL;
	int64_t got = photo->size < (int64_t)sizeof head ? 0 : photo->read(photo->ctx, 0, (char *)head, sizeof head);
	if (got < 0)
		return (int)got;
	size_t n = (size_t)got;
	if (n < sizeof head)
		return E_OK;
	if (HAS(head, n, "\xff\xd8\xff"))
		return strip_picture(photo, strip_jpeg, out);
	if (HAS(head, n, "\x89PNG\r\n\x1a\n"))
		return strip_picture(photo, strip_png, out);
	if (HAS(head, n, "RIFF") && !memcmp(head + 8, "WEBP", 4))
		return strip_picture(photo, strip_webp, out);
	if (listed(head + 4, boxes, COUNT(boxes)))
		return look_into_boxes(photo);
	/* TIFF and what raw formats have made of it. */
	if (HAS(head, n, "II*\0") || HAS(head, n, "MM\0*") || HAS(head, n, "II+\0") || HAS(head, n, "MM\0+") ||
	    HAS(head, n, "IIRO") || HAS(head, n, "IIRS") || HAS(head, n, "IIU\0") || HAS(head, n, "FUJIFILM"))
		return E_PLACE;
	return E_OK;
}
