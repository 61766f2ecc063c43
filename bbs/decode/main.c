/* bbs-decode: a stranger's file in, something plain out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bbs/decode/decode.h"

int
main(int argc, char **argv)
{
	struct buf in = { 0 }, out = { 0 };
	char piece[64 * 1024];
	ssize_t n;
	while ((n = read(STDIN_FILENO, piece, sizeof piece)) > 0 && in.len <= DECODE_INPUT_MAX)
		buf_add(&in, piece, (size_t)n);
	if (n < 0 || in.len > DECODE_INPUT_MAX)
		return 1;
	int r = -1;
	if (argc == 2 && !strcmp(argv[1], "text"))
		r = decode_text(&in, &out);
	else if (argc == 2 && !strcmp(argv[1], "sound"))
		r = decode_sound(&in, &out);
	else if (argc == 5 && !strcmp(argv[1], "picture"))
		r = decode_picture(&in, (int)strtol(argv[2], NULL, 10), (int)strtol(argv[3], NULL, 10), (int)strtol(argv[4], NULL, 10), &out);
	if (!r && (fwrite(buf_text(&out), 1, out.len, stdout) != out.len || fflush(stdout)))
		r = -1;
	buf_free(&in);
	buf_free(&out);
	return r ? 1 : 0;
}
