"""Locating evidence in the articles; evidence that is in no article is an error."""

from __future__ import annotations

import pytest

from pullquote.errors import QuestionSetError
from pullquote.evaluate.gold import Place, locate
from pullquote.evaluate.question import Question, Range
from tests.support.answers import Shelf

WHERE = "set.jsonl, line 3, question 'q'"


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.add("a.txt", ["It’s a year.", "Nobody knows."], head="title: It’s a year.\n\n")
    shelf.add("b.txt", ["Nobody knows.", "A cat sat.", "Nobody knows."])
    return shelf


def asked(**given: object) -> Question:
    return Question(id="q", text="Who?", where=WHERE, **given)  # type: ignore[arg-type]


def fault(shelf: Shelf, **given: object) -> str:
    with pytest.raises(QuestionSetError) as caught:
        locate([asked(**given)], shelf.articles)
    return str(caught.value)


def test_a_quote_is_met_wherever_it_stands(shelf: Shelf) -> None:
    (gold,) = locate([asked(evidence=(("Nobody knows.",),))], shelf.articles)
    assert [group.article_id for group in gold.groups[0]] == ["a.txt", "b.txt", "b.txt"]
    for source in gold.evidence:
        assert shelf.article(source.article_id).text[source.start : source.end] == "Nobody knows."


def test_only_the_article_that_is_asked_counts(shelf: Shelf) -> None:
    question = asked(
        document_id="a.txt", evidence=(("Nobody knows.",),), also_ok=("A cat sat.", "Nobody knows.")
    )
    (gold,) = locate([question], shelf.articles)
    assert [source.article_id for source in gold.evidence] == ["a.txt"]
    assert [source.article_id for source in gold.also_ok] == ["a.txt"]


def test_a_group_is_met_by_any_of_its_items(shelf: Shelf) -> None:
    question = asked(evidence=(("A cat sat.", Range("a.txt", 22, 30)), ("It’s a year.",)))
    (gold,) = locate([question], shelf.articles)
    assert len(gold.groups) == 2
    assert Place("a.txt", 22, 30) in gold.groups[0]
    assert [group.article_id for group in gold.groups[0]] == ["b.txt", "a.txt"]


def test_header_lines_are_no_evidence(shelf: Shelf) -> None:
    (gold,) = locate([asked(evidence=(("It’s a year.",),))], shelf.articles)
    assert [item.start for item in gold.evidence] == [shelf.article("a.txt").body_start]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"evidence": (("A dog.",),)}, "the quote 'A dog.' is in no article."),
        ({"also_ok": ("A dog.",)}, "the quote 'A dog.' is in no article."),
        ({"evidence": (("A cat sat.", "A dog."),)}, "the quote 'A dog.' is in no article."),
        ({"evidence": (("It's a  year.",),)}, "with other quotation marks, dashes, case or spaces"),
        (
            {"evidence": (("A cat sat.",),), "document_id": "a.txt"},
            "not in the article 'a.txt'. It is in another article",
        ),
        ({"document_id": "c.txt"}, "there is no article 'c.txt'"),
        ({"evidence": ((Range("a.txt", 30, 3000),),)}, "characters 30 to 3000 of 'a.txt'"),
        ({"evidence": ((Range("a.txt", 0, 5),),)}, "characters 0 to 5 of 'a.txt'"),  # the header
        ({"evidence": ((Range("c.txt", 0, 5),),)}, "characters 0 to 5 of 'c.txt'"),
    ],
)
def test_evidence_that_is_nowhere_names_its_question(
    shelf: Shelf, given: dict[str, object], told: str
) -> None:
    message = fault(shelf, **given)
    assert message.startswith(WHERE)
    assert told in message
