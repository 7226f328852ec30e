/* A picture as the encoder sees it, to the last bit: CLIPImageProcessor's PIL path and open_clip's transform. */
#include "parity/expected.h"

#include "image/image.h"
#include "model/config.h"
#include "model/preprocess.h"

/* side and checksum of picture number `index`, from the model's pictures.tsv. */
static void read_line(const char *folder, int index, int *side, uint32_t *crc) {
    char line[128], name[64], *path = cs_path_join(folder, "pictures.tsv");
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    for (int i = 0; i <= index; i++)
        assert_non_null(fgets(line, sizeof line, file));
    assert_int_equal(sscanf(line, "%63s %d %x", name, side, crc), 3);
    assert_string_equal(name, picture_names[index]);
    fclose(file);
    free(path);
}

static void check_picture(const char *folder, int index) {
    cs_error error;
    cs_config config;
    cs_preprocess preprocess;
    uint32_t crc;
    int side;
    read_line(folder, index, &side, &crc);
    assert_ok(cs_config_load(folder, &config, &error));
    assert_int_equal(config.image_size, side);
    assert_ok(cs_preprocess_load(folder, config.layout, side, &preprocess, &error));
    cs_config_clear(&config);
    size_t bytes = (size_t)side * (size_t)side * 3 * sizeof(float);
    float *out = malloc(bytes);
    cs_image *image = open_picture(index);
    assert_ok(cs_preprocess_photo(&preprocess, cs_image_view(image), out, &error));
    if (checksum(out, bytes) != crc)
        fail_msg("%s: another tensor than the reference's %d x %d", picture_names[index], side, side);
    cs_image_close(image);
    free(out);
}

/* *state: the model's name. */
static void pictures_match(void **state) {
    char *folder = make_model(*state);
    for (int i = 0; i < PICTURES; i++)
        check_picture(folder, i);
    remove_folder(folder);
}

int main(void) {
    struct CMUnitTest tests[MODELS];
    for (size_t i = 0; i < MODELS; i++)
        tests[i] = (struct CMUnitTest){model_names[i], pictures_match, NULL, NULL, (void *)(uintptr_t)model_names[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
