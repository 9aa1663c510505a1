"""The judge's network in PyTorch: an encoder and three heads.

The encoder is BERT's or MPNet's and takes their published weights. It is written here so that it
trains fast on a CPU: one matrix holds the query, key and value projections, and attention is
PyTorch's own function.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from pullquote.reading.judge_input import MAX_TOKENS

#: The classes of the sentence head, in order: the sentence answers; it says that exactly this is
#: not known or not said; neither.
ANSWERS, NOT_SAID, NEITHER = range(3)


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of an encoder.

    ``first_position`` is the index of the first token's position embedding; ``buckets`` is 0 for
    an encoder without relative positions.
    """

    layers: int
    width: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    first_position: int
    buckets: int
    epsilon: float

    @classmethod
    def of(cls, folder: Path, layers: int) -> Shape:
        """The shape of a published encoder's first ``layers`` layers (0: all of them)."""
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        mpnet = config["model_type"] == "mpnet"
        return cls(
            layers=min(layers or config["num_hidden_layers"], config["num_hidden_layers"]),
            width=config["hidden_size"],
            heads=config["num_attention_heads"],
            inner=config["intermediate_size"],
            vocabulary=config["vocab_size"],
            positions=config["max_position_embeddings"],
            first_position=config["pad_token_id"] + 1 if mpnet else 0,
            buckets=config["relative_attention_num_buckets"] if mpnet else 0,
            epsilon=config["layer_norm_eps"],
        )


class Layer(nn.Module):
    """A transformer layer: attention and a feed-forward block, each followed by layer norm.

    Vaswani et al., "Attention Is All You Need", 2017.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.out = nn.Linear(shape.width, shape.width)
        self.norm = nn.LayerNorm(shape.width, shape.epsilon)
        self.up = nn.Linear(shape.width, shape.inner)
        self.down = nn.Linear(shape.inner, shape.width)
        self.last_norm = nn.LayerNorm(shape.width, shape.epsilon)

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        """``hidden``: (sequences, tokens, width); ``bias`` is added to attention's logits."""
        rows, tokens, width = hidden.shape
        parts = self.qkv(hidden).view(rows, tokens, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = functional.scaled_dot_product_attention(
            query, key, value, attn_mask=bias.to(query.dtype)
        )
        mixed = mixed.transpose(1, 2).reshape(rows, tokens, width)
        hidden = self.norm(hidden + self.out(mixed))
        grown = self.down(functional.gelu(self.up(hidden)))
        normed: Tensor = self.last_norm(hidden + grown)
        return normed


class Judge(nn.Module):
    """The encoder with its heads for sentences, claims and answering words."""

    distances: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.places = nn.Embedding(shape.positions, shape.width)
        self.norm = nn.LayerNorm(shape.width, shape.epsilon)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        #: Attention bias by the distance of two tokens; row ``MAX_TOKENS`` is distance 0.
        self.register_buffer("distances", torch.zeros(2 * MAX_TOKENS + 1, shape.heads))
        self.sentence = nn.Sequential(
            nn.Linear(2 * shape.width, shape.width), nn.GELU(), nn.Linear(shape.width, 3)
        )
        self.claim = nn.Sequential(
            nn.Linear(2 * shape.width, shape.width), nn.GELU(), nn.Linear(shape.width, 2)
        )
        self.span = nn.Linear(shape.width, 2)
        # The published embeddings stay frozen: the training sets are too small to improve them.
        for fixed in (self.words, self.places):
            fixed.weight.requires_grad_(False)

    @property
    def heads(self) -> list[nn.Module]:
        """The untrained parts, which learn at a higher rate than the encoder."""
        return [self.sentence, self.claim, self.span]

    def forward(self, ids: Tensor, mask: Tensor, pool: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The logits for the arrays of a :class:`pullquote.reading.judge_input.Batch`.

        Three tensors: ``(windows, sentences, 3)`` by class of sentence; ``(windows, tokens, 2)``
        for the start and end of the answering words; and ``(windows, 2)``, whether the passage
        supports the claim that is read in place of the question (no, yes).
        """
        hidden = self.encode(ids, mask).float()
        first = hidden[:, :1]
        means = pool @ hidden
        beside = torch.cat([means, first.expand(-1, means.shape[1], -1)], dim=-1)
        filled = (pool.sum(dim=-1) > 0).to(hidden.dtype)
        whole = (means * filled[..., None]).sum(dim=1) / filled.sum(dim=1, keepdim=True).clamp(
            min=1
        )
        claims = self.claim(torch.cat([whole, first[:, 0]], dim=-1))
        return self.sentence(beside), self.span(hidden), claims

    def encode(self, ids: Tensor, mask: Tensor) -> Tensor:
        """The last hidden states, ``(windows, tokens, width)``."""
        tokens = ids.shape[1]
        places = torch.arange(tokens, device=ids.device)
        hidden: Tensor = self.words(ids) + self.places(places + self.shape.first_position)[None]
        hidden = self.norm(hidden)
        apart = places[None, :] - places[:, None] + MAX_TOKENS
        bias = self.distances[apart].permute(2, 0, 1)[None]
        hidden_keys = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * -1e4
        bias = bias + hidden_keys
        for layer in self.layers:
            hidden = layer(hidden, bias)
        return hidden


def open_published(folder: Path, layers: int) -> Judge:
    """A judge with the first ``layers`` layers of a BERT or MPNet encoder and untrained heads.

    The upper layers are dropped because an encoder loses least without them: Sajjad et al., "On
    the Effect of Dropping Layers of Pre-trained Transformer Models", 2023.
    """
    shape = Shape.of(folder, layers)
    judge = Judge(shape)
    weights = {
        name.removeprefix("bert.").removeprefix("mpnet."): tensor.float()
        for name, tensor in load_file(folder / "model.safetensors").items()
    }
    judge.load_state_dict(_renamed(weights, shape), strict=False)
    return judge


def _renamed(weights: dict[str, Tensor], shape: Shape) -> dict[str, Tensor]:
    """The published weights under the names of :class:`Judge`."""
    named = {
        "words.weight": weights["embeddings.word_embeddings.weight"],
        "places.weight": weights["embeddings.position_embeddings.weight"],
        **_both("norm", "embeddings.LayerNorm", weights),
    }
    types = weights.get("embeddings.token_type_embeddings.weight")
    if types is not None:
        # All tokens have BERT's first token type, so it can be added here.
        named["places.weight"] = named["places.weight"] + types[:1]
    if shape.buckets:
        table = weights["encoder.relative_attention_bias.weight"]
        named["distances"] = table[_buckets(shape.buckets)]
    for number in range(shape.layers):
        old, new = f"encoder.layer.{number}", f"layers.{number}"
        if shape.buckets:
            inner = [f"{old}.attention.attn.{part}" for part in "qkv"]
            out, norm = f"{old}.attention.attn.o", f"{old}.attention.LayerNorm"
        else:
            inner = [f"{old}.attention.self.{part}" for part in ("query", "key", "value")]
            out, norm = f"{old}.attention.output.dense", f"{old}.attention.output.LayerNorm"
        for kind in ("weight", "bias"):
            named[f"{new}.qkv.{kind}"] = torch.cat([weights[f"{part}.{kind}"] for part in inner])
        named |= _both(f"{new}.out", out, weights)
        named |= _both(f"{new}.norm", norm, weights)
        named |= _both(f"{new}.up", f"{old}.intermediate.dense", weights)
        named |= _both(f"{new}.down", f"{old}.output.dense", weights)
        named |= _both(f"{new}.last_norm", f"{old}.output.LayerNorm", weights)
    return named


def _both(new: str, old: str, weights: dict[str, Tensor]) -> dict[str, Tensor]:
    return {f"{new}.{kind}": weights[f"{old}.{kind}"] for kind in ("weight", "bias")}


def _buckets(count: int) -> Tensor:
    """The relative position bucket of each distance, as in T5 and MPNet (Raffel et al., 2020)."""
    distance = -(torch.arange(2 * MAX_TOKENS + 1) - MAX_TOKENS)
    half = count // 2
    side = (distance < 0).long() * half
    distance = distance.abs()
    exact = half // 2
    far = (
        exact
        + (
            torch.log(distance.float().clamp(min=1) / exact)
            / math.log(128 / exact)
            * (half - exact)
        ).long()
    )
    return side + torch.where(distance < exact, distance, far.clamp(max=half - 1))


def save(judge: Judge, path: Path) -> None:
    """Write the judge's shape and weights to a file."""
    values: dict[str, Any] = {
        name: getattr(judge.shape, name) for name in Shape.__dataclass_fields__
    }
    torch.save({"shape": values, "weights": judge.state_dict()}, path)


def load(path: Path) -> Judge:
    """The judge in a file that :func:`save` wrote."""
    state = torch.load(path, weights_only=True, map_location="cpu")
    judge = Judge(Shape(**state["shape"]))
    judge.load_state_dict(state["weights"])
    return judge
