#include "route.h"

#include <string.h>

#include "page.h"

const char *route_name(route_kind kind) {
    static const char *const names[ROUTE_KINDS] = {"none",   "page",   "healthz",     "metrics",
                                                   "models", "detect", "localize",    "classify",
                                                   "embed",  "search", "search_photo"};
    return names[kind];
}

route_kind route_find(const char *path) {
    static const struct {
        const char *path;
        route_kind kind;
    } routes[] = {
        {"/healthz", ROUTE_HEALTH},   {"/metrics", ROUTE_METRICS},      {"/v1/models", ROUTE_MODELS},
        {"/v1/detect", ROUTE_DETECT}, {"/v1/localize", ROUTE_LOCALIZE}, {"/v1/classify", ROUTE_CLASSIFY},
        {"/v1/embed", ROUTE_EMBED},   {"/v1/search", ROUTE_SEARCH},     {"/v1/search/photo", ROUTE_SEARCH_PHOTO}};
    for (unsigned i = 0; i < sizeof routes / sizeof *routes; i++)
        if (strcmp(path, routes[i].path) == 0) return routes[i].kind;
    return page_find(path, NULL) ? ROUTE_FILE : ROUTE_NONE;
}

int route_computes(route_kind kind) {
    return kind >= ROUTE_DETECT;
}

int route_has_body(route_kind kind) {
    return route_computes(kind) && !route_searches(kind);
}

int route_searches(route_kind kind) {
    return kind >= ROUTE_SEARCH;
}

int route_is_guarded(route_kind kind) {
    return kind >= ROUTE_METRICS;
}

const char *route_methods(route_kind kind) {
    return route_has_body(kind) ? "POST, OPTIONS" : "GET, HEAD, OPTIONS";
}
