"""What a web site is to a browser: an origin, which is a scheme, a host and a port.

As in RFC 6454. It is compared as a whole and never as the beginning of something longer.
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

#: At least two labels, for ``*.com`` would be the whole trade, and no address in numbers.
_PARENT = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")


@dataclass(frozen=True, slots=True)
class Origin:
    """One origin, or with ``subdomains`` all hosts below ``host`` and not ``host`` itself."""

    scheme: str
    host: str
    port: int
    subdomains: bool = False

    @classmethod
    def parse(cls, text: str) -> Origin | None:
        """The origin that a browser sends as ``text``; ``None`` for ``null`` and all else."""
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
        """Whether ``other`` is this origin, or one of its subdomains where they are meant."""
        same_place = (self.scheme, self.port) == (other.scheme, other.port)
        if not self.subdomains:
            return same_place and self.host == other.host
        return same_place and other.host.endswith(f".{self.host}")


def in_ascii(origin: str) -> str:
    """An origin as a browser sends it. Raises :class:`UnicodeError` when its host can be none."""
    scheme, mark, place = origin.partition("://")
    host, colon, port = place.partition(":")
    # An IPv6 address is ASCII, colons and all.
    return origin if origin.isascii() else f"{scheme}{mark}{host_in_ascii(host)}{colon}{port}"


def listed_origin(text: str) -> Origin:
    """From a line of the setting; raises :class:`SettingsError` that names it."""
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
