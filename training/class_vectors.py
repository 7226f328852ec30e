"""The 1,000 class vectors W, whose span is the embedding space shared by pictures and words, and what a word is in it.

The text tower is 256 wide, so whatever it says lies in 256 dimensions: one is "not visual", and the class vectors
share 250. (Vectors that span all 510 columns measure well by themselves, and then the tower blurs them: "zebra"
became a horse, "umbrella" a mountain tent.) 250 dimensions still hold 1,000 directions nearly at right angles, if no
pair is allowed to come close: W is fitted so that for some 2,200 meanings W e comes near the relation y, where e is
the text's target itself, and scores of up to MARGIN on classes that are not meant cost nothing.
The start is a random projection of the vectors whose Gram matrix is 0.5 I + 0.5 Lin^4.
"""

import numpy as np
import torch
import torch.nn.functional as F

CLASS_DIM = 510     # columns of W; + "not visual" + "no known object" = 512
NOT_VISUAL = 510    # used by texts only
NO_OBJECT = 511     # used by pictures only
RANK = 250          # columns in use
RIDGE = 2.0

STEPS, RATE = 120, 0.012
LEAK = 0.1          # price of a score on a class that is not meant, against one missing where it is
MARGIN = 0.04       # noise of this size averages out over a picture's classes
MEANT = 0.3         # relations from here on count as meant
SINGLE = 0.1        # weight of a single class, less where it is one of a crowd: one asks for "dog", not for 118 breeds
EXACT = 100         # leading dimensions of the start that are not projected


def class_vectors(relation, listed):
    """W [1000, 510], unit rows. listed: word -> y of the hand-written tables."""
    meanings, weights = known_meanings(relation, listed)
    y = torch.from_numpy(meanings)
    weight = torch.from_numpy(weights / weights.sum())
    length = y.max(1).values.clamp(max=1).sqrt()[:, None]
    meant = (y >= MEANT).float()
    share = meant / meant.sum(1, keepdim=True).clamp(min=1)
    free = torch.from_numpy(starting_vectors(relation.class_lin())).requires_grad_()
    optimiser = torch.optim.Adam([free], lr=RATE)
    for step in range(STEPS):
        optimiser.param_groups[0]["lr"] = RATE * (1 - step / STEPS) + 1e-5
        w = F.normalize(free, dim=1)
        # as in solver() and text_targets(), but followed by gradients
        e = torch.linalg.solve(w.T @ w + RIDGE * torch.eye(RANK), w.T @ y.T).T
        miss = F.normalize(e, dim=1) * length @ w.T - y
        leak = (miss.abs() - MARGIN).clamp(min=0)
        loss = ((miss ** 2 * share + LEAK * (1 - meant) * leak ** 2).sum(1) * weight).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return np.pad(F.normalize(free, dim=1).detach().numpy(), ((0, 0), (0, CLASS_DIM - RANK)))


def known_meanings(relation, listed):
    """Different relations y [n, 1000] of listed words, WordNet words and single classes, and their weights [n]."""
    found = {}

    def add(y, weight):
        found.setdefault(y.tobytes(), (y, weight))

    for y in listed.values():
        if y.any():
            add(y, 2.0)
    crowd = (relation.class_lin() ** 8).sum(1)  # 1 for a class without near relatives, dozens for a dog
    for lemma in relation.wn.senses:
        if lemma not in listed:
            y = relation.word(lemma)
            if y.max() >= 0.8:
                usage = min(0.3 + 0.2 * relation.wn.frequency(lemma) ** 0.5, 3)
                add(y, usage / crowd[y.argmax()] if (y >= 0.8).sum() == 1 else usage)
    for c, y in enumerate(np.eye(len(relation.classes), dtype=np.float32)):
        add(y, SINGLE / crowd[c])
    return np.stack([y for y, _ in found.values()]), np.array([w for _, w in found.values()], np.float32)


def starting_vectors(class_lin):
    """[1000, RANK], unit rows: the leading eigenvectors as they are, all others projected at random."""
    n = len(class_lin)
    gram = 0.5 * np.eye(n) + 0.5 * ((class_lin + class_lin.T) / 2).astype(np.float64) ** 4
    values, vectors = np.linalg.eigh(gram)
    full = (vectors * np.sqrt(np.maximum(values, 0)))[:, ::-1]
    # eigh leaves each sign open; fix it so that every machine finds the same start
    full *= np.where(full.sum(axis=0) < 0, -1, 1)
    rest = RANK - EXACT
    mix = np.random.default_rng(0).standard_normal((n - EXACT, rest)) / np.sqrt(rest)
    w = np.concatenate([full[:, :EXACT], full[:, EXACT:] @ mix], axis=1)
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
    out[:, :e.shape[1]] = e * np.sqrt(strength)[:, None]
    out[:, NOT_VISUAL] = np.sqrt(1 - strength)
    return out
