/* Any readable checkpoint as one safetensors file. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "model/find_weights.h"
#include "model/safetensors_write.h"

#define ENDING ".safetensors"

static int ends_in(const char *string, const char *ending) {
    size_t length = strlen(string), tail = strlen(ending);
    return length >= tail && strcmp(string + length - tail, ending) == 0;
}

/* The checkpoint of a model folder, or `source` itself. OpenCLIP's weights have names of their own. */
static cs_status find_checkpoint(const char *source, char **file, cs_error *error) {
    if (!cs_folder_exists(source)) {
        *file = cs_strdup(source);
        return *file ? CS_OK : cs_fail_memory(error, source);
    }
    char *config = cs_path_join(source, "open_clip_config.json");
    if (!config) return cs_fail_memory(error, source);
    cs_layout layout = cs_file_exists(config) ? CS_LAYOUT_OPENCLIP : CS_LAYOUT_HF;
    free(config);
    return cs_weights_file(source, layout, file, error);
}

cs_status cs_model_convert(const char *source, const char *target, cs_error *error) {
    char *file;
    cs_checkpoint *checkpoint;
    if (!ends_in(target, ENDING))
        return cs_fail(error, CS_ERR_ARGUMENT, "%s: expected a file name that ends in " ENDING, target);
    cs_status status = find_checkpoint(source, &file, error);
    if (status != CS_OK) return status;
    status = cs_checkpoint_open(file, &checkpoint, error);
    free(file);
    if (status != CS_OK) return status;
    status = cs_checkpoint_write(checkpoint, target, error);
    cs_checkpoint_close(checkpoint);
    return status;
}
