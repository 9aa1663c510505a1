"""Locates the evidence of a question set in the articles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pullquote.evaluate.question import Item, Question, Range
from pullquote.evaluate.questionset import raise_faults
from pullquote.types import Article, Citation, Sentence

#: Two places meet if they share at least this part of the shorter one.
MIN_SHARED = 0.5

_LOOSE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Characters ``start`` to ``end`` of an article."""

    article_id: str
    start: int
    end: int

    @classmethod
    def of(cls, what: Citation | Sentence) -> Place:
        """The place of a citation or a sentence."""
        return cls(what.article_id, what.start, what.end)

    def meets(self, other: Place) -> bool:
        """Whether the two overlap by at least half of the shorter one."""
        if self.article_id != other.article_id:
            return False
        shared = min(self.end, other.end) - max(self.start, other.start)
        return shared >= MIN_SHARED * min(self.end - self.start, other.end - other.start)


@dataclass(frozen=True, slots=True)
class Gold:
    """What a right answer cites: one place of each group. Citing ``also_ok`` does no harm."""

    groups: tuple[tuple[Place, ...], ...]
    also_ok: tuple[Place, ...]

    @property
    def evidence(self) -> tuple[Place, ...]:
        """All places of all groups."""
        return tuple(place for group in self.groups for place in group)


def locate(questions: Sequence[Question], articles: Mapping[str, Article]) -> tuple[Gold, ...]:
    """The gold of each question, in the same order.

    A question with a ``document_id`` has gold only in that article. Raises
    :class:`~pullquote.errors.QuestionSetError`, which lists every item that is in no article, so
    that an outdated question set is noticed.
    """
    faults: list[str] = []
    found = []
    for question in questions:
        if question.document_id is not None and question.document_id not in articles:
            faults.append(f"{question.where}: there is no article {question.document_id!r}.")
            continue
        scope = articles
        if question.document_id is not None:
            scope = {question.document_id: articles[question.document_id]}
        faults += _faults(question, scope, articles)
        found.append(
            Gold(
                groups=tuple(_places(group, scope) for group in question.evidence),
                also_ok=_places(question.also_ok, scope),
            )
        )
    raise_faults(faults)
    return tuple(found)


def _places(items: Iterable[Item], articles: Mapping[str, Article]) -> tuple[Place, ...]:
    return tuple(place for item in items for place in _occurrences(item, articles))


def _occurrences(item: Item, articles: Mapping[str, Article]) -> Iterator[Place]:
    """The places of an item. A quote that is repeated has several."""
    if isinstance(item, Range):
        article = articles.get(item.document_id)
        if article and article.body_start <= item.start < item.end <= len(article.text):
            yield Place(item.document_id, item.start, item.end)
        return
    for article in articles.values():
        start = article.text.find(item, article.body_start)
        while start >= 0:
            yield Place(article.id, start, start + len(item))
            start = article.text.find(item, start + 1)


def _faults(
    question: Question, scope: Mapping[str, Article], articles: Mapping[str, Article]
) -> Iterator[str]:
    evidence = [item for group in question.evidence for item in group]
    # ``also_ok`` items may be in an article outside the scope: there they have no effect.
    for items, within in ((evidence, scope), (question.also_ok, articles)):
        for item in items:
            if not _places([item], within):
                yield f"{question.where}: {_told(item, within, articles)}"


def _told(item: Item, scope: Mapping[str, Article], articles: Mapping[str, Article]) -> str:
    where = "in no article"
    if len(scope) == 1:
        where = f"not in the article {next(iter(scope))!r}"
    if isinstance(item, Range):
        return f"the characters {item.start} to {item.end} of {item.document_id!r} are {where}."
    hint = ""
    if any(_loosely(item) in _loosely(article.text) for article in scope.values()):
        hint = " It is there with other quotation marks, dashes, case or spaces: copy it exactly."
    elif _places([item], articles):
        hint = " It is in another article than the one that is asked."
    return f"the quote {item!r} is {where}.{hint}"


def _loosely(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(_LOOSE)).casefold()
