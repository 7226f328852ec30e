"""Makes tests/data/check with Pillow: a picture with transparency, and what is left of it when it is resized first and
its alpha is dropped then. Run from the project's root:

    pip install pillow==13.0.0 numpy && python tests/references/make_check.py
"""
import pathlib

import numpy as np
import PIL
from PIL import Image

FOLDER = pathlib.Path(__file__).parent.parent / "data" / "check"
SIDE = 16


def main():
    assert PIL.__version__ == "13.0.0", PIL.__version__
    FOLDER.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(4)
    y, x = np.mgrid[0:36, 0:50]
    colours = np.stack([x * 5, y * 7, (x * y) % 256], axis=2) + random.integers(0, 6, (36, 50, 3))
    alpha = np.where(x < 12, 0, np.where(x < 30, (x - 12) * 14, 255))
    rgba = np.dstack([np.clip(colours, 0, 255), alpha]).astype(np.uint8)
    rgba[:, :6] = 0
    picture = Image.fromarray(rgba, "RGBA")
    picture.save(FOLDER / "alpha.png")
    # torchvision's Resize of one number: the short side, the long one in proportion and rounded down
    small = picture.resize((int(SIDE * 50 / 36), SIDE), Image.BICUBIC).convert("RGB")
    small.save(FOLDER / "alpha_resized.png")


main()
