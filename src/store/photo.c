/* Photographs as one block of memory each. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/backend.h"

/* Copies `size` bytes to *end and moves it on; NULL for nothing. */
static const void *append(char **end, const void *bytes, size_t size) {
    if (!bytes) return NULL;
    char *at = *end;
    memcpy(at, bytes, size);
    *end = at + size;
    return at;
}

cs_status cs_store_photo_copy(const cs_store_photo *photo, int dim, cs_store_photo **copy, cs_error *error) {
    size_t boxes = photo->boxes ? photo->rows * sizeof *photo->boxes : 0;
    size_t embeddings = photo->embeddings ? photo->rows * (size_t)dim * sizeof *photo->embeddings : 0;
    size_t path = strlen(photo->path) + 1, problem = photo->problem ? strlen(photo->problem) + 1 : 0;
    cs_store_photo *made = cs_alloc(1, sizeof *made + embeddings + boxes + path + problem);
    if (!made) return cs_fail_memory(error, photo->path);
    char *end = (char *)(made + 1);
    *made = *photo;
    made->embeddings = append(&end, photo->embeddings, embeddings);
    made->boxes = append(&end, photo->boxes, boxes);
    made->path = append(&end, photo->path, path);
    made->problem = append(&end, photo->problem, problem);
    *copy = made;
    return CS_OK;
}

void cs_store_photo_free(cs_store_photo *photo) {
    free(photo);
}
