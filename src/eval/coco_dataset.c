/* Reads a document of COCO's instances into a dataset. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "eval/coco_json.h"
#include "eval/coco_photos.h"

static cs_status find_photos(cs_dataset *dataset, const cs_coco *coco, const char *path, cs_error *error) {
    cs_coco_roots roots;
    cs_status status = cs_coco_roots_of(path, &roots, error);
    for (size_t i = 0; status == CS_OK && i < coco->image_count; i++) {
        const cs_coco_image *image = &coco->images[i];
        status = cs_coco_find_photo(&roots, image->file_name, &dataset->entries[i].photo, error);
        if (status == CS_OK && !dataset->entries[i].photo)
            status = cs_fail(error, CS_ERR_IO,
                             "%s: images[%zu]: its photograph '%.100s' is neither beside the document nor in images or "
                             "the folder above",
                             path, image->index, image->file_name);
    }
    cs_coco_roots_free(&roots);
    return status;
}

static cs_status unknown(const char *path, size_t object, const char *field, int64_t number, const char *list,
                         cs_error *error) {
    return cs_fail(error, CS_ERR_FORMAT, "%s: annotations[%zu]: %s: %" PRId64 " is not among the %s", path, object,
                   field, number, list);
}

/* Counts each photograph's objects. photos: [object_count], whose index each object's photograph has. */
static cs_status count_objects(cs_dataset *dataset, const cs_coco *coco, size_t *photos, const char *path,
                               cs_error *error) {
    for (size_t i = 0; i < coco->object_count; i++) {
        const cs_coco_image *image = cs_coco_find_image(coco, coco->objects[i].image);
        if (!image) return unknown(path, i, "image_id", coco->objects[i].image, "images", error);
        photos[i] = (size_t)(image - coco->images);
        dataset->entries[photos[i]].count++;
    }
    return CS_OK;
}

static cs_status make_room(cs_dataset *dataset, cs_error *error) {
    for (size_t i = 0; i < dataset->count; i++) {
        cs_dataset_entry *entry = &dataset->entries[i];
        entry->truth = cs_alloc(entry->count, sizeof *entry->truth);
        if (!entry->truth) return cs_fail_memory(error, "objects");
        entry->count = 0; /* counts again, while they come in */
    }
    return CS_OK;
}

static cs_status put_objects(cs_dataset *dataset, const cs_coco *coco, const size_t *photos, const char *path,
                             cs_error *error) {
    for (size_t i = 0; i < coco->object_count; i++) {
        const cs_coco_object *object = &coco->objects[i];
        cs_dataset_entry *entry = &dataset->entries[photos[i]];
        size_t index;
        if (!cs_class_list_find(&coco->categories, object->category, &index))
            return unknown(path, i, "category_id", object->category, "categories", error);
        entry->truth[entry->count++] =
            (cs_truth){index, object->x, object->y, object->width, object->height, 0, object->crowd};
    }
    return CS_OK;
}

static cs_status put_truth(cs_dataset *dataset, const cs_coco *coco, const char *path, cs_error *error) {
    size_t *photos = cs_alloc(coco->object_count, sizeof *photos);
    if (!photos) return cs_fail_memory(error, path);
    cs_status status = count_objects(dataset, coco, photos, path, error);
    if (status == CS_OK) status = make_room(dataset, error);
    if (status == CS_OK) status = put_objects(dataset, coco, photos, path, error);
    free(photos);
    return status;
}

static cs_status fill(cs_dataset *dataset, cs_coco *coco, const char *path, cs_error *error) {
    dataset->entries = cs_alloc_zero(coco->image_count, sizeof *dataset->entries);
    if (!dataset->entries) return cs_fail_memory(error, path);
    dataset->count = coco->image_count;
    cs_status status = put_truth(dataset, coco, path, error);
    if (status == CS_OK) status = find_photos(dataset, coco, path, error);
    return status == CS_OK ? cs_class_list_give(&coco->categories, dataset, error) : status;
}

cs_status cs_dataset_read_coco(cs_dataset *dataset, const char *path, cs_error *error) {
    cs_coco coco = CS_COCO_EMPTY;
    cs_mapping mapping;
    /* Mapped, not read: half a gigabyte of it need not be in memory at once. */
    cs_status status = cs_file_map(path, &mapping, error);
    if (status != CS_OK) return status;
    status = cs_coco_parse((const char *)mapping.data, mapping.size, path, &coco, error);
    cs_file_unmap(&mapping);
    if (status == CS_OK) status = fill(dataset, &coco, path, error);
    cs_coco_free(&coco);
    return status;
}
