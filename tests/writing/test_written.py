"""What is made of a model's sentences, with a check that is a function of the words alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from pullquote.answering.gate import check as gate_check
from pullquote.answering.render import answer_html, to_json, to_markdown, to_text
from pullquote.answering.schema import AnswerOut
from pullquote.answering.trace import Drafted, Material
from pullquote.errors import WriterError
from pullquote.types import Answer, Citation
from pullquote.writing.check import Verdict, added_words
from pullquote.writing.written import write
from tests.support.answers import Shelf, answered

#: What the articles say, by number as a model sees it.
SAID = (
    "Amazon banned police use of its software for a year.",
    "IBM said it would leave the business.",
    "Microsoft has called for rules.",
    "The mill in Lund burned down in 1911.",
)


def check(sentence: str, sources: Sequence[str]) -> Verdict:
    """Supported is what has no word that its sources lack."""
    supported = not added_words(sentence, sources)
    return Verdict(supported, None, float(supported), "0" * 64)


class Says:
    """A writer that says one reply after another, the last one for ever; ``None`` is a failure."""

    name = "says"

    def __init__(self, *replies: str | None) -> None:
        self.replies = replies
        self.prompts: list[str] = []
        self.taken = 0

    def write(self, prompt: str) -> Iterator[str]:
        reply = self.replies[min(len(self.prompts), len(self.replies) - 1)]
        self.prompts.append(prompt)
        if reply is None:
            raise WriterError("It is down.")
        for piece in reply.splitlines(keepends=True):
            self.taken += 1
            yield piece


def answer_in_words_of(writer: Says, cited: int = 1, noted: list[Drafted] | None = None) -> Answer:
    shelf = Shelf()
    shelf.add("news.txt", *([text] for text in SAID))
    material = [shelf.citation(number, "news.txt", number - 1) for number in range(1, 5)]
    return answer_of(shelf, material, writer, cited, noted)


def answer_of(
    shelf: Shelf,
    material: Sequence[Citation],
    writer: Says,
    cited: int = 1,
    noted: list[Drafted] | None = None,
    differing: tuple[tuple[int, int], ...] = (),
) -> Answer:
    plain = answered(*material[:cited])
    plain = replace(plain, provenance=replace(plain.provenance, writer=writer.name))
    kept: list[Drafted] = [] if noted is None else noted
    of = Material(tuple(material), differing)
    answer = write(plain, of, shelf, writer, check, lambda _: None, kept.append)
    return gate_check(answer, shelf)


def written(answer: Answer) -> list[tuple[str, tuple[int, ...]]]:
    return [(block.text, block.citations) for block in answer.blocks if block.written]


def notes(answer: Answer) -> list[str]:
    return [block.message for block in answer.blocks if block.message]


def test_a_sentence_keeps_only_the_citations_that_it_needs() -> None:
    writer = Says("Police use is banned for a year [1][2][3][4].\nIBM would leave [1][2][3][4].")
    answer = answer_in_words_of(writer)
    assert written(answer) == [
        ("Police use is banned for a year.", (1,)),
        ("IBM would leave.", (2,)),
    ]
    assert [quote.quote for quote in answer.citations] == list(SAID[:2])


def test_one_that_is_made_of_two_quotes_keeps_both() -> None:
    answer = answer_in_words_of(Says("Amazon banned police use and IBM would leave [2][1][4]."))
    assert written(answer) == [("Amazon banned police use and IBM would leave.", (1, 2))]
    assert [quote.quote for quote in answer.citations] == [SAID[1], SAID[0]]


def test_a_false_sentence_that_cites_everything_does_not_bring_up_everything() -> None:
    answer = answer_in_words_of(Says("Cats are lovely [4][3][2][1]."))
    assert written(answer) == []
    assert [quote.quote for quote in answer.citations] == [SAID[0]]
    assert notes(answer) == ["writer_refused"]
    mixed = Says("Police use is banned [1].\nCats are lovely [4][3][2][1].", "Dogs are too [1].")
    answer = answer_in_words_of(mixed)
    assert [quote.quote for quote in answer.citations] == list(SAID[:2])
    assert notes(answer) == ["written", "writer_corrected"]


def test_the_quote_stands_for_a_sentence_whose_word_is_a_mark() -> None:
    writer = Says("In [1], police use is banned for a year.\nCats purr [2].\nIBM would leave [2].",
                  "In [2], IBM would leave.")  # fmt: skip
    answer = answer_in_words_of(writer)
    assert written(answer) == [("IBM would leave.", (2,))]
    assert [quote.quote for quote in answer.citations] == list(SAID[:2])
    assert notes(answer) == ["written", "writer_corrected"]


def test_a_model_that_goes_round_in_circles_is_left() -> None:
    writer = Says("IBM would leave [2].\n" * 500)
    answer = answer_in_words_of(writer)
    assert written(answer) == [("IBM would leave.", (1,))]
    assert writer.taken < 6
    # Nor is it asked again and again about what is false.
    writer = Says("".join(f"Cats have {lives} lives [2].\n" for lives in range(2, 500)))
    answer_in_words_of(writer)
    assert len(writer.prompts) < 6


def test_what_cites_nothing_is_left_out_and_nothing_is_said_of_it() -> None:
    answer = answer_in_words_of(Says("Sure, I can help.\nIBM would leave [2].\nAnything else?"))
    assert written(answer) == [("IBM would leave.", (1,))]
    assert notes(answer) == ["written"]
    assert notes(answer_in_words_of(Says("I cannot answer that."))) == ["writer_refused"]


def test_what_was_thought_first_may_be_said_afterwards() -> None:
    answer = answer_in_words_of(Says("IBM would leave.\n\nIBM would leave [2]."))
    assert written(answer) == [("IBM would leave.", (1,))]


def test_what_was_thought_is_left_out_whatever_it_cites() -> None:
    thought = "IBM would leave [2].\nMicrosoft has called for rules [3].\nHm.\nCats purr [1].\n\f"
    answer = answer_in_words_of(Says(f"{thought}Amazon banned police use for a year [1]."))
    assert written(answer) == [("Amazon banned police use for a year.", (1,))]
    assert [quote.quote for quote in answer.citations] == [SAID[0]]
    assert notes(answer) == ["written"]
    assert notes(answer_in_words_of(Says(f"{thought}I cannot say."))) == ["writer_refused"]


def test_what_is_only_said_again_mends_nothing() -> None:
    writer = Says("IBM would leave [2].\nIBM would stay [2].", "IBM would leave [2].")
    answer = answer_in_words_of(writer)
    assert written(answer) == [("IBM would leave.", (1,))]
    assert notes(answer) == ["written", "writer_corrected"]


def test_a_model_that_fails_when_asked_again_has_failed_with_that_sentence_only() -> None:
    writer = Says("Cats are lovely [2].\nIBM would leave [2].", None)
    answer = answer_in_words_of(writer)
    assert written(answer) == [("IBM would leave.", (1,))]
    assert notes(answer) == ["written", "writer_corrected"]


def test_each_sentence_is_noted_with_what_became_of_it() -> None:
    noted: list[Drafted] = []
    said = f"Sure.\nIBM would leave [2].\nIBM would leave [2].\n{SAID[2]} [3]\n"
    said += "Cats [9].\nCats purr [1]."
    answer_in_words_of(Says(said, "Dogs bark [1]."), noted=noted)
    assert [(one.text, one.outcome, one.again) for one in noted] == [
        ("Sure.", "uncited", False),
        ("IBM would leave.", "shown", False),
        ("IBM would leave.", "repeated", False),
        (SAID[2], "copied", False),
        ("Cats.", "no_such_quote", False),
        ("Cats purr.", "unsupported", False),
        ("Dogs bark.", "unsupported", True),
    ]
    assert noted[1].sources == (SAID[1],)


#: What two articles say of the same fire: sentences 0 and 1 of the one, and of the other.
FIRE = (
    ("The fire in Lund killed twelve people.", "It began in a bakery."),
    ("The fire in Lund killed fourteen people.", "The mayor praised the crews."),
)


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf()
    for number, said in enumerate(FIRE):
        made.add(f"{number}.txt", said)
    return made


def of_both(shelf: Shelf) -> list[Citation]:
    """[1] and [3] are of the first article, [2] and [4] of the second."""
    places = [("0.txt", 0), ("1.txt", 0), ("0.txt", 1), ("1.txt", 1)]
    return [shelf.citation(number, *place) for number, place in enumerate(places, start=1)]


def test_sentences_are_shown_to_the_model_under_the_article_that_they_are_from(
    shelf: Shelf,
) -> None:
    writer = Says("It began in a bakery [3].")
    answer_of(shelf, of_both(shelf), writer)
    listed = writer.prompts[0].split("Sentences:\n")[1]
    assert listed.startswith("They are from several articles")
    assert listed.partition("\n")[2].startswith(
        f"Article “About 0.txt”, 2020-06-11:\n[1] {FIRE[0][0]}\n[3] {FIRE[0][1]}\n"
        f"Article “About 1.txt”, 2020-06-11:\n[2] {FIRE[1][0]}\n[4] {FIRE[1][1]}\n"
    )
    alone = Says("IBM would leave [2].")
    answer_in_words_of(alone)
    assert alone.prompts[0].split("Sentences:\n")[1].startswith(f"[1] {SAID[0]}\n[2] ")


def test_each_written_sentence_names_its_article_when_the_answer_is_of_two(shelf: Shelf) -> None:
    said = "Twelve people: the fire in Lund killed twelve [1].\nThe mayor praised crews [4].\n"
    both = "A bakery began it; crews: the mayor praised [3][4]."
    answer = answer_of(shelf, of_both(shelf), Says(said + both))
    assert [citations for _, citations in written(answer)] == [(1,), (2,), (3, 2)]
    names = ["— About 0.txt, 2020-06-11", "— About 1.txt, 2020-06-11"]
    names.append(f"{names[0]}; {names[1].removeprefix('— ')}")
    text = to_text(answer, shelf).split("\n\n")
    assert text[0] == f"Twelve people: the fire in Lund killed twelve. [1]\n  {names[0]}"
    assert [part.partition("\n  ")[2] for part in text[:3]] == names
    markdown = to_markdown(answer, shelf)
    assert "The mayor praised crews. \\[2\\]  \n— About 1.txt, 2020\\-06\\-11" in markdown
    html = list(answer_html(answer, shelf, 0))[:3]
    for part, name in zip(html, names, strict=True):
        assert f'<span class="pq-credit">{name}</span></p>' in part
    blocks = to_json(answer, shelf)["answer"]
    told = [[one["document_id"] for one in block.get("articles", [])] for block in blocks]
    assert told[:3] == [["0.txt"], ["1.txt"], ["0.txt", "1.txt"]]
    assert all("articles" not in block for block in blocks[3:])
    AnswerOut.model_validate(to_json(answer, shelf))


def test_an_answer_of_one_article_names_it_under_its_quotes_alone(shelf: Shelf) -> None:
    answer = answer_of(shelf, of_both(shelf), Says("Twelve people the fire in Lund killed [1]."))
    assert written(answer) != []
    assert to_text(answer, shelf).count("About 0.txt") == 1
    assert "pq-credit" not in "".join(answer_html(answer, shelf, 0))
    assert not any("articles" in block for block in to_json(answer, shelf)["answer"])


@pytest.mark.parametrize("number", [1, 2])
def test_no_side_is_told_without_the_other(shelf: Shelf, number: int) -> None:
    word = ("twelve", "fourteen")[number - 1]
    said = f"People the fire in Lund killed: {word} [{number}]."
    answer = answer_of(shelf, of_both(shelf), Says(said), differing=((1, 2),))
    assert len(written(answer)) == 1
    assert {quote.quote for quote in answer.citations} == {FIRE[0][0], FIRE[1][0]}
    assert notes(answer) == ["written", "both_sides"]
    assert {one["document_id"] for one in to_json(answer, shelf)["citations"]} == {"0.txt", "1.txt"}


def test_that_articles_differ_is_not_told_of_what_is_not_cited(shelf: Shelf) -> None:
    material = of_both(shelf)[2:]
    material = [replace(one, number=number) for number, one in enumerate(material, start=1)]
    material += [shelf.citation(3, "0.txt", 0), shelf.citation(4, "1.txt", 0)]
    writer = Says("A bakery: it began in it [1].")
    answer = answer_of(shelf, material, writer, differing=((3, 4),))
    assert notes(answer) == ["written"]
    assert len(answer.citations) == 1
