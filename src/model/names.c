#include "model/names.h"

static const cs_block_names hf_block = {.norm1 = "layer_norm1",
                                        .norm2 = "layer_norm2",
                                        .out = "self_attn.out_proj",
                                        .expand = "mlp.fc1",
                                        .contract = "mlp.fc2",
                                        .q = "self_attn.q_proj",
                                        .k = "self_attn.k_proj",
                                        .v = "self_attn.v_proj"};

static const cs_block_names openclip_block = {.norm1 = "ln_1",
                                              .norm2 = "ln_2",
                                              .out = "attn.out_proj",
                                              .expand = "mlp.c_fc",
                                              .contract = "mlp.c_proj",
                                              .in_proj = "attn.in_proj"};

static const cs_text_names hf_text = {.tokens = "text_model.embeddings.token_embedding.weight",
                                      .positions = "text_model.embeddings.position_embedding.weight",
                                      .blocks = "text_model.encoder.layers.",
                                      .final_norm = "text_model.final_layer_norm",
                                      .projection = "text_projection.weight",
                                      .block = &hf_block};

static const cs_text_names openclip_text = {.tokens = "token_embedding.weight",
                                            .positions = "positional_embedding",
                                            .blocks = "transformer.resblocks.",
                                            .final_norm = "ln_final",
                                            .projection = "text_projection",
                                            .projection_in_out = 1,
                                            .block = &openclip_block};

/* "pre_layrnorm" is how transformers spells it. */
static const cs_vit_names hf_vit = {.patches = "vision_model.embeddings.patch_embedding.weight",
                                    .class_token = "vision_model.embeddings.class_embedding",
                                    .positions = "vision_model.embeddings.position_embedding.weight",
                                    .pre_norm = "vision_model.pre_layrnorm",
                                    .blocks = "vision_model.encoder.layers.",
                                    .post_norm = "vision_model.post_layernorm",
                                    .projection = "visual_projection.weight",
                                    .block = &hf_block};

static const cs_vit_names openclip_vit = {.patches = "visual.conv1.weight",
                                          .class_token = "visual.class_embedding",
                                          .positions = "visual.positional_embedding",
                                          .pre_norm = "visual.ln_pre",
                                          .blocks = "visual.transformer.resblocks.",
                                          .post_norm = "visual.ln_post",
                                          .projection = "visual.proj",
                                          .projection_in_out = 1,
                                          .block = &openclip_block};

const cs_text_names *cs_text_names_of(cs_layout layout) {
    return layout == CS_LAYOUT_OPENCLIP ? &openclip_text : &hf_text;
}

const cs_vit_names *cs_vit_names_of(cs_layout layout) {
    return layout == CS_LAYOUT_OPENCLIP ? &openclip_vit : &hf_vit;
}
