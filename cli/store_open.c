#include "store_open.h"

cs_status store_find(const cli_settings *settings, char **where, cs_error *error) {
    char *own = NULL;
    cs_status status = settings->store ? CS_OK : cs_store_default(&own, error);
    if (status == CS_OK) *where = text_copy(own ? own : settings->store);
    cs_string_free(own);
    return status;
}

cs_store_model store_model(const cs_model *model, const char *name) {
    return (cs_store_model){cs_model_weights_id(model), cs_model_dim(model), name ? name : "starter"};
}
