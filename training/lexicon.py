"""Every noun phrase the corpus draws from, with its relation y to the classes, and how often to draw it."""

import numpy as np

from tables import listed_words
from wordnet import first_clause


class Lexicon:
    """y [rows, 1000] float16, row 0 all zero ("not visual"), and the lists to draw from:

    listed      (phrase, row) of the hand-written tables, `listed_odds`
    visible     (phrase, row) of the WordNet nouns related to a class, `visible_odds`
    invisible   the other nouns, `invisible_odds`
    glosses     (definition, row), visible and not
    other       adjectives, adverbs and verbs that are no visible noun
    row_of      phrase -> row
    """

    def __init__(self, wn, relation):
        self.wn = wn
        self._rows = [np.zeros(len(relation.classes), np.float16)]
        self._add_listed(relation)
        self._add_nouns(wn, relation)
        self._add_glosses(wn, relation)
        self.y = np.stack(self._rows)
        del self._rows
        self.other = [w for words in wn.words.values() for w in words if not self.row_of.get(w)]
        self.adjectives = [w for w in wn.words["adj"] if w.isalpha()]

    def _row(self, y):
        if not y.any():
            return 0
        self._rows.append(y.astype(np.float16))
        return len(self._rows) - 1

    def _add_listed(self, relation):
        self.listed = [(word, self._row(y)) for word, y in listed_words(relation).items()]
        self.row_of = dict(self.listed)
        # what shows nothing is learned from much else already
        self.listed_odds = odds([1.0 if row else 0.4 for _, row in self.listed])

    def _add_nouns(self, wn, relation):
        class_names = {lemma for row in relation.classes for lemma in wn.synsets[row].lemmas}
        self.visible, visible_weight, self.invisible, invisible_weight = [], [], [], []
        for lemma in wn.senses:
            if lemma in self.row_of:
                continue
            y = relation.word(lemma)
            weight = 1 + wn.frequency(lemma) ** 0.5
            row = self._row(y)
            self.row_of[lemma] = row
            if row:
                strength = float(y.max())
                weight *= 4 if strength > 0.8 else 1 if strength > 0.3 else 0.5
                weight *= 3 if lemma in class_names else 1
                self.visible.append((lemma, row))
                visible_weight.append(min(weight, 60))
            else:
                self.invisible.append(lemma)
                invisible_weight.append(min(weight, 20))
        self.visible_odds, self.invisible_odds = odds(visible_weight), odds(invisible_weight)

    def _add_glosses(self, wn, relation):
        self.glosses, hidden = [], []
        for s in wn.synsets:
            text = first_clause(s.gloss)
            if not text or len(text) > 120:
                continue
            y = relation.synset_y[s.index]
            if relation.physical[s.index] and y.max() > 0.5:
                self.glosses.append((text, self._row(np.where(y < 0.12, 0, y))))
            elif not y.any():
                hidden.append((text, 0))
        self.hidden_glosses = hidden

    def meaning(self, phrase):
        """y of a phrase known to the lexicon."""
        return self.y[self.row_of[phrase]].astype(np.float32)


def odds(weights):
    """Cumulative weights, for drawing by binary search."""
    return np.cumsum(np.asarray(weights, np.float64))
