"""Stand-ins for what a server holds: an index that is opened, and an assistant."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pullquote.answering.trace import Trace
from pullquote.assistant import Assistant
from pullquote.errors import PullquoteError
from pullquote.index.interface import Store


class Opened:
    """An opening that has ended with an assistant or an error, or (``None``) has not ended."""

    def __init__(self, result: Assistant | PullquoteError | None) -> None:
        self._result = result

    @property
    def done(self) -> bool:
        return self._result is not None

    @property
    def error(self) -> PullquoteError | None:
        return self._result if isinstance(self._result, PullquoteError) else None

    def starting(self, assistant: Assistant) -> tuple[str, ...]:
        return ()

    def assistant(self) -> Assistant:
        if isinstance(self._result, PullquoteError):
            raise self._result
        assert self._result is not None
        return self._result


class Tampered:
    """An assistant whose answers are altered after they are made: 1901 becomes 1902."""

    def __init__(self, assistant: Assistant) -> None:
        self.index: Store = assistant.index
        self.notice = None
        self.writer = None
        self._assistant = assistant

    def trace(self, *arguments: Any, **options: Any) -> Trace:
        trace = self._assistant.trace(*arguments, **options)
        answer = trace.answer
        first = replace(
            answer.citations[0], quote=answer.citations[0].quote.replace("1901", "1902")
        )
        assert first != answer.citations[0]
        block = replace(answer.blocks[0], text=first.quote)
        return replace(trace, answer=replace(answer, citations=(first,), blocks=(block,)))
