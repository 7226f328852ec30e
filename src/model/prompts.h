/* What a prompt set holds. */
#ifndef CS_MODEL_PROMPTS_H
#define CS_MODEL_PROMPTS_H

#include "clipsight.h"

struct cs_prompts {
    size_t count;
    int dim;
    char **labels;     /* [count] */
    float *embeddings; /* [count, dim], unit length */
};

#endif
