"""Makes tests/data/checkpoint with the real safetensors package. Run from the project's root:

    pip install safetensors==0.8.0 torch numpy packaging && python tests/references/make_checkpoint.py

Element k of every tensor is k / 2 - 1 (floats), k - 1 (signed), k (unsigned) or k is odd (bool): exact in every type.
"""
import json
import pathlib

import safetensors
import torch
from safetensors.torch import save_file

FOLDER = pathlib.Path(__file__).parent.parent / "data" / "checkpoint"
TYPES = {
    "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "F64": torch.float64,
    "I64": torch.int64, "I32": torch.int32, "I16": torch.int16, "I8": torch.int8,
    "U8": torch.uint8, "U16": torch.uint16, "U32": torch.uint32, "U64": torch.uint64, "BOOL": torch.bool,
    "F8_E4M3": torch.float8_e4m3fn, "F8_E5M2": torch.float8_e5m2,
}


def tensor(name, dtype, *shape):
    count = torch.Size(shape).numel()
    k = torch.arange(count, dtype=torch.float64)
    if name == "BOOL":
        k = k % 2
    elif "F" in name:
        k = k / 2 - 1
    elif name.startswith("I"):
        k = k - 1
    return k.to(dtype).reshape(shape)


def main():
    assert safetensors.__version__ == "0.8.0", safetensors.__version__
    FOLDER.mkdir(parents=True, exist_ok=True)
    types = {f"type.{name}": tensor(name, dtype, 2, 3) for name, dtype in TYPES.items()}
    types["scalar"] = tensor("F32", torch.float32)
    types["empty"] = tensor("F32", torch.float32, 0, 4)
    types["wide"] = tensor("F16", torch.float16, 1, 1, 3, 7)
    save_file(types, FOLDER / "types.safetensors", metadata={"format": "pt", "note": "a \"quoted\" string"})

    shards = {
        "model-00001-of-00002.safetensors": {"a.weight": tensor("F32", torch.float32, 2, 2),
                                             "b.weight": tensor("F16", torch.float16, 3)},
        "model-00002-of-00002.safetensors": {"c.weight": tensor("BF16", torch.bfloat16, 2, 1)},
    }
    for file, tensors in shards.items():
        save_file(tensors, FOLDER / file)
    index = {"metadata": {"total_size": 26},
             "weight_map": {name: file for file, tensors in shards.items() for name in tensors}}
    (FOLDER / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")


if __name__ == "__main__":
    main()
