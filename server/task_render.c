/* From a task's result to the answer: the command's own JSON, a picture, or an array. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "no_memory.h"
#include "task_search.h"

/* A result on its way to a client. */
typedef struct rendering {
    char *bytes;
    size_t size;
    const char *type;
} rendering;

/* As the command chooses it: patches are what windows score, and other maps are smooth. */
static cs_heatmap_style style_of(const web_task *task, size_t index) {
    if (task->wishes.style >= 0) return (cs_heatmap_style)task->wishes.style;
    return cs_maps_get(task->maps, index).patch > 0 ? CS_HEATMAP_BRIGHTNESS : CS_HEATMAP_OVERLAY;
}

static cs_status draw(const web_task *task, cs_image **picture, cs_error *error) {
    size_t index = (size_t)task->wishes.index;
    if (task->route == ROUTE_DETECT)
        return cs_draw_detections(task->image, task->prompts->prompts, task->detections, picture, error);
    return cs_draw_heatmap(task->image, task->maps, index, style_of(task, index), picture, error);
}

static cs_status render_picture(const web_task *task, rendering *out, cs_error *error) {
    cs_image *picture = NULL;
    out->type = "image/png";
    cs_status status = draw(task, &picture, error);
    if (status == CS_OK) status = cs_image_encode(picture, "png", &out->bytes, &out->size, error);
    cs_image_close(picture);
    return status;
}

static cs_status render_array(const web_task *task, size_t dim, rendering *out, cs_error *error) {
    size_t rows = task->image ? 1 : task->label_count;
    out->type = "application/x-npy";
    return cs_report_npy(task->numbers, rows, dim, &out->bytes, &out->size, error);
}

/* Several texts are several lines, as they are on standard output. */
static cs_status render_texts(const web_task *task, size_t dim, rendering *out, cs_error *error) {
    cs_status status = CS_OK;
    out->type = "application/x-ndjson";
    FILE *stream = open_memstream(&out->bytes, &out->size);
    for (size_t i = 0; stream && status == CS_OK && i < task->label_count; i++) {
        char *line = NULL;
        status = cs_report_embedding("text", task->labels[i], task->numbers + i * dim, dim, &line, error);
        if (status == CS_OK) fputs(line, stream);
        cs_string_free(line);
    }
    int failed = !stream || ferror(stream);
    if (stream && fclose(stream) != 0) failed = 1;
    if (status != CS_OK || !failed) return status;
    return no_memory(error);
}

static cs_status render_photo(const web_task *task, rendering *out, cs_error *error) {
    out->type = "image/jpeg";
    return task_photo_encode(task, &out->bytes, &out->size, error);
}

static cs_status render_search(const web_task *task, rendering *out, cs_error *error) {
    out->type = "application/json";
    cs_status status = task_search_report(task, &out->bytes, error);
    if (status == CS_OK) out->size = strlen(out->bytes);
    return status;
}

static cs_status render_json(const web_task *task, size_t dim, rendering *out, cs_error *error) {
    const cs_photo photo = {task->photo_name, cs_image_width(task->image), cs_image_height(task->image)};
    const cs_prompts *prompts = task->prompts ? task->prompts->prompts : NULL;
    out->type = "application/json";
    switch (task->route) {
    case ROUTE_DETECT:
        return cs_report_detections(CS_FORMAT_JSON, &photo, prompts, task->detections, &out->bytes, error);
    case ROUTE_LOCALIZE:
        return cs_report_maps(CS_FORMAT_JSON, &photo, prompts, task->maps, &out->bytes, error);
    case ROUTE_CLASSIFY:
        return cs_report_classes(CS_FORMAT_JSON, &photo, prompts, task->numbers, task->numbers + task->label_count,
                                 &out->bytes, error);
    default:
        return cs_report_embedding("image", task->photo_name, task->numbers, dim, &out->bytes, error);
    }
}

static cs_status render(const web_task *task, size_t dim, rendering *out, cs_error *error) {
    if (task->route == ROUTE_SEARCH) return render_search(task, out, error);
    if (task->route == ROUTE_SEARCH_PHOTO) return render_photo(task, out, error);
    if (task->form == FORM_PNG) return render_picture(task, out, error);
    if (task->form == FORM_NPY) return render_array(task, dim, out, error);
    if (task->route == ROUTE_EMBED && !task->image) return render_texts(task, dim, out, error);
    cs_status status = render_json(task, dim, out, error);
    if (status == CS_OK) out->size = strlen(out->bytes);
    return status;
}

void task_render(web_task *task, const cs_model *model, web_answer *answer) {
    rendering made = {NULL, 0, NULL};
    cs_error error;
    if (render(task, (size_t)cs_model_dim(model), &made, &error) == CS_OK) {
        answer_take(answer, made.type, made.bytes, made.size);
        return;
    }
    cs_string_free(made.bytes);
    answer_failure(answer, &error);
}
