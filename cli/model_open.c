#include "model_open.h"

cs_model_options model_options(const cli_settings *settings) {
    return (cs_model_options){.threads = (int)settings->threads,
                              .backend = settings->reference ? "reference" : NULL,
                              .batch = (int)settings->batch,
                              .precision = (cs_precision)settings->precision};
}

cs_status model_open(const cli_settings *settings, cs_model **model, cs_error *error) {
    const cs_model_options options = model_options(settings);
    char *folder = NULL;
    cs_status status = cs_model_find(settings->model, &folder, error);
    if (status == CS_OK) status = cs_model_open(folder, &options, model, error);
    cs_string_free(folder);
    return status;
}
