/* What goes back to a client. */
#ifndef SERVER_ANSWER_H
#define SERVER_ANSWER_H

#include <jansson.h>
#include <microhttpd.h>

#include "clipsight.h"

typedef struct web_answer {
    unsigned status;  /* 0: there is none yet */
    const char *type; /* media type; NULL: no body */
    char *body;       /* released with cs_string_free() where `owned` */
    size_t size;
    int owned;
    unsigned retry_after; /* seconds; 0: not said */
    const char *allow;    /* methods, with 405 and 204 */
    const char *policy;   /* Content-Security-Policy; NULL: the one for data */
    int challenge;        /* says how to authenticate */
} web_answer;

/* Headers that follow from the request. */
typedef struct answer_context {
    const char *origin; /* the origin of another site that may read this; NULL: none */
    int preflight;      /* the question whether it may call */
} answer_context;

/* {"error": {"code", "message"}}. Replaces what is there. */
void answer_error(web_answer *answer, unsigned status, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A value that is taken over, as JSON; NULL, as where memory is short for the text, answers that there is no memory. */
void answer_json(web_answer *answer, json_t *root, size_t flags);

/* 503, without asking for memory. */
void answer_no_memory(web_answer *answer);

/* The status and code that fit a failed call of the library. */
void answer_failure(web_answer *answer, const cs_error *error);

/* A text or bytes that are taken over. */
void answer_take(web_answer *answer, const char *type, char *body, size_t size);

/* Bytes that stay where they are. */
void answer_constant(web_answer *answer, const char *type, const char *body, size_t size);

void answer_clear(web_answer *answer);

/* Hands the answer, which is empty afterwards, to the connection. */
enum MHD_Result answer_send(web_answer *answer, const answer_context *context, struct MHD_Connection *connection);

#endif
