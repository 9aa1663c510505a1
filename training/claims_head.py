"""Retrains only the claims head of an exported judge; the encoder stays frozen.

``python -m training.claims_head JUDGE DATA --claims FILE… --out FOLDER`` computes the input of the
head once for each claim, trains the head on these inputs, which takes a minute, and writes a copy
of JUDGE with the new head in sixteen bits. The network's outputs for questions stay the same, bit
for bit.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from pullquote.reading.judge_input import Encoder, batch
from pullquote.reading.judge_network import CARD, MODEL, TOKENIZER, WEIGHTS
from training.claims import Claim, read_claims
from training.data import order, read, split
from training.exported import open_exported
from training.passages import TOGETHER
from training.plain_claims import plain_claims

_FIRST, _SECOND = (f"__module.claim.{n}/aten::linear/MatMul" for n in (0, 2))

#: Which of the network's outputs holds the logits of claims.
_OUTPUT = 2


def features(folder: Path, claims: Sequence[Claim]) -> NDArray[np.float32]:
    """The input of the head for each claim, ``(claims, 1536)``, from the eight-bit encoder."""
    import openvino

    core = openvino.Core()
    model = core.read_model(folder / MODEL)
    model.add_outputs([_read_by(_nodes(model)[_FIRST])])
    compiled = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    encoder = Encoder(Tokenizer.from_file(str(folder / TOKENIZER)))
    rows = []
    for claim in claims:
        arrays = batch(encoder.windows(claim.text, claim.cited)[:1])
        found = compiled([arrays.ids, arrays.mask, arrays.pool])
        rows.append(np.array(found[len(model.outputs) - 1]).reshape(-1))
    return np.array(rows, dtype=np.float32)


def _nodes(model: Any) -> dict[str, Any]:
    return {node.get_friendly_name(): node for node in model.get_ordered_ops()}


def _read_by(product: Any) -> Any:
    """The input of the head's first layer, before quantisation and smoothing."""
    node = product.input_value(0).get_node()
    while node.get_type_name() == "FakeQuantize" or node.get_friendly_name().endswith(
        "nncf_smooth_quant"
    ):
        node = node.input_value(0).get_node()
    return node.output(0)


def train(
    head: nn.Sequential, rows: Tensor, right: Tensor, held: Tensor, rate: float, epochs: int
) -> None:
    """Train ``head`` in place, with dropout on its input. Keeps the best epoch's weights.

    ``held`` marks the rows that are held out to choose that epoch.
    """
    optimizer = torch.optim.AdamW(head.parameters(), lr=rate, weight_decay=0.05)
    best, kept = float("inf"), {name: value.clone() for name, value in head.state_dict().items()}
    numbers = torch.nonzero(~held).flatten()
    for epoch in range(epochs):
        head.train()
        for part in torch.split(numbers[torch.randperm(len(numbers))], 64):
            read_by = functional.dropout(rows[part], 0.1)
            loss = functional.cross_entropy(head(read_by), right[part], label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        head.eval()
        with torch.no_grad():
            loss_held = functional.cross_entropy(head(rows[held]), right[held]).item()
        print(f"epoch {epoch}: {loss_held:.4f} on what is held out")
        if loss_held < best:
            best = loss_held
            kept = {name: value.clone() for name, value in head.state_dict().items()}
    head.load_state_dict(kept)


def write(folder: Path, out: Path, head: nn.Sequential) -> None:
    """Write a copy of the exported ``folder`` to ``out``, with ``head`` as its claims head."""
    import openvino
    from openvino import opset13 as ops

    model = openvino.Core().read_model(folder / MODEL)
    read_by = _read_by(_nodes(model)[_FIRST])
    for layer in (head[0], head[2]):
        weight, bias = (layer.get_parameter(name).detach().numpy() for name in ("weight", "bias"))
        half = ops.convert(ops.constant(weight.astype(np.float16)), "f32")
        product = ops.matmul(read_by, half, False, True)
        product.set_friendly_name(_FIRST if layer is head[0] else _SECOND)
        total = ops.add(product, ops.constant(bias.reshape(1, -1)))
        total.set_friendly_name(product.get_friendly_name().replace("MatMul", "Add"))
        read_by = ops.gelu(total, "erf").output(0) if layer is head[0] else total.output(0)
    model.outputs[_OUTPUT].get_node().input(0).replace_source_output(read_by)
    out.mkdir(parents=True, exist_ok=True)
    openvino.save_model(model, out / MODEL)
    shutil.copy(folder / TOKENIZER, out / TOKENIZER)
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    card["files"] = {
        name: sha256((out / name).read_bytes()).hexdigest() for name in (MODEL, WEIGHTS, TOKENIZER)
    }
    (out / CARD).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    """Train the head and write the folder."""
    parser = argparse.ArgumentParser(prog="python -m training.claims_head", description=__doc__)
    parser.add_argument("judge", type=Path, help="an exported folder")
    parser.add_argument("data", type=Path, help="folder of .jsonl.gz sets")
    parser.add_argument("--claims", type=Path, nargs="+", required=True)
    parser.add_argument("--plain", type=int, default=3000, help="claims that are made by rule")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--epochs", type=int, default=30)
    given = parser.parse_args()
    torch.manual_seed(31)
    claims = [claim for path in given.claims for claim in read_claims(path)]
    trained, _ = split(read(given.data))
    news = [one for one in trained if one.source in TOGETHER]
    claims += plain_claims(news, given.plain, 31)
    Random(31).shuffle(claims)
    given.out.mkdir(parents=True, exist_ok=True)
    file = given.out / "features.npy"
    if not file.exists():
        np.save(file, features(given.judge, claims))
    rows = torch.from_numpy(np.load(file))
    right = torch.tensor([int(claim.supported) for claim in claims])
    held = torch.tensor([order(claim.id) < 0.1 for claim in claims])
    head = open_exported(given.judge).claim
    train(head, rows, right, held, given.rate, given.epochs)
    write(given.judge, given.out, head)
    return 0


if __name__ == "__main__":
    sys.exit(main())
