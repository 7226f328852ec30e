"""The starter's image encoder as an ONNX graph, from the same checkpoint: what ONNX Runtime runs beside clipsight.

Batch normalisation is left as it is in the checkpoint: ONNX Runtime folds it into the convolutions when it loads the
graph. In: pictures, float32 [n, 3, size, size], normalised. Out: class probabilities times class vectors [n, class_dim].
"""

import ctypes
import json
import math
import os

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper
from safetensors.numpy import load_file

# repeats, stride of EfficientNet-B0's seven stages; Lite leaves the first and the last at their depth
STAGES = [(1, 1), (2, 2), (2, 2), (3, 2), (3, 1), (4, 2), (1, 1)]
LAST_STRIDED = 5


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

    def conv(self, x, name, norm, stride=1, depthwise=False, activation=True, dilation=1):
        """Convolution with TensorFlow's SAME padding, batch normalisation, ReLU6. The odd pixel goes right and below."""
        shape = self.weights[name].shape
        padding = {"auto_pad": "SAME_UPPER"}
        if dilation > 1:  # at stride 1; ONNX Runtime does not find such a padding by itself
            padding = {"dilations": [dilation] * 2, "pads": [(shape[2] - 1) * dilation // 2] * 4}
        x = self.add("Conv", x, self.weight(name), kernel_shape=shape[2:], strides=[stride] * 2,
                     group=shape[0] if depthwise else 1, **padding)
        parts = [self.weight(f"{norm}.{part}") for part in ("weight", "bias", "running_mean", "running_var")]
        x = self.add("BatchNormalization", x, *parts, epsilon=self.epsilon)
        if not activation:
            return x
        return self.add("Clip", x, self.constant("zero", np.float32(0)), self.constant("six", np.float32(6)))


def strides(depth):
    """(stage, stride, residual) of each block."""
    plan = []
    for i, (repeats, stride) in enumerate(STAGES):
        count = repeats if i in (0, len(STAGES) - 1) else math.ceil(depth * repeats)
        plan += [(i, stride if k == 0 else 1, k > 0) for k in range(count)]
    return plan


def moved(graph, x):
    """The map one cell down and to the right, zeros coming in."""
    x = graph.add("Pad", x, graph.constant("border", np.array([0, 0, 1, 1, 0, 0, 0, 0])))
    return graph.add("Slice", x, graph.constant("zeros", np.array([0, 0])), graph.constant("ends", np.array([-1, -1])),
                     graph.constant("sides", np.array([2, 3])))


def block(graph, x, prefix, stride, residual, dilation=1, phases=1):
    y = x
    if prefix + "_expand_conv.weight" in graph.weights:
        y = graph.conv(y, prefix + "_expand_conv.weight", prefix + "_bn0")
    if phases > 1:
        y = graph.add("Concat", y, moved(graph, y), axis=0)
    y = graph.conv(y, prefix + "_depthwise_conv.weight", prefix + "_bn1", stride, depthwise=True,
                   dilation=dilation)
    y = graph.conv(y, prefix + "_project_conv.weight", prefix + "_bn2", activation=False)
    return graph.add("Add", x, y) if residual else y


def read(model):
    """Folder of the model -> (an empty graph with its weights, config.json's vision part, preprocessor_config.json)."""
    with open(os.path.join(model, "config.json"), encoding="utf-8") as f:
        config = json.load(f)["vision_config"]
    with open(os.path.join(model, "preprocessor_config.json"), encoding="utf-8") as f:
        preprocessor = json.load(f)
    return Graph(load_file(os.path.join(model, "model.safetensors")), config["batch_norm_eps"]), config, preprocessor


def features(graph, config, cells):
    """The last feature map. cells: "coarse", the network's own stride; "fine": the last stride is not made, and the kernels
    behind it are spread out instead; "staggered": the mean of the coarse map and of one that lies half a cell beside it."""
    x = graph.conv("pictures", "vision_model._conv_stem.weight", "vision_model._bn0", 2)
    for i, (stage, stride, residual) in enumerate(strides(config["depth_coefficient"])):
        late = cells == "fine" and stage >= LAST_STRIDED
        phases = 2 if cells == "staggered" and stage == LAST_STRIDED and stride == 2 else 1
        dilation = 2 if late and stride == 1 else 1
        x = block(graph, x, f"vision_model._blocks.{i}.", 1 if late else stride, residual, dilation, phases)
    x = graph.conv(x, "vision_model._conv_head.weight", "vision_model._bn1")
    return graph.add("ReduceMean", x, axes=[0], keepdims=1) if cells == "staggered" else x


def finish(graph, x, inputs, shape):
    outputs = [helper.make_tensor_value_info(x, TensorProto.FLOAT, shape)]
    whole = helper.make_graph(graph.nodes, "starter", inputs, outputs, list(graph.initializers.values()))
    made = helper.make_model(whole, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(made)
    return made.SerializeToString()


def build(model):
    """Folder of the model -> (serialized ONNX graph, config.json's vision part, preprocessor_config.json)."""
    graph, config, preprocessor = read(model)
    x = features(graph, config, "coarse")
    x = graph.add("Flatten", graph.add("GlobalAveragePool", x))
    x = graph.add("Gemm", x, graph.weight("vision_model._fc.weight"), graph.weight("vision_model._fc.bias"), transB=1)
    x = graph.add("Softmax", x, axis=1)
    x = graph.add("MatMul", x, graph.weight("visual_head.class_embedding.weight"))
    side = config["image_size"]
    inputs = [helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["n", 3, side, side])]
    return finish(graph, x, inputs, ["n", config["class_dim"]]), config, preprocessor


def build_dense(model, cells, sides):
    """The same with maps: pictures [1, 3, height, width] and texts [prompts, dim] -> [1, prompts, rows, cols]. The class
    scores are averaged over neighbourhoods of `sides` cells each, and the cosines of those over the sides."""
    graph, config, preprocessor = read(model)
    weight = graph.weights["vision_model._fc.weight"].astype(np.float32)[:, :, None, None]
    scores = graph.add("Conv", features(graph, config, cells), graph.constant("classes", weight),
                       graph.weight("vision_model._fc.bias"), kernel_shape=[1, 1])
    vectors = graph.weight("visual_head.class_embedding.weight")
    texts = graph.add("Slice", "texts", graph.constant("from", np.array([0])),
                      graph.constant("to", np.array([config["class_dim"]])), graph.constant("axis", np.array([1])))
    readout = graph.add("MatMul", texts, graph.add("Transpose", vectors, perm=[1, 0]))
    readout = graph.add("Unsqueeze", readout, graph.constant("last", np.array([2, 3])))
    maps = []
    for side in sides:
        means = graph.add("AveragePool", scores, kernel_shape=[side] * 2, pads=[side // 2] * 4, count_include_pad=0)
        maps.append(graph.add("Conv", graph.add("Softmax", means, axis=1), readout))
    x = graph.add("Mean", *maps)
    inputs = [helper.make_tensor_value_info("pictures", TensorProto.FLOAT, [1, 3, "height", "width"]),
              helper.make_tensor_value_info("texts", TensorProto.FLOAT, ["prompts", "dim"])]
    return finish(graph, x, inputs, [1, "prompts", "rows", "cols"]), config, preprocessor


class Error(ctypes.Structure):
    """cs_error"""
    _fields_ = [("code", ctypes.c_int), ("message", ctypes.c_char * 512)]


def text_embeddings(clipsight, model, texts):
    """float32 [texts, dim], by the library that lies beside the command."""
    library = ctypes.CDLL(os.path.join(os.path.dirname(os.path.abspath(clipsight)), "libclipsight.so"))
    handle, error = ctypes.c_void_p(), Error()

    def check(status):
        if status != 0:
            raise SystemExit(error.message.decode())
    check(library.cs_model_open(model.encode(), None, ctypes.byref(handle), ctypes.byref(error)))
    out = np.zeros((len(texts), library.cs_model_dim(handle)), np.float32)
    strings = (ctypes.c_char_p * len(texts))(*[text.encode() for text in texts])
    check(library.cs_model_embed_texts(handle, strings, ctypes.c_size_t(len(texts)), out.ctypes.data_as(ctypes.c_void_p),
                                       ctypes.byref(error)))
    library.cs_model_close(handle)
    return out
