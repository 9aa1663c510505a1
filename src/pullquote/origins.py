"""Which web sites may ask: a list of origins, closed when it is empty.

An origin is a scheme, a host and a port (RFC 6454). It is compared as a whole and never as the
beginning of something longer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

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


@dataclass(frozen=True, slots=True)
class Origins:
    """The origins that may use the API and the widget besides the server's own."""

    listed: tuple[Origin, ...] = ()

    @classmethod
    def of(cls, texts: Sequence[str]) -> Origins:
        """From a setting's lines; raises :class:`SettingsError` that names the wrong one."""
        return cls(tuple(map(_listed, texts)))

    def allow(self, origin: Origin | None) -> bool:
        """Whether a page of ``origin`` may ask."""
        return origin is not None and any(it.covers(origin) for it in self.listed)

    def refusal(self, text: str) -> str | None:
        """Why a page at the address or origin ``text`` may not ask; ``None`` when it may."""
        address = text.strip()
        if address.lower() == "null":
            return (
                "A page without an origin (a local file, a sandboxed frame) is always refused: "
                "put it on a web server."
            )
        if "://" not in address:
            address = f"https://{address}"
        try:
            parts = urlsplit(address)
            origin = Origin.parse(f"{parts.scheme}://{_in_ascii(parts.netloc)}")
        except (UnicodeError, ValueError):
            origin = None
        if origin is None:
            return f"{text.strip()!r} is not the address of a site: https://www.example.org is one."
        if self.allow(origin):
            return None
        return f"{origin} is not in the setting 'origins'{self._nearest(origin)}"

    def _nearest(self, origin: Origin) -> str:
        """The end of the sentence: what is listed that differs in one thing."""
        if not self.listed:
            return ", which is empty: no other site may ask. Add it there."
        for it in self.listed:
            if it.host == origin.host and it.subdomains:
                return f": {it} means the hosts below {it.host}, not {it.host} itself. Add it too."
            same_host = it.host == origin.host or (
                it.subdomains and origin.host.endswith(f".{it.host}")
            )
            if same_host and it.scheme != origin.scheme:
                return f": {it} is, and {origin.scheme} is not {it.scheme}. Add it too."
            if same_host:
                return f": {it} is, and its port is another ({it.port}). Add it too."
        return ". Add it there, and start the server again."


def _listed(text: str) -> Origin:
    address = text.strip()
    wanted = (
        f"The setting 'origins' lists {text!r}; it takes a scheme, a host and perhaps a port, "
        "such as 'https://www.example.org', or 'https://*.example.org' for all hosts below."
    )
    if address.startswith("*."):
        address = f"https://{address}"
    subdomains = "://*." in address
    try:
        scheme, _, rest = address.replace("://*.", "://", 1).partition("://")
        origin = Origin.parse(f"{scheme}://{_in_ascii(rest)}")
    except UnicodeError:
        origin = None
    if origin is None or (subdomains and not _PARENT.fullmatch(origin.host)):
        raise SettingsError(wanted)
    return Origin(origin.scheme, origin.host, origin.port, subdomains)


def _in_ascii(host: str) -> str:
    """As browsers write it: ``münchen.example`` is ``xn--mnchen-3ya.example``."""
    if host.isascii():
        return host
    name, colon, port = host.partition(":")
    return name.encode("idna").decode() + colon + port
