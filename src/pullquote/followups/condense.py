"""Lets a language model rewrite a follow-up; used only if it adds nothing and loses nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from pullquote.answering.cache import Recent
from pullquote.errors import WriterError
from pullquote.followups.followup import Understood, leans
from pullquote.protocols import Writer
from pullquote.templates import fill
from pullquote.text.question_kind import kind_of
from pullquote.text.terms import terms
from pullquote.thinking import FORGET

#: The most characters of a question, and of the reply that is read for it, with thoughts.
_LONGEST, _READ = 300, 3000

#: What may stand around a question: a number, marks, a label such as "Rewritten question:".
_AROUND = re.compile(
    r"^(?:[\s\"“'*`>-]|\d{1,2}[.)]\s|[^:?]{0,40}\b(?:question|rewritten)\b[^:?]{0,40}:)+"
    r"|[\s\"”'*`]+$",
    re.IGNORECASE,
)


class Rewordings:
    """Remembers the follow-ups that a writer has reworded. Thread-safe.

    Later in the same conversation, such a question is understood as it was when it was answered.
    """

    def __init__(self) -> None:
        self._recent: Recent[Understood] = Recent()

    def known(self, by_rules: Understood, earlier: Sequence[str]) -> Understood:
        """How the writer had the question after ``earlier`` understood, or else ``by_rules``."""
        if not by_rules.by_rule_of_thumb:
            return by_rules
        return self._recent.get((by_rules, *earlier), lambda: by_rules)

    def condense(
        self, question: str, earlier: Sequence[str], by_rules: Understood, writer: Writer
    ) -> Understood:
        """The result of :func:`condense`, which is remembered."""
        understood = condense(question, earlier, by_rules, writer)
        self._recent.keep((by_rules, *earlier), understood)
        return understood


def condense(
    question: str, earlier: Sequence[str], understood: Understood, writer: Writer
) -> Understood:
    """``understood`` with the writer's question, or unchanged if that is not faithful.

    A faithful question uses only words of the conversation, keeps all words of the follow-up, asks
    for the same kind of thing, adds something from the earlier questions, and can be understood
    alone.
    """
    prompt = fill("condense", earlier="\n".join(f"- {text}" for text in earlier), question=question)
    told, read = "", 0
    try:
        for piece in chain(writer.write(prompt), ["\n"]):
            *lines, told = (told + piece).rpartition(FORGET)[2].split("\n")
            # Other lines may be an introduction, or a thought whose beginning is not marked.
            for whole in (_AROUND.sub("", line) for line in lines):
                if _is_faithful(whole, question, understood.question, earlier):
                    return replace(understood, question=whole, by_rule_of_thumb=False)
            read += len(piece)
            if read > _READ:
                break
    except WriterError:
        pass
    return understood


def _is_faithful(whole: str, question: str, by_rules: str, earlier: Sequence[str]) -> bool:
    own, asked = set(terms(whole)), set(terms(question))
    before = {term for text in earlier for term in terms(text)} | set(terms(by_rules))
    return (
        0 < len(whole) <= _LONGEST
        and own <= before | asked
        and asked <= own
        and bool(own - asked)
        and kind_of(whole) is kind_of(question)
        and not leans(whole)
    )
