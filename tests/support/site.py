"""A local web server that plays a publisher's site."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class Site:
    """A site that serves the pages that were put on it, each with its own headers."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, Mapping[str, str]]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self.pages))
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.port = self._server.server_address[1]
        self.origin = f"http://127.0.0.1:{self.port}"

    def put(self, path: str, page: str, **headers: str) -> str:
        """Publish a page and return its address; ``headers`` have ``_`` for ``-``."""
        self.pages[path] = (page, {k.replace("_", "-"): v for k, v in headers.items()})
        return self.origin + path

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, pages: dict[str, tuple[str, Mapping[str, str]]], *rest: Any) -> None:
        self._pages = pages
        super().__init__(*rest)

    def do_GET(self) -> None:
        page, headers = self._pages.get(self.path.partition("?")[0], ("", {}))
        self.send_response(200 if page else 404)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_: object) -> None:
        """Log nothing."""
