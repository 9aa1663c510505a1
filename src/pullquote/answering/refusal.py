"""Hints for the user when the articles don't answer."""

from __future__ import annotations

import re
from typing import Any

from pullquote.answering.render import named, to_json
from pullquote.answering.render.as_text import printable
from pullquote.index.interface import Store
from pullquote.text.terms import terms
from pullquote.types import Answer, Status


def help_with(answer: Answer, index: Store, contact: str) -> dict[str, Any] | None:
    """Hints for a refusal: words that no article has, the nearest article, whom to ask.

    ``None`` for any other answer.
    """
    if answer.status is not Status.NOT_FOUND:
        return None
    # Articles are not searched for the words of "More details" or "Who wrote this?".
    is_searched = any(block.message == "not_found" for block in answer.blocks)
    asked = answer.understood or answer.question
    words = re.findall(r"\w[\w’'-]*", asked) if is_searched else []
    unknown = [
        word
        for word in dict.fromkeys(words)
        # Skip function words: they do not say what the question is about.
        if terms(word) and not index.knows(word)
    ]
    nearest = index.article(answer.closest[0].article_id) if answer.closest else None
    return {
        "unknown_words": unknown,
        "nearest": named(nearest) if nearest else None,
        "contact": contact or None,
    }


def json_with_help(answer: Answer, index: Store, contact: str) -> dict[str, Any]:
    """The answer's JSON, with the hints of :func:`help_with` in ``help`` if there are any.

    Raises ``GateError``.
    """
    body = to_json(answer, index)
    helped = help_with(answer, index, contact)
    return {**body, "help": helped} if helped else body


def help_text(told: dict[str, Any]) -> str:
    """The hints of :func:`help_with` as text for a terminal; empty when there are none."""
    lines = []
    if told["unknown_words"]:
        lines.append(f"No article has: {', '.join(told['unknown_words'])}.")
    if told["nearest"]:
        lines.append(f"Nearest article: {told['nearest']['document_title']}.")
    if told["contact"]:
        lines.append(f"Whom to ask: {told['contact']}")
    return "\n".join(map(printable, lines))
