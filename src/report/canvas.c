#include "report/canvas.h"

#include <string.h>

static int least(int a, int b) {
    return a < b ? a : b;
}

static int most(int a, int b) {
    return a > b ? a : b;
}

cs_rect cs_rect_intersect(cs_rect rect, cs_rect bounds) {
    int left = most(rect.x, bounds.x), top = most(rect.y, bounds.y);
    int right = least(rect.x + rect.width, bounds.x + bounds.width);
    int bottom = least(rect.y + rect.height, bounds.y + bounds.height);
    return (cs_rect){left, top, most(right - left, 0), most(bottom - top, 0)};
}

void cs_canvas_fill(cs_image *picture, cs_rect rect, cs_rgb color) {
    rect = cs_rect_intersect(rect, (cs_rect){0, 0, picture->width, picture->height});
    if (rect.width == 0 || rect.height == 0) return;
    size_t stride = (size_t)picture->width * 3;
    uint8_t *first = picture->pixels + (size_t)rect.y * stride + (size_t)rect.x * 3;
    for (int x = 0; x < rect.width; x++)
        memcpy(first + 3 * x, &(uint8_t[3]){color.r, color.g, color.b}, 3);
    for (int y = 1; y < rect.height; y++)
        memcpy(first + (size_t)y * stride, first, (size_t)rect.width * 3);
}

void cs_canvas_frame(cs_image *picture, cs_rect rect, int thickness, cs_rgb color) {
    int across = least(thickness, rect.width), down = least(thickness, rect.height);
    cs_canvas_fill(picture, (cs_rect){rect.x, rect.y, rect.width, down}, color);
    cs_canvas_fill(picture, (cs_rect){rect.x, rect.y + rect.height - down, rect.width, down}, color);
    cs_canvas_fill(picture, (cs_rect){rect.x, rect.y, across, rect.height}, color);
    cs_canvas_fill(picture, (cs_rect){rect.x + rect.width - across, rect.y, across, rect.height}, color);
}
