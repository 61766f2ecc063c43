#ifndef BBS_BASE_PICTURE_H
#define BBS_BASE_PICTURE_H

#include <stdint.h>

/*
 * What the picture helper is asked for and answers (broker.h). Asked: number[0] columns and [1] rows at the most,
 * [2] a way of drawing and a count of colours. Answered: a struct picture_head, then its cells row by row, or the
 * bytes of one sixel image (DEC STD 070). Whoever reads the answer trusts none of it.
 */
enum picture_way {
	PICTURE_ASCII,
	PICTURE_HALVES, /* what code pages of the eighties have: halves, shades */
	PICTURE_BLOCKS, /* Unicode's blocks */
	PICTURE_SIXEL,
	PICTURE_WAYS = 16, /* number[2] = way + PICTURE_WAYS * colours */
};

enum {
	PICTURE_PIXELS_MAX = 40 * 1000 * 1000,
	PICTURE_COLUMNS_MAX = 200,
	PICTURE_ROWS_MAX = 60,
	/* A cell's pixels in a sixel image: as small as xterm's own, so that it fits wherever it is shown. */
	CELL_WIDTH = 6, CELL_HEIGHT = 12,
};

struct picture_head {
	int32_t width, height;  /* of the picture, pixels */
	int32_t columns, rows;  /* of the drawing */
	int32_t sixel;          /* bytes of a sixel image that follow; 0: cells follow */
};

struct picture_cell {
	uint32_t character;
	int16_t front, back;    /* of the terminal's palette; -1: its own */
};

#endif
