/* Whole requests, ready to be sent, with the status that each is to get. */
#ifndef TESTS_SERVER_MIXTURE_H
#define TESTS_SERVER_MIXTURE_H

#include "http_client.h"

typedef struct whole_request {
    char *bytes;
    size_t size;
    int expected; /* status; 503 and 429 with Retry-After are allowed besides */
} whole_request;

typedef struct request_list {
    whole_request *items; /* [count], taken in turn */
    size_t count;
} request_list;

/* End the program where the photograph cannot be read. */
void list_add_form(request_list *list, const http_upload *upload, int expected);
void list_add_text(request_list *list, const char *text, int expected);

/* Every kind of request that costs little, every kind of mistake, and one that costs more, which `index`, the number of
 * the photograph, chooses, as it does the words. */
void list_add_mixture(request_list *list, const char *file, int index);

#endif
