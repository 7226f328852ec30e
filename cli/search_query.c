#include "search_query.h"

#include <stdlib.h>

#include "embed_texts.h"
#include "photos.h"

static void add(search_query *query, const char *text, const char *image, float weight) {
    query->labels[query->count++] = (cs_query_label){text, image, weight};
}

static void list(search_query *query, const cli_settings *settings) {
    const text_list *words = &settings->operands, *examples = &settings->search.examples;
    const text_list *without = &settings->search.without;
    size_t most = words->count + examples->count + without->count;
    query->labels = memory_grow(NULL, most, sizeof *query->labels);
    query->queries = memory_grow(NULL, most, sizeof *query->queries);
    for (size_t i = 0; i < words->count; i++)
        add(query, words->items[i], NULL, 1);
    for (size_t i = 0; i < examples->count; i++)
        add(query, NULL, examples->items[i], 1);
    for (size_t i = 0; i < without->count; i++)
        add(query, without->items[i], NULL, CS_SEARCH_UNWANTED);
}

static cs_status embed_photo(cs_model *model, const char *path, const cli_settings *settings, float *out,
                             cs_error *error) {
    cs_image *image = NULL;
    cs_status status = photo_open(path, (unsigned long long)settings->max_pixels, &image, error);
    if (status == CS_OK) status = cs_model_embed_images(model, (const cs_image *const[]){image}, 1, out, error);
    cs_image_close(image);
    return status;
}

static cs_status embed(cs_model *model, const cs_query_label *label, const cli_settings *settings, float *out,
                       cs_error *error) {
    if (label->image) return embed_photo(model, label->image, settings, out, error);
    return texts_embed(model, &label->text, 1, settings->text_template, out, error);
}

cs_status search_query_make(cs_model *model, const cli_settings *settings, search_query *query, cs_error *error) {
    size_t dim = (size_t)cs_model_dim(model);
    cs_status status = CS_OK;
    list(query, settings);
    query->embeddings = memory_grow(NULL, query->count * dim, sizeof *query->embeddings);
    for (size_t i = 0; i < query->count && status == CS_OK; i++) {
        query->queries[i] = (cs_query){query->embeddings + i * dim, query->labels[i].weight};
        status = embed(model, &query->labels[i], settings, query->embeddings + i * dim, error);
    }
    return status;
}

void search_query_free(search_query *query) {
    free(query->queries);
    free(query->labels);
    free(query->embeddings);
    *query = (search_query){NULL, NULL, NULL, 0};
}

char *search_query_text(const search_query *query) {
    char *text = text_copy("");
    for (size_t i = 0; i < query->count; i++) {
        const cs_query_label *label = &query->labels[i];
        const char *sign = label->weight < 0 ? (i > 0 ? " \u2212 " : "\u2212 ") : (i > 0 ? " + " : "");
        char *longer = label->text ? text_format("%s%s\u201c%s\u201d", text, sign, label->text)
                                   : text_format("%s%slike %s", text, sign, path_name(label->image));
        free(text);
        text = longer;
    }
    return text;
}
