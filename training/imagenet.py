"""The 1,000 ImageNet classes as WordNet 3.0 offsets, in the order of the classifier's outputs.

The list is read from PyPI's timm (timm/data/_info/imagenet_synsets.txt) without importing it: timm itself
and what it depends on are not needed.
"""

import importlib.util
import os


def class_offsets():
    folder = importlib.util.find_spec("timm").submodule_search_locations[0]
    with open(os.path.join(folder, "data", "_info", "imagenet_synsets.txt")) as f:
        offsets = [int(line.strip()[1:]) for line in f if line.strip()]
    if len(offsets) != 1000:
        raise ValueError(f"expected 1000 classes, found {len(offsets)}")
    return offsets
