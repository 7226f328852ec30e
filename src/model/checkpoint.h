/* Tensors of a checkpoint on disk: safetensors files and those of torch.save, mapped and checked before use.
 *
 * Formats: https://github.com/huggingface/safetensors#format, and model/pytorch.h. Every field of the header is checked
 * when a file is opened, so that a cs_tensor can be trusted. What cannot be guarded against is a file that another
 * process cuts short while it is mapped: reading the lost pages raises SIGBUS, as with any mapping. */
#ifndef CS_MODEL_CHECKPOINT_H
#define CS_MODEL_CHECKPOINT_H

#include "clipsight.h"

#define CS_TENSOR_MAX_DIMS 8

typedef enum cs_dtype {
    CS_F32,
    CS_F16,
    CS_BF16,
    CS_F64,
    CS_I64,
    CS_I32,
    CS_I16,
    CS_I8,
    CS_U8,
    CS_BOOL,
    CS_U16,
    CS_U32,
    CS_U64,
    CS_F8_E4M3,
    CS_F8_E5M2
} cs_dtype;

typedef struct cs_tensor {
    const char *name; /* owned by the checkpoint */
    cs_dtype dtype;
    int dims;
    int64_t shape[CS_TENSOR_MAX_DIMS];
    const void *data; /* inside the mapping, possibly unaligned */
    size_t bytes;
} cs_tensor;

typedef struct cs_checkpoint cs_checkpoint;

/* Opens `file`: one safetensors or PyTorch file (told from its first bytes, not its name), or (where the name ends in
 * .index.json) the index of a sharded checkpoint, whose shards lie beside it. Tensors that a shard holds but the index
 * does not list are kept, as transformers keeps them. CS_ERR_FORMAT names the file and the tensor; CS_ERR_UNSUPPORTED:
 * a number type or a rank that clipsight lacks. */
cs_status cs_checkpoint_open(const char *file, cs_checkpoint **checkpoint, cs_error *error);
void cs_checkpoint_close(cs_checkpoint *checkpoint);

/* Tensors stand in byte order of their names. */
size_t cs_checkpoint_count(const cs_checkpoint *checkpoint);
const cs_tensor *cs_checkpoint_at(const cs_checkpoint *checkpoint, size_t index);

/* NULL if there is no tensor of that name. */
const cs_tensor *cs_checkpoint_find(const cs_checkpoint *checkpoint, const char *name);

/* Reads a floating-point tensor (F32, F16, BF16) of exactly the given shape as f32 into `out` [product of shape].
 * A missing or misshapen tensor is an error that names it, what was expected and what was found. The pages behind the
 * tensor are given back to the system once they are read. */
cs_status cs_checkpoint_read(const cs_checkpoint *checkpoint, const char *name, int dims, const int64_t *shape,
                             float *out, cs_error *error);

/* A matrix whose rows are read as they are needed, from where they lie on disk. */
typedef struct cs_table {
    const cs_tensor *tensor; /* owned by the checkpoint, which has to stay open */
    size_t width;
} cs_table;

/* Finds a matrix [rows, width] under the same rules as cs_checkpoint_read(). */
cs_status cs_checkpoint_table(const cs_checkpoint *checkpoint, const char *name, int64_t rows, int64_t width,
                              cs_table *table, cs_error *error);

/* One row as f32 into `out` [width]; the caller keeps `row` inside. */
void cs_table_row(const cs_table *table, size_t row, float *out);

/* Gives the pages behind the rows read so far back to the system. */
void cs_table_rest(const cs_table *table);

#endif
