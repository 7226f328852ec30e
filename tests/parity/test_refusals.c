/* Models that clipsight does not run are refused by a sentence that says what they are. */
#include "parity/made_model.h"

typedef struct refusal {
    const char *name, *file, *content;
    const char *part, *other; /* what the message must hold: what it is, and what to use instead */
} refusal;

#define OPENCLIP(model, vision, text)                                                                                  \
    "{\"model_cfg\": {\"embed_dim\": 64" model ", \"vision_cfg\": {\"image_size\": 64, \"layers\": 2, \"width\": 64, " \
    "\"patch_size\": 16" vision "}, \"text_cfg\": {\"context_length\": 16, \"vocab_size\": 634, \"width\": 64, "       \
    "\"heads\": 1, \"layers\": 1" text "}}}"

static const refusal refusals[] = {
    {"SigLIP", "config.json", "{\"model_type\": \"siglip\", \"text_config\": {}, \"vision_config\": {}}", "SigLIP",
     "CLIP"},
    {"SigLIP 2", "config.json", "{\"model_type\": \"siglip2\", \"text_config\": {}, \"vision_config\": {}}", "SigLIP",
     "CLIP"},
    {"a text tower alone", "config.json", "{\"model_type\": \"clip_text_model\", \"hidden_size\": 512}",
     "clip_text_model", "whole model"},
    {"an image tower alone", "config.json", "{\"model_type\": \"clip_vision_model\", \"hidden_size\": 768}",
     "clip_vision_model", "whole model"},
    {"timm's image tower", "config.json",
     "{\"architecture\": \"vit_base_patch32_clip_224\", \"num_classes\": 512, \"pretrained_cfg\": {}}", "timm",
     "open_clip_config.json"},
    {"a segmentation model", "config.json", "{\"model_type\": \"clipseg\"}", "clipseg", "clip"},
    {"a language model", "config.json", "{\"model_type\": \"llama\", \"vocab_size\": 32000}", "llama", "clip"},
    {"no model", "config.json", "{\"name\": \"left-pad\"}", "model_type", "config.json"},
    {"not JSON", "config.json", "<html>404</html>", "config.json", ""},
    {"an activation", "config.json", "{\"model_type\": \"clip\", \"text_config\": {\"hidden_act\": \"gelu_new\"}}",
     "hidden_act", "gelu_new"},
    {"a timm tower", "open_clip_config.json", OPENCLIP("", ", \"timm_model_name\": \"convnext_base\"", ""),
     "timm_model_name", "vision_cfg"},
    {"a Hugging Face text tower", "open_clip_config.json", OPENCLIP("", "", ", \"hf_model_name\": \"roberta-base\""),
     "hf_model_name", "text_cfg"},
    {"CoCa", "open_clip_config.json", OPENCLIP(", \"multimodal_cfg\": {\"width\": 512}", "", ""), "multimodal_cfg",
     "model_cfg"},
    {"an attentional pool", "open_clip_config.json", OPENCLIP("", ", \"attentional_pool\": true", ""),
     "attentional_pool", "vision_cfg"},
    {"an average pool", "open_clip_config.json", OPENCLIP("", ", \"pool_type\": \"avg\"", ""), "pool_type", "tok"},
    {"no first norm", "open_clip_config.json", OPENCLIP("", ", \"no_ln_pre\": true", ""), "no_ln_pre", "vision_cfg"},
    {"layer scale", "open_clip_config.json", OPENCLIP("", ", \"ls_init_value\": 1e-5", ""), "ls_init_value",
     "vision_cfg"},
    {"sine positions", "open_clip_config.json", OPENCLIP("", ", \"pos_embed_type\": \"sin_cos_2d\"", ""),
     "pos_embed_type", "learnable"},
    {"the text's last token", "open_clip_config.json", OPENCLIP("", "", ", \"pool_type\": \"last\""), "pool_type",
     "argmax"},
    {"a text tower that looks ahead", "open_clip_config.json", OPENCLIP("", "", ", \"no_causal_mask\": true"),
     "no_causal_mask", "text_cfg"},
    {"no towers", "open_clip_config.json", "{\"model_cfg\": {\"embed_dim\": 64}}", "text_cfg", "open_clip_config.json"},
    {"no model_cfg", "open_clip_config.json", "{\"preprocess_cfg\": {}}", "model_cfg", "open_clip_config.json"},
};

static void check_refused(const char *path, const refusal *expected) {
    cs_error error = {0};
    cs_model *model = NULL;
    cs_status status = cs_model_open(path, NULL, &model, &error);
    if (status == CS_OK || !strstr(error.message, expected->part) || !strstr(error.message, expected->other))
        fail_msg("%s: expected a message with \"%s\" and \"%s\", got %s, \"%s\"", expected->name, expected->part,
                 expected->other, cs_status_name(status), error.message);
    assert_null(model);
}

/* *state: a refusal. */
static void is_refused_by_name(void **state) {
    const refusal *expected = *state;
    char *folder = make_folder(), *path = cs_path_join(folder, expected->file);
    write_file(path, expected->content, strlen(expected->content));
    check_refused(folder, expected);
    free(path);
    remove_folder(folder);
}

/* A timm repository of a CLIP: both configurations, but as weights the image tower alone. */
static void the_image_tower_of_timm_does_not_serve(void **state) {
    (void)state;
    static const refusal expected = {"timm's tower", NULL, NULL, "open_clip_model.safetensors", "timm"};
    char *folder = make_model("openclip-rn50");
    char *right = cs_path_join(folder, "open_clip_model.safetensors"),
         *wrong = cs_path_join(folder, "model.safetensors");
    assert_int_equal(rename(right, wrong), 0);
    check_refused(folder, &expected);
    free(right);
    free(wrong);
    remove_folder(folder);
}

/* What torch.jit.save and openai/CLIP's own downloads hold: a program. */
static void torchscript_is_refused(void **state) {
    (void)state;
    static const refusal expected = {"TorchScript", NULL, NULL, "TorchScript", "Hugging Face"};
    char *folder = make_model("dress-old"), *path = cs_path_join(folder, "pytorch_model.bin");
    made_copy(test_data("models/torchscript.pt"), path);
    check_refused(folder, &expected);
    free(path);
    remove_folder(folder);
}

/* A weights file given in place of the folder that it belongs into. */
static void a_file_is_no_folder(void **state) {
    (void)state;
    static const refusal expected = {"a file", NULL, NULL, "ViT-B-32.pt", ""};
    char *folder = make_folder(), *path = cs_path_join(folder, "ViT-B-32.pt");
    made_copy(test_data("models/torchscript.pt"), path);
    check_refused(path, &expected);
    free(path);
    remove_folder(folder);
}

int main(void) {
    enum { COUNT = sizeof refusals / sizeof *refusals };
    struct CMUnitTest tests[COUNT + 3] = {
        cmocka_unit_test(the_image_tower_of_timm_does_not_serve),
        cmocka_unit_test(torchscript_is_refused),
        cmocka_unit_test(a_file_is_no_folder),
    };
    for (size_t i = 0; i < COUNT; i++)
        tests[3 + i] =
            (struct CMUnitTest){refusals[i].name, is_refused_by_name, NULL, NULL, (void *)(uintptr_t)&refusals[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
