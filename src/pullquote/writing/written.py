"""An extractive answer and a language model -> an answer in its words, each of them checked.

The model chooses and words; it never gets to say anything that was not checked against the
sentences that it names. What it says wrongly is replaced by these sentences themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from pullquote.errors import WriterError
from pullquote.messages import messages
from pullquote.templates import fill
from pullquote.text.speaker import shown
from pullquote.types import Answer, Block, Citation, Library, Status, Writer
from pullquote.writing.drafting import Draft, drafts

#: The most sentences that are taken from a model.
_MOST = 6

#: With these messages an answer keeps the articles' own words.
_THEIR_OWN = frozenset({"differ", "more", "said_by_article"})

#: Says whether a written sentence says what these texts say, and nothing else.
Check = Callable[[str, Sequence[str]], bool]

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
    material: Sequence[Citation],
    library: Library,
    writer: Writer,
    check: Check,
    told: Told,
) -> Answer:
    """``answer`` in the writer's words, as far as they are true to ``material``.

    ``material`` are the citations that may be used, those of ``answer`` first. The answer is given
    back with a note when nothing of what was written can be shown.
    """
    growing = _Growing(answer, material, library, check)
    cut = False
    try:
        for draft in drafts(writer.write(prompt(answer, material, library))):
            if growing.add(draft):
                told(growing.answer())
            if growing.full:
                break
    except WriterError:
        cut = True
    if not growing.written:
        if growing.tried and not growing.corrected and not cut:
            return answer  # it chose the quotes themselves
        note = messages().block("writer_refused" if growing.corrected else "writer_down")
        return replace(answer, blocks=(*answer.blocks, note))
    growing.add_best()
    notes = ["written"]
    if growing.corrected:
        notes.append("writer_corrected")
    if cut:
        notes.append("writer_cut")
    return growing.answer(notes)


def prompt(answer: Answer, material: Sequence[Citation], library: Library) -> str:
    """What the writer is asked."""
    numbered = (
        f"[{number}] {' '.join(shown(it, library).split())}"
        for number, it in enumerate(material, start=1)
    )
    return fill(
        "write",
        question=answer.understood or answer.question,
        sentences="\n".join(numbered),
    )


@dataclass(slots=True)
class _Growing:
    """An answer that is being written. Only what passed is in it."""

    before: Answer
    material: Sequence[Citation]
    library: Library
    check: Check
    blocks: list[Block] = field(default_factory=list)
    #: Numbers of the material in the order in which they were used.
    used: list[int] = field(default_factory=list)
    tried: bool = False
    written: bool = False
    corrected: bool = False

    @property
    def full(self) -> bool:
        return len(self.blocks) >= _MOST

    def add(self, draft: Draft) -> bool:
        """Take a sentence, or its quotes in its place; whether anything was added."""
        self.tried = True
        known = [it for it in draft.numbers if 1 <= it <= len(self.material)]
        texts = [shown(self.material[it - 1], self.library) for it in known]
        same = [it for it in known if _letters(draft.text) == _letters(self.material[it - 1].quote)]
        if same:
            return self._quote(same[:1])
        if known and len(known) == len(draft.numbers) and self.check(draft.text, texts):
            if any(_letters(it.text) == _letters(draft.text) for it in self.blocks):
                return False
            self.written = True
            self.blocks.append(Block(draft.text, tuple(map(self._number, known)), written=True))
            return True
        self.corrected = True
        return self._quote(known)

    def add_best(self) -> None:
        """The reader's own choice is in every answer."""
        best = max(self.before.citations, key=lambda it: it.score)
        self._quote([best.number])

    def answer(self, notes: Iterable[str] = ()) -> Answer:
        """What there is so far; ``notes`` are the keys of the messages that close it."""
        citations = tuple(
            replace(self.material[old - 1], number=new)
            for new, old in enumerate(self.used, start=1)
        )
        kept = tuple(it for it in self.before.blocks if not it.citations) if notes else ()
        blocks = (*self.blocks, *map(messages().block, notes), *kept)
        return replace(self.before, blocks=blocks, citations=citations)

    def _quote(self, numbers: Sequence[int]) -> bool:
        new = [it for it in numbers if it not in self.used]
        for it in new:
            quote = self.material[it - 1].quote
            self.blocks.append(Block(quote, (self._number(it),)))
        return bool(new)

    def _number(self, old: int) -> int:
        if old not in self.used:
            self.used.append(old)
        return self.used.index(old) + 1


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold()))
