"""The dense and the region forms of the convolutional encoders in PyTorch, float64, one picture at a time.

They follow src/model/resnet_dense.c, resnet_regions.c and efficientnet.c.
"""
import math

import torch
import torch.nn.functional as F

from dense_vit import local_mean, score, unit

HEAD_WIDTH = 64


class Convolutional:
    def __init__(self, state, epsilon):
        self.state, self.epsilon = {name: tensor.double() for name, tensor in state.items()}, epsilon

    def norm(self, name, x):
        parts = [self.state[f"{name}.{part}"] for part in ("running_mean", "running_var", "weight", "bias")]
        return F.batch_norm(x, *parts, eps=self.epsilon)

    def linear(self, name, x):
        return F.linear(x, self.state[name + ".weight"], self.state[name + ".bias"])


class ResNet(Convolutional):
    """OpenAI's modified ResNet, in open_clip's names."""

    def __init__(self, state):
        super().__init__(state, 1e-5)

    def conv(self, prefix, conv, norm, x, **settings):
        return self.norm(prefix + norm, F.conv2d(x, self.state[f"{prefix}{conv}.weight"], **settings))

    def block(self, prefix, x, stride):
        y = F.relu(self.conv(prefix, "conv1", "bn1", x))
        y = F.relu(self.conv(prefix, "conv2", "bn2", y, padding=1))
        y = self.conv(prefix, "conv3", "bn3", F.avg_pool2d(y, stride))
        if prefix + "downsample.0.weight" in self.state:
            x = self.conv(prefix + "downsample.", "0", "1", F.avg_pool2d(x, stride))
        return F.relu(x + y)

    def map(self, picture):
        """[height, width, 3] to [rows, cols, channels]."""
        x = picture.permute(2, 0, 1)[None]
        for i, stride in ((1, 2), (2, 1), (3, 1)):
            x = F.relu(self.conv("visual.", f"conv{i}", f"bn{i}", x, stride=stride, padding=1))
        x = F.avg_pool2d(x, 2)
        for stage in range(1, 5):
            index = 0
            while f"visual.layer{stage}.{index}.conv1.weight" in self.state:
                x = self.block(f"visual.layer{stage}.{index}.", x, 2 if stage > 1 and index == 0 else 1)
                index += 1
        return x[0].permute(1, 2, 0)

    def positions(self, rows, cols):
        table = self.state["visual.attnpool.positional_embedding"]
        side = math.isqrt(len(table) - 1)
        if (rows, cols) == (side, side):
            return table
        grid = table[1:].T.reshape(1, -1, side, side)
        grid = F.interpolate(grid, size=(rows, cols), mode="bicubic", align_corners=False, antialias=True)
        return torch.cat([table[:1], grid.reshape(table.shape[1], -1).T])

    def dense(self, variant, picture, texts, sides):
        assert variant == "maskclip"
        values = self.linear("visual.attnpool.v_proj", self.map(picture))
        return score(self.linear("visual.attnpool.c_proj", values), texts, sides)

    def region(self, cells, mask, positions):
        """cells: [cells, channels]; mask: [cells]. [dim]."""
        inside = cells[mask]
        tokens = torch.cat([inside.mean(0, keepdim=True) + positions[:1], inside + positions[1:][mask]])
        q, k, v = [self.linear(f"visual.attnpool.{name}_proj", tokens).unflatten(1, (-1, HEAD_WIDTH)).transpose(0, 1)
                   for name in "qkv"]
        mixed = (q[:, :1] @ k.transpose(1, 2) / math.sqrt(HEAD_WIDTH)).softmax(-1) @ v
        return self.linear("visual.attnpool.c_proj", mixed.flatten())

    def regions(self, picture, masks):
        cells = self.map(picture)
        positions = self.positions(*cells.shape[:2])
        return unit(torch.stack([self.region(cells.flatten(0, 1), mask.flatten(), positions) for mask in masks]))

    def whole(self, picture):
        cells = self.map(picture)
        return self.regions(picture, torch.ones(1, *cells.shape[:2], dtype=torch.bool))


# Repeats, stride of EfficientNet's seven stages; Lite leaves the first and the last at their depth.
STAGES = [(1, 1), (2, 2), (2, 2), (3, 2), (3, 1), (4, 2), (1, 1)]
LAST_STRIDED = 5


class Starter(Convolutional):
    def __init__(self, state, config):
        super().__init__(state, config["batch_norm_eps"])
        self.depth, self.class_dim = config["depth_coefficient"], config["class_dim"]
        self.vectors = self.state["visual_head.class_embedding.weight"]

    def conv(self, name, norm, x, stride=1, dilation=1, activation=True):
        """TensorFlow's SAME padding: the odd pixel goes right and below."""
        weight, padding = self.state[f"vision_model.{name}.weight"], []
        for size in (x.shape[3], x.shape[2]):
            reach = (weight.shape[2] - 1) * dilation + 1
            total = max((math.ceil(size / stride) - 1) * stride + reach - size, 0)
            padding += [total // 2, total - total // 2]
        x = F.conv2d(F.pad(x, padding), weight, stride=stride, dilation=dilation,
                     groups=x.shape[1] if weight.shape[1] == 1 else 1)
        x = self.norm(f"vision_model.{norm}", x)
        return F.relu6(x) if activation else x

    def map(self, picture):
        """[rows, cols, 1280] in the dense form: the last stride is 1, and the kernels behind it are spread out."""
        x = self.conv("_conv_stem", "_bn0", picture.permute(2, 0, 1)[None], 2)
        index = 0
        for stage, (repeats, stride) in enumerate(STAGES):
            count = repeats if stage in (0, len(STAGES) - 1) else math.ceil(self.depth * repeats)
            for i in range(count):
                x = self.block(f"_blocks.{index}.", stage, x, stride if i == 0 else 1, i > 0)
                index += 1
        return self.conv("_conv_head", "_bn1", x)[0].permute(1, 2, 0)

    def block(self, prefix, stage, x, stride, residual):
        y, dilation = x, 1
        if f"vision_model.{prefix}_expand_conv.weight" in self.state:
            y = self.conv(prefix + "_expand_conv", prefix + "_bn0", y)
        if stage >= LAST_STRIDED:
            stride, dilation = 1, 1 if stride == 2 else 2
        y = self.conv(prefix + "_depthwise_conv", prefix + "_bn1", y, stride, dilation)
        y = self.conv(prefix + "_project_conv", prefix + "_bn2", y, activation=False)
        return x + y if residual else y

    def classes(self, features):
        return self.linear("vision_model._fc", features)

    def dense(self, variant, picture, texts, sides):
        assert variant == "classes"
        logits = self.classes(self.map(picture))
        says = texts[:, :self.class_dim] @ self.vectors.T
        maps = [torch.einsum("tk,rck->trc", says, local_mean(logits, side).softmax(-1)) for side in sides]
        return torch.stack(maps).mean(0)

    def regions(self, picture, masks):
        cells = self.map(picture)
        p = self.classes(torch.stack([cells[mask].mean(0) for mask in masks])).softmax(-1)
        known = p @ self.vectors
        rest = torch.sqrt(1 - (known ** 2).sum(-1, keepdim=True))
        return torch.cat([known, torch.zeros_like(rest), rest], dim=1)
