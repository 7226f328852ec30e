"""Reading a photograph: clipsight and Pillow (which brings its own libjpeg-turbo), in turns.

    python bench/peers/photo.py --program build/release/bench/bench_photo PHOTO.jpg
"""

import argparse

import PIL
from PIL import Image, features

import turns


def read(path):
    with Image.open(path) as picture:
        picture.convert("RGB").load()


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--program", required=True)
    a.add_argument("--runs", type=int, default=9)
    a.add_argument("--json")
    a.add_argument("photo")
    a = a.parse_args()
    ours = turns.Program(a.program, a.photo)
    times = turns.alternate({"clipsight": ours, "pillow": turns.timed(lambda: read(a.photo))}, a.runs)
    ours.close()
    library = features.version("libjpeg_turbo")
    title = f"Reading a photograph beside Pillow {PIL.__version__} with libjpeg-turbo {library}"
    turns.report("photo_peer", title, times, {"clipsight": "cs_image_open", "pillow": "Pillow"}, ("clipsight", "pillow"),
                 extra={"pillow_version": PIL.__version__, "libjpeg_turbo_version": library}, path=a.json)


if __name__ == "__main__":
    main()
