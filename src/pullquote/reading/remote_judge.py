"""A reader in which a language model chooses sentences, by number only; it never supplies words.

The bundled network reads first. It proposes the sentences, marks the answering words in those that
the model chooses, and replaces the model when the model fails.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace

from pullquote.errors import WriterError
from pullquote.protocols import Library, Writer
from pullquote.reading.judge import Judge
from pullquote.templates import fill
from pullquote.text.cut import cut
from pullquote.thinking import FORGET
from pullquote.types import Hit, Reading, ScoredSentence

_LOG = logging.getLogger(__name__)

#: How many of the best sentences are offered to the model, and how many it may choose.
PROPOSED, CHOSEN = 40, 3

#: The most characters that are shown of a title and of a sentence.
_TITLE, _SHOWN = 200, 600

#: A line of a reply, with one space instead of all that is neither a letter nor a figure.
_REPLY = re.compile(
    r"(?:YOUR LINE )?(?:(ANSWERED|UNKNOWN) \d{1,3}(?: AND| \d{1,3})*|NOT FOUND)", re.I
)


class RemoteJudge:
    """Satisfies :class:`pullquote.protocols.Reader`. Thread-safe."""

    #: A choice is yes or no, so any threshold between the two works.
    refuse_below = 0.5
    cite_above = 0.99

    def __init__(self, judge: Judge, model: Writer) -> None:
        self.name = f"{model.name} over {judge.name}"
        self._judge = judge
        self._model = model

    def read(self, question: str, hits: Sequence[Hit], library: Library) -> Reading:
        """All sentences, those that the model chose first.

        If the model fails or its reply is invalid: the bundled network's reading, with a note.
        """
        reading = self._judge.read(question, hits, library)
        # In the order of the articles, so that the network's ranking does not bias the model.
        listed = sorted(
            reading.sentences[:PROPOSED],
            key=lambda one: (one.sentence.article_id, one.sentence.index),
        )
        if not listed:
            return reading
        try:
            chosen = self._chosen(question, listed, library)
        except WriterError as error:
            _LOG.warning("The reader %s was not used: %s", self._model.name, error)
            sure = reading.answerability >= self._judge.refuse_below
            return replace(
                reading, answerability=float(sure), notes=(*reading.notes, "reader_down")
            )
        places = {(one.sentence.article_id, one.sentence.index) for one in chosen}
        others = tuple(
            replace(one, score=one.score / 2)
            for one in reading.sentences
            if (one.sentence.article_id, one.sentence.index) not in places
        )
        return replace(reading, sentences=(*chosen, *others), answerability=float(bool(chosen)))

    def _chosen(
        self, question: str, listed: Sequence[ScoredSentence], library: Library
    ) -> list[ScoredSentence]:
        """The sentences that the model chose, best first. Raises :class:`WriterError`."""
        prompt = fill(
            "read",
            question=question,
            sentences="\n".join(
                f"[{number}] ({_line(library.article(one.sentence.article_id).title, _TITLE)}) "
                + _line(cut(one.sentence, library), _SHOWN)
                for number, one in enumerate(listed, start=1)
            ),
        )
        told, reply = "", None
        for piece in self._model.write(prompt):
            told = (told + piece).rpartition(FORGET)[2]
            # Until a line is a reply, all of them may be a thought: only its end is marked.
            if "\n" in piece and (reply := _reply(told.rpartition("\n")[0])):
                break
        reply = reply or _reply(told)
        if reply is None:
            raise WriterError("it did not reply in the form that was asked for")
        if reply[1] is None:
            return []
        numbers = list(dict.fromkeys(int(number) for number in re.findall(r"\d+", reply[0])))
        if not all(1 <= number <= len(listed) for number in numbers):
            raise WriterError("it chose a sentence that it was not shown")
        unknown = reply[1].upper() == "UNKNOWN"
        return [
            replace(listed[number - 1], score=1.0, not_said=float(unknown))
            for number in numbers[: 1 if unknown else CHOSEN]
        ]


def _reply(told: str) -> re.Match[str] | None:
    """The first line that has the form that was asked for."""
    lines = (re.sub(r"[\W_]+", " ", line).strip() for line in told.splitlines())
    return next(filter(None, map(_REPLY.fullmatch, lines)), None)


def _line(text: str, most: int) -> str:
    return " ".join(text.split())[:most]
