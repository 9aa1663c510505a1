"""What fetching takes and gives."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpcore2


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document as it came.

    ``url`` is the final one, after redirects and without its fragment. ``content_type`` is in
    lower case and without parameters; where the server named none it was told from the data.
    ``charset`` is what the header says, and ``None`` when it says nothing that Python knows.
    ``data`` is unpacked. ``etag`` and ``last_modified`` are kept to be sent back, as they came.
    """

    url: str
    content_type: str
    charset: str | None
    data: bytes
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much one address may cost. Times are in seconds, ``size`` in bytes.

    ``size`` bounds what is received and, separately, what it unpacks to. ``total`` bounds the
    name look-up, the connections, all redirects and the body together; what is waited out of
    politeness does not count. ``delay`` is the least time between two requests to one host.
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
    """The world as the fetcher sees it; a test puts its own in place.

    ``resolve`` gives every IP address of a host and raises :class:`OSError` when there is none.
    ``connect`` is only ever given an IP address that was checked, with a port and seconds; it
    raises :class:`httpcore2.ConnectError` or :class:`httpcore2.ConnectTimeout`. ``clock`` is
    monotonic, ``now`` the time since the epoch, for servers name times of day. ``tls`` verifies
    certificates; ``None`` trusts what the system trusts.
    """

    resolve: Callable[[str, int], Sequence[str]] = _look_up
    connect: Callable[[str, int, float], httpcore2.NetworkStream] = (
        httpcore2.SyncBackend().connect_tcp
    )
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time
    tls: ssl.SSLContext | None = None
