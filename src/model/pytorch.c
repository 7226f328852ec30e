#include "model/pytorch.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/pytorch_bytes.h"
#include "model/pytorch_pickle.h"
#include "model/pytorch_state.h"
#include "model/pytorch_zip.h"

enum { PICKLE_PROTO = 0x80, LAST_PROTOCOL = 5 };
enum { FIRST_VERSION = 1, LAST_VERSION = 10 }; /* of the archive; PyTorch writes 3 and reads these */

static int is_zip(const uint8_t *bytes, size_t size) {
    return size >= 4 && (memcmp(bytes, "PK\3\4", 4) == 0 || memcmp(bytes, "PK\5\6", 4) == 0);
}

/* A bare pickle. A safetensors file may begin with the same two bytes (a header of 640 bytes does), but then the length
 * that they are part of fits into the file. */
static int is_pickle(const uint8_t *bytes, size_t size) {
    if (size < 2 || bytes[0] != PICKLE_PROTO || bytes[1] < 1 || bytes[1] > LAST_PROTOCOL) return 0;
    return size < 8 || cs_read_u64(bytes) > size - 8;
}

int cs_pytorch_recognise(const uint8_t *bytes, size_t size) {
    return is_zip(bytes, size) || is_pickle(bytes, size);
}

/* The magic number that torch.save wrote before it wrote zip archives: 0x1950a86a20f9469cfc6c as a pickle. */
static cs_status refuse_pickle(const uint8_t *bytes, size_t size, const char *file, cs_error *error) {
    static const uint8_t magic[] = {0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19};
    if (size >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0)
        return cs_fail(error, CS_ERR_UNSUPPORTED,
                       "%s: a checkpoint in the format that PyTorch wrote before version 1.6: use the model's "
                       "model.safetensors, or load it with torch and save it again",
                       file);
    return cs_fail(error, CS_ERR_UNSUPPORTED,
                   "%s: a bare Python pickle, expected a checkpoint of torch.save or safetensors", file);
}

static cs_status refuse_torchscript(const cs_zip *zip, cs_error *error) {
    if (!cs_zip_find(zip, "constants.pkl") && !cs_zip_has(zip, "code/")) return CS_OK;
    return cs_fail(
        error, CS_ERR_UNSUPPORTED,
        "%s: a TorchScript archive, which holds a program and not only tensors (OpenAI's .pt files are such): "
        "use the model's Hugging Face repository (openai/clip-vit-base-patch32 for ViT-B/32), or save its "
        "state_dict() with torch and safetensors",
        zip->file);
}

/* A small entry that holds one word or number; 0 if there is none. */
static cs_status read_word(const cs_zip *zip, const char *name, const char **word, size_t *length, cs_error *error) {
    const uint8_t *data;
    const cs_zip_entry *entry = cs_zip_find(zip, name);
    *length = 0;
    if (!entry) return CS_OK;
    cs_status status = cs_zip_data(zip, entry, &data, error);
    if (status != CS_OK) return status;
    *word = (const char *)data;
    *length = (size_t)entry->size;
    while (*length > 0 && (*word)[*length - 1] == '\n')
        --*length;
    return CS_OK;
}

/* Files of older versions have no such entry and are little-endian. */
static cs_status check_byte_order(const cs_zip *zip, cs_error *error) {
    const char *word;
    size_t length;
    cs_status status = read_word(zip, "byteorder", &word, &length, error);
    if (status != CS_OK || length == 0 || (length == 6 && memcmp(word, "little", 6) == 0)) return status;
    return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: numbers in byte order '%.*s', expected 'little'", zip->file,
                   length < 20 ? (int)length : 20, word);
}

static cs_status check_version(const cs_zip *zip, cs_error *error) {
    const char *word;
    size_t length;
    int version = 0;
    cs_status status = read_word(zip, "version", &word, &length, error);
    if (status != CS_OK || length == 0) return status;
    for (size_t i = 0; i < length && i < 4; i++)
        version = word[i] >= '0' && word[i] <= '9' ? version * 10 + word[i] - '0' : LAST_VERSION + 1;
    if (version >= FIRST_VERSION && version <= LAST_VERSION && length < 4) return CS_OK;
    return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: version '%.*s' of PyTorch's format, expected %d to %d", zip->file,
                   length < 20 ? (int)length : 20, word, FIRST_VERSION, LAST_VERSION);
}

static cs_status run_pickle(const cs_zip *zip, const cs_zip_entry *entry, cs_tensor_list *list, cs_error *error) {
    const uint8_t *data;
    cs_pickle pickle;
    cs_value root;
    cs_status status = cs_zip_data(zip, entry, &data, error);
    if (status != CS_OK) return status;
    status = cs_pickle_run(zip, data, (size_t)entry->size, &pickle, &root, error);
    if (status == CS_OK) status = cs_pytorch_list(&pickle, &root, list, error);
    cs_pickle_free(&pickle);
    return status;
}

static cs_status read_archive(const cs_zip *zip, cs_tensor_list *list, cs_error *error) {
    cs_status status = refuse_torchscript(zip, error);
    if (status != CS_OK) return status;
    const cs_zip_entry *entry = cs_zip_find(zip, "data.pkl");
    if (!entry)
        return cs_fail(error, CS_ERR_FORMAT, "%s: a zip archive without data.pkl: torch.save did not write it",
                       zip->file);
    status = check_byte_order(zip, error);
    if (status == CS_OK) status = check_version(zip, error);
    return status == CS_OK ? run_pickle(zip, entry, list, error) : status;
}

cs_status cs_pytorch_parse(const uint8_t *bytes, size_t size, const char *file, cs_tensor_list *list, cs_error *error) {
    if (!is_zip(bytes, size)) return refuse_pickle(bytes, size, file, error);
    cs_zip zip;
    cs_status status = cs_zip_open(bytes, size, file, &zip, error);
    if (status != CS_OK) return status;
    status = read_archive(&zip, list, error);
    cs_zip_free(&zip);
    return status;
}
