"""The addresses of pages, compared as a reader means them."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

#: The longest id or address of an article. What browsers and servers take at most is about this.
MAX_ADDRESS = 2000

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
    host = parts.hostname.lower()
    with suppress(UnicodeError):
        host = host_in_ascii(host)
    host = host.removeprefix("www.")
    shown = "" if port in (None, 80, 443) else f":{port}"
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(name)
    ]
    end = f"?{urlencode(query)}" if query else ""
    # Browsers send what is not ASCII encoded, and people write it as it is.
    return f"//{host}{shown}{quote(unquote(parts.path.rstrip('/')))}{end}"


def host_in_ascii(host: str) -> str:
    """As browsers write it (UTS 46): ``münchen.example`` is ``xn--mnchen-3ya.example``.

    Raises :class:`UnicodeError` when it can be no host. What is ASCII stays as it is.
    """
    if host.isascii():
        return host
    import idna

    return idna.encode(host, uts46=True).decode("ascii")
