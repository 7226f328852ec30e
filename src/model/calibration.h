/* What turns evidence into a score that means the same for every prompt and photograph, and where it is kept.
 *
 * score = 1 / (1 + exp(-(intercept + evidence * logit(e) + spread * logit(s)))), e being the evidence at the box and s
 * its root mean square over the whole map (locate/presence.h): the probability, in data like those that it was fitted
 * on, that the prompt's object is in the photograph.
 *
 * It is one JSON file per set of weights:
 *   {"format": "clipsight calibration", "version": 1, "weights": "16 hexadecimal digits", "method": "dense",
 *    "intercept": -1.0, "evidence": 1.2, "spread": 0.7, "min_score": 0.25, "photographs": 100, "pairs": 1980}
 * The last two are for people. */
#ifndef CS_MODEL_CALIBRATION_H
#define CS_MODEL_CALIBRATION_H

#include "clipsight.h"
#include "model/checkpoint.h"
#include "model/weights_id.h"

typedef struct cs_calibration {
    char weights[CS_WEIGHTS_ID_SIZE]; /* whom it belongs to */
    int is_set;                       /* zero: there is none, and only `weights` means anything */
    char method[16];                  /* the name of cs_method_name(); other methods' evidence was not looked at */
    double intercept, evidence, spread;
    double min_score; /* what the command drops boxes below */
    size_t photographs, pairs;
} cs_calibration;

/* Looks in the user's data folder, then in `folder`, the model's. None there, and one for other weights in the model's
 * folder, leave is_set at zero. A damaged file is CS_ERR_FORMAT; the message names it. */
cs_status cs_calibration_find(const char *folder, const cs_checkpoint *checkpoint, cs_calibration *calibration,
                              cs_error *error);

cs_status cs_calibration_read(const char *path, cs_calibration *calibration, cs_error *error);

/* Takes a temporary name first; the folder must exist. */
cs_status cs_calibration_save(const char *path, const cs_calibration *calibration, cs_error *error);

/* Where the user's own calibration of these weights is: $XDG_DATA_HOME/clipsight/calibration/ID.json, or below
 * ~/.local/share. *path is NULL, and that is no error, where neither is known. Released with free(). */
cs_status cs_calibration_user_path(const char *weights, char **path, cs_error *error);

#endif
