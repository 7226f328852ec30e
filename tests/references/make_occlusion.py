"""Occlusion maps by PyTorch: what tests/locate/test_occlusion.c compares with. Run from the project's root:

    pip install -r tests/references/requirements.txt
    python tests/references/make_occlusion.py           makes tests/data/occlusion again
    python tests/references/make_occlusion.py --check   compares with what is there

The black square is painted into the photograph itself, which is then preprocessed and encoded by transformers or
open_clip, with the models of make_models.py.
"""
import argparse
import json
import sys
import tempfile
from pathlib import Path

import numpy
import PIL
import torch
from PIL import Image

import parity_hf
import parity_inputs as inputs
import parity_openclip

assert PIL.__version__ == "13.0.0", "the order of the resampling passes is Pillow 13.0.0's"

TARGET = inputs.ROOT / "tests" / "data" / "occlusion" / "expected.json"
PROMPTS = ["a photo of a cat", "two"]

# model, picture, recipe, patch, window, stride. tall.png is resized down before across, wide.png across before down.
CASES = [
    ("hf-tiny", "wide.png", "default", 10, 3, 1),
    ("hf-tiny", "tall.png", "default", 7, 2, 3),
    ("hf-tiny", "wide.png", "chapter", 10, 3, 1),
    ("hf-tiny", "tall.png", "chapter", 8, 2, 1),
    ("hf-vit-b-16", "tall.png", "default", 9, 2, 1),
    ("openclip-rn50", "wide.png", "default", 9, 2, 2),
    ("openclip-rn50", "wide.png", "chapter", 9, 2, 2),
    ("openclip-vit-b-16", "wide.png", "default", 11, 2, 1),
    ("openclip-vit-bigg-14", "tall.png", "default", 9, 2, 1),
    ("openclip-vit-bigg-14", "wide.png", "chapter", 11, 2, 1),
]
FILTERS = {"bicubic": Image.Resampling.BICUBIC, "bilinear": Image.Resampling.BILINEAR}


def library_of(name):
    return parity_hf if name in parity_hf.MODELS else parity_openclip


def whole(name, picture):
    """The default recipe cuts nothing off: where the model would, all of the picture is squashed into its square."""
    spec = library_of(name).MODELS[name]
    if spec.get("pre", {}).get("resize_mode", "shortest") != "shortest":
        return picture
    side = spec["image"] if "image" in spec else spec["cfg"]["vision_cfg"]["image_size"]
    return picture.resize((side, side), FILTERS[spec.get("pre", {}).get("interpolation", "bicubic")])


def occluded(picture, top, left, side):
    pixels = numpy.array(picture)
    pixels[top:top + side, left:left + side] = 0
    return Image.fromarray(pixels)


def mean_drop(drops, rows, cols, window, stride, chapter):
    """The mean over the squares that hide a patch; the chapter counts them from one."""
    sums, counts = numpy.zeros((rows, cols)), numpy.full((rows, cols), 1.0 if chapter else 0.0)
    for y in range(drops.shape[0]):
        for x in range(drops.shape[1]):
            hidden = numpy.s_[y * stride:y * stride + window, x * stride:x * stride + window]
            sums[hidden] += drops[y, x]
            counts[hidden] += 1
    return sums / numpy.maximum(counts, 1)


def run_case(folder, name, picture, recipe, patch, window, stride):
    rows, cols = picture.height // patch, picture.width // patch
    tops, lefts = range(0, rows - window + 1, stride), range(0, cols - window + 1, stride)
    pictures = [picture] + [occluded(picture, y * patch, x * patch, window * patch) for y in tops for x in lefts]
    if recipe == "default":
        pictures = [whole(name, p) for p in pictures]
    logits = library_of(name).run(folder, PROMPTS, pictures)[2].astype(float).T
    squares = logits[:, 1:].reshape(len(PROMPTS), len(tops), len(lefts))
    drops = logits[:, :1, None] - squares
    raw = [mean_drop(d, rows, cols, window, stride, recipe == "chapter") for d in drops]
    assert numpy.ptp(drops, axis=(1, 2)).min() > 0.05, f"{name}: the square hardly matters"
    return squares, raw


def make():
    made = []
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        inputs.write_pictures(root / "pictures")
        for name, file, recipe, patch, window, stride in CASES:
            if not (root / name).exists():
                torch.manual_seed(0)
                library_of(name).make(name, root / name)
            picture = Image.open(root / "pictures" / file).convert("RGB")
            squares, raw = run_case(root / name, name, picture, recipe, patch, window, stride)
            made.append({"model": name, "picture": file, "recipe": recipe, "patch": patch, "window": window,
                         "stride": stride, "logits": numpy.round(squares, 5).tolist(),
                         "raw": numpy.round(raw, 5).tolist()})
    return {"prompts": PROMPTS, "cases": made}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    made = make()
    if check:
        there = json.loads(TARGET.read_text())
        alike = [all(numpy.allclose(a[key], b[key], 1e-5, 2e-5) for key in ("logits", "raw"))
                 for a, b in zip(made["cases"], there["cases"], strict=True)]
        sys.exit(0 if all(alike) else "tests/data/occlusion is not what this makes")
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps({"prompts": made["prompts"]})[:-1] + ', "cases": [\n' +
                      ",\n".join(json.dumps(case, separators=(",", ":")) for case in made["cases"]) + "\n]}\n")


if __name__ == "__main__":
    main()
