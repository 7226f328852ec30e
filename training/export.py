"""Writes the model folder: config.json, model.safetensors, tokenizer.json, preprocessor_config.json.

    python training/export.py --work build/starter --out build/starter/model

Matrices are stored as F16; norms, biases and the scale as F32.
"""

import argparse
import json
import math
import os
import shutil

import numpy as np
import torch
from safetensors.torch import save_file

import bpe
import image_model
import text_model
from class_vectors import CLASS_DIM

LOGIT_SCALE = math.log(10)  # softmax over a handful of labels: see the model card


def is_matrix(name, tensor):
    """Convolution, linear and embedding weights; batch norm's and layernorm's have one dimension."""
    return tensor.dim() >= 2 and name.endswith("weight")


def tensors(work):
    """name -> tensor, in the types they are stored in."""
    out = dict(torch.load(os.path.join(work, "text.pt"), weights_only=True))
    for name, value in image_model.package_weights().items():
        out["vision_model." + name] = value
    out["visual_head.class_embedding.weight"] = torch.from_numpy(np.load(os.path.join(work, "class_vectors.npy")))
    out = {n: (t.half() if is_matrix(n, t) else t.float()).contiguous() for n, t in out.items()}
    out["logit_scale"] = torch.tensor(LOGIT_SCALE, dtype=torch.float32)
    return out


def config(vocab_size):
    return {
        "model_type": "clipsight_starter", "projection_dim": text_model.OUT, "logit_scale_init_value": LOGIT_SCALE,
        "text_config": {
            "model_type": "clip_text_model", "vocab_size": vocab_size, "hidden_size": text_model.WIDTH,
            "intermediate_size": text_model.MLP, "num_hidden_layers": text_model.LAYERS,
            "num_attention_heads": text_model.HEADS, "max_position_embeddings": text_model.POSITIONS,
            "hidden_act": "quick_gelu", "layer_norm_eps": 1e-5, "bos_token_id": vocab_size - 2,
            "eos_token_id": vocab_size - 1, "pad_token_id": vocab_size - 1},
        "vision_config": {
            "model_type": "efficientnet_lite", "width_coefficient": image_model.WIDTH,
            "depth_coefficient": image_model.DEPTH, "image_size": image_model.SIZE, "num_classes": 1000,
            "class_dim": CLASS_DIM, "batch_norm_eps": image_model.EPS},
    }


def preprocessor():
    size = image_model.SIZE
    return {
        "image_processor_type": "CLIPImageProcessor", "do_convert_rgb": True,
        "do_resize": True, "size": {"shortest_edge": size}, "resample": 3,
        "do_center_crop": True, "crop_size": {"height": size, "width": size},
        "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True,
        "image_mean": [image_model.MEAN] * 3, "image_std": [image_model.STD] * 3,
    }


def write_json(value, *path):
    with open(os.path.join(*path), "w", encoding="utf-8") as f:
        json.dump(value, f, indent=2)
        f.write("\n")


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--work", required=True)
    a.add_argument("--out", required=True)
    a = a.parse_args()
    os.makedirs(a.out, exist_ok=True)
    tokenizer = os.path.join(a.work, "tokenizer.json")
    shutil.copyfile(tokenizer, os.path.join(a.out, "tokenizer.json"))
    write_json(config(bpe.load(tokenizer).get_vocab_size()), a.out, "config.json")
    write_json(preprocessor(), a.out, "preprocessor_config.json")
    weights = os.path.join(a.out, "model.safetensors")
    save_file(tensors(a.work), weights, metadata={"format": "pt"})
    os.chmod(weights, 0o644)  # safetensors writes it for the owner alone


if __name__ == "__main__":
    main()
