"""The dense and the region forms of CLIP's vision transformer in PyTorch, float64, one picture at a time.

Every function follows the formula in the comment of its C counterpart (src/model/vit_dense.c, vit_scclip.c,
vit_regions.c); where a paper and its published code differ, the code is followed.
"""
import math

import torch
import torch.nn.functional as F

HF = dict(
    patches="vision_model.embeddings.patch_embedding.weight", token="vision_model.embeddings.class_embedding",
    positions="vision_model.embeddings.position_embedding.weight", pre="vision_model.pre_layrnorm",
    block="vision_model.encoder.layers.{}.", post="vision_model.post_layernorm", projection="visual_projection.weight",
    norm1="layer_norm1", norm2="layer_norm2", out="self_attn.out_proj", expand="mlp.fc1", contract="mlp.fc2",
    qkv=("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"))
OPENCLIP = dict(
    patches="visual.conv1.weight", token="visual.class_embedding", positions="visual.positional_embedding",
    pre="visual.ln_pre", block="visual.transformer.resblocks.{}.", post="visual.ln_post", projection="visual.proj",
    norm1="ln_1", norm2="ln_2", out="attn.out_proj", expand="mlp.c_fc", contract="mlp.c_proj", qkv=None)

# SC-CLIP's settings for 12 blocks.
EARLY, FIRST, MIDDLE, LAST = 4, 4, 9, 10
LEAST, SHARPNESS, CLASS_SHARE, NEIGHBOURS, SHARE = 0.4, 3.0, 0.3, 30, 0.05
NEAR = 5.0


class TooClose(Exception):
    """A decision of SC-CLIP that rounding to f32 could turn."""


def unit(x):
    return x / x.norm(dim=-1, keepdim=True)


class Vit:
    def __init__(self, state, layout, heads, layers, activation):
        self.state = {name: tensor.double() for name, tensor in state.items()}
        self.names, self.heads, self.layers = layout, heads, layers
        self.activation = (lambda x: x * torch.sigmoid(1.702 * x)) if activation == "quick_gelu" else F.gelu
        self.patch = self.state[layout["patches"]].shape[-1]

    def norm(self, name, x):
        return F.layer_norm(x, x.shape[-1:], self.state[name + ".weight"], self.state[name + ".bias"], 1e-5)

    def linear(self, name, x):
        return F.linear(x, self.state[name + ".weight"], self.state[name + ".bias"])

    def positions(self, rows, cols):
        table = self.state[self.names["positions"]]
        side = math.isqrt(len(table) - 1)
        if (rows, cols) == (side, side):
            return table
        grid = table[1:].T.reshape(1, -1, side, side)
        grid = F.interpolate(grid, size=(rows, cols), mode="bicubic", align_corners=False,
                             antialias=self.names is OPENCLIP)
        return torch.cat([table[:1], grid.reshape(table.shape[1], -1).T])

    def embed(self, picture):
        """[height, width, 3] to the states before the first block, [1 + cells, width]."""
        cells = F.conv2d(picture.permute(2, 0, 1)[None], self.state[self.names["patches"]], stride=self.patch)[0]
        rows, cols = cells.shape[1:]
        x = torch.cat([self.state[self.names["token"]][None], cells.flatten(1).T]) + self.positions(rows, cols)
        return self.norm(self.names["pre"], x)

    def project(self, x):
        x, matrix = self.norm(self.names["post"], x), self.state[self.names["projection"]]
        return x @ matrix if self.names is OPENCLIP else x @ matrix.T

    # ---- Blocks ----

    def qkv(self, block, x):
        """Three times [heads, tokens, head width]."""
        prefix = self.names["block"].format(block)
        x = self.norm(prefix + self.names["norm1"], x)
        if self.names["qkv"]:
            parts = [self.linear(prefix + name, x) for name in self.names["qkv"]]
        else:
            whole = F.linear(x, self.state[prefix + "attn.in_proj_weight"], self.state[prefix + "attn.in_proj_bias"])
            parts = whole.chunk(3, dim=-1)
        return [p.reshape(len(x), self.heads, -1).transpose(0, 1) for p in parts]

    def out(self, block, mixed):
        prefix = self.names["block"].format(block)
        return self.linear(prefix + self.names["out"], mixed.transpose(0, 1).flatten(1))

    def mlp(self, block, x):
        prefix = self.names["block"].format(block)
        hidden = self.activation(self.linear(prefix + self.names["expand"], self.norm(prefix + self.names["norm2"], x)))
        return x + self.linear(prefix + self.names["contract"], hidden)

    def block(self, block, x):
        q, k, v = self.qkv(block, x)
        weights = (q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])).softmax(-1)
        return self.mlp(block, x + self.out(block, weights @ v))

    def states(self, picture):
        """What each block but the last leaves behind; the embedding first."""
        found = [self.embed(picture)]
        for block in range(self.layers - 1):
            found.append(self.block(block, found[-1]))
        return found

    # ---- The last block, patch by patch: [cells, width] ----

    def maskclip(self, states, grid):
        x = states[-1]
        x = x + self.out(self.layers - 1, self.qkv(self.layers - 1, x)[2])
        return self.mlp(self.layers - 1, x)[1:]

    def clearclip(self, states, grid):
        q, _, v = self.qkv(self.layers - 1, states[-1])
        weights = (q @ q.transpose(1, 2) / math.sqrt(q.shape[-1])).softmax(-1)
        return self.out(self.layers - 1, weights @ v)[1:]

    def naclip(self, states, grid):
        _, k, v = self.qkv(self.layers - 1, states[-1])
        row, col = torch.meshgrid(torch.arange(grid[0]), torch.arange(grid[1]), indexing="ij")
        place = torch.stack([row.flatten(), col.flatten()], dim=1).double()
        bias = torch.zeros(len(place) + 1, len(place) + 1, dtype=torch.float64)
        bias[1:, 1:] = torch.exp(-torch.cdist(place, place) ** 2 / (2 * NEAR**2))
        weights = (k @ k.transpose(1, 2) / math.sqrt(k.shape[-1]) + bias).softmax(-1)
        return self.out(self.layers - 1, weights @ v)[1:]

    def scclip(self, states, grid):
        def at(twelfths):
            return min((twelfths * self.layers + 6) // 12, self.layers - 1)

        outliers = find_outliers(states[-1][1:])
        middle = unit(replace(states[at(MIDDLE)][1:], outliers, grid))
        alike = middle @ middle.T
        difference = SHARPNESS * (alike - alike.mean())
        attention = difference.masked_fill(difference < 0, -math.inf).softmax(-1)
        mixed = shares(alike) @ replace(states[-1][1:], outliers, grid)
        total = sum(states[at(FIRST):at(LAST) + 1])
        y = self.read(mixed, attention) + CLASS_SHARE * states[-1][:1]
        y = y + self.read(total[1:], attention) + CLASS_SHARE * total[:1]
        early = unit(states[at(EARLY)][1:])
        return shares(early @ early.T) @ y

    def read(self, x, attention):
        _, k, v = self.qkv(self.layers - 1, x)
        weights = (k @ k.transpose(1, 2) / math.sqrt(k.shape[-1])).softmax(-1)
        return self.out(self.layers - 1, (weights + attention) / 2 @ v)

    # ---- What is compared ----

    def dense(self, variant, picture, texts, sides):
        """[texts, rows, cols]."""
        grid = picture.shape[0] // self.patch, picture.shape[1] // self.patch
        cells = getattr(self, variant.replace("-", ""))(self.states(picture), grid)
        return score(self.project(cells).reshape(*grid, -1), texts, sides)

    def regions(self, picture, masks):
        """masks: [k, rows, cols], bool. [k, dim], unit length."""
        x = self.embed(picture)
        copies = x[:1].repeat(len(masks), 1)
        # a copy sees the patches of its region and itself
        seen = torch.cat([masks.flatten(1), torch.eye(len(masks), dtype=torch.bool)], dim=1)
        for block in range(self.layers):
            q, k, v = self.qkv(block, torch.cat([x[1:], copies]))
            scores = q[:, -len(masks):] @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
            mixed = scores.masked_fill(~seen, -math.inf).softmax(-1) @ v
            copies = self.mlp(block, copies + self.out(block, mixed))
            x = self.block(block, x)
        return unit(self.project(copies))

    def whole(self, picture):
        """The picture's own embedding."""
        x = self.embed(picture)
        for block in range(self.layers):
            x = self.block(block, x)
        return unit(self.project(x[:1]))


def find_outliers(cells):
    """[cells], bool. The local outlier factor in SC-CLIP's form."""
    count = NEIGHBOURS if len(cells) - 1 > NEIGHBOURS else (len(cells) - 1) // 2
    distances = torch.cdist(cells, cells) ** 2
    distances.fill_diagonal_(-1)  # itself comes first and is dropped
    nearest = distances.topk(count + 1, largest=False)
    reach, index = nearest.values[:, -1], nearest.indices[:, 1:]
    factors = reach * (1 / reach[index]).mean(1)
    limit = factors.quantile(1 - SHARE)
    found = factors > limit
    between = factors[found].min() - factors[~found].max()
    if between < 1e-5:
        raise TooClose(f"outliers are told by {between}")
    return found


def replace(cells, outliers, grid):
    """Outliers become the mean of their neighbours that are none."""
    made = cells.clone()
    for index in outliers.nonzero().flatten().tolist():
        row, col = divmod(index, grid[1])
        near = [r * grid[1] + c for r in range(row - 1, row + 2) for c in range(col - 1, col + 2)
                if 0 <= r < grid[0] and 0 <= c < grid[1] and not outliers[r * grid[1] + c]]
        if near:
            made[index] = cells[near].mean(0)
    return made


def shares(cosines):
    margin = min((cosines - LEAST).abs().min(), (cosines - cosines.mean()).abs().min())
    if margin < 2e-6:
        raise TooClose(f"a cosine lies {margin} from where it would count")
    kept = cosines.masked_fill(cosines < LEAST, 0)
    return kept / (kept.sum(-1, keepdim=True) + 1e-6)


def local_mean(x, side):
    """[rows, cols, dim]; cells beyond the border do not count."""
    x = x.permute(2, 0, 1)[None]
    return F.avg_pool2d(x, side, 1, side // 2, count_include_pad=False)[0].permute(1, 2, 0)


def score(cells, texts, sides):
    """Embeddings [rows, cols, dim] to cosines [texts, rows, cols], averaged over the sides of neighbourhoods."""
    maps = [torch.einsum("td,rcd->trc", texts, unit(local_mean(cells, side))) for side in sides]
    return torch.stack(maps).mean(0)
