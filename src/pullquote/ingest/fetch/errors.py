"""What can go wrong when something is fetched."""

from __future__ import annotations

from pullquote.errors import PullquoteError

#: How much of an address a message shows; a longer one is cut, for it is never the whole story.
_SHOWN = 200


class FetchError(PullquoteError):
    """An address cannot be fetched. The text names it and says what to do.

    ``address`` is what was asked for and ``reason`` the rest of the sentence.
    """

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(address, reason)
        self.address = address
        self.reason = reason

    def __str__(self) -> str:
        # An address comes from strangers: no control character reaches a terminal.
        shown = "".join(
            item if item.isprintable() else f"\\x{ord(item):02x}" for item in self.address
        )
        if len(shown) > _SHOWN:
            shown = f"{shown[:_SHOWN]}…"
        return f"{shown or 'An empty address'} {self.reason}"


class GoneError(FetchError):
    """The server says that there is no such page (404) or no more (410): it was withdrawn."""


class RefusedError(FetchError):
    """The address is one that is never asked: not on the public internet, or not of the web."""
