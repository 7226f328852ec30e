#include "nn/nn.h"

#include <string.h>

#include "base/error.h"

cs_status cs_nn_find(const char *name, const cs_nn_ops **ops, cs_error *error) {
    static const cs_nn_ops *const tables[] = {&cs_nn_onednn, &cs_nn_reference};
    if (!name) name = "onednn";
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (strcmp(tables[i]->name, name) == 0) {
            *ops = tables[i];
            return CS_OK;
        }
    }
    return cs_fail(error, CS_ERR_ARGUMENT, "backend '%s' is unknown: expected onednn or reference", name);
}
