/* What the model is asked for each class of a dataset. */
#ifndef CLI_EVAL_PROMPTS_H
#define CLI_EVAL_PROMPTS_H

#include "clipsight.h"
#include "memory.h"

/* Appends one prompt per class to `prompts`: the class's name, or what `path` (unless NULL) says in a line
 * "class = prompt". Empty lines and lines that begin with # are left out. Returns STATUS_OK, or STATUS_FAILURE after
 * saying what is wrong. */
int eval_prompts(const cs_dataset *dataset, const char *path, text_list *prompts);

#endif
