/*
 * What a telnet client may send, for libFuzzer: the first byte says how the rest is cut in pieces.
 *	clang -std=gnu17 -D_GNU_SOURCE -I. -g -fsanitize=fuzzer,address tests/fuzz/telnet.c …
 */
#include "bbs/telnet.c" /* for the parser alone, which is static there */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	static bool ready;
	if (!ready)
		charset_init();
	ready = true;
	struct line l = { .wire = -1, .link = { .session = -1 } };
	wire_init(&l.link.wire, CHARSET_UTF8, true);
	l.telnet = telnet_init(options, handle, 0, &l);
	ask(&l, AT_ONCE);
	size_t piece = data[0] ? data[0] : size;
	for (size_t at = 1; at < size; at += piece) {
		size_t n = size - at < piece ? size - at : piece;
		if (!look_ahead(&l, (const char *)data + at, n))
			break;
		telnet_recv(l.telnet, (const char *)data + at, n);
		/* Nobody gets more from us than seven bytes for each of his, and the opening. */
		if (l.out.len > 256 + 64 * size || l.link.input.len > 4 * size)
			__builtin_trap();
		if (strlen(l.term) > 32)
			__builtin_trap();
	}
	telnet_free(l.telnet);
	buf_free(&l.out);
	link_free(&l.link);
	return 0;
}
