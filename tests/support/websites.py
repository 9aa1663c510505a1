"""A local web server and a fake internet, for the tests of fetching."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import httpcore2

from pullquote.ingest.fetch import Fetcher, FetchLimits, Outside

PUBLIC = "93.184.216.34"
OTHER = "2606:2800:220:1::1"

Answer = bytes | Callable[[socket.socket], None]


def answer(
    body: bytes = b"<p>text</p>",
    status: int = 200,
    kind: str | None = "text/html; charset=utf-8",
    length: int | None = None,
    **headers: str,
) -> bytes:
    """A whole HTTP response; ``headers`` have ``_`` for ``-``."""
    lines = [f"HTTP/1.1 {status} Such"]
    if kind is not None:
        lines.append(f"Content-Type: {kind}")
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def redirect(location: str, status: int = 302) -> bytes:
    return answer(b"", status, None, Location=location)


@dataclass
class Site:
    """A server's answers by path, and the requests it got.

    Several answers to a path are given in turn; the last one is repeated.
    """

    port: int = 0
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    greeting: bytes = b""

    def put(self, path: str, *answers: Answer) -> None:
        self.answers[path] = list(answers)

    @property
    def paths(self) -> list[str]:
        """The requested paths, without robots.txt."""
        found = [request.split(" ")[1] for request in self.requests]
        return [path for path in found if path != "/robots.txt"]

    def handle(self, connection: socket.socket) -> None:
        if self.greeting:
            connection.sendall(self.greeting)
            return
        asked = b""
        while b"\r\n\r\n" not in asked:
            piece = connection.recv(65_536)
            if not piece:
                return
            asked += piece
        self.requests.append(asked.decode("latin-1"))
        path = asked.split(b" ")[1].decode()
        answers = self.answers.get(path) or [answer(b"no", 404)]
        given = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(given, bytes):
            connection.sendall(given)
        else:
            given(connection)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    # A server may still be sending slowly when its test is over.
    block_on_close = False


@contextmanager
def serving(site: Site, tls: ssl.SSLContext | None = None) -> Iterator[None]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            connection = self.request
            try:
                if tls is not None:
                    connection = tls.wrap_socket(connection, server_side=True)
                with closing(connection):
                    site.handle(connection)
            except OSError:
                pass  # the client has closed the connection

    with Server(("127.0.0.1", 0), Handler) as server:
        site.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


@dataclass
class World:
    """A fake internet: ``names`` maps hosts to addresses, and every connection goes to ``site``."""

    site: Site
    names: dict[str, Sequence[str]] = field(default_factory=dict)
    lookups: list[str] = field(default_factory=list)
    connections: list[tuple[str, int]] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    time: float = 1000.0
    real_clock: bool = False
    tls: ssl.SSLContext | None = None

    def resolve(self, host: str, port: int) -> Sequence[str]:
        self.lookups.append(host)
        if host not in self.names:
            raise socket.gaierror(-2, "Name or service not known")
        return self.names[host]

    def connect(self, address: str, port: int, timeout: float) -> httpcore2.NetworkStream:
        self.connections.append((address, port))
        return httpcore2.SyncBackend().connect_tcp("127.0.0.1", self.site.port, timeout)

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.time += seconds

    def clock(self) -> float:
        return time.monotonic() if self.real_clock else self.time

    def outside(self) -> Outside:
        return Outside(
            self.resolve, self.connect, self.clock, self.sleep, lambda: 1_700_000_000.0, self.tls
        )

    def fetcher(self, limits: FetchLimits | None = None, *private: str) -> Fetcher:
        return Fetcher(private, limits, self.outside())
