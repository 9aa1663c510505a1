"""Replaces a number or name in a question by another one, so that the answer no longer fits.

The replacement must not occur near the answer, so that the sentence that was right no longer
answers. Jia and Liang, "Adversarial Examples for Evaluating Reading Comprehension Systems", EMNLP
2017, and later SQuAD 2.0 made unanswerable questions in this way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pullquote.evaluate.gold import Place
from pullquote.evaluate.stress.capitals import has_article
from pullquote.evaluate.stress.names import Names
from pullquote.evaluate.stress.quantities import Quantity, quantities
from pullquote.evaluate.stress.texts import (
    Shelf,
    draw,
    meeting,
    occurrence,
    stands_in,
    text_of,
)
from pullquote.text.terms import STOP_WORDS

#: How many words longer or shorter a name may be than the one it replaces.
_SIZE = 1

#: Names that share this many letters at the start may denote the same thing.
_STEM = 5


@dataclass(frozen=True, slots=True)
class Swap:
    """The question with ``new`` instead of ``old``."""

    question: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class _Thing:
    """A number or name in a question. ``spellings`` are the words to search for in an article."""

    start: int
    end: int
    spellings: tuple[str, ...]
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class _Around:
    """The context of the answer: its sentences, their paragraphs and their articles."""

    sentences: str
    paragraphs: str
    articles: str
    article_ids: tuple[str, ...]


class Swapper:
    """Replaces numbers and names by others from the same corpus."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._names = Names(shelf)
        self._quantities: dict[tuple[str, ...], dict[str, Quantity]] = {}
        for article_id in shelf.articles:
            for sentence in shelf.sentences(article_id):
                if not sentence.heading:
                    for quantity in quantities(text_of(sentence, shelf)):
                        self._quantities.setdefault(quantity.shape, {}).setdefault(
                            quantity.words, quantity
                        )

    def swap(self, question: str, right: Sequence[Place]) -> Swap | None:
        """``question`` with one number or name swapped. ``right`` are the places of its answer.

        The number or name must occur in an article of the answer; those in the answering sentence
        are tried first, then those in its paragraph. ``None`` if there is none, or no replacement
        in the corpus.
        """
        around = self._around(right)
        cased = question not in (question.lower(), question.upper())
        things = [
            thing
            for thing in self._things(question, around, cased)
            if _any_stands_in(thing.spellings, around.articles, any_case=not cased)
        ]

        def order(thing: _Thing) -> tuple[bool, bool, int]:
            def missing(text: str) -> bool:
                return not _any_stands_in(thing.spellings, text, any_case=not cased)

            return (
                missing(around.sentences),
                missing(around.paragraphs),
                draw(question, "thing", str(thing.start)),
            )

        for thing in sorted(things, key=order):
            old = question[thing.start : thing.end]
            new = self._other(thing, question, around)
            if new is not None:
                new = _in_case_of(old, new, question)
                rest = _possessive(new, question[thing.end :])
                return Swap(question[: thing.start] + new + rest, old, new)
        return None

    def _around(self, right: Sequence[Place]) -> _Around:
        own = list(meeting(right, self._shelf))
        paragraphs = {(sentence.article_id, sentence.paragraph) for sentence in own}
        article_ids = tuple(dict.fromkeys(sentence.article_id for sentence in own))
        everything = [
            sentence for article_id in article_ids for sentence in self._shelf.sentences(article_id)
        ]

        def joined(sentences: Iterable[str]) -> str:
            return "\n".join(sentences)

        return _Around(
            sentences=joined(text_of(item, self._shelf) for item in own),
            paragraphs=joined(
                text_of(sentence, self._shelf)
                for sentence in everything
                if (sentence.article_id, sentence.paragraph) in paragraphs
            ),
            articles=joined(text_of(item, self._shelf) for item in everything),
            article_ids=article_ids,
        )

    def _things(self, question: str, around: _Around, cased: bool) -> Iterator[_Thing]:
        found = list(quantities(question))
        for match in found:
            yield _Thing(match.start, match.end, match.spellings, match)
        if not cased:
            yield from self._uncased(question, around)
            return
        for name in self._names.names(question):
            # A possessive may be part of the name ("Sheriff's Office") or not.
            part = next(
                (item for item in name.parts() if stands_in(item.words, around.articles)), name
            )
            if not any(item.start < part.end and part.start < item.end for item in found):
                yield _Thing(part.start, part.end, (part.words,))

    def _uncased(self, question: str, around: _Around) -> Iterator[_Thing]:
        """The articles' names that occur in a question that is all in lower or upper case."""
        names = {name for id_ in around.article_ids for name in self._names.by_article[id_]}
        taken: list[tuple[int, int]] = []
        for name in sorted(names, key=lambda other: (-len(other), other)):
            for match in occurrence(name, any_case=True).finditer(question):
                start, end = match.span()
                if not any(start < last and first < end for first, last in taken):
                    taken.append((start, end))
                    yield _Thing(start, end, (name,))

    def _other(self, thing: _Thing, question: str, around: _Around) -> str | None:
        if thing.quantity is not None:
            return self._other_quantity(thing.quantity, question, around)
        articled = has_article(question, thing.start)
        return self._other_name(thing.spellings[0], articled, question, around)

    def _other_quantity(self, old: Quantity, question: str, around: _Around) -> str | None:
        taken = f"{question}\n{around.paragraphs}"
        fitting = [
            quantity
            for quantity in self._quantities.get(old.shape, {}).values()
            if not _any_stands_in(quantity.spellings, taken, any_case=True)
        ]
        best = min(
            fitting,
            # Prefer a similar number of digits: 15 is more like 20 than like 50,000.
            key=lambda other: (
                abs(other.digits - old.digits),
                draw(question, "number", other.words),
            ),
            default=None,
        )
        return best.words if best else None

    def _other_name(self, old: str, articled: bool, question: str, around: _Around) -> str | None:
        taken = f"{question}\n{around.paragraphs}"
        here = {name for id_ in around.article_ids for name in self._names.by_article[id_]}
        sort = self._names.sort_of(old)
        size = len(old.split())

        def unlike(name: str) -> tuple[int, bool, bool, int]:
            return (
                abs(len(name.split()) - size),
                (name in self._names.articled) is not articled,
                # Prefer names from the same article, which are harder for the reader.
                name not in here,
                draw(question, "name", name),
            )

        fitting = (
            name
            for name, other in self._names.sorts.items()
            if other is sort and abs(len(name.split()) - size) <= _SIZE and not _akin(name, old)
        )
        for name in sorted(fitting, key=unlike):
            if not any(stands_in(item, taken, any_case=True) for item in _content(name)):
                return name
        return None


def _any_stands_in(spellings: Iterable[str], text: str, *, any_case: bool) -> bool:
    return any(stands_in(spelling, text, any_case=any_case) for spelling in spellings)


def _content(name: str) -> list[str]:
    """The content words of a name: "Bell" and "Dr. Moss-Bell" may be the same person."""
    words = name.replace("-", " ").split()
    return [word for word in words if word.lower() not in STOP_WORDS] or words


def _akin(one: str, other: str) -> bool:
    """Whether two names have the same stem, like "Huguenot" and "Huguenots"."""
    return one[:_STEM].lower() == other[:_STEM].lower()


def _possessive(name: str, rest: str) -> str:
    """The text after a name, with its possessive adapted: "Jays' fans" become "Owl's fans"."""
    ends = rest[:1] in ("'", "’") and not rest[1:2].isalpha() and name[-1:].lower() != "s"
    return f"{rest[0]}s{rest[1:]}" if ends else rest


def _in_case_of(old: str, new: str, question: str) -> str:
    if question == question.lower():
        return new.lower()
    if question == question.upper():
        return new.upper()
    return new[:1].upper() + new[1:] if old[:1].isupper() else new[:1].lower() + new[1:]
