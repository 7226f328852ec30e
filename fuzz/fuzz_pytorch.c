/* Bytes that begin like a zip archive as a file of torch.save; any others as the pickle within a sound archive, which
 * reaches deeper. An error, or tensors that lie within the bytes. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/pytorch.h"
#include "model/pytorch_pickle.h"
#include "model/pytorch_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Tensors must lie within these bytes and stand in order. */
static void check(const cs_tensor_list *list, const uint8_t *begin, size_t size) {
    volatile uint8_t touched = 0;
    for (size_t i = 0; i < list->count; i++) {
        const cs_tensor *tensor = &list->items[i];
        const uint8_t *data = tensor->data;
        if (tensor->bytes > size || data < begin || data > begin + size - tensor->bytes) abort();
        if (i > 0 && strcmp(list->items[i - 1].name, tensor->name) >= 0) abort();
        for (size_t k = 0; k < tensor->bytes; k += 16)
            touched ^= data[k];
    }
    (void)touched;
}

static void run_file(const uint8_t *bytes, size_t size) {
    cs_error error;
    cs_tensor_list list;
    if (cs_pytorch_parse(bytes, size, "fuzz", &list, &error) != CS_OK) return;
    check(&list, bytes, size);
    cs_tensor_list_free(&list);
}

/* One entry m/data/0 of 24 bytes at the beginning of `archive`. */
static void run_pickle(const uint8_t *bytes, size_t size) {
    static const uint8_t archive[] = "PK\3\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08\0\0\0m/data/0"
                                     "aaaabbbbccccddddeeeeffff";
    const char *names = "m/data/0";
    cs_zip_entry entries[] = {{.name = names, .name_length = 8, .size = 24, .packed_size = 24}};
    const cs_zip zip = {"fuzz", archive, sizeof archive - 1, entries, 1, names, 1};
    cs_error error;
    cs_pickle pickle;
    cs_value root;
    cs_tensor_list list;
    cs_status status = cs_pickle_run(&zip, bytes, size, &pickle, &root, &error);
    if (status == CS_OK && cs_pytorch_list(&pickle, &root, &list, &error) == CS_OK) {
        check(&list, archive, sizeof archive - 1);
        cs_tensor_list_free(&list);
    }
    cs_pickle_free(&pickle);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    if (cs_pytorch_recognise(bytes, size) && bytes[0] == 'P')
        run_file(bytes, size);
    else
        run_pickle(bytes, size);
    return 0;
}
