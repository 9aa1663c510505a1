"""The web sites that may use the API and the widget: a list of origins; empty allows none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pullquote.origins import Origin, in_ascii, listed_origin


@dataclass(frozen=True, slots=True)
class Origins:
    """The origins, besides the server's own, that may use the API and the widget."""

    listed: tuple[Origin, ...] = ()

    @classmethod
    def of(cls, texts: Sequence[str]) -> Origins:
        """Parse the setting ``origins``; raises ``SettingsError``, which names the wrong entry."""
        return cls(tuple(map(listed_origin, texts)))

    def allow(self, origin: Origin | None) -> bool:
        """Whether pages of ``origin`` have access."""
        return origin is not None and any(listing.covers(origin) for listing in self.listed)

    def refusal(self, text: str) -> str | None:
        """Why a page at the address or origin ``text`` has no access; ``None`` if it has."""
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
            origin = Origin.parse(in_ascii(f"{parts.scheme}://{parts.netloc}"))
        except (UnicodeError, ValueError):
            origin = None
        if origin is None:
            return f"{text.strip()!r} is not the address of a site: https://www.example.org is one."
        if self.allow(origin):
            return None
        return f"{origin} is not in the setting 'origins'{self._nearest(origin)}"

    def _nearest(self, origin: Origin) -> str:
        """The end of the refusal: names a listed origin that differs in one part, if any."""
        if not self.listed:
            return ", which is empty: no other site may ask. Add it there."
        for one in self.listed:
            if one.host == origin.host and one.subdomains:
                return (
                    f": {one} means the hosts below {one.host}, not {one.host} itself. Add it too."
                )
            same_host = one.host == origin.host or (
                one.subdomains and origin.host.endswith(f".{one.host}")
            )
            if same_host and one.scheme != origin.scheme:
                return f": {one} is, and {origin.scheme} is not {one.scheme}. Add it too."
            if same_host:
                return f": {one} is, and its port is another ({one.port}). Add it too."
        return ". Add it there, and start the server again."
