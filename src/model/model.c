#include "model/model.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/threads.h"
#include "model/efficientnet.h"

enum { DEFAULT_BATCH = 32, MAX_BATCH = 1024, MAX_THREADS = 1024 };

static cs_status open_backend(cs_model *model, const cs_model_options *options, cs_error *error) {
    if (options->threads < 0 || options->threads > MAX_THREADS)
        return cs_fail(error, CS_ERR_ARGUMENT, "threads: expected 0 to %d, got %d", MAX_THREADS, options->threads);
    if (options->batch < 0 || options->batch > MAX_BATCH)
        return cs_fail(error, CS_ERR_ARGUMENT, "batch: expected 0 to %d, got %d", MAX_BATCH, options->batch);
    model->threads = cs_threads_resolve(options->threads);
    model->batch = options->batch ? options->batch : DEFAULT_BATCH;
    cs_status status = cs_nn_find(options->backend, &model->ops, error);
    return status == CS_OK ? model->ops->open(model->threads, &model->nn, error) : status;
}

static cs_status open_checkpoint(const char *folder, cs_checkpoint **checkpoint, cs_error *error) {
    char *file = cs_path_join(folder, "model.safetensors");
    char *index = cs_path_join(folder, "model.safetensors.index.json");
    cs_status status = CS_OK;
    if (!file || !index) {
        status = cs_fail_memory(error, folder);
    } else if (!cs_file_exists(file) && cs_file_exists(index)) {
        status = cs_checkpoint_open(index, checkpoint, error);
    } else {
        status = cs_checkpoint_open(file, checkpoint, error);
    }
    free(file);
    free(index);
    return status;
}

static cs_status load_encoders(cs_model *model, cs_error *error) {
    const cs_weights weights = {model->checkpoint, model->ops, model->nn};
    float log_scale;
    cs_status status = cs_checkpoint_read(model->checkpoint, "logit_scale", 0, NULL, &log_scale, error);
    if (status != CS_OK) return status;
    model->logit_scale = expf(log_scale);
    if (!isfinite(model->logit_scale))
        return cs_fail(error, CS_ERR_FORMAT, "tensor \"logit_scale\": expected a number below 88, found %g",
                       (double)log_scale);
    status = cs_text_encoder_create(&weights, &model->config.text, model->config.dim, &model->text, error);
    if (status == CS_OK) status = cs_efficientnet_create(&weights, &model->config.vision, &model->image, error);
    return status;
}

static cs_status load(cs_model *model, const char *folder, const cs_model_options *options, cs_error *error) {
    cs_status status = cs_config_load(folder, &model->config, error);
    if (status == CS_OK) status = open_backend(model, options, error);
    if (status == CS_OK)
        status = cs_preprocess_load(folder, model->config.vision.image_size, &model->preprocess, error);
    if (status == CS_OK) status = cs_tokenizer_open(folder, &model->tokenizer, error);
    if (status == CS_OK) status = open_checkpoint(folder, &model->checkpoint, error);
    if (status == CS_OK) status = load_encoders(model, error);
    model->preprocess.threads = model->threads;
    return status;
}

cs_status cs_model_open(const char *folder, const cs_model_options *options, cs_model **model, cs_error *error) {
    const cs_model_options defaults = CS_MODEL_OPTIONS_DEFAULT;
    char *starter = NULL;
    if (!folder) {
        cs_status status = cs_model_find(NULL, &starter, error);
        if (status != CS_OK) return status;
        folder = starter;
    }
    cs_model *made = cs_alloc_zero(1, sizeof *made);
    cs_status status = made ? load(made, folder, options ? options : &defaults, error) : cs_fail_memory(error, folder);
    free(starter);
    if (status != CS_OK) {
        cs_model_close(made);
        return status;
    }
    *model = made;
    return CS_OK;
}

void cs_model_close(cs_model *model) {
    if (!model) return;
    if (model->image) model->image->ops->destroy(model->image);
    cs_text_encoder_destroy(model->text);
    cs_checkpoint_close(model->checkpoint);
    cs_tokenizer_close(model->tokenizer);
    cs_config_clear(&model->config);
    if (model->nn) model->ops->close(model->nn);
    free(model);
}

int cs_model_dim(const cs_model *model) {
    return model->config.dim;
}

int cs_model_image_size(const cs_model *model) {
    return model->image->image_size;
}

float cs_model_logit_scale(const cs_model *model) {
    return model->logit_scale;
}

const char *cs_model_type(const cs_model *model) {
    return model->config.model_type;
}
