"""Random weights that a few lines of C can make again, so that no weights need to be committed.

A tensor's element i is m * 2^e, where m comes from one byte of splitmix64(fnv1a64(name) + i) and e is chosen per tensor.
Eight bits of m are exact in F32, F16 and BF16 alike. Rules:

    signed e      m = byte - 128
    positive e    m = 128 + byte / 2         (gains and variances: between 128 and 255 times 2^e)
    constant x    every element is x
    count         element i is i             (position_ids)

A table describes one safetensors file: first the CRC-32 of the whole file and its metadata, then a line per tensor in
the order of the file: name, type, shape, rule, value of the rule. tests/parity/made_model.h writes the file from it.
"""
import json
import math
import zlib

import numpy

TYPES = {"F32": numpy.float32, "F16": numpy.float16, "I64": numpy.int64}


def fnv1a(name):
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def random_bytes(name, count):
    z = numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15) + numpy.uint64(fnv1a(name))
    z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    return ((z ^ (z >> numpy.uint64(31))) >> numpy.uint64(56)).astype(numpy.int32)


def power(standard_deviation):
    """e for which signed values have about this deviation: that of m is 74."""
    return round(math.log2(standard_deviation / 74))


def rule_of(name, shape, log_scale):
    last = name.rsplit(".", 1)[-1]
    if last == "logit_scale":
        return "constant", log_scale
    if last == "logit_bias":
        return "constant", -2.5
    if last == "position_ids":
        return "count", 0
    if last == "num_batches_tracked":
        return "constant", 7
    if last == "running_var":
        return "positive", -8
    if "embedding" in name:
        return "signed", power(0.3 if "position" in name else 0.6)
    if len(shape) == 1 and last == "weight":
        return "positive", -7
    if len(shape) == 1:
        return "signed", power(0.08)
    right = last in ("proj", "text_projection")  # OpenCLIP multiplies these from the right: [in, out]
    inputs = shape[0] if right else math.prod(shape[1:])
    return "signed", power(1.2 / math.sqrt(inputs))


def fill(name, shape, rule, value):
    count = math.prod(shape)
    if rule == "constant":
        values = numpy.full(count, value)
    elif rule == "count":
        values = numpy.arange(count)
    else:
        byte = random_bytes(name, count)
        values = numpy.ldexp((byte - 128 if rule == "signed" else 128 + byte // 2).astype(numpy.float64), value)
    return values.reshape(shape)


def fill_model(state, log_scale):
    """Puts our values into a state dict, in place, whatever the types of its tensors."""
    import torch
    for name, tensor in state.items():
        values = fill(name, tuple(tensor.shape), *rule_of(name, tuple(tensor.shape), log_scale))
        tensor.copy_(torch.from_numpy(values))


def encode(values, kind):
    if kind != "BF16":
        return values.astype(TYPES[kind]).tobytes()
    return (values.astype(numpy.float32).view(numpy.uint32) >> 16).astype(numpy.uint16).tobytes()


def write_table(path, log_scale):
    """The table of a safetensors file, beside it. The file as written by its library must equal what the table says."""
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + size])
    metadata = header.pop("__metadata__", None)
    lines = [f"{zlib.crc32(data):08x}\t{json.dumps(metadata, separators=(',', ':')) if metadata else '-'}"]
    body = b""
    for name, entry in header.items():
        shape = tuple(entry["shape"])
        rule, value = rule_of(name, shape, log_scale)
        values = fill(name, shape, rule, value)
        if rule == "constant":
            values = values.astype(numpy.float32)
        body += encode(values, entry["dtype"])
        lines.append("\t".join([name, entry["dtype"], ",".join(map(str, shape)) or "-", rule, repr(value)]))
    assert body == data[8 + size:], f"{path}: not the weights that its table describes"
    return "\n".join(lines) + "\n"
