"""The web application: a FastAPI app with the chat mounted on it."""

from __future__ import annotations

import socket
import sys
from collections.abc import Awaitable, Callable

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from pullquote import ui
from pullquote.config import Settings
from pullquote.errors import SettingsError
from pullquote.manifest import Manifest
from pullquote.opening import Opening

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": "frame-ancestors 'self'; object-src 'none'; base-uri 'self'",
}


def create_app(opening: Opening, settings: Settings) -> FastAPI:
    """The application over an assistant that may still be opening."""
    app = FastAPI(title="Pullquote", docs_url=None, redoc_url=None, openapi_url=None)

    @app.middleware("http")
    async def add_headers(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await call_next(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    @app.get("/healthz")
    def health() -> JSONResponse:
        if not opening.done:
            return JSONResponse({"status": "loading"}, status_code=503)
        if opening.error:
            return JSONResponse({"status": "failed"}, status_code=503)
        return JSONResponse({"status": "ok"})

    return ui.mount(app, opening, settings)


def serve(settings: Settings) -> None:
    """Run the application until it is interrupted. Raises ``PullquoteError`` before it listens."""
    Manifest.read(settings.index)  # a missing index is told here, not on a page
    listener = _listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    opening = Opening(settings, lambda error: _tell(f"pullquote: {error}"))
    app = create_app(opening, settings)
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    with listener:
        # For the person at the terminal; uvicorn's own lines are about the server.
        _tell(f"Pullquote is at http://{shown}:{port} (Ctrl-C ends it)")
        uvicorn.Server(config).run(sockets=[listener])


def _tell(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        raise SettingsError(
            f"The server cannot listen on {host}:{port} ({error.strerror or error}): "
            "name another with --port or --host."
        ) from error
    return listener
