/* A short name for a set of weights: what belongs to them (a calibration) is found by it. */
#ifndef CS_MODEL_WEIGHTS_ID_H
#define CS_MODEL_WEIGHTS_ID_H

#include "model/checkpoint.h"

/* 16 hexadecimal digits and the NUL. */
enum { CS_WEIGHTS_ID_SIZE = 17 };

/* FNV-1a, 64 bits (Fowler, Noll and Vo), over every tensor in order of names: name with its NUL, number type, rank and
 * sides, and 256 bytes at its start, its middle and its end (all of it where it is shorter). Whatever training touches
 * changes every tensor, and reading all of a gigabyte only to open it would take a second. It does not matter whether
 * the tensors lie in one file or in shards, and it is no protection against somebody who wants two checkpoints to look
 * the same. */
void cs_weights_id(const cs_checkpoint *checkpoint, char id[CS_WEIGHTS_ID_SIZE]);

#endif
