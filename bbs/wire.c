/* Text on its way to and from a caller's line: charset and line ends. Knows no descriptor. */
#include "bbs/wire.h"

#include <string.h>

void
wire_init(struct wire *w, enum charset charset, bool crlf)
{
	*w = (struct wire){ .crlf = crlf, .charset = charset, .in.charset = charset };
}

void
wire_charset(struct wire *w, enum charset charset)
{
	bool raw = w->raw, through = w->through;
	wire_init(w, charset, w->crlf);
	w->raw = raw;
	w->through = through;
}

void
wire_through(struct wire *w, bool on)
{
	wire_charset(w, w->charset);
	w->through = on;
}

size_t
wire_whole(const char *text, size_t n)
{
	for (size_t back = 1; back <= 3 && back <= n; back++) {
		unsigned char c = (unsigned char)text[n - back];
		if ((c & 0xc0) == 0x80)
			continue;
		size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
		return length > back ? n - back : n;
	}
	return n;
}

void
wire_out(struct wire *w, const char *text, size_t n, struct buf *out)
{
	struct buf whole = { 0 };
	if (w->through || (w->raw && !w->crlf)) {
		buf_add(out, text, n);
		return;
	}
	buf_add(&whole, w->rest, w->rest_len);
	for (size_t at = 0; at < n;) {
		const char *lf = w->crlf ? memchr(text + at, '\n', n - at) : NULL;
		size_t run = lf ? (size_t)(lf - (text + at)) : n - at;
		buf_add(&whole, text + at, run);
		if (run)
			w->after_cr = text[at + run - 1] == '\r';
		at += run;
		if (!lf)
			break;
		buf_str(&whole, w->after_cr ? "\n" : "\r\n");
		w->after_cr = false;
		at++;
	}
	size_t ready = w->raw ? whole.len : wire_whole(whole.data, whole.len);
	if (w->raw)
		buf_add(out, whole.data, ready);
	else
		charset_encode(w->charset, whole.data, ready, out);
	w->rest_len = whole.len - ready;
	memcpy(w->rest, whole.data + ready, w->rest_len);
	buf_free(&whole);
}

void
wire_in(struct wire *w, const char *bytes, size_t n, struct buf *out)
{
	if (w->raw || w->through)
		buf_add(out, bytes, n);
	else
		charset_decode(&w->in, bytes, n, out);
}
