/* A machine with less memory than it has. */
#ifndef CS_TESTS_PRETENDED_MEMORY_H
#define CS_TESTS_PRETENDED_MEMORY_H

#include <dlfcn.h>
#include <stdint.h>
#include <unistd.h>

/* Pages of memory that the machine says it has; 0: what it has. */
static long pretended_pages;

/* In the place of the system's. */
long sysconf(int name) {
    long (*real)(int) = (long (*)(int))(uintptr_t)dlsym(RTLD_NEXT, "sysconf");
    return name == _SC_PHYS_PAGES && pretended_pages ? pretended_pages : real(name);
}

#endif
