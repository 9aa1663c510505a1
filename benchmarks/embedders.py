"""Other ways to run the bundled embedding model: faster, and how far from the same?

``python -m benchmarks.embedders FOLDER`` (articles below it; needs the ``train`` extra, to export).
Sentences and passages of the articles are embedded by PyTorch, as the product does it, and by
ONNX Runtime in fp32 and with weights of eight bits, in turns, in the same process. "The same ten"
is the share of the ten passages nearest to a sentence that both find.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from training.export import INPUTS, write_integer

from pullquote import segment
from pullquote.config import BUNDLED_EMBEDDER
from pullquote.corpus import list_sources, read_text
from pullquote.embed import BATCH, SentenceTransformersEmbedder
from pullquote.store import passage_text

#: So many of each kind are embedded, in so many turns.
TEXTS, TURNS = 600, 3

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


class _Tokens(torch.nn.Module):
    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Any, attention: Any, types: Any) -> Any:
        return self.model(ids, attention, types).last_hidden_state


def main(folder: Path) -> None:
    """Print a row for each way."""
    embedder = SentenceTransformersEmbedder.open(BUNDLED_EMBEDDER)
    sentences, passages = _texts(folder, embedder)
    with tempfile.TemporaryDirectory() as temporary:
        _export(embedder, Path(temporary))
        ways: dict[str, Encode] = {"PyTorch fp32": embedder.encode}
        for name in ("fp32", "int8"):
            ways[f"ONNX {name}"] = _onnx(embedder, Path(temporary, f"{name}.onnx"))
        seconds = {(name, kind): 0.0 for name in ways for kind in ("sentences", "passages")}
        vectors = {}
        for _ in range(TURNS):
            for name, encode in ways.items():
                for kind, texts in (("sentences", sentences), ("passages", passages)):
                    started = perf_counter()
                    vectors[name, kind] = encode(texts)
                    seconds[name, kind] += perf_counter() - started
    wanted = _nearest(vectors["PyTorch fp32", "sentences"], vectors["PyTorch fp32", "passages"])
    for name in ways:
        rates = [
            TURNS * len(t) / seconds[name, k]
            for k, t in (("sentences", sentences), ("passages", passages))
        ]
        own = vectors[name, "passages"]
        cosine = float((own * vectors["PyTorch fp32", "passages"]).sum(axis=1).mean())
        found = _nearest(vectors[name, "sentences"], own)
        same = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(wanted, found, strict=True)])
        print(
            f"{name}: {rates[0]:,.0f} sentences and {rates[1]:,.0f} passages a second; "
            f"cosine with PyTorch {cosine:.4f}; the same ten {same:.3f}"
        )


def _texts(folder: Path, embedder: SentenceTransformersEmbedder) -> tuple[list[str], list[str]]:
    sentences: list[str] = []
    passages: list[str] = []
    for source in list_sources([folder]).sources:
        article = read_text(source.article_id, source.path)
        own = segment.split(article)
        texts = [article.text[it.start : it.end] for it in own]
        sentences += texts
        tokens = embedder.count_tokens(texts)
        passages += [
            passage_text(article, own, it) for it in segment.passages(article.id, own, tokens)
        ]
    return sentences[:TEXTS], passages[:TEXTS]


def _export(embedder: SentenceTransformersEmbedder, folder: Path) -> None:
    from onnxruntime.transformers import optimizer

    model: Any = embedder._model[0].auto_model
    model.set_attn_implementation("eager")
    ids = torch.ones((2, 32), dtype=torch.long)
    axes = {0: "texts", 1: "tokens"}
    path = folder / "fp32.onnx"
    torch.onnx.export(
        _Tokens(model).eval(),
        (ids, ids.clone(), torch.zeros_like(ids)),
        str(path),
        input_names=list(INPUTS),
        output_names=["tokens"],
        dynamic_axes=dict.fromkeys((*INPUTS, "tokens"), axes),
        opset_version=17,
        dynamo=False,
    )
    heads, size = model.config.num_attention_heads, model.config.hidden_size
    fused = optimizer.optimize_model(str(path), "bert", heads, size, opt_level=0)
    fused.save_model_to_file(str(path))
    write_integer(path, folder / "int8.onnx")
    model.set_attn_implementation("sdpa")


def _onnx(embedder: SentenceTransformersEmbedder, path: Path) -> Encode:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    tokenizer = embedder._model.tokenizer

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        order = sorted(range(len(texts)), key=lambda n: -len(texts[n]))
        vectors = np.empty((len(texts), embedder.dimension), dtype=np.float32)
        for batch in _batches(order):
            fed = tokenizer(
                [texts[n] for n in batch],
                padding=True,
                truncation=True,
                max_length=256,
                return_tensors="np",
            )
            (tokens,) = session.run(None, {name: fed[name].astype(np.int64) for name in INPUTS})
            mask = fed["attention_mask"][..., np.newaxis]
            vectors[batch] = (tokens * mask).sum(axis=1) / mask.sum(axis=1)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    return encode


def _batches(order: list[int]) -> Iterator[list[int]]:
    for first in range(0, len(order), BATCH):
        yield order[first : first + BATCH]


def _nearest(questions: NDArray[np.float32], passages: NDArray[np.float32]) -> NDArray[np.int64]:
    found: NDArray[np.int64] = np.argsort(-(questions @ passages.T), axis=1)[:, :10]
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
