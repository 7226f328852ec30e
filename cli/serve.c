/* clipsight serve: the same over HTTP, with a page. */
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "interrupt.h"
#include "memory.h"
#include "model_open.h"
#include "say.h"
#include "server.h"
#include "shared_options.h"

static const cli_option LISTENING[] = {
    {"port", 0, OPTION_WHOLE, FIELD(serve.port), "N",
     "where to listen; 0: any that is free, which is printed\n(default: 8080)", 0, 65535, 0, NULL},
    {"host", 0, OPTION_TEXT, FIELD(serve.host), "ADDRESS",
     "the address to listen on; only this machine can reach the default\n(default: 127.0.0.1; 0.0.0.0 or :: is all "
     "addresses)",
     0, 0, 0, NULL},
    {"log", 0, OPTION_FLAG, FIELD(serve.log), NULL, "a line on standard error for each request", 0, 0, 0, NULL},
    {0}};

static const cli_option ACCESS[] = {
    {"token", 0, OPTION_TEXT, FIELD(serve.token), "TEXT", "answer only those that send 'Authorization: Bearer TEXT'", 0,
     0, 0, NULL},
    {"token-file", 0, OPTION_TEXT, FIELD(serve.token_file), "FILE",
     "the same, from the first line of a file: other users of the\nmachine see the options of a command", 0, 0, 0,
     NULL},
    {"allow-origin", 0, OPTION_TEXTS, FIELD(serve.origins), "ORIGIN",
     "pages of this site (https://example.org; *: any) may call, too;\ncan be repeated", 0, 0, 0, NULL},
    {"allow-host", 0, OPTION_TEXTS, FIELD(serve.names), "NAME",
     "clients may call the server by this name; without --token only\naddresses and localhost are answered; can be "
     "repeated",
     0, 0, 0, NULL},
    {0}};

static const cli_option LIMITS[] = {
    {"max-body", 0, OPTION_WHOLE, FIELD(serve.max_body), "BYTES", "of one request (default: 33554432)", 1, 1 << 30, 0,
     NULL},
    {"max-header", 0, OPTION_WHOLE, FIELD(serve.max_header), "BYTES",
     "of a request's first line and headers (default: 32768)", 4096, 1 << 20, 0, NULL},
    {"max-pixels", 0, OPTION_WHOLE, FIELD(max_pixels), "N", "of one photograph (default: 67108864)", 1, 1e9, 0, NULL},
    {"max-prompts", 0, OPTION_WHOLE, FIELD(serve.max_prompts), "N", "in one request (default: 64)", 1, 1000, 0, NULL},
    {"max-prompt-bytes", 0, OPTION_WHOLE, FIELD(serve.max_prompt_bytes), "N", "in one prompt (default: 1000)", 1, 1e6,
     0, NULL},
    {"max-windows", 0, OPTION_WHOLE, FIELD(serve.max_windows), "N", "that a photograph is cut into (default: 4096)", 1,
     1e6, 0, NULL},
    {"max-connections", 0, OPTION_WHOLE, FIELD(serve.max_connections), "N", "at one time (default: 512)", 1, 65536, 0,
     NULL},
    {"max-per-address", 0, OPTION_WHOLE, FIELD(serve.max_per_address), "N", "connections of one address (default: 128)",
     1, 65536, 0, NULL},
    {"queue", 0, OPTION_WHOLE, FIELD(serve.queue), "N",
     "requests that may wait; the next are asked to come back later\n(default: 64)", 1, 65536, 0, NULL},
    {"timeout", 0, OPTION_WHOLE, FIELD(serve.timeout), "SECONDS",
     "for a request to come in, for its answer to be made, and for that\nto be fetched (default: 60)", 1, 86400, 0,
     NULL},
    {0}};

static const cli_option SEARCHING[] = {
    {"store", 0, OPTION_TEXT, FIELD(store), "FILE|URL",
     "answer GET /v1/search with the photographs of this store, and show\nthem on the page; clipsight index makes one",
     0, 0, 0, NULL},
    {"show-paths", 0, OPTION_FLAG, FIELD(serve.show_paths), NULL,
     "say where on this machine the photographs are that were found, not\ntheir names alone", 0, 0, 0, NULL},
    {0}};

static const cli_option OTHERS[] = {{"quiet", 'q', OPTION_FLAG, FIELD(quiet), NULL, "no notes", 0, 0, 0, NULL},
                                    {"help", 'h', OPTION_HELP, FIELD(help), NULL, "print this", 0, 0, 0, NULL},
                                    {0}};

static const option_group LISTENING_OPTIONS = {"Listening", LISTENING};
static const option_group ACCESS_OPTIONS = {"Who may call", ACCESS};
static const option_group SEARCH_OPTIONS = {"Search", SEARCHING};
static const option_group LIMIT_OPTIONS = {"Limits", LIMITS};
static const option_group QUIET_OPTIONS = {"Other", OTHERS};

static long long or_default(long long value, long long otherwise) {
    return value > 0 ? value : otherwise;
}

static server_limits limits_of(const cli_settings *settings) {
    const cli_serve *serve = &settings->serve;
    long long body = or_default(serve->max_body, 32 << 20);
    return (server_limits){.body = (size_t)body,
                           .bodies = (size_t)body * 8,
                           .header = (size_t)or_default(serve->max_header, 32768),
                           .pixels = (uint64_t)or_default(settings->max_pixels, 64 << 20),
                           .prompts = (size_t)or_default(serve->max_prompts, 64),
                           .prompt_length = (size_t)or_default(serve->max_prompt_bytes, 1000),
                           .windows = (size_t)or_default(serve->max_windows, 4096),
                           .connections = (unsigned)or_default(serve->max_connections, 512),
                           .per_address = (unsigned)or_default(serve->max_per_address, 128),
                           .queue = (unsigned)or_default(serve->queue, 64),
                           .seconds = (unsigned)or_default(serve->timeout, 60)};
}

/* The first line of the file, without its end. The caller frees it. */
static char *read_token(const char *path) {
    char *line = NULL;
    size_t capacity = 0;
    FILE *file = fopen(path, "re");
    if (!file) {
        complain("--token-file: %s: cannot open: %s", path, strerror(errno));
        return NULL;
    }
    ssize_t length = getline(&line, &capacity, file);
    fclose(file);
    while (length > 0 && strchr("\r\n", line[length - 1]))
        line[--length] = '\0';
    if (length > 0) return line;
    complain("--token-file: %s: expected a token on the first line", path);
    free(line);
    return NULL;
}

/* Scripts read the address from standard output. */
static void say_url(const char *url) {
    printf("%s\n", url);
    fflush(stdout);
}

/* The list with NULL behind it. */
static const char *const *ended(text_list *list) {
    text_list_add(list, NULL);
    return (const char *const *)list->items;
}

static void warn_of_host(const cli_settings *settings, const char *host, const char *token) {
    if (settings->quiet || server_is_local(host)) return;
    complain("listening on %s: other machines can reach this server%s", host,
             token ? "" : "; without --token it answers everyone");
}

/* Photographs of all sizes come and go for weeks. The large blocks of the library, 8 MB and more, are mapped one by
 * one, so that they cut no holes between what stays; of holes that others cut, tidy_memory() gives the pages back. A
 * second arena would have a second set of holes. docs/speed.md has what a server holds with this. */
static void set_up_memory(void) {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 8 << 20);
    mallopt(M_TRIM_THRESHOLD, 16 << 20);
}

static void tidy_memory(void) {
    malloc_trim(0);
}

static int serve_with(cli_settings *settings, cs_model *model, const char *token) {
    cli_serve *serve = &settings->serve;
    const char *host = serve->host ? serve->host : "127.0.0.1";
    const server_options options = {.host = host,
                                    .port = (int)serve->port,
                                    .token = token,
                                    .origins = ended(&serve->origins),
                                    .names = ended(&serve->names),
                                    .limits = limits_of(settings),
                                    .model_name = settings->model ? settings->model : "starter",
                                    .model = model,
                                    .store = settings->store,
                                    .show_paths = serve->show_paths,
                                    .log = serve->log,
                                    .stopped = interrupt_signal,
                                    .listening = say_url,
                                    .tidy = tidy_memory};
    cs_error error;
    warn_of_host(settings, host, token);
    if (server_run(&options, &error) == CS_OK) return STATUS_OK;
    complain("%s", error.message);
    return STATUS_FAILURE;
}

static int check(const cli_settings *settings) {
    if (settings->operands.count > 0)
        return usage_error("serve", "expected no photographs, got '%s'", settings->operands.items[0]);
    if (settings->serve.token && settings->serve.token_file)
        return usage_error("serve", "--token and --token-file: expected one of them");
    if (settings->serve.show_paths && !settings->store) return usage_error("serve", "--show-paths: goes with --store");
    return STATUS_OK;
}

static int run(cli_settings *settings) {
    int status = check(settings);
    if (status != STATUS_OK) return status;
    set_up_memory();
    char *from_file = settings->serve.token_file ? read_token(settings->serve.token_file) : NULL;
    if (settings->serve.token_file && !from_file) return STATUS_FAILURE;
    cs_error error;
    cs_model *model = NULL;
    if (model_open(settings, &model, &error) == CS_OK) {
        status = serve_with(settings, model, from_file ? from_file : settings->serve.token);
    } else {
        complain("%s", error.message);
        status = STATUS_FAILURE;
    }
    cs_model_close(model);
    free(from_file);
    return status;
}

static const option_group *const GROUPS[] = {
    &LISTENING_OPTIONS, &ACCESS_OPTIONS, &SEARCH_OPTIONS, &LIMIT_OPTIONS, &MODEL_OPTIONS, &QUIET_OPTIONS, NULL};

const cli_command SERVE_COMMAND = {
    "serve",
    "[options]",
    "answer over HTTP, and show a page to look at photographs with",
    "Answers POST /v1/detect, /v1/localize, /v1/classify and /v1/embed over HTTP,\n"
    "and shows a page at / on which photographs can be dropped. Prints the page's\n"
    "address. Ctrl-C or SIGTERM finishes what is under way, and ends it.",
    GROUPS,
    "  clipsight serve\n"
    "  curl -F image=@pet.jpg -F prompt=\"a cat\" http://127.0.0.1:8080/v1/detect\n"
    "  curl -F image=@pet.jpg -F prompt=\"a cat\" -H 'Accept: image/png' -o found.png \\\n"
    "      http://127.0.0.1:8080/v1/detect\n"
    "  clipsight serve --store photographs.sqlite\n"
    "  clipsight serve --host 0.0.0.0 --port 80 --token-file secret.txt\n",
    run};
