"""Comparing web addresses: when two of them mean the same page."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

#: The longest id or address of an article; about the longest that browsers and servers accept.
MAX_ADDRESS = 2000

#: Parameters that track where a visitor came from and do not select a page.
_TRACKING = re.compile(r"(?:utm_|mc_|igshid|ref_src).*|.*clk?id", re.IGNORECASE)

#: Keeps bytes that are not UTF-8: older addresses are encoded in other ways.
_BYTES = "surrogateescape"


def same_page(address: str) -> str:
    """A normal form of ``address``: two addresses of the same page have the same one.

    It ignores http versus https, upper case in the host, ``www.``, the default port, the fragment,
    a trailing slash and tracking parameters. Anything but a web address is returned unchanged.
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return address
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return address
    host = parts.hostname.lower()
    with suppress(UnicodeError):
        host = host_in_ascii(host)
    host = host.removeprefix("www.")
    shown = "" if port in (None, 80, 443) else f":{port}"
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True, errors=_BYTES)
        if not _TRACKING.fullmatch(name)
    ]
    end = f"?{urlencode(query, errors=_BYTES)}" if query else ""
    # Browsers percent-encode non-ASCII characters; people write them as they are.
    path = quote(unquote(parts.path.rstrip("/"), errors=_BYTES), errors=_BYTES)
    return f"//{host}{shown}{path}{end}"


def host_in_ascii(host: str) -> str:
    """The host as browsers send it (UTS 46): ``münchen.example`` is ``xn--mnchen-3ya.example``.

    An ASCII host is returned unchanged. Raises :class:`UnicodeError` for an invalid host.
    """
    if host.isascii():
        return host
    import idna

    return idna.encode(host, uts46=True).decode("ascii")
