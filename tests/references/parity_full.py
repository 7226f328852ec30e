"""Models of full size with random weights, in the libraries' own layouts. Their matrices are multiplied by three, since
freshly initialised ones make every picture look alike. The tokenizer has the whole vocabulary."""
import pathlib

import open_clip
import torch
from open_clip.push_to_hf_hub import save_for_hf
from transformers import CLIPConfig, CLIPModel, CLIPTokenizer
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

import parity_hf
import parity_inputs as inputs
import parity_openclip


def make_tokenizer():
    inputs.MERGES = 48894
    return inputs.make_tokenizer()


def strengthen(model):
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if tensor.dim() >= 2 and "position" not in name:
                tensor.mul_(3)
            elif name.endswith("bn3.weight"):  # zero at first, which would leave the residual branches out
                tensor.fill_(0.5)


def vit_b_32(folder):
    model = CLIPModel(CLIPConfig(text_config=dict(bos_token_id=49406, eos_token_id=49407)))
    strengthen(model)
    model.save_pretrained(folder)
    CLIPImageProcessorPil().save_pretrained(folder)
    make_tokenizer().save_pretrained(folder)
    return parity_hf.run


def openclip(kind, half=False, **vision):
    def write(folder):
        cfg = open_clip.get_model_config(kind)
        cfg["vision_cfg"].update(vision)
        model = parity_openclip.build(cfg)
        strengthen(model)
        if half:
            model.half()
        model.visual.image_mean, model.visual.image_std = open_clip.OPENAI_DATASET_MEAN, open_clip.OPENAI_DATASET_STD
        save_for_hf(model, make_tokenizer(), cfg, folder, safe_serialization=True)
        return parity_openclip.run
    return write


# Of ViT-H/14 the text tower alone is whole; its image tower has two blocks of 32, which makes the folder 0.8 GB.
MODELS = {"full-vit-b-32": vit_b_32, "full-rn50": openclip("RN50-quickgelu"),
          "full-vit-h-14-text": openclip("ViT-H-14", half=True, layers=2)}


def make(out: pathlib.Path, write_expected):
    inputs.write_pictures(out / "pictures")
    for name, write in MODELS.items():
        torch.manual_seed(0)
        run = write(out / name)
        write_expected(name, out / name, run, out / "pictures")
        print(name, flush=True)
