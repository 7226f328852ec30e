#include "model/prompts.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "model/model.h"

static cs_status copy_labels(cs_prompts *prompts, const char *const *labels, size_t n, cs_error *error) {
    prompts->labels = cs_alloc_zero(n, sizeof *prompts->labels);
    if (!prompts->labels) return cs_fail_memory(error, "prompts");
    prompts->count = n;
    for (size_t i = 0; i < n; i++) {
        prompts->labels[i] = cs_strdup(labels[i]);
        if (!prompts->labels[i]) return cs_fail_memory(error, "prompts");
    }
    return CS_OK;
}

/* The label in place of the template's "{}". */
static cs_status fill_template(const char *text_template, const char *label, char **text, cs_error *error) {
    const char *hole = strstr(text_template, "{}");
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    cs_strbuf_append(&buffer, text_template, (size_t)(hole - text_template));
    cs_strbuf_puts(&buffer, label);
    cs_strbuf_puts(&buffer, hole + 2);
    return cs_strbuf_take(&buffer, text, error);
}

static cs_status embed_filled(cs_model *model, cs_prompts *prompts, const char *text_template, cs_error *error) {
    char **texts = cs_alloc_zero(prompts->count, sizeof *texts);
    cs_status status = texts ? CS_OK : cs_fail_memory(error, "prompts");
    for (size_t i = 0; status == CS_OK && i < prompts->count; i++)
        status = fill_template(text_template, prompts->labels[i], &texts[i], error);
    if (status == CS_OK)
        status = cs_model_embed_texts(model, (const char *const *)texts, prompts->count, prompts->embeddings, error);
    for (size_t i = 0; texts && i < prompts->count; i++)
        free(texts[i]);
    free(texts);
    return status;
}

static cs_status fill(cs_model *model, cs_prompts *prompts, const char *const *labels, size_t n,
                      const char *text_template, cs_error *error) {
    cs_status status = copy_labels(prompts, labels, n, error);
    if (status != CS_OK) return status;
    prompts->dim = model->config.dim;
    prompts->embeddings = cs_alloc(n * (size_t)prompts->dim, sizeof *prompts->embeddings);
    if (!prompts->embeddings) return cs_fail_memory(error, "prompts");
    if (text_template) return embed_filled(model, prompts, text_template, error);
    return cs_model_embed_texts(model, labels, n, prompts->embeddings, error);
}

cs_status cs_prompts_create(cs_model *model, const char *const *labels, size_t n, const char *text_template,
                            cs_prompts **prompts, cs_error *error) {
    if (n == 0) return cs_fail(error, CS_ERR_ARGUMENT, "prompts: expected at least one");
    if (text_template && !strstr(text_template, "{}"))
        return cs_fail(error, CS_ERR_ARGUMENT, "template '%s': expected {} where the prompt goes", text_template);
    for (size_t i = 0; i < n; i++)
        if (labels[i][strspn(labels[i], " \t\r\n")] == '\0')
            return cs_fail(error, CS_ERR_ARGUMENT, "prompt %zu: expected words, found an empty text", i + 1);
    cs_prompts *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "prompts");
    cs_status status = fill(model, made, labels, n, text_template, error);
    if (status != CS_OK) {
        cs_prompts_destroy(made);
        return status;
    }
    *prompts = made;
    return CS_OK;
}

void cs_prompts_destroy(cs_prompts *prompts) {
    if (!prompts) return;
    for (size_t i = 0; i < prompts->count; i++)
        free(prompts->labels[i]);
    free(prompts->labels);
    free(prompts->embeddings);
    free(prompts);
}

size_t cs_prompts_count(const cs_prompts *prompts) {
    return prompts->count;
}

const char *cs_prompts_label(const cs_prompts *prompts, size_t index) {
    return prompts->labels[index];
}

const float *cs_prompts_embeddings(const cs_prompts *prompts) {
    return prompts->embeddings;
}
