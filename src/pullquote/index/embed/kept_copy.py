"""The converted copy of the bundled model, in the user's cache folder.

The copy is one file: a line with the SHA-256 of all that follows, a line of JSON that describes the
model, the graph, and the weights. The file name contains a digest of the model's own files, so that
each model has its own copy.
"""

from __future__ import annotations

import json
import logging
import os
from hashlib import file_digest, sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from platformdirs import user_cache_path

from pullquote.errors import ModelError
from pullquote.index.embed.openvino_network import OpenVINONetwork
from pullquote.inference import openvino

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pullquote.index.embed.torch_network import TorchNetwork

_LOG = logging.getLogger(__name__)

#: Version of the file format and of the conversion.
_FORM = 1

#: The files of the model that decide its vectors.
_DECIDING = ("*.safetensors", "*.json", "*/*.json")

#: In bytes.
_LONGEST_LINE = 1024

_TOKENIZER = "tokenizer.json"

#: The least cosine between the vectors of a new copy and of the model, on :data:`_TRIED`.
_ALIKE = 0.999

_TRIED = ("The mill opened.", "Who said, in the debate of 1901, that the ferry was sold?")


class KeptCopy:
    """The copy of the model ``name``, whose own files are in ``folder``."""

    def __init__(self, name: str, folder: Path) -> None:
        self._tokenizer = folder / _TOKENIZER
        digest = sha256(str(_FORM).encode())
        for file in sorted(path for pattern in _DECIDING for path in folder.glob(pattern)):
            with file.open("rb") as opened:
                digest.update(file_digest(opened, "sha256").digest())
        kept = user_cache_path("pullquote", appauthor=False)
        self.file = kept / f"{name}-{digest.hexdigest()[:32]}.openvino"

    def open(self) -> OpenVINONetwork | None:
        """The network, or ``None`` if there is no usable copy."""
        try:
            return self._read(self.file)
        except OSError:
            return None
        # An older runtime raises RuntimeError for a file that a newer one wrote.
        except (ValueError, RuntimeError) as error:
            _LOG.warning("The copy %r is damaged and is made anew (%s).", str(self.file), error)
            return None

    def make(self, model: TorchNetwork) -> OpenVINONetwork:
        """Write the copy atomically, and open it.

        Two processes may do this at once: they write the same. Raises ``OSError`` if the folder
        cannot be written, ``ModelError`` if the vectors of the copy differ from the model's, and
        whatever the converter raises. No copy is kept then.
        """
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f"{self.file.name}-", dir=self.file.parent) as folder:
            whole = _write(Path(folder), model)
            network = self._read(whole)
            cosines = np.sum(network.encode(_TRIED) * model.encode(_TRIED), axis=1)
            if not cosines.min() >= _ALIKE:
                raise ModelError(f"its vectors are not the model's: cosine {cosines.min():.3f}")
            whole.replace(self.file)
        return network

    def _read(self, file: Path) -> OpenVINONetwork:
        """Read a copy. Raises ``OSError``, ``ValueError`` if damaged, and OpenVINO's errors."""
        promised, rest = _line(np.fromfile(file, dtype=np.uint8))
        if sha256(rest.data).hexdigest() != promised:
            raise ValueError("its SHA-256 is not the one that was written")
        line, rest = _line(rest)
        about: dict[str, Any] = json.loads(line)
        graph, weights = np.split(rest, [about.pop("graph")])
        return OpenVINONetwork(graph.tobytes(), weights, self._tokenizer, **about)


def _write(folder: Path, model: TorchNetwork) -> Path:
    """Convert the model into a file in ``folder``, and flush it to disk."""
    graph, weights, whole = (folder / name for name in ("graph.xml", "graph.bin", "whole"))
    openvino.save_model(model.converted(), graph, compress_to_fp16=False)
    about = {
        "digest": model.digest,
        "dimension": model.dimension,
        "longest": model.longest,
        "graph": graph.stat().st_size,
    }
    parts = (json.dumps(about).encode() + b"\n", graph.read_bytes(), weights.read_bytes())
    digest = sha256()
    for part in parts:
        digest.update(part)
    with whole.open("wb") as file:
        file.writelines((digest.hexdigest().encode(), b"\n", *parts))
        file.flush()
        os.fsync(file.fileno())
    return whole


def _line(content: NDArray[np.uint8]) -> tuple[str, NDArray[np.uint8]]:
    """The first line of ``content``, and the rest."""
    line = content[:_LONGEST_LINE].tobytes().partition(b"\n")[0]
    return line.decode("ascii", "replace"), content[len(line) + 1 :]
