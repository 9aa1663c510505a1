"""The files of claims: both forms, and what is passed over."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pullquote.reading.judge_input import PassageText
from training.claims import Claim, read_claims

LINES: list[dict[str, Any]] = [
    {"claim": "It rained.", "cites": ["Rain fell.", "No sun."], "label": "supported", "edit": "-"},
    {"claim": "It snowed.", "cites": ["Rain fell."], "label": "refuted"},
    {"written": "The sun shone.", "cited": ["No sun."], "faithful": False},
    {"written": "Rain came.", "cited": ["Rain fell."], "faithful": True, "kind": "trim"},
]

RAIN = PassageText("", None, "Rain fell.", ((0, 10),))


def written(path: Path, *lines: Mapping[str, Any]) -> Path:
    text = "".join(json.dumps(line) + "\n" for line in lines)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize("name", ["claims.jsonl", "claims.jsonl.gz"])
def test_claims_of_both_forms_are_read(tmp_path: Path, name: str) -> None:
    assert read_claims(written(tmp_path / name, *LINES)) == [
        Claim(
            f"{name}/0",
            "It rained.",
            PassageText("", None, "Rain fell. No sun.", ((0, 10), (11, 18))),
            True,
        ),
        Claim(f"{name}/1", "It snowed.", RAIN, False),
        Claim(f"{name}/2", "The sun shone.", PassageText("", None, "No sun.", ((0, 7),)), False),
        Claim(f"{name}/3", "Rain came.", RAIN, True),
    ]


def test_only_what_is_called_supported_is_supported(tmp_path: Path) -> None:
    labels = ["supported", "unsupported", "refuted", "not enough", "Supported"]
    lines = [{"claim": "It rained.", "cites": ["Rain."], "label": label} for label in labels]
    found = read_claims(written(tmp_path / "claims.jsonl", *lines))
    assert [claim.supported for claim in found] == [True, False, False, False, False]


def test_lines_of_other_kinds_are_passed_over_and_number_the_others(tmp_path: Path) -> None:
    others: list[dict[str, Any]] = [
        {"question": "Did it rain?", "answer": "yes"},
        {"claim": "It rained.", "cites": [], "label": "refuted"},
        {"written": "It rained.", "cited": [], "faithful": False},
        {"claim": "It rained."},
        {"cites": ["Rain fell."], "label": "supported"},
    ]
    found = read_claims(written(tmp_path / "claims.jsonl", *others, *LINES))
    assert [claim.id for claim in found] == [f"claims.jsonl/{number}" for number in (5, 6, 7, 8)]


def test_cited_sentences_are_one_passage_without_a_title() -> None:
    made = PassageText.of(["Rain fell.", "雨。", "No sun."])
    assert made.head == ""
    assert [made.text[start:end] for start, end in made.sentences] == [
        "Rain fell.",
        "雨。",
        "No sun.",
    ]
    assert made.text == "Rain fell. 雨。 No sun."
