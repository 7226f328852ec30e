"""The image encoder of a ViT-B/32 with random weights: clipsight, PyTorch and ONNX Runtime on the same pictures, in turns.

    python bench/peers/clip.py --program build/release/bench/bench_encoder --model FOLDER

FOLDER is made if it is not there (clip_model.py). clipsight's time includes the way from bytes to normalised floats; the
others are handed the floats.
"""

import argparse
import copy
import os
import statistics
import tempfile

import numpy as np
import onnxruntime
import torch

import clip_model
import clip_onnx
import pictures as made
import sessions
import turns

LABELS = {"fp32": "clipsight fp32", "bf16": "clipsight bf16", "int8": "clipsight int8", "torch": "PyTorch fp32",
          "torch_bf16": "PyTorch bf16", "ort": "ONNX Runtime fp32", "ort_int8": "ONNX Runtime int8, dynamic"}

# name: numerator, denominator, the highest that would do (None: nothing is wanted)
RATIOS = {"fp32_to_ort": ("fp32", "ort", 0.90), "bf16_to_fp32": ("bf16", "fp32", 0.58),
          "int8_to_ort": ("int8", "ort_int8", 0.95), "fp32_to_torch": ("fp32", "torch", None),
          "bf16_to_torch": ("bf16", "torch_bf16", None), "torch_bf16_to_torch": ("torch_bf16", "torch", None)}

# Least cosine with PyTorch in f32; of int8, what the two make of random weights is only reported.
AGREEMENT = {"fp32": 0.9999, "ort": 0.9999, "bf16": 0.995, "torch_bf16": 0.995, "int8": 0.99, "ort_int8": 0}


def torch_side(encoder, pictures, results, name):
    def run():
        with torch.inference_mode():
            results[name] = encoder(pictures).float().numpy()
    return turns.timed(run)


def ort_side(graph, threads, pictures, results, name):
    session = sessions.session(graph, threads)

    def run():
        results[name] = session.run(None, {"pictures": pictures})[0]
    return turns.timed(run)


def peers(a, folder, floats, results):
    encoder = clip_onnx.Encoder(clip_model.load(a.model)).eval()
    graph, quantised = clip_onnx.export(encoder, a.batch, folder)
    narrow = copy.deepcopy(encoder).to(torch.bfloat16)
    tensor = torch.from_numpy(floats)
    return {"torch": torch_side(encoder, tensor, results, "torch"),
            "torch_bf16": torch_side(narrow, tensor.to(torch.bfloat16), results, "torch_bf16"),
            "ort": ort_side(graph, a.threads, floats, results, "ort"),
            "ort_int8": ort_side(quantised, a.threads, floats, results, "ort_int8")}


def ours(a, folder, bytes_file):
    sides = {}
    for precision in a.precision.split(","):
        sides[precision] = turns.Program(a.program, "--model", a.model, "--batch", str(a.batch), "--threads",
                                         str(a.threads), "--precision", precision, "--pictures", bytes_file, "--out",
                                         os.path.join(folder, precision))
    return sides


def cosine(x, y):
    x, y = x.astype(np.float64), y.astype(np.float64)
    return float(((x * y).sum(1) / np.sqrt((x * x).sum(1) * (y * y).sum(1))).min())


def check_same(results):
    """All sides must have computed the same thing, or their times mean nothing."""
    found = {name: cosine(value, results["torch"]) for name, value in results.items() if name != "torch"}
    for name, value in found.items():
        if value < AGREEMENT[name]:
            raise SystemExit(f"{LABELS[name]}: least cosine with PyTorch {value:.6f}, expected {AGREEMENT[name]}")
    return found


def options():
    a = argparse.ArgumentParser()
    a.add_argument("--program", required=True)
    a.add_argument("--model", required=True)
    a.add_argument("--precision", default="fp32,bf16,int8")
    a.add_argument("--batch", type=int, default=32)
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--runs", type=int, default=9)
    a.add_argument("--json")
    return a.parse_args()


def measure(a):
    """-> {side: seconds of each run}, {side: least cosine}"""
    results = {}
    pictures = made.smooth(a.batch, 224)
    floats = made.normalised(pictures, made.CLIP)
    with tempfile.TemporaryDirectory() as folder:
        bytes_file = os.path.join(folder, "pictures")
        pictures.tofile(bytes_file)
        programs = ours(a, folder, bytes_file)
        times = turns.alternate({**programs, **peers(a, folder, floats, results)}, a.runs)
        for name, program in programs.items():
            program.close()
            results[name] = np.fromfile(os.path.join(folder, name), np.float32).reshape(a.batch, -1)
    return times, check_same(results)


def main():
    a = options()
    clip_model.make(a.model, made.starter_tokenizer())
    torch.set_num_threads(a.threads)
    times, cosines = measure(a)
    title = (f"The image encoder of a random ViT-B/32: batch {a.batch}, {a.threads} threads; PyTorch "
             f"{torch.__version__}, ONNX Runtime {onnxruntime.__version__}")
    extra = {"batch": a.batch, "threads": a.threads, "cosines": cosines,
             "ms_per_window": {k: 1e3 * statistics.median(v) / a.batch for k, v in times.items()}}
    turns.report_all("clip_encoder", title, times, LABELS, RATIOS, extra, a.json)
    for name, value in cosines.items():
        print(f"  least cosine with PyTorch fp32: {LABELS[name]:<30} {value:.6f}")


if __name__ == "__main__":
    main()
