/* Opening the model that --model and its kin name. */
#ifndef CLI_MODEL_OPEN_H
#define CLI_MODEL_OPEN_H

#include "clipsight.h"
#include "settings.h"

/* --threads, --backend, --batch and --precision */
cs_model_options model_options(const cli_settings *settings);

cs_status model_open(const cli_settings *settings, cs_model **model, cs_error *error);

#endif
