"""Pictures to measure with, and what the models see of them."""

import os

import numpy as np

CLIP = {"image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711]}


def starter_tokenizer():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    return os.path.join(root, "models/starter/tokenizer.json")


def smooth(count, side):
    """uint8 [count, side, side, 3]: soft random blots, so that every picture is another one to the network."""
    generator = np.random.default_rng(1)
    coarse = generator.integers(0, 256, (count, 14, 14, 3)).astype(np.float32)
    at = np.linspace(0, 12.999, side)
    low, part = at.astype(int), (at % 1).astype(np.float32)
    rows = coarse[:, low] * (1 - part)[:, None, None] + coarse[:, low + 1] * part[:, None, None]
    both = rows[:, :, low] * (1 - part)[:, None] + rows[:, :, low + 1] * part[:, None]
    return both.round().astype(np.uint8)


def normalised(pictures, preprocessor):
    """uint8 [n, height, width, 3] -> float32 [n, 3, height, width]"""
    mean, std = (np.array(preprocessor[key], np.float32) for key in ("image_mean", "image_std"))
    x = (pictures.astype(np.float32) / np.float32(255) - mean) / std
    return np.ascontiguousarray(x.transpose(0, 3, 1, 2))
