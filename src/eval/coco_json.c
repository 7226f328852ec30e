#include "eval/coco_json.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/error.h"
#include "eval/coco_scan.h"
#include "eval/dataset_files.h"

enum { IMAGES, ANNOTATIONS, CATEGORIES, LISTS };

static const char *const list_names[LISTS] = {"images", "annotations", "categories"};

static int is_given(cs_scan *scan, const int *seen, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!seen[i]) return cs_scan_fail(scan, "expected a member %s, found none", names[i]);
    return scan->status == CS_OK;
}

static int fail_memory(cs_scan *scan) {
    scan->status = cs_fail_memory(scan->error, scan->path);
    return 0;
}

static int read_string(cs_scan *scan, const char *what, char **value) {
    free(*value); /* of a member that is there twice, the last counts */
    *value = cs_scan_string(scan, what);
    if (*value && !**value) return cs_scan_fail(scan, "%s: is empty", what);
    return *value != NULL;
}

/* The member "id" or the named string. */
static int read_named(cs_scan *scan, const char *const names[2], int64_t *id, char **text) {
    int seen[2] = {0, 0};
    size_t which;
    while (cs_scan_more(scan, '}')) {
        if (!cs_scan_key(scan, names, 2, &which)) {
            cs_scan_skip(scan);
            continue;
        }
        seen[which] = 1;
        if (which == 0)
            cs_scan_integer(scan, names[0], id);
        else
            read_string(scan, names[1], text);
    }
    return is_given(scan, seen, names, 2);
}

static int read_image(cs_scan *scan, cs_coco *coco) {
    static const char *const names[] = {"id", "file_name"};
    cs_coco_image image = {0, scan->index, NULL};
    cs_coco_image *items = NULL;
    if (read_named(scan, names, &image.id, &image.file_name)) {
        items = cs_room(coco->images, coco->image_count, &coco->image_capacity, sizeof *items);
        if (!items) fail_memory(scan);
    }
    if (!items) {
        free(image.file_name);
        return 0;
    }
    coco->images = items;
    coco->images[coco->image_count++] = image;
    return 1;
}

static int read_category(cs_scan *scan, cs_coco *coco) {
    static const char *const names[] = {"id", "name"};
    int64_t id;
    char *name = NULL;
    if (!read_named(scan, names, &id, &name)) {
        free(name);
        return 0;
    }
    scan->status = cs_class_list_take(&coco->categories, id, name, scan->error);
    return scan->status == CS_OK;
}

static int read_box(cs_scan *scan, cs_coco_object *object) {
    double sides[4];
    int n = 0;
    if (!cs_scan_enter(scan, '[')) return cs_scan_fail(scan, "bbox: expected [x, y, width, height]");
    while (cs_scan_more(scan, ']')) {
        if (n == 4) return cs_scan_fail(scan, "bbox: expected 4 numbers, found more");
        if (!cs_scan_number(scan, "bbox", &sides[n++])) return 0;
    }
    if (n < 4) return cs_scan_fail(scan, "bbox: expected 4 numbers, found %d", n);
    if (sides[2] < 0 || sides[3] < 0)
        return cs_scan_fail(scan, "bbox: expected a width and a height of at least 0, found %g x %g", sides[2],
                            sides[3]);
    object->x = (float)sides[0];
    object->y = (float)sides[1];
    object->width = (float)sides[2];
    object->height = (float)sides[3];
    return 1;
}

enum { IMAGE_ID, CATEGORY_ID, BOX, NEEDED, CROWD = NEEDED, FIELDS };

static const char *const field_names[FIELDS] = {"image_id", "category_id", "bbox", "iscrowd"};

static int read_field(cs_scan *scan, size_t which, cs_coco_object *object) {
    switch (which) {
    case IMAGE_ID:
        return cs_scan_integer(scan, field_names[which], &object->image);
    case CATEGORY_ID:
        return cs_scan_integer(scan, field_names[which], &object->category);
    case BOX:
        return read_box(scan, object);
    default:
        return cs_scan_flag(scan, field_names[which], &object->crowd);
    }
}

static int read_object(cs_scan *scan, cs_coco *coco) {
    cs_coco_object object = {.crowd = 0};
    int seen[FIELDS] = {0};
    size_t which;
    while (cs_scan_more(scan, '}')) {
        if (!cs_scan_key(scan, field_names, FIELDS, &which)) {
            cs_scan_skip(scan);
            continue;
        }
        seen[which] = 1;
        if (!read_field(scan, which, &object)) return 0;
    }
    if (!is_given(scan, seen, field_names, NEEDED)) return 0;
    cs_coco_object *items = cs_room(coco->objects, coco->object_count, &coco->object_capacity, sizeof *items);
    if (!items) return fail_memory(scan);
    coco->objects = items;
    coco->objects[coco->object_count++] = object;
    return 1;
}

static int read_list(cs_scan *scan, size_t list, cs_coco *coco) {
    static int (*const readers[LISTS])(cs_scan *, cs_coco *) = {read_image, read_object, read_category};
    if (!cs_scan_enter(scan, '[')) return cs_scan_fail(scan, "%s: expected a list", list_names[list]);
    scan->list = list_names[list];
    for (scan->index = 0; cs_scan_more(scan, ']'); scan->index++) {
        if (!cs_scan_enter(scan, '{')) return cs_scan_expected(scan, "an object");
        if (!readers[list](scan, coco)) return 0;
    }
    scan->list = NULL;
    return scan->status == CS_OK;
}

static int read_document(cs_scan *scan, cs_coco *coco) {
    int seen[LISTS] = {0};
    size_t list;
    if (!cs_scan_enter(scan, '{'))
        return cs_scan_fail(scan, "expected an object with images, annotations and categories (COCO's instances)");
    while (cs_scan_more(scan, '}')) {
        if (!cs_scan_key(scan, list_names, LISTS, &list)) {
            cs_scan_skip(scan);
            continue;
        }
        if (seen[list]++) return cs_scan_fail(scan, "a second member %s", list_names[list]);
        if (!read_list(scan, list, coco)) return 0;
    }
    return is_given(scan, seen, list_names, LISTS) && cs_scan_finish(scan);
}

static int compare_images(const void *a, const void *b) {
    const cs_coco_image *first = a, *second = b;
    return (first->id > second->id) - (first->id < second->id);
}

static cs_status sort_images(cs_coco *coco, const char *path, cs_error *error) {
    if (!coco->image_count) return cs_fail(error, CS_ERR_FORMAT, "%s: images: expected at least one", path);
    qsort(coco->images, coco->image_count, sizeof *coco->images, compare_images);
    for (size_t i = 1; i < coco->image_count; i++)
        if (coco->images[i].id == coco->images[i - 1].id)
            return cs_fail(error, CS_ERR_FORMAT, "%s: two images have the number %" PRId64, path, coco->images[i].id);
    return CS_OK;
}

cs_status cs_coco_parse(const char *json, size_t size, const char *path, cs_coco *coco, cs_error *error) {
    *coco = (cs_coco)CS_COCO_EMPTY;
    cs_scan scan = cs_scan_of(json, size, path, error);
    if (!read_document(&scan, coco)) return scan.status;
    cs_status status = cs_class_list_sort(&coco->categories, path, error);
    return status == CS_OK ? sort_images(coco, path, error) : status;
}

void cs_coco_free(cs_coco *coco) {
    for (size_t i = 0; i < coco->image_count; i++)
        free(coco->images[i].file_name);
    free(coco->images);
    free(coco->objects);
    cs_class_list_free(&coco->categories);
    *coco = (cs_coco)CS_COCO_EMPTY;
}

const cs_coco_image *cs_coco_find_image(const cs_coco *coco, int64_t id) {
    const cs_coco_image key = {id, 0, NULL};
    if (!coco->image_count) return NULL;
    return bsearch(&key, coco->images, coco->image_count, sizeof key, compare_images);
}
