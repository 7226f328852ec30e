#include "base/error.h"
#include "report/json.h"
#include "report/number.h"

/* [dim] */
static json_t *numbers(const float *embedding, size_t dim) {
    json_t *values = json_array();
    for (size_t i = 0; i < dim; i++)
        cs_json_add(&values, cs_json_number(cs_number_shortest(embedding[i])));
    return values;
}

cs_status cs_report_embedding(const char *kind, const char *name, const float *embedding, size_t dim, char **text,
                              cs_error *error) {
    if (!kind || !name || !embedding)
        return cs_fail(error, CS_ERR_ARGUMENT, "a report of an embedding needs a kind, a name and the embedding");
    return cs_json_finish(json_pack("{s:o, s:o}", kind, cs_json_text(name), "embedding", numbers(embedding, dim)), text,
                          error);
}

cs_status cs_report_window(const char *name, const cs_rect *window, const float *embedding, size_t dim, char **text,
                           cs_error *error) {
    if (!name || !window || !embedding)
        return cs_fail(error, CS_ERR_ARGUMENT, "a report of a window needs a name, the window and its embedding");
    return cs_json_finish(json_pack("{s:o, s:[i,i,i,i], s:o}", "image", cs_json_text(name), "window", window->x,
                                    window->y, window->width, window->height, "embedding", numbers(embedding, dim)),
                          text, error);
}
