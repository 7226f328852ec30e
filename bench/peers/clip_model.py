"""A ViT-B/32 of CLIP's shape with random weights, for measuring: a folder as transformers writes it.

    python bench/peers/clip_model.py FOLDER

Its matrices are multiplied by 3: as they are made first, every picture would look alike and the maps would be flat. The
tokenizer is the starter's, whose vocabulary is smaller; that changes nothing of what is timed.
"""

import os
import shutil
import sys

import torch
import transformers
from transformers import CLIPConfig, CLIPModel
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

transformers.utils.logging.disable_progress_bar()

START, END = 15998, 15999  # tokens of the starter's tokenizer


def strengthen(model):
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if tensor.dim() >= 2 and "position" not in name:
                tensor.mul_(3)


def make(folder, tokenizer):
    """Writes the folder unless it is there; tokenizer: a tokenizer.json."""
    if os.path.exists(os.path.join(folder, "tokenizer.json")):
        return
    torch.manual_seed(1)
    model = CLIPModel(CLIPConfig(text_config={"bos_token_id": START, "eos_token_id": END, "pad_token_id": END}))
    strengthen(model)
    model.save_pretrained(folder)
    CLIPImageProcessorPil().save_pretrained(folder)
    shutil.copy(tokenizer, os.path.join(folder, "tokenizer.json"))


def load(folder):
    return CLIPModel.from_pretrained(folder, dtype=torch.float32).eval()


if __name__ == "__main__":
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    make(sys.argv[1], os.path.join(root, "models/starter/tokenizer.json"))
