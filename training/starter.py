"""The exported folder read back in PyTorch: the reference that the C side is compared with."""

import os

import torch
from safetensors.torch import load_file

import bpe
import image_model
from text_model import TextModel, encode_texts


class Starter:
    """encode_texts and encode_images in float32, with the weights as they are stored."""

    def __init__(self, folder):
        t = {k: v.float() for k, v in load_file(os.path.join(folder, "model.safetensors")).items()}
        self.w = t["visual_head.class_embedding.weight"].numpy()
        self.images = image_model.ImageModel(
            {k[len("vision_model."):]: v for k, v in t.items() if k.startswith("vision_model.")})
        self.tokenizer = bpe.load(os.path.join(folder, "tokenizer.json"))
        text = {k: v for k, v in t.items() if k.startswith("text_")}
        self.text = TextModel(len(text["text_model.embeddings.token_embedding.weight"])).eval()
        self.text.load_state_dict(text)

    def encode_texts(self, texts):
        """[n, 512] unit vectors."""
        return encode_texts(self.text, self.tokenizer, texts)

    def encode_images(self, pictures):
        """[n, 512] unit vectors of PIL pictures."""
        p = self.images.classes(torch.stack([image_model.preprocess(x) for x in pictures])).numpy()
        return image_model.image_embedding(p, self.w)

    def class_scores(self, texts):
        """[1000, n]: the cosine of each class's vector with each text."""
        return self.w @ self.encode_texts(texts)[:, : self.w.shape[1]].T

