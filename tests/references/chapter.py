"""The chapter's notebook once more, step by step in PyTorch, to hold `--recipe chapter` to. Shares nothing with clipsight:
the photograph is unfolded into patches, each window is put together from them as floats and given to CLIP's processor
(PIL) and to transformers' model by itself.

    python tests/references/chapter.py PHOTO             makes tests/data/chapter/expected.json with the small model
                                                         hf-vit-b-32 (see make_models.py)
    python tests/references/chapter.py PHOTO --compare CLIPSIGHT FOLDER
                                                         runs the command with any model folder, and compares
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import torch
from PIL import Image
from transformers import CLIPModel, CLIPTokenizer
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

import parity_hf
import parity_inputs as inputs

PATCH, WINDOW = 256, 6
LABELS = ["a tail", "an orange butterfly on a cat"]
MODEL = "hf-vit-b-32"


def patches_of(photo):
    """[1, rows, cols, 3, 256, 256], values from 0 to 1."""
    pixels = torch.from_numpy(numpy.array(photo)).permute(2, 0, 1).float() / 255
    patches = pixels.unfold(0, 3, 3)
    return patches.unfold(1, PATCH, PATCH).unfold(2, PATCH, PATCH)


def window_at(patches, y, x):
    """The window's patches put side by side: [1536, 1536, 3] float."""
    big = torch.zeros(PATCH * WINDOW, PATCH * WINDOW, 3)
    for row in range(WINDOW):
        for col in range(WINDOW):
            big[row * PATCH:(row + 1) * PATCH, col * PATCH:(col + 1) * PATCH] = \
                patches[0, y + row, x + col].permute(1, 2, 0)
    return big


def score_windows(folder, photo):
    """logits [labels, window rows, window cols]."""
    model = CLIPModel.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer, processor = CLIPTokenizer.from_pretrained(folder), CLIPImageProcessorPil.from_pretrained(folder)
    text = tokenizer(LABELS, padding=True, return_tensors="pt")
    patches = patches_of(photo)
    rows, cols = patches.shape[1] - WINDOW + 1, patches.shape[2] - WINDOW + 1
    logits = numpy.zeros((len(LABELS), rows, cols), numpy.float32)
    for y in range(rows):
        for x in range(cols):
            window = (window_at(patches, y, x) * 255).round().to(torch.uint8).numpy()
            pixels = processor(window, return_tensors="pt", input_data_format="channels_last")["pixel_values"]
            with torch.no_grad():
                logits[:, y, x] = model(**text, pixel_values=pixels).logits_per_image[0].numpy()
    return logits, patches.shape[1:3]


def mean_scores(logits, rows, cols):
    """Sums of the windows' scores over their visits, which are counted from one."""
    scores, runs = torch.zeros(rows, cols), torch.ones(rows, cols)
    for y in range(logits.shape[0]):
        for x in range(logits.shape[1]):
            scores[y:y + WINDOW, x:x + WINDOW] += float(logits[y, x])
            runs[y:y + WINDOW, x:x + WINDOW] += 1
    return scores / runs


def relevance(logits, rows, cols, clips):
    scores = mean_scores(logits, rows, cols)
    for _ in range(clips):
        scores = numpy.clip(scores - scores.mean(), 0, numpy.inf)
    return (scores - scores.min()) / (scores.max() - scores.min())


def box_of(scores):
    """x, y, width, height in pixels."""
    assert (scores - 0.5).abs().min() > 1e-3, "a cell so near the threshold that rounding decides"
    y, x = torch.nonzero(scores > 0.5, as_tuple=True)
    left, top = int(x.min()), int(y.min())
    return [left * PATCH, top * PATCH, (int(x.max()) + 1 - left) * PATCH, (int(y.max()) + 1 - top) * PATCH]


def reproduce(folder, photo):
    logits, (rows, cols) = score_windows(folder, photo)
    labels = []
    for label, grid in zip(LABELS, logits):
        labels.append({"label": label, "logits": grid.tolist(), "map": relevance(grid, rows, cols, 1).tolist(),
                       "box": box_of(relevance(grid, rows, cols, 3))})
    return labels


def rounded(value):
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return round(value, 6) if isinstance(value, float) else value


# ---- Against the command ----

def run(program, verb, folder, photo):
    prompts = [word for label in LABELS for word in ("-p", label)]
    command = [program, verb, "-m", str(folder), "--recipe", "chapter", "--format", "json", *prompts, photo]
    extra = ["--min-score", "0"] if verb == "detect" else []
    return json.loads(subprocess.run(command + extra, check=True, capture_output=True, text=True).stdout)


def largest(a, b):
    return float(numpy.abs(numpy.array(a) - numpy.array(b)).max())


def compare(program, folder, path, wanted):
    maps, boxes = run(program, "localize", folder, path)["maps"], run(program, "detect", folder, path)["detections"]
    good = len(boxes) == len(LABELS)
    for want, found, box in zip(wanted, maps, boxes):
        logit, cell = largest(found["logits"], want["logits"]), largest(found["map"], want["map"])
        same = box["box"] == want["box"]
        good &= logit < 1e-3 and cell < 1e-3 and same
        print(f"{want['label']}: logits within {logit:.1e}, map within {cell:.1e}, box {want['box']} "
              f"{'the same' if same else box}")
    return 0 if good else 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("photo")
    parser.add_argument("--compare", nargs=2, metavar=("CLIPSIGHT", "FOLDER"))
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    photo = Image.open(arguments.photo).convert("RGB")
    if arguments.compare:
        program, folder = arguments.compare
        return compare(program, folder, arguments.photo, reproduce(folder, photo))
    with tempfile.TemporaryDirectory() as folder:
        parity_hf.make(MODEL, pathlib.Path(folder))
        labels = reproduce(folder, photo)
    target = inputs.ROOT / "tests/data/chapter/expected.json"
    target.parent.mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps({key: rounded(value) for key, value in label.items()}) for label in labels)
    target.write_text(f"[\n{lines}\n]\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
