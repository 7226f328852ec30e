/* Whose embeddings a store holds: those of two models must never be compared. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/backend.h"
#include "store/check.h"

cs_status cs_store_keep_model(cs_store *store, const cs_store_model *model, cs_error *error) {
    if (!model->weights_id || model->dim < 1 || model->dim > CS_STORE_DIM_MOST)
        return cs_fail(error, CS_ERR_FORMAT, "%s: damaged: it does not say whose embeddings it holds", store->where);
    char *id = cs_strdup(model->weights_id), *name = cs_strdup(model->name ? model->name : "");
    if (!id || !name) {
        free(id);
        free(name);
        return cs_fail_memory(error, store->where);
    }
    store->model = (cs_store_model){id, model->dim, name};
    return CS_OK;
}

cs_status cs_store_check_model(const cs_store *store, const cs_store_model *wanted, cs_error *error) {
    const cs_store_model *own = &store->model;
    if (!wanted || (wanted->dim == own->dim && strcmp(wanted->weights_id, own->weights_id) == 0)) return CS_OK;
    return cs_fail(error, CS_ERR_ARGUMENT,
                   "%s: holds embeddings of the model %s (weights %s, %d numbers each), which cannot be compared with "
                   "those of %s (weights %s, %d)",
                   store->where, own->name, own->weights_id, own->dim, wanted->name ? wanted->name : "another",
                   wanted->weights_id, wanted->dim);
}

void cs_store_clear(cs_store *store) {
    free((void *)(uintptr_t)store->model.weights_id);
    free((void *)(uintptr_t)store->model.name);
    free(store->where);
}
