/* Fuzzes a bbs.conf: it is taken or refused in a sentence. */
#include <stdint.h>
#include <stdlib.h>

#include "bbs/conf.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf conf;
	struct buf fault = { 0 };
	int r = conf_parse(&conf, (const char *)data, size, "bbs.conf", &fault);
	if (r ? !fault.len : !conf.name || !conf.contact || !conf.store_path)
		abort();
	conf_free(&conf);
	buf_free(&fault);
	return 0;
}
