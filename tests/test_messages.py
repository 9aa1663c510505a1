"""The fixed texts are checked when they are loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pullquote import messages as module
from pullquote.answering.former_messages import former
from pullquote.errors import SettingsError
from pullquote.messages import KEYS, NOTES, messages
from pullquote.types import Block

WHOLE = (
    'not_found = "A"\nstated_unknown = "B"\nbackground = "C"\nclosest = "D"\n'
    'differ = "H"\nnot_english = "F"\nquestion_cut = "G"\nunderstood = "I"\nmore = "J"\n'
    'no_more = "K"\nsaid_by_article = "L"\nwritten = "M"\nwriter_down = "N"\nwriter_cut = "O"\n'
    'writer_corrected = "P"\nwriter_refused = "Q"\nreader_down = "R"\n'
    'summary = "S {title}"\nwritten_by = "T"\npublished_on = "U"\nupdated_on = "V"\n'
    'both_sides = "4"\nfrom_source = "W"\nat_address = "X"\nno_detail = "Y"\nwhich_article = "Z"\n'
    'articles = "5"\narticles_newest = "6"\nlisted = "7"\nlisted_dated = "8"\n'
    'hello = "1"\nthanks = "2"\ncan_do = "3"\n'
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(module, "prompts_folder", lambda: tmp_path)
    messages.cache_clear()
    yield tmp_path
    messages.cache_clear()


def test_the_messages_of_the_file_are_the_ones_that_are_shown(folder: Path) -> None:
    (folder / "messages.toml").write_text(WHOLE, encoding="utf-8")
    found = messages()
    assert (found.not_found, found.stated_unknown, found.background, found.closest) == (
        "A", "B", "C", "D",
    )  # fmt: skip
    assert found.block("stated_unknown") == Block("B", message="stated_unknown")
    assert found.block("stated_unknown") in found
    for block in (Block("B"), Block("b", message="stated_unknown"), Block("B", message="b")):
        assert block not in found


def test_values_are_put_into_their_places_as_they_are(folder: Path) -> None:
    (folder / "messages.toml").write_text(WHOLE, encoding="utf-8")
    block = messages().block("summary", {"title": "The {title} of {x}"}, "a.txt")
    assert block.text == "S The {title} of {x}"
    assert block in messages()
    assert replace(block, text="S other") not in messages()


def test_the_own_messages_are_whole() -> None:
    assert messages().not_found == "The articles don’t say."
    assert NOTES < KEYS


def test_no_wording_of_a_message_is_forgotten_and_each_is_of_one_message() -> None:
    for key in KEYS:
        assert getattr(messages(), key) == former()[key][-1], "add it to former_messages.toml"
    known = [text for texts in former().values() for text in texts]
    assert len(known) == len(set(known))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (WHOLE + 'other = "E"\n', "['other']"),
        (WHOLE.replace('closest = "D"\n', ""), "['closest']"),
        (
            "",
            "['articles', 'articles_newest', 'at_address', 'background', 'both_sides', 'can_do'",
        ),
        (WHOLE.replace("closest", "Closest"), "['Closest', 'closest']"),
        ("not_found = ", "cannot be read as TOML"),
        (WHOLE + 'closest = "again"\n', "cannot be read as TOML"),
        (WHOLE.replace('"A"', "5"), "['not_found']"),
        (WHOLE.replace('"A"', '["A"]'), "['not_found']"),
        (WHOLE.replace('"A"', '" "'), "['not_found']"),
    ],
)
def test_a_message_that_is_missing_unknown_or_no_text_is_named(
    folder: Path, text: str, named: str
) -> None:
    (folder / "messages.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        messages()
    assert named in str(caught.value)
    assert "messages.toml" in str(caught.value)


def test_a_file_that_is_missing_or_not_utf_8_is_named(folder: Path) -> None:
    with pytest.raises(SettingsError, match=r"messages\.toml cannot be read"):
        messages()
    (folder / "messages.toml").write_bytes(WHOLE.encode("utf-16"))
    with pytest.raises(SettingsError, match=r"messages\.toml cannot be read"):
        messages()
