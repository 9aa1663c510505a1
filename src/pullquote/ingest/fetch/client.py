"""Fetches single documents, politely and only from the public internet."""

from __future__ import annotations

import contextlib
import email.utils
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pullquote.ingest.fetch import media
from pullquote.ingest.fetch.errors import FetchError, GoneError, RefusedError
from pullquote.ingest.fetch.guard import Guard
from pullquote.ingest.fetch.pace import Pace
from pullquote.ingest.fetch.robots import MAX_ROBOTS, Robots
from pullquote.ingest.fetch.types import Fetched, FetchLimits, Outside
from pullquote.ingest.fetch.urls import Target, parse
from pullquote.ingest.fetch.wire import DOCUMENT, USER_AGENT, Dial, Reply, Wanted, ask

MAX_REDIRECTS = 5

#: The most seconds that we wait for a busy server; beyond that, fetching fails.
MAX_RETRY_AFTER = 30.0

_REDIRECTS = (301, 302, 303, 307, 308)
_BUSY = (429, 503)

_ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"

#: A validator that is safe in a header: visible characters and spaces, no line break.
_HEADER_VALUE = re.compile(r"[\x20-\x7e\x80-\xff]{1,1000}")

_REASONS = {
    401: "asks for a login: pages behind one are not fetched.",
    402: "asks for a payment: pages behind one are not fetched.",
    403: "is closed to us (403): ask the site, or leave it out.",
    451: "is closed for legal reasons (451): leave it out.",
}


class Fetcher(contextlib.AbstractContextManager["Fetcher"]):
    """Gets documents from the web. Not thread-safe.

    ``private_hosts`` are exact host names that may be on a private network, such as an intranet.
    They are contacted only if their address is given directly or another private host leads there,
    never because a public page links there. Raises :class:`~pullquote.errors.SettingsError` if one
    is not a host name.

    The rules in robots.txt are cached for the life of the fetcher, so make a new one for each run.
    No proxy is used, and no cookies are kept.
    """

    def __init__(
        self,
        private_hosts: Iterable[str] = frozenset(),
        limits: FetchLimits | None = None,
        outside: Outside | None = None,
    ) -> None:
        self._limits = limits or FetchLimits()
        self._outside = outside or Outside()
        self._guard = Guard(private_hosts, self._outside.resolve)
        self._pace = Pace(self._outside.clock, self._outside.sleep)
        self._robots = Robots(self._robots_text, USER_AGENT)
        self._closed = False

    def __exit__(self, *failure: object) -> None:
        self._closed = True

    @property
    def limits(self) -> FetchLimits:
        """The limits for each address."""
        return self._limits

    def get(
        self, url: str, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched | None:
        """The document at ``url``; ``None`` if it has not changed since it had these validators.

        ``etag`` and ``last_modified`` come from an earlier :class:`Fetched`. Raises
        :class:`~pullquote.ingest.fetch.errors.GoneError` if the page does not exist (any more),
        :class:`~pullquote.ingest.fetch.errors.RefusedError` if the address must not be fetched, and
        :class:`~pullquote.ingest.fetch.errors.FetchError` for all other errors.
        """
        if self._closed:
            raise RuntimeError("the fetcher is closed")
        headers = {"Accept": _ACCEPT, **_conditions(etag, last_modified)}
        wanted = Wanted(headers, self._limits.size, check=_check_type)
        target, reply = self._follow(parse(url), wanted)
        if reply.status == 304 and (etag or last_modified):
            return None
        if reply.status not in DOCUMENT:
            raise _failure(target, reply.status)
        return _fetched(target, reply)

    def may_follow(self, source: str, link: str) -> bool:
        """Whether a link from a document at ``source`` to ``link`` may be followed.

        It may not if ``link`` is not a web address, or is a private host while ``source`` is not.
        """
        try:
            self._guard.check_step(parse(source), parse(link))
        except FetchError:
            return False
        return True

    def _admit(self, target: Target) -> float:
        """The site's requested seconds between requests. Raises if it must not be fetched."""
        if not self._robots.knows(target):
            # Check the host first, so that the error is about it and not about its robots.txt.
            self._guard.addresses(target, self._limits.connect)
        return self._robots.check(target)

    def _follow(self, target: Target, wanted: Wanted, rules: bool = True) -> tuple[Target, Reply]:
        """Follow redirects. Returns the final address and the first reply that is no redirect.

        With ``rules``, robots.txt is checked for every address on the way.
        """
        first, left = target, self._limits.total
        for _ in range(MAX_REDIRECTS + 1):
            delay = max(self._limits.delay, self._admit(target) if rules else 0.0)
            reply, left = self._ask(target, wanted, delay, left)
            if reply.status in _BUSY and (pause := self._pause(target, reply)) is not None:
                self._outside.sleep(pause)
                reply, left = self._ask(target, wanted, delay, left)
            if reply.status not in _REDIRECTS:
                return target, reply
            target = self._next(target, reply)
            # A redirect may now lead to another page that is older than ours, so its date proves
            # nothing. The ETag is kept, since another page's ETag would not match.
            headers = {k: v for k, v in wanted.headers.items() if k != "If-Modified-Since"}
            wanted = replace(wanted, headers=headers)
        raise FetchError(
            str(first),
            f"leads through more than {MAX_REDIRECTS} redirects: give the final address.",
        )

    def _ask(
        self, target: Target, wanted: Wanted, delay: float, left: float
    ) -> tuple[Reply, float]:
        """One reply, and the seconds that are left for further requests."""
        self._pace.wait(target.host, delay)
        began = self._outside.clock()
        try:
            dial = Dial(target, self._guard, self._limits, self._outside, began + left)
            reply = ask(target, wanted, dial)
        finally:
            self._pace.done(target.host)
        return reply, left - (self._outside.clock() - began)

    def _next(self, target: Target, reply: Reply) -> Target:
        location = reply.headers.get("location", "")
        if not location:
            raise FetchError(str(target), "leads nowhere (a redirect without an address).")
        # Servers often send addresses in UTF-8, although headers are Latin-1.
        with contextlib.suppress(UnicodeError):
            location = location.encode("latin-1").decode("utf-8")
        try:
            following = parse(location, target)
        except RefusedError as error:
            raise RefusedError(str(target), f"leads to what is refused: {error}") from None
        if target.scheme == "https" and following.scheme == "http":
            raise FetchError(
                str(target),
                f"leads to {following}, which is not encrypted: give that address itself if you "
                "want it.",
            )
        self._guard.check_step(target, following)
        return following

    def _pause(self, target: Target, reply: Reply) -> float | None:
        """The seconds that a busy server asks us to wait; ``None`` if it does not say."""
        text = reply.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdigit():
            seconds = float(text[:12])
        else:
            try:
                then = email.utils.parsedate_to_datetime(text).timestamp()
            except (ValueError, OverflowError, OSError):
                return None
            seconds = max(0.0, then - self._outside.now())
        if seconds > MAX_RETRY_AFTER:
            raise FetchError(
                str(target),
                f"is busy ({reply.status}) and asks to be left alone for "
                f"{math.ceil(seconds):,} seconds: come back then.",
            )
        return seconds

    def _robots_text(self, target: Target) -> str | None:
        """The text of a robots.txt; ``None`` if the site has none."""
        wanted = Wanted({"Accept": "text/plain, */*;q=0.5"}, MAX_ROBOTS, cut=True)
        final, reply = self._follow(target, wanted, rules=False)
        if reply.status in DOCUMENT:
            return reply.data.decode("utf-8-sig", "replace")
        # 429 means "not now" and says nothing about what is allowed.
        if 400 <= reply.status < 500 and reply.status not in _BUSY:
            return None
        raise _failure(final, reply.status)


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers for validators. A validator that is not safe in a header is not sent."""
    named = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {
        name: value for name, value in named.items() if value and _HEADER_VALUE.fullmatch(value)
    }


def _check_type(target: Target, headers: Mapping[str, str]) -> None:
    kind, _ = media.split(headers.get("content-type", ""))
    if kind and kind not in media.ACCEPTED:
        raise _unknown_kind(target, kind)


def _unknown_kind(target: Target, kind: str) -> FetchError:
    return FetchError(
        str(target),
        f"is not an article ({kind[:100]}): web pages, plain text, PDF, DOCX, EPUB, feeds "
        "and sitemaps are read.",
    )


def _failure(target: Target, status: int) -> FetchError:
    if status in (404, 410):
        return GoneError(str(target), f"is not there ({status}): check the address.")
    if status in _BUSY:
        return FetchError(str(target), f"is busy ({status}): try again later.")
    if status >= 500:
        return FetchError(str(target), f"fails ({status}): try again later.")
    return FetchError(
        str(target), _REASONS.get(status, f"gives no document ({status}): check the address.")
    )


def _fetched(target: Target, reply: Reply) -> Fetched:
    kind, charset = media.split(reply.headers.get("content-type", ""))
    kind = kind or media.sniff(reply.data) or ""
    if not kind:
        raise _unknown_kind(target, "of no known type")
    return Fetched(
        url=str(target),
        content_type=kind,
        charset=charset,
        data=reply.data,
        etag=reply.headers.get("etag") or None,
        last_modified=reply.headers.get("last-modified") or None,
    )
