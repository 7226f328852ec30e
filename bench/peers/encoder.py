"""The starter's image encoder: clipsight and ONNX Runtime on the same pictures, in turns.

    python bench/peers/encoder.py --program build/release/bench/bench_encoder --model models/starter

clipsight's time includes the way from bytes to normalised floats; ONNX Runtime is handed the floats.
"""

import argparse
import os
import tempfile

import numpy as np
import onnxruntime

import network
import pictures as made
import sessions
import turns

WANTED = 1.1


def check_same(ours, theirs):
    """Both sides must have computed the same thing, or their times mean nothing."""
    a, b = ours[:, :theirs.shape[1]], theirs
    cosine = (a * b).sum(1) / np.sqrt((a * a).sum(1) * (b * b).sum(1))
    if cosine.min() < 0.9999:
        raise SystemExit(f"the two networks differ: least cosine {cosine.min():.6f}, expected at least 0.9999")
    return float(cosine.min())


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--program", required=True)
    a.add_argument("--model", required=True)
    a.add_argument("--batch", type=int, default=32)
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--runs", type=int, default=9)
    a.add_argument("--json")
    a = a.parse_args()
    graph, config, preprocessor = network.build(a.model)
    pictures = made.smooth(a.batch, config["image_size"])
    peer, x = sessions.session(graph, a.threads), made.normalised(pictures, preprocessor)
    with tempfile.TemporaryDirectory() as folder:
        into, out = (os.path.join(folder, name) for name in ("pictures", "embeddings"))
        pictures.tofile(into)
        ours = turns.Program(a.program, "--model", a.model, "--batch", str(a.batch), "--threads", str(a.threads),
                             "--pictures", into, "--out", out)
        sides = {"clipsight": ours, "onnxruntime": turns.timed(lambda: peer.run(None, {"pictures": x}))}
        times = turns.alternate(sides, a.runs)
        ours.close()
        cosine = check_same(np.fromfile(out, np.float32).reshape(a.batch, -1), peer.run(None, {"pictures": x})[0])
    extra = {"batch": a.batch, "threads": a.threads, "cosine": cosine, "onnxruntime_version": onnxruntime.__version__}
    title = (f"The image encoder beside ONNX Runtime {onnxruntime.__version__}: batch {a.batch}, {a.threads} threads "
             f"(least cosine between the two {cosine:.6f})")
    turns.report("encoder_peer", title, times, {"clipsight": "clipsight", "onnxruntime": "ONNX Runtime"},
                 ("clipsight", "onnxruntime"), WANTED if a.threads == 2 and a.batch == 32 else None, extra, a.json)


if __name__ == "__main__":
    main()
