"""The starter's image encoder as an ONNX graph, from the same checkpoint: what ONNX Runtime runs beside clipsight.

Batch normalisation is left as it is in the checkpoint: ONNX Runtime folds it into the convolutions when it loads the
graph. In: pictures, float32 [n, 3, size, size], normalised. Out: class probabilities times class vectors [n, class_dim].
"""

import json
import math
import os

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper
from safetensors.numpy import load_file

# repeats, stride of EfficientNet-B0's seven stages; Lite leaves the first and the last at their depth
STAGES = [(1, 1), (2, 2), (2, 2), (3, 2), (3, 1), (4, 2), (1, 1)]


class Graph:
    """Nodes in order, each with one output that the next may take."""

    def __init__(self, weights, epsilon):
        self.weights, self.epsilon = weights, epsilon
        self.nodes, self.initializers = [], {}

    def constant(self, name, value):
        self.initializers.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name):
        return self.constant(name, self.weights[name].astype(np.float32))

    def add(self, kind, *inputs, **attributes):
        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def conv(self, x, name, norm, stride=1, depthwise=False, activation=True):
        """Convolution with TensorFlow's SAME padding, batch normalisation, ReLU6. The odd pixel goes right and below."""
        shape = self.weights[name].shape
        x = self.add("Conv", x, self.weight(name), kernel_shape=shape[2:], strides=[stride] * 2,
                     auto_pad="SAME_UPPER", group=shape[0] if depthwise else 1)
        parts = [self.weight(f"{norm}.{part}") for part in ("weight", "bias", "running_mean", "running_var")]
        x = self.add("BatchNormalization", x, *parts, epsilon=self.epsilon)
        if not activation:
            return x
        return self.add("Clip", x, self.constant("zero", np.float32(0)), self.constant("six", np.float32(6)))


def strides(depth):
    """(stride, residual) of each block."""
    plan = []
    for i, (repeats, stride) in enumerate(STAGES):
        count = repeats if i in (0, len(STAGES) - 1) else math.ceil(depth * repeats)
        plan += [(stride if k == 0 else 1, k > 0) for k in range(count)]
    return plan


def block(graph, x, prefix, stride, residual):
    y = x
    if prefix + "_expand_conv.weight" in graph.weights:
        y = graph.conv(y, prefix + "_expand_conv.weight", prefix + "_bn0")
    y = graph.conv(y, prefix + "_depthwise_conv.weight", prefix + "_bn1", stride, depthwise=True)
    y = graph.conv(y, prefix + "_project_conv.weight", prefix + "_bn2", activation=False)
    return graph.add("Add", x, y) if residual else y


def build(model):
    """Folder of the model -> (serialized ONNX graph, config.json's vision part, preprocessor_config.json)."""
    with open(os.path.join(model, "config.json"), encoding="utf-8") as f:
        config = json.load(f)["vision_config"]
    with open(os.path.join(model, "preprocessor_config.json"), encoding="utf-8") as f:
        preprocessor = json.load(f)
    graph = Graph(load_file(os.path.join(model, "model.safetensors")), config["batch_norm_eps"])
    x = graph.conv("pictures", "vision_model._conv_stem.weight", "vision_model._bn0", 2)
    for i, (stride, residual) in enumerate(strides(config["depth_coefficient"])):
        x = block(graph, x, f"vision_model._blocks.{i}.", stride, residual)
    x = graph.conv(x, "vision_model._conv_head.weight", "vision_model._bn1")
    x = graph.add("Flatten", graph.add("GlobalAveragePool", x))
    x = graph.add("Gemm", x, graph.weight("vision_model._fc.weight"), graph.weight("vision_model._fc.bias"), transB=1)
    x = graph.add("Softmax", x, axis=1)
    x = graph.add("MatMul", x, graph.weight("visual_head.class_embedding.weight"))
    side = config["image_size"]
    inputs = [helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["n", 3, side, side])]
    outputs = [helper.make_tensor_value_info(x, TensorProto.FLOAT, ["n", config["class_dim"]])]
    whole = helper.make_graph(graph.nodes, "starter", inputs, outputs, list(graph.initializers.values()))
    made = helper.make_model(whole, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(made)
    return made.SerializeToString(), config, preprocessor
