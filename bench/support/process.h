#ifndef BENCH_SUPPORT_PROCESS_H
#define BENCH_SUPPORT_PROCESS_H

/* Runs a program with its output thrown away, and returns the seconds from before it was started until it has ended.
 * argv ends with NULL. Stops the program when it cannot be started or fails. */
double process_seconds(const char *const *argv);

/* A new folder for what a program writes; process_remove() removes it and the named files in it.
 * `folder` has room for PROCESS_FOLDER characters. */
enum { PROCESS_FOLDER = 256 };
void process_folder(char *folder);
void process_remove(const char *folder, const char *const *names);

#endif
