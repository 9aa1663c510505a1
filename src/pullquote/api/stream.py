"""An answer as server-sent events (WHATWG HTML, section 9.2), for ``POST /api/ask/stream``.

In order: ``message_start`` when the question was taken; for each part of the answer a
``content_block_delta`` with its text and a ``citations_delta`` for each of its quotes;
``message_stop`` with the whole answer. ``error`` instead of what is left, when there is one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any


def event(name: str, data: dict[str, Any]) -> bytes:
    """One event. JSON has no line break in it, so it is one line of data."""
    body = json.dumps({"type": name, **data}, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\ndata: {body}\n\n".encode()


def started(question: str) -> bytes:
    """The question was taken."""
    return event("message_start", {"question": question})


def answer_events(answer: dict[str, Any]) -> Iterator[bytes]:
    """The events of an answer object that has passed the gate."""
    cited = {it["number"]: it for it in answer["citations"]}
    for index, block in enumerate(answer["answer"]):
        delta = {"type": "text_delta", "text": block["text"]}
        yield event("content_block_delta", {"index": index, "delta": delta})
        for number in block["citations"]:
            yield event("citations_delta", {"index": index, "citation": cited[number]})
    yield event("message_stop", {"answer": answer})


def failed(error: dict[str, Any]) -> bytes:
    """The answer failed; ``error`` is the contract's error object."""
    return event("error", error)
