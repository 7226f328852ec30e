/* Any bytes as a safetensors file: an error or tensors that lie within them. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "model/safetensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    cs_error error;
    cs_tensor_list list;
    if (cs_safetensors_parse(bytes, size, "fuzz", &list, &error) != CS_OK) return 0;
    volatile uint8_t touched = 0;
    for (size_t i = 0; i < list.count; i++)
        for (size_t k = 0; k < list.items[i].bytes; k++)
            touched ^= ((const uint8_t *)list.items[i].data)[k];
    (void)touched;
    cs_tensor_list_free(&list);
    return 0;
}
