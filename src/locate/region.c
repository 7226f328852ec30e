#include "base/error.h"
#include "locate/method.h"

static cs_status region_maps(const cs_method_job *job, cs_maps **maps, cs_error *error) {
    (void)job;
    (void)maps;
    return cs_fail(error, CS_ERR_UNSUPPORTED, "method region: not there yet");
}

const cs_method_ops cs_method_region = {"region", CS_BOX_REGIONS, 0.5f, region_maps};
