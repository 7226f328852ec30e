"""CLIP's text tower, small, with transformers' tensor names, and its output in unit length.

Pre-layernorm transformer, causal mask, QuickGELU, final layernorm, the state at the end-of-text position,
projection without bias.
"""

import torch
import torch.nn.functional as F
from torch import nn

from class_vectors import NO_OBJECT

WIDTH, MLP, LAYERS, HEADS, POSITIONS, OUT = 256, 1024, 4, 4, 77, 512


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            setattr(self, name, nn.Linear(WIDTH, WIDTH))

    def forward(self, x, last=None):
        """x [n, t, width]; with `last` [n] only that position's output is computed, [n, width].

        Attention by hand: on sequences of ten tokens the fused kernel's backward pass takes longer than the rest.
        """
        n, t, _ = x.shape
        projections = (self.q_proj, self.k_proj, self.v_proj)
        qkv = F.linear(x, torch.cat([p.weight for p in projections]), torch.cat([p.bias for p in projections]))
        q, k, v = qkv.view(n, t, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4).reshape(
            3, n * HEADS, t, WIDTH // HEADS).unbind(0)
        if last is None:
            allowed = torch.ones(t, t, dtype=torch.bool).tril()
        else:
            q = q.view(n, HEADS, t, -1)[torch.arange(n), :, last].view(n * HEADS, 1, -1)
            allowed = (torch.arange(t) <= last[:, None]).repeat_interleave(HEADS, 0)[:, None]
        bias = torch.zeros(allowed.shape).masked_fill(~allowed, -1e9)
        scores = torch.bmm(q, k.transpose(1, 2)) * (WIDTH // HEADS) ** -0.5 + bias
        y = torch.bmm(scores.softmax(-1).to(v.dtype), v)
        y = y.view(n, HEADS, -1, WIDTH // HEADS).transpose(1, 2).reshape(n, -1, WIDTH)
        return self.out_proj(y if last is None else y[:, 0])


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(WIDTH, MLP), nn.Linear(MLP, WIDTH)

    def forward(self, x):
        y = self.fc1(x)
        return self.fc2(y * torch.sigmoid(1.702 * y))


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.self_attn, self.mlp = Attention(), Mlp()
        self.layer_norm1, self.layer_norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)

    def forward(self, x, last=None):
        y = self.self_attn(self.layer_norm1(x), last)
        x = y + (x if last is None else x[torch.arange(len(x)), last])
        return x + self.mlp(self.layer_norm2(x))


class Embeddings(nn.Module):
    def __init__(self, vocab_size):
        super().__init__()
        self.token_embedding = nn.Embedding(vocab_size, WIDTH)
        self.position_embedding = nn.Embedding(POSITIONS, WIDTH)


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))


class Tower(nn.Module):
    def __init__(self, vocab_size):
        super().__init__()
        self.embeddings, self.encoder = Embeddings(vocab_size), Encoder()
        self.final_layer_norm = nn.LayerNorm(WIDTH)


class TextModel(nn.Module):
    """ids [n, t] (anything behind the end token is ignored), lengths [n] -> unit vectors [n, 512]."""

    def __init__(self, vocab_size):
        super().__init__()
        self.text_model = Tower(vocab_size)
        self.text_projection = nn.Linear(WIDTH, OUT, bias=False)
        self._initialise()

    def _initialise(self):
        """CLIP's scales."""
        e = self.text_model.embeddings
        nn.init.normal_(e.token_embedding.weight, std=0.02)
        nn.init.normal_(e.position_embedding.weight, std=0.01)
        for layer in self.text_model.encoder.layers:
            a = layer.self_attn
            for p in (a.q_proj, a.k_proj, a.v_proj):
                nn.init.normal_(p.weight, std=WIDTH ** -0.5)
            for p in (a.out_proj, layer.mlp.fc2):
                nn.init.normal_(p.weight, std=WIDTH ** -0.5 * (2 * LAYERS) ** -0.5)
            nn.init.normal_(layer.mlp.fc1.weight, std=(2 * WIDTH) ** -0.5)
            for p in (a.q_proj, a.k_proj, a.v_proj, a.out_proj, layer.mlp.fc1, layer.mlp.fc2):
                nn.init.zeros_(p.bias)
        nn.init.normal_(self.text_projection.weight, std=WIDTH ** -0.5)
        with torch.no_grad():
            self.text_projection.weight[NO_OBJECT] = 0  # texts never use it; a zero row gets no say in training
        mask = torch.ones(OUT, 1)
        mask[NO_OBJECT] = 0
        self.text_projection.weight.register_hook(lambda g: g * mask)

    def forward(self, ids, lengths):
        e, t = self.text_model.embeddings, self.text_model
        x = e.token_embedding(ids) + e.position_embedding.weight[: ids.shape[1]]
        *lower, top = t.encoder.layers
        for layer in lower:
            x = layer(x)
        x = top(x, lengths - 1)  # of the last layer only the end token's state is used
        return F.normalize(self.text_projection(t.final_layer_norm(x)).float(), dim=-1)


@torch.no_grad()
def encode_texts(model, tokenizer, texts, batch=256):
    """Texts -> unit vectors [n, 512] as a numpy array."""
    out = []
    for i in range(0, len(texts), batch):
        ids = [e.ids for e in tokenizer.encode_batch(list(texts[i:i + batch]))]
        out.append(model(*pad(ids)))
    return torch.cat(out).numpy()


def pad(ids):
    """Lists of ids -> ([n, longest], lengths)."""
    lengths = torch.tensor([len(x) for x in ids])
    rows = torch.zeros(len(ids), int(lengths.max()), dtype=torch.long)
    for row, x in zip(rows, ids):
        row[: len(x)] = torch.tensor(x)
    return rows, lengths
