/* The store of a command, and the model that it is made with. */
#ifndef CLI_STORE_OPEN_H
#define CLI_STORE_OPEN_H

#include "clipsight_tools.h"
#include "settings.h"

/* Where it is: --store, else the user's own. The caller frees it. */
cs_status store_find(const cli_settings *settings, char **where, cs_error *error);

/* What a store is told of a model that is called `name` (NULL: the starter). Lasts as long as both. */
cs_store_model store_model(const cs_model *model, const char *name);

#endif
