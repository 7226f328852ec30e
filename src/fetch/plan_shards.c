#include <string.h>

#include <jansson.h>

#include "base/error.h"
#include "fetch/plan.h"
#include "fetch/plan_internal.h"

static int is_planned(const cs_plan *plan, const char *name) {
    for (size_t i = 0; i < plan->count; i++) {
        if (strcmp(plan->files[i].name, name) == 0) return 1;
    }
    return 0;
}

static cs_status add_shard(const char *name, const char *shard, const cs_listing *listing, cs_plan *plan,
                           cs_error *error) {
    if (!shard || !cs_is_file_name(shard) || !cs_listing_find(listing, shard))
        return cs_fail(error, CS_ERR_FORMAT,
                       "model %s: its index of weights names '%.100s', which is not among the files", name,
                       shard ? shard : "(no text)");
    return is_planned(plan, shard) ? CS_OK : cs_plan_add(listing, shard, plan, error);
}

cs_status cs_plan_add_shards(const char *name, const char *index, const cs_listing *listing, cs_plan *plan,
                             cs_error *error) {
    json_t *root = json_loads(index, JSON_REJECT_DUPLICATES, NULL);
    json_t *map = json_object_get(root, "weight_map");
    cs_status status = CS_OK;
    if (!json_is_object(map))
        status = cs_fail(error, CS_ERR_FORMAT, "model %s: its index of weights has no \"weight_map\"", name);
    const char *tensor;
    json_t *shard;
    json_object_foreach(map, tensor, shard) {
        if (status == CS_OK) status = add_shard(name, json_string_value(shard), listing, plan, error);
    }
    json_decref(root);
    plan->wants_shards = 0;
    return status;
}
