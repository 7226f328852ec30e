"""Small models and what PyTorch makes of their dense maps and regions. Run from the project's root:

    pip install -r tests/references/requirements.txt
    python tests/references/make_dense.py             makes tests/data/dense again
    python tests/references/make_dense.py --check     compares

Two vision transformers deep enough that SC-CLIP's early, middle and late blocks differ, in either library's layout; a
ResNet whose map is no larger than its position embeddings; the starter. Weights come from tables (parity_weights.py), pictures and texts from the same
bytes, so that only numbers are committed:

    cases.tsv      a line per case: model, "dense" or "regions", variant or "-", number of the picture, height, width, sides, first number of
                   the case in expected.f32, how many numbers
    expected.f32   dense: [TEXTS, rows, cols]; regions: [REGIONS, dim]

tests/model/test_dense_parity.c makes the inputs again: picture [height, width, 3] = signed bytes named
"squares NUMBER HxW", one for 8 x 8 pixels, / 64 + signed bytes named "noise NUMBER HxW" / 256; texts = signed bytes named "texts DIM", unit length; masks = bytes named "masks RxC" below 100, and the last region
holds all cells.
"""
import argparse
import json
import pathlib
import shutil
import sys
import tempfile

import numpy
import torch
from safetensors.torch import load_file

import parity_hf
import parity_inputs as inputs
import parity_openclip
import parity_weights as weights
from dense_convolutional import ResNet, Starter
from dense_vit import HF, OPENCLIP, TooClose, Vit

COMMITTED = inputs.ROOT / "tests" / "data" / "dense"
TEXTS, REGIONS = 3, 5
VARIANTS = ["sc-clip", "naclip", "clearclip", "maskclip"]

VITS = {
    "vit-hf": dict(layers=12, heads=2, activation="quick_gelu"),
    "vit-openclip": dict(layers=5, heads=2, activation="gelu"),
}
SPECS = {
    "vit-hf": dict(image=48, patch=8, vision=(32, 12, 2, 96), text=(16, 1, 2, 32, 16), act="quick_gelu", dim=20,
                   types="f16", eos="last", log_scale=4.0),
    "vit-openclip": dict(
        cfg=dict(embed_dim=24, vision_cfg=dict(image_size=40, layers=5, width=32, head_width=16, patch_size=8),
                 text_cfg=dict(parity_openclip.text(16, 1, 1, 16))),
        types="f16", log_scale=4.0),
    "resnet": dict(
        cfg=dict(embed_dim=40, vision_cfg=dict(image_size=96, layers=[1, 1, 2, 1], width=8, patch_size=None),
                 text_cfg=dict(parity_openclip.text(16, 1, 1, 16))),
        types="f16", log_scale=4.0),
}

# Model, kind, variant, height, width, sides. The trained grids are 6 x 6 and 5 x 5 patches, and 3 x 3 cells.
SIZES = {"vit-hf": [(48, 48), (64, 96), (40, 24), (24, 120)], "vit-openclip": [(40, 40), (64, 88), (24, 32), (88, 24)],
         "resnet": [(96, 96), (64, 160), (160, 96)], "starter": [(96, 144)]}


def signed(name, count):
    return torch.from_numpy(weights.random_bytes(name, count).astype(numpy.float64)) - 128


def picture_of(number, height, width):
    """Squares of 8 x 8 pixels, and less noise on them."""
    squares = signed(f"squares {number} {height}x{width}", height * width * 3 // 64).reshape(height // 8, width // 8, 3)
    noise = signed(f"noise {number} {height}x{width}", height * width * 3).reshape(height, width, 3)
    return squares.repeat_interleave(8, 0).repeat_interleave(8, 1) / 64 + noise / 256


def texts_of(dim):
    texts = signed(f"texts {dim}", TEXTS * dim).reshape(TEXTS, dim)
    return texts / texts.norm(dim=1, keepdim=True)


def masks_of(rows, cols):
    masks = torch.from_numpy(weights.random_bytes(f"masks {rows}x{cols}", REGIONS * rows * cols) < 100)
    masks = masks.reshape(REGIONS, rows, cols)
    masks[-1] = True
    assert masks.flatten(1).any(1).all(), f"an empty region on {rows} x {cols}"
    return masks


def rule_of(name, shape, log_scale):
    """As elsewhere, but the last map does not drown the position embeddings."""
    if "visual.layer4" in name and name.endswith(("bn3.weight", "downsample.1.weight")):
        return "positive", -19
    return common_rule(name, shape, log_scale)


common_rule, weights.rule_of = weights.rule_of, rule_of


def make_folder(name, folder):
    library = parity_hf if name == "vit-hf" else parity_openclip
    library.MODELS[name] = SPECS[name]
    torch.manual_seed(0)
    log_scale = library.make(name, folder)
    for path in folder.glob("*.safetensors"):
        (folder / (path.name + ".tsv")).write_text(weights.write_table(path, log_scale))
    state = load_file(next(folder.glob("*.safetensors")))
    for path in folder.iterdir():
        if path.suffix not in (".tsv", ".json") or path.name.startswith("tokenizer"):
            path.unlink()
    return state


def load_models(out):
    """Name: (encoder, pixels per cell, dim, variants)."""
    models = {}
    for name, shape in VITS.items():
        state = make_folder(name, out / name)
        models[name] = Vit(state, HF if name == "vit-hf" else OPENCLIP, **shape), 8, 20 if name == "vit-hf" else 24, VARIANTS
    models["resnet"] = ResNet(make_folder("resnet", out / "resnet")), 32, 40, ["maskclip"]
    starter = inputs.ROOT / "models" / "starter"
    config = json.loads((starter / "config.json").read_text())["vision_config"]
    models["starter"] = Starter(load_file(starter / "model.safetensors"), config), 16, 512, ["classes"]
    return models


def decided_picture(encoder, variants, height, width, texts):
    """The first picture of that size in which nothing hangs on the last digits; its number and itself."""
    for number in range(50):
        picture = picture_of(number, height, width)
        try:
            encoder.dense(variants[0], picture, texts, [1])
            return number, picture
        except TooClose as close:
            print(f"{height} x {width}, picture {number}: {close}")
    raise AssertionError(f"{height} x {width}: every picture is undecided")


def cases_of(name, encoder, cell, dim, variants):
    for height, width in SIZES[name]:
        number, picture = decided_picture(encoder, variants, height, width, texts_of(dim))
        for variant in variants:
            for sides in ([1], [1, 3]) if (height, width) == SIZES[name][0] else ([1],):
                yield "dense", variant, number, height, width, sides, encoder.dense(variant, picture, texts_of(dim), sides)
        found = encoder.regions(picture, masks_of(height // cell, width // cell))
        if hasattr(encoder, "whole"):
            if isinstance(encoder, ResNet):
                assert 0.05 < encoder.map(picture).std() < 5, encoder.map(picture).std()
            assert (found[-1] - encoder.whole(picture)[0]).abs().max() < 1e-9, "all cells are not the whole picture"
        yield "regions", "-", number, height, width, [1], found


def check_lively(label, values):
    spread = values.flatten(1).std(1).min() if values.dim() == 3 else values.std(0).max()
    assert spread > 1e-3, f"{label}: nothing to tell apart ({spread})"


def make(out):
    lines, numbers = [], []
    for name, model in load_models(out).items():
        for kind, variant, number, height, width, sides, values in cases_of(name, *model):
            check_lively((name, kind, variant, height, width), values)
            at = sum(map(len, numbers))
            numbers.append(values.flatten().numpy().astype("<f4"))
            lines.append("\t".join(map(str, [name, kind, variant, number, height, width, ",".join(map(str, sides)), at,
                                            len(numbers[-1])])))
    (out / "cases.tsv").write_text("".join(line + "\n" for line in lines))
    (out / "expected.f32").write_bytes(numpy.concatenate(numbers).tobytes())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with torch.no_grad(), tempfile.TemporaryDirectory() as temporary:
        made = pathlib.Path(temporary) / "dense"
        made.mkdir()
        make(made)
        if not arguments.check:
            shutil.rmtree(COMMITTED, ignore_errors=True)
            shutil.copytree(made, COMMITTED)
            return 0
        same = numpy.allclose(numpy.fromfile(made / "expected.f32", "<f4"),
                              numpy.fromfile(COMMITTED / "expected.f32", "<f4"), 1e-5, 1e-6)
        for path in made.rglob("*"):
            if path.is_file() and path.suffix != ".f32":
                same = same and path.read_bytes() == (COMMITTED / path.relative_to(made)).read_bytes()
    print("tests/data/dense is what PyTorch gives" if same else "tests/data/dense differs")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
