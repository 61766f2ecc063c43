/* Pictures, drawn with what a terminal has. Decoded by stb_image, drawn by libchafa. */
#include "bbs/base/picture.h"

#include <chafa.h>
#include <stdlib.h>

#include "bbs/decode/decode.h"
#include "bbs/decode/stb.h"

static const ChafaSymbolTags symbols[] = {
	[PICTURE_ASCII] = CHAFA_SYMBOL_TAG_ASCII,
	[PICTURE_HALVES] = CHAFA_SYMBOL_TAG_SPACE | CHAFA_SYMBOL_TAG_SOLID | CHAFA_SYMBOL_TAG_HHALF |
	    CHAFA_SYMBOL_TAG_VHALF | CHAFA_SYMBOL_TAG_STIPPLE,
	[PICTURE_BLOCKS] = CHAFA_SYMBOL_TAG_SPACE | CHAFA_SYMBOL_TAG_SOLID | CHAFA_SYMBOL_TAG_HALF |
	    CHAFA_SYMBOL_TAG_QUAD | CHAFA_SYMBOL_TAG_STIPPLE,
	[PICTURE_SIXEL] = CHAFA_SYMBOL_TAG_NONE,
};

static void
configure(ChafaCanvasConfig *config, const struct picture_head *head, int way, int colors)
{
	ChafaSymbolMap *map = chafa_symbol_map_new();
	chafa_symbol_map_add_by_tags(map, symbols[way]);
	chafa_canvas_config_set_symbol_map(config, map);
	chafa_symbol_map_unref(map);
	chafa_canvas_config_set_geometry(config, head->columns, head->rows);
	chafa_canvas_config_set_cell_geometry(config, CELL_WIDTH, CELL_HEIGHT);
	chafa_canvas_config_set_pixel_mode(
	    config, way == PICTURE_SIXEL ? CHAFA_PIXEL_MODE_SIXELS : CHAFA_PIXEL_MODE_SYMBOLS);
	chafa_canvas_config_set_canvas_mode(config, way == PICTURE_SIXEL ? CHAFA_CANVAS_MODE_TRUECOLOR
	    : colors >= 256 ? CHAFA_CANVAS_MODE_INDEXED_240
	    : colors >= 16  ? CHAFA_CANVAS_MODE_INDEXED_16
	    : colors >= 8   ? CHAFA_CANVAS_MODE_INDEXED_8
			    : CHAFA_CANVAS_MODE_FGBG);
}

static void
add_cells(ChafaCanvas *canvas, const struct picture_head *head, struct buf *out)
{
	for (int y = 0; y < head->rows; y++)
		for (int x = 0; x < head->columns; x++) {
			int front, back;
			chafa_canvas_get_raw_colors_at(canvas, x, y, &front, &back);
			struct picture_cell cell = { chafa_canvas_get_char_at(canvas, x, y), (int16_t)front,
				(int16_t)back };
			buf_add(out, (const char *)&cell, sizeof cell);
		}
}

int
decode_picture(const struct buf *in, int columns, int rows, int mode, struct buf *out)
{
	struct picture_head head = { 0 };
	const stbi_uc *bytes = (const stbi_uc *)buf_text(in);
	int way = mode % PICTURE_WAYS, channels;
	if (columns < 1 || columns > PICTURE_COLUMNS_MAX || rows < 1 || rows > PICTURE_ROWS_MAX || mode < 0 ||
	    way > PICTURE_SIXEL)
		return -1;
	/* What the picture says of itself, before anything is made for it. */
	if (!stbi_info_from_memory(bytes, (int)in->len, &head.width, &head.height, &channels) ||
	    head.width < 1 || head.height < 1 ||
	    (int64_t)head.width * head.height > PICTURE_PIXELS_MAX)
		return -1;
	stbi_uc *pixels = stbi_load_from_memory(bytes, (int)in->len, &head.width, &head.height, &channels, 3);
	if (!pixels)
		return -1;
	head.columns = columns;
	head.rows = rows;
	chafa_calc_canvas_geometry(head.width, head.height, &head.columns, &head.rows,
	    (float)CELL_WIDTH / CELL_HEIGHT, TRUE, FALSE);
	/* A thread of its own is what it may not start. */
	chafa_set_n_threads(1);
	ChafaCanvasConfig *config = chafa_canvas_config_new();
	configure(config, &head, way, mode / PICTURE_WAYS);
	ChafaCanvas *canvas = chafa_canvas_new(config);
	chafa_canvas_draw_all_pixels(canvas, CHAFA_PIXEL_RGB8, pixels, head.width, head.height, head.width * 3);
	GString *sixel = way == PICTURE_SIXEL ? chafa_canvas_print(canvas, NULL) : NULL;
	head.sixel = sixel ? (int32_t)sixel->len : 0;
	buf_add(out, (const char *)&head, sizeof head);
	if (sixel) {
		buf_add(out, sixel->str, sixel->len);
		g_string_free(sixel, TRUE);
	} else {
		add_cells(canvas, &head, out);
	}
	chafa_canvas_unref(canvas);
	chafa_canvas_config_unref(config);
	free(pixels);
	return 0;
}
