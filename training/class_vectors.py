"""The 1,000 class vectors W, whose span is the embedding space shared by pictures and words, and what a word is in it.

510 dimensions cannot hold 1,000 classes apart. Which distinctions to keep is learned from what people ask for:
W (unit rows) and a vector e (length at most 1) per known meaning are fitted together so that W e comes near the
meaning's relation y. The fit starts from the best rank-510 approximation of 0.5 I + 0.5 Lin^4. That start alone
merges neighbours in WordNet (television and radio, computer mouse and screen, fire engine and garbage truck)
and leaves "person" at a quarter; the fit keeps things apart and lets breeds of one animal lie closer.
"""

import numpy as np
import torch
import torch.nn.functional as F

CLASS_DIM = 510     # + "not visual" + "no known object" = 512
NOT_VISUAL = 510    # used by texts only
NO_OBJECT = 511     # used by pictures only
RIDGE = 0.3

STEPS, RATE = 200, 0.006
LEAK = 0.2          # price of a score on a class that is not meant, against one missing where it is
MEANT = 0.3         # relations from here on count as meant
SINGLE, SINGLE_ANIMAL = 0.7, 0.14  # weight of a single class; "dog" is asked for more often than one of 118 breeds


def class_vectors(relation, listed):
    """W [1000, 510], unit rows. listed: word -> y of the hand-written tables."""
    meanings, weights = known_meanings(relation, listed)
    start = spectral(relation.class_lin())
    y = torch.from_numpy(meanings)
    weight = torch.from_numpy(weights / weights.sum())
    meant = (y >= MEANT).float()
    per_class = meant / meant.sum(1, keepdim=True).clamp(min=1) + LEAK * (1 - meant)
    w = torch.from_numpy(start).requires_grad_()
    e = torch.from_numpy(text_targets(meanings, solver(start))[:, :CLASS_DIM].copy()).requires_grad_()
    optimiser = torch.optim.Adam([w, e], lr=RATE)
    for step in range(STEPS):
        optimiser.param_groups[0]["lr"] = RATE * (1 - step / STEPS) + 1e-5
        score = (e / e.norm(dim=1, keepdim=True).clamp(min=1)) @ F.normalize(w, dim=1).T
        loss = (((score - y) ** 2 * per_class).sum(1) * weight).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return F.normalize(w, dim=1).detach().numpy()


def known_meanings(relation, listed):
    """Different relations y [n, 1000] of listed words, WordNet words and single classes, and their weights [n]."""
    found = {}

    def add(y, weight):
        found.setdefault(y.tobytes(), (y, weight))

    for y in listed.values():
        if y.any():
            add(y, 2.0)
    for lemma in relation.wn.senses:
        if lemma not in listed:
            y = relation.word(lemma)
            if y.max() >= 0.8:
                usage = min(0.3 + 0.2 * relation.wn.frequency(lemma) ** 0.5, 3)
                add(y, usage * (0.2 if (y >= 0.8).sum() == 1 and relation.is_animal[y.argmax()] else 1))
    for c, y in enumerate(np.eye(len(relation.classes), dtype=np.float32)):
        add(y, SINGLE_ANIMAL if relation.is_animal[c] else SINGLE)
    return np.stack([y for y, _ in found.values()]), np.array([w for _, w in found.values()], np.float32)


def spectral(class_lin, dim=CLASS_DIM):
    """W [1000, dim], unit rows, from the Lin similarities between the classes."""
    n = len(class_lin)
    gram = 0.5 * np.eye(n) + 0.5 * ((class_lin + class_lin.T) / 2).astype(np.float64) ** 4
    values, vectors = np.linalg.eigh(gram)
    w = vectors[:, -dim:] * np.sqrt(np.maximum(values[-dim:], 0))
    # eigh leaves each sign open; fix it so that every machine finds the same start
    w *= np.where(w.sum(axis=0) < 0, -1, 1)
    return (w / np.linalg.norm(w, axis=1, keepdims=True)).astype(np.float32)


def solver(w, ridge=RIDGE):
    """P [dim, 1000] with P y the ridge solution of W e = y."""
    w = w.astype(np.float64)
    return np.linalg.solve(w.T @ w + ridge * np.eye(w.shape[1]), w.T).astype(np.float32)


def text_targets(y, p):
    """Unit vectors [n, 512] for relations y [n, 1000]: direction P y, length sqrt(max y), the rest "not visual"."""
    e = y @ p.T
    e /= np.maximum(np.linalg.norm(e, axis=1, keepdims=True), 1e-6)
    strength = np.minimum(y.max(axis=1), 1)
    out = np.zeros((len(y), CLASS_DIM + 2), np.float32)
    out[:, :CLASS_DIM] = e * np.sqrt(strength)[:, None]
    out[:, NOT_VISUAL] = np.sqrt(1 - strength)
    return out
