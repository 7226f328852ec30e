#include "reading.h"

#include <stdlib.h>
#include <string.h>

#include "page.h"

static void answer_file(web_request *request, const char *url) {
    page_file file;
    if (!page_find(url, &file)) return;
    answer_constant(&request->answer, file.type, file.bytes, file.size);
    request->answer.policy = file.policy;
}

static void answer_health(web_request *request) {
    static const char HEALTHY[] = "{\"status\": \"ok\"}\n";
    answer_constant(&request->answer, "application/json", HEALTHY, sizeof HEALTHY - 1);
}

static void answer_metrics(web_service *service, web_request *request) {
    const metrics_now now = {peers_count(&service->peers), pipeline_length(service->pipeline),
                             service->options->limits.queue, atomic_load(&service->body_bytes), service->model_name};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out) metrics_print(&service->metrics, &now, out);
    int failed = !out || ferror(out);
    if (out && fclose(out) != 0) failed = 1;
    if (failed) {
        free(text);
        answer_no_memory(&request->answer);
        return;
    }
    answer_take(&request->answer, "text/plain; version=0.0.4; charset=utf-8", text, size);
}

static json_t *describe_limits(const server_limits *limits) {
    return json_pack("{s:I, s:I, s:I, s:I}", "body_bytes", (json_int_t)limits->body, "pixels",
                     (json_int_t)limits->pixels, "prompts", (json_int_t)limits->prompts, "prompt_bytes",
                     (json_int_t)limits->prompt_length);
}

/* What there is to search in; NULL, and no memory is short, where there is nothing. */
static json_t *describe_search(const web_service *service) {
    if (!service->catalog) return NULL;
    return json_pack("{s:I}", "photographs", (json_int_t)catalog_size(service->catalog));
}

static void answer_models(web_service *service, web_request *request) {
    const server_options *options = service->options;
    const cs_model *model = options->model;
    json_t *root = json_pack(
        "{s:[{s:s, s:s, s:i, s:i, s:f, s:f, s:b}], s:o, s:o*}", "models", "name", service->model_name, "type",
        cs_model_type(model), "dim", cs_model_dim(model), "image_size", cs_model_image_size(model), "logit_scale",
        (double)cs_model_logit_scale(model), "min_score", (double)cs_model_default_min_score(model), "calibrated",
        cs_model_is_calibrated(model), "limits", describe_limits(&options->limits), "search", describe_search(service));
    answer_json(&request->answer, root, JSON_REAL_PRECISION(7));
}

void reading_answer(web_service *service, web_request *request, const char *url) {
    switch (request->route) {
    case ROUTE_HEALTH:
        answer_health(request);
        return;
    case ROUTE_METRICS:
        answer_metrics(service, request);
        return;
    case ROUTE_MODELS:
        answer_models(service, request);
        return;
    default:
        answer_file(request, url);
    }
}
