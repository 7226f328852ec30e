/* A server that is short of memory: each allocation of a request fails in its turn, alone and with all that follow. The
 * client gets an error in the form that errors have, or the connection ends; and the next request is answered. */
#include "support/support.h"

#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mixture.h"
#include "server.h"

static const char *const NOBODY[] = {NULL};
static cs_model *model;
static atomic_int port, stopped;
static cs_status ended;

static int is_stopped(void) {
    return atomic_load(&stopped);
}

static void note_url(const char *url) {
    atomic_store(&port, atoi(strrchr(url, ':') + 1));
}

static server_options options_of(void) {
    const server_limits limits = {.body = 1 << 20,
                                  .bodies = 8 << 20,
                                  .header = 8192,
                                  .pixels = 1 << 20,
                                  .prompts = 8,
                                  .prompt_length = 100,
                                  .windows = 400,
                                  .connections = 32,
                                  .per_address = 32,
                                  .queue = 8,
                                  .seconds = 60};
    return (server_options){.host = "127.0.0.1",
                            .origins = NOBODY,
                            .names = NOBODY,
                            .limits = limits,
                            .model_name = "tiny",
                            .model = model,
                            .stopped = is_stopped,
                            .listening = note_url};
}

static void *serve(void *context) {
    static cs_error error;
    const server_options options = options_of();
    (void)context;
    ended = server_run(&options, &error);
    return NULL;
}

static int open_model(void **state) {
    cs_error error;
    const cs_model_options options = {.threads = 1};
    (void)state;
    json_set_alloc_funcs(malloc, free); /* its allocations, too, are to count and to fail */
    assert_ok(cs_model_open(test_data("models/dress-old"), &options, &model, &error));
    return 0;
}

static int close_model(void **state) {
    (void)state;
    cs_model_close(model);
    return 0;
}

static pthread_t start_server(void) {
    pthread_t thread;
    atomic_store(&stopped, 0);
    atomic_store(&port, 0);
    assert_int_equal(pthread_create(&thread, NULL, serve, NULL), 0);
    for (int i = 0; i < 1000 && !atomic_load(&port); i++)
        usleep(10000);
    assert_true(atomic_load(&port) > 0);
    return thread;
}

static void stop_server(pthread_t thread) {
    atomic_store(&stopped, 1);
    pthread_join(thread, NULL);
    assert_int_equal(ended, CS_OK);
}

/* On a connection of its own: that, too, takes memory. */
static http_answer ask(const whole_request *request) {
    int socket = http_connect(atomic_load(&port), 60);
    assert_true(socket >= 0);
    http_send(socket, request->bytes, request->size); /* a server may answer before it has read all */
    http_answer answer = http_read(socket, 0);
    close(socket);
    return answer;
}

static void expect_as_before(const whole_request *request, const http_answer *before, long n) {
    http_answer answer = ask(request);
    if (answer.status != request->expected || answer.size != before->size || strcmp(answer.start, before->start) != 0)
        fail_msg("after allocation %ld had failed: expected %d with \"%s\", got %d with \"%s\"", n, before->status,
                 before->start, answer.status, answer.start);
}

/* An answer, or what may stand in its place where memory is short. */
static int is_refusal(const http_answer *answer, const http_answer *before, long n) {
    int is_error = strncmp(answer->start, "{\"error\": {\"code\": \"", 20) == 0;
    if (answer->status == 0) return 1;
    if (answer->status == before->status && answer->size == before->size) return 0;
    if ((answer->status == 500 || answer->status == 503) && is_error) return 1;
    fail_msg("allocation %ld failed: got %d with \"%s\"", n, answer->status, answer->start);
    return 0;
}

static void fail_each(const whole_request *request) {
    fail_allocation(-1, 0);
    http_answer before = ask(request);
    if (before.status != request->expected)
        fail_msg("%.40s: expected %d, got %d with \"%s\"", request->bytes, request->expected, before.status,
                 before.start);
    fail_allocation(-1, 0);
    expect_as_before(request, &before, -1);
    long count = allocations_made(), refused = 0, ended_early = 0;
    for (long n = 0; n < count; n++) {
        /* with all that follow, every third will do */
        for (int only_one = n % 3 ? 1 : 0; only_one < 2; only_one++) {
            fail_allocation(n, only_one);
            http_answer answer = ask(request);
            fail_allocation(-1, 0);
            refused += is_refusal(&answer, &before, n);
            ended_early += answer.status == 0;
        }
        expect_as_before(request, &before, n);
    }
    print_message("%.*s: %ld allocations, %ld refusals, %ld of them by ending the connection\n",
                  (int)strcspn(request->bytes, "\r"), request->bytes, count, refused, ended_early);
    assert_true(count > 0 && refused > 0);
}

/* A photograph with new words each time, so that they have to be encoded. */
static void fail_each_with_new_words(const char *path, const char *file) {
    static int words;
    char fields[64];
    long count = 0;
    for (long n = -1; n < count; n++) {
        request_list list = {NULL, 0};
        snprintf(fields, sizeof fields, "prompt=a %05d&prompt=the %05d", words, words + 1);
        words += 2;
        list_add_form(&list, &(http_upload){path, fields, file, NULL, 0}, 200);
        fail_allocation(n, 1);
        http_answer answer = ask(&list.items[0]);
        if (n < 0) count = allocations_made();
        fail_allocation(-1, 0);
        if (n < 0) assert_int_equal(answer.status, 200);
        is_refusal(&answer, &(http_answer){.status = 200, .size = answer.size}, n);
        answer = ask(&list.items[0]);
        assert_int_equal(answer.status, 200);
        free(list.items[0].bytes);
        free(list.items);
    }
    print_message("%s with new words: %ld allocations\n", path, count);
}

static const http_upload FORMS[] = {
    {.path = "/v1/detect", .fields = "prompt=a cat&negative=a dog&min_score=0&method=dense"},
    {.path = "/v1/detect", .fields = "prompt=a cat&min_score=0&patch=29&window=1", .accept = "image/png"},
    {.path = "/v1/localize", .fields = "prompt=a cat&method=occlusion&patch=29&window=1"},
    {.path = "/v1/localize", .fields = "prompt=a cat&method=region", .accept = "image/png"},
    {.path = "/v1/classify", .fields = "prompt=a cat&prompt=a dog"},
    {.path = "/v1/embed", .fields = ""},
    {.path = "/v1/embed", .fields = "", .accept = "application/x-npy"},
};

static request_list list_requests(const char *file) {
    request_list list = {NULL, 0};
    for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
        http_upload upload = FORMS[i];
        upload.file = file;
        list_add_form(&list, &upload, 200);
    }
    list_add_form(&list, &(http_upload){"/v1/detect", "prompt=a&nonsense=1", file, NULL, 0}, 422);
    list_add_form(&list, &(http_upload){"/v1/detect", "prompt=a", file, NULL, 300}, 422);
    list_add_text(&list,
                  "POST /v1/embed?text=a+boat HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                  "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 17\r\n\r\ntext=a&text=a+cat",
                  200);
    list_add_text(&list, "GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 200);
    list_add_text(&list, "GET /style.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 200);
    list_add_text(&list, "GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 404);
    list_add_text(&list, "POST /v1/detect HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 411);
    return list;
}

static void test_requests(void **state) {
    request_list list = list_requests(test_data("models/pictures/wide.png"));
    pthread_t server = start_server();
    (void)state;
    for (size_t i = 0; i < list.count; i++)
        fail_each(&list.items[i]);
    fail_each_with_new_words("/v1/classify", test_data("models/pictures/wide.png"));
    stop_server(server);
    for (size_t i = 0; i < list.count; i++)
        free(list.items[i].bytes);
    free(list.items);
}

/* What the figures say differs from request to request. */
static void test_metrics(void **state) {
    const char text[] = "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    const whole_request request = {(char *)(uintptr_t)text, sizeof text - 1, 200};
    pthread_t server = start_server();
    (void)state;
    for (long n = 0; n < 8; n++) {
        fail_allocation(n, 1);
        http_answer answer = ask(&request);
        fail_allocation(-1, 0);
        if (answer.status != 0 && answer.status != 200 && answer.status != 503)
            fail_msg("allocation %ld: got %d with \"%s\"", n, answer.status, answer.start);
    }
    assert_int_equal(ask(&request).status, 200);
    stop_server(server);
}

static void test_start(void **state) {
    cs_error error = {CS_OK, ""};
    const server_options options = options_of();
    (void)state;
    atomic_store(&stopped, 1);
    fail_allocation(-1, 0);
    assert_ok(server_run(&options, &error));
    long count = allocations_made(), refused = 0;
    for (long n = 0; n < count; n++) {
        fail_allocation(n, 1);
        cs_status status = server_run(&options, &error);
        fail_allocation(-1, 0);
        assert_true(status == CS_OK || error.message[0] != '\0');
        refused += status != CS_OK;
    }
    assert_true(refused > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_start), cmocka_unit_test(test_requests),
                                       cmocka_unit_test(test_metrics)};
    return cmocka_run_group_tests(tests, open_model, close_model);
}
