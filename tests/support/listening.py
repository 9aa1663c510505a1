"""A real server of an assistant, for clients of OpenAI's protocol."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import uvicorn

from pullquote.config import Settings
from pullquote.serve.server import _listen, create_app


@contextmanager
def running(opening: Any, settings: Settings) -> Iterator[str]:
    listener = _listen("127.0.0.1", 0)
    app = create_app(opening, settings)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
