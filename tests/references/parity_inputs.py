"""The tokenizer, the texts and the pictures of the parity tests."""
import json
import pathlib

import numpy
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MERGES = 120
START, END, SUFFIX = "<|startoftext|>", "<|endoftext|>", "</w>"
EXTRA = "<|widget|>"

TEXTS = [
    "a photo of a cat",
    "a photo of a dog",
    "two",
    "two <|widget|> cats",
    "The quick brown fox's 3 jumps over \u00e9t\u00e9 \u2603, and over, and over again, until nothing is left to jump over",
    "a cat<|endoftext|> and a dog",
]
PICTURES = ["wide.png", "tall.png", "tiny.png", "square.png"]


def byte_characters():
    printable = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    return [chr(b) for b in printable] + [chr(256 + i) for i in range(256 - len(printable))]


def vocabulary():
    """CLIP's vocabulary with its first merges only, and those merges as pairs."""
    lines = (ROOT / "tests/data/text/clip/merges.txt").read_text(encoding="utf-8").split("\n")[1:MERGES + 1]
    merges = [tuple(line.split(" ")) for line in lines]
    characters = byte_characters()
    tokens = characters + [c + SUFFIX for c in characters] + [a + b for a, b in merges] + [START, END]
    return {token: i for i, token in enumerate(tokens)}, merges


def make_tokenizer(extra=False):
    """`extra`: with one more token, whose id is above the end's. Then the two rules for the end of a text differ.

    transformers 5 ignores vocab_file and merges_file silently, and then every prompt has the same ids."""
    from transformers import CLIPTokenizer
    vocab, merges = vocabulary()
    tokenizer = CLIPTokenizer(vocab=vocab, merges=merges)
    assert tokenizer(TEXTS[0])["input_ids"] != tokenizer(TEXTS[1])["input_ids"]
    if extra:
        tokenizer.add_tokens([EXTRA], special_tokens=True)
    assert len(tokenizer) == len(vocab) + extra
    return tokenizer


def write_old_tokenizer(folder):
    """vocab.json and merges.txt."""
    vocab, merges = vocabulary()
    (folder / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges), encoding="utf-8")


def write_string_merges(source, target):
    """tokenizer.json as older versions wrote it: merges as "a b"."""
    tree = json.loads(source.read_text(encoding="utf-8"))
    tree["model"]["merges"] = [" ".join(pair) for pair in tree["model"]["merges"]]
    target.write_text(json.dumps(tree, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def picture(width, height, seed):
    """Colours that run, a disc and stripes whose place depends on the seed, and a little grain."""
    rng = numpy.random.default_rng(seed)
    y, x = numpy.mgrid[0:height, 0:width]
    u, v = x / width, y / height
    pixels = numpy.stack([u, v, 1 - (u + v) / 2], axis=-1)[..., rng.permutation(3)] * 255
    cx, cy = rng.uniform(0.2, 0.8, 2)
    pixels[(u - cx) ** 2 + (v - cy) ** 2 < 0.05] = rng.integers(0, 256, 3)
    pixels[(x + y * seed) % 11 < 2] = rng.integers(0, 256, 3)
    pixels += rng.integers(-4, 5, pixels.shape)
    return Image.fromarray(pixels.clip(0, 255).astype(numpy.uint8))


def write_pictures(folder):
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {"wide.png": (101, 58), "tall.png": (38, 97), "tiny.png": (23, 19), "square.png": (64, 64)}
    for seed, (name, (width, height)) in enumerate(sizes.items(), 1):
        picture(width, height, seed).save(folder / name, optimize=True)


def open_pictures(folder):
    return [Image.open(folder / name).convert("RGB") for name in PICTURES]
