/* Whether a prompt's object is there at all, as one number that means the same for every prompt and photograph.
 *
 * 1. Evidence, in [0, 1] at every cell. The starter's cosines are shares of evidence already; of each, what an empty
 *    place says for the prompt is taken off, (cosine - empty) / (1 - empty) and not below 0: a wide word ("dog", 118 of
 *    the 1,000 classes) has 0.08 even there. A CLIP's cosines are high for anything, and are set against those of
 *    background prompts: softmax at the model's scale over the prompt and the backgrounds, the prompt's share.
 *    Negatives take part in it; with the starter, evidence is multiplied by itself / (the best negative's evidence)
 *    where that is below 1.
 * 2. A score: with a calibration for this method, the logistic function of the evidence at the box and of its
 *    spread, the root mean square over the map (an object that is there leaves its mark on the whole; a lone lit cell
 * is more often a mistake); without one, the evidence itself. A prompt's further boxes are given the share of
 *    the spread that their evidence is of the first one's.
 *
 * Every prompt is judged by itself: which others are looked for in the same run changes nothing. */
#ifndef CS_LOCATE_PRESENCE_H
#define CS_LOCATE_PRESENCE_H

#include "clipsight.h"
#include "locate/maps.h"
#include "locate/method.h"
#include "model/calibration.h"
#include "model/prompts.h"

/* What a method is to be asked for: the prompts, then the negatives, then the backgrounds where the model's evidence
 * needs them. */
typedef struct cs_presence_texts {
    cs_prompts joined; /* labels and embeddings are owned; the labels' letters are not */
    size_t prompts, negatives, backgrounds;
    const float *blank; /* [dim], the encoder's, or NULL */
    int is_share;       /* the starter's kind of evidence */
} cs_presence_texts;

/* negatives may be NULL. */
cs_status cs_presence_texts_join(cs_model *model, const cs_prompts *prompts, const cs_prompts *negatives,
                                 cs_presence_texts *texts, cs_error *error);
void cs_presence_texts_clear(cs_presence_texts *texts);

/* Turns the cosines of the maps into evidence, in place, and drops the maps of all but the prompts. spreads: [prompts],
 * the root mean square of each map's evidence. */
cs_status cs_presence_evidence(const cs_presence_texts *texts, cs_maps *maps, float *spreads, cs_error *error);

/* In [0, 1], and never falling where either argument rises. Where the calibration is not of this method: the evidence,
 * held to [0, 1]. */
float cs_presence_score(const cs_calibration *calibration, cs_method method, float evidence, float spread);

/* log(x / (1 - x)), x held to [0.001, 0.999]: beyond that there is nothing to be told from so few photographs. */
double cs_presence_logit(double x);

#endif
