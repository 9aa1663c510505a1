"""An answer as server-sent events (WHATWG HTML, section 9.2), for ``POST /api/ask/stream``.

The events in order: ``message_start`` when the question is accepted; for each part of the answer,
as soon as it has passed the gate, a ``content_block_delta`` with its text (and the key, if it is a
message) and a ``citations_delta`` for each of its quotes; ``message_stop`` with the whole answer.
After an error, ``error`` replaces the remaining events.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

from starlette.responses import StreamingResponse

#: Seconds between two keep-alive events during an answer: proxies close a silent connection.
SIGN_OF_LIFE = 10.0


def response(events: AsyncIterator[bytes]) -> StreamingResponse:
    """A response that sends each event at once; without the header, nginx would collect them."""
    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


def event(name: str, data: dict[str, Any]) -> bytes:
    """One event. The JSON has no line breaks, so the data is a single line."""
    body = json.dumps({"type": name, **data}, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\ndata: {body}\n\n".encode()


def started(question: str) -> bytes:
    """The event for an accepted question."""
    return event("message_start", {"question": question})


class Parts:
    """Makes the events of a growing answer, each part once."""

    def __init__(self) -> None:
        self._sent = 0

    def of(self, answer: dict[str, Any]) -> Iterator[bytes]:
        """The events of the new parts of ``answer``, which must have passed the gate."""
        cited = {text["number"]: text for text in answer["citations"]}
        for index, block in enumerate(answer["answer"]):
            if index < self._sent:
                continue
            delta = {"type": "text_delta", "text": block["text"]}
            about = {key: block[key] for key in ("origin", "message")}
            yield event("content_block_delta", {"index": index, "delta": delta, **about})
            for number in block["citations"]:
                yield event("citations_delta", {"index": index, "citation": cited[number]})
        self._sent = len(answer["answer"])


def stopped(answer: dict[str, Any]) -> bytes:
    """The event with the whole answer, which must have passed the gate."""
    return event("message_stop", {"answer": answer})


def failed(error: dict[str, Any]) -> bytes:
    """The event for a failed answer; ``error`` is the API's error object."""
    return event("error", error)
