#include "mixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(request_list *list, char *bytes, size_t size, int expected) {
    whole_request *grown = bytes ? realloc(list->items, (list->count + 1) * sizeof *grown) : NULL;
    if (!grown) {
        fprintf(stderr, "load: a photograph cannot be read\n");
        exit(2);
    }
    list->items = grown;
    list->items[list->count++] = (whole_request){bytes, size, expected};
}

void list_add_form(request_list *list, const http_upload *upload, int expected) {
    size_t size = 0;
    char *bytes = http_form(upload, &size);
    add(list, bytes, size, expected);
}

void list_add_text(request_list *list, const char *text, int expected) {
    add(list, strdup(text), strlen(text), expected);
}

static void add_get(request_list *list, const char *path, int expected) {
    char text[256];
    snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", path);
    list_add_text(list, text, expected);
}

/* Words that were never asked for: 1 to 5 texts, so that encodings of texts differ in shape, too. */
static void add_texts(request_list *list, int index) {
    char body[256] = "", text[512];
    for (int i = 0; i <= index % 5; i++)
        snprintf(body + strlen(body), sizeof body - strlen(body), "%stext=thing+%d+of+%d", i ? "&" : "", i, index);
    snprintf(text, sizeof text,
             "POST /v1/embed?text=a+boat HTTP/1.1\r\nHost: 127.0.0.1\r\n"
             "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
             strlen(body), body);
    list_add_text(list, text, 200);
}

/* What leaves the connection usable, and what does not. */
static void add_mistakes(request_list *list, const char *file) {
    add_get(list, "/nothing", 404);
    list_add_text(list,
                  "POST /v1/detect?prompt=a HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: image/png\r\n"
                  "Content-Length: 3\r\n\r\nabc",
                  415);
    list_add_text(list, "POST /v1/detect HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 411);
    list_add_text(list, "DELETE /v1/detect HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 405);
    list_add_text(list, "GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n", 403);
    list_add_form(list, &(http_upload){"/v1/classify", "prompt=a cat&nonsense=1", file, NULL, 0}, 422);
    list_add_form(list, &(http_upload){"/v1/classify", "prompt=a cat", file, NULL, 600}, 422);
}

static void add_heavy(request_list *list, const char *file, int index) {
    const http_upload heavy[] = {
        {"/v1/localize", "prompt=a cat&method=window&stride=2", file, "image/png", 0},
        {"/v1/localize", "prompt=a person&method=region", file, NULL, 0},
        {"/v1/localize", "prompt=a cat&prompt=a dog&index=1&style=overlay", file, "image/png", 0},
        {"/v1/localize", "prompt=a flower&method=dense", file, NULL, 0},
        {"/v1/localize", "prompt=a cat&method=occlusion&stride=3", file, NULL, 0},
        {"/v1/detect", "prompt=a flower&method=region", file, "image/png", 0},
        {"/v1/localize", "prompt=a boat&method=dense", file, "image/png", 0},
        {"/v1/detect", "prompt=a bird&method=window&stride=3", file, NULL, 0},
    };
    list_add_form(list, &heavy[(size_t)index % (sizeof heavy / sizeof *heavy)], 200);
}

void list_add_mixture(request_list *list, const char *file, int index) {
    char words[64];
    snprintf(words, sizeof words, "prompt=a cat&prompt=number %d", index);
    list_add_form(list, &(http_upload){"/v1/detect", "prompt=a cat&prompt=a person", file, NULL, 0}, 200);
    list_add_form(list, &(http_upload){"/v1/classify", words, file, NULL, 0}, 200);
    list_add_form(list, &(http_upload){"/v1/embed", "", file, index % 2 ? "application/x-npy" : NULL, 0}, 200);
    add_texts(list, index);
    add_get(list, "/", 200);
    add_get(list, "/metrics", 200);
    add_get(list, "/v1/models", 200);
    list_add_form(list, &(http_upload){"/v1/detect", "prompt=a dog&min_score=0", file, "image/png", 0}, 200);
    add_heavy(list, file, index);
    add_mistakes(list, file);
}
