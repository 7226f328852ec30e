"""Reference embeddings for the C tests: 200 texts and 20 made-up pictures through the exported model in PyTorch.

    python training/goldens.py --model models/starter --out tests/data/starter

Files: texts.txt (UTF-8, one text a line), text_embeddings.f32 [200, 512], pictures/NN.png,
image_embeddings.f32 [20, 512]; the .f32 files are raw little-endian float32.
"""

import argparse
import os

import numpy as np
from PIL import Image, ImageDraw

from starter import Starter

BARE = """cat dog person car chair sofa bird horse sheep cow boat bottle bus train tvmonitor pottedplant diningtable
aeroplane bicycle motorbike laptop butterfly zebra kitten puppy phone tv man woman child people baby girl boy giraffe
justice the diagram blue running asdfgh xyzzy 12345 qwertyuiop banana guitar piano volcano umbrella""".split()
PHRASES = """a cat
a dog
a fluffy cat
a butterfly
my cute little puppy
cell phone
cellphone
fire truck
firetruck
fire-truck
remote control
hot air balloon
a cup of coffee
a monarch butterfly on a flower
a red car
two dogs
a dog and a cat
the black dog on the sofa
a person riding a horse
a man with a hat
there is a cat in the picture
a photo of a cat
a photo of a dog
a photo of a giraffe
a photo of justice
the old wooden chair
three big yellow school buses
a plane in the sky
a boat on the lake
a glass of wine
a pair of running shoes
some bananas
a slice of pizza
golden retriever
german shepherd dog
the Eiffel Tower
an electric guitar
a steam locomotive
people
a group of people
nothing at all
something that is not visible
what is this?
Where is the dog?
Hello, world!
I've got a cat, and it's fluffy
they're the dogs we'd seen; you'll like 'em
THE CAT SAT ON THE MAT
a  cat   with	tabs
café
naïve façade
über-cat
Œuvre
ﬁsh and chips
Straße
İstanbul
日本の猫
кошка
قطة
γάτα
고양이
แมว
🐱
🐶 and 🐱
👩‍👩‍👧‍👦
a cat 🐱 on a mat
é (combining)
½ of a pizza
x² + y² = z²
$100 & €200
C++ / C#
user@example.com
https://example.com/cat?x=1
<b>cat</b>
&amp;
“curly quotes”
it’s
--- *** ---
......
'
''''
's
don't
0
007
3.14159
1,000,000 cats
a_cat_with_underscores
supercalifragilisticexpialidocious
pneumonoultramicroscopicsilicovolcanoconiosis""".split("\n")
NOUNS = ["dog", "tabby", "sports car", "teapot", "church", "school bus", "strawberry", "wine bottle", "bookcase",
         "airliner", "mountain bike", "laptop", "goldfish", "elephant", "pizza", "backpack"]
FRAMES = ["a photo of a {}", "the {}", "a close-up of an old {}", "two {}s in the garden"]
LONG = "a very small and very old " + "red " * 30 + "car"
TOO_LONG = "a photo of " + "a dog and a cat and " * 60 + "a zebra"


def texts():
    """200 of them; none contains a line break."""
    out = BARE + PHRASES + [LONG, TOO_LONG, "a" * 300] + [f.format(n) for n in NOUNS for f in FRAMES]
    out = list(dict.fromkeys(out))
    if len(out) < 200:
        raise ValueError(f"only {len(out)} texts")
    return out[:200]


# ---- pictures: drawn with integer arithmetic, so that every machine draws the same

SIZES = [(260, 260), (260, 260), (320, 200), (200, 320), (90, 60), (260, 400), (300, 260), (128, 128), (64, 200), (261, 259)]


def grid(w, h):
    return np.arange(w, dtype=np.int64)[None, :], np.arange(h, dtype=np.int64)[:, None]


def noise(w, h, seed, cell):
    """Blocks of pseudo-random colours from a linear congruential generator."""
    cols, rows = -(-w // cell), -(-h // cell)
    state, values = seed * 2654435761 % 2 ** 32, []
    for _ in range(cols * rows * 3):
        state = (1664525 * state + 1013904223) % 2 ** 32
        values.append(state >> 24)
    blocks = np.array(values, np.uint8).reshape(rows, cols, 3)
    return blocks.repeat(cell, 0).repeat(cell, 1)[:h, :w]


def gradient(w, h, i):
    x, y = grid(w, h)
    r = x * 255 // (w - 1) + 0 * y
    g = y * 255 // (h - 1) + 0 * x
    b = (x * (i + 3) + y * 5) * 255 // (w * (i + 3) + h * 5)
    return np.stack([r, g, b], 2).astype(np.uint8)


def rings(w, h, i):
    x, y = grid(w, h)
    d = ((x - w // 2) ** 2 + (y - h // 2) ** 2) // (60 + 40 * i)
    return np.stack([d * 37 % 256, d * 11 % 256, 255 - d * 5 % 256], 2).astype(np.uint8)


def checks(w, h, i):
    x, y = grid(w, h)
    on = ((x // (7 + 5 * i) + y // (11 + 3 * i)) % 2).astype(bool)
    return np.where(on[:, :, None], np.array([230, 230 - 20 * i, 40], np.uint8), np.array([20, 30, 90 + 20 * i], np.uint8))


def scene(w, h, i):
    """Sky, ground, a house, a disc and a striped ball: shapes that give the network something to say."""
    p = Image.fromarray(gradient(w, h, i))
    d = ImageDraw.Draw(p)
    d.rectangle([0, h * 2 // 3, w, h], fill=(60 + 20 * i, 140, 60))
    d.rectangle([w // 5, h // 3, w * 3 // 5, h * 5 // 6], fill=(180, 60 + 30 * i, 40))
    d.polygon([(w // 6, h // 3), (w * 2 // 5, h // 8), (w * 2 // 3, h // 3)], fill=(90, 40, 30))
    d.ellipse([w * 2 // 3, h // 10, w * 9 // 10, h // 3], fill=(250, 220, 60))
    for k in range(0, 6, 2):
        d.pieslice([w * 3 // 5, h * 3 // 5, w * 9 // 10, h * 9 // 10], 60 * k, 60 * k + 60, fill=(220, 30 + 60 * i, 200 - 50 * i))
    return np.asarray(p)


def pictures():
    """20 pictures: five kinds, two sizes of each twice over."""
    kinds = [gradient, rings, checks, scene, lambda w, h, i: noise(w, h, i + 1, 4 + 9 * i)]
    out = []
    for i in range(4):
        for k, kind in enumerate(kinds):
            w, h = SIZES[(i * len(kinds) + k) % len(SIZES)]
            out.append(Image.fromarray(np.ascontiguousarray(kind(w, h, i))))
    return out


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--model", required=True)
    a.add_argument("--out", required=True)
    a = a.parse_args()
    model = Starter(a.model)
    os.makedirs(os.path.join(a.out, "pictures"), exist_ok=True)
    lines = texts()
    with open(os.path.join(a.out, "texts.txt"), "w", encoding="utf-8", newline="\n") as f:
        f.write("".join(t + "\n" for t in lines))
    model.encode_texts(lines).astype("<f4").tofile(os.path.join(a.out, "text_embeddings.f32"))
    made = pictures()
    for i, p in enumerate(made):
        p.save(os.path.join(a.out, "pictures", f"{i:02d}.png"), optimize=True)
    model.encode_images(made).astype("<f4").tofile(os.path.join(a.out, "image_embeddings.f32"))


if __name__ == "__main__":
    main()
