"""Endless training texts: nouns in the phrasings people use, each with the classes it should fire on.

A sample is (text, [(row, weight), ...]): its relation is max over weight * lexicon.y[row]. Scenes are mixed here,
in the relations, and not from finished vectors: a sum of unit vectors would let a noun of one class (sofa)
outweigh a noun of 118 (dog).
"""

import random
import string
from bisect import bisect_right

import words as W

BACKGROUND = 0.15     # what "sofa" counts in "the dog on the sofa"
BEHIND_NOTHING = 0.04  # the same where the thing looked for is invisible
SHARES = [("phrase", 0.54), ("scene", 0.13), ("pair", 0.06), ("gloss", 0.04), ("invisible", 0.14), ("other", 0.09)]


class Corpus:
    """Draws samples with its own random generator."""

    def __init__(self, lexicon, seed):
        self.lex, self.rng = lexicon, random.Random(seed)
        self.kinds = [k for k, _ in SHARES]
        self.shares = [s for _, s in SHARES]

    def sample(self):
        kind = self.rng.choices(self.kinds, self.shares)[0]
        text, meaning = getattr(self, kind)()
        return self.finish(text), meaning

    # ---- kinds of samples

    def phrase(self):
        """A visible noun, bare, with words around it, or in a template."""
        noun, row = self.noun()
        return self.dress(noun), [(row, 1.0)]

    def invisible(self):
        """A noun that no class shows, in the same dress."""
        return self.dress(self.draw(self.lex.invisible, self.lex.invisible_odds)), []

    def scene(self):
        """Something somewhere: the first noun is meant."""
        r = self.rng
        (head, head_row), (ground, ground_row) = self.any_noun(0.12), self.any_noun(0.2)
        if r.random() < 0.2:
            text = self.noun_phrase(head, True) + " " + r.choice(W.PLACES)
            return self.maybe_template(text, 0.2), [(head_row, 1.0)]
        text = r.choice(W.SCENES).format(self.noun_phrase(head, r.random() < 0.85), self.noun_phrase(ground, True))
        weight = BACKGROUND if head_row else BEHIND_NOTHING
        return self.maybe_template(text, 0.25), [(head_row, 1.0), (ground_row, weight)]

    def pair(self):
        """Two things that are both meant."""
        r = self.rng
        (a, a_row), (b, b_row) = self.any_noun(0.05), self.any_noun(0.05)
        article = r.random() < 0.7
        text = r.choice(W.PAIRS).format(self.noun_phrase(a, article), self.noun_phrase(b, article))
        return self.maybe_template(text, 0.4), [(a_row, 1.0), (b_row, 1.0)]

    def gloss(self):
        """A definition."""
        text, row = self.rng.choice(self.lex.glosses if self.rng.random() < 0.7 else self.lex.hidden_glosses)
        return text, [(row, 1.0)]

    def other(self):
        """No noun at all: other parts of speech, function words, strings that are no words."""
        r = self.rng
        u = r.random()
        if u < 0.35:
            text = r.choice(self.lex.other)
        elif u < 0.5:
            text = " ".join(r.choice(W.FUNCTION_WORDS) for _ in range(r.choice((1, 1, 2, 3))))
        elif u < 0.6:
            text = " ".join(r.choice(W.ADJECTIVES) for _ in range(r.choice((1, 1, 2, 3))))
        elif u < 0.68:
            text = r.choice(W.TEMPLATES).format("").strip()
        else:
            text = self.nonsense()
        if text in self.lex.row_of and self.lex.row_of[text]:
            return text, [(self.lex.row_of[text], 1.0)]
        return self.maybe_template(text, 0.25), []

    def nonsense(self):
        r = self.rng
        u, n = r.random(), r.randint(1, 10)
        if u < 0.35:
            return "".join(r.choice(string.ascii_lowercase) for _ in range(n))
        if u < 0.6:  # pronounceable
            return "".join(r.choice("bcdfghjklmnpqrstvwxz") + r.choice("aeiouy") for _ in range(r.randint(1, 4)))
        if u < 0.7:  # neighbours on a keyboard
            line = r.choice(("qwertyuiop", "asdfghjkl", "zxcvbnm"))
            at = r.randint(0, len(line) - 3)
            return line[at: at + n + 2]
        if u < 0.8:
            return "".join(r.choice(string.digits) for _ in range(n))
        if u < 0.9:
            return "".join(r.choice(string.punctuation) for _ in range(r.randint(1, 4)))
        if u < 0.95:
            return ""
        return "".join(chr(r.choice((0xE0, 0x400, 0x4E00, 0x3040, 0x1F600)) + r.randint(0, 60)) for _ in range(n))

    # ---- building blocks

    def draw(self, items, cumulative):
        return items[min(bisect_right(cumulative, self.rng.random() * cumulative[-1]), len(items) - 1)]

    def noun(self):
        if self.rng.random() < 0.33:
            return self.draw(self.lex.listed, self.lex.listed_odds)
        return self.draw(self.lex.visible, self.lex.visible_odds)

    def any_noun(self, invisible):
        if self.rng.random() < invisible:
            return self.draw(self.lex.invisible, self.lex.invisible_odds), 0
        return self.noun()

    def dress(self, noun):
        """Bare, as a noun phrase, or that in a template."""
        u = self.rng.random()
        if u < 0.25:
            return self.glue(noun)
        text = self.noun_phrase(noun, u < 0.9)
        return self.maybe_template(text, 0.45)

    def maybe_template(self, text, chance):
        return self.rng.choice(W.TEMPLATES).format(text) if self.rng.random() < chance else text

    def noun_phrase(self, noun, determiner):
        """Determiner, up to three adjectives, the noun in singular or plural."""
        r = self.rng
        plural = r.random() < 0.2
        text = self.lex.wn.pluralise(noun) if plural else noun
        described = self.adjectives(noun) + [self.glue(text)]
        phrase = " ".join(described)
        if not determiner:
            return phrase
        if plural:
            return phrase if r.random() < 0.4 else r.choice(W.PLURAL) + " " + phrase
        word = r.choice(W.SINGULAR)
        return ("an" if word == "a" and phrase[:1] in "aeiou" else word) + " " + phrase

    def adjectives(self, noun):
        """None to three, never one that makes another thing of the noun ("polar" bear)."""
        r = self.rng
        found = []
        for _ in range(r.choices((0, 1, 2, 3), (60, 22, 11, 7))[0]):
            word = r.choice(self.lex.adjectives) if r.random() < 0.12 else r.choice(W.ADJECTIVES)
            if " ".join([word, noun]) not in self.lex.row_of:
                found.append(word)
        return found

    def glue(self, noun):
        """Two-word nouns also come written as one word or with a hyphen."""
        if noun.count(" ") == 1 and noun.replace(" ", "").isalpha():
            u = self.rng.random()
            if u < 0.12:
                return noun.replace(" ", "")
            if u < 0.2:
                return noun.replace(" ", "-")
        return noun

    def finish(self, text):
        u = self.rng.random()
        return text + "." if u < 0.05 else text + "!" if u < 0.06 else text


def vocabulary_texts(lexicon, seed):
    """What the tokenizer learns from: the definitions, and what the corpus says, so that frequent words stay whole."""
    for s in lexicon.wn.synsets:
        yield s.gloss
    for word, _ in lexicon.listed:
        for _ in range(30):
            yield word
    for word, _ in lexicon.visible:
        yield word
    corpus = Corpus(lexicon, seed)
    for _ in range(200000):
        yield corpus.sample()[0]
