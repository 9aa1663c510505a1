"""Runs a converted model with OpenVINO, without importing torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING, Any

import numpy as np
from tokenizers import Tokenizer

from pullquote.inference import openvino

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pullquote.protocols import Vectors

#: Texts in one forward pass. Their number of tokens is padded to a multiple of ``MULTIPLE``, so
#: that few shapes occur. Batches of 2 to 8 were the fastest of 1 to 32 on two cores; measure with
#: ``benchmarks/embedding.py``.
BATCH, MULTIPLE = 4, 16


class OpenVINONetwork:
    """A network from token ids and their mask to vectors. Thread-safe.

    ``longest`` is how many tokens of a text are read, including special ones. The precision is
    bfloat16 if that is OpenVINO's default for the processor, otherwise float32.
    """

    def __init__(
        self,
        graph: bytes,
        weights: NDArray[np.uint8],
        tokenizer: Path,
        *,
        digest: str,
        dimension: int,
        longest: int,
    ) -> None:
        self.digest = digest
        self.dimension = dimension
        core = openvino.Core()
        default = core.get_property("CPU", "INFERENCE_PRECISION_HINT")
        precision = "bf16" if default == openvino.Type.bf16 else "f32"
        self.runs_by = f"OpenVINO, {'bfloat16' if precision == 'bf16' else 'float32'}"
        # One batch per core is faster than one batch on all cores.
        options = {"PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_PRECISION_HINT": precision}
        model = core.read_model(graph, openvino.Tensor(weights))
        self._model = core.compile_model(model, "CPU", options)
        self._own = local()
        # Truncate to sentence-transformers' length, not to the one in the tokenizer file.
        self._whole = Tokenizer.from_file(str(tokenizer))
        self._whole.no_padding()
        self._whole.no_truncation()
        self._cut = Tokenizer.from_str(self._whole.to_str())
        self._cut.enable_truncation(longest)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape ``(len(texts), dimension)``, rows L2-normalised."""
        rows = [encoding.ids for encoding in self._cut.encode_batch_fast(list(texts))]
        vectors: Vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        requests = self._requests()

        def keep(request: Any, places: list[int]) -> None:
            vectors[places] = request.get_output_tensor(0).data

        requests.set_callback(keep)
        try:
            for places, ids, mask in _batches(rows):
                requests.start_async([ids, mask], places)
        finally:
            requests.wait_all()  # before the next call sets another callback
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of the model's tokens in each text, special ones not counted."""
        encoded = self._whole.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encoded]

    def _requests(self) -> Any:
        """This thread's inference queue, with as many requests as can run at once."""
        if not hasattr(self._own, "requests"):
            self._own.requests = openvino.AsyncInferQueue(self._model)
        return self._own.requests


def _batches(
    rows: Sequence[Sequence[int]],
) -> Iterator[tuple[list[int], NDArray[np.int64], NDArray[np.int64]]]:
    """Batches of texts of similar length, the longest first: places, padded ids and masks."""
    order = sorted(range(len(rows)), key=lambda place: len(rows[place]), reverse=True)
    for first in range(0, len(order), BATCH):
        places = order[first : first + BATCH]
        length = -(-len(rows[places[0]]) // MULTIPLE) * MULTIPLE
        ids = np.zeros((len(places), length), dtype=np.int64)
        mask = np.zeros_like(ids)
        for slot, place in enumerate(places):
            ids[slot, : len(rows[place])] = rows[place]
            mask[slot, : len(rows[place])] = 1
        yield places, ids, mask
