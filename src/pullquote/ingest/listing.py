"""A page that a feed or a sitemap lists."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """What a feed or sitemap says about a page; the page itself may say otherwise.

    ``url`` is an absolute ``http`` or ``https`` URL without a fragment. ``published`` and
    ``updated`` are ISO dates, ``YYYY-MM-DD``.
    """

    url: str
    title: str | None = None
    published: str | None = None
    updated: str | None = None
    author: str | None = None
    section: str | None = None
