#include "support/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/clock.h"
#include "support/say.h"

double process_seconds(const char *const *argv) {
    posix_spawn_file_actions_t files;
    pid_t child;
    int status = 0;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    double start = clock_seconds();
    int failed = posix_spawn(&child, argv[0], &files, NULL, (char *const *)(uintptr_t)argv, environ);
    if (failed) stop("%s: %s", argv[0], strerror(failed));
    if (waitpid(child, &status, 0) < 0) stop("%s: cannot wait for it", argv[0]);
    double seconds = clock_seconds() - start;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) stop("%s %s failed", argv[0], argv[1] ? argv[1] : "");
    posix_spawn_file_actions_destroy(&files);
    return seconds;
}

void process_folder(char *folder) {
    const char *parent = getenv("TMPDIR");
    snprintf(folder, PROCESS_FOLDER, "%s/clipsight-bench-XXXXXX", parent && *parent ? parent : "/tmp");
    if (!mkdtemp(folder)) stop("%s: cannot make this folder", folder);
}

void process_remove(const char *folder, const char *const *names) {
    for (; *names; names++) {
        char path[2 * PROCESS_FOLDER];
        snprintf(path, sizeof path, "%s/%s", folder, *names);
        unlink(path);
    }
    rmdir(folder);
}
