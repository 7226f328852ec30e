/* Embeds texts and pictures with any model folder, for tests/references/make_models.py --compare. By hand; compare.sh
 * builds it with the library's public interface alone.
 *
 *   embed FOLDER BACKEND COUNT TEXT... PICTURE...      COUNT: of texts
 *
 * Standard output: f32, texts [COUNT, dim], pictures [rest, dim], logits [rest, COUNT]. Standard error: how long it
 * took from nothing to the first embedding, and the most memory the process had. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "clipsight.h"

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void check(cs_status status, const cs_error *error) {
    if (status == CS_OK) return;
    fprintf(stderr, "%s\n", error->message);
    exit(1);
}

static void write_floats(const float *values, size_t count) {
    if (fwrite(values, sizeof *values, count, stdout) != count) exit(1);
}

/* VmHWM, since getrusage() also counts what the process was before exec(). In kilobytes; 0 where there is no /proc. */
static long peak_memory(void) {
    char line[256];
    long peak = 0;
    FILE *file = fopen("/proc/self/status", "r");
    if (!file) return 0;
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "VmHWM: %ld", &peak) == 1) break;
    fclose(file);
    return peak;
}

static void report(double opened, double embedded, long loaded) {
    fprintf(stderr, "open %.2f s, first embedding %.2f s, peak till then %ld MB, till the end %ld MB", opened, embedded,
            loaded * 1024 / 1000000, peak_memory() * 1024 / 1000000);
}

/* Embedding [dim] and logits [count of prompts] of one picture. */
static void run_picture(cs_model *model, const cs_prompts *prompts, const char *path, float *embedding, float *logits) {
    cs_error error;
    cs_image *image;
    check(cs_image_open(path, NULL, &image, &error), &error);
    check(cs_model_embed_images(model, (const cs_image *const *)&image, 1, embedding, &error), &error);
    check(cs_classify(model, prompts, image, logits, NULL, &error), &error);
    cs_image_close(image);
}

int main(int argc, char **argv) {
    cs_error error;
    cs_model *model;
    cs_prompts *prompts;
    size_t texts = argc > 3 ? strtoul(argv[3], NULL, 10) : 0, rest = argc > 4 ? (size_t)argc - 4 : 0;
    if (texts == 0 || rest < texts) {
        fprintf(stderr, "embed FOLDER BACKEND COUNT TEXT... PICTURE...\n");
        return 2;
    }
    const cs_model_options options = {.backend = argv[2]};
    double start = now();
    check(cs_model_open(argv[1], &options, &model, &error), &error);
    double opened = now() - start;
    size_t dim = (size_t)cs_model_dim(model), pictures = rest - texts;
    float *embeddings = malloc(rest * dim * sizeof *embeddings), *logits = malloc(rest * texts * sizeof *logits);
    if (!embeddings || !logits) return 1;
    check(cs_model_embed_texts(model, (const char *const *)argv + 4, 1, embeddings, &error), &error);
    double embedded = now() - start;
    long loaded = peak_memory();
    check(cs_model_embed_texts(model, (const char *const *)argv + 4, texts, embeddings, &error), &error);
    check(cs_prompts_create(model, (const char *const *)argv + 4, texts, NULL, &prompts, &error), &error);
    for (size_t i = 0; i < pictures; i++)
        run_picture(model, prompts, argv[4 + texts + i], embeddings + (texts + i) * dim, logits + i * texts);
    write_floats(embeddings, rest * dim);
    write_floats(logits, pictures * texts);
    report(opened, embedded, loaded);
    cs_prompts_destroy(prompts);
    cs_model_close(model);
    free(embeddings);
    free(logits);
    return 0;
}
