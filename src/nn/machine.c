/* What a measurement was made on. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/peak.h"
#include "base/threads.h"
#include "nn/nn.h"

/* The value of the first line of /proc/cpuinfo that begins with `key`. */
static void read_processor(const char *key, char *out, size_t size) {
    FILE *file = fopen("/proc/cpuinfo", "r");
    char line[512];
    snprintf(out, size, "unknown");
    if (!file) return;
    while (fgets(line, sizeof line, file)) {
        const char *colon = strchr(line, ':');
        if (!colon || strncmp(line, key, strlen(key)) != 0) continue;
        line[strcspn(line, "\n")] = '\0';
        snprintf(out, size, "%.*s", (int)size - 1, colon + 1 + strspn(colon + 1, " "));
        break;
    }
    fclose(file);
}

/* Those that a peak kernel is made of, each once. */
static void list_instructions(char *out, size_t size) {
    int count;
    const cs_peak_kernel *kernels = cs_peak_kernels(&count);
    out[0] = '\0';
    for (int i = 0; i < count; i++) {
        size_t length = strlen(out);
        if (!kernels[i].is_there() || strcmp(kernels[i].instructions, "plain") == 0) continue;
        snprintf(out + length, size - length, "%s%s", length > 0 ? " " : "", kernels[i].instructions);
    }
    if (!out[0]) snprintf(out, size, "unknown");
}

static void name_compiler(char *out, size_t size) {
#if defined(__clang__)
    snprintf(out, size, "clang %d.%d.%d", __clang_major__, __clang_minor__, __clang_patchlevel__);
#elif defined(__GNUC__)
    snprintf(out, size, "gcc %d.%d.%d", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#else
    snprintf(out, size, "unknown");
#endif
}

void cs_machine_describe(cs_machine *machine) {
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    *machine = (cs_machine){.processors = cs_threads_resolve(0)};
    read_processor("model name", machine->processor, sizeof machine->processor);
    list_instructions(machine->instructions, sizeof machine->instructions);
    name_compiler(machine->compiler, sizeof machine->compiler);
    cs_onednn_version(machine->onednn, sizeof machine->onednn);
    if (pages > 0 && page > 0) machine->memory_bytes = (uint64_t)pages * (uint64_t)page;
}
