"""Reader of WordNet 3.0's database files, as Debian's wordnet-base installs them.

Only what the starter needs: noun synsets with their hypernyms and glosses, the senses of every
lemma in order of frequency, tag counts, irregular plurals, and the lemmas of the other parts of speech.
Format: https://wordnet.princeton.edu/documentation/wndb5wn
"""

import os
import re

PHYSICAL_ENTITY = 1930  # offset of physical_entity.n.01 in data.noun
DEFAULT_DIR = os.environ.get("WORDNET_DIR", "/usr/share/wordnet")


class Synset:
    """One noun synset: `index` is its row in every table here, `offset` its number in data.noun."""

    __slots__ = ("index", "offset", "lemmas", "parents", "gloss")

    def __init__(self, index, offset, lemmas, parents, gloss):
        self.index, self.offset, self.lemmas, self.parents, self.gloss = index, offset, lemmas, parents, gloss


class WordNet:
    """The noun hierarchy and the word lists.

    synsets   list of Synset, hypernyms before hyponyms
    row       offset -> row
    senses    lemma (lower case, spaces) -> rows, most frequent first
    count     (lemma, sense position) -> how often the sense was tagged in SemCor
    other     lemma -> its largest tag count as an adjective or adverb
    words     {"adj": [...], "adv": [...], "verb": [...]} lemmas
    plural    irregular plurals: lemma -> plural
    """

    def __init__(self, folder=DEFAULT_DIR):
        self._read_nouns(os.path.join(folder, "data.noun"))
        self._read_senses(os.path.join(folder, "index.noun"))
        self._read_counts(os.path.join(folder, "cntlist.rev"))
        self.words = {p: _lemmas(os.path.join(folder, "index." + p)) for p in ("adj", "adv", "verb")}
        self.plural = {}
        for line in _lines(os.path.join(folder, "noun.exc")):
            plural, *singular = line.split()
            for s in singular:
                self.plural.setdefault(s.replace("_", " "), plural.replace("_", " "))

    def _read_nouns(self, path):
        raw = {}
        for line in _lines(path):
            left, _, gloss = line.partition("| ")
            f = left.split()
            n = int(f[3], 16)
            lemmas = [f[4 + 2 * i].replace("_", " ").lower() for i in range(n)]
            at = 4 + 2 * n
            pointers = [f[at + 1 + 4 * i: at + 5 + 4 * i] for i in range(int(f[at]))]
            parents = [int(p[1]) for p in pointers if p[0] in ("@", "@i") and p[2] == "n"]
            raw[int(f[0])] = (lemmas, parents, gloss.strip())
        self.synsets, self.row = [], {}
        for offset in raw:
            self._add(offset, raw)

    def _add(self, offset, raw):
        """Append `offset` behind all its hypernyms (an explicit stack: chains are up to 20 deep)."""
        stack = [offset]
        while stack:
            top = stack[-1]
            missing = [p for p in raw[top][1] if p not in self.row]
            if missing and top not in self.row:
                stack.extend(missing)
                continue
            stack.pop()
            if top not in self.row:
                lemmas, parents, gloss = raw[top]
                self.row[top] = len(self.synsets)
                self.synsets.append(Synset(len(self.synsets), top, lemmas, [self.row[p] for p in parents], gloss))

    def _read_senses(self, path):
        self.senses = {}
        for line in _lines(path):
            f = line.split()
            n = int(f[2])
            self.senses[f[0].replace("_", " ")] = [self.row[int(o)] for o in f[-n:]]

    def _read_counts(self, path):
        self.count, self.other = {}, {}
        for line in _lines(path):
            key, position, tags = line.split()
            lemma, _, rest = key.partition("%")
            lemma = lemma.replace("_", " ")
            if rest[0] == "1":
                self.count[lemma, int(position) - 1] = int(tags)
            elif rest[0] in "345":  # adjective, adverb, adjective satellite
                self.other[lemma] = max(self.other.get(lemma, 0), int(tags))

    def frequency(self, lemma):
        """Tag count over all noun senses of `lemma`."""
        return sum(self.count.get((lemma, i), 0) for i in range(len(self.senses.get(lemma, ()))))

    def descends_from(self, offset):
        """For every row: is it at or below the synset with this offset?"""
        below = [False] * len(self.synsets)
        below[self.row[offset]] = True
        for s in self.synsets:
            below[s.index] = below[s.index] or any(below[p] for p in s.parents)
        return below

    def pluralise(self, phrase):
        """The plural of a noun phrase: its last word's, or the first's in "cup of coffee"."""
        if " of " in phrase:
            head, _, tail = phrase.partition(" of ")
            return self.pluralise(head) + " of " + tail
        if phrase in self.plural:
            return self.plural[phrase]
        before, space, word = phrase.rpartition(" ")
        return before + space + (self.plural.get(word) or regular_plural(word))


def regular_plural(word):
    """English spelling rules for a word without an irregular plural."""
    if re.search(r"(s|x|z|ch|sh)$", word):
        return word + "es"
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + "s"


def first_clause(gloss):
    """The definition alone: no examples in quotes, nothing behind the first semicolon, no brackets."""
    text = re.sub(r"\([^)]*\)", " ", gloss.split(";")[0].split('"')[0])
    return re.sub(r"\s+", " ", text).strip(" ,")


def _lines(path):
    """Data lines; the licence on top is indented by two spaces."""
    with open(path, encoding="latin-1") as f:
        for line in f:
            if not line.startswith("  ") and line.strip():
                yield line.rstrip("\n")


def _lemmas(path):
    return [line.split(" ", 1)[0].replace("_", " ") for line in _lines(path)]
