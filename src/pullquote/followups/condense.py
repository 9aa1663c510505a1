"""Lets a language model rewrite a follow-up; used only if it adds nothing and loses nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pullquote.errors import WriterError
from pullquote.followups.followup import Understood, leans
from pullquote.protocols import Writer
from pullquote.templates import fill
from pullquote.text.question_kind import kind_of
from pullquote.text.terms import terms

#: The most characters of a model's reply that are used.
_LONGEST = 300


def condense(
    question: str, earlier: Sequence[str], understood: Understood, writer: Writer
) -> Understood:
    """``understood`` with the writer's question, or unchanged if that is not faithful.

    A faithful question uses only words of the conversation, keeps all words of the follow-up, asks
    for the same kind of thing, adds something from the earlier questions, and can be understood
    alone.
    """
    prompt = fill("condense", earlier="\n".join(f"- {text}" for text in earlier), question=question)
    told = ""
    try:
        for piece in writer.write(prompt):
            told += piece
            if len(told) > _LONGEST or "\n" in told.strip():
                break
    except WriterError:
        return understood
    lines = told.strip().splitlines()
    whole = re.sub(r"^[\s\"“'*-]+|[\s\"”'*]+$", "", lines[0]) if lines else ""
    if not _is_faithful(whole, question, understood.question, earlier):
        return understood
    return replace(understood, question=whole, by_rule_of_thumb=False)


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
