/*
 * Photographs of many sizes from a few: what a server sees in its life.
 *
 *   sizes FOLDER COUNT FILE...     makes FOLDER/0000.jpg, 0001.png, 0002.webp and so on; FOLDER exists
 *
 * The shorter side is 48 to 1200 pixels, all scales alike often, the longer one up to three times that and 2400 at
 * most. The same arguments make the same photographs.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "clipsight.h"

enum { MAX_SIDE = 2400 };

/* Knuth's numbers for 64 bits (The Art of Computer Programming, volume 2, 3.3.4); in [0, 1). */
static double next(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 33) / 2147483648.0;
}

static void choose_size(uint64_t *state, int *width, int *height) {
    double shorter = 48 * pow(1200.0 / 48, next(state)), longer = shorter * (1 + 2 * next(state));
    int is_upright = next(state) < 0.4;
    if (longer > MAX_SIDE) longer = MAX_SIDE;
    *width = (int)(is_upright ? shorter : longer);
    *height = (int)(is_upright ? longer : shorter);
}

/* The nearest pixel does: it is the size that matters. */
static cs_status scale(const cs_image *image, int width, int height, cs_image **scaled, cs_error *error) {
    int from_width = cs_image_width(image), from_height = cs_image_height(image);
    const uint8_t *from = cs_image_pixels(image);
    uint8_t *pixels = malloc((size_t)width * (size_t)height * 3), *to = pixels;
    if (!pixels) return CS_ERR_MEMORY;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            int row = y * from_height / height, col = x * from_width / width;
            const uint8_t *pixel = from + ((size_t)row * (size_t)from_width + (size_t)col) * 3;
            for (int c = 0; c < 3; c++)
                *to++ = pixel[c];
        }
    cs_status status = cs_image_from_rgb(pixels, width, height, 0, scaled, error);
    free(pixels);
    return status;
}

static cs_status make(const char *folder, int number, uint64_t *state, const cs_image *image, cs_error *error) {
    static const char *const kinds[] = {"jpg", "png", "webp", "jpg"};
    char path[4096];
    int width, height;
    cs_image *scaled = NULL;
    choose_size(state, &width, &height);
    snprintf(path, sizeof path, "%s/%04d.%s", folder, number, kinds[number % 4]);
    cs_status status = scale(image, width, height, &scaled, error);
    if (status == CS_OK) status = cs_image_save(scaled, path, error);
    cs_image_close(scaled);
    return status;
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: sizes FOLDER COUNT FILE...\n");
        return 2;
    }
    cs_error error = {CS_OK, "out of memory"};
    cs_status status = CS_OK;
    uint64_t state = 2024;
    for (int i = 0; i < atoi(argv[2]) && status == CS_OK; i++) {
        cs_image *image = NULL;
        status = cs_image_open(argv[3 + i % (argc - 3)], NULL, &image, &error);
        if (status == CS_OK) status = make(argv[1], i, &state, image, &error);
        cs_image_close(image);
    }
    if (status != CS_OK) fprintf(stderr, "sizes: %s\n", error.message);
    return status != CS_OK;
}
