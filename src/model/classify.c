/* Zero-shot classification: the label whose embedding is nearest to the photograph's. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/model.h"
#include "model/prompts.h"
#include "model/unit.h"

static void softmax(const float *logits, size_t n, float *probabilities) {
    double highest = logits[0], sum = 0;
    for (size_t i = 1; i < n; i++)
        highest = fmax(highest, logits[i]);
    for (size_t i = 0; i < n; i++)
        sum += exp(logits[i] - highest);
    for (size_t i = 0; i < n; i++)
        probabilities[i] = (float)(exp(logits[i] - highest) / sum);
}

cs_status cs_classify_embedding(const cs_model *model, const cs_prompts *prompts, const float *embedding, float *logits,
                                float *probabilities, cs_error *error) {
    size_t dim = (size_t)model->config.dim, n = prompts->count;
    float *values = cs_alloc(n, sizeof *values);
    if (!values) return cs_fail_memory(error, "a classification");
    for (size_t i = 0; i < n; i++)
        values[i] = model->logit_scale * cs_dot(embedding, prompts->embeddings + i * dim, dim) + model->logit_bias;
    for (size_t i = 0; logits && i < n; i++)
        logits[i] = values[i];
    if (probabilities) softmax(values, n, probabilities);
    free(values);
    return CS_OK;
}

cs_status cs_classify(cs_model *model, const cs_prompts *prompts, const cs_image *image, float *logits,
                      float *probabilities, cs_error *error) {
    float *embedding = cs_alloc((size_t)model->config.dim, sizeof *embedding);
    if (!embedding) return cs_fail_memory(error, "a classification");
    cs_status status = cs_model_embed_images(model, &image, 1, embedding, error);
    if (status == CS_OK) status = cs_classify_embedding(model, prompts, embedding, logits, probabilities, error);
    free(embedding);
    return status;
}
