"""Fetches articles from the web, at the request of the owner of an installation.

:class:`Fetcher` gets one document; :mod:`~pullquote.ingest.fetch.discover` finds the pages that a
feed or a sitemap lists. Addresses come from feeds, redirects and name servers, so they are
untrusted: only hosts on the public internet are contacted, at exactly the IP address that was
checked, and all sizes and times are limited.
"""

from __future__ import annotations

from pullquote.ingest.fetch.client import Fetcher
from pullquote.ingest.fetch.errors import FetchError, GoneError, RefusedError
from pullquote.ingest.fetch.types import Fetched, FetchLimits, Outside

__all__ = [
    "FetchError",
    "FetchLimits",
    "Fetched",
    "Fetcher",
    "GoneError",
    "Outside",
    "RefusedError",
]
