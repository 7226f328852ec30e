"""Small models in the layout of Hugging Face transformers, written and run by transformers."""
import json

import torch
from transformers import CLIPConfig, CLIPModel, CLIPProcessor, CLIPTokenizer
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

import parity_inputs as inputs
import parity_weights as weights

HALF_MEAN = [0.5, 0.5, 0.5]

# types: "f32", "f16", "bf16", or "mixed" (F16 with layer norms in F32). shard: size at which a file ends.
MODELS = {
    "hf-vit-b-32": dict(
        image=96, patch=32, vision=(128, 2, 2, 512), text=(128, 2, 2, 512, 24), act="quick_gelu", dim=64, types="f32",
        eos="last", log_scale=4.605170249938965),
    "hf-vit-b-16": dict(
        image=64, patch=16, vision=(128, 2, 2, 512), text=(64, 2, 1, 256, 16), act="quick_gelu", dim=96, types="f16",
        eos="first", log_scale=4.60546875, extra=True),
    "hf-vit-l-14": dict(
        image=70, patch=14, vision=(128, 3, 2, 512), text=(96, 2, 2, 384, 77), act="quick_gelu", dim=80, types="mixed",
        eos="last", log_scale=4.60546875, processor=True, extra=True),
    "hf-vit-h-14": dict(
        image=56, patch=14, vision=(160, 2, 2, 640), text=(128, 2, 2, 512, 32), act="gelu", dim=128, types="bf16",
        eos="first", log_scale=4.0, shard="600KB", mean=HALF_MEAN),
    "hf-vit-bigg-14": dict(
        image=42, patch=14, vision=(208, 2, 2, 1024), text=(160, 2, 2, 640, 32), act="gelu", dim=160, types="f16",
        eos="first", log_scale=4.60546875, shard="1500KB", processor=True),
    # The smallest: what other tests damage, and what dress_up() writes in other forms.
    "hf-tiny": dict(
        image=32, patch=8, vision=(16, 2, 2, 40), text=(16, 2, 2, 32, 16), act="quick_gelu", dim=12, types="f16",
        eos="last", log_scale=3.0),
}


def make_config(spec):
    width, layers, heads, mlp = spec["vision"]
    text_width, text_layers, text_heads, text_mlp, context = spec["text"]
    vocab, _ = inputs.vocabulary()
    end = len(vocab) - 1
    return CLIPConfig(
        text_config=dict(
            vocab_size=len(vocab) + spec.get("extra", False), hidden_size=text_width, intermediate_size=text_mlp, num_hidden_layers=text_layers,
            num_attention_heads=text_heads, max_position_embeddings=context, hidden_act=spec["act"],
            projection_dim=spec["dim"], bos_token_id=end - 1, eos_token_id=2 if spec["eos"] == "last" else end),
        vision_config=dict(
            hidden_size=width, intermediate_size=mlp, num_hidden_layers=layers, num_attention_heads=heads,
            image_size=spec["image"], patch_size=spec["patch"], hidden_act=spec["act"], projection_dim=spec["dim"]),
        projection_dim=spec["dim"])


def set_types(model, types):
    if types == "bf16":
        model.bfloat16()
    elif types != "f32":
        model.half()
    if types == "mixed":
        for module in model.modules():
            if isinstance(module, torch.nn.LayerNorm):
                module.float()


def make(name, folder):
    spec = MODELS[name]
    model = CLIPModel(make_config(spec))
    set_types(model, spec["types"])
    with torch.no_grad():
        weights.fill_model(model.state_dict(), spec["log_scale"])
    model.save_pretrained(folder, **({"max_shard_size": spec["shard"]} if "shard" in spec else {}))
    values = {"image_mean": spec["mean"], "image_std": spec["mean"]} if "mean" in spec else {}
    processor = CLIPImageProcessorPil(size={"shortest_edge": spec["image"]},
                                      crop_size={"height": spec["image"], "width": spec["image"]}, **values)
    tokenizer = inputs.make_tokenizer(spec.get("extra", False))
    if spec.get("processor"):
        CLIPProcessor(processor, tokenizer).save_pretrained(folder)
    else:
        processor.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    return spec["log_scale"]


def run(folder, texts, pictures):
    """Embeddings of texts and pictures, logits [pictures, texts], and the pictures as the encoder sees them."""
    model = CLIPModel.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = CLIPTokenizer.from_pretrained(folder)
    processor = CLIPImageProcessorPil.from_pretrained(folder)
    context = model.config.text_config.max_position_embeddings
    ids = tokenizer(texts, padding="max_length", truncation=True, max_length=context, return_tensors="pt")
    pixels = processor(pictures, return_tensors="pt")["pixel_values"]
    with torch.no_grad():
        out = model(input_ids=ids["input_ids"], attention_mask=ids["attention_mask"], pixel_values=pixels)
    return out.text_embeds.numpy(), out.image_embeds.numpy(), out.logits_per_image.numpy(), pixels.numpy()


# ---- One small checkpoint in the forms of other years ----

def write_json(path, tree):
    path.write_text(json.dumps(tree, indent=2) + "\n")


def with_positions(state):
    """The position_ids that files written before 2023 hold."""
    state = {name: tensor.contiguous() for name, tensor in state.items()}
    for tower in ("text_model", "vision_model"):
        name = tower + ".embeddings.position_ids"
        count = state[tower + ".embeddings.position_embedding.weight"].shape[0]
        state[name] = torch.arange(count).reshape(1, count)
    return state


def dress_old(tiny, folder):
    """As in 2021: a pickled .bin, vocab.json and merges.txt, integer sizes, eos_token_id 2, *_config_dict."""
    folder.mkdir(parents=True, exist_ok=True)
    config = json.loads((tiny / "config.json").read_text())
    config["text_config"]["eos_token_id"] = 2
    config.update(architectures=["CLIPModel"], text_config_dict=None, vision_config_dict=None, initializer_factor=1.0,
                  logit_scale_init_value=2.6592, torch_dtype="float32")
    write_json(folder / "config.json", config)
    write_json(folder / "preprocessor_config.json", {
        "crop_size": 32, "do_center_crop": True, "do_normalize": True, "do_resize": True,
        "feature_extractor_type": "CLIPFeatureExtractor", "image_mean": [0.48145466, 0.4578275, 0.40821073],
        "image_std": [0.26862954, 0.26130258, 0.27577711], "resample": 3, "size": 32})
    inputs.write_old_tokenizer(folder)
    torch.save(with_positions(CLIPModel.from_pretrained(tiny).state_dict()), folder / "pytorch_model.bin")


def dress_legacy(tiny, folder):
    """Settings in *_config_dict, which outrank *_config; position_ids in safetensors; merges as strings."""
    from safetensors.torch import save_file
    folder.mkdir(parents=True, exist_ok=True)
    config = json.loads((tiny / "config.json").read_text())
    config["vision_config_dict"] = config.pop("vision_config")
    config["text_config_dict"] = config.pop("text_config")
    config["vision_config"] = {"patch_size": 32}
    config["text_config"] = None
    write_json(folder / "config.json", config)
    write_json(folder / "preprocessor_config.json", json.loads((tiny / "preprocessor_config.json").read_text()))
    inputs.write_string_merges(tiny / "tokenizer.json", folder / "tokenizer.json")
    save_file(with_positions(CLIPModel.from_pretrained(tiny).state_dict()), folder / "model.safetensors",
              metadata={"format": "pt"})


DRESSES = {"dress-old": dress_old, "dress-legacy": dress_legacy}
