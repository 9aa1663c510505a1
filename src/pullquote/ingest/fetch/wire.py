"""One request over one connection of its own.

httpcore speaks HTTP; the socket beneath it is ours. It goes to an address that the guard has
checked, while the Host header, the server name of TLS and the certificate check keep to the name.
Every wait on it is bounded by what is left of the time for the whole request, so headers and
bodies that drip in byte by byte end too.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpcore

import pullquote
from pullquote.ingest.fetch import packing
from pullquote.ingest.fetch.errors import FetchError
from pullquote.ingest.fetch.guard import Guard
from pullquote.ingest.fetch.types import Limits, Outside
from pullquote.ingest.fetch.urls import Target

USER_AGENT = f"Pullquote/{pullquote.__version__}"

#: Answers that carry a document: OK, and what a transforming proxy says for it.
_DOCUMENT = (200, 203)

_SLOW = "answers too slowly: try again later, or allow it more time."


@dataclass(frozen=True, slots=True)
class Reply:
    """``headers`` have lower-case names. ``data`` is empty but for a document (200, 203)."""

    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def is_document(self) -> bool:
        """Whether this is what was asked for, and not an error or a redirect."""
        return self.status in _DOCUMENT


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to ask for and what to take.

    ``headers`` are sent along. ``judge`` sees the headers of a document before its body is read
    and raises to refuse it. ``size`` is in bytes; with ``cut`` a longer body is cut, not refused.
    """

    headers: Mapping[str, str]
    judge: Callable[[Mapping[str, str]], None]
    size: int
    cut: bool = False


class Wire:
    """Asks servers. It keeps no connection open and no state."""

    def __init__(self, guard: Guard, limits: Limits, outside: Outside) -> None:
        self._guard = guard
        self._limits = limits
        self._outside = outside

    def ask(self, target: Target, wanted: Wanted, seconds: float) -> Reply:
        """Send a GET for ``target`` and read the answer, in at most ``seconds``.

        Raises :class:`FetchError` when there is no answer, or one that is too long, too slow or
        not HTTP, and whatever ``wanted.judge`` raises.
        """
        line = _Line(target, self._guard, self._limits, self._outside, seconds)
        try:
            return self._ask(target, wanted, line)
        except httpcore.TimeoutException:
            raise FetchError(str(target), _SLOW) from None
        except httpcore.ConnectError as error:
            raise FetchError(str(target), _connection_reason(target, error)) from None
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise FetchError(
                str(target), f"breaks off or does not speak HTTP ({error}): try again later."
            ) from None
        except packing.PackingError:
            raise FetchError(
                str(target), "is packed in a way that cannot be unpacked: try again later."
            ) from None
        except packing.TooLongError:
            raise FetchError(str(target), _too_long(wanted.size)) from None
        finally:
            line.close()

    def _ask(self, target: Target, wanted: Wanted, line: _Line) -> Reply:
        url = httpcore.URL(
            scheme=target.scheme.encode(),
            host=target.host.encode(),
            port=target.port,
            target=target.path.encode(),
        )
        headers = {
            "Host": target.authority,
            "User-Agent": USER_AGENT,
            "Accept-Encoding": packing.ACCEPTED,
            "Connection": "close",
            **wanted.headers,
        }
        connection = httpcore.HTTPConnection(
            url.origin,
            ssl_context=self._outside.tls,
            network_backend=line,
        )
        with connection, connection.stream("GET", url, headers=list(_raw(headers))) as response:
            received = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in response.headers
            }
            if response.status not in _DOCUMENT:
                return Reply(response.status, received, b"")
            wanted.judge(received)
            length = received.get("content-length", "")
            if length.isdecimal() and int(length) > wanted.size and not wanted.cut:
                raise packing.TooLongError
            chunks: Iterable[bytes] = response.iter_stream()
            coding = received.get("content-encoding", "")
            data = packing.read(chunks, coding, wanted.size, wanted.cut)
            return Reply(response.status, received, data)


def _raw(headers: Mapping[str, str]) -> Iterator[tuple[bytes, bytes]]:
    for name, value in headers.items():
        yield name.encode("ascii"), value.encode("latin-1")


def _too_long(size: int) -> str:
    return f"is longer than {size / 1_000_000:,g} million bytes: allow more, or leave it out."


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


class _Line(httpcore.NetworkBackend):
    """Connects once, to a checked address, and ends everything when the time is up."""

    def __init__(
        self, target: Target, guard: Guard, limits: Limits, outside: Outside, seconds: float
    ) -> None:
        self._target = target
        self._guard = guard
        self._limits = limits
        self._outside = outside
        self._end = outside.clock() + seconds
        self._sockets: list[socket.socket] = []

    def left(self, most: float) -> float:
        """Seconds that the next step may take, at most ``most``; raises when none are left."""
        left = min(most, self._end - self._outside.clock())
        if left <= 0:
            raise FetchError(str(self._target), _SLOW)
        return left

    def read_time(self) -> float:
        """Seconds that one read or write may take."""
        return self.left(self._limits.read)

    def handshake_time(self) -> float:
        """Seconds that agreeing on TLS may take."""
        return self.left(self._limits.connect)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._guard.addresses(self._target, self.left(self._limits.connect))
        failure: OSError | None = None
        for address in addresses:
            try:
                connected = self._outside.connect(address, port, self.left(self._limits.connect))
            except OSError as error:
                failure = error
                continue
            self._sockets.append(connected)
            return _Stream(connected, self)
        if isinstance(failure, TimeoutError):
            raise httpcore.ConnectTimeout(str(failure)) from failure
        raise httpcore.ConnectError(str(failure)) from failure

    def keep(self, wrapped: socket.socket) -> None:
        """Remember a socket, to close it in the end whatever happens."""
        self._sockets.append(wrapped)

    def close(self) -> None:
        """Close what was opened."""
        for opened in self._sockets:
            with contextlib.suppress(OSError):
                opened.close()


class _Stream(httpcore.NetworkStream):
    """A connected socket. Its own limits apply, whatever timeout it is called with."""

    def __init__(self, connected: socket.socket, line: _Line) -> None:
        self._socket = connected
        self._line = line

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._socket.settimeout(self._line.read_time())
        try:
            return self._socket.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._socket.settimeout(self._line.read_time())
        try:
            # The time limit of sendall is for all of it.
            self._socket.sendall(buffer)
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        self._socket.settimeout(self._line.handshake_time())
        try:
            # The time limit of the handshake is for all of it as well.
            wrapped = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        self._line.keep(wrapped)
        return _Stream(wrapped, self._line)

    def close(self) -> None:
        self._socket.close()

    def get_extra_info(self, info: str) -> Any:
        if info == "ssl_object" and isinstance(self._socket, ssl.SSLSocket):
            return self._socket
        return None
