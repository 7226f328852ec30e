/* Of oneDNN. */
#include <stdio.h>

#include "nn/onednn/onednn.h"

void cs_onednn_version(char *text, size_t size) {
    const dnnl_version_t *version = dnnl_version();
    snprintf(text, size, "%d.%d.%d", version->major, version->minor, version->patch);
}
