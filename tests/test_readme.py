"""What the README says is what the code does."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

import pytest
from conftest import ROOT

from pullquote.answering.render import to_text
from pullquote.assistant import Assistant
from pullquote.cli import main
from pullquote.config import Settings
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.store import Index

README = (ROOT / "README.md").read_text(encoding="utf-8")


def _shown(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"`{text}`" if text else "none"


def test_the_settings_table_is_the_code() -> None:
    section = README.split("## Settings")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{f.name}` | {_shown(f.default)} | {f.metadata['help']} |" for f in fields(Settings)
    ]


def test_the_command_table_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    section = README.split("## Commands")[1].split("\n## ")[0]
    named = re.findall(r"^\| `pullquote (\w+)", section, re.MULTILINE)
    with pytest.raises(SystemExit):
        main(["--help"])
    assert named == re.findall(r"^    (\w+) ", capsys.readouterr().out, re.MULTILINE)


def test_the_example_answer_is_what_the_command_prints(
    customer_index: Index, real_embedder: SentenceTransformersEmbedder
) -> None:
    example = README.split('$ pullquote ask "')[1].split("\n```")[0]
    question, printed = example.split('"\n', 1)
    assistant = Assistant.with_parts(customer_index, real_embedder, Settings())
    assert to_text(assistant.ask(question), customer_index) == printed


def test_every_file_that_it_links_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).is_file(), target


def test_every_make_target_that_it_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"`?make (\w+)`", README)) | {"chat", "test"}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
