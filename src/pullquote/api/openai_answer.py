"""An answer's JSON -> the content and the annotations of a chat completion's message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote as percent_encode


@dataclass(frozen=True, slots=True)
class Message:
    """``content`` with marks such as ``[1]``; ``annotations`` say where in it each quote stands."""

    content: str
    annotations: list[dict[str, Any]]


def message(answer: Mapping[str, Any], base: str) -> Message:
    """The message for the contract's answer object, which has passed the gate.

    ``base`` is the server's own address: an article without one of its own is found there.
    """
    content = ""
    annotations: list[dict[str, Any]] = []
    cited = {it["number"]: it for it in answer["citations"]}
    shown: set[int] = set()

    def put(text: str) -> None:
        nonlocal content
        content += ("\n\n" if content else "") + text

    def put_quote(citation: Mapping[str, Any]) -> None:
        quote = citation["cited_text"].replace("\n", " ")
        put(f"> {quote} [{citation['number']}]\n> — {_source(citation)}")
        start = content.rindex("\n\n> ", 0) + 4 if "\n\n> " in content else 2
        annotations.append(_annotation(citation, base, start, start + len(quote)))

    if answer["understood_as"]:
        put(f"Understood as: {answer['understood_as']}")
    last = max((n for n, it in enumerate(answer["answer"]) if it["citations"]), default=-1)
    for n, block in enumerate(answer["answer"]):
        if block["origin"] == "quoted":
            for number in block["citations"]:
                shown.add(number)
                put_quote(cited[number])
        else:
            marks = "".join(f"[{number}]" for number in block["citations"])
            put(f"{block['text']} {marks}".rstrip())
        if n == last:
            for number in sorted(set(cited) - shown):
                put_quote(cited[number])
    for citation in answer["closest"]:
        put_quote(citation)
    return Message(content, annotations)


def _source(citation: Mapping[str, Any]) -> str:
    named = (citation["document_title"], citation["published"])
    return ", ".join(it for it in named if it)


def _annotation(citation: Mapping[str, Any], base: str, start: int, end: int) -> dict[str, Any]:
    own = f"{base}api/articles/{percent_encode(citation['document_id'])}"
    return {
        "type": "url_citation",
        "url_citation": {
            "start_index": start,
            "end_index": end,
            "url": citation["url"] or own,
            "title": citation["document_title"],
        },
    }
