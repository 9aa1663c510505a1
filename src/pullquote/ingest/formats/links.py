"""Web addresses: which are valid, their site, and when a page's declared address is trusted."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

#: Browsers and servers accept about this many characters.
MAX_URL = 2_000

_NEVER_IN_A_URL = re.compile(r"[\s\x00-\x20\x7f-\x9f\ud800-\udfff<>\"]")


def is_web_address(value: str) -> bool:
    """Whether ``value`` is an absolute http or https address without a user name."""
    if len(value) > MAX_URL or _NEVER_IN_A_URL.search(value):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts[1]
    except ValueError:
        return False


def site(url: str | None) -> str | None:
    """The host of a web address without ``www.``, or ``None``."""
    if url is None or not is_web_address(url):
        return None
    return (urlsplit(url).hostname or "").removeprefix("www.") or None


def believed(declared: str | None, fetched: str | None) -> str | None:
    """The address of an article, given the one that it declares and where it was fetched from.

    The declared address is trusted if it is a web address on the same site as the fetched one, if
    any: a page must not pretend to be from another site.
    """
    own = fetched if fetched is not None and is_web_address(fetched) else None
    if not declared:
        return own
    try:
        address = urljoin(own, declared.strip()) if own else declared.strip()
    except ValueError:
        return own
    if is_web_address(address) and (own is None or site(address) == site(own)):
        return address
    return own
