"""The types of fetching: documents, limits, and access to the outside world."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpcore2


@dataclass(frozen=True, slots=True)
class Fetched:
    """A fetched document.

    ``url`` is the final address, after redirects and without a fragment. ``content_type`` is in
    lower case and without parameters; if the server sent none, it is guessed from the data.
    ``charset`` is the one in the header, or ``None`` if Python does not know it. ``data`` is
    decompressed. ``etag`` and ``last_modified`` are unchanged, to be sent back later.
    """

    url: str
    content_type: str
    charset: str | None
    data: bytes
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Limits for each address. Times are in seconds, ``size`` in bytes.

    ``size`` limits the received and, separately, the decompressed data. ``total`` limits the name
    look-up, the connections, all redirects and the body together, but not the pauses between
    requests. ``delay`` is the least time between two requests to one host.
    """

    size: int = 20_000_000
    connect: float = 10.0
    read: float = 10.0
    total: float = 30.0
    delay: float = 1.0


def _look_up(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(entry[4][0]) for entry in found]


@dataclass(frozen=True, slots=True)
class Outside:
    """The fetcher's access to network and time; tests replace it.

    ``resolve`` returns all IP addresses of a host and raises :class:`OSError` if there are none.
    ``connect`` gets a checked IP address, a port and a timeout in seconds; it raises
    :class:`httpcore2.ConnectError` or :class:`httpcore2.ConnectTimeout`. ``clock`` is monotonic;
    ``now`` is the time since the epoch, needed because servers name absolute times. ``tls``
    verifies certificates; ``None`` uses the system's trust store.
    """

    resolve: Callable[[str, int], Sequence[str]] = _look_up
    connect: Callable[[str, int, float], httpcore2.NetworkStream] = (
        httpcore2.SyncBackend().connect_tcp
    )
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time
    tls: ssl.SSLContext | None = None
