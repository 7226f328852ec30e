"""Small models in OpenCLIP's layout, written and run by open_clip."""
import logging

import open_clip
import torch
from open_clip.model import CLIP, CustomTextCLIP
from open_clip.push_to_hf_hub import save_for_hf
from transformers import CLIPTokenizer

import parity_inputs as inputs
import parity_weights as weights

HALF = dict(mean=[0.5, 0.5, 0.5], std=[0.5, 0.5, 0.5])


def text(width, heads, layers, context=32):
    vocab, _ = inputs.vocabulary()
    return dict(context_length=context, vocab_size=len(vocab), width=width, heads=heads, layers=layers)


# cfg is model_cfg as in open_clip_config.json; pre is preprocess_cfg.
MODELS = {
    "openclip-vit-b-32-quickgelu": dict(
        cfg=dict(embed_dim=64, quick_gelu=True,
                 vision_cfg=dict(image_size=96, layers=2, width=128, patch_size=32), text_cfg=text(128, 2, 2)),
        types="f32", log_scale=4.605170249938965),
    "openclip-vit-b-16": dict(  # embedding and widths all alike: a transposed projection would go unnoticed by shape
        cfg=dict(embed_dim=128, vision_cfg=dict(image_size=64, layers=2, width=128, patch_size=16),
                 text_cfg=text(128, 2, 2, 24)),
        pre=dict(interpolation="bilinear", resize_mode="shortest"), types="f16", log_scale=4.60546875),
    "openclip-vit-g-14": dict(
        cfg=dict(embed_dim=96, custom_text=True, init_logit_bias=-10.0,
                 vision_cfg=dict(image_size=56, layers=2, width=176, head_width=88, mlp_ratio=4.3637, patch_size=14),
                 text_cfg=text(128, 2, 2)),
        pre=dict(interpolation="bicubic", resize_mode="squash", **HALF), types="f32", log_scale=4.0),
    "openclip-vit-bigg-14": dict(
        cfg=dict(embed_dim=160, custom_text=True, quick_gelu=True,
                 vision_cfg=dict(image_size=42, layers=2, width=208, head_width=104, mlp_ratio=4.9231, patch_size=14),
                 text_cfg=text(160, 2, 2)),
        pre=dict(interpolation="bicubic", resize_mode="longest"), types="f16", log_scale=4.60546875),
    "openclip-rn50": dict(
        cfg=dict(embed_dim=64, quick_gelu=True,
                 vision_cfg=dict(image_size=64, layers=[2, 1, 2, 1], width=16, patch_size=None),
                 text_cfg=text(64, 1, 2)),
        types="f32", log_scale=4.605170249938965),
    "openclip-rn50x4": dict(
        cfg=dict(embed_dim=40, vision_cfg=dict(image_size=96, layers=[1, 2, 1, 2], width=12, patch_size=None),
                 text_cfg=text(64, 1, 2)),
        types="f16", log_scale=4.60546875),
}


def build(cfg):
    cfg = dict(cfg)
    kind = CustomTextCLIP if cfg.pop("custom_text", False) else CLIP
    return kind(**cfg)


def make(name, folder):
    spec = MODELS[name]
    model = build(spec["cfg"])
    pre = spec.get("pre", {})
    model.visual.image_mean = pre.get("mean", open_clip.OPENAI_DATASET_MEAN)
    model.visual.image_std = pre.get("std", open_clip.OPENAI_DATASET_STD)
    model.visual.preprocess_cfg = {key: pre[key] for key in ("interpolation", "resize_mode") if key in pre}
    if spec["types"] == "f16":
        model.half()
    with torch.no_grad():
        weights.fill_model(model.state_dict(), spec["log_scale"])
    save_for_hf(model, inputs.make_tokenizer(), spec["cfg"], folder, safe_serialization=True)
    return spec["log_scale"]


def pad(ids, context):
    """Cut and padded as open_clip does it: the end stays last, zeros follow."""
    ids = ids if len(ids) <= context else ids[:context - 1] + ids[-1:]
    return ids + [0] * (context - len(ids))


def run(folder, texts, pictures):
    logging.disable(logging.WARNING)
    model, transform = open_clip.create_model_from_pretrained(f"local-dir:{folder}", precision="fp32")
    model.eval()
    tokenizer = CLIPTokenizer.from_pretrained(folder)
    ids = torch.tensor([pad(tokenizer(text)["input_ids"], model.context_length) for text in texts])
    pixels = torch.stack([transform(picture) for picture in pictures])
    with torch.no_grad():
        text_out, image_out = model.encode_text(ids, normalize=True), model.encode_image(pixels, normalize=True)
        logits = model.logit_scale.exp() * image_out @ text_out.T
        if model.logit_bias is not None:
            logits += model.logit_bias
    return text_out.numpy(), image_out.numpy(), logits.numpy(), pixels.numpy()
