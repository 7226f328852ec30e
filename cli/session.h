/* What classify, localize, detect and eval share: a model, prompts, photographs one after another, and an exit status
 * that remembers what went wrong on the way. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "ahead.h"
#include "clipsight.h"
#include "photos.h"
#include "progress.h"
#include "results.h"
#include "settings.h"
#include "targets.h"

typedef struct cli_session {
    const cli_settings *settings;
    const char *command;
    photo_list photos;
    cli_ahead *ahead; /* NULL: nothing is being read yet */
    int reads_early;  /* the list of photographs is final: they are read while the model opens */
    cs_model *model;
    cs_prompts *prompts;
    cs_prompts *negatives; /* NULL: none */
    cli_results results;
    cli_progress progress;
    size_t done; /* photographs */
    int status;  /* the exit status so far */
} cli_session;

/* Does one photograph. An error is reported under the photograph's path, and the next one follows. */
typedef cs_status (*session_photo_fn)(cli_session *session, size_t index, const cs_image *image, void *context,
                                      cs_error *error);

/* The rules that photographs and prompts follow on the command line. */
int session_check(const char *command, const cli_settings *settings);

/* Those about --template, and about options that do not go together. */
int session_check_options(const char *command, const cli_settings *settings);

/* Opens the output; a failure is left in `status`. */
void session_begin(cli_session *session, const char *command, const cli_settings *settings);

/* Lists the photographs; targets: [count], at most MOST_OUTPUTS, where their pictures go. */
void session_collect(cli_session *session, cli_targets *targets, size_t count);

/* Opens the model and encodes the labels, and the negatives of the options. Does nothing where `status` already says
 * that there is no point. */
void session_load(cli_session *session, const text_list *labels);

/* The same with the prompts of the options; the list of photographs must not change any more, for meanwhile they are
 * read. */
void session_load_prompts(cli_session *session);

void session_each(cli_session *session, session_photo_fn photo, void *context);

/* Prints a result. CS_ERR_CANCELLED: that failed, and it was said why. */
cs_status session_print(cli_session *session, const char *text, cs_error *error);

/* Reports an error of a whole run. */
void session_fail(cli_session *session, const cs_error *error);

/* For long calls of the library: draws progress, and stops the work after Ctrl-C. `context` is the session. */
cs_progress session_progress(cli_session *session);

/* True where nothing further makes sense: Ctrl-C, or the output is gone. */
int session_stopped(const cli_session *session);

/* Releases everything; returns the exit status. */
int session_end(cli_session *session);

#endif
