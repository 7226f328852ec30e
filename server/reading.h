/* What can be answered at once: the page, health, figures, the model. */
#ifndef SERVER_READING_H
#define SERVER_READING_H

#include "request.h"
#include "service.h"

/* `url` is the path that was asked for. */
void reading_answer(web_service *service, web_request *request, const char *url);

#endif
