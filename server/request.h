/* One request, from its first line to the end of its answer. */
#ifndef SERVER_REQUEST_H
#define SERVER_REQUEST_H

#include "answer.h"
#include "media.h"
#include "peer.h"
#include "task.h"

typedef enum request_stage {
    REQUEST_LINE,    /* its first line is here */
    REQUEST_NEW,     /* so are its headers */
    REQUEST_BODY,    /* its body is coming in */
    REQUEST_DISCARD, /* its answer is there, and a body, if there is one, is thrown away */
    REQUEST_WAITING  /* it lies with the pipeline, and its connection sleeps */
} request_stage;

typedef struct web_request {
    struct MHD_Connection *connection;
    web_peer *peer;
    route_kind route;
    request_stage stage;
    double arrived;     /* when the headers were here */
    double deadline;    /* until when the answer has to be made */
    const char *method; /* "GET", ...; "other" */
    char *query;        /* owned; taken apart into fields; NULL: none */
    answer_context context;
    media_kind media;
    char boundary[80];
    char *body; /* [capacity], of which size bytes are filled; a zero byte stands behind them */
    size_t size, capacity, discarded;
    web_task task;
    web_answer answer;
    unsigned status; /* of the answer that was sent */
    size_t sent;
    struct web_request *next; /* in a queue of the pipeline */
} web_request;

/* The value of a header; NULL: there is none. */
static inline const char *request_header(const web_request *request, const char *name) {
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

#endif
