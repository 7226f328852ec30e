/* What is wrong with the arguments of the public functions, so that no kind of store has to ask. */
#ifndef CS_STORE_CHECK_H
#define CS_STORE_CHECK_H

#include "clipsight_tools.h"

/* Numbers of an embedding. */
enum { CS_STORE_DIM_MOST = 65536 };

/* All return CS_ERR_ARGUMENT and name the path or the number of the query. */
cs_status cs_check_model(const char *where, const cs_store_model *model, cs_error *error);
cs_status cs_check_paths(const char *const *paths, size_t n, cs_error *error);
cs_status cs_check_photo_paths(const cs_store_photo *photos, size_t n, cs_error *error);

/* Photographs that are to be put: also CS_ERR_LIMIT, where one has more rows than any kind of store takes. */
cs_status cs_check_photos(const cs_store_photo *photos, size_t n, int dim, cs_error *error);

/* Also CS_ERR_LIMIT, where they are too many. */
cs_status cs_check_queries(const cs_query *queries, size_t n, int dim, cs_error *error);

#endif
