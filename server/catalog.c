#include "catalog.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "no_memory.h"

struct web_catalog {
    const char *where;
    cs_store_model model;
    pthread_mutex_t lock; /* of what follows; a store is used by one thread at a time */
    cs_store *store;      /* NULL: the connection broke */
    handle_table *handles;
    atomic_size_t size;
};

/* Called with the lock held, like all that is static here. */
static cs_status count(web_catalog *catalog, cs_error *error) {
    cs_store_info info;
    cs_status status = cs_store_describe(catalog->store, &info, error);
    if (status == CS_OK) atomic_store(&catalog->size, info.photographs);
    return status;
}

static cs_status connect_store(web_catalog *catalog, cs_error *error) {
    const cs_store_options options = {.model = &catalog->model};
    if (catalog->store) return CS_OK;
    cs_status status = cs_store_open(catalog->where, &options, &catalog->store, error);
    return status == CS_OK ? count(catalog, error) : status;
}

static void disconnect(web_catalog *catalog) {
    cs_store_close(catalog->store);
    catalog->store = NULL;
}

cs_status catalog_open(const server_options *options, web_catalog **catalog, cs_error *error) {
    web_catalog *made = calloc(1, sizeof *made);
    if (!made) return no_memory(error);
    made->where = options->store;
    made->model =
        (cs_store_model){cs_model_weights_id(options->model), cs_model_dim(options->model), options->model_name};
    pthread_mutex_init(&made->lock, NULL);
    made->handles = handles_create();
    cs_status status = made->handles ? connect_store(made, error) : no_memory(error);
    if (status == CS_OK)
        *catalog = made;
    else
        catalog_close(made);
    return status;
}

void catalog_close(web_catalog *catalog) {
    if (!catalog) return;
    disconnect(catalog);
    handles_destroy(catalog->handles);
    pthread_mutex_destroy(&catalog->lock);
    free(catalog);
}

size_t catalog_size(web_catalog *catalog) {
    return atomic_load(&catalog->size);
}

static cs_status search_once(web_catalog *catalog, const cs_query *queries, size_t n, const cs_search_options *options,
                             cs_hits **hits, cs_error *error) {
    cs_status status = connect_store(catalog, error);
    if (status == CS_OK) status = cs_store_search(catalog->store, queries, n, options, hits, error);
    cs_error ignored;
    if (status == CS_OK) count(catalog, &ignored);
    if (status == CS_ERR_IO) disconnect(catalog);
    return status;
}

/* What went wrong with a store names files and machines: that is for whoever runs the server, and not for clients. */
static cs_status tell_operator(cs_status status, cs_error *error) {
    if (status == CS_OK || status == CS_ERR_MEMORY || status == CS_ERR_CANCELLED) return status;
    fprintf(stderr, "clipsight: %s\n", error->message);
    *error = (cs_error){CS_ERR_INTERNAL, "the store cannot be searched now"};
    return CS_ERR_INTERNAL;
}

cs_status catalog_search(web_catalog *catalog, const cs_query *queries, size_t n, const cs_search_options *options,
                         cs_hits **hits, cs_error *error) {
    pthread_mutex_lock(&catalog->lock);
    cs_status status = search_once(catalog, queries, n, options, hits, error);
    if (status == CS_ERR_IO) status = search_once(catalog, queries, n, options, hits, error);
    pthread_mutex_unlock(&catalog->lock);
    return tell_operator(status, error);
}

int catalog_handle(web_catalog *catalog, const char *path, char handle[HANDLE_DIGITS + 1]) {
    pthread_mutex_lock(&catalog->lock);
    const char *given = handles_give(catalog->handles, path);
    if (given) memcpy(handle, given, HANDLE_DIGITS + 1);
    pthread_mutex_unlock(&catalog->lock);
    return given != NULL;
}

static int is_in_store(web_catalog *catalog, const char *path) {
    cs_store_photo *photo = NULL;
    cs_error error;
    if (connect_store(catalog, &error) != CS_OK) return 0;
    cs_status status = cs_store_find_path(catalog->store, path, &photo, &error);
    if (status == CS_ERR_IO) disconnect(catalog);
    int is_there = photo && !photo->problem;
    cs_store_photo_free(photo);
    return is_there;
}

char *catalog_path(web_catalog *catalog, const char *handle) {
    pthread_mutex_lock(&catalog->lock);
    const char *path = handles_find(catalog->handles, handle);
    char *copy = path && is_in_store(catalog, path) ? strdup(path) : NULL;
    pthread_mutex_unlock(&catalog->lock);
    return copy;
}
