/* How many threads to use. oneDNN runs on OpenMP; so do our own loops, so that one pool serves both. */
#ifndef CS_BASE_THREADS_H
#define CS_BASE_THREADS_H

/* `wanted` if positive, else the number of processors that this process may run on. */
int cs_threads_resolve(int wanted);

#endif
