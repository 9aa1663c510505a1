"""Receipts: saved answers, as JSON or as Markdown that shows the answer and contains its JSON.

``pullquote verify`` checks either form offline; it needs only the articles.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import product
from typing import Any

from pullquote.answering.former_messages import wordings
from pullquote.answering.render.as_markdown import escape
from pullquote.errors import AnswerFileError
from pullquote.messages import messages

_HEAD = "# Receipt of an answer"
_FENCE = re.compile(r"^```json\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


def with_date(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer object of the API contract with ``saved``, the time in UTC to the second."""
    return {**answer, "saved": datetime.now(UTC).isoformat(timespec="seconds")}


def to_receipt(answer: Mapping[str, Any]) -> str:
    """The Markdown of a saved answer object: readable text, then the JSON for programs."""
    return _receipt(answer, messages().understood, messages().closest)


def _receipt(answer: Mapping[str, Any], understood: str, closest: str) -> str:
    """The receipt with these labels. Its other text must never change: receipts are compared."""
    kept = json.dumps(answer, ensure_ascii=False, indent=1).replace("`", "\\u0060")
    parts = [*_shown(answer, understood, closest), f"```json\n{kept}\n```"]
    return "\n\n".join(parts) + "\n"


def from_receipt(text: str) -> dict[str, Any]:
    """The answer object of a receipt in Markdown.

    Raises :class:`AnswerFileError` when there is none, or when its text does not match it.
    """
    text = text.replace("\r\n", "\n").lstrip("\ufeff")
    found = _FENCE.findall(text)
    try:
        answer = json.loads(found[-1]) if found else None
    except (ValueError, RecursionError) as error:
        raise AnswerFileError(f"The receipt's JSON cannot be read ({error}).") from error
    if not isinstance(answer, dict):
        raise AnswerFileError("There is no receipt in this Markdown: its JSON is missing.")
    try:
        labels = product(wordings("understood"), wordings("closest"))
        is_shown = any(_receipt(answer, *label).strip() == text.strip() for label in labels)
    except (TypeError, KeyError, AttributeError, IndexError, ValueError) as error:
        raise AnswerFileError("The receipt's JSON is not a saved answer.") from error
    if not is_shown:
        raise AnswerFileError("The text of the receipt differs from its JSON.")
    return answer


def _shown(answer: Mapping[str, Any], understood: str, closest: str) -> Iterator[str]:
    yield _HEAD
    yield f"**{escape(answer['question'])}**"
    if answer.get("understood_as"):
        yield f"*{escape(understood)}: {escape(answer['understood_as'])}*"
    for block in answer["answer"]:
        marks = "".join(f" \\[{int(number)}\\]" for number in block["citations"])
        names = [(one["document_title"], one["published"]) for one in block.get("articles", ())]
        credit = "; ".join(", ".join(filter(None, name)) for name in names)
        yield escape(block["text"]) + marks + (f"  \n— {escape(credit)}" if credit else "")
    quotes = [*answer["citations"], *answer["closest"]]
    if answer["closest"]:
        yield f"*{escape(closest)}:*"
    for quote in quotes:
        yield _quote(quote)
    index = answer["index"]
    made = [f"index {index['digest']}", f"reader {index['reader']}"]
    if index.get("writer"):
        made.append(f"words of {index['writer']}")
    yield f"Status: {escape(answer['status'])}. Made with {escape(', '.join(made))}." + (
        f" Saved {escape(answer['saved'])}." if answer.get("saved") else ""
    )
    yield "Prove it: save this file and run `pullquote verify FILE` beside the articles."


def _quote(quote: Mapping[str, Any]) -> str:
    start, end = int(quote["start_char_index"]), int(quote["end_char_index"])
    named = [quote["document_title"], quote.get("published"), quote.get("updated")]
    where = f"{quote.get('url') or quote['document_id']}, characters {start} to {end}"
    told = ", ".join(escape(str(item)) for item in [*named, where] if item)
    digest = escape(str(quote.get("document_digest") or "unknown"))
    return (
        f"> {escape(quote['cited_text'])} \\[{int(quote['number'])}\\]\n>\n"
        f"> — {told}\n>\n> SHA\\-256 of the article: {digest}"
    )
