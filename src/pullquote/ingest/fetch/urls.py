"""Parses web addresses, once.

The parts found here are the ones that are checked, looked up, connected to and sent. So no second
parser can interpret the same address differently.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from pullquote.addresses import host_in_ascii
from pullquote.ingest.fetch.errors import RefusedError

#: In characters. RFC 9110, 4.1 asks for at least 8,000 octets to be supported.
MAX_URL = 8_000

_DEFAULT_PORTS = {"http": 80, "https": 443}

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")

#: Hosts that system libraries interpret as an IPv4 address: ``2130706433``, ``0x7f.1``.
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

#: All characters that RFC 3986 allows, and ``%``, so that nothing is encoded twice.
_SAFE = "%/:@!$&'()*+,;=-._~?"


@dataclass(frozen=True, slots=True)
class Target:
    """One ``http`` or ``https`` address.

    ``host`` is in lower case and ASCII; an IPv6 address has no brackets. ``path`` begins with
    ``/``, includes the query and is percent-encoded. The fragment is removed.
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The ``Host`` header: the host, and the port unless it is the scheme's default."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme and authority, without a trailing slash."""
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        return f"{self.origin}{self.path}"


def parse(address: str, base: Target | None = None) -> Target:
    """The parts of ``address``, which may be relative if ``base`` is given.

    Raises :class:`RefusedError` for anything but a plain ``http`` or ``https`` address: another
    scheme, a user name or password, a control character, a host that is a disguised number.
    """
    text = address.strip(" \t\r\n\f")
    if len(text) > MAX_URL:
        raise RefusedError(
            address, f"is longer than {MAX_URL:,} characters: give the address of a page."
        )
    # Checked first, because urlsplit silently drops line breaks.
    if _CONTROL.search(text):
        raise RefusedError(address, "has control characters in it: write it without them.")
    try:
        if base is not None:
            text = urljoin(str(base), text)
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise RefusedError(
            address, "is not a web address: https://www.example.org/news is one."
        ) from None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        raise RefusedError(
            address, "is not fetched: give an address that begins with https:// or http://."
        )
    if "@" in parts.netloc:
        raise RefusedError(
            address.replace(f"{parts.netloc.rpartition('@')[0]}@", "…@"),
            "has a user name or password in it: leave them out.",
        )
    host = ascii_host(parts.hostname or "", "[" in parts.netloc)
    if host is None or port == 0:
        raise RefusedError(address, "names no host that can be asked: check how it is spelled.")
    query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    path = quote(parts.path, safe=_SAFE.replace("?", "")) or "/"
    return Target(scheme, host, port or _DEFAULT_PORTS[scheme], path + query)


def ascii_host(host: str, bracketed: bool = False) -> str | None:
    """``host`` in the form that is looked up and compared; ``None`` if it is invalid.

    International names are encoded as in browsers (UTS 46). Numbers are valid only as IPv4
    addresses in the usual four parts: ``2130706433`` and ``0177.0.0.1`` are used to hide addresses
    from checks.
    """
    if bracketed:
        try:
            address = ipaddress.IPv6Address(host)
        except ValueError:
            return None
        return None if address.scope_id else address.compressed
    try:
        host = host_in_ascii(host)
    except UnicodeError:
        return None
    host = host.lower().removesuffix(".")
    if not _HOST.fullmatch(host):
        return None
    if _NUMBER.fullmatch(host):
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            return None
    return host
