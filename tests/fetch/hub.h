/* Running a hub_server and looking at what it was asked for. */
#ifndef TESTS_FETCH_HUB_H
#define TESTS_FETCH_HUB_H

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/support.h"

typedef struct test_hub {
    pid_t process;
    char log[256], url[64];
} test_hub;

static inline char *read_whole(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    char *text = malloc(1 << 22);
    size_t length = fread(text, 1, (1 << 22) - 1, file);
    text[length] = '\0';
    fclose(file);
    if (size) *size = length;
    return text;
}

/* Starts a server over `folder`; `options` ends with NULL. */
static inline test_hub hub_start(const char *folder, const char *const *options) {
    static int number;
    test_hub hub;
    char *arguments[16] = {(char *)"hub_server", (char *)folder};
    for (int i = 0; options[i]; i++)
        arguments[i + 2] = (char *)options[i];
    snprintf(hub.log, sizeof hub.log, "%s/log-%d", folder, number++);
    hub.process = fork();
    if (hub.process == 0) {
        int log = open(hub.log, O_WRONLY | O_CREAT | O_APPEND | O_TRUNC, 0600);
        dup2(log, STDOUT_FILENO);
        execv(getenv("HUB_SERVER"), arguments);
        _exit(127);
    }
    for (int waited = 0; waited < 500; waited++) {
        char *text = read_whole(hub.log, NULL);
        int port = text && strchr(text, '\n') ? atoi(text) : 0;
        free(text);
        if (port > 0) {
            snprintf(hub.url, sizeof hub.url, "http://127.0.0.1:%d", port);
            return hub;
        }
        usleep(10000);
    }
    fail_msg("hub_server does not start (HUB_SERVER=%s)", getenv("HUB_SERVER"));
    return hub;
}

static inline void hub_stop(const test_hub *hub) {
    kill(hub->process, SIGTERM);
    waitpid(hub->process, NULL, 0);
}

/* How often `part` stands in the server's log. */
static inline int hub_saw(const test_hub *hub, const char *part) {
    char *text = read_whole(hub->log, NULL);
    int count = 0;
    for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
        count++;
    free(text);
    return count;
}

#endif
