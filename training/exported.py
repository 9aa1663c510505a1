"""Reads an exported judge back as weights that can be trained further.

A matrix of the exported network is stored as eight-bit numbers times a scale for each row. In some
matrices the columns were also multiplied, to even out the activations (SmoothQuant: Xiao et al.,
2023). Undoing both gives the trained weights to within half a step of the scale; some hundred
training steps make up for this error.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pullquote.reading.judge_network import MODEL
from training.model import Judge, Shape

_TABLES = {
    "words": "__module.words/aten::embedding/Gather",
    "places": "__module.places/aten::embedding/Gather",
}
_DISTANCES = "aten::index/Gather"


def open_exported(folder: Path) -> Judge:
    """The judge in ``folder/model.xml``, which :mod:`training.export` wrote.

    Raises :class:`ValueError` if the file has another form.
    """
    import openvino

    model = openvino.Core().read_model(folder / MODEL)
    nodes = {node.get_friendly_name(): node for node in model.get_ordered_ops()}
    weights: dict[str, Tensor] = {}
    try:
        for name, gather in _TABLES.items():
            weights[f"{name}.weight"] = _tensor(_value(nodes[gather].input_value(0)))
        weights["distances"] = _tensor(_value(nodes[_DISTANCES].input_value(0)))
        for name, node in nodes.items():
            path, _, kind = name.removeprefix("__module.").partition("/")
            if kind == "aten::linear/MatMul":
                weights[f"{path}.weight"] = _tensor(_matrix(node))
                weights[f"{path}.bias"] = _vector(nodes[f"__module.{path}/aten::linear/Add"])
            elif kind == "aten::layer_norm/Multiply_1":
                weights[f"{path}.weight"] = _vector(node)
                weights[f"{path}.bias"] = _vector(nodes[f"__module.{path}/aten::layer_norm/Add"])
        judge = Judge(_shape(weights))
        judge.load_state_dict(weights)
    except (KeyError, RuntimeError) as error:
        raise ValueError(f"{folder / MODEL} is no judge that training.export wrote.") from error
    return judge


def _shape(weights: dict[str, Tensor]) -> Shape:
    inner, width = weights["layers.0.up.weight"].shape
    mpnet = bool(weights["distances"].any())
    return Shape(
        layers=len({name.split(".")[1] for name in weights if name.startswith("layers.")}),
        width=width,
        heads=weights["distances"].shape[1],
        inner=inner,
        vocabulary=len(weights["words.weight"]),
        positions=len(weights["places.weight"]),
        first_position=2 if mpnet else 0,
        buckets=32 if mpnet else 0,
        epsilon=1e-5 if mpnet else 1e-12,
    )


def _matrix(product: Any) -> NDArray[np.float32]:
    """The weights of a matrix product, ``(out, in)``, with the smoothing of its input undone."""
    weight = _value(product.input_value(1))
    before = product.input_value(0).get_node()
    while before.get_type_name() == "FakeQuantize":
        before = before.input_value(0).get_node()
    if before.get_friendly_name().endswith("nncf_smooth_quant"):
        weight = weight * _value(before.input_value(1)).reshape(1, -1)
    return weight


def _vector(node: Any) -> Tensor:
    """The constant operand of a sum or product."""
    sides = [node.input_value(number).get_node() for number in (0, 1)]
    constant = next(side for side in sides if side.get_type_name() in ("Constant", "Convert"))
    return _tensor(_value(constant.output(0)).reshape(-1))


def _value(output: Any) -> NDArray[np.float32]:
    """The value of a constant, with its quantisation undone."""
    node = output.get_node()
    kind = node.get_type_name()
    if kind == "Constant":
        return np.asarray(node.get_data(), dtype=np.float32)
    parts = [_value(node.input_value(number)) for number in range(node.get_input_size())]
    if kind == "Multiply":
        return parts[0] * parts[1]
    if kind == "Subtract":
        return parts[0] - parts[1]
    if kind in ("Convert", "FakeQuantize"):
        return parts[0]
    raise KeyError(kind)


def _tensor(values: NDArray[np.float32]) -> Tensor:
    return torch.from_numpy(np.array(values, dtype=np.float32))
