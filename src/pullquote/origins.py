"""Web origins (RFC 6454): a scheme, a host and a port.

Origins are always compared as a whole, never by prefix.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pullquote.addresses import host_in_ascii
from pullquote.errors import SettingsError

_DEFAULT_PORTS = {"http": 80, "https": 443}

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9a-f:.]+\]"
_ORIGIN = re.compile(
    rf"(?P<scheme>https?)://(?P<host>{_HOST})(?::(?P<port>[1-9][0-9]{{0,4}}))?",
    re.IGNORECASE | re.ASCII,
)

#: The host of a wildcard: at least two labels, since ``*.com`` is too broad, and no IP address.
_PARENT = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")


@dataclass(frozen=True, slots=True)
class Origin:
    """An origin. With ``subdomains`` it means all hosts below ``host``, but not ``host`` itself."""

    scheme: str
    host: str
    port: int
    subdomains: bool = False

    @classmethod
    def parse(cls, text: str) -> Origin | None:
        """Parse a browser's ``Origin`` header; ``None`` for ``null`` or an invalid value."""
        match = _ORIGIN.fullmatch(text)
        if match is None:
            return None
        scheme, host = match["scheme"].lower(), match["host"].lower()
        port = int(match["port"] or _DEFAULT_PORTS[scheme])
        return cls(scheme, host, port) if port < 65536 else None

    def __str__(self) -> str:
        host = f"*.{self.host}" if self.subdomains else self.host
        shown = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{shown}"

    def covers(self, other: Origin) -> bool:
        """Whether ``other`` is this origin or, with ``subdomains``, a host below it."""
        same_place = (self.scheme, self.port) == (other.scheme, other.port)
        if not self.subdomains:
            return same_place and self.host == other.host
        return same_place and other.host.endswith(f".{self.host}")


def in_ascii(origin: str) -> str:
    """An origin as a browser sends it. Raises :class:`UnicodeError` for an invalid host."""
    scheme, mark, place = origin.partition("://")
    host, colon, port = place.partition(":")
    # An IPv6 address is ASCII, colons and all.
    return origin if origin.isascii() else f"{scheme}{mark}{host_in_ascii(host)}{colon}{port}"


def listed_origin(text: str) -> Origin:
    """Parse an entry of the setting ``origins``. Raises :class:`SettingsError`, which names it."""
    address = text.strip()
    wanted = (
        f"The setting 'origins' lists {text!r}; it takes a scheme, a host and perhaps a port, "
        "such as 'https://www.example.org', or 'https://*.example.org' for all hosts below."
    )
    if address.startswith("*."):
        address = f"https://{address}"
    subdomains = "://*." in address
    try:
        origin = Origin.parse(in_ascii(address.replace("://*.", "://", 1)))
    except UnicodeError:
        origin = None
    if origin is None or (subdomains and not _PARENT.fullmatch(origin.host)):
        raise SettingsError(wanted)
    return Origin(origin.scheme, origin.host, origin.port, subdomains)
