"""The chapter's photograph by the chapter's window method: clipsight as a whole process beside the chapter's loop in
PyTorch, which is timed without its imports and without the loading of the model.

    python bench/peers/chapter.py --clipsight build/release/clipsight --model FOLDER PHOTO

The loop is the chapter's: a window at a time is put together from its patches, given to CLIP's processor, and encoded
together with the prompt, which is so encoded anew for each window; for every further prompt all of it is done again. 256
pixels a patch, 6 x 6 patches a window. FOLDER is made if it is not there (clip_model.py).
"""

import argparse
import json
import os
import subprocess
import tempfile
import time

import numpy as np
import tokenizers
import torch
from PIL import Image
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

import clip_model
import pictures as made
import turns

PATCH, WINDOW = 256, 6
PROMPTS = ["a fluffy cat", "an orange butterfly", "a tail", "an ear", "a carpet", "a plant", "a window", "a wall", "a paw",
           "a shadow"]


def patches_of(path):
    """uint8 [rows, cols, 3, 256, 256]"""
    with Image.open(path) as photo:
        pixels = torch.from_numpy(np.array(photo.convert("RGB"))).permute(2, 0, 1)
    return pixels.unfold(0, 3, 3)[0].unfold(0, PATCH, PATCH).unfold(1, PATCH, PATCH)


def window_at(patches, y, x):
    """The window's patches put side by side: uint8 [1536, 1536, 3]."""
    big = torch.zeros(PATCH * WINDOW, PATCH * WINDOW, 3, dtype=torch.uint8)
    for row in range(WINDOW):
        for col in range(WINDOW):
            big[row * PATCH:(row + 1) * PATCH, col * PATCH:(col + 1) * PATCH] = patches[y + row, x + col].permute(1, 2, 0)
    return big


class Loop:
    """The chapter's, for one prompt."""

    def __init__(self, folder, path):
        self.model, self.path = clip_model.load(folder), path
        self.processor = CLIPImageProcessorPil.from_pretrained(folder)
        self.tokenizer = tokenizers.Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
        self.logits = None

    def logit(self, window):
        ids = torch.tensor([self.tokenizer.encode(PROMPTS[0]).ids])
        pixels = self.processor(window.numpy(), return_tensors="pt", input_data_format="channels_last")["pixel_values"]
        with torch.no_grad():
            return self.model(input_ids=ids, attention_mask=torch.ones_like(ids), pixel_values=pixels).logits_per_image

    def __call__(self):
        patches = patches_of(self.path)
        rows, cols = patches.shape[0] - WINDOW + 1, patches.shape[1] - WINDOW + 1
        scores, runs = torch.zeros(patches.shape[:2]), torch.ones(patches.shape[:2])
        self.logits = np.zeros((rows, cols))
        for y in range(rows):
            for x in range(cols):
                score = self.logit(window_at(patches, y, x)).item()
                self.logits[y, x] = score
                scores[y:y + WINDOW, x:x + WINDOW] += score
                runs[y:y + WINDOW, x:x + WINDOW] += 1
        scores = scores / runs
        scores = torch.clip(scores - scores.mean(), 0)
        return (scores - scores.min()) / (scores.max() - scores.min())


class Command:
    """clipsight, a new process each time; keeps what it printed."""

    def __init__(self, a, prompts, *extra):
        words = [word for text in PROMPTS[:prompts] for word in ("-p", text)]
        self.command = [a.clipsight, "localize", "-m", a.model, "--threads", str(a.threads), "--format", "json", "-q",
                        *words, *extra, a.photo]
        self.printed = None

    def __call__(self):
        start = time.perf_counter()
        self.printed = subprocess.run(self.command, check=True, capture_output=True, text=True).stdout
        return time.perf_counter() - start

    def logits(self):
        return np.array(json.loads(self.printed)["maps"][0]["logits"])


def window(a, prompts, precision):
    return Command(a, prompts, "--recipe", "chapter", "--method", "window", "--patch", str(PATCH), "--window",
                   str(WINDOW), "--precision", precision)


def sides(a, loop):
    commands = {}
    for precision in a.precision.split(","):
        commands[f"{precision}_1"] = window(a, 1, precision)
        commands[f"{precision}_5"] = window(a, 5, precision)
    commands["fp32_10"] = window(a, 10, "fp32")
    commands["dense"] = Command(a, 1, "--method", "dense")
    return {"loop": turns.timed(loop), **commands}


# What is compared: the loop's time over ours is at least this many times. The loop does n prompts in n times its time.
WANTED = {"fp32_1": 2.5, "bf16_1": 4.5, "int8_1": 6.5, "fp32_5": 12, "int8_5": 30, "dense": 30}


def label(name):
    if name == "loop":
        return "the chapter's loop in PyTorch, one prompt"
    if name == "dense":
        return "clipsight, dense method, one prompt"
    precision, prompts = name.split("_")
    return f"clipsight {precision}, prompts: {prompts}"


def check_same(loop, commands):
    """{precision: correlation of the windows' logits with the loop's}"""
    found = {}
    for name, command in commands.items():
        if not name.endswith("_1"):
            continue
        logits = command.logits()
        found[name[:-2]] = float(np.corrcoef(logits.ravel(), loop.logits.ravel())[0, 1])
        if name == "fp32_1" and np.abs(logits - loop.logits).max() > 1e-2:
            raise SystemExit(f"logits differ by {np.abs(logits - loop.logits).max():.4f} from the chapter's loop")
    return found


def options():
    a = argparse.ArgumentParser()
    a.add_argument("--clipsight", required=True)
    a.add_argument("--model", required=True)
    a.add_argument("--precision", default="fp32,bf16,int8")
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--runs", type=int, default=5)
    a.add_argument("--json")
    a.add_argument("photo")
    return a.parse_args()


def main():
    a = options()
    clip_model.make(a.model, made.starter_tokenizer())
    torch.set_num_threads(a.threads)
    loop = Loop(a.model, a.photo)
    measured = sides(a, loop)
    times = turns.alternate(measured, a.runs)
    correlations = check_same(loop, {name: side for name, side in measured.items() if name != "loop"})
    title = f"The chapter's photograph, a random ViT-B/32, {loop.logits.size} windows, {a.threads} threads"
    factors = {}
    for name, wanted in WANTED.items():
        if name in times:
            prompts = int(name.split("_")[1]) if "_" in name else 1
            factors[name] = (name, "loop", prompts, wanted)
    turns.report_factors("chapter", title, times, label, factors,
                         {"threads": a.threads, "windows": loop.logits.size, "correlations": correlations,
                          "ten_to_one": turns.ratio(times, "fp32_10", "fp32_1")}, a.json)
    print(f"  ten prompts / one prompt, fp32: {turns.ratio(times, 'fp32_10', 'fp32_1'):.3f}   (wanted: at most 1.05)")
    for precision, value in correlations.items():
        print(f"  correlation of the windows' logits with the loop's, {precision}: {value:.6f}")


if __name__ == "__main__":
    main()
