"""A real server within the test process, which shares the models that are loaded there."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import pytest
import uvicorn

from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.protocols import Embedder
from pullquote.reading import readers
from pullquote.reading.judge_input import PassageText
from pullquote.reading.judge_network import JudgeNetwork, Verdict
from pullquote.reading.readers import bundled_network
from pullquote.serve import server
from pullquote.serve.opening import Opening
from tests.support.browser import feedback_file, wait_until_ready


class _Opening(Opening):
    """An opening that can be waited for: the program must not end while its thread reads."""

    def __init__(self, *arguments: Any) -> None:
        self._reading = Lock()
        super().__init__(*arguments)

    def _ask_what_is_offered(self, assistant: Assistant) -> None:
        with self._reading:
            super()._ask_what_is_offered(assistant)

    def wait(self) -> None:
        """Wait until the questions to begin with are answered."""
        with self._reading:
            pass


@contextmanager
def serving(settings: Settings, *, waits: bool = True) -> Iterator[str]:
    """The address of a server; any free port unless the settings name another than the default.

    It can answer unless ``waits`` is false.
    """

    def failed(error: BaseException) -> None:
        raise AssertionError from error

    opening = _Opening(settings, failed)
    app = server.create_app(opening, settings)
    port = settings.port if settings.port != Settings().port else 0
    listener = socket.create_server(("127.0.0.1", port))
    running = uvicorn.Server(uvicorn.Config(app, log_level="critical", proxy_headers=False))
    thread = Thread(target=running.run, kwargs={"sockets": [listener]})
    thread.start()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        if waits:
            wait_until_ready(address)
        yield address
    finally:
        # Forced, because a browser's connection would stay open.
        running.should_exit = running.force_exit = True
        thread.join(30)
        opening.wait()


class _Remembering(JudgeNetwork):
    """The bundled network, which reads each passage only once for the same question."""

    def __init__(self, network: JudgeNetwork) -> None:
        super().__init__(network.card, network.digest, network.encoder, network._model)
        self._known: dict[tuple[str, PassageText], dict[int, Verdict]] = {}

    def read(self, question: str, passages: Sequence[PassageText]) -> list[dict[int, Verdict]]:
        for passage in passages:
            if (question, passage) not in self._known:
                (self._known[question, passage],) = super().read(question, [passage])
        return [self._known[question, passage] for passage in passages]


@cache
def _remembering() -> JudgeNetwork:
    return _Remembering(bundled_network())


@contextmanager
def serving_index(
    index: Path, embedder: Embedder, *, remembers: bool = True, **options: Any
) -> Iterator[str]:
    """The address of a server for this index, with models that are loaded already.

    Unless ``remembers`` is false, what was read once in this process is not read again, because
    most tests of the page ask the same few questions. ``options`` are settings; there are none
    besides these, and no rate limits.
    """
    given = {"rate_limit": 100_000, "rate_limit_origin": 100_000, **options}
    settings = Settings(index=index, feedback=feedback_file(index), **given)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(SentenceTransformersEmbedder, "open", lambda name: embedder)
        if remembers:
            patched.setattr(readers, "bundled_network", _remembering)
        with serving(settings) as address:
            patched.undo()
            yield address
