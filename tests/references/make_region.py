"""Region maps by numpy and PyTorch: what tests/locate/test_region.c compares with. Run from the project's root:

    pip install -r tests/references/requirements.txt
    python tests/references/make_region.py           makes tests/data/region again
    python tests/references/make_region.py --check   compares with what is there

Superpixels are superpixels.py's, embeddings of regions those of make_dense.py's renderings, texts its texts. Of each
map every sixth cell of every sixth row is kept.
"""
import argparse
import json
import pathlib
import sys
import tempfile

import numpy
import PIL
import torch
from PIL import Image

import make_dense
import parity_inputs as inputs
import superpixels

assert PIL.__version__ == "13.0.0", "the order of the resampling passes is Pillow 13.0.0's"

TARGET = inputs.ROOT / "tests" / "data" / "region" / "expected.json"
SCALES = [10, 50, 100, 200]
PICTURE_SIZE, MAP_SIZE, MAX_ASPECT = 256, 64, 4
CLIP = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
CASES = [("vit-hf", "wide.png"), ("vit-hf", "tall.png"), ("resnet", "wide.png"), ("starter", "square.png")]

# Trained size of a picture, and step of its sides.
SIZES = {"vit-hf": (48, 8), "resnet": (96, 32)}


def load(name, models):
    """Encoder, dim, short side of the picture, step of its sides, pixels of a cell, mean and deviation."""
    encoder, cell, dim, _ = models[name]
    if name == "starter":
        norm = json.loads((inputs.ROOT / "models" / "starter" / "preprocessor_config.json").read_text())
        return encoder, dim, 448, 1, cell, (norm["image_mean"], norm["image_std"])
    trained, step = SIZES[name]
    return encoder, dim, 2 * trained, step, cell, CLIP


def size_of(picture, size, step):
    """Width and height of a picture whose short side becomes `size`."""
    shorter, longer = sorted(picture.size)
    scale = size / shorter
    if longer * scale > MAX_ASPECT * size:
        scale = MAX_ASPECT * size / longer
    return [max(int(side * scale / step + .5), 1) * step for side in picture.size]


def encoder_picture(picture, size, step, norm):
    pixels = numpy.array(picture.resize(size_of(picture, size, step), Image.Resampling.BICUBIC))
    mean, deviation = (numpy.array(x, numpy.float32) for x in norm)
    return torch.from_numpy(((pixels / 255).astype(numpy.float32) - mean) / deviation).double()


def centres(cells, pixels):
    return (2 * numpy.arange(cells) + 1) * pixels // (2 * cells)


def under(labels, rows, cols):
    """The label under the centre of each cell of a grid."""
    return labels[numpy.ix_(centres(rows, labels.shape[0]), centres(cols, labels.shape[1]))]


def masks_of(labels, count, rows, cols):
    masks = under(labels, rows, cols)[None] == numpy.arange(count)[:, None, None]
    small = 0
    for number in numpy.flatnonzero(~masks.any(axis=(1, 2))):
        row, col = divmod(int(numpy.flatnonzero(labels.ravel() == number)[0]), labels.shape[1])
        masks[number, row * rows // labels.shape[0], col * cols // labels.shape[1]] = True
        small += 1
    return torch.from_numpy(masks), small


def region_map(name, file, folder, models):
    encoder, dim, size, step, cell, norm = load(name, models)
    picture = Image.open(folder / file).convert("RGB")
    seen = encoder_picture(picture, size, step, norm)
    rows, cols = -(-seen.shape[0] // cell), -(-seen.shape[1] // cell)
    lab = superpixels.lab_of(numpy.array(picture.resize(size_of(picture, PICTURE_SIZE, 1), Image.Resampling.BICUBIC)))
    map_cols, map_rows = size_of(picture, MAP_SIZE, 1)
    total, counts = 0, []
    for wanted in SCALES:
        labels, count = superpixels.cut(lab, wanted)
        masks, small = masks_of(labels, count, rows, cols)
        cosines = (make_dense.texts_of(dim) @ encoder.regions(seen, masks).T).numpy()
        total = total + cosines[:, under(labels, map_rows, map_cols)]
        counts.append([count, small])
    found = total / len(SCALES)
    assert numpy.ptp(found, axis=(1, 2)).min() > 0.01, f"{name}, {file}: nothing to tell apart"
    return {"model": name, "picture": file, "rows": map_rows, "cols": map_cols, "regions": counts,
            "cosines": numpy.round(found[:, ::6, ::6], 5).tolist()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    torch.set_num_threads(1)
    with torch.no_grad(), tempfile.TemporaryDirectory() as temporary:
        inputs.write_pictures(pathlib.Path(temporary))
        models = make_dense.load_models(pathlib.Path(temporary) / "models")
        made = [region_map(name, file, pathlib.Path(temporary), models) for name, file in CASES]
    for case in made:
        print(case["model"], case["picture"], "regions and those of one cell:", case["regions"])
    if check:
        there = json.loads(TARGET.read_text())
        alike = [a["regions"] == b["regions"] and numpy.allclose(a["cosines"], b["cosines"], 1e-5, 2e-5)
                 for a, b in zip(made, there, strict=True)]
        sys.exit(0 if all(alike) else "tests/data/region is not what this makes")
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in made) + "\n]\n")


if __name__ == "__main__":
    main()
