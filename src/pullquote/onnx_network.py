"""A folder with a quantised network -> Network. Imports no torch.

The folder holds ``model.onnx``, ``tokenizer.json`` and ``reader.json``, which names the network,
says how many tokens it takes and how its scores become probabilities, and gives the SHA-256 of
the other two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import onnxruntime
from tokenizers import Tokenizer

from pullquote.calibration import Calibration
from pullquote.errors import ModelError
from pullquote.network import Network

if TYPE_CHECKING:
    from pullquote.network import Floats, Integers, Run

CARD = "reader.json"
MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"

#: What a card may say of how many tokens its network takes.
FEWEST_TOKENS, MOST_TOKENS = 16, 512

OUTPUTS = ("start_logits", "end_logits")


@dataclass(frozen=True, slots=True)
class _Card:
    name: str
    tokens: int
    language: str | None
    files: Mapping[str, str]
    calibration: Calibration


def is_network(folder: Path) -> bool:
    """Whether the folder says that it holds such a network."""
    return (folder / CARD).is_file()


def open_folder(folder: Path, mend: str) -> tuple[Network, Calibration]:
    """The network of a folder and its calibration.

    Raises :class:`ModelError`, which names the file that is damaged and ends in ``mend``, the
    sentence that says what to do.
    """
    try:
        card = _read_card(folder / CARD)
        digest = sha256((folder / CARD).read_bytes())
        for name, promised in sorted(card.files.items()):
            found = sha256((folder / name).read_bytes()).hexdigest()
            if found != promised:
                raise ValueError(f"{name} is not the file that {CARD} promises")
            digest.update(found.encode())
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        network = Network(
            card.name,
            digest.hexdigest(),
            tokenizer,
            card.tokens,
            open_onnx(folder / MODEL),
            card.language,
        )
    # The libraries underneath raise a plain Exception for a file that they cannot read.
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ModelError(f"The reader in {str(folder)!r} is damaged ({reason}). {mend}") from error
    return network, card.calibration


def open_onnx(file: Path) -> Run:
    """An ONNX file with outputs :data:`OUTPUTS` as a function of arrays."""
    options = onnxruntime.SessionOptions()
    # Threads that spin while they wait take the processor from the embedding model's.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    known = {it.name for it in session.get_inputs()}

    def run(ids: Integers, attention: Integers, types: Integers) -> tuple[Floats, Floats]:
        feed = {"input_ids": ids, "attention_mask": attention, "token_type_ids": types}
        start, end = session.run(OUTPUTS, {name: it for name, it in feed.items() if name in known})
        return start, end

    return run


def _read_card(file: Path) -> _Card:
    try:
        data: Any = json.loads(file.read_text(encoding="utf-8"))
        if not {MODEL, TOKENIZER} <= data["files"].keys():
            raise ValueError("it does not name the files")
        tokens = data["tokens"]
        if type(tokens) is not int or not FEWEST_TOKENS <= tokens <= MOST_TOKENS:
            raise ValueError(f"{tokens!r} tokens cannot be read")
        return _Card(
            str(data["name"]),
            tokens,
            data.get("language"),
            data["files"],
            Calibration.from_json(data["calibration"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{CARD} cannot be used: {error}") from error
