/* Photos that become public: their bytes alone, and in the store by every way that makes a file public. */
#include "tests/unit/people.h"

#include "db/file.h"
#include "db/photo.h"
#include "db/shelf.h"

SQL_READ(staged_contents, "SELECT count(touched) FROM upload_age_v");

/* ---- bytes ---- */

static int64_t
read_buf(void *ctx, int64_t at, char *out, size_t n)
{
	const struct buf *b = ctx;
	assert_true(at >= 0 && at <= (int64_t)b->len);
	size_t left = b->len - (size_t)at, take = left < n ? left : n;
	if (take)
		memcpy(out, b->data + at, take);
	return (int64_t)take;
}

static int
strip(const struct buf *in, struct buf *out)
{
	struct buf own = *in;
	const struct photo photo = { (int64_t)in->len, read_buf, &own };
	char *bytes;
	int r = photo_strip(&photo, &bytes);
	buf_cut(out, 0);
	if (bytes)
		buf_add(out, bytes, in->len);
	free(bytes);
	return r;
}

static bool
holds(const struct buf *b, const char *word)
{
	return memmem(b->data, b->len, word, strlen(word)) != NULL;
}

#define HOLDS(b, text) (memmem((b).data, (b).len, (text), sizeof(text) - 1) != NULL)
#define ADD(b, text) buf_add((b), (text), sizeof(text) - 1)

/* A segment of a JPEG: its length counts itself. */
static void
segment(struct buf *b, int marker, const char *data, size_t n)
{
	const char head[] = { (char)0xff, (char)marker, (char)((n + 2) >> 8), (char)(n + 2) };
	buf_add(b, head, sizeof head);
	buf_add(b, data, n);
}
#define SEGMENT(b, marker, text) segment((b), (marker), (text), sizeof(text) - 1)

/* Turned to the right, and a place: a pointer to a directory of its own, behind it. */
#define TIFF_BIG "MM\0*\0\0\0\10\0\2\1\x12\0\3\0\0\0\1\0\6\0\0\x88\x25\0\4\0\0\0\1\0\0\0\x26\0\0\0\0" \
	"\0\1\0\1\0\2\0\0\0\2N\0\0\0\0\0\0\0Nimes"
#define TIFF_LITTLE "II*\0\10\0\0\0\2\0\x12\1\3\0\1\0\0\0\6\0\0\0\x25\x88\4\0\1\0\0\0\x26\0\0\0\0\0\0\0" \
	"\1\0\1\0\2\0\2\0\0\0N\0\0\0\0\0\0\0Nimes"
#define TURNED "MM\0*\0\0\0\10\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"

/* A picture of so many bytes of data, with all that cameras and programs write beside it. */
static void
jpeg(struct buf *b, size_t data)
{
	ADD(b, "\xff\xd8");
	SEGMENT(b, 0xe0, "JFIF\0\1\1\0\0\1\0\1\0\0");
	SEGMENT(b, 0xe1, "Exif\0\0" TIFF_BIG);
	SEGMENT(b, 0xe1, "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>Nimes</x:xmpmeta>");
	SEGMENT(b, 0xe1, "http://ns.adobe.com/xmp/extension/\0Nimes");
	SEGMENT(b, 0xe2, "ICC_PROFILE\0\1\1colours");
	SEGMENT(b, 0xe2, "MPF\0II*\0where the others stand");
	SEGMENT(b, 0xed, "Photoshop 3.0\0 8BIM\4\4 Nimes");
	SEGMENT(b, 0xee, "Adobe\0d\0\0\0\0\1");
	ADD(b, "\xff\xff"); /* filled */
	SEGMENT(b, 0xfe, "Nimes, le jardin");
	SEGMENT(b, 0xdb, "\0tables");
	SEGMENT(b, 0xda, "\1\1\0\0\77\0");
	ADD(b, "data\xff\0" "data\xff\xd0" "data");
	for (size_t i = 0; i < data; i++)
		buf_char(b, (char)(i * 7 + i / 1000) == (char)0xff ? 'x' : (char)(i * 7 + i / 1000));
	SEGMENT(b, 0xec, "between two scans: Nimes");
	SEGMENT(b, 0xda, "\1\1\0\0\77\0");
	ADD(b, "more data\xff\xd9");
}

/* Both hold the same but where the first says Nimes or what leads there. */
static void
assert_shows_the_same(const struct buf *was, const struct buf *is)
{
	static const char *const kept[] = { "JFIF", "ICC_PROFILE", "colours", "where the others stand", "Adobe", "tables",
		"data", "more data\xff\xd9" };
	assert_int_equal(was->len, is->len);
	assert_false(holds(is, "Nimes"));
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		const char *at = memmem(was->data, was->len, kept[i], strlen(kept[i]));
		assert_non_null(at);
		assert_memory_equal(is->data + (at - was->data), kept[i], strlen(kept[i]));
	}
}

static void
a_jpeg(void **state)
{
	(void)state;
	struct buf in = { 0 }, out = { 0 }, again = { 0 };
	jpeg(&in, 3000);
	assert_int_equal(strip(&in, &out), E_OK);
	assert_shows_the_same(&in, &out);
	assert_true(HOLDS(out, "Exif\0\0" TURNED));
	assert_int_equal(strip(&out, &again), E_OK);
	assert_int_equal(again.len, 0); /* nothing more to change */
	/* The pictures behind the first are treated as that; what else follows goes. */
	size_t first = in.len;
	ADD(&in, "\0\0\0");
	jpeg(&in, 50);
	ADD(&in, "\0\0a film of Nimes");
	assert_int_equal(strip(&in, &out), E_OK);
	assert_int_equal(out.len, in.len);
	assert_false(holds(&out, "Nimes"));
	assert_non_null(memmem(out.data + first, out.len - first, TURNED, sizeof TURNED - 1));
	assert_non_null(memmem(out.data + first, out.len - first, "more data\xff\xd9", 11));
	/* One that nobody has written into stays as it is. */
	buf_cut(&in, 0);
	ADD(&in, "\xff\xd8");
	SEGMENT(&in, 0xe0, "JFIF\0\1\1\0\0\1\0\1\0\0");
	SEGMENT(&in, 0xda, "\1\1\0\0\77\0");
	ADD(&in, "data\xff\xd9");
	assert_int_equal(strip(&in, &out), E_OK);
	assert_int_equal(out.len, 0);
	buf_free(&in);
	buf_free(&out);
	buf_free(&again);
}

static void
turned(void **state)
{
	(void)state;
	static const struct {
		const char *tiff;
		size_t size;
		bool kept;
	} cases[] = {
#define CASE(text, kept) { text, sizeof(text) - 1, kept }
		CASE(TIFF_BIG, true),
		CASE(TIFF_LITTLE, true),
		CASE("MM\0*\0\0\0\10\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0", true),
		CASE("MM\0*\0\0\0\10\0\1\1\x12\0\3\0\0\0\1\0\11\0\0\0\0\0\0", false),  /* turned by nine */
		CASE("MM\0*\0\0\0\10\0\1\1\x12\0\4\0\0\0\1\0\6\0\0\0\0\0\0", false),   /* of another type */
		CASE("MM\0*\0\0\0\10\0\1\1\x12\0\3\0\0\0\2\0\6\0\0\0\0\0\0", false),   /* two of them */
		CASE("MM\0*\xff\xff\xff\xff\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0", false),/* nowhere */
		CASE("MM\0*\0\0\0\x19\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0", false),  /* at the end */
		CASE("MM\0*\0\0\0\10\xff\xff\1\x13\0\3\0\0\0\1\0\6\0\0\0\0\0\0", false),/* of more than there are */
		CASE("II*\0", false),
		CASE("", false),
	};
	struct buf in = { 0 }, out = { 0 }, exif = { 0 };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		buf_cut(&in, 0);
		buf_cut(&exif, 0);
		ADD(&exif, "Exif\0\0");
		buf_add(&exif, cases[i].tiff, cases[i].size);
		ADD(&in, "\xff\xd8");
		segment(&in, 0xe1, exif.data, exif.len);
		SEGMENT(&in, 0xe1, "http://ns.adobe.com/xap/1.0/\0Nimes");
		ADD(&in, "\xff\xd9");
		assert_int_equal(strip(&in, &out), E_OK);
		assert_int_equal(out.len, in.len);
		bool kept = HOLDS(out, "Exif\0\0" TURNED);
		if (kept != cases[i].kept || holds(&out, "Nimes"))
			fail_msg("case %zu", i);
	}
	buf_free(&in);
	buf_free(&out);
	buf_free(&exif);
}

/* However it is cut or lied about, what is left says nothing of what was in a segment, and is as long. */
static void
a_jpeg_that_lies(void **state)
{
	(void)state;
	struct buf whole = { 0 }, in = { 0 }, out = { 0 };
	jpeg(&whole, 20);
	for (size_t n = 16; n < whole.len; n++) {
		buf_cut(&in, 0);
		buf_add(&in, whole.data, n);
		assert_int_equal(strip(&in, &out), E_OK);
		assert_true(out.len == 0 || out.len == n);
		assert_false(holds(out.len ? &out : &in, "Nimes"));
	}
	for (size_t at = 2; at + 1 < whole.len; at++) {
		buf_cut(&in, 0);
		buf_add(&in, whole.data, whole.len);
		in.data[at] = (char)0xff;
		assert_int_equal(strip(&in, &out), E_OK);
		assert_true(out.len == 0 || out.len == in.len);
	}
	buf_free(&whole);
	buf_free(&in);
	buf_free(&out);
}

static void
chunk(struct buf *b, const char *type, const char *data, size_t n, const char *crc)
{
	const char size[] = { (char)(n >> 24), (char)(n >> 16), (char)(n >> 8), (char)n };
	buf_add(b, size, sizeof size);
	buf_add(b, type, 4);
	buf_add(b, data, n);
	buf_add(b, crc, 4);
}
#define CHUNKED(b, type, text) chunk((b), (type), (text), sizeof(text) - 1, "crc.")

static void
a_png(void **state)
{
	(void)state;
	struct buf in = { 0 }, out = { 0 }, again = { 0 };
	ADD(&in, "\x89PNG\r\n\x1a\n");
	CHUNKED(&in, "IHDR", "\0\0\0\1\0\0\0\1\10\2\0\0\0");
	CHUNKED(&in, "gAMA", "\0\0\xb1\x8f");
	CHUNKED(&in, "eXIf", TIFF_LITTLE);
	CHUNKED(&in, "iTXt", "XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta>Nimes</x:xmpmeta>");
	CHUNKED(&in, "zTXt", "Raw profile type exif\0\0Nimes");
	CHUNKED(&in, "tEXt", "Comment\0Nimes");
	CHUNKED(&in, "caNv", "Nimes");
	CHUNKED(&in, "IDAT", "data");
	CHUNKED(&in, "IEND", "");
	ADD(&in, "behind it: Nimes");
	assert_int_equal(strip(&in, &out), E_OK);
	assert_int_equal(out.len, in.len);
	assert_false(holds(&out, "Nimes"));
	assert_true(HOLDS(out, "eXIf" TURNED));
	assert_true(HOLDS(out, "gAMA\0\0\xb1\x8f" "crc.")); /* as it was */
	assert_true(HOLDS(out, "IDATdatacrc."));
	/* The sum of a chunk of five zeros of that type, by zlib's crc32(). */
	assert_true(HOLDS(out, "paDd\0\0\0\0\0\x29\xca\x6b\x78"));
	assert_int_equal(strip(&out, &again), E_OK);
	assert_int_equal(again.len, 0);
	for (size_t n = 16; n < in.len; n++) {
		struct buf part = { .data = in.data, .len = n };
		assert_int_equal(strip(&part, &out), E_OK);
		assert_true(out.len == 0 || out.len == n);
		assert_false(holds(out.len ? &out : &part, "Nimes"));
	}
	buf_free(&in);
	buf_free(&out);
	buf_free(&again);
}

static void
a_webp(void **state)
{
	(void)state;
	struct buf in = { 0 }, out = { 0 }, again = { 0 };
	ADD(&in, "RIFF....WEBP");
	ADD(&in, "VP8X\12\0\0\0\x2c\0\0\0\0\0\0\0\0\0"); /* colours, Exif, XMP */
	ADD(&in, "ICCP\7\0\0\0colours\0VP8 \4\0\0\0data");
	buf_add(&in, "EXIF", 4);
	buf_add(&in, (const char[]){ sizeof TIFF_BIG - 1, 0, 0, 0 }, 4);
	ADD(&in, TIFF_BIG);
	if (in.len % 2)
		buf_char(&in, '\0');
	ADD(&in, "XMP \6\0\0\0 Nimes");
	in.data[4] = (char)(in.len - 8);
	in.data[5] = in.data[6] = in.data[7] = 0;
	ADD(&in, "behind it: Nimes");
	assert_int_equal(strip(&in, &out), E_OK);
	assert_int_equal(out.len, in.len);
	assert_false(holds(&out, "Nimes"));
	assert_true(HOLDS(out, TURNED));
	assert_true(HOLDS(out, "VP8X\12\0\0\0\x28")); /* no XMP any more */
	assert_true(HOLDS(out, "ICCP\7\0\0\0colours\0VP8 \4\0\0\0data"));
	assert_int_equal(strip(&out, &again), E_OK);
	assert_int_equal(again.len, 0);
	for (size_t n = 16; n < in.len; n++) {
		struct buf part = { .data = in.data, .len = n };
		assert_int_equal(strip(&part, &out), E_OK);
		assert_false(holds(out.len ? &out : &part, "Nimes"));
	}
	buf_free(&in);
	buf_free(&out);
	buf_free(&again);
}

/* What cannot be cleaned is refused where it says the place, or may; what is no picture stays. */
static void
other_kinds(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t size;
		int answer;
	} cases[] = {
#define KIND(text, answer) { text, sizeof(text) - 1, answer }
#define FTYP(brand) "\0\0\0\20ftyp" brand "\0\0\0\0"
		KIND(FTYP("heic") "\0\0\0\40meta\0\0\0\0iinf...infe...Exif", E_PLACE),
		KIND(FTYP("avif") "\0\0\0\0meta\0\0\0\0iinf.application/rdf+xml", E_PLACE),
		KIND(FTYP("heic") "\0\0\0\34meta\0\0\0\0iinf...infe...", E_OK),
		KIND(FTYP("mp42") "\0\0\0\14mdatExif\0\0\0\40moovmvhd\0\0\0\0udta\0\0\0\20\xa9xyz", E_PLACE),
		KIND(FTYP("qt  ") "\0\0\0\1mdat\0\0\0\0\0\0\0\24dataExif\0\0moov...location.ISO6709", E_PLACE),
		KIND(FTYP("mp42") "\0\0\0\14mdatExif\0\0\0\20moovmvhd\0\0\0\0", E_OK),
		KIND(FTYP("mp42") "\0\0\0\0moovmvhd..............loci", E_PLACE), /* up to the end */
		KIND(FTYP("mp42") "\0\0\0\1moov\xff\xff\xff\xff\xff\xff\xff\xff loci", E_PLACE),
		KIND("\0\0\0\14JXL \r\n\x87\n\0\0\0\14brob....", E_PLACE),
		KIND("II*\0\10\0\0\0\0\0\0\0\0\0\0\0", E_PLACE),
		KIND("MM\0*\0\0\0\10\0\0\0\0\0\0\0\0", E_PLACE),
		KIND("%PDF-1.7 .......................", E_OK),
		KIND("GIF89a..........................", E_OK),
		KIND("Exif and location.ISO6709 in words", E_OK),
		KIND("\xff\xd8\xff", E_OK),
		KIND("", E_OK),
	};
	struct buf out = { 0 };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf in = { .len = cases[i].size };
		memcpy(&in.data, &cases[i].bytes, sizeof in.data);
		int r = strip(&in, &out);
		if (r != cases[i].answer || out.len)
			fail_msg("case %zu: %d", i, r);
	}
	/* A mark across two pieces; boxes without number. */
	for (size_t before = 65500; before < 65570; before++) {
		struct buf film = { 0 };
		ADD(&film, FTYP("mp42") "\0\0\0\0moov");
		for (size_t i = 0; i < before; i++)
			buf_char(&film, '.');
		ADD(&film, "location.ISO6709");
		assert_int_equal(strip(&film, &out), E_PLACE);
		buf_free(&film);
	}
	struct buf boxes = { 0 };
	ADD(&boxes, FTYP("mp42"));
	for (int i = 0; i < 200000; i++)
		ADD(&boxes, "\0\0\0\10free");
	assert_int_equal(strip(&boxes, &out), E_OK);
	ADD(&boxes, "\0\0\0\14moovloci");
	assert_int_equal(strip(&boxes, &out), E_PLACE);
	buf_free(&boxes);
	buf_free(&out);
}

/* Any number of bytes that begin as a JPEG. */
static int64_t
read_head(void *ctx, int64_t at, char *out, size_t n)
{
	(void)ctx;
	memset(out, 0, n);
	if (!at)
		memcpy(out, "\xff\xd8\xff", 3);
	return (int64_t)n;
}

static int64_t
read_nothing(void *ctx, int64_t at, char *out, size_t n)
{
	return at || n > 16 ? E_NOT_FOUND : read_head(ctx, at, out, n);
}

static void
too_large_or_gone(void **state)
{
	(void)state;
	struct photo photo = { PHOTO_MAX, read_head, NULL };
	char *out;
	assert_int_equal(photo_strip(&photo, &out), E_OK);
	assert_null(out);
	photo.size++;
	assert_int_equal(photo_strip(&photo, &out), E_PLACE);
	photo = (struct photo){ 1000, read_nothing, NULL };
	assert_int_equal(photo_strip(&photo, &out), E_NOT_FOUND);
	assert_null(out);
}

/* ---- the store ---- */

enum { LARGE = 700 * 1024 }; /* more than goes in with one transaction */

static item_id
send_as(enum who who, const char *shelf, const char *name, const struct buf *bytes, int answer)
{
	struct upload *u;
	item_id item;
	as(who);
	assert_int_equal(upload_open(s.db, shelf, name, UPLOAD_NEW, (int64_t)bytes->len, &u), E_OK);
	assert_int_equal(upload_write(u, 0, bytes->data, bytes->len), E_OK);
	assert_int_equal(upload_finish(u, &item), answer);
	return item;
}

/* What the viewer reads of it now (content 0), or of bytes that it had. */
static bool
reads(enum who who, item_id item, int64_t content, const struct buf *bytes)
{
	char *out = mem_alloc(bytes->len + 1);
	struct file now;
	as(who);
	/* 0: what it has now. */
	if (!content && !file_get(s.db, item, &now)) {
		content = now.content;
		file_free(&now);
	}
	bool same = file_read(s.db, item, content, 0, out, bytes->len + 1) == (int64_t)bytes->len &&
	    !memcmp(out, bytes->data, bytes->len);
	free(out);
	return same;
}

static bool
says_stripped(void)
{
	struct buf said = { 0 };
	file_stripped(s.db, &said);
	bool says = said.len;
	buf_free(&said);
	return says;
}

static bool
count_version(void *ctx, const struct file_was *was)
{
	int64_t *content = ctx;
	content[was->version] = was->content;
	content[0]++;
	return true;
}

/* How many versions the viewer sees; their contents behind that. */
static int64_t
versions_for(enum who who, item_id item, int64_t content[8])
{
	memset(content, 0, 8 * sizeof *content);
	as(who);
	file_versions(s.db, item, count_version, content);
	return content[0];
}

static struct buf small, large, small_clean, large_clean, heic;

static int
make_photos(void **state)
{
	jpeg(&small, 100);
	jpeg(&large, LARGE);
	assert_int_equal(strip(&small, &small_clean), E_OK);
	assert_int_equal(strip(&large, &large_clean), E_OK);
	ADD(&heic, FTYP("heic") "\0\0\0\40meta\0\0\0\0iinf...infe...Exif");
	return make_base(state);
}

static int
forget_photos(void **state)
{
	buf_free(&small);
	buf_free(&large);
	buf_free(&small_clean);
	buf_free(&large_clean);
	buf_free(&heic);
	return remove_base(state);
}

#define THEME "d30.1"

static void
sent(void **state)
{
	(void)state;
	char public[SHELF_MAX + 1];
	int64_t was[8];
	snprintf(public, sizeof public, "c%lld.public", (long long)s.nimes.n);
	const struct buf *const photos[] = { &small, &large }, *const cleaned[] = { &small_clean, &large_clean };
	for (int i = 0; i < 2; i++) {
		/* What members read stays as it was sent; what everybody reads was never there with the place. */
		item_id inside = send_as(ALBA, THEME, i ? "large.jpg" : "small.jpg", photos[i], E_OK);
		assert_false(says_stripped());
		assert_true(reads(BRUNO, inside, 0, photos[i]));
		item_id outside = send_as(ALBA, public, i ? "large.jpg" : "small.jpg", photos[i], E_OK);
		assert_true(says_stripped());
		assert_true(reads(VISITOR, outside, 0, cleaned[i]));
		assert_int_equal(versions_for(ALBA, outside, was), 1);
		assert_true(reads(ALBA, outside, was[1], cleaned[i]));
		/* Sent again: the same, as the next version. */
		assert_int_equal(send_as(ALBA, public, i ? "large.jpg" : "small.jpg", photos[i], E_OK).n, outside.n);
		assert_true(reads(VISITOR, outside, 0, cleaned[i]));
		assert_int_equal(versions_for(VISITOR, outside, was), 0);
	}
	/* One that cannot be cleaned goes where members read it, and nowhere else; nothing is left of it. */
	assert_true(send_as(ALBA, THEME, "a.heic", &heic, E_OK).n > 0);
	send_as(ALBA, public, "a.heic", &heic, E_PLACE);
	assert_int_equal(db_one(s.db, staged_contents, -1), 0);
	/* A new version of one that was opened to everybody, on a shelf of members. */
	item_id open = send_as(ALBA, THEME, "open.jpg", &small_clean, E_OK);
	assert_int_equal(file_set_level(s.db, open, "public", NULL, 0), E_OK);
	assert_int_equal(send_as(ALBA, THEME, "open.jpg", &large, E_OK).n, open.n);
	assert_true(says_stripped());
	assert_true(reads(VISITOR, open, 0, &large_clean));
}

/* Cut off and gone on with, by pieces in any order: its size never changes. */
static void
resumed(void **state)
{
	(void)state;
	char public[SHELF_MAX + 1];
	struct upload *u;
	item_id item;
	snprintf(public, sizeof public, "c%lld.public", (long long)s.nimes.n);
	as(ALBA);
	assert_int_equal(upload_open(s.db, public, "a.jpg", UPLOAD_NEW, -1, &u), E_OK);
	assert_int_equal(upload_write(u, 0, large.data, 300000), E_OK);
	upload_leave(u);
	assert_int_equal(upload_open(s.db, public, "a.jpg", UPLOAD_RESUME, -1, &u), E_OK);
	assert_int_equal(upload_size(u), 300000);
	assert_int_equal(upload_write(u, 300000, large.data + 300000, large.len - 300000), E_OK);
	assert_int_equal(upload_flush(u), E_OK);
	assert_int_equal(upload_finish(u, &item), E_OK);
	assert_true(reads(VISITOR, item, 0, &large_clean));
	/* Who sends the rest of what has ended sends nothing; who finishes in between, a part. */
	as(ALBA);
	assert_int_equal(upload_open(s.db, public, "a.jpg", UPLOAD_RESUME, -1, &u), E_OK);
	assert_int_equal(upload_size(u), large.len);
	upload_drop(u);
	for (size_t at = 0; at < 400; at += 50) {
		as(ALBA);
		assert_int_equal(upload_open(s.db, public, "b.jpg", at ? UPLOAD_RESUME : UPLOAD_NEW, -1, &u), E_OK);
		assert_int_equal(upload_write(u, (int64_t)at, small.data + at, at + 50 == 400 ? small.len - at : 50), E_OK);
		assert_int_equal(upload_finish(u, &item), E_OK);
	}
	assert_true(small.len > 400);
	char *out = mem_alloc(small.len);
	as(VISITOR);
	struct file sent;
	assert_int_equal(file_get(s.db, item, &sent), E_OK);
	assert_int_equal(file_read(s.db, item, sent.content, 0, out, small.len), small.len);
	file_free(&sent);
	assert_false(holds(&(struct buf){ out, small.len, 0 }, "Nimes"));
	free(out);
}

static void
opened(void **state)
{
	(void)state;
	int64_t was[8];
	item_id item = send_as(ALBA, THEME, "a.jpg", &large, E_OK), same = send_as(BRUNO, THEME, "b.jpg", &large, E_OK);
	as(ALBA);
	assert_int_equal(file_set_level(s.db, item, "council", NULL, 0), E_OK);
	assert_false(says_stripped());
	assert_int_equal(file_set_level(s.db, item, "public", NULL, 0), E_OK);
	assert_true(says_stripped());
	assert_true(reads(VISITOR, item, 0, &large_clean));
	assert_true(reads(BRUNO, item, 0, &large_clean));
	/* The original is an earlier version for its author; the other file, of the same bytes, is as it was. */
	assert_int_equal(versions_for(ALBA, item, was), 2);
	assert_true(reads(ALBA, item, was[1], &large));
	assert_int_equal(versions_for(BRUNO, item, (int64_t[8]){ 0 }), 0);
	assert_int_equal(versions_for(VISITOR, item, (int64_t[8]){ 0 }), 0);
	assert_true(reads(XAVIER, same, 0, &large));
	/* What it was is put back as all that becomes public. */
	as(ALBA);
	assert_int_equal(file_put_back(s.db, item, 1), E_OK);
	assert_true(says_stripped());
	assert_true(reads(VISITOR, item, 0, &large_clean));
	/* Nothing is done twice, and nothing is left staged. */
	as(ALBA);
	assert_int_equal(file_set_level(s.db, item, "members", NULL, 0), E_OK);
	assert_int_equal(file_set_level(s.db, item, "public", NULL, 0), E_OK);
	assert_false(says_stripped());
	assert_int_equal(versions_for(ALBA, item, was), 3);
	assert_int_equal(db_one(s.db, staged_contents, -1), 0);
	/* Out of the bin it comes as it went in. */
	as(ALBA);
	assert_int_equal(file_bin(s.db, item, false), E_OK);
	assert_int_equal(file_restore(s.db, item), E_OK);
	assert_true(reads(VISITOR, item, 0, &large_clean));
	item_id closed = send_as(ALBA, THEME, "a.heic", &heic, E_OK);
	assert_int_equal(file_set_level(s.db, closed, "public", NULL, 0), E_PLACE);
	assert_false(reads(VISITOR, closed, 0, &heic));
	assert_true(reads(BRUNO, closed, 0, &heic));
}

/* To where it is public: a file, a folder with files in it, in the place of what is there. */
static void
moved(void **state)
{
	(void)state;
	char public[SHELF_MAX + 1], own[SHELF_MAX + 1];
	int64_t was[8];
	struct file folder, inner;
	snprintf(public, sizeof public, "c%lld.public", (long long)s.nimes.n);
	snprintf(own, sizeof own, "m%lld", (long long)s.who[ALBA].n);
	item_id one = send_as(ALBA, own, "one.jpg", &small, E_OK);
	assert_int_equal(file_move(s.db, one, public, "one.jpg"), E_OK);
	assert_true(says_stripped());
	assert_true(reads(VISITOR, one, 0, &small_clean));
	assert_int_equal(versions_for(ALBA, one, was), 2);
	assert_true(reads(ALBA, one, was[1], &small));
	as(ALBA);
	assert_int_equal(folder_make(s.db, own, "Jardin", &folder), E_OK);
	assert_int_equal(folder_make(s.db, folder.shelf, "Fleurs", &inner), E_OK);
	item_id two = send_as(ALBA, folder.shelf, "two.jpg", &large, E_OK);
	item_id three = send_as(ALBA, inner.shelf, "three.jpg", &small, E_OK);
	item_id text = send_as(ALBA, inner.shelf, "plan.txt", &(struct buf){ "un plan", 7, 0 }, E_OK);
	item_id bad = send_as(ALBA, inner.shelf, "bad.heic", &heic, E_OK);
	/* One of them cannot be: nothing of the folder moves, nothing is changed. */
	as(ALBA);
	assert_int_equal(file_move(s.db, folder.item, public, "Jardin"), E_PLACE);
	assert_true(reads(ALBA, two, 0, &large));
	assert_int_equal(db_one(s.db, staged_contents, -1), 0);
	as(ALBA);
	assert_int_equal(file_bin(s.db, bad, false), E_OK);
	assert_int_equal(file_move(s.db, folder.item, public, "Jardin"), E_OK);
	assert_true(says_stripped());
	assert_true(reads(VISITOR, two, 0, &large_clean));
	assert_true(reads(VISITOR, three, 0, &small_clean));
	assert_true(reads(VISITOR, text, 0, &(struct buf){ "un plan", 7, 0 }));
	/* A folder's level is for what will be put there; its name may change. */
	as(ALBA);
	assert_int_equal(file_set_level(s.db, folder.item, "public", NULL, 0), E_OK);
	assert_int_equal(file_move(s.db, folder.item, public, "Le jardin"), E_OK);
	assert_false(says_stripped());
	/* In the place of one that everybody reads, and of one that members read. */
	item_id four = send_as(ALBA, own, "four.jpg", &large, E_OK);
	assert_int_equal(file_replace(s.db, four, one), E_OK);
	assert_true(says_stripped());
	assert_true(reads(VISITOR, one, 0, &large_clean));
	item_id five = send_as(ALBA, own, "five.jpg", &small, E_OK), six = send_as(ALBA, THEME, "six.jpg", &large, E_OK);
	assert_int_equal(file_replace(s.db, five, six), E_OK);
	assert_false(says_stripped());
	assert_true(reads(BRUNO, six, 0, &small));
	item_id seven = send_as(ALBA, own, "seven.heic", &heic, E_OK);
	assert_int_equal(file_replace(s.db, seven, one), E_PLACE);
	assert_true(reads(VISITOR, one, 0, &large_clean));
	assert_int_equal(db_one(s.db, staged_contents, -1), 0);
	file_free(&folder);
	file_free(&inner);
}

/* Attached to messages, which may be moved to where everybody reads them. */
static void
attached(void **state)
{
	(void)state;
	int64_t was[8];
	board_id inside = theme("inside", "members", 10), outside = theme("outside", "public", 11);
	item_id photo = send_as(ALBA, THEME, "a.jpg", &large, E_OK), closed = send_as(ALBA, THEME, "a.heic", &heic, E_OK), post, reply;
	struct attachments files = { .file = { photo, photo }, .count = 2 }, has, refused = { .file = { closed }, .count = 1 };
	as(ALBA);
	assert_int_equal(thread_new_with(s.db, inside, "Le jardin", "Le voici.", &files, &post), E_OK);
	assert_true(says_stripped());
	post_attached(s.db, post, &has);
	assert_int_equal(has.count, 2);
	for (int i = 0; i < 2; i++) {
		assert_true(reads(BRUNO, has.file[i], 0, &large_clean));
		assert_false(reads(VISITOR, has.file[i], 0, &large_clean));
		assert_int_equal(versions_for(ALBA, has.file[i], was), 1);
	}
	assert_true(reads(BRUNO, photo, 0, &large)); /* where it was it stays as it was */
	as(NATION);
	assert_int_equal(thread_move(s.db, post, outside), E_OK);
	assert_true(reads(VISITOR, has.file[0], 0, &large_clean));
	/* A reply, and one that is changed: what it has already is not looked at again. */
	as(ALBA);
	assert_int_equal(thread_reply(s.db, post, "Et celle-ci.", &reply), E_OK);
	assert_false(says_stripped());
	files.count = 1;
	assert_int_equal(post_edit_with(s.db, reply, "Et celle-ci !", &files), E_OK);
	assert_true(says_stripped());
	post_attached(s.db, reply, &has);
	assert_int_equal(has.count, 1);
	assert_true(reads(VISITOR, has.file[0], 0, &large_clean));
	as(ALBA);
	assert_int_equal(post_edit_with(s.db, reply, "Et celle-là.", &has), E_OK);
	assert_false(says_stripped());
	assert_int_equal(thread_reply_with(s.db, post, "Et celle-ci.", &refused, &reply), E_PLACE);
	assert_int_equal(thread_new_with(s.db, inside, "Le jardin", "Le voici.", &refused, &post), E_PLACE);
	assert_int_equal(db_one(s.db, staged_contents, -1), 0);
}

/* Another has sent something else between the look and the act. */
static void
changed_meanwhile(void **state)
{
	(void)state;
	struct publish looked;
	item_id item = send_as(ALBA, THEME, "a.jpg", &small, E_OK);
	as(ALBA);
	assert_int_equal(publish_look(s.db, item, &looked), E_OK);
	assert_int_equal(send_as(ALBA, THEME, "a.jpg", &large, E_OK).n, item.n);
	assert_int_equal(db_begin(s.db), E_OK);
	publish_give(s.db, &looked, "d30");
	assert_int_equal(db_commit(s.db), E_BUSY);
	publish_end(s.db, &looked);
	assert_true(reads(BRUNO, item, 0, &large));
	assert_int_equal(db_one(s.db, staged_contents, -1), 0);
}

/* What a process had staged that is no longer there is in nobody's way, and goes with the clean-up. */
static void
killed(void **state)
{
	(void)state;
	struct publish looked;
	item_id item = send_as(ALBA, THEME, "a.jpg", &large, E_OK);
	pid_t child = fork();
	if (!child) {
		if (db_open(&s.db, s.path, DB_EXISTING, true))
			_exit(1);
		as(ALBA);
		_exit(publish_look(s.db, item, &looked) ? 1 : 0);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(db_one(s.db, staged_contents, -1), 1);
	as(ALBA);
	assert_int_equal(file_set_level(s.db, item, "public", NULL, 0), E_OK);
	assert_true(reads(VISITOR, item, 0, &large_clean));
	assert_int_equal(db_one(s.db, staged_contents, -1), 0);
	as(SYSOP);
	assert_int_equal(file_sweep(s.db), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_copy, close_copy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_jpeg),
		cmocka_unit_test(turned),
		cmocka_unit_test(a_jpeg_that_lies),
		cmocka_unit_test(a_png),
		cmocka_unit_test(a_webp),
		cmocka_unit_test(other_kinds),
		cmocka_unit_test(too_large_or_gone),
		TEST(sent),
		TEST(resumed),
		TEST(opened),
		TEST(moved),
		TEST(attached),
		TEST(changed_meanwhile),
		TEST(killed),
	};
	return cmocka_run_group_tests(tests, make_photos, forget_photos);
}
