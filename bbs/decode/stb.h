#ifndef BBS_DECODE_STB_H
#define BBS_DECODE_STB_H

/* stb_image, as far as it is asked for: JPEG and PNG in memory. stb.c is its body, which linters pass by. */
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#include <stb/stb_image.h>

#endif
