"""Makes tests/data/text with Hugging Face `tokenizers`, the reference. Run from the project's root:

    pip install tokenizers==0.23.3 unicodedata2==18.0.0
    pip install --no-deps open-clip-torch==3.3.0          (only where clip/merges.txt is to be made again)
    python tests/references/make_text.py                  writes tests/data/text
    python tests/references/make_text.py --tables         writes src/text/newer_unicode.c
    python tests/references/make_text.py --compare PROGRAM [COUNT]
                                                          compares with tests/text/tokenize_stdin.c, see there
    python tests/references/make_text.py --compare-model PROGRAM FOLDER [COUNT]
                                                          the same for a model's own tokenizer.json

texts.bin holds texts as u32 length + UTF-8; *_ids.bin hold u16 count + u16 ids of the same texts (all ids, uncut, with
start and end), little-endian.
"""
import gzip
import importlib.metadata
import json
import pathlib
import random
import struct
import subprocess
import sys
import unicodedata

import unicodedata2
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DATA = ROOT / "tests" / "data" / "text"
START, END, SUFFIX = "<|startoftext|>", "<|endoftext|>", "</w>"
PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
LITERALS = r"<\|startoftext\|>|<\|endoftext\|>|"
CODES = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]


# ---- Tokenizers ----

def byte_characters():
    """The printable stand-ins for the bytes, in the order of CLIP's vocabulary."""
    printable = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    return [chr(b) for b in printable] + [chr(256 + i) for i in range(256 - len(printable))]


def ordered_vocabulary(merges):
    characters = byte_characters()
    tokens = characters + [c + SUFFIX for c in characters] + [a + b for a, b in merges] + [START, END]
    vocabulary = {token: i for i, token in enumerate(tokens)}
    assert len(vocabulary) == len(tokens)
    return vocabulary


def set_rules(tokenizer, literals, again):
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    pattern = (LITERALS if literals else "") + PATTERN
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(pattern), behavior="removed", invert=True),
         pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=again)])


def build(vocabulary, merges, literals=True, again=True, normalized_start=False):
    """A tokenizer with all parts of openai/clip-vit-base-patch32's."""
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, end_of_word_suffix=SUFFIX, unk_token=END,
                                     continuing_subword_prefix="", fuse_unk=False))
    set_rules(tokenizer, literals, again)
    tokenizer.post_processor = processors.RobertaProcessing((END, vocabulary[END]), (START, vocabulary[START]),
                                                            False, False)
    tokenizer.add_special_tokens([AddedToken(START, normalized=normalized_start, special=True),
                                  AddedToken(END, normalized=False, special=True)])
    assert tokenizer.encode("a cat").ids != tokenizer.encode("two dogs").ids
    return tokenizer


def clip_merges():
    """CLIP's merges from the package, if it is installed, else the committed ones."""
    path = DATA / "clip" / "merges.txt"
    try:
        files = importlib.metadata.files("open-clip-torch")
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == "bpe_simple_vocab_16e6.txt.gz":
            lines = gzip.open(file.locate(), "rt", encoding="utf-8").read().split("\n")[1:48895]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("#version: 0.2\n" + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return [tuple(line.split(" ")) for line in path.read_text(encoding="utf-8").split("\n")[1:-1]]


def clip_tokenizer():
    merges = clip_merges()
    vocabulary = ordered_vocabulary(merges)
    assert len(vocabulary) == 49408
    return build(vocabulary, merges)


def small_merges(texts, size):
    """A few merges learned from the texts, in an order in which CLIP's vocabulary order holds."""
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix=SUFFIX))
    set_rules(tokenizer, True, True)
    trainer = trainers.BpeTrainer(vocab_size=size + 600, end_of_word_suffix=SUFFIX, show_progress=False,
                                  initial_alphabet=byte_characters())
    tokenizer.train_from_iterator(texts, trainer)
    known, merges = set(byte_characters()), []
    known |= {c + SUFFIX for c in known}
    for a, b in json.loads(tokenizer.to_str())["model"]["merges"]:
        if a in known and b in known and a + b not in known and len(merges) < size:
            known.add(a + b)
            merges.append((a, b))
    return merges


# ---- Texts ----

WORDS = ("a photo of the two black dogs cat kitten puppy tv cell phone sofa aeroplane bird boat bottle bus car chair "
         "person man woman child running beautiful UNBELIEVABLE Internationalization café naïve Straße ΟΔΟΣ Ǆ ǅ ﬁ ﬂ "
         "don't it's we're I've I'm they'll he'd 'S 'T 'RE rock'n'roll o'clock 's ''s 'ss 'st ’s ‘tis \"quoted\" "
         "co-operate e-mail @user #tag http://example.org/?q=1&r=2 &amp; 3.14 1,000,000 50% $5 x² ½ Ⅷ ①").split()
PIECES = ["\U0001F468\u200D\U0001F469\u200D\U0001F467", "\U0001F1E9\U0001F1EA", "\U0001F44D\U0001F3FD", "❤️", "\uFE0F",
          "e\u0301", "a\u0323\u0302", "a\u0302\u0323", "\u1EAD", "q\u0307\u0323", "\u1100\u1161\u11A8", "\uAC01",
          "\uAC00\u11A8", "\u1100\u1161", "한국어", "日本語", "中文字符", "العربية", "שָׁלוֹם", "हिन्दी", "क़", "\u0958", "ภาษาไทย",
          "٣٤٥", "१२३", "๑๒", "𝟘𝟙", "\u0130stanbul", "I\u0307", "ß", "\u1E9E", "ŉ", "ﬀﬁﬂﬃﬄ", "\u212B", "\u2126",
          "\uFB2C", "\U0001D160", "\u0344", "\u0F73", "\u0340", "\u180E", "\u200B", "\uFEFF", "\0", "\x1c", "\x1f",
          "\x7f", "\x85", "\xa0", "\u1680", "\u2003", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000", "\t", "\r\n",
          "\v\f", "  ", "\uD7FF", "\uE000", "\uF8FF", "\uFFFD", "\uFFFE", "\uFFFF", "\U0010FFFF", "\U000E0041",
          "\u0378", "\U0001FAFF", "\U0002EBF0", "\u1C89", "\uA7DC", "\U00011935\U00011930", "a\u1DFA\u0301", "\u0898",
          START, END, "<|STARTOFTEXT|>", "<|EndOfText|>", "<|startoftext", "<|endoftext|>!!", "!!<|startoftext|>!",
          "<|ENDOFTEXT|>s", START + END, "<|", "|>", "<", "'", "’", "…", "—", "''", "!!!", "?!", "`", "\\", "\u0301"]
BLOCKS = [(0x20, 0x7E), (0, 0x1F), (0x80, 0xFF), (0x100, 0x24F), (0x250, 0x2FF), (0x300, 0x36F), (0x370, 0x3FF),
          (0x400, 0x52F), (0x530, 0x58F), (0x590, 0x5FF), (0x600, 0x6FF), (0x700, 0x8FF), (0x900, 0xDFF),
          (0xE00, 0xFFF), (0x1000, 0x10FF), (0x1100, 0x11FF), (0x1200, 0x13FF), (0x1400, 0x17FF), (0x1800, 0x1AFF),
          (0x1B00, 0x1CFF), (0x1D00, 0x1DFF), (0x1E00, 0x1FFF), (0x2000, 0x20FF), (0x2100, 0x21FF), (0x2200, 0x27FF),
          (0x2C00, 0x2DFF), (0x2E80, 0x33FF), (0x4E00, 0x4EFF), (0xA000, 0xABFF), (0xAC00, 0xD7FF), (0xE000, 0xF8FF),
          (0xF900, 0xFAFF), (0xFB00, 0xFDFF), (0xFE00, 0xFFFF), (0x10000, 0x10FFF), (0x11000, 0x11FFF),
          (0x12000, 0x16FFF), (0x17000, 0x1BFFF), (0x1C000, 0x1D7FF), (0x1E000, 0x1F2FF), (0x1F300, 0x1FAFF),
          (0x20000, 0x2A6FF), (0x2B000, 0x323AF), (0xE0000, 0xE01FF), (0xF0000, 0x10FFFF)]


def random_word(r):
    kind = r.randrange(10)
    if kind < 3:
        return r.choice(WORDS)
    if kind < 6:
        return r.choice(PIECES)
    low, high = r.choice(BLOCKS)
    if kind == 9:  # marks in any order behind letters
        return "".join(chr(r.randrange(0x61, 0x7B)) + "".join(chr(r.randrange(0x300, 0x370)) for _ in range(r.randrange(4)))
                       for _ in range(r.randrange(1, 4)))
    return "".join(chr(r.randrange(low, high + 1)) for _ in range(r.randrange(1, 9)))


def random_text(r):
    gap = r.choice(["", " ", " ", " ", "  ", "\t", "\u3000", "-", "'"])
    text = gap.join(random_word(r) for _ in range(r.randrange(1, 9)))
    if r.randrange(4) == 0:
        text = text.upper()
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def long_texts():
    r = random.Random(3)
    marks = "".join(chr(r.choice([0x300, 0x323, 0x334, 0x345, 0x5B0])) for _ in range(1000))
    return ["a" * 10000, ("the quick brown fox " * 500)[:10000], "internationalization" * 500, "\U0001F600" * 500,
            "o" + marks]


def texts(count):
    r = random.Random(20)
    simple = ["", " ", "a", "a cat", "a photo of a fluffy cat", "A Photo Of A CAT.", " ".join(WORDS)]
    pairs = [a + b for a in PIECES for b in (r.choice(PIECES), "a")]
    fixed = simple + WORDS + PIECES + ["x" + p + "y" for p in PIECES] + ["!" + p + "!" for p in PIECES] + pairs
    fixed += long_texts()
    return fixed + [random_text(r) for _ in range(count - len(fixed))]


# ---- Files ----

def write_texts(path, items):
    with open(path, "wb") as file:
        for item in items:
            data = item.encode("utf-8")
            file.write(struct.pack("<I", len(data)) + data)


def write_ids(path, tokenizer, items):
    with open(path, "wb") as file:
        for encoding in tokenizer.encode_batch(items):
            file.write(struct.pack(f"<H{len(encoding.ids)}H", len(encoding.ids), *encoding.ids))


def write_json(path, document):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def write_small(items):
    """One little vocabulary in three forms: the newest, one with all that older files do otherwise, and two files."""
    merges = small_merges([" ".join(WORDS)] * 2 + items[:300], 300)
    vocabulary = ordered_vocabulary(merges)
    new = build(vocabulary, merges, normalized_start=True)
    write_json(DATA / "small" / "tokenizer.json", json.loads(new.to_str()))
    write_ids(DATA / "small_ids.bin", new, items)

    kept = {t: i for t, i in vocabulary.items() if t not in ("ð", "ð" + SUFFIX)}  # bytes that only unk_token stands for
    old_merges = [m for m in merges if "ð" not in m[0] + m[1]]
    old = build({t: i for t, i in kept.items() if "ð" not in t}, old_merges, literals=False, again=False)
    document = json.loads(old.to_str())
    document["model"]["merges"] = [" ".join(m) for m in old_merges]
    for key in ("type", "byte_fallback", "ignore_merges"):
        del document["model"][key]
    write_json(DATA / "old" / "tokenizer.json", document)
    write_ids(DATA / "old_ids.bin", Tokenizer.from_str(json.dumps(document)), items)

    write_json(DATA / "files" / "vocab.json", vocabulary)
    lines = "".join(f"{a} {b}\n" for a, b in merges)
    (DATA / "files" / "merges.txt").write_text("#version: 0.2\n" + lines, encoding="utf-8", newline="\n")
    write_ids(DATA / "files_ids.bin", build(vocabulary, merges), items)


def write_data():
    items = texts(1500)
    clip = clip_tokenizer()
    write_texts(DATA / "texts.bin", items)
    write_ids(DATA / "clip_ids.bin", clip, items)
    short = [t for t in items if len(t) < 200][:600]
    write_texts(DATA / "short_texts.bin", short)
    write_small(short)


# ---- Unicode tables ----

def reference_classes():
    """The class of every code point as the reference's regular expressions see it."""
    classes = dict.fromkeys(CODES, "OTHER")
    text = "".join(map(chr, CODES))
    for name, pattern in (("SPACE", r"\s"), ("LETTER", r"\p{L}"), ("NUMBER", r"\p{N}")):
        found = pre_tokenizers.Split(Regex(pattern), behavior="removed", invert=True).pre_tokenize_str(text)
        classes.update((ord(c), name) for c, _ in found)
    return classes


def unicode_class(data, c):
    category = data.category(chr(c))[0]
    return {"L": "LETTER", "N": "NUMBER"}.get(category, "OTHER")


def class_rows():
    classes, rows = reference_classes(), []
    for c in CODES:
        if classes[c] == "SPACE" or all(unicode_class(d, c) == classes[c] for d in (unicodedata, unicodedata2)):
            continue
        if rows and rows[-1][2] == classes[c] and all(classes.get(x) == classes[c] for x in range(rows[-1][1], c)):
            rows[-1][1] = c
        else:
            rows.append([c, c, classes[c]])
    return rows


def lower_rows():
    """Code points whose lower case Unicode 14 (this Python's) does not have."""
    reference, rows = normalizers.Lowercase(), []
    for c in CODES:
        lower = reference.normalize_str(chr(c))
        if c == 0x130 or lower == chr(c).lower():
            continue
        assert len(lower) == 1
        offset = ord(lower) - c
        if rows and rows[-1][2] == offset and rows[-1][1] == c - 1:
            rows[-1][1] = c
        else:
            rows.append([c, c, offset])
    return rows


def alone_rows():
    """Marks and parts of compositions that the reference's older NFC does not know."""
    nfc, nfd, codes = normalizers.NFC(), normalizers.NFD(), set()
    for c in CODES:
        for data in (unicodedata, unicodedata2):
            pair = "\u0345" + chr(c)
            if data.combining(chr(c)) and c != 0x345 and nfd.normalize_str(pair) == pair:
                codes.add(c)
            decomposed = data.normalize("NFD", chr(c))
            if decomposed != nfd.normalize_str(chr(c)):
                known = any(nfd.normalize_str("\u0345" + x) != "\u0345" + x for x in decomposed[1:])
                codes |= {c} | {ord(x) for x in (decomposed[0] if known else decomposed[1:])}
    assert all(nfc.normalize_str(chr(c)) == chr(c) for c in codes)
    rows = []
    for c in sorted(codes):
        if rows and rows[-1][1] == c - 1:
            rows[-1][1] = c
        else:
            rows.append([c, c])
    return rows


def table(kind, name, rows):
    cells = []
    for row in rows:
        last = [] if len(row) == 2 else [f"CS_CHAR_{row[2]}" if isinstance(row[2], str) else str(row[2])]
        cells.append("{" + ", ".join([f"0x{row[0]:x}", f"0x{row[1]:x}"] + last) + "}")
    lines, line = [], "   "
    for cell in cells:
        if len(line) + len(cell) > 117:
            lines.append(line)
            line = "   "
        line += " " + cell + ","
    lines.append(line)
    return (f"const {kind} {name}[] = {{\n" + "\n".join(lines) + "\n};\n"
            f"const size_t {name}_count = sizeof {name} / sizeof *{name};\n")


def write_tables():
    assert unicodedata.unidata_version == "14.0.0", "run this with Python 3.11 or 3.12's Unicode 14 or 15"
    (ROOT / "src" / "text" / "newer_unicode.c").write_text(
        "/* Written by tests/references/make_text.py --tables. */\n/* clang-format off */\n"
        "#include \"text/newer_unicode.h\"\n\n"
        + table("cs_class_range", "cs_newer_classes", class_rows()) + "\n"
        + table("cs_lower_range", "cs_newer_lower", lower_rows()) + "\n"
        + table("cs_alone_range", "cs_newer_alone", alone_rows()))


# ---- Comparison ----

def run_program(program, folder, items):
    data = b"".join(struct.pack("<I", len(t.encode())) + t.encode() for t in items)
    out = subprocess.run([program, folder], input=data, stdout=subprocess.PIPE, check=True).stdout
    numbers = struct.unpack(f"<{len(out) // 4}i", out)
    at = 0
    for _ in items:
        yield list(numbers[at + 1:at + 1 + numbers[at]])
        at += 1 + numbers[at]


def compare(program, folder, tokenizer, count):
    """Every code point between letters, punctuation, digits and marks, then random texts."""
    r = random.Random(7)
    points = [f"a{chr(c)}a!{chr(c)}!1{chr(c)}{chr(c)} e\u0345{chr(c)}\u0323\u0301 {chr(c).upper()}" for c in CODES]
    for name, items in (("code points", points), ("random texts", [random_text(r) for _ in range(count)] + long_texts())):
        different = 0
        for start in range(0, len(items), 50000):
            part = items[start:start + 50000]
            for text, ours, theirs in zip(part, run_program(program, folder, part), tokenizer.encode_batch(part)):
                if ours != theirs.ids:
                    different += 1
                    if different <= 10:
                        print(ascii(text[:100]), ours[:20], theirs.ids[:20])
        print(f"{name}: {different} of {len(items)} differ", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--tables"]:
        write_tables()
    elif sys.argv[1:2] == ["--compare"]:
        compare(sys.argv[2], str(DATA / "clip"), clip_tokenizer(), int((sys.argv[3:] + ["200000"])[0]))
    elif sys.argv[1:2] == ["--compare-model"]:
        model = Tokenizer.from_file(sys.argv[3] + "/tokenizer.json")
        model.no_truncation()
        model.no_padding()
        compare(sys.argv[2], sys.argv[3], model, int((sys.argv[4:] + ["200000"])[0]))
    else:
        write_data()
