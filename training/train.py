"""Trains the starter's text encoder and writes everything that export.py needs.

    python training/train.py --work build/starter [--steps 12000] [--minutes 60]

The work folder receives tokenizer.json, class_vectors.npy and text.pt. The schedule ends at whichever comes
first, the steps or the minutes, so that a slower machine still finishes with a cooled-down model.
"""

import argparse
import math
import os
import time

import numpy as np
import torch

import bpe
from class_vectors import class_vectors, solver, text_targets
from corpus import Corpus, vocabulary_texts
from imagenet import class_offsets
from lexicon import Lexicon
from relation import Relation
from tables import listed_words
from text_model import TextModel, pad
from wordnet import WordNet

VOCAB = 16000
BATCH = 384
POOL = 24          # batches sorted by length together, so that padding is rare
SEED = 1
WARMUP, PEAK, LAST = 0.03, 2e-3, 2e-5
WEIGHT_DECAY = 0.02
BF16 = True        # autocast: a third faster on processors with bf16 instructions, and no worse


class Batches(torch.utils.data.IterableDataset):
    """Batches of (ids, lengths, rows [n, 2], weights [n, 2]) in random order, texts of like length together."""

    def __init__(self, lexicon, tokenizer_path, seed):
        self.lexicon, self.path, self.seed = lexicon, tokenizer_path, seed

    def __iter__(self):
        tokenizer = bpe.load(self.path)
        corpus = Corpus(self.lexicon, self.seed)
        while True:
            samples = [corpus.sample() for _ in range(BATCH * POOL)]
            ids = [e.ids for e in tokenizer.encode_batch([s[0] for s in samples])]
            order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
            batches = [order[i:i + BATCH] for i in range(0, len(order), BATCH)]
            corpus.rng.shuffle(batches)
            for batch in batches:
                yield self._pack([ids[i] for i in batch], [samples[i][1] for i in batch])

    @staticmethod
    def _pack(ids, meanings):
        rows, weights = np.zeros((len(ids), 2), np.int64), np.zeros((len(ids), 2), np.float32)
        for i, meaning in enumerate(meanings):
            for j, (row, weight) in enumerate(meaning):
                rows[i, j], weights[i, j] = row, weight
        return *pad(ids), rows, weights


def relations_of(lexicon_y, rows, weights):
    """y [n, 1000] of a batch: the larger of the two weighted relations."""
    y = lexicon_y[rows].astype(np.float32) * weights[:, :, None]
    return y.max(axis=1)


def start_from_words(model, tokenizer, lexicon, p):
    """Give tokens that are whole words a head start: their targets' principal components, and the way back.

    The tower then begins by learning to carry a word to the end token, and not by learning 16,000 words.
    """
    vocab = tokenizer.get_vocab()
    words = [(i, t[: -len(bpe.SUFFIX)]) for t, i in vocab.items() if t.endswith(bpe.SUFFIX)]
    words = [(i, lexicon.row_of[t]) for i, t in words if t in lexicon.row_of]
    targets = text_targets(lexicon.y[[r for _, r in words]].astype(np.float32), p)
    width = model.text_projection.weight.shape[1]
    _, _, axes = np.linalg.svd(targets, full_matrices=False)
    axes = axes[: width * 3 // 4]
    with torch.no_grad():
        table = model.text_model.embeddings.token_embedding.weight
        table[[i for i, _ in words], : len(axes)] += torch.from_numpy(targets @ axes.T) * 0.3
        model.text_projection.weight[:, : len(axes)] += torch.from_numpy(axes.T.copy()) * 0.5
        model.text_projection.weight[511] = 0


def learning_rate(progress):
    if progress < WARMUP:
        return PEAK * max(progress / WARMUP, 0.01)
    t = min((progress - WARMUP) / (1 - WARMUP), 1)
    return LAST + (PEAK - LAST) * 0.5 * (1 + math.cos(math.pi * t))


def groups(model):
    """Matrices decay; embeddings, norms and biases do not."""
    decay = [p for n, p in model.named_parameters() if p.dim() == 2 and "embedding" not in n]
    rest = [p for n, p in model.named_parameters() if not (p.dim() == 2 and "embedding" not in n)]
    return [{"params": decay, "weight_decay": WEIGHT_DECAY}, {"params": rest, "weight_decay": 0}]


def train(model, batches, lexicon_y, p, steps, minutes, save, report=print):
    optimiser = torch.optim.AdamW(groups(model), betas=(0.9, 0.98), eps=1e-8, fused=True)
    began, running = time.time(), None
    for step, (ids, lengths, rows, weights) in enumerate(batches):
        progress = max(step / steps, (time.time() - began) / 60 / minutes)
        if progress >= 1:
            break
        for g in optimiser.param_groups:
            g["lr"] = learning_rate(progress)
        target = torch.from_numpy(text_targets(relations_of(lexicon_y, rows, weights), p))
        with torch.autocast("cpu", torch.bfloat16, enabled=BF16):
            out = model(ids, lengths)
        loss = (1 - (out * target).sum(1)).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
        if step % 100 == 0:
            report(f"step {step} {time.time() - began:.0f} s loss {running:.4f}", flush=True)
            save(model)
    report(f"ended at step {step} after {time.time() - began:.0f} s, loss {running:.4f}", flush=True)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--work", required=True)
    a.add_argument("--steps", type=int, default=12000)
    a.add_argument("--minutes", type=float, default=60)
    a = a.parse_args()
    os.makedirs(a.work, exist_ok=True)
    torch.manual_seed(SEED)
    torch.set_num_threads(2)

    wn = WordNet()
    relation = Relation(wn, class_offsets())
    w = class_vectors(relation, listed_words(relation))
    np.save(os.path.join(a.work, "class_vectors.npy"), w)
    lexicon = Lexicon(wn, relation)
    print(f"{len(lexicon.visible)} visible nouns, {len(lexicon.listed)} listed, {len(lexicon.invisible)} invisible", flush=True)

    path = os.path.join(a.work, "tokenizer.json")
    bpe.save(bpe.build(vocabulary_texts(lexicon, SEED), VOCAB), path)
    tokenizer = bpe.load(path)
    p = solver(w)
    model = TextModel(VOCAB)
    start_from_words(model, tokenizer, lexicon, p)
    batches = torch.utils.data.DataLoader(Batches(lexicon, path, SEED + 1), batch_size=None, num_workers=1,
                                          prefetch_factor=32, collate_fn=lambda x: x)

    def save(model):
        torch.save(model.state_dict(), os.path.join(a.work, "text.pt"))

    train(model, batches, lexicon.y, p, a.steps, a.minutes, save)
    save(model)


if __name__ == "__main__":
    main()
