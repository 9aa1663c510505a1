"""``reader.json``: what a packaged reader says of itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from pullquote.calibration import PLAIN, Logistic
from pullquote.onnx_network import CARD, MODEL, TOKENIZER
from training.encode import MAX_TOKENS


def write_card(
    folder: Path, name: str, calibration: Mapping[str, Mapping[str, float]] | None = None
) -> None:
    """Write ``folder/reader.json`` for the files that are there."""
    card = {
        "name": name,
        "tokens": MAX_TOKENS,
        "language": "en",
        "files": {it: sha256((folder / it).read_bytes()).hexdigest() for it in (MODEL, TOKENIZER)},
        "calibration": calibration
        or {part: _weights(getattr(PLAIN, part)) for part in ("sentence", "answer")},
    }
    (folder / CARD).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def _weights(logistic: Logistic) -> Mapping[str, Any]:
    values = asdict(logistic)
    return {**values["weights"], "offset": values["offset"]}
