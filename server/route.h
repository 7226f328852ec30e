/* What there is to ask for. */
#ifndef SERVER_ROUTE_H
#define SERVER_ROUTE_H

typedef enum route_kind {
    ROUTE_NONE, /* a path that leads nowhere */
    ROUTE_FILE, /* the page and what belongs to it */
    ROUTE_HEALTH,
    ROUTE_METRICS,
    ROUTE_MODELS,
    ROUTE_DETECT,
    ROUTE_LOCALIZE,
    ROUTE_CLASSIFY,
    ROUTE_EMBED,
    ROUTE_SEARCH,
    ROUTE_SEARCH_PHOTO,
    ROUTE_KINDS
} route_kind;

/* "detect", as metrics and the log call it. */
const char *route_name(route_kind kind);

route_kind route_find(const char *path);

/* True for those that wait their turn in the pipeline, with or without a body. */
int route_computes(route_kind kind);

/* True for those of them that take a body. */
int route_has_body(route_kind kind);

/* True for those that need a store to search in. */
int route_searches(route_kind kind);

/* True where a token is asked for, if there is one. */
int route_is_guarded(route_kind kind);

/* "GET, HEAD, OPTIONS" or "POST, OPTIONS" */
const char *route_methods(route_kind kind);

#endif
