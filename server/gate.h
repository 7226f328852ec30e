/* What is checked before a byte of the body is taken: the path, who calls, what is announced. */
#ifndef SERVER_GATE_H
#define SERVER_GATE_H

#include "request.h"
#include "service.h"

/* Fills in the request's answer where it may not pass. */
void gate_check(web_service *service, web_request *request);

/* Answers that the body is too large: one that is announced, or one that turns out so. */
void gate_refuse_size(const web_service *service, web_request *request);

#endif
