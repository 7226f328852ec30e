"""Reader of the hand-written tables everyday.tsv and associations.tsv."""

import os

HERE = os.path.dirname(os.path.abspath(__file__))


def read_table(name):
    """(word, expression) pairs of a table; comment lines and empty lines skipped."""
    with open(os.path.join(HERE, name), encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = line.split("\t") if line.strip() and not line.startswith("#") else None
            if line is None:
                continue
            if len(line) != 2:
                raise ValueError(f"{name}:{number}: expected two columns, found {len(line)}")
            for word in line[0].split(","):
                yield word.strip(), line[1].strip()


def listed_words(relation):
    """word -> y of every word in the tables; a word listed twice keeps its last line (associations)."""
    listed = {}
    for name in ("everyday.tsv", "associations.tsv"):
        for word, expression in read_table(name):
            try:
                listed[word] = relation.expression(expression)
            except ValueError as e:
                raise ValueError(f"{name}, '{word}': {e}") from None
    return listed
