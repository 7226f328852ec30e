#include "task.h"

#include <float.h>
#include <stdlib.h>

#include "task_search.h"

cs_localize_options task_localize_options(const web_task *task) {
    const task_wishes *wishes = &task->wishes;
    return (cs_localize_options){.recipe = (cs_recipe)wishes->recipe,
                                 .method = (cs_method)wishes->method,
                                 .variant = wishes->variant,
                                 .patch = (int)wishes->patch,
                                 .window = (int)wishes->window,
                                 .stride = (int)wishes->stride};
}

/* As the command chooses it. */
static float min_score_of(const task_wishes *wishes, const cs_model *model) {
    if (wishes->min_score >= 0) return (float)wishes->min_score;
    return wishes->recipe == CS_RECIPE_CHAPTER ? 0 : cs_model_default_min_score(model);
}

/* 0 would stand for the library's default: the least number above it says what 0 means here, that no two may touch. */
static float overlap_of(const task_wishes *wishes) {
    if (wishes->overlap < 0) return 0;
    return wishes->overlap > 0 ? (float)wishes->overlap : FLT_MIN;
}

cs_detect_options task_detect_options(const web_task *task, const cs_model *model) {
    const task_wishes *wishes = &task->wishes;
    return (cs_detect_options){.localize = task_localize_options(task),
                               .threshold = (float)wishes->threshold,
                               .min_score = min_score_of(wishes, model),
                               .single = wishes->single,
                               .overlap = overlap_of(wishes),
                               .negatives = task->doubts && task->route == ROUTE_DETECT ? task->doubts->prompts : NULL};
}

void task_free(web_task *task, prompt_cache *cache) {
    fields_free(&task->fields);
    free(task->photo_name);
    free(task->labels);
    free(task->negatives);
    cs_image_close(task->image);
    if (task->prompts) prompt_cache_release(cache, task->prompts);
    if (task->doubts) prompt_cache_release(cache, task->doubts);
    cs_detections_destroy(task->detections);
    cs_maps_destroy(task->maps);
    free(task->numbers);
    task_search_free(task->found);
    *task = (struct web_task){.route = ROUTE_NONE};
}
