"""Obeys robots.txt, a site's rules for programs (RFC 9309)."""

from __future__ import annotations

from collections.abc import Callable

from protego import Protego

from pullquote.ingest.fetch.errors import FetchError
from pullquote.ingest.fetch.urls import Target, parse

#: In bytes. RFC 9309, 2.5: at least 500 kibibytes must be read; the rest may be ignored.
MAX_ROBOTS = 512_000

#: In seconds. Longer delays that a site asks for are reduced to this.
MAX_CRAWL_DELAY = 30.0

_Read = Callable[[Target], str | None]


class Robots:
    """The rules of each site, read once per run.

    ``read`` returns the text at an address, or ``None`` if the site has none (a 4xx status). It
    raises :class:`FetchError` if that cannot be found out.
    """

    def __init__(self, read: _Read, user_agent: str) -> None:
        self._read = read
        self._user_agent = user_agent
        self._rules: dict[str, Protego | FetchError] = {}

    def knows(self, target: Target) -> bool:
        """Whether reading the rules for ``target`` has been tried."""
        return target.origin in self._rules

    def check(self, target: Target) -> float:
        """The seconds that the site wants between two requests; 0 if it does not say.

        Raises :class:`FetchError` if the rules forbid ``target``, or cannot be read because the
        server fails: then the whole site must not be fetched (RFC 9309, 2.3.1.4).
        """
        if target.origin not in self._rules:
            self._rules[target.origin] = self._rules_of(target)
        rules = self._rules[target.origin]
        if isinstance(rules, FetchError):
            raise FetchError(
                str(target),
                f"is not fetched, for the site's rules for programs cannot be read: {rules}",
            )
        if not rules.can_fetch(str(target), self._user_agent):
            raise FetchError(
                str(target),
                f"is closed to programs by {target.origin}/robots.txt: ask the site, or leave "
                "it out.",
            )
        return min(max(rules.crawl_delay(self._user_agent) or 0.0, 0.0), MAX_CRAWL_DELAY)

    def _rules_of(self, target: Target) -> Protego | FetchError:
        try:
            text = self._read(parse("/robots.txt", target))
        except FetchError as error:
            return error.with_traceback(None)
        return Protego.parse(text or "")
