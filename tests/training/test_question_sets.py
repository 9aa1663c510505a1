"""Question sets of the evaluator as sets to train on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pullquote.errors import QuestionSetError
from tests.support.places import ROOT
from training.claims import read_claims
from training.data import HELD_OUT_SHARE, WRITTEN, order, read, read_lines
from training.question_sets import lines, main

TEXT = "title: Kites\n\nThe kite flew. A letter cost three eggs. Nobody wrote down who made it.\n"
COST = "A letter cost three eggs."


@pytest.fixture
def kites(tmp_path: Path) -> Path:
    folder = tmp_path / "kites"
    (folder / "corpus").mkdir(parents=True)
    (folder / "corpus" / "kite.txt").write_text(TEXT, encoding="utf-8")
    return folder


def _ask(folder: Path, **fields: object) -> None:
    line = {"id": "k", "user_input": "What did it cost?", "document_id": "kite.txt", **fields}
    with (folder / "questions.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def test_the_three_kinds_of_questions_keep_what_is_known_of_them(
    kites: Path, tmp_path: Path
) -> None:
    _ask(kites, id="a", answerable=True, evidence=[COST], reference="three eggs")
    unknown = ["Nobody wrote down who made it."]
    _ask(kites, id="b", answerable=True, status="stated_unknown", evidence=unknown)
    _ask(kites, id="c", answerable=False, evidence=[], tempting=COST)
    data = tmp_path / "data"
    data.mkdir()
    assert _run(kites, data) == 0
    (document,) = read(data)
    assert (document.source, document.title) == ("kites", "Kites")
    answered, stated, nothing = document.questions
    assert [document.text[slice(*span)] for span in answered.spans] == ["three eggs"]
    said = [document.text[slice(*document.sentences[i])] for i in answered.evidence]
    assert said == [COST]
    assert stated.not_said
    assert stated.answerable
    assert not stated.spans
    assert not nothing.answerable
    assert [document.text[slice(*span)] for span in nothing.plausible] == [COST]


def test_a_reference_that_is_its_sentence_marks_no_words(kites: Path) -> None:
    _ask(kites, answerable=True, evidence=[COST], reference=COST)
    (line,) = lines(kites, "kites")
    assert line["questions"][0]["answers"] == []


def test_what_names_no_article_or_follows_up_is_left_out(kites: Path) -> None:
    _ask(kites, id="a", document_id=None, answerable=False, evidence=[])
    _ask(kites, id="b", answerable=False, evidence=[], history=["Who made it?"])
    assert list(lines(kites, "kites")) == []


def test_what_tempts_has_to_be_in_the_article(kites: Path) -> None:
    _ask(kites, answerable=False, evidence=[], tempting="A letter cost two eggs.")
    with pytest.raises(QuestionSetError, match=r"kite\.txt: what tempts is not in it"):
        list(lines(kites, "kites"))


def test_a_set_with_a_fault_ends_in_one_sentence(
    kites: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _ask(kites, answerable=True, evidence=["Two eggs."])
    assert _run(kites, tmp_path) == 2
    assert "the quote 'Two eggs.' is not in the article 'kite.txt'" in capsys.readouterr().err


@pytest.mark.slow
def test_the_written_sets_are_whole(tmp_path: Path) -> None:
    folders = [folder for folder in (ROOT / "training" / "written").iterdir() if folder.is_dir()]
    assert {folder.name for folder in folders} == WRITTEN
    for folder in folders:
        questions = [one for line in lines(folder, folder.name) for one in line["questions"]]
        assert len(questions) >= 200
        assert all(bool(one["evidence"]) == one["answerable"] for one in questions)
        assert all(one["plausible"] for one in questions if not one["answerable"])


@pytest.mark.slow
def test_the_written_claims_cite_documents_that_may_be_trained_on() -> None:
    files = sorted((ROOT / "training").glob("written*/*/claims.jsonl"))
    for path in files:
        corpus = path.parent / "corpus"
        documents = {one.name: one.read_text(encoding="utf-8") for one in corpus.iterdir()}
        claims = read_lines(path)
        assert len({one["id"] for one in claims}) == len(claims) >= 100
        for one in claims:
            text = " ".join(documents[one["document_id"]].split())
            assert all(" ".join(cited.split()) in text for cited in one["cites"])
            assert order(one["document_id"]) >= HELD_OUT_SHARE.get(path.parent.name, 0.0)
        assert len(read_claims(path)) == len(claims)
        supported = sum(one["label"] == "supported" for one in claims)
        assert 0.4 < supported / len(claims) < 0.6


def _run(folder: Path, into: Path) -> int:
    return main([str(folder), "--into", str(into)])
