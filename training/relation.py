"""What a noun has to do with each of the 1,000 ImageNet classes: y(word, class) in [0, 1].

A synset means a class fully (1) if the class is the synset or lies below it. Otherwise nearness counts:
0.6 * Lin(s, c)^5 less a floor, so that a sibling helps a little and a distant cousin not at all.
Lin similarity: 2 IC(lowest common hypernym) / (IC(s) + IC(c)) (Lin 1998), with the intrinsic information
content of Seco et al. (2004): IC(s) = 1 - ln(1 + hyponyms of s) / ln(number of synsets).
"""

import math
import re

import numpy as np

from wordnet import PHYSICAL_ENTITY

NEAR, POWER, FLOOR = 0.6, 5, 0.06  # floor: keeps "giraffe" (nearest class: Lin 0.6) at nothing
RANK_DISCOUNT = 0.8
CLASS_NAME = 0.85
FAINT = 0.12  # what is left of a rare sense below this is dropped


def information_content(wn):
    """Seco's IC per row. Hyponyms are counted as sets: a synset with two paths counts once."""
    n = len(wn.synsets)
    below = [1] * n
    ancestors = [None] * n
    for s in wn.synsets:
        a = {s.index}
        for p in s.parents:
            a |= ancestors[p]
        ancestors[s.index] = a
        for x in a:
            if x != s.index:
                below[x] += 1
    return np.array([1 - math.log(b) / math.log(n) for b in below], np.float32), ancestors


class Relation:
    """synset_y [synsets, 1000] and the words' relation made from it."""

    def __init__(self, wn, class_offsets):
        self.wn = wn
        self.classes = [wn.row[o] for o in class_offsets]
        self.class_of_row = {row: c for c, row in enumerate(self.classes)}
        self.class_named = {}
        for c, row in enumerate(self.classes):
            for lemma in wn.synsets[row].lemmas:
                self.class_named.setdefault(lemma, []).append(c)
        self.physical = wn.descends_from(PHYSICAL_ENTITY)
        ic, ancestors = information_content(wn)
        classes = np.array(self.classes)
        common = np.zeros((len(wn.synsets), len(classes)), np.float32)  # IC of the lowest common hypernym
        for c, row in enumerate(self.classes):
            up = list(ancestors[row])
            common[up, c] = ic[up]
        member = np.zeros(common.shape, bool)  # class c at or below synset s
        for c, row in enumerate(self.classes):
            member[list(ancestors[row]), c] = True
        for s in wn.synsets:
            for p in s.parents:
                np.maximum(common[s.index], common[p], out=common[s.index])
        self.lin = 2 * common / np.maximum(ic[:, None] + ic[classes][None], 1e-6)
        np.clip(self.lin, 0, 1, out=self.lin)
        near = np.maximum(NEAR * self.lin ** POWER - FLOOR, 0) * NEAR / (NEAR - FLOOR)
        self.synset_y = np.where(member, np.float32(1), near).astype(np.float32)
        self.member = member

    def class_lin(self):
        """[1000, 1000] Lin similarity between the classes."""
        return self.lin[self.classes]

    def word(self, lemma):
        """y of a word: the maximum over its physical senses, rare ones discounted.

        A sense loses by its rank, and by the root of its tag count against the word's commonest use as a
        noun, adjective or adverb: "blue" is a colour before it is a butterfly.
        """
        rows = self.wn.senses.get(lemma, [])
        counts = [self.wn.count.get((lemma, i), 0) for i in range(len(rows))]
        top = max(counts + [self.wn.other.get(lemma, 0)])
        y = np.zeros(len(self.classes), np.float32)
        for rank, (row, count) in enumerate(zip(rows, counts)):
            if self.physical[row]:
                weight = RANK_DISCOUNT ** rank * math.sqrt((count + 1) / (top + 1))
                if row in self.class_of_row:  # a class is named so: people who look for things mean that one
                    weight = max(weight, CLASS_NAME)
                np.maximum(y, weight * self.synset_y[row], out=y)
        y[y < FAINT] = 0
        return y

    def expression(self, text):
        """y of a table entry: terms joined by " | ", optionally with a weight behind a colon; "-" is nothing visible.

        A term is one of the names of an ImageNet class, or else a noun: all classes at or below its first
        physical sense that has any, or below the sense numbered by "#2".
        """
        y = np.zeros(len(self.classes), np.float32)
        if text.strip() == "-":
            return y
        for term in text.split("|"):
            name, sense, weight = re.fullmatch(r"\s*([^#:]+?)\s*(?:#(\d+))?\s*(?::([\d.]+))?\s*", term).groups()
            np.maximum(y, float(weight or 1) * self._meant(name, sense), out=y)
        return y

    def _meant(self, name, sense):
        """[1000] 0 or 1: the classes that one term of an expression stands for."""
        part = np.zeros(len(self.classes), np.float32)
        if not sense and name in self.class_named:
            part[self.class_named[name]] = 1
            return part
        rows = self.wn.senses.get(name, [])
        rows = [rows[int(sense) - 1]] if sense else [r for r in rows if self.physical[r]]
        rows = [r for r in rows if self.member[r].any()]
        if not rows:
            raise ValueError(f"no ImageNet class at or below '{name}'")
        part[self.member[rows[0]]] = 1
        return part
