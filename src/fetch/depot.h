/* Clipsight's own cache: models/owner--name holds whole models, partial/owner--name what is being fetched,
 * locks/owner--name who is at it. All on one file system, so that a model appears and goes by renaming. */
#ifndef CS_FETCH_DEPOT_H
#define CS_FETCH_DEPOT_H

#include "clipsight.h"

typedef struct cs_depot {
    char *root, *models, *partial, *locks;
    char *folder, *staging, *lock; /* of one model */
} cs_depot;

/* Paths only; `name` must be valid. */
cs_status cs_depot_open(const char *name, cs_depot *depot, cs_error *error);
void cs_depot_clear(cs_depot *depot);

/* Makes the folders up to and with the staging folder. */
cs_status cs_depot_prepare(const cs_depot *depot, cs_error *error);

/* The staging folder becomes the model, in the place of an older one. */
cs_status cs_depot_publish(const cs_depot *depot, cs_error *error);

/* Takes a folder of the cache out of sight at once, then deletes it. CS_OK where it is not there. */
cs_status cs_depot_discard(const cs_depot *depot, const char *folder, cs_error *error);

/* Waits for others who hold the lock, unless `wait` is 0: then CS_ERR_IO. poll(context) is called while waiting, and
 * may cancel. The lock goes with the process, however that ends. */
cs_status cs_depot_lock(const cs_depot *depot, int wait, int (*poll)(void *context), void *context, int *lock,
                        cs_error *error);
void cs_depot_unlock(int lock);

#endif
