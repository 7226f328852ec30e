"""Exact search: a store that a process holds open and faiss's flat index, on the same vectors, in turns.

    python bench/peers/search.py --program build/release/bench/bench_search --folder build/search

The store, and the vectors as faiss takes them, go into --folder the first time (4 GB for a million). A whole process that
opens the store for one search is timed beside them. Both sides must find the same photographs.
"""

import argparse
import os
import statistics
import subprocess

import faiss
import numpy as np

import turns

WANTED_RATIO, WANTED_SECONDS, WANTED_FRESH = 1.5, 0.25, 1.5
TOP = 10


def prepare(a, store):
    """Makes the store and the peer's files unless they are there. Returns the vectors, the queries, and what was found."""
    names = [os.path.join(a.folder, name) for name in ("vectors.f32", "queries.f32", "hits.i64")]
    common = ["--store", store, "--photographs", str(a.photographs), "--dim", str(a.dim), "--threads", str(a.threads)]
    if not os.path.exists(store):
        json = ["--json", a.json] if a.json else []
        subprocess.run([a.program, *common, "--runs", "1", *json], check=True)
    if not os.path.exists(names[0]) or os.path.getsize(names[0]) != a.photographs * a.dim * 4:
        subprocess.run([a.program, *common, "--out", a.folder], check=True)
    vectors, queries = (np.fromfile(name, np.float32).reshape(-1, a.dim) for name in names[:2])
    return common, vectors, queries, np.fromfile(names[2], np.int64).reshape(-1, TOP)


def check_same(index, queries, hits):
    """Equal up to photographs whose scores differ by no more than rounding."""
    scores, found = index.search(queries, TOP)
    for q in range(len(queries)):
        if (hits[q] != found[q]).any() and set(hits[q]) != set(found[q]):
            raise SystemExit(f"query {q}: the store found {hits[q]}, faiss {found[q]} with the scores {scores[q]}")


def compare(a, common, index, queries, n):
    """Searches for n queries at once, in turns: ours adds up their cosines, faiss finds the best of each."""
    ours, theirs, many = f"clipsight_{n}", f"faiss_{n}", f"{n} quer{'y' if n == 1 else 'ies'}"
    program = turns.Program(a.program, *common, "--queries", str(n))
    sides = {ours: program, theirs: turns.timed(lambda: index.search(queries[:n], TOP))}
    labels = {ours: f"clipsight, store held open, {many}", theirs: f"faiss {faiss.__version__}, {many}"}
    if n == 1:
        sides["fresh"] = turns.timed(lambda: subprocess.run([a.program, *common, "--once"], check=True))
        labels["fresh"] = "clipsight, whole process, one search"
    times = turns.alternate(sides, a.runs)
    program.close()
    extra = {"photographs": a.photographs, "dim": a.dim, "threads": a.threads, "faiss_version": faiss.__version__}
    title = f"Exact search among {a.photographs} x {a.dim}, {a.threads} threads, {many}"
    turns.report_all("search_peer", title, times, labels, {f"ratio_{n}": (ours, theirs, WANTED_RATIO if n == 1 else None)},
                     extra, a.json)
    for name, wanted in (("clipsight_1", WANTED_SECONDS), ("fresh", WANTED_FRESH)):
        if name in times:
            median = statistics.median(times[name])
            print(f"  {labels[name]}: {median:.3f} s (wanted: below {wanted}{'; MISSED' if median >= wanted else ''})")


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--program", required=True)
    a.add_argument("--folder", required=True)
    a.add_argument("--photographs", type=int, default=1000000)
    a.add_argument("--dim", type=int, default=512)
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--runs", type=int, default=9)
    a.add_argument("--json")
    a = a.parse_args()
    os.makedirs(a.folder, exist_ok=True)
    common, vectors, queries, hits = prepare(a, os.path.join(a.folder, f"{a.photographs}x{a.dim}.sqlite"))
    faiss.omp_set_num_threads(a.threads)
    index = faiss.IndexFlatIP(a.dim)
    index.add(vectors)
    del vectors
    check_same(index, queries, hits)
    for n in (1, 4, 16):
        compare(a, common, index, queries, n)


if __name__ == "__main__":
    main()
