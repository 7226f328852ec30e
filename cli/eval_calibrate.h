/* clipsight eval --calibrate. */
#ifndef CLI_EVAL_CALIBRATE_H
#define CLI_EVAL_CALIBRATE_H

#include "eval_run.h"
#include "session.h"

/* Goes through the queued photographs, and writes what the scores are to be from now on to the user's data folder.
 * Prints what it found. After Ctrl-C, or where a photograph cannot be read, nothing is written: a calibration is of the
 * photographs that it was asked for. */
void eval_calibrate(cli_session *session, const eval_run *run);

#endif
