"""Makes tests/data/pytorch with the real torch and safetensors packages. Run from the project's root:

    pip install torch==2.15.0 safetensors==0.8.0 numpy packaging && python tests/references/make_pytorch.py

With --check FILE.bin FILE.safetensors instead, compares a file of torch.save with what `clipsight models convert` made
of it, both read by the real packages; --check-all FOLDER does so for every FOLDER/NAME.bin and FOLDER/NAME.safetensors.

Every NAME.bin has a NAME.safetensors with the same tensors, as save_file writes them; files in refused/ have none.
Made anew, all files are the same but refused/torchscript.bin and refused/before_1_6.bin, which hold addresses.
Element k of every tensor is k / 2 - 1 (floats), k - 1 (signed), k (unsigned) or k is odd (bool): exact in every type.
"""
import collections
import io
import pathlib
import pickle
import pickletools
import sys
import warnings
import zipfile

import safetensors
import torch
from safetensors.torch import load_file, save_file

FOLDER = pathlib.Path(__file__).parent.parent / "data" / "pytorch"
SEEDS = pathlib.Path(__file__).parents[2] / "fuzz" / "seeds" / "pytorch"
TYPES = {
    "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "F64": torch.float64,
    "I64": torch.int64, "I32": torch.int32, "I16": torch.int16, "I8": torch.int8,
    "U8": torch.uint8, "U16": torch.uint16, "U32": torch.uint32, "U64": torch.uint64, "BOOL": torch.bool,
    "F8_E4M3": torch.float8_e4m3fn, "F8_E5M2": torch.float8_e5m2,
}


def tensor(name, *shape):
    k = torch.arange(torch.Size(shape).numel(), dtype=torch.float64)
    if name == "BOOL":
        k = k % 2
    elif "F" in name:
        k = k / 2 - 1
    elif name.startswith("I"):
        k = k - 1
    return k.to(TYPES[name]).reshape(shape)


def save_pair(name, what, tensors):
    torch.save(what, FOLDER / f"{name}.bin")
    save_file({key: value.detach().clone().contiguous() for key, value in tensors.items()},
              FOLDER / f"{name}.safetensors", metadata={"format": "pt"})


def entries(path):
    with zipfile.ZipFile(path) as archive:
        return [(item.filename, archive.read(item)) for item in archive.infolist()]


def pack(path, files, method=zipfile.ZIP_STORED, zip64=False):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            with archive.open(info, "w", force_zip64=zip64) as out:
                out.write(content)


def save_refused(name, what):
    """Without the entries that the reader has no use for, to keep the project small."""
    buffer = io.BytesIO()
    torch.save(what, buffer)
    pack(FOLDER / "refused" / f"{name}.bin", [file for file in entries(buffer) if "/." not in file[0]])


def make_types():
    tensors = {f"type.{name}": tensor(name, 2, 3) for name in TYPES}
    tensors["scalar"] = tensor("F32")
    tensors["empty"] = tensor("F32", 0, 4)
    tensors["wide"] = tensor("F16", 1, 1, 3, 7)
    tensors["name with \"quotes\", \\ and é"] = tensor("F32", 1)
    save_pair("types", tensors, tensors)


def make_modules():
    """state_dict() is an OrderedDict with versions as an attribute."""
    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 2), torch.nn.BatchNorm2d(4), torch.nn.Linear(4, 2))
    save_pair("module", module.state_dict(), module.state_dict())
    save_pair("parameters", dict(module.named_parameters()), dict(module.named_parameters()))
    parallel = collections.OrderedDict((f"module.{name}", value) for name, value in module.state_dict().items())
    save_pair("parallel", parallel, module.state_dict())
    loss = module(torch.ones(2, 3, 5, 5)[:, :, :, :5].contiguous()).sum()
    loss.backward()
    optimizer = torch.optim.AdamW(module.parameters(), lr=0.125)
    optimizer.step()
    training = {"epoch": 3, "name": "run", "best": 0.5, "big": 1 << 40, "less": -5, "history": [1, 2.5, None, True],
                "state_dict": module.state_dict(), "optimizer": optimizer.state_dict(),
                "shape": (2, 3, (4, 5), ()), "dtype": torch.float16, "turned": torch.ones(3, 2).T}
    save_pair("training", training, module.state_dict())


def make_views():
    base = tensor("F32", 6, 4)
    column = torch.empty_strided((1, 4), (77, 1))
    column.copy_(base[2:3])
    views = {"base": base, "rows": base[2:5], "same": base, "flat": base.view(-1)[7:9], "line": base[3],
             "odd_strides": column, "nothing": base[6:], "one": base.T[1:2, 2:3]}
    save_pair("views", views, views)
    (FOLDER / "refused").mkdir(exist_ok=True)
    save_refused("transposed", {"fine": base, "turned": base.T})
    save_refused("expanded", {"spread": base[0].expand(3, 4)})
    save_refused("stepped", {"step": base[:, ::2]})


class Stranger:
    """Pickled as a call of the given function."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def make_refused():
    import os
    refused = FOLDER / "refused"
    small = {"a": tensor("F32", 2)}
    save_refused("system", {"a": tensor("F32", 2), "b": Stranger(os.system, "true")})
    save_refused("eval", {"a": tensor("F32", 2), "b": Stranger(eval, "1")})
    save_refused("whole_module", torch.nn.Linear(1, 1))
    save_refused("complex", {"a": torch.zeros(2, dtype=torch.complex64)})
    save_refused("conjugate", {"a": torch.zeros(2, dtype=torch.complex64).conj()})
    save_refused("negative", {"a": torch.imag(torch.zeros(1, dtype=torch.complex64).conj())})
    save_refused("sparse", {"a": torch.eye(2).to_sparse()})
    save_refused("lone_tensor", tensor("F32", 2))
    save_refused("list", [tensor("F32", 2)])
    save_refused("other_key", {"model": small, "epoch": 1})
    save_refused("number_as_key", {1: tensor("F32", 2)})
    save_refused("number", {"a": tensor("F32", 2), "b": 1})
    save_refused("control", {"a\n": tensor("F32", 2)})
    torch.save(small, refused / "protocol_4.bin", pickle_protocol=4)
    torch.save(small, refused / "before_1_6.bin", _use_new_zipfile_serialization=False)
    (refused / "bare_pickle.bin").write_bytes(pickle.dumps({"a": [1.0, 2.0]}, 4))
    torch.jit.trace(torch.nn.Linear(2, 1), torch.zeros(1, 2)).save(refused / "torchscript.bin")
    buffer = io.BytesIO()
    torch.save(small, buffer)
    files = [file for file in entries(buffer) if "/." not in file[0]]
    pack(refused / "compressed.bin", files, zipfile.ZIP_DEFLATED)
    pack(refused / "big_endian.bin", [(name, b"big" if name.endswith("byteorder") else content)
                                      for name, content in files])
    pack(refused / "version_11.bin", [(name, b"11\n" if name.endswith("version") else content)
                                      for name, content in files])
    pack(refused / "no_pickle.bin", [file for file in files if not file[0].endswith("data.pkl")])
    pack(refused / "no_storage.bin", [file for file in files if not file[0].endswith("data/0")])
    pack(refused / "short_storage.bin", [(name, content[:4] if name.endswith("data/0") else content)
                                         for name, content in files])


def make_archives():
    """The same tensors in other archives: as PyTorch 1.6 to 2.0 wrote them, with ZIP64 fields, one folder deep."""
    buffer = io.BytesIO()
    torch.save({"a": tensor("F32", 2, 2), "b": tensor("I64", 3)}, buffer)
    files = [file for file in entries(buffer) if "/." not in file[0]]
    pickled = dict(files)["archive/data.pkl"]
    for key, old in ((b"0", b"94805682388400"), (b"1", b"94805682410832")):
        pickled = pickled.replace(b"X\1\0\0\0" + key, b"X\x0e\0\0\0" + old)
    old = {"archive/data.pkl": pickled, "archive/data/94805682388400": dict(files)["archive/data/0"],
           "archive/data/94805682410832": dict(files)["archive/data/1"], "archive/version": b"3\n"}
    pack(FOLDER / "old_keys.bin", old.items())
    pack(FOLDER / "zip64.bin", files, zip64=True)
    tensors = {"a": tensor("F32", 2, 2), "b": tensor("I64", 3)}
    for name in ("old_keys", "zip64"):
        save_file(tensors, FOLDER / f"{name}.safetensors", metadata={"format": "pt"})


def make_seeds():
    """What fuzz/fuzz_pytorch.c begins with: files, and bare pickles."""
    SEEDS.mkdir(parents=True, exist_ok=True)
    for file in sorted(FOLDER.glob("*.bin")):
        link = SEEDS / file.name
        link.unlink(missing_ok=True)
        link.symlink_to(pathlib.Path("../../../tests/data/pytorch") / file.name)
    for name in ("module", "training", "types"):
        pickled = [content for entry, content in entries(FOLDER / f"{name}.bin") if entry.endswith("data.pkl")]
        (SEEDS / f"{name}.pkl").write_bytes(pickled[0])


def check(source, converted):
    loaded = torch.load(source, map_location="cpu", weights_only=True)
    loaded = loaded.get("state_dict", loaded)
    if all(name.startswith("module.") for name in loaded):
        loaded = {name[len("module."):]: value for name, value in loaded.items()}
    found = load_file(converted)
    assert sorted(found) == sorted(loaded), sorted(set(found) ^ set(loaded))
    for name, value in loaded.items():
        assert found[name].dtype == value.dtype and found[name].shape == value.shape, name
        same = value.detach().clone(memory_format=torch.contiguous_format).reshape(-1).view(torch.uint8)
        assert torch.equal(found[name].reshape(-1).view(torch.uint8), same), name
    print(f"{source}: {len(found)} tensors are equal")


def main():
    warnings.simplefilter("ignore")
    if len(sys.argv) == 4 and sys.argv[1] == "--check":
        check(sys.argv[2], sys.argv[3])
        return
    if len(sys.argv) == 3 and sys.argv[1] == "--check-all":
        for source in sorted(pathlib.Path(sys.argv[2]).glob("*.bin")):
            check(source, source.with_suffix(".safetensors"))
        return
    assert safetensors.__version__ == "0.8.0", safetensors.__version__
    assert torch.__version__.split("+")[0] == "2.15.0", torch.__version__
    FOLDER.mkdir(parents=True, exist_ok=True)
    make_types()
    make_modules()
    make_views()
    make_refused()
    make_archives()
    make_seeds()
    lines = sorted(f"{ord(opcode.code):02x} {opcode.name}\n" for opcode in pickletools.opcodes)
    (FOLDER / "opcodes.txt").write_text("".join(lines))
    for file in FOLDER.glob("**/*.*"):
        file.chmod(0o644)


if __name__ == "__main__":
    main()
