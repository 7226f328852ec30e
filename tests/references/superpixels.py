"""SLIC superpixels (Achanta et al. 2012) in numpy, with the roundings of src/locate/superpixels.c.

The order of single-precision operations is that of the C, since a pixel between two regions goes where rounding puts
it; sums are made in double precision, in the order of the pixels.
"""
import math

import numpy
from numpy import float32 as f32

COMPACTNESS, ROUNDS, LEAST_SHARE = 10.0, 10, 4
TO_XYZ = [[f32(.4124564) / f32(.95047), f32(.3575761) / f32(.95047), f32(.1804375) / f32(.95047)],
          [f32(.2126729), f32(.7151522), f32(.0721750)],
          [f32(.0193339) / f32(1.08883), f32(.1191920) / f32(1.08883), f32(.9503041) / f32(1.08883)]]


def lab_of(pixels):
    """uint8 [rows, cols, 3] to float32 [3, rows, cols]."""
    value = numpy.arange(256) / 255.0
    lights = numpy.where(value <= .04045, value / 12.92, ((value + .055) / 1.055) ** 2.4).astype(f32)
    red, green, blue = (lights[pixels[..., c]] for c in range(3))
    xyz = numpy.stack([m[0] * red + m[1] * green + m[2] * blue for m in TO_XYZ])
    bent = (xyz * f32(24389) / f32(27) + f32(16)) / f32(116)
    x, y, z = numpy.where(xyz > f32(216) / f32(24389), numpy.cbrt(xyz), bent)
    return numpy.stack([f32(116) * y - f32(16), f32(500) * (x - y), f32(200) * (y - z)])


def squares(a, b):
    d = (a - b) * (a - b)
    return d[0] + d[1] + d[2]


def calm_start(lab, row, col):
    _, rows, cols = lab.shape
    best, least = (row, col), numpy.inf
    for y in range(max(row - 1, 1), min(row + 2, rows - 1)):
        for x in range(max(col - 1, 1), min(col + 2, cols - 1)):
            here = squares(lab[:, y, x - 1], lab[:, y, x + 1]) + squares(lab[:, y - 1, x], lab[:, y + 1, x])
            if here < least:
                best, least = (y, x), here
    return numpy.array([*lab[:, best[0], best[1]], best[1], best[0]], f32)


def claim(lab, centre, number, reach, nearness, labels, distances):
    _, rows, cols = lab.shape
    x, y = centre[3], centre[4]
    top, bottom = max(int(y - reach[1]), 0), min(int(y + reach[1] + f32(1)), rows)
    left, right = max(int(x - reach[0]), 0), min(int(x + reach[0] + f32(1)), cols)
    here = numpy.s_[top:bottom, left:right]
    dx = numpy.arange(left, right, dtype=f32) - x
    dy = numpy.arange(top, bottom, dtype=f32) - y
    distance = squares(lab[:, top:bottom, left:right], centre[:3, None, None])
    distance = (distance + dx * dx * nearness) + (dy * dy * nearness)[:, None]
    nearer = distance < distances[here]
    distances[here][nearer] = distance[nearer]
    labels[here][nearer] = number


def move(lab, centres, labels):
    _, rows, cols = lab.shape
    row, col = numpy.mgrid[0:rows, 0:cols]
    counts = numpy.bincount(labels.ravel(), minlength=len(centres))
    for i, plane in enumerate([*lab, col, row]):
        sums = numpy.bincount(labels.ravel(), plane.ravel().astype(float), len(centres))
        centres[counts > 0, i] = (sums[counts > 0] / counts[counts > 0]).astype(f32)


def connect(labels, least):
    rows, cols = labels.shape
    made, count = numpy.full(labels.shape, -1), 0
    for first in range(rows * cols):
        row, col = divmod(first, cols)
        if made[row, col] >= 0:
            continue
        beside = made[row, col - 1] if col > 0 else made[row - 1, col] if row > 0 else -1
        piece, label = [(row, col)], labels[row, col]
        made[row, col] = count
        for y, x in piece:
            for v, u in ((y, x - 1), (y, x + 1), (y - 1, x), (y + 1, x)):
                if 0 <= v < rows and 0 <= u < cols and made[v, u] < 0 and labels[v, u] == label:
                    made[v, u] = count
                    piece.append((v, u))
        if len(piece) >= least or beside < 0:
            count += 1
        else:
            made[tuple(zip(*piece))] = beside
    return made, count


def cut(lab, wanted):
    """Labels [rows, cols], and how many there are."""
    _, rows, cols = lab.shape
    width = math.sqrt(rows * cols / wanted)
    across, down = max(int(cols / width + .5), 1), max(int(rows / width + .5), 1)
    reach = f32(max(width, cols / across)), f32(max(width, rows / down))
    nearness = f32(COMPACTNESS * COMPACTNESS / (width * width))
    centres = numpy.array([calm_start(lab, int((i + .5) * rows / down), int((j + .5) * cols / across))
                           for i in range(down) for j in range(across)])
    labels = (numpy.arange(rows) * down // rows)[:, None] * across + numpy.arange(cols) * across // cols
    for _ in range(ROUNDS):
        distances = numpy.full((rows, cols), numpy.finfo(f32).max, f32)
        for number, centre in enumerate(centres):
            claim(lab, centre, number, reach, nearness, labels, distances)
        move(lab, centres, labels)
    return connect(labels, rows * cols // (across * down) // LEAST_SHARE)
