"""Whether bf16 and int8 find what f32 finds: the maps' correlation over a folder of photographs, and the average precision.
Nothing is timed.

    python bench/peers/agree.py --clipsight build/release/clipsight --model MODEL --photos FOLDER [--dataset FOLDER]

--dataset: photographs with boxes, as `clipsight eval` takes them.
"""

import argparse
import glob
import json
import os
import subprocess

import numpy as np

import clip_model
import pictures as made
import turns

PROMPTS = ["a person", "a dog", "a car", "a chair"]
CORRELATION = {"bf16": 0.999, "int8": 0.99}
PRECISION = {"bf16": 0.005, "int8": 0.01}


def maps(a, precision, paths):
    """[photographs][prompts] of grids."""
    words = [word for text in PROMPTS for word in ("-p", text)]
    printed = subprocess.run([a.clipsight, "localize", "-m", a.model, "--method", "dense", "--threads", str(a.threads),
                              "--precision", precision, "--format", "json", "-q", *words, *paths], check=True,
                             capture_output=True, text=True).stdout
    return [[np.array(one["map"]) for one in json.loads(line)["maps"]] for line in printed.splitlines()]


def correlation(x, y):
    """NaN where one of them is flat: there is nothing to compare."""
    if x.std() == 0 or y.std() == 0:
        return float("nan")
    return float(np.corrcoef(x.ravel(), y.ravel())[0, 1])


def compare(exact, narrow):
    found = [correlation(x, y) for one, other in zip(exact, narrow) for x, y in zip(one, other)]
    found = [value for value in found if not np.isnan(value)]
    return {"maps": len(found), "mean": float(np.mean(found)), "median": float(np.median(found)),
            "least": float(np.min(found))}


def ap30(a, precision):
    printed = subprocess.run([a.clipsight, "eval", a.dataset, "-m", a.model, "--threads", str(a.threads), "--precision",
                              precision, "--format", "json", "-q"], check=True, capture_output=True, text=True).stdout
    return json.loads(printed)["ap30"]


def options():
    a = argparse.ArgumentParser()
    a.add_argument("--clipsight", required=True)
    a.add_argument("--model", required=True)
    a.add_argument("--photos", required=True)
    a.add_argument("--dataset")
    a.add_argument("--most", type=int, default=100)
    a.add_argument("--precision", default="bf16,int8")
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--runs", help="not used: nothing is timed")
    a.add_argument("--json")
    return a.parse_args()


def main():
    a = options()
    if a.model.startswith("/") or os.sep in a.model:
        clip_model.make(a.model, made.starter_tokenizer())
    paths = sorted(glob.glob(os.path.join(a.photos, "*.jpg")))[:a.most]
    exact = maps(a, "fp32", paths)
    record = {"bench": "agree", "model": os.path.basename(os.path.normpath(a.model)), "photographs": len(paths)}
    print(f"\nMaps and boxes of {record['model']} beside those in fp32, {len(paths)} photographs")
    if a.dataset:
        record["ap30_fp32"] = ap30(a, "fp32")
    for precision in a.precision.split(","):
        found = record[precision] = compare(exact, maps(a, precision, paths))
        missed = "; MISSED" if found["mean"] < CORRELATION[precision] else ""
        print(f"  {precision}: correlation of {found['maps']} maps: mean {found['mean']:.5f}, median {found['median']:.5f}, "
              f"least {found['least']:.5f}     (mean wanted: at least {CORRELATION[precision]}{missed})")
        if a.dataset:
            found["ap30"] = ap30(a, precision)
            off = found["ap30_off"] = found["ap30"] - record["ap30_fp32"]
            missed = "; MISSED" if abs(off) > PRECISION[precision] else ""
            print(f"  {precision}: AP at IoU 0.3 {found['ap30']:.4f}, fp32 {record['ap30_fp32']:.4f}     (wanted: within "
                  f"{PRECISION[precision]}{missed})", flush=True)
    turns.append(record, a.json)


if __name__ == "__main__":
    main()
