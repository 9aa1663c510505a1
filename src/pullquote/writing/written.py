"""An extractive answer and a language model -> an answer in its words, each of them checked.

The model chooses and words; it never gets to say anything that was not checked against the
sentences that it names. What it says wrongly it may say once more; then these sentences themselves
stand in its place.
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

#: The most sentences that are taken from a model, that it may write once more, and that it may
#: repeat before it is taken to be going round in circles.
_MOST, _REWRITTEN, _REPEATED = 6, 3, 2

#: The most quotes that stand in the place of a sentence: some models cite everything every time.
_IN_PLACE = 2

#: The most characters of an article's title that a model is shown.
_TITLE = 200

_LOG = logging.getLogger(__name__)

#: With these messages an answer keeps the articles' own words.
_THEIR_OWN = frozenset({"differ", "more", "said_by_article"})

#: Is told each answer that grows towards the last one; all have passed the gate.
Told = Callable[[Answer], None]


def can_be_written(answer: Answer) -> bool:
    """Whether there is anything to put in other words.

    Where articles differ, or say that something is not known, their own words stand; so they do
    when the last answer's own were asked for.
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
    """``answer`` in the writer's words, as far as they are true to ``material``.

    Of two citations of ``material`` that contradict each other none is told without the other. The
    answer is given back with a note when nothing of what was written can be shown. ``note`` is
    given each sentence of the writer's with what became of it.
    """
    growing = _Growing(answer, material.citations, library, writer, check, note)
    cut = False
    try:
        for draft in drafts(writer.write(prompt(answer, material.citations, library))):
            if draft is FORGOTTEN:
                growing.forget()
                continue
            # While nothing written has passed, the quotes may still be the answer as they were.
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
    """What the writer is asked."""
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
    """An answer that is being written. Only what passed is in it."""

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
        """What was added so far was thought, and not said."""
        self.blocks, self.used, self.seen = [], [], set()
        self.copied = self.written = self.corrected = False
        self.repeated = 0

    def add(self, draft: Draft) -> bool:
        """Take a sentence, or its quotes in its place; whether anything was added.

        What cites nothing is left out without a word: an introduction, an apology, an offer.
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
        """The sentence as the model writes it when it is told what is wrong with it."""
        if self.rewritten >= _REWRITTEN:
            return
        self.rewritten += 1
        texts = self._texts(numbers)
        words = ", ".join(added_words(written, texts)) or "what it says as a whole"
        asked = fill("rewrite", sentences=_listed(texts), written=written, added=words)
        # A model that fails here has failed with this sentence only.
        with suppress(WriterError):
            # Some say first that they are sorry, or that here it is.
            for draft in islice(drafts(self.writer.write(asked)), 2):
                if draft is not FORGOTTEN:
                    yield draft.text

    def _take(self, text: str, numbers: Sequence[int], checked: Checked) -> bool:
        if any(_letters(block.text) == _letters(text) for block in self.blocks):
            return False
        # What it is supported without it need not cite, the reader's last choice first.
        for number in sorted(numbers, reverse=True):
            fewer = [other for other in numbers if other != number]
            if fewer and (still := self.check(text, self._texts(fewer)).checked):
                numbers, checked = fewer, still
        self.written = True
        cited = tuple(map(self._number, numbers))
        self.blocks.append(Block(text, cited, written=True, checked=checked))
        return True

    def add_best(self) -> None:
        """The reader's own choice is in every answer."""
        best = max(self.before.citations, key=lambda citation: citation.score)
        self._quote([best.number])

    def add_other_sides(self, differing: Sequence[tuple[int, int]]) -> bool:
        """Quote who contradicts what is cited; whether anybody does."""
        told = [pair for pair in differing if set(pair) & set(self.used)]
        for pair in told:
            self._quote(pair)
        return bool(told)

    def answer(self, notes: Iterable[str] = ()) -> Answer:
        """What there is so far; ``notes`` are the keys of the messages that close it."""
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
