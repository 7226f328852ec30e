"""The starter's tokenizer: CLIP's rules, a vocabulary of its own learned from WordNet's text.

The file is laid out as openai/clip-vit-base-patch32's tokenizer.json: 256 byte characters, the same with
"</w>", one entry per merge, the two special tokens last.
"""

import json

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

START, END, SUFFIX = "<|startoftext|>", "<|endoftext|>", "</w>"
PATTERN = (r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")


def byte_characters():
    """CLIP's printable stand-ins for the 256 bytes, in the order of its vocabulary."""
    printable = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    rest = [b for b in range(256) if b not in printable]
    return [chr(b) for b in printable] + [chr(256 + i) for i in range(len(rest))]


def learn_merges(texts, vocab_size):
    """Merges learned from an iterator of texts; as many as leave room for bytes and specials."""
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix=SUFFIX))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(PATTERN), behavior="removed", invert=True),
         pre_tokenizers.ByteLevel(add_prefix_space=False)])
    trainer = trainers.BpeTrainer(vocab_size=vocab_size + 1024, min_frequency=2, end_of_word_suffix=SUFFIX,
                                  initial_alphabet=byte_characters(), show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return [tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in merges]


def build(texts, vocab_size):
    """The tokenizer.json document as a dict."""
    characters = byte_characters()
    tokens = characters + [c + SUFFIX for c in characters]
    known, merges = set(tokens), []
    for a, b in learn_merges(texts, vocab_size):
        if len(tokens) == vocab_size - 2:
            break
        if a in known and b in known and a + b not in known:  # another way to a known token would break the order
            merges.append([a, b])
            tokens.append(a + b)
            known.add(a + b)
    vocab = {t: i for i, t in enumerate(tokens + [START, END])}
    return document(vocab, merges)


def document(vocab, merges):
    """tokenizer.json around a vocabulary and its merges."""
    start, end = vocab[START], vocab[END]
    special = {"single_word": False, "lstrip": False, "rstrip": False, "special": True}
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{"id": start, "content": START, "normalized": True, **special},
                         {"id": end, "content": END, "normalized": False, **special}],
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "},
            {"type": "Lowercase"}]},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": PATTERN}, "behavior": "Removed", "invert": True},
            {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}]},
        "post_processor": {"type": "RobertaProcessing", "sep": [END, end], "cls": [START, start],
                           "trim_offsets": False, "add_prefix_space": False},
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {"type": "BPE", "dropout": None, "unk_token": END, "continuing_subword_prefix": "",
                  "end_of_word_suffix": SUFFIX, "fuse_unk": False, "byte_fallback": False,
                  "ignore_merges": False, "vocab": vocab, "merges": merges},
    }


def save(doc, path):
    with open(path, "w", encoding="utf-8") as f:
        json.dump(doc, f, ensure_ascii=False, separators=(",", ":"))


def load(path):
    """A `tokenizers` tokenizer that cuts to CLIP's 77 positions."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(77)
    return tokenizer
