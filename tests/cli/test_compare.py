"""What of a page is not in its article's text is named by the run, and shown beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pullquote.cli import main
from pullquote.index import embed
from tests.support.incomplete import PAGE
from tests.support.indexes import HashingEmbedder

WHOLE = PAGE.replace("</article>\n</div>", "").replace("more-zone", "last")


@pytest.fixture(autouse=True)
def _small_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = staticmethod(lambda _: HashingEmbedder())
    monkeypatch.setattr(embed.SentenceTransformersEmbedder, "open", opened)


@pytest.fixture
def places(tmp_path: Path) -> list[str]:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "fish.html").write_text(PAGE)
    (corpus / "plain.txt").write_text("The mill burned down in May.")
    return ["--index", str(tmp_path / "index")]


def index(places: list[str], *options: str) -> int:
    return main(["index", "--corpus", str(Path(places[1]).parent / "corpus"), *places, *options])


def test_a_page_whose_prose_is_not_all_in_the_text_is_named_with_the_number_of_words(
    places: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert index(places) == 0
    warned = capsys.readouterr().err
    assert "fish.html: 35 words that may be the article's are not in its text" in warned
    assert "`pullquote articles show fish.html --compare`" in warned
    assert "plain.txt" not in warned
    # As long as it is so, and not only in the run that read it.
    assert index(places) == 0
    assert "fish.html: 35 words" in capsys.readouterr().err


def test_nothing_is_changed_when_prose_is_missing_and_the_run_is_strict(
    places: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert index(places, "--strict") == 2
    assert "fish.html': 35 words" in capsys.readouterr().err
    corpus = Path(places[1]).parent / "corpus"
    (corpus / "fish.html").write_text(WHOLE)
    assert index(places, "--strict") == 0
    assert "words" not in capsys.readouterr().err


def test_a_preview_warns_of_it_too_and_knows_what_a_strict_run_would_do(
    places: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):  # of a page that is new, and of one that is in the index
        assert index(places, "--dry-run") == 0
        assert "fish.html: 35 words" in capsys.readouterr().err
        assert index(places, "--dry-run", "--strict") == 2
        assert "With --strict, a run would change nothing." in capsys.readouterr().err
        index(places)
        capsys.readouterr()


def side_by_side(places: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What is shown of an article when it is compared."""
    index(places)
    capsys.readouterr()
    assert main(["articles", "show", "fish.html", "--compare", *places]) == 0
    return capsys.readouterr().out


def test_text_and_what_was_left_out_stand_side_by_side(
    places: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "203")
    lines = side_by_side(places, capsys).splitlines()
    column = " " * 100
    assert lines[:4] == [
        "id: fish.html",
        "title: Fish market to close",
        "",
        f"{'IN THE TEXT':<100} | LEFT OUT",
    ]
    assert lines[4] == f"{column} | [the headline] Fish market to close"
    assert lines[5].startswith("The harbour board of Tessel voted")
    assert f"{column} | [struck out] 90,000" in lines
    assert f"{column} | [an offer] The best of our stories." in lines
    place = next(n for n, line in enumerate(lines) if "second part" in line)
    assert lines[place].startswith(f"{column} ! [")
    assert lines[place - 1].startswith("Traders who have rented")


def test_no_terminal_is_too_narrow(
    places: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "2")
    assert "| [struck" in side_by_side(places, capsys)


def test_what_was_left_out_comes_as_json_too(
    places: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    index(places)
    capsys.readouterr()
    assert main(["articles", "show", "fish.html", "--compare", "--format", "json", *places]) == 0
    shown = json.loads(capsys.readouterr().out)
    missed = [each["text"].split()[1] for each in shown["left_out"] if each["missed"]]
    assert missed == ["second", "third"]
    struck = next(each for each in shown["left_out"] if each["why"] == "struck out")
    assert shown["text"][: struck["place"]].endswith("in the spring.")


def test_escape_codes_of_a_page_do_not_reach_the_terminal(
    places: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = Path(places[1]).parent / "corpus"
    (corpus / "fish.html").write_text(PAGE.replace("best", "best&#x9b;31m &#x1b;[31m \u202e"))
    index(places)
    capsys.readouterr()
    main(["articles", "show", "fish.html", "--compare", *places])
    assert all(char.isprintable() or char == "\n" for char in capsys.readouterr().out)
