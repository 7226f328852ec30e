/* For tests of the command from outside.
 *
 *   store_tool dump STORE                 a line per photograph of a store, sorted by path, after checking its sums
 *   store_tool photos PHOTO FOLDER N      writes N different small photographs, cut out of a large one
 *
 * A line of the dump: path, bytes, time, SHA-256 of the file, size in pixels, rows, SHA-256 of boxes and embeddings (of
 * whichever photograph the store has for the content) or "-", the problem or "-", parted by tabs. In paths \ and what
 * is not printable stand as \ooo. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clipsight_tools.h"

static _Noreturn void die(const char *what) {
    fprintf(stderr, "store_tool: %s\n", what);
    exit(1);
}

static void *grow(void *block, size_t count, size_t size) {
    void *grown = realloc(block, count * size);
    if (!grown) die("out of memory");
    return grown;
}

typedef struct photos {
    cs_store_photo *items;
    size_t count, broken, rows;
} photos;

static int collect(void *context, const cs_store_photo *photo) {
    photos *all = context;
    if (all->count > 0 && strcmp(all->items[all->count - 1].path, photo->path) >= 0) die("paths do not rise");
    all->items = grow(all->items, all->count + 1, sizeof *all->items);
    all->items[all->count] = *photo;
    all->items[all->count].path = strdup(photo->path);
    all->items[all->count].problem = photo->problem ? strdup(photo->problem) : NULL;
    all->count++;
    all->broken += photo->problem != NULL;
    all->rows += photo->rows;
    return 0;
}

static void print_path(const char *path) {
    for (const unsigned char *c = (const unsigned char *)path; *c; c++)
        if (*c <= 0x20 || *c >= 0x7F || *c == '\\')
            printf("\\%03o", *c);
        else
            putchar(*c);
}

static void print_hash(const uint8_t hash[32]) {
    putchar('\t');
    for (int i = 0; i < 32; i++)
        printf("%02x", hash[i]);
}

/* The boxes as a hash, the embeddings as a sum that notices every number, and whose it is: its last digits may depend
 * on the batch that they were made in. */
static void print_rows(const cs_store_photo *photo, int dim) {
    cs_error error;
    uint8_t hash[32];
    double sum = 0;
    if (cs_content_hash(photo->boxes, photo->rows * sizeof *photo->boxes, hash, &error) != CS_OK) die(error.message);
    print_hash(hash);
    for (size_t i = 0; i < photo->rows * (size_t)dim; i++)
        sum += sin((double)i + 1) * (double)photo->embeddings[i];
    printf(" %.7f", sum);
}

static void print_photo(cs_store *store, const cs_store_photo *photo, int dim) {
    cs_error error;
    cs_store_photo *found = NULL;
    print_path(photo->path);
    printf("\t%" PRIu64 "\t%" PRId64, photo->bytes, photo->modified);
    print_hash(photo->hash);
    printf("\t%dx%d\t%zu", photo->width, photo->height, photo->rows);
    if (cs_store_find_content(store, photo->hash, &found, &error) != CS_OK) die(error.message);
    if (photo->rows > 0 && !found) die("a photograph is not found by its content");
    if (photo->rows > 0)
        print_rows(found, dim);
    else
        printf("\t-");
    printf("\t%s\n", photo->problem ? photo->problem : "-");
    cs_store_photo_free(found);
}

static int dump(const char *where) {
    cs_error error;
    cs_store *store;
    cs_store_info info;
    photos all = {NULL, 0, 0, 0};
    if (cs_store_open(where, NULL, &store, &error) != CS_OK) die(error.message);
    if (cs_store_each(store, "", collect, &all, &error) != CS_OK) die(error.message);
    if (cs_store_describe(store, &info, &error) != CS_OK) die(error.message);
    if (info.photographs + info.broken != all.count || info.broken != all.broken || info.rows != all.rows)
        die("the store's sums are not those of its photographs");
    for (size_t i = 0; i < all.count; i++) {
        print_photo(store, &all.items[i], info.model.dim);
        free((char *)(uintptr_t)all.items[i].path);
        free((char *)(uintptr_t)all.items[i].problem);
    }
    free(all.items);
    cs_store_close(store);
    return 0;
}

static int make_photos(const char *source, const char *folder, int n) {
    cs_error error;
    cs_image *image, *crop;
    char path[4096];
    if (cs_image_open(source, NULL, &image, &error) != CS_OK) die(error.message);
    for (int i = 0; i < n; i++) {
        float x = (float)(i * 37 % (cs_image_width(image) - 120)), y = (float)(i * 53 % (cs_image_height(image) - 100));
        snprintf(path, sizeof path, "%s/%04d.jpg", folder, i);
        if (cs_image_crop(image, x, y, (float)(100 + i % 20), 96, &crop, &error) != CS_OK) die(error.message);
        if (cs_image_save(crop, path, &error) != CS_OK) die(error.message);
        cs_image_close(crop);
    }
    cs_image_close(image);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "dump") == 0) return dump(argv[2]);
    if (argc == 5 && strcmp(argv[1], "photos") == 0) return make_photos(argv[2], argv[3], atoi(argv[4]));
    die("expected 'dump STORE' or 'photos PHOTO FOLDER N'");
}
