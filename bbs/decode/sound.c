/*
 * How long a sound is: by libsndfile, and for what phones record (.m4a, .3gp: ISO/IEC 14496-12) by the duration
 * that stands in its movie header.
 */
#include <sndfile.h>
#include <stdbool.h>
#include <string.h>

#include "bbs/decode/decode.h"

struct place {
	const struct buf *in;
	sf_count_t at;
};

static sf_count_t
length(void *ctx)
{
	return (sf_count_t)((struct place *)ctx)->in->len;
}

static sf_count_t
seek(sf_count_t offset, int whence, void *ctx)
{
	struct place *p = ctx;
	sf_count_t to = offset + (whence == SEEK_CUR ? p->at : whence == SEEK_END ? length(p) : 0);
	if (to < 0 || to > length(p))
		return -1;
	return p->at = to;
}

static sf_count_t
take(void *data, sf_count_t n, void *ctx)
{
	struct place *p = ctx;
	sf_count_t left = length(p) - p->at;
	if (n > left)
		n = left;
	memcpy(data, buf_text(p->in) + p->at, (size_t)n);
	p->at += n;
	return n;
}

static sf_count_t
tell(void *ctx)
{
	return ((struct place *)ctx)->at;
}

static uint64_t
number(const unsigned char *p, int bytes)
{
	uint64_t n = 0;
	for (int i = 0; i < bytes; i++)
		n = n << 8 | p[i];
	return n;
}

/* Seconds in the header of the movie among n bytes of boxes; -1: there is none. */
static double
movie_seconds(const unsigned char *p, size_t n)
{
	while (n >= 8) {
		size_t size = (size_t)number(p, 4), head = 8;
		if (size == 1 && n >= 16) {
			size = (size_t)number(p + 8, 8);
			head = 16;
		}
		if (size < head || size > n)
			size = n; /* 0: up to the end; too much: as far as it goes */
		const unsigned char *in = p + head;
		size_t left = size > head ? size - head : 0;
		if (!memcmp(p + 4, "moov", 4))
			return movie_seconds(in, left);
		if (!memcmp(p + 4, "mvhd", 4) && left >= 32) {
			bool wide = in[0] == 1;
			uint64_t scale = number(in + (wide ? 20 : 12), 4), ticks = number(in + (wide ? 24 : 16), wide ? 8 : 4);
			return scale ? (double)ticks / (double)scale : -1;
		}
		p += size;
		n -= size;
	}
	return -1;
}

int
decode_sound(const struct buf *in, struct buf *out)
{
	const unsigned char *bytes = (const unsigned char *)buf_text(in);
	double seconds = -1;
	if (in->len > 12 && !memcmp(bytes + 4, "ftyp", 4)) {
		seconds = movie_seconds(bytes, in->len);
	} else {
		SF_VIRTUAL_IO io = { length, seek, take, NULL, tell };
		struct place place = { in, 0 };
		SF_INFO info = { 0 };
		SNDFILE *sound = sf_open_virtual(&io, SFM_READ, &info, &place);
		if (sound && info.samplerate > 0)
			seconds = (double)info.frames / info.samplerate;
		sf_close(sound);
	}
	if (!(seconds >= 0 && seconds < 1e7))
		return -1;
	buf_fmt(out, "%.0f\n", seconds);
	return 0;
}
