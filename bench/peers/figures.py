"""One table of the figures that are wanted, from the records of bench/figures.sh.

    python bench/peers/figures.py RECORDS.jsonl
"""

import json
import sys


def read(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def find(records, bench, **fields):
    """The last record of a benchmark; an empty one where there is none."""
    found = [one for one in records if one.get("bench") == bench and all(one.get(k) == v for k, v in fields.items())]
    return found[-1] if found else {}


def at(record, *path):
    for key in path:
        record = record.get(key) if isinstance(record, dict) else None
    return record


def encoder_row(records, is_starter, precision, threads):
    """A line of `clipsight bench`, batch 32."""
    for record in reversed(records):
        for row in record.get("encoder", []) if "machine" in record else []:
            if (row["model"] == "starter") == is_starter and row["precision"] == precision and \
                    row["threads"] == threads and row["batch"] == 32:
                return row
    return {}


def speedup(records, is_starter):
    one, two = (encoder_row(records, is_starter, "fp32", threads).get("median_ms") for threads in (1, 2))
    return one / two if one and two else None


def rows(records):
    """(what, value, "most" or "least", wanted)"""
    clip, chapter, photos = (find(records, name) for name in ("clip_encoder", "chapter", "starter_photos"))
    yield "fp32 encode, batch 32: ours / ONNX Runtime", at(clip, "fp32_to_ort"), "most", 0.90
    yield "fp32 encode: share of the measured peak", encoder_row(records, False, "fp32", 2).get("share_of_peak"), \
        "least", 0.85
    yield "bf16 / our fp32", at(clip, "bf16_to_fp32"), "most", 0.58
    yield "int8 / ONNX Runtime's int8", at(clip, "int8_to_ort"), "most", 0.95
    for key, what, wanted in (("fp32_1", "fp32, 1 prompt", 2.5), ("bf16_1", "bf16, 1 prompt", 4.5),
                              ("int8_1", "int8, 1 prompt", 6.5), ("fp32_5", "fp32, 5 prompts", 12),
                              ("int8_5", "int8, 5 prompts", 30), ("dense", "dense method", 30)):
        yield f"chapter's loop / whole process: {what}", at(chapter, "factors", key), "least", wanted
    yield "10 prompts / 1 prompt", at(chapter, "ten_to_one"), "most", 1.05
    yield "starter, 100 photographs: ours / ONNX Runtime, a second", at(photos, "factors", "clipsight"), "least", 1.3
    yield "starter, 2 prompts: whole process / JPEG decode", at(find(records, "detect"), "ratio"), "most", 4
    yield "1 thread / 2 threads, ViT-B/32, batch 32", speedup(records, False), "least", 1.85
    yield "1 thread / 2 threads, starter, batch 32", speedup(records, True), "least", 1.85
    yield "start to first result, starter, 500 x 375, ms", at(find(records, "startup"), "detect", "median_ms"), "most", 300
    starter = find(records, "agree", model="starter")
    vit = [one for one in records if one.get("bench") == "agree" and one.get("model") != "starter"]
    for precision, least, within in (("bf16", 0.999, 0.005), ("int8", 0.99, 0.01)):
        yield f"{precision} maps, starter: mean correlation", at(starter, precision, "mean"), "least", least
        yield f"{precision} maps, ViT-B/32: mean correlation", at(vit[-1] if vit else {}, precision, "mean"), "least", least
        off = at(starter, precision, "ap30_off")
        yield f"{precision}, starter: AP at IoU 0.3, off by", None if off is None else abs(off), "most", within


def verdict(value, sense, wanted):
    if value is None:
        return "not measured"
    return "reached" if (value <= wanted if sense == "most" else value >= wanted) else "MISSED"


def main():
    records = read(sys.argv[1])
    machine = find(records, "machine")
    print(f"{machine.get('version')}, {machine.get('cpu')}, load average {machine.get('load')} at the start\n")
    print("| figure | measured | wanted | |\n| --- | --- | --- | --- |")
    for what, value, sense, wanted in rows(records):
        shown = "-" if value is None else f"{value:.4g}"
        print(f"| {what} | {shown} | at {sense} {wanted} | {verdict(value, sense, wanted)} |")


if __name__ == "__main__":
    main()
