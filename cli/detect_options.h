/* What detect and eval share. */
#ifndef CLI_DETECT_OPTIONS_H
#define CLI_DETECT_OPTIONS_H

#include "options.h"
#include "session.h"

extern const option_group BOX_OPTIONS; /* --threshold --min-score --single --overlap --negative */

/* STATUS_OK, or wrong usage, reported: options of the group that mean nothing together. */
int detect_options_check(const char *command, const cli_settings *settings);

/* For the session's model and settings, with its progress; `min_score` holds where --min-score was not given. */
cs_detect_options detect_options(cli_session *session, float min_score);

#endif
