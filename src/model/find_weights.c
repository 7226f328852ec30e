#include "model/find_weights.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/file.h"

static const char *const plain_names[] = {"model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
                                          "pytorch_model.bin.index.json", NULL};
static const char *const openclip_names[] = {"open_clip_model.safetensors", "open_clip_pytorch_model.bin", NULL};

/* In a timm repository model.safetensors is the image tower alone, under timm's names. */
static cs_status nothing_found(const char *folder, const char *const *names, cs_error *error) {
    if (names == openclip_names)
        return cs_fail(
            error, CS_ERR_IO,
            "%s: has open_clip_config.json but no open_clip_model.safetensors (a model.safetensors beside it "
            "is timm's image tower alone and does not serve)",
            folder);
    return cs_fail(error, CS_ERR_IO,
                   "%s: expected model.safetensors, model.safetensors.index.json or pytorch_model.bin", folder);
}

cs_status cs_weights_file(const char *folder, cs_layout layout, char **file, cs_error *error) {
    const char *const *names = layout == CS_LAYOUT_OPENCLIP ? openclip_names : plain_names;
    for (const char *const *name = names; *name; name++) {
        char *path = cs_path_join(folder, *name);
        if (!path) return cs_fail_memory(error, folder);
        if (cs_file_exists(path)) {
            *file = path;
            return CS_OK;
        }
        free(path);
    }
    return nothing_found(folder, names, error);
}
