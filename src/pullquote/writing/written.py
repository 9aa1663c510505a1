"""Turns an answer in quotes into one in a language model's words, each sentence checked.

The model chooses what to say and how. Each of its sentences is checked against the sentences that
it cites. A rejected one may be rewritten once; if that fails, the cited sentences replace it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice

from pullquote.answering.trace import Drafted, Material
from pullquote.errors import WriterError
from pullquote.messages import messages
from pullquote.protocols import Library, Writer
from pullquote.templates import fill
from pullquote.text.speaker import shown
from pullquote.types import Answer, Article, Block, Checked, Citation, Status
from pullquote.writing.check import Check, added_words
from pullquote.writing.drafting import FORGOTTEN, Draft, drafts

#: The most blocks of a written answer, the most sentences that the model may rewrite, and how many
#: repetitions mean that it is in a loop.
_MOST, _REWRITTEN, _REPEATED = 6, 3, 2

#: The most quotes that replace a rejected sentence: some models cite everything every time.
_IN_PLACE = 2

#: The most characters of an article's title that are shown to a model.
_TITLE = 200

_LOG = logging.getLogger(__name__)

#: An answer with one of these messages keeps the articles' own words.
_THEIR_OWN = frozenset({"differ", "more", "said_by_article"})

#: Receives each partial answer while the writer writes.
Told = Callable[[Answer], None]


def can_be_written(answer: Answer) -> bool:
    """Whether the answer may be reworded.

    The articles' own words stay when articles differ, when they say that something is not known, or
    when the user asked for more of the article or for its speaker.
    """
    return answer.status is Status.ANSWERED and _THEIR_OWN.isdisjoint(
        block.message for block in answer.blocks
    )


def write(
    answer: Answer,
    material: Material,
    library: Library,
    writer: Writer,
    check: Check,
    told: Told,
    note: Callable[[Drafted], None] = lambda _: None,
) -> Answer:
    """``answer`` in the writer's words, as far as ``material`` supports them.

    Of two citations in ``material`` that contradict each other, neither is shown without the other.
    If nothing that was written can be shown, the result is ``answer`` with a note. ``told``
    receives the partial answers, ``note`` each sentence of the writer and what happened to it.
    """
    growing = _Growing(answer, material.citations, library, writer, check, note)
    cut = False
    try:
        for draft in drafts(writer.write(prompt(answer, material.citations, library))):
            if draft is FORGOTTEN:
                growing.forget()
                continue
            # Until a written sentence has passed, the original answer may still be the result.
            if growing.add(draft) and growing.written:
                told(growing.answer())
            if growing.full:
                break
    except WriterError as error:
        _LOG.warning("The writer %s did not write to the end: %s", writer.name, error)
        cut = True
    if not growing.written:
        if growing.copied and not growing.corrected and not cut:
            return answer  # it chose the quotes themselves
        refused = growing.corrected or (growing.tried and not cut)
        why = messages().block("writer_refused" if refused else "writer_down")
        return replace(answer, blocks=(*answer.blocks, why))
    growing.add_best()
    notes = ["written"]
    if growing.add_other_sides(material.differing):
        notes.append("both_sides")
    if growing.corrected:
        notes.append("writer_corrected")
    if cut:
        notes.append("writer_cut")
    return growing.answer(notes)


def prompt(answer: Answer, material: Sequence[Citation], library: Library) -> str:
    """The prompt for the writer."""
    listed = _listed([shown(citation, library) for citation in material]).splitlines()
    of_article: dict[str, list[str]] = {}
    for citation, line in zip(material, listed, strict=True):
        of_article.setdefault(citation.article_id, []).append(line)
    if len(of_article) > 1:
        listed = [fill("several")]
        for article_id, own in of_article.items():
            listed += [_heading(library.article(article_id)), *own]
    return fill("write", question=answer.understood or answer.question, sentences="\n".join(listed))


def _heading(article: Article) -> str:
    title = " ".join(article.title.split())[:_TITLE]
    return f"Article “{title}”" + (f", {article.published}:" if article.published else ":")


def _listed(texts: Iterable[str]) -> str:
    return "\n".join(
        f"[{number}] {' '.join(text.split())}" for number, text in enumerate(texts, start=1)
    )


@dataclass(slots=True)
class _Growing:
    """An answer that is being written. It holds only checked sentences and quotes."""

    before: Answer
    material: Sequence[Citation]
    library: Library
    writer: Writer
    check: Check
    note: Callable[[Drafted], None]
    blocks: list[Block] = field(default_factory=list)
    #: Numbers of the material in the order in which they were used.
    used: list[int] = field(default_factory=list)
    tried: bool = False
    copied: bool = False
    written: bool = False
    corrected: bool = False
    rewritten: int = 0
    repeated: int = 0
    seen: set[tuple[str, bool]] = field(default_factory=set)

    @property
    def full(self) -> bool:
        return len(self.blocks) >= _MOST or self.repeated >= _REPEATED

    def forget(self) -> None:
        """Drop everything so far: it was the model's reasoning."""
        self.blocks, self.used, self.seen = [], [], set()
        self.copied = self.written = self.corrected = False
        self.repeated = 0

    def add(self, draft: Draft) -> bool:
        """Add a sentence, or its quotes instead; returns whether anything was added.

        A sentence without citations, such as an introduction or an apology, is silently skipped.
        """
        self.tried = True
        letters = _letters(draft.text)
        kind = letters, bool(draft.numbers)
        if kind in self.seen:
            self.repeated += 1
            return self._left_out(draft, "repeated")
        self.seen.add(kind)
        if not draft.numbers:
            return self._left_out(draft, "uncited")
        known = [number for number in draft.numbers if 1 <= number <= len(self.material)]
        quotes = [self.material[number - 1].quote for number in known]
        same = [
            number
            for number, quote in zip(known, quotes, strict=True)
            if letters == _letters(quote)
        ]
        if same:
            self.copied = True
            self._left_out(draft, "copied")
            return self._quote(same[:1])
        if len(known) < len(draft.numbers):
            self._left_out(draft, "no_such_quote")
        elif not draft.is_whole:
            self._left_out(draft, "incomplete")
        elif checked := self._checked(draft.text, known):
            return self._take(draft.text, known, checked)
        else:
            for text in self._again(draft.text, known):
                other = self._checked(text, known, again=True)
                if other and self._take(text, known, other):
                    return True
        self.corrected = True
        return self._quote(sorted(known)[:_IN_PLACE])

    def _left_out(self, draft: Draft, why: str) -> bool:
        self.note(Drafted(draft.text, (), why))
        return False

    def _checked(self, text: str, numbers: Sequence[int], *, again: bool = False) -> Checked | None:
        sources = self._texts(numbers)
        verdict = self.check(text, sources)
        outcome = "shown" if verdict.supported else verdict.difference or "unsupported"
        self.note(Drafted(text, tuple(sources), outcome, verdict.score, again))
        return verdict.checked

    def _texts(self, numbers: Sequence[int]) -> list[str]:
        return [shown(self.material[number - 1], self.library) for number in numbers]

    def _again(self, written: str, numbers: Sequence[int]) -> Iterator[str]:
        """The model's second attempts at a sentence, after it is told what was wrong."""
        if self.rewritten >= _REWRITTEN:
            return
        self.rewritten += 1
        texts = self._texts(numbers)
        words = ", ".join(added_words(written, texts)) or "what it says as a whole"
        asked = fill("rewrite", sentences=_listed(texts), written=written, added=words)
        # If the model fails here, only this sentence is lost.
        with suppress(WriterError):
            # Two drafts: some models begin with an apology or an introduction.
            for draft in islice(drafts(self.writer.write(asked)), 2):
                if draft is not FORGOTTEN and draft.is_whole:
                    yield draft.text

    def _take(self, text: str, numbers: Sequence[int], checked: Checked) -> bool:
        if any(_letters(block.text) == _letters(text) for block in self.blocks):
            return False
        # Drop citations that the sentence does not need, beginning with the reader's last choice.
        for number in sorted(numbers, reverse=True):
            fewer = [other for other in numbers if other != number]
            if fewer and (still := self.check(text, self._texts(fewer)).checked):
                numbers, checked = fewer, still
        self.written = True
        cited = tuple(map(self._number, numbers))
        self.blocks.append(Block(text, cited, written=True, checked=checked))
        return True

    def add_best(self) -> None:
        """Quote the reader's best sentence, so that every answer contains it."""
        best = max(self.before.citations, key=lambda citation: citation.score)
        self._quote([best.number])

    def add_other_sides(self, differing: Sequence[tuple[int, int]]) -> bool:
        """Quote what contradicts the citations; returns whether there is any contradiction."""
        told = [pair for pair in differing if set(pair) & set(self.used)]
        for pair in told:
            self._quote(pair)
        return bool(told)

    def answer(self, notes: Iterable[str] = ()) -> Answer:
        """The answer so far; ``notes`` are the keys of the messages at its end."""
        citations = tuple(
            replace(self.material[old - 1], number=new)
            for new, old in enumerate(self.used, start=1)
        )
        kept = tuple(block for block in self.before.blocks if not block.citations) if notes else ()
        blocks = (*self.blocks, *map(messages().block, notes), *kept)
        return replace(self.before, blocks=blocks, citations=citations)

    def _quote(self, numbers: Sequence[int]) -> bool:
        new = [number for number in numbers if number not in self.used]
        for item in new:
            quote = self.material[item - 1].quote
            self.blocks.append(Block(quote, (self._number(item),)))
        return bool(new)

    def _number(self, old: int) -> int:
        if old not in self.used:
            self.used.append(old)
        return self.used.index(old) + 1


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold()))
