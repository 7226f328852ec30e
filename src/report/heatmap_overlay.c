#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "image/resample.h"
#include "report/heatmap.h"
#include "report/legend.h"

/* Where a row or column of pixels lies between two rows or columns of cell centres. */
typedef struct tap {
    int low, high;
    float weight; /* of `high` */
} tap;

/* What is needed to colour one pixel. */
typedef struct overlay {
    const cs_map *map;
    tap *across, *down; /* [width], [height]; low is -1 outside the grid */
    cs_rgb colors[CS_COLORMAP_STEPS];
} overlay;

enum { OPAQUE = 256, LEAST_ALPHA = 64, MOST_ALPHA = 184 };

/* taps: [count], for `cells` cells that are each `side` pixels of the photograph, which is drawn in `scale` times its
 * size. Beyond the outermost centres a cell's score goes on to its edge. */
static void fill_taps(tap *taps, int count, double scale, double side, int cells) {
    for (int i = 0; i < count; i++) {
        double position = (i + 0.5) / scale / side;
        double centre = fmin(fmax(position - 0.5, 0), cells - 1);
        taps[i].low = position < cells ? (int)centre : -1;
        taps[i].high = (int)centre + 1 < cells ? (int)centre + 1 : cells - 1;
        taps[i].weight = (float)(centre - floor(centre));
    }
}

static float score_at(const cs_map *map, const tap *row, const tap *col) {
    const float *upper = map->cells + (size_t)row->low * (size_t)map->cols;
    const float *lower = map->cells + (size_t)row->high * (size_t)map->cols;
    float top = upper[col->low] + (upper[col->high] - upper[col->low]) * col->weight;
    float bottom = lower[col->low] + (lower[col->high] - lower[col->low]) * col->weight;
    return cs_heatmap_score(top + (bottom - top) * row->weight);
}

static uint8_t mix(int below, int above, int alpha) {
    return (uint8_t)((below * (OPAQUE - alpha) + above * alpha + OPAQUE / 2) / OPAQUE);
}

/* The photograph is grey below the colours, so that its own are not taken for scores, ... */
static int grey_of(const uint8_t *pixel) {
    return (77 * pixel[0] + 150 * pixel[1] + 29 * pixel[2] + 128) / 256; /* luma, ITU-R BT.601 */
}

/* ... and darker, so that its lights do not bleach them. */
static int ground_of(const uint8_t *pixel) {
    return grey_of(pixel) * 11 / 16;
}

static void color_pixel(const overlay *o, float score, uint8_t *pixel) {
    cs_rgb color = o->colors[(int)(score * (CS_COLORMAP_STEPS - 1) + 0.5F)];
    int alpha = LEAST_ALPHA + (int)(score * (MOST_ALPHA - LEAST_ALPHA) + 0.5F);
    int grey = ground_of(pixel);
    pixel[0] = mix(grey, color.r, alpha);
    pixel[1] = mix(grey, color.g, alpha);
    pixel[2] = mix(grey, color.b, alpha);
}

static void color_photo(const overlay *o, cs_image *picture, int height) {
    for (int y = 0; y < height; y++) {
        uint8_t *pixel = picture->pixels + (size_t)y * (size_t)picture->width * 3;
        for (int x = 0; x < picture->width; x++, pixel += 3)
            if (o->down[y].low >= 0 && o->across[x].low >= 0)
                color_pixel(o, score_at(o->map, &o->down[y], &o->across[x]), pixel);
            else
                memset(pixel, grey_of(pixel), 3);
    }
}

/* Fills the upper `height` rows of the picture with the photograph. */
static cs_status place_photo(const cs_image *image, cs_image *picture, int height, cs_error *error) {
    size_t stride = (size_t)picture->width * 3;
    if (image->width == picture->width && image->height == height) {
        memcpy(picture->pixels, image->pixels, stride * (size_t)height);
        return CS_OK;
    }
    return cs_resample(cs_image_view(image), picture->width, height, CS_FILTER_BILINEAR, 1, picture->pixels, stride,
                       error);
}

static cs_status draw(overlay *o, const cs_image *image, cs_image *picture, int height, cs_error *error) {
    o->across = cs_alloc((size_t)picture->width, sizeof *o->across);
    o->down = cs_alloc((size_t)height, sizeof *o->down);
    if (!o->across || !o->down) return cs_fail_memory(error, "a heat map");
    const cs_map *map = o->map;
    fill_taps(o->across, picture->width, (double)picture->width / image->width, (double)map->cell_width, map->cols);
    fill_taps(o->down, height, (double)height / image->height, (double)map->cell_height, map->rows);
    cs_colormap(o->colors);
    cs_status status = place_photo(image, picture, height, error);
    if (status != CS_OK) return status;
    color_photo(o, picture, height);
    return cs_legend_draw(picture, height, o->colors, error);
}

static int scaled(int side, double scale) {
    int result = (int)(side * scale + 0.5);
    return result < 1 ? 1 : result;
}

cs_status cs_heatmap_overlay(const cs_image *image, const cs_map *map, cs_image **picture, cs_error *error) {
    double scale = fmin((double)CS_HEATMAP_SIDE / (image->width > image->height ? image->width : image->height), 1);
    int width = scaled(image->width, scale), height = scaled(image->height, scale);
    cs_image *made = NULL;
    cs_status status = cs_image_create(width, height + cs_legend_height(width, height), &made, error);
    if (status != CS_OK) return status;
    overlay o = {.map = map};
    status = draw(&o, image, made, height, error);
    free(o.across);
    free(o.down);
    if (status == CS_OK)
        *picture = made;
    else
        cs_image_close(made);
    return status;
}
