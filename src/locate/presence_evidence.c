/* Evidence from cosines. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "locate/presence.h"
#include "model/backgrounds.h"
#include "model/model.h"
#include "model/unit.h"

static cs_status allocate(cs_presence_texts *texts, int dim, cs_error *error) {
    size_t count = texts->prompts + texts->negatives + texts->backgrounds;
    texts->joined = (cs_prompts){.count = count,
                                 .dim = dim,
                                 .labels = cs_alloc(count, sizeof *texts->joined.labels),
                                 .embeddings = cs_alloc(count * (size_t)dim, sizeof(float))};
    if (texts->joined.labels && texts->joined.embeddings) return CS_OK;
    cs_presence_texts_clear(texts);
    return cs_fail_memory(error, "prompts");
}

static size_t append(cs_prompts *joined, size_t at, const cs_prompts *more) {
    if (!more) return at;
    memcpy(joined->labels + at, more->labels, more->count * sizeof *joined->labels);
    memcpy(joined->embeddings + at * (size_t)joined->dim, more->embeddings,
           more->count * (size_t)joined->dim * sizeof *joined->embeddings);
    return at + more->count;
}

cs_status cs_presence_texts_join(cs_model *model, const cs_prompts *prompts, const cs_prompts *negatives,
                                 cs_presence_texts *texts, cs_error *error) {
    const cs_prompts *backgrounds = NULL;
    *texts = (cs_presence_texts){.prompts = prompts->count,
                                 .negatives = negatives ? negatives->count : 0,
                                 .blank = model->image->blank,
                                 .is_share = model->config.layout == CS_LAYOUT_STARTER};
    cs_status status = texts->is_share ? CS_OK : cs_model_backgrounds(model, &backgrounds, error);
    if (status != CS_OK) return status;
    texts->backgrounds = backgrounds ? backgrounds->count : 0;
    status = allocate(texts, prompts->dim, error);
    if (status != CS_OK) return status;
    size_t at = append(&texts->joined, 0, prompts);
    at = append(&texts->joined, at, negatives);
    append(&texts->joined, at, backgrounds);
    return CS_OK;
}

void cs_presence_texts_clear(cs_presence_texts *texts) {
    free(texts->joined.labels);
    free(texts->joined.embeddings);
    texts->joined = (cs_prompts){.count = 0};
}

/* What stands out of an empty place's cosine, as a share of what could; in place, for the prompts and negatives. */
static void to_excess(const cs_presence_texts *texts, cs_maps *maps) {
    for (size_t t = 0; t < texts->prompts + texts->negatives; t++) {
        float empty = texts->blank ? cs_dot(texts->joined.embeddings + t * (size_t)texts->joined.dim, texts->blank,
                                            (size_t)texts->joined.dim)
                                   : 0;
        if (!(empty > 0)) empty = 0;
        for (size_t i = 0; i < cs_map_cells(&maps->items[t]); i++) {
            float excess = (maps->cosines[t][i] - empty) / (1 - empty);
            maps->cosines[t][i] = excess > 0 ? excess : 0;
        }
    }
}

/* Cell by cell: what fits a negative better is doubted by as much. */
static void shares(const cs_presence_texts *texts, cs_maps *maps, size_t prompt) {
    float *evidence = maps->cosines[prompt];
    for (size_t i = 0; i < cs_map_cells(&maps->items[prompt]); i++) {
        float own = evidence[i], rival = 0;
        for (size_t n = texts->prompts; n < texts->prompts + texts->negatives; n++)
            rival = maps->cosines[n][i] > rival ? maps->cosines[n][i] : rival;
        if (rival > own) own *= own / rival;
        evidence[i] = own < 1 ? own : 1;
    }
}

/* Which of the rivals a prompt has. rivals: room for all of them; returns how many there are. */
static size_t find_rivals(const cs_presence_texts *texts, size_t prompt, size_t *rivals) {
    size_t count = 0, all = texts->joined.count;
    for (size_t i = texts->prompts; i < all; i++) {
        int is_background = i >= texts->prompts + texts->negatives;
        char *const *labels = texts->joined.labels;
        if (!is_background || !cs_background_is_named(labels[i], labels[prompt])) rivals[count++] = i;
    }
    return count;
}

/* The grid on which logits are known: of windows, or of cells. */
static const float *logits_of(const cs_map *map) {
    return map->logits ? map->logits : map->raw;
}

/* The prompt's share of the softmax over itself and its rivals at position i. */
static float share_at(const cs_maps *maps, size_t prompt, const size_t *rivals, size_t count, size_t i) {
    double own = (double)logits_of(&maps->items[prompt])[i], sum = 1;
    for (size_t r = 0; r < count; r++)
        sum += exp((double)logits_of(&maps->items[rivals[r]])[i] - own);
    return (float)(1 / sum);
}

/* Where windows move, a cell's evidence is the best window's times the cell's place in the map. */
static void window_shares(const cs_maps *maps, size_t prompt, const size_t *rivals, size_t count, float *evidence) {
    const cs_map *map = &maps->items[prompt];
    float best = 0;
    for (size_t i = 0; i < (size_t)map->window_rows * (size_t)map->window_cols; i++) {
        float share = share_at(maps, prompt, rivals, count, i);
        best = share > best ? share : best;
    }
    for (size_t i = 0; i < cs_map_cells(map); i++)
        evidence[i] = map->cells[i] * best;
}

static void ratios(const cs_presence_texts *texts, cs_maps *maps, size_t prompt, size_t *rivals) {
    size_t count = find_rivals(texts, prompt, rivals);
    const cs_map *map = &maps->items[prompt];
    float *evidence = maps->cosines[prompt];
    if (map->logits) {
        window_shares(maps, prompt, rivals, count, evidence);
        return;
    }
    for (size_t i = 0; i < cs_map_cells(map); i++)
        evidence[i] = share_at(maps, prompt, rivals, count, i);
}

static float spread_of(const float *values, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)values[i] * (double)values[i];
    return (float)sqrt(sum / (double)count);
}

cs_status cs_presence_evidence(const cs_presence_texts *texts, cs_maps *maps, float *spreads, cs_error *error) {
    size_t *rivals = cs_alloc(texts->joined.count, sizeof *rivals);
    if (!rivals) return cs_fail_memory(error, "prompts");
    if (texts->is_share) to_excess(texts, maps);
    for (size_t p = 0; p < texts->prompts; p++) {
        if (texts->is_share)
            shares(texts, maps, p);
        else
            ratios(texts, maps, p, rivals);
        spreads[p] = spread_of(maps->cosines[p], cs_map_cells(&maps->items[p]));
    }
    free(rivals);
    cs_maps_truncate(maps, texts->prompts);
    return CS_OK;
}
