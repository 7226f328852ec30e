#include "model/model.h"

#include <malloc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/threads.h"
#include "model/efficientnet.h"
#include "model/find_weights.h"
#include "model/resnet.h"
#include "model/vit.h"

enum { DEFAULT_BATCH = 32, MAX_BATCH = 1024, MAX_THREADS = 1024 };

/* AUTO is bf16 where that is to be had. */
static cs_status open_precision(cs_model *model, cs_precision precision, cs_error *error) {
    model->precision = precision == CS_PRECISION_AUTO ? CS_PRECISION_BF16 : precision;
    cs_status status = model->ops->open(model->threads, model->precision, &model->nn, error);
    if (precision != CS_PRECISION_AUTO || status != CS_ERR_UNSUPPORTED) return status;
    model->precision = CS_PRECISION_FP32;
    return model->ops->open(model->threads, model->precision, &model->nn, error);
}

static cs_status open_backend(cs_model *model, const cs_model_options *options, cs_error *error) {
    if (options->threads < 0 || options->threads > MAX_THREADS)
        return cs_fail(error, CS_ERR_ARGUMENT, "threads: expected 0 to %d, got %d", MAX_THREADS, options->threads);
    if (options->batch < 0 || options->batch > MAX_BATCH)
        return cs_fail(error, CS_ERR_ARGUMENT, "batch: expected 0 to %d, got %d", MAX_BATCH, options->batch);
    model->threads = cs_threads_resolve(options->threads);
    model->batch = options->batch ? options->batch : DEFAULT_BATCH;
    if ((unsigned)options->precision > CS_PRECISION_AUTO)
        return cs_fail(error, CS_ERR_ARGUMENT, "precision %d: expected one of cs_precision", (int)options->precision);
    cs_status status = cs_nn_find(options->backend, &model->ops, error);
    return status == CS_OK ? open_precision(model, options->precision, error) : status;
}

/* A number that is stored as [] or as [1]. */
static cs_status read_number(const cs_checkpoint *checkpoint, const char *name, float *value, cs_error *error) {
    const cs_tensor *tensor = cs_checkpoint_find(checkpoint, name);
    const int64_t one[] = {1};
    return cs_checkpoint_read(checkpoint, name, tensor && tensor->dims == 1 ? 1 : 0, one, value, error);
}

static cs_status read_scale(cs_model *model, cs_error *error) {
    float log_scale;
    cs_status status = read_number(model->checkpoint, "logit_scale", &log_scale, error);
    if (status != CS_OK) return status;
    model->logit_scale = expf(log_scale);
    if (!isfinite(model->logit_scale))
        return cs_fail(error, CS_ERR_FORMAT, "tensor \"logit_scale\": expected a number below 88, found %g",
                       (double)log_scale);
    if (!cs_checkpoint_find(model->checkpoint, "logit_bias")) return CS_OK;
    return read_number(model->checkpoint, "logit_bias", &model->logit_bias, error);
}

static cs_status create_image_encoder(const cs_weights *weights, const cs_config *config, cs_image_encoder **encoder,
                                      cs_error *error) {
    switch (config->image_kind) {
    case CS_IMAGE_EFFICIENTNET:
        return cs_efficientnet_create(weights, config, encoder, error);
    case CS_IMAGE_VIT:
        return cs_vit_create(weights, config, encoder, error);
    case CS_IMAGE_RESNET:
        return cs_resnet_create(weights, config, encoder, error);
    }
    return cs_fail(error, CS_ERR_INTERNAL, "an image encoder of an unknown kind");
}

/* Every tensor passed through a buffer on its way into the layers. The C library keeps what was freed; a process that
 * holds a large model for long should not pay for that. */
static void give_back_freed_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

static cs_status load_encoders(cs_model *model, cs_error *error) {
    const cs_weights weights = {model->checkpoint, model->ops, model->nn};
    cs_status status = read_scale(model, error);
    if (status == CS_OK) status = cs_text_encoder_create(&weights, &model->config, &model->text, error);
    if (status == CS_OK) status = create_image_encoder(&weights, &model->config, &model->image, error);
    give_back_freed_memory();
    return status;
}

static cs_status open_checkpoint(cs_model *model, const char *folder, cs_error *error) {
    char *file;
    cs_status status = cs_weights_file(folder, model->config.layout, &file, error);
    if (status != CS_OK) return status;
    status = cs_checkpoint_open(file, &model->checkpoint, error);
    free(file);
    return status;
}

/* An error of a tensor says which folder it is about. */
static cs_status name_folder(cs_status status, const char *folder, cs_error *error) {
    if (status == CS_OK || !error || strstr(error->message, folder)) return status;
    cs_error inner = *error;
    return cs_fail(error, status, "%s: %s", folder, inner.message);
}

static cs_status load(cs_model *model, const char *folder, const cs_model_options *options, cs_error *error) {
    cs_status status = cs_config_load(folder, &model->config, error);
    if (status == CS_OK) status = open_backend(model, options, error);
    if (status == CS_OK)
        status = cs_preprocess_load(folder, model->config.layout, model->config.image_size, &model->preprocess, error);
    if (status == CS_OK) status = cs_tokenizer_open(folder, &model->tokenizer, error);
    if (status == CS_OK) status = open_checkpoint(model, folder, error);
    if (status == CS_OK) status = cs_calibration_find(folder, model->checkpoint, &model->calibration, error);
    if (status == CS_OK) status = load_encoders(model, error);
    model->preprocess.threads = model->threads;
    return name_folder(status, folder, error);
}

cs_status cs_model_open(const char *folder, const cs_model_options *options, cs_model **model, cs_error *error) {
    const cs_model_options defaults = CS_MODEL_OPTIONS_DEFAULT;
    char *starter = NULL;
    if (!folder) {
        cs_status status = cs_model_find(NULL, &starter, error);
        if (status != CS_OK) return status;
        folder = starter;
    }
    if (cs_file_exists(folder)) {
        cs_status refused = cs_fail(error, CS_ERR_ARGUMENT,
                                    "%s: is a file; expected a model folder (config.json or open_clip_config.json, the "
                                    "weights, the tokenizer's files)",
                                    folder);
        free(starter);
        return refused;
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
    cs_prompts_destroy(model->backgrounds);
    if (model->nn) model->ops->close(model->nn);
    free(model);
}

cs_precision cs_model_precision(const cs_model *model) {
    return model->precision;
}

cs_work cs_model_work(const cs_model *model) {
    cs_work work = model->work;
    work.gmac = model->ops->macs(model->nn) * 1e-9;
    return work;
}

const char *cs_precision_name(cs_precision precision) {
    static const char *const names[] = {"fp32", "bf16", "int8", "auto"};
    return (unsigned)precision < sizeof names / sizeof *names ? names[precision] : NULL;
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

int cs_model_is_calibrated(const cs_model *model) {
    return model->calibration.is_set;
}

const char *cs_model_weights_id(const cs_model *model) {
    return model->calibration.weights;
}
