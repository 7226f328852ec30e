/* Embedding texts and photographs. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "model/model.h"
#include "model/series.h"

cs_status cs_progress_report(const cs_progress *progress, size_t done, size_t total, cs_error *error) {
    if (progress && progress->call && progress->call(progress->context, done, total) != 0)
        return cs_fail(error, CS_ERR_CANCELLED, "cancelled after %zu of %zu steps", done, total);
    return CS_OK;
}

/* Number of ids up to the one at whose position the text's state is read. What follows cannot matter. */
static size_t end_of_text(const cs_text_config *config, const int32_t *ids, size_t count) {
    size_t end = 0;
    for (size_t i = 1; i < count; i++)
        if (ids[i] > ids[end]) end = i;
    for (size_t i = 0; config->end_of_text != CS_END_IS_HIGHEST && i < count; i++)
        if (ids[i] == config->end_of_text) return i + 1;
    return end + 1;
}

static cs_status tokenize(const cs_model *model, const char *const *texts, size_t n, int32_t *ids, size_t *lengths,
                          cs_error *error) {
    size_t context = (size_t)model->config.text.context;
    for (size_t i = 0; i < n; i++) {
        cs_status status = cs_tokenizer_encode(model->tokenizer, texts[i], strlen(texts[i]), context, ids + i * context,
                                               &lengths[i], error);
        if (status != CS_OK) return status;
        lengths[i] = end_of_text(&model->config.text, ids + i * context, lengths[i]);
    }
    return CS_OK;
}

cs_status cs_model_embed_texts(cs_model *model, const char *const *texts, size_t n, float *out, cs_error *error) {
    size_t context = (size_t)model->config.text.context;
    double start = cs_clock();
    int32_t *ids = cs_alloc(n * context, sizeof *ids);
    size_t *lengths = cs_alloc(n, sizeof *lengths);
    cs_status status = ids && lengths ? CS_OK : cs_fail_memory(error, "texts");
    if (status == CS_OK) status = tokenize(model, texts, n, ids, lengths, error);
    if (status == CS_OK) status = cs_text_encoder_run(model->text, ids, context, lengths, n, out, error);
    cs_clock_lap(&model->work.text_seconds, start);
    free(ids);
    free(lengths);
    return status;
}

cs_status cs_model_embed_images(cs_model *model, const cs_image *const *images, size_t n, float *out, cs_error *error) {
    cs_series *series;
    cs_status status = cs_photo_series_create(model, images, n, out, &series, error);
    if (status != CS_OK) return status;
    status = cs_series_embed(model, series, NULL, error);
    cs_series_destroy(series);
    return status;
}
