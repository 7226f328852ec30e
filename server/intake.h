/* libmicrohttpd's side: what it calls while requests come in and answers go out. All in its one thread. */
#ifndef SERVER_INTAKE_H
#define SERVER_INTAKE_H

#include <microhttpd.h>

#include "request.h"

/* The function of MHD_OPTION_URI_LOG_CALLBACK: a request begins. */
void *intake_line(void *context, const char *uri, struct MHD_Connection *connection);

/* A MHD_AccessHandlerCallback; `context` is the service. */
enum MHD_Result intake_handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *size, void **memory);

/* A MHD_RequestCompletedCallback; likewise. */
void intake_completed(void *context, struct MHD_Connection *connection, void **memory,
                      enum MHD_RequestTerminationCode code);

/* A pipeline_done_fn; likewise. Called by a thread of the pipeline. */
void intake_done(void *context, web_request *request);

#endif
