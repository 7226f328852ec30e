/* Clipsight's own cache: models/owner--name holds whole models, partial/owner--name what is being fetched,
 * locks/owner--name who is at it. All on one file system, so that a model appears and goes by renaming. */
#ifndef CS_FETCH_STORE_H
#define CS_FETCH_STORE_H

#include "clipsight.h"

typedef struct cs_store {
    char *root, *models, *partial, *locks;
    char *folder, *staging, *lock; /* of one model */
} cs_store;

/* Paths only; `name` must be valid. */
cs_status cs_store_open(const char *name, cs_store *store, cs_error *error);
void cs_store_clear(cs_store *store);

/* Makes the folders up to and with the staging folder. */
cs_status cs_store_prepare(const cs_store *store, cs_error *error);

/* The staging folder becomes the model, in the place of an older one. */
cs_status cs_store_publish(const cs_store *store, cs_error *error);

/* Takes a folder of the cache out of sight at once, then deletes it. CS_OK where it is not there. */
cs_status cs_store_discard(const cs_store *store, const char *folder, cs_error *error);

/* Waits for others who hold the lock, unless `wait` is 0: then CS_ERR_IO. poll(context) is called while waiting, and
 * may cancel. The lock goes with the process, however that ends. */
cs_status cs_store_lock(const cs_store *store, int wait, int (*poll)(void *context), void *context, int *lock,
                        cs_error *error);
void cs_store_unlock(int lock);

#endif
