"""``pullquote check-claims``: an editor's own sentences are checked against the articles."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pullquote.claims import check_claim
from pullquote.cli.commands import main
from pullquote.evaluate.claims import read_claims
from pullquote.writing.check import Verdict
from tests.support.answers import Shelf
from tests.support.indexes import make_index
from tests.support.places import ROOT

QUOTE = (
    "Amazon banned police use of its face-recognition technology for a year, making it the most "
    "recent tech giant to step back from law-enforcement use of systems that have faced criticism "
    "for incorrectly distinguishing people with darker skin."
)


def run(
    lines: list[object], folder: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, list[dict[str, object]], str]:
    file = folder / "claims.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    corpus = ROOT / "corpus" / "amazon-rekognition.txt"
    code = main(["check-claims", str(file), "--corpus", str(corpus)])
    out, err = capsys.readouterr()
    return code, [json.loads(line) for line in out.splitlines()], err


@pytest.mark.slow
def test_claims_find_their_own_quotes_and_false_ones_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines: list[object] = [
        {"id": "a", "claim": "Amazon banned police use of its technology for a year."},
        {"id": "b", "claim": "Amazon banned police use of its technology for two years."},
        {"claim": "Amazon banned police use of its technology for a year.", "cites": [QUOTE]},
        {"id": "d", "claim": "It was banned.", "cites": ["This is in no article."]},
    ]
    code, found, _ = run(lines, tmp_path, capsys)
    assert code == 1
    assert [one["id"] for one in found] == ["a", "b", "line 3", "d"]
    assert [one["supported"] for one in found] == [True, False, True, False]
    first, false, cited, missing = found
    quotes = first["quotes"]
    assert isinstance(quotes, list)
    article = (ROOT / "corpus" / "amazon-rekognition.txt").read_text(encoding="utf-8")
    for quote in quotes:
        assert quote["cited_text"] in article
    assert any(quote["cited_text"] == QUOTE for quote in quotes)
    assert [quote["cited_text"] for quote in cited["quotes"]] == [QUOTE]  # type: ignore[attr-defined]
    assert false["score"] == 0.0
    assert "figure" in str(false["why"])
    assert missing["why"] == "The cited sentence 'This is in no article.' is in no article."
    assert missing["quotes"] == []


@pytest.mark.slow
def test_all_supported_is_a_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found, _ = run([{"claim": QUOTE, "cites": [QUOTE]}], tmp_path, capsys)
    assert (code, found[0]["supported"]) == (0, True)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 1: not JSON"),
        ("[]", "line 1: a claim must be an object with a 'claim'."),
        ('{"claim": ""}', "line 1: 'claim' must be text of 1 to 2,000 characters."),
        ("{}", "line 1: 'claim' must be text of 1 to 2,000 characters."),
        ('{"claim": "x", "cites": "y"}', "line 1: 'cites' must be a list of sentences, not 'y'."),
        ('{"claim": "x", "id": []}', "line 1: 'id' must be text, not []."),
        ('{"claim": "x", "cite": ["y"]}', "line 1: unknown key 'cite'. Did you mean 'cites'?"),
        ("", "has no claims"),
    ],
)
def test_what_is_wrong_with_the_file_is_told(
    line: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "claims.jsonl"
    file.write_text(line, encoding="utf-8")
    assert main(["check-claims", str(file)]) == 2
    shown = capsys.readouterr().err
    assert told in shown
    assert shown.count("\n") == 1
    assert main(["check-claims", str(tmp_path / "none.jsonl")]) == 2
    assert "There is no file of claims" in capsys.readouterr().err


def test_a_line_separator_inside_a_claim_ends_no_line(tmp_path: Path) -> None:
    file = tmp_path / "claims.jsonl"
    file.write_text(
        '{"id": 7, "claim": "It\u2028rained.", "note": 1}\n\n{"claim": "Snow."}\n', "utf-8"
    )
    assert [(one.id, one.claim) for one in read_claims(file)] == [
        ("7", "It\u2028rained."),
        ("line 3", "Snow."),
    ]


def test_what_a_claim_cites_is_told_when_it_is_not_there(tmp_path: Path) -> None:
    assistant: Any = SimpleNamespace(index=make_index(tmp_path, {"a.txt": "It rained."}))
    checked = check_claim(assistant, "It rained.", ["It rained."], "b.txt")
    assert checked.why == "There is no article 'b.txt' in the index."
    checked = check_claim(assistant, "It rained.", ["It snowed."], "a.txt")
    assert checked.why == "The cited sentence 'It snowed.' is not in the article 'a.txt'."


def test_a_cited_sentence_that_is_a_heading_too_is_found_in_the_text() -> None:
    shelf = Shelf()
    shelf.add("a.txt", "It rained", ["Snow fell.", "It rained all day."])
    supported = Verdict(True, None, 0.9, "0" * 64)
    assistant: Any = SimpleNamespace(index=shelf, check=lambda claim, texts: supported)
    checked = check_claim(assistant, "It rained.", ["It rained"])
    assert [quote.quote for quote in checked.quotes] == ["It rained all day."]
    # Only in a heading, which is never cited.
    shelf.add("a.txt", "It rained", ["Snow fell."])
    assert "is in no article" in check_claim(assistant, "It rained.", ["It rained"]).why


def test_a_fault_of_our_own_is_no_verdict_on_a_claim(tmp_path: Path) -> None:
    def check(claim: str, texts: list[str]) -> None:
        raise KeyError(claim)

    assistant: Any = SimpleNamespace(
        index=make_index(tmp_path, {"a.txt": "It rained."}), check=check
    )
    with pytest.raises(KeyError):
        check_claim(assistant, "It rained.", ["It rained."])


@pytest.mark.slow
def test_a_claim_on_an_article_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines: list[object] = [{"claim": "It rained.", "document_id": "none.txt"}]
    code, found, _ = run(lines, tmp_path, capsys)
    assert code == 1
    assert found[0]["why"] == "There is no article 'none.txt' in the index."
