/* From the bytes of a photograph to its pixels, and whether the work on it stays within bounds. */
#include <stdint.h>
#include <string.h>

#include "task.h"

enum { MAX_ELONGATION = 12 };

/* What cs_image_decode() reads. Anything else is of a wrong type, where a damaged picture is of the right one. */
static int is_picture(const char *bytes, size_t size) {
    if (size >= 3 && memcmp(bytes, "\xff\xd8\xff", 3) == 0) return 1;
    if (size >= 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0) return 1;
    return size >= 12 && memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0;
}

/* The library's own default, which depends on the shorter side (docs/methods.md). */
static long patch_of(const web_task *task, int width, int height) {
    int shorter = width < height ? width : height, patch = shorter / 13;
    if (task->wishes.patch) return task->wishes.patch;
    return patch > 256 ? 256 : patch > 0 ? patch : 1;
}

/* A patch of one pixel would cut a photograph into millions of windows. The library refuses only what would take days.
 */
static int check_windows(const web_task *task, size_t limit, web_answer *answer) {
    int width = cs_image_width(task->image), height = cs_image_height(task->image);
    long patch = patch_of(task, width, height), stride = task->wishes.stride ? task->wishes.stride : 1;
    size_t rows = (size_t)(height / patch), cols = (size_t)(width / patch), step = (size_t)stride;
    if ((rows / step + 1) * (cols / step + 1) <= limit && rows * cols <= limit * 16) return 1;
    answer_error(answer, MHD_HTTP_UNPROCESSABLE_CONTENT, "too_many_windows",
                 "%d x %d pixels in patches of %ld give more than %zu windows; take a larger patch or stride", width,
                 height, patch, limit);
    return 0;
}

/* The shorter side is scaled to a fixed length, so it is the shape that decides about memory. */
int task_is_elongated(const cs_image *image) {
    int width = cs_image_width(image), height = cs_image_height(image);
    int shorter = width < height ? width : height, longer = width < height ? height : width;
    return longer > (int64_t)MAX_ELONGATION * shorter;
}

static int check_shape(const web_task *task, web_answer *answer) {
    int width = cs_image_width(task->image), height = cs_image_height(task->image);
    if (!task_is_elongated(task->image)) return 1;
    answer_error(answer, MHD_HTTP_UNPROCESSABLE_CONTENT, "too_elongated",
                 "%d x %d pixels: expected a photograph at most %d times as long as wide", width, height,
                 MAX_ELONGATION);
    return 0;
}

static unsigned status_of(const web_task *task, cs_status code) {
    if (code == CS_ERR_LIMIT) return MHD_HTTP_CONTENT_TOO_LARGE;
    int wrong_type = code == CS_ERR_UNSUPPORTED || !is_picture(task->photo, task->photo_size);
    return wrong_type ? MHD_HTTP_UNSUPPORTED_MEDIA_TYPE : MHD_HTTP_UNPROCESSABLE_CONTENT;
}

static void refuse(const web_task *task, const cs_error *error, web_answer *answer) {
    unsigned status = status_of(task, error->code);
    const char *code = status == MHD_HTTP_CONTENT_TOO_LARGE        ? "too_many_pixels"
                       : status == MHD_HTTP_UNSUPPORTED_MEDIA_TYPE ? "unsupported_photograph"
                                                                   : "damaged_photograph";
    answer_error(answer, status, code, "%s", error->message);
}

int task_decode(web_task *task, const server_options *options, web_answer *answer) {
    if (!task->photo) return 1;
    const cs_image_options image_options = {options->limits.pixels};
    cs_error error;
    cs_status status =
        cs_image_decode(task->photo, task->photo_size, task->photo_name, &image_options, &task->image, &error);
    if (status == CS_OK) return check_shape(task, answer) && check_windows(task, options->limits.windows, answer);
    if (status == CS_ERR_MEMORY || status == CS_ERR_INTERNAL)
        answer_failure(answer, &error);
    else
        refuse(task, &error, answer);
    return 0;
}
