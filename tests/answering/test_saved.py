"""Answers saved by earlier versions can still be verified, however messages have been reworded.

The files in ``tests/saved/`` date from before messages had keys, those in ``tests/saved/0.2/`` from
version 0.2. They must never be regenerated.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pullquote import messages as module
from pullquote.answering.former_messages import former
from pullquote.answering.gate import DIFFER
from pullquote.answering.render.receipt import from_receipt
from pullquote.answering.verify import verify
from pullquote.errors import AnswerFileError
from pullquote.messages import KEYS, messages
from tests.support.places import ROOT

SAVED = ROOT / "tests" / "saved"
FILES = sorted(path for path in SAVED.iterdir() if path.is_file())
KEYED = sorted((SAVED / "0.2").iterdir())


@pytest.fixture
def reworded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rewords every message."""
    prompts = tmp_path / "prompts"
    shutil.copytree(ROOT / "prompts", prompts)
    texts = (f"{key} = {json.dumps(f'New {key}')}\n" for key in KEYS)
    (prompts / "messages.toml").write_text("".join(texts), encoding="utf-8")
    monkeypatch.setattr(module, "prompts_folder", lambda: prompts)
    caches = (messages, former)
    for cache in caches:
        cache.cache_clear()
    yield
    for item in caches:
        item.cache_clear()


def answer_of(file: Path) -> dict[str, Any]:
    text = file.read_text(encoding="utf-8")
    answer: dict[str, Any] = from_receipt(text) if file.suffix == ".md" else json.loads(text)
    return answer


@pytest.mark.parametrize("file", [*FILES, *KEYED], ids=lambda file: file.name)
def test_what_was_saved_verifies(file: Path) -> None:
    assert verify(file, [SAVED / "corpus"])[1] == []


@pytest.mark.usefixtures("reworded")
@pytest.mark.parametrize("file", [*FILES, *KEYED], ids=lambda file: file.name)
def test_what_was_saved_verifies_when_every_message_is_worded_anew(file: Path) -> None:
    assert verify(file, [SAVED / "corpus"])[1] == []


def test_every_status_and_origin_was_saved_both_ways_and_without_a_key() -> None:
    for suffix in (".json", ".md"):
        answers = [answer_of(file) for file in FILES if file.suffix == suffix]
        assert {answer["status"] for answer in answers} == {
            "answered",
            "stated_unknown",
            "not_found",
        }
        blocks = [block for answer in answers for block in answer["answer"]]
        assert {block["origin"] for block in blocks} == {"quoted", "written", "message"}
        assert not any("message" in block for block in blocks)
    assert any(answer_of(file)["understood_as"] for file in FILES)


def test_requests_were_saved_with_the_keys_of_their_messages() -> None:
    blocks = [block for file in KEYED for block in answer_of(file)["answer"]]
    assert {block["message"] for block in blocks} == {
        *("hello", "which_article", "articles", "listed_dated", "no_detail", "published_on"),
        *("summary", None),
    }


@pytest.mark.parametrize("key", sorted(KEYS - {"closest", "understood"}))
def test_a_former_wording_is_known_with_its_key_and_without(tmp_path: Path, key: str) -> None:
    answer = answer_of(SAVED / "not_found.json")
    file = tmp_path / "answer.json"
    # A message that articles differ needs two citations, whatever its wording.
    expected = ["The answer says that articles differ, and does not cite two."] * (key in DIFFER)
    for text in former()[key]:
        for named in ({}, {"message": key}, {"message": None}):
            answer["answer"] = [{"type": "text", "text": text, "citations": [], **named}]
            file.write_text(json.dumps(answer), encoding="utf-8")
            assert verify(file, [SAVED / "corpus"])[1] == expected


@pytest.mark.usefixtures("reworded")
def test_a_label_that_was_altered_is_told_although_labels_have_been_reworded(
    tmp_path: Path,
) -> None:
    for name, label in (("follow_up.md", "Understood as"), ("not_found.md", "Closest passages")):
        text = (SAVED / name).read_text(encoding="utf-8")
        assert label in text
        altered = tmp_path / name
        altered.write_text(text.replace(label, "Proof"), encoding="utf-8")
        with pytest.raises(AnswerFileError, match="differs from its JSON"):
            verify(altered, [SAVED / "corpus"])
