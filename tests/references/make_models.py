"""Small models of every kind that clipsight reads, with what PyTorch makes of them. Run from the project's root:

    pip install -r tests/references/requirements.txt
    python tests/references/make_models.py                     makes tests/data/models again
    python tests/references/make_models.py --check             makes it in a temporary folder, and compares
    python tests/references/make_models.py --out FOLDER        whole folders, weights included
    python tests/references/make_models.py --compare PROGRAM FOLDER
                                                               PROGRAM (tests/parity/embed.c) against those folders
    python tests/references/make_models.py --full FOLDER       models of full size with random weights (3 GB), likewise

The models are written and run by transformers and open_clip themselves, in float32 from the weights as stored. What is
committed of a model: its configuration, a table for each safetensors file in place of the file (see parity_weights.py),

    expected.f32   texts [6, dim], pictures [4, dim], logits [4, 6], probabilities [4, 6]
    pictures.tsv   CRC-32 of each picture as the encoder sees it, float32 [side, side, 3]

A folder of its own holds the tokenizer that all share; torchscript.pt is what clipsight refuses to read.
"""
import argparse
import filecmp
import io
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib

import numpy
import PIL
import torch
import transformers

import parity_full
import parity_hf
import parity_inputs as inputs
import parity_openclip
import parity_weights as weights

assert PIL.__version__ == "13.0.0", "the order of the resampling passes is Pillow 13.0.0's"
assert transformers.__version__ == "5.24.0"

COMMITTED = inputs.ROOT / "tests" / "data" / "models"
TOKENIZER_FILES = {"tokenizer.json", "tokenizer_config.json", "vocab.json", "merges.txt", "special_tokens_map.json"}


def check_lively(name, texts, pictures):
    """Random weights can make everything look alike, and then nothing is tested."""
    for rows, limit in ((texts, 0.98), (pictures, 0.98)):
        cosines = rows @ rows.T - 2 * numpy.eye(len(rows))
        assert cosines.max() < limit, f"{name}: two inputs have nearly the same embedding:\n{cosines.round(3)}"


def write_expected(name, folder, run, pictures):
    texts, images, logits, pixels = run(folder, inputs.TEXTS, inputs.open_pictures(pictures))
    check_lively(name, texts, images)
    probabilities = numpy.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    parts = [texts, images, logits, probabilities]
    (folder / "expected.f32").write_bytes(b"".join(p.astype("<f4").tobytes() for p in parts))
    rows = zip(inputs.PICTURES, pixels.astype("<f4").transpose(0, 2, 3, 1))
    (folder / "pictures.tsv").write_text(
        "".join(f"{n}\t{p.shape[0]}\t{zlib.crc32(numpy.ascontiguousarray(p).tobytes()):08x}\n" for n, p in rows))
    return logits


def write_tables(folder, log_scale):
    for path in sorted(folder.glob("*.safetensors")):
        (folder / (path.name + ".tsv")).write_text(weights.write_table(path, log_scale))


class Doubler(torch.nn.Module):
    def forward(self, x):
        return 2 * x


def write_torchscript(path):
    """A saved program, without the debugging notes, which name this file's place on this machine."""
    whole = io.BytesIO()
    torch.jit.save(torch.jit.script(Doubler()), whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                target.writestr(zipfile.ZipInfo("torchscript/" + entry.filename.split("/", 1)[1]), source.read(entry))


def make_all(out):
    """Whole folders below `out`."""
    inputs.write_pictures(out / "pictures")
    (out / "tokenizer").mkdir()
    inputs.make_tokenizer().save_pretrained(out / "tokenizer")
    (out / "tokenizer" / "tokenizer_config.json").unlink(missing_ok=True)
    (out / "texts.txt").write_text("".join(text + "\n" for text in inputs.TEXTS), encoding="utf-8")
    write_torchscript(out / "torchscript.pt")
    seen = {}
    for library in (parity_hf, parity_openclip):
        for name in library.MODELS:
            torch.manual_seed(0)
            log_scale = library.make(name, out / name)
            write_tables(out / name, log_scale)
            seen[name] = write_expected(name, out / name, library.run, out / "pictures")
    for name, dress in parity_hf.DRESSES.items():
        dress(out / "hf-tiny", out / name)
        write_tables(out / name, parity_hf.MODELS["hf-tiny"]["log_scale"])
        logits = write_expected(name, out / name, parity_hf.run, out / "pictures")
        assert numpy.abs(logits - seen["hf-tiny"]).max() < 1e-6, f"{name}: not the logits of hf-tiny"


def strip(whole, target):
    """What is committed: no weights where there is a table, and the shared tokenizer once."""
    def unwanted(folder, names):
        name = pathlib.Path(folder).name
        own = name == "tokenizer" or name in parity_hf.DRESSES
        if parity_hf.MODELS.get(name, {}).get("extra"):
            return [n for n in names if n.endswith((".safetensors", "tokenizer_config.json"))]
        return [n for n in names if n.endswith(".safetensors") or (not own and n in TOKENIZER_FILES)]
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(whole, target, ignore=unwanted)


def different(a, b):
    """Names of the files that are not alike; float32 values may differ by rounding."""
    names = {p.relative_to(root) for root in (a, b) for p in root.rglob("*") if p.is_file()}
    for name in sorted(names):
        if not (a / name).exists() or not (b / name).exists():
            yield name
        elif name.suffix == ".f32":
            if not numpy.allclose(numpy.fromfile(a / name, "<f4"), numpy.fromfile(b / name, "<f4"), 1e-5, 1e-5):
                yield name
        elif not filecmp.cmp(a / name, b / name, shallow=False):
            yield name


# ---- Comparing a program with the folders ----

def read_expected(folder, count_texts, count_pictures):
    values = numpy.fromfile(folder / "expected.f32", "<f4")
    rows, table = count_texts + count_pictures, count_texts * count_pictures
    dim = (len(values) - 2 * table) // rows
    at = numpy.cumsum([count_texts * dim, count_pictures * dim, table])
    texts, images, logits, _ = numpy.split(values, at)
    return texts.reshape(-1, dim), images.reshape(-1, dim), logits.reshape(count_pictures, -1)


def compare(program, folder, pictures, backend="onednn"):
    """Runs embed.c's program; largest error of a logit relative to max(1, |logit|), and lowest cosines."""
    paths = [str(pictures / name) for name in inputs.PICTURES]
    command = [program, str(folder), backend, str(len(inputs.TEXTS)), *inputs.TEXTS, *paths]
    run = subprocess.run(command, capture_output=True)
    if run.returncode:
        return run.stderr.decode().strip()
    texts, images, logits = read_expected(folder, len(inputs.TEXTS), len(inputs.PICTURES))
    found = numpy.frombuffer(run.stdout, "<f4")
    got_texts, got_images, got_logits = numpy.split(found, numpy.cumsum([texts.size, images.size]))
    error = numpy.abs(got_logits.reshape(logits.shape) - logits) / numpy.maximum(1, numpy.abs(logits))
    got_texts, got_images = got_texts.reshape(texts.shape), got_images.reshape(images.shape)
    cosines = (got_texts * texts).sum(1).min(), (got_images * images).sum(1).min()
    note = run.stderr.decode().strip()
    return f"{error.max():.1e} | {cosines[0]:.7f} | {cosines[1]:.7f}" + (f" | {note}" if note else "")


def compare_all(program, out):
    pictures = out / "pictures"
    for folder in sorted(p.parent for p in out.glob("*/expected.f32")):
        print(f"| {folder.name} | {compare(program, folder, pictures)} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--compare", nargs=2, metavar=("PROGRAM", "FOLDER"))
    parser.add_argument("--full", type=pathlib.Path)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if arguments.compare:
        return compare_all(arguments.compare[0], pathlib.Path(arguments.compare[1]))
    if arguments.full:
        arguments.full.mkdir(parents=True, exist_ok=True)
        return parity_full.make(arguments.full, write_expected)
    if arguments.out:
        arguments.out.mkdir(parents=True, exist_ok=True)
        return make_all(arguments.out)
    with tempfile.TemporaryDirectory() as temporary:
        whole, stripped = pathlib.Path(temporary) / "whole", pathlib.Path(temporary) / "stripped"
        whole.mkdir()
        make_all(whole)
        if not arguments.check:
            return strip(whole, COMMITTED)
        strip(whole, stripped)
        names = [str(name) for name in different(stripped, COMMITTED)]
    print("\n".join(names) or "tests/data/models is what the libraries give")
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
