"""``manifest.json``: what an index is made of, and the one file whose replacement commits it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pullquote.errors import IndexUnusableError

MANIFEST = "manifest.json"

#: The next manifest while it is being written.
TEMPORARY = f".{MANIFEST}.tmp"

#: Raised whenever files of an older version can no longer be read.
SCHEMA = 3


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of the index: size in bytes and SHA-256."""

    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``build`` names the folder beside the manifest that holds the index's ``files``.

    ``corpus`` holds absolute paths, and ``urls`` the addresses that were read besides.
    ``withdrawn`` are the ids of articles that are not to be there; ``articles``, ``sentences`` and
    ``passages`` count all others. ``recall`` is what was measured of the vectors' clusters.
    """

    build: str
    digest: str
    embedder: str
    embedder_digest: str
    dimension: int
    segmentation: str
    corpus: tuple[str, ...]
    urls: tuple[str, ...]
    withdrawn: tuple[str, ...]
    files: Mapping[str, FileRecord]
    articles: int
    sentences: int
    passages: int
    recall: float | None

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Raises :class:`IndexUnusableError`, which names the command that helps."""
        file = folder / MANIFEST
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise IndexUnusableError(
                f"There is no index in {str(folder)!r}: build it with `pullquote index`."
            ) from None
        except NotADirectoryError:
            raise IndexUnusableError(
                f"{str(folder)!r} is a file, not an index: name a folder with --index, and build "
                "it with `pullquote index`."
            ) from None
        except (OSError, ValueError) as error:
            raise IndexUnusableError(damaged(folder, f"{MANIFEST} cannot be read")) from error
        schema = data.get("schema") if isinstance(data, dict) else None
        if schema != SCHEMA:
            raise IndexUnusableError(
                f"The index in {str(folder)!r} has schema {schema}, this version reads {SCHEMA}: "
                "build it again with `pullquote index --rebuild`."
            )
        try:
            return cls._from_json(data)
        except (KeyError, TypeError, AttributeError) as error:
            raise IndexUnusableError(damaged(folder, f"{MANIFEST} is incomplete")) from error

    @classmethod
    def _from_json(cls, data: dict[str, Any]) -> Manifest:
        del data["schema"]
        for name in ("corpus", "urls", "withdrawn"):
            data[name] = tuple(data[name])
        data["files"] = {name: FileRecord(**it) for name, it in data["files"].items()}
        return cls(**data)

    def write(self, folder: Path) -> None:
        """Replace the folder's manifest in one step: until then the old index stands."""
        temporary = folder / TEMPORARY
        with temporary.open("w", encoding="utf-8") as file:
            json.dump({"schema": SCHEMA, **asdict(self)}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / MANIFEST)


def content_digest(
    embedder_digest: str, segmentation: str, article_digests: Iterable[tuple[str, str]]
) -> str:
    """The same articles, embedder and segmentation give the same digest, on any machine.

    ``article_digests`` are pairs of id and digest, in the order of the ids.
    """
    digest = sha256(json.dumps([SCHEMA, embedder_digest, segmentation]).encode())
    for pair in article_digests:
        digest.update(json.dumps(pair).encode())
    return digest.hexdigest()


def damaged(folder: Path, what: str) -> str:
    """One sentence for an index that is not whole."""
    return (
        f"The index in {str(folder)!r} is damaged ({what}): "
        "build it again with `pullquote index --rebuild`."
    )
