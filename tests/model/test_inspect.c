/* What is said of a model must fit what is known of it. */
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

static void the_starter_is_described(void **state) {
    (void)state;
    cs_error error;
    cs_model_info info;
    char *folder;
    assert_ok(cs_model_find("starter", &folder, &error));
    assert_ok(cs_model_inspect(folder, &info, &error));
    assert_string_equal(info.layout, "starter");
    assert_int_equal(info.image_size, 260);
    assert_int_equal(info.dim, 512);
    assert_true(fabs(info.image_gmac - 0.86) < 0.05); /* EfficientNet-Lite2's published 0.869 */
    /* 6.09 million of the network, and its class vectors of 1000 x 510 */
    assert_true(info.image_parameters > 6500000 && info.image_parameters < 6800000);
    assert_true(info.parameters == info.image_parameters + info.text_parameters);
    /* the table of 16,000 tokens of 256 numbers is not among what is held, a batch at work is */
    uint64_t held = (info.parameters - 16000u * 256u) * 4;
    assert_true(info.memory_bytes > held + (100u << 20) && info.memory_bytes < held + (128u << 20));
    cs_string_free(folder);
}

/* Costs follow from the configuration alone; the weights may be anything. The ViTs' are published. */
static void check_cost(const char *name, const char *config, double image_gmac) {
    cs_error error;
    cs_model_info info;
    char *folder = make_folder(), path[512];
    write_text(folder, name, config);
    snprintf(path, sizeof path, "%s/%s", folder,
             strcmp(name, "config.json") == 0 ? "model.safetensors" : "open_clip_model.safetensors");
    FILE *file = fopen(path, "wb");
    const char header[] = "{}";
    uint64_t length = sizeof header - 1;
    fwrite(&length, sizeof length, 1, file);
    fwrite(header, 1, sizeof header - 1, file);
    fclose(file);
    assert_ok(cs_model_inspect(folder, &info, &error));
    if (!(fabs(info.image_gmac / image_gmac - 1) < 0.005))
        fail_msg("%s: %.2f GMAC, expected %.2f", info.image_encoder, info.image_gmac, image_gmac);
    remove_folder(folder);
}

static void costs_are_those_of_the_real_networks(void **state) {
    (void)state;
    check_cost("config.json", "{\"model_type\": \"clip\"}", 4.41);
    check_cost("config.json", "{\"model_type\": \"clip\", \"vision_config\": {\"patch_size\": 16}}", 17.56);
    check_cost("config.json",
               "{\"model_type\": \"clip\", \"projection_dim\": 768, \"vision_config\": {\"patch_size\": 14, "
               "\"hidden_size\": 1024, \"intermediate_size\": 4096, \"num_hidden_layers\": 24, "
               "\"num_attention_heads\": 16}}",
               81.0);
    /* 5.367 of PyTorch's convolutions, counted by hooks, and 0.641 of the attention pool */
    check_cost("open_clip_config.json",
               "{\"model_cfg\": {\"embed_dim\": 1024, \"vision_cfg\": {\"layers\": [3, 4, 6, 3], \"width\": 64}, "
               "\"text_cfg\": {}}}",
               6.009);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_starter_is_described),
        cmocka_unit_test(costs_are_those_of_the_real_networks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
