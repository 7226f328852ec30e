/* The fields that a request can have besides photograph and prompts: one table, which says what each may be. */
#ifndef SERVER_RULES_H
#define SERVER_RULES_H

#include "answer.h"
#include "fields.h"
#include "task.h"

/* Stores the field's value. Returns 0 after filling in an answer: there is no such field on this route, or its value is
 * not what it has to be. */
int rules_store(const web_field *field, route_kind route, task_wishes *wishes, web_answer *answer);

#endif
