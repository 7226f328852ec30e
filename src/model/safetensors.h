/* The tensors of one safetensors file, from its bytes in memory. */
#ifndef CS_MODEL_SAFETENSORS_H
#define CS_MODEL_SAFETENSORS_H

#include <jansson.h>

#include "model/checkpoint.h"

typedef struct cs_tensor_list {
    cs_tensor *items; /* [count], in byte order of their names */
    size_t count;
    char *names; /* what the tensors' names point into */
} cs_tensor_list;

/* `file` stands for the bytes in messages. The tensors' data point into `bytes`, which must outlive the list. */
cs_status cs_safetensors_parse(const uint8_t *bytes, size_t size, const char *file, cs_tensor_list *list,
                               cs_error *error);
void cs_tensor_list_free(cs_tensor_list *list);

/* Finds a tensor among `count` that are sorted by name; NULL if there is none. */
const cs_tensor *cs_tensor_search(const cs_tensor *tensors, size_t count, const char *name);

/* For qsort: byte order of the names. */
int cs_tensor_compare_names(const void *a, const void *b);

/* What the bytes behind the header are called while it is read. */
typedef struct cs_safetensors_data {
    const char *file;
    const uint8_t *bytes; /* [size] */
    size_t size;
} cs_safetensors_data;

/* Fills *tensor (all but its name) from one entry of the header, after checking that type, shape and offsets agree and
 * lie within the data. */
cs_status cs_safetensors_entry(const cs_safetensors_data *data, const char *name, const json_t *entry,
                               cs_tensor *tensor, cs_error *error);

/* Fails with CS_ERR_FORMAT or another code, naming file and tensor. */
cs_status cs_fail_tensor(cs_error *error, cs_status code, const char *file, const char *name, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif
