/* A checkpoint that lacks something, or whose header, sizes or settings are wrong, is refused by an error that names
 * the file, the tensor or the setting. All through cs_model_open(), on the smallest of the models. */
#include "parity/made_model.h"

#include <jansson.h>

enum { ROOM = 128, CUTS = 1000 };

static made_tensor tensors[ROOM];
static size_t tensor_count;
static char metadata[64];
static char *folder, *weights_path, *config_path;

static int setup(void **state) {
    (void)state;
    uint32_t crc;
    folder = make_model("hf-tiny");
    weights_path = cs_path_join(folder, "model.safetensors");
    config_path = cs_path_join(folder, "config.json");
    tensor_count = made_read_table(test_data("models/hf-tiny/model.safetensors.tsv"), tensors, ROOM, &crc, metadata);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    free(weights_path);
    free(config_path);
    remove_folder(folder);
    return 0;
}

static cs_status open_model(cs_error *error) {
    cs_model *model = NULL;
    const cs_model_options options = {.threads = 1};
    cs_status status = cs_model_open(folder, &options, &model, error);
    cs_model_close(model);
    return status;
}

/* Opening must fail, and its message must hold `part`. */
static void refused(const char *what, const char *part) {
    cs_error error = {0};
    cs_status status = open_model(&error);
    if (status == CS_OK) fail_msg("%s: accepted", what);
    if (!strstr(error.message, part))
        fail_msg("%s: expected a message with \"%s\", got \"%s\"", what, part, error.message);
}

/* The header of `header` before the values of `body`, which has the same tensors unless the damage lies there. */
static void write_weights(const made_tensor *body, size_t count) {
    cs_strbuf file = {0};
    made_file(body, count, metadata, &file);
    write_file(weights_path, file.data, file.length);
    cs_strbuf_free(&file);
}

/* A sound header with `find` replaced by `with`, and sound values behind it. */
static void write_damaged_header(const char *find, const char *with) {
    cs_strbuf header = {0}, whole = {0}, file = {0};
    made_header(tensors, tensor_count, metadata, &header);
    made_file(tensors, tensor_count, metadata, &whole);
    const char *at = strstr(header.data, find);
    assert_non_null(at);
    size_t before = (size_t)(at - header.data);
    uint64_t size = header.length - strlen(find) + strlen(with);
    cs_strbuf_append(&file, (const char *)&size, sizeof size);
    cs_strbuf_append(&file, header.data, before);
    cs_strbuf_puts(&file, with);
    cs_strbuf_puts(&file, at + strlen(find));
    cs_strbuf_append(&file, whole.data + 8 + header.length, whole.length - 8 - header.length);
    write_file(weights_path, file.data, file.length);
    cs_strbuf_free(&header);
    cs_strbuf_free(&whole);
    cs_strbuf_free(&file);
}

static void a_sound_model_opens(void **state) {
    (void)state;
    cs_error error;
    write_weights(tensors, tensor_count);
    assert_ok(open_model(&error));
}

static void each_missing_tensor_is_named(void **state) {
    (void)state;
    made_tensor rest[ROOM];
    for (size_t gone = 0; gone < tensor_count; gone++) {
        size_t count = 0;
        for (size_t i = 0; i < tensor_count; i++)
            if (i != gone) rest[count++] = tensors[i];
        write_weights(rest, count);
        refused("a missing tensor", tensors[gone].name);
    }
}

/* One more in the last dimension, with the values to go with it: a sound file of the wrong shape. */
static void widen(made_tensor *tensor) {
    char *comma = strrchr(tensor->shape, ',');
    char *last = comma ? comma + 1 : tensor->shape;
    unsigned long size = strcmp(last, "-") == 0 ? 1 : strtoul(last, NULL, 10);
    snprintf(last, sizeof tensor->shape - (size_t)(last - tensor->shape), "%lu", size + 1);
    tensor->count = made_count(tensor->shape);
}

static void each_misshapen_tensor_is_named(void **state) {
    (void)state;
    made_tensor changed[ROOM];
    for (size_t i = 0; i < tensor_count; i++) {
        memcpy(changed, tensors, sizeof changed);
        widen(&changed[i]);
        write_weights(changed, tensor_count);
        refused("a misshapen tensor", tensors[i].name);
    }
}

static void each_tensor_of_whole_numbers_is_named(void **state) {
    (void)state;
    made_tensor changed[ROOM];
    for (size_t i = 0; i < tensor_count; i++) {
        memcpy(changed, tensors, sizeof changed);
        strcpy(changed[i].dtype, "I64");
        write_weights(changed, tensor_count);
        refused("weights of whole numbers", tensors[i].name);
    }
}

/* Every field of every tensor's entry in turn. */
static void each_field_of_the_header_is_checked(void **state) {
    (void)state;
    static const char *const damages[][2] = {
        {"\"dtype\":\"F16\"", "\"dtype\":\"F15\""},
        {"\"dtype\":\"F16\"", "\"dtype\":\"F32\""},
        {"\"dtype\":\"F16\"", "\"dtype\":7"},
        {"\"shape\":[", "\"shape\":[3"},
        {"\"shape\":[", "\"shape\":[-1"},
        {"\"shape\":[", "\"shape\":[2.5"},
        {"\"shape\":[", "\"shape\":[9223372036854775807"},
        {"\"data_offsets\":[", "\"data_offsets\":[9"},
        {"\"data_offsets\":[", "\"data_offsets\":[-9"},
        {"\"data_offsets\":[", "\"data_offsets\":[0,"},
        {"\"data_offsets\":[", "\"data_offsets\":[9223372036"},
    };
    for (size_t i = 0; i < tensor_count; i++) {
        char entry[256], with[384];
        const char *shape = strcmp(tensors[i].shape, "-") == 0 ? "" : tensors[i].shape;
        snprintf(entry, sizeof entry, "\"%.127s\":{\"dtype\":\"F16\",\"shape\":[%.63s],\"data_offsets\":[",
                 tensors[i].name, shape);
        for (size_t d = 0; d < sizeof damages / sizeof *damages; d++) {
            const char *at = strstr(entry, damages[d][0]), *rest = at + strlen(damages[d][0]);
            int inserted = damages[d][0][1] == 's' && *rest != ']'; /* one more dimension, before another */
            snprintf(with, sizeof with, "%.*s%s%s%s", (int)(at - entry), entry, damages[d][1], inserted ? "," : "",
                     rest);
            write_damaged_header(entry, with);
            refused(with, tensors[i].name);
        }
    }
}

static void each_renamed_tensor_is_missed(void **state) {
    (void)state;
    for (size_t i = 0; i < tensor_count; i++) {
        char find[160], with[160];
        snprintf(find, sizeof find, "\"%.127s\":", tensors[i].name);
        snprintf(with, sizeof with, "\"%.127sx\":", tensors[i].name);
        write_damaged_header(find, with);
        refused("a renamed tensor", tensors[i].name);
    }
}

static void a_file_cut_anywhere_is_named(void **state) {
    (void)state;
    cs_strbuf file = {0};
    made_file(tensors, tensor_count, metadata, &file);
    for (size_t i = 0; i < CUTS; i++) {
        write_file(weights_path, file.data, file.length * i / CUTS);
        refused("a file cut short", "model.safetensors");
    }
    cs_strbuf_append(&file, "\0", 1);
    write_file(weights_path, file.data, file.length);
    refused("a byte too many", "model.safetensors");
    cs_strbuf_free(&file);
}

static void a_hostile_header_size_is_refused(void **state) {
    (void)state;
    static const uint64_t sizes[] = {
        0, 1, 2, 100000001, (uint64_t)1 << 32, (uint64_t)1 << 63, UINT64_MAX, UINT64_MAX - 7};
    cs_strbuf file = {0};
    made_file(tensors, tensor_count, metadata, &file);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        memcpy(file.data, &sizes[i], sizeof sizes[i]);
        write_file(weights_path, file.data, file.length);
        refused("a hostile header size", "model.safetensors");
    }
    cs_strbuf_free(&file);
}

/* ---- config.json ---- */

static void write_config(const json_t *config) {
    assert_int_equal(json_dump_file(config, config_path, 0), 0);
}

/* Puts `value` at the key, expects a refusal that names the key, and puts the old value back. */
static void check_setting(json_t *config, json_t *object, const char *key, json_t *value) {
    char what[128];
    json_t *old = json_incref(json_object_get(object, key));
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    snprintf(what, sizeof what, "%s: %s", key, text);
    free(text);
    json_object_set_new(object, key, value);
    write_config(config);
    refused(what, key);
    json_object_set_new(object, key, old);
}

static void check_tower(json_t *config, const char *tower, const char *const *keys) {
    json_t *object = json_object_get(config, tower);
    for (; *keys; keys++) {
        check_setting(config, object, *keys, json_integer(0));
        check_setting(config, object, *keys, json_integer(-16));
        check_setting(config, object, *keys, json_integer(1LL << 31));
        check_setting(config, object, *keys, json_integer(1LL << 62));
        check_setting(config, object, *keys, json_real(1.5));
        check_setting(config, object, *keys, json_string("16"));
    }
}

static void hostile_settings_are_named(void **state) {
    (void)state;
    static const char *const text[] = {"vocab_size",
                                       "hidden_size",
                                       "intermediate_size",
                                       "num_hidden_layers",
                                       "num_attention_heads",
                                       "max_position_embeddings",
                                       NULL};
    static const char *const vision[] = {
        "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "patch_size", "image_size",
        NULL};
    static const char *const top[] = {"projection_dim", NULL};
    json_t *config = json_load_file(config_path, 0, NULL), *wrapped = json_object();
    write_weights(tensors, tensor_count);
    assert_non_null(config);
    check_tower(config, "text_config", text);
    check_tower(config, "vision_config", vision);
    for (const char *const *key = top; *key; key++)
        for (int value = -1; value <= 0; value++)
            check_setting(config, config, *key, json_integer(value));
    check_setting(config, json_object_get(config, "text_config"), "hidden_act", json_string("relu"));
    check_setting(config, json_object_get(config, "vision_config"), "hidden_act", json_string("relu"));
    write_config(config);
    json_decref(config);
    json_decref(wrapped);
}

/* Sizes that another model might have: the weights say otherwise, and the tensor is named. */
static void settings_that_contradict_the_weights_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *tower, *key, *part;
        int value;
    } cases[] = {
        {"text_config", "vocab_size", "token", 635},
        {"text_config", "hidden_size", "text_model", 32},
        {"text_config", "intermediate_size", "fc1", 64},
        {"text_config", "num_hidden_layers", "text_model.encoder.layers.2", 3},
        {"text_config", "max_position_embeddings", "text_model.embeddings.position_embedding.weight", 77},
        {"vision_config", "hidden_size", "vision_model", 32},
        {"vision_config", "intermediate_size", "fc1", 41},
        {"vision_config", "num_hidden_layers", "vision_model.encoder.layers.2", 3},
        {"vision_config", "patch_size", "vision_model.embeddings", 16},
    };
    json_t *config = json_load_file(config_path, 0, NULL);
    write_weights(tensors, tensor_count);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *tower = json_object_get(config, cases[i].tower),
               *old = json_incref(json_object_get(tower, cases[i].key));
        json_object_set_new(tower, cases[i].key, json_integer(cases[i].value));
        write_config(config);
        refused(cases[i].key, cases[i].part);
        json_object_set_new(tower, cases[i].key, old);
    }
    write_config(config);
    json_decref(config);
}

static void each_missing_file_is_named(void **state) {
    (void)state;
    static const char *const names[] = {"config.json", "model.safetensors", "tokenizer.json"};
    write_weights(tensors, tensor_count);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = cs_path_join(folder, names[i]), *away = cs_path_join(folder, "away");
        assert_int_equal(rename(path, away), 0);
        refused("a missing file", names[i]);
        assert_int_equal(rename(away, path), 0);
        free(path);
        free(away);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_model_opens),
        cmocka_unit_test(each_missing_tensor_is_named),
        cmocka_unit_test(each_misshapen_tensor_is_named),
        cmocka_unit_test(each_tensor_of_whole_numbers_is_named),
        cmocka_unit_test(each_field_of_the_header_is_checked),
        cmocka_unit_test(each_renamed_tensor_is_missed),
        cmocka_unit_test(a_file_cut_anywhere_is_named),
        cmocka_unit_test(a_hostile_header_size_is_refused),
        cmocka_unit_test(hostile_settings_are_named),
        cmocka_unit_test(settings_that_contradict_the_weights_are_refused),
        cmocka_unit_test(each_missing_file_is_named),
        cmocka_unit_test(a_sound_model_opens),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
