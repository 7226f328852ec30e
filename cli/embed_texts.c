#include "embed_texts.h"

#include <string.h>

/* A prompt set is what fills templates; its embeddings are those of the texts. */
cs_status texts_embed(cs_model *model, const char *const *texts, size_t n, const char *text_template, float *out,
                      cs_error *error) {
    cs_prompts *prompts = NULL;
    cs_status status = cs_prompts_create(model, texts, n, text_template, &prompts, error);
    if (status != CS_OK) return status;
    memcpy(out, cs_prompts_embeddings(prompts), n * (size_t)cs_model_dim(model) * sizeof *out);
    cs_prompts_destroy(prompts);
    return CS_OK;
}
