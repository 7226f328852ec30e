#include "eval_calibrate.h"

#include <stdlib.h>

#include "detect_options.h"
#include "eval_json.h"
#include "say.h"

typedef struct calibrate_context {
    const eval_run *run;
    cs_calibration_fit *fit;
} calibrate_context;

static cs_status add_photo(cli_session *session, size_t index, const cs_image *image, void *context, cs_error *error) {
    const calibrate_context *each = context;
    (void)session;
    return cs_calibration_fit_add(each->fit, each->run->dataset, each->run->pending[index], image, error);
}

static char *as_json(const cs_calibration_figures *of, const char *path) {
    json_t *object =
        json_pack("{s:o, s:I, s:I, s:I, s:f, s:f, s:f, s:f, s:f, s:f}", "calibration", eval_json_text(path),
                  "photographs", (json_int_t)of->photographs, "present", (json_int_t)of->present, "absent",
                  (json_int_t)of->absent, "intercept", of->intercept, "evidence", of->evidence, "spread", of->spread,
                  "min_score", of->min_score, "present_rate", of->present_rate, "absent_rate", of->absent_rate);
    char *text = eval_json_line(object, JSON_REAL_PRECISION(6));
    json_decref(object);
    return text;
}

static char *as_table(const cs_calibration_figures *of, const char *path) {
    return text_format("calibration     %s\n"
                       "photographs     %zu\n"
                       "score           1 / (1 + exp(-(%.3f + %.3f logit(evidence) + %.3f logit(spread))))\n"
                       "minimum         %.3f\n"
                       "present pairs   %zu, of which %.1f %% reach the minimum\n"
                       "absent pairs    %zu, of which %.1f %% reach the minimum\n",
                       path, of->photographs, of->intercept, of->evidence, of->spread, of->min_score, of->present,
                       100 * of->present_rate, of->absent, 100 * of->absent_rate);
}

static cs_status finish(cli_session *session, cs_calibration_fit *fit, cs_error *error) {
    cs_calibration_figures figures;
    char *path = NULL;
    cs_status status = cs_calibration_fit_solve(fit, &figures, error);
    if (status == CS_OK) status = cs_calibration_fit_save(fit, NULL, &path, error);
    if (status != CS_OK) return status;
    char *text = session->settings->format == CS_FORMAT_JSON ? as_json(&figures, path) : as_table(&figures, path);
    status = session_print(session, text, error);
    free(text);
    cs_string_free(path);
    return status;
}

void eval_calibrate(cli_session *session, const eval_run *run) {
    calibrate_context each = {run, NULL};
    cs_error error = {CS_OK, ""};
    const cs_detect_options options = detect_options(session, 0);
    cs_status status = cs_calibration_fit_create(session->model, session->prompts, &options, &each.fit, &error);
    if (status == CS_OK) {
        session_each(session, add_photo, &each);
        if (session->status == STATUS_OK && !session_stopped(session)) status = finish(session, each.fit, &error);
    }
    cs_calibration_fit_destroy(each.fit);
    if (status != CS_OK) session_fail(session, &error);
}
