"""Errors when fetching."""

from __future__ import annotations

from pullquote.errors import PullquoteError

#: The most characters of an address in a message; longer ones are cut.
_SHOWN = 200


class FetchError(PullquoteError):
    """An address cannot be fetched. The message names it and says what to do.

    ``address`` is what was requested, and ``reason`` the rest of the sentence.
    """

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(address, reason)
        self.address = address
        self.reason = reason

    def __str__(self) -> str:
        # Addresses are untrusted: keep control characters away from the terminal.
        shown = "".join(
            item if item.isprintable() else f"\\x{ord(item):02x}" for item in self.address
        )
        if len(shown) > _SHOWN:
            shown = f"{shown[:_SHOWN]}…"
        return f"{shown or 'An empty address'} {self.reason}"


class GoneError(FetchError):
    """The page does not exist (404) or was withdrawn (410)."""


class RefusedError(FetchError):
    """The address is never fetched: it is not on the public internet, or not a web address."""
