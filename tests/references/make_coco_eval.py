"""Makes tests/data/eval_coco with pycocotools, the reference of `--metric coco`. Run from the project's root:

    pip install pycocotools==2.0.11 numpy==2.4.6
    python tests/references/make_coco_eval.py                      writes tests/data/eval_coco
    python tests/references/make_coco_eval.py --compare PROGRAM [COUNT]
                                            compares COUNT other cases with `PROGRAM FILE` (tests/eval/test_eval_coco.c)

A case is a text file of lines: "photographs N classes K", "truth PHOTO CLASS CROWD X Y W H", "box PHOTO CLASS SCORE X Y W
H", then what pycocotools says: "ap CLASS AP30 AP50 AP", CLASS -1 being the mean, -1 the value where there is none. All
numbers are single-precision floats written exactly.
"""
import contextlib
import io
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

DATA = pathlib.Path(__file__).resolve().parent.parent / "data" / "eval_coco"


# ---- Random cases ----

def make_box(rng, style):
    """x, y, width, height; on a coarse grid overlaps fall exactly on thresholds, and equal ones abound."""
    if style["grid"]:
        return [float(v) for v in (*rng.integers(0, 10, 2), *rng.integers(2, 12, 2))]
    return [float(np.float32(v)) for v in (*rng.uniform(0, 300, 2), *rng.uniform(1, 200, 2))]


def near(rng, box, style):
    """A box that overlaps another."""
    if style["grid"]:
        return [max(v, 1.0) if i > 1 else v for i, v in enumerate(float(b + rng.integers(-1, 2)) for b in box)]
    size = np.array([box[2], box[3], box[2], box[3]])
    moved = np.array(box) + size * rng.normal(0, style["spread"], 4)
    return [float(np.float32(v)) for v in (*moved[:2], *np.maximum(moved[2:], 0.5))]


def make_score(rng, style):
    levels = style["levels"]
    return float(np.float32(rng.integers(1, levels + 1) / levels if levels else rng.uniform()))


def make_photo(rng, photo, classes, style, truth, boxes):
    objects = 0 if rng.random() < 0.2 else int(rng.integers(1, style["objects"] + 1))
    own = []
    for _ in range(objects):
        # The last class never has an object, and the one before it only crowds.
        kind = int(rng.integers(0, classes - 1))
        crowd = kind == classes - 2 or rng.random() < style["crowds"]
        box = make_box(rng, style)
        if crowd and not style["grid"]:
            box = box[:2] + [float(np.float32(v * 2)) for v in box[2:]]
        own.append((kind, box))
        truth.append((photo, kind, int(crowd), box))
    for _ in range(0 if rng.random() < 0.1 else int(rng.integers(0, style["boxes"] + 1))):
        kind = int(rng.integers(0, classes))
        box = make_box(rng, style)
        if own and rng.random() < 0.7:
            kind, other = own[rng.integers(0, len(own))]
            box = near(rng, other, style)
        boxes.append((photo, kind, make_score(rng, style), box))


STYLES = [
    dict(photos=20, classes=5, objects=4, boxes=8, crowds=0.15, grid=True, levels=4, spread=0),
    dict(photos=20, classes=5, objects=6, boxes=15, crowds=0.2, grid=False, levels=0, spread=0.12),
    dict(photos=30, classes=4, objects=5, boxes=10, crowds=0.1, grid=False, levels=5, spread=0.06),
    dict(photos=3, classes=3, objects=8, boxes=400, crowds=0.2, grid=False, levels=50, spread=0.2),
    dict(photos=4, classes=3, objects=9, boxes=300, crowds=0.1, grid=True, levels=20, spread=0),
    dict(photos=12, classes=4, objects=2, boxes=6, crowds=0.4, grid=True, levels=2, spread=0),
]


def make_case(seed):
    rng = np.random.default_rng(seed)
    style, truth, boxes = STYLES[seed % len(STYLES)], [], []
    for photo in range(style["photos"]):
        make_photo(rng, photo, style["classes"], style, truth, boxes)
    return style["photos"], style["classes"], truth, boxes


# ---- pycocotools ----

def evaluate(photos, classes, truth, boxes, thresholds):
    """AP [thresholds, classes], -1 where a class has no object."""
    data = COCO()
    data.dataset = {
        "images": [{"id": i + 1} for i in range(photos)],
        "categories": [{"id": i + 1, "name": str(i)} for i in range(classes)],
        "annotations": [{"id": i + 1, "image_id": p + 1, "category_id": c + 1, "iscrowd": crowd, "bbox": box,
                         "area": box[2] * box[3]} for i, (p, c, crowd, box) in enumerate(truth)]}
    data.createIndex()
    found = data.loadRes([{"image_id": p + 1, "category_id": c + 1, "score": score, "bbox": box}
                          for p, c, score, box in boxes]) if boxes else COCO()
    run = COCOeval(data, found, "bbox")
    run.params.imgIds, run.params.catIds = list(range(1, photos + 1)), list(range(1, classes + 1))
    if thresholds is not None:
        run.params.iouThrs = np.array(thresholds)
    run.evaluate()
    run.accumulate()
    precision = run.eval["precision"][:, :, :, 0, -1]  # [thresholds, recalls, classes], all areas, 100 boxes
    return precision.mean(axis=1)


def mean(values):
    values = values[values > -1]
    return values.mean() if values.size else -1


def answers(case):
    with contextlib.redirect_stdout(io.StringIO()):
        strict, loose = evaluate(*case, None), evaluate(*case, [0.3])
    rows = [(c, loose[0, c], strict[0, c], mean(strict[:, c])) for c in range(case[1])]
    return rows + [(-1, mean(loose[0]), mean(strict[0]), mean(strict))]


# ---- Files ----

def case_text(case, rows):
    photos, classes, truth, boxes = case
    lines = [f"photographs {photos} classes {classes}"]
    lines += [f"truth {p} {c} {crowd} " + " ".join("%.9g" % v for v in box) for p, c, crowd, box in truth]
    lines += [f"box {p} {c} {score:.9g} " + " ".join("%.9g" % v for v in box) for p, c, score, box in boxes]
    lines += ["ap %d %.6f %.6f %.6f" % row for row in rows]
    return "\n".join(lines) + "\n"


def compare(program, count):
    for seed in range(1000, 1000 + count):
        case = make_case(seed)
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(case_text(case, answers(case)))
            file.flush()
            if subprocess.run([program, file.name]).returncode != 0:
                sys.exit(f"seed {seed}: differs")
    print(f"{count} cases agree")


def main():
    if sys.argv[1:2] == ["--compare"]:
        return compare(sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 200)
    DATA.mkdir(parents=True, exist_ok=True)
    for seed in range(len(STYLES)):
        case = make_case(seed)
        (DATA / f"case{seed}.txt").write_text(case_text(case, answers(case)))


if __name__ == "__main__":
    main()
