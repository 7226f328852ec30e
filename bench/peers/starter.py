"""The starter on a folder of photographs: `clipsight detect` as a whole process, beside the same network at the same input
sizes in ONNX Runtime, with Pillow reading and resizing the photographs. The peer is timed without its imports and the
loading of its graph, and it makes no boxes: only the maps.

    python bench/peers/starter.py --clipsight build/release/clipsight --model models/starter FOLDER
"""

import argparse
import glob
import json
import os
import statistics
import subprocess
import time

import numpy as np
import onnxruntime
from PIL import Image

import network
import pictures as made
import sessions
import turns

WANTED = 1.3
SHOWN, AGREEMENT = 0.05, 0.9  # cosine from which a map shows something; least correlation of two maps
# The passes over a photograph below 1000 pixels, as src/locate/dense_recipe.c has them: the short side, the kind of cells,
# and the neighbourhoods whose mean is scored.
PASSES = [(448, "coarse", [1, 3]), (320, "staggered", [1, 3, 5])]
PROMPTS = ["a cat", "a dog"]


def resized(photo, size):
    """The photograph with its short side of so many pixels."""
    scale = size / min(photo.size)
    return photo.resize([int(side * scale + 0.5) for side in photo.size], Image.Resampling.BICUBIC)


class Peer:
    """Maps of all photographs with ONNX Runtime."""

    def __init__(self, model, threads, texts):
        self.texts, self.passes = texts, []
        for size, cells, sides in PASSES:
            graph, _, self.preprocessor = network.build_dense(model, cells, sides)
            self.passes.append((size, sessions.session(graph, threads)))

    def maps(self, path):
        with Image.open(path) as photo:
            photo = photo.convert("RGB")
        for size, session in self.passes:
            pixels = made.normalised(np.asarray(resized(photo, size))[None], self.preprocessor)
            yield session.run(None, {"pictures": pixels, "texts": self.texts})[0]

    def run(self, paths):
        return {path: list(self.maps(path)) for path in paths}


def command(a, paths):
    words = [word for text in PROMPTS for word in ("-p", text)]
    return [a.clipsight, "detect", "-m", a.model, "--threads", str(a.threads), "--precision", a.precision, "-q", *words,
            *paths]


def run_command(words):
    start = time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def localized(a, path):
    """clipsight's own maps, one per prompt."""
    words = command(a, [path])
    words[1:2] = ["localize", "--method", "dense", "--format", "json"]
    printed = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    return [np.array(one["map"]) for one in json.loads(printed)["maps"]]


def shrunk(grid, rows, cols):
    return np.asarray(Image.fromarray(np.float32(grid)).resize((cols, rows), Image.Resampling.BOX))


def agreement(a, peer, paths):
    """Correlations, on a coarse grid, of the two sides' maps: of the first few that show something. Where nothing is found
    clipsight cuts the map off at its mean, and there is little left to compare."""
    found = []
    for path in paths:
        theirs = list(peer.maps(path))
        rows, cols = theirs[-1].shape[2], theirs[-1].shape[3]
        means = [sum(shrunk(one[0, i], rows, cols) for one in theirs) / len(theirs) for i in range(len(PROMPTS))]
        if max(mean.max() for mean in means) < SHOWN:
            continue
        for mean, mine in zip(means, localized(a, path)):
            if mean.max() >= SHOWN:
                found.append(float(np.corrcoef(mean.ravel(), shrunk(mine, rows, cols).ravel())[0, 1]))
        if len(found) >= 5:
            break
    if found and min(found) < AGREEMENT:
        raise SystemExit(f"the two sides' maps differ: correlation {min(found):.4f}, expected at least {AGREEMENT}")
    return found


def options():
    a = argparse.ArgumentParser()
    a.add_argument("--clipsight", required=True)
    a.add_argument("--model", required=True)
    a.add_argument("--precision", default="fp32")
    a.add_argument("--photos", type=int, default=100)
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--runs", type=int, default=5)
    a.add_argument("--json")
    a.add_argument("folder")
    return a.parse_args()


def main():
    a = options()
    paths = sorted(glob.glob(os.path.join(a.folder, "*.jpg")))[:a.photos]
    if not paths:
        raise SystemExit(f"{a.folder}: expected photographs (*.jpg)")
    peer = Peer(a.model, a.threads, network.text_embeddings(a.clipsight, a.model, PROMPTS))
    words = command(a, paths)
    sides = {"clipsight": lambda: run_command(words), "onnxruntime": turns.timed(lambda: peer.run(paths))}
    times = turns.alternate(sides, a.runs)
    found = agreement(a, peer, paths)
    rates = {name: len(paths) / statistics.median(seconds) for name, seconds in times.items()}
    title = (f"The starter on {len(paths)} photographs, {a.threads} threads: clipsight detect ({a.precision}) beside ONNX "
             f"Runtime {onnxruntime.__version__} and Pillow")
    labels = {"clipsight": "clipsight detect, whole process", "onnxruntime": "Pillow and ONNX Runtime, maps only"}
    turns.report_factors("starter_photos", title, times, labels.get, {"clipsight": ("clipsight", "onnxruntime", 1, WANTED)},
                         {"photographs": len(paths), "per_second": rates, "correlations": found,
                          "threads": a.threads, "precision": a.precision}, a.json)
    for name, rate in rates.items():
        print(f"  {labels[name]:<44} {rate:9.2f} photographs a second")
    print(f"  correlation of the two sides' maps: {', '.join(f'{value:.3f}' for value in found)}")


if __name__ == "__main__":
    main()
