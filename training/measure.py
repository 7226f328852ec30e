"""What the exported starter can do. Photographs are only looked at, nothing is fitted to them.

    python training/measure.py --model models/starter                       texts alone
    ... --voc FOLDER                          + image-level mAP over a PASCAL VOC sample, and words it cannot know
    ... --photo FILE                          + the photograph that holds the cat and the butterfly
    ... --cache FILE                          keep the class maps, which take a minute

FOLDER holds images/*.jpg and gt_boxes.tsv (image, class, x, y, w, h, flag).
"""

import argparse
import csv
import glob
import os

import numpy as np
from PIL import Image

import image_model
from class_vectors import CLASS_DIM, NOT_VISUAL, solver, text_targets
from corpus import Corpus
from imagenet import class_offsets
from lexicon import Lexicon
from relation import Relation
from starter import Starter
from train import SEED, relations_of
from wordnet import WordNet

SIZES = (260, 384, 512, 640)
MAP_SIZES = (260, 384, 512)
VOC = """aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike person pottedplant
sheep sofa train tvmonitor""".split()

# text -> the known phrase that it should mean ("-": nothing visible); none of the texts stands in a table like this
CHECKS = """
a cat = cat
a fluffy cat = cat
a butterfly = butterfly
my cute little puppy = dog
three small sleepy kittens = kitten
cell phone = cell phone
the new cellphone = cell phone
tv = tv
a flat screen tv in the living room = tv
sofa = sofa
plane = plane
a photo of a bike = bike
person = person
a man = man
two women = woman
a woman with a hat = woman
a child = child
children playing = child
people = people
a baby = baby
a little girl = girl
boys = boy
laptop = laptop
a cup of coffee = cup of coffee
fire truck = fire truck
a firetruck = fire truck
a fire-truck = fire truck
a monarch butterfly on a flower = monarch butterfly
a red car = car
a big shiny red car = car
zebra = zebra
zebras = zebra
remote control = remote control
hot air balloon = hot air balloon
two dogs = dog
a dog and a cat = dog + cat
the black dog on the sofa = dog
a cat sleeping on the bed = cat
a person riding a horse = person
there is a horse in the picture = horse
a potted plant = potted plant
pottedplant = potted plant
tvmonitor = tv monitor
diningtable = dining table
school bus = school bus
schoolbus = school bus
a golden retriever = golden retriever
an old wooden chair = chair
a bottle of water on the table = bottle
elephant = elephant
a photo of many sheep = sheep
giraffe = -
a giraffe = -
a photo of a giraffe = -
justice = -
a picture of justice = -
the = -
diagram = -
a diagram = -
blue = -
running = -
asdfgh = -
qwzxv = -
democracy = -
very quickly = -
""".strip().split("\n")
UNKNOWN = ["giraffe", "a giraffe", "a photo of a giraffe", "justice", "a photo of justice", "the justice",
           "a photo of the justice", "asdfgh", "running", "democracy", "blue"]


def meaning(relation, lexicon, expression):
    """y of "dog + cat" or "-"."""
    y = np.zeros(1000, np.float32)
    for word in expression.split(" + "):
        if word != "-":
            np.maximum(y, lexicon.meaning(word), out=y)
    return y


def check_texts(model, relation, lexicon, names):
    """Print each text of CHECKS with its cosine to what it should be, and the classes it fires on most."""
    pairs = [line.split(" = ") for line in CHECKS]
    out = model.encode_texts([t for t, _ in pairs])
    targets = text_targets(np.stack([meaning(relation, lexicon, m) for _, m in pairs]), solver(model.w))
    scores = out[:, :CLASS_DIM] @ model.w.T
    cosines = (out * targets).sum(1)
    for (text, _), cosine, vector, score in zip(pairs, cosines, out, scores):
        best = ", ".join(f"{names[c]} {score[c]:.2f}" for c in np.argsort(-score)[:3])
        print(f"{cosine:6.3f}  {text:36s} not visual {vector[NOT_VISUAL]:5.2f}  {best}")
    print(f"mean cosine {cosines.mean():.3f}, lowest {cosines.min():.3f}, below 0.8: {(cosines < 0.8).sum()} of {len(cosines)}")


def check_corpus(model, lexicon, n=400):
    """Mean cosine per kind of sample, from a seed that training did not use."""
    corpus = Corpus(lexicon, SEED + 1000)
    p = solver(model.w)
    for kind in corpus.kinds:
        samples = [getattr(corpus, kind)() for _ in range(n)]
        rows = np.array([[r for r, _ in m] + [0] * (2 - len(m)) for _, m in samples])
        weights = np.array([[v for _, v in m] + [0] * (2 - len(m)) for _, m in samples], np.float32)
        targets = text_targets(relations_of(lexicon.y, rows, weights), p)
        cosine = (model.encode_texts([t for t, _ in samples]) * targets).sum(1)
        print(f"unseen samples, {kind:10s} mean cosine {cosine.mean():.3f}")


class ClassMaps:
    """Class probabilities of photographs: whole [1000], and per size one row per position."""

    def __init__(self, model, cache):
        self.model, self.path, self.kept = model, cache, {}
        if cache and os.path.exists(cache):
            self.kept = dict(np.load(cache))

    def whole(self, path):
        return self._keep(path, "whole", lambda x: self.model.images.classes(
            image_model.preprocess(x)[None])[0])

    def dense(self, path, size):
        p = self._keep(path, size, lambda x: self.model.images.dense_classes(
            image_model.to_tensor(image_model.resize_short_side(x, size))[None])[0].half())
        return p.astype(np.float32).reshape(1000, -1).T

    def _keep(self, path, what, compute):
        key = f"{os.path.basename(path)}_{what}"
        if key not in self.kept:
            with Image.open(path) as x:
                self.kept[key] = compute(x).numpy()
        return self.kept[key]

    def save(self):
        if self.path:
            np.savez(self.path, **self.kept)


def average_precision(scores, truth):
    """All-point interpolated AP of a ranking."""
    hits = truth[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    return (precision * hits).sum() / hits.sum()


def check_voc(model, maps, folder):
    """Image-level mAP with the class names as prompts; difficult objects do not count either way."""
    photos = sorted(glob.glob(os.path.join(folder, "images", "*.jpg")))
    row = {os.path.basename(p): i for i, p in enumerate(photos)}
    truth = np.zeros((len(photos), len(VOC)))
    with open(os.path.join(folder, "gt_boxes.tsv"), encoding="utf-8") as f:
        for box in csv.DictReader(f, delimiter="\t"):
            at = row[box["image"]], VOC.index(box["class"])
            truth[at] = max(truth[at], 1 if box["flag"] == "0" else 0.5)
    classes = model.class_scores(VOC)
    dense = np.array([[(maps.dense(p, s) @ classes).max(0) for s in SIZES] for p in photos])
    whole = np.array([maps.whole(p) @ classes for p in photos])
    mixed = whole + dense[:, [SIZES.index(s) for s in MAP_SIZES]].mean(1)
    for name, score in (("whole picture", whole), ("dense, maximum of sizes", dense.max(1)),
                        ("whole + mean of dense sizes", mixed)):
        ap = [average_precision(score[truth[:, k] != 0.5, k], truth[truth[:, k] != 0.5, k])
              for k in range(len(VOC)) if (truth[:, k] == 1).any()]
        print(f"VOC image-level mAP, {name}: {np.mean(ap):.3f}")
    print("  per class: " + " ".join(f"{v} {x:.2f}" for v, x in zip(VOC, ap)))
    return photos


def check_unknown(model, maps, photos, cat):
    """Best score of unknowable words over all photographs and sizes, against "a cat" where there is one."""
    classes = model.class_scores(UNKNOWN)
    best = np.max([(maps.dense(p, s) @ classes).max(0) for p in photos for s in SIZES], axis=0)
    for text, score in zip(UNKNOWN, best):
        print(f"best score over the photographs: {score:.3f} = {score / cat:.2f} of the cat's  {text}")


def check_photo(model, maps, path):
    """Best score of some prompts on one photograph, per size; returns the best of "a cat"."""
    texts = ["a cat", "a fluffy cat", "a butterfly", "a dog", "a giraffe", "justice"]
    classes = model.class_scores(texts)
    best = np.array([(maps.dense(path, s) @ classes).max(0) for s in SIZES])
    for k, text in enumerate(texts):
        print(f"photograph, {text}: " + ", ".join(f"{s} px {best[i, k]:.3f}" for i, s in enumerate(SIZES)))
    return best[:, 0].max()


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--model", required=True)
    a.add_argument("--voc")
    a.add_argument("--photo")
    a.add_argument("--cache")
    a = a.parse_args()
    model = Starter(a.model)
    wn = WordNet()
    relation = Relation(wn, class_offsets())
    lexicon = Lexicon(wn, relation)
    check_texts(model, relation, lexicon, [wn.synsets[row].lemmas[0] for row in relation.classes])
    check_corpus(model, lexicon)
    maps = ClassMaps(model, a.cache)
    cat = check_photo(model, maps, a.photo) if a.photo else None
    photos = check_voc(model, maps, a.voc) if a.voc else None
    if cat and photos:
        check_unknown(model, maps, photos, cat)
    maps.save()


if __name__ == "__main__":
    main()
