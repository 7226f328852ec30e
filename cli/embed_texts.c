#include "embed_texts.h"

#include <string.h>

#include "interrupt.h"
#include "prompt_file.h"
#include "say.h"

int texts_collect(const cli_settings *settings, text_list *texts) {
    for (size_t i = 0; i < settings->texts.count; i++)
        text_list_add(texts, text_copy(settings->texts.items[i]));
    if (!settings->texts_file) return STATUS_OK;
    int status = prompt_lines("--texts", settings->texts_file, texts);
    if (status == STATUS_OK && texts->count == 0 && !interrupt_signal()) {
        complain("--texts: %s: no texts in it: expected one a line", settings->texts_file);
        status = STATUS_FAILURE;
    }
    return status;
}

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
