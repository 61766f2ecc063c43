/* Fuzzes a command line as ssh sends it: words inside the line, or none. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bbs/base/mem.h"
#include "bbs/command.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { WORDS = 8 };
	char *words[WORDS], *line = mem_alloc(size + 1);
	memcpy(line, data, size);
	int n = command_split(line, words, WORDS);
	if (n > WORDS)
		abort();
	for (int i = 0; i < n; i++)
		if (words[i] < line || words[i] + strlen(words[i]) > line + size)
			abort();
	free(line);
	return 0;
}
