"""Articles from the web, when the owner of an installation asks for them.

:class:`Fetcher` gets one document; :mod:`~pullquote.ingest.fetch.discover` tells which pages a feed
or a sitemap lists. Addresses come from feeds, redirects and name servers, so from strangers: only
the public internet is asked, at the very address that was checked, and every size and time has a
bound.
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
