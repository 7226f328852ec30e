#include "base/error.h"
#include "report/json.h"
#include "report/number.h"

cs_status cs_report_embedding(const char *kind, const char *name, const float *embedding, size_t dim, char **text,
                              cs_error *error) {
    if (!kind || !name || !embedding)
        return cs_fail(error, CS_ERR_ARGUMENT, "a report of an embedding needs a kind, a name and the embedding");
    json_t *values = json_array();
    for (size_t i = 0; i < dim; i++)
        cs_json_add(&values, cs_json_number(cs_number_shortest(embedding[i])));
    return cs_json_finish(json_pack("{s:o, s:o}", kind, cs_json_text(name), "embedding", values), text, error);
}
