"""The gate: nothing passes that an article does not say, character for character."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pullquote.answering import gate
from pullquote.answering.compose import Cutoffs, compose
from pullquote.digest import article_digest
from pullquote.errors import GateError
from pullquote.messages import messages
from pullquote.types import Answer, Block, Citation, Reading, Sentence, Status
from tests.support.answers import PROVENANCE, TIMINGS, Shelf, answered, reading

HEAD = "Title: Café\nDate: 2020-06-11\n\n"
#: Curly quotes, a no-break space, a composed é and a character outside the BMP.
HOSTILE = "“Café\u00a0Zoë” isn’t 𝄞 closed."
UNKNOWN = "The owner did not say why."


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf()
    made.add(
        "a.txt",
        ["The café stayed open.", HOSTILE, UNKNOWN],
        "A subhead",
        ["Rain fell.", "Ann met Bo.", "Rain fell."],
        head=HEAD,
    )
    made.add("b.txt", ["The café stayed open.", HOSTILE, UNKNOWN], head=HEAD)
    return made


def hostile(shelf: Shelf) -> Citation:
    """A citation of sentence 1, with a marked word and the sentence before it as context."""
    start = len(HEAD)
    return replace(
        shelf.citation(1, "a.txt", 1),
        span=(start + 23, start + 27),
        context=(start, start + 22 + len(HOSTILE)),
    )


def stated_unknown(shelf: Shelf) -> Answer:
    read = reading(shelf.scored("a.txt", 1, 0.9, not_said=0.9), shelf.scored("a.txt", 2, 0.8))
    return compose("Why?", "Why?", read, shelf, Cutoffs(3, 0.3), PROVENANCE, TIMINGS)


def not_found(shelf: Shelf) -> Answer:
    read = reading(shelf.scored("a.txt", 1, 0.2), shelf.scored("a.txt", 4, 0.1))
    return compose("When?", "When?", read, shelf, Cutoffs(3, 0.3), PROVENANCE, TIMINGS)


def refused(answer: Answer, shelf: Shelf, name: str = "'a.txt'") -> None:
    with pytest.raises(GateError) as caught:
        gate.check(answer, shelf)
    assert name in str(caught.value)


def refused_citation(citation: Citation, shelf: Shelf, name: str = "'a.txt'") -> None:
    """Check that a citation is refused, both as evidence with a block and as a closest quote."""
    refused(answered(citation), shelf, name)
    refused(replace(not_found(shelf), closest=(citation,)), shelf, name)


def test_an_untampered_answer_of_each_status_passes_as_it_is(shelf: Shelf) -> None:
    for answer in (answered(hostile(shelf)), stated_unknown(shelf), not_found(shelf)):
        assert gate.check(answer, shelf) is answer
    nothing = compose("?", "?", Reading((), 0.0), shelf, Cutoffs(3, 0.3), PROVENANCE, TIMINGS)
    assert gate.check(nothing, shelf) is nothing


@pytest.mark.parametrize(
    "tamper",
    [
        lambda quote: quote.replace("closed", "close"),
        lambda quote: quote.replace("is", "Is"),
        lambda quote: quote + " ",
        lambda quote: " " + quote,
        lambda quote: quote + "\u200b",
        lambda quote: quote[:-1],
        lambda quote: quote[1:],
        lambda quote: quote.replace("\u00a0", " "),
        lambda quote: quote.replace("“", '"').replace("”", '"'),
        lambda quote: quote.replace("’", "'"),
        lambda quote: quote.replace(" closed", " not closed"),
        lambda quote: quote.replace("isn’t", "is"),
        lambda quote: unicodedata.normalize("NFD", quote),
        lambda quote: unicodedata.normalize("NFKC", quote),
        lambda quote: quote.replace("C", "\u0421"),
        lambda quote: quote.upper(),
        lambda quote: "",
        lambda quote: quote * 2,
    ],
)
def test_a_quote_with_one_character_changed_is_refused(
    shelf: Shelf, tamper: Callable[[str], str]
) -> None:
    citation = hostile(shelf)
    quote = tamper(citation.quote)
    assert quote != citation.quote
    refused_citation(replace(citation, quote=quote), shelf)


def test_offsets_that_are_shifted_are_refused_even_when_the_quote_follows(shelf: Shelf) -> None:
    article = shelf.article("a.txt")
    length = len(article.text)
    citation = replace(hostile(shelf), span=None, context=None)
    start, end = citation.start, citation.end
    for moved in (
        (start + 1, end),
        (start - 1, end),
        (start, end - 1),
        (start, end + 1),
        (start + 1, end + 1),
        (start - length, end - length),
        (start, end - length),
        (start, start),
        (end, start),
        (0, len(HEAD)),
        (0, length),
        (start, length + 1),
        (length, length + 5),
        (10**30, 10**30 + 5),
    ):
        text = article.text[slice(*moved)]
        refused_citation(replace(citation, start=moved[0], end=moved[1], quote=text), shelf)
        refused_citation(replace(citation, start=moved[0], end=moved[1]), shelf)


def test_a_whole_paragraph_two_sentences_and_a_part_of_one_are_no_quote(shelf: Shelf) -> None:
    sentences = shelf.sentences("a.txt")
    for start, end in (
        (sentences[0].start, sentences[2].end),
        (sentences[0].start, sentences[1].end),
        (sentences[1].start + 7, sentences[1].end),
    ):
        quote = shelf.article("a.txt").text[start:end]
        refused_citation(Citation(1, "a.txt", 0, start, end, quote, 0.5), shelf)
        refused_citation(Citation(1, "a.txt", 1, start, end, quote, 0.5), shelf)


def test_the_number_of_an_equal_sentence_elsewhere_in_the_article_is_refused(shelf: Shelf) -> None:
    first, second = shelf.citation(1, "a.txt", 4), shelf.citation(1, "a.txt", 6)
    assert first.quote == second.quote == "Rain fell."
    refused_citation(replace(first, sentence_index=6), shelf)
    refused_citation(replace(first, start=second.start, end=second.end), shelf)
    for number in (-3, -7, 3, 7, 10**30):
        refused_citation(replace(first, sentence_index=number), shelf)


def test_an_equal_quote_in_another_article_does_not_vouch_for_it(shelf: Shelf) -> None:
    shelf.add("c.txt", ["Rain.", "Rain fell."])
    citation = shelf.citation(1, "c.txt", 1)
    refused_citation(replace(citation, article_id="a.txt"), shelf)
    refused_citation(replace(shelf.citation(1, "a.txt", 4), article_id="c.txt"), shelf, "'c.txt'")


def test_an_article_that_is_not_indexed_is_named(shelf: Shelf) -> None:
    refused_citation(replace(hostile(shelf), article_id="no.txt"), shelf, "'no.txt'")
    refused_citation(replace(hostile(shelf), article_id="A.txt"), shelf, "'A.txt'")
    refused_citation(replace(hostile(shelf), article_id=""), shelf, "''")


def test_an_article_that_is_not_in_the_manifest_is_named(shelf: Shelf) -> None:
    del shelf.digests["a.txt"]
    refused_citation(hostile(shelf), shelf)


def test_a_subhead_is_no_quote(shelf: Shelf) -> None:
    heading = shelf.citation(1, "a.txt", 3)
    assert heading.quote == "A subhead"
    refused_citation(heading, shelf)


def test_header_lines_are_no_quote(shelf: Shelf) -> None:
    quote = HEAD.split("\n", maxsplit=1)[0]
    refused_citation(Citation(1, "a.txt", 0, 0, len(quote), quote, 0.5), shelf)


@pytest.mark.parametrize(
    "change",
    [
        {"text": HEAD.replace("Café", "Cafe")},
        {"title": "Another title"},
        {"url": "https://example.org/"},
        {"published": "2020-06-12"},
        {"published": None},
        {"author": "B. Writer"},
        {"body_start": 0},
        {"id": "b.txt"},
    ],
)
def test_an_article_that_changed_after_it_was_indexed_is_refused(
    shelf: Shelf, change: dict[str, str]
) -> None:
    answer = answered(hostile(shelf))
    article = shelf.articles["a.txt"]
    if "text" in change:  # the quote itself stays the same, at the same place
        change = {"text": change["text"] + article.text[len(HEAD) :]}
    shelf.articles["a.txt"] = replace(article, **change)  # type: ignore[arg-type]
    with pytest.raises(GateError, match="is not the one that was indexed"):
        gate.check(answer, shelf)


def test_a_digest_that_changed_in_the_manifest_is_refused(shelf: Shelf) -> None:
    shelf.digests["a.txt"] = article_digest(shelf.article("b.txt"))
    refused(answered(hostile(shelf)), shelf)


@pytest.mark.parametrize(
    "context",
    [
        (0, 78),
        (len(HEAD) - 1, 78),
        (len(HEAD) + 1, 78),
        (len(HEAD) + 4, 78),
        (len(HEAD), 77),
        (len(HEAD), 79),
        (len(HEAD), len(HEAD) + 21),
        (len(HEAD) + 23, 78),
        (78, len(HEAD)),
        (-1, 78),
        (len(HEAD), 10**30),
        (len(HEAD), 116),
        (),
        (len(HEAD),),
        (len(HEAD), 78, 78),
    ],
)
def test_a_context_that_is_not_whole_sentences_around_the_quote_is_refused(
    shelf: Shelf, context: tuple[int, int]
) -> None:
    citation = hostile(shelf)
    assert citation.context == (len(HEAD), 78)
    assert shelf.article("a.txt").text[78 + 1 + len(UNKNOWN) :][:11] == "\n\nA subhead"
    assert shelf.sentences("a.txt")[3].end == 116
    refused_citation(replace(citation, context=context), shelf)


def test_a_context_may_be_the_quote_itself_or_what_follows_it(shelf: Shelf) -> None:
    citation = hostile(shelf)
    for context in ((citation.start, citation.end), (citation.start, citation.end + 27)):
        answer = answered(replace(citation, context=context))
        assert gate.check(answer, shelf) is answer


def test_marked_words_outside_of_the_quote_are_refused(shelf: Shelf) -> None:
    citation = hostile(shelf)
    start, end = citation.start, citation.end
    spans: list[tuple[int, ...]] = [
        (start - 1, end), (start, end + 1), (start, start), (end, start), (0, 5),
        (start - 200, end - 200), (-1, end), (), (start,), (start, start + 1, end),
    ]  # fmt: skip
    for span in spans:
        refused_citation(replace(citation, span=span), shelf)  # type: ignore[arg-type]
    whole = answered(replace(citation, span=(start, end)))
    assert gate.check(whole, shelf) is whole


@pytest.mark.parametrize(
    "change",
    [
        {"number": True},
        {"number": 1.0},
        {"sentence_index": True},
        {"sentence_index": 1.0},
        {"start": 54.0},
        {"end": 78.0},
        {"start": None},
        {"start": "54"},
        {"span": (54.0, 60)},
        {"context": (float(len(HEAD)), 78)},
        {"span": (None, 60)},
    ],
)
def test_an_offset_that_is_no_whole_number_is_refused(
    shelf: Shelf, change: dict[str, object]
) -> None:
    refused_citation(replace(hostile(shelf), **change), shelf)  # type: ignore[arg-type]


@pytest.mark.parametrize("score", [float("nan"), float("inf"), -0.01, 1.01])
def test_a_score_that_is_none_is_refused(shelf: Shelf, score: float) -> None:
    refused_citation(replace(hostile(shelf), score=score), shelf)


@pytest.mark.parametrize("numbers", [(1, 1), (2, 1), (0, 1), (1, 3), (2, 3), (-1, 1), (1, 10**30)])
def test_numbers_that_are_doubled_missing_or_out_of_order_are_refused(
    shelf: Shelf, numbers: tuple[int, int]
) -> None:
    citations = (shelf.citation(numbers[0], "a.txt", 1), shelf.citation(numbers[1], "a.txt", 4))
    refused(answered(*citations), shelf)
    refused(replace(not_found(shelf), closest=citations), shelf)


def test_a_sentence_that_is_cited_twice_is_refused(shelf: Shelf) -> None:
    refused(answered(shelf.citation(1, "a.txt", 1), shelf.citation(2, "a.txt", 1)), shelf)
    refused(
        replace(
            not_found(shelf),
            closest=(shelf.citation(1, "a.txt", 1), shelf.citation(2, "a.txt", 1)),
        ),
        shelf,
    )


def test_a_citation_that_no_part_of_the_answer_cites_is_refused(shelf: Shelf) -> None:
    answer = answered(shelf.citation(1, "a.txt", 1), shelf.citation(2, "a.txt", 4))
    refused(replace(answer, blocks=answer.blocks[:1]), shelf)
    refused(replace(answer, blocks=()), shelf)


def test_parts_that_are_swapped_or_doubled_are_refused(shelf: Shelf) -> None:
    answer = answered(shelf.citation(1, "a.txt", 1), shelf.citation(2, "a.txt", 4))
    first, second = answer.blocks
    for blocks in ((second, first), (first, first, second), (first, second, second)):
        refused(replace(answer, blocks=blocks), shelf)


def test_a_part_that_cites_what_is_not_there_is_refused(shelf: Shelf) -> None:
    answer = answered(hostile(shelf))
    for numbers in ((2,), (0,), (-1,), (1, 2), (True,), (1.0,), (None,)):
        refused(replace(answer, blocks=(Block(HOSTILE, numbers),)), shelf)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "",
        HOSTILE[:-1],
        HOSTILE + " ",
        HOSTILE.replace("’", "'"),
        HOSTILE + " " + HOSTILE,
        "The owner said: " + HOSTILE,
        "The articles don’t say.",
    ],
)
def test_a_part_that_says_more_or_less_than_its_quote_is_refused(shelf: Shelf, text: str) -> None:
    refused(replace(answered(hostile(shelf)), blocks=(Block(text, (1,)),)), shelf)


def test_a_part_of_two_quotes_is_both_with_one_space_between(shelf: Shelf) -> None:
    answer = answered(shelf.citation(1, "a.txt", 1), shelf.citation(2, "a.txt", 4))
    joined = replace(answer, blocks=(Block(f"{HOSTILE} Rain fell.", (1, 2)),))
    assert gate.check(joined, shelf) is joined
    for text in (
        f"{HOSTILE}Rain fell.",
        f"{HOSTILE}  Rain fell.",
        f"{HOSTILE}\nRain fell.",
        f"Rain fell. {HOSTILE}",
        f"{HOSTILE} because Rain fell.",
    ):
        refused(replace(answer, blocks=(Block(text, (1, 2)),)), shelf)
    refused(replace(answer, blocks=(Block(f"Rain fell. {HOSTILE}", (2, 1)),)), shelf)


def test_a_text_without_citation_that_is_no_fixed_message_is_refused(shelf: Shelf) -> None:
    invented = Block("The owner closed it for lack of money.")
    answer = answered(hostile(shelf))
    refused(replace(answer, blocks=(invented, *answer.blocks)), shelf)
    refused(replace(answer, blocks=(*answer.blocks, invented)), shelf)
    # A quote needs its citation.
    refused(replace(answer, blocks=(*answer.blocks, Block(HOSTILE))), shelf)
    stated = stated_unknown(shelf)
    refused(replace(stated, blocks=(*stated.blocks[:2], invented, *stated.blocks[3:])), shelf)
    with pytest.raises(GateError):
        gate.check(replace(not_found(shelf), blocks=(invented,)), shelf)


def test_a_fixed_message_that_is_altered_is_refused(shelf: Shelf) -> None:
    for answer in (stated_unknown(shelf), not_found(shelf)):
        first, *others = answer.blocks
        for text in (first.text + " ", first.text[:-1], first.text.upper(), ""):
            with pytest.raises(GateError):
                gate.check(replace(answer, blocks=(replace(first, text=text), *others)), shelf)


@pytest.mark.parametrize(
    "changed",
    [
        {"message": None},
        {"message": ""},
        {"message": "no_more"},
        {"message": "Not_found"},
        {"message": "__class__"},
        {"message": "no_more", "text": "That is all that the article says."},  # a former wording
        {"text": "Nothing more follows in the article."},
        {"written": True},
    ],
)
def test_a_message_whose_key_and_text_disagree_is_refused(
    shelf: Shelf, changed: dict[str, Any]
) -> None:
    answer = not_found(shelf)
    (block,) = answer.blocks
    with pytest.raises(GateError, match="is no fixed message"):
        gate.check(replace(answer, blocks=(replace(block, **changed),)), shelf)


def test_a_quote_with_a_key_is_refused(shelf: Shelf) -> None:
    answer = answered(hostile(shelf))
    (block,) = answer.blocks
    for key in ("not_found", "more", "", "other"):
        refused(replace(answer, blocks=(replace(block, message=key),)), shelf)


def test_a_fixed_message_in_the_wrong_place_is_refused(shelf: Shelf) -> None:
    texts = messages()
    answer = answered(hostile(shelf))
    for key in ("not_found", "stated_unknown", "background", "closest"):
        refused(replace(answer, blocks=(texts.block(key), *answer.blocks)), shelf)
        refused(replace(answer, blocks=(*answer.blocks, texts.block(key))), shelf)
    stated = stated_unknown(shelf)
    head, quote, background, more = stated.blocks
    for blocks in (
        (quote, background, more),
        (head, quote, more, background),
        (background, quote, head, more),
        (head, quote, background, more, background),
        (head, head, quote, background, more),
        (texts.block("not_found"), quote, background, more),
    ):
        refused(replace(stated, blocks=blocks), shelf)
    nothing = not_found(shelf)
    wrong: list[tuple[Block, ...]] = [
        (), nothing.blocks * 2, (*nothing.blocks, texts.block("closest")),
    ]  # fmt: skip
    for parts in wrong:
        with pytest.raises(GateError):
            gate.check(replace(nothing, blocks=parts), shelf)


@pytest.mark.parametrize("make", [lambda s: answered(hostile(s)), stated_unknown, not_found])
def test_an_answer_with_another_status_than_its_parts_is_refused(
    shelf: Shelf, make: Callable[[Shelf], Answer]
) -> None:
    answer = make(shelf)
    for status in Status:
        if status is not answer.status:
            with pytest.raises(GateError):
                gate.check(replace(answer, status=status), shelf)
    with pytest.raises(GateError):
        gate.check(replace(answer, status=answer.status.value), shelf)  # type: ignore[arg-type]


def test_a_note_that_comes_twice_or_not_last_is_refused(shelf: Shelf) -> None:
    note = messages().block("not_english")
    given = not_found(shelf)
    (said,) = given.blocks
    gate.check(replace(given, blocks=(said, note)), shelf)
    refused(replace(given, blocks=(said, note, note)), shelf, "not_found")
    refused(replace(given, blocks=(note, said)), shelf, "not_found")
    refused(replace(given, blocks=(note,)), shelf, "not_found")


def test_closest_sentences_beside_evidence_are_refused(shelf: Shelf) -> None:
    closest = (shelf.citation(1, "a.txt", 4),)
    refused(replace(answered(hostile(shelf)), closest=closest), shelf)
    refused(replace(stated_unknown(shelf), closest=closest), shelf)


def test_evidence_in_an_answer_that_found_nothing_is_refused(shelf: Shelf) -> None:
    citation = hostile(shelf)
    refused(replace(not_found(shelf), citations=(citation,)), shelf)
    block = Block(citation.quote, (1,))
    nothing = not_found(shelf)
    refused(replace(nothing, citations=(citation,), blocks=(*nothing.blocks, block)), shelf)


def test_two_articles_with_the_same_text_are_each_checked(shelf: Shelf) -> None:
    answer = answered(shelf.citation(1, "a.txt", 1), shelf.citation(2, "b.txt", 1))
    assert gate.check(answer, shelf) is answer
    shelf.digests["b.txt"] = "0" * 64
    refused(answer, shelf, "'b.txt'")


def test_sentences_that_an_index_cut_elsewhere_are_refused(shelf: Shelf) -> None:
    answer = answered(hostile(shelf))
    sentences = list(shelf.sentences("a.txt"))
    old = sentences[1]
    sentences[1] = Sentence("a.txt", 1, old.start, old.end - 1, old.paragraph)
    shelf._sentences["a.txt"] = tuple(sentences)
    refused(answer, shelf)
