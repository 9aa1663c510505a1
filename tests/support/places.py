"""The folders of the project and of its articles."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus"
