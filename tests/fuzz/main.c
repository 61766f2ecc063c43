/* Runs a fuzz target without libFuzzer, on the files named: what was found once is never found again. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
main(int argc, char **argv)
{
	enum { MOST = 1 << 20 };
	uint8_t *data = malloc(MOST);
	for (int i = 1; data && i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		if (!f)
			return 1;
		size_t n = fread(data, 1, MOST, f);
		fclose(f);
		LLVMFuzzerTestOneInput(data, n);
	}
	free(data);
	return data ? 0 : 1;
}
