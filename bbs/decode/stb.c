/* The body of stb_image. */
#define STB_IMAGE_IMPLEMENTATION
#include "bbs/decode/stb.h"
