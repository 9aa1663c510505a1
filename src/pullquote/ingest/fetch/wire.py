"""Sends one request over its own connection.

httpcore2 implements HTTP. Below it, :class:`Dial` connects to an IP address that the guard has
checked; the Host header, the TLS server name and the certificate check still use the host name.
Every wait is limited by the time left for the whole request, so servers that send byte by byte
cannot exceed it.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpcore2

import pullquote
from pullquote.ingest.fetch import packing
from pullquote.ingest.fetch.errors import FetchError
from pullquote.ingest.fetch.guard import Guard
from pullquote.ingest.fetch.types import FetchLimits, Outside
from pullquote.ingest.fetch.urls import Target

USER_AGENT = f"Pullquote/{pullquote.__version__}"

#: Status codes with a document: OK, and its equivalent from a transforming proxy.
DOCUMENT = (200, 203)

_SLOW = "answers too slowly: try again later, or allow it more time."


@dataclass(frozen=True, slots=True)
class Reply:
    """A response. ``headers`` have lower-case names. ``data`` is empty unless it is a document."""

    status: int
    headers: Mapping[str, str]
    data: bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to request, and what to accept.

    ``headers`` are request headers. ``size`` is in bytes; with ``cut``, a longer body is truncated
    instead of refused. ``check`` gets the headers of a document before its body is read, and raises
    to refuse it.
    """

    headers: Mapping[str, str]
    size: int
    cut: bool = False
    check: Callable[[Target, Mapping[str, str]], None] = lambda target, headers: None


def ask(target: Target, wanted: Wanted, dial: Dial) -> Reply:
    """Send a GET for ``target`` over its own ``dial``, and read the response.

    No connection is kept open, no cookies are kept, and no proxy is used. Raises
    :class:`FetchError` if there is no response, or if it is too long, too slow or not HTTP, and
    whatever ``wanted.check`` raises.
    """
    try:
        return _ask(target, wanted, dial)
    except httpcore2.TimeoutException:
        reason = _SLOW
    except httpcore2.ConnectError as error:
        reason = _connection_reason(target, error)
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        reason = f"breaks off or does not speak HTTP ({error}): try again later."
    except packing.PackingError:
        reason = "is packed in a way that cannot be unpacked: try again later."
    except packing.TooLongError:
        most = wanted.size / 1_000_000
        reason = f"is longer than {most:,g} million bytes: allow more, or leave it out."
    finally:
        dial.close()
    raise FetchError(str(target), reason)


def _ask(target: Target, wanted: Wanted, dial: Dial) -> Reply:
    url = httpcore2.URL(
        scheme=target.scheme, host=target.host, port=target.port, target=target.path
    )
    headers = {
        "Host": target.authority,
        "User-Agent": USER_AGENT,
        "Accept-Encoding": packing.ACCEPTED,
        "Connection": "close",
        **wanted.headers,
    }
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    connection = httpcore2.HTTPConnection(
        url.origin, ssl_context=dial.outside.tls, network_backend=dial
    )
    with connection, connection.stream("GET", url, headers=sent) as response:
        received = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in response.headers
        }
        if response.status not in DOCUMENT:
            return Reply(response.status, received, b"")
        wanted.check(target, received)
        length = received.get("content-length", "")
        if length.isdecimal() and int(length) > wanted.size and not wanted.cut:
            raise packing.TooLongError
        coding = received.get("content-encoding", "")
        data = packing.read(response.iter_stream(), coding, wanted.size, wanted.cut)
        return Reply(response.status, received, data)


def _connection_reason(target: Target, error: Exception) -> str:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"is not trusted: the certificate of {target.host} is not valid "
            f"({cause.verify_message}); check the address."
        )
    if isinstance(cause, ssl.SSLError):
        return "does not speak TLS as it should: check whether the address begins with http://."
    return f"cannot be reached ({error}): check the address, or try again later."


@dataclass(slots=True)
class Dial(httpcore2.NetworkBackend):
    """Connects to a checked address, and ends every wait at the clock time ``end``."""

    target: Target
    guard: Guard
    limits: FetchLimits
    outside: Outside
    end: float
    opened: httpcore2.NetworkStream | None = None

    def left(self, most: float) -> float:
        """Seconds for the next step, at most ``most``. Raises ``FetchError`` if none is left."""
        left = min(most, self.end - self.outside.clock())
        if left <= 0:
            raise FetchError(str(self.target), _SLOW)
        return left

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore2.NetworkStream:
        failures: list[Exception] = []
        for address in self.guard.addresses(self.target, self.left(self.limits.connect)):
            try:
                self.opened = self.outside.connect(address, port, self.left(self.limits.connect))
                return _Stream(self.opened, self)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failures.append(error)
        raise failures[-1]

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self.opened is not None:
            self.opened.close()


@dataclass(frozen=True, slots=True)
class _Stream(httpcore2.NetworkStream):
    """A connection that uses its dial's time limits and ignores the timeouts passed in."""

    stream: httpcore2.NetworkStream
    dial: Dial

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self.dial.left(self.dial.limits.read))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.dial.left(self.dial.limits.read))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, *_: Any, **__: Any
    ) -> httpcore2.NetworkStream:
        left = self.dial.left(self.dial.limits.connect)
        return _Stream(self.stream.start_tls(ssl_context, server_hostname, left), self.dial)

    def close(self) -> None:
        self.stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)
