"""What is made of a model's sentences, with a check that is a function of the words alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pullquote.answering.gate import check as gate_check
from pullquote.answering.trace import Drafted
from pullquote.errors import WriterError
from pullquote.types import Answer
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
    plain = answered(*material[:cited])
    plain = replace(plain, provenance=replace(plain.provenance, writer=writer.name))
    kept: list[Drafted] = [] if noted is None else noted
    answer = write(plain, material, shelf, writer, check, lambda _: None, kept.append)
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
