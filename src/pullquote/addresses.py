"""The addresses of pages, compared as a reader means them."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

#: Parameters that say where a visitor came from, and not which page it is.
_TRACKING = re.compile(r"(?:utm_|mc_|igshid|ref_src).*|.*clk?id", re.IGNORECASE)


def same_page(address: str) -> str:
    """A form of ``address`` that is equal for two addresses of one page.

    Left aside are the scheme's ``s``, upper case in the host, ``www.``, the default port, the
    fragment, a slash at the end and tracking parameters. What is no web address stays as it is.
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return address
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return address
    host = _in_ascii(parts.hostname.lower()).removeprefix("www.")
    shown = "" if port in (None, 80, 443) else f":{port}"
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(name)
    ]
    end = f"?{urlencode(query)}" if query else ""
    # Browsers send what is not ASCII encoded, and people write it as it is.
    return f"//{host}{shown}{quote(unquote(parts.path.rstrip('/')))}{end}"


def _in_ascii(host: str) -> str:
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host
